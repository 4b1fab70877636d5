//! 商家是谁、您的要求、您是谁: three pages of the form, alike but for their questions.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::draft::Draft;
use domain::filing::RawFiling;

use crate::app::App;
use crate::citizen::draft::{self, DraftKey, Typed};
use crate::citizen::form::{Asked, Page, Pairs, Sheet, choices, faults, sent, value};
use crate::citizen::frame::Visit;
use crate::citizen::promise::{self, Promise};
use crate::citizen::regions::{self, Regions};
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, Choice, CitizenPage, Errors};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/respondent.html")]
struct RespondentPage {
    page: CitizenPage,
    sheet: Sheet,
    promise: Promise,
    raw: RawFiling,
    place: String,
    may_change_place: bool,
    townships: Vec<Choice>,
    channels: Vec<Choice>,
    open: bool,
}

pub(super) async fn respondent(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    if !visit.served.takes(regions, regions.county_of(&typed.draft.raw.region)) {
        return Ok(redirect::to(Page::Place.path()));
    }
    let errors = asked_errors(&app, Page::Respondent, &typed.draft, &asked);
    show_respondent(&app, visit, typed.draft, &asked, errors).await
}

pub(super) async fn send_respondent(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let asked = Asked::from_check(value(&pairs, "check"));
    let (draft, errors) = sent(&app, &key, Page::Respondent, pairs).await?;
    if errors.is_empty() {
        return Ok(redirect::to(asked.next(Page::Respondent)));
    }
    show_respondent(&app, visit, draft, &asked, errors).await
}

async fn show_respondent(
    app: &App,
    visit: Visit,
    draft: Draft,
    asked: &Asked,
    errors: Errors,
) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    let county = regions.county_of(&draft.raw.region);
    let townships = regions.townships(county).iter();
    let mut sheet = Sheet::new(Page::Respondent, &draft, asked, errors, app.now());
    let may_change_place = visit.served.only_way(regions) != county;
    if !may_change_place && !sheet.checking {
        sheet.back = "/complaints/new";
    }
    let mut raw = draft.raw;
    if raw.sales_channel.is_empty() {
        let usual = if raw.respondent_platform.is_empty() { "shop" } else { "platform_shop" };
        usual.clone_into(&mut raw.sales_channel);
    }
    let rest = [&raw.respondent_credit_code, &raw.respondent_phone, &raw.respondent_contact];
    let page = RespondentPage {
        promise: promise::today(app, &raw.region).await?,
        place: regions.full_name(&regions::text(county)),
        may_change_place,
        channels: choices(app, "sales_channels"),
        townships: townships.map(|(_, code, name)| Choice::new(code.to_string(), &**name)).collect(),
        open: rest.iter().any(|value| !value.is_empty()),
        page: visit.page,
        sheet,
        raw,
    };
    Ok(answer(!page.sheet.errors.is_empty(), &page))
}

#[derive(Template)]
#[template(path = "citizen/demand.html")]
struct DemandPage {
    page: CitizenPage,
    sheet: Sheet,
    promise: Promise,
    raw: RawFiling,
    demands: Vec<Choice>,
}

pub(super) async fn demand(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = asked_errors(&app, Page::Demand, &typed.draft, &asked);
    show_demand(&app, visit, typed.draft, &asked, errors).await
}

pub(super) async fn send_demand(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let asked = Asked::from_check(value(&pairs, "check"));
    let (draft, errors) = sent(&app, &key, Page::Demand, pairs).await?;
    if errors.is_empty() {
        return Ok(redirect::to(asked.next(Page::Demand)));
    }
    show_demand(&app, visit, draft, &asked, errors).await
}

async fn show_demand(
    app: &App,
    visit: Visit,
    draft: Draft,
    asked: &Asked,
    errors: Errors,
) -> Result<Response, PageError> {
    let page = DemandPage {
        promise: promise::today(app, &draft.raw.region).await?,
        demands: choices(app, "demands"),
        sheet: Sheet::new(Page::Demand, &draft, asked, errors, app.now()),
        page: visit.page,
        raw: draft.raw,
    };
    Ok(answer(!page.sheet.errors.is_empty(), &page))
}

#[derive(Template)]
#[template(path = "citizen/you.html")]
struct YouPage {
    page: CitizenPage,
    sheet: Sheet,
    promise: Promise,
    raw: RawFiling,
    /// Somebody acts for her, or complains with her.
    others: bool,
    ways: Vec<Choice>,
    id_kinds: Vec<Choice>,
    id_open: bool,
}

pub(super) async fn you(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = asked_errors(&app, Page::You, &typed.draft, &asked);
    let others = !typed.draft.raw.parties.is_empty();
    show_you(&app, visit, typed.draft, others, &asked, errors).await
}

pub(super) async fn send_you(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let asked = Asked::from_check(value(&pairs, "check"));
    let others = value(&pairs, "others") == "yes";
    let (draft, errors) = sent(&app, &key, Page::You, pairs).await?;
    if !errors.is_empty() {
        return show_you(&app, visit, draft, others, &asked, errors).await;
    }
    if others {
        return Ok(redirect::to(&asked.on(Page::Others)));
    }
    if !draft.raw.parties.is_empty() {
        draft::change(&app, &key, |draft| draft.raw.parties.clear()).await?;
    }
    Ok(redirect::to(asked.next(Page::You)))
}

async fn show_you(
    app: &App,
    visit: Visit,
    draft: Draft,
    others: bool,
    asked: &Asked,
    errors: Errors,
) -> Result<Response, PageError> {
    let mut raw = draft.raw.clone();
    if raw.notify_by.is_empty() {
        "in_app".clone_into(&mut raw.notify_by);
    }
    let page = YouPage {
        promise: promise::today(app, &raw.region).await?,
        others,
        ways: ways(app),
        id_kinds: choices(app, "id_kinds"),
        id_open: !raw.complainant_id_kind.is_empty() || !raw.complainant_id_number.is_empty(),
        sheet: Sheet::new(Page::You, &draft, asked, errors, app.now()),
        page: visit.page,
        raw,
    };
    Ok(answer(!page.sheet.errors.is_empty(), &page))
}

/// How she can be told. What is not set up yet says so instead of promising.
pub(super) fn ways(app: &App) -> Vec<Choice> {
    let ready = |channel: &str| app.house().settings.gateways.contains_key(channel);
    let way = |channel: &str, words: &str, not_ready: &str| {
        let choice = Choice::new(channel, words);
        if ready(channel) { choice } else { choice.explained(not_ready) }
    };
    vec![
        Choice::new("in_app", "自己在网上查").explained("凭编号和查询码，随时可看"),
        way("sms", "手机短信", "本单位的短信通道还没有开通，开通前由工作人员打电话告诉您"),
        way("email", "电子邮件", "本单位的邮件通道还没有开通，开通前由工作人员打电话告诉您"),
        Choice::new("phone", "打电话"),
        Choice::new("letter", "寄信").explained("寄到您填的通讯地址"),
    ]
}

/// The words for a way of being told.
pub(super) fn way_label(key: &str) -> &'static str {
    match key {
        "sms" => "手机短信",
        "email" => "电子邮件",
        "phone" => "打电话",
        "letter" => "寄信",
        _ => "自己在网上查",
    }
}

/// The errors to show on a page that is only looked at: those the check page sent for.
pub(super) fn asked_errors(app: &App, page: Page, draft: &Draft, asked: &Asked) -> Errors {
    if asked.fixes() { faults(app, page, &draft.raw) } else { Errors::none() }
}

pub(super) fn answer<T: Template>(errors: bool, page: &T) -> Response {
    let status = if errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render::page_with_status(status, page)
}
