//! 违法线索: what was found in a mediation is checked in the law's time, whatever becomes of the mediation (O121 art. 27).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::record;

/// Keeps a clue; the time to check it begins.
pub fn find(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    what: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("what", what, "请写发现了什么：谁的什么行为，涉嫌违反什么规定").done()?;
    let act = Act::FindClue { what: what.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// What the check came to: a penalty case is opened, or not, and why.
pub fn check(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opened: bool,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写核查情况和决定的理由").done()?;
    let act = Act::CheckClue { opened, reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}
