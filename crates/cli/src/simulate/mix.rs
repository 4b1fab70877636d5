//! The published shares (`data/mix.toml`, with their sources) and draws from them: channel, outcome, pace, day, hour.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, time};
use rand::Rng;
use serde::Deserialize;

use super::shares::Weighted;
use super::vocabulary::{between, per_mille, per_ten_thousand, pick, read};

static FILE: LazyLock<File> = LazyLock::new(|| read("mix.toml", include_str!("../../data/mix.toml")));

#[derive(Debug, Deserialize)]
struct File {
    kinds: KindShares,
    categories: BTreeMap<String, f64>,
    problems: BTreeMap<String, f64>,
    channels: BTreeMap<String, usize>,
    notify: BTreeMap<String, BTreeMap<String, usize>>,
    consents: ConsentShares,
    outcomes: OutcomeShares,
    refusals: BTreeMap<String, usize>,
    terminations: BTreeMap<String, usize>,
    ratings: RatingShares,
    pace: PaceShares,
    season: Season,
    times: BTreeMap<String, Times>,
}

#[derive(Debug, Deserialize)]
struct KindShares {
    /// The source of the shares.
    #[serde(rename = "source")]
    _source: String,
    #[serde(flatten)]
    shares: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
struct ConsentShares {
    publish_per_mille: usize,
    delegate_per_mille: usize,
}

/// Parts of ten thousand.
#[derive(Debug, Deserialize)]
struct OutcomeShares {
    settled: usize,
    refused: usize,
    checked_in_time: usize,
    closed_in_time: usize,
}

#[derive(Debug, Deserialize)]
struct RatingShares {
    answered_per_mille: usize,
    settled: Vec<usize>,
    withdrawn: Vec<usize>,
    terminated: Vec<usize>,
    refused: Vec<usize>,
}

#[derive(Debug, Deserialize)]
struct PaceShares {
    acceptance_workdays: Vec<usize>,
    closing_days: Vec<i64>,
}

#[derive(Debug, Deserialize)]
struct Season {
    months: Vec<f64>,
    spring_festivals: Vec<Date>,
    spring_festival_factor: f64,
    after_festival_factor: f64,
    peaks: Vec<Peak>,
}

/// A yearly run of busy days that climbs to `top` and falls off again; days as `MM-DD`.
#[derive(Debug, Deserialize)]
struct Peak {
    from: String,
    to: String,
    top: String,
    factor: f64,
}

#[derive(Debug, Deserialize)]
struct Times {
    channels: Vec<String>,
    weekdays: Vec<f64>,
    days_off: f64,
    hours: Vec<usize>,
}

/// How a complaint ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Not accepted (不予受理), under this item of article 16.
    Refused {
        /// 1 … 7.
        item: u8,
    },
    /// Mediation succeeded (调解成功).
    Settled,
    /// Mediation ended (终止调解), under this item of article 23, paragraph 1.
    Terminated {
        /// 1 … 8; item 1 is a withdrawal or a settlement between the two themselves.
        item: u8,
    },
}

/// How long the bureau takes. The late ones are as rare as the published rates say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Working days from receipt to the decision on acceptance; more than seven when late.
    pub acceptance_workdays: u8,
    /// Minutes from registration to dispatch, within the working day.
    pub dispatch_minutes: u16,
    /// Days from the notice to the respondent's answer.
    pub answer_days: u8,
    /// Days from acceptance to the mediation meeting, before `closing_days`.
    pub meeting_days: u8,
    /// Calendar days from acceptance to the end; more than sixty when late.
    pub closing_days: u8,
    /// Days from the result to the rating.
    pub rating_days: u8,
}

/// One complaint's moment and the way it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Beijing time.
    pub at: DateTime,
    /// `web`, `wechat`, `app`, `phone`, `visit`, `letter` or `hotline_referral` (12345).
    pub channel: String,
}

/// How many matters of a kind come in beside so many complaints.
pub fn beside_complaints(kind: &str, complaints: usize) -> usize {
    let shares = &FILE.kinds.shares;
    let (all, own) = (shares.get("complaint").copied().unwrap_or(1.0), shares.get(kind).copied().unwrap_or_default());
    (complaints as f64 * own / all).round() as usize
}

/// The wanted share of each category of goods and services, in per cent.
pub fn categories() -> &'static BTreeMap<String, f64> {
    &FILE.categories
}

/// The wanted share of each problem, in per cent.
pub fn problems() -> &'static BTreeMap<String, f64> {
    &FILE.problems
}

/// The way a complaint comes in.
pub fn draw_channel(rng: &mut impl Rng) -> &'static str {
    static CHANNELS: LazyLock<Weighted<&'static str>> = LazyLock::new(|| weighted(&FILE.channels));
    CHANNELS.draw(rng)
}

/// How the consumer wants to be told: `sms`, `wechat`, `app`, `email`, `letter` or `phone`.
pub fn draw_notify(rng: &mut impl Rng, channel: &str) -> &'static str {
    static NOTIFY: LazyLock<BTreeMap<&'static str, Weighted<&'static str>>> =
        LazyLock::new(|| FILE.notify.iter().map(|(channel, shares)| (channel.as_str(), weighted(shares))).collect());
    NOTIFY.get(channel).map_or("sms", |ways| ways.draw(rng))
}

/// Whether the consumer agrees to publication and to delegated mediation, the two boxes of the 2026 form.
pub fn draw_consents(rng: &mut impl Rng) -> (bool, bool) {
    (per_mille(rng, FILE.consents.publish_per_mille), per_mille(rng, FILE.consents.delegate_per_mille))
}

/// How the complaint ends.
pub fn draw_outcome(rng: &mut impl Rng) -> Outcome {
    static REFUSALS: LazyLock<Weighted<u8>> = LazyLock::new(|| items(&FILE.refusals));
    static TERMINATIONS: LazyLock<Weighted<u8>> = LazyLock::new(|| items(&FILE.terminations));
    let ticket = between(rng, 0, 9999) as usize;
    if ticket < FILE.outcomes.settled {
        Outcome::Settled
    } else if ticket < FILE.outcomes.settled + FILE.outcomes.refused {
        Outcome::Refused { item: *REFUSALS.draw(rng) }
    } else {
        Outcome::Terminated { item: *TERMINATIONS.draw(rng) }
    }
}

/// How long the bureau takes.
pub fn draw_pace(rng: &mut impl Rng) -> Pace {
    let pace = &FILE.pace;
    let in_time = per_ten_thousand(rng, FILE.outcomes.checked_in_time);
    let usual = *Weighted::new((0_u8..).zip(pace.acceptance_workdays.iter().copied())).draw(rng);
    let acceptance_workdays = if in_time { usual } else { between(rng, 8, 11) as u8 };
    let in_time = per_ten_thousand(rng, FILE.outcomes.closed_in_time);
    let upper = *pick(rng, &pace.closing_days);
    let usual = between(rng, upper / 2 + 1, upper);
    let closing_days = if in_time { usual } else { between(rng, 61, 68) };
    Pace {
        acceptance_workdays,
        dispatch_minutes: between(rng, 6, 260) as u16,
        answer_days: between(rng, 1, 5.min(closing_days)) as u8,
        meeting_days: between(rng, (closing_days / 2).max(1), (closing_days - 1).max(1)) as u8,
        closing_days: closing_days as u8,
        rating_days: between(rng, 0, 12) as u8,
    }
}

/// The consumer's mark from one to five, or nothing when she does not answer.
pub fn draw_mark(rng: &mut impl Rng, outcome: Outcome) -> Option<u8> {
    let shares = match outcome {
        Outcome::Settled => &FILE.ratings.settled,
        Outcome::Terminated { item: 1 } => &FILE.ratings.withdrawn,
        Outcome::Terminated { .. } => &FILE.ratings.terminated,
        Outcome::Refused { .. } => &FILE.ratings.refused,
    };
    per_mille(rng, FILE.ratings.answered_per_mille)
        .then(|| *Weighted::new((1_u8..).zip(shares.iter().copied())).draw(rng))
}

/// `count` moments between the two days (both included), earliest first, with the peaks and dips of the year, the
/// week and the day. `is_workday` knows the holidays and the make-up days.
pub fn arrivals(
    rng: &mut impl Rng,
    first: Date,
    last: Date,
    count: usize,
    is_workday: &dyn Fn(Date) -> bool,
) -> Vec<Arrival> {
    let days: Vec<Date> = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).collect();
    let calendars: Vec<(&Times, Weighted<Date>, Weighted<i8>)> = FILE
        .times
        .values()
        .map(|times| {
            let weight = |day: Date| (day_factor(day, times, is_workday(day)) * 1000.0) as usize;
            // A stretch of nothing but days off still has to hold what was drawn for it.
            let idle = days.iter().all(|day| weight(*day) == 0);
            let days = days.iter().map(|day| (*day, weight(*day) + usize::from(idle)));
            (times, Weighted::new(days), Weighted::new((0_i8..).zip(times.hours.iter().copied())))
        })
        .collect();
    let mut arrivals: Vec<Arrival> = (0..count)
        .map(|_| {
            let channel = draw_channel(rng);
            let (_, days, hours) = calendars
                .iter()
                .find(|(times, ..)| times.channels.iter().any(|own| own == channel))
                .unwrap_or(&calendars[0]);
            let day = *days.draw(rng);
            let hour = *hours.draw(rng);
            let at = day.to_datetime(time(hour, between(rng, 0, 59) as i8, between(rng, 0, 59) as i8, 0));
            Arrival { at, channel: channel.to_owned() }
        })
        .collect();
    arrivals.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.channel.cmp(&other.channel)));
    arrivals
}

/// How busy a day is by season alone, one being ordinary.
pub fn season_factor(day: Date) -> f64 {
    let season = &FILE.season;
    let month = season.months[usize::from(day.month().unsigned_abs()) - 1];
    let festival = season.spring_festivals.iter().find_map(|festival| {
        match day.since(*festival).map_or(99, |span| span.get_days()) {
            -2..=6 => Some(season.spring_festival_factor),
            7..=20 => Some(season.after_festival_factor),
            _ => None,
        }
    });
    let peak = season.peaks.iter().map(|peak| peak_factor(peak, day)).fold(1.0, f64::max);
    month * festival.unwrap_or(1.0) * peak
}

fn peak_factor(peak: &Peak, day: Date) -> f64 {
    let number = |text: &str| -> i32 {
        let parts: Vec<i32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
        parts[0] * 31 + parts[1]
    };
    let (from, top, to) = (number(&peak.from), number(&peak.top), number(&peak.to));
    let now = i32::from(day.month()) * 31 + i32::from(day.day());
    let climb = match now {
        now if now < from || now > to => return 1.0,
        now if now <= top => f64::from(now - from + 1) / f64::from(top - from + 1),
        now => f64::from(to - now + 1) / f64::from(to - top + 1),
    };
    1.0 + (peak.factor - 1.0) * climb
}

fn day_factor(day: Date, times: &Times, is_workday: bool) -> f64 {
    let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let factor = match (is_workday, weekday >= 5) {
        // A make-up day is worked like a Friday.
        (true, true) => times.weekdays[4],
        (true, false) => times.weekdays[weekday],
        (false, true) if times.weekdays[weekday] > 0.0 => times.weekdays[weekday],
        (false, _) => times.days_off,
    };
    factor * season_factor(day)
}

fn weighted(shares: &'static BTreeMap<String, usize>) -> Weighted<&'static str> {
    Weighted::new(shares.iter().map(|(key, share)| (key.as_str(), *share)))
}

/// Keys of a TOML table are text; the items of an article are numbers.
fn items(shares: &BTreeMap<String, usize>) -> Weighted<u8> {
    Weighted::new(shares.iter().map(|(item, share)| (item.parse().unwrap_or(1), *share)))
}
