//! The wording of letters as an administrator edits it: list, editor beside its sample, checks, history, differences, the way back.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use jiff::SignedDuration;

use crate::world::{Answer, Badge, World};

const PLACE: &str = "national-2026/acceptance_decision";

fn encoded(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

/// The official paragraphs as the editor shows them.
const OFFICIAL: [(&str, &str); 3] = [
    (
        "paragraph-1",
        "我局于{收到之日}收到你关于{事由}的投诉。经审查，符合《市场监督管理投诉举报处理办法》规定的受理条件，我局决定受理。",
    ),
    ("paragraph-2", "联系人：{联系人}；联系电话：{联系电话}。"),
    ("paragraph-3", "特此告知。"),
];

fn typed(more: &[(&str, &str)]) -> String {
    encoded(&[&OFFICIAL[..], more].concat())
}

async fn save(world: &World, here: &str, badge: &Badge, more: &[(&str, &str)]) -> Answer {
    world.post(here, badge, &typed(more)).await
}

#[tokio::test]
async fn a_wording_is_edited_previewed_kept_compared_and_taken_back() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let list = format!("/admin/papers/{}/wording", world.facts.bureau);
    let here = format!("{list}/{PLACE}");
    let bureau = world.get(&format!("/admin/papers/{}", world.facts.bureau), &administrator).await.text;
    assert!(bureau.contains(&format!("href=\"{list}\"")), "{bureau}");
    let all = world.get(&list, &administrator).await.text;
    assert!(all.contains(&format!("href=\"{here}\"")) && !all.contains("national-2020/"), "those in force");
    assert!(world.get(&format!("{list}?set=national-2020"), &administrator).await.text.contains("national-2020/"));
    assert!(world.get(&format!("{list}?q=没有这种"), &administrator).await.text.contains("没有这样的文书"));

    let editor = world.get(&format!("{here}/edit"), &administrator).await.text;
    for part in ["{收到之日}", "收到之日，如2026年4月20日", "我局决定受理", "文书式样五", "购买的电饭煲不通电"]
    {
        assert!(editor.contains(part), "{part}: {editor}");
    }
    // A paragraph more, and one less: nothing is kept.
    let added = world.post(&format!("{here}/edit"), &administrator, &typed(&[("do", "add-paragraph-3")])).await.text;
    assert!(added.contains("name=\"paragraph-4\""), "{added}");
    let dropped = world.post(&format!("{here}/edit"), &administrator, &typed(&[("do", "drop-paragraph-2")])).await.text;
    assert!(!dropped.contains("name=\"paragraph-3\"") && dropped.contains("特此告知。"));
    let more = ("paragraph-4", "办公时间：工作日9时至17时。<b>");
    let look = world.post(&format!("{here}/edit"), &administrator, &typed(&[more, ("do", "preview")])).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.text.contains("这样可以保存") && look.text.contains("工作日9时至17时。&#60;b&#62;"), "{}", look.text);
    let pdf = world.post(&format!("{here}/sample.pdf"), &administrator, &typed(&[more])).await;
    assert_eq!(pdf.headers[CONTENT_TYPE], "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert!(world.get(&list, &administrator).await.text.contains("通用文字"));

    let day = ("from", "2026-11-20");
    let refused = save(&world, &here, &administrator, &[("paragraph-4", "{投诉人证件号码}"), day]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["第4段的空格“{投诉人证件号码}”不能用在这份文书里", "请写明为什么改", "value=\"2026-11-20\""]
    {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    let right = [more, day, ("reason", "写明办公时间"), ("seen", "0")];
    let done = save(&world, &here, &administrator, &right).await;
    assert_eq!(done.location(), format!("{here}?done=saved"), "{}", done.text);
    assert_eq!(save(&world, &here, &administrator, &right).await.location(), format!("{here}?done=saved"), "once");
    let conflict = [("paragraph-4", "别的话。"), day, ("reason", "别的"), ("seen", "0")];
    let conflict = save(&world, &here, &administrator, &conflict).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("又定了第1版") && conflict.text.contains("别的话。"), "{}", conflict.text);
    assert!(conflict.text.contains("name=\"seen\" value=\"1\""), "once more is on top of hers");

    let page = world.get(&here, &administrator).await.text;
    for part in ["第1版", "写明办公时间", "使用中", "换回去"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(world.get(&format!("{list}?state=own"), &administrator).await.text.contains("自2026年11月20日起，第1版"));
    let csv = world.get(&format!("{list}.csv?state=own"), &administrator).await.text;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let difference = world.get(&format!("{here}/difference?one=0&other=1"), &administrator).await.text;
    assert!(difference.contains("<ins>办公时间：工作日9时至17时。&#60;b&#62;</ins>"), "{difference}");
    assert_eq!(world.get(&format!("{here}/difference?other=9"), &administrator).await.status, StatusCode::NOT_FOUND);
    let now = world.get(&format!("{here}/difference"), &administrator).await.text;
    assert!(now.contains("<ins>办公时间"), "from the official words to those of today");
    let officer = world.signed_in("officer");
    let blank = world.get("/desk/forms/acceptance_decision/page?set=national-2026", &officer).await.text;
    assert!(blank.contains("工作日9时至17时"), "the blank form says it too");

    let back = encoded(&[("to", "official"), ("from", "2026-11-21"), ("reason", "不用了"), ("seen", "1")]);
    let missing = world.post(&format!("{here}/back"), &administrator, "to=&from=&reason=&seen=1").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text.contains("请选择换回哪一种文字"), "{}", missing.text);
    let done = world.post(&format!("{here}/back"), &administrator, &back).await;
    assert_eq!(done.location(), format!("{here}?done=saved"), "{}", done.text);
    assert!(world.get(&list, &administrator).await.text.contains("2026年11月21日起另有新的"));
    let withdrawn = world.post(&format!("{here}/withdraw"), &administrator, "version=2").await;
    assert_eq!(withdrawn.location(), format!("{here}?done=withdrawn"));
    assert!(world.get(&here, &administrator).await.text.contains("已撤回"));
    assert_eq!(world.post(&format!("{here}/withdraw"), &administrator, "version=1").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_wording_is_the_administrators_after_a_fresh_proof() {
    let world = World::new();
    let here = format!("/admin/papers/{}/wording/{PLACE}", world.facts.bureau);
    for who in ["security", "auditor", "officer", "leader"] {
        let badge = world.signed_in(who);
        assert_eq!(world.get(&here, &badge).await.status, StatusCode::FORBIDDEN, "{who}");
        assert_eq!(world.post(&here, &badge, "").await.status, StatusCode::FORBIDDEN, "{who}");
    }
    let foreign = world.signed_in("foreign_administrator");
    assert_eq!(world.get(&here, &foreign).await.status, StatusCode::NOT_FOUND);
    let administrator = world.signed_in("administrator");
    world.pass(SignedDuration::from_mins(20));
    let more = [("paragraph-4", "办公时间。"), ("from", "2026-11-20"), ("reason", "写明"), ("seen", "0")];
    let asked = save(&world, &here, &administrator, &more).await;
    assert!(asked.text.contains("proof_password") && asked.text.contains("办公时间。"), "{}", asked.text);
    assert!(!world.get(&here, &administrator).await.text.contains("第1版"));
    let again = world.signed_in_again("administrator");
    assert_eq!(save(&world, &here, &again, &more).await.location(), format!("{here}?done=saved"));
}

#[tokio::test]
async fn a_form_of_the_centre_is_worded_and_its_blank_says_so() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let here = format!("/admin/papers/{}/wording/own/urging_notice", world.facts.bureau);
    let editor = world.get(&format!("{here}/edit"), &administrator).await.text;
    assert!(editor.contains("2026年4月22日转你单位办理的") && editor.contains("name=\"paragraph-2\""), "{editor}");
    let words = [
        ("paragraph-1", "{转办日期}转你单位办理的关于{事由}的{投诉或者举报}（编号{案件编号}）已近{限期}。"),
        ("paragraph-2", "请于{报告处理结果的日期}前答复{联系人}，电话{联系电话}，谢谢配合。"),
        ("from", "2026-11-20"),
        ("reason", "语气"),
        ("seen", "0"),
    ];
    let done = world.post(&here, &administrator, &encoded(&words)).await;
    assert_eq!(done.location(), format!("{here}?done=saved"), "{}", done.text);
    let officer = world.signed_in("officer");
    let blank = world.get("/desk/forms/urging_notice/page", &officer).await.text;
    assert!(blank.contains("，谢谢配合。") && !blank.contains("请抓紧办理"), "{blank}");
    assert!(world.get("/desk/forms/urging_notice/pdf", &officer).await.bytes.starts_with(b"%PDF-"));
    let record = format!("/admin/papers/{}/wording/own/mediation_minutes", world.facts.bureau);
    assert_eq!(world.get(&record, &administrator).await.status, StatusCode::NOT_FOUND, "a record has fixed places");
}
