//! The page of a case: left the facts and people, middle the course in sentences, right what may be done now and why not the rest.

mod exchange;

use casework::Staff;
use casework::reading::{CaseFile, Told};
use domain::act::AgreementItem;
use domain::action::Action;
use domain::case::Case;
use domain::case_kind::CaseKind;
use domain::clock::{Basis, Unit, beijing_day, beijing_time};
use domain::procedure::{By, Step, To, WhyNot, step, step_for, steps, subject};
use domain::status::Status;
use jiff::Timestamp;
use jiff::civil::Date;
use store::case::CaseRow;
use store::deadline::DeadlineRow;
use store::outbox::MessageRow;

use super::{labels, paper};
use crate::app::App;
use crate::view::{
    self, Act, ActList, Attachments, ClockView, Course, CourseMark, CourseStep, DeskPage, Hindrance, NotNow,
    RunningLimit, Summary, SummaryRow, Tag, Tone, Weight, tag,
};

/// `GET /desk/cases/{number}`
#[derive(askama::Template)]
#[template(path = "desk/case.html")]
pub(super) struct CasePage {
    pub(super) page: DeskPage,
    number: String,
    title: String,
    under: String,
    status: Tag,
    outcome: Option<Tag>,
    limits: Vec<ClockView>,
    /// Limits that others bear, and those that ended.
    other_limits: Vec<ClockView>,
    /// 五及时, as far as they can be judged.
    timely: Vec<Tag>,
    facts: String,
    demand: String,
    matter: Summary,
    evidence: Attachments,
    complainant: Summary,
    revealed: bool,
    respondent: Summary,
    /// The registered operator behind the respondent: its page, the list of recent complaints, and what they came to.
    operator: Option<(String, String, String)>,
    /// Nobody has said yet which registered operator it is, and she may.
    may_tie: bool,
    earlier: Vec<Earlier>,
    items: Vec<Item>,
    /// What this person has to do although the case lies on another's desk: the words and the page.
    errands: Vec<(&'static str, String)>,
    acts: ActList,
    course: Course,
    messages: Vec<Message>,
    served: Option<super::served::ServedPapers>,
    links: Vec<Linked>,
    papers: usize,
    extension: String,
    reminders: Vec<String>,
    /// Signals, likely duplicates, what is missing.
    attention: Option<super::accepting_view::Reminders>,
    further: Option<super::accepting_view::Parties>,
    reward: Option<(Tag, String)>,
    rated: Option<(Tag, String)>,
    file: Box<CaseFile>,
    today: Date,
    house: std::sync::Arc<casework::House>,
}

struct Earlier {
    number: String,
    title: String,
    what_became: String,
    /// Whether the reader may open it.
    open: bool,
}

/// A case that belongs together with this one.
struct Linked {
    href: String,
    title: String,
    under: String,
    status: Tag,
}

fn link(other: &casework::reading::Linked) -> Linked {
    Linked {
        href: format!("/desk/cases/{}", other.number),
        title: other.title.clone(),
        under: format!("{} · {} · {}", other.words(), other.kind.label(), other.number),
        status: labels::status(other.kind, other.status),
    }
}

struct Item {
    number: i64,
    words: String,
    state: Tag,
}

/// A message as the case page tells it.
struct Message {
    id: i64,
    to: String,
    what: String,
    when: String,
    state: Tag,
    told: String,
    /// A person may still record that she delivered it.
    by_hand: bool,
    error: String,
    typed: String,
}

pub(super) fn page(page: DeskPage, app: &App, staff: &Staff, file: CaseFile, now: Timestamp) -> CasePage {
    let (house, today) = (app.house().clone(), beijing_day(now));
    let case = &file.case;
    let calendar = house.calendar();
    let clock = |deadline: &DeadlineRow| clock_of(deadline).clock(&calendar, now);
    let (mut running, rest): (Vec<_>, Vec<_>) =
        file.deadlines.iter().partition(|deadline| deadline.stopped_at.is_none() && deadline.bearer == "bureau");
    running.sort_by_key(|deadline| deadline.due_at);
    let kind = case.state.kind;
    let mut page = CasePage {
        page,
        number: case.number.clone(),
        title: case.matter.title.clone(),
        under: under(&file, &house, today),
        status: labels::status(case.state.kind, case.state.status),
        outcome: outcome_tag(&file),
        limits: running.into_iter().map(clock).collect(),
        other_limits: rest.into_iter().map(clock).collect(),
        timely: super::timeliness::of_case(&file.deadlines, now),
        facts: case.matter.facts.clone(),
        demand: labels::demands(&house, &case.matter.demands, &case.matter.demand_text),
        matter: matter(&file, &house, today),
        evidence: paper::evidence(&file, today),
        complainant: Summary::default(),
        revealed: false,
        respondent: respondent(&file, &house),
        operator: super::operator::behind(&file),
        may_tie: super::operator::may_tie(&file, staff),
        earlier: earlier(&file, staff, today),
        items: file.items.iter().map(|row| item(row, today)).collect(),
        errands: errands(&file, staff),
        acts: acts(&file, &house, staff),
        course: Course { steps: course(&file), today },
        messages: file.messages.iter().filter(|it| it.channel != "in_app").map(|it| message(kind, it, today)).collect(),
        served: super::served::of_case(&file, &staff.standing(case), today),
        links: file.links.iter().map(link).collect(),
        papers: file.papers.len(),
        extension: extension(&file, staff),
        reminders: reminders(&file),
        attention: super::accepting_view::reminders(&file, today),
        further: super::accepting_view::parties(&file, false, today),
        reward: super::rewards::of_case(&file),
        rated: rated(&file),
        file: Box::new(file),
        today,
        house,
    };
    page.complainant = page.complainant(false);
    page
}

impl CasePage {
    /// Names, numbers and addresses in full: after the look is on record.
    pub(super) fn show_in_full(&mut self) {
        self.complainant = self.complainant(true);
        self.further = super::accepting_view::parties(&self.file, true, self.today);
        self.revealed = true;
    }

    /// The form of a message comes back with its error and what was typed.
    pub(super) fn refuse_delivery(&mut self, id: i64, error: &str, typed: &str) {
        for message in self.messages.iter_mut().filter(|message| message.id == id) {
            error.clone_into(&mut message.error);
            typed.clone_into(&mut message.typed);
        }
    }

    fn complainant(&self, full: bool) -> Summary {
        let (person, matter) = (&self.file.complainant, &self.file.case.matter);
        let mask = |plain: &str, masked: fn(&str) -> String| if full { plain.to_owned() } else { masked(plain) };
        let mut rows = vec![
            SummaryRow::new("姓名", mask(&person.name, labels::masked_name)),
            SummaryRow::new("电话", mask(&person.phone, labels::masked_phone)),
        ];
        if !person.address.is_empty() {
            rows.push(SummaryRow::new("地址", mask(&person.address, labels::masked_address)));
        }
        if !person.id_number.is_empty() {
            let kind = labels::code(&self.house, "id_kinds", &person.id_kind);
            rows.push(SummaryRow::new(kind, mask(&person.id_number, labels::masked_id)));
        }
        if full && !person.email.is_empty() {
            rows.push(SummaryRow::new("邮箱", person.email.clone()));
        }
        rows.push(SummaryRow::new("告知", labels::notify_by(&person.notify_by)));
        // Only a mediation is published or delegated.
        if !self.file.case.state.kind.is_answered() {
            let consents = format!(
                "公示{} · 委托调解{}",
                labels::consent(matter.consent_publish),
                labels::consent(matter.consent_delegate)
            );
            rows.push(SummaryRow::new("意愿", consents));
        }
        Summary::compact(rows)
    }

    fn is_secret(&self) -> bool {
        self.file.case.state.kind.is_secret()
    }

    fn is_report(&self) -> bool {
        self.file.case.state.kind == CaseKind::Report
    }

    fn person(&self) -> &'static str {
        self.file.case.state.kind.person()
    }

    fn facts_title(&self) -> &'static str {
        labels::facts(self.file.case.state.kind)
    }

    fn about(&self) -> &'static str {
        labels::about(self.file.case.state.kind)
    }

    fn day(&self, at: &Timestamp) -> String {
        view::dates::short_day(beijing_day(*at), self.today)
    }
}

fn under(file: &CaseFile, house: &casework::House, today: Date) -> String {
    let case = &file.case;
    let received = view::dates::moment(case.received_at, today);
    let mut parts = vec![
        case.number.clone(),
        case.state.kind.label().to_owned(),
        match case.state.turns.reporting.origin {
            Some(origin) => format!("{}，{received}发现", origin.label()),
            None => format!("{}，{received}收到", labels::code(house, "channels", &case.channel)),
        },
        file.intake_name.clone(),
    ];
    if !file.unit_name.is_empty() {
        parts.push(file.unit_name.clone());
    }
    if !file.officers.is_empty() {
        parts.push(file.officers.join("、"));
    }
    parts.join(" · ")
}

fn outcome_tag(file: &CaseFile) -> Option<Tag> {
    let state = &file.case.state;
    // What was answered says so already.
    let key = store::case::outcome_columns(state.outcome)
        .0
        .filter(|key| *key != "answered" || state.status != Status::Told)?;
    let tone = if key == "settled" { Tone::Green } else { Tone::Plain };
    Some(tag(labels::outcome(Some(key)), tone))
}

/// A deadline as the clock is drawn from it.
pub(super) fn clock_of(deadline: &DeadlineRow) -> RunningLimit<'_> {
    RunningLimit {
        name: &deadline.name,
        law: &deadline.law,
        article: &deadline.article,
        basis: Basis::from_key(&deadline.basis).unwrap_or(Basis::Promised),
        unit: Unit::from_key(&deadline.unit).unwrap_or(Unit::Workday),
        length: u32::try_from(deadline.length).unwrap_or_default(),
        extended_by: u32::try_from(deadline.extended_by).unwrap_or_default(),
        started_at: deadline.started_at,
        due_at: deadline.due_at,
        due_day: deadline.due_day,
        suspensions: &deadline.suspensions,
        stopped_at: deadline.stopped_at,
        stopped_by: deadline.stopped_by.as_deref(),
        provisional: deadline.provisional,
    }
}

fn matter(file: &CaseFile, house: &casework::House, today: Date) -> Summary {
    let matter = &file.case.matter;
    let mut goods = vec![matter.goods.clone(), matter.brand.clone(), matter.model.clone()];
    goods.retain(|part| !part.is_empty());
    let mut rows = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            rows.push(SummaryRow::new(name, value));
        }
    };
    add("商品服务", goods.join(" · "));
    add("类别", labels::code(house, "goods_categories", &matter.category));
    add("问题", labels::code(house, "problem_categories", &matter.problem));
    add("金额", labels::sum(matter.amount));
    add("要求金额", labels::sum(matter.claim));
    add("购买", labels::day(matter.bought_on, today));
    add("发现问题", labels::day(matter.knew_on, today));
    add("订单号", matter.order_number.clone());
    if file.case.state.recovered > 0 {
        add("挽回损失", view::money_sign(file.case.state.recovered));
    }
    Summary::compact(rows)
}

fn respondent(file: &CaseFile, house: &casework::House) -> Summary {
    let shop = &file.respondent;
    let mut rows = vec![SummaryRow::new("名称", shop.name.clone())];
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            rows.push(SummaryRow::new(name, value));
        }
    };
    if !shop.credit_code.is_empty() {
        // It was parsed with its check digit when it was taken in.
        add("信用代码", format!("{} ✓", shop.credit_code));
    }
    add("地址", shop.address.clone());
    let (name, table) = labels::way_of_selling(file.case.state.kind);
    add(name, labels::code(house, table, &shop.sales_channel));
    add("平台、网站", shop.platform.clone());
    add("联系人", shop.contact_name.clone());
    add("电话", shop.phone.clone());
    if let Some(tied) = file.operator.as_ref().filter(|tied| tied.operator.name != shop.name) {
        add("经营者", tied.operator.name.clone());
    }
    if file.record.cases > 0 {
        add("今年", format!("{} 件 · 达成协议 {}", file.record.cases, file.record.settled));
    }
    Summary::compact(rows)
}

fn earlier(file: &CaseFile, staff: &Staff, today: Date) -> Vec<Earlier> {
    let reads = |path: &str| {
        let grants = staff.grants.iter().filter(|grant| grant.role.reads_cases());
        grants.into_iter().any(|grant| path.starts_with(&grant.reach))
    };
    file.earlier
        .iter()
        .map(|other| {
            let day = view::dates::short_day(beijing_day(other.received_at), today);
            let became = match other.outcome.as_deref() {
                None => Status::from_key(&other.status).map_or("", |status| status.label_for(other.kind)),
                outcome => labels::outcome(outcome),
            };
            Earlier {
                number: other.number.clone(),
                title: other.title.clone(),
                what_became: format!("{day} · {became}"),
                open: reads(&other.bureau_path),
            }
        })
        .collect()
}

fn item(row: &store::agreement::ItemRow, today: Date) -> Item {
    let AgreementItem { text, amount, due } = &row.item;
    let mut words = text.clone();
    if *amount > 0 {
        words = format!("{words}（{}）", view::money_sign(*amount));
    }
    words.push_str(&due.map_or_else(|| "，当场履行".to_owned(), |day| format!("，{}月{}日前", day.month(), day.day())));
    let state = match (row.performed, due) {
        (Some(true), _) | (None, None) => tag("已履行", Tone::Green),
        (Some(false), _) => tag("没有履行", Tone::Red),
        (None, Some(due)) if *due < today => tag("到期未履行", Tone::Red),
        (None, Some(_)) => tag("待履行", Tone::Amber),
    };
    Item { number: row.number, words, state }
}

/// What waits for this person on a case that lies on another's desk.
fn errands(file: &CaseFile, staff: &Staff) -> Vec<(&'static str, String)> {
    let (case, desks) = (&file.case, staff.desks());
    let standing = staff.standing(case);
    let hers = case.state.errands().into_iter().filter(|errand| desks.contains(&errand.desk)).map(|errand| errand.kind);
    hers.filter(|kind| step(case.state.kind, case.state.status, kind.action(), &standing).is_ok())
        .map(|kind| (kind.label(), format!("/desk/cases/{}/{}", case.number, kind.action().key())))
        .collect()
}

fn acts(file: &CaseFile, house: &casework::House, staff: &Staff) -> ActList {
    let case = &file.case;
    let standing = staff.standing(case);
    let mut acts = Vec::new();
    let mut not_now = Vec::new();
    // What cases of this kind do not know is no answer to anybody's question.
    for row in steps().filter(|row| is_for_staff(row) && is_row_here(case, row)) {
        let lawful = step(case.state.kind, case.state.status, row.action, &standing)
            .map_err(|why| (hindrance(&why), why.sentence()));
        let hers = || domain::rewarding::not_hers(&case.state, row.action, staff.account_id, &standing);
        let sensible = || hers().map_or_else(|| sensible(file, row.action), |why| Err(why.to_owned()));
        match lawful.and_then(|_| sensible().map_err(|why| (Hindrance::NoNeed, why))) {
            Ok(()) => acts.push((
                usual(case, row),
                Act {
                    label: row.action.label().to_owned(),
                    href: format!("/desk/cases/{}/{}", case.number, row.action.key()),
                    effect: effect(case.state.kind, case.state.status, row.action).into(),
                    weight: weight(&case.state, row.action),
                    subject: subject(row.action).label(),
                    key: String::new(),
                },
            )),
            Err((hindrance, why)) => not_now.push(NotNow {
                label: row.action.label().to_owned(),
                hindrance,
                reason: format!("{why}{}", house.acts.says_for(case.state.kind, row.action)).into(),
                article: house.acts.cited_for(case.state.kind, row.action, &case.rule_set, case.overlay.as_deref()),
            }),
        }
    }
    acts.sort_by_key(|(place, _)| *place);
    ActList::new(acts.into_iter().map(|(_, act)| act).collect(), not_now)
}

/// The acts of the ordinary course of a complaint.
const ORDINARY: &[Action] = &[
    Action::Register,
    Action::Accept,
    Action::Refuse,
    Action::Forward,
    Action::Dispatch,
    Action::Assign,
    Action::Return,
    Action::Notify,
    Action::RecordAnswer,
    Action::RecordMeeting,
    Action::Arrange,
    Action::Settle,
    Action::Terminate,
    Action::Approve,
    Action::SendBack,
    Action::Tell,
    Action::RecordPerformance,
    Action::Archive,
];

/// How soon one looks for an act: what the case waits for, what somebody waits for, the ordinary course, what else moves the
/// case on or a clock, the note that everybody writes, the rest. Within each the order of the procedure stays.
fn usual(case: &CaseRow, row: &Step) -> u8 {
    let awaited_by_somebody = case.state.errands().iter().any(|errand| errand.kind.action() == row.action);
    match row.action {
        action if weight(&case.state, action) == Weight::Primary => 0,
        Action::AnswerUrge | Action::Resume | Action::DeclineExtension => 1,
        _ if awaited_by_somebody => 1,
        action if ORDINARY.contains(&action) => 2,
        Action::Note => 4,
        _ if row.to != To::Stay => 3,
        _ if !row.fires.is_empty() => 5,
        _ => 6,
    }
}

fn hindrance(why: &WhyNot) -> Hindrance {
    match why {
        WhyNot::NotByYou { .. } => Hindrance::Others,
        // The statuses stand in the order of the course; what every earlier one allowed is past.
        WhyNot::NotFromHere { status, from, .. } if from.iter().all(|earlier| earlier < status) => Hindrance::Past,
        WhyNot::NotFromHere { .. } => Hindrance::NotYet,
        WhyNot::NotOfThisKind { .. } | WhyNot::NotNow { .. } => Hindrance::NoNeed,
    }
}

/// The row of its verb for this kind of case in this status: a verb can have several.
fn is_row_here(case: &CaseRow, row: &Step) -> bool {
    let here = step_for(case.state.kind, case.state.status, row.action);
    here.is_some_and(|here| here.kinds == row.kinds && here.from == row.from && here.by == row.by)
}

fn is_for_staff(row: &Step) -> bool {
    row.by.iter().any(|by| !matches!(by, By::Complainant | By::System))
}

/// What the table of steps leaves to the particulars of a case: nothing to answer, nothing to resume.
fn sensible(file: &CaseFile, action: Action) -> Result<(), String> {
    let state = &file.case.state;
    if let Some(why) = state.not_now(action) {
        return Err(why.to_owned());
    }
    let (lawful, why) = match action {
        Action::AnswerUrge => (state.urge_open, "现在没有等待答复的催办。"),
        Action::Resume => (state.suspended.is_some(), "期限没有中止，不需要恢复。"),
        Action::Suspend => (state.suspended.is_none(), "期限已经中止。"),
        Action::GrantExtension | Action::DeclineExtension => {
            (state.extension_asked.is_some(), "没有等待答复的延长申请。")
        }
        Action::RequestExtension if state.extension_asked.is_some() => (false, "已经申请过延长，正在等待答复。"),
        Action::RequestExtension => (!file.extendable.is_empty(), "正在走的期限里没有可以延长的，或者已经延长过。"),
        Action::Unlink => (!file.links.is_empty(), "没有关联的案件。"),
        Action::RecordPerformance => (!file.items.is_empty(), "没有达成协议，没有要登记的履行项目。"),
        _ => (true, ""),
    };
    if lawful { Ok(()) } else { Err(why.to_owned()) }
}

/// What the act will do.
pub(super) fn effect(kind: CaseKind, status: Status, action: Action) -> &'static str {
    step_for(kind, status, action).map_or("", |step| step.effect)
}

/// Which act the case waits for in each status.
fn weight(state: &Case, action: Action) -> Weight {
    let kind = state.kind;
    let awaited = match state.status {
        Status::Filed if kind.is_secret() => Action::Register,
        Status::Filed | Status::Registered | Status::Assigned if kind.is_answered() => Action::Answer,
        Status::Filed => Action::Register,
        Status::Registered if kind == CaseKind::Report => Action::Dispatch,
        Status::Assigned if kind == CaseKind::Report => Action::RecordInquiry,
        Status::Registered => Action::Accept,
        Status::Accepted => Action::Dispatch,
        Status::Dispatched => Action::Assign,
        Status::Assigned => Action::Notify,
        Status::Mediating if state.turns.mediation.appraisal => Action::RecordAppraisal,
        Status::Mediating => Action::RecordMeeting,
        Status::Investigating => Action::ProposeDecision,
        Status::PendingApproval => Action::Approve,
        Status::Concluded => Action::Tell,
        Status::Told | Status::Refused | Status::Withdrawn | Status::Archived => Action::Archive,
    };
    match action {
        _ if action == awaited => Weight::Primary,
        Action::Refuse | Action::Terminate => Weight::Official,
        _ => Weight::Ordinary,
    }
}

fn course(file: &CaseFile) -> Vec<CourseStep> {
    file.course.iter().rev().map(|told| course_step(file, told)).collect()
}

fn course_step(file: &CaseFile, told: &Told) -> CourseStep {
    let sentence = match told.actor_kind.as_str() {
        "system" => told.words.clone(),
        _ => format!("{}：{}", told.who, told.words),
    };
    let mut step = CourseStep::new(told.at, "").article(told.article.clone()).mark(mark(told));
    // What people wrote is shown as they wrote it: stress is ours alone.
    step.told = sentence.replace("<b>", "＜b＞").into();
    for paper in file.papers.iter().filter(|paper| paper.event_number == told.number) {
        let place = if paper.attachment_id.is_some() { "evidence" } else { "papers" };
        let id = paper.attachment_id.unwrap_or(paper.id);
        step = step.paper(&paper.title, &paper.number, format!("/desk/cases/{}/{place}/{id}", file.case.number));
    }
    let sent: Vec<String> = file
        .messages
        .iter()
        .filter(|message| message.event_number == Some(told.number) && message.channel != "in_app")
        .map(|message| delivery_words(file.case.state.kind, message))
        .collect();
    step.delivery = sent.join("；");
    step
}

fn mark(told: &Told) -> CourseMark {
    if told.actor_kind == "system" {
        return CourseMark::System;
    }
    match Action::from_key(&told.act) {
        Some(action) if action.is_official() => CourseMark::Official,
        None | Some(Action::Urge | Action::Withdraw | Action::Rate) => CourseMark::Received,
        Some(Action::AddEvidence) if told.actor_kind == "complainant" => CourseMark::Received,
        Some(_) => CourseMark::Act,
    }
}

fn recipient(kind: CaseKind, message: &MessageRow) -> &'static str {
    match message.recipient.as_str() {
        "respondent" => "被投诉人",
        "staff" => "承办人",
        _ => kind.person(),
    }
}

fn channel(message: &MessageRow) -> &'static str {
    match message.channel.as_str() {
        "sms" => "短信",
        "email" => "邮件",
        "phone" => "电话",
        "letter" => "信函",
        _ => "网上查询",
    }
}

fn delivery_words(kind: CaseKind, message: &MessageRow) -> String {
    let (to, channel) = (recipient(kind, message), channel(message));
    match (message.state.as_str(), message.done_at) {
        ("sent", Some(at)) => {
            let at = beijing_time(at);
            format!("{to} {channel} {}月{}日 {:02}:{:02} 送达", at.month(), at.day(), at.hour(), at.minute())
        }
        ("waiting", _) => format!("{to} {channel} 正在发送"),
        ("failed", _) => format!("{to} {channel} 没有送到"),
        ("no_gateway", _) => format!("{to} {channel} 没有配置通道，待人工告知"),
        _ => format!("{to} {channel} 待人工送达"),
    }
}

fn message(kind: CaseKind, row: &MessageRow, today: Date) -> Message {
    let (state, told) = match row.state.as_str() {
        "sent" => (tag("已送达", Tone::Green), row.proof.clone()),
        "waiting" => (tag("正在发送", Tone::Teal), format!("已试 {} 次", row.attempts)),
        "failed" => (tag("没有送到", Tone::Red), format!("{}。请改用电话或者信函告知，并在这里记下。", row.error)),
        "no_gateway" => (
            tag("没有通道", Tone::Amber),
            format!("还没有配置{}通道，系统没有发出。请人工告知后在这里记下。", channel(row)),
        ),
        _ => (tag("待人工送达", Tone::Amber), format!("请以{}方式告知，送达后在这里记下。", channel(row))),
    };
    Message {
        id: row.id,
        to: format!("{} · {}", recipient(kind, row), channel(row)),
        what: row.subject.clone(),
        when: row.done_at.map(|at| view::dates::moment(at, today)).unwrap_or_default(),
        by_hand: matches!(row.state.as_str(), "by_hand" | "no_gateway" | "failed"),
        state,
        told,
        error: String::new(),
        typed: String::new(),
    }
}

/// The dispatcher's question, when an officer asked for more time.
fn extension(file: &CaseFile, staff: &Staff) -> String {
    let Some(limit) = &file.case.state.extension_asked else { return String::new() };
    let standing = staff.standing(&file.case);
    let name = file.deadlines.iter().rev().find(|row| row.limit_key == *limit).map_or(limit.as_str(), |row| &row.name);
    let who = match step(file.case.state.kind, file.case.state.status, Action::GrantExtension, &standing) {
        Ok(_) => "请您决定是否同意",
        Err(_) => "正在等分送单位答复",
    };
    format!("承办人申请延长“{name}”的期限，{who}。")
}

fn reminders(file: &CaseFile) -> Vec<String> {
    let mut reminders = Vec::new();
    let state = &file.case.state;
    if state.urge_open {
        reminders.push(format!("对方第 {} 次催办，还没有答复。", state.urges));
    }
    // What came to its end needs no reminding.
    if !state.status.is_open() {
        return reminders;
    }
    reminders.extend(file.around.iter().cloned());
    let mediation = &state.turns.mediation;
    if mediation.leads > 0 {
        reminders.push(format!("由本件转出案件线索 {} 件，结果记在办理过程里。", mediation.leads));
    }
    if mediation.reopened > 0 {
        reminders.push(format!("这件重新办理过 {} 次。", mediation.reopened));
    }
    for (waits, words) in [
        (mediation.recusal.is_some(), "有人申请回避，调解和期限中止，等办理单位领导决定。"),
        (mediation.appraisal, "正在鉴定、检测，期限中止；收到结论后请登记。"),
        (mediation.delegated, "已委托其他组织调解，期限照常计算。"),
        (mediation.clue, "调解中发现的违法线索正在核查。"),
        (mediation.police_asked, "移送公安机关的意见等领导批。"),
    ] {
        if waits {
            reminders.push(words.to_owned());
        }
    }
    reminders.extend(super::operator::penalised(file));
    if state.returns > 0 {
        reminders.push(format!("这件已经被退回过 {} 次。", state.returns));
    }
    if let Some(meeting) = file.meetings.iter().rev().find(|meeting| meeting.held_at.is_none()) {
        let at = beijing_time(meeting.at);
        reminders.push(format!(
            "约定 {}月{}日 {:02}:{:02} 在{}调解。",
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            meeting.place
        ));
    }
    reminders
}

/// What the consumer said of the work.
fn rated(file: &CaseFile) -> Option<(Tag, String)> {
    let rating = file.case.state.rating?;
    let solved = if rating.solved { tag("已解决", Tone::Green) } else { tag("没有解决", Tone::Plain) };
    Some((solved, format!("{} 分（满分 5 分）", rating.mark)))
}
