//! `xiaobao seal`: the daily seals over the ledger, for the notice board and for those who check from outside.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use store::ledger::{Scope, check_entries};

use crate::data::Place;
use crate::verify;

/// What to do with the seals.
#[derive(Debug, Args)]
pub struct SealArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// 列出每天的封存和指纹
    List(ListArgs),
    /// 导出为 JSON，可以公布，也可以交给外部核对（docs/seal-check.py）
    Export(ExportArgs),
    /// 核对总账与封存是否一致（不核对数据行；全面核对用 xiaobao verify）
    Check(CheckArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct ExportArgs {
    #[command(flatten)]
    place: Place,
    /// 连同每一笔总账的散列值
    #[arg(long, conflicts_with = "entry")]
    entries: bool,
    /// 连同这一笔总账在封存之内的证明
    #[arg(long, value_name = "NUMBER")]
    entry: Option<i64>,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    place: Place,
    /// 以前导出并公布的封存文件
    files: Vec<PathBuf>,
}

/// Lists, exports or checks.
pub fn run(args: SealArgs) -> anyhow::Result<()> {
    match args.verb {
        Verb::List(args) => list(args),
        Verb::Export(args) => export(args),
        Verb::Check(args) => check(args),
    }
}

fn list(args: ListArgs) -> anyhow::Result<()> {
    let seals = args.place.open()?.read(store::seal::all)?;
    if seals.is_empty() {
        println!("还没有封存。服务运行时，每天零点后的第一次巡检封存前一天的总账。");
    }
    for row in seals {
        println!("{}\t第 {} 至 {} 笔\t{}\t{}", row.seal.day, row.seal.first, row.seal.last, row.seal.suite, row.print);
    }
    Ok(())
}

fn export(args: ExportArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let export = match args.entry {
        Some(entry) => installation
            .read(move |tx| casework::seal::export_proof(tx, entry))?
            .ok_or_else(|| anyhow!("第 {entry} 笔还没有封存，或者没有这一笔"))?,
        None if args.entries => installation.read(casework::seal::export_entries)?,
        None => installation.read(casework::seal::export)?,
    };
    println!("{}", serde_json::to_string_pretty(&export)?);
    Ok(())
}

fn check(args: CheckArgs) -> anyhow::Result<()> {
    let mut scope = Scope::default();
    for file in &args.files {
        scope.published.extend(verify::published(file)?);
    }
    let checked = args.place.open()?.read(move |tx| check_entries(tx, &scope))?;
    for finding in &checked.findings {
        println!("{}", verify::told(finding));
    }
    match checked.findings.len() {
        0 => println!("{} 笔总账与 {} 个封存一致。", checked.entries, checked.seals),
        wrong => bail!("发现 {wrong} 处不一致"),
    }
    Ok(())
}
