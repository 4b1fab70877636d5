//! SQLite: one writer thread that commits many acts together, and a few readers.

use super::job::{Job, Ran};
use super::ledger::{self, Change, LedgerKey};
use super::migrate::{has_journal, migrate};
use super::queue::Queue;
use super::shape::Shapes;
use super::sqlite_error::{of_opening, of_statement};
use super::sqlite_touch::Notes;
use super::tx::{Dialect, Engine, Tx};
use super::{Options, Row, StoreError, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// Acts that share one commit, at most. Beyond this the last in the queue waits longer without the disk being used better.
const MOST_TOGETHER: usize = 256;
/// Prepared statements a connection keeps; when more were seen (lists of varying length), it starts afresh.
const MOST_STATEMENTS: usize = 1_000;
const COMMITS_BETWEEN_UPKEEP: u64 = 1_000;
const LARGE_LOG_BYTES: u64 = 256 * 1024 * 1024;
const WRITER_CACHE_KIB: i64 = 32 * 1024;
const READER_CACHE_KIB: i64 = 8 * 1024;

/// How long one look at a locked file lasts while it is opened, and the pause until the next.
const LOOK: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_millis(10);

/// Opens the connection that writes and brings the schema up to date. Another program that starts or stops at the same moment is
/// waited for here: SQLite's own waiting does not cover the change to write-ahead logging, nor the last one's folding of the log.
#[expect(clippy::disallowed_methods, reason = "nothing tells when another process lets go of the file")]
pub(crate) fn open_prepared(path: &Path, options: &Options) -> Result<Writer, StoreError> {
    let brief = Options { lock_wait: options.lock_wait.min(LOOK), ..options.clone() };
    let mut looks = options.lock_wait.as_millis() / (LOOK + PAUSE).as_millis();
    loop {
        let opened = open_writer(path, &brief).and_then(|writer| prepare(&writer, path, options).map(|()| writer));
        match opened {
            Err(StoreError::Locked { .. }) if looks > 0 => looks -= 1,
            Err(error) => return Err(error),
            Ok(writer) => {
                writer.connection.busy_timeout(options.lock_wait).map_err(|error| of_opening(path, error))?;
                return Ok(writer);
            }
        }
        std::thread::sleep(PAUSE);
    }
}

/// The connection that writes, with what it notes for the ledger.
pub(crate) struct Writer {
    connection: Connection,
    notes: Notes,
    key: LedgerKey,
}

impl Writer {
    fn session(&self) -> Session<'_> {
        Session { notes: Some(self.notes.clone()), ..Session::new(&self.connection, self.key.clone()) }
    }
}

/// Opens the connection that writes, and makes the file if there is none.
fn open_writer(path: &Path, options: &Options) -> Result<Writer, StoreError> {
    make_private(path)?;
    let connection = connect(path, options)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(|error| of_opening(path, error))?;
    if mode != "wal" {
        let error = rusqlite::Error::InvalidParameterName(format!("journal_mode stays {mode}"));
        return Err(of_opening(path, error));
    }
    set(&connection, path, "synchronous", "FULL")?;
    set(&connection, path, "cache_size", -WRITER_CACHE_KIB)?;
    // A checkpoint costs fsyncs of its own: rather a larger log and fewer of them.
    set(&connection, path, "wal_autocheckpoint", 4_000)?;
    set(&connection, path, "analysis_limit", 1_000)?;
    set(&connection, path, "journal_size_limit", 64 * 1024 * 1024)?;
    let notes = Notes::of(&connection).map_err(|error| of_opening(path, error))?;
    Ok(Writer { connection, notes, key: options.ledger_key.clone() })
}

/// Makes sure that the file is ours and brings its schema up to date.
fn prepare(writer: &Writer, path: &Path, options: &Options) -> Result<(), StoreError> {
    let mut session = writer.session();
    if !has_journal(&mut session)? && session.first("SELECT 1 FROM sqlite_master", &[])?.is_some() {
        return Err(StoreError::ForeignDatabase { path: path.to_owned() });
    }
    migrate(&mut session, options.migrations)
}

/// Opens a connection that only reads.
pub(crate) fn open_reader(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let connection = connect(path, options)?;
    set(&connection, path, "cache_size", -READER_CACHE_KIB)?;
    set(&connection, path, "query_only", true)?;
    Ok(connection)
}

/// The writer's life: takes what waits, commits it together, answers.
pub(crate) fn write(writer: &Writer, queue: &Queue) {
    let mut session = writer.session();
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    let mut commits = 0_u64;
    while queue.take(MOST_TOGETHER, &mut batch) {
        settle(&mut session, &mut batch);
        for job in batch.drain(..) {
            job.reply();
        }
        commits += 1;
        if commits.is_multiple_of(COMMITS_BETWEEN_UPKEEP) {
            keep_up(&mut session);
        }
    }
    keep_up(&mut session);
}

/// Renews the planner's statistics where the tables have changed much, and folds the log into the file when readers that overlap have
/// kept it from being started afresh.
fn keep_up(session: &mut Session<'_>) {
    let folded = session.script("PRAGMA optimize").and_then(|()| {
        let log = session.connection.path().map(|path| format!("{path}-wal"));
        let size = log.and_then(|path| std::fs::metadata(path).ok()).map_or(0, |log| log.len());
        if size < LARGE_LOG_BYTES { Ok(()) } else { session.script("PRAGMA wal_checkpoint(RESTART)") }
    });
    if let Err(error) = folded {
        tracing::warn!(error = %error, cause = ?error, "the database could not be tidied");
    }
}

/// A reader's life: each read sees one unchanging state.
pub(crate) fn read(connection: &Connection, queue: &Queue, key: LedgerKey) {
    let mut session = Session::new(connection, key);
    let mut batch = Vec::with_capacity(1);
    while queue.take(1, &mut batch) {
        for mut job in batch.drain(..) {
            if let Err(error) = view(&mut session, job.as_mut()) {
                job.fail(error);
            }
            job.reply();
        }
    }
}

fn view(session: &mut Session<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    session.execute("BEGIN", &[])?;
    job.run(&mut Tx::new(session));
    session.end("ROLLBACK")
}

/// Brings every job of the batch to its end. When the shared transaction breaks, each is run alone, so that one act that fills the
/// disk or breaks a deferred constraint does not cost its neighbours their success.
fn settle(session: &mut Session<'_>, batch: &mut [Box<dyn Job>]) {
    if let [alone] = batch {
        if let Err(error) = commit_alone(session, alone.as_mut()) {
            alone.fail(error);
        }
        return;
    }
    match commit_together(session, batch) {
        Ok(()) => {}
        Err(Broken::AtBegin(error)) => batch.iter_mut().for_each(|job| job.fail(error.clone())),
        Err(Broken::Later(error)) => {
            tracing::warn!(error = %error, cause = ?error, acts = batch.len(), "a shared commit broke; each act runs alone");
            batch.chunks_mut(1).for_each(|alone| settle(session, alone));
        }
    }
}

fn commit_alone(session: &mut Session<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    session.begin()?;
    match job.run(&mut Tx::new(session)) {
        Ran::Keep => ledger::close(session).inspect_err(|_| session.abandon()).and_then(|()| session.commit()),
        Ran::Discard | Ran::Again(_) => session.end("ROLLBACK"),
    }
}

enum Broken {
    AtBegin(StoreError),
    Later(StoreError),
}

fn commit_together(session: &mut Session<'_>, batch: &mut [Box<dyn Job>]) -> Result<(), Broken> {
    session.begin().map_err(Broken::AtBegin)?;
    for job in batch {
        savepoint(session, job.as_mut()).map_err(|error| {
            session.abandon();
            Broken::Later(error)
        })?;
    }
    session.commit().map_err(Broken::Later)
}

fn savepoint(session: &mut Session<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    session.set_point("act")?;
    let ran = job.run(&mut Tx::new(session));
    if session.connection.is_autocommit() {
        // A full disk or an I/O error makes SQLite roll back everything, the neighbours' work too.
        return Err(StoreError::Aborted);
    }
    match ran {
        Ran::Keep => ledger::close(session)?,
        Ran::Discard | Ran::Again(_) => session.back_to_point("act")?,
    }
    session.release_point("act")
}

/// A connection with its prepared statements.
pub(crate) struct Session<'c> {
    connection: &'c Connection,
    statements: HashMap<Box<str>, Statement<'c>>,
    /// What the writer touched; readers touch nothing.
    notes: Option<Notes>,
    key: LedgerKey,
}

impl<'c> Session<'c> {
    fn new(connection: &'c Connection, key: LedgerKey) -> Self {
        Self { connection, statements: HashMap::new(), notes: None, key }
    }

    /// Begins a transaction that writes.
    fn begin(&mut self) -> Result<(), StoreError> {
        self.forget_touched();
        self.execute("BEGIN IMMEDIATE", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.execute("COMMIT", &[]).map(drop).inspect_err(|_| self.abandon())
    }

    /// Ends the transaction unless SQLite already did.
    fn end(&mut self, statement: &str) -> Result<(), StoreError> {
        if self.connection.is_autocommit() { Ok(()) } else { self.execute(statement, &[]).map(drop) }
    }

    /// Leaves no transaction behind, whatever happened.
    fn abandon(&mut self) {
        if let Err(error) = self.end("ROLLBACK") {
            tracing::error!(error = %error, cause = ?error, "ROLLBACK failed");
        }
    }

    fn bound(&mut self, sql: &str, params: &[Value]) -> Result<&mut Statement<'c>, StoreError> {
        if !self.statements.contains_key(sql) {
            if self.statements.len() >= MOST_STATEMENTS {
                self.statements.clear();
            }
            let statement = self.connection.prepare(&super::text::question_marks(sql)).map_err(of_statement)?;
            self.statements.insert(sql.into(), statement);
        }
        let statement = self.statements.get_mut(sql).ok_or(StoreError::Aborted)?;
        super::text::expect_params(statement.parameter_count(), params)?;
        for (index, value) in params.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, value).map_err(of_statement)?;
        }
        Ok(statement)
    }
}

impl Engine for Session<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.bound(sql, params)?;
        let outcome = drain(statement, |_| Ok(true));
        statement.clear_bindings();
        outcome.map(|()| self.connection.changes())
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut answer = Vec::new();
        let statement = self.bound(sql, params)?;
        let outcome = drain(statement, |row| {
            answer.push(row_of(row)?);
            Ok(true)
        });
        statement.clear_bindings();
        outcome.map(|()| answer)
    }

    fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        let mut answer = None;
        let statement = self.bound(sql, params)?;
        // A statement that writes must run to its end: SQLite checks foreign keys only there.
        let to_the_end = !statement.readonly();
        let outcome = drain(statement, |row| {
            if answer.is_none() {
                answer = Some(row_of(row)?);
            }
            Ok(to_the_end)
        });
        statement.clear_bindings();
        outcome.map(|()| answer)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(of_statement)
    }

    fn record(&mut self, shapes: Shapes) -> Result<(), StoreError> {
        let script = self.notes.as_ref().map(|notes| notes.record(shapes));
        script.map_or(Ok(()), |script| self.script(&script))
    }

    fn unwatch(&mut self, table: &str) -> Result<(), StoreError> {
        let script = self.notes.as_ref().map(|notes| notes.unwatch(table));
        script.map_or(Ok(()), |script| self.script(&script))
    }

    fn touched(&mut self) -> Result<Option<Vec<Change>>, StoreError> {
        Ok(self.notes.as_ref().and_then(Notes::take))
    }

    fn forget_touched(&mut self) {
        if let Some(notes) = &self.notes {
            notes.forget();
        }
    }

    /// There is one writer, and its transaction is IMMEDIATE.
    fn lock_ledger(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn ledger_key(&self) -> LedgerKey {
        self.key.clone()
    }

    fn set_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        if let Some(notes) = &self.notes {
            notes.set_point(name);
        }
        self.execute(&format!("SAVEPOINT {name}"), &[]).map(drop)
    }

    fn back_to_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        if let Some(notes) = &self.notes {
            notes.back_to_point(name);
        }
        self.execute(&format!("ROLLBACK TO {name}"), &[]).map(drop)
    }

    fn release_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        if let Some(notes) = &self.notes {
            notes.release_point(name);
        }
        self.execute(&format!("RELEASE {name}"), &[]).map(drop)
    }
}

/// Steps through the rows for as long as `each` says so.
fn drain(
    statement: &mut Statement<'_>,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(of_statement)? {
        if !each(row)? {
            break;
        }
    }
    Ok(())
}

fn row_of(row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let width = row.as_ref().column_count();
    let mut values = Vec::with_capacity(width);
    for index in 0..width {
        let unreadable = |found| StoreError::Column { index, expected: "BIGINT, TEXT or BLOB", found };
        values.push(match row.get_ref(index).map_err(of_statement)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(value) => Value::Int(value),
            ValueRef::Text(bytes) => {
                Value::Text(String::from_utf8(bytes.to_vec()).map_err(|_| unreadable("text that is not UTF-8"))?)
            }
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            ValueRef::Real(_) => return Err(unreadable("REAL")),
        });
    }
    Ok(Row::new(values))
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn connect(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let prepare = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(options.lock_wait)?;
        // As on PostgreSQL: "x" is a column, never a text; and LIKE tells a from A.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        // A statement keeps its plan. Without this SQLite plans anew for almost every value that is bound.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "case_sensitive_like", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(connection)
    };
    prepare().map_err(|error| of_opening(path, error))
}

fn set(connection: &Connection, path: &Path, name: &str, value: impl rusqlite::ToSql) -> Result<(), StoreError> {
    connection.pragma_update(None, name, value).map_err(|error| of_opening(path, error))
}

/// The file holds what people told in confidence: only its owner may read it. SQLite gives its log files the same rights.
#[cfg(unix)]
fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(super::sqlite_error::of_file(path, &error))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn make_private(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}
