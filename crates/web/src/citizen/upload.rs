//! 上传: files are written to disk as they come, judged by their bytes, and kept under their hash. However many people
//! upload at once, only a few files are in memory.

use std::net::IpAddr;
use std::path::{Path as FilePath, PathBuf};

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use casework::evidence::{self, Care, KeptFile, Unfit};
use casework::{ActError, Actor};
use domain::case_kind::CaseKind;
use domain::chain::hex;
use serde::Serialize;
use store::attachment::AttachmentRow;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::citizen::draft::{DraftKey, Typed};
use crate::citizen::files;
use crate::citizen::form::Pairs;
use crate::citizen::pass::Pass;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::redirect;
use crate::view::{self, ErrorPage, Uploaded};

/// Bytes one request may bring: twenty files of 20 MB and the text beside them.
pub(crate) const REQUEST_AT_MOST: usize = 402 * 1024 * 1024;

/// Files that are read back into memory at the same time.
static IN_MEMORY: Semaphore = Semaphore::const_new(2);

/// Where files wait until they belong to a case.
#[derive(Clone, Debug)]
pub(crate) enum Shelf {
    /// A draft, by the hash of its key.
    Draft(String),
    /// A case whose consumer adds to it.
    Case(i64),
}

impl Shelf {
    /// The hash under which its files wait.
    pub(super) fn hash(&self, app: &App) -> String {
        match self {
            Shelf::Draft(hash) => hash.clone(),
            Shelf::Case(id) => waiting_hash(app, *id),
        }
    }
}

/// Under which hash files wait that a consumer adds to her case.
pub(crate) fn waiting_hash(app: &App, case_id: i64) -> String {
    app.house().secret.hash("added-evidence", &case_id.to_string())
}

/// With what care a file is added to a case: what a reporter adds says nothing of her.
pub(crate) async fn care_for(app: &App, case_id: i64) -> Result<Care, PageError> {
    let case = app.read::<_, ActError>(move |tx| Ok(store::case::by_id(tx, case_id)?)).await?;
    let of_report = case.is_some_and(|case| case.state.kind == CaseKind::Report);
    Ok(if of_report { Care::WithoutTraces } else { Care::AsSent })
}

/// What a form with files brought.
pub(crate) struct Sent {
    pub(crate) pairs: Pairs,
    pub(crate) files: Vec<KeptFile>,
    pub(crate) refused: Vec<Unfit>,
}

/// Reads a form however it came: with files, or without as a program or a page kept from before sends it.
pub(super) async fn receive_form(app: &App, address: IpAddr, request: Request, care: Care) -> Result<Sent, PageError> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if sent.starts_with("multipart/") {
        let form = Multipart::from_request(request, app).await;
        let form = form.map_err(|_| PageError::bad_request("表单没有传完整，请返回上一页再提交。"))?;
        return receive(app, address, form, care).await;
    }
    let FormBody(pairs) = FormBody::<Pairs>::from_request(request, app).await?;
    Ok(Sent { pairs, files: Vec::new(), refused: Vec::new() })
}

/// Reads a form with files to its end: what does not fit is refused file by file, the rest is kept.
pub(crate) async fn receive(
    app: &App,
    address: IpAddr,
    mut multipart: Multipart,
    care: Care,
) -> Result<Sent, PageError> {
    let mut sent = Sent { pairs: Vec::new(), files: Vec::new(), refused: Vec::new() };
    let at_most = app.house().settings.evidence_at_most;
    let mut came = 0;
    while let Some(field) = multipart.next_field().await.map_err(|error| broken_off(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(given) = field.file_name().map(str::to_owned) else {
            sent.pairs.push((name, text(field).await?));
            continue;
        };
        // An empty file control still sends a part without a name.
        if given.is_empty() {
            continue;
        }
        if came == 0 {
            app.limits().check(Attempt::Filing, address)?;
        }
        came += 1;
        if came > at_most {
            sent.refused.push(Unfit::TooMany { name: given, at_most });
            drain(field).await?;
            continue;
        }
        match keep(app, address, given, field, care).await? {
            Ok(file) => sent.files.push(file),
            Err(unfit) => sent.refused.push(unfit),
        }
    }
    Ok(sent)
}

/// Puts kept files to a shelf; gives those for which there was no room.
pub(crate) async fn put(app: &App, shelf: Shelf, files: Vec<KeptFile>) -> Result<Vec<Unfit>, PageError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let hash = shelf.hash(app);
    let act = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
        if let Shelf::Case(_) = shelf {
            // So that the sweep finds files that were never sent in.
            store::draft::put(tx, &hash, "added-evidence", "", scene.now)?;
        }
        let mut refused = Vec::new();
        for file in &files {
            if let Err(unfit) = evidence::attach(tx, scene, &hash, file)? {
                refused.push(unfit);
            }
        }
        Ok::<_, ActError>(refused)
    };
    Ok(app.act(Actor::Public, act).await?)
}

async fn text(mut field: Field<'_>) -> Result<String, PageError> {
    const TEXT_AT_MOST: usize = 64 * 1024;
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
        if bytes.len() + chunk.len() > TEXT_AT_MOST {
            return Err(ErrorPage::new(413, "too_large", "内容太长", "请缩短文字后再提交。").into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn drain(mut field: Field<'_>) -> Result<(), PageError> {
    while field.chunk().await.map_err(|error| broken_off(&error))?.is_some() {}
    Ok(())
}

/// Writes the file to disk as it comes, then judges and keeps it on a blocking thread.
async fn keep(
    app: &App,
    address: IpAddr,
    given: String,
    mut field: Field<'_>,
    care: Care,
) -> Result<Result<KeptFile, Unfit>, PageError> {
    let settings = &app.house().settings;
    let half = Half::create(&settings.data, &hex(&app.fresh::<16>())).await.map_err(|error| not_kept(&error))?;
    let mut file = tokio::fs::File::create(&half.0).await.map_err(|error| not_kept(&error))?;
    let mut size: u64 = 0;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
        size += chunk.len() as u64;
        if size > settings.evidence_bytes_at_most {
            drain(field).await?;
            return Ok(Err(evidence::too_large(settings, &given)));
        }
        file.write_all(&chunk).await.map_err(|error| not_kept(&error))?;
    }
    file.flush().await.map_err(|error| not_kept(&error))?;
    drop(file);
    app.limits().takes_bytes(address, size)?;
    let house = app.house().clone();
    let _turn = IN_MEMORY.acquire().await.map_err(|_| PageError::from(store::StoreError::Closed))?;
    let judged = tokio::task::spawn_blocking(move || {
        let bytes = std::fs::read(&half.0).map_err(|error| ActError::File(error.to_string()))?;
        evidence::keep(&house.settings, care, &given, &bytes)
    });
    let judged = judged.await.map_err(|error| PageError::from(ActError::File(error.to_string())))?;
    Ok(judged?)
}

/// A file that is still coming; gone when this value is.
struct Half(PathBuf);

impl Half {
    async fn create(data: &FilePath, name: &str) -> std::io::Result<Half> {
        let folder = data.join("files").join("coming");
        tokio::fs::create_dir_all(&folder).await?;
        Ok(Half(folder.join(name)))
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        // Nobody needs it any more, and that it cannot be removed changes nothing for the one who waits.
        drop(std::fs::remove_file(&self.0));
    }
}

fn broken_off(error: &MultipartError) -> PageError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ErrorPage::new(413, "too_large", "一次选的文件太多、太大", "请分几次上传，每次少选几个。")
                .kept("之前保存的内容和文件都在。")
                .into()
        }
        _ => PageError::bad_request("文件没有传完整，可能是网络断了。请返回上一页重新选择文件。"),
    }
}

fn not_kept(error: &std::io::Error) -> PageError {
    PageError::from(ActError::File(error.to_string()))
}

/// The box with the files that are there and the control for more.
#[derive(Template)]
#[template(path = "citizen/files.html")]
pub(super) struct Box {
    address: &'static str,
    files: Vec<Uploaded>,
    error: Option<String>,
    optional: bool,
    at_most: usize,
    megabytes: u64,
}

impl HtmlSafe for Box {}

impl Box {
    /// `address` takes single files from the script; below it each file is seen and removed.
    pub(super) fn new(app: &App, address: &'static str, files: &[AttachmentRow], error: Option<String>) -> Box {
        let settings = &app.house().settings;
        Box {
            address,
            files: files.iter().map(|file| uploaded(address, file)).collect(),
            error,
            optional: true,
            at_most: settings.evidence_at_most,
            megabytes: settings.evidence_bytes_at_most / (1024 * 1024),
        }
    }

    /// Files are what the page is for.
    pub(super) fn needed(self) -> Box {
        Box { optional: false, ..self }
    }
}

fn uploaded(address: &str, file: &AttachmentRow) -> Uploaded {
    let shown = evidence::kind_of(&file.media_type).is_some_and(|kind| kind.shown);
    Uploaded {
        key: file.id.to_string(),
        name: file.name.clone(),
        size: size_words(file.size),
        thumbnail: shown.then(|| format!("{address}/{}", file.id)),
    }
}

/// `1.2 MB`, `340 KB`.
pub(super) fn size_words(bytes: i64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KB", view::quantity((bytes + 1_023) / 1_024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// A file taken or refused, for the script.
#[derive(Serialize)]
struct Taken {
    files: Vec<TakenFile>,
    refused: Vec<String>,
}

#[derive(Serialize)]
struct TakenFile {
    key: String,
    name: String,
    size: String,
    thumbnail: Option<String>,
}

/// `POST /complaints/new/files`: files from the script, while the rest is still being typed.
pub(super) async fn add_to_draft(
    State(app): State<App>,
    typed: Typed,
    Address(address): Address,
    multipart: Multipart,
) -> Result<Response, PageError> {
    add(&app, Shelf::Draft(typed.key), "/complaints/new/files", address, multipart, Care::AsSent).await
}

/// `POST /track/evidence/files`: the same for a case.
pub(super) async fn add_to_case(
    State(app): State<App>,
    pass: Pass,
    Address(address): Address,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let care = care_for(&app, pass.case_id).await?;
    add(&app, Shelf::Case(pass.case_id), "/track/evidence/files", address, multipart, care).await
}

pub(super) async fn add(
    app: &App,
    shelf: Shelf,
    below: &str,
    address: IpAddr,
    multipart: Multipart,
    care: Care,
) -> Result<Response, PageError> {
    let Sent { files, mut refused, .. } = receive(app, address, multipart, care).await?;
    let hash = shelf.hash(app);
    let came: Vec<String> = files.iter().map(|file| file.sha256.clone()).collect();
    refused.extend(put(app, shelf, files).await?);
    let there = waiting(app, hash).await?;
    let taken = there.iter().filter(|file| came.contains(&file.sha256)).map(|file| {
        let Uploaded { key, name, size, thumbnail } = uploaded(below, file);
        TakenFile { key, name, size, thumbnail }
    });
    let body = Taken { files: taken.collect(), refused: refused.iter().map(ToString::to_string).collect() };
    Ok(Json(body).into_response())
}

/// The files that wait under a hash.
pub(crate) async fn waiting(app: &App, hash: String) -> Result<Vec<AttachmentRow>, PageError> {
    Ok(app.read(move |tx| store::attachment::of_draft(tx, &hash)).await?)
}

/// `GET /complaints/new/files/7`: the small picture beside a file's name.
pub(super) async fn of_draft(
    State(app): State<App>,
    DraftKey(key): DraftKey,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    show(&app, key, id).await
}

/// `GET /track/evidence/files/7`.
pub(super) async fn waiting_file(
    State(app): State<App>,
    pass: Pass,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    show(&app, waiting_hash(&app, pass.case_id), id).await
}

/// A file of a shelf.
pub(super) async fn show(app: &App, hash: String, id: i64) -> Result<Response, PageError> {
    let file = waiting(app, hash).await?.into_iter().find(|file| file.id == id);
    files::serve(app, file.ok_or_else(PageError::not_found)?).await
}

/// `POST /complaints/new/files/7/remove`, from the script.
pub(super) async fn remove_from_draft(
    State(app): State<App>,
    DraftKey(key): DraftKey,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    remove(&app, key, id).await?;
    Ok(redirect::to("/complaints/new/matter"))
}

/// `POST /track/evidence/files/7/remove`, from the script.
pub(super) async fn remove_waiting(
    State(app): State<App>,
    pass: Pass,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    remove(&app, waiting_hash(&app, pass.case_id), id).await?;
    Ok(redirect::to("/track/evidence"))
}

/// Takes a file off its shelf.
pub(crate) async fn remove(app: &App, hash: String, id: i64) -> Result<(), PageError> {
    Ok(app.act(Actor::Public, move |tx, _| evidence::detach(tx, &hash, id)).await?)
}
