//! 文书与证据: a paper as it was made, to be printed; a file of evidence as it came.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::issuing::{self, Printable, Standing};
use casework::reading::CaseFile;
use casework::{ActError, Actor, custody, evidence, reading};
use domain::audit::AuditKind;
use domain::clock::beijing_day;
use jiff::civil::Date;
use store::attachment::AttachmentRow;

use super::{export, keeping};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, Attachment, AttachmentKind, Attachments, LetterPage};
use crate::{redirect, render};

/// What a paper page starts from: its row, and the letter ready for its files unless it is a file of evidence.
async fn opened(app: &App, me: &SignedIn, number: &str, id: i64, what: &'static str) -> Result<Opened, PageError> {
    let asked = number.to_owned();
    app.act::<_, ActError>(me.actor(), move |tx, scene| {
        let case = casework::record::readable(tx, scene, &asked)?;
        let row = store::paper::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
        reading::note_look(tx, scene, AuditKind::Print, case.id, &format!("{what}：{}", row.title))?;
        Ok(Opened { attachment: row.attachment_id, paper: issuing::printable(tx, scene, &case, row)? })
    })
    .await
    .map_err(PageError::from)
}

struct Opened {
    attachment: Option<i64>,
    paper: Option<Printable>,
}

/// `GET /desk/cases/{number}/papers/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let opened = opened(&app, &me, &number, id, "打开文书").await?;
    if let Some(attachment) = opened.attachment {
        return Ok(redirect::to(&format!("/desk/cases/{number}/evidence/{attachment}")));
    }
    let paper = opened.paper.ok_or_else(PageError::not_found)?;
    let here = format!("/desk/cases/{number}/papers/{id}");
    let mut tools = vec![("下载 PDF", format!("{here}/pdf")), ("下载 Word", format!("{here}/docx"))];
    if paper.given.is_some() || !paper.places.is_empty() {
        tools.push(("签发与签名", format!("{here}/keep")));
    }
    let back = format!("/desk/cases/{number}");
    Ok(render::page(&LetterPage::new(&paper.kept, &back).with(&paper.standing, tools)))
}

/// `GET /desk/cases/{number}/papers/{id}/{format}`: the paper as a file.
pub(super) async fn file(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id, format)): Path<(String, i64, String)>,
) -> Result<Response, PageError> {
    let format = Format::from_name(&format).ok_or_else(PageError::not_found)?;
    let opened = opened(&app, &me, &number, id, "下载文书").await?;
    let paper = opened.paper.ok_or_else(PageError::not_found)?;
    made(&app, me.actor(), paper, format).await
}

/// In which format a paper leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Docx,
}

impl Format {
    pub(crate) fn from_name(name: &str) -> Option<Format> {
        match name {
            "pdf" => Some(Format::Pdf),
            "docx" => Some(Format::Docx),
            _ => None,
        }
    }

    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Docx => "docx",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Format::Pdf => "application/pdf",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// A paper's file. Of an issued PDF the hash is kept, so that it can be known again on the public page.
pub(crate) async fn made(app: &App, actor: Actor, paper: Printable, format: Format) -> Result<Response, PageError> {
    let house = app.house().clone();
    let (id, name) = (paper.row.id, paper.file_name(format.ending()));
    let issued = paper.given.is_some() && matches!(paper.standing, Standing::Issued(_));
    let bytes = app
        .hashing(move || match format {
            Format::Pdf => paper.pdf(&house),
            Format::Docx => paper.docx(&house),
        })
        .await??;
    if issued && format == Format::Pdf {
        let hash = issuing::print_hash(&bytes);
        app.act(actor, move |tx, scene| issuing::note_print(tx, scene, id, &hash)).await?;
    }
    Ok(export::file(&name, format.media_type(), bytes))
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
pub(crate) fn picture(media_type: &str, bytes: Vec<u8>) -> Response {
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
