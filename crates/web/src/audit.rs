//! 审计 at the edge (11.3): from where a request comes, and what is told by its address alone: tables taken out, files and papers opened,
//! pages refused to somebody who is signed in. What only the act itself knows is written by the act.

use std::net::IpAddr;

use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use casework::{Actor, sign_in};
use domain::audit::AuditKind;
use store::StoreError;

use crate::app::App;
use crate::limits::Address;
use crate::session::cookie_value;

tokio::task_local! {
    static ORIGIN: String;
}

/// The address of the request that is being answered; nothing beside requests.
pub(crate) fn origin() -> String {
    ORIGIN.try_with(Clone::clone).unwrap_or_default()
}

/// Answers a request, then keeps what its address tells.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(Address(address)) = Address::from_request_parts(&mut parts, &app).await;
    let pattern = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let cookie = cookie_value(&parts.headers, &app);
    let answer = async {
        let response = next.run(Request::from_parts(parts, body)).await;
        let kind = kind_of(&method, &pattern, response.status());
        if let (Some(kind), Some(cookie)) = (kind, cookie) {
            let what = format!("{method} {pattern}");
            note(&app, kind, what, case_number(&pattern, &path), (cookie, address)).await;
        }
        response
    };
    ORIGIN.scope(address.to_string(), answer).await
}

/// What a request is to an auditor, by the pattern of its address and how it ended.
fn kind_of(method: &Method, pattern: &str, status: StatusCode) -> Option<AuditKind> {
    let ours = ["/desk", "/admin", "/account"].iter().any(|part| pattern.starts_with(part));
    match status {
        _ if !ours => None,
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Some(AuditKind::Refused),
        StatusCode::OK if method == Method::GET => {
            let tables = [".csv", ".json", "/export"];
            match pattern {
                _ if tables.iter().any(|ending| pattern.ends_with(ending)) => Some(AuditKind::Export),
                _ if pattern.ends_with("/print") => Some(AuditKind::Print),
                _ if pattern.ends_with("/attachments/{id}") => Some(AuditKind::Download),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The case in an address, where its pattern names one.
fn case_number(pattern: &str, path: &str) -> Option<String> {
    let place = pattern.split('/').position(|part| part == "{number}")?;
    path.split('/').nth(place).map(str::to_owned)
}

/// Writes it down when somebody is signed in; a session that just ended, or none, is nobody's.
async fn note(app: &App, kind: AuditKind, what: String, number: Option<String>, from: (String, IpAddr)) {
    let (cookie, address) = from;
    let (house, now) = (app.house().clone(), app.now());
    let kept = app.act(Actor::System, move |tx, scene| {
        let Some(session) = sign_in::find(tx, &house, now, &cookie, address)? else { return Ok(()) };
        let case = number.as_deref().map(|number| store::case::by_number(tx, number)).transpose()?.flatten();
        let (account, case) = (Some(session.staff.account_id), case.map(|case| case.id));
        store::access::record(tx, scene.now, kind, account, case, &what, "")
    });
    if let Err(error) = kept.await {
        let error: StoreError = error;
        tracing::error!(error = &error as &dyn std::error::Error, "an audit entry could not be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::{case_number, kind_of};
    use axum::http::{Method, StatusCode};
    use domain::audit::AuditKind;

    #[test]
    fn what_leaves_and_what_is_refused_is_told_by_the_address() {
        let kind = |pattern: &str, status| kind_of(&Method::GET, pattern, status);
        assert_eq!(kind("/desk/cases.csv", StatusCode::OK), Some(AuditKind::Export));
        assert_eq!(kind("/admin/organizations/export", StatusCode::OK), Some(AuditKind::Export));
        assert_eq!(kind("/desk/checks/{id}/print", StatusCode::OK), Some(AuditKind::Print));
        assert_eq!(kind("/desk/cases/{number}/attachments/{id}", StatusCode::OK), Some(AuditKind::Download));
        assert_eq!(kind("/desk/cases/{number}", StatusCode::NOT_FOUND), Some(AuditKind::Refused));
        assert_eq!(kind("/admin/tokens", StatusCode::FORBIDDEN), Some(AuditKind::Refused));
        assert_eq!(kind("/desk", StatusCode::OK), None);
        assert_eq!(kind("/track", StatusCode::NOT_FOUND), None);
        assert_eq!(
            case_number("/desk/cases/{number}/papers/{id}", "/desk/cases/4711/papers/1").as_deref(),
            Some("4711")
        );
        assert_eq!(case_number("/desk/cases", "/desk/cases"), None);
    }
}
