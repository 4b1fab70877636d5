//! 通报: what a bureau writes to those beneath it; drafts, signature, publication, and who has confirmed.

mod shown;

pub(super) use shown::{confirm, discard, export, give_back, print, publish, show, submit, withdraw};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::circular::{self, Draft, Figures};
use casework::{ActError, Scene, Staff, spot_check};
use domain::chain::hex;
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::spot_check::practice;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;
use store::circular::CircularRow;

use super::forms::Typed;
use super::period::{Length, Period};
use super::{listing, timeliness};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// The choice that leaves the table as it was.
const KEPT: &str = "kept";

/// `GET /desk/circulars`
#[derive(askama::Template)]
#[template(path = "desk/circulars.html")]
struct ListPage {
    page: DeskPage,
    writes: bool,
    written: Vec<Row>,
    received: Vec<Row>,
    nothing_written: EmptyState,
    nothing_received: EmptyState,
}

/// A circular in a list.
struct Row {
    href: String,
    title: String,
    under: String,
    state: Tag,
    confirmed: String,
    day: String,
    due: String,
    late: bool,
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

/// `GET /desk/circulars`
pub(super) async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let staff = me.0.clone();
    let (written, received) = app
        .read(move |tx| Ok::<_, ActError>((circular::written(tx, &staff)?, circular::received(tx, &staff)?)))
        .await?;
    let today = beijing_day(app.now());
    let mut page = frame::desk(&me.0, Section::Queue);
    page.notice = (done.done == "discarded").then(|| Notice::done("草稿已删除"));
    Ok(render::page(&ListPage {
        page,
        writes: circular::place(&me.0).is_some(),
        written: written.iter().map(|it| row(it, today, true)).collect(),
        received: received.iter().map(|it| row(it, today, false)).collect(),
        nothing_written: EmptyState::new(
            "还没有写过通报",
            "把抽查的结果、及时率和典型问题告诉下级单位，由局领导签发。",
        )
        .link("起草通报", "/desk/circulars/new"),
        nothing_received: EmptyState::new("还没有收到通报", "上级局印发给本单位的通报会出现在这里，请按期确认。"),
    }))
}

pub(super) fn status_tag(circular: &CircularRow) -> Tag {
    let tone = match circular.status.as_str() {
        "pending" => Tone::Amber,
        "published" => Tone::Green,
        _ => Tone::Plain,
    };
    tag(circular::status_label(&circular.status), tone)
}

fn row(circular: &CircularRow, today: Date, sent: bool) -> Row {
    let at = circular.published_at.unwrap_or(circular.written_at);
    let waiting = circular.status == "published" && circular.confirmed < circular.addressees;
    let late = waiting && circular.confirm_by.is_some_and(|day| day < today);
    let by = if sent { &circular.writer_name } else { &circular.bureau_name };
    let number = if circular.number.is_empty() { String::new() } else { format!("{} · ", circular.number) };
    Row {
        href: format!("/desk/circulars/{}", circular.id),
        title: circular.content.title.clone(),
        under: format!("{number}{by}"),
        state: status_tag(circular),
        confirmed: if circular.published_at.is_some() {
            format!("{} ÷ {}", circular.confirmed, circular.addressees)
        } else {
            String::new()
        },
        day: view::dates::short_day(beijing_day(at), today),
        due: circular
            .confirm_by
            .filter(|_| waiting)
            .map(|day| format!("{}前确认", view::dates::short_day(day, today)))
            .unwrap_or_default(),
        late,
    }
}

/// `GET` and `POST /desk/circulars/new`, and `/desk/circulars/{id}/edit`
#[derive(askama::Template)]
#[template(path = "desk/circular_edit.html")]
struct EditPage {
    page: DeskPage,
    /// Where the form goes.
    action: String,
    back: String,
    key: String,
    version: i64,
    typed: Typed,
    organizations: Vec<Choice>,
    chosen: Vec<String>,
    figures: Vec<Choice>,
    /// Why the leader gave it back.
    opinion: String,
    days: u32,
    unconfirmed: bool,
    errors: Errors,
}

/// What a link gives to begin with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    figures: String,
}

fn pairs(pairs: Vec<(&str, String)>) -> Typed {
    Typed(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// `GET /desk/circulars/new`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Query(given): Query<Given>,
) -> Result<Response, PageError> {
    let today = beijing_day(app.now());
    let title = match given.figures.split_once('-') {
        Some(("check" | "points", _)) => format!("关于{}年{}月抽查情况的通报", today.year(), today.month()),
        Some(("timeliness", _)) => "关于五及时情况的通报".to_owned(),
        _ => String::new(),
    };
    let typed = pairs(vec![("figures", given.figures), ("title", title)]);
    Ok(render::page(&edit_page(&app, &me, None, typed, Errors::none()).await?))
}

/// `GET /desk/circulars/{id}/edit`
pub(super) async fn ask_again(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let opened = app.look(me.actor(), move |tx, scene| circular::open(tx, scene, id)).await?;
    let circular = &opened.circular;
    if opened.sender.is_none() || circular.status != "draft" {
        return Ok(redirect::to(&format!("/desk/circulars/{id}")));
    }
    let content = circular.content.clone();
    let mut all = vec![
        ("title", content.title),
        ("body", content.body),
        ("cases", content.case_numbers.replace(',', "\n")),
        ("reply_asked", if content.reply_asked { "yes" } else { "" }.to_owned()),
        ("figures", if content.figures.is_empty() { "" } else { KEPT }.to_owned()),
        ("version", circular.version.to_string()),
    ];
    all.extend(opened.addressees.iter().map(|it| ("organizations", it.organization_id.to_string())));
    Ok(render::page(&edit_page(&app, &me, Some(circular), pairs(all), Errors::none()).await?))
}

async fn edit_page(
    app: &App,
    me: &SignedIn,
    circular: Option<&CircularRow>,
    typed: Typed,
    errors: Errors,
) -> Result<EditPage, PageError> {
    if circular::place(&me.0).is_none() {
        return Err(PageError::forbidden("通报由局的领导、值班局长、分送员和统计员起草。"));
    }
    let now = app.now();
    let (choices, checks) = app
        .look::<_, ActError>(me.actor(), |tx, scene| {
            let checks = if spot_check::my_place(scene).is_ok() { spot_check::list(tx, scene)? } else { Vec::new() };
            Ok((circular::choices(tx, scene)?, checks))
        })
        .await?;
    let mut figures = vec![Choice::new("", "不附表")];
    if let Some(kept) = circular.and_then(|circular| Figures::of(&circular.content)) {
        figures.push(Choice::new(KEPT, format!("保留现在的附表：{}", kept.title)));
    }
    for check in checks.iter().filter(|check| check.finished > 0).take(10) {
        let name = &check.drawn.name;
        figures.push(Choice::new(format!("check-{}", check.id), format!("抽查结果，按单位：{name}")));
        figures.push(Choice::new(format!("points-{}", check.id), format!("抽查结果，按要点：{name}")));
    }
    let month = Period::holding(beijing_day(now), Length::Month);
    let quarter = Period::holding(beijing_day(now), Length::Quarter);
    for period in [month.previous(), month, quarter.previous(), quarter] {
        let key = format!("timeliness-{}-{}", period.length.key(), period.from);
        figures.push(Choice::new(key, format!("五及时：{}", period.label())));
    }
    let mut page = frame::desk(&me.0, Section::Queue);
    if choices.is_empty() {
        page.notice = Some(Notice::information("本局没有下级局和所，通报没有可以发的单位"));
    }
    let key = match typed.get("key") {
        "" => hex(&app.fresh::<12>()),
        key => key.to_owned(),
    };
    let here = circular.map_or_else(|| "/desk/circulars".to_owned(), |it| format!("/desk/circulars/{}", it.id));
    Ok(EditPage {
        page,
        action: if circular.is_some() { format!("{here}/edit") } else { format!("{here}/new") },
        back: here,
        key,
        version: typed.version().unwrap_or_default(),
        chosen: typed.all("organizations"),
        organizations: choices.iter().map(|it| Choice::new(it.id.to_string(), &it.name)).collect(),
        typed,
        figures,
        opinion: circular.map(|it| it.opinion.clone()).unwrap_or_default(),
        days: practice().confirmation.workdays,
        unconfirmed: !practice().confirmation.confirmed,
        errors,
    })
}

/// The draft that was typed, its table worked out anew unless the one that is there is kept.
fn draft(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    staff: &Staff,
    typed: &Typed,
    kept: Option<Figures>,
) -> Result<Draft, ActError> {
    Ok(Draft {
        title: typed.get("title").to_owned(),
        body: typed.get("body").to_owned(),
        organizations: typed.all("organizations").iter().map(|id| id.parse().unwrap_or_default()).collect(),
        cases: typed.get("cases").to_owned(),
        reply_asked: typed.yes("reply_asked"),
        figures: match typed.get("figures") {
            KEPT => kept,
            source => figures(tx, scene, staff, source, scene.now)?,
        },
    })
}

/// The table behind a choice of the form; a choice that is not hers is as none.
fn figures(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    staff: &Staff,
    source: &str,
    now: Timestamp,
) -> Result<Option<Figures>, ActError> {
    let parts: Vec<&str> = source.splitn(3, '-').collect();
    match parts.as_slice() {
        [by @ ("check" | "points"), id] => {
            let (check, rows) = spot_check::sample(tx, scene, id.parse().unwrap_or_default())?;
            Ok(Some(Figures::of_check(source, &check, &rows, *by == "points")))
        }
        ["timeliness", length, day] => {
            let Some((length, day)) = Length::from_key(length).zip(parse_day(day)) else { return Ok(None) };
            let period = Period::holding(day, length);
            Ok(Some(timeliness::figures(tx, staff, period, now, source)?))
        }
        _ => Ok(None),
    }
}

/// `POST /desk/circulars/new`
pub(super) async fn begin(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, staff) = (typed.clone(), me.0.clone());
    let done = app
        .act(me.actor(), move |tx, scene| {
            let draft = draft(tx, scene, &staff, &sent, None)?;
            circular::begin(tx, scene, sent.get("key"), &draft)
        })
        .await;
    match done.map_err(PageError::from) {
        Ok(id) => Ok(redirect::to(&format!("/desk/circulars/{id}?done=saved"))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = edit_page(&app, &me, None, typed, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// `POST /desk/circulars/{id}/edit`
pub(super) async fn change(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, staff) = (typed.clone(), me.0.clone());
    let done = app
        .act(me.actor(), move |tx, scene| {
            let kept = Figures::of(&circular::open(tx, scene, id)?.circular.content);
            let draft = draft(tx, scene, &staff, &sent, kept)?;
            circular::save(tx, scene, id, sent.version().unwrap_or_default(), &draft)
        })
        .await;
    let (status, errors, notice) = match done {
        Ok(()) => return Ok(redirect::to(&format!("/desk/circulars/{id}?done=saved"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            let notice = Notice::refused("没有保存")
                .text(error.to_string())
                .link("看现在的内容", format!("/desk/circulars/{id}"));
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
        Err(error) => return Err(error.into()),
    };
    let opened = app.look(me.actor(), move |tx, scene| circular::open(tx, scene, id)).await?;
    let mut page = edit_page(&app, &me, Some(&opened.circular), typed, errors).await?;
    if notice.is_some() {
        page.page.notice = notice;
    }
    Ok(render::page_with_status(status, &page))
}
