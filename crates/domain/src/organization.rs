//! The tree of bureaus, centres and offices (catalogue 1.1, 1.2).

use crate::keyed::keyed;

keyed! {
    /// What an organisation is.
    pub enum OrganizationKind:
    /// 市场监督管理局: a bureau of the nation, a province, a city or a county.
    Bureau = "bureau", "局";
    /// 12315 投诉举报中心: the one body of a bureau that takes everything in.
    Centre = "centre", "12315 中心";
    /// 市场监督管理所（分局）: an office under a county bureau.
    Office = "office", "所";
    /// 12315 消费维权服务站: hangs off one office.
    Station = "station", "服务站";
}
