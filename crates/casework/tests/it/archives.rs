//! 案卷与档案 (9.1–9.3): the file grows with its case, lies in the order of the rules, is bound, lent, held, and destroyed by two people.

use casework::archive::{self, ContentsLine};
use casework::disposal;
use casework::holdings::{self, Record, Said};
use casework::lending::{self, Typed};
use casework::personal::{self, Wish};
use casework::record::Verdict;
use casework::{ActError, Actor, volume};
use documents::package::{Begun, Faults, Package, check};
use domain::archive::{ArchiveClass, Part};
use domain::status::Status;
use jiff::Timestamp;
use store::archive::{Keeping, Wanted};
use store::ledger::Scope as LedgerScope;

use crate::vault::{code, identity};
use crate::world::{World, at, consumer, hours, on_both};

fn item_of(world: &World, number: &str) -> i64 {
    let case = world.case(number).id;
    world.look(move |tx| store::archive::of_case(tx, case)).expect("it is in the archive").id
}

fn set_years(world: &World, class: ArchiveClass, years: &'static str) {
    world
        .act(&world.staff("archivist"), hours(50), move |tx, scene| {
            holdings::set_terms(tx, scene, &[(class, years.to_owned())])
        })
        .expect("set");
}

/// Long after every year that a test sets.
fn later() -> Timestamp {
    at("2029-01-10T09:00:00+08:00")
}

#[test]
fn the_file_opens_with_the_case_and_says_what_it_lacks() {
    on_both("an open file", |world| {
        let number = world.case_in(Status::Mediating);
        let case = world.case(&number);
        let (house, actor) = (world.house.clone(), world.staff("officer1"));
        let asked = case.clone();
        let needs = world
            .act(&world.staff("officer1"), hours(20), move |tx, scene| archive::needs(tx, scene, &asked))
            .expect("a look");
        let needs: Vec<(String, bool)> = needs.into_iter().map(|need| (need.title, need.there)).collect();
        assert_eq!(
            needs,
            [("投诉登记表".to_owned(), true), ("投诉受理决定书".to_owned(), true)],
            "before there is an outcome"
        );
        let asked = case.clone();
        let items = world.act(&actor, hours(20), move |tx, _| archive::items(tx, &asked)).expect("its items");
        assert_eq!(items[0].group, "登记材料");
        assert!(items.iter().all(|item| item.line.part == Part::Main));
        assert!(house.book.get(&case.rule_set).is_some());
        assert!(world.look(move |tx| store::archive::of_case(tx, case.id)).is_none(), "not in the archive yet");
    });
}

#[test]
fn a_paper_is_laid_elsewhere_until_the_file_is_closed() {
    on_both("the order of a file", |world| {
        let number = world.case_in(Status::Told);
        let titles = |world: &World| -> Vec<i64> {
            let case = world.case(&number);
            let items = world.act(&world.staff("officer1"), hours(40), move |tx, _| archive::items(tx, &case));
            items.expect("its items").iter().map(|item| item.paper.id).collect()
        };
        let before = titles(world);
        let (last, asked) = (*before.last().expect("papers"), number.clone());
        let place = move |to: usize| {
            let asked = asked.clone();
            move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| archive::place(tx, scene, &asked, last, to)
        };
        assert_eq!(world.act(&world.staff("statistician"), hours(40), place(1)).unwrap_err().code(), "act.forbidden");
        assert_eq!(world.act(&world.staff("other_leader"), hours(40), place(1)).unwrap_err().code(), "case.not_found");
        world.act(&world.staff("officer1"), hours(40), place(1)).expect("laid");
        world.act(&world.staff("officer1"), hours(40), place(1)).expect("a repeat does nothing more");
        let after = titles(world);
        assert_eq!((after[0], after.len()), (last, before.len()));
        assert_eq!(after[1..], before[..before.len() - 1]);
        let asked = number.clone();
        world
            .act(&world.staff("archivist"), hours(41), move |tx, scene| archive::archive(tx, scene, &asked, None))
            .expect("closed");
        assert_eq!(code(&world.act(&world.staff("officer1"), hours(42), place(2)).unwrap_err()), "volume.closed");
        assert_eq!(titles(world), after);
        let case = world.case(&number).id;
        let row = world.look(move |tx| store::volume::of_case(tx, case)).expect("its file");
        let lines: Vec<ContentsLine> = serde_json::from_str(&row.contents).expect("lines");
        assert_eq!(lines.iter().map(|line| line.paper_id).collect::<Vec<_>>(), after);
    });
}

#[test]
fn a_part_is_one_pdf_with_pages_counted_through() {
    on_both("a bound part", |world| {
        let number = world.case_in(Status::Archived);
        let asked = number.clone();
        let bound = world
            .act(&world.staff("archivist"), hours(60), move |tx, scene| volume::part(tx, scene, &asked, Part::Main))
            .expect("bound");
        assert!(bound.pdf.starts_with(b"%PDF"));
        let mut next = 1;
        for line in &bound.lines {
            assert_eq!(line.first_page, next, "{}", line.line.title);
            next += line.pages;
        }
        let asked = number.clone();
        let none = world
            .act(&world.staff("archivist"), hours(60), move |tx, scene| volume::part(tx, scene, &asked, Part::Side));
        assert_eq!(none.unwrap_err().code(), "case.not_found", "nothing lies in it");
    });
}

#[test]
fn the_side_part_is_for_those_who_have_the_case() {
    on_both("the side part", |world| {
        let number = world.case_in(Status::Mediating);
        let case = world.case(&number);
        let sees = |who: &str| archive::sees_side(&world.staff(who), &case);
        assert!(sees("officer1") && sees("leader") && sees("archivist"));
        assert!(!sees("statistician") && !sees("city_leader") && !sees("auditor") && !sees("agent"));
        assert!(archive::sees_side(&Actor::System, &case));
    });
}

#[test]
fn the_archivist_says_where_it_stands_and_every_change_is_on_record() {
    on_both("keeping", |world| {
        let number = world.case_in(Status::Archived);
        let item = item_of(world, &number);
        let keep = |who: &str, version: i64, shelf: &'static str, years: &'static str| {
            let keeping = Keeping { shelf: shelf.to_owned(), custodian: "周敏".to_owned(), ..Keeping::default() };
            let said = Said { years: years.to_owned(), keeping };
            world.act(&world.staff(who), hours(60), move |tx, scene| holdings::keep(tx, scene, item, version, &said))
        };
        assert_eq!(keep("officer1", 1, "3-2", "30").unwrap_err().code(), "act.forbidden");
        assert_eq!(code(&keep("archivist", 1, "3-2", "0").unwrap_err()), "years.invalid");
        keep("archivist", 1, "3-2", "30").expect("kept");
        keep("archivist", 1, "3-2", "30").expect("the same again changes nothing");
        assert!(matches!(keep("archivist", 1, "3-3", "30"), Err(ActError::Conflict { .. })));
        let opened = world
            .act(&world.staff("archivist"), hours(61), move |tx, scene| holdings::open(tx, scene, item))
            .expect("open");
        assert_eq!(opened.years, Some(30));
        assert!(
            opened.notes[0].words.contains("保管期限：按门类→30年") && opened.notes[0].words.contains("架号：无→3-2")
        );
        let other =
            world.act(&world.staff("other_leader"), hours(61), move |tx, scene| holdings::open(tx, scene, item));
        assert_eq!(other.err().expect("not hers").code(), "case.not_found");
    });
}

#[test]
fn what_is_no_case_is_taken_in_with_everything_wrong_told_at_once() {
    on_both("records", |world| {
        let take = |who: &str, record: Record| {
            world.act(&world.staff(who), hours(60), move |tx, scene| holdings::take_in(tx, scene, &record, None))
        };
        let ActError::Invalid(faults) = take("archivist", Record::default()).unwrap_err() else { panic!("faults") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["class", "title", "day"]);
        let record = Record {
            class: "briefings".to_owned(),
            title: "第3期工作简报".to_owned(),
            day: "2026-03-01".to_owned(),
            said: Said { years: "10".to_owned(), ..Said::default() },
        };
        assert_eq!(take("officer1", record.clone()).unwrap_err().code(), "act.forbidden");
        let id = take("archivist", record).expect("taken in");
        let row = world.look(move |tx| store::archive::find(tx, id)).expect("there");
        assert_eq!((row.item.number.as_str(), row.keeping.years), ("410105-2026-08-00001", Some(10)));
        let list = |who: &str| {
            world.act(&world.staff(who), hours(61), |tx, scene| {
                let wanted = holdings::wanted(scene, Wanted::default())?;
                Ok(store::archive::search(tx, &wanted, 0, 10)?.len())
            })
        };
        assert_eq!(list("officer1").expect("of her bureau"), 1);
        assert_eq!(list("other_leader").expect("of another"), 0);
        assert_eq!(list("administrator").unwrap_err().code(), "act.forbidden");
    });
}

#[test]
fn what_is_sealed_goes_out_with_another_persons_word() {
    on_both("lending", |world| {
        let number = world.case_in(Status::Archived);
        let item = item_of(world, &number);
        let borrower = world.account("officer2").to_string();
        let lend = |side: bool, due: &str| {
            let typed =
                Typed { borrower: borrower.clone(), purpose: "复议答复".to_owned(), due: due.to_owned(), side };
            world.act(&world.staff("archivist"), hours(60), move |tx, scene| lending::lend(tx, scene, item, &typed))
        };
        assert_eq!(code(&lend(false, "2026-01-01").unwrap_err()), "due.past");
        assert_eq!(code(&lend(false, "2027-01-01").unwrap_err()), "due.too_late");
        lend(true, "2026-06-10").expect("asked for");
        assert!(matches!(lend(false, "2026-06-10"), Err(ActError::Conflict { .. })));
        let loan = world.look(move |tx| store::lending::of_item(tx, item))[0].clone();
        assert_eq!(loan.state, "asked");
        let decide = |who: &str| {
            let id = loan.id;
            world.act(&world.staff(who), hours(61), move |tx, scene| lending::decide(tx, scene, id, true, "同意"))
        };
        assert_eq!(decide("archivist").unwrap_err().code(), "act.forbidden");
        assert_eq!(decide("leader").unwrap_err().code(), "act.forbidden", "an office's leader does not");
        decide("director").expect("granted");
        assert!(matches!(decide("director"), Err(ActError::Conflict { .. })));
        // Late, and reminded once a week.
        let sweep = |at: Timestamp| casework::sweep::sweep(&world.db, &world.house, "test", at).expect("swept").loans;
        assert_eq!(sweep(at("2026-06-10T09:00:00+08:00")), 0);
        assert_eq!(sweep(at("2026-06-11T09:00:00+08:00")), 1);
        assert_eq!(sweep(at("2026-06-12T09:00:00+08:00")), 0);
        assert_eq!(sweep(at("2026-06-18T09:00:00+08:00")), 1);
        let id = loan.id;
        let back =
            |who: &str| world.act(&world.staff(who), hours(500), move |tx, scene| lending::take_back(tx, scene, id));
        assert_eq!(back("officer2").unwrap_err().code(), "act.forbidden");
        back("archivist").expect("back");
        let notes = world.look(move |tx| store::archive::notes(tx, item));
        let what: Vec<&str> = notes.iter().map(|note| note.what.as_str()).collect();
        assert_eq!(what, ["归还", "催还", "催还", "批准借阅密封部分", "申请借阅密封部分", "归档"]);
    });
}

fn draws(world: &World) -> Result<i64, ActError> {
    world.act(&world.staff("archivist"), later(), disposal::draw)
}

fn appraises(world: &World, who: &str, id: i64) -> Result<(), ActError> {
    world.act(&world.staff(who), later(), move |tx, scene| disposal::appraise(tx, scene, id, "无查考价值", &[]))
}

fn approves(world: &World, who: &str, id: i64) -> Result<(), ActError> {
    world.act(&world.staff(who), later(), move |tx, scene| disposal::decide(tx, scene, id, true, "同意"))
}

fn carries_out(world: &World, witness: &'static str, id: i64) -> Result<Vec<String>, ActError> {
    world.act(&world.staff("archivist"), later(), move |tx, scene| disposal::carry_out(tx, scene, id, witness))
}

#[test]
fn without_years_nothing_is_ever_on_a_list_and_a_hold_keeps_what_has_years() {
    on_both("holds", |world| {
        let number = world.case_in(Status::Archived);
        let item = item_of(world, &number);
        assert_eq!(code(&draws(world).unwrap_err()), "disposal.nothing", "for good");
        set_years(world, ArchiveClass::Mediation, "2");
        let hold = |reason: &'static str| {
            world.act(&world.staff("archivist"), hours(60), move |tx, scene| lending::hold(tx, scene, item, reason))
        };
        assert_eq!(code(&hold("").unwrap_err()), "reason.missing");
        hold("行政诉讼").expect("held");
        assert_eq!(code(&draws(world).unwrap_err()), "disposal.nothing", "held");
        let hold = world.look(move |tx| store::lending::holds(tx, item))[0].id;
        world
            .act(&world.staff("archivist"), hours(70), move |tx, scene| {
                lending::lift(tx, scene, item, hold, "诉讼终结")
            })
            .expect("lifted");
        let early = world.act(&world.staff("archivist"), hours(90), disposal::draw);
        assert_eq!(code(&early.unwrap_err()), "disposal.nothing", "its years are not over");
        let id = draws(world).expect("drawn");
        assert_eq!(code(&draws(world).unwrap_err()), "disposal.nothing", "it stands on a list");
        // Held again before it is carried out: it stays.
        appraises(world, "archivist", id).expect("appraised");
        approves(world, "director", id).expect("approved");
        world
            .act(&world.staff("archivist"), later(), move |tx, scene| lending::hold(tx, scene, item, "审计"))
            .expect("held");
        assert_eq!(carries_out(world, "周敏", id).expect("carried out"), Vec::<String>::new());
        assert!(world.look(move |tx| store::archive::find(tx, item)).expect("there").destroyed_at.is_none());
    });
}

#[test]
fn destruction_takes_two_people_and_leaves_numbers_history_and_ledger_true() {
    on_both("destruction", |world| {
        let number = world.case_in(Status::Archived);
        let item = item_of(world, &number);
        set_years(world, ArchiveClass::Mediation, "2");
        let outcome = world.case(&number).state.outcome;
        let id = draws(world).expect("drawn");
        assert!(matches!(approves(world, "director", id), Err(ActError::Conflict { .. })), "not appraised yet");
        assert!(matches!(carries_out(world, "周敏", id), Err(ActError::Conflict { .. })), "not approved yet");
        assert_eq!(appraises(world, "officer1", id).unwrap_err().code(), "case.not_found");
        appraises(world, "archivist", id).expect("appraised");
        assert_eq!(
            approves(world, "archivist", id).unwrap_err().code(),
            "act.forbidden",
            "nobody approves her own list"
        );
        approves(world, "director", id).expect("approved");
        let own = world.people["archivist"].name.clone();
        let same: &'static str = Box::leak(own.into_boxed_str());
        assert_eq!(code(&carries_out(world, same, id).unwrap_err()), "witness.same");
        carries_out(world, "周敏", id).expect("carried out");
        assert!(matches!(carries_out(world, "周敏", id), Err(ActError::Conflict { .. })));
        let case = world.case(&number);
        assert_eq!((case.state.outcome, case.matter.facts.as_str()), (outcome, "已按销毁清单销毁"));
        assert_eq!(world.events(&number).last().map(String::as_str), Some("destroy_file"));
        assert_eq!(world.verdict(&number), Verdict::Sound);
        let found = world.db.read(|tx| store::ledger::check(tx, &LedgerScope::default())).expect("a check");
        assert_eq!(found.findings, [], "verify is content");
        let papers = world.papers(&number);
        assert!(papers.iter().all(|paper| !paper.body.contains("陈晓梅") && !paper.body.contains("好又来")));
        let row = world.look(move |tx| store::archive::find(tx, item)).expect("its line stays");
        assert_eq!(row.item.number, "410105-2026-00001");
        assert!(row.destroyed_at.is_some());
    });
}

#[test]
fn when_the_years_are_over_a_person_can_have_her_data_deleted() {
    on_both("deletion after the years", |world| {
        let number = world.case_in(Status::Archived);
        let hers = consumer(&world.case(&number));
        let asked = number.clone();
        let wish = Wish { right: "delete".to_owned(), asker: "herself".to_owned(), ..Wish::default() };
        let id = world.act(&hers, hours(60), move |tx, scene| personal::ask(tx, scene, &asked, &wish)).expect("asked");
        let grant = |at: Timestamp| {
            world.act(&world.staff("director"), at, move |tx, scene| personal::grant(tx, scene, id, "核对了身份证件"))
        };
        assert_eq!(code(&grant(later()).unwrap_err()), "personal.kept", "for good");
        set_years(world, ArchiveClass::Mediation, "2");
        assert_eq!(code(&grant(hours(80)).unwrap_err()), "personal.kept", "not over yet");
        let item = item_of(world, &number);
        world
            .act(&world.staff("archivist"), hours(81), move |tx, scene| lending::hold(tx, scene, item, "行政诉讼"))
            .expect("held");
        assert_eq!(code(&grant(later()).unwrap_err()), "personal.kept", "held");
        let hold = world.look(move |tx| store::lending::holds(tx, item))[0].id;
        world
            .act(&world.staff("archivist"), hours(82), move |tx, scene| lending::lift(tx, scene, item, hold, "终结"))
            .expect("lifted");
        grant(later()).expect("granted");
        assert_eq!(world.verdict(&number), Verdict::Sound);
        let found = world.db.read(|tx| store::ledger::check(tx, &LedgerScope::default())).expect("a check");
        assert_eq!(found.findings, []);
        let asked = number.clone();
        let packed =
            world.act(&Actor::System, later(), move |tx, scene| volume::package(tx, scene, &asked)).expect("packed");
        for entry in packed {
            let text = String::from_utf8_lossy(&entry.bytes).into_owned();
            assert!(!text.contains("陈晓梅") && !text.contains("13837120001"), "{}", entry.name);
        }
    });
}

#[test]
fn a_package_holds_the_file_and_checks_itself() {
    on_both("a package", |world| {
        let number = world.case_in(Status::Archived);
        let asked = number.clone();
        let entries =
            world.act(&Actor::System, hours(80), move |tx, scene| volume::package(tx, scene, &asked)).expect("packed");
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert!(names.contains(&"正卷.pdf") && names.contains(&"办理过程.json") && names.contains(&"案卷.json"));
        assert!(names.iter().any(|name| name.starts_with("原件/正卷01 ")));
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let Begun::ToWrite(package) = Package::begin(&out, "一卷", true).expect("begun") else { panic!("not whole") };
        package.put("410105-2026-00001", &entries).expect("put");
        package.close(&["410105-2026-00001".to_owned()], &[]).expect("closed");
        let checked = check(&out).expect("a check");
        assert_eq!((checked.volumes, checked.faults), (1, Faults::default()));
        let history = out.join("案卷/410105-2026-00001/办理过程.json");
        let text = std::fs::read_to_string(&history).expect("the history");
        std::fs::write(&history, text.replacen("2026", "2025", 1)).expect("changed");
        assert_eq!(check(&out).expect("a check").faults.changed, ["案卷/410105-2026-00001/办理过程.json"]);
    });
}

#[test]
fn who_reported_is_in_no_package() {
    on_both("a report's package", |world| {
        let (number, _) = world.sealed();
        let who = identity();
        assert!(!who.name.is_empty() && !who.phone.is_empty());
        let entries =
            world.act(&Actor::System, hours(80), move |tx, scene| volume::package(tx, scene, &number)).expect("packed");
        assert!(!entries.is_empty());
        for entry in entries {
            let text = String::from_utf8_lossy(&entry.bytes).into_owned();
            assert!(!text.contains(&who.name) && !text.contains(&who.phone), "{}", entry.name);
        }
    });
}
