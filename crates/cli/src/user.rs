//! `xiaobao user`: accounts from the command line; the first administrator comes in this way.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{anyhow, bail};
use casework::account::{self, NewAccount};
use casework::{organization, password};
use clap::{Args, Subcommand};
use domain::organization::OrganizationKind;
use domain::role::Role;
use store::Tx;
use store::account::AccountRow;
use store::organization::OrganizationRow;

use crate::data::{Installation, Place, told};

/// What to do with accounts.
#[derive(Debug, Args)]
pub struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// 新建账号；密码在终端输入两遍，或从标准输入读一行
    Add(AddArgs),
    /// 列出账号
    List(Place),
    /// 重置密码：打印一个一次性密码，本人登录后须修改
    Reset(OneArgs),
    /// 输错密码后不用再等，马上可以登录
    Unlock(OneArgs),
    /// 清除第二步验证（手机和恢复码都丢了），本人下次登录重新设置
    ResetFactors(OneArgs),
    /// 授予角色
    Grant(GrantArgs),
    /// 收回角色
    Revoke(GrantArgs),
}

#[derive(Debug, Args)]
#[command(after_help = ORGANIZATION_HELP)]
struct AddArgs {
    /// 登录名
    #[arg(long)]
    login: String,
    /// 姓名
    #[arg(long)]
    name: String,
    /// 电话
    #[arg(long, default_value = "")]
    phone: String,
    /// 所在机构；不写时为本系统最上面的局
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// 角色，可以写多个
    #[arg(long = "role", required = true, value_parser = role, value_name = "ROLE")]
    roles: Vec<Role>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct OneArgs {
    /// 登录名
    login: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
#[command(after_help = ORGANIZATION_HELP)]
struct GrantArgs {
    /// 登录名
    login: String,
    /// 角色
    #[arg(long, value_parser = role)]
    role: Role,
    /// 在哪个机构；不写时为账号所在机构
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    #[command(flatten)]
    place: Place,
}

const ORGANIZATION_HELP: &str = "机构可以写：行政区划代码（410103 为局，410103/centre 为它的 12315 中心，410103001 为所）、\
#编号（如 #12）或全称。
角色：intake_agent 坐席，shift_lead 值班长，duty_director 值班局长，dispatcher 分送员，officer 承办人，leader 审批领导，\
statistician 统计员，archivist 档案员，station_liaison 联络员，station_contact 联系人，identity_custodian 身份保管人，administrator 系统管理员，security_administrator 安全管理员，auditor 审计管理员（三员各用一个账号，不得兼任）。";

/// Does what was asked.
pub fn run(args: UserArgs) -> anyhow::Result<()> {
    match args.command {
        UserCommand::Add(args) => add(args),
        UserCommand::List(place) => list(&place),
        UserCommand::Reset(args) => reset(args),
        UserCommand::Unlock(args) => unlock(args),
        UserCommand::ResetFactors(args) => reset_factors(args),
        UserCommand::Grant(args) => change_role(args, true),
        UserCommand::Revoke(args) => change_role(args, false),
    }
}

fn add(args: AddArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let organization = named(&installation, args.organization)?;
    let login = account::checked_login(&args.login)?;
    let typed = ask_password()?;
    account::checked_password(&typed, &login, &args.name)?;
    let new = NewAccount {
        login,
        name: args.name,
        phone: args.phone,
        organization_id: organization.id,
        roles: args.roles,
        password_hash: password::hash(&typed, web::app::fresh_bytes(), installation.house.settings.key_cost),
        must_change: false,
    };
    let login = new.login.clone();
    installation.act(move |tx, scene| account::create(tx, scene, &new))?;
    println!("已建立账号 {login}，单位：{}。", organization.name);
    Ok(())
}

fn list(place: &Place) -> anyhow::Result<()> {
    const AT_ONCE: i64 = 500;
    let installation = place.open()?;
    let mut last = 0;
    loop {
        let lines = installation.read(move |tx| {
            let accounts = store::account::after(tx, last, AT_ONCE)?;
            accounts.into_iter().map(|account| Ok((account.id, line_of(tx, &account)?))).collect::<Result<Vec<_>, _>>()
        })?;
        let Some((end, _)) = lines.last() else { return Ok(()) };
        last = *end;
        for (_, line) in lines {
            println!("{line}");
        }
    }
}

fn line_of(tx: &mut Tx<'_>, account: &AccountRow) -> Result<String, store::StoreError> {
    let organization = store::organization::find(tx, account.organization_id)?;
    let roles: Vec<_> = store::account::grants(tx, account.id)?.iter().map(|grant| grant.role.key()).collect();
    let state = if account.active { "正常" } else { "停用" };
    let office = organization.map(|organization| organization.name).unwrap_or_default();
    Ok(format!("{}\t{}\t{office}\t{}\t{state}", account.login, account.name, roles.join(",")))
}

fn reset(args: OneArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let account = found(&installation, &args.login)?;
    let fresh = password::one_time(web::app::fresh_bytes());
    let hash = password::hash(&fresh, web::app::fresh_bytes(), installation.house.settings.key_cost);
    installation.act(move |tx, scene| account::reset_password(tx, scene, account.id, &hash).map(drop))?;
    println!("{} 的一次性密码（只显示这一次）：{fresh}", args.login);
    Ok(())
}

fn unlock(args: OneArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let account = found(&installation, &args.login)?;
    installation.act(move |tx, scene| account::unlock(tx, scene, account.id))?;
    println!("{} 不用再等，现在可以登录。", args.login);
    Ok(())
}

fn reset_factors(args: OneArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let account = found(&installation, &args.login)?;
    installation.act(move |tx, scene| casework::factor::reset(tx, scene, account.id))?;
    println!("已清除 {} 的第二步验证，恢复码也作废。", args.login);
    Ok(())
}

fn change_role(args: GrantArgs, give: bool) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let (row, role) = (found(&installation, &args.login)?, args.role);
    let organization = match args.organization {
        Some(text) => named(&installation, Some(text))?.id,
        None => row.organization_id,
    };
    installation.act(move |tx, scene| match give {
        true => account::grant(tx, scene, row.id, role, organization),
        false => account::revoke(tx, scene, row.id, role, organization),
    })?;
    println!("已{} {} 的角色：{}。", if give { "授予" } else { "收回" }, args.login, role.label());
    Ok(())
}

pub(crate) fn found(installation: &Installation, login: &str) -> anyhow::Result<AccountRow> {
    let asked = login.trim().to_ascii_lowercase();
    let account = installation.read(move |tx| store::account::by_login(tx, &asked))?;
    account.ok_or_else(|| anyhow!("没有登录名为“{login}”的账号，可用 xiaobao user list 查看"))
}

/// The organisation that somebody wrote: a division's code, `code/centre`, `#id` or a full name; the top bureau when nothing was.
pub(crate) fn named(installation: &Installation, text: Option<String>) -> anyhow::Result<OrganizationRow> {
    let Some(text) = text else {
        let tops = installation.read(organization::tops)?;
        return match tops.len() {
            0 => bail!("还没有机构，请先用 xiaobao init --region 代码 建立"),
            1 => Ok(tops.into_iter().next().expect("there is one")),
            _ => bail!("本系统有几个并列的局，请用 --organization 写明是哪一个"),
        };
    };
    let asked = text.trim().to_owned();
    let found = installation.db.read(move |tx| find(tx, &asked)).map_err(told)?;
    found.ok_or_else(|| anyhow!("没有找到机构“{text}”，请写行政区划代码、#编号或全称"))
}

fn find(tx: &mut Tx<'_>, text: &str) -> Result<Option<OrganizationRow>, store::StoreError> {
    if let Some(id) = text.strip_prefix('#') {
        return match id.parse() {
            Ok(id) => store::organization::find(tx, id),
            Err(_) => Ok(None),
        };
    }
    if let Some(code) = text.strip_suffix("/centre") {
        return store::organization::by_region(tx, code, OrganizationKind::Centre);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let kind = if text.len() > 6 { OrganizationKind::Office } else { OrganizationKind::Bureau };
        return store::organization::by_region(tx, text, kind);
    }
    let alike = store::organization::search(tx, "/", text, 1_000)?;
    Ok(alike.into_iter().find(|organization| organization.name == text))
}

/// The password: twice on a terminal, else one line of the standard input. There is never a default.
fn ask_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let typed = line.trim_end_matches(['\r', '\n']).to_owned();
        if typed.is_empty() {
            bail!("标准输入里没有密码，请写入一行，或在终端里运行本命令");
        }
        return Ok(typed);
    }
    let first = rpassword::prompt_password("密码：")?;
    let again = rpassword::prompt_password("再输一遍：")?;
    if first == again { Ok(first) } else { bail!("两次输入不一样，账号没有建立，请重新运行") }
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_key(text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.key()).collect();
        format!("没有这个角色，可以写：{}", known.join("、"))
    })
}
