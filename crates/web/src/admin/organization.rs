//! 机构: the tree by level, search, and one organisation with what can be changed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::organization::{self, Change};
use casework::{ActError, House, staff};
use domain::organization::OrganizationKind;
use domain::region_code::Level;
use serde::Deserialize;
use store::Tx;
use store::account::AccountRow;
use store::organization::OrganizationRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Administrator;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice};
use crate::{redirect, render};

const HERE: &str = "/admin/organizations";

#[derive(Template)]
#[template(path = "admin/organizations.html")]
struct ListPage {
    page: DeskPage,
    q: String,
    searched: bool,
    rows: Vec<OrganizationRow>,
    nothing: EmptyState,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    done: String,
}

pub(super) async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    const AT_MOST: i64 = 200;
    let q = asked.q.trim().to_owned();
    let part = q.clone();
    let look = move |tx: &mut Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        let tops = organization::administered_tops(tx, scene)?;
        if part.is_empty() {
            return Ok(tops);
        }
        let mut found = Vec::new();
        for top in tops {
            found.extend(store::organization::search(tx, &top.path, &part, AT_MOST)?);
        }
        Ok(found)
    };
    let rows = app.look(administrator.actor(), look).await?;
    let nothing = EmptyState::new("没有名称里含这些字的机构", "请换一个更短的词，例如只写“淮河路”。");
    let page = super::page(&administrator.0, HERE);
    Ok(render::page(&ListPage { page, searched: !q.is_empty(), q, rows, nothing }))
}

#[derive(Template)]
#[template(path = "admin/organization.html")]
struct OrganizationPage {
    page: DeskPage,
    above: Vec<OrganizationRow>,
    row: OrganizationRow,
    form: ChangeForm,
    overlays: Vec<Choice>,
    children: Vec<OrganizationRow>,
    accounts: Vec<AccountRow>,
    may_add: bool,
    errors: Errors,
}

impl OrganizationPage {
    fn level(&self) -> &'static str {
        level_label(&self.row.level)
    }
}

pub(super) fn level_label(level: &str) -> &'static str {
    match Level::from_key(level) {
        Some(Level::Nation) => "国家",
        Some(Level::Province) => "省级",
        Some(Level::City) => "市级",
        Some(Level::County) => "县级",
        Some(Level::Township | Level::Village) => "基层",
        None => "",
    }
}

/// What the form of an organisation sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    kind: String,
    region_code: String,
    name: String,
    short_name: String,
    phone: String,
    address: String,
    overlay: String,
    active: String,
    version: i64,
}

impl ChangeForm {
    fn of(row: &OrganizationRow) -> ChangeForm {
        ChangeForm {
            kind: row.kind.key().to_owned(),
            region_code: row.region_code.clone(),
            name: row.name.clone(),
            short_name: row.short_name.clone(),
            phone: row.phone.clone(),
            address: row.address.clone(),
            overlay: row.overlay.clone().unwrap_or_default(),
            active: if row.active { "yes" } else { "" }.to_owned(),
            version: row.version,
        }
    }

    fn change(&self) -> Change {
        Change {
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            overlay: Some(self.overlay.clone()).filter(|key| !key.is_empty()),
            active: self.active == "yes",
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = load(&app, &administrator, id).await?;
    page.page.notice = match asked.done.as_str() {
        "changed" => Some(Notice::done("已保存")),
        "added" => Some(Notice::done("已新增这个机构").text("接下来可以为它建立账号。")),
        _ => None,
    };
    Ok(render::page(&page))
}

pub(super) async fn change(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    FormBody(form): FormBody<ChangeForm>,
) -> Result<Response, PageError> {
    let (change, version) = (form.change(), form.version);
    let done = app
        .act(administrator.actor(), move |tx, scene| organization::change(tx, scene, id, version, &change))
        .await
        .map_err(PageError::from);
    match done {
        Ok(()) => Ok(redirect::to(&format!("{HERE}/{id}?done=changed"))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = OrganizationPage { form, errors, ..load(&app, &administrator, id).await? };
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn load(app: &App, administrator: &Administrator, id: i64) -> Result<OrganizationPage, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        let row = staff::administered(tx, scene, id)?;
        let above = above(tx, scene, &row)?;
        let children = store::organization::children(tx, id)?;
        Ok((above, children, store::account::at_organization(tx, id)?, row))
    };
    let (above, children, accounts, row) = app.look(administrator.actor(), look).await?;
    Ok(OrganizationPage {
        page: super::page(&administrator.0, HERE),
        form: ChangeForm::of(&row),
        overlays: overlays(app.house()),
        may_add: !organization::kinds_below(row.kind).is_empty(),
        errors: Errors::none(),
        above,
        row,
        children,
        accounts,
    })
}

/// Those above that the administrator may see, the highest first.
fn above(tx: &mut Tx<'_>, scene: casework::Scene<'_>, row: &OrganizationRow) -> Result<Vec<OrganizationRow>, ActError> {
    let mut above = Vec::new();
    let mut parent = row.parent_id;
    while let Some(id) = parent {
        let Some(next) = store::organization::find(tx, id)? else { break };
        if !staff::administers(scene.actor, &next) {
            break;
        }
        parent = next.parent_id;
        above.push(next);
    }
    above.reverse();
    Ok(above)
}

fn overlays(house: &House) -> Vec<Choice> {
    organization::overlays(house).map(|(key, title)| Choice::new(key, title)).collect()
}

#[derive(Template)]
#[template(path = "admin/organization_add.html")]
struct AddPage {
    page: DeskPage,
    parent: OrganizationRow,
    kinds: Vec<Choice>,
    overlays: Vec<Choice>,
    form: ChangeForm,
    errors: Errors,
}

pub(super) async fn ask_add(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    Ok(render::page(&load_add(&app, &administrator, id, None).await?))
}

pub(super) async fn add(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    FormBody(form): FormBody<ChangeForm>,
) -> Result<Response, PageError> {
    let kind = OrganizationKind::from_key(&form.kind).unwrap_or(OrganizationKind::Office);
    let (region, change) = (form.region_code.clone(), Change { active: true, ..form.change() });
    let added = app
        .act(administrator.actor(), move |tx, scene| organization::add(tx, scene, id, kind, &region, &change))
        .await
        .map_err(PageError::from);
    match added {
        Ok(row) => Ok(redirect::to(&format!("{HERE}/{}?done=added", row.id))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = AddPage { errors, ..load_add(&app, &administrator, id, Some(form)).await? };
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn load_add(
    app: &App,
    administrator: &Administrator,
    id: i64,
    form: Option<ChangeForm>,
) -> Result<AddPage, PageError> {
    let parent = app.look(administrator.actor(), move |tx, scene| staff::administered(tx, scene, id)).await?;
    let kinds: Vec<Choice> =
        organization::kinds_below(parent.kind).iter().map(|kind| Choice::new(kind.key(), kind.label())).collect();
    if kinds.is_empty() {
        return Err(PageError::forbidden("这个机构下面不设其他机构。"));
    }
    let form = form.unwrap_or_else(|| ChangeForm {
        kind: kinds[0].value.clone(),
        region_code: parent.region_code.clone(),
        overlay: parent.overlay.clone().unwrap_or_default(),
        ..ChangeForm::default()
    });
    Ok(AddPage {
        page: super::page(&administrator.0, HERE),
        overlays: overlays(app.house()),
        errors: Errors::none(),
        parent,
        kinds,
        form,
    })
}
