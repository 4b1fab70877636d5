//! Everything that is wrong with a form, at once.

use askama::Template;
use askama::filters::HtmlSafe;

/// One thing to change: the field's name in the form, and a sentence that says what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's `name`; empty for an error that belongs to the whole form.
    pub field: String,
    /// What to do, such as `请只写数字，例如 469`.
    pub message: String,
}

/// The errors of a form in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    items: Vec<FieldError>,
}

impl Errors {
    /// No errors.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.items.push(FieldError { field: field.into(), message: message.into() });
    }

    /// Whether the form is in order.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The first error of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        let of_field = self.items.iter().find(|item| item.field == field)?;
        Some(&of_field.message)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.items.iter()
    }

    /// The box at the head of the page, which takes the focus and links to each field.
    pub fn summary(&self) -> ErrorSummary<'_> {
        ErrorSummary { errors: self }
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<F: Into<String>, M: Into<String>> FromIterator<(F, M)> for Errors {
    fn from_iter<I: IntoIterator<Item = (F, M)>>(pairs: I) -> Self {
        let mut errors = Self::none();
        for (field, message) in pairs {
            errors.push(field, message);
        }
        errors
    }
}

/// The box that lists what is to be changed. Renders nothing when there is nothing.
#[derive(Template)]
#[template(path = "parts/error_summary.html")]
pub struct ErrorSummary<'a> {
    errors: &'a Errors,
}

impl HtmlSafe for ErrorSummary<'_> {}
