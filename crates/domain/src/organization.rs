//! The tree of bureaus, centres and offices (catalogue 1.1, 1.2).

use serde::{Deserialize, Serialize};

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationKind {
    /// 市场监督管理局: a bureau of the nation, a province, a city or a county.
    Bureau,
    /// 12315 投诉举报中心: the one body of a bureau that takes everything in.
    Centre,
    /// 市场监督管理所（分局）: an office under a county bureau.
    Office,
    /// 12315 消费维权服务站: hangs off one office.
    Station,
}

impl OrganizationKind {
    /// The stable key kept in storage.
    pub fn key(self) -> &'static str {
        match self {
            OrganizationKind::Bureau => "bureau",
            OrganizationKind::Centre => "centre",
            OrganizationKind::Office => "office",
            OrganizationKind::Station => "station",
        }
    }

    /// The name on screen.
    pub fn label(self) -> &'static str {
        match self {
            OrganizationKind::Bureau => "局",
            OrganizationKind::Centre => "12315 中心",
            OrganizationKind::Office => "所",
            OrganizationKind::Station => "服务站",
        }
    }

    /// Reads a stored key.
    pub fn from_key(key: &str) -> Option<OrganizationKind> {
        [OrganizationKind::Bureau, OrganizationKind::Centre, OrganizationKind::Office, OrganizationKind::Station]
            .into_iter()
            .find(|kind| kind.key() == key)
    }
}
