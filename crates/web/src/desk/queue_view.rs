//! The queue's page: rows with their clocks, groups, chips.

use std::fmt::Write as _;

use casework::Staff;
use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::clock::{Basis, Suspension, Unit, beijing_day};
use domain::status::Status;
use domain::turns::ErrandKind;
use jiff::Timestamp;
use jiff::civil::Date;
use store::circular::CircularRow;
use store::errand::ErrandRow;
use store::handover::HandoverRow;
use store::queue::{NextClock, QueueRow};
use store::statement::StatementRow;

use super::COUNTED_AT_MOST;
use super::labels;
use super::queue::{Bounds, ERRANDS_AT_MOST, Looking, QueueQuery, Shown};
use crate::app::App;
use crate::view::{
    self, Chip, Choice, ClockView, DeskPage, EmptyState, FilterBar, Pagination, RunningLimit, SideGroup, SideLink, Tag,
};

/// When something falls due, seen from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Overdue,
    Today,
    Week,
    Later,
    Never,
}

impl Group {
    const ALL: [Group; 5] = [Group::Overdue, Group::Today, Group::Week, Group::Later, Group::Never];

    pub(super) fn key(self) -> &'static str {
        match self {
            Group::Overdue => "overdue",
            Group::Today => "today",
            Group::Week => "week",
            Group::Later => "later",
            Group::Never => "none",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Group::Overdue => "逾期",
            Group::Today => "今天",
            Group::Week => "本周",
            Group::Later => "以后",
            Group::Never => "没有期限在走",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.key() == key)
    }

    /// From which instant, before which instant.
    pub(super) fn span(self, bounds: Bounds) -> (Option<Timestamp>, Option<Timestamp>) {
        // An instant that is reached is too late, so what ends now is overdue already.
        let after_now = bounds.now.checked_add(jiff::SignedDuration::from_micros(1)).unwrap_or(bounds.now);
        match self {
            Group::Overdue => (None, Some(after_now)),
            Group::Today => (Some(after_now), Some(bounds.today)),
            Group::Week => (Some(bounds.today), Some(bounds.week)),
            Group::Later => (Some(bounds.week.max(bounds.today)), Some(bounds.never)),
            Group::Never => (Some(bounds.never), None),
        }
    }

    fn of(due_at: i64, bounds: Bounds) -> Group {
        let due = Timestamp::from_microsecond(due_at).unwrap_or(bounds.never);
        let within = |group: &Group| {
            let (from, before) = group.span(bounds);
            from.is_none_or(|from| due >= from) && before.is_none_or(|before| due < before)
        };
        Group::ALL.into_iter().find(within).unwrap_or(Group::Never)
    }
}

/// `GET /desk`
#[derive(askama::Template)]
#[template(path = "desk/queue.html")]
pub(super) struct QueuePage {
    page: DeskPage,
    heading: &'static str,
    filters: FilterBar,
    kinds: Vec<Choice>,
    statuses: Vec<Choice>,
    channels: Vec<Choice>,
    categories: Vec<Choice>,
    units: Vec<Choice>,
    dues: Vec<Choice>,
    supervised: Vec<Choice>,
    query: QueueQuery,
    filtered: bool,
    errands: Vec<ErrandLine>,
    errand_count: String,
    rows: Vec<Row>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    csv: String,
    /// Whether she makes return visits.
    visits: bool,
}

/// So many errands stand above the queue; the rest opens below them.
const ERRANDS_IN_SIGHT: usize = 5;

/// What somebody has to do about a case that lies on another's desk.
struct ErrandLine {
    href: String,
    what: &'static str,
    title: String,
    case_href: String,
    under: String,
    /// What falls due first on the case, or empty.
    due: String,
    late: bool,
}

struct Row {
    /// The heading of the group that begins with this row, or empty.
    group: String,
    late: bool,
    href: String,
    clock: Option<ClockView>,
    what: String,
    under: String,
    /// 督办, 重办, 催办.
    marks: Vec<Tag>,
    kind: &'static str,
    respondent: String,
    respondent_note: String,
    status: Tag,
    amount: String,
}

pub(super) fn page(
    mut page: DeskPage,
    app: &App,
    staff: &Staff,
    query: &QueueQuery,
    shown: &Shown,
    now: Timestamp,
) -> QueuePage {
    let (house, looking) = (app.house(), query.looking());
    page.side = side(staff, looking, shown);
    let calendar = house.calendar();
    let bounds = Bounds::at(now);
    let mut last = None;
    let rows = shown
        .rows
        .iter()
        .map(|row| {
            let group = Group::of(row.next_due_at, bounds);
            let begins = last != Some(group);
            last = Some(group);
            let heading = if begins { heading(group, shown) } else { String::new() };
            Row { group: heading, late: group == Group::Overdue, ..line(app, row, &calendar, now) }
        })
        .collect();
    QueuePage {
        page,
        heading: looking.label(),
        filters: filters(app, query, shown),
        kinds: labels::kinds(staff),
        statuses: Status::ALL.iter().filter(|it| it.is_open()).map(|it| Choice::new(it.key(), it.label())).collect(),
        channels: labels::choices(&house.codes, "channels"),
        categories: labels::choices(&house.codes, "goods_categories"),
        units: shown.units.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        supervised: vec![Choice::new("yes", "只看督办的")],
        dues: Group::ALL.iter().map(|group| Choice::new(group.key(), group.label())).collect(),
        filtered: query.pairs().iter().any(|(name, _)| *name != "view"),
        query: query.clone(),
        errand_count: match (shown.errands.len() + shown.circulars.len() + shown.wishes.len() + shown.handovers.len())
            as i64
        {
            count if shown.errands.len() as i64 >= ERRANDS_AT_MOST => format!("{count}+"),
            count => view::quantity(count),
        },
        errands: shown
            .circulars
            .iter()
            .map(|circular| circular_line(circular, beijing_day(now)))
            .chain(shown.wishes.iter().map(|wish| wish_line(wish, now)))
            .chain(shown.statements.iter().map(|statement| statement_line(statement, now)))
            .chain(shown.handovers.iter().map(|handover| handover_line(staff, handover, now)))
            .chain(shown.errands.iter().filter_map(|errand| errand_line(errand, now)))
            .collect(),
        rows,
        empty: empty(looking, query),
        pagination: pagination(query, shown),
        csv: query.address("/desk/queue.csv", "after", None),
        visits: casework::visit::place(staff).is_some(),
    }
}

/// `1,204`, or `1,000+` where counting stopped.
pub(super) fn capped(count: i64) -> String {
    if count >= COUNTED_AT_MOST { format!("{}+", view::quantity(COUNTED_AT_MOST)) } else { view::quantity(count) }
}

fn heading(group: Group, shown: &Shown) -> String {
    match shown.groups.iter().find(|(counted, _)| *counted == group) {
        Some((_, count)) => format!("{} {}", group.label(), capped(*count)),
        None => group.label().to_owned(),
    }
}

fn side(staff: &Staff, looking: Looking, shown: &Shown) -> Vec<SideGroup> {
    let views = shown
        .views
        .iter()
        .map(|(view, count)| SideLink {
            label: view.label().to_owned(),
            href: if *view == Looking::Mine { "/desk".to_owned() } else { format!("/desk?view={}", view.key()) },
            count: Some(*count),
            current: *view == looking,
            alarming: false,
        })
        .collect();
    let due = shown
        .groups
        .iter()
        .filter(|(group, _)| matches!(group, Group::Overdue | Group::Today))
        .map(|(group, count)| SideLink {
            label: group.label().to_owned(),
            href: format!("/desk?view={}&due={}", looking.key(), group.key()),
            count: Some(*count),
            current: false,
            alarming: *group == Group::Overdue,
        })
        .collect();
    let mut groups = vec![
        SideGroup { title: String::new(), links: views },
        SideGroup { title: format!("{}里", looking.label()), links: due },
    ];
    let link =
        |label: &str, href: &str| SideLink { label: label.to_owned(), href: href.to_owned(), ..SideLink::default() };
    if staff.grants.iter().any(|grant| grant.role.reads_cases()) {
        let links = vec![
            link("抽查", "/desk/checks"),
            link("通报", "/desk/circulars"),
            link("督办与责任", "/desk/accountability"),
        ];
        groups.push(SideGroup { title: "监督".to_owned(), links });
    }
    if super::rewards::has_list(staff) {
        groups.push(SideGroup { title: "举报".to_owned(), links: vec![link("举报奖励", "/desk/rewards")] });
    }
    if staff.holds(domain::role::Role::Leader) || staff.holds(domain::role::Role::DutyDirector) {
        groups.push(SideGroup { title: "领导".to_owned(), links: vec![link("今日一览", "/desk/leader")] });
    }
    let links = vec![
        link("交接", "/desk/handovers"),
        link("对外发布", "/desk/statements"),
        link("个人信息请求", "/desk/personal"),
    ];
    groups.push(SideGroup { title: "内部".to_owned(), links });
    groups
}

fn errand_line(errand: &ErrandRow, now: Timestamp) -> Option<ErrandLine> {
    let kind = ErrandKind::from_key(&errand.kind)?;
    let today = beijing_day(now);
    let since = view::dates::short_day(beijing_day(errand.opened_at), today);
    let late = is_overdue(errand.next_due_at, now);
    let due = due_day_words(errand.next_due_at, today);
    Some(ErrandLine {
        href: format!("/desk/cases/{}/{}", errand.number, kind.action().key()),
        what: kind.label(),
        title: errand.title.clone(),
        case_href: format!("/desk/cases/{}", errand.number),
        under: format!("{} · {} · {since}提出", errand.number, errand.respondent_name),
        due: match (due.is_empty(), late) {
            (true, _) => String::new(),
            (false, true) => format!("逾期 {due}"),
            (false, false) => format!("最先到期 {due}"),
        },
        late,
    })
}

/// A circular that waits for her: to be signed, or to be confirmed by its day.
fn circular_line(circular: &CircularRow, today: Date) -> ErrandLine {
    let href = format!("/desk/circulars/{}", circular.id);
    let late = circular.confirm_by.is_some_and(|day| day < today);
    let day = |day: Date| view::dates::short_day(day, today);
    let due = match circular.confirm_by {
        Some(until) if late => format!("逾期 {}", day(until)),
        Some(until) => format!("{}前确认", day(until)),
        None => String::new(),
    };
    ErrandLine {
        what: if circular.status == "pending" { "签发通报" } else { "阅看并确认通报" },
        title: circular.content.title.clone(),
        case_href: href.clone(),
        href,
        under: format!("{} {}", circular.bureau_name, circular.number).trim().to_owned(),
        due,
        late,
    }
}

/// Something to be said outside that waits for her approval.
fn statement_line(statement: &StatementRow, now: Timestamp) -> ErrandLine {
    let href = format!("/desk/statements/{}", statement.id);
    let since = view::dates::short_day(beijing_day(statement.proposed_at), beijing_day(now));
    ErrandLine {
        what: "审批对外发布",
        title: statement.said.title.clone(),
        case_href: href.clone(),
        href,
        under: format!("{} · {} · {since}提请", statement.said.medium, statement.proposer),
        due: String::new(),
        late: false,
    }
}

/// A hand-over that waits for her signature.
fn handover_line(staff: &Staff, handover: &HandoverRow, now: Timestamp) -> ErrandLine {
    let href = format!("/desk/handovers/{}", handover.id);
    let since = view::dates::short_day(beijing_day(handover.opened_at), beijing_day(now));
    let hers = handover.account_id == staff.account_id;
    ErrandLine {
        what: if hers { "交出手上的事项并签字" } else { "签收交接" },
        title: if hers { "我的交接".to_owned() } else { format!("{}的交接", handover.name) },
        case_href: href.clone(),
        href,
        under: format!("{} · {since}开始", handover.reason),
        due: String::new(),
        late: false,
    }
}

/// A wish to see a reporter's identity that waits for her word.
fn wish_line(wish: &store::vault::RequestRow, now: Timestamp) -> ErrandLine {
    let since = view::dates::short_day(beijing_day(wish.asked_at), beijing_day(now));
    let href = format!("/desk/cases/{}/identity#wish-{}", wish.number, wish.id);
    ErrandLine {
        what: "审批查看举报人身份",
        title: wish.reason.clone(),
        case_href: href.clone(),
        href,
        under: format!("{} · {} · {since}提出", wish.number, wish.name),
        due: String::new(),
        late: false,
    }
}

/// What sets a row apart from others.
fn marks(row: &QueueRow) -> Vec<Tag> {
    [
        (row.supervised, view::tag("督办", view::Tone::Red)),
        (row.reopened > 0, view::tag("重办", view::Tone::Amber)),
        (row.urge_open, view::tag("催办", view::Tone::Red)),
    ]
    .into_iter()
    .filter_map(|(is, mark)| is.then_some(mark))
    .collect()
}

fn line(app: &App, row: &QueueRow, calendar: &Calendar, now: Timestamp) -> Row {
    let house = app.house();
    let today = beijing_day(now);
    let mut under = format!(
        "{} · {} · {} · {}收到",
        row.number,
        labels::masked_name(&row.complainant_name),
        labels::code(house, "channels", &row.channel),
        view::dates::short_day(beijing_day(row.received_at), today),
    );
    if let Some(lead) = &row.lead_name {
        let _ = write!(under, " · {lead}");
    }
    Row {
        group: String::new(),
        late: false,
        href: format!("/desk/cases/{}", row.number),
        clock: row.clock.as_ref().map(|clock| clock_of(clock, calendar, now)),
        what: row.title.clone(),
        under,
        marks: marks(row),
        kind: row.kind.label(),
        respondent: row.respondent_name.clone(),
        respondent_note: row.unit_name.clone().unwrap_or_default(),
        status: labels::status(row.kind, row.status),
        amount: row.amount.map(view::money).unwrap_or_default(),
    }
}

/// The clock of what falls due first.
pub(super) fn clock_of(clock: &NextClock, calendar: &Calendar, now: Timestamp) -> ClockView {
    let pauses: Vec<Suspension> = serde_json::from_str(&clock.suspensions).unwrap_or_default();
    RunningLimit {
        name: &clock.name,
        law: "",
        article: "",
        basis: Basis::from_key(&clock.basis).unwrap_or(Basis::Promised),
        unit: Unit::from_key(&clock.unit).unwrap_or(Unit::Workday),
        length: u32::try_from(clock.length).unwrap_or_default(),
        extended_by: u32::try_from(clock.extended_by).unwrap_or_default(),
        started_at: clock.started_at,
        due_at: clock.due_at,
        due_day: clock.due_day,
        suspensions: &pauses,
        stopped_at: None,
        stopped_by: None,
        provisional: clock.provisional,
    }
    .clock(calendar, now)
}

fn filters(app: &App, query: &QueueQuery, shown: &Shown) -> FilterBar {
    let house = app.house();
    let chips = query
        .pairs()
        .into_iter()
        .filter_map(|(name, value)| {
            let (label, words) = match name {
                "kind" => ("种类", CaseKind::from_key(value)?.label().to_owned()),
                "status" => ("状态", Status::from_key(value)?.label().to_owned()),
                "channel" => ("渠道", labels::code(house, "channels", value)),
                "category" => ("类别", labels::code(house, "goods_categories", value)),
                "due" => ("到期", Group::from_key(value)?.label().to_owned()),
                "supervised" => ("督办", "在督办".to_owned()),
                "unit" => ("承办所", unit_name(shown, value)),
                _ => return None,
            };
            Some(Chip { name: label.to_owned(), value: words, without: query.address("/desk", name, None) })
        })
        .collect();
    FilterBar {
        chips,
        clear: format!("/desk?view={}", query.looking().key()),
        found: format!("{} 件", capped(shown.found)),
    }
}

fn unit_name(shown: &Shown, value: &str) -> String {
    let named = shown.units.iter().find(|(id, _)| id.to_string() == value);
    named.map_or_else(|| "本所".to_owned(), |(_, name)| name.clone())
}

fn empty(looking: Looking, query: &QueueQuery) -> EmptyState {
    if query.pairs().iter().any(|(name, _)| *name != "view") {
        return EmptyState::new("没有符合这些条件的案件", "去掉一个筛选条件，或者看全部。")
            .link("去掉全部筛选", format!("/desk?view={}", looking.key()));
    }
    match looking {
        Looking::Mine => EmptyState::new(
            "没有等您办的案件",
            "新来的投诉和咨询、分送或指派到您这里的案件会出现在这里，最先到期的在最上面。",
        )
        .link("看本单位全部", "/desk?view=all"),
        Looking::Others => EmptyState::new("没有在等别人的案件", "您经手、现在轮到别人办的案件会出现在这里。"),
        Looking::Signature => {
            EmptyState::new("没有待签批的案件", "承办人提出达成协议或者终止调解后，会送到这里请您签批。")
        }
        Looking::Archive => EmptyState::new("没有待归档的案件", "结果告知双方以后，案件会到这里等着归档。"),
        Looking::All => EmptyState::new("本单位没有在办的案件", "登记或者分送来的投诉会出现在这里。")
            .link("登记一件投诉", "/desk/register"),
    }
}

fn pagination(query: &QueueQuery, shown: &Shown) -> Option<Pagination> {
    let last = shown.rows.last().filter(|_| shown.more);
    let next =
        last.map(|row| query.address("/desk", "after", Some(("after", &format!("{}_{}", row.next_due_at, row.id)))));
    let previous = (!query.after.is_empty()).then(|| query.address("/desk", "after", None));
    if next.is_none() && previous.is_none() {
        return None;
    }
    // A queue is read from the top, so the way back leads there.
    Some(Pagination {
        previous, next, place: format!("本页 {} 件，共 {} 件", shown.rows.len(), capped(shown.found))
    })
}

/// The group of a due instant on this day, for other pages.
pub(super) fn is_overdue(due_at: i64, now: Timestamp) -> bool {
    due_at <= now.as_microsecond()
}

/// `3月18日`, for lists that show the day only.
pub(super) fn due_day_words(due_at: i64, today: Date) -> String {
    if due_at >= store::case::NOTHING_DUE {
        return String::new();
    }
    let last = Timestamp::from_microsecond(due_at - 1).map(beijing_day);
    last.map(|day| view::dates::short_day(day, today)).unwrap_or_default()
}
