//! The procedure as a table: the one gate for buttons, `allowed_actions`, 'why not?' and the
//! `WHERE status IN (…)` of the update. `docs/procedures.md` is printed from it.

mod accepting;
mod dispatching;
mod mediating;
mod ordinary;
mod people;
mod reporting;
mod rewarding;
mod serving;

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

/// What a verb is about: the table in which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// 办理: the ordinary course.
    Course,
    /// 调解: what is done besides in a mediation.
    Mediation,
    /// 分送、督办: between organisations.
    Dispatch,
    /// 受理、当事人、关联: materials, parties, other cases.
    Acceptance,
    /// 举报: the course of a report.
    Report,
    /// 举报奖励: what follows a report that proved true.
    Reward,
    /// 送达: papers reach their side.
    Service,
}

impl Subject {
    /// The words above its acts.
    pub const fn label(self) -> &'static str {
        match self {
            Subject::Course => "办理",
            Subject::Mediation => "调解中的事项",
            Subject::Dispatch => "分送与督办",
            Subject::Acceptance => "材料、当事人与关联",
            Subject::Report => "举报的核查与处理",
            Subject::Reward => "举报奖励",
            Subject::Service => "送达",
        }
    }
}

const TABLES: [(Subject, &[Step]); 7] = [
    (Subject::Course, ordinary::STEPS),
    (Subject::Mediation, mediating::STEPS),
    (Subject::Dispatch, dispatching::STEPS),
    (Subject::Acceptance, accepting::STEPS),
    (Subject::Report, reporting::STEPS),
    (Subject::Reward, rewarding::STEPS),
    (Subject::Service, serving::STEPS),
];

/// The procedure of every kind of case, row by row. Callers go through [`step`].
pub fn steps() -> impl Iterator<Item = &'static Step> {
    TABLES.into_iter().flat_map(|(_, rows)| rows)
}

/// What the verb is about.
pub fn subject(action: Action) -> Subject {
    let table = TABLES.into_iter().find(|(_, rows)| rows.iter().any(|row| row.action == action));
    table.map_or(Subject::Course, |(subject, _)| subject)
}

/// The first row of a verb: where a verb has several, that of complaints.
pub fn step_of(action: Action) -> &'static Step {
    steps().find(|step| step.action == action).expect("every action has a step; a test says so")
}

/// Every row of a verb: what differs by kind of case, or by who may from where, has a row each.
pub fn steps_of(action: Action) -> impl Iterator<Item = &'static Step> {
    steps().filter(move |step| step.action == action)
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
    steps().filter(lawful).collect()
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
