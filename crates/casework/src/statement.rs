//! 对外发布审批 (11.2, 12315保密纪律制度第三条): nobody speaks to media or publishes without an approval on record. Whoever wants to
//! proposes the words; a leader of the bureau approves or refuses with reason; where and when it was said is marked afterwards.

use domain::role::Role;
use domain::statement::{StatementKind, StatementState};
use store::Tx;
use store::statement::{NewStatement, StatementRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{record, staff};

/// Characters a line may have.
const LINE_AT_MOST: usize = 100;
/// Characters the words may have.
const TEXT_AT_MOST: usize = 5_000;
/// Statements shown at once.
const SHOWN: i64 = 500;

/// What somebody wants to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Key of the kind.
    pub kind: String,
    /// In a line.
    pub title: String,
    /// In which medium.
    pub medium: String,
    /// On what occasion.
    pub occasion: String,
    /// The words.
    pub text: String,
    /// Numbers of cases, as typed.
    pub cases: String,
}

/// Whether a role decides on what the bureau says.
pub fn decides(role: Role) -> bool {
    matches!(role, Role::Leader | Role::DutyDirector)
}

/// Whether she decides for the bureau: an office's leader does not.
pub fn decides_for(person: &Staff, bureau: i64) -> bool {
    person.grants.iter().any(|grant| decides(grant.role) && grant.kind != "office" && grant.bureau_id == bureau)
}

/// The bureau in whose name she may propose something.
fn bureau_of(person: &Staff) -> Option<i64> {
    let works = |role: Role| role.reads_cases() && role != Role::Auditor;
    person.grants.iter().find(|grant| works(grant.role)).map(|grant| grant.bureau_id)
}

/// Whether she may propose.
pub fn proposes(person: &Staff) -> bool {
    bureau_of(person).is_some()
}

/// Proposes something to be said; gives its id.
pub fn propose(tx: &mut Tx<'_>, scene: Scene<'_>, draft: &Draft) -> Result<i64, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let bureau = bureau_of(person).ok_or(ActError::Forbidden)?;
    let long = |text: &str, most: usize| text.chars().count() > most;
    let kind = StatementKind::from_key(&draft.kind);
    let separate = |sign: char| sign.is_whitespace() || matches!(sign, '、' | '，' | ',' | ';' | '；');
    let numbers: Vec<&str> = draft.cases.split(separate).filter(|number| !number.is_empty()).collect();
    let (mut unknown, mut confined) = (false, false);
    for number in &numbers {
        match record::readable(tx, scene, number) {
            Ok(case) => confined |= case.state.kind.is_confined(),
            Err(ActError::NotFound) => unknown = true,
            Err(error) => return Err(error),
        }
    }
    Faults::default()
        .when(kind.is_none(), "kind", "kind.missing", "请选择是采访、提供信息、发布还是讲话")
        .needed("title", &draft.title, "请用一句话写明说什么")
        .needed("medium", &draft.medium, "请写明哪家媒体、哪个平台或者场合")
        .needed("text", &draft.text, "请写出要说的内容或者采访提纲")
        .when(long(&draft.title, LINE_AT_MOST), "title", "title.too_long", "请控制在 100 个字以内")
        .when(long(&draft.medium, LINE_AT_MOST), "medium", "medium.too_long", "请控制在 100 个字以内")
        .when(long(&draft.occasion, LINE_AT_MOST), "occasion", "occasion.too_long", "请控制在 100 个字以内")
        .when(long(&draft.text, TEXT_AT_MOST), "text", "text.too_long", "请控制在 5000 个字以内")
        .when(unknown, "cases", "cases.unknown", "有的编号没有找到，请核对")
        .when(confined, "cases", "cases.confined", "举报和对工作人员的投诉不能对外说，请去掉")
        .done()?;
    let Some(kind) = kind else { return Err(ActError::NotFound) };
    let clean = |text: &str| text.trim().to_owned();
    let new = NewStatement {
        bureau_id: bureau,
        kind,
        title: clean(&draft.title),
        medium: clean(&draft.medium),
        occasion: clean(&draft.occasion),
        text: clean(&draft.text),
        cases: numbers.join(" "),
        proposed_by: person.account_id,
    };
    let id = store::statement::insert(tx, &new, scene.now)?;
    staff::note(tx, scene, &format!("对外发布：提请第 {id} 号"))?;
    Ok(id)
}

/// A statement, for its proposer, for those who decide, and once it is approved for everybody of the bureau who works on cases.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<StatementRow, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::NotFound) };
    store::statement::find(tx, id)?.filter(|row| sees(person, row)).ok_or(ActError::NotFound)
}

fn sees(person: &Staff, row: &StatementRow) -> bool {
    let out = matches!(row.state, StatementState::Approved | StatementState::Published);
    row.said.proposed_by == person.account_id
        || decides_for(person, row.said.bureau_id)
        || (out && bureau_of(person) == Some(row.said.bureau_id))
}

/// A leader of the bureau approves or refuses; nobody her own.
pub fn decide(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, approved: bool, opinion: &str) -> Result<(), ActError> {
    let row = open(tx, scene, id)?;
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    if !decides_for(person, row.said.bureau_id) {
        return Err(ActError::Forbidden);
    }
    let own = row.said.proposed_by == person.account_id;
    Faults::default()
        .when(own, "opinion", "statement.own", "自己提请的由另一位局领导批准")
        .needed("opinion", opinion, "请写明意见：为什么可以说，或者为什么不能说")
        .when(opinion.chars().count() > LINE_AT_MOST * 5, "opinion", "opinion.too_long", "请控制在 500 个字以内")
        .done()?;
    if !store::statement::decide(tx, id, approved, opinion.trim(), person.account_id, scene.now)? {
        return Err(changed(&row));
    }
    let word = if approved { "批准" } else { "不批准" };
    staff::note(tx, scene, &format!("对外发布：{word}第 {id} 号"))
}

/// Marks where and when it was said: by its proposer or whoever decides.
pub fn publish(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, place: &str) -> Result<(), ActError> {
    let row = hers(tx, scene, id)?;
    Faults::default()
        .needed("place", place, "请写明在哪里发的：网址、版面、节目")
        .when(place.chars().count() > LINE_AT_MOST * 2, "place", "place.too_long", "请控制在 200 个字以内")
        .done()?;
    approved(tx, id)?;
    if !store::statement::publish(tx, id, place.trim(), scene.now)? {
        return Err(changed(&row));
    }
    staff::note(tx, scene, &format!("对外发布：已发布第 {id} 号"))
}

/// Takes it back before it was said.
pub fn withdraw(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let row = hers(tx, scene, id)?;
    if !store::statement::withdraw(tx, id)? {
        return Err(changed(&row));
    }
    staff::note(tx, scene, &format!("对外发布：撤回第 {id} 号"))
}

fn hers(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<StatementRow, ActError> {
    let row = open(tx, scene, id)?;
    match scene.actor {
        Actor::Staff(person)
            if row.said.proposed_by == person.account_id || decides_for(person, row.said.bureau_id) =>
        {
            Ok(row)
        }
        _ => Err(ActError::Forbidden),
    }
}

fn changed(row: &StatementRow) -> ActError {
    ActError::Conflict { since: format!("这一份已经是“{}”", row.state.label()) }
}

/// The approval without which nothing is published: for every feature that brings something outside. Gives the approved words.
pub fn approved(tx: &mut Tx<'_>, id: i64) -> Result<StatementRow, ActError> {
    let row = store::statement::find(tx, id)?.filter(|row| row.state == StatementState::Approved);
    row.ok_or_else(|| {
        let sentence = "没有批准的不能对外发布：请先在“对外发布”里提请局领导批准";
        ActError::field("statement", "statement.not_approved", sentence)
    })
}

/// What she sees of the statements of her bureaus.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<StatementRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut bureaus: Vec<i64> = person.grants.iter().map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    let mut rows = Vec::new();
    for bureau in bureaus {
        rows.extend(store::statement::of_bureau(tx, bureau, SHOWN)?);
    }
    rows.retain(|row| sees(person, row));
    Ok(rows)
}

/// What waits for her decision.
pub fn waiting(tx: &mut Tx<'_>, person: &Staff) -> Result<Vec<StatementRow>, ActError> {
    let mut rows = Vec::new();
    for grant in person.grants.iter().filter(|grant| decides_for(person, grant.bureau_id)) {
        rows.extend(store::statement::of_bureau(tx, grant.bureau_id, SHOWN)?);
    }
    rows.retain(|row| row.state == StatementState::Proposed && row.said.proposed_by != person.account_id);
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}
