//! What each act asks, with defaults that are right most of the time.

use std::collections::BTreeMap;

use casework::mediation::MODES;
use casework::reading::CaseFile;
use casework::{ActError, Scene, assignment, copies, dispatch, feedback, split, timing};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::clock::{beijing_day, beijing_time};
use domain::mediation::Absence;
use domain::procedure::{Subject, subject};
use domain::rule_set::Ground;
use store::Tx;
use store::account::AccountRow;
use store::case::CaseRow;
use store::queue::{Filter, View};

use super::super::forms::{Asked, Kind, moment_value};
use super::super::labels;
use super::{accepting, dispatching, mediating, reporting, rewarding, serving};
use crate::view::{self, Choice};

/// The questions of an act over this case.
pub(super) fn fields(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<Asked>, ActError> {
    let case = &file.case;
    Ok(match action {
        Action::Register => registration(scene, case),
        Action::Accept => vec![Asked::area("note", "给投诉人或者同事的话", 2, 500).optional()],
        Action::Refuse => refusal(scene, case),
        Action::Dispatch => dispatched(tx, case)?,
        Action::Assign => assigned(tx, scene, case)?,
        Action::Replace => replaced(tx, case)?,
        Action::Notify => {
            let mut fields = appointment(tx, scene, case)?;
            let bring = Asked::area("bring", "请商家带来的材料", 2, 500)
                .optional()
                .hint("不写则为身份证明、交易凭证和与争议有关的其他证据");
            fields.push(bring);
            fields.extend(enclosures(tx, case)?);
            fields
        }
        Action::Arrange => appointment(tx, scene, case)?,
        Action::RecordAnswer => vec![
            Asked::area("answer", "商家的答复", 4, 2000).hint("用商家自己的话或者概要，提交了哪些证据"),
            Asked::new(Kind::YesNo, "agrees", "商家同意调解吗？").value("yes"),
        ],
        Action::RecordMeeting => meeting(scene, file),
        Action::Settle => vec![
            Asked::new(Kind::Money, "recovered", "挽回损失").hint("不写则为各项金额之和").optional(),
            Asked::new(Kind::Radios, "paper", "制作调解书吗？")
                .choices(vec![
                    Choice::new("yes", "制作调解书").explained("有还没有履行的项目，或者任何一方要求制作"),
                    Choice::new("no", "不制作").explained("已经当场履行完毕，或者双方都同意不制作；以调解笔录存卷"),
                ])
                .value("yes"),
        ],
        Action::Terminate => mediating::termination(scene, file),
        Action::Approve => vec![Asked::area("opinion", "签批意见", 2, 500).value("同意。")],
        Action::SendBack => vec![Asked::area("opinion", "退回的意见", 3, 500).hint("让承办人知道要改什么")],
        Action::Tell if case.state.kind == CaseKind::Report => {
            vec![
                Asked::area("result", "告知举报人", 5, 2000)
                    .hint("核查、处理的结果；举报人凭编号和查询码看到，不发到任何地址"),
            ]
        }
        Action::Tell => {
            let proposed = feedback::proposed_result(tx, scene, case)?;
            vec![Asked::area("result", "结果", 6, 2000).value(proposed).hint("投诉人读到的就是这段话")]
        }
        Action::RecordPerformance => performance(file),
        Action::AnswerUrge => {
            vec![Asked::area("answer", "答复投诉人", 4, 500).hint("办到哪一步了，下一步是什么，什么时候")]
        }
        Action::Note => vec![Asked::area("text", "备注", 3, 1000).hint("只有同事看得到")],
        Action::Answer => answer(case),
        Action::Split => other_matter(scene, file),
        Action::Suspend => vec![
            Asked::new(Kind::Radios, "cause", "因为什么中止").choices(
                timing::causes(scene, case).into_iter().map(|cause| Choice::new(&cause, cause.clone())).collect(),
            ),
            match case.state.kind {
                CaseKind::Report => reason("说明", "例如：样品已送检，检验机构预计 11 月 20 日出结果"),
                _ => reason("说明", "例如：双方同意送检，检验机构预计 11 月 20 日出结果"),
            },
        ],
        Action::Resume => vec![reason("什么结束了中止", "例如：收到检验报告")],
        Action::RequestExtension => extension(file),
        Action::DeclineExtension => vec![reason("不同意的理由", "例如：双方争议不大，可以在原期限内办结")],
        Action::Forward | Action::Return => dispatching::fields(tx, scene, file, action)?,
        // The consumer's own have no page here; to the others of the course there is nothing to ask.
        _ => match subject(action) {
            Subject::Mediation => mediating::fields(tx, scene, file, action)?,
            Subject::Dispatch => dispatching::fields(tx, scene, file, action)?,
            Subject::Acceptance => accepting::fields(tx, scene, file, action)?,
            Subject::Report => reporting::fields(tx, scene, file, action)?,
            Subject::Reward => rewarding::fields(tx, scene, file, action)?,
            Subject::Service => serving::fields(scene, file, action),
            Subject::Course => Vec::new(),
        },
    })
}

/// What goes to the respondent with the notice: of each file the newest copy, or the file itself where there is none.
fn enclosures(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let offered = copies::offered(tx, case)?;
    if offered.is_empty() {
        return Ok(Vec::new());
    }
    let shows_personal = offered.iter().any(|it| it.personal);
    let choice = |it: copies::Offered| {
        let hint = match (it.personal, it.key.starts_with("copy-")) {
            (true, _) => "原件，可能有个人信息：请先做遮挡副本",
            (_, true) => "遮挡副本",
            (false, false) => "原件，已认定没有个人信息",
        };
        Choice::new(it.key, it.name).explained(hint)
    };
    let enclosed = Asked::new(Kind::Checks, "enclosed", "随通知给商家看的材料").optional();
    let mut asked = vec![enclosed.choices(offered.into_iter().map(choice).collect())];
    if shows_personal {
        let choice = Choice::new("yes", "原件里的个人信息是商家应当知道的，照样附上");
        asked.push(Asked::new(Kind::Checks, "as_is", "附有个人信息的原件").optional().choices(vec![choice]));
    }
    Ok(asked)
}

/// The acts that a leader approves or sends back.
const PROPOSALS: &[&str] = &["terminate", "settle", "propose_opening", "propose_not_opening", "propose_decision"];

/// What was said before and is needed to decide.
pub(super) fn beside(scene: Scene<'_>, file: &CaseFile, action: Action) -> Vec<(String, String)> {
    let (case, matter) = (&file.case, &file.case.matter);
    let last = |key: &str| file.course.iter().rev().find(|told| told.act == key).map(|told| told.words.clone());
    let mut beside = Vec::new();
    let mut add = |name: &str, words: String| {
        if !words.is_empty() {
            beside.push((name.to_owned(), words));
        }
    };
    match action {
        Action::Approve | Action::SendBack => {
            let mut proposed = file.course.iter().rev().filter(|told| PROPOSALS.contains(&told.act.as_str()));
            add("承办人提出", proposed.next().map(|told| told.words.clone()).unwrap_or_default());
            add("调解经过", last("record_meeting").unwrap_or_default());
            add("核查、调查", last("record_inquiry").unwrap_or_default());
        }
        Action::GrantExtension | Action::DeclineExtension => {
            add("承办人提出", last("request_extension").unwrap_or_default());
        }
        Action::DecideRecusal => add("回避申请", last("request_recusal").unwrap_or_default()),
        Action::RecordAppraisal => add("送检", last("appraise").unwrap_or_default()),
        Action::CheckClue => add("线索", last("find_clue").unwrap_or_default()),
        Action::DecideClueTime => add("承办人提出", last("request_extension").unwrap_or_default()),
        Action::DecidePolice => add("承办人提出", last("refer_police").unwrap_or_default()),
        Action::RecordDelegated | Action::TakeBack => add("委托", last("delegate").unwrap_or_default()),
        Action::Settle | Action::ProposeTerms => add("最近的方案", last("propose_terms").unwrap_or_default()),
        Action::AnswerUrge => add("投诉人催办", last("urge").unwrap_or_default()),
        _ => {}
    }
    add("要求", labels::demands(scene.house, &matter.demands, &matter.demand_text));
    add(if case.state.kind.is_answered() { "内容" } else { "经过" }, matter.facts.clone());
    add(
        if case.state.kind.is_secret() { "涉及" } else { "商家" },
        [matter.respondent_name.as_str(), &file.respondent.address].join(" ").trim().to_owned(),
    );
    add("金额", labels::sum(matter.amount));
    if action == Action::Register {
        add("选的类别", labels::code(scene.house, "goods_categories", &matter.category));
        add("选的问题", labels::code(scene.house, "problem_categories", &matter.problem));
        add("商品或者服务", matter.goods.clone());
    }
    if action == Action::Archive {
        add("材料", format!("{} 份", file.papers.len()));
    }
    if let Some(bought) = matter.bought_on {
        add("购买", view::dates::long_day(bought));
    }
    add("收到", view::dates::long_day(beijing_day(case.received_at)));
    beside
}

/// The answer; an agent has often given it on the telephone already.
fn answer(case: &CaseRow) -> Vec<Asked> {
    let text = Asked::area("answer", "答复", 6, 2000).hint("怎么办、依据是什么、还可以找谁；对方读到的就是这段话");
    if case.state.kind.is_secret() {
        return vec![text.hint("核查了什么、结论是什么、怎样处理；反映人读到的就是这段话")];
    }
    let spoken = Asked::new(Kind::YesNo, "spoken", "已经在电话里或者当面答复了吗？")
        .value("no")
        .hint("答复过的不再发送，只显示在对方的查询页");
    vec![text, spoken]
}

/// What belongs to the other matter: the words to begin with are those of this case, to be cut down.
fn other_matter(scene: Scene<'_>, file: &CaseFile) -> Vec<Asked> {
    let (case, codes) = (&file.case, &scene.house.codes);
    let explained = |kind: &CaseKind| {
        let words = match kind {
            CaseKind::Complaint => "和商家的另一起消费纠纷，要求解决；从决定是否受理办起",
            CaseKind::Report => "商家涉嫌违法的线索；另外编号、核查，办投诉的人看不到",
            CaseKind::Consultation => "另外问的问题，答复即可",
            _ => "对工作或者规定的意见，答复即可",
        };
        Choice::new(kind.key(), kind.label()).explained(words)
    };
    let files: Vec<Choice> =
        file.attachments.iter().map(|file| Choice::new(file.id.to_string(), file.name.clone())).collect();
    let mut asked = vec![
        Asked::new(Kind::Radios, "kind", "另一件事是什么").choices(split::KINDS.iter().map(explained).collect()),
        Asked::new(Kind::Text, "title", "另一件的一句话事由").at_most(60),
        Asked::area("facts", "属于另一件的内容", 6, 5000)
            .value(&case.matter.facts)
            .hint("从原件摘录，删去不属于这件的部分；原件的内容不变"),
        Asked::new(Kind::Text, "respondent_name", "商家名称")
            .value(&case.matter.respondent_name)
            .hint("另一件是投诉、举报时填")
            .optional(),
        Asked::new(Kind::Text, "respondent_address", "商家地址")
            .value(&file.respondent.address)
            .hint("另一件是投诉、举报时填")
            .optional(),
        Asked::new(Kind::Checks, "demands", "要求")
            .choices(labels::choices(codes, "demands"))
            .hint("另一件是投诉时选")
            .optional(),
        Asked::new(Kind::Radios, "named", "本人愿意实名举报吗")
            .choices(vec![
                Choice::new("no", "不实名，或者没有问").explained("举报里不保存是谁反映的"),
                Choice::new("yes", "愿意实名")
                    .explained("投诉人的姓名、电话、地址、证件号码加密封存在举报里，投诉照常办理"),
            ])
            .value("no")
            .hint("另一件是举报时选"),
    ];
    if !files.is_empty() {
        asked.push(Asked::new(Kind::Checks, "files", "一并复制过去的材料").choices(files).optional());
    }
    asked
}

fn reason(label: &str, hint: &str) -> Asked {
    Asked::area("reason", label, 3, 1000).hint(hint)
}

fn registration(scene: Scene<'_>, case: &CaseRow) -> Vec<Asked> {
    let codes = &scene.house.codes;
    let title = Asked::new(Kind::Text, "title", "一句话事由").value(&case.matter.title).at_most(60);
    if case.state.kind.is_answered() {
        let category = Asked::new(Kind::Select, "category", "商品或者服务类别")
            .choices(labels::choices(codes, "goods_categories"))
            .value(&case.matter.category);
        return vec![title.hint("同事靠这句话认出这一件"), category.optional().hint("和商品服务无关的可以不选")];
    }
    vec![
        title.hint("同事靠这句话认出这件投诉"),
        Asked::new(Kind::Select, "category", "商品或者服务类别")
            .choices(labels::choices(codes, "goods_categories"))
            .value(&case.matter.category),
        Asked::new(Kind::Select, "problem", "问题类别")
            .choices(labels::choices(codes, "problem_categories"))
            .value(&case.matter.problem),
    ]
}

fn refusal(scene: Scene<'_>, case: &CaseRow) -> Vec<Asked> {
    let grounds = scene.house.book.get(&case.rule_set).map(|set| choices_of(&set.refusal_grounds)).unwrap_or_default();
    vec![
        Asked::new(Kind::Radios, "ground", "属于哪一种情形").choices(grounds),
        reason("理由", "哪些事实属于所选情形；这段话会写进决定书告知投诉人"),
    ]
}

fn choices_of(grounds: &[Ground]) -> Vec<Choice> {
    let choice = |ground: &Ground| {
        Choice::new(ground.item.to_string(), ground.wording.trim_end_matches(['；', '。'])).explained(&ground.article)
    };
    grounds.iter().map(choice).collect()
}

/// The office whose division holds the shop is proposed, with the reason that follows from it.
fn dispatched(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let offices = dispatch::proposals(tx, case)?;
    let loads = loads(tx, &offices.iter().map(|office| View::Unit(office.id)).collect::<Vec<_>>())?;
    let holds = offices.first().filter(|office| case.region_code.starts_with(&office.region_code));
    let asked = case.state.kind.is_answered();
    let why = holds.filter(|_| !asked).map(|_| "商家实际经营地在该所辖区。").unwrap_or_default();
    let choices = offices
        .iter()
        .zip(loads)
        .map(|(office, load)| {
            let here = match Some(office.id) == holds.map(|it| it.id) {
                true if asked => " · 本地",
                true => " · 商家在辖区",
                false => "",
            };
            Choice::new(office.id.to_string(), format!("{}（在办 {load} 件）{here}", office.name))
        })
        .collect();
    Ok(vec![
        Asked::new(Kind::Select, "unit", "承办所")
            .choices(choices)
            .value(holds.map(|office| office.id.to_string()).unwrap_or_default()),
        Asked::area("reason", "为什么是这个所", 2, 500).value(why).optional(),
    ])
}

/// Who leaves, and who can take the place, with what each has open.
fn replaced(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let mut leaving = Vec::new();
    for (id, place) in [(case.state.lead, "主办"), (case.state.partner, "协办")] {
        let account = id.map(|id| store::account::find(tx, id)).transpose()?.flatten();
        leaving.extend(account.map(|it| Choice::new(it.id.to_string(), format!("{}（{place}）", it.name))));
    }
    let fit = assignment::successors(tx, case)?;
    let loads = loads(tx, &fit.iter().map(|officer| View::Lead(officer.id)).collect::<Vec<_>>())?;
    let least = fit.iter().zip(&loads).min_by_key(|(officer, load)| (**load, officer.id));
    let least = least.map(|(officer, _)| officer.id.to_string()).unwrap_or_default();
    Ok(vec![
        Asked::new(Kind::Radios, "leaves", "谁不再承办")
            .value(case.state.lead.map(|id| id.to_string()).unwrap_or_default())
            .choices(leaving),
        Asked::new(Kind::Select, "successor", "由谁接替")
            .choices(with_loads(&fit, &loads))
            .value(least)
            .hint("参与本件的和被回避的不在其中"),
        reason("为什么换人", "例如：调往其他单位、休长假"),
    ])
}

fn with_loads(officers: &[AccountRow], loads: &[i64]) -> Vec<Choice> {
    let choice = |(officer, load): (&AccountRow, &i64)| {
        Choice::new(officer.id.to_string(), format!("{}（在办 {load} 件）", officer.name))
    };
    officers.iter().zip(loads).map(choice).collect()
}

/// The officers of the office with what each has open; the two with the least are proposed.
fn assigned(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let officers = assignment::officers(tx, case)?;
    let loads = loads(tx, &officers.iter().map(|officer| View::Lead(officer.id)).collect::<Vec<_>>())?;
    let mut by_load: Vec<(i64, i64)> = officers.iter().zip(&loads).map(|(officer, load)| (*load, officer.id)).collect();
    by_load.sort_unstable();
    let place = |at: usize| by_load.get(at).map(|(_, id)| id.to_string()).unwrap_or_default();
    let (mut lead, mut partner) = (place(0), place(1));
    if let casework::Actor::Staff(me) = scene.actor
        && officers.iter().any(|officer| officer.id == me.account_id)
    {
        // An officer who takes the case herself leads it.
        lead = me.account_id.to_string();
        partner = by_load.iter().find(|(_, id)| *id != me.account_id).map(|(_, id)| id.to_string()).unwrap_or_default();
    }
    let choices = with_loads(&officers, &loads);
    // A question is given to one person unless another is wanted.
    if case.state.kind.is_answered() {
        let second = Asked::new(Kind::Select, "partner", "协办人").choices(choices.clone());
        let second = second.value(case.state.partner.map(|id| id.to_string()).unwrap_or_default());
        return Ok(vec![
            Asked::new(Kind::Select, "lead", "承办人").choices(choices).value(lead),
            second.optional().hint("答复可以由一人办理"),
        ]);
    }
    Ok(vec![
        Asked::new(Kind::Select, "lead", "承办人").choices(choices.clone()).value(lead),
        Asked::new(Kind::Select, "partner", "协办人").choices(choices).value(partner).hint("两名工作人员共同办理"),
    ])
}

fn loads(tx: &mut Tx<'_>, views: &[View]) -> Result<Vec<i64>, ActError> {
    let mut loads = Vec::with_capacity(views.len());
    for view in views {
        loads.push(store::queue::count(tx, view, &Filter::default(), 10_000)?);
    }
    Ok(loads)
}

/// The next working day at half past nine, in the office.
fn appointment(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let day = scene.house.calendar().add_workdays(beijing_day(scene.now), 1);
    let office = match case.state.unit {
        Some(unit) => store::organization::find(tx, unit)?,
        None => None,
    };
    let place = office.map(|office| if office.address.is_empty() { office.name } else { office.address });
    Ok(vec![
        Asked::new(Kind::Moment, "at", "调解时间").value(moment_value(day.at(9, 30, 0, 0))),
        Asked::new(Kind::Radios, "mode", "方式").choices(modes()).value("onsite"),
        Asked::new(Kind::Text, "place", "地点")
            .value(place.unwrap_or_default())
            .hint("电话或者视频调解请写号码或者链接")
            .at_most(100),
    ])
}

fn modes() -> Vec<Choice> {
    MODES.iter().map(|(key, label)| Choice::new(*key, *label)).collect()
}

fn meeting(scene: Scene<'_>, file: &CaseFile) -> Vec<Asked> {
    let open = file.meetings.iter().rev().find(|meeting| meeting.held_at.is_none() && meeting.at <= scene.now);
    let at = beijing_time(open.map_or(scene.now, |meeting| meeting.at));
    let mode = open.map_or("onsite", |meeting| meeting.mode.as_str());
    vec![
        Asked::new(Kind::Moment, "at", "调解时间").value(moment_value(at)),
        Asked::new(Kind::Radios, "mode", "方式").choices(modes()).value(mode),
        Asked::new(Kind::YesNo, "complainant_present", "投诉人到场了吗？").value("yes"),
        Asked::new(Kind::YesNo, "respondent_present", "被投诉人到场了吗？").value("yes"),
        Asked::new(Kind::Radios, "absence", "没有到场的原因")
            .choices(Absence::ALL.iter().map(|it| Choice::new(it.key(), it.label())).collect())
            .optional()
            .hint("双方都到场的不用选；没有正当理由不到场的，可以据此终止调解"),
        Asked::area("transcript", "调解经过", 8, 5000).hint("双方各说了什么，商定了什么，还有什么分歧"),
    ]
}

fn performance(file: &CaseFile) -> Vec<Asked> {
    let words = |row: &store::agreement::ItemRow| {
        let sum =
            if row.item.amount > 0 { format!("（{}）", view::money_sign(row.item.amount)) } else { String::new() };
        Choice::new(row.number.to_string(), format!("{}. {}{sum}", row.number, row.item.text))
    };
    let open = file.items.iter().find(|row| row.performed.is_none() && row.item.due.is_some());
    vec![
        Asked::new(Kind::Radios, "item", "哪一项")
            .choices(file.items.iter().map(words).collect())
            .value(open.map(|row| row.number.to_string()).unwrap_or_default()),
        Asked::new(Kind::YesNo, "performed", "履行了吗？").value("yes"),
        Asked::new(Kind::Text, "note", "怎么知道的").optional().hint("例如：投诉人电话确认已收到退款").at_most(200),
    ]
}

fn extension(file: &CaseFile) -> Vec<Asked> {
    let units: BTreeMap<&str, &str> =
        file.deadlines.iter().map(|row| (row.limit_key.as_str(), row.unit.as_str())).collect();
    let choices: Vec<Choice> = file
        .extendable
        .iter()
        .map(|(key, name, by)| {
            let unit = units.get(key.as_str()).and_then(|unit| domain::clock::Unit::from_key(unit));
            Choice::new(key, format!("{name}，延长 {by} {}", unit.map_or("", domain::clock::Unit::label)))
        })
        .collect();
    let first = choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
    vec![
        Asked::new(Kind::Radios, "limit", "哪个期限").choices(choices).value(first),
        reason("理由", "例如：涉及多个门店，需要向厂家核实批次"),
    ]
}
