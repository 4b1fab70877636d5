//! The law, an article a table: before, on and after each change (2014-03-15, 2020-01-01, 2024-07-01, 2026-04-15) what must
//! hold for a matter received on that day. The rows were written from the texts of the law and the notices of the State
//! Council on days off, not from this program; a row ends in `unconfirmed` where the text itself was not read (`regulations.md` §1).

mod counting;
mod forms;
mod grounds;
mod jurisdiction;
mod limits;
mod reports;

use domain::case_kind::CaseKind;
use domain::rule_book::RuleBook;
use domain::rule_set::RuleSet;
use jiff::civil::Date;

fn book() -> RuleBook {
    RuleBook::builtin().unwrap_or_else(|error| panic!("{error}"))
}

/// The law for a complaint received on a day.
fn law(book: &RuleBook, day: Date) -> &RuleSet {
    book.national(CaseKind::Complaint, day).unwrap_or_else(|error| panic!("{error}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The rows of a table, each cut into its cells; a line of dashes and empty lines are for the eye.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    lines.skip(1).map(|line| line.split('|').map(str::trim).collect())
}
