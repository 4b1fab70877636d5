//! 回避: asked for by either side or by the officer herself, decided by the leader of the office; the mediation stands meanwhile
//! (O121 art. 21; catalogue 6.1).

use domain::act::Act;
use domain::mediation::Side;
use store::Tx;
use store::case::CaseRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::Blanks;
use crate::{assignment, notice, record};

/// Asks that one of the two officers leave the case. Mediation and its clock stand until the leader has decided.
pub fn request(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    by: Side,
    officer: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    // Who asks on her own page asks for herself.
    let hers = matches!(scene.actor, Actor::Complainant { .. });
    let by = if hers { Side::Complainant } else { by };
    let act = Act::RequestRecusal { by, officer, reason: reason.trim().to_owned() };
    let of_this_case = |_: &mut Tx<'_>, case: &CaseRow| {
        let mediates = [case.state.lead, case.state.partner].contains(&Some(officer));
        // She learns who mediates from the notice.
        let told = case.state.notified || !hers;
        let wrong = !mediates || !told;
        Faults::default()
            .when(wrong, "officer", "officer.unknown", "请选择本案的调解人员")
            .needed("reason", reason, "请写明理由：与哪一方有什么关系，为什么可能影响公正处理")
            .when(reason.chars().count() > 1_000, "reason", "reason.too_long", "请控制在 1000 个字以内")
            .done()
    };
    record::act(tx, scene, number, seen, &act, of_this_case, |tx, case| {
        let body =
            format!("关于“{}”的投诉，{}申请调解人员回避，调解中止，决定作出后告知。", case.matter.title, by.label());
        notice::both(tx, scene, case, "收到回避申请", &body)
    })
}

/// The two whom her notice named, by their account.
pub fn mediators(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<(i64, String)>, ActError> {
    let mut mediators = Vec::new();
    for id in [case.state.lead, case.state.partner].into_iter().flatten() {
        mediators.extend(store::account::find(tx, id)?.map(|account| (id, account.name)));
    }
    Ok(mediators)
}

/// Grants, with the officer who takes the place, or declines; both sides are told.
pub fn decide(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    granted: bool,
    replacement: i64,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    let asked = record::readable(tx, scene, number)?.state.turns.mediation.recusal;
    let replacement = Some(replacement).filter(|_| granted);
    let act = Act::DecideRecusal { granted, replacement, opinion: opinion.trim().to_owned() };
    let another_officer = |tx: &mut Tx<'_>, case: &CaseRow| {
        let here = assignment::officers(tx, case)?.iter().any(|officer| Some(officer.id) == replacement);
        let on_the_case = granted && [case.state.lead, case.state.partner].contains(&replacement);
        Faults::default()
            .when(granted && !here, "replacement", "officer.unknown", "请从本单位的承办人中选择接替的人")
            .when(on_the_case, "replacement", "officer.on_the_case", "接替的人不能是本案现在的承办人")
            .needed("opinion", opinion, "请写明决定的理由")
            .done()
    };
    record::act(tx, scene, number, seen, &act, another_officer, |tx, case| {
        let name = |tx: &mut Tx<'_>, id: Option<i64>| -> Result<String, ActError> {
            let account = id.map(|id| store::account::find(tx, id)).transpose()?.flatten();
            Ok(account.map(|account| account.name).unwrap_or_default())
        };
        let (officer, takes_over) = (name(tx, asked)?, name(tx, replacement)?);
        let decision = match granted {
            true => format!("同意回避，{officer}不再参加本件调解，改由{takes_over}接替。"),
            false => format!("不同意回避，{officer}继续参加本件调解。"),
        };
        let blanks = Blanks::from([
            ("recusal_officer", officer),
            ("decision", decision.clone()),
            ("decision_reason", opinion.trim().to_owned()),
        ]);
        let body = format!("关于“{}”投诉的回避申请：{decision}调解恢复进行。", case.matter.title);
        notice::letter_to_both(tx, scene, case, "recusal_decision", &blanks, "回避决定", &body)
    })
}
