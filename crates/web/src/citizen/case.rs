//! 办到哪儿了: her case in plain words, when she hears next, what happened, what she can do.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::tracking::{self, OwnFile, Told};
use domain::action::Action;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use domain::clock::{Basis, Unit};
use domain::status::Status;
use domain::trigger::Trigger;
use serde::Deserialize;
use store::case::CaseRow;
use store::deadline::DeadlineRow;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::citizen::submit::grouped;
use crate::citizen::upload::size_words;
use crate::error::PageError;
use crate::render;
use crate::view::{
    self, Attachment, AttachmentKind, CitizenPage, ClockView, Course, CourseMark, CourseStep, Notice, RunningLimit,
    Tag, Tone,
};

#[derive(Template)]
#[template(path = "citizen/case.html")]
struct CasePage {
    page: CitizenPage,
    number: String,
    title: String,
    status: Tag,
    /// What was asked and what was answered, for what is only answered.
    asked: Option<String>,
    answer: Option<String>,
    stands: String,
    /// Reports taken out of this intake, with the code by which she follows each.
    reports: Vec<(String, String)>,
    clock: Option<ClockView>,
    /// What she is asked to bring before the decision.
    wanted: Vec<crate::citizen::supplement::Wanted>,
    stages: Vec<Stage>,
    ways: Vec<Way>,
    course: Course,
    letters: Vec<Letter>,
    messages: Vec<Message>,
    /// What she and the officers wrote to each other about a report.
    exchange: Vec<Said>,
    /// The officers wrote last.
    waits_for_her: bool,
    evidence: view::Attachments,
    agreement: Vec<String>,
    rated: Option<String>,
    phone: String,
}

/// A stage of the course, as the consumer counts it.
struct Stage {
    name: &'static str,
    state: StageState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StageState {
    Past,
    Present,
    Ahead,
}

impl Stage {
    fn class(&self) -> &'static str {
        match self.state {
            StageState::Past => "past",
            StageState::Present => "present",
            StageState::Ahead => "ahead",
        }
    }

    /// What a screen reader adds.
    fn spoken(&self) -> &'static str {
        match self.state {
            StageState::Past => "已完成",
            StageState::Present => "正在进行",
            StageState::Ahead => "还没到",
        }
    }
}

/// Something she can do now.
struct Way {
    label: &'static str,
    hint: String,
    href: &'static str,
}

struct Letter {
    title: String,
    number: String,
    when: String,
    href: String,
}

struct Message {
    when: String,
    subject: String,
    body: String,
}

/// A message of the exchange.
struct Said {
    hers: bool,
    when: String,
    body: String,
}

/// What was just done: a fixed word, never text from the address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let id = pass.case_id;
    let own = app.look(pass.actor(), move |tx, scene| tracking::own_file(tx, scene, id)).await?;
    let (now, calendar) = (app.now(), app.house().calendar());
    let clock =
        own.awaited.first().and_then(|row| running(row, awaited(&app, row)).map(|limit| limit.clock(&calendar, now)));
    let status = own.case.state.status;
    let wanted = wanted(&own, app.now());
    let asks = !wanted.is_empty();
    let page = CasePage {
        page: visit.with(notice(&done.done)),
        number: own.case.number.clone(),
        title: own.case.matter.title.clone(),
        status: view::tag(word(&own.case), Tone::named(status.tone())),
        asked: own.case.state.kind.is_answered().then(|| own.case.matter.facts.clone()),
        answer: own.answer.clone(),
        stands: stands(&own),
        reports: own.reports.iter().map(|(number, code)| (number.clone(), grouped(code))).collect(),
        clock,
        wanted,
        stages: stages(&own),
        ways: asked_first(ways(&own), asks),
        course: course(&own, app.now()),
        letters: letters(&own, app.now()),
        messages: messages(&own, app.now()),
        waits_for_her: own.case.state.turns.reporting.asked,
        exchange: exchange(&own, app.now()),
        evidence: evidence(&own),
        agreement: agreement(&own, app.now()),
        rated: rated(&own),
        phone: own.phone.clone(),
    };
    Ok(render::page(&page))
}

fn notice(done: &str) -> Option<Notice> {
    Some(match done {
        "supplement" => Notice::done("材料已提交").text("工作人员看过以后会决定是否受理，结果会显示在这一页。"),
        "evidence" => Notice::done("材料已补充").text("承办人员会看到。"),
        "write_officers" => Notice::done("已发送").text("承办人会看到。过几天再回来看看有没有回答。"),
        "urge" => Notice::done("已催办").text("承办单位会尽快把进展告诉您，答复会显示在这一页。"),
        "withdraw" => Notice::done("已撤回"),
        "rate" => Notice::done("谢谢您的评价"),
        "recusal" => Notice::done("已提交回避申请").text("调解已经暂停，决定作出以后会告诉您。"),
        "reopen" => Notice::done("已要求重新办理").text("承办单位会看到您写的话，办理情况显示在这一页。"),
        _ => return None,
    })
}

/// What she was asked for goes before what she may add of her own.
fn asked_first(ways: Vec<Way>, asked: bool) -> Vec<Way> {
    ways.into_iter().filter(|way| !asked || way.href != "/track/evidence").collect()
}

/// What still waits for her, while it still counts.
fn wanted(own: &OwnFile, now: jiff::Timestamp) -> Vec<crate::citizen::supplement::Wanted> {
    let may = own.allowed.iter().any(|step| step.action == Action::Supplement);
    if may { crate::citizen::supplement::wanted(&own.asked, now) } else { Vec::new() }
}

/// What she hears by then, in her words rather than the rule's.
fn awaited<'a>(app: &App, row: &'a DeadlineRow) -> &'a str {
    let limit = app.house().book.get(&row.rule_set).and_then(|set| set.limit(&row.limit_key));
    let ends_with = |trigger| limit.is_some_and(|limit| limit.until.contains(&trigger));
    if limit.is_some_and(|limit| limit.kind == CaseKind::Report) && ends_with(Trigger::Accepted) {
        // A report is not accepted or refused: it goes to those who check it.
        "交人核查"
    } else if ends_with(Trigger::Accepted) {
        "告诉您是否受理"
    } else if ends_with(Trigger::UrgeAnswered) {
        "答复您的催办"
    } else if ends_with(Trigger::Settled) {
        "调解办完"
    } else if ends_with(Trigger::Told) {
        "告知您结果"
    } else {
        &row.name
    }
}

/// A deadline as the clock is drawn from it.
fn running<'a>(row: &'a DeadlineRow, name: &'a str) -> Option<RunningLimit<'a>> {
    Some(RunningLimit {
        name,
        law: &row.law,
        article: &row.article,
        basis: Basis::from_key(&row.basis)?,
        unit: Unit::from_key(&row.unit)?,
        length: u32::try_from(row.length).ok()?,
        extended_by: u32::try_from(row.extended_by).ok()?,
        started_at: row.started_at,
        due_at: row.due_at,
        due_day: row.due_day,
        suspensions: &row.suspensions,
        stopped_at: row.stopped_at,
        stopped_by: row.stopped_by.as_deref(),
        provisional: row.provisional,
    })
}

/// The status in one word that means something outside of the bureau.
fn word(case: &CaseRow) -> &'static str {
    if case.state.kind.is_answered() {
        return match case.state.status {
            Status::Told | Status::Archived => "已答复",
            Status::Withdrawn => "已撤回",
            _ if case.state.kind.is_secret() => "核查中",
            _ => "等待答复",
        };
    }
    if case.state.kind == CaseKind::Report {
        return match case.state.status {
            Status::Told | Status::Archived => "已办结",
            _ => "核查处理中",
        };
    }
    match case.state.status {
        Status::Filed | Status::Registered => "等待受理",
        Status::Accepted | Status::Dispatched => "已受理",
        Status::Assigned => "办理中",
        Status::Mediating | Status::Investigating => "调解中",
        Status::PendingApproval | Status::Concluded => "有结果了",
        Status::Told | Status::Archived => "已办结",
        Status::Refused => "不予受理",
        Status::Withdrawn => "已撤回",
    }
}

/// Where it stands, in a sentence.
fn stands(own: &OwnFile) -> String {
    let bureau = &own.bureau_name;
    let unit = own.unit_name.as_ref().unwrap_or(bureau);
    let kind = own.case.state.kind;
    if kind.is_answered() {
        return match own.case.state.status {
            Status::Filed if kind.is_secret() => format!("{bureau}纪检人员已经收到，其他工作人员看不到。"),
            Status::Registered if kind.is_secret() => format!("{bureau}纪检人员正在核查，其他工作人员看不到。"),
            Status::Filed | Status::Registered => format!("{bureau}已经收到，正在准备答复。"),
            Status::Dispatched => format!("已经交给{unit}，等它接手。"),
            Status::Withdrawn => "您已经撤回，不再答复。".to_owned(),
            Status::Told | Status::Archived => "已经答复，内容在下面。".to_owned(),
            _ => format!("{unit}正在准备答复。"),
        };
    }
    if kind == CaseKind::Report {
        return report_stands(own);
    }
    match own.case.state.status {
        Status::Filed => format!("{bureau}已经收到，工作人员正在核对您填写的内容。"),
        Status::Registered => format!("{bureau}正在决定是否受理。"),
        Status::Accepted => "已经受理，正在交给具体办理的单位。".to_owned(),
        Status::Dispatched => format!("已经受理，交给{unit}，等它接手。"),
        Status::Assigned => format!("{unit}已经接手，正在联系商家。"),
        Status::Mediating | Status::Investigating => format!("{unit}正在为您和商家调解。"),
        Status::PendingApproval => format!("{unit}已经有了处理意见，正在审批。"),
        Status::Concluded => format!("结果已经定了，{unit}正在正式告知您。"),
        Status::Told | Status::Archived => outcome(own),
        Status::Refused if own.case.state.outcome == Some(Outcome::Referred) => {
            "这件事由其他部门处理，部门名称和电话见下面的办理过程和决定书。".to_owned()
        }
        Status::Refused => {
            format!("{bureau}决定不予受理，理由见决定书。您还可以请消费者协会调解、申请仲裁或者向法院起诉。")
        }
        Status::Withdrawn => "您已经撤回，不再办理。问题没有解决的话，可以重新投诉。".to_owned(),
    }
}

/// A report: how far it has come is not for outside (O121 art. 37), the end and what was told is.
fn report_stands(own: &OwnFile) -> String {
    let bureau = &own.bureau_name;
    match (own.case.state.status, own.case.state.outcome) {
        (Status::Told | Status::Archived, Some(Outcome::TurnedAway)) => {
            "这件事由其他机关处理，请向下面写明的机关举报。".to_owned()
        }
        (Status::Told | Status::Archived, Some(Outcome::Repeated)) => {
            "这件和您先前的举报是同一事实，不再另行处理；先前的一件照常办理，请用那一件的回执码查询。".to_owned()
        }
        (Status::Told | Status::Archived, Some(Outcome::Merged)) => {
            "您补充的新事实已经并入您先前的举报一起办理，请用那一件的回执码查询；这里还可以继续给承办人留言。"
                .to_owned()
        }
        (Status::Told | Status::Archived, _) => {
            "已经依法核查处理。法律、行政法规、规章规定要告知结果的，结果写在下面。".to_owned()
        }
        _ => format!("{bureau}已经收到，正在依法核查处理。被举报人不会知道是谁举报的。"),
    }
}

fn outcome(own: &OwnFile) -> String {
    match own.case.state.outcome {
        Some(Outcome::Settled) => "您和商家达成了协议，已经办结。".to_owned(),
        Some(Outcome::Terminated(_)) => {
            "调解没有成功，已经终止。您还可以请消费者协会调解、申请仲裁或者向法院起诉。".to_owned()
        }
        Some(Outcome::Answered) => "已经答复。".to_owned(),
        Some(Outcome::Withdrawn) => "您撤回了投诉，已经办结。".to_owned(),
        Some(Outcome::Merged) => match &own.case.state.turns.accepting.merged {
            Some(merged) => format!("和您的另一件投诉是同一件事，并在一起办理。请用编号 {} 查询进展。", merged.into),
            None => "和您的另一件投诉并在一起办理。".to_owned(),
        },
        Some(Outcome::Refused(_)) => "决定不予受理，理由见决定书。".to_owned(),
        Some(Outcome::Referred) => "这件事由其他部门处理，部门名称和电话见办理过程和决定书。".to_owned(),
        Some(Outcome::NotOpened(_) | Outcome::Decided(_) | Outcome::TurnedAway | Outcome::Repeated) | None => {
            "已经办结。".to_owned()
        }
    }
}

/// Received, accepted, handled, told: and where it is. A refusal or a withdrawal ends the row early.
fn stages(own: &OwnFile) -> Vec<Stage> {
    let names: &[&str] = match own.case.state.status {
        Status::Refused => &["收到", "不予受理"],
        Status::Withdrawn => &["收到", "撤回"],
        _ if own.case.state.kind.is_secret() => &["收到", "核查", "答复"],
        _ if own.case.state.kind == CaseKind::Report => &["收到", "核查处理", "办结"],
        _ if own.case.state.kind == CaseKind::Suggestion => &["收到", "研究", "答复"],
        _ if own.case.state.kind.is_answered() => &["收到", "办理", "答复"],
        _ => &["收到", "受理", "调解", "告知结果"],
    };
    let present = match own.case.state.status {
        Status::Filed if own.case.state.kind.is_answered() => 0,
        Status::Registered | Status::Dispatched | Status::Assigned if own.case.state.kind.is_answered() => 1,
        Status::Told | Status::Archived | Status::Refused | Status::Withdrawn => names.len(),
        _ if own.case.state.kind == CaseKind::Report => 1,
        Status::Filed | Status::Registered => 1,
        Status::Accepted
        | Status::Dispatched
        | Status::Assigned
        | Status::Mediating
        | Status::Investigating
        | Status::PendingApproval => 2,
        Status::Concluded => 3,
    };
    let state = |place: usize| match place.cmp(&present) {
        std::cmp::Ordering::Less => StageState::Past,
        std::cmp::Ordering::Equal => StageState::Present,
        std::cmp::Ordering::Greater => StageState::Ahead,
    };
    names.iter().enumerate().map(|(place, name)| Stage { name, state: state(place) }).collect()
}

fn ways(own: &OwnFile) -> Vec<Way> {
    let reward = super::reward::told(&own.case).map(|stage| Way {
        label: "举报奖励",
        hint: format!("现在：{}", stage.label()),
        href: "/track/reward",
    });
    let urged = own.case.state.urge_open;
    let way = |action: Action| {
        Some(match action {
            Action::Rate => Way {
                label: match (own.case.state.rating.is_some(), own.case.state.kind.is_answered()) {
                    (true, _) => "修改评价",
                    (false, true) => "评价这次答复",
                    (false, false) => "评价这次处理",
                },
                hint: "解决了吗？打几分？".to_owned(),
                href: "/track/rate",
            },
            Action::AddEvidence => {
                Way {
                    label: "补充材料", hint: "照片、票据、录音、录像".to_owned(), href: "/track/evidence"
                }
            }
            Action::WriteOfficers => Way {
                label: if own.case.state.turns.reporting.asked { "回答承办人" } else { "给承办人留言" },
                hint: "问进展以外的事、补充线索，都写在这里".to_owned(),
                href: "/track/write",
            },
            Action::Reopen if own.may_reopen => {
                Way {
                    label: "问题没有解决", hint: "说说哪里没有解决，要求重新办理".to_owned(), href: "/track/reopen"
                }
            }
            // Her notice told her who mediates.
            Action::RequestRecusal if own.case.state.notified => {
                Way {
                    label: "申请调解人员回避", hint: "调解人员和商家有利害关系".to_owned(), href: "/track/recusal"
                }
            }
            // One urging at a time: the answer to the last one comes first.
            Action::Urge if !urged => {
                Way { label: "催一下", hint: "承办单位会把进展告诉您".to_owned(), href: "/track/urge" }
            }
            Action::Withdraw => Way {
                label: "撤回",
                hint: match own.case.state.kind.is_answered() {
                    true => "已经知道了，或者不想问了".to_owned(),
                    false => "和商家已经谈妥，或者不想继续了".to_owned(),
                },
                href: "/track/withdraw",
            },
            _ => return None,
        })
    };
    // The procedure still takes evidence then; here it would only raise hopes.
    if matches!(own.case.state.status, Status::Withdrawn | Status::Refused) {
        return Vec::new();
    }
    let order = [
        Action::Rate,
        Action::Reopen,
        Action::WriteOfficers,
        Action::AddEvidence,
        Action::Urge,
        Action::RequestRecusal,
        Action::Withdraw,
    ];
    let allowed = order.into_iter().filter(|action| own.allowed.iter().any(|step| step.action == *action));
    reward.into_iter().chain(allowed.filter_map(way)).collect()
}

/// The latest first; letters stand with what made them.
fn course(own: &OwnFile, now: jiff::Timestamp) -> Course {
    let step = |told: &Told| {
        let papers = own.letters.iter().filter(|paper| paper.event_number == told.number);
        papers.fold(
            CourseStep::new(told.at, told.words.clone()).mark(mark(told)).article(article(told)),
            |step, paper| step.paper(&paper.title, &paper.number, format!("/track/letters/{}", paper.id)),
        )
    };
    Course { steps: own.course.iter().rev().map(step).collect(), today: domain::clock::beijing_day(now) }
}

/// The article under which the bureau acted; for what she did herself none is needed.
fn article(told: &Told) -> String {
    if told.hers { String::new() } else { told.article.clone() }
}

fn mark(told: &Told) -> CourseMark {
    let official = Action::from_key(&told.act).is_some_and(Action::is_official);
    match (told.hers, official) {
        (true, _) => CourseMark::Received,
        (false, true) => CourseMark::Official,
        (false, false) => CourseMark::Act,
    }
}

fn letters(own: &OwnFile, now: jiff::Timestamp) -> Vec<Letter> {
    let letter = |paper: &store::paper::PaperRow| Letter {
        title: paper.title.clone(),
        number: paper.number.clone(),
        when: view::dates::day(paper.made_at, now),
        href: format!("/track/letters/{}", paper.id),
    };
    own.letters.iter().rev().map(letter).collect()
}

fn messages(own: &OwnFile, now: jiff::Timestamp) -> Vec<Message> {
    let message = |row: &store::outbox::MessageRow| Message {
        when: view::dates::moment(row.created_at, now),
        subject: row.subject.clone(),
        body: row.body.clone(),
    };
    own.messages.iter().rev().map(message).collect()
}

fn exchange(own: &OwnFile, now: jiff::Timestamp) -> Vec<Said> {
    let said = |row: &store::report::MessageRow| Said {
        hers: row.sender == "reporter",
        when: view::dates::moment(row.sent_at, now),
        body: row.body.clone(),
    };
    own.exchange.iter().map(said).collect()
}

fn evidence(own: &OwnFile) -> view::Attachments {
    let files = own.attachments.iter().map(|file| {
        let href = format!("/track/files/{}", file.id);
        let shown = casework::evidence::kind_of(&file.media_type).is_some_and(|kind| kind.shown);
        Attachment {
            name: file.name.clone(),
            thumbnail: shown.then(|| href.clone()),
            kind: match file.media_type.split('/').next() {
                Some("image") => AttachmentKind::Picture,
                Some("audio") => AttachmentKind::Sound,
                Some("video") => AttachmentKind::Film,
                _ => AttachmentKind::Document,
            },
            note: size_words(file.size),
            href,
        }
    });
    view::Attachments { files: files.collect() }
}

fn agreement(own: &OwnFile, now: jiff::Timestamp) -> Vec<String> {
    let item = |row: &store::agreement::ItemRow| {
        let performed = match (row.performed, row.item.due) {
            (Some(true), _) => "已履行".to_owned(),
            (Some(false), _) => "没有按约定履行".to_owned(),
            (None, Some(due)) if due < domain::clock::beijing_day(now) => {
                format!("应在{}前履行，已经到期，还没有履行的消息", view::dates::day(due, now))
            }
            (None, Some(due)) => format!("应在{}前履行", view::dates::day(due, now)),
            (None, None) => "当场履行".to_owned(),
        };
        format!("{}（<b>{performed}</b>）", row.item.text.trim_end_matches('。'))
    };
    own.agreement.iter().map(item).collect()
}

fn rated(own: &OwnFile) -> Option<String> {
    let rating = own.case.state.rating?;
    let solved = if rating.solved { "问题解决了" } else { "问题没有解决" };
    Some(format!("{solved}，{} 分", rating.mark))
}
