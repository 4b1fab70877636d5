//! 受理与不予受理: the decision, its paper and its notice (O121 arts. 15, 16; catalogue 4.2).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{letters, notice, record};

/// Decides to accept.
pub fn accept(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    note: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::Accept { note: note.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let paper = letters::make(tx, scene, case, "acceptance_decision", &letters::Blanks::new())?;
        let body = format!("您的投诉（编号 {}）已决定受理，将分送承办单位组织调解。", case.number);
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉受理决定", body: &body, paper })
    })
}

/// Decides to refuse, on one of the grounds of the case's own rule set, with the facts that meet it.
pub fn refuse(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    ground: u32,
    reason: &str,
) -> Result<CaseRow, ActError> {
    grounded((ground, "请选择不予受理的情形"), (reason, "请写明不予受理的理由：哪些事实属于所选情形"))?;
    if let Some(blank) = crate::proposing::OPEN_BLANKS.iter().find(|blank| reason.contains(**blank)) {
        return Err(ActError::field("reason", "reason.blank", format!("请把{blank}换成具体内容")));
    }
    let act = Act::Refuse { ground, reason: reason.trim().to_owned() };
    let known = |_: &mut Tx<'_>, case: &CaseRow| {
        let set = scene.house.book.get(&case.rule_set);
        match set.and_then(|set| set.refusal_ground(ground)) {
            Some(_) => Ok(()),
            None => Err(ActError::field("ground", "ground.unknown", "请选择不予受理的情形")),
        }
    };
    record::act(tx, scene, number, seen, &act, known, |tx, case| {
        let grounds = scene.house.book.get(&case.rule_set).map(|set| letters::grounds_words(&set.refusal_grounds));
        let blanks = letters::Blanks::from([
            ("ground_item", letters::item_words(ground)),
            ("refusal_reason", reason.trim().to_owned()),
            ("refusal_grounds", grounds.unwrap_or_default()),
        ]);
        let paper = letters::make(tx, scene, case, "refusal_decision", &blanks)?;
        let body = format!(
            "您的投诉（编号 {}）决定不予受理。理由：{}。您还可以通过与经营者协商、请求消费者协会调解、申请仲裁、提起诉讼等途径解决。",
            case.number,
            reason.trim()
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉不予受理决定", body: &body, paper })
    })
}

/// A decision needs its ground (0 when none was chosen) and the facts that meet it, each with what to say when it is missing.
pub(crate) fn grounded((ground, choose): (u32, &str), (reason, write): (&str, &str)) -> Result<(), ActError> {
    Faults::default().when(ground == 0, "ground", "ground.unknown", choose).needed("reason", reason, write).done()
}
