//! 举报: the forms of its own acts.

use casework::reading::CaseFile;
use casework::repeat::Again;
use casework::report::{self, NO_DUTY};
use casework::{ActError, Scene, repeat, reporter};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::money::Money;
use domain::reporting::{Decision, Same, rules};
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use crate::view::Choice;

/// The questions of one of these acts.
pub(super) fn fields(file: &CaseFile, action: Action) -> Vec<Asked> {
    match action {
        Action::RecordInquiry => vec![
            Asked::area("found", "查了什么，查到什么", 6, 5000)
                .hint("时间、地点、哪些人员参加、看到什么、取得什么证据；不要写举报人的任何信息"),
        ],
        Action::NoteDuty => vec![duties(file)],
        Action::NotSeparately => again(file, action),
        Action::ProposeOpening => vec![
            Asked::area("reason", "立案理由", 5, 5000)
                .hint("有什么证据初步证明存在违法行为，涉嫌违反哪一条，为什么由本局管辖、没有超过处罚期限"),
        ],
        Action::ProposeNotOpening => {
            let grounds = rules().no_filing_grounds.iter();
            let choice = |it: &domain::rule_set::Ground| {
                Choice::new(it.item.to_string(), it.wording.clone()).explained(&it.article)
            };
            vec![
                Asked::new(Kind::Radios, "ground", "属于哪一种情形").choices(grounds.map(choice).collect()),
                Asked::area("reason", "核查情况和理由", 5, 5000).hint("哪些事实属于所选情形"),
            ]
        }
        Action::ProposeDecision => {
            let choices = rules().decisions.iter();
            let choice = |it: &domain::reporting::DecisionRule| {
                Choice::new(it.key.key(), it.label.clone()).explained(&it.article)
            };
            vec![
                Asked::new(Kind::Radios, "decision", "处理决定").choices(choices.map(choice).collect()),
                Asked::new(Kind::Money, "penalty", "罚没款").optional().hint("只在行政处罚时填，罚款与没收金额合计"),
                Asked::area("reason", "查明的事实、依据和决定", 6, 5000),
            ]
        }
        Action::JoinForces => vec![
            Asked::new(Kind::Text, "bodies", "和哪些部门").at_most(200).hint("例如：区公安分局、区城管局"),
            Asked::area("words", "做了什么，各自查到什么", 5, 5000).hint("不要写举报人的任何信息"),
        ],
        Action::AskReporter => vec![
            Asked::area("words", "要问的话", 4, 2000)
                .hint("举报人凭回执码或者查询码看到。不要问姓名、电话；要和本人联系的，先申请打开身份"),
        ],
        Action::TurnAway => vec![
            Asked::new(Kind::Text, "body", "应当向哪个机关举报").at_most(100).hint("例如：市生态环境局，电话 12369"),
            Asked::area("reason", "为什么", 3, 1000).hint("举报人会看到这段话"),
        ],
        _ => Vec::new(),
    }
}

/// A report that came again: which one was first, and by what it is known to be the same reporter's.
pub(super) fn again(file: &CaseFile, action: Action) -> Vec<Asked> {
    let reporting = &file.case.state.turns.reporting;
    let fits = |it: &&casework::proposing::Duplicate| action == Action::NotSeparately || it.case.status.is_open();
    let proposed = file.looked.duplicates.iter().filter(fits).map(|it| it.case.number.clone());
    let into = reporting.earlier.clone().or_else(|| proposed.min()).unwrap_or_default();
    let known = Same::ALL.iter().filter(|same| **same != Same::Code || reporting.earlier.is_some());
    let chosen = if reporting.earlier.is_some() { Same::Code.key() } else { "" };
    let (what, hint) = match action {
        Action::NotSeparately => ("为什么是同一事实", "例如：时间、地点、商品和先前的一件相同，没有新的线索"),
        _ => ("有哪些新的事实", "例如：补充了进货单，涉及另外两个批次"),
    };
    vec![
        Asked::new(Kind::Text, "into", "先前那一件的编号").value(into).hint("同一举报人、同一被举报人").at_most(30),
        Asked::new(Kind::Radios, "same", "根据什么认定是同一举报人")
            .choices(known.map(|it| Choice::new(it.key(), it.label())).collect())
            .value(chosen)
            .hint("别人就同一件事举报的，单独办理，用“关联案件”互相参考"),
        Asked::area("reason", what, 3, 1000).hint(hint),
    ]
}

pub(super) fn typed_again(typed: &Typed) -> Again<'_> {
    Again { of: typed.get("into"), same: Same::from_key(typed.get("same")), reason: typed.get("reason") }
}

/// The laws that oblige to tell, as they held when the report came in.
fn duties(file: &CaseFile) -> Asked {
    let received = beijing_day(file.case.received_at);
    let choice = |duty: &domain::reporting::Duty| {
        let written = if duty.written { "，书面告知" } else { "" };
        Choice::new(&duty.key, duty.about.clone()).explained(format!("{}{written}", duty.article))
    };
    let mut choices: Vec<Choice> = rules().duties_on(received).map(choice).collect();
    choices.push(Choice::new(NO_DUTY, "没有规定须告知"));
    let kept = &file.case.state.turns.reporting.duty;
    Asked::new(Kind::Radios, "duty", "举报的是什么").choices(choices).value(kept.clone().unwrap_or_default())
}

/// Does one of these acts.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
) -> Result<CaseRow, ActError> {
    let seen = typed.version();
    let reason = typed.get("reason");
    match action {
        Action::RecordInquiry => report::inquire(tx, scene, number, seen, typed.get("found")),
        Action::NoteDuty => report::note_duty(tx, scene, number, seen, typed.get("duty")),
        Action::ProposeOpening => report::propose_opening(tx, scene, number, seen, reason),
        Action::ProposeNotOpening => {
            let ground = typed.get("ground").parse().unwrap_or_default();
            report::propose_not_opening(tx, scene, number, seen, ground, reason)
        }
        Action::ProposeDecision => {
            let decision = Decision::from_key(typed.get("decision"));
            report::propose_decision(tx, scene, number, seen, decision, penalty(typed)?, reason)
        }
        Action::AskReporter => reporter::ask(tx, scene, number, seen, typed.get("words")),
        Action::TellFiling => report::tell_filing(tx, scene, number, seen),
        Action::JoinForces => report::join_forces(tx, scene, number, seen, typed.get("bodies"), typed.get("words")),
        Action::ReadReporter => reporter::read(tx, scene, number, seen),
        Action::NotSeparately => repeat::not_separately(tx, scene, number, seen, &typed_again(typed)),
        Action::TurnAway => report::turn_away(tx, scene, number, seen, typed.get("body"), reason),
        _ => Err(ActError::NotFound),
    }
}

/// The sum in 分; nothing written is nothing.
fn penalty(typed: &Typed) -> Result<i64, ActError> {
    match typed.get("penalty").trim() {
        "" => Ok(0),
        sum => Money::parse(sum)
            .map(Money::fen)
            .map_err(|_| ActError::field("penalty", "penalty.invalid", "请只写数字，例如 5000")),
    }
}
