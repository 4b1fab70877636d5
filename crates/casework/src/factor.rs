//! 第二重验证 (GB/T 22239-2019 8.1.4.1 d): codes from an app, passkeys, and recovery codes for the day on which both are lost.

mod cbor;
pub mod passkey;
mod totp;

use domain::account::{FactorKind, account_rules};
use domain::audit::AuditKind;
use store::Tx;
use store::factor::FactorRow;

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::house::Scene;
use crate::role_security;
use crate::staff;

pub use totp::{Enrolment, enrolment};

/// Factors a person may have.
const AT_MOST: usize = 10;

/// What somebody shows as her second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// A code of six digits, or a recovery code.
    pub code: String,
    /// The answer of a passkey, as the page's script sent it.
    pub passkey: String,
}

/// By what she proved herself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    /// A factor of this kind.
    By(FactorKind),
    /// A recovery code.
    Recovery,
}

impl Proved {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Proved::By(kind) => kind.label(),
            Proved::Recovery => "恢复码",
        }
    }
}

/// Judges a proof; none when it is wrong. `session` binds a passkey's answer to the session it was asked in. Each code is good once.
pub fn prove(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    account_id: i64,
    session: &str,
    proof: &Proof,
) -> Result<Option<Proved>, ActError> {
    if !proof.passkey.is_empty() {
        let right = passkey::answers(tx, scene, account_id, session, &proof.passkey)?;
        return Ok(right.then_some(Proved::By(FactorKind::Passkey)));
    }
    let code: String = proof.code.chars().filter(char::is_ascii_alphanumeric).collect();
    if code.is_empty() {
        return Ok(None);
    }
    if totp::spend(tx, scene, account_id, &code)? {
        return Ok(Some(Proved::By(FactorKind::Totp)));
    }
    let hash = recovery_hash(scene, account_id, &code);
    if store::factor::spend_code(tx, account_id, &hash, scene.now)? {
        let left = store::factor::codes_left(tx, account_id)?;
        store::access::record(
            tx,
            scene.now,
            AuditKind::SignIn,
            Some(account_id),
            None,
            &format!("使用恢复码，还剩 {left} 个"),
            "登录",
        )?;
        return Ok(Some(Proved::Recovery));
    }
    Ok(None)
}

/// What a person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factors {
    /// The oldest first.
    pub rows: Vec<FactorRow>,
    /// Recovery codes that were not used.
    pub codes_left: i64,
    /// One of her roles requires a second factor.
    pub required: bool,
}

/// What the one who asks has.
pub fn mine(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Factors, ActError> {
    let person = person(scene)?;
    let roles = person.grants.iter().map(|grant| grant.role);
    Ok(Factors {
        rows: store::factor::of_account(tx, person.account_id)?,
        codes_left: store::factor::codes_left(tx, person.account_id)?,
        required: role_security::requires_factor(tx, scene.house, roles)?,
    })
}

/// Adds a code generator: she has shown with a first code that it works.
pub fn add_totp(tx: &mut Tx<'_>, scene: Scene<'_>, sealed: &str, code: &str, name: &str) -> Result<(), ActError> {
    let person = person(scene)?;
    let name = checked_name(tx, person, name, "手机验证器")?;
    let (secret, counter) = totp::confirm(scene, person.account_id, sealed, code)?;
    add(tx, scene, FactorKind::Totp, name, None, secret, counter)
}

/// Adds a passkey, as the browser answered.
pub fn add_passkey(tx: &mut Tx<'_>, scene: Scene<'_>, session: &str, answer: &str, name: &str) -> Result<(), ActError> {
    let person = person(scene)?;
    let name = checked_name(tx, person, name, "通行密钥")?;
    let made = passkey::registered(tx, scene, session, answer)?;
    if store::factor::by_credential(tx, &made.credential)?.is_some() {
        return Err(ActError::field("passkey", "factor.taken", "这把通行密钥已经登记过了"));
    }
    add(tx, scene, FactorKind::Passkey, name, Some(made.credential), made.public_key, made.counter)
}

fn add(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    kind: FactorKind,
    name: String,
    credential: Option<String>,
    secret: Vec<u8>,
    counter: i64,
) -> Result<(), ActError> {
    let person = person(scene)?;
    let what = format!("增加第二步验证：{}“{name}”", kind.label());
    let row = FactorRow {
        id: 0,
        account_id: person.account_id,
        kind,
        name,
        credential,
        secret,
        counter,
        made_at: scene.now,
        used_at: None,
    };
    store::factor::insert(tx, &row)?;
    staff::note(tx, scene, &what)
}

/// Removes one of her factors; the last one stays where a role requires one.
pub fn remove(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let person = person(scene)?;
    let has = mine(tx, scene)?;
    let Some(row) = has.rows.iter().find(|row| row.id == id) else { return Ok(()) };
    if has.required && has.rows.len() == 1 {
        return Err(ActError::field(
            "factor",
            "factor.last",
            "您的角色必须有第二步验证，最后一个不能移除。请先增加一个，再移除这个",
        ));
    }
    if has.rows.len() == 1 {
        // Recovery codes stand in for a factor; without one they open nothing.
        store::factor::delete_of(tx, person.account_id)?;
    } else {
        store::factor::delete(tx, person.account_id, id)?;
    }
    staff::note(tx, scene, &format!("移除第二步验证：{}“{}”", row.kind.label(), row.name))
}

/// Makes new recovery codes from fresh bytes; the old ones are worth nothing from now on. They are shown this once.
pub fn new_codes(tx: &mut Tx<'_>, scene: Scene<'_>, fresh: &[u8; 128]) -> Result<Vec<String>, ActError> {
    let person = person(scene)?;
    if !store::factor::any(tx, person.account_id)? {
        return Err(ActError::field("codes", "factor.none", "请先设置动态码或通行密钥，再生成恢复码"));
    }
    let codes = codes(fresh);
    let hashes: Vec<String> =
        codes.iter().map(|code| recovery_hash(scene, person.account_id, &code.replace('-', ""))).collect();
    store::factor::put_codes(tx, person.account_id, &hashes)?;
    staff::note(tx, scene, "生成新的恢复码")?;
    Ok(codes)
}

/// An administrator takes every factor of somebody's away, because she lost them; her sessions end.
pub fn reset(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64) -> Result<(), ActError> {
    let account = crate::account::secured(tx, scene, account_id)?.row;
    crate::account::refuse_self(scene, account_id, "自己的第二步验证请在“账号安全”里管理")?;
    store::factor::delete_of(tx, account_id)?;
    store::account::allow_later(tx, account_id, None)?;
    store::session::delete_of(tx, account_id)?;
    staff::note(tx, scene, &format!("重置第二步验证：{}", account.login))
}

fn person(scene: Scene<'_>) -> Result<&Staff, ActError> {
    match scene.actor {
        Actor::Staff(person) => Ok(person),
        _ => Err(ActError::Forbidden),
    }
}

fn checked_name(tx: &mut Tx<'_>, person: &Staff, name: &str, usual: &str) -> Result<String, ActError> {
    let name = if name.trim().is_empty() { usual } else { name.trim() };
    if name.chars().count() > 20 {
        return Err(ActError::field("name", "factor.name", "名称请控制在 20 个字以内"));
    }
    if store::factor::of_account(tx, person.account_id)?.len() >= AT_MOST {
        return Err(ActError::field("name", "factor.too_many", format!("最多 {AT_MOST} 个，请先移除不用的")));
    }
    Ok(name.to_owned())
}

/// `k7mq2-x9dtr`: ten letters and digits that do not look alike, 48 bits.
fn codes(fresh: &[u8; 128]) -> Vec<String> {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz2345679";
    let wanted = account_rules().second_factor.recovery_codes.min(fresh.len() / 10);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    fresh
        .chunks_exact(10)
        .take(wanted)
        .map(|bytes| {
            let (first, second) = bytes.split_at(5);
            format!(
                "{}-{}",
                first.iter().map(letter).collect::<String>(),
                second.iter().map(letter).collect::<String>()
            )
        })
        .collect()
}

fn recovery_hash(scene: Scene<'_>, account_id: i64, code: &str) -> String {
    scene.house.secret.hash("recovery", &format!("{account_id}:{}", code.to_ascii_lowercase()))
}
