//! 总账 read and checked: whether every entry follows from the one before, and every row looks as the last entry about it says.

use std::collections::{BTreeMap, HashMap};

use domain::chain::hex;
use domain::seal::{Seal, Tree};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::ledger::{Encoded, EntryHead, Short, key_told, said};
use crate::db::shape::{Shape, Shapes, shapes, unwatched};
use crate::db::{LedgerSuite, StoreError, Tx};
use crate::params;
use crate::seal;

const PAGE: i64 = 1_000;

/// What a check looks at.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Only entries since then, and the rows that they tell of.
    pub since: Option<Timestamp>,
    /// Seals that were published before, besides those in the database.
    pub published: Vec<Seal>,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries that were read.
    pub entries: i64,
    /// Rows that were compared.
    pub rows: i64,
    /// Seals that were compared.
    pub seals: i64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An entry was changed, put in, or moved; or the installation's secret is not the one it was written with.
    Entry {
        /// Its number.
        number: i64,
    },
    /// Entries are gone.
    EntriesMissing {
        /// The first.
        from: i64,
        /// The last.
        until: i64,
    },
    /// A row looks different.
    Changed {
        /// Its table.
        table: String,
        /// Its key.
        key: String,
        /// The columns that differ, as far as can be told.
        columns: Vec<String>,
        /// The last entry about it.
        entry: i64,
    },
    /// A row is gone.
    Removed {
        /// Its table.
        table: String,
        /// Its key.
        key: String,
        /// The last entry about it.
        entry: i64,
    },
    /// No entry tells of a row, or the last one says that it was taken out.
    Added {
        /// Its table.
        table: String,
        /// Its key.
        key: String,
    },
    /// A table holds something that no program of ours can have written.
    Unreadable {
        /// The table.
        table: String,
    },
    /// Writing to a table leaves no entry, because its trigger is gone or switched off.
    Unwatched {
        /// The table.
        table: String,
    },
    /// A seal in the database is not what its print says, or not of the seal before.
    Seal {
        /// Its day.
        day: Date,
    },
    /// The entries are not those that were sealed.
    Sealed {
        /// The day of the seal.
        day: Date,
        /// Whether it is one that was published.
        published: bool,
    },
}

/// Checks the ledger, every row of every table against it, and every seal.
pub fn check(tx: &mut Tx<'_>, scope: &Scope) -> Result<Checked, StoreError> {
    let mut checked = Checked::default();
    let mut fold = Fold::default();
    entries(tx, scope, &mut fold, &mut checked)?;
    let shapes = shapes(tx)?;
    for table in unwatched(tx, &shapes)? {
        checked.findings.push(Finding::Unwatched { table });
    }
    for shape in shapes.values() {
        let mut said = fold.remove(&*shape.name).unwrap_or_default();
        let before = checked.clone();
        // What cannot be read at all must not end the check of the other tables.
        match tx.attempt(|tx| rows(tx, scope, shape, &mut said, &mut checked)) {
            Err(StoreError::Column { .. }) => {
                checked = before;
                checked.findings.push(Finding::Unreadable { table: shape.name.to_string() });
            }
            Err(error) => return Err(error),
            Ok(()) => removed(tx, &shapes, &shape.name, said, &mut checked)?,
        }
    }
    // A whole table is gone.
    for (table, said) in fold {
        removed(tx, &shapes, &table, said, &mut checked)?;
    }
    Ok(checked)
}

/// Checks the entries and the seals over them, and no row.
pub fn check_entries(tx: &mut Tx<'_>, scope: &Scope) -> Result<Checked, StoreError> {
    let mut checked = Checked::default();
    entries(tx, scope, &mut Fold::default(), &mut checked)?;
    Ok(checked)
}

/// The hashes of the entries from one to another, both included.
pub fn hashes(tx: &mut Tx<'_>, first: i64, last: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT hash FROM ledger WHERE number >= $1 AND number <= $2 ORDER BY number";
    tx.query(sql, params![first, last])?.iter().map(|row| row.blob(0)).collect()
}

/// The number of the last entry; 0 before the first.
pub fn head(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.first("SELECT number FROM ledger ORDER BY number DESC LIMIT 1", &[])?.map_or(Ok(0), |row| row.int(0))
}

/// The last that the ledger says of each row, table by table. A row that was taken out is remembered only where not all was read.
type Fold = BTreeMap<String, HashMap<u128, Last>>;

#[derive(Clone, Copy)]
struct Last {
    entry: i64,
    print: Option<Short>,
}

/// Reads the entries in their order, each against the one before and against the seals over it.
fn entries(tx: &mut Tx<'_>, scope: &Scope, fold: &mut Fold, checked: &mut Checked) -> Result<(), StoreError> {
    let key = tx.ledger_key();
    let first = match scope.since {
        None => 1,
        Some(since) => {
            let sql = "SELECT number FROM ledger WHERE at >= $1 ORDER BY number LIMIT 1";
            let found = tx.first(sql, params![since])?.map(|row| row.int(0)).transpose()?;
            found.map_or_else(|| head(tx).map(|head| head + 1), Ok)?
        }
    };
    let mut seals = open_seals(tx, scope, first, checked)?;
    let mut previous = hashes(tx, first - 1, first - 1)?.pop().unwrap_or_default();
    let mut next = first;
    loop {
        let sql = "SELECT number, at, kind, changes, hash FROM ledger WHERE number >= $1 ORDER BY number LIMIT $2";
        let page = tx.query(sql, params![next, PAGE])?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            let (number, hash, changes) = (row.int(0)?, row.blob(4)?, row.blob(3)?);
            let entry = EntryHead { number, at: row.int(1)?, kind: row.str(2)?, changes: &changes };
            if number > next {
                checked.findings.push(Finding::EntriesMissing { from: next, until: number - 1 });
            } else if entry.hash(&key, &previous).is_none_or(|expected| expected[..] != hash[..]) {
                checked.findings.push(Finding::Entry { number });
            }
            for seal in &mut seals {
                seal.take(number, &hash);
            }
            for said in said(&changes).unwrap_or_default() {
                let last = Last { entry: number, print: said.print.map(|print| print.short()) };
                let table = match fold.get_mut(said.table) {
                    Some(table) => table,
                    None => fold.entry(said.table.to_owned()).or_default(),
                };
                let place = key.place(said.table, said.key);
                if last.print.is_none() && scope.since.is_none() {
                    table.remove(&place);
                } else {
                    table.insert(place, last);
                }
            }
            checked.entries += 1;
            (previous, next) = (hash, number + 1);
        }
    }
    checked.findings.extend(seals.into_iter().filter_map(OpenSeal::wrong));
    Ok(())
}

/// Compares every row of a table with what the ledger said last of it, and forgets what was compared.
fn rows(
    tx: &mut Tx<'_>,
    scope: &Scope,
    shape: &Shape,
    said: &mut HashMap<u128, Last>,
    checked: &mut Checked,
) -> Result<(), StoreError> {
    let key = tx.ledger_key();
    let (mut after, mut row) = (None, Encoded::default());
    loop {
        let page = shape.page(tx, after.as_ref(), PAGE)?;
        for next in &page {
            row.take(next)?;
            let row_key = row.key(shape);
            let name = || (shape.name.to_string(), key_told(Some(shape), &row_key));
            match said.remove(&key.place(&shape.name, &row_key)) {
                None if scope.since.is_some() => continue,
                None | Some(Last { print: None, .. }) => {
                    let (table, key) = name();
                    checked.findings.push(Finding::Added { table, key });
                }
                Some(Last { entry, print: Some(print) }) if !print.fits(&key, shape, &row) => {
                    let columns = differing(tx, entry, shape, &row)?;
                    let (table, key) = name();
                    checked.findings.push(Finding::Changed { table, key, columns, entry });
                }
                Some(_) => {}
            }
            checked.rows += 1;
        }
        match page.into_iter().next_back() {
            Some(row) => after = Some(row),
            None => return Ok(()),
        }
    }
}

/// Which columns of a row differ from what the entry says of it.
fn differing(tx: &mut Tx<'_>, entry: i64, shape: &Shape, row: &Encoded) -> Result<Vec<String>, StoreError> {
    let key = tx.ledger_key();
    let row_key = row.key(shape);
    let changes = changes_of(tx, entry)?;
    let said = said(&changes).unwrap_or_default();
    let about = said.iter().find(|said| said.table == &*shape.name && said.key == row_key);
    let columns = about.and_then(|said| said.print.as_ref()).map(|print| print.differing(&key, shape, row));
    Ok(columns.unwrap_or_default().into_iter().map(str::to_owned).collect())
}

/// Names the rows of a table that the ledger tells of and that are not there.
fn removed(
    tx: &mut Tx<'_>,
    shapes: &Shapes,
    table: &str,
    said: HashMap<u128, Last>,
    checked: &mut Checked,
) -> Result<(), StoreError> {
    let key = tx.ledger_key();
    let mut gone: Vec<(i64, u128)> = Vec::new();
    gone.extend(said.into_iter().filter(|(_, last)| last.print.is_some()).map(|(place, last)| (last.entry, place)));
    gone.sort_unstable();
    for (entry, place) in gone {
        let changes = changes_of(tx, entry)?;
        let about = self::said(&changes).unwrap_or_default();
        let about = about.iter().find(|said| said.table == table && key.place(table, said.key) == place);
        let row = about.map(|said| key_told(shapes.get(table), said.key)).unwrap_or_default();
        checked.findings.push(Finding::Removed { table: table.to_owned(), key: row, entry });
    }
    Ok(())
}

fn changes_of(tx: &mut Tx<'_>, entry: i64) -> Result<Vec<u8>, StoreError> {
    let row = tx.first("SELECT changes FROM ledger WHERE number = $1", params![entry])?;
    row.map_or(Ok(Vec::new()), |row| row.blob(0))
}

/// A seal while its entries pass by.
struct OpenSeal {
    seal: Seal,
    published: bool,
    tree: Tree,
}

impl OpenSeal {
    fn take(&mut self, number: i64, hash: &[u8]) {
        if (self.seal.first..=self.seal.last).contains(&number) {
            self.tree.push(hash);
        }
    }

    fn wrong(self) -> Option<Finding> {
        let Seal { day, first, last, root, .. } = self.seal;
        let whole = self.tree.leaves() as i64 == last - first + 1 && hex(&self.tree.root()) == root;
        (!whole).then_some(Finding::Sealed { day, published: self.published })
    }
}

/// The seals over entries from `first` on; those whose text is not what it was are named.
fn open_seals(tx: &mut Tx<'_>, scope: &Scope, first: i64, checked: &mut Checked) -> Result<Vec<OpenSeal>, StoreError> {
    // A day that is none any more is found with the row.
    let kept = match tx.attempt(seal::all) {
        Err(StoreError::Column { .. }) => Vec::new(),
        kept => kept?,
    };
    let mut previous = String::new();
    for row in &kept {
        let sound = LedgerSuite::from_key(&row.seal.suite)
            .is_some_and(|suite| row.seal.print(suite.hash_function()) == row.print && row.seal.previous == previous);
        if !sound {
            checked.findings.push(Finding::Seal { day: row.seal.day });
        }
        previous.clone_from(&row.print);
    }
    let kept = kept.into_iter().map(|row| (row.seal, false));
    let published = scope.published.iter().cloned().map(|seal| (seal, true));
    let open = kept.chain(published).filter(|(seal, _)| seal.first >= first).filter_map(|(seal, published)| {
        let suite = LedgerSuite::from_key(&seal.suite)?;
        Some(OpenSeal { seal, published, tree: Tree::new(suite.hash_function()) })
    });
    let open: Vec<OpenSeal> = open.collect();
    checked.seals = open.len() as i64;
    Ok(open)
}
