//! 账号: who has one, and one account with her roles.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::account::{self, Account};
use casework::handover::{self, Held, Losing};
use casework::{ActError, Scene, sign_in, staff, throttle};
use domain::role::Role;
use serde::Deserialize;
use store::Tx;
use store::account::AccountRow;
use store::organization::OrganizationRow;

use super::account_act::ActForm;
use crate::account::SessionLine;
use crate::app::App;
use crate::error::PageError;
use crate::session::AccountKeeper;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Pagination, Tag, Tone, tag};
use crate::{redirect, render};

pub(super) const HERE: &str = "/admin/accounts";
const ON_A_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct ListPage {
    page: DeskPage,
    q: String,
    rows: Vec<AccountLine>,
    nothing: EmptyState,
    pagination: Pagination,
}

struct AccountLine {
    id: i64,
    login: String,
    name: String,
    office: String,
    roles: String,
    state: Tag,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    after: i64,
    done: String,
}

pub(super) async fn list(
    State(app): State<App>,
    keeper: AccountKeeper,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let kept = asked.clone();
    let mut rows = app.look(keeper.actor(), move |tx, scene| lines(tx, scene, &kept)).await?;
    let next = (rows.len() > ON_A_PAGE).then(|| rows[ON_A_PAGE - 1].id);
    rows.truncate(ON_A_PAGE);
    let q = asked.q.trim().to_owned();
    let pagination = Pagination {
        previous: None,
        next: next.map(|after| format!("{HERE}?q={}&after={after}", redirect::query_value(&q))),
        place: format!("本页 {} 个账号", rows.len()),
    };
    let nothing =
        EmptyState::new("没有账号", "在机构页面上可以为每个机构建立账号。").link("去机构", "/admin/organizations");
    let page = super::page(&keeper.0, HERE);
    Ok(render::page(&ListPage { page, q, rows, nothing, pagination }))
}

/// Accounts in the administrator's subtree from `after` on that contain the words, one more than a page holds.
fn lines(tx: &mut Tx<'_>, scene: Scene<'_>, asked: &Asked) -> Result<Vec<AccountLine>, ActError> {
    const AT_ONCE: i64 = 500;
    let q = asked.q.trim().to_lowercase();
    let mut offices: HashMap<i64, Option<OrganizationRow>> = HashMap::new();
    let (mut found, mut last) = (Vec::new(), asked.after);
    loop {
        let batch = store::account::after(tx, last, AT_ONCE)?;
        let Some(end) = batch.last() else { return Ok(found) };
        last = end.id;
        for row in batch {
            if let std::collections::hash_map::Entry::Vacant(empty) = offices.entry(row.organization_id) {
                let office = store::organization::find(tx, row.organization_id)?;
                empty.insert(office.filter(|office| staff::reaches(scene.actor, account::KEEPERS, office)));
            }
            let Some(Some(office)) = offices.get(&row.organization_id) else { continue };
            if !q.is_empty()
                && ![&row.login, &row.name, &office.name].iter().any(|text| text.to_lowercase().contains(&q))
            {
                continue;
            }
            let grants = store::account::grants(tx, row.id)?;
            let roles: Vec<_> = grants.iter().map(|grant| grant.role.label()).collect();
            found.push(AccountLine {
                id: row.id,
                office: office.name.clone(),
                roles: roles.join("、"),
                state: state(&row),
                login: row.login,
                name: row.name,
            });
            if found.len() > ON_A_PAGE {
                return Ok(found);
            }
        }
    }
}

/// Whether an account can come in, in a word.
pub(super) fn state(row: &AccountRow) -> Tag {
    if !row.active {
        tag("停用", Tone::Plain)
    } else if row.must_change {
        tag("待改密码", Tone::Teal)
    } else {
        tag("正常", Tone::Green)
    }
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    page: DeskPage,
    row: AccountRow,
    organization: OrganizationRow,
    state: Tag,
    waiting: Option<String>,
    factors: Vec<String>,
    sessions: Vec<SessionLine>,
    grants: Vec<GrantLine>,
    roles: Vec<Choice>,
    duties: Vec<(&'static str, &'static str)>,
    places: Vec<Choice>,
    place: String,
    /// What lies in her hands, in words.
    held: Vec<String>,
    /// Her hand-over that is not done.
    handover: Option<String>,
    reason: String,
    to: String,
    is_self: bool,
    /// A system administrator looks: she changes the account, not its roles.
    keeps: bool,
    /// A security administrator looks: she gives roles and ends lock-outs, and nothing else.
    grants_roles: bool,
    name: String,
    phone: String,
    one_time: Option<String>,
    errors: Errors,
}

struct GrantLine {
    role: Role,
    organization_id: i64,
    organization: String,
}

pub(super) async fn show(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = load(&app, &keeper, id).await?;
    page.page.notice = match asked.done.as_str() {
        "renamed" => Some(Notice::done("已保存")),
        "granted" => Some(Notice::done("已授予角色").text("本人重新登录后生效。")),
        "revoked" => Some(Notice::done("已收回角色").text("已经生效，本人须重新登录。")),
        "handover" => Some(Notice::done("已开始交接").text("由所在单位领导在“交接”里交给同事；各方签收以后再来办理。")),
        "moved" => Some(Notice::done("已调动").text("原有角色已收回，请安全管理员授予新岗位的角色。")),
        "deactivated" => Some(Notice::done("账号已停用").text("本人的登录已全部退出。")),
        "reactivated" => Some(Notice::done("账号已恢复")),
        "unlocked" => Some(Notice::done("已解除等候").text("现在可以马上再试。")),
        "factors" => Some(Notice::done("第二步验证已重置").text("本人下次登录后重新设置。")),
        "sessions" => Some(Notice::done("登录已结束")),
        _ => None,
    };
    Ok(render::page(&page))
}

/// The page with a new one-time password, which is shown this once.
pub(super) async fn show_once(
    app: &App,
    keeper: &AccountKeeper,
    id: i64,
    one_time: String,
) -> Result<Response, PageError> {
    let page = AccountPage { one_time: Some(one_time), ..load(app, keeper, id).await? };
    Ok(render::page(&page))
}

/// The page again after a refusal, with the sentence and what was typed about a change of post.
pub(super) async fn refused(
    app: &App,
    keeper: &AccountKeeper,
    id: i64,
    typed: ActForm,
    error: PageError,
) -> Result<Response, PageError> {
    let Some(errors) = error.faults() else { return Err(error) };
    let page = AccountPage { errors, reason: typed.reason, to: typed.to, ..load(app, keeper, id).await? };
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn load(app: &App, keeper: &AccountKeeper, id: i64) -> Result<AccountPage, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let account = account::kept(tx, scene, id)?;
        let held = handover::held(tx, id, Losing::Everything)?;
        let handover = store::handover::open_of(tx, id)?;
        let mut grants = Vec::new();
        for grant in &account.grants {
            let at = store::organization::find(tx, grant.organization_id)?;
            let organization = at.map(|at| at.name).unwrap_or_default();
            grants.push(GrantLine { role: grant.role, organization_id: grant.organization_id, organization });
        }
        let places = places(tx, scene, &account.organization)?;
        let waiting = throttle::waiting(tx, scene, &account.row.login)?;
        let factors = store::factor::of_account(tx, id)?;
        let sessions = sign_in::living(tx, scene, id)?;
        Ok((account, (held, handover), grants, places, (waiting, factors, sessions)))
    };
    let (account, (held, handover), grants, places, (waiting, factors, sessions)) =
        app.look(keeper.actor(), look).await?;
    let Account { row, organization, .. } = account;
    Ok(AccountPage {
        page: super::page(&keeper.0, HERE),
        state: state(&row),
        waiting: waiting
            .iter()
            .filter_map(|source| source.waits_until)
            .max()
            .map(|until| view::dates::moment(until, app.now())),
        factors: factors.iter().map(|factor| format!("{}“{}”", factor.kind.label(), factor.name)).collect(),
        sessions: sessions.iter().map(|session| SessionLine::of(app, session, "")).collect(),
        keeps: keeper.0.holds(Role::Administrator),
        grants_roles: keeper.0.holds(Role::SecurityAdministrator),
        is_self: row.id == keeper.0.account_id,
        roles: roles(),
        duties: duties(),
        place: organization.id.to_string(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        one_time: None,
        errors: Errors::none(),
        row,
        organization,
        grants,
        places,
        held: in_hand(&held),
        handover: handover.map(|it| format!("{}，{}开始", it.reason, view::dates::moment(it.opened_at, app.now()))),
        reason: String::new(),
        to: String::new(),
    })
}

/// What lies in her hands, without saying which: those who keep accounts see no case.
fn in_hand(held: &Held) -> Vec<String> {
    let (lead, partner): (Vec<_>, Vec<_>) = held.cases.iter().partition(|case| case.leads);
    let meetings = held.cases.iter().filter(|case| case.meeting_at.is_some()).count();
    let mut words: Vec<String> = [
        (lead.len(), "件主办的案件"),
        (partner.len(), "件协办的案件"),
        (meetings, "次已经约好的调解（随案件交接）"),
        (held.visits.len(), "件没有做的回访"),
        (held.drafts, "份没有登记完的草稿"),
        (held.identities.keeps, "件保管的举报人身份"),
        (held.identities.reads, "件能查看的举报人身份"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    words.extend(held.desks.iter().map(|(desk, waits)| format!("{desk}：{waits} 件，没有别人能办")));
    if held.identities.alone > 0 {
        words.push(format!("其中 {} 件举报人身份没有别的保管人能打开", held.identities.alone));
    }
    words
}

/// Every role.
fn roles() -> Vec<Choice> {
    Role::ALL.iter().map(|role| Choice::new(role.key(), role.label())).collect()
}

/// Every role with what it does.
fn duties() -> Vec<(&'static str, &'static str)> {
    Role::ALL.iter().map(|role| (role.label(), duty(*role))).collect()
}

/// Where a role may be given: her organisation, its bureau and the bureau's centre, as far as the administrator reaches.
fn places(tx: &mut Tx<'_>, scene: Scene<'_>, home: &OrganizationRow) -> Result<Vec<Choice>, ActError> {
    let mut places = vec![home.clone()];
    if let Some(bureau) = home.bureau_id {
        places.extend(store::organization::find(tx, bureau)?);
        places.extend(store::organization::of_bureau(tx, bureau, domain::organization::OrganizationKind::Centre)?);
        places.extend(store::organization::of_bureau(tx, bureau, domain::organization::OrganizationKind::Office)?);
    }
    let mut seen = std::collections::HashSet::new();
    places
        .retain(|place| place.active && staff::reaches(scene.actor, account::KEEPERS, place) && seen.insert(place.id));
    Ok(places.into_iter().map(|place| Choice::new(place.id.to_string(), place.name)).collect())
}

fn duty(role: Role) -> &'static str {
    match role {
        Role::IntakeAgent => "接听、接待、登记",
        Role::ShiftLead => "带班，登记和分送",
        Role::DutyDirector => "值班领导，处理重大事项",
        Role::Dispatcher => "决定受理，分送承办单位",
        Role::Officer => "承办、调解",
        Role::Leader => "指派承办人，审批结果",
        Role::Statistician => "统计报表",
        Role::Archivist => "归档和借阅",
        Role::StationLiaison => "服务站的联络人",
        Role::StationContact => "所里联系服务站的人",
        Role::Discipline => "核查和答复对本局工作人员的举报，只看得到这些；只能在局里担任",
        Role::IdentityCustodian => "保管举报人身份，批准查看；每个局至少两人，看不到其他案卷",
        Role::Administrator => "建立账号、机构和日历，不授予角色，看不到案件和审计记录；不得兼任其他角色",
        Role::SecurityAdministrator => {
            "授予和收回角色、定登录要求、解除等候，不建账号，看不到案件和审计记录；不得兼任其他角色"
        }
        Role::Auditor => "查看审计记录和封存，不能改动任何内容；不得兼任其他角色",
    }
}
