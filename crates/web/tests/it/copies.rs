//! The pages of copies and of the keeping of evidence: everything works by typing alone.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use store::StoreError;
use store::attachment::AttachmentRow;
use web::redirect::query_value;

use crate::world::{Badge, World};

/// A small PNG, red, with words of the camera in it.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 40, 30);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_text_chunk("Location".to_owned(), "CANARY-34.7466".to_owned()).expect("a text");
    let pixels = [200, 30, 30].repeat(40 * 30);
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("a picture");
    bytes
}

fn evidence(world: &World, media_type: &str, bytes: &[u8]) -> i64 {
    let sha256 = store::files::put(&world.app.house().settings.data, bytes).expect("kept");
    let (number, now, size) = (world.facts.number.clone(), world.app.now(), bytes.len() as i64);
    let media_type = media_type.to_owned();
    let insert = move |tx: &mut store::Tx<'_>| {
        let case = store::case::by_number(tx, &number)?.expect("a case");
        let row = AttachmentRow {
            id: 0,
            case_id: Some(case.id),
            draft_hash: None,
            name: "小票.png".to_owned(),
            media_type: media_type.clone(),
            size,
            sha256: sha256.clone(),
            added_by: "complainant".to_owned(),
            added_at: now,
        };
        store::attachment::insert(tx, &row)
    };
    world.app.db().act::<_, StoreError>(insert).expect("written")
}

async fn form(world: &World, path: &str, badge: &Badge, pairs: &[(&str, &str)]) -> String {
    let page = world.get(path, badge).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let (_, version) = page.text.split_once("name=\"version\" value=\"").expect("a form");
    let mut form = format!("version={}", version.split('"').next().expect("a number"));
    for (name, value) in pairs {
        form.extend(["&", name, "=", &query_value(value)]);
    }
    form
}

#[tokio::test]
async fn a_text_is_marked_previewed_and_copied() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let number = &world.facts.number;
    let path = format!("/desk/cases/{number}/make_copy");
    let choose = world.get(&path, &officer).await;
    assert_eq!(choose.status, StatusCode::OK);
    assert!(choose.text.contains("来件内容") && choose.text.contains("还没有副本"));
    assert!(world.get(&format!("/desk/cases/{number}"), &officer).await.text.contains(&format!("href=\"{path}\"")));
    let editor = format!("{path}?of=facts");
    let asked = [("of", "facts"), ("words", "三天"), ("do", "preview")];
    let body = form(&world, &editor, &officer, &asked).await;
    let preview = world.post(&path, &officer, &body).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.text.contains("副本会是这样") && preview.text.contains(">三天<"), "{}", preview.text);
    let made = [("of", "facts"), ("do", "make"), ("purpose", "respondent")];
    let body = form(&world, &editor, &officer, &made).await;
    let refused = world.post(&path, &officer, &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请写副本给谁"));
    let body = form(&world, &editor, &officer, &[&made[..], &[("recipient", "某超市")]].concat()).await;
    let done = world.post(&path, &officer, &body).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = world.get(done.location(), &officer).await.text;
    assert!(page.contains("副本做好了") && page.contains("给某超市"));
    let (_, copy) = page.split_once(&format!("/desk/cases/{number}/copies/")).expect("a copy");
    let copy = format!("/desk/cases/{number}/copies/{}", copy.split('"').next().expect("an address"));
    let file = world.get(&copy, &officer).await;
    assert_eq!(file.headers[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert!(file.headers[CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment"));
    // Whoever may not know of the case finds neither page nor copy; who only counts makes none.
    let foreign = world.signed_in("foreign_officer");
    for hidden in [&copy, &path, &editor] {
        assert_eq!(world.get(hidden, &foreign).await.status, StatusCode::NOT_FOUND, "{hidden}");
    }
    let statistician = world.signed_in("statistician");
    assert_eq!(world.get(&editor, &statistician).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_picture_is_covered_by_typed_boxes_and_keeps_nothing_of_the_camera() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let number = &world.facts.number;
    let file = evidence(&world, "image/png", &png());
    let path = format!("/desk/cases/{number}/make_copy");
    let editor = format!("{path}?of=file-{file}");
    let page = world.get(&editor, &officer).await.text;
    assert!(page.contains(&format!("/evidence/{file}/upright")) && page.contains("name=\"areas\""));
    let upright = world.get(&format!("/desk/cases/{number}/evidence/{file}/upright"), &officer).await;
    assert_eq!(
        (upright.status, &upright.headers[CONTENT_TYPE]),
        (StatusCode::OK, &"image/png".parse().expect("a type"))
    );
    assert!(!upright.text.contains("CANARY"));
    let of = format!("file-{file}");
    let wrong = [("of", of.as_str()), ("areas", "1,2"), ("do", "make"), ("purpose", "respondent"), ("recipient", "店")];
    let body = form(&world, &editor, &officer, &wrong).await;
    let refused = world.post(&path, &officer, &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("第 1 行读不懂") && refused.text.contains("\n1,2</textarea>"),
        "typed boxes are kept"
    );
    let right = [("of", of.as_str()), ("areas", "5, 5, 10, 10"), ("purpose", "respondent"), ("recipient", "店")];
    let body = form(&world, &editor, &officer, &[&right[..], &[("do", "preview")]].concat()).await;
    assert_eq!(world.post(&path, &officer, &body).await.headers[CONTENT_TYPE], "image/png");
    let body = form(&world, &editor, &officer, &[&right[..], &[("do", "make")]].concat()).await;
    let done = world.post(&path, &officer, &body).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let keeping = world.get(&format!("/desk/cases/{number}/evidence/{file}"), &officer).await.text;
    for told in ["遮住方框 1 处", "制作副本", "查看", "收到时的指纹"] {
        assert!(keeping.contains(told), "{told}");
    }
    let (_, copy) = keeping.split_once("/copies/").expect("a copy");
    let copy = copy.split('"').next().expect("an address");
    let copy = world.get(&format!("/desk/cases/{number}/copies/{copy}"), &officer).await;
    assert!(copy.headers[CONTENT_TYPE] == "image/png" && !copy.text.contains("CANARY"));
}

#[tokio::test]
async fn an_original_leaves_for_a_reason_and_is_checked_against_its_arrival() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let number = &world.facts.number;
    let file = evidence(&world, "application/pdf", b"%PDF-1.7 the original");
    let here = format!("/desk/cases/{number}/evidence/{file}");
    let led = world.get(&format!("/desk/cases/{number}/attachments/{file}"), &officer).await;
    assert_eq!(led.location(), here, "what is no picture has no way around its page");
    let refused = world.post(&format!("{here}/original"), &officer, "reason=").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请写明为什么要取出原件"));
    let taken = world.post(&format!("{here}/original"), &officer, "reason=%E9%80%81%E6%A3%80").await;
    assert_eq!((taken.status, taken.text.as_str()), (StatusCode::OK, "%PDF-1.7 the original"));
    let checked = world.post(&format!("{here}/check"), &officer, "").await;
    let page = world.get(checked.location(), &officer).await.text;
    assert!(page.contains("核验一致") && page.contains("取出原件") && page.contains("送检"));
    let written = world.get(&format!("/desk/cases/{number}/make_copy?of=file-{file}"), &officer).await.text;
    assert!(
        written.contains("不能在文件里遮挡") && written.contains("name=\"typed\""),
        "a PDF is not covered, and it says so"
    );
    // Somebody changes the bytes on the disk.
    let data = world.app.house().settings.data.clone();
    let asked = number.clone();
    let kept = world.app.db().read::<_, StoreError>(move |tx| {
        let case = store::case::by_number(tx, &asked)?.expect("a case");
        store::attachment::find(tx, case.id, file)
    });
    let place = store::files::place(&data, &kept.expect("a read").expect("a file").sha256);
    std::fs::write(place, b"%PDF-1.7 another").expect("changed");
    let checked = world.post(&format!("{here}/check"), &officer, "").await;
    let page = world.get(checked.location(), &officer).await.text;
    assert!(page.contains("核验不一致") && page.contains("现在的指纹是"));
    // Once it is known to show nobody, it leaves without a reason.
    world.post(&format!("{here}/personal"), &officer, "personal=no").await;
    assert_eq!(world.post(&format!("{here}/original"), &officer, "").await.status, StatusCode::OK);
    for login in ["foreign_officer", "administrator"] {
        let badge = world.signed_in(login);
        assert_eq!(world.get(&here, &badge).await.status, StatusCode::NOT_FOUND, "{login}");
        assert_eq!(world.post(&format!("{here}/check"), &badge, "").await.status, StatusCode::NOT_FOUND, "{login}");
    }
}
