//! `POST /api/v1/reports`: a report from a program. What comes back is opened with the receipt code at `/api/v1/cases/{number}`.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::once::{self, Once, RequestKey};
use casework::reporter::{self, Reporter};
use casework::{Actor, Scene, filing};
use domain::filing::{RawReport, RawReporter, Typist, parse_report, parse_reporter};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::api::complaints::{self, Deadline};
use crate::api::problem::{NotTaken, Problem};
use crate::api::tokens::Bearer;
use crate::app::App;

/// A report to be filed. Every value is text as a person would type it. What says who reports is sealed and kept nowhere else.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Report {
    /// Division of the place where it happened: six digits (county) or nine (township).
    #[schema(required = true, example = "410103")]
    region: String,
    /// How it came to you; code table `channels`. `api` when left out.
    channel: String,
    /// A line that says what it is about; made from the text when left out.
    title: String,
    /// 被举报人名称.
    #[schema(required = true)]
    respondent_name: String,
    /// 被举报人地址, or where it happened.
    respondent_address: String,
    /// 统一社会信用代码.
    respondent_credit_code: String,
    /// The trading platform, for a shop on one.
    respondent_platform: String,
    /// 举报的是什么: decides whose it is to handle; code table `report_targets`.
    sales_channel: String,
    /// 商品或者服务名称.
    goods: String,
    /// 客体类别; code table `goods_categories`.
    category: String,
    /// The day on which it was seen, such as `2026-10-28`.
    knew_on: String,
    /// 具体线索, at most 5,000 characters. Nothing that says who reports.
    #[schema(required = true)]
    facts: String,
    /// 事实依据, at most 1,000 characters.
    #[schema(required = true)]
    grounds: String,
    /// 实名 `yes`, 匿名 `no`.
    #[schema(required = true)]
    named: String,
    /// 姓名, when named.
    reporter_name: String,
    /// 联系电话, when named.
    reporter_phone: String,
    /// 通讯地址.
    reporter_address: String,
    /// 身份证件号码.
    reporter_id_number: String,
    /// What else points to her.
    reporter_other: String,
}

impl Report {
    fn taken_apart(self) -> (RawReport, RawReporter) {
        let raw = RawReport {
            region: self.region,
            channel: if self.channel.is_empty() { "api".to_owned() } else { self.channel },
            title: self.title,
            respondent_name: self.respondent_name,
            respondent_address: self.respondent_address,
            respondent_credit_code: self.respondent_credit_code,
            respondent_platform: self.respondent_platform,
            sales_channel: self.sales_channel,
            goods: self.goods,
            category: self.category,
            knew_on: self.knew_on,
            facts: self.facts,
            grounds: self.grounds,
        };
        let reporter = RawReporter {
            named: self.named,
            name: self.reporter_name,
            phone: self.reporter_phone,
            address: self.reporter_address,
            id_number: self.reporter_id_number,
            other: self.reporter_other,
            truthful: String::new(),
            earlier_code: String::new(),
        };
        (raw, reporter)
    }
}

/// A report that was taken in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Reported {
    /// 编号.
    #[schema(example = "410103-2026-000012")]
    number: String,
    /// 回执码: sixteen digits, for the reporter. The installation keeps only its hash.
    #[schema(example = "1234567890123456")]
    receipt_code: String,
    /// The bureau that has it.
    bureau: String,
    /// When it came in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// What runs since then.
    deadlines: Vec<Deadline>,
}

/// Takes a report in. The same request again gets the same answer; use a key that nobody can guess, for the receipt code follows
/// from it.
#[utoipa::path(
    post,
    path = "/api/v1/reports",
    tag = "reports",
    params(("Idempotency-Key" = String, Header, description = "A random key of the caller's own for this report, 1 to 200 visible ASCII characters. Sending the same report again with the same key gives the first answer.")),
    request_body(content = Report, content_type = "application/json"),
    responses(
        (status = 201, description = "Taken in, now or by the first request under this key", body = Reported),
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
    let key = complaints::idempotency_key(&headers)?;
    let report: Report = complaints::read_object(&complaints::json_body(&headers, body)?)?;
    let (raw, who) = report.taken_apart();
    let what = parse_report(&raw, &app.house().codes, app.now());
    let (what, identity) = match (what, parse_reporter(&who, Typist::Program, app.now())) {
        (Ok(what), Ok(identity)) => (what, identity),
        (what, who) => return Err(Problem::invalid(what.err().into_iter().chain(who.err()).flatten().collect())),
    };
    let (token_id, confined_to) = (bearer.0.id, bearer.0.organization_id);
    let secret = &app.house().secret;
    // Neither the key nor a hash of who reports is kept: the one gives the code, the other could be guessed at.
    let code = reporter::code(app.house(), &format!("api:{token_id}:{key}"));
    let kept_key = secret.hash("api-report", &key);
    let request_hash = secret.hash("api-report", &serde_json::to_string(&(&raw, &who.named)).unwrap_or_default());
    let scope = format!("api:{token_id}:reports");
    let (own_code, seed) = (code.clone(), app.fresh());
    let act = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        if let Some(organization) = confined_to {
            complaints::stays_within(tx, organization, &what)?;
        }
        let request = RequestKey { scope: &scope, key: &kept_key, request_hash: &request_hash };
        let reporter = Reporter { identity: identity.as_ref(), code: &own_code, earlier: None, files: &[], seed };
        let evidence = filing::Evidence { reporter: Some(reporter), ..filing::Evidence::default() };
        once::file(tx, scene, &what, evidence, request)
    };
    let actor = Actor::Program { token_id, name: bearer.0.name.clone() };
    let Once::Taken(taken) = complaints::twice(&app, actor, act).await? else { return Err(Problem::other_request()) };
    let location = format!("/api/v1/cases/{}", taken.number);
    let body = Reported {
        receipt_code: code,
        received_at: taken.received_at.to_string(),
        bureau: taken.bureau,
        deadlines: taken.deadlines.into_iter().map(Deadline::from).collect(),
        number: taken.number,
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/json"), (LOCATION, location.as_str())], json).into_response())
}
