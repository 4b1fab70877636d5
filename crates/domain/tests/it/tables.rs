//! Code tables, phrases and divisions.

use std::collections::BTreeMap;

use domain::codes::Codes;
use domain::divisions::{self, Division};
use domain::phrases;
use domain::region_code::{Level, RegionCode};
use domain::rule_book::RuleBook;

#[test]
fn the_code_tables_are_there_and_each_entry_can_be_named() {
    let codes = Codes::builtin();
    for table in ["goods_categories", "problem_categories", "demands", "channels", "id_kinds"] {
        let table = codes.table(table).expect(table);
        assert!(table.confirmed || table.note.is_some(), "{} says what is doubtful", table.key);
        for code in table.choices() {
            assert_eq!(codes.label(&table.key, &code.key), Some(code.label.as_str()));
            for name in code.aliases.iter().chain([&code.label]) {
                assert_eq!(table.by_name(name), Some(code), "{name} of {} means one entry only", table.key);
            }
        }
    }
    assert_eq!(codes.label("goods_categories", "food"), Some("食品"));
    assert_eq!(codes.label("goods_categories", "goods"), None, "a heading cannot be chosen");
    assert_eq!(codes.label("goods_categories", ""), None);
    assert_eq!(codes.label("nothing", "food"), None);
    let problems = codes.table("problem_categories").expect("the table");
    assert_eq!(problems.under("complaint_problem").count(), 17, "the platform has seventeen classes");
    assert_eq!(
        codes.table("demands").and_then(|table| table.by_name("退款")).map(|code| code.key.as_str()),
        Some("refund")
    );
}

#[test]
fn sixteen_refusal_phrases_and_the_grounds_they_fit() {
    let phrases = phrases::refusal();
    assert_eq!(phrases.iter().map(|phrase| phrase.number).collect::<Vec<_>>(), (1..=16).collect::<Vec<_>>());
    let book = RuleBook::builtin().expect("rules");
    let known = |key: &str| book.all().iter().any(|set| set.refusal_grounds.iter().any(|ground| ground.key == key));
    for phrase in phrases {
        assert!(!phrase.cited.is_empty());
        assert!(phrase.ground.as_deref().is_none_or(known), "{}", phrase.key);
    }
}

#[test]
fn divisions_form_one_tree_with_the_above_before_the_below() {
    let all = divisions::all();
    let mut seen: BTreeMap<&str, &Division> = BTreeMap::new();
    for division in &all {
        if division.level == Level::Nation {
            assert_eq!((division.code.as_str(), division.parent.as_str()), ("000000", ""));
        } else {
            let parent = seen.get(division.parent.as_str()).unwrap_or_else(|| panic!("{division:?}"));
            assert!(parent.level < division.level, "{division:?}");
        }
        assert!(!division.name.trim().is_empty());
        assert!(seen.insert(&division.code, division).is_none(), "{division:?} twice");
        assert!(!["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"].contains(&division.name.as_str()));
    }
    let count = |level| all.iter().filter(|division| division.level == level).count();
    assert_eq!(count(Level::Province), 31);
    assert!((330..=345).contains(&count(Level::City)), "{}", count(Level::City));
    assert!((2_800..=3_100).contains(&count(Level::County)), "{}", count(Level::County));
    assert_eq!(count(Level::Township), 41_351);
    for (code, parent) in [
        ("110101", "110000"),    // a district of Beijing
        ("500229", "500000"),    // a county of Chongqing
        ("419001", "410000"),    // 济源市, directly under the province
        ("659001", "650000"),    // 石河子市
        ("410105", "410100"),    // an ordinary district
        ("441900003", "441900"), // a sub-district of 东莞市
        ("442000001", "442000"), // 中山市
        ("620201001", "620200"), // 嘉峪关市
    ] {
        assert_eq!(seen.get(code).map(|division| division.parent.as_str()), Some(parent), "{code}");
    }
}

#[test]
fn what_lies_within_a_region() {
    let within = |code: &str| divisions::within(&RegionCode::parse(code).expect("a code"));
    let henan = within("41");
    assert_eq!((henan[0].name.as_str(), henan[0].level), ("河南省", Level::Province));
    assert!(henan.iter().any(|division| division.code == "419001"));
    assert!(henan.iter().all(|division| division.code.starts_with("41")));
    let district = within("410105");
    assert_eq!(district[0].code, "410105");
    assert!(district.len() > 5 && district[1..].iter().all(|division| division.level == Level::Township));
    assert_eq!(within("441900").iter().filter(|division| division.level == Level::County).count(), 0);
    assert_eq!(within("000000").len(), divisions::all().len());
    assert_eq!(within("410105001").len(), 1);
    assert!(within("999999").is_empty());
    assert!(within("110100").is_empty(), "a grouping row of the official table is no division");
}
