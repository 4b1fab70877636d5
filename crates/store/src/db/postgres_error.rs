//! PostgreSQL's SQLSTATEs and the driver's troubles as errors of ours.

use super::error::{EngineError, StoreError};
use postgres::error::{DbError, SqlState};
use std::error::Error as _;

/// The error of a statement, or of the connection under it.
pub(crate) fn of_driver(server: &str, error: &postgres::Error) -> StoreError {
    let source = source_of(error);
    let Some(said) = error.as_db_error() else {
        // Faults in our own parameters leave the connection whole.
        return if source.message.starts_with("error serializing") || source.message.starts_with("expected") {
            StoreError::Statement { source }
        } else {
            StoreError::Unreachable { server: server.to_owned(), source }
        };
    };
    match *said.code() {
        SqlState::UNIQUE_VIOLATION => StoreError::Conflict { constraint: key_of(said), source },
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::Reference { source },
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => StoreError::Contention { source },
        // Only a migration by another process changes what a prepared statement returns: prepare again and run again.
        SqlState::FEATURE_NOT_SUPPORTED if source.message.contains("cached plan") => StoreError::Contention { source },
        SqlState::LOCK_NOT_AVAILABLE => StoreError::Locked { source },
        SqlState::DISK_FULL => StoreError::DiskFull { source },
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly { source },
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED | SqlState::IO_ERROR => StoreError::Damaged { source },
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => {
            StoreError::Unreachable { server: server.to_owned(), source }
        }
        ref code if code.code().starts_with("08") => StoreError::Unreachable { server: server.to_owned(), source },
        ref code if code.code().starts_with("23") => StoreError::Constraint { source },
        _ => StoreError::Statement { source },
    }
}

/// The error of connecting.
pub(crate) fn of_connecting(server: &str, error: &postgres::Error) -> StoreError {
    let source = source_of(error);
    let server = server.to_owned();
    match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            StoreError::WrongPassword { server, source }
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => StoreError::NoDatabase { server, source },
        Some(&SqlState::TOO_MANY_CONNECTIONS) => StoreError::TooManyConnections { server, source },
        Some(_) => match of_driver(&server, error) {
            StoreError::Statement { source } => StoreError::Unreachable { server, source },
            other => other,
        },
        None if source.message.contains("password missing") => StoreError::WrongPassword { server, source },
        None if source.message.contains("TLS") => StoreError::Tls { server, source },
        None => StoreError::Unreachable { server, source },
    }
}

/// Without DETAIL: it quotes the values of the row.
fn source_of(error: &postgres::Error) -> EngineError {
    if let Some(said) = error.as_db_error() {
        return EngineError { code: said.code().code().to_owned(), message: said.message().to_owned() };
    }
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        message = format!("{message}: {next}");
        cause = next.source();
    }
    EngineError { code: "driver".to_owned(), message }
}

/// `table(column,column)` from the table and the DETAIL `Key (a, b)=(1, 2) already exists.`, whatever the server's language.
fn key_of(said: &DbError) -> String {
    let columns = said.detail().and_then(columns_of);
    match (said.table(), columns) {
        (Some(table), Some(columns)) => format!("{table}({columns})"),
        _ => said.constraint().unwrap_or_default().to_owned(),
    }
}

fn columns_of(detail: &str) -> Option<String> {
    let (_, rest) = detail.split_once('(')?;
    let (columns, _) = rest.split_once(")=(").or_else(|| rest.split_once(')'))?;
    Some(columns.replace(", ", ","))
}

#[cfg(test)]
mod tests {
    use super::columns_of;

    #[test]
    fn the_key_is_read_from_the_detail_without_its_values() {
        assert_eq!(columns_of("Key (number)=(x) already exists.").as_deref(), Some("number"));
        assert_eq!(columns_of("键值\"(case_id, sequence)=(1, 2)\" 已经存在").as_deref(), Some("case_id,sequence"));
        assert_eq!(columns_of("nothing"), None);
    }
}
