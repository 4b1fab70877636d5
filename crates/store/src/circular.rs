//! 通报: what a bureau tells the organisations beneath it, and who has confirmed it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::returned_id;
use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// What is written in a circular.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The table that goes with it, frozen as JSON; empty when there is none.
    pub figures: String,
    /// Numbers of the cases it is about, joined by commas.
    pub case_numbers: String,
    /// The addressees are to answer.
    pub reply_asked: bool,
}

/// A circular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircularRow {
    /// Row id.
    pub id: i64,
    /// The bureau that sends it.
    pub bureau_id: i64,
    /// Its name.
    pub bureau_name: String,
    /// Who wrote it.
    pub written_by: i64,
    /// By name.
    pub writer_name: String,
    /// What is written.
    pub content: Content,
    /// `draft`, `pending`, `published`, `withdrawn`.
    pub status: String,
    /// 文号, once published.
    pub number: String,
    /// Why the leader gave it back, or why it was withdrawn.
    pub opinion: String,
    /// By which day to confirm it.
    pub confirm_by: Option<Date>,
    /// Who signed, by name.
    pub signer_name: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// For compare-and-set.
    pub version: i64,
    /// When it was begun.
    pub written_at: Timestamp,
    /// How many organisations it goes to.
    pub addressees: i64,
    /// How many of them confirmed it.
    pub confirmed: i64,
}

/// Writes a draft, once for each key; gives its id.
pub fn insert(
    tx: &mut Tx<'_>,
    key: &str,
    bureau_id: i64,
    written_by: i64,
    content: &Content,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.first(
        "INSERT INTO circular (key, bureau_id, written_by, title, body, figures, case_numbers, reply_asked, status, number, \
         opinion, version, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', '', '', 1, $9) RETURNING id",
        params![
            key,
            bureau_id,
            written_by,
            &content.title,
            &content.body,
            &content.figures,
            &content.case_numbers,
            content.reply_asked,
            at
        ],
    )?;
    returned_id(row)
}

/// The id of the draft of a form that was sent before.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<i64>, StoreError> {
    tx.first("SELECT id FROM circular WHERE key = $1", params![key])?.map(|row| row.int(0)).transpose()
}

/// Changes a draft; `false` when it is no draft any more or somebody wrote in between.
pub fn save(tx: &mut Tx<'_>, id: i64, seen: i64, content: &Content) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE circular SET title = $1, body = $2, figures = $3, case_numbers = $4, reply_asked = $5, version = version + 1 \
         WHERE id = $6 AND version = $7 AND status = 'draft'",
        params![
            &content.title,
            &content.body,
            &content.figures,
            &content.case_numbers,
            content.reply_asked,
            id,
            seen
        ],
    )?;
    Ok(changed == 1)
}

/// Throws a draft away; `false` when it is none.
pub fn discard(tx: &mut Tx<'_>, id: i64, seen: i64) -> Result<bool, StoreError> {
    let is_draft =
        tx.first("SELECT 1 FROM circular WHERE id = $1 AND version = $2 AND status = 'draft'", params![id, seen])?;
    if is_draft.is_none() {
        return Ok(false);
    }
    tx.execute("DELETE FROM circular_addressee WHERE circular_id = $1", params![id])?;
    Ok(tx.execute("DELETE FROM circular WHERE id = $1", params![id])? == 1)
}

/// Takes a circular from one status to the next, with the words for it; `false` when it is not there or somebody was first.
pub fn advance(
    tx: &mut Tx<'_>,
    id: i64,
    seen: i64,
    (from, to): (&str, &str),
    opinion: &str,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE circular SET status = $1, opinion = $2, version = version + 1 WHERE id = $3 AND version = $4 AND status = $5",
        params![to, opinion, id, seen, from],
    )?;
    Ok(changed == 1)
}

/// Keeps what a published circular carries: number, who signed, by when to confirm.
pub fn note_published(
    tx: &mut Tx<'_>,
    id: i64,
    number: &str,
    signed_by: i64,
    confirm_by: Date,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE circular SET number = $1, signed_by = $2, confirm_by = $3, published_at = $4 WHERE id = $5",
        params![number, signed_by, confirm_by, at, id],
    )
    .map(drop)
}

/// Keeps when it was withdrawn.
pub fn note_withdrawn(tx: &mut Tx<'_>, id: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE circular SET withdrawn_at = $1 WHERE id = $2", params![at, id]).map(drop)
}

const SELECT: &str = "SELECT k.id, k.bureau_id, b.name, k.written_by, w.name, k.title, k.body, k.figures, k.case_numbers, \
    k.reply_asked, k.status, k.number, k.opinion, k.confirm_by, s.name, k.published_at, k.withdrawn_at, k.version, k.written_at, \
    (SELECT COUNT(*) FROM circular_addressee t WHERE t.circular_id = k.id), \
    (SELECT COUNT(*) FROM circular_addressee t WHERE t.circular_id = k.id AND t.confirmed_at IS NOT NULL) \
    FROM circular k JOIN organization b ON b.id = k.bureau_id JOIN account w ON w.id = k.written_by \
    LEFT JOIN account s ON s.id = k.signed_by";

/// One circular.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<CircularRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE k.id = $1"), params![id])?.map(|row| circular(&row)).transpose()
}

/// What a bureau wrote, the last first, at most `limit`.
pub fn of_bureau(tx: &mut Tx<'_>, bureau_id: i64, limit: i64) -> Result<Vec<CircularRow>, StoreError> {
    let sql = format!("{SELECT} WHERE k.bureau_id = $1 ORDER BY k.written_at DESC, k.id DESC LIMIT $2");
    tx.query(&sql, params![bureau_id, limit])?.iter().map(circular).collect()
}

/// What was published to these organisations, the last first, at most `limit`; only what they have not confirmed, when asked.
pub fn sent_to(
    tx: &mut Tx<'_>,
    organizations: &[i64],
    only_open: bool,
    limit: i64,
) -> Result<Vec<CircularRow>, StoreError> {
    if organizations.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=organizations.len()).map(|place| format!("${place}")).collect();
    let mut values: Vec<Value> = organizations.iter().map(|id| Value::Int(*id)).collect();
    values.push(Value::Int(limit));
    let (statuses, open) = match only_open {
        true => ("k.status = 'published'", " AND t.confirmed_at IS NULL"),
        false => ("k.status IN ('published', 'withdrawn')", ""),
    };
    let sql = format!(
        "{SELECT} WHERE {statuses} AND EXISTS (SELECT 1 FROM circular_addressee t WHERE t.circular_id = k.id \
         AND t.organization_id IN ({}){open}) ORDER BY k.published_at DESC, k.id DESC LIMIT ${}",
        places.join(", "),
        values.len()
    );
    tx.query(&sql, &values)?.iter().map(circular).collect()
}

/// Sets to whom a draft goes.
pub fn address(tx: &mut Tx<'_>, id: i64, organizations: &[i64]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM circular_addressee WHERE circular_id = $1", params![id])?;
    for organization in organizations {
        tx.execute(
            "INSERT INTO circular_addressee (circular_id, organization_id, reply) VALUES ($1, $2, '')",
            params![id, *organization],
        )?;
    }
    Ok(())
}

/// An organisation to which a circular goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddresseeRow {
    /// The organisation.
    pub organization_id: i64,
    /// Its name.
    pub name: String,
    /// Who confirmed it for the organisation, by name.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// Its answer.
    pub reply: String,
}

/// To whom a circular goes.
pub fn addressees(tx: &mut Tx<'_>, id: i64) -> Result<Vec<AddresseeRow>, StoreError> {
    let rows = tx.query(
        "SELECT t.organization_id, o.name, a.name, t.confirmed_at, t.reply FROM circular_addressee t \
         JOIN organization o ON o.id = t.organization_id LEFT JOIN account a ON a.id = t.confirmed_by \
         WHERE t.circular_id = $1 ORDER BY o.path",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(AddresseeRow {
                organization_id: row.int(0)?,
                name: row.text(1)?,
                confirmed_by: row.opt_text(2)?,
                confirmed_at: row.opt_timestamp(3)?,
                reply: row.text(4)?,
            })
        })
        .collect()
}

/// Confirms it for an organisation; `false` when it goes elsewhere or was confirmed before.
pub fn confirm(
    tx: &mut Tx<'_>,
    id: i64,
    organization_id: i64,
    account_id: i64,
    reply: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE circular_addressee SET confirmed_by = $1, confirmed_at = $2, reply = $3 \
         WHERE circular_id = $4 AND organization_id = $5 AND confirmed_at IS NULL",
        params![account_id, at, reply, id, organization_id],
    )?;
    Ok(changed == 1)
}

/// Keeps that a person read it; the first time counts.
pub fn read(
    tx: &mut Tx<'_>,
    id: i64,
    account_id: i64,
    organization_id: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "INSERT INTO circular_reader (circular_id, account_id, organization_id, read_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (circular_id, account_id) DO NOTHING",
        params![id, account_id, organization_id, at],
    )?;
    Ok(changed == 1)
}

/// A person who read a circular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderRow {
    /// The person.
    pub account_id: i64,
    /// By name.
    pub name: String,
    /// For which organisation.
    pub organization_id: i64,
    /// When.
    pub read_at: Timestamp,
}

/// Who read a circular, the first first.
pub fn readers(tx: &mut Tx<'_>, id: i64) -> Result<Vec<ReaderRow>, StoreError> {
    let rows = tx.query(
        "SELECT r.account_id, a.name, r.organization_id, r.read_at FROM circular_reader r JOIN account a \
         ON a.id = r.account_id WHERE r.circular_id = $1 ORDER BY r.read_at, r.account_id",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(ReaderRow {
                account_id: row.int(0)?,
                name: row.text(1)?,
                organization_id: row.int(2)?,
                read_at: row.timestamp(3)?,
            })
        })
        .collect()
}

fn circular(row: &Row) -> Result<CircularRow, StoreError> {
    Ok(CircularRow {
        id: row.int(0)?,
        bureau_id: row.int(1)?,
        bureau_name: row.text(2)?,
        written_by: row.int(3)?,
        writer_name: row.text(4)?,
        content: Content {
            title: row.text(5)?,
            body: row.text(6)?,
            figures: row.text(7)?,
            case_numbers: row.text(8)?,
            reply_asked: row.bool(9)?,
        },
        status: row.text(10)?,
        number: row.text(11)?,
        opinion: row.text(12)?,
        confirm_by: row.opt_date(13)?,
        signer_name: row.opt_text(14)?,
        published_at: row.opt_timestamp(15)?,
        withdrawn_at: row.opt_timestamp(16)?,
        version: row.int(17)?,
        written_at: row.timestamp(18)?,
        addressees: row.int(19)?,
        confirmed: row.int(20)?,
    })
}
