//! Letters (文书): the wording of an official form is data, its blanks are placeholders.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::rule_set::{Ground, yes};

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// 投诉人.
    Complainant,
    /// 被投诉人.
    Respondent,
    /// 举报人.
    Reporter,
    /// Another organisation.
    Organization,
    /// Nobody: it stays in the file.
    File,
}

/// A row of a form that is a table: a label and its blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormRow {
    /// Heading that groups rows, e.g. 投诉人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The printed label.
    pub label: String,
    /// Text with placeholders.
    pub value: String,
    /// Whether the blank takes the whole width and several lines.
    #[serde(default)]
    pub long: bool,
}

/// A place to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The printed label, e.g. 投诉人（签名）.
    pub label: String,
    /// Whether a date belongs beside it.
    #[serde(default)]
    pub dated: bool,
}

/// Words of a paragraph that must stay as they are, such as the article that a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedWords {
    /// The words.
    pub words: String,
    /// What wants them there.
    pub source: String,
}

/// A letter or form of a rule set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterTemplate {
    /// Name in code and data, e.g. `acceptance_decision`.
    pub key: String,
    /// Printed title.
    pub title: String,
    /// Number of the official form, e.g. 文书式样五.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The words of its document number, e.g. 市监投受; empty when the form has no number line.
    #[serde(default)]
    pub number_word: String,
    /// Where the wording was published.
    pub source: String,
    /// Whether the wording was read in that source.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What remains doubtful.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// To whom it goes.
    pub recipients: Vec<Recipient>,
    /// The line that addresses it, with placeholders; none for forms that stay in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// Rows, for a form that is a table.
    #[serde(default)]
    pub rows: Vec<FormRow>,
    /// Paragraphs with `{placeholders}`; a paragraph that is only `{refusal_grounds}` or `{termination_grounds}`
    /// stands for the printed list of items.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// What a bureau that writes its own paragraphs must leave word for word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedWords>,
    /// Places to sign.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// Whether the bureau's seal and the date stand at the end.
    #[serde(default)]
    pub sealed: bool,
    /// Copies made.
    #[serde(default = "one")]
    pub copies: u32,
    /// The printed notes (注).
    #[serde(default)]
    pub notes: Vec<String>,
    /// Whether it may also be told by internet, phone, SMS, e-mail or post.
    #[serde(default)]
    pub may_be_told_otherwise: bool,
}

/// A letter whose blanks are filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Printed title.
    pub title: String,
    /// The addressed line.
    pub addressee: Option<String>,
    /// Rows of a table form.
    pub rows: Vec<FormRow>,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
}

impl LetterTemplate {
    /// The names of all its blanks.
    pub fn placeholders(&self) -> BTreeSet<String> {
        let rows = self.rows.iter().map(|row| row.value.as_str());
        let texts = self.paragraphs.iter().map(String::as_str).chain(rows).chain(self.addressee.as_deref());
        texts.flat_map(|text| placeholders_in(text).map(str::to_owned)).collect()
    }

    /// The letter with its blanks filled, or the names of the blanks that `values` leaves out.
    ///
    /// A value that holds several lines makes as many paragraphs when it stands alone in its paragraph.
    pub fn fill(&self, values: &BTreeMap<&str, String>) -> Result<Letter, BTreeSet<String>> {
        let missing: BTreeSet<String> =
            self.placeholders().into_iter().filter(|name| !values.contains_key(name.as_str())).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Letter {
            title: self.title.clone(),
            addressee: self.addressee.as_ref().map(|text| filled(text, values)),
            rows: self.rows.iter().map(|row| FormRow { value: filled(&row.value, values), ..row.clone() }).collect(),
            paragraphs: self
                .paragraphs
                .iter()
                .flat_map(|text| filled(text, values).lines().map(str::to_owned).collect::<Vec<_>>())
                .collect(),
        })
    }
}

/// The names between braces in a text.
pub(crate) fn placeholders_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// One pass from left to right, so that braces inside a value stay what the person wrote.
fn filled(text: &str, values: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        out.push_str(values.get(name).map_or("", String::as_str));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The item of a ground as forms print it: （三）'s 三.
pub fn item_words(item: u32) -> String {
    const WORDS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    WORDS.get(item as usize).map_or_else(|| item.to_string(), |word| (*word).to_owned())
}

/// Every ground, a paragraph each, as the form prints the whole list.
pub fn grounds_words(grounds: &[Ground]) -> String {
    let lines: Vec<String> =
        grounds.iter().map(|ground| format!("（{}）{}", item_words(ground.item), ground.wording)).collect();
    lines.join("\n")
}

const fn one() -> u32 {
    1
}
