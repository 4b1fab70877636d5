//! Evidence (证据材料) as small pictures and names.

use askama::Template;
use askama::filters::HtmlSafe;

use super::icon::{Icon, icon};

/// What kind of thing a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A photograph.
    Picture,
    /// A PDF or other document.
    #[default]
    Document,
    /// A recording.
    Sound,
    /// A film.
    Film,
}

/// One file.
#[derive(Clone, Debug, Default)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Where it is read.
    pub href: String,
    /// What kind of thing it is.
    pub kind: AttachmentKind,
    /// The address of a small picture, for photographs, or nothing.
    pub thumbnail: Option<String>,
    /// Size, who gave it and when, in words.
    pub note: String,
}

impl Attachment {
    fn drawing(&self) -> Icon {
        match self.kind {
            AttachmentKind::Picture => icon("camera"),
            AttachmentKind::Document => icon("paper"),
            AttachmentKind::Sound => icon("sound"),
            AttachmentKind::Film => icon("film"),
        }
    }
}

/// A row of files.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/attachments.html")]
pub struct Attachments {
    /// The files.
    pub files: Vec<Attachment>,
}

impl HtmlSafe for Attachments {}
