//! 案件: the file on the desk, the look at personal data that is kept, and delivery by hand.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{ActError, reading};
use domain::action::Action;
use serde::Deserialize;

use super::case_view::{self, CasePage};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{DeskPage, Errors, Notice, Section};
use crate::{frame, redirect, render, view};

/// What the act before this page was.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CaseQuery {
    done: String,
}

/// `GET /desk/cases/{number}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    Query(query): Query<CaseQuery>,
) -> Result<Response, PageError> {
    let mut page = case_page(&app, &me, &number).await?;
    page.page.notice = done(&query.done);
    Ok(render::page(&page))
}

/// The page as it stands; also shown again by forms that sit on it.
async fn case_page(app: &App, me: &SignedIn, number: &str) -> Result<CasePage, PageError> {
    let (number, now) = (number.to_owned(), app.now());
    let file = app.look(me.actor(), move |tx, scene| reading::case_file(tx, scene, &number)).await?;
    Ok(case_view::page(frame::desk(&me.0, Section::Cases), app, &me.0, file, now))
}

/// What has just been done, in words that only our own keys can make.
fn done(key: &str) -> Option<Notice> {
    match key {
        "" => None,
        "delivered" => Some(Notice::done("已记下送达情况")),
        key => {
            let action = Action::from_key(key)?;
            Some(Notice::done(format!("已办：{}", action.label())).text("办理过程里已经记下，现在该办的在右边。"))
        }
    }
}

/// The reason for a look at personal data.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    reason: String,
}

/// The page that asks why.
#[derive(askama::Template)]
#[template(path = "desk/reveal.html")]
struct RevealPage {
    page: DeskPage,
    number: String,
    form: Reason,
    errors: Errors,
}

/// `GET /desk/cases/{number}/reveal`: where one comes back to after the login, and where the reason is asked for.
pub(super) async fn ask_reveal(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    app.look(me.actor(), move |tx, scene| casework::record::readable(tx, scene, &asked)).await?;
    let page = frame::desk(&me.0, Section::Cases);
    Ok(render::page(&RevealPage { page, number, form: Reason::default(), errors: Errors::none() }))
}

/// `POST /desk/cases/{number}/reveal`: both sides in full, once, after the look is on record.
pub(super) async fn reveal(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    FormBody(form): FormBody<Reason>,
) -> Result<Response, PageError> {
    let (asked, reason) = (number.clone(), form.reason.clone());
    let kept = app.act(me.actor(), move |tx, scene| reading::reveal(tx, scene, &asked, &reason)).await;
    if let Err(error) = kept.map_err(PageError::from) {
        let errors = error.faults().ok_or(error)?;
        let page = frame::desk(&me.0, Section::Cases);
        let template = RevealPage { page, number, form, errors };
        return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &template));
    }
    let mut page = case_page(&app, &me, &number).await?;
    page.show_in_full();
    page.page.notice = Some(
        Notice::information("投诉人的完整信息只显示这一次")
            .text("谁在什么时候、因为什么看过，已经记录。离开本页后恢复遮挡。"),
    );
    Ok(render::page(&page))
}

/// How a message was delivered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Delivery {
    proof: String,
}

/// `POST /desk/cases/{number}/messages/{id}/delivered`
pub(super) async fn delivered(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    FormBody(form): FormBody<Delivery>,
) -> Result<Response, PageError> {
    let (asked, proof) = (number.clone(), form.proof.clone());
    let settled = app
        .act::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            let message = store::outbox::find(tx, id)?;
            if message.is_none_or(|message| message.case_id != Some(case.id)) {
                return Err(ActError::NotFound);
            }
            casework::delivery::delivered_by_hand(tx, scene, id, &proof)
        })
        .await;
    match settled {
        Ok(_) => Ok(redirect::to(&format!("/desk/cases/{number}?done=delivered#messages"))),
        Err(error @ (ActError::Invalid(_) | ActError::Conflict { .. })) => {
            let status = if matches!(error, ActError::Invalid(_)) {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::CONFLICT
            };
            let mut page = case_page(&app, &me, &number).await?;
            page.refuse_delivery(id, &error.to_string(), &form.proof);
            page.page.notice = Some(Notice::refused("送达情况没有记下").text(error.to_string()));
            Ok(render::page_with_status(status, &page))
        }
        Err(error) => Err(error.into()),
    }
}
