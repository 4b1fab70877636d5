//! Mediation in full: recusal, appraisal, the simple procedure, delegation, clues, referrals, grounds of termination, and what the
//! sweep notes (O121 arts. 18–27, 42; catalogue 6.1–6.8).

use casework::copies::Enclosed;
use casework::record::Verdict;
use casework::{ActError, handing_on, mediation, on_the_spot, recusal, sweep, termination, timing};
use domain::act::AgreementItem;
use domain::action::Action;
use domain::case::{Desk, Outcome};
use domain::mediation::{Absence, Payer, Side};
use domain::money::Money;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::case::CaseRow;

use crate::performing::{appointment, items, sent};
use crate::world::{World, consumer, hours, on_both};

fn refusal(tried: Result<CaseRow, ActError>) -> String {
    match tried.expect_err("it must be refused") {
        ActError::Invalid(faults) => faults[0].code.clone(),
        error => error.code().to_owned(),
    }
}

/// The open errands on the desk of the office's leader.
fn leaders_errands(world: &World) -> Vec<String> {
    let desks = vec![format!("approval:{}", world.place("office"))];
    world.look(move |tx| store::errand::on_desks(tx, &desks, 10)).into_iter().map(|errand| errand.kind).collect()
}

#[test]
fn a_recusal_stands_the_mediation_until_the_leader_has_decided() {
    on_both("recusal", |world| {
        let number = world.case_in(Status::Mediating);
        let officer1 = world.account("officer1");
        let hers = consumer(&world.case(&number));
        let before = world.deadline(&number, "mediation").due_day;
        let ask = |reason: &'static str, officer: i64| {
            let number = number.clone();
            world.act(&hers, hours(10), move |tx, scene| {
                recusal::request(tx, scene, &number, None, Side::Respondent, officer, reason)
            })
        };
        assert_eq!(refusal(ask(" ", officer1)), "reason.missing");
        assert_eq!(refusal(ask("是店主的姐姐", world.account("officer3"))), "officer.unknown");
        let Err(ActError::Invalid(faults)) = ask("", 0) else { panic!("nothing was filled in") };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["officer", "reason"], "every fault at once");
        let case = ask("是店主的姐姐", officer1).expect("she may ask");
        assert_eq!(case.state.suspended.as_deref(), Some("回避"));
        assert!(world.deadline(&number, "mediation").is_paused(), "the mediation stands");
        assert_eq!(leaders_errands(world), ["recusal"]);
        // Nothing of the mediation goes on meanwhile.
        for action in [Action::RecordMeeting, Action::Arrange, Action::Settle, Action::Terminate, Action::Replace] {
            let who = if action == Action::Replace { "leader" } else { "officer2" };
            assert_eq!(
                refusal(world.try_to(&world.staff(who), hours(11), &number, action)),
                "act.not_now",
                "{action:?}"
            );
        }
        assert_eq!(
            refusal(world.try_to(&world.staff("officer1"), hours(11), &number, Action::DecideRecusal)),
            "act.not_by_you"
        );
        let decide = |replacement: i64| {
            let number = number.clone();
            world.act(&world.staff("leader"), hours(58), move |tx, scene| {
                recusal::decide(tx, scene, &number, None, true, replacement, "确系近亲属")
            })
        };
        assert_eq!(refusal(decide(world.account("officer2"))), "officer.on_the_case");
        assert_eq!(refusal(decide(world.account("next_officer"))), "officer.unknown");
        let case = decide(world.account("officer3")).expect("the leader names another officer");
        assert_eq!(
            (case.state.lead, case.state.partner),
            (Some(world.account("officer3")), Some(world.account("officer2")))
        );
        assert_eq!(case.state.suspended, None);
        assert!(leaders_errands(world).is_empty());
        // Asked on Monday evening, decided on Wednesday evening: two whole days did not count.
        let after = world.deadline(&number, "mediation");
        assert!(!after.is_paused() && after.suspensions.len() == 1);
        assert_eq!(after.due_day, before.checked_add(jiff::Span::new().days(2)).unwrap());
        let told = world.messages(&number).into_iter().filter(|it| it.subject == "回避决定");
        let told: std::collections::BTreeSet<String> = told.map(|it| it.recipient).collect();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), ["complainant", "respondent"], "both sides are told");
        assert_eq!(world.papers(&number).iter().filter(|paper| paper.kind == "recusal_decision").count(), 2);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_recusal_declined_leaves_the_officers() {
    on_both("recusal declined", |world| {
        let number = world.case_in(Status::Assigned);
        let officers = |case: &CaseRow| (case.state.lead, case.state.partner);
        let before = officers(&world.case(&number));
        world.does("officer1", hours(10), &number, Action::RequestRecusal);
        let asked = number.clone();
        let case = world.act(&world.staff("leader"), hours(11), move |tx, scene| {
            recusal::decide(tx, scene, &asked, None, false, 0, "没有利害关系")
        });
        assert_eq!(officers(&case.expect("declined")), before);
        world.does("officer1", hours(12), &number, Action::Notify);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_consumer_cannot_ask_before_she_was_told_who_mediates() {
    on_both("recusal too early", |world| {
        let number = world.case_in(Status::Assigned);
        let hers = consumer(&world.case(&number));
        assert_eq!(refusal(world.try_to(&hers, hours(10), &number, Action::RequestRecusal)), "officer.unknown");
    });
}

#[test]
fn appraisal_stands_the_limits_that_exclude_it_and_its_result_is_in_the_file() {
    on_both("appraisal", |world| {
        let number = world.case_in(Status::Mediating);
        let before = world.deadline(&number, "mediation").due_day;
        world.does("officer1", hours(24), &number, Action::Appraise);
        assert!(world.deadline(&number, "mediation").is_paused());
        assert!(!world.deadline(&number, "answer").is_paused(), "the respondent's own days go on");
        let officer = world.staff("officer1");
        assert_eq!(refusal(world.try_to(&officer, hours(25), &number, Action::Resume)), "act.not_now");
        assert_eq!(refusal(world.try_to(&officer, hours(25), &number, Action::Appraise)), "act.not_now");
        // A recusal in between does not end the pause of the appraisal.
        world.does("agent", hours(26), &number, Action::RequestRecusal);
        world.does("leader", hours(27), &number, Action::DecideRecusal);
        assert!(world.deadline(&number, "mediation").is_paused());
        let late = number.clone();
        let tomorrow = domain::clock::beijing_day(hours(24 * 11)).tomorrow().unwrap();
        let refused = world.act(&officer, hours(24 * 11), move |tx, scene| {
            casework::appraisal::record_result(tx, scene, &late, None, "", Some(tomorrow))
        });
        match refused {
            // officer1 left the case by the recusal; the one who took the place records it.
            Err(ActError::Invalid(faults)) => {
                let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
                assert_eq!(fields, ["result", "day"], "every fault at once");
            }
            other => panic!("{other:?}"),
        }
        world.does("officer3", hours(24 * 11), &number, Action::RecordAppraisal);
        let after = world.deadline(&number, "mediation");
        assert_eq!(after.due_day, before.checked_add(jiff::Span::new().days(10)).unwrap());
        let kinds: Vec<String> = world.papers(&number).into_iter().map(|paper| paper.kind).collect();
        assert!(kinds.contains(&"appraisal_entrustment".to_owned()) && kinds.contains(&"appraisal_result".to_owned()));
        let result = world.papers(&number).into_iter().find(|paper| paper.kind == "appraisal_result").unwrap();
        assert!(result.body.contains("加热管断裂") && result.body.contains("省产品质量检验院"));
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn nobody_pays_for_the_appraisal_so_termination_is_proposed() {
    on_both("appraisal cost", |world| {
        let number = world.case_in(Status::Mediating);
        let asked = number.clone();
        let nobody = casework::appraisal::Appraisal { payer: Payer::NotAgreed, body: String::new(), ..sent() };
        world
            .act(&world.staff("officer1"), hours(10), move |tx, scene| {
                casework::appraisal::appraise(tx, scene, &asked, None, &nobody)
            })
            .expect("kept");
        assert!(!world.deadline(&number, "mediation").is_paused(), "nothing was sent, nothing stands");
        assert_eq!(proposed(world, &number, hours(11)), [4]);
    });
}

/// The items of the grounds that the facts fit.
fn proposed(world: &World, number: &str, now: Timestamp) -> Vec<u32> {
    let case = world.case(number);
    let deadlines = world.deadlines(number);
    world
        .act(&world.staff("officer1"), now, move |_, scene| Ok(termination::proposals(scene, &case, &deadlines)))
        .expect("a look")
        .into_iter()
        .map(|proposal| proposal.item)
        .collect()
}

#[test]
fn the_facts_propose_the_grounds_and_a_person_decides() {
    on_both("grounds proposed", |world| {
        let number = world.case_in(Status::Mediating);
        assert!(proposed(world, &number, hours(10)).is_empty());
        let meeting = |now: Timestamp, respondent_present: bool, absence: Option<Absence>| {
            let number = number.clone();
            let meeting = mediation::Meeting {
                at: now,
                mode: "onsite".to_owned(),
                complainant_present: true,
                respondent_present,
                transcript: "等了半小时。".to_owned(),
                absence,
            };
            world
                .act(&world.staff("officer1"), now, move |tx, scene| {
                    mediation::record_meeting(tx, scene, &number, None, &meeting)
                })
                .expect("recorded")
        };
        meeting(hours(11), false, Some(Absence::Excused));
        assert!(proposed(world, &number, hours(12)).is_empty(), "a good reason is no ground");
        meeting(hours(13), false, Some(Absence::Unexcused));
        assert_eq!(proposed(world, &number, hours(14)), [2]);
        meeting(hours(15), true, None);
        assert!(proposed(world, &number, hours(16)).is_empty(), "it came after all");
        meeting(hours(17), false, Some(Absence::Lost));
        assert_eq!(proposed(world, &number, hours(18)), [7]);
        // The last of the sixty days is over.
        assert_eq!(proposed(world, &number, hours(24 * 62)), [5, 7]);
        // None of them is the program's to decide: another ground may be chosen.
        world.does("officer1", hours(24 * 62), &number, Action::Terminate);
    });
}

#[test]
fn the_simple_procedure_is_one_act_with_one_paper() {
    on_both("simple procedure", |world| {
        for (status, who) in
            [(Status::Registered, "agent"), (Status::Accepted, "dispatcher"), (Status::Assigned, "officer1")]
        {
            let number = world.case_in(status);
            let events = world.events(&number).len();
            let case = world.does(who, hours(10), &number, Action::SettleOnSpot);
            assert_eq!((case.state.status, case.state.outcome), (Status::Concluded, Some(Outcome::Settled)));
            assert_eq!(world.events(&number).len(), events + 1);
            assert_eq!(case.state.recovered, 29_900);
            let stopped: Vec<_> = world.running(&number);
            assert_eq!(stopped, ["feedback_promised 2026-06-03"], "{status:?}: only the telling is left");
            assert!(case.state.lead.is_some(), "whoever settled it tells both sides");
            let teller = case.state.lead.unwrap();
            assert_eq!(case.state.desk(), Desk::Officer(teller));
            let told = world.does(who, hours(11), &number, Action::Tell);
            assert_eq!(told.state.status, Status::Told);
            assert_eq!(world.papers(&number).iter().filter(|paper| paper.kind == "simple_record").count(), 1);
            let archived = world.does("dispatcher", hours(12), &number, Action::Archive);
            assert_eq!(archived.state.status, Status::Archived, "the one paper is enough");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
        // What an office has taken is not the centre's any more.
        let number = world.case_in(Status::Assigned);
        assert_eq!(
            refusal(world.try_to(&world.staff("agent"), hours(10), &number, Action::SettleOnSpot)),
            "act.not_by_you"
        );
    });
}

#[test]
fn a_large_sum_is_not_for_the_simple_procedure() {
    on_both("simple procedure too large", |world| {
        let number = world.case_in(Status::Registered);
        let settle = |items: Vec<AgreementItem>, sum: i64, agree: bool| {
            let number = number.clone();
            refusal(world.act(&world.staff("agent"), hours(10), move |tx, scene| {
                on_the_spot::settle(tx, scene, &number, None, items.clone(), Money::from_fen(sum), agree)
            }))
        };
        assert_eq!(settle(items(), 200_001, true), "simple.too_much");
        assert_eq!(settle(items(), 29_900, false), "both_agree.missing");
        assert_eq!(settle(Vec::new(), 0, true), "items.missing");
        assert_eq!(world.events(&number), ["file"]);
    });
}

#[test]
fn a_delegation_needs_both_consents_and_the_time_goes_on() {
    on_both("delegation", |world| {
        let number = world.case_in(Status::Mediating);
        let asked = number.clone();
        let one_side = world.act(&world.staff("officer1"), hours(10), move |tx, scene| {
            casework::delegation::delegate(tx, scene, &asked, None, "消协", "退货", (true, false))
        });
        assert_eq!(refusal(one_side), "consent.missing");
        let before = world.deadline(&number, "mediation").due_day;
        world.does("officer1", hours(10), &number, Action::Delegate);
        let officer = world.staff("officer1");
        assert_eq!(
            refusal(world.try_to(&officer, hours(11), &number, Action::Delegate)),
            "act.not_now",
            "no second body"
        );
        assert_eq!(refusal(world.try_to(&officer, hours(11), &number, Action::Settle)), "act.not_now");
        world.does("officer1", hours(60), &number, Action::RecordDelegated);
        let mediation = world.deadline(&number, "mediation");
        assert_eq!((mediation.due_day, mediation.suspensions.len()), (before, 0));
        assert_eq!(proposed(world, &number, hours(61)), [3], "the body reported that they did not agree");
        world.does("officer1", hours(62), &number, Action::Delegate);
        world.does("officer1", hours(63), &number, Action::TakeBack);
        world.does("officer1", hours(64), &number, Action::Settle);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_clue_is_checked_in_its_own_time_whatever_becomes_of_the_mediation() {
    on_both("clue", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", hours(24), &number, Action::FindClue);
        // Found on Tuesday 2 June: fifteen working days from Wednesday, with 端午 (19 June) in between.
        assert_eq!(world.deadline(&number, "clue_check").due_day.to_string(), "2026-06-24");
        let officer = world.staff("officer1");
        assert_eq!(refusal(world.try_to(&officer, hours(25), &number, Action::FindClue)), "act.not_now");
        // The leader, not the one who dispatched, grants more time: fifteen working days once.
        let asked = number.clone();
        world
            .act(&officer, hours(26), move |tx, scene| {
                timing::request_extension(tx, scene, &asked, None, "clue_check", "需要外地协查")
            })
            .expect("asked");
        assert_eq!(leaders_errands(world), ["clue_time"]);
        assert_eq!(
            refusal(world.try_to(&world.staff("dispatcher"), hours(27), &number, Action::GrantExtension)),
            "act.not_now"
        );
        world.does("leader", hours(27), &number, Action::DecideClueTime);
        assert_eq!(world.deadline(&number, "clue_check").due_day.to_string(), "2026-07-15");
        world.does("officer1", hours(30), &number, Action::Settle);
        world.does("leader", hours(31), &number, Action::Approve);
        world.does("officer1", hours(32), &number, Action::Tell);
        assert!(world.deadline(&number, "clue_check").stopped_at.is_none(), "the clue outlives the mediation");
        assert_eq!(refusal(world.try_to(&officer, hours(33), &number, Action::Archive)), "act.not_now");
        let desks = vec![format!("officer:{}", world.account("officer1"))];
        let waiting = world.look(move |tx| store::errand::on_desks(tx, &desks, 10));
        assert_eq!(waiting.len(), 1, "it waits on the officer's desk");
        world.does("officer1", hours(34), &number, Action::CheckClue);
        assert_eq!(world.deadline(&number, "clue_check").stopped_by.as_deref(), Some("clue_checked"));
        world.does("officer1", hours(35), &number, Action::Archive);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn the_police_hear_of_fraud_only_with_the_leaders_word() {
    on_both("police", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", hours(10), &number, Action::ReferPolice);
        assert_eq!(leaders_errands(world), ["police"]);
        let officer = world.staff("officer1");
        assert_eq!(refusal(world.try_to(&officer, hours(11), &number, Action::Terminate)), "act.not_now");
        assert!(proposed(world, &number, hours(11)).is_empty());
        world.does("leader", hours(12), &number, Action::DecidePolice);
        let paper = world.papers(&number).into_iter().find(|paper| paper.kind == "police_referral").expect("its paper");
        assert!(paper.body.contains("小票系伪造"));
        assert_eq!(proposed(world, &number, hours(13)), [6]);
        // Nothing of it is told to her.
        let told: Vec<String> = world.messages(&number).into_iter().map(|message| message.body).collect();
        assert!(told.iter().all(|body| !body.contains("公安")), "{told:?}");
        assert_eq!(refusal(world.try_to(&officer, hours(14), &number, Action::ReferPolice)), "act.not_now");
    });
}

#[test]
fn a_leader_may_decline_the_police_and_the_consumer_hears_of_legal_aid() {
    on_both("police declined, legal aid", |world| {
        let number = world.case_in(Status::Mediating);
        world.does("officer1", hours(10), &number, Action::ReferPolice);
        let asked = number.clone();
        world
            .act(&world.staff("leader"), hours(11), move |tx, scene| {
                handing_on::decide_police(tx, scene, &asked, None, false, "证据不足")
            })
            .expect("declined");
        assert!(world.papers(&number).iter().all(|paper| paper.kind != "police_referral"));
        assert!(proposed(world, &number, hours(12)).is_empty());
        world.does("officer1", hours(13), &number, Action::ReferLegalAid);
        let told = world.messages(&number).pop().expect("told");
        assert_eq!((told.subject.as_str(), told.recipient.as_str()), ("法律援助", "complainant"));
        assert!(told.body.contains("金水区法律援助中心"));
    });
}

#[test]
fn the_sweep_notes_what_was_not_performed_once_and_reminds_of_tomorrows_meeting_once() {
    on_both("performance and reminders", |world| {
        let number = world.case_in(Status::Mediating);
        // Notified at hour 4 of Monday for Wednesday at 13:00; the sweep of Tuesday reminds both sides.
        let sweeps = |now: Timestamp| sweep::sweep(&world.db, &world.house, "test", now).expect("a sweep");
        assert_eq!(appointment(hours(4)).at, hours(52));
        assert_eq!(sweeps(hours(5)).meetings, 0, "two days ahead is too early");
        assert_eq!(sweeps(hours(26)).meetings, 1);
        assert_eq!(sweeps(hours(27)).meetings, 0, "once");
        let reminded = world.messages(&number).into_iter().filter(|message| message.subject == "明天调解").count();
        assert_eq!(reminded, 2, "both sides");

        world.does("officer1", hours(53), &number, Action::Settle);
        world.does("leader", hours(54), &number, Action::Approve);
        // The second item is due on 1 June 2027; the first was performed at once.
        let due = crate::world::at("2027-06-01T23:00:00+08:00");
        assert_eq!(sweeps(due).unperformed, 0, "its last day is not over");
        let after = due + SignedDuration::from_hours(2);
        assert_eq!(sweeps(after).unperformed, 1);
        assert_eq!(sweeps(after).unperformed, 0, "once for each item");
        assert!(world.events(&number).contains(&"note_unperformed".to_owned()));
        let chased =
            world.messages(&number).into_iter().find(|message| message.subject == "请履行调解协议").expect("chased");
        assert_eq!(chased.recipient, "respondent");
        let asked = number.clone();
        world
            .act(&world.staff("officer1"), after, move |tx, scene| {
                casework::feedback::record_performance(tx, scene, &asked, None, 2, false, "商家不肯")
            })
            .expect("recorded");
        let advice = world.messages(&number).pop().expect("advised");
        assert!(advice.body.contains("起诉") && advice.body.contains("仲裁"), "{}", advice.body);
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_meeting_by_video_needs_its_link() {
    on_both("video link", |world| {
        let number = world.case_in(Status::Assigned);
        let notify = |place: &'static str| {
            let number = number.clone();
            let by_video =
                mediation::Appointment { mode: "video".to_owned(), place: place.to_owned(), ..appointment(hours(10)) };
            world.act(&world.staff("officer1"), hours(10), move |tx, scene| {
                mediation::notify(tx, scene, &number, None, &by_video, "", &Enclosed::default())
            })
        };
        assert_eq!(refusal(notify("腾讯会议")), "place.no_link");
        notify("https://meet.example.cn/123").expect("with a link");
    });
}
