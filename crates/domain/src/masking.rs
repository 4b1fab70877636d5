//! 遮挡: what in a text says who somebody is, found by its shape, and the text with it covered. The shapes and how much stays
//! legible are data (`regulations/masking.toml`). The program proposes; a person decides.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::citizen_id::CitizenId;
use crate::digits::half_width;

/// The data behind masking.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Where the patterns come from.
    pub source: String,
    /// `practice`: usual, not prescribed.
    pub status: String,
    /// The kinds, the earlier before the later.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
    /// What a copy is for.
    #[serde(rename = "purpose")]
    pub purposes: Vec<Purpose>,
}

/// A kind of thing to be covered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Kind {
    /// The key kept with a copy.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// How it is found.
    #[serde(flatten)]
    pub find: Find,
    /// Characters left legible at the beginning and at the end.
    pub keep: [usize; 2],
    /// How many stars stand for the rest; one for each character when this is not said.
    pub stars: Option<usize>,
    /// Looked for only when somebody asks.
    #[serde(default)]
    pub choice: bool,
}

/// How a kind is found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "find", rename_all = "snake_case")]
pub enum Find {
    /// The names of the people in the case.
    Names,
    /// Words that somebody added.
    Words,
    /// Digits of a length, written together or in groups.
    Digits {
        /// The lengths and beginnings that fit.
        forms: Vec<Form>,
        /// The check that the number must pass.
        check: Option<Check>,
    },
    /// Letters and digits after one of these words.
    After {
        /// The words.
        words: Vec<String>,
        /// How many letters and digits there must be.
        least: usize,
    },
    /// An address of electronic mail.
    Email,
    /// Road and house.
    House {
        /// How names of roads and estates end.
        roads: Vec<String>,
        /// What follows a number in an address.
        units: Vec<String>,
        /// The characters with which the part before the road ends, which stays.
        districts: String,
    },
}

/// A shape of a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// How many digits.
    pub length: usize,
    /// How it may begin; anyhow when empty.
    #[serde(default)]
    pub starts: Vec<String>,
}

/// A check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// GB 11643-1999.
    CitizenId,
    /// Luhn, as on bank cards.
    Luhn,
}

/// What a copy is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// The key kept with the copy.
    pub key: String,
    /// In words.
    pub label: String,
}

impl Rules {
    /// The kind with this key.
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.key == key)
    }

    /// What a purpose is called.
    pub fn purpose(&self, key: &str) -> Option<&str> {
        self.purposes.iter().find(|purpose| purpose.key == key).map(|purpose| purpose.label.as_str())
    }
}

/// The rules inside the program.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::MASKING;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

/// What is known besides the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The names of the people in the case.
    pub names: Vec<String>,
    /// Words that somebody added.
    pub words: Vec<String>,
    /// Kinds that are looked for only when asked, and were.
    pub asked: Vec<String>,
}

/// A part of a text, in characters from its beginning, and why it is to be covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// The kind.
    pub kind: &'static Kind,
}

impl Span {
    /// How a form names it.
    pub fn key(&self) -> String {
        format!("{}-{}", self.start, self.end)
    }
}

/// What in a text should be covered, in the order of the text; no two overlap.
pub fn propose(text: &str, known: &Known) -> Vec<Span> {
    let letters: Vec<char> = text.chars().collect();
    let plain: Vec<char> = letters.iter().map(|letter| half_width_of(*letter)).collect();
    let mut spans: Vec<Span> = Vec::new();
    for kind in rules().kinds.iter().filter(|kind| !kind.choice || known.asked.contains(&kind.key)) {
        let found = match &kind.find {
            Find::Names => every(&letters, &known.names),
            Find::Words => every(&letters, &known.words),
            Find::Digits { forms, check } => numbers(&plain, forms, *check),
            Find::After { words, least } => after(&plain, words, *least),
            Find::Email => addresses(&plain),
            Find::House { roads, units, districts } => houses(&plain, roads, units, districts),
        };
        for (start, end) in found {
            if spans.iter().all(|other| end <= other.start || other.end <= start) {
                spans.push(Span { start, end, kind });
            }
        }
    }
    spans.sort_by_key(|span| span.start);
    spans
}

/// The text with these parts covered. `whole` leaves nothing of them legible.
pub fn cover(text: &str, spans: &[Span], whole: bool) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut covered = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        covered.extend(&letters[at..span.start]);
        covered.push_str(&masked(&letters[span.start..span.end], span.kind, whole));
        at = span.end;
    }
    covered.extend(&letters[at..]);
    covered
}

/// How often each kind is covered.
pub fn counts(spans: &[Span]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for span in spans {
        *counts.entry(span.kind.key.clone()).or_default() += 1;
    }
    counts
}

/// The key under which the boxes of a picture are counted.
pub const AREA: &str = "area";

/// What is covered, in words.
pub fn covered_words(covered: &BTreeMap<String, u32>) -> String {
    let named = |key: &str| rules().kind(key).map_or("方框", |kind| kind.label.as_str());
    let parts: Vec<String> = covered.iter().map(|(key, count)| format!("{} {count} 处", named(key))).collect();
    if parts.is_empty() {
        "没有遮挡内容，只去掉附带信息".to_owned()
    } else {
        format!("遮住{}", parts.join("、"))
    }
}

/// How a span looks when it is covered.
fn masked(letters: &[char], kind: &Kind, whole: bool) -> String {
    let [first, last] = if whole { [0, 0] } else { kind.keep };
    // What is too short to leave something of it legible is covered whole.
    let [first, last] = if first + last < letters.len() { [first, last] } else { [0, 0] };
    let hidden = letters.len() - first - last;
    let mut masked: String = letters[..first].iter().collect();
    masked.extend(std::iter::repeat_n('*', kind.stars.unwrap_or(hidden)));
    masked.extend(&letters[letters.len() - last..]);
    masked
}

fn half_width_of(letter: char) -> char {
    half_width(letter.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(letter)
}

/// Every place of each word, the longer words first.
fn every(letters: &[char], words: &[String]) -> Vec<(usize, usize)> {
    let mut words: Vec<Vec<char>> = words.iter().map(|word| word.trim().chars().collect()).collect();
    words.retain(|word: &Vec<char>| word.len() >= 2 || word.iter().any(|letter| !letter.is_ascii()));
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut found = Vec::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let mut at = 0;
        while at + word.len() <= letters.len() {
            if letters[at..at + word.len()] == word[..] {
                found.push((at, at + word.len()));
                at += word.len();
            } else {
                at += 1;
            }
        }
    }
    found
}

/// Groups of digits with a single space or hyphen between them, tried together from the longest that fits.
fn numbers(letters: &[char], forms: &[Form], check: Option<Check>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for run in runs(letters) {
        let mut first = 0;
        while first < run.len() {
            let fits = |last: &usize| {
                let number: String = letters[run[first].0..run[*last].1].iter().filter(|it| is_digit(**it)).collect();
                is_number(&number, forms, check)
            };
            let last = (first..run.len()).rev().find(fits);
            if let Some(last) = last {
                found.push((run[first].0, run[last].1));
            }
            first = last.unwrap_or(first) + 1;
        }
    }
    found
}

/// The runs of digit groups, each group by its ends.
fn runs(letters: &[char]) -> Vec<Vec<(usize, usize)>> {
    let mut runs: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < letters.len() && letters[at].is_ascii_digit() {
            at += 1;
        }
        // The last place of an identity number may be an X.
        if at < letters.len() && matches!(letters[at], 'x' | 'X') {
            at += 1;
        }
        let joined = start > 1
            && matches!(letters[start - 1], ' ' | '-')
            && runs.last().and_then(|run| run.last()).is_some_and(|group| group.1 == start - 1);
        match runs.last_mut() {
            Some(run) if joined => run.push((start, at)),
            _ => runs.push(vec![(start, at)]),
        }
    }
    runs
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, 'x' | 'X')
}

fn is_number(number: &str, forms: &[Form], check: Option<Check>) -> bool {
    let shaped = forms.iter().any(|form| {
        form.length == number.len()
            && (form.starts.is_empty() || form.starts.iter().any(|start| number.starts_with(start.as_str())))
    });
    shaped
        && match check {
            None => number.bytes().all(|byte| byte.is_ascii_digit()),
            Some(Check::CitizenId) => CitizenId::parse(number).is_ok(),
            Some(Check::Luhn) => luhn(number),
        }
}

/// The check digit of bank cards (ISO/IEC 7812-1).
fn luhn(number: &str) -> bool {
    let mut sum = 0;
    for (place, letter) in number.chars().rev().enumerate() {
        let Some(digit) = letter.to_digit(10) else { return false };
        let doubled = digit * (1 + place as u32 % 2);
        sum += doubled / 10 + doubled % 10;
    }
    sum % 10 == 0 && number.bytes().any(|byte| byte != b'0')
}

/// Letters and digits that follow one of the words, a colon, the word 是 or a space between.
fn after(letters: &[char], words: &[String], least: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (_, end) in every(letters, words) {
        let between = |letter: &char| matches!(letter, ':' | ' ' | '是' | '为' | '号' | '"' | '“');
        let start = end + letters[end..].iter().take(4).take_while(|letter| between(letter)).count();
        let length =
            letters[start..].iter().take_while(|letter| letter.is_ascii_alphanumeric() || **letter == '-').count();
        if length >= least && !found.contains(&(start, start + length)) {
            found.push((start, start + length));
        }
    }
    found
}

/// The part before the @ of addresses of electronic mail.
fn addresses(letters: &[char]) -> Vec<(usize, usize)> {
    let of_name = |letter: &&char| letter.is_ascii_alphanumeric() || "._%+-".contains(**letter);
    let of_host = |letter: &&char| letter.is_ascii_alphanumeric() || ".-".contains(**letter);
    let mut found = Vec::new();
    for (at, _) in letters.iter().enumerate().filter(|(_, letter)| **letter == '@') {
        let name = letters[..at].iter().rev().take_while(of_name).count();
        let host: String = letters[at + 1..].iter().take_while(of_host).collect();
        if name > 0 && host.trim_end_matches('.').contains('.') {
            found.push((at - name, at));
        }
    }
    found
}

/// Road and house: a name that ends like a road, then numbers with their units. The part up to the district stays.
fn houses(letters: &[char], roads: &[String], units: &[String], districts: &str) -> Vec<(usize, usize)> {
    const NAME_AT_MOST: usize = 6;
    let starts =
        |at: usize, word: &str| word.chars().enumerate().all(|(i, letter)| letters.get(at + i) == Some(&letter));
    let mut found = Vec::new();
    for (start, end) in every(letters, roads) {
        let mut at = end;
        let mut houses = 0;
        loop {
            let mark = letters[at..].iter().take_while(|letter| is_house_number(**letter)).count();
            let unit = units.iter().find(|unit| starts(at + mark, unit));
            let (Some(unit), 1..=8) = (unit, mark) else { break };
            at += mark + unit.chars().count();
            houses += 1;
        }
        // The last number may stand without a unit: 3号楼2单元501.
        if houses > 0 {
            at += letters[at..].iter().take_while(|letter| letter.is_ascii_digit() || **letter == '-').count();
            let name = letters[..start].iter().rev().take(NAME_AT_MOST);
            let name = name.take_while(|letter| is_han(**letter) && !districts.contains(**letter)).count();
            found.push((start - name, at));
        }
    }
    // The longest first, so that an estate within a road's address does not cut it short.
    found.sort_by_key(|(start, end)| (std::cmp::Reverse(end - start), *start));
    found
}

fn is_house_number(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-一二三四五六七八九十百甲乙丙丁第".contains(letter)
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}
