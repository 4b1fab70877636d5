//! A generic HTTP gateway for SMS or WeChat messages; `docs/gateway.md` tells its operator what to expect.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use ureq::tls::TlsConfig;
use ureq::{Agent, Error};

use super::{Carrier, CarryError, Parcel};

/// For a whole request.
const TIMEOUT: Duration = Duration::from_secs(30);
const ANSWER_AT_MOST_BYTES: u64 = 64 * 1024;
const PROOF_AT_MOST_CHARACTERS: usize = 200;

/// Posts messages to a gateway.
pub struct HttpCarrier {
    agent: Agent,
    url: String,
    token: Option<String>,
}

#[derive(Serialize)]
struct Posted<'a> {
    id: &'a str,
    channel: &'a str,
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    case_number: Option<&'a str>,
}

impl HttpCarrier {
    /// A carrier for a gateway; the error says what is wrong with the settings.
    pub fn new(url: &str, token: Option<&str>) -> Result<HttpCarrier, String> {
        HttpCarrier::with_timeout(url, token, TIMEOUT)
    }

    /// As [`HttpCarrier::new`], with another patience for a whole request.
    pub fn with_timeout(url: &str, token: Option<&str>, timeout: Duration) -> Result<HttpCarrier, String> {
        let known = url.parse::<ureq::http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
        });
        if !known {
            return Err("地址应以 https:// 或 http:// 开头".to_owned());
        }
        if token.is_some_and(|token| token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err("令牌只能是没有空格的英文字母、数字和符号".to_owned());
        }
        // Named here, because a process-wide choice would depend on who came first.
        let cryptography = Arc::new(rustls::crypto::ring::default_provider());
        let agent = Agent::config_builder()
            .tls_config(TlsConfig::builder().unversioned_rustls_crypto_provider(cryptography).build())
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            // A message goes where the administrator said, nowhere else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .build()
            .new_agent();
        Ok(HttpCarrier { agent, url: url.to_owned(), token: token.map(str::to_owned) })
    }
}

impl Carrier for HttpCarrier {
    fn carry(&self, parcel: &Parcel) -> Result<String, CarryError> {
        let (message, key) = (&parcel.message, parcel.key());
        if message.address.trim().is_empty() {
            return Err(CarryError::refused("没有收信号码，请改用其他方式告知。"));
        }
        let mut request = self.agent.post(&self.url).header("Idempotency-Key", &key);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut answer = request
            .send_json(Posted {
                id: &key,
                channel: &message.channel,
                to: &message.address,
                subject: &message.subject,
                text: &message.body,
                case_number: parcel.case_number.as_deref(),
            })
            .map_err(|error| no_answer(&error))?;
        let status = answer.status().as_u16();
        if !(200..300).contains(&status) {
            return Err(refusal(status));
        }
        let date = answer.headers().get("date").and_then(|date| date.to_str().ok()).map(str::to_owned);
        // The gateway has answered for it; a body that cannot be read takes nothing of that back.
        let body = answer.body_mut().with_config().limit(ANSWER_AT_MOST_BYTES).read_to_string().unwrap_or_default();
        let proof = receipt(&body).or(date).unwrap_or_else(|| format!("HTTP {status}"));
        Ok(proof.chars().take(PROOF_AT_MOST_CHARACTERS).collect())
    }
}

/// The gateway's own id for the message.
fn receipt(body: &str) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_str(body).ok()?;
    match answer.get("id")? {
        serde_json::Value::String(id) if !id.is_empty() => Some(id.clone()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn refusal(status: u16) -> CarryError {
    match status {
        // The token, not the message, is at fault; the other messages would fare no better.
        401 | 403 | 407 => CarryError::unreachable(format!("网关不接受令牌（HTTP {status}）。请核对网关设置。")),
        408 | 425 => CarryError::put_off(format!("网关请求稍后再发（HTTP {status}），稍后自动重发。")),
        429 => CarryError::unreachable("网关限制发送速度（HTTP 429），稍后自动重发。"),
        400..500 => {
            CarryError::refused(format!("网关退回了这条消息（HTTP {status}）。请核对号码，或改用其他方式告知。"))
        }
        300..400 => CarryError::unreachable(format!("网关换了地址（HTTP {status}）。请核对网关设置。")),
        _ => CarryError::put_off(format!("网关出错（HTTP {status}），稍后自动重发。")),
    }
}

fn no_answer(error: &Error) -> CarryError {
    match error {
        Error::Timeout(_) => CarryError::unreachable("网关没有应答，稍后自动重发。"),
        Error::HostNotFound => CarryError::unreachable("找不到网关的主机，稍后自动重发。请核对网关设置。"),
        Error::Tls(_) | Error::Rustls(_) => CarryError::unreachable("与网关的加密连接没有建立。请核对网关的证书。"),
        _ => CarryError::unreachable("与网关的连接中断，稍后自动重发。"),
    }
}
