//! 举报人身份: the page of a sealed identity, and what may be done there. An opened identity stands in one answer and nowhere else.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::reporter::ClearFile;
use casework::throttle::{self, Refusal};
use casework::vault::{self, Identity, IdentityFile, OpenKey, VaultError};
use casework::{ActError, Actor};
use domain::vault::vault_rules;
use serde::Deserialize;
use store::vault::{RequestRow, WrapRow};

use super::forms::Typed;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::limits::{Address, Attempt};
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, Errors, Notice, Section, Summary, SummaryRow, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET` and `POST /desk/cases/{number}/identity`
#[derive(askama::Template)]
#[template(path = "desk/identity.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct IdentityPage {
    page: DeskPage,
    number: String,
    title: String,
    reads_case: bool,
    sealed_at: String,
    opened: Option<Summary>,
    /// What was opened with it: name, and the bytes as a link that saves them.
    files: Vec<(String, String)>,
    opens: bool,
    keeps: bool,
    asked: bool,
    hours: i64,
    holders: Vec<Holder>,
    people: Vec<Choice>,
    requests: Vec<Wish>,
    looks: Vec<Look>,
    typed: Typed,
    errors: Errors,
}

/// Who can open it.
struct Holder {
    name: String,
    what: Tag,
    since: String,
    lost: bool,
    revoke: Option<i64>,
}

/// Who asked.
pub(super) struct Wish {
    pub(super) id: i64,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) reason: String,
    pub(super) at: String,
    state: Tag,
    answer: String,
    decides: bool,
}

/// Who looked.
struct Look {
    name: String,
    at: String,
    reason: String,
    approved: String,
}

/// What was just done: our own keys only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

fn moment(app: &App, at: jiff::Timestamp) -> String {
    view::dates::moment(at, app.now())
}

fn holder(app: &App, wrap: &WrapRow, keeps: bool) -> Holder {
    let (name, what) = match (wrap.holder.as_str(), &wrap.name) {
        ("custodian", Some(name)) => (name.clone(), tag("身份保管人", Tone::Teal)),
        (_, Some(name)) if wrap.until.is_some() => (name.clone(), tag("只看一次", Tone::Plain)),
        (_, Some(name)) => (name.clone(), tag("指定查看人", Tone::Plain)),
        (_, None) => ("托管人凑齐密钥".to_owned(), tag("密钥托管", Tone::Plain)),
    };
    let by = wrap.granted_by.as_ref().map(|by| format!("，{by} 授予")).unwrap_or_default();
    Holder {
        name,
        what,
        since: format!("{}{by}", moment(app, wrap.granted_at)),
        lost: !wrap.opens,
        revoke: (keeps && wrap.holder == "reader").then_some(wrap.id),
    }
}

pub(super) fn wish(app: &App, request: &RequestRow, decides: bool) -> Wish {
    let by = request.decided_by.as_deref().unwrap_or_default();
    let now = app.now();
    let state = match (request.approved, request.used_at, request.until) {
        (None, ..) => tag("等待批准", Tone::Amber),
        (Some(false), ..) => tag(format!("{by} 不同意"), Tone::Red),
        (_, Some(_), _) => tag(format!("{by} 批准，已打开"), Tone::Plain),
        (_, None, Some(until)) if until > now => tag(format!("{by} 批准"), Tone::Green),
        _ => tag("批准已过期", Tone::Plain),
    };
    Wish {
        id: request.id,
        number: request.number.clone(),
        name: request.name.clone(),
        reason: request.reason.clone(),
        at: moment(app, request.asked_at),
        state,
        answer: request.answer.clone(),
        decides,
    }
}

/// `GET /desk/cases/{number}/identity`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = page(&app, &me, &number, Typed::default(), Errors::none()).await?;
    page.page.notice = match done.done.as_str() {
        "ask" => Some(Notice::done("申请已提交").text("批准以后，您可以在这里打开一次。")),
        "approve" => Some(Notice::done("已批准").text(format!("{} 小时内有效，只能打开一次。", page.hours))),
        "decline" => Some(Notice::done("已答复不同意")),
        "reader" => Some(Notice::done("已指定查看人")),
        "revoke" => Some(Notice::done("已收回查看权")),
        _ => None,
    };
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, number: &str, typed: Typed, errors: Errors) -> Result<IdentityPage, PageError> {
    let asked = number.to_owned();
    let (file, people) = app
        .look(me.actor(), move |tx, scene| {
            let file = vault::identity_file(tx, scene, &asked)?;
            let mut people = Vec::new();
            for id in [file.case.state.lead, file.case.state.partner].into_iter().flatten() {
                people.extend(store::account::find(tx, id)?.map(|account| (account.id, account.name)));
            }
            Ok::<_, ActError>((file, people))
        })
        .await?;
    let IdentityFile { case, identity, wraps, requests, openings, keeps, opens, asked, decides } = file;
    // One decision at a time: the oldest wish first.
    let next = decides.iter().min().copied();
    let reads = |id: &i64| wraps.iter().any(|wrap| wrap.account_id == Some(*id) && wrap.until.is_none());
    Ok(IdentityPage {
        page: frame::desk(&me.0, if me.0.may_read(&case) { Section::Cases } else { Section::Identities }),
        number: case.number.clone(),
        reads_case: me.0.may_read(&case),
        title: case.matter.title.clone(),
        sealed_at: moment(app, identity.made_at),
        opened: None,
        files: Vec::new(),
        opens,
        keeps,
        asked,
        hours: vault_rules().opening.approved_hours,
        holders: wraps.iter().map(|wrap| holder(app, wrap, keeps)).collect(),
        people: people
            .into_iter()
            .filter(|(id, _)| !reads(id))
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect(),
        requests: requests.iter().map(|request| wish(app, request, next == Some(request.id))).collect(),
        looks: openings
            .into_iter()
            .map(|look| Look {
                name: look.name,
                at: moment(app, look.at),
                reason: look.reason,
                approved: look.approved_by.unwrap_or_default(),
            })
            .collect(),
        typed,
        errors,
    })
}

/// What was sent to the page, and in which field of it a fault stands.
const FORMS: &[(&str, &str)] = &[
    ("ask", "why"),
    ("open", "reason"),
    ("approve", "approve"),
    ("decline", "answer"),
    ("reader", "account"),
    ("revoke", "revoke"),
];

/// `POST /desk/cases/{number}/identity/{what}`
pub(super) async fn act(
    State(app): State<App>,
    me: SignedIn,
    Address(address): Address,
    Path((number, what)): Path<(String, String)>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = Typed(typed);
    let Some((what, field)) = FORMS.iter().find(|(key, _)| *key == what) else {
        return Err(ActError::NotFound.into());
    };
    // Whoever may not know of it gets no further, and no password of hers is tried.
    let asked = number.clone();
    app.look(me.actor(), move |tx, scene| vault::identity_file(tx, scene, &asked).map(drop)).await?;
    let outcome = match *what {
        "open" | "approve" | "reader" | "revoke" => {
            app.limits().check(Attempt::Login, address)?;
            match unlock(&app, &me, Some(&number), password_of(&typed)).await? {
                Ok(key) => with_key(&app, &me, &number, what, &typed, key).await,
                Err(sentence) => Err(ActError::field("password", "vault.password", sentence)),
            }
        }
        _ => without_key(&app, &me, &number, what, &typed).await.map(|()| None),
    };
    match outcome {
        Ok(Some(identity)) => {
            let mut page = page(&app, &me, &number, Typed::default(), Errors::none()).await?;
            let (identity, files) = *identity;
            page.files = files.iter().map(saved).collect();
            page.opened = Some(summary(identity));
            page.page.notice = Some(
                Notice::information("举报人身份只显示这一次")
                    .text("这次查看已经记录。请不要抄录在案卷里；离开本页后不再显示。"),
            );
            Ok(render::page(&page))
        }
        Ok(None) => Ok(redirect::to(&format!("/desk/cases/{number}/identity?done={what}"))),
        Err(error @ (ActError::Invalid(_) | ActError::Conflict { .. })) => {
            let named = |name: &str| match name {
                "password" => format!("{what}_password"),
                _ => (*field).to_owned(),
            };
            let mut errors = Errors::none();
            match &error {
                ActError::Invalid(faults) => {
                    for fault in faults {
                        errors.push(named(&fault.field), fault.message.clone());
                    }
                }
                other => errors.push("", other.to_string()),
            }
            let page = page(&app, &me, &number, without_passwords(typed), errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

async fn without_key(
    app: &App,
    me: &SignedIn,
    number: &str,
    what: &'static str,
    typed: &Typed,
) -> Result<(), ActError> {
    let (number, typed) = (number.to_owned(), typed.clone());
    let id = typed.get("id").parse().unwrap_or_default();
    app.act(me.actor(), move |tx, scene| match what {
        "ask" => vault::request_opening(tx, scene, &number, typed.get("why")),
        _ => vault::decline_opening(tx, scene, id, typed.get("answer")),
    })
    .await
}

async fn with_key(
    app: &App,
    me: &SignedIn,
    number: &str,
    what: &'static str,
    typed: &Typed,
    key: OpenKey,
) -> Result<Option<Box<(Identity, Vec<ClearFile>)>>, ActError> {
    let (number, typed, seed) = (number.to_owned(), typed.clone(), app.fresh());
    let id = typed.get("id").parse().unwrap_or_default();
    let account = typed.get("account").parse().unwrap_or_default();
    app.act(me.actor(), move |tx, scene| match what {
        "open" => {
            let identity = vault::open_identity(tx, scene, &number, typed.get("reason"), &key)?;
            let files = vault::own_files(tx, &number, &identity)?;
            Ok(Some(Box::new((identity, files))))
        }
        "approve" => vault::approve_opening(tx, scene, id, &key, seed).map(|()| None),
        "revoke" => vault::revoke_reader(tx, scene, &number, id, &key, seed).map(|()| None),
        _ => vault::name_reader(tx, scene, &number, account, &key, seed).map(|()| None),
    })
    .await
}

/// A file inside the page itself: no address leads to it, so it is seen this once.
fn saved(file: &ClearFile) -> (String, String) {
    (file.name.clone(), format!("data:{};base64,{}", file.media_type, STANDARD.encode(&file.bytes)))
}

fn summary(identity: Identity) -> Summary {
    let rows = [
        ("姓名", identity.name),
        ("电话", identity.phone),
        ("通讯地址", identity.address),
        ("证件号码", identity.id_number),
        ("其他", identity.other),
    ];
    let told = rows.into_iter().filter(|(_, value)| !value.is_empty());
    Summary::new(told.map(|(name, value)| SummaryRow::new(name, value)).collect())
}

/// As it was typed: a password may begin or end with a space.
pub(super) fn password_of(typed: &Typed) -> String {
    let password = |name: &String| name.ends_with("password");
    typed.0.iter().find(|(name, _)| password(name)).map(|(_, value)| value.clone()).unwrap_or_default()
}

fn without_passwords(mut typed: Typed) -> Typed {
    typed.0.retain(|(name, _)| !name.ends_with("password"));
    typed
}

/// Her own key, opened with the password she just typed, or a sentence why not. A wrong one counts like one at the door.
pub(super) async fn unlock(
    app: &App,
    me: &SignedIn,
    number: Option<&str>,
    password: String,
) -> Result<Result<OpenKey, String>, PageError> {
    let id = me.0.account_id;
    let found = app
        .look(me.actor(), move |tx, scene| {
            let account = store::account::find(tx, id)?.ok_or(ActError::Forbidden)?;
            let waits = throttle::waits_inside(tx, scene, &account.login)?;
            Ok::<_, ActError>((waits, vault::live_key(tx, id)?))
        })
        .await?;
    let (waits, Some(key)) = found else {
        return Ok(Err("您还没有本人密钥：请退出后重新登录一次，密钥会自动建立".to_owned()));
    };
    let locked = |until| format!("密码输错次数太多，请在 {} 之后再试", moment(app, until));
    if let Some(until) = waits {
        return Ok(Err(locked(until)));
    }
    match app.hashing(move || vault::unlock(&key, &password)).await? {
        Ok(key) => Ok(Ok(key)),
        Err(VaultError::WrongPassword) => {
            let number = number.map(str::to_owned);
            let actor = Actor::Staff(me.0.clone());
            let noted =
                app.act(actor, move |tx, scene| vault::note_wrong_password(tx, scene, number.as_deref())).await?;
            Ok(Err(match noted {
                Refusal::Wrong { left } => format!("密码不对，请重新输入；再输错 {left} 次，要等一会儿才能再试"),
                Refusal::Locked { until } => locked(until),
            }))
        }
        Err(error) => Err(ActError::from(error).into()),
    }
}
