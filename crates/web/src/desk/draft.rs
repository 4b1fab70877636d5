//! 草稿: an unfinished registration, kept on the server under its agent's account.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::once::{self, RequestKey};
use casework::{ActError, Staff};
use domain::clock::beijing_day;
use domain::filing::RawFiling;
use jiff::Timestamp;
use store::Tx;

use super::forms::Typed;
use super::parties_form;
use super::register::registers;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::{redirect, view};

/// Unfinished registrations one person may have; the oldest are shown no more, and a week later the sweep takes them.
const SHOWN_AT_MOST: usize = 8;

/// An unfinished registration in the list.
pub(super) struct Unfinished {
    pub(super) key: String,
    pub(super) what: String,
    pub(super) when: String,
}

/// `POST /desk/register/draft`: what is typed so far. A script stays on the page; the button without one comes back to it.
pub(super) async fn save(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let typed = Typed(typed);
    let key = typed.get("draft").to_owned();
    if !is_key(&key) {
        return Err(PageError::bad_request("草稿没有编号。请刷新登记页后再试。"));
    }
    let (owner, scope, kept) = (owner(&me.0), scope(&me.0), key.clone());
    let data = serde_json::to_string(&raw(&typed)).unwrap_or_default();
    app.act::<_, ActError>(me.actor(), move |tx, scene| {
        // A save that was on its way while the form was sent must not bring the draft back.
        let sent = once::find(tx, RequestKey { scope: &scope, key: &kept, request_hash: "" })?;
        if sent.is_none() {
            store::draft::put(tx, &kept, &owner, &data, scene.now)?;
        }
        Ok(())
    })
    .await?;
    if typed.has("save") {
        return Ok(redirect::to(&format!("/desk/register?draft={key}")));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /desk/register/drafts/{key}/discard`
pub(super) async fn discard(
    State(app): State<App>,
    me: SignedIn,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let owner = owner(&me.0);
    app.act::<_, ActError>(me.actor(), move |tx, _| {
        if store::draft::get(tx, &key, &owner)?.is_some() {
            store::draft::delete(tx, &key)?;
        }
        Ok(())
    })
    .await?;
    Ok(redirect::to("/desk/register"))
}

/// Her unfinished registrations, the latest first.
pub(super) fn unfinished(tx: &mut Tx<'_>, staff: &Staff, now: Timestamp) -> Result<Vec<Unfinished>, ActError> {
    let today = beijing_day(now);
    let drafts = store::draft::of_owner(tx, &owner(staff))?;
    let told = drafts.into_iter().take(SHOWN_AT_MOST).filter_map(|(key, data, at)| {
        let raw: RawFiling = serde_json::from_str(&data).ok()?;
        let parts = [raw.complainant_phone.as_str(), &raw.respondent_name, &raw.goods];
        let what: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let what = if what.is_empty() { "只填了开头".to_owned() } else { what.join(" · ") };
        Some(Unfinished { key, what, when: view::dates::moment(at, today) })
    });
    Ok(told.collect())
}

pub(super) fn owner(staff: &Staff) -> String {
    format!("account:{}", staff.account_id)
}

/// Under which a registration that is sent twice is taken in once.
pub(super) fn scope(staff: &Staff) -> String {
    format!("register:{}", staff.account_id)
}

pub(super) fn new_key(app: &App) -> String {
    domain::chain::hex(&app.fresh::<16>())
}

pub(super) fn is_key(key: &str) -> bool {
    key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What was typed, field by field.
pub(super) fn raw(typed: &Typed) -> RawFiling {
    let text = |name: &str| typed.get(name).to_owned();
    RawFiling {
        region: text("region"),
        channel: text("channel"),
        title: text("title"),
        complainant_name: text("complainant_name"),
        complainant_phone: text("complainant_phone"),
        complainant_address: text("complainant_address"),
        complainant_postcode: text("complainant_postcode"),
        complainant_email: text("complainant_email"),
        complainant_id_kind: text("complainant_id_kind"),
        complainant_id_number: text("complainant_id_number"),
        notify_by: text("notify_by"),
        consent_publish: text("consent_publish"),
        consent_delegate: text("consent_delegate"),
        truthful: text("truthful"),
        respondent_name: text("respondent_name"),
        respondent_address: text("respondent_address"),
        respondent_phone: text("respondent_phone"),
        respondent_credit_code: text("respondent_credit_code"),
        respondent_contact: text("respondent_contact"),
        respondent_platform: text("respondent_platform"),
        sales_channel: text("sales_channel"),
        goods: text("goods"),
        brand: text("brand"),
        model: text("model"),
        category: text("category"),
        problem: text("problem"),
        order_number: text("order_number"),
        amount: text("amount"),
        bought_on: text("bought_on"),
        knew_on: text("knew_on"),
        facts: text("facts"),
        demands: typed.0.iter().filter(|(name, _)| name == "demands").map(|(_, value)| value.clone()).collect(),
        demand_text: text("demand_text"),
        claim: text("claim"),
        parties: parties_form::rows(typed),
    }
}
