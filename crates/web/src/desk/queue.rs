//! 待办: what falls due first, with views, filters in the address bar and a spreadsheet of the same view.

use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Staff};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::organization::OrganizationKind;
use domain::role::Role;
use domain::status::Status;
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::circular::CircularRow;
use store::errand::ErrandRow;
use store::handover::HandoverRow;
use store::queue::{After, Filter, QueueRow, View};
use store::statement::StatementRow;

use super::queue_view::{self, Group};
use super::{COUNTED_AT_MOST, export, labels};
use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::Section;
use crate::{frame, render};

/// Rows of a page.
const PAGE: i64 = 50;
/// Errands above the queue.
pub(super) const ERRANDS_AT_MOST: i64 = 30;
/// Rows of a spreadsheet.
const EXPORTED_AT_MOST: i64 = 100_000;

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct QueueQuery {
    pub(super) view: String,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) channel: String,
    pub(super) category: String,
    pub(super) unit: String,
    pub(super) due: String,
    pub(super) supervised: String,
    pub(super) after: String,
}

/// What one looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looking {
    /// 等我办.
    Mine,
    /// 等别人.
    Others,
    /// 待我签批.
    Signature,
    /// 待归档.
    Archive,
    /// 本单位全部.
    All,
}

impl Looking {
    pub(super) const ALL: [Looking; 5] =
        [Looking::Mine, Looking::Others, Looking::Signature, Looking::Archive, Looking::All];

    pub(super) fn key(self) -> &'static str {
        match self {
            Looking::Mine => "mine",
            Looking::Others => "others",
            Looking::Signature => "signature",
            Looking::Archive => "archive",
            Looking::All => "all",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Looking::Mine => "等我办",
            Looking::Others => "等别人",
            Looking::Signature => "待我签批",
            Looking::Archive => "待归档",
            Looking::All => "本单位全部",
        }
    }

    fn from_key(key: &str) -> Looking {
        Looking::ALL.into_iter().find(|looking| looking.key() == key).unwrap_or(Looking::Mine)
    }
}

impl QueueQuery {
    pub(super) fn looking(&self) -> Looking {
        Looking::from_key(&self.view)
    }

    /// The parameters that are set, in a fixed order.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("view", self.view.as_str()),
            ("kind", &self.kind),
            ("status", &self.status),
            ("channel", &self.channel),
            ("category", &self.category),
            ("unit", &self.unit),
            ("due", &self.due),
            ("supervised", &self.supervised),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address of the same view, one parameter left out and another set.
    pub(super) fn address(&self, path: &str, without: &str, with: Option<(&str, &str)>) -> String {
        let kept = self.pairs().into_iter().filter(|(name, _)| *name != without);
        let pairs: Vec<String> =
            kept.chain(with).map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn filter(&self, view: Looking, staff: &Staff, bounds: Bounds) -> Filter {
        let text = |value: &String| Some(value.clone()).filter(|value| !value.is_empty());
        let mut filter = Filter {
            kind: CaseKind::from_key(&self.kind),
            status: Status::from_key(&self.status),
            channel: text(&self.channel),
            category: text(&self.category),
            unit: self.unit.parse().ok(),
            supervised: self.supervised == "yes",
            ..Filter::default()
        };
        if let Some(group) = Group::from_key(&self.due) {
            (filter.due_from, filter.due_before) = group.span(bounds);
        }
        match view {
            Looking::Others => filter.off_desks = off(staff),
            Looking::Signature => filter.status = Some(Status::PendingApproval),
            _ => {}
        }
        filter
    }

    fn after(&self) -> Option<After> {
        let (due_at, id) = self.after.split_once('_')?;
        Some(After { due_at: due_at.parse().ok()?, id: id.parse().ok()? })
    }
}

/// The instants that part one group from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Now: what was due before is overdue.
    pub(super) now: Timestamp,
    /// The end of today.
    pub(super) today: Timestamp,
    /// The end of this week's Sunday.
    pub(super) week: Timestamp,
    /// What never falls due.
    pub(super) never: Timestamp,
}

impl Bounds {
    pub(super) fn at(now: Timestamp) -> Bounds {
        let today = beijing_day(now);
        let tomorrow = today.tomorrow().unwrap_or(today);
        let to_monday = 7 - i64::from(today.weekday().to_monday_zero_offset());
        let monday = today.checked_add(jiff::Span::new().days(to_monday)).unwrap_or(tomorrow);
        let never = Timestamp::from_microsecond(store::case::NOTHING_DUE).unwrap_or(Timestamp::MAX);
        // A day's limit ends with the first instant of the next day, which is the first that is too late.
        let end_of = |day| {
            let end = domain::clock::beijing_midnight(day);
            end.checked_add(jiff::SignedDuration::from_micros(1)).unwrap_or(end)
        };
        Bounds { now, today: end_of(tomorrow), week: end_of(monday), never }
    }
}

/// What a page of the queue shows.
pub(super) struct Shown {
    pub(super) rows: Vec<QueueRow>,
    pub(super) more: bool,
    /// How many are in each view that she has.
    pub(super) views: Vec<(Looking, i64)>,
    /// How many are in each group of this view under its filters.
    pub(super) groups: Vec<(Group, i64)>,
    /// How many are in this view under its filters.
    pub(super) found: i64,
    /// The offices to choose from in the filter.
    pub(super) units: Vec<(i64, String)>,
    /// What she has to do about cases that lie on others' desks.
    pub(super) errands: Vec<ErrandRow>,
    /// Wishes to see a reporter's identity that she may decide.
    pub(super) wishes: Vec<store::vault::RequestRow>,
    /// Circulars that she has to confirm or to sign.
    pub(super) circulars: Vec<CircularRow>,
    /// Hand-overs that wait for her signature.
    pub(super) handovers: Vec<HandoverRow>,
    /// What is to be said outside and waits for her approval.
    pub(super) statements: Vec<StatementRow>,
}

/// A queue is for those who work on cases.
fn admit(staff: &Staff) -> Result<(), PageError> {
    if frame::handles_cases(staff) {
        return Ok(());
    }
    Err(PageError::forbidden("您的角色不办理案件，没有待办。如有需要，请联系本单位管理员。"))
}

/// `GET /desk`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<QueueQuery>,
) -> Result<Response, PageError> {
    admit(&me.0)?;
    let (staff, asked, now) = (me.0.clone(), query.clone(), app.now());
    let shown = app.read(move |tx| assemble(tx, &staff, &asked, now)).await?;
    let page = frame::desk(&me.0, Section::Queue);
    Ok(render::page(&queue_view::page(page, &app, &me.0, &query, &shown, now)))
}

/// `GET /desk/queue.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<QueueQuery>,
) -> Result<Response, PageError> {
    admit(&me.0)?;
    let (staff, asked, now, house) = (me.0.clone(), query.clone(), app.now(), app.house().clone());
    let rows = app
        .read::<_, ActError>(move |tx| {
            let looking = asked.looking();
            let filter = asked.filter(looking, &staff, Bounds::at(now));
            Ok(store::queue::page(tx, &view(&staff, looking), &filter, None, EXPORTED_AT_MOST)?)
        })
        .await?;
    let lines = rows.iter().map(|row| {
        let clock = row.clock.as_ref();
        vec![
            row.number.clone(),
            row.title.clone(),
            row.kind.label().to_owned(),
            row.status.label_for(row.kind).to_owned(),
            clock.map(|clock| clock.name.clone()).unwrap_or_default(),
            clock.map(|clock| clock.due_day.to_string()).unwrap_or_default(),
            labels::code(&house, "channels", &row.channel),
            labels::masked_name(&row.complainant_name),
            row.respondent_name.clone(),
            row.amount.map(export::yuan).unwrap_or_default(),
            beijing_day(row.received_at).to_string(),
            row.unit_name.clone().unwrap_or_default(),
            row.lead_name.clone().unwrap_or_default(),
        ]
    });
    let heads = [
        "编号",
        "事由",
        "种类",
        "状态",
        "下一步",
        "最后一日",
        "渠道",
        "投诉人",
        "被投诉人",
        "金额（元）",
        "收到日",
        "承办所",
        "承办人",
    ];
    let name = format!("待办-{}-{}.csv", query.looking().label(), beijing_day(now));
    Ok(export::csv(&name, &heads, lines))
}

fn assemble(tx: &mut Tx<'_>, staff: &Staff, query: &QueueQuery, now: Timestamp) -> Result<Shown, ActError> {
    let (looking, bounds) = (query.looking(), Bounds::at(now));
    let (here, filter) = (view(staff, looking), query.filter(looking, staff, bounds));
    let mut rows = store::queue::page(tx, &here, &filter, query.after(), PAGE + 1)?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let mut groups = Vec::new();
    for group in [Group::Overdue, Group::Today, Group::Week] {
        let mut narrowed = filter.clone();
        let (from, before) = group.span(bounds);
        narrowed.due_from = [narrowed.due_from, from].into_iter().flatten().max();
        narrowed.due_before = [narrowed.due_before, before].into_iter().flatten().min();
        groups.push((group, count(tx, staff, looking, &narrowed)?));
    }
    let views = count_views(tx, staff)?;
    let unfiltered = query.pairs().iter().all(|(name, _)| *name == "view");
    let counted = views.iter().find(|(view, _)| *view == looking && unfiltered);
    let found = match counted {
        Some((_, count)) => *count,
        None => count(tx, staff, looking, &filter)?,
    };
    let first_page = looking == Looking::Mine && unfiltered && query.after.is_empty();
    let errands = if first_page { store::errand::on_desks(tx, &staff.desks(), ERRANDS_AT_MOST)? } else { Vec::new() };
    let circulars = if first_page { casework::circular::waiting(tx, staff)? } else { Vec::new() };
    // Whoever decides who may see a reporter's identity finds the wish here too.
    let wishes = if first_page { casework::vault::waiting(tx, staff, now)? } else { Vec::new() };
    let statements = if first_page { casework::statement::waiting(tx, staff)? } else { Vec::new() };
    let handovers = if first_page { store::handover::waiting(tx, staff.account_id)? } else { Vec::new() };
    Ok(Shown {
        rows,
        more,
        views,
        groups,
        found,
        units: offices(tx, staff)?,
        errands,
        circulars,
        wishes,
        handovers,
        statements,
    })
}

/// How many are in each view. All less hers is what waits for others, so that one walk over an index gives both.
pub(super) fn count_views(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<(Looking, i64)>, ActError> {
    let none = Filter::default();
    let mine = count(tx, staff, Looking::Mine, &none)?;
    let (all, others) = if only_officer(staff) {
        (count(tx, staff, Looking::All, &none)?, count(tx, staff, Looking::Others, &none)?)
    } else {
        let all = store::queue::count(tx, &whole(staff), &none, COUNTED_AT_MOST + mine)?;
        (all.min(COUNTED_AT_MOST), (all - mine).max(0))
    };
    let mut counts = vec![(Looking::Mine, mine), (Looking::Others, others)];
    for (looking, filter) in [(Looking::Signature, pending()), (Looking::Archive, none)] {
        if has(staff, looking) {
            counts.push((looking, count(tx, staff, looking, &filter)?));
        }
    }
    counts.push((Looking::All, all));
    Ok(counts)
}

/// How many a view has under a filter. What waits for others is counted as all less hers: an index gives both without touching a
/// row, while 'not on these desks' would touch every one.
fn count(tx: &mut Tx<'_>, staff: &Staff, looking: Looking, filter: &Filter) -> Result<i64, ActError> {
    if looking != Looking::Others {
        return Ok(store::queue::count(tx, &view(staff, looking), filter, COUNTED_AT_MOST)?);
    }
    let filter = Filter { off_desks: Vec::new(), ..filter.clone() };
    let all = view(staff, Looking::Others);
    let hers = store::queue::count(tx, &View::Desks(off(staff)), &filter, COUNTED_AT_MOST)?;
    Ok((store::queue::count(tx, &all, &filter, COUNTED_AT_MOST + hers)? - hers).max(0))
}

/// Those that a signature is awaited for.
pub(super) fn pending() -> Filter {
    Filter { status: Some(Status::PendingApproval), ..Filter::default() }
}

/// How many wait for her signature.
pub(super) fn waiting_for_signature(tx: &mut Tx<'_>, staff: &Staff) -> Result<i64, ActError> {
    Ok(store::queue::count(tx, &view(staff, Looking::Signature), &pending(), COUNTED_AT_MOST)?)
}

/// The bureau for whose offices she may sign, when she leads a bureau and not an office.
fn signs_for_bureau(staff: &Staff) -> Option<i64> {
    let leads = |grant: &&store::account::GrantRow| grant.role == Role::Leader && grant.kind != "office";
    staff.grants.iter().find(leads).map(|grant| grant.bureau_id)
}

/// The rows behind a view.
pub(super) fn view(staff: &Staff, looking: Looking) -> View {
    match looking {
        Looking::Mine => View::Desks(hers(staff)),
        Looking::Signature => match signs_for_bureau(staff) {
            Some(bureau) => View::Bureau(bureau),
            None => View::Desks(keyed(staff, "approval:")),
        },
        Looking::Archive => View::Desks(archives(staff)),
        Looking::Others => match only_officer(staff) {
            true => View::Lead(staff.account_id),
            false => whole(staff),
        },
        Looking::All => whole(staff),
    }
}

/// The desks at which she works; what waits for the archive has a view of its own.
fn hers(staff: &Staff) -> Vec<String> {
    staff.desks().into_iter().filter(|desk| !desk.starts_with("archive:")).collect()
}

/// The desks that 'waiting for others' leaves out: all of them lie inside what that view shows.
fn off(staff: &Staff) -> Vec<String> {
    if only_officer(staff) { keyed(staff, "officer:") } else { hers(staff) }
}

fn keyed(staff: &Staff, start: &str) -> Vec<String> {
    staff.desks().into_iter().filter(|desk| desk.starts_with(start)).collect()
}

fn archives(staff: &Staff) -> Vec<String> {
    let may = |role| matches!(role, Role::Archivist | Role::Officer | Role::Dispatcher | Role::Leader);
    let mut desks: Vec<String> = staff
        .grants
        .iter()
        .filter(|grant| may(grant.role))
        .map(|grant| format!("archive:{}", grant.organization_id))
        .collect();
    desks.sort_unstable();
    desks.dedup();
    desks
}

pub(super) fn has(staff: &Staff, looking: Looking) -> bool {
    match looking {
        Looking::Signature => !keyed(staff, "approval:").is_empty(),
        Looking::Archive => !archives(staff).is_empty(),
        _ => true,
    }
}

fn only_officer(staff: &Staff) -> bool {
    let mut grants = staff.grants.iter().filter(|grant| grant.role.reads_cases()).peekable();
    grants.peek().is_some() && grants.all(|grant| grant.role == Role::Officer)
}

/// What her office or bureau has.
fn whole(staff: &Staff) -> View {
    let grant = staff.grants.iter().find(|grant| grant.role.reads_cases());
    match grant {
        Some(grant) if grant.kind == "office" => View::Unit(grant.organization_id),
        Some(grant) => View::Bureau(grant.bureau_id),
        None if staff.holds(Role::Discipline) => View::Desks(keyed(staff, "discipline:")),
        None => View::Lead(staff.account_id),
    }
}

/// The offices of her bureau, for the filter; none for one who works at an office.
fn offices(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<(i64, String)>, ActError> {
    match whole(staff) {
        View::Bureau(bureau) => Ok(store::organization::of_bureau(tx, bureau, OrganizationKind::Office)?
            .into_iter()
            .map(|office| (office.id, office.name))
            .collect()),
        _ => Ok(Vec::new()),
    }
}
