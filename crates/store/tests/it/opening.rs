//! Opening a database: what is wrong is said in a sentence, and nothing is half-written.

use crate::support::{SHELF, add_shelf, labels, shelves};
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;
use store::testing::{Fresh, administer, postgres_address, with_database};
use store::{DatabaseUrl, Db, Dialect, Migration, Options, StoreError};
use tempfile::TempDir;

const BOTH: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

#[test]
fn the_built_in_migrations_run_once_and_are_then_left_alone() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        for _ in 0..2 {
            let db = Db::open(&fresh.url).unwrap_or_else(|error| panic!("{dialect:?}: {error:?}"));
            let applied = db.read(|tx| tx.query("SELECT version FROM schema_migration", &[]));
            assert_eq!(
                applied.map(|rows| rows.len()).unwrap_or_else(|error: StoreError| panic!("{error:?}")),
                store::db::MIGRATIONS.len()
            );
            db.close();
        }
    }
}

#[test]
fn what_was_stored_is_there_after_closing_and_opening() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &shelves()).unwrap();
        add_shelf(&db, "kept").unwrap();
        db.close();
        assert_eq!(labels(&Db::open_with(&fresh.url, &shelves()).unwrap()), ["kept"]);
    }
}

#[test]
fn two_programs_that_start_at_once_migrate_once() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        std::thread::scope(|scope| {
            let opening: Vec<_> = (0..6).map(|_| scope.spawn(|| Db::open_with(&fresh.url, &shelves()))).collect();
            for thread in opening {
                thread.join().unwrap().unwrap_or_else(|error| panic!("{dialect:?}: {error:?}"));
            }
        });
    }
}

#[test]
fn a_newer_database_is_left_alone() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        let two: &[Migration] = Box::leak(Box::new([SHELF[0], Migration { version: 2, name: "later", text: "" }]));
        drop(Db::open_with(&fresh.url, &Options { migrations: two, ..shelves() }).unwrap());
        let refused = Db::open_with(&fresh.url, &shelves()).err().unwrap();
        assert!(matches!(refused, StoreError::NewerSchema { found: 2, known: 1 }), "{refused:?}");
        assert!(refused.sentence().contains("更新的程序"));
    }
}

#[test]
fn a_changed_migration_is_refused() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        drop(Db::open_with(&fresh.url, &shelves()).unwrap());
        let changed: &[Migration] =
            Box::leak(Box::new([Migration { text: "CREATE TABLE other (id {{ID}});", ..SHELF[0] }]));
        let refused = Db::open_with(&fresh.url, &Options { migrations: changed, ..shelves() }).err().unwrap();
        assert_eq!(refused.code(), "store.changed_migration");
    }
}

#[test]
fn a_failed_migration_leaves_the_state_before_it() {
    for dialect in BOTH {
        let fresh = Fresh::new(dialect);
        drop(Db::open_with(&fresh.url, &shelves()).unwrap());
        let broken = "CREATE TABLE half (\n    id {{ID}}\n);\nINSERT INTO shelf (label) VALUES ('half');\nNONSENSE;";
        let two: &[Migration] = Box::leak(Box::new([SHELF[0], Migration { version: 2, name: "broken", text: broken }]));
        let refused = Db::open_with(&fresh.url, &Options { migrations: two, ..shelves() }).err().unwrap();
        assert!(matches!(refused, StoreError::Migration { version: 2, .. }), "{refused:?}");
        assert!(refused.sentence().contains("0002"));
        let db = Db::open_with(&fresh.url, &shelves()).expect("the database is as it was");
        assert!(labels(&db).is_empty());
        let half: Result<_, StoreError> = db.read(|tx| tx.query("SELECT id FROM half", &[]));
        assert!(half.is_err());
    }
}

#[test]
fn a_file_that_is_no_database_is_not_touched() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.docx");
    let content = "这不是数据库".repeat(1_000);
    fs::write(&path, &content).unwrap();
    let refused = refusal(&DatabaseUrl::Sqlite(path.clone()));
    assert!(matches!(refused, StoreError::NotADatabase { .. }), "{refused:?}");
    assert!(refused.sentence().contains("letter.docx"));
    assert_eq!(fs::read_to_string(&path).unwrap(), content);
}

#[test]
fn the_database_of_another_program_is_not_touched() {
    let fresh = Fresh::new(Dialect::Sqlite);
    let theirs: &[Migration] = &[];
    let db = Db::open_with(&fresh.url, &Options { migrations: theirs, ..shelves() }).unwrap();
    db.act(|tx| tx.execute("CREATE TABLE theirs (id INTEGER)", &[]))
        .map(drop)
        .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
    db.close();
    assert_eq!(refusal(&fresh.url).code(), "store.foreign_database");
}

#[test]
fn a_file_locked_by_another_program_is_reported() {
    let fresh = Fresh::new(Dialect::Sqlite);
    let empty: &[Migration] = &[];
    let other = Db::open_with(&fresh.url, &Options { migrations: empty, ..shelves() }).unwrap();
    let url = fresh.url.clone();
    other
        .act(move |tx| {
            // A lock for writing is held: the migrations cannot run.
            tx.execute("CREATE TABLE schema_migration (version BIGINT)", &[])?;
            let refused =
                Db::open_with(&url, &Options { lock_wait: Duration::from_millis(20), ..shelves() }).err().unwrap();
            assert!(matches!(refused, StoreError::Locked { .. }), "{refused:?}");
            Err::<(), _>(StoreError::Overloaded)
        })
        .unwrap_err();
    other.close();
    assert!(Db::open_with(&fresh.url, &shelves()).is_ok(), "the lock is gone");
}

#[test]
fn a_folder_that_is_missing_or_closed_is_named() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("nowhere").join("xiaobao.db");
    // Nobody may make a file in /proc, not even root.
    for path in [missing, PathBuf::from("/proc/xiaobao.db"), folder.path().to_owned()] {
        let refused = refusal(&DatabaseUrl::Sqlite(path.clone()));
        assert!(matches!(refused, StoreError::CannotOpen { .. }), "{}: {refused:?}", path.display());
        assert!(refused.sentence().contains(path.to_str().unwrap()));
    }
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let fresh = Fresh::new(Dialect::Sqlite);
    let db = Db::open_with(&fresh.url, &shelves()).unwrap();
    add_shelf(&db, "private").unwrap();
    let DatabaseUrl::Sqlite(path) = &fresh.url else { unreachable!() };
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", entry.path().display());
    }
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let refused = refusal(&DatabaseUrl::parse(&format!("postgres://clerk:s3cret@127.0.0.1:{port}/xiaobao")).unwrap());
    assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused:?}");
    assert!(refused.sentence().contains(&format!("127.0.0.1:{port}")));
    assert!(!format!("{refused:?} {refused} {}", refused.sentence()).contains("s3cret"));
}

#[test]
fn a_wrong_password_and_a_missing_database_are_told_apart() {
    let (front, _) = postgres_address().split_once("://").unwrap();
    let (_, host) = postgres_address().rsplit_once('@').unwrap();
    let stranger = format!("{front}://nobody_of_that_name:wrong@{host}");
    assert_eq!(refusal(&DatabaseUrl::parse(&stranger).unwrap()).code(), "store.wrong_password");
    let missing = with_database(postgres_address(), "no_such_database");
    assert_eq!(refusal(&DatabaseUrl::parse(&missing).unwrap()).code(), "store.no_database");
}

#[test]
fn a_database_that_cannot_hold_all_characters_is_refused() {
    let name = format!("xiaobao_test_ascii_{}", std::process::id());
    administer(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"));
    let refused = refusal(&DatabaseUrl::Postgres(with_database(postgres_address(), &name)));
    administer(&format!("DROP DATABASE {name} WITH (FORCE)"));
    assert!(matches!(&refused, StoreError::WrongEncoding { found } if found == "SQL_ASCII"), "{refused:?}");
}

#[test]
fn a_server_without_tls_is_refused_when_tls_was_asked_for() {
    let address = format!("{}?sslmode=require", postgres_address());
    assert_eq!(refusal(&DatabaseUrl::parse(&address).unwrap()).code(), "store.tls");
}

fn refusal(url: &DatabaseUrl) -> StoreError {
    Db::open_with(url, &shelves()).err().expect("it is refused")
}
