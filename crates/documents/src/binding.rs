//! 案卷的装订: papers and pictures bound into one PDF, each sheet stamped with the number of its item and of its page. What comes
//! out is PDF/A-2b (ISO 19005-2): everything needed to show it is in it.

use jiff::civil::DateTime;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::configure::{Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_jpeg::JpegDecoder;

use crate::font::{Fonts, MissingCharacter, Role};
use crate::layout::line::{Measure, set};
use crate::layout::{MM, Page, Pages, Placed, lay_out};
use crate::paper::{Align, Paper, Text};
use crate::pdf::{PrintError, draw_line, draw_rule};
use crate::picture::{self, PIXELS_AT_MOST};

/// What stands for a character that no font shows.
const STAND_IN: char = '〓';
/// The size of the stamp and of what stands under a picture.
const SMALL: f32 = 10.0;
/// A4 in points.
const A4: (f32, f32) = (210.0 * MM, 297.0 * MM);
/// The margin around a picture.
const AROUND: f32 = 22.0 * MM;

/// Where an item lies in a bound file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// 件号, from 1.
    pub item: usize,
    /// 页号 of its first page, from 1.
    pub first: usize,
    /// How many pages it has.
    pub pages: usize,
}

/// A file being bound.
pub struct Binding<'a> {
    fonts: &'a Fonts,
    sheets: Vec<Sheets>,
    titles: Vec<String>,
    spans: Vec<Span>,
    missing: Vec<char>,
}

enum Sheets {
    Laid(Pages),
    Picture { image: Image, caption: Pages },
}

impl Sheets {
    fn count(&self) -> usize {
        match self {
            Sheets::Laid(laid) => laid.pages.len(),
            Sheets::Picture { .. } => 1,
        }
    }
}

impl<'a> Binding<'a> {
    /// An empty file.
    pub fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, sheets: Vec::new(), titles: Vec::new(), spans: Vec::new(), missing: Vec::new() }
    }

    /// Binds a paper in as the next item. A character that no font shows is printed as 〓 and told by [`Binding::missing`].
    pub fn paper(&mut self, title: &str, paper: Paper) -> Span {
        let laid = self.laid(paper);
        self.push(title, Sheets::Laid(laid))
    }

    /// Binds a picture in as the next item, upright, with words under it; nothing when it is none that can be printed.
    pub fn picture(&mut self, title: &str, bytes: &[u8], caption: &str) -> Option<Span> {
        let image = image(bytes)?;
        let lines = caption.lines().map(|line| crate::paper::Block::Text(Text::flush(line))).collect();
        let mut paper = Paper { blocks: lines, ..Paper::default() };
        (paper.sizes.text, paper.sizes.leading) = (SMALL, SMALL * 1.5);
        let caption = self.laid(paper);
        Some(self.push(title, Sheets::Picture { image, caption }))
    }

    /// The characters that no font shows, each once.
    pub fn missing(&self) -> &[char] {
        &self.missing
    }

    /// The items that are bound in so far.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// How many pages they have.
    pub fn pages(&self) -> usize {
        self.spans.last().map_or(0, |last| last.first + last.pages - 1)
    }

    /// The whole as a PDF, between what lies before and after and has no page numbers of the file.
    /// `made` is the time in Beijing that the PDF gives as its own.
    pub fn pdf(
        mut self,
        title: &str,
        made: DateTime,
        before: Vec<Paper>,
        after: Vec<Paper>,
    ) -> Result<Vec<u8>, PrintError> {
        let mut document =
            Document::new_with(SerializeSettings { configuration: archival(), ..SerializeSettings::default() });
        let named = Metadata::new().title(title.to_owned()).language("zh-CN".to_owned());
        document.set_metadata(named.creation_date(pdf_time(made)));
        let mut outline = Outline::new();
        let mut at = 0;
        let point_to = |outline: &mut Outline, title: &str, at: usize| {
            let place = XyzDestination::new(at, Point::from_xy(0.0, 0.0));
            outline.push_child(OutlineNode::new(title.to_owned(), place));
        };
        let front: Vec<(String, Pages)> = before.into_iter().map(|paper| self.titled(paper)).collect();
        let back: Vec<(String, Pages)> = after.into_iter().map(|paper| self.titled(paper)).collect();
        for (title, laid) in &front {
            point_to(&mut outline, title, at);
            at += draw_pages(&mut document, laid, &[])?;
        }
        for ((sheets, title), span) in self.sheets.iter().zip(&self.titles).zip(&self.spans) {
            point_to(&mut outline, &format!("{} {title}", span.item), at);
            at += match sheets {
                Sheets::Laid(laid) => {
                    let stamps: Vec<Placed> =
                        (0..span.pages).map(|page| self.stamp(*span, page, laid.size.0)).collect::<Result<_, _>>()?;
                    draw_pages(&mut document, laid, &stamps)?
                }
                Sheets::Picture { image, caption } => {
                    draw_picture(&mut document, image, caption, &self.stamp(*span, 0, A4.0)?)?;
                    1
                }
            };
        }
        for (title, laid) in &back {
            point_to(&mut outline, title, at);
            at += draw_pages(&mut document, laid, &[])?;
        }
        document.set_outline(outline);
        document.finish().map_err(|error| PrintError::Writing(format!("{error:?}")))
    }

    fn push(&mut self, title: &str, sheets: Sheets) -> Span {
        let span = Span { item: self.spans.len() + 1, first: self.pages() + 1, pages: sheets.count() };
        self.sheets.push(sheets);
        self.titles.push(title.to_owned());
        self.spans.push(span);
        span
    }

    fn titled(&mut self, paper: Paper) -> (String, Pages) {
        let title = if paper.title.is_empty() { "封面".to_owned() } else { paper.title.clone() };
        (title, self.laid(paper))
    }

    fn laid(&mut self, mut paper: Paper) -> Pages {
        loop {
            match lay_out(self.fonts, &paper) {
                Ok(laid) => return laid,
                Err(MissingCharacter(letter)) => {
                    if !self.missing.contains(&letter) {
                        self.missing.push(letter);
                    }
                    paper.replace(letter, if letter == STAND_IN { '□' } else { STAND_IN });
                }
            }
        }
    }

    /// 件号 and 页号 at the upper right of a sheet.
    fn stamp(&self, span: Span, page: usize, width: f32) -> Result<Placed, PrintError> {
        let text =
            Text { align: Align::Right, ..Text::flush(format!("件号 {}　页号 {}", span.item, span.first + page)) };
        let measure = Measure { width: width - 2.0 * AROUND, size: SMALL, role: Role::Text };
        let line = set(self.fonts, &text, measure)?.remove(0);
        Ok(Placed { line, at: (AROUND, 14.0 * MM), size: SMALL })
    }
}

fn pdf_time(at: DateTime) -> krilla::metadata::DateTime {
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let day = krilla::metadata::DateTime::new(u16::try_from(at.year()).unwrap_or_default());
    let day = day.month(small(at.month())).day(small(at.day()));
    let time = day.hour(small(at.hour())).minute(small(at.minute())).second(small(at.second()));
    time.utc_offset_hour(8).utc_offset_minute(0)
}

fn archival() -> Configuration {
    let built = ConfigurationBuilder::new().with_archival_validator(Archival::A2_B).finish();
    built.expect("one standard alone agrees with itself")
}

fn sheet_of(size: (f32, f32)) -> Result<PageSettings, PrintError> {
    PageSettings::from_wh(size.0, size.1).ok_or_else(|| PrintError::Writing("纸张".to_owned()))
}

/// Draws all sheets of a paper, each with its stamp; gives how many.
fn draw_pages(document: &mut Document, laid: &Pages, stamps: &[Placed]) -> Result<usize, PrintError> {
    for (index, page) in laid.pages.iter().enumerate() {
        let mut sheet = document.start_page_with(sheet_of(laid.size)?);
        let mut surface = sheet.surface();
        draw_page(&mut surface, page);
        if let Some(stamp) = stamps.get(index) {
            draw_line(&mut surface, stamp);
        }
        surface.finish();
        sheet.finish();
    }
    Ok(laid.pages.len())
}

fn draw_page(surface: &mut krilla::surface::Surface<'_>, page: &Page) {
    page.rules.iter().for_each(|rule| draw_rule(surface, rule));
    page.lines.iter().for_each(|line| draw_line(surface, line));
}

/// A picture on a sheet of its own: as large as there is room, never larger than 96 dots an inch make it.
fn draw_picture(document: &mut Document, image: &Image, caption: &Pages, stamp: &Placed) -> Result<(), PrintError> {
    let mut sheet = document.start_page_with(sheet_of(A4)?);
    let mut surface = sheet.surface();
    draw_line(&mut surface, stamp);
    let lines = caption.pages.first().map_or(&[][..], |page| &page.lines);
    let below = lines.len() as f32 * SMALL * 1.5 + 4.0 * MM;
    let room = (A4.0 - 2.0 * AROUND, A4.1 - 2.0 * AROUND - below);
    let (width, height) = image.size();
    let (width, height) = (width as f32 * 0.75, height as f32 * 0.75);
    let scale = (room.0 / width).min(room.1 / height).min(1.0);
    let (width, height) = (width * scale, height * scale);
    let left = (A4.0 - width) / 2.0;
    if let Some(size) = Size::from_wh(width, height) {
        surface.push_transform(&Transform::from_translate(left, AROUND));
        surface.draw_image(image.clone(), size);
        surface.pop();
    }
    for (index, line) in lines.iter().enumerate() {
        let at = (AROUND, AROUND + height + 4.0 * MM + (index as f32 + 1.0) * SMALL * 1.5);
        draw_line(&mut surface, &Placed { line: line.line.clone(), at, size: SMALL });
    }
    surface.finish();
    sheet.finish();
    Ok(())
}

/// A picture as the PDF writer takes it; none when it is none, or one that it could not write.
fn image(bytes: &[u8]) -> Option<Image> {
    let upright = |bytes: &[u8]| picture::copy(bytes, &[]).ok().map(|copy| copy.bytes);
    match bytes {
        // The bytes of a photograph go in as they are, unless it has to be turned or is made for a press.
        [0xFF, 0xD8, 0xFF, ..] if is_plain(bytes) => Image::from_jpeg(bytes.to_vec().into(), false).ok(),
        [0xFF, 0xD8, 0xFF, ..] => Image::from_jpeg(upright(bytes)?.into(), false).ok(),
        [0x89, b'P', b'N', b'G', ..] => Image::from_png(upright(bytes)?.into(), false).ok(),
        [b'G', b'I', b'F', ..] => proved(Image::from_gif(bytes.to_vec().into(), false).ok()?),
        [b'R', b'I', b'F', b'F', ..] => proved(Image::from_webp(bytes.to_vec().into(), false).ok()?),
        _ => None,
    }
}

/// Whether a photograph is upright and in the colours of a screen.
fn is_plain(bytes: &[u8]) -> bool {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    let read = decoder.decode_headers().is_ok();
    let colours = decoder.input_colorspace();
    let turned = decoder.exif().map_or(1, |exif| picture::orientation(exif));
    read && turned == 1 && matches!(colours, Some(ColorSpace::Luma | ColorSpace::YCbCr | ColorSpace::RGB))
}

/// The picture, if a sheet with nothing but it can be written: it is decoded only then.
fn proved(image: Image) -> Option<Image> {
    let (width, height) = image.size();
    if u64::from(width) * u64::from(height) > PIXELS_AT_MOST {
        return None;
    }
    let mut document = Document::new();
    let mut sheet = document.start_page_with(sheet_of(A4).ok()?);
    let mut surface = sheet.surface();
    surface.draw_image(image.clone(), Size::from_wh(100.0, 100.0)?);
    surface.finish();
    sheet.finish();
    document.finish().ok().map(|_| image)
}

#[cfg(test)]
mod tests {
    use super::Binding;
    use crate::font::Fonts;
    use crate::paper::{Block, Paper, Text};
    use jiff::civil::date;

    fn paper(title: &str, lines: usize) -> Paper {
        let text = || Block::Text(Text::flush("买回三天不能加热，店家不肯退。"));
        Paper { title: title.to_owned(), blocks: (0..lines).map(|_| text()).collect(), ..Paper::default() }
    }

    fn picture() -> Vec<u8> {
        let mut written = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut written, 90);
        encoder.encode(&[120; 64 * 48 * 3], 64, 48, jpeg_encoder::ColorType::Rgb).expect("a picture");
        written
    }

    #[test]
    fn items_and_pages_are_counted_through() {
        let fonts = Fonts::built_in();
        let mut binding = Binding::new(&fonts);
        let first = binding.paper("投诉登记表", paper("投诉登记表", 60));
        assert_eq!((first.item, first.first, first.pages), (1, 1, 3));
        let second = binding.picture("小票.jpg", &picture(), "小票.jpg").expect("a picture");
        assert_eq!((second.item, second.first, second.pages), (2, 4, 1));
        assert!(binding.picture("录音", b"ID3 not a picture", "").is_none());
        assert_eq!(binding.pages(), 4);
        let pdf = binding
            .pdf("案卷", date(2026, 6, 1).at(9, 0, 0, 0), vec![paper("", 1)], vec![paper("备考表", 1)])
            .expect("a file");
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("pdfaid:part") && text.contains("pdfaid:conformance"), "it says that it is PDF/A");
    }

    #[test]
    fn the_same_items_give_the_same_bytes() {
        let fonts = Fonts::built_in();
        let bind = || {
            let mut binding = Binding::new(&fonts);
            binding.paper("投诉登记表", paper("投诉登记表", 3));
            binding.picture("小票.jpg", &picture(), "小票.jpg").expect("a picture");
            binding.pdf("案卷", date(2026, 6, 1).at(9, 0, 0, 0), Vec::new(), Vec::new()).expect("a file")
        };
        assert_eq!(bind(), bind());
    }

    #[test]
    fn a_character_without_a_font_is_told_and_stops_nothing() {
        let fonts = Fonts::built_in();
        let mut binding = Binding::new(&fonts);
        let odd = Paper { blocks: vec![Block::Text(Text::flush("店主\u{10FFFD}某"))], ..Paper::default() };
        binding.paper("笔录", odd);
        assert_eq!(binding.missing(), ['\u{10FFFD}']);
        binding.pdf("案卷", date(2026, 6, 1).at(9, 0, 0, 0), Vec::new(), Vec::new()).expect("a file");
    }

    #[test]
    fn a_broken_picture_is_not_bound_in() {
        let fonts = Fonts::built_in();
        let mut binding = Binding::new(&fonts);
        assert!(binding.picture("坏的", &picture()[..40], "").is_none());
        assert!(binding.picture("坏的", b"GIF89a\x01\x00\x01\x00\x00\x00\x00", "").is_none());
        assert!(binding.picture("坏的", b"\x89PNG\r\n\x1a\nnothing", "").is_none());
    }
}
