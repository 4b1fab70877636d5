//! 来电人: earlier cases from this telephone and against this respondent, while the agent types.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, Scene, Staff, reading};
use domain::clock::beijing_day;
use domain::credit_code::CreditCode;
use domain::phone_number::PhoneNumber;
use domain::status::Status;
use jiff::Span;
use serde::Deserialize;
use store::Tx;
use store::search::Selection;

use super::labels;
use super::register::registers;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::{render, view};

/// What is typed so far.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) phone: String,
    pub(super) name: String,
    pub(super) code: String,
    /// 订单号.
    pub(super) order: String,
    /// 经过; only from the form itself, never in an address.
    #[serde(skip)]
    pub(super) facts: String,
}

/// What is known about it.
#[derive(Default, Template)]
#[template(path = "desk/caller.html")]
pub(super) struct Caller {
    /// Whether a whole number was given.
    known_phone: bool,
    phone_fault: String,
    earlier: Vec<Earlier>,
    code: String,
    code_fault: String,
    respondent: String,
    respondent_cases: i64,
    recent: Vec<Earlier>,
    /// Cases that are likely about the same matter: the case and why.
    likely: Vec<(Earlier, String)>,
}

impl HtmlSafe for Caller {}

struct Earlier {
    number: String,
    title: String,
    what_became: String,
    open: bool,
}

/// `GET /desk/register/caller`
pub(super) async fn fragment(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let staff = me.0.clone();
    let caller = app.look(me.actor(), move |tx, scene| look_up(tx, scene, &staff, &asked)).await?;
    Ok(render::page(&caller))
}

/// Looks up what is typed so far, inside what she may see.
pub(super) fn look_up(tx: &mut Tx<'_>, scene: Scene<'_>, staff: &Staff, asked: &Asked) -> Result<Caller, ActError> {
    let mut caller = Caller::default();
    let today = beijing_day(scene.now);
    let told = |number: String, title: String, status: &str, outcome: Option<&str>, at| {
        let status = Status::from_key(status);
        let became = match outcome {
            None => status.map_or("", Status::label),
            outcome => labels::outcome(outcome),
        };
        let day = view::dates::short_day(beijing_day(at), today);
        Earlier { number, title, what_became: format!("{day} · {became}"), open: status.is_some_and(Status::is_open) }
    };
    match PhoneNumber::parse(asked.phone.trim()) {
        Ok(phone) => {
            caller.known_phone = true;
            let reaches: Vec<&str> = staff.grants.iter().map(|grant| grant.reach.as_str()).collect();
            let cases = store::party::cases_by_phone(tx, phone.as_str(), 20)?;
            let seen = cases.into_iter().filter(|case| reaches.iter().any(|reach| case.bureau_path.starts_with(reach)));
            let tell = |case: store::party::EarlierCase| {
                told(case.number, case.title, &case.status, case.outcome.as_deref(), case.received_at)
            };
            caller.earlier = seen.map(tell).collect();
        }
        Err(fault) if asked.phone.trim().len() >= 11 => caller.phone_fault = fault.to_string(),
        Err(_) => {}
    }
    let phone = PhoneNumber::parse(asked.phone.trim()).map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let compared = domain::duplicates::Compared {
        phone: &phone,
        respondent: asked.name.trim(),
        credit_code: asked.code.trim(),
        operator: None,
        order_number: asked.order.trim(),
        facts: &asked.facts,
    };
    for it in casework::proposing::likely(tx, scene, &compared, 0, scene.now)? {
        let row = it.case;
        let earlier = told(row.number, row.title, row.status.key(), row.outcome.as_deref(), row.received_at);
        caller.likely.push((earlier, it.reasons.join("，")));
    }
    if asked.code.trim().len() >= 18 {
        match CreditCode::parse(asked.code.trim()) {
            Ok(code) => code.as_str().clone_into(&mut caller.code),
            Err(fault) => caller.code_fault = fault.to_string(),
        }
    }
    let name = asked.name.trim();
    if name.chars().count() >= 2 {
        let month = today.checked_sub(Span::new().days(30)).unwrap_or(today);
        let selection = Selection {
            respondent: Some(name.to_owned()),
            received_from: Some(today.first_of_year().min(month)),
            ..Selection::default()
        };
        let scopes = reading::scopes(staff);
        name.clone_into(&mut caller.respondent);
        caller.respondent_cases = store::counts::count(tx, &scopes, &selection)?;
        let tell = |row: store::search::ListRow| {
            told(row.number, row.title, row.status.key(), row.outcome.as_deref(), row.received_at)
        };
        caller.recent = store::search::list(tx, &scopes, &selection, None, 3)?.into_iter().map(tell).collect();
    }
    Ok(caller)
}
