//! 案卷: opens with the case and grows with it; what lies in it, in which order, what it lacks, and its closing (catalogue 9.1).

use domain::act::Act;
use domain::archive::{Part, Required, Settling, archive_rules};
use domain::clock::{beijing_day, beijing_time};
use domain::status::Status;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::archive::{ItemFile, NewItem};
use store::case::CaseRow;
use store::paper::PaperRow;
use store::volume::VolumeRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::{filing, holdings, record};

/// One line of the contents list (卷内目录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsLine {
    /// 正卷 or 副卷.
    #[serde(default = "main_part")]
    pub part: Part,
    /// 件号 in its part, from 1.
    pub place: u32,
    /// 题名.
    pub title: String,
    /// 文号.
    pub number: String,
    /// The paper.
    pub paper_id: i64,
    /// Its day.
    #[serde(default)]
    pub day: Option<Date>,
}

fn main_part() -> Part {
    Part::Main
}

/// A paper in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileItem {
    /// How it stands in the contents list.
    pub line: ContentsLine,
    /// The group of papers it lies with, in the words of the rule.
    pub group: &'static str,
    /// The paper itself.
    pub paper: PaperRow,
}

/// A paper that the file needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its title.
    pub title: String,
    /// 条.
    pub article: &'static str,
    /// Whether it is there.
    pub there: bool,
}

/// Closes a case into a file. A file that lacks a required paper stays open, and the answer says which.
pub fn archive(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let contents: Vec<ContentsLine> = items(tx, &case)?.into_iter().map(|item| item.line).collect();
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
        let item = NewItem {
            bureau_id: case.state.bureau,
            case_id: Some(case.id),
            class: archive_rules().class_of(case.state.kind),
            number: file_number.clone(),
            title: String::new(),
            day: None,
            year: i64::from(year),
            file: ItemFile::default(),
            entered_by: scene.actor.id(),
        };
        let id = store::archive::insert(tx, &item, scene.now)?;
        let row = store::archive::find(tx, id)?.ok_or(ActError::NotFound)?;
        let volume = VolumeRow {
            file_number: file_number.clone(),
            retention: holdings::years_words(holdings::years(scene, &row, Some(&case.rule_set))),
            contents: serde_json::to_string(&contents).expect("a list of lines is plain data"),
            closed_by: scene.actor.id(),
            closed_at: scene.now,
        };
        store::volume::insert(tx, case.id, &volume)?;
        holdings::note(tx, scene, id, "归档", "")
    })
}

/// Everything in the file of a case in its order: by part, by the groups of the rules, and where somebody laid a paper elsewhere,
/// there. What came after the file was closed lies behind.
pub fn items(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<FileItem>, ActError> {
    let closed = closed_order(tx, case)?;
    let laid = match &closed {
        Some(order) => order.clone(),
        None => store::volume::order(tx, case.id)?,
    };
    let order = archive_rules().order_of(case.state.kind).ok_or(ActError::NotFound)?;
    let papers = store::paper::of_case(tx, case.id)?;
    let mut items = Vec::new();
    for part in Part::ALL {
        let mut by_rule: Vec<(usize, PaperRow)> = papers
            .iter()
            .map(|paper| (order.place(&paper.kind), paper.clone()))
            .filter(|(group, _)| order.group[*group].part == *part)
            .collect();
        by_rule.sort_by_key(|(group, paper)| (*group, paper.id));
        let lying = in_order(by_rule, &laid, closed.is_some());
        items.extend(lying.into_iter().zip(1..).map(|((group, paper), place)| FileItem {
            line: ContentsLine {
                part: *part,
                place,
                title: paper.title.clone(),
                number: paper.number.clone(),
                paper_id: paper.id,
                day: Some(beijing_day(paper.made_at)),
            },
            group: &order.group[group].name,
            paper,
        }));
    }
    Ok(items)
}

/// The papers as they lay when the file was closed; nothing while it is open.
fn closed_order(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<Vec<i64>>, ActError> {
    if case.state.status != Status::Archived {
        return Ok(None);
    }
    let volume = store::volume::of_case(tx, case.id)?;
    let lines = volume.and_then(|it| serde_json::from_str::<Vec<ContentsLine>>(&it.contents).ok());
    Ok(lines.map(|lines| lines.iter().map(|line| line.paper_id).collect()))
}

/// Those that somebody laid, in that order; the others before the first of a later group, or behind everything.
fn in_order(by_rule: Vec<(usize, PaperRow)>, laid: &[i64], behind: bool) -> Vec<(usize, PaperRow)> {
    let (mut known, others): (Vec<_>, Vec<_>) = by_rule.into_iter().partition(|(_, paper)| laid.contains(&paper.id));
    known.sort_by_key(|(_, paper)| laid.iter().position(|id| *id == paper.id));
    for (group, paper) in others {
        let later = known.iter().position(|(other, _)| *other > group).filter(|_| !behind);
        known.insert(later.unwrap_or(known.len()), (group, paper));
    }
    known
}

/// Lays a paper at another place of its part, counted from 1, while the file is open.
pub fn place(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, paper: i64, to: usize) -> Result<(), ActError> {
    let case = record::readable(tx, scene, number)?;
    if !places(scene.actor, &case) {
        return Err(ActError::Forbidden);
    }
    if case.state.status == Status::Archived {
        return Err(ActError::field("paper", "volume.closed", "案卷已经归档，次序不能再调整"));
    }
    let items = items(tx, &case)?;
    let part = items.iter().find(|item| item.paper.id == paper).ok_or(ActError::NotFound)?.line.part;
    let mut papers: Vec<i64> = items.iter().filter(|item| item.line.part == part).map(|item| item.paper.id).collect();
    papers.retain(|id| *id != paper);
    papers.insert(to.saturating_sub(1).min(papers.len()), paper);
    Ok(store::volume::set_order(tx, case.id, part.key(), &papers, scene.actor.id(), scene.now)?)
}

/// Whether she may lay papers elsewhere.
pub fn places(actor: &Actor, case: &CaseRow) -> bool {
    let standing = actor.standing(case);
    standing.assigned || standing.roles.iter().any(|role| archive_rules().roles.placing.contains(role))
}

/// Whether she sees the side part: those who have the case in hand, and who directs them.
pub fn sees_side(actor: &Actor, case: &CaseRow) -> bool {
    if *actor == Actor::System {
        return true;
    }
    let standing = actor.standing(case);
    let mut roles = standing.roles.iter().chain(&standing.bureau);
    standing.assigned || roles.any(|role| archive_rules().roles.side.contains(role))
}

/// The titles of required papers that the file lacks.
pub fn missing(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<String>, ActError> {
    Ok(needs(tx, scene, case)?.into_iter().filter(|need| !need.there).map(|need| need.title).collect())
}

/// The papers that the rules require of the case as it stands, each with its article and whether it is there.
pub fn needs(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Need>, ActError> {
    let papers = store::paper::of_case(tx, case.id)?;
    let set = scene.house.book.get(&case.rule_set);
    let required = required(tx, case)?;
    // A period of law whose set has no such form does not require it.
    let titled = required.into_iter().filter_map(|rule| Some((rule, set?.letter(&rule.paper)?)));
    let need = |(rule, letter): (&'static Required, &domain::letter::LetterTemplate)| Need {
        title: letter.title.clone(),
        article: &rule.article,
        there: papers.iter().any(|paper| paper.kind == rule.paper),
    };
    Ok(titled.map(need).collect())
}

fn required(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<&'static Required>, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let settled = events.iter().rev().find_map(|event| match serde_json::from_str::<Act>(&event.data) {
        Ok(Act::Settle { paper: true, .. }) => Some(Settling::WithPaper),
        Ok(Act::Settle { paper: false, .. }) => Some(Settling::WithoutPaper),
        Ok(Act::SettleOnSpot { .. }) => Some(Settling::OnSpot),
        _ => None,
    });
    let (outcome, _) = store::case::outcome_columns(case.state.outcome);
    // What the simple procedure accepted and settled in one act has no decision of its own.
    let done = move |act: &str| events.iter().any(|event| event.act == act);
    Ok(archive_rules().required(case.state.kind, outcome, settled, done).collect())
}
