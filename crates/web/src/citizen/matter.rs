//! 发生了什么: the story and its evidence. One form, so that a photograph can be chosen and the page sent without a script.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::draft::Draft;
use casework::evidence::Care;
use casework::{ActError, Actor};
use domain::codes::CodeTable;
use domain::filing::{self, RawFiling};

use crate::app::App;
use crate::citizen::draft::{self, DraftKey, Typed};
use crate::citizen::form::{self, Asked, Page, Sheet};
use crate::citizen::frame::Visit;
use crate::citizen::promise::{self, Promise};
use crate::citizen::upload::{self, Box, Shelf};
use crate::error::PageError;
use crate::limits::Address;
use crate::view::{self, CitizenPage, Errors};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/matter.html")]
struct MatterPage {
    page: CitizenPage,
    sheet: Sheet,
    promise: Promise,
    raw: RawFiling,
    categories: Vec<Group>,
    problems: Vec<Group>,
    evidence: Box,
    facts_at_most: u32,
    open: bool,
}

impl MatterPage {
    /// A day that the browser's calendar can show; anything else stays as it was typed.
    fn day_is_whole(&self) -> bool {
        self.raw.bought_on.is_empty() || filing::parse_day(&self.raw.bought_on).is_some()
    }
}

/// Choices of a long list under their heading.
struct Group {
    label: String,
    choices: Vec<view::Choice>,
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = if asked.fixes() { form::faults(&app, Page::Matter, &typed.draft.raw) } else { Errors::none() };
    answer(&app, visit, &typed.key, typed.draft, &asked, errors).await
}

/// Keeps what was typed and the files that came; goes on, or stays to show the files or the faults.
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    Address(address): Address,
    multipart: Multipart,
) -> Result<Response, PageError> {
    // Without a draft there is nothing to put files to.
    draft::change(&app, &key, |_| {}).await?;
    let upload::Sent { pairs, files, refused } = upload::receive(&app, address, multipart, Care::AsSent).await?;
    let mut errors = Errors::none();
    for refusal in refused.into_iter().chain(upload::put(&app, Shelf::Draft(key.clone()), files).await?) {
        errors.push("evidence", refusal.to_string());
    }
    if let Ok(id) = form::value(&pairs, "remove").parse::<i64>() {
        let key = key.clone();
        app.act(Actor::Public, move |tx, _| casework::evidence::detach(tx, &key, id)).await?;
    }
    let asked = Asked::from_check(form::value(&pairs, "check"));
    let stays = !form::value(&pairs, "remove").is_empty() || !form::value(&pairs, "stay").is_empty();
    let judged = errors.is_empty() && !stays;
    let draft = draft::change(&app, &key, move |draft| form::take(Page::Matter, &pairs, &mut draft.raw)).await?;
    if stays {
        return answer(&app, visit, &key, draft, &asked, errors).await;
    }
    let mut faults = form::faults(&app, Page::Matter, &draft.raw);
    for error in &errors {
        faults.push(error.field.clone(), error.message.clone());
    }
    let in_order = faults.is_empty();
    let draft = draft::change(&app, &key, move |draft| form::mark(draft, Page::Matter, in_order)).await?;
    if judged && in_order {
        return Ok(redirect::to(asked.next(Page::Matter)));
    }
    answer(&app, visit, &key, draft, &asked, faults).await
}

async fn answer(
    app: &App,
    visit: Visit,
    key: &str,
    draft: Draft,
    asked: &Asked,
    errors: Errors,
) -> Result<Response, PageError> {
    let shelf = key.to_owned();
    let files =
        app.look(Actor::Public, move |tx, _| Ok::<_, ActError>(store::attachment::of_draft(tx, &shelf)?)).await?;
    let error = errors.get("evidence").map(str::to_owned);
    let raw = &draft.raw;
    let page = MatterPage {
        promise: promise::today(app, &raw.region).await?,
        categories: groups(app, "goods_categories"),
        problems: groups(app, "problem_categories"),
        evidence: Box::new(app, "/complaints/new/files", &files, error),
        facts_at_most: filing::FACTS_AT_MOST_CHARACTERS as u32,
        open: [&raw.brand, &raw.model, &raw.order_number].iter().any(|value| !value.is_empty()),
        sheet: Sheet::new(Page::Matter, &draft, asked, errors, app.now()),
        page: visit.page,
        raw: draft.raw,
    };
    let status = if page.sheet.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(render::page_with_status(status, &page))
}

/// A code table as groups; a table without headings is one group without a name.
fn groups(app: &App, table: &str) -> Vec<Group> {
    let Some(table) = app.house().codes.table(table) else { return Vec::new() };
    let headings = table.codes.iter().filter(|code| table.is_heading(&code.key));
    let mut groups: Vec<Group> = headings.map(|heading| group(table, &heading.label, Some(&heading.key))).collect();
    groups.insert(0, group(table, "", None));
    groups.retain(|group| !group.choices.is_empty());
    groups
}

fn group(table: &CodeTable, label: &str, heading: Option<&str>) -> Group {
    let own = table.choices().filter(|code| code.parent.as_deref() == heading);
    let choices = own.map(|code| view::Choice::new(&code.key, &code.label)).collect();
    Group { label: label.to_owned(), choices }
}
