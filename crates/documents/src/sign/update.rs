//! The update behind the end of a PDF that holds room for a signature. It knows the files that this program writes (a plain
//! table of objects, dictionaries outside of streams) and refuses every other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::SignError;

/// What the signature says about itself.
pub(super) struct Said<'a> {
    pub(super) name: &'a str,
    pub(super) reason: &'a str,
    pub(super) at: &'a str,
}

/// A file with room for a signature.
pub(super) struct Update {
    pub(super) bytes: Vec<u8>,
    /// The room, with the brackets at its ends: all that is not signed.
    pub(super) room: Range<usize>,
}

/// Digits of a place in the file; enough for ten gigabytes.
const PLACE: usize = 10;

/// The file with a signature field, and zeros where the signature of so many bytes at most goes.
pub(super) fn with_room(pdf: &[u8], most: usize, said: &Said<'_>) -> Result<Update, SignError> {
    let file = File::read(pdf)?;
    let page = file.first_page()?;
    let (signature, field) = (file.count, file.count + 1);
    let mut out = pdf.to_vec();
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut put = |out: &mut Vec<u8>, number: usize, body: &str| {
        places.insert(number, out.len());
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    };
    put(&mut out, page, &file.with(page, &format!("/Annots[{field} 0 R]"), "/Annots")?);
    let form = format!("/AcroForm<</Fields[{field} 0 R]/SigFlags 3>>");
    put(&mut out, file.root, &file.with(file.root, &form, "/AcroForm")?);
    let widget = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/V {signature} 0 R/Rect[0 0 0 0]/F 132/P {page} 0 R>>"
    );
    put(&mut out, field, &widget);
    let before = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M({})/Name{}/Reason{}/ByteRange[",
        said.at,
        text(said.name),
        text(said.reason)
    );
    let head = format!("{signature} 0 obj\n").len();
    let ranges = out.len() + head + before.len();
    let blank = " ".repeat(PLACE * 3 + 4);
    let body = format!("{before}{blank}]/Contents<{}>>>", "0".repeat(most * 2));
    put(&mut out, signature, &body);
    let from = ranges + blank.len() + "]/Contents".len();
    let room = from..from + most * 2 + 2;
    let table = out.len();
    out.extend_from_slice(file.table(&places, field + 1).as_bytes());
    out.extend_from_slice(format!("startxref\n{table}\n%%EOF\n").as_bytes());
    let said = format!("0 {:<PLACE$} {:<PLACE$} {:<PLACE$}", room.start, room.end, out.len() - room.end);
    out[ranges..ranges + said.len()].copy_from_slice(said.as_bytes());
    Ok(Update { bytes: out, room })
}

/// A text string of any characters: UTF-16, as hexadecimal.
fn text(text: &str) -> String {
    let mut out = "<FEFF".to_owned();
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out + ">"
}

/// What has to be known of the file.
struct File<'a> {
    pdf: &'a [u8],
    /// Where its table of objects lies.
    table: usize,
    /// Where each object lies.
    places: Vec<usize>,
    /// How many objects it has.
    count: usize,
    /// The number of its catalogue.
    root: usize,
    /// Its trailer without `Size`.
    trailer: String,
}

impl<'a> File<'a> {
    fn read(pdf: &'a [u8]) -> Result<Self, SignError> {
        let tail = ascii(&pdf[pdf.len().saturating_sub(64)..]);
        let table = tail.rsplit_once("startxref").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
        let table: usize = table.filter(|place| *place < pdf.len()).ok_or(SignError::Shape("没有对象表"))?;
        let end = ascii(&pdf[table..]);
        let (rows, rest) = end.split_once("trailer").ok_or(SignError::Shape("没有文件尾"))?;
        let places: Vec<usize> = rows
            .lines()
            .filter(|line| line.trim_end().ends_with([' ', 'n', 'f']) && line.len() >= 18)
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        let dictionary = rest.split("startxref").next().unwrap_or_default().trim();
        let root = number_after(dictionary, "/Root").ok_or(SignError::Shape("没有目录"))?;
        let count = number_after(dictionary, "/Size").ok_or(SignError::Shape("没有对象数"))?;
        if places.len() != count {
            return Err(SignError::Shape("对象表不完整"));
        }
        let trailer = dictionary.replacen(&format!("/Size {count}"), "", 1);
        Ok(Self { pdf, table, places, count, root, trailer })
    }

    /// The dictionary of an object.
    fn object(&self, number: usize) -> Result<String, SignError> {
        let from = *self.places.get(number).ok_or(SignError::Shape("没有这个对象"))?;
        let bytes = self.pdf.get(from..).ok_or(SignError::Shape("没有这个对象"))?;
        let end = find(bytes, b"endobj").ok_or(SignError::Shape("对象不在原处"))?;
        let body = bytes[..end].strip_prefix(format!("{number} 0 obj").as_bytes());
        let text = body.map(<[u8]>::to_vec).and_then(|body| String::from_utf8(body).ok());
        let text = text.map(|text| text.trim().to_owned());
        text.filter(|text| text.starts_with("<<") && text.ends_with(">>")).ok_or(SignError::Shape("对象不是字典"))
    }

    /// The number of the first page.
    fn first_page(&self) -> Result<usize, SignError> {
        let lost = || SignError::Shape("没有页");
        let mut at = number_after(&self.object(self.root)?, "/Pages").ok_or_else(lost)?;
        for _ in 0..self.count {
            let node = self.object(at)?;
            match node.split_once("/Kids") {
                Some((_, kids)) => {
                    let first = kids.trim_start().trim_start_matches('[').split_whitespace().next();
                    at = first.and_then(|number| number.parse().ok()).ok_or_else(lost)?;
                }
                None => return Ok(at),
            }
        }
        Err(lost())
    }

    /// An object with one more entry, which it must not have yet.
    fn with(&self, number: usize, entry: &str, key: &str) -> Result<String, SignError> {
        let body = self.object(number)?;
        if body.contains(key) {
            return Err(SignError::Shape("已经有签名或者批注"));
        }
        Ok(format!("{}{entry}>>", &body[..body.len() - 2]))
    }

    /// The table of what is new, and the trailer that points to the one before.
    fn table(&self, places: &BTreeMap<usize, usize>, count: usize) -> String {
        let mut out = "xref\n".to_owned();
        for (number, place) in places {
            let _ = write!(out, "{number} 1\n{place:010} 00000 n \n");
        }
        let rest = self.trailer.trim_start_matches("<<");
        let _ = write!(out, "trailer\n<</Size {count}/Prev {}{rest}\n", self.table);
        out
    }
}

/// Bytes as text for looking, each one a character.
fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The number after a key: its value, or the object that it refers to.
fn number_after(dictionary: &str, key: &str) -> Option<usize> {
    let (_, rest) = dictionary.split_once(key)?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
