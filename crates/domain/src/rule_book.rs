//! All rule sets together: reading, checking and choosing (catalogue 2.1–2.5).

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::case_kind::CaseKind;
use crate::letter::LetterTemplate;
use crate::rule_check;
use crate::rule_set::{Layer, Limit, RuleSet};

const NATIONAL_FOLDER: &str = "regulations/national";

/// Why the rules cannot be used: one sentence that names file, key and reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct RuleError {
    /// The file, or the folder when no file is at fault.
    pub file: String,
    /// The key in it.
    pub key: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl RuleError {
    /// Stable code for machines.
    pub const CODE: &str = "rules.invalid";

    /// A case that no rules cover is not a fault of any file.
    fn sentence(&self) -> String {
        if self.file == NATIONAL_FOLDER {
            return self.reason.clone();
        }
        format!("规则文件 {} 的 {} 有误：{}", self.file, self.key, self.reason)
    }

    pub(crate) fn new(file: &str, key: &str, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), key: key.to_owned(), reason: reason.into() }
    }
}

/// Every rule set the program knows: national ones by date of effect, then those for what goes on beside, then overlays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    sets: Vec<RuleSet>,
}

impl RuleBook {
    /// The rules shipped with the program: `regulations/national/`, `regulations/beside/` and `regulations/overlay/`.
    pub fn builtin() -> Result<Self, RuleError> {
        static BUILTIN: OnceLock<Result<RuleBook, RuleError>> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::parse(crate::embedded::RULE_SETS)).clone()
    }

    /// Reads and checks rule set files, each given as its name and its text.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, RuleError> {
        let mut sets = Vec::with_capacity(files.len());
        for (file, text) in files {
            sets.push((*file, rule_check::read(file, text)?));
        }
        rule_check::check(&sets)?;
        let mut sets: Vec<RuleSet> = sets.into_iter().map(|(_, set)| set).collect();
        sets.sort_by(|a, b| {
            let order = |set: &RuleSet| (set.layer, set.effective_from);
            order(a).cmp(&order(b))
        });
        Ok(Self { sets })
    }

    /// The shipped rules with one more file, which takes the place of the shipped set of the same key.
    pub fn builtin_with(file: &str, text: &str) -> Result<Self, RuleError> {
        let key = rule_check::read(file, text)?.key;
        let mut files: Vec<(&str, &str)> = Vec::new();
        for (name, shipped) in crate::embedded::RULE_SETS {
            if rule_check::read(name, shipped)?.key != key {
                files.push((name, shipped));
            }
        }
        files.push((file, text));
        Self::parse(&files)
    }

    /// The set that has this key.
    pub fn get(&self, key: &str) -> Option<&RuleSet> {
        self.sets.iter().find(|set| set.key == key)
    }

    /// Every set: national ones by date of effect, then those for what goes on beside, then overlays.
    pub fn all(&self) -> &[RuleSet] {
        &self.sets
    }

    /// The national set under which a matter received on the day is kept. No date falls back to another period.
    pub fn national(&self, kind: CaseKind, received: Date) -> Result<&RuleSet, RuleError> {
        self.sets
            .iter()
            .find(|set| set.layer == Layer::National && set.kinds.contains(&kind) && set.in_force(received))
            .ok_or_else(|| {
                let reason = format!(
                    "没有适用于{received}收到的{}的全国规则，请核对收到日期，或者补充该时期的规则文件",
                    kind.label()
                );
                RuleError::new(NATIONAL_FOLDER, kind.key(), reason)
            })
    }

    /// The limits of a kind of case: those of the national set, of the overlay, and of what goes on beside, which start only in a
    /// matter received while that set was in force.
    ///
    /// A limit with a [`condition`](Limit::condition) is among them, but runs only when someone says that it applies.
    pub fn limits(&self, national: &str, overlay: Option<&str>, kind: CaseKind) -> Vec<(&RuleSet, &Limit)> {
        [Some(national), overlay]
            .into_iter()
            .flatten()
            .filter_map(|key| self.get(key))
            .chain(self.beside())
            .flat_map(|set| set.limits.iter().map(move |limit| (set, limit)))
            .filter(|(_, limit)| limit.kind == kind)
            .collect()
    }

    /// The letter with this key: of the case's own set, or of one for what goes on beside.
    pub fn letter(&self, national: &str, key: &str) -> Option<&LetterTemplate> {
        self.set_of_letter(national, key)?.letter(key)
    }

    /// The set that has it.
    pub fn set_of_letter(&self, national: &str, key: &str) -> Option<&RuleSet> {
        self.get(national).into_iter().chain(self.beside()).find(|set| set.letter(key).is_some())
    }

    fn beside(&self) -> impl Iterator<Item = &RuleSet> {
        self.sets.iter().filter(|set| set.layer == Layer::Beside)
    }
}
