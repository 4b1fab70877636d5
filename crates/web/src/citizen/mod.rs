//! What the public sees: on a telephone, without an account. A complaint is filed here in five small pages and followed
//! with its number and query code (catalogue 3.1, 3.3, 3.12, 8.2).

mod acts;
mod asking;
mod asking_draft;
mod board;
mod case;
mod draft;
mod files;
mod form;
mod frame;
mod hall;
mod home;
mod human;
mod matter;
mod mediating;
mod others;
mod own_files;
mod pass;
pub(crate) mod personal;
mod place;
mod promise;
mod questions;
mod regions;
mod report;
mod reward;
mod signing;
mod submit;
mod supplement;
mod track;
pub(crate) mod upload;
mod verify;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;
pub(crate) use frame::cookie_value;
use hall::Hall;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(public())
        .merge(asking())
        .merge(filing())
        .merge(tracking())
        .layer(Extension(Arc::new(Hall::default())))
}

fn public() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/help", get(home::help))
        .route("/privacy", get(home::privacy))
        .route("/board", get(board::board))
        .route("/board/{key}", get(board::sheet))
        .route("/board/forms/{key}/{format}", get(board::form))
        .route(
            "/papers/verify",
            get(verify::show).post(verify::compare).layer(DefaultBodyLimit::max(verify::BODY_AT_MOST)),
        )
        .route(
            "/sign/{token}",
            get(signing::ask).post(signing::sign).layer(DefaultBodyLimit::max(signing::BODY_AT_MOST)),
        )
        .route("/human", get(human::ask).post(human::answer))
}

fn asking() -> Router<App> {
    let with_files = Router::new()
        .route("/reports/new", get(report::ask).post(report::send))
        .route("/{kind}/new", get(asking::ask).post(asking::send))
        .route("/{kind}/new/files", post(asking_draft::add_files))
        .layer(DefaultBodyLimit::max(upload::REQUEST_AT_MOST));
    Router::new()
        .route("/{kind}/new/save", post(asking_draft::save))
        .route("/{kind}/new/discard", post(asking_draft::discard))
        .route("/{kind}/new/files/{id}", get(asking_draft::file))
        .route("/{kind}/new/files/{id}/remove", post(asking_draft::remove_file))
        .route(
            "/reports/new/you",
            get(report::ask_you).post(report::submit).layer(DefaultBodyLimit::max(own_files::REQUEST_AT_MOST)),
        )
        .route("/asked/receipt", get(asking::receipt))
        .route("/asked/clear", post(asking::clear))
        .merge(with_files)
}

fn filing() -> Router<App> {
    let with_files = Router::new()
        .route("/complaints/new/matter", get(matter::show).post(matter::send))
        .route("/complaints/new/files", post(upload::add_to_draft))
        .layer(DefaultBodyLimit::max(upload::REQUEST_AT_MOST));
    Router::new()
        .route("/complaints/new", get(draft::start).post(draft::begin))
        .route("/complaints/new/discard", post(draft::discard))
        .route("/complaints/new/regions/{code}", get(place::children))
        .route("/complaints/new/place", get(place::show).post(place::send))
        .route("/complaints/new/respondent", get(questions::respondent).post(questions::send_respondent))
        .route("/complaints/new/demand", get(questions::demand).post(questions::send_demand))
        .route("/complaints/new/you", get(questions::you).post(questions::send_you))
        .route("/complaints/new/others", get(others::others).post(others::send_others))
        .route("/complaints/new/{part}/save", post(form::save))
        .route("/complaints/new/files/{id}", get(upload::of_draft))
        .route("/complaints/new/files/{id}/remove", post(upload::remove_from_draft))
        .route("/complaints/new/check", get(submit::check).post(submit::submit))
        .route("/complaints/new/receipt", get(submit::receipt))
        .merge(with_files)
}

fn tracking() -> Router<App> {
    let with_files = Router::new()
        .route("/track/evidence", get(acts::evidence).post(acts::send_evidence))
        .route("/track/evidence/files", post(upload::add_to_case))
        .route("/track/supplement", get(supplement::ask).post(supplement::send))
        .layer(DefaultBodyLimit::max(upload::REQUEST_AT_MOST));
    Router::new()
        .route("/track", get(track::ask).post(track::enter))
        .route("/track/leave", post(track::leave))
        .route("/track/case", get(case::show))
        .route("/track/letters/{id}", get(files::letter))
        .route("/track/letters/{id}/{format}", get(files::letter_file))
        .route("/track/files/{id}", get(files::of_case))
        .route("/track/evidence/files/{id}", get(upload::waiting_file))
        .route("/track/evidence/files/{id}/remove", post(upload::remove_waiting))
        .route("/track/write", get(report::write).post(report::send_words))
        .route("/track/personal", get(personal::show))
        .route("/track/personal/{right}", get(personal::ask).post(personal::send))
        .route("/track/personal/copies/{id}", get(personal::copy))
        .route("/track/personal/copies/{id}/data.json", get(personal::data))
        .route("/track/reward", get(reward::show).post(reward::send))
        .route("/track/urge", get(acts::urge).post(acts::send_urge))
        .route("/track/withdraw", get(acts::withdraw).post(acts::send_withdraw))
        .route("/track/rate", get(acts::rate).post(acts::send_rate))
        .route("/track/recusal", get(mediating::ask_recusal).post(mediating::send_recusal))
        .route("/track/reopen", get(mediating::ask_reopen).post(mediating::send_reopen))
        .merge(with_files)
}
