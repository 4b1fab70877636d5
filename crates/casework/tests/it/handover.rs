//! 交接 (1.4, 保密纪律 6): an officer is replaced wherever she has the case in hand, and a change of post waits until nothing is left.

use std::collections::BTreeMap;

use casework::handover::{self, Given, Wish, field};
use casework::record::Verdict;
use casework::{ActError, account, assignment, recusal};
use domain::action::Action;
use domain::handover::Thing;
use domain::mediation::Side;
use domain::role::Role;
use domain::status::Status;
use store::case::CaseRow;

use crate::vault::code;
use crate::world::{World, complaint, hours, on_both};

const REASON: &str = "调往市局";

fn replace(world: &World, who: &str, number: &str, (leaves, successor): (&str, &str)) -> Result<CaseRow, ActError> {
    let (number, leaves, successor) = (number.to_owned(), world.account(leaves), world.account(successor));
    world.act(&world.staff(who), hours(60), move |tx, scene| {
        assignment::replace(tx, scene, &number, None, leaves, successor, REASON)
    })
}

#[test]
fn an_officer_is_replaced_wherever_one_has_the_case() {
    on_both("replace", |world| {
        let named = [Status::Mediating, Status::PendingApproval, Status::Concluded];
        for status in [Status::Assigned, Status::Mediating, Status::PendingApproval, Status::Concluded] {
            let number = world.case_in(status);
            let before = (world.deadlines(&number), world.messages(&number).len());
            let refused = replace(world, "officer1", &number, ("officer1", "officer3")).unwrap_err();
            assert_eq!(refused.code(), "act.not_by_you", "{status:?}: not her own to give away");
            for (leaves, successor, wrong) in [
                ("officer3", "next_officer", "officer.unknown"),
                ("officer1", "officer2", "officer.unfit"),
                ("officer1", "next_officer", "officer.unfit"),
                ("officer1", "leader", "officer.unfit"),
            ] {
                let refused = replace(world, "leader", &number, (leaves, successor)).unwrap_err();
                assert_eq!(code(&refused), wrong, "{status:?} {leaves} {successor}");
            }
            let case = replace(world, "leader", &number, ("officer1", "officer3")).expect("the leader names another");
            assert_eq!(case.state.lead, Some(world.account("officer3")), "{status:?}");
            assert_eq!((case.state.partner, case.state.status), (Some(world.account("officer2")), status));
            assert_eq!(world.deadlines(&number), before.0, "{status:?}: no clock is touched");
            let told: Vec<_> = world.messages(&number).split_off(before.1);
            let both = told.iter().filter(|it| it.subject == "调解人员更换").map(|it| it.recipient.as_str());
            let both: Vec<_> = both.collect();
            if named.contains(&status) {
                assert!(both.contains(&"complainant") && both.contains(&"respondent"), "{status:?}: {both:?}");
                assert!(told.iter().any(|it| it.body.contains("officer3") && it.body.contains("13900000000")));
            } else {
                assert!(both.is_empty(), "nobody was told a name yet");
            }
            let again = replace(world, "director", &number, ("officer2", "officer1")).expect("the director may too");
            assert_eq!(again.state.partner, Some(world.account("officer1")), "{status:?}");
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
        for status in [Status::Registered, Status::Accepted, Status::Dispatched] {
            let number = world.case_in(status);
            let refused = replace(world, "director", &number, ("officer1", "officer3")).unwrap_err();
            assert_eq!(refused.code(), "act.not_from_here", "{status:?}: nobody has it yet");
        }
        for status in [Status::Told, Status::Archived] {
            let number = world.case_in(status);
            let refused = replace(world, "leader", &number, ("officer1", "officer3")).unwrap_err();
            assert_eq!(refused.code(), "act.not_now", "{status:?}: nothing is left to do");
        }
    });
}

#[test]
fn whoever_was_recused_does_not_come_back() {
    on_both("recused stays away", |world| {
        let number = world.case_in(Status::Mediating);
        let (asked, officer1, officer3) = (number.clone(), world.account("officer1"), world.account("officer3"));
        world
            .act(&world.staff("officer1"), hours(50), move |tx, scene| {
                recusal::request(tx, scene, &asked, None, Side::Respondent, officer1, "是店主的姐姐")
            })
            .expect("asked");
        let waits = replace(world, "leader", &number, ("officer2", "officer3")).unwrap_err();
        assert_eq!(waits.code(), "act.not_now", "the recusal is decided first");
        let decided = number.clone();
        world
            .act(&world.staff("leader"), hours(51), move |tx, scene| {
                recusal::decide(tx, scene, &decided, None, true, officer3, "确系近亲属")
            })
            .expect("granted");
        let refused = replace(world, "leader", &number, ("officer2", "officer1")).unwrap_err();
        assert_eq!(code(&refused), "officer.unfit");
    });
}

/// The codes of a refusal.
fn codes(error: &ActError) -> Vec<String> {
    match error {
        ActError::Invalid(faults) => faults.iter().map(|fault| fault.code.clone()).collect(),
        other => vec![other.code().to_owned()],
    }
}

fn leaves(world: &World, who: &str) -> Result<(), ActError> {
    let id = world.account(who);
    world.act(&world.staff("administrator"), hours(70), move |tx, scene| account::deactivate(tx, scene, id))
}

fn begins(world: &World, who: &str, of: &str) -> Result<i64, ActError> {
    let id = world.account(of);
    world.act(&world.staff(who), hours(65), move |tx, scene| handover::begin(tx, scene, id, REASON))
}

fn gives(world: &World, who: &str, id: i64, wish: Wish) -> Result<Given, ActError> {
    world.act(&world.staff(who), hours(66), move |tx, scene| handover::give(tx, scene, id, &wish))
}

fn all_to(world: &World, who: &str) -> Wish {
    Wish { all: Some(world.account(who)), ..Wish::default() }
}

fn signs(world: &World, who: &str, id: i64) -> Result<(), ActError> {
    world.act(&world.staff(who), hours(67), move |tx, scene| handover::sign(tx, scene, id))
}

fn takes(world: &World, who: &str, id: i64) -> Result<(), ActError> {
    world.act(&world.staff(who), hours(68), move |tx, scene| handover::take(tx, scene, id))
}

#[test]
fn an_account_waits_until_everything_is_handed_over_and_signed_for() {
    on_both("an account waits", |world| {
        let numbers = [world.case_in(Status::Assigned), world.case_in(Status::PendingApproval)];
        // officer1 leads both, officer2 is on both.
        assert_eq!(codes(&leaves(world, "officer1").unwrap_err()), ["account.holds_cases"]);
        assert_eq!(codes(&leaves(world, "officer2").unwrap_err()), ["account.holds_cases"], "the second officer too");
        assert_eq!(begins(world, "agent", "officer1").unwrap_err().code(), "act.forbidden");
        assert_eq!(begins(world, "next_leader", "officer1").unwrap_err().code(), "act.forbidden");
        let id = begins(world, "administrator", "officer1").expect("begun");
        assert_eq!(begins(world, "leader", "officer1").expect("the same"), id);
        assert_eq!(gives(world, "next_leader", id, all_to(world, "officer3")).unwrap_err().code(), "case.not_found");
        assert_eq!(gives(world, "officer1", id, all_to(world, "officer3")).unwrap_err().code(), "act.forbidden");
        // Whoever is on a case already cannot take the other place too.
        assert_eq!(codes(&gives(world, "leader", id, all_to(world, "officer2")).unwrap_err()), ["handover.nobody"]);
        assert_eq!(codes(&signs(world, "leader", id).unwrap_err()), ["handover.left"], "nothing was given yet");
        let first = world.case(&numbers[0]).id;
        let each = BTreeMap::from([(field(Thing::Lead, first), world.account("officer3"))]);
        let given = gives(world, "leader", id, Wish { each, all: None }).expect("one by one");
        assert_eq!(given, Given { given: 1, left: 1 });
        assert_eq!(world.case(&numbers[0]).state.lead, Some(world.account("officer3")));
        let given = gives(world, "leader", id, all_to(world, "officer3")).expect("the rest to one");
        assert_eq!(given, Given { given: 1, left: 0 });
        assert_eq!(codes(&leaves(world, "officer1").unwrap_err()), ["account.handover_open"]);
        signs(world, "officer1", id).expect("the giver signs");
        assert_eq!(codes(&leaves(world, "officer1").unwrap_err()), ["account.handover_open"], "nobody signed for it");
        assert_eq!(takes(world, "officer2", id).unwrap_err().code(), "case.not_found", "it is not hers to take");
        takes(world, "officer3", id).expect("the taker signs");
        leaves(world, "officer1").expect("nothing is left");
        let row = world.look(move |tx| store::handover::find(tx, id)).expect("the record stays");
        assert_eq!((row.signed_by, row.closed_at), (Some(world.account("officer1")), Some(hours(68))));
        let items = world.look(move |tx| store::handover::items(tx, id));
        assert!(items.iter().all(|item| item.taken_at == Some(hours(68))) && items.len() == 2);
        for number in numbers {
            assert_eq!(world.verdict(&number), Verdict::Sound);
        }
    });
}

#[test]
fn what_only_she_can_do_keeps_her_in_her_post() {
    on_both("the only one", |world| {
        let free = leaves(world, "next_leader");
        assert!(free.is_ok(), "nothing waits at her office: {free:?}");
        world.case_in(Status::PendingApproval);
        let refused = leaves(world, "leader").unwrap_err();
        assert_eq!(codes(&refused), ["account.sole_holder"]);
        assert!(refused.to_string().contains("经八路市场监督管理所的审批"), "{refused}");
        let (officer, office) = (world.account("officer3"), world.place("office"));
        world
            .act(&world.staff("security"), hours(69), move |tx, scene| {
                account::grant(tx, scene, officer, Role::Leader, office)
            })
            .expect("another leader");
        leaves(world, "leader").expect("somebody else can sign");
    });
}

#[test]
fn a_role_is_taken_back_when_what_it_held_is_in_other_hands() {
    on_both("role taken back", |world| {
        world.case_in(Status::Mediating);
        let (officer, office) = (world.account("officer1"), world.place("office"));
        let revoke = |role| {
            world.act(&world.staff("security"), hours(70), move |tx, scene| {
                account::revoke(tx, scene, officer, role, office)
            })
        };
        assert_eq!(codes(&revoke(Role::Officer).unwrap_err()), ["account.holds_cases"]);
        revoke(Role::Statistician).expect("it held nothing");
        let id = begins(world, "officer1", "officer1").expect("she begins it herself");
        gives(world, "director", id, all_to(world, "officer3")).expect("given");
        signs(world, "leader", id).expect("the leader signs for her");
        takes(world, "officer3", id).expect("taken");
        revoke(Role::Officer).expect("nothing is left");
    });
}

#[test]
fn drafts_and_visits_are_handed_over_too_and_a_move_takes_the_old_roles() {
    on_both("drafts, visits, move", |world| {
        let number = world.case_in(Status::Told);
        world
            .act(&world.staff("shift"), hours(40), |tx, scene| casework::visit::draw(tx, scene, 1))
            .expect("a sample of one");
        let bureau = world.place("bureau");
        let visit = world.look(move |tx| store::visit::open(tx, bureau, 10)).pop().expect("a visit");
        let visitor = world.people.iter().find(|(_, person)| person.account_id == visit.visitor_id);
        let visitor = *visitor.expect("one of the centre").0;
        let other = if visitor == "agent" { "shift" } else { "agent" };
        let owner = format!("account:{}", visit.visitor_id);
        world.look(move |tx| store::draft::put(tx, "key", &owner, "{}", hours(41)));
        let refused = codes(&leaves(world, visitor).unwrap_err());
        assert_eq!(refused, ["account.holds_visits", "account.holds_drafts"], "all at once");
        let id = begins(world, "director", visitor).expect("begun");
        assert_eq!(gives(world, "director", id, all_to(world, other)).expect("given"), Given { given: 2, left: 0 });
        let taker = world.account(other);
        assert_eq!(world.look(move |tx| store::visit::of_visitor(tx, taker)).len(), 1);
        let owner = format!("account:{taker}");
        assert_eq!(world.look(move |tx| store::draft::of_owner(tx, &owner)).len(), 1);
        signs(world, visitor, id).expect("signed");
        takes(world, other, id).expect("taken");
        let (who, to) = (world.account(visitor), world.place("other_centre"));
        let moves = |to| {
            world
                .act(&world.staff("administrator"), hours(70), move |tx, scene| account::move_to(tx, scene, who, 1, to))
        };
        assert_eq!(moves(to).unwrap_err().code(), "case.not_found", "outside of the administrator's reach");
        assert_eq!(codes(&moves(world.place("centre")).unwrap_err()), ["account.place"]);
        moves(world.place("office")).expect("moved");
        let account = world.look(move |tx| store::account::find(tx, who)).expect("she stays");
        assert_eq!(account.organization_id, world.place("office"));
        assert!(world.look(move |tx| store::account::grants(tx, who)).is_empty(), "new roles are given anew");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn whoever_no_longer_has_the_report_no_longer_reads_its_reporter() {
    on_both("reader replaced", |world| {
        let (number, _) = world.sealed();
        let (target, reader, key) = (number.clone(), world.account("officer1"), world.key("custodian1"));
        world
            .act(&world.staff("custodian1"), hours(30), move |tx, scene| {
                casework::vault::name_reader(tx, scene, &target, reader, &key, [91; 32])
            })
            .expect("named");
        world.opens("officer1", &number).expect("she reads while she has the case");
        replace(world, "leader", &number, ("officer1", "officer3")).expect("replaced");
        assert!(world.opens("officer1", &number).is_err(), "not any more");
        assert_eq!(code(&world.opens("officer3", &number).unwrap_err()), "vault.not_held", "nor by itself the next");
    });
}

#[test]
fn a_colleague_who_takes_one_thing_sees_no_other() {
    on_both("each her own", |world| {
        let mine = world.case_in(Status::Assigned);
        let other = world.file(&world.staff("agent"), hours(1), &complaint("sms")).number;
        for (who, action) in
            [("dispatcher", Action::Accept), ("dispatcher", Action::Dispatch), ("leader", Action::Assign)]
        {
            world.does(who, hours(2), &other, action);
        }
        let id = begins(world, "leader", "officer1").expect("begun");
        let each = BTreeMap::from([(field(Thing::Lead, world.case(&mine).id), world.account("officer3"))]);
        gives(world, "leader", id, Wish { each, all: None }).expect("one");
        let sees = |who: &str| world.act(&world.staff(who), hours(67), move |tx, scene| handover::open(tx, scene, id));
        let taker = sees("officer3").map(|it| (it.items.len(), it.held.cases.len(), it.directs, it.signs));
        assert_eq!(taker.expect("hers"), (1, 0, false, false));
        let giver = sees("officer1").map(|it| (it.items.len(), it.held.cases.len(), it.directs, it.signs));
        assert_eq!(giver.expect("hers"), (1, 1, false, true));
        for stranger in ["officer2", "agent", "administrator", "next_leader", "auditor"] {
            assert_eq!(sees(stranger).err().expect("nothing").code(), "case.not_found", "{stranger}");
        }
    });
}
