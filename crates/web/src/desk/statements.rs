//! 对外发布 (11.2): what is to be said outside, its approval, and where it was said.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::statement::{self, Draft};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use domain::statement::{StatementKind, StatementState};
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;
use store::statement::StatementRow;

use super::export::csv;
use super::forms::Typed;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, PrintPage, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

const HERE: &str = "/desk/statements";

#[derive(askama::Template)]
#[template(path = "desk/statements.html")]
struct ListPage {
    page: DeskPage,
    asked: Asked,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    nothing: EmptyState,
    csv: String,
    proposes: bool,
}

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    kind: String,
    q: String,
    done: String,
}

impl Asked {
    fn takes(&self, row: &StatementRow) -> bool {
        let q = self.q.trim();
        let said = [&row.said.title, &row.said.medium, &row.said.occasion, &row.proposer];
        (self.state.is_empty() || self.state == row.state.key())
            && (self.kind.is_empty() || self.kind == row.said.kind.key())
            && (q.is_empty() || said.iter().any(|text| text.contains(q)))
    }
}

struct Row {
    href: String,
    title: String,
    under: String,
    state: Tag,
    proposed: String,
    decided: String,
    published: String,
}

fn state(state: StatementState) -> Tag {
    let tone = match state {
        StatementState::Proposed => Tone::Amber,
        StatementState::Approved => Tone::Teal,
        StatementState::Published => Tone::Green,
        StatementState::Refused | StatementState::Withdrawn => Tone::Plain,
    };
    tag(state.label(), tone)
}

fn line(row: &StatementRow, today: Date) -> Row {
    let day =
        |at: Option<jiff::Timestamp>| at.map(|at| view::dates::short_day(beijing_day(at), today)).unwrap_or_default();
    Row {
        href: format!("{HERE}/{}", row.id),
        title: row.said.title.clone(),
        under: format!("{} · {} · {}", row.said.kind.label(), row.said.medium, row.proposer),
        state: state(row.state),
        proposed: day(Some(row.proposed_at)),
        decided: day(row.decided_at),
        published: day(row.published_at),
    }
}

/// `GET /desk/statements`
pub(super) async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let found = app.look(me.actor(), statement::list).await?;
    let today = beijing_day(app.now());
    let all = || std::iter::once(Choice::new("", "全部"));
    let pairs = [("state", &asked.state), ("kind", &asked.kind), ("q", &asked.q)];
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}={}", redirect::query_value(value))).collect();
    Ok(render::page(&ListPage {
        page: frame::desk(&me.0, Section::Queue),
        rows: found.iter().filter(|row| asked.takes(row)).map(|row| line(row, today)).collect(),
        states: all().chain(StatementState::ALL.iter().map(|it| Choice::new(it.key(), it.label()))).collect(),
        kinds: all().chain(StatementKind::ALL.iter().map(|it| Choice::new(it.key(), it.label()))).collect(),
        nothing: EmptyState::new(
            "没有对外发布的记录",
            "接受采访、向媒体提供信息、自行发布和公开讲话，先在这里提请，局领导批准以后才能说。",
        ),
        csv: format!("{HERE}.csv?{}", pairs.join("&")),
        proposes: statement::proposes(&me.0),
        asked,
    }))
}

/// `GET /desk/statements.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let found = app.look(me.actor(), statement::list).await?;
    let today = beijing_day(app.now());
    let day = |at: Option<jiff::Timestamp>| at.map(|at| beijing_day(at).to_string()).unwrap_or_default();
    let lines = found.into_iter().filter(|row| asked.takes(row)).map(|row| {
        vec![
            row.id.to_string(),
            row.said.kind.label().to_owned(),
            row.said.title,
            row.said.medium,
            row.said.occasion,
            row.said.cases,
            row.proposer,
            day(Some(row.proposed_at)),
            row.state.label().to_owned(),
            row.decider.unwrap_or_default(),
            day(row.decided_at),
            row.opinion,
            day(row.published_at),
            row.place,
        ]
    });
    let heads = [
        "序号",
        "方式",
        "内容",
        "媒体、平台",
        "场合",
        "涉及案件",
        "提请人",
        "提请",
        "状态",
        "批准人",
        "批准日期",
        "意见",
        "发布",
        "发在哪里",
    ];
    Ok(csv(&format!("对外发布-{today}.csv"), &heads, lines))
}

#[derive(askama::Template)]
#[template(path = "desk/statement_new.html")]
struct NewPage {
    page: DeskPage,
    typed: Typed,
    kinds: Vec<Choice>,
    errors: Errors,
}

fn new_page(me: &SignedIn, typed: Typed, errors: Errors) -> NewPage {
    let kinds = StatementKind::ALL.iter().map(|it| Choice::new(it.key(), it.label())).collect();
    NewPage { page: frame::desk(&me.0, Section::Queue), typed, kinds, errors }
}

/// `GET /desk/statements/new`
pub(super) async fn ask(me: SignedIn) -> Result<Response, PageError> {
    if !statement::proposes(&me.0) {
        return Err(PageError::forbidden("对外发布由办理案件的人员提请，局领导批准。"));
    }
    Ok(render::page(&new_page(&me, Typed::default(), Errors::none())))
}

/// `POST /desk/statements/new`
pub(super) async fn propose(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let text = |name: &str| typed.get(name).to_owned();
    let draft = Draft {
        kind: text("kind"),
        title: text("title"),
        medium: text("medium"),
        occasion: text("occasion"),
        text: text("text"),
        cases: text("cases"),
    };
    match app.act(me.actor(), move |tx, scene| statement::propose(tx, scene, &draft)).await {
        Ok(id) => Ok(redirect::to(&format!("{HERE}/{id}?done=proposed"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&me, typed, errors)))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(askama::Template)]
#[template(path = "desk/statement.html")]
struct StatementPage {
    page: DeskPage,
    id: i64,
    title: String,
    state: Tag,
    facts: Vec<(&'static str, String)>,
    cases: Vec<String>,
    text: String,
    decides: bool,
    publishes: bool,
    withdraws: bool,
    typed: Typed,
    errors: Errors,
}

/// `GET /desk/statements/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    page.page.notice = match asked.done.as_str() {
        "proposed" => Some(Notice::done("已提请").text("局领导批准以后才能说、才能发。")),
        "approve" => Some(Notice::done("已批准")),
        "refuse" => Some(Notice::done("已答复不批准")),
        "publish" => Some(Notice::done("已记下发布")),
        "withdraw" => Some(Notice::done("已撤回")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Typed, errors: Errors) -> Result<StatementPage, PageError> {
    let row = app.look(me.actor(), move |tx, scene| statement::open(tx, scene, id)).await?;
    let decides = statement::decides_for(&me.0, row.said.bureau_id);
    let own = row.said.proposed_by == me.0.account_id;
    Ok(StatementPage {
        page: frame::desk(&me.0, Section::Queue),
        id,
        title: row.said.title.clone(),
        state: state(row.state),
        facts: facts(&row),
        cases: row.said.cases.split_whitespace().map(str::to_owned).collect(),
        text: row.said.text.clone(),
        decides: decides && !own && row.state == StatementState::Proposed,
        publishes: (decides || own) && row.state == StatementState::Approved,
        withdraws: (decides || own) && matches!(row.state, StatementState::Proposed | StatementState::Approved),
        typed,
        errors,
    })
}

fn facts(row: &StatementRow) -> Vec<(&'static str, String)> {
    let moment = |at: jiff::Timestamp| {
        let at = domain::clock::beijing_time(at);
        format!("{} {}", view::dates::long_day(at.date()), view::dates::time(at.time()))
    };
    let signed =
        |who: &str, at: Option<jiff::Timestamp>| at.map(|at| format!("{who}，{}", moment(at))).unwrap_or_default();
    let mut facts = vec![
        ("方式", row.said.kind.label().to_owned()),
        ("媒体、平台", row.said.medium.clone()),
        ("场合", row.said.occasion.clone()),
        ("提请", signed(&row.proposer, Some(row.proposed_at))),
        ("批准", signed(row.decider.as_deref().unwrap_or_default(), row.decided_at)),
        ("意见", row.opinion.clone()),
        ("发布", signed(&row.place, row.published_at)),
    ];
    facts.retain(|(_, words)| !words.is_empty());
    facts
}

/// `POST /desk/statements/{id}/{act}`: approve, refuse, publish, withdraw.
pub(super) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Path((id, act)): Path<(i64, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, does) = (typed.clone(), act.clone());
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| match does.as_str() {
        "approve" => statement::decide(tx, scene, id, true, sent.get("opinion")),
        "refuse" => statement::decide(tx, scene, id, false, sent.get("opinion")),
        "publish" => statement::publish(tx, scene, id, sent.get("place")),
        "withdraw" => statement::withdraw(tx, scene, id),
        _ => Err(ActError::NotFound),
    };
    let (status, errors, notice) = match app.act(me.actor(), work).await {
        Ok(()) => return Ok(redirect::to(&format!("{HERE}/{id}?done={act}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("这一步没有办").text(error.to_string())))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = page(&app, &me, id, typed, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

#[derive(askama::Template)]
#[template(path = "desk/statement_print.html")]
struct PrintedPage {
    page: PrintPage,
    title: String,
    facts: Vec<(&'static str, String)>,
    cases: String,
    text: String,
    state: &'static str,
    today: String,
}

/// `GET /desk/statements/{id}/print`: the record of the approval.
pub(super) async fn print(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let row = app.look(me.actor(), move |tx, scene| statement::open(tx, scene, id)).await?;
    Ok(render::page(&PrintedPage {
        page: PrintPage {
            title: "对外发布审批单".to_owned(),
            number: format!("第 {id} 号"),
            back: format!("{HERE}/{id}"),
        },
        facts: facts(&row),
        state: row.state.label(),
        title: row.said.title,
        cases: row.said.cases,
        text: row.said.text,
        today: view::dates::long_day(beijing_day(app.now())),
    }))
}
