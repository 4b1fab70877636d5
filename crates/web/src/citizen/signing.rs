//! 手机签名: the one who is to sign opens the link, says the code that she was told another way, reads the paper, and signs.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{ActError, Actor, letters, signing};

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::desk::drawn;
use crate::error::PageError;
use crate::limits::{Address, Attempt};
use crate::render;
use crate::view::{self, CitizenPage, Errors, Notice};

/// Bytes of a drawn signature with its form.
pub(super) const BODY_AT_MOST: usize = 512 * 1024;

#[derive(Template)]
#[template(path = "citizen/sign.html")]
struct SignPage {
    page: CitizenPage,
    token: String,
    code: String,
    open: bool,
    done: bool,
    paper: Option<Shown>,
    errors: Errors,
}

/// The paper as she reads it before she signs.
struct Shown {
    label: String,
    lines: Vec<String>,
}

fn page(visit: Visit, token: &str) -> SignPage {
    let (page, token) = (visit.page, token.to_owned());
    SignPage { page, token, code: String::new(), open: true, done: false, paper: None, errors: Errors::none() }
}

pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Query, address)?;
    let asked = token.clone();
    let open = app.look(Actor::Public, move |tx, scene| signing::is_open(tx, scene, &asked)).await?;
    Ok(render::page(&SignPage { open, ..page(visit, &token) }))
}

#[derive(Default)]
struct Brought {
    code: String,
    drawing: String,
    signs: bool,
}

/// With the code alone she reads; with the drawing too she signs.
pub(super) async fn sign(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    Path(token): Path<String>,
    form: Multipart,
) -> Result<Response, PageError> {
    app.limits().check(Attempt::Query, address)?;
    let brought = receive(form).await?;
    let mut shown = SignPage { code: brought.code.clone(), ..page(visit, &token) };
    let (asked, code) = (token.clone(), brought.code.clone());
    let behind = app.act(Actor::Public, move |tx, scene| signing::behind(tx, scene, &asked, &code)).await;
    let (paper, place) = match behind {
        Ok(Some(behind)) => behind,
        Ok(None) => {
            shown.errors.push("code", "验证码不对，请再核对一次；错 5 次后这个链接就不能用了");
            return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
        }
        Err(ActError::NotFound) => {
            shown.open = false;
            return Ok(render::page_with_status(StatusCode::NOT_FOUND, &shown));
        }
        Err(error) => return Err(error.into()),
    };
    let kept = letters::read(&paper).ok_or_else(PageError::not_found)?;
    let lines = kept.text().lines().map(str::to_owned).collect();
    shown.paper = Some(Shown { label: place.printed.label, lines });
    if !brought.signs {
        return Ok(render::page(&shown));
    }
    let Ok(sha256) = drawn(&app, &brought.drawing).await? else {
        shown.errors.push("drawing", "还没有签名，请在框里签");
        return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    };
    let (asked, code) = (token.clone(), brought.code);
    app.act(Actor::Public, move |tx, scene| signing::sign(tx, scene, &asked, &code, &sha256)).await?;
    shown.page.notice = Some(Notice::done("已签名").text("办案单位已经收到，可以关闭本页。"));
    (shown.done, shown.code) = (true, String::new());
    Ok(render::page(&shown))
}

async fn receive(mut form: Multipart) -> Result<Brought, PageError> {
    let unread = |_| PageError::bad_request("提交没有完成，可能是网络断开。请再试一次。");
    let mut brought = Brought::default();
    while let Some(part) = form.next_field().await.map_err(unread)? {
        let name = part.name().unwrap_or_default().to_owned();
        let text = part.text().await.map_err(unread)?;
        match name.as_str() {
            "code" => text.trim().clone_into(&mut brought.code),
            "drawing" => brought.drawing = text,
            "signs" => brought.signs = true,
            _ => {}
        }
    }
    Ok(brought)
}
