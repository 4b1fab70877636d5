//! Facts as a list of names and values, and the place where nothing is yet.

use askama::Template;
use askama::filters::HtmlSafe;

use super::text::Rich;

/// A name, a value, and the place where it is changed.
#[derive(Clone, Debug, Default)]
pub struct SummaryRow {
    /// The name.
    pub name: String,
    /// The value; a line break is kept.
    pub value: Rich,
    /// Where it is changed, or nothing.
    pub change: Option<String>,
}

impl SummaryRow {
    /// A value that is shown as it is.
    pub fn new(name: impl Into<String>, value: impl Into<Rich>) -> Self {
        Self { name: name.into(), value: value.into(), change: None }
    }

    /// A value with a 修改 link.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Self {
        self.change = Some(href.into());
        self
    }
}

/// A list of names and values: check your answers, the facts of a case.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/summary.html")]
pub struct Summary {
    /// The rows.
    pub rows: Vec<SummaryRow>,
    /// Names beside the values in a narrow column, without rules: for the cards of the workbench.
    pub compact: bool,
}

impl HtmlSafe for Summary {}

impl Summary {
    /// A wide list with rules between the rows.
    pub fn new(rows: Vec<SummaryRow>) -> Self {
        Self { rows, compact: false }
    }

    /// A narrow list for a card.
    pub fn compact(rows: Vec<SummaryRow>) -> Self {
        Self { rows, compact: true }
    }
}

/// What would be here and how it gets here.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/empty.html")]
pub struct EmptyState {
    title: String,
    how: Rich,
    link: Option<(String, String)>,
}

impl HtmlSafe for EmptyState {}

impl EmptyState {
    /// `这里会有……` and how it gets here.
    pub fn new(title: impl Into<String>, how: impl Into<Rich>) -> Self {
        Self { title: title.into(), how: how.into(), link: None }
    }

    /// A way on.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }
}
