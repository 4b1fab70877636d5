//! 送达: how the papers of a case have reached their sides, beside the messages; the receipt to be taken along.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::letters;
use casework::reading::CaseFile;
use casework::service::{self, Servable};
use domain::action::Action;
use domain::procedure::{Standing, step};
use domain::service::ServiceOutcome;
use jiff::civil::Date;
use store::service::ServiceRow;

use crate::app::App;
use crate::error::PageError;
use crate::render;
use crate::session::SignedIn;
use crate::view::{self, LetterPage, Tag, Tone, tag};

/// The papers that were served, and those that can be.
#[derive(Template)]
#[template(path = "desk/served.html")]
pub(super) struct ServedPapers {
    number: String,
    done: Vec<Line>,
    /// Papers that go to a side: their words, and the key of their receipt.
    receipts: Vec<(String, String)>,
    /// She may note what came of it.
    may_serve: bool,
}

impl HtmlSafe for ServedPapers {}

struct Line {
    what: String,
    how: String,
    when: String,
    state: Tag,
    receipt: Option<i64>,
    proof: Option<i64>,
}

/// The papers of a case that go to its sides; none where there is none.
pub(super) fn of_case(file: &CaseFile, standing: &Standing, today: Date) -> Option<ServedPapers> {
    let case = &file.case;
    // In lists a letter to both sides says to whom it goes; here the side stands beside it.
    let words = |it: &Servable| {
        let title = letters::read(&it.paper).map_or_else(|| it.paper.title.clone(), |kept| kept.letter.title);
        (format!("{title}，给{}", it.side.label()), it.key())
    };
    let may_serve = step(case.state.kind, case.state.status, Action::Serve, standing).is_ok();
    let receipts: Vec<(String, String)> = file.servable.iter().filter(|_| may_serve).map(words).collect();
    let title = |id: i64| file.papers.iter().find(|paper| paper.id == id).map_or("", |paper| paper.title.as_str());
    let done: Vec<Line> = file.served.iter().map(|row| line(row, title(row.paper_id), today)).collect();
    let nothing = done.is_empty() && receipts.is_empty();
    (!nothing).then(|| ServedPapers { number: case.number.clone(), done, receipts, may_serve })
}

fn line(row: &ServiceRow, title: &str, today: Date) -> Line {
    let state = match (row.outcome, row.effective_on) {
        (ServiceOutcome::Served, Some(on)) if on > today => {
            tag(format!("公告中，{}视为送达", view::dates::short_day(on, today)), Tone::Amber)
        }
        (ServiceOutcome::Served, _) => tag("已送达", Tone::Green),
        (ServiceOutcome::UnderWay, _) => tag("等回执", Tone::Amber),
        (ServiceOutcome::Failed, _) => tag("没有送到", Tone::Red),
    };
    let tracking = if row.tracking.is_empty() { String::new() } else { format!(" {}", row.tracking) };
    Line {
        what: title.to_owned(),
        how: format!("{} · {}{tracking}", row.side.label(), row.way.label()),
        when: view::dates::short_day(row.effective_on.unwrap_or(row.day), today),
        state,
        receipt: row.receipt_id,
        proof: row.proof_id,
    }
}

/// `GET /desk/cases/{number}/receipts/{paper}`: the receipt of a paper, to be printed and signed.
pub(super) async fn receipt(
    State(app): State<App>,
    me: SignedIn,
    Path((number, paper)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let kept = app.look(me.actor(), move |tx, scene| service::receipt(tx, scene, &asked, &paper)).await?;
    Ok(render::page(&LetterPage::new(&kept, &format!("/desk/cases/{number}"))))
}
