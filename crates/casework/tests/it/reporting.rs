//! 举报 (O121 arts. 9, 28–37; 行政处罚程序规定 arts. 18–20, 60, 64; catalogue 7.1, 7.2): taken out of an intake it has its own
//! number, clocks and secrecy; it is checked, a case is opened or not, decided, and told where a law obliges.

use casework::actor::Actor;
use casework::reading;
use casework::record::Verdict;
use casework::report::Proposed;
use casework::split::{self, Part};
use casework::{ActError, approval, assignment, dispatch, feedback, report, timing, tracking};
use domain::action::Action;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use domain::reporting::Decision;
use domain::status::Status;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;
use store::search::{Selection, Words};

use crate::performing::upload;
use crate::world::{MORNING, World, at, consumer, hours, on_both};

/// A complaint with a report taken out of it an hour later: the number of each.
pub fn taken_out(world: &World) -> (String, String) {
    let taken = world.registered(hours(0));
    let (number, part) = (taken.number.clone(), part());
    world
        .act(&world.staff("dispatcher"), hours(1), move |tx, scene| split::split(tx, scene, &number, None, &part))
        .expect("split");
    let id = taken.case_id;
    let links = world.look(move |tx| store::case_link::of_case(tx, id));
    (taken.number, links[0].other_number.clone())
}

fn part() -> Part {
    Part {
        kind: "report".to_owned(),
        title: "柜台后面有过期奶粉改日期".to_owned(),
        facts: "店员把奶粉罐底的日期擦掉重新打印。".to_owned(),
        respondent_name: "金水区童乐母婴店".to_owned(),
        respondent_address: "郑州市金水区文化路4号".to_owned(),
        ..Part::default()
    }
}

fn doing<T>(
    world: &World,
    who: &str,
    now: Timestamp,
    number: &str,
    act: impl Fn(&mut Tx<'_>, casework::Scene<'_>, &str) -> Result<T, ActError> + Send + 'static,
) -> Result<T, ActError>
where
    T: Send + 'static,
{
    let number = number.to_owned();
    world.act(&world.staff(who), now, move |tx, scene| act(tx, scene, &number))
}

/// Sent to the office and given to its two officers.
fn under_inquiry(world: &World) -> String {
    let (_, number) = taken_out(world);
    let (office, lead, partner) = (world.place("office"), world.account("officer1"), world.account("officer2"));
    doing(world, "dispatcher", hours(2), &number, move |tx, scene, number| {
        dispatch::dispatch(tx, scene, number, None, office, "辖区")
    })
    .expect("sent");
    doing(world, "leader", hours(3), &number, move |tx, scene, number| {
        assignment::assign(tx, scene, number, None, lead, partner)
    })
    .expect("given");
    number
}

fn approve(world: &World, number: &str, now: Timestamp) -> CaseRow {
    doing(world, "leader", now, number, |tx, scene, number| approval::approve(tx, scene, number, None, "同意"))
        .expect("approved")
}

#[test]
fn a_report_taken_out_has_its_own_number_and_clock_and_nobody_of_the_complaint_learns_of_it() {
    on_both("report split", |world| {
        let (complaint, number) = taken_out(world);
        let case = world.case(&number);
        assert_eq!((case.state.kind, case.state.status), (CaseKind::Report, Status::Registered));
        assert_eq!(case.received_at, at(MORNING), "the material has lain here since then");
        // Fifteen workdays from Monday 2026-06-01; 19 June is a holiday. The centre promised seven, and one to send it.
        let running = world.running(&number);
        assert!(running.contains(&"verification 2026-06-23".to_owned()), "{running:?}");
        assert!(running.contains(&"filing_promised 2026-06-10".to_owned()), "{running:?}");
        // Who reported is nowhere with the report.
        let (id, complaint_id) = (case.id, world.case(&complaint).id);
        let parties = world.look(move |tx| store::party::of_case(tx, id));
        assert_eq!(parties.iter().map(|party| party.role.as_str()).collect::<Vec<_>>(), ["respondent"]);
        assert_eq!(case.matter.complainant_name, "");
        assert!(world.messages(&number).is_empty() && world.papers(&number).is_empty());
        // What the complaint keeps names neither number nor matter of the report.
        let kept = world.look(move |tx| store::event::of_case(tx, complaint_id));
        for event in &kept {
            assert!(!event.data.contains(&number) && !event.data.contains("改日期"), "{}", event.data);
        }
        // She herself finds number and code on her own page, and with them the report.
        let her = consumer(&world.case(&complaint));
        let own =
            world.act(&her, hours(2), move |tx, scene| tracking::own_file(tx, scene, complaint_id)).expect("hers");
        let [(told, code)] = own.reports.as_slice() else { panic!("{:?}", own.reports) };
        assert_eq!(*told, number);
        let (house, asked, code) = (world.house.clone(), number.clone(), code.clone());
        let found = world.act(&Actor::Public, hours(2), move |tx, _| tracking::find(tx, &house, &asked, &code));
        assert_eq!(found.expect("found").map(|case| case.number), Some(number.clone()));
        for number in [&complaint, &number] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn only_those_who_direct_a_report_or_have_it_in_hand_know_that_it_is_there() {
    on_both("report sight", |world| {
        let number = under_inquiry(world);
        let words = Selection { words: Some(Words::Text("改日期".to_owned())), ..Selection::default() };
        for (who, sees) in [
            ("dispatcher", true),
            ("shift", true),
            ("director", true),
            ("leader", true),
            ("officer1", true),
            ("officer2", true),
            ("agent", false),
            ("statistician", false),
            ("archivist", false),
            ("auditor", false),
            ("administrator", false),
            ("discipline", false),
            ("city_dispatcher", false),
            ("other_dispatcher", false),
            ("other_leader", false),
        ] {
            let opened = doing(world, who, hours(4), &number, reading::case_file).is_ok();
            assert_eq!(opened, sees, "{who} opens it");
            let Actor::Staff(staff) = world.staff(who) else { panic!("{who} is no member of staff") };
            let (scopes, selection) = (reading::scopes(&staff), words.clone());
            let found = world.look(move |tx| store::search::list(tx, &scopes, &selection, None, 10));
            assert_eq!(!found.is_empty(), sees, "{who} finds it");
            let (scopes, selection) = (reading::scopes(&staff), Selection::default());
            let counted = world.look(move |tx| store::counts::by(tx, &scopes, &selection, store::counts::By::Kind));
            assert_eq!(counted.iter().any(|(kind, _)| kind == "report"), sees, "{who} counts it");
        }
        // The desk it lies on is nobody's else.
        assert_eq!(world.case(&number).state.desk().key(), Some(format!("officer:{}", world.account("officer1"))));
    });
}

#[test]
fn a_case_is_opened_investigated_decided_and_told_where_a_law_obliges() {
    on_both("report course", |world| {
        let number = under_inquiry(world);
        let refused = doing(world, "officer1", hours(4), &number, |tx, scene, number| {
            report::inquire(tx, scene, number, None, " ")
        });
        assert!(matches!(refused, Err(ActError::Invalid(faults)) if faults[0].field == "found"));
        doing(world, "officer1", hours(4), &number, |tx, scene, number| {
            report::inquire(tx, scene, number, None, "现场检查，查获改日期奶粉 12 罐")
        })
        .expect("kept");
        // 广告法 art. 53: seven workdays from the receipt, though it is found out later.
        doing(world, "officer1", hours(30), &number, |tx, scene, number| {
            report::note_duty(tx, scene, number, None, "advertising")
        })
        .expect("noted");
        assert_eq!(world.deadline(&number, "advertising_result").due_day.to_string(), "2026-06-10");
        doing(world, "officer2", hours(31), &number, |tx, scene, number| {
            report::propose_opening(tx, scene, number, None, "涉嫌生产经营标注虚假生产日期的食品")
        })
        .expect("proposed");
        assert_eq!(world.case(&number).state.status, Status::PendingApproval);
        assert!(world.running(&number).iter().any(|it| it.starts_with("verification")), "until the leader decides");
        let opened = approve(world, &number, hours(32));
        assert_eq!(opened.state.status, Status::Investigating);
        assert_eq!(world.deadline(&number, "verification").stopped_by.as_deref(), Some("clue_checked"));
        // Ninety days from Tuesday 2026-06-02.
        assert_eq!(world.deadline(&number, "penalty_decision").due_day.to_string(), "2026-08-31");
        // More time is the leader's to grant, not the dispatcher's.
        doing(world, "officer1", hours(50), &number, |tx, scene, number| {
            timing::request_extension(tx, scene, number, None, "penalty_decision", "需要外地协查")
        })
        .expect("asked");
        let errands: Vec<String> = world.case(&number).state.errands().into_iter().map(|it| it.desk).collect();
        assert_eq!(errands, [format!("approval:{}", world.place("office"))]);
        let dispatcher = doing(world, "dispatcher", hours(51), &number, |tx, scene, number| {
            timing::grant_extension(tx, scene, number, None)
        });
        assert!(matches!(dispatcher, Err(ActError::NotLawful(_))));
        doing(world, "leader", hours(51), &number, |tx, scene, number| {
            timing::grant_extension(tx, scene, number, None)
        })
        .expect("granted");
        assert_eq!(world.deadline(&number, "penalty_decision").due_day.to_string(), "2026-09-30");
        // A fine without a penalty makes no sense; everything wrong is said at once.
        let faults = doing(world, "officer1", hours(60), &number, |tx, scene, number| {
            report::propose_decision(tx, scene, number, None, &Proposed::new(Decision::Unfounded, 100, ""))
        });
        let Err(ActError::Invalid(faults)) = faults else { panic!("taken") };
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["penalty", "reason"]);
        doing(world, "officer1", hours(60), &number, |tx, scene, number| {
            report::propose_decision(
                tx,
                scene,
                number,
                None,
                &Proposed::new(Decision::Penalty, 5_000_000, "没收并罚款五万元"),
            )
        })
        .expect("proposed");
        doing(world, "leader", hours(61), &number, |tx, scene, number| {
            approval::send_back(tx, scene, number, None, "补充销售记录")
        })
        .expect("sent back");
        assert_eq!(world.case(&number).state.status, Status::Investigating, "the case stays open");
        doing(world, "officer1", hours(62), &number, |tx, scene, number| {
            report::propose_decision(
                tx,
                scene,
                number,
                None,
                &Proposed::new(Decision::Penalty, 5_000_000, "没收并罚款五万元"),
            )
        })
        .expect("proposed again");
        let decided = approve(world, &number, hours(63));
        assert_eq!(decided.state.status, Status::Concluded, "she must be told");
        assert_eq!(decided.state.outcome, Some(Outcome::Decided(Decision::Penalty)));
        assert_eq!(decided.state.turns.reporting.penalty, 5_000_000);
        assert_eq!(world.deadline(&number, "penalty_decision").stopped_by.as_deref(), Some("case_decided"));
        let told = doing(world, "officer2", hours(64), &number, |tx, scene, number| {
            feedback::tell(tx, scene, number, None, "已对该店罚款五万元。")
        });
        assert_eq!(told.expect("told").state.status, Status::Told);
        assert_eq!(world.deadline(&number, "advertising_result").stopped_by.as_deref(), Some("told"));
        assert!(world.messages(&number).is_empty(), "nothing goes to an address");
        let case = world.case(&number);
        assert_eq!(store::case::outcome_columns(case.state.outcome).0, Some("penalty"));
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn the_reporter_sees_what_came_in_and_what_she_is_told_and_no_more() {
    on_both("report page", |world| {
        let number = under_inquiry(world);
        doing(world, "officer1", hours(4), &number, |tx, scene, number| {
            report::inquire(tx, scene, number, None, "现场检查，查获改日期奶粉 12 罐")
        })
        .expect("kept");
        let id = world.case(&number).id;
        world
            .db
            .act(move |tx| {
                upload(tx, "officers", hours(4))?;
                store::attachment::adopt(tx, "officers", id)?;
                let file = store::attachment::of_case(tx, id)?.remove(0);
                // One of hers, one that an officer took.
                let taken = store::attachment::AttachmentRow { added_by: "staff".to_owned(), ..file };
                store::attachment::insert(tx, &taken)?;
                Ok::<_, store::StoreError>(())
            })
            .expect("written");
        doing(world, "officer1", hours(5), &number, |tx, scene, number| {
            report::propose_not_opening(tx, scene, number, None, 5, "现场没有发现")
        })
        .expect("proposed");
        let ended = approve(world, &number, hours(6));
        assert_eq!(ended.state.status, Status::Told, "no law obliges: the matter ends here");
        assert_eq!(ended.state.outcome, Some(Outcome::NotOpened(5)));
        assert!(world.running(&number).is_empty());
        let her = consumer(&ended);
        let own = world.act(&her, hours(7), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        let acts: Vec<&str> = own.course.iter().map(|told| told.act.as_str()).collect();
        assert_eq!(acts, ["file", "dispatch"]);
        assert_eq!(own.attachments.len(), 1, "what officers gather is not for outside");
        assert!(own.awaited.is_empty());
        let offered: Vec<Action> = own.allowed.iter().map(|step| step.action).collect();
        assert_eq!(offered, [Action::WriteOfficers], "the end takes no more evidence, but a word");
        // Telling her all the same stays possible.
        doing(world, "officer1", hours(8), &number, |tx, scene, number| {
            feedback::tell(tx, scene, number, None, "经查没有发现所说情况，谢谢您。")
        })
        .expect("told");
        let own = world.act(&her, hours(9), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.course.iter().any(|told| told.words.contains("经查没有发现")));
    });
}

#[test]
fn what_is_anothers_to_handle_is_told_and_ended() {
    on_both("report turned away", |world| {
        let (_, number) = taken_out(world);
        let faults = doing(world, "dispatcher", hours(2), &number, |tx, scene, number| {
            report::turn_away(tx, scene, number, None, ("", None), "")
        });
        let Err(ActError::Invalid(faults)) = faults else { panic!("taken") };
        assert_eq!(faults.len(), 2, "{faults:?}");
        let away = doing(world, "dispatcher", hours(2), &number, |tx, scene, number| {
            report::turn_away(tx, scene, number, None, ("市生态环境局（12369）", None), "是油烟排放的问题")
        });
        let case = away.expect("turned away");
        assert_eq!((case.state.status, case.state.outcome), (Status::Told, Some(Outcome::TurnedAway)));
        assert!(world.running(&number).is_empty());
        let (id, her) = (case.id, consumer(&case));
        let own = world.act(&her, hours(3), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.course.iter().any(|told| told.words.contains("12369")));
    });
}
