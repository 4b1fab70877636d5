//! Tables of a description: rows of cells between bars, `^` for a cell that goes on from above, `<` for one that goes on from
//! the left.

use std::collections::BTreeMap;

/// A row as it stands in the description.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct GridRow {
    /// The texts between the bars.
    pub(super) cells: Vec<String>,
    /// The least height in millimetres.
    pub(super) height: f32,
    /// Whether it is printed again on every page.
    pub(super) head: bool,
    /// The list whose every record makes such a row, and how many rows there are at least.
    pub(super) each: Option<(String, usize)>,
}

/// A table as it stands in the description.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grid {
    /// Shares of the columns.
    pub(super) columns: Vec<f32>,
    /// The rows.
    pub(super) rows: Vec<GridRow>,
}

/// The least height of a row that says nothing else, in millimetres.
const ROW: f32 = 9.0;

/// Reads `| a | b | 30mm` and the like; what follows the last bar says more about the row: a least height, `head`, or
/// `each 名称 行数`.
pub(super) fn row(line: &str) -> Result<GridRow, String> {
    let mut cells: Vec<String> = line.trim().split('|').skip(1).map(|cell| cell.trim().to_owned()).collect();
    let said = cells.pop().unwrap_or_default();
    let mut row = GridRow { cells, height: ROW, ..GridRow::default() };
    let mut words = said.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "head" => row.head = true,
            "each" => {
                let (name, least) = (words.next(), words.next().and_then(|count| count.parse().ok()));
                row.each = Some((name.zip(least)).map(|(name, least)| (name.to_owned(), least)).ok_or(line)?);
            }
            height => {
                let millimetres = height.strip_suffix("mm").and_then(|number| number.parse().ok());
                row.height = millimetres.ok_or_else(|| format!("“{word}”不是行高，也不是 head 或者 each"))?;
            }
        }
    }
    Ok(row)
}

/// Which cell covers which places of the grid: first place, and how many rows and columns.
pub(super) type Covered = Vec<((usize, usize), (usize, usize))>;

/// Finds out which cell covers what.
pub(super) fn covered(rows: &[GridRow], columns: usize) -> Result<Covered, String> {
    let mut owners: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for (down, row) in rows.iter().enumerate() {
        if row.cells.len() != columns {
            return Err(format!("第{}行有{}格，应当有{columns}格", down + 1, row.cells.len()));
        }
        for (across, text) in row.cells.iter().enumerate() {
            let owner = match text.as_str() {
                "^" => down.checked_sub(1).map(|above| owners[&(above, across)]),
                "<" => across.checked_sub(1).map(|left| owners[&(down, left)]),
                _ => Some((down, across)),
            };
            let place = (down + 1, across + 1);
            let owner = owner.ok_or_else(|| format!("第{}行第{}格没有可以接续的格", place.0, place.1))?;
            owners.insert((down, across), owner);
        }
    }
    let mut reach: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for (place, owner) in &owners {
        let end = reach.entry(*owner).or_insert(*place);
        *end = (end.0.max(place.0), end.1.max(place.1));
    }
    let covered: Covered = reach.into_iter().map(|(from, to)| (from, (to.0 - from.0 + 1, to.1 - from.1 + 1))).collect();
    let places: usize = covered.iter().map(|(_, span)| span.0 * span.1).sum();
    if places != owners.len() {
        return Err("合并的格不是矩形".to_owned());
    }
    Ok(covered)
}
