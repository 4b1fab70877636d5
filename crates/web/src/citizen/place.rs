//! 商家在哪儿: from the province to the county, as selects that a script fills in turn and that a page fills without one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::citizen::draft::{self, Typed};
use crate::citizen::form::{self, Asked, Page, Sheet};
use crate::citizen::frame::Visit;
use crate::citizen::hall::{Hall, Served};
use crate::citizen::regions::{self, NATION, Regions};
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, CitizenPage};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/place.html")]
struct PlacePage {
    page: CitizenPage,
    sheet: Sheet,
    /// Above the first choice, when there was none: `北京市`.
    settled: String,
    levels: Vec<Level>,
}

/// One select.
struct Level {
    name: String,
    label: &'static str,
    choices: Vec<view::Choice>,
    chosen: String,
}

/// What the selects sent: `level1`, `level2`, `level3`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    level1: String,
    level2: String,
    level3: String,
    check: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    let county = regions.county_of(&typed.draft.raw.region);
    let mut errors = view::Errors::none();
    if asked.fixes() && !visit.served.takes(regions, county) {
        errors.push(unset(&levels(regions, &visit.served, county)), "请选到县（市、区）");
    }
    answer(visit, county, Sheet::new(Page::Place, &typed.draft, &asked, errors, app.now())).await
}

pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    FormBody(chosen): FormBody<Chosen>,
) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    let before = regions.county_of(&typed.draft.raw.region);
    let county = deepest(regions, &visit.served, &chosen);
    let complete = visit.served.takes(regions, county);
    let draft = draft::change(&app, &typed.key, move |draft| {
        // A township chosen before stays as long as its county does.
        if county != before || draft.raw.region.len() < 6 {
            draft.raw.region = if county == NATION { String::new() } else { regions::text(county) };
        }
        form::mark(draft, Page::Place, complete);
    })
    .await?;
    let asked = Asked::from_check(&chosen.check);
    if complete {
        return Ok(redirect::to(asked.next(Page::Place)));
    }
    let mut errors = view::Errors::none();
    // One level further is no fault: the page without a script asks the next one.
    if county == before || county == visit.served.only_way(regions) {
        errors.push(unset(&levels(regions, &visit.served, county)), "请选到县（市、区）");
    }
    let typed = Typed { draft, ..typed };
    let sheet = Sheet::new(Page::Place, &typed.draft, &asked, errors, app.now());
    answer(visit, county, sheet).await
}

async fn answer(visit: Visit, county: u32, sheet: Sheet) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    let only = visit.served.only_way(regions);
    let page = PlacePage {
        sheet,
        settled: regions.path(only).iter().filter_map(|code| regions.name(*code)).collect(),
        levels: levels(regions, &visit.served, county),
        page: visit.page,
    };
    let status = if page.sheet.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(render::page_with_status(status, &page))
}

/// The selects from the first real choice down to one below what is chosen.
fn levels(regions: &Regions, served: &Served, chosen: u32) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut above = served.only_way(regions);
    let path = regions.path(chosen);
    loop {
        let choices: Vec<view::Choice> = regions
            .children(above, &served.reachable)
            .map(|(code, name)| view::Choice::new(regions::text(code), name))
            .collect();
        if choices.is_empty() {
            return levels;
        }
        let chosen = path.iter().copied().find(|code| regions.parent(*code) == Some(above));
        levels.push(Level {
            name: format!("level{}", levels.len() + 1),
            label: label(above),
            choices,
            chosen: chosen.map(regions::text).unwrap_or_default(),
        });
        match chosen {
            Some(code) => above = code,
            None => return levels,
        }
    }
}

/// What is chosen below this division.
fn label(above: u32) -> &'static str {
    match (above, above % 10_000) {
        (NATION, _) => "省（自治区、直辖市）",
        (_, 0) if matches!(above / 10_000, 11 | 12 | 31 | 50) => "区（县）",
        (_, 0) => "市（地区、州、盟）",
        _ => "县（市、区、旗）",
    }
}

/// The first select without a choice: where the page starts again.
fn unset(levels: &[Level]) -> String {
    levels
        .iter()
        .find(|level| level.chosen.is_empty())
        .or(levels.last())
        .map_or_else(|| "level1".to_owned(), |level| level.name.clone())
}

/// As far down as what was sent holds together: a city of another province than the one now chosen falls away.
fn deepest(regions: &Regions, served: &Served, chosen: &Chosen) -> u32 {
    let mut at = served.only_way(regions);
    for code in [&chosen.level1, &chosen.level2, &chosen.level3] {
        let code = regions::number(code);
        if regions.parent(code) == Some(at) && served.reachable.contains(&code) {
            at = code;
        }
    }
    at
}

/// A division for the script that fills the selects.
#[derive(Serialize)]
struct Below {
    label: &'static str,
    last: bool,
    regions: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    code: String,
    name: String,
}

/// `GET /complaints/new/regions/410000`: what lies below, as far as it is served.
pub(super) async fn children(
    State(app): State<App>,
    Extension(hall): Extension<Arc<Hall>>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let regions = Regions::get().await;
    let served = hall.served(&app).await?;
    let above = regions::number(&code);
    let below: Vec<Named> = regions
        .children(above, &served.reachable)
        .map(|(code, name)| Named { code: regions::text(code), name: name.to_owned() })
        .collect();
    let body = Below { label: label(above), last: below.is_empty(), regions: below };
    Ok(([(header::CACHE_CONTROL, "public, max-age=3600")], Json(body)).into_response())
}
