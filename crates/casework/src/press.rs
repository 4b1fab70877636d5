//! 印制: the fonts and forms at hand, read once when something is printed for the first time.

use std::path::Path;
use std::sync::OnceLock;

use documents::font::Fonts;
use documents::form::FormBook;
use domain::rule_book::RuleBook;

/// Fonts and forms.
#[derive(Default)]
pub struct Press {
    fonts: OnceLock<Fonts>,
    forms: OnceLock<FormBook>,
}

impl Press {
    /// The fonts: those of the data folder before the one in the program.
    pub fn fonts(&self, data: &Path) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::with_folder(&data.join("fonts")))
    }

    /// The forms over the letters of these rule sets.
    pub fn forms(&self, rules: &RuleBook) -> &FormBook {
        self.forms.get_or_init(|| FormBook::over(rules).expect("the built-in forms are descriptions of forms"))
    }
}
