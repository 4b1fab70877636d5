//! What is wrong with what was typed, gathered so that it comes back all at once.

use domain::filing::FieldError;

use crate::error::ActError;

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// A text that must be there.
    pub(crate) fn needed(self, field: &str, text: &str, message: &str) -> Faults {
        let missing = text.trim().is_empty();
        self.when(missing, field, &format!("{field}.missing"), message)
    }

    /// A fault when this is so.
    pub(crate) fn when(mut self, wrong: bool, field: &str, code: &str, message: &str) -> Faults {
        if wrong {
            let (field, code, message) = (field.to_owned(), code.to_owned(), message.to_owned());
            self.0.push(FieldError { code, message, field });
        }
        self
    }

    /// Nothing wrong, or everything that is.
    pub(crate) fn done(self) -> Result<(), ActError> {
        if self.0.is_empty() { Ok(()) } else { Err(ActError::Invalid(self.0)) }
    }
}
