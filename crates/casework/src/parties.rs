//! 代理、共同投诉、监护: further parties with their authority, and the consents without which nobody settles or withdraws for
//! them (O121 arts. 11, 12; catalogue 3.10).

use domain::accepting::{Consent, PartyRole};
use domain::act::Act;
use domain::clock::beijing_day;
use domain::filing::FieldError;
use domain::further_party::{FurtherParty, RawParty, field_of, parse};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::case::CaseRow;
use store::party::Party;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::record::{self, Opened};

/// On what authority a further party acts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mandate {
    /// 委托事项.
    pub matters: String,
    /// 委托权限.
    pub powers: String,
    /// 期限: the last day; none until the case ends.
    pub until: Option<Date>,
    /// The paper that proves it, among the case's files.
    pub paper: Option<i64>,
    /// 同意: a joint complainant agreed that it is handled together; an election was made in writing.
    pub agreed: bool,
}

/// Representatives that several complainants may elect (O121 art. 12).
const REPRESENTATIVES_AT_MOST: usize = 2;

/// The authority kept with a party; none for the two sides themselves.
pub fn mandate(party: &Party) -> Option<Mandate> {
    serde_json::from_str(&party.mandate).ok()
}

/// Adds an agent, a guardian, a joint complainant or a representative; `paper` is what proves her authority.
pub fn add(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    typed: &RawParty,
    paper: Option<i64>,
) -> Result<CaseRow, ActError> {
    let new = parse(typed, &scene.house.codes, beijing_day(scene.now)).map_err(ActError::Invalid)?;
    // Who it is stands in a row that is written only when the act is lawful and new.
    let case = match record::open(tx, scene, number, seen, &Act::AddParty { party: 0, role: new.role })? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    insert(tx, scene, case, &new, paper)
}

/// Adds those who came with the filing: whoever takes it in may, wherever the case goes.
pub(crate) fn come_with(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case_id: i64,
    parties: &[FurtherParty],
) -> Result<(), ActError> {
    let of_row = |number, fault: FieldError| FieldError { field: field_of(number, &fault.field), ..fault };
    for (number, party) in (1..).zip(parties) {
        let case = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
        insert(tx, scene, case, party, None).map_err(|error| match error {
            ActError::Invalid(faults) => {
                ActError::Invalid(faults.into_iter().map(|fault| of_row(number, fault)).collect())
            }
            other => other,
        })?;
    }
    Ok(())
}

/// Writes who it is and does the act.
fn insert(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: CaseRow,
    new: &FurtherParty,
    paper: Option<i64>,
) -> Result<CaseRow, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    of_this_case(tx, &case, &parties, new, paper)?;
    let mandate = Mandate {
        matters: new.matters.clone(),
        powers: new.powers.clone(),
        until: new.until,
        paper,
        agreed: new.agreed,
    };
    let party = Party {
        role: new.role.key().to_owned(),
        name: new.name.clone(),
        phone: new.phone.as_str().to_owned(),
        address: new.address.clone(),
        id_kind: new.id_kind.clone(),
        id_number: new.id_number.clone(),
        mandate: serde_json::to_string(&mandate).unwrap_or_default(),
        represents_id: parties.iter().find(|it| it.role == "complainant").map(|it| it.id),
        ..Party::default()
    };
    let id = store::party::insert(tx, case.id, &party)?;
    record::perform(tx, scene, case, &Act::AddParty { party: id, role: new.role })
}

/// Ends the part of a further party.
pub fn end(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    party: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写明为什么结束，例如“委托人撤销委托”").done()?;
    let act = Act::EndParty { party, reason: reason.trim().to_owned() };
    let there = |_: &mut Tx<'_>, case: &CaseRow| known(case, party).map(drop);
    record::act(tx, scene, number, seen, &act, there, |tx, case| {
        store::party::end(tx, case.id, party, scene.now)?;
        Ok(())
    })
}

/// Records that a joint complainant agreed to settle, or to withdraw.
pub fn record_consent(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    party: i64,
    to: Option<Consent>,
    note: &str,
) -> Result<CaseRow, ActError> {
    let mut faults = Vec::new();
    if to.is_none() {
        faults.push(fault("to", "to.missing", "请选择同意什么"));
    }
    if note.trim().is_empty() {
        faults.push(fault("note", "note.missing", "请写怎么表示同意的，例如“11月21日签署书面同意”"));
    }
    let (Some(to), true) = (to, faults.is_empty()) else { return Err(ActError::Invalid(faults)) };
    let act = Act::RecordConsent { party, to, note: note.trim().to_owned() };
    let asked = |_: &mut Tx<'_>, case: &CaseRow| match known(case, party)?.must_consent() {
        true => Ok(()),
        false => Err(ActError::field("party", "party.no_consent", "只有被代表的共同投诉人需要表示同意")),
    };
    record::act(tx, scene, number, seen, &act, asked, record::nothing_after)
}

fn known(case: &CaseRow, party: i64) -> Result<PartyRole, ActError> {
    let parties = &case.state.turns.accepting.parties;
    let found = parties.iter().find(|it| it.id == party);
    found.map(|it| it.role).ok_or_else(|| ActError::field("party", "party.unknown", "请从名单中选择"))
}

/// What depends on who takes part already.
fn of_this_case(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    parties: &[Party],
    new: &FurtherParty,
    paper: Option<i64>,
) -> Result<(), ActError> {
    let turns = &case.state.turns.accepting.parties;
    let held = turns.iter().filter(|it| it.role == PartyRole::Representative).count();
    if new.role == PartyRole::Representative && held >= REPRESENTATIVES_AT_MOST {
        return Err(ActError::field("role", "role.too_many", "代表人最多两名，请先结束一名"));
    }
    // A representative is one of those who complain together, so she stands in the case under both names.
    let named = |it: &Party, role: &str| it.role == role && it.name == new.name && it.phone == new.phone.as_str();
    let again = parties.iter().any(|it| it.ended_at.is_none() && named(it, new.role.key()));
    let filer = new.role == PartyRole::JointComplainant && parties.iter().any(|it| named(it, "complainant"));
    if again || filer {
        return Err(ActError::field("name", "name.again", "这个人已经登记过了"));
    }
    if let Some(paper) = paper
        && store::attachment::find(tx, case.id, paper)?.is_none()
    {
        return Err(ActError::field("paper", "paper.unknown", "请从本件的材料中选择"));
    }
    Ok(())
}

fn fault(field: &str, code: &str, message: &str) -> FieldError {
    FieldError { code: code.to_owned(), message: message.to_owned(), field: field.to_owned() }
}
