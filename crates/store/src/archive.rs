//! 档案: everything that is kept, a closed case or not, with its class, its place and what was done with it (catalogue 9.1–9.3).

use domain::archive::ArchiveClass;
use domain::case_kind::CaseKind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::{returned_id, unknown_key};
use crate::db::{Row, StoreError, Tx};
use crate::params;
use crate::search::{Condition, Scope, Selection};

/// Something new in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Whose it is.
    pub bureau_id: i64,
    /// The case whose file it is.
    pub case_id: Option<i64>,
    /// 门类.
    pub class: ArchiveClass,
    /// 档号.
    pub number: String,
    /// 题名; empty for a case, whose own title stands.
    pub title: String,
    /// The day on it; none for a case.
    pub day: Option<Date>,
    /// 年度.
    pub year: i64,
    /// What is attached.
    pub file: ItemFile,
    /// Who brought it in.
    pub entered_by: Option<i64>,
}

/// A file attached to an item; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFile {
    /// Its name.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// Hash of its bytes.
    pub sha256: String,
}

/// What the archivist says of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// 保管期限 of its own, in years.
    pub years: Option<i64>,
    /// 架号.
    pub shelf: String,
    /// 保管人.
    pub custodian: String,
    /// 全宗号.
    pub fonds: String,
    /// 目录号.
    pub catalogue: String,
    /// 检查人.
    pub checked_by: String,
    /// 备考.
    pub remarks: String,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Row id.
    pub id: i64,
    /// What it is.
    pub item: NewItem,
    /// What the archivist said of it.
    pub keeping: Keeping,
    /// When it was brought in; of a case: when it was closed.
    pub entered_at: Timestamp,
    /// When its content was destroyed.
    pub destroyed_at: Option<Timestamp>,
    /// Counted up by every change.
    pub version: i64,
    /// Number and kind of its case.
    pub case: Option<(String, CaseKind)>,
    /// The bureau's name.
    pub bureau: String,
    /// Years that the bureau set for its class.
    pub class_years: Option<i64>,
    /// Whether it is held back from destruction.
    pub held: bool,
    /// Until when it is lent out.
    pub out_until: Option<Date>,
}

const SELECT: &str = "SELECT i.id, i.bureau_id, i.case_id, i.class, i.number, COALESCE(c.title, i.title), i.day, i.year, i.years, \
    i.shelf, i.custodian, i.fonds, i.catalogue, i.checked_by, i.remarks, i.file_name, i.media_type, i.size, i.sha256, \
    i.entered_by, COALESCE(v.closed_at, i.entered_at), i.destroyed_at, i.version, c.number, c.kind, b.name, t.years, \
    (SELECT COUNT(*) FROM archive_hold h WHERE h.item_id = i.id AND h.lifted_at IS NULL), \
    (SELECT MIN(l.due_day) FROM archive_loan l WHERE l.item_id = i.id AND l.state = 'out') \
    FROM archive_item i JOIN organization b ON b.id = i.bureau_id LEFT JOIN cases c ON c.id = i.case_id \
    LEFT JOIN case_volume v ON v.case_id = i.case_id \
    LEFT JOIN archive_term t ON t.bureau_id = i.bureau_id AND t.class = i.class";

/// Brings something in; gives its id. The file of a case that was closed before keeps its place.
pub fn insert(tx: &mut Tx<'_>, item: &NewItem, at: Timestamp) -> Result<i64, StoreError> {
    if let Some(case_id) = item.case_id
        && let Some(row) = tx.first("SELECT id FROM archive_item WHERE case_id = $1", params![case_id])?
    {
        return row.int(0);
    }
    let row = tx.first(
        "INSERT INTO archive_item (bureau_id, case_id, class, number, title, day, year, file_name, media_type, size, sha256, \
         entered_by, entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        params![
            item.bureau_id,
            item.case_id,
            item.class.key(),
            &item.number,
            &item.title,
            item.day,
            item.year,
            &item.file.name,
            &item.file.media_type,
            item.file.size,
            &item.file.sha256,
            item.entered_by,
            at
        ],
    )?;
    returned_id(row)
}

/// One item.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<ItemRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE i.id = $1"), params![id])?.map(|row| item(&row)).transpose()
}

/// The item of a case.
pub fn of_case(tx: &mut Tx<'_>, case_id: i64) -> Result<Option<ItemRow>, StoreError> {
    tx.first(&format!("{SELECT} WHERE i.case_id = $1"), params![case_id])?.map(|row| item(&row)).transpose()
}

/// Writes what the archivist says of an item; `false` when somebody changed it since `seen`.
pub fn keep(tx: &mut Tx<'_>, id: i64, seen: i64, keeping: &Keeping) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE archive_item SET years = $1, shelf = $2, custodian = $3, fonds = $4, catalogue = $5, checked_by = $6, \
         remarks = $7, version = version + 1 WHERE id = $8 AND version = $9 AND destroyed_at IS NULL",
        params![
            keeping.years,
            &keeping.shelf,
            &keeping.custodian,
            &keeping.fonds,
            &keeping.catalogue,
            &keeping.checked_by,
            &keeping.remarks,
            id,
            seen
        ],
    )?;
    Ok(changed == 1)
}

/// Which items. Every field narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The cases that she may know of.
    pub scopes: Vec<Scope>,
    /// The bureaus whose other items she may know of.
    pub bureaus: Vec<i64>,
    /// Only of this class.
    pub class: Option<ArchiveClass>,
    /// Only of this year.
    pub year: Option<i64>,
    /// Only files of this kind of case.
    pub kind: Option<CaseKind>,
    /// Only what is no file of a case.
    pub records: bool,
    /// In number, title or shelf.
    pub words: String,
    /// Only what is `out`, `late`, `held` or `destroyed`; empty for what is there.
    pub state: String,
    /// The day by which `late` is judged.
    pub today: Option<Date>,
    /// Column: `number`, `title`, `year`, `shelf`; the number otherwise.
    pub sort: String,
    /// The last first.
    pub descending: bool,
}

/// Items, from place `offset`.
pub fn search(tx: &mut Tx<'_>, wanted: &Wanted, offset: i64, limit: i64) -> Result<Vec<ItemRow>, StoreError> {
    let mut condition = reach(wanted);
    narrow(&mut condition, wanted);
    let order = match wanted.sort.as_str() {
        "title" => "COALESCE(c.title, i.title)",
        "year" => "i.year",
        "shelf" => "i.shelf",
        _ => "i.number",
    };
    let way = if wanted.descending { "DESC" } else { "ASC" };
    let (limit, offset) = (condition.bind(limit), condition.bind(offset));
    let sql =
        format!("{SELECT} WHERE {} ORDER BY {order} {way}, i.id {way} LIMIT {limit} OFFSET {offset}", condition.text);
    tx.query(&sql, &condition.params)?.iter().map(item).collect()
}

/// How many there are.
pub fn count(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<i64, StoreError> {
    let mut condition = reach(wanted);
    narrow(&mut condition, wanted);
    let sql =
        format!("SELECT COUNT(*) FROM archive_item i LEFT JOIN cases c ON c.id = i.case_id WHERE {}", condition.text);
    tx.first(&sql, &condition.params)?.map_or(Ok(0), |row| row.int(0))
}

/// What is in reach: files of cases by her scopes, the rest by bureau.
fn reach(wanted: &Wanted) -> Condition {
    let mut condition = Condition::new(&wanted.scopes, &Selection::default());
    let bureaus: Vec<String> = wanted.bureaus.iter().map(|id| condition.bind(*id)).collect();
    let own = if bureaus.is_empty() { "1 = 0".to_owned() } else { format!("i.bureau_id IN ({})", bureaus.join(", ")) };
    condition.text = format!("((i.case_id IS NULL AND {own}) OR (i.case_id IS NOT NULL AND {}))", condition.text);
    condition
}

fn narrow(condition: &mut Condition, wanted: &Wanted) {
    if let Some(class) = wanted.class {
        let class = condition.bind(class.key());
        condition.and(&format!("i.class = {class}"));
    }
    if let Some(year) = wanted.year {
        let year = condition.bind(year);
        condition.and(&format!("i.year = {year}"));
    }
    if let Some(kind) = wanted.kind {
        let kind = condition.bind(kind.key());
        condition.and(&format!("c.kind = {kind}"));
    }
    if wanted.records {
        condition.and("i.case_id IS NULL");
    }
    if !wanted.words.is_empty() {
        let words = condition.bind(format!("%{}%", wanted.words));
        condition.and(&format!(
            "(i.number LIKE {words} OR COALESCE(c.title, i.title) LIKE {words} OR i.shelf LIKE {words} OR c.number LIKE {words})"
        ));
    }
    let out = "i.id IN (SELECT item_id FROM archive_loan WHERE state = 'out'";
    match wanted.state.as_str() {
        "out" => condition.and(&format!("{out})")),
        "late" => {
            let today = condition.bind(wanted.today);
            condition.and(&format!("{out} AND due_day < {today})"));
        }
        "held" => condition.and("i.id IN (SELECT item_id FROM archive_hold WHERE lifted_at IS NULL)"),
        "destroyed" => condition.and("i.destroyed_at IS NOT NULL"),
        _ => condition.and("i.destroyed_at IS NULL"),
    }
}

/// What may be past its time: items of a bureau with years, its own or its class's, that entered by then and are neither held,
/// lent, destroyed nor on a list already.
pub fn with_years(tx: &mut Tx<'_>, bureau: i64, by: Timestamp, limit: i64) -> Result<Vec<ItemRow>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE i.bureau_id = $1 AND i.destroyed_at IS NULL AND COALESCE(v.closed_at, i.entered_at) <= $2 \
         AND i.id NOT IN (SELECT item_id FROM archive_hold WHERE lifted_at IS NULL) \
         AND i.id NOT IN (SELECT item_id FROM archive_loan WHERE state IN ('asked', 'out')) \
         AND i.id NOT IN (SELECT d.item_id FROM archive_disposal_item d JOIN archive_disposal l ON l.id = d.disposal_id \
         WHERE l.state IN ('drawn', 'appraised', 'approved') AND d.kept_because = '') ORDER BY i.number LIMIT $3"
    );
    tx.query(&sql, params![bureau, by, limit])?.iter().map(item).collect()
}

/// Takes the content of an item that is no case away; gives the hash of its file.
pub fn destroy(tx: &mut Tx<'_>, id: i64, at: Timestamp, instead: &str) -> Result<String, StoreError> {
    let row = tx.first("SELECT sha256 FROM archive_item WHERE id = $1 AND destroyed_at IS NULL", params![id])?;
    let sha256 = row.map_or(Ok(String::new()), |row| row.text(0))?;
    tx.execute(
        "UPDATE archive_item SET title = CASE WHEN case_id IS NULL THEN $1 ELSE title END, remarks = '', file_name = '', size = 0, \
         sha256 = '', destroyed_at = $2, version = version + 1 WHERE id = $3 AND destroyed_at IS NULL",
        params![instead, at, id],
    )?;
    Ok(sha256)
}

/// Sets how many years a bureau keeps a class; nothing takes the setting back.
pub fn set_term(
    tx: &mut Tx<'_>,
    bureau: i64,
    class: ArchiveClass,
    years: Option<i64>,
    by: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    let Some(years) = years else {
        let sql = "DELETE FROM archive_term WHERE bureau_id = $1 AND class = $2";
        return tx.execute(sql, params![bureau, class.key()]).map(drop);
    };
    tx.execute(
        "INSERT INTO archive_term (bureau_id, class, years, set_by, set_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (bureau_id, class) DO UPDATE SET years = excluded.years, set_by = excluded.set_by, set_at = excluded.set_at",
        params![bureau, class.key(), years, by, at],
    )
    .map(drop)
}

/// A bureau's own time of keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermRow {
    /// 门类.
    pub class: ArchiveClass,
    /// Years.
    pub years: i64,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What a bureau set.
pub fn terms(tx: &mut Tx<'_>, bureau: i64) -> Result<Vec<TermRow>, StoreError> {
    let rows = tx.query(
        "SELECT t.class, t.years, a.name, t.set_at FROM archive_term t JOIN account a ON a.id = t.set_by \
         WHERE t.bureau_id = $1 ORDER BY t.class",
        params![bureau],
    )?;
    let term = |row: &Row| {
        Ok(TermRow {
            class: ArchiveClass::from_key(row.str(0)?).ok_or_else(|| unknown_key(0))?,
            years: row.int(1)?,
            by: row.text(2)?,
            at: row.timestamp(3)?,
        })
    };
    rows.iter().map(term).collect()
}

/// Something that was done with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: Option<String>,
    /// What.
    pub what: String,
    /// In her words.
    pub words: String,
}

/// Adds to the record of an item.
pub fn note(
    tx: &mut Tx<'_>,
    item_id: i64,
    at: Timestamp,
    account_id: Option<i64>,
    what: &str,
    words: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO archive_note (item_id, at, account_id, what, words) VALUES ($1, $2, $3, $4, $5)",
        params![item_id, at, account_id, what, words],
    )
    .map(drop)
}

/// The record of an item, the latest first.
pub fn notes(tx: &mut Tx<'_>, item_id: i64) -> Result<Vec<NoteRow>, StoreError> {
    let rows = tx.query(
        "SELECT n.at, a.name, n.what, n.words FROM archive_note n LEFT JOIN account a ON a.id = n.account_id \
         WHERE n.item_id = $1 ORDER BY n.id DESC",
        params![item_id],
    )?;
    let note = |row: &Row| {
        Ok(NoteRow { at: row.timestamp(0)?, who: row.opt_text(1)?, what: row.text(2)?, words: row.text(3)? })
    };
    rows.iter().map(note).collect()
}

fn item(row: &Row) -> Result<ItemRow, StoreError> {
    let case = match (row.opt_text(23)?, row.opt_text(24)?) {
        (Some(number), Some(kind)) => Some((number, CaseKind::from_key(&kind).ok_or_else(|| unknown_key(24))?)),
        _ => None,
    };
    Ok(ItemRow {
        id: row.int(0)?,
        item: NewItem {
            bureau_id: row.int(1)?,
            case_id: row.opt_int(2)?,
            class: ArchiveClass::from_key(row.str(3)?).ok_or_else(|| unknown_key(3))?,
            number: row.text(4)?,
            title: row.text(5)?,
            day: row.opt_date(6)?,
            year: row.int(7)?,
            file: ItemFile {
                name: row.text(15)?,
                media_type: row.text(16)?,
                size: row.int(17)?,
                sha256: row.text(18)?,
            },
            entered_by: row.opt_int(19)?,
        },
        keeping: Keeping {
            years: row.opt_int(8)?,
            shelf: row.text(9)?,
            custodian: row.text(10)?,
            fonds: row.text(11)?,
            catalogue: row.text(12)?,
            checked_by: row.text(13)?,
            remarks: row.text(14)?,
        },
        entered_at: row.timestamp(20)?,
        destroyed_at: row.opt_timestamp(21)?,
        version: row.int(22)?,
        case,
        bureau: row.text(25)?,
        class_years: row.opt_int(26)?,
        held: row.int(27)? > 0,
        out_until: row.opt_date(28)?,
    })
}
