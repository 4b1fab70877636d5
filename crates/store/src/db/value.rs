//! Values that go into a statement and rows that come out of it.
//!
//! Three storage types only (BIGINT, TEXT, BLOB/BYTEA), so that the two engines cannot disagree about what was stored:
//! instants are UTC microseconds, civil days are `YYYY-MM-DD`, yes and no are 1 and 0.

use super::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;

/// One parameter of a statement or one column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A BIGINT.
    Int(i64),
    /// A TEXT.
    Text(String),
    /// A BLOB (SQLite) or BYTEA (PostgreSQL).
    Blob(Vec<u8>),
}

impl Value {
    /// The name of the kind, for the log; never the content, which may be about a person.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "BIGINT",
            Self::Text(_) => "TEXT",
            Self::Blob(_) => "BLOB",
        }
    }
}

/// The parameters of a statement, `$1` first: `params![case.id, "draft", now]`.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::db::Value] };
    ($($value:expr),+ $(,)?) => { &[$($crate::db::Value::from($value)),+] as &[$crate::db::Value] };
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}

/// Microseconds since 1970 in UTC; anything finer is cut off.
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.as_microsecond())
    }
}

/// `YYYY-MM-DD`, which sorts as it should in C collation.
impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Self> for Value {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

/// One row of an answer; columns are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    values: Box<[Value]>,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self { values: values.into() }
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the row has no column at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The column as it was stored.
    pub fn value(&self, index: usize) -> Result<&Value, StoreError> {
        self.values.get(index).ok_or(StoreError::Column { index, expected: "a column", found: "none" })
    }

    /// Whether the column is `NULL`.
    pub fn is_null(&self, index: usize) -> Result<bool, StoreError> {
        Ok(matches!(self.value(index)?, Value::Null))
    }

    /// A BIGINT.
    pub fn int(&self, index: usize) -> Result<i64, StoreError> {
        self.opt_int(index)?.ok_or(StoreError::Column { index, expected: "BIGINT", found: "NULL" })
    }

    /// A BIGINT or `NULL`.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>, StoreError> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(*value)),
            other => Err(StoreError::Column { index, expected: "BIGINT", found: other.kind() }),
        }
    }

    /// A TEXT, borrowed: for parsing into a type on the spot.
    pub fn str(&self, index: usize) -> Result<&str, StoreError> {
        self.opt_str(index)?.ok_or(StoreError::Column { index, expected: "TEXT", found: "NULL" })
    }

    /// A TEXT or `NULL`, borrowed.
    pub fn opt_str(&self, index: usize) -> Result<Option<&str>, StoreError> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value)),
            other => Err(StoreError::Column { index, expected: "TEXT", found: other.kind() }),
        }
    }

    /// A TEXT.
    pub fn text(&self, index: usize) -> Result<String, StoreError> {
        self.str(index).map(str::to_owned)
    }

    /// A TEXT or `NULL`.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>, StoreError> {
        self.opt_str(index).map(|text| text.map(str::to_owned))
    }

    /// A BLOB.
    pub fn blob(&self, index: usize) -> Result<Vec<u8>, StoreError> {
        self.opt_blob(index)?.ok_or(StoreError::Column { index, expected: "BLOB", found: "NULL" })
    }

    /// A BLOB or `NULL`.
    pub fn opt_blob(&self, index: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Blob(value) => Ok(Some(value.clone())),
            other => Err(StoreError::Column { index, expected: "BLOB", found: other.kind() }),
        }
    }

    /// Yes (1) or no (0); any other number is an error, not a yes.
    pub fn bool(&self, index: usize) -> Result<bool, StoreError> {
        match self.int(index)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StoreError::Column { index, expected: "0 or 1", found: "another number" }),
        }
    }

    /// An instant, stored as microseconds since 1970 in UTC.
    pub fn timestamp(&self, index: usize) -> Result<Timestamp, StoreError> {
        self.opt_timestamp(index)?.ok_or(StoreError::Column { index, expected: "an instant", found: "NULL" })
    }

    /// An instant or `NULL`.
    pub fn opt_timestamp(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        let out_of_range = StoreError::Column { index, expected: "an instant", found: "a number outside the calendar" };
        let Some(microseconds) = self.opt_int(index)? else { return Ok(None) };
        Timestamp::from_microsecond(microseconds).map(Some).map_err(|_| out_of_range)
    }

    /// A civil day, stored as `YYYY-MM-DD`.
    pub fn date(&self, index: usize) -> Result<Date, StoreError> {
        self.opt_date(index)?.ok_or(StoreError::Column { index, expected: "YYYY-MM-DD", found: "NULL" })
    }

    /// A civil day or `NULL`.
    pub fn opt_date(&self, index: usize) -> Result<Option<Date>, StoreError> {
        let unreadable = StoreError::Column { index, expected: "YYYY-MM-DD", found: "another text" };
        let Some(text) = self.opt_str(index)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| unreadable)
    }
}
