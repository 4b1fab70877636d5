//! 信封加密: the text under a fresh data key, the data key wrapped to each holder.

use zeroize::Zeroizing;

use crate::Chance;
use crate::error::VaultError;
use crate::key::{KeyPair, PublicKey};
use crate::suite::Suite;

/// A sealed text with a wrapped data key for each holder. Whoever loses her wrap opens nothing; a new envelope with fresh
/// keys is made by sealing again.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The sealed text.
    pub body: Vec<u8>,
    /// The wrapped data key of each recipient, in their order.
    pub wraps: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Envelope({} bytes, {} holders)", self.body.len(), self.wraps.len())
    }
}

/// A text that was sealed. Wiped when dropped; prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Clear(Zeroizing<Vec<u8>>);

impl Clear {
    /// The text itself.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Clear {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clear(…)")
    }
}

impl Envelope {
    /// Seals a text to the recipients. It opens only with the same `context`, so that it cannot be moved to another place.
    pub fn seal(
        suite: Suite,
        context: &str,
        clear: &[u8],
        recipients: &[PublicKey],
        chance: &mut Chance,
    ) -> Result<Envelope, VaultError> {
        let data_key = suite.fresh_key(chance);
        let body = suite.encrypt(&data_key, context.as_bytes(), clear, chance);
        let wraps = recipients.iter().map(|public| public.wrap(context.as_bytes(), &data_key, chance));
        Ok(Envelope { body, wraps: wraps.collect::<Result<_, _>>()? })
    }
}

/// Seals a file under a key of its own; gives the key, which is kept in what is sealed to people, and the sealed bytes.
pub fn seal_file(suite: Suite, context: &str, clear: &[u8], chance: &mut Chance) -> (Zeroizing<Vec<u8>>, Vec<u8>) {
    let key = suite.fresh_key(chance);
    let body = suite.encrypt(&key, context.as_bytes(), clear, chance);
    (key, body)
}

/// Opens a file with its key.
pub fn open_file(key: &[u8], context: &str, body: &[u8]) -> Result<Clear, VaultError> {
    Suite::decrypt(key, context.as_bytes(), body).map(Clear)
}

/// Seals a short text under a key of the caller's own. It opens only with the same `context`.
pub fn seal_under(suite: Suite, key: &[u8; 32], context: &str, clear: &[u8], chance: &mut Chance) -> Vec<u8> {
    suite.encrypt(&key[..suite.key_length()], context.as_bytes(), clear, chance)
}

/// Opens what [`seal_under`] sealed.
pub fn open_under(key: &[u8; 32], context: &str, sealed: &[u8]) -> Result<Clear, VaultError> {
    let (suite, _) = Suite::of(sealed)?;
    Suite::decrypt(&key[..suite.key_length()], context.as_bytes(), sealed).map(Clear)
}

/// Opens a body with the holder's own wrap.
pub fn open(body: &[u8], wrap: &[u8], context: &str, holder: &KeyPair) -> Result<Clear, VaultError> {
    let data_key = holder.unwrap(context.as_bytes(), wrap)?;
    Suite::decrypt(&data_key, context.as_bytes(), body).map(Clear)
}

/// The holder's own wrap, wrapped again for somebody else.
pub fn grant(
    wrap: &[u8],
    context: &str,
    holder: &KeyPair,
    to: &PublicKey,
    chance: &mut Chance,
) -> Result<Vec<u8>, VaultError> {
    let data_key = holder.unwrap(context.as_bytes(), wrap)?;
    to.wrap(context.as_bytes(), &data_key, chance)
}
