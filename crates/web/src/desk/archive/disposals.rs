//! 鉴定销毁: the lists, their appraisal and approval, the printed list, and the destruction itself.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::disposal::{self, Opened};
use casework::{ActError, Scene, holdings};
use domain::clock::beijing_day;
use jiff::civil::Date;
use store::Tx;
use store::disposal::DisposalRow;

use super::Asked;
use crate::app::App;
use crate::desk::forms::Typed;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, EmptyState, Errors, Notice, PrintPage, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

const LISTS: &str = "/desk/archive/disposals";

#[derive(askama::Template)]
#[template(path = "desk/disposals.html")]
struct ListPage {
    page: DeskPage,
    rows: Vec<Row>,
    empty: EmptyState,
    keeps: bool,
    errors: Errors,
}

struct Row {
    href: String,
    number: String,
    items: i64,
    state: Tag,
    drawn: String,
    decided: String,
}

fn state(row: &DisposalRow) -> Tag {
    match row.state.as_str() {
        "drawn" => tag("等鉴定", Tone::Amber),
        "appraised" => tag("等批准", Tone::Amber),
        "approved" => tag("已批准", Tone::Teal),
        "refused" => tag("不批准", Tone::Plain),
        _ => tag("已销毁", Tone::Green),
    }
}

/// `GET /desk/archive/disposals`
pub(in crate::desk) async fn list(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    Ok(render::page(&list_page(&app, &me, Errors::none()).await?))
}

async fn list_page(app: &App, me: &SignedIn, errors: Errors) -> Result<ListPage, PageError> {
    let rows = app.look(me.actor(), holdings::disposals).await?;
    let today = beijing_day(app.now());
    let day = |at: jiff::Timestamp| view::dates::short_day(beijing_day(at), today);
    let line = |row: &DisposalRow| Row {
        href: format!("{LISTS}/{}", row.id),
        number: row.number.clone(),
        items: row.items,
        state: state(row),
        drawn: format!("{} {}", row.drawer, day(row.drawn_at)),
        decided: row
            .decided_at
            .map(|at| format!("{} {}", row.decider.as_deref().unwrap_or_default(), day(at)))
            .unwrap_or_default(),
    };
    Ok(ListPage {
        page: frame::desk(&me.0, Section::Cases),
        rows: rows.iter().map(line).collect(),
        empty: EmptyState::new(
            "没有销毁清单",
            "保管期限届满的由程序列出，经过鉴定和另一位领导批准才能销毁。没有设定年数的长期保管。",
        ),
        keeps: !holdings::kept_bureaus(&me.0).is_empty(),
        errors,
    })
}

/// `POST /desk/archive/disposals`: draws the list.
pub(in crate::desk) async fn draw(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    match app.act(me.actor(), disposal::draw).await {
        Ok(id) => Ok(redirect::to(&format!("{LISTS}/{id}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = list_page(&app, &me, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(askama::Template)]
#[template(path = "desk/disposal.html")]
struct DisposalPage {
    page: DeskPage,
    id: i64,
    number: String,
    state: Tag,
    facts: Vec<(&'static str, String)>,
    items: Vec<ItemShown>,
    appraises: bool,
    decides: bool,
    carries_out: bool,
    typed: Typed,
    errors: Errors,
}

struct ItemShown {
    id: i64,
    number: String,
    title: String,
    class: &'static str,
    years: i64,
    ended: String,
    kept: String,
    typed: String,
}

/// `GET /desk/archive/disposals/{id}`
pub(in crate::desk) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    page.page.notice = match asked.done.as_str() {
        "appraise" => Some(Notice::done("鉴定意见已记下").text("由另一位领导批准以后才能销毁。")),
        "approve" => Some(Notice::done("已批准销毁")),
        "refuse" => Some(Notice::done("已答复不批准")),
        "carry_out" => Some(Notice::done("已销毁").text("内容已经删除，编号、日期和办理结果保留。")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Typed, errors: Errors) -> Result<DisposalPage, PageError> {
    let opened = app.look(me.actor(), move |tx, scene| disposal::open(tx, scene, id)).await?;
    let today = beijing_day(app.now());
    let Opened { row, items, keeps, approves } = opened;
    let items = items.iter().map(|(listed, item)| ItemShown {
        id: item.id,
        number: item.item.number.clone(),
        title: item.item.title.clone(),
        class: item.item.class.label(),
        years: listed.years,
        ended: listed.ended_on.to_string(),
        kept: listed.kept_because.clone(),
        typed: typed.get(&format!("keep-{}", item.id)).to_owned(),
    });
    Ok(DisposalPage {
        page: frame::desk(&me.0, Section::Cases),
        id,
        number: row.number.clone(),
        state: state(&row),
        facts: facts(&row, today),
        items: items.collect(),
        appraises: keeps && row.state == "drawn",
        decides: approves && row.state == "appraised",
        carries_out: keeps && row.state == "approved",
        typed,
        errors,
    })
}

fn facts(row: &DisposalRow, today: Date) -> Vec<(&'static str, String)> {
    let signed = |who: Option<&str>, at: Option<jiff::Timestamp>| {
        at.map(|at| format!("{}，{}", who.unwrap_or_default(), view::dates::moment(at, today))).unwrap_or_default()
    };
    let mut facts = vec![
        ("单位", row.bureau.clone()),
        ("件数", view::quantity(row.items)),
        ("编制", signed(Some(&row.drawer), Some(row.drawn_at))),
        ("鉴定", signed(row.appraiser.as_deref(), row.appraised_at)),
        ("鉴定意见", row.appraisal.clone()),
        ("批准", signed(row.decider.as_deref(), row.decided_at)),
        ("批准意见", row.opinion.clone()),
        ("销毁", signed(row.doer.as_deref(), row.done_at)),
        ("监销人", row.witness.clone()),
    ];
    facts.retain(|(_, words)| !words.is_empty());
    facts
}

/// `POST /desk/archive/disposals/{id}/{act}`: appraise, approve, refuse, carry_out.
pub(in crate::desk) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Path((id, act)): Path<(i64, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, does) = (typed.clone(), act.clone());
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| match does.as_str() {
        "appraise" => disposal::appraise(tx, scene, id, sent.get("appraisal"), &kept(&sent)).map(|()| Vec::new()),
        "approve" => disposal::decide(tx, scene, id, true, sent.get("opinion")).map(|()| Vec::new()),
        "refuse" => disposal::decide(tx, scene, id, false, sent.get("opinion")).map(|()| Vec::new()),
        "carry_out" => disposal::carry_out(tx, scene, id, sent.get("witness")),
        _ => Err(ActError::NotFound),
    };
    let (status, errors, notice) = match app.act(me.actor(), work).await {
        Ok(thrown) => {
            crate::desk::personal::discard(&app, thrown).await?;
            return Ok(redirect::to(&format!("{LISTS}/{id}?done={act}")));
        }
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

/// The reasons for which items are kept after all.
fn kept(typed: &Typed) -> Vec<(i64, String)> {
    let reasons =
        typed.0.iter().filter_map(|(name, value)| Some((name.strip_prefix("keep-")?.parse().ok()?, value.clone())));
    reasons.collect()
}

#[derive(askama::Template)]
#[template(path = "desk/disposal_print.html")]
struct PrintedPage {
    page: PrintPage,
    facts: Vec<(&'static str, String)>,
    items: Vec<ItemShown>,
    today: String,
}

/// `GET /desk/archive/disposals/{id}/print`: 销毁清单.
pub(in crate::desk) async fn print(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    Ok(render::page(&PrintedPage {
        page: PrintPage { title: "档案销毁清单".to_owned(), number: page.number, back: format!("{LISTS}/{id}") },
        facts: page.facts,
        items: page.items.into_iter().filter(|item| item.kept.is_empty()).collect(),
        today: view::dates::long_day(beijing_day(app.now())),
    }))
}
