//! What only happens with two processes, two sessions or a small disk.

use crate::support::{add_shelf, held, labels, shelves};
use std::sync::mpsc;
use std::time::Duration;
use store::testing::{Fresh, administer};
use store::{DatabaseUrl, Db, Dialect, Options, StoreError, params};

#[test]
fn a_full_disk_costs_only_the_acts_that_need_room() {
    let fresh = Fresh::new(Dialect::Sqlite);
    let db = Db::open_with(&fresh.url, &shelves()).unwrap();
    let shelf = add_shelf(&db, "small").unwrap();
    // SQLite then answers as it does when the disk is full.
    let pages = db.act(|tx| tx.first("PRAGMA page_count", &[])).map(Option::unwrap).and_then(|row| row.int(0)).unwrap();
    db.act(move |tx| tx.first(&format!("PRAGMA max_page_count = {}", pages + 2), &[])).map(drop).unwrap();

    let (release, _over) = held(&db);
    let (sender, receiver) = mpsc::channel();
    for number in 0..6 {
        let (sender, size) = (sender.clone(), if number == 3 { 1_000_000 } else { 10 });
        db.submit(
            move |tx| {
                let sql = "INSERT INTO book (shelf_id, title, cover) VALUES ($1, $2, $3)";
                tx.execute(sql, params![shelf, i64::to_string(&number), vec![1_u8; size]])
            },
            move |answer| sender.send((number, answer)).unwrap(),
        );
    }
    drop(sender);
    release.send(()).unwrap();
    for (number, answer) in &receiver {
        match answer {
            Ok(1) if number != 3 => {}
            Err(StoreError::DiskFull { .. }) if number == 3 => {}
            other => panic!("act {number}: {other:?}"),
        }
    }
    let kept = db
        .read(|tx| tx.query("SELECT title FROM book ORDER BY title", &[]))
        .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
    let kept: Vec<_> = kept.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(kept, ["0", "1", "2", "4", "5"]);
    let sound = db.read(|tx| tx.first("PRAGMA integrity_check", &[])).map(Option::unwrap);
    assert_eq!(sound.unwrap_or_else(|error: StoreError| panic!("{error:?}")).str(0).unwrap(), "ok");
}

#[test]
fn a_file_that_another_program_writes_is_reported_and_then_free() {
    let fresh = Fresh::new(Dialect::Sqlite);
    let options = Options { lock_wait: Duration::from_millis(20), ..shelves() };
    let ours = Db::open_with(&fresh.url, &options).unwrap();
    let theirs = Db::open_with(&fresh.url, &options).expect("a second program may open the file");
    theirs
        .act({
            let ours = ours.clone();
            move |tx| {
                tx.execute("INSERT INTO shelf (label) VALUES ('theirs')", &[])?;
                let refused = add_shelf(&ours, "ours").unwrap_err();
                assert_eq!(refused.code(), "store.locked");
                assert!(refused.sentence().contains("另一个程序"), "{}", refused.sentence());
                assert!(labels(&ours).is_empty(), "reading goes on meanwhile");
                Ok::<(), StoreError>(())
            }
        })
        .unwrap();
    add_shelf(&ours, "ours").unwrap();
    assert_eq!(labels(&theirs), ["ours", "theirs"]);
}

#[test]
fn acts_that_lock_each_other_out_both_succeed() {
    let fresh = Fresh::new(Dialect::Postgres);
    let db = Db::open_with(&fresh.url, &shelves()).unwrap();
    let rows = [add_shelf(&db, "a").unwrap(), add_shelf(&db, "b").unwrap()];
    let (to_left, left) = mpsc::channel::<()>();
    let (to_right, right) = mpsc::channel::<()>();
    let (sender, receiver) = mpsc::channel();
    for (order, tell, hear) in [([0, 1], to_right, left), ([1, 0], to_left, right)] {
        let mut first_run = true;
        let sender = sender.clone();
        db.submit(
            move |tx| {
                let touch = "UPDATE shelf SET label = label || '.' WHERE id = $1";
                tx.execute(touch, params![rows[order[0]]])?;
                if first_run {
                    first_run = false;
                    tell.send(()).unwrap();
                    hear.recv().unwrap();
                }
                tx.execute(touch, params![rows[order[1]]])
            },
            move |answer: Result<u64, StoreError>| sender.send(answer).unwrap(),
        );
    }
    drop(sender);
    assert!(receiver.iter().all(|answer| answer.is_ok()));
    assert_eq!(labels(&db), ["a..", "b.."]);
}

#[test]
fn a_broken_connection_is_mended_and_the_act_run_again() {
    let fresh = Fresh::new(Dialect::Postgres);
    let db = Db::open_with(&fresh.url, &shelves()).unwrap();
    let mut run = 0;
    let runs = db
        .act(move |tx| {
            run += 1;
            tx.execute("INSERT INTO shelf (label) VALUES ('once')", &[])?;
            if run == 1 {
                tx.first("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
            }
            Ok::<i32, StoreError>(run)
        })
        .unwrap();
    assert_eq!(runs, 2);
    assert_eq!(labels(&db), ["once"]);

    // Between two acts: every connection of ours is cut.
    let DatabaseUrl::Postgres(address) = &fresh.url else { unreachable!() };
    let name = address.rsplit('/').next().unwrap();
    administer(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    add_shelf(&db, "twice").unwrap();
    assert_eq!(labels(&db), ["once", "twice"]);
}

#[test]
fn a_connection_lost_in_the_commit_is_told_as_unknown() {
    let fresh = Fresh::new(Dialect::Postgres);
    let db = Db::open_with(&fresh.url, &shelves()).unwrap();
    // A trigger that runs at the commit and cuts the connection: whether the commit happened, the client cannot know.
    db.act(|tx| {
        tx.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
            &[],
        )?;
        let trigger = "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON shelf DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION cut()";
        tx.execute(trigger, &[])
    })
    .map(drop)
    .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
    let answer = add_shelf(&db, "unknown");
    assert!(matches!(answer, Err(StoreError::OutcomeUnknown { .. })), "{answer:?}");
    assert!(answer.unwrap_err().sentence().contains("不能确定"));
}

#[test]
fn a_statement_prepared_before_a_migration_is_prepared_again() {
    let fresh = Fresh::new(Dialect::Postgres);
    let options = Options { workers: 1, readers: 1, ..shelves() };
    let db = Db::open_with(&fresh.url, &options).unwrap();
    add_shelf(&db, "one").unwrap();
    let width = || db.read(|tx| tx.first("SELECT * FROM shelf", &[])).map(|row| row.unwrap().len());
    assert_eq!(width().unwrap_or_else(|error: StoreError| panic!("{error:?}")), 2);
    db.act(|tx| tx.execute("ALTER TABLE shelf ADD COLUMN colour TEXT", &[]))
        .map(drop)
        .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
    assert_eq!(width().unwrap_or_else(|error: StoreError| panic!("{error:?}")), 3);
}
