//! What a program is told when something is wrong: RFC 9457, with a stable code and every fault at once.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::ActError;
use domain::filing::FieldError;
use serde::Serialize;
use store::StoreError;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response};
use utoipa::{IntoResponses, ToSchema};

use crate::error::{PageError, reference};

/// A problem (`application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// A URI that names the kind of problem; `urn:xiaobao:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// A stable code for programs.
    code: String,
    /// What to do, for the person who reads the program's log.
    detail: String,
    /// Every fault of the input, with the field's name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InputFault>,
}

/// Why something was not taken in, for the description of the interface.
pub(super) struct NotTaken;

impl IntoResponses for NotTaken {
    fn responses() -> Described {
        described(&[
            ("400", "No or a bad Idempotency-Key, or a body that is no JSON"),
            ("401", NO_TOKEN),
            ("403", "The token is good for something else or for another organisation"),
            ("409", "The key stands for another body"),
            ("413", "The body is too large"),
            ("415", "The body is not application/json"),
            ("422", "Fields are wrong: all of them in errors"),
            ("429", TOO_OFTEN),
            ("503", "The database is busy: send it again"),
        ])
    }
}

/// Why something is not shown, for the description of the interface.
pub(super) struct NotShown;

impl IntoResponses for NotShown {
    fn responses() -> Described {
        described(&[
            ("401", NO_TOKEN),
            ("403", "The token is good for something else"),
            ("404", "Not there, or not sent with this token"),
            ("429", TOO_OFTEN),
        ])
    }
}

const NO_TOKEN: &str = "No valid token";
const TOO_OFTEN: &str = "More requests than the token may send in a minute";

type Described = BTreeMap<String, RefOr<response::Response>>;

/// Problems by status, each with what it means here.
fn described(problems: &[(&str, &str)]) -> Described {
    let problem = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let one = |(status, means): &(&str, &str)| {
        let response = ResponseBuilder::new().description(*means).content("application/problem+json", problem());
        ((*status).to_owned(), response.build().into())
    };
    problems.iter().map(one).collect()
}

/// A fault in one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct InputFault {
    /// A stable code for programs, such as `amount.invalid`.
    code: String,
    /// What to do.
    message: String,
    /// The field's name in the request.
    field: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &str, title: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:xiaobao:problem:{code}"),
            title,
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// 401: no token, or none of ours. Which of the two is not told.
    pub(super) fn unauthorized() -> Problem {
        let detail = "请在 Authorization 头中带上有效的令牌：Bearer xb_…。令牌由管理员用 xiaobao token create 创建。";
        Problem::new(StatusCode::UNAUTHORIZED, "token.invalid", "没有有效的令牌", detail)
    }

    /// 403: the token is good for something else.
    pub(super) fn forbidden(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "token.scope", "令牌没有这项用途", detail)
    }

    /// 404: there is no such case, or it is not this token's.
    pub(super) fn not_found() -> Problem {
        let detail = "没有找到这个编号的投诉，或者它不是用这个令牌提交的。请核对编号。";
        Problem::new(StatusCode::NOT_FOUND, "case.not_found", "没有找到", detail)
    }

    /// 409: the key was used for another request.
    pub(super) fn other_request() -> Problem {
        let detail =
            "这个 Idempotency-Key 已经用于内容不同的请求。重发请保持内容一致；新的投诉请换一个 Idempotency-Key。";
        Problem::new(StatusCode::CONFLICT, "idempotency.other_request", "同一个键，内容不同", detail)
    }

    /// 422 with each fault.
    pub(super) fn invalid(faults: Vec<FieldError>) -> Problem {
        let detail = format!("有 {} 处需要改正，见 errors。没有登记任何内容。", faults.len());
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "input.invalid", "内容有误", detail);
        problem.errors =
            faults.into_iter().map(|FieldError { code, message, field }| InputFault { code, message, field }).collect();
        problem
    }

    /// 429: more requests than the token may send in a minute.
    pub(super) fn too_often(per_minute: i64) -> Problem {
        let detail = format!("这个令牌每分钟最多 {per_minute} 次请求。请稍候重试；需要更多请联系管理员。");
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "token.too_often", "请求太频繁", detail)
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Problem {
        let sentence = error.to_string();
        let status = match &error {
            ActError::Invalid(_) => {
                let ActError::Invalid(faults) = error else { unreachable!("just matched") };
                return Problem::invalid(faults);
            }
            ActError::NotFound => return Problem::not_found(),
            ActError::Forbidden => return Problem::forbidden("这个令牌限于另一个机构使用，不能向这个地方提交。"),
            ActError::NotLawful(_) | ActError::Conflict { .. } => StatusCode::CONFLICT,
            ActError::Store(
                StoreError::Overloaded | StoreError::Contention { .. } | StoreError::Locked { .. } | StoreError::Closed,
            ) => StatusCode::SERVICE_UNAVAILABLE,
            ActError::Store(_) | ActError::File(_) | ActError::Rules(_) | ActError::Vault(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            let reference = reference();
            tracing::error!(error = &error as &dyn std::error::Error, reference, "a request could not be answered");
            return Problem::new(status, error.code(), "系统出了问题", format!("{sentence}（编号 {reference}）"));
        }
        Problem::new(status, error.code(), "现在不能办理", sentence)
    }
}

/// What the pages' own handling of files says of them.
impl From<PageError> for Problem {
    fn from(error: PageError) -> Problem {
        match error {
            PageError::Act(error) => Problem::from(error),
            PageError::Page(page) => {
                let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Problem::new(status, &page.code, "没有接收", page.title)
            }
            _ => Problem::not_found(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        Problem::from(ActError::Store(error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        let headers = response.headers_mut();
        match status {
            StatusCode::UNAUTHORIZED => drop(headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            StatusCode::TOO_MANY_REQUESTS => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("10"))),
            StatusCode::SERVICE_UNAVAILABLE => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("1"))),
            _ => {}
        }
        response
    }
}
