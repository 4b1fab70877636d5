//! 违法线索: what was found in a mediation is checked in the law's time, whatever becomes of the mediation (O121 art. 27); in the
//! complaint itself, or as a case of its own (诉转案), whose result comes back to the complaint. The complainant is no reporter by that.

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::link::Relation;
use domain::reporting::{Became, Origin};
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::record::Opened;
use crate::split::{self, Part, Since};
use crate::{dispatch, filing, operator_tie, record};

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

/// What is to be checked as a case of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lead {
    /// One line.
    pub title: String,
    /// What was found, and what it rests on.
    pub facts: String,
    /// Whose offence it would be.
    pub respondent_name: String,
    /// Where that is.
    pub respondent_address: String,
    /// Files of the complaint that go with it.
    pub files: Vec<i64>,
}

/// Makes a case of a clue (诉转案): with the office that has the complaint, its time to check counted from the day on which it was
/// found. Gives the complaint.
pub fn make_lead(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    lead: &Lead,
) -> Result<CaseRow, ActError> {
    let too_long = lead.title.trim().chars().count() > 200;
    let facts_too_long = lead.facts.trim().chars().count() > domain::filing::FACTS_AT_MOST_CHARACTERS;
    Faults::default()
        .needed("title", &lead.title, "请写线索的一句话事由")
        .when(too_long, "title", "title.too_long", "请控制在 200 个字以内")
        .needed("facts", &lead.facts, "请写发现了什么、有什么证据；不要写投诉人的信息")
        .when(facts_too_long, "facts", "facts.too_long", "内容太长，请精简")
        .needed("respondent_name", &lead.respondent_name, "请写涉嫌违法的是谁")
        .done()?;
    let act = Act::MakeLead { what: lead.title.trim().to_owned() };
    let case = match record::open(tx, scene, number, seen, &act)? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    let part = Part {
        kind: CaseKind::Report.key().to_owned(),
        title: lead.title.clone(),
        facts: lead.facts.clone(),
        respondent_name: lead.respondent_name.clone(),
        respondent_address: lead.respondent_address.clone(),
        ..Part::default()
    };
    let files = split::chosen(tx, &case, &lead.files)?;
    let found_at = found_at(tx, &case)?;
    let rule_set = scene.house.book.national(CaseKind::Report, beijing_day(found_at))?.key.clone();
    let of = filing::number_of(tx, case.state.bureau, beijing_day(scene.now).year())?;
    let case = record::perform(tx, scene, case, &act)?;
    let since = Since { received_at: found_at, rule_set, origin: Some(Origin::Complaint) };
    let id = split::take_out(tx, scene, &case, CaseKind::Report, of, &part, files, since)?;
    store::case_link::insert(tx, case.id, id, Relation::Clue.key(), scene.now)?;
    let lead = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
    let mut lead = operator_tie::by_code(tx, scene, lead)?;
    let same_shop = part.respondent_name.trim() == case.matter.respondent_name;
    if let (None, Some(operator), true) = (lead.state.operator, case.state.operator, same_shop) {
        lead = record::perform(tx, scene, lead, &Act::LinkOperator { operator: Some(operator), by: None })?;
    }
    // It stays with the office that found it; its leader names the officers.
    if let Some(unit) = case.state.unit {
        let reason = "调解中发现的线索，由发现的所核查".to_owned();
        let sent = record::perform(tx, scene, lead, &Act::Dispatch { unit, reason: reason.clone() })?;
        dispatch::source_form(tx, scene, &sent, unit, &reason)?;
    }
    Ok(case)
}

/// What was written of the clue that was found last; nothing where there is none.
pub fn found(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let found = events.iter().rev().find_map(|event| match serde_json::from_str(&event.data) {
        Ok(Act::FindClue { what }) => Some(what),
        _ => None,
    });
    Ok(found.unwrap_or_default())
}

/// When the clue that waits was found.
fn found_at(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Timestamp, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let found = events.iter().rev().find(|event| event.act == "find_clue").map(|event| event.at);
    Ok(found.unwrap_or(case.received_at))
}

/// Tells the complaint in which a lead was found what has become of it: not its number, and nothing of how it was checked.
pub(crate) fn tell_back(tx: &mut Tx<'_>, scene: Scene<'_>, lead: &CaseRow) -> Result<(), ActError> {
    if lead.state.turns.reporting.origin != Some(Origin::Complaint) {
        return Ok(());
    }
    let Some(became) = Became::of(&lead.state) else { return Ok(()) };
    let links = store::case_link::of_case(tx, lead.id)?;
    let from = links.iter().find(|link| link.relation == Relation::Clue.key() && !link.outgoing);
    let Some(complaint) = from.map(|link| store::case::by_id(tx, link.other_id)).transpose()?.flatten() else {
        return Ok(());
    };
    record::perform(tx, scene, complaint, &Act::NoteLead { became }).map(drop)
}
