//! A paper as HTML: a fragment with classes for a page of the program, or a page of its own that any browser prints for as
//! long as it is kept.

use std::fmt::Write;

use crate::paper::{Align, Block, Cell, Paper, Run, Table, Text};

const STYLE: &str = "@page{size:A4;margin:28mm 25.5mm 24mm 26mm}@page side{size:A4 landscape}body{max-width:158.5mm;margin:12mm auto;color:#000}\
.paper{font:16pt/1.75 FangSong,STFangsong,'Noto Serif CJK SC',SimSun,serif}.paper.side{page:side;max-width:none}\
.paper h1,.paper-head{font:bold 22pt/1.45 SimSun,'Noto Serif CJK SC',serif;text-align:center;margin:0;text-indent:0}\
.paper p{margin:0;text-align:justify}.paper .in{text-indent:2em}.paper .left{text-align:left}.paper .centre{text-align:center}\
.paper .right{text-align:right}.paper-number{margin-bottom:6mm!important}.paper u{text-underline-offset:.2em}.paper u.blank{white-space:pre-wrap}\
.paper-beside{display:flex;gap:1em}.paper-beside>*{flex:1}.paper table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:12pt;\
line-height:1.35}.paper th,.paper td{border:1px solid #000;padding:1mm;font-weight:normal;white-space:pre-line;overflow-wrap:anywhere}\
.paper td{vertical-align:top}.paper .sign{padding-top:1em}.paper-seal{margin:10mm 0 0 38%}.paper-tail{font-size:10.5pt;line-height:1.5;\
margin-top:12mm}.paper-tail.ruled{border-top:1px solid #000;font-size:16pt}.paper-foot{margin-top:8mm;font-size:14pt}\
@media print{body{margin:0;max-width:none}thead{display:table-header-group}}";

/// The paper as an `article` that a page of the program shows. Its looks come from the page's own style sheet.
pub fn fragment(paper: &Paper) -> String {
    let mut out = format!("<article class=\"paper{}\">", if paper.landscape { " side" } else { "" });
    if let Some(mark) = &paper.mark {
        let _ = write!(out, "<p class=\"paper-mark right\">{}</p>", escaped(mark));
    }
    if let Some(head) = &paper.head {
        let _ = write!(out, "<p class=\"paper-head\">{}</p>", inside(head));
    }
    if !paper.title.is_empty() {
        let _ = write!(out, "<h1>{}</h1>", escaped(&paper.title));
    }
    if let Some(number) = &paper.number {
        let _ = write!(out, "<p class=\"paper-number centre\">{}</p>", inside(number));
    }
    for block in &paper.blocks {
        match block {
            Block::Text(text) => paragraph(&mut out, text),
            Block::Beside(texts) => {
                beside(&mut out, texts);
            }
            Block::Table(of) => table(&mut out, of),
            Block::Seal(seal) => {
                out.push_str("<div class=\"paper-seal\">");
                for text in &seal.lines {
                    paragraph(&mut out, &Text { align: Align::Centre, ..text.clone() });
                }
                out.push_str("</div>");
            }
            Block::Room(_) => out.push_str("<p class=\"paper-room\">\u{3000}</p>"),
        }
    }
    if !paper.tail.is_empty() {
        let _ = write!(out, "<div class=\"paper-tail{}\">", if paper.tail_ruled { " ruled" } else { "" });
        paper.tail.iter().for_each(|text| paragraph(&mut out, text));
        out.push_str("</div>");
    }
    let foot = paper.foot.iter().filter(|texts| !texts.iter().any(|text| text.plain().contains("{page}")));
    let foot: Vec<&Vec<Text>> = foot.collect();
    if !foot.is_empty() {
        out.push_str("<div class=\"paper-foot\">");
        for texts in foot {
            beside(&mut out, texts);
        }
        out.push_str("</div>");
    }
    out.push_str("</article>");
    out
}

/// The paper as a whole HTML document with nothing outside it.
pub fn page(paper: &Paper) -> String {
    let title = escaped(&paper.title);
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>{}</html>\n",
        fragment(paper)
    )
}

fn paragraph(out: &mut String, text: &Text) {
    let align = match text.align {
        Align::Justified => "",
        Align::Left => "left",
        Align::Centre => "centre",
        Align::Right => "right",
    };
    let indent = if text.indented { "in" } else { "" };
    let classes = [align, indent].iter().filter(|class| !class.is_empty()).copied().collect::<Vec<_>>().join(" ");
    match classes.as_str() {
        "" => out.push_str("<p>"),
        classes => {
            let _ = write!(out, "<p class=\"{classes}\">");
        }
    }
    let _ = write!(out, "{}</p>", inside(text));
}

fn beside(out: &mut String, texts: &[Text]) {
    out.push_str("<div class=\"paper-beside\">");
    for text in texts {
        paragraph(out, text);
    }
    out.push_str("</div>");
}

fn table(out: &mut String, table: &Table) {
    out.push_str("<table><colgroup>");
    let whole: f32 = table.columns.iter().sum();
    for column in &table.columns {
        let _ = write!(out, "<col style=\"width:{:.2}%\">", column / whole * 100.0);
    }
    out.push_str("</colgroup>");
    for (row, height) in table.rows.iter().enumerate() {
        match row {
            0 if table.head > 0 => out.push_str("<thead>"),
            row if row == table.head => out.push_str("<tbody>"),
            _ => {}
        }
        let _ = write!(out, "<tr style=\"height:{height}mm\">");
        for cell in table.cells.iter().filter(|cell| cell.at.0 == row) {
            cell_of(out, cell, row < table.head);
        }
        out.push_str("</tr>");
        if table.head > 0 && row + 1 == table.head {
            out.push_str("</thead>");
        }
    }
    out.push_str("</tbody></table>");
}

fn cell_of(out: &mut String, cell: &Cell, head: bool) {
    let tag = match (cell.label, head) {
        (true, true) => "th scope=\"col\"",
        (true, false) => "th scope=\"row\"",
        _ => "td",
    };
    let _ = write!(out, "<{tag}");
    for (name, count) in [("rowspan", cell.span.0), ("colspan", cell.span.1)] {
        if count > 1 {
            let _ = write!(out, " {name}=\"{count}\"");
        }
    }
    out.push('>');
    match cell.body.as_slice() {
        [only] if cell.foot.is_empty() && only.align != Align::Right => out.push_str(&inside(only)),
        several => several.iter().for_each(|text| paragraph(out, text)),
    }
    for (index, text) in cell.foot.iter().enumerate() {
        let class = if index == 0 { "sign right" } else { "right" };
        let _ = write!(out, "<p class=\"{class}\">{}</p>", inside(text));
    }
    out.push_str(if tag == "td" { "</td>" } else { "</th>" });
}

fn inside(text: &Text) -> String {
    text.runs.iter().map(run).collect()
}

fn run(run: &Run) -> String {
    let mut text = escaped(&run.text).replace('\n', "<br>");
    if run.strong {
        text = format!("<b>{text}</b>");
    }
    match (run.ruled, run.text.chars().all(|letter| letter == '\u{3000}')) {
        (true, true) => format!("<u class=\"blank\">{text}</u>"),
        (true, false) => format!("<u>{text}</u>"),
        _ => text,
    }
}

/// Text that stays text, in HTML as in XML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
    out
}
