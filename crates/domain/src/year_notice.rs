//! A year's holiday notice and its file format (documented by [`YearNotice::EXAMPLE`]).

use std::fmt::Write as _;
use std::ops::Range;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::calendar::is_weekend;

/// The notice of the General Office of the State Council on a year's holidays (节假日安排的通知).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearNotice {
    /// The year it arranges.
    pub year: i16,
    /// Where it was published.
    pub source: String,
    /// Days off, each with the holiday's name.
    pub off: Vec<(Date, String)>,
    /// Weekend days worked in exchange, each with the holiday's name.
    pub work: Vec<(Date, String)>,
}

/// Why a notice file cannot be used: one sentence, with the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第 {line} 行：{reason}")]
pub struct NoticeError {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Spanned<i16>,
    source: Spanned<String>,
    #[serde(default)]
    off: Vec<Spanned<Entry>>,
    #[serde(default)]
    work: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    from: Spanned<String>,
    until: Option<Spanned<String>>,
}

impl YearNotice {
    /// The file format, by example.
    pub const EXAMPLE: &str = "\
# 一个年度一个文件（TOML，UTF-8）。抄录国务院办公厅关于该年部分节假日安排的通知。
year = 2023
source = \"https://www.gov.cn/zhengce/content/2022-12/08/content_5730844.htm\"

# 放假：from 至 until（含当日；只有一天时可不写 until）。连休中的周末一并写入。
# 可以涉及上一年的最后几天。
[[off]]
name = \"元旦\"
from = \"2022-12-31\"
until = \"2023-01-02\"

[[off]]
name = \"清明节\"
from = \"2023-04-05\"

# 调休上班：只能是星期六或者星期日。
[[work]]
name = \"春节\"
from = \"2023-01-28\"
until = \"2023-01-29\"
";

    /// The notice in the file format, a run of days in one entry.
    pub fn to_file(&self) -> String {
        let mut text = format!("year = {}\nsource = {}\n", self.year, quoted(&self.source));
        for (table, days) in [("off", &self.off), ("work", &self.work)] {
            let mut days = days.iter().peekable();
            while let Some((from, name)) = days.next() {
                let mut until = *from;
                while let Some((day, _)) =
                    days.next_if(|(day, next)| day.yesterday().is_ok_and(|before| before == until) && next == name)
                {
                    until = *day;
                }
                let _ =
                    write!(text, "\n[[{table}]]\nname = {}\nfrom = \"{from}\"\nuntil = \"{until}\"\n", quoted(name));
            }
        }
        text
    }

    /// Reads a notice file and checks it.
    pub fn parse(text: &str) -> Result<Self, NoticeError> {
        let at = |span: Range<usize>, reason: String| NoticeError { line: line_of(text, span.start), reason };
        let file: File =
            toml::from_str(text).map_err(|error| at(error.span().unwrap_or(0..0), format_fault(error.message())))?;
        let year = *file.year.get_ref();
        if !(1949..=2200).contains(&year) {
            return Err(at(file.year.span(), format!("年度 {year} 不合理，请写四位公历年份")));
        }
        if file.source.get_ref().trim().is_empty() {
            return Err(at(file.source.span(), "请写明通知的出处（source）".into()));
        }
        if file.off.is_empty() {
            return Err(at(file.year.span(), "没有一个放假日（[[off]]），请核对通知".into()));
        }
        let off = days(text, year, &file.off)?;
        let work = days(text, year, &file.work)?;
        for (entry, day) in file
            .work
            .iter()
            .flat_map(|entry| span_of(entry.get_ref()).unwrap_or_default().into_iter().map(move |day| (entry, day)))
        {
            if !is_weekend(day) {
                return Err(at(entry.get_ref().from.span(), format!("{day} 不是星期六或者星期日，不能写作调休上班日")));
            }
            if off.iter().any(|(other, _)| *other == day) {
                return Err(at(entry.get_ref().from.span(), format!("{day} 既写作放假又写作上班")));
            }
        }
        if let Some(entry) = file.off.iter().find(|entry| {
            span_of(entry.get_ref()).is_ok_and(|days| days.iter().all(|day| is_weekend(*day)))
                && entry.get_ref().until.is_none()
                && entry.get_ref().name.trim().is_empty()
        }) {
            return Err(at(entry.span(), "放假日没有名称".into()));
        }
        Ok(Self { year, source: file.source.into_inner(), off, work })
    }
}

fn days(text: &str, year: i16, entries: &[Spanned<Entry>]) -> Result<Vec<(Date, String)>, NoticeError> {
    let mut found: Vec<(Date, String)> = Vec::new();
    for entry in entries {
        let line = line_of(text, entry.get_ref().from.span().start);
        let refuse = |reason: String| NoticeError { line, reason };
        let name = entry.get_ref().name.trim();
        if name.is_empty() {
            return Err(refuse("请写明节日名称（name）".into()));
        }
        for day in span_of(entry.get_ref()).map_err(refuse)? {
            let touches_last_year = day.year() == year - 1 && day.month() == 12 && day.day() >= 20;
            if day.year() != year && !touches_last_year {
                return Err(refuse(format!("{day} 不属于 {year} 年（只可涉及上一年十二月下旬）")));
            }
            if found.iter().any(|(other, _)| *other == day) {
                return Err(refuse(format!("{day} 写了两次")));
            }
            found.push((day, name.to_owned()));
        }
    }
    found.sort();
    Ok(found)
}

fn span_of(entry: &Entry) -> Result<Vec<Date>, String> {
    let parse = |text: &str| text.parse::<Date>().map_err(|_| format!("“{text}”不是日期，请写作 2027-01-01 的样式"));
    let from = parse(entry.from.get_ref())?;
    let until = entry.until.as_ref().map_or(Ok(from), |until| parse(until.get_ref()))?;
    if until < from {
        return Err(format!("结束日 {until} 早于开始日 {from}"));
    }
    let days: Vec<Date> = from.series(jiff::Span::new().days(1)).take_while(|day| *day <= until).take(32).collect();
    if days.len() > 31 {
        return Err(format!("{from} 至 {until} 超过 31 天，请核对"));
    }
    Ok(days)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn format_fault(message: &str) -> String {
    let (key, reason) = crate::rule_check::in_chinese(message);
    if key == "-" { format!("文件格式有误：{reason}") } else { format!("文件格式有误：{key} {reason}") }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset.min(text.len())).unwrap_or(text).matches('\n').count() + 1
}
