//! 简易程序: a small sum, clear facts, settled at once on one page (catalogue 6.5).

use domain::act::{Act, AgreementItem};
use domain::clock::beijing_day;
use domain::mediation::practice;
use domain::money::Money;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::mediation::item_words;
use crate::record;

/// Settles on the spot: accepted when it was not yet, agreed and concluded in one act with one paper. Whoever did it tells both sides.
pub fn settle(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    items: Vec<AgreementItem>,
    recovered: Money,
    both_agree: bool,
) -> Result<CaseRow, ActError> {
    let today = beijing_day(scene.now);
    let late = items.iter().any(|item| item.due.is_some_and(|due| due < today));
    let most = practice().simple.amount_at_most.saturating_mul(100);
    let sum = items.iter().map(|item| item.amount).sum::<i64>().max(recovered.fen());
    let too_much = format!("简易程序只用于 {} 元以下的争议，请按普通程序调解", practice().simple.amount_at_most);
    Faults::default()
        .when(items.is_empty(), "item_text", "items.missing", "请至少写一项协议内容")
        .when(late, "item_due", "item_due.past", "履行期限不能早于今天；已当场履行的请留空")
        .when(sum > most, "recovered", "simple.too_much", &too_much)
        .when(!both_agree, "both_agree", "both_agree.missing", "双方都当场同意，才能用简易程序")
        .done()?;
    let handler = scene.actor.id().unwrap_or_default();
    let act = Act::SettleOnSpot { items: items.clone(), recovered: recovered.fen(), handler };
    let small = |_: &mut Tx<'_>, case: &CaseRow| {
        let large = case.matter.amount.is_some_and(|amount| amount > most);
        Faults::default().when(large, "recovered", "simple.too_much", &too_much).done()
    };
    record::act(tx, scene, number, seen, &act, small, |tx, case| {
        store::agreement::replace(tx, case.id, &items)?;
        let lines: Vec<String> = items.iter().enumerate().map(|(index, item)| item_words(index, item)).collect();
        let name = store::account::find(tx, handler)?.map(|account| account.name).unwrap_or_default();
        let blanks = Blanks::from([("agreement_items", lines.join("\n")), ("mediators", name)]);
        letters::make(tx, scene, case, "simple_record", &blanks).map(drop)
    })
}
