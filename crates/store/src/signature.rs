//! 签名: who signed in which place of a paper, and the links by which a telephone does.

use jiff::Timestamp;

use crate::db::{Row, StoreError, Tx};
use crate::params;

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureRow {
    /// The paper.
    pub paper_id: i64,
    /// Which of its places, from 0.
    pub place: i64,
    /// Key of how it came.
    pub way: String,
    /// Hash of the picture or page, which lies with the evidence.
    pub sha256: String,
    /// What that is.
    pub media_type: String,
    /// When.
    pub signed_at: Timestamp,
    /// Who of the staff took it; none where she signed on her own telephone.
    pub taken_by: Option<i64>,
}

/// Writes a signature; `false` when somebody signed there already.
pub fn insert(tx: &mut Tx<'_>, signature: &SignatureRow) -> Result<bool, StoreError> {
    let written = tx.execute(
        "INSERT INTO paper_signature (paper_id, place, way, sha256, media_type, signed_at, taken_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        params![
            signature.paper_id,
            signature.place,
            &signature.way,
            &signature.sha256,
            &signature.media_type,
            signature.signed_at,
            signature.taken_by
        ],
    )?;
    Ok(written == 1)
}

/// The signatures of a paper, by place.
pub fn of_paper(tx: &mut Tx<'_>, paper_id: i64) -> Result<Vec<SignatureRow>, StoreError> {
    let rows = tx.query(
        "SELECT paper_id, place, way, sha256, media_type, signed_at, taken_by FROM paper_signature WHERE paper_id = $1 \
         ORDER BY place",
        params![paper_id],
    )?;
    rows.iter().map(signature).collect()
}

fn signature(row: &Row) -> Result<SignatureRow, StoreError> {
    Ok(SignatureRow {
        paper_id: row.int(0)?,
        place: row.int(1)?,
        way: row.text(2)?,
        sha256: row.text(3)?,
        media_type: row.text(4)?,
        signed_at: row.timestamp(5)?,
        taken_by: row.opt_int(6)?,
    })
}

/// A link for one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Hash of what is in its address.
    pub token_hash: String,
    /// The paper.
    pub paper_id: i64,
    /// Which of its places.
    pub place: i64,
    /// Hash of the code that goes another way.
    pub code_hash: String,
    /// Wrong codes that are still borne.
    pub tries_left: i64,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Who made it.
    pub made_by: Option<i64>,
}

/// Writes a link; whatever link was open for the same place ends.
pub fn open_link(tx: &mut Tx<'_>, link: &LinkRow, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE signing_link SET ends_at = $1 WHERE paper_id = $2 AND place = $3 AND used_at IS NULL AND ends_at > $1",
        params![at, link.paper_id, link.place],
    )?;
    tx.execute(
        "INSERT INTO signing_link (token_hash, paper_id, place, code_hash, tries_left, ends_at, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            &link.token_hash,
            link.paper_id,
            link.place,
            &link.code_hash,
            link.tries_left,
            link.ends_at,
            link.made_by
        ],
    )
    .map(drop)
}

/// The link, while it is unused, has tries left and has not ended.
pub fn link(tx: &mut Tx<'_>, token_hash: &str, at: Timestamp) -> Result<Option<LinkRow>, StoreError> {
    let row = tx.first(
        "SELECT token_hash, paper_id, place, code_hash, tries_left, ends_at, made_by FROM signing_link \
         WHERE token_hash = $1 AND used_at IS NULL AND tries_left > 0 AND ends_at > $2",
        params![token_hash, at],
    )?;
    row.map(|row| {
        Ok(LinkRow {
            token_hash: row.text(0)?,
            paper_id: row.int(1)?,
            place: row.int(2)?,
            code_hash: row.text(3)?,
            tries_left: row.int(4)?,
            ends_at: row.timestamp(5)?,
            made_by: row.opt_int(6)?,
        })
    })
    .transpose()
}

/// One try less.
pub fn miss(tx: &mut Tx<'_>, token_hash: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE signing_link SET tries_left = tries_left - 1 WHERE token_hash = $1", params![token_hash])
        .map(drop)
}

/// Uses a link up; `false` when it was used before.
pub fn use_up(tx: &mut Tx<'_>, token_hash: &str, at: Timestamp) -> Result<bool, StoreError> {
    let used = tx.execute(
        "UPDATE signing_link SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL",
        params![at, token_hash],
    )?;
    Ok(used == 1)
}
