//! What people do with messages: deliver one by hand, send one again, let those go that waited for a gateway.

use domain::action::Action;
use domain::procedure;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;
use store::outbox::MessageRow;

use super::MACHINE_CHANNELS;
use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::staff;

const PROOF_AT_MOST_CHARACTERS: usize = 200;

/// Notes that a person told the party herself (by telephone, by post, face to face), for a message that no machine delivers or
/// could deliver. By someone who may act on the case; her name stands with the proof.
pub fn delivered_by_hand(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    message_id: i64,
    proof: &str,
) -> Result<MessageRow, ActError> {
    let mut message = store::outbox::find(tx, message_id)?.ok_or(ActError::NotFound)?;
    let case = readable_case(tx, scene, &message)?.ok_or(ActError::NotFound)?;
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    if !works_on(scene, &case) {
        return Err(ActError::Forbidden);
    }
    let proof = proof.trim();
    if proof.is_empty() {
        return Err(ActError::field("proof", "proof.missing", "请写明怎样告知的：时间、方式、接听人或快递单号"));
    }
    if proof.chars().count() > PROOF_AT_MOST_CHARACTERS {
        return Err(ActError::field("proof", "proof.too_long", "请控制在 200 个字以内"));
    }
    let signed = format!("{}：{proof}", person.name);
    match message.state.as_str() {
        "by_hand" | "no_gateway" | "failed" => {}
        // The same entry sent twice counts once.
        "sent" if message.proof == signed => return Ok(message),
        "sent" => return Err(ActError::Conflict { since: "这条消息已有送达记录".to_owned() }),
        _ => return Err(ActError::field("proof", "message.waiting", "这条消息正在自动发送，发送失败后才需要人工告知")),
    }
    let (seen_state, seen_attempts) = (message.state.clone(), message.attempts);
    "sent".clone_into(&mut message.state);
    message.done_at = Some(scene.now);
    message.proof = signed;
    settle(tx, &message, &seen_state, seen_attempts)?;
    Ok(message)
}

/// Sends a failed message again, from the first try on; one that waits for its next try goes now. For the administrator of the
/// case's bureau, who does not see the message's text.
pub fn retry(tx: &mut Tx<'_>, scene: Scene<'_>, message_id: i64) -> Result<MessageRow, ActError> {
    staff::require_administrator(scene)?;
    let mut message = store::outbox::find(tx, message_id)?.ok_or(ActError::NotFound)?;
    if let Some(case) = message.case_id.map(|id| store::case::by_id(tx, id)).transpose()?.flatten() {
        staff::administered(tx, scene, case.state.bureau)?;
    }
    has_gateway(scene, &message.channel)?;
    let (seen_state, seen_attempts) = (message.state.clone(), message.attempts);
    match message.state.as_str() {
        "failed" | "no_gateway" => message.attempts = 0,
        "waiting" => {}
        _ => return Err(ActError::field("message", "message.not_failed", "这条消息没有发送失败，不用重发")),
    }
    "waiting".clone_into(&mut message.state);
    message.next_try_at = scene.now;
    settle(tx, &message, &seen_state, seen_attempts)?;
    staff::note(tx, scene, &format!("重发消息 {message_id}"))?;
    Ok(message)
}

/// Lets the messages go that were written since `written_since` while their channel had no gateway; gives how many. What is
/// older stays: an appointment of last month is not to be announced today. For who administers the whole installation.
pub fn release(tx: &mut Tx<'_>, scene: Scene<'_>, channel: &str, written_since: Timestamp) -> Result<u64, ActError> {
    staff::require_installation(tx, scene)?;
    has_gateway(scene, channel)?;
    let released = store::outbox::release(tx, channel, written_since, scene.now)?;
    staff::note(tx, scene, &format!("补发通道 {channel} 的消息 {released} 条"))?;
    Ok(released)
}

fn readable_case(tx: &mut Tx<'_>, scene: Scene<'_>, message: &MessageRow) -> Result<Option<CaseRow>, ActError> {
    let case = message.case_id.map(|id| store::case::by_id(tx, id)).transpose()?.flatten();
    Ok(case.filter(|case| scene.actor.may_read(case)))
}

/// Whether she works on the case: one of its officers, or a role there that may write a note.
fn works_on(scene: Scene<'_>, case: &CaseRow) -> bool {
    let standing = scene.actor.standing(case);
    let note = procedure::step_for(case.state.kind, case.state.status, Action::Note);
    standing.assigned || note.is_some_and(|note| note.by.iter().any(|by| standing.is(*by)))
}

fn has_gateway(scene: Scene<'_>, channel: &str) -> Result<(), ActError> {
    if !MACHINE_CHANNELS.contains(&channel) {
        return Err(ActError::field("channel", "channel.by_hand", "这个通道由人工告知，没有自动发送"));
    }
    match scene.house.settings.gateways.contains_key(channel) {
        true => Ok(()),
        false => Err(ActError::field("channel", "channel.no_gateway", "这个通道还没有设置网关，请先设置再发送")),
    }
}

fn settle(tx: &mut Tx<'_>, message: &MessageRow, seen_state: &str, seen_attempts: i64) -> Result<(), ActError> {
    match store::outbox::settle(tx, message, seen_state, seen_attempts)? {
        true => Ok(()),
        false => Err(ActError::Conflict { since: "这条消息的状态已经变了".to_owned() }),
    }
}
