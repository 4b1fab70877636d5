//! `xiaobao clock`: when each limit of a case ends, under which article, and the derivation day by day.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context as _, bail};
use clap::Args;
use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::clock::{BEIJING, Due, Suspension, Unit, beijing_day, beijing_instant, beijing_time};
use domain::rule_book::RuleBook;
use domain::rule_set::{Limit, RuleSet};
use domain::trigger::Trigger;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

/// 计算各项期限的届满日，并列出每一天计入或者不计入的理由。时间均为北京时间。
#[derive(Debug, Args)]
#[command(after_help = "例：
  xiaobao clock --kind complaint --received 2026-02-13T15:04
  xiaobao clock --kind complaint --received 2026-04-20T09:00 --accepted 2026-04-22T10:00 --overlay none --days
  xiaobao clock --kind report --received 2026-06-01 --extend verification=15 --json
  xiaobao clock --kind complaint --received 2026-04-20 --accepted 2026-04-20 --suspend 2026-05-10/2026-05-20:鉴定")]
pub struct ClockArgs {
    /// 事项类别：complaint 投诉、consultation 咨询、report 举报、suggestion 意见建议、staff_complaint 对工作人员的举报
    #[arg(long, value_parser = kind)]
    pub kind: CaseKind,
    /// 收到的时间，如 2026-02-13T15:04；没有另行写明的，登记（举报还有发现线索）视为同时
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub received: Timestamp,
    /// 受理的时间
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub accepted: Option<Timestamp>,
    /// 其他事由和时间，可以多次使用，如 --at dispatched=2026-02-14T09:00
    #[arg(long = "at", value_name = "TRIGGER=TIME", value_parser = event)]
    pub events: Vec<(Trigger, Timestamp)>,
    /// 全国规则的 key；不写时按收到日期选定
    #[arg(long, value_name = "KEY")]
    pub rule_set: Option<String>,
    /// 地方规则的 key；none 表示不用
    #[arg(long, value_name = "KEY", default_value = "provincial")]
    pub overlay: String,
    /// 延长某项期限，如 --extend close_promised=5
    #[arg(long, value_name = "LIMIT=N", value_parser = extension)]
    pub extend: Vec<(String, u32)>,
    /// 不计入期限的时间，如 --suspend 2026-05-10/2026-05-20:鉴定；只用于法律规定可以扣除时间的期限
    #[arg(long, value_name = "FROM/UNTIL:REASON", value_parser = suspension)]
    pub suspend: Vec<Suspension>,
    /// 连同只在特定情形下适用的期限一并计算
    #[arg(long)]
    pub conditional: bool,
    /// 列出每一天
    #[arg(long)]
    pub days: bool,
    /// 输出 JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the deadlines by the calendar shipped with the program.
pub fn run(args: ClockArgs) -> anyhow::Result<()> {
    run_with(&args, &Calendar::builtin())
}

/// Prints the deadlines by a calendar, e.g. one with imported notices.
pub fn run_with(args: &ClockArgs, calendar: &Calendar) -> anyhow::Result<()> {
    let book = RuleBook::builtin()?;
    let answer = answer(args, &book, calendar)?;
    let text = if args.json { serde_json::to_string_pretty(&as_json(&answer))? } else { as_text(&answer, args.days) };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

struct Answer<'a> {
    national: &'a RuleSet,
    overlay: Option<&'a RuleSet>,
    calendar_version: String,
    deadlines: Vec<Deadline<'a>>,
}

struct Deadline<'a> {
    set: &'a RuleSet,
    limit: &'a Limit,
    started: Timestamp,
    extended_by: u32,
    due: Due,
}

fn answer<'a>(args: &ClockArgs, book: &'a RuleBook, calendar: &Calendar) -> anyhow::Result<Answer<'a>> {
    let national = match &args.rule_set {
        Some(key) => rule_set(book, key)?,
        None => book.national(args.kind, beijing_day(args.received))?,
    };
    let overlay = match args.overlay.as_str() {
        "none" => None,
        key => Some(rule_set(book, key)?),
    };
    let events = events(args);
    let limits = book.limits(&national.key, overlay.map(|set| set.key.as_str()), args.kind);
    for (key, _) in &args.extend {
        if !limits.iter().any(|(_, limit)| limit.key == *key) {
            bail!("没有名为 {key} 的期限，请用 xiaobao rules show 查看规则中的期限");
        }
    }
    let mut deadlines = Vec::new();
    for (set, limit) in limits {
        let Some(started) = events.get(&limit.from).copied() else { continue };
        if limit.condition.is_some() && !args.conditional {
            continue;
        }
        let extended_by = extension_of(args, limit)?;
        let suspensions = if limit.excludes.is_empty() { &[][..] } else { &args.suspend };
        let due = set.due(limit, calendar, started, extended_by, suspensions, None);
        deadlines.push(Deadline { set, limit, started, extended_by, due });
    }
    deadlines.sort_by_key(|deadline| deadline.due.at);
    Ok(Answer { national, overlay, calendar_version: calendar.version().to_owned(), deadlines })
}

fn rule_set<'a>(book: &'a RuleBook, key: &str) -> anyhow::Result<&'a RuleSet> {
    book.get(key).with_context(|| format!("没有名为 {key} 的规则，请用 xiaobao rules list 查看现有的规则"))
}

/// What is known, and what follows from the receipt where nothing else is said: it was registered at once, and a
/// report's material is the lead itself (penalty procedure art. 18).
fn events(args: &ClockArgs) -> BTreeMap<Trigger, Timestamp> {
    let mut events = BTreeMap::from([(Trigger::Received, args.received), (Trigger::Registered, args.received)]);
    if args.kind == CaseKind::Report {
        events.insert(Trigger::ClueFound, args.received);
    }
    events.extend(args.accepted.map(|time| (Trigger::Accepted, time)));
    events.extend(args.events.iter().copied());
    events
}

fn extension_of(args: &ClockArgs, limit: &Limit) -> anyhow::Result<u32> {
    let Some((_, by)) = args.extend.iter().find(|(key, _)| *key == limit.key) else { return Ok(0) };
    match limit.extendable_by {
        None => bail!("{}（{}{}）不能延长", limit.name, limit.law, limit.article),
        Some(most) if *by > most => bail!("{}最多延长{most}{}", limit.name, limit.unit.label()),
        Some(_) => Ok(*by),
    }
}

fn as_json(answer: &Answer<'_>) -> Value {
    let deadline = |deadline: &Deadline<'_>| {
        let Deadline { set, limit, started, extended_by, due } = deadline;
        json!({
            "key": limit.key,
            "name": limit.name,
            "rule_set": set.key,
            "due": with_offset(last_instant(limit, due)),
            "due_day": due.day,
            "late_from": with_offset(due.at),
            "unit": limit.unit.key(),
            "length": limit.length,
            "extended_by": extended_by,
            "extendable_by": limit.extendable_by,
            "law": limit.law,
            "article": limit.article,
            "basis": limit.basis.key(),
            "bearer": limit.bearer.key(),
            "condition": limit.condition,
            "confirmed": limit.confirmed,
            "note": limit.note,
            "provisional": due.provisional,
            "caution": due.caution,
            "from": limit.from.key(),
            "started": with_offset(*started),
            "days": due.days,
        })
    };
    json!({
        "rule_set": answer.national.key,
        "overlay": answer.overlay.map(|set| &set.key),
        "calendar": answer.calendar_version,
        "deadlines": answer.deadlines.iter().map(deadline).collect::<Vec<_>>(),
    })
}

/// A limit in days lasts to the end of its last day; people read the day, so the last second is shown, not the
/// midnight after it.
fn last_instant(limit: &Limit, due: &Due) -> Timestamp {
    if limit.unit == Unit::Hour { due.at } else { due.at - jiff::SignedDuration::from_secs(1) }
}

fn with_offset(instant: Timestamp) -> String {
    instant.display_with_offset(BEIJING).to_string()
}

fn as_text(answer: &Answer<'_>, with_days: bool) -> String {
    let mut text = format!("适用：{}", answer.national.title);
    if let Some(overlay) = answer.overlay {
        let _ = write!(text, "；承诺期限：{}", overlay.title);
    }
    for deadline in &answer.deadlines {
        let Deadline { limit, started, extended_by, due, .. } = deadline;
        let extended = if *extended_by > 0 { format!("＋延长{extended_by}") } else { String::new() };
        let last = match limit.unit {
            Unit::Hour => minute(due.at),
            Unit::Workday | Unit::Day => format!("{}（{}）", due.day, weekday(due.day)),
        };
        let estimate = if due.provisional { "（估算）" } else { "" };
        let _ = write!(
            text,
            "\n\n{name}\n  最迟 {last}{estimate}\n  {basis}　{law}{article}　{length}{extended}{unit}，自{from}（{started}）起算　[{key}]",
            name = limit.name,
            basis = limit.basis.label(),
            law = limit.law,
            article = limit.article,
            length = limit.length,
            unit = limit.unit.label(),
            from = limit.from.label(),
            started = minute(*started),
            key = limit.key,
        );
        for remark in [&limit.condition, &due.caution, &limit.note].into_iter().flatten() {
            let _ = write!(text, "\n  注意：{remark}");
        }
        if with_days {
            for day in &due.days {
                let mark = if day.counted { "计" } else { "　" };
                let _ = write!(text, "\n    {} {} {mark} {}", day.day, weekday(day.day), day.why);
            }
        }
    }
    if answer.deadlines.is_empty() {
        text.push_str("\n\n按所给的事由，没有开始计算的期限。");
    }
    text
}

fn minute(instant: Timestamp) -> String {
    beijing_time(instant).strftime("%Y-%m-%d %H:%M").to_string()
}

pub(crate) fn weekday(day: Date) -> &'static str {
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day.weekday().to_monday_zero_offset() as usize]
}

fn kind(text: &str) -> Result<CaseKind, String> {
    CaseKind::from_key(text).ok_or_else(|| {
        let known: Vec<_> = CaseKind::ALL.iter().map(|kind| format!("{} {}", kind.key(), kind.label())).collect();
        format!("可用的类别：{}", known.join("、"))
    })
}

/// A time in Beijing (`2026-02-13T15:04`, or a day alone for its midnight), or an instant with its own offset.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    text.parse::<DateTime>()
        .map(beijing_instant)
        .map_err(|_| format!("“{text}”不是时间，请写作 2026-02-13T15:04 的样式（北京时间）"))
}

fn event(text: &str) -> Result<(Trigger, Timestamp), String> {
    let (key, time) = text.split_once('=').ok_or("请写作 事由=时间，如 dispatched=2026-02-14T09:00")?;
    let trigger = Trigger::from_key(key).ok_or_else(|| {
        let known: Vec<_> = Trigger::ALL.iter().map(|one| format!("{} {}", one.key(), one.label())).collect();
        format!("不认识的事由 {key}；可用的有：{}", known.join("、"))
    })?;
    Ok((trigger, instant(time)?))
}

fn extension(text: &str) -> Result<(String, u32), String> {
    let (key, by) = text.split_once('=').ok_or("请写作 期限=数，如 close_promised=5")?;
    Ok((key.to_owned(), by.parse().map_err(|_| format!("“{by}”不是数"))?))
}

fn suspension(text: &str) -> Result<Suspension, String> {
    let sample = "请写作 2026-05-10/2026-05-20:鉴定 的样式";
    let (from, rest) = text.split_once('/').ok_or(sample)?;
    // The reason follows the last colon that no digit follows: times hold colons of their own.
    let (until, reason) = match rest.rsplit_once(':') {
        Some((until, reason)) if !reason.starts_with(|letter: char| letter.is_ascii_digit()) => (until, reason),
        _ => (rest, "中止"),
    };
    let (from, until) = (instant(from)?, instant(until)?);
    if until < from {
        return Err(format!("“{text}”的结束早于开始"));
    }
    Ok(Suspension { from, until: Some(until), reason: reason.to_owned() })
}
