//! Spot checks, circulars, what organisations answer for, and the directory of bodies, through the whole service.

use axum::http::StatusCode;

use crate::world::{Answer, Badge, World};

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", web::redirect::query_value(value)));
    encoded.collect::<Vec<_>>().join("&")
}

async fn shown(world: &World, path: &str, badge: &Badge) -> String {
    let answer = world.get(path, badge).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

async fn done(world: &World, path: &str, badge: &Badge, pairs: &[(&str, &str)]) -> Answer {
    let answer = world.post(path, badge, &form(pairs)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    answer
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

const DRAWING: &[(&str, &str)] = &[
    ("name", "十一月抽查"),
    ("from", "2026-11-01"),
    ("to", "2026-11-30"),
    ("kind", "complaint"),
    ("size", "5"),
    ("unit", "cases"),
];

#[tokio::test]
async fn a_check_from_the_draw_to_the_rectification() {
    let world = World::new();
    let (director, officer) = (world.signed_in("duty_director"), world.signed_in("officer"));
    let number = world.facts.number.clone();
    let page = shown(&world, "/desk/checks/new", &director).await;
    for words in ["SHA-256", "投诉举报处理办法第二十六条", "按单位分层"] {
        assert!(page.contains(words), "{words}");
    }
    let key = hidden(&page, "key");
    let mut pairs = DRAWING.to_vec();
    pairs.push(("key", &key));
    let weighed = world.post("/desk/checks/new", &director, &form(&[&pairs[..], &[("act", "weigh")]].concat())).await;
    assert!(weighed.text.contains("范围里有 1 件，会抽 1 件") && weighed.text.contains("十一月抽查"));
    let refused = world.post("/desk/checks/new", &director, &form(&pairs[..3])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请选择抽查哪一种案件") && refused.text.contains("十一月抽查"), "typed text is kept");
    let drawn = done(&world, "/desk/checks/new", &director, &pairs).await;
    assert_eq!(drawn.location(), "/desk/checks/1?done=drawn");
    assert_eq!(done(&world, "/desk/checks/new", &director, &pairs).await.location(), drawn.location(), "sent twice");
    let page = shown(&world, "/desk/checks/1", &director).await;
    for words in ["总体", "种子", "/desk/checks/1/population.csv", number.as_str(), "待核对"] {
        assert!(page.contains(words), "{words}");
    }
    let population = shown(&world, "/desk/checks/1/population.csv", &director).await;
    assert!(population.contains(&number) && population.contains("抽中"));
    let sheet = shown(&world, "/desk/checks/cases/1", &director).await;
    assert!(sheet.contains("受理及时") && sheet.contains("已按案件的记录预先填好"));
    let keys: Vec<String> = sheet
        .split("name=\"remark_")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect();
    assert!(keys.len() >= 5, "{keys:?}");
    let mut found: Vec<(String, String)> = vec![("version".to_owned(), "1".to_owned())];
    for key in &keys {
        found.push((format!("verdict_{key}"), if key == "wording_right" { "fail" } else { "pass" }.to_owned()));
        found.push((format!("remark_{key}"), String::new()));
    }
    found.extend([("words".to_owned(), "告知没有写明其他途径".to_owned()), ("rectify".to_owned(), "yes".to_owned())]);
    let as_pairs = |found: &[(String, String)]| {
        form(&found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
    };
    let refused = world.post("/desk/checks/cases/1", &director, &as_pairs(&found)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("不合格的请写明问题在哪里") && refused.text.contains("告知没有写明其他途径"));
    for (name, value) in &mut found {
        if name == "remark_wording_right" {
            "用语生硬".clone_into(value);
        }
    }
    let saved = world.post("/desk/checks/cases/1", &director, &format!("{}&act=save", as_pairs(&found))).await;
    assert_eq!(saved.location(), "/desk/checks/1?done=saved");
    let stale = world.post("/desk/checks/cases/1", &director, &as_pairs(&found)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "from the page before the draft");
    assert!(stale.text.contains("用语生硬"), "typed text is kept");
    "2".clone_into(&mut found[0].1);
    let finished = world.post("/desk/checks/cases/1", &director, &as_pairs(&found)).await;
    assert_eq!(finished.location(), "/desk/checks/1?done=finished");
    let result = shown(&world, "/desk/checks/1", &director).await;
    assert!(result.contains("1 项不合格") && result.contains("起草通报"));
    let behind = shown(&world, "/desk/checks/1?point=wording_right&verdict=fail", &director).await;
    assert!(behind.contains(&number));
    assert!(!shown(&world, "/desk/checks/1?result=passed", &director).await.contains(&number), "the list behind");
    let csv = shown(&world, "/desk/checks/1/result.csv", &director).await;
    assert!(csv.contains("用语准确、规范") && csv.contains("用语生硬"));
    assert!(shown(&world, "/desk/checks/1/print", &director).await.contains("总体 1 件"));
    // Those who had it.
    assert!(shown(&world, "/desk", &officer).await.contains("按抽查意见整改并反馈"));
    assert!(shown(&world, "/desk/checks", &officer).await.contains("告知没有写明其他途径"));
    assert_eq!(world.get("/desk/checks/1", &officer).await.status, StatusCode::NOT_FOUND);
    let asked = shown(&world, &format!("/desk/cases/{number}/rectify"), &officer).await;
    assert!(asked.contains("用语准确、规范"), "what was found stands beside");
    let version = hidden(&asked, "version");
    let rectify = [("version", version.as_str()), ("words", "已经补充说明")];
    done(&world, &format!("/desk/cases/{number}/rectify"), &officer, &rectify).await;
    assert!(shown(&world, "/desk", &director).await.contains("确认抽查整改"));
    let facts = shown(&world, "/desk/accountability?period=month&day=2026-11-20", &director).await;
    assert!(facts.contains("fact=failed_check"), "{facts}");
    let list = shown(&world, "/desk/cases?from=2026-11-01&to=2026-11-30&fact=failed_check", &director).await;
    assert!(list.contains(&number) && list.contains("抽查不合格"));
    assert!(!shown(&world, "/desk/cases?fact=supervised", &director).await.contains(&number));
}

#[tokio::test]
async fn a_circular_from_the_draft_to_the_confirmation() {
    let world = World::new();
    let (dispatcher, leader) = (world.signed_in("dispatcher"), world.signed_in("bureau_leader"));
    let (office, agent) = (world.signed_in("leader"), world.signed_in("intake_agent"));
    let asked = shown(&world, "/desk/circulars/new", &dispatcher).await;
    let (key, place) = (hidden(&asked, "key"), world.facts.office.to_string());
    let refused = world
        .post(
            "/desk/circulars/new",
            &dispatcher,
            &form(&[("key", &key), ("body", "请联系13837120001"), ("title", "通报")]),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请选择发给哪些单位") && refused.text.contains("请只写案件编号"));
    let pairs = [
        ("key", key.as_str()),
        ("title", "关于告知情况的通报"),
        ("body", "部分案件没有按期告知。\n请各所整改。"),
        ("organizations", &place),
        ("figures", "timeliness-month-2026-11-01"),
        ("cases", &world.facts.number),
        ("reply_asked", "yes"),
    ];
    let begun = done(&world, "/desk/circulars/new", &dispatcher, &pairs).await;
    assert_eq!(begun.location(), "/desk/circulars/1?done=saved");
    assert_eq!(world.get("/desk/circulars/1", &office).await.status, StatusCode::NOT_FOUND, "a draft");
    done(&world, "/desk/circulars/1/submit", &dispatcher, &[("version", "1")]).await;
    assert!(shown(&world, "/desk", &leader).await.contains("签发通报"));
    let given_back = world.post("/desk/circulars/1/give_back", &leader, &form(&[("version", "2")])).await;
    assert!(given_back.text.contains("请写退回的意见"));
    done(&world, "/desk/circulars/1/publish", &leader, &[("version", "2")]).await;
    let queue = shown(&world, "/desk", &office).await;
    assert!(queue.contains("阅看并确认通报") && queue.contains("关于告知情况的通报"));
    let page = shown(&world, "/desk/circulars/1", &office).await;
    assert!(page.contains("五及时，2026年11月") && page.contains(&world.facts.number));
    assert_eq!(world.get("/desk/circulars/1", &agent).await.status, StatusCode::NOT_FOUND, "not hers");
    let silent = world.post("/desk/circulars/1/confirm", &office, "reply=").await;
    assert!(silent.text.contains("这份通报要求反馈"));
    done(&world, "/desk/circulars/1/confirm", &office, &[("reply", "已经逐件核对")]).await;
    assert!(!shown(&world, "/desk", &office).await.contains("阅看并确认通报"));
    let sent = shown(&world, "/desk/circulars/1", &leader).await;
    assert!(sent.contains("已确认 1 ÷ 1") && sent.contains("已经逐件核对"));
    assert!(shown(&world, "/desk/circulars/1/confirmations.csv", &dispatcher).await.contains("已确认"));
    let print = shown(&world, "/desk/circulars/1/print", &office).await;
    assert!(print.contains("市监通〔2026〕1号") && print.contains("（印章）"));
    done(&world, "/desk/circulars/1/withdraw", &leader, &[("version", "3"), ("reason", "数字有误")]).await;
    assert!(shown(&world, "/desk/circulars/1", &office).await.contains("已撤回：数字有误"));
}

#[tokio::test]
async fn the_directory_is_kept_by_the_administrator() {
    let world = World::new();
    let (administrator, officer) = (world.signed_in("administrator"), world.signed_in("officer"));
    let here = format!("/admin/bodies?bureau={}", world.facts.bureau);
    assert_eq!(world.get(&here, &officer).await.status, StatusCode::FORBIDDEN);
    assert!(shown(&world, &here, &administrator).await.contains("12378"), "those of the whole country beside");
    let bureau = world.facts.bureau.to_string();
    let typed = [
        ("bureau", bureau.as_str()),
        ("kind", "mediation"),
        ("name", "金水区消费者协会"),
        ("phone", "0371-65012315"),
        ("active", "yes"),
        ("version", "1"),
    ];
    let refused = world.post("/admin/bodies", &administrator, &form(&typed[..3])).await;
    assert!(refused.text.contains("请写电话") && refused.text.contains("金水区消费者协会"), "typed text is kept");
    done(&world, "/admin/bodies", &administrator, &typed).await;
    let list = shown(&world, &here, &administrator).await;
    assert!(list.contains("金水区消费者协会") && list.contains("/admin/bodies/1"));
    done(&world, "/admin/bodies/1", &administrator, &typed[1..]).await;
    let mut changed = typed;
    changed[3].1 = "12315";
    let stale = world.post("/admin/bodies/1", &administrator, &form(&changed)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("12315") && stale.text.contains("有人改过"));
    assert!(shown(&world, &here.replace('?', ".csv?"), &administrator).await.contains("0371-65012315"));
}
