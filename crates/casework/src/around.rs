//! 周边: what is under way around a case between organisations, in sentences for its page.

use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::reading::organization_name;

/// A sentence each: supervision, dispute, referral, what a check asks for, help, report.
pub fn sentences(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<String>, ActError> {
    let turns = &case.state.turns.dispatching;
    let mut told = Vec::new();
    if let Some(by) = turns.urged_by {
        told.push(format!("{}催办，等着反馈进展。", organization_name(tx, by)?));
    }
    if let Some(supervision) = &turns.supervision {
        let by = organization_name(tx, supervision.by)?;
        let news = if supervision.answered { "已经反馈进展" } else { "还没有反馈进展" };
        told.push(format!("{by}督办，{news}。"));
    }
    if let Some(dispute) = &turns.dispute {
        let (with, superior) = (organization_name(tx, dispute.with)?, organization_name(tx, dispute.superior)?);
        let waits = if dispute.escalated { format!("等{superior}指定") } else { "正在协商".to_owned() };
        told.push(format!("和{with}有处理权限争议，{waits}。"));
    }
    if let Some(key) = &turns.referral
        && let Some(body) = crate::directory::find(tx, key)?
    {
        told.push(format!("拟移送{}（{}），等本局领导审批。", body.name, body.phone));
    }
    if let Some(rectification) = &turns.rectification {
        let by = organization_name(tx, rectification.by)?;
        let (month, day) = (rectification.until.month(), rectification.until.day());
        let stands = if rectification.answered { "已经反馈，等它确认" } else { "还没有反馈" };
        told.push(format!("{by}抽查要求在{month}月{day}日前整改，{stands}。"));
    }
    for assist in &turns.assists {
        let became = if assist.answered { "已经反馈" } else { "还没有反馈" };
        told.push(format!("{}协办，{became}。", organization_name(tx, assist.unit)?));
    }
    if let Some(major) = &turns.major {
        let level = scene.house.codes.label("major_levels", &major.level).unwrap_or(&major.level).to_owned();
        let to = organization_name(tx, major.to)?;
        let known = if major.acknowledged { "已经确认收到" } else { "还没有确认收到" };
        let site = if major.on_site.is_some() { "，要求到达现场，还没有登记到达" } else { "" };
        told.push(format!("{level}，已经上报{to}，该局{known}{site}。"));
    }
    for sender in &turns.sent_by {
        told.push(format!("由{}转来，该局可以查看。", organization_name(tx, *sender)?));
    }
    for other in &turns.informed {
        told.push(format!("曾和{}有处理权限争议，该局已收到结果，可以查看。", organization_name(tx, *other)?));
    }
    Ok(told)
}
