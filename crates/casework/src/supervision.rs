//! 催办、督办: a superior asks for news, watches over a case, hears and is content (catalogue 5.2, 5.4).

use domain::act::Act;
use domain::dispatching::automatic_supervision;
use domain::organization::OrganizationKind;
use domain::role::Role;
use store::Tx;
use store::account::GrantRow;
use store::case::CaseRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::record;

/// Asks the bureau that has the case for news.
pub fn urge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    words: &str,
) -> Result<CaseRow, ActError> {
    written("words", words, "请写明要了解什么")?;
    let by = bureau_of(scene, &record::readable(tx, scene, number)?);
    let act = Act::SuperiorUrge { by, words: words.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// Takes the case under supervision.
pub fn supervise(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    what: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let faults: Vec<_> = [("what", what, "请写明要办到什么程度"), ("reason", reason, "请写明为什么督办")]
        .into_iter()
        .filter_map(|(field, text, message)| match written(field, text, message) {
            Err(ActError::Invalid(faults)) => Some(faults),
            _ => None,
        })
        .flatten()
        .collect();
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let by = bureau_of(scene, &record::readable(tx, scene, number)?);
    let (what, reason) = (what.trim().to_owned(), reason.trim().to_owned());
    let act = Act::Supervise { by, automatic: false, what, reason };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// Gives news to the superior who urges or supervises.
pub fn answer(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    news: &str,
) -> Result<CaseRow, ActError> {
    written("news", news, "请写进展：办到哪一步，下一步是什么")?;
    let act = Act::AnswerSupervision { news: news.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// Ends supervision: by the bureau that supervises, or one above it.
pub fn end(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    written("opinion", opinion, "请写明督办的结果")?;
    let act = Act::EndSupervision { opinion: opinion.trim().to_owned() };
    let theirs = |tx: &mut Tx<'_>, case: &CaseRow| {
        let Some(supervision) = &case.state.turns.dispatching.supervision else { return Ok(()) };
        match speaks_for(tx, scene, supervision.by)? {
            true => Ok(()),
            false => Err(ActError::field("opinion", "supervision.not_yours", "由列入督办的局办结，请联系该局")),
        }
    };
    record::act(tx, scene, number, seen, &act, theirs, record::nothing_after)
}

/// Puts a case that was returned too often under supervision, by the program, in the transaction of the return (5.2).
pub(crate) fn after_return(tx: &mut Tx<'_>, scene: Scene<'_>, case: &mut CaseRow) -> Result<(), ActError> {
    let rule = automatic_supervision();
    if case.state.returns < rule.returns || case.state.turns.dispatching.supervision.is_some() {
        return Ok(());
    }
    let by = superior_of(tx, case.state.bureau)?;
    let act = Act::Supervise { by, automatic: true, what: rule.what.clone(), reason: rule.reason.clone() };
    *case = record::perform(tx, Scene { actor: &Actor::System, ..scene }, case.clone(), &act)?;
    Ok(())
}

/// The bureau above this one; itself at the top.
pub(crate) fn superior_of(tx: &mut Tx<'_>, bureau: i64) -> Result<i64, ActError> {
    let parent = store::organization::find(tx, bureau)?.and_then(|it| it.parent_id);
    let Some(parent) = parent else { return Ok(bureau) };
    let above = store::organization::find(tx, parent)?.filter(|it| it.kind == OrganizationKind::Bureau);
    Ok(above.map_or(bureau, |above| above.id))
}

/// Whether she speaks for this bureau, or for one above it, in what superiors do.
pub(crate) fn speaks_for(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: i64) -> Result<bool, ActError> {
    let path = store::organization::find(tx, bureau)?.map(|it| it.path).unwrap_or_default();
    Ok(match scene.actor {
        Actor::Staff(staff) => staff.grants.iter().any(|grant| supervises(grant) && path.starts_with(&grant.reach)),
        Actor::System => true,
        _ => false,
    })
}

/// Whether a role of hers at a bureau or its centre speaks in what superiors do.
pub(crate) fn supervises(grant: &GrantRow) -> bool {
    grant.kind != "office" && matches!(grant.role, Role::Leader | Role::DutyDirector | Role::Dispatcher)
}

/// The nearest of her bureaus that looks over the case.
fn bureau_of(scene: Scene<'_>, case: &CaseRow) -> i64 {
    let Actor::Staff(staff) = scene.actor else { return case.state.bureau };
    let over = |grant: &&GrantRow| {
        let own = grant.bureau_id == case.state.bureau && grant.role == Role::Dispatcher;
        supervises(grant) && !own && case.bureau_path.starts_with(&grant.reach)
    };
    let nearest = staff.grants.iter().filter(over).max_by_key(|grant| grant.reach.len());
    nearest.map_or(case.state.bureau, |grant| grant.bureau_id)
}

fn written(field: &str, text: &str, message: &str) -> Result<(), ActError> {
    if text.trim().is_empty() { Err(ActError::field(field, &format!("{field}.missing"), message)) } else { Ok(()) }
}
