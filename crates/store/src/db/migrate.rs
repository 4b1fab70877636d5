//! Migrations: one text for both engines, each applied once, in order, in a transaction of its own.
//!
//! What the text may contain besides portable SQL:
//! - `{{ID}}`: a number that the database gives out, primary key;
//! - `{{BLOB}}`: bytes;
//! - a section from a line `-- only: sqlite` or `-- only: postgres` to a line `-- end`.
//!
//! Two things are done for every table so that the engines agree: on PostgreSQL a TEXT column compares by code point (C collation),
//! on SQLite a table is STRICT and BIGINT is spelled INTEGER.

use super::error::EngineError;
use super::shape::{Shapes, shapes};
use super::tx::{Dialect, Engine, Tx};
use super::{StoreError, Value, ledger};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1, rising.
    pub version: i64,
    /// The file's name without number and ending.
    pub name: &'static str,
    /// The file's content.
    pub text: &'static str,
}

/// The steps of this program, in order: every file of `migrations/`.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "the_house", text: include_str!("../../../../migrations/0001_the_house.sql") },
    Migration { version: 2, name: "reminders", text: include_str!("../../../../migrations/0002_reminders.sql") },
    Migration { version: 3, name: "turns", text: include_str!("../../../../migrations/0003_turns.sql") },
    Migration { version: 4, name: "operators", text: include_str!("../../../../migrations/0004_operators.sql") },
    Migration { version: 5, name: "checks", text: include_str!("../../../../migrations/0005_checks.sql") },
    Migration { version: 6, name: "letters", text: include_str!("../../../../migrations/0006_letters.sql") },
    Migration { version: 7, name: "vault", text: include_str!("../../../../migrations/0007_vault.sql") },
    Migration { version: 8, name: "accounts", text: include_str!("../../../../migrations/0008_accounts.sql") },
    Migration { version: 9, name: "reports", text: include_str!("../../../../migrations/0009_reports.sql") },
    Migration { version: 10, name: "copies", text: include_str!("../../../../migrations/0010_copies.sql") },
    Migration { version: 11, name: "running", text: include_str!("../../../../migrations/0011_running.sql") },
    Migration { version: 12, name: "ledger", text: include_str!("../../../../migrations/0012_ledger.sql") },
    Migration { version: 13, name: "reward", text: include_str!("../../../../migrations/0013_reward.sql") },
    Migration { version: 14, name: "people", text: include_str!("../../../../migrations/0014_people.sql") },
    Migration { version: 15, name: "reports", text: include_str!("../../../../migrations/0015_reports.sql") },
    Migration { version: 16, name: "service", text: include_str!("../../../../migrations/0016_service.sql") },
    Migration { version: 17, name: "papers", text: include_str!("../../../../migrations/0017_papers.sql") },
    Migration { version: 18, name: "archive", text: include_str!("../../../../migrations/0018_archive.sql") },
    Migration { version: 19, name: "wording", text: include_str!("../../../../migrations/0019_wording.sql") },
];

/// One number for all processes that migrate: "xiaobao" in ASCII.
const POSTGRES_LOCK: i64 = 0x0078_6961_6f62_616f;

const JOURNAL: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);";

/// Brings the schema to the last of `steps`. A database that is there already is only read, so that starting needs no lock.
pub(crate) fn migrate(engine: &mut dyn Engine, steps: &[Migration]) -> Result<(), StoreError> {
    if let Some(shapes) = followed(engine)? {
        engine.record(shapes)?;
    }
    if first_pending(engine, steps)?.is_none() {
        return Ok(());
    }
    if engine.dialect() == Dialect::Sqlite {
        return apply_all(engine, steps);
    }
    engine.first("SELECT pg_advisory_lock($1) IS NULL", &[Value::Int(POSTGRES_LOCK)])?;
    let outcome = apply_all(engine, steps);
    engine.first("SELECT pg_advisory_unlock($1)", &[Value::Int(POSTGRES_LOCK)])?;
    outcome
}

/// Whether the migration journal is there, that is, whether the database is ours.
pub(crate) fn has_journal(engine: &mut dyn Engine) -> Result<bool, StoreError> {
    has_table(engine, "schema_migration")
}

fn has_table(engine: &mut dyn Engine, name: &str) -> Result<bool, StoreError> {
    let sql = match engine.dialect() {
        Dialect::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
        Dialect::Postgres => "SELECT 1 WHERE to_regclass($1) IS NOT NULL",
    };
    Ok(engine.first(sql, &[name.into()])?.is_some())
}

/// What the ledger follows so far: nothing before the step that brings it.
fn followed(engine: &mut dyn Engine) -> Result<Option<Shapes>, StoreError> {
    if has_table(engine, "ledger")? { shapes(&mut Tx::new(engine)).map(Some) } else { Ok(None) }
}

fn apply_all(engine: &mut dyn Engine, steps: &[Migration]) -> Result<(), StoreError> {
    loop {
        // The lock is taken before the journal is read: another process may have been faster.
        engine.script(if engine.dialect() == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
        engine.forget_touched();
        match apply_next(engine, steps) {
            Ok(true) => engine.script("COMMIT")?,
            Ok(false) => return engine.script("ROLLBACK"),
            Err(error) => {
                if let Err(second) = engine.script("ROLLBACK") {
                    tracing::warn!(error = %second, "ROLLBACK after a failed migration");
                }
                return Err(error);
            }
        }
    }
}

fn apply_next(engine: &mut dyn Engine, steps: &[Migration]) -> Result<bool, StoreError> {
    let Some(step) = first_pending(engine, steps)? else { return Ok(false) };
    let failed =
        |source| StoreError::Migration { version: step.version, name: step.name.to_owned(), source: Box::new(source) };
    let text = render(step.text, engine.dialect()).map_err(|message| {
        failed(StoreError::Statement { source: EngineError { code: "migration".to_owned(), message } })
    })?;
    let before = followed(engine).map_err(failed)?;
    engine.script(&render_types(JOURNAL, engine.dialect())).map_err(failed)?;
    for table in shrunken(step.text) {
        engine.unwatch(table).map_err(failed)?;
    }
    engine.script(&text).map_err(failed)?;
    let row = [Value::Int(step.version), step.name.into(), digest(step.text).into(), now().into()];
    engine
        .execute("INSERT INTO schema_migration (version, name, digest, applied_at) VALUES ($1, $2, $3, $4)", &row)
        .map_err(failed)?;
    if followed(engine).map_err(failed)?.is_some() {
        ledger::follow(engine, &before.unwrap_or_default()).map_err(failed)?;
    }
    tracing::info!(version = step.version, name = step.name, "migration applied");
    Ok(true)
}

/// The first step that is not in the journal; an error when the journal tells of steps that are not ours.
fn first_pending<'a>(engine: &mut dyn Engine, steps: &'a [Migration]) -> Result<Option<&'a Migration>, StoreError> {
    if !has_journal(engine)? {
        return Ok(steps.first());
    }
    let mut pending = steps.iter();
    for row in engine.query("SELECT version, digest FROM schema_migration ORDER BY version", &[])? {
        let version = row.int(0)?;
        let Some(step) = pending.next() else {
            return Err(StoreError::NewerSchema { found: version, known: steps.last().map_or(0, |step| step.version) });
        };
        if step.version != version || digest(step.text) != row.str(1)? {
            return Err(StoreError::ChangedMigration { version: step.version, name: step.name.to_owned() });
        }
    }
    Ok(pending.next())
}

/// The tables that lose a column in a step.
fn shrunken(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| line.contains(" DROP COLUMN "))
        .filter_map(|line| line.strip_prefix("ALTER TABLE ")?.split_whitespace().next())
}

/// SHA-256 in hexadecimal; a checkout with other line ends has the same.
fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "when something came onto the disk is a fact of the machine and not of any act"
)]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

/// The text for one engine.
fn render(text: &str, dialect: Dialect) -> Result<String, String> {
    let (id, blob) = match dialect {
        Dialect::Sqlite => ("INTEGER PRIMARY KEY", "BLOB"),
        Dialect::Postgres => ("BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "BYTEA"),
    };
    let mut out = String::with_capacity(text.len() * 2);
    let mut only: Option<Dialect> = None;
    for line in text.lines() {
        let word = line.trim();
        match (word.strip_prefix("-- only: "), only) {
            (Some("sqlite"), None) => only = Some(Dialect::Sqlite),
            (Some("postgres"), None) => only = Some(Dialect::Postgres),
            (Some(other), _) => return Err(format!("unexpected section {other:?}")),
            (None, Some(_)) if word == "-- end" => only = None,
            (None, wanted) if wanted.is_none_or(|wanted| wanted == dialect) => {
                out.push_str(line);
                out.push('\n');
            }
            (None, _) => {}
        }
    }
    if only.is_some() {
        return Err("a section has no -- end".to_owned());
    }
    let out = out.replace("{{ID}}", id).replace("{{BLOB}}", blob).replace("{{TEXT}}", "TEXT");
    if let Some(at) = out.find("{{") {
        return Err(format!("unknown token {:?}", out[at..].lines().next().unwrap_or_default()));
    }
    Ok(render_types(&out, dialect))
}

/// Makes both engines hold to the same types and the same order.
fn render_types(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_table = false;
    for line in text.lines() {
        in_table |= line.starts_with("CREATE TABLE");
        let adds_column = line.starts_with("ALTER TABLE") && line.contains(" ADD COLUMN ");
        match (dialect, in_table, line.trim_end()) {
            (Dialect::Sqlite, false, _) if adds_column => out.push_str(&line.replace(" BIGINT", " INTEGER")),
            (Dialect::Postgres, false, _) if adds_column => {
                out.push_str(&line.replacen(" TEXT", " TEXT COLLATE \"C\"", 1));
            }
            (_, false, _) => out.push_str(line),
            (Dialect::Sqlite, true, ");") => out.push_str(") STRICT;"),
            (Dialect::Sqlite, true, _) => out.push_str(&line.replace(" BIGINT", " INTEGER")),
            (Dialect::Postgres, true, _) => {
                // Only the type of a column: the second word of its line.
                let mut words = line.split_whitespace();
                let is_text = words.nth(1).is_some_and(|word| word.trim_end_matches(',') == "TEXT");
                let line = if is_text { line.replacen(" TEXT", " TEXT COLLATE \"C\"", 1) } else { line.to_owned() };
                out.push_str(&line);
            }
        }
        in_table &= line.trim_end() != ");";
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Dialect, MIGRATIONS, digest, render};

    const TEXT: &str = "CREATE TABLE a (\n    id {{ID}},\n    name TEXT NOT NULL,\n    size BIGINT,\n    photo {{BLOB}}\n);\n\
        ALTER TABLE a ADD COLUMN at BIGINT;\nALTER TABLE a ADD COLUMN word TEXT;\n\
        -- only: sqlite\nSELECT 's';\n-- end\n-- only: postgres\nSELECT 'p';\n-- end\nUPDATE a SET name = CAST(size AS TEXT);\n";

    #[test]
    fn one_text_becomes_sqlite() {
        assert_eq!(
            render(TEXT, Dialect::Sqlite).unwrap(),
            "CREATE TABLE a (\n    id INTEGER PRIMARY KEY,\n    name TEXT NOT NULL,\n    size INTEGER,\n    photo BLOB\n) STRICT;\n\
             ALTER TABLE a ADD COLUMN at INTEGER;\nALTER TABLE a ADD COLUMN word TEXT;\n\
             SELECT 's';\nUPDATE a SET name = CAST(size AS TEXT);\n"
        );
    }

    #[test]
    fn one_text_becomes_postgres() {
        assert_eq!(
            render(TEXT, Dialect::Postgres).unwrap(),
            "CREATE TABLE a (\n    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n    \
             name TEXT COLLATE \"C\" NOT NULL,\n    size BIGINT,\n    photo BYTEA\n);\n\
             ALTER TABLE a ADD COLUMN at BIGINT;\nALTER TABLE a ADD COLUMN word TEXT COLLATE \"C\";\n\
             SELECT 'p';\nUPDATE a SET name = CAST(size AS TEXT);\n"
        );
    }

    #[test]
    fn a_slip_in_a_migration_is_an_error() {
        assert!(render("{{NUMBER}}", Dialect::Sqlite).unwrap_err().contains("NUMBER"));
        assert!(render("-- only: oracle\n-- end", Dialect::Sqlite).unwrap_err().contains("oracle"));
        assert!(render("-- only: sqlite\nSELECT 1;", Dialect::Sqlite).unwrap_err().contains("-- end"));
    }

    #[test]
    fn line_ends_do_not_change_the_digest() {
        assert_eq!(digest("a\r\nb\r\n"), digest("a\nb\n"));
        assert_ne!(digest("a"), digest("b"));
    }

    #[test]
    fn the_list_is_the_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| std::path::Path::new(name).extension().is_some_and(|ending| ending == "sql"))
            .collect();
        files.sort();
        let listed: Vec<String> =
            MIGRATIONS.iter().map(|step| format!("{:04}_{}.sql", step.version, step.name)).collect();
        assert_eq!(listed, files);
        assert!(MIGRATIONS.is_sorted_by(|one, next| one.version < next.version));
    }
}
