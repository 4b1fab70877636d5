//! 处理权限争议: two bureaus differ over which of them has the power (O121 art. 33; catalogue 4.4). They agree within the
//! limit, or the nearest bureau above both designates. Nobody can push a case onto another: who agrees, takes it.

use domain::act::Act;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::organization::OrganizationKind;
use domain::role::Role;
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::Blanks;
use crate::reading::organization_name;
use crate::{dispatch, jurisdiction, letters, record};

/// Says that another bureau has the power; `directly` asks the common superior at once.
pub fn raise(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    with: i64,
    directly: bool,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写明为什么由该局处理").done()?;
    let case = record::readable(tx, scene, number)?;
    let unknown = || ActError::field("with", "bureau.unknown", "请选择有 12315 中心的局");
    let other = store::organization::find(tx, with)?
        .filter(|it| it.kind == OrganizationKind::Bureau && it.active)
        .ok_or_else(unknown)?;
    let centre = centre_of(tx, with)?.ok_or_else(unknown)?;
    let superior = common_superior(tx, &case.bureau_path, &other.path)?;
    let act = Act::RaiseDispute {
        with,
        with_intake: centre.id,
        superior: superior.as_ref().map_or(0, |it| it.id),
        directly,
        reason: reason.trim().to_owned(),
    };
    let beside = |_: &mut Tx<'_>, case: &CaseRow| {
        if case.state.bureau == with {
            return Err(ActError::field("with", "bureau.same", "本件就在该局，请选择其他局"));
        }
        match &superior {
            Some(_) => Ok(()),
            None => Err(ActError::field("with", "bureau.no_common", "和该局没有共同的上级局，请改用分送")),
        }
    };
    record::act(tx, scene, number, seen, &act, beside, |tx, case| match (&superior, directly) {
        (Some(superior), true) => report(tx, scene, case, &Letter { from: case.state.bureau, to: superior.id, reason }),
        (_, false) => letter(tx, scene, case, "dispute_letter", &Letter { from: case.state.bureau, to: with, reason }),
        (None, true) => Ok(()),
    })
}

/// One side takes the case, or says that no agreement is possible, which brings it before the common superior.
pub fn agree(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    takes: bool,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写明意见和理由").done()?;
    let case = record::readable(tx, scene, number)?;
    let own = scene.actor.standing(&case).roles.contains(&Role::Dispatcher);
    let dispute = case.state.turns.dispatching.dispute.clone();
    let other = dispute.as_ref().map_or(case.state.bureau, |dispute| dispute.with);
    let (side, opposite) = if own { (case.state.bureau, other) } else { (other, case.state.bureau) };
    let centre = centre_of(tx, side)?.ok_or(ActError::NotFound)?;
    let act = Act::AgreeDispute {
        bureau: side,
        intake: centre.id,
        overlay: centre.overlay,
        takes,
        opinion: opinion.trim().to_owned(),
        told: dispute.as_ref().filter(|_| takes && own).map(|dispute| dispute.with),
    };
    let from = case.state.bureau;
    let opinion = opinion.trim();
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let Some(dispute) = &dispute else { return Ok(()) };
        if !takes {
            return report(tx, scene, case, &Letter { from: side, to: dispute.superior, reason: opinion });
        }
        letter(tx, scene, case, "dispute_reply", &Letter { from: side, to: opposite, reason: opinion })?;
        match side != from {
            true => dispatch::sending_paper(tx, scene, case, from, side),
            false => Ok(()),
        }
    })
}

/// The common superior says which of the two handles it.
pub fn designate(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    bureau: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写明指定的理由").done()?;
    let unknown = || ActError::field("bureau", "bureau.unknown", "请从争议的两个局中选择");
    let centre = centre_of(tx, bureau)?.ok_or_else(unknown)?;
    let before = record::readable(tx, scene, number)?.state;
    let (own, dispute) = (before.bureau, before.turns.dispatching.dispute);
    let act = Act::DesignateDispute {
        bureau,
        intake: centre.id,
        overlay: centre.overlay,
        reason: reason.trim().to_owned(),
        told: dispute.as_ref().map(|dispute| dispute.with).filter(|with| *with != bureau),
    };
    let theirs = |tx: &mut Tx<'_>, case: &CaseRow| {
        let Some(dispute) = &case.state.turns.dispatching.dispute else { return Err(unknown()) };
        if ![case.state.bureau, dispute.with].contains(&bureau) {
            return Err(unknown());
        }
        match crate::supervision::speaks_for(tx, scene, dispute.superior)? {
            true => Ok(()),
            false => Err(ActError::field("bureau", "dispute.not_common", "由两个局共同的上级局指定")),
        }
    };
    record::act(tx, scene, number, seen, &act, theirs, |tx, case| {
        let Some(dispute) = &dispute else { return Ok(()) };
        for side in [own, dispute.with] {
            let notice = Letter { from: dispute.superior, to: side, reason: reason.trim() };
            letter(tx, scene, case, "designation_notice", &notice)?;
        }
        dispatch::sending_paper(tx, scene, case, dispute.superior, bureau)
    })
}

/// A letter between the two sides, or between them and the one above.
struct Letter<'a> {
    from: i64,
    to: i64,
    reason: &'a str,
}

/// Makes a letter of the dispute in the name of the one who writes; the rule sets have none for the years without a procedure.
fn letter(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, key: &str, letter: &Letter<'_>) -> Result<(), ActError> {
    let blanks = blanks(tx, scene, case, letter)?;
    letters::make_from(tx, scene, case, letter.from, key, &blanks).map(drop)
}

/// The report that asks the one above both to designate, with what was tried before.
fn report(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, letter: &Letter<'_>) -> Result<(), ActError> {
    let mut blanks = blanks(tx, scene, case, letter)?;
    let raised = store::event::of_case(tx, case.id)?;
    let raised = raised.iter().rev().find(|event| event.act == Action::RaiseDispute.key());
    let agreed_upon_nothing = raised.filter(|event| event.number < case.state.version);
    blanks.insert(
        "dispute_course",
        match agreed_upon_nothing {
            Some(event) => {
                format!("{}提出争议后，双方没有协商一致。", letters::day_words(beijing_day(event.at)))
            }
            None => "现直接报请指定。".to_owned(),
        },
    );
    letters::make_from(tx, scene, case, letter.from, "dispute_report", &blanks).map(drop)
}

fn blanks(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, letter: &Letter<'_>) -> Result<Blanks, ActError> {
    let sides = sides(tx, case)?;
    let other = sides.iter().find(|side| side.id != letter.from).map(|side| side.name.clone()).unwrap_or_default();
    let superior = match &case.state.turns.dispatching.dispute {
        Some(dispute) => organization_name(tx, dispute.superior)?,
        None => organization_name(tx, letter.from)?,
    };
    let ruling = jurisdiction::advise(tx, scene, case)?.ruling;
    let rule = ruling.map(|ruling| format!("{}：{}", ruling.article, ruling.reasons.join("")));
    let contact = store::organization::find(tx, letter.from)?.map(|it| (it.name, it.phone)).unwrap_or_default();
    Ok(Blanks::from([
        ("target_organization", organization_name(tx, letter.to)?),
        ("dispute_reason", letter.reason.trim().to_owned()),
        ("dispute_other", other),
        ("common_superior", superior),
        ("designated_organization", organization_name(tx, case.state.bureau)?),
        ("power_reasons", rule.unwrap_or_default()),
        ("contact_name", contact.0),
        ("contact_phone", if contact.1.is_empty() { "12315".to_owned() } else { contact.1 }),
    ]))
}

/// The bureaus with which the case can be disputed: those beside its own, and those that sent it.
pub fn candidates(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut found = Vec::new();
    for sender in &case.state.turns.dispatching.sent_by {
        found.extend(store::organization::find(tx, *sender)?);
    }
    found.extend(dispatch::bureaus(tx, case)?);
    let mut kept: Vec<OrganizationRow> = Vec::new();
    for bureau in found {
        let in_line = bureau.path.starts_with(&case.bureau_path) || case.bureau_path.starts_with(&bureau.path);
        let known = kept.iter().any(|it| it.id == bureau.id);
        if !in_line && !known && common_superior(tx, &case.bureau_path, &bureau.path)?.is_some() {
            kept.push(bureau);
        }
    }
    Ok(kept)
}

/// The bureaus that are in dispute: that of the case, and the other.
pub fn sides(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut sides = Vec::new();
    let other = case.state.turns.dispatching.dispute.as_ref().map(|dispute| dispute.with);
    for id in [Some(case.state.bureau), other].into_iter().flatten() {
        sides.extend(store::organization::find(tx, id)?);
    }
    Ok(sides)
}

/// The one of the two for which she would speak.
pub fn her_side(scene: Scene<'_>, case: &CaseRow) -> Option<i64> {
    let Actor::Staff(staff) = scene.actor else { return None };
    let standing = staff.standing(case);
    match standing.roles.contains(&Role::Dispatcher) {
        true => Some(case.state.bureau),
        false => case.state.turns.dispatching.dispute.as_ref().map(|dispute| dispute.with),
    }
}

fn centre_of(tx: &mut Tx<'_>, bureau: i64) -> Result<Option<OrganizationRow>, ActError> {
    Ok(store::organization::of_bureau(tx, bureau, OrganizationKind::Centre)?.into_iter().find(|it| it.active))
}

/// The nearest bureau above both; none when neither path holds one, or when one stands above the other.
fn common_superior(tx: &mut Tx<'_>, one: &str, other: &str) -> Result<Option<OrganizationRow>, ActError> {
    let ids = |path: &str| -> Vec<i64> { path.split('/').filter_map(|part| part.parse().ok()).collect() };
    let (one, other) = (ids(one), ids(other));
    let common: Vec<i64> = one.iter().zip(&other).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect();
    if common.len() == one.len() || common.len() == other.len() {
        return Ok(None);
    }
    for id in common.into_iter().rev() {
        let found = store::organization::find(tx, id)?;
        if found.as_ref().is_some_and(|it| it.kind == OrganizationKind::Bureau && it.active) {
            return Ok(found);
        }
    }
    Ok(None)
}
