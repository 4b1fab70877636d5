//! 对外发布 (11.2, 12315保密纪律制度第三条): nobody says anything outside without an approval on record.

use casework::ActError;
use casework::statement::{self, Draft};
use domain::statement::StatementState;
use domain::status::Status;

use crate::vault::code;
use crate::world::{World, hours, on_both};

fn draft() -> Draft {
    Draft {
        kind: "interview".to_owned(),
        title: "电饭煲质量投诉的调解".to_owned(),
        medium: "市电视台".to_owned(),
        occasion: "3·15 宣传".to_owned(),
        text: "提醒消费者保留小票。".to_owned(),
        cases: String::new(),
    }
}

fn proposes(world: &World, who: &str, draft: Draft) -> Result<i64, ActError> {
    world.act(&world.staff(who), hours(1), move |tx, scene| statement::propose(tx, scene, &draft))
}

fn decides(world: &World, who: &str, id: i64, approved: bool, opinion: &'static str) -> Result<(), ActError> {
    world.act(&world.staff(who), hours(2), move |tx, scene| statement::decide(tx, scene, id, approved, opinion))
}

#[test]
fn nothing_is_said_outside_before_a_leader_of_the_bureau_approved_it() {
    on_both("statement approved", |world| {
        let ActError::Invalid(faults) = proposes(world, "officer1", Draft::default()).unwrap_err() else {
            panic!("everything at once")
        };
        assert_eq!(faults.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["kind", "title", "medium", "text"]);
        assert_eq!(proposes(world, "custodian1", draft()).unwrap_err().code(), "act.forbidden");
        let id = proposes(world, "officer1", draft()).expect("proposed");
        let publishes = |who: &str, place: &'static str| {
            world.act(&world.staff(who), hours(3), move |tx, scene| statement::publish(tx, scene, id, place))
        };
        assert_eq!(code(&publishes("officer1", "晚间新闻").unwrap_err()), "statement.not_approved");
        assert_eq!(code(&world.db.act(move |tx| statement::approved(tx, id)).unwrap_err()), "statement.not_approved");
        assert_eq!(
            decides(world, "leader", id, true, "同意").unwrap_err().code(),
            "case.not_found",
            "an office's leader"
        );
        assert_eq!(code(&decides(world, "director", id, true, " ").unwrap_err()), "opinion.missing");
        decides(world, "director", id, true, "同意，不提商家名称").expect("approved");
        assert_eq!(decides(world, "director", id, false, "再想想").unwrap_err().code(), "act.conflict", "once");
        let words =
            world.db.act(move |tx| statement::approved(tx, id)).unwrap_or_else(|error: ActError| panic!("{error:?}"));
        assert_eq!(words.said.text, "提醒消费者保留小票。");
        assert_eq!(code(&publishes("officer1", "").unwrap_err()), "place.missing");
        assert_eq!(publishes("officer2", "晚间新闻").unwrap_err().code(), "act.forbidden", "not hers");
        publishes("officer1", "晚间新闻，6月1日").expect("said");
        let row = world.look(move |tx| store::statement::find(tx, id)).expect("on record");
        assert_eq!((row.state, row.published_at), (StatementState::Published, Some(hours(3))));
        assert_eq!(
            code(&world.db.act(move |tx| statement::approved(tx, id)).unwrap_err()),
            "statement.not_approved",
            "an approval is used once"
        );
    });
}

#[test]
fn what_waits_is_seen_by_its_proposer_and_those_who_decide() {
    on_both("statement seen", |world| {
        let id = proposes(world, "officer1", draft()).expect("proposed");
        let sees = |who: &str| world.act(&world.staff(who), hours(2), statement::list).map(|rows| rows.len());
        for (who, count) in
            [("officer1", 1), ("director", 1), ("officer2", 0), ("leader", 0), ("other_leader", 0), ("auditor", 0)]
        {
            assert_eq!(sees(who).expect("a list"), count, "{who}");
        }
        let waits = |who: &str| {
            let person = world.people[who].clone();
            world
                .db
                .act(move |tx| statement::waiting(tx, &person))
                .map(|rows| rows.len())
                .unwrap_or_else(|error: ActError| panic!("{error:?}"))
        };
        assert_eq!((waits("director"), waits("officer1"), waits("city_leader")), (1, 0, 0));
        decides(world, "director", id, true, "同意").expect("approved");
        assert_eq!((sees("officer2").expect("a list"), sees("other_leader").expect("a list")), (1, 0));
        // Nobody approves her own, and what is secret is not spoken of.
        let own = proposes(world, "director", draft()).expect("proposed");
        assert_eq!(code(&decides(world, "director", own, true, "同意").unwrap_err()), "statement.own");
        let number = world.case_in(Status::Mediating);
        let of_case = Draft { cases: format!("{number}、没有这件"), ..draft() };
        assert_eq!(code(&proposes(world, "officer1", of_case).unwrap_err()), "cases.unknown");
        let id = proposes(world, "officer1", Draft { cases: number.clone(), ..draft() }).expect("proposed");
        let withdraws =
            |who: &str| world.act(&world.staff(who), hours(3), move |tx, scene| statement::withdraw(tx, scene, id));
        assert_eq!(withdraws("officer2").unwrap_err().code(), "case.not_found");
        withdraws("officer1").expect("taken back");
        assert_eq!(decides(world, "director", id, true, "同意").unwrap_err().code(), "act.conflict");
    });
}
