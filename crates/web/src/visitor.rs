//! Where a request comes from: address, browser, and the cookie by which a browser is known again at the door.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::throttle::Door;
use domain::account::account_rules;

use crate::app::App;
use crate::limits::Address;
use crate::session;

/// Where somebody stands at the door.
pub struct Visitor(pub Door);

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Self::Rejection> {
        let Address(address) = Address::from_request_parts(parts, app).await?;
        let device = device(&parts.headers);
        let cookie = session::named_cookie(&parts.headers, cookie_name(app)).unwrap_or_default();
        Ok(Visitor(Door { address, device, cookie }))
    }
}

impl Visitor {
    /// The door of somebody who is let in: her browser is known from now on. The cookie is to be set when it is new.
    pub(crate) fn known(self, app: &App) -> (Door, Option<Cookie<'static>>) {
        let Visitor(mut door) = self;
        if !door.cookie.is_empty() {
            return (door, None);
        }
        door.cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
        let (name, value) = (cookie_name(app), &door.cookie);
        let seconds = account_rules().throttle.known_days * 24 * 60 * 60;
        let secure = if app.secure_cookies() { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        let cookie = Cookie::parse(text).ok();
        (door, cookie)
    }
}

fn cookie_name(app: &App) -> &'static str {
    if app.secure_cookies() { "__Host-xiaobao-device" } else { "xiaobao-device" }
}

/// The browser and the system it says it is, in words: for her own list, never for a decision.
fn device(headers: &HeaderMap) -> String {
    // The more particular names come first: nearly all of them also say Chrome and Safari.
    const BROWSERS: &[(&str, &str)] = &[
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("QQBrowser", "QQ 浏览器"),
        ("360SE", "360 浏览器"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("Windows", "Windows"),
        ("Android", "安卓"),
        ("HarmonyOS", "鸿蒙"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}，{system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "认不出的设备".to_owned(),
    }
}
