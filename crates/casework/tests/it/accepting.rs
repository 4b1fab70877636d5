//! Acceptance as the articles want it: what is missing is asked for once and inside the limit, an unanswered day is noted and
//! proposed, repeats follow one case and can be parted, nobody settles for those who did not agree (O121 arts. 10–12, 16, 17).

use casework::parties;
use casework::record::Verdict;
use casework::supplement::{self, Brought};
use casework::{ActError, linking, proposing, sweep};
use domain::accepting::{Consent, PartyRole};
use domain::action::Action;
use domain::case::Outcome;
use domain::further_party::RawParty;
use domain::grounds::Strength;
use domain::link::Relation;
use domain::signals::SignalKind;
use domain::status::Status;
use jiff::civil::{Date, date};

use crate::accepting_acts::joint;
use crate::world::{World, complaint, consumer, hours, on_both};

fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

impl World {
    fn ask_materials(&self, number: &str, at: i64, missing: &[&str], by: Option<Date>) -> Result<(), ActError> {
        let missing: Vec<String> = missing.iter().map(|key| (*key).to_owned()).collect();
        let number = number.to_owned();
        self.act(&self.staff("dispatcher"), hours(at), move |tx, scene| {
            supplement::request_materials(tx, scene, &number, None, &missing, "", by).map(drop)
        })
    }

    fn looked(&self, who: &str, number: &str, at: i64) -> proposing::Looked {
        let number = number.to_owned();
        let looked = self.act(&self.staff(who), hours(at), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &number)?;
            proposing::look(tx, scene, &case)
        });
        looked.unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn errands(&self, number: &str) -> Vec<String> {
        let id = self.case(number).id;
        self.look(move |tx| store::errand::of_case(tx, id)).into_iter().map(|(kind, _)| kind).collect()
    }
}

#[test]
fn what_is_missing_is_asked_for_once_inside_the_limit() {
    on_both("supplement", |world| {
        // Received on Monday 2026-06-01: the decision is due on 2026-06-10.
        let number = world.registered(hours(0)).number;
        for (by, code) in
            [(None, "by.missing"), (Some(date(2026, 6, 1)), "by.past"), (Some(date(2026, 6, 10)), "by.too_late")]
        {
            assert_eq!(codes(&world.ask_materials(&number, 1, &["facts"], by).expect_err("not so")), [code]);
        }
        let nothing = world.ask_materials(&number, 1, &[], Some(date(2026, 6, 4))).expect_err("nothing is asked");
        assert_eq!(codes(&nothing), ["missing.none"]);
        let before = world.running(&number);
        world.ask_materials(&number, 1, &["facts", "complainant_address"], Some(date(2026, 6, 4))).expect("asked");
        assert_eq!(world.running(&number), before, "no clock stops");
        let message = world.messages(&number).pop().expect("she is told");
        assert!(message.body.contains("2026年6月4日") && message.body.contains("通讯地址"), "{}", message.body);
        let again = world.ask_materials(&number, 2, &["demand"], Some(date(2026, 6, 5))).expect_err("only once");
        assert!(again.to_string().contains("只能一次告知"), "{again}");
        assert_eq!(world.errands(&number), Vec::<String>::new());

        // She brings it: her data, corrected; the event says which, and holds none of them.
        let actor = consumer(&world.case(&number));
        let brought = Brought {
            address: "郑州市金水区东风路8号".to_owned(),
            phone: "13700000000x".to_owned(),
            ..Brought::default()
        };
        let (target, typed) = (number.clone(), brought.clone());
        let wrong = world.act(&actor, hours(20), move |tx, scene| {
            supplement::bring(tx, scene, &target, None, &typed, None).map(drop)
        });
        assert_eq!(codes(&wrong.expect_err("no such number")), ["phone.invalid"]);
        let (target, typed) = (number.clone(), Brought { phone: String::new(), ..brought });
        let case = world
            .act(&actor, hours(21), move |tx, scene| supplement::bring(tx, scene, &target, None, &typed, None))
            .expect("brought");
        assert_eq!(case.state.status, Status::Registered);
        assert_eq!(world.errands(&number), ["supplemented"], "the dispatcher is told");
        let id = case.id;
        let parties = world.look(move |tx| store::party::of_case(tx, id));
        assert_eq!(parties[0].address, "郑州市金水区东风路8号");
        let events = world.look(move |tx| store::event::of_case(tx, id));
        let last = &events.last().expect("an event").data;
        assert!(last.contains("complainant_address") && !last.contains("东风路"), "{last}");
        let late = world.try_to(&actor, hours(22), &number, Action::Supplement).expect_err("nothing waits");
        assert_eq!(late.code(), "act.not_now");
        world.does("dispatcher", hours(23), &number, Action::Accept);
        assert_eq!(world.errands(&number), Vec::<String>::new());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn an_unanswered_day_is_noted_and_proposes_its_ground() {
    on_both("unanswered", |world| {
        let number = world.registered(hours(0)).number;
        world.ask_materials(&number, 1, &["facts"], Some(date(2026, 6, 3))).expect("asked");
        world.does("dispatcher", hours(2), &number, Action::RequestIdentity);
        let paper = world.papers(&number).pop().expect("form 4");
        assert_eq!((paper.kind.as_str(), paper.title.as_str()), ("identity_request", "限期提供身份证明材料通知书"));
        assert!(paper.body.contains("2026年6月2日"), "the date stands in it: {}", paper.body);
        let swept = |at: i64| sweep::sweep(&world.db, &world.house, "test", hours(at)).expect("swept").unanswered;
        assert_eq!(swept(10), 0, "the day is not over");
        // Thursday 2026-06-04, midnight.
        assert_eq!(swept(64), 2);
        assert_eq!(swept(65), 0, "noted once");
        assert_eq!(world.errands(&number), ["unanswered"]);
        let proposed = world.looked("dispatcher", &number, 66).proposals;
        let items: Vec<_> = proposed.iter().map(|it| (it.item, it.strength)).collect();
        assert_eq!(items, [(5, Strength::Met), (6, Strength::Met)]);
        // Still in time, she may answer; the proposals are gone.
        let actor = consumer(&world.case(&number));
        world.try_to(&actor, hours(67), &number, Action::Supplement).expect("better late");
        assert!(world.looked("dispatcher", &number, 68).proposals.is_empty());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn the_facts_propose_and_remind_with_the_cases_behind_them() {
    on_both("proposals", |world| {
        let agent = world.staff("agent");
        let mut raw = complaint("in_app");
        raw.bought_on = "2023-05-01".to_owned();
        raw.knew_on = "2023-05-31".to_owned();
        raw.facts = "一次买了200瓶饮料，发现标签有错。".to_owned();
        raw.order_number = "A-1".to_owned();
        let first = world.file(&agent, hours(0), &raw).number;
        let looked = world.looked("dispatcher", &first, 1);
        let items: Vec<_> = looked.proposals.iter().map(|it| it.item).collect();
        assert_eq!(items, [3, 4], "a quantity to look at, and three years have passed");
        assert!(looked.proposals[1].evidence[0].contains("三年期限已于2026年5月31日届满"));
        let kinds: Vec<_> = looked.signals.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [SignalKind::Quantity], "an order number stands for the purchase");

        // The same person, twice more against the same shop; two others with her telephone.
        world.does("dispatcher", hours(2), &first, Action::Accept);
        let second = world.file(&agent, hours(3), &raw).number;
        raw.complainant_name = "王小二".to_owned();
        world.file(&agent, hours(4), &raw);
        raw.complainant_name = "赵六".to_owned();
        raw.order_number = String::new();
        let fourth = world.file(&agent, hours(5), &raw).number;
        let looked = world.looked("dispatcher", &fourth, 6);
        let kinds: Vec<_> = looked.signals.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [
                SignalKind::Quantity,
                SignalKind::Repetition,
                SignalKind::SharedPhone,
                SignalKind::SharedAddress,
                SignalKind::Collusion,
                SignalKind::NoProof
            ]
        );
        assert_eq!(looked.signals[1].cases.len(), 3, "with the cases behind it");
        let handled = world.looked("dispatcher", &second, 6);
        let ground = handled.proposals.iter().find(|it| it.item == 2).expect("accepted before, the same order");
        assert_eq!(ground.cases, [first.as_str()]);
        assert!(handled.duplicates.iter().any(|it| it.case.number == first && it.reasons.contains(&"订单号相同")));
        // A reader elsewhere counts only what she may see.
        let number = fourth.clone();
        let seen = world.act(&world.staff("other_dispatcher"), hours(7), move |tx, scene| {
            let case = store::case::by_number(tx, &number)?.expect("the case");
            casework::signals::of_case(tx, scene, &case)
        });
        let seen = seen.unwrap_or_else(|error| panic!("{error:?}"));
        assert!(seen.iter().all(|it| it.cases.is_empty()), "none that she may not see");
    });
}

#[test]
fn several_people_with_one_text_against_one_shop_are_a_reminder_with_their_cases() {
    on_both("collusion", |world| {
        let agent = world.staff("agent");
        let filed = |name: &str, last: u32, day: u32, shop: &str| {
            let mut raw = complaint("in_app");
            raw.complainant_name = name.to_owned();
            raw.complainant_phone = format!("1383712000{last}");
            raw.complainant_address = format!("郑州市金水区花园路{last}号");
            raw.respondent_name = shop.to_owned();
            raw.facts = format!(
                "本人于5月{day}日在该店购买蜂蜜1瓶，外包装没有标注生产日期和厂名厂址，要求退一赔十并奖励举报。"
            );
            world.file(&agent, hours(i64::from(last)), &raw).number
        };
        let collusion = |number: &str| {
            let looked = world.looked("dispatcher", number, 9);
            looked.signals.into_iter().find(|it| it.kind == SignalKind::Collusion)
        };
        let (first, second) = (filed("陈晓梅", 1, 3, "蜜源商行"), filed("王小二", 2, 7, "蜜源商行"));
        assert!(collusion(&second).is_none(), "two are not yet several");
        filed("钱七", 3, 8, "另一家店");
        filed("王小二", 4, 9, "蜜源商行");
        assert!(collusion(&second).is_none(), "another shop and the same person do not count");
        let third = filed("赵六", 5, 11, "蜜源商行");
        let signal = collusion(&third).expect("three people, one shop, one text");
        assert!(signal.sentence.contains("3 个不同投诉人") && signal.sentence.contains("文字"), "{}", signal.sentence);
        assert!(signal.cases.iter().any(|it| it.number == first) && signal.cases.len() == 3);
        assert!(signal.article.contains("第十七条"));
        let proposals = world.looked("dispatcher", &third, 9).proposals;
        assert!(proposals.iter().all(|it| it.strength == Strength::Reminder), "a reminder, never a ground by itself");
    });
}

#[test]
fn a_phrase_with_an_open_blank_is_no_reason() {
    on_both("phrases", |world| {
        let number = world.registered(hours(0)).number;
        let target = number.clone();
        let phrases = world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &target)?;
            Ok(proposing::phrases(scene, &case))
        });
        let phrases = phrases.unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(phrases.len(), 16);
        let department = phrases.iter().find(|it| it.number == 14).expect("phrase 14");
        assert_eq!(department.item, Some(1));
        let text = department.text.clone();
        let refused = world.act(&world.staff("dispatcher"), hours(1), move |tx, scene| {
            casework::acceptance::refuse(tx, scene, &number, None, 1, &text).map(drop)
        });
        assert_eq!(codes(&refused.expect_err("which department?")), ["reason.blank"]);
    });
}

#[test]
fn a_repeat_follows_the_first_and_can_be_parted_again() {
    on_both("merge", |world| {
        let (main, repeat) = (world.registered(hours(0)).number, world.registered(hours(1)).number);
        world.does("dispatcher", hours(2), &repeat, Action::Accept);
        let before = world.running(&repeat);
        let dispatcher = world.staff("dispatcher");
        let merge = |number: &str, into: &str, at: i64| {
            let (number, into) = (number.to_owned(), into.to_owned());
            world.act(&dispatcher, hours(at), move |tx, scene| {
                linking::merge(tx, scene, &number, None, &into, "同一订单")
            })
        };
        for (into, code) in [("", "into.missing"), ("410105-2026-999999", "into.unknown"), (&repeat, "into.same")] {
            assert_eq!(codes(&merge(&repeat, into, 3).expect_err("not so")), [code]);
        }
        let mut raw = complaint("in_app");
        raw.complainant_phone = "13937112345".to_owned();
        let stranger = world.file(&world.staff("agent"), hours(3), &raw).number;
        assert_eq!(codes(&merge(&repeat, &stranger, 3).expect_err("another person")), ["into.another_person"]);

        let case = merge(&repeat, &main, 4).expect("merged");
        assert_eq!((case.state.status, case.state.outcome), (Status::Told, Some(Outcome::Merged)));
        assert_eq!(world.running(&repeat), Vec::<String>::new(), "its clocks stand");
        assert_eq!(world.events(&main).last().map(String::as_str), Some("note_linked"), "the other tells it too");
        assert!(world.messages(&repeat).iter().any(|it| it.body.contains(&main)), "she is told where to look");
        let rate = world.try_to(&consumer(&case), hours(5), &repeat, Action::Rate).expect_err("not here");
        assert_eq!(rate.code(), "act.not_now");

        let case = world.does("dispatcher", hours(6), &repeat, Action::Unmerge);
        assert_eq!((case.state.status, case.state.outcome), (Status::Accepted, None));
        assert_eq!(world.running(&repeat), before, "they run on from their old start");
        assert_eq!(world.events(&main).last().map(String::as_str), Some("note_linked"));
        let none = world.try_to(&dispatcher, hours(7), &repeat, Action::Unmerge).expect_err("it stands by itself");
        assert_eq!(none.code(), "act.not_from_here");
        for number in [&main, &repeat] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn a_link_changes_no_clock_and_both_histories_tell_it() {
    on_both("link", |world| {
        let (one, other) = (world.registered(hours(0)).number, world.registered(hours(1)).number);
        let before = (world.running(&one), world.running(&other));
        let dispatcher = world.staff("dispatcher");
        let (number, target) = (one.clone(), other.clone());
        let link = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
            linking::link(tx, scene, &number, None, &target, Some(Relation::Repeat)).map(drop)
        };
        world.act(&dispatcher, hours(2), link.clone()).expect("linked");
        assert_eq!(codes(&world.act(&dispatcher, hours(3), link).expect_err("already")), ["other.linked"]);
        assert_eq!((world.running(&one), world.running(&other)), before, "a repeat restarts nothing");
        assert_eq!(world.events(&one).last().map(String::as_str), Some("link"));
        assert_eq!(world.events(&other).last().map(String::as_str), Some("note_linked"));
        let (number, target) = (other.clone(), one.clone());
        world
            .act(&dispatcher, hours(4), move |tx, scene| {
                linking::unlink(tx, scene, &number, None, &target, Some(Relation::Repeat)).map(drop)
            })
            .expect("undone from the other side");
        let id = world.case(&one).id;
        assert!(world.look(move |tx| store::case_link::of_case(tx, id)).is_empty());
    });
}

#[test]
fn nobody_settles_or_withdraws_for_those_who_have_not_agreed() {
    on_both("joint", |world| {
        let number = world.case_in(Status::Mediating);
        let officer = world.staff("officer1");
        let add = |new: RawParty| {
            let number = number.clone();
            world.act(&officer, hours(20), move |tx, scene| parties::add(tx, scene, &number, None, &new, None))
        };
        let silent = RawParty { agreed: String::new(), ..joint("李秀英", "13937112345") };
        assert_eq!(codes(&add(silent).expect_err("she must agree")), ["agreed.missing"]);
        let case = add(joint("李秀英", "13937112345")).expect("added");
        assert_eq!(codes(&add(joint("李秀英", "13937112345")).expect_err("once")), ["name.again"]);
        let party = case.state.turns.accepting.parties[0].id;
        for (name, phone) in [("李秀英", "13937112345"), ("陈晓梅", "13837120001")] {
            let elected = RawParty { role: PartyRole::Representative.key().to_owned(), ..joint(name, phone) };
            add(elected).expect("two representatives");
        }
        let third = RawParty { role: PartyRole::Representative.key().to_owned(), ..joint("周强", "13937119999") };
        assert_eq!(codes(&add(third).expect_err("at most two")), ["role.too_many"]);
        let agent = RawParty { role: PartyRole::Agent.key().to_owned(), ..joint("孙律师", "13937118888") };
        assert_eq!(
            codes(&add(agent).expect_err("an agent needs her authority")),
            ["id_number.missing", "matters.missing", "powers.missing", "until.missing"]
        );

        let settled = world.try_to(&officer, hours(21), &number, Action::Settle).expect_err("not for her");
        assert_eq!(settled.code(), "act.not_now");
        assert!(settled.to_string().contains("共同投诉人没有同意和解"), "{settled}");
        let withdrawn = world.try_to(&consumer(&case), hours(21), &number, Action::Withdraw).expect_err("not for her");
        assert!(withdrawn.to_string().contains("同意撤回"), "{withdrawn}");
        let target = number.clone();
        world
            .act(&officer, hours(22), move |tx, scene| {
                parties::record_consent(tx, scene, &target, None, party, Some(Consent::Settle), "书面同意").map(drop)
            })
            .expect("she agrees");
        let case = world.does("officer1", hours(23), &number, Action::Settle);
        assert_eq!(case.state.status, Status::PendingApproval);
        let id = case.id;
        let told: String =
            world.look(move |tx| store::event::of_case(tx, id)).into_iter().map(|event| event.data).collect();
        assert!(!told.contains("李秀英") && !told.contains("13937112345"), "no names in events");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn an_agent_stands_in_the_agreement_while_her_authority_lasts() {
    on_both("agent", |world| {
        for ended in [false, true] {
            let number = world.case_in(Status::Mediating);
            let officer = world.staff("officer1");
            let agent = RawParty {
                role: PartyRole::Agent.key().to_owned(),
                id_kind: "passport".to_owned(),
                id_number: "E12345678".to_owned(),
                matters: "代为投诉".to_owned(),
                powers: "参加调解、达成协议".to_owned(),
                until: "2026-12-31".to_owned(),
                ..joint("孙建国", "13937118888")
            };
            let target = number.clone();
            let case = world
                .act(&officer, hours(20), move |tx, scene| parties::add(tx, scene, &target, None, &agent, None))
                .expect("added");
            if ended {
                let (target, party) = (number.clone(), case.state.turns.accepting.parties[0].id);
                world
                    .act(&officer, hours(21), move |tx, scene| {
                        parties::end(tx, scene, &target, None, party, "委托人撤销委托").map(drop)
                    })
                    .expect("ended");
            }
            world.does("officer1", hours(22), &number, Action::Settle);
            let paper = world.papers(&number).into_iter().find(|paper| paper.kind == "mediation_agreement");
            let body = paper.expect("the agreement").body;
            assert_eq!(body.contains("孙建国"), !ended, "{body}");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
    });
}
