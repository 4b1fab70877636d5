//! 登记案件线索: what nobody reported: found by the bureau, handed over by another department, assigned by a superior
//! (行政处罚程序规定第十八条). It has its own number and goes the way of a report, without a reporter.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::once::{self, Once, RequestKey};
use casework::{ActError, Staff, filing};
use domain::filing::{RawLead, RawReport, parse_lead};
use domain::reporting::Origin;
use domain::role::Role;

use super::forms::Typed;
use super::{asking, draft, labels, register};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tabs};
use crate::{frame, render};

/// `GET` and `POST /desk/register/lead`
#[derive(askama::Template)]
#[template(path = "desk/lead.html")]
struct LeadPage {
    page: DeskPage,
    tabs: Tabs,
    raw: RawLead,
    key: String,
    errors: Errors,
    origins: Vec<Choice>,
    regions: Vec<Choice>,
    categories: Vec<Choice>,
    targets: Vec<Choice>,
}

/// Those who find leads: whoever registers, and those who inspect.
pub(super) fn registers(staff: &Staff) -> Result<(), PageError> {
    let roles = [Role::ShiftLead, Role::Dispatcher, Role::Officer, Role::Leader];
    if roles.into_iter().any(|role| staff.holds(role)) {
        Ok(())
    } else {
        Err(PageError::forbidden("案件线索由值班长、分送员、承办人或者审批领导登记。"))
    }
}

/// `GET /desk/register/lead`
pub(super) async fn ask(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    registers(&me.0)?;
    let found_on = domain::clock::beijing_day(app.now()).to_string();
    let raw = RawLead { found_on, origin: Origin::Inspection.key().to_owned(), ..RawLead::default() };
    Ok(render::page(&page(&app, &me, raw, draft::new_key(&app), Errors::none()).await?))
}

/// `POST /desk/register/lead`
pub(super) async fn send(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let typed = Typed(typed);
    let raw = raw(&typed);
    let key =
        Some(typed.get("key").to_owned()).filter(|key| draft::is_key(key)).unwrap_or_else(|| draft::new_key(&app));
    let (sent, scope, kept) = (raw.clone(), draft::scope(&me.0), app.house().secret.hash("desk-lead", &key));
    let taken = app
        .act(me.actor(), move |tx, scene| {
            let lead = parse_lead(&sent, &scene.house.codes, scene.now).map_err(ActError::Invalid)?;
            let evidence =
                filing::Evidence { origin: Some((lead.origin, lead.found_at)), ..filing::Evidence::default() };
            let request = RequestKey { scope: &scope, key: &kept, request_hash: "" };
            match once::file(tx, scene, &lead.filing, evidence, request)? {
                Once::Taken(taken) => Ok(taken),
                Once::OtherRequest => Err(ActError::NotFound),
            }
        })
        .await;
    match taken {
        Ok(taken) => {
            let mut page = page(&app, &me, RawLead::default(), draft::new_key(&app), Errors::none()).await?;
            let words = format!("编号 {}，交{}分送核查。只有负责分送、核查的人看得到。", taken.number, taken.bureau);
            page.page.notice = Some(Notice::done("已登记案件线索").text(words));
            Ok(render::page(&page))
        }
        Err(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            let page = page(&app, &me, raw, key, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn raw(typed: &Typed) -> RawLead {
    let text = |name: &str| typed.get(name).trim().to_owned();
    RawLead {
        origin: text("origin"),
        sender: text("sender"),
        document: text("document"),
        found_on: text("found_on"),
        what: RawReport {
            region: text("region"),
            title: text("title"),
            respondent_name: text("respondent_name"),
            respondent_address: text("respondent_address"),
            respondent_credit_code: text("respondent_credit_code"),
            respondent_platform: text("respondent_platform"),
            sales_channel: text("sales_channel"),
            goods: text("goods"),
            category: text("category"),
            facts: text("facts"),
            grounds: text("grounds"),
            ..RawReport::default()
        },
    }
}

async fn page(app: &App, me: &SignedIn, mut raw: RawLead, key: String, errors: Errors) -> Result<LeadPage, PageError> {
    let staff = me.0.clone();
    let (regions, here) = app.read(move |tx| register::regions(tx, &staff)).await?;
    if raw.what.region.is_empty() {
        raw.what.region = here;
    }
    let codes = &app.house().codes;
    Ok(LeadPage {
        page: frame::desk(&me.0, Section::Register),
        tabs: asking::tabs(None, &me.0),
        raw,
        key,
        errors,
        origins: Origin::BY_HAND.into_iter().map(|it| Choice::new(it.key(), it.label())).collect(),
        regions,
        categories: labels::choices(codes, "goods_categories"),
        targets: labels::choices(codes, "report_targets"),
    })
}
