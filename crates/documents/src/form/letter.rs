//! A letter of a rule set as the body of a form: what it says stands there, and is only put in order here.

use domain::letter::{FormRow, LetterTemplate};

use crate::form::grid::{Grid, GridRow};
use crate::form::template::Element;
use crate::form::{Value, Values};
use crate::paper::Align;
use crate::sheet::Sheet;

/// Millimetres for a row in which much is written.
const LONG: f32 = 40.0;
/// Millimetres for any other row.
const SHORT: f32 = 10.0;

/// The parts of a letter in the order in which they are printed.
pub(super) fn elements(letter: &LetterTemplate) -> Vec<Element> {
    let mut elements: Vec<Element> = letter.addressee.iter().map(|text| paragraph(text, false)).collect();
    if !letter.rows.is_empty() {
        elements.push(Element::Table(grid(&letter.rows)));
    }
    elements.extend(letter.paragraphs.iter().map(|text| paragraph(text, true)));
    if !letter.signatures.is_empty() {
        elements.push(Element::Room(1));
    }
    elements.extend(letter.signatures.iter().map(|signature| match signature.dated {
        true => Element::Beside(vec![format!("{}：____", signature.label), "　　　年　　月　　日".to_owned()]),
        false => paragraph(&format!("{}：________", signature.label), true),
    }));
    if letter.sealed {
        elements.push(Element::Seal);
    }
    elements
}

/// A paragraph of a letter.
pub(super) fn paragraph(text: &str, indented: bool) -> Element {
    Element::Paragraph { text: text.to_owned(), align: Align::Justified, indented, optional: false }
}

/// Rows of a form as a table; rows of one group stand beside its name.
pub(super) fn grid(rows: &[FormRow]) -> Grid {
    let grouped = rows.iter().any(|row| row.group.is_some());
    let columns = if grouped { vec![9.0, 30.0, 119.0] } else { vec![36.0, 122.0] };
    let mut before: Option<&String> = None;
    let mut made = Vec::new();
    for row in rows {
        let mut cells = vec![row.label.clone(), row.value.clone()];
        if grouped {
            match &row.group {
                Some(group) if before == Some(group) => cells.insert(0, "^".to_owned()),
                Some(group) => cells.insert(0, group.clone()),
                None => cells.insert(1, "<".to_owned()),
            }
        }
        before = row.group.as_ref();
        made.push(GridRow { cells, height: if row.long { LONG } else { SHORT }, ..GridRow::default() });
    }
    Grid { columns, rows: made }
}

/// What stands in the blanks of a letter that is a table: read back from its rows, each of which is one blank. None when a row is
/// more than that, or does not stand where the letter has it.
pub(super) fn values(letter: &LetterTemplate, sheet: &Sheet) -> Option<Values> {
    if letter.rows.is_empty() || letter.rows.len() != sheet.rows.len() || !sheet.paragraphs.is_empty() {
        return None;
    }
    let mut values = Values::new();
    for (row, (group, label, value)) in letter.rows.iter().zip(&sheet.rows) {
        let name = row.value.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains('{'))?;
        if row.group != *group || row.label != *label {
            return None;
        }
        values.insert(name.to_owned(), Value::Text(value.clone()));
    }
    Some(values)
}
