//! 移送去向: other departments to which a matter can be referred, with their telephone (`regulations/bodies.toml`).

use std::sync::OnceLock;

use serde::Deserialize;

/// A department that is not a market regulator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Name in code and data.
    pub key: String,
    /// The Chinese name.
    pub name: String,
    /// The number people call.
    pub phone: String,
    /// What it handles.
    pub matters: String,
    /// Where the number was read.
    pub source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "read so that the file must have it")]
    source: String,
    #[expect(dead_code, reason = "read so that the file must have it")]
    confirmed: bool,
    bodies: Vec<Body>,
}

/// Every body, in the order of the file.
pub fn all() -> &'static [Body] {
    static BODIES: OnceLock<Vec<Body>> = OnceLock::new();
    BODIES.get_or_init(|| {
        let (file, text) = crate::embedded::BODIES;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in bodies {file}: {error}"));
        read.bodies
    })
}

/// The body that has this key.
pub fn find(key: &str) -> Option<&'static Body> {
    all().iter().find(|body| body.key == key)
}
