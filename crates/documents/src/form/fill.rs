//! From a description and what is written on it to a paper. Without anything written it is the blank form.

use std::collections::BTreeMap;

use crate::form::blank::{Blank, Blanks};
use crate::form::grid::{GridRow, covered};
use crate::form::template::{Element, names_in};
use crate::form::{Form, FormError, Value, Values};
use crate::layout::MM;
use crate::paper::{Align, Block, Cell, Paper, Run, Seal, Table, Text};

/// Everything that a blank may be filled from.
pub(super) struct Filling<'a> {
    pub(super) form: &'a Form,
    pub(super) blanks: &'a Blanks,
    pub(super) values: &'a Values,
}

/// The paper.
pub(super) fn fill(filling: &Filling<'_>) -> Result<Paper, FormError> {
    let form = filling.form;
    let mut paper = form.sheet();
    let chars = ((210.0 - paper.margins.left - paper.margins.right) * MM / paper.sizes.text).floor() as usize;
    paper.title.clone_from(&form.title);
    paper.mark = (filling.is_blank() && form.rule_set.is_some() && !form.mark.is_empty()).then(|| form.mark.clone());
    if !form.head.is_empty() {
        paper.head = Some(filling.line(&form.head)?);
    }
    if !form.number.is_empty() {
        let number = filling.text("document_number").map(str::to_owned);
        paper.number = Some(match number {
            Some(number) => Text { runs: vec![Run { filled: true, ..Run::printed(number) }], ..Text::default() },
            None => filling.line(&form.number)?,
        });
    }
    for element in &form.elements {
        filling.element(element, chars, &mut paper.blocks)?;
    }
    paper.tail = numbered_notes(&form.notes);
    if !form.copies.is_empty() {
        paper.tail.push(filling.line(&form.copies)?);
        paper.tail_ruled = true;
    }
    for line in &form.foot {
        let mut texts: Vec<Text> =
            line.split("||").map(|text| filling.line(text.trim_matches(' '))).collect::<Result<_, _>>()?;
        if let [only] = texts.as_mut_slice() {
            only.align = Align::Centre;
        }
        paper.foot.push(texts);
    }
    Ok(paper)
}

/// The printed notes (注), numbered when there are several.
pub(crate) fn numbered_notes(notes: &[String]) -> Vec<Text> {
    let several = notes.len() > 1;
    let note = |(index, note): (usize, &String)| {
        let before = if index == 0 { "注：" } else { "\u{3000}\u{3000}" };
        let number = if several { format!("{}. ", index + 1) } else { String::new() };
        Text { hanging: 3, ..Text::flush(format!("{before}{number}{note}")) }
    };
    notes.iter().enumerate().map(note).collect()
}

impl Filling<'_> {
    /// Whether nothing at all is written on it.
    fn is_blank(&self) -> bool {
        self.values.is_empty()
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// One line in which blanks are ruled.
    fn line(&self, text: &str) -> Result<Text, FormError> {
        Ok(Text { runs: self.runs(text, true, None, &BTreeMap::new())?, align: Align::Left, ..Text::default() })
    }

    fn element(&self, element: &Element, chars: usize, blocks: &mut Vec<Block>) -> Result<(), FormError> {
        match element {
            Element::Paragraph { text, optional: true, .. } if !self.is_blank() && !self.has_any(text) => {}
            Element::Paragraph { text, align, indented, .. } => {
                for runs in self.paragraphs(text, chars, *indented)? {
                    blocks.push(Block::Text(Text { runs, align: *align, indented: *indented, hanging: 0 }));
                }
            }
            Element::Beside(texts) => {
                blocks.push(Block::Beside(texts.iter().map(|text| self.line(text)).collect::<Result<_, _>>()?));
            }
            Element::Table(grid) => blocks.push(Block::Table(self.table(&grid.columns, &grid.rows)?)),
            Element::Seal => {
                let lines = self.form.seal.iter().map(|text| self.line(text)).collect::<Result<_, _>>()?;
                blocks.push(Block::Seal(Seal { lines }));
            }
            Element::Room(lines) => blocks.push(Block::Room(*lines)),
        }
        Ok(())
    }

    fn has_any(&self, text: &str) -> bool {
        names_in(text).any(|name| self.text(name).is_some() || self.form.printed.contains_key(name))
    }

    /// A value of several lines that stands alone makes as many paragraphs; an optional one that says nothing makes none.
    fn paragraphs(&self, text: &str, chars: usize, indented: bool) -> Result<Vec<Vec<Run>>, FormError> {
        let alone = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|name| !name.contains('{'));
        let name = alone.map(|name| name.trim_start_matches(['_', '!']));
        let given = name.and_then(|name| self.text(name));
        let printed = name.and_then(|name| self.form.printed.get(name)).map(String::as_str);
        if let Some(value) = given.or(printed) {
            let run = |line: &str| Run { filled: given.is_some(), ..Run::printed(line) };
            return Ok(value.lines().map(|line| vec![run(line)]).collect());
        }
        let line = Some(LineRoom { chars, indent: if indented { 2 } else { 0 } });
        let runs = self.runs(text, true, line, &BTreeMap::new())?;
        let nothing = runs.iter().all(|run| run.text.is_empty());
        Ok(if nothing { Vec::new() } else { vec![runs] })
    }

    /// A text with its blanks filled.
    fn runs(
        &self,
        text: &str,
        ruled: bool,
        line: Option<LineRoom>,
        record: &BTreeMap<String, String>,
    ) -> Result<Vec<Run>, FormError> {
        let mut runs = Vec::new();
        let mut rest = text;
        let mut strong = false;
        while let Some(at) = rest.find(['{', '_', '*', '[']) {
            let (before, sign) = rest.split_at(at);
            push(&mut runs, Run { strong, ..Run::printed(before) });
            if let Some((name, tail)) = sign.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
                let free = line.map(|line| line.free_after(&runs));
                runs.extend(self.blank(name, ruled, free, record)?);
                rest = tail;
            } else if let Some(tail) = sign.strip_prefix("**") {
                strong = !strong;
                rest = tail;
            } else if let Some((inside, tail)) = sign.strip_prefix("[[").and_then(|rest| rest.split_once("]]")) {
                if self.is_blank() {
                    push(&mut runs, Run::printed("["));
                    runs.extend(self.runs(inside, ruled, None, record)?);
                    push(&mut runs, Run::printed("]"));
                } else if self.has_any(inside) {
                    runs.extend(self.runs(inside, ruled, None, record)?);
                }
                rest = tail;
            } else if sign.starts_with('_') {
                let count = sign.chars().take_while(|letter| *letter == '_').count();
                push(&mut runs, Run { text: "\u{3000}".repeat(count), ruled: true, ..Run::default() });
                rest = &sign[count..];
            } else {
                push(&mut runs, Run { strong, ..Run::printed(&sign[..1]) });
                rest = &sign[1..];
            }
        }
        push(&mut runs, Run { strong, ..Run::printed(rest) });
        Ok(runs)
    }

    /// One blank. `free` says how many characters have room on its line, and how many a line has, where that is known.
    fn blank(
        &self,
        said: &str,
        ruled: bool,
        free: Option<(usize, usize)>,
        record: &BTreeMap<String, String>,
    ) -> Result<Vec<Run>, FormError> {
        let name = said.trim_start_matches(['_', '!']);
        let ruled = said.starts_with('_') || (ruled && !said.starts_with('!'));
        if matches!(name, "page" | "pages") {
            return Ok(vec![Run::printed(format!("{{{name}}}"))]);
        }
        let usual = Blank::default();
        let blank = self.blanks.get(name).unwrap_or(&usual);
        if let Some(value) = record.get(name).map(String::as_str).or_else(|| self.text(name)) {
            return blank.filled(name, value, ruled);
        }
        if let Some(printed) = self.form.printed.get(name) {
            return Ok(vec![Run::printed(printed)]);
        }
        if let Some(picture) = self.form.pictures.get(name) {
            return self.runs(picture, ruled, None, record);
        }
        match free {
            Some((rest, of)) if blank.lines > 0 && ruled => {
                let room = rest + of * (usize::from(blank.lines) - 1) - 1;
                Ok(vec![Run { text: "\u{3000}".repeat(room), ruled, ..Run::default() }])
            }
            _ => Ok(blank.empty(ruled)),
        }
    }

    fn table(&self, columns: &[f32], rows: &[GridRow]) -> Result<Table, FormError> {
        let mut made: Vec<GridRow> = Vec::new();
        let mut records: Vec<BTreeMap<String, String>> = Vec::new();
        for row in rows {
            let (list, least) = row.each.as_ref().map_or((None, 1), |(name, least)| (Some(name), *least));
            let given: &[BTreeMap<String, String>] = match list.and_then(|name| self.values.get(name)) {
                Some(Value::Rows(rows)) => rows,
                _ => &[],
            };
            for index in 0..least.max(given.len()) {
                made.push(row.clone());
                let mut record = given.get(index).cloned().unwrap_or_default();
                if index < given.len() {
                    record.entry("serial".to_owned()).or_insert_with(|| (index + 1).to_string());
                }
                records.push(record);
            }
        }
        let wrong = |reason| FormError::Table { form: self.form.key.clone(), reason };
        let mut cells = Vec::new();
        for (at, span) in covered(&made, columns.len()).map_err(wrong)? {
            let row = &made[at.0];
            cells.push(self.cell(&row.cells[at.1], at, span, row.each.is_some(), &records[at.0])?);
        }
        let head = made.iter().take_while(|row| row.head).count();
        Ok(Table { columns: columns.to_vec(), rows: made.iter().map(|row| row.height).collect(), head, cells })
    }

    fn cell(
        &self,
        text: &str,
        at: (usize, usize),
        span: (usize, usize),
        listed: bool,
        record: &BTreeMap<String, String>,
    ) -> Result<Cell, FormError> {
        let label = !text.is_empty() && !text.starts_with('~') && !text.contains(['{', '□', '_', '。']);
        let centred = text.starts_with('=');
        let text = text.trim_start_matches(['~', '=']);
        let (body, foot) = text.split_once(">>").unwrap_or((text, ""));
        let texts = |part: &str, align: Align| {
            let lines = part.split("//").map(|line| match line.contains('\u{3000}') {
                true => line.trim_matches(' '),
                false => line.trim(),
            });
            let made = lines
                .filter(|line| !line.is_empty())
                .map(|line| Ok(Text { runs: self.runs(line, false, None, record)?, align, ..Text::default() }));
            made.collect::<Result<Vec<Text>, FormError>>()
        };
        let align = match (label, listed) {
            (true, _) | (_, true) => Align::Centre,
            _ if centred => Align::Centre,
            _ => Align::Left,
        };
        Ok(Cell { at, span, body: texts(body, align)?, foot: texts(foot, Align::Right)?, label })
    }
}

/// How much goes on a line.
#[derive(Clone, Copy)]
struct LineRoom {
    /// Characters on a line.
    chars: usize,
    /// By how many of them the first line is set in.
    indent: usize,
}

impl LineRoom {
    /// How many characters have room on the line after what stands there, and how many a line has.
    fn free_after(self, runs: &[Run]) -> (usize, usize) {
        let letters = runs.iter().flat_map(|run| run.text.chars());
        let halves: usize = letters.map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
        (self.chars - (self.indent + halves.div_ceil(2)) % self.chars, self.chars)
    }
}

fn push(runs: &mut Vec<Run>, run: Run) {
    if !run.text.is_empty() {
        runs.push(run);
    }
}
