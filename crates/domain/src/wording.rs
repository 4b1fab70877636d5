//! 文书的文字: what a bureau may say in its own words in a letter, and what it may not touch. The official wording is version 0 and
//! always there; the blanks keep their meaning.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::filing::FieldError;
use crate::keyed::keyed;
use crate::letter::{LetterTemplate, placeholders_in};

keyed! {
    /// Which wording a bureau uses.
    pub enum WordingChoice:
    /// 本局文字: its own.
    Own = "own", "本局的文字";
    /// 通用文字: that of the rule set, whatever a bureau above says.
    Official = "official", "通用文字";
    /// 跟随上级: that of the nearest bureau above that has one.
    Above = "above", "跟随上级局";
}

/// What varies in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Its paragraphs, with `{placeholders}`.
    pub paragraphs: Vec<String>,
    /// The printed notes (注).
    pub notes: Vec<String>,
}

impl Wording {
    /// What the letter says officially.
    pub fn of(letter: &LetterTemplate) -> Wording {
        Wording { paragraphs: letter.paragraphs.clone(), notes: letter.notes.clone() }
    }

    /// The letter in these words.
    pub fn put_into(&self, letter: &LetterTemplate) -> LetterTemplate {
        LetterTemplate { paragraphs: self.paragraphs.clone(), notes: self.notes.clone(), ..letter.clone() }
    }

    /// Everything that is wrong with these words for that letter, beside `paragraph-1`, `note-1`, or `wording` for the whole.
    pub fn faults(&self, letter: &LetterTemplate) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut tell = |field: &str, code: &str, message: String| {
            faults.push(FieldError { code: code.to_owned(), message, field: field.to_owned() });
        };
        let rules = rules();
        let allowed: BTreeSet<String> = blanks(letter).into_iter().map(|blank| blank.key).collect();
        for (index, text) in self.paragraphs.iter().enumerate() {
            let (field, at) = (format!("paragraph-{}", index + 1), format!("第{}段", index + 1));
            length(&field, &at, text, &mut tell);
            if is_broken(text) {
                tell(&field, "blank.broken", format!("{at}的花括号没有成对，空格要写成“{{空格的名称}}”"));
                continue;
            }
            for name in placeholders_in(text).filter(|name| !allowed.contains(*name)) {
                let name = label(name).unwrap_or(name);
                tell(&field, "blank.unknown", format!("{at}的空格“{{{name}}}”不能用在这份文书里，请从列出的空格里选"));
            }
        }
        for (index, text) in self.notes.iter().enumerate() {
            let (field, at) = (format!("note-{}", index + 1), format!("第{}条注", index + 1));
            length(&field, &at, text, &mut tell);
            if text.contains(['{', '}']) {
                tell(&field, "note.blank", format!("{at}里不能有空格：注是照印的"));
            }
        }
        if self.paragraphs.is_empty() != letter.paragraphs.is_empty() {
            let message = if letter.paragraphs.is_empty() {
                "这份文书是表格，没有正文，只能改注"
            } else {
                "正文至少要有一段"
            };
            tell("wording", "paragraph.none", message.to_owned());
        }
        if self.paragraphs.len().max(self.notes.len()) > rules.paragraphs_at_most {
            let message = format!("正文和注各不超过 {} 段", rules.paragraphs_at_most);
            tell("wording", "paragraph.too_many", message);
        }
        for name in lost(&letter.paragraphs, &self.paragraphs) {
            let name = label(&name).unwrap_or(&name);
            tell("wording", "blank.lost", format!("少了空格“{{{name}}}”：通用文字里有的空格，每个至少留一处"));
        }
        for text in letter.paragraphs.iter().filter(|text| is_alone(text)) {
            let used = self.paragraphs.iter().any(|own| own.contains(text.as_str()));
            if used && !self.paragraphs.contains(text) {
                tell("wording", "blank.not_alone", format!("“{}”要单独成为一段：它会是好几行", shown(text)));
            }
        }
        for fixed in &letter.fixed {
            if !self.paragraphs.iter().any(|own| own.contains(&fixed.words)) {
                let message = format!("少了要照原样保留的话“{}”（{}）", shown(&fixed.words), fixed.source);
                tell("wording", "fixed.lost", message);
            }
        }
        faults
    }
}

fn length(field: &str, at: &str, text: &str, tell: &mut impl FnMut(&str, &str, String)) {
    let most = rules().paragraph_at_most;
    if text.trim().is_empty() {
        tell(field, "paragraph.empty", format!("{at}是空的，请写上内容，或者去掉"));
    } else if text.chars().count() > most {
        tell(field, "paragraph.too_long", format!("{at}请控制在 {most} 个字以内"));
    }
}

/// The blanks of the first texts that the second leave out.
fn lost(official: &[String], own: &[String]) -> BTreeSet<String> {
    let all = |texts: &[String]| -> BTreeSet<String> {
        texts.iter().flat_map(|text| placeholders_in(text).map(str::to_owned)).collect()
    };
    &all(official) - &all(own)
}

/// Whether a paragraph is one blank and nothing else.
fn is_alone(text: &str) -> bool {
    let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|name| !name.contains(['{', '}']))
}

fn is_broken(text: &str) -> bool {
    let mut open = false;
    for letter in text.chars().filter(|letter| matches!(letter, '{' | '}')) {
        if (letter == '{') == open {
            return true;
        }
        open = !open;
    }
    open || text.contains("{}")
}

/// A blank as an editor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// The name in data.
    pub key: String,
    /// The name on the screen.
    pub label: String,
    /// What is written in it.
    pub means: String,
    /// Whether the official wording has it, so that it must stay.
    pub needed: bool,
}

/// The blanks that a letter's words may have: its own, and those that any letter may have.
pub fn blanks(letter: &LetterTemplate) -> Vec<Blank> {
    let mut keys: Vec<String> = Vec::new();
    for name in letter.paragraphs.iter().flat_map(|text| placeholders_in(text)) {
        if !keys.iter().any(|key| key == name) {
            keys.push(name.to_owned());
        }
    }
    let needed = keys.len();
    let others: BTreeSet<String> = letter.placeholders().into_iter().chain(rules().anywhere.iter().cloned()).collect();
    keys.extend(others.into_iter().filter(|name| !keys.contains(name)).collect::<Vec<_>>());
    let blank = |(index, key): (usize, String)| Blank {
        label: label(&key).unwrap_or(&key).to_owned(),
        means: names().get(&key).map(|(_, means)| means.clone()).unwrap_or_default(),
        needed: index < needed,
        key,
    };
    keys.into_iter().enumerate().map(blank).collect()
}

/// A text with its blanks by their names on the screen.
pub fn shown(text: &str) -> String {
    renamed(text, |name| label(name).map(str::to_owned))
}

/// A text as typed, with the blanks of a letter by their names in data; another name stays as it is.
pub fn typed(text: &str, blanks: &[Blank]) -> String {
    let text = text.replace('｛', "{").replace('｝', "}");
    renamed(text.trim(), |name| blanks.iter().find(|blank| blank.label == name.trim()).map(|blank| blank.key.clone()))
}

fn renamed(text: &str, name_of: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('{');
        rest = after;
        if let Some((name, tail)) = after.split_once('}')
            && let Some(other) = name_of(name)
        {
            out.push_str(&other);
            out.push('}');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// A value to show in a blank where nobody's is meant.
pub fn sample(name: &str) -> &'static str {
    rules().samples.get(name).map_or("", String::as_str)
}

/// The name of a blank on the screen: what it means, up to the first comma. Of the blanks of one letter no two have the same.
fn label(name: &str) -> Option<&'static str> {
    names().get(name).map(|(label, _)| label.as_str())
}

/// Every blank: its name on the screen, and what it means.
fn names() -> &'static BTreeMap<String, (String, String)> {
    static NAMES: OnceLock<BTreeMap<String, (String, String)>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut all = crate::rule_check::placeholders().unwrap_or_else(|error| panic!("{error}"));
        let (file, text) = crate::embedded::FORM_BLANKS;
        let of_forms: BTreeMap<String, FormBlank> =
            toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"));
        // A blank that the case fills has its meaning there already.
        for (key, blank) in of_forms {
            all.entry(key).or_insert(blank.means);
        }
        let named = |(key, means): (String, String)| {
            let label = means.split(['，', '：']).next().unwrap_or(&means).to_owned();
            (key, (label, means))
        };
        all.into_iter().map(named).collect()
    })
}

/// Of a blank of a form, what is written in it.
#[derive(Deserialize)]
struct FormBlank {
    #[serde(default)]
    means: String,
}

/// The data behind the wording of bureaus.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Blanks that any letter may have.
    pub anywhere: Vec<String>,
    /// Characters that a paragraph may have.
    pub paragraph_at_most: usize,
    /// Paragraphs that a letter may have.
    pub paragraphs_at_most: usize,
    /// Characters that the reason of a change may have.
    pub reason_at_most: usize,
    samples: BTreeMap<String, String>,
}

/// The data.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::WORDING;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{blanks, label, names, rules, sample, shown, typed};
    use crate::rule_book::RuleBook;

    #[test]
    fn every_blank_of_the_rule_sets_has_a_name_of_its_own_and_a_sample() {
        let blanks = crate::rule_check::placeholders().expect("the blanks");
        let labels: BTreeSet<&str> = blanks.keys().filter_map(|key| label(key)).collect();
        assert_eq!(labels.len(), blanks.len(), "two blanks have one name");
        assert!(names().values().all(|(label, _)| !label.contains(['{', '}'])));
        let without: Vec<_> = blanks.keys().filter(|name| sample(name).is_empty()).collect();
        assert!(without.is_empty(), "{without:?}");
        assert!(rules().samples.keys().chain(&rules().anywhere).all(|name| names().contains_key(name)));
    }

    #[test]
    fn blanks_go_to_the_screen_and_back() {
        let book = RuleBook::builtin().expect("the rules");
        let letter = book.letter("national-2026", "identity_request").expect("the letter");
        let text = "请于{deadline_date}前致电{contact_phone}。";
        assert_eq!(shown(text), "请于{限期}前致电{联系电话}。");
        assert_eq!(typed("请于｛限期｝前致电{ 联系电话 }。", &blanks(letter)), text);
        assert_eq!(typed("{没有的}和{限期", &blanks(letter)), "{没有的}和{限期");
    }
}
