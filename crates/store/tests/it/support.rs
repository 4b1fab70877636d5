//! What the tests of the engine share: a small schema of their own, and databases that know only it.

use std::sync::mpsc;
use store::{Db, Migration, Options, StoreError, params};

/// A schema with every kind of column and key.
pub const SHELF: &[Migration] = &[Migration {
    version: 1,
    name: "shelf",
    text: "CREATE TABLE shelf (
    id {{ID}},
    label TEXT NOT NULL UNIQUE
);
CREATE TABLE book (
    id {{ID}},
    shelf_id BIGINT NOT NULL REFERENCES shelf (id),
    title TEXT NOT NULL,
    year BIGINT,
    cover {{BLOB}},
    note TEXT,
    UNIQUE (shelf_id, title)
);
CREATE TABLE promise (
    book_id BIGINT NOT NULL REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED
);",
}];

/// Options with that schema.
pub fn shelves() -> Options {
    Options { migrations: SHELF, ..Options::default() }
}

/// Runs `body` on both engines, each with the small schema.
pub fn on_both(name: &str, body: impl Fn(&Db)) {
    store::testing::on_both_with(name, &shelves(), body);
}

/// Adds a shelf and gives its id.
pub fn add_shelf(db: &Db, label: &'static str) -> Result<i64, StoreError> {
    db.act(move |tx| {
        let row = tx.first("INSERT INTO shelf (label) VALUES ($1) RETURNING id", params![label])?;
        row.expect("RETURNING gives a row").int(0)
    })
}

/// The labels in their order.
pub fn labels(db: &Db) -> Vec<String> {
    db.read(|tx| {
        let rows = tx.query("SELECT label FROM shelf ORDER BY label", &[])?;
        rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, StoreError>>()
    })
    .expect("the shelves can be read")
}

/// Holds a database thread until the sender is used; returns when it holds. The receiver tells that it is over.
pub fn held(db: &Db) -> (mpsc::Sender<()>, mpsc::Receiver<()>) {
    let (release, wait) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let (over, is_over) = mpsc::channel();
    db.submit(
        move |_| {
            begun.send(()).unwrap();
            let _ = wait.recv();
            Ok::<(), StoreError>(())
        },
        move |_| {
            let _ = over.send(());
        },
    );
    has_begun.recv().unwrap();
    (release, is_over)
}
