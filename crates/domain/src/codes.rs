//! Code tables (`regulations/codes/`): what a person chooses from a list, with a version and an import map.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// One entry of a code table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Name in code, data and JSON; never changes its meaning.
    pub key: String,
    /// The Chinese name shown to people.
    pub label: String,
    /// The entry above it; an entry that others name here is a heading and cannot be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Other names met in imports.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A code table (代码表).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTable {
    /// Name in code and data, e.g. `goods_categories`.
    pub key: String,
    /// Title shown to people.
    pub title: String,
    /// Version, kept with what is exported.
    pub version: String,
    /// Where the names come from.
    pub source: String,
    /// Whether the table itself was read in that source.
    pub confirmed: bool,
    /// What remains doubtful.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The entries, in the order in which lists show them.
    pub codes: Vec<Code>,
}

impl CodeTable {
    /// The entry that has this key.
    pub fn get(&self, key: &str) -> Option<&Code> {
        self.codes.iter().find(|code| code.key == key)
    }

    /// The entry that an imported name means, by label or alias.
    pub fn by_name(&self, name: &str) -> Option<&Code> {
        let name = name.trim();
        self.choices().find(|code| code.label == name || code.aliases.iter().any(|alias| alias == name))
    }

    /// Whether others stand under the entry, so that it is a heading.
    pub fn is_heading(&self, key: &str) -> bool {
        self.codes.iter().any(|code| code.parent.as_deref() == Some(key))
    }

    /// The entries that can be chosen.
    pub fn choices(&self) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(|code| !self.is_heading(&code.key))
    }

    /// The entries under a heading.
    pub fn under(&self, heading: &str) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| code.parent.as_deref() == Some(heading))
    }
}

/// All code tables.
#[derive(Debug, Clone)]
pub struct Codes {
    tables: Vec<CodeTable>,
}

impl Codes {
    /// The tables shipped with the program: `goods_categories`, `problem_categories`, `demands`, `channels`, `id_kinds`.
    pub fn builtin() -> Self {
        static BUILTIN: OnceLock<Codes> = OnceLock::new();
        BUILTIN
            .get_or_init(|| {
                let read = |(file, text): &(&str, &str)| {
                    Self::read(text).unwrap_or_else(|reason| panic!("built-in code table {file}: {reason}"))
                };
                Self { tables: crate::embedded::CODES.iter().map(read).collect() }
            })
            .clone()
    }

    /// Reads and checks one table's file.
    fn read(text: &str) -> Result<CodeTable, String> {
        let table: CodeTable = toml::from_str(text).map_err(|error| error.to_string())?;
        for (at, code) in table.codes.iter().enumerate() {
            if table.codes[..at].iter().any(|earlier| earlier.key == code.key) {
                return Err(format!("{} twice", code.key));
            }
            if code.parent.as_ref().is_some_and(|parent| table.get(parent).is_none()) {
                return Err(format!("the parent of {} is missing", code.key));
            }
        }
        Ok(table)
    }

    /// The table that has this key.
    pub fn table(&self, key: &str) -> Option<&CodeTable> {
        self.tables.iter().find(|table| table.key == key)
    }

    /// Every table.
    pub fn all(&self) -> &[CodeTable] {
        &self.tables
    }

    /// The words for a key that can be chosen; none for an unknown key or a heading.
    pub fn label(&self, table: &str, key: &str) -> Option<&str> {
        let table = self.table(table)?;
        table.choices().find(|code| code.key == key).map(|code| code.label.as_str())
    }
}
