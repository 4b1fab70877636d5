//! The register of numbers, seals, signatures, and what was handed out of a paper.

use jiff::civil::date;
use store::bureau_seal::{self, BureauSealRow};
use store::number::{self, Given, NumberChoice, NumberStyle};
use store::paper::{self, PaperRow};
use store::search::Scope;
use store::signature::{self, LinkRow, SignatureRow};
use store::wording::{self, WordingRow};

use super::seed::{self, Tree, minute, tree};
use super::{Behaviour, Telling};

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a number stays in the register, voided or not",
        covers: &["number::enter", "number::of_paper", "number::void", "number::register"],
        run: register,
    },
    Behaviour { name: "how a bureau writes its numbers", covers: &["number::style", "number::set_style"], run: style },
    Behaviour {
        name: "a seal is in force until the next",
        covers: &["bureau_seal::insert", "bureau_seal::end", "bureau_seal::of_bureau"],
        run: seals,
    },
    Behaviour {
        name: "a place is signed once, a link is used once",
        covers: &[
            "signature::insert",
            "signature::of_paper",
            "signature::open_link",
            "signature::link",
            "signature::miss",
            "signature::use_up",
        ],
        run: signatures,
    },
    Behaviour {
        name: "a wording is kept by version and found from below",
        covers: &["wording::insert", "wording::along", "wording::withdraw"],
        run: wordings,
    },
    Behaviour {
        name: "a file that was handed out is known again",
        covers: &["paper::by_id", "paper::note_print", "paper::printed"],
        run: prints,
    },
];

fn row(number: &str, by: i64) -> PaperRow {
    PaperRow {
        id: 0,
        event_number: 1,
        kind: "acceptance_decision".to_owned(),
        title: "投诉受理决定书".to_owned(),
        number: number.to_owned(),
        body: "{}".to_owned(),
        attachment_id: None,
        made_at: minute(3),
        made_by: Some(by),
    }
}

/// A case with so many numbered papers.
fn numbered(telling: &mut Telling, count: i64) -> (Tree, i64, Vec<i64>) {
    telling.act("start", move |tx| {
        let tree = tree(tx)?;
        let case = seed::case(tx, tree, 1, 10)?;
        let mut papers = Vec::new();
        for serial in 1..=count {
            let id = paper::insert(tx, case, &row(&format!("金水市监投受〔2026〕第{serial}号"), tree.officer))?;
            number::enter(tx, id, &given(tree, serial))?;
            papers.push(id);
        }
        Ok((tree, case, papers))
    })
}

fn given(tree: Tree, serial: i64) -> Given {
    Given { organization_id: tree.bureau, word: "市监投受".to_owned(), year: 2026, serial }
}

fn register(telling: &mut Telling) {
    let (tree, case, papers) = numbered(telling, 3);
    let (second, officer) = (papers[1], tree.officer);
    assert_eq!(telling.look("of a paper", move |tx| number::of_paper(tx, second)), Some((given(tree, 2), None)));
    assert!(telling.act("void", move |tx| number::void(tx, second, Some(officer), "名称有误", minute(5))));
    assert!(!telling.act("once", move |tx| number::void(tx, second, Some(officer), "再来", minute(6))));
    let all = vec![Scope::Reach("/".to_owned())];
    let list = |choice: NumberChoice| {
        let scopes = all.clone();
        move |tx: &mut store::Tx<'_>| number::register(tx, &scopes, &choice, 9)
    };
    let lines = telling.look("register", list(NumberChoice::default()));
    assert_eq!(lines.iter().map(|line| line.given.serial).collect::<Vec<_>>(), [3, 2, 1]);
    let voided = lines[1].voided.clone().expect("it says why");
    assert_eq!((voided.by.as_str(), voided.reason.as_str()), ("张三", "名称有误"));
    let choices = [
        (NumberChoice { voided: Some(true), ..NumberChoice::default() }, 1),
        (NumberChoice { voided: Some(false), year: Some(2026), ..NumberChoice::default() }, 2),
        (NumberChoice { year: Some(2025), ..NumberChoice::default() }, 0),
        (NumberChoice { word: Some("市监投受".to_owned()), ..NumberChoice::default() }, 3),
        (NumberChoice { words: Some("第3号".to_owned()), ..NumberChoice::default() }, 1),
        (NumberChoice { words: Some("%".to_owned()), ..NumberChoice::default() }, 3),
    ];
    for (choice, count) in choices {
        let what = format!("{choice:?}");
        assert_eq!(telling.look(&what, list(choice)).len(), count, "{what}");
    }
    assert!(telling.look("nobody's", |tx| number::register(tx, &[], &NumberChoice::default(), 9)).is_empty());
    let code = telling.refused("a number twice", move |tx| {
        let id = paper::insert(tx, case, &row("金水市监投受〔2026〕第2号", officer))?;
        number::enter(tx, id, &given(tree, 2))
    });
    assert_eq!(code, "store.conflict");
}

fn style(telling: &mut Telling) {
    let tree = telling.act("start", tree);
    let bureau = tree.bureau;
    assert_eq!(telling.look("none", move |tx| number::style(tx, bureau)), None);
    for (head, ordinal) in [("郑中市监", true), ("豫郑市监", false)] {
        let style = NumberStyle { head: head.to_owned(), ordinal };
        let set = style.clone();
        telling.act(head, move |tx| number::set_style(tx, bureau, &set, Some(tree.officer), minute(1)));
        assert_eq!(telling.look("the last", move |tx| number::style(tx, bureau)), Some(style));
    }
}

fn seals(telling: &mut Telling) {
    let tree = telling.act("start", tree);
    let bureau = tree.bureau;
    let seal = move |sha256: &str, minutes: i64| BureauSealRow {
        id: 0,
        organization_id: bureau,
        sha256: sha256.to_owned(),
        width_mm: 42,
        height_mm: 42,
        added_at: minute(minutes),
        added_by: Some(tree.officer),
        ended_at: None,
    };
    assert!(!telling.act("none to end", move |tx| bureau_seal::end(tx, bureau, None, minute(1))));
    telling.act("first", move |tx| bureau_seal::insert(tx, &seal("aa", 1)));
    assert!(telling.act("end", move |tx| bureau_seal::end(tx, bureau, Some(tree.officer), minute(2))));
    telling.act("second", move |tx| bureau_seal::insert(tx, &seal("bb", 2)));
    let seals = telling.look("seals", move |tx| bureau_seal::of_bureau(tx, bureau));
    let seen: Vec<_> = seals.iter().map(|seal| (seal.sha256.as_str(), seal.ended_at)).collect();
    assert_eq!(seen, [("bb", None), ("aa", Some(minute(2)))]);
    assert!(telling.look("named", |tx| store::attachment::names(tx, "aa")), "its bytes are not thrown away");
}

fn signatures(telling: &mut Telling) {
    let (tree, _, papers) = numbered(telling, 1);
    let paper_id = papers[0];
    let link = move |token: &str, minutes: i64| LinkRow {
        token_hash: token.to_owned(),
        paper_id,
        place: 0,
        code_hash: "code".to_owned(),
        tries_left: 2,
        ends_at: minute(minutes),
        made_by: Some(tree.officer),
    };
    telling.act("open", move |tx| signature::open_link(tx, &link("one", 90), minute(1)));
    telling.act("another for the place", move |tx| signature::open_link(tx, &link("two", 90), minute(2)));
    let open =
        |token: &'static str, minutes: i64| move |tx: &mut store::Tx<'_>| signature::link(tx, token, minute(minutes));
    assert!(telling.look("ended", open("one", 3)).is_none());
    assert!(telling.look("open", open("two", 3)).is_some());
    assert!(telling.look("too late", open("two", 90)).is_none());
    telling.act("a wrong code", |tx| signature::miss(tx, "two"));
    assert_eq!(telling.look("a try less", open("two", 3)).map(|link| link.tries_left), Some(1));
    telling.act("another wrong code", |tx| signature::miss(tx, "two"));
    assert!(telling.look("no tries left", open("two", 3)).is_none());
    telling.act("a third", move |tx| signature::open_link(tx, &link("three", 90), minute(4)));
    assert!(telling.act("used", |tx| signature::use_up(tx, "three", minute(5))));
    assert!(!telling.act("once", |tx| signature::use_up(tx, "three", minute(6))));
    assert!(telling.look("used up", open("three", 7)).is_none());
    let signed = SignatureRow {
        paper_id,
        place: 0,
        way: "phone".to_owned(),
        sha256: "cc".to_owned(),
        media_type: "image/png".to_owned(),
        signed_at: minute(5),
        taken_by: None,
    };
    let again = SignatureRow { sha256: "dd".to_owned(), ..signed.clone() };
    let first = signed.clone();
    assert!(telling.act("signed", move |tx| signature::insert(tx, &first)));
    assert!(!telling.act("once", move |tx| signature::insert(tx, &again)));
    assert_eq!(telling.look("who signed", move |tx| signature::of_paper(tx, paper_id)), [signed]);
    assert!(telling.look("named", |tx| store::attachment::names(tx, "cc")), "its bytes are not thrown away");
}

fn prints(telling: &mut Telling) {
    let (_, case, papers) = numbered(telling, 1);
    let id = papers[0];
    let found = telling.look("by its id", move |tx| paper::by_id(tx, id)).expect("it is there");
    assert_eq!((found.0, found.1.number.as_str()), (case, "金水市监投受〔2026〕第1号"));
    assert!(telling.look("none", |tx| paper::by_id(tx, 4_711)).is_none());
    assert_eq!(telling.look("not yet", move |tx| paper::printed(tx, id, "ee")), None);
    for minutes in [1, 2] {
        telling.act("handed out", move |tx| paper::note_print(tx, id, "ee", minute(minutes)));
    }
    assert_eq!(telling.look("since the first time", move |tx| paper::printed(tx, id, "ee")), Some(minute(1)));
}

fn wordings(telling: &mut Telling) {
    let tree = telling.act("start", tree);
    let path =
        telling.look("path", move |tx| Ok(store::organization::find(tx, tree.office)?.expect("the office").path));
    let row = move |organization_id: i64, letter: &str, version: i64| WordingRow {
        id: 0,
        organization_id,
        rule_set: "national-2026".to_owned(),
        letter: letter.to_owned(),
        version,
        choice: "own".to_owned(),
        body: r#"{"paragraphs":["特此告知。"],"notes":[]}"#.to_owned(),
        from_day: date(2026, 6, 1),
        reason: "统一落款前的话".to_owned(),
        made_by: Some(tree.officer),
        made_at: minute(1),
        withdrawn_at: None,
    };
    let new = [
        row(tree.office, "acceptance_decision", 1),
        row(tree.bureau, "acceptance_decision", 1),
        row(tree.bureau, "acceptance_decision", 2),
        row(tree.bureau, "refusal_decision", 1),
        row(tree.centre, "acceptance_decision", 1),
    ];
    let first = telling.act("insert", move |tx| {
        let ids: Result<Vec<i64>, _> = new.iter().map(|row| wording::insert(tx, row)).collect();
        Ok(ids?[0])
    });
    let along = |letter: Option<&'static str>, set: &'static str| {
        let path = path.clone();
        move |tx: &mut store::Tx<'_>| wording::along(tx, &path, set, letter)
    };
    let rows = telling.look("one letter", along(Some("acceptance_decision"), "national-2026"));
    let told: Vec<_> = rows.iter().map(|row| (row.organization_id, row.version)).collect();
    assert_eq!(told, [(tree.bureau, 1), (tree.bureau, 2), (tree.office, 1)], "the nearer the later, the centre's not");
    assert_eq!(WordingRow { id: 0, ..rows[0].clone() }, row(tree.bureau, "acceptance_decision", 1));
    assert_eq!(telling.look("all letters", along(None, "national-2026")).len(), 4);
    assert!(telling.look("another set", along(None, "national-2024")).is_empty());
    assert!(telling.act("withdraw", move |tx| wording::withdraw(tx, first, Some(tree.officer), minute(2))));
    assert!(!telling.act("once", move |tx| wording::withdraw(tx, first, Some(tree.officer), minute(3))));
    let rows = telling.look("withdrawn", along(Some("acceptance_decision"), "national-2026"));
    assert_eq!(rows.last().and_then(|row| row.withdrawn_at), Some(minute(2)));
    let code =
        telling.refused("twice", move |tx| wording::insert(tx, &row(tree.bureau, "acceptance_decision", 2)).map(drop));
    assert_eq!(code, "store.conflict");
}
