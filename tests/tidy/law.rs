//! Migrations, and the law as data: what the code asks for exists, and what exists is listed.

use crate::source::{assert_none, under};

#[test]
fn every_migration_is_listed_and_numbered() {
    let listed: String = under("crates/store/").filter_map(|file| file.text.as_deref()).collect();
    let mut wrong = Vec::new();
    for file in under("migrations/").filter(|file| file.has_extension("sql")) {
        if !listed.contains(file.name()) {
            wrong
                .push(format!("{}: no line of crates/store names it, so it never runs", file.path));
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
    let code: String = ["crates/domain/", "crates/store/", "crates/casework/", "crates/cli/"]
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
