//! 草稿: what a consumer has typed so far, kept by the server under a key that only her browser has.

use domain::filing::{self, RawFiling, Typist};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::error::ActError;
use crate::filing::Evidence;
use crate::house::Scene;
use crate::once::{self, Once, RequestKey, Taken};

/// How long an untouched draft is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
const OWNER: &str = "public";
const SCOPE: &str = "draft";

/// An unfinished filing: a complaint, or the short form of what is only answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft<R = RawFiling> {
    /// What was typed.
    pub raw: R,
    /// The parts whose page was sent in order, by their key, so that going on leads to the first open one.
    #[serde(default)]
    pub done: Vec<String>,
    /// The last change.
    pub saved_at: Timestamp,
}

/// Begins an empty draft.
pub fn begin(tx: &mut Tx<'_>, scene: Scene<'_>, key_hash: &str) -> Result<(), ActError> {
    keep(tx, scene, key_hash, RawFiling::default())
}

/// Keeps what was typed on a form of one page, new or again.
pub fn keep<R: Serialize>(tx: &mut Tx<'_>, scene: Scene<'_>, key_hash: &str, raw: R) -> Result<(), ActError> {
    put(tx, scene, key_hash, &Draft { raw, done: Vec::new(), saved_at: scene.now })
}

/// The draft under this key; none when it is too old or was sent.
pub fn load<R: DeserializeOwned>(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    key_hash: &str,
) -> Result<Option<Draft<R>>, ActError> {
    let Some(text) = store::draft::get(tx, key_hash, OWNER)? else { return Ok(None) };
    let draft: Option<Draft<R>> = serde_json::from_str(&text).ok();
    Ok(draft.filter(|draft| scene.now - KEPT < draft.saved_at))
}

/// Changes the draft in one step, so that a late autosave cannot undo what another page saved.
pub fn change(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    key_hash: &str,
    change: impl FnOnce(&mut Draft),
) -> Result<Option<Draft>, ActError> {
    let Some(mut draft) = load(tx, scene, key_hash)? else { return Ok(None) };
    change(&mut draft);
    draft.saved_at = scene.now;
    put(tx, scene, key_hash, &draft)?;
    Ok(Some(draft))
}

/// Throws the draft and its files' records away.
pub fn discard(tx: &mut Tx<'_>, key_hash: &str) -> Result<(), ActError> {
    for file in store::attachment::of_draft(tx, key_hash)? {
        store::attachment::remove_from_draft(tx, key_hash, file.id)?;
    }
    store::draft::delete(tx, key_hash)?;
    Ok(())
}

/// Files the draft; a second time gives the same receipt. Faults of any part come back all at once.
pub fn submit(tx: &mut Tx<'_>, scene: Scene<'_>, key_hash: &str) -> Result<Taken, ActError> {
    if let Some(taken) = receipt(tx, key_hash)? {
        return Ok(taken);
    }
    let mut raw: RawFiling = load(tx, scene, key_hash)?.ok_or(ActError::NotFound)?.raw;
    "web".clone_into(&mut raw.channel);
    let filing = filing::parse(&raw, Typist::Consumer, &scene.house.codes, scene.now).map_err(ActError::Invalid)?;
    let taken = match once::file(
        tx,
        scene,
        &filing,
        Evidence { draft_hash: Some(key_hash), ..Evidence::default() },
        request(key_hash),
    )? {
        Once::Taken(taken) => taken,
        Once::OtherRequest => return Err(ActError::NotFound),
    };
    store::draft::delete(tx, key_hash)?;
    Ok(taken)
}

/// The receipt of a draft that was sent.
pub fn receipt(tx: &mut Tx<'_>, key_hash: &str) -> Result<Option<Taken>, ActError> {
    match once::find(tx, request(key_hash))? {
        Some(Once::Taken(taken)) => Ok(Some(taken)),
        _ => Ok(None),
    }
}

/// A draft can be sent once whatever stands in it, so its key alone names the request.
fn request(key_hash: &str) -> RequestKey<'_> {
    RequestKey { scope: SCOPE, key: key_hash, request_hash: "" }
}

fn put<R: Serialize>(tx: &mut Tx<'_>, scene: Scene<'_>, key_hash: &str, draft: &Draft<R>) -> Result<(), ActError> {
    let data = serde_json::to_string(draft).expect("a draft is plain data");
    store::draft::put(tx, key_hash, OWNER, &data, scene.now)?;
    Ok(())
}
