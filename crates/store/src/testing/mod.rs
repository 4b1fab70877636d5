//! Fresh databases for tests, on both engines. Only with the cargo feature `testing`.
//!
//! `on_both("what is shown", |db| …)` runs a test's body on a new SQLite file and on a new PostgreSQL database. The PostgreSQL server is
//! the one named by `XIAOBAO_TEST_POSTGRES` (an address whose user may create databases), or a private one that this process
//! starts once and that stops when the process ends, however it ends. Without either the test fails; it is never skipped.

mod server;

use crate::db::{DatabaseUrl, Db, Dialect, Options};
use postgres::{Client, NoTls};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Runs `body` on a fresh, migrated database of each engine.
pub fn on_both(name: &str, body: impl Fn(&Db)) {
    on_both_with(name, &Options::default(), body);
}

/// As [`on_both`], with other options, such as a test's own migrations.
pub fn on_both_with(name: &str, options: &Options, body: impl Fn(&Db)) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        // Shown with the test's output when it fails: which of the two it was.
        eprintln!("{name}: {dialect:?}");
        let fresh = Fresh::new(dialect);
        let db = Db::open_with(&fresh.url, options).unwrap_or_else(|error| panic!("{dialect:?}: {error:?}"));
        body(&db);
        db.close();
    }
}

/// An empty database that vanishes with this value.
pub struct Fresh {
    /// Its address.
    pub url: DatabaseUrl,
    kept: Kept,
}

enum Kept {
    Folder(Option<TempDir>),
    Database(String),
}

impl Fresh {
    /// An empty database.
    pub fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => {
                let folder = TempDir::new().expect("a folder for the test's database");
                Self { url: DatabaseUrl::Sqlite(folder.path().join("test.db")), kept: Kept::Folder(Some(folder)) }
            }
            Dialect::Postgres => {
                static COUNT: AtomicU32 = AtomicU32::new(0);
                let count = COUNT.fetch_add(1, Ordering::Relaxed);
                let name = format!("xiaobao_test_{}_{count}", std::process::id());
                administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                administer(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
                let url = DatabaseUrl::Postgres(with_database(server::address(), &name));
                Self { url, kept: Kept::Database(name) }
            }
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        match &mut self.kept {
            Kept::Folder(folder) => drop(folder.take()),
            Kept::Database(name) => administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")),
        }
    }
}

/// The address of the tests' PostgreSQL server, with its maintenance database.
pub fn postgres_address() -> &'static str {
    server::address()
}

/// Runs one statement on the tests' PostgreSQL server, outside of the engine under test.
pub fn administer(sql: &str) {
    // The driver brings its own event loop, which must not meet the one of an asynchronous test.
    let run = || {
        let mut client = Client::connect(server::address(), NoTls).expect("the tests' PostgreSQL server answers");
        client.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    };
    std::thread::scope(|scope| scope.spawn(run).join().expect("an administrator's statement"));
}

/// Runs statements on a database behind the program's back, as somebody with a shell on the machine would; no key is checked.
pub fn tamper(url: &DatabaseUrl, sql: &str) {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let connection = rusqlite::Connection::open(path).expect("the file opens");
            connection.execute_batch("PRAGMA foreign_keys = OFF").expect("a pragma");
            connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        }
        DatabaseUrl::Postgres(address) => {
            let run = || {
                let mut client = Client::connect(address, NoTls).expect("the database answers");
                client.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
            };
            std::thread::scope(|scope| scope.spawn(run).join().expect("a tampering statement"));
        }
    }
}

/// Every value of every table of a PostgreSQL database, as somebody with a dump of it would read them: texts as they are, bytes as
/// bytes, each with its table and column.
pub fn dump(address: &str) -> Vec<(String, Vec<u8>)> {
    let read = || {
        let mut client = Client::connect(address, NoTls).expect("the database answers");
        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";
        let tables = client.query(tables, &[]).expect("the tables");
        let mut values = Vec::new();
        for table in tables {
            let table: String = table.get(0);
            for message in client.simple_query(&format!("SELECT * FROM {table}")).expect("its rows") {
                let postgres::SimpleQueryMessage::Row(row) = message else { continue };
                for (index, column) in row.columns().iter().enumerate() {
                    let value = row.get(index).unwrap_or_default();
                    values.push((format!("{table}.{}", column.name()), plain(value)));
                }
            }
        }
        values
    };
    std::thread::scope(|scope| scope.spawn(read).join().expect("a dump"))
}

/// Bytes are told as hexadecimal digits behind `\x`.
fn plain(value: &str) -> Vec<u8> {
    let digits = value.strip_prefix("\\x").map(str::as_bytes);
    let bytes = digits.and_then(|digits| {
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        digits.chunks(2).map(pair).collect::<Option<Vec<u8>>>()
    });
    bytes.unwrap_or_else(|| value.as_bytes().to_vec())
}

/// The same server, another database.
pub fn with_database(address: &str, name: &str) -> String {
    let (front, query) = address.split_once('?').map_or((address, None), |(front, query)| (front, Some(query)));
    let authority = front.find("://").map_or(0, |at| at + 3);
    let end = front[authority..].find('/').map_or(front.len(), |at| authority + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &front[..end])
}
