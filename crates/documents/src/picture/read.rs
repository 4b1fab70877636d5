//! Pixels out of a file, whatever its kind: three bytes each, upright, on white paper.

use std::io::Cursor;
use std::num::NonZeroU64;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{PIXELS_AT_MOST, Picture, PictureError, orientation};

/// Bytes that a decoder may lay out: the largest picture with four samples a pixel.
const MEMORY_AT_MOST: usize = PIXELS_AT_MOST as usize * 4;

/// A photograph.
pub(super) fn jpeg(bytes: &[u8]) -> Result<Picture, PictureError> {
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::new_safe().set_max_width(side).set_max_height(side);
    let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| PictureError::Broken)?;
    let (width, height) = decoder.dimensions().ok_or(PictureError::Broken)?;
    within_limit(width as u64, height as u64)?;
    let turned = decoder.exif().map_or(1, |exif| orientation(exif));
    let pixels = decoder.decode().map_err(|_| PictureError::Broken)?;
    if pixels.len() != width * height * 3 {
        return Err(PictureError::Broken);
    }
    Ok(Picture { width, height, pixels }.upright(turned))
}

/// A screenshot.
pub(super) fn png(bytes: &[u8]) -> Result<Picture, PictureError> {
    let mut decoder = ::png::Decoder::new_with_limits(Cursor::new(bytes), ::png::Limits { bytes: MEMORY_AT_MOST });
    decoder.set_transformations(::png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|_| PictureError::Broken)?;
    let (width, height) = (header.width as usize, header.height as usize);
    within_limit(width as u64, height as u64)?;
    let mut reader = decoder.read_info().map_err(|_| PictureError::Broken)?;
    let turned = reader.info().exif_metadata.as_ref().map_or(1, |exif| orientation(exif));
    let mut raw = vec![0; reader.output_buffer_size().ok_or(PictureError::Broken)?];
    let frame = reader.next_frame(&mut raw).map_err(|_| PictureError::Broken)?;
    raw.truncate(frame.buffer_size());
    Ok(on_paper(width, height, frame.color_type.samples(), &raw)?.upright(turned))
}

/// A picture of the web, and as what its copy is written: a photograph if it lost something already.
pub(super) fn webp(bytes: &[u8]) -> Result<(Picture, &'static str), PictureError> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|_| PictureError::Broken)?;
    let (width, height) = decoder.dimensions();
    within_limit(width.into(), height.into())?;
    decoder.set_memory_limit(MEMORY_AT_MOST);
    let turned = decoder.exif_metadata().ok().flatten().map_or(1, |exif| orientation(&exif));
    let written = if decoder.is_lossy() && !decoder.is_animated() { "image/jpeg" } else { "image/png" };
    let samples = if decoder.has_alpha() { 4 } else { 3 };
    let mut raw = vec![0; decoder.output_buffer_size().ok_or(PictureError::Broken)?];
    decoder.read_image(&mut raw).map_err(|_| PictureError::Broken)?;
    let picture = on_paper(width as usize, height as usize, samples, &raw)?;
    Ok((picture.upright(turned), written))
}

/// The first frame of a GIF, where it stands in the picture.
pub(super) fn gif(bytes: &[u8]) -> Result<Picture, PictureError> {
    let mut options = ::gif::DecodeOptions::new();
    options.set_color_output(::gif::ColorOutput::RGBA);
    options.check_frame_consistency(true);
    let limit = NonZeroU64::new(MEMORY_AT_MOST as u64).map_or(::gif::MemoryLimit::Unlimited, ::gif::MemoryLimit::Bytes);
    options.set_memory_limit(limit);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(|_| PictureError::Broken)?;
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    within_limit(width as u64, height as u64)?;
    let frame = decoder.read_next_frame().map_err(|_| PictureError::Broken)?.ok_or(PictureError::Broken)?;
    let (left, top, across) = (usize::from(frame.left), usize::from(frame.top), usize::from(frame.width));
    let shown = on_paper(across, usize::from(frame.height), 4, &frame.buffer)?;
    let mut picture = Picture { width, height, pixels: vec![255; width * height * 3] };
    for (row, dots) in shown.pixels.chunks_exact(across * 3).enumerate() {
        let at = ((top + row) * width + left) * 3;
        picture.pixels[at..at + dots.len()].copy_from_slice(dots);
    }
    Ok(picture)
}

/// Samples of grey or colour, with or without transparency, as they look on white paper.
fn on_paper(width: usize, height: usize, samples: usize, raw: &[u8]) -> Result<Picture, PictureError> {
    let mut pixels = Vec::with_capacity(width * height * 3);
    for dot in raw.chunks_exact(samples) {
        pixels.extend(match *dot {
            [grey] => [grey; 3],
            [grey, alpha] => [on_white(grey, alpha); 3],
            [red, green, blue] => [red, green, blue],
            [red, green, blue, alpha] => [on_white(red, alpha), on_white(green, alpha), on_white(blue, alpha)],
            _ => return Err(PictureError::Broken),
        });
    }
    if pixels.is_empty() || pixels.len() != width * height * 3 {
        return Err(PictureError::Broken);
    }
    Ok(Picture { width, height, pixels })
}

fn within_limit(width: u64, height: u64) -> Result<(), PictureError> {
    match width.saturating_mul(height) {
        0 => Err(PictureError::Broken),
        pixels if pixels > PIXELS_AT_MOST => Err(PictureError::TooManyPixels { width, height }),
        _ => Ok(()),
    }
}

/// A half-transparent sample as it looks on white paper.
fn on_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
