//! 口令: how it is kept (argon2id). What makes one good enough stands in `domain::account`.

use ::vault::Cost;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// The hash of a password in PHC form. Slow and hungry for memory on purpose; the cost is that of a person's key, because both
/// lie under the same password and a thief tries the cheaper one.
pub fn hash(password: &str, salt: [u8; 16], cost: Cost) -> String {
    let (memory, passes) = cost.params();
    let params = Params::new(memory, passes, 1, None).expect("a cost is checked when it is made");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("a salt of 16 bytes is valid")
        .to_string()
}

/// Whether the password is the one behind the hash.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Whether the hash was made at another cost than today's.
pub fn outdated(hash: &str, cost: Cost) -> bool {
    let (memory, passes) = cost.params();
    !hash.contains(&format!("$m={memory},t={passes},p=1$"))
}

/// A password for one login, from random bytes: `Kwmt-7rdp-Hx4c`. Without letters and digits that look alike.
pub fn one_time(random: [u8; 16]) -> String {
    const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
    const DIGIT: &[u8] = b"23456789";
    let pattern: [&[u8]; 14] =
        [UPPER, LOWER, LOWER, DIGIT, b"-", LOWER, DIGIT, LOWER, UPPER, b"-", LOWER, UPPER, DIGIT, LOWER];
    pattern.iter().zip(random).map(|(letters, byte)| char::from(letters[usize::from(byte) % letters.len()])).collect()
}

#[cfg(test)]
mod tests {
    use ::vault::Cost;
    use domain::account::account_rules;

    use super::{hash, one_time, outdated, verify};

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let cost = Cost::new(8, 1).unwrap();
        let kept = hash("Meihua-lu-88", [7; 16], cost);
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("Meihua-lu-88", &kept));
        assert!(!verify("Meihua-lu-89", &kept));
        assert!(!verify("Meihua-lu-88", "not a hash"));
        assert!(!outdated(&kept, cost));
        assert!(outdated(&kept, Cost::new(16, 1).unwrap()), "a dearer one is wanted now");
    }

    #[test]
    fn a_one_time_password_passes_the_rules() {
        for seed in 0..=255u8 {
            let password = one_time(std::array::from_fn(|index| seed.wrapping_mul(31).wrapping_add(index as u8 * 17)));
            assert_eq!(account_rules().password.weakness(&password, "a", "王芳"), None, "{password}");
        }
    }
}
