//! What of a report is another authority's: whoever sent it to the wrong one is told (O121 art. 34; 食品安全法 art. 115), an opened case is
//! handed over (行政处罚程序规定 art. 17), a crime goes to the police in the time of the 移送涉嫌犯罪案件的规定.

use std::cell::Cell;

use casework::record::Verdict;
use casework::report::{self, Proposed};
use casework::{ActError, Scene, approval, archive, assignment, dispatch, sweep, tracking};
use domain::action::Action;
use domain::case::Outcome;
use domain::clock::beijing_day;
use domain::reporting::Decision;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::case::CaseRow;

use crate::report_filing::reported;
use crate::vault::identity;
use crate::world::{World, at, consumer, on_both};

const NOW: &str = "2026-06-01T09:00:00+08:00";

struct Case<'a> {
    world: &'a World,
    number: String,
    now: Cell<Timestamp>,
}

impl Case<'_> {
    fn does(
        &self,
        who: &str,
        act: impl Fn(&mut Tx<'_>, Scene<'_>, &str) -> Result<CaseRow, ActError> + Send + 'static,
    ) -> Result<CaseRow, ActError> {
        self.now.set(self.now.get() + SignedDuration::from_hours(1));
        let number = self.number.clone();
        self.world.act(&self.world.staff(who), self.now.get(), move |tx, scene| act(tx, scene, &number))
    }

    fn away(&self, to: &'static str, over: Option<&'static str>) -> Result<CaseRow, ActError> {
        self.does("dispatcher", move |tx, scene, it| {
            report::turn_away(tx, scene, it, None, (to, over), "不是本局的职责")
        })
    }

    fn proposes(&self, proposed: Proposed) -> Result<CaseRow, ActError> {
        self.does("officer1", move |tx, scene, it| report::propose_decision(tx, scene, it, None, &proposed))
    }

    fn approves(&self) -> CaseRow {
        self.does("leader", |tx, scene, it| approval::approve(tx, scene, it, None, "同意")).expect("approved")
    }

    fn transfers(&self) -> Result<CaseRow, ActError> {
        self.does("officer1", |tx, scene, it| {
            let today = Some(beijing_day(scene.now));
            report::record_transfer(tx, scene, it, None, today, "食药环大队接收，回执 12 号")
        })
    }

    fn paper(&self, kind: &str) -> Option<String> {
        self.world.papers(&self.number).into_iter().rev().find(|paper| paper.kind == kind).map(|paper| paper.body)
    }

    fn errands(&self) -> Vec<String> {
        let id = self.world.case(&self.number).id;
        self.world.look(move |tx| store::errand::of_case(tx, id)).into_iter().map(|(kind, _)| kind).collect()
    }
}

fn taken_in<'a>(world: &'a World, received: &str, named: bool) -> Case<'a> {
    if world.look(store::vault::escrow).is_none() {
        world.ceremony();
    }
    let (receipt, _) = reported(world, &world.staff("agent"), at(received), named.then(identity)).expect("taken in");
    Case { world, number: receipt.number, now: Cell::new(at(received)) }
}

/// In the hands of two officers, a case opened.
fn opened(world: &World) -> Case<'_> {
    let case = taken_in(world, NOW, false);
    let (office, one, two) = (world.place("office"), world.account("officer1"), world.account("officer2"));
    case.does("dispatcher", move |tx, scene, it| dispatch::dispatch(tx, scene, it, None, office, "辖区")).unwrap();
    case.does("leader", move |tx, scene, it| assignment::assign(tx, scene, it, None, one, two)).unwrap();
    case.does("officer1", |tx, scene, it| report::propose_opening(tx, scene, it, None, "检出西布曲明")).unwrap();
    case.approves();
    case
}

fn codes(error: ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.into_iter().map(|fault| fault.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_reported_to_the_wrong_bureau_is_told_whose_it_is_by_the_law_of_its_day() {
    on_both("wrong addressee", |world| {
        for (received, law) in [
            ("2020-01-02T09:00:00+08:00", "《市场监督管理投诉举报处理暂行办法》第二十九条"),
            ("2026-04-14T09:00:00+08:00", "《市场监督管理投诉举报处理暂行办法》第二十九条"),
            ("2026-04-15T09:00:00+08:00", "《市场监督管理投诉举报处理办法》第三十四条"),
            ("2026-04-16T09:00:00+08:00", "《市场监督管理投诉举报处理办法》第三十四条"),
        ] {
            let case = taken_in(world, received, true);
            assert_eq!(codes(case.away("", Some("salt")).expect_err("to whom?")), ["body.missing", "over.unknown"]);
            let ended = case.away("市生态环境局（12369）", None).expect(received);
            assert_eq!((ended.state.status, ended.state.outcome), (Status::Told, Some(Outcome::TurnedAway)));
            assert!(world.running(&case.number).is_empty(), "{received}");
            let letter = case.paper("report_turned_away").expect("her letter");
            assert!(
                letter.contains(law) && letter.contains("请直接向市生态环境局（12369）提出"),
                "{received}: {letter}"
            );
            assert!(case.paper("case_transfer").is_none(), "nothing is handed over");
            let id = ended.id;
            let own = world.act(&consumer(&ended), case.now.get(), move |tx, scene| tracking::own_file(tx, scene, id));
            let own = own.expect("hers");
            assert!(own.letters.iter().any(|paper| paper.kind == "report_turned_away"), "on her own page");
            assert!(own.course.iter().any(|told| told.words.contains("请您直接向市生态环境局")), "{:?}", own.course);
            assert_eq!(world.verdict(&case.number), Verdict::Sound);
        }
    });
}

#[test]
fn what_of_food_is_another_departments_is_handed_to_it_and_she_is_told_in_writing() {
    on_both("food handed over", |world| {
        let case = taken_in(world, NOW, false);
        let ended = case.away("区农业农村局", Some("food")).expect("handed over");
        let letter = case.paper("case_transfer").expect("what goes to the department");
        assert!(letter.contains("区农业农村局") && letter.contains("《食品安全法》第一百一十五条"), "{letter}");
        let hers = case.paper("report_turned_away").expect("what goes to her");
        assert!(hers.contains("已移交区农业农村局") && !hers.contains("请直接向"), "{hers}");
        let id = ended.id;
        let own = world.act(&consumer(&ended), case.now.get(), move |tx, scene| tracking::own_file(tx, scene, id));
        let told: Vec<String> = own.expect("hers").course.into_iter().map(|told| told.words).collect();
        assert!(told.iter().any(|words| words.contains("已移交区农业农村局处理")), "{told:?}");
    });
}

#[test]
fn a_suspected_crime_goes_to_the_police_within_a_day_of_the_leaders_word() {
    on_both("crime", |world| {
        let case = opened(world);
        let crime = || Proposed::new(Decision::Prosecuted, 0, "涉嫌生产、销售有毒、有害食品罪");
        let proposed_on = case.proposes(crime()).map(|_| beijing_day(case.now.get())).expect("proposed");
        let due = world.deadline(&case.number, "crime_decision").due_day;
        assert_eq!(proposed_on.until(due).unwrap().get_days(), 3, "three days for the leader's word");
        case.does("leader", |tx, scene, it| approval::send_back(tx, scene, it, None, "证据再补充")).unwrap();
        let stopped = world.deadline(&case.number, "crime_decision").stopped_by;
        assert_eq!(stopped.as_deref(), Some("transfer_declined"), "that is a word as well");
        assert!(!world.running(&case.number).iter().any(|it| it.starts_with("crime_transfer")));
        case.proposes(Proposed { to: "市公安局食药环支队".to_owned(), ..crime() }).unwrap();
        let ended = case.approves();
        assert_eq!(ended.state.outcome, Some(Outcome::Decided(Decision::Prosecuted)));
        assert!(case.paper("crime_transfer").expect("the letter").contains("市公安局食药环支队"));
        let clock = world.deadline(&case.number, "crime_transfer");
        assert_eq!(case.now.get().duration_until(clock.due_at), SignedDuration::from_hours(24));
        assert!(case.errands().contains(&"record_transfer".to_owned()), "{:?}", case.errands());
        let missing = case.does("officer1", |tx, scene, it| report::record_transfer(tx, scene, it, None, None, ""));
        assert_eq!(codes(missing.expect_err("when, to whom?")), ["day.missing", "words.missing"]);
        case.transfers().expect("handed over");
        assert_eq!(world.deadline(&case.number, "crime_transfer").stopped_by.as_deref(), Some("transferred"));
        assert!(!case.errands().contains(&"record_transfer".to_owned()));
        case.transfers().expect("what the police decided is added");
        assert_eq!(world.verdict(&case.number), Verdict::Sound);
    });
}

#[test]
fn an_opened_case_that_is_another_departments_goes_there_with_its_letter() {
    on_both("handed over", |world| {
        let case = opened(world);
        let over = || Proposed::new(Decision::HandedOver, 0, "属于农业农村部门管辖");
        assert_eq!(codes(case.proposes(over()).expect_err("to whom?")), ["to.missing"]);
        let penalty = Proposed { to: "区农业农村局".to_owned(), ..Proposed::new(Decision::Penalty, 0, "警告") };
        assert_eq!(codes(case.proposes(penalty).expect_err("a penalty goes nowhere")), ["to.without_transfer"]);
        case.proposes(Proposed { to: "区农业农村局".to_owned(), ..over() }).unwrap();
        case.approves();
        let letter = case.paper("case_transfer").expect("the letter");
        assert!(letter.contains("区农业农村局") && letter.contains("第十七条"), "{letter}");
        assert_eq!(case.errands(), ["record_transfer"]);
        let away = || case.does("officer1", |tx, scene, it| archive::archive(tx, scene, it, None));
        assert!(matches!(away(), Err(ActError::NotLawful(_))), "first it is handed over");
        assert!(!world.running(&case.number).iter().any(|it| it.starts_with("crime")), "no crime, no such clock");
        case.transfers().expect("handed over");
        assert!(case.errands().is_empty());
        away().expect("put away");
        assert_eq!(world.verdict(&case.number), Verdict::Sound);
    });
}

#[test]
fn what_is_done_together_with_others_is_a_paper_in_the_file() {
    on_both("joint action", |world| {
        let case = opened(world);
        case.does("officer1", |tx, scene, it| {
            report::join_forces(tx, scene, it, None, "区公安分局、区城管局", "查封仓库一处")
        })
        .unwrap();
        let paper = case.paper("joint_action_record").expect("the record");
        assert!(paper.contains("区公安分局、区城管局") && paper.contains("查封仓库一处"), "{paper}");
    });
}

/// 标准化法 art. 35 and its like speak of whoever gave her name.
#[test]
fn whoever_gave_no_name_is_owed_only_what_laws_owe_to_anybody() {
    on_both("duties by name", |world| {
        for (named, salt) in [(true, true), (false, false)] {
            let case = taken_in(world, NOW, named);
            let noted = |duty: &'static str| {
                case.does("dispatcher", move |tx, scene, it| report::note_duty(tx, scene, it, None, duty))
            };
            assert_eq!(noted("salt").is_ok(), salt, "named {named}");
            assert!(noted("food").is_ok(), "named {named}");
        }
    });
}

/// What an older version closed has its errands as if it were closed today; nothing is opened twice.
#[test]
fn a_report_closed_before_there_were_such_errands_gets_them_with_the_next_sweep() {
    on_both("closed before", |world| {
        let case = opened(world);
        case.proposes(Proposed::new(Decision::Penalty, 20_000_000, "罚款二十万元")).unwrap();
        case.approves();
        let wanted = case.errands();
        assert_eq!(wanted, ["record_penalty", "reward_due"]);
        let id = world.case(&case.number).id;
        world.look(move |tx| {
            tx.execute("DELETE FROM errand WHERE case_id = $1", store::params![id])?;
            tx.execute("DELETE FROM reward WHERE case_id = $1", store::params![id])
        });
        assert!(case.errands().is_empty());
        let now = case.now.get() + SignedDuration::from_hours(1);
        let swept = || sweep::sweep(&world.db, &world.house, "here", now).expect("swept");
        assert_eq!(swept().caught_up, 1);
        assert_eq!(case.errands(), wanted);
        assert!(world.look(move |tx| store::reward::find(tx, id)).is_some(), "in the list of rewards too");
        assert_eq!(swept().caught_up, 0, "once");
        case.does("officer1", |tx, scene, it| {
            report::record_penalty(tx, scene, it, None, &crate::penalties::penalty(scene))
        })
        .expect("entered");
        assert_eq!(case.errands(), ["reward_due"]);
        assert_eq!(swept().caught_up, 0, "what is done stays done");
    });
}

/// A report that another authority handles is told to nobody who did not report it.
#[test]
fn a_lead_that_is_anothers_makes_no_letter_to_a_reporter() {
    on_both("lead turned away", |world| {
        let complaint = world.case_in(Status::Mediating);
        world.does("officer1", at("2026-06-02T09:00:00+08:00"), &complaint, Action::FindClue);
        world.does("officer1", at("2026-06-03T09:00:00+08:00"), &complaint, Action::MakeLead);
        let id = world.case(&complaint).id;
        let number = world.look(move |tx| store::case_link::of_case(tx, id))[0].other_number.clone();
        let case = Case { world, number, now: Cell::new(at("2026-06-03T10:00:00+08:00")) };
        let (one, two) = (world.account("officer1"), world.account("officer2"));
        case.does("leader", move |tx, scene, it| assignment::assign(tx, scene, it, None, one, two)).unwrap();
        case.does("officer1", |tx, scene, it| {
            report::turn_away(tx, scene, it, None, ("区农业农村局", None), "不是本局的职责")
        })
        .expect("turned away");
        assert!(case.paper("report_turned_away").is_none());
    });
}
