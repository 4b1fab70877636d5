//! Tables: rows as high as what stands in them, cut where a sheet ends, with their head on every sheet.

use crate::font::{MissingCharacter, Role};
use crate::layout::line::{Measure, SetLine, set};
use crate::layout::{MM, Placed, Press, Rule};
use crate::paper::{Align, HIGH, Table, Text};

/// Room between rule and type.
const PAD: f32 = 4.0;
/// How thick the rules are.
const THICK: f32 = 0.7;

/// A cell with its lines set.
#[derive(Clone)]
struct SetCell {
    /// First and last row.
    rows: (usize, usize),
    /// Left edge and width.
    x: (f32, f32),
    body: Vec<SetLine>,
    foot: Vec<SetLine>,
    /// Whether its lines stand in the middle of its height.
    middle: bool,
    label: bool,
}

/// Heights of a row: what stands in it, and what it would like.
#[derive(Clone, Copy)]
struct RowHeight {
    least: f32,
    wanted: f32,
}

/// Puts a table below what is there. It is made to fit on the sheet as long as nothing in it is lost by that.
pub(super) fn lay(press: &mut Press<'_>, table: &Table, tail_height: f32) -> Result<(), MissingCharacter> {
    let size = press.paper.sizes.table;
    let leading = size * 1.35;
    let mut cells = set_cells(press, table, size)?;
    let mut rows = row_heights(table, &cells, leading);
    fit(&mut rows, press.bottom - press.y - tail_height);
    let heads: Vec<RowHeight> = rows.iter().take(table.head).copied().collect();
    let head_cells: Vec<SetCell> = cells.iter().filter(|cell| cell.rows.1 < table.head).cloned().collect();
    let mut from = 0;
    let mut first = true;
    while from < rows.len() {
        if !first && !heads.is_empty() {
            draw(press, &head_cells, &heads, 0..heads.len(), size, leading);
        }
        let mut to = from;
        let mut y = press.y;
        while to < rows.len() && y + rows[to].wanted <= press.bottom + 1.0 {
            y += rows[to].wanted;
            to += 1;
        }
        if to < rows.len() && (splits(rows[to], press.bottom - y, leading) || (to == from && !first)) {
            split(&mut rows, &mut cells, to, press.bottom - y, leading);
            to += 1;
        }
        if to > from {
            draw(press, &cells, &rows, from..to, size, leading);
        }
        from = to;
        first = false;
        if from < rows.len() {
            press.new_page();
        }
    }
    Ok(())
}

fn set_cells(press: &Press<'_>, table: &Table, size: f32) -> Result<Vec<SetCell>, MissingCharacter> {
    let whole: f32 = table.columns.iter().sum();
    let mut edges = vec![0.0];
    for column in &table.columns {
        edges.push(edges.last().copied().unwrap_or_default() + column / whole * press.width);
    }
    let mut cells = Vec::new();
    for cell in &table.cells {
        let (row, column) = cell.at;
        let x = edges[column];
        let width = edges[column + cell.span.1] - x;
        let mut measure = Measure { width: width - 2.0 * PAD, size, role: Role::Text };
        let high = cell.span.0 > 1 || table.rows[row] >= HIGH;
        if cell.label && high && measure.width < 4.0 * size {
            // A label in a narrow column is read from above: one character under the other, or two when it is long.
            let length: usize = cell.body.iter().map(|text| text.plain().chars().count()).sum();
            measure.width = measure.width.min(if length > 7 { 2.1 } else { 1.1 } * size);
        }
        if cell.label {
            measure.width = balanced(press, &cell.body, measure)?;
        }
        let indent = (width - 2.0 * PAD - measure.width) / 2.0;
        let lines = |texts: &[Text]| {
            let mut lines = Vec::new();
            for text in texts {
                lines.extend(set(press.fonts, &aligned(text, cell.label), measure)?);
            }
            for line in &mut lines {
                line.x += indent;
            }
            Ok::<_, MissingCharacter>(lines)
        };
        cells.push(SetCell {
            rows: (row, row + cell.span.0 - 1),
            x: (x, width),
            body: lines(&cell.body)?,
            foot: lines(&cell.foot)?,
            middle: table.is_in_the_middle(cell),
            label: cell.label,
        });
    }
    Ok(cells)
}

/// The least width in which a label takes no more lines: they are then about as long as one another.
fn balanced(press: &Press<'_>, texts: &[Text], measure: Measure) -> Result<f32, MissingCharacter> {
    let [only] = texts else { return Ok(measure.width) };
    let lines = set(press.fonts, only, measure)?.len();
    let mut narrow = measure;
    while lines > 1 && narrow.width - measure.size > 2.0 * measure.size {
        let narrower = Measure { width: narrow.width - measure.size, ..measure };
        if set(press.fonts, only, narrower)?.len() > lines {
            break;
        }
        narrow = narrower;
    }
    Ok(narrow.width)
}

fn aligned(text: &Text, label: bool) -> Text {
    match (label, text.align) {
        (true, _) => Text { align: Align::Centre, indented: false, ..text.clone() },
        (false, _) => text.clone(),
    }
}

fn content(cell: &SetCell, leading: f32) -> f32 {
    let gap = if cell.foot.is_empty() || cell.body.is_empty() { 0.0 } else { leading * 0.5 };
    (cell.body.len() + cell.foot.len()) as f32 * leading + gap + 2.0 * PAD
}

fn row_heights(table: &Table, cells: &[SetCell], leading: f32) -> Vec<RowHeight> {
    let mut rows: Vec<RowHeight> =
        table.rows.iter().map(|least| RowHeight { least: leading + 2.0 * PAD, wanted: least * MM }).collect();
    for cell in cells.iter().filter(|cell| cell.rows.0 == cell.rows.1) {
        let row = &mut rows[cell.rows.0];
        row.least = row.least.max(content(cell, leading));
    }
    for row in &mut rows {
        row.wanted = row.wanted.max(row.least);
    }
    // What covers several rows and is higher than they are makes the last of them higher.
    for cell in cells.iter().filter(|cell| cell.rows.0 != cell.rows.1) {
        let lack = |rows: &[RowHeight], of: fn(&RowHeight) -> f32| {
            content(cell, leading) - rows[cell.rows.0..=cell.rows.1].iter().map(of).sum::<f32>()
        };
        let (least, wanted) = (lack(&rows, |row| row.least), lack(&rows, |row| row.wanted));
        let last = &mut rows[cell.rows.1];
        last.least += least.max(0.0);
        last.wanted = (last.wanted + wanted.max(0.0)).max(last.least);
    }
    rows
}

/// Takes from the rows what they do not need when the table then fits; a table that cannot fit keeps no empty room.
fn fit(rows: &mut [RowHeight], room: f32) {
    let wanted: f32 = rows.iter().map(|row| row.wanted).sum();
    let least: f32 = rows.iter().map(|row| row.least).sum();
    if wanted <= room {
        return;
    }
    let share = if least <= room { (room - least) / (wanted - least) } else { 0.0 };
    for row in rows {
        row.wanted = row.least + (row.wanted - row.least) * share;
    }
}

/// Whether a row may be cut: there is room for three lines of it here, and it is higher than that.
fn splits(row: RowHeight, room: f32, leading: f32) -> bool {
    room >= 3.0 * leading + 2.0 * PAD && row.wanted > 5.0 * leading
}

/// Cuts a row in two. Labels stand on both sides of the cut.
fn split(rows: &mut Vec<RowHeight>, cells: &mut Vec<SetCell>, at: usize, room: f32, leading: f32) {
    let fits = (((room - 2.0 * PAD) / leading).floor() as usize).max(1);
    let mut rest = Vec::new();
    let mut below = 0.0_f32;
    for cell in cells.iter_mut() {
        if cell.rows.0 > at {
            cell.rows = (cell.rows.0 + 1, cell.rows.1 + 1);
        } else if cell.rows.1 >= at && (cell.label || cell.rows.0 < cell.rows.1) {
            cell.rows.1 += 1;
        } else if cell.rows.1 == at {
            let mut lower = cell.clone();
            lower.body = cell.body.split_off(fits.min(cell.body.len()));
            cell.foot.clear();
            cell.middle = false;
            lower.middle = lower.foot.is_empty() && lower.body.is_empty();
            lower.rows = (at + 1, at + 1);
            below = below.max(content(&lower, leading));
            rest.push(lower);
        }
    }
    cells.extend(rest);
    // Read aloud or copied, what was cut goes on before the rows below it.
    cells.sort_by_key(|cell| cell.rows.0);
    let kept = rows[at].wanted - room;
    rows[at] = RowHeight { least: room, wanted: room };
    let below = below.max(leading + 2.0 * PAD);
    rows.insert(at + 1, RowHeight { least: below, wanted: below.max(kept.min(below + 40.0)) });
}

/// Draws some rows of a table at the place reached, and moves on below them.
fn draw(
    press: &mut Press<'_>,
    cells: &[SetCell],
    rows: &[RowHeight],
    shown: std::ops::Range<usize>,
    size: f32,
    leading: f32,
) {
    let top = press.y;
    let edge = |row: usize| top + rows[shown.start..row].iter().map(|row| row.wanted).sum::<f32>();
    let left = press.left;
    let mut placed = Vec::new();
    let mut rules = Vec::new();
    for cell in cells.iter().filter(|cell| cell.rows.0 < shown.end && cell.rows.1 >= shown.start) {
        let (upper, lower) = (edge(cell.rows.0.max(shown.start)), edge((cell.rows.1 + 1).min(shown.end)));
        let (x, width) = (left + cell.x.0, cell.x.1);
        let right = x + width;
        for (from, to) in [
            ((x, upper), (right, upper)),
            ((x, lower), (right, lower)),
            ((x, upper), (x, lower)),
            ((right, upper), (right, lower)),
        ] {
            rules.push(Rule { from, to, thick: THICK });
        }
        let free = lower - upper - cell.body.len() as f32 * leading;
        let start = if cell.middle { upper + free / 2.0 } else { upper + PAD };
        let foot = lower - PAD - cell.foot.len() as f32 * leading;
        let starts = [(start, &cell.body), (foot, &cell.foot)];
        for (start, lines) in starts {
            for (index, line) in lines.iter().enumerate() {
                let baseline = start + index as f32 * leading + (leading - size) / 2.0 + size * 0.86;
                placed.push(Placed { line: line.clone(), at: (x + PAD, baseline), size });
            }
        }
    }
    press.y = edge(shown.end);
    let page = press.page();
    page.lines.extend(placed);
    page.rules.extend(rules);
}
