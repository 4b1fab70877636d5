//! One round of delivery: read what waits, carry it outside of any transaction, write down what became of each.

use jiff::{SignedDuration, Timestamp};
use store::outbox::MessageRow;
use store::{Db, StoreError, Tx};

use super::{Carrier, Carriers, CarryError, MACHINE_CHANNELS, Parcel};

/// How long to wait after the first, second, … failed try. Together a little under two days, so that an outage over a night
/// or a day mends itself; who has not been told after that must be told by a person. One more try than waits: eight.
pub const BACK_OFF: [SignedDuration; 7] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(24),
];

/// Messages of one channel in a round: few enough that the channels take turns.
const BATCH: i64 = 50;
/// Longer than one message can take; renewed with each.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const LEASE_NAME: &str = "delivery";

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Another process was delivering.
    pub elsewhere: bool,
    /// Messages delivered.
    pub sent: usize,
    /// Messages put off to a later try.
    pub put_off: usize,
    /// Messages given up: a person must see to them.
    pub failed: usize,
    /// Channels whose gateway could not be used; their other messages were left alone.
    pub unreachable: Vec<String>,
    /// Messages whose channel has no gateway any more.
    pub without_gateway: u64,
    /// More waits than one round takes: another round is worth starting at once.
    pub more: bool,
}

/// Delivers one round. `holder` names this process and loop, unlike any other; `clock` tells the time, which passes while
/// gateways answer.
///
/// A program that ends between carrying and writing down leads at worst to a repeat under the same key.
pub fn run_round(
    db: &Db,
    carriers: &Carriers,
    holder: &str,
    clock: &dyn Fn() -> Timestamp,
) -> Result<Delivered, StoreError> {
    let (name, now) = (holder.to_owned(), clock());
    if nothing_waits(db, carriers, now)? {
        return Ok(Delivered::default());
    }
    if !db.act(move |tx| store::lease::take(tx, LEASE_NAME, &name, now, now + LEASE))? {
        return Ok(Delivered { elsewhere: true, ..Delivered::default() });
    }
    let mut delivered = Delivered::default();
    for channel in MACHINE_CHANNELS {
        match carriers.get(*channel) {
            Some(carrier) => {
                if !serve(db, channel, carrier.as_ref(), holder, clock, &mut delivered)? {
                    return Ok(Delivered { elsewhere: true, ..delivered });
                }
            }
            // Its gateway was taken away: it says so, instead of waiting for nobody.
            None => delivered.without_gateway += db.act(|tx| store::outbox::withhold(tx, channel))?,
        }
    }
    let name = holder.to_owned();
    db.act(move |tx| store::lease::give_back(tx, LEASE_NAME, &name))?;
    Ok(delivered)
}

/// A look without a lease: an idle installation writes nothing to its disk.
fn nothing_waits(db: &Db, carriers: &Carriers, now: Timestamp) -> Result<bool, StoreError> {
    for channel in MACHINE_CHANNELS {
        // Without a gateway nothing is to wait at all.
        let until = if carriers.contains_key(*channel) { now } else { Timestamp::MAX };
        if !db.read(move |tx| store::outbox::waiting(tx, channel, until, 1))?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Delivers a channel's batch; `false` when the lease was lost on the way.
fn serve(
    db: &Db,
    channel: &'static str,
    carrier: &dyn Carrier,
    holder: &str,
    clock: &dyn Fn() -> Timestamp,
    delivered: &mut Delivered,
) -> Result<bool, StoreError> {
    let now = clock();
    // An act, not a read: a replica that lags behind would show messages that are gone already.
    let parcels = db.act(move |tx| waiting(tx, channel, now))?;
    let full = parcels.len() as i64 == BATCH;
    for parcel in parcels {
        let outcome = carrier.carry(&parcel);
        let (seen, now) = (parcel.message.attempts, clock());
        let message = after_try(parcel.message, &outcome, now);
        log(&message, &outcome);
        match message.state.as_str() {
            "sent" => delivered.sent += 1,
            "failed" => delivered.failed += 1,
            _ => delivered.put_off += 1,
        }
        let name = holder.to_owned();
        let still_ours = db.act(move |tx| {
            store::outbox::settle(tx, &message, "waiting", seen)?;
            store::lease::take(tx, LEASE_NAME, &name, now, now + LEASE)
        })?;
        if !still_ours {
            return Ok(false);
        }
        if outcome.is_err_and(|error| error.unreachable) {
            delivered.unreachable.push(channel.to_owned());
            return Ok(true);
        }
    }
    delivered.more |= full;
    Ok(true)
}

fn waiting(tx: &mut Tx<'_>, channel: &str, now: Timestamp) -> Result<Vec<Parcel>, StoreError> {
    let messages = store::outbox::waiting(tx, channel, now, BATCH)?;
    messages
        .into_iter()
        .map(|message| {
            let case = message.case_id.map(|id| store::case::by_id(tx, id)).transpose()?.flatten();
            Ok(Parcel { message, case_number: case.map(|case| case.number) })
        })
        .collect()
}

fn after_try(mut message: MessageRow, outcome: &Result<String, CarryError>, now: Timestamp) -> MessageRow {
    message.attempts += 1;
    match outcome {
        Ok(proof) => {
            "sent".clone_into(&mut message.state);
            message.done_at = Some(now);
            message.proof.clone_from(proof);
            message.error.clear();
        }
        Err(error) => {
            message.error.clone_from(&error.sentence);
            let wait = usize::try_from(message.attempts - 1).ok().and_then(|tries| BACK_OFF.get(tries));
            match wait {
                Some(wait) if error.temporary => message.next_try_at = now + *wait,
                _ => "failed".clone_into(&mut message.state),
            }
        }
    }
    message
}

/// Only ids: no address, no text.
fn log(message: &MessageRow, outcome: &Result<String, CarryError>) {
    let (outbox, attempts) = (message.id, message.attempts);
    match outcome {
        Ok(_) => tracing::info!(outbox, attempts, "message delivered"),
        Err(error) if message.state == "failed" => {
            tracing::error!(outbox, attempts, error = error.sentence, "message given up");
        }
        Err(error) => tracing::warn!(outbox, attempts, error = error.sentence, "message put off"),
    }
}
