//! 保密信息 (catalogue 11.1): the five classes of what is kept confidential, and who is meant to see each thing
//! (`regulations/confidential.toml`). Who really can is worked out elsewhere, from the rules that let people in.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::role::Role;

/// The classes with where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidentiality {
    /// Where they come from.
    pub source: String,
    /// Each class.
    pub class: Vec<ConfidentialClass>,
}

/// A class of what is kept confidential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialClass {
    /// The key.
    pub key: String,
    /// In a few words.
    pub label: String,
    /// In the words of the rule.
    pub says: String,
    /// 项.
    pub item: String,
    /// What of it this program holds.
    pub thing: Vec<ConfidentialThing>,
}

/// Something of a class that this program holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialThing {
    /// The key.
    pub key: String,
    /// In a few words.
    pub label: String,
    /// Who is meant to see it.
    pub roles: Vec<Role>,
    /// How far, in words.
    #[serde(default)]
    pub note: String,
}

/// The classes inside the program.
pub fn confidentiality() -> &'static Confidentiality {
    static CLASSES: OnceLock<Confidentiality> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let (file, text) = crate::embedded::CONFIDENTIAL;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}
