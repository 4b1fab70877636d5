//! The acts around acceptance, parties and other cases with particulars that are in order.

use casework::actor::Actor;
use casework::filing::{self, Evidence};
use casework::operator_tie::{self, Chosen};
use casework::operators::Particulars;
use casework::parties;
use casework::repeat::{self, Again};
use casework::supplement::{self, Brought};
use casework::{ActError, Scene, linking};
use domain::accepting::{Consent, PartyRole};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::further_party::RawParty;
use domain::link::Relation;
use domain::reporting::Same;
use store::Tx;
use store::case::CaseRow;

use crate::world::{complaint, filing_of};

/// Does one of these acts.
pub fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    action: Action,
) -> Result<CaseRow, ActError> {
    let tomorrow = beijing_day(scene.now).tomorrow().ok();
    match action {
        Action::RequestMaterials => {
            let missing = ["facts".to_owned()];
            supplement::request_materials(tx, scene, number, seen, &missing, "请补购物小票", tomorrow)
        }
        Action::RequestIdentity => supplement::request_identity(tx, scene, number, seen, "", tomorrow),
        Action::Supplement => {
            let brought = Brought { note: "小票在附件里".to_owned(), ..Brought::default() };
            supplement::bring(tx, scene, number, seen, &brought, None)
        }
        Action::Merge
            if store::case::by_number(tx, number)?.is_some_and(|case| case.state.kind == CaseKind::Report) =>
        {
            let of = crate::report_again::earlier(tx, scene, number)?;
            let again = Again { of: &of, same: Some(Same::Told), reason: "补充了进货单" };
            repeat::merge(tx, scene, number, seen, &again)
        }
        Action::Merge => {
            let main = repeated(tx, scene)?;
            linking::merge(tx, scene, number, seen, &main, "同一订单重复提交")
        }
        Action::Unmerge => linking::unmerge(tx, scene, number, seen, "是两次购买"),
        Action::Link => {
            let other = repeated(tx, scene)?;
            linking::link(tx, scene, number, seen, &other, Some(Relation::Related))
        }
        Action::Unlink => {
            let case = store::case::by_number(tx, number)?.expect("the case");
            let links = store::case_link::of_case(tx, case.id)?;
            let other = links.iter().find(|link| link.relation == "related").map(|link| link.other_number.clone());
            linking::unlink(tx, scene, number, seen, &other.unwrap_or_default(), Some(Relation::Related))
        }
        Action::AddParty => parties::add(tx, scene, number, seen, &joint("李秀英", "13937112345"), None),
        Action::EndParty => {
            let party = party(tx, number)?;
            parties::end(tx, scene, number, seen, party, "不再共同投诉")
        }
        Action::LinkOperator => {
            let typed = Particulars {
                name: "金水区好又来超市".to_owned(),
                kind: "sole_trader".to_owned(),
                region: "410105001".to_owned(),
                ..Particulars::default()
            };
            operator_tie::link(tx, scene, number, seen, Some(&Chosen::New(Box::new(typed))))
        }
        Action::RecordConsent => {
            let party = party(tx, number)?;
            parties::record_consent(tx, scene, number, seen, party, Some(Consent::Settle), "书面同意")
        }
        other => panic!("{other:?} is done elsewhere"),
    }
}

/// Somebody with the same dispute.
pub fn joint(name: &str, phone: &str) -> RawParty {
    RawParty {
        role: PartyRole::JointComplainant.key().to_owned(),
        name: name.to_owned(),
        phone: phone.to_owned(),
        agreed: "yes".to_owned(),
        ..RawParty::default()
    }
}

/// A second complaint of the same person about the same shop; gives its number.
fn repeated(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<String, ActError> {
    let public = Actor::Public;
    let filing = filing_of(&public, scene.now, &complaint("in_app"));
    let scene = Scene { actor: &public, ..scene };
    Ok(filing::file(tx, scene, &filing, Evidence::default())?.number)
}

fn party(tx: &mut Tx<'_>, number: &str) -> Result<i64, ActError> {
    let case = store::case::by_number(tx, number)?.expect("the case");
    Ok(case.state.turns.accepting.parties.first().map_or(0, |party| party.id))
}
