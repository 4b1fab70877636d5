//! The grounds of refusal and of termination, in the words of the law. The time bar by day is in `grounds.rs` of this suite.

use domain::rule_set::Ground;

use super::{book, day, law};

/// 暂行办法 art. 15.
const REFUSAL_2020: &[&str] = &[
    "投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限的；",
    "法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会或者依法成立的其他调解组织已经受理或者处理过同一消费者权益争议的；",
    "不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议的；",
    "除法律另有规定外，投诉人知道或者应当知道自己的权益受到被投诉人侵害之日起超过三年的；",
    "未提供本办法第九条第一款和第十条规定的材料的；",
    "法律、法规、规章规定不予受理的其他情形。",
];

/// 办法 art. 16: the mediation bodies left out, false material and refused identity brought in.
const REFUSAL_2026: &[&str] = &[
    "投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限的；",
    "法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会已经受理或者处理过同一消费者权益争议的；",
    "不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议的；",
    "除法律另有规定外，投诉人知道或者应当知道自己的权益受到被投诉人侵害之日起超过三年的；",
    "未提供本办法第十条第一款、第十一条规定的材料，或者提供虚假材料的；",
    "冒用他人名义或者拒不配合市场监督管理部门核验真实身份信息的；",
    "法律、法规、规章规定不予受理的其他情形。",
];

/// 暂行办法 art. 21(1). Item 5 keeps its words after 2024-07-01, though the limit itself is then that of 实施条例 art. 46(3).
const TERMINATION_2020: &[&str] = &[
    "投诉人撤回投诉或者双方自行和解的；",
    "投诉人与被投诉人对委托承担检定、检验、检测、鉴定工作的技术机构或者费用承担无法协商一致的；",
    "投诉人或者被投诉人无正当理由不参加调解，或者被投诉人明确拒绝调解的；",
    "经组织调解，投诉人或者被投诉人明确表示无法达成调解协议的；",
    "自投诉受理之日起四十五个工作日内投诉人和被投诉人未能达成调解协议的；",
    "市场监督管理部门受理投诉后，发现存在本办法第十五条规定情形的；",
    "法律、法规、规章规定的应当终止调解的其他情形。",
];

/// 办法 art. 23(1): the complainant's refusal too, only the cost of tests, art. 42, death or loss of the subject.
const TERMINATION_2026: &[&str] = &[
    "投诉人撤回投诉或者双方自行和解的；",
    "投诉人、被投诉人无正当理由不参加调解，或者明确拒绝调解的；",
    "经组织调解，投诉人或者被投诉人明确表示无法达成调解协议的；",
    "投诉人与被投诉人对鉴定、检测费用承担无法协商一致的；",
    "自投诉受理之日起六十日内投诉人和被投诉人未能达成调解协议的；",
    "市场监督管理部门受理投诉后，发现存在本办法第十六条、第四十二条规定情形的；",
    "投诉人、被投诉人死亡或者主体资格灭失的；",
    "法律、法规、规章规定的应当终止调解的其他情形。",
];

const ITEMS: &[&str] = &["一", "二", "三", "四", "五", "六", "七", "八"];

fn as_the_law_says(received: &str, found: &[Ground], words: &[&str], article: &str) {
    assert_eq!(found.len(), words.len(), "received {received}");
    for (index, (ground, wording)) in found.iter().zip(words).enumerate() {
        assert_eq!(ground.item as usize, index + 1, "received {received}");
        assert_eq!(ground.wording, *wording, "received {received}");
        assert_eq!(ground.article, format!("{article}第{}项", ITEMS[index]), "received {received}");
        assert!(ground.confirmed, "received {received}");
    }
}

#[test]
fn refusal() {
    for (received, words, article) in [
        ("2020-01-01", REFUSAL_2020, "第十五条"),
        ("2020-01-02", REFUSAL_2020, "第十五条"),
        ("2024-06-30", REFUSAL_2020, "第十五条"),
        ("2024-07-01", REFUSAL_2020, "第十五条"),
        ("2024-07-02", REFUSAL_2020, "第十五条"),
        ("2026-04-14", REFUSAL_2020, "第十五条"),
        ("2026-04-15", REFUSAL_2026, "第十六条"),
        ("2026-04-16", REFUSAL_2026, "第十六条"),
    ] {
        as_the_law_says(received, &law(&book(), day(received)).refusal_grounds, words, article);
    }
}

#[test]
fn termination() {
    for (received, words, article) in [
        ("2020-01-01", TERMINATION_2020, "第二十一条第一款"),
        ("2020-01-02", TERMINATION_2020, "第二十一条第一款"),
        ("2024-06-30", TERMINATION_2020, "第二十一条第一款"),
        ("2024-07-01", TERMINATION_2020, "第二十一条第一款"),
        ("2024-07-02", TERMINATION_2020, "第二十一条第一款"),
        ("2026-04-14", TERMINATION_2020, "第二十一条第一款"),
        ("2026-04-15", TERMINATION_2026, "第二十三条第一款"),
        ("2026-04-16", TERMINATION_2026, "第二十三条第一款"),
    ] {
        as_the_law_says(received, &law(&book(), day(received)).termination_grounds, words, article);
    }
}

#[test]
fn before_2020_the_grounds_are_those_of_the_offices_of_industry_and_commerce() {
    // Rules of 1996 art. 17, of 2014 art. 16 (published transcriptions): how many, and in how many years time runs out.
    for (received, refusals, article, years) in [
        ("2014-03-13", 6, "第十七条", 1),
        ("2014-03-14", 6, "第十七条", 1),
        ("2014-03-15", 7, "第十六条", 1),
        ("2014-03-16", 7, "第十六条", 1),
        ("2019-12-31", 7, "第十六条", 1),
        ("2020-01-01", 6, "第十五条", 3),
        ("2026-04-15", 7, "第十六条", 3),
    ] {
        let book = book();
        let set = law(&book, day(received));
        assert_eq!(set.refusal_grounds.len(), refusals, "received {received}");
        assert!(set.refusal_grounds.iter().all(|it| it.article.starts_with(article)), "received {received}");
        let bars: Vec<u32> = set.refusal_grounds.iter().filter_map(|it| it.time_bar_years).collect();
        assert_eq!(bars, [years], "received {received}");
    }
}

#[test]
fn factors_of_a_purchase_that_is_not_for_living() {
    // 办法 art. 17 came with 2026-04-15: five factors, under the third item alone.
    for (received, factors) in [("2024-07-01", 0), ("2026-04-14", 0), ("2026-04-15", 5), ("2026-04-16", 5)] {
        let book = book();
        for ground in &law(&book, day(received)).refusal_grounds {
            let wanted = if ground.item == 3 { factors } else { 0 };
            assert_eq!(ground.factors.len(), wanted, "received {received}, item {}", ground.item);
        }
    }
}
