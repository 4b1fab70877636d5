//! 公示栏 (catalogue 3.13): the sheets of the public hall say what the rules in force say.

use axum::http::StatusCode;

use crate::world::{Badge, World};

#[tokio::test]
async fn each_sheet_opens_and_its_days_are_those_of_the_rules() {
    let world = World::new();
    let board = world.get("/board", &Badge::None).await;
    assert_eq!(board.status, StatusCode::OK);
    let links = board.text.split("href=\"/board/").skip(1).filter_map(|rest| rest.split('"').next());
    let keys: Vec<&str> = links.filter(|link| !link.contains('/')).collect();
    assert_eq!(keys, ["duties", "scope", "procedure", "materials", "reports", "offices", "knowledge"]);
    for (key, says) in [
        ("duties", "为举报人保密"),
        ("scope", "法院、仲裁机构、市场监督管理部门或者其他行政机关"),
        ("procedure", "受理：7 个工作日内决定是否受理"),
        ("procedure", "60 日内办完"),
        ("materials", "能联系到您的电话"),
        ("reports", "15 个工作日内核查"),
        ("offices", "金水区市场监督管理局"),
        ("knowledge", "消费者权益保护法第二十五条"),
    ] {
        let sheet = world.get(&format!("/board/{key}"), &Badge::None).await;
        assert_eq!(sheet.status, StatusCode::OK, "{key}");
        assert!(sheet.text.contains(says), "{key}: {says}\n{}", sheet.text);
        assert!(!sheet.text.contains('{'), "{key}: a blank is left open");
    }
    // The blank forms of the hall, and no other form, for everybody.
    for key in ["registration_form", "report_registration_form", "authorization_letter", "service_address_confirmation"]
    {
        for (format, begins) in [("pdf", "%PDF-"), ("docx", "PK")] {
            let here = format!("/board/forms/{key}/{format}");
            assert!(board.text.contains(&here), "{here}");
            let file = world.get(&here, &Badge::None).await;
            assert!(file.status == StatusCode::OK && file.text.starts_with(begins), "{here}: {}", file.status);
        }
    }
    for path in ["penalty_decision/pdf", "registration_form/page", "registration_form/exe"] {
        let other = world.get(&format!("/board/forms/{path}"), &Badge::None).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(world.get("/board/secrets", &Badge::None).await.status, StatusCode::NOT_FOUND);
}
