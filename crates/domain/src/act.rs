//! What was done, as it is kept in the case event: each act carries exactly what it changed.

mod verb;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::accepting::{Consent, PartyRole};
use crate::case_kind::CaseKind;
use crate::link::Relation;
use crate::mediation::{Absence, Payer, Side};
use crate::operator::Tie;
use crate::reporting::{Became, Decision, Origin, Same};
use crate::reward::Merit;
use crate::rewarding::{NoticeWay, PaymentWay, Shown};
use crate::service::{ServiceOutcome, ServiceWay};
use crate::trigger::Trigger;

/// One thing done to a case. Never holds a person's name, phone or address: those live with the parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "act", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
        /// 实名: for a report that its reporter filed herself or had taken down, whether she gave her name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        named: Option<bool>,
        /// 先前的举报: for a report whose reporter showed the receipt code of an earlier one, its number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<String>,
        /// 案件来源: for what nobody reported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<Origin>,
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
        /// The local overlay that its centre follows.
        #[serde(default)]
        overlay: Option<String>,
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
    /// Taken by the office; in events from before there was a replacement of its own, also a change of officers.
    Assign {
        /// The officer in charge.
        lead: i64,
        /// The second officer.
        partner: i64,
    },
    /// Her own particulars put right at her request (个人信息保护法第四十六条): which, never what.
    CorrectPersonal {
        /// Keys of what was corrected.
        fields: Vec<String>,
    },
    /// What points to her removed at her request, after the time of keeping (个人信息保护法第四十七条).
    ErasePersonal,
    /// One of the officers replaced by another.
    Replace {
        /// Whoever had it.
        leaves: i64,
        /// Whoever has it now.
        successor: i64,
        /// Why.
        reason: String,
    },
    /// Returned to the unit that sent it.
    Return {
        /// Code table `return_reasons`; empty in events from before there was one.
        #[serde(default)]
        code: String,
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
        /// What goes with the notice: `copy-3`, or `file-12` where the original itself goes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        enclosed: Vec<String>,
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
        /// Why a side stayed away, when one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        absence: Option<Absence>,
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
    /// A copy with parts covered, made to leave; the original stays.
    MakeCopy {
        /// What it was made from: `facts`, `paper-3`, `file-12`.
        source: String,
        /// Hash of the copy.
        sha256: String,
        /// Key in `regulations/masking.toml`.
        purpose: String,
        /// How often each kind is covered.
        covered: BTreeMap<String, u32>,
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
    /// A question, an opinion or a complaint against staff answered; with that it is done.
    Answer {
        /// What the person is told.
        answer: String,
        /// She heard it there and then, on the telephone or at the counter.
        spoken: bool,
    },
    /// A further matter taken out of this intake into a case of its own.
    Split {
        /// What kind of case it became.
        kind: CaseKind,
        /// Its number.
        number: String,
        /// Its line.
        title: String,
        /// How many files went with it.
        files: usize,
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
    /// Recusal asked for.
    RequestRecusal {
        /// Who asks.
        by: Side,
        /// Of which officer.
        officer: i64,
        /// Why.
        reason: String,
    },
    /// Recusal decided.
    DecideRecusal {
        /// The officer leaves the case.
        granted: bool,
        /// Who takes the place.
        replacement: Option<i64>,
        /// Why.
        opinion: String,
    },
    /// Something sent to be appraised, or not, because nobody would pay.
    Appraise {
        /// The cause for which limits stand: 鉴定, 检测.
        cause: String,
        /// What is examined, and for what.
        object: String,
        /// Where.
        body: String,
        /// Who pays.
        payer: Payer,
        /// The bureau designated the body.
        designated: bool,
    },
    /// The result of an appraisal.
    RecordAppraisal {
        /// What it says.
        result: String,
        /// Its date.
        day: Date,
    },
    /// An offer.
    ProposeTerms {
        /// Whose.
        by: Side,
        /// What.
        terms: String,
    },
    /// The mediation delegated, both sides consenting.
    Delegate {
        /// To which body.
        body: String,
        /// What it may do.
        scope: String,
    },
    /// What that body reports.
    RecordDelegated {
        /// The sides agreed.
        agreed: bool,
        /// In words.
        result: String,
    },
    /// The delegation taken back.
    TakeBack {
        /// Why.
        reason: String,
    },
    /// Settled on the spot (简易程序).
    SettleOnSpot {
        /// The items of the agreement.
        items: Vec<AgreementItem>,
        /// Loss made good to the consumer, in 分.
        recovered: i64,
        /// Who did it, and tells both sides; in charge when nobody was.
        handler: i64,
    },
    /// Taken up again after its end.
    Reopen {
        /// What is not solved.
        reason: String,
    },
    /// A clue of a violation.
    FindClue {
        /// What was found.
        what: String,
    },
    /// The clue checked.
    CheckClue {
        /// A penalty case is opened.
        opened: bool,
        /// Why, or why not.
        reason: String,
    },
    /// The clue became a case of its own, which is checked there.
    MakeLead {
        /// What of it is checked there.
        what: String,
    },
    /// What became of that case; noted with the leader's word there.
    NoteLead {
        /// What.
        became: Became,
    },
    /// More time to check a clue decided.
    DecideClueTime {
        /// By how much, in the limit's own unit; none when declined.
        by: Option<u32>,
        /// The leader's words.
        opinion: String,
    },
    /// The consumer pointed to legal aid.
    ReferLegalAid {
        /// Where.
        body: String,
        /// Why.
        reason: String,
    },
    /// Referral to the police proposed.
    ReferPolice {
        /// The facts.
        facts: String,
    },
    /// Referral to the police decided.
    DecidePolice {
        /// Whether it goes.
        approved: bool,
        /// The leader's words.
        opinion: String,
    },
    /// An item of the agreement whose day passed without word of its performance; noted by the sweep.
    NoteUnperformed {
        /// The item's number, from 1.
        item: u32,
        /// Its day.
        due: Date,
    },
    /// Both sides reminded of a meeting; noted by the sweep.
    NoteMeeting {
        /// When it is.
        at: Timestamp,
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
    /// A superior asks for news.
    SuperiorUrge {
        /// The bureau that asks.
        by: i64,
        /// What it wants to know.
        words: String,
    },
    /// A superior, the bureau's own leader, or the program takes it under supervision.
    Supervise {
        /// The bureau that supervises.
        by: i64,
        /// Raised by the program itself.
        automatic: bool,
        /// What is to be done.
        what: String,
        /// Why it is supervised.
        reason: String,
    },
    /// News given to the superior.
    AnswerSupervision {
        /// How far it is, what comes next.
        news: String,
    },
    /// Supervision ended.
    EndSupervision {
        /// With what result.
        opinion: String,
    },
    /// A dispute over which bureau has the power.
    RaiseDispute {
        /// The other bureau.
        with: i64,
        /// Its centre.
        with_intake: i64,
        /// The nearest bureau above both.
        superior: i64,
        /// The superior is asked to designate at once.
        directly: bool,
        /// Why that one has the power.
        reason: String,
    },
    /// One side takes the disputed case, or says that no agreement is possible.
    AgreeDispute {
        /// The side that speaks.
        bureau: i64,
        /// Its centre.
        intake: i64,
        /// The overlay its centre follows.
        overlay: Option<String>,
        /// It handles the case.
        takes: bool,
        /// Its reasons.
        opinion: String,
        /// The bureau that gets the letter which ends the dispute, and may go on reading the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<i64>,
    },
    /// The common superior designates the bureau that handles it.
    DesignateDispute {
        /// The bureau designated.
        bureau: i64,
        /// Its centre.
        intake: i64,
        /// The overlay its centre follows.
        overlay: Option<String>,
        /// The superior's reasons.
        reason: String,
        /// The bureau that gets the letter which ends the dispute, and may go on reading the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<i64>,
    },
    /// Referral to another department proposed.
    ProposeReferral {
        /// Key of the body in `regulations/bodies.toml`.
        body: String,
        /// Why it is that one's duty.
        reason: String,
    },
    /// Referral approved: refused here, with the body that is competent.
    ApproveReferral {
        /// Key of the body.
        body: String,
        /// The leader's words.
        opinion: String,
    },
    /// Referral not approved.
    DeclineReferral {
        /// The leader's words.
        opinion: String,
    },
    /// Another office asked to help.
    Assist {
        /// The office.
        unit: i64,
        /// What it is asked.
        asked: String,
    },
    /// The office's answer.
    RecordAssist {
        /// The office.
        unit: i64,
        /// What it found.
        answer: String,
    },
    /// A mass or serious matter reported up.
    ReportUp {
        /// Code table `major_levels`.
        level: String,
        /// Code table `major_kinds`.
        kind: String,
        /// The bureau it is reported to.
        to: i64,
        /// Key of the limit within which somebody must be on the site, when somebody must.
        on_site: Option<String>,
        /// What happened.
        reason: String,
    },
    /// The superior knows.
    Acknowledge {
        /// Its instructions.
        opinion: String,
    },
    /// Officers are on the site.
    Arrive {
        /// Since when.
        at: Timestamp,
        /// What they found.
        note: String,
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
    /// Everything that is missing, asked for at once.
    RequestMaterials {
        /// Keys of `regulations/materials.toml`.
        missing: Vec<String>,
        /// What else is said about it.
        words: String,
        /// The last day.
        by: Date,
    },
    /// Proof of identity asked for.
    RequestIdentity {
        /// Which papers.
        documents: String,
        /// The last day.
        by: Date,
    },
    /// What was asked for is brought.
    Supplement {
        /// Which of her own data were corrected, by the key of the material.
        corrected: Vec<String>,
        /// How many files.
        files: usize,
        /// What they show.
        note: String,
    },
    /// Follows another case from now on.
    Merge {
        /// The case in which the handling goes on.
        into: String,
        /// Why it is the same matter.
        reason: String,
        /// For a report: by what it is known to be the same reporter's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        same: Option<Same>,
    },
    /// The same reporter's same matter once more: not handled by itself (O121 art. 35).
    NotSeparately {
        /// The earlier report.
        of: String,
        /// By what it is known to be the same reporter's.
        same: Same,
        /// Why it says nothing new.
        reason: String,
    },
    /// Stands by itself again.
    Unmerge {
        /// The case that it followed.
        from: String,
        /// Why.
        reason: String,
    },
    /// Linked with another case.
    Link {
        /// The other case.
        other: String,
        /// How they belong together.
        relation: Relation,
    },
    /// A link undone.
    Unlink {
        /// The other case.
        other: String,
        /// How they were said to belong together.
        relation: Relation,
    },
    /// The respondent tied to a registered operator, to another one, or to none.
    LinkOperator {
        /// Row id of the operator; none when the tie is undone.
        operator: Option<i64>,
        /// By what it was found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Tie>,
    },
    /// A further party: agent, joint complainant, representative, guardian. Who it is stands with the parties.
    AddParty {
        /// Row id of the party.
        party: i64,
        /// What she is.
        role: PartyRole,
    },
    /// A further party no longer takes part.
    EndParty {
        /// Row id of the party.
        party: i64,
        /// Why.
        reason: String,
    },
    /// A joint complainant agreed.
    RecordConsent {
        /// Row id of the party.
        party: i64,
        /// To what.
        to: Consent,
        /// How she said it.
        note: String,
    },
    /// Something was looked into.
    RecordInquiry {
        /// What was done and what was found.
        found: String,
    },
    /// Whether a law obliges to tell the reporter the result.
    NoteDuty {
        /// Key in `regulations/reporting.toml`; empty when none does.
        duty: String,
        /// The limit that starts with it.
        limit: Option<String>,
    },
    /// A case is to be opened.
    ProposeOpening {
        /// The first evidence of an offence, and the provision it offends.
        reason: String,
    },
    /// No case is to be opened.
    ProposeNotOpening {
        /// Item of `regulations/reporting.toml`.
        ground: u32,
        /// The facts that meet it.
        reason: String,
    },
    /// How the opened case is to end.
    ProposeDecision {
        /// Which decision.
        decision: Decision,
        /// Facts, law and decision in words.
        reason: String,
        /// 罚没款, in 分.
        penalty: i64,
        /// 移送给谁; empty where nothing is transferred, and in what was proposed before this was asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        to: String,
    },
    /// The case was given to the authority to which it is transferred.
    RecordTransfer {
        /// When.
        day: Date,
        /// Who took it, and under which number.
        words: String,
    },
    /// A paper was served, is on its way, or did not arrive.
    Serve {
        /// The paper.
        paper: i64,
        /// Its title.
        title: String,
        /// To whom.
        side: Side,
        /// How.
        way: ServiceWay,
        /// What came of it.
        outcome: ServiceOutcome,
        /// The day of that: signed, sent, returned, made public.
        day: Date,
        /// The day on which it counts as served.
        effective_on: Option<Date>,
        /// Limits from this event are counted from then.
        counts_anew: Option<Trigger>,
    },
    /// A side signed where and how papers reach it.
    ConfirmAddress {
        /// Which side.
        side: Side,
        /// It consents to electronic ways.
        electronic: bool,
        /// The day of its signature.
        day: Date,
    },
    /// The penalty decision entered in the operator's record.
    RecordPenalty {
        /// 决定书文号.
        number: String,
        /// Its day.
        day: Date,
        /// Keys of `regulations/reporting.toml`.
        kinds: Vec<String>,
        /// 罚没款, in 分.
        sum: i64,
    },
    /// The reporter was asked something, or told; the words stand with the exchange.
    AskReporter {
        /// Keyed hash of the words.
        digest: String,
    },
    /// The reporter wrote to the officers; the words stand with the exchange.
    WriteOfficers {
        /// Keyed hash of the words.
        digest: String,
    },
    /// What the reporter wrote was read and needs no answer.
    ReadReporter {
        /// Row id of the last message that was read.
        last: i64,
    },
    /// The reporter was told whether a case was opened.
    TellFiling {
        /// It was.
        opened: bool,
    },
    /// The limit within which she is told of it runs; noted with the leader's word.
    NoteFilingNotice {
        /// Key of the limit.
        limit: String,
    },
    /// Something done together with other bodies.
    JoinForces {
        /// Which.
        bodies: String,
        /// What was done, and what each found.
        words: String,
    },
    /// A reward for the reporter proposed.
    ProposeReward {
        /// What it is computed from.
        merit: Merit,
        /// What it comes to, in 分.
        sum: i64,
        /// The finance department must agree first.
        needs_finance: bool,
        /// What makes the offence grave: a key of `regulations/reward.toml`.
        gravity: String,
        /// The field: a key there.
        scope: String,
        /// Other reports that led to the same penalty case.
        same_case: Vec<String>,
        /// The facts behind the level.
        reason: String,
        /// Who proposes.
        by: i64,
    },
    /// That there is no reward proposed.
    ProposeNoReward {
        /// The ground: a key of `regulations/reward.toml`.
        ground: String,
        /// The facts that meet it.
        reason: String,
        /// Who proposes.
        by: i64,
    },
    /// The finance department's word on a reward.
    RecordFinance {
        /// It agrees.
        agreed: bool,
        /// 文号 of its letter.
        document: String,
        /// The day of its letter.
        day: Date,
        /// What else it says.
        words: String,
    },
    /// A reward, or that there is none, signed.
    ApproveReward {
        /// The signer's words.
        opinion: String,
        /// Who signs.
        by: i64,
    },
    /// A proposed reward given back.
    SendBackReward {
        /// What is to be changed.
        opinion: String,
    },
    /// The reporter was told what was decided about the reward.
    TellReward {
        /// There is one.
        granted: bool,
        /// How.
        way: NoticeWay,
    },
    /// The reporter wants her reward.
    ClaimReward {},
    /// More time to claim it.
    ExtendClaim {
        /// In the unit of the limit.
        by: u32,
        /// Why.
        reason: String,
    },
    /// The reward is not wanted, or was not claimed in time.
    WaiveReward {
        /// Its time ran out.
        lapsed: bool,
    },
    /// The reporter objects to the sum; her words stand with the exchange.
    AskReview {
        /// Keyed hash of the words.
        digest: String,
    },
    /// Her objection answered.
    AnswerReview {
        /// The sum is proposed anew.
        changed: bool,
        /// What she is told.
        answer: String,
    },
    /// The reward was paid. To whom stands in the vault alone.
    PayReward {
        /// When.
        day: Date,
        /// How.
        way: PaymentWay,
        /// What was paid, in 分.
        sum: i64,
        /// Number of the voucher.
        voucher: String,
        /// By what whoever came was known as the reporter.
        shown: Shown,
    },
    /// It is another body's to handle; the reporter was told whose.
    TurnAway {
        /// Whose.
        body: String,
        /// Why.
        reason: String,
        /// The duty under which the bureau hands it over itself (食品安全法第一百一十五条); none where she is to go there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<String>,
    },
    /// What was asked for was not brought by its day; noted by the sweep.
    NoteUnanswered {
        /// Proof of identity, not materials.
        identity: bool,
        /// The last day.
        by: Date,
    },
    /// A superior checked it in a sample; noted when the checker finishes the case.
    NoteChecked {
        /// Row id of the check.
        check: i64,
        /// The bureau that checked.
        by: i64,
        /// Keys of the points that were not in order.
        failed: Vec<String>,
        /// The checker's words.
        words: String,
        /// By which day to put it right; none when nothing is to be done.
        rectify_by: Option<Date>,
    },
    /// What was found wrong is put right.
    Rectify {
        /// What was done.
        words: String,
    },
    /// The bureau that checked looks at what was put right.
    CloseRectification {
        /// None when it is in order; else the day by which it is to be put right again.
        again_by: Option<Date>,
        /// The checker's words.
        opinion: String,
    },
    /// Another case was linked with this one, merged into it, or parted from it; noted with that act.
    NoteLinked {
        /// The other case.
        other: String,
        /// How they belong together, seen from the other.
        relation: Relation,
        /// Made, or undone.
        made: bool,
        /// A report that brought new facts: from its receipt the time to check is counted anew (O121 art. 35).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts_from: Option<Timestamp>,
    },
    /// A return visit came to its end; noted with its last call. Her words stay with the visit.
    NoteVisit {
        /// `reached`, `declined`, `unreached`.
        result: String,
        /// Solved, in her own word, when she was reached.
        solved: Option<bool>,
        /// Her mark, 1 to 5, when she was reached.
        mark: Option<u8>,
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
