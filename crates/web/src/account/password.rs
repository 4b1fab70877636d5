//! 修改密码.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::vault::{self, KeyChange};
use casework::{ActError, Actor, Staff, password, sign_in};
use domain::account::{Gate, account_rules};
use serde::Deserialize;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::{self, AtTheDoor};
use crate::view::{self, Errors};
use crate::visitor::Visitor;
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    name: String,
    must_change: bool,
    too_old: bool,
    hint: String,
    errors: Errors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordForm {
    current: String,
    password: String,
    again: String,
}

pub(super) async fn ask(door: AtTheDoor) -> Response {
    render::page(&page(door, Errors::none()))
}

fn page(door: AtTheDoor, errors: Errors) -> PasswordPage {
    let AtTheDoor { session } = door;
    PasswordPage {
        name: session.staff.name,
        must_change: session.must_change,
        too_old: session.gate == Gate::Change,
        hint: account_rules().password.hint(),
        errors,
    }
}

pub(super) async fn change(
    State(app): State<App>,
    door: AtTheDoor,
    visitor: Visitor,
    jar: CookieJar,
    FormBody(form): FormBody<PasswordForm>,
) -> Result<Response, PageError> {
    let errors = faults(&app, &door.session.staff, &form).await?;
    if !errors.is_empty() {
        return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page(door, errors)));
    }
    let AtTheDoor { session } = door;
    let (id, house, salt, seed) = (session.staff.account_id, app.house().clone(), app.fresh(), app.fresh());
    let live = app.read(move |tx| vault::live_key(tx, id)).await?;
    let changed = app.hashing(move || {
        let key = KeyChange::at_change(live.as_ref(), &house.settings, &form.current, &form.password, seed);
        key.map(|key| (password::hash(&form.password, salt, house.settings.key_cost), key))
    });
    let (hash, key) = changed.await?.map_err(ActError::from)?;
    let cookie = URL_SAFE_NO_PAD.encode(app.fresh::<32>());
    let kept = cookie.clone();
    let entered = app
        .act(Actor::Staff(session.staff.clone()), move |tx, scene| {
            casework::account::change_password(tx, scene, &hash, &key)?;
            sign_in::reopen(tx, scene, &kept, &visitor.0)
        })
        .await?;
    let to = match session.must_change {
        true if entered.enrol => "/account/enrol",
        true => session::first_page(&session.staff),
        false => "/account?done=password",
    };
    Ok((jar.add(session::cookie(&app, cookie)), redirect::to(to)).into_response())
}

async fn faults(app: &App, staff: &Staff, form: &PasswordForm) -> Result<Errors, PageError> {
    let (id, rules) = (staff.account_id, &account_rules().password);
    let remembered = i64::try_from(rules.not_among_the_last).unwrap_or(i64::MAX);
    let (account, hashes) = app
        .read(move |tx| {
            let account = store::account::find(tx, id)?.ok_or(ActError::Forbidden)?;
            Ok::<_, ActError>((account, store::account::last_passwords(tx, id, remembered)?))
        })
        .await?;
    let mut errors = Errors::none();
    let (current, wanted) = (form.current.clone(), form.password.clone());
    let weak = rules.weakness(&form.password, &account.login, &account.name);
    let compares = weak.is_none();
    let judged = app.hashing(move || {
        let right = hashes.first().is_some_and(|hash| password::verify(&current, hash));
        let used = compares && hashes.iter().any(|hash| password::verify(&wanted, hash));
        (right, used)
    });
    let (right, used) = judged.await?;
    if !right {
        errors.push("current", "现在的密码不对，请重新输入");
    }
    if let Some(sentence) = weak {
        errors.push("password", sentence);
    } else if form.password == form.current {
        errors.push("password", "新密码与现在的相同，请换一个");
    } else if used {
        errors.push("password", format!("最近 {} 次用过这个密码，请换一个", rules.not_among_the_last));
    } else if form.password != form.again {
        errors.push("again", "两次输入的新密码不一样，请重新输入");
    }
    Ok(errors)
}
