//! 举报: checked, a case opened or not, investigated, decided, told where a law obliges (O121 arts. 28–37; 行政处罚程序规定;
//! catalogue 7.1–7.2).

use crate::action::Action;
use crate::role::Role;
use crate::status::Status;
use crate::trigger::Trigger;

use super::people::{ANY_BUT_ARCHIVED, DISPATCHERS, EVERYONE, OFFICERS, OPEN, REPORTS};
use super::{By, Step, To};

const UNDER_INQUIRY: &[Status] = &[Status::Assigned, Status::Investigating];
const FROM_REGISTERED: &[Status] = &[
    Status::Registered,
    Status::Dispatched,
    Status::Assigned,
    Status::Investigating,
    Status::PendingApproval,
    Status::Concluded,
    Status::Told,
];
const LEADERS: &[By] = &[By::Role(Role::Leader)];
/// Whoever has it in hand: the centre before it is sent, its two officers afterwards.
const HOLDERS: &[By] = &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::ShiftLead)];

/// A row of a report, which makes no paper of its own yet and starts no clock unless it says so.
const fn row(
    action: Action,
    from: &'static [Status],
    to: To,
    by: &'static [By],
    fires: &'static [Trigger],
    effect: &'static str,
) -> Step {
    Step { action, kinds: REPORTS, from, to, by, fires, papers: &[], effect }
}

/// Its rows.
pub(super) const STEPS: &[Step] = &[
    row(
        Action::Register,
        &[Status::Filed],
        To::Go(Status::Registered),
        DISPATCHERS,
        &[Trigger::Registered],
        "核对线索、定类别，交分送员；举报没有受理决定，核查期限从收到之日起算",
    ),
    row(
        Action::Dispatch,
        &[Status::Registered],
        To::Go(Status::Dispatched),
        DISPATCHERS,
        &[Trigger::Accepted, Trigger::Dispatched],
        "交承办所核查，只有所领导和两名承办人看得到",
    ),
    row(
        Action::Forward,
        &[Status::Registered],
        To::Stay,
        DISPATCHERS,
        &[Trigger::Forwarded, Trigger::ClueFound],
        "分送有权处理的局，核查期限自该局收到之日起算",
    ),
    row(
        Action::Assign,
        &[Status::Dispatched],
        To::Go(Status::Assigned),
        LEADERS,
        &[Trigger::Taken, Trigger::Assigned],
        "指定两名承办人核查，其他人看不到这件举报",
    ),
    row(
        Action::Return,
        &[Status::Dispatched],
        To::Go(Status::Registered),
        LEADERS,
        &[Trigger::Returned],
        "退回分送单位重新分送，核查期限照常计算",
    ),
    row(
        Action::RecordInquiry,
        UNDER_INQUIRY,
        To::Stay,
        OFFICERS,
        &[],
        "记下查了什么、查到什么，检查笔录、照片等用“补充材料”存入",
    ),
    row(
        Action::NoteDuty,
        &[Status::Registered, Status::Dispatched, Status::Assigned, Status::Investigating, Status::PendingApproval],
        To::Stay,
        HOLDERS,
        &[],
        "法律、行政法规、规章规定要告知结果的，开始计算告知期限，办结前必须告知举报人",
    ),
    row(
        Action::ProposeOpening,
        &[Status::Assigned],
        To::Go(Status::PendingApproval),
        OFFICERS,
        &[],
        "报负责人批准立案；批准后核查期限停止，开始计算办案期限",
    ),
    row(
        Action::ProposeNotOpening,
        &[Status::Assigned],
        To::Go(Status::PendingApproval),
        OFFICERS,
        &[],
        "报负责人批准不予立案；批准后本件办结，须告知的告知举报人",
    ),
    row(
        Action::ProposeDecision,
        &[Status::Investigating],
        To::Go(Status::PendingApproval),
        OFFICERS,
        &[],
        "报负责人审查决定；批准后办案期限停止",
    ),
    row(
        Action::Approve,
        &[Status::PendingApproval],
        To::Depends, // 立案: Investigating; otherwise Concluded where a law obliges to tell, else Told
        LEADERS,
        &[],
        "按提请的意见立案、不予立案或者作出处理决定",
    ),
    row(
        Action::SendBack,
        &[Status::PendingApproval],
        To::Depends, // Investigating once a case is open, else Assigned
        LEADERS,
        &[],
        "退回承办人，写明要改什么，期限照常计算",
    ),
    row(
        Action::Tell,
        &[Status::Concluded, Status::Told],
        To::Go(Status::Told),
        OFFICERS,
        &[Trigger::Told],
        "把结果告诉举报人，她凭编号和查询码看到；被举报人不会知道",
    ),
    row(
        Action::AskReporter,
        FROM_REGISTERED,
        To::Stay,
        HOLDERS,
        &[],
        "举报人凭回执码或者查询码看到并回答，不发到任何地址",
    ),
    row(
        Action::WriteOfficers,
        ANY_BUT_ARCHIVED,
        To::Stay,
        &[By::Complainant],
        &[],
        "承办人会看到；被举报人和其他人看不到",
    ),
    row(Action::ReadReporter, ANY_BUT_ARCHIVED, To::Stay, HOLDERS, &[], "记下已经看过，不用回答"),
    row(
        Action::TellFiling,
        &[Status::Investigating, Status::PendingApproval, Status::Concluded, Status::Told],
        To::Depends, // Told when nothing else has to be told; otherwise stays
        OFFICERS,
        &[Trigger::FilingTold],
        "实名举报人凭回执码或者查询码看到告知书；2026年4月15日起收到的举报没有这一步",
    ),
    row(
        Action::RecordPenalty,
        &[Status::Concluded, Status::Told, Status::Archived],
        To::Stay,
        OFFICERS,
        &[],
        "写明文号、日期、种类和金额，列入经营者的处罚记录；举报人的信息不列，写错了可以重新登记",
    ),
    row(
        Action::RecordTransfer,
        &[Status::Concluded, Status::Told, Status::Archived],
        To::Stay,
        OFFICERS,
        &[Trigger::Transferred],
        "写明哪天把案件和涉案物品交给哪个机关、谁接收；公安机关后来的决定可以接着登记",
    ),
    Step {
        papers: &["joint_action_record"],
        ..row(Action::JoinForces, UNDER_INQUIRY, To::Stay, OFFICERS, &[], "记下和哪些部门联合检查、各自查到什么")
    },
    Step {
        papers: &["report_turned_away", "case_transfer"],
        ..row(
            Action::TurnAway,
            &[Status::Registered, Status::Assigned],
            To::Go(Status::Told),
            HOLDERS,
            &[Trigger::ClueChecked, Trigger::Concluded, Trigger::Told],
            "告诉举报人应当向哪个机关举报，本件办结；食品、药品的由本局移交，其他的不代为移送",
        )
    },
    row(
        Action::Archive,
        &[Status::Told],
        To::Go(Status::Archived),
        &[By::Assigned, By::Role(Role::Dispatcher)],
        &[Trigger::Archived],
        "立卷归档，编号密存",
    ),
    row(
        Action::NotSeparately,
        &[Status::Registered, Status::Assigned],
        To::Go(Status::Told),
        HOLDERS,
        &[Trigger::Merged],
        "同一举报人就同一事实再次举报，本件办结，期限停止，她凭回执码看到；可以撤销",
    ),
    row(
        Action::Merge,
        &[Status::Registered, Status::Assigned],
        To::Go(Status::Told),
        HOLDERS,
        &[Trigger::Merged],
        "同一举报人补充新的事实，并入先前的一件，那一件的核查期限自收到本件之日起重新计算；可以撤销",
    ),
    row(
        Action::Unmerge,
        &[Status::Told],
        To::Depends, // back to where it stood
        HOLDERS,
        &[],
        "恢复原来的状态和期限，单独办理；先前一件的核查期限也恢复原来的起点",
    ),
    row(Action::Suspend, UNDER_INQUIRY, To::Stay, OFFICERS, &[], "检测、检验、检疫、鉴定等时间不计入期限，写明起因"),
    row(Action::Resume, UNDER_INQUIRY, To::Stay, OFFICERS, &[], "期限从停下的地方继续计算"),
    row(Action::RequestExtension, UNDER_INQUIRY, To::Stay, OFFICERS, &[], "报负责人批准延长，批准前期限照常计算"),
    row(Action::GrantExtension, UNDER_INQUIRY, To::Stay, LEADERS, &[], "按规则允许的长度延长一次"),
    row(Action::DeclineExtension, UNDER_INQUIRY, To::Stay, LEADERS, &[], "期限不变，写明理由"),
    row(Action::Link, ANY_BUT_ARCHIVED, To::Stay, HOLDERS, &[], "重复举报、同一被举报人的互相关联，期限不变"),
    row(Action::Unlink, ANY_BUT_ARCHIVED, To::Stay, HOLDERS, &[], "取消关联"),
    row(
        Action::LinkOperator,
        ANY_BUT_ARCHIVED,
        To::Stay,
        HOLDERS,
        &[],
        "记下被举报人是哪一家登记的经营者，处理结果列入它的历史，举报人的信息不列；可以改为另一家或者取消",
    ),
    row(
        Action::AddEvidence,
        OPEN,
        To::Stay,
        &[By::Complainant, By::Assigned, By::Role(Role::Dispatcher)],
        &[],
        "存入新的线索和证据，承办人会看到",
    ),
    row(
        Action::MakeCopy,
        Status::ALL,
        To::Stay,
        &[By::Assigned, By::Role(Role::Dispatcher), By::Role(Role::Leader)],
        &[],
        "遮住个人信息和能认出举报人的内容，另做一份给外面用；原件不动",
    ),
    row(Action::Note, ANY_BUT_ARCHIVED, To::Stay, EVERYONE, &[], "只给看得到本件的同事看"),
];
