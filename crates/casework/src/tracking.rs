//! 查询进展: what the consumer of a case sees of it, by number and query code (catalogue 3.12, 8.1).

use std::collections::BTreeMap;

use domain::act::Act;
use domain::audit::AuditKind;
use domain::case_kind::CaseKind;
use domain::letter::Recipient;
use domain::link::Relation;
use domain::narration::{self, Audience, Names};
use domain::procedure::{self, Standing, Step};
use domain::rule_set::{Ground, Limit, RuleSet};
use domain::trigger::Trigger;
use jiff::Timestamp;
use store::Tx;
use store::agreement::ItemRow;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::deadline::DeadlineRow;
use store::event::EventRow;
use store::outbox::MessageRow;
use store::paper::PaperRow;
use store::supplement::SupplementRow;
use subtle::ConstantTimeEq;

use crate::error::ActError;
use crate::house::{House, Scene};
use crate::{filing, reporter};

/// Her case, as far as it is hers to know: no notes, no officers' names, nothing of the office's own clocks.
pub struct OwnFile {
    /// Identity, state, matter.
    pub case: CaseRow,
    /// The bureau responsible.
    pub bureau_name: String,
    /// Its telephone, or its centre's.
    pub phone: String,
    /// The office, when one has it.
    pub unit_name: Option<String>,
    /// The course, oldest first.
    pub course: Vec<Told>,
    /// The running deadlines by which she hears something, the earliest first.
    pub awaited: Vec<DeadlineRow>,
    /// The letters addressed to her.
    pub letters: Vec<PaperRow>,
    /// What she was told on this page.
    pub messages: Vec<MessageRow>,
    /// Her evidence, and what was added to it.
    pub attachments: Vec<AttachmentRow>,
    /// What was agreed, when it was.
    pub agreement: Vec<ItemRow>,
    /// The answer, for what is only answered.
    pub answer: Option<String>,
    /// What she was asked to bring.
    pub asked: Vec<SupplementRow>,
    /// Reports that were taken out of this intake: number and query code, which stand nowhere else.
    pub reports: Vec<(String, String)>,
    /// What she and the officers wrote to each other about a report, oldest first.
    pub exchange: Vec<store::report::MessageRow>,
    /// What she may do now.
    pub allowed: Vec<&'static Step>,
    /// Whether she may still ask by herself that it be taken up again.
    pub may_reopen: bool,
}

/// One thing that happened, in a sentence for her.
#[derive(Clone, Debug)]
pub struct Told {
    /// The event.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Key of the act.
    pub act: String,
    /// Whether she did it herself.
    pub hers: bool,
    /// What.
    pub words: String,
    /// Under which article.
    pub article: String,
}

/// The case with this number, if the code is its query code. A number that does not exist costs as much as a wrong code.
pub fn find(tx: &mut Tx<'_>, house: &House, number: &str, code: &str) -> Result<Option<CaseRow>, ActError> {
    let case = store::case::by_number(tx, number)?;
    // A report that was filed as one is found by its receipt code alone.
    if code.len() == reporter::CODE_DIGITS {
        let found = reporter::by_code(tx, house, code)?;
        return Ok(found.filter(|found| case.is_some_and(|case| case.id == found.id)));
    }
    let round = case.as_ref().map_or(0, |case| case.query_code_round);
    let right = filing::query_code(house, number, round);
    let same: bool = right.as_bytes().ct_eq(code.as_bytes()).into();
    Ok(case.filter(|case| same && case.query_code_round != filing::NO_QUERY_CODE))
}

/// Keeps that somebody tried a wrong query code (11.3).
pub fn note_wrong(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<(), ActError> {
    let case = store::case::by_number(tx, number)?.map(|case| case.id);
    let what = if case.is_some() { "查询码不对" } else { "没有这个编号" };
    Ok(store::access::record(tx, scene.now, AuditKind::WrongCode, None, case, what, "查询")?)
}

/// Her case, for the one who showed number and code.
pub fn own_file(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64) -> Result<OwnFile, ActError> {
    let case = own_case(tx, scene, case_id)?;
    let bureau = store::organization::find(tx, case.state.bureau)?.ok_or(ActError::NotFound)?;
    let centre = store::organization::find(tx, case.state.intake)?;
    let unit = match case.state.unit {
        Some(unit) => store::organization::find(tx, unit)?,
        None => None,
    };
    let phone = [unit.as_ref(), centre.as_ref(), Some(&bureau)].into_iter().flatten();
    let phone =
        phone.map(|office| office.phone.as_str()).find(|phone| !phone.is_empty()).unwrap_or_default().to_owned();
    let (course, letters) = (course(tx, scene, &case)?, letters(tx, scene, &case)?);
    let settled = matches!(case.state.outcome, Some(domain::case::Outcome::Settled));
    let answer = if case.state.kind.is_answered() { answer(tx, &case)? } else { None };
    Ok(OwnFile {
        awaited: awaited(tx, scene, &case)?,
        messages: store::outbox::of_case(tx, case_id)?.into_iter().filter(is_for_her).collect(),
        attachments: store::attachment::of_case(tx, case_id)?.into_iter().filter(|file| shows(&case, file)).collect(),
        reports: reports(tx, scene, &case)?,
        asked: store::supplement::of_case(tx, case_id)?,
        agreement: if settled { store::agreement::of_case(tx, case_id)? } else { Vec::new() },
        exchange: store::report::messages(tx, case_id)?,
        allowed: allowed(&case),
        may_reopen: crate::reopening::may_ask(&case, scene.now),
        answer,
        bureau_name: bureau.name,
        phone,
        unit_name: unit.map(|unit| unit.name),
        course,
        letters,
        case,
    })
}

/// What the procedure allows her and nothing stands in the way of.
fn allowed(case: &CaseRow) -> Vec<&'static Step> {
    let mut allowed = procedure::allowed(case.state.kind, case.state.status, &Standing::complainant());
    allowed.retain(|step| case.state.not_now(step.action).is_none());
    allowed
}

/// Her case alone; `NotFound` for anybody else.
pub fn own_case(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64) -> Result<CaseRow, ActError> {
    let case = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
    if scene.actor.may_read(&case) { Ok(case) } else { Err(ActError::NotFound) }
}

/// A letter of her case that is addressed to her.
pub fn letter(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64, paper_id: i64) -> Result<PaperRow, ActError> {
    let case = own_case(tx, scene, case_id)?;
    let paper = store::paper::find(tx, case_id, paper_id)?.ok_or(ActError::NotFound)?;
    if is_hers(scene, &case, &paper) { Ok(paper) } else { Err(ActError::NotFound) }
}

/// A file of her case.
pub fn attachment(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64, id: i64) -> Result<AttachmentRow, ActError> {
    let case = own_case(tx, scene, case_id)?;
    store::attachment::find(tx, case_id, id)?.filter(|file| shows(&case, file)).ok_or(ActError::NotFound)
}

/// What officers gather on a report is not for outside (O121 art. 37).
fn shows(case: &CaseRow, file: &AttachmentRow) -> bool {
    case.state.kind != CaseKind::Report || file.added_by == "complainant"
}

fn reports(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<(String, String)>, ActError> {
    let mut reports = Vec::new();
    for link in store::case_link::of_case(tx, case.id)? {
        if link.relation != Relation::Split.key() || !link.outgoing {
            continue;
        }
        let other = store::case::by_id(tx, link.other_id)?;
        if let Some(other) = other.filter(|other| other.state.kind == CaseKind::Report) {
            let code = filing::query_code(scene.house, &other.number, other.query_code_round);
            reports.push((other.number, code));
        }
    }
    Ok(reports)
}

fn answer(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<String>, ActError> {
    let answered = |event: &EventRow| match serde_json::from_str(&event.data) {
        Ok(Act::Answer { answer, .. }) => Some(answer),
        _ => None,
    };
    Ok(store::event::of_case(tx, case.id)?.iter().rev().find_map(answered))
}

fn is_for_her(message: &MessageRow) -> bool {
    message.recipient == "complainant" && message.channel == "in_app"
}

fn letters(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<PaperRow>, ActError> {
    Ok(store::paper::of_case(tx, case.id)?.into_iter().filter(|paper| is_hers(scene, case, paper)).collect())
}

/// A letter of which each side gets its own names the other side in its first line.
fn is_hers(scene: Scene<'_>, case: &CaseRow, paper: &PaperRow) -> bool {
    let template = scene.house.book.letter(&case.rule_set, &paper.kind);
    let hers = if case.state.kind == CaseKind::Report { Recipient::Reporter } else { Recipient::Complainant };
    let both = template.is_some_and(|template| template.recipients.contains(&hers));
    let addressee = crate::letters::read(paper).and_then(|kept| kept.letter.addressee).unwrap_or_default();
    both && addressee.trim_end_matches('：') != case.matter.respondent_name
}

/// What ends with her hearing something: a decision, an outcome, an answer.
const HEARD: &[Trigger] = &[
    Trigger::Accepted,
    Trigger::Refused,
    Trigger::Settled,
    Trigger::Terminated,
    Trigger::Told,
    Trigger::FilingTold,
    Trigger::UrgeAnswered,
];

fn awaited(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<DeadlineRow>, ActError> {
    let mut awaited = store::deadline::of_case(tx, case.id)?;
    awaited.retain(|row| {
        let limit = scene.house.book.get(&row.rule_set).and_then(|set| set.limit(&row.limit_key));
        row.stopped_at.is_none()
            && row.bearer == "bureau"
            && limit.is_some_and(|limit| limit.until.iter().any(|until| HEARD.contains(until)))
    });
    awaited.sort_by_key(|row| row.due_at);
    Ok(awaited)
}

fn course(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Told>, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let acts: Vec<(&EventRow, Act)> =
        events.iter().filter_map(|event| Some((event, serde_json::from_str(&event.data).ok()?))).collect();
    let mut organizations = BTreeMap::new();
    for (_, act) in &acts {
        for id in act.organizations() {
            let found = store::organization::find(tx, id)?;
            organizations.insert(id, found.map(|row| row.name).unwrap_or_default());
        }
    }
    let names = OwnNames {
        house: scene.house,
        organizations,
        bodies: crate::directory::named_by(tx, &events)?,
        national: scene.house.book.get(&case.rule_set),
        overlay: case.overlay.as_deref().and_then(|key| scene.house.book.get(key)),
    };
    let audience = if case.state.kind == CaseKind::Report { Audience::Reporter } else { Audience::Complainant };
    let told = |(event, act): &(&EventRow, Act)| {
        Some(Told {
            number: event.number,
            at: event.at,
            act: event.act.clone(),
            hers: event.actor_kind == "complainant" || event.actor_kind == "program",
            words: narration::tell(act, audience, &names)?,
            article: event.basis.clone(),
        })
    };
    Ok(acts.iter().filter_map(told).collect())
}

/// What stands behind the numbers, without anybody's name.
struct OwnNames<'a> {
    house: &'a House,
    organizations: BTreeMap<i64, String>,
    bodies: BTreeMap<String, (String, String)>,
    national: Option<&'a RuleSet>,
    overlay: Option<&'a RuleSet>,
}

impl Names for OwnNames<'_> {
    fn organization(&self, id: i64) -> String {
        self.organizations.get(&id).cloned().unwrap_or_default()
    }

    fn person(&self, _: i64) -> String {
        "工作人员".to_owned()
    }

    fn operator(&self, _: i64) -> String {
        "经营者".to_owned()
    }

    fn code(&self, table: &str, key: &str) -> String {
        self.house.codes.label(table, key).unwrap_or(key).to_owned()
    }

    fn refusal_ground(&self, item: u32) -> Option<&Ground> {
        self.national.and_then(|set| set.refusal_ground(item))
    }

    fn termination_ground(&self, item: u32) -> Option<&Ground> {
        self.national.and_then(|set| set.termination_ground(item))
    }

    fn limit(&self, key: &str) -> Option<&Limit> {
        [self.national, self.overlay].into_iter().flatten().find_map(|set| set.limit(key))
    }

    fn body(&self, key: &str) -> Option<(String, String)> {
        self.bodies.get(key).cloned()
    }
}
