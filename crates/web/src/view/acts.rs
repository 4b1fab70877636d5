//! What may be done now (现在可以), what each act will do, and why another act may not be done now.

use askama::Template;
use askama::filters::HtmlSafe;

use super::text::Rich;

/// How an act is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The act the case waits for: one a page.
    Primary,
    /// Any other.
    #[default]
    Ordinary,
    /// An official act that cannot be taken back: refuse, terminate. Seal red.
    Official,
}

/// An act that is lawful now for this person.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// The verb: `决定受理`.
    pub label: String,
    /// The page on which it is done.
    pub href: String,
    /// What it will do and send: `制作受理决定书，用微信告知投诉人，办结期限开始计算`.
    pub effect: Rich,
    /// How it is drawn.
    pub weight: Weight,
    /// The key that opens it, such as `a`, or empty.
    pub key: String,
}

/// An act that is not lawful now, with the answer to 为什么不行.
#[derive(Clone, Debug, Default)]
pub struct NotNow {
    /// The verb.
    pub label: String,
    /// The answer.
    pub reason: Rich,
    /// The citation, or empty.
    pub article: String,
}

/// A heading with acts under it; the heading may be empty.
#[derive(Clone, Debug, Default)]
pub struct ActGroup {
    /// The heading, such as `材料`, or empty.
    pub title: String,
    /// The acts.
    pub acts: Vec<Act>,
}

/// The right side of the case page.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/acts.html")]
pub struct ActList {
    /// What may be done now.
    pub groups: Vec<ActGroup>,
    /// What may not.
    pub not_now: Vec<NotNow>,
}

impl HtmlSafe for ActList {}

impl ActList {
    /// A list without headings.
    pub fn new(acts: Vec<Act>, not_now: Vec<NotNow>) -> Self {
        Self { groups: vec![ActGroup { title: String::new(), acts }], not_now }
    }

    fn is_idle(&self) -> bool {
        self.groups.iter().all(|group| group.acts.is_empty())
    }
}

impl Act {
    fn class(&self) -> &'static str {
        match self.weight {
            Weight::Primary => "act primary",
            Weight::Ordinary => "act",
            Weight::Official => "act official",
        }
    }
}
