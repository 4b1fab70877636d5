//! 还有谁: who acts for the consumer or complains with her; asked only when she says that there is somebody.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::draft::Draft;

use crate::app::App;
use crate::citizen::draft::{DraftKey, Typed};
use crate::citizen::form::{Asked, Page, Pairs, Sheet, sent, value};
use crate::citizen::frame::Visit;
use crate::citizen::questions::{answer, asked_errors};
use crate::desk::forms;
use crate::desk::parties_form::{self, PartyRow};
use crate::error::PageError;
use crate::form::FormBody;
use crate::redirect;
use crate::view::{self, CitizenPage, Errors};

#[derive(Template)]
#[template(path = "citizen/others.html")]
struct OthersPage {
    page: CitizenPage,
    sheet: Sheet,
    errors: Errors,
    /// Who complains, by the name that was typed.
    whom: String,
    parties: Vec<PartyRow>,
}

pub(super) async fn others(
    State(app): State<App>,
    visit: Visit,
    typed: Typed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = asked_errors(&app, Page::Others, &typed.draft, &asked);
    Ok(show(&app, visit, &typed.draft, &asked, errors))
}

pub(super) async fn send_others(
    State(app): State<App>,
    visit: Visit,
    DraftKey(key): DraftKey,
    FormBody(pairs): FormBody<Pairs>,
) -> Result<Response, PageError> {
    let asked = Asked::from_check(value(&pairs, "check"));
    let changes = parties_form::changes_rows(&forms::Typed(pairs.clone()));
    let (draft, errors) = sent(&app, &key, Page::Others, pairs).await?;
    if changes {
        return Ok(show(&app, visit, &draft, &asked, Errors::none()));
    }
    if errors.is_empty() {
        return Ok(redirect::to(asked.next(Page::Others)));
    }
    Ok(show(&app, visit, &draft, &asked, errors))
}

fn show(app: &App, visit: Visit, draft: &Draft, asked: &Asked, errors: Errors) -> Response {
    let name = draft.raw.complainant_name.as_str();
    let wrong = !errors.is_empty();
    let page = OthersPage {
        sheet: Sheet::new(Page::Others, draft, asked, Errors::none(), app.now()),
        errors,
        whom: if name.is_empty() { "消费者".to_owned() } else { name.to_owned() },
        parties: parties_form::asked(&app.house().codes, &draft.raw.parties),
        page: visit.page,
    };
    answer(wrong, &page)
}
