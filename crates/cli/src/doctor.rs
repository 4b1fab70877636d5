//! `xiaobao doctor`: whether the installation can work, each point in one line.

use std::fmt::Display;
use std::path::Path;
use std::process::Command;

use anyhow::bail;
use clap::Args;
use domain::clock::beijing_day;

use crate::data::{Installation, Place, now};

/// Which installation to look at.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    place: Place,
}

/// Less free space than this is worth a warning: a few hundred filings with photographs.
const SPACE_AT_LEAST_MEGABYTES: u64 = 2_048;

/// Looks at each point; fails when one of them keeps the program from working.
pub fn run(args: DoctorArgs) -> anyhow::Result<()> {
    println!("数据库   {}", args.place.database()?);
    let installation = args.place.open()?;
    let written = installation.act(|tx, scene| Ok(store::installation::put(tx, "doctor", &scene.now.to_string())?));
    let works = written.is_ok();
    tell("数据库   ", written.map(|()| "可读可写"));
    organizations(&installation)?;
    println!("{}", crate::vault::escrow_line(installation.read(store::vault::escrow)?.as_ref()));
    calendar(&installation);
    gateways(&installation)?;
    papers(&installation);
    space(&args.place.data);
    if works { Ok(()) } else { bail!("数据库不能写，程序无法工作，请先解决") }
}

fn organizations(installation: &Installation) -> anyhow::Result<()> {
    let organizations = installation.read(store::organization::count)?;
    let accounts = installation.read(store::account::count)?;
    let hint = match (organizations, accounts) {
        (0, _) => "。请运行 xiaobao init --region 代码",
        (_, 0) => "。请运行 xiaobao user add 建立三员：系统管理员、安全管理员、审计管理员",
        _ => "",
    };
    println!("机构     {organizations} 个，账号 {accounts} 个{hint}");
    Ok(())
}

fn calendar(installation: &Installation) {
    let year = beijing_day(now()).year();
    let calendar = installation.house.calendar();
    for year in [year, year + 1] {
        match calendar.notice(year) {
            Some(_) => println!("节假日   {year} 年已收录"),
            None => {
                println!("节假日   {year} 年还没有收录，涉及该年的期限为估算；公布后请用 xiaobao calendar import 导入");
            }
        }
    }
}

fn gateways(installation: &Installation) -> anyhow::Result<()> {
    println!("消息网关 在 xiaobao serve 的参数里设置（--smtp-server、--sms-url）");
    for (state, count) in installation.read(store::outbox::count_by_state)? {
        let told = match state.as_str() {
            "waiting" => "等待发送",
            "sent" => "已送达",
            "failed" => "发送失败，请在管理页重发",
            "no_gateway" => "没有网关，须人工告知",
            "by_hand" => "须人工告知",
            other => other,
        };
        println!("消息     {told} {count} 条");
    }
    Ok(())
}

fn papers(installation: &Installation) {
    let fonts = installation.house.fonts().own_families();
    if fonts.is_empty() {
        println!("字体     内置宋体；本单位的仿宋、小标宋可以放进数据目录的 fonts 文件夹");
    } else {
        println!("字体     {}，其余用内置宋体", fonts.join("、"));
    }
    let mut certificates = installation.house.signers().all().peekable();
    if certificates.peek().is_none() {
        println!("证书     没有，签发的 PDF 不带数字签名；把 .p12 和口令文件放进数据目录的 signing 文件夹");
    }
    for (region, signer) in certificates {
        match signer {
            Ok(signer) => {
                let until = signer.good_until().map(|until| beijing_day(until).to_string()).unwrap_or_default();
                println!("证书     {region}：{}，有效至 {until}", signer.subject());
            }
            Err(reason) => println!("证书     {region} 不能用：{reason}"),
        }
    }
}

fn space(data: &Path) {
    match free_megabytes(data) {
        Some(free) if free < SPACE_AT_LEAST_MEGABYTES => println!("磁盘     只剩 {free} MB，请清理或扩容"),
        Some(free) => println!("磁盘     剩余 {free} MB"),
        None => println!("磁盘     剩余空间查不到，请自行确认"),
    }
}

/// What `df` says: the fourth column of its portable format, in kilobytes.
fn free_megabytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kilobytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes / 1024)
}

fn tell<T: Display>(what: &str, outcome: anyhow::Result<T>) {
    match outcome {
        Ok(good) => println!("{what}{good}"),
        Err(error) => println!("{what}不正常：{error}"),
    }
}
