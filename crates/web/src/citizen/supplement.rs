//! 补充要求的材料: exactly what was asked for, and a form on which she brings it.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::evidence::Care;
use casework::supplement::{self, Brought};
use casework::{ActError, tracking};
use domain::action::Action;
use domain::materials;
use store::supplement::SupplementRow;

use crate::app::App;
use crate::citizen::acts::{Outcome, acting, judged};
use crate::citizen::form;
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::citizen::upload::{self, Box, Shelf};
use crate::error::PageError;
use crate::limits::Address;
use crate::view::{self, Choice, CitizenPage, Errors};
use crate::{redirect, render};

/// What she is asked for, as her page says it.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// What, a line each.
    pub(super) items: Vec<String>,
    /// By which day.
    pub(super) by: String,
    /// Proof of identity.
    pub(super) identity: bool,
    /// The day is past; she may still bring it until the decision.
    pub(super) late: bool,
}

/// The requests that still wait for her.
pub(super) fn wanted(rows: &[SupplementRow], now: jiff::Timestamp) -> Vec<Wanted> {
    let today = domain::clock::beijing_day(now);
    let open = rows.iter().filter(|row| row.answered_at.is_none());
    open.map(|row| {
        let mut items: Vec<String> =
            row.wanted.split(',').filter_map(materials::find).map(|material| material.ask.clone()).collect();
        if !row.words.is_empty() {
            items.push(row.words.clone());
        }
        Wanted {
            items,
            by: view::dates::day(row.by_day, today),
            identity: row.kind == "identity",
            late: row.by_day < today,
        }
    })
    .collect()
}

#[derive(Template)]
#[template(path = "citizen/supplement.html")]
struct SupplementPage {
    page: CitizenPage,
    version: i64,
    wanted: Vec<Wanted>,
    form: Brought,
    id_kinds: Vec<Choice>,
    /// Whether her name, telephone or address is asked for.
    contact: bool,
    identity: bool,
    evidence: Box,
    errors: Errors,
}

/// `GET /track/supplement`
pub(super) async fn ask(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Supplement).await?;
    show(&app, visit.page, pass, case.state.version, Brought::default(), Errors::none()).await
}

async fn show(
    app: &App,
    page: CitizenPage,
    pass: Pass,
    version: i64,
    form: Brought,
    errors: Errors,
) -> Result<Response, PageError> {
    let asked = app.look(pass.actor(), move |tx, scene| {
        tracking::own_case(tx, scene, pass.case_id)?;
        Ok::<_, ActError>(store::supplement::of_case(tx, pass.case_id)?)
    });
    let asked = asked.await?;
    let files = upload::waiting(app, upload::waiting_hash(app, pass.case_id)).await?;
    let bad = !errors.is_empty() || page.notice.is_some();
    let evidence = Box::new(app, "/track/evidence/files", &files, errors.get("evidence").map(str::to_owned));
    let codes = app.house().codes.table("id_kinds");
    let id_kinds = codes.map(|table| table.choices().map(|code| Choice::new(&code.key, code.label.clone())).collect());
    let open = || asked.iter().filter(|row| row.answered_at.is_none());
    let template = SupplementPage {
        page,
        version,
        wanted: wanted(&asked, app.now()),
        form,
        id_kinds: id_kinds.unwrap_or_default(),
        contact: open().any(|row| row.wanted.contains("complainant_")),
        identity: open().any(|row| row.kind == "identity"),
        evidence,
        errors,
    };
    Ok(if bad {
        render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &template)
    } else {
        render::page(&template)
    })
}

/// `POST /track/supplement`: takes the files in and answers the request; what does not fit stops it, the rest stays on the page.
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Address(address): Address,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let upload::Sent { pairs, files, refused } = upload::receive(&app, address, multipart, Care::AsSent).await?;
    let text = |name: &str| form::value(&pairs, name).trim().to_owned();
    let brought = Brought {
        name: text("name"),
        phone: text("phone"),
        address: text("address"),
        id_kind: text("id_kind"),
        id_number: text("id_number"),
        note: text("note"),
    };
    let seen: Option<i64> = text("seen").parse().ok();
    // A form sent twice: the first one answered, and her own event says so.
    let case = match acting(&app, pass, Action::Supplement).await {
        Ok(case) => case,
        Err(error) => {
            return match repeated(&app, pass, seen).await? {
                true => Ok(redirect::to("/track/case?done=supplement")),
                false => Err(error),
            };
        }
    };
    let mut errors = Errors::none();
    for refusal in refused.into_iter().chain(upload::put(&app, Shelf::Case(pass.case_id), files).await?) {
        errors.push("evidence", refusal.to_string());
    }
    let hash = upload::waiting_hash(&app, pass.case_id);
    let version = case.state.version;
    if let Ok(id) = form::value(&pairs, "remove").parse::<i64>() {
        upload::remove(&app, hash, id).await?;
        return show(&app, visit.page, pass, version, brought, Errors::none()).await;
    }
    if !errors.is_empty() || !form::value(&pairs, "stay").is_empty() {
        return show(&app, visit.page, pass, version, brought, errors).await;
    }
    let (number, sent) = (case.number.clone(), brought.clone());
    let done =
        app.act(pass.actor(), move |tx, scene| supplement::bring(tx, scene, &number, seen, &sent, Some(&hash))).await;
    match judged(done, Action::Supplement)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=supplement")),
        Outcome::Again(errors, notice) => {
            let version = acting(&app, pass, Action::Supplement).await?.state.version;
            let renamed = errors.iter().map(|error| (in_form(&error.field), error.message.clone())).collect();
            show(&app, visit.with(notice), pass, version, brought, renamed).await
        }
    }
}

/// Whether the next thing that happened after the page was her own answer.
async fn repeated(app: &App, pass: Pass, seen: Option<i64>) -> Result<bool, PageError> {
    let Some(seen) = seen else { return Ok(false) };
    let events = app.look(pass.actor(), move |tx, scene| {
        tracking::own_case(tx, scene, pass.case_id)?;
        Ok::<_, ActError>(store::event::of_case(tx, pass.case_id)?)
    });
    let next = events.await?.into_iter().find(|event| event.number > seen);
    Ok(next.is_some_and(|event| event.act == Action::Supplement.key() && event.actor_kind == "complainant"))
}

/// The core speaks of `files`, the page of `evidence`.
fn in_form(field: &str) -> String {
    if field == "files" { "evidence".to_owned() } else { field.to_owned() }
}
