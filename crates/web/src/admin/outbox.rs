//! 发件箱: what waits, what failed, what no gateway can carry. Without names, texts or whole addresses: no case is shown here.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::delivery::{self, MACHINE_CHANNELS};
use casework::{ActError, staff};
use serde::Deserialize;
use store::outbox::MessageRow;

use crate::app::App;
use crate::error::PageError;
use crate::session::Administrator;
use crate::view::{self, DeskPage, EmptyState, Notice, Pagination, Tab, Tabs};
use crate::{redirect, render};

const HERE: &str = "/admin/outbox";
const ON_A_PAGE: i64 = 50;

/// Every state of a message: key and words.
const STATES: &[(&str, &str)] = &[
    ("failed", "发送失败"),
    ("no_gateway", "没有网关"),
    ("waiting", "等待发送"),
    ("by_hand", "由人告知"),
    ("sent", "已送达"),
];

#[derive(Template)]
#[template(path = "admin/outbox.html")]
struct OutboxPage {
    page: DeskPage,
    gateways: Vec<(&'static str, bool)>,
    tabs: Tabs,
    rows: Vec<MessageLine>,
    nothing: EmptyState,
    pagination: Pagination,
}

struct MessageLine {
    id: i64,
    written: String,
    channel: &'static str,
    address: String,
    subject: String,
    attempts: i64,
    error: String,
    may_retry: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<i64>,
    done: String,
}

pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let state = STATES.iter().find(|(key, _)| *key == asked.state).map_or(STATES[0].0, |(key, _)| key);
    let before = asked.before.unwrap_or(i64::MAX);
    let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::require_installation(tx, scene)?;
        Ok((store::outbox::count_by_state(tx)?, store::outbox::in_state(tx, state, before, ON_A_PAGE + 1)?))
    };
    let (counts, mut messages) = app.look(administrator.actor(), look).await?;
    let next = (messages.len() as i64 > ON_A_PAGE).then(|| messages[ON_A_PAGE as usize - 1].id);
    messages.truncate(ON_A_PAGE as usize);
    let configured = |channel: &str| app.house().settings.gateways.contains_key(channel);
    let mut page = super::page(&administrator.0, HERE);
    if asked.done == "retried" {
        page.notice = Some(Notice::done("已放回等待发送").text("几秒钟后会再次发送。"));
    }
    Ok(render::page(&OutboxPage {
        page,
        gateways: MACHINE_CHANNELS.iter().map(|channel| (channel_label(channel), configured(channel))).collect(),
        tabs: tabs(&counts, state),
        rows: messages.iter().map(|message| line(&app, message, configured(&message.channel))).collect(),
        nothing: EmptyState::new("这一栏没有消息", "每次办理产生的通知都会先写进发件箱，再由网关发出。"),
        pagination: Pagination {
            previous: None,
            next: next.map(|before| format!("{HERE}?state={state}&before={before}")),
            place: format!("本页 {} 条", messages.len()),
        },
    }))
}

pub(super) async fn retry(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    app.act(administrator.actor(), move |tx, scene| delivery::retry(tx, scene, id)).await?;
    Ok(redirect::to(&format!("{HERE}?state=waiting&done=retried")))
}

fn tabs(counts: &[(String, i64)], state: &str) -> Tabs {
    let count = |key: &str| counts.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count);
    let tab = |(key, label): &(&str, &str)| Tab {
        label: (*label).to_owned(),
        href: format!("{HERE}?state={key}"),
        count: Some(count(key)),
        current: *key == state,
    };
    Tabs { label: "消息的状态".to_owned(), tabs: STATES.iter().map(tab).collect() }
}

fn line(app: &App, message: &MessageRow, configured: bool) -> MessageLine {
    MessageLine {
        id: message.id,
        written: view::dates::moment(message.created_at, app.now()),
        channel: channel_label(&message.channel),
        address: masked(&message.address),
        subject: message.subject.clone(),
        attempts: message.attempts,
        error: message.error.clone(),
        may_retry: configured && ["failed", "no_gateway"].contains(&message.state.as_str()),
    }
}

fn channel_label(channel: &str) -> &'static str {
    match channel {
        "email" => "邮件",
        "sms" => "短信",
        "in_app" => "站内",
        "phone" => "电话",
        "letter" => "邮寄",
        _ => "其他",
    }
}

/// Enough to recognise one's own, not enough to call: `138****2207`, `w***@example.cn`.
fn masked(address: &str) -> String {
    if let Some((name, host)) = address.split_once('@') {
        let first: String = name.chars().take(1).collect();
        return format!("{first}***@{host}");
    }
    let letters: Vec<char> = address.chars().collect();
    match letters.len() {
        0 => String::new(),
        1..=6 => "***".to_owned(),
        length => {
            let (front, back): (String, String) =
                (letters[..3].iter().collect(), letters[length - 4..].iter().collect());
            if length <= 7 { "***".to_owned() } else { format!("{front}****{back}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_masked() {
        assert_eq!(masked("13812342207"), "138****2207");
        assert_eq!(masked("wang@example.cn"), "w***@example.cn");
        assert_eq!(masked("1234567"), "***");
        assert_eq!(masked(""), "");
    }
}
