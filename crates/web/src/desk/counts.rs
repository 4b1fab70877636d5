//! 统计: the counts of a period, each number a link to the list it counts (12.1).

use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Scene, Staff, reading};
use domain::case_kind::CaseKind;
use domain::clock::{Basis, beijing_day};
use domain::filing::parse_day;
use domain::status::Status;
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::counts::{self as store_counts, By, LimitCount, Results};

use super::listing::{self, ListQuery};
use super::period::{Length, Period};
use super::{export, labels};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Section, Tab, Tabs, Tally, Tone};
use crate::{frame, redirect, render};

/// Lines of a table before the rest is added up.
const LINES_AT_MOST: usize = 20;
/// Days drawn as bars.
const DAYS_AT_MOST: i64 = 100;

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CountsQuery {
    period: String,
    day: String,
}

impl CountsQuery {
    fn period(&self, now: Timestamp) -> Period {
        let day = parse_day(&self.day).unwrap_or_else(|| beijing_day(now));
        Period::holding(day, Length::from_key(&self.period).unwrap_or(Length::Month))
    }
}

/// `GET /desk/counts`
#[derive(askama::Template)]
#[template(path = "desk/counts.html")]
struct CountsPage {
    page: DeskPage,
    period: String,
    previous: String,
    next: Option<String>,
    tabs: Tabs,
    tallies: Vec<Tally>,
    days: Option<Chart>,
    tables: Vec<Table>,
    timely: Vec<Timely>,
    csv: String,
    timeliness: String,
    facts: String,
    source: String,
}

/// Cases under one heading.
struct Table {
    title: &'static str,
    head: &'static str,
    lines: Vec<Line>,
}

struct Line {
    label: String,
    count: i64,
    share: String,
    /// Of the largest, in hundredths.
    width: i64,
    href: String,
}

/// A rate with what it was taken from.
struct Timely {
    label: String,
    basis: String,
    part: i64,
    part_href: String,
    whole: i64,
    whole_href: String,
    late: i64,
    late_href: String,
    rate: String,
}

/// Cases of each day as bars.
struct Chart {
    finding: String,
    bars: Vec<Bar>,
    width: usize,
}

struct Bar {
    x: usize,
    y: i64,
    height: i64,
    label: String,
}

/// A key, its words, its cases.
type Counted = (String, String, i64);

struct Found {
    received: i64,
    before: i64,
    /// How many came to their end.
    done: i64,
    /// What became of the complaints among them: only those can be settled.
    results: Results,
    tables: Vec<(By, Vec<Counted>)>,
    days: Vec<(String, i64)>,
    limits: Vec<LimitCount>,
}

/// `GET /desk/statistics`: the older address.
pub(super) async fn elsewhere(_me: SignedIn) -> Response {
    redirect::to("/desk/counts")
}

/// `GET /desk/counts`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<CountsQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (staff, now) = (me.0.clone(), app.now());
    let period = query.period(now);
    let found = app.look(me.actor(), move |tx, scene| find(tx, scene, &staff, period)).await?;
    let next = period.next();
    Ok(render::page(&CountsPage {
        page: frame::desk(&me.0, Section::Statistics),
        period: period.label(),
        previous: period.previous().address("/desk/counts"),
        next: (next.from <= beijing_day(now)).then(|| next.address("/desk/counts")),
        tabs: tabs(period),
        tallies: tallies(&found, period),
        days: chart(&found, period),
        timely: timely(&found, period),
        csv: period.address("/desk/counts.csv"),
        timeliness: period.address("/desk/timeliness"),
        facts: period.address("/desk/accountability"),
        source: format!("{}，截至{}", me.0.organization_name, view::dates::moment(now, beijing_day(now))),
        tables: found.tables.into_iter().map(|(by, lines)| table(by, lines, period)).collect(),
    }))
}

/// `GET /desk/counts.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<CountsQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (staff, now) = (me.0.clone(), app.now());
    let period = query.period(now);
    let found = app.look(me.actor(), move |tx, scene| find(tx, scene, &staff, period)).await?;
    let line = |group: &str, name: &str, part: String, whole: String| {
        vec![period.from.to_string(), period.to.to_string(), group.to_owned(), name.to_owned(), part, whole]
    };
    let results = found.results;
    let mut lines = vec![
        line("总量", "收到", found.received.to_string(), String::new()),
        line("总量", "办结", found.done.to_string(), String::new()),
        line("总量", "投诉调解成功", results.settled.to_string(), results.cases.to_string()),
        line("总量", "挽回损失（元）", export::yuan(results.recovered), String::new()),
        line("总量", "投诉评价已解决", results.solved.to_string(), (results.solved + results.unsolved).to_string()),
        line("总量", "重新办理", results.reopened.to_string(), results.cases.to_string()),
    ];
    for limit in &found.limits {
        lines.push(line("按时", &limit.name, limit.in_time.to_string(), limit.judged.to_string()));
    }
    for (by, rows) in &found.tables {
        for (_, label, count) in rows {
            lines.push(line(heading(*by), label, count.to_string(), found.received.to_string()));
        }
    }
    for (day, count) in &found.days {
        lines.push(line("每日收到", day, count.to_string(), String::new()));
    }
    let heads = ["起", "止", "分组", "项目", "件数", "分母"];
    Ok(export::csv(&format!("统计-{}-{}.csv", period.from, period.to), &heads, lines))
}

/// Received in the period.
fn received(period: Period) -> ListQuery {
    ListQuery { from: period.from.to_string(), to: period.to.to_string(), ..ListQuery::default() }
}

/// Outcome signed in the period.
fn concluded(period: Period) -> ListQuery {
    ListQuery { done_from: period.from.to_string(), done_to: period.to.to_string(), ..ListQuery::default() }
}

fn find(tx: &mut Tx<'_>, scene: Scene<'_>, staff: &Staff, period: Period) -> Result<Found, ActError> {
    let (scopes, now) = (reading::scopes(staff), scene.now);
    let all = received(period).selection(now);
    let bys = [By::Kind, By::Origin, By::Channel, By::Category, By::Status, By::Outcome, By::Unit, By::ReceivedDay];
    let mut counted = store_counts::by_each(tx, &scopes, &all, &bys)?;
    let days = counted.pop().unwrap_or_default();
    let mut tables = Vec::new();
    for (by, mut rows) in bys.into_iter().zip(counted) {
        // Only what is a report has an origin; who may know of none has no such table.
        if by == By::Origin {
            rows.retain(|(key, _)| !key.is_empty());
        }
        if by == By::Origin && rows.is_empty() {
            continue;
        }
        let mut lines = Vec::new();
        for (key, cases) in rows {
            lines.push((key.clone(), label(tx, scene, by, &key)?, cases));
        }
        tables.push((by, lines));
    }
    let done = store_counts::count(tx, &scopes, &concluded(period).selection(now))?;
    let results = store_counts::results(tx, &scopes, &complaints(concluded(period)).selection(now))?;
    Ok(Found {
        received: days.iter().map(|(_, cases)| cases).sum(),
        before: store_counts::count(tx, &scopes, &received(period.previous()).selection(now))?,
        done,
        results,
        tables,
        days,
        limits: store_counts::limits(tx, &scopes, &all, now)?,
    })
}

fn complaints(query: ListQuery) -> ListQuery {
    ListQuery { kind: CaseKind::Complaint.key().to_owned(), ..query }
}

fn settled(period: Period) -> ListQuery {
    ListQuery { outcome: "settled".to_owned(), ..complaints(concluded(period)) }
}

fn reopened(period: Period) -> ListQuery {
    ListQuery { reopened: "yes".to_owned(), ..complaints(concluded(period)) }
}

fn rated(period: Period, solved: &str) -> ListQuery {
    ListQuery { solved: solved.to_owned(), ..complaints(concluded(period)) }
}

fn label(tx: &mut Tx<'_>, scene: Scene<'_>, by: By, key: &str) -> Result<String, ActError> {
    Ok(match by {
        By::Kind => CaseKind::from_key(key).map_or_else(|| key.to_owned(), |kind| kind.label().to_owned()),
        By::Channel => labels::code(scene.house, "channels", key),
        By::Category if key.is_empty() => "还没有定类别".to_owned(),
        By::Category => labels::code(scene.house, "goods_categories", key),
        By::Status => Status::from_key(key).map_or_else(|| key.to_owned(), |status| status.label().to_owned()),
        By::Outcome => labels::outcome(Some(key).filter(|key| !key.is_empty())).to_owned(),
        By::Unit => listing::unit_name(tx, key)?,
        By::Problem if key.is_empty() => "还没有定问题".to_owned(),
        By::Problem => labels::code(scene.house, "problem_categories", key),
        By::Origin => labels::origin(key).to_owned(),
        By::Lead | By::Respondent | By::ReceivedDay | By::ReceivedYear => key.to_owned(),
    })
}

fn heading(by: By) -> &'static str {
    match by {
        By::Kind => "种类",
        By::Channel => "渠道",
        By::Category => "商品和服务类别",
        By::Status => "现在的状态",
        By::Outcome => "结果",
        By::Unit => "承办所",
        By::Problem => "问题",
        By::Origin => "举报和线索的来源",
        By::Lead | By::Respondent | By::ReceivedDay | By::ReceivedYear => "",
    }
}

/// The list behind a line; nothing where the address cannot say it (a key that is not there yet).
fn behind(by: By, key: &str, period: Period) -> String {
    let mut query = received(period);
    let key = key.to_owned();
    match by {
        By::Kind => query.kind = key,
        By::Channel => query.channel = key,
        By::Category => query.category = key,
        By::Status => query.status = key,
        By::Outcome => query.outcome = key,
        By::Unit => query.unit = key,
        By::Lead => query.lead = key,
        By::Respondent => query.respondent = key,
        By::Problem => query.problem = key,
        By::Origin => query.origin = key,
        By::ReceivedDay | By::ReceivedYear => {}
    }
    query.address()
}

fn table(by: By, rows: Vec<Counted>, period: Period) -> Table {
    let whole: i64 = rows.iter().map(|(_, _, count)| count).sum();
    let largest = rows.iter().map(|(_, _, count)| *count).max().unwrap_or(1).max(1);
    let shown = |(key, label, count): &Counted| Line {
        label: label.clone(),
        count: *count,
        share: rate(*count, whole),
        width: count * 100 / largest,
        href: if key.is_empty() { String::new() } else { behind(by, key, period) },
    };
    let mut lines: Vec<Line> = rows.iter().take(LINES_AT_MOST).map(shown).collect();
    let rest: i64 = rows.iter().skip(LINES_AT_MOST).map(|(_, _, count)| count).sum();
    if rest > 0 {
        let label = format!("其余 {} 项", rows.len() - LINES_AT_MOST);
        lines.push(Line {
            label,
            count: rest,
            share: rate(rest, whole),
            width: rest.min(largest) * 100 / largest,
            href: String::new(),
        });
    }
    Table { title: heading(by), head: heading(by), lines }
}

/// A share in words: `—` when there is nothing to take it of.
pub(super) fn rate(part: i64, whole: i64) -> String {
    if whole == 0 { "—".to_owned() } else { format!("{:.1}%", part as f64 * 100.0 / whole as f64) }
}

fn tabs(period: Period) -> Tabs {
    let tab = |length: Length| Tab {
        label: length.label().to_owned(),
        href: Period { length, ..period }.address("/desk/counts"),
        count: None,
        current: length == period.length,
    };
    Tabs { label: "统计期间".to_owned(), tabs: Length::ALL.map(tab).to_vec() }
}

fn tallies(found: &Found, period: Period) -> Vec<Tally> {
    let difference = found.received - found.before;
    let compared = match difference {
        0 => "与上期相同".to_owned(),
        more @ 1.. => format!("比上期多 {more} 件"),
        fewer => format!("比上期少 {} 件", -fewer),
    };
    let tally = |label: &str, count: String, compared: String, query: ListQuery| Tally {
        label: label.to_owned(),
        count,
        compared,
        href: query.address(),
        tone: Tone::Plain,
    };
    let results = found.results;
    let rated_cases = results.solved + results.unsolved;
    vec![
        tally("收到", view::quantity(found.received), compared, received(period)),
        tally("办结", view::quantity(found.done), format!("其中投诉 {}", results.cases), concluded(period)),
        tally(
            "调解成功率",
            rate(results.settled, results.cases),
            format!("{} ÷ 办结的投诉 {}", results.settled, results.cases),
            settled(period),
        ),
        tally("挽回损失", view::money_sign(results.recovered), "办结案件合计".to_owned(), settled(period)),
        tally(
            "投诉已解决",
            rate(results.solved, rated_cases),
            format!("{} ÷ 有评价的 {rated_cases}", results.solved),
            rated(period, "yes"),
        ),
        tally(
            "重新办理",
            view::quantity(results.reopened),
            format!("占办结投诉 {}", rate(results.reopened, results.cases)),
            reopened(period),
        ),
    ]
}

fn timely(found: &Found, period: Period) -> Vec<Timely> {
    let list = |key: &str, timely: &str| {
        ListQuery { limit: key.to_owned(), timely: timely.to_owned(), ..received(period) }.address()
    };
    found
        .limits
        .iter()
        .map(|limit| Timely {
            label: limit.name.clone(),
            basis: Basis::from_key(&limit.basis).map_or("", Basis::label).to_owned(),
            part: limit.in_time,
            part_href: list(&limit.key, "in_time"),
            whole: limit.judged,
            whole_href: list(&limit.key, "judged"),
            late: limit.late,
            late_href: list(&limit.key, "late"),
            rate: rate(limit.in_time, limit.judged),
        })
        .collect()
}

/// The cases of each day, when the period is longer than one.
fn chart(found: &Found, period: Period) -> Option<Chart> {
    let days = view::dates::days_between(period.from, period.to) + 1;
    if !(2..=DAYS_AT_MOST).contains(&days) || found.received == 0 {
        return None;
    }
    let most = found.days.iter().max_by_key(|(_, count)| *count)?;
    let counts: std::collections::BTreeMap<&str, i64> =
        found.days.iter().map(|(day, count)| (day.as_str(), *count)).collect();
    let (mut bars, mut day) = (Vec::new(), period.from);
    for index in 0..usize::try_from(days).unwrap_or_default() {
        let count = counts.get(day.to_string().as_str()).copied().unwrap_or_default();
        let height = count * 80 / most.1.max(1);
        let label = format!("{}：{count} 件", view::dates::day(day, period.from));
        bars.push(Bar { x: index * 8, y: 80 - height, height, label });
        day = day.tomorrow().unwrap_or(day);
    }
    let peak = parse_day(&most.0).map(|day| view::dates::day(day, period.from)).unwrap_or_default();
    Some(Chart {
        finding: format!("{peak}收到最多，{} 件；平均每天 {:.1} 件", most.1, found.received as f64 / days as f64),
        width: bars.len() * 8,
        bars,
    })
}
