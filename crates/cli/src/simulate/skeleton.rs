//! The skeletons of the stories (`data/stories/*.toml`) and the course of each kind of dispute
//! (`data/resolutions.toml`).
//!
//! A story names a category, a problem, the trades it can happen in and the kind of dispute; its `goods` carry prices
//! in yuan and words of their own (`fault = […]`). `open`, `trouble`, `reply` and `more` are the sentences of the
//! consumer's account, `ask` what she wants in words. `days` is how long ago she bought, `want` the sum she asks for.
//! Slots that code fills: see `story::cast_of`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::mix;
use super::person::split;
use super::phrase::Phrase;
use super::shares::{Weighted, fit_margins};
use super::vocabulary::{Lists, read};

/// All that stories are told from, read once.
pub static BOOK: LazyLock<Book> = LazyLock::new(Book::open);

/// The skeletons, weighted so that categories and problems come out as published, and the shared word lists.
pub struct Book {
    /// Every story.
    pub skeletons: Vec<Skeleton>,
    /// Numbers of stories by their share.
    pub shares: Weighted<usize>,
    /// Courses by kind of dispute.
    pub resolutions: BTreeMap<String, Resolution>,
    /// Lines for every course.
    pub common: Common,
    /// Word lists for every story.
    pub lists: Lists,
    /// Invented brands by kind of goods.
    pub brands: BTreeMap<String, Vec<String>>,
    /// Real brands that must not occur.
    pub banned: Vec<String>,
}

/// One plot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skeleton {
    /// Unique name.
    pub key: String,
    /// Code table `goods_categories`.
    pub category: String,
    /// Code table `problem_categories`.
    pub problem: String,
    /// Keys of `data/shops.toml`.
    pub trades: Vec<String>,
    /// Key of `data/resolutions.toml`.
    pub resolution: String,
    /// The sum that is asked for.
    pub want: Want,
    /// The loss in yuan, least and most, where `{damage}` is told.
    pub damage: Option<(i64, i64)>,
    /// Days from the purchase to the complaint, least and most.
    pub days: (i64, i64),
    /// Ages of those who tell it.
    pub age: Option<(u8, u8)>,
    /// `f` where only women tell it.
    pub sex: Option<String>,
    /// Key of `data/brands.toml` where the goods bear a brand.
    pub brand: Option<String>,
    /// What was bought.
    pub goods: Vec<Goods>,
    /// Kinds of evidence that fit.
    pub evidence: Vec<String>,
    /// Short summaries.
    pub titles: Vec<Phrase>,
    /// How it began.
    pub open: Vec<Phrase>,
    /// What went wrong.
    pub trouble: Vec<Phrase>,
    /// What the shop did about it.
    pub reply: Vec<Phrase>,
    /// More to say.
    pub more: Vec<Phrase>,
    /// The demand in words; the codes are read from it, see `demand`.
    pub ask: Vec<Phrase>,
    /// What is wrong, a clause after the goods.
    pub issue: Vec<Phrase>,
    /// The shop's reason.
    pub excuse: Vec<Phrase>,
    /// Word lists of this story.
    #[serde(default)]
    pub slots: Lists,
}

/// Goods or a service with its price range in yuan.
#[derive(Debug, Deserialize)]
pub struct Goods {
    /// What it is called.
    pub name: String,
    /// Least and most.
    pub price: (i64, i64),
    /// 一台, 两盒; nothing for services.
    pub unit: Option<String>,
    /// Word lists of these goods: their faults and the like.
    #[serde(flatten)]
    pub slots: Lists,
}

/// The sum that a consumer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// The price back.
    Full,
    /// What is left on the card.
    Left,
    /// The price and three times as much, at least 500 yuan (消费者权益保护法 art. 55).
    Triple,
    /// The price and ten times as much, at least 1000 yuan (食品安全法 art. 148).
    Tenfold,
    /// Some of the price.
    Part,
    /// The loss.
    Damage,
    /// No money.
    None,
}

/// The course of one kind of dispute.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// The part of what is wanted that a settlement brings, in per cent, least and most.
    pub settle: (i64, i64),
    /// Whether a settlement gives at least the price back.
    #[serde(default)]
    pub refunds_price: bool,
    /// The shop's written answer when it gives way.
    #[serde(rename = "yield")]
    pub gives_way: Vec<Phrase>,
    /// The shop's written answer when it does not.
    pub refuse: Vec<Phrase>,
    /// The consumer states her case.
    pub consumer: Vec<Phrase>,
    /// The consumer insists.
    pub push: Vec<Phrase>,
    /// The shop's first stand.
    pub hard: Vec<Phrase>,
    /// The mediator on the law.
    pub law: Vec<Phrase>,
    /// The shop gives way.
    pub soft: Vec<Phrase>,
    /// The consumer accepts.
    pub accept: Vec<Phrase>,
    /// The consumer does not.
    pub reject: Vec<Phrase>,
    /// The shop does not give way.
    pub stand: Vec<Phrase>,
    /// Why no agreement was possible.
    pub ends: Vec<Phrase>,
    /// Agreements, each a set of items.
    pub agreements: Vec<AgreementPlan>,
}

/// An agreement to be filled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementPlan {
    /// Its items.
    pub items: Vec<ItemPlan>,
}

/// An item of an agreement to be filled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPlan {
    /// The wording.
    pub text: Phrase,
    /// Whether it carries the sum agreed.
    #[serde(default)]
    pub pays: bool,
    /// Days from the agreement until it is due, least and most.
    pub days: (i64, i64),
}

/// Lines that fit every dispute.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// What mediators say, and words for refusals.
    pub lists: Lists,
    /// Reasons by item of article 23(1).
    pub terminations: Lists,
    /// Reasons by item of article 16.
    pub refusals: Lists,
    /// What people write under a mark: `rate_1` … `rate_5`.
    pub ratings: Lists,
}

#[derive(Deserialize)]
struct StoryFile {
    story: Vec<Skeleton>,
}

#[derive(Deserialize)]
struct ListFile {
    lists: Lists,
}

#[derive(Deserialize)]
struct BrandFile {
    invented: BTreeMap<String, String>,
    real: RealBrands,
}

#[derive(Deserialize)]
struct RealBrands {
    banned: String,
}

#[derive(Deserialize)]
struct ResolutionFile {
    common: Common,
    #[serde(flatten)]
    kinds: BTreeMap<String, Resolution>,
}

impl Book {
    fn open() -> Self {
        let files = [
            ("stories/food.toml", include_str!("../../data/stories/food.toml")),
            ("stories/home.toml", include_str!("../../data/stories/home.toml")),
            ("stories/machines.toml", include_str!("../../data/stories/machines.toml")),
            ("stories/services.toml", include_str!("../../data/stories/services.toml")),
        ];
        let mut skeletons: Vec<Skeleton> =
            files.into_iter().flat_map(|(file, text)| read::<StoryFile>(file, text).story).collect();
        for skeleton in &mut skeletons {
            skeleton.slots.insert("issue".to_owned(), skeleton.issue.clone());
            skeleton.slots.insert("excuse".to_owned(), skeleton.excuse.clone());
        }
        let cells: Vec<(&str, &str)> =
            skeletons.iter().map(|own| (own.category.as_str(), own.problem.as_str())).collect();
        let shares = Weighted::new((0..).zip(fit_margins(&cells, mix::categories(), mix::problems())));
        let resolutions: ResolutionFile = read("resolutions.toml", include_str!("../../data/resolutions.toml"));
        let brands: BrandFile = read("brands.toml", include_str!("../../data/brands.toml"));
        let lists: ListFile = read("people_say.toml", include_str!("../../data/people_say.toml"));
        Self {
            shares,
            skeletons,
            resolutions: resolutions.kinds,
            common: resolutions.common,
            lists: lists.lists,
            brands: brands.invented.iter().map(|(kind, words)| (kind.clone(), split(words))).collect(),
            banned: split(&brands.real.banned),
        }
    }
}
