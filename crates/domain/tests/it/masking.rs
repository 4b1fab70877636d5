//! What a copy covers: each kind from the shape that people write, what looks alike and is none, and what stays legible.

use domain::masking::{Known, counts, cover, propose, rules};

fn known() -> Known {
    Known { names: vec!["陈晓梅".to_owned(), "李四".to_owned()], ..Known::default() }
}

fn covered(text: &str) -> String {
    cover(text, &propose(text, &known()), false)
}

#[test]
fn each_kind_is_found_as_people_write_it_and_masked_as_is_usual() {
    for (text, expected) in [
        ("陈晓梅说李四没来", "陈**说李**没来"),
        ("电话13812345678。", "电话138****5678。"),
        ("打 138 1234 5678 找我", "打 138******5678 找我"),
        ("８６13812345678", "８６1******5678"),
        ("座机0371-65571234", "座机0371*********"),
        // The check digit of GB 11643's own example.
        ("身份证11010519491231002X", "身份证110105********002X"),
        ("身份证11010519491231002x", "身份证110105********002x"),
        // ISO 7812's example number.
        ("卡号4539 1488 0343 6467", "卡号4539***********6467"),
        ("邮箱chen.xm@example.cn", "邮箱c***@example.cn"),
        ("住郑州市金水区文化路4号3号楼2单元501室", "住郑州市金水区***"),
        ("在花园小区12栋3单元", "***"),
    ] {
        assert_eq!(covered(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_alike_stays() {
    for text in [
        "2026年6月1日买了299元的电饭煲",
        "编号410105-2026-000391",
        "身份证110105194912310021",
        "卡号4539 1488 0343 6468",
        "打12315举报",
        "@好又来超市",
        "一路走好",
        "李五来了",
    ] {
        assert_eq!(covered(text), text);
    }
}

#[test]
fn order_numbers_are_covered_when_asked_and_added_words_always() {
    let text = "订单号：TB20260601778899，卖家叫王老五";
    assert_eq!(covered(text), text);
    let asked = Known { asked: vec!["order".to_owned()], words: vec!["王老五".to_owned()], ..Known::default() };
    let spans = propose(text, &asked);
    assert_eq!(cover(text, &spans, false), "订单号：************8899，卖家叫***");
    assert_eq!(cover(text, &spans, true), "订单号：****************，卖家叫***");
    assert_eq!(counts(&spans).into_iter().collect::<Vec<_>>(), [("order".to_owned(), 1), ("word".to_owned(), 1)]);
}

#[test]
fn what_somebody_leaves_out_stays_legible_and_nothing_else_moves() {
    let text = "陈晓梅13812345678，店里13912345678";
    let mut spans = propose(text, &known());
    spans.retain(|span| span.key() != "17-28");
    assert_eq!(cover(text, &spans, false), "陈**138****5678，店里13912345678");
}

#[test]
fn two_numbers_beside_each_other_are_two() {
    let text = "13812345678 13912345678";
    assert_eq!(propose(text, &known()).len(), 2);
    assert_eq!(covered(text), "138****5678 139****5678");
}

#[test]
fn a_kind_leaves_less_legible_than_it_hides_and_says_that_it_is_practice() {
    assert_eq!(rules().status, "practice");
    assert!(!rules().source.is_empty());
    for kind in &rules().kinds {
        assert!(!kind.label.is_empty() && rules().kind(&kind.key) == Some(kind), "{}", kind.key);
    }
    // Two characters where three would stay: covered whole.
    let known = Known { names: vec!["王".to_owned()], ..Known::default() };
    assert_eq!(cover("王来了", &propose("王来了", &known), false), "**来了");
}
