//! 证据材料: what may be kept as evidence. A file is judged by its bytes, never by its name (catalogue 3.3, 3.12).

use std::path::Path;

use store::Tx;
use store::attachment::AttachmentRow;

use crate::error::ActError;
use crate::house::{Scene, Settings};

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Media type, as it is kept and sent.
    pub media_type: &'static str,
    /// The ending that its name gets when it has another.
    pub ending: &'static str,
    /// Endings that fit as well.
    pub also: &'static [&'static str],
    /// Whether a browser may show it in the page: pictures that cannot carry a script.
    pub shown: bool,
}

const fn kind(media_type: &'static str, ending: &'static str, also: &'static [&'static str], shown: bool) -> Kind {
    Kind { media_type, ending, also, shown }
}

/// Every kind that is taken: photographs, PDF, sound, film. Nothing that a program could run.
pub const KINDS: &[Kind] = &[
    kind("image/jpeg", "jpg", &["jpeg", "jfif"], true),
    kind("image/png", "png", &[], true),
    kind("image/gif", "gif", &[], true),
    kind("image/webp", "webp", &[], true),
    kind("image/heif", "heic", &["heif"], false),
    kind("image/bmp", "bmp", &[], false),
    kind("image/tiff", "tiff", &["tif"], false),
    kind("application/pdf", "pdf", &[], false),
    kind("audio/mpeg", "mp3", &[], false),
    kind("audio/m4a", "m4a", &[], false),
    kind("audio/aac", "aac", &[], false),
    kind("audio/amr", "amr", &[], false),
    kind("audio/x-wav", "wav", &[], false),
    kind("audio/ogg", "ogg", &["oga"], false),
    kind("audio/opus", "opus", &["ogg"], false),
    kind("audio/x-flac", "flac", &[], false),
    kind("video/mp4", "mp4", &["m4v", "3gp"], false),
    kind("video/x-m4v", "m4v", &["mp4"], false),
    kind("video/quicktime", "mov", &["qt"], false),
    kind("video/x-msvideo", "avi", &[], false),
    kind("video/webm", "webm", &[], false),
    kind("video/x-matroska", "mkv", &[], false),
];

/// The kind with this media type.
pub fn kind_of(media_type: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.media_type == media_type)
}

/// What the bytes are, when they are of a kind that is taken. The first few kilobytes are enough.
pub fn sniff(bytes: &[u8]) -> Option<&'static Kind> {
    kind_of(infer::get(bytes)?.mime_type())
}

/// Why a file is not taken, as a sentence for the one who chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No bytes at all.
    #[error("“{name}”是空文件，请重新选择")]
    Empty {
        /// As it came.
        name: String,
    },
    /// Too many bytes.
    #[error("“{name}”超过 {megabytes} MB，没有上传。录像可以剪短，照片可以截图后再传")]
    TooLarge {
        /// As it came.
        name: String,
        /// What a file may have.
        megabytes: u64,
    },
    /// Not one of [`KINDS`].
    #[error("“{name}”不是照片、PDF、录音或录像，没有上传。聊天记录、网页请截图后再传")]
    OtherKind {
        /// As it came.
        name: String,
    },
    /// It may say who brings it, and that cannot be taken out.
    #[error(
        "“{name}”里可能有作者、地点、机型等信息，不能自动去掉，没有上传。请改传截图、JPG 照片或 MP4 录像；一定要给原件的，提交举报时放在能看出您是谁的材料里，和身份一起加密"
    )]
    Telling {
        /// As it came.
        name: String,
    },
    /// As many as there may be are already there.
    #[error("最多 {at_most} 个文件，“{name}”没有上传。请先移除不需要的")]
    TooMany {
        /// As it came.
        name: String,
        /// How many there may be.
        at_most: usize,
    },
}

impl Unfit {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Unfit::Empty { .. } => "file.empty",
            Unfit::TooLarge { .. } => "file.too_large",
            Unfit::OtherKind { .. } => "file.kind",
            Unfit::Telling { .. } => "file.telling",
            Unfit::TooMany { .. } => "file.too_many",
        }
    }
}

/// A file that is kept and waits to be put to a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// A name that fits its kind.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// In bytes.
    pub size: i64,
    /// Hash of its bytes.
    pub sha256: String,
}

/// How a file is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// As it was sent: who brings it stands beside it anyway.
    AsSent,
    /// Of a reporter: without what it says of its maker, and under a name that says nothing (O121 art. 37).
    WithoutTraces,
}

/// Judges the bytes and keeps them in the data folder. It blocks: never on a thread that answers.
pub fn keep(
    settings: &Settings,
    care: Care,
    given_name: &str,
    bytes: &[u8],
) -> Result<Result<KeptFile, Unfit>, ActError> {
    let name = || shortened(given_name);
    if bytes.is_empty() {
        return Ok(Err(Unfit::Empty { name: name() }));
    }
    if bytes.len() as u64 > settings.evidence_bytes_at_most {
        return Ok(Err(too_large(settings, given_name)));
    }
    let Some(kind) = sniff(bytes) else { return Ok(Err(Unfit::OtherKind { name: name() })) };
    if care == Care::AsSent {
        let sha256 = put(&settings.data, bytes)?;
        return Ok(Ok(KeptFile { name: fitting_name(given_name, kind), kind, size: bytes.len() as i64, sha256 }));
    }
    let Some(clean) = documents::traces::removed(bytes) else { return Ok(Err(Unfit::Telling { name: name() })) };
    let sha256 = put(&settings.data, &clean)?;
    let name = format!("举报材料-{}.{}", sha256.get(..6).unwrap_or_default(), kind.ending);
    Ok(Ok(KeptFile { name, kind, size: clean.len() as i64, sha256 }))
}

/// The refusal of a file whose bytes were not even read to the end.
pub fn too_large(settings: &Settings, given_name: &str) -> Unfit {
    Unfit::TooLarge { name: shortened(given_name), megabytes: settings.evidence_bytes_at_most / (1024 * 1024) }
}

/// Puts a kept file to a draft, as long as there is room.
pub fn attach(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    draft_hash: &str,
    file: &KeptFile,
) -> Result<Result<i64, Unfit>, ActError> {
    let at_most = scene.house.settings.evidence_at_most;
    let already = store::attachment::of_draft(tx, draft_hash)?;
    // The same photograph chosen twice is one photograph.
    if let Some(same) = already.iter().find(|other| other.sha256 == file.sha256) {
        return Ok(Ok(same.id));
    }
    if already.len() >= at_most {
        return Ok(Err(Unfit::TooMany { name: file.name.clone(), at_most }));
    }
    let row = AttachmentRow {
        id: 0,
        case_id: None,
        draft_hash: Some(draft_hash.to_owned()),
        name: file.name.clone(),
        media_type: file.kind.media_type.to_owned(),
        size: file.size,
        sha256: file.sha256.clone(),
        added_by: scene.actor.kind().to_owned(),
        added_at: scene.now,
    };
    Ok(Ok(store::attachment::insert(tx, &row)?))
}

/// Takes a file out of a draft.
pub fn detach(tx: &mut Tx<'_>, draft_hash: &str, id: i64) -> Result<(), ActError> {
    store::attachment::remove_from_draft(tx, draft_hash, id)?;
    Ok(())
}

fn put(data: &Path, bytes: &[u8]) -> Result<String, ActError> {
    store::files::put(data, bytes).map_err(|error| ActError::File(error.to_string()))
}

/// The name without folders and control characters, short, with the ending of its kind.
fn fitting_name(given: &str, kind: &Kind) -> String {
    let name = shortened(given);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending {
        Some(ending) if ending == kind.ending || kind.also.contains(&ending.as_str()) => name,
        _ => format!("{name}.{}", kind.ending),
    }
}

/// As much of a given name as is shown: its last part, without what could mislead on a screen or in a header.
fn shortened(given: &str) -> String {
    const AT_MOST: usize = 60;
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    // Characters that turn the direction of writing make `gpj.exe` look like `exe.jpg`.
    let odd = |c: &char| {
        c.is_control()
            || matches!(*c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '"')
    };
    let name: Vec<char> = last.trim().chars().filter(|c| !odd(c)).collect();
    if name.is_empty() {
        return "文件".to_owned();
    }
    // The end of a long name tells more than its middle: it has the ending.
    let from = name.len().saturating_sub(AT_MOST);
    name[from..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1];

    #[test]
    fn a_file_is_what_its_bytes_are() {
        assert_eq!(sniff(JPEG).map(|kind| kind.media_type), Some("image/jpeg"));
        assert_eq!(sniff(b"%PDF-1.7\n").map(|kind| kind.media_type), Some("application/pdf"));
        let program = [b"MZ".as_slice(), &[0; 64]].concat();
        for foreign in [
            &program[..],
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"PK\x03\x04",
            b"hello",
        ] {
            assert_eq!(sniff(foreign), None, "{foreign:?}");
        }
        let drawing = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
        assert_eq!(sniff(drawing), None);
    }

    #[test]
    fn a_name_fits_its_kind_and_leads_nowhere() {
        let jpeg = kind_of("image/jpeg").expect("a kind");
        for (given, kept) in [
            ("小票.jpg", "小票.jpg"),
            ("IMG.JPEG", "IMG.JPEG"),
            ("照片.exe", "照片.exe.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("C:\\Users\\me\\a.png", "a.png.jpg"),
            ("", "文件.jpg"),
            ("\u{202E}gpj.exe", "gpj.exe.jpg"),
            ("a\"\r\nb.jpg", "ab.jpg"),
        ] {
            assert_eq!(fitting_name(given, jpeg), kept, "{given:?}");
        }
        assert!(fitting_name(&"长".repeat(300), jpeg).chars().count() <= 64);
    }
}
