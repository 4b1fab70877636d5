//! A form as data: what is asked, what was typed.

use domain::filing::FieldError;
use jiff::civil::DateTime;

use crate::view::{Choice, Errors, Field};

/// Which control answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Area,
    Select,
    Radios,
    YesNo,
    Moment,
    Date,
    Money,
    Checks,
}

/// One question of a form.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    kind: Kind,
    pub(crate) name: String,
    label: String,
    hint: String,
    value: String,
    chosen: Vec<String>,
    choices: Vec<Choice>,
    /// Names to choose from where anything can be written: name and what is said of it.
    pub(crate) proposals: Vec<(String, String)>,
    /// The `id` of their list.
    pub(crate) list: String,
    rows: u8,
    at_most: u32,
    optional: bool,
    /// Asked only with this answer to another question.
    only_with: Option<(&'static str, &'static str)>,
    /// A button under it that sends the form for another reason: its name and its words.
    button: Option<(&'static str, &'static str)>,
}

impl Asked {
    pub(crate) fn new(kind: Kind, name: impl Into<String>, label: impl Into<String>) -> Asked {
        Asked {
            kind,
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: String::new(),
            chosen: Vec::new(),
            choices: Vec::new(),
            proposals: Vec::new(),
            list: String::new(),
            rows: 4,
            at_most: 0,
            optional: false,
            only_with: None,
            button: None,
        }
    }

    /// A text of several lines.
    pub(crate) fn area(name: &str, label: &str, rows: u8, at_most: u32) -> Asked {
        Asked { rows, at_most, ..Asked::new(Kind::Area, name, label) }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Asked {
        self.hint = hint.into();
        self
    }

    pub(crate) fn value(mut self, value: impl Into<String>) -> Asked {
        self.value = value.into();
        self
    }

    /// What is ticked to begin with.
    pub(crate) fn chosen(mut self, chosen: Vec<String>) -> Asked {
        self.chosen = chosen;
        self
    }

    pub(crate) fn choices(mut self, choices: Vec<Choice>) -> Asked {
        self.choices = choices;
        self
    }

    /// Proposes names; anything else can still be written.
    pub(crate) fn proposals(mut self, proposals: Vec<(String, String)>) -> Asked {
        self.list = if proposals.is_empty() { String::new() } else { format!("{}-proposals", self.name) };
        self.proposals = proposals;
        self
    }

    pub(crate) fn at_most(mut self, characters: u32) -> Asked {
        self.at_most = characters;
        self
    }

    pub(crate) fn optional(mut self) -> Asked {
        self.optional = true;
        self
    }

    /// Is asked only with this answer to another question; without a style sheet that knows how, it is in sight always.
    pub(crate) fn only_with(mut self, name: &'static str, answer: &'static str) -> Asked {
        self.only_with = Some((name, answer));
        self
    }

    /// Has a button under it that sends the form for another reason.
    pub(crate) fn with_button(mut self, name: &'static str, words: &'static str) -> Asked {
        self.button = Some((name, words));
        self
    }

    pub(crate) fn button(&self) -> Option<&(&'static str, &'static str)> {
        self.button.as_ref()
    }

    /// The class of what stands around it: many short boxes stand side by side.
    pub(crate) fn around(&self) -> String {
        let many = matches!(self.kind, Kind::Checks) && self.choices.len() > 6;
        let many = many && self.choices.iter().all(|choice| choice.hint.is_empty());
        match self.only_with {
            Some((name, answer)) => format!("only-{name}-{answer}"),
            None => if many { "many" } else { "" }.to_owned(),
        }
    }

    /// Puts back what was typed, when anything was.
    pub(crate) fn typed(mut self, typed: Option<&Typed>) -> Asked {
        if let Some(typed) = typed {
            typed.get(&self.name).clone_into(&mut self.value);
            self.chosen = typed.all(&self.name);
        }
        self
    }

    /// Fills in what a link gave, and leaves the rest as it is.
    pub(crate) fn given(mut self, given: &Typed) -> Asked {
        if given.has(&self.name) {
            given.get(&self.name).clone_into(&mut self.value);
        }
        self
    }

    /// The question on the page.
    pub(crate) fn field<'a>(&'a self, errors: &'a Errors) -> Field<'a> {
        let (name, label) = (self.name.as_str(), self.label.as_str());
        let field = match self.kind {
            Kind::Text => Field::text(name, label),
            Kind::Area => Field::textarea(name, label).rows(self.rows),
            Kind::Select => Field::select(name, label, &self.choices),
            Kind::Radios => Field::radios(name, label, &self.choices),
            Kind::YesNo => Field::yes_no(name, label),
            Kind::Moment => Field::moment(name, label),
            Kind::Date => Field::date(name, label),
            Kind::Money => Field::money(name, label),
            Kind::Checks => Field::checkboxes(name, label, &self.choices).chosen(&self.chosen),
        };
        let field = field.value(&self.value).hint(&self.hint).list(&self.list).errors(errors);
        let field = if self.at_most > 0 { field.at_most(self.at_most) } else { field };
        if self.optional { field.optional() } else { field }
    }
}

/// What a form sent, in the order in which it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

impl Typed {
    /// The first value under a name, trimmed; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value under a name: the boxes of a list that are ticked.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone()).collect()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The version of the case on the page that sent the form.
    pub(crate) fn version(&self) -> Option<i64> {
        self.get("version").parse().ok()
    }

    pub(crate) fn yes(&self, name: &str) -> bool {
        self.get(name) == "yes"
    }

    /// A number from a list; 0 when nothing was chosen, which no row has.
    pub(crate) fn id(&self, name: &str) -> i64 {
        self.get(name).parse().unwrap_or_default()
    }
}

/// One fault.
pub(crate) fn fault(field: impl Into<String>, code: &str, message: impl Into<String>) -> FieldError {
    FieldError { code: code.to_owned(), message: message.into(), field: field.into() }
}

/// A day and time as a browser sends or a person types it: `2026-03-18T09:30`, `2026-3-18 9:30`, in Beijing time.
pub(crate) fn moment(typed: &str) -> Option<DateTime> {
    let (day, time) = typed.trim().split_once(['T', ' '])?;
    let day = domain::filing::parse_day(day)?;
    let mut parts = time.trim().split([':', '：']);
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    DateTime::new(day.year(), day.month(), day.day(), hour, minute, 0, 0).ok()
}

/// As a browser's own control wants it.
pub(crate) fn moment_value(at: DateTime) -> String {
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_browsers_and_people_write_it() {
        let expected = jiff::civil::date(2026, 3, 18).at(9, 30, 0, 0);
        for typed in ["2026-03-18T09:30", "2026-3-18 9:30", "2026-03-18T09:30:00", "2026年3月18日 9：30"] {
            assert_eq!(moment(typed), Some(expected), "{typed}");
        }
        assert_eq!(moment("明天上午"), None);
        assert_eq!(moment_value(expected), "2026-03-18T09:30");
    }
}
