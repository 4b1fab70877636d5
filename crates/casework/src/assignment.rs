//! 接收并指派: the office takes the case and two officers have it (catalogue 6.1).

use domain::act::Act;
use domain::role::Role;
use store::Tx;
use store::account::AccountRow;
use store::case::CaseRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::record;

/// Names the officer in charge and the second one; the first time this also takes the case.
pub fn assign(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    lead: i64,
    partner: i64,
) -> Result<CaseRow, ActError> {
    // A question can be given to one person: she stands in both places.
    let answered = record::readable(tx, scene, number).is_ok_and(|case| case.state.kind.is_answered());
    let partner = if answered && partner == 0 { lead } else { partner };
    if lead == partner && !answered {
        return Err(ActError::field("partner", "partner.same", "两名承办人不能是同一个人"));
    }
    let act = Act::Assign { lead, partner };
    let officers_here = |tx: &mut Tx<'_>, case: &CaseRow| {
        let here = officers(tx, case)?;
        for (field, account) in [("lead", lead), ("partner", partner)] {
            if !here.iter().any(|officer| officer.id == account) {
                return Err(ActError::field(field, "officer.unknown", "请从本单位的承办人中选择"));
            }
        }
        Ok(())
    };
    record::act(tx, scene, number, seen, &act, officers_here, record::nothing_after)
}

/// The officers of the office that has the case.
pub fn officers(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<AccountRow>, ActError> {
    match case.state.unit {
        Some(unit) => Ok(store::account::with_role(tx, unit, Role::Officer)?),
        None => Ok(Vec::new()),
    }
}
