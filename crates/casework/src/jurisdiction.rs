//! 管辖: what the resolver says of a case, with the bureau and the office that follow from it (O121 art. 13; catalogue 4.4).

use domain::case_kind::CaseKind;
use domain::jurisdiction::{Facts, Place, Ruling, Target, resolve, ruling};
use domain::region_code::RegionCode;
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;
use store::party::Party;

use crate::error::ActError;
use crate::filing;
use crate::house::Scene;

/// Which bureau has the power over a case, and why.
#[derive(Clone, Debug)]
pub struct Advice {
    /// The ruling for what is known of the respondent; none for a rule set without rules.
    pub ruling: Option<Ruling>,
    /// The bureau that follows, where the place is known.
    pub bureau: Option<OrganizationRow>,
    /// The reasons in sentences, from the facts to the bureau.
    pub reasons: Vec<String>,
    /// What would hold if the respondent were something else.
    pub otherwise: Vec<(Target, Ruling)>,
}

/// The advice for a case.
pub fn advise(tx: &mut Tx<'_>, _: Scene<'_>, case: &CaseRow) -> Result<Advice, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let respondent = parties.into_iter().find(|party| party.role == "respondent").unwrap_or_default();
    let facts = Facts { report: case.state.kind == CaseKind::Report, ..facts_of(&respondent) };
    let found = resolve(&case.rule_set, facts);
    let mut reasons = found.as_ref().map(|it| it.reasons.clone()).unwrap_or_default();
    let of_place = bureau_of_place(tx, case)?;
    let by_address = found
        .as_ref()
        .is_none_or(|it| it.places.iter().any(|place| !matches!(place, Place::Platform | Place::Publisher)));
    let bureau = of_place.filter(|_| by_address);
    let to_check = match found.as_ref().map(|it| it.places.as_slice()) {
        Some([Place::Registered]) => "；请先核对这里是不是登记的住所",
        Some([Place::Advertiser]) => "；请先核对广告主是不是在这里",
        Some([Place::Publisher, ..]) => "；请先核对广告主、广告经营者是不是在这里，不是的查明广告发布者所在地",
        _ => "",
    };
    match &bureau {
        Some(bureau) => reasons.push(format!("按填写的商家地点，是{}{to_check}。", bureau.name)),
        None if facts.report => {
            reasons.push("请先查明广告发布者所在地；发布者不在本地的，告知举报人向当地的局举报。".to_owned());
        }
        None => reasons.push("请先查明平台经营者的住所地，再分送当地的局。".to_owned()),
    }
    let taken = found.as_ref().map(|it| it.target);
    let otherwise = Target::of(facts.report)
        .filter(|target| Some(*target) != taken)
        .filter_map(|target| Some((target, ruling(&case.rule_set, target, facts)?)))
        .collect();
    Ok(Advice { ruling: found, bureau, reasons, otherwise })
}

fn facts_of(respondent: &Party) -> Facts<'_> {
    Facts {
        platform: &respondent.platform,
        name: &respondent.name,
        address: &respondent.address,
        channel: &respondent.sales_channel,
        report: false,
    }
}

fn bureau_of_place(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<OrganizationRow>, ActError> {
    let Ok(region) = RegionCode::parse(&case.region_code) else { return Ok(None) };
    match filing::receiver(tx, &region) {
        Ok((bureau, _)) => Ok(Some(bureau)),
        Err(ActError::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
