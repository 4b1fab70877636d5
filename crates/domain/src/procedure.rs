//! The procedure as a table: the one gate for buttons, `allowed_actions`, 'why not?' and the
//! `WHERE status IN (…)` of the update. `docs/procedures.md` is printed from it.

use crate::action::Action;
use crate::case_kind::CaseKind;
use crate::role::Role;
use crate::status::Status;
use crate::trigger::Trigger;

/// Who may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A member of staff who holds this role where the case is.
    Role(Role),
    /// A member of staff who holds this role at a bureau above the case's own.
    Superior(Role),
    /// One of the case's two officers.
    Assigned,
    /// The consumer who filed it.
    Complainant,
    /// The program itself, in a sweep.
    System,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// The case stays where it is.
    Stay,
    /// The case goes on to this status.
    Go(Status),
    /// Depends on what came before (written beside the step).
    Depends,
}

/// One row of the procedure.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The verb.
    pub action: Action,
    /// The kinds of case that know it.
    pub kinds: &'static [CaseKind],
    /// The statuses it starts from.
    pub from: &'static [Status],
    /// Where it leads.
    pub to: To,
    /// Who may.
    pub by: &'static [By],
    /// What has then happened, for the clocks.
    pub fires: &'static [Trigger],
    /// The papers it makes, by the key of their template.
    pub papers: &'static [&'static str],
    /// What it will do and send, said on the button.
    pub effect: &'static str,
}

/// Why a step may not be taken now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Cases of this kind have no such step.
    NotOfThisKind {
        /// The kind.
        kind: CaseKind,
    },
    /// The case has not come that far, or is past it.
    NotFromHere {
        /// Where the case is.
        status: Status,
        /// Where it would have to be.
        from: &'static [Status],
    },
    /// The person has no such right over this case.
    NotByYou {
        /// Who has.
        by: &'static [By],
    },
}

/// What a person is to a case: the roles that reach it, and whether it is hers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Roles held where the case is.
    pub roles: Vec<Role>,
    /// Roles held at a bureau above the case's own.
    pub superior: Vec<Role>,
    /// Is one of the two officers.
    pub assigned: bool,
    /// Is the consumer.
    pub complainant: bool,
    /// Is the program.
    pub system: bool,
}

impl Standing {
    /// Whether this standing answers to `by`.
    pub fn is(&self, by: By) -> bool {
        match by {
            By::Role(role) => self.roles.contains(&role),
            By::Superior(role) => self.superior.contains(&role),
            By::Assigned => self.assigned,
            By::Complainant => self.complainant,
            By::System => self.system,
        }
    }

    /// The consumer's own standing.
    pub fn complainant() -> Standing {
        Standing { complainant: true, ..Standing::default() }
    }

    /// The program's own standing.
    pub fn system() -> Standing {
        Standing { system: true, ..Standing::default() }
    }
}

/// The row for a verb.
pub fn step_of(action: Action) -> &'static Step {
    STEPS.iter().find(|step| step.action == action).expect("every action has a step; a test says so")
}

/// Whether the step is lawful now for this standing; the first reason when it is not.
pub fn step(kind: CaseKind, status: Status, action: Action, standing: &Standing) -> Result<&'static Step, WhyNot> {
    let step = step_of(action);
    if !step.kinds.contains(&kind) {
        return Err(WhyNot::NotOfThisKind { kind });
    }
    if !step.from.contains(&status) {
        return Err(WhyNot::NotFromHere { status, from: step.from });
    }
    if !step.by.iter().any(|by| standing.is(*by)) {
        return Err(WhyNot::NotByYou { by: step.by });
    }
    Ok(step)
}

/// The verbs lawful now, in the order of the table.
pub fn allowed(kind: CaseKind, status: Status, standing: &Standing) -> Vec<&'static Step> {
    STEPS.iter().filter(|step| self::step(kind, status, step.action, standing).is_ok()).collect()
}

impl By {
    /// The words for a person.
    pub fn label(self) -> String {
        match self {
            By::Role(role) => role.label().to_owned(),
            By::Superior(role) => format!("上级局{}", role.label()),
            By::Assigned => "本案两名承办人".to_owned(),
            By::Complainant => "投诉人".to_owned(),
            By::System => "系统".to_owned(),
        }
    }
}

impl WhyNot {
    /// A sentence for the person who asked.
    pub fn sentence(&self) -> String {
        match self {
            WhyNot::NotOfThisKind { kind } => format!("{}没有这一步。", kind.label()),
            WhyNot::NotFromHere { status, from } => {
                let from: Vec<_> = from.iter().map(|status| format!("“{}”", status.label())).collect();
                format!("本件现在是“{}”，这一步要在{}时才能办。", status.label(), from.join("或"))
            }
            WhyNot::NotByYou { by } => {
                let by: Vec<_> = by.iter().map(|by| by.label()).collect();
                format!("这一步由{}办理。", by.join("或"))
            }
        }
    }
}

const COMPLAINTS: &[CaseKind] = &[CaseKind::Complaint];
const AGENTS: &[By] = &[By::Role(Role::IntakeAgent), By::Role(Role::ShiftLead), By::Role(Role::Dispatcher)];
const DISPATCHERS: &[By] = &[By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)];
const OFFICERS: &[By] = &[By::Assigned];
const OPEN: &[Status] = &[
    Status::Filed,
    Status::Registered,
    Status::Accepted,
    Status::Dispatched,
    Status::Assigned,
    Status::Mediating,
    Status::PendingApproval,
    Status::Concluded,
];
const ANY_BUT_ARCHIVED: &[Status] = &[
    Status::Filed,
    Status::Registered,
    Status::Accepted,
    Status::Dispatched,
    Status::Assigned,
    Status::Mediating,
    Status::PendingApproval,
    Status::Concluded,
    Status::Told,
    Status::Refused,
    Status::Withdrawn,
];
const EVERYONE: &[By] = &[
    By::Role(Role::IntakeAgent),
    By::Role(Role::ShiftLead),
    By::Role(Role::DutyDirector),
    By::Role(Role::Dispatcher),
    By::Role(Role::Officer),
    By::Role(Role::Leader),
];

/// The procedure of every kind of case. Callers go through [`step`].
pub const STEPS: &[Step] = &[
    Step {
        action: Action::Register,
        kinds: COMPLAINTS,
        from: &[Status::Filed],
        to: To::Go(Status::Registered),
        by: AGENTS,
        fires: &[Trigger::Registered],
        papers: &["registration_form"],
        effect: "核对内容、定类别，生成投诉登记表，转入待受理",
    },
    Step {
        action: Action::Accept,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Go(Status::Accepted),
        by: DISPATCHERS,
        fires: &[Trigger::Accepted],
        papers: &["acceptance_decision"],
        effect: "生成受理决定书并告知投诉人，开始计算调解期限",
    },
    Step {
        action: Action::Refuse,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Go(Status::Refused),
        by: DISPATCHERS,
        fires: &[Trigger::Refused],
        papers: &["refusal_decision"],
        effect: "写明依据和理由，生成不予受理决定书并告知投诉人其他解决途径",
    },
    Step {
        action: Action::Forward,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[Trigger::Forwarded],
        papers: &["dispatch_notice"],
        effect: "分送有处理权限的局，受理期限自该局收到之日起算",
    },
    Step {
        action: Action::Dispatch,
        kinds: COMPLAINTS,
        from: &[Status::Accepted],
        to: To::Go(Status::Dispatched),
        by: DISPATCHERS,
        fires: &[Trigger::Dispatched],
        papers: &["dispatch_notice"],
        effect: "分送承办所，对方须在期限内接收或退回",
    },
    Step {
        action: Action::Assign,
        kinds: COMPLAINTS,
        from: &[Status::Dispatched, Status::Assigned, Status::Mediating],
        to: To::Depends, // taken: Assigned; a change of officers later on: stays
        by: &[By::Role(Role::Leader), By::Role(Role::Officer)],
        fires: &[Trigger::Taken, Trigger::Assigned],
        papers: &[],
        effect: "接收本件，指派两名承办人",
    },
    Step {
        action: Action::Return,
        kinds: COMPLAINTS,
        from: &[Status::Dispatched],
        to: To::Go(Status::Accepted),
        by: &[By::Role(Role::Leader), By::Role(Role::Officer)],
        fires: &[Trigger::Returned],
        papers: &[],
        effect: "写明理由退回分送单位，不得自行移送",
    },
    Step {
        action: Action::Notify,
        kinds: COMPLAINTS,
        from: &[Status::Assigned],
        to: To::Go(Status::Mediating),
        by: OFFICERS,
        fires: &[Trigger::Notified],
        papers: &["mediation_notice"],
        effect: "生成调解通知书，告知双方时间、地点，商家限期答复",
    },
    Step {
        action: Action::RecordAnswer,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[Trigger::Answered],
        papers: &[],
        effect: "记下商家的答复和证据",
    },
    Step {
        action: Action::RecordMeeting,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[Trigger::Mediated],
        papers: &["mediation_record"],
        effect: "记下到场情况和调解经过，生成投诉调解记录",
    },
    Step {
        action: Action::Arrange,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &["mediation_notice"],
        effect: "约定时间、地点并告知双方",
    },
    Step {
        action: Action::Settle,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Go(Status::PendingApproval),
        by: OFFICERS,
        fires: &[Trigger::Settled],
        papers: &["mediation_agreement"],
        effect: "写明协议各项，生成调解书，报领导审批",
    },
    Step {
        action: Action::Terminate,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Go(Status::PendingApproval),
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "写明终止情形和理由，报领导审批",
    },
    Step {
        action: Action::Approve,
        kinds: COMPLAINTS,
        from: &[Status::PendingApproval],
        to: To::Go(Status::Concluded),
        by: &[By::Role(Role::Leader)],
        fires: &[Trigger::Concluded], // and Terminated, when the outcome is a termination
        papers: &["termination_decision"],
        effect: "签批后由承办人告知双方",
    },
    Step {
        action: Action::SendBack,
        kinds: COMPLAINTS,
        from: &[Status::PendingApproval],
        to: To::Depends, // back to where it was proposed: Mediating, or Assigned when nobody was notified yet
        by: &[By::Role(Role::Leader)],
        fires: &[],
        papers: &[],
        effect: "写明意见，退回承办人继续办理",
    },
    Step {
        action: Action::Tell,
        kinds: COMPLAINTS,
        from: &[Status::Concluded],
        to: To::Go(Status::Told),
        by: OFFICERS,
        fires: &[Trigger::Told],
        papers: &["result_notice"],
        effect: "按投诉人选择的方式告知结果，请其评价",
    },
    Step {
        action: Action::RecordPerformance,
        kinds: COMPLAINTS,
        from: &[Status::PendingApproval, Status::Concluded, Status::Told],
        to: To::Stay,
        by: OFFICERS,
        fires: &[Trigger::Performed],
        papers: &[],
        effect: "登记协议各项是否已履行",
    },
    Step {
        action: Action::Archive,
        kinds: COMPLAINTS,
        from: &[Status::Told, Status::Refused, Status::Withdrawn],
        to: To::Go(Status::Archived),
        by: &[By::Assigned, By::Role(Role::Archivist), By::Role(Role::Dispatcher)],
        fires: &[Trigger::Archived],
        papers: &[],
        effect: "核对材料齐全，编目成卷",
    },
    Step {
        action: Action::Rate,
        kinds: COMPLAINTS,
        from: &[Status::Told, Status::Archived],
        to: To::Stay,
        by: &[By::Complainant],
        fires: &[],
        papers: &[],
        effect: "是否解决、打几分",
    },
    Step {
        action: Action::Urge,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[By::Complainant],
        fires: &[Trigger::Urged],
        papers: &[],
        effect: "催问进展，承办单位限期答复",
    },
    Step {
        action: Action::AnswerUrge,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::ShiftLead), By::Role(Role::Leader)],
        fires: &[Trigger::UrgeAnswered],
        papers: &[],
        effect: "把进展告诉投诉人",
    },
    Step {
        action: Action::Withdraw,
        kinds: COMPLAINTS,
        from: &[
            Status::Filed,
            Status::Registered,
            Status::Accepted,
            Status::Dispatched,
            Status::Assigned,
            Status::Mediating,
        ],
        to: To::Depends, // no officers yet: Withdrawn; else Concluded, the other side is still to be told (O121 art. 23)
        by: &[By::Complainant],
        fires: &[Trigger::Withdrawn],
        papers: &[],
        effect: "不再要求处理这件投诉",
    },
    Step {
        action: Action::AddEvidence,
        kinds: COMPLAINTS,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: &[By::Complainant, By::Assigned, By::Role(Role::IntakeAgent), By::Role(Role::Dispatcher)],
        fires: &[],
        papers: &[],
        effect: "补充照片、票据、录音等材料",
    },
    Step {
        action: Action::Suspend,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "鉴定检测或等待材料期间不计入期限",
    },
    Step {
        action: Action::Resume,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "期限恢复计算",
    },
    Step {
        action: Action::RequestExtension,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "写明理由，请分送单位同意延长",
    },
    Step {
        action: Action::GrantExtension,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[],
        papers: &[],
        effect: "同意延长办理期限",
    },
    Step {
        action: Action::DeclineExtension,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[],
        papers: &[],
        effect: "不同意延长，说明理由",
    },
    Step {
        action: Action::Note,
        kinds: COMPLAINTS,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: EVERYONE,
        fires: &[],
        papers: &[],
        effect: "写给同事看，不对外",
    },
];
