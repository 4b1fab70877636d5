//! The article behind each verb, and two sentences for one who asks (`regulations/acts.toml`).

use std::collections::BTreeMap;

use domain::action::Action;
use serde::Deserialize;

const FILE: &str = "regulations/acts.toml";

/// Every verb's grounding.
#[derive(Clone, Debug)]
pub struct ActBook {
    acts: BTreeMap<String, Grounding>,
}

/// What the law says about one verb.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounding {
    key: String,
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
        let acts: BTreeMap<_, _> = file.act.into_iter().map(|act| (act.key.clone(), act)).collect();
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
        let Some(act) = self.acts.get(action.key()) else { return String::new() };
        let keys = [Some(rule_set), overlay];
        let cited: Vec<&str> =
            keys.into_iter().flatten().filter_map(|key| act.cited.get(key)).map(String::as_str).collect();
        cited.join("；")
    }

    /// The two sentences for a verb.
    pub fn says(&self, action: Action) -> &str {
        self.acts.get(action.key()).map_or("", |act| &act.says)
    }
}
