//! Which rows an act touches on SQLite: triggers of the writing connection's own hand each row to the program as it is written.

use super::ledger::{Cell, Change, Encoded};
use super::shape::{Column, Shape, Shapes};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the writing connection touched, shared with the function that its triggers call.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Touched>>);

#[derive(Default)]
struct Touched {
    shapes: Shapes,
    log: Vec<Change>,
    /// Points to come back to, each with the length of the log there.
    points: Vec<(&'static str, usize)>,
}

impl Notes {
    /// Gives the connection the function that its triggers call: the table, how many columns of the old key follow, these, and the
    /// new row.
    pub(crate) fn of(connection: &Connection) -> rusqlite::Result<Notes> {
        let notes = Notes::default();
        let told = notes.clone();
        connection.create_scalar_function("ledger_touch", -1, FunctionFlags::SQLITE_UTF8, move |call| {
            told.lock().note(call)
        })?;
        Ok(notes)
    }

    /// From now on rows of these tables are followed; gives the statements that make it so.
    pub(crate) fn record(&self, shapes: Shapes) -> String {
        let mut touched = self.lock();
        let mut script = String::new();
        for shape in shapes.values().filter(|shape| touched.shapes.get(&shape.name) != Some(shape)) {
            watch(&mut script, shape);
        }
        touched.shapes = shapes;
        script
    }

    /// Gives the statements that take the triggers of a table away.
    pub(crate) fn unwatch(&self, table: &str) -> String {
        self.lock().shapes.remove(table);
        EVENTS.map(|event| format!("DROP TRIGGER IF EXISTS temp.\"ledger_{table}_{event}\";")).concat()
    }

    /// What was touched; nothing where no table is followed.
    pub(crate) fn take(&self) -> Option<Vec<Change>> {
        let mut touched = self.lock();
        (!touched.shapes.is_empty()).then(|| std::mem::take(&mut touched.log))
    }

    pub(crate) fn forget(&self) {
        let mut touched = self.lock();
        touched.log.clear();
        touched.points.clear();
    }

    pub(crate) fn set_point(&self, name: &'static str) {
        let mut touched = self.lock();
        let length = touched.log.len();
        touched.points.push((name, length));
    }

    pub(crate) fn back_to_point(&self, name: &str) {
        let mut touched = self.lock();
        if let Some(at) = touched.points.iter().rposition(|(point, _)| *point == name) {
            let length = touched.points[at].1;
            touched.log.truncate(length);
            touched.points.truncate(at + 1);
        }
    }

    pub(crate) fn release_point(&self, name: &str) {
        let mut touched = self.lock();
        if let Some(at) = touched.points.iter().rposition(|(point, _)| *point == name) {
            touched.points.truncate(at);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Touched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Touched {
    /// A row as it is now; and that it was under another key, if it was.
    fn note(&mut self, call: &Context<'_>) -> rusqlite::Result<bool> {
        let ValueRef::Text(name) = call.get_raw(0) else { return Ok(false) };
        let shape = std::str::from_utf8(name).ok().and_then(|name| self.shapes.get(name));
        let Some(shape) = shape else { return Ok(false) };
        let encoded = |places: std::ops::Range<usize>| {
            let mut encoded = Encoded::default();
            for place in places {
                encoded.push(&cell(call.get_raw(place)));
            }
            encoded
        };
        let new_from = 2 + usize::try_from(call.get::<i64>(1)?).unwrap_or_default();
        let change = |key, row| Change { table: shape.name.clone(), key, row };
        let new = (new_from < call.len()).then(|| encoded(new_from..call.len()));
        let new = new.map(|row| change(row.key(shape), Some(row)));
        if new_from > 2 {
            let old = encoded(2..new_from).into_bytes();
            if new.as_ref().is_none_or(|new| new.key != old) {
                self.log.push(change(old, None));
            }
        }
        self.log.extend(new);
        Ok(true)
    }
}

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// The three triggers of a table.
fn watch(script: &mut String, shape: &Shape) {
    let (name, keys) = (&shape.name, shape.key.len());
    let named = |row: &str, columns: &mut dyn Iterator<Item = &Column>| {
        columns.fold(String::new(), |all, column| all + ", " + row + ".\"" + &column.name + "\"")
    };
    let old = named("OLD", &mut shape.key.iter().map(|index| &shape.columns[*index]));
    let new = named("NEW", &mut shape.columns.iter());
    let arguments = [format!("0{new}"), format!("{keys}{old}{new}"), format!("{keys}{old}")];
    for (event, arguments) in EVENTS.iter().zip(arguments) {
        let _ = writeln!(
            script,
            "DROP TRIGGER IF EXISTS temp.\"ledger_{name}_{event}\"; CREATE TEMP TRIGGER \"ledger_{name}_{event}\" AFTER {event} \
             ON main.\"{name}\" BEGIN SELECT ledger_touch('{name}', {arguments}); END;"
        );
    }
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) => Cell::Text(text),
        ValueRef::Blob(bytes) => Cell::Blob(bytes),
    }
}
