//! 登录, 第二步验证, 退出.
//!
//! An unknown login gets the same answer in the same time as a wrong password, and has to wait in the same way, so that nobody
//! learns here which accounts exist.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::factor::Proof;
use casework::factor::passkey::{self, Purpose, Site};
use casework::sign_in::{self, Entered, Second};
use casework::throttle::{Door, Refusal, Tries};
use casework::vault::{self, KeyChange};
use casework::{ActError, Actor, Staff, password};
use domain::account::{FactorKind, Gate};
use serde::Deserialize;
use store::account::AccountRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::session::{self, Waiting};
use crate::view::{self, Errors, Notice};
use crate::visitor::Visitor;
use crate::{redirect, render};

/// Login and logout.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(ask).post(enter))
        .route("/login/second", get(ask_second).post(second))
        .route("/login/second/passkey", post(second_passkey))
        .route("/login/passkey", post(passkey_alone))
        .route("/login/passkey/answer", post(enter_with_passkey))
        .route("/logout", post(leave))
}

#[derive(Template)]
#[template(path = "login/login.html")]
struct LoginPage {
    login: String,
    next: String,
    site: Option<Site>,
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

async fn ask(State(app): State<App>, Query(form): Query<LoginForm>) -> Response {
    let next = redirect::own(&form.next).unwrap_or_default().to_owned();
    let notice = (!next.is_empty()).then(|| Notice::information("请先登录").text("登录后会回到您要去的页面。"));
    render::page(&login_page(&app, String::new(), next, notice))
}

fn login_page(app: &App, login: String, next: String, notice: Option<Notice>) -> LoginPage {
    LoginPage { login, next, site: Site::of(app.house()), notice, errors: Errors::none() }
}

async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    jar: CookieJar,
    FormBody(form): FormBody<LoginForm>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, visitor.0.address)?;
    let (account, rehashed) = match judge(&app, &form, &visitor.0).await? {
        Ok(judged) => judged,
        Err(refusal) => return Ok(refused(&app, form, refused_notice(&app, refusal))),
    };
    let key = key_at_login(&app, &account, form.password.clone()).await?;
    let (door, device) = visitor.known(&app);
    let cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let (kept, id) = (cookie.clone(), account.id);
    let opened = app
        .act(Actor::System, move |tx, scene| {
            let entered = sign_in::open(tx, scene, &account, &kept, &door, rehashed.as_deref())?;
            vault::keep_key(tx, scene, id, &key)?;
            Ok(entered)
        })
        .await;
    let entered = match opened {
        Ok(entered) => entered,
        Err(error @ ActError::Invalid(_)) => {
            return Ok(refused(&app, form, Notice::refused("不能从这里登录").text(error.to_string())));
        }
        Err(error) => return Err(error.into()),
    };
    // A browser is known only when both steps are done.
    let jar = if entered.gate == Gate::Prove { jar } else { device.into_iter().fold(jar, CookieJar::add) };
    let jar = jar.add(session::cookie(&app, cookie));
    land(&app, id, jar, entered, &form.next).await
}

/// Where somebody is led who came in.
async fn land(app: &App, id: i64, jar: CookieJar, entered: Entered, next: &str) -> Result<Response, PageError> {
    let next = redirect::own(next);
    let further = |address: &str| match next {
        Some(next) => format!("{address}?next={}", redirect::query_value(next)),
        None => address.to_owned(),
    };
    if entered.gate == Gate::Prove {
        return Ok((jar, redirect::to(&further("/login/second"))).into_response());
    }
    let found = app
        .read(move |tx| {
            let must_change = store::account::find(tx, id)?.is_some_and(|account| account.must_change);
            Ok::<_, ActError>((casework::staff::load(tx, id)?, must_change))
        })
        .await?;
    let (Some(staff), must_change) = found else { return Err(ActError::Forbidden.into()) };
    let to = if must_change || entered.gate == Gate::Change {
        "/account/password".to_owned()
    } else if entered.enrol {
        further("/account/enrol")
    } else {
        next.unwrap_or_else(|| session::first_page(&staff)).to_owned()
    };
    if entered.tries.count > 0 {
        return Ok((jar, render::page(&TriesPage::of(app, &staff, entered.tries, to))).into_response());
    }
    Ok((jar, redirect::to(&to)).into_response())
}

#[derive(Template)]
#[template(path = "login/tries.html")]
struct TriesPage {
    name: String,
    count: i64,
    latest: String,
    networks: String,
    to: String,
}

impl TriesPage {
    fn of(app: &App, staff: &Staff, tries: Tries, to: String) -> TriesPage {
        const NAMED: usize = 3;
        let more =
            if tries.networks.len() > NAMED { format!(" 等 {} 处", tries.networks.len()) } else { String::new() };
        let named: Vec<_> = tries.networks.into_iter().take(NAMED).collect();
        TriesPage {
            name: staff.name.clone(),
            count: tries.count,
            latest: tries.latest.map(|at| view::dates::moment(at, app.now())).unwrap_or_default(),
            networks: named.join("、") + &more,
            to,
        }
    }
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

/// The account whose password this is, with its hash at today's cost when the kept one is older; or why not. A hash at today's
/// cost is made whether there is such an account or not.
async fn judge(
    app: &App,
    form: &LoginForm,
    door: &Door,
) -> Result<Result<(AccountRow, Option<String>), Refusal>, PageError> {
    let (login, door) = (form.login.clone(), door.clone());
    let begun = app.act(Actor::System, move |tx, scene| sign_in::begin(tx, scene, &login, &door)).await?;
    let attempt = match begun {
        Ok(attempt) => attempt,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (typed, salt, cost) = (form.password.clone(), app.fresh(), app.house().settings.key_cost);
    let kept = attempt.account.as_ref().map(|account| account.password_hash.clone());
    let (right, rehashed) = app
        .hashing(move || match kept {
            Some(kept) if password::outdated(&kept, cost) => {
                (password::verify(&typed, &kept), Some(password::hash(&typed, salt, cost)))
            }
            Some(kept) => (password::verify(&typed, &kept), None),
            None => (false, Some(password::hash(&typed, salt, cost))),
        })
        .await?;
    match attempt.account {
        Some(account) if right => Ok(Ok((account, rehashed))),
        account => {
            let id = account.map(|account| account.id);
            app.act(Actor::System, move |tx, scene| sign_in::note_wrong(tx, scene, id)).await?;
            Ok(Err(attempt.if_wrong))
        }
    }
}

fn refused_notice(app: &App, refusal: Refusal) -> Notice {
    match refusal {
        Refusal::Wrong { left } if left > 2 => {
            Notice::refused("登录名或密码不对").text("请核对后重新输入，注意大小写。")
        }
        Refusal::Wrong { left } => Notice::refused("登录名或密码不对")
            .text(format!("再输错 <b>{left} 次</b>，就要等一会儿才能再试。忘了密码请找本单位管理员重置。")),
        Refusal::Locked { until } => Notice::refused("输错次数太多，从这里暂时不能登录").text(format!(
            "请在 <b>{}</b> 之后再试，或请本单位管理员解除。在平时用的电脑上登录不受影响。",
            view::dates::moment(until, app.now())
        )),
    }
}

fn refused(app: &App, form: LoginForm, notice: Notice) -> Response {
    let next = redirect::own(&form.next).unwrap_or_default().to_owned();
    let page = login_page(app, form.login, next, Some(notice));
    render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[derive(Template)]
#[template(path = "login/second.html")]
struct SecondPage {
    name: String,
    next: String,
    codes: bool,
    site: Option<Site>,
    errors: Errors,
}

/// What the second step sends, and where to go on.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct SecondForm {
    code: String,
    passkey: String,
    next: String,
}

async fn ask_second(
    State(app): State<App>,
    waiting: Waiting,
    Query(form): Query<SecondForm>,
) -> Result<Response, PageError> {
    Ok(render::page(&second_page(&app, &waiting, form.next, Errors::none()).await?))
}

async fn second_page(app: &App, waiting: &Waiting, next: String, errors: Errors) -> Result<SecondPage, PageError> {
    let id = waiting.session.staff.account_id;
    let factors = app.read(move |tx| store::factor::of_account(tx, id)).await?;
    let has = |kind| factors.iter().any(|factor| factor.kind == kind);
    Ok(SecondPage {
        name: waiting.session.staff.name.clone(),
        next: redirect::own(&next).unwrap_or_default().to_owned(),
        codes: has(FactorKind::Totp),
        site: Site::of(app.house()).filter(|_| has(FactorKind::Passkey)),
        errors,
    })
}

async fn second_passkey(State(app): State<App>, waiting: Waiting) -> Result<Response, PageError> {
    let (session, fresh) = (waiting.session, app.fresh());
    let id = session.staff.account_id;
    let question = app
        .act(Actor::System, move |tx, scene| {
            passkey::ask(tx, scene, Purpose::Second, &session.token_hash, Some(id), fresh)
        })
        .await?;
    Ok(Json(question).into_response())
}

async fn second(
    State(app): State<App>,
    waiting: Waiting,
    visitor: Visitor,
    jar: CookieJar,
    FormBody(form): FormBody<SecondForm>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, visitor.0.address)?;
    let proof = Proof { code: form.code, passkey: form.passkey };
    let (door, device) = visitor.known(&app);
    let fresh = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let (kept, cookie) = (fresh.clone(), waiting.cookie.clone());
    let outcome =
        app.act(Actor::System, move |tx, scene| sign_in::second(tx, scene, &cookie, &kept, &door, &proof)).await?;
    match outcome {
        Second::In(entered) => {
            let jar = device.into_iter().fold(jar, CookieJar::add).add(session::cookie(&app, fresh));
            land(&app, waiting.session.staff.account_id, jar, entered, &form.next).await
        }
        Second::Wrong(left) => {
            let mut errors = Errors::none();
            errors.push("code", format!("没有通过，请重新输入；每个动态码只能用一次。再错 {left} 次要重新登录"));
            let page = second_page(&app, &waiting, form.next, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Second::Ended => {
            let notice = Notice::refused("第二步没有通过").text("请重新输入登录名和密码。");
            let next = redirect::own(&form.next).unwrap_or_default().to_owned();
            let page = login_page(&app, String::new(), next, Some(notice));
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// A question for any passkey of this site.
async fn passkey_alone(State(app): State<App>, Address(address): Address) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, address)?;
    let fresh = app.fresh();
    let ask = app.act(Actor::System, move |tx, scene| passkey::ask(tx, scene, Purpose::Alone, "", None, fresh));
    Ok(Json(ask.await?).into_response())
}

async fn enter_with_passkey(
    State(app): State<App>,
    visitor: Visitor,
    jar: CookieJar,
    FormBody(form): FormBody<SecondForm>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Login, visitor.0.address)?;
    let (door, device) = visitor.known(&app);
    let cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let (kept, answer) = (cookie.clone(), form.passkey);
    let opened = app.act(Actor::System, move |tx, scene| sign_in::with_passkey(tx, scene, &kept, &door, &answer)).await;
    let typed = LoginForm { next: form.next, ..LoginForm::default() };
    match opened {
        Ok(Some((account, entered))) => {
            let jar = device.into_iter().fold(jar, CookieJar::add).add(session::cookie(&app, cookie));
            land(&app, account.id, jar, entered, &typed.next).await
        }
        Ok(None) => {
            let notice = Notice::refused("这把通行密钥没有通过")
                .text("它没有在这里登记，或者没有验证指纹、面容或 PIN。请改用登录名和密码。");
            Ok(refused(&app, typed, notice))
        }
        Err(error @ ActError::Invalid(_)) => {
            Ok(refused(&app, typed, Notice::refused("不能从这里登录").text(error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

async fn leave(State(app): State<App>, headers: HeaderMap, jar: CookieJar) -> Result<Response, PageError> {
    if let Some(cookie) = session::cookie_value(&headers, &app) {
        app.act(Actor::System, move |tx, scene| sign_in::close(tx, scene, &cookie)).await?;
    }
    Ok((jar.remove(session::cookie(&app, String::new())), redirect::to("/login")).into_response())
}
