//! 空白文书: every form blank, to look at, to print, to write on.

use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use casework::{ActError, Scene, wording};
use documents::form::{Form, Values};
use documents::{docx, html, pdf};
use serde::Deserialize;
use store::Tx;

use super::{Format, export};
use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Section};
use crate::{frame, render};

const PATH: &str = "/desk/forms";
/// A page of its own carries its looks in itself, and does nothing.
const ONLY_ITS_LOOKS: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FormsQuery {
    q: String,
    set: String,
}

/// `GET /desk/forms`
#[derive(askama::Template)]
#[template(path = "desk/forms.html")]
struct FormsPage {
    page: DeskPage,
    query: FormsQuery,
    sets: Vec<Choice>,
    rows: Vec<Row>,
    found: String,
    empty: EmptyState,
}

struct Row {
    title: String,
    mark: String,
    source: String,
    doubt: bool,
    page: String,
    pdf: String,
    docx: String,
}

/// `GET /desk/forms`: what is in use now, until somebody asks for what was.
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<FormsQuery>,
) -> Result<Response, PageError> {
    if !frame::handles_cases(&me.0) {
        return Err(ActError::Forbidden.into());
    }
    let house = app.house();
    let title = |key: &str| house.book.get(key).map_or(key, |set| set.title.as_str()).to_owned();
    let mut keys: Vec<&str> = house.forms().all().iter().filter_map(|form| form.rule_set.as_deref()).collect();
    keys.dedup();
    let mut sets = vec![Choice::new("own", "没有法定文字的（中心、站点、处罚文书）")];
    sets.extend(keys.iter().rev().map(|key| Choice::new(*key, title(key))));
    let rows: Vec<Row> = house.forms().all().iter().filter(|form| takes(&query, form)).map(row).collect();
    Ok(render::page(&FormsPage {
        page: frame::desk(&me.0, Section::Cases),
        sets,
        found: view::quantity(rows.len() as i64),
        rows,
        empty: EmptyState::new("没有这样的文书", "换个词，或者看全部。").link("看全部", PATH),
        query,
    }))
}

fn takes(query: &FormsQuery, form: &Form) -> bool {
    let words = query.q.trim();
    let of_set = match (query.set.as_str(), form.rule_set.as_deref()) {
        ("", _) => form.effective_until.is_none(),
        ("own", set) => set.is_none(),
        (asked, set) => set == Some(asked),
    };
    of_set && (words.is_empty() || form.title.contains(words) || form.mark.contains(words))
}

fn row(form: &Form) -> Row {
    let set = form.rule_set.as_ref().map(|set| format!("?set={}", query_value(set))).unwrap_or_default();
    let href = |format: &str| format!("{PATH}/{}/{format}{set}", form.key);
    Row {
        title: name_of(form),
        mark: form.mark.clone(),
        source: form.source.clone(),
        doubt: !form.confirmed,
        page: href("page"),
        pdf: href("pdf"),
        docx: href("docx"),
    }
}

/// What a form is called; a cover has no title on it.
fn name_of(form: &Form) -> String {
    if form.title.is_empty() { "卷宗封面".to_owned() } else { form.title.clone() }
}

/// `GET /desk/forms/{key}/{format}`: a blank form as a page, as PDF, as Word.
pub(super) async fn file(
    State(app): State<App>,
    me: SignedIn,
    Path((key, format)): Path<(String, String)>,
    Query(query): Query<FormsQuery>,
) -> Result<Response, PageError> {
    if !frame::handles_cases(&me.0) {
        return Err(ActError::Forbidden.into());
    }
    let set = Some(query.set.as_str()).filter(|set| !set.is_empty());
    let form = app.house().forms().find(&key, set).ok_or_else(PageError::not_found)?;
    let form = worded(&app, &me, form).await?;
    blank(&app, &form, &format).await
}

/// A blank form as a page, as PDF, as Word.
pub(crate) async fn blank(app: &App, form: &Form, format: &str) -> Result<Response, PageError> {
    let house = app.house().clone();
    let failed = |error: String| PageError::from(ActError::File(error));
    let name = name_of(form);
    let paper = house.forms().fill(form, &Values::new()).map_err(|error| failed(error.to_string()))?;
    let Some(format) = Format::from_name(format) else {
        return match format {
            "page" => Ok(([(CONTENT_SECURITY_POLICY, ONLY_ITS_LOOKS)], Html(html::page(&paper))).into_response()),
            _ => Err(PageError::not_found()),
        };
    };
    let made = app
        .hashing(move || match format {
            Format::Pdf => pdf::pdf(house.fonts(), &paper).map_err(|error| error.to_string()),
            Format::Docx => docx::docx(&paper).map_err(|error| error.to_string()),
        })
        .await?;
    Ok(export::file(&format!("{name}.{}", format.ending()), format.media_type(), made.map_err(failed)?))
}

/// A letter in the words of whoever prints it.
async fn worded(app: &App, me: &SignedIn, form: &Form) -> Result<Form, PageError> {
    let set = form.rule_set.clone().unwrap_or_else(|| wording::OF_NO_SET.to_owned());
    let (organization, key) = (me.0.organization_id, form.key.clone());
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let organization = store::organization::find(tx, organization)?.ok_or(ActError::NotFound)?;
        Ok(wording::letter_of(tx, scene, &organization, &set, &key)?)
    };
    let letter = app.look(me.actor(), read).await?;
    Ok(letter.map_or_else(|| form.clone(), |letter| form.worded(&letter)))
}
