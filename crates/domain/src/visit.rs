//! 回访: which told cases are asked about again, how likely each, and how a person may be called (`regulations/visits.toml`).

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::Deserialize;

use crate::case::Outcome;
use crate::clock::beijing_time;

/// The centre's practice of return visits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    /// Where it comes from.
    pub source: String,
    /// Only cases told within so many days.
    pub told_within_days: i64,
    /// A mark up to this is a low one.
    pub low_mark_at_most: u8,
    /// A sum from this on is a high one, in 元.
    pub high_amount_from: i64,
    /// What makes a case more likely.
    pub weights: Weights,
    /// How one may call.
    pub contact: Contact,
}

/// What each fact adds to a case's weight.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Every case.
    pub base: u32,
    /// She said it is not solved.
    pub not_solved: u32,
    /// She gave a low mark.
    pub low_mark: u32,
    /// She said nothing.
    pub no_rating: u32,
    /// Much money.
    pub high_amount: u32,
    /// Ended without agreement.
    pub terminated: u32,
    /// Taken up again after its end.
    pub reopened: u32,
}

/// How a person may be called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Calls for one visit.
    pub tries_at_most: i64,
    /// From this hour in Beijing.
    pub from_hour: i8,
    /// Until before this hour.
    pub until_hour: i8,
    /// The same telephone is not asked again within so many days.
    pub again_after_days: i64,
}

/// The practice inside the program.
pub fn visits() -> &'static Visits {
    static VISITS: OnceLock<Visits> = OnceLock::new();
    VISITS.get_or_init(|| {
        let (file, text) = crate::embedded::VISITS;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

/// What is known of a case that may be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What she said: solved, and her mark.
    pub rating: Option<(bool, u8)>,
    /// 分.
    pub amount: Option<i64>,
    /// How often it was taken up again.
    pub reopened: i64,
}

impl Visits {
    /// A case's weight and, in words, what makes it.
    pub fn weigh(&self, known: &Known) -> (u32, Vec<&'static str>) {
        let facts = [
            (known.rating.is_some_and(|(solved, _)| !solved), self.weights.not_solved, "评价没有解决"),
            (known.rating.is_some_and(|(_, mark)| mark <= self.low_mark_at_most), self.weights.low_mark, "评分低"),
            (known.rating.is_none(), self.weights.no_rating, "没有评价"),
            (
                known.amount.is_some_and(|amount| amount >= self.high_amount_from.saturating_mul(100)),
                self.weights.high_amount,
                "金额大",
            ),
            (matches!(known.outcome, Some(Outcome::Terminated(_))), self.weights.terminated, "终止调解"),
            (known.reopened > 0, self.weights.reopened, "重新办理过"),
        ];
        let mut weight = self.weights.base;
        let mut words = Vec::new();
        for (is_so, adds, says) in facts {
            if is_so {
                weight += adds;
                words.push(says);
            }
        }
        (weight, words)
    }

    /// Whether one may call at this time.
    pub fn may_call(&self, now: Timestamp) -> bool {
        let hour = beijing_time(now).hour();
        (self.contact.from_hour..self.contact.until_hour).contains(&hour)
    }
}

/// Draws `count` of the cases, each as likely as its weight; the same seed draws the same.
///
/// Each case throws as often as it weighs and keeps its lowest throw; the lowest of all come first.
pub fn draw(seed: u64, cases: &[(i64, u32)], count: usize) -> Vec<i64> {
    let lowest = |(id, weight): &(i64, u32)| {
        let throws = (0..u64::from(*weight).max(1)).map(|throw| mixed(seed ^ mixed(id.unsigned_abs() ^ mixed(throw))));
        (throws.min().unwrap_or(u64::MAX), *id)
    };
    let mut order: Vec<(u64, i64)> = cases.iter().map(lowest).collect();
    order.sort_unstable();
    order.into_iter().take(count).map(|(_, id)| id).collect()
}

/// One step of SplitMix64.
fn mixed(from: u64) -> u64 {
    let mut mixed = from.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_cases_are_drawn_more_often_and_the_same_seed_draws_the_same() {
        let cases: Vec<(i64, u32)> = (1..=100).map(|id| (id, if id <= 10 { 10 } else { 1 })).collect();
        assert_eq!(draw(7, &cases, 20), draw(7, &cases, 20));
        let first = |seed| draw(seed, &cases, 1)[0];
        // Ten of weight ten against ninety of weight one: 100 of 190 first places.
        let heavy = (0..2_000).filter(|seed| first(*seed) <= 10).count();
        assert!((900..1_200).contains(&heavy), "{heavy}");
        assert_eq!(draw(1, &cases, 500).len(), 100, "no case twice");
    }

    #[test]
    fn risk_is_what_the_consumer_said_and_what_is_at_stake() {
        let quiet = Known { outcome: Some(Outcome::Settled), rating: Some((true, 5)), amount: Some(100), reopened: 0 };
        assert_eq!(visits().weigh(&quiet), (visits().weights.base, Vec::new()));
        let angry = Known {
            outcome: Some(Outcome::Terminated(3)),
            rating: Some((false, 1)),
            amount: Some(900_000),
            reopened: 1,
        };
        let (weight, words) = visits().weigh(&angry);
        assert!(weight > visits().weights.base + visits().weights.not_solved);
        assert_eq!(words, ["评价没有解决", "评分低", "金额大", "终止调解", "重新办理过"]);
    }
}
