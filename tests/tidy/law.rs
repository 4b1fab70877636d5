//! Migrations, and the law as data: what the code asks for exists, and what exists is listed.

use crate::source::{assert_none, files, under};

#[test]
fn every_migration_is_listed_and_numbered() {
    let listed: String = under("crates/store/").filter_map(|file| file.text.as_deref()).collect();
    let mut wrong = Vec::new();
    for file in under("migrations/").filter(|file| file.has_extension("sql")) {
        if !listed.contains(file.name()) {
            wrong.push(format!("{}: no line of crates/store names it, so it never runs", file.path));
        }
        let number = file.name().split(['_', '-']).next().unwrap_or_default();
        if number.len() != 4 || number.parse::<u32>().is_err() {
            wrong.push(format!("{}: begin the name with four digits", file.path));
        }
    }
    assert_none("migrations", &wrong);
}

#[test]
fn every_file_of_the_law_is_embedded() {
    let code: String = ["crates/domain/", "crates/documents/", "crates/store/", "crates/casework/", "crates/cli/"]
        .into_iter()
        .flat_map(under)
        .filter(|file| file.has_extension("rs"))
        .filter_map(|file| file.text.as_deref())
        .collect();
    let forgotten: Vec<_> = under("regulations/")
        .filter(|file| !file.has_extension("md"))
        .filter(|file| !code.contains(file.name()))
        .map(|file| file.path.clone())
        .collect();
    assert_none("no code reads these, so they bind nobody", &forgotten);
}

/// `set.limit("acceptance")` and its like ask a file of the law for an entry by name; one that no
/// file holds would be found by the first person who needs it.
#[test]
fn every_rule_key_that_the_code_asks_for_exists() {
    let law: String = under("regulations/").filter_map(|file| file.text.as_deref()).collect();
    let mut unknown = Vec::new();
    for file in files().iter().filter(|file| file.is_shipped_rust()) {
        for (number, line) in file.lines() {
            for key in [".limit(\"", ".ground(\"", ".letter(\"", ".phrase(\""].iter().flat_map(|call| keys(line, call))
            {
                if !law.contains(&format!("key = \"{key}\"")) {
                    unknown.push(format!("{}:{number}: {key}", file.path));
                }
            }
        }
    }
    assert_none("no rule set has an entry with this key", &unknown);
}

/// The string literals that `call` opens in a line.
fn keys<'line>(line: &'line str, call: &str) -> Vec<&'line str> {
    line.split(call).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn keys_are_read_from_calls() {
    assert_eq!(keys(r#"set.limit("acceptance")?.due(set.limit("result"))"#, ".limit(\""), ["acceptance", "result"]);
}
