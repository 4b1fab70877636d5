//! 首页、办理程序、个人信息: pages with nobody's data.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::citizen::promise::{self, Promise};
use crate::error::PageError;
use crate::render;
use crate::view::{self, CitizenPage};

#[derive(Template)]
#[template(path = "citizen/home.html")]
struct HomePage {
    page: CitizenPage,
    promise: Promise,
}

pub(super) async fn home(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    Ok(render::public_page(&HomePage { page: visit.page, promise: promise::today(&app, "").await? }))
}

#[derive(Template)]
#[template(path = "citizen/help.html")]
struct HelpPage {
    page: CitizenPage,
    title: String,
    limits: Vec<Row>,
    grounds: Vec<String>,
}

/// A limit that the law sets, as it stands in the rules.
struct Row {
    name: String,
    length: String,
    article: String,
}

/// The procedure in short, and the limits and grounds word for word from the rules in force today.
pub(super) async fn help(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let house = app.house();
    let day = domain::clock::beijing_day(app.now());
    let kind = domain::case_kind::CaseKind::Complaint;
    let set = house.book.national(kind, day).map_err(|error| PageError::from(casework::ActError::Rules(error)))?;
    let limits = set.limits.iter().filter(|limit| limit.kind == kind && limit.condition.is_none());
    let page = HelpPage {
        page: visit.page,
        title: set.title.clone(),
        limits: limits
            .map(|limit| Row {
                name: limit.name.clone(),
                length: format!("{} {}", limit.length, limit.unit.label()),
                article: format!("《{}》{}", limit.law, limit.article),
            })
            .collect(),
        grounds: set.refusal_grounds.iter().map(|ground| ground.wording.clone()).collect(),
    };
    Ok(render::public_page(&page))
}

#[derive(Template)]
#[template(path = "citizen/privacy.html")]
struct PrivacyPage {
    page: CitizenPage,
}

pub(super) async fn privacy(visit: Visit) -> Response {
    render::public_page(&PrivacyPage { page: visit.page })
}
