//! 判断因素: the factors of O121 art. 17 as far as they can be computed, with thresholds that are the bureau's own setting
//! (`regulations/signals.toml`). A signal reminds a person to look; it decides nothing.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

/// Which factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalKind {
    /// 数量与通常消费习惯不符.
    Quantity,
    /// 同一投诉人短期内大量投诉.
    Repetition,
    /// 多人使用同一电话.
    SharedPhone,
    /// 多人使用同一地址.
    SharedAddress,
    /// 不同投诉人集中投诉.
    Collusion,
    /// 没有购买凭证.
    NoProof,
    /// 投诉人可能是经营者.
    Operator,
}

impl SignalKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: &'static [SignalKind] = &[
        SignalKind::Quantity,
        SignalKind::Repetition,
        SignalKind::SharedPhone,
        SignalKind::SharedAddress,
        SignalKind::Collusion,
        SignalKind::NoProof,
        SignalKind::Operator,
    ];

    /// The words above it.
    pub fn label(self) -> &'static str {
        match self {
            SignalKind::Quantity => "数量",
            SignalKind::Repetition => "次数",
            SignalKind::SharedPhone => "共用电话",
            SignalKind::SharedAddress => "共用地址",
            SignalKind::Collusion => "集中投诉",
            SignalKind::NoProof => "购买凭证",
            SignalKind::Operator => "经营者",
        }
    }
}

/// The bureau's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whose setting it is.
    pub source: String,
    /// Whether the numbers were read in a text of law.
    pub confirmed: bool,
    /// How many at once.
    pub quantity: Quantity,
    /// How often by one person.
    pub repetition: Window,
    /// How many people by one phone or address.
    pub sharing: Window,
    /// How many people together against one shop.
    pub collusion: Collusion,
    /// No proof of the purchase.
    pub proof: Factor,
    /// Whose name is that of a business.
    pub operators: Operators,
}

/// How many pieces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// From this number on.
    pub at_least: u64,
    /// The article.
    pub factor: String,
    /// The measure words that are read.
    pub measures: Vec<String>,
    /// Other numbers for some categories.
    #[serde(default)]
    pub of_category: Vec<OfCategory>,
}

/// A number for one category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCategory {
    /// Code table `goods_categories`.
    pub category: String,
    /// From this number on.
    pub at_least: u64,
}

/// So many within so many days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Days back, today among them.
    pub days: i64,
    /// From this number on.
    pub at_least: usize,
    /// The article.
    pub factor: String,
}

/// So many people against one shop within so many days, with the same helper, telephone, address or text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collusion {
    /// Days back, today among them.
    pub days: i64,
    /// From this number of people on.
    pub at_least: usize,
    /// Shorter texts are not compared.
    pub characters: usize,
    /// From this share of equal pairs of characters on two texts are alike.
    pub alike_percent: usize,
    /// The article.
    pub factor: String,
}

/// A factor without a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The article.
    pub factor: String,
}

/// Words that stand in names of businesses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operators {
    /// The words.
    pub words: Vec<String>,
    /// The article.
    pub factor: String,
}

impl Settings {
    /// The number of pieces from which on a category is worth a look.
    pub fn quantity_of(&self, category: &str) -> u64 {
        let own = self.quantity.of_category.iter().find(|own| own.category == category);
        own.map_or(self.quantity.at_least, |own| own.at_least)
    }

    /// The article behind a signal.
    pub fn factor(&self, kind: SignalKind) -> &str {
        match kind {
            SignalKind::Quantity => &self.quantity.factor,
            SignalKind::Repetition => &self.repetition.factor,
            SignalKind::SharedPhone | SignalKind::SharedAddress => &self.sharing.factor,
            SignalKind::Collusion => &self.collusion.factor,
            SignalKind::NoProof => &self.proof.factor,
            SignalKind::Operator => &self.operators.factor,
        }
    }

    /// Whether two accounts of what happened are much the same text; numbers, which differ in a template that was filled in, are not
    /// compared.
    pub fn alike(&self, one: &str, other: &str) -> bool {
        let pairs = |text: &str| {
            let letters: Vec<char> = text.chars().filter(|it| it.is_alphabetic()).collect();
            letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<BTreeSet<_>>()
        };
        let long = |text: &str| text.chars().count() >= self.collusion.characters;
        let (ours, theirs) = (pairs(one), pairs(other));
        let equal = ours.intersection(&theirs).count() * 2 * 100;
        long(one) && long(other) && equal >= self.collusion.alike_percent * (ours.len() + theirs.len())
    }

    /// The word in a person's name that makes it look like that of a business.
    pub fn business_word(&self, name: &str) -> Option<&str> {
        self.operators.words.iter().map(String::as_str).find(|word| name.contains(word))
    }

    /// The largest number of pieces that a text speaks of, with its measure word: `买了200瓶` is 200瓶.
    pub fn pieces(&self, text: &str) -> Option<(u64, String)> {
        let mut largest: Option<(u64, String)> = None;
        let characters: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < characters.len() {
            let start = at;
            while at < characters.len() && characters[at].is_ascii_digit() {
                at += 1;
            }
            if at == start {
                at += 1;
                continue;
            }
            let measure = characters.get(at).map(char::to_string).filter(|word| self.quantity.measures.contains(word));
            let number = characters[start..at].iter().collect::<String>().parse::<u64>().ok();
            // `3个月`, `2个人`, `13件套` count something else; so does the rest of a number with a point.
            let other = matches!(characters.get(at + 1), Some('月' | '人' | '小' | '套' | '工' | '星' | '礼'));
            let fraction = start > 0 && matches!(characters[start - 1], '.' | '．');
            if let (Some(number), Some(measure), false, false) = (number, measure, other, fraction)
                && largest.as_ref().is_none_or(|(most, _)| number > *most)
            {
                largest = Some((number, measure));
            }
        }
        largest
    }
}

/// The settings shipped with the program.
pub fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let (file, text) = crate::embedded::SIGNALS;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in signals {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_filled_in_twice_is_alike_and_two_accounts_are_not() {
        let settings = settings();
        let template = |day: u32, price: u32| {
            format!(
                "本人于6月{day}日在该店购买蜂蜜1瓶，付款{price}元，外包装没有标注生产日期和厂名厂址，要求退一赔十。"
            )
        };
        assert!(settings.alike(&template(3, 39), &template(11, 128)));
        let own = "六月初在店里买的电饭煲，拿回家三天就不能加热了，去找店家，店家说要寄回厂里，我不同意，要求退货。";
        assert!(!settings.alike(&template(3, 39), own));
        assert!(!settings.alike("要求退货", "要求退货"), "too short to say");
    }

    #[test]
    fn pieces_are_read_from_the_story() {
        let settings = settings();
        let read = |text: &str| settings.pieces(text).map(|(number, measure)| format!("{number}{measure}"));
        assert_eq!(read("一次买了200瓶白酒，另买3袋"), Some("200瓶".to_owned()));
        assert_eq!(read("用了3个月，退了2个人的钱，花了299元"), None);
        assert_eq!(read("1.5斤苹果"), None);
        assert_eq!(settings.quantity_of("appliances"), 5);
        assert_eq!(settings.quantity_of("food"), settings.quantity.at_least);
        assert!(!settings.confirmed, "the numbers are the bureau's own setting");
    }
}
