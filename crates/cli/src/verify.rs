//! `xiaobao verify`: no row of any table is other than it was written, every case's state is what its events add up to, and nothing lies
//! otherwise under a seal than it did.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use casework::seal::{Export, Published};
use clap::Args;
use domain::clock::beijing_midnight;
use domain::seal::Seal;
use jiff::civil::Date;
use store::ledger::{Finding, Scope, check};

use crate::data::Place;
use crate::histories;

/// What to verify.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    place: Place,
    /// 只核对这一天（北京时间）以来写入的内容
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// 与以前公布的封存核对：xiaobao seal export 导出的文件，可以写多个
    #[arg(long = "seal", value_name = "FILE")]
    seals: Vec<PathBuf>,
}

/// More than this many lines help nobody.
const TOLD_AT_MOST: usize = 200;

/// Verifies; names what is wrong.
pub fn run(args: VerifyArgs) -> anyhow::Result<()> {
    let since = args.since.map(beijing_midnight);
    let mut scope = Scope { since, ..Scope::default() };
    for file in &args.seals {
        scope.published.extend(published(file)?);
    }
    let installation = args.place.open()?;
    let (checked, histories) = std::thread::scope(|threads| {
        let histories = threads.spawn(|| histories::check(&installation.db, since));
        let checked = installation.read(move |tx| check(tx, &scope));
        (checked, histories.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let (checked, histories) = (checked?, histories?);
    let wrong: Vec<String> = checked.findings.iter().map(told).chain(histories.wrong).collect();
    for sentence in wrong.iter().take(TOLD_AT_MOST) {
        println!("{sentence}");
    }
    if let Some(more) = wrong.len().checked_sub(TOLD_AT_MOST).filter(|more| *more > 0) {
        println!("……还有 {more} 处");
    }
    if !wrong.is_empty() {
        bail!("发现 {} 处与当初写入的不一致", wrong.len());
    }
    println!(
        "核对了 {} 笔总账、{} 行数据、{} 个封存；{} 件案件的办理记录完整，与现在的状态一致，每个期限都有依据。",
        checked.entries, checked.rows, checked.seals, histories.cases
    );
    Ok(())
}

/// The seals in a file that was published, each sound in itself.
pub(crate) fn published(file: &Path) -> anyhow::Result<Vec<Seal>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("读不了封存文件 {}", file.display()))?;
    let export: Export = serde_json::from_str(&text).with_context(|| format!("{} 不是封存导出文件", file.display()))?;
    let sound = |published: Published| {
        let day = published.seal.day;
        if published.is_sound() {
            Ok(published.seal)
        } else {
            bail!("{} 里 {day} 的封存本身就对不上", file.display())
        }
    };
    export.seals.into_iter().map(sound).collect()
}

/// A finding in a sentence.
pub(crate) fn told(finding: &Finding) -> String {
    match finding {
        Finding::Entry { number } => format!("总账第 {number} 笔被改动、插入或移动过，或者密钥文件不是写账时的那一个"),
        Finding::EntriesMissing { from, until } if from == until => format!("总账缺第 {from} 笔"),
        Finding::EntriesMissing { from, until } => format!("总账缺第 {from} 至 {until} 笔"),
        Finding::Changed { table, key, columns, entry } => {
            let columns =
                if columns.is_empty() { String::new() } else { format!("，改动的列：{}", columns.join("、")) };
            format!("{table} 表 {key} 的一行被改动{columns}（应与总账第 {entry} 笔一致）")
        }
        Finding::Removed { table, key, entry } => format!("{table} 表 {key} 的一行被删除（写于总账第 {entry} 笔）"),
        Finding::Added { table, key } => format!("{table} 表 {key} 的一行没有入账，是后来插入的"),
        Finding::Unreadable { table } => format!("{table} 表里有本程序不可能写入的内容，读不出来"),
        Finding::Unwatched { table } => format!("{table} 表的记账触发器被删除或停用"),
        Finding::Seal { day } => format!("{day} 的封存被改动，或者前一个封存不见了"),
        Finding::Sealed { day, published: false } => format!("{day} 封存的总账与现在的不一致"),
        Finding::Sealed { day, published: true } => {
            format!("{day} 已公布的封存与现在的总账不一致：总账在公布之后被改写")
        }
    }
}
