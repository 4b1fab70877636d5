//! Templates and assets: each is used, and reads like Chinese that was typeset with care.

use crate::source::{File, assert_none, files, under};

const TEMPLATES: &str = "crates/web/templates/";

#[test]
fn every_template_is_used() {
    let unused: Vec<_> = under(TEMPLATES)
        .filter(|template| !template.has_extension("md"))
        .filter(|template| {
            let name = &template.path[TEMPLATES.len()..];
            let quoted = format!("\"{name}\"");
            !files().iter().any(|file| {
                file.path.starts_with("crates/web/")
                    && file.path != template.path
                    && file.text.as_ref().is_some_and(|text| text.contains(&quoted))
            })
        })
        .map(|template| template.path.clone())
        .collect();
    assert_none("nothing renders, extends or includes these", &unused);
}

#[test]
fn every_asset_is_used() {
    let unused: Vec<_> = ["crates/web/assets/", "crates/web/static/"]
        .into_iter()
        .flat_map(under)
        .filter(|asset| !asset.has_extension("txt") && !asset.has_extension("md"))
        .filter(|asset| {
            !under("crates/web/").any(|file| {
                file.path != asset.path && file.text.as_ref().is_some_and(|text| text.contains(asset.name()))
            })
        })
        .map(|asset| asset.path.clone())
        .collect();
    assert_none("no page asks for these", &unused);
}

/// The content security policy refuses them, so they would be dead in the browser.
#[test]
fn pages_carry_no_inline_script_or_style() {
    let mut found = Vec::new();
    for template in under(TEMPLATES) {
        for (number, line) in template.lines() {
            for dead in ["<script>", "<style>", " style=\"", " onclick=", " onchange=", " onsubmit=", "javascript:"] {
                if line.contains(dead) {
                    found.push(format!("{}:{number}: {dead}", template.path));
                }
            }
        }
    }
    assert_none("move these into the stylesheet or the script files", &found);
}

#[test]
fn chinese_text_uses_chinese_punctuation() {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| holds_wording(file)) {
        for (number, line) in file.lines().filter(|(_, line)| !is_comment(line)) {
            if let Some(piece) = half_width_between_han(line) {
                found.push(format!("{}:{number}: {piece}", file.path));
            }
        }
    }
    assert_none("between Chinese characters stand ，；：！？（）", &found);
}

fn holds_wording(file: &File) -> bool {
    file.path.starts_with(TEMPLATES) || file.is_shipped_rust() || file.path.starts_with("crates/web/assets/")
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("{#") || line.starts_with('*') || line.starts_with("/*")
}

/// The first `，`-like mark in its half-width form that stands between two Chinese characters, with
/// them.
fn half_width_between_han(line: &str) -> Option<String> {
    let letters: Vec<char> = line.chars().collect();
    letters
        .windows(3)
        .find(|window| is_han(window[0]) && ",;:!?()".contains(window[1]) && is_han(window[2]))
        .map(|window| window.iter().collect())
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

#[test]
fn half_width_marks_are_seen_between_han_only() {
    assert_eq!(half_width_between_han("<p>请填写姓名,电话</p>").as_deref(), Some("名,电"));
    assert_eq!(half_width_between_han("<p>请填写姓名，电话</p>"), None);
    assert_eq!(half_width_between_han("{{ count }},共3页"), None);
}
