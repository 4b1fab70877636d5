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
    /// A member of staff who holds this role at the case's own bureau or its centre, not at an office.
    Bureau(Role),
    /// A member of staff who holds this role at an organisation drawn in besides: the other bureau of a dispute, an office
    /// asked to help.
    Beside(Role),
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
        /// The kind of case.
        kind: CaseKind,
        /// Where the case is.
        status: Status,
        /// Where it would have to be.
        from: Vec<Status>,
    },
    /// The person has no such right over this case.
    NotByYou {
        /// Who has.
        by: &'static [By],
    },
    /// Something else has to come first, or there is nothing to do.
    NotNow {
        /// What, in words.
        why: &'static str,
    },
}

/// What a person is to a case: the roles that reach it, and whether it is hers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Roles held where the case is.
    pub roles: Vec<Role>,
    /// Roles held at a bureau above the case's own.
    pub superior: Vec<Role>,
    /// Roles held at the case's own bureau or its centre.
    pub bureau: Vec<Role>,
    /// Roles held at an organisation drawn in besides.
    pub beside: Vec<Role>,
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
            By::Bureau(role) => self.bureau.contains(&role),
            By::Beside(role) => self.beside.contains(&role),
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

/// The first row of a verb: where a verb has several, that of complaints.
pub fn step_of(action: Action) -> &'static Step {
    STEPS.iter().find(|step| step.action == action).expect("every action has a step; a test says so")
}

/// Every row of a verb: what differs by kind of case, or by who may from where, has a row each.
pub fn steps_of(action: Action) -> impl Iterator<Item = &'static Step> {
    STEPS.iter().filter(move |step| step.action == action)
}

/// The row of a verb for a kind of case, the one that starts from this status before others.
pub fn step_for(kind: CaseKind, status: Status, action: Action) -> Option<&'static Step> {
    let rows = || steps_of(action).filter(|step| step.kinds.contains(&kind));
    rows().find(|step| step.from.contains(&status)).or_else(|| rows().next())
}

/// Whether the step is lawful now for this standing; the first reason when it is not.
pub fn step(kind: CaseKind, status: Status, action: Action, standing: &Standing) -> Result<&'static Step, WhyNot> {
    let rows = || steps_of(action).filter(|step| step.kinds.contains(&kind));
    if rows().next().is_none() {
        return Err(WhyNot::NotOfThisKind { kind });
    }
    let from_here = || rows().filter(|step| step.from.contains(&status));
    let Some(first) = from_here().next() else {
        let from = rows().flat_map(|step| step.from).copied().collect();
        return Err(WhyNot::NotFromHere { kind, status, from });
    };
    let hers = from_here().find(|step| step.by.iter().any(|by| standing.is(*by)));
    hers.ok_or(WhyNot::NotByYou { by: first.by })
}

/// The verbs lawful now, in the order of the table.
pub fn allowed(kind: CaseKind, status: Status, standing: &Standing) -> Vec<&'static Step> {
    let lawful = |row: &&Step| {
        row.kinds.contains(&kind) && row.from.contains(&status) && row.by.iter().any(|by| standing.is(*by))
    };
    STEPS.iter().filter(lawful).collect()
}

impl By {
    /// The words for a person.
    pub fn label(self) -> String {
        match self {
            By::Role(role) => role.label().to_owned(),
            By::Superior(role) => format!("上级局{}", role.label()),
            By::Bureau(role) => format!("本局{}", role.label()),
            By::Beside(role) => format!("争议对方局或者协办单位的{}", role.label()),
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
            WhyNot::NotFromHere { kind, status, from } => {
                let from: Vec<_> = from.iter().map(|status| format!("“{}”", status.label_for(*kind))).collect();
                format!("本件现在是“{}”，这一步要在{}时才能办。", status.label_for(*kind), from.join("或"))
            }
            WhyNot::NotByYou { by } => {
                let by: Vec<_> = by.iter().map(|by| by.label()).collect();
                format!("这一步由{}办理。", by.join("或"))
            }
            WhyNot::NotNow { why } => (*why).to_owned(),
        }
    }
}

const COMPLAINTS: &[CaseKind] = &[CaseKind::Complaint];
/// What ends with an answer and goes the ordinary way.
const ASKED: &[CaseKind] = &[CaseKind::Consultation, CaseKind::Suggestion];
const COMPLAINTS_AND_ASKED: &[CaseKind] = &[CaseKind::Complaint, CaseKind::Consultation, CaseKind::Suggestion];
const STAFF_COMPLAINTS: &[CaseKind] = &[CaseKind::StaffComplaint];
const FILED_BY_ANYBODY: &[CaseKind] =
    &[CaseKind::Complaint, CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint];
const DISCIPLINE: &[By] = &[By::Role(Role::Discipline)];
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
const BEFORE_OUTCOME: &[Status] =
    &[Status::Filed, Status::Registered, Status::Accepted, Status::Dispatched, Status::Assigned, Status::Mediating];
const HANDLERS: &[By] =
    &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::ShiftLead), By::Role(Role::IntakeAgent)];
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
    By::Beside(Role::Officer),
    By::Beside(Role::Leader),
];
const SUPERIORS: &[By] =
    &[By::Superior(Role::Leader), By::Superior(Role::DutyDirector), By::Superior(Role::Dispatcher)];
const SUPERVISORS: &[By] = &[
    By::Superior(Role::Leader),
    By::Superior(Role::DutyDirector),
    By::Superior(Role::Dispatcher),
    By::Bureau(Role::Leader),
    By::Bureau(Role::DutyDirector),
];
const BUREAU_LEADERS: &[By] = &[By::Bureau(Role::Leader), By::Bureau(Role::DutyDirector)];

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
        action: Action::Register,
        kinds: ASKED,
        from: &[Status::Filed],
        to: To::Go(Status::Registered),
        by: AGENTS,
        fires: &[Trigger::Registered],
        papers: &[],
        effect: "核对内容、定类别，留待答复或者交给有关的所",
    },
    Step {
        action: Action::Register,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Filed],
        to: To::Go(Status::Registered),
        by: DISCIPLINE,
        fires: &[Trigger::Registered],
        papers: &[],
        effect: "登记并开始核查，只有本局纪检人员看得到",
    },
    Step {
        action: Action::Answer,
        kinds: ASKED,
        from: &[Status::Filed, Status::Registered],
        to: To::Go(Status::Told),
        by: AGENTS,
        fires: &[Trigger::Concluded, Trigger::Told],
        papers: &[],
        effect: "把答复告诉对方，本件办结，请对方评价",
    },
    Step {
        action: Action::Answer,
        kinds: ASKED,
        from: &[Status::Assigned],
        to: To::Go(Status::Told),
        by: OFFICERS,
        fires: &[Trigger::Concluded, Trigger::Told],
        papers: &[],
        effect: "把答复告诉对方，本件办结，请对方评价",
    },
    Step {
        action: Action::Answer,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Registered],
        to: To::Go(Status::Told),
        by: DISCIPLINE,
        fires: &[Trigger::Concluded, Trigger::Told],
        papers: &[],
        effect: "把核查结果告诉反映人，本件办结",
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
        action: Action::Forward,
        kinds: ASKED,
        from: &[Status::Registered],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[Trigger::Forwarded],
        papers: &[],
        effect: "转给应当答复的局，由该局中心答复",
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
        action: Action::Dispatch,
        kinds: ASKED,
        from: &[Status::Registered],
        to: To::Go(Status::Dispatched),
        by: AGENTS,
        fires: &[Trigger::Dispatched],
        papers: &[],
        effect: "交给有关的所答复，对方接收或者退回",
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
        action: Action::Assign,
        kinds: ASKED,
        from: &[Status::Dispatched, Status::Assigned],
        to: To::Depends, // taken: Assigned; a change of officers later on: stays
        by: &[By::Role(Role::Leader), By::Role(Role::Officer)],
        fires: &[Trigger::Taken, Trigger::Assigned],
        papers: &[],
        effect: "接收本件，指派承办人答复",
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
        action: Action::Return,
        kinds: ASKED,
        from: &[Status::Dispatched],
        to: To::Go(Status::Registered),
        by: &[By::Role(Role::Leader), By::Role(Role::Officer)],
        fires: &[Trigger::Returned],
        papers: &[],
        effect: "写明理由退回中心，由中心答复或者另行交办",
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
        action: Action::Archive,
        kinds: ASKED,
        from: &[Status::Told, Status::Withdrawn],
        to: To::Go(Status::Archived),
        by: &[By::Assigned, By::Role(Role::Archivist), By::Role(Role::Dispatcher)],
        fires: &[Trigger::Archived],
        papers: &[],
        effect: "编目成卷",
    },
    Step {
        action: Action::Archive,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Told],
        to: To::Go(Status::Archived),
        by: DISCIPLINE,
        fires: &[Trigger::Archived],
        papers: &[],
        effect: "编目成卷，由纪检人员单独保管",
    },
    Step {
        action: Action::Rate,
        kinds: FILED_BY_ANYBODY,
        from: &[Status::Told, Status::Archived],
        to: To::Stay,
        by: &[By::Complainant],
        fires: &[],
        papers: &[],
        effect: "是否解决、打几分",
    },
    Step {
        action: Action::Urge,
        kinds: FILED_BY_ANYBODY,
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
        action: Action::AnswerUrge,
        kinds: ASKED,
        from: &[Status::Filed, Status::Registered, Status::Dispatched, Status::Assigned],
        to: To::Stay,
        by: &[
            By::Assigned,
            By::Role(Role::IntakeAgent),
            By::Role(Role::Dispatcher),
            By::Role(Role::ShiftLead),
            By::Role(Role::Leader),
        ],
        fires: &[Trigger::UrgeAnswered],
        papers: &[],
        effect: "把进展告诉对方",
    },
    Step {
        action: Action::AnswerUrge,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Filed, Status::Registered],
        to: To::Stay,
        by: DISCIPLINE,
        fires: &[Trigger::UrgeAnswered],
        papers: &[],
        effect: "把进展告诉反映人",
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
        action: Action::Withdraw,
        kinds: ASKED,
        from: &[Status::Filed, Status::Registered, Status::Dispatched, Status::Assigned],
        to: To::Go(Status::Withdrawn),
        by: &[By::Complainant],
        fires: &[Trigger::Withdrawn],
        papers: &[],
        effect: "不再需要答复",
    },
    Step {
        action: Action::AddEvidence,
        kinds: COMPLAINTS_AND_ASKED,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: &[
            By::Complainant,
            By::Assigned,
            By::Role(Role::IntakeAgent),
            By::Role(Role::Dispatcher),
            By::Beside(Role::Officer),
            By::Beside(Role::Leader),
        ],
        fires: &[],
        papers: &[],
        effect: "补充照片、票据、录音等材料",
    },
    Step {
        action: Action::AddEvidence,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Filed, Status::Registered, Status::Told],
        to: To::Stay,
        by: &[By::Complainant, By::Role(Role::Discipline)],
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
        action: Action::RequestRecusal,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: &[
            By::Assigned,
            By::Role(Role::IntakeAgent),
            By::Role(Role::ShiftLead),
            By::Role(Role::Dispatcher),
            By::Complainant,
        ],
        fires: &[],
        papers: &[],
        effect: "调解和期限中止，由办理单位领导决定，双方都告知",
    },
    Step {
        action: Action::DecideRecusal,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: &[By::Role(Role::Leader)],
        fires: &[],
        papers: &["recusal_decision"],
        effect: "同意的换人接替，不同意的照旧；调解和期限恢复，告知双方",
    },
    Step {
        action: Action::Appraise,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &["appraisal_entrustment"],
        effect: "送检期间不计入调解期限；费用谈不成的不送检，可以据此终止调解",
    },
    Step {
        action: Action::RecordAppraisal,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &["appraisal_result"],
        effect: "结论存入案卷，期限恢复计算，告知双方",
    },
    Step {
        action: Action::ProposeTerms,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "记下哪一方提出了什么方案",
    },
    Step {
        action: Action::Delegate,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &["delegation_letter"],
        effect: "受委托组织以本局名义调解，不得再委托；期限照常计算",
    },
    Step {
        action: Action::RecordDelegated,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "记下受委托组织报来的结果，再由承办人登记协议或者终止",
    },
    Step {
        action: Action::TakeBack,
        kinds: COMPLAINTS,
        from: &[Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "收回委托，由本局继续调解，告知双方",
    },
    Step {
        action: Action::SettleOnSpot,
        kinds: COMPLAINTS,
        from: &[Status::Registered, Status::Accepted],
        to: To::Go(Status::Concluded),
        by: AGENTS,
        fires: &[Trigger::Settled, Trigger::Concluded], // and Accepted, when nobody had accepted it yet
        papers: &["simple_record"],
        effect: "金额较小、事实清楚、双方当场同意的，一页办结，由您告知双方",
    },
    Step {
        action: Action::SettleOnSpot,
        kinds: COMPLAINTS,
        from: &[Status::Assigned],
        to: To::Go(Status::Concluded),
        by: OFFICERS,
        fires: &[Trigger::Settled, Trigger::Concluded],
        papers: &["simple_record"],
        effect: "金额较小、事实清楚、双方当场同意的，一页办结，由您告知双方",
    },
    Step {
        action: Action::Reopen,
        kinds: COMPLAINTS,
        from: &[Status::Told, Status::Archived],
        to: To::Depends, // back to its officers, or to be sent to an office when none had it
        by: &[By::Complainant, By::Role(Role::Dispatcher), By::Role(Role::Leader)],
        fires: &[Trigger::Reopened],
        papers: &[],
        effect: "写明哪里没有解决，转回承办人重新办理，计入重办",
    },
    Step {
        action: Action::FindClue,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded],
        to: To::Stay,
        by: OFFICERS,
        fires: &[Trigger::ClueFound],
        papers: &[],
        effect: "开始计算核查期限，调解结束后照样要核查",
    },
    Step {
        action: Action::CheckClue,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded, Status::Told],
        to: To::Stay,
        by: OFFICERS,
        fires: &[Trigger::ClueChecked],
        papers: &[],
        effect: "写明立案或者不予立案及理由，核查期限停止",
    },
    Step {
        action: Action::DecideClueTime,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded],
        to: To::Stay,
        by: &[By::Role(Role::Leader)],
        fires: &[],
        papers: &[],
        effect: "同意的核查期限延长，不同意的照旧",
    },
    Step {
        action: Action::ReferLegalAid,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded, Status::Told],
        to: To::Stay,
        by: &[By::Assigned, By::Role(Role::Dispatcher)],
        fires: &[],
        papers: &[],
        effect: "告诉投诉人到哪里申请法律援助或者支持起诉",
    },
    Step {
        action: Action::ReferPolice,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: OFFICERS,
        fires: &[],
        papers: &[],
        effect: "写明投诉人骗取赔偿或者敲诈勒索的事实，请领导批准移送",
    },
    Step {
        action: Action::DecidePolice,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: &[By::Role(Role::Leader)],
        fires: &[],
        papers: &["police_referral"],
        effect: "批准的移送公安机关，并可以据此终止调解",
    },
    Step {
        action: Action::RequestExtension,
        kinds: COMPLAINTS,
        from: &[Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded],
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
        action: Action::Split,
        kinds: COMPLAINTS_AND_ASKED,
        from: &[
            Status::Filed,
            Status::Registered,
            Status::Accepted,
            Status::Dispatched,
            Status::Assigned,
            Status::Mediating,
        ],
        to: To::Stay,
        by: &[By::Assigned, By::Role(Role::IntakeAgent), By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)],
        fires: &[],
        papers: &[],
        effect: "把其中另一件事单独立一件，各有编号和期限，两件互相关联",
    },
    Step {
        action: Action::Note,
        kinds: COMPLAINTS_AND_ASKED,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: EVERYONE,
        fires: &[],
        papers: &[],
        effect: "写给同事看，不对外",
    },
    Step {
        action: Action::Note,
        kinds: STAFF_COMPLAINTS,
        from: &[Status::Filed, Status::Registered, Status::Told],
        to: To::Stay,
        by: DISCIPLINE,
        fires: &[],
        papers: &[],
        effect: "只有本局纪检人员看得到",
    },
    Step {
        action: Action::SuperiorUrge,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: SUPERVISORS,
        fires: &[Trigger::Urged],
        papers: &[],
        effect: "催问进展，承办单位限期反馈",
    },
    Step {
        action: Action::Supervise,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[
            By::Superior(Role::Leader),
            By::Superior(Role::DutyDirector),
            By::Superior(Role::Dispatcher),
            By::Bureau(Role::Leader),
            By::Bureau(Role::DutyDirector),
            By::System, // at the second return (5.2)
        ],
        fires: &[Trigger::Supervised],
        papers: &[],
        effect: "列入督办，承办单位限期反馈并限期办结",
    },
    Step {
        action: Action::AnswerSupervision,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[
            By::Assigned,
            By::Role(Role::Dispatcher),
            By::Role(Role::ShiftLead),
            By::Role(Role::Leader),
            By::Role(Role::DutyDirector),
        ],
        fires: &[], // UrgeAnswered, SupervisionAnswered: as far as asked
        papers: &[],
        effect: "把进展告诉催办、督办的上级",
    },
    Step {
        action: Action::EndSupervision,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: SUPERVISORS,
        fires: &[Trigger::SupervisionDone],
        papers: &[],
        effect: "写明督办结果，不再督办",
    },
    Step {
        action: Action::RaiseDispute,
        kinds: COMPLAINTS,
        from: &[Status::Registered, Status::Accepted],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[Trigger::DisputeArisen],
        papers: &[],
        effect: "对方局可以查看本件；限期协商，协商不成的由共同上级指定",
    },
    Step {
        action: Action::AgreeDispute,
        kinds: COMPLAINTS,
        from: &[Status::Registered, Status::Accepted],
        to: To::Stay,
        by: &[By::Role(Role::Dispatcher), By::Beside(Role::Dispatcher)],
        fires: &[], // DisputeDecided when one side takes it, Forwarded when it moves
        papers: &["dispatch_notice"],
        effect: "同意由本局处理的，争议解决；协商不成的，报请共同上级指定",
    },
    Step {
        action: Action::DesignateDispute,
        kinds: COMPLAINTS,
        from: &[Status::Registered, Status::Accepted],
        to: To::Stay,
        by: SUPERIORS,
        fires: &[], // DisputeDecided, and Forwarded when it moves
        papers: &["dispatch_notice"],
        effect: "指定其中一个局处理，争议解决",
    },
    Step {
        action: Action::ProposeReferral,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[],
        papers: &[],
        effect: "写明由哪个部门处理和理由，请本局领导审批",
    },
    Step {
        action: Action::ApproveReferral,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Go(Status::Refused),
        by: BUREAU_LEADERS,
        fires: &[Trigger::Refused],
        papers: &["refusal_decision"],
        effect: "告知投诉人由哪个部门处理和它的电话，本件不再办理",
    },
    Step {
        action: Action::DeclineReferral,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: BUREAU_LEADERS,
        fires: &[],
        papers: &[],
        effect: "不移送，继续由本局处理",
    },
    Step {
        action: Action::Assist,
        kinds: COMPLAINTS,
        from: &[Status::Dispatched, Status::Assigned, Status::Mediating],
        to: To::Stay,
        by: &[By::Assigned, By::Role(Role::Leader), By::Role(Role::Dispatcher)],
        fires: &[],
        papers: &[],
        effect: "请另一个所协办，它可以查看本件、写备注、补充材料",
    },
    Step {
        action: Action::RecordAssist,
        kinds: COMPLAINTS,
        from: &[Status::Accepted, Status::Dispatched, Status::Assigned, Status::Mediating, Status::PendingApproval],
        to: To::Stay,
        by: &[By::Beside(Role::Officer), By::Beside(Role::Leader)],
        fires: &[],
        papers: &[],
        effect: "把协办的结果告诉主办单位",
    },
    Step {
        action: Action::ReportUp,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[
            By::Assigned,
            By::Role(Role::IntakeAgent),
            By::Role(Role::ShiftLead),
            By::Role(Role::Dispatcher),
            By::Role(Role::DutyDirector),
            By::Role(Role::Leader),
        ],
        fires: &[Trigger::ReportedUp],
        papers: &[],
        effect: "立即报上级局，上级限期确认收到；需要到现场的同时限期到达",
    },
    Step {
        action: Action::Acknowledge,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: SUPERVISORS,
        fires: &[Trigger::Acknowledged],
        papers: &[],
        effect: "确认知道，写下要求",
    },
    Step {
        action: Action::Arrive,
        kinds: COMPLAINTS,
        from: OPEN,
        to: To::Stay,
        by: &[By::Assigned, By::Role(Role::Officer), By::Role(Role::Leader)],
        fires: &[Trigger::Arrived],
        papers: &[],
        effect: "登记到达现场的时间和情况",
    },
    Step {
        action: Action::RequestMaterials,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[],
        papers: &[],
        effect: "把还缺的材料一次告诉投诉人，受理期限照常计算",
    },
    Step {
        action: Action::RequestIdentity,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: DISPATCHERS,
        fires: &[],
        papers: &["identity_request"],
        effect: "生成限期提供身份证明材料通知书并告知投诉人，受理期限照常计算",
    },
    Step {
        action: Action::Supplement,
        kinds: COMPLAINTS,
        from: &[Status::Registered],
        to: To::Stay,
        by: &[By::Complainant, By::Role(Role::IntakeAgent), By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)],
        fires: &[],
        papers: &[],
        effect: "补上要求的材料和信息，由分送员看过后决定是否受理",
    },
    Step {
        action: Action::AddParty,
        kinds: COMPLAINTS,
        from: BEFORE_OUTCOME,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "登记代理人、监护人、共同投诉人或者代表人和他们的权限",
    },
    Step {
        action: Action::EndParty,
        kinds: COMPLAINTS,
        from: BEFORE_OUTCOME,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "代理、监护或者共同投诉到此结束，登记保留在案",
    },
    Step {
        action: Action::RecordConsent,
        kinds: COMPLAINTS,
        from: BEFORE_OUTCOME,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "记下被代表的投诉人同意和解或者同意撤回",
    },
    Step {
        action: Action::Merge,
        kinds: COMPLAINTS,
        from: BEFORE_OUTCOME,
        to: To::Go(Status::Told),
        by: HANDLERS,
        fires: &[Trigger::Merged],
        papers: &[],
        effect: "并入另一件一起办，本件期限停止，告知投诉人；可以撤销",
    },
    Step {
        action: Action::Unmerge,
        kinds: COMPLAINTS,
        from: &[Status::Told],
        to: To::Depends, // back to where it stood when it was merged
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "恢复合并前的状态和期限，单独办理",
    },
    Step {
        action: Action::Link,
        kinds: COMPLAINTS,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "和另一件互相关联，两件的办理过程里都能看到",
    },
    Step {
        action: Action::Unlink,
        kinds: COMPLAINTS,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "取消两件之间的关联",
    },
];
