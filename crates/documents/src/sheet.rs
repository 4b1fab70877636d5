//! A paper as a page of its own: A4, readable by any browser for as long as the file is kept, without this program.

use std::fmt::Write;

/// What stands on the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Printed title.
    pub title: String,
    /// The bureau in whose name it goes out.
    pub bureau: String,
    /// Document number; empty when the form has none.
    pub number: String,
    /// The addressed line.
    pub addressee: Option<String>,
    /// Rows of a table form: group, label, value.
    pub rows: Vec<(Option<String>, String, String)>,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// Places to sign: label, and whether a date stands beside it.
    pub signatures: Vec<(String, bool)>,
    /// Whether bureau, seal and date stand at the end.
    pub sealed: bool,
    /// The day in words.
    pub day: String,
    /// The printed notes.
    pub notes: Vec<String>,
}

const STYLE: &str = "@page{size:A4;margin:28mm 26mm}body{font:16pt/1.75 FangSong,STFangsong,'Noto Serif CJK SC',SimSun,serif;max-width:158mm;\
margin:12mm auto;color:#000}h1{font:bold 22pt/1.4 SimSun,'Noto Serif CJK SC',serif;text-align:center;margin:0 0 6mm}p{margin:0;text-indent:2em;\
text-align:justify}.a,.n{text-indent:0}.n{text-align:right}.e{text-align:right;text-indent:0;margin-top:12mm}table{border-collapse:collapse;\
width:100%;font-size:14pt}th,td{border:1px solid #000;padding:2mm 3mm;text-align:left;vertical-align:top;white-space:pre-line}th{width:28%;\
font-weight:normal}.s{text-indent:0;margin-top:8mm}.k{font-size:10.5pt;line-height:1.5;border-top:1px solid #000;margin-top:12mm;padding-top:3mm}\
.k p{text-indent:0}";

impl Sheet {
    /// The paper as a whole HTML document, with nothing outside it.
    pub fn html(&self) -> String {
        let mut page = String::from("<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>");
        page.push_str(&escaped(&self.title));
        let _ = write!(page, "</title><style>{STYLE}</style><h1>{}</h1>", escaped(&self.title));
        paragraph(&mut page, "n", &self.number);
        paragraph(&mut page, "a", self.addressee.as_deref().unwrap_or_default());
        if !self.rows.is_empty() {
            page.push_str("<table>");
            for (group, label, value) in &self.rows {
                let label = group.as_ref().map_or_else(|| label.clone(), |group| format!("{group} · {label}"));
                let _ = write!(page, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(&label), escaped(value));
            }
            page.push_str("</table>");
        }
        self.paragraphs.iter().for_each(|text| paragraph(&mut page, "", text));
        for (label, dated) in &self.signatures {
            let date = if *dated { "　　　　年　　月　　日" } else { "" };
            paragraph(&mut page, "s", &format!("{label}：　　　　　　　　{date}"));
        }
        if self.sealed {
            paragraph(&mut page, "e", &format!("{}（印章）", self.bureau));
            paragraph(&mut page, "n", &self.day);
        }
        if !self.notes.is_empty() {
            page.push_str("<div class=\"k\">");
            self.notes.iter().for_each(|note| paragraph(&mut page, "", &format!("注：{note}")));
            page.push_str("</div>");
        }
        page.push_str("</html>\n");
        page
    }
}

fn paragraph(page: &mut String, class: &str, text: &str) {
    if !text.is_empty() {
        let _ = write!(page, "<p class=\"{class}\">{}</p>", escaped(text));
    }
}

fn escaped(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn what_people_wrote_stays_text() {
        let sheet = Sheet {
            title: "投诉登记表".into(),
            paragraphs: vec!["<script>alert(1)</script>".into()],
            ..Sheet::default()
        };
        let page = sheet.html();
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script"));
    }

    #[test]
    fn a_sealed_letter_ends_with_bureau_and_day() {
        let sheet = Sheet {
            bureau: "二七区市场监督管理局".into(),
            day: "2026年4月20日".into(),
            sealed: true,
            ..Sheet::default()
        };
        let page = sheet.html();
        let (bureau, day) = (page.find("二七区市场监督管理局"), page.find("2026年4月20日"));
        assert!(bureau.is_some() && bureau < day);
    }
}
