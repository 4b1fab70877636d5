//! 补正、合并、共同投诉: what is under way around a case because of what is missing, of another case, or of further parties.
//!
//! A part of [`crate::turns::Turns`], so it is the fold of the acts like the rest of the state. No names: parties are row ids.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::action::Action;
use crate::case::{Case, Outcome};
use crate::case_kind::CaseKind;
use crate::keyed::keyed;
use crate::status::Status;
use crate::turns::{Errand, ErrandKind};

/// What is under way around acceptance, parties and other cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accepting {
    /// 补正: what was asked for, once.
    pub materials: Option<Asked>,
    /// 身份证明: asked for, once.
    pub identity: Option<Asked>,
    /// 合并: into which case, and where it stood before.
    pub merged: Option<Merged>,
    /// 共同投诉人、代理人、监护人, those that hold.
    pub parties: Vec<PartyTurn>,
}

/// What a consumer was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The last day.
    pub by: Date,
    /// She answered.
    pub answered: bool,
    /// The day passed without an answer.
    pub lapsed: bool,
}

/// 已并入: follows another case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// The case in which the handling goes on.
    pub into: String,
    /// Where this one stood.
    pub from: Status,
}

/// A further party and what she agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyTurn {
    /// Row id of the party.
    pub id: i64,
    /// What she is.
    pub role: PartyRole,
    /// 和解: she agreed to settle.
    pub settles: bool,
    /// 放弃、撤回: she agreed to give up or withdraw the complaint.
    pub withdraws: bool,
}

keyed! {
    /// What a further party is to the complaint.
    pub enum PartyRole:
    /// 委托代理人: acts for the consumer with a written authority (O121 art. 11).
    Agent = "agent", "委托代理人";
    /// 代表人: elected in writing by those who complain together (O121 art. 12).
    Representative = "representative", "共同投诉代表人";
    /// 共同投诉人: one of several with the same dispute (O121 art. 12).
    JointComplainant = "joint_complainant", "共同投诉人";
    /// 监护人: acts for a minor or a person without full capacity.
    Guardian = "guardian", "监护人";
}

impl PartyRole {
    /// Whether her own rights are at stake, so that she must agree to a settlement or a withdrawal herself.
    pub fn must_consent(self) -> bool {
        self == PartyRole::JointComplainant
    }
}

keyed! {
    /// What a joint complainant agrees to.
    pub enum Consent:
    /// 达成调解协议.
    Settle = "settle", "达成调解协议";
    /// 放弃请求、撤回投诉.
    Withdraw = "withdraw", "放弃请求、撤回投诉";
}

impl Accepting {
    /// What she was asked for and has not brought, while its day is not past: materials, identity.
    pub fn waits_for_consumer(&self) -> bool {
        [&self.materials, &self.identity].into_iter().flatten().any(|asked| !asked.answered)
    }

    /// Whether she brought something that nobody has decided on yet.
    pub fn answered(&self) -> bool {
        let asked = || [&self.materials, &self.identity].into_iter().flatten();
        asked().any(|asked| asked.answered) && asked().all(|asked| asked.answered)
    }

    /// The parties whose consent is still missing.
    pub fn without_consent(&self, to: Consent) -> usize {
        let given = |party: &&PartyTurn| match to {
            Consent::Settle => party.settles,
            Consent::Withdraw => party.withdraws,
        };
        self.parties.iter().filter(|party| party.role.must_consent()).filter(|party| !given(party)).count()
    }

    /// The day asked for, when it passed unanswered.
    pub fn unanswered(asked: Option<&Asked>) -> Option<Date> {
        asked.filter(|asked| asked.lapsed && !asked.answered).map(|asked| asked.by)
    }
}

/// The state after an act, as far as it is kept here; `before` is where the case stood.
pub(crate) fn apply(case: &mut Case, act: &Act, before: Status) {
    let turns = &mut case.turns.accepting;
    match act {
        Act::RequestMaterials { by, .. } => {
            turns.materials = Some(Asked { by: *by, answered: false, lapsed: false });
        }
        Act::RequestIdentity { by, .. } => turns.identity = Some(Asked { by: *by, answered: false, lapsed: false }),
        Act::Supplement { .. } => {
            for asked in [&mut turns.materials, &mut turns.identity].into_iter().flatten() {
                asked.answered = true;
            }
        }
        Act::NoteUnanswered { identity, .. } => {
            let asked = if *identity { &mut turns.identity } else { &mut turns.materials };
            if let Some(asked) = asked {
                asked.lapsed = true;
            }
        }
        Act::Merge { into, .. } => {
            turns.merged = Some(Merged { into: into.clone(), from: before });
            case.outcome = Some(Outcome::Merged);
        }
        Act::NotSeparately { of, .. } => {
            turns.merged = Some(Merged { into: of.clone(), from: before });
            case.outcome = Some(Outcome::Repeated);
        }
        Act::Unmerge { .. } => {
            turns.merged = None;
            case.outcome = None;
        }
        Act::AddParty { party, role } => {
            turns.parties.push(PartyTurn { id: *party, role: *role, settles: false, withdraws: false });
        }
        Act::EndParty { party, .. } => turns.parties.retain(|it| it.id != *party),
        Act::RecordConsent { party, to, .. } => {
            for it in turns.parties.iter_mut().filter(|it| it.id == *party) {
                match to {
                    Consent::Settle => it.settles = true,
                    Consent::Withdraw => it.withdraws = true,
                }
            }
        }
        // What was agreed anew needs consent anew.
        Act::SendBack { .. } => turns.parties.iter_mut().for_each(|it| it.settles = false),
        _ => {}
    }
}

/// Where the case stands after an act of this part; none for every other act.
pub(crate) fn status_after(case: &Case, act: &Act) -> Option<Status> {
    match act {
        Act::Merge { .. } | Act::NotSeparately { .. } => Some(Status::Told),
        Act::Unmerge { .. } => case.turns.accepting.merged.as_ref().map(|merged| merged.from),
        _ => None,
    }
}

/// Why a step that the status allows has nothing to do now, or must wait.
pub(crate) fn not_now(case: &Case, action: Action) -> Option<&'static str> {
    let turns = &case.turns.accepting;
    if turns.merged.is_some() && !goes_on_beside(case.kind, action) {
        return Some(match case.outcome {
            Some(Outcome::Repeated) => "本件是重复举报，不再另行处理；不是同一件事的，先撤销。",
            _ => "本件已经并入另一件，请到那一件办理；不是同一件事的，先撤销合并。",
        });
    }
    match action {
        Action::Unmerge if turns.merged.is_none() => Some("本件没有并入别的案件。"),
        Action::RequestMaterials if turns.materials.is_some() => {
            Some("补正只能一次告知，已经要求过了。现在请根据已有材料决定是否受理。")
        }
        Action::RequestIdentity if turns.identity.is_some() => Some("已经要求过身份证明，不再重复要求。"),
        Action::Supplement if !turns.waits_for_consumer() => Some("现在没有等着补充的材料。"),
        Action::EndParty if turns.parties.is_empty() => Some("没有登记代理人、监护人或者共同投诉人。"),
        Action::RecordConsent if !turns.parties.iter().any(|it| it.role.must_consent()) => {
            Some("没有登记共同投诉人，不需要另外的同意。")
        }
        Action::Settle | Action::SettleOnSpot if turns.without_consent(Consent::Settle) > 0 => {
            Some("还有共同投诉人没有同意和解。代表人达成调解协议要经被代表的投诉人同意，请先记录他们的同意。")
        }
        Action::Withdraw if turns.without_consent(Consent::Withdraw) > 0 => {
            Some("还有共同投诉人没有同意撤回。放弃投诉请求要经被代表的投诉人同意，请先让工作人员记录他们的同意。")
        }
        _ => None,
    }
}

/// What is still done on a case that follows another: a reporter keeps her own way to write and to be told.
fn goes_on_beside(kind: CaseKind, action: Action) -> bool {
    let of_reports = kind == CaseKind::Report
        && matches!(action, Action::WriteOfficers | Action::ReadReporter | Action::AskReporter | Action::Tell);
    of_reports || matches!(action, Action::Unmerge | Action::Archive | Action::Note | Action::AddEvidence)
}

/// What waits for the one who decides on acceptance.
pub(crate) fn errands(case: &Case) -> Vec<Errand> {
    let desk = || format!("acceptance:{}", case.intake);
    let turns = &case.turns.accepting;
    let lapsed = [&turns.materials, &turns.identity].into_iter().flatten().any(|it| it.lapsed && !it.answered);
    match case.status {
        Status::Registered if turns.answered() => vec![Errand { kind: ErrandKind::Supplemented, desk: desk() }],
        Status::Registered if lapsed => vec![Errand { kind: ErrandKind::Unanswered, desk: desk() }],
        _ => Vec::new(),
    }
}
