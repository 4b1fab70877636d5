//! 我的个人信息: from her own page a person asks for a copy of what is held about her, for a correction, for removal, and fetches the
//! copy (个人信息保护法第四十四条至第五十条).

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::personal::{self, Correction, Entry, PersonalCopy, Wish};
use casework::{ActError, Scene};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::personal_data::{Asker, Right, personal_data_rules};
use serde::Deserialize;
use store::Tx;
use store::case::CaseRow;
use store::personal::RequestRow;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::desk::file;
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, Choice, CitizenPage, Errors, Notice, Tag, Tone, tag};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "citizen/personal.html")]
struct PersonalPage {
    page: CitizenPage,
    rights: Vec<(&'static str, &'static str, &'static str)>,
    rows: Vec<Row>,
    law: &'static str,
}

/// A request as she sees it.
pub(crate) struct Row {
    pub(crate) right: &'static str,
    pub(crate) state: Tag,
    pub(crate) asked: String,
    pub(crate) due: String,
    pub(crate) answer: String,
    pub(crate) copy: Option<String>,
}

/// What was just done: our own keys only.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Just {
    done: String,
}

/// `GET /track/personal`
pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Query(just): Query<Just>,
) -> Result<Response, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let rows = personal::mine(tx, scene, pass.case_id)?;
        let open: Vec<bool> =
            rows.iter().map(|row| row.decided.as_ref().is_some_and(|it| personal::is_open(scene, it))).collect();
        Ok((rows, open, own(tx, scene, pass)?))
    };
    let (rows, open, case) = app.look(pass.actor(), look).await?;
    let today = beijing_day(app.now());
    let notice = (just.done == "asked").then(|| Notice::done("已收到").text("核实以后答复您，答复显示在这一页。"));
    let row = |(row, open): (&RequestRow, bool)| {
        let granted_copy = row.asked.right == Right::Copy && row.decided.as_ref().is_some_and(|it| it.granted);
        Row {
            right: row.asked.right.label(),
            state: state(row),
            asked: view::dates::short_day(beijing_day(row.asked_at), today),
            due: if row.decided.is_none() { view::dates::short_day(row.asked.due_day, today) } else { String::new() },
            answer: row.decided.as_ref().map(answer).unwrap_or_default(),
            copy: (granted_copy && open).then(|| format!("/track/personal/copies/{}", row.id)),
        }
    };
    Ok(render::page(&PersonalPage {
        page: visit.with(notice),
        rights: rights(&case),
        rows: rows.iter().zip(open).map(row).collect(),
        law: &personal_data_rules().law,
    }))
}

fn own(tx: &mut Tx<'_>, scene: Scene<'_>, pass: Pass) -> Result<CaseRow, ActError> {
    casework::tracking::own_case(tx, scene, pass.case_id)
}

/// What she can ask: the identity of a reporter is sealed, nobody can correct it.
fn rights(case: &CaseRow) -> Vec<(&'static str, &'static str, &'static str)> {
    let words = |right: Right| match right {
        Right::Copy => "要一份我的个人信息",
        Right::Correct => "更正、补充我的个人信息",
        Right::Delete => "删除我的个人信息",
    };
    let rights = Right::ALL.iter().filter(|right| **right != Right::Correct || case.state.kind != CaseKind::Report);
    let says = |right: Right| personal_data_rules().of(right).map_or("", |rule| rule.article.as_str());
    rights.map(|right| (right.key(), words(*right), says(*right))).collect()
}

/// Where a request stands.
pub(crate) fn state(row: &RequestRow) -> Tag {
    match &row.decided {
        None => tag("等答复", Tone::Amber),
        Some(decided) if decided.granted => tag("已同意", Tone::Green),
        Some(_) => tag("不同意", Tone::Plain),
    }
}

/// The answer in words.
pub(crate) fn answer(decided: &store::personal::Decided) -> String {
    let rules = personal_data_rules();
    let ground = rules.refusal.iter().find(|ground| ground.key == decided.ground);
    let ground = ground.map(|it| format!("依据{}{}。{}", rules.law, it.article, it.says)).unwrap_or_default();
    let until = decided.ends_on.map(|day| format!("保存期限到 {day}。")).unwrap_or_default();
    let fields = match decided.fields.as_str() {
        "" => String::new(),
        fields => format!("已更正：{}。", personal::labels(fields)),
    };
    format!("{fields}{ground}{until}{}", decided.reason)
}

#[derive(Template)]
#[template(path = "citizen/personal_ask.html")]
struct AskPage {
    page: CitizenPage,
    right: Right,
    says: &'static str,
    askers: Vec<Choice>,
    form: Form,
    days: u32,
    errors: Errors,
}

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    asker: String,
    words: String,
    name: String,
    phone: String,
    address: String,
    email: String,
    id_number: String,
}

fn ask_page(page: CitizenPage, right: Right, form: Form, errors: Errors) -> AskPage {
    let rules = personal_data_rules();
    AskPage {
        page,
        right,
        says: rules.of(right).map_or("", |rule| &rule.says),
        askers: Asker::ALL.iter().map(|asker| Choice::new(asker.key(), asker.label())).collect(),
        form,
        days: rules.limit.workdays,
        errors,
    }
}

/// The right in an address, as far as it can be asked here.
async fn right_of(app: &App, pass: Pass, key: &str) -> Result<(Right, CaseRow), PageError> {
    let case = app.look(pass.actor(), move |tx, scene| own(tx, scene, pass)).await?;
    let right = Right::from_key(key).filter(|right| rights(&case).iter().any(|(key, ..)| *key == right.key()));
    Ok((right.ok_or_else(PageError::not_found)?, case))
}

/// `GET /track/personal/{right}`
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let (right, _) = right_of(&app, pass, &key).await?;
    let form = Form { asker: Asker::Herself.key().to_owned(), ..Form::default() };
    Ok(render::page(&ask_page(visit.page, right, form, Errors::none())))
}

/// `POST /track/personal/{right}`
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Path(key): Path<String>,
    FormBody(form): FormBody<Form>,
) -> Result<Response, PageError> {
    let (right, case) = right_of(&app, pass, &key).await?;
    let typed = form.clone();
    let wish = Wish {
        right: right.key().to_owned(),
        asker: typed.asker,
        words: typed.words,
        contact: Correction {
            name: typed.name,
            phone: typed.phone,
            address: typed.address,
            email: typed.email,
            id_number: typed.id_number,
        },
    };
    match app.act(pass.actor(), move |tx, scene| personal::ask(tx, scene, &case.number, &wish)).await {
        Ok(_) => Ok(redirect::to("/track/personal?done=asked")),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = ask_page(visit.page, right, form, errors);
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "citizen/personal_copy.html")]
struct CopyPage {
    page: CitizenPage,
    id: i64,
    number: String,
    sealed: bool,
    groups: Vec<(&'static str, Vec<Entry>)>,
}

/// The parts of a copy with their headings.
pub(crate) fn groups(copy: PersonalCopy) -> Vec<(&'static str, Vec<Entry>)> {
    let groups = [
        ("身份和联系方式", copy.particulars),
        ("您写的内容", copy.statements),
        ("您的意愿", copy.consents),
        ("您提交的材料", copy.files),
        ("给您的文书", copy.letters),
        ("给您的消息", copy.messages),
        ("您办过的事", copy.acts),
        ("怎样处理", copy.processing),
    ];
    groups.into_iter().filter(|(_, entries)| !entries.is_empty()).collect()
}

/// `GET /track/personal/copies/{id}`
pub(super) async fn copy(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let copy = app.act(pass.actor(), move |tx, scene| personal::hand_out(tx, scene, id)).await?;
    let (number, sealed) = (copy.number.clone(), copy.identity_sealed);
    Ok(render::page(&CopyPage { page: visit.page, id, number, sealed, groups: groups(copy) }))
}

/// `GET /track/personal/copies/{id}/data.json`
pub(super) async fn data(State(app): State<App>, pass: Pass, Path(id): Path<i64>) -> Result<Response, PageError> {
    let copy = app.act(pass.actor(), move |tx, scene| personal::hand_out(tx, scene, id)).await?;
    Ok(json(&copy))
}

/// The copy as a file that programs read.
pub(crate) fn json(copy: &PersonalCopy) -> Response {
    let bytes = serde_json::to_vec_pretty(copy).unwrap_or_default();
    file(&format!("个人信息副本-{}.json", copy.number), "application/json; charset=utf-8", bytes)
}
