//! How often strangers may try: by address, before anything is read. Who is signed in or shows a trusted token is not held up here.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::error::PageError;
use crate::view::ErrorPage;

type Keyed = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

/// What strangers may do, each counted by address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Trying a login and a password.
    Login,
    /// Filing a complaint on the public page.
    Filing,
    /// Trying a case number and a query code.
    Query,
}

/// The limits of this process.
pub struct Limits {
    proxies: u8,
    login: Option<Keyed>,
    filing: Option<Keyed>,
    query: Option<Keyed>,
    /// What one address files before it is asked to show that somebody is there.
    gentle: Option<Keyed>,
    /// Files brought by strangers, in [`UNIT`]s.
    bytes: Option<Keyed>,
}

/// Bytes of a file that are counted as one.
const UNIT: u64 = 64 * 1024;
/// What one address may bring in an hour, in [`UNIT`]s: 1 GiB, fifty of the largest files.
const BYTES_AN_HOUR: u32 = 16 * 1024;

impl Limits {
    /// The ordinary ones, a minute and address: 30 logins, 30 filings, 60 queries (a village shares one address); ten filings at
    /// once and sixty an hour before somebody has to show herself; 1 GiB of files an hour.
    pub fn ordinary() -> Limits {
        let minute = |times| Some(RateLimiter::keyed(Quota::per_minute(times)));
        Limits {
            proxies: 0,
            login: minute(times(30)),
            filing: minute(times(30)),
            query: minute(times(60)),
            gentle: Some(RateLimiter::keyed(Quota::per_hour(times(60)).allow_burst(times(10)))),
            bytes: Some(RateLimiter::keyed(Quota::per_hour(times(BYTES_AN_HOUR)))),
        }
    }

    /// None at all: tests, benchmarks, the demonstration.
    pub fn none() -> Limits {
        Limits { proxies: 0, login: None, filing: None, query: None, gentle: None, bytes: None }
    }

    /// As these, with so many bytes of files an hour and address.
    #[must_use]
    pub fn bytes_an_hour(mut self, bytes: u64) -> Limits {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        self.bytes = Some(RateLimiter::keyed(Quota::per_hour(times(units))));
        self
    }

    /// Behind this many reverse proxies of our own, each of which adds to `X-Forwarded-For`.
    #[must_use]
    pub fn behind(mut self, proxies: u8) -> Limits {
        self.proxies = proxies;
        self
    }

    /// Counts an attempt, and refuses one too many with the time to wait.
    pub fn check(&self, attempt: Attempt, address: IpAddr) -> Result<(), PageError> {
        let limiter = match attempt {
            Attempt::Login => &self.login,
            Attempt::Filing => &self.filing,
            Attempt::Query => &self.query,
        };
        let Some(limiter) = limiter else { return Ok(()) };
        limiter.check_key(&address).map_err(|_| too_often().into())
    }

    /// Counts a filing; `false` when this address filed more lately than people do.
    pub(crate) fn is_ordinary(&self, address: IpAddr) -> bool {
        self.gentle.as_ref().is_none_or(|limiter| limiter.check_key(&address).is_ok())
    }

    /// Counts bytes of a stranger's file as they come, and refuses when the address brought too many.
    pub(crate) fn takes_bytes(&self, address: IpAddr, bytes: u64) -> Result<(), PageError> {
        let Some(limiter) = &self.bytes else { return Ok(()) };
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok().and_then(NonZeroU32::new);
        let Some(units) = units else { return Ok(()) };
        match limiter.check_key_n(&address, units) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(too_much().into()),
        }
    }

    /// Forgets addresses that were quiet; called now and then so that the table does not grow for ever.
    pub fn forget_quiet(&self) {
        for limiter in [&self.login, &self.filing, &self.query, &self.gentle, &self.bytes].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The address somebody comes from: the peer's, or what our own proxies say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Address, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let told = forwarded_for(forwarded, app.limits().proxies);
        Ok(Address(told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

/// The last entries of the list were added by our own proxies; what stands before them anybody can write.
fn forwarded_for(list: &str, proxies: u8) -> Option<IpAddr> {
    let at = usize::from(proxies).checked_sub(1)?;
    list.split(',').rev().nth(at)?.trim().parse().ok()
}

fn times(times: u32) -> NonZeroU32 {
    NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN)
}

fn too_often() -> ErrorPage {
    let mut page =
        ErrorPage::new(429, "too_often", "试得太频繁了", "请过 <b>1 分钟</b>再试。着急的话可以直接拨打 <b>12315</b>。");
    page.retry_after_seconds = Some(60);
    page
}

fn too_much() -> ErrorPage {
    let advice = "这个网络一小时内传来的文件太多了。请过一会儿再传；材料很多的，可以寄来或者送到市场监管局。";
    let mut page = ErrorPage::new(429, "too_much", "文件传得太多了", advice);
    page.retry_after_seconds = Some(60 * 60);
    page
}

/// Wrong query codes, counted by case number, so that nobody tries a million codes from a thousand addresses.
#[derive(Default)]
pub(crate) struct Tries(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Tries {
    const ALLOWED: u32 = 10;
    const WITHIN: SignedDuration = SignedDuration::from_mins(15);
    /// More than this and all are forgotten: somebody is making numbers up.
    const AT_MOST: usize = 20_000;

    /// Whether another try is refused, whatever the code.
    pub(crate) fn exhausted(&self, number: &str, now: Timestamp) -> bool {
        let tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tried.get(number).is_some_and(|(wrong, since)| *wrong >= Self::ALLOWED && now < *since + Self::WITHIN)
    }

    /// Counts a wrong one.
    pub(crate) fn note_wrong(&self, number: &str, now: Timestamp) {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() >= Self::AT_MOST {
            tried.clear();
        }
        let (wrong, since) = tried.entry(number.to_owned()).or_insert((0, now));
        if now >= *since + Self::WITHIN {
            (*wrong, *since) = (0, now);
        }
        *wrong += 1;
    }

    /// A right one ends the counting.
    pub(crate) fn note_right(&self, number: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(number);
    }
}

#[cfg(test)]
mod tests {
    use super::forwarded_for;

    #[test]
    fn only_what_our_own_proxies_wrote_is_believed() {
        let list = "6.6.6.6, 1.2.3.4, 10.0.0.2";
        assert_eq!(forwarded_for(list, 0), None);
        assert_eq!(forwarded_for(list, 1), "10.0.0.2".parse().ok());
        assert_eq!(forwarded_for(list, 2), "1.2.3.4".parse().ok());
        assert_eq!(forwarded_for("", 1), None);
    }
}
