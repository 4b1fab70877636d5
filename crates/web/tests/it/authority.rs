//! Who may call what: every route that the source declares is knocked on by everyone, and the answers are a table in
//! `tests/authority.txt`. Whoever adds a route sees here what it gives to whom. To write the table anew, set `UPDATE_AUTHORITY=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::http::{Method, StatusCode};

use crate::world::{Answer, Badge, Facts, World};

/// Everybody: the column's head and what it means.
pub const EVERYBODY: &[(&str, &str)] = &[
    ("nobody", "nobody is signed in"),
    ("consumer", "the consumer of the case, with number and query code"),
    ("program", "a program with a token for filing and tracking"),
    ("intake_agent", "坐席 at the centre of the case's bureau"),
    ("shift_lead", "值班长 there"),
    ("dispatcher", "分送员 there"),
    ("duty_director", "值班局长 of that bureau"),
    ("officer", "承办人: the officer in charge of the case"),
    ("leader", "审批领导 of the office that has it"),
    ("statistician", "统计员 of the bureau"),
    ("archivist", "档案员 of the office"),
    ("station_liaison", "联络员"),
    ("station_contact", "联系人"),
    ("administrator", "系统管理员 of the whole installation"),
    ("security", "安全管理员 of the whole installation"),
    ("auditor", "审计管理员 of the whole installation"),
    ("discipline", "纪检人员 of the bureau"),
    ("foreign_officer", "承办人 of another bureau"),
    ("foreign_administrator", "系统管理员 of another bureau"),
];

/// A way in: method and the route's pattern.
pub type Way = (String, Method);

#[tokio::test]
async fn every_route_gives_everyone_what_the_table_says() {
    let table = knock_everywhere().await;
    let broken = broken_rules(&table);
    assert!(broken.is_empty(), "these answers break a rule, whatever the table says\n  {}", broken.join("\n  "));
    let printed = printed(&table);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authority.txt");
    if std::env::var_os("UPDATE_AUTHORITY").is_some() {
        std::fs::write(&file, &printed).expect("the table is written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differs: Vec<_> = printed.lines().filter(|line| !kept.lines().any(|other| other == *line)).collect();
    assert!(
        printed == kept,
        "{} is not what the program does. Look at each line; if it is meant, run the test with UPDATE_AUTHORITY=1.\n{}",
        file.display(),
        differs.join("\n")
    );
}

/// The rules that the table must obey whatever is written in it.
fn broken_rules(table: &BTreeMap<Way, Vec<(String, String)>>) -> Vec<String> {
    let mut broken = Vec::new();
    for ((path, method), answers) in table {
        let inside = path.starts_with("/desk") || path.starts_with("/admin");
        let of_the_case = path.starts_with("/desk/cases/{number}");
        for (who, answer) in answers {
            let answer = answer.as_str();
            let done = ["200", "303"].contains(&answer);
            let wrong = match who.as_str() {
                // Nobody comes in without a login.
                "nobody" | "consumer" | "program" if inside => answer != "login",
                // The administrator sees no case (1.3); whoever is of another bureau does not learn that it exists. (400: the
                // form itself was not one.)
                "administrator" | "security" | "foreign_administrator" | "foreign_officer" | "discipline"
                    if of_the_case =>
                {
                    !["404", "400"].contains(&answer)
                }
                // An auditor changes nothing.
                "auditor" if inside && *method != Method::GET => done,
                // Administration is for administrators, its record for auditors.
                "officer" | "leader" | "dispatcher" if path.starts_with("/admin") => answer != "403",
                _ => answer.starts_with('5'),
            };
            if wrong {
                broken.push(format!("{method} {path}: {who} gets {answer}"));
            }
        }
    }
    broken
}

/// Every way in, with what everybody gets.
async fn knock_everywhere() -> BTreeMap<Way, Vec<(String, String)>> {
    let ways = ways();
    assert!(ways.len() > 60, "the routes were read from the source: {}", ways.len());
    let mut table: BTreeMap<Way, Vec<(String, String)>> = BTreeMap::new();
    for (who, _) in EVERYBODY {
        // A world each: what one person does must not change what the next one sees.
        let world = World::new();
        for way in &ways {
            let badge = match *who {
                "nobody" => Badge::None,
                "consumer" => world.consumer().await,
                "program" => Badge::Token(world.facts.token.clone()),
                // Anew each time, because one of the ways is to sign out.
                login => world.signed_in_again(login),
            };
            let path = filled(&way.0, &world.facts);
            let answer = match way.1 {
                Method::GET => world.get(&path, &badge).await,
                _ => world.post(&path, &badge, form(&way.0, &world.facts).as_str()).await,
            };
            table.entry(way.clone()).or_default().push(((*who).to_owned(), told(&answer)));
        }
    }
    table
}

/// An answer in a word.
fn told(answer: &Answer) -> String {
    match answer.status {
        StatusCode::SEE_OTHER if answer.location().starts_with("/login?") || answer.location() == "/login" => {
            "login".to_owned()
        }
        status => status.as_u16().to_string(),
    }
}

/// The pattern with what exists in this world; a way must not be open only because nothing is there.
pub fn filled(pattern: &str, facts: &Facts) -> String {
    let id = match pattern {
        path if path.starts_with("/admin/accounts/") => facts.officer,
        path if path.starts_with("/admin/organizations/") || path.starts_with("/admin/papers/") => facts.bureau,
        _ => 1,
    };
    pattern
        .replace("/accounts/new", &format!("/accounts/new?organization={}", facts.bureau))
        .replace("/desk/register/{kind}", "/desk/register/consultation")
        .replace("/{kind}/new", "/consultations/new")
        .replace("{number}", &facts.number)
        .replace("{id}", &id.to_string())
        .replace("{action}", "notify")
        .replace("{act}", "unlock")
        .replace("{loan}", "1")
        .replace("{part}", "matter")
        .replace("{right}", "copy")
        .replace("{code}", "410000")
        .replace("/rules/{key}", "/rules/national-2026")
        .replace("{key}", "nothing")
        .replace("{format}", "pdf")
        .replace("{set}", "national-2026")
        .replace("{letter}", "acceptance_decision")
        .replace("{place}", "0")
        .replace("{token}", "0")
        .replace("{seal}", "1")
        .replace("{hash}", "0")
        .replace("{name}", "desk.css")
}

/// What a form sends: nothing, but where it says for which organisation it is.
pub fn form(pattern: &str, facts: &Facts) -> String {
    if pattern == "/admin/accounts/new" { format!("organization={}", facts.bureau) } else { String::new() }
}

fn printed(table: &BTreeMap<Way, Vec<(String, String)>>) -> String {
    let mut text = String::from(
        "# Every route, knocked on by everyone: the status, or `login` when sent to the login page. A form is sent empty, so 422 means\n\
         # that it may be sent. The case lies with its officers; a case that one may not know of is 404 like one that does not exist.\n#\n",
    );
    for (index, (who, meaning)) in EVERYBODY.iter().enumerate() {
        writeln!(text, "# {:>2} {who}: {meaning}", index + 1).unwrap();
    }
    let width = table.keys().map(|(path, _)| path.len()).max().unwrap_or_default();
    write!(text, "\n{:<4} {:<width$}", "", "").unwrap();
    for index in 1..=EVERYBODY.len() {
        write!(text, " {index:>5}").unwrap();
    }
    for ((path, method), answers) in table {
        write!(text, "\n{method:<4} {path:<width$}").unwrap();
        for (_, answer) in answers {
            write!(text, " {answer:>5}").unwrap();
        }
    }
    text.push('\n');
    text
}

/// The ways in that the source declares: `.route("…", get(…).post(…))`, wherever the lines break.
pub fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&source) {
        let text = std::fs::read_to_string(&file).expect("source is text");
        for rest in text.split(".route(").skip(1) {
            let Some((path, handlers)) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
            else {
                continue;
            };
            for (name, method) in [("get(", Method::GET), ("post(", Method::POST)] {
                if calls(until_closed(handlers), name) {
                    ways.push((path.to_owned(), method));
                }
            }
        }
    }
    ways.sort_by(|one, other| (&one.0, one.1.as_str()).cmp(&(&other.0, other.1.as_str())));
    ways.dedup();
    // GET before POST: looking before changing.
    ways.sort_by_key(|(_, method)| *method != Method::GET);
    ways
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the source is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The text up to the parenthesis that closes `.route(`.
fn until_closed(text: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// Whether the function is called by this name, not one whose name ends so.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name)
        .any(|(at, _)| !text[..at].chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_'))
}

#[test]
fn ways_are_read_from_the_source() {
    assert_eq!(until_closed(", get(a).post(b::c))\n.route("), ", get(a).post(b::c)");
    assert!(calls(", get(a).post(b)", "post(") && calls(", get(a)", "get(") && !calls(", widget(a)", "get("));
}
