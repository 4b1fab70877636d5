//! The frame of the workbench for the one who is signed in.

use casework::{Actor, Staff};
use domain::role::Role;

use crate::view::{DeskPage, Section};

/// The frame of a page of the workbench: her name, her office, the parts that her roles open.
pub fn desk(staff: &Staff, section: Section) -> DeskPage {
    DeskPage {
        person: staff.name.clone(),
        office: staff.organization_name.clone(),
        section,
        sections: sections(staff),
        ..DeskPage::default()
    }
}

fn sections(staff: &Staff) -> Vec<Section> {
    let mut sections = Vec::new();
    if handles_cases(staff) {
        sections.push(Section::Queue);
        if [Role::IntakeAgent, Role::ShiftLead, Role::Dispatcher].into_iter().any(|role| staff.holds(role)) {
            sections.push(Section::Register);
        }
        sections.push(Section::Cases);
        if casework::operators::reads(&Actor::Staff(staff.clone())) {
            sections.push(Section::Operators);
        }
        sections.push(Section::Statistics);
    }
    if staff.holds(Role::IdentityCustodian) {
        sections.push(Section::Identities);
    }
    if staff.grants.iter().any(|grant| grant.role.stands_apart()) {
        sections.push(Section::Administration);
    }
    sections
}

/// Whether a role of hers works on cases; an auditor reads records only.
pub fn handles_cases(staff: &Staff) -> bool {
    let works = |role: Role| (role.reads_cases() && role != Role::Auditor) || role == Role::Discipline;
    staff.grants.iter().any(|grant| works(grant.role))
}
