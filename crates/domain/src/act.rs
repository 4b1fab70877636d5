//! What was done, as it is kept in the case event: each act carries exactly what it changed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::case_kind::CaseKind;
use crate::trigger::Trigger;

/// One thing done to a case. Never holds a person's name, phone or address: those live with the parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// The case came in. `registered` when an agent typed it, so that no second look is needed.
    File {
        /// What kind of case.
        kind: CaseKind,
        /// How it came (code table `channels`).
        channel: String,
        /// The bureau whose centre received it.
        bureau: i64,
        /// The centre that received it.
        intake: i64,
        /// The national rule set in force on the day of receipt.
        rule_set: String,
        /// The local overlay the centre follows, if any.
        overlay: Option<String>,
        /// Typed by an agent: already registered.
        registered: bool,
        /// How many files came with it.
        evidence: usize,
    },
    /// An agent checked and classified it.
    Register {
        /// The line by which colleagues know it.
        title: String,
        /// Code table `goods_categories`.
        category: String,
        /// Code table `problem_categories`.
        problem: String,
    },
    /// Sent to the bureau with the power, which now counts as the receiver.
    Forward {
        /// The receiving bureau.
        bureau: i64,
        /// Its centre.
        intake: i64,
        /// Why it has the power.
        reason: String,
    },
    /// Accepted.
    Accept {
        /// A word to the consumer or colleagues.
        note: String,
    },
    /// Refused.
    Refuse {
        /// The item of the rule set's list of grounds.
        ground: u32,
        /// The facts that meet it.
        reason: String,
    },
    /// Sent to the office with jurisdiction.
    Dispatch {
        /// The receiving office.
        unit: i64,
        /// Why that one.
        reason: String,
    },
    /// Taken by the office, or its officers changed.
    Assign {
        /// The officer in charge.
        lead: i64,
        /// The second officer.
        partner: i64,
    },
    /// Returned to the unit that sent it.
    Return {
        /// Why it is not ours.
        reason: String,
    },
    /// The respondent notified.
    Notify {
        /// When both sides meet.
        at: Timestamp,
        /// Where.
        place: String,
        /// On the spot, by telephone, by video (`onsite`, `phone`, `video`).
        mode: String,
        /// Papers the respondent is to bring.
        bring: String,
    },
    /// The respondent answered.
    RecordAnswer {
        /// In its words or a summary.
        answer: String,
        /// Whether it agrees to mediation.
        agrees: bool,
    },
    /// Another meeting appointed.
    Arrange {
        /// When.
        at: Timestamp,
        /// Where.
        place: String,
        /// How.
        mode: String,
    },
    /// A meeting held.
    RecordMeeting {
        /// When it was held.
        at: Timestamp,
        /// How.
        mode: String,
        /// The consumer took part.
        complainant_present: bool,
        /// The respondent took part.
        respondent_present: bool,
        /// What was said.
        transcript: String,
    },
    /// Agreement reached.
    Settle {
        /// Its items.
        items: Vec<AgreementItem>,
        /// Loss made good to the consumer (挽回经济损失), in 分.
        recovered: i64,
        /// A mediation agreement paper is made; otherwise performed at once or both waive it.
        paper: bool,
    },
    /// Termination proposed.
    Terminate {
        /// The item of the rule set's list of grounds.
        ground: u32,
        /// The facts that meet it.
        reason: String,
    },
    /// Signed by the leader.
    Approve {
        /// The leader's words.
        opinion: String,
    },
    /// Not signed.
    SendBack {
        /// The leader's words.
        opinion: String,
    },
    /// Both sides told.
    Tell {
        /// The result in the words the consumer reads.
        result: String,
    },
    /// An item of the agreement performed or not.
    RecordPerformance {
        /// The item's number, from 1.
        item: u32,
        /// Whether it was performed.
        performed: bool,
        /// How it was established.
        note: String,
    },
    /// Closed into a file.
    Archive {
        /// The file's number (案卷号).
        file_number: String,
        /// How many papers it holds.
        papers: u32,
    },
    /// The consumer asks for news.
    Urge {
        /// Her words.
        words: String,
    },
    /// News given.
    AnswerUrge {
        /// What she was told.
        answer: String,
    },
    /// Withdrawn by the consumer.
    Withdraw {
        /// Her reason.
        reason: String,
    },
    /// More evidence.
    AddEvidence {
        /// How many files.
        files: usize,
        /// What they show.
        note: String,
    },
    /// The consumer's word on how it went.
    Rate {
        /// Whether it was solved.
        solved: bool,
        /// 1 to 5.
        mark: u8,
        /// Her words.
        words: String,
    },
    /// A note for colleagues.
    Note {
        /// The note.
        text: String,
    },
    /// A clock stops.
    Suspend {
        /// A reason the limit knows (`appraisal`, `evidence`, `recusal`).
        cause: String,
        /// In words.
        reason: String,
    },
    /// The clock runs again.
    Resume {
        /// What ended the pause.
        reason: String,
    },
    /// More time asked for.
    RequestExtension {
        /// Key of the limit.
        limit: String,
        /// Why.
        reason: String,
    },
    /// More time granted.
    GrantExtension {
        /// Key of the limit.
        limit: String,
        /// By how much, in the limit's own unit.
        by: u32,
    },
    /// More time refused.
    DeclineExtension {
        /// Key of the limit.
        limit: String,
        /// Why.
        reason: String,
    },
    /// A running date moved because the calendar was published or corrected.
    MoveDeadline {
        /// Key of the limit.
        limit: String,
        /// The day before.
        from: Date,
        /// The day now.
        to: Date,
        /// The notice.
        source: String,
    },
    /// The officer reminded that a limit is about to end; noted by the sweep.
    NoteDue {
        /// Key of the limit.
        limit: String,
        /// Its last day.
        due: Date,
    },
    /// A limit passed without being met; noted by the sweep.
    NoteOverdue {
        /// Key of the limit.
        limit: String,
        /// Its last day.
        due: Date,
    },
}

/// One item of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementItem {
    /// What is to be done.
    pub text: String,
    /// Money, in 分.
    pub amount: i64,
    /// By which day; none when performed at once.
    pub due: Option<Date>,
}

impl Act {
    /// The verb; none for what the program notes by itself.
    pub fn action(&self) -> Option<Action> {
        Some(match self {
            Act::File { .. } | Act::MoveDeadline { .. } | Act::NoteDue { .. } | Act::NoteOverdue { .. } => return None,
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
            Act::Note { .. } => Action::Note,
            Act::Suspend { .. } => Action::Suspend,
            Act::Resume { .. } => Action::Resume,
            Act::RequestExtension { .. } => Action::RequestExtension,
            Act::GrantExtension { .. } => Action::GrantExtension,
            Act::DeclineExtension { .. } => Action::DeclineExtension,
        })
    }

    /// The key under which the event is found: the verb, or the program's own note.
    pub fn key(&self) -> &'static str {
        match self {
            Act::File { .. } => "file",
            Act::MoveDeadline { .. } => "move_deadline",
            Act::NoteDue { .. } => "note_due",
            Act::NoteOverdue { .. } => "note_overdue",
            other => other.action().map_or("", Action::key),
        }
    }

    /// What has happened for the clocks when the case came in.
    pub fn filing_triggers(registered: bool) -> &'static [Trigger] {
        if registered { &[Trigger::Received, Trigger::Registered] } else { &[Trigger::Received] }
    }
}
