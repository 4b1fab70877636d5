//! What the ledger tells, and the seals over it.

use domain::seal::Seal;
use jiff::civil::date;
use store::ledger::Scope;
use store::seal::SealRow;
use store::{installation, ledger, seal};

use super::seed::minute;
use super::{Behaviour, Telling};

/// What is promised of it.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "an act leaves an entry and the rows agree with it",
        covers: &["ledger::check", "ledger::check_entries", "ledger::head", "ledger::hashes"],
        run: entries,
    },
    Behaviour { name: "a day has one seal", covers: &["seal::insert", "seal::latest", "seal::all"], run: seals },
];

fn entries(telling: &mut Telling) {
    let taken_in = telling.look("head", ledger::head);
    telling.act("write", |tx| installation::put(tx, "one", "1"));
    telling.act("write again", |tx| installation::put(tx, "one", "2"));
    telling.act("write nothing", |tx| installation::get(tx, "one"));
    assert_eq!(telling.look("head", ledger::head), taken_in + 2);
    let hashes = telling.db.read(move |tx| ledger::hashes(tx, taken_in + 1, i64::MAX)).expect("the hashes");
    assert_eq!(hashes.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32]);
    let checked = telling.look("check", |tx| ledger::check(tx, &Scope::default()));
    assert_eq!(checked.findings, []);
    assert_eq!(checked.entries, taken_in + 2);
    let entries = telling.look("entries alone", |tx| ledger::check_entries(tx, &Scope::default()));
    assert_eq!((entries.entries, entries.rows), (taken_in + 2, 0));
}

fn seals(telling: &mut Telling) {
    assert_eq!(telling.look("none", seal::latest), None);
    let row = |day: i8, previous: &str| SealRow {
        seal: Seal {
            day: date(2026, 6, day),
            suite: "sha256".to_owned(),
            first: i64::from(day),
            last: i64::from(day),
            root: "00".to_owned(),
            previous: previous.to_owned(),
        },
        print: format!("print {day}"),
        made_at: minute(1),
    };
    let (one, two) = (row(1, ""), row(2, "print 1"));
    let (again, last) = (one.clone(), two.clone());
    telling.act("two", move |tx| {
        seal::insert(tx, &one)?;
        seal::insert(tx, &two)
    });
    assert_eq!(telling.look("latest", seal::latest), Some(last));
    assert_eq!(telling.look("all", seal::all).len(), 2);
    telling.refused("the same day", move |tx| seal::insert(tx, &again));
}
