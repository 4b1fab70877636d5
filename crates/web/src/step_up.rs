//! 敏感操作前的再验证: one guard before every route that needs it. Whoever proved who she is a little while ago passes; whoever
//! did not is asked, and what she typed is kept in the page that asks.

use std::net::IpAddr;

use askama::Template;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, MatchedPath, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use casework::factor::Proof;
use casework::factor::passkey::{self, Purpose, Site};
use casework::sign_in::{self, Session};
use casework::throttle::Refusal;
use casework::{ActError, Actor, password};
use domain::account::{FactorKind, Gate, account_rules};

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::Address;
use crate::session::{self, Own};
use crate::view::{self, Errors};
use crate::{redirect, render};

/// The ways in that need a fresh proof: method, route, and of the last part of the address those that do; none for all.
const SENSITIVE: &[(Method, &str, &[&str])] = &[
    (Method::POST, "/desk/cases/{number}/identity/{what}", &["open", "approve", "reader"]),
    (Method::POST, "/desk/identities/hand_over", &[]),
    (Method::GET, "/desk/cases/{number}/volume.zip", &[]),
    (Method::GET, "/desk/cases/{number}/volume.pdf", &[]),
    (Method::GET, "/desk/archive.csv", &[]),
    (Method::GET, "/desk/archive/{id}/file", &[]),
    (Method::GET, "/desk/queue.csv", &[]),
    (Method::GET, "/desk/cases.csv", &[]),
    (Method::GET, "/desk/operators.csv", &[]),
    (Method::GET, "/desk/operators/{id}/history.csv", &[]),
    (Method::GET, "/desk/operators/{id}/penalties.csv", &[]),
    (Method::GET, "/desk/checks/{id}/result.csv", &[]),
    (Method::GET, "/desk/checks/{id}/population.csv", &[]),
    (Method::GET, "/desk/circulars/{id}/confirmations.csv", &[]),
    (Method::GET, "/desk/accountability.csv", &[]),
    (Method::GET, "/desk/personal.csv", &[]),
    (Method::GET, "/desk/rewards.csv", &[]),
    (Method::GET, "/desk/numbers.csv", &[]),
    (Method::GET, "/admin/papers/{id}/seal", &[]),
    (Method::POST, "/admin/papers/{id}/seal", &[]),
    (Method::POST, "/admin/papers/{id}/end", &[]),
    (Method::POST, "/admin/papers/{id}/wording/{set}/{letter}", &[]),
    (Method::POST, "/admin/papers/{id}/wording/{set}/{letter}/back", &[]),
    (Method::POST, "/admin/papers/{id}/wording/{set}/{letter}/withdraw", &[]),
    (Method::GET, "/admin/access.csv", &[]),
    (Method::GET, "/admin/bodies.csv", &[]),
    (Method::GET, "/desk/personal/{id}/print", &[]),
    (Method::GET, "/desk/personal/{id}/copy.json", &[]),
    (Method::POST, "/admin/accounts/new", &[]),
    (Method::POST, "/admin/accounts/{id}/{act}", &["grant", "revoke", "reset", "deactivate", "move", "factors"]),
    (Method::POST, "/admin/security", &[]),
    (Method::POST, "/admin/tokens", &[]),
    (Method::GET, "/account/factors/totp", &[]),
    (Method::POST, "/account/factors/totp", &[]),
    (Method::GET, "/account/factors/passkey", &[]),
    (Method::POST, "/account/factors/passkey", &[]),
    (Method::POST, "/account/factors/remove", &[]),
    (Method::POST, "/account/factors/codes", &[]),
    (Method::GET, "/account/password", &[]),
    (Method::POST, "/account/password", &[]),
];
/// Bytes a form may have.
const FORM_AT_MOST: usize = 256 * 1024;

type Pairs = Vec<(String, String)>;

/// The page that asks.
#[derive(Template)]
#[template(path = "login/prove.html")]
struct ProvePage {
    action: String,
    kept: Pairs,
    /// Passwords of the form itself: their names and labels.
    passwords: Vec<(String, &'static str)>,
    minutes: i64,
    has_factor: bool,
    codes: bool,
    site: Option<Site>,
    errors: Errors,
}

/// Lets a request through when it needs no proof, or brings one, or one was brought a little while ago.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if !is_sensitive(&request) {
        return next.run(request).await;
    }
    match judged(&app, request).await {
        Ok(Judged::Through(request)) => next.run(request).await,
        Ok(Judged::Asked(page)) => page,
        Err(error) => error.into_response(),
    }
}

fn is_sensitive(request: &Request) -> bool {
    let Some(route) = request.extensions().get::<MatchedPath>() else { return false };
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    SENSITIVE.iter().any(|(method, pattern, parts)| {
        method == request.method() && *pattern == route.as_str() && (parts.is_empty() || parts.contains(&last))
    })
}

enum Judged {
    Through(Request),
    Asked(Response),
}

async fn judged(app: &App, request: Request) -> Result<Judged, PageError> {
    let Some(cookie) = session::cookie_value(request.headers(), app) else { return Ok(Judged::Through(request)) };
    let (mut parts, body) = request.into_parts();
    let Ok(Address(address)) = Address::from_request_parts(&mut parts, app).await;
    let request = Request::from_parts(parts, body);
    let Some(session) = open_session(app, cookie, address).await? else { return Ok(Judged::Through(request)) };
    if session.is_fresh(app.now()) {
        return Ok(Judged::Through(request));
    }
    // A form with files is sent again after the proof: its page asks for that first.
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() == Method::GET || kind.starts_with("multipart/") {
        let here = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let page = page(app, &session, "/account/prove", vec![("next".to_owned(), here)], Errors::none()).await?;
        return Ok(Judged::Asked(render::page(&page)));
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_AT_MOST).await.map_err(|_| PageError::bad_request("表单内容太大。"))?;
    let again = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let Ok(Form(pairs)) = Form::<Pairs>::from_request(again, app).await else {
        return Ok(Judged::Through(Request::from_parts(parts, Body::from(bytes))));
    };
    let has_factor = has_factor(app, &session).await?;
    let asks_password = pairs.iter().any(|(name, _)| !name.starts_with("proof_") && is_password(name));
    // The form asks for the password itself, and its act judges it.
    if !has_factor && asks_password {
        return Ok(Judged::Through(Request::from_parts(parts, Body::from(bytes))));
    }
    let action = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let brought = pairs.iter().any(|(name, value)| name.starts_with("proof_") && !value.is_empty());
    let mut errors = Errors::none();
    if brought {
        match tried(app, &session, &pairs).await? {
            Ok(()) => {
                let kept = pairs.into_iter().filter(|(name, _)| !name.starts_with("proof_"));
                return Ok(Judged::Through(with_form(parts, kept)));
            }
            Err(sentence) => errors.push(if has_factor { "proof_code" } else { "proof_password" }, sentence),
        }
    }
    let page = page(app, &session, &action, pairs, errors).await?;
    let status = if brought { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Judged::Asked(render::page_with_status(status, &page)))
}

/// The session of whoever is fully signed in; everybody else is refused by the page itself.
async fn open_session(app: &App, cookie: String, address: IpAddr) -> Result<Option<Session>, PageError> {
    let (house, now) = (app.house().clone(), app.now());
    let found = app.read(move |tx| sign_in::find(tx, &house, now, &cookie, address)).await?;
    Ok(found.filter(|session| session.gate == Gate::Open && !session.must_change && session.outside.is_none()))
}

async fn has_factor(app: &App, session: &Session) -> Result<bool, PageError> {
    let id = session.staff.account_id;
    Ok(app.read(move |tx| store::factor::any(tx, id)).await?)
}

async fn page(
    app: &App,
    session: &Session,
    action: &str,
    pairs: Pairs,
    errors: Errors,
) -> Result<ProvePage, PageError> {
    let id = session.staff.account_id;
    let factors = app.read(move |tx| store::factor::of_account(tx, id)).await?;
    let has = |kind| factors.iter().any(|factor| factor.kind == kind);
    let asked = pairs.into_iter().filter(|(name, _)| !name.starts_with("proof_"));
    // A password is never written into a page; it is typed again.
    let (passwords, kept): (Pairs, Pairs) = asked.partition(|(name, _)| is_password(name));
    Ok(ProvePage {
        action: action.to_owned(),
        kept,
        passwords: passwords.into_iter().map(|(name, _)| labelled(name)).collect(),
        minutes: account_rules().step_up.fresh_minutes,
        has_factor: !factors.is_empty(),
        codes: has(FactorKind::Totp),
        site: Site::of(app.house()).filter(|_| has(FactorKind::Passkey)),
        errors,
    })
}

/// Judges the proof in a form; a sentence when it does not do.
async fn tried(app: &App, session: &Session, pairs: &Pairs) -> Result<Result<(), String>, PageError> {
    let value =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let proof = Proof { code: value("proof_code"), passkey: value("proof_passkey") };
    let (id, typed) = (session.staff.account_id, value("proof_password"));
    let right = if typed.is_empty() {
        None
    } else {
        let account = app.read(move |tx| store::account::find(tx, id)).await?.ok_or(ActError::Forbidden)?;
        Some(app.hashing(move || password::verify(&typed, &account.password_hash)).await?)
    };
    let (kept, actor) = (session.clone(), Actor::Staff(session.staff.clone()));
    let outcome = app.act(actor, move |tx, scene| sign_in::step_up(tx, scene, &kept, right, &proof)).await?;
    Ok(outcome.map_err(|refusal| match refusal {
        Refusal::Wrong { left } => format!("没有通过，请重新输入；再错 {left} 次要等一会儿"),
        Refusal::Locked { until } => {
            format!("错的次数太多，请在 {} 之后再试", view::dates::moment(until, app.now()))
        }
    }))
}

/// `POST /account/prove`: the proof before a page that is only looked at.
pub(crate) async fn prove(
    State(app): State<App>,
    own: Own,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let next = pairs.iter().find(|(name, _)| name == "next").and_then(|(_, next)| redirect::own(next));
    let to = next.unwrap_or("/account").to_owned();
    match tried(&app, &own.session, &pairs).await? {
        Ok(()) => Ok(redirect::to(&to)),
        Err(sentence) => {
            let mut errors = Errors::none();
            let field = if has_factor(&app, &own.session).await? { "proof_code" } else { "proof_password" };
            errors.push(field, sentence);
            let kept = vec![("next".to_owned(), to)];
            let page = page(&app, &own.session, "/account/prove", kept, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// `POST /account/prove/passkey`: what her passkey is to sign.
pub(crate) async fn question(State(app): State<App>, own: Own) -> Result<Response, PageError> {
    let (session, fresh) = (own.session.clone(), app.fresh());
    let ask = app.act(own.actor(), move |tx, scene| {
        passkey::ask(tx, scene, Purpose::Second, &session.token_hash, Some(session.staff.account_id), fresh)
    });
    Ok(Json(ask.await?).into_response())
}

/// A password of a form, with the words that its own page has for it.
fn labelled(name: String) -> (String, &'static str) {
    let label = match name.as_str() {
        "current" => "现在的密码",
        "password" => "新密码",
        "again" => "再输一遍新密码",
        _ => "您的登录密码",
    };
    (name, label)
}

fn is_password(name: &str) -> bool {
    name.ends_with("password") || ["current", "again"].contains(&name)
}

/// The request with another form in it.
fn with_form(mut parts: axum::http::request::Parts, pairs: impl Iterator<Item = (String, String)>) -> Request {
    let written: Vec<_> = pairs
        .map(|(name, value)| format!("{}={}", redirect::query_value(&name), redirect::query_value(&value)))
        .collect();
    let body = written.join("&");
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Request::from_parts(parts, Body::from(body))
}
