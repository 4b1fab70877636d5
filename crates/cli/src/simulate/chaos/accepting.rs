//! 受理前后的随手一试: the acts around supplements, parties, merging and links with arbitrary particulars.

use casework::operator_tie::{self, Chosen};
use casework::operators::Particulars;
use casework::parties::{self, Mandate, NewParty};
use casework::supplement::{self, Brought};
use casework::{ActError, Scene, linking};
use domain::accepting::{Consent, PartyRole};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::link::Relation;
use store::Tx;
use store::case::CaseRow;

use super::Arbitrary;

/// Does one of these acts.
pub(super) fn act(
    it: &Arbitrary,
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    words: &str,
) -> Result<CaseRow, ActError> {
    let (seen, today) = (it.seen, beijing_day(scene.now));
    let by = if it.yes { today.tomorrow().ok() } else { Some(today) };
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let party = case.state.turns.accepting.parties.first().map_or(0, |party| party.id);
    let other = another(tx, &case)?;
    match it.action {
        Action::RequestMaterials => {
            supplement::request_materials(tx, scene, number, seen, &["facts".to_owned()], words, by)
        }
        Action::RequestIdentity => supplement::request_identity(tx, scene, number, seen, words, by),
        Action::Supplement => {
            let brought = Brought { note: words.to_owned(), ..Brought::default() };
            supplement::bring(tx, scene, number, seen, &brought, None)
        }
        Action::Merge => linking::merge(tx, scene, number, seen, &other, words),
        Action::Unmerge => linking::unmerge(tx, scene, number, seen, words),
        Action::Link => linking::link(tx, scene, number, seen, &other, Some(Relation::Related)),
        Action::Unlink => linking::unlink(tx, scene, number, seen, &other, Some(Relation::Related)),
        Action::AddParty => {
            let new = NewParty {
                role: Some(if it.yes { PartyRole::JointComplainant } else { PartyRole::Guardian }),
                name: words.to_owned(),
                phone: "13937112345".to_owned(),
                mandate: Mandate { agreed: it.yes, ..Mandate::default() },
                ..NewParty::default()
            };
            parties::add(tx, scene, number, seen, &new)
        }
        Action::EndParty => parties::end(tx, scene, number, seen, party, words),
        Action::RecordConsent => {
            let to = if it.mark.is_multiple_of(2) { Consent::Settle } else { Consent::Withdraw };
            parties::record_consent(tx, scene, number, seen, party, Some(to), words)
        }
        Action::LinkOperator => {
            let parties = store::party::of_case(tx, case.id)?;
            let shop = parties.into_iter().find(|party| party.role == "respondent").unwrap_or_default();
            let typed = Particulars { credit_code: String::new(), ..operator_tie::particulars(&case, &shop) };
            let chosen = if it.yes { Chosen::New(Box::new(typed)) } else { Chosen::None };
            operator_tie::link(tx, scene, number, seen, Some(&chosen))
        }
        _ => Err(ActError::NotFound),
    }
}

/// Another case of the same telephone, or the case itself.
fn another(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let phone = parties.into_iter().find(|party| party.role == "complainant").map(|party| party.phone);
    let cases = store::party::cases_by_phone(tx, &phone.unwrap_or_default(), 5)?;
    let other = cases.into_iter().map(|other| other.number).find(|number| *number != case.number);
    Ok(other.unwrap_or_else(|| case.number.clone()))
}
