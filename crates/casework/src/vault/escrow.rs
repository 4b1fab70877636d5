//! 密钥托管: the ceremony, and what the holders of the shares can bring back. Only from the command line: whoever runs commands
//! on the machine is there with them.

use ::vault::escrow::{Share, combine, split};
use ::vault::{Chance, KeyPair, PublicKey, Suite, VaultError};
use domain::role::Role;
use store::Tx;
use store::vault::{EscrowRow, Keeper, NewWrap, WrapRow};

use super::{CUSTODIAN, ESCROW, place};
use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::staff;

/// A fresh key and its shares, before anything is kept. The private key goes no further than the shares.
pub struct Ceremony {
    public: PublicKey,
    needed: u8,
    /// One for each holder.
    pub shares: Vec<Share>,
}

impl Ceremony {
    /// A fresh key in shares.
    pub fn prepare(suite: Suite, holders: u8, needed: u8, seed: [u8; 32]) -> Result<Ceremony, VaultError> {
        let mut chance = Chance::from_seed(seed);
        let pair = KeyPair::generate(suite, &mut chance);
        let shares = split(&pair, holders, needed, &mut chance)?;
        Ok(Ceremony { public: pair.public().clone(), needed, shares })
    }

    /// By which the key is known.
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint()
    }
}

/// The key that enough shares gave back, for one act.
#[derive(Clone, Debug)]
pub struct EscrowKey {
    id: i64,
    pair: KeyPair,
}

impl EscrowKey {
    /// The key behind the shares.
    pub fn combine(escrow: &EscrowRow, shares: &[Share]) -> Result<EscrowKey, VaultError> {
        let pair = combine(shares, &PublicKey::from_bytes(&escrow.public_key)?)?;
        Ok(EscrowKey { id: escrow.id, pair })
    }

    /// A wrap of the key in escrow, wrapped again for somebody.
    fn grant(
        &self,
        tx: &mut Tx<'_>,
        scene: Scene<'_>,
        wrap: &WrapRow,
        to: (&'static str, Keeper, &PublicKey),
        chance: &mut Chance,
    ) -> Result<(), ActError> {
        let place = place(&wrap.identity.number, &wrap.identity.what);
        let wrapped = ::vault::grant(&wrap.wrapped, &place, &self.pair, to.2, chance)?;
        let identity_id = wrap.identity.id;
        let new = NewWrap { identity_id, holder: to.0, keeper: to.1, wrapped, granted_by: None, until: None };
        Ok(store::vault::put_wrap(tx, &new, scene.now)?)
    }

    /// To an account's key, unless it has the identity already.
    fn grant_to(
        &self,
        tx: &mut Tx<'_>,
        scene: Scene<'_>,
        wrap: &WrapRow,
        account_id: i64,
        chance: &mut Chance,
    ) -> Result<bool, ActError> {
        let key = store::vault::live_key(tx, account_id)?.ok_or_else(no_key)?;
        let wraps = store::vault::wraps(tx, wrap.identity.id)?;
        if wraps.iter().any(|other| other.key_id == Some(key.id) && other.holder == CUSTODIAN) {
            return Ok(false);
        }
        let public = PublicKey::from_bytes(&key.public_key)?;
        self.grant(tx, scene, wrap, (CUSTODIAN, Keeper::Key(key.id), &public), chance)?;
        Ok(true)
    }
}

/// Whether a share that was typed belongs to the key and was not given yet.
pub fn fits(escrow: &EscrowRow, share: &Share, given: &[Share]) -> Result<(), VaultError> {
    ::vault::escrow::fits(share, given, &PublicKey::from_bytes(&escrow.public_key)?)
}

/// Keeps the public half of a ceremony. When there was one before, its key, from its shares, takes every identity along.
pub fn set_up(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    ceremony: &Ceremony,
    names: &[String],
    old: Option<&EscrowKey>,
    seed: [u8; 32],
) -> Result<(), ActError> {
    require_command_line(scene)?;
    let before = store::vault::escrow(tx)?;
    if before.as_ref().map(|escrow| escrow.id) != old.map(|key| key.id) {
        return Err(ActError::field("escrow", "vault.old_shares", "更换托管密钥时，要先由原来的托管人凑齐旧的份"));
    }
    let new = EscrowRow {
        id: 0,
        public_key: ceremony.public.to_bytes(),
        holders: ceremony.shares.len() as i64,
        needed: i64::from(ceremony.needed),
        names: names.join("\n"),
        made_at: scene.now,
    };
    let id = store::vault::put_escrow(tx, &new)?;
    if let Some(old) = old {
        let mut chance = Chance::from_seed(seed);
        for wrap in store::vault::held(tx, Keeper::Escrow(old.id))? {
            old.grant(tx, scene, &wrap, (ESCROW, Keeper::Escrow(id), &ceremony.public), &mut chance)?;
            store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
        }
    }
    let what = format!("密钥托管仪式：{} 人，任意 {} 人可恢复", new.holders, new.needed);
    staff::note(tx, scene, &what)
}

/// Opens one case's identity to these custodians.
pub fn recover_case(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    key: &EscrowKey,
    number: &str,
    to: &[i64],
    seed: [u8; 32],
) -> Result<usize, ActError> {
    require_command_line(scene)?;
    let mut chance = Chance::from_seed(seed);
    let held = store::vault::held(tx, Keeper::Escrow(key.id))?;
    let wraps: Vec<WrapRow> = held.into_iter().filter(|wrap| wrap.identity.number == number).collect();
    if wraps.is_empty() {
        return Err(ActError::NotFound);
    }
    let mut granted = 0;
    for wrap in &wraps {
        for account_id in to {
            granted += usize::from(key.grant_to(tx, scene, wrap, *account_id, &mut chance)?);
        }
    }
    staff::note(tx, scene, &format!("密钥托管恢复：案件 {number}，给 {} 人", to.len()))?;
    Ok(granted)
}

/// Gives back to a person's new key whatever her lost keys could open, and admits it where she is a custodian.
pub fn recover_account(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    key: &EscrowKey,
    account_id: i64,
    seed: [u8; 32],
) -> Result<usize, ActError> {
    require_command_line(scene)?;
    let live = store::vault::live_key(tx, account_id)?.ok_or_else(no_key)?;
    let mut chance = Chance::from_seed(seed);
    let lost: Vec<i64> = store::vault::held_by_account(tx, account_id)?
        .into_iter()
        .filter(|wrap| wrap.holder == CUSTODIAN && !wrap.opens)
        .map(|wrap| wrap.identity.id)
        .collect();
    let mut granted = 0;
    for wrap in store::vault::held(tx, Keeper::Escrow(key.id))? {
        if lost.contains(&wrap.identity.id) {
            granted += usize::from(key.grant_to(tx, scene, &wrap, account_id, &mut chance)?);
        }
    }
    let grants = store::account::grants(tx, account_id)?;
    if let Some(grant) = grants.iter().find(|grant| grant.role == Role::IdentityCustodian) {
        store::vault::admit_key(tx, live.id, grant.bureau_id, None, scene.now)?;
    }
    staff::note(tx, scene, &format!("密钥托管恢复：账号 #{account_id}，{granted} 件"))?;
    Ok(granted)
}

fn no_key() -> ActError {
    ActError::field("account", "vault.no_key", "这个账号还没有密钥：请本人先登录一次")
}

fn require_command_line(scene: Scene<'_>) -> Result<(), ActError> {
    if matches!(scene.actor, Actor::System) { Ok(()) } else { Err(ActError::Forbidden) }
}
