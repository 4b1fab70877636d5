//! The shape of a rule set: one file of `regulations/national/` or `regulations/overlay/` (catalogue 2.1).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::case_kind::CaseKind;
use crate::clock::{Basis, Counting, Due, Period, Suspension, Unit};
use crate::letter::LetterTemplate;
use crate::trigger::Trigger;

/// Whether a set is the law of the land, a law for a part of it, or a bureau's own stricter promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// 全国: sets follow one another by date of effect.
    National,
    /// 专项: a law of its own date for what goes on beside the course of a matter, such as 举报奖励.
    Beside,
    /// 地方或者平台: adds clocks of its own, which may only be stricter.
    Overlay,
}

/// Who must act before a limit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// 市场监督管理部门.
    Bureau,
    /// 被投诉人.
    Respondent,
    /// 投诉人 or 举报人.
    Complainant,
    /// 消费维权服务站.
    Station,
}

impl Bearer {
    /// The name in data files and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Bureau => "bureau",
            Self::Respondent => "respondent",
            Self::Complainant => "complainant",
            Self::Station => "station",
        }
    }

    /// The Chinese name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bureau => "市场监督管理部门",
            Self::Respondent => "被投诉人",
            Self::Complainant => "投诉人",
            Self::Station => "消费维权服务站",
        }
    }
}

/// A text that a rule set rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Full title.
    pub title: String,
    /// Number of the order or document, e.g. 国家市场监督管理总局令第121号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where the text was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A time limit (期限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Name in code and data, unique in its set.
    pub key: String,
    /// The step in Chinese, e.g. 受理决定.
    pub name: String,
    /// The kind of case it belongs to.
    pub kind: CaseKind,
    /// How long, in `unit`.
    pub length: u32,
    /// What `length` is counted in.
    pub unit: Unit,
    /// What starts it.
    pub from: Trigger,
    /// What ends it: any one of these.
    pub until: Vec<Trigger>,
    /// Time that does not count, as nouns, e.g. 鉴定.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// By how much it can be extended, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extendable_by: Option<u32>,
    /// Whose consent the extension needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_by_whom: Option<String>,
    /// The law's short name.
    pub law: String,
    /// The article.
    pub article: String,
    /// Statutory or promised.
    pub basis: Basis,
    /// Who must act.
    pub bearer: Bearer,
    /// In an overlay: the key of the national limit that this one undercuts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stricter_than: Option<String>,
    /// Whether the limit runs only in some cases (e.g. after a dispute, a 催办, a serious case), in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether the number was read in the source itself.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What remains doubtful, or how the text was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// When the last day of a period in years gives way to a later one, and by which article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolls {
    /// Over ordinary weekends too (法定休假日), or only over what a notice made a holiday (法定节假日).
    pub over_weekends: bool,
    /// The article.
    pub article: String,
}

/// A ground of refusal (不予受理) or of termination (终止调解), as the law words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Number of the item (项), from 1.
    pub item: u32,
    /// Name in code and data, the same through all sets where the matter is the same.
    pub key: String,
    /// The article and item, e.g. 第十六条第一项.
    pub article: String,
    /// The text of the item.
    pub wording: String,
    /// Years after which a complaint is out of time, counted from the day the person knew; none when the ground is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_bar_years: Option<u32>,
    /// What becomes of its last day when nobody works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_bar_rolls: Option<Rolls>,
    /// The factors that may be weighed (order 121 art. 17).
    #[serde(default)]
    pub factors: Vec<String>,
    /// Whether the wording was read in the source itself.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What changed against the set before, or remains doubtful.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How long a closed file is kept (保管期限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Years; none means for good.
    pub years: Option<u32>,
    /// Where the number comes from.
    pub source: String,
    /// Whether it was read in the source itself.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What remains doubtful.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One rule set: a body of law in force between two days, or a local overlay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Name in code and data, e.g. `national-2026`.
    pub key: String,
    /// Title shown to people.
    pub title: String,
    /// National or overlay.
    pub layer: Layer,
    /// First day of effect; a matter received that day already falls under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Date>,
    /// Last day of effect; none while in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_until: Option<Date>,
    /// The kinds of case kept under this set.
    pub kinds: Vec<CaseKind>,
    /// Whether the dates of effect were read in the source itself.
    #[serde(default = "yes")]
    pub confirmed: bool,
    /// What remains doubtful about the set as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Name of the law that letters cite, with 《》.
    pub cited_as: String,
    /// The texts it rests on.
    pub sources: Vec<Source>,
    /// How periods are counted where the text is open.
    #[serde(default)]
    pub settings: Counting,
    /// Time limits.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Grounds of refusal, in the order of the items.
    #[serde(default)]
    pub refusal_grounds: Vec<Ground>,
    /// Grounds of termination, in the order of the items.
    #[serde(default)]
    pub termination_grounds: Vec<Ground>,
    /// Letters.
    #[serde(default)]
    pub letters: Vec<LetterTemplate>,
    /// How long files are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
}

impl RuleSet {
    /// The limit that has this key.
    pub fn limit(&self, key: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.key == key)
    }

    /// The refusal ground with this item number.
    pub fn refusal_ground(&self, item: u32) -> Option<&Ground> {
        self.refusal_grounds.iter().find(|ground| ground.item == item)
    }

    /// The termination ground with this item number.
    pub fn termination_ground(&self, item: u32) -> Option<&Ground> {
        self.termination_grounds.iter().find(|ground| ground.item == item)
    }

    /// The letter that has this key.
    pub fn letter(&self, key: &str) -> Option<&LetterTemplate> {
        self.letters.iter().find(|letter| letter.key == key)
    }

    /// Whether the set is the law on the day.
    pub fn in_force(&self, day: Date) -> bool {
        self.effective_from.is_some_and(|from| from <= day) && self.effective_until.is_none_or(|until| day <= until)
    }

    /// When one of this set's limits ends, counted under this set's settings.
    pub fn due(
        &self,
        limit: &Limit,
        calendar: &Calendar,
        started: Timestamp,
        extended_by: u32,
        suspensions: &[Suspension],
        now: Option<Timestamp>,
    ) -> Due {
        let (counting, length, unit) = (self.settings, limit.length, limit.unit);
        Period { counting, calendar, length, unit, started, extended_by, suspensions, now }.due()
    }
}

pub(crate) const fn yes() -> bool {
    true
}
