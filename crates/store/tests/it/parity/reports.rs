//! Receipt codes, and what reporter and officers write to each other.

use store::{errand, report};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a receipt code opens one report",
        covers: &["report::put_code", "report::by_code", "report::has_code"],
        run: codes,
    },
    Behaviour {
        name: "messages stand in the order in which they were written",
        covers: &["report::write", "report::messages"],
        run: messages,
    },
    Behaviour {
        name: "a report that an older version closed is found by the errand that it never had",
        covers: &["errand::never_opened"],
        run: closed_before,
    },
];

fn closed_before(telling: &mut Telling) {
    let (one, other) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let cases = (seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 10)?);
        for id in [cases.0, cases.1] {
            tx.execute(
                "UPDATE cases SET kind = 'report', status = 'told', outcome = 'penalty' WHERE id = $1",
                store::params![id],
            )?;
        }
        errand::open(tx, cases.1, "reward_due", "officer:1", minute(1))?;
        errand::close(tx, cases.1, "reward_due", "officer:1", minute(2))?;
        Ok(cases)
    });
    let never = |kind: &'static str, outcomes: [&'static str; 2], after: i64| {
        move |tx: &mut store::Tx<'_>| errand::never_opened(tx, kind, outcomes, after, 9)
    };
    assert_eq!(telling.look("reward", never("reward_due", ["penalty", "prosecuted"], 0)), [one]);
    assert_eq!(telling.look("penalty", never("record_penalty", ["penalty", "penalty"], 0)), [one, other]);
    assert_eq!(telling.look("after", never("record_penalty", ["penalty", "penalty"], one)), [other]);
    assert!(telling.look("other ends", never("record_penalty", ["unfounded", "no_penalty"], 0)).is_empty());
}

fn codes(telling: &mut Telling) {
    let (one, other) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let cases = (seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 10)?);
        report::put_code(tx, cases.0, "aa", minute(1))?;
        Ok(cases)
    });
    assert_eq!(telling.look("found", |tx| report::by_code(tx, "aa")), Some(one));
    assert_eq!(telling.look("unknown", |tx| report::by_code(tx, "bb")), None);
    assert!(telling.look("has one", move |tx| report::has_code(tx, one)));
    assert!(!telling.look("has none", move |tx| report::has_code(tx, other)));
    telling.refused("the same code", move |tx| report::put_code(tx, other, "aa", minute(2)));
}

fn messages(telling: &mut Telling) {
    let id = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        report::write(tx, id, "officer", "放在哪里？", minute(1))?;
        report::write(tx, id, "reporter", "冷柜\n最里面", minute(1))?;
        Ok(id)
    });
    let found = telling.look("read", move |tx| report::messages(tx, id));
    let told: Vec<_> = found.iter().map(|row| (row.sender.as_str(), row.body.as_str(), row.sent_at)).collect();
    assert_eq!(told, [("officer", "放在哪里？", minute(1)), ("reporter", "冷柜\n最里面", minute(1))]);
    assert!(telling.look("another case", move |tx| report::messages(tx, id + 1)).is_empty());
}
