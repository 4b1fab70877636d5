//! What a page answers when it cannot do what was asked: a plain sentence for the person, the chain for the log.

use axum::response::{IntoResponse, Response};
use casework::ActError;
use domain::procedure::WhyNot;
use store::StoreError;

use crate::app::fresh_bytes;
use crate::view::{ErrorPage, Errors};
use crate::{redirect, render};

/// Why a page is not shown. One type for all pages.
#[derive(Debug)]
pub enum PageError {
    /// The core refused or failed.
    Act(ActError),
    /// A page of one's own.
    Page(Box<ErrorPage>),
    /// Nobody is signed in: to the login page, and back to `next` afterwards.
    Login {
        /// Path and query to come back to; empty for the first page.
        next: String,
    },
    /// The password must be changed before anything else.
    ChangePassword,
    /// What this page needs is not there; the page at this address says so and leads on.
    Elsewhere(String),
}

impl PageError {
    /// 404: there is nothing, or nothing this person may know of.
    pub fn not_found() -> PageError {
        ErrorPage::not_found().into()
    }

    /// 403 with the reason.
    pub fn forbidden(reason: &str) -> PageError {
        ErrorPage::forbidden(reason).into()
    }

    /// 400: what came is not what the page sends.
    pub fn bad_request(reason: &str) -> PageError {
        ErrorPage::new(400, "bad_request", "这个请求没有读懂", reason).kept("没有任何内容被改动。").into()
    }

    /// The field faults, when what was typed is at fault: to show the form again.
    pub fn faults(&self) -> Option<Errors> {
        match self {
            PageError::Act(ActError::Invalid(faults)) => {
                Some(faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect())
            }
            _ => None,
        }
    }
}

impl From<ActError> for PageError {
    fn from(error: ActError) -> PageError {
        PageError::Act(error)
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> PageError {
        PageError::Act(ActError::Store(error))
    }
}

impl From<ErrorPage> for PageError {
    fn from(page: ErrorPage) -> PageError {
        PageError::Page(Box::new(page))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::Act(error) => render::error_page(&page_of(&error)),
            PageError::Page(page) => render::error_page(&page),
            PageError::Login { next } => redirect::to(&login_address(&next)),
            PageError::ChangePassword => redirect::to("/account/password"),
            PageError::Elsewhere(address) => redirect::to(&address),
        }
    }
}

fn login_address(next: &str) -> String {
    if next.is_empty() { "/login".to_owned() } else { format!("/login?next={}", redirect::query_value(next)) }
}

fn page_of(error: &ActError) -> ErrorPage {
    let sentence = error.to_string();
    match error {
        ActError::NotFound => ErrorPage::not_found(),
        ActError::Forbidden | ActError::NotLawful(WhyNot::NotByYou { .. }) => ErrorPage::forbidden(sentence),
        ActError::NotLawful(_) => {
            ErrorPage::new(409, error.code(), "现在不能这样办理", sentence).kept("没有任何内容被改动。")
        }
        ActError::Conflict { .. } => ErrorPage::new(409, error.code(), "这里刚刚有人改动过", sentence),
        ActError::Invalid(_) => {
            ErrorPage::new(422, error.code(), "填写的内容有误", sentence).kept("没有任何内容被改动。请返回上一页改正。")
        }
        ActError::Store(
            StoreError::Overloaded | StoreError::Contention { .. } | StoreError::Locked { .. } | StoreError::Closed,
        ) => {
            tracing::warn!(error = error as &dyn std::error::Error, "the database is busy");
            ErrorPage::new(503, error.code(), "系统正忙", sentence)
        }
        ActError::Store(_) | ActError::File(_) | ActError::Rules(_) | ActError::Vault(_) => {
            let reference = reference();
            tracing::error!(error = error as &dyn std::error::Error, reference, "a page could not be answered");
            let mut page = ErrorPage::internal(&reference);
            error.code().clone_into(&mut page.code);
            page.advice = sentence.into();
            page
        }
    }
}

/// A short number that stands on the page and in the log.
pub(crate) fn reference() -> String {
    let [a, b, c] = fresh_bytes();
    format!("{a:02x}{b:02x}{c:02x}")
}
