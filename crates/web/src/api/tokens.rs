//! 令牌: looked up by keyed hash and remembered for a few seconds, so that filing stays fast and a token taken back is
//! soon refused.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp};
use store::StoreError;
use store::token::TokenRow;

use crate::api::problem::Problem;
use crate::app::App;

/// A token that was shown and is ours.
#[derive(Clone, Debug)]
pub(super) struct Bearer(pub(super) Arc<TokenRow>);

impl Bearer {
    /// Refuses what the token is not good for.
    pub(super) fn allows(&self, scopes: &[&str]) -> Result<(), Problem> {
        if scopes.iter().any(|scope| casework::token::allows(&self.0, scope)) {
            return Ok(());
        }
        Err(Problem::forbidden(format!("这个令牌的用途是“{}”，这里需要“{}”。", self.0.scopes, scopes.join("”或“"))))
    }
}

impl FromRequestParts<App> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Bearer, Problem> {
        let shown = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let text = shown.and_then(bearer).ok_or_else(Problem::unauthorized)?;
        let tokens = parts.extensions.get::<Arc<Tokens>>().cloned().unwrap_or_default();
        let token = tokens.find(app, text).await?.ok_or_else(Problem::unauthorized)?;
        tokens.count(&token)?;
        Ok(Bearer(token))
    }
}

/// The token out of `Bearer xb_…`; the word may be written in any case (RFC 7235).
fn bearer(header: &str) -> Option<&str> {
    let (word, token) = header.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The tokens that were shown lately.
#[derive(Default)]
pub(super) struct Tokens {
    known: Mutex<HashMap<String, (Arc<TokenRow>, Timestamp)>>,
    limiters: Mutex<HashMap<(i64, i64), Arc<DefaultDirectRateLimiter>>>,
}

impl Tokens {
    const REMEMBERED: SignedDuration = SignedDuration::from_secs(5);
    /// More than this are not a few programs.
    const AT_MOST: usize = 1_000;

    async fn find(&self, app: &App, text: &str) -> Result<Option<Arc<TokenRow>>, StoreError> {
        let now = app.now();
        // Kept under a keyed hash, so that no dump of memory gives a working token away.
        let key = app.house().secret.hash("token-shown", text);
        if let Some((token, seen)) = lock(&self.known).get(&key)
            && now >= *seen
            && now < *seen + Self::REMEMBERED
        {
            return Ok(Some(token.clone()));
        }
        let (house, shown) = (app.house().clone(), text.to_owned());
        let found = app.read(move |tx| casework::token::find(tx, &house, &shown)).await?.map(Arc::new);
        let mut known = lock(&self.known);
        match &found {
            Some(token) => {
                if known.len() >= Self::AT_MOST {
                    known.clear();
                }
                known.insert(key, (token.clone(), now));
            }
            None => drop(known.remove(&key)),
        }
        Ok(found)
    }

    /// Counts a request of a token that has a limit.
    fn count(&self, token: &TokenRow) -> Result<(), Problem> {
        let Some(per_minute) = token.per_minute else { return Ok(()) };
        let limit = u32::try_from(per_minute).ok().and_then(NonZeroU32::new);
        let Some(limit) = limit else { return Err(Problem::too_often(per_minute)) };
        let limiter = lock(&self.limiters)
            .entry((token.id, per_minute))
            .or_insert_with(|| Arc::new(RateLimiter::direct(Quota::per_minute(limit))))
            .clone();
        limiter.check().map_err(|_| Problem::too_often(per_minute))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_taken_out_of_its_header() {
        assert_eq!(bearer("Bearer xb_1"), Some("xb_1"));
        assert_eq!(bearer("bearer  xb_1 "), Some("xb_1"));
        assert_eq!(bearer("Basic eGI="), None);
        assert_eq!(bearer("xb_1"), None);
    }
}
