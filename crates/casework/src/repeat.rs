//! 重复举报 (O121 art. 35): the same reporter's same matter once more is not handled by itself; what she adds is taken into the one
//! that is under way, whose time to check is then counted anew. Whatever anybody else reports is handled by itself.
//!
//! Who she is stays in the vault: that both are hers is known from the receipt code she showed, from two looks that are on record,
//! or from her own words.

use domain::act::Act;
use domain::case::Outcome;
use domain::link::Relation;
use domain::reporting::{Same, rules};
use domain::status::Status;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::linking::another;
use crate::{operator_tie, record};

/// What is said of a report that came again.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// The earlier report.
    pub of: &'a str,
    /// By what it is known to be the same reporter's.
    pub same: Option<Same>,
    /// Why it says nothing new, or what is new.
    pub reason: &'a str,
}

impl Again<'_> {
    fn checked(&self) -> Result<Same, ActError> {
        Faults::default()
            .needed("into", self.of, "请写先前那一件的编号")
            .when(self.same.is_none(), "same", "same.missing", "请选择根据什么认定是同一举报人")
            .needed("reason", self.reason, "请写两件的事实有什么相同、有什么不同")
            .done()?;
        self.same.ok_or(ActError::NotFound)
    }
}

/// Says that a report tells nothing but what its reporter had reported already: it ends here, the earlier one goes on.
pub fn not_separately(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    again: &Again<'_>,
) -> Result<CaseRow, ActError> {
    let same = again.checked()?;
    let (of, reason) = (again.of.trim().to_owned(), again.reason.trim().to_owned());
    let act = Act::NotSeparately { of: of.clone(), same, reason };
    let hers = |tx: &mut Tx<'_>, case: &CaseRow| earlier_one(tx, scene, case, &of, same).map(drop);
    record::act(tx, scene, number, seen, &act, hers, |tx, case| {
        let earlier = another(tx, scene, "into", &of)?;
        tie(tx, scene, case, earlier, Relation::Repeat)
    })
}

/// Takes new facts into the report that is under way; its time to check is counted anew from the receipt of this one.
pub fn merge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    again: &Again<'_>,
) -> Result<CaseRow, ActError> {
    let same = again.checked()?;
    let (into, reason) = (again.of.trim().to_owned(), again.reason.trim().to_owned());
    let act = Act::Merge { into: into.clone(), reason, same: Some(same) };
    let fits = |tx: &mut Tx<'_>, case: &CaseRow| {
        let main = earlier_one(tx, scene, case, &into, same)?;
        takes_more(case, &main)
    };
    record::act(tx, scene, number, seen, &act, fits, |tx, case| {
        let main = another(tx, scene, "into", &into)?;
        tie(tx, scene, case, main, Relation::Merged)
    })
}

/// Undoes either: `was` is how the report had ended.
pub(crate) fn part(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    earlier: CaseRow,
    was: Option<Outcome>,
) -> Result<(), ActError> {
    let relation = if was == Some(Outcome::Repeated) { Relation::Repeat } else { Relation::Merged };
    // What she said herself, by showing her code, stays said.
    if relation == Relation::Merged || case.state.turns.reporting.earlier.as_ref() != Some(&earlier.number) {
        store::case_link::undo(tx, case.id, earlier.id, relation.key(), scene.now)?;
    }
    let counts_from = counts_from(case, &earlier, relation);
    let noted = Act::NoteLinked { other: case.number.clone(), relation, made: false, counts_from };
    record::perform(tx, scene, earlier, &noted).map(drop)
}

/// Links the two, if they are not linked so yet, and has the earlier one note it.
pub(crate) fn tie(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    earlier: CaseRow,
    relation: Relation,
) -> Result<(), ActError> {
    let links = store::case_link::of_case(tx, case.id)?;
    if !links.iter().any(|link| link.other_id == earlier.id && link.relation == relation.key()) {
        store::case_link::insert(tx, case.id, earlier.id, relation.key(), scene.now)?;
    }
    let counts_from = counts_from(case, &earlier, relation);
    let noted = Act::NoteLinked { other: case.number.clone(), relation, made: true, counts_from };
    record::perform(tx, scene, earlier, &noted).map(drop)
}

/// From when on the earlier one is checked anew: where a case is opened by now, its check is over (行政处罚程序规定第十八条).
fn counts_from(case: &CaseRow, earlier: &CaseRow, relation: Relation) -> Option<Timestamp> {
    (relation == Relation::Merged && !earlier.state.turns.reporting.opened).then_some(case.received_at)
}

/// The earlier report, when the law of its day knows repeats, both name the same one, and both are one reporter's.
fn earlier_one(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    number: &str,
    same: Same,
) -> Result<CaseRow, ActError> {
    let no = |field: &str, code: &str, why: &str| Err(ActError::field(field, code, why));
    if !rules().repeat.holds_under(&case.rule_set) {
        let why = "本件收到时的规定没有重复举报这一条，请单独办理；可以用“关联案件”记下先前的一件";
        return no("into", "into.other_law", why);
    }
    let earlier = another(tx, scene, "into", number)?;
    if earlier.id == case.id {
        return no("into", "into.same", "不能并入自己");
    }
    if earlier.state.kind != case.state.kind || earlier.state.bureau != case.state.bureau {
        return no("into", "into.elsewhere", "只能是本局的另一件举报");
    }
    if (earlier.received_at, earlier.id) > (case.received_at, case.id) {
        return no("into", "into.later", "那一件比本件后收到，请到那一件上办理");
    }
    if let Some(merged) = &earlier.state.turns.accepting.merged {
        let why = format!("那一件自己也是重复举报，请写 {}", merged.into);
        return Err(ActError::field("into", "into.merged", &why));
    }
    if !is_same_shop(tx, case, &earlier)? {
        return no("into", "into.another_shop", "两件举报的不是同一个被举报人；可以用“关联案件”记为相关");
    }
    match same {
        Same::Code if case.state.turns.reporting.earlier.as_ref() != Some(&earlier.number) => {
            no("same", "same.no_code", "本件提出时没有填那一件的回执码，请选择别的根据")
        }
        Same::Identity if !(was_opened(tx, case)? && was_opened(tx, &earlier)?) => {
            let why = "两件的身份还没有都依规定打开过；匿名的不能这样核对";
            no("same", "same.not_opened", why)
        }
        _ => Ok(earlier),
    }
}

fn is_same_shop(tx: &mut Tx<'_>, case: &CaseRow, other: &CaseRow) -> Result<bool, ActError> {
    if !case.matter.respondent_name.is_empty() && case.matter.respondent_name == other.matter.respondent_name {
        return Ok(true);
    }
    let (one, two) = (operator_tie::of_case(tx, case)?, operator_tie::of_case(tx, other)?);
    Ok(one.is_some_and(|one| two.is_some_and(|two| one.id == two.id)))
}

/// Whether somebody looked at who reported, with all that the vault asks before.
fn was_opened(tx: &mut Tx<'_>, case: &CaseRow) -> Result<bool, ActError> {
    match store::vault::identity(tx, case.id, crate::vault::REPORTER)? {
        Some(identity) => Ok(!store::vault::openings(tx, identity.id)?.is_empty()),
        None => Ok(false),
    }
}

/// Whether the one under way can take new facts in now, and nothing of this one is lost.
fn takes_more(case: &CaseRow, main: &CaseRow) -> Result<(), ActError> {
    let no = |code: &str, why: &str| Err(ActError::field("into", code, why));
    let (state, main) = (&case.state, &main.state);
    if main.status == Status::PendingApproval {
        return no("into.pending", "那一件正在等负责人审批，批准或者退回以后再合并");
    }
    if main.outcome.is_some() || !main.status.is_open() {
        return no("into.closed", "那一件已经办结：没有新的事实的不再另行处理，有新的事实的单独办理");
    }
    if main.suspended.is_some() || main.extension_asked.is_some() {
        return no("into.waiting", "那一件的期限正在中止，或者有延长申请没有答复，办完再合并");
    }
    if state.suspended.is_some() || state.extension_asked.is_some() {
        return no("into.own_waiting", "本件的期限正在中止，或者有延长申请没有答复，办完再合并");
    }
    if state.turns.reporting.duty.is_some() && main.turns.reporting.duty.is_none() {
        return no("into.duty", "本件已认定须告知结果，请先在那一件也认定是否须告知");
    }
    Ok(())
}
