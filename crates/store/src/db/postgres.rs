//! PostgreSQL: worker threads with one connection each.
//!
//! Acts run at READ COMMITTED: races are settled by compare-and-set updates and unique keys, which hold there, while a number drawn
//! from a shared row would make SERIALIZABLE fail and start again. Reads run at REPEATABLE READ, so that a page shows one state.

use super::job::{Job, Ran};
use super::ledger::{self, Change, LedgerKey};
use super::migrate::migrate;
use super::postgres_error::{of_connecting, of_driver};
use super::postgres_touch;
use super::queue::Queue;
use super::server::Server;
use super::shape::{Shapes, shapes};
use super::tx::{Dialect, Engine, Tx};
use super::{Options, Row, StoreError, Value};
use postgres::Client;
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// How often an act is run when others stand in its way (40001, 40P01).
const MOST_RUNS: u32 = 12;
/// Pauses before each new attempt to connect; afterwards the act is answered with an error and the next one tries once.
const RECONNECT_PAUSES_MS: [u64; 6] = [50, 100, 200, 400, 800, 1_600];
/// Prepared statements a connection keeps; each costs memory on the server.
const MOST_STATEMENTS: usize = 1_000;

/// One number for all who write entries: "ledger" in ASCII.
const LEDGER_LOCK: i64 = 0x6c65_6467_6572;

/// What a worker's transactions are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Act,
    Read,
}

/// Connects for the first time, checks the server and brings the schema up to date.
pub(crate) fn prepare(server: &Arc<Server>, options: &Options) -> Result<(), StoreError> {
    let mut session = Session::new(server.clone(), options, Purpose::Act);
    session.connect()?;
    let encoding = session.first("SELECT current_setting('server_encoding')", &[])?;
    let encoding = encoding.ok_or(StoreError::Aborted)?.text(0)?;
    if encoding != "UTF8" {
        return Err(StoreError::WrongEncoding { found: encoding });
    }
    migrate(&mut session, options.migrations)
}

/// A worker's life: one job, one transaction.
pub(crate) fn work(server: Arc<Server>, options: &Options, purpose: Purpose, number: u64, queue: &Queue) {
    let session = Session::new(server, options, purpose);
    let mut worker = Worker { session, queue, purpose, number, server_is_down: false };
    let mut batch = Vec::with_capacity(1);
    while queue.take(1, &mut batch) {
        for mut job in batch.drain(..) {
            if let Err(error) = worker.settle(job.as_mut()) {
                job.fail(error);
            }
            job.reply();
        }
    }
}

struct Worker<'a> {
    session: Session,
    queue: &'a Queue,
    purpose: Purpose,
    number: u64,
    server_is_down: bool,
}

/// One attempt at a job.
enum Attempt {
    Settled,
    Again(StoreError),
}

impl Worker<'_> {
    fn settle(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        for run in 1.. {
            self.connect()?;
            match self.attempt(job)? {
                Attempt::Settled => break,
                Attempt::Again(error) if run == MOST_RUNS => return Err(error),
                Attempt::Again(error) => {
                    tracing::debug!(error = %error, run, "an act is run again");
                    // Different pauses, so that two that met do not meet again.
                    self.queue.pause(Duration::from_millis(u64::from(run.min(6)) * (1 + self.number % 8)));
                }
            }
        }
        Ok(())
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        let mut pauses = RECONNECT_PAUSES_MS.iter();
        loop {
            let Err(error) = self.session.connect() else {
                self.server_is_down = false;
                return Ok(());
            };
            let pause = pauses.next().filter(|_| !self.server_is_down && error.passes());
            let Some(pause) = pause else {
                self.server_is_down = true;
                tracing::error!(error = %error, cause = ?error, "the database server cannot be reached");
                return Err(error);
            };
            self.queue.pause(Duration::from_millis(*pause));
        }
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Result<Attempt, StoreError> {
        let begin = match self.purpose {
            Purpose::Act => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Purpose::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        if let Err(error) = self.session.script(begin) {
            self.session.disconnect();
            return if error.passes() { Ok(Attempt::Again(error)) } else { Err(error) };
        }
        match job.run(&mut Tx::new(&mut self.session)) {
            Ran::Keep => match ledger::close(&mut self.session) {
                Ok(()) => self.commit(),
                Err(error) => {
                    self.roll_back();
                    if error.passes() { Ok(Attempt::Again(error)) } else { Err(error) }
                }
            },
            Ran::Discard => {
                self.roll_back();
                Ok(Attempt::Settled)
            }
            Ran::Again(error) => {
                self.roll_back();
                Ok(Attempt::Again(error))
            }
        }
    }

    fn commit(&mut self) -> Result<Attempt, StoreError> {
        match self.session.script("COMMIT") {
            Ok(()) => Ok(Attempt::Settled),
            Err(error @ StoreError::Contention { .. }) => Ok(Attempt::Again(error)),
            Err(StoreError::Unreachable { source, .. }) if self.purpose == Purpose::Act => {
                self.session.disconnect();
                Err(StoreError::OutcomeUnknown { source })
            }
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }

    fn roll_back(&mut self) {
        if self.session.script("ROLLBACK").is_err() {
            self.session.disconnect();
        }
    }
}

/// A connection with its prepared statements.
pub(crate) struct Session {
    server: Arc<Server>,
    lock_wait: Duration,
    client: Option<Client>,
    statements: HashMap<Box<str>, postgres::Statement>,
    purpose: Purpose,
    key: LedgerKey,
    /// The tables that are followed, once known; an act of a program without a ledger follows none.
    shapes: Option<Shapes>,
}

impl Session {
    pub(crate) fn new(server: Arc<Server>, options: &Options, purpose: Purpose) -> Self {
        Self {
            server,
            lock_wait: options.lock_wait,
            client: None,
            statements: HashMap::new(),
            purpose,
            key: options.ledger_key.clone(),
            shapes: None,
        }
    }

    /// Connects unless connected.
    pub(crate) fn connect(&mut self) -> Result<(), StoreError> {
        if self.client.as_ref().is_some_and(|client| !client.is_closed()) {
            return Ok(());
        }
        self.disconnect();
        let mut client = self.server.connect()?;
        // A server set to answer before the log is on disk would break our promise; stricter settings stay.
        let settings = format!(
            "SET TIME ZONE 'UTC'; SET lock_timeout = {}; \
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            self.lock_wait.as_millis()
        );
        let settings = match self.purpose {
            Purpose::Act => format!("{settings}; {}", postgres_touch::SESSION),
            Purpose::Read => settings,
        };
        client.batch_execute(&settings).map_err(|error| of_connecting(&self.server.name, &error))?;
        self.client = Some(client);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.statements.clear();
        self.client = None;
    }

    fn prepared(&mut self, sql: &str, params: &[Value]) -> Result<(&mut Client, &postgres::Statement), StoreError> {
        let Some(client) = self.client.as_mut() else { return Err(StoreError::Closed) };
        if !self.statements.contains_key(sql) {
            if self.statements.len() >= MOST_STATEMENTS {
                self.statements.clear();
            }
            let statement = client.prepare(sql).map_err(|error| of_driver(&self.server.name, &error))?;
            self.statements.insert(sql.into(), statement);
        }
        let statement = self.statements.get(sql).ok_or(StoreError::Aborted)?;
        super::text::expect_params(statement.params().len(), params)?;
        Ok((client, statement))
    }

    /// Maps the error, and forgets the prepared statements when a migration made one of them stale.
    fn failed(&mut self, error: &postgres::Error) -> StoreError {
        let mapped = of_driver(&self.server.name, error);
        if matches!(mapped, StoreError::Contention { .. }) {
            self.statements.clear();
        }
        mapped
    }
}

impl Engine for Session {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let (client, statement) = self.prepared(sql, params)?;
        let outcome = client.execute(statement, &references(params));
        outcome.map_err(|error| self.failed(&error))
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let (client, statement) = self.prepared(sql, params)?;
        let outcome = client.query(statement, &references(params));
        let rows = outcome.map_err(|error| self.failed(&error))?;
        rows.iter().map(row_of).collect()
    }

    fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        let (client, statement) = self.prepared(sql, params)?;
        let outcome = client.query(statement, &references(params));
        let rows = outcome.map_err(|error| self.failed(&error))?;
        rows.first().map(row_of).transpose()
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let Some(client) = self.client.as_mut() else { return Err(StoreError::Closed) };
        let outcome = client.batch_execute(sql);
        outcome.map_err(|error| self.failed(&error))
    }

    fn record(&mut self, shapes: Shapes) -> Result<(), StoreError> {
        postgres_touch::watch(self, &shapes)?;
        self.shapes = Some(shapes);
        Ok(())
    }

    /// The triggers name no column.
    fn unwatch(&mut self, _table: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn touched(&mut self) -> Result<Option<Vec<Change>>, StoreError> {
        if self.purpose == Purpose::Read {
            return Ok(None);
        }
        let rows = self.query("SELECT name, old, new FROM ledger_touched ORDER BY place", &[])?;
        if rows.is_empty() {
            return Ok(None);
        }
        if self.shapes.is_none() {
            self.shapes = Some(shapes(&mut Tx::new(self))?);
        }
        let mut changes = self.shapes.as_ref().map(|shapes| postgres_touch::changes(shapes, &rows));
        if matches!(changes, Some(Err(StoreError::Column { .. }))) {
            // A step of the schema came in between, here or by another process.
            let grown = shapes(&mut Tx::new(self))?;
            changes = Some(postgres_touch::changes(&grown, &rows));
            self.shapes = Some(grown);
        }
        changes.transpose()
    }

    /// The transaction's end takes them away.
    fn forget_touched(&mut self) {}

    fn lock_ledger(&mut self) -> Result<(), StoreError> {
        self.first("SELECT pg_advisory_xact_lock($1) IS NULL", &[Value::Int(LEDGER_LOCK)]).map(drop)
    }

    fn ledger_key(&self) -> LedgerKey {
        self.key.clone()
    }
}

fn references(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn row_of(row: &postgres::Row) -> Result<Row, StoreError> {
    let value = |index| {
        row.try_get::<usize, Value>(index).map_err(|error| {
            tracing::error!(cause = ?error.source(), "a column cannot be read");
            StoreError::Column { index, expected: "BIGINT, TEXT or BYTEA", found: "another type" }
        })
    };
    (0..row.len()).map(value).collect::<Result<Vec<_>, _>>().map(Row::new)
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            // PostgreSQL takes `n + $1` for INT4 where n is a literal or an INT4.
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::BOOL) => (*value != 0).to_sql(ty, out),
            (Self::Text(value), ty) if <&str as ToSql>::accepts(ty) => value.to_sql(ty, out),
            (Self::Blob(value), &Type::BYTEA) => value.to_sql(ty, out),
            (value, ty) => Err(format!("a {} was given for a parameter of type {ty}", value.kind()).into()),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(Self::from),
            Type::INT2 => i16::from_sql(ty, raw).map(|value| Self::Int(value.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(Self::from),
            Type::BYTEA => Ok(Self::Blob(raw.to_vec())),
            _ if <&str as FromSql>::accepts(ty) => String::from_sql(ty, raw).map(Self::Text),
            _ => Err(format!("a column of type {ty}; cast it to BIGINT or TEXT").into()),
        }
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }
}
