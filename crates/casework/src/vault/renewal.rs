//! 换锁、移交: an identity is sealed anew under a fresh data key when somebody may not open it any more, and goes over to the
//! custodians of the bureau to which its case was moved.

use ::vault::{Chance, Envelope, PublicKey};
use store::Tx;
use store::vault::{Keeper, NewWrap, WrapRow};

use super::{CUSTODIAN, ESCROW, OpenKey, READER, REPORTER, note, place};
use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;

/// Identities shown at once.
const SHOWN: i64 = 200;

/// Gives what she keeps of a case that another bureau has by now to that bureau's custodians; the old ones lose it.
pub fn pass_on(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    key: &OpenKey,
    seed: [u8; 32],
) -> Result<usize, ActError> {
    let mine = key.belongs_to(tx, scene)?;
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let identity = store::vault::identity(tx, case.id, REPORTER)?.ok_or(ActError::NotFound)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    let hers = |wrap: &&WrapRow| wrap.key_id == Some(mine.id) && wrap.holder == CUSTODIAN && wrap.opens;
    let from = wraps.iter().find(hers).ok_or(ActError::NotFound)?.clone();
    let bureau = case.state.bureau;
    if mine.admitted_for == Some(bureau) {
        return Ok(0);
    }
    let custodians = store::vault::custodians(tx, bureau)?.into_iter().filter_map(|custodian| custodian.key);
    let keys: Vec<_> = custodians.filter(|key| key.admitted_for == Some(bureau)).collect();
    if keys.is_empty() {
        let sentence = "接手的局还没有能用密钥的身份保管人，请对方先指定并登录一次；在此之前身份仍由您保管";
        return Err(ActError::field("number", "vault.nobody_there", sentence));
    }
    let mut chance = Chance::from_seed(seed);
    let mut holders = Vec::new();
    for wrap in wraps.iter().filter(|wrap| wrap.holder == ESCROW) {
        holders.extend(escrow(tx, wrap)?);
    }
    let passed = keys.len();
    for key in keys {
        holders.push((CUSTODIAN, Keeper::Key(key.id), PublicKey::from_bytes(&key.public_key)?));
    }
    renew(tx, scene, &from, holders, key, &mut chance)?;
    note(tx, scene, &case, "移交举报人身份", &format!("案件已转其他局，交给该局 {passed} 名身份保管人"))?;
    Ok(passed)
}

/// 换锁: everything that she keeps and that somebody who lost it could open before is sealed anew. Gives how many there were.
pub fn renew_all(tx: &mut Tx<'_>, scene: Scene<'_>, key: &OpenKey, seed: [u8; 32]) -> Result<usize, ActError> {
    let mine = key.belongs_to(tx, scene)?;
    let mut chance = Chance::from_seed(seed);
    let stale = store::vault::to_renew(tx, mine.id, SHOWN)?;
    for wrap in &stale {
        renew_for_holders(tx, scene, wrap, key, &mut chance)?;
    }
    Ok(stale.len())
}

/// Seals anew to those who hold it now.
pub(super) fn renew_for_holders(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    from: &WrapRow,
    key: &OpenKey,
    chance: &mut Chance,
) -> Result<(), ActError> {
    let mut holders = Vec::new();
    for wrap in store::vault::wraps(tx, from.identity.id)? {
        let holder = if wrap.holder == READER { READER } else { CUSTODIAN };
        match wrap.key_id {
            None => holders.extend(escrow(tx, &wrap)?),
            // A single look that was granted and not used has to be granted again.
            Some(_) if wrap.until.is_some() || !wrap.opens => {}
            Some(id) => {
                let public = store::vault::public_key(tx, id)?.ok_or(ActError::NotFound)?;
                holders.push((holder, Keeper::Key(id), PublicKey::from_bytes(&public)?));
            }
        }
    }
    renew(tx, scene, from, holders, key, chance)
}

type Holder = (&'static str, Keeper, PublicKey);

/// The key in escrow, where the wrap is for the one that is in force.
fn escrow(tx: &mut Tx<'_>, wrap: &WrapRow) -> Result<Option<Holder>, ActError> {
    match store::vault::escrow(tx)? {
        Some(escrow) if wrap.holder == ESCROW => {
            Ok(Some((ESCROW, Keeper::Escrow(escrow.id), PublicKey::from_bytes(&escrow.public_key)?)))
        }
        _ => Ok(None),
    }
}

/// A fresh data key, wrapped to these holders and nobody else.
fn renew(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    from: &WrapRow,
    holders: Vec<Holder>,
    key: &OpenKey,
    chance: &mut Chance,
) -> Result<(), ActError> {
    let place = place(&from.identity.number, &from.identity.what);
    let clear = ::vault::open(&from.identity.body, &from.wrapped, &place, key.pair())?;
    let publics: Vec<PublicKey> = holders.iter().map(|(_, _, public)| public.clone()).collect();
    let suite = scene.house.settings.suite;
    let sealed = Envelope::seal(suite, &place, clear.bytes(), &publics, chance)?;
    for wrap in store::vault::wraps(tx, from.identity.id)? {
        store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
    }
    store::vault::renew_identity(tx, from.identity.id, suite.key(), &sealed.body, scene.now)?;
    for ((holder, keeper, _), wrapped) in holders.into_iter().zip(sealed.wraps) {
        let by = scene.actor.id().filter(|_| matches!(scene.actor, Actor::Staff(_)));
        let wrap = NewWrap { identity_id: from.identity.id, holder, keeper, wrapped, granted_by: by, until: None };
        store::vault::put_wrap(tx, &wrap, scene.now)?;
    }
    Ok(())
}
