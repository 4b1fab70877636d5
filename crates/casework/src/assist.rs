//! 协办: the office in charge asks another one to help; that one reads the case, adds to it and answers (catalogue 5.1).

use domain::act::Act;
use domain::organization::OrganizationKind;
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::record;

/// Asks an office of the same bureau to help.
pub fn assist(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    unit: i64,
    asked: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("asked", asked, "请写明请对方做什么").done()?;
    let act = Act::Assist { unit, asked: asked.trim().to_owned() };
    let another = |tx: &mut Tx<'_>, case: &CaseRow| {
        if !offices(tx, case)?.iter().any(|office| office.id == unit) {
            return Err(ActError::field("unit", "unit.unknown", "请从本局的其他所中选择"));
        }
        let waiting = case.state.turns.dispatching.assists.iter().any(|it| it.unit == unit && !it.answered);
        match waiting {
            true => Err(ActError::field("unit", "assist.open", "已经请该所协办，正在等它反馈")),
            false => Ok(()),
        }
    };
    record::act(tx, scene, number, seen, &act, another, record::nothing_after)
}

/// Says what the office that was asked has found.
pub fn answer(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    answer: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("answer", answer, "请写协办的结果").done()?;
    let case = record::readable(tx, scene, number)?;
    let unit = her_office(scene, &case);
    let act = Act::RecordAssist { unit: unit.unwrap_or_default(), answer: answer.trim().to_owned() };
    let hers = |_: &mut Tx<'_>, case: &CaseRow| {
        let waits = |it: &domain::dispatching::AssistTurn| Some(it.unit) == unit && !it.answered;
        match case.state.turns.dispatching.assists.iter().any(waits) {
            true => Ok(()),
            false => Err(ActError::field("answer", "assist.none", "没有请您所在的所协办，或者已经反馈过")),
        }
    };
    record::act(tx, scene, number, seen, &act, hers, record::nothing_after)
}

/// The other offices of the case's bureau.
pub fn offices(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut offices = store::organization::of_bureau(tx, case.state.bureau, OrganizationKind::Office)?;
    offices.retain(|office| office.active && Some(office.id) != case.state.unit);
    Ok(offices)
}

fn her_office(scene: Scene<'_>, case: &CaseRow) -> Option<i64> {
    let Actor::Staff(staff) = scene.actor else { return None };
    let asked = &case.state.turns.dispatching.assists;
    let hers = |unit: i64| staff.grants.iter().any(|grant| grant.organization_id == unit);
    asked.iter().map(|assist| assist.unit).find(|unit| hers(*unit))
}
