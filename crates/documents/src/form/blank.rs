//! The blanks of forms (空格): what each means, and how it looks while nothing stands in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::form::FormError;
use crate::paper::Run;

/// The full-width space of which empty blanks are made.
const SPACE: &str = "\u{3000}";
/// Characters on a line of running text.
const LINE: usize = 27;

/// What is written in a blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankKind {
    /// Some words.
    #[default]
    Text,
    /// A day: 年月日.
    Date,
    /// A day and a time: 年月日时分.
    Time,
    /// A bureau, of whose name the printed form holds the end.
    Bureau,
    /// The rows of a table that grows.
    Rows,
}

/// One blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Blank {
    /// What is written in it. A blank that the case fills has its meaning in `placeholders.toml`.
    pub means: String,
    /// What is written in it, by kind.
    pub kind: BlankKind,
    /// How many characters wide it is while empty.
    pub room: Option<u8>,
    /// How many whole lines it takes while empty.
    pub lines: u8,
    /// What can be ticked (□).
    pub boxes: Vec<String>,
    /// How many characters are ruled beside the last of them, for words of one's own.
    pub open: u8,
    /// How many of them stand on a line; nought leaves it to the room there is.
    pub across: usize,
    /// Wordings of which one stays.
    pub either: Vec<String>,
}

/// All blanks by name.
pub(super) type Blanks = BTreeMap<String, Blank>;

impl Blank {
    /// The blank while nothing stands in it.
    pub(super) fn empty(&self, ruled: bool) -> Vec<Run> {
        let room = |count: usize| Run { text: SPACE.repeat(count), ruled, ..Run::default() };
        let day = || vec![room(2), Run::printed("年"), room(2), Run::printed("月"), room(2), Run::printed("日")];
        if !self.boxes.is_empty() {
            let boxes = self.boxes.iter().enumerate();
            let mut runs: Vec<Run> =
                boxes.map(|(index, option)| Run::printed(format!("{}□{option}", self.gap(index)))).collect();
            runs.extend(self.words_of_ones_own());
            return runs;
        }
        if !self.either.is_empty() {
            return vec![Run { ruled, ..Run::printed(self.either.join("/")) }];
        }
        match self.kind {
            BlankKind::Date => day(),
            BlankKind::Time => {
                let mut runs = day();
                runs.extend([room(2), Run::printed("时"), room(2), Run::printed("分")]);
                runs
            }
            BlankKind::Bureau => vec![room(4), Run::printed("市场监督管理局")],
            BlankKind::Text if self.lines > 0 && ruled => vec![room(LINE * usize::from(self.lines) - 1)],
            BlankKind::Text if ruled => vec![room(usize::from(self.room.unwrap_or(8)))],
            // In a table the cell itself is the blank.
            BlankKind::Text | BlankKind::Rows => Vec::new(),
        }
    }

    /// The blank with a value.
    pub(super) fn filled(&self, name: &str, value: &str, ruled: bool) -> Result<Vec<Run>, FormError> {
        let written = |text: String, ruled| Run { text, ruled, filled: true, strong: false };
        if !self.boxes.is_empty() && !value.contains('☑') {
            return self.ticked(name, value);
        }
        if !self.either.is_empty() && !self.either.iter().any(|option| option == value) {
            return Err(Self::no_such_option(name, value, &self.either));
        }
        // Rules under whole paragraphs are hard to read, and the name of a bureau needs none.
        let ruled = ruled && self.lines == 0 && self.either.is_empty() && self.kind != BlankKind::Bureau;
        Ok(vec![written(value.to_owned(), ruled)])
    }

    /// `其他：说明` ticks the box 其他 and writes what follows beside it; each line of the value ticks a box.
    fn ticked(&self, name: &str, value: &str) -> Result<Vec<Run>, FormError> {
        let mut words: BTreeMap<&str, &str> = BTreeMap::new();
        for line in value.lines().filter(|line| !line.is_empty()) {
            let (option, more) = match self.boxes.iter().find(|option| *option == line) {
                Some(option) => (option.as_str(), ""),
                None => line.split_once('：').unwrap_or((line, "")),
            };
            if !self.boxes.iter().any(|known| known == option) {
                return Err(Self::no_such_option(name, option, &self.boxes));
            }
            words.insert(option, more);
        }
        let mut runs = Vec::new();
        let said = self.boxes.last().and_then(|last| words.get(last.as_str())).is_some_and(|more| !more.is_empty());
        for (index, option) in self.boxes.iter().enumerate() {
            let gap = self.gap(index);
            match words.get(option.as_str()) {
                None => runs.push(Run::printed(format!("{gap}□{option}"))),
                Some(more) => {
                    runs.push(Run { filled: true, ..Run::printed(format!("{gap}☑{option}")) });
                    if !more.is_empty() {
                        runs.push(Run { filled: true, ..Run::printed(format!("：{more}")) });
                    }
                }
            }
        }
        if !said {
            runs.extend(self.words_of_ones_own());
        }
        Ok(runs)
    }

    /// The rule beside the last box.
    fn words_of_ones_own(&self) -> impl Iterator<Item = Run> {
        let rule = Run { text: SPACE.repeat(usize::from(self.open)), ruled: true, ..Run::default() };
        (self.open > 0).then(|| [Run::printed("："), rule]).into_iter().flatten()
    }

    /// What stands before a box: room enough for boxes to stand below one another.
    fn gap(&self, index: usize) -> String {
        match (index, self.across) {
            (0, _) => String::new(),
            (index, across) if across > 0 && index % across == 0 => "\n".to_owned(),
            (index, across) if across > 0 => {
                let longest = self.boxes.iter().skip((index - 1) % across).step_by(across);
                let longest = longest.map(|option| option.chars().count()).max().unwrap_or_default();
                SPACE.repeat(longest - self.boxes[index - 1].chars().count() + 1)
            }
            _ => SPACE.to_owned(),
        }
    }

    fn no_such_option(name: &str, value: &str, options: &[String]) -> FormError {
        FormError::NoSuchOption { name: name.to_owned(), value: value.to_owned(), options: options.to_vec() }
    }
}
