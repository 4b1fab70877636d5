//! 登录会话: a random cookie, kept as a keyed hash; ends when unused, after half a day, or with the password.

use domain::audit::AuditKind;
use jiff::{SignedDuration, Timestamp};
use store::account::AccountRow;
use store::{StoreError, Tx};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::house::{House, Scene, Settings};
use crate::staff;

/// A session ends after so long however busy it is: a working day and its overtime.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often, so that reading pages does not write.
const TOUCHED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub staff: Staff,
    /// Must choose a new password before anything else.
    pub must_change: bool,
    /// Was last noted as used long enough ago: call [`touch`].
    pub stale: bool,
}

/// The session behind a cookie, or none when it ended.
pub fn find(tx: &mut Tx<'_>, house: &House, now: Timestamp, cookie: &str) -> Result<Option<Session>, StoreError> {
    let Some(session) = store::session::find(tx, &hash(house, cookie))? else { return Ok(None) };
    let unused = now.duration_since(session.seen_at);
    if now >= session.expires_at || unused > house.settings.idle_limit {
        return Ok(None);
    }
    let Some(account) = store::account::find(tx, session.account_id)? else { return Ok(None) };
    let staff = staff::load(tx, session.account_id)?;
    Ok(staff.map(|staff| Session { staff, must_change: account.must_change, stale: unused >= TOUCHED_EVERY }))
}

/// Notes that a session is in use.
pub fn touch(tx: &mut Tx<'_>, scene: Scene<'_>, cookie: &str) -> Result<(), StoreError> {
    store::session::touch(tx, &hash(scene.house, cookie), scene.now)
}

/// What the login page needs to judge a password: the account of that login, if it is open.
pub fn candidate(tx: &mut Tx<'_>, login: &str) -> Result<Option<AccountRow>, StoreError> {
    let account = store::account::by_login(tx, &login.trim().to_ascii_lowercase())?;
    Ok(account.filter(|account| account.active))
}

/// What a wrong password led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// May try again.
    Wrong {
        /// So often, until the account is locked.
        left: i64,
    },
    /// Too often: locked.
    Locked {
        /// Until then.
        until: Timestamp,
    },
}

impl Refusal {
    /// What the `failures`th wrong password in a row leads to.
    pub fn after(failures: i64, settings: &Settings, now: Timestamp) -> Refusal {
        match settings.failures_allowed - failures {
            left @ 1.. => Refusal::Wrong { left },
            _ => Refusal::Locked { until: now + settings.lock_out },
        }
    }
}

/// Notes a wrong password.
pub fn note_failure(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64) -> Result<Refusal, ActError> {
    let account = store::account::find(tx, account_id)?.ok_or(ActError::NotFound)?;
    // A lock-out that is over begins a new count.
    let before = if account.locked_until.is_some_and(|until| until <= scene.now) { 0 } else { account.failures };
    let refusal = Refusal::after(before + 1, &scene.house.settings, scene.now);
    let until = match refusal {
        Refusal::Wrong { .. } => None,
        Refusal::Locked { until } => Some(until),
    };
    store::account::note_failure(tx, account_id, before + 1, until)?;
    let what = match until {
        Some(_) => format!("密码连续输错 {} 次，账号锁定", before + 1),
        None => format!("密码第 {} 次输错", before + 1),
    };
    store::access::record(tx, scene.now, AuditKind::FailedSignIn, Some(account_id), None, &what, "登录")?;
    Ok(refusal)
}

/// Keeps that somebody tried a login that does not exist; not which, it may be a password typed in the wrong place.
pub fn note_stranger(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<(), ActError> {
    Ok(store::access::record(tx, scene.now, AuditKind::FailedSignIn, None, None, "没有这个登录名", "登录")?)
}

/// Opens a session after a right password. `cookie` is fresh and random. Refused when the account was locked or closed, or its
/// password changed, since the password was judged.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, judged: &AccountRow, cookie: &str) -> Result<(), ActError> {
    let account = store::account::find(tx, judged.id)?.filter(|account| account.active).ok_or(ActError::Forbidden)?;
    let locked = account.locked_until.is_some_and(|until| until > scene.now);
    if locked || account.password_hash != judged.password_hash {
        return Err(ActError::Forbidden);
    }
    store::account::note_login(tx, account.id, scene.now)?;
    store::session::insert(tx, &hash(scene.house, cookie), account.id, scene.now, scene.now + LONGEST)?;
    store::access::record(tx, scene.now, AuditKind::SignIn, Some(account.id), None, "登录", "登录")?;
    Ok(())
}

/// Opens a new session for somebody who just changed her password.
pub fn reopen(tx: &mut Tx<'_>, scene: Scene<'_>, cookie: &str) -> Result<(), ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    store::session::insert(tx, &hash(scene.house, cookie), person.account_id, scene.now, scene.now + LONGEST)?;
    Ok(())
}

/// Ends a session.
pub fn close(tx: &mut Tx<'_>, scene: Scene<'_>, cookie: &str) -> Result<(), StoreError> {
    let hash = hash(scene.house, cookie);
    if let Some(session) = store::session::find(tx, &hash)? {
        let account = Some(session.account_id);
        store::access::record(tx, scene.now, AuditKind::SignOut, account, None, "退出", "退出")?;
    }
    store::session::delete(tx, &hash)
}

fn hash(house: &House, cookie: &str) -> String {
    house.secret.hash("session", cookie)
}
