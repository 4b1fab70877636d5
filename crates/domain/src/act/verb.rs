//! What an act is called: the verb that people use, the key under which its event is found.

use crate::action::Action;
use crate::trigger::Trigger;

use super::Act;

impl Act {
    /// The verb; none for what the program notes by itself.
    pub fn action(&self) -> Option<Action> {
        Some(match self {
            Act::File { .. }
            | Act::MoveDeadline { .. }
            | Act::NoteDue { .. }
            | Act::NoteOverdue { .. }
            | Act::NoteUnanswered { .. }
            | Act::NoteLinked { .. }
            | Act::NoteUnperformed { .. }
            | Act::NoteMeeting { .. } => return None,
            Act::Register { .. } => Action::Register,
            Act::Forward { .. } => Action::Forward,
            Act::Accept { .. } => Action::Accept,
            Act::Refuse { .. } => Action::Refuse,
            Act::Dispatch { .. } => Action::Dispatch,
            Act::Assign { .. } => Action::Assign,
            Act::Return { .. } => Action::Return,
            Act::Notify { .. } => Action::Notify,
            Act::RecordAnswer { .. } => Action::RecordAnswer,
            Act::Arrange { .. } => Action::Arrange,
            Act::RecordMeeting { .. } => Action::RecordMeeting,
            Act::Settle { .. } => Action::Settle,
            Act::Terminate { .. } => Action::Terminate,
            Act::Approve { .. } => Action::Approve,
            Act::SendBack { .. } => Action::SendBack,
            Act::Tell { .. } => Action::Tell,
            Act::RecordPerformance { .. } => Action::RecordPerformance,
            Act::Archive { .. } => Action::Archive,
            Act::Urge { .. } => Action::Urge,
            Act::AnswerUrge { .. } => Action::AnswerUrge,
            Act::Withdraw { .. } => Action::Withdraw,
            Act::AddEvidence { .. } => Action::AddEvidence,
            Act::Rate { .. } => Action::Rate,
            Act::Answer { .. } => Action::Answer,
            Act::Split { .. } => Action::Split,
            Act::Note { .. } => Action::Note,
            Act::Suspend { .. } => Action::Suspend,
            Act::Resume { .. } => Action::Resume,
            Act::RequestRecusal { .. } => Action::RequestRecusal,
            Act::DecideRecusal { .. } => Action::DecideRecusal,
            Act::Appraise { .. } => Action::Appraise,
            Act::RecordAppraisal { .. } => Action::RecordAppraisal,
            Act::ProposeTerms { .. } => Action::ProposeTerms,
            Act::Delegate { .. } => Action::Delegate,
            Act::RecordDelegated { .. } => Action::RecordDelegated,
            Act::TakeBack { .. } => Action::TakeBack,
            Act::SettleOnSpot { .. } => Action::SettleOnSpot,
            Act::Reopen { .. } => Action::Reopen,
            Act::FindClue { .. } => Action::FindClue,
            Act::CheckClue { .. } => Action::CheckClue,
            Act::DecideClueTime { .. } => Action::DecideClueTime,
            Act::ReferLegalAid { .. } => Action::ReferLegalAid,
            Act::ReferPolice { .. } => Action::ReferPolice,
            Act::DecidePolice { .. } => Action::DecidePolice,
            Act::RequestExtension { .. } => Action::RequestExtension,
            Act::GrantExtension { .. } => Action::GrantExtension,
            Act::DeclineExtension { .. } => Action::DeclineExtension,
            Act::RequestMaterials { .. } => Action::RequestMaterials,
            Act::RequestIdentity { .. } => Action::RequestIdentity,
            Act::Supplement { .. } => Action::Supplement,
            Act::Merge { .. } => Action::Merge,
            Act::Unmerge { .. } => Action::Unmerge,
            Act::Link { .. } => Action::Link,
            Act::Unlink { .. } => Action::Unlink,
            Act::AddParty { .. } => Action::AddParty,
            Act::EndParty { .. } => Action::EndParty,
            Act::RecordConsent { .. } => Action::RecordConsent,
            Act::SuperiorUrge { .. } => Action::SuperiorUrge,
            Act::Supervise { .. } => Action::Supervise,
            Act::AnswerSupervision { .. } => Action::AnswerSupervision,
            Act::EndSupervision { .. } => Action::EndSupervision,
            Act::RaiseDispute { .. } => Action::RaiseDispute,
            Act::AgreeDispute { .. } => Action::AgreeDispute,
            Act::DesignateDispute { .. } => Action::DesignateDispute,
            Act::ProposeReferral { .. } => Action::ProposeReferral,
            Act::ApproveReferral { .. } => Action::ApproveReferral,
            Act::DeclineReferral { .. } => Action::DeclineReferral,
            Act::Assist { .. } => Action::Assist,
            Act::RecordAssist { .. } => Action::RecordAssist,
            Act::ReportUp { .. } => Action::ReportUp,
            Act::Acknowledge { .. } => Action::Acknowledge,
            Act::Arrive { .. } => Action::Arrive,
        })
    }

    /// The key under which the event is found: the verb, or the program's own note.
    pub fn key(&self) -> &'static str {
        match self {
            Act::File { .. } => "file",
            Act::MoveDeadline { .. } => "move_deadline",
            Act::NoteDue { .. } => "note_due",
            Act::NoteOverdue { .. } => "note_overdue",
            Act::NoteUnperformed { .. } => "note_unperformed",
            Act::NoteMeeting { .. } => "note_meeting",
            Act::NoteUnanswered { .. } => "note_unanswered",
            Act::NoteLinked { .. } => "note_linked",
            other => other.action().map_or("", Action::key),
        }
    }

    /// What has happened for the clocks when the case came in.
    pub fn filing_triggers(registered: bool) -> &'static [Trigger] {
        if registered { &[Trigger::Received, Trigger::Registered] } else { &[Trigger::Received] }
    }
}
