//! 登记: what an agent takes down from a call, a visit or a letter, on one page (3.3); then the number and the query code to read out.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::filing::{self, Evidence};
use casework::once::{self, Once, RequestKey};
use casework::{ActError, Scene, Staff, record};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::filing::{RawFiling, Typist};
use domain::organization::OrganizationKind;
use domain::role::Role;
use jiff::SignedDuration;
use serde::Deserialize;
use store::Tx;

use super::caller::{self, Caller};
use super::draft::{self, Unfinished};
use super::forms::Typed;
use super::parties_form::{self, PartyRow};
use super::{asking, case_view, labels};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, ClockView, DeskPage, Errors, Notice, Section, Tabs};
use crate::{frame, redirect, render};

/// How long the one who registered may still read the query code from the screen.
const CODE_SHOWN: SignedDuration = SignedDuration::from_mins(30);
/// Channels by which nobody types for the consumer.
pub(super) const TYPED_BY_ITSELF: &[&str] = &["web", "wechat", "app", "mini_program", "api", "own_finding"];

/// `GET` and `POST /desk/register`
#[derive(askama::Template)]
#[template(path = "desk/register.html")]
struct RegisterPage {
    page: DeskPage,
    tabs: Tabs,
    raw: RawFiling,
    parties: Vec<PartyRow>,
    /// Somebody comes with the complaint.
    parties_open: bool,
    key: String,
    saved: String,
    errors: Errors,
    channels: Vec<Choice>,
    regions: Vec<Choice>,
    categories: Vec<Choice>,
    problems: Vec<Choice>,
    demands: Vec<Choice>,
    ways: Vec<Choice>,
    id_kinds: Vec<Choice>,
    sales_channels: Vec<Choice>,
    caller: Caller,
    drafts: Vec<Unfinished>,
    promise: String,
}

/// Which draft to go on with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RegisterQuery {
    draft: String,
    phone: String,
}

/// What the page needs from the database.
struct Around {
    regions: Vec<Choice>,
    here: String,
    caller: Caller,
    drafts: Vec<Unfinished>,
    promise: String,
}

/// `GET /desk/register`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<RegisterQuery>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let raw = RawFiling {
        channel: "phone".to_owned(),
        notify_by: "sms".to_owned(),
        sales_channel: "shop".to_owned(),
        ..RawFiling::default()
    };
    let mut typed = RawFiling { complainant_phone: query.phone.clone(), ..raw };
    let (mut key, mut saved) = (draft::new_key(&app), String::new());
    if draft::is_key(&query.draft) {
        let (asked, owner) = (query.draft.clone(), draft::owner(&me.0));
        let kept = app.read::<_, ActError>(move |tx| Ok(store::draft::get(tx, &asked, &owner)?)).await?;
        if let Some(kept) = kept.and_then(|text| serde_json::from_str(&text).ok()) {
            (typed, key) = (kept, query.draft);
            "接着上次没有填完的".clone_into(&mut saved);
        }
    }
    let around = around(&app, &me, &typed, &key).await?;
    if typed.region.is_empty() {
        typed.region.clone_from(&around.here);
    }
    Ok(render::page(&page(&app, &me, typed, key, saved, around, Errors::none())))
}

/// `POST /desk/register`
pub(super) async fn register(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let typed = Typed(typed);
    let kept = draft::raw(&typed);
    let key =
        Some(typed.get("draft").to_owned()).filter(|key| draft::is_key(key)).unwrap_or_else(|| draft::new_key(&app));
    // 查: the earlier cases, without a script.
    if typed.has("look") || parties_form::changes_rows(&typed) {
        let around = around(&app, &me, &kept, &key).await?;
        return Ok(render::page(&page(&app, &me, kept, key, String::new(), around, Errors::none())));
    }
    let (sent, draft_key, scope) = (kept.clone(), key.clone(), draft::scope(&me.0));
    let taken = app
        .act(me.actor(), move |tx, scene| {
            let filing = domain::filing::parse(&sent, Typist::Agent, &scene.house.codes, scene.now)
                .map_err(ActError::Invalid)?;
            let request = RequestKey { scope: &scope, key: &draft_key, request_hash: "" };
            let taken = match once::file(tx, scene, &filing, Evidence::default(), request)? {
                Once::Taken(taken) => taken,
                Once::OtherRequest => return Err(ActError::NotFound),
            };
            store::draft::delete(tx, &draft_key)?;
            Ok(taken)
        })
        .await;
    match taken {
        Ok(taken) => Ok(redirect::to(&format!("/desk/register/done/{}", taken.number))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            let around = around(&app, &me, &kept, &key).await?;
            let page = page(&app, &me, kept, key, String::new(), around, errors);
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is read out to the one who called.
#[derive(askama::Template)]
#[template(path = "desk/registered.html")]
struct RegisteredPage {
    page: DeskPage,
    number: String,
    title: String,
    kind: CaseKind,
    answered: bool,
    code: String,
    limits: Vec<ClockView>,
    told: String,
    /// Why this bureau has the power.
    why: Vec<String>,
    why_article: String,
}

/// `GET /desk/register/done/{number}`: number and code, for the one who registered and for as long as a call may last.
pub(super) async fn done(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let (asked, now, account) = (number.clone(), app.now(), me.0.account_id);
    let found = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = record::readable(tx, scene, &asked)?;
            let events = store::event::of_case(tx, case.id)?;
            let hers = events.first().is_some_and(|first| {
                first.actor_kind == "staff" && first.actor_id == Some(account) && now - CODE_SHOWN < first.at
            });
            let parties = store::party::of_case(tx, case.id)?;
            let notify_by =
                parties.iter().find(|party| party.role == "complainant").map(|party| party.notify_by.clone());
            let why = match case.state.kind.is_answered() {
                true => None,
                false => Some(casework::jurisdiction::advise(tx, scene, &case)?),
            };
            Ok((hers, store::deadline::of_case(tx, case.id)?, notify_by.unwrap_or_default(), why, case))
        })
        .await?;
    let (hers, deadlines, notify_by, why, case) = found;
    if !hers {
        return Ok(redirect::to(&format!("/desk/cases/{number}")));
    }
    let (house, calendar) = (app.house(), app.house().calendar());
    let running = deadlines.iter().filter(|row| row.stopped_at.is_none());
    let mut page = frame::desk(&me.0, Section::Register);
    page.notice = Some(Notice::done("已登记"));
    Ok(render::page(&RegisteredPage {
        page,
        title: case.matter.title.clone(),
        kind: case.state.kind,
        answered: !case.state.status.is_open(),
        code: spaced(&filing::query_code(house, &number, case.query_code_round)),
        limits: running.map(|row| case_view::clock_of(row).clock(&calendar, now)).collect(),
        told: labels::notify_by(&notify_by).to_owned(),
        why_article: why.as_ref().and_then(|it| it.ruling.as_ref()).map(|it| it.article.clone()).unwrap_or_default(),
        why: why.map(|it| it.reasons).unwrap_or_default(),
        number,
    }))
}

/// In groups of four, as one reads it out.
pub(super) fn spaced(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Registers at all? Agents, shift leads and dispatchers.
pub(super) fn registers(staff: &Staff) -> Result<(), PageError> {
    if [Role::IntakeAgent, Role::ShiftLead, Role::Dispatcher].into_iter().any(|role| staff.holds(role)) {
        Ok(())
    } else {
        Err(PageError::forbidden("登记由坐席、值班长或者分送员办理。"))
    }
}

async fn around(app: &App, me: &SignedIn, raw: &RawFiling, key: &str) -> Result<Around, PageError> {
    let (staff, raw, key) = (me.0.clone(), raw.clone(), key.to_owned());
    let around = app.look::<_, ActError>(me.actor(), move |tx, scene| {
        let (regions, here) = regions(tx, &staff)?;
        let asked = caller::Asked {
            phone: raw.complainant_phone.clone(),
            name: raw.respondent_name.clone(),
            code: raw.respondent_credit_code.clone(),
            order: raw.order_number.clone(),
            facts: raw.facts.clone(),
        };
        let mut drafts = draft::unfinished(tx, &staff, scene.now)?;
        drafts.retain(|draft| draft.key != key);
        Ok(Around {
            regions,
            here,
            caller: caller::look_up(tx, scene, &staff, &asked)?,
            drafts,
            promise: promise(scene),
        })
    });
    Ok(around.await?)
}

/// Her bureau's townships by their offices, the counties below a city, and the whole of her own division.
pub(super) fn regions(tx: &mut Tx<'_>, staff: &Staff) -> Result<(Vec<Choice>, String), ActError> {
    let Some(grant) = staff.grants.iter().find(|grant| grant.role.reads_cases()) else {
        return Ok((Vec::new(), String::new()));
    };
    let Some(bureau) = store::organization::find(tx, grant.bureau_id)? else { return Ok((Vec::new(), String::new())) };
    let place = |name: &str| {
        let ends = ["市场监督管理所", "市场监督管理局", "市场监管所", "市场监管局"];
        ends.into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
    };
    let mut choices = vec![Choice::new(&bureau.region_code, format!("{}，街道不清楚", bureau.short_name))];
    for office in store::organization::of_bureau(tx, bureau.id, OrganizationKind::Office)? {
        choices.push(Choice::new(&office.region_code, place(&office.name)));
    }
    for below in store::organization::children(tx, bureau.id)? {
        if below.kind == OrganizationKind::Bureau {
            choices.push(Choice::new(&below.region_code, place(&below.name)));
        }
    }
    Ok((choices, bureau.region_code))
}

/// The day by which the consumer hears whether it is accepted, if it is registered now.
fn promise(scene: Scene<'_>) -> String {
    let Ok(key) = filing::rule_set_today(scene) else { return String::new() };
    let Some(set) = scene.house.book.get(&key) else { return String::new() };
    let Some(limit) = set.limit("acceptance") else { return String::new() };
    let due = set.due(limit, &scene.house.calendar(), scene.now, 0, &[], None);
    view::dates::day(due.day, beijing_day(scene.now))
}

fn page(
    app: &App,
    me: &SignedIn,
    typed: RawFiling,
    key: String,
    saved: String,
    around: Around,
    errors: Errors,
) -> RegisterPage {
    let codes = &app.house().codes;
    let mut channels = labels::choices(codes, "channels");
    channels.retain(|channel| !TYPED_BY_ITSELF.contains(&channel.value.as_str()));
    RegisterPage {
        page: frame::desk(&me.0, Section::Register),
        tabs: asking::tabs(Some(CaseKind::Complaint), &me.0),
        parties_open: !typed.parties.is_empty(),
        parties: parties_form::asked(codes, &typed.parties),
        raw: typed,
        key,
        saved,
        errors,
        channels,
        regions: around.regions,
        categories: labels::choices(codes, "goods_categories"),
        problems: labels::choices(codes, "problem_categories"),
        demands: labels::choices(codes, "demands"),
        ways: labels::notify_choices(),
        id_kinds: labels::choices(codes, "id_kinds"),
        sales_channels: labels::choices(codes, "sales_channels"),
        caller: around.caller,
        drafts: around.drafts,
        promise: around.promise,
    }
}
