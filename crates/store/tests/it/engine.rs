//! What both engines promise alike: values, transactions, answers.

use crate::support::{add_shelf, held, labels, on_both, shelves};
use jiff::{Timestamp, civil::date};
use std::sync::mpsc;
use store::testing::{Fresh, on_both_with};
use store::{Db, Dialect, Options, StoreError, Tx, Value, params};

#[test]
fn what_is_stored_comes_back() {
    on_both("values", |db| {
        let texts = ["", "消费者", "𠮷野家 🥟", "it's \"quoted\" $1 ?1", "a\nb\t\\"];
        let numbers = [i64::MIN, -1, 0, 1, i64::MAX];
        let shelf = add_shelf(db, "values").unwrap();
        for (text, number) in texts.into_iter().zip(numbers) {
            let cover: Vec<u8> = (0..=255).collect();
            let stored = db
                .act(move |tx| {
                    let sql = "INSERT INTO book (shelf_id, title, year, cover, note) VALUES ($1, $2, $3, $4, $5)
                        RETURNING title, year, cover, note";
                    tx.first(sql, params![shelf, text, number, cover.clone(), None::<String>])
                })
                .map(Option::unwrap)
                .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
            assert_eq!(stored.str(0).unwrap(), text);
            assert_eq!(stored.int(1).unwrap(), number);
            assert_eq!(stored.blob(2).unwrap().len(), 256);
            assert_eq!(stored.opt_text(3).unwrap(), None);
        }
    });
}

#[test]
fn instants_days_and_yes_or_no_come_back() {
    on_both("instants", |db| {
        let at: Timestamp = "2026-02-13T07:04:05.123456Z".parse().unwrap();
        let before: Timestamp = "1949-10-01T07:00:00Z".parse().unwrap();
        let shelf = add_shelf(db, "instants").unwrap();
        let row = db
            .act(move |tx| {
                let sql =
                    "INSERT INTO book (shelf_id, title, year) VALUES ($1, $2, $3) RETURNING year, title, $4 AS yes,
                    CAST($5 AS BIGINT)";
                tx.first(sql, params![shelf, date(2026, 2, 13), at, "x", before])
            })
            .map(Option::unwrap)
            .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        assert_eq!(row.timestamp(0).unwrap(), at);
        assert_eq!(row.date(1).unwrap(), date(2026, 2, 13));
        assert_eq!(row.timestamp(3).unwrap(), before);
        assert_eq!(Value::from(true), Value::Int(1));
        assert!(row.bool(0).is_err(), "a number that is neither 0 nor 1 is no yes");
        assert!(row.date(2).is_err());
        assert!(row.text(0).is_err(), "a number is not silently a text");
        assert!(row.int(9).is_err());
    });
}

#[test]
fn null_and_small_literals_need_no_care() {
    on_both("null", |db| {
        let row = db
            .read(|tx| {
                let sql = "SELECT 1, 2 + $1, CAST(COUNT(*) AS BIGINT), COUNT(*), 'text', NULL, CAST($2 AS TEXT)
                    FROM shelf WHERE CAST($2 AS TEXT) IS NULL LIMIT $3";
                tx.first(sql, params![40, None::<String>, 1])
            })
            .map(Option::unwrap)
            .unwrap_or_else(|error: StoreError| panic!("{error:?}"));
        assert_eq!((row.int(0).unwrap(), row.int(1).unwrap(), row.int(3).unwrap()), (1, 42, 0));
        assert_eq!(row.str(4).unwrap(), "text");
        assert!(row.is_null(5).unwrap() && row.is_null(6).unwrap());
    });
}

#[test]
fn texts_are_ordered_and_compared_by_code_point() {
    on_both("order", |db| {
        for label in ["b", "B", "a", "A", "中", "〇", "é", "_", "10", "9", "a b", "ab"] {
            add_shelf(db, label).unwrap();
        }
        assert_eq!(labels(db), ["10", "9", "A", "B", "_", "a", "a b", "ab", "b", "é", "〇", "中"]);
        let count = |pattern: &'static str| {
            db.read(move |tx| tx.query("SELECT 1 FROM shelf WHERE label LIKE $1", params![pattern]))
                .map(|rows| rows.len())
                .unwrap_or_else(|error: StoreError| panic!("{error:?}"))
        };
        assert_eq!((count("a%"), count("A%"), count("%中%")), (3, 1, 1));
    });
}

#[test]
fn an_act_that_fails_leaves_nothing_and_costs_nobody_else() {
    on_both("failing", |db| {
        let answers = together(db, 20, |number| {
            move |tx: &mut Tx<'_>| {
                tx.execute("INSERT INTO shelf (label) VALUES ($1)", params![format!("{number:02}")])?;
                match number % 4 {
                    1 => Err(StoreError::Overloaded),
                    2 => panic!("act {number} panics"),
                    3 => tx.execute("INSERT INTO shelf (label) VALUES ($1)", params![format!("{number:02}")]).map(drop),
                    _ => Ok(()),
                }
            }
        });
        for (number, answer) in answers {
            match (number % 4, answer) {
                (0, Ok(())) | (1, Err(StoreError::Overloaded)) => {}
                (2, Err(StoreError::Panicked { message })) => assert_eq!(message, format!("act {number} panics")),
                (3, Err(error)) => assert!(error.is_conflict_on("shelf(label)"), "{error:?}"),
                (_, answer) => panic!("act {number}: {answer:?}"),
            }
        }
        assert_eq!(labels(db), ["00", "04", "08", "12", "16"]);
    });
}

#[test]
fn an_overlooked_error_is_not_half_kept() {
    on_both("overlooked", |db| {
        add_shelf(db, "first").unwrap();
        let answer: Result<(), StoreError> = db.act(|tx| {
            tx.execute("INSERT INTO shelf (label) VALUES ($1)", params!["second"])?;
            let _ = tx.execute("INSERT INTO shelf (label) VALUES ($1)", params!["first"]);
            let later = tx.execute("INSERT INTO shelf (label) VALUES ($1)", params!["third"]);
            assert!(matches!(later, Err(StoreError::Aborted)), "{later:?}");
            Ok(())
        });
        assert!(answer.unwrap_err().is_conflict_on("shelf(label)"));
        assert_eq!(labels(db), ["first"]);
    });
}

#[test]
fn an_attempt_fails_alone() {
    on_both("attempt", |db| {
        add_shelf(db, "first").unwrap();
        db.act(|tx| {
            let add =
                |tx: &mut Tx<'_>, label: &str| tx.execute("INSERT INTO shelf (label) VALUES ($1)", params![label]);
            add(tx, "before")?;
            let taken = tx.attempt(|tx| add(tx, "lost").and_then(|_| add(tx, "first")));
            assert!(taken.unwrap_err().is_conflict_on("shelf(label)"));
            let nested: Result<u64, StoreError> = tx.attempt(|tx| {
                add(tx, "outer")?;
                let inner = tx.attempt(|tx| add(tx, "inner").and(Err::<u64, _>(StoreError::Overloaded)));
                assert!(matches!(inner, Err(StoreError::Overloaded)));
                add(tx, "outer too")
            });
            nested?;
            add(tx, "after").map(drop)
        })
        .unwrap();
        assert_eq!(labels(db), ["after", "before", "first", "outer", "outer too"]);
    });
}

#[test]
fn broken_keys_and_rules_are_told_apart_alike() {
    on_both("keys", |db| {
        let shelf = add_shelf(db, "only").unwrap();
        let book = move |shelf: i64, title: Option<&'static str>| {
            db.act(move |tx| tx.execute("INSERT INTO book (shelf_id, title) VALUES ($1, $2)", params![shelf, title]))
        };
        assert_eq!(book(shelf, Some("one")).unwrap(), 1);
        let twice: StoreError = book(shelf, Some("one")).unwrap_err();
        assert!(twice.is_conflict_on("book(shelf_id,title)"), "{twice:?}");
        assert!(matches!(book(shelf + 1, Some("two")), Err(StoreError::Reference { .. })));
        assert!(matches!(book(shelf, None), Err(StoreError::Constraint { .. })));
        let used: Result<u64, StoreError> = db.act(|tx| tx.execute("DELETE FROM shelf", &[]));
        assert!(matches!(used, Err(StoreError::Reference { .. })), "{used:?}");
        let same_id: Result<u64, StoreError> =
            db.act(move |tx| tx.execute("INSERT INTO shelf (id, label) VALUES ($1, 'x')", params![shelf]));
        assert!(same_id.unwrap_err().is_conflict_on("shelf(id)"));
    });
}

#[test]
fn a_foreign_key_is_checked_for_a_returning_statement_too() {
    on_both("returning", |db| {
        let sql = "INSERT INTO book (shelf_id, title) VALUES (77, 'x') RETURNING id";
        let answer: Result<_, StoreError> = db.act(move |tx| tx.first(sql, &[]));
        assert!(matches!(answer, Err(StoreError::Reference { .. })), "{answer:?}");
    });
}

#[test]
fn a_rule_checked_at_commit_costs_only_the_act_that_breaks_it() {
    on_both("deferred", |db| {
        let answers = together(db, 10, |number| {
            move |tx: &mut Tx<'_>| {
                tx.execute("INSERT INTO shelf (label) VALUES ($1)", params![number.to_string()])?;
                if number == 5 {
                    tx.execute("INSERT INTO promise (book_id) VALUES (99)", &[])?;
                }
                Ok(())
            }
        });
        for (number, answer) in answers {
            match answer {
                Ok(()) if number != 5 => {}
                Err(StoreError::Reference { .. }) if number == 5 => {}
                other => panic!("act {number}: {other:?}"),
            }
        }
        assert_eq!(labels(db).len(), 9);
    });
}

#[test]
fn a_read_cannot_write() {
    on_both("read only", |db| {
        let answer: Result<u64, StoreError> = db.read(|tx| tx.execute("INSERT INTO shelf (label) VALUES ('x')", &[]));
        assert!(matches!(answer, Err(StoreError::ReadOnly { .. })), "{answer:?}");
        assert!(labels(db).is_empty());
    });
}

#[test]
fn a_read_sees_one_state_from_its_first_look_to_its_last() {
    on_both("one state", |db| {
        let writer = db.clone();
        let (before, after) = db
            .read(move |tx| {
                let before = tx.query("SELECT id FROM shelf", &[])?.len();
                add_shelf(&writer, "meanwhile")?;
                Ok::<_, StoreError>((before, tx.query("SELECT id FROM shelf", &[])?.len()))
            })
            .unwrap();
        assert_eq!((before, after), (0, 0));
        assert_eq!(labels(db), ["meanwhile"]);
    });
}

#[test]
fn an_answer_comes_after_the_commit() {
    on_both("after commit", |db| {
        let (reader, (sender, receiver)) = (db.clone(), mpsc::channel());
        db.submit(
            |tx| tx.execute("INSERT INTO shelf (label) VALUES ('seen')", &[]),
            move |answer: Result<u64, StoreError>| sender.send((answer, labels(&reader))).unwrap(),
        );
        let (answer, seen) = receiver.recv().unwrap();
        assert_eq!((answer.unwrap(), seen), (1, vec!["seen".to_owned()]));
    });
}

#[test]
fn a_receiver_that_panics_does_not_stop_the_database() {
    on_both("receiver", |db| {
        db.submit(|_| Ok::<(), StoreError>(()), |_| panic!("the receiver panics"));
        assert!(add_shelf(db, "still here").is_ok());
    });
}

#[test]
fn an_act_that_waits_for_another_is_told_instead_of_waiting_for_ever() {
    on_both("nested", |db| {
        let inner = db.clone();
        let answer = db.act(move |_| add_shelf(&inner, "inner"));
        assert!(matches!(answer, Err(StoreError::WaitsForItself)), "{answer:?}");
        assert!(add_shelf(db, "still here").is_ok());
    });
}

#[test]
fn a_wrong_number_of_parameters_is_an_error() {
    on_both("parameters", |db| {
        for given in [params![], params!["a", "b"]] {
            let given = given.to_vec();
            let answer: Result<u64, StoreError> =
                db.act(move |tx| tx.execute("INSERT INTO shelf (label) VALUES ($1)", &given));
            assert!(matches!(answer, Err(StoreError::Statement { .. })), "{answer:?}");
        }
        let wrong_type: Result<u64, StoreError> =
            db.act(|tx| tx.execute("INSERT INTO book (shelf_id, title) VALUES ($1, $2)", params!["text", "x"]));
        assert!(wrong_type.is_err());
        assert!(add_shelf(db, "still here").is_ok(), "the connection is whole");
    });
}

#[test]
fn closing_finishes_what_waits_and_refuses_what_comes() {
    on_both("closing", |db| {
        let clone = db.clone();
        let (sender, receiver) = mpsc::channel();
        for number in 0..50 {
            let sender = sender.clone();
            db.submit(
                move |tx| tx.execute("INSERT INTO shelf (label) VALUES ($1)", params![i64::to_string(&number)]),
                move |answer: Result<u64, StoreError>| sender.send(answer.is_ok()).unwrap(),
            );
        }
        drop(sender);
        db.clone().close();
        assert_eq!(receiver.iter().filter(|kept| *kept).count(), 50);
        assert!(matches!(add_shelf(&clone, "late"), Err(StoreError::Closed)));
    });
}

#[test]
fn a_full_queue_refuses_at_once() {
    let options = Options { queue_limit: 2, workers: 1, ..shelves() };
    on_both_with("full queue", &options, |db| {
        let (release, gate) = held(db);
        let (sender, receiver) = mpsc::channel();
        for number in 0..3 {
            let sender = sender.clone();
            db.submit(|_| Ok(()), move |answer: Result<(), StoreError>| sender.send((number, answer)).unwrap());
        }
        let (number, refused) = receiver.recv().unwrap();
        assert!(number == 2 && matches!(refused, Err(StoreError::Overloaded)), "{number}: {refused:?}");
        release.send(()).unwrap();
        gate.recv().unwrap();
        assert!(receiver.recv().unwrap().1.is_ok() && receiver.recv().unwrap().1.is_ok());
    });
}

#[test]
fn the_last_clone_may_be_dropped_by_an_answer() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, &shelves()).unwrap();
        let (sender, receiver) = mpsc::channel();
        let (release, gate) = held(&db);
        let last = db.clone();
        db.submit(
            |_| Ok(()),
            move |answer: Result<(), StoreError>| {
                drop(last);
                sender.send(answer.is_ok()).unwrap();
            },
        );
        drop(db);
        release.send(()).unwrap();
        assert!(receiver.recv().unwrap());
        drop(gate);
    }
}

/// Lets `count` acts wait behind one that is held, so that they are taken together, and gives their answers.
fn together<F>(db: &Db, count: i64, act: impl Fn(i64) -> F) -> Vec<(i64, Result<(), StoreError>)>
where
    F: FnMut(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static,
{
    let (release, _gate) = held(db);
    let (sender, receiver) = mpsc::channel();
    for number in 0..count {
        let sender = sender.clone();
        db.submit(act(number), move |answer| sender.send((number, answer)).unwrap());
    }
    drop(sender);
    release.send(()).unwrap();
    let answers: Vec<_> = receiver.iter().collect();
    assert_eq!(answers.len() as i64, count, "every act is answered once");
    answers
}
