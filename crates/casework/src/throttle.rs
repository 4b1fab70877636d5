//! 登录失败处理: wrong tries are slowed down where they come from, so that nobody can lock somebody else out.
//!
//! A try is counted before the password is judged, so that a thousand tries at once count as a thousand, and taken back when the
//! password was right. A device or network from which she signed in before has a count of its own. All other sources share one
//! more count for each login: an attacker with a thousand addresses gets no more tries than one with thirty. The idea is OWASP's
//! device cookie.

use domain::account::account_rules;
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::login_source::{self, SourceRow};

use crate::error::ActError;
use crate::house::{House, Scene};
use crate::network::Network;

/// All sources from which nobody signed in yet, together.
const STRANGERS: &str = "strangers";
/// Passwords typed by somebody who is signed in already.
const INSIDE: &str = "inside";

/// Where a try comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The address of the browser.
    pub address: std::net::IpAddr,
    /// What browser it says it is, in words.
    pub device: String,
    /// The random cookie that a browser keeps after the first sign-in; empty when it has none.
    pub cookie: String,
}

/// What a wrong password led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// May try again.
    Wrong {
        /// So often before a wait.
        left: i64,
    },
    /// Too often: has to wait.
    Locked {
        /// Until then.
        until: Timestamp,
    },
}

/// Wrong tries that the owner of an account is told of at her next sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub count: i64,
    /// The last one.
    pub latest: Option<Timestamp>,
    /// From which networks.
    pub networks: Vec<String>,
}

/// The name of a login in the table: a keyed hash.
pub fn login_hash(house: &House, login: &str) -> String {
    house.secret.hash("login", &login.trim().to_ascii_lowercase())
}

/// Counts a try that is about to be judged. `Err` when this source has to wait; `Ok` with what a wrong password will lead to.
pub fn begin(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    login: &str,
    door: &Door,
    has_owner: bool,
) -> Result<Result<Refusal, Refusal>, ActError> {
    let hash = login_hash(scene.house, login);
    let mut sources = counted(tx, scene, login, door)?;
    if let Some(until) = waits_until(&sources, scene.now) {
        // Told of all the same: she wants to know that somebody tries.
        sources[0].untold += i64::from(has_owner);
        login_source::put(tx, &hash, &sources[0])?;
        return Ok(Err(Refusal::Locked { until }));
    }
    let mut left = i64::MAX;
    for (index, source) in sources.iter_mut().enumerate() {
        left = left.min(count(source, scene.now));
        // Counted once, with the place it came from.
        source.untold += i64::from(has_owner && index == 0);
        login_source::put(tx, &hash, source)?;
    }
    Ok(Ok(match waits_until(&sources, scene.now) {
        Some(until) => Refusal::Locked { until },
        None => Refusal::Wrong { left },
    }))
}

/// The sign-in is complete: the counts of this source begin anew, the device and the network are known from now on. Gives the
/// wrong tries from elsewhere that its owner has not been told of.
pub fn succeed(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str, door: &Door) -> Result<Tries, ActError> {
    let hash = login_hash(scene.house, login);
    let known_until = scene.now + SignedDuration::from_hours(24 * account_rules().throttle.known_days);
    let mine = [device_source(scene.house, login, door), Some(network_source(door))];
    let counted = counted(tx, scene, login, door)?;
    let mut tries = Tries::default();
    for source in login_source::of_login(tx, &hash)? {
        let elsewhere = !mine.iter().flatten().any(|own| *own == source.source);
        if elsewhere && source.untold > 0 {
            tries.count += source.untold;
            tries.latest = tries.latest.max(source.failed_at);
            tries.networks.extend(source.source.strip_prefix("network:").map(str::to_owned));
        }
    }
    if let Some(strangers) = counted.into_iter().find(|source| source.source == STRANGERS) {
        let failures = strangers.failures - 1;
        let waits_until = strangers.waits_until.filter(|_| failures >= account_rules().throttle.strangers_allowed);
        login_source::put(tx, &hash, &SourceRow { failures, waits_until, ..strangers })?;
    }
    for source in mine.into_iter().flatten() {
        login_source::put(tx, &hash, &SourceRow { source, known_until: Some(known_until), ..SourceRow::default() })?;
    }
    login_source::told(tx, &hash)?;
    Ok(tries)
}

/// Until when somebody who is signed in has to wait before her password is judged again.
pub fn waits_inside(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str) -> Result<Option<Timestamp>, ActError> {
    let source = login_source::find(tx, &login_hash(scene.house, login), INSIDE)?;
    Ok(source.and_then(|source| source.waits_until).filter(|until| *until > scene.now))
}

/// Counts a wrong password or code of somebody who is signed in. Nobody else's tries are counted here, nor these elsewhere.
pub fn note_inside(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str) -> Result<Refusal, ActError> {
    let hash = login_hash(scene.house, login);
    let mut source = login_source::find(tx, &hash, INSIDE)?.unwrap_or_else(|| new(INSIDE.to_owned()));
    let left = count(&mut source, scene.now);
    login_source::put(tx, &hash, &source)?;
    Ok(match source.waits_until {
        Some(until) => Refusal::Locked { until },
        None => Refusal::Wrong { left },
    })
}

/// A right one ends that count.
pub fn clear_inside(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str) -> Result<(), ActError> {
    let hash = login_hash(scene.house, login);
    if login_source::find(tx, &hash, INSIDE)?.is_some_and(|source| source.failures > 0) {
        login_source::put(tx, &hash, &new(INSIDE.to_owned()))?;
    }
    Ok(())
}

/// The networks from which nobody may try this login now.
pub fn waiting(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str) -> Result<Vec<SourceRow>, ActError> {
    let mut sources = login_source::of_login(tx, &login_hash(scene.house, login))?;
    sources.retain(|source| source.waits_until.is_some_and(|until| until > scene.now));
    Ok(sources)
}

/// The sources a try is counted under. The first is where it comes from; strangers are counted together besides.
fn counted(tx: &mut Tx<'_>, scene: Scene<'_>, login: &str, door: &Door) -> Result<Vec<SourceRow>, ActError> {
    let hash = login_hash(scene.house, login);
    let is_known = |source: &SourceRow| source.known_until.is_some_and(|until| until > scene.now);
    if let Some(name) = device_source(scene.house, login, door)
        && let Some(device) = login_source::find(tx, &hash, &name)?.filter(is_known)
    {
        return Ok(vec![device]);
    }
    let name = network_source(door);
    let network = login_source::find(tx, &hash, &name)?.unwrap_or_else(|| new(name));
    if is_known(&network) {
        return Ok(vec![network]);
    }
    let strangers = login_source::find(tx, &hash, STRANGERS)?.unwrap_or_else(|| new(STRANGERS.to_owned()));
    Ok(vec![network, strangers])
}

fn new(source: String) -> SourceRow {
    SourceRow { source, ..SourceRow::default() }
}

fn device_source(house: &House, login: &str, door: &Door) -> Option<String> {
    let login = login.trim().to_ascii_lowercase();
    (!door.cookie.is_empty())
        .then(|| format!("device:{}", house.secret.hash("device", &format!("{}\0{login}", door.cookie))))
}

/// A house has one IPv4 address and a whole /64 of IPv6; who rents a block of addresses is one source.
fn network_source(door: &Door) -> String {
    format!("network:{}", Network::around(door.address))
}

fn waits_until(sources: &[SourceRow], now: Timestamp) -> Option<Timestamp> {
    sources.iter().filter_map(|source| source.waits_until).filter(|until| *until > now).max()
}

/// Counts one more wrong try; gives how many are left before the next wait.
fn count(source: &mut SourceRow, now: Timestamp) -> i64 {
    let rules = &account_rules().throttle;
    let (allowed, longest) = match source.source.as_str() {
        STRANGERS => (rules.strangers_allowed, rules.strangers_longest_wait_minutes),
        _ => (rules.allowed, rules.longest_wait_minutes),
    };
    let quiet = SignedDuration::from_hours(rules.forgotten_after_hours);
    if source.failed_at.is_none_or(|last| now.duration_since(last) > quiet) {
        source.failures = 0;
    }
    source.failures += 1;
    source.failed_at = Some(now);
    let over = source.failures - allowed;
    source.waits_until = (over >= 0).then(|| {
        let doubled = rules.first_wait_minutes.saturating_mul(1 << over.min(20));
        now + SignedDuration::from_mins(doubled.min(longest))
    });
    (-over).max(0)
}
