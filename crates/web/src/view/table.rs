//! What stands around a list: filters, tabs, order, pages, progress, counts.

use askama::Template;
use askama::filters::HtmlSafe;

use super::notice::Tone;

/// A filter that is on.
#[derive(Clone, Debug, Default)]
pub struct Chip {
    /// Its name: `种类`.
    pub name: String,
    /// Its value: `投诉`.
    pub value: String,
    /// The address of the same view without it.
    pub without: String,
}

/// The filters that are on, and the way to add one. All in the address bar.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/filters.html")]
pub struct FilterBar {
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The address of the view without any, or empty.
    pub clear: String,
    /// The result in words: `共 61 件`.
    pub found: String,
}

impl HtmlSafe for FilterBar {}

/// One of several views of the same thing.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many are in it, or nothing.
    pub count: Option<i64>,
    /// Whether it is being looked at.
    pub current: bool,
}

/// Several views of the same thing.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/tabs.html")]
pub struct Tabs {
    /// What they are views of, for screen readers.
    pub label: String,
    /// The views.
    pub tabs: Vec<Tab>,
}

impl HtmlSafe for Tabs {}

/// The order of a table, as it stands in the address: `?sort=due` or `?sort=-due`.
#[derive(Clone, Debug, Default)]
pub struct Sort {
    /// The column.
    pub column: String,
    /// Largest or latest first.
    pub descending: bool,
    /// The path with the other parameters of the query, ending in `?` or `&`.
    pub base: String,
}

impl Sort {
    /// Reads `due` or `-due`.
    pub fn parse(text: &str, base: impl Into<String>) -> Self {
        let column = text.strip_prefix('-');
        Self { column: column.unwrap_or(text).to_owned(), descending: column.is_some(), base: base.into() }
    }

    /// A header cell that orders by its column: `{{ sort.header("amount", "金额").number() }}`.
    pub fn header<'a>(&'a self, column: &'a str, label: &'a str) -> SortHeader<'a> {
        SortHeader { sort: self, column, label, number: false }
    }
}

/// A `<th>` with a link that orders the table.
#[derive(Template)]
#[template(path = "parts/sort_header.html")]
pub struct SortHeader<'a> {
    sort: &'a Sort,
    column: &'a str,
    label: &'a str,
    number: bool,
}

impl HtmlSafe for SortHeader<'_> {}

impl SortHeader<'_> {
    /// The column holds numbers, which stand at the right.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }

    fn is_current(&self) -> bool {
        self.sort.column == self.column
    }

    fn state(&self) -> &'static str {
        match (self.is_current(), self.sort.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn href(&self) -> String {
        let sign = if self.is_current() && !self.sort.descending { "-" } else { "" };
        format!("{}sort={sign}{}", self.sort.base, self.column)
    }
}

/// 上一页, 下一页, and where we are.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/pagination.html")]
pub struct Pagination {
    /// The address of the page before, or nothing.
    pub previous: Option<String>,
    /// The address of the page after, or nothing.
    pub next: Option<String>,
    /// Where we are: `第 51–100 件，共 1,204 件`.
    pub place: String,
}

impl HtmlSafe for Pagination {}

/// How far long work has come.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    /// What is being done: `正在导入机构名录`.
    pub label: String,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 when not known.
    pub total: u64,
    /// What happened on the way, such as `3 行有问题，已记下`, or empty.
    pub remark: String,
}

impl HtmlSafe for Progress {}

impl Progress {
    fn percent(&self) -> u64 {
        (self.done * 100).checked_div(self.total).unwrap_or(0)
    }
}

/// Where a public form stands: `第 2 步，共 5 步`.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/steps.html")]
pub struct Steps {
    /// This step, from 1.
    pub current: usize,
    /// The names of all.
    pub names: Vec<String>,
    /// What was saved, such as `已自动保存`, or empty.
    pub saved: String,
}

impl HtmlSafe for Steps {}

/// A count that leads to its cases.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/tally.html")]
pub struct Tally {
    /// What is counted: `逾期`.
    pub label: String,
    /// How many, written out: `12`, `96.4%`.
    pub count: String,
    /// What it is compared with: `比上周多 3 件`, or empty.
    pub compared: String,
    /// Its cases.
    pub href: String,
    /// Its colour family.
    pub tone: Tone,
}

impl HtmlSafe for Tally {}
