//! 群体性、重大、突发事项: reported up at once, confirmed by the superior, and where somebody must go, somebody is there in time
//! (catalogue 3.11).

use domain::act::Act;
use domain::rule_set::Limit;
use domain::trigger::Trigger;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{record, supervision};

/// What is reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Code table `major_levels`.
    pub level: String,
    /// Code table `major_kinds`.
    pub kind: String,
    /// Key of the limit within which somebody must be on the site; empty when nobody must.
    pub on_site: String,
    /// What happened.
    pub reason: String,
}

/// Reports the case to the bureau above; at the top, to its own leaders.
pub fn report_up(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    report: &Report,
) -> Result<CaseRow, ActError> {
    let codes = &scene.house.codes;
    let case = record::readable(tx, scene, number)?;
    let known_limit = report.on_site.is_empty() || on_site(scene, &case).iter().any(|it| it.key == report.on_site);
    let unknown = |table: &str, key: &str| codes.label(table, key).is_none();
    Faults::default()
        .when(unknown("major_levels", &report.level), "level", "level.unknown", "请选择上报的级别")
        .when(unknown("major_kinds", &report.kind), "kind", "kind.unknown", "请选择是哪一种事项")
        .when(!known_limit, "on_site", "on_site.unknown", "请选择要不要到现场")
        .needed("reason", &report.reason, "请写明发生了什么、涉及多少人")
        .done()?;
    let act = Act::ReportUp {
        level: report.level.clone(),
        kind: report.kind.clone(),
        to: supervision::superior_of(tx, case.state.bureau)?,
        on_site: Some(report.on_site.clone()).filter(|key| !key.is_empty()),
        reason: report.reason.trim().to_owned(),
    };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// The superior confirms that it knows.
pub fn acknowledge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::Acknowledge { opinion: opinion.trim().to_owned() };
    let theirs = |tx: &mut Tx<'_>, case: &CaseRow| {
        let Some(major) = &case.state.turns.dispatching.major else { return Ok(()) };
        match supervision::speaks_for(tx, scene, major.to)? {
            true => Ok(()),
            false => Err(ActError::field("opinion", "major.not_yours", "由收到上报的局确认")),
        }
    };
    record::act(tx, scene, number, seen, &act, theirs, record::nothing_after)
}

/// Officers are on the site.
pub fn arrive(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    at: Timestamp,
    note: &str,
) -> Result<CaseRow, ActError> {
    if at > scene.now {
        return Err(ActError::field("at", "at.future", "到达时间不能晚于现在"));
    }
    let act = Act::Arrive { at, note: note.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// The limits of the case within which somebody must be on the site, when one of them applies.
pub fn on_site<'a>(scene: Scene<'a>, case: &CaseRow) -> Vec<&'a Limit> {
    let limits = scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind);
    let conditional = |limit: &&Limit| limit.condition.is_some() && limit.until.contains(&Trigger::Arrived);
    limits.into_iter().map(|(_, limit)| limit).filter(conditional).collect()
}
