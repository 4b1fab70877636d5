//! Chance made of whole numbers, and the word lists under `data/`.
//!
//! Only `next_u64` is taken from the generator: the samplers of a random library may change between its versions, the
//! multiplication below does not, so a seed tells the same story for good.

use std::collections::BTreeMap;

use rand::Rng;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use serde::de::DeserializeOwned;

use super::phrase::Phrase;

/// Named lists of phrases; a slot `{name}` draws from the list of that name.
pub type Lists = BTreeMap<String, Vec<Phrase>>;

/// The generator every simulation should use: named by its algorithm, hence the same numbers in every later version.
pub type Generator = Xoshiro256PlusPlus;

/// A generator for `seed`. `stream` separates uses (one case, one county) so that adding one does not shift the others.
pub fn generator(seed: u64, stream: u64) -> Generator {
    Generator::seed_from_u64(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A whole number from zero up to, not including, `bound`. Zero when `bound` is zero.
pub fn below(rng: &mut impl Rng, bound: usize) -> usize {
    ((u128::from(rng.next_u64()) * bound as u128) >> 64) as usize
}

/// A whole number between the two, both included.
pub fn between(rng: &mut impl Rng, low: i64, high: i64) -> i64 {
    let span = usize::try_from(high - low + 1).unwrap_or(1).max(1);
    low + below(rng, span) as i64
}

/// True `parts` times out of a thousand.
pub fn per_mille(rng: &mut impl Rng, parts: usize) -> bool {
    below(rng, 1000) < parts
}

/// True `parts` times out of ten thousand; for the rates that are published with two decimals.
pub fn per_ten_thousand(rng: &mut impl Rng, parts: usize) -> bool {
    below(rng, 10_000) < parts
}

/// One of `items`, each as likely as the next.
///
/// # Panics
/// When the list is empty, which a test over all data excludes.
pub fn pick<'a, T>(rng: &mut impl Rng, items: &'a [T]) -> &'a T {
    &items[below(rng, items.len())]
}

/// Several different `items` in their own order, `count` of them or all there are.
pub fn pick_some<'a, T>(rng: &mut impl Rng, items: &'a [T], count: usize) -> Vec<&'a T> {
    let mut wanted = count.min(items.len());
    let mut chosen = Vec::with_capacity(wanted);
    for (index, item) in items.iter().enumerate() {
        if wanted > 0 && below(rng, items.len() - index) < wanted {
            chosen.push(item);
            wanted -= 1;
        }
    }
    chosen
}

/// Reads one embedded word list.
///
/// # Panics
/// When the file is not what its reader expects; the files are compiled in and every one is read by a test.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|fault| panic!("data/{file}: {fault}"))
}

/// `388元`, `19.9元`: a sum as written in a document.
pub fn yuan(cents: i64) -> String {
    format!("{}元", number(cents))
}

/// `388`, `19.9`, `0.05`: a sum without its unit and without idle zeros.
pub fn number(cents: i64) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}
