//! domain

pub mod calendar;
pub mod case_kind;
pub mod citizen_id;
pub mod clock;
pub mod credit_code;
mod digits;
mod embedded;
pub mod letter;
pub mod money;
pub mod phone_number;
pub mod region_code;
pub mod rule_book;
pub mod rule_set;
pub mod trigger;
pub mod year_notice;
