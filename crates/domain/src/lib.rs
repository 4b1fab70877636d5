//! What the law and the bureau decide. Pure: no clock, no chance, no SQL, no HTTP — time and chance are arguments.
//!
//! The law itself is data (`rule_set`, `calendar`); a case is the fold of its acts (`act`, `case`), and the only gate to
//! an act is the procedure's table (`procedure`).

pub mod accepting;
pub mod act;
pub mod action;
pub mod audit;
pub mod beijing;
pub mod bodies;
pub mod calendar;
pub mod case;
pub mod case_kind;
pub mod chain;
pub mod citizen_id;
pub mod clock;
pub mod codes;
pub mod credit_code;
mod digits;
pub mod dispatching;
pub mod divisions;
pub mod duplicates;
mod embedded;
pub mod filing;
pub mod further_party;
pub mod grounds;
pub mod jurisdiction;
mod keyed;
pub mod letter;
pub mod link;
pub mod materials;
pub mod mediation;
pub mod money;
pub mod narration;
pub mod operator;
pub mod organization;
pub mod phone_number;
pub mod phrases;
pub mod procedure;
pub mod region_code;
pub mod reminder;
pub mod reporting;
pub mod role;
pub mod rule_book;
pub mod rule_check;
pub mod rule_set;
pub mod seal;
pub mod signals;
pub mod spot_check;
pub mod status;
pub mod timeliness;
pub mod trigger;
pub mod turns;
pub mod vault;
pub mod visit;
pub mod year_notice;
