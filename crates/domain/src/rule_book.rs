//! All rule sets together: reading, checking and choosing (catalogue 2.1–2.5).

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::case_kind::CaseKind;
use crate::rule_set::{Layer, Limit, RuleSet};

/// Why the rules cannot be used: one sentence that names file, key and reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("规则文件 {file} 的 {key} 有误：{reason}")]
pub struct RuleError {
    /// The file, or the set asked for.
    pub file: String,
    /// The key in it.
    pub key: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl RuleError {
    /// Stable code for machines.
    pub const CODE: &str = "rules.invalid";

    pub(crate) fn new(file: &str, key: &str, reason: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Every rule set the program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    sets: Vec<RuleSet>,
}

impl RuleBook {
    /// The rules shipped with the program.
    pub fn builtin() -> Result<Self, RuleError> {
        static BUILTIN: OnceLock<Result<RuleBook, RuleError>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::parse(crate::embedded::RULE_SETS))
            .clone()
    }

    /// Reads and checks rule set files, each given as its name and its text.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, RuleError> {
        let mut sets = Vec::new();
        for (file, text) in files {
            let set: RuleSet = toml::from_str(text)
                .map_err(|error| RuleError::new(file, "-", error.to_string()))?;
            sets.push(set);
        }
        Ok(Self { sets })
    }

    /// The set that has this key.
    pub fn get(&self, key: &str) -> Option<&RuleSet> {
        self.sets.iter().find(|set| set.key == key)
    }

    /// Every set: national ones by date of effect, then overlays.
    pub fn all(&self) -> &[RuleSet] {
        &self.sets
    }

    /// The national set under which a matter received on the day is kept. No date falls back to another period.
    pub fn national(&self, kind: CaseKind, received: Date) -> Result<&RuleSet, RuleError> {
        self.sets
            .iter()
            .find(|set| {
                set.layer == Layer::National && set.kinds.contains(&kind) && set.in_force(received)
            })
            .ok_or_else(|| {
                RuleError::new(
                    "regulations/national",
                    kind.key(),
                    format!("没有适用于 {received} 收到的{}的规则", kind.label()),
                )
            })
    }

    /// The limits of a kind of case: those of the national set, then those of the overlay.
    pub fn limits(
        &self,
        national: &str,
        overlay: Option<&str>,
        kind: CaseKind,
    ) -> Vec<(&RuleSet, &Limit)> {
        [Some(national), overlay]
            .into_iter()
            .flatten()
            .filter_map(|key| self.get(key))
            .flat_map(|set| set.limits.iter().map(move |limit| (set, limit)))
            .filter(|(_, limit)| limit.kind == kind)
            .collect()
    }
}
