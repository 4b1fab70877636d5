//! 密库: seals what points to a person so that only the holders of named keys can read it.
//!
//! - [`Suite`]: which algorithms, international or national; the first byte of everything that is kept tells which.
//! - [`KeyPair`], [`PublicKey`], [`LockedKey`]: a person's key, kept only under her password.
//! - [`Envelope`]: a text under a fresh data key, the data key wrapped to each holder.
//! - [`escrow`]: a private key in shares on paper, of which some together give it back.
//!
//! Pure: no storage, no clock. Chance comes in as 32 fresh bytes. Nothing here prints a secret, and secrets are wiped
//! from memory when they are dropped.

mod chance;
mod envelope;
mod error;
pub mod escrow;
mod international;
mod key;
mod national;
mod suite;

pub use chance::Chance;
pub use envelope::{Clear, Envelope, grant, open, open_file, open_under, seal_file, seal_under};
pub use error::VaultError;
pub use key::{Cost, KeyPair, LockedKey, PublicKey};
pub use suite::Suite;
