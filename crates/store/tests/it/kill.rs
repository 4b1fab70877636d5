//! What was answered survives a killed process; what was not is whole or absent.

use crate::support::shelves;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use store::testing::Fresh;
use store::{DatabaseUrl, Db, Dialect, StoreError, params};

const ADDRESS: &str = "XIAOBAO_KILL_TEST_DATABASE";
const BOOKS: usize = 5;
const ANSWERS_BEFORE_THE_KILL: usize = 2_000;

/// This test plays two parts: started by itself with an address, it is the process that is killed.
#[test]
fn every_answered_act_is_there_after_a_kill() {
    if let Ok(address) = std::env::var(ADDRESS) {
        write_until_killed(&address.parse().unwrap());
    }
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let fresh = Fresh::new(dialect);
        let answered = answers_of_a_killed_writer(&fresh.url);
        assert!(answered.len() >= ANSWERS_BEFORE_THE_KILL);

        let db = Db::open_with(&fresh.url, &shelves()).unwrap();
        let stored = db
            .read(|tx| {
                tx.query(
                    "SELECT s.id, COUNT(b.id) FROM shelf s LEFT JOIN book b ON b.shelf_id = s.id GROUP BY s.id",
                    &[],
                )
            })
            .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        assert!(stored.iter().all(|row| row.int(1).unwrap() == BOOKS as i64), "{dialect:?}: a half act");
        let stored: BTreeSet<i64> = stored.iter().map(|row| row.int(0).unwrap()).collect();
        let lost: Vec<_> = answered.difference(&stored).collect();
        assert!(lost.is_empty(), "{dialect:?}: answered and lost: {lost:?}");
    }
}

fn answers_of_a_killed_writer(url: &DatabaseUrl) -> BTreeSet<i64> {
    let address = match url {
        DatabaseUrl::Sqlite(path) => path.to_str().unwrap().to_owned(),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::every_answered_act_is_there_after_a_kill", "--nocapture"])
        .env(ADDRESS, address)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut answered = BTreeSet::new();
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        // The last line may be torn by the kill; one without its end was not told.
        if let Some(id) = line.strip_suffix(" answered\n").and_then(|line| line.rsplit(' ').next()) {
            answered.insert(id.parse().unwrap());
        }
        if answered.len() == ANSWERS_BEFORE_THE_KILL {
            child.kill().unwrap();
        }
        line.clear();
    }
    child.wait().unwrap();
    answered
}

fn write_until_killed(url: &DatabaseUrl) -> ! {
    let db = Db::open_with(url, &shelves()).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let db = &db;
            scope.spawn(move || {
                for number in 0.. {
                    let id = write_one(db, &format!("{writer}/{number}")).unwrap();
                    let mut out = std::io::stdout();
                    writeln!(out, "row {id} answered").unwrap();
                }
            });
        }
    });
    unreachable!("the writers do not end")
}

fn write_one(db: &Db, label: &str) -> Result<i64, StoreError> {
    let label = label.to_owned();
    db.act(move |tx| {
        let shelf = tx.first("INSERT INTO shelf (label) VALUES ($1) RETURNING id", params![&label])?;
        let shelf = shelf.expect("RETURNING gives a row").int(0)?;
        for number in 0..BOOKS {
            let title = format!("{label}/{number}");
            tx.execute("INSERT INTO book (shelf_id, title) VALUES ($1, $2)", params![shelf, title])?;
        }
        Ok(shelf)
    })
}
