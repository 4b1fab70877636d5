//! 身份密库: what waits for a custodian, who keeps the bureau's identities, and the hand-over.

use std::net::IpAddr;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::vault::{self, OpenKey};
use casework::{ActError, Scene};
use domain::role::Role;
use domain::vault::vault_rules;
use serde::Deserialize;
use store::Tx;

use super::forms::Typed;
use super::identity::{Wish, password_of, unlock, wish};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET /desk/identities` and what is sent from it.
#[derive(askama::Template)]
#[template(path = "desk/identities.html")]
struct IdentitiesPage {
    page: DeskPage,
    waiting: Vec<Wish>,
    custodians: Vec<Keeper>,
    too_few: bool,
    least: i64,
    kept: usize,
    /// Of cases that another bureau has by now.
    moved: Vec<String>,
    /// How many somebody lost since they were sealed.
    stale: usize,
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
    count: usize,
}

/// `GET /desk/identities`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, Typed::default(), Errors::none()).await?;
    let count = done.count;
    page.page.notice = match done.done.as_str() {
        "hand_over" => Some(Notice::done(format!("已交接 {count} 件")).text("以后新来的举报，对方也能按规定查看。")),
        "pass_on" => {
            Some(Notice::done("已移交").text(format!("交给接手的局 {count} 名身份保管人，本局的人不能再打开。")))
        }
        "renew" => Some(Notice::done(format!("已换锁 {count} 件")).text("以前能打开的人，留有密钥也打不开了。")),
        _ => None,
    };
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
        moved: desk.moved.iter().map(|wrap| wrap.identity.number.clone()).collect(),
        stale: desk.stale.len(),
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
    let to = Typed(typed.clone()).get("to").parse().unwrap_or_default();
    let act = move |tx: &mut Tx<'_>, scene: Scene<'_>, key: &OpenKey, seed| vault::hand_over(tx, scene, to, key, seed);
    with_password(&app, &me, address, "hand_over", Typed(typed), act).await
}

/// `POST /desk/identities/pass_on`: to the custodians of the bureau that has the case by now.
pub(super) async fn pass_on(
    State(app): State<App>,
    me: SignedIn,
    Address(address): Address,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let number = Typed(typed.clone()).get("number").to_owned();
    let act =
        move |tx: &mut Tx<'_>, scene: Scene<'_>, key: &OpenKey, seed| vault::pass_on(tx, scene, &number, key, seed);
    with_password(&app, &me, address, "pass_on", Typed(typed), act).await
}

/// `POST /desk/identities/renew`: a fresh data key for everything that somebody lost.
pub(super) async fn renew(
    State(app): State<App>,
    me: SignedIn,
    Address(address): Address,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let act = |tx: &mut Tx<'_>, scene: Scene<'_>, key: &OpenKey, seed| vault::renew_all(tx, scene, key, seed);
    with_password(&app, &me, address, "renew", Typed(typed), act).await
}

/// Does something with her own key, opened with the password that she just typed; the page once more when it cannot be done.
async fn with_password(
    app: &App,
    me: &SignedIn,
    address: IpAddr,
    what: &str,
    typed: Typed,
    act: impl Fn(&mut Tx<'_>, Scene<'_>, &OpenKey, [u8; 32]) -> Result<usize, ActError> + Send + 'static,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, address)?;
    let errors: Errors = match unlock(app, me, None, password_of(&typed)).await? {
        Ok(key) => {
            let seed = app.fresh();
            match app.act(me.actor(), move |tx, scene| act(tx, scene, &key, seed)).await {
                Ok(count) => return Ok(redirect::to(&format!("/desk/identities?done={what}&count={count}"))),
                Err(ActError::Invalid(faults)) => {
                    faults.into_iter().map(|fault| (named(what, &fault.field), fault.message)).collect()
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(sentence) => [(named(what, "password"), sentence)].into_iter().collect(),
    };
    let chosen = Typed(vec![("to".to_owned(), typed.get("to").to_owned())]);
    let page = page(app, me, chosen, errors).await?;
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// In which field of the page a fault stands: each form asks for the password itself.
fn named(what: &str, field: &str) -> String {
    match (what, field) {
        ("hand_over", "to") => "to".to_owned(),
        _ => format!("{what}_password"),
    }
}
