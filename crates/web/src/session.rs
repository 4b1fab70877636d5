//! Who is signed in: from the cookie to the person with her roles.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum_extra::extract::cookie::{Cookie, SameSite};
use casework::sign_in::{self, Session};
use casework::{Actor, Staff};
use domain::account::Gate;
use domain::role::Role;

use crate::app::App;
use crate::error::PageError;
use crate::limits::Address;
use crate::view::ErrorPage;

/// A member of staff who signed in. Whoever did not is sent to the login page and comes back afterwards.
pub struct SignedIn(pub Staff);

impl SignedIn {
    /// As the one who acts.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.0.clone())
    }
}

/// A system administrator (系统管理员) who signed in; others are refused with 403.
pub struct Administrator(pub Staff);

impl Administrator {
    /// As the one who acts.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.0.clone())
    }
}

/// Somebody who keeps accounts: a system administrator makes them, a security administrator (安全管理员) gives their roles.
pub struct AccountKeeper(pub Staff);

impl AccountKeeper {
    /// As the one who acts.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.0.clone())
    }
}

/// An auditor (审计管理员) who signed in; others are refused with 403.
pub struct Auditor(pub Staff);

/// As [`SignedIn`], also while the password must still be changed: for the pages that change it.
pub struct AtTheDoor {
    /// The session.
    pub session: Session,
}

/// As [`SignedIn`], also while a second factor must still be set up: for the pages of one's own account.
pub struct Own {
    /// The session.
    pub session: Session,
}

impl Own {
    /// As the one who acts.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.session.staff.clone())
    }
}

/// Whoever typed a right password and still has to show her second factor.
pub struct Waiting {
    /// The session that waits.
    pub session: Session,
    /// Its cookie.
    pub cookie: String,
}

impl FromRequestParts<App> for Waiting {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Waiting, PageError> {
        let waiting = held(parts, app).await?;
        match waiting.session.gate {
            Gate::Prove => Ok(waiting),
            _ => Err(PageError::Elsewhere(first_page(&waiting.session.staff).to_owned())),
        }
    }
}

/// The session behind the cookie, whatever is still missing.
async fn held(parts: &mut Parts, app: &App) -> Result<Waiting, PageError> {
    let cookie = cookie_value(&parts.headers, app).ok_or_else(|| PageError::Login { next: next_address(parts) })?;
    let Ok(Address(address)) = Address::from_request_parts(parts, app).await;
    let (house, now, token) = (app.house().clone(), app.now(), cookie.clone());
    let found = app.read(move |tx| sign_in::find(tx, &house, now, &token, address)).await;
    let login = || PageError::Login { next: next_address(parts) };
    let session = found.map_err(PageError::from)?.ok_or_else(login)?;
    if let Some(role) = session.outside {
        let ended = app.act(Actor::System, move |tx, scene| sign_in::end_outside(tx, scene, &session)).await;
        ended.map_err(PageError::from)?;
        let sentence = sign_in::outside_words(role, address);
        let page = ErrorPage::new(403, "sign_in.network", "您的登录已经结束", sentence).kept("没有任何内容被改动。");
        return Err(page.link("重新登录", "/login").into());
    }
    if session.stale {
        let used = cookie.clone();
        let touched = app.act(Actor::System, move |tx, scene| sign_in::touch(tx, scene, &used)).await;
        touched.map_err(PageError::from)?;
    }
    Ok(Waiting { session, cookie })
}

impl FromRequestParts<App> for AtTheDoor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<AtTheDoor, PageError> {
        let Waiting { session, .. } = held(parts, app).await?;
        match session.gate {
            Gate::Prove => Err(PageError::Elsewhere("/login/second".to_owned())),
            _ => Ok(AtTheDoor { session }),
        }
    }
}

impl FromRequestParts<App> for Own {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Own, PageError> {
        let AtTheDoor { session } = AtTheDoor::from_request_parts(parts, app).await?;
        if session.must_change { Err(PageError::ChangePassword) } else { Ok(Own { session }) }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<SignedIn, PageError> {
        let Own { session } = Own::from_request_parts(parts, app).await?;
        match session.gate {
            Gate::Enrol => Err(PageError::Elsewhere("/account/enrol".to_owned())),
            _ => Ok(SignedIn(session.staff)),
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Administrator, PageError> {
        let SignedIn(staff) = SignedIn::from_request_parts(parts, app).await?;
        if staff.holds(Role::Administrator) {
            Ok(Administrator(staff))
        } else {
            Err(PageError::forbidden("这一页只对系统管理员开放。如需调整账号、机构或日历，请联系本单位系统管理员。"))
        }
    }
}

impl FromRequestParts<App> for AccountKeeper {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<AccountKeeper, PageError> {
        let SignedIn(staff) = SignedIn::from_request_parts(parts, app).await?;
        if casework::account::KEEPERS.iter().any(|role| staff.holds(*role)) {
            Ok(AccountKeeper(staff))
        } else {
            Err(PageError::forbidden("账号由系统管理员建立，角色由安全管理员授予。如需调整，请联系他们。"))
        }
    }
}

impl FromRequestParts<App> for Auditor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Auditor, PageError> {
        let SignedIn(staff) = SignedIn::from_request_parts(parts, app).await?;
        if staff.holds(Role::Auditor) {
            Ok(Auditor(staff))
        } else {
            Err(PageError::forbidden("审计记录只对审计管理员开放。"))
        }
    }
}

/// Where a person begins after signing in: an administrator and an auditor see no queue.
pub fn first_page(staff: &Staff) -> &'static str {
    if crate::frame::handles_cases(staff) {
        "/desk"
    } else if staff.holds(Role::Administrator) {
        "/admin"
    } else if staff.holds(Role::SecurityAdministrator) {
        "/admin/accounts"
    } else if staff.holds(Role::Auditor) {
        "/admin/access"
    } else if staff.holds(Role::IdentityCustodian) {
        "/desk/identities"
    } else {
        "/account"
    }
}

/// The session's cookie, set after a login.
pub(crate) fn cookie(app: &App, value: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(cookie_name(app), value);
    cookie.set_http_only(true);
    cookie.set_secure(app.secure_cookies());
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie
}

/// The value of the session's cookie, if the browser sent one.
pub(crate) fn cookie_value(headers: &HeaderMap, app: &App) -> Option<String> {
    named_cookie(headers, cookie_name(app))
}

/// The value of a cookie, if the browser sent one.
pub(crate) fn named_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// With the prefix that makes a browser refuse a cookie set over plain HTTP or by a neighbour's host.
fn cookie_name(app: &App) -> &'static str {
    if app.secure_cookies() { "__Host-xiaobao" } else { "xiaobao" }
}

/// Where to come back to after the login: this page, or for a form the page it stood on.
fn next_address(parts: &Parts) -> String {
    let here = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    if parts.method == Method::GET {
        return here;
    }
    let from = parts.headers.get(REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or_default().to_owned()
}
