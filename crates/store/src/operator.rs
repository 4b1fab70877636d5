//! 经营者: the registered businesses behind respondents, with their places and their shops on platforms.

use jiff::Timestamp;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// A registered operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// 名称.
    pub name: String,
    /// 曾用名, a line each.
    pub former_names: String,
    /// Every name it bore, as `domain::operator::name_key` writes them.
    pub names: Vec<String>,
    /// 统一社会信用代码, empty when not known.
    pub credit_code: String,
    /// Code table `operator_kinds`.
    pub kind: String,
    /// Its division, empty when not known.
    pub region_code: String,
    /// 住所.
    pub address: String,
    /// Who answers complaints there.
    pub contact_name: String,
    /// The telephone for complaints.
    pub phone: String,
    /// The bureau that entered it.
    pub bureau_id: Option<i64>,
    /// Entered twice: the one that goes on.
    pub merged_into: Option<i64>,
    /// For compare-and-set.
    pub version: i64,
}

/// A shop on a platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopRow {
    /// The platform's name.
    pub platform: String,
    /// The shop's name there.
    pub name: String,
    /// Its address, when known.
    pub url: String,
    /// Platform and name as `domain::operator::shop_key` writes them.
    pub shop: String,
}

pub(crate) const COLUMNS: &str = "o.id, o.name, o.former_names, o.names, o.credit_code, o.kind, o.region_code, o.address, \
    o.contact_name, o.phone, o.bureau_id, o.merged_into, o.version";

/// Writes an operator; none when its credit code is another one's already.
pub fn insert(tx: &mut Tx<'_>, new: &OperatorRow, at: Timestamp) -> Result<Option<i64>, StoreError> {
    let row = tx.first(
        "INSERT INTO operator (name, former_names, names, credit_code, kind, region_code, address, contact_name, phone, \
         bureau_id, registered_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) \
         ON CONFLICT (credit_code) WHERE credit_code <> '' DO NOTHING RETURNING id",
        params![
            &new.name,
            &new.former_names,
            between_bars(&new.names),
            &new.credit_code,
            &new.kind,
            &new.region_code,
            &new.address,
            &new.contact_name,
            &new.phone,
            new.bureau_id,
            at,
        ],
    )?;
    row.map(|row| returned_id(Some(row))).transpose()
}

/// Changes what people may change; `false` when somebody else did in between. Whether the code is free is asked before.
pub fn update(tx: &mut Tx<'_>, changed: &OperatorRow) -> Result<bool, StoreError> {
    let count = tx.execute(
        "UPDATE operator SET name = $1, former_names = $2, names = $3, credit_code = $4, kind = $5, region_code = $6, \
         address = $7, contact_name = $8, phone = $9, version = version + 1 WHERE id = $10 AND version = $11",
        params![
            &changed.name,
            &changed.former_names,
            between_bars(&changed.names),
            &changed.credit_code,
            &changed.kind,
            &changed.region_code,
            &changed.address,
            &changed.contact_name,
            &changed.phone,
            changed.id,
            changed.version,
        ],
    )?;
    Ok(count == 1)
}

/// Lets an operator go on as another one, or by itself again; `false` when somebody changed it in between.
pub fn merge(tx: &mut Tx<'_>, id: i64, version: i64, into: Option<i64>) -> Result<bool, StoreError> {
    let count = tx.execute(
        "UPDATE operator SET merged_into = $1, version = version + 1 WHERE id = $2 AND version = $3",
        params![into, id, version],
    )?;
    Ok(count == 1)
}

/// The operator with this id.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<OperatorRow>, StoreError> {
    Ok(many(tx, "o.id = $1", params![id])?.pop())
}

/// The operator with this credit code.
pub fn by_code(tx: &mut Tx<'_>, credit_code: &str) -> Result<Option<OperatorRow>, StoreError> {
    if credit_code.is_empty() {
        return Ok(None);
    }
    Ok(many(tx, "o.credit_code = $1", params![credit_code])?.pop())
}

/// Operators that bear or bore a name, as it is compared, at most `limit`.
pub fn by_name(tx: &mut Tx<'_>, name_key: &str, limit: i64) -> Result<Vec<OperatorRow>, StoreError> {
    let pattern = format!("%|{}|%", crate::search::like_literal(name_key));
    many(tx, "LOWER(o.names) LIKE $1 ESCAPE '~' ORDER BY o.id LIMIT $2", params![pattern, limit])
}

/// Operators with a shop, as it is compared, at most `limit`.
pub fn by_shop(tx: &mut Tx<'_>, shop_key: &str, limit: i64) -> Result<Vec<OperatorRow>, StoreError> {
    let condition = "o.id IN (SELECT operator_id FROM operator_shop WHERE shop = $1) ORDER BY o.id LIMIT $2";
    many(tx, condition, params![shop_key, limit])
}

/// Those that were merged into this one.
pub fn merged_into(tx: &mut Tx<'_>, id: i64) -> Result<Vec<OperatorRow>, StoreError> {
    many(tx, "o.merged_into = $1 ORDER BY o.id", params![id])
}

/// Its places of business besides the registered one.
pub fn places(tx: &mut Tx<'_>, id: i64) -> Result<Vec<String>, StoreError> {
    let rows = tx.query("SELECT address FROM operator_place WHERE operator_id = $1 ORDER BY number", params![id])?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Its shops on platforms.
pub fn shops(tx: &mut Tx<'_>, id: i64) -> Result<Vec<ShopRow>, StoreError> {
    let sql = "SELECT platform, name, url, shop FROM operator_shop WHERE operator_id = $1 ORDER BY number";
    let rows = tx.query(sql, params![id])?;
    rows.iter()
        .map(|row| Ok(ShopRow { platform: row.text(0)?, name: row.text(1)?, url: row.text(2)?, shop: row.text(3)? }))
        .collect()
}

/// Writes all its places and shops anew; the version of the operator guards them.
pub fn put_premises(tx: &mut Tx<'_>, id: i64, places: &[String], shops: &[ShopRow]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM operator_place WHERE operator_id = $1", params![id])?;
    tx.execute("DELETE FROM operator_shop WHERE operator_id = $1", params![id])?;
    for (number, address) in (1_i64..).zip(places) {
        tx.execute(
            "INSERT INTO operator_place (operator_id, number, address) VALUES ($1, $2, $3)",
            params![id, number, address],
        )?;
    }
    for (number, shop) in (1_i64..).zip(shops) {
        tx.execute(
            "INSERT INTO operator_shop (operator_id, number, platform, name, url, shop) VALUES ($1, $2, $3, $4, $5, $6)",
            params![id, number, &shop.platform, &shop.name, &shop.url, &shop.shop],
        )?;
    }
    Ok(())
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<OperatorRow>, StoreError> {
    tx.query(&format!("SELECT {COLUMNS} FROM operator o WHERE {condition}"), params)?.iter().map(operator).collect()
}

pub(crate) fn operator(row: &Row) -> Result<OperatorRow, StoreError> {
    Ok(OperatorRow {
        id: row.int(0)?,
        name: row.text(1)?,
        former_names: row.text(2)?,
        names: row.str(3)?.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        credit_code: row.text(4)?,
        kind: row.text(5)?,
        region_code: row.text(6)?,
        address: row.text(7)?,
        contact_name: row.text(8)?,
        phone: row.text(9)?,
        bureau_id: row.opt_int(10)?,
        merged_into: row.opt_int(11)?,
        version: row.int(12)?,
    })
}

fn between_bars(names: &[String]) -> String {
    format!("|{}|", names.join("|"))
}
