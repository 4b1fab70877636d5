//! One draw: how it was drawn, what was found, the list behind each number, as a page, a spreadsheet and on paper.

use std::collections::HashSet;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::spot_check::{self, Drawing, Found};
use casework::{ActError, circular};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::spot_check::{Finding, Member, Verdict, place_of, point_name};
use jiff::civil::Date;
use serde::Deserialize;
use store::spot_check::{CheckRow, SampledRow};

use super::super::timeliness::rate;
use super::super::{export, labels};
use super::{rectification, verdict};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Errors, Notice, PrintPage, Section, Tag};
use crate::{frame, redirect, render};

/// Which cases of the sample are listed: all, or those behind a number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Behind {
    /// Key of a point, with `verdict`.
    point: String,
    verdict: String,
    /// An organisation.
    organization: String,
    /// `open`, `passed`, `failed`, `rectifying`.
    result: String,
    done: String,
}

impl Behind {
    fn holds(&self, row: &SampledRow) -> bool {
        let found = || {
            let findings: Vec<Finding> = serde_json::from_str(&row.written.findings).unwrap_or_default();
            let wanted = Verdict::from_key(&self.verdict);
            row.finished_at.is_some() && findings.iter().any(|it| it.point == self.point && it.verdict == wanted)
        };
        (self.point.is_empty() || found())
            && (self.organization.is_empty() || self.organization == row.organization_id.to_string())
            && match self.result.as_str() {
                "open" => row.finished_at.is_none(),
                "passed" => row.finished_at.is_some() && row.failed == 0,
                "failed" => row.finished_at.is_some() && row.failed > 0,
                "rectifying" => row.rectify_by.is_some() && row.closed_at.is_none(),
                _ => true,
            }
    }

    /// What is listed, in words; empty for all.
    fn words(&self, rows: &[SampledRow]) -> String {
        let organization = rows.iter().find(|row| row.organization_id.to_string() == self.organization);
        let point = Verdict::from_key(&self.verdict)
            .filter(|_| !self.point.is_empty())
            .map(|verdict| format!("{}{}", point_name(&self.point), verdict.label()));
        let result = match self.result.as_str() {
            "open" => "还没有查完",
            "passed" => "合格",
            "failed" => "不合格",
            "rectifying" => "整改没有确认",
            _ => "",
        };
        let parts = [organization.map(|row| row.organization_name.clone()), point, Some(result.to_owned())];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
    }
}

/// `GET /desk/checks/{id}`
#[derive(askama::Template)]
#[template(path = "desk/check.html")]
struct CheckPage {
    page: DeskPage,
    check: i64,
    name: String,
    facts: Facts,
    voided: String,
    open: i64,
    rectifying: i64,
    organizations: Vec<Line>,
    points: Vec<Line>,
    rows: Vec<Row>,
    behind: String,
    may_void: bool,
    reason: String,
    /// She writes circulars, and there is something to write about.
    circular: bool,
    errors: Errors,
}

/// How it was drawn.
struct Facts {
    bureau: String,
    by: String,
    drawn: String,
    scope: Vec<(String, String)>,
    population: i64,
    size: i64,
    cases: i64,
    seed: i64,
    by_organization: bool,
}

/// A line of figures, each number with the address of its list.
struct Line {
    name: String,
    passed: i64,
    passed_href: String,
    judged: i64,
    failed: i64,
    failed_href: String,
    not_applicable: i64,
    not_applicable_href: String,
    rate: String,
}

/// A case of the sample.
struct Row {
    place: i64,
    href: String,
    title: String,
    number: String,
    organization: String,
    verdict: Tag,
    checker: String,
    rectification: Option<Tag>,
    due: String,
    late: bool,
}

/// `GET /desk/checks/{id}`
pub(in crate::desk) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(behind): Query<Behind>,
) -> Result<Response, PageError> {
    let page = page(&app, &me, id, &behind, "", Errors::none()).await?;
    Ok(render::page(&page))
}

async fn page(
    app: &App,
    me: &SignedIn,
    id: i64,
    behind: &Behind,
    reason: &str,
    errors: Errors,
) -> Result<CheckPage, PageError> {
    let (check, rows) = app.look(me.actor(), move |tx, scene| spot_check::sample(tx, scene, id)).await?;
    let names = app.read(organization_names).await?;
    let today = beijing_day(app.now());
    let mut page = frame::desk(&me.0, Section::Queue);
    page.notice = match behind.done.as_str() {
        "drawn" => Some(Notice::done(format!("已抽取 {} 件", check.cases)).text("逐件打开核对，核对完再办结。")),
        "finished" => Some(Notice::done("这件已经查完").text("承办单位已经收到抽查意见。")),
        "saved" => Some(Notice::done("已存为草稿")),
        "voided" => Some(Notice::done("这次抽查已经作废")),
        _ => None,
    };
    let here = format!("/desk/checks/{id}");
    let unread = check.cases - rows.len() as i64;
    if unread > 0 {
        page.notice = Some(Notice::information(format!("有 {unread} 件已经转到您看不到的单位，没有列出")));
    }
    let finished = rows.iter().any(|row| row.finished_at.is_some());
    Ok(CheckPage {
        page,
        check: id,
        name: check.drawn.name.clone(),
        voided: check.voided.as_ref().map(|(_, reason)| reason.clone()).unwrap_or_default(),
        open: rows.iter().filter(|row| row.finished_at.is_none()).count() as i64,
        rectifying: rows.iter().filter(|row| row.rectify_by.is_some() && row.closed_at.is_none()).count() as i64,
        organizations: spot_check::by_organization(&rows).iter().map(|line| by_organization(line, &here)).collect(),
        points: spot_check::by_point(&rows).iter().map(|line| by_point(line, &here)).collect(),
        rows: rows.iter().filter(|row| behind.holds(row)).map(|row| listed(row, today)).collect(),
        behind: behind.words(&rows),
        may_void: check.voided.is_none() && !finished,
        reason: reason.to_owned(),
        circular: finished && circular::place(&me.0).is_some(),
        facts: facts(&check, &names, today),
        errors,
    })
}

/// The names of every organisation that a scope can name.
fn organization_names(tx: &mut store::Tx<'_>) -> Result<Vec<(i64, String)>, ActError> {
    const AT_MOST: i64 = 100_000;
    Ok(store::organization::after(tx, 0, AT_MOST)?.into_iter().map(|it| (it.id, it.name)).collect())
}

fn facts(check: &CheckRow, names: &[(i64, String)], today: Date) -> Facts {
    let drawing: Drawing = serde_json::from_str(&check.drawn.scope).unwrap_or_default();
    let name = |id: &i64| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let whom: Vec<String> = drawing.organizations.iter().filter_map(name).collect();
    let day = |day: Option<Date>| day.map(view::dates::long_day).unwrap_or_default();
    let mut scope = vec![
        ("单位".to_owned(), if whom.is_empty() { "全部下级单位".to_owned() } else { whom.join("、") }),
        ("收到日期".to_owned(), format!("{}至{}", day(drawing.from), day(drawing.to))),
        ("种类".to_owned(), CaseKind::from_key(&drawing.kind).map_or("", CaseKind::label).to_owned()),
    ];
    if !drawing.outcome.is_empty() {
        scope.push(("结果".to_owned(), labels::outcome(Some(&drawing.outcome)).to_owned()));
    }
    if drawing.late {
        scope.push(("期限".to_owned(), "只抽有期限超期的".to_owned()));
    }
    Facts {
        bureau: check.bureau_name.clone(),
        by: check.drawn_by_name.clone(),
        drawn: view::dates::moment(check.drawn_at, today),
        scope,
        population: check.drawn.population_size,
        size: check.drawn.size,
        cases: check.cases,
        seed: check.drawn.seed,
        by_organization: check.drawn.by_organization,
    }
}

fn by_organization(line: &Found, here: &str) -> Line {
    let href = |result: &str| format!("{here}?organization={}&result={result}#cases", line.key);
    figures(line, href("passed"), href("failed"), String::new())
}

fn by_point(line: &Found, here: &str) -> Line {
    let href = |verdict: Verdict| format!("{here}?point={}&verdict={}#cases", line.key, verdict.key());
    figures(line, href(Verdict::Pass), href(Verdict::Fail), href(Verdict::NotApplicable))
}

fn figures(line: &Found, passed_href: String, failed_href: String, not_applicable_href: String) -> Line {
    let judged = line.passed + line.failed;
    Line {
        name: line.name.clone(),
        passed: line.passed,
        passed_href,
        judged,
        failed: line.failed,
        failed_href,
        not_applicable: line.not_applicable,
        not_applicable_href,
        rate: rate(line.passed, judged),
    }
}

fn listed(row: &SampledRow, today: Date) -> Row {
    let (state, due, late) = rectification(row, today);
    Row {
        place: row.place,
        href: format!("/desk/checks/cases/{}", row.id),
        title: row.title.clone(),
        number: row.number.clone(),
        organization: row.organization_name.clone(),
        verdict: verdict(row),
        checker: row.checker_name.clone().unwrap_or_default(),
        rectification: row.finished_at.map(|_| state),
        due,
        late,
    }
}

/// Why a draw does not count.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Reason {
    reason: String,
}

/// `POST /desk/checks/{id}/void`
pub(in crate::desk) async fn void(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(form): FormBody<Reason>,
) -> Result<Response, PageError> {
    let reason = form.reason.clone();
    let done = app.act(me.actor(), move |tx, scene| spot_check::void(tx, scene, id, &reason)).await;
    match done.map_err(PageError::from) {
        Ok(()) => Ok(redirect::to(&format!("/desk/checks/{id}?done=voided"))),
        Err(error) => {
            let Some(errors) = error.faults() else { return Err(error) };
            let page = page(&app, &me, id, &Behind::default(), &form.reason, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// `GET /desk/checks/{id}/result.csv`: a line for each point of each finished case.
pub(in crate::desk) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let (check, rows) = app.look(me.actor(), move |tx, scene| spot_check::sample(tx, scene, id)).await?;
    let today = beijing_day(app.now());
    let lines = rows.iter().flat_map(|row| {
        let findings: Vec<Finding> = match row.finished_at {
            Some(_) => serde_json::from_str(&row.written.findings).unwrap_or_default(),
            None => Vec::new(),
        };
        let (state, _, _) = rectification(row, today);
        let state = if row.finished_at.is_some() { state.text } else { String::new() };
        let head = vec![row.place.to_string(), row.number.clone(), row.organization_name.clone()];
        let tail = vec![row.checker_name.clone().unwrap_or_default(), state];
        let line = move |point: String, found: String, remark: String| {
            [head.clone(), vec![point, found, remark], tail.clone()].concat()
        };
        match findings.is_empty() {
            true => vec![line(String::new(), "没有查完".to_owned(), String::new())],
            false => findings
                .into_iter()
                .map(|it| {
                    let found = it.verdict.map_or("", Verdict::label).to_owned();
                    line(point_name(&it.point).to_owned(), found, it.remark)
                })
                .collect(),
        }
    });
    let heads = ["序号", "编号", "单位", "要点", "结论", "说明", "抽查人", "整改"];
    let lines: Vec<_> = lines.collect();
    Ok(export::csv(&format!("抽查-{}.csv", check.drawn.name), &heads, lines))
}

/// `GET /desk/checks/{id}/population.csv`: everything among which was drawn, with what decided, so that anybody can draw again.
pub(in crate::desk) async fn population(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let (check, rows) = app.look(me.actor(), move |tx, scene| spot_check::sample(tx, scene, id)).await?;
    let names = app.read(organization_names).await?;
    let members: Vec<Member> = serde_json::from_str(&check.drawn.population).unwrap_or_default();
    let drawn: HashSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let mut lines: Vec<Vec<String>> = members
        .iter()
        .map(|member| {
            let name = names.iter().find(|(id, _)| *id == member.organization).map(|(_, name)| name.clone());
            let taken = if drawn.contains(member.number.as_str()) { "抽中" } else { "" };
            vec![
                member.number.clone(),
                name.unwrap_or_default(),
                place_of(check.drawn.seed, &member.number),
                taken.to_owned(),
            ]
        })
        .collect();
    lines.sort_by(|one, other| one[2].cmp(&other[2]));
    let heads = ["编号", "单位", "SHA-256（种子、半角冒号、编号）", "是否抽中"];
    Ok(export::csv(&format!("抽查总体-{}.csv", check.drawn.name), &heads, lines))
}

/// `GET /desk/checks/{id}/print`
#[derive(askama::Template)]
#[template(path = "desk/check_print.html")]
struct PrintedPage {
    page: PrintPage,
    facts: Facts,
    organizations: Vec<Line>,
    points: Vec<Line>,
    rows: Vec<Row>,
    today: String,
}

/// `GET /desk/checks/{id}/print`
pub(in crate::desk) async fn print(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let page = page(&app, &me, id, &Behind::default(), "", Errors::none()).await?;
    Ok(render::page(&PrintedPage {
        page: PrintPage { title: "抽查结果".to_owned(), number: page.name, back: format!("/desk/checks/{id}") },
        facts: page.facts,
        organizations: page.organizations,
        points: page.points,
        rows: page.rows,
        today: view::dates::long_day(beijing_day(app.now())),
    }))
}
