//! 投诉表: five small pages over one draft. What was typed is kept before it is judged, so a refused page loses nothing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::draft::Draft;
use domain::codes::CodeTable;
use domain::filing::{self, FieldError, Part, RawFiling, Typist};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::citizen::draft::{self, DraftKey};
use crate::citizen::regions::{self, Regions};
use crate::desk::{forms, parties_form};
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, Choice, Errors, Steps};

/// Names and values as a form sends them.
pub(crate) type Pairs = Vec<(String, String)>;

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
    /// 还有谁: only when she says that there is somebody.
    Others,
}

impl Page {
    /// Those that everybody fills in.
    pub(super) const ALL: [Page; 5] = [Page::Place, Page::Respondent, Page::Matter, Page::Demand, Page::You];

    /// Its key in the draft.
    pub(super) fn key(self) -> &'static str {
        match self {
            Page::Place => "place",
            Page::Respondent => "respondent",
            Page::Matter => "matter",
            Page::Demand => "demand",
            Page::You => "you",
            Page::Others => "others",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Page::Place => "/complaints/new/place",
            Page::Respondent => "/complaints/new/respondent",
            Page::Matter => "/complaints/new/matter",
            Page::Demand => "/complaints/new/demand",
            Page::You => "/complaints/new/you",
            Page::Others => "/complaints/new/others",
        }
    }

    fn part(self) -> Part {
        match self {
            Page::Place | Page::Respondent => Part::Respondent,
            Page::Matter => Part::Matter,
            Page::Demand => Part::Demand,
            Page::You => Part::Complainant,
            Page::Others => Part::Parties,
        }
    }

    /// The step that the reader counts.
    fn step(self) -> usize {
        match self {
            Page::Place | Page::Respondent => 1,
            Page::Matter => 2,
            Page::Demand => 3,
            Page::You | Page::Others => 4,
        }
    }

    fn before(self) -> &'static str {
        match self {
            Page::Place => "/complaints/new",
            Page::Respondent => Page::Place.path(),
            Page::Matter => Page::Respondent.path(),
            Page::Demand => Page::Matter.path(),
            Page::You => Page::Demand.path(),
            Page::Others => Page::You.path(),
        }
    }

    fn after(self) -> &'static str {
        match self {
            Page::Place => Page::Respondent.path(),
            Page::Respondent => Page::Matter.path(),
            Page::Matter => Page::Demand.path(),
            Page::Demand => Page::You.path(),
            Page::You | Page::Others => "/complaints/new/check",
        }
    }

    /// The fields it asks, in the order of the page.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Page::Place => &["region"],
            Page::Respondent => &[
                "respondent_name",
                "sales_channel",
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
            // As many as there are people: named by `further_party::field_of`.
            Page::Others => &[],
        }
    }

    /// The page that asks a field.
    pub(super) fn of_field(field: &str) -> Page {
        let holds = |page: &Page| page.fields().contains(&field);
        let page = if Part::Parties.holds(field) { Some(Page::Others) } else { Page::ALL.into_iter().find(holds) };
        page.unwrap_or(Page::Matter)
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

    /// A page on the way to the same place.
    pub(super) fn on(&self, page: Page) -> String {
        if self.checking() { format!("{}?check=1", page.path()) } else { page.path().to_owned() }
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
    if page == Page::Others {
        return faults;
    }
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
    if page == Page::Others {
        raw.parties = parties_form::rows(&forms::Typed(pairs.clone()));
    }
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
        "sales_channel" => &mut raw.sales_channel,
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
    let pages = Page::ALL.into_iter().chain([Page::Others]);
    let page = pages.into_iter().find(|page| page.key() == part && *page != Page::Place);
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
pub(super) async fn sent(app: &App, key: &str, page: Page, pairs: Pairs) -> Result<(Draft, Errors), PageError> {
    let draft = keep(app, key, page, pairs).await?;
    let errors = faults(app, page, &draft.raw);
    let in_order = errors.is_empty();
    if in_order != draft.done.iter().any(|done| done == page.key()) {
        draft::change(app, key, move |draft| mark(draft, page, in_order)).await?;
    }
    Ok((draft, errors))
}
