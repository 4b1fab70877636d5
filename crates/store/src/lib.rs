//! SQL, files and search over two engines: the only crate that knows one. A noun a file; each function is plain SQL over a
//! transaction, and the same text runs on both engines.

pub mod access;
pub mod account;
pub mod agreement;
pub mod answer_phrase;
pub mod archive;
pub mod attachment;
pub mod body;
pub mod bureau_seal;
pub mod calendar;
pub mod case;
pub mod case_link;
pub mod circular;
pub mod counts;
pub mod custody;
pub mod db;
pub mod deadline;
pub mod derived_copy;
pub mod disposal;
pub mod draft;
pub mod errand;
pub mod event;
pub mod factor;
pub mod files;
pub mod handover;
pub mod human_pass;
pub mod idempotency;
pub mod installation;
pub mod lease;
pub mod ledger;
pub mod lending;
pub mod likeness;
pub mod login_source;
mod many;
pub mod meeting;
pub mod number;
pub mod operator;
pub mod operator_list;
pub mod organization;
pub mod outbox;
pub mod paper;
pub mod party;
pub mod penalty;
pub mod personal;
pub mod queue;
pub mod report;
pub mod reward;
pub mod seal;
pub mod search;
pub mod service;
pub mod session;
pub mod sight;
pub mod signature;
pub mod spot_check;
pub mod statement;
pub mod supplement;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;
pub mod vault;
pub mod visit;
pub mod volume;
pub mod wording;

pub use db::{
    DatabaseUrl, Db, Dialect, LedgerKey, LedgerSuite, Migration, OUTSIDE, Options, Row, StoreError, Tx, Value,
};
