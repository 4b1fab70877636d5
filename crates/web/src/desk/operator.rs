//! 经营者: its particulars, the history of complaints that the reader may see, and what was entered twice.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::operators::{self, OperatorFile};
use casework::reading::CaseFile;
use casework::{ActError, House, Staff, operator_tie};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::procedure::step;
use domain::reporting::rules;
use jiff::Timestamp;
use serde::Deserialize;
use store::counts::OutcomeCount;
use store::operator::{OperatorRow, ShopRow};
use store::penalty::Decided;

use super::counts::rate;
use super::forms::Typed;
use super::listing::ListQuery;
use super::{export, labels};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Summary, SummaryRow, Tag, Tally, Tone};
use crate::{frame, redirect, render};

/// `GET /desk/operators/{id}`
#[derive(askama::Template)]
#[template(path = "desk/operator.html")]
struct OperatorPage {
    page: DeskPage,
    id: i64,
    version: i64,
    name: String,
    kind: String,
    former: Vec<String>,
    particulars: Summary,
    places: Vec<String>,
    shops: Vec<ShopRow>,
    merged: Vec<OperatorRow>,
    main: Option<OperatorRow>,
    may_change: bool,
    tallies: Vec<Tally>,
    repeated: Vec<Line>,
    years: Vec<Line>,
    problems: Vec<Line>,
    cases: Vec<Case>,
    found: i64,
    all: String,
    csv: String,
    penalties: Option<Penalties>,
    /// What became of reports and leads against it that she may know of.
    reports: Vec<(&'static str, i64, String)>,
}

/// 行政处罚 of one year or of all, added up.
struct Penalties {
    /// Each year with its address, the chosen one first of all without.
    years: Vec<(String, String, bool)>,
    lines: Vec<Penalty>,
    count: usize,
    sum: String,
    csv: String,
}

struct Penalty {
    number: String,
    day: String,
    bureau: String,
    kinds: String,
    sum: String,
}

/// What became of the complaints of a year, or about a problem; each number with its list.
struct Line {
    label: String,
    cases: i64,
    href: String,
    open: i64,
    open_href: String,
    settled: i64,
    settled_href: String,
    terminated: i64,
    terminated_href: String,
    refused: i64,
    refused_href: String,
    mediated: i64,
    rate: String,
}

struct Case {
    href: String,
    title: String,
    under: String,
    status: Tag,
    outcome: &'static str,
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
    /// Only penalties of this year.
    year: String,
}

/// `GET /desk/operators/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    super::operators::reads(&me)?;
    let file = app.look(me.actor(), move |tx, scene| operators::file(tx, scene, id)).await.map_err(unknown)?;
    let mut page = page(app.house(), frame::desk(&me.0, Section::Operators), file, app.now(), &done.year);
    page.page.notice = match done.done.as_str() {
        "registered" => Some(Notice::done("已登记").text("以后登记的投诉写了同一个信用代码的，会自动关联到这一家。")),
        "changed" => Some(Notice::done("已保存")),
        "merged" => Some(Notice::done("已合并").text("两家的投诉历史合在一起看；合并错了可以撤销。")),
        "unmerged" => Some(Notice::done("已撤销合并")),
        _ => None,
    };
    Ok(render::page(&page))
}

/// `GET /desk/operators/{id}/history.csv`
pub(super) async fn export(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    super::operators::reads(&me)?;
    let file = app.look(me.actor(), move |tx, scene| operators::file(tx, scene, id)).await.map_err(unknown)?;
    let house = app.house();
    let line = |group: &str, label: String, row: &OutcomeCount| {
        let numbers = [row.cases, row.open, row.settled, row.terminated, row.refused];
        let numbers = numbers.into_iter().map(|number| number.to_string());
        [group.to_owned(), label].into_iter().chain(numbers).collect::<Vec<_>>()
    };
    let mut lines = vec![line("合计", "全部".to_owned(), &file.history.all)];
    lines.extend(file.history.years.iter().map(|row| line("收到年", row.key.clone(), row)));
    lines.extend(file.history.problems.iter().map(|row| line("问题", problem(house, &row.key), row)));
    let heads = ["分组", "项目", "投诉件数", "在办", "达成协议", "终止调解", "不予受理"];
    let name = format!("{}-投诉历史-{}.csv", file.operator.name, beijing_day(app.now()));
    Ok(export::csv(&name, &heads, lines))
}

fn page(house: &House, page: DeskPage, file: OperatorFile, now: Timestamp, of_year: &str) -> OperatorPage {
    let (operator, history, today) = (&file.operator, &file.history, beijing_day(now));
    let id = operator.id;
    let year = |row: &OutcomeCount| {
        let (from, to) = (format!("{}-01-01", row.key), format!("{}-12-31", row.key));
        counted(format!("{} 年", row.key), row, &ListQuery { from, to, ..against(id) })
    };
    let of_problem = |row: &OutcomeCount| {
        counted(problem(house, &row.key), row, &ListQuery { problem: row.key.clone(), ..against(id) })
    };
    let since = history.since.map(|day| day.to_string()).unwrap_or_default();
    let repeated = |row: &OutcomeCount| {
        let list = ListQuery { problem: row.key.clone(), from: since.clone(), ..against(id) };
        counted(problem(house, &row.key), row, &list)
    };
    let told = |row: &store::search::ListRow| Case {
        href: format!("/desk/cases/{}", row.number),
        title: row.title.clone(),
        under: format!("{} · {}收到", row.number, view::dates::short_day(beijing_day(row.received_at), today)),
        status: labels::status(row.kind, row.status),
        outcome: row.outcome.as_deref().map_or("", |outcome| labels::outcome(Some(outcome))),
    };
    OperatorPage {
        page,
        id,
        version: operator.version,
        name: operator.name.clone(),
        kind: labels::code(house, "operator_kinds", &operator.kind),
        former: operator.former_names.lines().map(str::to_owned).collect(),
        particulars: particulars(operator),
        tallies: tallies(&file, since.clone()),
        repeated: history.repeated.iter().map(repeated).collect(),
        years: history.years.iter().map(year).collect(),
        problems: history.problems.iter().map(of_problem).collect(),
        cases: file.latest.iter().map(told).collect(),
        found: history.all.cases,
        all: against(id).address(),
        csv: format!("/desk/operators/{id}/history.csv"),
        penalties: penalties(id, &file.penalties, of_year),
        reports: file.reports.iter().map(|(key, count)| reported(id, key, *count)).collect(),
        places: file.places,
        shops: file.shops,
        merged: file.merged,
        main: file.main,
        may_change: file.may_change,
    }
}

/// The penalties of a year, or all; none where there never was one.
fn penalties(id: i64, all: &[Decided], of_year: &str) -> Option<Penalties> {
    if all.is_empty() {
        return None;
    }
    let year = |it: &Decided| it.penalty.decided_on.year().to_string();
    let mut years: Vec<String> = all.iter().map(year).collect();
    years.dedup();
    let chosen = years.iter().find(|it| *it == of_year).cloned();
    let shown: Vec<&Decided> = all.iter().filter(|it| chosen.as_ref().is_none_or(|of| year(it) == *of)).collect();
    let mut tabs = vec![("全部".to_owned(), format!("/desk/operators/{id}#penalties"), chosen.is_none())];
    tabs.extend(years.into_iter().map(|of| {
        let address = format!("/desk/operators/{id}?year={of}#penalties");
        (format!("{of} 年"), address, chosen.as_ref() == Some(&of))
    }));
    Some(Penalties {
        years: tabs,
        count: shown.len(),
        sum: view::money_sign(shown.iter().map(|it| it.penalty.sum).sum::<i64>()),
        lines: shown.into_iter().map(penalty).collect(),
        csv: format!("/desk/operators/{id}/penalties.csv"),
    })
}

fn penalty(decided: &Decided) -> Penalty {
    let row = &decided.penalty;
    Penalty {
        number: row.number.clone(),
        day: view::dates::long_day(row.decided_on),
        bureau: decided.bureau.clone(),
        kinds: rules().penalty_words(&row.kinds),
        sum: if row.sum > 0 { view::money_sign(row.sum) } else { "—".to_owned() },
    }
}

/// A line of what became of reports, with its list.
fn reported(id: i64, key: &str, count: i64) -> (&'static str, i64, String) {
    let list = ListQuery { kind: "report".to_owned(), operator: id.to_string(), ..ListQuery::default() };
    match key {
        "" => ("正在办理", count, ListQuery { open: "yes".to_owned(), ..list }.address()),
        key => (labels::outcome(Some(key)), count, ListQuery { outcome: key.to_owned(), ..list }.address()),
    }
}

/// `GET /desk/operators/{id}/penalties.csv`
pub(super) async fn export_penalties(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    super::operators::reads(&me)?;
    let file = app.look(me.actor(), move |tx, scene| operators::file(tx, scene, id)).await.map_err(unknown)?;
    let total: i64 = file.penalties.iter().map(|it| it.penalty.sum).sum();
    let line = |it: &Decided| {
        let row = &it.penalty;
        let kinds = rules().penalty_words(&row.kinds);
        vec![row.number.clone(), row.decided_on.to_string(), it.bureau.clone(), kinds, export::yuan(row.sum)]
    };
    let mut lines: Vec<Vec<String>> = file.penalties.iter().map(line).collect();
    let count = format!("{} 件", lines.len());
    lines.push(vec!["合计".to_owned(), String::new(), String::new(), count, export::yuan(total)]);
    let heads = ["决定书文号", "日期", "作出决定的局", "种类", "罚没款（元）"];
    let name = format!("{}-行政处罚-{}.csv", file.operator.name, beijing_day(app.now()));
    Ok(export::csv(&name, &heads, lines))
}

fn particulars(operator: &OperatorRow) -> Summary {
    let code = if operator.credit_code.is_empty() {
        "没有登记".to_owned()
    } else {
        format!("{} ✓", operator.credit_code)
    };
    let mut rows = vec![SummaryRow::new("信用代码", code)];
    for (name, value) in [
        ("住所", &operator.address),
        ("区划代码", &operator.region_code),
        ("联系人", &operator.contact_name),
        ("投诉电话", &operator.phone),
    ] {
        if !value.is_empty() {
            rows.push(SummaryRow::new(name, value.clone()));
        }
    }
    Summary::compact(rows)
}

fn tallies(file: &OperatorFile, since: String) -> Vec<Tally> {
    let (id, all, recent) = (file.operator.id, &file.history.all, &file.history.recent);
    let tally = |label: &str, count: String, compared: String, list: ListQuery| Tally {
        label: label.to_owned(),
        count,
        compared,
        href: list.address(),
        tone: Tone::Plain,
    };
    let months = domain::operator::settings().recent_months;
    let mediated = all.settled + all.terminated;
    let settled = ListQuery { outcome: "settled".to_owned(), ..against(id) };
    vec![
        tally(
            &format!("近 {months} 个月被投诉"),
            view::quantity(recent.cases),
            format!("调解成功 {} 件", recent.settled),
            ListQuery { from: since, ..against(id) },
        ),
        tally("一共", view::quantity(all.cases), "投诉件数".to_owned(), against(id)),
        tally(
            "在办",
            view::quantity(all.open),
            "还没有办结".to_owned(),
            ListQuery { open: "yes".to_owned(), ..against(id) },
        ),
        tally("调解成功率", rate(all.settled, mediated), format!("{} ÷ {mediated}", all.settled), settled.clone()),
        tally("挽回损失", view::money_sign(file.history.recovered), "各件合计".to_owned(), settled),
    ]
}

/// The list of complaints against an operator.
pub(super) fn against(id: i64) -> ListQuery {
    ListQuery { kind: "complaint".to_owned(), operator: id.to_string(), ..ListQuery::default() }
}

/// For the page of a case: the page of the operator behind its respondent, the list of recent complaints, and what they came to.
pub(super) fn behind(file: &CaseFile) -> Option<(String, String, String)> {
    let tied = file.operator.as_ref()?;
    let months = domain::operator::settings().recent_months;
    let recent = ListQuery { from: tied.since.to_string(), ..against(tied.operator.id) };
    let words = format!("近 {months} 个月被投诉 {} 件，调解成功 {} 件", tied.recent.cases, tied.recent.settled);
    Some((format!("/desk/operators/{}", tied.operator.id), recent.address(), words))
}

/// Whoever is named here was penalised of late, or likely was.
pub(super) fn penalised(file: &CaseFile) -> Option<String> {
    let months = domain::operator::settings().penalised_months;
    let words = |penalties: &[Decided]| {
        let last = penalties.first()?;
        let sum = match last.penalty.sum {
            0 => String::new(),
            sum => format!("，罚没款{}", view::money_sign(sum)),
        };
        let day = view::dates::long_day(last.penalty.decided_on);
        Some(format!(
            "近 {months} 个月受过行政处罚 {} 次，最近一次是{day}（{}{sum}）",
            penalties.len(),
            last.penalty.number
        ))
    };
    if let Some(tied) = &file.operator {
        return words(&tied.penalties).map(|words| format!("{}{words}。", tied.operator.name));
    }
    let (proposed, penalties) = file.likely_penalised.as_ref()?;
    let said = words(penalties)?;
    Some(format!("可能是{}（{}），它{said}；核对后用“关联经营者”记下。", proposed.operator.name, proposed.tie.label()))
}

/// Whether she may say which operator the respondent of a case is, while nobody has.
pub(super) fn may_tie(file: &CaseFile, staff: &Staff) -> bool {
    let (state, action) = (&file.case.state, Action::LinkOperator);
    let lawful = step(state.kind, state.status, action, &staff.standing(&file.case)).is_ok();
    state.operator.is_none() && lawful && state.not_now(action).is_none()
}

fn counted(label: String, row: &OutcomeCount, list: &ListQuery) -> Line {
    // What has no key yet is no filter of the list.
    let address = |list: ListQuery| if row.key.is_empty() { String::new() } else { list.address() };
    let outcome = |key: &str| address(ListQuery { outcome: key.to_owned(), ..list.clone() });
    let mediated = row.settled + row.terminated;
    Line {
        label,
        cases: row.cases,
        href: address(list.clone()),
        open: row.open,
        open_href: address(ListQuery { open: "yes".to_owned(), ..list.clone() }),
        settled: row.settled,
        settled_href: outcome("settled"),
        terminated: row.terminated,
        terminated_href: outcome("terminated"),
        refused: row.refused,
        refused_href: outcome("refused"),
        mediated,
        rate: rate(row.settled, mediated),
    }
}

fn problem(house: &House, key: &str) -> String {
    if key.is_empty() {
        "还没有登记问题类别".to_owned()
    } else {
        labels::code(house, "problem_categories", key)
    }
}

/// `GET` and `POST /desk/operators/{id}/merge`
#[derive(askama::Template)]
#[template(path = "desk/operator_merge.html")]
struct MergePage {
    page: DeskPage,
    operator: OperatorRow,
    find: String,
    into: String,
    choices: Vec<Choice>,
    errors: Errors,
}

/// `GET /desk/operators/{id}/merge`
pub(super) async fn ask_merge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    Ok(render::page(&merge_page(&app, &me, id, None, Errors::none()).await?))
}

/// `POST /desk/operators/{id}/merge`: looks for the other one, or merges.
pub(super) async fn merge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = Typed(sent);
    if sent.has("look") {
        return Ok(render::page(&merge_page(&app, &me, id, Some(&sent), Errors::none()).await?));
    }
    let (version, into) = (sent.version().unwrap_or_default(), sent.id("into"));
    let merged = app
        .act(me.actor(), move |tx, scene| {
            if into == 0 {
                return Err(ActError::field("into", "into.missing", "请选择并入哪一家"));
            }
            operators::merge(tx, scene, id, version, into)
        })
        .await;
    match merged {
        Ok(_) => Ok(redirect::to(&format!("/desk/operators/{into}?done=merged"))),
        Err(error @ (ActError::Invalid(_) | ActError::Conflict { .. })) => {
            let sentence = error.to_string();
            let errors = PageError::from(error).faults();
            let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
            let mut page = merge_page(&app, &me, id, Some(&sent), errors.unwrap_or_default()).await?;
            if status == StatusCode::CONFLICT {
                page.page.notice = Some(Notice::refused("没有合并").text(sentence));
            }
            Ok(render::page_with_status(status, &page))
        }
        Err(error) => Err(unknown(error)),
    }
}

/// `POST /desk/operators/{id}/unmerge`
pub(super) async fn unmerge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(sent): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let version = Typed(sent).version().unwrap_or_default();
    let parted = app.act(me.actor(), move |tx, scene| operators::unmerge(tx, scene, id, version)).await;
    parted.map_err(unknown)?;
    Ok(redirect::to(&format!("/desk/operators/{id}?done=unmerged")))
}

async fn merge_page(
    app: &App,
    me: &SignedIn,
    id: i64,
    sent: Option<&Typed>,
    errors: Errors,
) -> Result<MergePage, PageError> {
    let find = sent.map_or("", |sent| sent.get("find")).to_owned();
    let words = find.clone();
    let (operator, others) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let operator = operators::find(tx, scene, id)?;
            if !operators::may_change(tx, scene, &operator)? {
                return Err(ActError::Forbidden);
            }
            // Namesakes are what was most likely entered twice.
            let mut others = operator_tie::found(tx, &words)?;
            for name in &operator.names {
                others.extend(store::operator::by_name(tx, name, 10)?);
            }
            others.retain(|other| other.id != id && other.merged_into.is_none());
            others.sort_by_key(|other| other.id);
            others.dedup_by_key(|other| other.id);
            Ok((operator, others))
        })
        .await
        .map_err(unknown)?;
    let choice = |other: OperatorRow| {
        let parts = [other.credit_code.as_str(), other.address.as_str()];
        let words = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Choice::new(other.id.to_string(), other.name.clone()).explained(words)
    };
    Ok(MergePage {
        page: frame::desk(&me.0, Section::Operators),
        operator,
        find,
        into: sent.map_or("", |sent| sent.get("into")).to_owned(),
        choices: others.into_iter().map(choice).collect(),
        errors,
    })
}

/// There is no such operator: the sentence for cases would be wrong.
fn unknown(error: ActError) -> PageError {
    match error {
        ActError::NotFound => PageError::not_found(),
        other => other.into(),
    }
}
