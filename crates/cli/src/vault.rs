//! `xiaobao vault`: the escrow ceremony, recovery by its holders, and how the vault stands.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use casework::vault::{self, Ceremony, EscrowKey, KeyChange, Share};
use casework::{ActError, Actor, Scene};
use clap::{Args, Subcommand};
use domain::role::Role;
use domain::vault::vault_rules;
use store::vault::EscrowRow;

use crate::data::{Installation, Place, told};
use crate::simulate::town::Login;
use crate::user::found;

/// What to do with the vault.
#[derive(Debug, Args)]
pub struct VaultArgs {
    #[command(subcommand)]
    command: VaultCommand,
}

#[derive(Debug, Subcommand)]
enum VaultCommand {
    /// 密钥托管仪式：生成托管密钥，逐份显示给托管人抄写；不写进磁盘
    Escrow(EscrowArgs),
    /// 托管人凑齐以后，把身份重新封存给指定的账号
    Recover(RecoverArgs),
    /// 密库现状：托管、没有密钥的账号、保管人不足的身份、最近的查看
    Status(Place),
}

#[derive(Debug, Args)]
#[command(after_help = ESCROW_HELP)]
struct EscrowArgs {
    /// 几位托管人，一人一份
    #[arg(long, default_value_t = 5)]
    holders: u8,
    /// 几份可以恢复
    #[arg(long, default_value_t = 3)]
    needed: u8,
    /// 托管人姓名，按份的次序；不写时逐个询问
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    place: Place,
}

const ESCROW_HELP: &str = "请托管人都到场，在没有旁人、没有摄像头的房间里进行。每一份只显示一次，由本人抄在纸上，装信封签名，\
分开存放。已有托管密钥时，先由原来的托管人凑齐旧的份，所有身份随之转到新的密钥，旧的份作废。";

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["case", "account"])))]
struct RecoverArgs {
    /// 一件案件的编号；用 --to 写明给谁
    #[arg(long, value_name = "NUMBER", requires = "to")]
    case: Option<String>,
    /// 给哪些账号（登录名），可以写多个
    #[arg(long, value_name = "LOGIN")]
    to: Vec<String>,
    /// 一个重置过密码的保管人（登录名）：她原来能打开的，重新为她打开
    #[arg(long, value_name = "LOGIN")]
    account: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Does what was asked.
pub fn run(args: VaultArgs) -> anyhow::Result<()> {
    match args.command {
        VaultCommand::Escrow(args) => escrow(args),
        VaultCommand::Recover(args) => recover(args),
        VaultCommand::Status(place) => status(&place),
    }
}

fn escrow(args: EscrowArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let ceremony = prepare(&installation, args.holders, args.needed)?;
    let old = match installation.read(store::vault::escrow)? {
        Some(escrow) => {
            println!("已有托管密钥。请原来的托管人先输入旧的份，共需 {} 份。", escrow.needed);
            Some(ask_key(&escrow)?)
        }
        None => None,
    };
    let mut names = args.names;
    for number in names.len()..usize::from(args.holders) {
        names.push(ask(&format!("第 {} 位托管人的姓名：", number + 1))?);
    }
    for (share, name) in ceremony.shares.iter().zip(&names) {
        let number = share.number();
        println!("\n──────── 第 {number} 份，共 {} 份，任意 {} 份可以恢复 ────────", args.holders, args.needed);
        println!("托管人：{name}    托管密钥指纹：{}\n", ceremony.fingerprint());
        for (line, text) in share.lines().iter().enumerate() {
            println!("  {}  {text}", line + 1);
        }
        println!("\n请本人抄在纸上（没有字母 I、L、O、U），核对后装信封签名。不要拍照，不要存进电脑。");
        if std::io::stdin().is_terminal() {
            ask("抄好以后按回车，屏幕会清除这一份")?;
            print!("\x1b[2J\x1b[3J\x1b[H");
        }
    }
    let seed = web::app::fresh_bytes();
    let fingerprint = ceremony.fingerprint();
    let ceremony = std::sync::Arc::new(ceremony);
    installation.act(move |tx, scene| vault::set_up(tx, scene, &ceremony, &names, old.as_ref(), seed))?;
    println!("托管密钥已启用，指纹 {fingerprint}。现在可以接收举报。");
    Ok(())
}

fn prepare(installation: &Installation, holders: u8, needed: u8) -> anyhow::Result<Ceremony> {
    Ok(Ceremony::prepare(installation.house.settings.suite, holders, needed, web::app::fresh_bytes())?)
}

fn recover(args: RecoverArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let Some(escrow) = installation.read(store::vault::escrow)? else {
        bail!("还没有托管密钥，请先运行 xiaobao vault escrow");
    };
    let mut accounts = Vec::new();
    for login in args.to.iter().chain(&args.account) {
        accounts.push(found(&installation, login)?.id);
    }
    let key = ask_key(&escrow)?;
    let seed = web::app::fresh_bytes();
    let granted = installation.act(move |tx, scene| {
        if let Some(number) = &args.case {
            return vault::recover_case(tx, scene, &key, number, &accounts, seed);
        }
        let account = accounts.first().copied().ok_or(ActError::NotFound)?;
        vault::recover_account(tx, scene, &key, account, seed)
    })?;
    println!("已重新封存 {granted} 份。请本人登录后查看；每次查看仍须批准并记录。");
    Ok(())
}

/// The key behind the shares that the holders type, one after the other.
fn ask_key(escrow: &EscrowRow) -> anyhow::Result<EscrowKey> {
    let mut shares: Vec<Share> = Vec::new();
    while (shares.len() as i64) < escrow.needed {
        println!("第 {} 位托管人，请输入 4 行（大小写、空格不论）：", shares.len() + 1);
        let mut typed = String::new();
        for line in 1..=4 {
            typed.push_str(&ask(&format!("  {line}  "))?);
            typed.push('\n');
        }
        match typed.parse::<Share>().and_then(|share| vault::fits(escrow, &share, &shares).map(|()| share)) {
            Ok(share) => {
                println!("第 {} 份正确。", share.number());
                shares.push(share);
            }
            Err(error) if std::io::stdin().is_terminal() => println!("{error}"),
            Err(error) => bail!(error),
        }
    }
    Ok(EscrowKey::combine(escrow, &shares)?)
}

fn ask(question: &str) -> anyhow::Result<String> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        bail!("输入在这里中断，什么也没有改动");
    }
    Ok(line.trim().to_owned())
}

fn status(place: &Place) -> anyhow::Result<()> {
    let installation = place.open()?;
    let status = installation.act(vault::status)?;
    println!("算法     {}", installation.house.settings.suite.label());
    println!("{}", escrow_line(status.escrow.as_ref()));
    println!("账号     {} 个还没有密钥，本人登录一次就会建立", status.without_key.len());
    for login in &status.without_key {
        println!("         {login}");
    }
    println!("身份     {} 件的身份保管人不足 {} 人", status.thin.len(), vault_rules().custodians.at_least);
    for (number, custodians) in &status.thin {
        println!("         {number}：{custodians} 人能打开");
    }
    println!("查看     最近三十天 {} 次", status.openings);
    Ok(())
}

/// Whether reports can be taken, and what is to be done when not.
pub(crate) fn escrow_line(escrow: Option<&EscrowRow>) -> String {
    match escrow {
        Some(escrow) => {
            let day = domain::clock::beijing_day(escrow.made_at);
            format!("密钥托管 {day} 设置，{} 人中任意 {} 人可恢复", escrow.holders, escrow.needed)
        }
        None => "密钥托管 还没有设置，不能接收举报。请运行 xiaobao vault escrow".to_owned(),
    }
}

/// For the demo only: a ceremony whose shares lie beside the logins, and keys for the custodians.
pub(crate) fn prepare_demo(installation: &Installation, logins: &[Login], data: &Path) -> anyhow::Result<()> {
    let ceremony = std::sync::Arc::new(prepare(installation, 5, 3)?);
    let shares: Vec<Vec<String>> = ceremony.shares.iter().map(Share::lines).collect();
    let file = data.join("demo-escrow.json");
    crate::demo::write_private(&file, &serde_json::to_string_pretty(&shares)?)?;
    let names = ["局长", "分管局长", "纪检组长", "法规科长", "办公室主任"].map(str::to_owned);
    let seed = web::app::fresh_bytes();
    installation.act(move |tx, scene| vault::set_up(tx, scene, &ceremony, &names, None, seed))?;
    let mut first = None;
    for login in logins.iter().filter(|login| login.role == Role::IdentityCustodian.label()) {
        let account = found(installation, &login.login)?;
        let key = KeyChange::at_login(None, &installation.house.settings, &login.password, web::app::fresh_bytes())?;
        installation.act(move |tx, scene| vault::keep_key(tx, scene, account.id, &key))?;
        let live = installation.db.read(move |tx| vault::live_key(tx, account.id)).map_err(told_act)?;
        let live = live.context("the key was just made")?;
        // The first custodian of a bureau admits the second, as she would on the page.
        match (live.admitted_for, &first) {
            (None, Some((id, key))) => hand_over(installation, *id, account.id, key)?,
            _ => first = Some((account.id, vault::unlock(&live, &login.password)?)),
        }
    }
    Ok(())
}

fn hand_over(installation: &Installation, from: i64, to: i64, key: &vault::OpenKey) -> anyhow::Result<()> {
    let (house, now, key, seed) =
        (installation.house.clone(), crate::data::now(), key.clone(), web::app::fresh_bytes());
    let person = installation.db.read(move |tx| casework::staff::load(tx, from)).map_err(told)?;
    let actor = Actor::Staff(person.context("the account was just made")?);
    let handed = installation
        .db
        .act(move |tx| vault::hand_over(tx, Scene { house: &house, now, actor: &actor }, to, &key, seed));
    handed.map(drop).map_err(told_act)
}

fn told_act(error: ActError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
