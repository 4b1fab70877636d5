//! `/human`: the page of the 人机确认, and the way back to what somebody was about to do.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::app::App;
use crate::citizen::frame::{self, Visit};
use crate::error::PageError;
use crate::form::FormBody;
use crate::human;
use crate::limits::{Address, Attempt};
use crate::view::{self, CitizenPage, Errors};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/human.html")]
struct HumanPage {
    page: CitizenPage,
    errors: Errors,
    token: String,
    question: String,
    difficulty: u32,
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    next: String,
    token: String,
    work: String,
    sum: String,
}

/// `GET /human?next=…`
pub(super) async fn ask(State(app): State<App>, visit: Visit, Query(sent): Query<Sent>) -> Response {
    show(&app, visit, own_page(&sent.next), Errors::none())
}

/// `POST /human`
pub(super) async fn answer(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    jar: CookieJar,
    FormBody(sent): FormBody<Sent>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Query, address)?;
    let next = own_page(&sent.next);
    if let Some(pass) = human::answered(&app, &sent.token, &sent.work, &sent.sum).await? {
        let cookie = frame::cookie(&app, human::COOKIE, &pass, human::COOKIE_SECONDS);
        let sign = if next.contains('?') { '&' } else { '?' };
        return Ok((jar.add(cookie), redirect::to(&format!("{next}{sign}confirmed=1"))).into_response());
    }
    let mut errors = Errors::none();
    errors.push("sum", "答案不对，或者等得太久了。请再答一次");
    Ok(show(&app, visit, next, errors))
}

fn show(app: &App, visit: Visit, next: String, errors: Errors) -> Response {
    let question = human::question(app);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = HumanPage {
        page: visit.page,
        errors,
        token: question.token,
        question: question.words,
        difficulty: human::DIFFICULTY,
        next,
    };
    render::page_with_status(status, &page)
}

/// The page to go back to: one of ours, else the beginning.
fn own_page(next: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_?=&".contains(c);
    let ours = next.starts_with('/') && !next.starts_with("//") && next.len() <= 200 && next.chars().all(plain);
    if ours { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn the_way_back_leads_to_a_page_of_ours() {
        assert_eq!(own_page("/complaints/new/check?check=1"), "/complaints/new/check?check=1");
        for strange in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(own_page(strange), "/", "{strange}");
        }
    }
}
