//! `xiaobao calendar`: working days, and the import of a year's holiday notice.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::calendar::{Calendar, DayKind, YearNotice};
use jiff::civil::Date;
use serde_json::json;

use crate::clock::weekday;

/// 工作日历：国务院办公厅每年的放假安排。
#[derive(Debug, Args)]
pub struct CalendarArgs {
    /// 做什么
    #[command(subcommand)]
    pub command: CalendarCommand,
}

/// What to do with the calendar.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// 从某日起第几个工作日是哪一天（当日不计）
    Workday(WorkdayArgs),
    /// 某一年的放假和调休上班日
    Show(ShowArgs),
    /// 导入一年的放假安排
    Import(ImportArgs),
}

/// Which working day to find.
#[derive(Debug, Args)]
pub struct WorkdayArgs {
    /// 起始日，不计入
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Date,
    /// 第几个工作日
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub add: u32,
    /// 输出 JSON
    #[arg(long)]
    pub json: bool,
}

/// Which year to show.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// 年度
    #[arg(value_parser = clap::value_parser!(i16).range(1949..=2200))]
    pub year: i16,
    /// 输出 JSON
    #[arg(long)]
    pub json: bool,
}

/// Which notice to import, and where.
#[derive(Debug, Args)]
#[command(after_help = import_help())]
pub struct ImportArgs {
    /// 放假安排文件（TOML）
    pub file: PathBuf,
    /// 数据目录
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// 数据库：文件或者 postgres:// 地址；不写时用数据目录中的 SQLite
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// Does what was asked, by the given calendar; an import is read and checked here and handed to `save`.
pub fn run(
    args: CalendarArgs,
    calendar: &Calendar,
    save: impl FnOnce(&ImportArgs, YearNotice) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match args.command {
        CalendarCommand::Workday(args) => workday(&args, calendar),
        CalendarCommand::Show(args) => show(&args, calendar),
        CalendarCommand::Import(args) => {
            let notice = parse_import(&args.file)?;
            save(&args, notice)
        }
    }
}

/// Reads and checks a notice file.
pub fn parse_import(path: &Path) -> anyhow::Result<YearNotice> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("无法读取 {}，请核对路径，文件应为 UTF-8 编码的文本", path.display()))?;
    YearNotice::parse(&text).with_context(|| format!("{} 未能导入，没有改动任何期限", path.display()))
}

fn workday(args: &WorkdayArgs, calendar: &Calendar) -> anyhow::Result<()> {
    let found = calendar.add_workdays(args.from, args.add);
    let first = args.from.tomorrow().unwrap_or(found).min(found);
    let provisional = !(first.year()..=found.year()).all(|year| calendar.is_announced(Date::constant(year, 1, 1)));
    let mut out = std::io::stdout();
    if args.json {
        let answer = json!({ "from": args.from, "add": args.add, "day": found, "provisional": provisional });
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
    } else {
        let estimate =
            if provisional { "（估算：有的年度放假安排没有收录或者尚未公布）" } else { "" };
        writeln!(out, "{found}（{}）{estimate}", weekday(found))?;
    }
    Ok(())
}

fn show(args: &ShowArgs, calendar: &Calendar) -> anyhow::Result<()> {
    let first = Date::constant(args.year, 1, 1);
    let days: Vec<Date> = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == args.year).collect();
    let special: Vec<(Date, DayKind)> = days
        .iter()
        .map(|day| (*day, calendar.day_kind(*day)))
        .filter(|(_, kind)| matches!(kind, DayKind::Holiday(_) | DayKind::MakeUpWorkday(_)))
        .collect();
    let workdays = days.iter().filter(|day| calendar.is_workday(**day)).count();
    let notice = calendar.notice(args.year);
    let mut out = std::io::stdout();
    if args.json {
        let list = |off: bool| -> Vec<_> {
            special
                .iter()
                .filter_map(|(day, kind)| match kind {
                    DayKind::Holiday(name) if off => Some(json!({ "day": day, "name": name })),
                    DayKind::MakeUpWorkday(name) if !off => Some(json!({ "day": day, "name": name })),
                    _ => None,
                })
                .collect()
        };
        let answer = json!({
            "year": args.year,
            "announced": notice.is_some(),
            "source": notice.map(|notice| &notice.source),
            "workdays": workdays,
            "off": list(true),
            "work": list(false),
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        return Ok(());
    }
    match notice {
        Some(notice) => writeln!(out, "{}年：{workdays}个工作日\n出处：{}", args.year, notice.source)?,
        None => writeln!(out, "{}年的放假安排没有收录或者尚未公布；按周一至周五估算有{workdays}个工作日", args.year)?,
    }
    for (day, kind) in special {
        match kind {
            DayKind::Holiday(name) => writeln!(out, "  {day} {} 放假　{name}", weekday(day))?,
            DayKind::MakeUpWorkday(name) => writeln!(out, "  {day} {} 上班　{name}调休", weekday(day))?,
            DayKind::Workday | DayKind::Weekend => {}
        }
    }
    Ok(())
}

fn import_help() -> String {
    format!(
        "导入后，未办结事项的期限重新计算，有变动的逐一列出并记入事项经过。同一年度再次导入，以后一次为准。\n\n文件样例：\n\n{}",
        YearNotice::EXAMPLE
    )
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("“{text}”不是日期，请写作 2026-02-13 的样式"))
}
