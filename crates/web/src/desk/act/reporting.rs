//! 举报: the forms of its own acts.

use casework::reading::CaseFile;
use casework::repeat::Again;
use casework::report::{self, NO_DUTY, Penalty, Proposed};
use casework::{ActError, Scene, directory, dispatch, repeat, reporter};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::money::Money;
use domain::reporting::{Decision, Duty, Same, rules};
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use super::mediating;
use crate::view::{self, Choice};

/// The questions of one of these acts.
pub(super) fn fields(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<Asked>, ActError> {
    Ok(match action {
        Action::RecordInquiry => vec![
            Asked::area("found", "查了什么，查到什么", 6, 5000)
                .hint("时间、地点、哪些人员参加、看到什么、取得什么证据；不要写举报人的任何信息"),
        ],
        Action::NoteDuty => vec![duties(file)],
        Action::NotSeparately => again(file, action),
        Action::RecordPenalty => penalty(tx, file)?,
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
                Asked::new(Kind::Text, "to", "移送给谁")
                    .optional()
                    .at_most(100)
                    .proposals(mediating::proposals(tx, &file.case, directory::DEPARTMENT)?)
                    .hint("只在移送时填；移送司法机关不填的，移送公安机关"),
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
        Action::RecordTransfer => vec![
            Asked::new(Kind::Date, "day", "哪天移送的").value(beijing_day(scene.now).to_string()),
            Asked::area("words", "谁接收，交接了什么", 3, 1000)
                .hint("接收的单位、回执文号、案卷和涉案物品；公安机关决定立案或者不立案的，以后再登记一次"),
        ],
        Action::TurnAway => turned_away(tx, scene, file)?,
        _ => Vec::new(),
    })
}

/// Whose it is, and whether she goes there herself: some laws have the bureau hand it over.
fn turned_away(tx: &mut Tx<'_>, scene: Scene<'_>, file: &CaseFile) -> Result<Vec<Asked>, ActError> {
    let case = &file.case;
    let mut bodies = mediating::proposals(tx, case, directory::DEPARTMENT)?;
    bodies.extend(dispatch::bureaus(tx, case)?.into_iter().map(|it| (it.name, it.phone)));
    let laws: Vec<&Duty> = rules().duties.iter().filter(|duty| duty.hands_over.is_some()).collect();
    let category = scene.house.codes.table("goods_categories").and_then(|table| table.get(&case.matter.category));
    let likely = |law: &&&Duty| {
        let noted = case.state.turns.reporting.duty.as_ref() == Some(&law.key);
        let about = |key: &str| law.hands_over.as_deref() == Some(key);
        noted || category.is_some_and(|it| about(&it.key) || it.parent.as_deref().is_some_and(about))
    };
    let chosen = laws.iter().find(likely).map_or(GOES_HERSELF, |law| law.key.as_str());
    let goes = Choice::new(GOES_HERSELF, "告诉举报人直接向该机关举报").explained("不代为移送");
    let handed = laws.iter().map(|law| {
        let label = format!("移交该机关，书面告知举报人：{}", law.about);
        Choice::new(&law.key, label).explained(&law.article)
    });
    Ok(vec![
        Asked::new(Kind::Text, "body", "应当由哪个机关处理")
            .at_most(100)
            .proposals(bodies)
            .hint("例如：市生态环境局（12369）；属于其他市场监管局的，写那个局"),
        Asked::new(Kind::Radios, "over", "怎么办").choices(std::iter::once(goes).chain(handed).collect()).value(chosen),
        Asked::area("reason", "为什么", 3, 1000).hint("举报人会看到这段话"),
    ])
}

/// What the form sends when the reporter is told to go there herself.
const GOES_HERSELF: &str = "direct";

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
    let choice = |duty: &Duty| {
        let written = if duty.written { "，书面告知" } else { "" };
        Choice::new(&duty.key, duty.about.clone()).explained(format!("{}{written}", duty.article))
    };
    let mut choices: Vec<Choice> = report::duties(&file.case).map(choice).collect();
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
            let proposed = Proposed {
                decision: Decision::from_key(typed.get("decision")),
                penalty: sum_of(typed, "penalty")?,
                to: typed.get("to").to_owned(),
                reason: reason.to_owned(),
            };
            report::propose_decision(tx, scene, number, seen, &proposed)
        }
        Action::RecordTransfer => {
            report::record_transfer(tx, scene, number, seen, parse_day(typed.get("day")), typed.get("words"))
        }
        Action::AskReporter => reporter::ask(tx, scene, number, seen, typed.get("words")),
        Action::TellFiling => report::tell_filing(tx, scene, number, seen),
        Action::JoinForces => report::join_forces(tx, scene, number, seen, typed.get("bodies"), typed.get("words")),
        Action::ReadReporter => reporter::read(tx, scene, number, seen),
        Action::RecordPenalty => {
            let penalty = Penalty {
                number: typed.get("number").to_owned(),
                day: parse_day(typed.get("day")),
                kinds: typed.all("kinds"),
                sum: sum_of(typed, "sum")?,
            };
            report::record_penalty(tx, scene, number, seen, &penalty)
        }
        Action::NotSeparately => repeat::not_separately(tx, scene, number, seen, &typed_again(typed)),
        Action::TurnAway => {
            let over = Some(typed.get("over")).filter(|over| *over != GOES_HERSELF);
            report::turn_away(tx, scene, number, seen, (typed.get("body"), over), reason)
        }
        _ => Err(ActError::NotFound),
    }
}

/// The sum in 分; nothing written is nothing.
fn sum_of(typed: &Typed, field: &str) -> Result<i64, ActError> {
    match typed.get(field).trim() {
        "" => Ok(0),
        sum => Money::parse(sum)
            .map(Money::fen)
            .map_err(|_| ActError::field(field, &format!("{field}.invalid"), "请只写数字，例如 5000")),
    }
}

/// The decision as it was entered before, to be corrected; else with the sum that the leader approved.
fn penalty(tx: &mut Tx<'_>, file: &CaseFile) -> Result<Vec<Asked>, ActError> {
    let before = store::penalty::of_case(tx, file.case.id)?;
    let sum = before.as_ref().map_or(file.case.state.turns.reporting.penalty, |it| it.sum);
    let sum = if sum == 0 { String::new() } else { view::money(sum).replace(',', "") };
    let (number, day, kinds) = before.map_or_else(Default::default, |it| {
        (it.number, it.decided_on.to_string(), it.kinds.split(',').map(str::to_owned).collect())
    });
    let choices = rules().penalty_kinds.iter().map(|it| Choice::new(&it.key, it.label.clone())).collect();
    Ok(vec![
        Asked::new(Kind::Text, "number", "决定书文号").at_most(60).hint("例如：金市监处罚〔2026〕12号").value(number),
        Asked::new(Kind::Date, "day", "决定书日期").value(day),
        Asked::new(Kind::Checks, "kinds", "处罚的种类").choices(choices).chosen(kinds),
        Asked::new(Kind::Money, "sum", "罚没款").optional().hint("罚款与没收金额合计").value(sum),
    ])
}
