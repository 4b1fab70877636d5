//! 举报: what goes on in a report beside its status: what is proposed, whether a case was opened, which law obliges to tell the
//! result. Part of [`crate::turns::Turns`]; grounds, decisions and duties are data (`regulations/reporting.toml`).

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::action::Action;
use crate::case::{Case, Outcome};
use crate::case_kind::CaseKind;
use crate::keyed::keyed;
use crate::rule_set::Ground;
use crate::status::Status;
use crate::trigger::Trigger;
use crate::turns::{Errand, ErrandKind};

keyed! {
    /// 处理决定: how an opened case ends (行政处罚程序规定第六十条).
    pub enum Decision:
    /// 行政处罚.
    Penalty = "penalty", "行政处罚";
    /// 不予行政处罚: an offence, but the law lets it go.
    NoPenalty = "no_penalty", "不予行政处罚";
    /// 违法事实不能成立.
    Unfounded = "unfounded", "违法事实不能成立";
    /// 移送其他行政管理部门.
    HandedOver = "handed_over", "移送其他部门";
    /// 移送司法机关.
    Prosecuted = "prosecuted", "移送司法机关";
}

keyed! {
    /// 案件来源: how the authority came to know of an offence that nobody reported (行政处罚程序规定第十八条).
    pub enum Origin:
    /// 监督检查: found by itself.
    Inspection = "inspection", "监督检查";
    /// 投诉中发现: found while a complaint was handled (诉转案, O121 art. 27).
    Complaint = "complaint", "投诉中发现（诉转案）";
    /// 其他部门移送.
    Transfer = "transfer", "其他部门移送";
    /// 上级交办.
    Superior = "superior", "上级交办";
    /// 其他途径: a newspaper, a test of samples.
    Other = "other", "其他途径";
}

impl Origin {
    /// Those that somebody registers by hand; a complaint makes its own.
    pub const BY_HAND: [Origin; 4] = [Origin::Inspection, Origin::Transfer, Origin::Superior, Origin::Other];

    /// Whether somebody else sent it, who is named.
    pub fn has_sender(self) -> bool {
        matches!(self, Origin::Transfer | Origin::Superior)
    }
}

/// 来源分类 of the form, with the one ticked that it is; none where somebody reported.
pub fn origin_boxes(origin: Option<Origin>) -> String {
    let boxes = [
        ("监督检查", &[Some(Origin::Inspection)][..]),
        ("投诉、举报", &[None, Some(Origin::Complaint)]),
        ("其他部门移送", &[Some(Origin::Transfer)]),
        ("上级交办", &[Some(Origin::Superior)]),
        ("其他", &[Some(Origin::Other)]),
    ];
    let ticked = boxes.map(|(label, of)| format!("{}{label}", if of.contains(&origin) { "☑" } else { "□" }));
    ticked.join("　")
}

/// What became of a lead, told back to the complaint in which it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// 立案.
    Opened,
    /// 不予立案.
    Declined,
    /// 处理决定.
    Decided(Decision),
    /// Another body's to handle.
    TurnedAway,
}

impl Became {
    /// What the leader's word, or its end, made of a report.
    pub fn of(case: &Case) -> Option<Became> {
        match case.outcome {
            None if case.turns.reporting.opened => Some(Became::Opened),
            Some(Outcome::NotOpened(_)) => Some(Became::Declined),
            Some(Outcome::Decided(decision)) => Some(Became::Decided(decision)),
            Some(Outcome::TurnedAway) => Some(Became::TurnedAway),
            _ => None,
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Became::Opened => "已立案",
            Became::Declined => "不予立案",
            Became::Decided(decision) => decision.label(),
            Became::TurnedAway => "由其他机关处理",
        }
    }
}

keyed! {
    /// By what it is known that two reports come from one person (O121 art. 35 speaks of the same reporter alone).
    pub enum Same:
    /// 回执码: filing the second she showed the code of the first.
    Code = "code", "本人提出时填了先前举报的回执码";
    /// 身份: both identities were opened and compared.
    Identity = "identity", "两件的身份都依规定打开核对过";
    /// 自述: she says so herself in what she reported or wrote.
    Told = "told", "本人在举报内容或者留言里说明";
}

/// What waits for the leader's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// 立案.
    Open,
    /// 不予立案, on the ground of this item.
    Decline(u32),
    /// 处理决定 of an opened case.
    Decide(Decision),
}

/// What is under way in a report and what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Reporting {
    /// What is proposed and not yet approved.
    pub proposed: Option<Proposal>,
    /// 已立案.
    pub opened: bool,
    /// 罚没款, in 分.
    pub penalty: i64,
    /// The law under which the reporter must be told the result: a key of `regulations/reporting.toml`.
    pub duty: Option<String>,
    /// 实名 or 匿名, where the reporter was asked; none for what was taken out of another intake without her word.
    pub named: Option<bool>,
    /// The officers wrote last: she has not answered yet.
    pub asked: bool,
    /// She wrote and nobody has read it yet.
    pub wrote: bool,
    /// By the law of its day she is still to be told whether a case was opened (O20 art. 31).
    pub tells_filing: bool,
    /// 案件来源: where nobody reported it.
    pub origin: Option<Origin>,
    /// 处罚决定书 is entered in the operator's record.
    pub recorded: bool,
    /// What another authority is to handle was handed to it.
    pub transferred: bool,
    /// 先前的举报: the one whose receipt code she showed when she filed this one.
    pub earlier: Option<String>,
}

impl Reporting {
    /// The state at the filing.
    pub(crate) fn begin(
        named: Option<bool>,
        rule_set: &str,
        earlier: Option<&String>,
        origin: Option<Origin>,
    ) -> Reporting {
        let old = rules().filing_notice.rule_sets.iter().any(|own| own == rule_set);
        Reporting {
            named,
            tells_filing: old && named == Some(true),
            earlier: earlier.cloned(),
            origin,
            ..Reporting::default()
        }
    }

    fn apply(&mut self, act: &Act) {
        match act {
            Act::ProposeOpening { .. } => self.proposed = Some(Proposal::Open),
            Act::ProposeNotOpening { ground, .. } => self.proposed = Some(Proposal::Decline(*ground)),
            Act::ProposeDecision { decision, penalty, .. } => {
                self.proposed = Some(Proposal::Decide(*decision));
                self.penalty = *penalty;
            }
            Act::Approve { .. } => {
                self.opened |= self.proposed == Some(Proposal::Open);
                self.proposed = None;
            }
            Act::SendBack { .. } => (self.proposed, self.penalty) = (None, 0),
            Act::RecordPenalty { sum, .. } => (self.penalty, self.recorded) = (*sum, true),
            Act::RecordTransfer { .. } => self.transferred = true,
            Act::NoteDuty { duty, .. } => self.duty = Some(duty.clone()).filter(|duty| !duty.is_empty()),
            Act::AskReporter { .. } => (self.asked, self.wrote) = (true, false),
            Act::WriteOfficers { .. } => (self.asked, self.wrote) = (false, true),
            Act::ReadReporter { .. } => self.wrote = false,
            Act::TellFiling { .. } => self.tells_filing = false,
            Act::Archive { .. } => (self.asked, self.wrote) = (false, false),
            _ => {}
        }
    }
}

/// The state of a report after one more act; called with the reporting state as it was before.
pub(crate) fn apply(case: &mut Case, act: &Act) {
    if case.kind != CaseKind::Report {
        return;
    }
    let proposed = case.turns.reporting.proposed;
    match (act, proposed) {
        (Act::Approve { .. }, Some(Proposal::Decline(ground))) => case.outcome = Some(Outcome::NotOpened(ground)),
        (Act::Approve { .. }, Some(Proposal::Decide(decision))) => case.outcome = Some(Outcome::Decided(decision)),
        (Act::TurnAway { .. }, _) => case.outcome = Some(Outcome::TurnedAway),
        _ => {}
    }
    case.turns.reporting.apply(act);
}

/// Where an act leads a report; none where it goes the way of every kind.
pub(crate) fn status_after(case: &Case, act: &Act) -> Option<Status> {
    if case.kind != CaseKind::Report {
        return None;
    }
    let reporting = &case.turns.reporting;
    Some(match act {
        Act::Return { .. } => Status::Registered,
        Act::ProposeOpening { .. } | Act::ProposeNotOpening { .. } | Act::ProposeDecision { .. } => {
            Status::PendingApproval
        }
        Act::SendBack { .. } if reporting.opened => Status::Investigating,
        Act::SendBack { .. } => Status::Assigned,
        Act::Approve { .. } if reporting.proposed == Some(Proposal::Open) => Status::Investigating,
        // The reporter is told where a law still obliges (O121 art. 36); otherwise the matter ends here.
        Act::Approve { .. } if reporting.duty.is_some() || reporting.tells_filing => Status::Concluded,
        // Nothing else has to be told.
        Act::TellFiling { .. } if ends_with_notice(case) => Status::Told,
        Act::Approve { .. } | Act::TurnAway { .. } => Status::Told,
        _ => return None,
    })
}

/// What has happened for the clock of a transfer to the police (行政执法机关移送涉嫌犯罪案件的规定).
pub(crate) fn of_transfer(case: &Case, act: &Act) -> Option<Trigger> {
    let proposed = case.turns.reporting.proposed == Some(Proposal::Decide(Decision::Prosecuted));
    match act {
        Act::ProposeDecision { decision: Decision::Prosecuted, .. } => Some(Trigger::TransferProposed),
        Act::Approve { .. } if proposed => Some(Trigger::TransferApproved),
        Act::SendBack { .. } if proposed => Some(Trigger::TransferDeclined),
        _ => None,
    }
}

/// What has happened for the clocks when the leader approves what is proposed.
pub(crate) fn triggers(case: &Case) -> Vec<Trigger> {
    match case.turns.reporting.proposed {
        Some(Proposal::Open) => vec![Trigger::ClueChecked, Trigger::CaseFiled],
        Some(Proposal::Decline(_)) => vec![Trigger::ClueChecked, Trigger::Concluded],
        Some(Proposal::Decide(_)) => vec![Trigger::CaseDecided, Trigger::Concluded],
        None => Vec::new(),
    }
}

/// Her message waits for whoever has the report in hand, also after its end.
pub(crate) fn errands(case: &Case) -> Vec<Errand> {
    let desk = case.lead.map_or_else(|| format!("dispatch:{}", case.intake), |lead| format!("officer:{lead}"));
    let waits = case.turns.reporting.wrote.then_some(Errand { kind: ErrandKind::ReporterWrote, desk });
    let unrecorded = is_penalised(case) && !case.turns.reporting.recorded && case.status != Status::Archived;
    let record = case
        .lead
        .filter(|_| unrecorded)
        .map(|lead| Errand { kind: ErrandKind::RecordPenalty, desk: format!("officer:{lead}") });
    let transfer = case
        .lead
        .filter(|_| is_to_be_transferred(case) && case.status != Status::Archived)
        .map(|lead| Errand { kind: ErrandKind::RecordTransfer, desk: format!("officer:{lead}") });
    waits.into_iter().chain(record).chain(transfer).collect()
}

/// Whether it ended with a transfer to another authority.
fn is_transfer(case: &Case) -> bool {
    matches!(case.outcome, Some(Outcome::Decided(Decision::HandedOver | Decision::Prosecuted)))
}

/// Whether that authority still has to be given it.
fn is_to_be_transferred(case: &Case) -> bool {
    is_transfer(case) && !case.turns.reporting.transferred
}

/// Whether it ended with a penalty.
fn is_penalised(case: &Case) -> bool {
    case.outcome == Some(Outcome::Decided(Decision::Penalty))
}

/// Whether telling her of the opening is the last thing that is told.
pub(crate) fn ends_with_notice(case: &Case) -> bool {
    case.status == Status::Concluded && case.turns.reporting.duty.is_none()
}

/// Why an act that the procedure knows from here cannot be done just now.
pub(crate) fn not_now(case: &Case, action: Action) -> Option<&'static str> {
    if case.kind != CaseKind::Report {
        return None;
    }
    let reporting = &case.turns.reporting;
    match action {
        Action::ProposeOpening | Action::ProposeNotOpening | Action::ProposeDecision if case.suspended.is_some() => {
            Some("期限正在中止，恢复计算以后才能提请审批。")
        }
        Action::ProposeOpening | Action::ProposeNotOpening | Action::ProposeDecision
            if case.extension_asked.is_some() =>
        {
            Some("延长申请还在等待答复。")
        }
        Action::TellFiling if !reporting.tells_filing || !(reporting.opened || case.outcome.is_some()) => {
            Some("没有要告知举报人的立案情况。")
        }
        Action::RecordTransfer if !is_transfer(case) => Some("本件没有决定移送其他机关。"),
        Action::Archive if is_to_be_transferred(case) => {
            Some("案件还没有移送：把材料交给受移送的机关、登记接收情况以后再归档。")
        }
        Action::RecordPenalty if !is_penalised(case) => Some("本件没有作出行政处罚决定。"),
        Action::AskReporter if reporting.origin.is_some() => Some("本件不是举报来的，没有举报人。"),
        Action::ReadReporter if !reporting.wrote => Some("举报人没有新的留言。"),
        Action::Tell if case.status == Status::Told && reporting.duty.is_some() => Some("已经告知举报人。"),
        _ => None,
    }
}

/// When a law obliges to tell the reporter the result.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// The key kept with the case.
    pub key: String,
    /// What the report is about.
    pub about: String,
    /// Law and article.
    pub article: String,
    /// The limit of the rule set that runs from its receipt, where the law sets one.
    pub limit: Option<String>,
    /// 书面告知.
    #[serde(default)]
    pub written: bool,
    /// 实名: only whoever gave her name is told.
    #[serde(default)]
    pub named: bool,
    /// 移交: what is another department's is handed to it, and the reporter told in writing; the goods category that the law is about.
    pub hands_over: Option<String>,
    /// The first day on which it holds, where it is younger than the periods of the rule sets.
    pub since: Option<Date>,
}

/// A kind of decision with the article it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRule {
    /// Which.
    pub key: Decision,
    /// The law's words for it.
    pub label: String,
    /// Law and article.
    pub article: String,
}

/// Under which law a reporter who gave her name is told whether a case was opened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilingNotice {
    /// The periods of law.
    pub rule_sets: Vec<String>,
    /// The limit that runs.
    pub limit: String,
    /// Law and article.
    pub article: String,
}

/// What becomes of a report that the same reporter made before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// The periods of law that know it.
    pub rule_sets: Vec<String>,
    /// Law and article.
    pub article: String,
    /// The limits that end with this are counted anew when new facts come in.
    pub restarts_until: Trigger,
    /// How far back likely ones are looked for.
    pub likely_within_days: u32,
}

impl Repeat {
    /// Whether the law of this period knows it.
    pub fn holds_under(&self, rule_set: &str) -> bool {
        self.rule_sets.iter().any(|own| own == rule_set)
    }
}

/// A kind of penalty.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyKind {
    /// The key kept with the decision.
    pub key: String,
    /// The law's words.
    pub label: String,
    /// It takes money.
    #[serde(default)]
    pub money: bool,
}

/// The data behind reports.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// 不予立案的情形.
    pub no_filing_grounds: Vec<Ground>,
    /// 处理决定.
    pub decisions: Vec<DecisionRule>,
    /// 应当告知举报人的情形.
    pub duties: Vec<Duty>,
    /// 告知是否立案.
    pub filing_notice: FilingNotice,
    /// 重复举报.
    pub repeat: Repeat,
    /// 行政处罚的种类 (行政处罚法第九条).
    pub penalty_kinds: Vec<PenaltyKind>,
}

impl Rules {
    /// The ground of this item.
    pub fn ground(&self, item: u32) -> Option<&Ground> {
        self.no_filing_grounds.iter().find(|ground| ground.item == item)
    }

    /// The duty with this key, when it held on the day of receipt.
    pub fn duty(&self, key: &str, received: Date) -> Option<&Duty> {
        self.duties_on(received).find(|duty| duty.key == key)
    }

    /// The duties that held on the day of receipt.
    pub fn duties_on(&self, received: Date) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(move |duty| duty.since.is_none_or(|since| since <= received))
    }

    /// The kind of penalty with this key.
    pub fn penalty_kind(&self, key: &str) -> Option<&PenaltyKind> {
        self.penalty_kinds.iter().find(|kind| kind.key == key)
    }

    /// Kinds of penalty, by keys with commas between, in words.
    pub fn penalty_words(&self, keys: &str) -> String {
        let known = keys.split(',').filter_map(|key| self.penalty_kind(key));
        known.map(|kind| kind.label.as_str()).collect::<Vec<_>>().join("、")
    }

    /// The article of a decision.
    pub fn decision(&self, decision: Decision) -> Option<&DecisionRule> {
        self.decisions.iter().find(|rule| rule.key == decision)
    }
}

/// The rules inside the program.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::REPORTING;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}
