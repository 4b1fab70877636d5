//! 人工送达: a message that no machine delivers is delivered by a person, who records what proves it (8.1).

use domain::clock::beijing_time;
use jiff::civil::DateTime;
use store::Tx;
use store::outbox::MessageRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::record;

/// Notes that a person delivered a message: when and what proves it (registered letter's number, who took the call, who signed).
///
/// `delivered_at` is Beijing time. A message that was delivered already stays as it is.
pub fn delivered(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    message_id: i64,
    delivered_at: Option<DateTime>,
    proof: &str,
) -> Result<MessageRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let standing = person.standing(&case);
    if standing.roles.is_empty() && !standing.assigned {
        return Err(ActError::Forbidden);
    }
    let message = store::outbox::find(tx, message_id)?.filter(|message| message.case_id == Some(case.id));
    let mut message = message.ok_or(ActError::NotFound)?;
    if message.state == "sent" {
        return Ok(message);
    }
    let proof = proof.trim();
    if proof.is_empty() || proof.chars().count() > 200 {
        return Err(ActError::field(
            "proof",
            "proof.missing",
            "请写凭据，200 个字以内，例如挂号信编号、谁接的电话、谁签收的",
        ));
    }
    let at = match delivered_at {
        Some(time) => domain::clock::beijing_instant(time),
        None => scene.now,
    };
    if at > scene.now || at < message.created_at {
        let from = beijing_time(message.created_at);
        return Err(ActError::field(
            "delivered_at",
            "delivered_at.outside",
            format!("送达时间应当在 {}月{}日生成这份告知以后、现在以前", from.month(), from.day()),
        ));
    }
    let (seen_state, seen_attempts) = (message.state.clone(), message.attempts);
    "sent".clone_into(&mut message.state);
    message.done_at = Some(at);
    message.proof = format!("{}（{}送达）", proof, person.name);
    message.error.clear();
    if store::outbox::settle(tx, &message, &seen_state, seen_attempts)? {
        Ok(message)
    } else {
        Err(ActError::Conflict { since: "这份告知刚刚有了新的送达结果".to_owned() })
    }
}
