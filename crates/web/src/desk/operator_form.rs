//! 登记事项: the form of a registered operator, for a new entry and for a change.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::operators::{self, Particulars};
use casework::{ActError, Actor, Scene};
use store::Tx;

use super::forms::Typed;
use super::{labels, operators as list, register};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section};
use crate::{frame, redirect, render};

/// Rows of shops one form may have.
const SHOPS_AT_MOST: usize = 50;

/// `GET` and `POST /desk/operators/new`, `/desk/operators/{id}/edit`
#[derive(askama::Template)]
#[template(path = "desk/operator_form.html")]
struct FormPage {
    page: DeskPage,
    /// The one that is changed; none for a new entry.
    id: Option<i64>,
    action: String,
    version: i64,
    typed: Particulars,
    kinds: Vec<Choice>,
    regions: Vec<Choice>,
    errors: Errors,
}

impl FormPage {
    /// The names of a shop's fields, and what is in them.
    fn shops(&self) -> Vec<(usize, [String; 3], &[String; 3])> {
        let names = |number: usize| ["platform", "name", "url"].map(|part| shop_field(number, part));
        self.typed.shops.iter().enumerate().map(|(index, shop)| (index + 1, names(index + 1), shop)).collect()
    }

    fn back(&self) -> String {
        self.id.map_or_else(|| "/desk/operators".to_owned(), |id| format!("/desk/operators/{id}"))
    }
}

/// `GET /desk/operators/new`
pub(super) async fn ask_new(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    keeps(&me)?;
    let typed = Particulars { kind: "enterprise".to_owned(), ..Particulars::default() };
    Ok(render::page(&page(&app, &me, None, 0, with_row(typed), Errors::none()).await?))
}

/// `POST /desk/operators/new`
pub(super) async fn add(
    State(app): State<App>,
    me: SignedIn,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    keeps(&me)?;
    let sent = Typed(sent);
    let typed = particulars(&sent);
    if sent.has("more") {
        return Ok(render::page(&page(&app, &me, None, 0, with_row(typed), Errors::none()).await?));
    }
    let asked = typed.clone();
    match app.act(me.actor(), move |tx, scene| operators::register(tx, scene, &asked)).await {
        Ok(id) => Ok(redirect::to(&format!("/desk/operators/{id}?done=registered"))),
        Err(error) => again(&app, &me, None, 0, typed, error).await,
    }
}

/// `GET /desk/operators/{id}/edit`
pub(super) async fn ask(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let (version, typed) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let operator = operators::find(tx, scene, id)?;
            if !operators::may_change(tx, scene, &operator)? {
                return Err(ActError::Forbidden);
            }
            let shops = store::operator::shops(tx, id)?;
            let typed = Particulars {
                name: operator.name,
                former_names: operator.former_names,
                credit_code: operator.credit_code,
                kind: operator.kind,
                region: operator.region_code,
                address: operator.address,
                contact_name: operator.contact_name,
                phone: operator.phone,
                places: store::operator::places(tx, id)?.join("\n"),
                shops: shops.into_iter().map(|shop| [shop.platform, shop.name, shop.url]).collect(),
            };
            Ok((operator.version, typed))
        })
        .await?;
    Ok(render::page(&page(&app, &me, Some(id), version, with_row(typed), Errors::none()).await?))
}

/// `POST /desk/operators/{id}/edit`
pub(super) async fn change(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = Typed(sent);
    let (typed, version) = (particulars(&sent), sent.version().unwrap_or_default());
    if sent.has("more") {
        return Ok(render::page(&page(&app, &me, Some(id), version, with_row(typed), Errors::none()).await?));
    }
    let asked = typed.clone();
    match app.act(me.actor(), move |tx, scene| operators::change(tx, scene, id, version, &asked)).await {
        Ok(_) => Ok(redirect::to(&format!("/desk/operators/{id}?done=changed"))),
        Err(error) => again(&app, &me, Some(id), version, typed, error).await,
    }
}

/// The form once more with everything that was typed. After somebody else's change the next try starts from that one.
async fn again(
    app: &App,
    me: &SignedIn,
    id: Option<i64>,
    version: i64,
    typed: Particulars,
    error: ActError,
) -> Result<Response, PageError> {
    let (status, version) = match (&error, id) {
        (ActError::Invalid(_), _) => (StatusCode::UNPROCESSABLE_ENTITY, version),
        (ActError::Conflict { .. }, Some(id)) => {
            let now = app.look(me.actor(), move |tx, scene| operators::find(tx, scene, id)).await?;
            (StatusCode::CONFLICT, now.version)
        }
        _ => return Err(error.into()),
    };
    let (sentence, errors) = (error.to_string(), PageError::from(error).faults());
    let mut page = page(app, me, id, version, with_row(typed), errors.unwrap_or_default()).await?;
    if status == StatusCode::CONFLICT {
        page.page.notice = Some(
            Notice::refused("没有保存")
                .text(format!("{sentence}再按一次“保存”，就以这里的内容为准。"))
                .link("看现在的登记事项", page.back()),
        );
    }
    Ok(render::page_with_status(status, &page))
}

async fn page(
    app: &App,
    me: &SignedIn,
    id: Option<i64>,
    version: i64,
    typed: Particulars,
    errors: Errors,
) -> Result<FormPage, PageError> {
    let region = typed.region.clone();
    let regions = app.look(me.actor(), move |tx, scene| regions(tx, scene, &region)).await?;
    Ok(FormPage {
        page: frame::desk(&me.0, Section::Operators),
        action: id.map_or_else(|| "/desk/operators/new".to_owned(), |id| format!("/desk/operators/{id}/edit")),
        id,
        version,
        typed,
        kinds: labels::choices(&app.house().codes, "operator_kinds"),
        regions,
        errors,
    })
}

fn keeps(me: &SignedIn) -> Result<(), PageError> {
    list::reads(me)?;
    if operators::keeps(&me.actor()) {
        Ok(())
    } else {
        Err(PageError::forbidden("经营者由坐席、值班长、分送员、承办人或者审批领导登记。"))
    }
}

/// One empty row for another shop.
fn with_row(mut typed: Particulars) -> Particulars {
    if typed.shops.len() < SHOPS_AT_MOST && typed.shops.last().is_none_or(|last| *last != [const { String::new() }; 3])
    {
        typed.shops.push(Default::default());
    }
    typed
}

fn shop_field(number: usize, part: &str) -> String {
    format!("shop.{number}.{part}")
}

/// What was typed.
pub(super) fn particulars(typed: &Typed) -> Particulars {
    let text = |name: &str| typed.get(name).to_owned();
    let rows = (1..=SHOPS_AT_MOST).filter(|number| typed.has(&shop_field(*number, "platform")));
    Particulars {
        name: text("name"),
        former_names: text("former_names"),
        credit_code: text("credit_code"),
        kind: text("kind"),
        region: text("region"),
        address: text("address"),
        contact_name: text("contact_name"),
        phone: text("phone"),
        places: text("places"),
        shops: rows.map(|number| ["platform", "name", "url"].map(|part| text(&shop_field(number, part)))).collect(),
    }
}

/// Her bureau's places to choose from, and the one that stands there now.
pub(super) fn regions(tx: &mut Tx<'_>, scene: Scene<'_>, current: &str) -> Result<Vec<Choice>, ActError> {
    let Actor::Staff(staff) = scene.actor else { return Ok(Vec::new()) };
    let (mut choices, here) = register::regions(tx, staff)?;
    if let Some(whole) = choices.iter_mut().find(|choice| choice.value == here) {
        whole.label = whole.label.replace("，街道不清楚", "");
    }
    if !current.is_empty() && choices.iter().all(|choice| choice.value != current) {
        choices.push(Choice::new(current, format!("别处（行政区划代码 {current}）")));
    }
    Ok(choices)
}
