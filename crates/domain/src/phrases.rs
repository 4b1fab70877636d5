//! What an agent says when a matter cannot be taken (不予受理规范用语, catalogue 4.1).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

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
