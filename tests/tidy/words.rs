//! Words that may not stand in the source, each with the places where it may and why it may not.

use crate::source::{File, assert_none, files, rust};

/// One forbidden word.
struct Ban {
    word: &'static str,
    /// Whether the rule holds in this file.
    holds_in: fn(&File) -> bool,
    because: &'static str,
}

const BANS: &[Ban] = &[
    ban("todo!(", everywhere, "the main line is always finished"),
    ban("unimplemented!(", everywhere, "the main line is always finished"),
    ban("dbg!(", everywhere, "left over from a hunt"),
    ban("FIXME", everywhere, "mend it, or file an issue"),
    ban("TODO", everywhere, "do it, or file an issue"),
    ban("#[ignore", everywhere, "a test runs or does not exist"),
    ban("#[allow(", everywhere, "use #[expect(…, reason = \"…\")]: it complains when it is no longer needed"),
    ban("Utc::now", in_the_core, CLOCK),
    ban("SystemTime::now", in_the_core, CLOCK),
    ban("Instant::now", in_the_core, CLOCK),
    ban("Timestamp::now", in_the_core, CLOCK),
    ban("Zoned::now", in_the_core, CLOCK),
    ban("clippy::disallowed_methods", in_the_core, "the core has no exceptions: hand the value in"),
    ban("rand::rng(", in_the_core, CHANCE),
    ban("rand::random", in_the_core, CHANCE),
    ban("SysRng", in_the_core, CHANCE),
    ban("async fn", in_the_core, "the core is synchronous; only web and cli wait"),
    ban(".await", in_the_core, "the core is synchronous; only web and cli wait"),
    ban("println!(", in_a_library, "a library speaks through its results and through tracing"),
    ban("print!(", in_a_library, "a library speaks through its results and through tracing"),
    ban("std::fs", in_the_domain, PURE),
    ban("std::net", in_the_domain, PURE),
    ban("std::env", in_the_domain, PURE),
    ban("std::thread", in_the_domain, PURE),
    ban("rusqlite", outside_the_store, "only the store knows an engine"),
    ban("postgres::", outside_the_store, "only the store knows an engine"),
];

const CLOCK: &str = "take the instant as an argument; only web and cli read the clock";
const CHANCE: &str = "take the generator as an argument; only web and cli open the system's";
const PURE: &str = "the domain is pure: files, sockets and threads belong to its callers";

#[test]
fn forbidden_words_do_not_stand_in_the_source() {
    let mut found = Vec::new();
    for file in rust() {
        let bans: Vec<_> = BANS.iter().filter(|ban| (ban.holds_in)(file)).collect();
        for (number, line) in file.lines() {
            for ban in bans.iter().filter(|ban| stands_in(ban.word, line)) {
                found.push(format!("{}:{number}: {} ({})", file.path, ban.word, ban.because));
            }
        }
    }
    assert_none("these words may not stand here", &found);
}

/// Paths and hosts of the machine somebody worked on say nothing to the next reader.
#[test]
fn nothing_names_the_machine_it_was_made_on() {
    const PLACES: &[&str] = &[
        "/work/",
        "/root/",
        "/home/",
        "/Users/",
        "C:\\Users",
        "registry.npmjs.org",
        "static.crates.io",
        "index.crates.io",
        "files.pythonhosted.org",
        "deb.debian.org",
    ];
    let mut found = Vec::new();
    for file in files().iter().filter(|file| !file.path.starts_with("tests/tidy/")) {
        for (number, line) in file.lines() {
            for place in PLACES.iter().filter(|place| line.contains(**place)) {
                found.push(format!("{}:{number}: {place}", file.path));
            }
        }
    }
    assert_none("these lines are true on one machine only", &found);
}

/// Whether `word` stands in the code of a line. A comment may name what it warns of, but not promise
/// work.
fn stands_in(word: &str, line: &str) -> bool {
    let is_a_promise = matches!(word, "FIXME" | "TODO");
    let searched = match line.find("//") {
        Some(comment) if !is_a_promise => &line[..comment],
        _ => line,
    };
    searched.match_indices(word).any(|(at, _)| {
        let before = searched[..at].chars().next_back();
        // `eprint!(` is not `print!(`, and `tokio_postgres::` is not `postgres::`.
        !word.starts_with(char::is_alphanumeric)
            || !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

const fn ban(word: &'static str, holds_in: fn(&File) -> bool, because: &'static str) -> Ban {
    Ban { word, holds_in, because }
}

fn everywhere(_: &File) -> bool {
    true
}

fn in_the_core(file: &File) -> bool {
    // When a migration was applied, and when another process lets go of the file, are facts of the machine and not of any act.
    let machine = ["crates/store/src/db/migrate.rs", "crates/store/src/db/sqlite.rs"].contains(&file.path.as_str());
    file.is_shipped_rust() && is_in(file, &["domain", "documents", "store", "casework"]) && !machine
}

fn in_a_library(file: &File) -> bool {
    file.is_shipped_rust() && !is_in(file, &["cli"])
}

fn in_the_domain(file: &File) -> bool {
    file.is_shipped_rust() && is_in(file, &["domain"])
}

fn outside_the_store(file: &File) -> bool {
    file.is_shipped_rust() && !is_in(file, &["store"])
}

fn is_in(file: &File, crates: &[&str]) -> bool {
    file.path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).is_some_and(|name| crates.contains(&name))
}

#[test]
fn a_word_is_found_in_code_and_not_inside_another() {
    assert!(stands_in("print!(", "    print!(\"x\");"));
    assert!(!stands_in("print!(", "    eprint!(\"x\");"));
    assert!(!stands_in("Timestamp::now", "/// Never calls `Timestamp::now`."));
    assert!(stands_in("TODO", "// TODO later"));
    assert!(!stands_in("postgres::", "use tokio_postgres::NoTls;"));
}
