//! 抽查、通报: what is looked at in a sampled case, how the sample is drawn so that anybody can draw it again, and the days for
//! putting things right (`regulations/checks.toml`).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::Outcome;
use crate::case_kind::CaseKind;
use crate::chain::hex;
use crate::keyed::keyed;

/// How checks are made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Where it comes from.
    pub source: String,
    /// Cases among which one draw is made, at most.
    pub population_at_most: usize,
    /// Cases of one sample, at most.
    pub sample_at_most: usize,
    /// 整改期限.
    pub rectification: Days,
    /// 确认通报的期限.
    pub confirmation: Days,
    /// What is looked at, in order.
    pub points: Vec<Point>,
}

/// A length in working days with its source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// How many.
    pub workdays: u32,
    /// Where the number comes from.
    pub source: String,
    /// Whether it was read in a rule.
    pub confirmed: bool,
}

/// 要点: one thing that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The key kept with the findings.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When it is in order.
    pub says: String,
    /// The rule behind it.
    pub article: String,
    /// The kinds of case that have it; all when none is named.
    #[serde(default)]
    pub kinds: Vec<CaseKind>,
    /// The outcomes that have it; all when none is named.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// The one of the five timelinesses that answers it.
    pub measure: Option<String>,
    /// What else the case itself can say about it.
    pub looks: Option<Looks>,
}

/// What the case itself can say about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    /// Whether the papers that its outcome requires are there.
    Papers,
    /// Whether a limit was ever paused.
    Pauses,
}

impl Point {
    /// Whether a case of this kind with this outcome has the point.
    pub fn concerns(&self, kind: CaseKind, outcome: Option<Outcome>) -> bool {
        let ended = match outcome {
            Some(Outcome::Refused(_)) => "refused",
            Some(Outcome::Terminated(_)) => "terminated",
            _ => "",
        };
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.outcomes.is_empty() || self.outcomes.iter().any(|outcome| outcome == ended))
    }
}

keyed! {
    /// What a checker finds of a point.
    pub enum Verdict:
    /// 合格.
    Pass = "pass", "合格";
    /// 不合格.
    Fail = "fail", "不合格";
    /// 不适用.
    NotApplicable = "not_applicable", "不适用";
}

/// What was found of one point of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Key of the point.
    pub point: String,
    /// None while the checker has not decided.
    pub verdict: Option<Verdict>,
    /// Why.
    pub remark: String,
}

/// The practice inside the program.
pub fn practice() -> &'static Practice {
    static PRACTICE: OnceLock<Practice> = OnceLock::new();
    PRACTICE.get_or_init(|| {
        let (file, text) = crate::embedded::CHECKS;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

/// The name of a point; the key itself when there is none.
pub fn point_name(key: &str) -> &str {
    practice().points.iter().find(|point| point.key == key).map_or(key, |point| point.name.as_str())
}

/// A case among those that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its number.
    pub number: String,
    /// The bureau or office whose it is.
    pub organization: i64,
}

/// The place of a case in a draw: SHA-256 over `seed:number`, in hexadecimal.
pub fn place_of(seed: i64, number: &str) -> String {
    hex(&Sha256::digest(format!("{seed}:{number}")))
}

/// How many of a sample of `size` fall to each organisation when each gives its share: as many of its cases, in proportion,
/// rounded, and at least one.
pub fn shares(population: &[Member], size: usize) -> Vec<(i64, usize)> {
    let mut counts: Vec<(i64, usize)> = Vec::new();
    for member in population {
        match counts.iter_mut().find(|(organization, _)| *organization == member.organization) {
            Some((_, count)) => *count += 1,
            None => counts.push((member.organization, 1)),
        }
    }
    counts.sort_unstable();
    let whole = population.len().max(1);
    let share = |count: usize| ((2 * size * count + whole) / (2 * whole)).clamp(1, count);
    counts.into_iter().map(|(organization, count)| (organization, share(count))).collect()
}

/// Draws a sample: those with the lowest places, of all together or of each organisation by its share. Neither the order of the
/// population nor anything else but seed and numbers decides.
pub fn draw(seed: i64, population: &[Member], size: usize, by_organization: bool) -> Vec<String> {
    let mut placed: Vec<(String, &Member)> =
        population.iter().map(|member| (place_of(seed, &member.number), member)).collect();
    placed.sort_by(|one, other| one.0.cmp(&other.0));
    let mut left = if by_organization { shares(population, size) } else { Vec::new() };
    let mut whole = size;
    let mut drawn = Vec::new();
    for (_, member) in placed {
        let left = match left.iter_mut().find(|(organization, _)| *organization == member.organization) {
            Some((_, left)) => left,
            None => &mut whole,
        };
        if *left > 0 {
            *left -= 1;
            drawn.push(member.number.clone());
        }
    }
    drawn
}

/// How many cases a size in hundredths of the population comes to, rounded up.
pub fn hundredths(population: usize, percent: usize) -> usize {
    (population * percent).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population() -> Vec<Member> {
        let member = |serial: i64| Member {
            number: format!("410105-2026-{serial:06}"),
            organization: if serial <= 80 { 1 } else { 2 },
        };
        (1..=100).map(member).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_in_whatever_order_the_cases_stand() {
        let forward = population();
        let backward: Vec<Member> = forward.iter().rev().cloned().collect();
        assert_eq!(draw(7, &forward, 10, false), draw(7, &backward, 10, false));
        assert_ne!(draw(7, &forward, 10, false), draw(8, &forward, 10, false));
        assert_eq!(draw(7, &forward, 500, false).len(), 100, "no case twice");
    }

    #[test]
    fn a_place_is_what_anybody_can_work_out() {
        // printf '7:410105-2026-000001' | sha256sum
        assert_eq!(
            place_of(7, "410105-2026-000001"),
            "b1b834c8a76d826a512558ccc2259a5847c366f10ce708a35afc470b74e21e44"
        );
    }

    #[test]
    fn each_organization_gives_its_share_and_at_least_one() {
        assert_eq!(shares(&population(), 10), [(1, 8), (2, 2)]);
        assert_eq!(shares(&population(), 2), [(1, 2), (2, 1)], "0.4 is still one");
        let drawn = draw(7, &population(), 10, true);
        let of_two = drawn.iter().filter(|number| number.as_str() > "410105-2026-000080").count();
        assert_eq!((drawn.len(), of_two), (10, 2));
        assert_eq!((hundredths(61, 5), hundredths(0, 5)), (4, 0));
    }

    #[test]
    fn every_point_names_what_there_is() {
        let practice = practice();
        assert!(!practice.rectification.confirmed && practice.rectification.workdays > 0);
        for point in &practice.points {
            assert!(point.measure.as_deref().is_none_or(|key| crate::timeliness::measure(key).is_some()), "{point:?}");
            assert!(!point.article.is_empty() && !point.says.is_empty());
        }
        let ground = practice.points.iter().find(|point| point.key == "ground_right").expect("it is there");
        assert!(ground.concerns(CaseKind::Complaint, Some(Outcome::Refused(1))));
        assert!(!ground.concerns(CaseKind::Complaint, Some(Outcome::Settled)));
    }
}
