//! 通讯录: bodies outside the bureaus that a bureau added to those of the whole country.

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The bureau that added it.
    pub bureau_id: i64,
    /// `department`, `mediation`, `appraisal`, `other`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The number people call.
    pub phone: String,
    /// Where it is.
    pub address: String,
    /// What it handles.
    pub matters: String,
    /// Still to be chosen.
    pub active: bool,
    /// For compare-and-set.
    pub version: i64,
}

const COLUMNS: &str = "id, bureau_id, kind, name, phone, address, matters, active, version";

/// Writes an entry; gives its id.
pub fn insert(tx: &mut Tx<'_>, new: &BodyRow) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO body (bureau_id, kind, name, phone, address, matters, active, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
        params![new.bureau_id, &new.kind, &new.name, &new.phone, &new.address, &new.matters, new.active],
    )?;
    returned_id(row)
}

/// Changes an entry; `false` when somebody else did in between.
pub fn update(tx: &mut Tx<'_>, changed: &BodyRow) -> Result<bool, StoreError> {
    let count = tx.execute(
        "UPDATE body SET kind = $1, name = $2, phone = $3, address = $4, matters = $5, active = $6, version = version + 1 \
         WHERE id = $7 AND version = $8",
        params![
            &changed.kind,
            &changed.name,
            &changed.phone,
            &changed.address,
            &changed.matters,
            changed.active,
            changed.id,
            changed.version
        ],
    )?;
    Ok(count == 1)
}

/// One entry.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<BodyRow>, StoreError> {
    tx.first(&format!("SELECT {COLUMNS} FROM body WHERE id = $1"), params![id])?.map(|row| body(&row)).transpose()
}

/// The entries of these bureaus, by kind and name.
pub fn of_bureaus(tx: &mut Tx<'_>, bureaus: &[i64]) -> Result<Vec<BodyRow>, StoreError> {
    if bureaus.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=bureaus.len()).map(|place| format!("${place}")).collect();
    let values: Vec<Value> = bureaus.iter().map(|id| Value::Int(*id)).collect();
    let sql = format!("SELECT {COLUMNS} FROM body WHERE bureau_id IN ({}) ORDER BY kind, name, id", places.join(", "));
    tx.query(&sql, &values)?.iter().map(body).collect()
}

fn body(row: &Row) -> Result<BodyRow, StoreError> {
    Ok(BodyRow {
        id: row.int(0)?,
        bureau_id: row.int(1)?,
        kind: row.text(2)?,
        name: row.text(3)?,
        phone: row.text(4)?,
        address: row.text(5)?,
        matters: row.text(6)?,
        active: row.bool(7)?,
        version: row.int(8)?,
    })
}
