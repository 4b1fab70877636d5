//! 审计: what leaves the program, what is refused and who came in is kept with its address, and only an auditor reads it.

use axum::http::StatusCode;
use domain::audit::AuditKind;
use store::StoreError;
use store::access::{AccessRow, Wanted};

use crate::world::{Badge, World};

impl World {
    /// The entries of one kind, the newest first.
    fn trail(&self, kind: AuditKind) -> Vec<AccessRow> {
        let wanted = Wanted { kind: Some(kind), ..Wanted::default() };
        let read = self.app.db().read::<_, StoreError>(move |tx| store::access::search(tx, &wanted, None, 50));
        read.expect("a read")
    }
}

fn told(rows: &[AccessRow]) -> Vec<(Option<&str>, &str, &str)> {
    rows.iter().map(|row| (row.login.as_deref(), row.what.as_str(), row.address.as_str())).collect()
}

#[tokio::test]
async fn a_table_that_is_taken_out_is_kept_with_who_and_where() {
    let world = World::new();
    let leader = world.signed_in("leader");
    assert_eq!(world.get("/desk/cases.csv?respondent=x", &leader).await.status, StatusCode::OK);
    // The pattern of the address, never what was searched for.
    assert_eq!(told(&world.trail(AuditKind::Export)), [(Some("leader"), "GET /desk/cases.csv", "127.0.0.1")]);
    assert_eq!(world.get("/desk/cases", &leader).await.status, StatusCode::OK);
    assert_eq!(world.trail(AuditKind::Export).len(), 1, "a page is no export");
}

#[tokio::test]
async fn a_page_that_is_refused_is_kept() {
    let world = World::new();
    let officer = world.signed_in("officer");
    assert_eq!(world.get("/admin/tokens", &officer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/desk/cases/410105-2026-999999", &officer).await.status, StatusCode::NOT_FOUND);
    let refused = world.trail(AuditKind::Refused);
    assert_eq!(
        told(&refused),
        [
            (Some("officer"), "GET /desk/cases/{number}", "127.0.0.1"),
            (Some("officer"), "GET /admin/tokens", "127.0.0.1")
        ]
    );
    // A stranger who knocks is no entry: there would be no end of them.
    assert_eq!(world.get("/desk/cases/1", &Badge::None).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.trail(AuditKind::Refused).len(), 2);
}

#[tokio::test]
async fn wrong_passwords_and_wrong_codes_are_kept_without_what_was_typed() {
    let world = World::new();
    world.post("/login", &Badge::None, "login=nobody.here&password=secret-typed").await;
    world.post("/login", &Badge::None, "login=officer&password=wrong-one").await;
    let failed = world.trail(AuditKind::FailedSignIn);
    let whats: Vec<_> = failed.iter().map(|row| (row.login.as_deref(), row.what.as_str())).collect();
    assert_eq!(whats, [(Some("officer"), "密码输错"), (None, "没有这个登录名")]);
    world.post("/track", &Badge::None, "number=410105-2026-999999&code=123456789012").await;
    let wrong = world.trail(AuditKind::WrongCode);
    assert_eq!(told(&wrong), [(None, "没有这个编号", "127.0.0.1")]);
}

#[tokio::test]
async fn an_auditor_filters_and_exports_and_the_export_is_kept_too() {
    let world = World::new();
    let (auditor, leader) = (world.signed_in("auditor"), world.signed_in("leader"));
    world.get("/desk/cases.csv", &leader).await;
    world.get("/admin/tokens", &leader).await;
    let page = world.get("/admin/access?kind=export", &auditor).await;
    assert!(page.text.contains("GET /desk/cases.csv") && !page.text.contains("GET /admin/tokens"), "{}", page.text);
    let page = world.get("/admin/access?person=nobody-of-that-name", &auditor).await;
    assert!(page.text.contains("没有符合条件的记录"));
    let table = world.get("/admin/access.csv?kind=refused", &auditor).await;
    assert!(table.text.contains("GET /admin/tokens") && table.text.contains("未成功"), "{}", table.text);
    assert!(world.trail(AuditKind::Export).iter().any(|row| row.what == "GET /admin/access.csv"));
    assert_eq!(world.get("/admin/access.csv", &leader).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_seals_are_for_auditors_and_can_be_taken_away() {
    let world = World::new();
    let auditor = world.signed_in("auditor");
    assert!(world.get("/admin/seals", &auditor).await.text.contains("还没有封存"));
    let tomorrow = world.app.now() + jiff::SignedDuration::from_hours(24);
    let sealed = world.app.db().act(move |tx| casework::seal::close(tx, tomorrow));
    let sealed: Result<_, StoreError> = sealed;
    let print = sealed.expect("an act").expect("a seal").print;
    let page = world.get("/admin/seals", &auditor).await;
    assert!(page.text.contains(&print[..8]) && page.text.contains(&print[56..]), "{}", page.text);
    let export = world.get("/admin/seals.json", &auditor).await;
    assert!(export.text.contains(&print));
    let leader = world.signed_in("leader");
    assert_eq!(world.get("/admin/seals", &leader).await.status, StatusCode::FORBIDDEN);
}
