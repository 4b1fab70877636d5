//! Tests of the store on both engines.

mod engine;
mod failures;
mod kill;
mod ledger;
mod opening;
mod parity;
mod schema;
mod support;
