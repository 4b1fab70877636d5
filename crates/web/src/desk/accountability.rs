//! 督办与责任: for every bureau, office and officer in reach, of how many cases received in a period it is so that they were
//! supervised, returned, late or not in order, each number a link to its list (5.5).

use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Staff, reading};
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::role::Role;
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::counts::{Each, FactCount};
use store::search::Fact;

use super::export;
use super::listing::{self, ListQuery};
use super::period::{Length, Period};
use super::timeliness::rate;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Section, Tab, Tabs};
use crate::{frame, render};

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FactsQuery {
    period: String,
    day: String,
    bureau: String,
    unit: String,
}

impl FactsQuery {
    fn period(&self, now: Timestamp) -> Period {
        let day = parse_day(&self.day).unwrap_or_else(|| beijing_day(now));
        Period::holding(day, Length::from_key(&self.period).unwrap_or(Length::Month))
    }

    /// The page over another period or place.
    fn address(&self, path: &str, period: Period) -> String {
        let mut address = period.address(path);
        for (name, value) in [("bureau", &self.bureau), ("unit", &self.unit)] {
            if value.parse::<i64>().is_ok() {
                address = format!("{address}&{name}={value}");
            }
        }
        address
    }
}

/// `GET /desk/accountability`
#[derive(askama::Template)]
#[template(path = "desk/accountability.html")]
struct FactsPage {
    page: DeskPage,
    period: String,
    place: String,
    previous: String,
    next: Option<String>,
    up: Option<String>,
    tabs: Tabs,
    of: &'static str,
    heads: Vec<&'static str>,
    lines: Vec<Line>,
    csv: String,
    timeliness: String,
}

/// A bureau, an office or an officer.
struct Line {
    name: String,
    href: String,
    whole: bool,
    cases: i64,
    cases_href: String,
    cells: Vec<Cell>,
}

/// One fact of it.
struct Cell {
    count: i64,
    href: String,
    rate: String,
}

struct Found {
    each: Each,
    place: String,
    whole: FactCount,
    rows: Vec<(FactCount, String)>,
}

/// `GET /desk/accountability`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<FactsQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (period, found) = found(&app, &me, &query).await?;
    let (here, next) = ("/desk/accountability", period.next());
    let own = only_officer(&me.0).then_some(me.0.account_id);
    let whole = line(&found.whole, "合计".to_owned(), &behind(&query, period, own), None);
    let mut lines = vec![Line { whole: true, ..whole }];
    for (count, name) in &found.rows {
        let mut row = behind(&query, period, own);
        let mut down = FactsQuery { bureau: query.bureau.clone(), ..FactsQuery::default() };
        match found.each {
            Each::Bureau => (row.bureau, down.bureau) = (count.whose.to_string(), count.whose.to_string()),
            Each::Unit => (row.unit, down.unit) = (count.whose.to_string(), count.whose.to_string()),
            Each::Lead => row.lead = count.whose.to_string(),
        }
        let leads_on = found.each != Each::Lead && !(found.each == Each::Unit && count.whose == 0);
        lines.push(line(count, name.clone(), &row, leads_on.then(|| down.address(here, period))));
    }
    let above = FactsQuery {
        bureau: if query.unit.is_empty() { String::new() } else { query.bureau.clone() },
        ..FactsQuery::default()
    };
    let narrowed = !query.unit.is_empty() || !query.bureau.is_empty();
    let tab = |length: Length| Tab {
        label: length.label().to_owned(),
        href: query.address(here, Period { length, ..period }),
        count: None,
        current: length == period.length,
    };
    Ok(render::page(&FactsPage {
        page: frame::desk(&me.0, Section::Statistics),
        period: period.label(),
        place: found.place,
        previous: query.address(here, period.previous()),
        next: (next.from <= beijing_day(app.now())).then(|| query.address(here, next)),
        up: narrowed.then(|| above.address(here, period)),
        tabs: Tabs { label: "统计期间".to_owned(), tabs: Length::ALL.map(tab).to_vec() },
        of: head(found.each),
        heads: Fact::ALL.map(Fact::label).to_vec(),
        lines,
        csv: query.address("/desk/accountability.csv", period),
        timeliness: period.address("/desk/timeliness"),
    }))
}

fn head(each: Each) -> &'static str {
    match each {
        Each::Bureau => "局",
        Each::Unit => "承办所",
        Each::Lead => "承办人",
    }
}

/// `GET /desk/accountability.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<FactsQuery>,
) -> Result<Response, PageError> {
    listing::reads(&me.0)?;
    let (period, found) = found(&app, &me, &query).await?;
    let whole = [(&found.whole, "合计".to_owned())];
    let rows = whole.into_iter().chain(found.rows.iter().map(|(count, name)| (count, name.clone())));
    let lines = rows.map(|(count, name)| {
        let head = vec![period.from.to_string(), period.to.to_string(), name, count.cases.to_string()];
        let numbers = count.of.iter().flat_map(|of| [of.to_string(), rate(*of, count.cases)]);
        head.into_iter().chain(numbers).collect::<Vec<_>>()
    });
    let lines: Vec<_> = lines.collect();
    let mut heads = vec!["起", "止", head(found.each), "收到"];
    for fact in Fact::ALL {
        heads.extend([fact.label(), "占比"]);
    }
    Ok(export::csv(&format!("督办与责任-{}-{}.csv", period.from, period.to), &heads, lines))
}

async fn found(app: &App, me: &SignedIn, query: &FactsQuery) -> Result<(Period, Found), PageError> {
    let (staff, now, asked) = (me.0.clone(), app.now(), query.clone());
    let period = query.period(now);
    Ok((period, app.read(move |tx| find(tx, &staff, &asked, period, now)).await?))
}

/// An officer looks at her own.
fn only_officer(staff: &Staff) -> bool {
    staff.grants.iter().filter(|grant| grant.role.reads_cases()).all(|grant| grant.role == Role::Officer)
}

/// The cases of a row: received in the period, in the place, hers where she sees only her own.
fn behind(query: &FactsQuery, period: Period, own: Option<i64>) -> ListQuery {
    ListQuery {
        from: period.from.to_string(),
        to: period.to.to_string(),
        bureau: query.bureau.clone(),
        unit: query.unit.clone(),
        lead: own.map(|id| id.to_string()).unwrap_or_default(),
        ..ListQuery::default()
    }
}

/// Several bureaus are shown each by itself; one bureau by its offices; an office by its officers.
fn find(tx: &mut Tx<'_>, staff: &Staff, query: &FactsQuery, period: Period, now: Timestamp) -> Result<Found, ActError> {
    let scopes = reading::scopes(staff);
    let own = only_officer(staff).then_some(staff.account_id);
    let selection = behind(query, period, own).selection(now);
    let mut each = match (own, query.unit.is_empty(), query.bureau.is_empty()) {
        (Some(_), _, _) | (None, false, _) => Each::Lead,
        (None, true, false) => Each::Unit,
        (None, true, true) => Each::Bureau,
    };
    let mut counts = store::counts::facts(tx, &scopes, &selection, each, now)?;
    for closer in [Each::Unit, Each::Lead] {
        let finer = matches!((each, closer), (Each::Bureau, Each::Unit) | (Each::Unit, Each::Lead));
        if finer && query.bureau.is_empty() && counts.len() <= 1 && counts.iter().all(|it| it.whose != 0) {
            each = closer;
            counts = store::counts::facts(tx, &scopes, &selection, each, now)?;
        }
    }
    let mut whole = FactCount::default();
    for count in &counts {
        whole.cases += count.cases;
        for (all, one) in whole.of.iter_mut().zip(count.of) {
            *all += one;
        }
    }
    let mut rows = Vec::new();
    for count in counts {
        let name = match (each, count.whose) {
            (Each::Unit, 0) => "尚未分送到所".to_owned(),
            (Each::Lead, 0) => "没有承办人".to_owned(),
            (Each::Lead, id) => store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default(),
            (_, id) => reading::organization_name(tx, id)?,
        };
        rows.push((count, name));
    }
    let place = match [&query.unit, &query.bureau].into_iter().find_map(|id| id.parse::<i64>().ok()) {
        Some(id) => reading::organization_name(tx, id)?,
        None if own.is_some() => staff.name.clone(),
        None => staff.organization_name.clone(),
    };
    Ok(Found { each, place, whole, rows })
}

fn line(count: &FactCount, name: String, behind: &ListQuery, href: Option<String>) -> Line {
    let cells = Fact::ALL.iter().zip(count.of).map(|(fact, of)| Cell {
        count: of,
        href: ListQuery { fact: fact.key().to_owned(), ..behind.clone() }.address(),
        rate: rate(of, count.cases),
    });
    Line {
        name,
        whole: false,
        href: href.unwrap_or_default(),
        cases: count.cases,
        cases_href: behind.address(),
        cells: cells.collect(),
    }
}
