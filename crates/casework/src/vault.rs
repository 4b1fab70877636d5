//! 举报人身份密库 (7.3): what points to a reporter is sealed apart from the case, to the keys of the bureau's custodians and to
//! the key in escrow. Whoever opens it brings her password; nobody's private key outlives the act that needs it.
//!
//! A look stands beside the case, like the looks at personal data in `reading`: it is recorded, but it is no act of the procedure.

mod escrow;
mod key;
mod renewal;

pub use ::vault::escrow::Share;
pub use ::vault::{Cost, Suite, VaultError};
pub use domain::vault::{Identity, OwnFile};
pub use escrow::{Ceremony, EscrowKey, fits, recover_account, recover_case, set_up};
pub use key::{KeyChange, OpenKey, admit_first, fingerprint, keep_key, live_key, unlock};
pub use renewal::{pass_on, renew_all};

use ::vault::{Chance, Envelope, PublicKey};
use domain::audit::AuditKind;
use domain::role::Role;
use domain::vault::vault_rules;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use store::Tx;
use store::case::CaseRow;
use store::vault::{IdentityRow, Keeper, NewWrap, OpeningRow, RequestRow, WrapRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::house::Scene;
use crate::reporter::ClearFile;
use crate::staff;
use crate::throttle::{self, Refusal};

/// What is sealed of a report.
pub(crate) const REPORTER: &str = "reporter";
const FILE: &str = "file";
const CUSTODIAN: &str = "custodian";
const READER: &str = "reader";
const ESCROW: &str = "escrow";

/// Refuses to take reports while a lost password could still lose a case: there is no key in escrow.
pub fn require_open(tx: &mut Tx<'_>) -> Result<(), ActError> {
    match store::vault::escrow(tx)? {
        Some(_) => Ok(()),
        None => Err(ActError::field(
            "report",
            "vault.no_escrow",
            "这里暂时不能接收举报：本系统还没有为举报人身份设置密钥托管。请拨打 12315 举报，或者以后再来。",
        )),
    }
}

/// Seals a reporter's identity to the custodians of the case's bureau and to the key in escrow. `seed` is fresh.
pub fn seal_identity(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    identity: &Identity,
    seed: [u8; 32],
) -> Result<(), ActError> {
    require_open(tx)?;
    let Some(escrow) = store::vault::escrow(tx)? else { return Err(ActError::Forbidden) };
    let bureau = case.state.bureau;
    let custodians = store::vault::custodians(tx, bureau)?.into_iter().filter_map(|custodian| custodian.key);
    let mut holders = vec![(ESCROW, Keeper::Escrow(escrow.id), PublicKey::from_bytes(&escrow.public_key)?)];
    for key in custodians.filter(|key| key.admitted_for == Some(bureau)) {
        holders.push((CUSTODIAN, Keeper::Key(key.id), PublicKey::from_bytes(&key.public_key)?));
    }
    let publics: Vec<PublicKey> = holders.iter().map(|(_, _, public)| public.clone()).collect();
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(identity).unwrap_or_default());
    let suite = scene.house.settings.suite;
    let place = place(&case.number, REPORTER);
    let sealed = Envelope::seal(suite, &place, &clear, &publics, &mut Chance::from_seed(seed))?;
    let identity_id = store::vault::put_identity(tx, case.id, REPORTER, suite.key(), &sealed.body, scene.now)?;
    for ((holder, keeper, _), wrapped) in holders.into_iter().zip(sealed.wraps) {
        let wrap = NewWrap { identity_id, holder, keeper, wrapped, granted_by: None, until: None };
        store::vault::put_wrap(tx, &wrap, scene.now)?;
    }
    Ok(())
}

/// Seals files, each under a key of its own; the keys are to be sealed with the identity.
pub(crate) fn seal_files(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    files: &[ClearFile],
    seed: [u8; 32],
) -> Result<Vec<OwnFile>, ActError> {
    // Another stream than that of the identity, which has the same seed.
    let mut chance = Chance::from_seed(seed.map(|byte| !byte));
    let mut sealed = Vec::new();
    for file in files {
        let suite = scene.house.settings.suite;
        let (key, body) = ::vault::seal_file(suite, &place(&case.number, FILE), &file.bytes, &mut chance);
        let id = store::vault::put_file(tx, case.id, &body, scene.now)?;
        let (name, media_type) = (file.name.clone(), file.media_type.clone());
        sealed.push(OwnFile { id, name, media_type, key: key.to_vec() });
    }
    Ok(sealed)
}

/// The files of an identity that was just opened.
pub fn own_files(tx: &mut Tx<'_>, number: &str, identity: &Identity) -> Result<Vec<ClearFile>, ActError> {
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let mut opened = Vec::new();
    for file in &identity.files {
        let body = store::vault::file(tx, case.id, file.id)?.ok_or(ActError::NotFound)?;
        let clear = ::vault::open_file(&file.key, &place(&case.number, FILE), &body)?;
        let (name, media_type) = (file.name.clone(), file.media_type.clone());
        opened.push(ClearFile { name, media_type, bytes: clear.bytes().to_vec() });
    }
    Ok(opened)
}

/// Where a sealed text belongs: it opens nowhere else.
fn place(number: &str, what: &str) -> String {
    format!("{number}:{what}")
}

/// What the page of a sealed identity shows.
pub struct IdentityFile {
    /// The case.
    pub case: CaseRow,
    /// When it was sealed.
    pub identity: IdentityRow,
    /// Who can open it.
    pub wraps: Vec<WrapRow>,
    /// Who asked, the newest first.
    pub requests: Vec<RequestRow>,
    /// Every look, the newest first.
    pub openings: Vec<OpeningRow>,
    /// She keeps it as a custodian.
    pub keeps: bool,
    /// She can open it now, without asking anybody.
    pub opens: bool,
    /// Her own request waits.
    pub asked: bool,
    /// The requests that she may decide.
    pub decides: Vec<i64>,
}

/// The page of a sealed identity. Whoever has nothing to do with it learns not even that there is one.
pub fn identity_file(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<IdentityFile, ActError> {
    let (person, case, identity) = sealed(tx, scene, number)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    let requests = store::vault::requests(tx, identity.id)?;
    let mine = my_wrap(&wraps, person.account_id, scene.now).cloned();
    let open_request = |request: &RequestRow| request.account_id == person.account_id && request.approved.is_none();
    let decides = requests
        .iter()
        .filter(|request| request.approved.is_none() && may_decide(person, &case, &wraps, request, scene.now))
        .map(|request| request.id);
    Ok(IdentityFile {
        keeps: mine.as_ref().is_some_and(|wrap| wrap.holder == CUSTODIAN),
        opens: mine.as_ref().is_some_and(|wrap| !needs_approval(wrap))
            || mine.is_some() && granted(&requests, person.account_id, scene).is_some(),
        asked: requests.iter().any(open_request),
        decides: decides.collect(),
        openings: store::vault::openings(tx, identity.id)?,
        case,
        identity,
        wraps,
        requests,
    })
}

/// Whether she may be led to the page of the case's identity, and there is one.
pub fn leads_to(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<bool, ActError> {
    match sealed(tx, scene, number) {
        Ok(_) => Ok(true),
        Err(ActError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The case with its sealed identity, for those who may know of it: custodians of the bureau, holders, and who may ask.
fn sealed<'a>(tx: &mut Tx<'_>, scene: Scene<'a>, number: &str) -> Result<(&'a Staff, CaseRow, IdentityRow), ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::NotFound) };
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let identity = store::vault::identity(tx, case.id, REPORTER)?.ok_or(ActError::NotFound)?;
    let holds = store::vault::wraps(tx, identity.id)?;
    if may_ask(person, &case) || my_wrap(&holds, person.account_id, scene.now).is_some() {
        Ok((person, case, identity))
    } else {
        Err(ActError::NotFound)
    }
}

fn may_ask(person: &Staff, case: &CaseRow) -> bool {
    let custodian = |grant: &store::account::GrantRow| {
        grant.role == Role::IdentityCustodian && grant.bureau_id == case.state.bureau
    };
    let standing = person.standing(case);
    person.grants.iter().any(custodian)
        || standing.assigned
        || standing.roles.iter().any(|role| vault_rules().asking.roles.contains(role))
}

fn my_wrap(wraps: &[WrapRow], account_id: i64, now: Timestamp) -> Option<&WrapRow> {
    let live = |wrap: &&WrapRow| wrap.opens && wrap.until.is_none_or(|until| until > now);
    wraps.iter().filter(|wrap| wrap.account_id == Some(account_id)).filter(live).min_by_key(|wrap| wrap.until.is_some())
}

/// A custodian, and whoever was let in for one look, opens only under an approval; a named reader was approved by being named.
fn needs_approval(wrap: &WrapRow) -> bool {
    wrap.until.is_some() || (wrap.holder == CUSTODIAN && vault_rules().opening.custodian_needs_approval)
}

fn granted<'a>(requests: &'a [RequestRow], account_id: i64, scene: Scene<'_>) -> Option<&'a RequestRow> {
    requests.iter().find(|request| {
        request.account_id == account_id
            && request.approved == Some(true)
            && request.used_at.is_none()
            && request.until.is_some_and(|until| until > scene.now)
    })
}

/// Another custodian who holds it decides; for somebody who holds it herself also whoever leads the bureau.
fn may_decide(person: &Staff, case: &CaseRow, wraps: &[WrapRow], request: &RequestRow, now: Timestamp) -> bool {
    let keeps = my_wrap(wraps, person.account_id, now).is_some_and(|wrap| wrap.holder == CUSTODIAN);
    let leads = person.standing(case).roles.iter().any(|role| vault_rules().asking.roles.contains(role));
    let hers = my_wrap(wraps, request.account_id, now).is_some();
    person.account_id != request.account_id && (keeps || (leads && hers))
}

fn checked_reason(reason: &str) -> Result<String, ActError> {
    let (reason, rule) = (reason.trim(), &vault_rules().asking);
    let length = reason.chars().count();
    if length < rule.reason_at_least {
        let sentence =
            format!("请写明为什么要看，至少 {} 个字，例如“约举报人到所里辨认现场照片”", rule.reason_at_least);
        return Err(ActError::field("reason", "reason.missing", sentence));
    }
    if length > rule.reason_at_most {
        return Err(ActError::field("reason", "reason.too_long", format!("请控制在 {} 个字以内", rule.reason_at_most)));
    }
    Ok(reason.to_owned())
}

/// Asks to see an identity. Asking again while the first wish waits changes nothing.
pub fn request_opening(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, reason: &str) -> Result<(), ActError> {
    let (person, case, identity) = sealed(tx, scene, number)?;
    let reason = checked_reason(reason)?;
    let asked = store::vault::requests(tx, identity.id)?;
    if asked.iter().any(|request| request.account_id == person.account_id && request.approved.is_none()) {
        return Ok(());
    }
    store::vault::ask(tx, identity.id, person.account_id, &reason, scene.now)?;
    note(tx, scene, &case, "申请查看举报人身份", &reason)
}

/// Lets her open it once within the approved time; her key gets a wrap for it when it has none.
pub fn approve_opening(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    request_id: i64,
    key: &OpenKey,
    seed: [u8; 32],
) -> Result<(), ActError> {
    let (person, case, identity, request) = decidable(tx, scene, request_id)?;
    key.belongs_to(tx, scene)?;
    let until = scene.now + SignedDuration::from_hours(vault_rules().opening.approved_hours);
    if !store::vault::decide(tx, request.id, person.account_id, Some(until), "", scene.now)? {
        return Err(ActError::Conflict { since: "已有人办理过这个申请".to_owned() });
    }
    let wraps = store::vault::wraps(tx, identity.id)?;
    if my_wrap(&wraps, request.account_id, scene.now).is_none() {
        let grant = Grant { to: request.account_id, holder: READER, until: Some(until) };
        let mine = my_wrap(&wraps, person.account_id, scene.now).ok_or(ActError::NotFound)?;
        grant.give(tx, scene, mine, key, &mut Chance::from_seed(seed))?;
    }
    note(tx, scene, &case, "批准查看举报人身份", &format!("申请人：{}。{}", request.name, request.reason))
}

/// Declines, with a reason.
pub fn decline_opening(tx: &mut Tx<'_>, scene: Scene<'_>, request_id: i64, answer: &str) -> Result<(), ActError> {
    let (person, case, _, request) = decidable(tx, scene, request_id)?;
    let answer = checked_reason(answer)?;
    if !store::vault::decide(tx, request.id, person.account_id, None, &answer, scene.now)? {
        return Err(ActError::Conflict { since: "已有人办理过这个申请".to_owned() });
    }
    note(tx, scene, &case, "不同意查看举报人身份", &answer)
}

fn decidable<'a>(
    tx: &mut Tx<'_>,
    scene: Scene<'a>,
    request_id: i64,
) -> Result<(&'a Staff, CaseRow, IdentityRow, RequestRow), ActError> {
    let request = store::vault::request(tx, request_id)?.ok_or(ActError::NotFound)?;
    let (person, case, identity) = sealed(tx, scene, &request.number)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    if may_decide(person, &case, &wraps, &request, scene.now) {
        Ok((person, case, identity, request))
    } else {
        Err(ActError::field("request", "vault.not_yours", "查看申请由另一位身份保管人批准，不能自己批准自己的"))
    }
}

/// Opens an identity: with the key of the one who asks, for a reason that is kept, where the rule says so under an approval,
/// which is used up by it.
pub fn open_identity(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    reason: &str,
    key: &OpenKey,
) -> Result<Identity, ActError> {
    let (person, case, identity) = sealed(tx, scene, number)?;
    let reason = checked_reason(reason)?;
    key.belongs_to(tx, scene)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    let Some(wrap) = my_wrap(&wraps, person.account_id, scene.now) else {
        return Err(ActError::field("reason", "vault.not_held", "这份身份没有封存给您。请先申请，由身份保管人批准"));
    };
    let requests = store::vault::requests(tx, identity.id)?;
    let request = if needs_approval(wrap) {
        let request = granted(&requests, person.account_id, scene).ok_or_else(|| {
            ActError::field("reason", "vault.approval", "查看前须由另一人批准。请先申请；批准以后可以打开一次")
        })?;
        if !store::vault::spend(tx, request.id, scene.now)? {
            return Err(ActError::Conflict { since: "这次批准已经用过了".to_owned() });
        }
        Some(request.id)
    } else {
        None
    };
    let clear = ::vault::open(&identity.body, &wrap.wrapped, &place(&case.number, &identity.what), key.pair())?;
    let opened = serde_json::from_slice(clear.bytes()).map_err(|_| VaultError::Malformed)?;
    if wrap.until.is_some() {
        store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
    }
    store::vault::note_opening(tx, identity.id, person.account_id, request, &reason, scene.now)?;
    note(tx, scene, &case, "打开举报人身份", &reason)?;
    Ok(opened)
}

/// Counts a wrong password at the vault, and keeps where it was tried.
pub fn note_wrong_password(tx: &mut Tx<'_>, scene: Scene<'_>, number: Option<&str>) -> Result<Refusal, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let case = number.map(|number| store::case::by_number(tx, number)).transpose()?.flatten();
    let case_id = case.map(|case| case.id);
    store::access::record(
        tx,
        scene.now,
        AuditKind::Identity,
        Some(person.account_id),
        case_id,
        "身份密库：密码输错",
        "查看举报人身份",
    )?;
    let account = store::account::find(tx, person.account_id)?.ok_or(ActError::Forbidden)?;
    throttle::note_inside(tx, scene, &account.login)
}

/// Names a reader of one case: whoever handles it, until a custodian takes it back.
pub fn name_reader(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    account_id: i64,
    key: &OpenKey,
    seed: [u8; 32],
) -> Result<(), ActError> {
    let (_, case, identity, mine) = kept(tx, scene, number)?;
    key.belongs_to(tx, scene)?;
    let reader = staff::load(tx, account_id)?.filter(|reader| may_ask(reader, &case)).ok_or_else(|| {
        ActError::field("account", "vault.reader", "只能指定这件案件的承办人、审批领导、值班局长或者本局的身份保管人")
    })?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    if my_wrap(&wraps, account_id, scene.now).is_some_and(|wrap| wrap.until.is_none()) {
        return Ok(());
    }
    Grant { to: account_id, holder: READER, until: None }.give(tx, scene, &mine, key, &mut Chance::from_seed(seed))?;
    note(tx, scene, &case, "指定身份查看人", &format!("指定 {}", reader.name))
}

/// Takes a reader's wrap away, and seals anew: whatever she may have copied opens nothing any more.
pub fn revoke_reader(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    wrap_id: i64,
    key: &OpenKey,
    seed: [u8; 32],
) -> Result<(), ActError> {
    let (_, case, identity, mine) = kept(tx, scene, number)?;
    key.belongs_to(tx, scene)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    let Some(wrap) = wraps.iter().find(|wrap| wrap.id == wrap_id && wrap.holder == READER) else { return Ok(()) };
    store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
    renewal::renew_for_holders(tx, scene, &mine, key, &mut Chance::from_seed(seed))?;
    note(tx, scene, &case, "收回身份查看权", wrap.name.as_deref().unwrap_or_default())
}

/// The case whose identity the actor keeps as a custodian.
fn kept<'a>(
    tx: &mut Tx<'_>,
    scene: Scene<'a>,
    number: &str,
) -> Result<(&'a Staff, CaseRow, IdentityRow, WrapRow), ActError> {
    let (person, case, identity) = sealed(tx, scene, number)?;
    let wraps = store::vault::wraps(tx, identity.id)?;
    match my_wrap(&wraps, person.account_id, scene.now).filter(|wrap| wrap.holder == CUSTODIAN) {
        Some(wrap) => Ok((person, case, identity, wrap.clone())),
        None => Err(ActError::field("account", "vault.not_custodian", "这由保管这份身份的人办理")),
    }
}

/// 交接: everything that she keeps is opened to another custodian too, and from now on the bureau's reports are sealed to that
/// key as well. Gives how many identities were handed on.
pub fn hand_over(tx: &mut Tx<'_>, scene: Scene<'_>, to: i64, key: &OpenKey, seed: [u8; 32]) -> Result<usize, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mine = key.belongs_to(tx, scene)?;
    let refused = |sentence: &str| ActError::field("to", "vault.hand_over", sentence);
    let bureau = mine.admitted_for.ok_or_else(|| refused("您的密钥还没有启用，不能交接"))?;
    let custodians = store::vault::custodians(tx, bureau)?;
    let to = custodians
        .into_iter()
        .find(|custodian| custodian.account_id == to && to != person.account_id)
        .ok_or_else(|| refused("请选择本局的另一位身份保管人"))?;
    let Some(theirs) = to.key else { return Err(refused("对方还没有密钥，请对方重新登录一次")) };
    if theirs.admitted_for != Some(bureau) {
        store::vault::admit_key(tx, theirs.id, bureau, Some(person.account_id), scene.now)?;
    }
    let mut chance = Chance::from_seed(seed);
    let mut handed = 0;
    for wrap in store::vault::held(tx, Keeper::Key(mine.id))? {
        let others = store::vault::wraps(tx, wrap.identity.id)?;
        let has = others.iter().any(|other| other.key_id == Some(theirs.id) && other.holder == CUSTODIAN);
        if wrap.holder == CUSTODIAN && !has {
            Grant { to: to.account_id, holder: CUSTODIAN, until: None }.give(tx, scene, &wrap, key, &mut chance)?;
            handed += 1;
        }
    }
    staff::note(tx, scene, &format!("身份密库交接：{} 交给 {}，{handed} 件", person.name, to.name))?;
    Ok(handed)
}

/// What a holder gives to another person's key.
struct Grant {
    to: i64,
    holder: &'static str,
    until: Option<Timestamp>,
}

impl Grant {
    fn give(
        self,
        tx: &mut Tx<'_>,
        scene: Scene<'_>,
        from: &WrapRow,
        key: &OpenKey,
        chance: &mut Chance,
    ) -> Result<(), ActError> {
        let theirs = store::vault::live_key(tx, self.to)?.ok_or_else(|| {
            ActError::field("account", "vault.no_key", "对方还没有密钥：请对方重新登录一次，密钥会自动建立")
        })?;
        let public = PublicKey::from_bytes(&theirs.public_key)?;
        let place = place(&from.identity.number, &from.identity.what);
        let wrapped = ::vault::grant(&from.wrapped, &place, key.pair(), &public, chance)?;
        let wrap = NewWrap {
            identity_id: from.identity.id,
            holder: self.holder,
            keeper: Keeper::Key(theirs.id),
            wrapped,
            granted_by: scene.actor.id(),
            until: self.until,
        };
        Ok(store::vault::put_wrap(tx, &wrap, scene.now)?)
    }
}

/// Ends what an officer who no longer has the case could open of it as its reader; a custodian names the next one.
pub(crate) fn handler_left(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, account_id: i64) -> Result<(), ActError> {
    let Some(identity) = store::vault::identity(tx, case.id, REPORTER)? else { return Ok(()) };
    for wrap in store::vault::wraps(tx, identity.id)? {
        if wrap.account_id == Some(account_id) && wrap.holder == READER {
            store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
            note(tx, scene, case, "收回身份查看权", "不再承办")?;
        }
    }
    Ok(())
}

/// Ends what a leaving custodian holds; refused while she is the last who could open something (1.4).
pub(crate) fn leave(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64) -> Result<(), ActError> {
    let last = keeps(tx, account_id)?.alone;
    if last > 0 {
        let sentence =
            format!("还有 {last} 件举报人身份只有这个账号能打开。请她先在“身份密库”里交接给另一位身份保管人，再办理。");
        return Err(ActError::field("account", "vault.last_holder", sentence));
    }
    for wrap in store::vault::held_by_account(tx, account_id)? {
        store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
    }
    Ok(())
}

/// How many sealed identities a person can open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// As a custodian.
    pub keeps: usize,
    /// Of these, those that no other custodian can open.
    pub alone: usize,
    /// As a named reader.
    pub reads: usize,
}

/// How many sealed identities a person can open.
pub(crate) fn keeps(tx: &mut Tx<'_>, account_id: i64) -> Result<Kept, ActError> {
    let mut kept = Kept::default();
    for wrap in store::vault::held_by_account(tx, account_id)?.iter().filter(|wrap| wrap.opens) {
        if wrap.holder != CUSTODIAN {
            kept.reads += usize::from(wrap.until.is_none());
            continue;
        }
        let all = store::vault::wraps(tx, wrap.identity.id)?;
        let another =
            |other: &WrapRow| other.opens && other.holder == CUSTODIAN && other.account_id != Some(account_id);
        kept.keeps += 1;
        kept.alone += usize::from(!all.iter().any(another));
    }
    Ok(kept)
}

/// What a custodian, or who decides, finds waiting.
#[derive(Default)]
pub struct Desk {
    /// Requests that she may decide, the oldest first.
    pub waiting: Vec<RequestRow>,
    /// Her bureau's custodians, when she is one.
    pub custodians: Vec<store::vault::CustodianRow>,
    /// What she keeps.
    pub kept: Vec<WrapRow>,
    /// Of these, of cases that another bureau has by now.
    pub moved: Vec<WrapRow>,
    /// Of these, what somebody lost since it was sealed.
    pub stale: Vec<WrapRow>,
}

/// Requests shown at once.
const SHOWN: i64 = 100;

fn bureaus_of(person: &Staff) -> Vec<i64> {
    let mut bureaus: Vec<i64> = person.grants.iter().map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    bureaus
}

/// The wishes that she may decide, the oldest first: of her bureaus, and for what she keeps wherever its case is.
pub fn waiting(tx: &mut Tx<'_>, person: &Staff, now: Timestamp) -> Result<Vec<RequestRow>, ActError> {
    let mut asked = match store::vault::live_key(tx, person.account_id)? {
        Some(key) => store::vault::waiting_for(tx, key.id, SHOWN)?,
        None => Vec::new(),
    };
    for bureau in bureaus_of(person) {
        asked.extend(store::vault::waiting(tx, bureau, SHOWN)?);
    }
    asked.sort_by_key(|request| (request.asked_at, request.id));
    asked.dedup_by_key(|request| request.id);
    let mut decides = Vec::new();
    for request in asked {
        let Some(case) = store::case::by_id(tx, request.case_id)? else { continue };
        let wraps = store::vault::wraps(tx, request.identity_id)?;
        if may_decide(person, &case, &wraps, &request, now) {
            decides.push(request);
        }
    }
    Ok(decides)
}

/// What waits for the actor at the vault.
pub fn desk(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Desk, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut desk = Desk { waiting: waiting(tx, person, scene.now)?, ..Desk::default() };
    for bureau in bureaus_of(person) {
        let custodian =
            |grant: &store::account::GrantRow| grant.role == Role::IdentityCustodian && grant.bureau_id == bureau;
        if person.grants.iter().any(custodian) {
            desk.custodians.extend(store::vault::custodians(tx, bureau)?);
        }
    }
    if let Some(key) = store::vault::live_key(tx, person.account_id)? {
        desk.kept = store::vault::held(tx, Keeper::Key(key.id))?;
        desk.stale = store::vault::to_renew(tx, key.id, SHOWN)?;
        if let Some(bureau) = key.admitted_for {
            desk.moved = store::vault::held_elsewhere(tx, key.id, bureau, SHOWN)?;
        }
    }
    Ok(desk)
}

/// How the vault stands, for the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The key in escrow.
    pub escrow: Option<store::vault::EscrowRow>,
    /// Active accounts without a key.
    pub without_key: Vec<String>,
    /// Cases that too few custodians can open, with how many can.
    pub thin: Vec<(String, i64)>,
    /// Looks in the last thirty days.
    pub openings: i64,
}

/// How the vault stands.
pub fn status(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Status, ActError> {
    const LISTED: i64 = 200;
    let month_ago = scene.now - (24 * 30).hours();
    Ok(Status {
        escrow: store::vault::escrow(tx)?,
        without_key: store::vault::without_key(tx)?,
        thin: store::vault::thinly_held(tx, vault_rules().custodians.at_least, LISTED)?,
        openings: store::vault::openings_since(tx, month_ago)?,
    })
}

fn note(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, what: &str, reason: &str) -> Result<(), ActError> {
    Ok(store::access::record(tx, scene.now, AuditKind::Identity, scene.actor.id(), Some(case.id), what, reason)?)
}
