//! What every public page starts from: the frame, and cookies that hold only random keys.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum_extra::extract::cookie::Cookie;

use crate::app::App;
use crate::citizen::hall::{Hall, Served};
use crate::error::PageError;
use crate::view::{CitizenPage, Notice, type_size};

/// The frame of a public page for this reader, and what the public pages share.
pub(super) struct Visit {
    pub(super) page: CitizenPage,
    pub(super) served: Arc<Served>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visit, PageError> {
        let hall = parts.extensions.get::<Arc<Hall>>().cloned().unwrap_or_default();
        let served = hall.served(app).await?;
        // Back from the 人机确认.
        let confirmed = parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "confirmed=1"));
        let page = CitizenPage {
            bureau: served.bureau.clone(),
            phone: served.phone.clone(),
            large_type: type_size::is_large(&parts.headers),
            here: parts.uri.path().to_owned(),
            notice: confirmed.then(|| Notice::done("已确认").text("您填写的内容都在，请接着提交。")),
        };
        Ok(Visit { page, served })
    }
}

impl Visit {
    /// The frame with something that has just happened.
    pub(super) fn with(mut self, notice: Option<Notice>) -> CitizenPage {
        self.page.notice = notice.or(self.page.notice);
        self.page
    }
}

/// A cookie that no script reads and no other site sends, for so many seconds. `value` is of letters, digits and `.-_`.
pub(super) fn cookie(app: &App, name: &str, value: &str, seconds: i64) -> Cookie<'static> {
    let secure = if app.secure_cookies() { "; Secure" } else { "" };
    let name = cookie_name(app, name);
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    Cookie::parse(text).unwrap_or_else(|_| Cookie::new(name, String::new()))
}

/// The value of one of our cookies, if the browser sent it.
pub(crate) fn cookie_value(app: &App, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = cookie_name(app, name);
    let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// With the prefix that makes a browser refuse a cookie set over plain HTTP or by a neighbour's host.
fn cookie_name(app: &App, name: &str) -> String {
    if app.secure_cookies() { format!("__Host-xiaobao-{name}") } else { format!("xiaobao-{name}") }
}
