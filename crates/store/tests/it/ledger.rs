//! 总账: whatever is changed behind the program's back is found and named.

use store::ledger::{Checked, Finding, Scope, check, head};
use store::testing::{Fresh, tamper};
use store::{Db, Dialect, LedgerKey, LedgerSuite, Migration, Options, StoreError, Tx, db::MIGRATIONS, params};

const BOTH: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

fn options() -> Options {
    Options { ledger_key: LedgerKey::new(LedgerSuite::Sha256, b"a secret"), ..Options::default() }
}

fn put(db: &Db, key: &'static str, value: &'static str) {
    db.act(move |tx| store::installation::put(tx, key, value)).unwrap_or_else(|error: StoreError| panic!("{error:?}"));
}

fn checked(db: &Db) -> Checked {
    db.read(|tx| check(tx, &Scope::default())).unwrap_or_else(|error: StoreError| panic!("{error:?}"))
}

fn last(db: &Db) -> i64 {
    db.read(head).unwrap_or_else(|error: StoreError| panic!("{error:?}"))
}

/// A database with three rows, tampered with, and what is found then.
fn found(dialect: Dialect, sql: &str) -> Vec<Finding> {
    let fresh = Fresh::new(dialect);
    let db = Db::open_with(&fresh.url, &options()).expect("a database");
    for (key, value) in [("one", "1"), ("two", "2"), ("three", "3")] {
        put(&db, key, value);
    }
    assert_eq!(checked(&db).findings, [], "{dialect:?}");
    tamper(&fresh.url, sql);
    checked(&db).findings
}

fn changed(key: &str, column: &str, entry: i64) -> Finding {
    let (table, key, columns) = ("installation".to_owned(), format!("key={key}"), vec![column.to_owned()]);
    Finding::Changed { table, key, columns, entry }
}

#[test]
fn a_row_that_is_changed_is_named_with_its_column() {
    for dialect in BOTH {
        let findings = found(dialect, "UPDATE installation SET value = '9' WHERE key = 'two'");
        let [Finding::Changed { entry, .. }] = findings[..] else { panic!("{dialect:?} {findings:?}") };
        assert_eq!(findings, [changed("two", "value", entry)]);
    }
}

#[test]
fn a_row_that_is_gone_is_named() {
    for dialect in BOTH {
        let findings = found(dialect, "DELETE FROM installation WHERE key = 'two'");
        let [Finding::Removed { table, key, .. }] = &findings[..] else { panic!("{dialect:?} {findings:?}") };
        assert_eq!((table.as_str(), key.as_str()), ("installation", "key=two"));
    }
}

#[test]
fn a_row_that_was_put_in_is_named() {
    for dialect in BOTH {
        let findings = found(dialect, "INSERT INTO installation (key, value) VALUES ('four', '4')");
        let added = Finding::Added { table: "installation".to_owned(), key: "key=four".to_owned() };
        assert_eq!(findings, [added], "{dialect:?}");
    }
}

#[test]
fn two_rows_that_change_places_are_both_named() {
    for dialect in BOTH {
        let findings = found(
            dialect,
            "UPDATE installation SET value = CASE key WHEN 'one' THEN '2' ELSE '1' END WHERE key <> 'three'",
        );
        assert_eq!(findings.len(), 2, "{dialect:?} {findings:?}");
    }
}

#[test]
fn an_entry_that_is_changed_taken_out_or_forged_is_named() {
    for dialect in BOTH {
        let last = {
            let fresh = Fresh::new(dialect);
            last(&Db::open_with(&fresh.url, &options()).expect("a database")) + 3
        };
        let told = found(dialect, &format!("UPDATE ledger SET at = at + 1 WHERE number = {}", last - 1));
        assert_eq!(told, [Finding::Entry { number: last - 1 }], "{dialect:?}");
        let told = found(dialect, &format!("DELETE FROM ledger WHERE number = {}", last - 1));
        assert!(told.contains(&Finding::EntriesMissing { from: last - 1, until: last - 1 }), "{dialect:?} {told:?}");
        // The row that it told of is known to nobody any more.
        assert!(told.contains(&Finding::Added { table: "installation".to_owned(), key: "key=two".to_owned() }));
        let forged = format!(
            "INSERT INTO ledger (number, at, kind, changes, hash) SELECT {}, at, kind, changes, hash FROM ledger WHERE number = {last}",
            last + 1
        );
        assert_eq!(found(dialect, &forged), [Finding::Entry { number: last + 1 }], "{dialect:?}");
    }
}

/// What the disk holds is not enough to forge an entry: it takes the secret.
#[test]
fn another_secret_knows_no_entry_of_ours() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &options()).expect("a database");
        put(&db, "one", "1");
        let entries = last(&db);
        db.close();
        let other = Options { ledger_key: LedgerKey::new(LedgerSuite::Sha256, b"another"), ..options() };
        let findings = checked(&Db::open_with(&fresh.url, &other).expect("the same database")).findings;
        let wrong = findings.iter().filter(|finding| matches!(finding, Finding::Entry { .. })).count() as i64;
        assert_eq!(wrong, entries, "{dialect:?} {findings:?}");
    }
}

#[test]
fn what_is_taken_back_leaves_no_trace_and_a_row_is_told_as_it_was_in_the_end() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &options()).expect("a database");
        let before = last(&db);
        let refused: Result<(), StoreError> = db.act(|tx| {
            store::installation::put(tx, "never", "1")?;
            Err(StoreError::Overloaded)
        });
        assert!(refused.is_err());
        let done: Result<(), StoreError> = db.act(|tx| {
            store::installation::put(tx, "one", "1")?;
            let part = |tx: &mut Tx<'_>| {
                store::installation::put(tx, "one", "lost")?;
                store::installation::put(tx, "two", "lost")?;
                tx.attempt(|tx| store::installation::put(tx, "three", "lost"))?;
                Err::<(), _>(StoreError::Overloaded)
            };
            assert!(tx.attempt(part).is_err());
            tx.attempt(|tx| store::installation::put(tx, "two", "kept"))?;
            // A key that changes is one row gone and another there.
            tx.execute("UPDATE installation SET key = 'moved' WHERE key = 'two'", params![])?;
            tx.execute("DELETE FROM installation WHERE key = 'never'", params![]).map(drop)
        });
        done.unwrap_or_else(|error| panic!("{dialect:?} {error:?}"));
        assert_eq!(last(&db), before + 1, "one act, one entry");
        assert_eq!(checked(&db).findings, [], "{dialect:?}");
        // Many at once share a commit on SQLite and stand in a queue on PostgreSQL.
        std::thread::scope(|scope| {
            for key in ["a", "b", "c", "d", "e", "f", "g", "h"] {
                let db = &db;
                scope.spawn(move || put(db, key, "1"));
            }
        });
        assert_eq!(last(&db), before + 9);
        assert_eq!(checked(&db).findings, [], "{dialect:?}");
    }
}

#[test]
fn a_database_from_before_is_taken_in_as_it_is_found() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let old = Options { migrations: &MIGRATIONS[..7], ..options() };
        let db = Db::open_with(&fresh.url, &old).expect("a database of before");
        put(&db, "old", "1");
        db.close();
        let db = Db::open_with(&fresh.url, &options()).expect("the same database");
        let kinds = db.read(|tx| tx.query("SELECT kind FROM ledger ORDER BY number", &[])).map(|rows| rows[0].text(0));
        assert_eq!(kinds.unwrap_or_else(|error: StoreError| panic!("{error:?}")).unwrap(), "taken_in");
        assert_eq!(checked(&db).findings, [], "{dialect:?}");
        tamper(&fresh.url, "UPDATE installation SET value = '2' WHERE key = 'old'");
        let findings = checked(&db).findings;
        assert!(matches!(&findings[..], [Finding::Changed { .. }]), "{dialect:?} {findings:?}");
    }
}

/// The next version may add columns and tables and fill them, and take columns away.
#[test]
fn a_later_step_of_the_schema_leaves_old_entries_true() {
    let later = Migration {
        version: 1_000,
        name: "later",
        text: "ALTER TABLE installation ADD COLUMN note TEXT NOT NULL DEFAULT 'none';\n\
            ALTER TABLE installation ADD COLUMN size BIGINT;\n\
            UPDATE installation SET size = 7 WHERE key = 'two';\n\
            ALTER TABLE calendar_year DROP COLUMN source;\nUPDATE calendar_year SET notice = 'newer';\n\
            CREATE TABLE shelf (\n    id {{ID}},\n    label TEXT NOT NULL\n);\nINSERT INTO shelf (label) VALUES ('new');\n",
    };
    let steps: &'static [Migration] = Box::leak([MIGRATIONS, &[later]].concat().into());
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &options()).expect("a database");
        put(&db, "one", "1");
        put(&db, "two", "2");
        let year = "INSERT INTO calendar_year (year, notice, source, imported_at) VALUES (2030, 'new', 'there', 1)";
        db.act(|tx| tx.execute(year, &[])).unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        db.close();
        let db = Db::open_with(&fresh.url, &Options { migrations: steps, ..options() }).expect("the next version");
        put(&db, "three", "3");
        assert_eq!(checked(&db).findings, [], "{dialect:?}");
        tamper(&fresh.url, "UPDATE installation SET note = 'other' WHERE key = 'one'");
        let findings = checked(&db).findings;
        let [Finding::Changed { entry, .. }] = findings[..] else { panic!("{dialect:?} {findings:?}") };
        assert_eq!(findings, [changed("one", "note", entry)]);
        tamper(&fresh.url, "UPDATE calendar_year SET notice = 'older'");
        assert_eq!(checked(&db).findings.len(), 2, "{dialect:?}");
    }
}

#[test]
fn national_and_international_entries_stand_in_one_chain() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &options()).expect("a database");
        put(&db, "one", "1");
        db.close();
        let national = Options { ledger_key: LedgerKey::new(LedgerSuite::Sm3, b"a secret"), ..options() };
        let db = Db::open_with(&fresh.url, &national).expect("the same database");
        put(&db, "two", "2");
        assert_eq!(checked(&db).findings, [], "{dialect:?}");
        tamper(&fresh.url, "UPDATE installation SET value = '9'");
        assert_eq!(checked(&db).findings.len(), 2, "{dialect:?}");
    }
}

#[test]
fn only_what_was_written_since_is_looked_at() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &options()).expect("a database");
        put(&db, "one", "1");
        let from = last(&db) + 1;
        put(&db, "two", "2");
        let since = db.read(move |tx| {
            let row = tx.first("SELECT at FROM ledger WHERE number = $1", params![from])?;
            row.expect("an entry").timestamp(0)
        });
        let scope = Scope { since: since.ok(), ..Scope::default() };
        tamper(&fresh.url, "UPDATE installation SET value = '9'");
        let told: Result<Checked, StoreError> = db.read(move |tx| check(tx, &scope));
        let told = told.expect("a check");
        assert_eq!((told.entries, told.rows), (1, 1), "{dialect:?}");
        assert_eq!(told.findings, [changed("two", "value", from)]);
    }
}

/// Whoever switches the trigger off may write without an entry; the switch is seen.
#[test]
fn a_trigger_that_was_switched_off_is_named() {
    let findings = found(Dialect::Postgres, "ALTER TABLE party DISABLE TRIGGER ledger_touch");
    assert_eq!(findings, [Finding::Unwatched { table: "party".to_owned() }]);
}
