//! After the end and before it is performed: reopening, items and meetings that the sweep notes, return visits.

use domain::act::AgreementItem;
use domain::case::Outcome;
use jiff::civil::date;
use store::case::Milestone;
use store::visit::{Heard, NewVisit};
use store::{account, agreement, case, meeting, params, visit, volume};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour { name: "a case taken up again has not ended", covers: &["case::reopen"], run: reopened },
    Behaviour {
        name: "what was not performed is found once",
        covers: &["agreement::newly_unperformed", "agreement::note_unperformed"],
        run: unperformed,
    },
    Behaviour {
        name: "tomorrow's meeting is reminded of once",
        covers: &["meeting::to_be_reminded", "meeting::note_reminded"],
        run: reminded,
    },
    Behaviour {
        name: "a telephone is asked once, and a call is kept once",
        covers: &["visit::candidates", "visit::insert", "visit::open", "visit::done", "visit::find", "visit::call"],
        run: visited,
    },
];

fn reopened(telling: &mut Telling) {
    let id = telling.act("start", |tx| {
        let tree = tree(tx)?;
        seed::case(tx, tree, 1, 10)
    });
    telling.act("reopen", move |tx| {
        case::reach(tx, id, Milestone::Concluded, minute(1))?;
        case::reach(tx, id, Milestone::Told, minute(2))?;
        case::reach(tx, id, Milestone::Archived, minute(3))?;
        case::reopen(tx, id)
    });
    let row = telling.look("again", move |tx| case::by_id(tx, id)).expect("the case");
    assert_eq!((row.concluded_at, row.told_at, row.archived_at), (None, None, None));
    let file = |contents: &str| volume::VolumeRow {
        file_number: "410105-2026-00001".to_owned(),
        retention: "长期".to_owned(),
        contents: contents.to_owned(),
        closed_by: None,
        closed_at: minute(4),
    };
    telling.act("closed twice", move |tx| {
        volume::insert(tx, id, &file("[]"))?;
        volume::insert(tx, id, &file("[1]"))
    });
    assert_eq!(telling.look("file", move |tx| volume::of_case(tx, id)).map(|it| it.contents), Some("[1]".to_owned()));
}

fn unperformed(telling: &mut Telling) {
    let item = |text: &str, due| AgreementItem { text: text.to_owned(), amount: 100, due };
    let id = telling.act("start", move |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        let due = |day| Some(date(2026, 7, day));
        agreement::replace(
            tx,
            id,
            &[item("退货", due(1)), item("退款", due(2)), item("道歉", None), item("赔偿", due(1))],
        )?;
        agreement::perform(tx, id, 4, true, minute(1))?;
        Ok(id)
    });
    let open = telling.look("not signed", |tx| agreement::newly_unperformed(tx, date(2026, 7, 3), 10));
    assert!(open.is_empty(), "what is not signed is not due");
    telling.act("signed", move |tx| {
        tx.execute("UPDATE cases SET outcome = 'settled', status = 'told' WHERE id = $1", params![id]).map(drop)
    });
    let late = |telling: &mut Telling, day| {
        let found = telling.look("late", move |tx| agreement::newly_unperformed(tx, date(2026, 7, day), 10));
        found.into_iter().map(|it| it.item).collect::<Vec<_>>()
    };
    assert_eq!(late(telling, 1), [0_u32; 0], "its last day is not over");
    assert_eq!(late(telling, 2), [1]);
    assert_eq!(late(telling, 3), [1, 2]);
    assert!(telling.act("noted", move |tx| agreement::note_unperformed(tx, id, 1, minute(5))));
    assert!(!telling.act("noted again", move |tx| agreement::note_unperformed(tx, id, 1, minute(6))));
    assert_eq!(late(telling, 3), [2]);
}

fn reminded(telling: &mut Telling) {
    let id = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        tx.execute("UPDATE cases SET status = 'mediating' WHERE id = $1", params![id])?;
        // The first appointment was put off: only the last one counts.
        meeting::insert(tx, id, 1, minute(100), "调解室", "onsite")?;
        meeting::insert(tx, id, 2, minute(150), "https://meet.example.cn/1", "video")?;
        Ok(id)
    });
    let found = |telling: &mut Telling, from, until| {
        telling.look("found", move |tx| meeting::to_be_reminded(tx, minute(from), minute(until), 10))
    };
    assert!(found(telling, 100, 150).is_empty());
    let rows = found(telling, 150, 200);
    assert_eq!(rows.iter().map(|row| row.case_id).collect::<Vec<_>>(), [id]);
    let meeting_id = rows[0].id;
    assert!(telling.act("noted", move |tx| meeting::note_reminded(tx, meeting_id, minute(90))));
    assert!(!telling.act("noted again", move |tx| meeting::note_reminded(tx, meeting_id, minute(91))));
    assert!(found(telling, 150, 200).is_empty());
}

fn visited(telling: &mut Telling) {
    let (bureau, visitor, ids) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let visitor = account::insert(tx, &seed::account("visitor", "回访员", tree.bureau), minute(0))?;
        let mut ids = Vec::new();
        for serial in 1..=3 {
            let id = seed::case(tx, tree, serial, 10)?;
            let party = store::party::Party {
                role: "complainant".to_owned(),
                name: "陈晓梅".to_owned(),
                phone: if serial == 3 { "13800000002" } else { "13800000001" }.to_owned(),
                ..store::party::Party::default()
            };
            store::party::insert(tx, id, &party)?;
            tx.execute(
                "UPDATE cases SET status = 'told', told_at = $1, outcome = 'terminated', outcome_ground = 3, solved = 0, \
                 mark = 2, kind = 'complaint' WHERE id = $2",
                params![minute(serial), id],
            )?;
            ids.push(id);
        }
        Ok((tree.bureau, visitor, ids))
    });
    let candidates = |telling: &mut Telling, told: i64, asked: i64| {
        telling.look("candidates", move |tx| visit::candidates(tx, bureau, minute(told), minute(asked), 10))
    };
    let all = candidates(telling, 1, 0);
    assert_eq!(all.iter().map(|it| it.case_id).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]], "the last told first");
    assert_eq!((all[0].known.outcome, all[0].known.rating), (Some(Outcome::Terminated(3)), Some((false, 2))));
    assert_eq!(candidates(telling, 3, 0).len(), 1);
    let case_id = ids[0];
    let id = telling.act("insert", move |tx| {
        let reasons = "评价没有解决".to_owned();
        let new = NewVisit { case_id, bureau_id: bureau, visitor_id: visitor, weight: 9, reasons, seed: 42 };
        visit::insert(tx, &new, minute(50))
    });
    assert_eq!(candidates(telling, 1, 40).len(), 1, "the same telephone is left alone");
    assert_eq!(candidates(telling, 1, 51).len(), 3, "for its time");
    let nobody = Heard { words: "没人接".to_owned(), ..Heard::default() };
    let again = nobody.clone();
    assert!(telling.act("nobody", move |tx| visit::call(tx, id, 0, &nobody, minute(60))));
    assert!(!telling.act("twice", move |tx| visit::call(tx, id, 0, &again, minute(61))));
    assert_eq!(telling.look("open", move |tx| visit::open(tx, bureau, 10)).len(), 1);
    let heard =
        Heard { result: Some("reached".to_owned()), solved: Some(false), mark: Some(1), words: "没退钱".to_owned() };
    let told = heard.clone();
    assert!(telling.act("reached", move |tx| visit::call(tx, id, 1, &told, minute(70))));
    assert!(telling.look("none open", move |tx| visit::open(tx, bureau, 10)).is_empty());
    let done = telling.look("done", move |tx| visit::done(tx, bureau, 10));
    assert_eq!((done.len(), &done[0].heard, done[0].tries), (1, &heard, 2));
    assert!(done[0].at_its_end);
    assert_eq!(telling.look("find", move |tx| visit::find(tx, id)), Some(done[0].clone()));
}
