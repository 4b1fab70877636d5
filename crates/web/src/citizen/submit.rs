//! 核对、提交、回执: everything once more, then the receipt; a second press gives the same one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use casework::draft::Draft;
use casework::once::Taken;
use casework::{ActError, Actor, draft};
use domain::accepting::PartyRole;
use domain::clock::beijing_day;
use domain::filing::{self, FieldError, RawFiling, Typist};
use domain::money::Money;

use crate::app::App;
use crate::citizen::draft::{DraftKey, Typed, receipt_cookie};
use crate::citizen::form::{self, Asked, Page};
use crate::citizen::frame::Visit;
use crate::citizen::promise::{self, Promise};
use crate::citizen::questions::way_label;
use crate::citizen::regions::Regions;
use crate::citizen::upload;
use crate::error::PageError;
use crate::human;
use crate::limits::{Address, Attempt};
use crate::view::{self, CitizenPage, Steps, Summary, SummaryRow};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/check.html")]
struct CheckPage {
    page: CitizenPage,
    steps: Steps,
    promise: Promise,
    faults: Vec<Fault>,
    shop: Summary,
    matter: Summary,
    demand: Summary,
    you: Summary,
    others: Summary,
}

/// Something to mend, with the page and the field where.
struct Fault {
    message: String,
    href: String,
}

pub(super) async fn check(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(_): Query<Asked>,
) -> Result<Response, PageError> {
    let faults = judged(&app, &typed.draft.raw).err().unwrap_or_default();
    // Pages that were never opened are no faults yet: on to the first of them.
    if let Some(open) = Page::ALL.iter().find(|page| !typed.draft.done.iter().any(|done| done == page.key())) {
        let asked: Vec<_> = faults.iter().filter(|fault| Page::of_field(&fault.field) == *open).collect();
        if !asked.is_empty() || *open == Page::Place {
            return Ok(redirect::to(open.path()));
        }
    }
    answer(&app, visit, &typed, faults).await
}

fn judged(app: &App, raw: &RawFiling) -> Result<filing::Filing, Vec<FieldError>> {
    filing::parse(&form::with_channel(raw), Typist::Consumer, &app.house().codes, app.now())
}

async fn answer(app: &App, visit: Visit, typed: &Typed, faults: Vec<FieldError>) -> Result<Response, PageError> {
    let Draft { raw, .. } = &typed.draft;
    let files = upload::waiting(app, typed.key.clone()).await?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let files = if names.is_empty() { String::new() } else { format!("{} 个：{}", names.len(), names.join("、")) };
    let place = Regions::get().await.full_name(&raw.region);
    let page = CheckPage {
        steps: form::steps(5, &typed.draft, app.now()),
        promise: promise::today(app, &raw.region).await?,
        faults: faults.into_iter().map(Fault::from).collect(),
        shop: shop(app, raw, place),
        matter: matter(app, raw, files),
        demand: demand(app, raw),
        you: you(app, raw),
        others: others(raw),
        page: visit.page,
    };
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(render::page_with_status(status, &page))
}

impl From<FieldError> for Fault {
    fn from(fault: FieldError) -> Fault {
        let page = Page::of_field(&fault.field);
        let href = format!("{}?check=1&fix=1#f-{}", page.path(), fault.field);
        Fault { message: fault.message, href }
    }
}

/// Files the draft. The button may be pressed twice, and the answer may get lost on the way: the receipt stays the same.
pub(super) async fn submit(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    Address(address): Address,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Filing, address)?;
    if !human::goes_on(&app, address, &headers).await? {
        return Ok(redirect::to("/human?next=/complaints/new/check"));
    }
    let hash = key.clone();
    let filed = app.act(Actor::Public, move |tx, scene| draft::submit(tx, scene, &hash)).await;
    let filed = match filed {
        // The same draft was being sent on another connection; now its receipt is there.
        Err(ActError::Conflict { .. }) => {
            let hash = key.clone();
            app.act(Actor::Public, move |tx, scene| draft::submit(tx, scene, &hash)).await
        }
        other => other,
    };
    match filed {
        Ok(_) => {
            let to = redirect::to("/complaints/new/receipt");
            Ok(match receipt_cookie(&app, &headers) {
                Some(cookie) => (jar.add(cookie), to).into_response(),
                None => to,
            })
        }
        Err(ActError::Invalid(faults)) => {
            let hash = key.clone();
            let draft = app.look(Actor::Public, move |tx, scene| draft::load(tx, scene, &hash)).await?;
            match draft {
                Some(draft) => answer(&app, visit, &Typed { key, draft }, faults).await,
                None => Ok(redirect::to("/complaints/new?draft=lost")),
            }
        }
        Err(ActError::NotFound) => Ok(redirect::to("/complaints/new?draft=lost")),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "citizen/receipt.html")]
struct ReceiptPage {
    page: CitizenPage,
    number: String,
    query_code: String,
    bureau: String,
    received: String,
    by: String,
    length: String,
    basis: String,
    mediation: String,
    told: String,
    address: String,
}

/// The receipt, for two hours after it was sent, in this browser only.
pub(super) async fn receipt(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
) -> Result<Response, PageError> {
    let found = app.look(Actor::Public, move |tx, _| {
        let Some(taken) = draft::receipt(tx, &key)? else { return Ok(None) };
        let parties = store::party::of_case(tx, taken.case_id)?;
        let way = parties.into_iter().find(|party| party.role == "complainant").map(|party| party.notify_by);
        Ok::<_, ActError>(Some((taken, way.unwrap_or_default())))
    });
    let Some((taken, way)) = found.await? else { return Ok(redirect::to("/track")) };
    let promise = promise::today(&app, "").await?;
    let page = receipt_page(&app, visit.page, taken, told(&app, &way), promise.mediation);
    Ok(render::page(&page))
}

/// How she will hear of the result. A way that is not set up yet is not promised.
pub(super) fn told(app: &App, way: &str) -> String {
    let ready = app.house().settings.gateways.contains_key(way);
    match way {
        "sms" | "email" if !ready => {
            format!("有了结果就打电话告诉您（{}还没有开通），请您评价。", way_label(way))
        }
        "sms" | "email" | "phone" | "letter" => {
            format!("有了结果，用您选的方式（<b>{}</b>）告诉您，请您评价。", way_label(way))
        }
        _ => "有了结果，凭这两个号在<b>网上</b>随时可看，请您评价。".to_owned(),
    }
}

fn receipt_page(app: &App, page: CitizenPage, taken: Taken, told: String, mediation: String) -> ReceiptPage {
    let first = taken.deadlines.iter().min_by_key(|deadline| deadline.due_at);
    let today = beijing_day(taken.received_at);
    let unit = first.and_then(|first| domain::clock::Unit::from_key(&first.unit)).map_or("", |unit| unit.label());
    ReceiptPage {
        page,
        query_code: grouped(&casework::filing::query_code(app.house(), &taken.number, 0)),
        received: view::dates::moment(taken.received_at, today).replace("今天", &view::dates::day(today, today)),
        by: first.map(|first| view::dates::day(first.due_day, today)).unwrap_or_default(),
        length: first.map(|first| format!("{} {unit}", first.length)).unwrap_or_default(),
        basis: first.map(|first| format!("《{}》{}", first.law, first.article)).unwrap_or_default(),
        number: taken.number,
        bureau: taken.bureau,
        mediation,
        told,
        address: format!("{}/track", app.house().settings.public_url.trim_end_matches('/')),
    }
}

/// `1234 5678 9012`: twelve digits in fours, as people read them out.
pub(super) fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    digits.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn change(page: Page) -> String {
    format!("{}?check=1", page.path())
}

/// A row with what was typed, and the way back to it.
fn row(page: Page, name: &str, value: impl Into<view::Rich>) -> SummaryRow {
    SummaryRow::new(name, value).change(change(page))
}

/// Leaves out what was not typed and need not be.
fn given(rows: Vec<(SummaryRow, bool)>) -> Summary {
    Summary::new(rows.into_iter().filter(|(_, there)| *there).map(|(row, _)| row).collect())
}

fn shop(app: &App, raw: &RawFiling, place: String) -> Summary {
    let row = |name: &str, value: &str| row(Page::Respondent, name, value);
    let channel = app.house().codes.label("sales_channels", &raw.sales_channel).unwrap_or_default();
    given(vec![
        (SummaryRow::new("地方", place).change(change(Page::Place)), true),
        (row("商家", &raw.respondent_name), true),
        (row("怎么买的", channel), !channel.is_empty()),
        (row("平台、网站", &raw.respondent_platform), !raw.respondent_platform.is_empty()),
        (row("地址", &raw.respondent_address), true),
        (row("统一社会信用代码", &raw.respondent_credit_code), !raw.respondent_credit_code.is_empty()),
        (row("商家电话", &raw.respondent_phone), !raw.respondent_phone.is_empty()),
        (row("联系人", &raw.respondent_contact), !raw.respondent_contact.is_empty()),
    ])
}

fn matter(app: &App, raw: &RawFiling, files: String) -> Summary {
    let codes = &app.house().codes;
    let label = |table: &str, key: &str| codes.label(table, key).unwrap_or_default().to_owned();
    let row = |name: &str, value: &str| row(Page::Matter, name, value);
    let day = filing::parse_day(&raw.bought_on).map(|day| view::dates::day(day, app.now()));
    let kinds = [label("goods_categories", &raw.category), label("problem_categories", &raw.problem)];
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| !kind.is_empty()).collect();
    given(vec![
        (row("买了什么", &raw.goods), true),
        (row("类别", &kinds.join("，")), !kinds.is_empty()),
        (row("哪天买的", &day.unwrap_or_else(|| raw.bought_on.clone())), true),
        (row("涉及金额", &money(&raw.amount)), true),
        (row("订单号", &raw.order_number), !raw.order_number.is_empty()),
        (row("品牌", &raw.brand), !raw.brand.is_empty()),
        (row("型号", &raw.model), !raw.model.is_empty()),
        (row("经过", &raw.facts), true),
        (row("照片、票据、录音", &files), true),
    ])
}

fn demand(app: &App, raw: &RawFiling) -> Summary {
    let codes = &app.house().codes;
    let demands: Vec<&str> = raw.demands.iter().filter_map(|key| codes.label("demands", key)).collect();
    let row = |name: &str, value: &str| row(Page::Demand, name, value);
    given(vec![
        (row("要求", &demands.join("、")), true),
        (row("说明", &raw.demand_text), !raw.demand_text.is_empty()),
        (row("要求的金额", &money(&raw.claim)), !raw.claim.is_empty()),
    ])
}

fn you(app: &App, raw: &RawFiling) -> Summary {
    let row = |name: &str, value: &str| row(Page::You, name, value);
    let yes_no = |value: &str| match value {
        "yes" => "同意",
        "no" => "不同意",
        _ => "",
    };
    let id_kind = app.house().codes.label("id_kinds", &raw.complainant_id_kind).unwrap_or_default();
    let id = [id_kind, raw.complainant_id_number.as_str()].join(" ");
    let way = if raw.complainant_email.is_empty() {
        way_label(&raw.notify_by).to_owned()
    } else {
        format!("{}（{}）", way_label(&raw.notify_by), raw.complainant_email)
    };
    given(vec![
        (row("姓名", &raw.complainant_name), true),
        (row("电话", &raw.complainant_phone), true),
        (row("通讯地址", &raw.complainant_address), true),
        (row("证件", id.trim()), !raw.complainant_id_number.is_empty()),
        (row("怎么告诉您", &way), true),
        (row("公示投诉信息", yes_no(&raw.consent_publish)), true),
        (row("委托调解", yes_no(&raw.consent_delegate)), true),
        (row("内容真实", if raw.truthful == "yes" { "已确认" } else { "" }), true),
    ])
}

/// Who acts for her or complains with her, a row each.
fn others(raw: &RawFiling) -> Summary {
    let rows = raw.parties.iter().filter(|party| !party.is_empty()).map(|party| {
        let role = PartyRole::from_key(&party.role).map_or("还有", |role| role.label());
        (row(Page::Others, role, format!("{} {}", party.name, party.phone)), true)
    });
    given(rows.collect())
}

/// `469 元`, or what was typed when it is no sum.
fn money(typed: &str) -> String {
    match Money::parse(typed) {
        Ok(sum) => view::money_sign(sum.fen()),
        Err(_) => typed.to_owned(),
    }
}
