//! A transaction under way, the same over both engines.

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
}

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
}

impl<'a> Tx<'a> {
    pub(crate) fn new(engine: &'a mut (dyn Engine + 'a)) -> Self {
        Self { engine, lost: None }
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
        self.execute("SAVEPOINT attempt", &[])?;
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
            self.execute("RELEASE SAVEPOINT attempt", &[])?;
        }
        outcome
    }

    /// Which engine runs below; for the few texts that must differ (search).
    pub fn dialect(&self) -> Dialect {
        self.engine.dialect()
    }

    fn take_back(&mut self) -> Result<(), StoreError> {
        self.execute("ROLLBACK TO SAVEPOINT attempt", &[])?;
        self.execute("RELEASE SAVEPOINT attempt", &[])?;
        Ok(())
    }

    fn guard<T>(&mut self, run: impl FnOnce(&mut dyn Engine) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.lost.is_some() {
            return Err(StoreError::Aborted);
        }
        run(self.engine).inspect_err(|error| self.lost = Some(error.clone()))
    }
}
