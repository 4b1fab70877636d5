//! Small line drawings, part of the page itself, so that they take its colour and need no request.

use std::fmt;

use askama::filters::HtmlSafe;

/// A drawing of 16 units, hidden from screen readers: a word always stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(&'static str);

/// The drawing of that name; an unknown name draws nothing.
pub fn icon(name: &str) -> Icon {
    Icon(match name {
        "search" => r#"<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.6 3.6"/>"#,
        "paper" => r#"<path d="M4 1.8h5.2L12.5 5v9.2h-8.5zM9 2v3.2h3.3M6 8.2h4.5M6 10.8h4.5"/>"#,
        "camera" => r#"<path d="M1.8 4.8h3l1-1.6h4.4l1 1.6h3v8.4H1.8z"/><circle cx="8" cy="8.8" r="2.4"/>"#,
        "sound" => r#"<path d="M2 6v4h2.6L8 13V3L4.6 6zM10.6 5.6a3.4 3.4 0 0 1 0 4.8M12.6 3.8a6 6 0 0 1 0 8.4"/>"#,
        "film" => r#"<path d="M2 3.5h12v9H2zM6.6 6v4l3.4-2z"/>"#,
        "check" => r#"<path d="m3 8.6 3.2 3.2L13 4.6"/>"#,
        "cross" => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
        "warning" => r#"<path d="M8 2 14.6 13.6H1.4zM8 6.4v3.4M8 11.4v.6"/>"#,
        "information" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 7.2v4M8 4.6v.7"/>"#,
        "pause" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M6.4 5.6v4.8M9.6 5.6v4.8"/>"#,
        "clock" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 4.4V8l2.6 1.6"/>"#,
        "phone" => {
            r#"<path d="M3.2 2.2 5.6 2l1.2 3.2-1.6 1.2a8 8 0 0 0 4.4 4.4l1.2-1.6L14 10.4l-.2 2.4c-.1.7-.7 1.2-1.4 1.2A10.6 10.6 0 0 1 2 3.6c0-.7.5-1.3 1.2-1.4z"/>"#
        }
        "person" => r#"<circle cx="8" cy="5.2" r="2.8"/><path d="M2.6 14c.5-3 2.6-4.6 5.4-4.6s4.9 1.6 5.4 4.6"/>"#,
        "shop" => {
            r#"<path d="M2.6 7v6.8h10.8V7M1.8 5.6 3.4 2.2h9.2l1.6 3.4c0 .9-.9 1.6-2 1.6s-2-.7-2-1.6c0 .9-1 1.6-2.2 1.6S5.8 6.5 5.8 5.6c0 .9-.9 1.6-2 1.6s-2-.7-2-1.6z"/>"#
        }
        "right" => r#"<path d="m6 3.4 4.6 4.6L6 12.6"/>"#,
        "up" => r#"<path d="M8 13V3.4M4 7.4l4-4 4 4"/>"#,
        "down" => r#"<path d="M8 3v9.6M4 8.6l4 4 4-4"/>"#,
        "plus" => r#"<path d="M8 3v10M3 8h10"/>"#,
        "print" => r#"<path d="M4.4 6V2.2h7.2V6M4.4 11.4H2V6h12v5.4h-2.4M4.4 9.4h7.2v4.4H4.4z"/>"#,
        "seal" => r#"<path d="M2.5 2.5h11v11h-11zM5.2 5.4h5.6M8 5.4v5.4M5.2 10.8h5.6"/>"#,
        "send" => r#"<path d="M14 2 1.8 7l4.6 2.2L8.8 14zM6.4 9.2 14 2"/>"#,
        "lock" => r#"<path d="M3.4 7.2h9.2v6.6H3.4zM5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>"#,
        _ => "",
    })
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r#"<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{}</svg>"#,
            self.0
        )
    }
}

impl HtmlSafe for Icon {}
