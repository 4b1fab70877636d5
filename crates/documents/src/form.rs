//! Forms (文书式样): one description of each, kept as data under `regulations/forms/`, from which every rendering comes.
//!
//! What a letter of a rule set says stands in the rule set and nowhere else (`domain::letter`); the description adds only how
//! it is laid out. `regulations/forms/README.md` explains how a description is written.

mod blank;
mod book;
mod fill;
mod grid;
mod letter;
mod template;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use blank::{Blank, BlankKind};
pub use book::{Form, FormBook};
pub(crate) use fill::numbered_notes;

/// What is written in a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A text; several lines make several paragraphs.
    Text(String),
    /// The rows of a table that grows.
    Rows(Vec<BTreeMap<String, String>>),
}

/// What is written on a form, by the names of its blanks.
pub type Values = BTreeMap<String, Value>;

/// Why a form could not be read or filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The data is not a description of forms.
    #[error("{file}：{reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A description uses a blank that no list explains.
    #[error("文书“{form}”用到没有列出的空格：{}", names.join("、"))]
    UnknownBlank {
        /// The form's key.
        form: String,
        /// The names.
        names: Vec<String>,
    },
    /// A table of a description does not fit together.
    #[error("文书“{form}”的表格写错了：{reason}")]
    Table {
        /// The form's key.
        form: String,
        /// What is wrong.
        reason: String,
    },
    /// Values were given for blanks that the form does not have.
    #[error("文书“{form}”没有这些空格：{}", names.join("、"))]
    NoSuchBlank {
        /// The form's key.
        form: String,
        /// The names.
        names: Vec<String>,
    },
    /// A value that is none of those to choose from.
    #[error("“{name}”不能填“{value}”，只能是：{}", options.join("、"))]
    NoSuchOption {
        /// The blank.
        name: String,
        /// What was given.
        value: String,
        /// What there is.
        options: Vec<String>,
    },
    /// A text where rows belong, or rows where a text belongs.
    #[error("“{0}”的内容种类不对：明细要一行一项，其他空格是一段文字")]
    WrongKind(String),
}
