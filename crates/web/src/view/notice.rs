//! Short words about a state (标签), what has just happened (提示), and what went wrong.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use super::icon::{Icon, icon};
use super::text::Rich;

/// The colour family of a word. The word says it too: a status is never told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to feel.
    #[default]
    Plain,
    /// Under way.
    Teal,
    /// Well.
    Green,
    /// Take care.
    Amber,
    /// Overdue or refused.
    Red,
}

impl Tone {
    /// The family that the domain names with a word, as `Status::tone` does; an unknown word is plain.
    pub fn named(word: &str) -> Self {
        match word {
            "teal" => Self::Teal,
            "green" => Self::Green,
            "amber" => Self::Amber,
            "red" => Self::Red,
            _ => Self::Plain,
        }
    }

    /// Its class in the style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// A word in a small box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The word.
    pub text: String,
    /// Its colour family.
    pub tone: Tone,
}

/// Makes a [`Tag`].
pub fn tag(text: impl Into<String>, tone: Tone) -> Tag {
    Tag { text: text.into(), tone }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = super::text::plain(&self.text);
        write!(f, r#"<span class="tag {}">{text}</span>"#, self.tone.class())
    }
}

impl HtmlSafe for Tag {}

/// What has just happened or must be known before reading on.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    tone: Tone,
    title: String,
    text: Rich,
    link: Option<(String, String)>,
}

impl HtmlSafe for Notice {}

impl Notice {
    fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: Rich::default(), link: None }
    }

    /// It was done.
    pub fn done(title: impl Into<String>) -> Self {
        Self::new(Tone::Green, title)
    }

    /// Worth knowing.
    pub fn information(title: impl Into<String>) -> Self {
        Self::new(Tone::Teal, title)
    }

    /// Take care.
    pub fn warning(title: impl Into<String>) -> Self {
        Self::new(Tone::Amber, title)
    }

    /// It was not done.
    pub fn refused(title: impl Into<String>) -> Self {
        Self::new(Tone::Red, title)
    }

    /// Says more.
    #[must_use]
    pub fn text(mut self, text: impl Into<Rich>) -> Self {
        self.text = text.into();
        self
    }

    /// A way on.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }

    fn drawing(&self) -> Icon {
        match self.tone {
            Tone::Green => icon("check"),
            Tone::Amber | Tone::Red => icon("warning"),
            Tone::Plain | Tone::Teal => icon("information"),
        }
    }

    fn role(&self) -> &'static str {
        if self.tone == Tone::Red { "alert" } else { "status" }
    }
}

/// A whole page for a refusal or a failure: what went wrong, what was kept, what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, in a sentence.
    pub title: String,
    /// What was kept.
    pub kept: String,
    /// What to do.
    pub advice: Rich,
    /// Ways on: label and address.
    pub links: Vec<(String, String)>,
    /// The stable code, such as `not_found`.
    pub code: String,
    /// What to tell the administrator, such as a request number, or empty.
    pub reference: String,
    /// When trying again makes sense.
    pub retry_after_seconds: Option<u32>,
}

impl ErrorPage {
    /// An error page of one's own.
    pub fn new(status: u16, code: &str, title: impl Into<String>, advice: impl Into<Rich>) -> Self {
        Self {
            status,
            title: title.into(),
            kept: String::new(),
            advice: advice.into(),
            links: vec![("回到首页".to_owned(), "/".to_owned())],
            code: code.to_owned(),
            reference: String::new(),
            retry_after_seconds: None,
        }
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(
            404,
            "not_found",
            "没有找到这个页面",
            "请核对地址；查案件请用受理编号和查询码。如果是从别处点过来的，链接可能已经过时。",
        )
        .kept("没有任何内容被改动。")
    }

    /// 403, with the reason: who may do it.
    pub fn forbidden(reason: impl Into<Rich>) -> Self {
        Self::new(403, "forbidden", "您没有权限做这件事", reason).kept("没有任何内容被改动。")
    }

    /// 500.
    pub fn internal(reference: &str) -> Self {
        let mut page = Self::new(
            500,
            "internal",
            "系统出了问题，这一步没有完成",
            "请返回上一页再试一次。如果还是不行，请把下面的编号告诉管理员，或者直接拨打 <b>12315</b>。",
        )
        .kept("之前保存的内容都在；这一步没有改动任何内容。");
        reference.clone_into(&mut page.reference);
        page
    }

    /// 503, with the seconds after which to try again.
    pub fn busy(retry_after_seconds: u32) -> Self {
        let mut page = Self::new(
            503,
            "busy",
            "现在人很多，请稍等一下",
            format!("请过 <b>{retry_after_seconds} 秒</b>再试。着急的话可以直接拨打 <b>12315</b>。"),
        )
        .kept("您填写的内容已经保存，不用重填。");
        page.retry_after_seconds = Some(retry_after_seconds);
        page
    }

    /// Says what was kept.
    #[must_use]
    pub fn kept(mut self, kept: impl Into<String>) -> Self {
        self.kept = kept.into();
        self
    }

    /// Adds a way on.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.links.insert(0, (label.into(), href.into()));
        self
    }
}
