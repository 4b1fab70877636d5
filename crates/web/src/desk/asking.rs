//! 登记咨询、意见建议、对工作人员的举报: one short page beside that of complaints. A question is often answered while it is taken.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::answer_phrase::{self, About, Offered};
use casework::once::{self, Once, RequestKey, Taken};
use casework::{ActError, Staff, answer, filing};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::filing::{RawAsking, Typist, parse_asking};
use domain::rule_set::Limit;
use serde::Deserialize;

use super::forms::{Typed, fault};
use super::phrase_box::{self, PhraseBox};
use super::register::{self, TYPED_BY_ITSELF, registers, spaced};
use super::{draft, labels, lead_form};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tab, Tabs};
use crate::{frame, redirect, render};

/// The kinds that have the short page.
const KINDS: [CaseKind; 3] = [CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint];

/// `GET` and `POST /desk/register/{kind}`
#[derive(askama::Template)]
#[template(path = "desk/asking.html")]
struct AskingPage {
    page: DeskPage,
    kind: CaseKind,
    tabs: Tabs,
    raw: RawAsking,
    answer: String,
    key: String,
    errors: Errors,
    channels: Vec<Choice>,
    regions: Vec<Choice>,
    categories: Vec<Choice>,
    ways: Vec<Choice>,
    promise: String,
    /// What can be put into the answer given there and then.
    phrases: Option<PhraseBox>,
}

impl AskingPage {
    fn facts(&self) -> &'static str {
        match self.kind {
            CaseKind::Suggestion => "意见或者建议",
            CaseKind::StaffComplaint => "什么情况",
            _ => "问什么",
        }
    }

    fn about(&self) -> &'static str {
        if self.kind.is_secret() { "被反映的人" } else { "和哪个商家有关" }
    }

    fn region(&self) -> &'static str {
        if self.kind.is_secret() { "哪里的局" } else { "哪里的事" }
    }
}

/// Which telephone, from the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskingQuery {
    phone: String,
}

/// The tabs above every registration page.
pub(super) fn tabs(current: Option<CaseKind>, staff: &Staff) -> Tabs {
    let tab = |kind: CaseKind| Tab {
        label: kind.label().to_owned(),
        href: match kind {
            CaseKind::Complaint => "/desk/register".to_owned(),
            _ => format!("/desk/register/{}", kind.key()),
        },
        count: None,
        current: Some(kind) == current,
    };
    let mut tabs: Vec<Tab> = [CaseKind::Complaint, CaseKind::Report].into_iter().chain(KINDS).map(tab).collect();
    // Each registers what is hers: an officer leads alone, an agent everything else.
    if registers(staff).is_err() {
        tabs.clear();
    }
    if lead_form::registers(staff).is_ok() {
        let (label, href) = ("案件线索".to_owned(), "/desk/register/lead".to_owned());
        tabs.push(Tab { label, href, count: None, current: current.is_none() });
    }
    Tabs { label: "登记什么".to_owned(), tabs }
}

fn kind_of(key: &str) -> Result<CaseKind, PageError> {
    CaseKind::from_key(key).filter(|kind| KINDS.contains(kind)).ok_or_else(PageError::not_found)
}

/// `GET /desk/register/{kind}`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Path(kind): Path<String>,
    Query(query): Query<AskingQuery>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let raw = RawAsking {
        channel: "phone".to_owned(),
        notify_by: "sms".to_owned(),
        complainant_phone: query.phone,
        ..RawAsking::default()
    };
    let key = draft::new_key(&app);
    Ok(render::page(&page(&app, &me, kind_of(&kind)?, raw, String::new(), key, Errors::none()).await?))
}

/// `POST /desk/register/{kind}`
pub(super) async fn send(
    State(app): State<App>,
    me: SignedIn,
    Path(kind): Path<String>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let (kind, typed) = (kind_of(&kind)?, Typed(typed));
    let raw = raw(&typed);
    let answered = if kind.is_secret() { String::new() } else { typed.get("answer").to_owned() };
    let key =
        Some(typed.get("key").to_owned()).filter(|key| draft::is_key(key)).unwrap_or_else(|| draft::new_key(&app));
    if !kind.is_secret() && !typed.get(phrase_box::BUTTON).is_empty() {
        let offered = offered(&app, &me, &raw).await?;
        let answer = phrase_box::put_in(&typed, Action::Answer, &offered).get("answer").to_owned();
        return Ok(render::page(&page(&app, &me, kind, raw, answer, key, Errors::none()).await?));
    }
    let (sent, sent_key, words, scope) = (raw.clone(), key.clone(), answered.clone(), draft::scope(&me.0));
    let taken = app
        .act(me.actor(), move |tx, scene| {
            let filing = parse_asking(kind, &sent, Typist::Agent, &scene.house.codes, scene.now);
            let mut faults = filing.as_ref().err().cloned().unwrap_or_default();
            if words.chars().count() > answer::ANSWER_AT_MOST_CHARACTERS {
                faults.push(fault("answer", "answer.too_long", "请控制在 2000 个字以内"));
            }
            let (Ok(filing), true) = (filing, faults.is_empty()) else { return Err(ActError::Invalid(faults)) };
            let request = RequestKey { scope: &scope, key: &sent_key, request_hash: "" };
            let before = once::find(tx, request)?;
            let taken = match once::file(tx, scene, &filing, filing::Evidence::default(), request)? {
                Once::Taken(taken) => taken,
                Once::OtherRequest => return Err(ActError::NotFound),
            };
            if before.is_none() && !words.is_empty() {
                answer::answer(tx, scene, &taken.number, None, &words, true)?;
            }
            Ok(taken)
        })
        .await;
    match taken {
        // What she may not read she is told once, here.
        Ok(taken) if kind.is_secret() => Ok(render::page(&receipt(&app, &me, taken))),
        Ok(taken) => Ok(redirect::to(&format!("/desk/register/done/{}", taken.number))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            let page = page(&app, &me, kind, raw, answered, key, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// Number and query code of what the one who took it down cannot open.
#[derive(askama::Template)]
#[template(path = "desk/asked_once.html")]
struct OncePage {
    page: DeskPage,
    number: String,
    code: String,
    bureau: String,
}

fn receipt(app: &App, me: &SignedIn, taken: Taken) -> OncePage {
    let mut page = frame::desk(&me.0, Section::Register);
    page.notice = Some(Notice::done("已登记，转本局纪检人员"));
    OncePage {
        page,
        code: spaced(&filing::query_code(app.house(), &taken.number, 0)),
        number: taken.number,
        bureau: taken.bureau,
    }
}

fn raw(typed: &Typed) -> RawAsking {
    let text = |name: &str| typed.get(name).to_owned();
    RawAsking {
        region: text("region"),
        channel: text("channel"),
        title: text("title"),
        complainant_name: text("complainant_name"),
        complainant_phone: text("complainant_phone"),
        complainant_address: text("complainant_address"),
        complainant_email: text("complainant_email"),
        notify_by: text("notify_by"),
        respondent_name: text("respondent_name"),
        category: text("category"),
        facts: text("facts"),
    }
}

/// The phrases for an answer that her bureau gives to this.
async fn offered(app: &App, me: &SignedIn, raw: &RawAsking) -> Result<Vec<Offered>, PageError> {
    let (staff, raw) = (me.0.clone(), raw.clone());
    let offered = app.look::<_, ActError>(me.actor(), move |tx, _| {
        let bureau = match staff.grants.first() {
            Some(grant) => store::organization::find(tx, grant.bureau_id)?,
            None => None,
        };
        let path = bureau.map(|bureau| bureau.path).unwrap_or_default();
        let about = About { category: &raw.category, problem: "", facts: &raw.facts };
        answer_phrase::offered_about(tx, &path, about, Action::Answer)
    });
    Ok(offered.await?)
}

async fn page(
    app: &App,
    me: &SignedIn,
    kind: CaseKind,
    mut raw: RawAsking,
    answer: String,
    key: String,
    errors: Errors,
) -> Result<AskingPage, PageError> {
    let staff = me.0.clone();
    let (regions, here, promise) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let (regions, here) = register::regions(tx, &staff)?;
            let rule_set = filing::rule_set_today(scene).map_err(ActError::Rules)?;
            let overlay = match staff.grants.first() {
                Some(grant) => {
                    let kind = domain::organization::OrganizationKind::Centre;
                    let centre = store::organization::of_bureau(tx, grant.bureau_id, kind)?.into_iter().next();
                    centre.and_then(|centre| centre.overlay)
                }
                None => None,
            };
            let limits = scene.house.book.limits(&rule_set, overlay.as_deref(), kind);
            let words = |limit: &Limit| format!("{} {}内", limit.length, limit.unit.label());
            Ok((regions, here, limits.first().map(|(_, limit)| words(limit)).unwrap_or_default()))
        })
        .await?;
    if raw.region.is_empty() {
        raw.region = here;
    }
    let phrases = match kind.is_secret() {
        true => None,
        false => PhraseBox::new(Action::Answer, offered(app, me, &raw).await?),
    };
    let codes = &app.house().codes;
    let mut channels = labels::choices(codes, "channels");
    channels.retain(|channel| !TYPED_BY_ITSELF.contains(&channel.value.as_str()));
    Ok(AskingPage {
        page: frame::desk(&me.0, Section::Register),
        kind,
        tabs: tabs(Some(kind), &me.0),
        raw,
        answer,
        key,
        errors,
        channels,
        regions,
        categories: labels::choices(codes, "goods_categories"),
        ways: labels::notify_choices(),
        promise,
        phrases,
    })
}
