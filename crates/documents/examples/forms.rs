//! Every form, blank, into a folder as PDF, Word and HTML, and how long one PDF takes.
//!
//!     cargo run --release -p xiaobao-documents --example forms -- FOLDER [DESCRIPTIONS]
//!
//! With DESCRIPTIONS, a folder such as `regulations/forms`, the forms are read from there: whoever writes a description sees
//! it without building anything.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use documents::form::{FormBook, Values};
use documents::{docx, font::Fonts, html, pdf};
use domain::rule_book::RuleBook;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder).expect("the folder");
    let rules = RuleBook::builtin().expect("the rule sets");
    let book = match std::env::args().nth(2) {
        Some(descriptions) => read(&rules, &PathBuf::from(descriptions)),
        None => FormBook::over(&rules).expect("the forms"),
    };
    let fonts = Fonts::built_in();
    let mut times = Vec::new();
    for form in book.all() {
        let name = match &form.rule_set {
            Some(set) => format!("{}@{set}", form.key),
            None => form.key.clone(),
        };
        let paper = book.fill(form, &Values::new()).expect("a blank form");
        let (bytes, time) = timed(|| pdf::pdf(&fonts, &paper).expect("a PDF"));
        times.push(time);
        std::fs::write(folder.join(format!("{name}.pdf")), bytes).expect("written");
        std::fs::write(folder.join(format!("{name}.docx")), docx::docx(&paper).expect("a Word file")).expect("written");
        std::fs::write(folder.join(format!("{name}.html")), html::page(&paper)).expect("written");
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("{} forms; one PDF: p50 {:.1} ms, p95 {:.1} ms, worst {:.1} ms", times.len(), at(50), at(95), at(100));
}

fn read(rules: &RuleBook, folder: &std::path::Path) -> FormBook {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a description");
    let names = std::fs::read_dir(folder).expect("the descriptions").flatten();
    let mut names: Vec<String> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.strip_suffix(".toml").is_some_and(|stem| stem != "blanks"));
    names.sort();
    let texts: Vec<String> = names.iter().map(|name| text(name)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    FormBook::parse(rules, &files, &text("blanks.toml")).unwrap_or_else(|error| panic!("{error}"))
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}
