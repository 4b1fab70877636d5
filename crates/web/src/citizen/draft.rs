//! 草稿: found by a random key in a cookie that only this browser has; seven days, also after a restart of either side.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::draft::{self, Draft};
use casework::{ActError, Actor};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::citizen::form::Page;
use crate::citizen::frame::{self, Visit};
use crate::citizen::hall::Hall;
use crate::citizen::promise::{self, Promise};
use crate::citizen::regions::{self, NATION, Regions};
use crate::error::PageError;
use crate::limits::{Address, Attempt};
use crate::view::{self, CitizenPage, Notice};
use crate::{redirect, render};

const COOKIE: &str = "draft";

/// The hash under which this browser's draft is kept.
pub(super) struct DraftKey(pub(super) String);

impl FromRequestParts<App> for DraftKey {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<DraftKey, PageError> {
        match frame::cookie_value(app, &parts.headers, COOKIE) {
            Some(value) => Ok(DraftKey(hash(app, &value))),
            None => Err(lost()),
        }
    }
}

/// What this browser's owner has typed so far; without a draft she is led to the beginning.
pub(super) struct Typed {
    pub(super) key: String,
    pub(super) draft: Draft,
}

impl FromRequestParts<App> for Typed {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Typed, PageError> {
        let DraftKey(key) = DraftKey::from_request_parts(parts, app).await?;
        match load(app, &key).await? {
            Some(draft) => Ok(Typed { key, draft }),
            None => Err(lost()),
        }
    }
}

fn lost() -> PageError {
    PageError::Elsewhere("/complaints/new?draft=lost".to_owned())
}

async fn load(app: &App, key: &str) -> Result<Option<Draft>, PageError> {
    let key = key.to_owned();
    let found = app.look(Actor::Public, move |tx, scene| draft::load(tx, scene, &key)).await;
    Ok(found?)
}

fn hash(app: &App, value: &str) -> String {
    app.house().secret.hash("draft", value)
}

/// Changes the draft; whoever has none is led to the beginning.
pub(super) async fn change(
    app: &App,
    key: &str,
    change: impl Fn(&mut Draft) + Send + 'static,
) -> Result<Draft, PageError> {
    let key = key.to_owned();
    let changed = app.act(Actor::Public, move |tx, scene| draft::change(tx, scene, &key, &change)).await;
    changed.map_err(|error: ActError| PageError::from(error))?.ok_or_else(lost)
}

/// The key for the time after sending: so long the receipt can be seen again from this browser.
pub(super) fn receipt_cookie(
    app: &App,
    parts: &axum::http::HeaderMap,
) -> Option<axum_extra::extract::cookie::Cookie<'static>> {
    const TWO_HOURS: i64 = 2 * 60 * 60;
    frame::cookie_value(app, parts, COOKIE).map(|value| frame::cookie(app, COOKIE, &value, TWO_HOURS))
}

#[derive(Template)]
#[template(path = "citizen/start.html")]
struct StartPage {
    page: CitizenPage,
    promise: Promise,
    unfinished: Option<Unfinished>,
}

/// A draft that can be gone on with.
struct Unfinished {
    saved: String,
    about: String,
    href: &'static str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StartQuery {
    draft: String,
}

pub(super) async fn start(
    State(app): State<App>,
    visit: Visit,
    key: Result<DraftKey, PageError>,
    Query(query): Query<StartQuery>,
) -> Result<Response, PageError> {
    let draft = match key {
        Ok(DraftKey(key)) => load(&app, &key).await?,
        Err(_) => None,
    };
    let notice = (query.draft == "lost" && draft.is_none()).then(|| {
        Notice::warning("没有找到之前填写的内容")
            .text("草稿在本机浏览器里保留 7 天；换了手机、清除过浏览记录，或者已经提交，就要重新填写。")
    });
    let promise = promise::today(&app, "").await?;
    let unfinished = draft.map(|draft| unfinished(&draft, app.now()));
    Ok(render::page(&StartPage { page: visit.with(notice), promise, unfinished }))
}

fn unfinished(draft: &Draft, now: Timestamp) -> Unfinished {
    let open = Page::ALL.iter().find(|page| !draft.done.iter().any(|done| done == page.key()));
    let about: Vec<&str> = [draft.raw.respondent_name.as_str(), draft.raw.goods.as_str()]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    Unfinished {
        saved: view::dates::moment(draft.saved_at, now),
        about: about.join("，"),
        href: open.map_or("/complaints/new/check", |page| page.path()),
    }
}

/// Begins anew: an empty draft, a new key, the first page. A shop's place that leaves no choice is not asked.
pub(super) async fn begin(
    State(app): State<App>,
    Extension(hall): Extension<Arc<Hall>>,
    Address(address): Address,
    jar: CookieJar,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Filing, address)?;
    let value = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let regions = Regions::get().await;
    let served = hall.served(&app).await?;
    let only = served.only_way(regions);
    let settled = only != NATION && served.takes(regions, only);
    let key = hash(&app, &value);
    app.act(Actor::Public, move |tx, scene| {
        draft::begin(tx, scene, &key)?;
        draft::change(tx, scene, &key, |draft| {
            if settled {
                draft.raw.region = regions::text(only);
                draft.done.push(Page::Place.key().to_owned());
            }
        })
    })
    .await
    .map_err(|error: ActError| PageError::from(error))?;
    let to = if settled { Page::Respondent.path() } else { Page::Place.path() };
    let seconds = draft::KEPT.as_secs();
    Ok((jar.add(frame::cookie(&app, COOKIE, &value, seconds)), redirect::to(to)).into_response())
}

/// Throws away what was typed, for a telephone that others use too.
pub(super) async fn discard(
    State(app): State<App>,
    key: Result<DraftKey, PageError>,
    jar: CookieJar,
) -> Result<Response, PageError> {
    if let Ok(DraftKey(key)) = key {
        app.act(Actor::Public, move |tx, _| draft::discard(tx, &key)).await?;
    }
    Ok((jar.add(frame::cookie(&app, COOKIE, "", 0)), redirect::to("/")).into_response())
}
