//! 委托调解: with both sides' consent a consumers' association or another lawful body mediates in the bureau's name (O121 art. 19).

use domain::act::Act;
use domain::mediation::Side;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::{notice, record};

/// Delegates the mediation. The time goes on; the body may not delegate further.
pub fn delegate(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    body: &str,
    scope: &str,
    (complainant_agrees, respondent_agrees): (bool, bool),
) -> Result<CaseRow, ActError> {
    Faults::default()
        .needed("body", body, "请写受委托的消费者协会或者调解组织")
        .needed("scope", scope, "请写委托范围：委托调解哪些争议")
        .when(!complainant_agrees, "complainant_agrees", "consent.missing", "投诉人同意，才能委托调解")
        .when(!respondent_agrees, "respondent_agrees", "consent.missing", "被投诉人同意，才能委托调解")
        .done()?;
    let (body, scope) = (body.trim().to_owned(), scope.trim().to_owned());
    let act = Act::Delegate { body: body.clone(), scope: scope.clone() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let blanks = Blanks::from([("delegate_body", body.clone()), ("delegation_scope", scope.clone())]);
        letters::make(tx, scene, case, "delegation_letter", &blanks)?;
        let told = format!("经双方同意，关于“{}”的投诉委托{body}以本局名义调解，期限照常计算。", case.matter.title);
        notice::both(tx, scene, case, "委托调解", &told)
    })
}

/// What the body reports; settling or terminating is the officers'.
pub fn record_result(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    agreed: bool,
    result: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("result", result, "请写受委托组织报来的调解情况").done()?;
    let act = Act::RecordDelegated { agreed, result: result.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// Takes the mediation back; both sides are told.
pub fn take_back(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("reason", reason, "请写收回委托的理由").done()?;
    let act = Act::TakeBack { reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let body = format!("关于“{}”的投诉不再委托调解，由本局继续调解。", case.matter.title);
        notice::both(tx, scene, case, "收回委托调解", &body)
    })
}

/// Keeps what one side offered.
pub fn propose_terms(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    by: Side,
    terms: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("terms", terms, "请写提出的方案").done()?;
    let act = Act::ProposeTerms { by, terms: terms.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}
