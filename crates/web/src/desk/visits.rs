//! 回访: the sample, the calls of the one whose visits they are, and what was heard.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::visit::{self, Call, Place};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use domain::visit::visits;
use jiff::civil::Date;
use serde::Deserialize;
use store::Tx;
use store::visit::VisitRow;

use super::forms::Typed;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// Rows of each list.
const SHOWN: i64 = 200;

/// `GET` and `POST /desk/visits`
#[derive(askama::Template)]
#[template(path = "desk/visits.html")]
struct VisitsPage {
    page: DeskPage,
    draws: bool,
    count: String,
    errors: Errors,
    mine: Vec<Row>,
    others: Vec<Row>,
    done: Vec<Row>,
    tries_at_most: i64,
    draw_hint: String,
    hours: String,
}

/// A visit in a list.
struct Row {
    href: String,
    number: String,
    title: String,
    reasons: String,
    visitor: String,
    tries: i64,
    drawn: String,
    heard: Option<Tag>,
    words: String,
    /// Where the case is taken up again, when what was heard speaks for it.
    reopen: Option<String>,
}

fn row(visit: &VisitRow, today: Date) -> Row {
    let heard = match (visit.heard.result.as_deref(), visit.heard.solved) {
        (Some("reached"), Some(true)) => Some(tag("已解决", Tone::Green)),
        (Some("reached"), _) => Some(tag("没有解决", Tone::Red)),
        (Some("declined"), _) => Some(tag("不愿回答", Tone::Plain)),
        (Some(_), _) => Some(tag("没有联系上", Tone::Plain)),
        (None, _) => None,
    };
    let mark = visit.heard.mark.map(|mark| format!("{mark} 分。")).unwrap_or_default();
    Row {
        href: format!("/desk/visits/{}", visit.id),
        number: visit.number.clone(),
        title: visit.title.clone(),
        reasons: if visit.reasons.is_empty() { "随机".to_owned() } else { visit.reasons.clone() },
        visitor: visit.visitor_name.clone(),
        tries: visit.tries,
        drawn: view::dates::short_day(beijing_day(visit.drawn_at), today),
        heard,
        words: format!("{mark}{}", visit.heard.words),
        reopen: visit::speaks_for_reopening(visit).then(|| format!("/desk/cases/{}/reopen", visit.number)),
    }
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
    drawn: usize,
}

/// `GET /desk/visits`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, "20".to_owned(), Errors::none()).await?;
    page.page.notice = match done.done.as_str() {
        "called" => Some(Notice::done("已记下这次联系")),
        "drawn" if done.drawn == 0 => Some(
            Notice::information("没有抽到案件")
                .text("最近告知结果、还没有回访过的投诉都不在范围内，或者没有可以回避经办的回访人。"),
        ),
        "drawn" => Some(Notice::done(format!("已抽取 {} 件", done.drawn)).text("已分给没有经办过的人员。")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, count: String, errors: Errors) -> Result<VisitsPage, PageError> {
    let place = my_place(me)?;
    let (open, done) = app
        .read(move |tx| {
            let open = store::visit::open(tx, place.bureau, SHOWN)?;
            Ok::<_, ActError>((open, store::visit::done(tx, place.bureau, SHOWN)?))
        })
        .await?;
    let (today, my_id) = (beijing_day(app.now()), me.0.account_id);
    let (mine, others): (Vec<_>, Vec<_>) = open.iter().partition(|visit| visit.visitor_id == my_id);
    // Who only asks sees what she heard; who draws sees all of it.
    let seen = done.iter().filter(|visit| place.draws || visit.visitor_id == my_id);
    let contact = &visits().contact;
    Ok(VisitsPage {
        page: frame::desk(&me.0, Section::Queue),
        draws: place.draws,
        count,
        errors,
        mine: mine.into_iter().map(|visit| row(visit, today)).collect(),
        others: others.into_iter().filter(|_| place.draws).map(|visit| row(visit, today)).collect(),
        done: seen.map(|visit| row(visit, today)).collect(),
        tries_at_most: contact.tries_at_most,
        draw_hint: format!(
            "从最近 {} 天告知结果的投诉里抽；评价没有解决、评分低、没有评价、金额大、终止调解、重新办理过的更容易抽到",
            visits().told_within_days
        ),
        hours: format!("{} 点到 {} 点", contact.from_hour, contact.until_hour),
    })
}

fn my_place(me: &SignedIn) -> Result<Place, PageError> {
    visit::place(&me.0).ok_or_else(|| {
        PageError::forbidden("回访由 12315 中心的坐席、值班长和分送员进行。如有需要，请联系本单位管理员。")
    })
}

/// How many to draw.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Draw {
    count: String,
}

/// `POST /desk/visits`: draws a sample.
pub(super) async fn draw(
    State(app): State<App>,
    me: SignedIn,
    FormBody(form): FormBody<Draw>,
) -> Result<Response, PageError> {
    if !my_place(&me)?.draws {
        return Err(PageError::forbidden("抽取回访样本由值班长或者分送员进行。"));
    }
    let count = form.count.trim().parse().unwrap_or_default();
    match app.act(me.actor(), move |tx, scene| visit::draw(tx, scene, count)).await {
        Ok(drawn) => Ok(redirect::to(&format!("/desk/visits?done=drawn&drawn={drawn}"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = page(&app, &me, form.count, errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET` and `POST /desk/visits/{id}`
#[derive(askama::Template)]
#[template(path = "desk/visit.html")]
struct VisitPage {
    page: DeskPage,
    id: i64,
    visit: Row,
    tries_left: i64,
    again: bool,
    hours: String,
    results: Vec<Choice>,
    marks: Vec<Choice>,
    typed: Typed,
    errors: Errors,
}

fn visit_page(app: &App, me: &SignedIn, visit: &VisitRow, typed: Typed, errors: Errors) -> VisitPage {
    let contact = &visits().contact;
    let mark =
        |(place, words): (usize, &&str)| Choice::new((place + 1).to_string(), format!("{} 分 {words}", place + 1));
    let words = ["很不满意", "不满意", "一般", "满意", "很满意"];
    VisitPage {
        page: frame::desk(&me.0, Section::Queue),
        id: visit.id,
        visit: row(visit, beijing_day(app.now())),
        tries_left: contact.tries_at_most - visit.tries,
        again: visit.done_at.is_none(),
        hours: format!("{} 点到 {} 点", contact.from_hour, contact.until_hour),
        results: vec![
            Choice::new("reached", "联系上了"),
            Choice::new("unreached", "没有人接").explained("还可以再打；打满次数就记为没有联系上"),
            Choice::new("declined", "不愿意回答").explained("不再打扰"),
        ],
        marks: words.iter().enumerate().rev().map(mark).collect(),
        typed,
        errors,
    }
}

/// `GET /desk/visits/{id}`
pub(super) async fn ask(State(app): State<App>, me: SignedIn, Path(id): Path<i64>) -> Result<Response, PageError> {
    let visit = app.look(me.actor(), move |tx: &mut Tx<'_>, scene: Scene<'_>| visit::mine(tx, scene, id)).await?;
    Ok(render::page(&visit_page(&app, &me, &visit, Typed::default(), Errors::none())))
}

/// `POST /desk/visits/{id}`: keeps a call.
pub(super) async fn call(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<i64>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let tries = typed.get("tries").parse().unwrap_or_default();
    let call = Call {
        result: typed.get("result").to_owned(),
        solved: match typed.get("solved") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        mark: typed.get("mark").parse().unwrap_or_default(),
        words: typed.get("words").to_owned(),
    };
    let (status, errors, notice) =
        match app.act(me.actor(), move |tx, scene| visit::call(tx, scene, id, tries, &call)).await {
            Ok(_) => return Ok(redirect::to("/desk/visits?done=called")),
            Err(ActError::Invalid(faults)) => {
                let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
                (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
            }
            Err(error @ ActError::Conflict { .. }) => {
                let notice = Notice::refused("这次联系没有记下").text(error.to_string());
                (StatusCode::CONFLICT, Errors::none(), Some(notice))
            }
            Err(error) => return Err(error.into()),
        };
    let visit = app.look(me.actor(), move |tx: &mut Tx<'_>, scene: Scene<'_>| visit::mine(tx, scene, id)).await?;
    let mut page = visit_page(&app, &me, &visit, typed, errors);
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}
