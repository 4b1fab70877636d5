//! All forms: those described of their own, and every letter of every rule set.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::letter::{FixedWords, LetterTemplate, grounds_words};
use domain::rule_book::RuleBook;
use domain::rule_set::RuleSet;
use jiff::civil::Date;

use crate::form::blank::{Blank, BlankKind, Blanks};
use crate::form::fill::{Filling, fill};
use crate::form::template::{Element, FormFile, FormTemplate, blanks_of, elements, names_in};
use crate::form::{FormError, Value, Values, letter};
use crate::paper::{Margins, Paper};
use crate::sheet::Sheet;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../regulations/forms/", $path)))),*]
    };
}

/// The descriptions that ship inside the program.
const FILES: &[(&str, &str)] =
    files!["complaint-2019.toml", "complaint-2026.toml", "penalty-2021.toml", "centre.toml", "station.toml",];
/// The blanks that the case does not fill.
const BLANKS: &str = include_str!("../../../../regulations/forms/blanks.toml");
/// The seal's lines where a file of descriptions says nothing else.
const SEAL: [&str; 2] = ["{bureau_name}（印章）", "{!document_day}"];

/// A form, ready to be filled.
#[derive(Clone, Debug)]
pub struct Form {
    /// Name in code and data.
    pub key: String,
    /// Printed title.
    pub title: String,
    /// Its number among the official forms, such as 文书式样五.
    pub mark: String,
    /// Where it was published.
    pub source: String,
    /// The page there; nought when the source has no pages.
    pub page: u32,
    /// Whether it was read in the source itself.
    pub confirmed: bool,
    /// What remains doubtful.
    pub note: String,
    /// First day on which it is used.
    pub effective_from: Option<Date>,
    /// Last day on which it is used.
    pub effective_until: Option<Date>,
    /// The rule set whose letter it is.
    pub rule_set: Option<String>,
    pub(super) head: String,
    pub(super) number: String,
    pub(super) elements: Vec<Element>,
    pub(super) seal: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) copies: String,
    pub(super) foot: Vec<String>,
    /// What blanks look like on this form while empty.
    pub(super) pictures: BTreeMap<String, String>,
    /// What the law itself puts in a blank.
    pub(super) printed: BTreeMap<String, String>,
    /// Whether its body is laid out by a description, not by what the letter says.
    own_layout: bool,
    /// What must stay word for word where a bureau may word it; none where it may not.
    varies: Option<Vec<FixedWords>>,
    style: Style,
}

#[derive(Clone, Debug, Default)]
struct Style {
    landscape: bool,
    text: Option<f32>,
    leading: Option<f32>,
    table: Option<f32>,
    margins: Option<[f32; 4]>,
}

/// The forms, with the blanks that they use.
#[derive(Clone, Debug)]
pub struct FormBook {
    forms: Vec<Form>,
    blanks: Blanks,
}

impl FormBook {
    /// The forms that ship with the program, over the letters of these rule sets.
    pub fn over(rules: &RuleBook) -> Result<Self, FormError> {
        Self::parse(rules, FILES, BLANKS)
    }

    /// The same from other texts: each a name for messages and a file of descriptions.
    pub fn parse(rules: &RuleBook, files: &[(&str, &str)], blanks: &str) -> Result<Self, FormError> {
        let unreadable = |file: &str, reason: String| FormError::Unreadable { file: file.to_owned(), reason };
        let mut blanks: Blanks =
            toml::from_str(blanks).map_err(|error| unreadable("blanks.toml", error.to_string()))?;
        let of_cases =
            domain::rule_check::placeholders().map_err(|error| unreadable("placeholders.toml", error.to_string()))?;
        for (name, means) in of_cases {
            blanks.entry(name).or_default().means = means;
        }
        let mut parsed: Vec<FormFile> = Vec::new();
        for (file, text) in files {
            parsed.push(toml::from_str(text).map_err(|error| unreadable(file, error.to_string()))?);
        }
        let mut forms = Vec::new();
        for set in rules.all() {
            let file = parsed.iter().find(|file| file.rule_sets.contains(&set.key));
            for letter in &set.letters {
                forms.push(of_letter(set, letter, file)?);
            }
        }
        for file in parsed.iter().filter(|file| file.rule_sets.is_empty()) {
            for template in &file.forms {
                forms.push(of_its_own(file, template)?);
            }
        }
        for file in &parsed {
            for set in &file.rule_sets {
                let has = |key: &str| rules.get(set).is_some_and(|set| set.letter(key).is_some());
                if let Some(form) = file.forms.iter().find(|form| !has(&form.key)) {
                    return Err(unreadable(&form.key, format!("规则“{set}”中没有这种文书")));
                }
            }
        }
        let book = Self { forms, blanks };
        book.forms.iter().try_for_each(|form| book.check(form))?;
        Ok(book)
    }

    /// A letter as it was kept, in the layout of its form. What it says comes from what was kept and from nowhere else; where the
    /// official form is a table of its own, the kept rows are put into its blanks.
    pub fn laid_out(&self, key: &str, rule_set: &str, letter: Option<&LetterTemplate>, sheet: &Sheet) -> Paper {
        let plain = sheet.paper();
        let Some(form) = self.find(key, Some(rule_set)) else { return plain };
        let values = letter.filter(|_| form.own_layout).and_then(|letter| letter::values(letter, sheet));
        if let Some(filled) = values.and_then(|values| self.fill(form, &values).ok()) {
            return Paper { tail: plain.tail, ..filled };
        }
        let style = form.sheet();
        Paper { sizes: style.sizes, margins: style.margins, landscape: style.landscape, ..plain }
    }

    fn check(&self, form: &Form) -> Result<(), FormError> {
        let names = form.blanks().into_iter().filter(|name| !self.blanks.contains_key(name));
        let names: Vec<String> = names.filter(|name| !matches!(name.as_str(), "page" | "pages")).collect();
        if !names.is_empty() {
            return Err(FormError::UnknownBlank { form: form.key.clone(), names });
        }
        Ok(())
    }

    /// All forms: those of the rule sets first, then those of their own.
    pub fn all(&self) -> &[Form] {
        &self.forms
    }

    /// The form with this key: of the rule set named, otherwise a form of its own or the letter now in force.
    pub fn find(&self, key: &str, rule_set: Option<&str>) -> Option<&Form> {
        let mut having = self.forms.iter().filter(|form| form.key == key);
        match rule_set {
            Some(rule_set) => having.find(|form| form.rule_set.as_deref() == Some(rule_set)),
            None => having.rfind(|form| form.effective_until.is_none()),
        }
    }

    /// What a blank is.
    pub fn blank(&self, name: &str) -> Option<&Blank> {
        self.blanks.get(name)
    }

    /// The form with these values written on it; without any it is the blank form.
    pub fn fill(&self, form: &Form, values: &Values) -> Result<Paper, FormError> {
        let known = form.blanks();
        let names: Vec<String> = values.keys().filter(|name| !known.contains(*name)).cloned().collect();
        if !names.is_empty() {
            return Err(FormError::NoSuchBlank { form: form.key.clone(), names });
        }
        for (name, value) in values {
            let rows = self.blank(name).is_some_and(|blank| blank.kind == BlankKind::Rows);
            if rows != matches!(value, Value::Rows(_)) {
                return Err(FormError::WrongKind(name.clone()));
            }
        }
        fill(&Filling { form, blanks: &self.blanks, values })
    }
}

impl Form {
    /// The names of all its blanks.
    pub fn blanks(&self) -> BTreeSet<String> {
        let mut names = blanks_of(&self.elements);
        let mut take = |text: &str| names.extend(names_in(text).map(str::to_owned));
        for text in [&self.head, &self.copies, &self.number] {
            take(text);
        }
        self.foot.iter().for_each(|text| take(text));
        if self.elements.contains(&Element::Seal) {
            self.seal.iter().for_each(|text| take(text));
        }
        if !self.number.is_empty() {
            names.insert("document_number".to_owned());
        }
        names.remove("page");
        names.remove("pages");
        names
    }

    /// A form that no rule set has, as the letter that it is to whoever words it: its indented paragraphs. None where a bureau may
    /// not, or where something stands between them.
    pub fn as_letter(&self) -> Option<LetterTemplate> {
        let fixed = self.varies.clone()?;
        let run = self.paragraphs()?;
        let text = |element: &Element| match element {
            Element::Paragraph { text, .. } => text.clone(),
            _ => String::new(),
        };
        Some(LetterTemplate {
            key: self.key.clone(),
            title: self.title.clone(),
            form: (!self.mark.is_empty()).then(|| self.mark.clone()),
            number_word: String::new(),
            source: self.source.clone(),
            confirmed: self.confirmed,
            note: Some(self.note.clone()),
            recipients: Vec::new(),
            addressee: self.elements[..run.start].first().map(text),
            rows: Vec::new(),
            paragraphs: self.elements[run].iter().map(text).collect(),
            fixed,
            signatures: Vec::new(),
            sealed: self.elements.contains(&Element::Seal),
            copies: 1,
            notes: self.notes.clone(),
            may_be_told_otherwise: false,
        })
    }

    /// Where its indented paragraphs stand, when they stand together.
    fn paragraphs(&self) -> Option<Range<usize>> {
        let is_one = |element: &Element| matches!(element, Element::Paragraph { indented: true, .. });
        let first = self.elements.iter().position(is_one)?;
        let last = self.elements.iter().rposition(is_one)?;
        self.elements[first..=last].iter().all(is_one).then_some(first..last + 1)
    }

    /// The same form in other words.
    #[must_use]
    pub fn worded(&self, letter: &LetterTemplate) -> Form {
        let mut elements = self.elements.clone();
        match self.paragraphs().filter(|_| self.varies.is_some()) {
            Some(run) => drop(elements.splice(run, letter.paragraphs.iter().map(|text| letter::paragraph(text, true)))),
            None if self.own_layout => {}
            None => elements = letter::elements(letter),
        }
        Form { elements, notes: letter.notes.clone(), ..self.clone() }
    }

    /// The names of the blanks in the rows of a table that grows.
    pub fn row_blanks(&self, list: &str) -> BTreeSet<String> {
        let grids = self.elements.iter().filter_map(|element| match element {
            Element::Table(grid) => Some(grid),
            _ => None,
        });
        let rows = grids.flat_map(|grid| &grid.rows);
        let rows = rows.filter(|row| row.each.as_ref().is_some_and(|(name, _)| name == list));
        rows.flat_map(|row| &row.cells).flat_map(|cell| names_in(cell).map(str::to_owned)).collect()
    }

    /// An empty sheet in its style.
    pub(super) fn sheet(&self) -> Paper {
        let mut paper = Paper { landscape: self.style.landscape, ..Paper::default() };
        let style = &self.style;
        paper.sizes.text = style.text.unwrap_or(paper.sizes.text);
        paper.sizes.leading = style.leading.unwrap_or(paper.sizes.text * 1.75);
        paper.sizes.table = style.table.unwrap_or(paper.sizes.table);
        if let Some([top, right, bottom, left]) = style.margins {
            paper.margins = Margins { top, bottom, left, right };
        }
        paper
    }
}

/// A letter of a rule set, laid out as its file of descriptions says.
fn of_letter(set: &RuleSet, letter: &LetterTemplate, file: Option<&FormFile>) -> Result<Form, FormError> {
    let plain = FormTemplate::default();
    let described = file.and_then(|file| file.forms.iter().find(|form| form.key == letter.key));
    let template = described.unwrap_or(&plain);
    let number = match letter.number_word.as_str() {
        "" => String::new(),
        word => format!("___{word}〔____〕第__号"),
    };
    let elements = match template.body.as_str() {
        "" => letter::elements(letter),
        body => elements(&letter.key, body)?,
    };
    Ok(Form {
        key: letter.key.clone(),
        title: letter.title.clone(),
        mark: letter.form.clone().unwrap_or_default(),
        source: letter.source.clone(),
        page: template.page,
        confirmed: letter.confirmed,
        note: [letter.note.as_deref().unwrap_or_default(), &template.note].concat(),
        effective_from: set.effective_from,
        effective_until: set.effective_until,
        rule_set: Some(set.key.clone()),
        head: String::new(),
        number: if template.number.is_empty() { number } else { template.number.clone() },
        elements,
        seal: SEAL.map(str::to_owned).to_vec(),
        notes: letter.notes.clone(),
        copies: String::new(),
        foot: template.foot.clone(),
        pictures: template.blank.clone(),
        printed: BTreeMap::from([
            ("refusal_grounds".to_owned(), grounds_words(&set.refusal_grounds)),
            ("termination_grounds".to_owned(), grounds_words(&set.termination_grounds)),
        ]),
        own_layout: !template.body.is_empty(),
        varies: None,
        style: style(template),
    })
}

/// A form that no rule set has.
fn of_its_own(file: &FormFile, template: &FormTemplate) -> Result<Form, FormError> {
    let or_of_file = |own: &str, of_file: &str| if own.is_empty() { of_file.to_owned() } else { own.to_owned() };
    Ok(Form {
        key: template.key.clone(),
        title: template.title.clone(),
        mark: template.form.clone(),
        source: or_of_file(&template.source, &file.source),
        page: template.page,
        confirmed: file.confirmed,
        note: or_of_file(&template.note, &file.note),
        effective_from: file.effective_from,
        effective_until: file.effective_until,
        rule_set: None,
        head: if template.headless { String::new() } else { file.head.clone() },
        number: template.number.clone(),
        elements: elements(&template.key, &template.body)?,
        seal: if file.seal.is_empty() { SEAL.map(str::to_owned).to_vec() } else { file.seal.clone() },
        notes: template.notes.clone(),
        copies: if template.copies { file.copies.clone() } else { String::new() },
        foot: template.foot.clone(),
        pictures: template.blank.clone(),
        printed: BTreeMap::new(),
        own_layout: true,
        varies: file.varies.then(|| template.fixed.clone()),
        style: style(template),
    })
}

fn style(template: &FormTemplate) -> Style {
    Style {
        landscape: template.landscape,
        text: template.text_size,
        leading: template.leading,
        table: template.table_size,
        margins: template.margins,
    }
}
