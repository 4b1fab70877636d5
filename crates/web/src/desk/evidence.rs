//! 补充材料: files that an officer or agent adds to a case.

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::evidence::{self, Care, KeptFile};
use casework::{ActError, consumer};
use domain::action::Action;
use domain::procedure::step;
use store::case::CaseRow;

use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Errors, Notice, Section};
use crate::{frame, redirect, render};

/// Bytes that all files of one form may have together.
pub(super) const BODY_AT_MOST: usize = 100 * 1024 * 1024;

/// `GET` and `POST /desk/cases/{number}/add_evidence`
#[derive(askama::Template)]
#[template(path = "desk/evidence.html")]
struct EvidencePage {
    page: DeskPage,
    number: String,
    title: String,
    version: i64,
    note: String,
    says: String,
    article: String,
    at_most: u32,
    largest: u32,
    errors: Errors,
}

/// What the form sent: files that are kept already, and what was typed.
#[derive(Default)]
struct Sent {
    version: Option<i64>,
    note: String,
    files: Vec<KeptFile>,
    refused: Vec<String>,
}

/// `GET /desk/cases/{number}/add_evidence`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let case = case(&app, &me, &number).await?;
    step(case.state.kind, case.state.status, Action::AddEvidence, &me.0.standing(&case))
        .map_err(ActError::NotLawful)?;
    Ok(render::page(&page(&app, &me, &case, String::new(), Errors::none(), None)))
}

/// `POST /desk/cases/{number}/add_evidence`
pub(super) async fn add(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    form: Multipart,
) -> Result<Response, PageError> {
    // Nobody fills the disk of a case that is not hers.
    let case = case(&app, &me, &number).await?;
    step(case.state.kind, case.state.status, Action::AddEvidence, &me.0.standing(&case))
        .map_err(ActError::NotLawful)?;
    let sent = receive(&app, form).await?;
    if !sent.refused.is_empty() {
        let errors = sent.refused.iter().map(|why| ("files", why.as_str())).collect();
        let page = page(&app, &me, &case, sent.note, errors, None);
        return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let draft = format!("case:{}", hex(app.fresh::<16>()));
    let (asked, note, version, files) = (number.clone(), sent.note.clone(), sent.version, sent.files);
    let added = app
        .act::<_, ActError>(me.actor(), move |tx, scene| {
            for file in &files {
                if let Err(unfit) = evidence::attach(tx, scene, &draft, file)? {
                    return Err(ActError::field("files", unfit.code(), unfit.to_string()));
                }
            }
            consumer::add_evidence(tx, scene, &asked, version, &draft, &note)
        })
        .await;
    let (status, errors, notice) = match added {
        Ok(_) => return Ok(redirect::to(&format!("/desk/cases/{number}?done={}", Action::AddEvidence.key()))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("材料还没有加进去").text(error.to_string())))
        }
        Err(error) => return Err(error.into()),
    };
    let case = self::case(&app, &me, &number).await?;
    Ok(render::page_with_status(status, &page(&app, &me, &case, sent.note, errors, notice)))
}

async fn case(app: &App, me: &SignedIn, number: &str) -> Result<CaseRow, PageError> {
    let number = number.to_owned();
    Ok(app.look(me.actor(), move |tx, scene| casework::record::readable(tx, scene, &number)).await?)
}

/// Reads the form and keeps each file as it comes; a file that does not fit is named, the others are kept.
async fn receive(app: &App, mut form: Multipart) -> Result<Sent, PageError> {
    let mut sent = Sent::default();
    let unread = |_| PageError::bad_request("上传没有完成，可能是网络断开或者文件太大。请减少文件后再试。");
    while let Some(part) = form.next_field().await.map_err(unread)? {
        match part.name().unwrap_or_default() {
            "version" => sent.version = part.text().await.map_err(unread)?.trim().parse().ok(),
            "note" => sent.note = part.text().await.map_err(unread)?,
            "files" => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(unread)?;
                // A browser sends an empty part when no file was chosen.
                if name.is_empty() && bytes.is_empty() {
                    continue;
                }
                let house = app.house().clone();
                let kept =
                    tokio::task::spawn_blocking(move || evidence::keep(&house.settings, Care::AsSent, &name, &bytes))
                        .await;
                let kept = kept.map_err(|error| ActError::File(error.to_string()))??;
                match kept {
                    Ok(file) => sent.files.push(file),
                    Err(unfit) => sent.refused.push(unfit.to_string()),
                }
            }
            _ => {}
        }
    }
    Ok(sent)
}

fn page(
    app: &App,
    me: &SignedIn,
    case: &CaseRow,
    note: String,
    errors: Errors,
    notice: Option<Notice>,
) -> EvidencePage {
    let (house, action) = (app.house(), Action::AddEvidence);
    let mut page = frame::desk(&me.0, Section::Cases);
    page.notice = notice;
    EvidencePage {
        page,
        number: case.number.clone(),
        title: case.matter.title.clone(),
        version: case.state.version,
        note,
        says: house.acts.says_for(case.state.kind, action).to_owned(),
        article: house.acts.cited_for(case.state.kind, action, &case.rule_set, case.overlay.as_deref()),
        at_most: u32::try_from(house.settings.evidence_at_most).unwrap_or(u32::MAX),
        largest: u32::try_from(house.settings.evidence_bytes_at_most / (1024 * 1024)).unwrap_or(u32::MAX),
        errors,
    }
}

/// Random bytes as the name of a draft that lives for one transaction.
fn hex(bytes: [u8; 16]) -> String {
    domain::chain::hex(&bytes)
}
