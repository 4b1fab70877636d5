//! 个人信息请求: what a person may ask about her own data, who may ask for her, on which ground it is refused
//! (`regulations/personal_data.toml`, 个人信息保护法第四十四条至第五十条).

use std::sync::OnceLock;

use serde::Deserialize;

use crate::keyed::keyed;
use crate::role::Role;

keyed! {
    /// What is asked for.
    pub enum Right:
    /// 查阅、复制: a copy of what is held about her.
    Copy = "copy", "查阅、复制";
    /// 更正、补充: what is wrong put right.
    Correct = "correct", "更正、补充";
    /// 删除: what is no longer needed removed.
    Delete = "delete", "删除";
}

keyed! {
    /// Who asks.
    pub enum Asker:
    /// 本人.
    Herself = "herself", "本人";
    /// 监护人: of a person under fourteen, or without capacity.
    Guardian = "guardian", "监护人";
    /// 近亲属: of a person who died.
    Kin = "kin", "已故者的近亲属";
    /// 受托人: with her written word.
    Agent = "agent", "受委托的人";
}

/// The rules about requests.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalDataRules {
    /// 法律.
    pub law: String,
    /// By when it is answered.
    pub limit: AnswerLimit,
    /// For how long a copy can be fetched.
    pub copy: CopyRule,
    /// Who decides.
    pub deciding: Deciding,
    /// Each right with its article.
    pub right: Vec<RightRule>,
    /// Each kind of asker with the article.
    pub asker: Vec<AskerRule>,
    /// The grounds of refusal.
    pub refusal: Vec<RefusalGround>,
}

/// By when it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerLimit {
    /// Working days.
    pub workdays: u32,
    /// 条.
    pub article: String,
    /// Whether the days were read in a source.
    pub confirmed: bool,
    /// What remains doubtful.
    pub note: String,
}

/// For how long a copy can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyRule {
    /// Days.
    pub open_days: i64,
    /// Whether the days were read in a source.
    pub confirmed: bool,
}

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    /// One of these roles where the case is.
    pub roles: Vec<Role>,
}

/// A right with its article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightRule {
    /// Which.
    pub key: Right,
    /// 条.
    pub article: String,
    /// What it says.
    pub says: String,
}

/// A kind of asker with the article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskerRule {
    /// Which.
    pub key: Asker,
    /// 条.
    pub article: String,
}

/// A ground on which a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalGround {
    /// The key kept with the decision.
    pub key: String,
    /// The rights for which it exists.
    pub rights: Vec<Right>,
    /// 条.
    pub article: String,
    /// What it says.
    pub says: String,
}

/// The ground that the program finds by itself: the file must still be kept.
pub const RETENTION: &str = "retention";

impl PersonalDataRules {
    /// A right's rule.
    pub fn of(&self, right: Right) -> Option<&RightRule> {
        self.right.iter().find(|rule| rule.key == right)
    }

    /// The ground of a right that has this key.
    pub fn ground(&self, right: Right, key: &str) -> Option<&RefusalGround> {
        self.refusal.iter().find(|ground| ground.key == key && ground.rights.contains(&right))
    }
}

/// The rules inside the program.
pub fn personal_data_rules() -> &'static PersonalDataRules {
    static RULES: OnceLock<PersonalDataRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::PERSONAL_DATA;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{Asker, RETENTION, Right, personal_data_rules};

    #[test]
    fn every_right_has_its_article_and_a_ground_of_refusal() {
        let rules = personal_data_rules();
        for right in Right::ALL {
            assert!(rules.of(*right).is_some_and(|rule| !rule.article.is_empty()), "{right:?}");
            assert!(rules.refusal.iter().any(|ground| ground.rights.contains(right)), "{right:?}");
        }
        assert!(Asker::ALL.iter().all(|asker| rules.asker.iter().any(|rule| rule.key == *asker)));
        assert!(rules.ground(Right::Delete, RETENTION).is_some() && rules.ground(Right::Copy, RETENTION).is_none());
        assert!(!rules.limit.confirmed || rules.limit.note.is_empty(), "what is not confirmed says so");
    }
}
