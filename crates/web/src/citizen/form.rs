//! 投诉表: five small pages over one draft. What was typed is kept before it is judged, so a refused page loses nothing.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::draft::Draft;
use domain::codes::CodeTable;
use domain::filing::{self, FieldError, Part, RawFiling, Typist};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::citizen::draft::{self, DraftKey, Typed};
use crate::citizen::frame::Visit;
use crate::citizen::promise::{self, Promise};
use crate::citizen::regions::{self, Regions};
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, Choice, CitizenPage, Errors, Steps};
use crate::{redirect, render};

/// Names and values as a form sends them.
pub(super) type Pairs = Vec<(String, String)>;

/// The pages, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// 商家在哪儿.
    Place,
    /// 商家是谁.
    Respondent,
    /// 发生了什么.
    Matter,
    /// 您的要求.
    Demand,
    /// 您是谁.
    You,
}

impl Page {
    pub(super) const ALL: [Page; 5] = [Page::Place, Page::Respondent, Page::Matter, Page::Demand, Page::You];

    /// Its key in the draft.
    pub(super) fn key(self) -> &'static str {
        match self {
            Page::Place => "place",
            Page::Respondent => "respondent",
            Page::Matter => "matter",
            Page::Demand => "demand",
            Page::You => "you",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Page::Place => "/complaints/new/place",
            Page::Respondent => "/complaints/new/respondent",
            Page::Matter => "/complaints/new/matter",
            Page::Demand => "/complaints/new/demand",
            Page::You => "/complaints/new/you",
        }
    }

    fn part(self) -> Part {
        match self {
            Page::Place | Page::Respondent => Part::Respondent,
            Page::Matter => Part::Matter,
            Page::Demand => Part::Demand,
            Page::You => Part::Complainant,
        }
    }

    /// The step that the reader counts.
    fn step(self) -> usize {
        match self {
            Page::Place | Page::Respondent => 1,
            Page::Matter => 2,
            Page::Demand => 3,
            Page::You => 4,
        }
    }

    fn before(self) -> &'static str {
        match self {
            Page::Place => "/complaints/new",
            Page::Respondent => Page::Place.path(),
            Page::Matter => Page::Respondent.path(),
            Page::Demand => Page::Matter.path(),
            Page::You => Page::Demand.path(),
        }
    }

    fn after(self) -> &'static str {
        match self {
            Page::Place => Page::Respondent.path(),
            Page::Respondent => Page::Matter.path(),
            Page::Matter => Page::Demand.path(),
            Page::Demand => Page::You.path(),
            Page::You => "/complaints/new/check",
        }
    }

    /// The fields it asks, in the order of the page.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Page::Place => &["region"],
            Page::Respondent => &[
                "respondent_name",
                "respondent_platform",
                "respondent_address",
                "respondent_credit_code",
                "respondent_phone",
                "respondent_contact",
            ],
            Page::Matter => {
                &["goods", "category", "problem", "bought_on", "amount", "order_number", "brand", "model", "facts"]
            }
            Page::Demand => &["demands", "demand_text", "claim"],
            Page::You => &[
                "complainant_name",
                "complainant_phone",
                "complainant_address",
                "complainant_id_kind",
                "complainant_id_number",
                "notify_by",
                "complainant_email",
                "consent_publish",
                "consent_delegate",
                "truthful",
            ],
        }
    }

    /// The page that asks a field.
    pub(super) fn of_field(field: &str) -> Page {
        Page::ALL.into_iter().find(|page| page.fields().contains(&field)).unwrap_or(Page::Matter)
    }
}

/// How a page was come to: `?check=1` from the check page, `&fix=1` to mend what it found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    check: String,
    fix: String,
}

impl Asked {
    pub(super) fn from_check(check: &str) -> Asked {
        Asked { check: check.to_owned(), fix: String::new() }
    }

    pub(super) fn fixes(&self) -> bool {
        !self.fix.is_empty()
    }

    fn checking(&self) -> bool {
        !self.check.is_empty()
    }

    /// Where to go when the page is in order.
    pub(super) fn next(&self, page: Page) -> &'static str {
        if self.checking() { "/complaints/new/check" } else { page.after() }
    }
}

/// What every page of the form has around its questions.
pub(super) struct Sheet {
    pub(super) steps: Steps,
    pub(super) errors: Errors,
    pub(super) back: &'static str,
    /// Come from the check page: goes back there.
    pub(super) checking: bool,
}

impl Sheet {
    pub(super) fn new(page: Page, draft: &Draft, asked: &Asked, errors: Errors, now: Timestamp) -> Sheet {
        Sheet {
            steps: steps(page.step(), draft, now),
            errors,
            back: if asked.checking() { "/complaints/new/check" } else { page.before() },
            checking: asked.checking(),
        }
    }

    /// The words on the button.
    pub(super) fn next_label(&self, words: &str) -> String {
        if self.checking { "保存，回到核对".to_owned() } else { format!("下一步：{words}") }
    }
}

/// `第 2 步，共 5 步 · 已保存 15:04`.
pub(super) fn steps(current: usize, draft: &Draft, now: Timestamp) -> Steps {
    let names = ["商家", "经过", "要求", "您", "核对"].map(str::to_owned).to_vec();
    Steps {
        current,
        names,
        saved: format!("已保存 {}", view::dates::moment(draft.saved_at, now).trim_start_matches("今天 ")),
    }
}

/// Notes whether a page is in order.
pub(super) fn mark(draft: &mut Draft, page: Page, in_order: bool) {
    draft.done.retain(|done| done != page.key());
    if in_order {
        draft.done.push(page.key().to_owned());
    }
}

/// The faults of one page, in the order of its fields.
pub(super) fn faults(app: &App, page: Page, raw: &RawFiling) -> Errors {
    let house = app.house();
    let found = filing::faults_of(page.part(), &with_channel(raw), Typist::Consumer, &house.codes, app.now());
    in_order(page, found).into_iter().map(|fault| (fault.field, fault.message)).collect()
}

/// A page's faults out of many.
fn in_order(page: Page, mut faults: Vec<FieldError>) -> Vec<FieldError> {
    let place = |field: &str| page.fields().iter().position(|own| *own == field);
    faults.retain(|fault| place(&fault.field).is_some());
    faults.sort_by_key(|fault| place(&fault.field));
    faults
}

/// The channel is the page's, not the consumer's.
pub(super) fn with_channel(raw: &RawFiling) -> RawFiling {
    RawFiling { channel: "web".to_owned(), ..raw.clone() }
}

/// Writes what a page sent into the draft: its own fields only. A box that is not ticked is not sent.
pub(super) fn take(page: Page, pairs: &Pairs, raw: &mut RawFiling) {
    for field in page.fields() {
        if *field == "demands" {
            raw.demands = pairs.iter().filter(|(name, _)| name == field).map(|(_, value)| value.clone()).collect();
            continue;
        }
        let sent = pairs.iter().find(|(name, _)| name == field).map(|(_, value)| kept(value));
        if let Some(own) = field_of(raw, field) {
            *own = match sent {
                Some(value) => value,
                None if *field == "truthful" => String::new(),
                None => continue,
            };
        }
    }
    if page == Page::Matter
        && let Some(day) = filing::parse_day(&raw.bought_on)
    {
        raw.bought_on = day.to_string();
    }
}

/// A value no longer than any field takes, so that a draft stays small; the parser says what is too long.
fn kept(value: &str) -> String {
    value.chars().take(filing::FACTS_AT_MOST_CHARACTERS + 1_000).collect()
}

fn field_of<'a>(raw: &'a mut RawFiling, field: &str) -> Option<&'a mut String> {
    Some(match field {
        "respondent_name" => &mut raw.respondent_name,
        "respondent_platform" => &mut raw.respondent_platform,
        "respondent_address" => &mut raw.respondent_address,
        "respondent_credit_code" => &mut raw.respondent_credit_code,
        "respondent_phone" => &mut raw.respondent_phone,
        "respondent_contact" => &mut raw.respondent_contact,
        "goods" => &mut raw.goods,
        "category" => &mut raw.category,
        "problem" => &mut raw.problem,
        "bought_on" => &mut raw.bought_on,
        "amount" => &mut raw.amount,
        "order_number" => &mut raw.order_number,
        "brand" => &mut raw.brand,
        "model" => &mut raw.model,
        "facts" => &mut raw.facts,
        "demand_text" => &mut raw.demand_text,
        "claim" => &mut raw.claim,
        "complainant_name" => &mut raw.complainant_name,
        "complainant_phone" => &mut raw.complainant_phone,
        "complainant_address" => &mut raw.complainant_address,
        "complainant_id_kind" => &mut raw.complainant_id_kind,
        "complainant_id_number" => &mut raw.complainant_id_number,
        "notify_by" => &mut raw.notify_by,
        "complainant_email" => &mut raw.complainant_email,
        "consent_publish" => &mut raw.consent_publish,
        "consent_delegate" => &mut raw.consent_delegate,
        "truthful" => &mut raw.truthful,
        _ => return None,
    })
}

/// The value of a form's field.
pub(super) fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// The choices of a code table, without headings.
pub(super) fn choices(app: &App, table: &str) -> Vec<Choice> {
    let table = app.house().codes.table(table);
    table.into_iter().flat_map(CodeTable::choices).map(|code| Choice::new(&code.key, &code.label)).collect()
}

/// `POST /complaints/new/PART/save`: what is typed so far, from the script, without a word about faults.
pub(super) async fn save(
    State(app): State<App>,
    DraftKey(key): DraftKey,
    Path(part): Path<String>,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let page = Page::ALL.into_iter().find(|page| page.key() == part && *page != Page::Place);
    let page = page.ok_or_else(PageError::not_found)?;
    keep(&app, &key, page, pairs).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn keep(app: &App, key: &str, page: Page, pairs: Pairs) -> Result<Draft, PageError> {
    let regions = Regions::get().await;
    draft::change(app, key, move |draft| {
        take(page, &pairs, &mut draft.raw);
        if page == Page::Respondent {
            choose_township(regions, &mut draft.raw.region, value(&pairs, "township"));
        }
    })
    .await
}

/// A township of the county that was chosen, or the county alone.
fn choose_township(regions: &Regions, region: &mut String, township: &str) {
    let county = regions.county_of(region);
    let known = regions.townships(county).iter().any(|(_, code, _)| *code == regions::number(township));
    if known {
        township.clone_into(region);
    } else if region.len() == 9 {
        *region = regions::text(county);
    }
}

/// Keeps what a page sent and judges it: nothing when it is in order.
async fn sent(app: &App, key: &str, page: Page, pairs: Pairs) -> Result<(Draft, Errors), PageError> {
    let draft = keep(app, key, page, pairs).await?;
    let errors = faults(app, page, &draft.raw);
    let in_order = errors.is_empty();
    if in_order != draft.done.iter().any(|done| done == page.key()) {
        draft::change(app, key, move |draft| mark(draft, page, in_order)).await?;
    }
    Ok((draft, errors))
}

/// The errors to show on a page that is only looked at: those the check page sent for.
fn asked_errors(app: &App, page: Page, draft: &Draft, asked: &Asked) -> Errors {
    if asked.fixes() { faults(app, page, &draft.raw) } else { Errors::none() }
}

fn answer<T: Template>(errors: bool, page: &T) -> Response {
    let status = if errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render::page_with_status(status, page)
}

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
    let raw = draft.raw;
    let rest = [&raw.respondent_credit_code, &raw.respondent_phone, &raw.respondent_contact];
    let page = RespondentPage {
        promise: promise::today(app, &raw.region).await?,
        place: regions.full_name(&regions::text(county)),
        may_change_place,
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
    show_you(&app, visit, typed.draft, &asked, errors).await
}

pub(super) async fn send_you(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let asked = Asked::from_check(value(&pairs, "check"));
    let (draft, errors) = sent(&app, &key, Page::You, pairs).await?;
    if errors.is_empty() {
        return Ok(redirect::to(asked.next(Page::You)));
    }
    show_you(&app, visit, draft, &asked, errors).await
}

async fn show_you(app: &App, visit: Visit, draft: Draft, asked: &Asked, errors: Errors) -> Result<Response, PageError> {
    let mut raw = draft.raw.clone();
    if raw.notify_by.is_empty() {
        "in_app".clone_into(&mut raw.notify_by);
    }
    let page = YouPage {
        promise: promise::today(app, &raw.region).await?,
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
fn ways(app: &App) -> Vec<Choice> {
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
