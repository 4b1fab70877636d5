//! Tests of the store on both engines.

mod engine;
mod failures;
mod kill;
mod opening;
mod schema;
mod support;
