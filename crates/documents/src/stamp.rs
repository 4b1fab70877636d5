//! Pictures that lie over type: a seal must let the words through, a signature must have been drawn.

use std::io::Cursor;

/// Sides that a seal may have, in pixels.
const SEAL_SIDES: std::ops::RangeInclusive<u32> = 200..=3000;
/// Sides that a signature may have, in pixels.
const SIGNATURE_SIDES: std::ops::RangeInclusive<u32> = 40..=2400;
/// Dots of ink below which nobody has signed.
const INK: usize = 120;

/// Width and height of a picture that is fit to be a seal: a PNG whose background lets the words through.
pub fn seal(png: &[u8]) -> Option<(u32, u32)> {
    let dots = Dots::read(png, &SEAL_SIDES)?;
    // The corners of a round seal, and the room between its characters.
    let clear = dots.alphas().filter(|alpha| *alpha < 32).count();
    (clear * 10 >= dots.count()).then_some((dots.width, dots.height))
}

/// Width and height of a drawn signature: a PNG with some ink and a clear background.
pub fn signature(png: &[u8]) -> Option<(u32, u32)> {
    let dots = Dots::read(png, &SIGNATURE_SIDES)?;
    let ink = dots.alphas().filter(|alpha| *alpha > 128).count();
    (ink >= INK && ink * 2 < dots.count()).then_some((dots.width, dots.height))
}

/// The dots of a picture with transparency.
struct Dots {
    width: u32,
    height: u32,
    samples: usize,
    raw: Vec<u8>,
}

impl Dots {
    fn read(bytes: &[u8], sides: &std::ops::RangeInclusive<u32>) -> Option<Self> {
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 64 * 1024 * 1024 });
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let header = decoder.read_header_info().ok()?;
        let (width, height) = (header.width, header.height);
        if !sides.contains(&width) || !sides.contains(&height) {
            return None;
        }
        let mut reader = decoder.read_info().ok()?;
        let mut raw = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut raw).ok()?;
        raw.truncate(frame.buffer_size());
        let samples = frame.color_type.samples();
        matches!(frame.color_type, png::ColorType::Rgba | png::ColorType::GrayscaleAlpha).then_some(Self {
            width,
            height,
            samples,
            raw,
        })
    }

    fn alphas(&self) -> impl Iterator<Item = u8> {
        self.raw.chunks_exact(self.samples).map(|dot| dot[self.samples - 1])
    }

    fn count(&self) -> usize {
        self.width as usize * self.height as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{seal, signature};

    fn picture(color: png::ColorType, alpha: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 300, 300);
        encoder.set_color(color);
        let dots = (0..300).flat_map(|y| (0..300).map(move |x| (x, y)));
        let data: Vec<u8> = dots
            .flat_map(|(x, y)| match color {
                png::ColorType::Rgba => vec![200, 0, 0, alpha(x, y)],
                _ => vec![200, 0, 0],
            })
            .collect();
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&data)).expect("a picture");
        bytes
    }

    #[test]
    fn a_seal_lets_the_words_through() {
        let ring = |x: u32, y: u32| if x.abs_diff(150).pow(2) + y.abs_diff(150).pow(2) > 140 * 140 { 0 } else { 255 };
        assert_eq!(seal(&picture(png::ColorType::Rgba, ring)), Some((300, 300)));
        assert_eq!(seal(&picture(png::ColorType::Rgba, |_, _| 255)), None, "it would cover the text");
        assert_eq!(seal(&picture(png::ColorType::Rgb, |_, _| 255)), None);
        assert_eq!(seal(b"GIF89a"), None);
    }

    #[test]
    fn nobody_signs_with_an_empty_pad() {
        let stroke = |_: u32, y: u32| if (140..144).contains(&y) { 255 } else { 0 };
        assert_eq!(signature(&picture(png::ColorType::Rgba, stroke)), Some((300, 300)));
        assert_eq!(signature(&picture(png::ColorType::Rgba, |_, _| 0)), None);
        assert_eq!(signature(&picture(png::ColorType::Rgba, |_, _| 255)), None, "a black sheet is no signature");
    }
}
