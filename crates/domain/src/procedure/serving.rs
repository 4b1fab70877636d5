//! 送达: papers are brought to their side and what came of it is noted, until the file is closed (处罚程序规定 arts. 81 to 83).

use crate::action::Action;
use crate::role::Role;
use crate::status::Status;

use super::people::COMPLAINTS;
use super::{By, Step, To};

/// From the first decision on, also after the end.
const WITH_PAPERS: &[Status] = &[
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
/// Whoever has it in hand, or decided on it.
const SERVERS: &[By] = &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)];

/// A row.
const fn row(action: Action, papers: &'static [&'static str], effect: &'static str) -> Step {
    Step { action, kinds: COMPLAINTS, from: WITH_PAPERS, to: To::Stay, by: SERVERS, fires: &[], papers, effect }
}

/// Its rows.
pub(super) const STEPS: &[Step] = &[
    row(
        Action::Serve,
        &["service_record"],
        "记下送达的方式、日期和凭据，按规定算出哪一天算送达；没有送到的回到待办，换一种方式再送",
    ),
    row(Action::ConfirmAddress, &[], "记下一方确认的送达地址、收件人和是否同意电子送达；再登记一次即为变更"),
];
