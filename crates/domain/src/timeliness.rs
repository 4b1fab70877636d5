//! 五及时: acceptance, receipt of a transfer, dispatch, handling and feedback, each judged by the limits that
//! `regulations/timeliness.toml` names (catalogue 5.6).

use std::sync::OnceLock;

use serde::Deserialize;

/// One of the five.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Name in data and addresses.
    pub key: String,
    /// The words on screen, e.g. 受理及时.
    pub name: String,
    /// Keys of the limits that it looks at, in whichever rule sets they stand.
    pub limits: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    measures: Vec<Measure>,
}

/// The five, in the order of a case's course.
pub fn measures() -> &'static [Measure] {
    static MEASURES: OnceLock<Vec<Measure>> = OnceLock::new();
    MEASURES.get_or_init(|| {
        let (file, text) = crate::embedded::TIMELINESS;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in measures {file}: {error}"));
        read.measures
    })
}

/// The measure that has this key.
pub fn measure(key: &str) -> Option<&'static Measure> {
    measures().iter().find(|measure| measure.key == key)
}

impl Measure {
    /// Whether a case was timely: `ends` tells of each of its limits, by key, whether it was met in time (none while that is
    /// open). Timely when all that can be judged were in time; none when nothing can be judged yet.
    pub fn verdict<'a>(&self, ends: impl IntoIterator<Item = (&'a str, Option<bool>)>) -> Option<bool> {
        let judged = ends.into_iter().filter(|(key, _)| self.limits.iter().any(|limit| limit == key));
        judged.filter_map(|(_, in_time)| in_time).reduce(|all, one| all && one)
    }
}
