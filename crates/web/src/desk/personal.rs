//! 个人信息请求: those that wait, the decision with reason and article, what is taken down at a counter, and the copy that is handed out.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::personal::{self, Correction, Entry, Keeping, Opened, Wish};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use domain::personal_data::{Asker, Right, personal_data_rules};
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;
use store::personal::RequestRow;

use super::export::csv;
use super::forms::Typed;
use crate::app::App;
use crate::citizen::personal::{answer, groups, json, state};
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, PrintPage, Section, Tag};
use crate::{frame, redirect, render};

const HERE: &str = "/desk/personal";

#[derive(askama::Template)]
#[template(path = "desk/personal_list.html")]
struct ListPage {
    page: DeskPage,
    asked: Asked,
    states: Vec<Choice>,
    rights: Vec<Choice>,
    rows: Vec<Row>,
    nothing: EmptyState,
    csv: String,
    takes_down: bool,
}

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    right: String,
    number: String,
    done: String,
}

impl Asked {
    fn takes(&self, row: &RequestRow, today: Date) -> bool {
        let open = row.decided.is_none();
        let state = match self.state.as_str() {
            "open" => open,
            "late" => open && row.asked.due_day < today,
            "granted" => row.decided.as_ref().is_some_and(|it| it.granted),
            "refused" => row.decided.as_ref().is_some_and(|it| !it.granted),
            _ => true,
        };
        let right = self.right.is_empty() || self.right == row.asked.right.key();
        state && right && row.number.contains(self.number.trim())
    }
}

struct Row {
    href: String,
    right: &'static str,
    asker: &'static str,
    number: String,
    title: String,
    taken: String,
    state: Tag,
    asked: String,
    due: String,
    late: bool,
}

fn line(row: &RequestRow, today: Date) -> Row {
    Row {
        href: format!("{HERE}/{}", row.id),
        right: row.asked.right.label(),
        asker: row.asked.asker.label(),
        number: row.number.clone(),
        title: row.title.clone(),
        taken: row.taker.clone().map_or_else(|| "查询页".to_owned(), |taker| format!("当面，{taker}登记")),
        state: state(row),
        asked: view::dates::short_day(beijing_day(row.asked_at), today),
        due: view::dates::short_day(row.asked.due_day, today),
        late: row.decided.is_none() && row.asked.due_day < today,
    }
}

/// `GET /desk/personal`
pub(super) async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let found = app.look(me.actor(), personal::list).await?;
    let today = beijing_day(app.now());
    let choice = |key: &str, label: &str| Choice::new(key, label);
    let mut page = frame::desk(&me.0, Section::Queue);
    page.notice = (asked.done == "asked").then(|| Notice::done("已登记").text("已告知本人收到。"));
    let pairs = [("state", &asked.state), ("right", &asked.right), ("number", &asked.number)];
    let pairs: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", redirect::query_value(value)))
        .collect();
    Ok(render::page(&ListPage {
        page,
        rows: found.iter().filter(|row| asked.takes(row, today)).map(|row| line(row, today)).collect(),
        states: vec![
            choice("", "全部"),
            choice("open", "等答复"),
            choice("late", "超过期限"),
            choice("granted", "已同意"),
            choice("refused", "不同意"),
        ],
        rights: std::iter::once(choice("", "全部"))
            .chain(Right::ALL.iter().map(|right| choice(right.key(), right.label())))
            .collect(),
        nothing: EmptyState::new(
            "没有个人信息请求",
            "投诉人、举报人在查询页要求查阅、更正、删除个人信息的，或者当面提出由坐席登记的，会出现在这里。",
        ),
        csv: format!("{HERE}.csv?{}", pairs.join("&")),
        takes_down: personal::takes_down(&me.0),
        asked,
    }))
}

/// `GET /desk/personal.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let found = app.look(me.actor(), personal::list).await?;
    let today = beijing_day(app.now());
    let lines = found.iter().filter(|row| asked.takes(row, today)).map(|row| {
        let decided = row.decided.as_ref();
        vec![
            row.number.clone(),
            row.asked.right.label().to_owned(),
            row.asked.asker.label().to_owned(),
            beijing_day(row.asked_at).to_string(),
            row.asked.due_day.to_string(),
            state(row).text,
            decided.map(|it| beijing_day(it.at).to_string()).unwrap_or_default(),
            decided.map(|it| it.by.clone()).unwrap_or_default(),
        ]
    });
    let heads = ["编号", "请求", "谁提出", "提出", "答复期限", "状态", "答复", "答复人"];
    Ok(csv(&format!("个人信息请求-{today}.csv"), &heads, lines))
}

#[derive(askama::Template)]
#[template(path = "desk/personal_new.html")]
struct NewPage {
    page: DeskPage,
    typed: Typed,
    rights: Vec<Choice>,
    askers: Vec<Choice>,
    errors: Errors,
}

fn new_page(me: &SignedIn, typed: Typed, errors: Errors) -> NewPage {
    NewPage {
        page: frame::desk(&me.0, Section::Queue),
        rights: Right::ALL.iter().map(|right| Choice::new(right.key(), right.label())).collect(),
        askers: Asker::ALL.iter().map(|asker| Choice::new(asker.key(), asker.label())).collect(),
        typed,
        errors,
    }
}

/// Only whoever registers takes requests down.
fn registers(me: &SignedIn) -> Result<(), PageError> {
    if personal::takes_down(&me.0) {
        return Ok(());
    }
    Err(PageError::forbidden("当面提出的个人信息请求由 12315 中心的坐席、值班长和分送员登记。"))
}

/// `GET /desk/personal/new`
pub(super) async fn ask(me: SignedIn, Query(given): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    registers(&me)?;
    let mut typed = Typed(given);
    if !typed.has("asker") {
        typed.0.push(("asker".to_owned(), Asker::Herself.key().to_owned()));
    }
    Ok(render::page(&new_page(&me, typed, Errors::none())))
}

/// `POST /desk/personal/new`
pub(super) async fn take_down(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    registers(&me)?;
    let typed = Typed(typed);
    let text = |name: &str| typed.get(name).to_owned();
    let number = text("number");
    let wish = Wish {
        right: text("right"),
        asker: text("asker"),
        words: text("words"),
        contact: Correction {
            name: text("name"),
            phone: text("phone"),
            address: text("address"),
            email: text("email"),
            id_number: text("id_number"),
        },
    };
    let errors: Errors = match app.act(me.actor(), move |tx, scene| personal::ask(tx, scene, &number, &wish)).await {
        Ok(_) => return Ok(redirect::to(&format!("{HERE}?done=asked"))),
        Err(ActError::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.message)).collect(),
        Err(ActError::NotFound) => {
            [("number".to_owned(), "没有找到这一件，请核对编号".to_owned())].into_iter().collect()
        }
        Err(error) => return Err(error.into()),
    };
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&me, typed, errors)))
}

#[derive(askama::Template)]
#[template(path = "desk/personal.html")]
struct RequestPage {
    page: DeskPage,
    id: i64,
    row: Row,
    words: String,
    changes: Vec<(&'static str, String, String)>,
    keeping: String,
    article: String,
    says: &'static str,
    answer: String,
    by: String,
    decides: bool,
    may_grant: bool,
    copies: bool,
    /// What remains doubtful about the days.
    doubt: &'static str,
    grounds: Vec<Choice>,
    typed: Typed,
    errors: Errors,
}

/// `GET /desk/personal/{id}`: whoever opens it sees what is wanted in full; that is kept.
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    app.act(me.actor(), move |tx: &mut Tx<'_>, scene: Scene<'_>| personal::note_look(tx, scene, id)).await?;
    let mut page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    page.page.notice = (asked.done == "decided").then(|| Notice::done("已答复").text("答复已告知本人。"));
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Typed, errors: Errors) -> Result<RequestPage, PageError> {
    let opened = app.look(me.actor(), move |tx, scene| personal::open(tx, scene, id)).await?;
    let Opened { row, changes, keeping, decides, copies } = opened;
    let (rules, now) = (personal_data_rules(), app.now());
    let right = row.asked.right;
    let grounds = rules.refusal.iter().filter(|ground| ground.rights.contains(&right));
    let ground = |it: &domain::personal_data::RefusalGround| Choice::new(&it.key, &it.says).explained(&it.article);
    Ok(RequestPage {
        page: frame::desk(&me.0, Section::Queue),
        id,
        words: row.asked.words.clone(),
        changes,
        keeping: match keeping {
            Keeping::NotClosed => "案件还没有归档".to_owned(),
            Keeping::ForGood => "长期保存，没有到期的日子".to_owned(),
            Keeping::Held => "档案已经停止销毁，解除以前继续保存".to_owned(),
            Keeping::Until(day) => format!("到{}", view::dates::long_day(day)),
            Keeping::Over(day) => format!("已于{}届满", view::dates::long_day(day)),
        },
        article: rules.of(right).map(|rule| format!("{}{}", rules.law, rule.article)).unwrap_or_default(),
        says: rules.of(right).map_or("", |rule| &rule.says),
        answer: row.decided.as_ref().map(answer).unwrap_or_default(),
        by: row
            .decided
            .as_ref()
            .map(|it| format!("{}，{}", it.by, view::dates::moment(it.at, now)))
            .unwrap_or_default(),
        may_grant: right != Right::Delete || matches!(keeping, Keeping::Over(_)),
        decides,
        copies,
        doubt: if rules.limit.confirmed { "" } else { &rules.limit.note },
        grounds: grounds.map(ground).collect(),
        row: line(&row, beijing_day(now)),
        typed,
        errors,
    })
}

/// `POST /desk/personal/{id}`: the decision.
pub(super) async fn decide(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let sent = typed.clone();
    let work = move |tx: &mut Tx<'_>, scene: Scene<'_>| match sent.get("granted") {
        "yes" => personal::grant(tx, scene, id, sent.get("reason")),
        "no" => personal::refuse(tx, scene, id, sent.get("ground"), sent.get("reason")).map(|()| Vec::new()),
        _ => Err(ActError::field("granted", "granted.missing", "请选择同意还是不同意")),
    };
    let (status, errors, notice) = match app.act(me.actor(), work).await {
        Ok(thrown) => {
            discard(&app, thrown).await?;
            return Ok(redirect::to(&format!("{HERE}/{id}?done=decided")));
        }
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Err(error @ ActError::Conflict { .. }) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("答复没有记下").text(error.to_string())))
        }
        Err(error) => return Err(error.into()),
    };
    let mut page = page(&app, &me, id, typed, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

/// The bytes of files that nothing names any more go too.
pub(super) async fn discard(app: &App, thrown: Vec<String>) -> Result<(), PageError> {
    if thrown.is_empty() {
        return Ok(());
    }
    let (db, house, now) = (app.db().clone(), app.house().clone(), app.now());
    let done = app.hashing(move || casework::sweep::discard(&db, &house, thrown, now)).await;
    Ok(done.map_err(ActError::from)??)
}

#[derive(askama::Template)]
#[template(path = "desk/personal_print.html")]
struct PrintedPage {
    page: PrintPage,
    sealed: bool,
    groups: Vec<(&'static str, Vec<Entry>)>,
    today: String,
}

/// `GET /desk/personal/{id}/print`: the copy, to be handed out at a counter.
pub(super) async fn print(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let copy = app.act(me.actor(), move |tx, scene| personal::hand_out(tx, scene, id)).await?;
    let (number, sealed) = (copy.number.clone(), copy.identity_sealed);
    Ok(render::page(&PrintedPage {
        page: PrintPage { title: "个人信息副本".to_owned(), number, back: format!("{HERE}/{id}") },
        sealed,
        groups: groups(copy),
        today: view::dates::long_day(beijing_day(app.now())),
    }))
}

/// `GET /desk/personal/{id}/copy.json`
pub(super) async fn data(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let copy = app.act(me.actor(), move |tx, scene| personal::hand_out(tx, scene, id)).await?;
    Ok(json(&copy))
}
