//! Who does the next thing in a case: found from the case as it stands, so that it stays right wherever the case has gone.

use casework::Actor;
use serde::Deserialize;
use store::case::CaseRow;

use super::town::{Bureau, Office};

/// Somebody, by what she is to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// Who filed it.
    Consumer,
    /// An agent of the centre.
    Agent,
    /// The dispatcher of the centre.
    Dispatcher,
    /// The officer in charge.
    Lead,
    /// The leader of the office.
    OfficeLeader,
    /// The leader of the bureau.
    BureauLeader,
    /// The bureau above; the bureau's own leader where nobody works above it.
    Superior,
    /// The dispatcher of the other bureau of a dispute.
    OtherDispatcher,
    /// The leader of the office that was asked to help.
    Helper,
    /// The discipline officer of the bureau.
    Discipline,
    /// Whoever closes it into a file: its officer, or the dispatcher where it never had one.
    Keeper,
}

/// The account behind a member of staff.
pub fn id_of(actor: &Actor) -> i64 {
    match actor {
        Actor::Staff(staff) => staff.account_id,
        _ => 0,
    }
}

/// The bureau that has a case.
pub fn bureau_of<'a>(town: &'a [Bureau], case: &CaseRow) -> Option<&'a Bureau> {
    town.iter().find(|it| it.bureau.id == case.state.bureau)
}

/// The office that has a case.
pub fn office_of<'a>(town: &'a [Bureau], case: &CaseRow) -> Option<&'a Office> {
    office(town, case.state.unit?)
}

/// The bureau beside another one, under the same superior.
pub fn neighbour(town: &[Bureau], bureau: i64) -> Option<&Bureau> {
    let place = town.iter().position(|it| it.bureau.id == bureau)?;
    let beside = |it: &&Bureau| {
        it.bureau.id != bureau && it.bureau.parent_id.is_some() && it.bureau.parent_id == town[place].bureau.parent_id
    };
    town[place..].iter().chain(&town[..place]).find(beside)
}

impl Hand {
    /// The person; none where nobody is that to the case. `agent` says which of the agents.
    pub fn of(self, town: &[Bureau], case: &CaseRow, agent: usize) -> Option<Actor> {
        let bureau = bureau_of(town, case)?;
        let turns = &case.state.turns.dispatching;
        Some(match self {
            Hand::Consumer => Actor::Complainant { case_id: case.id },
            Hand::Agent => bureau.agents[agent % bureau.agents.len()].clone(),
            Hand::Dispatcher => bureau.dispatcher.clone(),
            Hand::Discipline => bureau.discipline.clone(),
            Hand::BureauLeader => bureau.leader.clone(),
            Hand::Superior => bureau.superior.clone().unwrap_or_else(|| bureau.leader.clone()),
            Hand::Lead => person(bureau, case.state.lead?)?,
            Hand::Keeper => {
                case.state.lead.and_then(|id| person(bureau, id)).unwrap_or_else(|| bureau.dispatcher.clone())
            }
            Hand::OfficeLeader => office_of(town, case)?.leader.clone(),
            Hand::Helper => office(town, turns.assists.iter().find(|it| !it.answered)?.unit)?.leader.clone(),
            Hand::OtherDispatcher => {
                let with = turns.dispute.as_ref()?.with;
                town.iter().find(|it| it.bureau.id == with)?.dispatcher.clone()
            }
        })
    }
}

fn office(town: &[Bureau], id: i64) -> Option<&Office> {
    town.iter().flat_map(|bureau| &bureau.offices).find(|it| it.office.id == id)
}

/// Somebody who may have a case in hand: an officer, or whoever settled it on the spot.
fn person(bureau: &Bureau, account: i64) -> Option<Actor> {
    let officers = bureau.offices.iter().flat_map(|office| &office.officers);
    let mut all = officers.chain(&bureau.agents).chain([&bureau.dispatcher]);
    all.find(|actor| id_of(actor) == account).cloned()
}
