//! 查阅记录 (11.3): who looked at what and why, for auditors.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Actor, staff};
use serde::Deserialize;

use crate::app::App;
use crate::error::PageError;
use crate::render;
use crate::session::Auditor;
use crate::view::{self, DeskPage, EmptyState, Pagination};

const HERE: &str = "/admin/access";
const ON_A_PAGE: i64 = 100;

#[derive(Template)]
#[template(path = "admin/access.html")]
struct AccessPage {
    page: DeskPage,
    rows: Vec<AccessLine>,
    nothing: EmptyState,
    pagination: Pagination,
}

struct AccessLine {
    at: String,
    person: String,
    case: String,
    what: String,
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

pub(super) async fn show(
    State(app): State<App>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let before = asked.before.unwrap_or(i64::MAX);
    let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::require_auditor(tx, scene)?;
        Ok(store::access::latest(tx, before, ON_A_PAGE + 1)?)
    };
    let mut found = app.look(Actor::Staff(auditor.0.clone()), look).await?;
    let next = (found.len() as i64 > ON_A_PAGE).then(|| found[ON_A_PAGE as usize - 1].id);
    found.truncate(ON_A_PAGE as usize);
    let now = app.now();
    let rows: Vec<_> = found
        .into_iter()
        .map(|row| AccessLine {
            at: view::dates::moment(row.at, now),
            person: row.account_name.unwrap_or_else(|| "系统".to_owned()),
            case: row.case_number.unwrap_or_default(),
            // A login is its own reason.
            reason: if row.reason == row.what { String::new() } else { row.reason },
            what: row.what,
        })
        .collect();
    let pagination = Pagination {
        previous: None,
        next: next.map(|before| format!("{HERE}?before={before}")),
        place: format!("本页 {} 条", rows.len()),
    };
    let nothing = EmptyState::new("还没有记录", "每一次查看当事人信息、登录和管理操作都会记在这里，不能修改。");
    Ok(render::page(&AccessPage { page: super::page(&auditor.0, HERE), rows, nothing, pagination }))
}
