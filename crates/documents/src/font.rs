//! Fonts: which face shows a character. A Song face for simplified Chinese is in the program, so that a bare machine prints;
//! a bureau's own 仿宋 and 小标宋 come from its data folder; what neither has is looked for among the system's fonts.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

/// GB 2312 and what forms need beyond it, cut from Noto Serif CJK SC by `fonts/make_fonts.py`.
static SONG: &[u8] = include_bytes!("../fonts/XiaobaoSong-Regular.otf");

/// What a face is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text: 仿宋 when the bureau has it.
    Text,
    /// Titles: 小标宋 when the bureau has it, otherwise the text face printed heavy.
    Title,
}

/// A character that no font shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有一种字体有“{0}”字（U+{code:04X}）：请把含有此字的字体文件放进数据目录的 fonts 文件夹", code = *.0 as u32)]
pub struct MissingCharacter(pub char);

/// One face.
pub struct Face {
    /// The face as the PDF writer takes it.
    pub(crate) font: Font,
    /// Its family name.
    family: String,
    /// Glyph number and width in ems of each character.
    glyphs: HashMap<char, (u32, f32)>,
}

/// A character with the glyph that shows it.
#[derive(Clone)]
pub(crate) struct Shown {
    /// Its face.
    pub(crate) face: Arc<Face>,
    /// The number of its glyph.
    pub(crate) glyph: u32,
    /// Its width in ems.
    pub(crate) width: f32,
}

/// The faces at hand.
pub struct Fonts {
    /// The bureau's own.
    own: Vec<Arc<Face>>,
    song: Arc<Face>,
    /// Where to look for what neither has.
    system: Vec<PathBuf>,
    /// Faces of the system that were needed once.
    found: Mutex<Vec<Arc<Face>>>,
}

impl Fonts {
    /// The face in the program alone. The same input gives the same bytes on every machine.
    pub fn built_in() -> Self {
        let song = faces(SONG).into_iter().next().expect("the embedded font is a font");
        Self { own: Vec::new(), song: Arc::new(song), system: Vec::new(), found: Mutex::default() }
    }

    /// The same with the bureau's own faces from a folder before it, and the system's behind it.
    pub fn with_folder(folder: &Path) -> Self {
        let own = font_files(folder).into_iter().flat_map(|file| faces(&fs::read(file).unwrap_or_default()));
        Self { own: own.map(Arc::new).collect(), system: system_fonts(), ..Self::built_in() }
    }

    /// The names of the bureau's own faces, as `doctor` shows them.
    pub fn own_families(&self) -> Vec<&str> {
        self.own.iter().map(|face| face.family.as_str()).collect()
    }

    /// Whether titles have a face of their own; otherwise they are printed heavy.
    pub(crate) fn has_title_face(&self) -> bool {
        self.own.iter().any(|face| face.is_for(Role::Title))
    }

    /// The glyph that shows a character. Few text faces have a ticked box: it is an empty one, ticked when drawn.
    pub(crate) fn show(&self, letter: char, role: Role) -> Result<Shown, MissingCharacter> {
        let letter = if letter == '☑' { '□' } else { letter };
        let own = self.own.iter().filter(|face| face.is_for(role)).chain([&self.song]).chain(&self.own);
        if let Some(shown) = own.into_iter().find_map(|face| shown(face, letter)) {
            return Ok(shown);
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = found.iter().find_map(|face| shown(face, letter)) {
            return Ok(shown);
        }
        for file in &self.system {
            let bytes = fs::read(file).unwrap_or_default();
            if let Some(face) = best_face(&bytes, letter) {
                let face = Arc::new(face);
                let shown = shown(&face, letter);
                found.push(face);
                return shown.ok_or(MissingCharacter(letter));
            }
        }
        Err(MissingCharacter(letter))
    }
}

impl Face {
    fn is_for(&self, role: Role) -> bool {
        let words: &[&str] = match role {
            Role::Text => &["仿宋", "fangsong", "fang song", "fs_gb"],
            Role::Title => &["小标宋", "xiaobiaosong", "xbs"],
        };
        let family = self.family.to_lowercase();
        words.iter().any(|word| family.contains(word))
    }
}

fn shown(face: &Arc<Face>, letter: char) -> Option<Shown> {
    face.glyphs.get(&letter).map(|(glyph, width)| Shown { face: Arc::clone(face), glyph: *glyph, width: *width })
}

/// The faces of a font file; none when it is not one.
fn faces(bytes: &[u8]) -> Vec<Face> {
    let Ok(file) = FileRef::new(bytes) else { return Vec::new() };
    let data = krilla::Data::from(bytes.to_vec());
    let all = file.fonts().enumerate().filter_map(|(index, font)| face(&font.ok()?, &data, index as u32));
    all.collect()
}

/// Of the faces that have a character, the one for simplified Chinese, otherwise the first.
fn best_face(bytes: &[u8], letter: char) -> Option<Face> {
    let file = FileRef::new(bytes).ok()?;
    let having = file.fonts().enumerate().filter_map(|(index, font)| Some((index, font.ok()?)));
    let mut having: Vec<_> = having.filter(|(_, font)| font.charmap().map(letter).is_some()).collect();
    having.sort_by_key(|(index, font)| (!family_name(font).contains(" SC"), *index));
    let (index, font) = having.first()?;
    face(font, &krilla::Data::from(bytes.to_vec()), *index as u32)
}

fn face(font: &FontRef<'_>, data: &krilla::Data, index: u32) -> Option<Face> {
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let ready = Font::new(data.clone(), index)?;
    let em = ready.units_per_em();
    let glyphs = font.charmap().mappings().filter_map(|(code, glyph)| {
        let width = metrics.advance_width(glyph)? / em;
        Some((char::from_u32(code)?, (glyph.to_u32(), width)))
    });
    Some(Face { family: family_name(font), glyphs: glyphs.collect(), font: ready })
}

/// All its family names in one, since the Chinese and the Latin one may each be the one that is known.
fn family_name(font: &FontRef<'_>) -> String {
    let names: Vec<String> = font.localized_strings(StringId::FAMILY_NAME).map(|name| name.to_string()).collect();
    names.join(" ")
}

/// The font files under a folder, sorted.
fn font_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let extension = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            if path.is_dir() {
                folders.push(path);
            } else if extension.is_some_and(|ending| ["ttf", "ttc", "otf", "otc"].contains(&ending.as_str())) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The system's font files, those first whose names speak of a Song face.
fn system_fonts() -> Vec<PathBuf> {
    let places =
        ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];
    let mut files: Vec<PathBuf> = places.iter().flat_map(|place| font_files(Path::new(place))).collect();
    files.sort_by_key(|file| {
        let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let song = ["serifcjk", "serifsc", "simsun", "song", "ming"].iter().any(|word| name.contains(word));
        (!song, name.contains("bold"), file.clone())
    });
    files
}
