//! 审批: the leader signs the outcome or sends it back.

use domain::act::Act;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::{record, report};

/// Signs. A termination becomes a decision with its paper, one for each side.
pub fn approve(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::Approve { opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        if case.state.kind == CaseKind::Report {
            return report::approved(tx, scene, case, opinion.trim());
        }
        let Some(Outcome::Terminated(ground)) = case.state.outcome else { return Ok(()) };
        let grounds = scene.house.book.get(&case.rule_set).map(|set| letters::grounds_words(&set.termination_grounds));
        for recipient in [case.matter.complainant_name.clone(), case.matter.respondent_name.clone()] {
            let blanks = Blanks::from([
                ("recipient_name", recipient),
                ("ground_item", letters::item_words(ground)),
                ("termination_grounds", grounds.clone().unwrap_or_default()),
            ]);
            letters::make(tx, scene, case, "termination_decision", &blanks)?;
        }
        Ok(())
    })
}

/// Does not sign, and says why; what the settlement had stopped runs on.
pub fn send_back(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写明退回的意见，让承办人知道要改什么").done()?;
    let act = Act::SendBack { opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        store::agreement::clear(tx, case.id).map_err(ActError::from)
    })
}
