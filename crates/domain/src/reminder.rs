//! 到期提醒: when the officer is reminded that a limit is about to end. A courtesy of the program, as data; no law asks for it.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::calendar::Calendar;
use crate::clock::{Unit, beijing_midnight};

/// One rule of `regulations/reminders.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reminder {
    unit: Unit,
    at_least: u32,
    before: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reminders: Vec<Reminder>,
}

fn builtin() -> &'static [Reminder] {
    static REMINDERS: OnceLock<Vec<Reminder>> = OnceLock::new();
    REMINDERS.get_or_init(|| {
        let (file, text) = crate::embedded::REMINDERS;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in reminders {file}: {error}"));
        read.reminders
    })
}

/// The morning on which the officer is reminded of a limit of this unit and length that ends with `due`; none for a limit too
/// short to need it.
pub fn remind_at(unit: Unit, length: u32, due: Date, calendar: &Calendar) -> Option<Timestamp> {
    let reminder = builtin().iter().find(|reminder| reminder.unit == unit && length >= reminder.at_least)?;
    let mut day = due;
    let mut left = reminder.before;
    while left > 0 {
        day = day.yesterday().ok()?;
        left -= u32::from(calendar.is_workday(day));
    }
    Some(beijing_midnight(day))
}
