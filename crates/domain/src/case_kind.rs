//! What a person brought to the centre (catalogue 3.2).

use serde::{Deserialize, Serialize};

/// The kind of a matter (事项类别), which decides the procedure and the clocks it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 投诉: a consumer asks that a dispute with an operator be settled (order 121 art. 3).
    Complaint,
    /// 咨询: a question.
    Consultation,
    /// 举报: a lead on a suspected offence (order 121 art. 3).
    Report,
    /// 意见建议: an opinion or suggestion.
    Suggestion,
    /// 对工作人员的举报: a complaint against the bureau's own staff.
    StaffComplaint,
}

impl CaseKind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: [Self; 5] =
        [Self::Complaint, Self::Consultation, Self::Report, Self::Suggestion, Self::StaffComplaint];

    /// The name in data files, addresses and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Consultation => "consultation",
            Self::Report => "report",
            Self::Suggestion => "suggestion",
            Self::StaffComplaint => "staff_complaint",
        }
    }

    /// The kind that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether only discipline officers and the person who filed it may know of it.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::StaffComplaint)
    }

    /// Whether it ends with an answer rather than with mediation (咨询、意见建议、对工作人员的举报).
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Consultation | Self::Suggestion | Self::StaffComplaint)
    }

    /// What the person who brought it is called.
    pub const fn person(self) -> &'static str {
        match self {
            Self::Complaint => "投诉人",
            Self::Consultation => "咨询人",
            Self::Report => "举报人",
            Self::Suggestion => "建议人",
            Self::StaffComplaint => "反映人",
        }
    }

    /// The Chinese name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Complaint => "投诉",
            Self::Consultation => "咨询",
            Self::Report => "举报",
            Self::Suggestion => "意见建议",
            Self::StaffComplaint => "对工作人员的举报",
        }
    }
}
