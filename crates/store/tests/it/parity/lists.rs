//! The queue, the lists and the counts: order, ties, pages, what narrows them.

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::status::Status;
use jiff::civil::date;
use store::case::NOTHING_DUE;
use store::counts::By;
use store::party::Party;
use store::queue::{After, Filter, QueueRow, View};
use store::search::{Place, Scope, Selection, Timeliness, Words};
use store::{StoreError, Tx, case, counts, deadline, params, party, queue, search};

use super::seed::{self, Tree, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of lists.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour { name: "what falls due first is on top, ties by row", covers: &["queue::page"], run: pages },
    Behaviour { name: "a queue is counted as it is listed", covers: &["queue::count"], run: queue_counts },
    Behaviour { name: "a list is newest first and cut by its selection", covers: &["search::list"], run: list },
    Behaviour {
        name: "a count is the length of its list",
        covers: &["counts::count", "counts::by", "counts::by_each", "counts::results", "counts::limits"],
        run: count,
    },
    Behaviour {
        name: "a case is timely when all that can be judged was in time",
        covers: &["counts::timely"],
        run: timely,
    },
];

/// Ten cases with ties in what falls due first: 1 to 3 at the officer, 4 to 6 accepted, 7 to 10 registered.
fn ten(tx: &mut Tx<'_>) -> Result<Tree, StoreError> {
    let tree = tree(tx)?;
    for (serial, due) in [(1, 30), (2, 10), (3, 10), (4, 10), (5, 20), (6, 10), (7, 10), (8, 40), (9, 10), (10, 10)] {
        let id = seed::case(tx, tree, serial, due)?;
        let mut acts = Vec::new();
        if serial <= 6 {
            acts.push(Act::Accept { note: String::new() });
        }
        if serial <= 3 {
            acts.push(Act::Dispatch { unit: tree.office, reason: String::new() });
            acts.push(Act::Assign { lead: tree.officer, partner: tree.partner });
        }
        let mut state = case::by_id(tx, id)?.expect("just written").state;
        let seen = state.version;
        for act in &acts {
            state.apply(act);
        }
        assert!(case::update_state(tx, id, seen, &state, "head")?);
        deadline::insert(tx, &seed::deadline(id, "acceptance", due))?;
        // Of equal ends the first one that started is shown, and never the respondent's own.
        deadline::insert(
            tx,
            &deadline::DeadlineRow { name: "办结".to_owned(), ..seed::deadline(id, "mediation", due) },
        )?;
        let theirs = deadline::DeadlineRow { bearer: "respondent".to_owned(), ..seed::deadline(id, "answer", 1) };
        deadline::insert(tx, &theirs)?;
    }
    Ok(tree)
}

fn serials(rows: &[QueueRow]) -> Vec<i64> {
    rows.iter().map(|row| row.number[13..].parse().expect("a serial")).collect()
}

fn pages(telling: &mut Telling) {
    let tree = telling.act("ten", ten);
    let bureau = View::Bureau(tree.bureau);
    let page = |view: View, filter: Filter, after: Option<After>, limit: i64| {
        move |tx: &mut Tx<'_>| queue::page(tx, &view, &filter, after, limit)
    };
    let all = telling.look("all", page(bureau.clone(), Filter::default(), None, 100));
    assert_eq!(serials(&all), [2, 3, 4, 6, 7, 9, 10, 5, 1, 8]);
    assert!(all.iter().all(|row| row.clock.as_ref().is_some_and(|clock| clock.name == "受理决定")));
    // Page by page through the ties, with every size of page: nothing twice, nothing left out.
    for size in 1..=4 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let rows = telling.look("page", page(bureau.clone(), Filter::default(), after, size));
            assert!(rows.len() as i64 <= size);
            seen.extend(serials(&rows));
            let Some(last) = rows.last() else { break };
            after = Some(After { due_at: last.next_due_at, id: last.id });
        }
        assert_eq!(seen, serials(&all), "{size} a page");
    }
    let officer = format!("officer:{}", tree.officer);
    let acceptance = format!("acceptance:{}", tree.centre);
    for (name, view, filter, expected) in [
        ("lead", View::Lead(tree.officer), Filter::default(), vec![2, 3, 1]),
        ("partner leads none", View::Lead(tree.partner), Filter::default(), vec![]),
        ("unit", View::Unit(tree.office), Filter::default(), vec![2, 3, 1]),
        (
            "desks",
            View::Desks(vec![officer.clone(), acceptance.clone(), officer.clone()]),
            Filter::default(),
            vec![2, 3, 7, 9, 10, 1, 8],
        ),
        ("no desk", View::Desks(vec![]), Filter::default(), vec![]),
        ("status", bureau.clone(), Filter { status: Some(Status::Accepted), ..Filter::default() }, vec![4, 6, 5]),
        (
            "between",
            bureau.clone(),
            Filter { due_from: Some(minute(20)), due_before: Some(minute(40)), ..Filter::default() },
            vec![5, 1],
        ),
        (
            "off desks",
            bureau.clone(),
            Filter { off_desks: vec![officer, acceptance], ..Filter::default() },
            vec![4, 6, 5],
        ),
        ("office", bureau.clone(), Filter { unit: Some(tree.office), ..Filter::default() }, vec![2, 3, 1]),
        ("channel", bureau.clone(), Filter { channel: Some("phone".to_owned()), ..Filter::default() }, vec![]),
        (
            "category",
            bureau.clone(),
            Filter { category: Some("food".to_owned()), due_before: Some(minute(11)), ..Filter::default() },
            vec![2, 3, 4, 6, 7, 9, 10],
        ),
    ] {
        assert_eq!(serials(&telling.look(name, page(view, filter, None, 100))), expected, "{name}");
    }
    telling.act("nothing runs", |tx| {
        case::update_next_due(tx, 2, NOTHING_DUE)?;
        tx.execute("UPDATE deadline SET stopped_at = 1, stopped_by = 'accepted' WHERE case_id = 2", &[])
    });
    let last = telling.look("last", page(bureau, Filter::default(), None, 100)).pop().unwrap();
    assert_eq!((serials(std::slice::from_ref(&last)), last.clock), (vec![2], None));
}

fn queue_counts(telling: &mut Telling) {
    let tree = telling.act("ten", ten);
    let desks = View::Desks(vec![format!("officer:{}", tree.officer), format!("acceptance:{}", tree.centre)]);
    for (view, at_most, expected) in [
        (View::Bureau(tree.bureau), 100, 10),
        (View::Bureau(tree.bureau), 4, 4),
        (View::Bureau(tree.bureau), 10, 10),
        (desks.clone(), 100, 7),
        (desks.clone(), 5, 5),
        (View::Bureau(4_711), 100, 0),
    ] {
        let counted = telling.look("count", move |tx| queue::count(tx, &view, &Filter::default(), at_most));
        assert_eq!(counted, expected);
    }
    let filter = Filter { due_before: Some(minute(20)), ..Filter::default() };
    assert_eq!(telling.look("narrowed", move |tx| queue::count(tx, &desks, &filter, 100)), 5);
}

/// The ten with endings, amounts, parties and texts to be found by.
fn varied(tx: &mut Tx<'_>) -> Result<Tree, StoreError> {
    let tree = ten(tx)?;
    for (id, title, respondent) in [
        (1, "iPhone 屏幕碎裂", "ABC商行"),
        (2, "打折50%不兑现", "abc便利店"),
        (3, "鞋_开胶", "五爱市场"),
        (4, "路径C:\\发票", "五爱商城"),
        (5, "IPHONE 电池鼓包", "𠮷野家"),
    ] {
        tx.execute("UPDATE cases SET title = $1, respondent_name = $2 WHERE id = $3", params![title, respondent, id])?;
        let consumer = Party { role: "complainant".to_owned(), phone: format!("1380000000{id}"), ..Party::default() };
        party::insert(tx, id, &consumer)?;
    }
    // Three came in at one instant.
    tx.execute("UPDATE cases SET received_at = $1 WHERE id IN (8, 9, 10)", params![minute(8)])?;
    tx.execute("UPDATE cases SET received_day = '2026-05-31', kind = 'report' WHERE id = 7", &[])?;
    tx.execute("UPDATE cases SET reopened = 1 WHERE id = 6", &[])?;
    for (id, outcome, recovered) in [(1, "settled", 29_900), (2, "terminated", 0), (3, "settled", 100)] {
        tx.execute(
            "UPDATE cases SET status = 'told', open = 0, outcome = $1, recovered = $2, concluded_at = $3, solved = 1 WHERE id = $4",
            params![outcome, recovered, minute(100 + id), id],
        )?;
    }
    for (id, limit, stopped, by) in [
        (1, "acceptance", 29, "accepted"),
        (2, "acceptance", 10, "accepted"),
        (3, "acceptance", 5, "withdrawn"),
        (4, "acceptance", 5, "accepted"),
    ] {
        tx.execute(
            "UPDATE deadline SET stopped_at = $1, stopped_by = $2 WHERE case_id = $3 AND limit_key = $4",
            params![minute(stopped), by, id, limit],
        )?;
    }
    Ok(tree)
}

type Case = (&'static str, Selection, Vec<i64>);

fn selections(tree: Tree) -> Vec<Case> {
    let empty = Selection::default;
    let words = |words: Words| Selection { words: Some(words), ..empty() };
    let text = |part: &str| words(Words::Text(part.to_owned()));
    let limit = |timeliness, at| Selection {
        limit: Some(("acceptance".to_owned(), timeliness, minute(at))),
        ..Selection::default()
    };
    let measure = |timeliness| Selection {
        measure: Some((vec!["acceptance".to_owned(), "mediation".to_owned()], timeliness, minute(25))),
        ..Selection::default()
    };
    vec![
        ("everything", empty(), vec![10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("kind", Selection { kind: Some(CaseKind::Report), ..empty() }, vec![7]),
        (
            "channel",
            Selection { channel: Some("web".to_owned()), status: Some(Status::Told), ..empty() },
            vec![3, 2, 1],
        ),
        ("outcome", Selection { outcome: Some("settled".to_owned()), ..empty() }, vec![3, 1]),
        ("office", Selection { unit: Some(tree.office), ..empty() }, vec![3, 2, 1]),
        ("no office", Selection { unit: Some(0), open: Some(true), ..empty() }, vec![10, 9, 8, 7, 6, 5, 4]),
        ("lead", Selection { lead: Some(tree.officer), ..empty() }, vec![3, 2, 1]),
        (
            "nobody leads",
            Selection { lead: Some(0), category: Some("food".to_owned()), ..empty() },
            vec![10, 9, 8, 7, 6, 5, 4],
        ),
        ("respondent", Selection { respondent: Some("五爱市场".to_owned()), ..empty() }, vec![3]),
        ("respondent as written", Selection { respondent: Some("abc商行".to_owned()), ..empty() }, vec![]),
        ("received", Selection { received_to: Some(date(2026, 5, 31)), ..empty() }, vec![7]),
        (
            "received from",
            Selection { received_from: Some(date(2026, 6, 1)), solved: Some(true), ..empty() },
            vec![3, 2, 1],
        ),
        (
            "concluded",
            Selection { concluded_from: Some(minute(102)), concluded_before: Some(minute(103)), ..empty() },
            vec![2],
        ),
        ("taken up again", Selection { reopened: true, ..empty() }, vec![6]),
        ("overdue", Selection { overdue_at: Some(minute(10)), ..empty() }, vec![10, 9, 7, 6, 4]),
        ("in time", limit(Timeliness::InTime, 25), vec![4, 1]),
        ("late", limit(Timeliness::Late, 25), vec![10, 9, 7, 6, 5, 2]),
        ("judged", limit(Timeliness::Judged, 25), vec![10, 9, 7, 6, 5, 4, 2, 1]),
        ("timely", measure(Timeliness::InTime), vec![1]),
        ("not timely", measure(Timeliness::Late), vec![10, 9, 7, 6, 5, 4, 3, 2]),
        ("judged by the measure", measure(Timeliness::Judged), vec![10, 9, 7, 6, 5, 4, 3, 2, 1]),
        ("bureau", Selection { bureau: Some(tree.bureau), lead: Some(tree.officer), ..empty() }, vec![3, 2, 1]),
        ("number", words(Words::Number("410105-2026-00001".to_owned())), vec![10]),
        ("numbers", words(Words::Number("410105-2026-".to_owned())), vec![10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("phone", words(Words::Phone("13800000002".to_owned())), vec![2]),
        ("credit code", words(Words::CreditCode("91410105MA00000000".to_owned())), vec![]),
        ("a part of the title", text("电"), vec![10, 9, 8, 7, 6, 5]),
        ("the beginning of a name", text("五爱"), vec![4, 3]),
        ("not the middle of a name", text("市场"), vec![]),
        ("beyond the plane", text("𠮷"), vec![5]),
        ("letters however written", text("iphone"), vec![5, 1]),
        ("a name however written", text("ABC"), vec![2, 1]),
        ("a percent sign", text("50%"), vec![2]),
        ("a lone percent sign", text("%"), vec![2]),
        ("an underscore", text("鞋_"), vec![3]),
        ("a backslash", text("C:\\"), vec![4]),
        ("a quote", text("'"), vec![]),
    ]
}

fn everywhere(tree: Tree) -> Vec<Scope> {
    vec![Scope::Reach(format!("/{}/", tree.bureau)), Scope::Reports(Place::Bureau(tree.bureau))]
}

fn list(telling: &mut Telling) {
    let tree = telling.act("varied", varied);
    let ids = |rows: &[search::ListRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    for (name, selection, expected) in selections(tree) {
        let found = telling.look(name, move |tx| search::list(tx, &everywhere(tree), &selection, None, 100));
        assert_eq!(ids(&found), expected, "{name}");
    }
    for size in 1..=4 {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let rows = telling
                .look("page", move |tx| search::list(tx, &everywhere(tree), &Selection::default(), before, size));
            seen.extend(ids(&rows));
            let Some(last) = rows.last() else { break };
            before = Some(last.id);
        }
        assert_eq!(seen, (1..=10).rev().collect::<Vec<_>>(), "{size} a page");
    }
    for (name, scopes, expected) in [
        ("nobody's", vec![], vec![]),
        ("without reports", vec![Scope::Reach(format!("/{}/", tree.bureau))], vec![10, 9, 8, 6, 5, 4, 3, 2, 1]),
        ("reports alone", vec![Scope::Reports(Place::Bureau(tree.bureau))], vec![7]),
        ("an office's reports", vec![Scope::Reports(Place::Unit(tree.office))], vec![]),
        ("an office's", vec![Scope::Unit(tree.office)], vec![3, 2, 1]),
        ("her own", vec![Scope::Officer(tree.partner)], vec![3, 2, 1]),
        ("both", vec![Scope::Unit(tree.office), Scope::Officer(tree.officer)], vec![3, 2, 1]),
        ("another's", vec![Scope::Reach("/9".to_owned())], vec![]),
    ] {
        let found = telling.look(name, move |tx| search::list(tx, &scopes, &Selection::default(), None, 100));
        assert_eq!(ids(&found), expected, "{name}");
    }
}

fn count(telling: &mut Telling) {
    let tree = telling.act("varied", varied);
    for (name, selection, expected) in selections(tree) {
        let counted = telling.look(name, move |tx| counts::count(tx, &everywhere(tree), &selection));
        assert_eq!(counted, expected.len() as i64, "{name}");
    }
    let all = |by| move |tx: &mut Tx<'_>| counts::by(tx, &everywhere(tree), &Selection::default(), by);
    let each = [
        By::Kind,
        By::Channel,
        By::Category,
        By::Status,
        By::Outcome,
        By::Unit,
        By::Lead,
        By::Respondent,
        By::ReceivedDay,
    ];
    let at_once = telling.look("each", move |tx| counts::by_each(tx, &everywhere(tree), &Selection::default(), &each));
    for (by, at_once) in each.into_iter().zip(at_once) {
        let counted = telling.look(&format!("{by:?}"), all(by));
        assert_eq!(counted.iter().map(|(_, count)| count).sum::<i64>(), 10, "{by:?}");
        assert!(counted.is_sorted_by(|a, b| (-a.1, &a.0) < (-b.1, &b.0)), "{by:?}: the most first, ties by key");
        assert_eq!(counted, at_once, "{by:?}: one walk gives the same");
    }
    let results = telling.look("results", move |tx| counts::results(tx, &everywhere(tree), &Selection::default()));
    let told = (results.cases, results.settled, results.recovered, results.solved, results.unsolved);
    assert_eq!(told, (10, 2, 30_000, 3, 0));
    let nothing = Selection { kind: Some(CaseKind::Consultation), ..Selection::default() };
    let (one, two) = (nothing.clone(), nothing);
    let none = telling.look("no results", move |tx| counts::results(tx, &everywhere(tree), &one));
    assert_eq!(none, counts::Results::default());
    assert_eq!(telling.look("no limits", move |tx| counts::limits(tx, &everywhere(tree), &two, minute(25))), []);
    let limits =
        telling.look("limits", move |tx| counts::limits(tx, &everywhere(tree), &Selection::default(), minute(25)));
    let told: Vec<_> = limits.iter().map(|it| (it.key.as_str(), it.in_time, it.late, it.judged)).collect();
    assert_eq!(told, [("acceptance", 2, 6, 8), ("mediation", 0, 8, 8)], "each as long as its list");
}

fn timely(telling: &mut Telling) {
    let tree = telling.act("varied", varied);
    let count = |each| {
        move |tx: &mut Tx<'_>| {
            let keys = ["acceptance".to_owned(), "mediation".to_owned()];
            counts::timely(tx, &everywhere(tree), &Selection::default(), &keys, each, minute(25))
        }
    };
    let of = |organization, in_time, judged| counts::TimelyCount { organization, in_time, judged };
    assert_eq!(telling.look("offices", count(counts::Each::Unit)), [of(0, 0, 6), of(tree.office, 1, 3)]);
    assert_eq!(telling.look("bureaus", count(counts::Each::Bureau)), [of(tree.bureau, 1, 9)]);
}
