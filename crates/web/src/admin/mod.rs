//! 管理: organisations, accounts, tokens, calendar, rules, outbox, and the record that auditors read. No case is shown here.

mod access;
mod account;
mod account_act;
mod account_new;
mod body;
mod calendar;
mod confidential;
mod organization;
mod organization_table;
mod outbox;
mod papers;
mod phrase;
mod rules;
mod seal;
mod security;
mod token;
mod upload;
mod wording;
mod wording_edit;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};
use casework::Staff;
use domain::role::Role;

use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{DeskPage, Section, SideGroup, SideLink};
use crate::{frame, redirect};

/// The administrators' and auditors' pages.
pub fn routes() -> Router<App> {
    let tables = Router::new()
        .route("/admin/organizations/import", get(organization_table::ask).post(organization_table::import))
        .route("/admin/calendar", get(calendar::show).post(calendar::import))
        .layer(DefaultBodyLimit::max(upload::BODY_AT_MOST));
    Router::new()
        .route("/admin", get(home))
        .route("/admin/organizations", get(organization::list))
        .route("/admin/organizations/export", get(organization_table::export))
        .route("/admin/organizations/{id}", get(organization::show).post(organization::change))
        .route("/admin/organizations/{id}/add", get(organization::ask_add).post(organization::add))
        .route("/admin/accounts", get(account::list))
        .route("/admin/accounts/new", get(account_new::ask).post(account_new::create))
        .route("/admin/accounts/{id}", get(account::show).post(account_act::rename))
        .route("/admin/accounts/{id}/{act}", post(account_act::perform))
        .route("/admin/security", get(security::show).post(security::set))
        .route("/admin/confidentiality", get(confidential::show))
        .route("/admin/tokens", get(token::list).post(token::create))
        .route("/admin/tokens/{id}/revoke", post(token::revoke))
        .route("/admin/bodies", get(body::list).post(body::add))
        .route("/admin/bodies.csv", get(body::export))
        .route("/admin/bodies/{id}", get(body::show).post(body::change))
        .route("/admin/papers", get(papers::list))
        .route("/admin/papers/{id}", get(papers::show))
        .route("/admin/papers/{id}/style", post(papers::style))
        .route(
            "/admin/papers/{id}/seal",
            get(papers::ask_seal).post(papers::put_seal).layer(DefaultBodyLimit::max(papers::BODY_AT_MOST)),
        )
        .route("/admin/papers/{id}/end", post(papers::end_seal))
        .route("/admin/papers/{id}/seals/{seal}", get(papers::picture))
        .route("/admin/papers/{id}/wording", get(wording::list))
        .route("/admin/papers/{id}/wording.csv", get(wording::export))
        .route("/admin/papers/{id}/wording/{set}/{letter}", get(wording::show).post(wording_edit::save))
        .route("/admin/papers/{id}/wording/{set}/{letter}/edit", get(wording_edit::ask).post(wording_edit::look))
        .route("/admin/papers/{id}/wording/{set}/{letter}/sample.pdf", get(wording::sample).post(wording_edit::sample))
        .route("/admin/papers/{id}/wording/{set}/{letter}/difference", get(wording::difference))
        .route("/admin/papers/{id}/wording/{set}/{letter}/back", post(wording::back))
        .route("/admin/papers/{id}/wording/{set}/{letter}/withdraw", post(wording::withdraw))
        .route("/admin/rules", get(rules::list))
        .route("/admin/rules/{key}", get(rules::show))
        .route("/admin/phrases", get(phrase::list))
        .route("/admin/phrases.csv", get(phrase::export))
        .route("/admin/phrases/new", get(phrase::ask).post(phrase::add))
        .route("/admin/phrases/{id}", get(phrase::show).post(phrase::change))
        .route("/admin/phrases/{id}/{act}", post(phrase::switch))
        .route("/admin/outbox", get(outbox::show))
        .route("/admin/outbox/{id}/retry", post(outbox::retry))
        .route("/admin/access", get(access::show))
        .route("/admin/access.csv", get(access::export))
        .route("/admin/seals", get(seal::show))
        .route("/admin/seals.json", get(seal::export))
        .merge(tables)
}

async fn home(SignedIn(staff): SignedIn) -> Result<Response, PageError> {
    if staff.holds(Role::Administrator) {
        Ok(redirect::to("/admin/organizations"))
    } else if staff.holds(Role::SecurityAdministrator) {
        Ok(redirect::to("/admin/accounts"))
    } else if staff.holds(Role::Auditor) {
        Ok(redirect::to("/admin/access"))
    } else {
        Err(PageError::forbidden("这里只对系统、安全和审计管理员开放。"))
    }
}

/// The frame with the administrator's column; `here` is the address of the part that is open.
fn page(staff: &Staff, here: &str) -> DeskPage {
    const OF_ADMINISTRATORS: &[(&str, &str)] = &[
        ("机构", "/admin/organizations"),
        ("账号", "/admin/accounts"),
        ("登录要求", security::HERE),
        ("保密对照", confidential::HERE),
        ("通讯录", "/admin/bodies"),
        ("接口令牌", "/admin/tokens"),
        ("节假日", "/admin/calendar"),
        ("规则", "/admin/rules"),
        ("文号与印章", papers::HERE),
        ("常用答复", "/admin/phrases"),
        ("发件箱", "/admin/outbox"),
    ];
    const OF_AUDITORS: &[(&str, &str)] =
        &[("审计记录", "/admin/access"), ("封存", "/admin/seals"), ("保密对照", confidential::HERE)];
    let mut entries = Vec::new();
    if staff.holds(Role::Administrator) {
        entries.extend_from_slice(OF_ADMINISTRATORS);
    }
    if staff.holds(Role::SecurityAdministrator) {
        entries.extend_from_slice(&[
            ("账号", "/admin/accounts"),
            ("登录要求", security::HERE),
            ("文号与印章", papers::HERE),
            ("保密对照", confidential::HERE),
        ]);
    }
    if staff.holds(Role::Auditor) {
        entries.extend_from_slice(OF_AUDITORS);
    }
    let link = |(label, href): &(&str, &str)| SideLink {
        label: (*label).to_owned(),
        href: (*href).to_owned(),
        current: *href == here,
        ..SideLink::default()
    };
    let side = vec![SideGroup { title: "管理".to_owned(), links: entries.iter().map(link).collect() }];
    DeskPage { side, ..frame::desk(staff, Section::Administration) }
}
