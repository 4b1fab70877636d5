//! 五及时: for every bureau and office in reach, how many of the cases that can be judged were accepted, taken, sent, handled and
//! told in time, each number a link to its list (5.6).

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use casework::circular::Figures;
use casework::{ActError, Staff, clocks, reading};
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::timeliness::{Measure, measures};
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::counts::{Each, TimelyCount, timely};
use store::deadline::DeadlineRow;

use super::export;
use super::listing::{self, ListQuery};
use super::period::{Length, Period};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Section, Tab, Tabs, Tag, Tone, tag};
use crate::{frame, render};

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TimelinessQuery {
    period: String,
    day: String,
    bureau: String,
}

impl TimelinessQuery {
    fn period(&self, now: Timestamp) -> Period {
        let day = parse_day(&self.day).unwrap_or_else(|| beijing_day(now));
        Period::holding(day, Length::from_key(&self.period).unwrap_or(Length::Month))
    }

    fn bureau(&self) -> Option<i64> {
        self.bureau.parse().ok()
    }
}

/// The page over a period, of one bureau or of all in reach.
fn address(path: &str, period: Period, bureau: Option<i64>) -> String {
    let of = bureau.map(|bureau| format!("&bureau={bureau}")).unwrap_or_default();
    format!("{}{of}", period.address(path))
}

/// `GET /desk/timeliness`
#[derive(askama::Template)]
#[template(path = "desk/timeliness.html")]
struct TimelinessPage {
    page: DeskPage,
    period: String,
    previous: String,
    next: Option<String>,
    tabs: Tabs,
    heads: Vec<&'static str>,
    of: &'static str,
    place: String,
    up: Option<String>,
    lines: Vec<Line>,
    csv: String,
    facts: String,
}

/// An organisation.
struct Line {
    name: String,
    href: String,
    whole: bool,
    cells: Vec<Cell>,
}

/// One of the five for one organisation.
struct Cell {
    rate: String,
    in_time: i64,
    in_time_href: String,
    judged: i64,
    judged_href: String,
    late: i64,
    late_href: String,
}

/// The five of one organisation.
#[derive(Clone, Debug, Default)]
struct Five(Vec<(i64, i64)>);

struct Found {
    each: Each,
    place: String,
    whole: Five,
    rows: Vec<(i64, String, Five)>,
}

/// `GET /desk/timeliness`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<TimelinessQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (period, found) = found(&app, &me, &query).await?;
    let next = period.next();
    let (here, bureau) = ("/desk/timeliness", query.bureau());
    let mut lines = vec![Line {
        name: "合计".to_owned(),
        href: String::new(),
        whole: true,
        cells: cells(&found.whole, &selection(period, bureau, found.each, None)),
    }];
    lines.extend(found.rows.iter().map(|(id, name, five)| Line {
        name: name.clone(),
        href: if found.each == Each::Bureau { address(here, period, Some(*id)) } else { String::new() },
        whole: false,
        cells: cells(five, &selection(period, bureau, found.each, Some(*id))),
    }));
    Ok(render::page(&TimelinessPage {
        page: frame::desk(&me.0, Section::Statistics),
        period: period.label(),
        previous: address(here, period.previous(), bureau),
        next: (next.from <= beijing_day(app.now())).then(|| address(here, next, bureau)),
        tabs: tabs(&query, period),
        heads: measures().iter().map(|measure| measure.name.as_str()).collect(),
        of: if found.each == Each::Bureau { "局" } else { "承办所" },
        up: bureau.map(|_| address(here, period, None)),
        place: found.place,
        lines,
        csv: address("/desk/timeliness.csv", period, bureau),
        facts: address("/desk/accountability", period, bureau),
    }))
}

/// `GET /desk/timeliness.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<TimelinessQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (period, found) = found(&app, &me, &query).await?;
    let whole = [("合计".to_owned(), &found.whole)];
    let rows = whole.into_iter().chain(found.rows.iter().map(|(_, name, five)| (name.clone(), five)));
    let lines = rows.flat_map(|(name, five)| {
        measures().iter().zip(&five.0).map(move |(measure, (in_time, judged))| {
            vec![
                period.from.to_string(),
                period.to.to_string(),
                name.clone(),
                measure.name.clone(),
                in_time.to_string(),
                judged.to_string(),
                rate(*in_time, *judged),
            ]
        })
    });
    let lines: Vec<_> = lines.collect();
    let heads = ["起", "止", "单位", "项目", "及时", "已办或者已到期", "及时率"];
    Ok(export::csv(&format!("五及时-{}-{}.csv", period.from, period.to), &heads, lines))
}

/// The five as a table that goes with a circular.
pub(super) fn figures(
    tx: &mut Tx<'_>,
    staff: &Staff,
    period: Period,
    now: Timestamp,
    source: &str,
) -> Result<Figures, ActError> {
    let found = find(tx, staff, period, None, now)?;
    let cell = |(in_time, judged): &(i64, i64)| match judged {
        0 => "—".to_owned(),
        _ => format!("{}（{in_time} ÷ {judged}）", rate(*in_time, *judged)),
    };
    let row = |name: &str, five: &Five| [vec![name.to_owned()], five.0.iter().map(cell).collect()].concat();
    let rows = found.rows.iter().map(|(_, name, five)| row(name, five));
    Ok(Figures {
        source: source.to_owned(),
        title: format!("五及时，{}", period.label()),
        heads: ["单位"].into_iter().chain(measures().iter().map(|it| it.name.as_str())).map(str::to_owned).collect(),
        rows: std::iter::once(row("合计", &found.whole)).chain(rows).collect(),
    })
}

/// The five of one case: what can be judged, in time or not.
pub(super) fn of_case(deadlines: &[DeadlineRow], now: Timestamp) -> Vec<Tag> {
    let verdict = |measure: &Measure| match clocks::timely(deadlines, measure, now)? {
        true => Some(tag(measure.name.clone(), Tone::Green)),
        false => Some(tag(format!("{}：否", measure.name), Tone::Red)),
    };
    measures().iter().filter_map(verdict).collect()
}

async fn found(app: &App, me: &SignedIn, query: &TimelinessQuery) -> Result<(Period, Found), PageError> {
    let (staff, now) = (me.0.clone(), app.now());
    let (period, bureau) = (query.period(now), query.bureau());
    let found = app.read(move |tx| find(tx, &staff, period, bureau, now)).await?;
    Ok((period, found))
}

fn find(
    tx: &mut Tx<'_>,
    staff: &Staff,
    period: Period,
    bureau: Option<i64>,
    now: Timestamp,
) -> Result<Found, ActError> {
    let scopes = reading::scopes(staff);
    let mut by_bureau = counted(tx, &scopes, period, bureau, Each::Bureau, now)?;
    let whole = sum(by_bureau.values());
    // One bureau is shown by its offices; several are shown each by itself, and lead on to their offices.
    let one = bureau.or_else(|| (by_bureau.len() == 1).then(|| by_bureau.keys().next().copied()).flatten());
    let (each, counted) = match one {
        Some(_) => (Each::Unit, counted(tx, &scopes, period, bureau, Each::Unit, now)?),
        None => (Each::Bureau, std::mem::take(&mut by_bureau)),
    };
    let mut rows = Vec::new();
    for (id, five) in counted {
        let name = match (each, id) {
            (Each::Unit, 0) => "尚未分送到所".to_owned(),
            _ => reading::organization_name(tx, id)?,
        };
        rows.push((id, name, five));
    }
    let place = match one {
        Some(bureau) => reading::organization_name(tx, bureau)?,
        None => staff.organization_name.clone(),
    };
    Ok(Found { each, place, whole, rows })
}

fn counted(
    tx: &mut Tx<'_>,
    scopes: &[store::search::Scope],
    period: Period,
    bureau: Option<i64>,
    each: Each,
    now: Timestamp,
) -> Result<BTreeMap<i64, Five>, ActError> {
    let mut found: BTreeMap<i64, Five> = BTreeMap::new();
    let cases = selection(period, bureau, each, None).selection(now);
    for (place, measure) in measures().iter().enumerate() {
        for TimelyCount { organization, in_time, judged } in timely(tx, scopes, &cases, &measure.limits, each, now)? {
            let five = found.entry(organization).or_insert_with(|| Five(vec![(0, 0); measures().len()]));
            five.0[place] = (in_time, judged);
        }
    }
    Ok(found)
}

fn sum<'a>(all: impl Iterator<Item = &'a Five>) -> Five {
    let nothing = Five(vec![(0, 0); measures().len()]);
    all.fold(nothing, |whole, one| Five(whole.0.iter().zip(&one.0).map(|(a, b)| (a.0 + b.0, a.1 + b.1)).collect()))
}

/// The cases behind a row: received in the period, by this bureau or this office.
fn selection(period: Period, bureau: Option<i64>, each: Each, row: Option<i64>) -> ListQuery {
    let mut query = ListQuery { from: period.from.to_string(), to: period.to.to_string(), ..ListQuery::default() };
    if let Some(bureau) = bureau {
        query.bureau = bureau.to_string();
    }
    match (each, row) {
        (Each::Bureau, Some(id)) => query.bureau = id.to_string(),
        (Each::Unit, Some(id)) => query.unit = id.to_string(),
        (Each::Lead, Some(id)) => query.lead = id.to_string(),
        (_, None) => {}
    }
    query
}

fn cells(five: &Five, behind: &ListQuery) -> Vec<Cell> {
    let list = |measure: &Measure, timely: &str| {
        ListQuery { measure: measure.key.clone(), timely: timely.to_owned(), ..behind.clone() }.address()
    };
    measures()
        .iter()
        .zip(&five.0)
        .map(|(measure, (in_time, judged))| Cell {
            rate: rate(*in_time, *judged),
            in_time: *in_time,
            in_time_href: list(measure, "in_time"),
            judged: *judged,
            judged_href: list(measure, "judged"),
            late: judged - in_time,
            late_href: list(measure, "late"),
        })
        .collect()
}

pub(super) fn rate(part: i64, whole: i64) -> String {
    if whole == 0 { "—".to_owned() } else { format!("{:.1}%", part as f64 * 100.0 / whole as f64) }
}

fn tabs(query: &TimelinessQuery, period: Period) -> Tabs {
    let tab = |length: Length| Tab {
        label: length.label().to_owned(),
        href: address("/desk/timeliness", Period { length, ..period }, query.bureau()),
        count: None,
        current: length == period.length,
    };
    Tabs { label: "统计期间".to_owned(), tabs: Length::ALL.map(tab).to_vec() }
}
