//! `xiaobao token`: bearer tokens for programs that file by the API.

use anyhow::anyhow;
use casework::token::{self, NewToken};
use clap::{Args, Subcommand};

use crate::data::Place;
use crate::user::named;

/// What to do with tokens.
#[derive(Debug, Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// 新建令牌，只打印这一次
    Create(CreateArgs),
    /// 列出令牌
    List(Place),
    /// 吊销令牌
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// 由谁使用
    #[arg(long)]
    name: String,
    /// 用途：filing 提交投诉，tracking 查询自己提交的投诉；可以写多个
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    /// 限于哪个机构（行政区划代码、#编号或全称）；不写不限
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// 每分钟最多多少次；不写不限
    #[arg(long, value_name = "N")]
    per_minute: Option<i64>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    /// 名称
    name: String,
    #[command(flatten)]
    place: Place,
}

/// Does what was asked.
pub fn run(args: TokenArgs) -> anyhow::Result<()> {
    match args.command {
        TokenCommand::Create(args) => create(args),
        TokenCommand::List(place) => list(&place),
        TokenCommand::Revoke(args) => revoke(&args),
    }
}

fn create(args: CreateArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let organization = args.organization.map(|text| named(&installation, Some(text))).transpose()?;
    let new = NewToken {
        name: args.name.clone(),
        scopes: args.scopes,
        organization_id: organization.map(|organization| organization.id),
        per_minute: args.per_minute,
    };
    let random = web::app::fresh_bytes();
    let text = installation.act(move |tx, scene| token::create(tx, scene, &new, random))?;
    println!("令牌“{}”（只显示这一次，请妥善保存）：", args.name);
    println!("{text}");
    Ok(())
}

fn list(place: &Place) -> anyhow::Result<()> {
    let installation = place.open()?;
    for token in installation.act(token::list)? {
        let state = if token.revoked_at.is_some() { "已吊销" } else { "有效" };
        let limit = token.per_minute.map_or_else(|| "不限次数".to_owned(), |limit| format!("每分钟 {limit} 次"));
        println!("{}\t{}\t{limit}\t{state}", token.name, token.scopes);
    }
    Ok(())
}

fn revoke(args: &RevokeArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let tokens = installation.act(token::list)?;
    let found = tokens.into_iter().find(|token| token.name == args.name);
    let id = found.map(|token| token.id).ok_or_else(|| anyhow!("没有名为“{}”的令牌", args.name))?;
    installation.act(move |tx, scene| token::revoke(tx, scene, id).map(drop))?;
    println!("令牌“{}”已吊销。", args.name);
    Ok(())
}
