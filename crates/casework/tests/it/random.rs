//! Random lawful and unlawful acts by everybody: whatever they try, the events add up to the state, the chain holds, the
//! clocks follow the state, and a refusal leaves nothing (issue row 10).

use std::collections::BTreeSet;

use casework::actor::Actor;
use casework::record::{Verdict, verify};
use casework::{ActError, Scene, clocks};
use domain::action::Action;
use domain::case::Desk;
use domain::procedure::{allowed, step_of};
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::case::CaseRow;
use store::{Dialect, Tx};

use crate::performing::{Named, perform, statuses};
use crate::world::{World, hours, on_both};

/// The rules are the same on both engines; the server, which answers over a socket, gets a part of the cases.
const CASES: [(Dialect, u64); 2] = [(Dialect::Sqlite, 200), (Dialect::Postgres, 40)];
const ACTS: usize = 40;

/// A small generator, so that a failure can be run again from its seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Acts that lead on come up more often, so that the sequences reach every status.
const LEADING: &[(&str, Action)] = &[
    ("agent", Action::Register),
    ("dispatcher", Action::Accept),
    ("dispatcher", Action::Dispatch),
    ("leader", Action::Assign),
    ("officer1", Action::Notify),
    ("officer1", Action::RecordMeeting),
    ("officer1", Action::Settle),
    ("leader", Action::Approve),
    ("officer1", Action::Tell),
    ("officer1", Action::Archive),
];

const ANYBODY: &[&str] = &[
    "agent",
    "shift",
    "dispatcher",
    "director",
    "leader",
    "officer1",
    "officer2",
    "officer3",
    "archivist",
    "auditor",
    "administrator",
    "next_leader",
    "other_dispatcher",
    "other_leader",
    "city_dispatcher",
    "consumer",
    "consumer",
    "consumer",
    "system",
];

#[test]
fn whatever_people_try_the_history_adds_up() {
    on_both("random acts", |world| {
        let mut reached = BTreeSet::new();
        let (mut done, mut refused) = (0, 0);
        let cases = CASES.into_iter().find(|(dialect, _)| *dialect == world.db.dialect()).expect("one of two").1;
        for seed in 0..cases {
            let registered = seed % 3 != 0;
            // Every sixth is a question: the same hands, another course.
            let number = match (seed % 6 == 5, registered) {
                (true, _) => crate::kinds::question(world, hours(0)),
                (false, true) => world.registered(hours(0)),
                (false, false) => world.filed(hours(0)),
            }
            .number;
            let story = tell(world, &number, seed);
            reached.extend(story.reached);
            done += story.done;
            refused += story.refused;
        }
        let few = cases as usize * ACTS / 10;
        assert!(done > few && refused > few, "{done} done, {refused} refused: both are to be tried");
        // The few on PostgreSQL need not come everywhere.
        let everywhere = world.db.dialect() == Dialect::Postgres || reached.len() == statuses().count();
        assert!(everywhere, "every status is to be reached: {reached:?}");
    });
}

struct Story {
    reached: BTreeSet<Status>,
    done: usize,
    refused: usize,
}

/// One case's random life, in one transaction; every step is checked.
fn tell(world: &World, number: &str, seed: u64) -> Story {
    let (house, named, number) = (world.house.clone(), Named::of(world), number.to_owned());
    let people: Vec<(String, Actor)> = {
        let staff = world.people.keys().map(|name| ((*name).to_owned(), world.staff(name)));
        let consumer = Actor::Complainant { case_id: world.case(&number).id };
        staff.chain([("consumer".to_owned(), consumer), ("system".to_owned(), Actor::System)]).collect()
    };
    world
        .db
        .act(move |tx| {
            let mut dice = Dice(seed);
            let mut now = hours(1);
            let mut story = Story { reached: BTreeSet::new(), done: 0, refused: 0 };
            for step in 0..ACTS {
                let before = store::case::by_number(tx, &number)?.expect("the case");
                story.reached.insert(before.state.status);
                let (who, action) = choose(&mut dice, &people, &before);
                let actor = &people.iter().find(|(name, _)| *name == who).expect("somebody").1;
                now += SignedDuration::from_mins(dice.below(4_000) as i64);
                let scene = Scene { house: &house, now, actor };
                let seen = match dice.below(4) {
                    0 => None,
                    1 => Some(before.state.version - 1),
                    _ => Some(before.state.version),
                };
                let tried = tx.attempt(|tx| perform(tx, scene, &number, seen, action, &named));
                let told = format!("seed {seed}, step {step}: {who} {action:?} on {:?}", before.state.status);
                match &tried {
                    Ok(_) => story.done += 1,
                    Err(error) => {
                        story.refused += 1;
                        assert!(lawful_refusal(error), "{told}: {error:?}");
                    }
                }
                let after = store::case::by_number(tx, &number)?.expect("the case");
                match tried {
                    Err(_) => assert_eq!(after, before, "{told}: a refusal leaves nothing"),
                    // A repeat of the same act from the same page is done already.
                    Ok(_) if after == before => assert!(seen != Some(before.state.version), "{told}: nothing happened"),
                    // The second return is followed by the program's own supervision (5.2).
                    Ok(_) if action == Action::Return && after.state.returns == 2 => {
                        let by_itself = i64::from(before.state.turns.dispatching.supervision.is_none());
                        assert_eq!(after.state.version, before.state.version + 1 + by_itself, "{told}");
                    }
                    Ok(_) => assert_eq!(after.state.version, before.state.version + 1, "{told}: one act, one event"),
                }
                sound(tx, scene, &after, &told)?;
            }
            Ok::<_, ActError>(story)
        })
        .unwrap_or_else(|error| panic!("seed {seed}: {error:?}"))
}

/// A third leads on, a third is some act that is offered to somebody, a third is anything by anybody.
fn choose(dice: &mut Dice, people: &[(String, Actor)], case: &CaseRow) -> (String, Action) {
    let status = case.state.status;
    match dice.below(3) {
        0 => {
            let leading = LEADING.iter().find(|(_, action)| step_of(*action).from.contains(&status));
            leading.map_or(("consumer".to_owned(), Action::Rate), |(who, action)| ((*who).to_owned(), *action))
        }
        1 => {
            let offered = |(name, actor): &(String, Actor)| {
                let offers = allowed(case.state.kind, status, &actor.standing(case));
                offers.iter().map(|step| (name.clone(), step.action)).collect::<Vec<_>>()
            };
            let offers: Vec<_> = people.iter().flat_map(offered).collect();
            dice.one(&offers).clone()
        }
        _ => ((*dice.one(ANYBODY)).to_owned(), *dice.one(Action::ALL)),
    }
}

/// A refusal is one of the answers that people are meant to get.
fn lawful_refusal(error: &ActError) -> bool {
    matches!(error, ActError::NotFound | ActError::NotLawful(_) | ActError::Conflict { .. } | ActError::Invalid(_))
}

fn sound(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, told: &str) -> Result<(), ActError> {
    assert_eq!(verify(tx, case.id)?, Verdict::Sound, "{told}");
    let state = &case.state;
    let deadlines = store::deadline::of_case(tx, case.id)?;
    for row in &deadlines {
        assert!(!row.law.is_empty() && !row.article.is_empty(), "{told}: {} has no article", row.limit_key);
        let running = row.stopped_at.is_none();
        // Only the check of a clue goes on after the mediation (O121 art. 27).
        let to_do = state.status.is_open() || (row.limit_key == "clue_check" && state.turns.mediation.clue);
        assert!(!running || to_do, "{told}: {} runs though nothing is to be done", row.limit_key);
        assert!(!row.is_paused() || (running && state.suspended.is_some()), "{told}: {} stands", row.limit_key);
        if !row.is_paused() {
            let due = clocks::derivation(scene, row).expect("every clock can be derived");
            assert_eq!((due.at, due.day), (row.due_at, row.due_day), "{told}: {}", row.limit_key);
        }
    }
    let mut keys: Vec<_> = deadlines.iter().filter(|row| row.stopped_at.is_none()).map(|row| &row.limit_key).collect();
    let running = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), running, "{told}: one limit, one running clock");
    let kept = tx
        .first("SELECT next_due_at, desk, open FROM cases WHERE id = $1", store::params![case.id])?
        .expect("the case");
    assert_eq!(kept.int(0)?, clocks::next_due(&deadlines), "{told}: what falls due first");
    assert_eq!(kept.opt_text(1)?, state.desk().key(), "{told}");
    assert_eq!(kept.bool(2)?, state.status.is_open(), "{told}");
    // Every open case lies on a desk, and an office has officers before it mediates.
    assert!(!state.status.is_open() || state.desk() != Desk::Shelf, "{told}");
    let handled = matches!(state.status, Status::Assigned | Status::Mediating | Status::PendingApproval);
    assert!(!handled || (state.unit.is_some() && state.lead.is_some() && state.partner != state.lead), "{told}");
    assert_eq!(
        state.outcome.is_some(),
        matches!(
            state.status,
            Status::PendingApproval
                | Status::Concluded
                | Status::Told
                | Status::Refused
                | Status::Withdrawn
                | Status::Archived
        ),
        "{told}"
    );
    in_order(tx, case, told)
}

/// Papers and messages belong to events of the case, and nothing is dated before what came before it.
fn in_order(tx: &mut Tx<'_>, case: &CaseRow, told: &str) -> Result<(), ActError> {
    let events = store::event::of_case(tx, case.id)?;
    assert!(events.is_sorted_by_key(|event| event.at), "{told}");
    assert_eq!(events.len() as i64, case.state.version, "{told}");
    let at = |number: i64| -> Option<Timestamp> { events.get(usize::try_from(number).ok()? - 1).map(|event| event.at) };
    for paper in store::paper::of_case(tx, case.id)? {
        assert_eq!(at(paper.event_number), Some(paper.made_at), "{told}: {}", paper.kind);
    }
    for message in store::outbox::of_case(tx, case.id)? {
        assert_eq!(message.event_number.and_then(at), Some(message.created_at), "{told}");
    }
    Ok(())
}
