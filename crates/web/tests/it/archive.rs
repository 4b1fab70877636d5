//! 案卷与档案 on the pages: what lies in a file, its PDF, its package; the archive's list, lending, terms and destruction.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use domain::archive::ArchiveClass;
use store::StoreError;
use store::archive::{ItemFile, NewItem};

use crate::world::World;

/// The county's case in the archive; gives the id of its place there.
fn closed(world: &World) -> i64 {
    let (number, now) = (world.facts.number.clone(), world.app.now());
    let insert = move |tx: &mut store::Tx<'_>| {
        let case = store::case::by_number(tx, &number)?.expect("a case");
        let item = NewItem {
            bureau_id: case.state.bureau,
            case_id: Some(case.id),
            class: ArchiveClass::Mediation,
            number: "410105-2026-00001".to_owned(),
            title: String::new(),
            day: None,
            year: 2026,
            file: ItemFile::default(),
            entered_by: None,
        };
        store::archive::insert(tx, &item, now)
    };
    world.app.db().act::<_, StoreError>(insert).expect("in the archive")
}

#[tokio::test]
async fn an_open_file_can_be_looked_at_laid_and_printed() {
    let world = World::new();
    let (number, officer) = (world.facts.number.clone(), world.signed_in("officer"));
    let path = format!("/desk/cases/{number}/volume");
    let page = world.get(&path, &officer).await.text;
    for told in ["还没有归档，随案件增加", "齐不齐", "投诉登记表", "第十条", "次序依据", "件号"]
    {
        assert!(page.contains(told), "{told}");
    }
    let papers = |page: &str| -> Vec<String> {
        let rows = page.split("id=\"paper-").skip(1);
        rows.map(|row| row.chars().take_while(char::is_ascii_digit).collect()).collect()
    };
    let before = papers(&page);
    assert!(before.len() > 1, "it can be laid elsewhere");
    let id = &before[1];
    let laid = world.post(&path, &officer, &format!("paper={id}&to=1")).await;
    assert_eq!(laid.location(), format!("{path}?done=placed#paper-{id}"));
    let after = papers(&world.get(&path, &officer).await.text);
    assert_eq!([&after[0], &after[1]], [&before[1], &before[0]]);
    let pdf = world.get(&format!("{path}.pdf?part=main"), &officer).await;
    assert_eq!(pdf.status, StatusCode::OK);
    assert_eq!(pdf.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default()), Some("application/pdf"));
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    let trail = world.get("/admin/access?kind=export", &world.signed_in("auditor")).await.text;
    assert!(trail.contains("导出正卷 PDF"), "on record");
    assert_eq!(world.get(&format!("{path}.pdf?part=side"), &officer).await.status, StatusCode::NOT_FOUND);
    let foreign = world.signed_in("foreign_officer");
    assert_eq!(world.get(&format!("{path}.pdf"), &foreign).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(&path, &foreign, &format!("paper={id}&to=1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_archive_is_searched_lent_and_held() {
    let world = World::new();
    let item = closed(&world);
    let archivist = world.signed_in("archivist");
    let list = world.get("/desk/archive", &archivist).await.text;
    assert!(list.contains("410105-2026-00001") && list.contains("/desk/archive/new"));
    assert!(!world.get("/desk/archive?class=statistics", &archivist).await.text.contains("410105-2026-00001"));
    assert!(world.get("/desk/archive?q=410105-2026&year=2026&sort=-title", &archivist).await.text.contains("00001"));
    assert!(world.get("/desk/archive?page=9", &archivist).await.text.contains("没有符合条件的档案"));
    let csv = world.get("/desk/archive.csv?year=2026", &archivist).await;
    assert!(csv.text.contains("档号") && csv.text.contains("410105-2026-00001"));
    assert_eq!(world.get("/desk/archive", &world.signed_in("administrator")).await.status, StatusCode::FORBIDDEN);
    let here = format!("/desk/archive/{item}");
    let foreign = world.signed_in("foreign_officer");
    assert_eq!(world.get(&here, &foreign).await.status, StatusCode::NOT_FOUND);
    let kept = world.post(&format!("{here}/keep"), &archivist, "version=1&shelf=3-2&years=30").await;
    assert_eq!(kept.location(), format!("{here}?done=keep"));
    let page = world.get(&here, &archivist).await.text;
    assert!(page.contains("3-2") && page.contains("30年") && page.contains("架号：无→3-2"));
    let wrong = world.post(&format!("{here}/keep"), &archivist, "version=2&shelf=我的架&years=abc").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("年数写 1 到 100 的整数") && wrong.text.contains("我的架"), "what was typed is kept");
    let officer = world.facts.officer;
    let due = "2026-11-25";
    let lend = format!("borrower={officer}&purpose=复议答复&due={due}&side=yes");
    assert_eq!(world.post(&format!("{here}/lend"), &archivist, &lend).await.location(), format!("{here}?done=lend"));
    let director = world.signed_in("duty_director");
    assert!(world.get("/desk/archive", &director).await.text.contains("等您批准的借阅"));
    let approve = format!("{here}/loans/1/approve");
    assert_eq!(world.post(&approve, &director, "opinion=同意").await.location(), format!("{here}?done=approve"));
    assert_eq!(world.post(&approve, &director, "opinion=同意").await.status, StatusCode::CONFLICT);
    let borrower = world.get("/desk/archive", &world.signed_in("officer")).await.text;
    assert!(borrower.contains("您借的档案"));
    assert!(world.get("/desk/archive?state=out", &archivist).await.text.contains("00001"));
    assert_eq!(
        world.post(&format!("{here}/loans/1/return"), &archivist, "").await.location(),
        format!("{here}?done=return")
    );
    let hold = world.post(&format!("{here}/hold"), &archivist, "reason=").await;
    assert!(hold.text.contains("请写明为什么停止销毁"));
    assert_eq!(
        world.post(&format!("{here}/hold"), &archivist, "reason=诉讼").await.location(),
        format!("{here}?done=hold")
    );
    assert!(world.get("/desk/archive?state=held", &archivist).await.text.contains("停止销毁"));
    let drawn = world.post("/desk/archive/disposals", &archivist, "").await;
    assert_eq!(drawn.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(drawn.text.contains("没有保管期限已满"));
}

#[tokio::test]
async fn terms_records_and_lists_have_their_pages() {
    let world = World::new();
    let (archivist, officer) = (world.signed_in("archivist"), world.signed_in("officer"));
    let page = world.get("/desk/archive/terms", &archivist).await.text;
    assert!(page.contains("简报、信息、快报") && page.contains("没有查到全国统一的规定"));
    let wrong = world.post("/desk/archive/terms", &archivist, "briefings=1000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        world.post("/desk/archive/terms", &archivist, "briefings=1").await.location(),
        "/desk/archive?done=terms"
    );
    assert_eq!(world.post("/desk/archive/terms", &officer, "briefings=1").await.status, StatusCode::FORBIDDEN);
    let part = |(name, value): (&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = |fields: &str| {
        let parts: Vec<String> = fields.split('&').map(|pair| part(pair.split_once('=').expect("a pair"))).collect();
        parts.concat() + "--x--\r\n"
    };
    let send = async |fields: &str| {
        let request = world.request(axum::http::Method::POST, "/desk/archive/new", &archivist);
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=x");
        world.send(request.body(axum::body::Body::from(form(fields))).expect("a request")).await
    };
    let wrong = send("class=&title=第3期&day=").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("请选择门类") && wrong.text.contains("第3期"));
    let taken = send("class=briefings&title=第3期工作简报&day=2024-03-01").await;
    assert_eq!(taken.location(), "/desk/archive/1?done=taken_in");
    assert!(world.get("/desk/archive?kind=record", &archivist).await.text.contains("第3期工作简报"));
    // A year later than its year it is past its time.
    let drawn = world.post("/desk/archive/disposals", &archivist, "").await;
    assert_eq!(drawn.location(), "/desk/archive/disposals/1", "{}", drawn.text);
    let list = world.get("/desk/archive/disposals/1", &archivist).await.text;
    assert!(list.contains("第3期工作简报") && list.contains("鉴定意见"));
    let here = "/desk/archive/disposals/1";
    assert!(world.post(&format!("{here}/appraise"), &archivist, "appraisal=").await.text.contains("请写鉴定意见"));
    world.post(&format!("{here}/appraise"), &archivist, "appraisal=无查考价值").await;
    let director = world.signed_in("duty_director");
    assert!(world.get(here, &director).await.text.contains("批准销毁吗"));
    assert_eq!(
        world.post(&format!("{here}/approve"), &director, "opinion=").await.location(),
        format!("{here}?done=approve")
    );
    assert!(world.get(&format!("{here}/print"), &archivist).await.text.contains("档案销毁清单"));
    let done = world.post(&format!("{here}/carry_out"), &archivist, "witness=周敏").await;
    assert_eq!(done.location(), format!("{here}?done=carry_out"));
    assert!(world.get("/desk/archive?state=destroyed", &archivist).await.text.contains("已按销毁清单销毁"));
    assert_eq!(world.get(here, &officer).await.status, StatusCode::NOT_FOUND);
}
