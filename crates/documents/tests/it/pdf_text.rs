//! The text of a PDF as a reader's program sees it: by the tables in the file itself, without the code that wrote it.

use std::collections::BTreeMap;
use std::io::Read as _;

/// The text of each page, a line of type each.
pub fn pages(pdf: &[u8]) -> Vec<String> {
    let objects = objects(pdf);
    let mut pages = Vec::new();
    for body in objects.values().filter(|body| find(body, b"/Type/Page/").is_some()) {
        let resources = &objects[&reference(body, b"/Resources ").expect("resources")];
        let mut fonts = BTreeMap::new();
        let at = find(resources, b"/Font<<").expect("fonts") + 7;
        let list =
            String::from_utf8_lossy(&resources[at..at + find(&resources[at..], b">>").expect("an end")]).into_owned();
        let words: Vec<&str> = list.split_whitespace().flat_map(|word| word.split_inclusive('R')).collect();
        let words = words.join(" ");
        for entry in words.split('/').filter(|entry| !entry.trim().is_empty()) {
            let mut parts = entry.split_whitespace();
            let (name, number) = (parts.next().expect("a name"), parts.next().expect("a number"));
            let font = &objects[&number.parse().expect("a number")];
            let map = &objects[&reference(font, b"/ToUnicode ").expect("a table of characters")];
            fonts.insert(name.to_owned(), characters(&stream(map)));
        }
        let content = stream(&objects[&reference(body, b"/Contents ").expect("contents")]);
        pages.push(shown(&content, &fonts));
    }
    pages
}

/// The whole text without any spaces, as it is compared.
pub fn squeezed(pdf: &[u8]) -> String {
    pages(pdf).concat().chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn objects(pdf: &[u8]) -> BTreeMap<u32, Vec<u8>> {
    let mut objects = BTreeMap::new();
    let mut from = 0;
    while let Some(at) = find(&pdf[from..], b" 0 obj").map(|at| from + at) {
        let digits = pdf[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&pdf[at - digits..at]).expect("digits").parse();
        let end = at + find(&pdf[at..], b"endobj").expect("an end");
        if let Ok(number) = number {
            objects.insert(number, pdf[at + 6..end].to_vec());
        }
        from = end;
    }
    objects
}

fn reference(body: &[u8], key: &[u8]) -> Option<u32> {
    let at = find(body, key)? + key.len();
    let digits: String = body[at..].iter().take_while(|byte| byte.is_ascii_digit()).map(|byte| *byte as char).collect();
    digits.parse().ok()
}

fn stream(body: &[u8]) -> Vec<u8> {
    let at = find(body, b"stream").expect("a stream") + 6;
    let start = at + body[at..].iter().take_while(|byte| b"\r\n".contains(byte)).count();
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(&body[start..]).read_to_end(&mut out).expect("deflated");
    out
}

/// From glyph numbers to text, by the table in the file.
fn characters(map: &[u8]) -> BTreeMap<u16, String> {
    let text = String::from_utf8_lossy(map);
    let mut characters = BTreeMap::new();
    for part in text.split("beginbfchar").skip(1) {
        let hex: Vec<&str> =
            part.split("endbfchar").next().expect("an end").split(['<', '>']).skip(1).step_by(2).collect();
        for pair in hex.chunks_exact(2) {
            let units: Vec<u16> = pair[1]
                .as_bytes()
                .chunks(4)
                .map(|unit| u16::from_str_radix(std::str::from_utf8(unit).expect("hex"), 16).expect("hex"))
                .collect();
            let glyph = u16::from_str_radix(pair[0], 16).expect("hex");
            characters.insert(glyph, String::from_utf16(&units).expect("characters"));
        }
    }
    characters
}

/// Follows the operators of a page: fonts, strings, and spans that say their text themselves.
fn shown(content: &[u8], fonts: &BTreeMap<String, BTreeMap<u16, String>>) -> String {
    let mut out = String::new();
    let mut font = None;
    let mut word = String::new();
    let mut silent = false;
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (bytes, next) = literal(content, at + 1);
                if let (Some(font), false) = (font, silent) {
                    let font: &BTreeMap<u16, String> = font;
                    for pair in bytes.chunks_exact(2) {
                        out.push_str(&font[&u16::from_be_bytes([pair[0], pair[1]])]);
                    }
                }
                at = next;
                continue;
            }
            b'<' if content.get(at + 1) == Some(&b'<') => at += 1,
            b'<' => {
                let end = at + find(&content[at..], b">").expect("an end");
                let hex = std::str::from_utf8(&content[at + 1..end]).expect("hex");
                let units: Vec<u16> = (0..hex.len() / 4)
                    .map(|unit| u16::from_str_radix(&hex[unit * 4..unit * 4 + 4], 16).expect("hex"))
                    .collect();
                if units.first() == Some(&0xFEFF) {
                    out.push_str(&String::from_utf16(&units[1..]).expect("characters"));
                    silent = true;
                } else if let (Some(font), false) = (font, silent) {
                    out.extend(units.iter().map(|unit| font[unit].as_str()));
                }
                at = end + 1;
                continue;
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'/' => {
                if byte == b'/' {
                    word.clear();
                }
                word.push(byte as char);
            }
            _ => {
                match word.as_str() {
                    "EMC" => silent = false,
                    "ET" => out.push('\n'),
                    name if name.starts_with("/f") => font = fonts.get(&name[1..]).or(font),
                    _ => {}
                }
                word.clear();
            }
        }
        at += 1;
    }
    out
}

/// The bytes of `(…)`, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut depth = 1;
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                let octal: Vec<u8> =
                    content[at..].iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).copied().collect();
                if octal.is_empty() {
                    bytes.push(match content[at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                } else {
                    bytes.push(octal.iter().fold(0u8, |value, digit| value.wrapping_mul(8).wrapping_add(digit - b'0')));
                    at += octal.len() - 1;
                }
            }
            b'(' => {
                depth += 1;
                bytes.push(b'(');
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (bytes, at + 1);
                }
                bytes.push(b')');
            }
            byte => bytes.push(byte),
        }
        at += 1;
    }
}
