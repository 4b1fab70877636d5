//! One case of a draw: its facts, the points with what the case itself says, and what the checker finds.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::spot_check::{self, Checked, Sheet};
use casework::{ActError, reading};
use domain::clock::beijing_day;
use domain::spot_check::{Finding, Verdict, practice};

use super::super::forms::Typed;
use super::super::labels;
use super::{rectification, verdict};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tag};
use crate::{frame, redirect, render};

/// `GET` and `POST /desk/checks/cases/{id}`
#[derive(askama::Template)]
#[template(path = "desk/check_case.html")]
struct SheetPage {
    page: DeskPage,
    id: i64,
    check: i64,
    check_name: String,
    number: String,
    title: String,
    status: Tag,
    version: i64,
    /// It can still be written.
    open: bool,
    verdict: Tag,
    points: Vec<PointRow>,
    verdicts: Vec<Choice>,
    words: String,
    rectify: bool,
    facts: Vec<(String, String)>,
    course: Vec<(String, String)>,
    rectification: Option<Tag>,
    due: String,
    days: u32,
    unconfirmed: bool,
    errors: Errors,
}

/// A point as asked or found.
struct PointRow {
    name: String,
    hint: String,
    verdict_field: String,
    remark_field: String,
    verdict: String,
    found: Option<Tag>,
    remark: String,
}

/// `GET /desk/checks/cases/{id}`: the look is kept.
pub(in crate::desk) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    app.act(me.actor(), move |tx, scene| spot_check::note_look(tx, scene, id)).await?;
    Ok(render::page(&page(&app, &me, id, None, Errors::none()).await?))
}

async fn page(
    app: &App,
    me: &SignedIn,
    id: i64,
    typed: Option<&Typed>,
    errors: Errors,
) -> Result<SheetPage, PageError> {
    let (sheet, file) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let sheet = spot_check::sheet(tx, scene, id)?;
            let file = reading::case_file(tx, scene, &sheet.case.number)?;
            Ok((sheet, file))
        })
        .await?;
    let today = beijing_day(app.now());
    let (state, due, _) = rectification(&sheet.row, today);
    let case = &sheet.case;
    let course = file
        .course
        .iter()
        .map(|told| (view::dates::moment(told.at, today), format!("{} {}", told.who, told.words).trim().to_owned()));
    let mut facts = vec![
        ("单位".to_owned(), format!("{} {}", file.bureau_name, file.unit_name).trim().to_owned()),
        ("承办人".to_owned(), file.officers.join("、")),
        ("结果".to_owned(), outcome_words(&sheet)),
        ("商家".to_owned(), case.matter.respondent_name.clone()),
        ("经过".to_owned(), case.matter.facts.clone()),
        ("文书".to_owned(), file.papers.iter().map(|paper| paper.title.clone()).collect::<Vec<_>>().join("、")),
    ];
    facts.retain(|(_, words)| !words.is_empty());
    let practice = &practice().rectification;
    Ok(SheetPage {
        page: frame::desk(&me.0, Section::Queue),
        id,
        check: sheet.check.id,
        check_name: sheet.check.drawn.name.clone(),
        number: case.number.clone(),
        title: case.matter.title.clone(),
        status: labels::status(case.state.kind, case.state.status),
        version: sheet.row.version,
        open: sheet.row.finished_at.is_none() && sheet.check.voided.is_none(),
        verdict: verdict(&sheet.row),
        points: points(&sheet, typed),
        verdicts: Verdict::ALL.iter().map(|verdict| Choice::new(verdict.key(), verdict.label())).collect(),
        words: typed.map_or_else(|| sheet.row.written.words.clone(), |typed| typed.get("words").to_owned()),
        rectify: typed.map_or(sheet.row.written.rectify, |typed| typed.yes("rectify")),
        facts,
        course: course.collect(),
        rectification: sheet.row.finished_at.map(|_| state),
        due,
        days: practice.workdays,
        unconfirmed: !practice.confirmed,
        errors,
    })
}

fn outcome_words(sheet: &Sheet) -> String {
    let key = store::case::outcome_columns(sheet.case.state.outcome).0;
    labels::outcome(key).to_owned()
}

fn points(sheet: &Sheet, typed: Option<&Typed>) -> Vec<PointRow> {
    let row = |looked: &spot_check::Looked| {
        let key = &looked.point.key;
        let (verdict_field, remark_field) = (format!("verdict_{key}"), format!("remark_{key}"));
        let worked_out = if looked.computed { "。已按案件的记录预先填好，请核对" } else { "" };
        let (verdict, remark) = match typed {
            Some(typed) => (typed.get(&verdict_field).to_owned(), typed.get(&remark_field).to_owned()),
            None => (looked.finding.verdict.map_or("", Verdict::key).to_owned(), looked.finding.remark.clone()),
        };
        let found = looked.finding.verdict.map(|verdict| {
            let tone = match verdict {
                Verdict::Pass => view::Tone::Green,
                Verdict::Fail => view::Tone::Red,
                Verdict::NotApplicable => view::Tone::Plain,
            };
            view::tag(verdict.label(), tone)
        });
        PointRow {
            name: looked.point.name.clone(),
            hint: format!("{}（{}）{worked_out}", looked.point.says, looked.point.article),
            verdict_field,
            remark_field,
            verdict,
            found,
            remark,
        }
    };
    sheet.points.iter().map(row).collect()
}

fn checked(typed: &Typed) -> Checked {
    let findings = practice().points.iter().filter(|point| typed.has(&format!("remark_{}", point.key)));
    let findings = findings.map(|point| Finding {
        point: point.key.clone(),
        verdict: Verdict::from_key(typed.get(&format!("verdict_{}", point.key))),
        remark: typed.get(&format!("remark_{}", point.key)).to_owned(),
    });
    Checked { findings: findings.collect(), words: typed.get("words").to_owned(), rectify: typed.yes("rectify") }
}

/// `POST /desk/checks/cases/{id}`: keeps a draft, or finishes the case.
pub(in crate::desk) async fn keep(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (seen, sent) = (typed.version().unwrap_or_default(), checked(&typed));
    let finishes = typed.get("act") != "save";
    let done = app
        .act(me.actor(), move |tx, scene| {
            match finishes {
                true => spot_check::finish(tx, scene, id, seen, &sent)?,
                false => spot_check::save(tx, scene, id, seen, &sent)?,
            }
            Ok::<_, ActError>(spot_check::sheet(tx, scene, id)?.check.id)
        })
        .await;
    let (status, errors, notice) = match done {
        Ok(check) => {
            let done = if finishes { "finished" } else { "saved" };
            return Ok(redirect::to(&format!("/desk/checks/{check}?done={done}")));
        }
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            let notice = Notice::refused("这件没有存下")
                .text(error.to_string())
                .link("看现在的情况", format!("/desk/checks/cases/{id}"));
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = page(&app, &me, id, Some(&typed), errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}
