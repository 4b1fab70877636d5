//! 重办: the consumer says that it is not solved, or the centre decides; the case goes back to its officers and is counted
//! (O121 art. 26; catalogue 8.2).

use domain::act::Act;
use domain::clock::beijing_day;
use domain::mediation::practice;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{notice, record};

/// Takes a case up again after its end.
pub fn reopen(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default()
        .needed("reason", reason, "请写明哪里没有解决")
        .when(reason.chars().count() > 500, "reason", "reason.too_long", "请控制在 500 个字以内")
        .done()?;
    let act = Act::Reopen { reason: reason.trim().to_owned() };
    let in_time = |_: &mut Tx<'_>, case: &CaseRow| match scene.actor {
        Actor::Complainant { .. } if !may_ask(case, scene.now) => Err(ActError::field(
            "reason",
            "reopen.too_late",
            format!(
                "告知结果已超过 {} 天，或者已经重办过。请拨打 12315，由工作人员核实后决定",
                practice().reopening.within_days
            ),
        )),
        _ => Ok(()),
    };
    record::act(tx, scene, number, seen, &act, in_time, |tx, case| {
        store::agreement::clear(tx, case.id)?;
        store::meeting::clear(tx, case.id)?;
        store::case::reopen(tx, case.id)?;
        let body = format!("您的投诉（编号 {}）已转回承办单位重新办理，办理情况会继续告诉您。", case.number);
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉重新办理", body: &body, paper: None })?;
        let body = format!("{} 重新办理：投诉人反映没有解决，请看案件页。", case.number);
        notice::lead(tx, scene, case, "重新办理", &body)
    })
}

/// Whether the consumer herself may still ask for it: within the days and as often as the practice says.
pub fn may_ask(case: &CaseRow, now: Timestamp) -> bool {
    let reopening = &practice().reopening;
    let days = case.told_at.map(|told| (beijing_day(now) - beijing_day(told)).get_days());
    case.state.turns.mediation.reopened < reopening.times
        && days.is_some_and(|days| i64::from(days) <= reopening.within_days)
}
