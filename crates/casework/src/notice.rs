//! 告知: messages to the parties, written in the act's own transaction.

use domain::phone_number::PhoneNumber;
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;
use store::outbox::MessageRow;
use store::party::Party;

use crate::error::ActError;
use crate::house::Scene;
use crate::letters::{self, Blanks};

/// What to say.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// Subject line.
    pub subject: &'a str,
    /// Text.
    pub body: &'a str,
    /// The paper it carries.
    pub paper: Option<i64>,
}

/// Tells the consumer: always on her tracking page, and in the way she chose.
pub fn complainant(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, notice: &Notice<'_>) -> Result<(), ActError> {
    let Some(party) = party(tx, case, "complainant")? else { return Ok(()) };
    on_her_page(tx, scene, case, notice)?;
    if party.notify_by != "in_app" {
        send(tx, scene, case, "complainant", &party, &party.notify_by, notice)?;
    }
    Ok(())
}

/// Shows it on her tracking page alone: she has heard it already.
pub fn on_her_page(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, notice: &Notice<'_>) -> Result<(), ActError> {
    let shown = MessageRow {
        state: "sent".to_owned(),
        done_at: Some(scene.now),
        proof: "查询页可见".to_owned(),
        ..message(scene, case, "complainant", "in_app", "", notice)
    };
    store::outbox::insert(tx, &shown)?;
    Ok(())
}

/// Tells the respondent: by text message to a mobile number where there is a gateway, otherwise by hand.
pub fn respondent(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, notice: &Notice<'_>) -> Result<(), ActError> {
    let Some(party) = party(tx, case, "respondent")? else { return Ok(()) };
    let mobile = PhoneNumber::parse(&party.phone).is_ok_and(|phone| phone.is_mobile());
    let channel = if mobile { "sms" } else { "letter" };
    send(tx, scene, case, "respondent", &party, channel, notice)
}

/// Tells both sides the same.
pub fn both(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, subject: &str, body: &str) -> Result<(), ActError> {
    let notice = Notice { subject, body, paper: None };
    complainant(tx, scene, case, &notice)?;
    respondent(tx, scene, case, &notice)
}

/// A letter to each side with its own name, and the message that brings it.
pub fn letter_to_both(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    letter: &str,
    blanks: &Blanks,
    subject: &str,
    body: &str,
) -> Result<(), ActError> {
    let to = |name: &str| {
        let mut blanks = blanks.clone();
        blanks.insert("recipient_name", name.to_owned());
        blanks
    };
    let paper = letters::make(tx, scene, case, letter, &to(&case.matter.complainant_name))?;
    complainant(tx, scene, case, &Notice { subject, body, paper })?;
    let paper = letters::make(tx, scene, case, letter, &to(&case.matter.respondent_name))?;
    respondent(tx, scene, case, &Notice { subject, body, paper })
}

/// Reminds the officer in charge of a limit that is about to end: by text message, when there is a gateway and she has left a
/// mobile number. Without them the desk alone says it.
pub fn officer(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, limit: &str, due: Date) -> Result<(), ActError> {
    let body = format!("{} 的“{limit}”{}月{}日届满，请及时办理。", case.number, due.month(), due.day());
    lead(tx, scene, case, "期限将到", &body)
}

/// Tells the officer in charge, when there is one.
pub fn lead(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, subject: &str, body: &str) -> Result<(), ActError> {
    case.state.lead.map_or(Ok(()), |lead| staff(tx, scene, case, lead, subject, body))
}

/// Tells a member of staff by text message, when there is a gateway and she has left a mobile number; the desk says it anyway.
pub fn staff(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    account_id: i64,
    subject: &str,
    body: &str,
) -> Result<(), ActError> {
    let Some(account) = store::account::find(tx, account_id)? else { return Ok(()) };
    let mobile = PhoneNumber::parse(&account.phone).is_ok_and(|phone| phone.is_mobile());
    if !account.active || !mobile || !scene.house.settings.gateways.contains_key("sms") {
        return Ok(());
    }
    let notice = Notice { subject, body, paper: None };
    let waiting =
        MessageRow { state: "waiting".to_owned(), ..message(scene, case, "staff", "sms", &account.phone, &notice) };
    store::outbox::insert(tx, &waiting)?;
    Ok(())
}

fn send(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    recipient: &str,
    party: &Party,
    channel: &str,
    notice: &Notice<'_>,
) -> Result<(), ActError> {
    let (address, state) = match channel {
        "sms" | "email" => {
            let address = if channel == "sms" { &party.phone } else { &party.email };
            let configured = scene.house.settings.gateways.contains_key(channel);
            (address.clone(), if configured { "waiting" } else { "no_gateway" })
        }
        "phone" => (party.phone.clone(), "by_hand"),
        _ => (party.address.clone(), "by_hand"),
    };
    let message = MessageRow { state: state.to_owned(), ..message(scene, case, recipient, channel, &address, notice) };
    store::outbox::insert(tx, &message)?;
    Ok(())
}

fn message(
    scene: Scene<'_>,
    case: &CaseRow,
    recipient: &str,
    channel: &str,
    address: &str,
    notice: &Notice<'_>,
) -> MessageRow {
    MessageRow {
        id: 0,
        case_id: Some(case.id),
        event_number: Some(case.state.version),
        recipient: recipient.to_owned(),
        channel: channel.to_owned(),
        address: address.to_owned(),
        subject: notice.subject.to_owned(),
        body: notice.body.to_owned(),
        paper_id: notice.paper,
        state: String::new(),
        created_at: scene.now,
        next_try_at: scene.now,
        attempts: 0,
        done_at: None,
        proof: String::new(),
        error: String::new(),
    }
}

fn party(tx: &mut Tx<'_>, case: &CaseRow, role: &str) -> Result<Option<Party>, ActError> {
    Ok(store::party::of_case(tx, case.id)?.into_iter().find(|party| party.role == role))
}
