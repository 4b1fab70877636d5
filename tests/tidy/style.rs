//! How long a file is, what types are called, where tests live.

use crate::source::{assert_none, files, rust, under};

/// A file of Rust may not be longer: two people live in it by then.
const LINES_AT_MOST: usize = 700;
/// What a file aims at: one sitting. Longer ones are printed, not refused.
const LINES_AIMED_AT: usize = 400;
/// What every event can hold is one closed list, and a Rust enum stands in one file; what is done with it stands elsewhere.
const ONE_LIST: &str = "crates/domain/src/act.rs";

#[test]
fn a_file_is_read_in_one_sitting() {
    let mut too_long = Vec::new();
    for file in rust() {
        let lines = file.lines().count();
        let said = format!("{}: {lines} lines", file.path);
        if lines > LINES_AT_MOST && file.path != ONE_LIST {
            too_long.push(said);
        } else if lines > LINES_AIMED_AT {
            println!("long: {said}");
        }
    }
    assert_none("split each of these where it holds two subjects", &too_long);
}

#[test]
fn a_type_is_named_for_what_it_is() {
    let mut vague = Vec::new();
    for file in rust() {
        for (number, line) in file.lines() {
            for keyword in ["struct ", "enum ", "trait ", "mod "] {
                let Some(name) = declared(line, keyword) else {
                    continue;
                };
                let lower = name.to_lowercase();
                if ["manager", "helper", "helpers", "util", "utils"].iter().any(|word| lower.ends_with(word)) {
                    vague.push(format!("{}:{number}: {name}", file.path));
                }
            }
        }
    }
    assert_none("say what it is or does; every type manages, helps and is of use", &vague);
}

#[test]
fn one_integration_test_binary_a_crate() {
    let stray: Vec<_> = under("crates/")
        .filter(|file| file.has_extension("rs"))
        .filter(|file| file.path.split_once("/tests/").is_some_and(|(_, rest)| !rest.starts_with("it/")))
        .map(|file| file.path.clone())
        .collect();
    assert_none("each test binary links the whole product again: move these into tests/it/", &stray);
}

#[test]
fn pictures_in_the_documentation_stay_small() {
    let heavy: Vec<_> = under("docs/images/")
        .filter(|file| file.bytes > 300 * 1024)
        .map(|file| format!("{}: {} KB", file.path, file.bytes / 1024))
        .collect();
    assert_none("every clone pays for these for ever; 300 KB is the limit", &heavy);
}

#[test]
fn decisions_are_numbered_without_a_gap() {
    let mut numbers: Vec<_> = under("docs/decisions/")
        .filter_map(|file| file.name().split_once('-'))
        .filter_map(|(number, _)| number.parse::<usize>().ok())
        .collect();
    numbers.sort_unstable();
    let expected: Vec<_> = (1..=numbers.len()).collect();
    assert_eq!(numbers, expected, "docs/decisions/ is numbered 0001, 0002, …");
}

#[test]
fn links_in_the_documentation_lead_somewhere() {
    let mut dead = Vec::new();
    for file in files().iter().filter(|file| file.has_extension("md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in file.lines() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let target = target.split('#').next().unwrap_or_default();
                if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                if !crate::source::root().join(folder).join(target).exists() {
                    dead.push(format!("{}:{number}: {target}", file.path));
                }
            }
        }
    }
    assert_none("these links lead nowhere", &dead);
}

/// The name that a line declares with `keyword`, or none.
fn declared<'line>(line: &'line str, keyword: &str) -> Option<&'line str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let rest = line.strip_prefix(keyword)?;
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

#[test]
fn a_declaration_is_recognised() {
    assert_eq!(declared("pub struct CaseManager<'a> {", "struct "), Some("CaseManager"));
    assert_eq!(declared("    mod util;", "mod "), Some("util"));
    assert_eq!(declared("// a struct of steps", "struct "), None);
}
