//! 文书与证据: a paper as it was made, to be printed; a file of evidence as it came.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::letters::{self, KeptLetter};
use casework::reading::CaseFile;
use casework::{ActError, evidence, reading};
use domain::clock::beijing_day;
use domain::letter::{FormRow, Signature};
use jiff::civil::Date;
use store::attachment::AttachmentRow;

use super::export;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, Attachment, AttachmentKind, Attachments, ErrorPage, PrintPage};
use crate::{redirect, render};

/// A letter or form on A4.
#[derive(askama::Template)]
#[template(path = "desk/paper.html")]
pub(super) struct PaperPage {
    page: PrintPage,
    /// `登记单位` and `编号` stand above a form's table.
    head_line: Vec<(String, String)>,
    table: Vec<TableRow>,
    to: String,
    paragraphs: Vec<String>,
    signatures: Vec<Signature>,
    seal: Option<(String, String)>,
    notes: Vec<String>,
}

/// A row of a form: its group's heading when it is the first of the group, and one or two labels with their blanks.
struct TableRow {
    group: Option<(String, usize)>,
    grouped: bool,
    cells: Vec<(String, String)>,
    long: bool,
}

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
            reading::note_look(tx, scene, case.id, &format!("打开文书：{}", paper.title))?;
            Ok(paper)
        })
        .await?;
    if let Some(attachment) = paper.attachment_id {
        return Ok(redirect::to(&format!("/desk/cases/{number}/attachments/{attachment}")));
    }
    let kept = letters::read(&paper).ok_or_else(PageError::not_found)?;
    Ok(render::page(&page(&kept, &format!("/desk/cases/{number}"))))
}

/// `GET /desk/cases/{number}/attachments/{id}`: a picture in the browser, anything else as a file to be kept.
pub(super) async fn attachment(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let file = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &number)?;
            store::attachment::find(tx, case.id, id)?.ok_or(ActError::NotFound)
        })
        .await?;
    let (data, hash) = (app.house().settings.data.clone(), file.sha256.clone());
    let read = tokio::task::spawn_blocking(move || store::files::read(&data, &hash)).await;
    let Ok(Ok(bytes)) = read else {
        tracing::error!(attachment = id, "the bytes of a file of evidence are not there");
        return Err(ErrorPage::new(
            500,
            "file.missing",
            "这份材料的文件没有找到",
            "请告诉管理员核对数据目录里的 files 文件夹。",
        )
        .into());
    };
    if evidence::kind_of(&file.media_type).is_some_and(|kind| kind.shown) {
        return Ok(picture(&file, bytes));
    }
    Ok(export::file(&file.name, &file.media_type, bytes))
}

/// Bytes that are a picture, under a policy that lets them do nothing else.
fn picture(file: &AttachmentRow, bytes: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, file.media_type.as_str()),
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
        let href = format!("/desk/cases/{}/attachments/{}", file.case.number, row.id);
        let shown = evidence::kind_of(&row.media_type).is_some_and(|kind| kind.shown);
        let by = if row.added_by == "complainant" { "投诉人" } else { "工作人员" };
        let day = view::dates::short_day(beijing_day(row.added_at), today);
        Attachment {
            name: row.name.clone(),
            kind: kind(&row.media_type),
            thumbnail: shown.then(|| href.clone()),
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

/// The paper as it is printed.
pub(super) fn page(kept: &KeptLetter, back: &str) -> PaperPage {
    let (head, rows): (Vec<_>, Vec<_>) =
        kept.letter.rows.iter().partition(|row| row.group.is_none() && !row.long && is_head(&row.label));
    PaperPage {
        page: PrintPage {
            // The official forms of 2026 have no red head.
            red_head: String::new(),
            title: kept.letter.title.clone(),
            number: kept.number.clone(),
            back: back.to_owned(),
        },
        head_line: head.into_iter().map(|row| (row.label.clone(), row.value.clone())).collect(),
        table: table(&rows),
        to: kept.letter.addressee.clone().unwrap_or_default(),
        paragraphs: kept.letter.paragraphs.clone(),
        signatures: kept.signatures.clone(),
        seal: kept.sealed.then(|| (kept.bureau.clone(), view::dates::long_day(kept.day))),
        notes: kept.notes.clone(),
    }
}

fn is_head(label: &str) -> bool {
    matches!(label, "登记单位" | "编号")
}

/// Rows with a group stand two to a line under its heading; a long one takes the whole width.
fn table(rows: &[&FormRow]) -> Vec<TableRow> {
    let mut lines: Vec<TableRow> = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let Some(group) = &row.group else {
            lines.push(TableRow { group: None, grouped: false, cells: vec![cell(row)], long: row.long });
            at += 1;
            continue;
        };
        let members: Vec<&&FormRow> =
            rows[at..].iter().take_while(|other| other.group.as_ref() == Some(group)).collect();
        at += members.len();
        let paired = pairs(&members);
        let span = paired.len();
        for (index, cells) in paired.into_iter().enumerate() {
            let heading = (index == 0).then(|| (group.clone(), span));
            lines.push(TableRow { group: heading, grouped: true, cells, long: false });
        }
    }
    lines
}

/// Two short blanks share a line; the consumer's address needs one for itself.
fn pairs(members: &[&&FormRow]) -> Vec<Vec<(String, String)>> {
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    let mut open = false;
    for row in members {
        let wide = row.long || row.label == "联系地址";
        match lines.last_mut() {
            Some(last) if open && !wide => {
                last.push(cell(row));
                open = false;
            }
            _ => {
                lines.push(vec![cell(row)]);
                open = !wide;
            }
        }
    }
    lines
}

fn cell(row: &FormRow) -> (String, String) {
    (row.label.clone(), row.value.clone())
}
