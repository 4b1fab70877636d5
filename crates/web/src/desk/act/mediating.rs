//! 调解中和办结后: the forms of recusal, appraisal, delegation, the simple procedure, clues, referrals and reopening.

use casework::appraisal::{self, Appraisal};
use casework::reading::CaseFile;
use casework::{
    ActError, Scene, assignment, clue, delegation, directory, handing_on, on_the_spot, recusal, reopening, termination,
    timing,
};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::mediation::{Payer, Side, practice};
use domain::rule_set::Ground;
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use super::settlement;
use crate::view::Choice;

/// The questions of one of these acts.
pub(super) fn fields(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<Asked>, ActError> {
    let case = &file.case;
    Ok(match action {
        Action::RequestRecusal => vec![
            Asked::new(Kind::Radios, "by", "谁申请").choices(sides()).value(Side::Complainant.key()),
            Asked::new(Kind::Radios, "officer", "申请谁回避").choices(mediators(tx, case)?),
            Asked::area("reason", "理由", 3, 1000).hint("与哪一方有什么关系，为什么可能影响公正处理"),
        ],
        Action::DecideRecusal => vec![
            Asked::new(Kind::Radios, "granted", "决定").choices(vec![
                Choice::new("yes", "同意回避").explained("换人接替，案件照常办理"),
                Choice::new("no", "不同意回避").explained("原承办人继续参加调解"),
            ]),
            Asked::new(Kind::Select, "replacement", "由谁接替")
                .choices(others(tx, case)?)
                .optional()
                .hint("同意回避的必须选；不同意的不用选"),
            Asked::area("opinion", "理由", 3, 500).hint("写进决定书，告知双方"),
        ],
        Action::Appraise => {
            let causes = timing::causes(scene, case);
            let first = causes.first().cloned().unwrap_or_default();
            vec![
                Asked::new(Kind::Radios, "cause", "做什么")
                    .choices(causes.iter().map(|cause| Choice::new(cause, cause.clone())).collect())
                    .value(first),
                Asked::area("object", "对什么做，要弄清什么", 3, 500).hint("例如：电饭煲一台，不加热是否属于质量问题"),
                Asked::new(Kind::Text, "body", "机构")
                    .optional()
                    .at_most(100)
                    .proposals(proposals(tx, case, directory::APPRAISAL)?)
                    .hint("具备相应条件的鉴定、检测机构；费用没有谈成的不用写"),
                Asked::new(Kind::Radios, "designated", "机构怎么定的")
                    .choices(vec![Choice::new("no", "双方商定"), Choice::new("yes", "双方商量不成，由本局指定")])
                    .value("no"),
                Asked::new(Kind::Radios, "payer", "费用由谁承担").choices(payers()),
            ]
        }
        Action::RecordAppraisal => vec![
            Asked::area("result", "结论", 4, 2000).hint("照抄报告的结论；报告原件用“补充材料”存入"),
            Asked::new(Kind::Date, "day", "出具日期").value(beijing_day(scene.now).to_string()),
        ],
        Action::ProposeTerms => vec![
            Asked::new(Kind::Radios, "by", "谁提出").choices(sides()).value(Side::Respondent.key()),
            Asked::area("terms", "方案", 3, 1000).hint("例如：退还货款 299 元，不另外赔偿"),
        ],
        Action::Delegate => {
            let agreed = if case.matter.consent_delegate == Some(true) { "yes" } else { "" };
            vec![
                Asked::new(Kind::Text, "body", "委托给谁")
                    .at_most(100)
                    .proposals(proposals(tx, case, directory::MEDIATION)?)
                    .hint("消费者协会或者依法成立的其他调解组织"),
                Asked::area("scope", "委托范围", 2, 500).value(format!("关于“{}”的消费者权益争议", case.matter.title)),
                Asked::new(Kind::YesNo, "complainant_agrees", "投诉人同意委托吗？").value(agreed),
                Asked::new(Kind::YesNo, "respondent_agrees", "被投诉人同意委托吗？"),
            ]
        }
        Action::RecordDelegated => vec![
            Asked::new(Kind::YesNo, "agreed", "双方谈成了吗？"),
            Asked::area("result", "受委托组织报来的情况", 4, 2000)
                .hint("谈成的写各项内容，接着登记协议；没有谈成的写分歧"),
        ],
        Action::TakeBack => vec![Asked::area("reason", "理由", 3, 500).hint("例如：被投诉人不再同意委托调解")],
        Action::SettleOnSpot => vec![
            Asked::new(Kind::Money, "recovered", "挽回损失").hint("不写则为各项金额之和").optional(),
            Asked::new(Kind::YesNo, "both_agree", "事实清楚，双方都当场同意吗？")
                .hint(format!("简易程序只用于 {} 元以下的争议", practice().simple.amount_at_most)),
        ],
        Action::Reopen => vec![Asked::area("reason", "哪里没有解决", 3, 500).hint("用投诉人的话写")],
        Action::FindClue => {
            vec![Asked::area("what", "发现了什么", 4, 1000).hint("谁的什么行为，涉嫌违反什么规定，在哪里发现")]
        }
        Action::CheckClue => vec![
            Asked::new(Kind::Radios, "opened", "决定")
                .choices(vec![Choice::new("yes", "立案"), Choice::new("no", "不予立案")]),
            Asked::area("reason", "核查情况和理由", 4, 1000),
        ],
        Action::MakeLead => lead(file, clue::found(tx, case)?),
        Action::DecideClueTime => vec![
            Asked::new(Kind::Radios, "granted", "决定")
                .choices(vec![Choice::new("yes", "同意延长"), Choice::new("no", "不同意延长")]),
            Asked::area("opinion", "理由", 3, 500),
        ],
        Action::ReferLegalAid => vec![
            Asked::new(Kind::Text, "body", "到哪里申请").at_most(100).hint("例如：区法律援助中心"),
            Asked::area("reason", "为什么转介", 3, 500).hint("投诉人会看到这段话"),
        ],
        Action::ReferPolice => {
            vec![
                Asked::area("facts", "事实和证据", 5, 2000)
                    .hint("夹带、掉包、造假、篡改商品信息、捏造事实或者敲诈勒索"),
            ]
        }
        Action::DecidePolice => vec![
            Asked::new(Kind::Radios, "approved", "决定")
                .choices(vec![Choice::new("yes", "批准移送"), Choice::new("no", "不批准")]),
            Asked::area("opinion", "意见", 3, 500),
        ],
        _ => Vec::new(),
    })
}

/// The names in the directory of the case's bureau.
pub(super) fn proposals(tx: &mut Tx<'_>, case: &CaseRow, kind: &str) -> Result<Vec<(String, String)>, ActError> {
    let entries = directory::of(tx, case.state.bureau, kind)?;
    Ok(entries.into_iter().map(|entry| (entry.name, format!("{} {}", entry.phone, entry.matters))).collect())
}

/// Does one of these acts.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
) -> Result<CaseRow, ActError> {
    let (seen, reason) = (typed.version(), typed.get("reason"));
    match action {
        Action::RequestRecusal => recusal::request(tx, scene, number, seen, side(typed)?, typed.id("officer"), reason),
        Action::DecideRecusal => {
            let granted = chosen(typed, "granted")?;
            recusal::decide(tx, scene, number, seen, granted, typed.id("replacement"), typed.get("opinion"))
        }
        Action::Appraise => appraisal::appraise(tx, scene, number, seen, &appraised(typed)?),
        Action::RecordAppraisal => {
            appraisal::record_result(tx, scene, number, seen, typed.get("result"), parse_day(typed.get("day")))
        }
        Action::ProposeTerms => delegation::propose_terms(tx, scene, number, seen, side(typed)?, typed.get("terms")),
        Action::Delegate => {
            let consents = (typed.yes("complainant_agrees"), typed.yes("respondent_agrees"));
            delegation::delegate(tx, scene, number, seen, typed.get("body"), typed.get("scope"), consents)
        }
        Action::RecordDelegated => {
            let agreed = chosen(typed, "agreed")?;
            delegation::record_result(tx, scene, number, seen, agreed, typed.get("result"))
        }
        Action::TakeBack => delegation::take_back(tx, scene, number, seen, reason),
        Action::SettleOnSpot => {
            let (items, recovered) = settlement::agreed(typed)?;
            let agree = typed.yes("both_agree");
            let settled = on_the_spot::settle(tx, scene, number, seen, items.clone(), recovered, agree);
            settled.map_err(|error| settlement::by_item(error, &items))
        }
        Action::Reopen => reopening::reopen(tx, scene, number, seen, reason),
        Action::FindClue => clue::find(tx, scene, number, seen, typed.get("what")),
        Action::CheckClue => clue::check(tx, scene, number, seen, chosen(typed, "opened")?, reason),
        Action::MakeLead => {
            let text = |name: &str| typed.get(name).to_owned();
            let lead = clue::Lead {
                title: text("title"),
                facts: text("facts"),
                respondent_name: text("respondent_name"),
                respondent_address: text("respondent_address"),
                // What is no number is no file of the case.
                files: typed.all("files").iter().map(|id| id.parse().unwrap_or_default()).collect(),
            };
            clue::make_lead(tx, scene, number, seen, &lead)
        }
        Action::DecideClueTime => {
            timing::decide_clue_time(tx, scene, number, seen, chosen(typed, "granted")?, typed.get("opinion"))
        }
        Action::ReferLegalAid => handing_on::legal_aid(tx, scene, number, seen, typed.get("body"), reason),
        Action::ReferPolice => handing_on::police(tx, scene, number, seen, typed.get("facts")),
        Action::DecidePolice => {
            handing_on::decide_police(tx, scene, number, seen, chosen(typed, "approved")?, typed.get("opinion"))
        }
        _ => Err(ActError::NotFound),
    }
}

/// The grounds of termination, those that the facts fit first said so and the first of them proposed with its reason.
pub(super) fn termination(scene: Scene<'_>, file: &CaseFile) -> Vec<Asked> {
    let set = scene.house.book.get(&file.case.rule_set);
    let proposals = termination::proposals(scene, &file.case, &file.deadlines);
    let choice = |ground: &Ground| {
        let fits = proposals.iter().find(|proposal| proposal.item == ground.item);
        let under = match fits {
            Some(proposal) => format!("{} · 已知的事实符合：{}", ground.article, proposal.reason),
            None => ground.article.clone(),
        };
        Choice::new(ground.item.to_string(), ground.wording.trim_end_matches(['；', '。'])).explained(under)
    };
    let choices = set.map(|set| set.termination_grounds.iter().map(choice).collect()).unwrap_or_default();
    let first = proposals.first();
    vec![
        Asked::new(Kind::Radios, "ground", "属于哪一种情形")
            .choices(choices)
            .value(first.map(|proposal| proposal.item.to_string()).unwrap_or_default()),
        Asked::area("reason", "理由", 3, 1000)
            .hint("哪些事实属于所选情形；领导签批时会看到")
            .value(first.map(|proposal| proposal.reason.clone()).unwrap_or_default()),
    ]
}

fn sides() -> Vec<Choice> {
    let side = |side: Side| Choice::new(side.key(), side.label());
    [Side::Complainant, Side::Respondent, Side::Officer].map(side).to_vec()
}

fn payers() -> Vec<Choice> {
    let choice = |payer: &Payer| {
        let choice = Choice::new(payer.key(), payer.label());
        match payer {
            Payer::NotAgreed => choice.explained("不送检，可以据此终止调解"),
            _ => choice,
        }
    };
    Payer::ALL.iter().map(choice).collect()
}

/// The two officers of the case.
fn mediators(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Choice>, ActError> {
    let mut choices = Vec::new();
    for id in [case.state.lead, case.state.partner].into_iter().flatten() {
        choices.extend(store::account::find(tx, id)?.map(|account| Choice::new(id.to_string(), account.name)));
    }
    Ok(choices)
}

/// The officers of the office who are not on the case.
fn others(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Choice>, ActError> {
    let mut officers = assignment::officers(tx, case)?;
    officers.retain(|officer| ![case.state.lead, case.state.partner].contains(&Some(officer.id)));
    Ok(officers.into_iter().map(|officer| Choice::new(officer.id.to_string(), officer.name)).collect())
}

fn side(typed: &Typed) -> Result<Side, ActError> {
    Side::from_key(typed.get("by")).ok_or_else(|| ActError::field("by", "by.missing", "请选择是谁"))
}

/// A decision between two answers, which must be one of them.
fn chosen(typed: &Typed, name: &str) -> Result<bool, ActError> {
    match typed.get(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(ActError::field(name, &format!("{name}.missing"), "请选择一个")),
    }
}

fn appraised(typed: &Typed) -> Result<Appraisal, ActError> {
    let payer = Payer::from_key(typed.get("payer"));
    Ok(Appraisal {
        cause: typed.get("cause").to_owned(),
        object: typed.get("object").to_owned(),
        body: typed.get("body").to_owned(),
        payer: payer.ok_or_else(|| ActError::field("payer", "payer.missing", "请选择费用由谁承担"))?,
        designated: typed.yes("designated"),
    })
}

/// What of the complaint is checked as a case of its own.
fn lead(file: &CaseFile, found: String) -> Vec<Asked> {
    let first_line: String = found.split(['。', '\n']).next().unwrap_or_default().chars().take(60).collect();
    let files: Vec<Choice> =
        file.attachments.iter().map(|file| Choice::new(file.id.to_string(), file.name.clone())).collect();
    let mut asked = vec![
        Asked::new(Kind::Text, "title", "线索的一句话事由").at_most(60).value(first_line),
        Asked::area("facts", "发现了什么，有什么证据", 5, 5000)
            .value(found)
            .hint("不要写投诉人的姓名、电话；他愿意作为举报人的，另用“拆出另一件事”登记举报"),
        Asked::new(Kind::Text, "respondent_name", "涉嫌违法的是谁")
            .value(&file.case.matter.respondent_name)
            .at_most(200),
        Asked::new(Kind::Text, "respondent_address", "地址").value(&file.respondent.address).at_most(200).optional(),
    ];
    if !files.is_empty() {
        asked.push(Asked::new(Kind::Checks, "files", "一并复制过去的材料").choices(files).optional());
    }
    asked
}
