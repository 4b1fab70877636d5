//! SQLite's result codes as errors of ours.

use super::error::{EngineError, StoreError};
use rusqlite::ffi;
use std::path::Path;

/// The error of a statement.
pub(crate) fn of_statement(error: rusqlite::Error) -> StoreError {
    let (code, source) = parts(error);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            StoreError::Conflict { constraint: key_of(&source.message), source }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Reference { source },
        _ => match code & 0xff {
            ffi::SQLITE_CONSTRAINT => StoreError::Constraint { source },
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => StoreError::Locked { source },
            ffi::SQLITE_READONLY => StoreError::ReadOnly { source },
            ffi::SQLITE_FULL => StoreError::DiskFull { source },
            ffi::SQLITE_IOERR | ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => StoreError::Damaged { source },
            _ => StoreError::Statement { source },
        },
    }
}

/// The error of opening `path`.
pub(crate) fn of_opening(path: &Path, error: rusqlite::Error) -> StoreError {
    let (code, source) = parts(error);
    let path = path.to_owned();
    match code & 0xff {
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => StoreError::Locked { source },
        ffi::SQLITE_NOTADB => StoreError::NotADatabase { path, source },
        ffi::SQLITE_READONLY => StoreError::ReadOnly { source },
        ffi::SQLITE_FULL => StoreError::DiskFull { source },
        ffi::SQLITE_CORRUPT => StoreError::Damaged { source },
        _ => StoreError::CannotOpen { path, source },
    }
}

/// The error of making the file.
#[cfg(unix)]
pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> StoreError {
    let source = EngineError { code: format!("{:?}", error.kind()), message: error.to_string() };
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::DiskFull { source },
        std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { source },
        _ => StoreError::CannotOpen { path: path.to_owned(), source },
    }
}

fn parts(error: rusqlite::Error) -> (i32, EngineError) {
    let code = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.extended_code,
        rusqlite::Error::SqlInputError { error, .. } => error.extended_code,
        _ => ffi::SQLITE_ERROR,
    };
    let message = match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message,
        other => other.to_string(),
    };
    (code, EngineError { code: code.to_string(), message })
}

/// `UNIQUE constraint failed: t.a, t.b` as `t(a,b)`; an index over an expression as `index 'name'`.
fn key_of(message: &str) -> String {
    let Some((_, columns)) = message.split_once("constraint failed: ") else { return message.to_owned() };
    let table = columns.split_once('.').map(|(table, _)| table);
    let Some(table) = table else { return columns.to_owned() };
    let columns: Vec<&str> =
        columns.split(", ").filter_map(|column| column.split_once('.').map(|(_, name)| name)).collect();
    format!("{table}({})", columns.join(","))
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_unique_key_is_named_by_table_and_columns() {
        assert_eq!(key_of("UNIQUE constraint failed: complaint.number"), "complaint(number)");
        assert_eq!(key_of("UNIQUE constraint failed: event.case_id, event.sequence"), "event(case_id,sequence)");
        assert_eq!(key_of("UNIQUE constraint failed: index 'lower_name'"), "index 'lower_name'");
    }
}
