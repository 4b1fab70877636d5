//! 封存: the daily seals over the ledger, for auditors and for the notice board.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::{ActError, Actor, staff};
use domain::clock::beijing_day;
use serde::Deserialize;

use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::render;
use crate::session::Auditor;
use crate::view::{self, DeskPage, EmptyState, Pagination};

const HERE: &str = "/admin/seals";
const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/seals.html")]
struct SealsPage {
    page: DeskPage,
    rows: Vec<SealLine>,
    nothing: EmptyState,
    pagination: Pagination,
}

struct SealLine {
    day: String,
    entries: String,
    count: i64,
    suite: &'static str,
    /// In groups, so that it can be read to somebody.
    print: String,
    made: String,
}

/// What stands in the address bar.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// From 1.
    page: String,
}

/// `GET /admin/seals`
pub(super) async fn show(
    State(app): State<App>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let look = |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::require_auditor(tx, scene)?;
        Ok(store::seal::all(tx)?)
    };
    let all = app.look(Actor::Staff(auditor.0.clone()), look).await?;
    let (now, page, count) = (app.now(), asked.page.parse::<usize>().unwrap_or(1).max(1), all.len());
    let skipped = (page - 1).saturating_mul(ON_A_PAGE);
    let rows: Vec<SealLine> = all
        .into_iter()
        .rev()
        .skip(skipped)
        .take(ON_A_PAGE)
        .map(|row| SealLine {
            day: row.seal.day.to_string(),
            entries: format!("{} – {}", row.seal.first, row.seal.last),
            count: row.seal.last - row.seal.first + 1,
            suite: if row.seal.suite == "sm3" { "SM3" } else { "SHA-256" },
            print: grouped(&row.print),
            made: view::dates::moment(row.made_at, now),
        })
        .collect();
    let pagination = Pagination {
        previous: (page > 1).then(|| format!("{HERE}?page={}", page - 1)),
        next: (skipped + rows.len() < count).then(|| format!("{HERE}?page={}", page + 1)),
        place: format!("共 {count} 天"),
    };
    let how = "每天零点后的第一次巡检封存前一天的总账，第一个封存明天就有。";
    let nothing = EmptyState::new("还没有封存", how);
    Ok(render::page(&SealsPage { page: super::page(&auditor.0, HERE), rows, nothing, pagination }))
}

/// `GET /admin/seals.json`
pub(super) async fn export(State(app): State<App>, auditor: Auditor) -> Result<Response, PageError> {
    let look = |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::require_auditor(tx, scene)?;
        Ok(casework::seal::export(tx)?)
    };
    let export = app.look(Actor::Staff(auditor.0.clone()), look).await?;
    let name = query_value(&format!("封存-{}.json", beijing_day(app.now())));
    let heads = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    Ok((heads, axum::Json(export)).into_response())
}

/// Eight digits at a time.
fn grouped(print: &str) -> String {
    print.as_bytes().chunks(8).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join(" ")
}
