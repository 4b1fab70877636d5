//! 文书与证据: a paper as it was made, to be printed; a file of evidence as it came.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::letters;
use casework::reading::CaseFile;
use casework::{ActError, custody, evidence, reading};
use domain::audit::AuditKind;
use domain::clock::beijing_day;
use jiff::civil::Date;
use store::attachment::AttachmentRow;

use super::keeping;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, Attachment, AttachmentKind, Attachments, LetterPage};
use crate::{redirect, render};

/// `GET /desk/cases/{number}/papers/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let paper = app
        .act::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            let paper = store::paper::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
            reading::note_look(tx, scene, AuditKind::Print, case.id, &format!("打开文书：{}", paper.title))?;
            Ok(paper)
        })
        .await?;
    if let Some(attachment) = paper.attachment_id {
        return Ok(redirect::to(&format!("/desk/cases/{number}/evidence/{attachment}")));
    }
    let kept = letters::read(&paper).ok_or_else(PageError::not_found)?;
    Ok(render::page(&LetterPage::new(&kept, &format!("/desk/cases/{number}"))))
}

/// `GET /desk/cases/{number}/attachments/{id}`: a picture in the browser, its showing on record. Anything else has the page of its
/// keeping, from where it is taken out.
pub(super) async fn attachment(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let file = app.look(me.actor(), move |tx, scene| custody::kept(tx, scene, &asked, id)).await?.file;
    if !evidence::kind_of(&file.media_type).is_some_and(|kind| kind.shown) {
        return Ok(redirect::to(&format!("/desk/cases/{number}/evidence/{id}")));
    }
    let bytes = keeping::read(&app, &file.sha256).await?;
    app.act(me.actor(), move |tx, scene| custody::view(tx, scene, &number, id)).await?;
    Ok(picture(&file.media_type, bytes))
}

/// Bytes that are a picture, under a policy that lets them do nothing else.
pub(super) fn picture(media_type: &str, bytes: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, media_type),
            (header::CONTENT_DISPOSITION, "inline"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
            (header::CACHE_CONTROL, "private, max-age=3600"),
        ],
        bytes,
    )
        .into_response()
}

/// The evidence of a case as small pictures and names.
pub(super) fn evidence(file: &CaseFile, today: Date) -> Attachments {
    let one = |row: &AttachmentRow| {
        let (number, id) = (&file.case.number, row.id);
        let href = format!("/desk/cases/{number}/evidence/{id}");
        let shown = evidence::kind_of(&row.media_type).is_some_and(|kind| kind.shown);
        let by = if row.added_by == "complainant" { "投诉人" } else { "工作人员" };
        let day = view::dates::short_day(beijing_day(row.added_at), today);
        Attachment {
            name: row.name.clone(),
            kind: kind(&row.media_type),
            thumbnail: shown.then(|| format!("/desk/cases/{number}/attachments/{id}")),
            href,
            note: format!("{} · {by} · {day}", size_words(row.size)),
        }
    };
    Attachments { files: file.attachments.iter().map(one).collect() }
}

fn kind(media_type: &str) -> AttachmentKind {
    match media_type.split('/').next() {
        Some("image") => AttachmentKind::Picture,
        Some("audio") => AttachmentKind::Sound,
        Some("video") => AttachmentKind::Film,
        _ => AttachmentKind::Document,
    }
}

/// `1.2 MB`.
pub(super) fn size_words(bytes: i64) -> String {
    if bytes >= 1024 * 1024 {
        format!("{:.1} MB", bytes as f64 / (1024.0 * 1024.0))
    } else {
        format!("{} KB", (bytes / 1024).max(1))
    }
}
