//! 移送、告知其他部门: what is another department's duty is refused here with its name and telephone, when the leader agrees
//! (O121 arts. 15, 16; catalogue 4.3).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::directory::{self, DEPARTMENT, Entry};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{letters, notice, record};

/// The key of the ground of refusal that a referral rests on, in every rule set.
const GROUND: &str = "outside_remit";

/// Proposes to refer the case to another department.
pub fn propose(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    body: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let bureau = record::readable(tx, scene, number)?.state.bureau;
    let unknown = directory::of(tx, bureau, DEPARTMENT)?.iter().all(|entry| entry.key != body);
    Faults::default()
        .when(unknown, "body", "body.unknown", "请选择由哪个部门处理")
        .needed("reason", reason, "请写明为什么由该部门处理")
        .done()?;
    let act = Act::ProposeReferral { body: body.to_owned(), reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// The leader agrees: the consumer is told which department and its telephone.
pub fn approve(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写签批意见").done()?;
    let case = record::readable(tx, scene, number)?;
    let key = case.state.turns.dispatching.referral.clone().unwrap_or_default();
    let act = Act::ApproveReferral { body: key.clone(), opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let Some(body) = directory::find(tx, &key)? else { return Err(ActError::NotFound) };
        let reason = format!("{}该事项由{}处理，电话 {}。", why(tx, case)?, body.name, body.phone);
        let set = scene.house.book.get(&case.rule_set);
        let ground = set.and_then(|set| set.refusal_grounds.iter().find(|ground| ground.key == GROUND));
        let grounds = set.map(|set| letters::grounds_words(&set.refusal_grounds)).unwrap_or_default();
        let blanks = letters::Blanks::from([
            ("ground_item", letters::item_words(ground.map_or(1, |ground| ground.item))),
            ("refusal_reason", reason),
            ("refusal_grounds", grounds),
        ]);
        let paper = letters::make(tx, scene, case, "refusal_decision", &blanks)?;
        let told = words(case, &body);
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉由其他部门处理", body: &told, paper })
    })
}

/// The leader does not agree: the case goes on here.
pub fn decline(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写明不同意的理由").done()?;
    let act = Act::DeclineReferral { opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// What she is told.
fn words(case: &CaseRow, body: &Entry) -> String {
    format!(
        "您的投诉（编号 {}）反映的事项由{}处理，电话 {}，请直接向该部门提出。本局决定不予受理；您还可以通过与经营者协商、申请仲裁、提起诉讼等途径解决。",
        case.number, body.name, body.phone
    )
}

/// The reasons with which the referral was last proposed.
fn why(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let proposed = events.iter().rev().find_map(|event| match serde_json::from_str::<Act>(&event.data) {
        Ok(Act::ProposeReferral { reason, .. }) => Some(reason),
        _ => None,
    });
    let reason = proposed.unwrap_or_default();
    let ended = reason.trim_end_matches(['。', '；']);
    Ok(if ended.is_empty() { String::new() } else { format!("{ended}。") })
}
