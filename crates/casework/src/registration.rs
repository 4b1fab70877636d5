//! 登记: an agent checks what came in by itself and gives it a line and its classes.

use domain::act::Act;
use domain::case_kind::CaseKind;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{filing, operator_tie, record};

/// Registers a case that came in by itself (catalogue 3.3).
pub fn register(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    title: &str,
    category: &str,
    problem: &str,
) -> Result<CaseRow, ActError> {
    let codes = &scene.house.codes;
    Faults::default().needed("title", title, "请写一句话事由").done()?;
    let kind = record::readable(tx, scene, number)?.state.kind;
    // A question may be about nothing that is sold.
    if !(kind.is_answered() && category.is_empty()) && codes.label("goods_categories", category).is_none() {
        return Err(ActError::field("category", "category.missing", "请选择商品或者服务类别"));
    }
    if !(kind.is_answered() && problem.is_empty()) && codes.label("problem_categories", problem).is_none() {
        return Err(ActError::field("problem", "problem.missing", "请选择问题类别"));
    }
    let act =
        Act::Register { title: title.trim().to_owned(), category: category.to_owned(), problem: problem.to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        store::case::classify(tx, case.id, title.trim(), category, problem)?;
        title.trim().clone_into(&mut case.matter.title);
        if !matches!(kind, CaseKind::Complaint | CaseKind::Report) {
            return Ok(());
        }
        filing::registration_form(tx, scene, case)?;
        *case = operator_tie::by_code(tx, scene, case.clone())?;
        Ok(())
    })
}
