//! Random acts of mediation and after the end.

use casework::appraisal::{self, Appraisal};
use casework::{ActError, Scene, clue, delegation, handing_on, on_the_spot, recusal, reopening, timing};
use domain::act::AgreementItem;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::mediation::{Payer, Side};
use domain::money::Money;
use store::Tx;
use store::case::CaseRow;

use super::Arbitrary;

pub(super) fn act(
    random: &Arbitrary,
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    words: &str,
) -> Result<CaseRow, ActError> {
    let (seen, yes) = (random.seen, random.yes);
    match random.action {
        Action::RequestRecusal => recusal::request(tx, scene, number, seen, Side::Respondent, random.lead, words),
        Action::DecideRecusal => recusal::decide(tx, scene, number, seen, yes, random.partner, "看过申请"),
        Action::Appraise => {
            let sent = Appraisal {
                cause: "检测".to_owned(),
                object: words.to_owned(),
                body: words.to_owned(),
                payer: if random.mark == 0 { Payer::NotAgreed } else { Payer::Shared },
                designated: yes,
            };
            appraisal::appraise(tx, scene, number, seen, &sent)
        }
        Action::RecordAppraisal => {
            appraisal::record_result(tx, scene, number, seen, words, Some(beijing_day(scene.now)))
        }
        Action::ProposeTerms => delegation::propose_terms(tx, scene, number, seen, Side::Complainant, words),
        Action::Delegate => delegation::delegate(tx, scene, number, seen, words, words, (yes, true)),
        Action::RecordDelegated => delegation::record_result(tx, scene, number, seen, yes, "报来结果"),
        Action::TakeBack => delegation::take_back(tx, scene, number, seen, words),
        Action::SettleOnSpot => {
            let item = AgreementItem { text: words.to_owned(), amount: i64::from(random.ground) * 100, due: None };
            on_the_spot::settle(tx, scene, number, seen, vec![item], Money::from_fen(100), yes)
        }
        Action::Reopen => reopening::reopen(tx, scene, number, seen, words),
        Action::FindClue => clue::find(tx, scene, number, seen, words),
        Action::CheckClue => clue::check(tx, scene, number, seen, yes, "核查过"),
        Action::DecideClueTime => timing::decide_clue_time(tx, scene, number, seen, yes, words),
        Action::ReferLegalAid => handing_on::legal_aid(tx, scene, number, seen, words, words),
        Action::ReferPolice => handing_on::police(tx, scene, number, seen, words),
        _ => handing_on::decide_police(tx, scene, number, seen, yes, words),
    }
}
