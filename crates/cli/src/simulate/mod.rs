//! The simulator: a town of bureaus, shops and consumers in fast time, seeded, over the real casework. It makes the
//! demonstration's data, drives the property tests and fills the benchmarks.

pub mod asking;
pub mod chaos;
pub mod claim;
pub mod course;
pub mod doing;
pub mod filling;
pub mod hands;
pub mod hours;
pub mod mix;
pub mod operators;
pub mod ordinary;
pub mod oversight;
pub mod person;
pub mod photo;
pub mod phrase;
pub mod plain;
pub mod reporting;
pub mod rounds;
pub mod run;
pub mod script;
pub mod settlement;
pub mod shares;
pub mod shop;
pub mod skeleton;
pub mod story;
pub mod town;
pub mod turn;
pub mod vocabulary;
pub mod voice;
