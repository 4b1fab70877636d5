//! 机构: the tree of bureaus, centres and offices.

use domain::organization::OrganizationKind;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Row id; 0 before it is written.
    pub id: i64,
    /// The one above.
    pub parent_id: Option<i64>,
    /// What it is.
    pub kind: OrganizationKind,
    /// `nation`, `province`, `city`, `county`, `township`.
    pub level: String,
    /// Its division.
    pub region_code: String,
    /// 全称.
    pub name: String,
    /// 简称, also before document numbers.
    pub short_name: String,
    /// The bureau it belongs to; itself for a bureau.
    pub bureau_id: Option<i64>,
    /// `/1/7/42/` down to itself.
    pub path: String,
    /// The subtree its people look over: a centre looks over its bureau's.
    pub reach: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Overlay of promised limits that it follows.
    pub overlay: Option<String>,
    /// Still working.
    pub active: bool,
    /// For compare-and-set.
    pub version: i64,
}

const COLUMNS: &str = "id, parent_id, kind, level, region_code, name, short_name, bureau_id, path, reach, phone, address, \
    overlay, active, version";

/// Writes an organisation under its parent and gives it with id, path, reach and bureau filled in.
pub fn insert(
    tx: &mut Tx<'_>,
    parent: Option<&OrganizationRow>,
    new: OrganizationRow,
) -> Result<OrganizationRow, StoreError> {
    let row = tx.first(
        "INSERT INTO organization (parent_id, kind, level, region_code, name, short_name, path, reach, phone, address, \
         overlay, active, version) VALUES ($1, $2, $3, $4, $5, $6, '', '', $7, $8, $9, $10, 1) RETURNING id",
        params![
            parent.map(|parent| parent.id),
            new.kind.key(),
            &new.level,
            &new.region_code,
            &new.name,
            &new.short_name,
            &new.phone,
            &new.address,
            new.overlay.clone(),
            new.active
        ],
    )?;
    let id = returned_id(row)?;
    let path = format!("{}{id}/", parent.map_or("/", |parent| parent.path.as_str()));
    let reach = match (new.kind, parent) {
        (OrganizationKind::Centre, Some(bureau)) => bureau.path.clone(),
        _ => path.clone(),
    };
    let bureau_id = match (new.kind, parent) {
        (OrganizationKind::Bureau, _) | (_, None) => Some(id),
        (_, Some(parent)) => parent.bureau_id,
    };
    tx.execute(
        "UPDATE organization SET path = $1, reach = $2, bureau_id = $3 WHERE id = $4",
        params![&path, &reach, bureau_id, id],
    )?;
    Ok(OrganizationRow { id, parent_id: parent.map(|parent| parent.id), path, reach, bureau_id, version: 1, ..new })
}

/// Rows of one statement: enough to save the way to a server, few enough for either engine's number of parameters.
const AT_ONCE: usize = 500;

/// Writes many organisations that have nothing under them, each with `parent_id` and `bureau_id` given; their paths follow.
pub fn insert_leaves(tx: &mut Tx<'_>, leaves: &[OrganizationRow]) -> Result<(), StoreError> {
    for some in leaves.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(some.len() * 11);
        let mut rows = Vec::with_capacity(some.len());
        for leaf in some {
            let first = values.len() + 1;
            let at = |place: usize| format!("${}", first + place);
            rows.push(format!(
                "({}, {}, {}, {}, {}, {}, {}, '', '', {}, {}, {}, {}, 1)",
                at(0),
                at(1),
                at(2),
                at(3),
                at(4),
                at(5),
                at(6),
                at(7),
                at(8),
                at(9),
                at(10)
            ));
            values.extend_from_slice(params![
                leaf.parent_id,
                leaf.kind.key(),
                &leaf.level,
                &leaf.region_code,
                &leaf.name,
                &leaf.short_name,
                leaf.bureau_id,
                &leaf.phone,
                &leaf.address,
                leaf.overlay.clone(),
                leaf.active
            ]);
        }
        tx.execute(
            &format!(
                "INSERT INTO organization (parent_id, kind, level, region_code, name, short_name, bureau_id, path, reach, \
                 phone, address, overlay, active, version) VALUES {}",
                rows.join(", ")
            ),
            &values,
        )?;
    }
    let above = "(SELECT p.path FROM organization p WHERE p.id = organization.parent_id)";
    tx.execute(&format!("UPDATE organization SET path = {above} || CAST(id AS TEXT) || '/' WHERE path = ''"), &[])?;
    tx.execute(
        &format!(
            "UPDATE organization SET reach = CASE WHEN kind = 'centre' THEN {above} ELSE path END WHERE reach = ''"
        ),
        &[],
    )?;
    Ok(())
}

/// Changes what people may change; `false` when somebody else did in between.
pub fn update(tx: &mut Tx<'_>, changed: &OrganizationRow) -> Result<bool, StoreError> {
    let count = tx.execute(
        "UPDATE organization SET name = $1, short_name = $2, phone = $3, address = $4, overlay = $5, active = $6, \
         version = version + 1 WHERE id = $7 AND version = $8",
        params![
            &changed.name,
            &changed.short_name,
            &changed.phone,
            &changed.address,
            changed.overlay.clone(),
            changed.active,
            changed.id,
            changed.version
        ],
    )?;
    Ok(count == 1)
}

/// One organisation.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<OrganizationRow>, StoreError> {
    Ok(many(tx, "id = $1", params![id])?.pop())
}

/// The organisation of a kind in a division.
pub fn by_region(
    tx: &mut Tx<'_>,
    region_code: &str,
    kind: OrganizationKind,
) -> Result<Option<OrganizationRow>, StoreError> {
    Ok(many(tx, "region_code = $1 AND kind = $2 AND active = 1 ORDER BY id DESC", params![region_code, kind.key()])?
        .pop())
}

/// The one of a kind that a bureau has (its centre, say).
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64, kind: OrganizationKind) -> Result<Vec<OrganizationRow>, StoreError> {
    many(tx, "bureau_id = $1 AND kind = $2 ORDER BY region_code, id", params![bureau_id, kind.key()])
}

/// Those right below one.
pub fn children(tx: &mut Tx<'_>, parent_id: i64) -> Result<Vec<OrganizationRow>, StoreError> {
    many(tx, "parent_id = $1 ORDER BY kind, region_code, id", params![parent_id])
}

/// The top of the tree: those without a parent.
pub fn roots(tx: &mut Tx<'_>) -> Result<Vec<OrganizationRow>, StoreError> {
    many(tx, "parent_id IS NULL ORDER BY region_code, id", &[])
}

/// Active ones of a kind at a level, by division.
pub fn at_level(tx: &mut Tx<'_>, kind: OrganizationKind, level: &str) -> Result<Vec<OrganizationRow>, StoreError> {
    many(tx, "kind = $1 AND level = $2 AND active = 1 ORDER BY region_code, id", params![kind.key(), level])
}

/// By part of the name, inside a subtree, at most `limit`.
pub fn search(tx: &mut Tx<'_>, reach: &str, part: &str, limit: i64) -> Result<Vec<OrganizationRow>, StoreError> {
    let pattern = format!("%{}%", crate::search::like_literal(part));
    let condition = "path LIKE $1 AND LOWER(name) LIKE $2 ESCAPE '~' ORDER BY path LIMIT $3";
    many(tx, condition, params![format!("{reach}%"), pattern, limit])
}

/// How many there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.first("SELECT COUNT(*) FROM organization", &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Every organisation from row `after` on, at most `limit`: for export.
pub fn after(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<OrganizationRow>, StoreError> {
    many(tx, "id > $1 ORDER BY id LIMIT $2", params![after, limit])
}

fn many(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Vec<OrganizationRow>, StoreError> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM organization WHERE {condition}"), params)?;
    rows.iter().map(organization).collect()
}

fn organization(row: &Row) -> Result<OrganizationRow, StoreError> {
    Ok(OrganizationRow {
        id: row.int(0)?,
        parent_id: row.opt_int(1)?,
        kind: OrganizationKind::from_key(row.str(2)?).ok_or_else(|| unknown_key(2))?,
        level: row.text(3)?,
        region_code: row.text(4)?,
        name: row.text(5)?,
        short_name: row.text(6)?,
        bureau_id: row.opt_int(7)?,
        path: row.text(8)?,
        reach: row.text(9)?,
        phone: row.text(10)?,
        address: row.text(11)?,
        overlay: row.opt_text(12)?,
        active: row.bool(13)?,
        version: row.int(14)?,
    })
}
