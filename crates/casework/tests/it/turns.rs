//! Where a case leaves the ordinary course: withdrawal, refusal, return, forwarding, termination, what a leader sends back.

use casework::record::Verdict;
use domain::action::Action;
use domain::case::Outcome;
use domain::status::Status;

use crate::world::{World, at, hours, on_both};

#[test]
fn a_withdrawal_ends_the_case_or_leaves_only_the_telling() {
    on_both("withdrawal", |world| {
        for (status, then) in [
            (Status::Filed, Status::Withdrawn),
            (Status::Registered, Status::Withdrawn),
            (Status::Accepted, Status::Withdrawn),
            (Status::Dispatched, Status::Withdrawn),
            // Officers have it: the other side is still to be told (O121 art. 23).
            (Status::Assigned, Status::Concluded),
            (Status::Mediating, Status::Concluded),
        ] {
            let number = world.case_in(status);
            let case = world.does("consumer", hours(20), &number, Action::Withdraw);
            assert_eq!((case.state.status, case.state.outcome), (then, Some(Outcome::Withdrawn)), "{status:?}");
            if then == Status::Concluded {
                assert_eq!(world.running(&number), ["feedback_promised 2026-06-04"], "{status:?}");
                assert_eq!(world.case(&number).concluded_at, Some(hours(20)));
                let told = world.does("officer1", hours(21), &number, Action::Tell);
                assert_eq!(told.state.status, Status::Told);
            }
            assert_eq!(world.running(&number), Vec::<String>::new(), "{status:?}: nothing runs any more");
            assert!(world.messages(&number).iter().any(|it| it.subject == "投诉已撤回"), "{status:?}");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
        for status in [Status::PendingApproval, Status::Concluded, Status::Told, Status::Refused, Status::Archived] {
            let number = world.case_in(status);
            let consumer = crate::world::consumer(&world.case(&number));
            let refused = world.try_to(&consumer, hours(20), &number, Action::Withdraw).expect_err("too late");
            assert_eq!(refused.code(), "act.not_from_here", "{status:?}");
            assert!(refused.to_string().contains(status.label()), "{refused}");
        }
    });
}

#[test]
fn a_refusal_has_ground_reason_remedy_and_paper() {
    on_both("refusal", |world| {
        let number = world.registered(hours(0)).number;
        let dispatcher = world.staff("dispatcher");
        for (ground, reason, code) in
            [(99, "理由", "ground.unknown"), (0, "理由", "ground.unknown"), (1, "  ", "reason.missing")]
        {
            let target = number.clone();
            let refused = world
                .act(&dispatcher, hours(1), move |tx, scene| {
                    casework::acceptance::refuse(tx, scene, &target, None, ground, reason)
                })
                .expect_err("not so");
            assert_eq!(field_codes(&refused), [code]);
        }
        assert_eq!(world.events(&number), ["file"], "a refused act leaves nothing");
        let case = world.does("dispatcher", hours(1), &number, Action::Refuse);
        assert_eq!(case.state.outcome, Some(Outcome::Refused(1)));
        assert_eq!(world.running(&number), Vec::<String>::new());
        let stopped: Vec<_> = world.deadlines(&number).into_iter().filter_map(|row| row.stopped_by).collect();
        assert_eq!(stopped, ["refused", "refused"]);
        let papers = world.papers(&number);
        let paper = papers.last().unwrap();
        assert_eq!((paper.kind.as_str(), paper.number.as_str()), ("refusal_decision", "金水市监投不受〔2026〕第1号"));
        assert!(paper.body.contains("不是为生活消费需要购买"));
        let message = world.messages(&number).pop().unwrap();
        assert_eq!(message.paper_id, Some(paper.id));
        assert!(message.body.contains("诉讼"), "the other ways are named: {}", message.body);
        let archived = world.does("archivist", hours(2), &number, Action::Archive);
        assert_eq!(archived.state.status, Status::Archived);
    });
}

#[test]
fn a_return_gives_the_case_back_to_the_sender_and_to_nobody_else() {
    on_both("return", |world| {
        let number = world.case_in(Status::Dispatched);
        let case = world.does("officer1", hours(20), &number, Action::Return);
        assert_eq!((case.state.status, case.state.unit, case.state.returns), (Status::Accepted, None, 1));
        assert_eq!(case.state.desk().key(), Some(format!("dispatch:{}", world.place("centre"))));
        // The day to send it on does not begin anew by a return; mediation runs on from acceptance.
        assert_eq!(world.running(&number), ["mediation 2026-07-31"]);
        let office = world.try_to(&world.staff("officer1"), hours(21), &number, Action::Note);
        assert_eq!(office.expect_err("it is gone").code(), "case.not_found");
        let again = world.does("dispatcher", hours(30), &number, Action::Dispatch);
        assert_eq!(again.state.status, Status::Dispatched);
        let mut running = world.running(&number);
        running.sort();
        assert_eq!(running, ["close_promised 2026-06-11", "mediation 2026-07-31", "return_promised 2026-06-03"]);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn forwarding_starts_the_acceptance_of_the_bureau_with_the_power() {
    on_both("forward", |world| {
        let number = world.registered(at("2026-06-01T09:00:00+08:00")).number;
        let now = at("2026-06-03T09:00:00+08:00");
        let case = world.does("dispatcher", now, &number, Action::Forward);
        assert_eq!((case.state.bureau, case.state.intake), (world.place("other"), world.place("other_centre")));
        assert_eq!(case.state.status, Status::Registered);
        let clocks: Vec<_> = world
            .deadlines(&number)
            .into_iter()
            .map(|row| format!("{} {} {}", row.limit_key, row.due_day, row.stopped_by.unwrap_or_default()))
            .collect();
        assert_eq!(
            clocks,
            [
                "acceptance 2026-06-10 forwarded",
                "acceptance_promised 2026-06-02 forwarded",
                "acceptance 2026-06-12 ",
                "acceptance_promised 2026-06-04 ",
            ]
        );
        let gone = world.try_to(&world.staff("dispatcher"), now, &number, Action::Accept).expect_err("not theirs now");
        assert_eq!(gone.code(), "act.not_by_you", "the sender may read on, and no more");
        let accepted = world.does("other_dispatcher", now, &number, Action::Accept);
        assert_eq!(accepted.state.status, Status::Accepted);
        let paper = world.papers(&number).pop().unwrap();
        assert_eq!(paper.number, "中原市监投受〔2026〕第1号", "the new bureau's own series");
        let same = world.registered(now).number;
        let other = world.place("bureau");
        let refused = world
            .act(&world.staff("dispatcher"), now, move |tx, scene| {
                casework::dispatch::forward(tx, scene, &same, None, other, "在本局")
            })
            .expect_err("it is there already");
        assert_eq!(field_codes(&refused), ["bureau.same"]);
    });
}

#[test]
fn an_office_of_another_bureau_cannot_be_chosen() {
    on_both("office", |world| {
        let number = world.case_in(Status::Accepted);
        for place in ["other_office", "centre", "bureau", "other"] {
            let (target, unit) = (number.clone(), world.place(place));
            let refused = world
                .act(&world.staff("dispatcher"), hours(20), move |tx, scene| {
                    casework::dispatch::dispatch(tx, scene, &target, None, unit, "")
                })
                .expect_err("not an office of this bureau");
            assert_eq!(field_codes(&refused), ["unit.unknown"], "{place}");
        }
    });
}

#[test]
fn two_different_officers_of_the_office_have_the_case() {
    on_both("officers", |world| {
        let number = world.case_in(Status::Dispatched);
        for (lead, partner, code) in [
            ("officer1", "officer1", "partner.same"),
            ("officer1", "next_officer", "officer.unknown"),
            ("leader", "officer1", "officer.unknown"),
        ] {
            let (target, lead, partner) = (number.clone(), world.account(lead), world.account(partner));
            let refused = world
                .act(&world.staff("leader"), hours(20), move |tx, scene| {
                    casework::assignment::assign(tx, scene, &target, None, lead, partner)
                })
                .expect_err("not these two");
            assert_eq!(field_codes(&refused), [code]);
        }
        world.does("leader", hours(20), &number, Action::Assign);
        let (target, leaves, comes) = (number.clone(), world.account("officer1"), world.account("officer3"));
        let changed = world
            .act(&world.staff("leader"), hours(21), move |tx, scene| {
                casework::assignment::replace(tx, scene, &target, None, leaves, comes, "调往其他单位")
            })
            .expect("officers may change");
        assert_eq!(changed.state.status, Status::Assigned);
        let gone = world.try_to(&world.staff("officer1"), hours(22), &number, Action::Notify);
        assert_eq!(gone.expect_err("no longer hers").code(), "act.not_by_you");
        world.does("officer3", hours(22), &number, Action::Notify);
    });
}

#[test]
fn a_termination_is_the_leaders_decision() {
    on_both("termination", |world| {
        let number = world.case_in(Status::Mediating);
        let before = world.running(&number);
        let proposed = world.does("officer1", hours(30), &number, Action::Terminate);
        assert_eq!(proposed.state.outcome, Some(Outcome::Terminated(1)));
        assert_eq!(world.running(&number), before, "a proposal stops no clock");
        let back = world.does("leader", hours(31), &number, Action::SendBack);
        assert_eq!((back.state.status, back.state.outcome), (Status::Mediating, None));
        assert_eq!(world.running(&number), before);
        world.does("officer1", hours(32), &number, Action::Terminate);
        world.does("leader", at("2026-06-05T09:00:00+08:00"), &number, Action::Approve);
        // The decision is to be told within seven workdays (O121 art. 23), two promised.
        assert_eq!(world.running(&number), ["termination_notice 2026-06-16", "feedback_promised 2026-06-09"]);
        let decisions: Vec<_> =
            world.papers(&number).into_iter().filter(|paper| paper.kind == "termination_decision").collect();
        assert_eq!(decisions.len(), 2, "one for each side");
        assert!(decisions[0].body.contains("陈晓梅") && decisions[1].body.contains("好又来"));
        let told = world.does("officer1", at("2026-06-05T10:00:00+08:00"), &number, Action::Tell);
        assert_eq!(told.state.status, Status::Told);
        let words = world.messages(&number).into_iter().rfind(|it| it.recipient == "complainant").unwrap().body;
        assert!(words.contains("第二十三条第一款第一项") && words.contains("诉讼"), "{words}");
        world.does("officer1", hours(200), &number, Action::Archive);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn what_a_leader_sends_back_runs_on_from_its_old_start() {
    on_both("sent back", |world| {
        let number = world.case_in(Status::Mediating);
        let before = world.deadlines(&number);
        world.does("officer1", hours(30), &number, Action::Settle);
        assert_eq!(world.running(&number), Vec::<String>::new());
        let case = world.does("leader", hours(50), &number, Action::SendBack);
        assert_eq!((case.state.outcome, case.state.recovered), (None, 0));
        assert_eq!(world.deadlines(&number), before, "every clock as if nothing had been settled");
        let items = world.look(move |tx| store::agreement::of_case(tx, case.id));
        assert_eq!(items, []);
        // Proposed before anybody was notified: back to where it was proposed.
        let early = world.case_in(Status::Assigned);
        world.does("officer1", hours(30), &early, Action::Terminate);
        assert_eq!(world.does("leader", hours(31), &early, Action::SendBack).state.status, Status::Assigned);
    });
}

#[test]
fn a_file_that_lacks_a_paper_stays_open_and_says_which() {
    on_both("archive", |world| {
        let number = world.case_in(Status::Told);
        let id = world.case(&number).id;
        world.look(move |tx| {
            tx.execute("UPDATE outbox SET paper_id = NULL WHERE case_id = $1", store::params![id])?;
            tx.execute("DELETE FROM paper_number", &[])?;
            tx.execute("DELETE FROM paper WHERE case_id = $1 AND kind = 'mediation_agreement'", store::params![id])
        });
        let refused = world.try_to(&world.staff("officer1"), hours(30), &number, Action::Archive).expect_err("a gap");
        assert_eq!(field_codes(&refused), ["papers.missing"]);
        assert!(refused.to_string().contains("调解书"), "{refused}");
        let whole = world.case_in(Status::Told);
        world.does("officer1", hours(31), &whole, Action::Archive);
        let volume = world.look(|tx| tx.first("SELECT COUNT(*), MAX(file_number) FROM case_volume", &[])).unwrap();
        let volume = (volume.int(0).unwrap(), volume.text(1).unwrap());
        assert_eq!(volume, (1, "410105-2026-00001".to_owned()), "a refused archive takes no number");
    });
}

#[test]
fn the_consumer_urges_and_hears_within_a_day() {
    on_both("urge", |world| {
        let number = world.case_in(Status::Mediating);
        let case = world.does("consumer", at("2026-06-03T09:00:00+08:00"), &number, Action::Urge);
        assert!(case.state.urge_open && case.state.urges == 1);
        assert_eq!(world.deadline(&number, "urge_news").due_day, jiff::civil::date(2026, 6, 4));
        assert_eq!(world.deadline(&number, "urge_done").due_day, jiff::civil::date(2026, 6, 12));
        let again = world.try_to(&crate::world::consumer(&case), hours(60), &number, Action::Urge);
        assert_eq!(field_codes(&again.expect_err("one at a time")), ["urge.open"]);
        let answered = world.does("dispatcher", at("2026-06-03T10:00:00+08:00"), &number, Action::AnswerUrge);
        assert!(!answered.state.urge_open);
        assert_eq!(world.deadline(&number, "urge_news").stopped_by.as_deref(), Some("urge_answered"));
        assert_eq!(world.deadline(&number, "urge_done").stopped_by, None, "it is still to be done within seven days");
        let nothing = world.try_to(&world.staff("dispatcher"), hours(61), &number, Action::AnswerUrge);
        assert_eq!(field_codes(&nothing.expect_err("nobody asks")), ["urge.none"]);
        world.does("consumer", hours(70), &number, Action::Urge);
        assert_eq!(world.case(&number).state.urges, 2);
    });
}

#[test]
fn more_evidence_is_filed_with_the_case() {
    on_both("evidence", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("consumer", hours(30), &number, Action::AddEvidence);
        let paper = world.papers(&number).pop().unwrap();
        assert_eq!((paper.kind.as_str(), paper.title.as_str()), ("evidence", "小票.jpg"));
        assert!(paper.attachment_id.is_some());
        let none = number.clone();
        let refused = world
            .act(&crate::world::consumer(&world.case(&number)), hours(31), move |tx, scene| {
                casework::consumer::add_evidence(tx, scene, &none, None, "empty", "")
            })
            .expect_err("nothing was uploaded");
        assert_eq!(field_codes(&refused), ["files.missing"]);
    });
}

/// The codes of the faults in what was typed.
pub fn field_codes(error: &casework::ActError) -> Vec<String> {
    match error {
        casework::ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => panic!("not about what was typed: {other:?}"),
    }
}

#[test]
fn what_is_typed_is_checked_before_anything_is_written() {
    on_both("typed", |world| {
        let number = world.case_in(Status::Mediating);
        let before = world.events(&number).len();
        let officer = world.staff("officer1");
        let appointment = |place: &str, mode: &str, hour: i64| casework::mediation::Appointment {
            at: hours(hour),
            place: place.to_owned(),
            mode: mode.to_owned(),
        };
        for (wrong, code) in [
            (appointment(" ", "onsite", 90), "place.missing"),
            (appointment("所里", "letter", 90), "mode.unknown"),
            (appointment("所里", "phone", 40), "at.past"),
        ] {
            let target = number.clone();
            let refused = world
                .act(&officer, hours(40), move |tx, scene| {
                    casework::mediation::arrange(tx, scene, &target, None, &wrong)
                })
                .expect_err("not so");
            assert_eq!(field_codes(&refused), [code]);
        }
        let target = number.clone();
        let nothing = world.act(&officer, hours(40), move |tx, scene| {
            casework::mediation::settle(tx, scene, &target, None, vec![], domain::money::Money::from_fen(0), true)
        });
        assert_eq!(field_codes(&nothing.expect_err("an agreement has items")), ["items.missing"]);
        let rated = world.case_in(Status::Told);
        let consumer = crate::world::consumer(&world.case(&rated));
        for mark in [0, 6] {
            let target = rated.clone();
            let refused = world.act(&consumer, hours(40), move |tx, scene| {
                casework::feedback::rate(tx, scene, &target, None, true, mark, "")
            });
            assert_eq!(field_codes(&refused.expect_err("one to five")), ["mark.missing"]);
        }
        let target = rated.clone();
        let unknown = world.act(&world.staff("officer1"), hours(40), move |tx, scene| {
            casework::feedback::record_performance(tx, scene, &target, None, 9, true, "")
        });
        assert_eq!(field_codes(&unknown.expect_err("no such item")), ["item.unknown"]);
        assert_eq!(world.events(&number).len(), before);
        assert_eq!(world.verdict(&rated), Verdict::Sound);
    });
}

#[test]
fn a_world_that_promises_nothing_has_only_the_law() {
    on_both("no overlay", |world| {
        world.look(|tx| tx.execute("UPDATE organization SET overlay = NULL", &[]));
        let number = bare(world);
        assert_eq!(world.running(&number), ["acceptance 2026-06-10"]);
        world.does("dispatcher", hours(1), &number, Action::Accept);
        assert_eq!(world.running(&number), ["mediation 2026-07-31"]);
    });
}

fn bare(world: &World) -> String {
    world.registered(hours(0)).number
}
