//! 判断因素的提醒: what the factors of O121 art. 17 point at in a case, each with the cases behind it. Never a decision, never
//! told to the consumer.

use std::collections::BTreeSet;

use domain::signals::{Settings, SignalKind, settings};
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::case::CaseRow;
use store::likeness::{self, LikeKey, LikeRow};
use store::party::Party;

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::operator_tie;

/// One signal with what is behind it.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Which factor.
    pub kind: SignalKind,
    /// What was found.
    pub sentence: String,
    /// The article.
    pub article: String,
    /// The cases behind it, of those that the reader may see.
    pub cases: Vec<LikeRow>,
}

const CASES_AT_MOST: i64 = 100;

/// The signals of a case, counted over the cases that the reader may see; none under a set that knows no such factors.
pub fn of_case(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Signal>, ActError> {
    let set = scene.house.book.get(&case.rule_set);
    if !set.is_some_and(|set| set.refusal_grounds.iter().any(|ground| !ground.factors.is_empty())) {
        return Ok(Vec::new());
    }
    let parties = store::party::of_case(tx, case.id)?;
    let of_role = |role: &str| parties.iter().find(|party| party.role == role).cloned().unwrap_or_default();
    let (person, shop) = (of_role("complainant"), of_role("respondent"));
    let settings = settings();
    let mut signals = Vec::new();
    signals.extend(quantity(settings, case));
    signals.extend(repetition(tx, scene, settings, case, &person, &shop)?);
    signals.extend(shared(tx, scene, settings, case, &person, SignalKind::SharedPhone)?);
    signals.extend(shared(tx, scene, settings, case, &person, SignalKind::SharedAddress)?);
    signals.extend(collusion(tx, scene, settings, case, &parties, &shop)?);
    if case.matter.order_number.is_empty() && store::attachment::of_case(tx, case.id)?.is_empty() {
        let sentence = "没有附任何材料，也没有写订单号。".to_owned();
        signals.push(signal(settings, SignalKind::NoProof, sentence, Vec::new()));
    }
    if let Some(word) = settings.business_word(&person.name) {
        let sentence = format!("投诉人的名称里有“{word}”，可能是经营者之间的纠纷。");
        signals.push(signal(settings, SignalKind::Operator, sentence, Vec::new()));
    }
    Ok(signals)
}

/// Whether the reader may open the case behind a signal.
pub fn sees(actor: &Actor, row: &LikeRow) -> bool {
    match actor {
        Actor::System => true,
        Actor::Staff(staff) => {
            let assigned = [row.lead, row.partner].contains(&Some(staff.account_id));
            let paths = [Some(&row.bureau_path), row.unit_path.as_ref(), Some(&row.intake_path)];
            let grants = staff.grants.iter().filter(|grant| grant.role.reads_cases());
            assigned
                || grants.into_iter().any(|grant| paths.iter().flatten().any(|path| path.starts_with(&grant.reach)))
        }
        _ => false,
    }
}

fn signal(settings: &Settings, kind: SignalKind, sentence: String, cases: Vec<LikeRow>) -> Signal {
    Signal { kind, sentence, article: settings.factor(kind).to_owned(), cases }
}

fn quantity(settings: &Settings, case: &CaseRow) -> Option<Signal> {
    let text = format!("{}，{}", case.matter.goods, case.matter.facts);
    let (number, measure) = settings.pieces(&text)?;
    let at_least = settings.quantity_of(&case.matter.category);
    let sentence = format!("经过里写了 {number} {measure}，达到本局设定的提醒数（{at_least}）。");
    (number >= at_least).then(|| signal(settings, SignalKind::Quantity, sentence, Vec::new()))
}

fn repetition(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    settings: &Settings,
    case: &CaseRow,
    person: &Party,
    shop: &Party,
) -> Result<Option<Signal>, ActError> {
    let (window, matter) = (&settings.repetition, &case.matter);
    let since = since(case.received_at, window.days);
    let mut found = likeness::by(tx, LikeKey::Phone(&person.phone), case.id, since, CASES_AT_MOST)?;
    found.retain(|row| sees(scene.actor, row));
    let operator = operator_tie::of_case(tx, case)?.map(|operator| operator.id);
    let same_shop = |row: &&LikeRow| is_of_shop(row, case, shop, operator);
    let same_kind = |row: &&LikeRow| {
        !matter.category.is_empty() && row.category == matter.category && row.problem == matter.problem
    };
    let at_shop: Vec<LikeRow> = found.iter().filter(same_shop).cloned().collect();
    let of_kind: Vec<LikeRow> = found.iter().filter(same_kind).cloned().collect();
    let (cases, what) = if at_shop.len() >= of_kind.len() {
        (at_shop, "同一商家")
    } else {
        (of_kind, "同一类商品的同一类问题")
    };
    let count = cases.len() + 1;
    let sentence = format!("同一电话 {} 天内就{what}投诉 {count} 件（含本件）。", window.days);
    Ok((count >= window.at_least).then(|| signal(settings, SignalKind::Repetition, sentence, cases)))
}

fn shared(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    settings: &Settings,
    case: &CaseRow,
    person: &Party,
    kind: SignalKind,
) -> Result<Option<Signal>, ActError> {
    let window = &settings.sharing;
    let since = since(case.received_at, window.days);
    let (key, what) = match kind {
        SignalKind::SharedPhone => (LikeKey::Phone(&person.phone), "电话"),
        _ => (LikeKey::Address(&person.address), "地址"),
    };
    let mut found = likeness::by(tx, key, case.id, since, CASES_AT_MOST)?;
    found.retain(|row| sees(scene.actor, row) && row.complainant_name != person.name);
    let names: BTreeSet<&str> = found.iter().map(|row| row.complainant_name.as_str()).collect();
    let count = names.len() + 1;
    let sentence = format!("{} 天内有 {count} 个不同姓名用这个{what}投诉（含本件）。", window.days);
    Ok((count >= window.at_least).then(|| signal(settings, kind, sentence, found)))
}

/// Several people against one shop within days, with the same helper, telephone, address or text.
fn collusion(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    settings: &Settings,
    case: &CaseRow,
    parties: &[Party],
    shop: &Party,
) -> Result<Option<Signal>, ActError> {
    let (window, matter) = (&settings.collusion, &case.matter);
    let since = since(case.received_at, window.days);
    let of_role = |role: &str| parties.iter().find(|party| party.role == role && party.ended_at.is_none());
    let person = of_role("complainant").cloned().unwrap_or_default();
    let agent = of_role("agent").map_or("", |agent| &agent.phone);
    let operator = operator_tie::of_case(tx, case)?.map(|operator| operator.id);
    let mut cases: Vec<LikeRow> = Vec::new();
    let mut common = Vec::new();
    for (key, what) in [
        (LikeKey::Agent(agent), "代理人"),
        (LikeKey::Phone(&person.phone), "电话"),
        (LikeKey::Address(&person.address), "地址"),
        (LikeKey::Respondent(&matter.respondent_name), "经过的文字"),
    ] {
        let mut found = likeness::by(tx, key, case.id, since, CASES_AT_MOST)?;
        found.retain(|row| {
            let text = !matches!(key, LikeKey::Respondent(_)) || settings.alike(&row.facts, &matter.facts);
            text && sees(scene.actor, row)
                && is_of_shop(row, case, shop, operator)
                && row.complainant_name != person.name
        });
        if !found.is_empty() {
            common.push(what);
        }
        found.retain(|row| cases.iter().all(|it| it.id != row.id));
        cases.extend(found);
    }
    let names: BTreeSet<&str> = cases.iter().map(|row| row.complainant_name.as_str()).collect();
    let (count, common) = (names.len() + 1, common.join("、"));
    let sentence = format!(
        "{} 天内有 {count} 个不同投诉人对同一商家投诉（含本件），{common}相同或者大体相同，可能是集中投诉。",
        window.days
    );
    Ok((count >= window.at_least).then(|| signal(settings, SignalKind::Collusion, sentence, cases)))
}

fn is_of_shop(row: &LikeRow, case: &CaseRow, shop: &Party, operator: Option<i64>) -> bool {
    row.respondent_name == case.matter.respondent_name
        || (operator.is_some() && row.operator == operator)
        || (!shop.credit_code.is_empty() && row.credit_code == shop.credit_code)
}

fn since(received: Timestamp, days: i64) -> Timestamp {
    received.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}
