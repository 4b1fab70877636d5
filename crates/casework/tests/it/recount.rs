//! Every running date counted again after a notice: an event for each that moves, a list, nothing twice, nothing lost (2.7).

use casework::record::Verdict;
use casework::{Actor, Scene, calendar, recount};
use domain::action::Action;
use domain::status::Status;
use jiff::civil::date;
use store::deadline::DeadlineRow;
use store::params;

use crate::world::{World, hours, on_both};

/// Two working days in the middle of June become holidays.
const NOTICE: &str =
    "year = 2026\nsource = \"放假通知\"\n[[off]]\nname = \"端午节\"\nfrom = \"2026-06-04\"\nuntil = \"2026-06-05\"\n";

fn import(world: &World) -> Vec<recount::Moved> {
    calendar::import(&world.db, &world.house, &Actor::System, NOTICE, hours(40)).expect("the notice is right")
}

fn moves(world: &World, number: &str) -> usize {
    world.events(number).iter().filter(|event| *event == "move_deadline").count()
}

fn running(world: &World, number: &str) -> Vec<DeadlineRow> {
    let mut all = world.deadlines(number);
    all.retain(|row| row.stopped_at.is_none());
    all
}

/// What falls due first, as the queue has it.
fn next_due(world: &World, number: &str) -> i64 {
    let id = world.case(number).id;
    let row = world.look(move |tx| tx.first("SELECT next_due_at FROM cases WHERE id = $1", params![id]));
    row.expect("the case exists").int(0).expect("an instant")
}

/// State and chain hold, every running date is what its derivation says, and the queue knows the first.
fn sound(world: &World, number: &str) {
    assert_eq!(world.verdict(number), Verdict::Sound);
    let actor = Actor::System;
    let scene = Scene { house: &world.house, now: hours(40), actor: &actor };
    for row in running(world, number).iter().filter(|row| !row.is_paused()) {
        let due = casework::clocks::derivation(scene, row).expect("every clock can be derived");
        assert_eq!((row.due_day, row.due_at), (due.day, due.at), "{number} {}", row.limit_key);
    }
    assert_eq!(next_due(world, number), casework::clocks::next_due(&world.deadlines(number)), "{number}");
}

#[test]
fn a_notice_moves_each_running_date_once_with_an_event_and_a_line_in_the_list() {
    on_both("recount", |world| {
        let numbers: Vec<String> =
            [Status::Registered, Status::Mediating, Status::Told].map(|status| world.case_in(status)).to_vec();
        let before: Vec<Vec<DeadlineRow>> = numbers.iter().map(|number| running(world, number)).collect();
        assert_eq!(world.deadline(&numbers[0], "acceptance").due_day, date(2026, 6, 10));
        let list = import(world);
        assert_eq!(world.deadline(&numbers[0], "acceptance").due_day, date(2026, 6, 12));
        for (number, before) in numbers.iter().zip(before) {
            let after = running(world, number);
            let moved = before.iter().zip(&after).filter(|(before, after)| before.due_day != after.due_day).count();
            let told = list.iter().filter(|moved| moved.case_number == *number).count();
            assert_eq!((told, moves(world, number)), (moved, moved), "{number}");
            sound(world, number);
        }
        assert!(list.iter().any(|moved| moved.from == date(2026, 6, 10) && moved.to == date(2026, 6, 12)));
        assert_eq!(import(world), [], "what is right is left alone");
        assert_eq!(list.len(), numbers.iter().map(|number| moves(world, number)).sum::<usize>());
    });
}

#[test]
fn what_stands_still_is_left_until_it_runs_again() {
    on_both("recount in a pause", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", hours(30), &number, Action::Suspend);
        let paused = |world: &World| world.deadlines(&number).into_iter().filter(DeadlineRow::is_paused).collect();
        let before: Vec<DeadlineRow> = paused(world);
        assert!(!before.is_empty());
        import(world);
        assert_eq!(paused(world), before);
        sound(world, &number);
        world.does("officer1", hours(41), &number, Action::Resume);
        sound(world, &number);
    });
}

#[test]
fn a_recount_that_was_broken_off_is_finished_by_the_next() {
    on_both("recount broken off", |world| {
        let numbers: Vec<String> = (0..5).map(|_| world.registered(hours(0)).number).collect();
        let notice = calendar::read(NOTICE).expect("the notice is right");
        world.look(move |tx| store::calendar::put(tx, notice.year, NOTICE, &notice.source, hours(40)));
        calendar::refresh(&world.db, &world.house).expect("the calendar reads");
        // The first batch is on disk, then the power fails.
        let done = world
            .act(&Actor::System, hours(40), |tx, scene| {
                let batch = recount::count(tx, scene, "放假通知", 0, 4)?;
                assert!(batch.last.is_some());
                recount::write(tx, scene, "放假通知", &batch)
            })
            .expect("a batch is written");
        let rest = import(world);
        assert!(!done.is_empty() && !rest.is_empty());
        let each = moves(world, &numbers[4]);
        assert_eq!(done.len() + rest.len(), numbers.len() * each);
        for number in &numbers {
            assert_eq!(moves(world, number), each, "each date moved once");
            sound(world, number);
        }
    });
}

#[test]
fn what_a_server_filed_before_it_saw_a_notice_is_counted_again() {
    on_both("recount follows", |world| {
        let notice = calendar::read(NOTICE).expect("the notice is right");
        world.look(move |tx| store::calendar::put(tx, notice.year, NOTICE, &notice.source, hours(40)));
        let number = world.registered(hours(0)).number;
        assert_eq!(world.deadline(&number, "acceptance").due_day, date(2026, 6, 10), "counted without the notice");
        let follow =
            |seen: &[String]| calendar::follow(&world.db, &world.house, seen, hours(41)).expect("the calendar reads");
        let seen = follow(&[]);
        assert_eq!(seen, ["放假通知"]);
        assert_eq!(moves(world, &number), 0, "whoever imported it counts first");
        assert_eq!(follow(&seen), Vec::<String>::new());
        assert_eq!(world.deadline(&number, "acceptance").due_day, date(2026, 6, 12));
        sound(world, &number);
    });
}

#[test]
fn an_act_between_counting_and_writing_is_not_lost() {
    on_both("recount meets an act", |world| {
        let (acted, met) = (world.registered(hours(0)).number, world.case_in(Status::Registered));
        let notice = calendar::read(NOTICE).expect("the notice is right");
        world.look(move |tx| store::calendar::put(tx, notice.year, NOTICE, &notice.source, hours(40)));
        calendar::refresh(&world.db, &world.house).expect("the calendar reads");
        let house = world.house.clone();
        let batch = world.db.read(move |tx| {
            let scene = Scene { house: &house, now: hours(40), actor: &Actor::System };
            recount::count(tx, scene, "放假通知", 0, 1_000)
        });
        let batch = batch.unwrap_or_else(|error| panic!("{error:?}"));
        world.does("dispatcher", hours(39), &acted, Action::Note);
        world.does("dispatcher", hours(39), &met, Action::Accept);
        let batch = std::sync::Arc::new(batch);
        let list = world
            .act(&Actor::System, hours(40), move |tx, scene| recount::write(tx, scene, "放假通知", &batch))
            .expect("a batch is written");
        assert_eq!(world.events(&acted).iter().filter(|event| *event == "note").count(), 1);
        assert!(world.deadline(&met, "acceptance").stopped_at.is_some(), "what was met meanwhile is not moved");
        for number in [&acted, &met] {
            sound(world, number);
            assert_eq!(list.iter().filter(|moved| moved.case_number == *number).count(), moves(world, number));
        }
        assert_eq!(import(world), []);
    });
}
