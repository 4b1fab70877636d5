//! Evidence for demonstrations: small pictures and one-page papers that any viewer opens, the same for a seed.
//!
//! A PNG has an 8-bit palette (eight colours in thirty-two shades) with grain, so that it weighs what a small photograph
//! weighs. The PDF embeds no font: it names the Chinese font that every viewer replaces with its own.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use rand::Rng;

use super::shop::Shop;
use super::story::Story;
use super::vocabulary::{below, between, number, pick, yuan};
use super::voice::formal_day;

const WIDTH: i64 = 400;
const HEIGHT: i64 = 300;
const SHADES: i64 = 32;
const PAPER: u8 = 7;
const INK: u8 = 6;

/// Base colours: six of things, then ink and paper.
const COLOURS: [[u8; 3]; 8] = [
    [196, 84, 62],
    [92, 132, 78],
    [70, 108, 156],
    [212, 168, 88],
    [150, 116, 92],
    [128, 128, 138],
    [60, 60, 66],
    [246, 244, 236],
];

/// Digits and the signs of a sum, five rows of three dots each.
const DOTS: [(char, [u8; 5]); 13] = [
    ('0', [7, 5, 5, 5, 7]),
    ('1', [2, 6, 2, 2, 7]),
    ('2', [7, 1, 7, 4, 7]),
    ('3', [7, 1, 7, 1, 7]),
    ('4', [5, 5, 7, 1, 1]),
    ('5', [7, 4, 7, 1, 7]),
    ('6', [7, 4, 7, 5, 7]),
    ('7', [7, 1, 2, 2, 2]),
    ('8', [7, 5, 7, 5, 7]),
    ('9', [7, 5, 7, 1, 7]),
    ('.', [0, 0, 0, 0, 2]),
    ('-', [0, 0, 7, 0, 0]),
    ('¥', [5, 5, 7, 2, 7]),
];

/// A file of the kind of evidence that a story names: its name and its bytes. Nothing for sound and film.
pub fn evidence(rng: &mut impl Rng, kind: &str, story: &Story, shop: &Shop) -> Option<(String, Vec<u8>)> {
    let (name, bytes) = match kind {
        "video" | "recording" => return None,
        "receipt_photo" | "handwritten_receipt" => ("小票.png", receipt_photo(rng, story)),
        "payment_screenshot" | "order_screenshot" => ("付款截图.png", receipt_photo(rng, story)),
        "chat_screenshot" | "call_log" => ("聊天记录.png", chat_screenshot(rng)),
        "bill_screenshot" => ("账单.pdf", receipt_pdf(story, shop, "账单")),
        "invoice" => ("发票.pdf", receipt_pdf(story, shop, "购物凭证")),
        "contract_scan" => ("合同.pdf", receipt_pdf(story, shop, "合同首页")),
        "medical_record" => ("病历.pdf", receipt_pdf(story, shop, "就诊记录")),
        "test_report" | "repair_record" | "certificate_scan" => ("单据.pdf", receipt_pdf(story, shop, "检测维修单")),
        _ => ("照片.png", goods_photo(rng)),
    };
    Some((name.to_owned(), bytes))
}

/// A still life: boxes, bottles and bowls on a table, each with its shadow, one of them marked with a red ring as
/// people do to show the fault.
pub fn goods_photo(rng: &mut impl Rng) -> Vec<u8> {
    let ground = 4 + below(rng, 2) as u8;
    let mut picture = Picture::new(rng, ground);
    let edge = between(rng, 150, 190);
    picture.block(0, edge, WIDTH, HEIGHT, 3);
    let count = between(rng, 2, 4);
    let room = (WIDTH - 60) / count;
    let marked = between(rng, 0, count - 1);
    for place in 0..count {
        let colour = *pick(rng, &[0, 1, 2, 5, PAPER]);
        let label = *pick(rng, &[PAPER, 3, 2]);
        let (width, tall) = (between(rng, room / 2, room - 18), between(rng, 60, 130));
        let (left, foot) = (30 + place * room + between(rng, 0, 14), edge + between(rng, 30, 70));
        let middle = left + width / 2;
        picture.shade(left + 8, foot - 6, left + width + 22, foot + 8);
        match below(rng, 3) {
            0 => {
                picture.block(left, foot - tall, left + width, foot, colour);
                picture.block(left, foot - tall * 2 / 3, left + width, foot - tall / 3, label);
            }
            1 => {
                picture.block(middle - width / 8, foot - tall - 30, middle + width / 8, foot - tall + 10, INK);
                picture.disc(middle, foot - tall + width / 4, width / 4, colour);
                picture.block(middle - width / 4, foot - tall + width / 4, middle + width / 4, foot, colour);
                picture.block(middle - width / 4, foot - tall / 2, middle + width / 4, foot - tall / 5, label);
            }
            _ => {
                picture.disc(middle, foot - width / 3, width / 2, PAPER);
                picture.disc(middle, foot - width / 3, width / 3, colour);
            }
        }
        if place == marked {
            let (at_x, at_y) = (middle + between(rng, -12, 12), foot - between(rng, 20, 50));
            picture.ring(at_x, at_y, between(rng, 18, 30));
        }
    }
    picture.grain(rng);
    picture.png()
}

/// A shop's slip or a payment page: lines of print, the day and the sum.
pub fn receipt_photo(rng: &mut impl Rng, story: &Story) -> Vec<u8> {
    let mut picture = Picture::new(rng, 4);
    let left = between(rng, 90, 130);
    picture.block(left, 10, left + 180, 292, PAPER);
    for line in 0..9 {
        let y = 24 + line * 18;
        picture.block(left + 14, y, left + 14 + between(rng, 50, 150), y + 5, INK);
    }
    picture.print(left + 16, 196, 3, &story.bought_on.to_string());
    picture.print(left + 16, 230, 6, &format!("¥{}", number(story.amount_cents)));
    picture.grain(rng);
    picture.png()
}

/// Bubbles to the left and to the right.
pub fn chat_screenshot(rng: &mut impl Rng) -> Vec<u8> {
    let mut picture = Picture::new(rng, 5);
    picture.block(60, 0, 340, HEIGHT, PAPER);
    let mut y = 14;
    while y < 270 {
        let width = between(rng, 70, 190);
        let (x, colour) = if below(rng, 2) == 0 { (74, 5) } else { (326 - width, 1) };
        let tall = *pick(rng, &[20, 20, 34, 48]);
        picture.block(x, y, x + width, y + tall, colour);
        for row in 0..(tall / 14).max(1) {
            let end = x + 10 + between(rng, 30, width - 16);
            picture.block(x + 10, y + 8 + row * 14, end.min(x + width - 8), y + 12 + row * 14, INK);
        }
        y += tall + 12;
    }
    picture.grain(rng);
    picture.png()
}

/// A drawing on a fixed frame: colour and shade of every point.
struct Picture {
    points: Vec<(u8, i64)>,
}

impl Picture {
    /// A ground with light from one side.
    fn new(rng: &mut impl Rng, ground: u8) -> Self {
        let slope = between(rng, 1, 3);
        let shade = |x: i64, y: i64| (8 + (x * slope + y) * 14 / (WIDTH * slope + HEIGHT)).min(SHADES - 1);
        let points = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (ground, shade(x, y)))).collect();
        Self { points }
    }

    fn block(&mut self, left: i64, top: i64, right: i64, bottom: i64, colour: u8) {
        let height = (bottom - top).max(1);
        for y in top.max(0)..bottom.min(HEIGHT) {
            for x in left.max(0)..right.min(WIDTH) {
                self.points[(y * WIDTH + x) as usize] = (colour, 26 - (y - top) * 8 / height);
            }
        }
    }

    fn disc(&mut self, x: i64, y: i64, radius: i64, colour: u8) {
        for dy in -radius..radius {
            for dx in -radius..radius {
                let (at_x, at_y) = (x + dx, y + dy);
                let inside = dx * dx + dy * dy < radius * radius;
                if inside && (0..WIDTH).contains(&at_x) && (0..HEIGHT).contains(&at_y) {
                    self.points[(at_y * WIDTH + at_x) as usize] = (colour, 20 - (dx + dy) * 8 / radius.max(1));
                }
            }
        }
    }

    fn ring(&mut self, x: i64, y: i64, radius: i64) {
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let (at_x, at_y, square) = (x + dx, y + dy, dx * dx + dy * dy);
                let on_line = (radius - 4) * (radius - 4) < square && square <= radius * radius;
                if on_line && (0..WIDTH).contains(&at_x) && (0..HEIGHT).contains(&at_y) {
                    self.points[(at_y * WIDTH + at_x) as usize] = (0, 24);
                }
            }
        }
    }

    fn shade(&mut self, left: i64, top: i64, right: i64, bottom: i64) {
        for y in top.max(0)..bottom.min(HEIGHT) {
            for x in left.max(0)..right.min(WIDTH) {
                let (_, shade) = &mut self.points[(y * WIDTH + x) as usize];
                *shade = (*shade - 9).max(2);
            }
        }
    }

    fn print(&mut self, left: i64, top: i64, size: i64, text: &str) {
        for (index, letter) in (0_i64..).zip(text.chars()) {
            let Some((_, rows)) = DOTS.iter().find(|(own, _)| *own == letter) else { continue };
            for (row, bits) in (0_i64..).zip(rows) {
                for column in 0..3 {
                    if bits >> (2 - column) & 1 == 1 {
                        let (x, y) = (left + (index * 4 + column) * size, top + row * size);
                        self.block(x, y, x + size, y + size, INK);
                    }
                }
            }
        }
    }

    /// The unevenness of a sensor; it also keeps the file from shrinking to nothing.
    fn grain(&mut self, rng: &mut impl Rng) {
        for (_, shade) in &mut self.points {
            // One draw in four moves the shade: enough for the eye, and the file stays below forty kilobytes.
            *shade = (*shade + [0, 0, 0, 0, 0, 0, 1, -1][below(rng, 8)]).clamp(0, SHADES - 1);
        }
    }

    fn png(&self) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut header = Vec::new();
        header.extend((WIDTH as u32).to_be_bytes());
        header.extend((HEIGHT as u32).to_be_bytes());
        // Eight bits a point, palette, the only compression and filter methods, no interlace.
        header.extend([8, 3, 0, 0, 0]);
        chunk(&mut file, *b"IHDR", &header);
        let palette: Vec<u8> = COLOURS
            .iter()
            .flat_map(|colour| (0..SHADES).map(move |shade| colour.map(|part| lighten(part, shade))))
            .flatten()
            .collect();
        chunk(&mut file, *b"PLTE", &palette);
        let mut rows = Vec::new();
        for row in self.points.chunks(WIDTH as usize) {
            rows.push(0);
            rows.extend(row.iter().map(|(colour, shade)| i64::from(*colour) * SHADES + shade).map(|index| index as u8));
        }
        let mut zip = ZlibEncoder::new(Vec::new(), Compression::new(6));
        // Writing to memory cannot fail.
        let packed = zip.write_all(&rows).and_then(|()| zip.finish()).unwrap_or_default();
        chunk(&mut file, *b"IDAT", &packed);
        chunk(&mut file, *b"IEND", &[]);
        file
    }
}

/// Shade 20 is the colour itself; below is darker, above lighter.
fn lighten(part: u8, shade: i64) -> u8 {
    (i64::from(part) * (20 + shade) / 40 + shade.max(20) - 20).clamp(0, 255) as u8
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(data);
    file.extend(kind);
    file.extend(data);
    file.extend(crc.sum().to_be_bytes());
}

/// A paper of one page: who, what, when, how much.
pub fn receipt_pdf(story: &Story, shop: &Shop, heading: &str) -> Vec<u8> {
    let lines = [
        heading.to_owned(),
        format!("单位：{}", shop.name),
        format!("统一社会信用代码：{}", shop.credit_code),
        format!("日期：{}", formal_day(story.bought_on)),
        format!("项目：{}{}", story.brand.as_deref().unwrap_or_default(), story.goods),
        format!("金额：{}", yuan(story.amount_cents)),
        "（演示用样张，不是真实票据）".to_owned(),
    ];
    let mut content = String::from("0.6 w 50 470 320 2 re f\n");
    for (index, line) in lines.iter().enumerate() {
        let (size, y) = if index == 0 { (20, 490) } else { (12, 470 - index as i64 * 30) };
        content.extend([
            "BT /F1 ",
            &size.to_string(),
            " Tf 50 ",
            &y.to_string(),
            " Td <",
            &utf16_hex(line),
            "> Tj ET\n",
        ]);
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering \
         (GB1) /Supplement 4 >> /DW 1000 /W [1 33 500 34 59 700 60 95 500] /FontDescriptor 7 0 R >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent \
         880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut starts = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        starts.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for start in starts {
        file.extend(format!("{start:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    file
}

fn utf16_hex(text: &str) -> String {
    text.encode_utf16().flat_map(|unit| format!("{unit:04X}").into_bytes()).map(char::from).collect()
}
