//! Spreadsheets: CSV that the spreadsheet programs of an office open as they are.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::redirect::query_value;

/// The byte order mark by which spreadsheet programs know UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// A file to be kept. A cell that a spreadsheet program would take for a formula is marked as text.
pub(crate) fn csv(name: &str, heads: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> Response {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
    let mut written = writer.write_record(heads).is_ok();
    for line in lines {
        written &= writer.write_record(line.iter().map(|cell| harmless(cell))).is_ok();
    }
    match writer.into_inner() {
        Ok(bytes) if written => file(name, "text/csv; charset=utf-8", bytes),
        _ => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Bytes to be kept under a name, never shown inside a page.
pub(crate) fn file(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", query_value(name));
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        bytes,
    )
        .into_response()
}

/// 分 in 元 with two decimals and no separators, so that a program can add it up.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{harmless, yuan};

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"http://evil\")"), "'=HYPERLINK(\"http://evil\")");
        assert_eq!(harmless("-12.50"), "-12.50");
        assert_eq!(harmless("锅"), "锅");
        assert_eq!(yuan(123_405), "1234.05");
    }
}
