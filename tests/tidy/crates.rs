//! Which crate may know which, read from their manifests.

use crate::source::{assert_none, files, root};
use std::collections::BTreeSet;
use std::process::Command;

/// A crate of the house, and those of the house that it may depend on.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("documents", &["domain"]),
    ("store", &["domain"]),
    ("vault", &[]),
    ("casework", &["domain", "documents", "store", "vault"]),
    ("web", &["domain", "documents", "store", "casework"]),
    ("cli", &["domain", "documents", "store", "casework", "web"]),
    ("tidy", &[]),
];

/// What only some may depend on, tests included.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("postgres", &["store"]),
    ("tokio-postgres-rustls", &["store"]),
    ("tokio", &["web", "cli"]),
    ("axum", &["web", "cli"]),
    ("rand", &["vault", "casework", "web", "cli"]),
    ("aes-gcm", &["vault"]),
    ("blahaj", &["vault"]),
    ("hpke", &["vault"]),
    ("sm2", &["vault"]),
    ("sm3", &["vault", "store", "documents"]),
    ("sm4", &["vault"]),
    ("clap", &["cli"]),
];

/// Licences under which a dependency may come into the binary. MPL-2.0 and the like are absent on
/// purpose: taking one in is a decision to write down, not a side effect of an update.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    // Asks for a line of thanks in the papers: it stands in decision 2.
    "IJG",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What one manifest says.
struct Manifest {
    name: String,
    text: String,
    /// Names of the dependencies of every section.
    dependencies: BTreeSet<String>,
}

#[test]
fn crates_know_only_those_below_them() {
    let mut wrong = Vec::new();
    for manifest in manifests() {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == manifest.name) else {
            wrong.push(format!("crates/{} is new: give it its place in tests/tidy/crates.rs", manifest.name));
            continue;
        };
        for (other, _) in MAY_KNOW.iter().filter(|(other, _)| manifest.dependencies.contains(*other)) {
            // A crate may name itself among its dev-dependencies, to switch a feature on for its tests.
            if *other != manifest.name && !allowed.contains(other) {
                wrong.push(format!("crates/{} may not depend on {other}", manifest.name));
            }
        }
        for (dependency, owners) in KEPT_TO {
            if manifest.dependencies.contains(*dependency) && !owners.contains(&manifest.name.as_str()) {
                wrong.push(format!("crates/{} may not use {dependency}: it is kept to {owners:?}", manifest.name));
            }
        }
    }
    assert_none("domain ← documents, store; vault ← casework ← web ← cli", &wrong);
}

/// What makes and carries papers (issue 5 row 5): none of it can open, or even name, what lies in the vault. That a letter is
/// refused when its wording asks for the reporter is a rule of `domain::rule_check`.
#[test]
fn what_makes_papers_does_not_know_the_vault() {
    const MAKERS: [&str; 9] =
        ["letters", "issuing", "stamping", "signing", "service", "notice", "circular", "delivery", "press"];
    let casework = |path: &str| {
        let name = path.strip_prefix("crates/casework/src/")?;
        name.split(['/', '.']).next().map(str::to_owned)
    };
    let makers = files().iter().filter(|file| {
        file.path.starts_with("crates/documents/src/")
            || casework(&file.path).is_some_and(|name| MAKERS.contains(&name.as_str()))
    });
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in makers {
        seen.extend(casework(&file.path));
        for (number, line) in file.text.iter().flat_map(|text| text.lines()).enumerate() {
            let opens =
                ["vault::open", "vault::seal", "vault::identity", "vault::own_files", "Identity", "crate::vault"];
            if opens.iter().any(|name| line.contains(name)) {
                wrong.push(format!("{}:{}: {line}", file.path, number + 1));
            }
        }
    }
    assert_eq!(seen.len(), MAKERS.len(), "each is still there: {seen:?}");
    assert_none("a paper is made without the vault at hand", &wrong);
}

#[test]
fn manifests_inherit_from_the_workspace() {
    let mut wrong = Vec::new();
    for manifest in manifests() {
        if !manifest.text.contains("[lints]\nworkspace = true") {
            wrong.push(format!("crates/{}: the lints are not inherited", manifest.name));
        }
        for line in manifest.text.lines() {
            if line.contains("version = \"") {
                wrong.push(format!("crates/{}: {line} (versions stand in the root Cargo.toml)", manifest.name));
            }
        }
    }
    assert_none("one place says which version and which lints", &wrong);
}

#[test]
fn every_workspace_dependency_is_used() {
    let used: BTreeSet<_> = manifests().into_iter().flat_map(|manifest| manifest.dependencies).collect();
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("root manifest");
    let unused: Vec<_> = dependencies(&workspace).into_iter().filter(|name| !used.contains(name)).collect();
    assert_none("nobody uses these entries of [workspace.dependencies]", &unused);
}

#[test]
fn every_dependency_has_its_reason_written_down() {
    let reasons = std::fs::read_to_string(root().join("docs/decisions/0002-dependencies.md")).expect("decision 2");
    let rows: BTreeSet<_> = reasons
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .flat_map(|names| names.split(", "))
        .collect();
    let house: BTreeSet<_> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("root manifest");
    let unexplained: Vec<_> = dependencies(&workspace)
        .into_iter()
        .filter(|name| !rows.contains(name.as_str()) && !house.contains(name.as_str()))
        .collect();
    assert_none("add a row to docs/decisions/0002-dependencies.md", &unexplained);
}

/// Every crate that ends up in the binary may be given away under its licence with ours.
#[test]
fn every_licence_is_permissive() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let listed = Command::new(cargo)
        .args(["tree", "--frozen", "--workspace", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}\t{l}"])
        .current_dir(root())
        .output()
        .expect("cargo lists the dependencies");
    assert!(listed.status.success(), "cargo tree: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let refused: BTreeSet<_> = listed
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, licence)| !is_permissive(licence.trim_end_matches(" (*)")))
        .map(|(package, licence)| format!("{package}: {licence:?}"))
        .collect();
    assert_none("not in the list of licences", &refused.into_iter().collect::<Vec<_>>());
}

/// Whether at least one way through an SPDX expression uses only licences of the list.
fn is_permissive(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    // No expression in use nests deeper than `(A OR B) AND C`, so parts joined by AND come first.
    expression.split(" AND ").all(|part| {
        part.split(" OR ").any(|licence| {
            let licence = licence.trim().trim_start_matches('(').trim_end_matches(')');
            LICENCES.contains(&licence)
        })
    })
}

fn manifests() -> Vec<Manifest> {
    files()
        .iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            let text = file.text.clone()?;
            Some(Manifest { name: name.to_owned(), dependencies: dependencies(&text), text })
        })
        .collect()
}

/// The names on the left in every section of dependencies.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && !line.starts_with('#') {
            let end = line.find([' ', '.', '=']).unwrap_or(0);
            if end > 0 {
                names.insert(line[..end].to_owned());
            }
        }
    }
    names
}

#[test]
fn licence_expressions_are_understood() {
    assert!(is_permissive("MIT OR Apache-2.0"));
    assert!(is_permissive("MIT/Apache-2.0"));
    assert!(is_permissive("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_permissive("Apache-2.0 OR MPL-2.0"));
    assert!(!is_permissive("MPL-2.0"));
    assert!(!is_permissive("MIT AND GPL-3.0-only"));
    assert!(!is_permissive(""));
}
