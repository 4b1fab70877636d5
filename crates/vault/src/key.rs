//! A person's key: made once, kept only under her password.

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::suite::Suite;
use crate::{Chance, international, national};

/// A private key with its public one. Lives only while something is opened.
#[derive(Clone)]
pub struct KeyPair {
    pub(crate) public: PublicKey,
    pub(crate) private: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "KeyPair({}, …)", self.public.fingerprint())
    }
}

impl KeyPair {
    /// A fresh pair.
    pub fn generate(suite: Suite, chance: &mut Chance) -> KeyPair {
        let private = match suite {
            Suite::International => international::generate(chance),
            Suite::National => national::generate(chance),
        };
        KeyPair::of_private(suite, private).expect("a generated key is a key")
    }

    pub(crate) fn of_private(suite: Suite, private: Zeroizing<Vec<u8>>) -> Result<KeyPair, VaultError> {
        let raw = match suite {
            Suite::International => international::public_of(&private)?,
            Suite::National => national::public_of(&private)?,
        };
        Ok(KeyPair { public: PublicKey { suite, raw }, private })
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// What everybody may know: to this a record is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) suite: Suite,
    raw: Vec<u8>,
}

impl PublicKey {
    /// As it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&[self.suite.id()], self.raw.as_slice()].concat()
    }

    /// From what was kept.
    pub fn from_bytes(bytes: &[u8]) -> Result<PublicKey, VaultError> {
        let (suite, raw) = Suite::of(bytes)?;
        let is_key = match suite {
            Suite::International => international::is_public(raw),
            Suite::National => national::is_public(raw),
        };
        if is_key { Ok(PublicKey { suite, raw: raw.to_vec() }) } else { Err(VaultError::Malformed) }
    }

    /// Under which algorithms it works.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// Two keys are told apart by this: `3F2A-91C0-7BD4-55E1`, to be compared by eye.
    pub fn fingerprint(&self) -> String {
        let digest = self.digest();
        let groups: Vec<String> = digest[..8].chunks(2).map(|two| format!("{:02X}{:02X}", two[0], two[1])).collect();
        groups.join("-")
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        match self.suite {
            Suite::International => Sha256::digest(self.to_bytes()).into(),
            Suite::National => Sm3::digest(self.to_bytes()).into(),
        }
    }

    /// A secret that only the holder of the private key gets back, and only in this context.
    pub(crate) fn wrap(&self, context: &[u8], secret: &[u8], chance: &mut Chance) -> Result<Vec<u8>, VaultError> {
        let bound = bound(self.suite, context);
        let wrapped = match self.suite {
            Suite::International => international::wrap(&self.raw, &bound, secret, chance)?,
            Suite::National => national::wrap(&self.raw, &bound, secret, chance)?,
        };
        Ok([&[self.suite.id()], wrapped.as_slice()].concat())
    }
}

impl KeyPair {
    /// What [`PublicKey::wrap`] wrapped for this pair in this context.
    pub(crate) fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (suite, wrapped) = Suite::of(wrapped)?;
        if suite != self.public.suite {
            return Err(VaultError::DoesNotOpen);
        }
        let bound = bound(suite, context);
        match suite {
            Suite::International => international::unwrap(&self.private, &bound, wrapped),
            Suite::National => national::unwrap(&self.private, &bound, wrapped),
        }
    }
}

fn bound(suite: Suite, context: &[u8]) -> Vec<u8> {
    [b"xiaobao data key ", [suite.id()].as_slice(), context].concat()
}

/// What argon2id may cost: it makes guessing a stolen key's password as dear as opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB, three passes: the second recommendation of RFC 9106 with one lane.
    pub const ORDINARY: Cost = Cost { memory_kib: 64 * 1024, passes: 3 };

    /// Another cost: memory in KiB, passes over it.
    pub fn new(memory_kib: u32, passes: u32) -> Result<Cost, VaultError> {
        Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| VaultError::Cost)?;
        Ok(Cost { memory_kib, passes })
    }

    /// What argon2 calls it, for whoever hashes at the same cost.
    pub fn params(self) -> (u32, u32) {
        (self.memory_kib, self.passes)
    }

    fn derive(self, password: &str, salt: &[u8; SALT]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        // A changed row must not make the program ask for all the memory there is.
        if self.memory_kib > MEMORY_AT_MOST_KIB || self.passes > PASSES_AT_MOST {
            return Err(VaultError::Cost);
        }
        let params = Params::new(self.memory_kib, self.passes, 1, Some(32)).map_err(|_| VaultError::Cost)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), salt, key.as_mut_slice())
            .map_err(|_| VaultError::Cost)?;
        Ok(key)
    }
}

const SALT: usize = 16;
const MEMORY_AT_MOST_KIB: u32 = 1024 * 1024;
const PASSES_AT_MOST: u32 = 64;

/// A private key under a password: `suite ‖ memory ‖ passes ‖ salt ‖ sealed key`. Opens only beside its own public key.
#[derive(Clone, PartialEq, Eq)]
pub struct LockedKey(Vec<u8>);

impl std::fmt::Debug for LockedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LockedKey(…)")
    }
}

/// What stands before the sealed key.
const HEAD: usize = 1 + 4 + 4 + SALT;

impl LockedKey {
    /// Locks a pair under a password. Slow on purpose.
    pub fn lock(pair: &KeyPair, password: &str, cost: Cost, chance: &mut Chance) -> Result<LockedKey, VaultError> {
        let suite = pair.public.suite;
        let salt = chance.bytes::<SALT>();
        let key = cost.derive(password, &salt)?;
        let head =
            [&[suite.id()], &cost.memory_kib.to_be_bytes()[..], &cost.passes.to_be_bytes()[..], &salt[..]].concat();
        let context = [head.as_slice(), &pair.public.to_bytes()].concat();
        let sealed = suite.encrypt(&key[..suite.key_length()], &context, &pair.private, chance);
        Ok(LockedKey([head, sealed].concat()))
    }

    /// The pair again. Fails for another password, and for another public key than the one it was locked with.
    pub fn unlock(&self, public: &PublicKey, password: &str) -> Result<KeyPair, VaultError> {
        let (head, sealed) = self.0.split_at_checked(HEAD).ok_or(VaultError::Malformed)?;
        let (suite, rest) = Suite::of(head)?;
        let number = |from: usize| rest[from..].first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        let salt = rest[8..].first_chunk::<SALT>().ok_or(VaultError::Malformed)?;
        let key = Cost { memory_kib: number(0), passes: number(4) }.derive(password, salt)?;
        let context = [head, &public.to_bytes()].concat();
        let private =
            Suite::decrypt(&key[..suite.key_length()], &context, sealed).map_err(|_| VaultError::WrongPassword)?;
        KeyPair::of_private(suite, private)
    }

    /// The same key under another password.
    pub fn relock(
        &self,
        public: &PublicKey,
        password: &str,
        new: &str,
        cost: Cost,
        chance: &mut Chance,
    ) -> Result<LockedKey, VaultError> {
        LockedKey::lock(&self.unlock(public, password)?, new, cost, chance)
    }

    /// As it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.clone()
    }

    /// From what was kept.
    pub fn from_bytes(bytes: &[u8]) -> LockedKey {
        LockedKey(bytes.to_vec())
    }
}
