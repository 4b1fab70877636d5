//! `xiaobao rules`: what rules there are, what one says, and whether a file may be used.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use domain::rule_book::RuleBook;
use domain::rule_set::{Ground, Layer, Limit, RuleSet};

use crate::data::{Installation, Place, now};

/// 规则：全国规则按施行日期前后相接，地方规则是更严的承诺。
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// 做什么
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// 列出全部规则
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 显示一个规则的期限、理由、文书和出处
    Show {
        /// 规则的 key，如 national-2026
        key: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 规则更正以后，把正在走的期限按更正后的规则和节假日安排重新计算，每改一个期限在案件里记一笔
    Apply {
        /// 在哪里
        #[command(flatten)]
        place: Place,
        /// 更正的依据，写进每件案件的办理过程，例如“省局〔2026〕8号更正”
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// 检查一个规则文件能否使用（与现有规则一并检查）
    Check {
        /// 规则文件（TOML）
        file: PathBuf,
    },
}

/// Does what was asked.
pub fn run(args: RulesArgs) -> anyhow::Result<()> {
    let text = match args.command {
        RulesCommand::List { json } => list(&RuleBook::builtin()?, json)?,
        RulesCommand::Show { key, json } => show(&RuleBook::builtin()?, &key, json)?,
        RulesCommand::Apply { place, why } => apply(&place, &why)?,
        RulesCommand::Check { file } => check(&file)?,
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(())
}

fn apply(place: &Place, why: &str) -> anyhow::Result<String> {
    let Installation { db, house } = place.open()?;
    let moved = casework::recount::recount(&db, &house, why, now()).map_err(|error| anyhow!("{error}"))?;
    db.close();
    let mut text = format!("{} 个正在走的期限改了日期。\n", moved.len());
    for it in &moved {
        writeln!(text, "{}  {}：{} → {}", it.case_number, it.limit, it.from, it.to)?;
    }
    Ok(text)
}

fn list(book: &RuleBook, json: bool) -> anyhow::Result<String> {
    if json {
        let rows: Vec<_> = book
            .all()
            .iter()
            .map(|set| {
                serde_json::json!({
                    "key": set.key,
                    "title": set.title,
                    "layer": set.layer,
                    "effective_from": set.effective_from,
                    "effective_until": set.effective_until,
                    "limits": set.limits.len(),
                    "letters": set.letters.len(),
                    "confirmed": set.confirmed,
                })
            })
            .collect();
        return Ok(serde_json::to_string_pretty(&rows)?);
    }
    let mut text = String::new();
    for set in book.all() {
        writeln!(text, "{:<14} {}　{}", set.key, in_force(set), set.title)?;
    }
    Ok(text)
}

fn show(book: &RuleBook, key: &str, json: bool) -> anyhow::Result<String> {
    let set = book.get(key).with_context(|| {
        let known: Vec<_> = book.all().iter().map(|set| set.key.as_str()).collect();
        format!("没有名为 {key} 的规则；现有：{}", known.join("、"))
    })?;
    if json {
        return Ok(serde_json::to_string_pretty(set)?);
    }
    let mut text = format!("{}（{}）\n{}\n", set.title, set.key, in_force(set));
    if let Some(note) = &set.note {
        writeln!(text, "说明：{note}")?;
    }
    writeln!(text, "\n依据")?;
    for source in &set.sources {
        let extra =
            [&source.number, &source.url].into_iter().flatten().fold(String::new(), |text, more| text + "　" + more);
        writeln!(text, "  {}{extra}", source.title)?;
    }
    writeln!(text, "\n期限")?;
    for limit in &set.limits {
        write_limit(&mut text, limit)?;
    }
    for (title, grounds) in [("不予受理的理由", &set.refusal_grounds), ("终止调解的理由", &set.termination_grounds)]
    {
        if !grounds.is_empty() {
            writeln!(text, "\n{title}")?;
        }
        for ground in grounds {
            write_ground(&mut text, ground)?;
        }
    }
    if !set.letters.is_empty() {
        writeln!(text, "\n文书")?;
    }
    for letter in &set.letters {
        let form = letter.form.as_deref().unwrap_or("—");
        writeln!(
            text,
            "  {}　{form}　[{}]{}",
            letter.title,
            letter.key,
            doubt(letter.confirmed, letter.note.as_deref())
        )?;
    }
    Ok(text)
}

fn write_limit(text: &mut String, limit: &Limit) -> std::fmt::Result {
    let until: Vec<_> = limit.until.iter().map(|trigger| trigger.label()).collect();
    writeln!(
        text,
        "  {}　{}：{}{}　自{}至{}　{}　{}{}　[{}]",
        limit.kind.label(),
        limit.name,
        limit.length,
        limit.unit.label(),
        limit.from.label(),
        until.join("或"),
        limit.basis.label(),
        limit.law,
        limit.article,
        limit.key
    )?;
    if let (Some(by), Some(whom)) = (limit.extendable_by, &limit.extension_by_whom) {
        writeln!(text, "    可延长{by}{}，由{whom}批准", limit.unit.label())?;
    }
    if !limit.excludes.is_empty() {
        writeln!(text, "    不计入：{}", limit.excludes.join("、"))?;
    }
    if let Some(condition) = &limit.condition {
        writeln!(text, "    只适用于：{condition}")?;
    }
    match doubt(limit.confirmed, limit.note.as_deref()) {
        remark if remark.is_empty() => Ok(()),
        remark => writeln!(text, "   {remark}"),
    }
}

fn write_ground(text: &mut String, ground: &Ground) -> std::fmt::Result {
    writeln!(
        text,
        "  {}　{}　[{}]{}",
        ground.article,
        ground.wording,
        ground.key,
        doubt(ground.confirmed, ground.note.as_deref())
    )?;
    ground.factors.iter().try_for_each(|factor| writeln!(text, "    · {factor}"))
}

fn doubt(confirmed: bool, note: Option<&str>) -> String {
    match (confirmed, note) {
        (true, None) => String::new(),
        (true, Some(note)) => format!("　{note}"),
        (false, note) => format!("　【未经核对】{}", note.unwrap_or_default()),
    }
}

fn in_force(set: &RuleSet) -> String {
    match (set.layer, set.effective_from, set.effective_until) {
        (Layer::Overlay, _, _) => "承诺期限，由采用的机关决定".to_owned(),
        (Layer::National | Layer::Beside, Some(from), Some(until)) => format!("{from} 至 {until}"),
        (Layer::National | Layer::Beside, Some(from), None) => format!("{from} 起"),
        (Layer::National | Layer::Beside, None, _) => "未写明施行日期".to_owned(),
    }
}

fn check(file: &std::path::Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("无法读取 {}，请核对路径，文件应为 UTF-8 编码的文本", file.display()))?;
    RuleBook::builtin_with(&file.display().to_string(), &text)?;
    Ok(format!("{} 可以使用", file.display()))
}
