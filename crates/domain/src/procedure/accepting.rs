//! 受理: what is asked of the person once, further parties, merging and links (O121 arts. 10–12, 16; catalogue 3.9, 4.2).

use crate::action::Action;
use crate::role::Role;
use crate::status::Status;
use crate::trigger::Trigger;

use super::people::{ANY_BUT_ARCHIVED, BEFORE_OUTCOME, COMPLAINTS, DISPATCHERS, HANDLERS};
use super::{By, Step, To};

/// Its rows.
pub(super) const STEPS: &[Step] = &[
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
    Step {
        action: Action::LinkOperator,
        kinds: COMPLAINTS,
        from: ANY_BUT_ARCHIVED,
        to: To::Stay,
        by: HANDLERS,
        fires: &[],
        papers: &[],
        effect: "记下被投诉人是哪一家登记的经营者，列入它的投诉历史；可以改为另一家或者取消",
    },
];
