//! 投诉材料: what a complaint must bring with it, item by item, as data with its article (O121 arts. 10, 11; catalogue 4.2).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// One item of what must be there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Name in code and data.
    pub key: String,
    /// The name for colleagues.
    pub label: String,
    /// What the consumer is asked for.
    pub ask: String,
    /// The article of each rule set that wants it.
    articles: BTreeMap<String, String>,
}

impl Material {
    /// The article under which the rule set wants it; none when it does not.
    pub fn article(&self, rule_set: &str) -> Option<&str> {
        self.articles.get(rule_set).map(String::as_str)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "a source is for the reader of the file")]
    source: String,
    #[expect(dead_code, reason = "a source is for the reader of the file")]
    confirmed: bool,
    materials: Vec<Material>,
}

/// Every item, in the order of the articles.
pub fn all() -> &'static [Material] {
    static MATERIALS: OnceLock<Vec<Material>> = OnceLock::new();
    MATERIALS.get_or_init(|| {
        let (file, text) = crate::embedded::MATERIALS;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in materials {file}: {error}"));
        read.materials
    })
}

/// What the rule set wants, in the order of its articles.
pub fn wanted_by(rule_set: &str) -> impl Iterator<Item = &'static Material> {
    all().iter().filter(move |material| material.article(rule_set).is_some())
}

/// The item with this key.
pub fn find(key: &str) -> Option<&'static Material> {
    all().iter().find(|material| material.key == key)
}
