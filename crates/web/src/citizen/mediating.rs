//! 申请回避、要求重新办理: what the consumer does about her mediation and after its end.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use casework::{ActError, recusal, reopening};
use domain::action::Action;
use domain::mediation::{Side, practice};
use serde::Deserialize;
use store::case::CaseRow;

use crate::app::App;
use crate::citizen::acts::{Outcome, acting, again, judged, not_now};
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, Choice, CitizenPage, Errors};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/recusal.html")]
struct RecusalPage {
    page: CitizenPage,
    version: i64,
    mediators: Vec<Choice>,
    form: Recusal,
    errors: Errors,
}

/// Whom she does not want, and why.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Recusal {
    seen: String,
    officer: String,
    reason: String,
}

pub(super) async fn ask_recusal(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = mediated(&app, pass).await?;
    let mediators = mediators(&app, &case).await?;
    let (version, form) = (case.state.version, Recusal::default());
    Ok(render::page(&RecusalPage { page: visit.page, version, mediators, form, errors: Errors::none() }))
}

/// Her case, when she was told who mediates and nothing is asked yet.
async fn mediated(app: &App, pass: Pass) -> Result<CaseRow, PageError> {
    let case = acting(app, pass, Action::RequestRecusal).await?;
    match case.state.not_now(Action::RequestRecusal) {
        Some(why) => Err(not_now(Action::RequestRecusal, why)),
        None if !case.state.notified => {
            Err(not_now(Action::RequestRecusal, "发出调解通知、告诉您调解人员以后，就可以申请。"))
        }
        None => Ok(case),
    }
}

/// The two whom her notice named.
async fn mediators(app: &App, case: &CaseRow) -> Result<Vec<Choice>, PageError> {
    let case = case.clone();
    let found = app.read(move |tx| recusal::mediators(tx, &case)).await;
    let found = found.map_err(|error: ActError| PageError::from(error))?;
    Ok(found.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}

pub(super) async fn send_recusal(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Recusal>,
) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::RequestRecusal).await?;
    let (number, seen, reason) = (case.number.clone(), form.seen.parse().ok(), form.reason.clone());
    let officer = form.officer.parse().unwrap_or_default();
    let done = app.act(pass.actor(), move |tx, scene| {
        recusal::request(tx, scene, &number, seen, Side::Complainant, officer, &reason)
    });
    match judged(done.await, Action::RequestRecusal)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=recusal")),
        Outcome::Again(errors, notice) => {
            let case = mediated(&app, pass).await?;
            let mediators = mediators(&app, &case).await?;
            let page = visit.with(notice);
            Ok(again(&RecusalPage { page, version: case.state.version, mediators, form, errors }))
        }
    }
}

#[derive(Template)]
#[template(path = "citizen/reopen.html")]
struct ReopenPage {
    page: CitizenPage,
    version: i64,
    days: i64,
    reason: String,
    errors: Errors,
}

/// What is not solved.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Unsolved {
    seen: String,
    reason: String,
}

pub(super) async fn ask_reopen(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = ended(&app, pass).await?;
    Ok(render::page(&reopen_page(visit.page, &case, String::new(), Errors::none())))
}

/// Her case, when she may still ask for more by herself.
async fn ended(app: &App, pass: Pass) -> Result<CaseRow, PageError> {
    let case = acting(app, pass, Action::Reopen).await?;
    if reopening::may_ask(&case, app.now()) && case.state.not_now(Action::Reopen).is_none() {
        return Ok(case);
    }
    let why = "告知结果的时间已久，或者已经重新办理过。请拨打 12315，由工作人员核实后决定。";
    Err(not_now(Action::Reopen, why))
}

fn reopen_page(page: CitizenPage, case: &CaseRow, reason: String, errors: Errors) -> ReopenPage {
    ReopenPage { page, version: case.state.version, days: practice().reopening.within_days, reason, errors }
}

pub(super) async fn send_reopen(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Unsolved>,
) -> Result<Response, PageError> {
    let own = app.look(pass.actor(), move |tx, scene| casework::tracking::own_case(tx, scene, pass.case_id)).await?;
    let (number, seen, reason) = (own.number.clone(), form.seen.parse().ok(), form.reason.clone());
    let done = app.act(pass.actor(), move |tx, scene| reopening::reopen(tx, scene, &number, seen, &reason)).await;
    match judged(done, Action::Reopen)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=reopen")),
        Outcome::Again(errors, notice) => {
            let case = ended(&app, pass).await?;
            Ok(again(&reopen_page(visit.with(notice), &case, form.reason, errors)))
        }
    }
}
