//! 疑似重复: whether two complaints are likely about one matter, and why (catalogue 3.9). A person decides what follows.

use std::collections::BTreeSet;

/// What of a complaint is compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared<'a> {
    /// 投诉人电话.
    pub phone: &'a str,
    /// 被投诉人名称.
    pub respondent: &'a str,
    /// 统一社会信用代码.
    pub credit_code: &'a str,
    /// 经营者: row id, when the respondent is tied to one.
    pub operator: Option<i64>,
    /// 订单号.
    pub order_number: &'a str,
    /// 事实经过.
    pub facts: &'a str,
}

/// Texts shorter than this say too little to be compared.
const TEXT_AT_LEAST: usize = 12;
/// From this share of common pairs of characters on, two texts are nearly the same.
const NEARLY_SAME_PERCENT: usize = 70;

/// Why the two are likely about one matter; empty when nothing says so.
pub fn reasons(one: &Compared<'_>, other: &Compared<'_>) -> Vec<&'static str> {
    let same = |a: &str, b: &str| !a.trim().is_empty() && a.trim() == b.trim();
    let operator = one.operator.is_some() && one.operator == other.operator;
    let shop = operator || same(one.respondent, other.respondent) || same(one.credit_code, other.credit_code);
    let mut reasons = Vec::new();
    if same(one.phone, other.phone) && shop {
        reasons.push("同一电话投诉同一商家");
    }
    if same(one.order_number, other.order_number) {
        reasons.push("订单号相同");
    }
    if alike(one.facts, other.facts) {
        reasons.push("经过几乎一样");
    }
    reasons
}

/// Why two reports are likely of one matter; what is known of who reports is not asked.
pub fn reasons_of_reports(one: &Compared<'_>, other: &Compared<'_>, goods: (&str, &str)) -> Vec<&'static str> {
    let same = |a: &str, b: &str| !a.trim().is_empty() && a.trim() == b.trim();
    let operator = one.operator.is_some() && one.operator == other.operator;
    let shop = operator || same(one.respondent, other.respondent) || same(one.credit_code, other.credit_code);
    let mut reasons = Vec::new();
    if shop && alike(one.facts, other.facts) {
        reasons.push("被举报人相同，线索几乎一样");
    } else if shop && same(goods.0, goods.1) {
        reasons.push("被举报人相同，涉及同一商品或者服务");
    }
    reasons
}

/// Whether two texts are nearly the same: by pairs of neighbouring characters, whatever their order.
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (pairs(one), pairs(other));
    if one.len() < TEXT_AT_LEAST || other.len() < TEXT_AT_LEAST {
        return false;
    }
    let common = one.intersection(&other).count();
    common * 2 * 100 >= NEARLY_SAME_PERCENT * (one.len() + other.len())
}

fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_needs_more_than_one_telephone() {
        let first = Compared {
            phone: "13837120001",
            respondent: "好又来超市",
            order_number: "A1",
            facts: "昨天在超市买的电饭煲回家插上电不加热，店家说只能修不能退。",
            ..Compared::default()
        };
        let another_shop =
            Compared { respondent: "城南家电", order_number: "", facts: "手机屏幕裂了。", ..first };
        assert!(reasons(&first, &another_shop).is_empty(), "one telephone alone is no reason");
        let again = Compared {
            facts: "昨天在超市买的电饭煲，回家插上电不加热，店家说只能修，不能退！", ..first
        };
        assert_eq!(reasons(&first, &again), ["同一电话投诉同一商家", "订单号相同", "经过几乎一样"]);
        assert!(!alike("不退", "不退"), "too short to compare");
        assert!(reasons(&Compared::default(), &Compared::default()).is_empty(), "nothing equals nothing");
    }
}
