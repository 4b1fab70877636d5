//! A letter or form on A4 (文书): one drawing for the desk and for the consumer's page.

use askama::Template;
use casework::issuing::Standing;
use casework::letters::KeptLetter;
use domain::letter::{FormRow, Signature};

use super::dates;
use super::shell::PrintPage;
use crate::view;

/// A kept letter as a page of its own, to be read and printed.
#[derive(Clone, Debug, Template)]
#[template(path = "letter.html")]
pub struct LetterPage {
    page: PrintPage,
    /// `登记单位` and `编号` stand above a form's table.
    head_line: Vec<(String, String)>,
    table: Vec<TableRow>,
    to: String,
    paragraphs: Vec<String>,
    signatures: Vec<Signature>,
    seal: Option<(String, String)>,
    notes: Vec<String>,
    /// `未签发` or `作废`, when it is not to be sent.
    mark: &'static str,
    /// Links above the paper: label and address.
    tools: Vec<(&'static str, String)>,
}

/// A row of a form: its group's heading when it is the first of the group, and one or two labels with their blanks.
#[derive(Clone, Debug)]
struct TableRow {
    group: Option<(String, usize)>,
    grouped: bool,
    cells: Vec<(String, String)>,
    long: bool,
}

impl LetterPage {
    /// The letter as it was made; the screen goes back to `back`.
    pub fn new(kept: &KeptLetter, back: &str) -> Self {
        let (head, rows): (Vec<_>, Vec<_>) =
            kept.letter.rows.iter().partition(|row| row.group.is_none() && !row.long && is_head(&row.label));
        Self {
            page: PrintPage { title: kept.letter.title.clone(), number: kept.number.clone(), back: back.to_owned() },
            head_line: head.into_iter().map(|row| (row.label.clone(), row.value.clone())).collect(),
            table: table(&rows),
            to: kept.letter.addressee.clone().unwrap_or_default(),
            paragraphs: kept.letter.paragraphs.clone(),
            signatures: kept.signatures.clone(),
            seal: kept.sealed.then(|| (kept.bureau.clone(), dates::long_day(kept.day))),
            notes: kept.notes.clone(),
            mark: "",
            tools: Vec::new(),
        }
    }

    /// With how it stands, and links to its files and what else can be done with it.
    #[must_use]
    pub fn with(mut self, standing: &Standing, tools: Vec<(&'static str, String)>) -> Self {
        self.mark = match standing {
            Standing::Issued(_) => "",
            other => other.label(),
        };
        self.tools = tools;
        self
    }

    /// A form is signed inside its table; what has a text is signed under the text.
    fn signed_in_table(&self) -> bool {
        !self.table.is_empty() && self.paragraphs.is_empty()
    }
}

fn is_head(label: &str) -> bool {
    matches!(label, "登记单位" | "编号")
}

/// Rows with a group stand two to a line under its heading; a long one takes the whole width.
fn table(rows: &[&FormRow]) -> Vec<TableRow> {
    let mut lines: Vec<TableRow> = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let Some(group) = &row.group else {
            lines.push(TableRow { group: None, grouped: false, cells: vec![cell(row)], long: row.long });
            at += 1;
            continue;
        };
        let members: Vec<&&FormRow> =
            rows[at..].iter().take_while(|other| other.group.as_ref() == Some(group)).collect();
        at += members.len();
        let paired = pairs(&members);
        let span = paired.len();
        for (index, cells) in paired.into_iter().enumerate() {
            let heading = (index == 0).then(|| (group.clone(), span));
            lines.push(TableRow { group: heading, grouped: true, cells, long: false });
        }
    }
    lines
}

/// Two short blanks share a line; the consumer's address needs one for itself.
fn pairs(members: &[&&FormRow]) -> Vec<Vec<(String, String)>> {
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    let mut open = false;
    for row in members {
        let wide = row.long || row.label == "联系地址";
        match lines.last_mut() {
            Some(last) if open && !wide => {
                last.push(cell(row));
                open = false;
            }
            _ => {
                lines.push(vec![cell(row)]);
                open = !wide;
            }
        }
    }
    lines
}

fn cell(row: &FormRow) -> (String, String) {
    (row.label.clone(), row.value.clone())
}
