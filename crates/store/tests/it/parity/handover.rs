//! 交接: what lies in a person's hands, and the record of who took it.

use domain::action::Action;
use domain::handover::Thing;
use domain::role::Role;
use domain::status::Status;
use store::visit::NewVisit;
use store::{account, draft, errand, handover, meeting, params, visit};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of it.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour { name: "what lies in a person's hands", covers: &["handover::cases_of"], run: held },
    Behaviour {
        name: "a hand-over is kept until all have signed",
        covers: &[
            "handover::insert",
            "handover::find",
            "handover::open_of",
            "handover::under",
            "handover::of_person",
            "handover::waiting",
            "handover::add",
            "handover::items",
            "handover::take",
            "handover::sign",
            "handover::close",
        ],
        run: kept,
    },
    Behaviour {
        name: "drafts and visits change hands",
        covers: &["draft::give", "visit::of_visitor", "visit::give", "account::of_bureau"],
        run: given,
    },
];

fn held(telling: &mut Telling) {
    let officer = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let mut ids = Vec::new();
        for (serial, due) in [(1, 30), (2, 20), (3, 10), (4, 5)] {
            ids.push(seed::case(tx, tree, serial, due)?);
        }
        tx.execute("UPDATE cases SET lead_id = $1 WHERE id = $2", params![tree.officer, ids[0]])?;
        let both = "UPDATE cases SET lead_id = $1, partner_id = $2 WHERE id = $3";
        tx.execute(both, params![tree.partner, tree.officer, ids[1]])?;
        // Ended: in nobody's hands, unless something waits on her desk.
        let ended = "UPDATE cases SET lead_id = $1, status = 'told', open = 0 WHERE id = $2";
        tx.execute(ended, params![tree.officer, ids[2]])?;
        tx.execute(ended, params![tree.officer, ids[3]])?;
        errand::open(tx, ids[3], Action::Rectify.key(), &format!("officer:{}", tree.officer), minute(1))?;
        meeting::insert(tx, ids[0], 1, minute(50), "调解室", "onsite")?;
        Ok(tree.officer)
    });
    let found = telling.look("held", move |tx| handover::cases_of(tx, officer));
    let seen: Vec<_> = found.iter().map(|case| (case.number.as_str(), case.leads, case.status)).collect();
    assert_eq!(
        seen,
        [
            ("410105-2026-000004", true, Status::Told),
            ("410105-2026-000002", false, Status::Registered),
            ("410105-2026-000001", true, Status::Registered),
        ]
    );
    assert_eq!(found[2].meeting_at, Some(minute(50)));
}

fn kept(telling: &mut Telling) {
    let (tree, case) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        Ok((tree, seed::case(tx, tree, 1, 10)?))
    });
    let (officer, partner) = (tree.officer, tree.partner);
    let id = telling.act("begin", move |tx| handover::insert(tx, officer, "调往市局", Some(partner), minute(1)));
    assert_eq!(telling.look("open", move |tx| handover::open_of(tx, officer)).map(|row| row.id), Some(id));
    telling.act("add", move |tx| {
        handover::add(tx, id, (Thing::Lead, Some(case), 1), partner, Some(officer), minute(2))?;
        handover::add(tx, id, (Thing::Draft, None, 3), partner, Some(officer), minute(3))
    });
    let items = telling.look("items", move |tx| handover::items(tx, id));
    assert_eq!(
        items.iter().map(|item| (item.what, item.count)).collect::<Vec<_>>(),
        [(Thing::Lead, 1), (Thing::Draft, 3)]
    );
    for person in [officer, partner] {
        assert_eq!(telling.look("waits for her", move |tx| handover::waiting(tx, person)).len(), 1);
        assert_eq!(telling.look("hers", move |tx| handover::of_person(tx, person, 10)).len(), 1);
    }
    let reach = telling.look("reach", move |tx| store::organization::find(tx, tree.bureau)).expect("the bureau").path;
    assert_eq!(telling.look("under", move |tx| handover::under(tx, &reach, 10)).len(), 1);
    assert_eq!(telling.act("take", move |tx| handover::take(tx, id, partner, minute(4))), 2);
    assert_eq!(telling.act("take again", move |tx| handover::take(tx, id, partner, minute(5))), 0);
    assert!(telling.act("sign", move |tx| handover::sign(tx, id, officer, minute(6))));
    assert!(!telling.act("sign again", move |tx| handover::sign(tx, id, partner, minute(7))));
    assert!(telling.act("close", move |tx| handover::close(tx, id, minute(8))));
    assert!(!telling.act("close again", move |tx| handover::close(tx, id, minute(9))));
    for person in [officer, partner] {
        assert!(telling.look("nothing waits", move |tx| handover::waiting(tx, person)).is_empty());
    }
    let row = telling.look("kept", move |tx| handover::find(tx, id)).expect("it is kept");
    assert_eq!((row.signed_by, row.closed_at), (Some(officer), Some(minute(8))));
    assert!(telling.look("none open", move |tx| handover::open_of(tx, officer)).is_none());
    // Only one is open at a time.
    telling.act("another", move |tx| handover::insert(tx, officer, "再次调动", None, minute(10)));
    telling.refused("a second", move |tx| handover::insert(tx, officer, "同时", None, minute(11)));
}

fn given(telling: &mut Telling) {
    let (tree, case) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        account::grant(tx, tree.officer, Role::Officer, tree.office)?;
        account::grant(tx, tree.officer, Role::IntakeAgent, tree.centre)?;
        Ok((tree, seed::case(tx, tree, 1, 10)?))
    });
    let (officer, partner) = (tree.officer, tree.partner);
    let people = telling.look("of the bureau", move |tx| account::of_bureau(tx, tree.bureau));
    assert_eq!(people.iter().map(|person| person.id).collect::<Vec<_>>(), [officer], "once, and nobody without a role");
    telling.act("drafts", move |tx| {
        draft::put(tx, "one", "account:1", "{}", minute(1))?;
        draft::put(tx, "two", "public", "{}", minute(1))
    });
    assert_eq!(telling.act("give drafts", |tx| draft::give(tx, "account:1", "account:2")), 1);
    assert_eq!(telling.look("hers now", |tx| draft::of_owner(tx, "account:2")).len(), 1);
    let new = NewVisit {
        case_id: case,
        bureau_id: tree.bureau,
        visitor_id: officer,
        weight: 1,
        reasons: String::new(),
        seed: 7,
    };
    let id = telling.act("a visit", move |tx| visit::insert(tx, &new, minute(2)));
    assert_eq!(telling.look("hers", move |tx| visit::of_visitor(tx, officer)).len(), 1);
    telling.act("given", move |tx| visit::give(tx, id, partner));
    assert!(telling.look("no more", move |tx| visit::of_visitor(tx, officer)).is_empty());
    assert_eq!(telling.look("theirs", move |tx| visit::of_visitor(tx, partner)).len(), 1);
}
