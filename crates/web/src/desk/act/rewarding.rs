//! 举报奖励: the forms of its acts, what the case itself says beside each question, and the computation.

use casework::reading::CaseFile;
use casework::rewarding::{self, Evidence, FinanceLetter, Other, Payment, Proposal};
use casework::vault::Identity;
use casework::{ActError, Scene};
use domain::act::Act;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::money::Money;
use domain::reward::{self, Level, Merit, Point, Rule, Step};
use domain::rewarding::{NoticeWay, PaymentWay, Shown, Stage};
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use crate::view::{self, Choice};

/// The button that computes without proposing.
const COMPUTE: &str = "compute";

/// Whether only the sum is asked for.
pub(super) fn computes(action: Action, typed: &Typed) -> bool {
    action == Action::ProposeReward && !typed.get(COMPUTE).is_empty()
}

/// Whether the act makes this paper, decided as it is.
pub(super) fn makes(file: &CaseFile, paper: &str) -> bool {
    let reward = &file.case.state.turns.rewarding;
    let granted = reward.level.is_some();
    match paper {
        "reward_approval_form" => !granted || reward.stage == Some(Stage::Signed),
        "reward_notice" => granted,
        "no_reward_notice" => !granted,
        _ => true,
    }
}

/// The questions of one of these acts.
pub(super) fn fields(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
) -> Result<Vec<Asked>, ActError> {
    let case = &file.case;
    Ok(match action {
        Action::ProposeReward => match rewarding::rule_of(case) {
            Some(rule) => proposal(tx, scene, case, rule)?,
            None => Vec::new(),
        },
        Action::ProposeNoReward => no_reward(tx, scene, case)?,
        Action::RecordFinance => vec![
            Asked::new(Kind::YesNo, "agreed", "财政部门同意吗？"),
            Asked::new(Kind::Text, "document", "来文的文号").at_most(100).hint("例如：金财函〔2026〕12号"),
            Asked::new(Kind::Date, "day", "来文的日期"),
            Asked::area("words", "意见摘要", 3, 2000).optional().hint("来文扫描件用“补充材料”存入"),
        ],
        Action::ApproveReward => vec![Asked::area("opinion", "审批意见", 2, 500).value("同意。")],
        Action::SendBackReward => vec![Asked::area("opinion", "退回的意见", 3, 500).hint("让承办人知道要改什么")],
        Action::TellReward => vec![ways(case)],
        Action::AnswerReview => vec![
            Asked::new(Kind::Radios, "changed", "复核结论").choices(vec![
                Choice::new("no", "维持原来的金额").explained("领取期限接着计算"),
                Choice::new("yes", "重新提出金额").explained("由承办人重新提出，再走审批、审定、告知"),
            ]),
            Asked::area("answer", "答复举报人", 4, 2000).hint("结论和理由，举报人凭回执码或者查询码看到"),
        ],
        Action::AskReview => {
            vec![Asked::area("words", "举报人的意见", 4, 2000).hint("替举报人记下，不要写举报人的身份")]
        }
        Action::ExtendClaim => vec![Asked::area("reason", "正当理由", 3, 500).hint("举报人会看到新的最后一日")],
        Action::PayReward => payment(scene, file),
        _ => Vec::new(),
    })
}

fn points<'a>(points: impl IntoIterator<Item = &'a Point>) -> Vec<Choice> {
    points.into_iter().map(|point| Choice::new(&point.key, &point.label).explained(&point.article)).collect()
}

/// Sentences that stand together, those that say nothing left out.
fn sentences(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("。")
}

/// What is asked for a proposal: filled in with what was proposed before, else with what the case says.
fn proposal(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, rule: &Rule) -> Result<Vec<Asked>, ActError> {
    let Evidence { gravity, scope, decision, threshold, reporters, .. } = rewarding::evidence(tx, scene, case)?;
    let penalty = case.state.turns.reporting.penalty;
    let yuan = |fen: i64| view::money(fen).replace(',', "");
    let before = match rewarding::proposed(tx, case)? {
        Some(Act::ProposeReward { merit, gravity, scope, same_case, reason, .. }) => {
            Some((merit, gravity, scope, same_case, reason))
        }
        _ => None,
    };
    let (merit, gravity, scope, same_case, reason) = before.unwrap_or_else(|| {
        let merit = Merit { level: Level::Third, fine: penalty, raised: None, stated: None, together: 1, already: 0 };
        (merit, gravity.unwrap_or_default().to_owned(), scope.unwrap_or_default(), Vec::new(), String::new())
    });
    let level = |level: &reward::LevelRule| {
        let words = format!("{}（{}%，不少于 {} 元）", level.label, level.percent, level.floor);
        Choice::new(level.key.key(), words).explained(format!("{}。{}", level.facts, level.article))
    };
    let others = rewarding::others(tx, scene, case)?;
    let mut asked = vec![
        Asked::new(Kind::Radios, "gravity", "为什么是重大违法行为")
            .choices(points(&rule.gravity))
            .value(gravity)
            .hint(sentences(&[&decision, &threshold])),
        Asked::new(Kind::Radios, "scope", "属于哪个奖励范围").choices(points(&rule.scope)).value(scope),
        Asked::new(Kind::Checks, "excluded", "逐项核对，举报人没有下列情形（没有的勾上）")
            .choices(points(&rule.exclusions))
            .hint(reporters),
        Asked::new(Kind::Radios, "level", "等级")
            .choices(rule.levels.iter().map(level).collect())
            .value(if reason.is_empty() { "" } else { merit.level.key() }),
        Asked::new(Kind::Money, "fine", "与举报相符部分的罚没款")
            .value(yuan(merit.fine))
            .hint(format!("举报以外查出的不算；没有罚没款写 0。{}", rule.base_article)),
        Asked::new(Kind::Money, "stated", "没有罚没款时的金额")
            .optional()
            .value(merit.stated.map(yuan).unwrap_or_default())
            .hint("不写则按等级的下限"),
        Asked::new(Kind::Text, "raised", "内部举报人提高后的百分比")
            .optional()
            .at_most(3)
            .value(merit.raised.map(|percent| percent.to_string()).unwrap_or_default())
            .hint(format!("只写数字，例如 8；要经财政部门同意。{}", rule.insider_article)),
        Asked::new(Kind::Text, "together", "联名举报的人数")
            .value(merit.together.to_string())
            .at_most(2)
            .hint("联名的按一份奖励，由一名代表领取，自行分配"),
    ];
    if !others.is_empty() {
        let choice = |other: &Other| {
            let granted = match other.granted() {
                0 => "还没有决定奖励".to_owned(),
                sum => format!("已决定奖励 {} 元", view::money(sum)),
            };
            Choice::new(&other.number, format!("{} {}", other.number, other.title)).explained(granted)
        };
        asked.push(
            Asked::new(Kind::Checks, "same_case", "查处的是同一案件的举报")
                .optional()
                .choices(others.iter().map(choice).collect())
                .chosen(same_case)
                .hint(format!("同一案件的奖励合计不超过 {} 元。{}", rule.cap, rule.cap_article)),
        );
    }
    asked.push(
        Asked::area("reason", "举报提供了什么、哪些相符", 4, 2000)
            .value(reason)
            .hint("等级的事实依据；不要写举报人的身份")
            .with_button(COMPUTE, "先算一算"),
    );
    Ok(asked)
}

fn no_reward(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Asked>, ActError> {
    let Evidence { ground, decision, threshold, reporters, .. } = rewarding::evidence(tx, scene, case)?;
    let (ground, reason) = match rewarding::proposed(tx, case)? {
        Some(Act::ProposeNoReward { ground, reason, .. }) => (ground, reason),
        _ => (ground.unwrap_or_default().to_owned(), String::new()),
    };
    Ok(vec![
        Asked::new(Kind::Radios, "ground", "属于哪一种情形")
            .choices(points(rewarding::exclusions(case)))
            .value(ground)
            .hint(sentences(&[&decision, &threshold, &reporters])),
        Asked::area("reason", "理由", 4, 2000)
            .value(reason)
            .hint("哪些事实属于所选情形；会写进告知书，举报人会看到。不要写举报人的身份和办案中不能公开的内容"),
    ])
}

fn ways(case: &CaseRow) -> Asked {
    let named = case.state.turns.reporting.named == Some(true);
    let hint = if named {
        "告知书在举报人的查询页上。实名举报：要打电话的，先在“举报人身份”里申请打开，电话里不要说出被举报的商家"
    } else {
        "告知书在举报人的查询页上，凭回执码或者查询码看到；匿名举报没有别的联系办法"
    };
    let choices = NoticeWay::ALL.iter().map(|way| Choice::new(way.key(), way.label())).collect();
    Asked::new(Kind::Radios, "way", "怎样告知").choices(choices).value(NoticeWay::Page.key()).hint(hint)
}

fn payment(scene: Scene<'_>, file: &CaseFile) -> Vec<Asked> {
    let sum = view::money(file.case.state.turns.rewarding.sum).replace(',', "");
    let choices = |all: Vec<(&str, &str)>| all.into_iter().map(|(key, label)| Choice::new(key, label)).collect();
    let mut asked = vec![
        Asked::new(Kind::Radios, "shown", "领取人出示了什么")
            .choices(choices(Shown::ALL.iter().map(|it| (it.key(), it.label())).collect()))
            .hint("匿名举报核对回执码或者查询码，不问姓名；实名举报核对身份证件"),
        Asked::new(Kind::Text, "code", "出示的回执码或者查询码")
            .optional()
            .at_most(20)
            .only_with("shown", "code")
            .hint("系统当场核对；错的不能登记"),
        Asked::new(Kind::Radios, "way", "发放方式")
            .choices(choices(PaymentWay::ALL.iter().map(|it| (it.key(), it.label())).collect())),
        Asked::new(Kind::Date, "day", "发放日期").value(beijing_day(scene.now).to_string()),
        Asked::new(Kind::Money, "sum", "发放金额").value(sum),
        Asked::new(Kind::Text, "voucher", "财务凭证号").at_most(100).hint("不要写领款人的姓名、账号"),
    ];
    if !file.sealed_identity {
        asked.push(
            Asked::new(Kind::Text, "payee_name", "领款人姓名")
                .optional()
                .at_most(60)
                .hint("财务要求留存的才写。只封存进身份密库，案件里看不到"),
        );
        asked.push(Asked::new(Kind::Text, "payee_id", "领款人证件号码").optional().at_most(40));
    }
    asked
}

/// A sum that was typed; nothing is 0.
fn sum(typed: &Typed, name: &str) -> Result<i64, ActError> {
    match typed.get(name) {
        "" => Ok(0),
        sum => Money::parse(sum)
            .map(Money::fen)
            .map_err(|_| ActError::field(name, &format!("{name}.invalid"), "请只写数字，例如 5000")),
    }
}

/// What is computed from what was typed.
fn merit(typed: &Typed) -> Result<Merit, ActError> {
    let level =
        Level::from_key(typed.get("level")).ok_or_else(|| ActError::field("level", "level.missing", "请选择等级"))?;
    let raised = match typed.get("raised").trim_end_matches('%') {
        "" => None,
        percent => Some(percent.parse().unwrap_or(0)),
    };
    Ok(Merit {
        level,
        fine: sum(typed, "fine")?,
        raised,
        stated: Some(sum(typed, "stated")?).filter(|sum| *sum > 0),
        together: typed.get("together").parse().unwrap_or(0),
        already: 0,
    })
}

/// What stands beside these forms: the computation, a line a step, and what was said before.
pub(super) fn beside(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    file: &CaseFile,
    action: Action,
    typed: Option<&Typed>,
) -> Result<Vec<(String, String)>, ActError> {
    let case = &file.case;
    let mut beside = Vec::new();
    let (merit, same_case) = match action {
        Action::ProposeReward => match typed {
            Some(typed) => (merit(typed).ok(), typed.all("same_case")),
            None => (None, Vec::new()),
        },
        Action::ApproveReward
        | Action::SendBackReward
        | Action::RecordFinance
        | Action::TellReward
        | Action::AnswerReview => {
            let last = |keys: &[&str]| {
                let mut course = file.course.iter().rev();
                course.find(|told| keys.contains(&told.act.as_str())).map(|told| told.words.clone())
            };
            let proposed = last(&["propose_reward", "propose_no_reward"]);
            beside.extend(proposed.map(|words| ("承办人提出".to_owned(), words)));
            if action == Action::AnswerReview {
                let said = file.exchange.iter().rev().find(|said| said.sender == "reporter");
                beside.extend(said.map(|said| ("举报人的意见".to_owned(), said.body.clone())));
            }
            match rewarding::proposed(tx, case)? {
                Some(Act::ProposeReward { merit, same_case, needs_finance, .. }) => {
                    let finance = needs_finance.then(|| last(&["record_finance"])).flatten();
                    beside.extend(finance.map(|words| ("财政部门".to_owned(), words)));
                    (Some(merit), same_case)
                }
                _ => (None, Vec::new()),
            }
        }
        _ => return Ok(beside),
    };
    let computed = match merit {
        Some(merit) => rewarding::computed(tx, scene, case, merit, &same_case)?,
        None => None,
    };
    if let Some(computed) = computed {
        let mut lines: Vec<String> = computed.steps.iter().map(Step::line).collect();
        if computed.needs_finance {
            lines.push("要先经同级财政部门同意".to_owned());
        }
        let words = format!("{}\n{}", view::money_sign(computed.sum), lines.join("\n"));
        beside.push(("算出的金额".to_owned(), words));
    }
    Ok(beside)
}

/// Does one of these acts. `seed` is fresh, for what has to be sealed.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
    seed: [u8; 32],
) -> Result<CaseRow, ActError> {
    let seen = typed.version();
    let (reason, opinion, words) = (typed.get("reason"), typed.get("opinion"), typed.get("words"));
    let answered = |name: &str| match typed.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let day = domain::filing::parse_day(typed.get("day"));
    match action {
        Action::ProposeReward => {
            let case = casework::record::readable(tx, scene, number)?;
            let all = rewarding::rule_of(&case).map_or(0, |rule| rule.exclusions.len());
            let proposal = Proposal {
                merit: merit(typed)?,
                gravity: typed.get("gravity").to_owned(),
                scope: typed.get("scope").to_owned(),
                same_case: typed.all("same_case"),
                none_excluded: typed.all("excluded").len() == all,
                reason: reason.to_owned(),
            };
            rewarding::propose(tx, scene, number, seen, &proposal)
        }
        Action::ProposeNoReward => rewarding::propose_none(tx, scene, number, seen, typed.get("ground"), reason),
        Action::RecordFinance => {
            let (document, words) = (typed.get("document").to_owned(), words.to_owned());
            let letter = FinanceLetter { agreed: answered("agreed"), document, day, words };
            rewarding::record_finance(tx, scene, number, seen, &letter)
        }
        Action::ApproveReward => rewarding::approve(tx, scene, number, seen, opinion),
        Action::SendBackReward => rewarding::send_back(tx, scene, number, seen, opinion),
        Action::TellReward => rewarding::tell(tx, scene, number, seen, NoticeWay::from_key(typed.get("way"))),
        Action::ClaimReward => rewarding::claim(tx, scene, number, seen),
        Action::WaiveReward => rewarding::waive(tx, scene, number, seen),
        Action::AskReview => rewarding::ask_review(tx, scene, number, seen, words),
        Action::AnswerReview => {
            rewarding::answer_review(tx, scene, number, seen, answered("changed"), typed.get("answer"))
        }
        Action::ExtendClaim => rewarding::extend(tx, scene, number, seen, reason),
        Action::PayReward => {
            let payment = Payment {
                day,
                way: PaymentWay::from_key(typed.get("way")),
                sum: sum(typed, "sum")?,
                voucher: typed.get("voucher").to_owned(),
                shown: Shown::from_key(typed.get("shown")),
                code: typed.get("code").chars().filter(|letter| !letter.is_whitespace()).collect(),
                payee: Identity {
                    name: typed.get("payee_name").to_owned(),
                    id_number: typed.get("payee_id").to_owned(),
                    ..Identity::default()
                },
                seed,
            };
            rewarding::pay(tx, scene, number, seen, &payment)
        }
        _ => Err(ActError::NotFound),
    }
}
