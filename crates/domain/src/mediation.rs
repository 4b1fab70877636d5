//! 调解中的旁事: recusal, appraisal, delegation, clue, referral, and what is known for a termination. Part of [`crate::turns::Turns`];
//! the centre's own practice beside it is data (`regulations/mediation.toml`).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::action::Action;
use crate::case::Case;
use crate::keyed::keyed;
use crate::turns::{Errand, ErrandKind};

/// The cause under which a clock stands while recusal is asked for, as the rule sets name it.
pub const RECUSAL_CAUSE: &str = "回避";

/// The limit for checking a clue, as the rule sets name it: the leader extends it, not the one who dispatched.
pub const CLUE_LIMIT: &str = "clue_check";

keyed! {
    /// Who asked or offered.
    pub enum Side:
    /// 投诉人.
    Complainant = "complainant", "投诉人";
    /// 被投诉人.
    Respondent = "respondent", "被投诉人";
    /// 调解人员.
    Officer = "officer", "调解人员";
}

keyed! {
    /// Who bears the cost of an appraisal (O121 art. 22).
    pub enum Payer:
    /// The other side.
    Respondent = "respondent", "被投诉人承担";
    /// The consumer.
    Complainant = "complainant", "投诉人承担";
    /// Both.
    Shared = "shared", "双方分担";
    /// One advances it, the result decides.
    Advanced = "advanced", "先由一方垫付，按结论承担";
    /// They did not agree: nothing is sent.
    NotAgreed = "not_agreed", "双方没有谈成";
}

keyed! {
    /// Why a side did not come to a meeting.
    pub enum Absence:
    /// Without a good reason.
    Unexcused = "unexcused", "没有正当理由";
    /// With one.
    Excused = "excused", "有正当理由，另约时间";
    /// 死亡或者主体资格灭失.
    Lost = "lost", "本人死亡或者主体资格灭失";
}

/// What is under way and what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and they stand in any combination")]
pub struct Mediation {
    /// The officer whose recusal waits for a decision.
    pub recusal: Option<i64>,
    /// Something is being appraised.
    pub appraisal: bool,
    /// The sides did not agree who pays for an appraisal.
    pub cost_open: bool,
    /// Delegated to a mediation body.
    pub delegated: bool,
    /// A clue of a violation waits to be checked.
    pub clue: bool,
    /// A referral to the police waits for the leader.
    pub police_asked: bool,
    /// The leader approved a referral to the police.
    pub police: bool,
    /// Who stayed away without a good reason.
    pub absent: Option<Side>,
    /// Who died or ceased to exist.
    pub lost: Option<Side>,
    /// The respondent refused mediation.
    pub refused: bool,
    /// The body that mediated reported that there is no agreement.
    pub no_agreement: bool,
    /// How often the case was taken up again after its end.
    pub reopened: u32,
}

impl Mediation {
    /// The state after one more act.
    pub(crate) fn apply(&mut self, act: &Act) {
        match act {
            Act::RequestRecusal { officer, .. } => self.recusal = Some(*officer),
            Act::DecideRecusal { .. } => self.recusal = None,
            Act::Appraise { payer: Payer::NotAgreed, .. } => self.cost_open = true,
            Act::Appraise { .. } => (self.appraisal, self.cost_open) = (true, false),
            Act::RecordAppraisal { .. } => self.appraisal = false,
            Act::Delegate { .. } => self.delegated = true,
            Act::RecordDelegated { agreed, .. } => (self.delegated, self.no_agreement) = (false, !agreed),
            Act::TakeBack { .. } => self.delegated = false,
            Act::FindClue { .. } => self.clue = true,
            Act::CheckClue { .. } => self.clue = false,
            Act::ReferPolice { .. } => self.police_asked = true,
            Act::DecidePolice { approved, .. } => (self.police_asked, self.police) = (false, *approved),
            Act::RecordAnswer { agrees, .. } => self.refused = !agrees,
            Act::RecordMeeting { complainant_present, respondent_present, absence, .. } => {
                let away = match (complainant_present, respondent_present) {
                    (true, true) => None,
                    (false, _) => Some(Side::Complainant),
                    (true, false) => Some(Side::Respondent),
                };
                self.absent = away.filter(|_| *absence == Some(Absence::Unexcused));
                self.lost = self.lost.or(away.filter(|_| *absence == Some(Absence::Lost)));
            }
            Act::Settle { .. } | Act::SettleOnSpot { .. } | Act::Terminate { .. } | Act::Withdraw { .. } => {
                *self = Mediation {
                    clue: self.clue,
                    reopened: self.reopened,
                    // What is known stays known: the leader may send the outcome back.
                    recusal: None,
                    appraisal: false,
                    delegated: false,
                    police_asked: false,
                    ..self.clone()
                };
            }
            Act::Reopen { .. } => {
                *self = Mediation { clue: self.clue, reopened: self.reopened + 1, ..Mediation::default() };
            }
            _ => {}
        }
    }
}

/// Why an act that the procedure knows from here cannot be done just now.
pub(crate) fn not_now(case: &Case, action: Action) -> Option<&'static str> {
    let under_way = &case.turns.mediation;
    let waits = match action {
        Action::Notify
        | Action::Arrange
        | Action::RecordMeeting
        | Action::ProposeTerms
        | Action::Settle
        | Action::SettleOnSpot
        | Action::Terminate
        | Action::Suspend
        | Action::Resume
        | Action::Appraise
        | Action::RecordAppraisal
        | Action::Delegate
        | Action::RecordDelegated
        | Action::TakeBack
        | Action::Replace => under_way.recusal.is_some(),
        _ => false,
    };
    if waits {
        return Some("回避申请还没有决定，调解已经中止，请等领导作出决定。");
    }
    let of_the_clue = case.extension_asked.as_deref() == Some(CLUE_LIMIT);
    match action {
        Action::RequestRecusal if under_way.recusal.is_some() => Some("已经有一份回避申请在等待决定。"),
        Action::DecideRecusal if under_way.recusal.is_none() => Some("现在没有等待决定的回避申请。"),
        Action::Appraise if case.suspended.is_some() => Some("期限已经中止，恢复以后才能另行送检。"),
        Action::RecordAppraisal if !under_way.appraisal => Some("现在没有送去鉴定、检测的事项。"),
        Action::Resume if under_way.appraisal => Some("正在鉴定、检测，收到结论后请登记结论，期限随之恢复。"),
        Action::Delegate | Action::Settle if under_way.delegated => {
            Some("已经委托调解，先登记委托调解的结果或者收回委托。")
        }
        Action::RecordDelegated | Action::TakeBack if !under_way.delegated => Some("现在没有委托出去的调解。"),
        Action::FindClue if under_way.clue => Some("已经有一条线索在核查，作出决定后再记下一条。"),
        Action::CheckClue if !under_way.clue => Some("没有等待核查的违法线索。"),
        Action::DecideClueTime if !of_the_clue => Some("没有等待答复的核查延长申请。"),
        Action::GrantExtension | Action::DeclineExtension if of_the_clue => Some("核查线索的期限由领导批准延长。"),
        Action::Archive if under_way.clue => Some("调解中发现的违法线索还没有核查决定，不能归档。"),
        Action::ReferPolice if under_way.police_asked || under_way.police => Some("已经提出过移送公安机关。"),
        Action::DecidePolice if !under_way.police_asked => Some("没有等待批准的移送。"),
        Action::Settle | Action::Terminate if under_way.police_asked => {
            Some("移送公安机关的意见还没有批，请等领导决定。")
        }
        Action::Reopen if matches!(case.outcome, Some(crate::case::Outcome::Withdrawn)) => {
            Some("投诉人已经撤回，问题没有解决的请重新投诉。")
        }
        _ => None,
    }
}

/// What others than the desk's holder have to do.
pub(crate) fn errands_of(case: &Case) -> Vec<Errand> {
    let under_way = &case.turns.mediation;
    let holder = case.unit.unwrap_or(case.intake);
    let mut errands = Vec::new();
    let mut add = |waits: bool, kind: ErrandKind, desk: String| {
        if waits {
            errands.push(Errand { kind, desk });
        }
    };
    add(under_way.recusal.is_some(), ErrandKind::Recusal, format!("approval:{holder}"));
    add(under_way.police_asked, ErrandKind::Police, format!("approval:{holder}"));
    let more_time = case.status.is_open() && case.extension_asked.as_deref() == Some(CLUE_LIMIT);
    add(more_time, ErrandKind::ClueTime, format!("approval:{holder}"));
    // The check of a clue goes on after the mediation has ended (O121 art. 27).
    if let (true, Some(lead)) = (under_way.clue, case.lead) {
        add(true, ErrandKind::Clue, format!("officer:{lead}"));
    }
    errands
}

/// The centre's own practice (`regulations/mediation.toml`): what the law leaves to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// The simple procedure.
    pub simple: Simple,
    /// Taking a case up again.
    pub reopening: Reopening,
}

/// When the simple procedure fits (简易程序).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simple {
    /// The largest sum, in 元.
    pub amount_at_most: i64,
    /// Where it comes from.
    pub source: String,
}

/// Until when and how often a consumer may ask for more (重办).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopening {
    /// Days after the result was told.
    pub within_days: i64,
    /// How often.
    pub times: u32,
    /// Where it comes from.
    pub source: String,
}

/// The practice inside the program.
pub fn practice() -> &'static Practice {
    static PRACTICE: OnceLock<Practice> = OnceLock::new();
    PRACTICE.get_or_init(|| {
        let (file, text) = crate::embedded::MEDIATION;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}
