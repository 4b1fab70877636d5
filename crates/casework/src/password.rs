//! 口令: how it is kept (argon2id) and what makes one good enough (GB/T 22239-2019 8.1.4.1).

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Characters a password has at least.
pub const LENGTH_AT_LEAST: usize = 10;
/// Characters a password has at most; more would only cost time.
pub const LENGTH_AT_MOST: usize = 128;

/// The hash of a password in PHC form. Slow and hungry for memory on purpose.
pub fn hash(password: &str, salt: [u8; 16]) -> String {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("a salt of 16 bytes and the default parameters are valid")
        .to_string()
}

/// Whether the password is the one behind the hash. Takes the same time for a hash that cannot be read.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        self::hash(password, [0; 16]);
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Why a password is too weak for this person: a sentence that says what to write. None when it is good.
pub fn weakness(password: &str, login: &str, name: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < LENGTH_AT_LEAST {
        return Some("密码至少 10 位，请再长一些");
    }
    if length > LENGTH_AT_MOST {
        return Some("密码最多 128 位，请短一些");
    }
    if classes(password) < 3 {
        return Some("请在大写字母、小写字母、数字和符号中至少用三种");
    }
    let lower = password.to_lowercase();
    // One or two letters occur in any password; they give nothing away.
    if login.chars().count() > 2 && lower.contains(&login.to_lowercase()) {
        return Some("密码里不能有登录名，请换一个");
    }
    if name.chars().count() > 1 && password.contains(name) {
        return Some("密码里不能有姓名，请换一个");
    }
    if GUESSED_FIRST.iter().any(|word| lower.contains(word)) {
        return Some("密码里有太常见的词（如 12315、password、123456），请换一个");
    }
    if password.chars().collect::<std::collections::HashSet<_>>().len() < 5 {
        return Some("重复的字符太多，请换一个");
    }
    None
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

const GUESSED_FIRST: &[&str] =
    &["12315", "password", "passw0rd", "123456", "654321", "qwerty", "abc123", "111111", "xiaobao", "xiaofei"];

fn classes(password: &str) -> usize {
    let upper = password.chars().any(|letter| letter.is_ascii_uppercase());
    let lower = password.chars().any(|letter| letter.is_ascii_lowercase());
    let digit = password.chars().any(|letter| letter.is_ascii_digit());
    let other = password.chars().any(|letter| !letter.is_ascii_alphanumeric());
    [upper, lower, digit, other].into_iter().filter(|has| *has).count()
}

#[cfg(test)]
mod tests {
    use super::{hash, one_time, verify, weakness};

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let kept = hash("Meihua-lu-88", [7; 16]);
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("Meihua-lu-88", &kept));
        assert!(!verify("Meihua-lu-89", &kept));
        assert!(!verify("Meihua-lu-88", "not a hash"));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_sentence() {
        let refused = |password: &str| weakness(password, "wangfang", "王芳").is_some();
        assert!(refused("Short-1"));
        assert!(refused("onlylowercase1"));
        assert!(refused("Wangfang-2026"));
        assert!(refused("我是王芳A1bcdef"));
        assert!(refused("Admin@12315"));
        assert!(refused("Aa1Aa1Aa1Aa1"));
        assert!(!refused("Meihua-lu-88"));
        assert!(!refused("黄河路东口Yi1zhong"));
    }

    #[test]
    fn a_one_time_password_passes_the_rules() {
        for seed in 0..=255u8 {
            let password = one_time(std::array::from_fn(|index| seed.wrapping_mul(31).wrapping_add(index as u8 * 17)));
            assert_eq!(weakness(&password, "a", "王芳"), None, "{password}");
        }
    }
}
