//! The chain of hashes: nothing in a history can be changed, taken out, put in or swapped unnoticed (catalogue 11.3).

use casework::record::Verdict;
use domain::action::Action;
use domain::status::Status;
use store::params;

use crate::world::{World, hours, on_both};

fn long_history(world: &World) -> (String, i64) {
    let number = world.case_in(Status::Mediating);
    world.does("consumer", hours(20), &number, Action::Urge);
    world.does("officer1", hours(21), &number, Action::AnswerUrge);
    world.does("leader", hours(22), &number, Action::Note);
    let id = world.case(&number).id;
    assert_eq!(world.verdict(&number), Verdict::Sound);
    (number, id)
}

#[test]
fn a_changed_field_is_found() {
    on_both("changed", |world| {
        for change in [
            "at = at + 1",
            "act = 'refuse'",
            "actor_kind = 'system'",
            "actor_id = actor_id + 1",
            "basis = '《别的法》第一条'",
            "data = '{\"act\":\"accept\",\"note\":\"后加的话\"}'",
            "hash = 'ff'",
        ] {
            let (number, id) = long_history(world);
            let sql = format!("UPDATE case_event SET {change} WHERE case_id = $1 AND number = 2");
            world.look(move |tx| tx.execute(&sql, params![id]));
            assert_eq!(world.verdict(&number), Verdict::BrokenChain { number: number.clone(), event: 2 }, "{change}");
        }
    });
}

#[test]
fn a_removed_event_is_found_wherever_it_stood() {
    on_both("removed", |world| {
        let length = 8;
        for (removed, noticed) in [(1, 2), (4, 5), (length, length - 1)] {
            let (number, id) = long_history(world);
            assert_eq!(world.events(&number).len() as i64, length);
            world.look(move |tx| {
                tx.execute("DELETE FROM case_event WHERE case_id = $1 AND number = $2", params![id, removed])
            });
            let verdict = world.verdict(&number);
            assert_eq!(verdict, Verdict::BrokenChain { number: number.clone(), event: noticed }, "{removed}");
        }
        let (number, id) = long_history(world);
        world.look(move |tx| {
            tx.execute("DELETE FROM case_event WHERE case_id = $1 AND number = 4", params![id])?;
            for later in 5..=length {
                tx.execute(
                    "UPDATE case_event SET number = number - 1 WHERE case_id = $1 AND number = $2",
                    params![id, later],
                )?;
            }
            Ok(())
        });
        assert!(matches!(world.verdict(&number), Verdict::BrokenChain { event: 4, .. }), "nor does closing up hide it");
    });
}

#[test]
fn an_inserted_event_is_found() {
    on_both("inserted", |world| {
        let (number, id) = long_history(world);
        world.look(move |tx| {
            let mut last = store::event::of_case(tx, id)?.pop().expect("events");
            last.number += 1;
            store::event::insert(tx, id, &last)
        });
        assert!(matches!(world.verdict(&number), Verdict::BrokenChain { event: 9, .. }));
    });
}

#[test]
fn two_swapped_events_are_found() {
    on_both("swapped", |world| {
        let (number, id) = long_history(world);
        world.look(move |tx| {
            for (from, to) in [(3, 100), (4, 3), (100, 4)] {
                tx.execute(
                    "UPDATE case_event SET number = $1 WHERE case_id = $2 AND number = $3",
                    params![to, id, from],
                )?;
            }
            Ok(())
        });
        assert!(matches!(world.verdict(&number), Verdict::BrokenChain { event: 3, .. }));
    });
}

#[test]
fn an_event_of_another_case_does_not_fit() {
    on_both("another case", |world| {
        let (number, id) = long_history(world);
        let (_, other) = long_history(world);
        world.look(move |tx| {
            let first = store::event::of_case(tx, other)?.remove(0);
            tx.execute(
                "UPDATE case_event SET data = $1, hash = $2, at = $3 WHERE case_id = $4 AND number = 1",
                params![first.data, first.hash, first.at, id],
            )
        });
        assert!(matches!(world.verdict(&number), Verdict::BrokenChain { event: 1, .. }));
    });
}

#[test]
fn a_state_that_no_event_made_is_found() {
    on_both("state", |world| {
        for change in ["status = 'told'", "recovered = 1", "lead_id = partner_id", "urges = 7", "outcome = 'settled'"] {
            let (number, id) = long_history(world);
            let sql = format!("UPDATE cases SET {change} WHERE id = $1");
            world.look(move |tx| tx.execute(&sql, params![id]));
            assert_eq!(world.verdict(&number), Verdict::StateDiffers { number: number.clone() }, "{change}");
        }
    });
}

#[test]
fn no_event_holds_a_name_a_phone_or_an_address() {
    on_both("personal data", |world| {
        let number = world.case_in(Status::Archived);
        let id = world.case(&number).id;
        for event in world.look(move |tx| store::event::of_case(tx, id)) {
            for personal in ["陈晓梅", "13837120001", "花园路1号", "好又来", "chen@example.cn"] {
                assert!(!event.data.contains(personal), "{}: {}", event.act, event.data);
            }
        }
    });
}
