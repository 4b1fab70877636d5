//! Sealing to holders.

use proptest::prelude::*;
use vault::{Chance, Envelope, PublicKey, Suite, VaultError, grant, open};

use crate::{chance, pair};

const TEXT: &str = "王小芳，13800138000，梅花路 88 号 3 单元";
const PLACE: &str = "J410103-2026-000012:reporter";

fn publics(keys: &[&vault::KeyPair]) -> Vec<PublicKey> {
    keys.iter().map(|key| key.public().clone()).collect()
}

#[test]
fn each_holder_opens_and_nobody_else() {
    for suite in Suite::ALL {
        // A national body to an older international key and the other way round.
        let (first, second) = (pair(Suite::International, 1), pair(Suite::National, 2));
        let others = [pair(Suite::International, 3), pair(Suite::National, 4)];
        let sealed =
            Envelope::seal(*suite, PLACE, TEXT.as_bytes(), &publics(&[&first, &second]), &mut chance(5)).unwrap();
        for (wrap, holder) in sealed.wraps.iter().zip([&first, &second]) {
            assert_eq!(open(&sealed.body, wrap, PLACE, holder).unwrap().bytes(), TEXT.as_bytes());
            for other in &others {
                assert_eq!(open(&sealed.body, wrap, PLACE, other).unwrap_err(), VaultError::DoesNotOpen);
            }
        }
        let swapped = open(&sealed.body, &sealed.wraps[0], PLACE, &second);
        assert_eq!(swapped.unwrap_err(), VaultError::DoesNotOpen);
    }
}

#[test]
fn a_holder_grants_and_whoever_holds_nothing_cannot() {
    for suite in Suite::ALL {
        let (holder, to, stranger) = (pair(*suite, 1), pair(*suite, 2), pair(*suite, 3));
        let sealed = Envelope::seal(*suite, PLACE, TEXT.as_bytes(), &publics(&[&holder]), &mut chance(4)).unwrap();
        let granted = grant(&sealed.wraps[0], PLACE, &holder, to.public(), &mut chance(5)).unwrap();
        assert_eq!(open(&sealed.body, &granted, PLACE, &to).unwrap().bytes(), TEXT.as_bytes());
        let refused = grant(&sealed.wraps[0], PLACE, &stranger, stranger.public(), &mut chance(6));
        assert_eq!(refused.unwrap_err(), VaultError::DoesNotOpen);
    }
}

/// Rows moved from one case, or one field, to another do not open there.
#[test]
fn nothing_opens_in_another_place() {
    for suite in Suite::ALL {
        let holder = pair(*suite, 1);
        let sealed = Envelope::seal(*suite, PLACE, TEXT.as_bytes(), &publics(&[&holder]), &mut chance(2)).unwrap();
        for place in ["J410103-2026-000013:reporter", "J410103-2026-000012:voice", ""] {
            let opened = open(&sealed.body, &sealed.wraps[0], place, &holder);
            assert_eq!(opened.unwrap_err(), VaultError::DoesNotOpen);
            let granted = grant(&sealed.wraps[0], place, &holder, holder.public(), &mut chance(3));
            assert_eq!(granted.unwrap_err(), VaultError::DoesNotOpen);
        }
        let other = Envelope::seal(*suite, PLACE, b"another", &publics(&[&holder]), &mut chance(4)).unwrap();
        let mixed = open(&sealed.body, &other.wraps[0], PLACE, &holder);
        assert_eq!(mixed.unwrap_err(), VaultError::DoesNotOpen);
    }
}

#[test]
fn every_byte_counts() {
    for suite in Suite::ALL {
        let holder = pair(*suite, 1);
        let sealed = Envelope::seal(*suite, PLACE, TEXT.as_bytes(), &publics(&[&holder]), &mut chance(2)).unwrap();
        let (body, wrap) = (&sealed.body, &sealed.wraps[0]);
        for at in 0..body.len() {
            for bit in 0..8 {
                let mut changed = body.clone();
                changed[at] ^= 1 << bit;
                assert!(open(&changed, wrap, PLACE, &holder).is_err(), "{suite:?}: body {at}");
            }
        }
        for at in 0..wrap.len() {
            let mut changed = wrap.clone();
            changed[at] ^= 1;
            assert!(open(body, &changed, PLACE, &holder).is_err(), "{suite:?}: wrap {at}");
        }
        for length in 0..wrap.len() {
            assert!(open(body, &wrap[..length], PLACE, &holder).is_err(), "{suite:?}: wrap of {length}");
        }
        for length in 0..body.len() {
            assert!(open(&body[..length], wrap, PLACE, &holder).is_err(), "{suite:?}: body of {length}");
        }
    }
}

#[test]
fn each_sealing_has_its_own_key() {
    let holder = pair(Suite::International, 1);
    let to = publics(&[&holder]);
    let mut chance = chance(2);
    let one = Envelope::seal(Suite::International, PLACE, b"same", &to, &mut chance).unwrap();
    let two = Envelope::seal(Suite::International, PLACE, b"same", &to, &mut chance).unwrap();
    assert_ne!(one.body, two.body);
    assert!(open(&two.body, &one.wraps[0], PLACE, &holder).is_err());
}

#[test]
fn what_is_printed_tells_no_text() {
    let holder = pair(Suite::International, 1);
    let sealed = Envelope::seal(Suite::International, PLACE, b"secret", &publics(&[&holder]), &mut chance(2)).unwrap();
    assert_eq!(format!("{sealed:?}"), format!("Envelope({} bytes, 1 holders)", sealed.body.len()));
    let clear = open(&sealed.body, &sealed.wraps[0], PLACE, &holder).unwrap();
    assert_eq!(format!("{clear:?}"), "Clear(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_sealed_is_opened(text in proptest::collection::vec(any::<u8>(), 0..400), place in ".{0,40}", seed: [u8; 32]) {
        for suite in Suite::ALL {
            let holder = pair(*suite, 1);
            let sealed =
                Envelope::seal(*suite, &place, &text, &publics(&[&holder]), &mut Chance::from_seed(seed)).unwrap();
            let opened = open(&sealed.body, &sealed.wraps[0], &place, &holder).unwrap();
            prop_assert_eq!(opened.bytes(), &text[..]);
            // Eight letters or more of the text never stand in what is kept.
            prop_assert!(text.len() < 8 || !sealed.body.windows(text.len()).any(|part| part == text));
        }
    }

    #[test]
    fn rubbish_never_opens(rubbish in proptest::collection::vec(any::<u8>(), 0..200)) {
        let holder = pair(Suite::National, 1);
        let sealed = Envelope::seal(Suite::National, PLACE, b"text", &publics(&[&holder]), &mut chance(2)).unwrap();
        prop_assert!(open(&rubbish, &sealed.wraps[0], PLACE, &holder).is_err());
        prop_assert!(open(&sealed.body, &rubbish, PLACE, &holder).is_err());
    }
}
