//! A photograph in, a copy of it out: turned upright, boxes filled with black, written anew. What is under a box and what the
//! camera wrote beside the picture (place, time, device, a small preview) are not in the copy, because only pixels go across. Of
//! a moving picture the first frame is taken.

mod read;

/// Pixels a picture may have. A small file can claim many; what claims more is refused before anything is laid out for it.
pub const PIXELS_AT_MOST: u64 = 40_000_000;

/// Quality of a written JPEG: as good as what telephones write.
const QUALITY: u8 = 90;

/// A part of a picture to be covered, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Why no copy is made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// None of the kinds that are read here.
    #[error("只有 JPG、PNG、WebP 和 GIF 图片可以遮挡")]
    OtherKind,
    /// More pixels than are taken.
    #[error("图片有 {width}×{height} 像素，超过 {} 万像素，不能处理。请用截图或者缩小后的图片", PIXELS_AT_MOST / 10_000)]
    TooManyPixels {
        /// What it claims.
        width: u64,
        /// What it claims.
        height: u64,
    },
    /// It cannot be read.
    #[error("图片读不出来，文件可能不完整")]
    Broken,
}

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What they are: `image/jpeg` for a photograph, `image/png` for what was kept without loss.
    pub media_type: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Pixels, three bytes each, row by row.
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The media type of a picture that can be covered, by its first bytes.
pub fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ => None,
    }
}

/// The media types of [`kind`].
pub const KINDS: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];

/// A copy with these parts black and without anything but the pixels. What lies outside the picture is left out.
pub fn copy(bytes: &[u8], areas: &[Area]) -> Result<Copy, PictureError> {
    let (mut picture, media_type) = match kind(bytes) {
        Some("image/jpeg") => (read::jpeg(bytes)?, "image/jpeg"),
        Some("image/webp") => read::webp(bytes)?,
        Some("image/png") => (read::png(bytes)?, "image/png"),
        Some(_) => (read::gif(bytes)?, "image/png"),
        None => return Err(PictureError::OtherKind),
    };
    for area in areas {
        picture.fill(*area);
    }
    let written = if media_type == "image/png" { picture.png() } else { picture.jpeg() };
    let (width, height) = (picture.width as u32, picture.height as u32);
    Ok(Copy { bytes: written.ok_or(PictureError::Broken)?, media_type, width, height })
}

impl Picture {
    fn fill(&mut self, area: Area) {
        let clip = |from: u32, length: u32, end: usize| {
            let from = from as usize;
            from.min(end)..(from + length as usize).min(end)
        };
        let columns = clip(area.x, area.width, self.width);
        for row in clip(area.y, area.height, self.height) {
            let from = (row * self.width + columns.start) * 3;
            self.pixels[from..from + columns.len() * 3].fill(0);
        }
    }

    /// As the camera was held: the eight orientations of EXIF.
    fn upright(self, orientation: u16) -> Picture {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let (right, bottom) = (self.width - 1, self.height - 1);
        let swaps = orientation >= 5;
        let (width, height) = if swaps { (self.height, self.width) } else { (self.width, self.height) };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = match orientation {
                    2 => (right - x, y),
                    3 => (right - x, bottom - y),
                    4 => (x, bottom - y),
                    5 => (y, x),
                    6 => (y, bottom - x),
                    7 => (right - y, bottom - x),
                    _ => (right - y, x),
                };
                let at = (from_y * self.width + from_x) * 3;
                pixels.extend_from_slice(&self.pixels[at..at + 3]);
            }
        }
        Picture { width, height, pixels }
    }

    fn jpeg(&self) -> Option<Vec<u8>> {
        let (width, height) = (u16::try_from(self.width).ok()?, u16::try_from(self.height).ok()?);
        let mut written = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut written, QUALITY);
        encoder.encode(&self.pixels, width, height, jpeg_encoder::ColorType::Rgb).ok()?;
        Some(written)
    }

    fn png(&self) -> Option<Vec<u8>> {
        let mut written = Vec::new();
        let mut encoder = png::Encoder::new(&mut written, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixels).ok()?;
        writer.finish().ok()?;
        Some(written)
    }
}

/// The orientation in a block of EXIF (tag 0x0112 of its first directory); 1, upright, where there is none.
pub(crate) fn orientation(exif: &[u8]) -> u16 {
    const TAG: u16 = 0x0112;
    let little = exif.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = exif.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = exif.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    let find = || {
        let directory = long(4)?;
        let entries = usize::from(short(directory)?);
        let mut places = (0..entries).map(|entry| directory + 2 + entry * 12);
        short(places.find(|place| short(*place) == Some(TAG))? + 8)
    };
    find().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two bars: red above, blue below.
    fn bars(width: u32, height: u32) -> Vec<u8> {
        (0..height)
            .flat_map(|y| (0..width).flat_map(move |_| if y < height / 2 { [255, 0, 0] } else { [0, 0, 255] }))
            .collect()
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut written = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut written, 100);
        let (across, down) = (width as u16, height as u16);
        encoder.encode(&bars(width, height), across, down, jpeg_encoder::ColorType::Rgb).expect("a picture");
        written
    }

    /// The EXIF of a camera: orientation, maker, and where it was.
    fn exif(orientation: u16) -> Vec<u8> {
        let mut block = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
        block.extend(orientation.to_be_bytes());
        block.extend([0, 0, 0, 0, 0, 0]);
        block.extend(b"CANARY GPS 34.7466 113.6253 iPhone of Chen");
        block
    }

    /// A photograph as a telephone writes it: its EXIF right after the beginning.
    fn photograph(width: u32, height: u32, orientation: u16) -> Vec<u8> {
        let (picture, exif) = (jpeg(width, height), exif(orientation));
        let length = (exif.len() as u16 + 2).to_be_bytes();
        [&picture[..2], &[0xFF, 0xE1], &length[..], &exif[..], &picture[2..]].concat()
    }

    fn pixel(copy: &Copy, x: u32, y: u32) -> [u8; 3] {
        let read = if copy.media_type == "image/png" { read::png } else { read::jpeg };
        let picture = read(&copy.bytes).expect("a copy is a picture");
        let at = (y as usize * picture.width + x as usize) * 3;
        picture.pixels[at..at + 3].try_into().expect("three bytes")
    }

    fn holds(bytes: &[u8], word: &[u8]) -> bool {
        bytes.windows(word.len()).any(|window| window == word)
    }

    #[test]
    fn nothing_that_the_camera_wrote_is_in_the_copy() {
        let original = photograph(64, 48, 1);
        assert!(holds(&original, b"CANARY") && holds(&original, b"Exif"));
        let copy = copy(&original, &[]).expect("a copy");
        assert!(!holds(&copy.bytes, b"CANARY") && !holds(&copy.bytes, b"Exif"));
        assert_eq!((copy.width, copy.height, copy.media_type), (64, 48, "image/jpeg"));
    }

    #[test]
    fn the_copy_stands_as_the_camera_was_held() {
        // Red above blue; after each turn red is where a viewer shows it.
        for (orientation, red_at) in [
            (1, (32, 4)),
            (2, (32, 4)),
            (3, (32, 44)),
            (4, (32, 44)),
            (5, (4, 32)),
            (6, (44, 32)),
            (7, (44, 32)),
            (8, (4, 32)),
        ] {
            let copy = copy(&photograph(64, 48, orientation), &[]).expect("a copy");
            let turned = if orientation >= 5 { (48, 64) } else { (64, 48) };
            assert_eq!((copy.width, copy.height), turned, "{orientation}");
            let [red, _, blue] = pixel(&copy, red_at.0, red_at.1);
            assert!(red > 200 && blue < 60, "{orientation}: {red} {blue}");
        }
    }

    #[test]
    fn what_is_under_a_box_is_black_and_the_rest_is_as_it_was() {
        let area = Area { x: 16, y: 8, width: 32, height: 16 };
        let beyond = Area { x: 60, y: 40, width: 400, height: u32::MAX };
        let covered = copy(&photograph(64, 48, 1), &[area, beyond]).expect("a copy");
        assert!(pixel(&covered, 30, 14).iter().all(|sample| *sample < 20));
        assert!(pixel(&covered, 4, 4)[0] > 200, "beside the box nothing changed");
        let mut written = Vec::new();
        let mut encoder = png::Encoder::new(&mut written, 64, 48);
        encoder.set_color(png::ColorType::Rgb);
        encoder.add_text_chunk("Author".to_owned(), "CANARY".to_owned()).expect("a text");
        encoder.write_header().expect("a header").write_image_data(&bars(64, 48)).expect("a picture");
        assert!(holds(&written, b"CANARY"));
        let screenshot = copy(&written, &[area]).expect("a copy");
        assert_eq!(screenshot.media_type, "image/png");
        assert!(!holds(&screenshot.bytes, b"CANARY"));
        assert_eq!(pixel(&screenshot, 16, 8), [0, 0, 0]);
        assert_eq!(pixel(&screenshot, 47, 23), [0, 0, 0]);
        assert_eq!(pixel(&screenshot, 48, 24), [0, 0, 255]);
        assert_eq!(pixel(&screenshot, 15, 8), [255, 0, 0]);
    }

    /// A WebP without loss, with the EXIF of a camera behind its pixels.
    fn webp(width: u32, height: u32, orientation: u16) -> Vec<u8> {
        let mut written = Vec::new();
        let mut encoder = image_webp::WebPEncoder::new(&mut written);
        encoder.set_exif_metadata(exif(orientation).split_off(6));
        encoder.encode(&bars(width, height), width, height, image_webp::ColorType::Rgb8).expect("a picture");
        written
    }

    #[test]
    fn a_webp_is_covered_upright_and_without_what_the_camera_wrote() {
        let original = webp(64, 48, 6);
        assert!(holds(&original, b"CANARY"));
        let covered = copy(&original, &[Area { x: 0, y: 0, width: 10, height: 10 }]).expect("a copy");
        assert!(!holds(&covered.bytes, b"CANARY"));
        assert_eq!((covered.width, covered.height, covered.media_type), (48, 64, "image/png"));
        assert_eq!(pixel(&covered, 4, 4), [0, 0, 0]);
        assert_eq!(pixel(&covered, 44, 32), [255, 0, 0], "turned as it was held");
        assert_eq!(copy(&original[..60], &[]), Err(PictureError::Broken));
        // The frame claims 16384 by 16384.
        let mut bomb = original;
        let size = bomb.windows(4).position(|word| word == b"VP8X").expect("a header") + 12;
        bomb[size..size + 6].copy_from_slice(&[0xFF, 0x3F, 0, 0xFF, 0x3F, 0]);
        assert_eq!(copy(&bomb, &[]), Err(PictureError::TooManyPixels { width: 16_384, height: 16_384 }));
    }

    #[test]
    fn of_a_moving_gif_the_first_frame_is_covered() {
        let palette = [255, 0, 0, 0, 0, 255];
        let mut written = Vec::new();
        let mut encoder = gif::Encoder::new(&mut written, 64, 48, &palette).expect("a header");
        encoder.write_raw_extension(gif::AnyExtension(0xFE), &[b"CANARY"]).expect("a remark");
        for first in [0, 1] {
            // A frame smaller than the picture: red, then blue.
            let frame = gif::Frame { left: 8, top: 8, width: 40, height: 30, ..gif::Frame::default() };
            encoder.write_frame(&gif::Frame { buffer: vec![first; 40 * 30].into(), ..frame }).expect("a frame");
        }
        drop(encoder);
        assert!(holds(&written, b"CANARY"));
        let covered = copy(&written, &[Area { x: 20, y: 20, width: 4, height: 4 }]).expect("a copy");
        assert!(!holds(&covered.bytes, b"CANARY"));
        assert_eq!((covered.width, covered.height, covered.media_type), (64, 48, "image/png"));
        assert_eq!(pixel(&covered, 22, 22), [0, 0, 0]);
        assert_eq!(pixel(&covered, 9, 9), [255, 0, 0], "the first frame, not the last");
        assert_eq!(pixel(&covered, 60, 44), [255, 255, 255], "beside the frame is paper");
        assert_eq!(copy(&written[..40], &[]), Err(PictureError::Broken));
        let mut bomb = written;
        bomb[6..10].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(copy(&bomb, &[]), Err(PictureError::TooManyPixels { width: 65_535, height: 65_535 }));
    }

    #[test]
    fn what_claims_too_many_pixels_is_refused_before_it_is_read() {
        // A header of 60000 by 60000 over a few bytes of data.
        let mut bomb = Vec::new();
        let mut encoder = png::Encoder::new(&mut bomb, 60_000, 60_000);
        encoder.set_color(png::ColorType::Grayscale);
        drop(encoder.write_header().expect("a header"));
        let refused = copy(&bomb, &[]).expect_err("too many");
        assert_eq!(refused, PictureError::TooManyPixels { width: 60_000, height: 60_000 });
        let mut large = jpeg(8, 8);
        let frame = large.windows(2).position(|pair| pair[0] == 0xFF && (0xC0..=0xC2).contains(&pair[1])).expect("SOF");
        large[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        let refused = copy(&large, &[]).expect_err("too many");
        assert_eq!(refused, PictureError::TooManyPixels { width: 65_535, height: 65_535 });
    }

    #[test]
    fn what_is_no_picture_or_is_cut_short_is_refused() {
        assert_eq!(copy(b"%PDF-1.7", &[]), Err(PictureError::OtherKind));
        assert_eq!(copy(&[], &[]), Err(PictureError::OtherKind));
        assert_eq!(copy(&jpeg(64, 48)[..40], &[]), Err(PictureError::Broken));
        assert_eq!(copy(b"\x89PNG\r\n\x1a\nnothing", &[]), Err(PictureError::Broken));
        // EXIF that points outside itself says nothing.
        assert_eq!(orientation(b"II\x2A\0\xFF\xFF\xFF\xFF"), 1);
    }
}
