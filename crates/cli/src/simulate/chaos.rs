//! Random acts by random people: what the procedure offers them or anything at all, with particulars that fit or do not. Most
//! are refused; none may leave a case that does not add up.

use casework::{ActError, Scene};
use domain::accepting::PartyRole;
use domain::act::AgreementItem;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::procedure;
use jiff::SignedDuration;
use store::Tx;
use store::case::CaseRow;

use super::course::Deed;
use super::doing::{self, Particulars};
use super::hands::id_of;
use super::run::anybody;
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, per_mille, pick};

/// Keys that some act knows, and one that none does.
const KEYS: &[&str] = &[
    "not_in_area",
    "close_promised",
    "clue_check",
    "鉴定",
    "transport",
    "related",
    "settle",
    "serious",
    "second",
    "not_grave",
    "nothing",
];

/// Somebody does something, lawful or not.
pub fn deed(rng: &mut Generator, town: &[Bureau]) -> Deed {
    let actor = anybody(rng, town);
    let bureau = pick(rng, town);
    let office = pick(rng, &bureau.offices).clone();
    let (lead, partner) = (id_of(pick(rng, &office.officers)), id_of(pick(rng, &office.officers)));
    let (any, offered) = (*pick(rng, Action::ALL), per_mille(rng, 400).then(|| below(rng, 1_000)));
    let yes = per_mille(rng, 500);
    let seen = per_mille(rng, 300).then(|| between(rng, 1, 9));
    let (item, mark) = (between(rng, 0, 9) as u32, between(rng, 0, 6) as u8);
    let key = (*pick(rng, KEYS)).to_owned();
    let (unit, bureau) = (office.office.id, bureau.bureau.id);
    Box::new(move |tx, house, now, number| {
        let scene = Scene { house, now, actor: &actor };
        let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
        let lawful = procedure::allowed(case.state.kind, case.state.status, &scene.actor.standing(&case));
        let action = match offered {
            Some(place) if !lawful.is_empty() => lawful[place % lawful.len()].action,
            _ => any,
        };
        let (words, key) = (if yes { "随手一试".to_owned() } else { String::new() }, key.clone());
        let at = scene.now + SignedDuration::from_hours(if yes { 30 } else { -3 });
        let mut with =
            Particulars { seen, words, key, yes, item, mark, unit, bureau, lead, partner, ..about(tx, scene, &case)? };
        (with.at, with.place, with.more) = (at, with.words.clone(), with.words.clone());
        with.items = vec![AgreementItem { text: with.words.clone(), amount: i64::from(item) * 100, due: None }];
        let role = if yes { PartyRole::JointComplainant } else { PartyRole::Guardian };
        role.key().clone_into(&mut with.new_party.role);
        with.new_party.name.clone_from(&with.words);
        if yes { "yes" } else { "" }.clone_into(&mut with.new_party.agreed);
        doing::act(action, &with, tx, scene, number).map(|_| None)
    })
}

/// What is at hand around the case: a day, its first further party, another case of the same telephone.
fn about(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Particulars, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let phone = parties.into_iter().find(|party| party.role == "complainant").map(|party| party.phone);
    let phone = phone.unwrap_or_default();
    let cases = store::party::cases_by_phone(tx, &phone, 5)?;
    let other = cases.into_iter().map(|other| other.number).find(|number| *number != case.number);
    let mut with = Particulars::at(scene.now);
    with.day = beijing_day(scene.now).tomorrow().ok();
    with.party = case.state.turns.accepting.parties.first().map_or(0, |party| party.id);
    with.other = other.unwrap_or_else(|| case.number.clone());
    with.new_party.phone = phone;
    Ok(with)
}
