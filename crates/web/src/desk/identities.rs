//! 身份密库: what waits for a custodian, who keeps the bureau's identities, and the hand-over.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::ActError;
use casework::vault;
use domain::role::Role;
use domain::vault::vault_rules;
use serde::Deserialize;

use super::forms::Typed;
use super::identity::{Wish, password_of, unlock, wish};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET /desk/identities` and `POST /desk/identities/hand_over`
#[derive(askama::Template)]
#[template(path = "desk/identities.html")]
struct IdentitiesPage {
    page: DeskPage,
    waiting: Vec<Wish>,
    custodians: Vec<Keeper>,
    too_few: bool,
    least: i64,
    kept: usize,
    others: Vec<Choice>,
    typed: Typed,
    errors: Errors,
}

/// A custodian of the bureau.
struct Keeper {
    name: String,
    state: Tag,
    me: bool,
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
    handed: usize,
}

/// `GET /desk/identities`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, Typed::default(), Errors::none()).await?;
    if done.done == "hand_over" {
        page.page.notice =
            Some(Notice::done(format!("已交接 {} 件", done.handed)).text("以后新来的举报，对方也能按规定查看。"));
    }
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, typed: Typed, errors: Errors) -> Result<IdentitiesPage, PageError> {
    let decides = |role: &Role| *role == Role::IdentityCustodian || vault_rules().asking.roles.contains(role);
    if !me.0.grants.iter().any(|grant| decides(&grant.role)) {
        return Err(PageError::forbidden("身份密库只对身份保管人开放。"));
    }
    let desk = app.look(me.actor(), vault::desk).await?;
    let my_id = me.0.account_id;
    let keepers = desk.custodians.iter().map(|custodian| Keeper {
        name: custodian.name.clone(),
        me: custodian.account_id == my_id,
        state: match custodian.key.as_ref().map(|key| key.admitted_for.is_some()) {
            Some(true) => tag("密钥已启用", Tone::Green),
            Some(false) => tag("密钥未启用，等同事交接", Tone::Amber),
            None => tag("还没有密钥，等本人登录", Tone::Amber),
        },
    });
    let custodians: Vec<Keeper> = keepers.collect();
    let others = desk.custodians.iter().filter(|it| it.account_id != my_id && it.key.is_some());
    let usable = desk.custodians.iter().filter(|it| it.key.as_ref().is_some_and(|key| key.admitted_for.is_some()));
    let least = vault_rules().custodians.at_least;
    Ok(IdentitiesPage {
        page: frame::desk(&me.0, Section::Identities),
        too_few: !custodians.is_empty() && (usable.count() as i64) < least,
        least,
        others: others.map(|it| Choice::new(it.account_id.to_string(), it.name.clone())).collect(),
        waiting: desk.waiting.iter().map(|request| wish(app, request, true)).collect(),
        kept: desk.kept.iter().filter(|wrap| wrap.holder == "custodian").count(),
        custodians,
        typed,
        errors,
    })
}

/// `POST /desk/identities/hand_over`
pub(super) async fn hand_over(
    State(app): State<App>,
    me: SignedIn,
    Address(address): Address,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, address)?;
    let typed = Typed(typed);
    let errors = match unlock(&app, &me, None, password_of(&typed)).await? {
        Ok(key) => {
            let (to, seed) = (typed.get("to").parse().unwrap_or_default(), app.fresh());
            match app.act(me.actor(), move |tx, scene| vault::hand_over(tx, scene, to, &key, seed)).await {
                Ok(handed) => return Ok(redirect::to(&format!("/desk/identities?done=hand_over&handed={handed}"))),
                Err(ActError::Invalid(faults)) => {
                    faults.into_iter().map(|fault| (fault.field, fault.message)).collect()
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(sentence) => {
            let mut errors = Errors::none();
            errors.push("password", sentence);
            errors
        }
    };
    let chosen = Typed(vec![("to".to_owned(), typed.get("to").to_owned())]);
    let page = page(&app, &me, chosen, errors).await?;
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
