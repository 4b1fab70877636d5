//! 举报人: whether she gave her name, and when each message was written.

use jiff::Timestamp;

use super::CasePage;
use crate::view::{self, Tag, Tone, tag};

impl CasePage {
    /// 实名 or 匿名.
    pub(super) fn named(&self) -> Tag {
        match self.file.case.state.turns.reporting.named {
            Some(true) => tag("实名举报", Tone::Teal),
            Some(false) => tag("匿名举报", Tone::Plain),
            None if self.is_lead() => tag("没有举报人", Tone::Plain),
            None => tag("不保存身份", Tone::Plain),
        }
    }

    /// Nobody reported it.
    pub(super) fn is_lead(&self) -> bool {
        self.file.case.state.turns.reporting.origin.is_some()
    }

    pub(super) fn moment(&self, at: &Timestamp) -> String {
        view::dates::moment(*at, self.today)
    }
}
