//! 投诉人的动作: urge, withdraw, add evidence; and the answer to an urging (catalogue 3.12, 5.4).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{filing, notice, record};

/// The longest note of hers, in characters.
const WORDS_AT_MOST: usize = 500;

fn short(field: &str, words: &str) -> Result<(), ActError> {
    let message = "请控制在 500 个字以内";
    let too_long = words.chars().count() > WORDS_AT_MOST;
    Faults::default().when(too_long, field, &format!("{field}.too_long"), message).done()
}

/// Asks for news.
pub fn urge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    words: &str,
) -> Result<CaseRow, ActError> {
    short("words", words)?;
    let act = Act::Urge { words: words.trim().to_owned() };
    let answered = |_: &mut Tx<'_>, case: &CaseRow| match case.state.urge_open {
        true => Err(ActError::field("words", "urge.open", "您已经催办过，承办单位正在答复，请稍等")),
        false => Ok(()),
    };
    record::act(tx, scene, number, seen, &act, answered, record::nothing_after)
}

/// Gives news to a consumer who urged.
pub fn answer_urge(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    answer: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("answer", answer, "请写进展：办到哪一步，下一步是什么").done()?;
    let act = Act::AnswerUrge { answer: answer.trim().to_owned() };
    let urged = |_: &mut Tx<'_>, case: &CaseRow| match case.state.urge_open {
        true => Ok(()),
        false => Err(ActError::field("answer", "urge.none", "现在没有等待答复的催办")),
    };
    record::act(tx, scene, number, seen, &act, urged, |tx, case| {
        let body = format!("关于您的催办（编号 {}）：{}", case.number, answer.trim());
        notice::complainant(tx, scene, case, &notice::Notice { subject: "催办答复", body: &body, paper: None })
    })
}

/// Withdraws. When officers have the case, the other side is still to be told (O121 art. 23).
pub fn withdraw(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    reason: &str,
) -> Result<CaseRow, ActError> {
    short("words", reason)?;
    let act = Act::Withdraw { reason: reason.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let word = filing::word(case.state.kind);
        let body = format!("您的{word}（编号 {}）已按您的要求撤回。", case.number);
        let subject = format!("{word}已撤回");
        notice::complainant(tx, scene, case, &notice::Notice { subject: &subject, body: &body, paper: None })
    })
}

/// Adds the files of an upload (kept under a draft's key) to a case.
pub fn add_evidence(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    draft_hash: &str,
    note: &str,
) -> Result<CaseRow, ActError> {
    short("note", note)?;
    let files = store::attachment::of_draft(tx, draft_hash)?;
    let act = Act::AddEvidence { files: files.len(), note: note.trim().to_owned() };
    let room = |tx: &mut Tx<'_>, case: &CaseRow| {
        if files.is_empty() {
            return Err(ActError::field("files", "files.missing", "请选择要补充的文件"));
        }
        let at_most = scene.house.settings.evidence_at_most;
        if store::attachment::of_case(tx, case.id)?.len() + files.len() > at_most {
            return Err(ActError::field("files", "files.too_many", format!("一件最多 {at_most} 个文件")));
        }
        Ok(())
    };
    record::act(tx, scene, number, seen, &act, room, |tx, case| {
        store::attachment::adopt(tx, draft_hash, case.id)?;
        for file in &files {
            let paper = filing::evidence_paper(scene, case.state.version, file.id, &file.name);
            store::paper::insert(tx, case.id, &paper)?;
        }
        Ok(())
    })
}
