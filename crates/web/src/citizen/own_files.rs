//! 能看出举报人是谁的材料: read into memory and sealed from there. Unlike other evidence they are never on disk in clear.

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use casework::evidence;
use casework::reporter::{ClearFile, OWN_FILE_BYTES_AT_MOST, OWN_FILES_AT_MOST};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::citizen::form::Pairs;
use crate::error::PageError;
use crate::form::FormBody;

/// Bytes that a form may bring: its files, and the text beside them.
pub(super) const REQUEST_AT_MOST: usize = OWN_FILES_AT_MOST * OWN_FILE_BYTES_AT_MOST + 256 * 1024;

/// Requests whose files are in memory at the same time.
static IN_MEMORY: Semaphore = Semaphore::const_new(4);

/// What a form with such files brought.
pub(super) struct Sent {
    pub(super) pairs: Pairs,
    pub(super) files: Vec<ClearFile>,
    /// Why a file was not taken, a sentence each.
    pub(super) refused: Vec<String>,
}

/// Reads a form however it came.
pub(super) async fn receive(app: &App, request: Request) -> Result<Sent, PageError> {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.starts_with("multipart/") {
        let FormBody(pairs) = FormBody::<Pairs>::from_request(request, app).await?;
        return Ok(Sent { pairs, files: Vec::new(), refused: Vec::new() });
    }
    let broken = || PageError::bad_request("表单没有传完整，请返回上一页再提交。");
    let _turn = IN_MEMORY.acquire().await.map_err(|_| PageError::from(store::StoreError::Closed))?;
    let mut form = Multipart::from_request(request, app).await.map_err(|_| broken())?;
    let mut sent = Sent { pairs: Vec::new(), files: Vec::new(), refused: Vec::new() };
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let given = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| broken())?;
        match given {
            None => sent.pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            // An empty file control still sends a part without a name.
            Some(given) if given.is_empty() => {}
            Some(given) => match judged(given, &bytes, sent.files.len()) {
                Ok(file) => sent.files.push(file),
                Err(sentence) => sent.refused.push(sentence),
            },
        }
    }
    Ok(sent)
}

/// No name of a file is said: it may point to her too, and a page may be printed.
fn judged(name: String, bytes: &[u8], already: usize) -> Result<ClearFile, String> {
    if already >= OWN_FILES_AT_MOST {
        return Err(format!("最多 {OWN_FILES_AT_MOST} 个，请去掉多余的再选一次"));
    }
    if bytes.len() > OWN_FILE_BYTES_AT_MOST {
        let megabytes = OWN_FILE_BYTES_AT_MOST / (1024 * 1024);
        return Err(format!("有文件超过 {megabytes} MB，录音可以剪短，照片可以截图，请再选一次"));
    }
    let Some(kind) = evidence::sniff(bytes) else {
        return Err("有文件不是照片、PDF、录音或录像，请再选一次".to_owned());
    };
    Ok(ClearFile { name, media_type: kind.media_type.to_owned(), bytes: bytes.to_vec() })
}
