//! A transaction under way, the same over both engines.

use super::ledger::{Change, LedgerKey};
use super::shape::Shapes;
use super::{Row, StoreError, Value};

/// Which engine runs below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, inside this process.
    Sqlite,
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres,
}

/// The small seam between a transaction and an engine's connection.
pub(crate) trait Engine {
    fn dialect(&self) -> Dialect;
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError>;
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;
    fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError>;
    /// Runs a script of several statements, without parameters.
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;

    /// From now on rows of these tables are followed.
    fn record(&mut self, shapes: Shapes) -> Result<(), StoreError>;
    /// Rows of this table are not followed until the next [`Engine::record`]: a step of the schema takes a column out of it.
    fn unwatch(&mut self, table: &str) -> Result<(), StoreError>;
    /// Rows written in this transaction since the last call, in their order; nothing where none are followed.
    fn touched(&mut self) -> Result<Option<Vec<Change>>, StoreError>;
    /// A transaction begins: nothing is touched yet.
    fn forget_touched(&mut self);
    /// Keeps others from writing an entry until this transaction ends.
    fn lock_ledger(&mut self) -> Result<(), StoreError>;
    /// What entries are bound with.
    fn ledger_key(&self) -> LedgerKey;

    /// Sets a point to come back to.
    fn set_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.execute(&format!("SAVEPOINT {name}"), &[]).map(drop)
    }

    /// Takes back everything since the point.
    fn back_to_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.execute(&format!("ROLLBACK TO SAVEPOINT {name}"), &[]).map(drop)
    }

    /// Gives the point up; what was done since stays.
    fn release_point(&mut self, name: &'static str) -> Result<(), StoreError> {
        self.execute(&format!("RELEASE SAVEPOINT {name}"), &[]).map(drop)
    }
}

/// The name of the point that [`Tx::attempt`] sets.
const ATTEMPT: &str = "attempt";

/// A transaction under way. Statements number their parameters `$1…$n` on both engines.
///
/// After a statement failed the transaction is lost, on both engines alike: every further statement answers
/// [`StoreError::Aborted`] and nothing is kept, even if the act overlooks the error. Where a conflict is expected, write
/// `ON CONFLICT DO NOTHING`, or wrap the part in [`Tx::attempt`].
///
/// One text, two engines; what to write so that both do the same:
/// - `ORDER BY x NULLS LAST` where `x` may be `NULL` (SQLite sorts `NULL` first, PostgreSQL last);
/// - `CAST(SUM(x) AS BIGINT)`, `CAST(COUNT(*) AS BIGINT)` is not needed;
/// - `CAST($1 AS BIGINT) IS NULL OR …` where nothing else tells PostgreSQL the type of a parameter;
/// - no `FOR UPDATE`: the compare-and-set `UPDATE … WHERE status = …` comes first and locks the row. On PostgreSQL acts run at READ
///   COMMITTED side by side, on SQLite one after the other; what an act read before its first `UPDATE` may have changed.
pub struct Tx<'a> {
    engine: &'a mut (dyn Engine + 'a),
    lost: Option<StoreError>,
    origin: String,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(engine: &'a mut (dyn Engine + 'a)) -> Self {
        Self { engine, lost: None, origin: String::new() }
    }

    /// The first error that cost the transaction, if any.
    pub(crate) fn take_lost(&mut self) -> Option<StoreError> {
        self.lost.take()
    }
}

impl Tx<'_> {
    /// Runs a statement and tells how many rows it inserted, updated or deleted itself (cascades not counted).
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.guard(|engine| engine.execute(sql, params))
    }

    /// Runs a statement and gives all its rows.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.guard(|engine| engine.query(sql, params))
    }

    /// Runs a statement and gives its first row.
    pub fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        self.guard(|engine| engine.first(sql, params))
    }

    /// Runs `part` so that its failure takes back only its own statements (a savepoint), and the act may go on.
    pub fn attempt<T, E>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        self.guard(|engine| engine.set_point(ATTEMPT))?;
        let outcome = part(self);
        match self.lost.take() {
            // Contention and a broken connection cost the whole transaction, not only this part.
            Some(lost) if lost.passes() => {
                self.lost = Some(lost.clone());
                return outcome.and_then(|_| Err(lost.into()));
            }
            Some(lost) => {
                self.take_back()?;
                return outcome.and_then(|_| Err(lost.into()));
            }
            None => {}
        }
        if outcome.is_err() {
            self.take_back()?;
        } else {
            self.guard(|engine| engine.release_point(ATTEMPT))?;
        }
        outcome
    }

    /// From which address this is asked for; kept with what the audit trail tells.
    pub fn set_origin(&mut self, address: &str) {
        address.clone_into(&mut self.origin);
    }

    /// The address; nothing when the program itself acts.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What the ledger's entries are bound with.
    pub fn ledger_key(&self) -> LedgerKey {
        self.engine.ledger_key()
    }

    /// Which engine runs below; for the few texts that must differ (search).
    pub fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    fn take_back(&mut self) -> Result<(), StoreError> {
        self.guard(|engine| {
            engine.back_to_point(ATTEMPT)?;
            engine.release_point(ATTEMPT)
        })
    }

    fn guard<T>(&mut self, run: impl FnOnce(&mut dyn Engine) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.lost.is_some() {
            return Err(StoreError::Aborted);
        }
        run(self.engine).inspect_err(|error| self.lost = Some(error.clone()))
    }
}
