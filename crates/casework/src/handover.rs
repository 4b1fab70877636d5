//! 交接 (1.4): what lies in a person's hands waits for her change of post; the leader gives it to colleagues who are fit, each of
//! them signs for it, and so does she, or the leader when she is gone. Her account changes when nothing is left.

use std::collections::BTreeMap;

use domain::filing::FieldError;
use domain::handover::Thing;
use domain::role::Role;
use store::account::AccountRow;
use store::handover::{HandoverRow, HeldCase, ItemRow};
use store::queue::{Filter, View};
use store::visit::VisitRow;
use store::{StoreError, Tx};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::vault::Kept;
use crate::{account, assignment, staff, vault, visit};

/// Characters a reason may have.
const REASON_AT_MOST: usize = 200;
/// Hand-overs shown at once.
const SHOWN: i64 = 200;
/// Things on a desk are counted no further.
const COUNTED_AT_MOST: i64 = 1_000;

/// What a change of post takes from a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Losing {
    /// She leaves, or moves to another organisation.
    Everything,
    /// One role at one organisation.
    Role(Role, i64),
}

/// What lies in a person's hands that a change of post would leave without anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Her name.
    pub name: String,
    /// Cases, what falls due first on top.
    pub cases: Vec<HeldCase>,
    /// Return visits that she is to make.
    pub visits: Vec<VisitRow>,
    /// Registrations that she began.
    pub drafts: usize,
    /// Desks at which nobody else works, in words, and how much waits there.
    pub desks: Vec<(String, i64)>,
    /// Reporters' identities that she can open.
    pub identities: Kept,
}

impl Held {
    /// Whether nothing would be left without anybody.
    pub fn is_empty(&self) -> bool {
        let given = self.cases.is_empty() && self.visits.is_empty() && self.drafts == 0;
        given && self.desks.is_empty() && self.identities.alone == 0
    }
}

/// What a change of post would leave without anybody.
pub fn held(tx: &mut Tx<'_>, account_id: i64, losing: Losing) -> Result<Held, ActError> {
    let Some(before) = staff::load(tx, account_id)? else { return Ok(Held::default()) };
    let everything = losing == Losing::Everything;
    let mut after = before.clone();
    after.grants.retain(|grant| !everything && losing != Losing::Role(grant.role, grant.organization_id));
    let loses = |does: &dyn Fn(&Staff) -> bool| everything || (does(&before) && !does(&after));
    let mut cases = store::handover::cases_of(tx, account_id)?;
    cases.retain(|case| loses(&|person| handles(person, case.unit_id)));
    let at_centre = loses(&|person| visit::place(person).is_some());
    let keeps = loses(&|person| person.holds(Role::IdentityCustodian));
    Ok(Held {
        visits: if at_centre { store::visit::of_visitor(tx, account_id)? } else { Vec::new() },
        drafts: if at_centre { store::draft::of_owner(tx, &owner(account_id))?.len() } else { 0 },
        desks: left_alone(tx, &before, &after)?,
        identities: if keeps { vault::keeps(tx, account_id)? } else { Kept::default() },
        name: before.name,
        cases,
    })
}

/// Whether a role of hers lets her have a case of this office, or one that the centre settled itself.
fn handles(person: &Staff, unit: Option<i64>) -> bool {
    match unit {
        Some(unit) => person.grants.iter().any(|grant| grant.role == Role::Officer && grant.organization_id == unit),
        None => visit::place(person).is_some(),
    }
}

/// Under which her drafts are kept.
fn owner(account_id: i64) -> String {
    format!("account:{account_id}")
}

/// The desks that she loses and at which nobody else works, when something waits there.
fn left_alone(tx: &mut Tx<'_>, before: &Staff, after: &Staff) -> Result<Vec<(String, i64)>, ActError> {
    let kept = after.desks();
    let lost: Vec<String> = before.desks().into_iter().filter(|desk| !kept.contains(desk)).collect();
    let mut bureaus: Vec<i64> = before.grants.iter().map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    let mut others = Vec::new();
    for bureau in bureaus {
        for colleague in store::account::of_bureau(tx, bureau)? {
            if colleague.id != before.account_id {
                others.extend(staff::load(tx, colleague.id)?.map(|it| it.desks()).unwrap_or_default());
            }
        }
    }
    let mut alone = Vec::new();
    for desk in lost.into_iter().filter(|desk| !others.contains(desk)) {
        let desks = [desk];
        let errands = store::errand::on_desks(tx, &desks, COUNTED_AT_MOST)?.len() as i64;
        let view = View::Desks(desks.to_vec());
        let waits = errands + store::queue::count(tx, &view, &Filter::default(), COUNTED_AT_MOST)?;
        if waits > 0 {
            alone.push((desk_words(tx, &desks[0])?, waits));
        }
    }
    Ok(alone)
}

fn desk_words(tx: &mut Tx<'_>, desk: &str) -> Result<String, ActError> {
    let (kind, place) = desk.split_once(':').unwrap_or((desk, ""));
    let words = match kind {
        "intake" => "登记",
        "acceptance" => "受理",
        "dispatch" => "分送",
        "assignment" => "接收指派",
        "approval" => "审批",
        "archive" => "归档",
        "discipline" => "纪检",
        _ => "上级事项",
    };
    let place = place.parse().unwrap_or_default();
    Ok(format!("{}的{words}", crate::reading::organization_name(tx, place)?))
}

/// Refuses a change of post while something would be left without anybody, or the hand-over is not signed by all (1.4).
pub(crate) fn require_done(tx: &mut Tx<'_>, account_id: i64, losing: Losing) -> Result<(), ActError> {
    let held = held(tx, account_id, losing)?;
    let name = &held.name;
    let mut faults = Faults::default();
    for (code, count, words) in [
        ("account.holds_cases", held.cases.len(), "件没有办完的案件"),
        ("account.holds_visits", held.visits.len(), "件没有做的回访"),
        ("account.holds_drafts", held.drafts, "份没有登记完的草稿"),
    ] {
        let sentence = format!("{name}手上还有 {count} {words}，请所在单位领导先在“交接”里交给同事");
        faults = faults.when(count > 0, "account", code, &sentence);
    }
    for (desk, waits) in &held.desks {
        let sentence = format!("{desk}只有{name}能办，现在有 {waits} 件等着，请安全管理员先把这个角色授予另一位同事");
        faults = faults.when(true, "account", "account.sole_holder", &sentence);
    }
    let open = store::handover::open_of(tx, account_id)?.is_some();
    let sentence = format!("{name}的交接还没有签收完，各方签收以后再办理");
    faults.when(open, "account", "account.handover_open", &sentence).done()
}

/// Begins a hand-over: by those who keep her account, by her leader, or by herself. Beginning again gives the one that is open.
pub fn begin(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64, reason: &str) -> Result<i64, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let account = store::account::find(tx, account_id)?.filter(|account| account.active).ok_or(ActError::NotFound)?;
    let hers = person.account_id == account_id;
    if !hers && !leads(tx, person, &account)? {
        account::kept(tx, scene, account_id)?;
    }
    if let Some(open) = store::handover::open_of(tx, account_id)? {
        return Ok(open.id);
    }
    Faults::default()
        .needed("reason", reason, "请写明为什么交接，例如“调往市局”“退休”")
        .when(reason.chars().count() > REASON_AT_MOST, "reason", "reason.too_long", "请控制在 200 个字以内")
        .done()?;
    let id = store::handover::insert(tx, account_id, reason.trim(), scene.actor.id(), scene.now)?;
    staff::note(tx, scene, &format!("开始交接：{}", account.login))?;
    Ok(id)
}

/// Whether she leads the organisation in which the person works, or its bureau.
fn leads(tx: &mut Tx<'_>, person: &Staff, account: &AccountRow) -> Result<bool, ActError> {
    let place = store::organization::find(tx, account.organization_id)?.ok_or(ActError::NotFound)?;
    Ok(directs(person, &place.path, place.bureau_id.unwrap_or(place.id)))
}

fn directs(person: &Staff, path: &str, bureau: i64) -> bool {
    person.grants.iter().any(|grant| {
        let leads = matches!(grant.role, Role::Leader | Role::DutyDirector);
        leads && grant.bureau_id == bureau && path.starts_with(&grant.reach)
    })
}

/// A hand-over as somebody sees it.
pub struct Opened {
    /// The hand-over.
    pub row: HandoverRow,
    /// What is still in her hands; for her and her leader.
    pub held: Held,
    /// Who is fit for each thing that is left, by its field.
    pub fit: BTreeMap<String, Vec<Colleague>>,
    /// What was handed over; who only takes sees what she takes.
    pub items: Vec<ItemRow>,
    /// She gives things to colleagues.
    pub directs: bool,
    /// She signs for the giving side.
    pub signs: bool,
    /// So much waits for her own signature.
    pub takes: usize,
}

/// Somebody who can take a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Her account.
    pub id: i64,
    /// Her name.
    pub name: String,
    /// Open cases that she has.
    pub load: i64,
}

/// The field under which somebody is chosen for a thing.
pub fn field(what: Thing, id: i64) -> String {
    format!("{}_{id}", what.key())
}

fn field_of(case: &HeldCase) -> String {
    field(if case.leads { Thing::Lead } else { Thing::Partner }, case.id)
}

/// A hand-over, for her, her leader and those who take something.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Opened, ActError> {
    let (person, row) = reached(tx, scene, id)?;
    let me = person.account_id;
    let (directs, hers) = (directs(person, &row.path, row.bureau_id), row.account_id == me);
    let mut items = store::handover::items(tx, id)?;
    if !directs && !hers {
        items.retain(|item| item.taker_id == me);
        if items.is_empty() {
            return Err(ActError::NotFound);
        }
    }
    let open = row.closed_at.is_none();
    let mut held = Held::default();
    if open && (directs || hers) {
        held = self::held(tx, row.account_id, Losing::Everything)?;
    }
    if directs && !hers {
        hide_confined(tx, scene, &mut held, &mut items)?;
    }
    let fit = if directs && open && row.signed_at.is_none() { fit(tx, &held)? } else { BTreeMap::new() };
    Ok(Opened {
        takes: items.iter().filter(|item| item.taker_id == me && item.taken_at.is_none()).count(),
        signs: open && row.signed_at.is_none() && (hers || directs),
        directs: directs && open && row.signed_at.is_none(),
        held,
        fit,
        items,
        row,
    })
}

/// What she may not know of she learns of here neither: another leader's office, a report of another office.
fn hide_confined(tx: &mut Tx<'_>, scene: Scene<'_>, held: &mut Held, items: &mut [ItemRow]) -> Result<(), ActError> {
    let mut known = |id: i64| -> Result<bool, ActError> {
        Ok(store::case::by_id(tx, id)?.is_some_and(|case| scene.actor.may_read(&case)))
    };
    for case in &mut held.cases {
        if !known(case.id)? {
            (case.number, case.title) = (String::new(), "由该件所在单位的领导更换承办人".to_owned());
        }
    }
    for item in items {
        if let Some((id, number, title)) = &mut item.case
            && !known(*id)?
        {
            (*number, *title) = (String::new(), "不在您的范围".to_owned());
        }
    }
    Ok(())
}

fn reached<'a>(tx: &mut Tx<'_>, scene: Scene<'a>, id: i64) -> Result<(&'a Staff, HandoverRow), ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::NotFound) };
    Ok((person, store::handover::find(tx, id)?.ok_or(ActError::NotFound)?))
}

/// Who is fit for each thing that is left, the one with the least in hand first.
fn fit(tx: &mut Tx<'_>, held: &Held) -> Result<BTreeMap<String, Vec<Colleague>>, ActError> {
    let mut loads: BTreeMap<i64, i64> = BTreeMap::new();
    let mut fit = BTreeMap::new();
    for case in held.cases.iter().filter(|case| !case.number.is_empty()) {
        let row = store::case::by_id(tx, case.id)?.ok_or(ActError::NotFound)?;
        let able = assignment::successors(tx, &row)?;
        fit.insert(field_of(case), with_loads(tx, able, &mut loads)?);
    }
    for visit in &held.visits {
        let able = visitors(tx, visit)?;
        fit.insert(field(Thing::Visit, visit.id), with_loads(tx, able, &mut loads)?);
    }
    Ok(fit)
}

fn with_loads(
    tx: &mut Tx<'_>,
    able: Vec<AccountRow>,
    loads: &mut BTreeMap<i64, i64>,
) -> Result<Vec<Colleague>, StoreError> {
    let mut colleagues = Vec::with_capacity(able.len());
    for account in able {
        let load = match loads.get(&account.id) {
            Some(load) => *load,
            None => store::queue::count(tx, &View::Lead(account.id), &Filter::default(), COUNTED_AT_MOST)?,
        };
        loads.insert(account.id, load);
        colleagues.push(Colleague { id: account.id, name: account.name, load });
    }
    colleagues.sort_by_key(|colleague| (colleague.load, colleague.id));
    Ok(colleagues)
}

/// Who may ask about a case: the people of its centre who did not handle it, without the one who has the visit.
fn visitors(tx: &mut Tx<'_>, visit: &VisitRow) -> Result<Vec<AccountRow>, ActError> {
    let case = store::case::by_id(tx, visit.case_id)?.ok_or(ActError::NotFound)?;
    let mut able = staff::agents(tx, case.state.intake)?;
    let out = [case.state.lead, case.state.partner, Some(visit.visitor_id)];
    able.retain(|account| !out.contains(&Some(account.id)));
    Ok(able)
}

/// Who takes what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// One thing each: its field and an account.
    pub each: BTreeMap<String, i64>,
    /// Everything that is not chosen one by one, as far as she is fit for it.
    pub all: Option<i64>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Handed over now.
    pub given: usize,
    /// Left: nobody was chosen, or she is not fit for it.
    pub left: usize,
}

/// The leader gives things to colleagues. Each case changes its officer by an act of its own.
pub fn give(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, wish: &Wish) -> Result<Given, ActError> {
    let opened = open(tx, scene, id)?;
    if !opened.directs {
        return Err(ActError::Forbidden);
    }
    let Opened { row, held, fit, .. } = opened;
    let taker = |field: &str| -> Result<Option<i64>, FieldError> {
        let able = |id: i64| fit.get(field).is_some_and(|able| able.iter().any(|it| it.id == id));
        match wish.each.get(field) {
            Some(id) if able(*id) => Ok(Some(*id)),
            Some(_) => Err(fault(field, "officer.unfit", "她不能接这一件，请从列出的人里选".to_owned())),
            None => Ok(wish.all.filter(|id| able(*id))),
        }
    };
    let (mut done, mut faults) = (Given::default(), Vec::new());
    let by = scene.actor.id();
    for case in &held.cases {
        let field = field_of(case);
        let to = match taker(&field) {
            Ok(Some(to)) => to,
            Ok(None) => {
                done.left += 1;
                continue;
            }
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        match assignment::replace(tx, scene, &case.number, None, row.account_id, to, &row.reason) {
            Ok(_) => {
                let what = if case.leads { Thing::Lead } else { Thing::Partner };
                store::handover::add(tx, id, (what, Some(case.id), 1), to, by, scene.now)?;
                done.given += 1;
            }
            Err(error @ (ActError::NotLawful(_) | ActError::Invalid(_) | ActError::NotFound)) => {
                faults.push(fault(&field, error.code(), error.to_string()));
            }
            Err(error) => return Err(error),
        }
    }
    for visit in &held.visits {
        match taker(&field(Thing::Visit, visit.id)) {
            Ok(Some(to)) => {
                store::visit::give(tx, visit.id, to)?;
                store::handover::add(tx, id, (Thing::Visit, Some(visit.case_id), 1), to, by, scene.now)?;
                done.given += 1;
            }
            Ok(None) => done.left += 1,
            Err(fault) => faults.push(fault),
        }
    }
    if held.drafts > 0 {
        match drafts_to(tx, &row, wish)? {
            Ok(Some(to)) => {
                let count = store::draft::give(tx, &owner(row.account_id), &owner(to))?;
                let what = (Thing::Draft, None, i64::try_from(count).unwrap_or_default());
                store::handover::add(tx, id, what, to, by, scene.now)?;
                done.given += 1;
            }
            Ok(None) => done.left += 1,
            Err(fault) => faults.push(fault),
        }
    }
    if done.given == 0 && faults.is_empty() {
        faults.push(fault("all", "handover.nobody", "请先选交给谁；选的人不能接的，要一件一件另选".to_owned()));
    }
    if faults.is_empty() { Ok(done) } else { Err(ActError::Invalid(faults)) }
}

fn fault(field: &str, code: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), code: code.to_owned(), message }
}

/// Who takes the drafts: somebody who registers at the same centre.
fn drafts_to(tx: &mut Tx<'_>, row: &HandoverRow, wish: &Wish) -> Result<Result<Option<i64>, FieldError>, ActError> {
    let able = draft_takers(tx, row.account_id)?;
    let fits = |id: i64| able.iter().any(|it| it.id == id);
    let field = field(Thing::Draft, 0);
    Ok(match wish.each.get(&field) {
        Some(id) if fits(*id) => Ok(Some(*id)),
        Some(_) => Err(fault(&field, "officer.unfit", "请选同一个中心里负责登记的人".to_owned())),
        None => Ok(wish.all.filter(|id| fits(*id))),
    })
}

/// Who can take her drafts: the others who register at her centre.
pub fn draft_takers(tx: &mut Tx<'_>, account_id: i64) -> Result<Vec<AccountRow>, ActError> {
    let place = staff::load(tx, account_id)?.and_then(|person| visit::place(&person));
    let Some(place) = place else { return Ok(Vec::new()) };
    let mut able = staff::agents(tx, place.centre)?;
    able.retain(|account| account.id != account_id);
    Ok(able)
}

/// She signs that she has what was given to her.
pub fn take(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let person = open(tx, scene, id).and_then(|_| reached(tx, scene, id))?.0;
    store::handover::take(tx, id, person.account_id, scene.now)?;
    close_when_signed(tx, scene, id)
}

/// Signs for the giving side: she herself, or her leader when she is gone. What is left is not part of it any more.
pub fn sign(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let opened = open(tx, scene, id)?;
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    if !opened.signs {
        return if opened.row.signed_at.is_some() { Ok(()) } else { Err(ActError::Forbidden) };
    }
    let left = opened.held.cases.len() + opened.held.visits.len() + opened.held.drafts;
    if left > 0 && opened.items.is_empty() {
        let sentence = format!("手上有 {left} 项，一项也没有交出去，交给同事以后再签字");
        return Err(ActError::field("sign", "handover.left", sentence));
    }
    store::handover::sign(tx, id, person.account_id, scene.now)?;
    close_when_signed(tx, scene, id)
}

/// Gives it up: she stays. What was handed over stays handed over, and is signed for.
pub fn give_up(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let opened = open(tx, scene, id)?;
    if !opened.signs {
        return Err(ActError::Forbidden);
    }
    if !opened.items.is_empty() {
        let sentence = "已经交出了一部分，不能撤销；把其余的交完并签字，或者请接手的人再交回";
        return Err(ActError::field("sign", "handover.begun", sentence));
    }
    store::handover::close(tx, id, scene.now)?;
    staff::note(tx, scene, &format!("撤销交接：{}", opened.row.name))
}

fn close_when_signed(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let signed = store::handover::find(tx, id)?.filter(|row| row.signed_at.is_some() && row.closed_at.is_none());
    let Some(row) = signed else { return Ok(()) };
    if store::handover::items(tx, id)?.iter().all(|item| item.taken_at.is_some()) {
        store::handover::close(tx, id, scene.now)?;
        staff::note(tx, scene, &format!("交接完毕：{}", row.name))?;
    }
    Ok(())
}

/// The hand-overs that concern her: her own, those in which she takes something, those of the people whom she leads.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<HandoverRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut rows = store::handover::of_person(tx, person.account_id, SHOWN)?;
    for grant in &person.grants {
        let mut under = store::handover::under(tx, &grant.reach, SHOWN)?;
        under.retain(|row| directs(person, &row.path, row.bureau_id));
        rows.extend(under);
    }
    rows.sort_by_key(|row| (row.closed_at.is_some(), std::cmp::Reverse(row.id)));
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// The colleagues whom she leads: for whom she may begin a hand-over.
pub fn led(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<AccountRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut bureaus: Vec<i64> = person.grants.iter().map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    let mut led = Vec::new();
    for bureau in bureaus {
        for account in store::account::of_bureau(tx, bureau)? {
            if account.id != person.account_id && leads(tx, person, &account)? {
                led.push(account);
            }
        }
    }
    Ok(led)
}
