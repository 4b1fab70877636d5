//! 第二步验证: setting up codes and passkeys, recovery codes, removing.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::factor::passkey::{self, Purpose, Site};
use casework::factor::{self, Enrolment};
use casework::{ActError, Scene};
use domain::account::{Gate, account_rules};
use fast_qr::QRBuilder;
use fast_qr::convert::svg::SvgBuilder;
use serde::Deserialize;
use store::Tx;

use super::load;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::{self, Own};
use crate::view::{self, DeskPage, Errors, Section};
use crate::{frame, redirect, render};

/// The page that leads to a second factor after signing in.
#[derive(Template)]
#[template(path = "account/enrol.html")]
struct EnrolPage {
    page: DeskPage,
    must: bool,
    later_days: i64,
    site: Option<Site>,
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Next {
    next: String,
}

pub(super) async fn enrol(State(app): State<App>, own: Own, Query(query): Query<Next>) -> Response {
    let next = redirect::own(&query.next).unwrap_or_else(|| session::first_page(&own.session.staff));
    render::page(&EnrolPage {
        page: frame::desk(&own.session.staff, Section::Elsewhere),
        must: own.session.gate == Gate::Enrol,
        later_days: account_rules().second_factor.later_days,
        site: Site::of(app.house()),
        next: next.to_owned(),
    })
}

#[derive(Template)]
#[template(path = "account/totp.html")]
struct TotpPage {
    page: DeskPage,
    picture: String,
    key: String,
    sealed: String,
    name: String,
    errors: Errors,
}

/// What the page of a code generator sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TotpForm {
    sealed: String,
    code: String,
    name: String,
}

pub(super) async fn ask_totp(State(app): State<App>, own: Own) -> Result<Response, PageError> {
    Ok(render::page(&totp_page(&app, &own, TotpForm::default(), Errors::none()).await?))
}

/// The page with the secret that was sent back, which is in her app already, or with a new one.
async fn totp_page(app: &App, own: &Own, form: TotpForm, errors: Errors) -> Result<TotpPage, PageError> {
    let (id, seed) = (own.session.staff.account_id, app.fresh());
    let made = app
        .look(own.actor(), move |tx, scene| {
            let account = store::account::find(tx, id)?.ok_or(ActError::Forbidden)?;
            factor::enrolment(scene, &account.login, &form.sealed, seed)
        })
        .await?;
    let Enrolment { key, address, sealed } = made;
    let key = key.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    Ok(TotpPage {
        page: frame::desk(&own.session.staff, Section::Elsewhere),
        picture: picture(&address),
        key,
        sealed,
        name: form.name,
        errors,
    })
}

/// The QR code as a picture inside the page; nothing when it cannot be drawn, and the key as text still stands there.
fn picture(address: &str) -> String {
    let code = QRBuilder::new(address).build();
    code.map(|code| format!("data:image/svg+xml;base64,{}", STANDARD.encode(SvgBuilder::default().to_str(&code))))
        .unwrap_or_default()
}

pub(super) async fn add_totp(
    State(app): State<App>,
    own: Own,
    FormBody(form): FormBody<TotpForm>,
) -> Result<Response, PageError> {
    let (typed, fresh, session) = (form.clone(), app.fresh(), own.session.token_hash.clone());
    let add = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        factor::add_totp(tx, scene, &typed.sealed, &typed.code, &typed.name)?;
        added(tx, scene, &session, &fresh)
    };
    match app.act(own.actor(), add).await.map_err(PageError::from) {
        Ok(codes) => after_adding(&app, &own, codes, "totp").await,
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = totp_page(&app, &own, form, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The first factor brings the recovery codes with it, and opens a session that waited for it.
fn added(tx: &mut Tx<'_>, scene: Scene<'_>, session: &str, fresh: &[u8; 128]) -> Result<Vec<String>, ActError> {
    store::session::open_gate(tx, session)?;
    let has = factor::mine(tx, scene)?;
    if has.rows.len() == 1 { factor::new_codes(tx, scene, fresh) } else { Ok(Vec::new()) }
}

async fn after_adding(app: &App, own: &Own, codes: Vec<String>, done: &str) -> Result<Response, PageError> {
    if codes.is_empty() {
        return Ok(redirect::to(&format!("/account?done={done}")));
    }
    Ok(render::page(&load(app, own, codes, Errors::none()).await?))
}

#[derive(Template)]
#[template(path = "account/passkey.html")]
struct PasskeyPage {
    page: DeskPage,
    site: Option<Site>,
    name: String,
    errors: Errors,
}

/// What the page of a passkey sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasskeyForm {
    passkey: String,
    name: String,
}

pub(super) async fn ask_passkey(State(app): State<App>, own: Own) -> Response {
    render::page(&passkey_page(&app, &own, String::new(), Errors::none()))
}

fn passkey_page(app: &App, own: &Own, name: String, errors: Errors) -> PasskeyPage {
    let page = frame::desk(&own.session.staff, Section::Elsewhere);
    PasskeyPage { page, site: Site::of(app.house()), name, errors }
}

pub(super) async fn question(State(app): State<App>, own: Own) -> Result<Response, PageError> {
    let (session, fresh) = (own.session.clone(), app.fresh());
    let id = session.staff.account_id;
    let ask = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        passkey::ask(tx, scene, Purpose::Register, &session.token_hash, Some(id), fresh)
    };
    Ok(Json(app.act(own.actor(), ask).await?).into_response())
}

pub(super) async fn add_passkey(
    State(app): State<App>,
    own: Own,
    FormBody(form): FormBody<PasskeyForm>,
) -> Result<Response, PageError> {
    let (typed, fresh, session) = (form.clone(), app.fresh(), own.session.token_hash.clone());
    let add = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        factor::add_passkey(tx, scene, &session, &typed.passkey, &typed.name)?;
        added(tx, scene, &session, &fresh)
    };
    match app.act(own.actor(), add).await.map_err(PageError::from) {
        Ok(codes) => after_adding(&app, &own, codes, "passkey").await,
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = passkey_page(&app, &own, form.name, errors);
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Which factor is to be removed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RemoveForm {
    id: i64,
}

pub(super) async fn remove(
    State(app): State<App>,
    own: Own,
    FormBody(form): FormBody<RemoveForm>,
) -> Result<Response, PageError> {
    let removed = app.act(own.actor(), move |tx, scene| factor::remove(tx, scene, form.id)).await;
    shown(&app, &own, removed.map(|()| None)).await
}

pub(super) async fn codes(State(app): State<App>, own: Own) -> Result<Response, PageError> {
    let fresh = app.fresh();
    let made = app.act(own.actor(), move |tx, scene| factor::new_codes(tx, scene, &fresh)).await;
    shown(&app, &own, made.map(Some)).await
}

/// The page of the account again: with codes that are shown this once, or with the sentence of a refusal.
async fn shown(app: &App, own: &Own, done: Result<Option<Vec<String>>, ActError>) -> Result<Response, PageError> {
    match done.map_err(PageError::from) {
        Ok(None) => Ok(redirect::to("/account?done=removed")),
        Ok(Some(codes)) => Ok(render::page(&load(app, own, codes, Errors::none()).await?)),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = load(app, own, Vec::new(), errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
