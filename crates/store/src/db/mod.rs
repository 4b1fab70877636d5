//! The storage engine: one SQL text over SQLite and PostgreSQL, one closure per transaction.
//!
//! The program above is synchronous: an act is a closure over a [`Tx`], it runs on a database thread, and whoever gave it learns of
//! its success only after the commit is on disk. A closure may run more than once (contention, a broken connection, a shared commit
//! that failed), so it takes time, chance and ids from outside and changes nothing but the database.
//!
//! - SQLite: one writer thread takes the acts that wait, runs each in a savepoint and commits them together, so that one fsync serves
//!   many; one that fails or panics rolls back alone. A few reader threads.
//! - PostgreSQL: worker threads with a connection each; contention and broken connections are retried.

mod error;
mod job;
pub(crate) mod ledger;
mod migrate;
mod postgres;
mod postgres_error;
mod postgres_touch;
mod queue;
mod server;
pub(crate) mod shape;
mod sqlite;
mod sqlite_error;
mod sqlite_touch;
mod text;
mod tx;
mod url;
mod value;

pub use error::{EngineError, StoreError};
pub use ledger::{LedgerKey, LedgerSuite};
pub use migrate::{MIGRATIONS, Migration};
pub use shape::OUTSIDE;
pub use tx::{Dialect, Tx};
pub use url::DatabaseUrl;
pub use value::{Row, Value};

use job::Task;
use postgres::Purpose;
use queue::Queue;
use server::Server;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The schema's steps; tests bring their own.
    pub migrations: &'static [Migration],
    /// Threads that act on PostgreSQL, each with a connection. SQLite has one writer.
    pub workers: usize,
    /// Threads that read, each with a connection.
    pub readers: usize,
    /// How long to wait for another process's lock before [`StoreError::Locked`].
    pub lock_wait: Duration,
    /// How many acts, and how many reads, may wait before [`StoreError::Overloaded`].
    pub queue_limit: usize,
    /// What the ledger's entries are bound with.
    pub ledger_key: LedgerKey,
}

impl Default for Options {
    fn default() -> Self {
        let lock_wait = Duration::from_secs(10);
        let ledger_key = LedgerKey::default();
        Self { migrations: MIGRATIONS, workers: 8, readers: 4, lock_wait, queue_limit: 16_384, ledger_key }
    }
}

/// A database. Clones share it; it is closed by [`Db::close`] or with the last clone.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    dialect: Dialect,
    acts: Arc<Queue>,
    reads: Arc<Queue>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl Db {
    /// Opens the database, checks its version and migrates it.
    pub fn open(location: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::open_with(location, &Options::default())
    }

    /// As [`Db::open`], with other options than the ordinary ones.
    pub fn open_with(location: &DatabaseUrl, options: &Options) -> Result<Self, StoreError> {
        match location {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path, options),
            DatabaseUrl::Postgres(address) => Self::open_postgres(address, options),
        }
    }

    /// Runs `act` in one writing transaction and waits until it is on disk. The closure may run more than once.
    ///
    /// It blocks: an asynchronous caller uses [`Db::submit`]. Inside an act, or in its answer, it is an error.
    pub fn act<T, E>(&self, act: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        await_answer(&self.shared.acts, |done| self.submit(act, done))
    }

    /// Runs `read` over one unchanging view of the database and waits for it. The closure may run more than once.
    pub fn read<T, E>(&self, read: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        await_answer(&self.shared.reads, |done| self.submit_read(read, done))
    }

    /// As [`Db::act`] without waiting: `done` is called once, after the commit is on disk. It runs on a database thread and should
    /// only pass the answer on.
    pub fn submit<T, E>(
        &self,
        act: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.shared.acts.push(Box::new(Task::new(act, done)));
    }

    /// As [`Db::read`] without waiting.
    pub fn submit_read<T, E>(
        &self,
        read: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.shared.reads.push(Box::new(Task::new(read, done)));
    }

    /// Which engine runs below.
    pub fn dialect(&self) -> Dialect {
        self.shared.dialect
    }

    /// How many acts wait for a thread; for the health page.
    pub fn waiting_acts(&self) -> usize {
        self.shared.acts.len()
    }

    /// Takes no more acts from any clone, finishes those that wait, and closes the connections.
    pub fn close(self) {
        self.shared.close();
    }

    fn open_sqlite(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let writer = sqlite::open_prepared(path, options)?;
        let shared = Shared::new(Dialect::Sqlite, options);
        for _ in 0..options.readers.max(1) {
            let (reader, queue) = (sqlite::open_reader(path, options)?, shared.reads.clone());
            let key = options.ledger_key.clone();
            Shared::spawn(&shared.readers, "database reader", move || sqlite::read(&reader, &queue, key))?;
        }
        let queue = shared.acts.clone();
        Shared::spawn(&shared.writers, "database writer", move || sqlite::write(&writer, &queue))?;
        Ok(Self { shared: Arc::new(shared) })
    }

    fn open_postgres(address: &str, options: &Options) -> Result<Self, StoreError> {
        let server = Arc::new(Server::parse(address)?);
        // The driver runs an event loop of its own and must not meet the caller's, hence the thread.
        let prepared = thread::scope(|scope| scope.spawn(|| postgres::prepare(&server, options)).join());
        prepared.unwrap_or_else(|_| Err(StoreError::Panicked { message: "while opening".to_owned() }))?;
        let shared = Shared::new(Dialect::Postgres, options);
        for (purpose, count, queue, threads) in [
            (Purpose::Read, options.readers, &shared.reads, &shared.readers),
            (Purpose::Act, options.workers, &shared.acts, &shared.writers),
        ] {
            for number in 0..count.max(1) {
                let (server, options, queue) = (server.clone(), options.clone(), queue.clone());
                let work = move || postgres::work(server, &options, purpose, number as u64, &queue);
                Shared::spawn(threads, "database worker", work)?;
            }
        }
        Ok(Self { shared: Arc::new(shared) })
    }
}

fn await_answer<T, E>(queue: &Queue, submit: impl FnOnce(Box<dyn FnOnce(Result<T, E>) + Send>)) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    if queue.is_served_here() {
        return Err(StoreError::WaitsForItself.into());
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    submit(Box::new(move |answer| {
        // A caller that no longer listens needs no answer.
        let _ = sender.send(answer);
    }));
    receiver.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
}

impl Shared {
    fn new(dialect: Dialect, options: &Options) -> Self {
        let queue = || Arc::new(Queue::new(options.queue_limit));
        Self { dialect, acts: queue(), reads: queue(), readers: Mutex::default(), writers: Mutex::default() }
    }

    fn spawn(
        threads: &Mutex<Vec<JoinHandle<()>>>,
        name: &str,
        life: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(life).map_err(|error| {
            StoreError::Statement { source: EngineError { code: "thread".to_owned(), message: error.to_string() } }
        })?;
        threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// The readers end before the writer: SQLite's writer is to be the last connection, it folds the log into the file.
    fn close(&self) {
        for (queue, threads) in [(&self.reads, &self.readers), (&self.acts, &self.writers)] {
            queue.close();
            let threads = std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner));
            for thread in threads {
                // The last clone may be dropped by an answer, on a database thread: that one ends by itself.
                if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                    tracing::error!("a database thread panicked");
                }
            }
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
    }
}
