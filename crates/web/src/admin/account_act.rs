//! What an administrator does to an account: name, roles, password, lock, closing.

use axum::extract::{Path, State};
use axum::response::Response;
use casework::{ActError, Scene, account, factor, handover, organization, password};
use domain::role::Role;
use serde::Deserialize;
use store::Tx;

use super::account::{HERE, refused, show_once};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::redirect;
use crate::session::AccountKeeper;

/// What the form of name and telephone sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RenameForm {
    name: String,
    phone: String,
    version: i64,
}

pub(super) async fn rename(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
    FormBody(form): FormBody<RenameForm>,
) -> Result<Response, PageError> {
    let RenameForm { name, phone, version } = form;
    let rename = move |tx: &mut Tx<'_>, scene: Scene<'_>| account::rename(tx, scene, id, version, &name, &phone);
    match app.act(keeper.actor(), rename).await {
        Ok(()) => Ok(redirect::to(&format!("{HERE}/{id}?done=renamed"))),
        Err(error) => refused(&app, &keeper, id, ActForm::default(), error.into()).await,
    }
}

/// What the buttons send.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActForm {
    role: String,
    organization: String,
    /// Which session is to end; empty for all.
    handle: String,
    /// Why she hands over.
    pub(super) reason: String,
    /// The name of the organisation to which she moves.
    pub(super) to: String,
    version: i64,
}

pub(super) async fn perform(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path((id, act)): Path<(i64, String)>,
    FormBody(form): FormBody<ActForm>,
) -> Result<Response, PageError> {
    let done = match act.as_str() {
        "reset" => return reset(&app, &keeper, id).await,
        "grant" => "granted",
        "revoke" => "revoked",
        "deactivate" => "deactivated",
        "reactivate" => "reactivated",
        "unlock" => "unlocked",
        "factors" => "factors",
        "sessions" => "sessions",
        "handover" => "handover",
        "move" => "moved",
        _ => return Err(PageError::not_found()),
    };
    let typed = form.clone();
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<(), ActError> {
        match act.as_str() {
            "grant" => role_of(&form).and_then(|(role, at)| account::grant(tx, scene, id, role, at)),
            "revoke" => role_of(&form).and_then(|(role, at)| account::revoke(tx, scene, id, role, at)),
            "deactivate" => account::deactivate(tx, scene, id),
            "reactivate" => account::reactivate(tx, scene, id),
            "factors" => factor::reset(tx, scene, id),
            "handover" => handover::begin(tx, scene, id, &form.reason).map(drop),
            "move" => {
                let place = organization::by_name(tx, scene, &form.to)?;
                account::move_to(tx, scene, id, form.version, place)
            }
            "sessions" => account::end_sessions(tx, scene, id, &form.handle),
            _ => account::unlock(tx, scene, id),
        }
    };
    match app.act(keeper.actor(), work).await {
        Ok(()) => Ok(redirect::to(&format!("{HERE}/{id}?done={done}"))),
        Err(error) => refused(&app, &keeper, id, typed, error.into()).await,
    }
}

async fn reset(app: &App, keeper: &AccountKeeper, id: i64) -> Result<Response, PageError> {
    let one_time = password::one_time(app.fresh());
    let (typed, salt) = (one_time.clone(), app.fresh());
    let cost = app.house().settings.key_cost;
    let hash = app.hashing(move || password::hash(&typed, salt, cost)).await?;
    let reset = move |tx: &mut Tx<'_>, scene: Scene<'_>| account::reset_password(tx, scene, id, &hash).map(drop);
    match app.act(keeper.actor(), reset).await {
        Ok(()) => show_once(app, keeper, id, one_time).await,
        Err(error) => refused(app, keeper, id, ActForm::default(), error.into()).await,
    }
}

fn role_of(form: &ActForm) -> Result<(Role, i64), ActError> {
    let role = Role::from_key(&form.role).ok_or_else(|| ActError::field("role", "account.role", "请选择角色"))?;
    let at = form.organization.parse();
    let at = at.map_err(|_| ActError::field("organization", "account.place", "请选择在哪个机构"))?;
    Ok((role, at))
}
