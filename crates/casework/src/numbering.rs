//! 发文字号 (3.13): the numbers of papers by bureau, kind and year, how a bureau writes them, and the register. A number is given in
//! the transaction of its paper, so there is none without a paper and no paper without its own; one that is voided (作废) stays.

use domain::clock::beijing_time;
use domain::role::Role;
use jiff::Timestamp;
use store::Tx;
use store::number::{Given, NumberChoice, NumberLine, NumberStyle};
use store::organization::OrganizationRow;

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{reading, record, staff};

/// The word that a bureau's own head takes the place of.
const WORD: &str = "市监";
/// Characters a head may have.
const HEAD_AT_MOST: usize = 20;
/// Characters a reason may have.
const REASON_AT_MOST: usize = 200;

/// The next number of a kind, with the words as they stand on the paper; none for a form without a number.
pub(crate) fn next(
    tx: &mut Tx<'_>,
    bureau: &OrganizationRow,
    word: &str,
    now: Timestamp,
) -> Result<Option<(Given, String)>, ActError> {
    if word.is_empty() {
        return Ok(None);
    }
    let year = i64::from(beijing_time(now).year());
    let serial = store::number::next(tx, &format!("letter:{}:{word}:{year}", bureau.id))?;
    let style = style(tx, bureau)?;
    let given = Given { organization_id: bureau.id, word: word.to_owned(), year, serial };
    let number = written(&style, word, year, serial);
    Ok(Some((given, number)))
}

/// `郑中市监投受〔2026〕3号`.
pub fn written(style: &NumberStyle, word: &str, year: i64, serial: i64) -> String {
    let ordinal = if style.ordinal { "第" } else { "" };
    format!("{}{}〔{year}〕{ordinal}{serial}号", style.head, word.strip_prefix(WORD).unwrap_or(word))
}

/// How a bureau writes its numbers: as it said, otherwise its short name before 市监, as the official forms print them.
pub fn style(tx: &mut Tx<'_>, bureau: &OrganizationRow) -> Result<NumberStyle, ActError> {
    let said = store::number::style(tx, bureau.id)?;
    Ok(said.unwrap_or_else(|| NumberStyle { head: format!("{}{WORD}", bureau.short_name), ordinal: true }))
}

/// Sets how a bureau writes its numbers from now on; those given keep theirs, and the series goes on.
pub fn set_style(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: i64, style: &NumberStyle) -> Result<(), ActError> {
    let bureau = staff::administered(tx, scene, bureau)?;
    let head = style.head.trim();
    let odd =
        head.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "〔〕[]()（）".contains(letter));
    Faults::default()
        .needed("head", head, "请填写机关代字，例如“郑中市监”")
        .when(head.chars().count() > HEAD_AT_MOST, "head", "head.too_long", "机关代字请控制在 20 个字以内")
        .when(odd, "head", "head.signs", "机关代字里不写空格和括号")
        .done()?;
    let style = NumberStyle { head: head.to_owned(), ordinal: style.ordinal };
    store::number::set_style(tx, bureau.id, &style, scene.actor.id(), scene.now)?;
    staff::note(tx, scene, &format!("设置发文字号：{}，{}", bureau.name, written(&style, "市监投受", 2026, 1)))
}

/// Whether anybody has a register to look at: whoever reads cases.
pub fn has_register(person: &Staff) -> bool {
    person.grants.iter().any(|grant| grant.role.reads_cases())
}

/// The numbers of the papers of the cases that she may read, the latest first.
pub fn register(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    choice: &NumberChoice,
    at_most: i64,
) -> Result<Vec<NumberLine>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    if !has_register(person) {
        return Err(ActError::Forbidden);
    }
    Ok(store::number::register(tx, &reading::scopes(person), choice, at_most)?)
}

/// The roles that void a number: those who answer for what goes out.
pub fn voids(role: Role) -> bool {
    matches!(role, Role::Leader | Role::DutyDirector | Role::Dispatcher)
}

/// Voids a paper with its number (作废): it stays in the file and in the register, and says so itself.
pub fn void(tx: &mut Tx<'_>, scene: Scene<'_>, case_number: &str, paper_id: i64, reason: &str) -> Result<(), ActError> {
    let case = record::readable(tx, scene, case_number)?;
    if !scene.actor.standing(&case).roles.iter().any(|role| voids(*role)) {
        return Err(ActError::Forbidden);
    }
    let paper = store::paper::find(tx, case.id, paper_id)?.ok_or(ActError::NotFound)?;
    let reason = reason.trim();
    Faults::default()
        .needed("reason", reason, "请写明为什么作废，例如“被投诉人名称有误，已另行制作”")
        .when(reason.chars().count() > REASON_AT_MOST, "reason", "reason.too_long", "请控制在 200 个字以内")
        .when(paper.number.is_empty(), "reason", "paper.unnumbered", "没有文号的文书不需要作废")
        .done()?;
    if !store::number::void(tx, paper_id, scene.actor.id(), reason, scene.now)? {
        return Err(ActError::Conflict { since: "这份文书已经作废".to_owned() });
    }
    let what = format!("作废文书：{} {}", paper.title, paper.number);
    Ok(store::access::record(
        tx,
        scene.now,
        domain::audit::AuditKind::Administration,
        scene.actor.id(),
        Some(case.id),
        &what,
        reason,
    )?)
}
