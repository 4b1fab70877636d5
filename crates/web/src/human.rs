//! 人机确认: when an address files more than people do, it has to show that somebody, or at least a computer that was worth its while, is
//! at the other end. No third party, no picture, no slider: a browser with a script computes for a second, one without is asked a sum.
//! What was typed waits in the draft meanwhile.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::app::App;

/// Leading zero bits that an answer's hash must have: 16,000 tries on average, about a second of a telephone's time.
pub(crate) const DIFFICULTY: u32 = 14;
const ASKED_FOR: SignedDuration = SignedDuration::from_mins(10);
const PASS_GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);
const USES_AFTER_WORK: u32 = 10;
const USES_AFTER_A_SUM: u32 = 3;
/// More passes and questions than this at a time are not kept: somebody fills the memory, and everybody is asked again.
const AT_MOST: usize = 50_000;
const PURPOSE: &str = "human";

/// A question that was asked: signed, so that nothing has to be kept until it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// What is sent along with the answer.
    pub(crate) token: String,
    /// 二十三加八等于多少.
    pub(crate) words: String,
}

/// Who showed it, and which questions were answered, in this process.
#[derive(Default)]
pub(crate) struct Shown(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    answered: HashMap<String, Timestamp>,
    passes: HashMap<String, (Timestamp, u32)>,
}

impl Shown {
    /// Uses a pass once; `false` when there is none or it is used up.
    fn spend(&self, pass: &str, now: Timestamp) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((until, left)) = kept.passes.get_mut(pass) else { return false };
        if *until <= now || *left == 0 {
            kept.passes.remove(pass);
            return false;
        }
        *left -= 1;
        true
    }

    /// Gives a pass for an answer, unless that question was answered already.
    fn give(&self, token: &str, pass: String, uses: u32, now: Timestamp) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answered.retain(|_, until| *until > now);
        kept.passes.retain(|_, (until, left)| *until > now && *left > 0);
        if kept.answered.len() >= AT_MOST || kept.answered.contains_key(token) {
            return false;
        }
        kept.answered.insert(token.to_owned(), now + ASKED_FOR);
        kept.passes.insert(pass, (now + PASS_GOOD_FOR, uses));
        true
    }
}

/// Whether somebody at this address may go on without showing anything; a pass in the cookie is used up by it.
pub(crate) fn goes_on(app: &App, address: IpAddr, headers: &HeaderMap) -> bool {
    app.limits().is_ordinary(address) || has_pass(app, headers)
}

/// Uses the pass that the browser carries.
pub(crate) fn has_pass(app: &App, headers: &HeaderMap) -> bool {
    crate::citizen::cookie_value(app, headers, COOKIE).is_some_and(|pass| app.shown().spend(&pass, app.now()))
}

/// The cookie in which a pass lies.
pub(crate) const COOKIE: &str = "human";
/// Seconds for which the cookie is kept.
pub(crate) const COOKIE_SECONDS: i64 = 60 * 60;

/// A new question.
pub(crate) fn question(app: &App) -> Question {
    let random = app.fresh::<16>();
    let (one, other) = (u32::from(random[0]) % 40 + 11, u32::from(random[1]) % 8 + 2);
    let until = (app.now() + ASKED_FOR).as_second();
    let text = format!("{until}.{}.{one}.{other}", domain::chain::hex(&random));
    let seal = app.house().secret.hash(PURPOSE, &text);
    Question {
        token: format!("{text}.{seal}"), words: format!("{}加{}等于多少？", in_words(one), in_words(other))
    }
}

/// A pass for a right answer: a number whose hash with the token begins with enough zeros, or the sum.
pub(crate) fn answered(app: &App, token: &str, work: &str, sum: &str) -> Option<String> {
    let (text, seal) = token.rsplit_once('.')?;
    if !app.house().secret.verifies(PURPOSE, text, seal) {
        return None;
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [until, _, one, other] = parts.as_slice() else { return None };
    let (one, other): (u32, u32) = (one.parse().ok()?, other.parse().ok()?);
    if until.parse::<i64>().ok()? <= app.now().as_second() {
        return None;
    }
    let uses = if is_worked(token, work) {
        USES_AFTER_WORK
    } else if half_width(sum).parse() == Ok(one + other) {
        USES_AFTER_A_SUM
    } else {
        return None;
    };
    let pass = domain::chain::hex(&app.fresh::<16>());
    app.shown().give(token, pass.clone(), uses, app.now()).then_some(pass)
}

/// Whether SHA-256 of `token:work` begins with enough zero bits.
fn is_worked(token: &str, work: &str) -> bool {
    let digits = !work.is_empty() && work.len() <= 12 && work.bytes().all(|byte| byte.is_ascii_digit());
    let hash = Sha256::digest(format!("{token}:{work}"));
    let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    digits && first.leading_zeros() >= DIFFICULTY
}

fn half_width(typed: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        other => other,
    };
    typed.trim().chars().map(plain).take(6).collect()
}

/// 23 as 二十三; under a hundred.
fn in_words(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((number / 10 % 10) as usize, (number % 10) as usize);
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_a_number_whose_hash_begins_with_zeros() {
        let found =
            (0..2_000_000_u32).map(|it| it.to_string()).find(|work| is_worked("t", work)).expect("one in 16,384");
        assert!(!is_worked("other", &found) || !is_worked("another", &found), "work is for one question");
        for wrong in ["", "x", "-1", "1234567890123"] {
            assert!(!is_worked("t", wrong), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!([3, 10, 11, 20, 47].map(in_words), ["三", "十", "十一", "二十", "四十七"]);
    }

    #[test]
    fn a_pass_is_used_up_and_a_question_is_answered_once() {
        let (shown, now) = (Shown::default(), Timestamp::UNIX_EPOCH);
        assert!(shown.give("q", "pass".to_owned(), 2, now));
        assert!(!shown.give("q", "again".to_owned(), 2, now), "the same answer twice");
        assert!(shown.spend("pass", now) && shown.spend("pass", now));
        assert!(!shown.spend("pass", now) && !shown.spend("nobody", now));
        assert!(shown.give("r", "late".to_owned(), 2, now));
        assert!(!shown.spend("late", now + PASS_GOOD_FOR));
    }
}
