//! 代理、共同投诉、监护: further parties with their authority, and the consents without which nobody settles or withdraws for
//! them (O121 arts. 11, 12; catalogue 3.10).

use domain::accepting::{Consent, PartyRole};
use domain::act::Act;
use domain::citizen_id::CitizenId;
use domain::clock::beijing_day;
use domain::filing::FieldError;
use domain::phone_number::PhoneNumber;
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

/// A further party as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewParty {
    /// What she is; none when nothing was chosen.
    pub role: Option<PartyRole>,
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Code table `id_kinds`.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// Her authority.
    pub mandate: Mandate,
}

/// Representatives that several complainants may elect (O121 art. 12).
const REPRESENTATIVES_AT_MOST: usize = 2;

/// The authority kept with a party; none for the two sides themselves.
pub fn mandate(party: &Party) -> Option<Mandate> {
    serde_json::from_str(&party.mandate).ok()
}

/// Adds an agent, a guardian, a joint complainant or a representative.
pub fn add(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    new: &NewParty,
) -> Result<CaseRow, ActError> {
    let Some(role) = new.role else {
        return Err(ActError::field("role", "role.missing", "请选择增加谁"));
    };
    // Who it is stands in a row that is written only when the act is lawful and new.
    let case = match record::open(tx, scene, number, seen, &Act::AddParty { party: 0, role })? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    insert(tx, scene, case, new)
}

/// What can be said of further parties before there is a case; every fault of every one at once, each field as
/// `party.{number}.{field}`, numbered from 1.
pub fn check(scene: Scene<'_>, new: &[NewParty]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, party) in new.iter().enumerate() {
        let found = match party.role {
            None => vec![fault("role", "role.missing", "请选择是代理人、监护人、共同投诉人还是代表人")],
            Some(role) => match checked(scene, role, party) {
                Err(ActError::Invalid(faults)) => faults,
                _ => Vec::new(),
            },
        };
        faults.extend(found.into_iter().map(|fault| of_row(index, fault)));
    }
    faults
}

/// Adds somebody who came with the filing: whoever takes it in may, wherever the case goes.
pub(crate) fn come_with(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case_id: i64,
    index: usize,
    new: &NewParty,
) -> Result<(), ActError> {
    let case = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
    insert(tx, scene, case, new).map(drop).map_err(|error| match error {
        ActError::Invalid(faults) => ActError::Invalid(faults.into_iter().map(|fault| of_row(index, fault)).collect()),
        other => other,
    })
}

fn of_row(index: usize, fault: FieldError) -> FieldError {
    FieldError { field: format!("party.{}.{}", index + 1, fault.field), ..fault }
}

/// Writes who it is and does the act.
fn insert(tx: &mut Tx<'_>, scene: Scene<'_>, case: CaseRow, new: &NewParty) -> Result<CaseRow, ActError> {
    let Some(role) = new.role else {
        return Err(ActError::field("role", "role.missing", "请选择增加谁"));
    };
    let mut party = checked(scene, role, new)?;
    let parties = store::party::of_case(tx, case.id)?;
    of_this_case(tx, &case, &parties, role, &party, new)?;
    party.represents_id = parties.iter().find(|it| it.role == "complainant").map(|it| it.id);
    let id = store::party::insert(tx, case.id, &party)?;
    record::perform(tx, scene, case, &Act::AddParty { party: id, role })
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

/// What was typed, field by field; every fault at once.
fn checked(scene: Scene<'_>, role: PartyRole, new: &NewParty) -> Result<Party, ActError> {
    let mut faults = Vec::new();
    let line = |text: &str| text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let mut party = Party {
        role: role.key().to_owned(),
        name: line(&new.name),
        address: line(&new.address),
        id_kind: new.id_kind.clone(),
        id_number: line(&new.id_number),
        ..Party::default()
    };
    if party.name.is_empty() {
        faults.push(fault("name", "name.missing", "请写姓名"));
    }
    match PhoneNumber::parse(new.phone.trim()) {
        Ok(phone) => phone.as_str().clone_into(&mut party.phone),
        Err(_) if new.phone.trim().is_empty() => faults.push(fault("phone", "phone.missing", "请写联系电话")),
        Err(error) => faults.push(fault("phone", "phone.invalid", &error.to_string())),
    }
    let long = [&party.name, &party.address, &party.id_number, &new.mandate.matters, &new.mandate.powers];
    if long.iter().any(|text| text.chars().count() > 200) {
        faults.push(fault("name", "text.too_long", "每一项请控制在 200 个字以内"));
    }
    if !party.id_kind.is_empty() && scene.house.codes.label("id_kinds", &party.id_kind).is_none() {
        faults.push(fault("id_kind", "id_kind.unknown", "请从列表中选择证件类型"));
    }
    if party.id_kind == "citizen_id" && !party.id_number.is_empty() {
        match CitizenId::parse(&party.id_number) {
            Ok(id) => id.as_str().clone_into(&mut party.id_number),
            Err(error) => faults.push(fault("id_number", "citizen_id.invalid", &error.to_string())),
        }
    }
    let mandate =
        Mandate { matters: line(&new.mandate.matters), powers: line(&new.mandate.powers), ..new.mandate.clone() };
    if role == PartyRole::Agent {
        if party.id_number.is_empty() {
            faults.push(fault("id_number", "id_number.missing", "受托人要有身份证明，请写证件类型和号码"));
        }
        if mandate.matters.is_empty() {
            faults.push(fault("matters", "matters.missing", "请写委托事项"));
        }
        if mandate.powers.is_empty() {
            faults.push(fault("powers", "powers.missing", "请写委托权限，例如“代为投诉、参加调解”"));
        }
        match mandate.until {
            None => faults.push(fault("until", "until.missing", "请写委托到哪天为止")),
            Some(day) if day < beijing_day(scene.now) => {
                faults.push(fault("until", "until.past", "委托期限已经过了"));
            }
            Some(_) => {}
        }
    }
    let needs = match role {
        PartyRole::JointComplainant => Some("请确认本人同意按共同投诉处理"),
        PartyRole::Representative => Some("请确认是投诉人书面推选的代表人"),
        PartyRole::Agent | PartyRole::Guardian => None,
    };
    if let (Some(message), false) = (needs, mandate.agreed) {
        faults.push(fault("agreed", "agreed.missing", message));
    }
    party.mandate = serde_json::to_string(&mandate).unwrap_or_default();
    if faults.is_empty() { Ok(party) } else { Err(ActError::Invalid(faults)) }
}

/// What depends on who takes part already.
fn of_this_case(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    parties: &[Party],
    role: PartyRole,
    party: &Party,
    new: &NewParty,
) -> Result<(), ActError> {
    let turns = &case.state.turns.accepting.parties;
    let held = turns.iter().filter(|it| it.role == PartyRole::Representative).count();
    if role == PartyRole::Representative && held >= REPRESENTATIVES_AT_MOST {
        return Err(ActError::field("role", "role.too_many", "代表人最多两名，请先结束一名"));
    }
    // A representative is one of those who complain together, so she stands in the case under both names.
    let again = parties
        .iter()
        .any(|it| it.ended_at.is_none() && it.role == party.role && it.name == party.name && it.phone == party.phone);
    let filer = role == PartyRole::JointComplainant
        && parties.iter().any(|it| it.role == "complainant" && it.name == party.name && it.phone == party.phone);
    if again || filer {
        return Err(ActError::field("name", "name.again", "这个人已经登记过了"));
    }
    if let Some(paper) = new.mandate.paper
        && store::attachment::find(tx, case.id, paper)?.is_none()
    {
        return Err(ActError::field("paper", "paper.unknown", "请从本件的材料中选择"));
    }
    Ok(())
}

fn fault(field: &str, code: &str, message: &str) -> FieldError {
    FieldError { code: code.to_owned(), message: message.to_owned(), field: field.to_owned() }
}
