//! Papers without an official form, and what is answered again and again: the letters of a dispute over jurisdiction (O121
//! art. 33, O20 art. 30), the sheet of an answered question, the phrases (catalogue 3.2, 4.4).

use casework::actor::Actor;
use casework::answer_phrase::{self, Change, Offered};
use casework::filing::{self, Evidence};
use casework::letters::KeptLetter;
use casework::{ActError, answer, dispute, jurisdiction, letters};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::codes::Codes;
use domain::filing::{RawAsking, RawFiling, Typist, parse, parse_asking};
use domain::jurisdiction::{Place, Target};
use domain::role::Role;
use store::account::GrantRow;

use crate::world::{World, at, complaint, hours, on_both};

/// The papers of a kind, the oldest first, as they are kept.
fn kept(world: &World, number: &str, kind: &str) -> Vec<KeptLetter> {
    let papers = world.papers(number).into_iter().filter(|paper| paper.kind == kind);
    papers.map(|paper| letters::read(&paper).expect("a letter")).collect()
}

fn words(letter: &KeptLetter) -> String {
    let rows = letter.letter.rows.iter().map(|row| format!("{}：{}", row.label, row.value));
    let lines = letter.letter.addressee.iter().cloned().chain(rows).chain(letter.letter.paragraphs.iter().cloned());
    lines.collect::<Vec<_>>().join("\n")
}

fn raise(world: &World, number: &str, directly: bool, reason: &'static str) {
    let (asked, other) = (number.to_owned(), world.place("other"));
    world
        .act(&world.staff("dispatcher"), hours(24), move |tx, scene| {
            dispute::raise(tx, scene, &asked, None, other, directly, reason)
        })
        .expect("raised");
}

fn speaks(world: &World, who: &str, number: &str, takes: bool, opinion: &'static str) {
    let asked = number.to_owned();
    world
        .act(&world.staff(who), hours(48), move |tx, scene| dispute::agree(tx, scene, &asked, None, takes, opinion))
        .expect("said");
}

#[test]
fn both_sides_of_a_dispute_have_its_letters() {
    on_both("dispute letters", |world| {
        let number = world.registered(hours(0)).number;
        raise(world, &number, false, "商家的店在中原区");
        let letter = kept(world, &number, "dispute_letter").remove(0);
        assert_eq!(letter.bureau, "金水区市场监督管理局");
        assert_eq!(letter.number, "金水市监投商〔2026〕第1号");
        assert!(letter.sealed);
        let said = words(&letter);
        for part in [
            "中原区市场监督管理局：",
            "商家的店在中原区",
            "第三十三条",
            "七个工作日",
            "报请郑州市市场监督管理局",
            "第十三条第一款",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        // The other side reads it, and takes the case: its reply goes back.
        assert!(world.staff("other_dispatcher").may_read(&world.case(&number)));
        speaks(world, "other_dispatcher", &number, true, "经查在我局辖区");
        let reply = kept(world, &number, "dispute_reply").remove(0);
        assert_eq!(
            (reply.bureau.as_str(), reply.number.as_str()),
            ("中原区市场监督管理局", "中原市监投商〔2026〕第1号")
        );
        let said = words(&reply);
        for part in ["金水区市场监督管理局：", "由我局处理", "经查在我局辖区"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let case = world.case(&number);
        for who in ["dispatcher", "other_dispatcher"] {
            assert!(world.staff(who).may_read(&case), "{who} has the letters before her");
        }
        assert!(kept(world, &number, "dispute_report").is_empty(), "nothing was asked of the city");
    });
}

#[test]
fn without_agreement_the_report_goes_up_and_the_designation_to_both() {
    on_both("dispute report", |world| {
        let number = world.registered(hours(0)).number;
        raise(world, &number, false, "商家的店在中原区");
        speaks(world, "other_dispatcher", &number, false, "店已经搬走");
        let report = kept(world, &number, "dispute_report").remove(0);
        assert_eq!(report.bureau, "中原区市场监督管理局", "who finds no agreement reports");
        let said = words(&report);
        for part in [
            "郑州市市场监督管理局：",
            "与金水区市场监督管理局",
            "2026年6月2日提出争议后，双方没有协商一致",
            "店已经搬走",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let (asked, chosen) = (number.clone(), world.place("bureau"));
        let case = world
            .act(&world.staff("city_dispatcher"), hours(72), move |tx, scene| {
                dispute::designate(tx, scene, &asked, None, chosen, "网店公示地址在金水区")
            })
            .expect("designated");
        let notices = kept(world, &number, "designation_notice");
        let to: Vec<_> = notices.iter().filter_map(|it| it.letter.addressee.clone()).collect();
        assert_eq!(to, ["金水区市场监督管理局：", "中原区市场监督管理局："]);
        for notice in &notices {
            assert_eq!(notice.bureau, "郑州市市场监督管理局");
            assert!(words(notice).contains("指定由金水区市场监督管理局处理"), "{}", words(notice));
        }
        assert!(world.staff("other_dispatcher").may_read(&case), "it reads the notice that is addressed to it");
        assert_eq!(world.verdict(&number), casework::record::Verdict::Sound);
    });
}

#[test]
fn a_dispute_taken_straight_up_is_reported_at_once_and_a_repeated_press_makes_no_second_paper() {
    on_both("dispute directly", |world| {
        let number = world.registered(hours(0)).number;
        let version = world.case(&number).state.version;
        let (asked, other) = (number.clone(), world.place("other"));
        let press = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
            dispute::raise(tx, scene, &asked, Some(version), other, true, "两局都不认")
        };
        world.act(&world.staff("dispatcher"), hours(24), press.clone()).expect("raised");
        world.act(&world.staff("dispatcher"), hours(24), press).expect("the same");
        let reports = kept(world, &number, "dispute_report");
        assert_eq!(reports.len(), 1);
        assert!(words(&reports[0]).contains("现直接报请指定"), "{}", words(&reports[0]));
        assert!(kept(world, &number, "dispute_letter").is_empty());
        let version = world.case(&number).state.version;
        let (asked, chosen) = (number.clone(), world.place("bureau"));
        let press = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
            dispute::designate(tx, scene, &asked, Some(version), chosen, "指定")
        };
        world.act(&world.staff("city_dispatcher"), hours(48), press.clone()).expect("designated");
        world.act(&world.staff("city_dispatcher"), hours(48), press).expect("the same");
        assert_eq!(kept(world, &number, "designation_notice").len(), 2, "one to each side");
    });
}

#[test]
fn the_letters_follow_the_law_of_the_day_of_receipt() {
    on_both("dispute law", |world| {
        for (received, article) in [
            ("2023-05-08T09:00:00+08:00", "《市场监督管理投诉举报处理暂行办法》第三十条"),
            ("2026-04-14T09:00:00+08:00", "《市场监督管理投诉举报处理暂行办法》第三十条"),
            ("2026-04-15T09:00:00+08:00", "《市场监督管理投诉举报处理办法》第三十三条"),
        ] {
            let number = world.registered(at(received)).number;
            world.does("dispatcher", at(received), &number, Action::RaiseDispute);
            let said = words(&kept(world, &number, "dispute_letter").remove(0));
            assert!(said.contains(article), "{received}: {said}");
        }
    });
}

/// How she bought decides the place, by the rule set of the day (O121 art. 13, O20 art. 12).
#[test]
fn how_she_bought_decides_who_has_the_power() {
    on_both("sales channels", |world| {
        let day = |text: &str| at(&format!("{text}T09:00:00+08:00"));
        for (received, channel, platform, target, places) in [
            ("2026-06-01", "own_site", "www.example.cn", Target::OwnSite, vec![Place::Registered]),
            ("2026-06-01", "advertisement", "", Target::Advertisement, vec![Place::Operating, Place::Registered]),
            ("2026-06-01", "unreachable_shop", "拼好货", Target::UnreachableShop, vec![Place::Platform]),
            ("2026-06-01", "platform_shop", "拼好货", Target::PlatformShop, vec![Place::Shown, Place::Platform]),
            ("2026-06-01", "shop", "", Target::Shop, vec![Place::Operating, Place::Registered]),
            (
                "2023-06-01",
                "unreachable_shop",
                "拼好货",
                Target::UnreachableShop,
                vec![Place::Operating, Place::Platform],
            ),
            ("2023-06-01", "own_site", "www.example.cn", Target::OwnSite, vec![Place::Registered]),
            ("2018-06-01", "platform_shop", "拼好货", Target::PlatformShop, vec![Place::Registered, Place::Platform]),
            ("2018-06-01", "advertisement", "", Target::Advertisement, vec![Place::Registered, Place::Conduct]),
        ] {
            let raw = RawFiling {
                sales_channel: channel.to_owned(),
                respondent_platform: platform.to_owned(),
                ..complaint("in_app")
            };
            let number = world.file(&world.staff("agent"), day(received), &raw).number;
            let case = world.case(&number);
            let advice = world
                .act(&world.staff("dispatcher"), day(received), move |tx, scene| jurisdiction::advise(tx, scene, &case))
                .expect("advice");
            let ruling = advice.ruling.expect("a rule of the day");
            assert_eq!((ruling.target, ruling.places), (target, places), "{received} {channel}");
            assert!(advice.reasons.len() >= 3, "{received} {channel}: {:?}", advice.reasons);
            assert_eq!(
                advice.bureau.is_none(),
                target == Target::UnreachableShop && received > "2026-04-15",
                "{channel}"
            );
        }
    });
}

#[test]
fn what_must_be_known_of_a_shop_depends_on_how_she_bought() {
    let faults = |change: fn(&mut RawFiling)| {
        let mut raw =
            RawFiling { respondent_address: String::new(), respondent_phone: String::new(), ..complaint("in_app") };
        change(&mut raw);
        let faults = parse(&raw, Typist::Consumer, &Codes::builtin(), hours(0)).err().unwrap_or_default();
        faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    assert_eq!(faults(|raw| raw.sales_channel = "shop".to_owned()), ["respondent_address respondent_address.missing"]);
    for channel in ["platform_shop", "unreachable_shop"] {
        let raw = RawFiling { sales_channel: channel.to_owned(), ..complaint("in_app") };
        let found = parse(&raw, Typist::Consumer, &Codes::builtin(), hours(0)).expect_err("which platform?");
        assert_eq!(found.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["respondent_platform"], "{channel}");
    }
    assert_eq!(
        faults(|raw| {
            raw.sales_channel = "unreachable_shop".to_owned();
            raw.respondent_platform = "拼好货".to_owned();
        }),
        none
    );
    assert_eq!(
        faults(|raw| {
            raw.sales_channel = "advertisement".to_owned();
            raw.respondent_phone = "4008001234".to_owned();
        }),
        none,
        "a telephone from the advertisement is enough to begin with"
    );
    assert_eq!(
        faults(|raw| raw.sales_channel = "own_site".to_owned()),
        ["respondent_address respondent_address.missing"]
    );
    assert_eq!(
        faults(|raw| {
            raw.sales_channel = "barter".to_owned();
            raw.respondent_address = "文化路2号".to_owned();
        }),
        ["sales_channel sales_channel.unknown"]
    );
}

fn question(world: &World, facts: &str) -> String {
    let raw = RawAsking {
        region: "410105".to_owned(),
        channel: "phone".to_owned(),
        complainant_phone: "13837120001".to_owned(),
        facts: facts.to_owned(),
        ..RawAsking::default()
    };
    let filing = parse_asking(CaseKind::Consultation, &raw, Typist::Agent, &Codes::builtin(), hours(0))
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    world
        .act(&world.staff("agent"), hours(0), move |tx, scene| filing::file(tx, scene, &filing, Evidence::default()))
        .unwrap_or_else(|error| panic!("{error:?}"))
        .number
}

#[test]
fn an_answered_question_has_its_sheet() {
    on_both("asking record", |world| {
        let number = question(world, "健身卡余额能退吗？");
        let asked = number.clone();
        world
            .act(&world.staff("agent"), hours(1), move |tx, scene| {
                answer::answer(tx, scene, &asked, None, "没有按约定提供的，可以退余额。", true)
            })
            .expect("answered");
        let sheet = kept(world, &number, "asking_record").remove(0);
        let said = words(&sheet);
        for part in [
            "登记单位：金水区市场监督管理局",
            &format!("编号：{number}"),
            "来件种类和途径：咨询，电话",
            "收到时间：2026年6月1日09时00分",
            "内容：健身卡余额能退吗？",
            "答复：没有按约定提供的，可以退余额。",
            "答复人和时间：金水区12315投诉举报中心 坐席（登记员）agent，2026年6月1日10时00分",
            "答复方式：当场口头答复",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert_eq!((sheet.number.as_str(), sheet.form.as_deref()), ("", None), "a form of our own");
    });
}

/// The administrator of the first county, and one of the city above.
fn administrator(world: &World, place: &str) -> Actor {
    let organization = &world.places[place];
    let Actor::Staff(mut staff) = world.staff("administrator") else { panic!("staff") };
    staff.grants = vec![GrantRow {
        role: Role::Administrator,
        organization_id: organization.id,
        bureau_id: organization.id,
        kind: "bureau".to_owned(),
        reach: organization.reach.clone(),
        ..staff.grants[0].clone()
    }];
    Actor::Staff(staff)
}

fn phrase(title: &str, words: &str) -> Change {
    Change {
        act: "answer".to_owned(),
        title: title.to_owned(),
        text: "本区停车场首小时五元，明码标价。".to_owned(),
        words: words.to_owned(),
        cited: "价格法第十三条".to_owned(),
        ..Change::default()
    }
}

fn offered(world: &World, number: &str, action: Action) -> Vec<Offered> {
    let case = world.case(number);
    world
        .act(&world.staff("agent"), hours(5), move |tx, _| answer_phrase::offered(tx, &case, action))
        .unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn phrases_of_the_bureau_and_the_country_are_offered_the_fitting_first() {
    on_both("phrases", |world| {
        let add = |place: &str, change: Change| {
            let bureau = world.place(place);
            world.act(&administrator(world, place), hours(0), move |tx, scene| {
                answer_phrase::add(tx, scene, bureau, &change)
            })
        };
        add("bureau", phrase("本区停车收费", "停车、泊位")).expect("added");
        add("city", phrase("全市停车收费", "停车")).expect("added");
        add("other", phrase("中原停车收费", "停车")).expect("added");
        add("city", Change { category: "food".to_owned(), ..phrase("全市食品抽检", "") }).expect("added");
        let number = question(world, "商场停车没有标价，乱收费怎么办？");
        let all = offered(world, &number, Action::Answer);
        let fitting: Vec<_> =
            all.iter().filter(|it| it.fits).map(|it| (it.title.as_str(), it.whose.as_str())).collect();
        assert_eq!(
            fitting,
            [("本区停车收费", "金水"), ("全市停车收费", "郑"), ("明码标价，不得在标价以外加价", "全国")]
        );
        assert!(all.iter().take(3).all(|it| it.fits), "what fits comes first");
        assert!(all.iter().any(|it| it.title == "全市食品抽检" && !it.fits));
        assert!(all.iter().all(|it| it.title != "中原停车收费"), "a neighbour's phrases are its own");
        assert!(all.iter().filter(|it| it.whose == "全国").count() >= 15);
        // Another act, other phrases.
        let urged = offered(world, &number, Action::AnswerUrge);
        assert!(!urged.is_empty() && urged.iter().all(|it| it.whose == "全国"));
        assert!(offered(world, &number, Action::Note).is_empty());
    });
}

#[test]
fn two_administrators_do_not_overwrite_each_other_and_a_neighbour_reaches_nothing() {
    on_both("phrases kept", |world| {
        let (bureau, own) = (world.place("bureau"), administrator(world, "bureau"));
        let id = world
            .act(&own, hours(0), move |tx, scene| answer_phrase::add(tx, scene, bureau, &phrase("停车收费", "")))
            .expect("added");
        let change = |actor: &Actor, version: i64, title: &'static str| {
            world.act(actor, hours(1), move |tx, scene| {
                answer_phrase::change(tx, scene, id, version, &phrase(title, ""))
            })
        };
        change(&own, 1, "停车收费标准").expect("changed");
        let late = change(&administrator(world, "city"), 1, "晚了一步").expect_err("somebody was first");
        assert!(matches!(late, ActError::Conflict { .. }), "{late:?}");
        assert_eq!(change(&administrator(world, "other"), 2, "邻区").expect_err("not hers").code(), "case.not_found");
        let stranger = world.act(&world.staff("dispatcher"), hours(1), answer_phrase::list);
        assert_eq!(stranger.expect_err("no administrator").code(), ActError::Forbidden.code());
        // Put away, it is offered no more; a second press changes nothing; taken up again, it is.
        let number = question(world, "停车收费");
        let switch = |version: i64, active: bool| {
            let switch = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                answer_phrase::set_active(tx, scene, id, version, active)
            };
            world.act(&own, hours(2), switch).expect("switched").version
        };
        switch(2, false);
        switch(2, false);
        assert!(offered(world, &number, Action::Answer).iter().all(|it| it.title != "停车收费标准"));
        switch(3, true);
        assert!(offered(world, &number, Action::Answer).iter().any(|it| it.title == "停车收费标准"));
    });
}

#[test]
fn everything_wrong_with_a_phrase_is_told_at_once() {
    on_both("phrase faults", |world| {
        let (bureau, own) = (world.place("bureau"), administrator(world, "bureau"));
        let add = move |change: Change| {
            move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| answer_phrase::add(tx, scene, bureau, &change)
        };
        let wrong = Change { act: "note".to_owned(), category: "no_such".to_owned(), ..Change::default() };
        let ActError::Invalid(faults) = world.act(&own, hours(0), add(wrong)).expect_err("all wrong") else {
            panic!("faults")
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["act", "title", "text", "category"]);
        world.act(&own, hours(0), add(phrase("停车收费", ""))).expect("added");
        let again = world.act(&own, hours(0), add(phrase("停车收费", ""))).expect_err("the title is taken");
        assert!(
            again.to_string().contains("标题") || matches!(&again, ActError::Invalid(f) if f[0].code == "title.taken")
        );
        let elsewhere = world.place("other");
        let foreign =
            world.act(&own, hours(0), move |tx, scene| answer_phrase::add(tx, scene, elsewhere, &phrase("邻区", "")));
        assert!(matches!(foreign, Err(ActError::Invalid(faults)) if faults[0].field == "bureau"));
    });
}
