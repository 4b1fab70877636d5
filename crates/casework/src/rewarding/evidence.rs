//! What the case itself says about a reward: a person decides, the program puts the facts beside each question.

use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::link::Relation;
use domain::money::Money;
use domain::reporting::Decision;
use domain::reward;
use domain::rewarding::{self, Stage};
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;

use super::rule_of;
use crate::error::ActError;
use crate::house::Scene;

/// A report linked with this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its number.
    pub number: String,
    /// Its line.
    pub title: String,
    /// When it came in.
    pub received: Date,
    /// It came in first.
    pub earlier: bool,
    /// The link says that it is about the same thing.
    pub same: bool,
    /// Where its reward stands.
    pub stage: Option<Stage>,
    /// Its sum, in 分.
    pub sum: i64,
}

impl Other {
    /// What counts against the cap of the case: what was decided and not waived, in 分.
    pub fn granted(&self) -> i64 {
        let counts = matches!(self.stage, Some(Stage::Decided | Stage::Granted | Stage::Claimed | Stage::Paid));
        if counts { self.sum } else { 0 }
    }
}

/// The reports linked with this one that the actor may know of, oldest link first.
pub fn others(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Other>, ActError> {
    let mut others = Vec::new();
    for link in store::case_link::of_case(tx, case.id)? {
        let Some(other) = store::case::by_id(tx, link.other_id)? else { continue };
        if other.state.kind != CaseKind::Report || !scene.actor.may_read(&other) {
            continue;
        }
        let same = [Relation::Repeat, Relation::Joint, Relation::Merged].map(Relation::key);
        others.push(Other {
            received: beijing_day(other.received_at),
            earlier: other.received_at < case.received_at,
            same: same.contains(&link.relation.as_str()),
            stage: rewarding::stage(&other.state),
            sum: other.state.turns.rewarding.sum,
            number: other.number,
            title: other.matter.title,
        });
    }
    Ok(others)
}

/// What the case says about each question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What speaks for the gravity: a key of the rule.
    pub gravity: Option<&'static str>,
    /// What speaks for the field: a key of the rule.
    pub scope: Option<String>,
    /// What speaks against a reward: a key of the rule.
    pub ground: Option<&'static str>,
    /// The decision and its sum.
    pub decision: String,
    /// What the province counts as a large sum.
    pub threshold: String,
    /// Who reported it too, and who first.
    pub reporters: String,
}

/// What the case says.
pub fn evidence(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Evidence, ActError> {
    let penalty = case.state.turns.reporting.penalty;
    let decided = match case.state.outcome {
        Some(domain::case::Outcome::Decided(decision)) => Some(decision),
        _ => None,
    };
    let crime = decided == Some(Decision::Prosecuted);
    let bureau = store::organization::find(tx, case.state.bureau)?;
    let large = reward::threshold(&bureau.map(|bureau| bureau.region_code).unwrap_or_default());
    let is_large = large.map(|it| penalty >= it.organization * 100);
    let others = others(tx, scene, case)?;
    let earlier: Vec<&Other> = others.iter().filter(|other| other.earlier && other.same).collect();
    let gravity = if crime { Some("crime") } else { is_large.filter(|large| *large).map(|_| "large_fine") };
    let ground = if rule_of(case).is_none() {
        Some("too_early")
    } else if !earlier.is_empty() {
        Some("not_first")
    } else {
        let below = large.is_some_and(|it| penalty < it.organization.min(it.natural_person) * 100);
        (!crime && below).then_some("not_grave")
    };
    let by_category = rule_of(case).and_then(|rule| {
        rule.scope.iter().find(|point| point.categories.contains(&case.matter.category)).map(|point| point.key.clone())
    });
    Ok(Evidence {
        gravity,
        scope: by_category.or_else(|| crime.then(|| "prosecuted".to_owned())),
        ground,
        decision: match decided {
            Some(Decision::Penalty) => format!("本件：行政处罚，罚没款 {} 元", Money::from_fen(penalty)),
            Some(decision) => format!("本件：{}", decision.label()),
            None => String::new(),
        },
        threshold: match large {
            Some(it) => format!(
                "较大数额在{}：自然人 {} 元、单位 {} 元以上（{}）",
                it.province, it.natural_person, it.organization, it.source
            ),
            None => "较大数额由省里规定，系统里没有本省的数，请按本省规定认定，在理由里写明依据".to_owned(),
        },
        reporters: match earlier.first() {
            Some(first) => {
                format!("同一事项更早的举报：{}，{}收到", first.number, crate::letters::day_words(first.received))
            }
            None if others.is_empty() => "没有关联的举报".to_owned(),
            None => "关联的举报里没有更早的同一事项".to_owned(),
        },
    })
}
