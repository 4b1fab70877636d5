//! A case with what belongs to it.

use domain::act::{Act, AgreementItem};
use domain::case::{Case, Outcome};
use domain::clock::Suspension;
use jiff::civil::date;
use store::attachment::AttachmentRow;
use store::case::{Advance, Head, Milestone, NOTHING_DUE};
use store::deadline::DeadlineRow;
use store::event::EventRow;
use store::paper::PaperRow;
use store::party::Party;
use store::volume::VolumeRow;
use store::{agreement, attachment, case, case_link, deadline, errand, event, meeting, paper, params, party, volume};

use super::seed::{self, Tree, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of cases.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a case comes back as it was written",
        covers: &["case::insert", "case::by_id", "case::by_number", "case::count_all", "case::ids_after"],
        run: written,
    },
    Behaviour {
        name: "a state is set only over the one that was seen",
        covers: &["case::update_state", "case::advance", "case::outcome_columns"],
        run: compare_and_set,
    },
    Behaviour {
        name: "what stands beside the state is kept",
        covers: &["case::update_next_due", "case::reach", "case::classify"],
        run: beside,
    },
    Behaviour {
        name: "a history grows at its end only",
        covers: &["event::insert", "event::insert_all", "event::of_case", "event::cases_since"],
        run: history,
    },
    Behaviour {
        name: "a deadline runs, stands, moves and stops",
        covers: &[
            "deadline::insert",
            "deadline::of_case",
            "deadline::stop",
            "deadline::reopen",
            "deadline::move_to",
            "deadline::move_all",
        ],
        run: deadlines,
    },
    Behaviour {
        name: "what is late is found once, the longest first",
        covers: &["deadline::newly_overdue", "deadline::running_of_cases", "deadline::note_overdue"],
        run: late,
    },
    Behaviour {
        name: "what falls due soon is found once",
        covers: &["deadline::to_be_reminded", "deadline::note_reminded"],
        run: soon,
    },
    Behaviour {
        name: "others may read a case while they are named",
        covers: &["sight::open", "sight::close", "sight::of_case", "case::follow"],
        run: sights,
    },
    Behaviour {
        name: "errands wait on a desk until they are done",
        covers: &["errand::open", "errand::close", "errand::on_desks", "errand::of_case"],
        run: errands,
    },
    Behaviour {
        name: "links are seen from both sides until they are undone",
        covers: &["case_link::insert", "case_link::undo", "case_link::of_case"],
        run: links,
    },
    Behaviour {
        name: "parties and their earlier cases",
        covers: &["party::insert", "party::of_case", "party::cases_by_phone", "party::cases_by_credit_code"],
        run: parties,
    },
    Behaviour {
        name: "papers in the order they came",
        covers: &["paper::insert", "paper::of_case", "paper::find"],
        run: papers,
    },
    Behaviour {
        name: "meetings are appointed and held",
        covers: &["meeting::insert", "meeting::hold", "meeting::clear", "meeting::of_case"],
        run: meetings,
    },
    Behaviour {
        name: "an agreement's items and their performance",
        covers: &["agreement::replace", "agreement::clear", "agreement::perform", "agreement::of_case"],
        run: agreements,
    },
    Behaviour {
        name: "files go from a draft to its case",
        covers: &[
            "attachment::insert",
            "attachment::of_case",
            "attachment::of_draft",
            "attachment::find",
            "attachment::adopt",
            "attachment::remove_from_draft",
            "attachment::names",
        ],
        run: attachments,
    },
    Behaviour { name: "a case has one file", covers: &["volume::insert", "volume::of_case"], run: volumes },
];

fn start(telling: &mut Telling) -> (Tree, i64) {
    telling.act("start", |tx| {
        let tree = tree(tx)?;
        Ok((tree, seed::case(tx, tree, 1, 10)?))
    })
}

fn written(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let full = telling.act("full", move |tx| {
        let mut new = seed::new_case(tree, 2);
        new.overlay = Some("provincial".to_owned());
        new.matter.amount = Some(i64::MAX);
        new.matter.claim = Some(0);
        new.matter.bought_on = Some(date(2024, 2, 29));
        new.matter.knew_on = Some(date(1, 1, 1));
        new.matter.consent_publish = Some(true);
        new.matter.consent_delegate = Some(false);
        "𠮷 'quoted' \"double\" \\ $1 \r\n\t%_".clone_into(&mut new.matter.facts);
        case::insert(tx, &new, "head", NOTHING_DUE)
    });
    let plain = telling.look("plain", move |tx| case::by_id(tx, id)).unwrap();
    assert_eq!((plain.matter.amount, plain.matter.consent_publish, plain.unit_path.clone()), (None, None, None));
    let full = telling.look("full again", move |tx| case::by_id(tx, full)).unwrap();
    assert_eq!((full.matter.amount, full.matter.consent_delegate), (Some(i64::MAX), Some(false)));
    assert_eq!(full.matter.bought_on, Some(date(2024, 2, 29)));
    assert_eq!(full.received_at, minute(2), "to the microsecond");
    assert_eq!(telling.look("by number", |tx| case::by_number(tx, "410105-2026-000002")), Some(full));
    assert_eq!(telling.look("no number", |tx| case::by_number(tx, "410105-2026-9")), None);
    assert_eq!(telling.look("count", case::count_all), 2);
    assert_eq!(telling.look("ids", |tx| case::ids_after(tx, 0, 1)), [id]);
    assert_eq!(telling.look("more ids", move |tx| case::ids_after(tx, id, 10)).len(), 1);
    let code = telling.refused("number taken", move |tx| seed::case(tx, tree, 1, 10));
    assert_eq!(code, "store.conflict");
    let nowhere = Tree { bureau: 4_711, ..tree };
    assert_eq!(telling.refused("no bureau", move |tx| seed::case(tx, nowhere, 3, 10)), "store.reference");
}

fn compare_and_set(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let mut state = telling.look("case", move |tx| case::by_id(tx, id)).unwrap().state;
    let acts = [
        Act::Dispatch { unit: tree.office, reason: String::new() },
        Act::Assign { lead: tree.officer, partner: tree.partner },
        Act::Suspend { cause: "鉴定".to_owned(), reason: "送检".to_owned() },
        Act::RequestExtension { limit: "close_promised".to_owned(), reason: "等报告".to_owned() },
        Act::Urge { words: "？".to_owned() },
        Act::Rate { solved: false, mark: 1, words: String::new() },
        Act::Settle { items: vec![], recovered: -1, paper: true },
        Act::SendBack { opinion: String::new() },
        Act::Terminate { ground: 8, reason: String::new() },
    ];
    for act in acts {
        let before = state.version;
        state.apply(&act);
        let (new, head) = (state.clone(), format!("head {}", act.key()));
        let (stale, stale_head) = (new.clone(), head.clone());
        assert!(telling.act(act.key(), move |tx| case::update_state(tx, id, before, &new, &head)));
        assert!(!telling.act("stale", move |tx| case::update_state(tx, id, before, &stale, &stale_head)));
        let kept = telling.look("kept", move |tx| case::by_id(tx, id)).unwrap();
        assert_eq!(kept.state, state, "{}", act.key());
    }
    for outcome in [None, Some(Outcome::Settled), Some(Outcome::Refused(7)), Some(Outcome::Withdrawn)] {
        let (before, mut new) = (state.version, Case { outcome, ..state.clone() });
        new.version += 1;
        state = new.clone();
        assert!(telling.act("outcome", move |tx| case::update_state(tx, id, before, &new, "head")));
        assert_eq!(telling.look("outcome", move |tx| case::by_id(tx, id)).unwrap().state.outcome, outcome);
        let columns = case::outcome_columns(outcome);
        let kept = telling.look("columns", move |tx| {
            let row = tx.first("SELECT outcome, outcome_ground FROM cases WHERE id = $1", params![id])?.expect("a row");
            Ok((row.opt_text(0)?, row.opt_int(1)?))
        });
        assert_eq!((kept.0.as_deref(), kept.1), columns);
    }
    let state = state.clone();
    let version = telling.look("as it is", move |tx| case::by_id(tx, id)).expect("it exists").state.version;
    let head = |version, hash: &str| Head { number: String::new(), version, event_head: hash.to_owned() };
    let (later, last) = (head(version + 2, "later"), head(version + 3, "last"));
    let due = |telling: &mut Telling| {
        telling.look("due", move |tx| tx.first("SELECT next_due_at FROM cases WHERE id = $1", params![id]))
    };
    let before = due(telling);
    let never = last.clone();
    let one = move |seen: i64, head: Head, next_due_at| Advance { id, seen, head, next_due_at };
    let (good, stale) = (one(version, later, None), one(version, never, Some(7)));
    let elsewhere = Advance { id: 4_711, ..good.clone() };
    assert_eq!(telling.act("advance", move |tx| case::advance(tx, &[&good, &elsewhere])), [id]);
    assert!(telling.act("advance from before", move |tx| case::advance(tx, &[&stale])).is_empty());
    let now = telling.look("advanced", move |tx| case::by_id(tx, id)).expect("it exists");
    assert_eq!((now.state.version, now.event_head.as_str()), (version + 2, "later"));
    assert_eq!(due(telling), before);
    let due_too = one(version + 2, last, Some(7));
    assert_eq!(telling.act("advance and fall due", move |tx| case::advance(tx, &[&due_too])), [id]);
    assert_eq!(due(telling).expect("a row").int(0).expect("a number"), 7);
    assert!(!telling.act("no case", move |tx| case::update_state(tx, 4_711, 1, &state, "head")));
}

fn beside(telling: &mut Telling) {
    let (_, id) = start(telling);
    telling.act("reach", move |tx| {
        case::reach(tx, id, Milestone::Concluded, minute(1))?;
        case::reach(tx, id, Milestone::Told, minute(2))?;
        case::reach(tx, id, Milestone::Archived, minute(3))?;
        case::update_next_due(tx, id, NOTHING_DUE)?;
        case::classify(tx, id, "新事由", "clothing", "quality")
    });
    let kept = telling.look("kept", move |tx| case::by_id(tx, id)).unwrap();
    assert_eq!(
        (kept.concluded_at, kept.told_at, kept.archived_at),
        (Some(minute(1)), Some(minute(2)), Some(minute(3)))
    );
    assert_eq!((kept.matter.title.as_str(), kept.matter.category.as_str()), ("新事由", "clothing"));
    telling.look("due", move |tx| {
        tx.first("SELECT next_due_at FROM cases WHERE id = $1", params![id])?.expect("a row").int(0)
    });
}

fn history(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let row = move |number: i64, kind: &str, actor_id: Option<i64>| EventRow {
        number,
        at: minute(number),
        act: "note".to_owned(),
        actor_kind: kind.to_owned(),
        actor_id,
        actor_name: None,
        basis: "《投诉举报处理办法》第十五条".to_owned(),
        data: r#"{"act":"note","text":"写给同事"}"#.to_owned(),
        hash: format!("{number:064}"),
    };
    telling.act("three", move |tx| {
        let (second, first) = (row(2, "staff", Some(tree.officer)), row(1, "complainant", None));
        event::insert_all(tx, &[(id, &second), (id, &first)])?;
        // A token with the number of an account is nobody's name.
        event::insert(tx, id, &row(3, "program", Some(tree.officer)))
    });
    let code = telling.refused("number taken", move |tx| event::insert(tx, id, &row(2, "system", None)));
    assert_eq!(code, "store.conflict");
    let events = telling.look("history", move |tx| event::of_case(tx, id));
    let told: Vec<_> = events.iter().map(|it| (it.number, it.actor_name.as_deref())).collect();
    assert_eq!(told, [(1, None), (2, Some("张三")), (3, None)]);
    let (first, last) = (events[0].at, events[2].at);
    assert_eq!(telling.look("since", move |tx| event::cases_since(tx, first, 0, 9)), [id]);
    assert!(
        telling
            .look("later", move |tx| event::cases_since(tx, last + minute(1).duration_since(minute(0)), 0, 9))
            .is_empty()
    );
    assert!(telling.look("beyond", move |tx| event::cases_since(tx, first, id, 9)).is_empty());
    assert_eq!(
        telling.refused("no case", move |tx| event::insert(tx, 4_711, &row(1, "system", None))),
        "store.reference"
    );
}

fn deadlines(telling: &mut Telling) {
    let (_, id) = start(telling);
    let first = telling.act("insert", move |tx| {
        deadline::insert(tx, &seed::deadline(id, "mediation", 100))?;
        deadline::insert(tx, &seed::deadline(id, "answer", 50))
    }) - 1;
    telling.act("move", move |tx| {
        let mut row = deadline::of_case(tx, id)?.remove(0);
        row.suspensions = vec![
            Suspension { from: minute(1), until: Some(minute(2)), reason: "送检“一”".to_owned() },
            Suspension { from: minute(3), until: None, reason: String::new() },
        ];
        row.due_at = jiff::Timestamp::from_microsecond(NOTHING_DUE).expect("an instant");
        row.extended_by = 5;
        row.provisional = true;
        row.overdue_noted_at = Some(minute(4));
        deadline::move_to(tx, &row)
    });
    telling.act("move both", move |tx| {
        let rows = deadline::of_case(tx, id)?;
        let moved: Vec<_> = rows.into_iter().map(|row| DeadlineRow { length: row.length + 1, ..row }).collect();
        deadline::move_all(tx, &moved.iter().collect::<Vec<_>>())
    });
    let rows = telling.look("moved", move |tx| deadline::of_case(tx, id));
    assert!(rows[0].is_paused() && rows[0].provisional && !rows[1].is_paused());
    assert_eq!(rows[0].suspensions.len(), 2);
    telling.act("stop", move |tx| deadline::stop(tx, first, minute(9), "settled"));
    telling.act("stop again", move |tx| deadline::stop(tx, first, minute(10), "withdrawn"));
    let rows = telling.look("stopped", move |tx| deadline::of_case(tx, id));
    assert_eq!((rows[0].stopped_at, rows[0].stopped_by.as_deref()), (Some(minute(9)), Some("settled")));
    telling.act("reopen", move |tx| deadline::reopen(tx, first));
    let rows = telling.look("reopened", move |tx| deadline::of_case(tx, id));
    assert_eq!((rows[0].stopped_at, rows[0].stopped_by.clone()), (None, None));
}

fn late(telling: &mut Telling) {
    let (_, id) = start(telling);
    telling.act("insert", move |tx| {
        for (limit, due) in [("b", 20), ("a", 10), ("c", 20), ("d", 20), ("later", 60), ("met", 5), ("noted", 6)] {
            let row = deadline::insert(tx, &seed::deadline(id, limit, due))?;
            match limit {
                "met" => deadline::stop(tx, row, minute(1), "accepted")?,
                "noted" => assert!(deadline::note_overdue(tx, row, minute(7))?),
                _ => {}
            }
        }
        Ok(())
    });
    let keys = |rows: Vec<DeadlineRow>| rows.into_iter().map(|row| row.limit_key).collect::<Vec<_>>();
    let late = telling.look("late", |tx| deadline::newly_overdue(tx, minute(20), 10));
    let row = late[1].id;
    assert_eq!(keys(late), ["a", "b", "c", "d"], "at its end it is late; equal ends in the order of rows");
    assert_eq!(keys(telling.look("two", |tx| deadline::newly_overdue(tx, minute(20), 2))), ["a", "b"]);
    assert!(telling.act("note", move |tx| deadline::note_overdue(tx, row, minute(21))));
    assert!(!telling.act("note again", move |tx| deadline::note_overdue(tx, row, minute(22))));
    assert_eq!(keys(telling.look("left", |tx| deadline::newly_overdue(tx, minute(20), 10))), ["a", "c", "d"]);
    telling.act("met after all", move |tx| deadline::stop(tx, row + 1, minute(23), "accepted"));
    assert!(!telling.act("not of one that stopped", move |tx| deadline::note_overdue(tx, row + 1, minute(24))));
    let running = telling.look("running", |tx| deadline::running_of_cases(tx, 0, 3));
    assert_eq!(running.len(), 3);
    let all = telling.look("all of the case", move |tx| deadline::running_of_cases(tx, id - 1, 10));
    let case = telling.look("its case", move |tx| case::by_id(tx, id)).expect("it exists");
    let head = Head { number: case.number, version: case.state.version, event_head: case.event_head };
    assert!(all.iter().all(|running| running.head == head), "each with where the history of its case stands");
    let all = all.into_iter().map(|running| running.deadline).collect();
    assert_eq!(keys(all), ["b", "c", "d", "later", "noted"], "what runs of one case, in the order it began");
    assert_eq!(telling.look("after it", move |tx| deadline::running_of_cases(tx, id, 10)), []);
}

fn soon(telling: &mut Telling) {
    let (_, id) = start(telling);
    telling.act("insert", move |tx| {
        for (limit, remind, due) in [
            ("b", Some(9), 30),
            ("a", Some(8), 30),
            ("over", Some(5), 10),
            ("later", Some(20), 30),
            ("never", None, 30),
        ] {
            let row = DeadlineRow { remind_at: remind.map(minute), ..seed::deadline(id, limit, due) };
            deadline::insert(tx, &row)?;
        }
        Ok(())
    });
    let keys = |rows: &[DeadlineRow]| rows.iter().map(|row| row.limit_key.clone()).collect::<Vec<_>>();
    let found = telling.look("soon", |tx| deadline::to_be_reminded(tx, minute(10), 10));
    assert_eq!(keys(&found), ["a", "b"], "neither what is over nor what is far");
    let first = found[0].id;
    assert!(telling.act("note", move |tx| deadline::note_reminded(tx, first, minute(10))));
    assert!(!telling.act("note again", move |tx| deadline::note_reminded(tx, first, minute(11))));
    assert_eq!(keys(&telling.look("left", |tx| deadline::to_be_reminded(tx, minute(10), 10))), ["b"]);
    let second = found[1].clone();
    telling
        .act("moved", move |tx| deadline::move_to(tx, &DeadlineRow { remind_at: Some(minute(25)), ..second.clone() }));
    assert!(
        telling
            .look("moved away", |tx| deadline::to_be_reminded(tx, minute(20), 10))
            .iter()
            .all(|row| row.limit_key != "b")
    );
}

fn sights(telling: &mut Telling) {
    let (tree, id) = telling.act("a case", |tx| {
        let tree = tree(tx)?;
        Ok((tree, seed::case(tx, tree, 1, 10)?))
    });
    telling.act("seen by the office, twice", move |tx| {
        store::sight::open(tx, id, tree.office)?;
        store::sight::open(tx, id, tree.office)?;
        case::follow(tx, id, Some("platform"))
    });
    let seen = telling.look("seen", move |tx| store::sight::of_case(tx, id));
    assert_eq!(seen.len(), 1);
    let words = store::search::Selection {
        words: Some(store::search::Words::Number("41".to_owned())),
        ..store::search::Selection::default()
    };
    let scope = [store::search::Scope::Unit(tree.office)];
    let listed = telling.look("found by its number", move |tx| store::search::list(tx, &scope, &words, None, 10));
    assert_eq!(listed.len(), 1, "what one may read, one may find");
    let scope = [store::search::Scope::Unit(tree.office)];
    let all = store::search::Selection::default();
    let listed = telling.look("not in the figures", move |tx| store::search::list(tx, &scope, &all, None, 10));
    assert_eq!(listed, [], "figures hold what one has");
    let overlay = telling.look("the overlay", move |tx| Ok(case::by_id(tx, id)?.expect("there").overlay));
    assert_eq!(overlay.as_deref(), Some("platform"));
    telling.act("no more", move |tx| store::sight::close(tx, id, tree.office));
    assert_eq!(telling.look("nobody", move |tx| store::sight::of_case(tx, id)), []);
}

fn errands(telling: &mut Telling) {
    let (_, id) = start(telling);
    telling.act("open", move |tx| {
        errand::open(tx, id, "extension", "dispatch:2", minute(3))?;
        errand::open(tx, id, "recusal", "approval:5", minute(1))?;
        errand::open(tx, id, "other", "dispatch:9", minute(2))
    });
    let desks = vec!["dispatch:2".to_owned(), "approval:5".to_owned()];
    let asked = desks.clone();
    let found = telling.look("two desks", move |tx| errand::on_desks(tx, &asked, 10));
    let kinds: Vec<&str> = found.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["recusal", "extension"], "the oldest first");
    assert_eq!(telling.look("no desk", |tx| errand::on_desks(tx, &[], 10)), []);
    assert_eq!(telling.look("of the case", move |tx| errand::of_case(tx, id)).len(), 3);
    assert!(telling.act("close", move |tx| errand::close(tx, id, "recusal", "approval:5", minute(4))));
    assert!(!telling.act("close again", move |tx| errand::close(tx, id, "recusal", "approval:5", minute(5))));
    assert_eq!(telling.look("left", move |tx| errand::on_desks(tx, &desks, 10)).len(), 1);
}

fn links(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let other = telling.act("another", move |tx| seed::case(tx, tree, 2, 30));
    telling.act("link", move |tx| case_link::insert(tx, id, other, "merged", minute(1)));
    let here = telling.look("from here", move |tx| case_link::of_case(tx, id));
    let there = telling.look("from there", move |tx| case_link::of_case(tx, other));
    assert_eq!((here[0].outgoing, here[0].other_id, there[0].outgoing, there[0].other_id), (true, other, false, id));
    assert!(!telling.act("another kind", move |tx| case_link::undo(tx, other, id, "related", minute(2))));
    assert!(telling.act("undo", move |tx| case_link::undo(tx, other, id, "merged", minute(2))));
    assert!(!telling.act("undo again", move |tx| case_link::undo(tx, id, other, "merged", minute(3))));
    assert_eq!(telling.look("gone", move |tx| case_link::of_case(tx, id)), []);
}

fn parties(telling: &mut Telling) {
    let (tree, id) = start(telling);
    telling.act("insert", move |tx| {
        let consumer = Party {
            role: "complainant".to_owned(),
            name: "陈晓梅".to_owned(),
            phone: "13800001234".to_owned(),
            notify_by: "sms".to_owned(),
            ..Party::default()
        };
        let shop = Party {
            role: "respondent".to_owned(),
            name: "好又来超市".to_owned(),
            phone: "13800001234".to_owned(),
            credit_code: "91410105MA00000000".to_owned(),
            ..Party::default()
        };
        party::insert(tx, id, &consumer)?;
        party::insert(tx, id, &shop)?;
        for serial in 2..=4 {
            let other = seed::case(tx, tree, serial, 10)?;
            party::insert(tx, other, &consumer)?;
            party::insert(tx, other, &shop)?;
        }
        Ok(())
    });
    let parties = telling.look("parties", move |tx| party::of_case(tx, id));
    assert_eq!(parties.iter().map(|it| it.role.as_str()).collect::<Vec<_>>(), ["complainant", "respondent"]);
    let earlier = telling.look("by phone", |tx| party::cases_by_phone(tx, "13800001234", 3));
    let numbers: Vec<_> = earlier.iter().map(|it| it.number.as_str()).collect();
    assert_eq!(numbers, ["410105-2026-000004", "410105-2026-000003", "410105-2026-000002"], "hers, not the shop's");
    assert_eq!(telling.look("by code", |tx| party::cases_by_credit_code(tx, "91410105MA00000000", 9)).len(), 4);
    assert_eq!(telling.look("nobody", |tx| party::cases_by_phone(tx, "", 9)), []);
}

fn papers(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let row = |kind: &str, attachment_id: Option<i64>, made_by: Option<i64>| PaperRow {
        id: 0,
        event_number: 1,
        kind: kind.to_owned(),
        title: "投诉登记表".to_owned(),
        number: "金水市监投受〔2026〕第1号".to_owned(),
        body: r#"{"letter":{}}"#.to_owned(),
        attachment_id,
        made_at: minute(1),
        made_by,
    };
    let (paper_id, other) = telling.act("insert", move |tx| {
        let other = seed::case(tx, tree, 2, 10)?;
        let first = paper::insert(tx, id, &row("registration_form", None, Some(tree.officer)))?;
        paper::insert(tx, id, &row("evidence", None, None))?;
        Ok((first, other))
    });
    assert_eq!(telling.look("papers", move |tx| paper::of_case(tx, id)).len(), 2);
    assert!(telling.look("one", move |tx| paper::find(tx, id, paper_id)).is_some());
    assert_eq!(telling.look("another's", move |tx| paper::find(tx, other, paper_id)), None);
    let code = telling.refused("no such file", move |tx| paper::insert(tx, id, &row("evidence", Some(4_711), None)));
    assert_eq!(code, "store.reference");
}

fn meetings(telling: &mut Telling) {
    let (_, id) = start(telling);
    telling.act("appoint", move |tx| {
        meeting::insert(tx, id, 1, minute(100), "调解室", "onsite")?;
        meeting::insert(tx, id, 2, minute(50), "", "phone")
    });
    assert_eq!(telling.act("hold", move |tx| meeting::hold(tx, id, minute(60))), 2);
    assert_eq!(telling.act("nothing to hold", move |tx| meeting::hold(tx, id, minute(61))), 0);
    let all = telling.look("meetings", move |tx| meeting::of_case(tx, id));
    assert!(all.iter().all(|it| it.held_at == Some(minute(60))));
    telling.act("appoint another", move |tx| meeting::insert(tx, id, 3, minute(200), "调解室", "onsite"));
    assert_eq!(telling.act("clear", move |tx| meeting::clear(tx, id)), 1);
    assert_eq!(telling.look("what was held stays", move |tx| meeting::of_case(tx, id)), all);
}

fn agreements(telling: &mut Telling) {
    let (_, id) = start(telling);
    let item = |text: &str, due| AgreementItem { text: text.to_owned(), amount: 100, due };
    telling.act("replace", move |tx| agreement::replace(tx, id, &[item("退货", None), item("退款", None)]));
    telling.act("again", move |tx| {
        agreement::replace(tx, id, &[item("换货", Some(date(2026, 7, 1))), item("道歉", None), item("赔偿", None)])
    });
    assert!(telling.act("perform", move |tx| agreement::perform(tx, id, 2, true, minute(1))));
    assert!(telling.act("not performed", move |tx| agreement::perform(tx, id, 3, false, minute(1))));
    assert!(!telling.act("no such item", move |tx| agreement::perform(tx, id, 4, true, minute(1))));
    let items = telling.look("items", move |tx| agreement::of_case(tx, id));
    assert_eq!(items.iter().map(|it| it.performed).collect::<Vec<_>>(), [None, Some(true), Some(false)]);
    assert_eq!(items[0].item, item("换货", Some(date(2026, 7, 1))));
    telling.act("clear", move |tx| agreement::clear(tx, id));
    assert_eq!(telling.look("none", move |tx| agreement::of_case(tx, id)), []);
}

fn attachments(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let row = |draft: &str, name: &str| AttachmentRow {
        id: 0,
        case_id: None,
        draft_hash: Some(draft.to_owned()),
        name: name.to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 20 * 1024 * 1024 * 1024,
        sha256: "ab".repeat(32),
        added_by: "complainant".to_owned(),
        added_at: minute(1),
    };
    let (first, other) = telling.act("insert", move |tx| {
        let first = attachment::insert(tx, &row("draft", "小票.jpg"))?;
        attachment::insert(tx, &row("draft", "门头.jpg"))?;
        attachment::insert(tx, &row("another", "别人的.jpg"))?;
        Ok((first, seed::case(tx, tree, 2, 10)?))
    });
    assert_eq!(telling.act("of another draft", move |tx| attachment::remove_from_draft(tx, "another", first)), 0);
    assert_eq!(telling.act("remove", move |tx| attachment::remove_from_draft(tx, "draft", first)), 1);
    assert_eq!(telling.look("draft", |tx| attachment::of_draft(tx, "draft")).len(), 1);
    assert_eq!(telling.act("adopt", move |tx| attachment::adopt(tx, "draft", id)), 1);
    assert_eq!(telling.act("adopt again", move |tx| attachment::adopt(tx, "draft", other)), 0);
    let mine = telling.look("of case", move |tx| attachment::of_case(tx, id));
    let file = mine[0].id;
    assert_eq!((mine.len(), mine[0].case_id, mine[0].draft_hash.clone()), (1, Some(id), None));
    assert!(telling.look("find", move |tx| attachment::find(tx, id, file)).is_some());
    assert_eq!(telling.look("another's", move |tx| attachment::find(tx, other, file)), None);
    let hash = mine[0].sha256.clone();
    assert!(telling.look("named", move |tx| attachment::names(tx, &hash)));
    assert!(!telling.look("not named", |tx| attachment::names(tx, "no such hash")));
    assert_eq!(telling.act("no draft any more", move |tx| attachment::remove_from_draft(tx, "draft", file)), 0);
}

fn volumes(telling: &mut Telling) {
    let (tree, id) = start(telling);
    let row = |number: &str| VolumeRow {
        file_number: number.to_owned(),
        retention: "长期".to_owned(),
        contents: "[]".to_owned(),
        closed_by: None,
        closed_at: minute(1),
    };
    let other = telling.act("insert", move |tx| {
        volume::insert(tx, id, &row("410105-2026-00001"))?;
        seed::case(tx, tree, 2, 10)
    });
    // A case that was taken up again and closed again keeps its place on the shelf.
    let anew = VolumeRow { contents: "[1]".to_owned(), closed_at: minute(9), ..row("410105-2026-00002") };
    telling.act("closed again", move |tx| volume::insert(tx, id, &anew));
    assert_eq!(
        telling.refused("taken", move |tx| volume::insert(tx, other, &row("410105-2026-00001"))),
        "store.conflict"
    );
    let kept = VolumeRow { contents: "[1]".to_owned(), closed_at: minute(9), ..row("410105-2026-00001") };
    assert_eq!(telling.look("file", move |tx| volume::of_case(tx, id)), Some(kept));
    assert_eq!(telling.look("none", move |tx| volume::of_case(tx, other)), None);
}
