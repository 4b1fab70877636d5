//! 登录, 退出, 我的账号, 修改密码.
//!
//! An unknown login gets the same answer in the same time as a wrong password, and is locked out the same way, so that nobody
//! learns here which accounts exist.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::sign_in::{self, Refusal};
use casework::vault::{self, KeyChange};
use casework::{ActError, Actor, Settings, Staff, password};
use jiff::Timestamp;
use serde::Deserialize;
use store::account::AccountRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::session::{self, AtTheDoor, SignedIn};
use crate::view::{self, Errors, Notice, Section, Summary, SummaryRow};
use crate::{frame, redirect, render};

/// Login, logout and a person's own account.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(ask).post(enter))
        .route("/logout", post(leave))
        .route("/account", get(account))
        .route("/account/password", get(ask_password).post(change_password))
}

#[derive(Template)]
#[template(path = "login/login.html")]
struct LoginPage {
    login: String,
    next: String,
    notice: Option<Notice>,
    errors: Errors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginForm {
    login: String,
    password: String,
    next: String,
}

async fn ask(Query(form): Query<LoginForm>) -> Response {
    let next = redirect::own(&form.next).unwrap_or_default().to_owned();
    let notice = (!next.is_empty()).then(|| Notice::information("请先登录").text("登录后会回到您要去的页面。"));
    render::page(&LoginPage { login: String::new(), next, notice, errors: Errors::none() })
}

async fn enter(
    State(app): State<App>,
    Address(address): Address,
    jar: CookieJar,
    FormBody(form): FormBody<LoginForm>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, address)?;
    let account = match judge(&app, &form).await? {
        Ok(account) => account,
        Err(refusal) => return Ok(refused(&app, form, refusal)),
    };
    let key = key_at_login(&app, &account, form.password).await?;
    let cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let (kept, must_change, id) = (cookie.clone(), account.must_change, account.id);
    app.act(Actor::System, move |tx, scene| {
        sign_in::open(tx, scene, &account, &kept)?;
        vault::keep_key(tx, scene, id, &key)
    })
    .await?;
    let staff = app.read(move |tx| casework::staff::load(tx, id)).await?.ok_or(ActError::Forbidden)?;
    let to = match redirect::own(&form.next) {
        _ if must_change => "/account/password",
        Some(next) => next,
        None => session::first_page(&staff),
    };
    Ok((jar.add(session::cookie(&app, cookie)), redirect::to(to)).into_response())
}

/// A key for whoever has none yet: only now is her password at hand. A one-time password makes none, since others know it.
async fn key_at_login(app: &App, account: &AccountRow, password: String) -> Result<KeyChange, PageError> {
    let id = account.id;
    let live = app.read(move |tx| vault::live_key(tx, id)).await?;
    if account.must_change || live.is_some() {
        return Ok(KeyChange::Kept);
    }
    let (house, seed) = (app.house().clone(), app.fresh());
    let made = app.hashing(move || KeyChange::at_login(None, &house.settings, &password, seed)).await?;
    Ok(made.map_err(ActError::from)?)
}

/// The account whose password this is, or why not. Always one hash's worth of time.
async fn judge(app: &App, form: &LoginForm) -> Result<Result<AccountRow, Refusal>, PageError> {
    let login = form.login.trim().to_ascii_lowercase();
    let now = app.now();
    let asked = login.clone();
    let candidate = app.read(move |tx| sign_in::candidate(tx, &asked)).await?;
    let locked = match &candidate {
        Some(account) => account.locked_until.filter(|until| *until > now),
        None => app.strangers().locked(&login, now),
    };
    let (typed, hash) = (form.password.clone(), candidate.as_ref().map(|account| account.password_hash.clone()));
    let right = app.hashing(move || password::verify(&typed, hash.as_deref().unwrap_or_default())).await?;
    if let Some(until) = locked {
        return Ok(Err(Refusal::Locked { until }));
    }
    match candidate {
        Some(account) if right => Ok(Ok(account)),
        Some(account) => {
            let noted = app.act(Actor::System, move |tx, scene| sign_in::note_failure(tx, scene, account.id)).await;
            Ok(Err(noted?))
        }
        None => {
            app.act(Actor::System, sign_in::note_stranger).await?;
            Ok(Err(app.strangers().note_failure(&login, &app.house().settings, now)))
        }
    }
}

fn refused(app: &App, form: LoginForm, refusal: Refusal) -> Response {
    let notice = match refusal {
        Refusal::Wrong { left } if left > 2 => {
            Notice::refused("登录名或密码不对").text("请核对后重新输入，注意大小写。")
        }
        Refusal::Wrong { left } => Notice::refused("登录名或密码不对")
            .text(format!("再输错 <b>{left} 次</b>，账号会暂时锁定。忘了密码请找本单位管理员重置。")),
        Refusal::Locked { until } => Notice::refused("密码输错次数太多，账号已暂时锁定")
            .text(format!("请在 <b>{}</b> 之后再试，或请本单位管理员解锁。", view::dates::moment(until, app.now()))),
    };
    let next = redirect::own(&form.next).unwrap_or_default().to_owned();
    let page = LoginPage { login: form.login, next, notice: Some(notice), errors: Errors::none() };
    render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn leave(State(app): State<App>, headers: HeaderMap, jar: CookieJar) -> Result<Response, PageError> {
    if let Some(cookie) = session::cookie_value(&headers, &app) {
        app.act(Actor::System, move |tx, scene| sign_in::close(tx, scene, &cookie)).await?;
    }
    Ok((jar.remove(session::cookie(&app, String::new())), redirect::to("/login")).into_response())
}

#[derive(Template)]
#[template(path = "login/account.html")]
struct AccountPage {
    page: view::DeskPage,
    facts: Summary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn account(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Query(query): Query<Done>,
) -> Result<Response, PageError> {
    let id = staff.account_id;
    let key = app.read(move |tx| vault::live_key(tx, id)).await?.map_or_else(
        || "还没有，下次登录时自动建立".to_owned(),
        |key| {
            let since = view::dates::moment(key.made_at, app.now());
            format!("{since}建立，指纹 {}", vault::fingerprint(&key))
        },
    );
    let mut page = frame::desk(&staff, Section::Elsewhere);
    if query.done == "password" {
        page.notice = Some(Notice::done("密码已修改").text("其他设备上的登录都已退出。"));
    }
    let roles: Vec<_> = staff.grants.iter().map(|grant| grant.role.label()).collect();
    let facts = Summary::new(vec![
        SummaryRow::new("姓名", staff.name.clone()),
        SummaryRow::new("单位", staff.organization_name.clone()),
        SummaryRow::new("角色", roles.join("、")),
        SummaryRow::new("密码", "••••••••••").change("/account/password"),
        SummaryRow::new("本人密钥", key),
    ]);
    Ok(render::page(&AccountPage { page, facts }))
}

#[derive(Template)]
#[template(path = "login/password.html")]
struct PasswordPage {
    name: String,
    must_change: bool,
    errors: Errors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current: String,
    password: String,
    again: String,
}

async fn ask_password(door: AtTheDoor) -> Response {
    let AtTheDoor { session } = door;
    render::page(&PasswordPage { name: session.staff.name, must_change: session.must_change, errors: Errors::none() })
}

async fn change_password(
    State(app): State<App>,
    door: AtTheDoor,
    jar: CookieJar,
    FormBody(form): FormBody<PasswordForm>,
) -> Result<Response, PageError> {
    let AtTheDoor { session } = door;
    let errors = password_faults(&app, &session.staff, &form).await?;
    if !errors.is_empty() {
        let page = PasswordPage { name: session.staff.name, must_change: session.must_change, errors };
        return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let (id, house, salt, seed) = (session.staff.account_id, app.house().clone(), app.fresh(), app.fresh());
    let live = app.read(move |tx| vault::live_key(tx, id)).await?;
    let changed = app.hashing(move || {
        let key = KeyChange::at_change(live.as_ref(), &house.settings, &form.current, &form.password, seed);
        key.map(|key| (password::hash(&form.password, salt), key))
    });
    let (hash, key) = changed.await?.map_err(ActError::from)?;
    let cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let kept = cookie.clone();
    app.act(Actor::Staff(session.staff.clone()), move |tx, scene| {
        casework::account::change_password(tx, scene, &hash, &key)?;
        sign_in::reopen(tx, scene, &kept)
    })
    .await?;
    let to = if session.must_change { session::first_page(&session.staff) } else { "/account?done=password" };
    Ok((jar.add(session::cookie(&app, cookie)), redirect::to(to)).into_response())
}

async fn password_faults(app: &App, staff: &Staff, form: &PasswordForm) -> Result<Errors, PageError> {
    let id = staff.account_id;
    let account = app.read(move |tx| store::account::find(tx, id)).await?.ok_or(ActError::Forbidden)?;
    let (typed, hash) = (form.current.clone(), account.password_hash);
    let mut errors = Errors::none();
    if !app.hashing(move || password::verify(&typed, &hash)).await? {
        errors.push("current", "现在的密码不对，请重新输入");
    }
    if let Some(sentence) = password::weakness(&form.password, &account.login, &account.name) {
        errors.push("password", sentence);
    } else if form.password == form.current {
        errors.push("password", "新密码与现在的相同，请换一个");
    } else if form.password != form.again {
        errors.push("again", "两次输入的新密码不一样，请重新输入");
    }
    Ok(errors)
}

/// Wrong tries for logins that do not exist, so that they are answered like those that do.
#[derive(Default)]
pub(crate) struct Strangers(Mutex<HashMap<String, (i64, Option<Timestamp>)>>);

impl Strangers {
    /// More than this and all are forgotten: somebody is making names up.
    const AT_MOST: usize = 10_000;

    fn locked(&self, login: &str, now: Timestamp) -> Option<Timestamp> {
        let tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tried.get(login).and_then(|(_, until)| *until).filter(|until| *until > now)
    }

    fn note_failure(&self, login: &str, settings: &Settings, now: Timestamp) -> Refusal {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() >= Self::AT_MOST {
            tried.clear();
        }
        let login: String = login.chars().take(64).collect();
        let (failures, locked) = tried.entry(login).or_default();
        let before = if locked.is_some_and(|until| until <= now) { 0 } else { *failures };
        let refusal = Refusal::after(before + 1, settings, now);
        *failures = before + 1;
        *locked = match refusal {
            Refusal::Wrong { .. } => None,
            Refusal::Locked { until } => Some(until),
        };
        refusal
    }
}
