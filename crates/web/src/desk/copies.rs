//! 遮挡副本: what can be copied, the text with its proposals or the picture with its boxes, a preview, the copy.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::copies::{self, Content, Made, Marked, Original, Purpose, Shelf, Source, Wish};
use casework::{ActError, Staff};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::masking::{self, Span};
use domain::procedure::step;
use jiff::civil::Date;
use serde::Deserialize;
use store::case::CaseRow;
use store::derived_copy::CopyRow;

use super::forms::Typed;
use super::{export, keeping, paper};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section};
use crate::{frame, redirect, render};

/// `GET` and `POST /desk/cases/{number}/make_copy`
#[derive(askama::Template)]
#[template(path = "desk/make_copy.html")]
struct CopyPage {
    page: DeskPage,
    number: String,
    title: String,
    version: i64,
    originals: Vec<Choosable>,
    editor: Option<Editor>,
    copies: Vec<Line>,
    says: String,
    article: String,
    errors: Errors,
}

/// An original that can be chosen.
struct Choosable {
    href: String,
    title: String,
    chosen: bool,
}

/// What is done with the chosen original.
struct Editor {
    of: String,
    title: String,
    kind: EditorKind,
    typed: Typed,
    spared: Vec<String>,
    asked: Vec<String>,
    pieces: Vec<Piece>,
    proposals: Vec<Choice>,
    choices: Vec<Choice>,
    purposes: Vec<Choice>,
    preview: Option<String>,
}

impl Editor {
    fn drawn(&self) -> Option<&str> {
        if let EditorKind::Picture { upright } = &self.kind { Some(upright) } else { None }
    }

    fn written(&self) -> bool {
        matches!(self.kind, EditorKind::Written)
    }
}

enum EditorKind {
    Text,
    /// No text of its own: what may be told is written down.
    Written,
    Picture {
        upright: String,
    },
}

/// A part of the text, as it stands or marked to be covered.
struct Piece {
    text: String,
    marked: Option<(String, bool)>,
}

/// A copy in a list.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) of: String,
    pub(super) purpose: String,
    pub(super) covered: String,
    pub(super) made: String,
    pub(super) sha256: String,
}

impl Line {
    pub(super) fn new(number: &str, copy: &CopyRow, today: Date) -> Line {
        let covered = serde_json::from_str(&copy.covered).unwrap_or_default();
        let purpose = masking::rules().purpose(&copy.purpose).unwrap_or_default();
        let who = copy.made_by_name.as_deref().unwrap_or_default();
        Line {
            href: format!("/desk/cases/{number}/copies/{}", copy.id),
            name: copy.name.clone(),
            of: copy.source_title.clone(),
            purpose: format!("给{}（{purpose}）", copy.recipient),
            covered: masking::covered_words(&covered),
            made: format!("{who} {}", view::dates::moment(copy.made_at, today)),
            sha256: copy.sha256.clone(),
        }
    }
}

/// Which original.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CopyQuery {
    of: String,
    done: String,
}

/// Whether she may make copies of this case's papers.
pub(super) fn may(staff: &Staff, case: &CaseRow) -> bool {
    step(case.state.kind, case.state.status, Action::MakeCopy, &staff.standing(case)).is_ok()
        && case.state.not_now(Action::MakeCopy).is_none()
}

/// `GET /desk/cases/{number}/make_copy`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    Query(query): Query<CopyQuery>,
) -> Result<Response, PageError> {
    let typed = Typed(vec![("of".to_owned(), query.of), ("purpose".to_owned(), "respondent".to_owned())]);
    let mut page = page(&app, &me, &number, typed, None, Errors::none()).await?;
    if query.done == "made" {
        page.page.notice = Some(Notice::done("副本做好了").text("在下面取用；原件没有改动，保管记录里已经记下。"));
    }
    Ok(render::page(&page))
}

/// `POST /desk/cases/{number}/make_copy`: a look at what it will be, or the copy.
pub(super) async fn make(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let source = Source::from_key(typed.get("of")).ok_or_else(PageError::not_found)?;
    let (shelf, original) = prepared(&app, &me, &number, Some(source)).await?;
    let original = original.ok_or_else(PageError::not_found)?;
    step(shelf.case.state.kind, shelf.case.state.status, Action::MakeCopy, &me.0.standing(&shelf.case))
        .map_err(ActError::NotLawful)?;
    let makes = typed.get("do") == "make";
    let made = match made(&app, &original, &typed).await {
        Ok(made) => made,
        Err(error) => return again(&app, &me, &number, typed, error).await,
    };
    if !makes && matches!(original.content, Content::Picture(_)) {
        return Ok(paper::picture(made.media_type(), made.bytes().to_vec()));
    }
    if !makes {
        let covered = copies::mark(&original, &wish(&typed)).covered;
        return Ok(render::page(&page(&app, &me, &number, typed, Some(covered), Errors::none()).await?));
    }
    let (data, kept) = (app.house().settings.data.clone(), made.clone());
    let put = tokio::task::spawn_blocking(move || copies::put(&data, &kept)).await;
    put.map_err(|error| ActError::File(error.to_string()))??;
    let purpose = Purpose { purpose: typed.get("purpose").to_owned(), recipient: typed.get("recipient").to_owned() };
    let (asked, seen, of) = (number.clone(), typed.version(), typed.get("of").to_owned());
    let recorded =
        app.act(me.actor(), move |tx, scene| copies::record(tx, scene, &asked, seen, &original, &made, &purpose)).await;
    match recorded {
        Ok(_) => Ok(redirect::to(&format!("/desk/cases/{number}/make_copy?of={of}&done=made#copies"))),
        Err(error) => again(&app, &me, &number, typed, error.into()).await,
    }
}

/// `GET /desk/cases/{number}/copies/{id}`: a copy, to be given away.
pub(super) async fn download(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
) -> Result<Response, PageError> {
    let copy = app.look(me.actor(), move |tx, scene| copies::find(tx, scene, &number, id)).await?;
    let bytes = keeping::read(&app, &copy.sha256).await?;
    Ok(export::file(&copy.name, &copy.media_type, bytes))
}

/// The form once more with what was typed: what is wrong beside its field, or that somebody was first.
async fn again(app: &App, me: &SignedIn, number: &str, typed: Typed, error: PageError) -> Result<Response, PageError> {
    let (status, errors, notice) = match (&error, error.faults()) {
        (_, Some(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        (PageError::Act(conflict @ ActError::Conflict { .. }), _) => {
            let notice = Notice::refused("副本还没有做").text(conflict.to_string());
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
        _ => return Err(error),
    };
    let mut page = page(app, me, number, typed, None, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

async fn prepared(
    app: &App,
    me: &SignedIn,
    number: &str,
    source: Option<Source>,
) -> Result<(Shelf, Option<Original>), PageError> {
    let number = number.to_owned();
    let prepare = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        let shelf = copies::shelf(tx, scene, &number)?;
        let original = source.map(|source| copies::original(tx, scene, &number, source)).transpose()?;
        Ok((shelf, original))
    };
    Ok(app.look(me.actor(), prepare).await?)
}

/// The copy as typed, its bytes not yet kept.
async fn made(app: &App, original: &Original, typed: &Typed) -> Result<Made, PageError> {
    let Content::Picture(file) = &original.content else {
        return Ok(copies::text_copy(original, &copies::mark(original, &wish(typed)))?);
    };
    let areas = copies::areas(typed.get("areas"))?;
    let (bytes, original) = (keeping::read(app, &file.sha256).await?, original.clone());
    Ok(app.hashing(move || copies::picture_copy(&original, &bytes, &areas)).await??)
}

fn wish(typed: &Typed) -> Wish {
    Wish {
        typed: typed.get("typed").to_owned(),
        words: typed.get("words").to_owned(),
        asked: typed.all("asked"),
        spared: typed.all("spared"),
        whole: !typed.get("whole").is_empty(),
    }
}

async fn page(
    app: &App,
    me: &SignedIn,
    number: &str,
    typed: Typed,
    preview: Option<String>,
    errors: Errors,
) -> Result<CopyPage, PageError> {
    let source = match typed.get("of") {
        "" => None,
        key => Some(Source::from_key(key).ok_or_else(PageError::not_found)?),
    };
    let (shelf, original) = prepared(app, me, number, source).await?;
    let (house, today) = (app.house(), beijing_day(app.now()));
    let case = &shelf.case;
    step(case.state.kind, case.state.status, Action::MakeCopy, &me.0.standing(case)).map_err(ActError::NotLawful)?;
    let choosable = |(of, title): &(Source, String)| Choosable {
        href: format!("/desk/cases/{number}/make_copy?of={}", of.key()),
        title: title.clone(),
        chosen: source == Some(*of),
    };
    Ok(CopyPage {
        page: frame::desk(&me.0, Section::Cases),
        number: number.to_owned(),
        title: case.matter.title.clone(),
        version: case.state.version,
        originals: shelf.originals.iter().map(choosable).collect(),
        editor: original.map(|original| editor(number, &original, typed, preview)),
        copies: shelf.copies.iter().rev().map(|copy| Line::new(number, copy, today)).collect(),
        says: house.acts.says_for(case.state.kind, Action::MakeCopy).to_owned(),
        article: house.acts.cited_for(case.state.kind, Action::MakeCopy, &case.rule_set, case.overlay.as_deref()),
        errors,
    })
}

fn editor(number: &str, original: &Original, typed: Typed, preview: Option<String>) -> Editor {
    let rules = masking::rules();
    let kind = match &original.content {
        Content::Text(_) => EditorKind::Text,
        Content::Other(_) => EditorKind::Written,
        Content::Picture(file) => {
            EditorKind::Picture { upright: format!("/desk/cases/{number}/evidence/{}/upright", file.id) }
        }
    };
    let marked = copies::mark(original, &wish(&typed));
    let choices = rules.kinds.iter().filter(|kind| kind.choice);
    Editor {
        of: original.source.key(),
        title: original.title.clone(),
        kind,
        pieces: pieces(&marked),
        proposals: proposals(&marked),
        choices: choices.map(|kind| Choice::new(&kind.key, &kind.label)).collect(),
        purposes: rules.purposes.iter().map(|it| Choice::new(&it.key, &it.label)).collect(),
        preview,
        spared: typed.all("spared"),
        asked: typed.all("asked"),
        typed,
    }
}

fn part(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

fn pieces(marked: &Marked) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (span, covers) in &marked.spans {
        pieces.push(Piece { text: part(&marked.text, at, span.start), marked: None });
        let text = part(&marked.text, span.start, span.end);
        pieces.push(Piece { text, marked: Some((span.kind.label.clone(), *covers)) });
        at = span.end;
    }
    pieces.push(Piece { text: marked.text.chars().skip(at).collect(), marked: None });
    pieces
}

fn proposals(marked: &Marked) -> Vec<Choice> {
    let proposal = |(span, _): &(Span, bool)| {
        let text = part(&marked.text, span.start, span.end);
        Choice::new(span.key(), text).explained(span.kind.label.clone())
    };
    marked.spans.iter().map(proposal).collect()
}
