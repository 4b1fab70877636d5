//! `/api/v1/cases/{number}`: what a consumer reads and does on her tracking page, for a program that has her query code
//! (catalogue 3.12, 8.2). The case may have come in any way; the code opens it, never the token alone.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::once::{self, Once, RequestKey, TakenDeadline};
use casework::supplement::{self, Brought};
use casework::tracking::{self, OwnFile};
use casework::{ActError, Actor, Scene, consumer, feedback, letters, recusal, reopening, reporter, rewarding};
use domain::action::Action;
use domain::chain::hex;
use domain::filing::FieldError;
use domain::mediation::Side;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Tx;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use utoipa::{IntoResponses, ToSchema};

use crate::api::complaints::{self, Deadline, Wanted};
use crate::api::problem::Problem;
use crate::api::tokens::Bearer;
use crate::app::App;
use crate::citizen::upload::{self, Shelf};
use crate::limits::Address;

/// The header with the consumer's query code: it never stands in an address.
const QUERY_CODE: &str = "query-code";

/// A case as its consumer may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Tracked {
    /// 编号.
    number: String,
    /// `complaint`, `report`, `consultation`, `suggestion`, `staff_complaint`.
    kind: &'static str,
    /// Where it stands: key.
    status: &'static str,
    /// Where it stands, in Chinese.
    status_label: &'static str,
    /// How it ended; none while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// One line.
    title: String,
    /// When it came in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// The bureau that has it.
    bureau: String,
    /// Its telephone.
    phone: String,
    /// The office that has it, once one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    /// What happened, oldest first.
    course: Vec<Happened>,
    /// The limits within which she hears something.
    deadlines: Vec<Deadline>,
    /// What she is asked to bring.
    wanted: Vec<Wanted>,
    /// The answer to a question or suggestion.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// The letters addressed to her.
    letters: Vec<Sent>,
    /// What she and the officers wrote to each other about a report, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exchange: Vec<Said>,
    /// Who mediates, for a recusal.
    mediators: Vec<Mediator>,
    /// Her files that wait to be added with `add_evidence` or `supplement`.
    waiting_files: Vec<Waiting>,
    /// What she may do now: each is `POST /api/v1/cases/{number}/` and this word.
    allowed_actions: Vec<&'static str>,
}

/// A thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Happened {
    /// When, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    at: String,
    /// What, in Chinese.
    words: String,
    /// She did it herself.
    hers: bool,
}

/// A letter addressed to her.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Sent {
    /// Its title.
    title: String,
    /// 文号; empty when it has none.
    number: String,
    /// The day on it.
    #[schema(format = Date)]
    day: String,
    /// Its text, a paragraph a line.
    text: String,
}

/// A message of the exchange about a report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Said {
    /// When, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    at: String,
    /// She wrote it herself.
    hers: bool,
    /// The words.
    words: String,
}

impl From<store::report::MessageRow> for Said {
    fn from(row: store::report::MessageRow) -> Said {
        Said { at: row.sent_at.to_string(), hers: row.sender == "reporter", words: row.body }
    }
}

/// An officer who mediates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Mediator {
    /// What `request_recusal` names her by.
    officer: String,
    /// 姓名.
    name: String,
}

/// A file that came up and waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Waiting {
    /// What a removal names it by.
    id: i64,
    /// Its name.
    name: String,
    /// In bytes.
    size: i64,
}

/// What an act made of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct Done {
    /// 编号.
    number: String,
    /// What was done.
    action: String,
    /// Where the case stands now: key.
    status: String,
    /// Where the case stands now, in Chinese.
    status_label: String,
}

/// What became of files that were sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Uploaded {
    /// All that wait now.
    waiting_files: Vec<Waiting>,
    /// Why a file was not taken, a sentence each.
    refused: Vec<String>,
}

/// What may be wrong with every request here.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described, never built: the handlers answer with `Problem`")]
pub(super) enum Refused {
    /// A header or the body is not what it must be
    #[response(status = 400, content_type = "application/problem+json")]
    Bad(Problem),
    /// No valid token
    #[response(status = 401, content_type = "application/problem+json")]
    Unknown(Problem),
    /// The token is good for something else
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// No such case, or the query code is wrong: the two look alike
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Not lawful now, or the key stands for another request
    #[response(status = 409, content_type = "application/problem+json")]
    NotNow(Problem),
    /// Too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another type
    #[response(status = 415, content_type = "application/problem+json")]
    OtherType(Problem),
    /// Fields are wrong: all of them in errors
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests, or too many wrong query codes
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// The database is busy: send it again
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// The case that the number and the query code in the header open, for a token that may come to it.
async fn opened(app: &App, bearer: &Bearer, headers: &HeaderMap, number: String) -> Result<CaseRow, Problem> {
    let code = headers.get(QUERY_CODE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    if code.len() != 12 && code.len() != reporter::CODE_DIGITS {
        let detail = "请在 Query-Code 头中带上投诉人的查询码，12 位数字；举报用 16 位回执码。";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "query_code.missing", "缺少查询码", detail));
    }
    let now = app.now();
    if app.tries().exhausted(&number, now) {
        let detail = "这个编号的查询码输错了太多次，请过 15 分钟再试。";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "query_code.too_often", "请求太频繁", detail));
    }
    let (house, asked, confined_to) = (app.house().clone(), number.clone(), bearer.0.organization_id);
    let found = app.read(move |tx| {
        let Some(case) = tracking::find(tx, &house, &asked, &code)? else { return Ok(None) };
        let within = match confined_to {
            Some(id) => store::organization::find(tx, id)?.is_some_and(|own| case.bureau_path.starts_with(&own.reach)),
            None => true,
        };
        Ok::<_, ActError>(Some(case).filter(|_| within))
    });
    let Some(case) = found.await? else {
        app.tries().note_wrong(&number, now);
        app.act(Actor::Public, move |tx, scene| tracking::note_wrong(tx, scene, &number)).await?;
        let detail = "没有找到这个编号，或者查询码不对。请对照回执核对。";
        return Err(Problem::new(StatusCode::NOT_FOUND, "case.not_found", "没有找到", detail));
    };
    app.tries().note_right(&number);
    Ok(case)
}

fn waiting(files: Vec<AttachmentRow>) -> Vec<Waiting> {
    files.into_iter().map(|file| Waiting { id: file.id, name: file.name, size: file.size }).collect()
}

/// A case as its consumer reads it, for whoever has its number and her query code.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{number}",
    tag = "cases",
    params(("number" = String, Path, description = "编号"), ("Query-Code" = String, Header, description = "查询码")),
    responses((status = 200, description = "Where it stands", body = Tracked), Refused),
    security(("token" = [])),
)]
pub(super) async fn read(
    State(app): State<App>,
    bearer: Bearer,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Tracked>, Problem> {
    bearer.allows(&["filing", "tracking"])?;
    let case = opened(&app, &bearer, &headers, number).await?;
    let (id, shelf) = (case.id, upload::waiting_hash(&app, case.id));
    let found = app.look(Actor::Complainant { case_id: id }, move |tx, scene| {
        let own = tracking::own_file(tx, scene, id)?;
        let mediators = recusal::mediators(tx, &own.case)?;
        Ok::<_, ActError>((own, mediators, store::attachment::of_draft(tx, &shelf)?))
    });
    let (own, mediators, files) = found.await?;
    Ok(Json(tracked(own, mediators, files)))
}

fn tracked(own: OwnFile, mediators: Vec<(i64, String)>, files: Vec<AttachmentRow>) -> Tracked {
    let (kind, state) = (own.case.state.kind, &own.case.state);
    let mut allowed: Vec<Action> = own.allowed.iter().map(|step| step.action).collect();
    allowed.retain(|action| match action {
        Action::Urge => !state.urge_open,
        Action::Reopen => own.may_reopen,
        Action::RequestRecusal => state.notified,
        _ => true,
    });
    let asked = own.asked.into_iter().filter(|row| row.answered_at.is_none());
    let mediates = allowed.contains(&Action::RequestRecusal);
    Tracked {
        kind: kind.key(),
        status: state.status.key(),
        status_label: state.status.label_for(kind),
        outcome: store::case::outcome_columns(state.outcome).0,
        received_at: own.case.received_at.to_string(),
        course: own
            .course
            .into_iter()
            .map(|told| Happened { at: told.at.to_string(), words: told.words, hers: told.hers })
            .collect(),
        deadlines: own.awaited.into_iter().map(TakenDeadline::from).map(Deadline::from).collect(),
        wanted: if allowed.contains(&Action::Supplement) { asked.map(Wanted::from).collect() } else { Vec::new() },
        answer: own.answer,
        letters: own.letters.iter().filter_map(letters::read).map(Sent::from).collect(),
        mediators: mediators
            .into_iter()
            .filter(|_| mediates)
            .map(|(id, name)| Mediator { officer: id.to_string(), name })
            .collect(),
        exchange: own.exchange.into_iter().map(Said::from).collect(),
        waiting_files: waiting(files),
        allowed_actions: allowed.into_iter().map(Action::key).collect(),
        bureau: own.bureau_name,
        phone: own.phone,
        office: own.unit_name,
        title: own.case.matter.title,
        number: own.case.number,
    }
}

impl From<letters::KeptLetter> for Sent {
    fn from(kept: letters::KeptLetter) -> Sent {
        let rows = kept.letter.rows.iter().map(|row| format!("{}：{}", row.label, row.value));
        let lines = kept.letter.addressee.iter().cloned().chain(rows).chain(kept.letter.paragraphs.iter().cloned());
        let text = lines.collect::<Vec<_>>().join("\n");
        Sent { title: kept.letter.title, number: kept.number, day: kept.day.to_string(), text }
    }
}

/// An act of the consumer as a program sends it. Every value is text as she would type it.
trait HerAct: Clone + Default + DeserializeOwned + Send + Sync + 'static {
    /// The verb, and the end of the address.
    const ACTION: Action;

    /// Does it; `shelf` is where her files wait.
    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, shelf: &str) -> Result<CaseRow, ActError>;
}

async fn act<A: HerAct>(
    app: &App,
    bearer: &Bearer,
    number: String,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    bearer.allows(&["filing"])?;
    let key = complaints::idempotency_key(headers)?;
    let case = opened(app, bearer, headers, number).await?;
    let body = complaints::json_body(headers, body)?;
    let typed: A = complaints::read_object(&body)?;
    let address = format!("{}/{}\n", case.number, A::ACTION.key());
    let request_hash = hex(&Sha256::digest([address.as_bytes(), &body].concat()));
    let (scope, shelf) = (format!("api:{}:cases", bearer.0.id), upload::waiting_hash(app, case.id));
    let (actor, number) = (Actor::Complainant { case_id: case.id }, case.number);
    let perform = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        let request = RequestKey { scope: &scope, key: &key, request_hash: &request_hash };
        once::once(tx, scene, request, |tx| {
            let case = typed.perform(tx, scene, &number, &shelf)?;
            Ok(Done {
                action: A::ACTION.key().to_owned(),
                status: case.state.status.key().to_owned(),
                status_label: case.state.status.label_for(case.state.kind).to_owned(),
                number: case.number,
            })
        })
    };
    match complaints::twice(app, actor, perform).await? {
        Once::Taken(done) => Ok(Json(done).into_response()),
        Once::OtherRequest => Err(Problem::other_request()),
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $function:ident($body:ident) at $path:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(
            post,
            path = $path,
            tag = "cases",
            params(
                ("number" = String, Path, description = "编号"),
                ("Query-Code" = String, Header, description = "查询码"),
                ("Idempotency-Key" = String, Header, description = "A key of the caller's own for this act; sent again with the same body it gives the first answer.")
            ),
            request_body(content = $body, content_type = "application/json"),
            responses((status = 200, description = "Done, now or by the first request under this key", body = Done), Refused),
            security(("token" = [])),
        )]
        pub(super) async fn $function(
            State(app): State<App>,
            bearer: Bearer,
            Path(number): Path<String>,
            headers: HeaderMap,
            body: Result<Bytes, BytesRejection>,
        ) -> Result<Response, Problem> {
            act::<$body>(&app, &bearer, number, &headers, body).await
        }
    )*};
}

acts! {
    /// Asks for news (催办).
    urge(Urge) at "/api/v1/cases/{number}/urge";
    /// Withdraws (撤回).
    withdraw(Withdraw) at "/api/v1/cases/{number}/withdraw";
    /// Says whether it was solved, and how she was treated (评价).
    rate(Rate) at "/api/v1/cases/{number}/rate";
    /// Says what is not solved, so that it is taken up again (要求重新办理).
    reopen(Reopen) at "/api/v1/cases/{number}/reopen";
    /// Asks that a mediator leave the case (申请回避).
    request_recusal(RequestRecusal) at "/api/v1/cases/{number}/request_recusal";
    /// Brings what she was asked for, with the files that wait (补充要求的材料).
    supplement(Supplement) at "/api/v1/cases/{number}/supplement";
    /// Writes to the officers of a report (给承办人留言).
    write_officers(WriteOfficers) at "/api/v1/cases/{number}/write_officers";
    /// Wants the reward for her report (申请领取奖励).
    claim_reward(ClaimReward) at "/api/v1/cases/{number}/claim_reward";
    /// Does not want it; that is not undone (放弃奖励).
    waive_reward(WaiveReward) at "/api/v1/cases/{number}/waive_reward";
    /// Objects to the sum, once (申请复核奖励金额).
    ask_review(AskReview) at "/api/v1/cases/{number}/ask_review";
    /// Adds the files that wait (补充材料).
    add_evidence(AddEvidence) at "/api/v1/cases/{number}/add_evidence";
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct $name { $($(#[$meta])* #[schema(required = false)] $field: String,)* }
    )*};
}

bodies! {
    /// 催办.
    Urge {
        /// Her words, at most 500 characters.
        words,
    }
    /// 撤回.
    Withdraw {
        /// Why, at most 500 characters.
        words,
    }
    /// 评价.
    Rate {
        /// `yes` or `no`.
        solved,
        /// `1` to `5`.
        mark,
        /// Her words, at most 500 characters.
        words,
    }
    /// 要求重新办理.
    Reopen {
        /// What is not solved; needed.
        reason,
    }
    /// 申请回避.
    RequestRecusal {
        /// Whom, as `mediators` names her; needed.
        officer,
        /// Why; needed.
        reason,
    }
    /// 补充要求的材料: what stays as it was is left out.
    Supplement {
        /// 姓名.
        name,
        /// 电话.
        phone,
        /// 通讯地址.
        address,
        /// 证件类型; code table `id_kinds`.
        id_kind,
        /// 证件号码.
        id_number,
        /// What it shows.
        note,
    }
    /// 给承办人留言.
    WriteOfficers {
        /// Her words, at most 2,000 characters; needed.
        words,
    }
    /// 申请领取奖励: nothing is asked.
    ClaimReward {}
    /// 放弃奖励: nothing is asked.
    WaiveReward {}
    /// 申请复核奖励金额.
    AskReview {
        /// Her words, at most 2,000 characters, without anything that says who she is; needed.
        words,
    }
    /// 补充材料.
    AddEvidence {
        /// What the files show, at most 500 characters.
        note,
    }
}

impl HerAct for Urge {
    const ACTION: Action = Action::Urge;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        consumer::urge(tx, scene, number, None, &self.words)
    }
}

impl HerAct for Withdraw {
    const ACTION: Action = Action::Withdraw;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        consumer::withdraw(tx, scene, number, None, &self.words)
    }
}

impl HerAct for Rate {
    const ACTION: Action = Action::Rate;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        let mark = self.mark.parse().ok().filter(|mark| (1..=5).contains(mark));
        let mut faults = Vec::new();
        for (wrong, field, message) in [
            (!matches!(self.solved.as_str(), "yes" | "no"), "solved", "请写问题是否解决：yes 或者 no"),
            (mark.is_none(), "mark", "请在 1 到 5 分中选择"),
        ] {
            if wrong {
                let (code, message) = (format!("{field}.missing"), message.to_owned());
                faults.push(FieldError { code, message, field: field.to_owned() });
            }
        }
        match (mark, faults.is_empty()) {
            (Some(mark), true) => feedback::rate(tx, scene, number, None, self.solved == "yes", mark, &self.words),
            _ => Err(ActError::Invalid(faults)),
        }
    }
}

impl HerAct for Reopen {
    const ACTION: Action = Action::Reopen;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        reopening::reopen(tx, scene, number, None, &self.reason)
    }
}

impl HerAct for RequestRecusal {
    const ACTION: Action = Action::RequestRecusal;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        let officer = self.officer.parse().unwrap_or_default();
        recusal::request(tx, scene, number, None, Side::Complainant, officer, &self.reason)
    }
}

impl HerAct for Supplement {
    const ACTION: Action = Action::Supplement;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, shelf: &str) -> Result<CaseRow, ActError> {
        let text = |typed: &str| typed.trim().to_owned();
        let brought = Brought {
            name: text(&self.name),
            phone: text(&self.phone),
            address: text(&self.address),
            id_kind: text(&self.id_kind),
            id_number: text(&self.id_number),
            note: text(&self.note),
        };
        supplement::bring(tx, scene, number, None, &brought, Some(shelf))
    }
}

impl HerAct for WriteOfficers {
    const ACTION: Action = Action::WriteOfficers;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        reporter::write(tx, scene, number, None, &self.words)
    }
}

impl HerAct for ClaimReward {
    const ACTION: Action = Action::ClaimReward;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        rewarding::claim(tx, scene, number, None)
    }
}

impl HerAct for WaiveReward {
    const ACTION: Action = Action::WaiveReward;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        rewarding::waive(tx, scene, number, None)
    }
}

impl HerAct for AskReview {
    const ACTION: Action = Action::AskReview;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, _: &str) -> Result<CaseRow, ActError> {
        rewarding::ask_review(tx, scene, number, None, &self.words)
    }
}

impl HerAct for AddEvidence {
    const ACTION: Action = Action::AddEvidence;

    fn perform(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, shelf: &str) -> Result<CaseRow, ActError> {
        consumer::add_evidence(tx, scene, number, None, shelf, &self.note)
    }
}

/// A form with files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described, never built: the handler reads the form as it comes")]
pub(super) struct Files {
    /// The files.
    #[schema(value_type = Vec<String>, format = Binary)]
    evidence: Vec<String>,
}

/// Files that go up first and wait for `add_evidence` or `supplement`. The same file sent again is one file.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{number}/files",
    tag = "cases",
    params(("number" = String, Path, description = "编号"), ("Query-Code" = String, Header, description = "查询码")),
    request_body(content = Files, content_type = "multipart/form-data"),
    responses((status = 200, description = "What waits now, and what was not taken", body = Uploaded), Refused),
    security(("token" = [])),
)]
pub(super) async fn upload(
    State(app): State<App>,
    bearer: Bearer,
    Path(number): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
    multipart: Multipart,
) -> Result<Json<Uploaded>, Problem> {
    bearer.allows(&["filing"])?;
    let case = opened(&app, &bearer, &headers, number).await?;
    let upload::Sent { files, refused, .. } =
        upload::receive(&app, address, multipart, upload::care_for(&app, case.id).await?).await?;
    let kept = upload::put(&app, Shelf::Case(case.id), files).await?;
    let there = upload::waiting(&app, upload::waiting_hash(&app, case.id)).await?;
    let refused = refused.iter().chain(&kept).map(ToString::to_string).collect();
    Ok(Json(Uploaded { waiting_files: waiting(there), refused }))
}

/// Takes a file that waits away again.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{number}/files/{id}/remove",
    tag = "cases",
    params(
        ("number" = String, Path, description = "编号"),
        ("id" = i64, Path, description = "As `waiting_files` names it"),
        ("Query-Code" = String, Header, description = "查询码")
    ),
    responses((status = 200, description = "What waits now", body = Uploaded), Refused),
    security(("token" = [])),
)]
pub(super) async fn remove(
    State(app): State<App>,
    bearer: Bearer,
    Path((number, id)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Json<Uploaded>, Problem> {
    bearer.allows(&["filing"])?;
    let case = opened(&app, &bearer, &headers, number).await?;
    let shelf = upload::waiting_hash(&app, case.id);
    upload::remove(&app, shelf.clone(), id).await?;
    Ok(Json(Uploaded { waiting_files: waiting(upload::waiting(&app, shelf).await?), refused: Vec::new() }))
}
