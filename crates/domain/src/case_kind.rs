//! What a person brought to the centre (catalogue 3.2).

use crate::keyed::keyed;

keyed! {
    /// The kind of a matter (事项类别), which decides the procedure and the clocks it follows.
    pub enum CaseKind:
    /// 投诉: a consumer asks that a dispute with an operator be settled (order 121 art. 3).
    Complaint = "complaint", "投诉";
    /// 咨询: a question.
    Consultation = "consultation", "咨询";
    /// 举报: a lead on a suspected offence (order 121 art. 3).
    Report = "report", "举报";
    /// 意见建议: an opinion or suggestion.
    Suggestion = "suggestion", "意见建议";
    /// 对工作人员的举报: a complaint against the bureau's own staff.
    StaffComplaint = "staff_complaint", "对工作人员的举报";
}

impl CaseKind {
    /// Whether only discipline officers and the person who filed it may know of it.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::StaffComplaint)
    }

    /// Whether only those who have it in hand may know of it: no list, search or figure of others holds it (O121 art. 37).
    pub const fn is_confined(self) -> bool {
        matches!(self, Self::Report | Self::StaffComplaint)
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
}
