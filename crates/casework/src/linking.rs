//! 合并与关联: a repeat follows the case that came first, and can be parted from it again; cases that belong together are linked
//! (catalogue 3.9, 3.10; O121 arts. 12, 16).

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::link::Relation;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{notice, operator_tie, record, repeat};

/// The relations that a person makes and undoes by herself; the others come with their own acts.
pub const BY_HAND: &[Relation] = &[Relation::Repeat, Relation::Related, Relation::Joint];

/// Lets a case follow another one of the same person about the same shop: its clocks stop, the other goes on.
pub fn merge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    into: &str,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let (into, reason) = (into.trim().to_owned(), reason.trim());
    Faults::default()
        .needed("into", &into, "请写并入哪一件的编号")
        .needed("reason", reason, "请写明为什么是同一件事")
        .done()?;
    let act = Act::Merge { into: into.clone(), reason: reason.to_owned(), same: None };
    let same = |tx: &mut Tx<'_>, case: &CaseRow| {
        let main = another(tx, scene, "into", &into)?;
        follows(tx, case, &main)
    };
    record::act(tx, scene, number, seen, &act, same, |tx, case| {
        let main = another(tx, scene, "into", &into)?;
        store::case_link::insert(tx, case.id, main.id, Relation::Merged.key(), scene.now)?;
        let noted =
            Act::NoteLinked { other: case.number.clone(), relation: Relation::Merged, made: true, counts_from: None };
        let main = record::perform(tx, scene, main, &noted)?;
        let body = format!(
            "您的投诉（编号 {}）与编号 {} 的投诉是同一件事，并在一起办理。请用编号 {} 查询进展。",
            case.number, main.number, main.number
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉合并办理", body: &body, paper: None })
    })
}

/// Undoes a merging: status and clocks are again what they were.
pub fn unmerge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let reason = reason.trim();
    Faults::default().needed("reason", reason, "请写明为什么撤销合并").done()?;
    let case = record::readable(tx, scene, number)?;
    let was = case.state.outcome;
    // A repeated request finds nothing merged any more; its own event says from what it was parted.
    let from = match &case.state.turns.accepting.merged {
        Some(merged) => merged.into.clone(),
        None => last_merged(tx, &case)?,
    };
    let act = Act::Unmerge { from: from.clone(), reason: reason.to_owned() };
    let merged = |_: &mut Tx<'_>, case: &CaseRow| match case.state.turns.accepting.merged {
        Some(_) => Ok(()),
        None => Err(ActError::field("reason", "merge.none", "本件没有并入别的案件")),
    };
    record::act(tx, scene, number, seen, &act, merged, |tx, case| {
        if let Some(main) = store::case::by_number(tx, &from)? {
            if case.state.kind == CaseKind::Report {
                return repeat::part(tx, scene, case, main, was);
            }
            store::case_link::undo(tx, case.id, main.id, Relation::Merged.key(), scene.now)?;
            let noted = Act::NoteLinked {
                other: case.number.clone(),
                relation: Relation::Merged,
                made: false,
                counts_from: None,
            };
            record::perform(tx, scene, main, &noted)?;
        }
        let body = format!("您的投诉（编号 {}）恢复单独办理。", case.number);
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉恢复单独办理", body: &body, paper: None })
    })
}

/// Links a case with another.
pub fn link(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    other: &str,
    relation: Option<Relation>,
) -> Result<CaseRow, ActError> {
    let relation = by_hand(relation)?;
    let act = Act::Link { other: other.trim().to_owned(), relation };
    let fresh = |tx: &mut Tx<'_>, case: &CaseRow| {
        let other = another(tx, scene, "other", other)?;
        if case.id == other.id {
            return Err(ActError::field("other", "other.same", "不能和自己关联"));
        }
        // The other's readers see the link: of a report only those of reports may know.
        if case.state.kind.is_confined() != other.state.kind.is_confined() {
            return Err(ActError::field("other", "other.confined", "举报只能和举报关联"));
        }
        let links = store::case_link::of_case(tx, case.id)?;
        match links.iter().any(|link| link.other_id == other.id && link.relation == relation.key()) {
            true => Err(ActError::field("other", "other.linked", "这两件已经这样关联了")),
            false => Ok(()),
        }
    };
    record::act(tx, scene, number, seen, &act, fresh, |tx, case| {
        let other = another(tx, scene, "other", other)?;
        store::case_link::insert(tx, case.id, other.id, relation.key(), scene.now)?;
        let noted = Act::NoteLinked { other: case.number.clone(), relation, made: true, counts_from: None };
        record::perform(tx, scene, other, &noted).map(drop)
    })
}

/// Undoes a link.
pub fn unlink(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    other: &str,
    relation: Option<Relation>,
) -> Result<CaseRow, ActError> {
    let relation = by_hand(relation)?;
    let act = Act::Unlink { other: other.trim().to_owned(), relation };
    let linked = |tx: &mut Tx<'_>, case: &CaseRow| {
        let other = another(tx, scene, "other", other)?;
        let links = store::case_link::of_case(tx, case.id)?;
        match links.iter().any(|link| link.other_id == other.id && link.relation == relation.key()) {
            true => Ok(()),
            false => Err(ActError::field("other", "other.not_linked", "这两件没有这样关联")),
        }
    };
    record::act(tx, scene, number, seen, &act, linked, |tx, case| {
        let other = another(tx, scene, "other", other)?;
        store::case_link::undo(tx, case.id, other.id, relation.key(), scene.now)?;
        let noted = Act::NoteLinked { other: case.number.clone(), relation, made: false, counts_from: None };
        record::perform(tx, scene, other, &noted).map(drop)
    })
}

/// The other case, if she may know of it.
pub(crate) fn another(tx: &mut Tx<'_>, scene: Scene<'_>, field: &str, number: &str) -> Result<CaseRow, ActError> {
    match store::case::by_number(tx, number.trim())? {
        Some(case) if scene.actor.may_read(&case) => Ok(case),
        _ => Err(ActError::field(field, &format!("{field}.unknown"), "没有找到这个编号的案件，请核对")),
    }
}

fn by_hand(relation: Option<Relation>) -> Result<Relation, ActError> {
    relation
        .filter(|relation| BY_HAND.contains(relation))
        .ok_or_else(|| ActError::field("relation", "relation.unknown", "请选择两件是什么关系"))
}

/// Whether a case may follow the other: the same person, the same shop, the same bureau; nothing is under way that would be lost.
fn follows(tx: &mut Tx<'_>, case: &CaseRow, main: &CaseRow) -> Result<(), ActError> {
    let no = |code: &str, why: &str| Err(ActError::field("into", code, why));
    if case.id == main.id {
        return no("into.same", "不能并入自己");
    }
    if main.state.bureau != case.state.bureau || main.state.kind != case.state.kind {
        return no("into.elsewhere", "只能并入本局的另一件投诉");
    }
    if !main.state.status.is_open() {
        return no("into.closed", "那一件已经办结，不能再并入；可以用“关联案件”记为重复");
    }
    let person = |tx: &mut Tx<'_>, id: i64| {
        let parties = store::party::of_case(tx, id)?;
        let of_role = |role: &str| parties.iter().find(|party| party.role == role).cloned().unwrap_or_default();
        Ok::<_, ActError>((of_role("complainant").phone, of_role("respondent").credit_code))
    };
    let ((phone, code), (main_phone, main_code)) = (person(tx, case.id)?, person(tx, main.id)?);
    if phone.is_empty() || phone != main_phone {
        return no("into.another_person", "两件不是同一个人投诉的，不能合并；多人同一争议请用“关联案件”记为共同投诉");
    }
    let operator = |tx: &mut Tx<'_>, case: &CaseRow| {
        Ok::<_, ActError>(operator_tie::of_case(tx, case)?.map(|operator| operator.id))
    };
    let of_this = operator(tx, case)?;
    let same_shop = main.matter.respondent_name == case.matter.respondent_name
        || (!code.is_empty() && code == main_code)
        || (of_this.is_some() && of_this == operator(tx, main)?);
    if !same_shop {
        return no("into.another_shop", "两件投诉的不是同一个商家，不能合并；可以用“关联案件”记为相关");
    }
    let (state, turns) = (&case.state, &case.state.turns.dispatching);
    let mediation = &case.state.turns.mediation;
    let waiting = mediation.recusal.is_some()
        || mediation.appraisal
        || mediation.delegated
        || mediation.clue
        || mediation.police_asked
        || state.suspended.is_some()
        || state.extension_asked.is_some()
        || state.urge_open
        || turns.urged_by.is_some()
        || turns.supervision.is_some()
        || turns.dispute.is_some()
        || turns.referral.is_some();
    if waiting {
        return no(
            "into.waiting",
            "本件还有中止、延长、催办、督办、回避、鉴定、委托、线索、权限争议或者移送没有办完，办完再合并",
        );
    }
    Ok(())
}

fn last_merged(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    let parted = events.iter().rev().find_map(|event| match serde_json::from_str(&event.data) {
        Ok(Act::Unmerge { from, .. }) => Some(from),
        _ => None,
    });
    Ok(parted.unwrap_or_default())
}
