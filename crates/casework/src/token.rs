//! 接口令牌: what a program shows to file; printed once, kept as a keyed hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::Tx;
use store::token::TokenRow;

use crate::error::ActError;
use crate::house::{House, Scene};
use crate::staff;

/// Everything a token may be good for: key and what it allows.
pub const SCOPES: &[(&str, &str)] = &[("filing", "提交投诉"), ("tracking", "查询自己提交的投诉")];

/// What a new token is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewToken {
    /// Who uses it; unique.
    pub name: String,
    /// Keys of [`SCOPES`].
    pub scopes: Vec<String>,
    /// The organisation it is confined to.
    pub organization_id: Option<i64>,
    /// Requests a minute; none for a trusted program.
    pub per_minute: Option<i64>,
}

/// Makes a token out of random bytes and gives the text to show once.
pub fn create(tx: &mut Tx<'_>, scene: Scene<'_>, new: &NewToken, random: [u8; 32]) -> Result<String, ActError> {
    staff::require_administrator(scene)?;
    match new.organization_id {
        Some(organization) => drop(staff::administered(tx, scene, organization)?),
        // Only whoever administers the whole tree may let a program file anywhere.
        None if !staff::administers_installation(tx, scene)? => {
            return Err(ActError::field("organization", "token.organization", "请选择令牌限于哪个机构使用"));
        }
        None => {}
    }
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(ActError::field("name", "token.name", "请写明由谁使用，60 个字以内"));
    }
    if new.scopes.is_empty() || new.scopes.iter().any(|scope| !SCOPES.iter().any(|(key, _)| key == scope)) {
        let known: Vec<_> = SCOPES.iter().map(|(key, _)| *key).collect();
        return Err(ActError::field("scope", "token.scope", format!("请选择用途：{}", known.join("、"))));
    }
    if new.per_minute.is_some_and(|limit| !(1..=1_000_000).contains(&limit)) {
        return Err(ActError::field(
            "per_minute",
            "token.per_minute",
            "每分钟次数请写 1 到 1000000 的整数，不限就留空",
        ));
    }
    if store::token::all(tx)?.iter().any(|token| token.name == name) {
        return Err(ActError::field("name", "token.name_taken", format!("已有名为“{name}”的令牌，请换一个名称")));
    }
    let text = format!("xb_{}", URL_SAFE_NO_PAD.encode(random));
    let hash = hash(scene.house, &text);
    store::token::insert(tx, &hash, name, &new.scopes.join(","), new.organization_id, new.per_minute, scene.now)?;
    staff::note(tx, scene, &format!("新建接口令牌：{name}"))?;
    Ok(text)
}

/// The tokens that this administrator may see.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<TokenRow>, ActError> {
    staff::require_administrator(scene)?;
    let everything = staff::administers_installation(tx, scene)?;
    let mut seen = Vec::new();
    for token in store::token::all(tx)? {
        if everything || within(tx, scene, &token)? {
            seen.push(token);
        }
    }
    Ok(seen)
}

/// Takes a token back. Programs that use it are refused from now on.
pub fn revoke(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<TokenRow, ActError> {
    staff::require_administrator(scene)?;
    let token = store::token::all(tx)?.into_iter().find(|token| token.id == id).ok_or(ActError::NotFound)?;
    if !staff::administers_installation(tx, scene)? && !within(tx, scene, &token)? {
        return Err(ActError::NotFound);
    }
    store::token::revoke(tx, id, scene.now)?;
    staff::note(tx, scene, &format!("吊销接口令牌：{}", token.name))?;
    Ok(token)
}

/// The token that a program shows, if it is one of ours and not taken back.
pub fn find(tx: &mut Tx<'_>, house: &House, text: &str) -> Result<Option<TokenRow>, store::StoreError> {
    Ok(store::token::by_hash(tx, &hash(house, text))?.filter(|token| token.revoked_at.is_none()))
}

/// Whether a token is good for this.
pub fn allows(token: &TokenRow, scope: &str) -> bool {
    token.scopes.split(',').any(|held| held == scope)
}

fn hash(house: &House, text: &str) -> String {
    house.secret.hash("token", text)
}

fn within(tx: &mut Tx<'_>, scene: Scene<'_>, token: &TokenRow) -> Result<bool, ActError> {
    let Some(id) = token.organization_id else { return Ok(false) };
    Ok(store::organization::find(tx, id)?.is_some_and(|organization| staff::administers(scene.actor, &organization)))
}
