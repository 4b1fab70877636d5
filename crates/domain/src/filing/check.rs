//! One look over what was typed: every fault is kept with its field, and all come back at once.

use jiff::civil::Date;

use super::{FieldError, LINE_AT_MOST_CHARACTERS, Typist};
use crate::citizen_id::CitizenId;
use crate::codes::Codes;
use crate::money::Money;

/// The faults found so far, and the day on which they are looked for.
pub(crate) struct Check {
    faults: Vec<FieldError>,
    today: Date,
}

impl Check {
    pub(crate) fn new(today: Date) -> Check {
        Check { faults: Vec::new(), today }
    }

    pub(crate) fn today(&self) -> Date {
        self.today
    }

    /// Nothing is wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// All that was found.
    pub(crate) fn faults(self) -> Vec<FieldError> {
        self.faults
    }

    pub(crate) fn add(&mut self, faults: impl IntoIterator<Item = FieldError>) {
        self.faults.extend(faults);
    }

    pub(crate) fn fault(&mut self, field: &str, code: &str, message: &str) {
        self.faults.push(FieldError { code: code.to_owned(), message: message.to_owned(), field: field.to_owned() });
    }

    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        typed: &str,
        missing: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let typed = typed.trim();
        if typed.is_empty() {
            self.fault(field, &format!("{field}.missing"), missing);
            return None;
        }
        parse(typed).map_err(|error| self.fault(field, &format!("{field}.invalid"), &error.to_string())).ok()
    }

    /// One line of text; `missing` says that it must be there.
    pub(crate) fn line(&mut self, field: &str, typed: &str, missing: Option<&str>) -> String {
        let line: String = typed.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match missing {
            Some(missing) if line.is_empty() => self.fault(field, &format!("{field}.missing"), missing),
            _ if line.chars().count() > LINE_AT_MOST_CHARACTERS => {
                self.fault(
                    field,
                    &format!("{field}.too_long"),
                    &format!("请控制在 {LINE_AT_MOST_CHARACTERS} 个字以内"),
                );
            }
            _ => {}
        }
        line
    }

    pub(crate) fn text(&mut self, field: &str, typed: &str, at_most: usize, missing: &str) -> String {
        let text = self.free(field, typed, at_most);
        if text.is_empty() {
            self.fault(field, &format!("{field}.missing"), missing);
        }
        text
    }

    pub(crate) fn free(&mut self, field: &str, typed: &str, at_most: usize) -> String {
        let text: String =
            typed.trim().replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        if text.chars().count() > at_most {
            self.fault(field, &format!("{field}.too_long"), &format!("请控制在 {at_most} 个字以内"));
        }
        text
    }

    pub(crate) fn money(&mut self, field: &str, typed: &str) -> Option<Money> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let money = Money::parse(typed).ok();
        if money.is_none() {
            self.fault(field, &format!("{field}.invalid"), "请只写数字，例如 469");
        }
        money
    }

    pub(crate) fn past_day(&mut self, field: &str, typed: &str, what: &str) -> Option<Date> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let Some(day) = parse_day(typed) else {
            self.fault(field, &format!("{field}.invalid"), &format!("{what}请写成 2026-03-18 这样"));
            return None;
        };
        if day > self.today {
            self.fault(field, &format!("{field}.in_the_future"), &format!("{what}不能晚于今天"));
        }
        Some(day)
    }

    pub(crate) fn code(&mut self, field: &str, typed: &str, codes: &Codes, table: &str, needed: bool) {
        let known = codes.label(table, typed).is_some();
        if !known && (needed || !typed.is_empty()) {
            self.fault(field, &format!("{field}.unknown"), "请从列表中选择");
        }
    }

    pub(crate) fn consent(&mut self, field: &str, typed: &str, typist: Typist, missing: &str) -> Option<bool> {
        match typed {
            "yes" => Some(true),
            "no" => Some(false),
            "" if typist == Typist::Agent || typist == Typist::Program => None,
            _ => {
                self.fault(field, &format!("{field}.missing"), missing);
                None
            }
        }
    }

    /// The number of a document: with its check digit where it is the citizen's.
    pub(crate) fn id_number(&mut self, field: &str, kind: &str, typed: &str, missing: Option<&str>) -> String {
        let mut number = self.line(field, typed, missing);
        if kind == "citizen_id" && !number.is_empty() {
            match CitizenId::parse(&number) {
                Ok(id) => id.as_str().clone_into(&mut number),
                Err(error) => self.fault(field, "citizen_id.invalid", &error.to_string()),
            }
        }
        number
    }
}

/// A day as people type it: `2026-3-18`, `2026/03/18`, `2026.3.18`, `20260318`, `2026年3月18日`.
pub fn parse_day(typed: &str) -> Option<Date> {
    let digits: Vec<&str> = typed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match digits.as_slice() {
        [whole] if whole.len() == 8 => (whole[..4].parse().ok()?, whole[4..6].parse().ok()?, whole[6..].parse().ok()?),
        [year, month, day] if year.len() == 4 => (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
        _ => return None,
    };
    Date::new(year, month, day).ok()
}
