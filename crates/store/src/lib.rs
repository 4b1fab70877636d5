//! SQL, files and search over two engines: the only crate that knows one.

pub mod db;

pub use db::{DatabaseUrl, Db, Dialect, Row, StoreError, Tx, Value};
