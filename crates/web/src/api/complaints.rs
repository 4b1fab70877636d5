//! `POST /api/v1/complaints` and what a program may read of what it filed.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::once::{self, Once, RequestKey, Taken, TakenDeadline};
use casework::{ActError, Actor};
use domain::case_kind::CaseKind;
use domain::chain::hex;
use domain::filing::{self, FieldError, RawFiling, Typist};
use domain::procedure::{self, Standing};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::case::CaseRow;
use store::deadline::DeadlineRow;
use store::operator::OperatorRow;
use store::supplement::SupplementRow;
use utoipa::ToSchema;

use crate::api::problem::{NotShown, NotTaken, Problem};
use crate::api::tokens::Bearer;
use crate::app::App;

const PATH: &str = "/api/v1/complaints";

/// The header that names a request, so that it can be sent again.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A complaint that was taken in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are the contract's")]
pub(super) struct Received {
    /// 受理编号.
    #[schema(example = "410103-2026-000012")]
    number: String,
    /// 查询码: twelve digits, for the consumer.
    #[schema(example = "123456789012")]
    query_code: String,
    /// The bureau that has it.
    bureau: String,
    /// When it came in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// What runs since then.
    deadlines: Vec<Deadline>,
}

/// A limit that runs or ran.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Deadline {
    /// Key of the limit in the rules, such as `acceptance`.
    limit: String,
    /// What must be done, in Chinese.
    name: String,
    /// The last day, in Beijing.
    #[schema(format = Date, example = "2026-12-01")]
    due: String,
    /// The first instant that is too late, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    due_at: String,
    /// `workday`, `day`, `hour`.
    unit: String,
    /// In `unit`.
    length: i64,
    /// The law.
    law: String,
    /// The article.
    article: String,
    /// `statutory` or `promised`.
    basis: String,
    /// Rests on a year whose holidays are not published.
    provisional: bool,
}

/// A complaint as the program that filed it may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Complaint {
    /// 受理编号.
    number: String,
    /// Where it stands: key.
    status: &'static str,
    /// Where it stands, in Chinese.
    status_label: &'static str,
    /// How it ended: `settled`, `terminated`, `refused`, `referred`, `withdrawn`; none while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// One line.
    title: String,
    /// Code table `goods_categories`; empty until it is registered.
    category: String,
    /// Code table `problem_categories`; empty until it is registered.
    problem: String,
    /// 经营者: the registered operator that the respondent was tied to, when it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<Operator>,
    /// When it came in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// When both sides were told, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    told_at: Option<String>,
    /// The limits of the bureau that run now.
    deadlines: Vec<Deadline>,
    /// What the consumer is asked to bring before the decision on acceptance, until she does.
    wanted: Vec<Wanted>,
    /// What the consumer may do now with number and query code: `urge`, `withdraw`, `add_evidence`, `supplement`, `rate`.
    allowed_actions: Vec<&'static str>,
}

/// 经营者: a registered operator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Operator {
    /// Its number in the register.
    id: i64,
    /// 名称.
    name: String,
    /// 统一社会信用代码; empty when not known.
    #[schema(example = "91410105MY00000019")]
    credit_code: String,
}

/// 补正: what is asked of the consumer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Wanted {
    /// `materials` or `identity`.
    kind: String,
    /// What, in Chinese.
    items: Vec<String>,
    /// The last day, in Beijing.
    #[schema(format = Date, example = "2026-11-25")]
    by: String,
}

impl From<SupplementRow> for Wanted {
    fn from(row: SupplementRow) -> Wanted {
        let asks = row.wanted.split(',').filter_map(domain::materials::find).map(|material| material.ask.clone());
        let items = asks.chain(Some(row.words).filter(|words| !words.is_empty())).collect();
        Wanted { kind: row.kind, items, by: row.by_day.to_string() }
    }
}

/// Takes a complaint in. The answer is given when it is on disk; the same request again gets the same answer.
#[utoipa::path(
    post,
    path = "/api/v1/complaints",
    tag = "complaints",
    params(("Idempotency-Key" = String, Header, description = "A key of the caller's own for this filing, 1 to 200 visible ASCII characters. Sending the same body again with the same key gives the first answer.")),
    request_body(content = crate::api::openapi::Filing, content_type = "application/json"),
    responses(
        (status = 201, description = "Taken in, now or by the first request under this key", body = Received),
        NotTaken,
    ),
    security(("token" = [])),
)]
pub(super) async fn file(
    State(app): State<App>,
    bearer: Bearer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    bearer.allows(&["filing"])?;
    let key = idempotency_key(&headers)?;
    let body = json_body(&headers, body)?;
    let filing = parsed(&app, &body)?;
    take_in(&app, bearer, PATH, key, &body, filing).await
}

/// Takes a parsed filing in under the caller's key; the answer points to where it can be read.
pub(super) async fn take_in(
    app: &App,
    bearer: Bearer,
    path: &str,
    key: String,
    body: &[u8],
    filing: filing::Filing,
) -> Result<Response, Problem> {
    // The same key under another address is another request.
    let other_address = if path == PATH { "" } else { path };
    let request_hash = hex(&Sha256::digest([other_address.as_bytes(), body].concat()));
    let (token_id, confined_to) = (bearer.0.id, bearer.0.organization_id);
    let scope = format!("api:{token_id}");
    let actor = Actor::Program { token_id, name: bearer.0.name.clone() };
    let act = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
        if let Some(organization) = confined_to {
            stays_within(tx, organization, &filing)?;
        }
        let request = RequestKey { scope: &scope, key: &key, request_hash: &request_hash };
        once::file(tx, scene, &filing, casework::filing::Evidence::default(), request)
    };
    match twice(app, actor, act).await? {
        Once::Taken(taken) => Ok(received(app, path, taken)),
        Once::OtherRequest => Err(Problem::other_request()),
    }
}

/// Runs the act again when the same request was just being taken in on another connection: then its answer is there.
pub(super) async fn twice<T: Send + 'static>(
    app: &App,
    actor: Actor,
    act: impl FnMut(&mut store::Tx<'_>, casework::Scene<'_>) -> Result<T, ActError> + Clone + Send + 'static,
) -> Result<T, ActError> {
    match app.act(actor.clone(), act.clone()).await {
        Err(ActError::Conflict { .. }) => app.act(actor, act).await,
        other => other,
    }
}

/// A token that is confined to an organisation files only with bureaus under it.
pub(super) fn stays_within(tx: &mut store::Tx<'_>, organization: i64, filing: &filing::Filing) -> Result<(), ActError> {
    let (bureau, _) = casework::filing::receiver(tx, &filing.region)?;
    let own = store::organization::find(tx, organization)?.ok_or(ActError::Forbidden)?;
    if bureau.path.starts_with(&own.reach) { Ok(()) } else { Err(ActError::Forbidden) }
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let sent = headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if (1..=200).contains(&sent.len()) && sent.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(sent.to_owned());
    }
    let detail = "请在 Idempotency-Key 头中给这次提交一个自己的编号（1 到 200 个可见 ASCII 字符），重发时用同一个。";
    Err(Problem::new(StatusCode::BAD_REQUEST, "idempotency.key", "缺少 Idempotency-Key", detail))
}

pub(super) fn json_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = sent.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let detail = "请以 Content-Type: application/json 发送。";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "body.media_type", "不是 JSON", detail));
    }
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = "请求正文不能超过 256 KB。材料请由投诉人凭编号和查询码上传。";
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body.too_large", "正文太大", detail)
        }
        _ => not_json("正文没有传完整，请重发。".to_owned()),
    })
}

fn not_json(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "body.not_json", "正文不是有效的 JSON", detail)
}

/// From bytes to a filing: what is no JSON is a bad request, what is wrong in its fields is told field by field.
fn parsed(app: &App, body: &[u8]) -> Result<filing::Filing, Problem> {
    let mut raw: RawFiling = read_object(body)?;
    if raw.channel.is_empty() {
        "api".clone_into(&mut raw.channel);
    }
    filing::parse(&raw, Typist::Program, &app.house().codes, app.now()).map_err(Problem::invalid)
}

/// The object that a body holds; a field too many or of another type is told by its name.
pub(super) fn read_object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // An array of values would be read as well, field after field; nobody means that.
    if body.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        return Err(not_json("正文应当是一个 JSON 对象。".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => wrong_shape::<T>(body, &error),
        _ => not_json(format!("第 {} 行第 {} 列读不下去。请用 UTF-8 编码的 JSON。", error.line(), error.column())),
    })
}

/// JSON, but a field too many or of another type: all of them at once, by trying each.
fn wrong_shape<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> Problem {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(body) else {
        return not_json("正文应当是一个 JSON 对象。".to_owned());
    };
    let faults: Vec<FieldError> = fields
        .into_iter()
        .filter_map(|(field, value)| {
            let one = serde_json::Map::from_iter([(field.clone(), value)]);
            let fault = serde_json::from_value::<T>(one.into()).err()?.to_string();
            let (code, message) = if fault.starts_with("unknown field") {
                ("field.unknown", "没有这个字段，请对照接口说明".to_owned())
            } else if field == "demands" {
                ("field.type", "应当是文字的数组，例如 [\"refund\"]".to_owned())
            } else {
                ("field.type", "应当是文字（字符串），金额和日期也写成文字".to_owned())
            };
            Some(FieldError { code: code.to_owned(), message, field })
        })
        .collect();
    // A field that stands twice is wrong as a whole, not one by one.
    if faults.is_empty() {
        not_json(format!("第 {} 行附近有字段重复。", error.line()))
    } else {
        Problem::invalid(faults)
    }
}

fn received(app: &App, path: &str, taken: Taken) -> Response {
    let body = Received {
        query_code: casework::filing::query_code(app.house(), &taken.number, 0),
        received_at: taken.received_at.to_string(),
        bureau: taken.bureau,
        deadlines: taken.deadlines.into_iter().map(Deadline::from).collect(),
        number: taken.number,
    };
    let location = format!("{path}/{}", body.number);
    let json = serde_json::to_vec(&body).unwrap_or_default();
    (StatusCode::CREATED, [(CONTENT_TYPE, "application/json"), (LOCATION, location.as_str())], json).into_response()
}

impl From<TakenDeadline> for Deadline {
    fn from(row: TakenDeadline) -> Deadline {
        Deadline {
            limit: row.limit,
            name: row.name,
            due: row.due_day.to_string(),
            due_at: row.due_at.to_string(),
            unit: row.unit,
            length: row.length,
            law: row.law,
            article: row.article,
            basis: row.basis,
            provisional: row.provisional,
        }
    }
}

/// A complaint that this token filed; any other does not exist for it.
#[utoipa::path(
    get,
    path = "/api/v1/complaints/{number}",
    tag = "complaints",
    params(("number" = String, Path, description = "受理编号")),
    responses(
        (status = 200, description = "Where it stands", body = Complaint),
        NotShown,
    ),
    security(("token" = [])),
)]
pub(super) async fn read(
    State(app): State<App>,
    bearer: Bearer,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    bearer.allows(&["filing", "tracking"])?;
    let token_id = bearer.0.id;
    let found = app.read(move |tx| {
        let Some(case) = store::case::by_number(tx, &number)? else { return Ok(None) };
        if case.state.kind != CaseKind::Complaint || !is_own(tx, &case, token_id)? {
            return Ok(None);
        }
        let deadlines = store::deadline::of_case(tx, case.id)?;
        let wanted = store::supplement::of_case(tx, case.id)?;
        let operator = casework::operator_tie::of_case(tx, &case)?;
        Ok::<_, ActError>(Some((case, deadlines, wanted, operator)))
    });
    let (case, deadlines, wanted, operator) = found.await?.ok_or_else(Problem::not_found)?;
    let body = serde_json::to_vec(&complaint(case, deadlines, wanted, operator)).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// Whether the case was filed with this token: its first event says so.
pub(super) fn is_own(tx: &mut store::Tx<'_>, case: &CaseRow, token_id: i64) -> Result<bool, ActError> {
    let events = store::event::of_case(tx, case.id)?;
    Ok(events.first().is_some_and(|first| first.actor_kind == "program" && first.actor_id == Some(token_id)))
}

/// The limits of the bureau that run.
pub(super) fn running(deadlines: Vec<DeadlineRow>) -> Vec<Deadline> {
    let running = deadlines.into_iter().filter(|row| row.stopped_at.is_none() && row.bearer == "bureau");
    running.map(TakenDeadline::from).map(Deadline::from).collect()
}

impl From<OperatorRow> for Operator {
    fn from(row: OperatorRow) -> Operator {
        Operator { id: row.id, name: row.name, credit_code: row.credit_code }
    }
}

fn complaint(
    case: CaseRow,
    deadlines: Vec<DeadlineRow>,
    wanted: Vec<SupplementRow>,
    operator: Option<OperatorRow>,
) -> Complaint {
    let mut allowed = procedure::allowed(case.state.kind, case.state.status, &Standing::complainant());
    allowed.retain(|step| case.state.not_now(step.action).is_none());
    let waits = allowed.iter().any(|step| step.action == domain::action::Action::Supplement);
    let wanted = wanted.into_iter().filter(|row| waits && row.answered_at.is_none());
    Complaint {
        status: case.state.status.key(),
        status_label: case.state.status.label(),
        operator: operator.map(Operator::from),
        outcome: store::case::outcome_columns(case.state.outcome).0,
        received_at: case.received_at.to_string(),
        told_at: case.told_at.map(|at| at.to_string()),
        deadlines: running(deadlines),
        wanted: wanted.map(Wanted::from).collect(),
        allowed_actions: allowed.iter().map(|step| step.action.key()).collect(),
        title: case.matter.title,
        category: case.matter.category,
        problem: case.matter.problem,
        number: case.number,
    }
}
