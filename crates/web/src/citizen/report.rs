//! 举报: two pages. What is reported is kept while it is typed; who reports is typed on the second page, sealed as it is sent,
//! and stands in no draft (O121 arts. 28, 37; catalogue 7.3). Afterwards she comes back with her receipt code.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use casework::evidence::Care;
use casework::once::{self, Once, RequestKey, Taken};
use casework::reporter::{self, ClearFile, Reporter};
use casework::{ActError, Actor, Scene, filing, vault};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::filing::{RawReport, RawReporter, Typist, parse_report, parse_reporter};
use serde::Deserialize;
use store::Tx;

use crate::app::App;
use crate::citizen::acts::{self, Outcome, acting, judged};
use crate::citizen::asking::{self, files_of};
use crate::citizen::asking_draft::Shelf;
use crate::citizen::form::{Pairs, value};
use crate::citizen::frame::Visit;
use crate::citizen::own_files;
use crate::citizen::pass::Pass;
use crate::citizen::submit::grouped;
use crate::citizen::upload::{self, Box, Sent};
use crate::error::PageError;
use crate::form::FormBody;
use crate::human;
use crate::limits::{Address, Attempt};
use crate::view::{self, Choice, CitizenPage, Errors, Summary, SummaryRow};
use crate::{redirect, render};

/// Whose keys they are among those of repeated requests.
const SCOPE: &str = "reported";
const FIRST: &str = "/reports/new";
const SECOND: &str = "/reports/new/you";

/// The first page: what is reported.
#[derive(Template)]
#[template(path = "citizen/report.html")]
struct WhatPage {
    page: CitizenPage,
    /// Why no report can be taken in here; nothing else stands on the page then.
    closed: String,
    raw: RawReport,
    regions: Vec<Choice>,
    targets: Vec<Choice>,
    evidence: Box,
    saved: String,
    errors: Errors,
}

/// The second page: who reports.
#[derive(Template)]
#[template(path = "citizen/report_you.html")]
struct WhoPage {
    page: CitizenPage,
    what: Summary,
    raw: RawReporter,
    files_at_most: usize,
    megabytes: usize,
    errors: Errors,
}

/// The receipt, once.
#[derive(Template)]
#[template(path = "citizen/reported.html")]
struct ReceiptPage {
    page: CitizenPage,
    number: String,
    code: String,
    bureau: String,
    received: String,
    named: bool,
}

/// `GET /reports/new`
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, PageError> {
    let shelf = Shelf::of(&app, CaseKind::Report, &headers);
    let kept = shelf.load::<RawReport>(&app).await?;
    let saved = kept.as_ref().map(|draft| view::dates::moment(draft.saved_at, app.now())).unwrap_or_default();
    let raw = kept.map(|draft| draft.raw).unwrap_or_default();
    let mut page = what_page(&app, visit.page, &shelf, raw, Errors::none()).await?;
    page.saved = saved;
    Ok((jar.add(shelf.cookie(&app)), render::page(&page)).into_response())
}

async fn what_page(
    app: &App,
    page: CitizenPage,
    shelf: &Shelf,
    mut raw: RawReport,
    errors: Errors,
) -> Result<WhatPage, PageError> {
    let (regions, closed) = app
        .read(|tx| {
            let closed = match vault::require_open(tx) {
                Ok(()) => String::new(),
                Err(ActError::Invalid(faults)) => faults.into_iter().map(|fault| fault.message).collect(),
                Err(error) => return Err(error),
            };
            Ok::<_, ActError>((asking::bureaus(tx)?, closed))
        })
        .await?;
    if let [only] = regions.as_slice() {
        raw.region.clone_from(&only.value);
    }
    let files = upload::waiting(app, shelf.hash.clone()).await?;
    let evidence = Box::new(app, files_of(CaseKind::Report), &files, errors.get("evidence").map(str::to_owned));
    let targets = super::form::choices(app, "report_targets");
    Ok(WhatPage { page, closed, raw, regions, targets, evidence, saved: String::new(), errors })
}

/// `POST /reports/new`: keeps what was typed; when it is in order, on to the second page.
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    jar: CookieJar,
    request: Request,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Filing, address)?;
    let shelf = Shelf::of(&app, CaseKind::Report, request.headers());
    let Sent { pairs, files, refused } = upload::receive_form(&app, address, request, Care::WithoutTraces).await?;
    let raw = typed(&pairs);
    shelf.keep(&app, raw.clone()).await?;
    let mut errors = Errors::none();
    let on_shelf = upload::Shelf::Draft(shelf.hash.clone());
    for refusal in refused.into_iter().chain(upload::put(&app, on_shelf, files).await?) {
        errors.push("evidence", refusal.to_string());
    }
    if let Ok(id) = value(&pairs, "remove").parse::<i64>() {
        upload::remove(&app, shelf.hash.clone(), id).await?;
    }
    let stays = !value(&pairs, "remove").is_empty() || !value(&pairs, "stay").is_empty();
    if !stays {
        for fault in parse_report(&raw, &app.house().codes, app.now()).err().unwrap_or_default() {
            errors.push(fault.field, fault.message);
        }
    }
    let jar = jar.add(shelf.cookie(&app));
    if !stays && errors.is_empty() {
        return Ok((jar, redirect::to(SECOND)).into_response());
    }
    let page = what_page(&app, visit.page, &shelf, raw, errors).await?;
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((jar, render::page_with_status(status, &page)).into_response())
}

/// What was typed of the offence: nothing else of a form is kept, whatever it sends.
pub(super) fn typed(pairs: &Pairs) -> RawReport {
    let text = |name: &str| value(pairs, name).trim().to_owned();
    RawReport {
        region: text("region"),
        channel: "web".to_owned(),
        respondent_name: text("respondent_name"),
        respondent_address: text("respondent_address"),
        respondent_platform: text("respondent_platform"),
        sales_channel: text("sales_channel"),
        goods: text("goods"),
        knew_on: text("knew_on"),
        facts: text("facts"),
        grounds: text("grounds"),
        ..RawReport::default()
    }
}

/// `GET /reports/new/you`
pub(super) async fn ask_you(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Result<Response, PageError> {
    let shelf = Shelf::of(&app, CaseKind::Report, &headers);
    match in_order(&app, &shelf).await? {
        Some(raw) => {
            let page = who_page(&app, visit.page, &shelf, &raw, RawReporter::default(), Errors::none()).await?;
            Ok(render::page(&page))
        }
        None => Ok(redirect::to(FIRST)),
    }
}

/// The draft, when it can be sent.
async fn in_order(app: &App, shelf: &Shelf) -> Result<Option<RawReport>, PageError> {
    let raw = shelf.load::<RawReport>(app).await?.map(|draft| draft.raw);
    Ok(raw.filter(|raw| parse_report(raw, &app.house().codes, app.now()).is_ok()))
}

async fn who_page(
    app: &App,
    page: CitizenPage,
    shelf: &Shelf,
    what: &RawReport,
    raw: RawReporter,
    errors: Errors,
) -> Result<WhoPage, PageError> {
    let files = upload::waiting(app, shelf.hash.clone()).await?.len();
    let mut rows = vec![
        SummaryRow::new("举报谁", what.respondent_name.clone()),
        SummaryRow::new("线索", what.facts.clone()),
        SummaryRow::new("依据", what.grounds.clone()),
    ];
    let target = app.house().codes.label("report_targets", &what.sales_channel).unwrap_or_default();
    let further = [
        ("举报的是", target),
        ("平台、网站", &what.respondent_platform),
        ("地址", &what.respondent_address),
        ("商品、服务", &what.goods),
        ("哪天看到的", &what.knew_on),
    ];
    let given = further.into_iter().filter(|(_, words)| !words.is_empty());
    rows.extend(given.map(|(name, words)| SummaryRow::new(name, words)));
    if files > 0 {
        rows.push(SummaryRow::new("材料", format!("{files} 个文件")));
    }
    let rows = rows.into_iter().map(|row| row.change(FIRST)).collect();
    let megabytes = reporter::OWN_FILE_BYTES_AT_MOST / (1024 * 1024);
    Ok(WhoPage { page, what: Summary::new(rows), raw, files_at_most: reporter::OWN_FILES_AT_MOST, megabytes, errors })
}

fn reporter_typed(pairs: &Pairs) -> RawReporter {
    let text = |name: &str| value(pairs, name).trim().to_owned();
    RawReporter {
        named: text("named"),
        name: text("reporter_name"),
        phone: text("reporter_phone"),
        address: text("reporter_address"),
        id_number: text("reporter_id_number"),
        other: text("reporter_other"),
        earlier_code: text("earlier_code"),
        truthful: text("truthful"),
    }
}

/// `POST /reports/new/you`: files the report, seals who reports, and shows the receipt code this once.
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    jar: CookieJar,
    request: Request,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Filing, address)?;
    let headers = request.headers().clone();
    let shelf = Shelf::of(&app, CaseKind::Report, &headers);
    let own_files::Sent { pairs, files, refused } = own_files::receive(&app, request).await?;
    let raw = reporter_typed(&pairs);
    if !human::goes_on(&app, address, &headers).await? {
        // Elsewhere the way leads over that page; from here it would lose what must not be kept.
        let errors = [("confirm".to_owned(), "提交前请先完成人机确认".to_owned())].into_iter().collect();
        return wrong(&app, visit, &shelf, raw, errors).await;
    }
    if !refused.is_empty() {
        let errors = refused.into_iter().map(|sentence| ("own".to_owned(), sentence)).collect();
        return wrong(&app, visit, &shelf, raw, errors).await;
    }
    let code = reporter::code(app.house(), &shelf.value);
    let sent = Sealing { raw: raw.clone(), code: code.clone(), files, seed: app.fresh() };
    let hash = shelf.hash.clone();
    let file = move |tx: &mut Tx<'_>, scene: Scene<'_>| file(tx, scene, &hash, &sent);
    let mut taken = app.act(Actor::Public, file.clone()).await;
    if matches!(taken, Err(ActError::Conflict { .. })) {
        taken = app.act(Actor::Public, file).await;
    }
    match taken {
        Ok((taken, named)) => {
            let page = ReceiptPage {
                page: visit.page,
                received: view::dates::moment(taken.received_at, app.now()),
                number: taken.number,
                code: grouped(&code),
                bureau: taken.bureau,
                named,
            };
            Ok((jar.add(shelf.forgotten(&app)), render::page(&page)).into_response())
        }
        Err(ActError::NotFound) => Ok(redirect::to(FIRST)),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            wrong(&app, visit, &shelf, raw, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The second page once more; what was typed stands on it, files have to be chosen again.
async fn wrong(
    app: &App,
    visit: Visit,
    shelf: &Shelf,
    raw: RawReporter,
    errors: Errors,
) -> Result<Response, PageError> {
    let Some(what) = in_order(app, shelf).await? else { return Ok(redirect::to(FIRST)) };
    let page = who_page(app, visit.page, shelf, &what, raw, errors).await?;
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// What goes into the vault, in clear only until it is there.
#[derive(Clone)]
struct Sealing {
    raw: RawReporter,
    code: String,
    files: Vec<ClearFile>,
    seed: [u8; 32],
}

/// Files the draft with its reporter; a second time gives the same receipt. Gives also whether she gave her name.
fn file(tx: &mut Tx<'_>, scene: Scene<'_>, hash: &str, sent: &Sealing) -> Result<(Taken, bool), ActError> {
    let request = RequestKey { scope: SCOPE, key: hash, request_hash: "" };
    let taken = if let Some(Once::Taken(taken)) = once::find(tx, request)? {
        taken
    } else {
        let identity = parse_reporter(&sent.raw, Typist::Consumer, scene.now).map_err(ActError::Invalid)?;
        let what = casework::draft::load::<RawReport>(tx, scene, hash)?.ok_or(ActError::NotFound)?.raw;
        let parsed = parse_report(&what, &scene.house.codes, scene.now);
        let Sealing { code, files, seed, .. } = sent;
        let earlier = sent.raw.earlier_code();
        let reporter = Reporter { identity: identity.as_ref(), code, earlier: earlier.as_deref(), files, seed: *seed };
        let evidence = filing::Evidence { draft_hash: Some(hash), reporter: Some(reporter), origin: None };
        let once = once::file(tx, scene, &parsed.map_err(ActError::Invalid)?, evidence, request)?;
        let Once::Taken(taken) = once else { return Err(ActError::NotFound) };
        store::draft::delete(tx, hash)?;
        taken
    };
    let case = store::case::by_id(tx, taken.case_id)?.ok_or(ActError::NotFound)?;
    Ok((taken, case.state.turns.reporting.named == Some(true)))
}

#[derive(Template)]
#[template(path = "citizen/write.html")]
struct WritePage {
    page: CitizenPage,
    version: i64,
    words: String,
    /// What the officers wrote last and she has not answered.
    asked: String,
    errors: Errors,
}

/// A form of her page: the version she saw, and her words.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Words {
    seen: String,
    words: String,
}

/// `GET /track/write`
pub(super) async fn write(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    Ok(render::page(&write_page(&app, visit.page, pass, String::new(), Errors::none()).await?))
}

async fn write_page(
    app: &App,
    page: CitizenPage,
    pass: Pass,
    words: String,
    errors: Errors,
) -> Result<WritePage, PageError> {
    let case = acting(app, pass, Action::WriteOfficers).await?;
    let id = case.id;
    let messages = app.read(move |tx| store::report::messages(tx, id)).await?;
    let last = messages.last().filter(|_| case.state.turns.reporting.asked);
    let asked = last.map(|message| message.body.clone()).unwrap_or_default();
    Ok(WritePage { page, version: case.state.version, words, asked, errors })
}

/// `POST /track/write`
pub(super) async fn send_words(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Words>,
) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::WriteOfficers).await?;
    let (number, seen, words) = (case.number.clone(), form.seen.parse().ok(), form.words.clone());
    let done = app.act(pass.actor(), move |tx, scene| reporter::write(tx, scene, &number, seen, &words)).await;
    match judged(done, Action::WriteOfficers)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=write_officers")),
        Outcome::Again(errors, notice) => {
            Ok(acts::again(&write_page(&app, visit.with(notice), pass, form.words, errors).await?))
        }
    }
}
