//! Registered operators, how they are found, and what the complaints against them came to.

use store::counts::{self, By};
use store::likeness;
use store::operator::{self, OperatorRow, ShopRow};
use store::operator_list::{self, Order, Wanted};
use store::party::{self, Party};
use store::search::{Scope, Selection};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of it.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "an operator is entered once by its code, changed by compare-and-set, merged and found",
        covers: &[
            "operator::insert",
            "operator::update",
            "operator::merge",
            "operator::find",
            "operator::by_code",
            "operator::by_name",
            "operator::by_shop",
            "operator::merged_into",
            "operator::places",
            "operator::shops",
            "operator::put_premises",
        ],
        run: entered,
    },
    Behaviour {
        name: "the register lists each operator with the complaints in scope",
        covers: &[
            "operator_list::list",
            "operator_list::count",
            "counts::outcomes",
            "likeness::by",
            "likeness::reports",
        ],
        run: listed,
    },
];

fn row(name: &str, code: &str) -> OperatorRow {
    OperatorRow {
        name: name.to_owned(),
        names: vec![name.to_lowercase()],
        credit_code: code.to_owned(),
        kind: "enterprise".to_owned(),
        region_code: "410105001".to_owned(),
        address: "文化路2号".to_owned(),
        version: 1,
        ..OperatorRow::default()
    }
}

fn shop(name: &str) -> ShopRow {
    ShopRow { platform: "淘淘".to_owned(), name: name.to_owned(), url: String::new(), shop: format!("淘淘|{name}") }
}

fn entered(telling: &mut Telling) {
    let first = telling.act("first", |tx| operator::insert(tx, &row("好又来", "A"), minute(1))).expect("entered");
    let second = telling.act("no code", |tx| operator::insert(tx, &row("好又来_店", ""), minute(3))).expect("entered");
    telling.act("no code again", |tx| operator::insert(tx, &row("Abc商行", ""), minute(3))).expect("many have none");
    let by_code = telling.look("by code", |tx| operator::by_code(tx, "A"));
    assert_eq!(by_code.map(|it| it.id), Some(first));
    assert_eq!(telling.look("no code is nobody's", |tx| operator::by_code(tx, "")), None);
    let named = telling.look("by name", |tx| operator::by_name(tx, "好又来", 5));
    assert_eq!(named.iter().map(|it| it.id).collect::<Vec<_>>(), [first], "the whole name");
    telling.act("premises", move |tx| operator::put_premises(tx, first, &["A座".to_owned()], &[shop("旗舰店")]));
    telling
        .act("anew", move |tx| operator::put_premises(tx, first, &["B座".to_owned()], &[shop("一店"), shop("二店")]));
    assert_eq!(telling.look("places", move |tx| operator::places(tx, first)), ["B座"]);
    assert_eq!(telling.look("shops", move |tx| operator::shops(tx, first)).len(), 2);
    let found = telling.look("by shop", |tx| operator::by_shop(tx, "淘淘|二店", 5));
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [first]);
    assert_eq!(telling.look("gone", |tx| operator::by_shop(tx, "淘淘|旗舰店", 5)), []);
    let changed = OperatorRow { id: second, former_names: "老店".to_owned(), ..row("好又来二店", "") };
    let stale = OperatorRow { version: 1, ..changed.clone() };
    assert!(telling.act("change", move |tx| operator::update(tx, &changed)));
    assert!(!telling.act("from an old page", move |tx| operator::update(tx, &stale)));
    assert!(!telling.act("merge from an old page", move |tx| operator::merge(tx, second, 1, Some(first))));
    assert!(telling.act("merge", move |tx| operator::merge(tx, second, 2, Some(first))));
    let merged = telling.look("merged", move |tx| operator::merged_into(tx, first));
    assert_eq!(merged.iter().map(|it| it.id).collect::<Vec<_>>(), [second]);
    assert!(telling.act("part", move |tx| operator::merge(tx, second, 3, None)));
    let parted = telling.look("parted", move |tx| operator::find(tx, second)).expect("there");
    assert_eq!((parted.merged_into, parted.version), (None, 4));
    // Last, for PostgreSQL gives the number away that it refuses.
    assert_eq!(telling.act("the code again", |tx| operator::insert(tx, &row("别家", "A"), minute(2))), None);
}

fn listed(telling: &mut Telling) {
    let (tree, first, second) = telling.act("cases", |tx| {
        let tree = tree(tx)?;
        let first = operator::insert(tx, &row("好又来", "A"), minute(1))?.unwrap_or_default();
        let second = operator::insert(tx, &row("分店", ""), minute(1))?.unwrap_or_default();
        operator::insert(tx, &OperatorRow { region_code: "410102".to_owned(), ..row("安静", "") }, minute(1))?;
        operator::merge(tx, second, 1, Some(first))?;
        for (serial, operator, outcome, kind) in [
            (1, first, Some("settled"), "complaint"),
            (2, second, Some("terminated"), "complaint"),
            (3, first, None, "complaint"),
            (4, first, None, "report"),
        ] {
            let id = seed::case(tx, tree, serial, 10)?;
            party::insert(tx, id, &Party { role: "complainant".to_owned(), ..Party::default() })?;
            let open = i64::from(outcome.is_none());
            tx.execute(
                "UPDATE cases SET operator_id = $1, outcome = $2, kind = $3, open = $4 WHERE id = $5",
                store::params![operator, outcome.map(str::to_owned), kind, open, id],
            )?;
        }
        operator::put_premises(tx, second, &[], &[shop("Mini店")])?;
        Ok((tree, first, second))
    });
    let reach = move || vec![Scope::Reach(format!("/{}/", tree.bureau))];
    let rows = telling
        .look("all", move |tx| operator_list::list(tx, &reach(), &Wanted::default(), (Order::Cases, false), 0, 10));
    let told: Vec<_> = rows.iter().map(|it| (it.operator.id, it.cases, it.open, it.settled, it.terminated)).collect();
    assert_eq!(told, [(first, 3, 1, 1, 1), (first + 2, 0, 0, 0, 0)], "the merged one's cases count, reports never");
    let blind =
        telling.look("no scope", |tx| operator_list::list(tx, &[], &Wanted::default(), (Order::Name, true), 0, 1));
    assert_eq!((blind.len(), blind[0].cases), (1, 0));
    for (what, order) in [("open", Order::Open), ("settled", Order::Settled), ("latest", Order::Latest)] {
        telling.look(what, move |tx| operator_list::list(tx, &reach(), &Wanted::default(), (order, true), 1, 5));
    }
    for (what, wanted, expected) in [
        ("a shop of the merged one", Wanted { words: "mini".to_owned(), ..Wanted::default() }, 1),
        ("a region", Wanted { region: "410105".to_owned(), ..Wanted::default() }, 1),
        ("a kind", Wanted { kind: Some("platform".to_owned()), ..Wanted::default() }, 0),
        ("open", Wanted { open: Some(true), ..Wanted::default() }, 1),
        ("none open", Wanted { open: Some(false), ..Wanted::default() }, 1),
        ("a sign of patterns", Wanted { words: "%".to_owned(), ..Wanted::default() }, 0),
    ] {
        assert_eq!(telling.look(what, move |tx| operator_list::count(tx, &reach(), &wanted)), expected, "{what}");
    }
    let against = Selection { operator: Some(first), ..Selection::default() };
    let of_one = Selection { operator: Some(second), problem: Some(String::new()), ..Selection::default() };
    let years = telling.look("years", move |tx| counts::outcomes(tx, &reach(), &against, By::ReceivedYear));
    // The report against it is in nobody's figures but theirs who direct reports.
    assert_eq!((years.len(), years[0].cases, years[0].open, years[0].settled), (1, 3, 1, 1));
    let problems = telling.look("problems", move |tx| counts::outcomes(tx, &reach(), &of_one, By::Problem));
    assert_eq!((problems[0].key.as_str(), problems[0].cases), ("", 1));
    let like =
        telling.look("like", move |tx| likeness::by(tx, likeness::LikeKey::Operator(Some(first)), 0, minute(0), 10));
    assert_eq!(like.iter().map(|it| it.operator).collect::<Vec<_>>(), [Some(first); 3]);
    // A report is compared by whom it names alone; there is no telephone to compare.
    let reports = |key| move |tx: &mut store::Tx<'_>| likeness::reports(tx, key, 0, minute(0), 10);
    let named = telling.look("reports", reports(likeness::LikeKey::Operator(Some(first))));
    assert_eq!(named.iter().map(|it| (it.operator, it.phone.as_str())).collect::<Vec<_>>(), [(Some(first), "")]);
    let by_name = telling.look("reports of a shop", reports(likeness::LikeKey::Respondent("好又来超市")));
    assert_eq!(by_name, named);
    assert_eq!(telling.look("reports of nobody", reports(likeness::LikeKey::Respondent(""))), []);
    assert_eq!(telling.look("reports by telephone", reports(likeness::LikeKey::Phone("13837120001"))), []);
}
