//! What the tables look like: the ledger has to know which columns name a row, and what a column holds that was added later.

use super::tx::{Dialect, Tx};
use super::{Row, StoreError, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tables whose rows the ledger does not follow, each with its reason.
pub const OUTSIDE: &[(&str, &str)] = &[
    ("ledger", "it is the chain itself"),
    (
        "lease",
        "it tells which process works at the moment and changes every few seconds; nobody decides anything by it",
    ),
];

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub name: Arc<str>,
    /// Its columns in the order in which they came.
    pub columns: Vec<Column>,
    /// Where in `columns` those of the primary key stand, in its order.
    pub key: Vec<usize>,
}

/// A table that is being read: its columns, and of the primary key each place with its column.
type Found = (Vec<Column>, Vec<(i64, usize)>);

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers, text or bytes.
    pub class: Class,
    /// What rows hold in it that were there before it came.
    pub default: Value,
}

/// The three types of column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BLOB, BYTEA.
    Blob,
}

/// Tables by name.
pub type Shapes = BTreeMap<Arc<str>, Shape>;

impl Shape {
    /// A page of rows in the order of the key, after the row `after`.
    pub(crate) fn page(&self, tx: &mut Tx<'_>, after: Option<&Row>, limit: i64) -> Result<Vec<Row>, StoreError> {
        let key = names(self.key.iter().map(|index| &self.columns[*index]));
        let mut params = Vec::new();
        for index in after.iter().flat_map(|_| &self.key) {
            params.extend(after.map(|row| row.value(*index)).transpose()?.cloned());
        }
        let condition = if after.is_some() { self.by_key(">") } else { String::new() };
        params.push(Value::Int(limit));
        let tail = format!("{condition} ORDER BY {key} LIMIT ${}", params.len());
        tx.query(&self.select(&tail), &params)
    }

    /// The row with this key, encoded as the ledger does.
    pub(crate) fn one(&self, tx: &mut Tx<'_>, key: &[u8]) -> Result<Option<Row>, StoreError> {
        tx.first(&self.select(&self.by_key("=")), &super::ledger::decoded(key))
    }

    fn select(&self, tail: &str) -> String {
        format!("SELECT {} FROM \"{}\" {tail}", names(self.columns.iter()), self.name)
    }

    fn by_key(&self, compared: &str) -> String {
        let key = names(self.key.iter().map(|index| &self.columns[*index]));
        let places: Vec<_> = (1..=self.key.len()).map(|place| format!("${place}")).collect();
        format!("WHERE ({key}) {compared} ({})", places.join(", "))
    }
}

fn names<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    columns.map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

/// The tables that the ledger follows.
pub(crate) fn shapes(tx: &mut Tx<'_>) -> Result<Shapes, StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT t.name, c.name, c.type, c.dflt_value, c.pk FROM pragma_table_list t, pragma_table_info(t.name) c \
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY t.name, c.cid"
        }
        Dialect::Postgres => {
            "SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), CAST(y.typname AS TEXT), \
             (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = t.oid AND d.adnum = a.attnum), \
             CAST(COALESCE(array_position(CAST(i.indkey AS INT2[]), a.attnum) + 1, 0) AS BIGINT) \
             FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
             JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary \
             WHERE t.relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace) AND t.relkind = 'r' \
             ORDER BY t.relname, a.attnum"
        }
    };
    let mut found: BTreeMap<Arc<str>, Found> = BTreeMap::new();
    for row in tx.query(sql, &[])? {
        let name = row.str(0)?;
        if OUTSIDE.iter().any(|(outside, _)| *outside == name) {
            continue;
        }
        let (columns, key) = found.entry(name.into()).or_default();
        if row.int(4)? > 0 {
            key.push((row.int(4)?, columns.len()));
        }
        let class = match row.str(2)? {
            "INTEGER" | "int8" => Class::Int,
            "BLOB" | "bytea" => Class::Blob,
            _ => Class::Text,
        };
        columns.push(Column { name: row.text(1)?, class, default: default_of(row.opt_str(3)?, class) });
    }
    let shaped = found.into_iter().map(|(name, (columns, mut key))| {
        key.sort_unstable();
        let key = key.into_iter().map(|(_, index)| index).collect();
        (name.clone(), Shape { name, columns, key })
    });
    Ok(shaped.collect())
}

/// The tables to which somebody could write without an entry: on PostgreSQL those without their trigger. SQLite's writer is the program.
pub(crate) fn unwatched(tx: &mut Tx<'_>, shapes: &Shapes) -> Result<Vec<String>, StoreError> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let watched: Result<BTreeSet<String>, StoreError> =
        tx.query(super::postgres_touch::WATCHED, &[])?.iter().map(|row| row.text(0)).collect();
    let watched = watched?;
    Ok(shapes.keys().map(ToString::to_string).filter(|name| !watched.contains(name)).collect())
}

/// The value behind a DEFAULT as the engine tells it: `''`, `''::text`, `0`.
fn default_of(told: Option<&str>, class: Class) -> Value {
    let Some(told) = told else { return Value::Null };
    if let Some(text) = told.strip_prefix('\'') {
        let end = text.rfind('\'').unwrap_or(text.len());
        return Value::Text(text[..end].replace("''", "'"));
    }
    match (class, told.parse()) {
        (Class::Int, Ok(number)) => Value::Int(number),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Value, default_of};

    #[test]
    fn a_default_is_read_as_either_engine_tells_it() {
        assert_eq!(default_of(None, Class::Text), Value::Null);
        assert_eq!(default_of(Some("''"), Class::Text), Value::Text(String::new()));
        assert_eq!(default_of(Some("'it''s'::text"), Class::Text), Value::Text("it's".to_owned()));
        assert_eq!(default_of(Some("0"), Class::Int), Value::Int(0));
        assert_eq!(default_of(Some("NULL::text"), Class::Text), Value::Null);
    }
}
