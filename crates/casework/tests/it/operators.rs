//! 经营者: the respondent is tied to a registered operator by its code or by a person, once and with an undo; the history counts
//! what the reader may see and nothing else; what was entered twice goes on as one and can be parted.

use casework::operator_tie::{self, Chosen};
use casework::operators::{self, OperatorFile, Particulars};
use casework::record::Verdict;
use casework::{ActError, filing, proposing};
use domain::accepting::PartyRole;
use domain::action::Action;
use domain::filing::{RawFiling, Typist};
use domain::further_party::RawParty;
use domain::operator::Tie;
use jiff::civil::date;
use std::sync::{Arc, Barrier};
use store::case::CaseRow;
use store::operator::OperatorRow;

use crate::turns::field_codes;
use crate::world::{World, complaint, hours, on_both};

fn code() -> String {
    credit_code("91410105MY0000001")
}

/// The 18th character is found by trying: one of 31 fits.
fn credit_code(body: &str) -> String {
    let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = letters.map(|letter| format!("{body}{letter}"));
    codes.find(|code| domain::credit_code::CreditCode::parse(code).is_ok()).expect("one letter fits")
}

fn shop(name: &str, credit_code: &str) -> Particulars {
    Particulars {
        name: name.to_owned(),
        credit_code: credit_code.to_owned(),
        kind: "enterprise".to_owned(),
        region: "410105001".to_owned(),
        address: "文化路2号".to_owned(),
        ..Particulars::default()
    }
}

fn against(name: &str, credit_code: &str) -> RawFiling {
    RawFiling {
        respondent_name: name.to_owned(),
        respondent_credit_code: credit_code.to_owned(),
        ..complaint("in_app")
    }
}

impl World {
    fn enter(&self, who: &str, typed: &Particulars) -> Result<i64, ActError> {
        let typed = typed.clone();
        self.act(&self.staff(who), hours(0), move |tx, scene| operators::register(tx, scene, &typed))
    }

    fn tie(&self, who: &str, number: &str, seen: Option<i64>, chosen: &Chosen) -> Result<CaseRow, ActError> {
        let (number, chosen) = (number.to_owned(), chosen.clone());
        self.act(&self.staff(who), hours(2), move |tx, scene| {
            operator_tie::link(tx, scene, &number, seen, Some(&chosen))
        })
    }

    fn proposed(&self, number: &str) -> Vec<(i64, Tie)> {
        let case = self.case(number);
        let found =
            self.db.act(move |tx| operator_tie::proposals(tx, &case)).unwrap_or_else(|e: ActError| panic!("{e:?}"));
        found.into_iter().map(|it| (it.operator.id, it.tie)).collect()
    }

    fn operator(&self, who: &str, id: i64) -> OperatorFile {
        self.act(&self.staff(who), hours(40), move |tx, scene| operators::file(tx, scene, id)).expect("the page")
    }

    fn row(&self, id: i64) -> OperatorRow {
        self.look(move |tx| store::operator::find(tx, id)).expect("the operator")
    }
}

#[test]
fn a_credit_code_of_the_register_ties_by_itself_when_the_case_is_registered() {
    on_both("tied by itself", |world| {
        let (code, other) = (code(), credit_code("91410105MY0000002"));
        let id = world.enter("agent", &shop("好又来商贸有限公司", &code)).expect("entered");
        // Typed by an agent: registered at once. Another code is another business, whatever its name.
        let number = world.file(&world.staff("agent"), hours(1), &against("好又来", &code)).number;
        assert_eq!(world.case(&number).state.operator, Some(id));
        assert_eq!(world.events(&number), ["file", "link_operator"]);
        let namesake = world.file(&world.staff("agent"), hours(1), &against("好又来商贸有限公司", &other)).number;
        assert_eq!(world.case(&namesake).state.operator, None);
        assert_eq!(world.proposed(&namesake), []);
        // From the public page: when somebody registers it, and once although she sends it twice.
        let filed = world.file(&casework::Actor::Public, hours(1), &against("好又来", &code)).number;
        assert_eq!(world.case(&filed).state.operator, None);
        for _ in 0..2 {
            world
                .try_from_page(&world.staff("agent"), hours(2), &filed, Some(1), Action::Register)
                .expect("registered");
        }
        assert_eq!(world.events(&filed), ["file", "register", "link_operator"]);
        assert_eq!(world.case(&filed).state.operator, Some(id));
        for number in [&number, &filed] {
            assert_eq!(world.verdict(number), Verdict::Sound);
        }
    });
}

#[test]
fn a_person_ties_from_proposals_once_and_can_undo_it() {
    on_both("tied by a person", |world| {
        let id = world.enter("agent", &shop("金水区好又来超市（个体工商户）", "")).expect("entered");
        let number = world.registered(hours(1)).number;
        assert_eq!(world.proposed(&number), [(id, Tie::Name)], "the same name in the same county");
        let seen = Some(world.case(&number).state.version);
        for _ in 0..2 {
            world.tie("agent", &number, seen, &Chosen::Known(id)).expect("tied");
        }
        assert_eq!(world.events(&number), ["file", "link_operator"], "one event");
        let again = world.tie("agent", &number, None, &Chosen::Known(id)).expect_err("nothing to change");
        assert_eq!(field_codes(&again), ["operator.same"]);
        // Another page's choice comes too late and hears so.
        let other = world.enter("agent", &shop("另一家", "")).expect("entered");
        let late = world.tie("dispatcher", &number, seen, &Chosen::Known(other)).expect_err("somebody was first");
        assert!(late.to_string().contains("关联经营者"), "{late}");
        assert_eq!(world.case(&number).state.operator, Some(id));
        world.tie("dispatcher", &number, None, &Chosen::Known(other)).expect("another one");
        world.tie("dispatcher", &number, None, &Chosen::None).expect("undone");
        assert_eq!(world.case(&number).state.operator, None);
        let unknown = world.tie("dispatcher", &number, None, &Chosen::Known(9_999)).expect_err("none");
        assert_eq!(field_codes(&unknown), ["operator.unknown"]);
        // Who does not have the case may not; who may not know of it does not learn of it.
        let not_hers = world.tie("next_officer", &number, None, &Chosen::Known(id)).expect_err("not hers");
        assert_eq!(not_hers.code(), "case.not_found");
        let elsewhere = world.tie("other_dispatcher", &number, None, &Chosen::Known(id)).expect_err("not hers");
        assert_eq!(elsewhere.code(), "case.not_found");
        assert_eq!(world.verdict(&number), Verdict::Sound);
    });
}

#[test]
fn a_new_operator_is_entered_with_the_act_and_only_once() {
    on_both("entered with the act", |world| {
        let raw = RawFiling { respondent_platform: "淘淘".to_owned(), ..against("好又来旗舰店", "") };
        let number = world.file(&world.staff("agent"), hours(1), &raw).number;
        let mut typed = shop("某某网络有限公司", &code());
        typed.shops = vec![["淘淘".to_owned(), "好又来 旗舰店".to_owned(), "https://shop.example.cn".to_owned()]];
        let seen = Some(world.case(&number).state.version);
        let wrong = Particulars { credit_code: "123".to_owned(), kind: String::new(), ..typed.clone() };
        let refused = world.tie("agent", &number, seen, &Chosen::New(Box::new(wrong))).expect_err("faults");
        assert_eq!(field_codes(&refused), ["credit_code.invalid", "kind.missing"], "all at once");
        for _ in 0..2 {
            world.tie("agent", &number, seen, &Chosen::New(Box::new(typed.clone()))).expect("entered and tied");
        }
        let id = world.case(&number).state.operator.expect("tied");
        assert_eq!(world.events(&number), ["file", "link_operator"]);
        // The next complaint about the shop finds it; so does one who enters the code again.
        let next = world.file(&world.staff("agent"), hours(3), &raw).number;
        assert_eq!(world.proposed(&next), [(id, Tie::Shop)]);
        let twice = world.enter("dispatcher", &shop("又一家", &code())).expect_err("the code is taken");
        assert_eq!(field_codes(&twice), ["credit_code.taken"]);
        assert!(twice.to_string().contains("某某网络有限公司"));
        let nobody = world.enter("statistician", &shop("又一家", "")).expect_err("does not keep the register");
        assert_eq!(nobody.code(), "act.forbidden");
    });
}

#[test]
fn at_the_same_moment_a_code_is_entered_once() {
    on_both("one code at once", |world| {
        let barrier = Arc::new(Barrier::new(2));
        let tries: Vec<_> = ["甲公司", "乙公司"]
            .into_iter()
            .map(|name| {
                let (db, house, actor) = (world.db.clone(), world.house.clone(), world.staff("agent"));
                let (typed, barrier) = (shop(name, &code()), barrier.clone());
                std::thread::spawn(move || {
                    barrier.wait();
                    let act = move |tx: &mut store::Tx<'_>| {
                        let scene = casework::Scene { house: &house, now: hours(0), actor: &actor };
                        operators::register(tx, scene, &typed)
                    };
                    db.act(act)
                })
            })
            .collect();
        let outcomes: Vec<_> = tries.into_iter().map(|it| it.join().expect("no panic")).collect();
        assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1, "{outcomes:?}");
        let refused = outcomes.into_iter().find_map(Result::err).expect("one is refused");
        assert_eq!(field_codes(&refused), ["credit_code.taken"]);
    });
}

#[test]
fn the_history_counts_what_the_reader_may_see() {
    on_both("history", |world| {
        let code = code();
        let id = world.enter("agent", &shop("好又来商贸有限公司", &code)).expect("entered");
        // Three here: one settled, one refused, one open; two in the county beside.
        let settled = world.case_in(domain::status::Status::Concluded);
        world.tie("officer1", &settled, None, &Chosen::Known(id)).expect("tied");
        let refused = world.case_in(domain::status::Status::Refused);
        world.tie("dispatcher", &refused, None, &Chosen::Known(id)).expect("tied");
        let agent = world.staff("agent");
        let open = RawFiling { problem: "after_sales".to_owned(), ..against("好又来", &code) };
        world.file(&agent, hours(20), &open);
        let elsewhere = RawFiling { region: "410102001".to_owned(), ..against("好又来", &code) };
        for _ in 0..2 {
            world.file(&agent, hours(21), &elsewhere);
        }
        let told = |who: &str| {
            let history = world.operator(who, id).history;
            let all = &history.all;
            (all.cases, all.open, all.settled, all.terminated, all.refused, history.recent.cases)
        };
        assert_eq!(told("dispatcher"), (3, 2, 1, 0, 1, 3), "concluded is open until both sides are told");
        assert_eq!(told("other_dispatcher"), (2, 2, 0, 0, 0, 2));
        assert_eq!(told("city_dispatcher"), (5, 4, 1, 0, 1, 5));
        assert_eq!(told("officer1").0, 1, "an office sees what it has");
        assert_eq!(told("next_officer").0, 0);
        let page = world.operator("other_dispatcher", id);
        assert_eq!(page.latest.len(), 2);
        assert!(page.latest.iter().all(|row| row.number.starts_with("410102")), "no case of the other county");
        let page = world.operator("dispatcher", id);
        assert_eq!(page.history.years.iter().map(|it| (it.key.as_str(), it.cases)).collect::<Vec<_>>(), [("2026", 3)]);
        let problems: Vec<_> = page.history.problems.iter().map(|it| (it.key.as_str(), it.cases)).collect();
        assert_eq!(problems, [("quality", 2), ("after_sales", 1)]);
        assert_eq!(page.history.since, Some(date(2025, 6, 3)));
        assert!(page.history.repeated.is_empty(), "two of a problem are not many");
        world.file(&agent, hours(22), &against("好又来", &code));
        let repeated = world.operator("dispatcher", id).history.repeated;
        assert_eq!(repeated.iter().map(|it| (it.key.as_str(), it.cases)).collect::<Vec<_>>(), [("quality", 3)]);
        let looks =
            |who: &str| world.act(&world.staff(who), hours(40), move |tx, scene| operators::find(tx, scene, id));
        for who in ["discipline", "administrator", "auditor"] {
            assert_eq!(looks(who).expect_err("no business of hers").code(), "act.forbidden", "{who}");
        }
    });
}

#[test]
fn two_entries_of_one_business_go_on_as_one_and_can_be_parted() {
    on_both("merge operators", |world| {
        let code = code();
        let main = world.enter("agent", &shop("好又来商贸有限公司", &code)).expect("entered");
        let double = world.enter("agent", &shop("好又来商贸", "")).expect("entered");
        let number = world.registered(hours(1)).number;
        world.tie("agent", &number, None, &Chosen::Known(double)).expect("tied");
        let merge = |who: &str, id: i64, version: i64, into: i64| {
            world.act(&world.staff(who), hours(3), move |tx, scene| operators::merge(tx, scene, id, version, into))
        };
        assert_eq!(
            field_codes(&merge("dispatcher", main, 1, double).expect_err("the code stays")),
            ["into.without_code"]
        );
        assert_eq!(merge("other_dispatcher", double, 1, main).expect_err("another county").code(), "act.forbidden");
        assert_eq!(merge("dispatcher", double, 7, main).expect_err("an old page").code(), "act.conflict");
        for _ in 0..2 {
            merge("dispatcher", double, 1, main).expect("merged, once");
        }
        assert_eq!(world.row(double).version, 2);
        assert_eq!(world.operator("dispatcher", main).history.all.cases, 1);
        assert_eq!(world.case(&number).state.operator, Some(double), "the case's own events stay as they are");
        // What is found leads to the one that goes on; nothing is tied or merged to the other any more.
        let next = world.file(&world.staff("agent"), hours(4), &against("好又来商贸", "")).number;
        assert_eq!(world.proposed(&next), [(main, Tie::Name)]);
        let gone = world.tie("agent", &next, None, &Chosen::Known(double)).expect_err("merged");
        assert_eq!(field_codes(&gone), ["operator.unknown"]);
        let third = world.enter("agent", &shop("第三家", "")).expect("entered");
        assert_eq!(field_codes(&merge("dispatcher", third, 1, double).expect_err("merged")), ["into.merged"]);
        assert_eq!(field_codes(&merge("dispatcher", main, 1, third).expect_err("has one")), ["into.has_merged"]);
        let another = world.enter("agent", &shop("别家", &credit_code("91410105MY0000002"))).expect("entered");
        assert_eq!(field_codes(&merge("dispatcher", another, 1, main).expect_err("two codes")), ["into.another_code"]);
        let parted = world
            .act(&world.staff("dispatcher"), hours(5), move |tx, scene| operators::unmerge(tx, scene, double, 2))
            .expect("parted");
        assert_eq!(parted.merged_into, None);
        assert_eq!(world.operator("dispatcher", main).history.all.cases, 0);
        assert_eq!(world.operator("dispatcher", double).history.all.cases, 1);
    });
}

#[test]
fn particulars_are_changed_by_those_of_its_place_and_by_one_at_a_time() {
    on_both("change an operator", |world| {
        let id = world.enter("agent", &shop("好又来", "")).expect("entered");
        let mut typed = shop("好又来商贸", &code());
        typed.former_names = "好又来\n 好又来 商店 ".to_owned();
        typed.places = "一店：花园路1号\n二店：东风路2号\n".to_owned();
        typed.shops = vec![["淘淘".to_owned(), "好又来".to_owned(), String::new()], Default::default()];
        let change = |who: &str, version: i64, typed: &Particulars| {
            let typed = typed.clone();
            world.act(&world.staff(who), hours(3), move |tx, scene| operators::change(tx, scene, id, version, &typed))
        };
        assert_eq!(change("other_leader", 1, &typed).expect_err("another county").code(), "act.forbidden");
        for _ in 0..2 {
            assert_eq!(change("officer1", 1, &typed).expect("changed, once").version, 2);
        }
        let other = Particulars { name: "抢先".to_owned(), ..typed.clone() };
        assert_eq!(change("agent", 1, &other).expect_err("an old page").code(), "act.conflict");
        let page = world.operator("dispatcher", id);
        assert_eq!(page.places, ["一店：花园路1号", "二店：东风路2号"]);
        assert_eq!(page.shops.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["好又来"]);
        // The former name still finds it.
        let number = world.file(&world.staff("agent"), hours(4), &against("好又来商店", "")).number;
        assert_eq!(world.proposed(&number), [(id, Tie::Name)]);
        let wrong = Particulars {
            name: " ".to_owned(),
            region: "4".to_owned(),
            phone: "无".to_owned(),
            shops: vec![[String::new(), "店".to_owned(), "shop.cn".to_owned()]],
            ..typed.clone()
        };
        let codes = field_codes(&change("agent", 2, &wrong).expect_err("faults"));
        assert_eq!(codes, ["name.missing", "region.invalid", "phone.invalid", "shop.platform", "shop.url"]);
    });
}

#[test]
fn the_same_operator_under_two_names_is_one_shop_for_repeats_and_merging() {
    on_both("one shop, two names", |world| {
        let code = code();
        world.enter("agent", &shop("好又来商贸有限公司", &code)).expect("entered");
        let first = world.file(&world.staff("agent"), hours(1), &against("好又来文化路店", &code)).number;
        let other = RawFiling {
            facts: "换了一台，还是坏的，打电话没人接。".to_owned(), ..against("好又来", &code)
        };
        let second = world.file(&world.staff("agent"), hours(2), &other).number;
        let target = second.clone();
        let found = world
            .act(&world.staff("dispatcher"), hours(3), move |tx, scene| {
                let case = casework::record::readable(tx, scene, &target)?;
                proposing::duplicates_of(tx, scene, &case)
            })
            .expect("looked");
        assert_eq!(found.iter().map(|it| it.case.number.as_str()).collect::<Vec<_>>(), [first.as_str()]);
        let (target, into) = (second.clone(), first);
        world
            .act(&world.staff("dispatcher"), hours(4), move |tx, scene| {
                casework::linking::merge(tx, scene, &target, None, &into, "同一件事")
            })
            .expect("the same shop");
    });
}

#[test]
fn those_who_come_with_a_complaint_are_taken_down_with_it() {
    on_both("parties with the filing", |world| {
        let agent = RawParty {
            role: PartyRole::Agent.key().to_owned(),
            name: "赵律师".to_owned(),
            phone: "13937110001".to_owned(),
            id_kind: "passport".to_owned(),
            id_number: "E12345678".to_owned(),
            matters: "就购买电饭煲的争议代为投诉".to_owned(),
            powers: "代为投诉、参加调解".to_owned(),
            until: "2026-12-31".to_owned(),
            ..RawParty::default()
        };
        let guardian = RawParty {
            role: PartyRole::Guardian.key().to_owned(),
            name: "陈父".to_owned(),
            phone: "13937110002".to_owned(),
            ..RawParty::default()
        };
        let representative = |name: &str| RawParty {
            role: PartyRole::Representative.key().to_owned(),
            agreed: "yes".to_owned(),
            name: name.to_owned(),
            ..guardian.clone()
        };
        let actor = world.staff("agent");
        let file = |parties: Vec<RawParty>| {
            let raw = RawFiling { parties, ..complaint("in_app") };
            let clock = hours(1);
            world.act(&actor, clock, move |tx, scene| {
                let filing = domain::filing::parse(&raw, Typist::Agent, &scene.house.codes, scene.now)
                    .map_err(ActError::Invalid)?;
                filing::file(tx, scene, &filing, filing::Evidence::default())
            })
        };
        let number = file(vec![agent.clone(), guardian.clone()]).expect("filed").number;
        assert_eq!(world.events(&number), ["file", "add_party", "add_party"]);
        let id = world.case(&number).id;
        let parties = world.look(move |tx| store::party::of_case(tx, id));
        let roles: Vec<_> = parties.iter().map(|party| party.role.as_str()).collect();
        assert_eq!(roles, ["complainant", "respondent", "agent", "guardian"]);
        assert_eq!(parties[2].represents_id, Some(parties[0].id));
        assert_eq!(world.verdict(&number), Verdict::Sound);

        let count = || world.look(store::case::count_all);
        let before = count();
        let incomplete = RawParty {
            id_number: String::new(),
            matters: String::new(),
            powers: String::new(),
            until: String::new(),
            ..agent
        };
        let nobody = RawParty { name: "谁".to_owned(), phone: "13937110003".to_owned(), ..RawParty::default() };
        let refused = file(vec![guardian.clone(), incomplete, nobody]).expect_err("faults");
        let ActError::Invalid(faults) = &refused else { panic!("{refused:?}") };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        let missing = ["party.2.id_number", "party.2.matters", "party.2.powers", "party.2.until", "party.3.role"];
        assert_eq!(fields, missing, "all at once, each beside its field");
        let three = file(["甲", "乙", "丙"].map(representative).to_vec()).expect_err("at most two");
        assert_eq!(field_codes(&three), ["role.too_many"]);
        assert_eq!(count(), before, "nothing is half filed");
    });
}
