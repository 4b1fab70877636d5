//! 短表的草稿: what is typed on a page for a question, a suggestion, a report or a complaint against staff survives a reload and a closed
//! browser for seven days, with its files, under a random key in a cookie that only this browser has.

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::draft::{self, Draft};
use casework::evidence::Care;
use casework::{ActError, Actor};
use domain::case_kind::CaseKind;
use domain::filing::{RawAsking, RawReport};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::app::App;
use crate::citizen::asking::{files_of, form_of, kind_of, typed};
use crate::citizen::form::Pairs;
use crate::citizen::{frame, report, upload};
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::redirect;

/// Where this browser's draft of a kind lies, and its files.
pub(super) struct Shelf {
    kind: CaseKind,
    /// The random key in the cookie, which nobody else has.
    pub(super) value: String,
    /// The hash under which draft and files are kept.
    pub(super) hash: String,
}

impl Shelf {
    /// The shelf whose key the browser sent, or a new one.
    pub(super) fn of(app: &App, kind: CaseKind, headers: &HeaderMap) -> Shelf {
        let sent = frame::cookie_value(app, headers, &cookie_of(kind)).filter(|value| !value.is_empty());
        let value = sent.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(app.fresh::<32>()));
        let hash = app.house().secret.hash("asking-draft", &value);
        Shelf { kind, value, hash }
    }

    /// What was kept; none when it is too old, was sent, or never was.
    pub(super) async fn load<R: DeserializeOwned + Send + 'static>(
        &self,
        app: &App,
    ) -> Result<Option<Draft<R>>, PageError> {
        let hash = self.hash.clone();
        Ok(app.look(Actor::Public, move |tx, scene| draft::load(tx, scene, &hash)).await?)
    }

    /// Keeps what was typed.
    pub(super) async fn keep<R: Serialize + Send + 'static>(&self, app: &App, raw: R) -> Result<(), PageError> {
        let hash = self.hash.clone();
        Ok(app.act(Actor::Public, move |tx, scene| draft::keep(tx, scene, &hash, &raw)).await?)
    }

    /// The cookie by which this browser finds it again.
    pub(super) fn cookie(&self, app: &App) -> Cookie<'static> {
        frame::cookie(app, &cookie_of(self.kind), &self.value, draft::KEPT.as_secs())
    }

    /// The cookie that forgets it.
    pub(super) fn forgotten(&self, app: &App) -> Cookie<'static> {
        frame::cookie(app, &cookie_of(self.kind), "", 0)
    }
}

fn cookie_of(kind: CaseKind) -> String {
    format!("draft-{}", kind.key().replace('_', "-"))
}

/// `POST /{kind}/new/save`: what is typed so far, from the script, without a word about faults.
pub(super) async fn save(
    State(app): State<App>,
    Path(path): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let shelf = Shelf::of(&app, kind_of(&path)?, &headers);
    // Only what is begun anew counts: whoever types on is not held up.
    if shelf.load::<IgnoredAny>(&app).await?.is_none() {
        app.limits().check(Attempt::Filing, address)?;
    }
    match shelf.kind {
        CaseKind::Report => shelf.keep(&app, report::typed(&pairs)).await?,
        _ => shelf.keep(&app, typed(&pairs)).await?,
    }
    Ok(([(axum::http::header::SET_COOKIE, shelf.cookie(&app).to_string())], StatusCode::NO_CONTENT).into_response())
}

/// `POST /{kind}/new/files`: files from the script, while the rest is still being typed.
pub(super) async fn add_files(
    State(app): State<App>,
    Path(path): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
    jar: CookieJar,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let kind = kind_of(&path)?;
    let shelf = Shelf::of(&app, kind, &headers);
    // So that the sweep finds files that were never sent in.
    if shelf.load::<IgnoredAny>(&app).await?.is_none() {
        match kind {
            CaseKind::Report => shelf.keep(&app, RawReport::default()).await?,
            _ => shelf.keep(&app, RawAsking { notify_by: "in_app".to_owned(), ..RawAsking::default() }).await?,
        }
    }
    let on_shelf = upload::Shelf::Draft(shelf.hash.clone());
    let care = if kind == CaseKind::Report { Care::WithoutTraces } else { Care::AsSent };
    let added = upload::add(&app, on_shelf, files_of(kind), address, multipart, care).await?;
    Ok((jar.add(shelf.cookie(&app)), added).into_response())
}

/// `GET /{kind}/new/files/7`: the small picture beside a file's name.
pub(super) async fn file(
    State(app): State<App>,
    Path((path, id)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let shelf = Shelf::of(&app, kind_of(&path)?, &headers);
    upload::show(&app, shelf.hash, id).await
}

/// `POST /{kind}/new/files/7/remove`, from the script.
pub(super) async fn remove_file(
    State(app): State<App>,
    Path((path, id)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let kind = kind_of(&path)?;
    upload::remove(&app, Shelf::of(&app, kind, &headers).hash, id).await?;
    Ok(redirect::to(&form_of(kind)))
}

/// `POST /{kind}/new/discard`: throws away what was typed, for a telephone that others use too.
pub(super) async fn discard(
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, PageError> {
    let kind = kind_of(&path)?;
    let shelf = Shelf::of(&app, kind, &headers);
    let hash = shelf.hash.clone();
    app.act::<_, ActError>(Actor::Public, move |tx, _| draft::discard(tx, &hash)).await?;
    Ok((jar.add(shelf.forgotten(&app)), redirect::to(&form_of(kind))).into_response())
}
