//! 登记举报: what an agent types for a caller (O121 art. 28). Who reports is sealed as it is sent; the agent sees neither the
//! report nor the name again, and reads the receipt code out once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::once::{self, Once, RequestKey, Taken};
use casework::reporter::{self, Reporter};
use casework::{ActError, Scene, filing, vault};
use domain::case_kind::CaseKind;
use domain::filing::{RawReport, RawReporter, Typist, parse_report, parse_reporter};
use store::Tx;

use super::forms::Typed;
use super::register::{self, TYPED_BY_ITSELF, registers, spaced};
use super::{asking, draft, labels};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tabs};
use crate::{frame, render};

/// `GET` and `POST /desk/register/report`
#[derive(askama::Template)]
#[template(path = "desk/report.html")]
struct ReportPage {
    page: DeskPage,
    tabs: Tabs,
    /// Why no report can be taken in; nothing else stands on the page then.
    closed: String,
    raw: RawReport,
    who: RawReporter,
    key: String,
    errors: Errors,
    channels: Vec<Choice>,
    regions: Vec<Choice>,
    categories: Vec<Choice>,
    targets: Vec<Choice>,
    named: Vec<Choice>,
}

/// What is read out to the one who called, once.
#[derive(askama::Template)]
#[template(path = "desk/reported.html")]
struct ReportedPage {
    page: DeskPage,
    number: String,
    code: String,
    bureau: String,
    named: bool,
}

/// `GET /desk/register/report`
pub(super) async fn ask(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    registers(&me.0)?;
    let raw = RawReport { channel: "phone".to_owned(), ..RawReport::default() };
    let page = page(&app, &me, raw, RawReporter::default(), draft::new_key(&app), Errors::none()).await?;
    Ok(render::page(&page))
}

/// `POST /desk/register/report`
pub(super) async fn send(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me.0)?;
    let typed = Typed(typed);
    let (raw, who) = (what(&typed), who(&typed));
    let key =
        Some(typed.get("key").to_owned()).filter(|key| draft::is_key(key)).unwrap_or_else(|| draft::new_key(&app));
    let scope = draft::scope(&me.0);
    // The key itself is kept nowhere: from it follows the code.
    let code = reporter::code(app.house(), &format!("{scope}:{key}"));
    let hash = app.house().secret.hash("desk-report", &key);
    let (sent, sealed, own_code, seed) = (raw.clone(), who.clone(), code.clone(), app.fresh());
    let taken = app
        .act(me.actor(), move |tx, scene| {
            let request = RequestKey { scope: &scope, key: &hash, request_hash: "" };
            take(tx, scene, &sent, &sealed, &own_code, seed, request)
        })
        .await;
    match taken {
        Ok(taken) => {
            let mut page = frame::desk(&me.0, Section::Register);
            page.notice = Some(Notice::done("已登记举报"));
            let (number, bureau) = (taken.number, taken.bureau);
            let code = spaced(&code);
            Ok(render::page(&ReportedPage { page, number, code, bureau, named: who.named == "yes" }))
        }
        Err(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            let page = page(&app, &me, raw, who, key, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn take(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    raw: &RawReport,
    who: &RawReporter,
    code: &str,
    seed: [u8; 32],
    request: RequestKey<'_>,
) -> Result<Taken, ActError> {
    let what = parse_report(raw, &scene.house.codes, scene.now);
    let who = parse_reporter(who, Typist::Agent, scene.now);
    let (what, identity) = match (what, who) {
        (Ok(what), Ok(identity)) => (what, identity),
        (what, who) => {
            let faults = what.err().into_iter().chain(who.err()).flatten().collect();
            return Err(ActError::Invalid(faults));
        }
    };
    let reporter = Reporter { identity: identity.as_ref(), code, earlier: None, files: &[], seed };
    let evidence = filing::Evidence { reporter: Some(reporter), ..filing::Evidence::default() };
    match once::file(tx, scene, &what, evidence, request)? {
        Once::Taken(taken) => Ok(taken),
        Once::OtherRequest => Err(ActError::NotFound),
    }
}

fn what(typed: &Typed) -> RawReport {
    let text = |name: &str| typed.get(name).trim().to_owned();
    RawReport {
        region: text("region"),
        channel: text("channel"),
        title: text("title"),
        respondent_name: text("respondent_name"),
        respondent_address: text("respondent_address"),
        respondent_credit_code: text("respondent_credit_code"),
        respondent_platform: text("respondent_platform"),
        sales_channel: text("sales_channel"),
        goods: text("goods"),
        category: text("category"),
        knew_on: text("knew_on"),
        facts: text("facts"),
        grounds: text("grounds"),
    }
}

fn who(typed: &Typed) -> RawReporter {
    let text = |name: &str| typed.get(name).trim().to_owned();
    RawReporter {
        named: text("named"),
        name: text("reporter_name"),
        phone: text("reporter_phone"),
        address: text("reporter_address"),
        id_number: text("reporter_id_number"),
        other: text("reporter_other"),
        earlier_code: String::new(),
        truthful: String::new(),
    }
}

async fn page(
    app: &App,
    me: &SignedIn,
    mut raw: RawReport,
    who: RawReporter,
    key: String,
    errors: Errors,
) -> Result<ReportPage, PageError> {
    let staff = me.0.clone();
    let (regions, here, closed) = app
        .read(move |tx| {
            let closed = match vault::require_open(tx) {
                Ok(()) => String::new(),
                Err(ActError::Invalid(faults)) => faults.into_iter().map(|fault| fault.message).collect(),
                Err(error) => return Err(error),
            };
            let (regions, here) = register::regions(tx, &staff)?;
            Ok::<_, ActError>((regions, here, closed))
        })
        .await?;
    if raw.region.is_empty() {
        raw.region = here;
    }
    let codes = &app.house().codes;
    let mut channels = labels::choices(codes, "channels");
    channels.retain(|channel| !TYPED_BY_ITSELF.contains(&channel.value.as_str()));
    Ok(ReportPage {
        page: frame::desk(&me.0, Section::Register),
        tabs: asking::tabs(Some(CaseKind::Report), &me.0),
        closed,
        raw,
        who,
        key,
        errors,
        channels,
        regions,
        categories: labels::choices(codes, "goods_categories"),
        targets: labels::choices(codes, "report_targets"),
        named: vec![Choice::new("no", "匿名"), Choice::new("yes", "实名")],
    })
}
