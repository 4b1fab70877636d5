//! 审计记录 (11.3): who did, looked at, took out or tried what, when, why and from where, for auditors.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Actor, staff};
use domain::audit::AuditKind;
use domain::clock::{beijing_day, beijing_midnight};
use jiff::civil::Date;
use serde::Deserialize;
use store::access::{AccessRow, Wanted};

use crate::app::App;
use crate::desk::csv;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::render;
use crate::session::Auditor;
use crate::view::{self, Choice, DeskPage, EmptyState, Pagination, Sort};

const HERE: &str = "/admin/access";
const ON_A_PAGE: i64 = 50;
const EXPORTED_AT_MOST: i64 = 200_000;

/// What stands in the address bar.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    person: String,
    case: String,
    kind: String,
    address: String,
    from: String,
    until: String,
    /// `at` for the oldest first.
    sort: String,
    /// The row after which the page begins.
    beyond: String,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let day = |text: &str| text.trim().parse::<Date>().ok();
        let clean = |text: &str| text.trim().chars().take(60).collect::<String>();
        Wanted {
            person: clean(&self.person),
            case_number: clean(&self.case),
            kind: AuditKind::from_key(&self.kind),
            address: clean(&self.address),
            from: day(&self.from).map(beijing_midnight),
            before: day(&self.until).and_then(|day| day.tomorrow().ok()).map(beijing_midnight),
            oldest_first: self.sort == "at",
        }
    }

    /// The address of a path with these filters and another parameter.
    fn address(&self, path: &str, with: &[(&str, &str)]) -> String {
        let own = [
            ("person", self.person.as_str()),
            ("case", &self.case),
            ("kind", &self.kind),
            ("address", &self.address),
            ("from", &self.from),
            ("until", &self.until),
        ];
        let pairs: Vec<String> = own
            .iter()
            .chain(with)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", query_value(value)))
            .collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn filtered(&self) -> bool {
        self.address("", &[]).contains('?')
    }
}

#[derive(Template)]
#[template(path = "admin/access.html")]
struct AccessPage {
    page: DeskPage,
    asked: Asked,
    kinds: Vec<Choice>,
    sort: Sort,
    rows: Vec<AccessLine>,
    nothing: EmptyState,
    pagination: Pagination,
    csv: String,
    filtered: bool,
}

struct AccessLine {
    at: String,
    person: String,
    kind: &'static str,
    failed: bool,
    case: String,
    what: String,
    reason: String,
    address: String,
}

/// `GET /admin/access`
pub(super) async fn show(
    State(app): State<App>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut found = rows(&app, &auditor, &asked, ON_A_PAGE + 1).await?;
    let more = found.len() as i64 > ON_A_PAGE;
    found.truncate(ON_A_PAGE as usize);
    let last = found.last().map(|row| row.id.to_string()).unwrap_or_default();
    let now = app.now();
    let rows: Vec<_> = found.into_iter().map(|row| line(row, |at| view::dates::moment(at, now))).collect();
    let with = |beyond: &str| asked.address(HERE, &[("sort", &asked.sort), ("beyond", beyond)]);
    let pagination = Pagination {
        previous: (!asked.beyond.is_empty()).then(|| with("")),
        next: more.then(|| with(&last)),
        place: format!("本页 {} 条", rows.len()),
    };
    let nothing = if asked.filtered() {
        EmptyState::new("没有符合条件的记录", "请放宽时间或者去掉一些条件。").link("查看全部", HERE)
    } else {
        EmptyState::new("还没有记录", "每一次查看、打印、导出、登录、失败的尝试和管理操作都会记在这里，不能修改。")
    };
    let base = asked.address(HERE, &[]);
    let base = if base.contains('?') { format!("{base}&") } else { format!("{base}?") };
    let mut kinds = vec![Choice::new("", "全部")];
    kinds.extend(AuditKind::ALL.iter().map(|kind| Choice::new(kind.key(), kind.label())));
    Ok(render::page(&AccessPage {
        page: super::page(&auditor.0, HERE),
        sort: Sort::parse(if asked.sort.is_empty() { "-at" } else { &asked.sort }, base),
        csv: asked.address("/admin/access.csv", &[("sort", &asked.sort)]),
        filtered: asked.filtered(),
        kinds,
        rows,
        nothing,
        pagination,
        asked,
    }))
}

/// `GET /admin/access.csv`
pub(super) async fn export(
    State(app): State<App>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let found = rows(&app, &auditor, &Asked { beyond: String::new(), ..asked }, EXPORTED_AT_MOST).await?;
    let lines = found.into_iter().map(|row| {
        let line = line(row, |at| at.to_zoned(domain::clock::beijing_zone()).strftime("%Y-%m-%d %H:%M:%S").to_string());
        let outcome = if line.failed { "未成功" } else { "成功" };
        let kind = line.kind.to_owned();
        vec![line.at, line.person, kind, outcome.to_owned(), line.case, line.what, line.reason, line.address]
    });
    let heads = ["时间", "人", "类别", "结果", "案件", "内容", "理由", "来源地址"];
    Ok(csv(&format!("审计记录-{}.csv", beijing_day(app.now())), &heads, lines))
}

async fn rows(app: &App, auditor: &Auditor, asked: &Asked, limit: i64) -> Result<Vec<AccessRow>, PageError> {
    let (wanted, beyond) = (asked.wanted(), asked.beyond.parse().ok());
    let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::require_auditor(tx, scene)?;
        Ok(store::access::search(tx, &wanted, beyond, limit)?)
    };
    Ok(app.look(Actor::Staff(auditor.0.clone()), look).await?)
}

fn line(row: AccessRow, time: impl Fn(jiff::Timestamp) -> String) -> AccessLine {
    AccessLine {
        at: time(row.at),
        person: row.account_name.unwrap_or_else(|| if row.kind.failed() { "不明" } else { "系统" }.to_owned()),
        kind: row.kind.label(),
        failed: row.kind.failed(),
        case: row.case_number.unwrap_or_default(),
        // A login is its own reason.
        reason: if row.reason == row.what { String::new() } else { row.reason },
        what: row.what,
        address: row.address,
    }
}
