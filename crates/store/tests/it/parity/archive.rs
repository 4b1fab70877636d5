//! 档案: brought in, found, kept, lent, held, and destroyed by a list.

use domain::archive::ArchiveClass;
use domain::case_kind::CaseKind;
use jiff::civil::date;
use store::archive::{ItemFile, Keeping, NewItem, Wanted};
use store::attachment::AttachmentRow;
use store::disposal::Listed;
use store::lending::NewLoan;
use store::search::Scope;
use store::volume::{Closed, VolumeRow};
use store::{archive, attachment, disposal, lending, paper, volume};

use super::seed::{self, Tree, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of it.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "what is brought in is found by class, year, words and state",
        covers: &[
            "archive::insert",
            "archive::find",
            "archive::of_case",
            "archive::search",
            "archive::count",
            "archive::keep",
            "archive::set_term",
            "archive::terms",
            "archive::note",
            "archive::notes",
            "volume::closed",
            "volume::set_order",
            "volume::order",
        ],
        run: found,
    },
    Behaviour {
        name: "what is lent comes back, what is held is not destroyed",
        covers: &[
            "lending::lend",
            "lending::decide",
            "lending::take_back",
            "lending::find",
            "lending::of_item",
            "lending::late",
            "lending::note_reminded",
            "lending::in_hand",
            "lending::asked",
            "lending::hold",
            "lending::lift",
            "lending::holds",
        ],
        run: lent,
    },
    Behaviour {
        name: "a list goes from drawing to destruction",
        covers: &[
            "disposal::draw",
            "disposal::find",
            "disposal::of_bureau",
            "disposal::listed",
            "disposal::keep",
            "disposal::appraise",
            "disposal::decide",
            "disposal::carry_out",
            "archive::with_years",
            "archive::destroy",
            "paper::clear",
        ],
        run: destroyed,
    },
];

fn record(tree: Tree, serial: u32) -> NewItem {
    NewItem {
        bureau_id: tree.bureau,
        case_id: None,
        class: ArchiveClass::Briefings,
        number: format!("410105-2026-08-{serial:05}"),
        title: format!("第{serial}期简报"),
        day: Some(date(2026, 3, 1)),
        year: 2026,
        file: ItemFile {
            name: "简报.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 10,
            sha256: format!("{serial:064}"),
        },
        entered_by: Some(tree.officer),
    }
}

/// A tree, a closed case with its item, and a record.
fn start(telling: &mut Telling) -> (Tree, i64, i64, i64) {
    telling.act("start", |tx| {
        let tree = tree(tx)?;
        let case = seed::case(tx, tree, 1, 10)?;
        let row = VolumeRow {
            file_number: "410105-2026-00001".to_owned(),
            retention: "长期".to_owned(),
            contents: "[]".to_owned(),
            closed_by: Some(tree.officer),
            closed_at: minute(1),
        };
        volume::insert(tx, case, &row)?;
        let file = NewItem {
            case_id: Some(case),
            class: ArchiveClass::Mediation,
            number: row.file_number,
            title: String::new(),
            day: None,
            file: ItemFile::default(),
            ..record(tree, 0)
        };
        let item = archive::insert(tx, &file, minute(1))?;
        assert_eq!(archive::insert(tx, &file, minute(9))?, item, "a case keeps its place");
        let other = archive::insert(tx, &record(tree, 1), minute(2))?;
        Ok((tree, case, item, other))
    })
}

fn wanted(tree: Tree) -> Wanted {
    let scopes = vec![Scope::Officer(tree.officer), Scope::Reach("1/".to_owned())];
    Wanted { scopes, bureaus: vec![tree.bureau], ..Wanted::default() }
}

fn found(telling: &mut Telling) {
    let (tree, case, item, other) = start(telling);
    telling.act("a scope that reaches the case", move |tx| {
        tx.execute("UPDATE cases SET lead_id = $1 WHERE id = $2", store::params![tree.officer, case])
    });
    let row = telling.look("of the case", move |tx| archive::of_case(tx, case)).expect("there");
    assert_eq!((row.id, row.case.as_ref().map(|(_, kind)| *kind)), (item, Some(CaseKind::Complaint)));
    assert_eq!((row.item.title.as_str(), row.entered_at), ("电饭煲不加热1", minute(1)));
    for (what, ask, expected) in [
        ("all", wanted(tree), vec![item, other]),
        ("class", Wanted { class: Some(ArchiveClass::Briefings), ..wanted(tree) }, vec![other]),
        ("year", Wanted { year: Some(2025), ..wanted(tree) }, vec![]),
        ("kind", Wanted { kind: Some(CaseKind::Complaint), ..wanted(tree) }, vec![item]),
        ("records", Wanted { records: true, ..wanted(tree) }, vec![other]),
        ("words", Wanted { words: "电饭煲".to_owned(), ..wanted(tree) }, vec![item]),
        ("shelf", Wanted { words: "3-2".to_owned(), ..wanted(tree) }, vec![]),
        ("order", Wanted { sort: "title".to_owned(), descending: true, ..wanted(tree) }, vec![other, item]),
        ("out", Wanted { state: "out".to_owned(), ..wanted(tree) }, vec![]),
        ("late", Wanted { state: "late".to_owned(), today: Some(date(2026, 6, 1)), ..wanted(tree) }, vec![]),
        ("held", Wanted { state: "held".to_owned(), ..wanted(tree) }, vec![]),
        ("destroyed", Wanted { state: "destroyed".to_owned(), ..wanted(tree) }, vec![]),
        ("nobody's", Wanted::default(), vec![]),
    ] {
        let again = ask.clone();
        let mut rows: Vec<i64> =
            telling.look(what, move |tx| archive::search(tx, &ask, 0, 10)).iter().map(|row| row.id).collect();
        if what != "order" {
            rows.sort_unstable();
        }
        assert_eq!(rows, expected, "{what}");
        assert_eq!(telling.look(what, move |tx| archive::count(tx, &again)), expected.len() as i64, "{what}");
    }
    let keeping = Keeping { years: Some(30), shelf: "3-2".to_owned(), ..Keeping::default() };
    let again = keeping.clone();
    assert!(telling.act("keep", move |tx| archive::keep(tx, item, 1, &keeping)));
    assert!(!telling.act("keep from an old page", move |tx| archive::keep(tx, item, 1, &again)));
    let on_shelf = Wanted { words: "3-2".to_owned(), ..wanted(tree) };
    assert_eq!(telling.look("on the shelf", move |tx| archive::search(tx, &on_shelf, 0, 10)).len(), 1);
    telling.act("a term", move |tx| {
        archive::set_term(tx, tree.bureau, ArchiveClass::Briefings, Some(5), tree.officer, minute(3))?;
        archive::set_term(tx, tree.bureau, ArchiveClass::Briefings, Some(10), tree.officer, minute(4))?;
        archive::set_term(tx, tree.bureau, ArchiveClass::Other, Some(10), tree.officer, minute(4))?;
        archive::set_term(tx, tree.bureau, ArchiveClass::Other, None, tree.officer, minute(5))
    });
    let terms = telling.look("terms", move |tx| archive::terms(tx, tree.bureau));
    assert_eq!(terms.iter().map(|it| (it.class, it.years)).collect::<Vec<_>>(), [(ArchiveClass::Briefings, 10)]);
    let row = telling.look("with its class's years", move |tx| archive::find(tx, other)).expect("there");
    assert_eq!((row.class_years, row.keeping.years), (Some(10), None));
    telling.act("notes", move |tx| {
        archive::note(tx, item, minute(5), Some(tree.officer), "归档", "")?;
        archive::note(tx, item, minute(6), None, "催还", "李四")
    });
    let notes = telling.look("the record", move |tx| archive::notes(tx, item));
    assert_eq!(notes.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(), ["催还", "归档"]);
    let all = Closed { bureau: Some(tree.bureau), year: Some(2026), file: None };
    let files = telling.look("closed", move |tx| volume::closed(tx, &all, "", 10));
    assert_eq!(files, [("410105-2026-00001".to_owned(), "410105-2026-000001".to_owned())]);
    let one = Closed { file: Some("410105-2026-00001".to_owned()), ..Closed::default() };
    assert!(telling.look("after", move |tx| volume::closed(tx, &one, "410105-2026-00001", 10)).is_empty());
    telling.act("an order", move |tx| {
        volume::set_order(tx, case, "main", &[3, 1], Some(tree.officer), minute(1))?;
        volume::set_order(tx, case, "side", &[2], None, minute(1))?;
        volume::set_order(tx, case, "main", &[1, 3], Some(tree.officer), minute(2))
    });
    assert_eq!(telling.look("the order", move |tx| volume::order(tx, case)), [1, 3, 2]);
}

fn loan(tree: Tree, item_id: i64, sealed: bool) -> NewLoan {
    NewLoan {
        item_id,
        borrower_id: tree.partner,
        sealed,
        purpose: "行政复议答复".to_owned(),
        due_day: date(2026, 6, 5),
        asked_by: tree.officer,
    }
}

fn lent(telling: &mut Telling) {
    let (tree, _, item, other) = start(telling);
    let id = telling.act("lend", move |tx| lending::lend(tx, &loan(tree, item, false), minute(1))).expect("lent");
    assert_eq!(telling.act("lend again", move |tx| lending::lend(tx, &loan(tree, item, false), minute(2))), None);
    let asked = telling.act("ask", move |tx| lending::lend(tx, &loan(tree, other, true), minute(2))).expect("asked");
    assert_eq!(telling.look("asked", move |tx| lending::asked(tx, tree.bureau)).len(), 1);
    assert_eq!(telling.look("in hand", move |tx| lending::in_hand(tx, tree.partner)).len(), 1);
    assert!(telling.act("grant", move |tx| lending::decide(tx, asked, true, "同意", tree.officer, minute(3))));
    assert!(!telling.act("again", move |tx| lending::decide(tx, asked, false, "", tree.officer, minute(3))));
    assert_eq!(telling.look("found", move |tx| lending::find(tx, asked)).expect("there").state, "out");
    let (today, week) = (date(2026, 6, 8), date(2026, 6, 1));
    assert_eq!(telling.look("late", move |tx| lending::late(tx, today, week, 10)).len(), 2);
    assert!(telling.act("remind", move |tx| lending::note_reminded(tx, id, today)));
    assert!(!telling.act("remind again", move |tx| lending::note_reminded(tx, id, today)));
    assert_eq!(telling.look("late still", move |tx| lending::late(tx, today, week, 10)).len(), 1);
    assert!(telling.act("back", move |tx| lending::take_back(tx, id, tree.officer, minute(5))));
    assert!(!telling.act("back again", move |tx| lending::take_back(tx, id, tree.officer, minute(6))));
    assert_eq!(telling.look("of the item", move |tx| lending::of_item(tx, item))[0].state, "returned");
    let hold = telling.act("hold", move |tx| lending::hold(tx, item, "行政诉讼", tree.officer, minute(6)));
    assert!(telling.look("held", move |tx| archive::find(tx, item)).expect("there").held);
    assert!(telling.act("lift", move |tx| lending::lift(tx, item, hold, "诉讼终结", tree.officer, minute(7))));
    assert!(!telling.act("lift again", move |tx| lending::lift(tx, item, hold, "", tree.officer, minute(7))));
    let holds = telling.look("holds", move |tx| lending::holds(tx, item));
    assert_eq!(holds[0].lifted_by.as_deref(), Some("张三"));
}

fn destroyed(telling: &mut Telling) {
    let (tree, case, item, other) = start(telling);
    telling.act("held", move |tx| lending::hold(tx, item, "行政诉讼", tree.officer, minute(6)));
    let free = telling.look("free", move |tx| archive::with_years(tx, tree.bureau, minute(60), 10));
    assert_eq!(free.iter().map(|row| row.id).collect::<Vec<_>>(), [other], "what is held is not looked at");
    let listed = |item_id| Listed { item_id, years: 10, ended_on: date(2036, 3, 1), kept_because: String::new() };
    let list = [listed(item), listed(other)];
    let id = telling
        .act("draw", move |tx| disposal::draw(tx, tree.bureau, "410105-销2036-001", &list, tree.officer, minute(7)));
    assert!(telling.look("on a list", move |tx| archive::with_years(tx, tree.bureau, minute(60), 10)).is_empty());
    assert!(!telling.act("too early", move |tx| disposal::decide(tx, id, true, "", tree.partner, minute(8))));
    assert!(telling.act("appraise", move |tx| disposal::appraise(tx, id, "无查考价值", tree.officer, minute(8))));
    telling.act("keep one", move |tx| disposal::keep(tx, id, item, "有查考价值"));
    assert!(telling.act("approve", move |tx| disposal::decide(tx, id, true, "同意", tree.partner, minute(9))));
    assert!(telling.act("carry out", move |tx| disposal::carry_out(tx, id, "王五", tree.officer, minute(10))));
    assert!(!telling.act("twice", move |tx| disposal::carry_out(tx, id, "王五", tree.officer, minute(10))));
    let row = telling.look("the list", move |tx| disposal::find(tx, id)).expect("there");
    assert_eq!((row.state.as_str(), row.items, row.witness.as_str()), ("done", 1, "王五"));
    assert_eq!(telling.look("of the bureau", move |tx| disposal::of_bureau(tx, tree.bureau)).len(), 1);
    let kept = telling.look("listed", move |tx| disposal::listed(tx, id));
    assert_eq!(kept.iter().filter(|it| it.kept_because.is_empty()).count(), 1);
    let hash = telling.act("destroy", move |tx| archive::destroy(tx, other, minute(10), "已销毁"));
    assert!(hash.ends_with('1'));
    let gone = telling.look("gone", move |tx| archive::find(tx, other)).expect("its line stays");
    assert_eq!((gone.item.title.as_str(), gone.item.file.sha256.as_str()), ("已销毁", ""));
    let file = AttachmentRow {
        id: 0,
        case_id: Some(case),
        draft_hash: None,
        name: "小票.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 3,
        sha256: "ab".to_owned(),
        added_by: "staff".to_owned(),
        added_at: minute(1),
    };
    telling.act("a file", move |tx| attachment::insert(tx, &file));
    assert_eq!(telling.act("clear", move |tx| paper::clear(tx, case, "已销毁")), ["ab"]);
    let files = telling.look("files", move |tx| attachment::of_case(tx, case));
    assert_eq!((files[0].name.as_str(), files[0].sha256.as_str()), ("已销毁", ""));
}
