//! A bureau's own phrases; how the consumer bought.

use store::answer_phrase::{self, PhraseRow};
use store::party;

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "of two who change a phrase one wins",
        covers: &["answer_phrase::insert", "answer_phrase::update", "answer_phrase::find", "answer_phrase::of_bureau"],
        run: phrases,
    },
    Behaviour { name: "how she bought is kept with the shop", covers: &[], run: bought },
];

fn phrases(telling: &mut Telling) {
    let bureau = telling.act("tree", |tx| Ok(tree(tx)?.bureau));
    let new = |title: &str| PhraseRow {
        bureau_id: bureau,
        act: "answer".to_owned(),
        title: title.to_owned(),
        text: "请带上小票。".to_owned(),
        words: "小票 凭证".to_owned(),
        active: true,
        changed_at: minute(1),
        ..PhraseRow::default()
    };
    let (parking, tickets) = (new("停车收费"), new("购货凭证"));
    let id = telling.act("insert", move |tx| {
        answer_phrase::insert(tx, &parking)?;
        answer_phrase::insert(tx, &tickets)
    });
    let row = telling.look("find", move |tx| answer_phrase::find(tx, id)).expect("it was written");
    assert_eq!((row.version, row.active), (1, true));
    let changed = PhraseRow { active: false, changed_at: minute(2), ..row.clone() };
    let late = PhraseRow { title: "晚了一步".to_owned(), ..row };
    assert!(telling.act("first", move |tx| answer_phrase::update(tx, &changed)));
    assert!(!telling.act("second", move |tx| answer_phrase::update(tx, &late)), "the version has moved on");
    let all = telling.look("all", move |tx| answer_phrase::of_bureau(tx, bureau));
    let told: Vec<_> = all.iter().map(|row| (row.title.as_str(), row.active, row.version)).collect();
    assert_eq!(told, [("停车收费", true, 1), ("购货凭证", false, 2)], "by title, those put away too");
    assert!(telling.look("another bureau", |tx| answer_phrase::of_bureau(tx, 999)).is_empty());
}

fn bought(telling: &mut Telling) {
    let kept = telling.act("party", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        let shop = party::Party {
            role: "respondent".to_owned(),
            sales_channel: "own_site".to_owned(),
            ..party::Party::default()
        };
        party::insert(tx, id, &shop)?;
        party::of_case(tx, id)
    });
    assert!(kept.iter().any(|party| party.sales_channel == "own_site"));
}
