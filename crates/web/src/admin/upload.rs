//! A file and a few fields out of a form that carries a file.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;

use crate::error::PageError;
use crate::view::ErrorPage;

/// Bytes a table of every organisation of the country has, with room.
pub(super) const BODY_AT_MOST: usize = 32 * 1024 * 1024;

/// What an import form sent.
#[derive(Default)]
pub(super) struct Upload {
    /// The file's text, or what the preview sent back.
    pub(super) text: String,
    /// The file is not UTF-8.
    pub(super) other_encoding: bool,
    /// Do it, after the preview.
    pub(super) apply: bool,
}

/// Reads the form: `file` or, after the preview, `text`; `apply`.
pub(super) async fn read(mut form: Multipart) -> Result<Upload, PageError> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.map_err(refusal)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(refusal)?;
        match name.as_str() {
            "file" | "text" if !bytes.is_empty() => match String::from_utf8(bytes.to_vec()) {
                Ok(text) => text.trim_start_matches('\u{feff}').clone_into(&mut upload.text),
                Err(_) => upload.other_encoding = true,
            },
            "apply" => upload.apply = true,
            _ => {}
        }
    }
    Ok(upload)
}

impl Upload {
    /// What is wrong with the file before it is read, in words.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.other_encoding {
            Some("文件不是 UTF-8 编码。在表格软件里请另存为“CSV UTF-8”后再上传")
        } else if self.text.trim().is_empty() {
            Some("请选择要导入的文件")
        } else {
            None
        }
    }
}

fn refusal(error: MultipartError) -> PageError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ErrorPage::new(413, "too_large", "文件太大", "请把文件分成几个再导入。").into()
    } else {
        PageError::bad_request("上传的内容不完整。请返回上一页重新选择文件。")
    }
}
