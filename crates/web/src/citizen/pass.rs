//! 查询凭证: whoever showed number and query code carries a signed cookie for two hours, for this one case.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::Cookie;
use casework::{ActError, Actor};
use jiff::{SignedDuration, Timestamp};
use store::case::CaseRow;

use crate::app::App;
use crate::citizen::frame;
use crate::error::PageError;

const COOKIE: &str = "track";
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(2);

/// The consumer of one case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub(super) case_id: i64,
}

impl Pass {
    /// As the one who acts.
    pub(super) fn actor(self) -> Actor {
        Actor::Complainant { case_id: self.case_id }
    }
}

impl FromRequestParts<App> for Pass {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Pass, PageError> {
        let again = || PageError::Elsewhere("/track?again=1".to_owned());
        let value = frame::cookie_value(app, &parts.headers, COOKIE).ok_or_else(again)?;
        let (case_id, until, seal) = taken_apart(&value).ok_or_else(again)?;
        if app.now().as_second() >= until {
            return Err(again());
        }
        // A new query code makes old passes worthless, so the round is sealed too.
        let case = app.read(move |tx| Ok::<_, ActError>(store::case::by_id(tx, case_id)?)).await?;
        let case = case.ok_or_else(again)?;
        let sealed = app.house().secret.verifies("track", &words(case_id, case.query_code_round, until), seal);
        if sealed { Ok(Pass { case_id }) } else { Err(again()) }
    }
}

/// The cookie for a case whose code was shown.
pub(super) fn cookie(app: &App, case: &CaseRow, now: Timestamp) -> Cookie<'static> {
    let until = (now + GOOD_FOR).as_second();
    let seal = app.house().secret.hash("track", &words(case.id, case.query_code_round, until));
    frame::cookie(app, COOKIE, &format!("{}.{until}.{seal}", case.id), GOOD_FOR.as_secs())
}

/// The cookie that takes the pass away.
pub(super) fn none(app: &App) -> Cookie<'static> {
    frame::cookie(app, COOKIE, "", 0)
}

fn taken_apart(value: &str) -> Option<(i64, i64, &str)> {
    let (case_id, rest) = value.split_once('.')?;
    let (until, seal) = rest.split_once('.')?;
    Some((case_id.parse().ok()?, until.parse().ok()?, seal))
}

fn words(case_id: i64, round: i64, until: i64) -> String {
    format!("{case_id}:{round}:{until}")
}
