//! Acts per second that are on disk before they are answered: `cargo run --release -p xiaobao-store --example throughput [sqlite|postgres]`.
//!
//! Each act is a filing: a row with three indexes, eight rows that belong to it and an update, ten statements. The rate of `fdatasync`
//! is measured beside it, because a durable commit can cost one. PostgreSQL is the server of the tests, made durable for this.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::testing::{Fresh, administer};
use store::{Db, Dialect, Migration, Options, StoreError, params};

const LASTING: Duration = Duration::from_secs(3);
const CLIENTS: [usize; 4] = [1, 8, 32, 128];
const PARTS: i64 = 8;

const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "throughput",
    text: "CREATE TABLE filing (
    id {{ID}},
    number TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    organization_id BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    story TEXT NOT NULL
);
CREATE INDEX filing_queue ON filing (organization_id, status, due_on);
CREATE INDEX filing_received ON filing (received_at);
CREATE TABLE part (
    id {{ID}},
    filing_id BIGINT NOT NULL REFERENCES filing (id),
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (filing_id, sequence)
);",
}];

fn main() {
    println!("fdatasync of 4 KiB appended: {} a second", syncs_a_second());
    println!("{:<10} {:>7} {:>9} {:>9} {:>9} {:>9}", "engine", "clients", "acts/s", "p50 ms", "p99 ms", "max ms");
    let only = std::env::args().nth(1);
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        if only.as_ref().is_some_and(|only| *only != format!("{dialect:?}").to_lowercase()) {
            continue;
        }
        let fresh = Fresh::new(dialect);
        if dialect == Dialect::Postgres {
            administer("ALTER SYSTEM SET fsync = on");
            administer("ALTER SYSTEM SET full_page_writes = on");
            administer("SELECT pg_reload_conf()");
        }
        let db = Db::open_with(&fresh.url, &Options { migrations: SCHEMA, ..Options::default() }).expect("it opens");
        for clients in CLIENTS {
            measure(&db, clients);
        }
    }
}

fn measure(db: &Db, clients: usize) {
    let over = AtomicBool::new(false);
    let begun = Instant::now();
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        let client = |client| {
            let over = &over;
            scope.spawn(move || {
                let mut latencies = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let asked = Instant::now();
                    file(db, format!("{clients}-{client}-{}", latencies.len())).expect("it is filed");
                    latencies.push(asked.elapsed());
                }
                latencies
            })
        };
        let threads: Vec<_> = (0..clients).map(client).collect();
        while let Some(rest) = LASTING.checked_sub(begun.elapsed()) {
            std::thread::park_timeout(rest);
        }
        over.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().expect("a client")).collect()
    });
    let lasted = begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{:<10} {clients:>7} {:>9.0} {:>9.2} {:>9.2} {:>9.2}",
        format!("{:?}", db.dialect()),
        latencies.len() as f64 / lasted,
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn file(db: &Db, number: String) -> Result<(), StoreError> {
    let story = "在该店购买的奶粉开封后发现异物,商家拒绝退款,要求退一赔三。".repeat(4);
    db.act(move |tx| {
        let sql = "INSERT INTO filing (number, status, organization_id, received_at, due_on, story)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
        let place = number.len() as i64 % 40;
        let row =
            tx.first(sql, params![&number, "registered", place, 1_700_000_000_000_000_i64, "2026-02-24", &story])?;
        let id = row.ok_or(StoreError::Aborted)?.int(0)?;
        for sequence in 0..PARTS {
            let sql = "INSERT INTO part (filing_id, sequence, kind, at, content) VALUES ($1, $2, $3, $4, $5)";
            let content = "申请人通过公众网页提交投诉,系统登记并开始计算期限。";
            tx.execute(sql, params![id, sequence, "registered", 1_700_000_000_000_000_i64, content])?;
        }
        tx.execute("UPDATE filing SET status = $2 WHERE id = $1 AND status = $3", params![id, "open", "registered"])?;
        Ok(())
    })
}

fn syncs_a_second() -> usize {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut file = std::fs::File::create(folder.path().join("appended")).expect("a file");
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("a write");
        count += 1;
    }
    count / 2
}
