//! 封存: each day a seal over what was entered, which somebody outside can check, and under which nobody can write the ledger anew.

use std::path::Path;
use std::process::Command;

use casework::seal::{self, Export};
use jiff::Timestamp;
use store::ledger::{Finding, Scope, check, check_entries};
use store::testing::{Fresh, tamper};
use store::{Db, Dialect, LedgerKey, LedgerSuite, Options, StoreError};

use crate::world::{World, at, hours, on_both};

/// Shortly after midnight in Beijing, so many days after the first morning.
fn midnight(days: i64) -> Timestamp {
    at("2026-06-01T00:03:00+08:00") + jiff::SignedDuration::from_hours(24 * days)
}

/// Two days with acts, each sealed, and an act of today.
fn two_days(world: &World) {
    for day in 0..2 {
        world.filed(hours(24 * day + 1));
        world.filed(hours(24 * day + 2));
        world.look(move |tx| seal::close(tx, midnight(day + 1))).expect("a seal");
    }
    world.filed(hours(49));
}

#[test]
fn a_day_is_sealed_once_and_each_seal_follows_the_one_before() {
    on_both("days", |world| {
        two_days(world);
        assert_eq!(world.look(|tx| seal::close(tx, midnight(2))), None, "the day is sealed");
        let seals = world.look(store::seal::all);
        let days: Vec<_> = seals.iter().map(|row| row.seal.day.to_string()).collect();
        assert_eq!(days, ["2026-06-01", "2026-06-02"]);
        assert_eq!((seals[0].seal.first, seals[1].seal.first), (1, seals[0].seal.last + 1));
        assert_eq!(seals[1].seal.previous, seals[0].print);
        assert!(world.look(store::ledger::head) > seals[1].seal.last, "today's entries wait for the next");
        let checked = world.look(|tx| check(tx, &Scope::default()));
        assert_eq!((checked.seals, checked.findings), (2, vec![]));
        // Days on which nobody swept lie under the next seal.
        let late = world.look(|tx| seal::close(tx, midnight(9))).expect("a seal");
        assert_eq!((late.seal.day.to_string().as_str(), late.seal.first), ("2026-06-09", seals[1].seal.last + 1));
    });
}

#[test]
fn a_sweep_after_midnight_seals_the_day_before() {
    on_both("sweep", |world| {
        let swept = casework::sweep::sweep(&world.db, &world.house, "test", midnight(1)).expect("a sweep");
        assert_eq!(swept.sealed.map(|day| day.to_string()).as_deref(), Some("2026-06-01"));
        let again = casework::sweep::sweep(&world.db, &world.house, "test", midnight(1)).expect("a sweep");
        assert_eq!(again.sealed, None);
    });
}

/// Somebody with the secret who writes everything anew, entries and seals, cannot change what was published.
#[test]
fn a_ledger_written_anew_does_not_fit_a_seal_that_was_published() {
    let sealed = |consumers: i64| {
        let fresh = Fresh::new(Dialect::Sqlite);
        let db = Db::open(&fresh.url).expect("a database");
        let world = World::new(&db);
        for hour in 0..consumers {
            world.filed(hours(hour));
        }
        world.look(|tx| seal::close(tx, midnight(1))).expect("a seal");
        let export = world.look(seal::export);
        (fresh, db, export)
    };
    let (_one, db, published) = sealed(3);
    let seals = |export: &Export| export.seals.iter().map(|it| it.seal.clone()).collect::<Vec<_>>();
    let scope = Scope { published: seals(&published), ..Scope::default() };
    let judge = |db: &Db| {
        let scope = scope.clone();
        db.read(move |tx| check(tx, &scope)).unwrap_or_else(|error: StoreError| panic!("{error:?}")).findings
    };
    assert_eq!(judge(&db), []);
    let (_other, rewritten, _) = sealed(2);
    let [Finding::Sealed { day, published: true }] = judge(&rewritten)[..] else { panic!("{:?}", judge(&rewritten)) };
    assert_eq!(day.to_string(), "2026-06-01");
}

#[test]
fn a_seal_and_what_lies_under_it_are_guarded() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for (sql, expected) in [
            ("UPDATE seal SET root = 'ff' WHERE day = '2026-06-01'", "Seal { day: 2026-06-01 }"),
            ("DELETE FROM seal WHERE day = '2026-06-01'", "Seal { day: 2026-06-02 }"),
            ("DELETE FROM ledger WHERE number = 3", "Sealed { day: 2026-06-01, published: false }"),
        ] {
            let fresh = Fresh::new(dialect);
            let db = Db::open(&fresh.url).expect("a database");
            two_days(&World::new(&db));
            tamper(&fresh.url, sql);
            let found: Result<_, StoreError> = db.read(|tx| check_entries(tx, &Scope::default()));
            let found: Vec<_> = found.expect("a check").findings.iter().map(|it| format!("{it:?}")).collect();
            assert!(found.iter().any(|it| it == expected), "{dialect:?} {sql}: {found:?}");
        }
    }
}

/// A sample of what the trial on SQLite tries in full.
#[test]
fn on_postgres_too_a_changed_row_is_named() {
    for (table, column) in [
        ("cases", "outcome_ground"),
        ("cases", "title"),
        ("case_event", "data"),
        ("deadline", "due_day"),
        ("party", "name"),
        ("outbox", "address"),
        ("account", "password_hash"),
        ("organization", "name"),
        ("schema_migration", "digest"),
    ] {
        let fresh = Fresh::new(Dialect::Postgres);
        let db = Db::open(&fresh.url).expect("a database");
        World::new(&db).filed(hours(1));
        let value = if column == "outcome_ground" { "7" } else { "'~'" };
        tamper(
            &fresh.url,
            &format!("UPDATE {table} SET {column} = {value} WHERE ctid = (SELECT MIN(ctid) FROM {table})"),
        );
        let found: Result<_, StoreError> = db.read(|tx| check(tx, &Scope::default()));
        let found = found.expect("a check").findings;
        let [Finding::Changed { table: named, columns, .. }] = &found[..] else {
            panic!("{table}.{column}: {found:?}")
        };
        assert_eq!((named.as_str(), columns.as_slice()), (table, &[column.to_owned()][..]));
    }
}

/// The program for outsiders, with the file that it reads changed in every way that matters.
#[test]
fn an_outsider_can_check_with_a_small_program() {
    for suite in [LedgerSuite::Sha256, LedgerSuite::Sm3] {
        let fresh = Fresh::new(Dialect::Sqlite);
        let options = Options { ledger_key: LedgerKey::new(suite, b"secret"), ..Options::default() };
        let db = Db::open_with(&fresh.url, &options).expect("a database");
        let world = World::new(&db);
        two_days(&world);
        let whole = world.look(seal::export_entries);
        let last = whole.seals[1].seal.last;
        let proof = world.look(move |tx| seal::export_proof(tx, last)).expect("it is sealed");
        assert_eq!(world.look(move |tx| seal::export_proof(tx, last + 1)), None, "not sealed yet");
        let print = |export: &Export| format!("--print=2026-06-02={}", export.seals[1].print);
        assert_eq!(outsider(&whole, &[print(&whole)]), Ok(()));
        assert_eq!(outsider(&proof, &[]), Ok(()));

        let wrong = |change: fn(&mut Export)| {
            let mut changed = whole.clone();
            changed.proofs.clone_from(&proof.proofs);
            change(&mut changed);
            outsider(&changed, &[print(&whole)]).expect_err("something is wrong")
        };
        assert!(wrong(|it| it.seals[0].seal.root.replace_range(..2, "00")).contains("2026-06-01: the print"));
        assert!(wrong(|it| drop(it.seals.remove(0))).contains("2026-06-02: does not follow"));
        assert!(wrong(|it| it.entries.values_mut().next().expect("a day").swap(0, 1)).contains("sealed"));
        assert!(wrong(|it| it.proofs[0].entry -= 1).contains("does not lie under"));
        let unsealed = |it: &mut Export| {
            let seal = &mut it.seals[1];
            seal.seal.last += 1;
            let suite = LedgerSuite::from_key(&seal.seal.suite).expect("a suite");
            seal.print = seal.seal.print(suite.hash_function());
        };
        assert!(wrong(unsealed).contains("2026-06-02: not the seal that was published"));
    }
}

/// What `docs/seal-check.py` says of an export.
fn outsider(export: &Export, arguments: &[String]) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("export.json");
    std::fs::write(&file, serde_json::to_string(export).expect("plain data")).expect("a file");
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/seal-check.py");
    let told = Command::new("python3").arg(program).arg(&file).args(arguments).output().expect("Python is there");
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.stderr.is_empty(), "{}", String::from_utf8_lossy(&told.stderr));
    if told.status.success() { Ok(()) } else { Err(said) }
}
