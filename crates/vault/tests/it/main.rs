//! The vault from outside: what opens, what does not, and that nothing tells a secret.

mod envelope;
mod escrow;
mod key;

use vault::{Chance, Cost, KeyPair, Suite};

/// A generator for one test.
fn chance(seed: u8) -> Chance {
    Chance::from_seed([seed; 32])
}

fn pair(suite: Suite, seed: u8) -> KeyPair {
    KeyPair::generate(suite, &mut chance(seed))
}

fn cheap() -> Cost {
    Cost::new(8, 1).unwrap()
}
