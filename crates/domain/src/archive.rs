//! 档案: the classes of what is kept, how long, in which order a file lies and which papers it cannot do without
//! (`regulations/archive.toml`, catalogue 9.1–9.3).

use std::sync::OnceLock;

use serde::Deserialize;

use crate::case_kind::CaseKind;
use crate::keyed::keyed;
use crate::role::Role;

keyed! {
    /// A part of a file (市场监督管理行政处罚程序规定第七十八条).
    pub enum Part:
    /// 正卷: what the parties may see.
    Main = "main", "正卷";
    /// 副卷: where it came from, and what was weighed inside.
    Side = "side", "副卷";
}

keyed! {
    /// 档案门类: the ten classes of the archive (catalogue 9.2).
    pub enum ArchiveClass:
    /// 登记材料.
    Registration = "registration", "登记材料";
    /// 转办材料.
    Referral = "referral", "转办材料";
    /// 来信、来函、回复材料.
    Correspondence = "correspondence", "来信来函";
    /// 申诉调解材料.
    Mediation = "mediation", "调解材料";
    /// 案件转办函、案卷.
    CaseFiles = "case_files", "案卷";
    /// 文件: of superiors, of the bureau, of others.
    Documents = "documents", "文件";
    /// 影音记录材料.
    SoundAndPicture = "sound_and_picture", "影音记录";
    /// 简报、信息、总结、宣传稿件.
    Briefings = "briefings", "简报信息";
    /// 统计材料.
    Statistics = "statistics", "统计材料";
    /// 其他需要存档的资料.
    Other = "other", "其他资料";
}

keyed! {
    /// How a dispute was settled, which decides the paper that stands for it.
    pub enum Settling:
    /// With a mediation agreement on paper.
    WithPaper = "with_paper", "制作调解书";
    /// Without one: the record stands for it.
    WithoutPaper = "without_paper", "不制作调解书";
    /// On the spot, in one paper.
    OnSpot = "on_spot", "当场调解";
}

/// The rules of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRules {
    /// The classes.
    pub class: Vec<ClassRule>,
    /// What is known of the time of keeping.
    pub retention: RetentionRule,
    /// Who does what.
    pub roles: Roles,
    /// Lending.
    pub lending: LendingRule,
    /// The orders of files by kind of case.
    pub order: Vec<Order>,
    /// The papers that a file cannot do without.
    pub required: Vec<Required>,
}

/// A class with its time of keeping.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// Which.
    pub key: ArchiveClass,
    /// In the words of its source.
    pub says: String,
    /// The kinds of case whose files belong to it.
    #[serde(default)]
    pub cases: Vec<CaseKind>,
    /// How many years it is kept; for good where nothing is written.
    pub years: Option<i64>,
}

/// What is known of the time of keeping.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// 出处.
    pub source: String,
    /// Whether the years were read in a source.
    pub confirmed: bool,
    /// What remains doubtful.
    pub note: String,
    /// The fewest years that a bureau may set.
    pub years_at_least: i64,
    /// The most.
    pub years_at_most: i64,
}

/// Who does what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Keeps the archive.
    pub keeping: Vec<Role>,
    /// May place a paper elsewhere in its part while the file is open.
    pub placing: Vec<Role>,
    /// See the side part.
    pub side: Vec<Role>,
    /// Approve the lending of what is sealed, and destruction.
    pub approving: Vec<Role>,
}

/// Lending.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LendingRule {
    /// For how many days, as proposed.
    pub days: i64,
    /// For how many at most.
    pub days_at_most: i64,
    /// After how many days somebody who is late is reminded again.
    pub remind_again_after: i64,
    /// Whether they were read in a source.
    pub confirmed: bool,
    /// What remains doubtful.
    pub note: String,
}

/// The order of the files of some kinds of case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Which kinds.
    pub cases: Vec<CaseKind>,
    /// 出处.
    pub source: String,
    /// 条.
    pub article: String,
    /// Whether it was read in a source.
    pub confirmed: bool,
    /// What lies one after the other.
    pub group: Vec<Group>,
}

/// Papers that lie together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// In which part.
    pub part: Part,
    /// In the words of the rule.
    pub name: String,
    /// Keys of the papers; `*` for those that no other group names.
    pub papers: Vec<String>,
}

/// A paper that a file cannot do without.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Its key.
    pub paper: String,
    /// For which kinds of case.
    pub cases: Vec<CaseKind>,
    /// With which outcomes.
    pub outcomes: Vec<String>,
    /// Only where this act was done.
    pub act: Option<String>,
    /// Only where it was settled in this way.
    pub settled: Option<Settling>,
    /// Whether it is known before there is an outcome.
    #[serde(default)]
    pub always: bool,
    /// 条.
    pub article: String,
}

impl ArchiveRules {
    /// The class to which the files of a kind of case belong.
    pub fn class_of(&self, kind: CaseKind) -> ArchiveClass {
        self.class.iter().find(|class| class.cases.contains(&kind)).map_or(ArchiveClass::Other, |class| class.key)
    }

    /// What is said of a class.
    pub fn class(&self, key: ArchiveClass) -> Option<&ClassRule> {
        self.class.iter().find(|class| class.key == key)
    }

    /// The order of the files of a kind of case.
    pub fn order_of(&self, kind: CaseKind) -> Option<&Order> {
        self.order.iter().find(|order| order.cases.contains(&kind))
    }

    /// The papers that a case with this outcome needs. `done` tells whether an act was done.
    pub fn required<'a>(
        &'a self,
        kind: CaseKind,
        outcome: Option<&'a str>,
        settled: Option<Settling>,
        done: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Required> {
        self.required.iter().filter(move |rule| {
            let by_outcome = match outcome {
                Some(outcome) => rule.outcomes.iter().any(|it| it == outcome),
                None => rule.always,
            };
            let by_way = rule.settled.is_none() || rule.settled == settled;
            rule.cases.contains(&kind) && by_outcome && by_way && rule.act.as_deref().is_none_or(&done)
        })
    }
}

impl Order {
    /// Where a paper lies: its group, counted from nought.
    pub fn place(&self, paper: &str) -> usize {
        let named = |name: &str| self.group.iter().position(|group| group.papers.iter().any(|it| it == name));
        named(paper).or_else(|| named("*")).unwrap_or(self.group.len().saturating_sub(1))
    }
}

/// The rules inside the program.
pub fn archive_rules() -> &'static ArchiveRules {
    static RULES: OnceLock<ArchiveRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::ARCHIVE;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{ArchiveClass, Part, Settling, archive_rules};
    use crate::case_kind::CaseKind;

    #[test]
    fn there_are_ten_classes_and_every_kind_of_case_has_its_own() {
        let rules = archive_rules();
        let keys: Vec<ArchiveClass> = rules.class.iter().map(|class| class.key).collect();
        assert_eq!(keys, ArchiveClass::ALL);
        assert_eq!(keys.len(), 10);
        for kind in CaseKind::ALL {
            assert_ne!(rules.class_of(*kind), ArchiveClass::Other, "{kind:?}");
            let order = rules.order_of(*kind).expect("an order");
            assert!(order.group.iter().any(|group| group.part == Part::Side));
            assert!(!order.article.is_empty() && !order.source.is_empty());
        }
    }

    #[test]
    fn no_paper_lies_in_two_places() {
        for order in &archive_rules().order {
            let mut papers: Vec<&String> = order.group.iter().flat_map(|group| &group.papers).collect();
            let all = papers.len();
            papers.sort_unstable();
            papers.dedup();
            assert_eq!(papers.len(), all, "{:?}", order.cases);
        }
    }

    #[test]
    fn the_main_part_of_a_penalty_file_lies_as_article_78_says() {
        let order = archive_rules().order_of(CaseKind::Report).expect("an order");
        let names = |part| -> Vec<&str> {
            order.group.iter().filter(|group| group.part == part).map(|group| group.name.as_str()).collect()
        };
        let text = include_str!("../../../regulations/archive.toml");
        assert!(text.contains("第七十八条"));
        assert_eq!(
            names(Part::Main),
            [
                "立案审批表",
                "行政处罚决定书及送达回证",
                "对当事人制发的其他法律文书及送达回证",
                "证据材料",
                "听证笔录",
                "财物处理单据",
                "其他有关材料"
            ]
        );
        assert_eq!(
            names(Part::Side),
            ["案源材料", "调查终结报告", "审核意见", "听证报告", "结案审批表", "其他有关材料"]
        );
        assert_eq!(order.group[order.place("evidence")].name, "证据材料");
        assert_eq!(order.group[order.place("something_new")].part, Part::Main, "what no group names");
    }

    #[test]
    fn what_a_file_needs_follows_kind_outcome_and_what_was_done() {
        let rules = archive_rules();
        let needs = |outcome, settled, accepted: bool| -> Vec<String> {
            let done = move |act: &str| accepted && act == "accept";
            rules.required(CaseKind::Complaint, outcome, settled, done).map(|rule| rule.paper.clone()).collect()
        };
        assert_eq!(needs(None, None, false), ["registration_form"]);
        assert_eq!(needs(None, None, true), ["registration_form", "acceptance_decision"]);
        assert_eq!(needs(Some("withdrawn"), None, true), [""; 0]);
        assert_eq!(needs(Some("refused"), None, false), ["registration_form", "refusal_decision"]);
        let agreed = needs(Some("settled"), Some(Settling::WithPaper), true);
        assert_eq!(agreed, ["registration_form", "acceptance_decision", "mediation_agreement"]);
        assert_eq!(needs(Some("settled"), Some(Settling::OnSpot), false), ["registration_form", "simple_record"]);
    }
}
