//! A paper as a page of its own: A4, readable by any browser for as long as the file is kept, without this program.

use crate::form::numbered_notes;
use crate::html;
use crate::paper::{Align, Block, Cell, Paper, Seal, Table, Text};

/// What stands on the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Printed title.
    pub title: String,
    /// The bureau in whose name it goes out.
    pub bureau: String,
    /// Document number; empty when the form has none.
    pub number: String,
    /// The addressed line.
    pub addressee: Option<String>,
    /// Rows of a table form: group, label, value.
    pub rows: Vec<(Option<String>, String, String)>,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// Places to sign: label, and whether a date stands beside it.
    pub signatures: Vec<(String, bool)>,
    /// Whether bureau, seal and date stand at the end.
    pub sealed: bool,
    /// The day in words.
    pub day: String,
    /// The printed notes.
    pub notes: Vec<String>,
}

impl Sheet {
    /// The paper as a whole HTML document, with nothing outside it.
    pub fn html(&self) -> String {
        html::page(&self.paper())
    }

    /// The same as every other paper is made from.
    pub fn paper(&self) -> Paper {
        let mut blocks: Vec<Block> = Vec::new();
        let addressed = |text: &String| Block::Text(Text { align: Align::Justified, ..Text::flush(text.clone()) });
        blocks.extend(self.addressee.iter().map(addressed));
        if !self.rows.is_empty() {
            blocks.push(Block::Table(self.table()));
        }
        for text in &self.paragraphs {
            blocks.push(Block::Text(Text { indented: true, align: Align::Justified, ..Text::flush(text.clone()) }));
        }
        for (label, dated) in &self.signatures {
            let mut texts = vec![Text::flush(format!("{label}："))];
            texts.extend(dated.then(|| Text::flush("\u{3000}\u{3000}\u{3000}年\u{3000}\u{3000}月\u{3000}\u{3000}日")));
            blocks.push(Block::Beside(texts));
        }
        if self.sealed {
            let lines = vec![Text::flush(format!("{}（印章）", self.bureau)), Text::flush(self.day.clone())];
            blocks.push(Block::Seal(Seal { lines }));
        }
        Paper {
            title: self.title.clone(),
            number: (!self.number.is_empty()).then(|| Text::flush(self.number.clone())),
            blocks,
            tail: numbered_notes(&self.notes),
            ..Paper::default()
        }
    }

    /// A table with a group's name beside its rows.
    fn table(&self) -> Table {
        let mut cells: Vec<Cell> = Vec::new();
        let mut group_cell: Option<usize> = None;
        for (row, (group, label, value)) in self.rows.iter().enumerate() {
            let same = row > 0 && group.is_some() && self.rows[row - 1].0 == *group;
            let cell = |column, across, text: &String, label| Cell {
                at: (row, column),
                span: (1, across),
                body: vec![Text { align: Align::Left, ..Text::flush(text.clone()) }],
                foot: Vec::new(),
                label,
            };
            match (group, group_cell.filter(|_| same)) {
                (Some(_), Some(at)) => cells[at].span.0 += 1,
                (Some(name), None) => {
                    group_cell = Some(cells.len());
                    cells.push(cell(0, 1, name, true));
                }
                (None, _) => {}
            }
            let (column, across) = if group.is_some() { (1, 1) } else { (0, 2) };
            cells.push(cell(column, across, label, true));
            cells.push(cell(2, 1, value, false));
        }
        Table { columns: vec![9.0, 30.0, 119.0], rows: vec![10.0; self.rows.len()], head: 0, cells }
    }
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn what_people_wrote_stays_text() {
        let sheet = Sheet {
            title: "投诉登记表".into(),
            paragraphs: vec!["<script>alert(1)</script>".into()],
            ..Sheet::default()
        };
        let page = sheet.html();
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script"));
    }

    #[test]
    fn a_sealed_letter_ends_with_bureau_and_day() {
        let sheet = Sheet {
            bureau: "二七区市场监督管理局".into(),
            day: "2026年4月20日".into(),
            sealed: true,
            ..Sheet::default()
        };
        let page = sheet.html();
        let (bureau, day) = (page.find("二七区市场监督管理局"), page.find("2026年4月20日"));
        assert!(bureau.is_some() && bureau < day);
    }
}
