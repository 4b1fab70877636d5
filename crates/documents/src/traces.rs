//! What a file says of its maker beside what it shows: place, time, device, author. Taken out without touching a pixel or a sound, so
//! that what a reporter brings does not say who she is. A kind of file in which that cannot be done surely is not taken at all.

/// The file without such traces; none where this program cannot be sure that nothing is left.
pub fn removed(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => jpeg(bytes),
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => riff(bytes, WEBP),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => riff(bytes, WAVE),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => film(bytes),
        [b'I', b'D', b'3', ..] | [0xFF, 0xE0..=0xFF, ..] => sound(bytes),
        [b'B', b'M', ..] => Some(bytes.to_vec()),
        _ if bytes.starts_with(b"#!AMR") => Some(bytes.to_vec()),
        _ if bytes.starts_with(b"%PDF") => pdf(bytes),
        _ => None,
    }
}

/// The markers of a JPEG that are kept: its beginning as JFIF, a colour profile, Adobe's colour transform. How it was held is
/// written anew.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let turned = exif_of(bytes).map_or(1, crate::picture::orientation);
    let mut kept = vec![0xFF, 0xD8];
    if turned != 1 {
        let mut block = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
        block.extend([0, u8::try_from(turned).ok()?, 0, 0, 0, 0, 0, 0]);
        kept.extend(block);
    }
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match marker {
            // Padding before a marker.
            0xFF => at += 1,
            0xD9 => {
                kept.extend([0xFF, 0xD9]);
                // What stands behind the end (a film, a second picture) is no part of it.
                return Some(kept);
            }
            _ => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                let segment = bytes.get(at..at + 2 + length)?;
                let body = segment.get(4..)?;
                let stays = match marker {
                    0xE0 => body.starts_with(b"JFIF\0") && body.get(12..14) == Some(&[0, 0]),
                    0xE2 => body.starts_with(b"ICC_PROFILE\0"),
                    0xEE => body.starts_with(b"Adobe"),
                    0xE1..=0xEF | 0xFE => false,
                    _ => true,
                };
                if stays {
                    kept.extend(segment);
                }
                at += 2 + length;
                if marker == 0xDA {
                    let scan = bytes.get(at..)?;
                    let end = scan.windows(2).position(|it| it[0] == 0xFF && !matches!(it[1], 0 | 0xD0..=0xD7))?;
                    kept.extend(&scan[..end]);
                    at += end;
                }
            }
        }
    }
}

/// The EXIF block of a JPEG, when it has one.
fn exif_of(bytes: &[u8]) -> Option<&[u8]> {
    let at = bytes.windows(6).position(|it| it == b"Exif\0\0")?;
    bytes.get(at + 6..)
}

/// The chunks of a PNG that say how it looks.
const PNG_KEPT: &[&[u8]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL",
    b"fcTL", b"fdAT",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let chunk = bytes.get(at..at + 12 + length)?;
        let kind = chunk.get(4..8)?;
        if PNG_KEPT.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
        at += chunk.len();
    }
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut kept = bytes.get(..at)?.to_vec();
    // A row of blocks, each with its length before it, to the empty one.
    let blocks_end = |mut at: usize| {
        loop {
            match usize::from(*bytes.get(at)?) {
                0 => return Some(at + 1),
                length => at += 1 + length,
            }
        }
    };
    loop {
        let from = at;
        match *bytes.get(at)? {
            0x3B => {
                kept.push(0x3B);
                return Some(kept);
            }
            0x2C => {
                at = blocks_end(at + 11 + table(*bytes.get(at + 9)?))?;
                kept.extend(bytes.get(from..at)?);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at = blocks_end(at + 2)?;
                let extension = bytes.get(from..at)?;
                // How long each picture stands, and how often it begins again.
                let repeats = [b"NETSCAPE2.0".as_slice(), b"ANIMEXTS1.0"];
                let loops = label == 0xFF && repeats.iter().any(|it| extension.get(3..14) == Some(it));
                if label == 0xF9 || loops {
                    kept.extend(extension);
                }
            }
            _ => return None,
        }
    }
}

const WEBP: &[&[u8]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
const WAVE: &[&[u8]] = &[b"fmt ", b"fact", b"data"];

/// The chunks of a RIFF file that are named, and nothing else.
fn riff(bytes: &[u8], named: &[&[u8]]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at + 8 <= bytes.len() {
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let kind = bytes.get(at..at + 4)?;
        let end = (at + 8 + length + length % 2).min(bytes.len());
        if at + 8 + length > bytes.len() {
            return None;
        }
        if named.contains(&kind) {
            let from = kept.len();
            kept.extend(bytes.get(at..end)?);
            // It says that EXIF and XMP follow.
            if let (b"VP8X", Some(flags)) = (kind, kept.get_mut(from + 8)) {
                *flags &= !0x0C;
            }
        }
        at = end;
    }
    let size = u32::try_from(kept.len() - 8).ok()?.to_le_bytes();
    kept.get_mut(4..8)?.copy_from_slice(&size);
    Some(kept)
}

/// MP4, MOV, M4A: boxes that say more than picture and sound become free space, so that nothing moves. A picture in such a box
/// (HEIC) keeps its EXIF where its pixels are; it is not taken.
fn film(bytes: &[u8]) -> Option<Vec<u8>> {
    const STILL: [&[u8]; 6] = [b"heic", b"heix", b"mif1", b"msf1", b"heim", b"avif"];
    if STILL.contains(&bytes.get(8..12)?) {
        return None;
    }
    let mut cleared = bytes.to_vec();
    clear_boxes(&mut cleared, 0, bytes.len(), 0)?;
    Some(cleared)
}

fn clear_boxes(bytes: &mut [u8], mut at: usize, end: usize, depth: u8) -> Option<()> {
    while at + 8 <= end {
        let mut size = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let mut head = 8;
        if size == 1 {
            size = usize::try_from(u64::from_be_bytes(bytes.get(at + 8..at + 16)?.try_into().ok()?)).ok()?;
            head = 16;
        } else if size == 0 {
            size = end - at;
        }
        if size < head || at.checked_add(size)? > end {
            return None;
        }
        let kind: [u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        match &kind {
            b"moov" | b"trak" | b"mdia" if depth < 4 => clear_boxes(bytes, at + head, at + size, depth + 1)?,
            // The names of its makers, where it was taken, previews.
            b"udta" | b"meta" | b"uuid" | b"free" | b"skip" | b"wide" => {
                bytes.get_mut(at + 4..at + 8)?.copy_from_slice(b"free");
                bytes.get_mut(at + head..at + size)?.fill(0);
            }
            // When it was made.
            b"mvhd" | b"tkhd" | b"mdhd" => {
                let times = if *bytes.get(at + head)? == 1 { 16 } else { 8 };
                bytes.get_mut(at + head + 4..at + head + 4 + times)?.fill(0);
            }
            _ => {}
        }
        at += size;
    }
    Some(())
}

/// MP3, AAC: the tags before and behind the sound.
fn sound(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut sound = bytes;
    while sound.starts_with(b"ID3") {
        let size = sound.get(6..10)?.iter().fold(0_usize, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
        let footer = if sound.get(5)? & 0x10 == 0 { 0 } else { 10 };
        sound = sound.get(10 + size + footer..)?;
    }
    if let Some(at) = sound.len().checked_sub(128).filter(|at| sound[*at..].starts_with(b"TAG")) {
        sound = &sound[..at];
    }
    // Other tags stand there too; what holds one is not taken.
    let tagged = |mark: &[u8]| sound.windows(mark.len()).any(|it| it == mark);
    if sound.is_empty() || tagged(b"APETAGEX") || tagged(b"LYRICSBEGIN") || tagged(b"TAG+") {
        return None;
    }
    Some(sound.to_vec())
}

/// The entries of a document's description.
const PDF_ENTRIES: &[&[u8]] = &[
    b"/Author",
    b"/Creator",
    b"/Producer",
    b"/Title",
    b"/Subject",
    b"/Keywords",
    b"/Company",
    b"/Manager",
    b"/CreationDate",
    b"/ModDate",
    b"/SourceModified",
];

/// The description is blanked where it stands, and the EXIF of pictures inside. What is packed so that this program cannot see it
/// is not taken.
fn pdf(bytes: &[u8]) -> Option<Vec<u8>> {
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|it| it == mark);
    let packed = holds(b"/ObjStm") || holds(b"/Encrypt") || holds(b"/EmbeddedFile") || holds(b"/Annot");
    let plain_xmp = holds(b"<?xpacket begin");
    if packed || (holds(b"/Metadata") && !plain_xmp) {
        return None;
    }
    let mut blank = bytes.to_vec();
    for entry in PDF_ENTRIES {
        let mut from = 0;
        while let Some(at) = find(&blank, entry, from) {
            from = at + entry.len();
            blank_value(&mut blank, from)?;
        }
    }
    let mut from = 0;
    while let Some(at) = find(&blank, b"<?xpacket begin", from) {
        let end = find(&blank, b"<?xpacket end", at)?;
        blank.get_mut(at..end)?.fill(b' ');
        from = end;
    }
    for mark in [b"Exif\0\0".as_slice(), b"http://ns.adobe.com/xap/1.0/\0"] {
        let mut from = 0;
        while let Some(at) = find(&blank, mark, from) {
            from = at + mark.len();
            let is_segment = |start: &usize| blank.get(*start..*start + 2) == Some(&[0xFF, 0xE1]);
            let start = at.checked_sub(4).filter(is_segment)?;
            let length = usize::from(u16::from_be_bytes([blank[start + 2], blank[start + 3]]));
            blank.get_mut(at..start + 2 + length)?.fill(0);
        }
    }
    Some(blank)
}

fn find(bytes: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(mark.len()).position(|it| it == mark).map(|at| from + at)
}

/// Blanks a text, in brackets or in angle brackets, that stands behind the name of an entry; anything else is left.
fn blank_value(bytes: &mut [u8], from: usize) -> Option<()> {
    let at = from + bytes.get(from..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
    match bytes.get(at)? {
        b'(' => {
            let (mut depth, mut place) = (1, at + 1);
            while depth > 0 {
                match bytes.get(place)? {
                    b'\\' => {
                        bytes.get_mut(place..place + 2)?.fill(b' ');
                        place += 1;
                    }
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                if depth > 0 {
                    bytes[place] = b' ';
                }
                place += 1;
            }
            Some(())
        }
        b'<' if bytes.get(at + 1) != Some(&b'<') => {
            let end = at + bytes.get(at..)?.iter().position(|byte| *byte == b'>')?;
            bytes.get_mut(at + 1..end)?.fill(b'0');
            Some(())
        }
        // A reference to a text elsewhere: this program does not follow it.
        digit if digit.is_ascii_digit() => None,
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &[u8] = b"CANARY 34.7466 113.6253 iPhone of Chen";

    fn holds(bytes: &[u8]) -> bool {
        bytes.windows(6).any(|it| it == b"CANARY")
    }

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &length[..], body].concat()
    }

    fn photograph() -> Vec<u8> {
        let mut written = Vec::new();
        let pixels = vec![200; 16 * 16 * 3];
        let encoder = jpeg_encoder::Encoder::new(&mut written, 90);
        encoder.encode(&pixels, 16, 16, jpeg_encoder::ColorType::Rgb).expect("a picture");
        written
    }

    fn exif(orientation: u8) -> Vec<u8> {
        let head = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        [head, vec![orientation, 0, 0, 0, 0, 0, 0], CANARY.to_vec()].concat()
    }

    #[test]
    fn a_photograph_keeps_its_pixels_and_how_it_was_held() {
        let plain = photograph();
        let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), CANARY].concat();
        for orientation in [1, 6] {
            let sent = [
                &plain[..2],
                &segment(0xE1, &exif(orientation)),
                &segment(0xE1, &xmp),
                &segment(0xED, CANARY),
                &segment(0xFE, CANARY),
                &plain[2..],
                CANARY,
            ]
            .concat();
            assert!(holds(&sent));
            let clean = removed(&sent).expect("a photograph");
            assert!(!holds(&clean));
            let (one, other) = (crate::picture::copy(&sent, &[]).unwrap(), crate::picture::copy(&clean, &[]).unwrap());
            assert_eq!((one.bytes, one.width), (other.bytes, other.width), "the same picture, held the same way");
            assert_eq!(removed(&clean), Some(clean.clone()), "nothing more to take out");
        }
    }

    #[test]
    fn texts_beside_a_picture_go_and_the_picture_stays() {
        let mut screenshot = Vec::new();
        let mut encoder = png::Encoder::new(&mut screenshot, 8, 8);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.add_text_chunk("Author".to_owned(), "CANARY".to_owned()).expect("a text");
        encoder.write_header().expect("a header").write_image_data(&[7; 64]).expect("a picture");
        screenshot.extend(CANARY);
        let clean = removed(&screenshot).expect("a picture");
        assert!(holds(&screenshot) && !holds(&clean));
        let pixels = |bytes: &[u8]| crate::picture::copy(bytes, &[]).expect("a picture").bytes;
        assert_eq!(pixels(&screenshot), pixels(&clean));
        let gif = [
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".as_slice(),
            b"\x21\xFE\x06CANARY\0",
            b"\x21\xFF\x0BXMP DataXMP\x06CANARY\0",
            b"\x21\xF9\x04\0\0\0\0\0",
            b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B",
        ]
        .concat();
        let clean = removed(&gif).expect("a picture");
        assert!(!holds(&clean) && clean.ends_with(b"\x44\x01\0\x3B") && clean.len() == gif.len() - 10 - 22);
        let chunk = |kind: &[u8], body: &[u8]| [kind, &(body.len() as u32).to_le_bytes(), body].concat();
        let chunks =
            [chunk(b"VP8X", &[0x0C, 0, 0, 0, 0, 0, 0, 0, 0, 0]), chunk(b"VP8L", &[1; 4]), chunk(b"EXIF", CANARY)];
        let webp = [b"RIFF\0\0\0\0WEBP".to_vec(), chunks.concat()].concat();
        let clean = removed(&webp).expect("a picture");
        assert!(!holds(&clean) && clean[20] == 0, "and it no longer says that EXIF follows");
        assert_eq!(u32::from_le_bytes(clean[4..8].try_into().unwrap()) as usize, clean.len() - 8);
        let sound =
            [b"RIFF\0\0\0\0WAVE".to_vec(), chunk(b"fmt ", &[0; 16]), chunk(b"LIST", CANARY), chunk(b"data", &[5; 4])];
        assert!(!holds(&removed(&sound.concat()).expect("sound")));
    }

    #[test]
    fn films_and_sounds_lose_their_tags_and_nothing_moves() {
        let part = |kind: &[u8], body: &[u8]| [&(body.len() as u32 + 8).to_be_bytes(), kind, body].concat();
        let head = part(b"mvhd", &[0, 0, 0, 0, 9, 9, 9, 9, 8, 8, 8, 8, 7]);
        let moov = part(b"moov", &[head, part(b"trak", &part(b"udta", CANARY)), part(b"udta", CANARY)].concat());
        let film = [part(b"ftyp", b"isom\0\0\0\0"), moov, part(b"uuid", CANARY), part(b"mdat", b"pictures")].concat();
        let clean = removed(&film).expect("a film");
        assert!(holds(&film) && !holds(&clean));
        assert_eq!(clean.len(), film.len());
        assert!(clean.ends_with(b"pictures") && !clean.windows(4).any(|it| it == [9; 4]), "the time is gone as well");
        let tag = [b"ID3\x03\0\0\0\0\0".as_slice(), &[CANARY.len() as u8], CANARY].concat();
        let mut last = b"TAG".to_vec();
        last.extend(CANARY);
        last.resize(128, 0);
        let sound = [tag, vec![0xFF, 0xFB, 0x90, 0x64, 1, 2, 3], last].concat();
        assert_eq!(removed(&sound), Some(vec![0xFF, 0xFB, 0x90, 0x64, 1, 2, 3]));
    }

    #[test]
    fn a_document_loses_its_description_and_what_cannot_be_seen_is_not_taken() {
        let pdf = [
            b"%PDF-1.4\n1 0 obj<</Author (CANARY \\) of (Chen)) /Producer <43414E415259> /Title(x)>>endobj\n"
                .as_slice(),
            b"2 0 obj<</Type/Metadata>>stream\n<?xpacket begin=''?>CANARY<?xpacket end='w'?>\nendstream\n",
            b"3 0 obj<</Filter/DCTDecode>>stream\n\xFF\xD8",
            &segment(0xE1, &exif(1)),
            b"\xFF\xD9endstream\ntrailer<</Info 1 0 R>>",
        ]
        .concat();
        let clean = removed(&pdf).expect("a document");
        assert!(
            !holds(&clean) && !clean.windows(4).any(|it| it == b"4341" || it == b"Chen"),
            "{}",
            clean.escape_ascii()
        );
        assert_eq!(clean.len(), pdf.len(), "nothing moved");
        for hidden in ["/Type/ObjStm", "/Encrypt 5 0 R", "/Metadata 4 0 R", "/Author 7 0 R"] {
            assert_eq!(removed(format!("%PDF-1.7\n{hidden}").as_bytes()), None, "{hidden}");
        }
        for other in [b"\0\0\0\x18ftypheic\0\0\0\0".as_slice(), b"II\x2A\0", b"", b"\xFF\xD8\xFF\xE1\0", b"OggS"] {
            assert_eq!(removed(other), None, "{}", other.escape_ascii());
        }
    }
}
