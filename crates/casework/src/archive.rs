//! 归档: a closed case becomes a file with a contents list, checked for completeness (catalogue 9.1).

use domain::act::Act;
use domain::action::Action;
use domain::case::Outcome;
use domain::clock::beijing_time;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::case::CaseRow;
use store::paper::PaperRow;
use store::volume::VolumeRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::{filing, record};

/// One line of the contents list (卷内目录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsLine {
    /// 顺序号, from 1.
    pub place: u32,
    /// 题名.
    pub title: String,
    /// 文号.
    pub number: String,
    /// The paper.
    pub paper_id: i64,
}

/// Closes a case into a file. A file that lacks a required paper stays open, and the answer says which.
pub fn archive(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let contents = contents(&store::paper::of_case(tx, case.id)?);
    let year = beijing_time(scene.now).year();
    // The number is taken before the act so that the event can name it; if the act is refused, the transaction takes it back.
    let file_number = if let Some(volume) = store::volume::of_case(tx, case.id)? {
        volume.file_number
    } else {
        // The bureau that closes it, which need not be the one that numbered the case.
        let bureau = store::organization::find(tx, case.state.bureau)?.ok_or(ActError::NotFound)?;
        let region = filing::region6(&bureau);
        let serial = store::number::next(tx, &format!("volume:{region}:{year}"))?;
        format!("{region}-{year}-{serial:05}")
    };
    let act = Act::Archive { file_number: file_number.clone(), papers: contents.len() as u32 };
    let complete = |tx: &mut Tx<'_>, case: &CaseRow| match missing(tx, scene, case)?.as_slice() {
        [] => Ok(()),
        missing => {
            Err(ActError::field("papers", "papers.missing", format!("还缺{}，补齐后才能归档", missing.join("、"))))
        }
    };
    record::act(tx, scene, number, seen, &act, complete, |tx, case| {
        let retention = scene.house.book.get(&case.rule_set).and_then(|set| set.retention.as_ref());
        let words = retention.and_then(|it| it.years).map_or_else(|| "长期".to_owned(), |years| format!("{years}年"));
        let volume = VolumeRow {
            file_number: file_number.clone(),
            retention: words,
            contents: serde_json::to_string(&contents).expect("a list of lines is plain data"),
            closed_by: scene.actor.id(),
            closed_at: scene.now,
        };
        store::volume::insert(tx, case.id, &volume).map_err(ActError::from)
    })
}

/// The papers in the order of a file: registration, decisions, notices, records, outcome, then evidence.
pub fn contents(papers: &[PaperRow]) -> Vec<ContentsLine> {
    let mut ordered: Vec<&PaperRow> = papers.iter().collect();
    ordered.sort_by_key(|paper| (ORDER.iter().position(|kind| *kind == paper.kind).unwrap_or(ORDER.len()), paper.id));
    ordered
        .iter()
        .enumerate()
        .map(|(index, paper)| ContentsLine {
            place: index as u32 + 1,
            title: paper.title.clone(),
            number: paper.number.clone(),
            paper_id: paper.id,
        })
        .collect()
}

/// The titles of required papers that the file lacks.
pub fn missing(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<String>, ActError> {
    let papers = store::paper::of_case(tx, case.id)?;
    let set = scene.house.book.get(&case.rule_set);
    Ok(required(tx, case)?
        .into_iter()
        .filter(|kind| !papers.iter().any(|paper| paper.kind == *kind))
        // A period of law whose set has no such form does not require it.
        .filter_map(|kind| set.and_then(|set| set.letter(kind)).map(|letter| letter.title.clone()))
        .collect())
}

/// The papers that an outcome cannot do without (O121 arts. 10, 15, 20, 23, 24).
fn required(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<&'static str>, ActError> {
    let mut required = vec!["registration_form"];
    let acts = store::event::of_case(tx, case.id)?;
    // What the simple procedure accepted and settled in one act has no decision of its own.
    if acts.iter().any(|event| event.act == Action::Accept.key()) {
        required.push("acceptance_decision");
    }
    match case.state.outcome {
        Some(Outcome::Refused(_) | Outcome::Referred) => required.push("refusal_decision"),
        Some(Outcome::Terminated(_)) => required.push("termination_decision"),
        Some(Outcome::Settled) => {
            let last = acts.iter().rev().find_map(|event| match serde_json::from_str::<Act>(&event.data) {
                Ok(Act::Settle { paper, .. }) => Some(Some(paper)),
                Ok(Act::SettleOnSpot { .. }) => Some(None),
                _ => None,
            });
            // Settled on the spot: one paper stands for all.
            let Some(Some(with_paper)) = last else {
                required.push("simple_record");
                return Ok(required);
            };
            // Without an agreement paper, the record of mediation stands for it (art. 24).
            required.push(if with_paper { "mediation_agreement" } else { "mediation_record" });
        }
        // Withdrawn before anybody registered it: there is nothing else to keep.
        // What was answered has its answer in the course.
        // The papers of a penalty case are not made here yet.
        Some(
            Outcome::Withdrawn
            | Outcome::Answered
            | Outcome::Merged
            | Outcome::Repeated
            | Outcome::NotOpened(_)
            | Outcome::Decided(_)
            | Outcome::TurnedAway,
        )
        | None => required.clear(),
    }
    Ok(required)
}

const ORDER: &[&str] = &[
    "registration_form",
    "acceptance_decision",
    "refusal_decision",
    "dispatch_notice",
    "mediation_notice",
    "recusal_decision",
    "delegation_letter",
    "appraisal_entrustment",
    "appraisal_result",
    "mediation_record",
    "simple_record",
    "police_referral",
    "mediation_agreement",
    "termination_decision",
    "result_notice",
    "evidence",
];
