//! What comes of a story: the shop's answer, the talk, the agreement or the reason why there is none, the rating.

use rand::Rng;

use super::mix::{Outcome, draw_mark};
use super::phrase::Cast;
use super::skeleton::{BOOK, Resolution};
use super::vocabulary::{between, per_mille, pick, yuan};

/// Something said at a mediation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// 调解员, 投诉人 or 被投诉人.
    pub speaker: &'static str,
    /// The words.
    pub words: String,
}

/// One item of an agreement (调解协议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementItem {
    /// The wording.
    pub text: String,
    /// What is paid under it, in 分; zero where it is about something else.
    pub amount_cents: i64,
    /// Days from the agreement until it is due; zero for at once.
    pub due_in_days: i64,
}

/// What the consumer says afterwards (评价).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// Whether she considers it solved (是否解决).
    pub solved: bool,
    /// One to five.
    pub mark: u8,
    /// In her words; may be empty.
    pub words: String,
}

/// Everything after the complaint was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The shop's written answer.
    pub answer: String,
    /// Three to eight lines; empty where the complaint is not accepted.
    pub transcript: Vec<Utterance>,
    /// What is agreed if it comes to an agreement.
    pub agreement: Vec<AgreementItem>,
    /// Why mediation ends if it does not: the item of article 23(1) and the reason.
    pub termination: (u8, String),
    /// Why it is not accepted if it is not: the item of article 16 and the reason.
    pub refusal: (u8, String),
    /// Nothing where the consumer does not answer.
    pub rating: Option<Rating>,
}

/// Tells the end that `outcome` asks for. The agreement, the termination and the refusal are told in any case, so that
/// a simulation may turn off the course.
pub fn settle(
    rng: &mut impl Rng,
    kind: &Resolution,
    outcome: Outcome,
    cast: &mut Cast<'_>,
    amount_cents: i64,
    want_cents: i64,
) -> Settlement {
    let pay_cents = sum_agreed(rng, kind, amount_cents, want_cents);
    cast.set("pay", yuan(pay_cents));
    let is_friendly = matches!(outcome, Outcome::Settled | Outcome::Terminated { item: 1 });
    let list = if is_friendly { ("yield", &kind.gives_way) } else { ("refuse", &kind.refuse) };
    // The excuses are told as the shop says them to the consumer; a letter to the bureau speaks of her.
    let answer = cast.draw(rng, list.0, list.1).replace("你们", "顾客").replace(['你', '您'], "顾客");
    let termination = match outcome {
        Outcome::Terminated { item } => item,
        _ => 3,
    };
    let refusal = match outcome {
        Outcome::Refused { item } => item,
        _ => 3,
    };
    let termination_text = match termination {
        3 => cast.draw(rng, "ends", &kind.ends),
        item => cast.draw(rng, "termination", &BOOK.common.terminations[&item.to_string()]),
    };
    let termination_text = termination_text.replace("你们", "投诉人").replace(['你', '您'], "投诉人");
    Settlement {
        answer,
        transcript: talk(rng, kind, outcome, cast),
        agreement: agree(rng, kind, cast, pay_cents),
        termination: (termination, termination_text),
        refusal: (refusal, cast.draw(rng, "refusal", &BOOK.common.refusals[&refusal.to_string()])),
        rating: rate(rng, outcome, cast),
    }
}

/// What a settlement brings: some of what is wanted, rarely less than the price where ten times the price is wanted.
fn sum_agreed(rng: &mut impl Rng, kind: &Resolution, amount_cents: i64, want_cents: i64) -> i64 {
    let (least, most) = kind.settle;
    let part = if per_mille(rng, 350) { most } else { between(rng, least, most) };
    let sum = if want_cents == 0 { (amount_cents / 4).min(20_000) } else { want_cents * part / 100 };
    let sum = if part == 100 { sum } else { round(sum) };
    let sum = if kind.refunds_price { sum.max(amount_cents) } else { sum };
    sum.max(100)
}

fn round(cents: i64) -> i64 {
    let step = match cents {
        ..10_000 => 100,
        10_000..100_000 => 1_000,
        100_000..1_000_000 => 5_000,
        _ => 50_000,
    };
    cents / step * step
}

fn talk(rng: &mut impl Rng, kind: &Resolution, outcome: Outcome, cast: &mut Cast<'_>) -> Vec<Utterance> {
    const MEDIATOR: &str = "调解员";
    const CONSUMER: &str = "投诉人";
    const SHOP: &str = "被投诉人";
    let mut talk = Vec::new();
    let mut say = |speaker, words| talk.push(Utterance { speaker, words });
    match outcome {
        Outcome::Refused { .. } => {}
        Outcome::Terminated { item: 1 } => {
            say(CONSUMER, cast.say(rng, "consumer_withdraw", true));
            say(MEDIATOR, cast.say(rng, "mediator_withdraw", true));
            say(CONSUMER, cast.say(rng, "consumer_confirm", true));
        }
        Outcome::Terminated { item: 2 } => {
            say(MEDIATOR, cast.say(rng, "mediator_phone", true));
            let list = if per_mille(rng, 650) { "shop_no_talk" } else { "shop_absent" };
            say(SHOP, cast.say(rng, list, true));
            say(MEDIATOR, cast.say(rng, "mediator_absent", true));
        }
        _ => {
            let settled = outcome == Outcome::Settled;
            say(MEDIATOR, cast.say(rng, "mediator_open", true));
            say(CONSUMER, cast.draw(rng, "consumer", &kind.consumer));
            say(SHOP, cast.draw(rng, "hard", &kind.hard));
            if !settled || per_mille(rng, 550) {
                say(CONSUMER, cast.draw(rng, "push", &kind.push));
            }
            say(MEDIATOR, cast.draw(rng, "law", &kind.law));
            if settled {
                say(SHOP, cast.draw(rng, "soft", &kind.soft));
                say(CONSUMER, cast.draw(rng, "accept", &kind.accept));
                say(MEDIATOR, cast.say(rng, "mediator_yes", true));
            } else {
                say(SHOP, cast.draw(rng, "stand", &kind.stand));
                say(CONSUMER, cast.draw(rng, "reject", &kind.reject));
                say(MEDIATOR, cast.say(rng, "mediator_no", true));
            }
        }
    }
    talk
}

fn agree(rng: &mut impl Rng, kind: &Resolution, cast: &mut Cast<'_>, pay_cents: i64) -> Vec<AgreementItem> {
    let plan = pick(rng, &kind.agreements);
    let mut items = Vec::new();
    for item in &plan.items {
        let due_in_days = between(rng, item.days.0, item.days.1);
        let within = if due_in_days == 0 {
            "当场".to_owned()
        } else {
            format!("自本协议签订之日起{due_in_days}日内")
        };
        cast.set("within", within);
        let text = item.text.fill(rng, cast);
        items.push(AgreementItem { text, amount_cents: if item.pays { pay_cents } else { 0 }, due_in_days });
    }
    items
}

fn rate(rng: &mut impl Rng, outcome: Outcome, cast: &mut Cast<'_>) -> Option<Rating> {
    let mark = draw_mark(rng, outcome)?;
    let solved = match outcome {
        Outcome::Settled => mark > 2 || per_mille(rng, 500),
        Outcome::Terminated { item: 1 } => mark > 2,
        _ => mark == 5,
    };
    // A five-star word of thanks for a solution does not fit a case that was not solved.
    let has_words = per_mille(rng, 620) && (solved || mark < 4);
    let words = if has_words { cast.say(rng, &format!("rate_{mark}"), true) } else { String::new() };
    Some(Rating { solved, mark, words })
}
