//! Papers as files, the register of numbers, blank forms, the seal behind a fresh proof, and the public check.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;

use crate::world::{Answer, Badge, World};

const PDF: &str = "application/pdf";

fn acceptance(world: &World) -> i64 {
    let number = world.facts.number.clone();
    world.as_system(move |tx, _| {
        let case = store::case::by_number(tx, &number)?.expect("a case");
        let papers = store::paper::of_case(tx, case.id)?;
        Ok(papers.iter().find(|paper| paper.kind == "acceptance_decision").expect("accepted").id)
    })
}

async fn upload(world: &World, path: &str, badge: &Badge, texts: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
    let mut body = Vec::new();
    for (name, value) in texts {
        body.extend_from_slice(
            format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let head = format!("Content-Disposition: form-data; name=\"{}\"; filename=\"file\"", file.0);
    body.extend_from_slice(format!("--limit\r\n{head}\r\n\r\n").as_bytes());
    body.extend_from_slice(file.1);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let request = world.request(Method::POST, path, badge).header(CONTENT_TYPE, "multipart/form-data; boundary=limit");
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_paper_is_downloaded_as_pdf_and_as_word() {
    let world = World::new();
    let (officer, id) = (world.signed_in("officer"), acceptance(&world));
    let here = format!("/desk/cases/{}/papers/{id}", world.facts.number);
    let page = world.get(&here, &officer).await.text;
    assert!(page.contains(&format!("href=\"{here}/pdf\"")) && page.contains(&format!("href=\"{here}/docx\"")));
    let pdf = world.get(&format!("{here}/pdf"), &officer).await;
    assert_eq!(pdf.status, StatusCode::OK);
    assert_eq!(pdf.headers[CONTENT_TYPE], PDF);
    assert!(pdf.headers[CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment;"));
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(pdf.bytes, world.get(&format!("{here}/pdf"), &officer).await.bytes, "the same bytes");
    assert!(world.get(&format!("{here}/docx"), &officer).await.bytes.starts_with(b"PK"));
    assert_eq!(world.get(&format!("{here}/exe"), &officer).await.status, StatusCode::NOT_FOUND);
    let keep = world.get(&format!("{here}/keep"), &officer).await.text;
    assert!(keep.contains("已签发") && keep.contains("签发时没有电子印章"), "{keep}");

    let consumer = world.consumer().await;
    let hers = world.get(&format!("/track/letters/{id}/pdf"), &consumer).await;
    assert_eq!((hers.status, &hers.bytes), (StatusCode::OK, &pdf.bytes), "hers is the same file");
    assert_eq!(world.get("/track/letters/999/pdf", &consumer).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_register_lists_filters_exports_and_shows_what_is_voided() {
    let world = World::new();
    let (leader, id) = (world.signed_in("leader"), acceptance(&world));
    let page = world.get("/desk/numbers", &leader).await.text;
    assert!(page.contains("市监投受〔2026〕第1号") && page.contains("有效"), "{page}");
    let here = format!("/desk/cases/{}/papers/{id}", world.facts.number);
    let refused = world.post(&format!("{here}/void"), &leader, "reason=").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请写明为什么作废"));
    let done = world.post(&format!("{here}/void"), &leader, "reason=%E6%9C%89%E8%AF%AF").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(world.get("/desk/numbers?state=voided", &leader).await.text.contains("作废：有误"));
    assert!(!world.get("/desk/numbers?state=valid", &leader).await.text.contains("市监投受〔2026〕第1号"));
    let csv = world.get("/desk/numbers.csv", &leader).await.text;
    assert!(csv.contains("市监投受〔2026〕第1号") && csv.contains("有误"), "{csv}");
    assert!(world.get(&here, &leader).await.text.contains("已作废"));
    world.pass(SignedDuration::from_mins(20));
    assert!(world.get("/desk/numbers.csv", &leader).await.text.contains("proof_password"), "an export needs a proof");
    let foreign = world.signed_in("foreign_officer");
    assert!(!world.get("/desk/numbers", &foreign).await.text.contains("第1号"));
}

#[tokio::test]
async fn blank_forms_are_listed_and_printed() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let page = world.get("/desk/forms?q=受理决定", &officer).await.text;
    let pdf = "/desk/forms/acceptance_decision/pdf?set=national-2026";
    assert!(page.contains(&format!("href=\"{pdf}\"")), "{page}");
    assert!(world.get(pdf, &officer).await.bytes.starts_with(b"%PDF-"));
    let shown = world.get("/desk/forms/report_opening_approval/page", &officer).await;
    assert!(shown.text.contains("举报案件立案审批表"));
    assert_eq!(world.get("/desk/forms/nothing/pdf", &officer).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_seal_is_put_in_force_only_after_a_fresh_proof() {
    let world = World::new();
    let (security, here) = (world.signed_in("security"), format!("/admin/papers/{}", world.facts.bureau));
    assert!(world.get("/admin/papers", &security).await.text.contains("文号与印章"));
    let seal = picture();
    let bad = upload(&world, &format!("{here}/seal"), &security, &[("width", "42")], ("picture", b"GIF89a")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("背景透明的 PNG"));
    world.pass(SignedDuration::from_mins(20));
    let asked = upload(&world, &format!("{here}/seal"), &security, &[("width", "42")], ("picture", &seal)).await;
    assert!(asked.text.contains("proof_password"), "{}", asked.text);
    assert!(world.get(&here, &security).await.text.contains("没有。签发的文书不带印章"));
    let security = world.signed_in_again("security");
    let done = upload(&world, &format!("{here}/seal"), &security, &[("width", "42")], ("picture", &seal)).await;
    assert_eq!(done.location(), format!("{here}?done=seal"), "{}", done.text);
    assert!(world.get(&here, &security).await.text.contains("42×42 毫米"));
    let administrator = world.signed_in("administrator");
    let refused = upload(&world, &format!("{here}/seal"), &administrator, &[("width", "42")], ("picture", &seal)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let preview = world.post(&format!("{here}/style"), &administrator, "head=豫郑市监&ordinal=plain&preview=1").await;
    assert!(preview.text.contains("豫郑市监投受〔2026〕12号"), "{}", preview.text);
    let kept = world.get("/admin/papers?q=金水", &administrator).await.text;
    assert!(!kept.contains("豫郑"), "a preview keeps nothing");
}

fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 300, 300);
    encoder.set_color(png::ColorType::Rgba);
    let data: Vec<u8> = (0..300 * 300).flat_map(|at| [200, 0, 0, if at % 300 < 40 { 255 } else { 0 }]).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&data)).expect("a picture");
    bytes
}

#[tokio::test]
async fn anybody_checks_a_paper_and_learns_nobodys_name() {
    let world = World::new();
    let (officer, id) = (world.signed_in("officer"), acceptance(&world));
    let keep = world.get(&format!("/desk/cases/{}/papers/{id}/keep", world.facts.number), &officer).await.text;
    let (_, rest) = keep.split_once("/papers/verify?").expect("its address");
    let query = rest.split('<').next().expect("to its end").replace("&amp;", "&").replace("&#38;", "&");
    let page = world.get(&format!("/papers/verify?{query}"), &Badge::None).await.text;
    assert!(page.contains("登记在册，有效") && page.contains("投诉受理决定书"), "{page}");
    for name in ["complainant", "respondent"] {
        let number = world.facts.number.clone();
        let case = world.as_system(move |tx, _| Ok(store::case::by_number(tx, &number)?.expect("a case")));
        let held = if name == "complainant" { case.matter.complainant_name } else { case.matter.respondent_name };
        assert!(!page.contains(&held), "{held}");
    }
    let code = query.rsplit_once("c=").expect("a code").1.to_owned();
    let groups: Vec<&str> = (0..5).map(|group| &code[group * 4..group * 4 + 4]).collect();
    let typed = format!("/papers/verify?code={id}-{}", groups.join("-").to_uppercase());
    assert!(world.get(&typed, &Badge::None).await.text.contains("登记在册"), "whoever cannot scan types it");
    let wrong = world.get(&format!("/papers/verify?p={id}&c=00000000000000000000"), &Badge::None).await.text;
    let unknown = world.get(&format!("/papers/verify?p=99999&c={code}"), &Badge::None).await.text;
    assert!(wrong.contains("没有核对上"));
    assert_eq!(wrong, unknown, "one answer");

    let pdf = world.get(&format!("/desk/cases/{}/papers/{id}/pdf", world.facts.number), &officer).await.bytes;
    let texts = [("p", id.to_string()), ("c", code)];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let same = upload(&world, "/papers/verify", &Badge::None, &texts, ("file", &pdf)).await.text;
    assert!(same.contains("一字不差"), "{same}");
    let changed = [pdf.as_slice(), b" "].concat();
    let other = upload(&world, "/papers/verify", &Badge::None, &texts, ("file", &changed)).await.text;
    assert!(other.contains("不是本机关发出的那个文件"), "{other}");
}

#[tokio::test]
async fn whoever_is_to_sign_needs_link_and_code() {
    let world = World::new();
    let officer = world.signed_in("officer");
    let number = world.facts.number.clone();
    let id = world.as_system(move |tx, _| {
        let case = store::case::by_number(tx, &number)?.expect("a case");
        let papers = store::paper::of_case(tx, case.id)?;
        Ok(papers.iter().find(|paper| paper.kind == "registration_form").expect("registered").id)
    });
    let here = format!("/desk/cases/{}/papers/{id}", world.facts.number);
    let made = world.post(&format!("{here}/link"), &officer, "place=0").await.text;
    let token = made.split_once("/sign/").expect("a link").1.chars().take(32).collect::<String>();
    let code =
        made.split_once("验证码</dt><dd class=\"number\">").expect("a code").1.chars().take(6).collect::<String>();
    let path = format!("/sign/{token}");
    assert!(world.get(&path, &Badge::None).await.text.contains("验证码"));
    let drawing = format!("data:image/png;base64,{}", base64_of(&picture()));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = upload(&world, &path, &Badge::None, &[("code", wrong)], ("none", b"")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains("请先看清楚"), "nothing of the paper before the code");
    let read = upload(&world, &path, &Badge::None, &[("code", &code)], ("none", b"")).await;
    assert!(read.text.contains("请先看清楚"), "{}", read.text);
    let empty = upload(&world, &path, &Badge::None, &[("code", &code), ("signs", "1")], ("none", b"")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let texts = [("code", code.as_str()), ("signs", "1"), ("drawing", &drawing)];
    let done = upload(&world, &path, &Badge::None, &texts, ("none", b"")).await;
    assert!(done.text.contains("已签名"), "{}", done.text);
    assert!(world.get(&path, &Badge::None).await.text.contains("已经用过"));
    assert!(world.get(&format!("{here}/keep"), &officer).await.text.contains("手机签名"));
    let shown = world.get(&format!("{here}/signatures/0"), &officer).await;
    assert_eq!(shown.headers[CONTENT_TYPE], "image/png");
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
