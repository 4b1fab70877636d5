//! 接口令牌: made and shown once, taken back.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::token::{self, NewToken, SCOPES};
use casework::{ActError, Scene, organization};
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::token::TokenRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Administrator;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice};
use crate::{redirect, render};

const HERE: &str = "/admin/tokens";

#[derive(Template)]
#[template(path = "admin/tokens.html")]
struct TokensPage {
    page: DeskPage,
    today: Timestamp,
    rows: Vec<TokenLine>,
    nothing: EmptyState,
    scopes: Vec<Choice>,
    places: Vec<Choice>,
    form: TokenForm,
    made: Option<(String, String)>,
    errors: Errors,
}

struct TokenLine {
    row: TokenRow,
    scopes: String,
    place: String,
}

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenForm {
    name: String,
    scope: Vec<String>,
    organization: String,
    per_minute: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

pub(super) async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = load(&app, &administrator).await?;
    if asked.done == "revoked" {
        page.page.notice = Some(Notice::done("令牌已吊销").text("使用它的程序几秒后就会被拒绝。"));
    }
    Ok(render::page(&page))
}

pub(super) async fn create(
    State(app): State<App>,
    administrator: Administrator,
    FormBody(form): FormBody<TokenForm>,
) -> Result<Response, PageError> {
    let (random, kept) = (app.fresh(), form.clone());
    let create = move |tx: &mut Tx<'_>, scene: Scene<'_>| token::create(tx, scene, &kept.parsed()?, random);
    match app.act(administrator.actor(), create).await.map_err(PageError::from) {
        Ok(text) => {
            let made = Some((form.name, text));
            Ok(render::page(&TokensPage { made, ..load(&app, &administrator).await? }))
        }
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = TokensPage { form, errors, ..load(&app, &administrator).await? };
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    app.act(administrator.actor(), move |tx, scene| token::revoke(tx, scene, id)).await?;
    Ok(redirect::to(&format!("{HERE}?done=revoked")))
}

impl TokenForm {
    fn parsed(&self) -> Result<NewToken, ActError> {
        let number = |text: &str, field: &str, sentence: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| ActError::field(field, "token.number", sentence)),
        };
        Ok(NewToken {
            name: self.name.clone(),
            scopes: self.scope.clone(),
            organization_id: number(&self.organization, "organization", "请从列表中选择机构")?,
            per_minute: number(&self.per_minute, "per_minute", "每分钟次数请只写数字，不限就留空")?,
        })
    }
}

async fn load(app: &App, administrator: &Administrator) -> Result<TokensPage, PageError> {
    let look = |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let tops = organization::administered_tops(tx, scene)?;
        let mut lines = Vec::new();
        for row in token::list(tx, scene)? {
            let place = row.organization_id.map(|id| store::organization::find(tx, id)).transpose()?.flatten();
            let place = place.map_or_else(|| "不限".to_owned(), |place| place.name);
            lines.push(TokenLine { scopes: scope_labels(&row.scopes), place, row });
        }
        Ok((tops, lines))
    };
    let (tops, rows) = app.look(administrator.actor(), look).await?;
    Ok(TokensPage {
        page: super::page(&administrator.0, HERE),
        today: app.now(),
        rows,
        nothing: EmptyState::new(
            "还没有令牌",
            "其他系统（如微信公众号、政务热线）通过接口提交投诉时，要用这里建立的令牌。",
        ),
        scopes: SCOPES.iter().map(|(key, label)| Choice::new(*key, *label)).collect(),
        places: tops.into_iter().map(|top| Choice::new(top.id.to_string(), top.name)).collect(),
        form: TokenForm { scope: vec!["filing".to_owned()], ..TokenForm::default() },
        made: None,
        errors: Errors::none(),
    })
}

fn scope_labels(keys: &str) -> String {
    let known: HashMap<&str, &str> = SCOPES.iter().copied().collect();
    keys.split(',').map(|key| known.get(key).copied().unwrap_or(key)).collect::<Vec<_>>().join("、")
}
