//! The hash chain of a case's events: each holds the hash of the one before (catalogue 11.3).

use sha2::{Digest, Sha256};

/// The hash before the first event.
pub const GENESIS: &str = "";

/// The hash of an event: over the hash before, the case's number and every kept field, each preceded by its length so that no two
/// events can share a text.
pub fn link(
    previous: &str,
    case: &str,
    number: i64,
    at_microsecond: i64,
    actor: &str,
    basis: &str,
    data: &str,
) -> String {
    let mut hasher = Sha256::new();
    let (number, at) = (number.to_string(), at_microsecond.to_string());
    for field in [previous, case, &number, &at, actor, basis, data] {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}
