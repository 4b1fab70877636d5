//! 鉴定、检测: what is sent where, who pays, the time that does not count, and the result in the file (O121 art. 22).

use domain::act::Act;
use domain::clock::beijing_day;
use domain::mediation::Payer;
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::{notice, record, timing};

/// What is sent to be appraised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appraisal {
    /// 鉴定 or 检测: a cause for which the case's own limits stand.
    pub cause: String,
    /// What is examined, and for what.
    pub object: String,
    /// The body that examines.
    pub body: String,
    /// Who bears the cost.
    pub payer: Payer,
    /// The bureau designated the body, because the sides did not agree on one.
    pub designated: bool,
}

/// Sends something to be appraised; the limits that exclude the time stand. When the sides do not agree who pays, nothing is sent
/// and that is kept as a ground of termination.
pub fn appraise(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    appraisal: &Appraisal,
) -> Result<CaseRow, ActError> {
    let Appraisal { cause, object, body, payer, designated } = appraisal.clone();
    let agreed = payer != Payer::NotAgreed;
    let body_missing = agreed && body.trim().is_empty();
    Faults::default()
        .needed("object", &object, "请写鉴定、检测什么，要弄清什么")
        .when(body_missing, "body", "body.missing", "请写鉴定、检测机构的名称")
        .done()?;
    let (object, body) = (object.trim().to_owned(), body.trim().to_owned());
    let act = Act::Appraise { cause: cause.clone(), object: object.clone(), body: body.clone(), payer, designated };
    let known = |_: &mut Tx<'_>, case: &CaseRow| {
        let known = timing::causes(scene, case).contains(&cause);
        Faults::default().when(!known, "cause", "cause.unknown", "请从列表中选择鉴定或者检测").done()
    };
    record::act(tx, scene, number, seen, &act, known, |tx, case| {
        if !agreed {
            return Ok(());
        }
        let chosen = if designated { "双方没有商定，由本局指定" } else { "双方商定" };
        let blanks = Blanks::from([
            ("appraisal_object", object.clone()),
            ("appraisal_body", body.clone()),
            ("appraisal_chosen", chosen.to_owned()),
            ("appraisal_payer", payer.label().to_owned()),
        ]);
        letters::make(tx, scene, case, "appraisal_entrustment", &blanks)?;
        let body = format!(
            "关于“{}”的投诉已委托{body}{cause}，费用{}。{cause}所需时间不计入调解期限。",
            case.matter.title,
            payer.label()
        );
        notice::both(tx, scene, case, "鉴定、检测", &body)
    })
}

/// The result came: the limits run again, and the record goes into the file.
pub fn record_result(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    result: &str,
    day: Option<Date>,
) -> Result<CaseRow, ActError> {
    let today = beijing_day(scene.now);
    Faults::default()
        .needed("result", result, "请写鉴定、检测的结论")
        .when(day.is_none(), "day", "day.invalid", "请写出具结论的日期，例如 2026-03-18")
        .when(day.is_some_and(|day| day > today), "day", "day.in_the_future", "出具结论的日期不能晚于今天")
        .done()?;
    let day = day.unwrap_or(today);
    let act = Act::RecordAppraisal { result: result.trim().to_owned(), day };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let sent = store::event::of_case(tx, case.id)?
            .iter()
            .rev()
            .find_map(|event| match serde_json::from_str::<Act>(&event.data) {
                Ok(Act::Appraise { object, body, payer, .. }) if payer != Payer::NotAgreed => Some((object, body)),
                _ => None,
            })
            .unwrap_or_default();
        let blanks = Blanks::from([
            ("appraisal_object", sent.0),
            ("appraisal_body", sent.1),
            ("appraisal_result", result.trim().to_owned()),
            ("appraisal_day", letters::day_words(day)),
        ]);
        letters::make(tx, scene, case, "appraisal_result", &blanks)?;
        let body = format!("关于“{}”投诉的鉴定、检测已有结论，调解继续进行。", case.matter.title);
        notice::both(tx, scene, case, "鉴定、检测结论", &body)
    })
}
