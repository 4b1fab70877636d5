//! A paper as a Word file (docx) that a clerk goes on writing in, and a bureau's own Word file with its blanks filled.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::html::escaped;
use crate::layout::{MM, foot_shares};
use crate::paper::{Align, Block, Cell, Paper, Run, Table, Text};

/// Twentieths of a point, Word's unit.
const TWIPS: f32 = 20.0;
const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
     <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
     <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
     <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
     <Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
     <Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/></Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
     <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const PARTS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
     <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>\
     <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/></Relationships>";
/// 仿宋 for text and 小标宋 for titles, as offices have them; a machine without them shows its own Song.
const TEXT_FONT: &str = "<w:rFonts w:ascii=\"FangSong\" w:hAnsi=\"FangSong\" w:eastAsia=\"仿宋\" w:cs=\"FangSong\"/>";
const TITLE_FONT: &str =
    "<w:rFonts w:ascii=\"SimSun\" w:hAnsi=\"SimSun\" w:eastAsia=\"方正小标宋简体\" w:cs=\"SimSun\"/><w:b/>";

/// Why a Word file could not be made or filled.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    /// It is no Word file.
    #[error("这不是可用的 Word 文档（docx）：{0}")]
    Unreadable(String),
    /// It has blanks that nobody knows.
    #[error("文档里有不认识的空格：{}", .0.join("、"))]
    UnknownBlank(Vec<String>),
}

impl From<ZipError> for DocxError {
    fn from(error: ZipError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<std::io::Error> for DocxError {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// The paper as a Word file. The same paper gives the same bytes.
pub fn docx(paper: &Paper) -> Result<Vec<u8>, DocxError> {
    let styles = format!(
        "{HEAD}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{TEXT_FONT}<w:sz w:val=\"{size}\"/><w:lang w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:line=\"{line}\" w:lineRule=\"exact\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style></w:styles>",
        size = half_points(paper.sizes.text),
        line = twips(paper.sizes.leading),
    );
    let files = [
        ("[Content_Types].xml", format!("{HEAD}{TYPES}")),
        ("_rels/.rels", format!("{HEAD}{ROOT}")),
        ("word/document.xml", document(paper)),
        ("word/_rels/document.xml.rels", format!("{HEAD}{PARTS}")),
        ("word/styles.xml", styles),
        ("word/footer1.xml", footer(paper)),
    ];
    let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
    Ok(packed(files.collect())?)
}

fn packed(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(&bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn twips(points: f32) -> i32 {
    (points * TWIPS).round() as i32
}

fn half_points(points: f32) -> i32 {
    (points * 2.0).round() as i32
}

/// How a paragraph is written.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    leading: f32,
    title: bool,
    /// More about the paragraph, as Word writes it.
    more: &'static str,
}

fn document(paper: &Paper) -> String {
    let mut out = format!("{HEAD}<w:document {NAMES}><w:body>");
    let sizes = paper.sizes;
    let text = Style { size: sizes.text, leading: sizes.leading, title: false, more: "" };
    let title = Style { size: sizes.title, leading: sizes.title * 1.45, title: true, more: "" };
    let centred = |text: &Text| Text { align: Align::Centre, ..text.clone() };
    if let Some(mark) = &paper.mark {
        paragraph(&mut out, &Text { align: Align::Right, ..Text::flush(mark.clone()) }, text);
    }
    if let Some(head) = &paper.head {
        paragraph(&mut out, &centred(head), title);
    }
    if !paper.title.is_empty() {
        paragraph(&mut out, &centred(&Text::flush(paper.title.clone())), title);
    }
    if let Some(number) = &paper.number {
        paragraph(&mut out, &centred(number), text);
    }
    let width = width(paper);
    for block in &paper.blocks {
        match block {
            Block::Text(of) => paragraph(&mut out, of, text),
            Block::Beside(texts) => {
                beside(&mut out, texts, text, &vec![width / texts.len().max(1) as f32; texts.len()]);
            }
            Block::Table(of) => table(&mut out, of, paper, width),
            Block::Seal(seal) => {
                for (index, of) in seal.lines.iter().enumerate() {
                    let more = match index {
                        0 => "<w:spacing w:before=\"480\"/><w:ind w:left=\"3400\"/>",
                        _ => "<w:ind w:left=\"3400\"/>",
                    };
                    paragraph(&mut out, &centred(of), Style { more, ..text });
                }
            }
            Block::Room(lines) => (0..*lines).for_each(|_| paragraph(&mut out, &Text::default(), text)),
        }
    }
    for (index, of) in paper.tail.iter().enumerate() {
        let more = match (paper.tail_ruled, index) {
            (true, 0) => "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"auto\"/></w:pBdr>",
            _ => "",
        };
        let (size, leading) = if paper.tail_ruled { (sizes.text, sizes.leading) } else { (10.5, 16.0) };
        paragraph(&mut out, of, Style { size, leading, more, ..text });
    }
    let (across, down) = if paper.landscape { (297.0, 210.0) } else { (210.0, 297.0) };
    let side = if paper.landscape { " w:orient=\"landscape\"" } else { "" };
    let margins = paper.margins;
    let mm = |millimetres: f32| twips(millimetres * MM);
    let _ = write!(
        out,
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"{}\" w:h=\"{}\"{side}/>\
         <w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"850\" w:footer=\"850\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        mm(across),
        mm(down),
        mm(margins.top),
        mm(margins.right),
        mm(margins.bottom),
        mm(margins.left),
    );
    out
}

/// Width of the text in points.
fn width(paper: &Paper) -> f32 {
    let across = if paper.landscape { 297.0 } else { 210.0 };
    (across - paper.margins.left - paper.margins.right) * MM
}

/// What stands at the foot of every page: the form's own lines, otherwise the page number.
fn footer(paper: &Paper) -> String {
    let mut out = format!("{HEAD}<w:ftr {NAMES}>");
    let style = Style { size: 14.0, leading: 20.0, title: false, more: "" };
    let number = vec![vec![Text { align: Align::Centre, ..Text::flush("— {page} —") }]];
    let lines = if paper.foot.is_empty() { &number } else { &paper.foot };
    for texts in lines {
        match texts.as_slice() {
            [only] => paragraph(&mut out, only, style),
            several => {
                let widths: Vec<f32> = foot_shares(several.len()).iter().map(|share| share * width(paper)).collect();
                beside(&mut out, several, style, &widths);
            }
        }
    }
    out.push_str("</w:ftr>");
    out
}

fn paragraph(out: &mut String, text: &Text, style: Style) {
    out.push_str("<w:p><w:pPr>");
    let (borders, rest) = match style.more.starts_with("<w:pBdr") {
        true => (style.more, ""),
        false => ("", style.more),
    };
    out.push_str(borders);
    if !rest.contains("<w:spacing") {
        let _ = write!(out, "<w:spacing w:line=\"{}\" w:lineRule=\"exact\"/>", twips(style.leading));
    }
    out.push_str(rest);
    if text.indented {
        let _ = write!(out, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"{}\"/>", twips(style.size * 2.0));
    } else if text.hanging > 0 {
        let by = twips(style.size * f32::from(text.hanging));
        let _ = write!(out, "<w:ind w:left=\"{by}\" w:hanging=\"{by}\"/>");
    }
    // Word stretches a line that ends because somebody ended it.
    let ended = text.runs.iter().any(|run| run.text.contains('\n'));
    let align = match text.align {
        Align::Justified if !ended => "both",
        Align::Justified | Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    let _ = write!(out, "<w:jc w:val=\"{align}\"/></w:pPr>");
    text.runs.iter().for_each(|of| run(out, of, style));
    out.push_str("</w:p>");
}

fn run(out: &mut String, run: &Run, style: Style) {
    if run.text.is_empty() {
        return;
    }
    let font = if style.title { TITLE_FONT } else { "" };
    let strong = if run.strong && !style.title { "<w:b/>" } else { "" };
    let size = half_points(style.size);
    let rule = if run.ruled { "<w:u w:val=\"single\"/>" } else { "" };
    let properties = format!("<w:rPr>{font}{strong}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>{rule}</w:rPr>");
    for (index, part) in run.text.split('\n').enumerate() {
        let line_break = if index > 0 { "<w:br/>" } else { "" };
        for (place, piece) in part.split_inclusive('}').enumerate() {
            // `{page}` and `{pages}` are counted by Word.
            let line_break = if place == 0 { line_break } else { "" };
            let (before, field) = match (piece.strip_suffix("{page}"), piece.strip_suffix("{pages}")) {
                (Some(before), _) => (before, " PAGE "),
                (_, Some(before)) => (before, " NUMPAGES "),
                _ => (piece, ""),
            };
            let _ = write!(
                out,
                "<w:r>{properties}{line_break}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
                escaped(&if run.ruled { ruled(&printable(before)) } else { printable(before) })
            );
            if !field.is_empty() {
                let _ =
                    write!(out, "<w:fldSimple w:instr=\"{field}\"><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>");
            }
        }
    }
}

/// A blank as Word rules it to the end of the line: spaces there hang over the margin and lose their rule unless something
/// without width follows them.
fn ruled(text: &str) -> String {
    text.replace('\u{3000}', "\u{3000}\u{200b}")
}

/// XML holds no control characters, not even escaped.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || *letter == '\t').collect()
}

/// Texts side by side are a table without rules: it stays in place whatever is written in it.
fn beside(out: &mut String, texts: &[Text], style: Style, widths: &[f32]) {
    out.push_str(
        "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
         <w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
    );
    for width in widths {
        let _ = write!(out, "<w:gridCol w:w=\"{}\"/>", twips(*width));
    }
    out.push_str("</w:tblGrid><w:tr>");
    for (text, width) in texts.iter().zip(widths) {
        let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>", twips(*width));
        paragraph(out, text, style);
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr></w:tbl>");
    between_tables(out);
}

/// Word joins tables that touch, and wants a paragraph after the last one.
fn between_tables(out: &mut String) {
    paragraph(out, &Text::default(), Style { size: 2.0, leading: 2.0, title: false, more: "" });
}

fn table(out: &mut String, table: &Table, paper: &Paper, width: f32) {
    let whole: f32 = table.columns.iter().sum();
    let widths: Vec<i32> = table.columns.iter().map(|column| twips(column / whole * width)).collect();
    let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"auto\"/>"))
        .concat();
    let _ = write!(
        out,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
        widths.iter().sum::<i32>()
    );
    for column in &widths {
        let _ = write!(out, "<w:gridCol w:w=\"{column}\"/>");
    }
    out.push_str("</w:tblGrid>");
    let style = Style { size: paper.sizes.table, leading: paper.sizes.table * 1.35, title: false, more: "" };
    for (row, height) in table.rows.iter().enumerate() {
        let head = if row < table.head { "<w:tblHeader/>" } else { "" };
        let _ = write!(
            out,
            "<w:tr><w:trPr><w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/>{head}</w:trPr>",
            twips(height * MM)
        );
        let mut column = 0;
        while let Some(cell) = table.cells.iter().find(|cell| covers(cell, row, column)) {
            let across: i32 = widths[column..column + cell.span.1].iter().sum();
            let span = if cell.span.1 > 1 { format!("<w:gridSpan w:val=\"{}\"/>", cell.span.1) } else { String::new() };
            let first = cell.at.0 == row;
            let merge = match (cell.span.0 > 1, first) {
                (false, _) => "",
                (true, true) => "<w:vMerge w:val=\"restart\"/>",
                (true, false) => "<w:vMerge/>",
            };
            let unwritten = cell.body.iter().all(Text::is_empty);
            let middle = match (table.is_in_the_middle(cell), unwritten && !cell.foot.is_empty()) {
                (true, _) => "<w:vAlign w:val=\"center\"/>",
                (false, true) => "<w:vAlign w:val=\"bottom\"/>",
                (false, false) => "",
            };
            let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{across}\" w:type=\"dxa\"/>{span}{merge}{middle}</w:tcPr>");
            let body = if unwritten { &[] } else { cell.body.as_slice() };
            let texts: Vec<&Text> = if first { body.iter().chain(&cell.foot).collect() } else { Vec::new() };
            if texts.is_empty() {
                paragraph(out, &Text::default(), style);
            }
            for text in texts {
                paragraph(out, &Text { hanging: 0, ..text.clone() }, style);
            }
            out.push_str("</w:tc>");
            column += cell.span.1;
            if column >= widths.len() {
                break;
            }
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    between_tables(out);
}

fn covers(cell: &Cell, row: usize, column: usize) -> bool {
    cell.at.1 == column && (cell.at.0..cell.at.0 + cell.span.0).contains(&row)
}

/// A bureau's own Word file with its `{{空格}}` filled. Word cuts a text into runs as it pleases, so a blank may begin in one
/// and end in another; what is written takes the looks of the first. Everything else stays as it was.
pub fn fill(template: &[u8], values: &BTreeMap<String, String>) -> Result<Vec<u8>, DocxError> {
    let mut archive = ZipArchive::new(Cursor::new(template))?;
    let mut files = Vec::new();
    let mut unknown = Vec::new();
    let mut is_word = false;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let name = file.name().map_err(|error| DocxError::Unreadable(error.to_string()))?.into_owned();
        if file.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        file.by_ref().take(LARGEST).read_to_end(&mut bytes)?;
        is_word |= name == "word/document.xml";
        if is_text_part(&name) {
            let text = String::from_utf8(bytes).map_err(|error| DocxError::Unreadable(error.to_string()))?;
            bytes = filled_part(&text, values, &mut unknown).into_bytes();
        }
        files.push((name, bytes));
    }
    if !is_word {
        return Err(DocxError::Unreadable("没有 word/document.xml".to_owned()));
    }
    if !unknown.is_empty() {
        unknown.sort();
        unknown.dedup();
        return Err(DocxError::UnknownBlank(unknown));
    }
    Ok(packed(files)?)
}

/// The largest part that is read, so that a small file cannot fill the memory.
const LARGEST: u64 = 64 * 1024 * 1024;

fn is_text_part(name: &str) -> bool {
    let part = name.strip_prefix("word/").and_then(|rest| rest.strip_suffix(".xml"));
    part.is_some_and(|part| part == "document" || part.starts_with("header") || part.starts_with("footer"))
}

fn filled_part(xml: &str, values: &BTreeMap<String, String>, unknown: &mut Vec<String>) -> String {
    let paragraphs = xml.split_inclusive("</w:p>");
    paragraphs.map(|paragraph| filled_paragraph(paragraph, values, unknown)).collect()
}

/// The places of the texts between `<w:t>` and `</w:t>`.
fn text_places(xml: &str) -> Vec<std::ops::Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = xml[from..].find("<w:t").map(|at| from + at) {
        let Some(open) = xml[at..].find('>').map(|end| at + end + 1) else { break };
        let is_text = xml[at + 4..].starts_with(['>', ' ']) && !xml[..open].ends_with("/>");
        let Some(close) = xml[open..].find("</w:t>").filter(|_| is_text).map(|end| open + end) else {
            from = open;
            continue;
        };
        places.push(open..close);
        from = close;
    }
    places
}

fn filled_paragraph(xml: &str, values: &BTreeMap<String, String>, unknown: &mut Vec<String>) -> String {
    let places = text_places(xml);
    let whole: String = places.iter().map(|place| &xml[place.clone()]).collect();
    if !whole.contains("{{") {
        return xml.to_owned();
    }
    // Each blank: where it stands in the joined text, and what comes in its place.
    let mut blanks: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut from = 0;
    while let Some(open) = whole[from..].find("{{").map(|at| from + at) {
        let Some(close) = whole[open..].find("}}").map(|end| open + end + 2) else { break };
        let name = whole[open + 2..close - 2].trim();
        match values.get(name) {
            Some(value) => {
                let text = escaped(&printable(&value.replace('\n', "\u{2028}")));
                blanks.push((open..close, text.replace('\u{2028}', "</w:t><w:br/><w:t xml:space=\"preserve\">")));
            }
            None => unknown.push(name.to_owned()),
        }
        from = close;
    }
    let mut out = String::new();
    let (mut copied, mut passed) = (0, 0);
    for place in places {
        out.push_str(&xml[copied..place.start]);
        for (offset, letter) in xml[place.clone()].char_indices() {
            let at = passed + offset;
            match blanks.iter().find(|(range, _)| range.contains(&at)) {
                Some((range, text)) if range.start == at => out.push_str(text),
                Some(_) => {}
                None => out.push(letter),
            }
        }
        passed += place.len();
        copied = place.end;
    }
    out.push_str(&xml[copied..]);
    out
}
