//! Shares on paper.

use proptest::prelude::*;
use vault::escrow::{Share, combine, fits, split};
use vault::{Chance, KeyPair, Suite, VaultError};

use crate::{chance, pair};

fn shares(suite: Suite) -> (KeyPair, Vec<Share>) {
    let pair = pair(suite, 1);
    let shares = split(&pair, 5, 3, &mut chance(2)).unwrap();
    (pair, shares)
}

fn typed(share: &Share) -> String {
    share.lines().join("\n")
}

#[test]
fn any_three_of_five_give_the_key_back() {
    for suite in Suite::ALL {
        let (pair, shares) = shares(*suite);
        assert_eq!(shares.iter().map(Share::number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        for a in 0..5 {
            for b in 0..5 {
                for c in 0..5 {
                    let some = [shares[a].clone(), shares[b].clone(), shares[c].clone()];
                    let outcome = combine(&some, pair.public());
                    if a != b && b != c && a != c {
                        assert_eq!(outcome.unwrap().public(), pair.public());
                    } else {
                        assert!(matches!(outcome.unwrap_err(), VaultError::ShareTwice { .. }));
                    }
                }
            }
        }
        assert!(combine(&shares, pair.public()).is_ok(), "more than needed");
        assert_eq!(combine(&shares[..2], pair.public()).unwrap_err(), VaultError::SharesMissing { missing: 1 });
        assert!(combine(&[], pair.public()).is_err());
    }
}

#[test]
fn a_share_is_typed_as_people_type() {
    let (pair, shares) = shares(Suite::International);
    let lines = shares[0].lines();
    assert_eq!(lines.len(), 4);
    for line in &lines {
        let groups: Vec<&str> = line.split(' ').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4; 5], "{line}");
    }
    let text = typed(&shares[0]);
    for way in [
        text.clone(),
        text.to_lowercase(),
        text.replace([' ', '\n'], ""),
        text.replace(' ', "-"),
        text.replace('0', "o").replace('1', "l"),
        text.replace('1', "I"),
    ] {
        assert_eq!(way.parse::<Share>().unwrap(), shares[0]);
    }
    assert_eq!(shares[0].needed(), 3);
    assert_eq!(fits(&shares[0], &[], pair.public()), Ok(()));
}

/// One wrong character, anywhere, is found and its line is named.
#[test]
fn every_wrong_character_is_found() {
    let (_, shares) = shares(Suite::International);
    let text: Vec<char> = typed(&shares[0]).replace([' ', '\n'], "").chars().collect();
    for at in 0..text.len() {
        for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZU*é".chars().filter(|letter| letter.is_alphanumeric()) {
            if letter == text[at] {
                continue;
            }
            let mut wrong = text.clone();
            wrong[at] = letter;
            let refused = wrong.iter().collect::<String>().parse::<Share>().unwrap_err();
            assert_eq!(refused, VaultError::ShareTypo { line: at / 20 + 1 });
        }
    }
    for at in 1..text.len() {
        let mut wrong = text.clone();
        wrong.swap(at - 1, at);
        if wrong != text {
            assert!(wrong.iter().collect::<String>().parse::<Share>().is_err(), "exchanged at {at}");
        }
    }
}

#[test]
fn lines_and_shares_cannot_be_mixed_up() {
    let (pair, shares) = shares(Suite::International);
    let mut lines = shares[0].lines();
    lines.swap(1, 2);
    assert_eq!(lines.join(" ").parse::<Share>().unwrap_err(), VaultError::ShareTypo { line: 2 });
    let refused = shares[0].lines()[..3].join(" ").parse::<Share>().unwrap_err();
    assert_eq!(refused, VaultError::ShareLength { got: 60 });
    // A line of another share reads well by itself; the key that comes out is not the key.
    let mut mixed = shares[0].lines();
    mixed[3] = shares[1].lines()[3].clone();
    let mixed: Share = mixed.join(" ").parse().unwrap();
    let outcome = combine(&[mixed, shares[2].clone(), shares[3].clone()], pair.public());
    assert_eq!(outcome.unwrap_err(), VaultError::DoesNotOpen);
    // Shares of an older ceremony.
    let other = crate::pair(Suite::International, 9);
    let old = split(&other, 5, 3, &mut chance(3)).unwrap();
    let outcome = fits(&old[1], &shares[..1], pair.public());
    assert_eq!(outcome.unwrap_err(), VaultError::ShareForeign { number: 2 });
}

#[test]
fn the_numbers_of_holders_are_sensible() {
    let pair = pair(Suite::National, 1);
    for (holders, needed) in [(5, 1), (5, 0), (3, 4), (21, 3), (0, 0)] {
        assert_eq!(split(&pair, holders, needed, &mut chance(2)).unwrap_err(), VaultError::Holders);
    }
    assert_eq!(split(&pair, 2, 2, &mut chance(2)).unwrap().len(), 2);
    assert_eq!(split(&pair, 20, 20, &mut chance(2)).unwrap().len(), 20);
}

#[test]
fn a_share_prints_no_secret() {
    let (_, shares) = shares(Suite::International);
    assert_eq!(format!("{:?}", shares[1]), "Share(2, …)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn enough_shares_are_enough(seed: [u8; 32], holders in 2u8..=8, extra in 0u8..6) {
        let needed = 2 + extra % (holders - 1);
        let mut chance = Chance::from_seed(seed);
        let pair = KeyPair::generate(Suite::International, &mut chance);
        let mut shares = split(&pair, holders, needed, &mut chance).unwrap();
        shares.rotate_left(usize::from(seed[0]) % usize::from(holders));
        let read: Vec<Share> =
            shares.iter().take(usize::from(needed)).map(|share| typed(share).parse().unwrap()).collect();
        let again = combine(&read, pair.public()).unwrap();
        prop_assert_eq!(again.public(), pair.public());
        let missing = combine(&read[1..], pair.public()).unwrap_err();
        prop_assert_eq!(missing, VaultError::SharesMissing { missing: 1 });
    }
}
