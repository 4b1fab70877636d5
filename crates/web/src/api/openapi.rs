//! 接口说明: the contract as OpenAPI 3.1, written from the types that the handlers use.

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::codes::{CodeTable, Codes};
use domain::filing::NOTIFY_BY;
use serde_json::{Value, json};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::api::{askings, complaints, consumer, problem, reports};
use crate::app::App;

/// A complaint to be filed. Every value is text as a person would type it; one parser serves the page, the agent and the
/// program, and a test holds these fields to its own.
#[derive(ToSchema)]
#[schema(as = Filing)]
#[expect(dead_code, reason = "only described, never built: the handler reads `domain::filing::RawFiling`")]
pub(super) struct Filing {
    /// Division of the shop's place: six digits (county) or nine (township).
    #[schema(example = "410103")]
    region: String,
    /// How it came to you; code table `channels`. `api` when left out.
    #[schema(required = false)]
    channel: String,
    /// A line that says what it is about; made from the goods when left out.
    #[schema(required = false)]
    title: String,
    /// 姓名 of the consumer.
    complainant_name: String,
    /// 联系电话, a mobile or a landline number.
    #[schema(example = "13800138000")]
    complainant_phone: String,
    /// 通讯地址.
    #[schema(required = false)]
    complainant_address: String,
    /// 邮编, six digits.
    #[schema(required = false)]
    complainant_postcode: String,
    /// Electronic mail; needed when `notify_by` is `email`.
    #[schema(required = false)]
    complainant_email: String,
    /// 证件类型; code table `id_kinds`.
    #[schema(required = false)]
    complainant_id_kind: String,
    /// 证件号码.
    #[schema(required = false)]
    complainant_id_number: String,
    /// 告知方式; `in_app` when left out.
    #[schema(required = false)]
    notify_by: String,
    /// 是否同意公示投诉信息: `yes`, `no`.
    #[schema(required = false)]
    consent_publish: String,
    /// 是否同意委托调解: `yes`, `no`.
    #[schema(required = false)]
    consent_delegate: String,
    /// The consumer stands for the truth of it: `yes`.
    #[schema(required = false)]
    truthful: String,
    /// 被投诉人名称.
    respondent_name: String,
    /// 被投诉人地址; may be left out for a shop on a platform.
    #[schema(required = false)]
    respondent_address: String,
    /// 被投诉人电话.
    #[schema(required = false)]
    respondent_phone: String,
    /// 统一社会信用代码, 18 characters; its check character is checked.
    #[schema(required = false)]
    respondent_credit_code: String,
    /// 联系人.
    #[schema(required = false)]
    respondent_contact: String,
    /// The trading platform, for a shop on one.
    #[schema(required = false)]
    respondent_platform: String,
    /// 购买途径; code table `sales_channels`. Told from platform and address when left out.
    #[schema(required = false)]
    sales_channel: String,
    /// 商品或者服务名称.
    goods: String,
    /// 品牌.
    #[schema(required = false)]
    brand: String,
    /// 规格型号.
    #[schema(required = false)]
    model: String,
    /// 客体类别; code table `goods_categories`.
    #[schema(required = false)]
    category: String,
    /// 问题类别; code table `problem_categories`.
    #[schema(required = false)]
    problem: String,
    /// 订单号.
    #[schema(required = false)]
    order_number: String,
    /// 涉及金额 in yuan, such as `469` or `86.50`.
    #[schema(required = false, example = "469")]
    amount: String,
    /// 购买日期, such as `2026-10-28`.
    #[schema(required = false, example = "2026-10-28")]
    bought_on: String,
    /// When the consumer came to know of the harm.
    #[schema(required = false)]
    knew_on: String,
    /// 事实经过, at most 5,000 characters.
    facts: String,
    /// 诉求, at least one; code table `demands`.
    #[schema(min_items = 1, example = json!(["refund"]))]
    demands: Vec<String>,
    /// 诉求说明.
    #[schema(required = false)]
    demand_text: String,
    /// 要求金额 in yuan.
    #[schema(required = false)]
    claim: String,
    /// 代理人、监护人、共同投诉人 who come with it.
    #[schema(required = false)]
    parties: Vec<Party>,
}

/// Somebody who acts for the consumer or complains with her. Every value is text as a person would type it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described, never built: the handler reads `domain::further_party::RawParty`")]
pub(super) struct Party {
    /// `agent`, `guardian`, `joint_complainant` or `representative`.
    #[schema(example = "agent")]
    role: String,
    /// 姓名.
    name: String,
    /// 联系电话.
    phone: String,
    /// 地址.
    #[schema(required = false)]
    address: String,
    /// 证件类型; code table `id_kinds`. Needed of an agent.
    #[schema(required = false)]
    id_kind: String,
    /// 证件号码. Needed of an agent.
    #[schema(required = false)]
    id_number: String,
    /// 委托事项, of an agent.
    #[schema(required = false)]
    matters: String,
    /// 委托权限, of an agent.
    #[schema(required = false)]
    powers: String,
    /// 委托期限, of an agent: the last day.
    #[schema(required = false, example = "2026-12-31")]
    until: String,
    /// `yes`: a joint complainant agreed; a representative was elected in writing.
    #[schema(required = false)]
    agreed: String,
}

/// A question or suggestion. Every value is text as a person would type it.
#[derive(ToSchema)]
#[schema(as = Asking)]
#[expect(dead_code, reason = "only described, never built: the handler reads `domain::filing::RawAsking`")]
pub(super) struct Asking {
    /// Division of the bureau that is asked: six digits (county) or nine (township).
    #[schema(example = "410103")]
    region: String,
    /// How it came to you; code table `channels`. `api` when left out.
    #[schema(required = false)]
    channel: String,
    /// A line that says what it is about; made from the text when left out.
    #[schema(required = false)]
    title: String,
    /// 姓名, when the person gives it.
    #[schema(required = false)]
    complainant_name: String,
    /// 联系电话, a mobile or a landline number.
    #[schema(example = "13800138000")]
    complainant_phone: String,
    /// 通讯地址; needed when `notify_by` is `letter`.
    #[schema(required = false)]
    complainant_address: String,
    /// Electronic mail; needed when `notify_by` is `email`.
    #[schema(required = false)]
    complainant_email: String,
    /// 告知方式; `in_app` when left out.
    #[schema(required = false)]
    notify_by: String,
    /// The shop it is about, when it is about one.
    #[schema(required = false)]
    respondent_name: String,
    /// 客体类别; code table `goods_categories`.
    #[schema(required = false)]
    category: String,
    /// What is asked or suggested, at most 5,000 characters.
    #[schema(example = "网上买的衣服剪了吊牌，还能七天无理由退货吗？")]
    facts: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "消保 12315 接口",
        description = "Filing complaints with a 12315 centre and reading where they stand. Errors are RFC 9457 problems; `code` is stable, `detail` and `message` are for people. A request that got no answer is sent again with the same Idempotency-Key: it is taken in once.",
        version = "1",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
    ),
    paths(
        complaints::file,
        complaints::read,
        askings::file_consultation,
        askings::read_consultation,
        askings::file_suggestion,
        askings::read_suggestion,
        reports::file,
        consumer::read,
        consumer::urge,
        consumer::withdraw,
        consumer::rate,
        consumer::reopen,
        consumer::request_recusal,
        consumer::supplement,
        consumer::add_evidence,
        consumer::write_officers,
        consumer::claim_reward,
        consumer::waive_reward,
        consumer::ask_review,
        consumer::upload,
        consumer::remove
    ),
    components(schemas(Filing, Asking, reports::Report, askings::Asked, complaints::Received, complaints::Deadline, complaints::Complaint, problem::Problem, problem::InputFault)),
    tags(
        (name = "complaints", description = "投诉"),
        (name = "consultations", description = "咨询"),
        (name = "suggestions", description = "意见建议"),
        (name = "reports", description = "举报"),
        (name = "cases", description = "凭编号和查询码查看、办理：投诉人在查询页能做的都能做")
    ),
    modifiers(&TokenScheme),
)]
struct Document;

/// `Authorization: Bearer xb_…`.
struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// `GET /api/v1/openapi.json`
pub(super) async fn document(State(app): State<App>) -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| written(&app.house().codes).to_string());
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")], text.as_str()).into_response()
}

/// The document with the keys of the code tables as they are in this program.
fn written(codes: &Codes) -> Value {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    let fields = &mut document["components"]["schemas"]["Filing"]["properties"];
    let tables = [
        ("channel", "channels"),
        ("complainant_id_kind", "id_kinds"),
        ("category", "goods_categories"),
        ("problem", "problem_categories"),
        ("sales_channel", "sales_channels"),
    ];
    for (field, table) in tables {
        let mut keys = keys(codes, table);
        // Left out and empty are the same.
        keys.insert(0, json!(""));
        fields[field]["enum"] = Value::Array(keys);
    }
    fields["demands"]["items"]["enum"] = Value::Array(keys(codes, "demands"));
    fields["notify_by"]["enum"] = NOTIFY_BY.iter().map(|key| json!(key)).chain([json!("")]).collect();
    let report = &mut document["components"]["schemas"]["Report"]["properties"];
    for (field, table) in
        [("channel", "channels"), ("category", "goods_categories"), ("sales_channel", "report_targets")]
    {
        let mut keys = keys(codes, table);
        keys.insert(0, json!(""));
        report[field]["enum"] = Value::Array(keys);
    }
    let asking = &mut document["components"]["schemas"]["Asking"]["properties"];
    for (field, table) in [("channel", "channels"), ("category", "goods_categories")] {
        let mut keys = keys(codes, table);
        keys.insert(0, json!(""));
        asking[field]["enum"] = Value::Array(keys);
    }
    asking["notify_by"]["enum"] = NOTIFY_BY.iter().map(|key| json!(key)).chain([json!("")]).collect();
    let fields = &mut document["components"]["schemas"]["Filing"]["properties"];
    for field in ["consent_publish", "consent_delegate"] {
        fields[field]["enum"] = json!(["yes", "no", ""]);
    }
    document
}

fn keys(codes: &Codes, table: &str) -> Vec<Value> {
    codes.table(table).into_iter().flat_map(CodeTable::choices).map(|code| json!(code.key)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::filing::{RawAsking, RawFiling};

    use super::*;

    #[test]
    fn the_described_fields_are_the_parsers_fields() {
        let document = written(&Codes::builtin());
        let schema = &document["components"]["schemas"]["Filing"];
        let names = |value: &Value| -> BTreeSet<String> {
            value.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
        };
        let parsed = serde_json::to_value(RawFiling::default()).expect("plain data");
        assert_eq!(names(&schema["properties"]), names(&parsed));
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let needed =
            ["region", "complainant_name", "complainant_phone", "respondent_name", "goods", "facts", "demands"];
        assert_eq!(required, needed.into_iter().collect());
        let schema = &document["components"]["schemas"]["Asking"];
        let parsed = serde_json::to_value(RawAsking::default()).expect("plain data");
        assert_eq!(names(&schema["properties"]), names(&parsed));
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(required, ["region", "complainant_phone", "facts"].into_iter().collect());
    }
}
