//! The storage engine: one SQL text over SQLite and PostgreSQL, one closure per transaction.

mod error;
mod url;
mod value;

pub use error::{EngineError, StoreError};
pub use url::DatabaseUrl;
pub use value::{Row, Value};

use std::marker::PhantomData;

/// Which engine runs below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, inside this process.
    Sqlite,
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres,
}

/// A transaction under way. Statements number their parameters `$1…$n` on both engines.
///
/// After a statement failed the transaction is lost, on both engines alike: every further statement answers
/// [`StoreError::Aborted`] and nothing is kept. Use `ON CONFLICT DO NOTHING` where a conflict is expected, or [`Tx::attempt`].
pub struct Tx<'a> {
    engine: PhantomData<&'a mut ()>,
}

impl Tx<'_> {
    /// Runs a statement and tells how many rows it changed.
    pub fn execute(&mut self, _sql: &str, _params: &[Value]) -> Result<u64, StoreError> {
        unimplemented!()
    }

    /// Runs a statement and gives all its rows.
    pub fn query(&mut self, _sql: &str, _params: &[Value]) -> Result<Vec<Row>, StoreError> {
        unimplemented!()
    }

    /// Runs a statement and gives its first row.
    pub fn first(&mut self, _sql: &str, _params: &[Value]) -> Result<Option<Row>, StoreError> {
        unimplemented!()
    }

    /// Runs `part` so that its failure takes back only its own statements (a savepoint).
    pub fn attempt<T, E>(&mut self, _part: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        unimplemented!()
    }

    /// Which engine runs below.
    pub fn dialect(&self) -> Dialect {
        let _ = self.engine;
        unimplemented!()
    }
}

/// A database. Clones share it.
#[derive(Clone)]
pub struct Db {}

impl Db {
    /// Opens the database, checks its version and migrates it.
    pub fn open(_location: &DatabaseUrl) -> Result<Self, StoreError> {
        unimplemented!()
    }

    /// Runs `act` in one writing transaction and waits until it is on disk. The closure may run more than once.
    pub fn act<T, E>(&self, _act: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        unimplemented!()
    }

    /// Runs `read` over one unchanging view of the database and waits for it. The closure may run more than once.
    pub fn read<T, E>(&self, _read: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        unimplemented!()
    }

    /// As [`Db::act`] without waiting: `done` is called once, after the commit is on disk.
    pub fn submit<T, E>(
        &self,
        _act: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        _done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        unimplemented!()
    }

    /// As [`Db::read`] without waiting.
    pub fn submit_read<T, E>(
        &self,
        _read: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        _done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        unimplemented!()
    }

    /// Which engine runs below.
    pub fn dialect(&self) -> Dialect {
        unimplemented!()
    }

    /// Takes no more acts, finishes those that wait, and closes the connections.
    pub fn close(self) {
        unimplemented!()
    }
}
