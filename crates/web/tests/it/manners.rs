//! How pages speak and what they offer: to whom a letter goes, whom a message addresses, what is put before whom.

use axum::http::StatusCode;

use crate::world::{Badge, World};

/// Sends the form of an act from the page as it stands; it must succeed.
async fn done(world: &World, action: &str, badge: &Badge, pairs: &[(&str, &str)]) {
    let path = format!("/desk/cases/{}/{action}", world.facts.number);
    let page = world.get(&path, badge).await.text;
    let (_, version) = page.split_once("name=\"version\" value=\"").expect("a form");
    let version = version.split('"').next().expect("a number");
    let mut form = format!("version={version}");
    for (name, value) in pairs {
        form.extend(["&", name, "=", &web::redirect::query_value(value)]);
    }
    let answer = world.post(&path, badge, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.text);
}

async fn notified(world: &World) -> Badge {
    let officer = world.signed_in("officer");
    let at = [("at", "2026-11-23T09:30"), ("mode", "onsite"), ("place", "花园路所调解室"), ("bring", "")];
    done(world, "notify", &officer, &at).await;
    officer
}

#[tokio::test]
async fn who_works_on_no_case_is_offered_no_search_and_no_queue() {
    let world = World::new();
    for login in ["administrator", "auditor"] {
        let badge = world.signed_in(login);
        let page = world.get("/account", &badge).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("data-find"), "{login} finds no case");
        for path in ["/desk", "/desk/queue.csv"] {
            assert_eq!(world.get(path, &badge).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
    }
    let officer = world.signed_in("officer");
    assert!(world.get("/desk", &officer).await.text.contains("data-find"));
    assert_eq!(world.get("/desk/queue.csv", &officer).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_letter_to_both_sides_says_in_lists_to_whom_it_goes_and_not_on_the_paper() {
    let world = World::new();
    let officer = notified(&world).await;
    let number = &world.facts.number;
    let case = world.get(&format!("/desk/cases/{number}"), &officer).await.text;
    let volume = world.get(&format!("/desk/cases/{number}/volume"), &officer).await.text;
    for title in ["投诉调解通知书（致投诉人）", "投诉调解通知书（致被投诉人）"] {
        assert_eq!(case.matches(title).count(), 1, "{title}");
        // There the buttons that move it say what they move.
        assert_eq!(volume.matches(&format!(">{title}<")).count(), 1, "{title}");
    }
    let hers = world.consumer().await;
    let page = world.get("/track/case", &hers).await.text;
    assert!(page.contains("投诉调解通知书（致投诉人）") && !page.contains("致被投诉人"));
    let (_, letter) = page.split_once("/track/letters/").expect("a letter");
    let letter = letter.split('"').next().expect("an address");
    let mine = world.get(&format!("/track/letters/{letter}"), &hers).await.text;
    assert!(mine.contains("article class=\"official\"") && !mine.contains("（致"), "the official title stands alone");
    let theirs = world.get(&format!("/desk/cases/{number}/papers/{letter}"), &officer).await.text;
    let drawn = |page: &str| page.split_once("<article").map(|(_, drawn)| drawn.to_owned());
    assert_eq!(drawn(&mine), drawn(&theirs), "one letter, one drawing");
}

#[tokio::test]
async fn the_agents_form_speaks_of_the_consumer_and_the_public_form_to_her() {
    let world = World::new();
    let agent = world.signed_in("intake_agent");
    let answer = world.post("/desk/register", &agent, "channel=phone").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for message in ["请写投诉人的真实姓名", "请写能联系到投诉人的电话", "请写投诉人的通讯地址"]
    {
        assert!(answer.text.contains(message), "{message}");
    }
    assert!(!answer.text.contains("您的真实姓名") && !answer.text.contains("联系到您"));
}

#[tokio::test]
async fn what_waits_for_somebody_on_anothers_desk_stands_on_her_queue_and_on_the_case() {
    let world = World::new();
    let officer = notified(&world).await;
    let number = &world.facts.number;
    let dispatcher = world.signed_in("dispatcher");
    let case = format!("/desk/cases/{number}");
    assert!(!world.get(&case, &dispatcher).await.text.contains("还请您办"));
    assert!(!world.get("/desk", &dispatcher).await.text.contains("还请您办"), "nothing waits, nothing is said");
    let asked = world.get(&format!("{case}/request_extension"), &officer).await.text;
    let (_, limit) = asked.split_once("name=\"limit\"").expect("a choice of limits");
    let limit = limit.split("value=\"").find_map(|rest| {
        rest.split('"')
            .next()
            .filter(|value| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    });
    let pairs = [("limit", limit.expect("a limit")), ("reason", "商家需要时间核实")];
    done(&world, "request_extension", &officer, &pairs).await;
    let grant = format!("href=\"{case}/grant_extension\"");
    for path in ["/desk", &case] {
        let page = world.get(path, &dispatcher).await.text;
        assert!(page.contains("还请您办") && page.contains(&grant) && page.contains("答复延长申请"), "{path}");
    }
    assert!(!world.get(&case, &officer).await.text.contains("还请您办"), "it is not for her who asked");
}

#[tokio::test]
async fn what_cannot_be_done_is_grouped_by_what_stands_in_the_way() {
    let world = World::new();
    let officer = notified(&world).await;
    let page = world.get(&format!("/desk/cases/{}", world.facts.number), &officer).await.text;
    let places: Vec<_> = ["由别人办", "还没到这一步", "已经过了这一步"]
        .into_iter()
        .map(|heading| page.find(&format!("<h3>{heading}</h3>")).unwrap_or_else(|| panic!("{heading}")))
        .collect();
    assert!(places.is_sorted());
    let accept = page.rfind("<span>决定受理</span>").expect("an act of the past");
    assert!(accept > places[2], "what was decided is past");
}
