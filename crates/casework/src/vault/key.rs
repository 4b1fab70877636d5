//! 本人密钥: made when a person types a password that is hers alone, kept under it, opened with it for one act.

use ::vault::{Chance, KeyPair, LockedKey, PublicKey, VaultError};
use domain::audit::AuditKind;
use domain::role::Role;
use store::Tx;
use store::vault::KeyRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{Scene, Settings};

/// A private key in the open, for one act. It is never kept.
#[derive(Clone, Debug)]
pub struct OpenKey {
    id: i64,
    pair: KeyPair,
}

impl OpenKey {
    pub(super) fn pair(&self) -> &KeyPair {
        &self.pair
    }

    /// Refuses a key that is not the actor's any more.
    pub(super) fn belongs_to(&self, tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<KeyRow, ActError> {
        let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
        let live = store::vault::live_key(tx, person.account_id)?;
        live.filter(|key| key.id == self.id).ok_or(ActError::Forbidden)
    }
}

/// By which a key is known: to be compared by eye.
pub fn fingerprint(key: &KeyRow) -> String {
    PublicKey::from_bytes(&key.public_key).map(|public| public.fingerprint()).unwrap_or_default()
}

/// The key of a person.
pub fn live_key(tx: &mut Tx<'_>, account_id: i64) -> Result<Option<KeyRow>, ActError> {
    Ok(store::vault::live_key(tx, account_id)?)
}

/// Opens a key with a password. Slow, so it is done before the transaction.
pub fn unlock(key: &KeyRow, password: &str) -> Result<OpenKey, VaultError> {
    let public = PublicKey::from_bytes(&key.public_key)?;
    let pair = LockedKey::from_bytes(&key.locked_key).unlock(&public, password)?;
    Ok(OpenKey { id: key.id, pair })
}

/// What becomes of a person's key as she types a password. Slow to prepare, so it is prepared before the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// Nothing.
    Kept,
    /// She had none, or one that nobody opens any more.
    Made {
        /// To this is sealed.
        public: Vec<u8>,
        /// Under her password.
        locked: Vec<u8>,
    },
    /// The same key under a new password.
    Relocked {
        /// Which.
        id: i64,
        /// Under the new password.
        locked: Vec<u8>,
    },
}

impl KeyChange {
    /// At a login with a password of her own: a key, when she has none yet.
    pub fn at_login(
        live: Option<&KeyRow>,
        settings: &Settings,
        password: &str,
        seed: [u8; 32],
    ) -> Result<KeyChange, VaultError> {
        match live {
            Some(_) => Ok(KeyChange::Kept),
            None => KeyChange::made(settings, password, seed),
        }
    }

    /// At a change of password: the same key under the new one.
    pub fn at_change(
        live: Option<&KeyRow>,
        settings: &Settings,
        current: &str,
        new: &str,
        seed: [u8; 32],
    ) -> Result<KeyChange, VaultError> {
        let Some(key) = live else { return KeyChange::made(settings, new, seed) };
        let public = PublicKey::from_bytes(&key.public_key)?;
        let locked = LockedKey::from_bytes(&key.locked_key);
        let mut chance = Chance::from_seed(seed);
        match locked.relock(&public, current, new, settings.key_cost, &mut chance) {
            Ok(locked) => Ok(KeyChange::Relocked { id: key.id, locked: locked.to_bytes() }),
            Err(VaultError::WrongPassword) => KeyChange::made(settings, new, seed),
            Err(error) => Err(error),
        }
    }

    fn made(settings: &Settings, password: &str, seed: [u8; 32]) -> Result<KeyChange, VaultError> {
        let mut chance = Chance::from_seed(seed);
        let pair = KeyPair::generate(settings.suite, &mut chance);
        let locked = LockedKey::lock(&pair, password, settings.key_cost, &mut chance)?;
        Ok(KeyChange::Made { public: pair.public().to_bytes(), locked: locked.to_bytes() })
    }
}

/// Keeps what became of a person's key.
pub fn keep_key(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64, change: &KeyChange) -> Result<(), ActError> {
    match change {
        KeyChange::Kept => Ok(()),
        KeyChange::Relocked { id, locked } => {
            if store::vault::relock_key(tx, *id, locked)? {
                Ok(())
            } else {
                Err(ActError::Conflict { since: "您的密钥刚刚换过".to_owned() })
            }
        }
        KeyChange::Made { public, locked } => {
            // Two logins at once: the first key stands.
            if store::vault::live_key(tx, account_id)?.is_some() && !matches!(scene.actor, Actor::Staff(_)) {
                return Ok(());
            }
            store::vault::put_key(tx, account_id, public, locked, scene.now)?;
            store::access::record(
                tx,
                scene.now,
                AuditKind::Identity,
                Some(account_id),
                None,
                "建立本人密钥",
                "身份密库",
            )?;
            admit_first(tx, scene, account_id)
        }
    }
}

/// The first custodian of a bureau needs nobody to admit her key; every later key, and every key made after a reset, is
/// admitted by another custodian (`hand_over`) or by the escrow holders. So an administrator cannot put himself in.
pub fn admit_first(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64) -> Result<(), ActError> {
    let Some(key) = store::vault::live_key(tx, account_id)? else { return Ok(()) };
    for grant in store::account::grants(tx, account_id)? {
        if grant.role == Role::IdentityCustodian && !store::vault::ever_admitted(tx, grant.bureau_id)? {
            store::vault::admit_key(tx, key.id, grant.bureau_id, None, scene.now)?;
        }
    }
    Ok(())
}
