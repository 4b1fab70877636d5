//! 公示栏: what hangs in the public hall (catalogue 3.13; 12315维权服务措施九). What the rules say is filled in from the rules.

use std::sync::OnceLock;

use serde::Deserialize;

/// What a sheet takes from the rules or the register after its own lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adds {
    /// 不予受理的情形.
    Grounds,
    /// 法定期限.
    Limits,
    /// 要提供的材料.
    Materials,
    /// 各单位的地址和电话.
    Offices,
    /// 消费知识.
    Knowledge,
}

/// A sheet of the board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The key in addresses.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a few words.
    pub says: String,
    /// Its lines; `{acceptance}` stands for the length of that limit.
    pub lines: Vec<String>,
    /// What follows.
    #[serde(default)]
    pub adds: Option<Adds>,
    /// What it rests on.
    pub source: String,
}

impl Sheet {
    /// The lines with the lengths of limits; a line about a limit that these rules do not have is left out.
    pub fn filled(&self, length: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let fill = |line: &String| {
            let Some((before, rest)) = line.split_once('{') else { return Some(line.clone()) };
            let (key, after) = rest.split_once('}')?;
            Some(format!("{before}{}{after}", length(key)?))
        };
        self.lines.iter().filter_map(fill).collect()
    }
}

/// A blank form that lies in the hall.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlankForm {
    /// The form.
    pub key: String,
    /// Who needs it.
    pub says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Board {
    sheets: Vec<Sheet>,
    forms: Vec<BlankForm>,
}

fn board() -> &'static Board {
    static BOARD: OnceLock<Board> = OnceLock::new();
    BOARD.get_or_init(|| {
        let (file, text) = crate::embedded::BOARD;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

/// The sheets in the order in which they hang.
pub fn sheets() -> &'static [Sheet] {
    &board().sheets
}

/// The blank forms that lie beside them.
pub fn forms() -> &'static [BlankForm] {
    &board().forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_its_days_from_the_rules_and_goes_without_them() {
        let sheet = sheets().iter().find(|sheet| sheet.key == "procedure").expect("a sheet");
        let filled = sheet.filled(|key| (key == "acceptance").then(|| "7 个工作日".to_owned()));
        assert!(filled.iter().any(|line| line.starts_with("受理：7 个工作日内")), "{filled:?}");
        assert!(filled.iter().all(|line| !line.contains('{')), "{filled:?}");
        assert_eq!(sheet.lines.len() - filled.len(), 2, "the mediation and the notice of its end are left out");
    }

    #[test]
    fn every_limit_that_a_sheet_names_is_one_of_the_rules_in_force() {
        let book = crate::rule_book::RuleBook::builtin().expect("the rules");
        let known: Vec<&str> = book.all().iter().flat_map(|set| &set.limits).map(|limit| limit.key.as_str()).collect();
        for line in sheets().iter().flat_map(|sheet| &sheet.lines) {
            if let Some((_, rest)) = line.split_once('{') {
                let key = rest.split('}').next().unwrap_or_default();
                assert!(known.contains(&key), "{line}");
            }
        }
    }
}
