//! Which rows an act touches on PostgreSQL: a trigger on every table writes each row, as the server tells rows, into a table of the
//! session's own, which the act reads before it commits.

use super::ledger::{Cell, Change, Encoded};
use super::shape::{Class, Shape, Shapes};
use super::tx::Engine;
use super::{Row, StoreError};
use crate::params;
use std::fmt::Write as _;

/// What a session needs before it writes. Whoever writes without it leaves no entry, and `verify` finds the rows.
pub(crate) const SESSION: &str = "CREATE TEMP TABLE IF NOT EXISTS ledger_touched (place BIGSERIAL, name TEXT, old TEXT, new TEXT) \
    ON COMMIT DELETE ROWS; SET xiaobao.ledger = 'on'; SET bytea_output = 'hex'";

const FUNCTION: &str = "CREATE OR REPLACE FUNCTION ledger_touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF current_setting('xiaobao.ledger', true) IS DISTINCT FROM 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ledger_touched (name, new) VALUES (TG_TABLE_NAME, CAST(NEW AS TEXT));
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO ledger_touched (name, old) VALUES (TG_TABLE_NAME, CAST(OLD AS TEXT));
    ELSE
        INSERT INTO ledger_touched (name, old, new) VALUES (TG_TABLE_NAME, CAST(OLD AS TEXT), CAST(NEW AS TEXT));
    END IF;
    RETURN NULL;
END $body$;\n";

/// The tables whose trigger is there and switched on.
pub(crate) const WATCHED: &str = "SELECT CAST(t.relname AS TEXT) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid \
    WHERE g.tgname = 'ledger_touch' AND g.tgenabled = 'O' AND t.relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace)";

/// Puts the trigger on every table that has none.
pub(crate) fn watch(engine: &mut dyn Engine, shapes: &Shapes) -> Result<(), StoreError> {
    let watched: Result<Vec<String>, StoreError> =
        engine.query(WATCHED, params![])?.iter().map(|row| row.text(0)).collect();
    let watched = watched?;
    let mut script = String::new();
    for name in shapes.keys().filter(|name| !watched.iter().any(|it| *it == ***name)) {
        let _ = writeln!(
            script,
            "DROP TRIGGER IF EXISTS ledger_touch ON \"{name}\"; CREATE TRIGGER ledger_touch AFTER INSERT OR UPDATE OR DELETE \
             ON \"{name}\" FOR EACH ROW EXECUTE PROCEDURE ledger_touch();"
        );
    }
    if script.is_empty() { Ok(()) } else { engine.script(&format!("{FUNCTION}{script}")) }
}

/// What the triggers wrote down.
pub(crate) fn changes(shapes: &Shapes, rows: &[Row]) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(shape) = shapes.get(row.str(0)?) else { continue };
        let [old, new] = [row.opt_str(1)?, row.opt_str(2)?].map(|told| told.map(|told| encoded(shape, told)));
        let new = new.transpose()?.map(|row| Change { table: shape.name.clone(), key: row.key(shape), row: Some(row) });
        let old = old.transpose()?.map(|row| Change { table: shape.name.clone(), key: row.key(shape), row: None });
        changes.extend(old.filter(|old| new.as_ref().is_none_or(|new| new.key != old.key)));
        changes.extend(new);
    }
    Ok(changes)
}

/// A row as the server tells it, `(1,"a ""word""",,\\x00ff)`.
fn encoded(shape: &Shape, told: &str) -> Result<Encoded, StoreError> {
    let unlike = StoreError::Column { index: 0, expected: "a row", found: "something else" };
    let inner = told.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).ok_or_else(|| unlike.clone())?;
    let mut encoded = Encoded::default();
    let mut letters = inner.chars().peekable();
    for (index, column) in shape.columns.iter().enumerate() {
        if index > 0 && letters.next() != Some(',') {
            return Err(unlike);
        }
        let (mut text, mut quoted, mut null) = (String::new(), false, true);
        while let Some(letter) = letters.peek().copied() {
            if letter == ',' && !quoted {
                break;
            }
            letters.next();
            null = false;
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => text.extend(letters.next()),
                '"' => quoted = !quoted,
                '\\' => text.extend(letters.next()),
                letter => text.push(letter),
            }
        }
        match column.class {
            _ if null => encoded.push(&Cell::Null),
            Class::Int => encoded.push(&Cell::Int(text.parse().map_err(|_| unlike.clone())?)),
            Class::Text => encoded.push(&Cell::Text(text.as_bytes())),
            Class::Blob => encoded.push(&Cell::Blob(&bytes(&text).ok_or_else(|| unlike.clone())?)),
        }
    }
    if letters.next().is_some() { Err(unlike) } else { Ok(encoded) }
}

/// `\x00ff`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?.as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Class, Encoded, Shape, encoded};
    use crate::db::Value;
    use crate::db::shape::Column;

    #[test]
    fn a_row_is_read_as_the_server_tells_it() {
        let column = |class| Column { name: String::new(), class, default: Value::Null };
        let columns = [Class::Int, Class::Text, Class::Text, Class::Text, Class::Blob].map(column).to_vec();
        let shape = Shape { name: "t".into(), columns, key: vec![0] };
        let mut expected = Encoded::default();
        for cell in [
            Cell::Int(-7),
            Cell::Text("a \"word\", and \\ (more)".as_bytes()),
            Cell::Text(b""),
            Cell::Null,
            Cell::Blob(&[0, 255]),
        ] {
            expected.push(&cell);
        }
        let told = r#"(-7,"a ""word"", and \\ (more)","",,"\\x00ff")"#;
        assert_eq!(encoded(&shape, told).unwrap(), expected);
        assert!(encoded(&shape, "(1,2)").is_err());
    }
}
