//! 受理前后: the forms of supplements, identity proof, further parties, merging and links; and the card of proposed grounds.

use casework::parties;
use casework::reading::CaseFile;
use casework::supplement::{self, Brought};
use casework::{ActError, Scene, linking, proposing, record, repeat};
use domain::accepting::{Consent, PartyRole};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::filing::parse_day;
use domain::grounds::{Proposal, Strength};
use domain::link::Relation;
use domain::materials;
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use super::super::{labels, parties_form};
use super::reporting;
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
        Action::RequestMaterials => {
            let words =
                Asked::area("words", "还要说明的", 3, 500).hint("例如：请补上写明日期和金额的购物小票").optional();
            vec![missing(file), words, by_day(tx, scene, case)?]
        }
        Action::RequestIdentity => vec![
            Asked::area("documents", "要哪些身份证明", 3, 300).value(supplement::USUAL_DOCUMENTS),
            by_day(tx, scene, case)?,
        ],
        Action::Supplement => brought(scene),
        Action::Merge if case.state.kind == CaseKind::Report => reporting::again(file, action),
        Action::Merge => merging(file),
        Action::Unmerge if case.state.kind == CaseKind::Report => {
            vec![reason("为什么恢复单独办理", "例如：核对后是另一批商品，不是同一事实")]
        }
        Action::Unmerge => vec![reason("为什么撤销合并", "例如：核对后是两次购买，不是同一件事")],
        Action::Link => linked(),
        Action::Unlink => vec![Asked::new(Kind::Radios, "link", "取消哪一项关联").choices(links(file))],
        Action::AddParty => party(scene, file),
        Action::EndParty => vec![
            Asked::new(Kind::Radios, "party", "谁").choices(people(file, |_| true)),
            reason("为什么结束", "例如：委托人书面撤销委托"),
        ],
        Action::RecordConsent => vec![
            Asked::new(Kind::Radios, "party", "谁同意").choices(people(file, PartyRole::must_consent)),
            Asked::new(Kind::Radios, "to", "同意什么").choices(
                [Consent::Settle, Consent::Withdraw].into_iter().map(|it| Choice::new(it.key(), it.label())).collect(),
            ),
            Asked::area("note", "怎么表示同意的", 2, 300).hint("例如：11月21日签署书面同意，已存入案卷"),
        ],
        _ => Vec::new(),
    })
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
        Action::RequestMaterials => {
            let by = day(typed, "by")?;
            supplement::request_materials(tx, scene, number, seen, &typed.all("missing"), typed.get("words"), by)
        }
        Action::RequestIdentity => {
            let by = day(typed, "by")?;
            supplement::request_identity(tx, scene, number, seen, typed.get("documents"), by)
        }
        Action::Supplement => {
            let text = |name: &str| typed.get(name).to_owned();
            let brought = Brought {
                name: text("name"),
                phone: text("phone"),
                address: text("address"),
                id_kind: text("id_kind"),
                id_number: text("id_number"),
                note: text("note"),
            };
            supplement::bring(tx, scene, number, seen, &brought, None)
        }
        Action::Merge if record::readable(tx, scene, number)?.state.kind == CaseKind::Report => {
            repeat::merge(tx, scene, number, seen, &reporting::typed_again(typed))
        }
        Action::Merge => linking::merge(tx, scene, number, seen, typed.get("into"), reason),
        Action::Unmerge => linking::unmerge(tx, scene, number, seen, reason),
        Action::Link => {
            let relation = Relation::from_key(typed.get("relation"));
            linking::link(tx, scene, number, seen, typed.get("other"), relation)
        }
        Action::Unlink => {
            let (other, relation) = typed.get("link").split_once('|').unwrap_or_default();
            if other.is_empty() {
                return Err(ActError::field("link", "link.missing", "请选择要取消的关联"));
            }
            linking::unlink(tx, scene, number, seen, other, Relation::from_key(relation))
        }
        Action::AddParty => {
            let new = parties_form::typed_party(typed, str::to_owned);
            parties::add(tx, scene, number, seen, &new, typed.get("paper").parse().ok())
        }
        Action::EndParty => parties::end(tx, scene, number, seen, typed.id("party"), reason),
        Action::LinkOperator => super::operator::perform(tx, scene, number, typed),
        Action::RecordConsent => {
            let to = Consent::from_key(typed.get("to"));
            parties::record_consent(tx, scene, number, seen, typed.id("party"), to, typed.get("note"))
        }
        _ => Err(ActError::NotFound),
    }
}

/// What the page of a refusal or an acceptance shows beside its form.
#[derive(askama::Template)]
#[template(path = "desk/act_grounds.html")]
pub(super) struct Grounds {
    number: String,
    proposals: Vec<Proposed>,
    phrases: Vec<Phrases>,
}

impl askama::filters::HtmlSafe for Grounds {}

struct Proposed {
    item: u32,
    article: String,
    wording: String,
    evidence: Vec<String>,
    met: bool,
}

/// The phrases that fit one ground.
struct Phrases {
    heading: String,
    phrases: Vec<(u32, Option<u32>, String, String)>,
}

/// The card, where the act decides on acceptance.
pub(super) fn grounds(scene: Scene<'_>, file: &CaseFile, action: Action) -> Option<Grounds> {
    if !matches!(action, Action::Refuse | Action::Accept) {
        return None;
    }
    let proposed = |it: &Proposal| Proposed {
        item: it.item,
        article: it.article.clone(),
        wording: it.wording.clone(),
        evidence: it.evidence.clone(),
        met: it.strength == Strength::Met,
    };
    let mut groups: Vec<Phrases> = Vec::new();
    if action == Action::Refuse {
        let set = scene.house.book.get(&file.case.rule_set);
        for phrase in proposing::phrases(scene, &file.case) {
            let ground = phrase.item.and_then(|item| set.and_then(|set| set.refusal_ground(item)));
            let heading = ground.map_or("没有对应情形的", |ground| ground.article.as_str());
            let row = (phrase.number, phrase.item, phrase.title, phrase.text);
            match groups.last_mut().filter(|group| group.heading == heading) {
                Some(group) => group.phrases.push(row),
                None => groups.push(Phrases { heading: heading.to_owned(), phrases: vec![row] }),
            }
        }
    }
    Some(Grounds {
        number: file.case.number.clone(),
        proposals: file.looked.proposals.iter().map(proposed).collect(),
        phrases: groups,
    })
}

/// What a link on the page of a case or of a refusal fills in: a ground with its draft, a phrase, another case.
pub(super) fn given(scene: Scene<'_>, file: &CaseFile, action: Action, query: &Typed) -> Typed {
    let mut given = Vec::new();
    let mut put = |name: &str, value: String| given.push((name.to_owned(), value));
    match action {
        Action::Refuse => {
            let item: u32 = query.get("ground").parse().unwrap_or_default();
            let number: u32 = query.get("phrase").parse().unwrap_or_default();
            let phrase = proposing::phrases(scene, &file.case).into_iter().find(|phrase| phrase.number == number);
            let proposal = file.looked.proposals.iter().find(|proposal| proposal.item == item);
            if let Some(phrase) = phrase {
                if let Some(item) = phrase.item {
                    put("ground", item.to_string());
                }
                put("reason", phrase.text);
            } else if let Some(proposal) = proposal {
                put("ground", item.to_string());
                put("reason", proposal.reason.clone());
            }
        }
        Action::Merge | Action::NotSeparately if query.has("into") => put("into", query.get("into").to_owned()),
        Action::Link if query.has("other") => {
            put("other", query.get("other").to_owned());
            put("relation", query.get("relation").to_owned());
        }
        _ => {}
    }
    Typed(given)
}

/// What the rule set wants, with what is not there ticked.
fn missing(file: &CaseFile) -> Asked {
    let rule_set = &file.case.rule_set;
    let agents = file.parties.iter().any(|party| party.role == "agent" && party.ended_at.is_none());
    let choices: Vec<Choice> = materials::wanted_by(rule_set)
        .filter(|it| agents || !it.key.starts_with("agent_"))
        .map(|it| Choice::new(&it.key, it.label.clone()).explained(it.article(rule_set).unwrap_or_default()))
        .collect();
    let chosen = proposing::missing(&file.case, &file.parties).into_iter().map(str::to_owned).collect();
    Asked::new(Kind::Checks, "missing", "还缺哪些材料")
        .choices(choices)
        .chosen(chosen)
        .hint("只能要求一次，请把还缺的都选上")
        .optional()
}

fn by_day(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Asked, ActError> {
    let latest = supplement::latest_day(tx, scene, case)?;
    let asked = Asked::new(Kind::Date, "by", "最晚哪天");
    Ok(match latest {
        Some(day) => asked.value(day.to_string()).hint(format!(
            "受理期限不因此停止，最晚 {}月{}日，给作决定留出时间",
            day.month(),
            day.day()
        )),
        None => asked,
    })
}

fn brought(scene: Scene<'_>) -> Vec<Asked> {
    let text = |name: &str, label: &str| Asked::new(Kind::Text, name, label).optional().at_most(200);
    vec![
        Asked::area("note", "补交了什么、说明了什么", 3, 1000)
            .hint("文件请先用“补充材料”上传；当面出示的写明看过什么")
            .optional(),
        text("name", "更正姓名").hint("下面几项不变的不用填"),
        text("phone", "更正电话"),
        text("address", "更正地址"),
        Asked::new(Kind::Select, "id_kind", "证件类型")
            .choices(labels::choices(&scene.house.codes, "id_kinds"))
            .optional(),
        text("id_number", "证件号码"),
    ]
}

/// The first likely duplicate that came before is proposed.
fn merging(file: &CaseFile) -> Vec<Asked> {
    let proposed = file.looked.duplicates.iter().filter(|it| it.case.status.is_open()).min_by_key(|it| it.case.id);
    let into = proposed.map(|it| it.case.number.clone()).unwrap_or_default();
    let why = proposed.map(|it| format!("{}。", it.reasons.join("，"))).unwrap_or_default();
    vec![
        Asked::new(Kind::Text, "into", "并入哪一件")
            .value(into)
            .hint("写那一件的编号；同一投诉人、同一商家、还没有办结")
            .at_most(30),
        reason("为什么是同一件事", "例如：同一订单重复提交").value(why),
    ]
}

fn linked() -> Vec<Asked> {
    let words = |relation: &Relation| match relation {
        Relation::Repeat => "同一人又提出同一件事；期限不重新起算",
        Relation::Joint => "几个人因同一争议投诉同一商家",
        _ => "同一商家或者同一原因，办理时互相参考",
    };
    let label = |relation: &Relation| match relation {
        Relation::Repeat => "重复：那一件在先",
        Relation::Joint => "共同投诉：那一件是主件",
        _ => "相关",
    };
    vec![
        Asked::new(Kind::Text, "other", "另一件的编号").at_most(30),
        Asked::new(Kind::Radios, "relation", "是什么关系")
            .choices(linking::BY_HAND.iter().map(|it| Choice::new(it.key(), label(it)).explained(words(it))).collect()),
    ]
}

fn links(file: &CaseFile) -> Vec<Choice> {
    let by_hand = file.links.iter().filter(|link| linking::BY_HAND.contains(&link.relation));
    let choice = |link: &casework::reading::Linked| {
        Choice::new(format!("{}|{}", link.number, link.relation.key()), format!("{}（{}）", link.title, link.words()))
            .explained(&link.number)
    };
    by_hand.map(choice).collect()
}

fn party(scene: Scene<'_>, file: &CaseFile) -> Vec<Asked> {
    let words = |role: &PartyRole| match role {
        PartyRole::Agent => "要授权委托书原件和受托人身份证明",
        PartyRole::Representative => "共同投诉人书面推选，最多两名；和解、放弃要经被代表的人同意",
        PartyRole::JointComplainant => "同一争议投诉同一商家的其他人，要本人同意",
        PartyRole::Guardian => "未成年人或者没有完全行为能力的投诉人的监护人",
    };
    let text = |name: &str, label: &str| Asked::new(Kind::Text, name, label).at_most(200);
    let papers: Vec<Choice> =
        file.attachments.iter().map(|file| Choice::new(file.id.to_string(), file.name.clone())).collect();
    let mut asked = vec![
        Asked::new(Kind::Radios, "role", "增加谁").choices(
            PartyRole::ALL.iter().map(|role| Choice::new(role.key(), role.label()).explained(words(role))).collect(),
        ),
        text("name", "姓名"),
        text("phone", "电话"),
        text("address", "地址").optional(),
        Asked::new(Kind::Select, "id_kind", "证件类型")
            .choices(labels::choices(&scene.house.codes, "id_kinds"))
            .optional(),
        text("id_number", "证件号码").hint("代理人必填").optional(),
        text("matters", "委托事项").hint("代理人必填，例如“就购买电饭煲的争议代为投诉”").optional(),
        text("powers", "委托权限").hint("代理人必填，例如“代为投诉、参加调解、达成协议”").optional(),
        Asked::new(Kind::Date, "until", "委托到哪天").hint("代理人必填").optional(),
        Asked::new(Kind::YesNo, "agreed", "本人同意共同投诉，或者书面推选为代表人了吗？")
            .hint("增加共同投诉人、代表人时必答")
            .optional(),
    ];
    if !papers.is_empty() {
        asked.push(
            Asked::new(Kind::Select, "paper", "授权委托书或者推选书")
                .choices(papers)
                .hint("先用“补充材料”上传，再从这里选")
                .optional(),
        );
    }
    asked
}

fn people(file: &CaseFile, fits: impl Fn(PartyRole) -> bool) -> Vec<Choice> {
    let turns = &file.case.state.turns.accepting.parties;
    let choice = |turn: &domain::accepting::PartyTurn| {
        let party = file.parties.iter().find(|party| party.id == turn.id)?;
        let phone = labels::masked_phone(&party.phone);
        Some(
            Choice::new(turn.id.to_string(), format!("{} {phone}", labels::masked_name(&party.name)))
                .explained(turn.role.label()),
        )
    };
    turns.iter().filter(|turn| fits(turn.role)).filter_map(choice).collect()
}

fn day(typed: &Typed, field: &str) -> Result<Option<Date>, ActError> {
    match typed.get(field) {
        "" => Ok(None),
        written => parse_day(written)
            .map(Some)
            .ok_or_else(|| ActError::field(field, "date.invalid", "日期请写成 2026-03-18 这样")),
    }
}

fn reason(label: &str, hint: &str) -> Asked {
    Asked::area("reason", label, 3, 1000).hint(hint)
}
