//! 受理前的查看: what the facts of a case propose, what reminds, and which cases are likely the same (catalogue 3.9, 4.1).

use domain::accepting::Accepting;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::duplicates::{self, Compared};
use domain::grounds::{Facts, Handled, Proposal, propose};
use domain::reporting::Decision;
use domain::signals::SignalKind;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::case::CaseRow;
use store::likeness::{self, LikeKey, LikeRow};
use store::party::Party;

use crate::error::ActError;
use crate::house::Scene;
use crate::signals::{self, Signal, sees};
use crate::{operator_tie, parties};

/// What a person who decides on a case should look at.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// Grounds of refusal that the facts point at.
    pub proposals: Vec<Proposal>,
    /// The factors of art. 17.
    pub signals: Vec<Signal>,
    /// Cases that are likely about the same matter.
    pub duplicates: Vec<Duplicate>,
}

/// A case that is likely about the same matter.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The case.
    pub case: LikeRow,
    /// Why, in words.
    pub reasons: Vec<&'static str>,
}

/// How far back likely duplicates are looked for.
const DUPLICATES_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 180);
const AT_MOST: i64 = 50;

/// Looks at a case that is not decided yet; nothing is left to propose afterwards.
pub fn look(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Looked, ActError> {
    let early = matches!(
        case.state.status,
        Status::Filed
            | Status::Registered
            | Status::Accepted
            | Status::Dispatched
            | Status::Assigned
            | Status::Mediating
    );
    match case.state.kind {
        CaseKind::Complaint if early => {}
        CaseKind::Report if early => {
            return Ok(Looked { duplicates: likely_reports(tx, scene, case)?, ..Looked::default() });
        }
        _ => return Ok(Looked::default()),
    }
    let signals = signals::of_case(tx, scene, case)?;
    let proposals = match case.state.status {
        Status::Filed | Status::Registered => proposals(tx, scene, case, &signals)?,
        _ => Vec::new(),
    };
    Ok(Looked { proposals, duplicates: duplicates_of(tx, scene, case)?, signals })
}

/// The grounds of the case's own rule set that its facts point at.
pub fn proposals(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    signals: &[Signal],
) -> Result<Vec<Proposal>, ActError> {
    let Some(set) = scene.house.book.get(&case.rule_set) else { return Ok(Vec::new()) };
    let parties = store::party::of_case(tx, case.id)?;
    let turns = &case.state.turns.accepting;
    // That nothing was attached reminds, but by itself points at no ground.
    let telling = signals.iter().any(|signal| signal.kind != SignalKind::NoProof);
    let calendar = scene.house.calendar();
    let facts = Facts {
        calendar: &calendar,
        received: beijing_day(case.received_at),
        bought_on: case.matter.bought_on,
        knew_on: case.matter.knew_on,
        missing: missing(case, &parties),
        category: &case.matter.category,
        handled: handled(tx, scene, case, &parties)?,
        signals: if telling { signals.iter().map(|signal| signal.sentence.clone()).collect() } else { Vec::new() },
        materials_unanswered: Accepting::unanswered(turns.materials.as_ref()),
        identity_unanswered: Accepting::unanswered(turns.identity.as_ref()),
    };
    Ok(propose(set, &facts))
}

/// What of the materials is not there, as keys of `domain::materials`.
pub fn missing(case: &CaseRow, parties: &[Party]) -> Vec<&'static str> {
    let of_role = |role: &str| parties.iter().find(|party| party.role == role).cloned().unwrap_or_default();
    let (person, shop, matter) = (of_role("complainant"), of_role("respondent"), &case.matter);
    let agents = || parties.iter().filter(|party| party.role == "agent" && party.ended_at.is_none());
    let without_authority = agents().any(|agent| parties::mandate(agent).is_none_or(|mandate| mandate.paper.is_none()));
    let without_identity = agents().any(|agent| agent.id_number.is_empty());
    [
        ("complainant_name", person.name.trim().is_empty()),
        ("complainant_phone", person.phone.trim().is_empty()),
        ("complainant_address", person.address.trim().is_empty()),
        ("respondent_name", shop.name.trim().is_empty()),
        ("respondent_address", shop.address.trim().is_empty() && shop.platform.trim().is_empty()),
        ("demand", matter.demands.is_empty() && matter.demand_text.trim().is_empty()),
        ("facts", matter.facts.trim().is_empty()),
        ("agent_authority", without_authority),
        ("agent_identity", without_identity),
    ]
    .into_iter()
    .filter_map(|(key, is_missing)| is_missing.then_some(key))
    .collect()
}

/// Cases in which the same dispute was taken up: the same person, the same shop, the same order or purchase.
fn handled(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, parties: &[Party]) -> Result<Vec<Handled>, ActError> {
    let phone = parties.iter().find(|party| party.role == "complainant").map_or("", |party| &party.phone);
    let found = likeness::by(tx, LikeKey::Phone(phone), case.id, Timestamp::UNIX_EPOCH, AT_MOST)?;
    let matter = &case.matter;
    let operator = operator_tie::of_case(tx, case)?.map(|operator| operator.id);
    let mut handled = Vec::new();
    for row in found.into_iter().filter(|row| sees(scene.actor, row)) {
        let undecided = matches!(row.status, Status::Filed | Status::Registered | Status::Refused | Status::Withdrawn);
        let dropped = matches!(row.outcome.as_deref(), Some("withdrawn" | "merged" | "refused"));
        let same_shop =
            row.respondent_name == matter.respondent_name || (operator.is_some() && row.operator == operator);
        if undecided || dropped || !same_shop {
            continue;
        }
        let same_order = !matter.order_number.is_empty() && row.order_number == matter.order_number;
        let same_purchase =
            matter.bought_on.is_some() && row.bought_on == matter.bought_on && row.goods == matter.goods;
        let same = match (same_order, same_purchase) {
            (true, _) => "同一投诉人、同一商家，订单号相同",
            (false, true) => "同一投诉人、同一商家，同一天买的同一商品",
            (false, false) => continue,
        };
        handled.push(Handled {
            same: same.to_owned(),
            became: became(&row).to_owned(),
            settled: row.outcome.as_deref() == Some("settled"),
            number: row.number,
        });
    }
    Ok(handled)
}

/// What became of a case, in words.
pub fn became(row: &LikeRow) -> &'static str {
    match row.outcome.as_deref() {
        Some("settled") => "达成协议",
        Some("terminated") => "终止调解",
        Some("refused") => "不予受理",
        Some("withdrawn") => "撤回",
        Some("merged") => "已并入另一件",
        Some("repeated") => "不再另行处理",
        Some("referred") => "移送其他部门",
        Some("not_opened") => "不予立案",
        Some("turned_away") => "告知另行举报",
        Some(decision) if Decision::from_key(decision).is_some() => {
            Decision::from_key(decision).map_or("", Decision::label)
        }
        _ => row.status.label(),
    }
}

/// Cases that are likely about the same matter as this one, the most reasons first.
pub fn duplicates_of(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Duplicate>, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let of_role = |role: &str| parties.iter().find(|party| party.role == role).cloned().unwrap_or_default();
    let (person, shop) = (of_role("complainant"), of_role("respondent"));
    let compared = Compared {
        phone: &person.phone,
        respondent: &case.matter.respondent_name,
        credit_code: &shop.credit_code,
        operator: operator_tie::of_case(tx, case)?.map(|operator| operator.id),
        order_number: &case.matter.order_number,
        facts: &case.matter.facts,
    };
    let linked = store::case_link::of_case(tx, case.id)?;
    let mut found = likely(tx, scene, &compared, case.id, case.received_at)?;
    found.retain(|it| !linked.iter().any(|link| link.other_id == it.case.id));
    Ok(found)
}

/// Reports that are likely of one matter with this one, as far as the reader may know of them; who made them is not compared.
pub fn likely_reports(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Duplicate>, ActError> {
    let days = i64::from(domain::reporting::rules().repeat.likely_within_days);
    let since = case.received_at.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
    let operator = operator_tie::of_case(tx, case)?.map(|operator| operator.id);
    let mut rows = likeness::reports(tx, LikeKey::Respondent(&case.matter.respondent_name), case.id, since, AT_MOST)?;
    rows.extend(likeness::reports(tx, LikeKey::Operator(operator), case.id, since, AT_MOST)?);
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    let linked = store::case_link::of_case(tx, case.id)?;
    let compared = Compared {
        respondent: &case.matter.respondent_name,
        operator,
        facts: &case.matter.facts,
        ..Compared::default()
    };
    let mut found = Vec::new();
    for row in rows.into_iter().filter(|row| row.id < case.id) {
        let own_words = case.state.turns.reporting.earlier.as_ref() == Some(&row.number);
        let other = Compared {
            respondent: &row.respondent_name,
            operator: row.operator,
            facts: &row.facts,
            ..Compared::default()
        };
        let mut reasons = duplicates::reasons_of_reports(&compared, &other, (&case.matter.goods, &row.goods));
        if own_words {
            reasons.insert(0, "举报人填了那一件的回执码");
        } else if linked.iter().any(|link| link.other_id == row.id) {
            continue;
        }
        let reads = store::case::by_id(tx, row.id)?.is_some_and(|it| {
            scene.actor.may_read(&it)
                && it.state.bureau == case.state.bureau
                && it.state.turns.accepting.merged.is_none()
        });
        if reads && !reasons.is_empty() {
            found.push(Duplicate { case: row, reasons });
        }
    }
    found.truncate(8);
    Ok(found)
}

/// Cases that are likely about the same matter as what is typed; `but` is left out.
pub fn likely(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    compared: &Compared<'_>,
    but: i64,
    at: Timestamp,
) -> Result<Vec<Duplicate>, ActError> {
    let since = at.checked_sub(DUPLICATES_WITHIN).unwrap_or(Timestamp::MIN);
    let mut rows = Vec::new();
    for key in [
        LikeKey::Phone(compared.phone),
        LikeKey::Order(compared.order_number),
        LikeKey::Respondent(compared.respondent),
        LikeKey::Operator(compared.operator),
    ] {
        rows.extend(likeness::by(tx, key, but, since, AT_MOST)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    let mut found: Vec<Duplicate> = rows
        .into_iter()
        .filter(|row| sees(scene.actor, row) && row.outcome.as_deref() != Some("merged"))
        .filter_map(|row| {
            let other = Compared {
                phone: &row.phone,
                respondent: &row.respondent_name,
                credit_code: &row.credit_code,
                operator: row.operator,
                order_number: &row.order_number,
                facts: &row.facts,
            };
            let reasons = duplicates::reasons(compared, &other);
            (!reasons.is_empty()).then_some(Duplicate { case: row, reasons })
        })
        .collect();
    found.sort_by_key(|it| std::cmp::Reverse(it.reasons.len()));
    found.truncate(8);
    Ok(found)
}

/// A set phrase of refusal with its blanks filled as far as the case tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Its number in the collection.
    pub number: u32,
    /// When to use it.
    pub title: String,
    /// What is said.
    pub text: String,
    /// The item of the case's own rule set that it fits; none when none does.
    pub item: Option<u32>,
}

/// The blanks that only the one who refuses can fill.
pub const OPEN_BLANKS: &[&str] = &["〔部门〕", "〔部门电话〕", "〔受理机关〕", "〔购买地〕"];

/// The sixteen phrases for this case, those that fit one of its set's grounds first.
pub fn phrases(scene: Scene<'_>, case: &CaseRow) -> Vec<Phrase> {
    let Some(set) = scene.house.book.get(&case.rule_set) else { return Vec::new() };
    let remit = domain::grounds::remit(&case.matter.category);
    let blanks = [
        ("{other_body}", "〔受理机关〕".to_owned()),
        ("{law_name}", set.cited_as.clone()),
        ("{department}", remit.map_or_else(|| "〔部门〕".to_owned(), |remit| remit.department.clone())),
        ("{department_phone}", remit.map_or_else(|| "〔部门电话〕".to_owned(), |remit| remit.phone.clone())),
        ("{place}", "〔购买地〕".to_owned()),
    ];
    let mut phrases: Vec<Phrase> = domain::phrases::refusal()
        .iter()
        .map(|phrase| Phrase {
            number: phrase.number,
            title: phrase.title.clone(),
            text: blanks.iter().fold(phrase.text.clone(), |text, (blank, value)| text.replace(blank, value)),
            item: phrase
                .ground
                .as_ref()
                .and_then(|key| set.refusal_grounds.iter().find(|ground| ground.key == *key))
                .map(|ground| ground.item),
        })
        .collect();
    phrases.sort_by_key(|phrase| (phrase.item.is_none(), phrase.item, phrase.number));
    phrases
}
