//! The course of a case (办理过程), told in sentences, the latest first.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::civil::{Date, DateTime};

use super::dates;
use super::text::{Given, Rich};

/// Which dot stands before a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CourseMark {
    /// An ordinary act.
    Act,
    /// An official act under seal: a decision, a notice.
    Official,
    /// Something that came from outside: the consumer, the operator.
    Received,
    /// Something the system did or noticed.
    System,
}

/// A paper that an act made or brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its title, such as `投诉受理决定书`.
    pub title: String,
    /// Its number, such as `市监投〔2026〕391号`, or empty.
    pub number: String,
    /// Where it is read.
    pub href: String,
}

/// One act: who did what, when, under which article, with the paper it made.
#[derive(Clone, Debug)]
pub struct CourseStep {
    /// When, in Beijing time.
    pub at: DateTime,
    /// The sentence.
    pub told: Rich,
    /// The citation, such as `第十四条`, or empty.
    pub article: String,
    /// What was sent and whether it arrived, such as `微信 16:31 送达`, or empty.
    pub delivery: String,
    /// The papers.
    pub papers: Vec<Paper>,
    /// The dot.
    pub mark: CourseMark,
}

impl CourseStep {
    /// An ordinary act without papers.
    pub fn new(at: impl Given<DateTime>, told: impl Into<Rich>) -> Self {
        Self {
            at: at.given(),
            told: told.into(),
            article: String::new(),
            delivery: String::new(),
            papers: Vec::new(),
            mark: CourseMark::Act,
        }
    }

    /// Sets the dot.
    #[must_use]
    pub fn mark(mut self, mark: CourseMark) -> Self {
        self.mark = mark;
        self
    }

    /// Names the article.
    #[must_use]
    pub fn article(mut self, article: impl Into<String>) -> Self {
        self.article = article.into();
        self
    }

    /// Tells what was sent.
    #[must_use]
    pub fn delivery(mut self, delivery: impl Into<String>) -> Self {
        self.delivery = delivery.into();
        self
    }

    /// Adds a paper.
    #[must_use]
    pub fn paper(mut self, title: impl Into<String>, number: impl Into<String>, href: impl Into<String>) -> Self {
        self.papers.push(Paper { title: title.into(), number: number.into(), href: href.into() });
        self
    }

    fn mark_class(&self) -> &'static str {
        match self.mark {
            CourseMark::Act => "act",
            CourseMark::Official => "official",
            CourseMark::Received => "received",
            CourseMark::System => "system",
        }
    }

    fn machine(&self) -> String {
        dates::machine(self.at)
    }

    fn when(&self, today: impl Given<Date>) -> String {
        dates::moment(self.at, today)
    }
}

/// The course of a case.
#[derive(Template)]
#[template(path = "parts/course.html")]
pub struct Course {
    /// The steps, the latest first.
    pub steps: Vec<CourseStep>,
    /// Today, in Beijing time.
    pub today: Date,
}

impl HtmlSafe for Course {}
