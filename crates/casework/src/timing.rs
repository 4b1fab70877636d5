//! 中止、恢复、延长: a clock changes only by a recorded act of someone entitled (catalogue 2.8).

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::mediation::{CLUE_LIMIT, RECUSAL_CAUSE};
use domain::rule_set::Limit;
use domain::trigger::Trigger;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::record;

/// Stops the clocks that know this cause.
pub fn suspend(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    cause: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    said(reason)?;
    let act = Act::Suspend { cause: cause.to_owned(), reason: reason.trim().to_owned() };
    let lawful = |_: &mut Tx<'_>, case: &CaseRow| {
        if case.state.suspended.is_some() {
            return Err(ActError::field("reason", "suspend.already", "期限已经中止"));
        }
        match causes(scene, case).iter().any(|known| known == cause) {
            true => Ok(()),
            false => {
                Err(ActError::field("cause", "cause.unknown", "本案适用的规则不因这个原因中止期限，请从列表中选择"))
            }
        }
    };
    record::act(tx, scene, number, seen, &act, lawful, record::nothing_after)
}

/// Lets the clocks run again.
pub fn resume(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    said(reason)?;
    let act = Act::Resume { reason: reason.trim().to_owned() };
    let stands = |_: &mut Tx<'_>, case: &CaseRow| match case.state.suspended {
        Some(_) => Ok(()),
        None => Err(ActError::field("reason", "suspend.none", "期限没有中止")),
    };
    record::act(tx, scene, number, seen, &act, stands, record::nothing_after)
}

/// Asks for more time.
pub fn request_extension(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    limit: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    said(reason)?;
    let act = Act::RequestExtension { limit: limit.to_owned(), reason: reason.trim().to_owned() };
    let can = |tx: &mut Tx<'_>, case: &CaseRow| {
        if case.state.extension_asked.is_some() {
            return Err(ActError::field("reason", "extension.asked", "已经申请过延长，正在等待答复"));
        }
        match extendable(tx, scene, case)?.iter().any(|(key, _, _)| key == limit) {
            true => Ok(()),
            false => Err(ActError::field("limit", "limit.not_extendable", "这个期限不能延长，或者已经延长过")),
        }
    };
    record::act(tx, scene, number, seen, &act, can, record::nothing_after)
}

/// Grants the time that was asked for: as much as the rule allows.
pub fn grant_extension(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let limit = case.state.extension_asked.clone().unwrap_or_default();
    let by = extendable(tx, scene, &case)?.into_iter().find(|(key, _, _)| *key == limit).map_or(0, |(_, _, by)| by);
    let act = Act::GrantExtension { limit, by };
    record::act(tx, scene, number, seen, &act, asked, record::nothing_after)
}

/// Refuses more time.
pub fn decline_extension(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    said(reason)?;
    let limit = record::readable(tx, scene, number)?.state.extension_asked.unwrap_or_default();
    let act = Act::DeclineExtension { limit, reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, asked, record::nothing_after)
}

/// More time to check a clue, as much as the law allows, or not: the leader decides (O121 art. 27).
pub fn decide_clue_time(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    granted: bool,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写明同意或者不同意的理由").done()?;
    let case = record::readable(tx, scene, number)?;
    let most = extendable(tx, scene, &case)?.into_iter().find(|(key, _, _)| key == CLUE_LIMIT).map(|(_, _, by)| by);
    let act = Act::DecideClueTime { by: most.filter(|_| granted), opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// A note for colleagues.
pub fn note(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    text: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("text", text, "请写备注内容").done()?;
    let act = Act::Note { text: text.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// The causes for which the clock of a case's own course may stand still: the mediation's; of a report, the check's, and once a case
/// is opened that of the decision (行政处罚程序规定第十八条、第六十四条).
pub fn causes(scene: Scene<'_>, case: &CaseRow) -> Vec<String> {
    let limits = scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind);
    let runs = |limit: &Limit| match case.state.kind {
        CaseKind::Report if case.state.turns.reporting.opened => limit.until.contains(&Trigger::CaseDecided),
        CaseKind::Report => limit.until.contains(&Trigger::ClueChecked),
        _ => limit.key == "mediation",
    };
    let mut causes: Vec<String> = Vec::new();
    for (_, limit) in limits.iter().filter(|(_, limit)| runs(limit)) {
        for cause in &limit.excludes {
            // Recusal has an act of its own.
            if cause != RECUSAL_CAUSE && !causes.contains(cause) {
                causes.push(cause.clone());
            }
        }
    }
    causes
}

/// The running limits that may still be extended: key, step, by how much.
pub fn extendable(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<(String, String, u32)>, ActError> {
    let limits = scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind);
    let deadlines = store::deadline::of_case(tx, case.id)?;
    Ok(deadlines
        .iter()
        .filter(|row| row.stopped_at.is_none() && row.extended_by == 0)
        .filter_map(|row| {
            let (_, limit) =
                limits.iter().find(|(set, limit)| set.key == row.rule_set && limit.key == row.limit_key)?;
            Some((limit.key.clone(), limit.name.clone(), limit.extendable_by?))
        })
        .collect())
}

fn asked(_: &mut Tx<'_>, case: &CaseRow) -> Result<(), ActError> {
    match case.state.extension_asked {
        Some(_) => Ok(()),
        None => Err(ActError::field("limit", "extension.none", "没有等待答复的延长申请")),
    }
}

fn said(reason: &str) -> Result<(), ActError> {
    Faults::default().needed("reason", reason, "请写明理由").done()
}
