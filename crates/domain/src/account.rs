//! 账号安全: what makes a password good enough, how wrong tries are slowed down, when a second factor is asked
//! (`regulations/account.toml`, GB/T 22239-2019 8.1.4.1).

use std::sync::OnceLock;

use serde::Deserialize;

use crate::keyed::keyed;

/// The rules for accounts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRules {
    /// Where they come from.
    pub source: String,
    /// 口令.
    pub password: PasswordRules,
    /// 登录失败.
    pub throttle: ThrottleRules,
    /// 第二重验证.
    pub second_factor: SecondFactorRules,
    /// 敏感操作前的再验证.
    pub step_up: StepUpRules,
}

/// What makes a password good enough.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// Characters at least.
    pub length_at_least: usize,
    /// Characters at most; more would only cost time.
    pub length_at_most: usize,
    /// Of capital letters, small letters, digits and signs at least so many kinds.
    pub classes_at_least: usize,
    /// From this length on the kinds do not matter.
    pub long_enough_alone: usize,
    /// Different characters at least.
    pub distinct_at_least: usize,
    /// Not one of her last so many, the present one included.
    pub not_among_the_last: usize,
    /// To be changed after so many days; 0 for never.
    pub change_after_days: i64,
    /// Words that may not stand in it.
    pub forbidden_words: Vec<String>,
    /// It may not be one of these, whatever the case of its letters and the signs between them.
    pub common: Vec<String>,
}

/// How wrong tries are slowed down.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottleRules {
    /// Wrong tries from one source before it must wait.
    pub allowed: i64,
    /// The first wait; each further one is twice as long.
    pub first_wait_minutes: i64,
    /// No wait is longer.
    pub longest_wait_minutes: i64,
    /// Wrong tries of all unknown sources together before these must wait.
    pub strangers_allowed: i64,
    /// No wait of theirs is longer.
    pub strangers_longest_wait_minutes: i64,
    /// After so long without a wrong try the count begins anew.
    pub forgotten_after_hours: i64,
    /// A device or network from which she signed in is known for so long.
    pub known_days: i64,
}

/// How the second factor is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRules {
    /// Days after the first sign-in in which it may be put off.
    pub later_days: i64,
    /// One-time codes for the day on which the device is lost.
    pub recovery_codes: usize,
    /// The second step is done within so many minutes.
    pub within_minutes: i64,
    /// Wrong answers before the sign-in begins anew.
    pub allowed: i64,
}

/// What must have been proved before a sensitive act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepUpRules {
    /// A proof is fresh for so many minutes.
    pub fresh_minutes: i64,
}

keyed! {
    /// 第二重验证的要求.
    pub enum FactorPolicy:
        /// Whoever has none must set one up.
        Required = "required", "必须设置";
        /// Whoever wants one sets it up.
        Offered = "offered", "可以设置";
}

keyed! {
    /// 第二重验证的方式.
    pub enum FactorKind:
        /// A code of six digits from an app on the telephone (RFC 6238).
        Totp = "totp", "验证器动态码";
        /// A passkey or a security key (WebAuthn).
        Passkey = "passkey", "通行密钥";
}

keyed! {
    /// 登录以后还差什么.
    pub enum Gate:
        /// Nothing: she may work.
        Open = "open", "已登录";
        /// The second factor.
        Prove = "prove", "待第二步验证";
        /// A second factor must be set up first.
        Enrol = "enrol", "待设置第二步验证";
        /// The password is too old.
        Change = "change", "待更换密码";
}

/// The rules inside the program.
pub fn account_rules() -> &'static AccountRules {
    static RULES: OnceLock<AccountRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::ACCOUNT;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

impl PasswordRules {
    /// Why a password is too weak for this person: a sentence that says what to write. None when it is good.
    pub fn weakness(&self, password: &str, login: &str, name: &str) -> Option<String> {
        let length = password.chars().count();
        if length < self.length_at_least {
            return Some(format!("密码至少 {} 位，请再长一些", self.length_at_least));
        }
        if length > self.length_at_most {
            return Some(format!("密码最多 {} 位，请短一些", self.length_at_most));
        }
        if length < self.long_enough_alone && classes(password) < self.classes_at_least {
            return Some(format!(
                "请在大写字母、小写字母、数字和符号中至少用{}种，或者写满 {} 位",
                ["零", "一", "两", "三", "四"].get(self.classes_at_least).unwrap_or(&"几"),
                self.long_enough_alone
            ));
        }
        let lower = password.to_lowercase();
        // One or two letters occur in any password; they give nothing away.
        if login.chars().count() > 2 && lower.contains(&login.to_lowercase()) {
            return Some("密码里不能有登录名，请换一个".to_owned());
        }
        if name.chars().count() > 1 && password.contains(name) {
            return Some("密码里不能有姓名，请换一个".to_owned());
        }
        if self.forbidden_words.iter().any(|word| lower.contains(word)) {
            return Some("密码里有太常见的词（如 12315、password、123456），请换一个".to_owned());
        }
        let bare: String = lower.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if self.common.contains(&bare) {
            return Some("这个密码太常见，别人一猜就中，请换一个".to_owned());
        }
        if password.chars().collect::<std::collections::HashSet<_>>().len() < self.distinct_at_least {
            return Some("重复的字符太多，请换一个".to_owned());
        }
        None
    }

    /// What the page says beforehand.
    pub fn hint(&self) -> String {
        format!(
            "至少 {} 位，大写字母、小写字母、数字、符号中至少 {} 种；写满 {} 位的不论种类。不能含登录名、姓名，不能与最近 {} 次的相同",
            self.length_at_least, self.classes_at_least, self.long_enough_alone, self.not_among_the_last
        )
    }
}

fn classes(password: &str) -> usize {
    let upper = password.chars().any(|letter| letter.is_ascii_uppercase());
    let lower = password.chars().any(|letter| letter.is_ascii_lowercase());
    let digit = password.chars().any(|letter| letter.is_ascii_digit());
    let other = password.chars().any(|letter| !letter.is_ascii_alphanumeric());
    [upper, lower, digit, other].into_iter().filter(|has| *has).count()
}

#[cfg(test)]
mod tests {
    use super::account_rules;

    #[test]
    fn the_rules_read_and_are_not_weaker_than_practice() {
        let rules = account_rules();
        assert!(rules.password.length_at_least >= 10 && rules.password.not_among_the_last >= 5);
        assert!(rules.throttle.allowed <= 5 && rules.throttle.first_wait_minutes >= 15);
        assert!(rules.second_factor.recovery_codes >= 8);
        let bare = |word: &String| word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
        assert!(rules.password.common.iter().all(bare), "they are compared in small letters and digits");
    }

    #[test]
    fn weak_passwords_are_refused_with_a_sentence() {
        let refused = |password: &str| account_rules().password.weakness(password, "wangfang", "王芳").is_some();
        for weak in [
            "Short-1",
            "onlylowercase1",
            "Wangfang-2026",
            "我是王芳A1bcdef",
            "Admin@12315",
            "Aa1Aa1Aa1Aa1",
            "1Qaz-2wsx-3edc",
            "the quick brown fox",
            "aaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(refused(weak), "{weak}");
        }
        for good in ["Meihua-lu-88", "黄河路东口Yi1zhong", "four geese under umbrellas"] {
            assert!(!refused(good), "{good}");
        }
    }
}
