//! 证据和文书: files leave this server in a way that nothing in them can run, and letters as they are on paper.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use casework::issuing::{self, Printable};
use casework::{ActError, tracking};
use store::attachment::AttachmentRow;

use crate::app::App;
use crate::citizen::pass::Pass;
use crate::desk::{Format, made};
use crate::error::PageError;
use crate::render;
use crate::view::LetterPage;

/// `GET /track/files/7`: a file of her own case.
pub(super) async fn of_case(State(app): State<App>, pass: Pass, Path(id): Path<i64>) -> Result<Response, PageError> {
    let found = app.look(pass.actor(), move |tx, scene| tracking::attachment(tx, scene, pass.case_id, id)).await;
    serve(&app, found?).await
}

/// A kept file: a picture may be shown, everything else is only saved; in no case is a script run.
pub(super) async fn serve(app: &App, file: AttachmentRow) -> Result<Response, PageError> {
    let (data, sha256) = (app.house().settings.data.clone(), file.sha256.clone());
    let bytes = tokio::task::spawn_blocking(move || store::files::read(&data, &sha256)).await;
    let bytes = bytes.map_err(|error| error.to_string()).and_then(|read| read.map_err(|error| error.to_string()));
    let bytes = bytes.map_err(|error| PageError::from(ActError::File(error)))?;
    let kind = casework::evidence::kind_of(&file.media_type);
    let shown = kind.is_some_and(|kind| kind.shown);
    let media_type = kind.map_or("application/octet-stream", |kind| kind.media_type);
    let way = if shown { "inline" } else { "attachment" };
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("{way}; filename*=UTF-8''{}", encoded(&file.name))),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// A name as a header carries it (RFC 8187).
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A letter addressed to her, ready for its files.
async fn hers(app: &App, pass: &Pass, id: i64) -> Result<Printable, PageError> {
    let case_id = pass.case_id;
    let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        let row = tracking::letter(tx, scene, case_id, id)?;
        let case = tracking::own_case(tx, scene, case_id)?;
        issuing::printable(tx, scene, &case, row)
    };
    app.look(pass.actor(), look).await?.ok_or_else(PageError::not_found)
}

/// `GET /track/letters/7`: a letter addressed to her, as it was made.
pub(super) async fn letter(State(app): State<App>, pass: Pass, Path(id): Path<i64>) -> Result<Response, PageError> {
    let paper = hers(&app, &pass, id).await?;
    let here = format!("/track/letters/{id}");
    let tools = vec![("下载 PDF", format!("{here}/pdf")), ("下载 Word", format!("{here}/docx"))];
    Ok(render::page(&LetterPage::new(&paper.kept, "/track/case").with(&paper.standing, tools)))
}

/// `GET /track/letters/7/pdf`: the same as a file.
pub(super) async fn letter_file(
    State(app): State<App>,
    pass: Pass,
    Path((id, format)): Path<(i64, String)>,
) -> Result<Response, PageError> {
    let format = Format::from_name(&format).ok_or_else(PageError::not_found)?;
    let paper = hers(&app, &pass, id).await?;
    made(&app, pass.actor(), paper, format).await
}
