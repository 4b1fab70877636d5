//! Copies that leave, and what became of the originals.

use store::attachment::{self, AttachmentRow};
use store::custody::{self, CustodyRow};
use store::derived_copy::{self, CopyRow};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a copy belongs to its case, and its bytes are named",
        covers: &["derived_copy::insert", "derived_copy::of_case", "derived_copy::find"],
        run: copies,
    },
    Behaviour {
        name: "what became of an original is told in order",
        covers: &["custody::insert", "custody::of_case"],
        run: kept,
    },
];

fn copies(telling: &mut Telling) {
    let (id, other, officer) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        Ok((seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 10)?, tree.officer))
    });
    let row = CopyRow {
        id: 0,
        source: "file-12".to_owned(),
        source_title: "小票.jpg".to_owned(),
        source_sha256: "ab".repeat(32),
        name: "小票（遮挡副本）.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 1024,
        sha256: "cd".repeat(32),
        purpose: "respondent".to_owned(),
        recipient: "好又来超市".to_owned(),
        covered: "{\"area\":2}".to_owned(),
        made_by: Some(officer),
        made_by_name: None,
        made_at: minute(3),
    };
    let new = row.clone();
    let copy = telling.act("insert", move |tx| derived_copy::insert(tx, id, &new));
    let found = telling.look("find", move |tx| derived_copy::find(tx, id, copy)).expect("it was written");
    assert!(found.made_by_name.is_some());
    assert_eq!(CopyRow { id: 0, made_by_name: None, ..found.clone() }, row);
    assert_eq!(telling.look("of case", move |tx| derived_copy::of_case(tx, id)), [found]);
    assert_eq!(telling.look("another's", move |tx| derived_copy::find(tx, other, copy)), None);
    assert!(telling.look("none", move |tx| derived_copy::of_case(tx, other)).is_empty());
    let hash = row.sha256;
    assert!(telling.look("named", move |tx| attachment::names(tx, &hash)), "its bytes are not thrown away");
}

fn kept(telling: &mut Telling) {
    let (id, file, officer) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        let file = AttachmentRow {
            id: 0,
            case_id: Some(id),
            draft_hash: None,
            name: "小票.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size: 10,
            sha256: "ab".repeat(32),
            added_by: "complainant".to_owned(),
            added_at: minute(1),
        };
        Ok((id, attachment::insert(tx, &file)?, tree.officer))
    });
    let row = |what: &str, by: Option<i64>, at: i64| CustodyRow {
        attachment_id: file,
        at: minute(at),
        what: what.to_owned(),
        account_id: by,
        account_name: None,
        words: "调解".to_owned(),
    };
    let (viewed, checked) = (row("viewed", Some(officer), 5), row("verified", None, 5));
    telling.act("insert", move |tx| {
        custody::insert(tx, &viewed)?;
        custody::insert(tx, &checked)
    });
    let told = telling.look("of case", move |tx| custody::of_case(tx, id));
    assert_eq!(told.iter().map(|row| row.what.as_str()).collect::<Vec<_>>(), ["viewed", "verified"]);
    assert!(told[0].account_name.is_some() && told[1].account_name.is_none());
    assert!(telling.look("none", |tx| custody::of_case(tx, 999)).is_empty());
}
