//! 调解协议: its items and whether they were performed.

use jiff::Timestamp;
use jiff::civil::Date;

use domain::act::AgreementItem;

use crate::db::{StoreError, Tx};
use crate::params;

/// An item with its performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// From 1.
    pub number: i64,
    /// What, how much, by when.
    pub item: AgreementItem,
    /// Whether it was performed, once known.
    pub performed: Option<bool>,
}

/// Writes the items of an agreement in place of any earlier ones.
pub fn replace(tx: &mut Tx<'_>, case_id: i64, items: &[AgreementItem]) -> Result<(), StoreError> {
    clear(tx, case_id)?;
    for (index, item) in items.iter().enumerate() {
        tx.execute(
            "INSERT INTO agreement_item (case_id, number, text, amount, due_on) VALUES ($1, $2, $3, $4, $5)",
            params![case_id, index as i64 + 1, &item.text, item.amount, item.due],
        )?;
    }
    Ok(())
}

/// Takes the items away (the leader sent the outcome back).
pub fn clear(tx: &mut Tx<'_>, case_id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM agreement_item WHERE case_id = $1", params![case_id]).map(drop)
}

/// Notes whether an item was performed; `false` when there is no such item.
pub fn perform(tx: &mut Tx<'_>, case_id: i64, number: u32, performed: bool, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE agreement_item SET performed = $1, performed_noted_at = $2 WHERE case_id = $3 AND number = $4",
        params![performed, at, case_id, number],
    )?;
    Ok(changed == 1)
}

/// An item whose day passed without word of its performance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unperformed {
    /// The case.
    pub case_id: i64,
    /// The item's number, from 1.
    pub item: u32,
    /// Its day.
    pub due: Date,
}

/// Items of signed agreements whose day is before `today`, of which nothing was heard and nothing noted, at most `limit`.
pub fn newly_unperformed(tx: &mut Tx<'_>, today: Date, limit: i64) -> Result<Vec<Unperformed>, StoreError> {
    let rows = tx.query(
        "SELECT i.case_id, i.number, i.due_on FROM agreement_item i JOIN cases c ON c.id = i.case_id \
         WHERE i.due_on < $1 AND i.performed IS NULL AND i.unperformed_noted_at IS NULL AND c.outcome = 'settled' \
         AND c.status IN ('concluded', 'told') ORDER BY i.due_on, i.case_id, i.number LIMIT $2",
        params![today, limit],
    )?;
    rows.iter()
        .map(|row| {
            let item = u32::try_from(row.int(1)?).unwrap_or_default();
            Ok(Unperformed { case_id: row.int(0)?, item, due: row.date(2)? })
        })
        .collect()
}

/// Notes that an item's day passed; `false` when another sweep was first.
pub fn note_unperformed(tx: &mut Tx<'_>, case_id: i64, item: u32, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE agreement_item SET unperformed_noted_at = $1 WHERE case_id = $2 AND number = $3 \
         AND unperformed_noted_at IS NULL",
        params![at, case_id, item],
    )?;
    Ok(changed == 1)
}

/// The items of a case's agreement.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<ItemRow>, StoreError> {
    let rows = tx.query(
        "SELECT number, text, amount, due_on, performed FROM agreement_item WHERE case_id = $1 ORDER BY number",
        params![case_id],
    )?;
    rows.iter()
        .map(|row| {
            let due: Option<Date> = row.opt_date(3)?;
            Ok(ItemRow {
                number: row.int(0)?,
                item: AgreementItem { text: row.text(1)?, amount: row.int(2)?, due },
                performed: row.opt_int(4)?.map(|yes| yes == 1),
            })
        })
        .collect()
}
