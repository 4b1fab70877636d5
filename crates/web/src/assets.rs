//! Style sheets, scripts and pictures, built into the binary.
//!
//! Each address carries a hash of its content (`/assets/3f9a…/desk.css`), so a browser may keep it for ever and a new
//! version is seen at once. A debug build reads the folder on every request: edit a style sheet and reload.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::view::type_size;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Folder;

/// A file that a page asks for, and the files it is made of, in order. One request a page instead of five.
const BUNDLES: &[(&str, &[&str])] = &[
    ("desk.css", &["tokens.css", "base.css", "parts.css", "workbench.css", "desk-pages.css", "admin.css", "print.css"]),
    ("citizen.css", &["tokens.css", "base.css", "parts.css", "public.css", "consumer.css", "print.css"]),
    ("form.css", &["tokens.css", "official.css", "papers.css"]),
    ("desk.js", &["forms.js", "workbench.js", "register.js", "copies.js", "passkey.js", "signing.js", "wording.js"]),
    ("citizen.js", &["forms.js", "public.js", "consumer.js", "signing.js"]),
];

/// The routes that answer for assets and for the switch of type size.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{hash}/{name}", get(serve))
        .route("/favicon.ico", get(favicon))
        .route("/type-size", get(type_size::switch))
}

/// The address of an asset, to be used by templates: `url("desk.css")` is `/assets/3f9a…/desk.css`.
///
/// A name that does not exist gives an address that answers 404; the gallery test asks for each name that templates use.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", fingerprint(name))
}

/// The content of an asset or of a bundle, or nothing when there is none of that name.
pub fn content(name: &str) -> Option<Cow<'static, [u8]>> {
    let Some((_, parts)) = BUNDLES.iter().find(|(bundle, _)| *bundle == name) else {
        return Folder::get(name).map(|file| file.data);
    };
    let mut joined = Vec::new();
    for part in *parts {
        joined.extend_from_slice(&Folder::get(part)?.data);
        joined.push(b'\n');
    }
    Some(Cow::Owned(joined))
}

/// The names that [`url`] can be asked for.
pub fn names() -> Vec<String> {
    let bundles = BUNDLES.iter().map(|(name, _)| (*name).to_owned());
    bundles.chain(Folder::iter().map(Cow::into_owned)).collect()
}

async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(bytes) = content(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // An old page may ask for an old hash: it gets today's file, but must not keep it under yesterday's address.
    let cache = if hash == fingerprint(&name) && !cfg!(debug_assertions) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name))),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ],
        bytes.into_owned(),
    )
        .into_response()
}

async fn favicon() -> Response {
    serve(Path((fingerprint("favicon.svg"), "favicon.svg".to_owned()))).await
}

/// The first 12 hexadecimal digits of the SHA-256 of the content.
fn fingerprint(name: &str) -> String {
    static KNOWN: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    if cfg!(debug_assertions) {
        return content(name).map_or_else(|| "missing".to_owned(), |bytes| digest(&bytes));
    }
    KNOWN
        .get_or_init(|| {
            let hashed = |name: String| content(&name).map(|bytes| (name, digest(&bytes)));
            names().into_iter().filter_map(hashed).collect()
        })
        .get(name)
        .cloned()
        .unwrap_or_else(|| "missing".to_owned())
}

fn digest(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(12);
    for byte in Sha256::digest(bytes).iter().take(6) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{content, content_type, names, url};

    fn text(name: &str) -> String {
        String::from_utf8(content(name).unwrap_or_else(|| panic!("no {name}")).into_owned()).unwrap()
    }

    #[test]
    fn every_bundle_is_whole_and_has_a_type() {
        for name in names() {
            assert!(content(&name).is_some_and(|bytes| !bytes.is_empty()), "{name}");
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
            assert!(!url(&name).contains("missing"), "{name}");
        }
        assert!(content("../Cargo.toml").is_none());
    }

    #[test]
    fn style_sheets_and_scripts_ask_no_other_host() {
        for name in ["desk.css", "citizen.css", "form.css", "desk.js", "citizen.js"] {
            let text = text(name).replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("@import"), "{name}");
        }
    }

    #[test]
    fn every_colour_that_is_used_is_a_token() {
        let tokens = tokens();
        for name in ["desk.css", "citizen.css", "form.css"] {
            for used in text(name).split("var(--").skip(1).filter_map(|rest| rest.split(')').next()) {
                let own = ["between", "control", "tick", "choice"].iter().any(|start| used.starts_with(start));
                let known = own || tokens.contains_key(used) || text("tokens.css").contains(&format!("--{used}:"));
                assert!(known, "{name} uses --{used}");
            }
        }
    }

    /// WCAG 2.2, 1.4.3 and 1.4.11.
    #[test]
    fn text_and_edges_stand_out_from_their_ground() {
        let tokens = tokens();
        let grounds = ["sheet", "paper", "sunk", "teal-2", "seal-2", "amber-2", "green-2"];
        for word in ["ink", "ink-2", "ink-3", "teal", "teal-deep", "seal", "amber", "green"] {
            for ground in grounds {
                let ratio = contrast(tokens[word], tokens[ground]);
                assert!(ratio >= 4.5, "--{word} on --{ground}: {ratio:.2}");
            }
        }
        for button in ["teal", "teal-deep", "seal", "seal-deep", "ink", "ink-2"] {
            assert!(contrast([255; 3], tokens[button]) >= 4.5, "white on --{button}");
        }
        for edge in ["line", "focus", "seal", "teal"] {
            for ground in ["sheet", "paper"] {
                assert!(contrast(tokens[edge], tokens[ground]) >= 3.0, "--{edge} on --{ground}");
            }
        }
    }

    fn tokens() -> BTreeMap<String, [u8; 3]> {
        let sheet = text("tokens.css");
        let lines = sheet.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        let colour = |hex: &str| {
            let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
            Some([part(0)?, part(2)?, part(4)?])
        };
        lines.filter_map(|(name, hex)| Some((name.to_owned(), colour(hex)?))).collect()
    }

    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: [u8; 3]) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    }
}
