//! 交接: who hands over to whom before a post changes, what is left, and the record that both sides signed.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::handover::{self, Colleague, Opened, Wish};
use casework::{ActError, Scene};
use domain::clock::{beijing_day, beijing_time};
use domain::handover::Thing;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;
use store::account::AccountRow;
use store::handover::{HandoverRow, ItemRow};

use super::forms::Typed;
use super::queue_view::due_day_words;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, PrintPage, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

const HERE: &str = "/desk/handovers";

#[derive(askama::Template)]
#[template(path = "desk/handovers.html")]
struct ListPage {
    page: DeskPage,
    rows: Vec<Row>,
    nothing: EmptyState,
    people: Vec<Choice>,
    typed: Typed,
    errors: Errors,
}

struct Row {
    href: String,
    name: String,
    under: String,
    state: Tag,
    begun: String,
    ended: String,
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Just {
    done: String,
    given: usize,
    left: usize,
}

/// `GET /desk/handovers`
pub(super) async fn list(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    Ok(render::page(&list_page(&app, &me, Typed::default(), Errors::none()).await?))
}

async fn list_page(app: &App, me: &SignedIn, typed: Typed, errors: Errors) -> Result<ListPage, PageError> {
    let look = |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        Ok((handover::list(tx, scene)?, handover::led(tx, scene)?))
    };
    let (found, led) = app.look(me.actor(), look).await?;
    let today = beijing_day(app.now());
    Ok(ListPage {
        page: frame::desk(&me.0, Section::Queue),
        rows: found.iter().map(|row| line(row, today)).collect(),
        nothing: EmptyState::new(
            "没有交接",
            "同事调岗、离岗以前，手上的案件、回访和草稿在这里交给别人，双方签字；没有交完，账号不能停用、调动。",
        ),
        people: people(me, led),
        typed,
        errors,
    })
}

/// Herself, and whom she leads.
fn people(me: &SignedIn, led: Vec<AccountRow>) -> Vec<Choice> {
    let mut people = vec![Choice::new(me.0.account_id.to_string(), format!("{}（本人）", me.0.name))];
    people.extend(led.into_iter().map(|account| Choice::new(account.id.to_string(), account.name)));
    people
}

fn line(row: &HandoverRow, today: Date) -> Row {
    let day = |at: Timestamp| view::dates::short_day(beijing_day(at), today);
    Row {
        href: format!("{HERE}/{}", row.id),
        name: row.name.clone(),
        under: [row.organization.as_str(), &row.reason].join(" · "),
        state: state(row),
        begun: day(row.opened_at),
        ended: row.closed_at.map(day).unwrap_or_default(),
    }
}

fn state(row: &HandoverRow) -> Tag {
    match (row.signed_at, row.closed_at) {
        (Some(_), Some(_)) => tag("已交接", Tone::Green),
        (None, Some(_)) => tag("已撤销", Tone::Plain),
        (Some(_), None) => tag("等接手人签收", Tone::Amber),
        (None, None) => tag("交接中", Tone::Teal),
    }
}

/// `POST /desk/handovers`: begins one.
pub(super) async fn begin(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let (person, reason) = (typed.id("person"), typed.get("reason").to_owned());
    let begin = move |tx: &mut Tx<'_>, scene: Scene<'_>| match person {
        0 => Err(ActError::field("person", "person.missing", "请选择谁要交接")),
        person => handover::begin(tx, scene, person, &reason),
    };
    match app.act(me.actor(), begin).await {
        Ok(id) => Ok(redirect::to(&format!("{HERE}/{id}?done=begun"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = list_page(&app, &me, typed, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(askama::Template)]
#[template(path = "desk/handover.html")]
struct HandoverPage {
    page: DeskPage,
    id: i64,
    name: String,
    hers: bool,
    organization: String,
    reason: String,
    begun: String,
    state: Tag,
    /// What is left, one line a thing.
    left: Vec<Left>,
    /// Who could take everything.
    everybody: Vec<Choice>,
    /// What nobody here can give: a desk at which she is alone, sealed identities.
    notes: Vec<String>,
    items: Vec<Item>,
    signed: String,
    directs: bool,
    signs: bool,
    sign_class: &'static str,
    takes: usize,
    typed: Typed,
    errors: Errors,
}

/// A thing that is still in her hands.
struct Left {
    field: String,
    label: String,
    href: String,
    what: String,
    under: String,
    status: Option<Tag>,
    due: String,
    choices: Vec<Choice>,
    error: Option<String>,
}

/// A thing that was handed over.
struct Item {
    what: &'static str,
    number: String,
    title: String,
    href: String,
    taker: String,
    giver: String,
    given: String,
    taken: String,
}

/// `GET /desk/handovers/{id}`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    Query(done): Query<Just>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, id, Typed::default(), Errors::none()).await?;
    page.page.notice = match done.done.as_str() {
        "begun" => Some(Notice::done("已开始交接").text("全部交给同事并签字以前，账号不能停用、调动。")),
        "given" if done.left > 0 => {
            let left = format!("还有 {} 项没有交出去，请另选接手的人。", done.left);
            Some(Notice::done(format!("已交出 {} 项", done.given)).text(left))
        }
        "given" => Some(Notice::done(format!("已交出 {} 项", done.given)).text("接手的人已经能办，等他们签收。")),
        "take" => Some(Notice::done("已签收")),
        "sign" => Some(Notice::done("交出方已签字")),
        "give_up" => Some(Notice::done("交接已撤销")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, id: i64, typed: Typed, errors: Errors) -> Result<HandoverPage, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let opened = handover::open(tx, scene, id)?;
        let drafts = if opened.directs && opened.held.drafts > 0 {
            handover::draft_takers(tx, opened.row.account_id)?
        } else {
            Vec::new()
        };
        Ok((opened, drafts))
    };
    let (opened, drafts) = app.look(me.actor(), look).await?;
    let now = app.now();
    let row = &opened.row;
    Ok(HandoverPage {
        page: frame::desk(&me.0, Section::Queue),
        id,
        name: row.name.clone(),
        hers: row.account_id == me.0.account_id,
        organization: row.organization.clone(),
        reason: row.reason.clone(),
        begun: view::dates::moment(row.opened_at, now),
        state: state(row),
        left: left(&opened, &drafts, &errors, now),
        everybody: everybody(&opened, &drafts),
        notes: notes(&opened),
        items: opened.items.iter().map(|item| item_line(item, |at| view::dates::moment(at, now))).collect(),
        signed: match (&row.signer, row.signed_at) {
            (Some(signer), Some(at)) => format!("{signer}，{}", view::dates::moment(at, now)),
            _ => String::new(),
        },
        directs: opened.directs,
        signs: opened.signs,
        sign_class: if opened.directs && !opened.held.is_empty() { "button quiet" } else { "button" },
        takes: opened.takes,
        typed,
        errors,
    })
}

fn choice(colleague: &Colleague) -> Choice {
    Choice::new(colleague.id.to_string(), format!("{}（在办 {} 件）", colleague.name, colleague.load))
}

fn left(opened: &Opened, drafts: &[AccountRow], errors: &Errors, now: Timestamp) -> Vec<Left> {
    let today = beijing_day(now);
    let of = |field: String| -> Left {
        let choices = opened.fit.get(&field).map(|able| able.iter().map(choice).collect()).unwrap_or_default();
        Left {
            error: errors.get(&field).map(str::to_owned),
            field,
            label: String::new(),
            href: String::new(),
            what: String::new(),
            under: String::new(),
            status: None,
            due: String::new(),
            choices,
        }
    };
    let mut left = Vec::new();
    for case in &opened.held.cases {
        let what = if case.leads { Thing::Lead } else { Thing::Partner };
        let meeting = case.meeting_at.filter(|at| *at > now);
        let meeting = meeting.map(|at| format!(" · 已约{}调解", view::dates::moment(at, now))).unwrap_or_default();
        left.push(Left {
            label: what.label().to_owned(),
            href: if case.number.is_empty() { String::new() } else { format!("/desk/cases/{}", case.number) },
            what: case.title.clone(),
            under: format!("{} · {}{meeting}", case.kind.label(), case.number).trim_end_matches(" · ").to_owned(),
            status: Some(tag(case.status.label_for(case.kind), Tone::named(case.status.tone()))),
            due: due_day_words(case.next_due_at, today),
            ..of(handover::field(what, case.id))
        });
    }
    for visit in &opened.held.visits {
        left.push(Left {
            label: Thing::Visit.label().to_owned(),
            what: visit.title.clone(),
            under: format!("{} · 已联系 {} 次", visit.number, visit.tries),
            ..of(handover::field(Thing::Visit, visit.id))
        });
    }
    if opened.held.drafts > 0 {
        let able = drafts.iter().map(|it| Choice::new(it.id.to_string(), it.name.clone()));
        left.push(Left {
            label: Thing::Draft.label().to_owned(),
            what: format!("{} 份没有登记完的草稿", opened.held.drafts),
            choices: able.collect(),
            ..of(handover::field(Thing::Draft, 0))
        });
    }
    left
}

/// Everybody who is fit for something, the one who is fit for most first.
fn everybody(opened: &Opened, drafts: &[AccountRow]) -> Vec<Choice> {
    let mut fit: BTreeMap<i64, (usize, String)> = BTreeMap::new();
    for colleague in opened.fit.values().flatten() {
        fit.entry(colleague.id).or_insert_with(|| (0, choice(colleague).label)).0 += 1;
    }
    for account in drafts {
        fit.entry(account.id).or_insert_with(|| (0, account.name.clone())).0 += 1;
    }
    let mut fit: Vec<_> = fit.into_iter().collect();
    fit.sort_by_key(|(id, (count, _))| (std::cmp::Reverse(*count), *id));
    fit.into_iter()
        .map(|(id, (count, label))| Choice::new(id.to_string(), format!("{label}，能接 {count} 项")))
        .collect()
}

/// What nobody gives by choosing a colleague.
fn notes(opened: &Opened) -> Vec<String> {
    let (held, name) = (&opened.held, &opened.row.name);
    let mut notes: Vec<String> = held
        .desks
        .iter()
        .map(|(desk, waits)| {
            format!("{desk}只有{name}能办，现在有 {waits} 件等着：请安全管理员先把这个角色授予另一位同事。")
        })
        .collect();
    let kept = held.identities;
    if kept.alone > 0 {
        notes.push(format!(
            "{} 件举报人身份只有{name}能打开：请本人在“身份密库”里交接给另一位身份保管人；本人已经离开的，由托管密钥的持有人在服务器上用 xiaobao vault recover 恢复。",
            kept.alone
        ));
    } else if kept.keeps > 0 {
        notes.push(format!("保管的 {} 件举报人身份，本局其他身份保管人也能打开，不用另外交接。", kept.keeps));
    }
    if kept.reads > 0 {
        notes.push(format!(
            "{name}能查看 {} 件举报的举报人身份：换人以后就不能再看，接手的人要看，由身份保管人重新指定。",
            kept.reads
        ));
    }
    notes
}

fn item_line(item: &ItemRow, time: impl Fn(Timestamp) -> String) -> Item {
    let (number, title) = match &item.case {
        Some((_, number, title)) => (number.clone(), title.clone()),
        None => (String::new(), format!("{} 份", item.count)),
    };
    Item {
        what: item.what.label(),
        href: if number.is_empty() { String::new() } else { format!("/desk/cases/{number}") },
        number,
        title,
        taker: item.taker.clone(),
        giver: item.giver.clone().unwrap_or_default(),
        given: time(item.given_at),
        taken: item.taken_at.map(&time).unwrap_or_default(),
    }
}

/// `POST /desk/handovers/{id}`: gives things to colleagues.
pub(super) async fn give(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let mut wish = Wish { all: Some(typed.id("all")).filter(|id| *id != 0), ..Wish::default() };
    let things = typed.0.iter().filter(|(name, value)| name.contains('_') && !value.is_empty());
    wish.each.extend(things.filter_map(|(name, value)| Some((name.clone(), value.parse().ok()?))));
    let given = app.act(me.actor(), move |tx, scene| handover::give(tx, scene, id, &wish)).await;
    let done = given.map(|it| format!("given&given={}&left={}", it.given, it.left));
    answer(&app, &me, id, typed, done).await
}

/// `POST /desk/handovers/{id}/{act}`: take, sign, give up.
pub(super) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Path((id, act)): Path<(i64, String)>,
) -> Result<Response, PageError> {
    let does = match act.as_str() {
        "take" => handover::take,
        "sign" => handover::sign,
        "give_up" => handover::give_up,
        _ => return Err(PageError::not_found()),
    };
    let done = app.act(me.actor(), move |tx, scene| does(tx, scene, id)).await;
    answer(&app, &me, id, Typed::default(), done.map(|()| act)).await
}

/// What became of an act: back to the page, or once more with what is wrong.
async fn answer(
    app: &App,
    me: &SignedIn,
    id: i64,
    typed: Typed,
    done: Result<String, ActError>,
) -> Result<Response, PageError> {
    match done {
        Ok(done) => Ok(redirect::to(&format!("{HERE}/{id}?done={done}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = page(app, me, id, typed, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /desk/handovers/{id}/print`
#[derive(askama::Template)]
#[template(path = "desk/handover_print.html")]
struct PrintedPage {
    page: PrintPage,
    name: String,
    organization: String,
    reason: String,
    begun: String,
    items: Vec<Item>,
    signed: String,
    ended: String,
    today: String,
}

/// `GET /desk/handovers/{id}/print`: the record of the hand-over (交接记录).
pub(super) async fn print(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let Opened { row, items, .. } = app.look(me.actor(), move |tx, scene| handover::open(tx, scene, id)).await?;
    Ok(render::page(&PrintedPage {
        page: PrintPage { title: "岗位交接记录".to_owned(), number: String::new(), back: format!("{HERE}/{id}") },
        items: items.iter().map(|item| item_line(item, written)).collect(),
        signed: match (row.signer, row.signed_at) {
            (Some(signer), Some(at)) => format!("{signer}，{}", written(at)),
            _ => String::new(),
        },
        begun: written(row.opened_at),
        ended: row.closed_at.map(written).unwrap_or_default(),
        name: row.name,
        organization: row.organization,
        reason: row.reason,
        today: view::dates::long_day(beijing_day(app.now())),
    }))
}

/// A moment as a record has it, with its year.
fn written(at: Timestamp) -> String {
    format!("{} {}", view::dates::long_day(beijing_day(at)), view::dates::time(beijing_time(at).time()))
}
