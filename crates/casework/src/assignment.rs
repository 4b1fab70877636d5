//! 接收并指派、更换承办人: the office takes the case and two officers have it (catalogue 6.1); another takes the place of one (1.4).

use domain::act::Act;
use domain::role::Role;
use store::Tx;
use store::account::AccountRow;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{notice, record, staff, vault};

/// Characters a reason may have.
const REASON_AT_MOST: usize = 500;

/// Takes the case and names the officer in charge and the second one.
pub fn assign(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    lead: i64,
    partner: i64,
) -> Result<CaseRow, ActError> {
    // A question can be given to one person: she stands in both places.
    let answered = record::readable(tx, scene, number).is_ok_and(|case| case.state.kind.is_answered());
    let partner = if answered && partner == 0 { lead } else { partner };
    if lead == partner && !answered {
        return Err(ActError::field("partner", "partner.same", "两名承办人不能是同一个人"));
    }
    let act = Act::Assign { lead, partner };
    let officers_here = |tx: &mut Tx<'_>, case: &CaseRow| {
        let here = officers(tx, case)?;
        for (field, account) in [("lead", lead), ("partner", partner)] {
            if !here.iter().any(|officer| officer.id == account) {
                return Err(ActError::field(field, "officer.unknown", "请从本单位的承办人中选择"));
            }
        }
        Ok(())
    };
    record::act(tx, scene, number, seen, &act, officers_here, record::nothing_after)
}

/// The officers of the office that has the case.
pub fn officers(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<AccountRow>, ActError> {
    match case.state.unit {
        Some(unit) => Ok(store::account::with_role(tx, unit, Role::Officer)?),
        None => Ok(Vec::new()),
    }
}

/// Puts another officer in the place of one of the two. Every clock runs on; both officers are told, and, once the notice of the
/// mediation named its mediators, both sides.
pub fn replace(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    leaves: i64,
    successor: i64,
    reason: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::Replace { leaves, successor, reason: reason.trim().to_owned() };
    let fit = |tx: &mut Tx<'_>, case: &CaseRow| {
        let has = [case.state.lead, case.state.partner].contains(&Some(leaves));
        let fit = successors(tx, case)?.iter().any(|officer| officer.id == successor);
        Faults::default()
            .when(!has, "leaves", "officer.unknown", "请选择本件现在的承办人")
            .when(!fit, "successor", "officer.unfit", "请选择本单位没有参与、也没有被回避的承办人")
            .needed("reason", reason, "请写明为什么换人，例如“调往其他单位”")
            .when(reason.chars().count() > REASON_AT_MOST, "reason", "reason.too_long", "请控制在 500 个字以内")
            .done()
    };
    record::act(tx, scene, number, seen, &act, fit, |tx, case| {
        vault::handler_left(tx, scene, case, leaves)?;
        let name = |tx: &mut Tx<'_>, id: i64| -> Result<AccountRow, ActError> {
            store::account::find(tx, id)?.ok_or(ActError::NotFound)
        };
        let (gone, new) = (name(tx, leaves)?, name(tx, successor)?);
        notice::staff(tx, scene, case, leaves, "承办人更换", &format!("{} 已由{}接替承办。", case.number, new.name))?;
        let body = format!("{} 由您接替{}承办，办理期限不变，请及时查看。", case.number, gone.name);
        notice::staff(tx, scene, case, successor, "接办案件", &body)?;
        if !case.state.notified || !case.state.status.is_open() {
            return Ok(());
        }
        let office = case.state.unit.map(|unit| store::organization::find(tx, unit)).transpose()?.flatten();
        let phone = [Some(new.phone), office.map(|office| office.phone)];
        let phone = phone.into_iter().flatten().find(|phone| !phone.is_empty());
        let phone = phone.map(|phone| format!("，联系电话{phone}")).unwrap_or_default();
        let (title, gone, new) = (&case.matter.title, gone.name, new.name);
        let body = format!("关于“{title}”的投诉，调解人员由{gone}改为{new}{phone}，办理期限不变。");
        notice::both(tx, scene, case, "调解人员更换", &body)
    })
}

/// Who can take a place on the case: the officers of the office, or the centre's people when no office has it, without those who
/// are on the case and those whose recusal was granted (O121 art. 21).
pub fn successors(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<AccountRow>, ActError> {
    let mut fit = officers(tx, case)?;
    if case.state.unit.is_none() {
        fit = staff::agents(tx, case.state.intake)?;
    }
    let mut out = vec![case.state.lead, case.state.partner];
    let mut asked = None;
    for event in store::event::of_case(tx, case.id)? {
        match serde_json::from_str(&event.data) {
            Ok(Act::RequestRecusal { officer, .. }) => asked = Some(officer),
            Ok(Act::DecideRecusal { granted: true, .. }) => out.push(asked),
            _ => {}
        }
    }
    fit.retain(|account| !out.contains(&Some(account.id)));
    Ok(fit)
}
