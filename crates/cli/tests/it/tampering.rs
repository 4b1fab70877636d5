//! 篡改试验: one value in any column of any table, a row more, a row less, two rows exchanged: `verify` names it. Tables and columns are
//! read from the schema, so that what comes later is tried as well.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::clock::beijing_midnight;
use jiff::Timestamp;
use jiff::civil::date;
use store::ledger::{Finding, Scope, check};
use store::testing::tamper;
use store::{DatabaseUrl, Db, OUTSIDE, StoreError, Value};

use crate::simulation::simulate;

struct Column {
    name: String,
    class: String,
    /// Part of the primary key.
    key: bool,
    needed: bool,
    /// The table whose id it holds.
    parent: Option<String>,
}

type Tables = BTreeMap<String, Vec<Column>>;

/// A database with a year's life in it and at least a row in every table, closed; nothing of it has been tampered with.
struct Filled {
    folder: tempfile::TempDir,
    file: PathBuf,
    tables: Tables,
}

fn filled() -> Filled {
    let town = simulate(date(2026, 4, 15), date(2026, 6, 30), 16, 0);
    let tables = tables(&town.db);
    assert!(tables.len() > 40, "{:?}", tables.keys());
    town.db.act(|tx| casework::seal::close(tx, date_end())).expect("a seal");
    fill(&town.db, &tables);
    assert_eq!(findings(&town.db), [], "nothing was tampered with");
    town.db.close();
    let file = town.folder.path().join("town.sqlite");
    Filled { folder: town.folder, file, tables }
}

fn date_end() -> Timestamp {
    beijing_midnight(date(2026, 7, 1))
}

impl Filled {
    /// What is found after these statements on a copy.
    fn after(&self, sql: &str) -> Vec<Finding> {
        let copy = self.folder.path().join("copy.sqlite");
        std::fs::copy(&self.file, &copy).expect("a copy");
        let url = DatabaseUrl::Sqlite(copy.clone());
        tamper(&url, sql);
        let db = Db::open(&url).expect("the copy opens");
        let found = findings(&db);
        db.close();
        remove(&copy);
        found
    }
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{ending}", file.display())));
    }
}

fn findings(db: &Db) -> Vec<Finding> {
    db.read(|tx| check(tx, &Scope::default())).map(|checked| checked.findings).expect("a check")
}

fn tables(db: &Db) -> Tables {
    let rows = db.read(|tx| {
        tx.query(
            "SELECT t.name, c.name, c.type, c.pk, c.\"notnull\", \
             (SELECT MIN(f.\"table\") FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name) \
             FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table' \
             AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY t.name, c.cid",
            &[],
        )
    });
    let mut tables = Tables::new();
    for row in rows.unwrap_or_else(|error: StoreError| panic!("{error:?}")) {
        tables.entry(row.text(0).unwrap()).or_default().push(Column {
            name: row.text(1).unwrap(),
            class: row.text(2).unwrap(),
            key: row.int(3).unwrap() > 0,
            needed: row.bool(4).unwrap() || row.int(3).unwrap() > 0,
            parent: row.opt_text(5).unwrap(),
        });
    }
    // A changed journal of the schema is refused at the door already.
    tables.remove("schema_migration");
    for (outside, _) in OUTSIDE.iter().filter(|(outside, _)| *outside != "ledger") {
        tables.remove(*outside);
    }
    tables
}

/// Puts a row into each table in which the story left none, by the program, so that the ledger knows of it.
fn fill(db: &Db, tables: &Tables) {
    let count = |table: &str| {
        let sql = format!("SELECT COUNT(*), MIN(rowid) FROM \"{table}\"");
        let row = db.read(move |tx| tx.first(&sql, &[])).unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        let row = row.expect("a count");
        (row.int(0).unwrap(), row.opt_int(1).unwrap().unwrap_or_default())
    };
    let mut empty: BTreeSet<&String> = tables.keys().filter(|table| count(table).0 == 0).collect();
    while let Some(table) = empty.iter().copied().find(|table| {
        let parents = tables[*table].iter().filter(|column| column.needed).filter_map(|column| column.parent.as_ref());
        !parents.clone().any(|parent| empty.contains(parent))
    }) {
        let columns: Vec<&Column> = tables[table].iter().filter(|column| column.needed).collect();
        let names: Vec<_> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let places: Vec<_> = (1..=columns.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), places.join(", "));
        let values: Vec<Value> = columns
            .iter()
            .map(|column| match (&column.parent, column.class.as_str()) {
                (Some(parent), _) => Value::Int(count(parent).1),
                (None, "INTEGER") => Value::Int(1),
                (None, "BLOB") => Value::Blob(vec![1]),
                (None, _) => Value::Text("x".to_owned()),
            })
            .collect();
        db.act(move |tx| tx.execute(&sql, &values)).unwrap_or_else(|error: StoreError| panic!("{table}: {error:?}"));
        empty.remove(table);
    }
    assert!(empty.is_empty(), "{empty:?}");
}

/// Another value than there is.
fn other(column: &Column) -> String {
    let name = &column.name;
    match column.class.as_str() {
        "INTEGER" => format!("COALESCE(\"{name}\", 0) + 1000003"),
        "BLOB" => format!("CAST(COALESCE(\"{name}\", x'') || x'00' AS BLOB)"),
        _ => format!("COALESCE(\"{name}\", '') || '~'"),
    }
}

fn table_of(finding: &Finding) -> Option<&str> {
    match finding {
        Finding::Changed { table, .. }
        | Finding::Removed { table, .. }
        | Finding::Added { table, .. }
        | Finding::Unreadable { table } => Some(table),
        _ => None,
    }
}

#[test]
fn any_column_of_any_table_that_is_changed_is_named() {
    let filled = filled();
    let widest = filled.tables.values().map(Vec::len).max().expect("tables");
    let (mut tried, mut named) = (0, 0);
    for place in 0..widest {
        let round: Vec<(&String, &Column)> = filled
            .tables
            .iter()
            .filter(|(table, _)| *table != "ledger")
            .filter_map(|(table, columns)| Some((table, columns.get(place)?)))
            .collect();
        let sql: Vec<String> = round
            .iter()
            .map(|(table, column)| {
                let (name, other) = (&column.name, other(column));
                format!(
                    "UPDATE \"{table}\" SET \"{name}\" = {other} WHERE rowid = (SELECT MIN(rowid) FROM \"{table}\");"
                )
            })
            .collect();
        let found = filled.after(&sql.concat());
        for (table, column) in round {
            let mine: Vec<&Finding> = found.iter().filter(|finding| table_of(finding) == Some(table)).collect();
            tried += 1;
            match mine[..] {
                [Finding::Removed { .. }, Finding::Added { .. }] | [Finding::Added { .. }, Finding::Removed { .. }] => {
                    assert!(column.key, "{table}.{}: {mine:?}", column.name);
                    named += 1;
                }
                // One byte a column: in one case of 256 it cannot be told which.
                [Finding::Changed { columns, .. }] if columns.is_empty() => {}
                [Finding::Changed { columns, .. }] => {
                    assert_eq!(columns, std::slice::from_ref(&column.name), "{table}");
                    named += 1;
                }
                _ => panic!("{table}.{}: {mine:?}", column.name),
            }
        }
    }
    assert!(tried > 350 && named * 100 >= tried * 97, "{named} of {tried}");
}

#[test]
fn any_column_of_the_ledger_itself_that_is_changed_is_found() {
    let filled = filled();
    for column in &filled.tables["ledger"] {
        let (name, other) = (&column.name, other(column));
        let found = filled.after(&format!("UPDATE ledger SET \"{name}\" = {other} WHERE number = 2"));
        assert!(
            found.iter().any(|finding| matches!(
                finding,
                Finding::Entry { number: 2 | 3 } | Finding::EntriesMissing { from: 2, .. }
            )),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_journal_of_the_schema_that_was_changed_is_refused_at_the_door_or_named() {
    let filled = filled();
    let copy = filled.folder.path().join("copy.sqlite");
    for change in
        ["version = version + 900", "digest = digest || '~'", "name = name || '~'", "applied_at = applied_at + 1"]
    {
        std::fs::copy(&filled.file, &copy).expect("a copy");
        let url = DatabaseUrl::Sqlite(copy.clone());
        tamper(&url, &format!("UPDATE schema_migration SET {change} WHERE version = 8"));
        match Db::open(&url) {
            Err(StoreError::ChangedMigration { .. } | StoreError::NewerSchema { .. }) => {}
            Err(error) => panic!("{change}: {error:?}"),
            Ok(db) => {
                let found = findings(&db);
                assert_eq!(found.iter().map(table_of).collect::<Vec<_>>(), [Some("schema_migration")], "{change}");
            }
        }
        remove(&copy);
    }
}

#[test]
fn a_row_less_or_more_in_any_table_is_named() {
    let filled = filled();
    let tables = || filled.tables.iter().filter(|(table, _)| *table != "ledger");
    let less: Vec<String> = tables()
        .map(|(table, _)| format!("DELETE FROM \"{table}\" WHERE rowid = (SELECT MIN(rowid) FROM \"{table}\");"))
        .collect();
    let found = filled.after(&less.concat());
    for (table, _) in tables() {
        let named = found.iter().any(|it| matches!(it, Finding::Removed { table: named, .. } if named == table));
        assert!(named, "{table}: {found:?}");
    }
    // A seal that is gone is missed by the one after it, too.
    let accused = found.iter().filter(|finding| table_of(finding).is_some()).count();
    assert_eq!(accused, tables().count(), "nothing else is accused");
    let more: Vec<String> = tables()
        .map(|(table, columns)| {
            let values: Vec<_> = columns.iter().map(other).collect();
            format!("INSERT INTO \"{table}\" SELECT {} FROM \"{table}\" WHERE rowid = (SELECT MIN(rowid) FROM \"{table}\");", values.join(", "))
        })
        .collect();
    let found = filled.after(&more.concat());
    for (table, _) in tables() {
        let named = found.iter().any(|it| matches!(it, Finding::Added { table: named, .. } if named == table));
        assert!(named, "{table}: {found:?}");
    }
}

#[test]
fn two_rows_that_are_exchanged_are_both_named() {
    let filled = filled();
    let by_id = filled.tables.iter().filter(|(_, columns)| columns[0].name == "id");
    let exchange = |table: &String| {
        format!(
            "CREATE TEMP TABLE pair AS SELECT id FROM \"{table}\" ORDER BY id LIMIT 2; \
             UPDATE \"{table}\" SET id = -1 WHERE id = (SELECT MIN(id) FROM pair) AND (SELECT COUNT(*) FROM pair) = 2; \
             UPDATE \"{table}\" SET id = (SELECT MIN(id) FROM pair) WHERE id = (SELECT MAX(id) FROM pair) \
             AND (SELECT COUNT(*) FROM pair) = 2; \
             UPDATE \"{table}\" SET id = (SELECT MAX(id) FROM pair) WHERE id = -1; DROP TABLE pair;"
        )
    };
    let found = filled.after(&by_id.map(|(table, _)| exchange(table)).collect::<String>());
    let changed = |table: &str| {
        found.iter().filter(|it| matches!(it, Finding::Changed { table: named, .. } if named == table)).count()
    };
    for table in ["cases", "party", "deadline", "paper", "outbox", "account", "organization"] {
        assert_eq!(changed(table), 2, "{table}: {found:?}");
    }
    assert!(found.iter().all(|finding| matches!(finding, Finding::Changed { .. })), "{found:?}");
}
