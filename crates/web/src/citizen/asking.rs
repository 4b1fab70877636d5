//! 咨询、意见建议、对工作人员的举报: one short page each, kept while it is typed, then the receipt (catalogue 3.1, 3.2).

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use casework::evidence::Care;
use casework::once::{self, Once, RequestKey, Taken};
use casework::{ActError, Actor, filing};
use domain::case_kind::CaseKind;
use domain::chain::hex;
use domain::clock::{Unit, beijing_day};
use domain::filing::{RawAsking, Typist, parse_asking};
use domain::organization::OrganizationKind;
use sha2::{Digest, Sha256};
use store::Tx;

use crate::app::App;
use crate::citizen::asking_draft::Shelf;
use crate::citizen::form::{Pairs, value};
use crate::citizen::frame::{self, Visit};
use crate::citizen::questions::ways;
use crate::citizen::submit::{grouped, told};
use crate::citizen::upload::{self, Box, Sent};
use crate::error::PageError;
use crate::human;
use crate::limits::{Address, Attempt};
use crate::view::{self, Choice, CitizenPage, Errors};
use crate::{redirect, render};

/// The cookie by which this browser finds its receipt again.
const COOKIE: &str = "asked";
/// Whose keys they are among those of repeated requests.
const SCOPE: &str = "asked";
const TWO_HOURS: i64 = 2 * 60 * 60;

/// What a short page asks for, in the words of its kind.
struct Words {
    path: &'static str,
    /// Where files go up while she types.
    files: &'static str,
    title: &'static str,
    lead: &'static str,
    facts: &'static str,
    facts_hint: &'static str,
    about: &'static str,
    about_hint: &'static str,
    region: &'static str,
    send: &'static str,
}

const CONSULTATION: Words = Words {
    path: "consultations",
    files: "/consultations/new/files",
    title: "我要咨询",
    lead: "消费方面的规定、商家的做法对不对、该找谁，都可以问。要商家退钱、换货、赔偿的，请用“我要投诉”。",
    facts: "您要问什么",
    facts_hint: "写清楚事情和想知道的，例如“网上买的衣服剪了吊牌还能七天无理由退货吗”",
    about: "和哪个商家有关",
    about_hint: "没有具体商家的不用填",
    region: "问哪里的市场监管局",
    send: "提交咨询",
};

const SUGGESTION: Words = Words {
    path: "suggestions",
    files: "/suggestions/new/files",
    title: "我要提意见建议",
    lead: "对消费环境、我们的工作或者规定有意见和建议，请写在这里，我们研究后答复您。",
    facts: "您的意见或者建议",
    facts_hint: "写清楚看到了什么、希望怎么改",
    about: "和哪个商家有关",
    about_hint: "没有具体商家的不用填",
    region: "提给哪里的市场监管局",
    send: "提交意见建议",
};

const STAFF_COMPLAINT: Words = Words {
    path: "staff-complaints",
    files: "/staff-complaints/new/files",
    title: "举报工作人员",
    lead: "反映市场监管局工作人员失职、刁难、索要好处等问题。只有该局纪检人员看得到，被反映的人和其他工作人员都看不到。",
    facts: "什么情况",
    facts_hint: "写明时间、地点、什么人、做了什么，有什么证据",
    about: "被反映的人",
    about_hint: "姓名、工号或者哪个所的，知道多少写多少",
    region: "哪里的市场监管局",
    send: "提交",
};

fn words(kind: CaseKind) -> &'static Words {
    match kind {
        CaseKind::Suggestion => &SUGGESTION,
        CaseKind::StaffComplaint => &STAFF_COMPLAINT,
        _ => &CONSULTATION,
    }
}

/// Where the files of a kind's form go up.
pub(super) fn files_of(kind: CaseKind) -> &'static str {
    if kind == CaseKind::Report { "/reports/new/files" } else { words(kind).files }
}

/// Where the form of a kind is.
pub(super) fn form_of(kind: CaseKind) -> String {
    let path = if kind == CaseKind::Report { "reports" } else { words(kind).path };
    format!("/{path}/new")
}

/// The kind behind an address. A report has pages of its own; its files and its draft lie where those of the others do.
pub(super) fn kind_of(path: &str) -> Result<CaseKind, PageError> {
    Ok(match path {
        "consultations" => CaseKind::Consultation,
        "suggestions" => CaseKind::Suggestion,
        "staff-complaints" => CaseKind::StaffComplaint,
        "reports" => CaseKind::Report,
        _ => return Err(PageError::not_found()),
    })
}

#[derive(Template)]
#[template(path = "citizen/asking.html")]
struct AskingPage {
    page: CitizenPage,
    words: &'static Words,
    key: String,
    raw: RawAsking,
    regions: Vec<Choice>,
    ways: Vec<Choice>,
    evidence: Box,
    /// When what stands there was kept; empty when nothing was.
    saved: String,
    errors: Errors,
    secret: bool,
}

pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(path): Path<String>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, PageError> {
    let kind = kind_of(&path)?;
    let shelf = Shelf::of(&app, kind, &headers);
    let kept = shelf.load::<RawAsking>(&app).await?;
    let key = hex(&app.fresh::<16>());
    let raw = match &kept {
        Some(draft) => draft.raw.clone(),
        None => RawAsking { notify_by: "in_app".to_owned(), ..RawAsking::default() },
    };
    let mut page = asking_page(&app, visit.page, kind, &shelf, key, raw, Errors::none()).await?;
    page.saved = kept.map(|draft| view::dates::moment(draft.saved_at, app.now())).unwrap_or_default();
    Ok((jar.add(shelf.cookie(&app)), render::page(&page)).into_response())
}

async fn asking_page(
    app: &App,
    page: CitizenPage,
    kind: CaseKind,
    shelf: &Shelf,
    key: String,
    mut raw: RawAsking,
    errors: Errors,
) -> Result<AskingPage, PageError> {
    let regions = app.read::<_, ActError>(bureaus).await?;
    if let [only] = regions.as_slice() {
        raw.region.clone_from(&only.value);
    }
    let (ways, words) = (ways(app), words(kind));
    let files = upload::waiting(app, shelf.hash.clone()).await?;
    let evidence = Box::new(app, words.files, &files, errors.get("evidence").map(str::to_owned));
    let (secret, saved) = (kind.is_secret(), String::new());
    Ok(AskingPage { page, words, key, raw, regions, ways, evidence, saved, errors, secret })
}

/// The bureaus with a centre, by the code of their division.
pub(super) fn bureaus(tx: &mut Tx<'_>) -> Result<Vec<Choice>, ActError> {
    let mut choices = Vec::new();
    for level in ["nation", "province", "city", "county"] {
        for bureau in store::organization::at_level(tx, OrganizationKind::Bureau, level)? {
            let centres = store::organization::of_bureau(tx, bureau.id, OrganizationKind::Centre)?;
            if bureau.active && !centres.is_empty() {
                choices.push(Choice::new(&bureau.region_code, &bureau.name));
            }
        }
    }
    Ok(choices)
}

/// Files what was typed. The button may be pressed twice: the same words under the same key are the same case. What is wrong, or
/// sent only to bring files, stays on the page and in the draft.
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(path): Path<String>,
    Address(address): Address,
    jar: CookieJar,
    request: Request,
) -> Result<Response, PageError> {
    let kind = kind_of(&path)?;
    app.limits().check(Attempt::Filing, address)?;
    let headers = request.headers().clone();
    let shelf = Shelf::of(&app, kind, &headers);
    let Sent { pairs, files, refused } = upload::receive_form(&app, address, request, Care::AsSent).await?;
    let (raw, typed_key) = (typed(&pairs), value(&pairs, "key").to_owned());
    let mut errors = Errors::none();
    let on_shelf = upload::Shelf::Draft(shelf.hash.clone());
    for refusal in refused.into_iter().chain(upload::put(&app, on_shelf, files).await?) {
        errors.push("evidence", refusal.to_string());
    }
    if let Ok(id) = value(&pairs, "remove").parse::<i64>() {
        upload::remove(&app, shelf.hash.clone(), id).await?;
    }
    let stays = !value(&pairs, "remove").is_empty() || !value(&pairs, "stay").is_empty();
    if stays || !errors.is_empty() {
        return again(&app, visit, kind, (&shelf, jar), typed_key, raw, errors).await;
    }
    if !human::goes_on(&app, address, &headers).await? {
        shelf.keep(&app, raw).await?;
        return Ok((jar.add(shelf.cookie(&app)), redirect::to(&format!("/human?next=/{path}/new"))).into_response());
    }
    let content = serde_json::to_string(&raw).unwrap_or_default();
    let key = hex(&Sha256::digest(format!("{path}\n{typed_key}\n{content}")));
    let (sent, kept, hash) = (raw.clone(), key.clone(), shelf.hash.clone());
    let file = move |tx: &mut Tx<'_>, scene: casework::Scene<'_>| {
        let filing = parse_asking(kind, &sent, Typist::Consumer, &scene.house.codes, scene.now);
        let filing = filing.map_err(ActError::Invalid)?;
        let request_hash = scene.house.secret.hash(SCOPE, &kept);
        let request = RequestKey { scope: SCOPE, key: &request_hash, request_hash: "" };
        let evidence = filing::Evidence { draft_hash: Some(&hash), ..filing::Evidence::default() };
        let taken = once::file(tx, scene, &filing, evidence, request)?;
        store::draft::delete(tx, &hash)?;
        Ok(taken)
    };
    let mut taken = app.act(Actor::Public, file.clone()).await;
    if matches!(taken, Err(ActError::Conflict { .. })) {
        taken = app.act(Actor::Public, file).await;
    }
    match taken {
        Ok(_) => {
            // A save that is still on its way keeps its words under a key that nobody has any more.
            let jar = jar.add(frame::cookie(&app, COOKIE, &key, TWO_HOURS)).add(shelf.forgotten(&app));
            Ok((jar, redirect::to("/asked/receipt")).into_response())
        }
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            again(&app, visit, kind, (&shelf, jar), typed_key, raw, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page once more with everything that was typed, which is kept first.
async fn again(
    app: &App,
    visit: Visit,
    kind: CaseKind,
    (shelf, jar): (&Shelf, CookieJar),
    key: String,
    raw: RawAsking,
    errors: Errors,
) -> Result<Response, PageError> {
    shelf.keep(app, raw.clone()).await?;
    let page = asking_page(app, visit.page, kind, shelf, key, raw, errors).await?;
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((jar.add(shelf.cookie(app)), render::page_with_status(status, &page)).into_response())
}

pub(super) fn typed(pairs: &Pairs) -> RawAsking {
    let text = |name: &str| value(pairs, name).trim().to_owned();
    RawAsking {
        region: text("region"),
        channel: "web".to_owned(),
        complainant_name: text("complainant_name"),
        complainant_phone: text("complainant_phone"),
        complainant_address: text("complainant_address"),
        complainant_email: text("complainant_email"),
        notify_by: text("notify_by"),
        respondent_name: text("respondent_name"),
        facts: text("facts"),
        ..RawAsking::default()
    }
}

#[derive(Template)]
#[template(path = "citizen/asked.html")]
struct AskedPage {
    page: CitizenPage,
    kind: &'static str,
    number: String,
    query_code: String,
    bureau: String,
    received: String,
    /// The day by which the answer is promised, with whose promise it is; empty when nothing is promised.
    by: String,
    basis: String,
    told: String,
    secret: bool,
}

/// The receipt, for two hours after it was sent, in this browser only.
pub(super) async fn receipt(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Result<Response, PageError> {
    let Some(key) = frame::cookie_value(&app, &headers, COOKIE) else { return Ok(redirect::to("/track")) };
    let found = app.look(Actor::Public, move |tx, scene| {
        let hash = scene.house.secret.hash(SCOPE, &key);
        let found = once::find(tx, RequestKey { scope: SCOPE, key: &hash, request_hash: "" })?;
        let Some(Once::Taken(taken)) = found else { return Ok(None) };
        let Some(case) = store::case::by_id(tx, taken.case_id)? else { return Ok(None) };
        let parties = store::party::of_case(tx, taken.case_id)?;
        let way = parties.into_iter().find(|party| party.role == "complainant").map(|party| party.notify_by);
        Ok::<_, ActError>(Some((taken, case.state.kind, way.unwrap_or_default())))
    });
    let Some((taken, kind, way)) = found.await? else { return Ok(redirect::to("/track")) };
    Ok(render::page(&asked_page(&app, visit.page, taken, kind, &way)))
}

fn asked_page(app: &App, page: CitizenPage, taken: Taken, kind: CaseKind, way: &str) -> AskedPage {
    let first = taken.deadlines.iter().min_by_key(|deadline| deadline.due_at);
    let today = beijing_day(taken.received_at);
    let unit = first.and_then(|first| Unit::from_key(&first.unit)).map_or("", Unit::label);
    AskedPage {
        page,
        kind: kind.label(),
        query_code: grouped(&filing::query_code(app.house(), &taken.number, 0)),
        received: view::dates::moment(taken.received_at, today).replace("今天", &view::dates::day(today, today)),
        by: first.map(|first| view::dates::day(first.due_day, today)).unwrap_or_default(),
        basis: first.map(|first| format!("{} {unit}内，{}", first.length, first.law)).unwrap_or_default(),
        number: taken.number,
        bureau: taken.bureau,
        told: told(app, way),
        secret: kind.is_secret(),
    }
}

/// Forgets the receipt on this device, for a telephone that others use too.
pub(super) async fn clear(State(app): State<App>, jar: CookieJar) -> Response {
    (jar.add(frame::cookie(&app, COOKIE, "", 0)), redirect::to("/")).into_response()
}
