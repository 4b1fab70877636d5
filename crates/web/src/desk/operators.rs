//! 经营者名录: the registered operators with the complaints that the reader may see, by filters in the address bar.

use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, House, operators, reading};
use domain::clock::beijing_day;
use domain::region_code::RegionCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use store::operator_list::{Listed, Order, Wanted};

use super::counts::rate;
use super::{export, labels, operator_form};
use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::{self, Chip, Choice, DeskPage, EmptyState, FilterBar, Pagination, Section, Sort};
use crate::{frame, render};

const PAGE: i64 = 50;
const EXPORTED_AT_MOST: i64 = 100_000;
const PATH: &str = "/desk/operators";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OperatorsQuery {
    q: String,
    region: String,
    kind: String,
    /// `yes`, `no`.
    open: String,
    /// `yes`: penalised of late.
    penalised: String,
    sort: String,
    /// From 1.
    page: String,
}

impl OperatorsQuery {
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("q", self.q.as_str()),
            ("region", &self.region),
            ("kind", &self.kind),
            ("open", &self.open),
            ("penalised", &self.penalised),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address without one of the filters and with another parameter.
    fn address(&self, path: &str, without: &str, with: &[(&str, &str)]) -> String {
        let kept = self.pairs().into_iter().filter(|(name, _)| *name != without);
        let with = with.iter().copied().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            kept.chain(with).map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn wanted(&self, now: Timestamp) -> Wanted {
        Wanted {
            words: self.q.trim().chars().take(60).collect(),
            region: RegionCode::parse(&self.region).map(|region| region.prefix().to_owned()).unwrap_or_default(),
            kind: Some(self.kind.clone()).filter(|kind| !kind.is_empty()),
            open: match self.open.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            penalised_since: (self.penalised == "yes").then(|| operators::penalised_since(now)),
        }
    }

    /// The order; numbers and days start with the largest.
    fn order(&self) -> (Order, bool) {
        let (column, descending) = match self.sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (self.sort.as_str(), false),
        };
        match column {
            "name" => (Order::Name, descending),
            "open" => (Order::Open, !descending),
            "settled" => (Order::Settled, !descending),
            "latest" => (Order::Latest, !descending),
            "cases" => (Order::Cases, !descending),
            _ => (Order::Cases, false),
        }
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 1_000_000)
    }
}

/// `GET /desk/operators`
#[derive(askama::Template)]
#[template(path = "desk/operators.html")]
struct ListPage {
    page: DeskPage,
    filters: FilterBar,
    query: OperatorsQuery,
    sort: Sort,
    regions: Vec<Choice>,
    kinds: Vec<Choice>,
    opens: Vec<Choice>,
    penalised: Vec<Choice>,
    rows: Vec<Row>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    csv: String,
    filtered: bool,
    keeps: bool,
}

struct Row {
    href: String,
    name: String,
    under: String,
    kind: String,
    cases: i64,
    open: i64,
    settled: i64,
    mediated: i64,
    rate: String,
    latest: String,
}

/// `GET /desk/operators`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<OperatorsQuery>,
) -> Result<Response, PageError> {
    reads(&me)?;
    let (staff, asked) = (me.0.clone(), query.clone());
    let (rows, found, regions) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let (scopes, wanted, from) = (reading::scopes(&staff), asked.wanted(scene.now), (asked.page() - 1) * PAGE);
            let rows = store::operator_list::list(tx, &scopes, &wanted, asked.order(), from, PAGE)?;
            let found = store::operator_list::count(tx, &scopes, &wanted)?;
            Ok((rows, found, operator_form::regions(tx, scene, &asked.region)?))
        })
        .await?;
    let (house, today) = (app.house(), beijing_day(app.now()));
    let opens = vec![Choice::new("yes", "有在办"), Choice::new("no", "没有在办")];
    let base = query.address(PATH, "", &[]);
    let base = if base.contains('?') { format!("{base}&") } else { format!("{base}?") };
    Ok(render::page(&ListPage {
        page: frame::desk(&me.0, Section::Operators),
        filters: FilterBar {
            chips: chips(house, &query, &regions),
            clear: PATH.to_owned(),
            found: format!("{} 家", view::quantity(found)),
        },
        sort: Sort::parse(if query.sort.is_empty() { "-cases" } else { &query.sort }, base),
        regions,
        kinds: labels::choices(&house.codes, "operator_kinds"),
        opens,
        penalised: vec![Choice::new("yes", penalised_words())],
        pagination: pagination(&query, rows.len() as i64, found),
        rows: rows.iter().map(|row| line(house, row, today)).collect(),
        empty: empty(&query),
        csv: query.address("/desk/operators.csv", "", &[("sort", &query.sort)]),
        filtered: !query.pairs().is_empty(),
        keeps: operators::keeps(&me.actor()),
        query,
    }))
}

/// `GET /desk/operators.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<OperatorsQuery>,
) -> Result<Response, PageError> {
    reads(&me)?;
    let (staff, now) = (me.0.clone(), app.now());
    let rows = app
        .read::<_, ActError>(move |tx| {
            let scopes = reading::scopes(&staff);
            Ok(store::operator_list::list(tx, &scopes, &query.wanted(now), query.order(), 0, EXPORTED_AT_MOST)?)
        })
        .await?;
    let house = app.house();
    let lines = rows.iter().map(|row| {
        let operator = &row.operator;
        vec![
            operator.name.clone(),
            operator.credit_code.clone(),
            labels::code(house, "operator_kinds", &operator.kind),
            operator.region_code.clone(),
            operator.address.clone(),
            operator.phone.clone(),
            row.cases.to_string(),
            row.open.to_string(),
            row.settled.to_string(),
            row.terminated.to_string(),
            row.latest.map(|day| day.to_string()).unwrap_or_default(),
        ]
    });
    let heads = [
        "名称",
        "统一社会信用代码",
        "类型",
        "行政区划代码",
        "住所",
        "投诉电话",
        "投诉件数",
        "在办",
        "达成协议",
        "终止调解",
        "最近收到日",
    ];
    Ok(export::csv(&format!("经营者-{}.csv", beijing_day(app.now())), &heads, lines))
}

/// Operators are for those who work on complaints.
pub(super) fn reads(me: &SignedIn) -> Result<(), PageError> {
    if operators::reads(&me.actor()) {
        Ok(())
    } else {
        Err(PageError::forbidden("您的角色不查看经营者的投诉历史。如有需要，请联系本单位管理员。"))
    }
}

fn line(house: &House, row: &Listed, today: Date) -> Row {
    let operator = &row.operator;
    let under = [operator.credit_code.as_str(), operator.address.as_str()];
    let mediated = row.settled + row.terminated;
    Row {
        href: format!("{PATH}/{}", operator.id),
        name: operator.name.clone(),
        under: under.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        kind: labels::code(house, "operator_kinds", &operator.kind),
        cases: row.cases,
        open: row.open,
        settled: row.settled,
        mediated,
        rate: rate(row.settled, mediated),
        latest: labels::day(row.latest, today),
    }
}

fn chips(house: &House, query: &OperatorsQuery, regions: &[Choice]) -> Vec<Chip> {
    let named = |name: &str, value: &str| match name {
        "q" => ("查找", value.to_owned()),
        "region" => {
            let region = regions.iter().find(|region| region.value == value);
            ("地区", region.map_or(value, |region| &region.label).to_owned())
        }
        "kind" => ("类型", labels::code(house, "operator_kinds", value)),
        "penalised" => ("行政处罚", penalised_words()),
        _ => ("在办", if value == "yes" { "有" } else { "没有" }.to_owned()),
    };
    let chip = |(name, value): (&'static str, &str)| {
        let (words, shown) = named(name, value);
        Chip { name: words.to_owned(), value: shown, without: query.address(PATH, name, &[("sort", &query.sort)]) }
    };
    query.pairs().into_iter().map(chip).collect()
}

fn penalised_words() -> String {
    format!("近 {} 个月受过", domain::operator::settings().penalised_months)
}

fn empty(query: &OperatorsQuery) -> EmptyState {
    if query.pairs().is_empty() {
        return EmptyState::new(
            "这里会有被投诉过的经营者",
            "登记投诉以后，在案件页用“关联经营者”记下被投诉人是哪一家；写了信用代码、名录里已经有的，登记时自动关联。",
        );
    }
    EmptyState::new("没有找到经营者", "请换个条件：名称、网店名和信用代码都可以只写一部分。").link("看全部经营者", PATH)
}

fn pagination(query: &OperatorsQuery, shown: i64, found: i64) -> Option<Pagination> {
    let page = query.page();
    let at = |page: i64| query.address(PATH, "", &[("sort", &query.sort), ("page", &page.to_string())]);
    let (first, last) = ((page - 1) * PAGE + 1, (page - 1) * PAGE + shown);
    (found > PAGE || page > 1).then(|| Pagination {
        previous: (page > 1).then(|| at(page - 1)),
        next: (last < found).then(|| at(page + 1)),
        place: match shown {
            0 => format!("共 {} 家", view::quantity(found)),
            _ => format!("第 {first}–{last} 家，共 {} 家", view::quantity(found)),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_start_with_the_largest_and_a_click_turns_them_round() {
        let order = |sort: &str| OperatorsQuery { sort: sort.to_owned(), ..OperatorsQuery::default() }.order();
        assert_eq!(order(""), (Order::Cases, false));
        assert_eq!(order("-cases"), (Order::Cases, false));
        assert_eq!(order("cases"), (Order::Cases, true));
        assert_eq!((order("name"), order("-name")), ((Order::Name, false), (Order::Name, true)));
    }
}
