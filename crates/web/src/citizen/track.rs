//! 查询: number and query code, which never stand in an address; the same answer for a wrong number and a wrong code.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use casework::{ActError, Actor, reporter, tracking};
use serde::Deserialize;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::citizen::pass;
use crate::error::PageError;
use crate::form::FormBody;
use crate::human;
use crate::limits::{Address, Attempt};
use crate::view::{self, CitizenPage, Errors, Notice};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/track.html")]
struct TrackPage {
    page: CitizenPage,
    number: String,
    errors: Errors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TrackQuery {
    again: String,
    left: String,
}

pub(super) async fn ask(visit: Visit, Query(query): Query<TrackQuery>) -> Response {
    let notice = if !query.again.is_empty() {
        Some(Notice::warning("请重新输入编号和查询码").text("为了保护您的信息，每次查询 2 小时后自动退出。"))
    } else if !query.left.is_empty() {
        Some(Notice::done("已退出查询").text("这台设备上不再保留您的案件信息。"))
    } else {
        None
    };
    render::page(&TrackPage { page: visit.with(notice), number: String::new(), errors: Errors::none() })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    number: String,
    code: String,
}

pub(super) async fn enter(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    headers: HeaderMap,
    jar: CookieJar,
    FormBody(shown): FormBody<Shown>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Query, address)?;
    if let Some(code) = receipt_code(&shown) {
        return with_receipt(&app, visit, jar, shown.number, code).await;
    }
    let (number, code) = (case_number(&shown.number), digits(&shown.code));
    let errors = missing(&number, &code);
    if !errors.is_empty() {
        return Ok(refused(visit, shown.number, errors));
    }
    let now = app.now();
    // Whoever makes others' numbers unusable with wrong codes pays for it; she whose number it is goes on.
    if app.tries().exhausted(&number, now) && !human::has_pass(&app, &headers).await? {
        return Ok(redirect::to("/human?next=/track"));
    }
    let (house, asked) = (app.house().clone(), number.clone());
    let found = app.read(move |tx| tracking::find(tx, &house, &asked, &code)).await;
    let Some(case) = found.map_err(|error: ActError| PageError::from(error))? else {
        app.tries().note_wrong(&number, now);
        app.act(Actor::Public, move |tx, scene| tracking::note_wrong(tx, scene, &number)).await?;
        let mut errors = Errors::none();
        errors.push("number", "编号或查询码不对，请对照回执再输一次");
        return Ok(refused(visit, shown.number, errors));
    };
    app.tries().note_right(&number);
    Ok((jar.add(pass::cookie(&app, &case, now)), redirect::to("/track/case")).into_response())
}

/// The sixteen digits of a report's receipt, in the field of codes or alone in that of numbers.
fn receipt_code(shown: &Shown) -> Option<String> {
    let (number, code) = (digits(&shown.number), digits(&shown.code));
    let alone = if code.is_empty() { number } else { code };
    Some(alone).filter(|code| code.len() == reporter::CODE_DIGITS)
}

/// So many codes are possible that only the address is held back, not the number.
async fn with_receipt(
    app: &App,
    visit: Visit,
    jar: CookieJar,
    number: String,
    code: String,
) -> Result<Response, PageError> {
    let (house, now) = (app.house().clone(), app.now());
    let found = app.read(move |tx| reporter::by_code(tx, &house, &code)).await;
    if let Some(case) = found.map_err(|error: ActError| PageError::from(error))? {
        return Ok((jar.add(pass::cookie(app, &case, now)), redirect::to("/track/case")).into_response());
    }
    let mut errors = Errors::none();
    errors.push("code", "没有找到，请对照回执再输一次；查投诉还要写受理编号");
    Ok(refused(visit, number, errors))
}

pub(super) async fn leave(State(app): State<App>, jar: CookieJar) -> Response {
    (jar.add(pass::none(&app)), redirect::to("/track?left=1")).into_response()
}

fn refused(visit: Visit, number: String, errors: Errors) -> Response {
    render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &TrackPage { page: visit.page, number, errors })
}

fn missing(number: &str, code: &str) -> Errors {
    let mut errors = Errors::none();
    if number.is_empty() {
        errors.push("number", "请写受理编号，在回执或短信里");
    }
    if code.is_empty() {
        errors.push("code", "请写查询码，是 12 位数字；举报的回执码是 16 位");
    }
    errors
}

/// A case number however it was typed: full-width digits, spaces, other dashes, or no dashes at all.
fn case_number(typed: &str) -> String {
    let plain = digits(typed);
    match plain.len() {
        16 => format!("{}-{}-{}", &plain[..6], &plain[6..10], &plain[10..]),
        _ => half_width(typed).filter(char::is_ascii_graphic).take(40).collect(),
    }
}

fn digits(typed: &str) -> String {
    half_width(typed).filter(char::is_ascii_digit).take(40).collect()
}

fn half_width(typed: &str) -> impl Iterator<Item = char> {
    typed.chars().map(|c| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '－' | '—' | '–' | '‐' | '‑' | '−' | '﹣' | '一' => '-',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::{case_number, digits};

    #[test]
    fn a_number_is_understood_however_it_was_typed() {
        for typed in [
            "410103-2026-000012",
            " 410103 - 2026 - 000012 ",
            "4101032026000012",
            "４１０１０３－２０２６－０００００１２".replace("０００００１２", "００００１２").as_str(),
            "410103—2026—000012",
        ] {
            assert_eq!(case_number(typed), "410103-2026-000012", "{typed}");
        }
        assert_eq!(digits("1234 5678 ９０１２"), "123456789012");
    }
}
