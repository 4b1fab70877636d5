//! What was paid, what is left or lost, and what a demand asks for.

use rand::Rng;

use super::skeleton::{Goods, Skeleton, Want};
use super::vocabulary::{between, pick};

/// The sums of a story, in 分.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// What was paid.
    pub amount: i64,
    /// What is left on the card.
    pub left: i64,
    /// The loss; zero where none is told.
    pub damage: i64,
    /// What is asked for.
    pub want: i64,
}

impl Sums {
    /// Sums that fit the goods and the plot.
    pub fn draw(rng: &mut impl Rng, skeleton: &Skeleton, goods: &Goods) -> Self {
        let amount = price(rng, goods.price);
        let left = round_to(amount * between(rng, 28, 88) / 100, if amount < 200_000 { 100 } else { 1_000 });
        let damage = skeleton.damage.map_or(0, |(least, most)| {
            round_to(
                between(rng, least, most).min(between(rng, least, most)) * 100,
                if most > 500 { 1_000 } else { 100 },
            )
        });
        let want = match skeleton.want {
            Want::Full => amount,
            Want::Left => left,
            Want::Triple => amount + (amount * 3).max(50_000),
            Want::Tenfold => amount + (amount * 10).max(100_000),
            Want::Part => round_to(amount * between(rng, 15, 50) / 100, 100).max(100),
            Want::Damage => damage,
            Want::None => 0,
        };
        Self { amount, left, damage, want }
    }

    /// What is wanted cannot be more than what is demanded: no threefold price where only the price is asked back.
    pub fn limit_to(&mut self, demands: &[&str]) {
        let has = |wanted: &[&str]| demands.iter().any(|demand| wanted.contains(demand));
        if !has(&["extra_damages", "compensation", "refund", "return_goods", "make_up_quantity"]) {
            self.want = 0;
        } else if !has(&["extra_damages", "compensation", "make_up_quantity"]) {
            self.want = self.want.min(self.amount);
        } else if !has(&["extra_damages"]) {
            self.want = self.want.min(self.amount * 2 + self.damage + 100_000);
        }
    }
}

/// The codes of table `demands` for a demand in words, in the order of the form.
pub fn demands_in(words: &str) -> Vec<&'static str> {
    const SIGNS: [(&str, &[&str]); 10] = [
        ("repair", &["维修", "保修", "修好"]),
        ("redo", &["返工", "重做", "重新配", "重拍"]),
        ("replace", &["换"]),
        ("return_goods", &["退货", "退车", "退蛋糕"]),
        ("make_up_quantity", &["补足", "补发"]),
        (
            "refund",
            &[
                "退款",
                "退还",
                "退费",
                "退钱",
                "退差价",
                "退卡",
                "退餐费",
                "退票",
                "退学费",
                "退一赔",
                "退回",
                "全退",
                "退购",
                "退蛋糕钱",
                "按价退",
            ],
        ),
        ("compensation", &["赔"]),
        ("extra_damages", &["赔三", "赔十", "三倍", "一千", "五百元", "价格欺诈"]),
        ("perform", &["履行", "兑现", "发货", "安排", "恢复", "延长", "开具", "上牌"]),
        ("apology", &["道歉"]),
    ];
    let words = words.replace("退货款", "退款");
    let mut demands: Vec<&str> = SIGNS
        .iter()
        .filter(|(_, signs)| signs.iter().any(|sign| words.contains(sign)))
        .map(|(code, _)| *code)
        .collect();
    if demands.contains(&"extra_damages") {
        demands.retain(|code| *code != "compensation");
    }
    if demands.is_empty() {
        demands.push("other_demand");
    }
    demands
}

/// A price as shops write them, in 分: 19.9, 388, 1280, 2999.
fn price(rng: &mut impl Rng, (least, most): (i64, i64)) -> i64 {
    let yuan = between(rng, least, most);
    let cents = match yuan {
        ..100 => yuan * 100 + *pick(rng, &[0, 0, 0, 50, 80, 90]),
        100..1_000 => (yuan / 10 * 10 + *pick(rng, &[0, 5, 8, 8, 9])) * 100,
        1_000..10_000 => (yuan / 100 * 100 + *pick(rng, &[0, 0, 60, 80, 80, 99])) * 100,
        _ => yuan / 100 * 10_000,
    };
    cents.clamp(least * 100, most * 100)
}

fn round_to(cents: i64, step: i64) -> i64 {
    (cents / step * step).max(step)
}
