//! A person with the number by which she is reached.

use askama::Template;
use askama::filters::HtmlSafe;

/// A person in a line. Name and number come masked from the domain; the whole is seen by a recorded act.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/person.html")]
pub struct Person {
    /// The name as this reader may see it: `周**`.
    pub name: String,
    /// What she is here: `投诉人`, `联络员`, or empty.
    pub role: String,
    /// The number as this reader may see it: `138****2207`, or empty.
    pub phone: String,
    /// The page that shows the whole after recording that it was seen, or nothing.
    pub reveal: Option<String>,
}

impl HtmlSafe for Person {}
