//! The article behind each verb, and two sentences for one who asks (`regulations/acts.toml`).

use std::collections::BTreeMap;

use domain::action::Action;
use domain::case_kind::CaseKind;
use serde::Deserialize;

const FILE: &str = "regulations/acts.toml";

/// Every verb's grounding.
#[derive(Clone, Debug)]
pub struct ActBook {
    acts: BTreeMap<String, Vec<Grounding>>,
}

/// What the law says about one verb.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounding {
    key: String,
    /// The kinds of case it is about; when none is named, every kind that no other entry names.
    #[serde(default)]
    kinds: Vec<CaseKind>,
    /// Two sentences that explain the rule.
    pub says: String,
    #[serde(default)]
    cited: BTreeMap<String, String>,
}

/// Why the table cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{FILE}：{0}")]
pub struct ActBookError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActFile {
    act: Vec<Grounding>,
}

impl ActBook {
    /// The table inside the program.
    pub fn builtin() -> Result<ActBook, ActBookError> {
        ActBook::parse(include_str!("../../../regulations/acts.toml"))
    }

    /// Reads a table and checks that every verb is there.
    pub fn parse(text: &str) -> Result<ActBook, ActBookError> {
        let file: ActFile = toml::from_str(text).map_err(|error| ActBookError(error.to_string()))?;
        let mut acts: BTreeMap<String, Vec<Grounding>> = BTreeMap::new();
        for act in file.act {
            acts.entry(act.key.clone()).or_default().push(act);
        }
        if let Some(unknown) = acts.keys().find(|key| Action::from_key(key).is_none()) {
            return Err(ActBookError(format!("没有“{unknown}”这个动作")));
        }
        match Action::ALL.iter().find(|action| !acts.contains_key(action.key())) {
            Some(missing) => Err(ActBookError(format!("缺少动作“{}”", missing.key()))),
            None => Ok(ActBook { acts }),
        }
    }

    /// The articles for a verb under a case's rule sets: the national one first, then the overlay's; empty when neither
    /// speaks of it.
    pub fn cited(&self, action: Action, rule_set: &str, overlay: Option<&str>) -> String {
        self.cited_for(CaseKind::Complaint, action, rule_set, overlay)
    }

    /// As [`ActBook::cited`] for a kind of case: what is said of complaints is not said of questions.
    pub fn cited_for(&self, kind: CaseKind, action: Action, rule_set: &str, overlay: Option<&str>) -> String {
        let Some(act) = self.of(kind, action) else { return String::new() };
        let keys = [Some(rule_set), overlay];
        let cited: Vec<&str> =
            keys.into_iter().flatten().filter_map(|key| act.cited.get(key)).map(String::as_str).collect();
        cited.join("；")
    }

    /// The two sentences for a verb.
    pub fn says(&self, action: Action) -> &str {
        self.acts.get(action.key()).and_then(|acts| acts.first()).map_or("", |act| &act.says)
    }

    /// The two sentences for a verb on a kind of case.
    pub fn says_for(&self, kind: CaseKind, action: Action) -> &str {
        self.of(kind, action).map_or("", |act| &act.says)
    }

    fn of(&self, kind: CaseKind, action: Action) -> Option<&Grounding> {
        let acts = self.acts.get(action.key())?;
        let named = acts.iter().find(|act| act.kinds.contains(&kind));
        named.or_else(|| acts.iter().find(|act| act.kinds.is_empty()))
    }
}
