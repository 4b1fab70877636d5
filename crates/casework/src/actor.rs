//! Who acts, and what that person is to a case.

use domain::case_kind::CaseKind;
use domain::procedure::Standing;
use domain::role::Role;
use store::account::GrantRow;
use store::case::CaseRow;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff.
    Staff(Staff),
    /// The consumer of this case, who showed number and query code.
    Complainant {
        /// Her case.
        case_id: i64,
    },
    /// A program with a token.
    Program {
        /// The token.
        token_id: i64,
        /// Who uses it.
        name: String,
    },
    /// A consumer who has no case yet.
    Public,
    /// The program itself.
    System,
}

/// A member of staff with the roles she holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Her account.
    pub account_id: i64,
    /// 姓名.
    pub name: String,
    /// Where she works.
    pub organization_id: i64,
    /// That organisation's name.
    pub organization_name: String,
    /// Her roles.
    pub grants: Vec<GrantRow>,
}

impl Staff {
    /// Whether she holds the role anywhere.
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether the case lies where a role of hers that reads cases looks: under her office, under her bureau, or sent on
    /// by her centre.
    pub fn may_read(&self, case: &CaseRow) -> bool {
        if case.state.kind.is_secret() {
            return self.keeps_discipline(case);
        }
        let assigned = [case.state.lead, case.state.partner].contains(&Some(self.account_id));
        if case.state.kind == CaseKind::Report {
            return assigned || self.grants.iter().any(|grant| grant.role.directs_reports() && acts_on(grant, case));
        }
        assigned
            || self.grants.iter().filter(|grant| grant.role.reads_cases()).any(|grant| {
                let paths = [Some(&case.bureau_path), case.unit_path.as_ref(), Some(&case.intake_path)];
                paths.into_iter().flatten().chain(&case.seen_by).any(|path| path.starts_with(&grant.reach))
            })
    }

    /// What she is to the case. A role at an office acts on what the office has; a role at a bureau or its centre acts on
    /// what that bureau has; a superior reads but does not act for a subordinate.
    pub fn standing(&self, case: &CaseRow) -> Standing {
        // A complaint against staff knows no other role, and that role knows nothing else.
        if case.state.kind.is_secret() {
            let roles = if self.keeps_discipline(case) { vec![Role::Discipline] } else { Vec::new() };
            return Standing { roles, ..Standing::default() };
        }
        let acts = |grant: &&GrantRow| grant.role != Role::Discipline && acts_on(grant, case);
        let mut roles: Vec<Role> = self.grants.iter().filter(acts).map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        let mut superior: Vec<Role> =
            self.grants.iter().filter(|grant| is_above(grant, case)).map(|grant| grant.role).collect();
        superior.sort_unstable();
        superior.dedup();
        let assigned = [case.state.lead, case.state.partner].contains(&Some(self.account_id));
        let of = |is: fn(&GrantRow, &CaseRow) -> bool| {
            let mut roles: Vec<Role> = self.grants.iter().filter(|it| is(it, case)).map(|it| it.role).collect();
            roles.sort_unstable();
            roles.dedup();
            roles
        };
        let (bureau, beside) = (of(is_of_bureau), of(is_beside));
        Standing { roles, superior, bureau, beside, assigned, ..Standing::default() }
    }

    /// Whether she is a discipline officer of the case's bureau.
    fn keeps_discipline(&self, case: &CaseRow) -> bool {
        let hers = |grant: &GrantRow| {
            grant.role == Role::Discipline && grant.kind != "office" && grant.bureau_id == case.state.bureau
        };
        self.grants.iter().any(hers)
    }

    /// The desks she works at: keys of `domain::case::Desk`.
    pub fn desks(&self) -> Vec<String> {
        let mut desks = vec![format!("officer:{}", self.account_id)];
        for grant in &self.grants {
            let at = grant.organization_id;
            let kinds: &[&str] = match grant.role {
                Role::IntakeAgent => &["intake"],
                Role::ShiftLead | Role::Dispatcher => &["intake", "acceptance", "dispatch", "superior"],
                Role::DutyDirector => &["superior", "bureau_leader"],
                Role::Leader if grant.kind == "office" => &["approval", "assignment"],
                Role::Leader => &["approval", "assignment", "superior", "bureau_leader"],
                Role::Officer => &["assignment"],
                Role::Archivist => &["archive"],
                Role::Discipline => &["discipline"],
                _ => &[],
            };
            // What a superior does for the bureaus under it waits at the bureau, whoever of it works there.
            let of_bureau = |kind: &str| matches!(kind, "superior" | "discipline" | "bureau_leader");
            let place = |kind: &str| if of_bureau(kind) { grant.bureau_id } else { at };
            desks.extend(kinds.iter().map(|kind| format!("{kind}:{}", place(kind))));
        }
        desks.sort_unstable();
        desks.dedup();
        desks
    }
}

/// A role at a bureau, or its centre, above the case's own bureau.
fn is_above(grant: &GrantRow, case: &CaseRow) -> bool {
    grant.kind != "office" && grant.bureau_id != case.state.bureau && case.bureau_path.starts_with(&grant.reach)
}

/// A role at the case's own bureau or its centre.
fn is_of_bureau(grant: &GrantRow, case: &CaseRow) -> bool {
    grant.kind != "office" && grant.bureau_id == case.state.bureau && grant.role != Role::Discipline
}

/// A role at the other bureau of a dispute, or at an office asked to help.
fn is_beside(grant: &GrantRow, case: &CaseRow) -> bool {
    let turns = &case.state.turns.dispatching;
    match grant.kind.as_str() {
        "office" => turns.assists.iter().any(|assist| assist.unit == grant.organization_id),
        _ => turns.dispute.as_ref().is_some_and(|dispute| dispute.with == grant.bureau_id),
    }
}

fn acts_on(grant: &GrantRow, case: &CaseRow) -> bool {
    match grant.kind.as_str() {
        "office" => case.state.unit == Some(grant.organization_id),
        _ => case.state.bureau == grant.bureau_id,
    }
}

impl Actor {
    /// What the actor is to the case.
    pub fn standing(&self, case: &CaseRow) -> Standing {
        match self {
            Actor::Staff(staff) => staff.standing(case),
            Actor::Complainant { case_id } if *case_id == case.id => Standing::complainant(),
            Actor::System => Standing::system(),
            _ => Standing::default(),
        }
    }

    /// Whether the actor may know that the case exists.
    pub fn may_read(&self, case: &CaseRow) -> bool {
        match self {
            Actor::Staff(staff) => staff.may_read(case),
            Actor::Complainant { case_id } => *case_id == case.id,
            Actor::System => true,
            Actor::Program { .. } | Actor::Public => false,
        }
    }

    /// The kind kept with the event.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Staff(_) => "staff",
            Actor::Complainant { .. } | Actor::Public => "complainant",
            Actor::Program { .. } => "program",
            Actor::System => "system",
        }
    }

    /// The id kept with the event.
    pub fn id(&self) -> Option<i64> {
        match self {
            Actor::Staff(staff) => Some(staff.account_id),
            Actor::Program { token_id, .. } => Some(*token_id),
            _ => None,
        }
    }
}
