//! 人机确认: when an address files more than people do, it has to show that somebody, or at least a computer that was worth its while, is
//! at the other end. No third party, no picture, no slider: a browser with a script computes for a second, one without is asked a sum.
//! What was typed waits in the draft meanwhile. Who showed it is kept in the database, so that it holds in every process.

use std::net::IpAddr;

use axum::http::HeaderMap;
use casework::{ActError, Actor};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::PageError;

/// Leading zero bits that an answer's hash must have: 16,000 tries on average, about a second of a telephone's time.
pub(crate) const DIFFICULTY: u32 = 14;
const ASKED_FOR: SignedDuration = SignedDuration::from_mins(10);
const PASS_GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);
const USES_AFTER_WORK: u32 = 10;
const USES_AFTER_A_SUM: u32 = 3;
const PURPOSE: &str = "human";
/// What signs a pass.
const PASS: &str = "human-pass";
/// Under what questions and passes are kept: whoever reads the database has none of them by that.
const KEPT: &str = "human-kept";

/// A question that was asked: signed, so that nothing has to be kept until it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// What is sent along with the answer.
    pub(crate) token: String,
    /// 二十三加八等于多少.
    pub(crate) words: String,
}

/// Whether somebody at this address may go on without showing anything; a pass in the cookie is used up by it.
pub(crate) async fn goes_on(app: &App, address: IpAddr, headers: &HeaderMap) -> Result<bool, PageError> {
    Ok(app.limits().is_ordinary(address) || has_pass(app, headers).await?)
}

/// Uses the pass that the browser carries, whichever process gave it. What this installation did not sign asks nothing of the
/// database.
pub(crate) async fn has_pass(app: &App, headers: &HeaderMap) -> Result<bool, PageError> {
    let Some(pass) = crate::citizen::cookie_value(app, headers, COOKIE) else { return Ok(false) };
    let secret = &app.house().secret;
    let signed = pass.split_once('.').filter(|(random, seal)| secret.verifies(PASS, random, seal));
    let Some((random, _)) = signed else { return Ok(false) };
    let hash = secret.hash(KEPT, random);
    Ok(app
        .act::<_, ActError>(Actor::Public, move |tx, scene| Ok(store::human_pass::spend(tx, &hash, scene.now)?))
        .await?)
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

/// A pass for a right answer: a number whose hash with the token begins with enough zeros, or the sum. A question is answered
/// once, in whichever process.
pub(crate) async fn answered(app: &App, token: &str, work: &str, sum: &str) -> Result<Option<String>, PageError> {
    let Some(uses) = worth(app, token, work, sum) else { return Ok(None) };
    let random = domain::chain::hex(&app.fresh::<16>());
    let secret = &app.house().secret;
    let pass = format!("{random}.{}", secret.hash(PASS, &random));
    let (question, kept) = (secret.hash(KEPT, token), secret.hash(KEPT, &random));
    let given = app.act::<_, ActError>(Actor::Public, move |tx, scene| {
        Ok(store::human_pass::give(tx, &question, &kept, uses, scene.now + PASS_GOOD_FOR)?)
    });
    Ok(given.await?.then_some(pass))
}

/// How often a pass for this answer may be used; none when it is wrong.
fn worth(app: &App, token: &str, work: &str, sum: &str) -> Option<u32> {
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
    let summed = half_width(sum).parse() == Ok(one + other);
    if is_worked(token, work) { Some(USES_AFTER_WORK) } else { summed.then_some(USES_AFTER_A_SUM) }
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
}
