//! 登录要求: by role, whether a second factor is required and from which networks it may sign in.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::role_security;
use casework::{ActError, Scene, staff};
use domain::account::{FactorPolicy, account_rules};
use domain::role::Role;
use serde::Deserialize;
use store::Tx;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::Address;
use crate::session::AccountKeeper;
use crate::view::{self, Choice, DeskPage, Errors, Notice};
use crate::{redirect, render};

pub(super) const HERE: &str = "/admin/security";

#[derive(Template)]
#[template(path = "admin/security.html")]
struct SecurityPage {
    page: DeskPage,
    lines: Vec<Line>,
    may_change: bool,
    everybody: &'static str,
    facts: Vec<(&'static str, String)>,
    source: &'static str,
    address: String,
    factors: Vec<Choice>,
    form: Form,
    role_label: String,
    errors: Errors,
}

struct Line {
    key: &'static str,
    label: &'static str,
    factor: &'static str,
    networks: Vec<String>,
}

/// What the form sends; `role` says which role's form is open.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    role: String,
    factor: String,
    networks: String,
    meant: String,
    done: String,
}

pub(super) async fn show(
    State(app): State<App>,
    keeper: AccountKeeper,
    Address(address): Address,
    Query(asked): Query<Form>,
) -> Result<Response, PageError> {
    let mut form = asked;
    if let Some(role) = Role::from_key(&form.role) {
        let set = app.read(move |tx| role_security::of_role(tx, role)).await?;
        set.factor.map(FactorPolicy::key).unwrap_or_default().clone_into(&mut form.factor);
        form.networks = set.networks.join("\n");
    }
    let done = form.done == "saved";
    let mut page = load(&app, &keeper, address.to_string(), form, Errors::none()).await?;
    page.page.notice = done.then(|| Notice::done("已保存").text("从下一次登录起生效，已经登录的不受影响。"));
    Ok(render::page(&page))
}

async fn load(
    app: &App,
    keeper: &AccountKeeper,
    address: String,
    form: Form,
    errors: Errors,
) -> Result<SecurityPage, PageError> {
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let may_change = staff::secures_installation(tx, scene)?;
        let roles = Role::ALL.iter().map(|role| Ok((*role, role_security::of_role(tx, *role)?)));
        Ok((may_change, roles.collect::<Result<Vec<_>, ActError>>()?))
    };
    let (may_change, set) = app.look(keeper.actor(), read).await?;
    let everybody = app.house().settings.second_factor.label();
    let lines = set.into_iter().map(|(role, set)| Line {
        key: role.key(),
        label: role.label(),
        factor: set.factor.map_or("随全局", FactorPolicy::label),
        networks: set.networks,
    });
    let rules = account_rules();
    let days = app.house().settings.password_days;
    let mut factors = vec![Choice::new("", format!("随全局（{everybody}）"))];
    factors.extend(FactorPolicy::ALL.iter().map(|policy| Choice::new(policy.key(), policy.label())));
    Ok(SecurityPage {
        page: super::page(&keeper.0, HERE),
        lines: lines.collect(),
        everybody,
        facts: vec![
            ("口令", rules.password.hint()),
            ("定期更换", if days > 0 { format!("用满 {days} 天须更换") } else { "不定期更换".to_owned() }),
            (
                "登录失败",
                format!(
                    "同一来源连续输错 {} 次，等 {} 分钟，以后逐次加倍，最长 {} 分钟；本人用过的设备和网络单独计",
                    rules.throttle.allowed, rules.throttle.first_wait_minutes, rules.throttle.longest_wait_minutes
                ),
            ),
            ("空闲退出", format!("{} 分钟不用即退出", app.house().settings.idle_limit.as_mins())),
            ("最长登录", format!("{} 小时", casework::sign_in::LONGEST.as_hours())),
            ("敏感操作", format!("{} 分钟内没有验证过的，要再验证一次", rules.step_up.fresh_minutes)),
        ],
        source: &rules.source,
        address,
        role_label: Role::from_key(&form.role)
            .filter(|_| may_change)
            .map(|role| role.label().to_owned())
            .unwrap_or_default(),
        may_change,
        factors,
        form,
        errors,
    })
}

pub(super) async fn set(
    State(app): State<App>,
    keeper: AccountKeeper,
    Address(address): Address,
    FormBody(form): FormBody<Form>,
) -> Result<Response, PageError> {
    let Some(role) = Role::from_key(&form.role) else { return Err(PageError::not_found()) };
    let typed = form.clone();
    let set = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        let (factor, meant) = (FactorPolicy::from_key(&typed.factor), !typed.meant.is_empty());
        role_security::set(tx, scene, role, factor, &typed.networks, address, meant)
    };
    match app.act(keeper.actor(), set).await.map_err(PageError::from) {
        Ok(()) => Ok(redirect::to(&format!("{HERE}?done=saved"))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = load(&app, &keeper, address.to_string(), form, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
