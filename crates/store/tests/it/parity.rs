//! 同一套行为: every public function of the store does the same on both engines. A behaviour tells what it did and saw, word by
//! word; the two tellings must be equal, and what matters is also asserted in place. A function that no behaviour names fails the
//! last test here.

mod accepting;
mod after;
mod archive;
mod cases;
mod checks;
mod copies;
mod door;
mod handover;
mod ledger;
mod letters;
mod lists;
mod operators;
mod papers;
mod penalties;
mod people;
mod personal;
mod reports;
mod rewards;
mod seed;
mod service;
mod things;
mod vault;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use store::testing::Fresh;
use store::{Db, Dialect, StoreError, Tx};

/// Something the store promises, and the functions that it takes.
pub struct Behaviour {
    /// In a few words.
    pub name: &'static str,
    /// `file::function`.
    pub covers: &'static [&'static str],
    /// Does it on a fresh database.
    pub run: fn(&mut Telling),
}

/// A database and what was seen on it.
pub struct Telling {
    /// The database.
    pub db: Db,
    lines: Vec<String>,
}

impl Telling {
    /// Does something that must succeed, and tells what came of it.
    pub fn act<T: Debug + Send + 'static>(
        &mut self,
        what: &str,
        act: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        let seen = self.db.act(act).unwrap_or_else(|error: StoreError| panic!("{what}: {error:?}"));
        self.lines.push(format!("{what}: {seen:?}"));
        seen
    }

    /// Does something that must fail, and tells with which code.
    pub fn refused<T: Debug + Send + 'static>(
        &mut self,
        what: &str,
        act: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> &'static str {
        let error = self.db.act(act).expect_err(what);
        self.lines.push(format!("{what}: {} {}", error.code(), error.sentence()));
        error.code()
    }

    /// Looks without acting: what was written is there for readers too.
    pub fn look<T: Debug + Send + 'static>(
        &mut self,
        what: &str,
        look: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        let seen = self.db.read(look).unwrap_or_else(|error: StoreError| panic!("{what}: {error:?}"));
        self.lines.push(format!("{what}: {seen:?}"));
        seen
    }
}

#[test]
fn doors_are_alike() {
    alike(door::BEHAVIOURS);
}

#[test]
fn people_and_places_are_alike() {
    alike(people::BEHAVIOURS);
}

#[test]
fn cases_are_alike() {
    alike(cases::BEHAVIOURS);
}

#[test]
fn accepting_is_alike() {
    alike(accepting::BEHAVIOURS);
}

#[test]
fn what_follows_the_end_is_alike_on_both_engines() {
    alike(after::BEHAVIOURS);
}

#[test]
fn the_archive_is_alike() {
    alike(archive::BEHAVIOURS);
}

#[test]
fn the_ledger_is_alike() {
    alike(ledger::BEHAVIOURS);
}

#[test]
fn phrases_are_alike() {
    alike(letters::BEHAVIOURS);
}

#[test]
fn rewards_are_alike() {
    alike(rewards::BEHAVIOURS);
    alike(papers::BEHAVIOURS);
}

#[test]
fn copies_are_alike() {
    alike(copies::BEHAVIOURS);
}

#[test]
fn checks_are_alike() {
    alike(checks::BEHAVIOURS);
}

#[test]
fn lists_are_alike() {
    alike(lists::BEHAVIOURS);
}

#[test]
fn operators_are_alike() {
    alike(operators::BEHAVIOURS);
}

#[test]
fn all_other_things_are_alike() {
    alike(things::BEHAVIOURS);
}

#[test]
fn reports_are_alike() {
    alike(reports::BEHAVIOURS);
    alike(penalties::BEHAVIOURS);
}

#[test]
fn service_is_alike() {
    alike(service::BEHAVIOURS);
}

#[test]
fn hand_overs_are_alike() {
    alike(handover::BEHAVIOURS);
}

#[test]
fn requests_and_statements_are_alike() {
    alike(personal::BEHAVIOURS);
}

#[test]
fn the_vault_is_alike() {
    alike(vault::BEHAVIOURS);
}

fn alike(behaviours: &[Behaviour]) {
    for behaviour in behaviours {
        let [sqlite, postgres] = [Dialect::Sqlite, Dialect::Postgres].map(|dialect| {
            eprintln!("{}: {dialect:?}", behaviour.name);
            let fresh = Fresh::new(dialect);
            let db = Db::open(&fresh.url).unwrap_or_else(|error| panic!("{dialect:?}: {error:?}"));
            let mut telling = Telling { db: db.clone(), lines: Vec::new() };
            (behaviour.run)(&mut telling);
            db.close();
            telling.lines
        });
        for (sqlite, postgres) in sqlite.iter().zip(&postgres) {
            assert_eq!(sqlite, postgres, "{}: SQLite on the left, PostgreSQL on the right", behaviour.name);
        }
        assert_eq!(sqlite.len(), postgres.len(), "{}", behaviour.name);
    }
}

/// The behaviours with the source they stand in.
const GROUPS: &[(&[Behaviour], &str)] = &[
    (papers::BEHAVIOURS, include_str!("parity/papers.rs")),
    (penalties::BEHAVIOURS, include_str!("parity/penalties.rs")),
    (service::BEHAVIOURS, include_str!("parity/service.rs")),
    (people::BEHAVIOURS, include_str!("parity/people.rs")),
    (door::BEHAVIOURS, include_str!("parity/door.rs")),
    (cases::BEHAVIOURS, include_str!("parity/cases.rs")),
    (accepting::BEHAVIOURS, include_str!("parity/accepting.rs")),
    (after::BEHAVIOURS, include_str!("parity/after.rs")),
    (archive::BEHAVIOURS, include_str!("parity/archive.rs")),
    (checks::BEHAVIOURS, include_str!("parity/checks.rs")),
    (handover::BEHAVIOURS, include_str!("parity/handover.rs")),
    (ledger::BEHAVIOURS, include_str!("parity/ledger.rs")),
    (personal::BEHAVIOURS, include_str!("parity/personal.rs")),
    (letters::BEHAVIOURS, include_str!("parity/letters.rs")),
    (copies::BEHAVIOURS, include_str!("parity/copies.rs")),
    (rewards::BEHAVIOURS, include_str!("parity/rewards.rs")),
    (lists::BEHAVIOURS, include_str!("parity/lists.rs")),
    (operators::BEHAVIOURS, include_str!("parity/operators.rs")),
    (reports::BEHAVIOURS, include_str!("parity/reports.rs")),
    (things::BEHAVIOURS, include_str!("parity/things.rs")),
    (vault::BEHAVIOURS, include_str!("parity/vault.rs")),
];

#[test]
fn every_public_function_is_named_and_called() {
    let found = public_functions();
    assert!(found.len() > 100, "the sources were not found: {found:?}");
    let named: BTreeSet<String> =
        GROUPS.iter().flat_map(|(group, _)| *group).flat_map(|it| it.covers).map(|it| (*it).to_owned()).collect();
    let forgotten: Vec<_> = found.difference(&named).collect();
    let stale: Vec<_> = named.difference(&found).collect();
    assert!(forgotten.is_empty(), "no behaviour in tests/it/parity names {forgotten:?}");
    assert!(stale.is_empty(), "behaviours name what is no public function: {stale:?}");
    for (group, source) in GROUPS {
        for behaviour in *group {
            for function in behaviour.covers {
                assert!(is_called(source, function), "{}: {function} is named but not called", behaviour.name);
            }
        }
    }
}

/// Whether the function stands anywhere outside of the lists of names.
fn is_called(source: &str, function: &str) -> bool {
    source.match_indices(function).any(|(at, _)| {
        let next = source[at + function.len()..].chars().next();
        next.is_some_and(|next| next != '"' && next != '_' && !next.is_alphanumeric())
    })
}

/// `file::function` of each function that the store offers, from the sources.
fn public_functions() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut functions = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the sources").flatten() {
        let path = entry.path();
        let (Some(noun), Some("rs")) =
            (path.file_stem().and_then(|it| it.to_str()), path.extension().and_then(|it| it.to_str()))
        else {
            continue;
        };
        let text = std::fs::read_to_string(&path).expect("a source");
        for line in text.lines().filter_map(|line| line.strip_prefix("pub fn ")) {
            let name: String = line.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            functions.insert(format!("{noun}::{name}"));
        }
    }
    functions
}
