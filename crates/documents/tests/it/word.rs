//! Word files: real tables and paragraphs, and a bureau's own file with its blanks filled.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use documents::docx::{DocxError, docx, fill};
use documents::form::{Value, Values};

use crate::forms::{BOOK, form};

pub fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

fn word_file(document: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", document)] {
        writer.start_file(name, options).expect("a part");
        writer.write_all(text.as_bytes()).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn a_form_is_a_table_with_merged_cells_and_balanced_xml() {
    let values = Values::from([("facts".to_owned(), Value::Text("电饭煲<不>通电 & 退货\n第二段".to_owned()))]);
    let bytes = docx(&BOOK.fill(form("registration_form"), &values).expect("a form")).expect("a Word file");
    let document = part(&bytes, "word/document.xml");
    for wanted in ["<w:tbl>", "<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>", "<w:gridSpan w:val=\"4\"/>", "<w:br/>"] {
        assert!(document.contains(wanted), "{wanted}");
    }
    assert!(document.contains("电饭煲&lt;不&gt;通电 &amp; 退货"));
    for form in BOOK.all() {
        let bytes = docx(&BOOK.fill(form, &Values::new()).expect("a blank form")).expect("a Word file");
        for name in ["word/document.xml", "word/footer1.xml", "word/styles.xml"] {
            balanced(&part(&bytes, name), &form.key);
        }
        // Each row of a table covers as many columns as the table has.
        for table in part(&bytes, "word/document.xml").split("<w:tblGrid>").skip(1) {
            let (grid, rows) = table.split_once("</w:tblGrid>").expect("a grid");
            let columns = grid.matches("<w:gridCol").count();
            for row in
                rows.split("</w:tbl>").next().expect("rows").split("</w:tr>").filter(|row| row.contains("<w:tc>"))
            {
                let spans: usize = row
                    .split("<w:gridSpan w:val=\"")
                    .skip(1)
                    .map(|rest| rest.split('"').next().expect("a number").parse::<usize>().expect("a number") - 1)
                    .sum();
                assert_eq!(row.matches("<w:tc>").count() + spans, columns, "{}", form.key);
            }
        }
    }
}

/// Every element that is opened is closed, in order.
fn balanced(xml: &str, key: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).map(|rest| rest.split('>').next().expect("a tag")) {
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{key}");
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(tag.split(' ').next().expect("a name"));
        }
    }
    assert!(open.is_empty(), "{key}: {open:?}");
}

#[test]
fn blanks_that_word_cut_into_runs_are_filled() {
    let file = word_file(
        "<w:document><w:p><w:r><w:t>致{{reci</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>pient_name</w:t></w:r>\
         <w:r><w:t xml:space=\"preserve\">}}：您好 {{ case_number }}</w:t></w:r></w:p><w:p><w:r><w:t/><w:tab/><w:t>不动</w:t></w:r></w:p></w:document>",
    );
    let values = BTreeMap::from([
        ("recipient_name".to_owned(), "李<青>禾".to_owned()),
        ("case_number".to_owned(), "一\n二".to_owned()),
    ]);
    let document = part(&fill(&file, &values).expect("filled"), "word/document.xml");
    assert_eq!(
        document,
        "<w:document><w:p><w:r><w:t>致李&lt;青&gt;禾</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t></w:t></w:r>\
         <w:r><w:t xml:space=\"preserve\">：您好 一</w:t><w:br/><w:t xml:space=\"preserve\">二</w:t></w:r></w:p><w:p><w:r><w:t/><w:tab/><w:t>不动</w:t></w:r></w:p></w:document>"
    );
}

#[test]
fn unknown_blanks_are_named_all_at_once_and_other_files_refused() {
    let file = word_file("<w:p><w:r><w:t>{{b}}{{a}}{{known}}</w:t></w:r></w:p>");
    let values = BTreeMap::from([("known".to_owned(), "x".to_owned())]);
    let refused = fill(&file, &values).expect_err("unknown blanks");
    assert!(matches!(&refused, DocxError::UnknownBlank(names) if names == &["a", "b"]), "{refused}");
    assert!(matches!(fill(b"no archive", &values), Err(DocxError::Unreadable(_))));
}
