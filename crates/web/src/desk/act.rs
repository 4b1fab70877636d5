//! One page for each act: what the rule says, what will be made and sent, the questions, and the answer when it cannot be done.

mod accepting;
mod ask;
mod dispatching;
mod mediating;
mod operator;
mod perform;
mod reporting;
mod rewarding;
mod serving;
mod settlement;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::reading::{self, CaseFile};
use casework::{ActError, Scene, answer_phrase};
use domain::action::Action;
use domain::case_kind::CaseKind;
use domain::procedure::{By, step, step_for, steps_of};
use store::Tx;

use super::forms::{Asked, Typed};
use super::phrase_box::{self, PhraseBox};
use super::{case_view, labels};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, ClockView, DeskPage, ErrorPage, Errors, Notice, Section, Tag};
use crate::{frame, redirect, render};

/// `GET` and `POST /desk/cases/{number}/{action}`
#[derive(askama::Template)]
#[template(path = "desk/act.html")]
struct ActPage {
    page: DeskPage,
    number: String,
    title: String,
    status: Tag,
    limits: Vec<ClockView>,
    action: Action,
    label: &'static str,
    version: i64,
    says: String,
    article: String,
    /// What the act will make, send and start.
    will: Vec<String>,
    /// What was said before and is needed to decide: the proposal on the leader's page, the consumer's words at registration.
    beside: Vec<(String, String)>,
    fields: Vec<Asked>,
    items: Vec<settlement::ItemRow>,
    errors: Errors,
    official: bool,
    /// What the facts point at, where the act decides on acceptance.
    grounds: Option<accepting::Grounds>,
    /// What can be put into the act's text.
    phrases: Option<PhraseBox>,
}

/// What an act's page needs besides what was typed.
struct Prepared {
    file: CaseFile,
    fields: Vec<Asked>,
    will: Vec<String>,
    beside: Vec<(String, String)>,
    grounds: Option<accepting::Grounds>,
    phrases: Option<PhraseBox>,
}

/// `GET /desk/cases/{number}/{action}`
pub(super) async fn ask(
    State(app): State<App>,
    me: SignedIn,
    Path((number, action)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let action = of_staff(&action)?;
    let (asked, query) = (number.clone(), Typed(query));
    let prepared = app
        .look(me.actor(), move |tx, scene| {
            let mut prepared = prepare(tx, scene, &asked, action, None)?;
            let given = accepting::given(scene, &prepared.file, action, &query);
            prepared.fields = prepared.fields.into_iter().map(|asked| asked.given(&given)).collect();
            let standing = scene.actor.standing(&prepared.file.case);
            let state = &prepared.file.case.state;
            step(state.kind, state.status, action, &standing).map_err(ActError::NotLawful)?;
            if let Some(why) = state.not_now(action) {
                return Err(ActError::NotLawful(domain::procedure::WhyNot::NotNow { why }));
            }
            Ok::<_, ActError>(prepared)
        })
        .await
        .map_err(|error| refused(error, &number))?;
    let items = if settlement::is_asked(action) { settlement::rows(None) } else { Vec::new() };
    Ok(render::page(&page(&app, &me, action, prepared, items, Errors::none(), None)))
}

/// `POST /desk/cases/{number}/{action}`
pub(super) async fn perform(
    State(app): State<App>,
    me: SignedIn,
    Path((number, action)): Path<(String, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (action, typed) = (of_staff(&action)?, Typed(typed));
    let looks = (action == Action::LinkOperator && operator::looks(&typed)) || rewarding::computes(action, &typed);
    if looks || (settlement::is_asked(action) && settlement::changes_rows(&typed)) {
        return again(&app, &me, &number, action, typed, None).await;
    }
    if !typed.get(phrase_box::BUTTON).is_empty() {
        let asked = number.clone();
        let with_phrase = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<Typed, ActError> {
            let case = casework::record::readable(tx, scene, &asked)?;
            Ok(phrase_box::put_in(&typed, action, &answer_phrase::offered(tx, &case, action)?))
        };
        let typed = app.look(me.actor(), with_phrase).await?;
        return again(&app, &me, &number, action, typed, None).await;
    }
    let (asked, sent, seed) = (number.clone(), typed.clone(), app.fresh());
    let done = app.act(me.actor(), move |tx, scene| perform::perform(tx, scene, &asked, action, &sent, seed)).await;
    match done {
        Ok(_) => Ok(redirect::to(&format!("/desk/cases/{number}?done={}", action.key()))),
        Err(error @ (ActError::Invalid(_) | ActError::Conflict { .. })) => {
            again(&app, &me, &number, action, typed, Some(error)).await
        }
        Err(error) => Err(refused(error, &number)),
    }
}

/// The form once more with everything that was typed, and what is wrong: 422 for what was typed, 409 when somebody was first.
async fn again(
    app: &App,
    me: &SignedIn,
    number: &str,
    action: Action,
    typed: Typed,
    error: Option<ActError>,
) -> Result<Response, PageError> {
    let (asked, kept) = (number.to_owned(), typed.clone());
    let prepared = app.look(me.actor(), move |tx, scene| prepare(tx, scene, &asked, action, Some(&kept))).await?;
    let items = if settlement::is_asked(action) { settlement::rows(Some(&typed)) } else { Vec::new() };
    let (status, errors, notice) = match &error {
        None => (StatusCode::OK, Errors::none(), None),
        Some(ActError::Invalid(faults)) => {
            let errors = faults.iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        Some(error) => {
            let notice = Notice::refused("这一步没有办")
                .text(error.to_string())
                .link("看最新的办理过程", format!("/desk/cases/{number}"));
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
    };
    let page = page(app, me, action, prepared, items, errors, notice);
    Ok(render::page_with_status(status, &page))
}

/// An act of staff by its key; what only the consumer does has no page here.
fn of_staff(key: &str) -> Result<Action, PageError> {
    let action = Action::from_key(key).ok_or_else(PageError::not_found)?;
    let staff = steps_of(action).any(|row| {
        row.by
            .iter()
            .any(|by| matches!(by, By::Role(_) | By::Superior(_) | By::Bureau(_) | By::Beside(_) | By::Assigned))
    });
    // These two have pages of their own.
    if staff && !matches!(action, Action::AddEvidence | Action::MakeCopy) {
        Ok(action)
    } else {
        Err(PageError::not_found())
    }
}

/// A refusal with the way back to the case.
fn refused(error: ActError, number: &str) -> PageError {
    match &error {
        ActError::NotLawful(why) => {
            let by_you = matches!(why, domain::procedure::WhyNot::NotByYou { .. });
            let (status, title) =
                if by_you { (403, "这一步不由您办理") } else { (409, "现在不能这样办理") };
            ErrorPage::new(status, error.code(), title, error.to_string())
                .kept("没有任何内容被改动。")
                .link("回到案件", format!("/desk/cases/{number}"))
                .into()
        }
        _ => error.into(),
    }
}

fn prepare(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: Option<&Typed>,
) -> Result<Prepared, ActError> {
    let file = reading::case_file(tx, scene, number)?;
    let fields = match action {
        Action::LinkOperator => operator::fields(tx, scene, &file, typed.map_or("", |typed| typed.get("find")))?,
        _ => ask::fields(tx, scene, &file, action)?,
    };
    let fields = fields.into_iter().map(|asked| asked.typed(typed)).collect();
    let mut beside = dispatching::beside(tx, scene, &file, action)?;
    beside.extend(rewarding::beside(tx, scene, &file, action, typed)?);
    beside.extend(ask::beside(scene, &file, action));
    let grounds = accepting::grounds(scene, &file, action);
    let phrases = match domain::phrases::text_of(action) {
        Some(_) => PhraseBox::new(action, answer_phrase::offered(tx, &file.case, action)?),
        None => None,
    };
    Ok(Prepared { fields, will: will(scene, &file, action), beside, grounds, phrases, file })
}

fn page(
    app: &App,
    me: &SignedIn,
    action: Action,
    prepared: Prepared,
    items: Vec<settlement::ItemRow>,
    errors: Errors,
    notice: Option<Notice>,
) -> ActPage {
    let (house, now) = (app.house(), app.now());
    let (case, calendar) = (&prepared.file.case, house.calendar());
    let running = prepared.file.deadlines.iter().filter(|row| row.stopped_at.is_none() && row.bearer == "bureau");
    let mut running: Vec<_> = running.collect();
    running.sort_by_key(|row| row.due_at);
    let mut page = frame::desk(&me.0, Section::Cases);
    page.notice = notice;
    ActPage {
        page,
        number: case.number.clone(),
        title: case.matter.title.clone(),
        status: labels::status(case.state.kind, case.state.status),
        limits: running.into_iter().map(|row| case_view::clock_of(row).clock(&calendar, now)).collect(),
        action,
        label: action.label(),
        version: case.state.version,
        says: house.acts.says_for(case.state.kind, action).to_owned(),
        article: house.acts.cited_for(case.state.kind, action, &case.rule_set, case.overlay.as_deref()),
        will: prepared.will,
        beside: prepared.beside,
        fields: prepared.fields,
        items,
        errors,
        official: action.is_official(),
        grounds: prepared.grounds,
        phrases: prepared.phrases,
    }
}

/// What the act will make, send and start, in words.
fn will(scene: Scene<'_>, file: &CaseFile, action: Action) -> Vec<String> {
    let (house, state) = (scene.house, &file.case.state);
    let papers = step_for(state.kind, state.status, action).map_or(&[][..], |row| row.papers);
    let mut will = vec![format!("{}。", case_view::effect(state.kind, state.status, action))];
    let papers: Vec<String> = papers
        .iter()
        .filter(|key| rewarding::makes(file, key))
        .filter_map(|key| house.book.letter(&file.case.rule_set, key))
        .map(|it| format!("《{}》", it.title))
        .collect();
    if !papers.is_empty() {
        will.push(format!("文书：{}，编号自动生成，存入案卷。", papers.join("、")));
    }
    if state.kind != CaseKind::Report && tells_complainant(action) {
        let by = &file.complainant.notify_by;
        let mut words = format!("告知{}：{}", state.kind.person(), labels::notify_by(by));
        let machine = matches!(by.as_str(), "sms" | "email");
        if machine && !house.settings.gateways.contains_key(by) {
            words.push_str("（还没有配置这个通道，办完后请人工告知并记下）");
        } else if matches!(by.as_str(), "phone" | "letter") {
            words.push_str("（由您告知，办完后在案件页记下送达情况）");
        }
        will.push(format!("{words}，查询页同时可见。"));
    }
    if matches!(action, Action::Notify | Action::Arrange | Action::Tell) {
        will.push("告知被投诉人：有手机号的发短信，其余人工送达。".to_owned());
    }
    will
}

fn tells_complainant(action: Action) -> bool {
    matches!(
        action,
        Action::Accept
            | Action::Refuse
            | Action::RequestMaterials
            | Action::RequestIdentity
            | Action::Merge
            | Action::Unmerge
            | Action::Notify
            | Action::Arrange
            | Action::Tell
            | Action::Answer
            | Action::AnswerUrge
            | Action::ApproveReferral
    )
}
