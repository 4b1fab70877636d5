//! 账号 (1.3, 1.4): personal, never shared; made, changed and closed by an administrator inside her own subtree.

use domain::account::account_rules;
use domain::organization::OrganizationKind;
use domain::role::Role;
use store::Tx;
use store::account::{AccountRow, GrantRow};
use store::organization::OrganizationRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::handover::{self, Losing};
use crate::house::Scene;
use crate::sign_in;
use crate::staff;
use crate::throttle;
use crate::vault;

/// A person for whom an account is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccount {
    /// What she types to come in.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// Where she works.
    pub organization_id: i64,
    /// Her roles there.
    pub roles: Vec<Role>,
    /// argon2id hash of her first password: hashing takes long, so it is done before the transaction.
    pub password_hash: String,
    /// Must choose a password of her own at the first login.
    pub must_change: bool,
}

/// An account with what an administrator sees of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub row: AccountRow,
    /// Where she works.
    pub organization: OrganizationRow,
    /// Her roles.
    pub grants: Vec<GrantRow>,
}

/// Makes an account; gives its id.
pub fn create(tx: &mut Tx<'_>, scene: Scene<'_>, new: &NewAccount) -> Result<i64, ActError> {
    let organization = staff::administered(tx, scene, new.organization_id)?;
    let login = checked_login(&new.login)?;
    let name = checked_name(&new.name)?;
    // Only who runs the machine makes the first people whole; after that one makes the account and another gives the roles.
    if !new.roles.is_empty() && *scene.actor != Actor::System {
        return Err(ActError::field(
            "roles",
            "account.separation",
            "角色由安全管理员授予：先建账号，再请安全管理员授予",
        ));
    }
    check_roles(&new.roles, &organization)?;
    if store::account::by_login(tx, &login)?.is_some() {
        return Err(ActError::field("login", "account.login_taken", format!("登录名“{login}”已经有人用了，请换一个")));
    }
    let account = AccountRow {
        id: 0,
        login: login.clone(),
        name,
        phone: new.phone.trim().to_owned(),
        organization_id: organization.id,
        password_hash: new.password_hash.clone(),
        must_change: new.must_change,
        active: true,
        version: 1,
    };
    let id = store::account::insert(tx, &account, scene.now)?;
    for role in &new.roles {
        store::account::grant(tx, id, *role, organization.id)?;
    }
    let roles = if new.roles.is_empty() { "还没有角色".to_owned() } else { labels(&new.roles) };
    staff::note(tx, scene, &format!("新建账号：{login}（{roles}）"))?;
    Ok(id)
}

/// Who makes accounts.
const SYSTEM: &[Role] = &[Role::Administrator];
/// Who gives roles.
const SECURITY: &[Role] = &[Role::SecurityAdministrator];
/// Who sees accounts.
pub const KEEPERS: &[Role] = &[Role::Administrator, Role::SecurityAdministrator];

/// An account inside the subtree of whoever keeps accounts; one outside looks like none.
pub fn kept(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Account, ActError> {
    reached(tx, scene, KEEPERS, id)
}

fn administered(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Account, ActError> {
    reached(tx, scene, SYSTEM, id)
}

/// An account within the security administrator's reach.
pub(crate) fn secured(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Account, ActError> {
    reached(tx, scene, SECURITY, id)
}

fn reached(tx: &mut Tx<'_>, scene: Scene<'_>, roles: &[Role], id: i64) -> Result<Account, ActError> {
    // Whoever keeps no account learns nothing from its number.
    if let Actor::Staff(person) = scene.actor
        && !roles.iter().any(|role| person.holds(*role))
    {
        return Err(ActError::Forbidden);
    }
    let row = store::account::find(tx, id)?.ok_or(ActError::NotFound)?;
    let organization = staff::reached(tx, scene, roles, row.organization_id)?;
    let grants = store::account::grants(tx, id)?;
    Ok(Account { row, organization, grants })
}

/// Changes name and phone; `version` is the one on the page.
pub fn rename(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    id: i64,
    version: i64,
    name: &str,
    phone: &str,
) -> Result<(), ActError> {
    let mut account = administered(tx, scene, id)?.row;
    account.name = checked_name(name)?;
    phone.trim().clone_into(&mut account.phone);
    account.version = version;
    write(tx, &account)?;
    staff::note(tx, scene, &format!("修改账号：{}", account.login))
}

/// Closes an account. Whoever still has something in hand hands it over first (1.4).
pub fn deactivate(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let mut account = administered(tx, scene, id)?.row;
    refuse_self(scene, id, "不能停用自己的账号，请由另一位管理员办理")?;
    handover::require_done(tx, id, Losing::Everything)?;
    vault::leave(tx, scene, id)?;
    account.active = false;
    write(tx, &account)?;
    store::session::delete_of(tx, id)?;
    staff::note(tx, scene, &format!("停用账号：{}", account.login))
}

/// Moves a person to another organisation, when everything in her hands is handed over (1.4). The roles of the post that she
/// leaves end with it; a security administrator gives those of the new one.
pub fn move_to(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, version: i64, organization_id: i64) -> Result<(), ActError> {
    let Account { row: mut account, organization: left, grants } = administered(tx, scene, id)?;
    refuse_self(scene, id, "不能调动自己，请由另一位管理员办理")?;
    let place = staff::administered(tx, scene, organization_id)?;
    if !place.active || place.id == left.id {
        return Err(ActError::field("to", "account.place", "请选择要调去的另一个机构"));
    }
    handover::require_done(tx, id, Losing::Everything)?;
    vault::leave(tx, scene, id)?;
    for grant in grants {
        store::account::revoke(tx, id, grant.role, grant.organization_id)?;
    }
    (account.organization_id, account.version) = (place.id, version);
    write(tx, &account)?;
    store::session::delete_of(tx, id)?;
    staff::note(tx, scene, &format!("调动：{}，{} 调往 {}，原有角色收回", account.login, left.name, place.name))
}

/// Opens a closed account again.
pub fn reactivate(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let mut account = administered(tx, scene, id)?.row;
    account.active = true;
    write(tx, &account)?;
    staff::note(tx, scene, &format!("恢复账号：{}", account.login))
}

/// Sets a one-time password, given as its hash. Every session of hers ends.
pub fn reset_password(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, hash: &str) -> Result<AccountRow, ActError> {
    let Account { row: account, grants, .. } = administered(tx, scene, id)?;
    refuse_self(scene, id, "自己的密码请在“我的账号”里修改")?;
    // Whoever could reset the others' passwords could come in as them and hold all three offices.
    let others = grants.iter().any(|grant| grant.role.stands_apart() && grant.role != Role::Administrator);
    if others && *scene.actor != Actor::System {
        let sentence = "安全管理员和审计管理员的密码不能由系统管理员重置，请在服务器上用 xiaobao user reset 重置";
        return Err(ActError::field("account", "account.separation", sentence));
    }
    store::account::set_password(tx, id, hash, true, scene.now)?;
    let login = throttle::login_hash(scene.house, &account.login);
    store::login_source::release(tx, &login)?;
    store::login_source::forget(tx, &login)?;
    // Whoever resets a password opens nothing: the key under the old one is lost on purpose.
    store::vault::lose_key(tx, id, scene.now)?;
    store::session::delete_of(tx, id)?;
    staff::note(tx, scene, &format!("重置密码：{}", account.login))?;
    Ok(account)
}

/// Whoever has to wait after wrong tries may try again at once.
pub fn unlock(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let account = secured(tx, scene, id)?.row;
    store::login_source::release(tx, &throttle::login_hash(scene.house, &account.login))?;
    staff::note(tx, scene, &format!("解除登录等候：{}", account.login))
}

/// Ends a session of somebody's by its handle, or all of them.
pub fn end_sessions(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, handle: &str) -> Result<(), ActError> {
    let account = secured(tx, scene, id)?.row;
    refuse_self(scene, id, "自己的登录请在“账号安全”里结束")?;
    let ended = sign_in::end(tx, scene, id, (!handle.is_empty()).then_some(handle), "")?;
    staff::note(tx, scene, &format!("结束登录：{}，{ended} 个", account.login))
}

/// Gives a role at an organisation; both must lie in the security administrator's subtree. She signs in again with it.
pub fn grant(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, role: Role, organization_id: i64) -> Result<(), ActError> {
    let account = secured(tx, scene, id)?;
    refuse_self(scene, id, "不能给自己增减角色，请由另一位安全管理员办理")?;
    let organization = staff::reached(tx, scene, SECURITY, organization_id)?;
    let mut held: Vec<Role> = account.grants.iter().map(|grant| grant.role).collect();
    held.push(role);
    check_roles(&held, &organization)?;
    store::account::grant(tx, id, role, organization_id)?;
    vault::admit_first(tx, scene, id)?;
    store::session::delete_of(tx, id)?;
    let what = format!("授予角色：{} {}（{}）", account.row.login, role.label(), organization.name);
    staff::note(tx, scene, &what)
}

/// Takes a role away.
pub fn revoke(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, role: Role, organization_id: i64) -> Result<(), ActError> {
    let account = secured(tx, scene, id)?;
    refuse_self(scene, id, "不能给自己增减角色，请由另一位安全管理员办理")?;
    let organization = staff::reached(tx, scene, SECURITY, organization_id)?;
    handover::require_done(tx, id, Losing::Role(role, organization_id))?;
    if role == Role::IdentityCustodian {
        vault::leave(tx, scene, id)?;
    }
    store::account::revoke(tx, id, role, organization_id)?;
    store::session::delete_of(tx, id)?;
    let what = format!("收回角色：{} {}（{}）", account.row.login, role.label(), organization.name);
    staff::note(tx, scene, &what)
}

/// A person changes her own password; every session of hers ends, the caller opens a new one.
pub fn change_password(tx: &mut Tx<'_>, scene: Scene<'_>, hash: &str, key: &vault::KeyChange) -> Result<(), ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    store::account::set_password(tx, person.account_id, hash, false, scene.now)?;
    vault::keep_key(tx, scene, person.account_id, key)?;
    store::session::delete_of(tx, person.account_id)?;
    staff::note(tx, scene, "修改自己的密码")
}

/// A login as it is kept: 2 to 32 small letters, digits, `.`, `-`, `_`.
pub fn checked_login(login: &str) -> Result<String, ActError> {
    let login = login.trim().to_ascii_lowercase();
    let fits = (2..=32).contains(&login.len())
        && login.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte));
    if fits {
        Ok(login)
    } else {
        Err(ActError::field("login", "account.login", "登录名请用 2 到 32 位字母、数字、点、横线或下划线"))
    }
}

/// Refuses a password that is too weak for this person.
pub fn checked_password(password: &str, login: &str, name: &str) -> Result<(), ActError> {
    match account_rules().password.weakness(password, login, name) {
        Some(sentence) => Err(ActError::field("password", "account.password_weak", sentence)),
        None => Ok(()),
    }
}

fn checked_name(name: &str) -> Result<String, ActError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 30 {
        return Err(ActError::field("name", "account.name", "请填写姓名，30 个字以内"));
    }
    Ok(name.to_owned())
}

/// Whether the roles go together and with the organisation: whoever administers neither handles nor audits.
fn check_roles(held: &[Role], organization: &OrganizationRow) -> Result<(), ActError> {
    if let Some(apart) = held.iter().find(|role| role.stands_apart())
        && held.iter().any(|other| other != apart)
    {
        let sentence = format!("{}不得兼任其他角色，请另建一个账号", apart.label());
        return Err(ActError::field("roles", "account.separation", sentence));
    }
    if held.contains(&Role::Discipline) && organization.kind != OrganizationKind::Bureau {
        return Err(ActError::field("roles", "account.discipline", "纪检人员只能在局里担任，请选择局"));
    }
    if !organization.active {
        return Err(ActError::field("organization", "account.organization_closed", "这个机构已停用，请选择其他机构"));
    }
    Ok(())
}

pub(crate) fn refuse_self(scene: Scene<'_>, id: i64, sentence: &str) -> Result<(), ActError> {
    match scene.actor {
        Actor::Staff(person) if person.account_id == id => Err(ActError::field("account", "account.self", sentence)),
        _ => Ok(()),
    }
}

fn write(tx: &mut Tx<'_>, account: &AccountRow) -> Result<(), ActError> {
    if store::account::update(tx, account)? {
        Ok(())
    } else {
        Err(ActError::Conflict { since: "别人修改过这个账号".to_owned() })
    }
}

fn labels(roles: &[Role]) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("、")
}
