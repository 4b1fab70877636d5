//! A description as it stands in the data, and its body taken apart.

use domain::letter::FixedWords;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::form::FormError;
use crate::form::grid::{self, Grid};
use crate::paper::Align;

/// A file of descriptions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    /// Where the forms were published.
    pub(super) source: String,
    /// First day on which they are used.
    #[serde(default)]
    pub(super) effective_from: Option<Date>,
    /// Last day on which they are used.
    #[serde(default)]
    pub(super) effective_until: Option<Date>,
    /// Whether they were read in the source itself.
    pub(super) confirmed: bool,
    /// What remains doubtful.
    #[serde(default)]
    pub(super) note: String,
    /// The rule sets whose letters these lay out; none for forms of their own.
    #[serde(default)]
    pub(super) rule_sets: Vec<String>,
    /// The line above the title of every form, when it has one.
    #[serde(default)]
    pub(super) head: String,
    /// The lines of the seal.
    #[serde(default)]
    pub(super) seal: Vec<String>,
    /// The line about copies.
    #[serde(default)]
    pub(super) copies: String,
    /// Whether a bureau may say in its own words what stands in their paragraphs.
    #[serde(default)]
    pub(super) varies: bool,
    /// The forms.
    pub(super) forms: Vec<FormTemplate>,
}

/// One form as described.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FormTemplate {
    /// Name in code and data; that of the letter, for a letter.
    pub(super) key: String,
    /// Printed title; a letter has its own.
    pub(super) title: String,
    /// Its number among the official forms.
    pub(super) form: String,
    /// The page in the source.
    pub(super) page: u32,
    /// Where it was published, when not with the others of its file.
    pub(super) source: String,
    /// What remains doubtful.
    pub(super) note: String,
    /// The document number while it is blank.
    pub(super) number: String,
    /// Whether no head stands above its title.
    pub(super) headless: bool,
    /// The body; a letter without one is laid out by its paragraphs and rows.
    pub(super) body: String,
    /// The printed notes.
    pub(super) notes: Vec<String>,
    /// What a bureau that words it must leave word for word.
    pub(super) fixed: Vec<FixedWords>,
    /// Whether the line about copies stands at the end.
    pub(super) copies: bool,
    /// What stands at the foot of every page.
    pub(super) foot: Vec<String>,
    /// Blanks that look otherwise on this form while empty.
    pub(super) blank: BTreeMap<String, String>,
    /// Whether the sheet lies on its side.
    pub(super) landscape: bool,
    /// Size of running text in points.
    pub(super) text_size: Option<f32>,
    /// From line to line of running text in points.
    pub(super) leading: Option<f32>,
    /// Size of text in tables in points.
    pub(super) table_size: Option<f32>,
    /// Margins in millimetres: above, right, below, left.
    pub(super) margins: Option<[f32; 4]>,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Element {
    /// A paragraph.
    Paragraph {
        /// Its wording.
        text: String,
        /// How its lines lie.
        align: Align,
        /// Whether its first line begins two characters in.
        indented: bool,
        /// Whether a filled form leaves it out when nothing stands in its blanks.
        optional: bool,
    },
    /// Texts side by side.
    Beside(Vec<String>),
    /// A table.
    Table(Grid),
    /// The seal.
    Seal,
    /// Room, in lines.
    Room(u8),
}

/// Takes a body apart, line by line.
pub(super) fn elements(form: &str, body: &str) -> Result<Vec<Element>, FormError> {
    let wrong = |reason: String| FormError::Table { form: form.to_owned(), reason };
    let mut elements = Vec::new();
    for line in body.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()) {
        if let Some(widths) = line.strip_prefix("%columns") {
            let widths: Result<Vec<f32>, _> = widths.split_whitespace().map(str::parse).collect();
            let columns = widths.map_err(|_| wrong(line.to_owned()))?;
            elements.push(Element::Table(Grid { columns, rows: Vec::new() }));
        } else if line.trim_start().starts_with('|') {
            let row = grid::row(line).map_err(wrong)?;
            let Some(Element::Table(grid)) = elements.last_mut() else {
                return Err(wrong("表格前要写 %columns".to_owned()));
            };
            grid.rows.push(row);
        } else {
            elements.push(plain(line).map_err(wrong)?);
        }
    }
    for element in &elements {
        if let Element::Table(grid) = element {
            grid::covered(&grid.rows, grid.columns.len()).map_err(wrong)?;
        }
    }
    Ok(elements)
}

fn plain(line: &str) -> Result<Element, String> {
    if line == "%seal" {
        return Ok(Element::Seal);
    }
    if let Some(lines) = line.strip_prefix("%room ") {
        return lines.trim().parse().map(Element::Room).map_err(|_| line.to_owned());
    }
    if line.starts_with('%') {
        return Err(format!("不认识“{line}”"));
    }
    if line.contains("||") {
        return Ok(Element::Beside(line.split("||").map(|text| text.trim_matches(' ').to_owned()).collect()));
    }
    let (optional, line) = line.strip_prefix("? ").map_or((false, line), |rest| (true, rest));
    let (align, indented, text) = match line.split_once(' ') {
        Some(("<", rest)) => (Align::Justified, false, rest),
        Some((">", rest)) => (Align::Right, false, rest),
        Some(("=", rest)) => (Align::Centre, false, rest),
        _ => (Align::Justified, true, line),
    };
    Ok(Element::Paragraph { text: text.to_owned(), align, indented, optional })
}

/// The names of the blanks in a text, without the signs that say how they are ruled.
pub(super) fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let between = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    between.map(|name| name.trim_start_matches(['_', '!']))
}

/// The names of all blanks of a body.
pub(super) fn blanks_of(elements: &[Element]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut take = |text: &str| names.extend(names_in(text).map(str::to_owned));
    for element in elements {
        match element {
            Element::Paragraph { text, .. } => take(text),
            Element::Beside(texts) => texts.iter().for_each(|text| take(text)),
            Element::Table(grid) => {
                for row in &grid.rows {
                    match &row.each {
                        None => row.cells.iter().for_each(|text| take(text)),
                        Some((list, _)) => take(&format!("{{{list}}}")),
                    }
                }
            }
            Element::Seal | Element::Room(_) => {}
        }
    }
    names
}
