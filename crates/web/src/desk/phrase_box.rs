//! 常用答复 beside a text: found by a word, put in by a click or a key; without a script the same button asks the server.

use askama::Template;
use askama::filters::HtmlSafe;
use casework::answer_phrase::{self, Offered};
use domain::action::Action;
use domain::phrases;

use super::forms::Typed;

/// The name of the button that asks for a phrase.
pub(super) const BUTTON: &str = "phrase";

/// The card with the phrases for one text.
#[derive(Template)]
#[template(path = "desk/phrase_box.html")]
pub(super) struct PhraseBox {
    /// The field of the text.
    field: &'static str,
    fitting: Vec<Offered>,
    others: Vec<Offered>,
}

impl HtmlSafe for PhraseBox {}

impl PhraseBox {
    /// The card for an act's text; none when there is nothing to offer.
    pub(super) fn new(action: Action, offered: Vec<Offered>) -> Option<PhraseBox> {
        let field = phrases::text_of(action).filter(|_| !offered.is_empty())?;
        let (fitting, others) = offered.into_iter().partition(|it| it.fits);
        Some(PhraseBox { field, fitting, others })
    }
}

/// What was typed with the phrase that was asked for behind its text.
pub(super) fn put_in(typed: &Typed, action: Action, offered: &[Offered]) -> Typed {
    let chosen = offered.iter().find(|it| it.key == typed.get(BUTTON));
    let (Some(phrase), Some(field)) = (chosen, phrases::text_of(action)) else { return typed.clone() };
    let text = answer_phrase::appended(typed.get(field), &phrase.text);
    let mut pairs = typed.0.clone();
    pairs.retain(|(name, _)| name != field);
    pairs.push((field.to_owned(), text));
    Typed(pairs)
}
