//! Who and from where, in the words that the rows share.

use crate::case_kind::CaseKind;
use crate::role::Role;
use crate::status::Status;

use super::By;

pub(super) const COMPLAINTS: &[CaseKind] = &[CaseKind::Complaint];
/// What ends with an answer and goes the ordinary way.
pub(super) const ASKED: &[CaseKind] = &[CaseKind::Consultation, CaseKind::Suggestion];
pub(super) const COMPLAINTS_AND_ASKED: &[CaseKind] =
    &[CaseKind::Complaint, CaseKind::Consultation, CaseKind::Suggestion];
/// What an office has in hand.
pub(super) const HANDLED: &[CaseKind] =
    &[CaseKind::Complaint, CaseKind::Consultation, CaseKind::Suggestion, CaseKind::Report];
pub(super) const REPORTS: &[CaseKind] = &[CaseKind::Report];
pub(super) const STAFF_COMPLAINTS: &[CaseKind] = &[CaseKind::StaffComplaint];
pub(super) const FILED_BY_ANYBODY: &[CaseKind] =
    &[CaseKind::Complaint, CaseKind::Consultation, CaseKind::Suggestion, CaseKind::StaffComplaint];
pub(super) const DISCIPLINE: &[By] = &[By::Role(Role::Discipline)];
pub(super) const AGENTS: &[By] = &[By::Role(Role::IntakeAgent), By::Role(Role::ShiftLead), By::Role(Role::Dispatcher)];
pub(super) const DISPATCHERS: &[By] = &[By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)];
pub(super) const OFFICERS: &[By] = &[By::Assigned];
pub(super) const OPEN: &[Status] = &[
    Status::Filed,
    Status::Registered,
    Status::Accepted,
    Status::Dispatched,
    Status::Assigned,
    Status::Mediating,
    Status::Investigating,
    Status::PendingApproval,
    Status::Concluded,
];
pub(super) const BEFORE_OUTCOME: &[Status] =
    &[Status::Filed, Status::Registered, Status::Accepted, Status::Dispatched, Status::Assigned, Status::Mediating];
pub(super) const HANDLERS: &[By] =
    &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::ShiftLead), By::Role(Role::IntakeAgent)];
pub(super) const ANY_BUT_ARCHIVED: &[Status] = &[
    Status::Filed,
    Status::Registered,
    Status::Accepted,
    Status::Dispatched,
    Status::Assigned,
    Status::Mediating,
    Status::Investigating,
    Status::PendingApproval,
    Status::Concluded,
    Status::Told,
    Status::Refused,
    Status::Withdrawn,
];
/// Where an officer has it in hand, or may still have something to do about it.
pub(super) const IN_HAND: &[Status] = &[
    Status::Assigned,
    Status::Mediating,
    Status::Investigating,
    Status::PendingApproval,
    Status::Concluded,
    Status::Told,
    Status::Archived,
];
/// Who names another officer.
pub(super) const NAMES_OFFICERS: &[By] = &[By::Role(Role::Leader), By::Bureau(Role::DutyDirector)];
pub(super) const EVERYONE: &[By] = &[
    By::Role(Role::IntakeAgent),
    By::Role(Role::ShiftLead),
    By::Role(Role::DutyDirector),
    By::Role(Role::Dispatcher),
    By::Role(Role::Officer),
    By::Role(Role::Leader),
    By::Beside(Role::Officer),
    By::Beside(Role::Leader),
];
pub(super) const SUPERIORS: &[By] =
    &[By::Superior(Role::Leader), By::Superior(Role::DutyDirector), By::Superior(Role::Dispatcher)];
pub(super) const SUPERVISORS: &[By] = &[
    By::Superior(Role::Leader),
    By::Superior(Role::DutyDirector),
    By::Superior(Role::Dispatcher),
    By::Bureau(Role::Leader),
    By::Bureau(Role::DutyDirector),
];
pub(super) const BUREAU_LEADERS: &[By] = &[By::Bureau(Role::Leader), By::Bureau(Role::DutyDirector)];
