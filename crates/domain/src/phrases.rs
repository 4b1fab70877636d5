//! Set phrases: what an agent says when a matter cannot be taken (不予受理规范用语, catalogue 4.1), and what is answered again
//! and again (常用答复, catalogue 3.2).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::action::Action;

/// A set phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Its number in the collection.
    pub number: u32,
    /// Name in code and data.
    pub key: String,
    /// When to use it.
    pub title: String,
    /// What is said, with `{placeholders}`.
    pub text: String,
    /// The provision it cited in its time.
    pub cited: String,
    /// The key of today's refusal ground that fits, when one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    phrases: Vec<Phrase>,
}

/// The sixteen refusal phrases.
pub fn refusal() -> &'static [Phrase] {
    static PHRASES: OnceLock<Vec<Phrase>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let (file, text) = crate::embedded::REFUSAL_PHRASES;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in phrases {file}: {error}"));
        read.phrases
    })
}

/// The acts whose text a phrase can go into, with the name of the text's field.
pub const TEXTS: &[(Action, &str)] = &[
    (Action::Answer, "answer"),
    (Action::AnswerUrge, "answer"),
    (Action::Tell, "result"),
    (Action::Refuse, "reason"),
    (Action::Terminate, "reason"),
];

/// The field of an act that a phrase goes into.
pub fn text_of(action: Action) -> Option<&'static str> {
    TEXTS.iter().find(|(other, _)| *other == action).map(|(_, field)| *field)
}

/// A phrase of the country (常用答复): what a rule means, in words for the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerPhrase {
    /// Name in code and data.
    pub key: String,
    /// Key of the act it is for, one of [`TEXTS`].
    pub act: String,
    /// What it is about.
    pub title: String,
    /// What is said.
    pub text: String,
    /// Code table `goods_categories`: where it often fits.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Code table `problem_categories`: where it often fits.
    #[serde(default)]
    pub problems: Vec<String>,
    /// Words by which a question that it fits is known.
    #[serde(default)]
    pub words: Vec<String>,
    /// The articles it rests on.
    pub cited: String,
}

/// The phrases of the country.
pub fn answers() -> &'static [AnswerPhrase] {
    #[derive(Debug, Deserialize)]
    struct Answers {
        phrases: Vec<AnswerPhrase>,
    }
    static PHRASES: OnceLock<Vec<AnswerPhrase>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let (file, text) = crate::embedded::ANSWER_PHRASES;
        let read: Answers = toml::from_str(text).unwrap_or_else(|error| panic!("built-in phrases {file}: {error}"));
        read.phrases
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::codes::Codes;

    #[test]
    fn every_answer_phrase_cites_its_article_and_names_what_exists() {
        let codes = Codes::builtin();
        let mut keys = BTreeSet::new();
        for phrase in answers() {
            assert!(keys.insert(&phrase.key), "{} twice", phrase.key);
            assert!(Action::from_key(&phrase.act).and_then(text_of).is_some(), "{}: {}", phrase.key, phrase.act);
            assert!(phrase.cited.contains('第') && phrase.cited.contains('条'), "{}: {}", phrase.key, phrase.cited);
            assert!((1..=500).contains(&phrase.text.chars().count()), "{}", phrase.key);
            for (table, named) in [("goods_categories", &phrase.categories), ("problem_categories", &phrase.problems)] {
                for key in named {
                    assert!(codes.label(table, key).is_some(), "{}: {table} has no {key}", phrase.key);
                }
            }
        }
        assert!(keys.len() >= 20, "{}", keys.len());
    }
}
