//! What operators were penalised for, and passes of strangers.

use jiff::civil::date;
use store::penalty::{self, PenaltyRow};
use store::{human_pass, operator};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "the penalties of an operator, the latest first, also of one that was merged into it",
        covers: &["penalty::put", "penalty::of_case", "penalty::of_operator"],
        run: penalties,
    },
    Behaviour {
        name: "a question gives one pass, a pass is used up",
        covers: &["human_pass::give", "human_pass::spend", "human_pass::sweep"],
        run: passes,
    },
];

fn row(number: &str, day: i8, sum: i64) -> PenaltyRow {
    PenaltyRow { number: number.to_owned(), decided_on: date(2026, 6, day), kinds: "fine".to_owned(), sum }
}

fn penalties(telling: &mut Telling) {
    let (one, other, main) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let cases = (seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 10)?);
        let main = operator::insert(tx, &super::operators::row("好又来超市", ""), minute(0))?.expect("new");
        let twin = operator::insert(tx, &super::operators::row("好又来", ""), minute(0))?.expect("new");
        operator::merge(tx, twin, 1, Some(main))?;
        for (case, of) in [(cases.0, main), (cases.1, twin)] {
            tx.execute("UPDATE cases SET operator_id = $1 WHERE id = $2", &[of.into(), case.into()])?;
        }
        penalty::put(tx, cases.0, &row("1号", 1, 100), minute(1))?;
        penalty::put(tx, cases.1, &row("2号", 3, 200), minute(2))?;
        // A second time corrects.
        penalty::put(tx, cases.0, &row("1号", 2, 150), minute(3))?;
        Ok((cases.0, cases.1, main))
    });
    assert_eq!(telling.look("one", move |tx| penalty::of_case(tx, one)), Some(row("1号", 2, 150)));
    assert_eq!(telling.look("none", move |tx| penalty::of_case(tx, other + 1)), None);
    let all = telling.look("all", move |tx| penalty::of_operator(tx, main, date(2026, 1, 1)));
    assert_eq!(all.iter().map(|it| it.penalty.number.as_str()).collect::<Vec<_>>(), ["2号", "1号"]);
    assert_eq!(all[0].bureau, "金水区市场监督管理局");
    let late = telling.look("late", move |tx| penalty::of_operator(tx, main, date(2026, 6, 3)));
    assert_eq!(late.len(), 1);
}

fn passes(telling: &mut Telling) {
    assert!(telling.act("give", |tx| human_pass::give(tx, "q", "p", 2, minute(10))));
    assert!(!telling.act("again", |tx| human_pass::give(tx, "q", "other", 2, minute(10))));
    for (time, spent) in [(1, true), (2, true), (3, false)] {
        assert_eq!(telling.act("spend", move |tx| human_pass::spend(tx, "p", minute(time))), spent);
    }
    assert!(!telling.act("unknown", |tx| human_pass::spend(tx, "nobody", minute(1))));
    assert!(telling.act("late", |tx| human_pass::give(tx, "r", "late", 2, minute(10))));
    assert!(!telling.act("ended", |tx| human_pass::spend(tx, "late", minute(10))));
    assert_eq!(telling.act("sweep", |tx| human_pass::sweep(tx, minute(10))), 2);
}
