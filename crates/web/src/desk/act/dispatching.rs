//! 分送、争议、移送、协办、督办、上报: the forms of what goes between bureaus, offices and superiors.

use casework::major::Report;
use casework::reading::CaseFile;
use casework::{
    ActError, Scene, assist, directory, dispatch, dispute, jurisdiction, major, spot_check, supervision, transfer,
};
use domain::action::Action;
use domain::clock::{beijing_instant, beijing_time};
use domain::jurisdiction::Ruling;
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;

use super::super::forms::{Asked, Kind, Typed, moment, moment_value};
use super::super::labels;
use crate::view::Choice;

/// The questions of an act over this case.
pub(super) fn fields(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<Asked>, ActError> {
    let (case, codes) = (&file.case, &scene.house.codes);
    Ok(match action {
        Action::Forward => forward(tx, scene, case)?,
        Action::Return => vec![
            Asked::new(Kind::Radios, "code", "退回的原因").choices(labels::choices(codes, "return_reasons")),
            text("reason", "说明", "例如：经查商家实际经营地在城南所辖区"),
        ],
        Action::SuperiorUrge => vec![text("words", "要了解什么", "例如：调解到哪一步，为什么还没有答复投诉人")],
        Action::Supervise => vec![
            text("what", "要办到什么程度", "例如：七个工作日内办结，结果报我局"),
            text("reason", "为什么督办", "例如：投诉人多次反映，两次退回"),
        ],
        Action::AnswerSupervision => vec![text("news", "反馈进展", "办到哪一步，下一步是什么，什么时候办结")],
        Action::EndSupervision => vec![text("opinion", "督办的结果", "例如：已经确定由经八路所承办")],
        Action::RaiseDispute => raise(tx, case)?,
        Action::AgreeDispute => agree(tx, scene, case)?,
        Action::DesignateDispute => vec![
            Asked::new(Kind::Radios, "bureau", "指定由哪个局处理").choices(choices(&dispute::sides(tx, case)?)),
            text("reason", "指定的理由", "例如：商家在平台公示的地址在该局辖区"),
        ],
        Action::ProposeReferral => referral(tx, case)?,
        Action::ApproveReferral => vec![Asked::area("opinion", "签批意见", 2, 500).value("同意移送。")],
        Action::DeclineReferral => vec![text("opinion", "不同意的理由", "例如：合同争议属于本局职责，请继续处理")],
        Action::Assist => {
            vec![another_office(tx, case)?, text("asked", "请它做什么", "例如：商家仓库在你所辖区，请查看库存和批号")]
        }
        Action::RecordAssist => vec![text("answer", "协办的结果", "查到了什么，附了哪些材料")],
        Action::ReportUp => report(scene, case),
        Action::Acknowledge => {
            vec![Asked::area("opinion", "要求", 3, 500).optional().hint("例如：请当天到现场，处理情况随时报")]
        }
        Action::Arrive => vec![
            Asked::new(Kind::Moment, "at", "到达时间").value(moment_value(beijing_time(scene.now))),
            Asked::area("note", "现场情况", 3, 1000).optional().hint("看到了什么，采取了什么措施"),
        ],
        Action::Rectify => vec![text("words", "整改的情况", "做了什么，结果怎样，以后怎样防止")],
        Action::CloseRectification => vec![
            Asked::new(Kind::Radios, "enough", "整改到位了吗？").choices(vec![
                Choice::new("yes", "到位，确认"),
                Choice::new("no", "不到位，重新整改").explained("从今天起重新计算整改期限"),
            ]),
            text("opinion", "核对的情况", "例如：补交的回执已经入卷"),
        ],
        _ => Vec::new(),
    })
}

/// Does the act that the form asks for.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
) -> Result<CaseRow, ActError> {
    let seen = typed.version();
    let (reason, opinion) = (typed.get("reason"), typed.get("opinion"));
    match action {
        Action::Forward => dispatch::forward(tx, scene, number, seen, typed.id("bureau"), reason),
        Action::Return => dispatch::give_back(tx, scene, number, seen, typed.get("code"), reason),
        Action::SuperiorUrge => supervision::urge(tx, scene, number, seen, typed.get("words")),
        Action::Supervise => supervision::supervise(tx, scene, number, seen, typed.get("what"), reason),
        Action::AnswerSupervision => supervision::answer(tx, scene, number, seen, typed.get("news")),
        Action::EndSupervision => supervision::end(tx, scene, number, seen, opinion),
        Action::RaiseDispute => {
            let directly = typed.get("directly") == "yes";
            dispute::raise(tx, scene, number, seen, typed.id("with"), directly, reason)
        }
        Action::AgreeDispute => match typed.get("takes") {
            takes @ ("yes" | "no") => dispute::agree(tx, scene, number, seen, takes == "yes", opinion),
            _ => Err(ActError::field("takes", "takes.missing", "请选择由本局处理，还是报请指定")),
        },
        Action::DesignateDispute => dispute::designate(tx, scene, number, seen, typed.id("bureau"), reason),
        Action::ProposeReferral => transfer::propose(tx, scene, number, seen, typed.get("body"), reason),
        Action::ApproveReferral => transfer::approve(tx, scene, number, seen, opinion),
        Action::DeclineReferral => transfer::decline(tx, scene, number, seen, opinion),
        Action::Assist => assist::assist(tx, scene, number, seen, typed.id("unit"), typed.get("asked")),
        Action::RecordAssist => assist::answer(tx, scene, number, seen, typed.get("answer")),
        Action::ReportUp => major::report_up(tx, scene, number, seen, &reported(typed)),
        Action::Acknowledge => major::acknowledge(tx, scene, number, seen, opinion),
        Action::Arrive => {
            let at = moment(typed.get("at"))
                .map(beijing_instant)
                .ok_or_else(|| ActError::field("at", "at.invalid", "请写日期和时间，例如 2026-03-18 09:30"))?;
            major::arrive(tx, scene, number, seen, at, typed.get("note"))
        }
        Action::Rectify => spot_check::rectify(tx, scene, number, seen, typed.get("words")),
        Action::CloseRectification => match typed.get("enough") {
            enough @ ("yes" | "no") => {
                spot_check::close_rectification(tx, scene, number, seen, enough == "yes", opinion)
            }
            _ => Err(ActError::field("enough", "enough.missing", "请选择整改是否到位")),
        },
        _ => Err(ActError::NotFound),
    }
}

/// What an act of these needs to be seen beside it: who has the power and why.
pub(super) fn beside(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<(String, String)>, ActError> {
    let case = &file.case;
    let last = |key: &str| file.course.iter().rev().find(|told| told.act == key).map(|told| told.words.clone());
    let mut beside = Vec::new();
    if matches!(
        action,
        Action::Forward
            | Action::Dispatch
            | Action::TurnAway
            | Action::RaiseDispute
            | Action::AgreeDispute
            | Action::DesignateDispute
    ) && !case.state.kind.is_answered()
    {
        let advice = jurisdiction::advise(tx, scene, case)?;
        beside.push(("由谁处理".to_owned(), advice.reasons.join("\n")));
        if let Some(ruling) = &advice.ruling {
            beside.push(("依据".to_owned(), ruling.article.clone()));
        }
        if action != Action::Dispatch {
            let others =
                advice.otherwise.iter().map(|(target, ruling)| format!("{}：{}", target.label(), places(ruling)));
            beside.push(("如果不是".to_owned(), others.collect::<Vec<_>>().join("\n")));
        }
    }
    let said = match action {
        Action::AnswerSupervision | Action::EndSupervision => ["superior_urge", "supervise", "answer_supervision"],
        Action::AgreeDispute | Action::DesignateDispute => ["raise_dispute", "agree_dispute", ""],
        Action::ApproveReferral | Action::DeclineReferral => ["propose_referral", "", ""],
        Action::RecordAssist => ["assist", "", ""],
        Action::Rectify | Action::CloseRectification => ["note_checked", "rectify", "close_rectification"],
        Action::Acknowledge | Action::Arrive => ["report_up", "acknowledge", ""],
        _ => ["", "", ""],
    };
    for key in said.into_iter().filter(|key| !key.is_empty()) {
        if let Some(words) = last(key) {
            let label = Action::from_key(key).map_or("抽查意见", Action::label);
            beside.push((label.to_owned(), words));
        }
    }
    Ok(beside)
}

fn text(name: &str, label: &str, hint: &str) -> Asked {
    Asked::area(name, label, 3, 1000).hint(hint)
}

fn choices(bureaus: &[OrganizationRow]) -> Vec<Choice> {
    bureaus.iter().map(|it| Choice::new(it.id.to_string(), &it.name)).collect()
}

fn places(ruling: &Ruling) -> String {
    ruling.places.iter().map(|place| place.label()).collect::<Vec<_>>().join("或者")
}

/// The bureau that the resolver finds is proposed, with its reasons.
fn forward(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let mut bureaus = dispatch::bureaus(tx, case)?;
    let advice = jurisdiction::advise(tx, scene, case)?;
    let proposed = advice.bureau.filter(|it| it.id != case.state.bureau);
    if let Some(bureau) = &proposed
        && !bureaus.iter().any(|it| it.id == bureau.id)
    {
        bureaus.insert(0, bureau.clone());
    }
    let why = proposed.as_ref().map(|bureau| format!("按填写的商家地点，由{}处理。", bureau.name)).unwrap_or_default();
    let none = if bureaus.is_empty() {
        "系统里没有可以分送的其他局，请联系管理员添加机构"
    } else {
        ""
    };
    Ok(vec![
        Asked::new(Kind::Select, "bureau", "分送哪个局")
            .choices(choices(&bureaus))
            .hint(none)
            .value(proposed.map(|bureau| bureau.id.to_string()).unwrap_or_default()),
        text("reason", "为什么由该局处理", "例如：商家实际经营地在该局辖区").value(why),
    ])
}

fn another_office(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Asked, ActError> {
    let offices = assist::offices(tx, case)?;
    let none = if offices.is_empty() { "本局没有其他的所" } else { "" };
    Ok(Asked::new(Kind::Select, "unit", "请哪个所协办").choices(choices(&offices)).hint(none))
}

fn raise(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let others = dispute::candidates(tx, case)?;
    let none = if others.is_empty() { "没有和本局有共同上级的其他局，请改用分送" } else { "" };
    Ok(vec![
        Asked::new(Kind::Select, "with", "应当由哪个局处理").choices(choices(&others)).hint(none),
        Asked::new(Kind::Radios, "directly", "怎么解决")
            .choices(vec![
                Choice::new("no", "先和该局协商").explained("对方局可以查看本件；协商不成再报请指定"),
                Choice::new("yes", "直接报请共同的上级局指定"),
            ])
            .value("no"),
        text("reason", "为什么由该局处理", "例如：商家在平台公示的地址在该局辖区"),
    ])
}

fn agree(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let side = dispute::her_side(scene, case).unwrap_or(case.state.bureau);
    let name = dispute::sides(tx, case)?.into_iter().find(|it| it.id == side).map(|it| it.name).unwrap_or_default();
    Ok(vec![
        Asked::new(Kind::Radios, "takes", "协商的结果").choices(vec![
            Choice::new("yes", format!("由本局处理（{name}）")).explained("争议解决"),
            Choice::new("no", "协商不成，报请共同的上级局指定"),
        ]),
        text("opinion", "意见和理由", "例如：经查商家注册地在我局辖区，同意处理"),
    ])
}

fn referral(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let bodies = directory::of(tx, case.state.bureau, directory::DEPARTMENT)?;
    let choice = |body: &directory::Entry| {
        let matters = if body.matters.is_empty() { String::new() } else { format!("：{}", body.matters) };
        Choice::new(&body.key, format!("{}（{}）{matters}", body.name, body.phone))
    };
    Ok(vec![
        Asked::new(Kind::Select, "body", "应当由哪个部门处理").choices(bodies.iter().map(choice).collect()),
        text("reason", "为什么由该部门处理", "这段话会写进决定书告知投诉人，例如：物业服务质量由住建部门监管"),
    ])
}

fn report(scene: Scene<'_>, case: &CaseRow) -> Vec<Asked> {
    let codes = &scene.house.codes;
    let mut sites = vec![Choice::new("", "不需要到现场")];
    sites.extend(major::on_site(scene, case).into_iter().map(|limit| {
        let length = format!("{} {}", limit.length, limit.unit.label());
        Choice::new(&limit.key, format!("{}，{length}内", limit.name))
            .explained(limit.condition.clone().unwrap_or_default())
    }));
    vec![
        Asked::new(Kind::Radios, "level", "级别").choices(labels::choices(codes, "major_levels")),
        Asked::new(Kind::Select, "kind", "事项").choices(labels::choices(codes, "major_kinds")),
        Asked::new(Kind::Radios, "on_site", "要到现场吗？").choices(sites).optional(),
        text("reason", "发生了什么", "涉及多少人、多大金额，现在怎么样"),
    ]
}

fn reported(typed: &Typed) -> Report {
    let text = |name: &str| typed.get(name).to_owned();
    Report { level: text("level"), kind: text("kind"), on_site: text("on_site"), reason: text("reason") }
}
