//! 补充材料、催办、撤回、评价: what the consumer does from her tracking page.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{ActError, consumer, feedback, tracking};
use domain::action::Action;
use domain::procedure::{self, Standing, WhyNot};
use domain::status::Status;
use serde::Deserialize;
use store::case::CaseRow;

use crate::app::App;
use crate::citizen::form;
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::citizen::upload::{self, Box, Shelf};
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::Address;
use crate::view::{self, CitizenPage, ErrorPage, Errors, Notice};
use crate::{redirect, render};

/// Her case, if this act is lawful on it now; else a page that says why not.
pub(super) async fn acting(app: &App, pass: Pass, action: Action) -> Result<CaseRow, PageError> {
    let case = app.look(pass.actor(), move |tx, scene| tracking::own_case(tx, scene, pass.case_id)).await?;
    match procedure::step(case.state.kind, case.state.status, action, &Standing::complainant()) {
        Ok(_) => match case.state.not_now(action) {
            None => Ok(case),
            Some(why) => Err(not_now(action, why)),
        },
        Err(_) => Err(not_now(action, why_not(action, case.state.status))),
    }
}

/// Why not, in her words.
fn why_not(action: Action, status: Status) -> &'static str {
    match (action, status) {
        (_, Status::Withdrawn) => "这件已经按您的要求撤回。",
        (Action::Rate | Action::Reopen, Status::Refused) => "这件投诉没有受理。对决定有意见，可以拨打 12315 反映。",
        (Action::RequestRecusal, _) => "只有在调解期间才能申请回避。对结果有意见，可以拨打 12315 反映。",
        (Action::Reopen, _) => "这件投诉正在办理，不用再要求重新办理。想问进展，可以催一下。",
        (Action::Rate, _) => "办完并告知您结果以后，就可以评价了。",
        (Action::Withdraw, _) => "这件已经有了结果，不能再撤回。",
        (Action::Urge, _) => "这件已经办结，不用催办了。对结果有疑问，请拨打 12315。",
        _ => "这件已经归档。有新的情况，请重新提交或者拨打 12315。",
    }
}

pub(super) fn not_now(action: Action, why: &str) -> PageError {
    let title = match action {
        Action::Urge => "现在不用催办了",
        Action::Withdraw => "现在不能撤回了",
        Action::Rate => "现在还不能评价",
        Action::RequestRecusal => "现在不能申请回避",
        Action::Reopen => "现在不能要求重新办理",
        _ => "现在不能补充材料了",
    };
    ErrorPage::new(409, "act.not_from_here", title, why.to_owned())
        .kept("没有任何内容被改动。")
        .link("回到这一件", "/track/case")
        .into()
}

/// The answer to an act: done, or the form again with what is wrong, or why it cannot be done.
pub(super) enum Outcome {
    Done,
    Again(Errors, Option<Notice>),
}

pub(super) fn judged(done: Result<CaseRow, ActError>, action: Action) -> Result<Outcome, PageError> {
    match done {
        Ok(_) => Ok(Outcome::Done),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            Ok(Outcome::Again(errors, None))
        }
        Err(error @ ActError::Conflict { .. }) => {
            Ok(Outcome::Again(Errors::none(), Some(Notice::warning("这件刚刚有了变化").text(error.to_string()))))
        }
        Err(ActError::NotLawful(WhyNot::NotNow { why })) => Err(not_now(action, why)),
        Err(ActError::NotLawful(WhyNot::NotFromHere { status, .. })) => Err(not_now(action, why_not(action, status))),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "citizen/urge.html")]
struct UrgePage {
    page: CitizenPage,
    version: i64,
    words: String,
    errors: Errors,
}

/// A form of her page: the version she saw, and her words.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Words {
    seen: String,
    words: String,
}

pub(super) async fn urge(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Urge).await?;
    if case.state.urge_open {
        return Err(not_now(Action::Urge, "您已经催办过，承办单位正在答复，请稍等。"));
    }
    let version = case.state.version;
    Ok(render::page(&UrgePage { page: visit.page, version, words: String::new(), errors: Errors::none() }))
}

pub(super) async fn send_urge(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Words>,
) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Urge).await?;
    let (number, seen, words) = (case.number.clone(), form.seen.parse().ok(), form.words.clone());
    let done = app.act(pass.actor(), move |tx, scene| consumer::urge(tx, scene, &number, seen, &words)).await;
    match judged(done, Action::Urge)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=urge")),
        Outcome::Again(errors, notice) => {
            let version = acting(&app, pass, Action::Urge).await?.state.version;
            Ok(again(&UrgePage { page: visit.with(notice), version, words: form.words, errors }))
        }
    }
}

#[derive(Template)]
#[template(path = "citizen/withdraw.html")]
struct WithdrawPage {
    page: CitizenPage,
    version: i64,
    words: String,
    kind: &'static str,
    with_officers: bool,
    errors: Errors,
}

pub(super) async fn withdraw(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Withdraw).await?;
    Ok(render::page(&withdraw_page(visit.page, &case, String::new(), Errors::none())))
}

fn withdraw_page(page: CitizenPage, case: &CaseRow, words: String, errors: Errors) -> WithdrawPage {
    let kind = case.state.kind;
    let with_officers = case.state.lead.is_some() && !kind.is_answered();
    WithdrawPage { page, version: case.state.version, words, kind: kind.label(), with_officers, errors }
}

pub(super) async fn send_withdraw(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Words>,
) -> Result<Response, PageError> {
    let case = own_or_gone(&app, pass).await?;
    let (number, seen, words) = (case.number.clone(), form.seen.parse().ok(), form.words.clone());
    let done = app.act(pass.actor(), move |tx, scene| consumer::withdraw(tx, scene, &number, seen, &words)).await;
    match judged(done, Action::Withdraw)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=withdraw")),
        Outcome::Again(errors, notice) => {
            let case = acting(&app, pass, Action::Withdraw).await?;
            Ok(again(&withdraw_page(visit.with(notice), &case, form.words, errors)))
        }
    }
}

/// Her case whatever its state: a repeated request is judged by the act itself.
async fn own_or_gone(app: &App, pass: Pass) -> Result<CaseRow, PageError> {
    Ok(app.look(pass.actor(), move |tx, scene| tracking::own_case(tx, scene, pass.case_id)).await?)
}

#[derive(Template)]
#[template(path = "citizen/rate.html")]
struct RatePage {
    page: CitizenPage,
    version: i64,
    form: Rating,
    marks: Vec<view::Choice>,
    errors: Errors,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rating {
    seen: String,
    solved: String,
    mark: String,
    words: String,
}

pub(super) async fn rate(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Rate).await?;
    let form = case.state.rating.map_or_else(Rating::default, |rating| Rating {
        solved: if rating.solved { "yes" } else { "no" }.to_owned(),
        mark: rating.mark.to_string(),
        ..Rating::default()
    });
    Ok(render::page(&rate_page(visit.page, case.state.version, form, Errors::none())))
}

fn rate_page(page: CitizenPage, version: i64, form: Rating, errors: Errors) -> RatePage {
    let words = ["很不满意", "不满意", "一般", "满意", "很满意"];
    let mark = |(place, words): (usize, &&str)| {
        view::Choice::new((place + 1).to_string(), format!("{} 分 {words}", place + 1))
    };
    RatePage { page, version, form, marks: words.iter().enumerate().rev().map(mark).collect(), errors }
}

pub(super) async fn send_rate(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(form): FormBody<Rating>,
) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::Rate).await?;
    let errors = rating_faults(&form);
    if !errors.is_empty() {
        return Ok(again(&rate_page(visit.page, case.state.version, form, errors)));
    }
    let (number, seen, words) = (case.number.clone(), form.seen.parse().ok(), form.words.clone());
    let (solved, mark) = (form.solved == "yes", form.mark.parse().unwrap_or_default());
    let done =
        app.act(pass.actor(), move |tx, scene| feedback::rate(tx, scene, &number, seen, solved, mark, &words)).await;
    match judged(done, Action::Rate)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=rate")),
        Outcome::Again(errors, notice) => {
            let version = acting(&app, pass, Action::Rate).await?.state.version;
            Ok(again(&rate_page(visit.with(notice), version, form, errors)))
        }
    }
}

fn rating_faults(form: &Rating) -> Errors {
    let mut errors = Errors::none();
    if !matches!(form.solved.as_str(), "yes" | "no") {
        errors.push("solved", "请选择问题是否解决");
    }
    if !matches!(form.mark.as_str(), "1" | "2" | "3" | "4" | "5") {
        errors.push("mark", "请选一个分数");
    }
    if form.words.chars().count() > 500 {
        errors.push("words", "请控制在 500 个字以内");
    }
    errors
}

#[derive(Template)]
#[template(path = "citizen/evidence.html")]
struct EvidencePage {
    page: CitizenPage,
    version: i64,
    note: String,
    evidence: Box,
    errors: Errors,
}

pub(super) async fn evidence(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::AddEvidence).await?;
    show_evidence(&app, visit.page, pass, case.state.version, String::new(), Errors::none()).await
}

async fn show_evidence(
    app: &App,
    page: CitizenPage,
    pass: Pass,
    version: i64,
    note: String,
    errors: Errors,
) -> Result<Response, PageError> {
    let files = upload::waiting(app, upload::waiting_hash(app, pass.case_id)).await?;
    let error = errors.get("evidence").map(str::to_owned);
    let bad = !errors.is_empty() || page.notice.is_some();
    let evidence = Box::new(app, "/track/evidence/files", &files, error).needed();
    let page = EvidencePage { page, version, note, evidence, errors };
    Ok(if bad { again(&page) } else { render::page(&page) })
}

/// Takes the files in and puts them to the case; a file that does not fit stops the act, the others stay on the page.
pub(super) async fn send_evidence(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Address(address): Address,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let case = acting(&app, pass, Action::AddEvidence).await?;
    let upload::Sent { pairs, files, refused } =
        upload::receive(&app, address, multipart, upload::care_for(&app, pass.case_id).await?).await?;
    let mut errors = Errors::none();
    for refusal in refused.into_iter().chain(upload::put(&app, Shelf::Case(pass.case_id), files).await?) {
        errors.push("evidence", refusal.to_string());
    }
    let hash = upload::waiting_hash(&app, pass.case_id);
    let note: String = form::value(&pairs, "note").to_owned();
    // A form from before this page counted versions is never taken for a repetition.
    let seen = form::value(&pairs, "seen").parse().unwrap_or(i64::MAX);
    if note.chars().count() > 500 {
        errors.push("note", "请控制在 500 个字以内");
    }
    if let Ok(id) = form::value(&pairs, "remove").parse::<i64>() {
        upload::remove(&app, hash, id).await?;
        return show_evidence(&app, visit.page, pass, case.state.version, note, Errors::none()).await;
    }
    if !errors.is_empty() || !form::value(&pairs, "stay").is_empty() {
        return show_evidence(&app, visit.page, pass, case.state.version, note, errors).await;
    }
    if added_before(&app, pass, seen).await? {
        return Ok(redirect::to("/track/case?done=evidence"));
    }
    let (number, words) = (case.number.clone(), note.clone());
    let done =
        app.act(pass.actor(), move |tx, scene| consumer::add_evidence(tx, scene, &number, None, &hash, &words)).await;
    match judged(done, Action::AddEvidence)? {
        Outcome::Done => Ok(redirect::to("/track/case?done=evidence")),
        Outcome::Again(errors, notice) => {
            let renamed = errors.iter().map(|error| (in_form(&error.field), error.message.clone())).collect();
            show_evidence(&app, visit.with(notice), pass, case.state.version, note, renamed).await
        }
    }
}

/// Whether this very form was sent before: since its page was made she has added files, and it brings no other.
async fn added_before(app: &App, pass: Pass, seen: i64) -> Result<bool, PageError> {
    let own = app.look(pass.actor(), move |tx, scene| tracking::own_file(tx, scene, pass.case_id)).await?;
    let mut since = own.course.iter().filter(|told| told.hers && told.number > seen);
    if !since.any(|told| told.act == Action::AddEvidence.key()) {
        return Ok(false);
    }
    let hash = upload::waiting_hash(app, pass.case_id);
    let waiting = upload::waiting(app, hash.clone()).await?;
    if waiting.iter().any(|file| own.attachments.iter().all(|kept| kept.sha256 != file.sha256)) {
        return Ok(false);
    }
    for file in waiting {
        upload::remove(app, hash.clone(), file.id).await?;
    }
    Ok(true)
}

/// The core speaks of `files`, the page of `evidence`.
fn in_form(field: &str) -> String {
    if field == "files" { "evidence".to_owned() } else { field.to_owned() }
}

pub(super) fn again<T: Template>(page: &T) -> Response {
    render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}
