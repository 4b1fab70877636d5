//! 转介与移送: legal aid for a hard case; the police when a complainant deceives or extorts, with the leader's approval
//! (O121 art. 42; catalogue 6.8).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::{notice, record};

/// Points the consumer to legal aid or representation.
pub fn legal_aid(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    body: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default()
        .needed("body", body, "请写法律援助或者支持起诉的机构")
        .needed("reason", reason, "请写为什么转介")
        .done()?;
    let (body, reason) = (body.trim().to_owned(), reason.trim().to_owned());
    let act = Act::ReferLegalAid { body: body.clone(), reason: reason.clone() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let told = format!("您的投诉（编号 {}）可以向{body}申请法律援助：{reason}", case.number);
        notice::complainant(tx, scene, case, &notice::Notice { subject: "法律援助", body: &told, paper: None })
    })
}

/// Proposes to refer a complainant's suspected fraud or extortion to the police.
pub fn police(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    facts: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("facts", facts, "请写事实和证据：夹带、掉包、造假、敲诈勒索等").done()?;
    let act = Act::ReferPolice { facts: facts.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// The leader approves the referral, which makes its paper, or does not.
pub fn decide_police(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    approved: bool,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写批准或者不批准的意见").done()?;
    let act = Act::DecidePolice { approved, opinion: opinion.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        if !approved {
            return Ok(());
        }
        let proposed = store::event::of_case(tx, case.id)?.iter().rev().find_map(|event| {
            match serde_json::from_str::<Act>(&event.data) {
                Ok(Act::ReferPolice { facts }) => Some(facts),
                _ => None,
            }
        });
        let blanks = Blanks::from([("referral_facts", proposed.unwrap_or_default())]);
        letters::make(tx, scene, case, "police_referral", &blanks).map(drop)
    })
}
