//! 密钥托管: a private key in shares on paper (Shamir over GF(256)); so many of them together give it back, fewer tell nothing.
//!
//! A share is four lines of five groups of four letters and digits, without those that look alike. The last group of a
//! line checks the line and its place: one wrong character, two exchanged neighbours or two exchanged lines are always found.

use std::str::FromStr;

use blahaj::{Share as Point, Sharks};
use zeroize::{Zeroize as _, Zeroizing};

use crate::Chance;
use crate::error::VaultError;
use crate::key::{KeyPair, PublicKey};

/// More holders than this never meet.
const HOLDERS_AT_MOST: u8 = 20;
/// Format of a share.
const FORMAT: u8 = 1;
/// Bytes that a share carries: format, key, needed, number, point.
const BYTES: usize = 1 + MARK + 1 + 1 + SECRET;
const MARK: usize = 5;
const SECRET: usize = 32;
const LINES: usize = 4;
const LINE_BYTES: usize = BYTES / LINES;
/// Characters of a line before its check.
const LINE_SYMBOLS: usize = LINE_BYTES * 8 / 5;
const CHECK_SYMBOLS: usize = 4;
const GROUP: usize = 4;

/// One holder's part of the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Share(Zeroizing<[u8; BYTES]>);

impl std::fmt::Debug for Share {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Share({}, …)", self.number())
    }
}

impl Share {
    /// Its number, from 1.
    pub fn number(&self) -> u8 {
        self.0[MARK + 2]
    }

    /// How many are needed.
    pub fn needed(&self) -> u8 {
        self.0[MARK + 1]
    }

    fn mark(&self) -> &[u8] {
        &self.0[1..=MARK]
    }

    fn point(&self) -> &[u8] {
        &self.0[MARK + 2..]
    }

    /// The four lines to print.
    pub fn lines(&self) -> Vec<String> {
        (0..LINES).map(|line| line_of(line, &self.0[line * LINE_BYTES..][..LINE_BYTES])).collect()
    }
}

/// Splits a key among `holders`; any `needed` of them give it back.
pub fn split(pair: &KeyPair, holders: u8, needed: u8, chance: &mut Chance) -> Result<Vec<Share>, VaultError> {
    if needed < 2 || needed > holders || holders > HOLDERS_AT_MOST {
        return Err(VaultError::Holders);
    }
    let digest = pair.public.digest();
    let points = Sharks(needed).dealer_rng(&pair.private, &mut chance.0).take(usize::from(holders));
    let shares = points.map(|point| {
        let mut bytes = Zeroizing::new(Vec::from(&point));
        let mut share = Zeroizing::new([0; BYTES]);
        share[0] = FORMAT;
        share[1..=MARK].copy_from_slice(&digest[..MARK]);
        share[MARK + 1] = needed;
        share[MARK + 2..].copy_from_slice(&bytes);
        bytes.zeroize();
        Share(share)
    });
    Ok(shares.collect())
}

/// Whether a share belongs to the key and was not given yet: to be asked as each one is typed.
pub fn fits(share: &Share, given: &[Share], public: &PublicKey) -> Result<(), VaultError> {
    let number = share.number();
    if share.mark() != &public.digest()[..MARK] || share.0[0] != FORMAT {
        return Err(VaultError::ShareForeign { number });
    }
    if given.iter().any(|other| other.number() == number) {
        return Err(VaultError::ShareTwice { number });
    }
    Ok(())
}

/// The key behind the shares. Checked against the public key: wrong shares never give a wrong key.
pub fn combine(shares: &[Share], public: &PublicKey) -> Result<KeyPair, VaultError> {
    for (at, share) in shares.iter().enumerate() {
        fits(share, &shares[..at], public)?;
    }
    let needed = shares.first().map_or(1, |share| usize::from(share.needed()));
    if shares.len() < needed {
        return Err(VaultError::SharesMissing { missing: needed - shares.len() });
    }
    let points: Result<Vec<Point>, _> = shares.iter().map(|share| Point::try_from(share.point())).collect();
    let points = points.map_err(|_| VaultError::Malformed)?;
    let needed = u8::try_from(needed).map_err(|_| VaultError::Holders)?;
    let private = Sharks(needed).recover(&points).map_err(|_| VaultError::Malformed)?;
    let pair = KeyPair::of_private(public.suite(), Zeroizing::new(private))?;
    if pair.public() == public { Ok(pair) } else { Err(VaultError::DoesNotOpen) }
}

impl FromStr for Share {
    type Err = VaultError;

    /// Reads what was typed: spaces, dashes, line ends and small letters do not matter; O is 0, I and L are 1.
    fn from_str(typed: &str) -> Result<Share, VaultError> {
        let symbols: Zeroizing<Vec<char>> = Zeroizing::new(typed.chars().filter(|it| it.is_alphanumeric()).collect());
        let per_line = LINE_SYMBOLS + CHECK_SYMBOLS;
        if symbols.len() != LINES * per_line {
            return Err(VaultError::ShareLength { got: symbols.len() });
        }
        let mut share = Zeroizing::new([0; BYTES]);
        for (line, symbols) in symbols.chunks(per_line).enumerate() {
            let bytes = bytes_of(line, symbols).ok_or(VaultError::ShareTypo { line: line + 1 })?;
            share[line * LINE_BYTES..][..LINE_BYTES].copy_from_slice(bytes.as_slice());
        }
        Ok(Share(share))
    }
}

/// Douglas Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn value_of(symbol: char) -> Option<u8> {
    let symbol = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|letter| char::from(*letter) == symbol).map(|place| place as u8)
}

fn line_of(line: usize, bytes: &[u8]) -> String {
    let mut values = values_of(bytes);
    let check = check(line, &values);
    values.extend((0..CHECK_SYMBOLS).rev().map(|place| (check >> (5 * place)) as u8 & 31));
    let letters: Vec<char> = values.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect();
    letters.chunks(GROUP).map(|group| group.iter().collect()).collect::<Vec<String>>().join(" ")
}

fn bytes_of(line: usize, symbols: &[char]) -> Option<Zeroizing<Vec<u8>>> {
    let values: Option<Vec<u8>> = symbols.iter().map(|symbol| value_of(*symbol)).collect();
    let values = Zeroizing::new(values?);
    let (data, typed_check) = values.split_at(LINE_SYMBOLS);
    let typed_check = typed_check.iter().fold(0, |sum, value| sum << 5 | u32::from(*value));
    if check(line, data) != typed_check {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LINE_BYTES));
    // Eight characters are five bytes.
    for eight in data.chunks(8) {
        let forty = eight.iter().fold(0u64, |sum, value| sum << 5 | u64::from(*value));
        bytes.extend_from_slice(&forty.to_be_bytes()[3..]);
    }
    Some(bytes)
}

fn values_of(bytes: &[u8]) -> Vec<u8> {
    let forties = bytes.chunks(5).map(|five| five.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)));
    forties.flat_map(|forty| (0..8).rev().map(move |place| (forty >> (5 * place)) as u8 & 31)).collect()
}

/// A cyclic check of 20 bits over the line's number and characters. Its polynomial x²⁰ + x³ + 1 is primitive, so every
/// burst of up to 20 bits (four neighbouring characters) and every pair of wrong bits is found.
fn check(line: usize, values: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x10_0009;
    let mut rest = 0x0f_ffff;
    for value in std::iter::once(line as u8).chain(values.iter().copied()) {
        for place in (0..5).rev() {
            rest = rest << 1 | u32::from(value >> place & 1);
            if rest & 0x10_0000 != 0 {
                rest ^= POLYNOMIAL;
            }
        }
    }
    // Through the register with 20 zeros more, so that the last characters count as much as the first.
    for _ in 0..20 {
        rest <<= 1;
        if rest & 0x10_0000 != 0 {
            rest ^= POLYNOMIAL;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::{BYTES, LINE_BYTES, LINES, SECRET};
    use crate::suite::Suite;
    use crate::{Chance, KeyPair};

    #[test]
    fn a_share_fills_its_lines() {
        assert_eq!(LINES * LINE_BYTES, BYTES);
        for suite in Suite::ALL {
            let pair = KeyPair::generate(*suite, &mut Chance::from_seed([1; 32]));
            assert_eq!(pair.private.len(), SECRET, "{suite:?}");
        }
    }
}
