//! Keys under passwords.

use vault::{Cost, KeyPair, LockedKey, PublicKey, Suite, VaultError};

use crate::{chance, cheap, pair};

#[test]
fn a_key_opens_with_its_password_only() {
    for suite in Suite::ALL {
        let pair = pair(*suite, 1);
        let locked = LockedKey::lock(&pair, "Meihua-lu-88", cheap(), &mut chance(2)).unwrap();
        let opened = LockedKey::from_bytes(&locked.to_bytes()).unlock(pair.public(), "Meihua-lu-88").unwrap();
        assert_eq!(opened.public(), pair.public());
        for wrong in ["", "Meihua-lu-89", "meihua-lu-88", "Meihua-lu-88 "] {
            assert_eq!(locked.unlock(pair.public(), wrong).unwrap_err(), VaultError::WrongPassword, "{wrong:?}");
        }
    }
}

#[test]
fn a_new_password_locks_the_same_key() {
    let pair = pair(Suite::International, 1);
    let locked = LockedKey::lock(&pair, "the old one", cheap(), &mut chance(2)).unwrap();
    let again = locked.relock(pair.public(), "the old one", "the new one", cheap(), &mut chance(3)).unwrap();
    assert_eq!(again.unlock(pair.public(), "the new one").unwrap().public(), pair.public());
    assert_eq!(again.unlock(pair.public(), "the old one").unwrap_err(), VaultError::WrongPassword);
    let refused = locked.relock(pair.public(), "a guess", "mine", cheap(), &mut chance(4));
    assert_eq!(refused.unwrap_err(), VaultError::WrongPassword);
}

/// Whoever can write to the database puts a key of his own beside hers: it is found at her next opening.
#[test]
fn an_exchanged_public_key_is_found() {
    let (hers, his) = (pair(Suite::International, 1), pair(Suite::International, 2));
    let locked = LockedKey::lock(&hers, "secret", cheap(), &mut chance(3)).unwrap();
    assert_eq!(locked.unlock(his.public(), "secret").unwrap_err(), VaultError::WrongPassword);
}

#[test]
fn every_byte_of_a_locked_key_counts() {
    for suite in Suite::ALL {
        let pair = pair(*suite, 1);
        let locked = LockedKey::lock(&pair, "secret", cheap(), &mut chance(2)).unwrap().to_bytes();
        for at in 0..locked.len() {
            let mut changed = locked.clone();
            changed[at] ^= 1;
            assert!(LockedKey::from_bytes(&changed).unlock(pair.public(), "secret").is_err(), "{suite:?} byte {at}");
        }
        for length in 0..locked.len() {
            assert!(LockedKey::from_bytes(&locked[..length]).unlock(pair.public(), "secret").is_err(), "{length}");
        }
    }
}

/// A changed row must not make the program take all the memory of the machine.
#[test]
fn a_locked_key_cannot_ask_for_any_cost() {
    let pair = pair(Suite::International, 1);
    let mut locked = LockedKey::lock(&pair, "secret", cheap(), &mut chance(2)).unwrap().to_bytes();
    locked[1..9].fill(0xff);
    assert_eq!(LockedKey::from_bytes(&locked).unlock(pair.public(), "secret").unwrap_err(), VaultError::Cost);
    assert_eq!(Cost::new(1, 0).unwrap_err(), VaultError::Cost);
}

#[test]
fn a_public_key_is_known_by_its_first_byte_and_its_fingerprint() {
    for suite in Suite::ALL {
        let public = pair(*suite, 1).public().clone();
        let kept = PublicKey::from_bytes(&public.to_bytes()).unwrap();
        assert_eq!(kept, public);
        assert_eq!(kept.suite(), *suite);
        assert_eq!(kept.fingerprint().len(), 19);
        assert_ne!(kept.fingerprint(), pair(*suite, 2).public().fingerprint());
        assert_eq!(PublicKey::from_bytes(&kept.to_bytes()[..20]).unwrap_err(), VaultError::Malformed);
        assert_eq!(Suite::from_key(suite.key()), Some(*suite));
    }
    assert_eq!(PublicKey::from_bytes(&[]).unwrap_err(), VaultError::Malformed);
    assert_eq!(PublicKey::from_bytes(&[9, 1, 2]).unwrap_err(), VaultError::UnknownSuite(9));
    assert_eq!(Suite::from_key("rot13"), None);
}

#[test]
fn what_is_printed_tells_no_secret() {
    let pair = KeyPair::generate(Suite::National, &mut chance(1));
    assert_eq!(format!("{pair:?}"), format!("KeyPair({}, …)", pair.public().fingerprint()));
    let locked = LockedKey::lock(&pair, "secret", cheap(), &mut chance(2)).unwrap();
    assert_eq!(format!("{locked:?}"), "LockedKey(…)");
    assert_eq!(format!("{:?}", chance(1)), "Chance(…)");
}
