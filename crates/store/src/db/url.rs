//! Where the database is: a file, or a server.

use super::StoreError;
use std::path::PathBuf;
use std::str::FromStr;

/// The address of a database, as given to `--database`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address with everything in it, the password too.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(_text: &str) -> Result<Self, StoreError> {
        unimplemented!()
    }
}
