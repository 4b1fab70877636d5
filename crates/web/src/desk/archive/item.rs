//! 一卷（件）档案: where it stands, how long it is kept, who borrowed it, what holds it, and everything that was done with it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::holdings::{self, Opened, years_words};
use casework::lending::{self, Typed as Loan};
use casework::{ActError, Scene};
use domain::archive::archive_rules;
use domain::clock::beijing_day;
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::Tx;
use store::lending::{HoldRow, LoanRow};

use super::{Asked, HERE, said, state};
use crate::app::App;
use crate::desk::forms::Typed;
use crate::desk::{export, keeping};
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

#[derive(askama::Template)]
#[template(path = "desk/archive_item.html")]
struct ItemPage {
    page: DeskPage,
    id: i64,
    version: i64,
    number: String,
    title: String,
    state: Option<Tag>,
    facts: Vec<(&'static str, String)>,
    case: Option<String>,
    file: String,
    keeps: bool,
    held: bool,
    /// The form that lends it, while it is there to be lent.
    lends: Option<LoanForm>,
    loans: Vec<LoanShown>,
    holds: Vec<HoldShown>,
    notes: Vec<(String, String)>,
    typed: Typed,
    errors: Errors,
}

/// What the form of a loan needs.
struct LoanForm {
    borrowers: Vec<Choice>,
    note: &'static str,
    /// Whether what goes out needs approval anyway.
    sealed: bool,
}

struct LoanShown {
    id: i64,
    who: String,
    purpose: String,
    due: String,
    state: Tag,
    opinion: String,
    returns: bool,
    decides: bool,
}

struct HoldShown {
    id: i64,
    reason: String,
    words: String,
    lifted: Option<String>,
}

/// `GET /desk/archive/{id}`
pub(in crate::desk) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, id, None, Errors::none()).await?;
    page.page.notice = match asked.done.as_str() {
        "taken_in" => Some(Notice::done("已登记入库")),
        "keep" => Some(Notice::done("保管信息已保存")),
        "lend" => Some(Notice::done("借阅已登记")),
        "return" => Some(Notice::done("已归还")),
        "approve" => Some(Notice::done("已批准借阅")),
        "refuse" => Some(Notice::done("已答复不批准")),
        "hold" => Some(Notice::done("已停止销毁")),
        "lift" => Some(Notice::done("已解除停止销毁")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Option<Typed>, errors: Errors) -> Result<ItemPage, PageError> {
    let opened = app.act(me.actor(), move |tx, scene| holdings::open(tx, scene, id)).await?;
    let today = beijing_day(app.now());
    let Opened { row, notes, holds, loans, years, ends_on, keeps, approves, borrowers } = opened;
    let (keeping, there) = (&row.keeping, row.destroyed_at.is_none());
    let out = loans.iter().any(|loan| ["asked", "out"].contains(&loan.state.as_str()));
    let filled = typed.unwrap_or_else(|| {
        let due = today.saturating_add(archive_rules().lending.days.days());
        let pairs = [
            ("years", keeping.years.map(|years| years.to_string()).unwrap_or_default()),
            ("shelf", keeping.shelf.clone()),
            ("custodian", keeping.custodian.clone()),
            ("fonds", keeping.fonds.clone()),
            ("catalogue", keeping.catalogue.clone()),
            ("checked_by", keeping.checked_by.clone()),
            ("remarks", keeping.remarks.clone()),
            ("due", due.to_string()),
        ];
        Typed(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
    });
    let mut facts = vec![
        ("门类", row.item.class.label().to_owned()),
        ("年度", row.item.year.to_string()),
        ("日期", row.item.day.unwrap_or_else(|| beijing_day(row.entered_at)).to_string()),
        ("保管期限", years_words(years)),
        ("届满", ends_on.map(view::dates::long_day).unwrap_or_default()),
        ("架号", keeping.shelf.clone()),
        ("保管人", keeping.custodian.clone()),
        ("全宗号", keeping.fonds.clone()),
        ("目录号", keeping.catalogue.clone()),
        ("检查人", keeping.checked_by.clone()),
        ("备考", keeping.remarks.clone()),
        ("单位", row.bureau.clone()),
    ];
    facts.retain(|(_, words)| !words.is_empty());
    let note = |note: &store::archive::NoteRow| {
        let who = note.who.clone().unwrap_or_else(|| "系统".to_owned());
        let words = if note.words.is_empty() { String::new() } else { format!("：{}", note.words) };
        (view::dates::moment(note.at, today), format!("{who} {}{words}", note.what))
    };
    Ok(ItemPage {
        page: frame::desk(&me.0, Section::Cases),
        id,
        version: row.version,
        number: row.item.number.clone(),
        title: row.item.title.clone(),
        state: state(&row, today),
        facts,
        case: row.case.as_ref().map(|(number, _)| number.clone()),
        file: row.item.file.name.clone(),
        keeps: keeps && there,
        held: row.held,
        lends: (keeps && there && !out).then(|| LoanForm {
            borrowers: borrowers.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
            note: &archive_rules().lending.note,
            sealed: row.case.as_ref().is_some_and(|(_, kind)| kind.is_confined()),
        }),
        loans: loans.iter().map(|loan| loan_shown(loan, today, keeps, approves)).collect(),
        holds: holds.iter().map(|hold| hold_shown(hold, today)).collect(),
        notes: notes.iter().map(note).collect(),
        typed: filled,
        errors,
    })
}

fn loan_shown(loan: &LoanRow, today: Date, keeps: bool, approves: bool) -> LoanShown {
    let late = loan.state == "out" && loan.asked.due_day < today;
    let state = match loan.state.as_str() {
        "asked" => tag("等批准", Tone::Amber),
        "refused" => tag("不批准", Tone::Plain),
        "out" if late => tag("逾期未还", Tone::Red),
        "out" => tag("借出", Tone::Amber),
        _ => tag("已归还", Tone::Green),
    };
    let opinion = loan.decider.as_ref().map(|who| format!("{who}：{}", loan.opinion)).unwrap_or_default();
    LoanShown {
        id: loan.id,
        who: loan.borrower.clone(),
        purpose: loan.asked.purpose.clone(),
        due: view::dates::short_day(loan.asked.due_day, today),
        opinion,
        returns: keeps && loan.state == "out",
        decides: approves && loan.state == "asked",
        state,
    }
}

fn hold_shown(hold: &HoldRow, today: Date) -> HoldShown {
    let day = |at| view::dates::short_day(beijing_day(at), today);
    let lifted = hold
        .lifted_at
        .map(|at| format!("{}于{}解除：{}", hold.lifted_by.as_deref().unwrap_or_default(), day(at), hold.lift_reason));
    HoldShown {
        id: hold.id,
        reason: hold.reason.clone(),
        words: format!("{}，{}", hold.put_by, day(hold.put_at)),
        lifted,
    }
}

/// `POST /desk/archive/{id}/{act}`: keep, lend, hold, lift.
pub(in crate::desk) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Path((id, act)): Path<(i64, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, does) = (typed.clone(), act.clone());
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| match does.as_str() {
        "keep" => holdings::keep(tx, scene, id, sent.id("version"), &said(&sent)),
        "lend" => lending::lend(tx, scene, id, &loan(&sent)),
        "hold" => lending::hold(tx, scene, id, sent.get("reason")),
        "lift" => lending::lift(tx, scene, id, sent.id("hold"), sent.get("reason")),
        _ => Err(ActError::NotFound),
    };
    let done = app.act(me.actor(), work).await;
    answered(&app, &me, id, &act, typed, done).await
}

fn loan(typed: &Typed) -> Loan {
    Loan {
        borrower: typed.get("borrower").to_owned(),
        purpose: typed.get("purpose").to_owned(),
        due: typed.get("due").to_owned(),
        side: typed.yes("side"),
    }
}

/// `POST /desk/archive/{id}/loans/{loan}/{act}`: approve, refuse, return.
pub(in crate::desk) async fn act_loan(
    State(app): State<App>,
    me: SignedIn,
    Path((id, loan, act)): Path<(i64, i64, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (sent, does) = (typed.clone(), act.clone());
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| match does.as_str() {
        "approve" => lending::decide(tx, scene, loan, true, sent.get("opinion")),
        "refuse" => lending::decide(tx, scene, loan, false, sent.get("opinion")),
        "return" => lending::take_back(tx, scene, loan),
        _ => Err(ActError::NotFound),
    };
    let done = app.act(me.actor(), work).await;
    answered(&app, &me, id, &act, typed, done).await
}

async fn answered(
    app: &App,
    me: &SignedIn,
    id: i64,
    act: &str,
    typed: Typed,
    done: Result<(), ActError>,
) -> Result<Response, PageError> {
    let (status, errors, notice) = match done {
        Ok(()) => return Ok(redirect::to(&format!("{HERE}/{id}?done={act}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("这一步没有办").text(error.to_string())))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = page(app, me, id, Some(typed), errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

/// `GET /desk/archive/{id}/file`: what is attached to an item that is no case.
pub(in crate::desk) async fn file(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let file = app.act(me.actor(), move |tx, scene| holdings::take_out(tx, scene, id)).await?;
    Ok(export::file(&file.name, &file.media_type, keeping::read(&app, &file.sha256).await?))
}
