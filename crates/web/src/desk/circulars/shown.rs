//! One circular: read, confirmed, signed, withdrawn, printed; and for the sender who has confirmed it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::circular::{self, Figures, Opened};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;

use super::super::export;
use super::{Done, status_tag};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Errors, Notice, PrintPage, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET /desk/circulars/{id}`
#[derive(askama::Template)]
#[template(path = "desk/circular.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct ShownPage {
    page: DeskPage,
    id: i64,
    version: i64,
    title: String,
    number: String,
    bureau: String,
    status: Tag,
    draft: bool,
    pending: bool,
    withdrawn: bool,
    paragraphs: Vec<String>,
    figures: Option<Figures>,
    cases: Vec<(String, bool)>,
    to: String,
    signed: String,
    until: String,
    /// The words of the leader who gave it back, or why it was withdrawn.
    opinion: String,
    /// She may change, submit, discard it.
    writes: bool,
    /// She may sign, give back, withdraw it.
    signs: bool,
    published: bool,
    organizations: Vec<OrganizationRow>,
    confirmed: usize,
    reply_asked: bool,
    /// She is to confirm it, for herself or for her organisation.
    confirms: bool,
    confirms_for: String,
    typed: Typed,
    errors: Errors,
}

/// An organisation to which it goes.
struct OrganizationRow {
    name: String,
    state: Tag,
    by: String,
    readers: String,
    reply: String,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Typed {
    version: i64,
    opinion: String,
    reason: String,
    reply: String,
}

/// `GET /desk/circulars/{id}`
pub(in crate::desk) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    page.page.notice = match done.done.as_str() {
        "saved" => Some(Notice::done("草稿已保存").text("核对以后送签；签发前可以再改。")),
        "submit" => Some(Notice::done("已送签").text("领导签发以后，收文单位就会看到。")),
        "publish" => Some(Notice::done(format!("已印发，{}", page.number)).text("收文单位已经看到，请留意确认情况。")),
        "give_back" => Some(Notice::done("已退回起草人修改")),
        "withdraw" => Some(Notice::done("已撤回").text("收文单位仍然看得到，标为已撤回。")),
        "confirm" => Some(Notice::done("已记下您的确认")),
        _ => None,
    };
    Ok(render::page(&page))
}

/// A circular with its cases: number, and whether she may open it.
fn look(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(Opened, Vec<(String, bool)>), ActError> {
    let opened = circular::open(tx, scene, id)?;
    let mut cases = Vec::new();
    for number in opened.circular.content.case_numbers.split(',').filter(|number| !number.is_empty()) {
        let case = store::case::by_number(tx, number)?;
        cases.push((number.to_owned(), case.is_some_and(|case| scene.actor.may_read(&case))));
    }
    Ok((opened, cases))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Typed, errors: Errors) -> Result<ShownPage, PageError> {
    let (opened, cases) = app.look(me.actor(), move |tx, scene| look(tx, scene, id)).await?;
    let today = beijing_day(app.now());
    let circular = &opened.circular;
    let published = circular.status == "published";
    let names: Vec<&str> = opened.addressees.iter().map(|it| it.name.as_str()).collect();
    let hers = opened.addressees.iter().filter(|it| opened.confirms_for.contains(&it.organization_id));
    Ok(ShownPage {
        page: frame::desk(&me.0, Section::Queue),
        id,
        version: circular.version,
        title: circular.content.title.clone(),
        number: circular.number.clone(),
        bureau: circular.bureau_name.clone(),
        status: status_tag(circular),
        draft: circular.status == "draft",
        pending: circular.status == "pending",
        withdrawn: circular.status == "withdrawn",
        paragraphs: paragraphs(&circular.content.body),
        figures: Figures::of(&circular.content),
        cases,
        to: names.join("、"),
        signed: signed(&opened, today),
        until: circular.confirm_by.map(|day| view::dates::day(day, today)).unwrap_or_default(),
        opinion: circular.opinion.clone(),
        writes: opened.sender.is_some(),
        signs: opened.sender.is_some_and(|place| place.signs),
        published,
        confirmed: opened.addressees.iter().filter(|it| it.confirmed_at.is_some()).count(),
        reply_asked: circular.content.reply_asked,
        confirms: published
            && !opened.received_for.is_empty()
            && (!opened.read_by_me || !opened.confirms_for.is_empty()),
        confirms_for: hers.map(|it| it.name.clone()).collect::<Vec<_>>().join("、"),
        organizations: organizations(&opened, today),
        typed,
        errors,
    })
}

fn paragraphs(body: &str) -> Vec<String> {
    body.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn signed(opened: &Opened, today: Date) -> String {
    let circular = &opened.circular;
    match (circular.published_at, &circular.signer_name) {
        (Some(at), Some(signer)) => format!("{signer}签发，{}印发", view::dates::moment(at, today)),
        _ => format!("{}起草", circular.writer_name),
    }
}

fn organizations(opened: &Opened, today: Date) -> Vec<OrganizationRow> {
    let late = opened.circular.confirm_by.is_some_and(|day| day < today);
    opened
        .addressees
        .iter()
        .map(|it| {
            let readers = opened.readers.iter().filter(|reader| reader.organization_id == it.organization_id);
            let readers: Vec<String> = readers
                .map(|reader| format!("{} {}", reader.name, view::dates::moment(reader.read_at, today)))
                .collect();
            OrganizationRow {
                name: it.name.clone(),
                state: match (it.confirmed_at, late) {
                    (Some(_), _) => tag("已确认", Tone::Green),
                    (None, true) => tag("逾期没有确认", Tone::Red),
                    (None, false) => tag("待确认", Tone::Amber),
                },
                by: match (&it.confirmed_by, it.confirmed_at) {
                    (Some(name), Some(at)) => format!("{name}，{}", view::dates::moment(at, today)),
                    _ => String::new(),
                },
                readers: readers.join("；"),
                reply: it.reply.clone(),
            }
        })
        .collect()
}

/// `GET /desk/circulars/{id}/confirmations.csv`: for the sender.
pub(in crate::desk) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let opened = app.look(me.actor(), move |tx, scene| circular::open(tx, scene, id)).await?;
    if opened.sender.is_none() {
        return Err(PageError::not_found());
    }
    let rows = organizations(&opened, beijing_day(app.now()));
    let lines = rows.into_iter().map(|row| vec![row.name, row.state.text, row.by, row.readers, row.reply]);
    let heads = ["单位", "确认", "谁、什么时候", "阅看的人", "反馈"];
    Ok(export::csv(&format!("通报确认-{}.csv", opened.circular.number), &heads, lines))
}

/// `GET /desk/circulars/{id}/print`
#[derive(askama::Template)]
#[template(path = "desk/circular_print.html")]
struct PrintedPage {
    page: PrintPage,
    to: String,
    paragraphs: Vec<String>,
    figures: Option<Figures>,
    cases: Vec<(String, bool)>,
    seal: Option<(String, String)>,
    note: String,
}

/// `GET /desk/circulars/{id}/print`
pub(in crate::desk) async fn print(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    let opened = app.look(me.actor(), move |tx, scene| circular::open(tx, scene, id)).await?;
    let published = opened.circular.published_at.map(beijing_day);
    Ok(render::page(&PrintedPage {
        note: match (page.withdrawn, published) {
            (true, _) => format!("本通报已撤回：{}", page.opinion),
            (false, None) => "草稿，还没有印发".to_owned(),
            (false, Some(_)) => String::new(),
        },
        page: PrintPage { title: page.title, number: page.number, back: format!("/desk/circulars/{id}") },
        to: format!("{}：", page.to),
        paragraphs: page.paragraphs,
        figures: page.figures,
        cases: page.cases,
        seal: published.map(|day| (page.bureau, view::dates::long_day(day))),
    }))
}

/// What became of an act on a circular: back to it, or once more with what is wrong.
async fn answer(
    app: &App,
    me: &SignedIn,
    id: i64,
    typed: Typed,
    what: &str,
    done: Result<(), ActError>,
) -> Result<Response, PageError> {
    let (status, errors, notice) = match done {
        Ok(()) => return Ok(redirect::to(&format!("/desk/circulars/{id}?done={what}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("这一步没有办").text(error.to_string())))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = page(app, me, id, typed, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

/// `POST /desk/circulars/{id}/submit`
pub(in crate::desk) async fn submit(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let seen = typed.version;
    let done = app.act(me.actor(), move |tx, scene| circular::submit(tx, scene, id, seen)).await;
    answer(&app, &me, id, typed, "submit", done).await
}

/// `POST /desk/circulars/{id}/publish`
pub(in crate::desk) async fn publish(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let seen = typed.version;
    let done = app.act(me.actor(), move |tx, scene| circular::publish(tx, scene, id, seen)).await;
    answer(&app, &me, id, typed, "publish", done).await
}

/// `POST /desk/circulars/{id}/give_back`
pub(in crate::desk) async fn give_back(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let sent = typed.clone();
    let done =
        app.act(me.actor(), move |tx, scene| circular::give_back(tx, scene, id, sent.version, &sent.opinion)).await;
    answer(&app, &me, id, typed, "give_back", done).await
}

/// `POST /desk/circulars/{id}/withdraw`
pub(in crate::desk) async fn withdraw(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let sent = typed.clone();
    let done =
        app.act(me.actor(), move |tx, scene| circular::withdraw(tx, scene, id, sent.version, &sent.reason)).await;
    answer(&app, &me, id, typed, "withdraw", done).await
}

/// `POST /desk/circulars/{id}/confirm`
pub(in crate::desk) async fn confirm(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let reply = typed.reply.clone();
    let done = app.act(me.actor(), move |tx, scene| circular::confirm(tx, scene, id, &reply)).await;
    answer(&app, &me, id, typed, "confirm", done).await
}

/// `POST /desk/circulars/{id}/discard`
pub(in crate::desk) async fn discard(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Typed>,
) -> Result<Response, PageError> {
    let seen = typed.version;
    let done = app.act(me.actor(), move |tx, scene| circular::discard(tx, scene, id, seen)).await;
    match done {
        Ok(()) => Ok(redirect::to("/desk/circulars?done=discarded")),
        done => answer(&app, &me, id, typed, "", done).await,
    }
}
