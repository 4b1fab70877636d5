//! 算法组: which algorithms seal. The choice is the installation's; whatever was sealed under another stays readable.

use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::{Chance, international, national};

/// A set of algorithms that belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Suite {
    /// AES-256-GCM, SHA-256, X25519 in HPKE (RFC 9180).
    #[default]
    International,
    /// 国密: SM4-GCM (RFC 8998), SM3 (GB/T 32905), SM2 (GB/T 32918.4).
    National,
}

/// Bytes of the nonce of both ciphers.
pub(crate) const NONCE: usize = 12;

impl Suite {
    /// Every suite.
    pub const ALL: &'static [Suite] = &[Suite::International, Suite::National];

    /// The stable key for settings.
    pub fn key(self) -> &'static str {
        match self {
            Suite::International => "international",
            Suite::National => "national",
        }
    }

    /// Reads a setting.
    pub fn from_key(key: &str) -> Option<Suite> {
        Suite::ALL.iter().copied().find(|suite| suite.key() == key)
    }

    /// The algorithms, for people.
    pub fn label(self) -> &'static str {
        match self {
            Suite::International => "AES-256-GCM、SHA-256、X25519",
            Suite::National => "SM4-GCM、SM3、SM2（国密）",
        }
    }

    /// The first byte of everything kept.
    pub(crate) fn id(self) -> u8 {
        match self {
            Suite::International => 1,
            Suite::National => 2,
        }
    }

    /// The suite behind a first byte, and what follows it.
    pub(crate) fn of(bytes: &[u8]) -> Result<(Suite, &[u8]), VaultError> {
        let (id, rest) = bytes.split_first().ok_or(VaultError::Malformed)?;
        let suite = Suite::ALL.iter().copied().find(|suite| suite.id() == *id);
        Ok((suite.ok_or(VaultError::UnknownSuite(*id))?, rest))
    }

    /// A fresh key for the cipher.
    pub(crate) fn fresh_key(self, chance: &mut Chance) -> Zeroizing<Vec<u8>> {
        let bytes = Zeroizing::new(chance.bytes::<32>());
        Zeroizing::new(bytes[..self.key_length()].to_vec())
    }

    /// Bytes of the cipher's key.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Suite::International => 32,
            Suite::National => 16,
        }
    }

    /// `suite ‖ nonce ‖ ciphertext ‖ tag`; the suite is bound together with `context`.
    pub(crate) fn encrypt(self, key: &[u8], context: &[u8], clear: &[u8], chance: &mut Chance) -> Vec<u8> {
        let nonce = chance.bytes::<NONCE>();
        let mut sealed = vec![self.id()];
        sealed.extend_from_slice(&nonce);
        let bound = self.bound(context);
        sealed.extend(match self {
            Suite::International => international::encrypt(key, &nonce, &bound, clear),
            Suite::National => national::encrypt(key, &nonce, &bound, clear),
        });
        sealed
    }

    /// What [`Suite::encrypt`] sealed under this key and context.
    pub(crate) fn decrypt(key: &[u8], context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (suite, rest) = Suite::of(sealed)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Malformed)?;
        if key.len() != suite.key_length() {
            return Err(VaultError::DoesNotOpen);
        }
        let bound = suite.bound(context);
        match suite {
            Suite::International => international::decrypt(key, nonce, &bound, body),
            Suite::National => national::decrypt(key, nonce, &bound, body),
        }
    }

    fn bound(self, context: &[u8]) -> Vec<u8> {
        [&[self.id()], context].concat()
    }
}

#[cfg(test)]
pub(crate) mod tests_support {
    /// The bytes behind hexadecimal text.
    pub(crate) fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
}
