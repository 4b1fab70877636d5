//! 旁阅: organisations that may read a case besides those that have it.

use crate::db::{StoreError, Tx};
use crate::params;

/// Lets an organisation read a case; once is enough.
pub fn open(tx: &mut Tx<'_>, case_id: i64, organization_id: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO case_sight (case_id, organization_id) VALUES ($1, $2) ON CONFLICT (case_id, organization_id) DO NOTHING",
        params![case_id, organization_id],
    )
    .map(drop)
}

/// Ends it.
pub fn close(tx: &mut Tx<'_>, case_id: i64, organization_id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM case_sight WHERE case_id = $1 AND organization_id = $2", params![case_id, organization_id])
        .map(drop)
}

/// Id and path of the organisations that may read a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Vec<(i64, String)>, StoreError> {
    let rows = tx.query(
        "SELECT o.id, o.path FROM case_sight s JOIN organization o ON o.id = s.organization_id WHERE s.case_id = $1 \
         ORDER BY o.id",
        params![case_id],
    )?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}
