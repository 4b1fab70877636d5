//! 总账: what every act wrote, bound entry by entry under the installation's key (docs/decisions/0007-ledger.md).
//!
//! An act that touched rows leaves one entry in its own transaction: for each row its table, its key, and a print of its content or
//! that it is gone. Whoever has the database but not the key can compute neither a print nor an entry; whoever has both is found by
//! the seals that were published.

use super::shape::{Shape, Shapes};
use super::tx::{Engine, Tx};
use super::{Row, StoreError, Value, migrate};
use domain::seal::HashFunction;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;
use siphasher::sip128::{self, Hasher128 as _};
use sm3::Sm3;
use std::collections::HashSet;
use std::hash::Hasher as _;
use std::sync::Arc;

/// The hash function of entries and prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedgerSuite {
    /// SHA-256.
    #[default]
    Sha256,
    /// 国密 SM3.
    Sm3,
}

impl LedgerSuite {
    /// The key in settings and seals, which is also what programs elsewhere call the function.
    pub const fn key(self) -> &'static str {
        match self {
            LedgerSuite::Sha256 => "sha256",
            LedgerSuite::Sm3 => "sm3",
        }
    }

    /// The suite with this key.
    pub fn from_key(key: &str) -> Option<LedgerSuite> {
        [LedgerSuite::Sha256, LedgerSuite::Sm3].into_iter().find(|suite| suite.key() == key)
    }

    /// The hash function itself, over the parts as one text.
    pub fn hash_function(self) -> HashFunction {
        fn of<D: Digest>(parts: &[&[u8]]) -> [u8; 32] {
            let mut digest = D::new();
            for part in parts {
                digest.update(part);
            }
            let bytes = digest.finalize();
            std::array::from_fn(|index| bytes[index])
        }
        match self {
            LedgerSuite::Sha256 => of::<Sha256>,
            LedgerSuite::Sm3 => of::<Sm3>,
        }
    }

    const fn id(self) -> u8 {
        match self {
            LedgerSuite::Sha256 => 1,
            LedgerSuite::Sm3 => 2,
        }
    }

    fn from_id(id: u8) -> Option<LedgerSuite> {
        [LedgerSuite::Sha256, LedgerSuite::Sm3].into_iter().find(|suite| suite.id() == id)
    }
}

/// What the ledger is bound with. Entries under another suite stay checkable.
#[derive(Clone)]
pub struct LedgerKey {
    suite: LedgerSuite,
    sha256: Hmac<Sha256>,
    sm3: Hmac<Sm3>,
    tags: SipHasher13,
    places: sip128::SipHasher13,
}

impl std::fmt::Debug for LedgerKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "LedgerKey({:?})", self.suite)
    }
}

/// Without an installation's secret: tests and measurements.
impl Default for LedgerKey {
    fn default() -> Self {
        Self::new(LedgerSuite::default(), b"")
    }
}

/// Bytes that are kept of a row's print.
const PRINT: usize = 16;

impl LedgerKey {
    /// A key made of the installation's secret.
    pub fn new(suite: LedgerSuite, secret: &[u8]) -> Self {
        let sha256 = Hmac::new_from_slice(secret).expect("any length is a key");
        let sm3 = Hmac::new_from_slice(secret).expect("any length is a key");
        let mut tags = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
        tags.update(b"tags");
        let bytes: [u8; 32] = tags.finalize().into_bytes().into();
        let key = bytes.first_chunk::<16>().expect("sixteen of thirty-two bytes");
        let (tags, places) = (SipHasher13::new_with_key(key), sip128::SipHasher13::new_with_key(key));
        Self { suite, sha256, sm3, tags, places }
    }

    /// The suite of what is written from now on.
    pub fn suite(&self) -> LedgerSuite {
        self.suite
    }

    /// A short name of a row, for those who must remember millions.
    pub(crate) fn place(&self, table: &str, key: &[u8]) -> u128 {
        let mut hasher = self.places;
        for part in [table.as_bytes(), &[0], key] {
            hasher.write(part);
        }
        hasher.finish128().as_u128()
    }

    fn mac(&self, suite: LedgerSuite, parts: &[&[u8]]) -> [u8; 32] {
        fn of<M: Mac>(mut mac: M, parts: &[&[u8]]) -> [u8; 32] {
            for part in parts {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            let bytes = mac.finalize().into_bytes();
            std::array::from_fn(|index| bytes[index])
        }
        match suite {
            LedgerSuite::Sha256 => of(self.sha256.clone(), parts),
            LedgerSuite::Sm3 => of(self.sm3.clone(), parts),
        }
    }

    /// The print of a row, and a byte a column that tells which of them differs when it does.
    fn print(&self, suite: LedgerSuite, table: &str, row: &Encoded, width: usize) -> ([u8; PRINT], Vec<u8>) {
        let mac = self.mac(suite, &[b"row", table.as_bytes(), row.upto(width)]);
        let tags = (0..width).map(|index| self.tags.hash(row.column(index)) as u8).collect();
        (std::array::from_fn(|index| mac[index]), tags)
    }

    fn entry(&self, suite: LedgerSuite, previous: &[u8], head: &EntryHead<'_>) -> [u8; 32] {
        let (number, at) = (head.number.to_be_bytes(), head.at.to_be_bytes());
        self.mac(suite, &[b"entry", previous, &number, &at, head.kind.as_bytes(), head.changes])
    }
}

/// An entry without its hash.
pub(crate) struct EntryHead<'a> {
    pub(crate) number: i64,
    pub(crate) at: i64,
    pub(crate) kind: &'a str,
    pub(crate) changes: &'a [u8],
}

impl EntryHead<'_> {
    /// What its hash must be after this one; nothing when the suite is unknown.
    pub(crate) fn hash(&self, key: &LedgerKey, previous: &[u8]) -> Option<[u8; 32]> {
        let suite = LedgerSuite::from_id(*self.changes.first()?)?;
        Some(key.entry(suite, previous, self))
    }
}

/// The columns of a row as bytes, one after the other, each so that no two values look alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encoded {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// A value on its way into the bytes.
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Int(number) => Cell::Int(*number),
            Value::Text(text) => Cell::Text(text.as_bytes()),
            Value::Blob(bytes) => Cell::Blob(bytes),
        }
    }
}

impl Encoded {
    pub(crate) fn of(row: &Row) -> Result<Self, StoreError> {
        let mut encoded = Self::default();
        encoded.take(row)?;
        Ok(encoded)
    }

    /// Another row in the place of this one: whoever reads millions asks for memory once.
    pub(crate) fn take(&mut self, row: &Row) -> Result<(), StoreError> {
        self.bytes.clear();
        self.ends.clear();
        for index in 0..row.len() {
            self.push(&row.value(index)?.into());
        }
        Ok(())
    }

    pub(crate) fn push(&mut self, cell: &Cell<'_>) {
        let mut put = |kind: u8, bytes: &[u8]| {
            self.bytes.push(kind);
            self.bytes.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
            self.bytes.extend_from_slice(bytes);
        };
        match cell {
            Cell::Null => put(0, &[]),
            Cell::Int(number) => put(1, &number.to_be_bytes()),
            Cell::Text(text) => put(2, text),
            Cell::Blob(bytes) => put(3, bytes),
            Cell::Real(number) => put(4, &number.to_be_bytes()),
        }
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn width(&self) -> usize {
        self.ends.len()
    }

    fn upto(&self, width: usize) -> &[u8] {
        &self.bytes[..width.checked_sub(1).map_or(0, |last| self.ends[last])]
    }

    fn column(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    /// The columns of the primary key.
    pub(crate) fn key(&self, shape: &Shape) -> Vec<u8> {
        shape.key.iter().map(|index| self.column(*index)).collect::<Vec<_>>().concat()
    }
}

/// A row that an act wrote, or took out.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) table: Arc<str>,
    pub(crate) key: Vec<u8>,
    pub(crate) row: Option<Encoded>,
}

/// What an entry says of a row.
pub(crate) struct Said<'a> {
    pub(crate) table: &'a str,
    pub(crate) key: &'a [u8],
    /// Nothing for a row that was taken out.
    pub(crate) print: Option<Print<'a>>,
}

/// What a row looked like.
#[derive(Clone, Copy)]
pub(crate) struct Print<'a> {
    suite: LedgerSuite,
    bytes: &'a [u8],
    tags: &'a [u8],
}

impl<'a> Print<'a> {
    /// What can be kept of it for each of millions of rows.
    pub(crate) fn short(&self) -> Short {
        Short { suite: self.suite, width: self.tags.len() as u8, print: std::array::from_fn(|index| self.bytes[index]) }
    }

    /// The columns that look different, as far as one byte for each can tell.
    pub(crate) fn differing(&self, key: &LedgerKey, shape: &'a Shape, row: &Encoded) -> Vec<&'a str> {
        let differs = |index: usize| match self.tags.get(index) {
            Some(tag) => *tag != key.tags.hash(row.column(index)) as u8,
            None => !is_default(shape, row, index),
        };
        let columns = shape.columns.iter().enumerate().take(row.width());
        columns.filter(|(index, _)| differs(*index)).map(|(_, column)| column.name.as_str()).collect()
    }
}

/// A print without the bytes that tell of single columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short {
    suite: LedgerSuite,
    width: u8,
    print: [u8; PRINT],
}

impl Short {
    /// Whether the row still looks so. Columns that came later must hold what they were made with.
    pub(crate) fn fits(&self, key: &LedgerKey, shape: &Shape, row: &Encoded) -> bool {
        let width = usize::from(self.width);
        width <= row.width()
            && key.mac(self.suite, &[b"row", shape.name.as_bytes(), row.upto(width)])[..PRINT] == self.print
            && (width..row.width()).all(|index| is_default(shape, row, index))
    }
}

fn is_default(shape: &Shape, row: &Encoded, index: usize) -> bool {
    let mut expected = Encoded::default();
    expected.push(&Cell::from(&shape.columns[index].default));
    expected.column(0) == row.column(index)
}

/// The values behind encoded columns, such as those of a key.
pub(crate) fn decoded(encoded: &[u8]) -> Vec<Value> {
    let (mut rest, mut values) = (encoded, Vec::new());
    while let Some(([kind, a, b, c, d], after)) = rest.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some((bytes, after)) = after.split_at_checked(length) else { break };
        rest = after;
        values.push(match (*kind, <[u8; 8]>::try_from(bytes)) {
            (0, _) => Value::Null,
            (1, Ok(bytes)) => Value::Int(i64::from_be_bytes(bytes)),
            (2, _) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Value::Blob(bytes.to_vec()),
        });
    }
    values
}

/// The key of a row for people: `id=17`, cut where it is long.
pub(crate) fn key_told(shape: Option<&Shape>, key: &[u8]) -> String {
    const LONGEST: usize = 40;
    let name = |place: usize| {
        let column = shape.and_then(|shape| shape.columns.get(*shape.key.get(place)?));
        column.map_or("key", |column| column.name.as_str())
    };
    let told = decoded(key).into_iter().enumerate().map(|(place, value)| match value {
        Value::Int(number) => format!("{}={number}", name(place)),
        Value::Text(text) => format!("{}={}", name(place), text.chars().take(LONGEST).collect::<String>()),
        other => format!("{}={}", name(place), other.kind()),
    });
    told.collect::<Vec<_>>().join(" ")
}

/// What an entry says, one row after the other; an error where its bytes make no sense.
pub(crate) fn said(changes: &[u8]) -> Result<Vec<Said<'_>>, Senseless> {
    let (suite, mut rest) = changes.split_first().ok_or(Senseless)?;
    let suite = LedgerSuite::from_id(*suite).ok_or(Senseless)?;
    let mut all = Vec::new();
    while !rest.is_empty() {
        let table = std::str::from_utf8(sized(&mut rest)?).map_err(|_| Senseless)?;
        let key = sized(&mut rest)?;
        let (width, after) = rest.split_first().ok_or(Senseless)?;
        rest = after;
        let print = match usize::from(*width) {
            0 => None,
            width => {
                let (bytes, after) = rest.split_at_checked(PRINT).ok_or(Senseless)?;
                let (tags, after) = after.split_at_checked(width).ok_or(Senseless)?;
                rest = after;
                Some(Print { suite, bytes, tags })
            }
        };
        all.push(Said { table, key, print });
    }
    Ok(all)
}

/// Bytes that no program of ours wrote.
#[derive(Debug)]
pub(crate) struct Senseless;

fn sized<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Senseless> {
    let (length, after) = rest.split_first_chunk::<2>().ok_or(Senseless)?;
    let (part, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(Senseless)?;
    *rest = after;
    Ok(part)
}

fn put_sized(bytes: &mut Vec<u8>, part: &[u8]) {
    // A key that long is no key of ours; cut, it still names the row for as long as the first 64 KiB do.
    let part = &part[..part.len().min(usize::from(u16::MAX))];
    bytes.extend_from_slice(&(part.len() as u16).to_be_bytes());
    bytes.extend_from_slice(part);
}

/// The bytes of an entry: of each row only what it was in the end.
fn changes(key: &LedgerKey, touched: &[Change]) -> Vec<u8> {
    let mut bytes = vec![key.suite.id()];
    let mut seen = HashSet::with_capacity(touched.len());
    for change in touched.iter().rev().filter(|change| seen.insert((&*change.table, &*change.key))) {
        put_sized(&mut bytes, change.table.as_bytes());
        put_sized(&mut bytes, &change.key);
        match &change.row {
            None => bytes.push(0),
            Some(row) => {
                let width = row.width().min(usize::from(u8::MAX));
                let (print, tags) = key.print(key.suite, &change.table, row, width);
                bytes.push(width as u8);
                bytes.extend_from_slice(&print);
                bytes.extend_from_slice(&tags);
            }
        }
    }
    bytes
}

/// The kind of an entry: an act, or rows that were there before the ledger or came with a step of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Act,
    TakenIn,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Act => "act",
            Kind::TakenIn => "taken_in",
        }
    }
}

/// Writes the entry of what the transaction touched since the last one; nothing when it touched nothing.
pub(crate) fn close(engine: &mut dyn Engine) -> Result<(), StoreError> {
    let Some(touched) = engine.touched()? else { return Ok(()) };
    append(engine, Kind::Act, &touched)
}

fn append(engine: &mut dyn Engine, kind: Kind, touched: &[Change]) -> Result<(), StoreError> {
    if touched.is_empty() {
        return Ok(());
    }
    let key = engine.ledger_key();
    let changes = changes(&key, touched);
    engine.lock_ledger()?;
    let head = engine.first("SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1", &[])?;
    let (number, previous) = match head {
        Some(row) => (row.int(0)? + 1, row.blob(1)?),
        None => (1, Vec::new()),
    };
    let at = migrate::now().as_microsecond();
    let hash = key.entry(key.suite, &previous, &EntryHead { number, at, kind: kind.key(), changes: &changes });
    let row = [number.into(), at.into(), kind.key().into(), changes.into(), hash.into()];
    engine.execute("INSERT INTO ledger (number, at, kind, changes, hash) VALUES ($1, $2, $3, $4, $5)", &row).map(drop)
}

/// After a step of the schema: what it wrote is entered, tables that came with it (all of them, when the ledger itself did) are taken
/// in as they are, and from now on all are followed.
pub(crate) fn follow(engine: &mut dyn Engine, before: &Shapes) -> Result<(), StoreError> {
    const ROWS: i64 = 1_000;
    let touched = engine.touched()?.unwrap_or_default();
    let shapes = super::shape::shapes(&mut Tx::new(engine))?;
    // A row of a table that got more columns may have been noted without them.
    let (grown, same): (Vec<_>, Vec<_>) =
        touched.into_iter().partition(|it| shapes.get(&it.table) != before.get(&it.table));
    append(engine, Kind::Act, &same)?;
    let grown: Result<Vec<Change>, StoreError> = grown
        .into_iter()
        .filter_map(|change| Some((shapes.get(&change.table)?, change)))
        .map(|(shape, change)| {
            let row = shape.one(&mut Tx::new(engine), &change.key)?;
            Ok(Change { row: row.as_ref().map(Encoded::of).transpose()?, ..change })
        })
        .collect();
    append(engine, Kind::Act, &grown?)?;
    // A table that lost a column is read anew, like one that came.
    let goes_on = |shape: &Shape| before.get(&shape.name).is_some_and(|old| shape.columns.starts_with(&old.columns));
    for shape in shapes.values().filter(|shape| !goes_on(shape)) {
        let mut last = None;
        loop {
            let rows = shape.page(&mut Tx::new(engine), last.as_ref(), ROWS)?;
            let taken: Result<Vec<Change>, StoreError> = rows
                .iter()
                .map(|row| {
                    let row = Encoded::of(row)?;
                    Ok(Change { table: shape.name.clone(), key: row.key(shape), row: Some(row) })
                })
                .collect();
            append(engine, Kind::TakenIn, &taken?)?;
            match rows.into_iter().next_back() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
    }
    engine.record(shapes)
}
