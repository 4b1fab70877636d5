//! The workbench of those who handle cases: the queue, the file on the desk, one page for each act, registration, papers,
//! the leader's page and the counts.

mod accepting_view;
mod accountability;
mod act;
mod archive;
mod asking;
pub(crate) mod blank_forms;
mod caller;
mod case;
mod case_view;
mod checks;
mod circulars;
mod copies;
mod counts;
mod draft;
mod evidence;
mod export;
pub(crate) mod forms;
mod handovers;
mod identities;
mod identity;
mod keeping;
mod labels;
mod lead_form;
mod leader;
mod listing;
mod numbers;
mod operator;
mod operator_form;
mod operators;
mod paper;
mod paper_keep;
pub(crate) mod parties_form;
mod period;
mod personal;
mod phrase_box;
mod queue;
mod queue_view;
mod register;
mod report_form;
mod rewards;
mod served;
mod statements;
mod timeliness;
mod visits;
mod volume;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use export::{csv, file};
pub(crate) use keeping::read as kept_bytes;
pub(crate) use labels::choices;
pub(crate) use paper::{Format, made, picture};
pub(crate) use paper_keep::drawn;

/// Counts beside a view go no further; where one ends here, more may follow, and a `+` says so.
pub(crate) const COUNTED_AT_MOST: i64 = 1_000;

/// The routes of this audience.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(queue::show))
        .route("/desk/queue.csv", get(queue::export))
        .route("/desk/cases", get(listing::show))
        .route("/desk/cases.csv", get(listing::export))
        .route("/desk/search", get(listing::search))
        .route("/desk/cases/{number}", get(case::show))
        .route("/desk/cases/{number}/reveal", get(case::ask_reveal).post(case::reveal))
        .route("/desk/cases/{number}/messages/{id}/delivered", post(case::delivered))
        .route("/desk/cases/{number}/papers/{id}", get(paper::show))
        .route("/desk/cases/{number}/papers/{id}/{format}", get(paper::file))
        .route("/desk/cases/{number}/papers/{id}/keep", get(paper_keep::show))
        .route("/desk/cases/{number}/papers/{id}/void", post(paper_keep::void))
        .route("/desk/cases/{number}/papers/{id}/link", post(paper_keep::link))
        .route(
            "/desk/cases/{number}/papers/{id}/sign",
            post(paper_keep::sign).layer(DefaultBodyLimit::max(evidence::BODY_AT_MOST)),
        )
        .route("/desk/cases/{number}/papers/{id}/signatures/{place}", get(paper_keep::signature))
        .route("/desk/cases/{number}/receipts/{paper}", get(served::receipt))
        .route("/desk/cases/{number}/attachments/{id}", get(paper::attachment))
        .route("/desk/cases/{number}/volume", get(volume::show).post(volume::place))
        .route("/desk/cases/{number}/volume.pdf", get(volume::pdf))
        .route("/desk/cases/{number}/volume.zip", get(volume::export))
        .route(
            "/desk/cases/{number}/add_evidence",
            get(evidence::ask).post(evidence::add).layer(DefaultBodyLimit::max(evidence::BODY_AT_MOST)),
        )
        .route("/desk/cases/{number}/evidence/{id}", get(keeping::show))
        .route("/desk/cases/{number}/evidence/{id}/upright", get(keeping::upright))
        .route("/desk/cases/{number}/evidence/{id}/{what}", post(keeping::act))
        .route("/desk/cases/{number}/make_copy", get(copies::ask).post(copies::make))
        .route("/desk/cases/{number}/copies/{id}", get(copies::download))
        .route("/desk/cases/{number}/identity", get(identity::show))
        .route("/desk/cases/{number}/identity/{what}", post(identity::act))
        .route("/desk/cases/{number}/{action}", get(act::ask).post(act::perform))
        .route("/desk/register", get(register::ask).post(register::register))
        .route("/desk/register/report", get(report_form::ask).post(report_form::send))
        .route("/desk/register/lead", get(lead_form::ask).post(lead_form::send))
        .route("/desk/register/{kind}", get(asking::ask).post(asking::send))
        .route("/desk/register/draft", post(draft::save))
        .route("/desk/register/drafts/{key}/discard", post(draft::discard))
        .route("/desk/register/caller", get(caller::fragment))
        .route("/desk/register/done/{number}", get(register::done))
        .route("/desk/operators", get(operators::show))
        .route("/desk/operators.csv", get(operators::export))
        .route("/desk/operators/new", get(operator_form::ask_new).post(operator_form::add))
        .route("/desk/operators/{id}", get(operator::show))
        .route("/desk/operators/{id}/history.csv", get(operator::export))
        .route("/desk/operators/{id}/penalties.csv", get(operator::export_penalties))
        .route("/desk/operators/{id}/edit", get(operator_form::ask).post(operator_form::change))
        .route("/desk/operators/{id}/merge", get(operator::ask_merge).post(operator::merge))
        .route("/desk/operators/{id}/unmerge", post(operator::unmerge))
        .route("/desk/identities", get(identities::show))
        .route("/desk/identities/hand_over", post(identities::hand_over))
        .route("/desk/identities/pass_on", post(identities::pass_on))
        .route("/desk/identities/renew", post(identities::renew))
        .route("/desk/handovers", get(handovers::list).post(handovers::begin))
        .route("/desk/handovers/{id}", get(handovers::show).post(handovers::give))
        .route("/desk/handovers/{id}/print", get(handovers::print))
        .route("/desk/handovers/{id}/{act}", post(handovers::act))
        .route("/desk/personal", get(personal::list))
        .route("/desk/personal.csv", get(personal::export))
        .route("/desk/personal/new", get(personal::ask).post(personal::take_down))
        .route("/desk/personal/{id}", get(personal::show).post(personal::decide))
        .route("/desk/personal/{id}/print", get(personal::print))
        .route("/desk/personal/{id}/copy.json", get(personal::data))
        .route("/desk/statements", get(statements::list))
        .route("/desk/statements.csv", get(statements::export))
        .route("/desk/statements/new", get(statements::ask).post(statements::propose))
        .route("/desk/statements/{id}", get(statements::show))
        .route("/desk/statements/{id}/print", get(statements::print))
        .route("/desk/statements/{id}/{act}", post(statements::act))
        .route("/desk/numbers", get(numbers::show))
        .route("/desk/numbers.csv", get(numbers::export))
        .route("/desk/forms", get(blank_forms::show))
        .route("/desk/forms/{key}/{format}", get(blank_forms::file))
        .route("/desk/leader", get(leader::show))
        .route("/desk/rewards", get(rewards::show))
        .route("/desk/rewards.csv", get(rewards::export))
        .route("/desk/archive", get(archive::show))
        .route("/desk/archive.csv", get(archive::export))
        .route(
            "/desk/archive/new",
            get(archive::ask).post(archive::take_in).layer(DefaultBodyLimit::max(evidence::BODY_AT_MOST)),
        )
        .route("/desk/archive/terms", get(archive::ask_terms).post(archive::set_terms))
        .route("/desk/archive/disposals", get(archive::disposals).post(archive::draw))
        .route("/desk/archive/disposals/{id}", get(archive::show_disposal))
        .route("/desk/archive/disposals/{id}/print", get(archive::print_disposal))
        .route("/desk/archive/disposals/{id}/{act}", post(archive::act_disposal))
        .route("/desk/archive/{id}", get(archive::show_item))
        .route("/desk/archive/{id}/file", get(archive::file))
        .route("/desk/archive/{id}/{act}", post(archive::act))
        .route("/desk/archive/{id}/loans/{loan}/{act}", post(archive::act_loan))
        .route("/desk/visits", get(visits::show).post(visits::draw))
        .route("/desk/visits/{id}", get(visits::ask).post(visits::call))
        .route("/desk/checks", get(checks::list))
        .route("/desk/checks/new", get(checks::ask).post(checks::draw))
        .route("/desk/checks/{id}", get(checks::show))
        .route("/desk/checks/{id}/result.csv", get(checks::export))
        .route("/desk/checks/{id}/population.csv", get(checks::population))
        .route("/desk/checks/{id}/print", get(checks::print))
        .route("/desk/checks/{id}/void", post(checks::void))
        .route("/desk/checks/cases/{id}", get(checks::ask_case).post(checks::keep_case))
        .route("/desk/circulars", get(circulars::list))
        .route("/desk/circulars/new", get(circulars::ask).post(circulars::begin))
        .route("/desk/circulars/{id}", get(circulars::show))
        .route("/desk/circulars/{id}/edit", get(circulars::ask_again).post(circulars::change))
        .route("/desk/circulars/{id}/print", get(circulars::print))
        .route("/desk/circulars/{id}/confirmations.csv", get(circulars::export))
        .route("/desk/circulars/{id}/submit", post(circulars::submit))
        .route("/desk/circulars/{id}/publish", post(circulars::publish))
        .route("/desk/circulars/{id}/give_back", post(circulars::give_back))
        .route("/desk/circulars/{id}/withdraw", post(circulars::withdraw))
        .route("/desk/circulars/{id}/confirm", post(circulars::confirm))
        .route("/desk/circulars/{id}/discard", post(circulars::discard))
        .route("/desk/accountability", get(accountability::show))
        .route("/desk/accountability.csv", get(accountability::export))
        .route("/desk/counts", get(counts::show))
        .route("/desk/counts.csv", get(counts::export))
        .route("/desk/timeliness", get(timeliness::show))
        .route("/desk/timeliness.csv", get(timeliness::export))
        .route("/desk/statistics", get(counts::elsewhere))
}
