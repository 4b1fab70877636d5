//! A filing that is sent twice is taken in once: the first answer is kept in the same transaction as the case.

use domain::filing::Filing;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::deadline::DeadlineRow;

use crate::error::ActError;
use crate::filing::{self, Evidence, Receipt};
use crate::house::Scene;

/// Under which key, and what was sent.
#[derive(Clone, Copy, Debug)]
pub struct RequestKey<'a> {
    /// Whose keys: `draft`, `api:TOKEN`.
    pub scope: &'a str,
    /// The key.
    pub key: &'a str,
    /// Hash of what was sent, so that the same key for something else is noticed.
    pub request_hash: &'a str,
}

/// The receipt as it is kept for a repeated request. The query code is derived again, never kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Row id of the case.
    pub case_id: i64,
    /// Case number.
    pub number: String,
    /// The bureau that has it.
    pub bureau: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// What runs since then.
    pub deadlines: Vec<TakenDeadline>,
}

/// A deadline on a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenDeadline {
    /// Key of the limit.
    pub limit: String,
    /// The step in Chinese.
    pub name: String,
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// The last day, in Beijing.
    pub due_day: Date,
    /// `workday`, `day`, `hour`.
    pub unit: String,
    /// In `unit`.
    pub length: i64,
    /// Law.
    pub law: String,
    /// Article.
    pub article: String,
    /// `statutory` or `promised`.
    pub basis: String,
    /// Rests on a year whose holidays are not published.
    pub provisional: bool,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T = Taken> {
    /// Done, now or before, with what was answered.
    Taken(T),
    /// The key stands for another request.
    OtherRequest,
}

/// What was answered before under this key, if anything.
pub fn find(tx: &mut Tx<'_>, key: RequestKey<'_>) -> Result<Option<Once>, ActError> {
    before(tx, key)
}

fn before<T: DeserializeOwned>(tx: &mut Tx<'_>, key: RequestKey<'_>) -> Result<Option<Once<T>>, ActError> {
    let Some(answered) = store::idempotency::find(tx, key.scope, key.key)? else { return Ok(None) };
    if answered.request_hash != key.request_hash {
        return Ok(Some(Once::OtherRequest));
    }
    Ok(serde_json::from_str(&answered.response).ok().map(Once::Taken))
}

/// Takes the filing in, unless that was done before under the same key.
pub fn file(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    filing: &Filing,
    evidence: Evidence<'_>,
    key: RequestKey<'_>,
) -> Result<Once, ActError> {
    once(tx, scene, key, |tx| Ok(Taken::from(filing::file(tx, scene, filing, evidence)?)))
}

/// Does something and keeps its answer, unless that was done before under the same key.
pub fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    key: RequestKey<'_>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<T, ActError>,
) -> Result<Once<T>, ActError> {
    if let Some(answered) = before(tx, key)? {
        return Ok(answered);
    }
    let taken = act(tx)?;
    let response = serde_json::to_string(&taken).expect("an answer is plain data");
    match store::idempotency::keep(tx, key.scope, key.key, key.request_hash, &response, scene.now)? {
        true => Ok(Once::Taken(taken)),
        // The same request on another connection was first: what was done here is rolled back, and asking again finds that one's.
        false => Err(ActError::Conflict { since: "同一份内容已经在提交".to_owned() }),
    }
}

impl From<Receipt> for Taken {
    fn from(receipt: Receipt) -> Taken {
        Taken {
            case_id: receipt.case_id,
            number: receipt.number,
            bureau: receipt.bureau,
            received_at: receipt.received_at,
            deadlines: receipt.deadlines.into_iter().map(TakenDeadline::from).collect(),
        }
    }
}

impl From<DeadlineRow> for TakenDeadline {
    fn from(row: DeadlineRow) -> TakenDeadline {
        TakenDeadline {
            limit: row.limit_key,
            name: row.name,
            due_at: row.due_at,
            due_day: row.due_day,
            unit: row.unit,
            length: row.length,
            law: row.law,
            article: row.article,
            basis: row.basis,
            provisional: row.provisional,
        }
    }
}
