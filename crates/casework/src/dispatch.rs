//! 分送: to the bureau with the power, to the office with jurisdiction, and back (O121 arts. 13, 41; catalogue 5.1, 5.2).

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::organization::OrganizationKind;
use domain::reporting::origin_boxes;
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{letters, record, reporter, supervision};

/// Sends an accepted case to an office of the same bureau.
pub fn dispatch(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    unit: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::Dispatch { unit, reason: reason.trim().to_owned() };
    let office = |tx: &mut Tx<'_>, case: &CaseRow| match store::organization::find(tx, unit)? {
        Some(office) if receives(&office, case) => Ok(()),
        _ => Err(ActError::field("unit", "unit.unknown", "请从本局的所中选择承办单位")),
    };
    record::act(tx, scene, number, seen, &act, office, |tx, case| {
        if case.state.kind == CaseKind::Report {
            source_form(tx, scene, case, unit, reason.trim())?;
        }
        sending_paper(tx, scene, case, case.state.bureau, unit)
    })
}

/// 案件来源登记表: how it came, and who checks it (行政处罚文书一).
pub(crate) fn source_form(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    unit: i64,
    reason: &str,
) -> Result<(), ActError> {
    let mut blanks = reporter::blanks(case);
    let name = store::organization::find(tx, unit)?.map(|office| office.name).unwrap_or_default();
    blanks.insert("approval_opinion", format!("交{name}核查。{reason}"));
    blanks.insert("case_origin", origin_boxes(case.state.turns.reporting.origin));
    letters::make(tx, scene, case, "case_source_form", &blanks).map(drop)
}

/// Sends a registered case to another bureau's centre, down or across.
pub fn forward(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    bureau: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写明为什么由该局处理，例如商家实际经营地在其辖区").done()?;
    let target = store::organization::find(tx, bureau)?.filter(|it| it.kind == OrganizationKind::Bureau && it.active);
    let centre = store::organization::of_bureau(tx, bureau, OrganizationKind::Centre)?.into_iter().next();
    let (Some(target), Some(centre)) = (target, centre) else {
        return Err(ActError::field("bureau", "bureau.unknown", "请选择有 12315 中心的局"));
    };
    let (intake, overlay) = (centre.id, centre.overlay);
    let act = Act::Forward { bureau, intake, overlay, reason: reason.trim().to_owned() };
    let from = record::readable(tx, scene, number).map_or(bureau, |case| case.state.bureau);
    let another = |_: &mut Tx<'_>, case: &CaseRow| {
        if case.state.bureau == target.id {
            Err(ActError::field("bureau", "bureau.same", "本件已经在该局，请选择其他局"))
        } else {
            Ok(())
        }
    };
    record::act(tx, scene, number, seen, &act, another, |tx, case| sending_paper(tx, scene, case, from, bureau))
}

/// Returns a case to the unit that sent it; at the second return the superior watches over it from then on.
pub fn give_back(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    code: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let unknown = scene.house.codes.label("return_reasons", code).is_none();
    Faults::default()
        .when(unknown, "code", "code.unknown", "请选择退回的原因")
        .needed("reason", reason, "请写明为什么不属于本单位处理")
        .done()?;
    let act = Act::Return { code: code.to_owned(), reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| match case.state.kind.is_confined() {
        true => Ok(()),
        false => supervision::after_return(tx, scene, case),
    })
}

/// The bureaus to which a case can be sent: those below its own, beside it, and the one above.
pub fn bureaus(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut bureaus = store::organization::children(tx, case.state.bureau)?;
    let parent = store::organization::find(tx, case.state.bureau)?.and_then(|bureau| bureau.parent_id);
    if let Some(parent) = parent {
        bureaus.extend(store::organization::children(tx, parent)?);
        bureaus.extend(store::organization::find(tx, parent)?);
    }
    bureaus.retain(|it| it.kind == OrganizationKind::Bureau && it.active && it.id != case.state.bureau);
    Ok(bureaus)
}

/// The offices that a case can be sent to, the one whose division holds the shop first.
pub fn proposals(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut offices: Vec<_> = store::organization::of_bureau(tx, case.state.bureau, OrganizationKind::Office)?
        .into_iter()
        .filter(|office| office.active)
        .collect();
    offices.sort_by_key(|office| !case.region_code.starts_with(&office.region_code));
    Ok(offices)
}

fn receives(office: &OrganizationRow, case: &CaseRow) -> bool {
    office.kind == OrganizationKind::Office && office.active && office.bureau_id == Some(case.state.bureau)
}

/// The notice with which a bureau sends a case to another organisation.
pub(crate) fn sending_paper(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    from: i64,
    to: i64,
) -> Result<(), ActError> {
    // What a report is about goes into no paper that others read.
    if case.state.kind != CaseKind::Complaint {
        return Ok(());
    }
    let Some(to) = store::organization::find(tx, to)? else { return Ok(()) };
    let papers = store::paper::of_case(tx, case.id)?.len();
    let deadlines = store::deadline::of_case(tx, case.id)?;
    let report_by = deadlines.iter().filter(|row| row.stopped_at.is_none()).map(|row| row.due_day).max();
    let blanks = letters::Blanks::from([
        ("target_organization", to.name),
        ("report_by_date", report_by.map(letters::day_words).unwrap_or_default()),
        ("attachment_count", papers.to_string()),
        ("attachment_pages", papers.to_string()),
    ]);
    letters::make_from(tx, scene, case, from, "dispatch_notice", &blanks).map(drop)
}
