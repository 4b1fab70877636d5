//! 证据保管: one file of evidence, how it came, what became of it since, the check of its bytes, and the way out for the original.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::custody::{self, Kept};
use casework::evidence;
use domain::clock::beijing_day;
use domain::custody::Custody;
use jiff::civil::Date;
use serde::Deserialize;
use store::custody::CustodyRow;
use store::derived_copy::CopyRow;

use super::forms::Typed;
use super::{copies, export, paper};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET /desk/cases/{number}/evidence/{id}`
#[derive(askama::Template)]
#[template(path = "desk/keeping.html")]
struct KeepingPage {
    page: DeskPage,
    number: String,
    title: String,
    id: i64,
    name: String,
    about: String,
    sha256: String,
    picture: Option<String>,
    personal: bool,
    judged: bool,
    can_copy: bool,
    copies: Vec<copies::Line>,
    record: Vec<Line>,
    reason: String,
    errors: Errors,
}

/// One line of the record.
struct Line {
    when: String,
    what: Tag,
    who: String,
    words: String,
}

/// What was done before this page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeepingQuery {
    done: String,
}

/// `GET /desk/cases/{number}/evidence/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    Query(query): Query<KeepingQuery>,
) -> Result<Response, PageError> {
    let mut page = keeping(&app, &me, &number, id).await?;
    page.page.notice = match query.done.as_str() {
        "verified" => Some(Notice::done("核验一致：文件和收到时一模一样")),
        "differs" => Some(
            Notice::refused("核验不一致：文件和收到时不一样，或者已经不在")
                .text("请立即告诉系统管理员和本局保密人员，不要再使用这份文件。"),
        ),
        "judged" => Some(Notice::done("已记下")),
        _ => None,
    };
    Ok(render::page(&page))
}

/// `POST /desk/cases/{number}/evidence/{id}/{what}`
pub(super) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id, what)): Path<(String, i64, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let here = format!("/desk/cases/{number}/evidence/{id}");
    let asked = number.clone();
    match what.as_str() {
        "check" => {
            let file = app.look(me.actor(), move |tx, scene| custody::kept(tx, scene, &asked, id)).await?.file;
            let found = read(&app, &file.sha256).await.ok().map(|bytes| hash(&bytes));
            let same =
                app.act(me.actor(), move |tx, scene| custody::check(tx, scene, &number, id, found.as_deref())).await?;
            if !same {
                tracing::error!(attachment = id, "a file of evidence is not what it was at its arrival");
            }
            Ok(redirect::to(&format!("{here}?done={}", if same { "verified" } else { "differs" })))
        }
        "personal" => {
            let personal = typed.yes("personal");
            app.act(me.actor(), move |tx, scene| custody::judge(tx, scene, &asked, id, personal)).await?;
            Ok(redirect::to(&format!("{here}?done=judged")))
        }
        "original" => {
            let reason = typed.get("reason").to_owned();
            let taken = app.act(me.actor(), move |tx, scene| custody::take_out(tx, scene, &asked, id, &reason)).await;
            let file = match taken.map_err(PageError::from) {
                Ok(file) => file,
                Err(error) => {
                    let errors = error.faults().ok_or(error)?;
                    let mut page = keeping(&app, &me, &number, id).await?;
                    (page.errors, page.reason) = (errors, typed.get("reason").to_owned());
                    return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
                }
            };
            Ok(export::file(&file.name, &file.media_type, read(&app, &file.sha256).await?))
        }
        _ => Err(PageError::not_found()),
    }
}

/// `GET /desk/cases/{number}/evidence/{id}/upright`: the picture as boxes are drawn on it, turned upright, nothing but pixels.
pub(super) async fn upright(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let file = app.act(me.actor(), move |tx, scene| custody::view(tx, scene, &number, id)).await?;
    let bytes = read(&app, &file.sha256).await?;
    match app.hashing(move || documents::picture::copy(&bytes, &[])).await? {
        Ok(copy) => Ok(paper::picture(copy.media_type, copy.bytes)),
        Err(_) => Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response()),
    }
}

/// The kept bytes, read off the threads that answer.
pub(crate) async fn read(app: &App, sha256: &str) -> Result<Vec<u8>, PageError> {
    let (data, sha256) = (app.house().settings.data.clone(), sha256.to_owned());
    let read = tokio::task::spawn_blocking(move || store::files::read(&data, &sha256)).await;
    let Ok(Ok(bytes)) = read else {
        tracing::error!("the bytes of a file of evidence are not there");
        let advice = "请告诉管理员核对数据目录里的 files 文件夹。";
        return Err(view::ErrorPage::new(500, "file.missing", "这份材料的文件没有找到", advice).into());
    };
    Ok(bytes)
}

fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    domain::chain::hex(&Sha256::digest(bytes))
}

async fn keeping(app: &App, me: &SignedIn, number: &str, id: i64) -> Result<KeepingPage, PageError> {
    let asked = number.to_owned();
    let kept = app.look(me.actor(), move |tx, scene| custody::kept(tx, scene, &asked, id)).await?;
    let today = beijing_day(app.now());
    let Kept { case, file, record, copies, personal } = kept;
    let by = if file.added_by == "complainant" { case.state.kind.person() } else { "工作人员" };
    let shown = evidence::kind_of(&file.media_type).is_some_and(|kind| kind.shown);
    let says = |row: &CustodyRow| Custody::from_key(&row.what).is_some_and(|what| what.says_personal().is_some());
    Ok(KeepingPage {
        page: frame::desk(&me.0, Section::Cases),
        about: format!("{} · {by} · {}存入", paper::size_words(file.size), view::dates::moment(file.added_at, today)),
        picture: shown.then(|| format!("/desk/cases/{number}/attachments/{id}")),
        judged: record.iter().any(says),
        can_copy: copies::may(&me.0, &case),
        copies: copies.iter().rev().map(|copy: &CopyRow| copies::Line::new(number, copy, today)).collect(),
        record: record.iter().rev().map(|row| line(row, today)).collect(),
        number: number.to_owned(),
        title: case.matter.title,
        id,
        name: file.name,
        sha256: file.sha256,
        personal,
        reason: String::new(),
        errors: Errors::none(),
    })
}

fn line(row: &CustodyRow, today: Date) -> Line {
    let what = Custody::from_key(&row.what);
    let tone = match what {
        Some(Custody::Differs) => Tone::Red,
        Some(Custody::Verified) => Tone::Green,
        Some(Custody::Downloaded | Custody::Sent) => Tone::Amber,
        _ => Tone::Plain,
    };
    Line {
        when: view::dates::moment(row.at, today),
        what: tag(what.map_or("", Custody::label), tone),
        who: row.account_name.clone().unwrap_or_else(|| "系统".to_owned()),
        words: row.words.clone(),
    }
}
