//! The items of an agreement: as many rows as are needed, with buttons that work without a script.

use casework::ActError;
use domain::act::AgreementItem;
use domain::action::Action;
use domain::filing::{FieldError, parse_day};
use domain::money::Money;

use super::super::forms::{Asked, Kind, Typed, fault};

/// One item's row of the form.
pub(super) struct ItemRow {
    pub(super) number: usize,
    pub(super) text: Asked,
    pub(super) amount: Asked,
    pub(super) due: Asked,
}

/// Items one agreement may have.
const ITEMS_AT_MOST: usize = 20;

/// Whether an act asks for the items of an agreement.
pub(super) fn is_asked(action: Action) -> bool {
    matches!(action, Action::Settle | Action::SettleOnSpot)
}

/// Whether the form was sent by the button that adds or takes away a row.
pub(super) fn changes_rows(typed: &Typed) -> bool {
    typed.has("more") || typed.has("drop")
}

/// The rows to show: those that were typed, after the change that was asked for; one when nothing was typed.
pub(super) fn rows(typed: Option<&Typed>) -> Vec<ItemRow> {
    let mut kept: Vec<[String; 3]> = Vec::new();
    if let Some(typed) = typed {
        let dropped: usize = typed.get("drop").parse().unwrap_or_default();
        for number in (1..=ITEMS_AT_MOST).filter(|number| typed.has(&name(*number, "text")) && *number != dropped) {
            kept.push(["text", "amount", "due"].map(|part| typed.get(&name(number, part)).to_owned()));
        }
        if typed.has("more") && kept.len() < ITEMS_AT_MOST {
            kept.push(Default::default());
        }
    }
    if kept.is_empty() {
        kept.push(Default::default());
    }
    kept.into_iter().enumerate().map(|(index, values)| row(index + 1, values)).collect()
}

/// The items that were typed, and how much money they hold together; every fault at once.
pub(super) fn items(typed: &Typed) -> Result<(Vec<AgreementItem>, Money), Vec<FieldError>> {
    let (mut items, mut faults) = (Vec::new(), Vec::new());
    for number in (1..=ITEMS_AT_MOST).filter(|number| typed.has(&name(*number, "text"))) {
        let [text, amount, due] = ["text", "amount", "due"].map(|part| typed.get(&name(number, part)));
        if [text, amount, due].iter().all(|part| part.is_empty()) {
            continue;
        }
        if text.is_empty() {
            faults.push(fault(
                name(number, "text"),
                "item.missing",
                format!("第 {number} 项：请写做什么，例如“退还货款”"),
            ));
        }
        let money = if amount.is_empty() { Ok(Money::ZERO) } else { Money::parse(amount) };
        let money = money.unwrap_or_else(|_| {
            faults.push(fault(name(number, "amount"), "item.amount", "请只写数字，例如 469"));
            Money::ZERO
        });
        let day = parse_day(due);
        if day.is_none() && !due.is_empty() {
            faults.push(fault(name(number, "due"), "item.due", "日期请写成 2026-03-18 这样"));
        }
        items.push(AgreementItem { text: text.to_owned(), amount: money.fen(), due: day });
    }
    if items.is_empty() && faults.is_empty() {
        faults.push(fault(name(1, "text"), "items.missing", "请至少写一项协议内容"));
    }
    let sum = items.iter().map(|item| item.amount).sum();
    if faults.is_empty() { Ok((items, Money::from_fen(sum))) } else { Err(faults) }
}

/// The items and the loss made good: what was typed, else the sum of the items.
pub(super) fn agreed(typed: &Typed) -> Result<(Vec<AgreementItem>, Money), ActError> {
    let (items, sum) = items(typed).map_err(ActError::Invalid)?;
    let recovered = match typed.get("recovered") {
        "" => sum,
        written => Money::parse(written)
            .map_err(|_| ActError::field("recovered", "recovered.invalid", "请只写数字，例如 469"))?,
    };
    Ok((items, recovered))
}

/// The core names the kind of field; the page has one for each item.
pub(super) fn by_item(error: ActError, items: &[AgreementItem]) -> ActError {
    let ActError::Invalid(faults) = error else { return error };
    let named = |found: FieldError| match found.field.as_str() {
        "item_due" => {
            let late = items.iter().position(|item| item.due.is_some()).unwrap_or_default() + 1;
            fault(name(late, "due"), &found.code, found.message)
        }
        "item_text" => fault(name(1, "text"), &found.code, found.message),
        _ => found,
    };
    ActError::Invalid(faults.into_iter().map(named).collect())
}

fn name(number: usize, part: &str) -> String {
    format!("item_{number}_{part}")
}

fn row(number: usize, [text, amount, due]: [String; 3]) -> ItemRow {
    ItemRow {
        number,
        text: Asked::new(Kind::Text, name(number, "text"), format!("第 {number} 项：做什么")).at_most(200).value(text),
        amount: Asked::new(Kind::Money, name(number, "amount"), "金额").optional().value(amount),
        due: Asked::new(Kind::Date, name(number, "due"), "哪天前履行").optional().value(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn rows_are_added_and_taken_away_without_losing_the_others() {
        let two = [("item_1_text", "退款"), ("item_1_amount", "469"), ("item_2_text", "道歉")];
        let mut more = two.to_vec();
        more.push(("more", "1"));
        assert_eq!(rows(Some(&typed(&more))).len(), 3);
        let mut drop = two.to_vec();
        drop.push(("drop", "1"));
        let left = items(&typed(&[("item_1_text", "道歉")])).expect("one item");
        assert_eq!(rows(Some(&typed(&drop))).len(), 1);
        assert_eq!(left.0.len(), 1);
    }

    #[test]
    fn every_fault_of_every_row_comes_back() {
        let faults = items(&typed(&[
            ("item_1_text", ""),
            ("item_1_amount", "很多"),
            ("item_2_text", "退款"),
            ("item_2_due", "明天"),
        ]))
        .expect_err("three faults");
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["item_1_text", "item_1_amount", "item_2_due"]);
        assert!(items(&typed(&[("item_1_text", "")])).is_err(), "an agreement has an item");
    }
}
