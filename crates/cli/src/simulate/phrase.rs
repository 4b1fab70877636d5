//! Sentences with holes.
//!
//! `{name}` is filled once and stays the same through a story (the broken part, the shop's excuse); `{~name}` is drawn
//! anew each time (a curse, a closing word); `[a|b|]` takes one of the alternatives.

use std::collections::{BTreeMap, BTreeSet};

use rand::Rng;
use serde::Deserialize;

use super::vocabulary::{Lists, below};

/// A parsed sentence with slots and alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Phrase(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Slot { name: String, fresh: bool },
    Choice(Vec<Phrase>),
}

impl TryFrom<String> for Phrase {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut rest = text.as_str();
        let phrase = parse(&mut rest, false).map_err(|fault| format!("{fault} in “{text}”"))?;
        if rest.is_empty() { Ok(phrase) } else { Err(format!("stray “{rest}” in “{text}”")) }
    }
}

/// Reads up to the end, or inside brackets up to `|` or `]`, which are left for the caller.
fn parse(rest: &mut &str, inside: bool) -> Result<Phrase, String> {
    let mut pieces = Vec::new();
    while let Some(first) = rest.chars().next() {
        match first {
            '{' => {
                let end = rest.find('}').ok_or("slot without end")?;
                let name = &rest[1..end];
                pieces
                    .push(Piece::Slot { name: name.trim_start_matches('~').to_owned(), fresh: name.starts_with('~') });
                *rest = &rest[end + 1..];
            }
            '[' => {
                let mut choices = Vec::new();
                while rest.starts_with('[') || rest.starts_with('|') {
                    *rest = &rest[1..];
                    choices.push(parse(rest, true)?);
                    if rest.starts_with(']') {
                        break;
                    }
                }
                *rest = rest.strip_prefix(']').ok_or("choice without end")?;
                pieces.push(Piece::Choice(choices));
            }
            '|' | ']' if inside => break,
            '|' | ']' | '}' => return Err(format!("stray {first}")),
            _ => {
                let end = rest.find(['{', '}', '[', ']', '|']).unwrap_or(rest.len());
                pieces.push(Piece::Words(rest[..end].to_owned()));
                *rest = &rest[end..];
            }
        }
    }
    Ok(Phrase(pieces))
}

impl Phrase {
    /// The sentence with every hole filled.
    pub fn fill(&self, rng: &mut impl Rng, cast: &mut Cast<'_>) -> String {
        let mut text = String::new();
        self.write(rng, cast, &mut text);
        text
    }

    fn write<R: Rng>(&self, rng: &mut R, cast: &mut Cast<'_>, text: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Slot { name, fresh } => text.push_str(&cast.say(rng, name, *fresh)),
                Piece::Choice(choices) => choices[below(rng, choices.len())].write(rng, cast, text),
            }
        }
    }

    /// Every slot named in the sentence, alternatives included; for the tests over the data.
    pub fn slots(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(_) => {}
                Piece::Slot { name, .. } => names.push(name.as_str()),
                Piece::Choice(choices) => names.extend(choices.iter().flat_map(Self::slots)),
            }
        }
        names
    }
}

/// What the slots of one story stand for: facts that are settled, and lists to draw the rest from.
#[derive(Debug, Default)]
pub struct Cast<'a> {
    settled: BTreeMap<String, String>,
    lists: Vec<&'a Lists>,
    said: BTreeSet<(String, usize)>,
}

impl<'a> Cast<'a> {
    /// A cast that draws from `lists`; an earlier list hides a later one of the same name.
    pub fn new(lists: Vec<&'a Lists>) -> Self {
        Self { lists, ..Self::default() }
    }

    /// Settles what `{name}` stands for from here on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.settled.insert(name.to_owned(), value.into());
    }

    /// What a slot has been settled to, if it has.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.settled.get(name).map(String::as_str)
    }

    /// A sentence from the named list, one not said before where there is a choice.
    ///
    /// # Panics
    /// When no list has this name: a misspelt slot in the data, which a test over all data excludes.
    pub fn say<R: Rng>(&mut self, rng: &mut R, name: &str, fresh: bool) -> String {
        if !fresh && let Some(value) = self.settled.get(name) {
            return value.clone();
        }
        let list = self
            .lists
            .iter()
            .find_map(|lists| lists.get(name))
            .unwrap_or_else(|| panic!("no word list is called {name}"));
        let text = self.draw(rng, name, list);
        if !fresh {
            self.set(name, text.clone());
        }
        text
    }

    /// One of `list`, filled, avoiding what was already drawn under `name` in this story.
    pub fn draw<R: Rng>(&mut self, rng: &mut R, name: &str, list: &[Phrase]) -> String {
        let mut index = below(rng, list.len());
        for _ in 0..list.len() {
            if self.said.insert((name.to_owned(), index)) {
                break;
            }
            index = (index + 1) % list.len();
        }
        list[index].fill(rng, self)
    }
}
