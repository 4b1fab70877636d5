//! 账号安全: one's own account with its password, second factors and sessions.

mod factors;
mod password;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use casework::factor::{self, Factors};
use casework::sign_in;
use casework::vault;
use serde::Deserialize;
use store::factor::FactorRow;
use store::session::SessionRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Own;
use crate::view::{self, DeskPage, Errors, Notice, Section, Summary, SummaryRow};
use crate::{frame, redirect, render, step_up};

/// A person's own account.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/password", get(password::ask).post(password::change))
        .route("/account/enrol", get(factors::enrol))
        .route("/account/factors/totp", get(factors::ask_totp).post(factors::add_totp))
        .route("/account/factors/passkey", get(factors::ask_passkey).post(factors::add_passkey))
        .route("/account/factors/passkey/ask", post(factors::question))
        .route("/account/factors/remove", post(factors::remove))
        .route("/account/factors/codes", post(factors::codes))
        .route("/account/sessions/end", post(end_session))
        .route("/account/prove", post(step_up::prove))
        .route("/account/prove/passkey", post(step_up::question))
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct AccountPage {
    page: DeskPage,
    facts: Summary,
    factors: Vec<FactorLine>,
    codes_left: i64,
    required: bool,
    sessions: Vec<SessionLine>,
    others: usize,
    codes: Vec<String>,
    errors: Errors,
}

struct FactorLine {
    id: i64,
    kind: &'static str,
    name: String,
    made: String,
    used: String,
}

/// A session in a list.
pub(crate) struct SessionLine {
    pub(crate) handle: String,
    pub(crate) device: String,
    pub(crate) address: String,
    pub(crate) begun: String,
    pub(crate) seen: String,
    pub(crate) current: bool,
}

impl SessionLine {
    pub(crate) fn of(app: &App, session: &SessionRow, current: &str) -> SessionLine {
        let known = |text: &str| if text.is_empty() { "未记录".to_owned() } else { text.to_owned() };
        SessionLine {
            handle: sign_in::handle(session).to_owned(),
            device: known(&session.device),
            address: known(&session.address),
            begun: view::dates::moment(session.created_at, app.now()),
            seen: view::dates::moment(session.seen_at, app.now()),
            current: session.token_hash == current,
        }
    }
}

/// What was just done: our own keys only.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(State(app): State<App>, own: Own, Query(query): Query<Done>) -> Result<Response, PageError> {
    let mut page = load(&app, &own, Vec::new(), Errors::none()).await?;
    page.page.notice = match query.done.as_str() {
        "password" => Some(Notice::done("密码已修改").text("其他设备上的登录都已退出。")),
        "passkey" | "totp" => Some(Notice::done("第二步验证已增加").text("下次登录时除了密码，还要用它验证。")),
        "removed" => Some(Notice::done("已移除")),
        "ended" => Some(Notice::done("已结束").text("那边要重新登录才能继续用。")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn load(app: &App, own: &Own, codes: Vec<String>, errors: Errors) -> Result<AccountPage, PageError> {
    let id = own.session.staff.account_id;
    let (key, has, sessions) = app
        .look(own.actor(), move |tx, scene| {
            Ok::<_, casework::ActError>((vault::live_key(tx, id)?, factor::mine(tx, scene)?, sign_in::mine(tx, scene)?))
        })
        .await?;
    let key = key.map_or_else(
        || "还没有，下次登录时自动建立".to_owned(),
        |key| format!("{}建立，指纹 {}", view::dates::moment(key.made_at, app.now()), vault::fingerprint(&key)),
    );
    let staff = &own.session.staff;
    let roles: Vec<_> = staff.grants.iter().map(|grant| grant.role.label()).collect();
    let facts = Summary::new(vec![
        SummaryRow::new("姓名", staff.name.clone()),
        SummaryRow::new("单位", staff.organization_name.clone()),
        SummaryRow::new("角色", roles.join("、")),
        SummaryRow::new("密码", "••••••••••").change("/account/password"),
        SummaryRow::new("本人密钥", key),
    ]);
    let Factors { rows, codes_left, required } = has;
    let sessions: Vec<_> =
        sessions.iter().map(|session| SessionLine::of(app, session, &own.session.token_hash)).collect();
    Ok(AccountPage {
        page: frame::desk(staff, Section::Elsewhere),
        facts,
        factors: rows.iter().map(|row| line(app, row)).collect(),
        codes_left,
        required,
        others: sessions.iter().filter(|session| !session.current).count(),
        sessions,
        codes,
        errors,
    })
}

fn line(app: &App, row: &FactorRow) -> FactorLine {
    FactorLine {
        id: row.id,
        kind: row.kind.label(),
        name: row.name.clone(),
        made: view::dates::moment(row.made_at, app.now()),
        used: row.used_at.map_or_else(|| "还没有用过".to_owned(), |at| view::dates::moment(at, app.now())),
    }
}

/// Which session is to end; none for all others.
#[derive(Default, Deserialize)]
#[serde(default)]
struct EndForm {
    handle: String,
}

async fn end_session(
    State(app): State<App>,
    own: Own,
    FormBody(form): FormBody<EndForm>,
) -> Result<Response, PageError> {
    let (id, here) = (own.session.staff.account_id, own.session.token_hash.clone());
    app.act(own.actor(), move |tx, scene| {
        let wanted = (!form.handle.is_empty()).then_some(form.handle.as_str());
        sign_in::end(tx, scene, id, wanted, &here)
    })
    .await?;
    Ok(redirect::to("/account?done=ended"))
}
