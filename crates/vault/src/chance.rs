//! Chance, stretched from fresh bytes of the caller's.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// A generator over 32 fresh bytes. The same bytes give the same results, so a seed is used once and never kept.
pub struct Chance(pub(crate) StdRng);

impl Chance {
    /// A generator from bytes that nobody else has seen.
    pub fn from_seed(seed: [u8; 32]) -> Chance {
        Chance(StdRng::from_seed(seed))
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        rand::Rng::fill_bytes(&mut self.0, &mut bytes);
        bytes
    }
}

impl std::fmt::Debug for Chance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Chance(…)")
    }
}
