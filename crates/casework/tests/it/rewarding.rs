//! 举报奖励 (国市监稽规〔2021〕4号; catalogue 7.6): proposed, signed by two people, told, claimed by code, paid, refused, waived, objected
//! to; the computation itself is tested in the domain.

use casework::record::Verdict;
use casework::report::Proposed;
use casework::rewarding::{self, FinanceLetter, Payment, Proposal};
use casework::vault::Identity;
use casework::{ActError, Actor, Scene, linking, report, sweep, tracking};
use domain::action::Action;
use domain::link::Relation;
use domain::reporting::Decision;
use domain::reward::{Level, Merit};
use domain::rewarding::{Finance, NoticeWay, PaymentWay, Review, Shown, Stage};
use domain::status::Status;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use store::Tx;
use store::case::CaseRow;

use crate::report_filing::{ErrandWords, reported};
use crate::vault::seed;
use crate::world::{World, at, consumer, hours, on_both};

/// The second level, the whole fine of the tests counting: 5,000 元, of which 3 % are less than the floor.
fn second_level() -> Proposal {
    Proposal {
        merit: Merit { level: Level::Second, fine: 500_000, raised: None, stated: None, together: 1, already: 0 },
        gravity: "large_fine".to_owned(),
        scope: "safety".to_owned(),
        same_case: Vec::new(),
        none_excluded: true,
        reason: "指认的地点和时间与现场一致".to_owned(),
    }
}

/// The first level, the whole of this fine counting.
fn first_level(fine: i64) -> Proposal {
    let merit = Merit { level: Level::First, fine, ..second_level().merit };
    Proposal { merit, ..second_level() }
}

fn consent(day: Date) -> FinanceLetter {
    let (document, words) = ("豫财函〔2026〕1号".to_owned(), String::new());
    FinanceLetter { agreed: Some(true), document, day: Some(day), words }
}

fn payment(day: Date) -> Payment {
    Payment {
        day: Some(day),
        way: Some(PaymentWay::Cash),
        sum: 300_000,
        voucher: "记账凭证 2026-113".to_owned(),
        shown: Some(Shown::Document),
        ..Payment::default()
    }
}

/// Does an act of a reward with particulars that are in order.
pub fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    action: Action,
) -> Result<CaseRow, ActError> {
    let today = domain::clock::beijing_day(scene.now);
    match action {
        Action::ProposeReward => rewarding::propose(tx, scene, number, seen, &second_level()),
        Action::ProposeNoReward => {
            rewarding::propose_none(tx, scene, number, seen, "not_grave", "罚款没有达到较大数额")
        }
        Action::RecordFinance => rewarding::record_finance(tx, scene, number, seen, &consent(today)),
        Action::ApproveReward => rewarding::approve(tx, scene, number, seen, "同意"),
        Action::SendBackReward => rewarding::send_back(tx, scene, number, seen, "写清楚等级的依据"),
        Action::TellReward => rewarding::tell(tx, scene, number, seen, Some(NoticeWay::Page)),
        Action::ClaimReward => rewarding::claim(tx, scene, number, seen),
        Action::ExtendClaim => rewarding::extend(tx, scene, number, seen, "举报人在外地"),
        Action::WaiveReward => rewarding::waive(tx, scene, number, seen),
        Action::AskReview => rewarding::ask_review(tx, scene, number, seen, "比例算少了"),
        Action::AnswerReview => rewarding::answer_review(tx, scene, number, seen, Some(false), "按规定计算，没有差错"),
        _ => rewarding::pay(tx, scene, number, seen, &payment(today)),
    }
}

type Deed = (&'static str, Action);

/// From the desk to two officers and to a case that is being investigated.
const INVESTIGATED: &[Deed] = &[
    ("dispatcher", Action::Dispatch),
    ("leader", Action::Assign),
    ("officer1", Action::ProposeOpening),
    ("leader", Action::Approve),
];

fn all(world: &World, number: &str, from: i64, deeds: &[Deed]) {
    for (hour, (who, action)) in deeds.iter().enumerate() {
        world.does(who, hours(from + hour as i64), number, *action);
    }
}

/// A report taken out of a complaint that ended with a penalty of so many 分; nobody must be told the result.
fn penalised_by(world: &World, fine: i64) -> String {
    let (_, number) = crate::reporting::taken_out(world);
    all(world, &number, 2, INVESTIGATED);
    decided(world, &number, fine);
    number
}

fn decided(world: &World, number: &str, fine: i64) {
    let target = number.to_owned();
    let propose = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        report::propose_decision(tx, scene, &target, None, &Proposed::new(Decision::Penalty, fine, "没收并罚款"))
    };
    world.act(&world.staff("officer1"), hours(6), propose).expect("proposed");
    world.does("leader", hours(7), number, Action::Approve);
    assert_eq!(world.case(number).state.status, Status::Told);
}

fn penalised(world: &World) -> String {
    penalised_by(world, 500_000)
}

const SIGNED: &[Deed] = &[
    ("officer1", Action::ProposeReward),
    ("leader", Action::ApproveReward),
    ("director", Action::ApproveReward),
    ("officer1", Action::TellReward),
];

/// Signed by two and told on Tuesday 2 June 2026.
fn granted(world: &World) -> String {
    let number = penalised(world);
    all(world, &number, 20, SIGNED);
    number
}

fn propose(world: &World, number: &str, proposal: &Proposal) -> Result<CaseRow, ActError> {
    let (number, proposal) = (number.to_owned(), proposal.clone());
    world.act(&world.staff("officer1"), hours(20), move |tx, scene| {
        rewarding::propose(tx, scene, &number, None, &proposal)
    })
}

fn stage(world: &World, number: &str) -> Option<Stage> {
    domain::rewarding::stage(&world.case(number).state)
}

fn refused(world: &World, who: &str, number: &str, action: Action) -> ActError {
    let actor = if who == "consumer" { consumer(&world.case(number)) } else { world.staff(who) };
    world.try_to(&actor, hours(40), number, action).expect_err("it must be refused")
}

fn not_now(world: &World, who: &str, number: &str, action: Action) -> String {
    let error = refused(world, who, number, action);
    assert_eq!(error.code(), "act.not_now", "{who} {action:?}: {error:?}");
    error.to_string()
}

fn fields(error: &ActError) -> Vec<&str> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.field.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reward_goes_from_the_proposal_over_two_signatures_to_the_reporter_and_is_paid() {
    on_both("reward", |world| {
        let number = penalised(world);
        let officer = world.account("officer1");
        assert_eq!(reward_errands(&world.case(&number)), [format!("reward_due officer:{officer}")]);
        // Fifteen workdays from Monday 1 June 2026; 19 June is a holiday.
        assert_eq!(world.running(&number), ["reward_notice 2026-06-23"]);
        let proposed = world.does("officer1", hours(20), &number, Action::ProposeReward);
        // 3 % of 5,000 are 150: the floor of the level.
        assert_eq!(proposed.state.turns.rewarding.sum, 300_000);
        let desk = |place: &str| format!("reward_approval {place}:{}", world.place("office"));
        assert_eq!(reward_errands(&proposed), [desk("approval")]);
        let signed = world.does("leader", hours(21), &number, Action::ApproveReward);
        assert_eq!(stage(world, &number), Some(Stage::Signed));
        assert_eq!(reward_errands(&signed), [format!("reward_approval bureau_leader:{}", world.place("bureau"))]);
        assert!(world.papers(&number).iter().all(|paper| paper.kind != "reward_approval_form"), "not decided yet");
        assert!(not_now(world, "leader", &number, Action::ApproveReward).contains("不同的人"));
        // Nobody learns of it before it is decided and told, and the file waits for it.
        not_now(world, "consumer", &number, Action::ClaimReward);
        assert!(not_now(world, "officer1", &number, Action::Archive).contains("举报奖励"));
        world.does("director", hours(22), &number, Action::ApproveReward);
        assert_eq!(stage(world, &number), Some(Stage::Decided));
        assert_eq!(reward_errands(&world.case(&number)), [format!("reward_notice officer:{officer}")]);
        not_now(world, "consumer", &number, Action::ClaimReward);
        let told = world.does("officer1", hours(23), &number, Action::TellReward);
        assert_eq!(told.state.turns.rewarding.stage, Some(Stage::Granted));
        // Thirty and ten workdays from Tuesday 2 June.
        assert_eq!(world.running(&number), ["reward_claim 2026-07-15", "reward_review 2026-06-16"]);
        assert!(reward_errands(&told).is_empty(), "it is her turn");
        let (id, her) = (told.id, consumer(&told));
        let own = world.act(&her, hours(24), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        assert!(own.course.iter().any(|told| told.words.contains("决定给予奖励")), "{:?}", own.course);
        let letter = own.letters.iter().find(|paper| paper.kind == "reward_notice").expect("her letter");
        assert!(letter.body.contains("3,000.00") && letter.body.contains("2026年7月15日"), "{}", letter.body);
        assert!(own.letters.iter().all(|paper| paper.kind != "reward_approval_form"), "the form is the bureau's");
        assert_eq!(rewarding::hers(&own.case), [Action::ClaimReward, Action::AskReview, Action::WaiveReward]);
        world.does("consumer", hours(30), &number, Action::ClaimReward);
        assert_eq!(world.running(&number), Vec::<String>::new());
        assert_eq!(reward_errands(&world.case(&number)), [format!("reward_payment officer:{officer}")]);
        let paid = world.does("officer1", hours(31), &number, Action::PayReward);
        assert_eq!(paid.state.turns.rewarding.stage, Some(Stage::Paid));
        assert!(reward_errands(&paid).is_empty());
        let form = world.papers(&number).into_iter().find(|paper| paper.kind == "reward_approval_form");
        let form = form.expect("the form").body;
        for said in ["不足 3000 元", "指认的地点", "领导leader", "不需要"] {
            assert!(form.contains(said), "{said}: {form}");
        }
        world.does("officer1", hours(33), &number, Action::Archive);
        assert_eq!(world.verdict(&number), Verdict::Sound);
        assert!(world.messages(&number).is_empty(), "nothing goes to an address");
    });
}

#[test]
fn a_proposal_is_judged_all_at_once_and_the_fine_cannot_be_more_than_the_decision_says() {
    on_both("reward faults", |world| {
        let number = penalised(world);
        let wrong = Proposal {
            merit: Merit { fine: 500_001, raised: Some(2), together: 0, ..second_level().merit },
            gravity: "none".to_owned(),
            scope: String::new(),
            same_case: vec!["410105-2026-000001".to_owned()],
            none_excluded: false,
            reason: " ".to_owned(),
        };
        let tried = propose(world, &number, &wrong).expect_err("wrong");
        let all = ["gravity", "scope", "excluded", "same_case", "fine", "raised", "together", "reason"];
        assert_eq!(fields(&tried), all);
        let (of, officer) = (number.clone(), world.staff("officer1"));
        let tried = world.act(&officer, hours(20), move |tx, scene| {
            rewarding::record_finance(
                tx,
                scene,
                &of,
                None,
                &FinanceLetter { agreed: None, ..consent(date(2026, 7, 1)) },
            )
        });
        assert_eq!(fields(&tried.expect_err("wrong")), ["agreed", "day"]);
        // What proved untrue has no reward.
        let (_, untrue) = crate::reporting::taken_out(world);
        all_of_untrue(world, &untrue);
        assert!(reward_errands(&world.case(&untrue)).is_empty() && world.running(&untrue).is_empty());
        not_now(world, "officer1", &untrue, Action::ProposeNoReward);
        world.does("officer1", hours(41), &untrue, Action::Archive);
    });
}

/// Kind and desk of what waits for the reward; the decision to punish waits beside it.
fn reward_errands(case: &CaseRow) -> Vec<String> {
    case.errands_words().into_iter().filter(|errand| errand.starts_with("reward_")).collect()
}

fn all_of_untrue(world: &World, number: &str) {
    let declined = [("officer1", Action::ProposeNotOpening), ("leader", Action::Approve)];
    all(world, number, 2, &[&INVESTIGATED[..2], &declined].concat());
}

#[test]
fn from_half_a_million_on_the_finance_department_must_agree() {
    on_both("reward finance", |world| {
        // 5 % of 9,999,980 元 are 499,999 元.
        let below = penalised_by(world, 999_998_000);
        let proposed = propose(world, &below, &first_level(999_998_000)).expect("proposed");
        assert_eq!(
            (proposed.state.turns.rewarding.sum, proposed.state.turns.rewarding.finance),
            (49_999_900, Finance::NotNeeded)
        );
        not_now(world, "officer1", &below, Action::RecordFinance);
        // 5 % of 10,000,000 元 are 500,000 元 exactly.
        let exactly = penalised_by(world, 1_000_000_000);
        let proposed = propose(world, &exactly, &first_level(1_000_000_000)).expect("proposed");
        assert_eq!(
            (proposed.state.turns.rewarding.sum, proposed.state.turns.rewarding.finance),
            (50_000_000, Finance::Awaited)
        );
        let officer = world.account("officer1");
        assert_eq!(reward_errands(&proposed), [format!("reward_finance officer:{officer}")]);
        assert!(not_now(world, "leader", &exactly, Action::ApproveReward).contains("财政"));
        // It does not agree: the officer proposes something else, or nothing.
        let target = exactly.clone();
        let declined = world.act(&world.staff("officer1"), hours(21), move |tx, scene| {
            let consent = FinanceLetter { agreed: Some(false), ..consent(date(2026, 6, 1)) };
            rewarding::record_finance(tx, scene, &target, None, &consent)
        });
        assert_eq!(reward_errands(&declined.expect("kept")), [format!("reward_due officer:{officer}")]);
        not_now(world, "leader", &exactly, Action::ApproveReward);
        propose(world, &exactly, &first_level(1_000_000_000)).expect("proposed again, its number was wrong");
        world.does("officer1", hours(22), &exactly, Action::RecordFinance);
        world.does("leader", hours(23), &exactly, Action::ApproveReward);
        world.does("director", hours(24), &exactly, Action::ApproveReward);
        let papers = world.papers(&exactly);
        let form = papers.iter().find(|paper| paper.kind == "reward_approval_form").expect("the form");
        assert!(form.body.contains("豫财函〔2026〕1号"), "{}", form.body);
        // An insider's higher percentage needs its word whatever the sum.
        let insider = penalised(world);
        let raised = Proposal { merit: Merit { raised: Some(6), ..second_level().merit }, ..second_level() };
        let proposed = propose(world, &insider, &raised).expect("proposed");
        assert_eq!(proposed.state.turns.rewarding.finance, Finance::Awaited);
    });
}

#[test]
fn one_case_is_not_rewarded_beyond_its_cap_however_many_reported_it() {
    on_both("reward cap", |world| {
        let (one, other) = (penalised_by(world, 1_600_000_000), penalised_by(world, 1_600_000_000));
        let (from, to) = (other.clone(), one.clone());
        let linked = world.act(&world.staff("officer1"), hours(10), move |tx, scene| {
            linking::link(tx, scene, &from, None, &to, Some(Relation::Related))
        });
        linked.expect("linked");
        let joint = Proposal { same_case: vec![one.clone()], ..first_level(1_600_000_000) };
        // Both are proposed before either is decided: 800,000 each.
        for (number, proposal) in [(&one, &first_level(1_600_000_000)), (&other, &joint)] {
            let proposed = propose(world, number, proposal).expect("proposed");
            assert_eq!(proposed.state.turns.rewarding.sum, 80_000_000);
            world.does("officer1", hours(21), number, Action::RecordFinance);
            world.does("leader", hours(22), number, Action::ApproveReward);
        }
        world.does("director", hours(23), &one, Action::ApproveReward);
        assert!(not_now(world, "director", &other, Action::ApproveReward).contains("超过上限"));
        world.does("director", hours(24), &other, Action::SendBackReward);
        // Of the million of the case 200,000 are left.
        assert_eq!(propose(world, &other, &joint).expect("proposed").state.turns.rewarding.sum, 20_000_000);
        world.does("leader", hours(26), &other, Action::ApproveReward);
        world.does("director", hours(27), &other, Action::ApproveReward);
        assert_eq!(stage(world, &other), Some(Stage::Decided));
        for number in [&one, &other] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn that_there_is_no_reward_takes_one_signature_and_she_is_told_why() {
    on_both("no reward", |world| {
        let number = penalised(world);
        world.does("officer1", hours(20), &number, Action::ProposeReward);
        // Before anybody signed, the officer may think again.
        world.does("officer1", hours(20), &number, Action::ProposeNoReward);
        world.does("leader", hours(21), &number, Action::SendBackReward);
        assert_eq!(stage(world, &number), Some(Stage::Due), "the officer proposes again");
        world.does("officer1", hours(22), &number, Action::ProposeNoReward);
        world.does("leader", hours(23), &number, Action::ApproveReward);
        not_now(world, "officer1", &number, Action::ProposeReward);
        assert_eq!(world.running(&number), ["reward_notice 2026-06-23"], "she does not know it yet");
        let told = world.does("officer1", hours(24), &number, Action::TellReward);
        assert_eq!(stage(world, &number), Some(Stage::Refused));
        assert!(reward_errands(&told).is_empty() && world.running(&number).is_empty());
        let (id, her) = (told.id, consumer(&told));
        let own = world.act(&her, hours(25), move |tx, scene| tracking::own_file(tx, scene, id)).expect("hers");
        let letter = own.letters.iter().find(|paper| paper.kind == "no_reward_notice").expect("her letter");
        for said in ["不是重大违法行为", "第二条、第三条", "罚款没有达到较大数额"] {
            assert!(letter.body.contains(said), "{said}: {}", letter.body);
        }
        not_now(world, "consumer", &number, Action::ClaimReward);
        world.does("officer1", hours(41), &number, Action::Archive);
    });
}

#[test]
fn an_objection_is_answered_once_by_a_leader_and_her_time_stands_still_meanwhile() {
    on_both("reward review", |world| {
        let number = granted(world);
        let asked = world.does("consumer", hours(30), &number, Action::AskReview);
        assert_eq!(reward_errands(&asked), [format!("reward_review bureau_leader:{}", world.place("bureau"))]);
        not_now(world, "consumer", &number, Action::ClaimReward);
        let id = asked.id;
        let (events, said) =
            world.look(move |tx| Ok((store::event::of_case(tx, id)?, store::report::messages(tx, id)?)));
        assert!(events.iter().all(|event| !event.data.contains("比例算少了")), "her words are in no event");
        assert_eq!(said.last().map(|it| it.body.as_str()), Some("比例算少了"));
        // However long the bureau takes, it does not run out.
        let now = hours(0) + SignedDuration::from_hours(80 * 24);
        sweep::sweep(&world.db, &world.house, "test", now).expect("swept");
        assert_eq!(stage(world, &number), Some(Stage::Granted));
        world.does("director", hours(54), &number, Action::AnswerReview);
        // From 2 to 3 June: one day more.
        assert_eq!(world.running(&number), ["reward_claim 2026-07-16"]);
        assert_eq!(world.case(&number).state.turns.rewarding.review, Review::Answered);
        not_now(world, "consumer", &number, Action::AskReview);
        world.does("consumer", hours(55), &number, Action::ClaimReward);
        assert_eq!(stage(world, &number), Some(Stage::Claimed));
        // Elsewhere the sum is found wrong: it is proposed anew, and what she was told holds no more.
        let wrong = granted(world);
        world.does("consumer", hours(30), &wrong, Action::AskReview);
        let target = wrong.clone();
        let changed = world.act(&world.staff("director"), hours(54), move |tx, scene| {
            rewarding::answer_review(tx, scene, &target, None, Some(true), "漏算了没收的部分")
        });
        changed.expect("answered");
        assert_eq!(stage(world, &wrong), Some(Stage::Due));
        // Fifteen workdays from Wednesday 3 June.
        assert_eq!(world.running(&wrong), ["reward_notice 2026-06-25"]);
        all(world, &wrong, 56, SIGNED);
        assert_eq!(stage(world, &wrong), Some(Stage::Granted));
        not_now(world, "consumer", &wrong, Action::AskReview);
        for number in [&number, &wrong] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn what_nobody_claims_in_time_is_waived_by_the_program_and_more_time_is_given_once() {
    on_both("reward lapses", |world| {
        let number = granted(world);
        world.does("officer1", hours(30), &number, Action::ExtendClaim);
        // Ten workdays more.
        assert!(world.running(&number).contains(&"reward_claim 2026-07-29".to_owned()));
        not_now(world, "officer1", &number, Action::ExtendClaim);
        let on_day = |days: i64| hours(0) + SignedDuration::from_hours(days * 24);
        let sweep = |days: i64| sweep::sweep(&world.db, &world.house, "test", on_day(days)).expect("swept").unclaimed;
        // 29 July is the 58th day after 1 June: it is still hers that day.
        assert_eq!(sweep(58), 0);
        let her = consumer(&world.case(&number));
        let late = world.try_to(&her, on_day(59), &number, Action::ClaimReward).expect_err("too late");
        assert!(late.to_string().contains("领取期限已经过了"), "before any sweep said so");
        assert_eq!(sweep(59), 1);
        assert_eq!(stage(world, &number), Some(Stage::Waived));
        assert_eq!(sweep(60), 0);
        assert!(world.running(&number).is_empty());
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn whoever_stays_anonymous_claims_by_code_and_who_was_paid_lies_in_the_vault_alone() {
    on_both("reward by code", |world| {
        world.ceremony();
        let (receipt, code) = reported(world, &Actor::Public, hours(0), None).expect("taken in");
        let (stranger, strangers) = reported(world, &Actor::Public, hours(0), None).expect("taken in");
        let number = receipt.number;
        world.does("dispatcher", hours(1), &number, Action::Register);
        all(world, &number, 2, INVESTIGATED);
        decided(world, &number, 500_000);
        all(world, &number, 20, SIGNED);
        // Her code opens her report; another's, or one that nobody has, opens nothing, and neither does a number that is not there.
        let find = |number: &str, code: &str| {
            let (house, number, code) = (world.house.clone(), number.to_owned(), code.to_owned());
            let found = world.act(&Actor::Public, hours(25), move |tx, _| tracking::find(tx, &house, &number, &code));
            found.expect("looked").map(|case| case.id)
        };
        let id = find(&number, &code).expect("hers");
        assert_eq!(find(&number, &strangers), None);
        assert_eq!(find(&number, "0000000000000000"), None);
        assert_eq!(find("410105-2026-999999", &code), None);
        let of = number.clone();
        let others = world.case(&stranger.number).id;
        let tried = world
            .act(&Actor::Complainant { case_id: others }, hours(26), move |tx, scene| {
                rewarding::claim(tx, scene, &of, None)
            })
            .expect_err("not hers");
        assert_eq!(tried.code(), "case.not_found");
        world
            .act(&Actor::Complainant { case_id: id }, hours(27), {
                let number = number.clone();
                move |tx, scene| rewarding::claim(tx, scene, &number, None)
            })
            .expect("claimed");
        let payee =
            Identity { name: "端木领款".to_owned(), id_number: "CANARY-PAID-77".to_owned(), ..Identity::default() };
        let by_code =
            Payment { shown: Some(Shown::Code), code: strangers, payee, seed: seed(), ..payment(date(2026, 6, 2)) };
        let pay = |payment: Payment| {
            let number = number.clone();
            let act = move |tx: &mut Tx<'_>, scene: Scene<'_>| rewarding::pay(tx, scene, &number, None, &payment);
            world.act(&world.staff("officer1"), hours(28), act)
        };
        let wrong = Payment { sum: 300_001, day: Some(date(2026, 6, 9)), voucher: String::new(), ..by_code.clone() };
        assert_eq!(fields(&pay(wrong).expect_err("wrong")), ["day", "sum", "code", "voucher"]);
        let paid = pay(Payment { code, ..by_code.clone() }).expect("paid");
        assert_eq!(paid.state.turns.rewarding.stage, Some(Stage::Paid));
        assert!(world.look(move |tx| store::vault::identity(tx, id, "reporter")).is_some());
        for value in world.everything() {
            let bytes = match &value {
                store::Value::Text(text) => text.as_bytes(),
                store::Value::Blob(bytes) => bytes,
                _ => continue,
            };
            for secret in ["端木领款", "CANARY-PAID-77"] {
                assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} lies there");
            }
        }
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_report_from_before_the_rule_gets_no_reward_and_no_clock() {
    on_both("reward before the rule", |world| {
        let (_, number) = crate::reporting::taken_out(world);
        all(world, &number, 2, INVESTIGATED);
        let (of, id, early) = (number.clone(), world.case(&number).id, at("2021-11-30T09:00:00+08:00"));
        let set_back = move |tx: &mut Tx<'_>| -> Result<(), store::StoreError> {
            let params = [early.as_microsecond().into(), id.into()];
            tx.execute("UPDATE cases SET received_at = $1 WHERE id = $2", &params).map(drop)
        };
        world.db.act(set_back).expect("set back");
        decided(world, &number, 500_000);
        assert!(world.running(&number).is_empty(), "{:?}", world.running(&number));
        let tried = propose(world, &of, &second_level()).expect_err("no rule");
        assert_eq!(crate::vault::code(&tried), "reward.no_rule");
        let none = world.act(&world.staff("officer1"), hours(20), move |tx, scene| {
            rewarding::propose_none(tx, scene, &of, None, "too_early", "收到时办法没有施行")
        });
        none.expect("proposed");
    });
}
