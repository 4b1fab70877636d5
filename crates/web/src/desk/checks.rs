//! 抽查: the draws of a bureau, what superiors found of one's own cases, and the form that draws.

mod result;
mod sheet;

pub(super) use result::{export, population, print, show, void};
pub(super) use sheet::{ask as ask_case, keep as keep_case};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::spot_check::{self, Drawing, Weighed};
use casework::{ActError, Scene, reading};
use domain::chain::hex;
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::spot_check::practice;
use jiff::civil::Date;
use store::Tx;
use store::spot_check::{CheckRow, SampledRow};

use super::forms::Typed;
use super::listing;
use super::period::{Length, Period};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// Rows of what was found at one's own organisation.
const SHOWN: i64 = 200;

/// `GET /desk/checks`
#[derive(askama::Template)]
#[template(path = "desk/checks.html")]
struct ChecksPage {
    page: DeskPage,
    draws: bool,
    rows: Vec<Row>,
    found: Vec<FoundRow>,
    nothing: EmptyState,
    nothing_found: EmptyState,
}

/// A draw in the list.
struct Row {
    href: String,
    name: String,
    under: String,
    sample: String,
    finished: String,
    failed: i64,
    state: Tag,
}

/// A case of one's own that a superior checked.
struct FoundRow {
    href: String,
    title: String,
    under: String,
    by: String,
    result: Tag,
    words: String,
    rectification: Tag,
    due: String,
    late: bool,
}

/// `GET /desk/checks`
pub(super) async fn list(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (staff, draws) = (me.0.clone(), spot_check::place(&me.0).is_some());
    let (checks, found) = app
        .look(me.actor(), move |tx: &mut Tx<'_>, scene: Scene<'_>| {
            let checks = if draws { spot_check::list(tx, scene)? } else { Vec::new() };
            let found = store::spot_check::found(tx, &reading::scopes(&staff), SHOWN)?;
            Ok::<_, ActError>((checks, found))
        })
        .await?;
    let today = beijing_day(app.now());
    Ok(render::page(&ChecksPage {
        page: frame::desk(&me.0, Section::Queue),
        draws,
        rows: checks.iter().map(|check| row(check, today)).collect(),
        found: found.iter().map(|row| found_row(row, today)).collect(),
        nothing: EmptyState::new("还没有抽查过", "从下级单位的案件里抽一份样本，逐件核对要点，发现问题的限期整改。")
            .link("抽取样本", "/desk/checks/new"),
        nothing_found: EmptyState::new("还没有被抽查的案件", "上级抽查到本单位的案件，核对完以后会出现在这里。"),
    }))
}

fn row(check: &CheckRow, today: Date) -> Row {
    let state = match (&check.voided, check.finished == check.cases) {
        (Some(_), _) => tag("已作废", Tone::Plain),
        (None, true) => tag("已查完", Tone::Green),
        (None, false) => tag("正在抽查", Tone::Teal),
    };
    let day = view::dates::short_day(beijing_day(check.drawn_at), today);
    Row {
        href: format!("/desk/checks/{}", check.id),
        name: check.drawn.name.clone(),
        under: format!("{} · {day}抽取", check.drawn_by_name),
        sample: format!("{} ÷ {}", check.cases, view::quantity(check.drawn.population_size)),
        finished: format!("{} ÷ {}", check.finished, check.cases),
        failed: check.failed,
        state,
    }
}

/// Where putting it right stands.
fn rectification(row: &SampledRow, today: Date) -> (Tag, String, bool) {
    let until = row.rectify_by.map(|day| format!("{}前", view::dates::short_day(day, today))).unwrap_or_default();
    match (row.rectify_by, row.replied_at, row.closed_at) {
        (None, _, _) => (tag("不需要整改", Tone::Plain), String::new(), false),
        (_, _, Some(_)) => (tag("整改已确认", Tone::Green), String::new(), false),
        (_, Some(_), None) => (tag("已反馈，待确认", Tone::Amber), String::new(), false),
        (Some(day), None, None) if day < today => (tag("整改逾期", Tone::Red), until, true),
        (Some(_), None, None) => (tag("整改中", Tone::Amber), until, false),
    }
}

/// What came of a case.
fn verdict(row: &SampledRow) -> Tag {
    match (row.finished_at, row.failed) {
        (None, _) if row.checker_name.is_some() => tag("核对中", Tone::Teal),
        (None, _) => tag("待核对", Tone::Plain),
        (Some(_), 0) => tag("合格", Tone::Green),
        (Some(_), failed) => tag(format!("{failed} 项不合格"), Tone::Red),
    }
}

fn found_row(row: &SampledRow, today: Date) -> FoundRow {
    let (rectification, due, late) = rectification(row, today);
    let rectifies = row.rectify_by.is_some() && row.replied_at.is_none() && row.closed_at.is_none();
    let action = if rectifies { "/rectify" } else { "" };
    FoundRow {
        href: format!("/desk/cases/{}{action}", row.number),
        title: row.title.clone(),
        under: format!("{} · {}", row.number, row.organization_name),
        by: row.bureau_name.clone(),
        result: verdict(row),
        words: row.written.words.clone(),
        rectification,
        due,
        late,
    }
}

/// `GET` and `POST /desk/checks/new`
#[derive(askama::Template)]
#[template(path = "desk/check_new.html")]
struct NewPage {
    page: DeskPage,
    key: String,
    typed: Typed,
    organizations: Vec<Choice>,
    chosen: Vec<String>,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    units: Vec<Choice>,
    source: String,
    errors: Errors,
}

/// `GET /desk/checks/new`
pub(super) async fn ask(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    let month = Period::holding(beijing_day(app.now()), Length::Month).previous();
    let pairs = [
        ("from", month.from.to_string()),
        ("to", month.to.to_string()),
        ("kind", "complaint".to_owned()),
        ("size", "10".to_owned()),
        ("unit", "cases".to_owned()),
    ];
    let typed = Typed(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    Ok(render::page(&new_page(&app, &me, typed, Errors::none()).await?))
}

async fn new_page(app: &App, me: &SignedIn, typed: Typed, errors: Errors) -> Result<NewPage, PageError> {
    if spot_check::place(&me.0).is_none() {
        return Err(PageError::forbidden("抽查由局的领导、值班局长和分送员进行。如有需要，请联系本单位管理员。"));
    }
    let choices = app.look(me.actor(), spot_check::choices).await?;
    let own = spot_check::place(&me.0).map(|place| place.bureau);
    let label = |id: i64, name: &str| {
        if Some(id) == own { format!("{name}（没有分送到所的）") } else { name.to_owned() }
    };
    let mut page = frame::desk(&me.0, Section::Queue);
    if choices.is_empty() {
        page.notice = Some(
            Notice::information("您没有可以抽查的下级单位")
                .text("对本局各所和中心的抽查由本局领导、值班局长进行；分送员抽查下级局。"),
        );
    }
    let key = match typed.get("key") {
        "" => hex(&app.fresh::<12>()),
        key => key.to_owned(),
    };
    let ended = ["settled", "terminated", "refused", "withdrawn", "answered"];
    Ok(NewPage {
        page,
        key,
        organizations: choices.iter().map(|it| Choice::new(it.id.to_string(), label(it.id, &it.name))).collect(),
        chosen: typed.all("organizations"),
        typed,
        kinds: spot_check::kinds().into_iter().map(|kind| Choice::new(kind.key(), kind.label())).collect(),
        outcomes: ended.iter().map(|key| Choice::new(*key, super::labels::outcome(Some(key)))).collect(),
        units: vec![Choice::new("cases", "件"), Choice::new("percent", "% 的案件")],
        source: practice().source.clone(),
        errors,
    })
}

fn drawing(typed: &Typed) -> Drawing {
    Drawing {
        key: typed.get("key").to_owned(),
        name: typed.get("name").to_owned(),
        organizations: typed.all("organizations").iter().map(|id| id.parse().unwrap_or_default()).collect(),
        from: parse_day(typed.get("from")),
        to: parse_day(typed.get("to")),
        kind: typed.get("kind").to_owned(),
        outcome: typed.get("outcome").to_owned(),
        late: typed.yes("late"),
        size: typed.get("size").parse().unwrap_or_default(),
        percent: typed.get("unit") == "percent",
        by_organization: typed.yes("by_organization"),
    }
}

/// `POST /desk/checks/new`: says how many cases there are, or draws.
pub(super) async fn draw(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (asked, seed) = (drawing(&typed), app.fresh::<6>());
    let outcome = if typed.get("act") == "weigh" {
        app.look(me.actor(), move |tx, scene| spot_check::weigh(tx, scene, &asked)).await.map(Err)
    } else {
        app.act(me.actor(), move |tx, scene| spot_check::draw(tx, scene, &asked, seed)).await.map(Ok)
    };
    match outcome {
        Ok(Ok(id)) => Ok(redirect::to(&format!("/desk/checks/{id}?done=drawn"))),
        Ok(Err(weighed)) => {
            let mut page = new_page(&app, &me, typed, Errors::none()).await?;
            page.page.notice = Some(weighed_notice(weighed));
            Ok(render::page(&page))
        }
        Err(error) => {
            let error = PageError::from(error);
            let Some(errors) = error.faults() else { return Err(error) };
            let page = new_page(&app, &me, typed, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn weighed_notice(weighed: Weighed) -> Notice {
    match weighed.population {
        0 => Notice::information("这个范围里没有案件").text("请放宽条件。"),
        population => {
            Notice::information(format!("范围里有 {population} 件，会抽 {} 件", weighed.sample)).text("还没有抽取。")
        }
    }
}
