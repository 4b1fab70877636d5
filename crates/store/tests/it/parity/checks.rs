//! Spot checks, circulars, the directory of bodies, and what organisations answer for.

use domain::organization::OrganizationKind;
use jiff::civil::date;
use store::body::BodyRow;
use store::circular::Content;
use store::counts::Each;
use store::search::{Fact, Scope, Selection};
use store::spot_check::{NewCheck, Written};
use store::{body, circular, counts, organization, params, spot_check};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a draw is kept with its cases, and each is finished once",
        covers: &[
            "spot_check::population",
            "spot_check::insert",
            "spot_check::find",
            "spot_check::by_key",
            "spot_check::of_bureau",
            "spot_check::void",
            "spot_check::insert_case",
            "spot_check::cases",
            "spot_check::case",
            "spot_check::found",
            "spot_check::save",
            "spot_check::finish",
            "spot_check::note_reply",
            "spot_check::note_close",
        ],
        run: checked,
    },
    Behaviour {
        name: "what is to be answered for is counted once a case, and listed behind its number",
        covers: &["counts::facts"],
        run: answered_for,
    },
    Behaviour {
        name: "a circular goes from draft to published and is confirmed once",
        covers: &[
            "circular::insert",
            "circular::by_key",
            "circular::save",
            "circular::discard",
            "circular::advance",
            "circular::note_published",
            "circular::note_withdrawn",
            "circular::find",
            "circular::of_bureau",
            "circular::sent_to",
            "circular::address",
            "circular::addressees",
            "circular::confirm",
            "circular::read",
            "circular::readers",
        ],
        run: told,
    },
    Behaviour {
        name: "a body is changed from the version that was seen",
        covers: &["body::insert", "body::update", "body::find", "body::of_bureaus"],
        run: listed,
    },
];

fn new_check(bureau_id: i64, drawn_by: i64) -> NewCheck {
    NewCheck {
        key: "k1".to_owned(),
        bureau_id,
        drawn_by,
        name: "六月抽查".to_owned(),
        scope: "{}".to_owned(),
        population: "[]".to_owned(),
        population_size: 3,
        size: 2,
        by_organization: false,
        seed: 42,
    }
}

fn checked(telling: &mut Telling) {
    let (tree, ids) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let ids: Vec<i64> = (1..=4).map(|serial| seed::case(tx, tree, serial, 10)).collect::<Result<_, _>>()?;
        tx.execute("UPDATE cases SET kind = 'staff_complaint' WHERE id = $1", params![ids[3]])?;
        tx.execute("UPDATE cases SET partner_id = $1 WHERE id = $2", params![tree.officer, ids[1]])?;
        Ok((tree, ids))
    });
    let path = telling.look("path", move |tx| organization::find(tx, tree.bureau)).expect("the bureau").path;
    let everything = vec![Scope::Reach(path)];
    let scopes = everything.clone();
    let drawable = telling
        .look("population", move |tx| spot_check::population(tx, &scopes, &Selection::default(), tree.officer, 10));
    let numbers: Vec<i64> = drawable.iter().map(|it| it.case_id).collect();
    assert_eq!(numbers, [ids[0], ids[2]], "not her own case, never a secret one");
    let (new, again) = (new_check(tree.bureau, tree.officer), new_check(tree.bureau, tree.partner));
    let id = telling.act("insert", move |tx| spot_check::insert(tx, &new, minute(1)));
    assert_eq!(telling.refused("the same key", move |tx| spot_check::insert(tx, &again, minute(2))), "store.conflict");
    let (first, second) = (ids[0], ids[2]);
    telling.act("cases", move |tx| {
        spot_check::insert_case(tx, id, 2, first, tree.office)?;
        spot_check::insert_case(tx, id, 1, second, tree.bureau)
    });
    let rows = telling.look("rows", move |tx| spot_check::cases(tx, id));
    assert_eq!(rows.iter().map(|row| row.case_id).collect::<Vec<_>>(), [second, first], "in the order of the draw");
    let row = rows[0].id;
    let written =
        Written { findings: r#"[{"point":"x"}]"#.to_owned(), words: "没有告知".to_owned(), rectify: true };
    let (draft, stale) = (written.clone(), written.clone());
    assert!(telling.act("save", move |tx| spot_check::save(tx, row, 1, &draft, tree.officer)));
    assert!(!telling.act("save again", move |tx| spot_check::save(tx, row, 1, &stale, tree.officer)));
    let by = Some(date(2026, 6, 10));
    assert!(telling.act("finish", move |tx| spot_check::finish(tx, row, 2, by, minute(5))));
    assert!(!telling.act("finish again", move |tx| spot_check::finish(tx, row, 0, None, minute(6))));
    assert!(!telling.act("too late", move |tx| spot_check::void(tx, id, "范围选错", minute(7))));
    let found = telling.look("found", move |tx| spot_check::found(tx, &everything, 10));
    assert_eq!(found.iter().map(|row| (row.case_id, row.failed)).collect::<Vec<_>>(), [(second, 2)]);
    telling.act("reply", move |tx| spot_check::note_reply(tx, id, second, minute(8)));
    telling.act("again", move |tx| spot_check::note_close(tx, id, second, Some(date(2026, 6, 20)), minute(9)));
    let seen = telling.look("case", move |tx| spot_check::case(tx, row)).expect("the row");
    assert_eq!((seen.rectify_by, seen.replied_at, seen.closed_at), (Some(date(2026, 6, 20)), None, None));
    telling.act("enough", move |tx| spot_check::note_close(tx, id, second, None, minute(11)));
    let seen = telling.look("closed", move |tx| spot_check::case(tx, row)).expect("the row");
    assert_eq!((seen.closed_at, seen.written), (Some(minute(11)), written));
    let check = telling.look("find", move |tx| spot_check::find(tx, id)).expect("the draw");
    assert_eq!((check.cases, check.finished, check.failed), (2, 1, 1));
    assert_eq!(telling.look("key", |tx| spot_check::by_key(tx, "k1")), Some(check.clone()));
    assert_eq!(telling.look("list", move |tx| spot_check::of_bureau(tx, tree.bureau, 10)), [check]);
    let other = NewCheck { key: "k2".to_owned(), ..new_check(tree.bureau, tree.officer) };
    let voided = telling.act("void", move |tx| {
        let id = spot_check::insert(tx, &other, minute(12))?;
        Ok((spot_check::void(tx, id, "范围选错", minute(13))?, spot_check::void(tx, id, "又一次", minute(14))?))
    });
    assert_eq!(voided, (true, false));
}

fn answered_for(telling: &mut Telling) {
    let (tree, ids) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let ids: Vec<i64> = (1..=3).map(|serial| seed::case(tx, tree, serial, 10)).collect::<Result<_, _>>()?;
        tx.execute("UPDATE cases SET returns = 2, lead_id = $1 WHERE id = $2", params![tree.officer, ids[0]])?;
        tx.execute("UPDATE cases SET unit_id = $1 WHERE id <> $2", params![tree.office, ids[2]])?;
        store::deadline::insert(tx, &seed::deadline(ids[0], "acceptance", 20))?;
        store::deadline::insert(tx, &seed::deadline(ids[0], "mediation", 20))?;
        store::deadline::insert(tx, &seed::deadline(ids[1], "acceptance", 90))?;
        let check = spot_check::insert(tx, &new_check(tree.bureau, tree.officer), minute(1))?;
        spot_check::insert_case(tx, check, 1, ids[1], tree.office)?;
        spot_check::insert_case(tx, check, 2, ids[2], tree.office)?;
        for (row, failed) in spot_check::cases(tx, check)?.iter().zip([1, 0]) {
            spot_check::finish(tx, row.id, failed, None, minute(2))?;
        }
        Ok((tree, ids))
    });
    let path = telling.look("path", move |tx| organization::find(tx, tree.bureau)).expect("the bureau").path;
    let of = |telling: &mut Telling, each: Each| {
        let scopes = [Scope::Reach(path.clone())];
        let counts =
            telling.look("facts", move |tx| counts::facts(tx, &scopes, &Selection::default(), each, minute(30)));
        counts.into_iter().map(|count| (count.whose, count.cases, count.of)).collect::<Vec<_>>()
    };
    // Supervised, returned, late, not in order: by hand.
    assert_eq!(of(telling, Each::Bureau), [(tree.bureau, 3, [0, 1, 1, 1])]);
    assert_eq!(of(telling, Each::Unit), [(0, 1, [0, 0, 0, 0]), (tree.office, 2, [0, 1, 1, 1])]);
    assert_eq!(of(telling, Each::Lead), [(0, 2, [0, 0, 0, 1]), (tree.officer, 1, [0, 1, 1, 0])]);
    for (fact, expected) in Fact::ALL.into_iter().zip([vec![], vec![ids[0]], vec![ids[0]], vec![ids[1]]]) {
        let (scopes, fact) = ([Scope::Reach(path.clone())], Some((fact, minute(30))));
        let rows = telling.look("behind", move |tx| {
            store::search::list(tx, &scopes, &Selection { fact, ..Selection::default() }, None, 10)
        });
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{fact:?}");
    }
}

fn content(title: &str) -> Content {
    Content { title: title.to_owned(), body: "情况如下。".to_owned(), ..Content::default() }
}

fn told(telling: &mut Telling) {
    let (tree, id) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = circular::insert(tx, "k1", tree.bureau, tree.officer, &content("通报"), minute(1))?;
        circular::address(tx, id, &[tree.office, tree.centre])?;
        Ok((tree, id))
    });
    assert_eq!(telling.look("key", |tx| circular::by_key(tx, "k1")), Some(id));
    assert!(telling.act("save", move |tx| circular::save(tx, id, 1, &content("六月通报"))));
    assert!(!telling.act("stale", move |tx| circular::save(tx, id, 1, &content("别的"))));
    telling.act("address", move |tx| circular::address(tx, id, &[tree.office]));
    let steps = [("draft", "pending"), ("draft", "pending"), ("pending", "published")];
    let mut seen = 2;
    let mut went = Vec::new();
    for step in steps {
        let done = telling.act("advance", move |tx| circular::advance(tx, id, seen, step, ""));
        seen += i64::from(done);
        went.push(done);
    }
    assert_eq!(went, [true, false, true]);
    let day = date(2026, 6, 4);
    telling.act("number", move |tx| {
        circular::note_published(tx, id, "（金水）市监通〔2026〕1号", tree.partner, day, minute(3))
    });
    assert!(!telling.act("no draft", move |tx| circular::discard(tx, id, seen)));
    let to = |telling: &mut Telling, whom: i64, open: bool| {
        telling.look("sent", move |tx| circular::sent_to(tx, &[whom], open, 10)).len()
    };
    assert_eq!((to(telling, tree.office, true), to(telling, tree.centre, false)), (1, 0));
    let reads = telling.act("read", move |tx| {
        Ok((
            circular::read(tx, id, tree.officer, tree.office, minute(4))?,
            circular::read(tx, id, tree.officer, tree.office, minute(5))?,
        ))
    });
    assert_eq!(reads, (true, false), "the first time counts");
    let confirms = telling.act("confirm", move |tx| {
        Ok((
            circular::confirm(tx, id, tree.office, tree.officer, "已整改", minute(6))?,
            circular::confirm(tx, id, tree.office, tree.partner, "又一次", minute(7))?,
            circular::confirm(tx, id, tree.centre, tree.partner, "不是发给它的", minute(8))?,
        ))
    });
    assert_eq!(confirms, (true, false, false));
    assert_eq!((to(telling, tree.office, true), to(telling, tree.office, false)), (0, 1));
    let addressees = telling.look("addressees", move |tx| circular::addressees(tx, id));
    assert_eq!((addressees.len(), addressees[0].reply.as_str()), (1, "已整改"));
    let readers = telling.look("readers", move |tx| circular::readers(tx, id));
    assert_eq!((readers.len(), readers[0].read_at), (1, minute(4)));
    telling.act("withdraw", move |tx| {
        circular::advance(tx, id, seen, ("published", "withdrawn"), "数字有误")?;
        circular::note_withdrawn(tx, id, minute(9))
    });
    let row = telling.look("find", move |tx| circular::find(tx, id)).expect("the circular");
    assert_eq!((row.status.as_str(), row.opinion.as_str(), row.confirmed), ("withdrawn", "数字有误", 1));
    assert_eq!((row.confirm_by, row.withdrawn_at), (Some(day), Some(minute(9))));
    let thrown = telling.act("discard", move |tx| {
        let id = circular::insert(tx, "k2", tree.bureau, tree.officer, &content("草稿"), minute(10))?;
        circular::address(tx, id, &[tree.office])?;
        Ok((circular::discard(tx, id, 2)?, circular::discard(tx, id, 1)?))
    });
    assert_eq!(thrown, (false, true));
    assert_eq!(telling.look("of bureau", move |tx| circular::of_bureau(tx, tree.bureau, 10)), [row]);
}

fn listed(telling: &mut Telling) {
    let (bureau, other) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let other = seed::organization(OrganizationKind::Bureau, "410100", "郑州市局");
        Ok((tree.bureau, organization::insert(tx, None, other)?.id))
    });
    let new = BodyRow {
        bureau_id: bureau,
        kind: "mediation".to_owned(),
        name: "金水区消费者协会".to_owned(),
        phone: "0371-65012315".to_owned(),
        active: true,
        ..BodyRow::default()
    };
    let (first, again, elsewhere) = (new.clone(), new.clone(), BodyRow { bureau_id: other, ..new });
    let id = telling.act("insert", move |tx| body::insert(tx, &first));
    telling.act("elsewhere", move |tx| body::insert(tx, &elsewhere));
    assert_eq!(telling.refused("twice", move |tx| body::insert(tx, &again)), "store.conflict");
    let row = telling.look("find", move |tx| body::find(tx, id)).expect("the entry");
    let changed = BodyRow { phone: "12315".to_owned(), active: false, ..row };
    let stale = changed.clone();
    assert!(telling.act("update", move |tx| body::update(tx, &changed)));
    assert!(!telling.act("stale", move |tx| body::update(tx, &stale)));
    let rows = telling.look("of bureaus", move |tx| body::of_bureaus(tx, &[bureau, other]));
    assert_eq!(rows.iter().map(|row| (row.active, row.version)).collect::<Vec<_>>(), [(false, 2), (true, 1)]);
    assert!(telling.look("of none", |tx| body::of_bureaus(tx, &[])).is_empty());
}
