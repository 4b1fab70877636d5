//! 新建账号: with a one-time password that is shown once.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::account::{self, NewAccount};
use casework::{password, staff};
use serde::Deserialize;
use store::organization::OrganizationRow;

use super::account::{HERE, show_once};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::render;
use crate::session::{AccountKeeper, Administrator};
use crate::view::{self, DeskPage, Errors};

#[derive(Template)]
#[template(path = "admin/account_new.html")]
struct NewPage {
    page: DeskPage,
    organization: OrganizationRow,
    form: NewForm,
    errors: Errors,
}

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    organization: i64,
    login: String,
    name: String,
    phone: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organization: i64,
}

pub(super) async fn ask(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let form = NewForm { organization: asked.organization, ..NewForm::default() };
    Ok(render::page(&new_page(&app, &administrator, form).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    administrator: Administrator,
    FormBody(form): FormBody<NewForm>,
) -> Result<Response, PageError> {
    let one_time = password::one_time(app.fresh());
    let (typed, salt) = (one_time.clone(), app.fresh());
    let cost = app.house().settings.key_cost;
    let password_hash = app.hashing(move || password::hash(&typed, salt, cost)).await?;
    let new = NewAccount {
        login: form.login.clone(),
        name: form.name.clone(),
        phone: form.phone.clone(),
        organization_id: form.organization,
        roles: Vec::new(),
        password_hash,
        must_change: true,
    };
    let made = app.act(administrator.actor(), move |tx, scene| account::create(tx, scene, &new)).await;
    match made.map_err(PageError::from) {
        Ok(id) => show_once(&app, &AccountKeeper(administrator.0), id, one_time).await,
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = NewPage { errors, ..new_page(&app, &administrator, form).await? };
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn new_page(app: &App, administrator: &Administrator, form: NewForm) -> Result<NewPage, PageError> {
    let id = form.organization;
    let organization = app.look(administrator.actor(), move |tx, scene| staff::administered(tx, scene, id)).await?;
    let page = super::page(&administrator.0, HERE);
    Ok(NewPage { page, organization, form, errors: Errors::none() })
}
