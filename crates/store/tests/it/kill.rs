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

const NUMBERS: &str = "XIAOBAO_KILL_TEST_NUMBERS";
const CLIENTS: usize = 32;
const NUMBERS_BEFORE_THE_KILL: usize = 600;

/// Also in two parts: 32 clients take numbers of one series until their process is killed. What was answered is there, nothing was
/// given twice, nothing is missing in between, and the series goes on behind the last.
#[test]
fn numbers_have_no_gap_and_no_double_after_a_kill() {
    if let Ok(address) = std::env::var(NUMBERS) {
        take_numbers_until_killed(&address.parse().unwrap());
    }
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let fresh = Fresh::new(dialect);
        drop(Db::open(&fresh.url).unwrap());
        let answered = numbers_of_a_killed_process(&fresh.url);
        let told: BTreeSet<i64> = answered.iter().copied().collect();
        assert_eq!(told.len(), answered.len(), "{dialect:?}: a number was given twice");

        let db = Db::open(&fresh.url).unwrap();
        let kept: Vec<i64> = db
            .read(|tx| {
                let rows = tx.query("SELECT value FROM installation WHERE key LIKE 'number-%' ORDER BY key", &[])?;
                rows.iter().map(|row| Ok(row.text(0)?.parse().expect("a number"))).collect()
            })
            .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        let last = kept.len() as i64;
        assert_eq!(kept, (1..=last).collect::<Vec<_>>(), "{dialect:?}: a gap");
        assert!(told.iter().all(|number| *number <= last), "{dialect:?}: answered and lost");
        assert_eq!(take_one(&db).unwrap(), last + 1, "{dialect:?}");
    }
}

fn numbers_of_a_killed_process(url: &DatabaseUrl) -> Vec<i64> {
    let address = match url {
        DatabaseUrl::Sqlite(path) => path.to_str().unwrap().to_owned(),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::numbers_have_no_gap_and_no_double_after_a_kill", "--nocapture"])
        .env(NUMBERS, address)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let (mut answered, mut line) = (Vec::new(), String::new());
    while output.read_line(&mut line).unwrap() > 0 {
        if let Some(number) = line.strip_suffix(" given\n").and_then(|line| line.rsplit(' ').next()) {
            answered.push(number.parse().unwrap());
        }
        if answered.len() == NUMBERS_BEFORE_THE_KILL {
            child.kill().unwrap();
        }
        line.clear();
    }
    child.wait().unwrap();
    answered
}

fn take_numbers_until_killed(url: &DatabaseUrl) -> ! {
    let db = Db::open(url).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let number = take_one(&db).unwrap();
                    let mut out = std::io::stdout();
                    writeln!(out, "number {number} given").unwrap();
                }
            });
        }
    });
    unreachable!("the clients do not end")
}

/// Takes a number and writes it down, in one act.
fn take_one(db: &Db) -> Result<i64, StoreError> {
    db.act(|tx| {
        let number = store::number::next(tx, "letter:1:市监投受:2026")?;
        store::installation::put(tx, &format!("number-{number:06}"), &number.to_string())?;
        Ok(number)
    })
}
