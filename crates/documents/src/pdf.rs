//! A paper as PDF: text that can be selected and searched, the fonts in it cut down to what it uses. The same paper and the
//! same fonts give the same bytes.

use std::ops::Range;

use fast_qr::qr::QRBuilder;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::{Location, Surface};
use krilla::text::{Glyph, GlyphId};

use crate::font::{Fonts, MissingCharacter};
use crate::layout::line::Atom;
use crate::layout::{MM, Placed, PlacedCode, PlacedPicture, Rule, lay_out};
use crate::paper::Paper;

/// Why a paper could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A character that no font shows.
    #[error(transparent)]
    Missing(#[from] MissingCharacter),
    /// The file could not be written.
    #[error("PDF 没有写成：{0}")]
    Writing(String),
}

/// The paper as a PDF file.
pub fn pdf(fonts: &Fonts, paper: &Paper) -> Result<Vec<u8>, PrintError> {
    let laid = lay_out(fonts, paper)?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(paper.title.clone()).language("zh-CN".to_owned()));
    let (width, height) = laid.size;
    for page in &laid.pages {
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| PrintError::Writing("纸张".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for rule in &page.rules {
            draw_rule(&mut surface, rule);
        }
        for placed in &page.lines {
            draw_line(&mut surface, placed);
        }
        for placed in &page.pictures {
            draw_picture(&mut surface, placed)?;
        }
        if let Some(code) = &page.code {
            draw_code(&mut surface, code);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| PrintError::Writing(format!("{error:?}")))
}

/// A picture over what is there; its transparent parts let that through.
fn draw_picture(surface: &mut Surface<'_>, placed: &PlacedPicture) -> Result<(), PrintError> {
    let wrong = || PrintError::Writing("印章或者签名的图片读不出来".to_owned());
    let image = Image::from_png(placed.picture.png.to_vec().into(), true).map_err(|_| wrong())?;
    let size = Size::from_wh(placed.picture.width * MM, placed.picture.height * MM).ok_or_else(wrong)?;
    surface.push_transform(&Transform::from_translate(placed.at.0, placed.at.1));
    surface.draw_image(image, size);
    surface.pop();
    Ok(())
}

/// The code as one path of squares, so that it stays sharp at any size. An address that is too long for a code has none.
fn draw_code(surface: &mut Surface<'_>, code: &PlacedCode) {
    let Ok(made) = QRBuilder::new(code.address.clone()).build() else { return };
    let module = code.side / made.size as f32;
    let mut builder = PathBuilder::new();
    for row in 0..made.size {
        for column in (0..made.size).filter(|column| made[row][*column].value()) {
            let (x, y) = (code.at.0 + column as f32 * module, code.at.1 + row as f32 * module);
            builder.move_to(x, y);
            builder.line_to(x + module, y);
            builder.line_to(x + module, y + module);
            builder.line_to(x, y + module);
            builder.close();
        }
    }
    let Some(path) = builder.finish() else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(black()));
    surface.draw_path(&path);
}

fn black() -> Fill {
    Fill { paint: rgb::Color::black().into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn stroke(thick: f32) -> Stroke {
    Stroke { paint: rgb::Color::black().into(), width: thick, ..Stroke::default() }
}

/// Draws a rule.
pub(crate) fn draw_rule(surface: &mut Surface<'_>, rule: &Rule) {
    let mut builder = PathBuilder::new();
    builder.move_to(rule.from.0, rule.from.1);
    builder.line_to(rule.to.0, rule.to.1);
    let Some(path) = builder.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(stroke(rule.thick)));
    surface.draw_path(&path);
}

/// Draws the type of a line in stretches of one face and weight, and the rules under its blanks.
pub(crate) fn draw_line(surface: &mut Surface<'_>, placed: &Placed) {
    let (left, baseline) = placed.at;
    let mut x = left + placed.line.x;
    let alike = |a: &Atom, b: &Atom| std::sync::Arc::ptr_eq(&a.shown.face, &b.shown.face) && a.strong == b.strong;
    for stretch in placed.line.atoms.chunk_by(alike) {
        let text: String = stretch.iter().map(|atom| atom.letter).collect();
        let mut at = 0;
        let glyphs: Vec<LaidGlyph> = stretch
            .iter()
            .map(|atom| {
                let from = at;
                at += atom.letter.len_utf8();
                LaidGlyph { glyph: atom.shown.glyph, text: from..at, advance: atom.advance / placed.size }
            })
            .collect();
        surface.set_fill(Some(black()));
        // Without a heavy face a thin line around each character makes it heavy, and it stays text.
        surface.set_stroke(stretch[0].strong.then(|| stroke(placed.size * 0.035)));
        let font = stretch[0].shown.face.font.clone();
        surface.draw_glyphs(Point::from_xy(x, baseline), &glyphs, font, &text, placed.size, false);
        x += stretch.iter().map(|atom| atom.advance).sum::<f32>();
    }
    let mut x = left + placed.line.x;
    for atom in &placed.line.atoms {
        if atom.letter == '☑' {
            let at = |across: f32, up: f32| (x + across * placed.size, baseline - up * placed.size);
            for (from, to) in [(at(0.22, 0.42), at(0.42, 0.16)), (at(0.42, 0.16), at(0.84, 0.74))] {
                draw_rule(surface, &Rule { from, to, thick: placed.size * 0.09 });
            }
        }
        x += atom.advance;
    }
    let mut x = left + placed.line.x;
    for stretch in placed.line.atoms.chunk_by(|a, b| a.ruled == b.ruled) {
        let length: f32 = stretch.iter().map(|atom| atom.advance).sum();
        if stretch[0].ruled {
            let y = baseline + placed.size * 0.16;
            draw_rule(surface, &Rule { from: (x, y), to: (x + length, y), thick: 0.7 });
        }
        x += length;
    }
}

/// A glyph with the room it takes.
struct LaidGlyph {
    glyph: u32,
    text: Range<usize>,
    /// In ems.
    advance: f32,
}

impl Glyph for LaidGlyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.glyph)
    }

    fn text_range(&self) -> Range<usize> {
        self.text.clone()
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }

    fn x_offset(&self, _size: f32) -> f32 {
        0.0
    }

    fn y_offset(&self, _size: f32) -> f32 {
        0.0
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}
