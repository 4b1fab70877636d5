//! What a program that is not ours reads: `pdftotext` the text of a PDF, and the standard's order of elements a Word file.

use std::process::Command;

use documents::docx::docx;
use documents::form::{Form, Value, Values};
use documents::paper::{Paper, Text};
use documents::pdf::pdf;

use crate::forms::{BOOK, FONTS, values, without_spaces};
use crate::word::part;

/// The text of each sheet as poppler reads it, in the order in which it was written, without its foot and any spaces.
fn read_by_poppler(paper: &Paper) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("form.pdf"), folder.path().join("form.txt"));
    std::fs::write(&from, pdf(&FONTS, paper).expect("a PDF")).expect("written");
    let done = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&from).arg(&to).status();
    assert!(done.expect("pdftotext is there").success());
    let text = std::fs::read_to_string(&to).expect("text");
    let sheets: Vec<String> = text.split('\u{c}').map(without_spaces).filter(|sheet| !sheet.is_empty()).collect();
    let without_foot = |(index, sheet): (usize, &String)| {
        let foot: String = match paper.foot.as_slice() {
            [] => format!("—{}—", index + 1),
            lines => lines.iter().flatten().map(|text| counted(&text.plain(), index + 1, sheets.len())).collect(),
        };
        let body = sheet.strip_suffix(&foot);
        assert!(body.is_some() || (paper.foot.is_empty() && sheets.len() == 1), "{}: {foot}: {sheet}", paper.title);
        body.unwrap_or(sheet).to_owned()
    };
    sheets.iter().enumerate().map(without_foot).collect()
}

/// Whether a piece stands there whole, or goes on where the next sheet goes on with its row.
fn stands(piece: &str, sheets: &[String]) -> bool {
    let cut = |pair: &[String]| {
        piece.char_indices().skip(1).any(|(at, _)| pair[0].contains(&piece[..at]) && pair[1].contains(&piece[at..]))
    };
    sheets.concat().contains(piece) || sheets.windows(2).any(cut)
}

/// A line with its sheets counted, without spaces.
fn counted(line: &str, page: usize, pages: usize) -> String {
    without_spaces(&line.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string()))
}

/// All that a form should say, in pieces that stand together.
fn said(form: &Form, filled: &Values) -> (Paper, Vec<String>) {
    let paper = BOOK.fill(form, filled).expect("a form");
    let printed = paper.texts().into_iter().filter(|text| !paper.foot.iter().flatten().any(|foot| foot == *text));
    let mut wanted: Vec<String> = printed.map(Text::plain).collect();
    wanted.extend([paper.title.clone()].into_iter().chain(paper.mark.clone()));
    for value in filled.values() {
        match value {
            Value::Text(text) => wanted.push(text.clone()),
            Value::Rows(rows) => wanted.extend(rows.iter().flat_map(|row| row.values().cloned())),
        }
    }
    let mut wanted: Vec<String> = wanted.iter().map(|text| without_spaces(text)).collect();
    wanted.retain(|text| !text.is_empty());
    (paper, wanted)
}

/// Issue 5 row 1: the text extracted from a PDF equals the data: every printed label and every value, whole, on every form.
#[test]
fn poppler_reads_every_label_and_every_value_of_every_form() {
    let mut lost = Vec::new();
    for form in BOOK.all() {
        for filled in [Values::new(), values(form)] {
            let (paper, wanted) = said(form, &filled);
            let sheets = read_by_poppler(&paper);
            for piece in wanted.iter().filter(|piece| !stands(piece, &sheets)) {
                lost.push(format!("{} of {:?}: {piece} is not in {sheets:?}", form.key, form.rule_set));
            }
        }
    }
    assert!(lost.is_empty(), "{}: {}", lost.len(), lost.join("\n"));
}

/// The children of an element in the order of ECMA-376 part 1, as far as we write them. Word refuses a file that breaks it.
const ORDER: [(&str, &[&str]); 14] = [
    ("w:document", &["w:body"]),
    ("w:ftr", &["w:p", "w:tbl"]),
    ("w:p", &["w:pPr", "w:r", "w:fldSimple"]),
    ("w:pPr", &["w:pBdr", "w:spacing", "w:ind", "w:jc"]),
    ("w:rPr", &["w:rFonts", "w:b", "w:sz", "w:szCs", "w:u", "w:lang"]),
    ("w:tbl", &["w:tblPr", "w:tblGrid", "w:tr"]),
    ("w:tblPr", &["w:tblW", "w:tblBorders", "w:tblLayout", "w:tblCellMar"]),
    ("w:tblBorders", &["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"]),
    ("w:tblCellMar", &["w:left", "w:right"]),
    ("w:tr", &["w:trPr", "w:tc"]),
    ("w:tc", &["w:tcPr", "w:p"]),
    ("w:tcPr", &["w:tcW", "w:gridSpan", "w:vMerge", "w:vAlign"]),
    ("w:r", &["w:rPr", "w:br", "w:t"]),
    ("w:sectPr", &["w:footerReference", "w:pgSz", "w:pgMar"]),
];
/// Elements whose children may follow one another freely.
const FREE: [&str; 2] = ["w:p", "w:ftr"];
/// What an element must have.
const NEEDED: [(&str, &str); 4] = [("w:tbl", "w:tblPr"), ("w:tbl", "w:tblGrid"), ("w:tc", "w:p"), ("w:ftr", "w:p")];

/// Checks each element against the standard's order.
fn in_order(xml: &str, key: &str) {
    let mut open: Vec<(&str, Vec<&str>)> = Vec::new();
    for tag in xml.split('<').skip(1).map(|rest| rest.split('>').next().expect("a tag")) {
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            let (name, children) = open.pop().expect("an open element");
            ordered(name, &children, key);
            continue;
        }
        let name = tag.trim_end_matches('/').split(' ').next().expect("a name");
        if let Some((_, children)) = open.last_mut() {
            children.push(name);
        }
        if !tag.ends_with('/') {
            open.push((name, Vec::new()));
        }
    }
}

fn ordered(name: &str, children: &[&str], key: &str) {
    if name == "w:body" {
        assert_eq!(children.last(), Some(&"w:sectPr"), "{key}: the section stands last");
        assert_eq!(children.iter().filter(|child| **child == "w:sectPr").count(), 1, "{key}");
    }
    for needed in NEEDED.iter().filter(|(of, _)| *of == name).map(|(_, needed)| needed) {
        assert!(children.contains(needed), "{key}: {name} without {needed}");
    }
    if name == "w:tc" || name == "w:ftr" {
        assert_eq!(children.last(), Some(&"w:p"), "{key}: {name} ends with a paragraph");
    }
    let Some((_, order)) = ORDER.iter().find(|(of, _)| *of == name) else { return };
    let place = |child: &str| order.iter().position(|known| *known == child);
    let places: Vec<usize> =
        children.iter().map(|child| place(child).unwrap_or_else(|| panic!("{key}: {child} in {name}"))).collect();
    let repeats = matches!(name, "w:tbl" | "w:tr" | "w:tc");
    let fits = |pair: &[usize]| pair[0] < pair[1] || (repeats && pair[0] == pair[1]);
    assert!(FREE.contains(&name) || places.windows(2).all(fits), "{key}: {name} has {children:?}");
    let first = children.iter().position(|child| matches!(*child, "w:pPr"));
    assert!(first.is_none_or(|at| at == 0), "{key}: {name} begins with its looks");
}

#[test]
fn word_files_keep_the_order_of_the_standard() {
    for form in BOOK.all() {
        for filled in [Values::new(), values(form)] {
            let bytes = docx(&BOOK.fill(form, &filled).expect("a form")).expect("a Word file");
            for name in ["word/document.xml", "word/footer1.xml", "word/styles.xml"] {
                in_order(&part(&bytes, name), &form.key);
            }
        }
    }
}

/// The check itself sees what Word would refuse.
#[test]
fn a_wrong_order_is_seen() {
    for wrong in [
        "<w:pPr><w:jc/><w:ind/></w:pPr>",
        "<w:pPr><w:spacing/><w:spacing/></w:pPr>",
        "<w:tcPr><w:vAlign/><w:tcW/></w:tcPr>",
        "<w:tbl><w:tblPr/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        "<w:tc><w:tcPr/></w:tc>",
        "<w:body><w:sectPr/><w:p/></w:body>",
        "<w:p><w:r/><w:pPr/></w:p>",
    ] {
        assert!(std::panic::catch_unwind(|| in_order(wrong, "wrong")).is_err(), "{wrong}");
    }
    in_order("<w:tc><w:tcPr><w:tcW/><w:vAlign/></w:tcPr><w:p><w:pPr><w:ind/><w:jc/></w:pPr></w:p></w:tc>", "right");
}
