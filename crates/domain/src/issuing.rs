//! 签发: which letters wait for an approval before they bear a seal and go out (`regulations/issuing.toml`).

use std::sync::OnceLock;

use serde::Deserialize;

use crate::action::Action;
use crate::keyed::keyed;

keyed! {
    /// How a signature came onto a paper.
    pub enum SignatureWay:
    /// 现场签名: drawn on the office's own screen.
    Pad = "pad", "现场签名";
    /// 手机签名: drawn on the signer's telephone, by a link with a code.
    Phone = "phone", "手机签名";
    /// 签字页: the signed page as scanned or photographed.
    Scan = "scan", "签字页";
}

/// A letter that waits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuing {
    /// Key of the letter.
    pub letter: String,
    /// The act that issues it.
    pub after: Action,
    /// What says so.
    pub source: String,
    /// Whether that was read there.
    pub confirmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuing: Vec<Issuing>,
}

/// What a letter waits for; none where it is issued when it is made.
pub fn awaited(letter: &str) -> Option<&'static Issuing> {
    static ISSUING: OnceLock<Vec<Issuing>> = OnceLock::new();
    let all = ISSUING.get_or_init(|| {
        let (file, text) = crate::embedded::ISSUING;
        toml::from_str::<File>(text).unwrap_or_else(|error| panic!("built-in {file}: {error}")).issuing
    });
    all.iter().find(|issuing| issuing.letter == letter)
}

#[cfg(test)]
mod tests {
    use super::awaited;
    use crate::action::Action;

    #[test]
    fn an_agreement_waits_for_the_leader() {
        assert_eq!(awaited("mediation_agreement").map(|issuing| issuing.after), Some(Action::Approve));
        assert!(awaited("acceptance_decision").is_none());
    }
}
