//! 保管记录: what can happen to an original file of evidence between its arrival and the end of its keeping.

use crate::keyed::keyed;

keyed! {
    /// What happened to an original.
    pub enum Custody:
    /// 查看: shown on a page.
    Viewed = "viewed", "查看";
    /// 取出原件: its bytes left the program.
    Downloaded = "downloaded", "取出原件";
    /// 制作副本: a copy was made of it.
    Copied = "copied", "制作副本";
    /// 附送副本: its copy went out with a notice.
    CopySent = "copy_sent", "随通知附送副本";
    /// 附送原件: it went out itself with a notice.
    Sent = "sent", "随通知附送原件";
    /// 核验一致: the hash is as at arrival.
    Verified = "verified", "核验一致";
    /// 核验不一致: the hash differs, or the file is gone.
    Differs = "differs", "核验不一致";
    /// 有个人信息: somebody looked and said so.
    Personal = "personal", "认定有个人信息";
    /// 没有个人信息: somebody looked and said so.
    Impersonal = "impersonal", "认定没有个人信息";
}

impl Custody {
    /// What a statement about personal data says; none for everything else.
    pub fn says_personal(self) -> Option<bool> {
        match self {
            Custody::Personal => Some(true),
            Custody::Impersonal => Some(false),
            _ => None,
        }
    }
}
