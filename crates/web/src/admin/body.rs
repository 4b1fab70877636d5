//! 通讯录: the bodies outside the bureaus that a bureau adds, changes and disables; those above it and of the whole country beside.

use std::collections::HashSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::directory::{self, Entry, KINDS, Typed};
use casework::{ActError, Scene};
use domain::role::Role;
use serde::Deserialize;
use store::Tx;
use store::body::BodyRow;

use crate::app::App;
use crate::desk::csv;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Administrator;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice};
use crate::{redirect, render};

const HERE: &str = "/admin/bodies";

#[derive(Template)]
#[template(path = "admin/bodies.html")]
struct BodiesPage {
    page: DeskPage,
    bureau: String,
    bureau_id: i64,
    rows: Vec<Line>,
    others: Vec<Line>,
    nothing: EmptyState,
    kinds: Vec<Choice>,
    form: BodyForm,
    errors: Errors,
}

/// A body in a list.
struct Line {
    id: i64,
    name: String,
    kind: &'static str,
    phone: String,
    address: String,
    matters: String,
    active: bool,
}

/// What the forms send.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct BodyForm {
    bureau: i64,
    kind: String,
    name: String,
    phone: String,
    address: String,
    matters: String,
    active: String,
    version: i64,
}

impl BodyForm {
    fn of(row: &BodyRow) -> BodyForm {
        let BodyRow { kind, name, phone, address, matters, .. } = row.clone();
        let active = if row.active { "yes" } else { "no" }.to_owned();
        BodyForm { bureau: row.bureau_id, kind, name, phone, address, matters, active, version: row.version }
    }

    fn typed(&self) -> Typed {
        let BodyForm { kind, name, phone, address, matters, .. } = self.clone();
        Typed { kind, name, phone, address, matters }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    bureau: String,
    done: String,
}

fn kinds() -> Vec<Choice> {
    KINDS.iter().map(|(key, label)| Choice::new(*key, *label)).collect()
}

fn kind_label(key: &str) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == key).map_or("", |(_, label)| label)
}

/// The bureau that is meant, or the first that she administers.
fn bureau_of(administrator: &Administrator, asked: &str) -> i64 {
    let own = administrator.0.grants.iter().find(|grant| grant.role == Role::Administrator);
    asked.parse().unwrap_or_else(|_| own.map_or(0, |grant| grant.bureau_id))
}

async fn load(
    app: &App,
    administrator: &Administrator,
    bureau: i64,
    form: BodyForm,
    errors: Errors,
) -> Result<BodiesPage, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let (bureau, rows) = directory::administered(tx, scene, bureau)?;
        let mut others: Vec<(&'static str, Entry)> = Vec::new();
        for (kind, label) in KINDS {
            others.extend(directory::of(tx, bureau.id, kind)?.into_iter().map(|entry| (label, entry)));
        }
        Ok((bureau, rows, others))
    };
    let (bureau, rows, others) = app.look(administrator.actor(), look).await?;
    let own: HashSet<(&str, &str)> = rows.iter().map(|row| (kind_label(&row.kind), row.name.as_str())).collect();
    let others = others.into_iter().filter(|(kind, entry)| !own.contains(&(*kind, entry.name.as_str())));
    let others = others.map(|(kind, entry)| {
        let Entry { name, phone, address, matters, .. } = entry;
        Line { id: 0, name, kind, phone, address, matters, active: true }
    });
    Ok(BodiesPage {
        page: super::page(&administrator.0, HERE),
        bureau: bureau.name.clone(),
        bureau_id: bureau.id,
        others: others.collect(),
        rows: rows.iter().map(line).collect(),
        nothing: EmptyState::new(
            "本局还没有加过",
            "当地的消费者协会、调解组织、鉴定检测机构和各部门的电话可以加在这里。",
        ),
        kinds: kinds(),
        form,
        errors,
    })
}

fn line(row: &BodyRow) -> Line {
    let BodyRow { id, name, phone, address, matters, active, .. } = row.clone();
    Line { id, name, kind: kind_label(&row.kind), phone, address, matters, active }
}

/// `GET /admin/bodies`
pub(super) async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let bureau = bureau_of(&administrator, &asked.bureau);
    let form = BodyForm { kind: directory::MEDIATION.to_owned(), ..BodyForm::default() };
    let mut page = load(&app, &administrator, bureau, form, Errors::none()).await?;
    page.page.notice = match asked.done.as_str() {
        "added" => Some(Notice::done("已加入通讯录").text("办理页面里马上可以选。")),
        "changed" => Some(Notice::done("已保存")),
        _ => None,
    };
    Ok(render::page(&page))
}

/// `GET /admin/bodies.csv`
pub(super) async fn export(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let bureau = bureau_of(&administrator, &asked.bureau);
    let page = load(&app, &administrator, bureau, BodyForm::default(), Errors::none()).await?;
    let state = |row: &Line| match (row.id, row.active) {
        (0, _) => "上级局或者全国的",
        (_, true) => "可选",
        (_, false) => "停用",
    };
    let lines = page.rows.iter().chain(&page.others).map(|row| {
        [row.name.as_str(), row.kind, &row.phone, &row.address, &row.matters, state(row)].map(str::to_owned).to_vec()
    });
    let lines: Vec<_> = lines.collect();
    Ok(csv("通讯录.csv", &["名称", "类别", "电话", "地址", "处理什么", "状态"], lines))
}

/// `POST /admin/bodies`
pub(super) async fn add(
    State(app): State<App>,
    administrator: Administrator,
    FormBody(form): FormBody<BodyForm>,
) -> Result<Response, PageError> {
    let (bureau, typed) = (form.bureau, form.typed());
    let added = app.act(administrator.actor(), move |tx, scene| directory::add(tx, scene, bureau, &typed)).await;
    match added.map_err(PageError::from) {
        Ok(_) => Ok(redirect::to(&format!("{HERE}?bureau={bureau}&done=added"))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = load(&app, &administrator, bureau, form, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

#[derive(Template)]
#[template(path = "admin/body.html")]
struct BodyPage {
    page: DeskPage,
    entry: i64,
    bureau_id: i64,
    name: String,
    kinds: Vec<Choice>,
    form: BodyForm,
    errors: Errors,
}

fn body_page(administrator: &Administrator, row: &BodyRow, form: BodyForm, errors: Errors) -> BodyPage {
    BodyPage {
        page: super::page(&administrator.0, HERE),
        entry: row.id,
        bureau_id: row.bureau_id,
        name: row.name.clone(),
        kinds: kinds(),
        form,
        errors,
    }
}

/// `GET /admin/bodies/{id}`
pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let row = app.look(administrator.actor(), move |tx, scene| directory::entry(tx, scene, id)).await?;
    Ok(render::page(&body_page(&administrator, &row, BodyForm::of(&row), Errors::none())))
}

/// `POST /admin/bodies/{id}`
pub(super) async fn change(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    FormBody(form): FormBody<BodyForm>,
) -> Result<Response, PageError> {
    let sent = form.clone();
    let done = app
        .act(administrator.actor(), move |tx, scene| {
            directory::change(tx, scene, id, sent.version, &sent.typed(), sent.active == "yes")
        })
        .await;
    let row = app.look(administrator.actor(), move |tx, scene| directory::entry(tx, scene, id)).await?;
    let (status, errors, notice) = match done {
        Ok(()) => return Ok(redirect::to(&format!("{HERE}?bureau={}&done=changed", row.bureau_id))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            let notice =
                Notice::refused("没有保存").text(error.to_string()).link("看现在的资料", format!("{HERE}/{id}"));
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = body_page(&administrator, &row, form, errors);
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}
