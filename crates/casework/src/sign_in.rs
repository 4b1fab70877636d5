//! 登录会话: a password, where it is asked a second factor, then a random cookie that is kept as a keyed hash. A session ends when
//! unused, after half a day, with the password, with a change of roles, or when its owner ends it.

use std::net::IpAddr;

use domain::account::{Gate, account_rules};
use domain::audit::AuditKind;
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
use store::account::AccountRow;
use store::session::SessionRow;
use store::{StoreError, Tx};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::factor::{self, Proof};
use crate::house::{House, Scene};
use crate::throttle::{self, Door, Refusal, Tries};
use crate::{role_security, staff};

/// A session ends after so long however busy it is: a working day and its overtime.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often, so that reading pages does not write.
const TOUCHED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub staff: Staff,
    /// The hash of its cookie.
    pub token_hash: String,
    /// Must choose a new password before anything else.
    pub must_change: bool,
    /// What must be done before it opens.
    pub gate: Gate,
    /// When she last proved who she is.
    pub proved_at: Timestamp,
    /// Was last noted as used long enough ago: call [`touch`].
    pub stale: bool,
    /// The role that may not be used from where the request comes: nothing is shown, call [`end_outside`].
    pub outside: Option<Role>,
}

impl Session {
    /// Whether she proved who she is so lately that a sensitive act needs no further proof.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.proved_at) <= SignedDuration::from_mins(account_rules().step_up.fresh_minutes)
    }
}

/// The session behind a cookie that comes from this address, or none when it ended.
pub fn find(
    tx: &mut Tx<'_>,
    house: &House,
    now: Timestamp,
    cookie: &str,
    address: IpAddr,
) -> Result<Option<Session>, StoreError> {
    let Some(session) = store::session::find(tx, &hash(house, cookie))? else { return Ok(None) };
    let unused = now.duration_since(session.seen_at);
    if now >= session.expires_at || unused > house.settings.idle_limit {
        return Ok(None);
    }
    let Some(account) = store::account::find(tx, session.account_id)? else { return Ok(None) };
    let Some(staff) = staff::load(tx, session.account_id)? else { return Ok(None) };
    let outside = role_security::refuses(tx, staff.grants.iter().map(|grant| grant.role), address)?;
    Ok(Some(Session {
        staff,
        outside,
        token_hash: session.token_hash,
        must_change: account.must_change || session.gate == Gate::Change,
        gate: session.gate,
        proved_at: session.proved_at,
        stale: unused >= TOUCHED_EVERY,
    }))
}

/// Ends a session that is used from outside of the networks of one of its roles, and keeps that it was tried.
pub fn end_outside(tx: &mut Tx<'_>, scene: Scene<'_>, session: &Session) -> Result<(), StoreError> {
    store::session::delete(tx, &session.token_hash)?;
    let role = session.outside.map_or("", Role::label);
    let what = format!("登录已结束：{role}不能从这个网段使用");
    let account = Some(session.staff.account_id);
    store::access::record(tx, scene.now, AuditKind::Refused, account, None, &what, "网段")
}

/// Why an address does not do for a role.
pub fn outside_words(role: Role, address: IpAddr) -> String {
    format!(
        "{}只能从本单位设定的网段登录，您现在的地址 {address} 不在其中。请在单位的网络里登录；确有需要的，请管理员调整。",
        role.label()
    )
}

/// Notes that a session is in use.
pub fn touch(tx: &mut Tx<'_>, scene: Scene<'_>, cookie: &str) -> Result<(), StoreError> {
    store::session::touch(tx, &hash(scene.house, cookie), scene.now)
}

/// A login and a password that are about to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The account of that login, if it is open.
    pub account: Option<AccountRow>,
    /// What a wrong password leads to; it is counted already.
    pub if_wrong: Refusal,
}

/// Counts a try and gives the account whose password is to be judged; `Err` when whoever tries has to wait. A login that does not
/// exist is counted like one that does.
pub fn begin(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    login: &str,
    door: &Door,
) -> Result<Result<Attempt, Refusal>, ActError> {
    let account = store::account::by_login(tx, &login.trim().to_ascii_lowercase())?.filter(|account| account.active);
    let begun = throttle::begin(tx, scene, login, door, account.is_some())?;
    if let (Some(account), Ok(Refusal::Locked { .. })) = (&account, &begun) {
        let what = format!("密码连续输错，{} 的登录须等候：{}", door.address, account.login);
        store::access::record(tx, scene.now, AuditKind::FailedSignIn, Some(account.id), None, &what, "登录")?;
    }
    Ok(begun.map(|if_wrong| Attempt { account, if_wrong }))
}

/// Keeps that a password was wrong; of a login that does not exist not which, it may be a password typed in the wrong place.
pub fn note_wrong(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: Option<i64>) -> Result<(), ActError> {
    let what = if account_id.is_some() { "密码输错" } else { "没有这个登录名" };
    Ok(store::access::record(tx, scene.now, AuditKind::FailedSignIn, account_id, None, what, "登录")?)
}

/// Somebody came in, or nearly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What is still missing.
    pub gate: Gate,
    /// She has no second factor and has to set one up, now or soon.
    pub enrol: bool,
    /// Wrong tries from elsewhere since her last sign-in.
    pub tries: Tries,
}

/// Opens a session after a right password; where she has a second factor, one that waits for it. `cookie` is fresh and random.
/// Refused when the account was closed, or its password changed, since the password was judged. `rehashed` is the same password
/// at today's cost.
pub fn open(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    judged: &AccountRow,
    cookie: &str,
    door: &Door,
    rehashed: Option<&str>,
) -> Result<Entered, ActError> {
    let account = store::account::find(tx, judged.id)?.filter(|account| account.active).ok_or(ActError::Forbidden)?;
    if account.password_hash != judged.password_hash {
        return Err(ActError::Forbidden);
    }
    if let Some(hash) = rehashed {
        store::account::rehash(tx, account.id, &account.password_hash, hash)?;
    }
    admit(tx, &account, door)?;
    if store::factor::any(tx, account.id)? {
        let within = SignedDuration::from_mins(account_rules().second_factor.within_minutes);
        let session = begun(scene, account.id, cookie, door, Gate::Prove, within);
        store::session::insert(tx, &session)?;
        return Ok(Entered { gate: Gate::Prove, enrol: false, tries: Tries::default() });
    }
    enter(tx, scene, &account, cookie, door, "密码")
}

/// What became of the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Second {
    /// She is in, with a new cookie.
    In(Entered),
    /// Wrong, and she may try again so often.
    Wrong(i64),
    /// Wrong too often: the sign-in begins anew.
    Ended,
}

/// The second step: a code, a recovery code or a passkey, shown in a session that waits for it. `fresh` becomes the cookie.
pub fn second(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    waiting: &str,
    fresh: &str,
    door: &Door,
    proof: &Proof,
) -> Result<Second, ActError> {
    let waiting = hash(scene.house, waiting);
    let session = store::session::find(tx, &waiting)?.filter(|session| session.gate == Gate::Prove);
    let Some(session) = session.filter(|session| session.expires_at > scene.now) else { return Ok(Second::Ended) };
    let account = store::account::find(tx, session.account_id)?.filter(|account| account.active);
    let account = account.ok_or(ActError::Forbidden)?;
    let Some(how) = factor::prove(tx, scene, account.id, &waiting, proof)? else {
        let left = account_rules().second_factor.allowed - store::session::note_wrong(tx, &waiting)?;
        if left > 0 {
            return Ok(Second::Wrong(left));
        }
        store::session::delete(tx, &waiting)?;
        store::access::record(
            tx,
            scene.now,
            AuditKind::FailedSignIn,
            Some(account.id),
            None,
            "第二步验证连续输错，登录作废",
            "登录",
        )?;
        return Ok(Second::Ended);
    };
    store::session::delete(tx, &waiting)?;
    enter(tx, scene, &account, fresh, door, &format!("密码和{}", how.label())).map(Second::In)
}

/// Signs in with a passkey alone, which has verified its user; gives whose it is. None when it is nobody's.
pub fn with_passkey(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    fresh: &str,
    door: &Door,
    answer: &str,
) -> Result<Option<(AccountRow, Entered)>, ActError> {
    let Some(account_id) = factor::passkey::owner(tx, scene, answer)? else { return Ok(None) };
    let account = store::account::find(tx, account_id)?.filter(|account| account.active);
    let Some(account) = account else { return Ok(None) };
    admit(tx, &account, door)?;
    let entered = enter(tx, scene, &account, fresh, door, "通行密钥")?;
    Ok(Some((account, entered)))
}

/// Refuses an address from which her roles may not sign in.
fn admit(tx: &mut Tx<'_>, account: &AccountRow, door: &Door) -> Result<(), ActError> {
    let roles = store::account::grants(tx, account.id)?.into_iter().map(|grant| grant.role);
    match role_security::refuses(tx, roles, door.address)? {
        None => Ok(()),
        Some(role) => Err(ActError::field("login", "sign_in.network", outside_words(role, door.address))),
    }
}

fn enter(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    account: &AccountRow,
    cookie: &str,
    door: &Door,
    how: &str,
) -> Result<Entered, ActError> {
    let tries = throttle::succeed(tx, scene, &account.login, door)?;
    store::account::note_login(tx, account.id, scene.now)?;
    let (gate, enrol) = gate(tx, scene, account)?;
    store::session::insert(tx, &begun(scene, account.id, cookie, door, gate, LONGEST))?;
    store::access::record(tx, scene.now, AuditKind::SignIn, Some(account.id), None, &format!("登录（{how}）"), "登录")?;
    Ok(Entered { gate, enrol, tries })
}

/// What is missing after both factors, and whether she has a second factor to set up.
fn gate(tx: &mut Tx<'_>, scene: Scene<'_>, account: &AccountRow) -> Result<(Gate, bool), ActError> {
    let roles = store::account::grants(tx, account.id)?.into_iter().map(|grant| grant.role);
    let enrol = !store::factor::any(tx, account.id)? && role_security::requires_factor(tx, scene.house, roles)?;
    let known = store::account::security(tx, account.id)?.ok_or(ActError::NotFound)?;
    let days = scene.house.settings.password_days;
    let old = days > 0 && scene.now.duration_since(known.password_set_at) > SignedDuration::from_hours(24 * days);
    if old {
        return Ok((Gate::Change, enrol));
    }
    if !enrol || account.must_change {
        return Ok((Gate::Open, enrol));
    }
    match known.factor_later_until {
        Some(until) if until <= scene.now => Ok((Gate::Enrol, true)),
        Some(_) => Ok((Gate::Open, true)),
        None => {
            let until = scene.now + SignedDuration::from_hours(24 * account_rules().second_factor.later_days);
            store::account::allow_later(tx, account.id, Some(until))?;
            Ok((Gate::Open, true))
        }
    }
}

fn begun(
    scene: Scene<'_>,
    account_id: i64,
    cookie: &str,
    door: &Door,
    gate: Gate,
    longest: SignedDuration,
) -> SessionRow {
    SessionRow {
        token_hash: hash(scene.house, cookie),
        account_id,
        created_at: scene.now,
        seen_at: scene.now,
        expires_at: scene.now + longest,
        device: door.device.clone(),
        address: door.address.to_string(),
        gate,
        wrong: 0,
        proved_at: scene.now,
    }
}

/// Opens a new session for somebody who just changed her password.
pub fn reopen(tx: &mut Tx<'_>, scene: Scene<'_>, cookie: &str, door: &Door) -> Result<Entered, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let account = store::account::find(tx, person.account_id)?.ok_or(ActError::Forbidden)?;
    let (gate, enrol) = gate(tx, scene, &account)?;
    store::session::insert(tx, &begun(scene, account.id, cookie, door, gate, LONGEST))?;
    Ok(Entered { gate, enrol, tries: Tries::default() })
}

/// Before a sensitive act: proves with the password or a second factor that she is still the one who signed in. `password_right`
/// says how a password was judged, if she typed one. Whoever has a second factor shows that.
pub fn step_up(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    session: &Session,
    password_right: Option<bool>,
    proof: &Proof,
) -> Result<Result<(), Refusal>, ActError> {
    let id = session.staff.account_id;
    let account = store::account::find(tx, id)?.ok_or(ActError::Forbidden)?;
    if let Some(until) = throttle::waits_inside(tx, scene, &account.login)? {
        return Ok(Err(Refusal::Locked { until }));
    }
    let right = if store::factor::any(tx, id)? {
        factor::prove(tx, scene, id, &session.token_hash, proof)?.is_some()
    } else {
        password_right == Some(true)
    };
    if !right {
        store::access::record(
            tx,
            scene.now,
            AuditKind::FailedSignIn,
            Some(id),
            None,
            "敏感操作前的验证没有通过",
            "登录",
        )?;
        return throttle::note_inside(tx, scene, &account.login).map(Err);
    }
    throttle::clear_inside(tx, scene, &account.login)?;
    store::session::prove(tx, &session.token_hash, scene.now)?;
    Ok(Ok(()))
}

/// The sessions of the one who asks, the last used first.
pub fn mine(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<SessionRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    living(tx, scene, person.account_id)
}

/// The sessions of an account that have not ended by themselves.
pub fn living(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64) -> Result<Vec<SessionRow>, ActError> {
    let mut sessions = store::session::of_account(tx, account_id)?;
    let idle = scene.house.settings.idle_limit;
    sessions.retain(|session| session.expires_at > scene.now && scene.now.duration_since(session.seen_at) <= idle);
    Ok(sessions)
}

/// How a session is named on pages and in forms: the beginning of its hash, which opens nothing.
pub fn handle(session: &SessionRow) -> &str {
    session.token_hash.get(..16).unwrap_or_default()
}

/// Ends the session of this handle, if it is hers; `but` is never ended, and without a handle all others are. Gives how many.
pub fn end(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    account_id: i64,
    wanted: Option<&str>,
    but: &str,
) -> Result<usize, ActError> {
    let mut ended = 0;
    for session in store::session::of_account(tx, account_id)? {
        if session.token_hash != but && wanted.is_none_or(|wanted| wanted == handle(&session)) {
            store::session::delete(tx, &session.token_hash)?;
            ended += 1;
        }
    }
    if ended > 0 {
        let by = scene.actor.id();
        store::access::record(tx, scene.now, AuditKind::SignOut, by, None, &format!("结束 {ended} 个登录"), "登录")?;
    }
    Ok(ended)
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
