//! The installation's secret: keys the hashes of query codes and tokens, signs cookies. It lies in a file of its own (or
//! comes from the environment), never in the database, so that a stolen database gives no code away.

use std::path::Path;

use domain::chain::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use store::{LedgerKey, LedgerSuite};
use subtle::ConstantTimeEq;

/// 32 random bytes.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Why the secret cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("密钥文件 {file} 不能用：{reason}。请检查数据目录的权限，或恢复备份中的密钥文件。")]
pub struct SecretError {
    file: String,
    reason: String,
}

impl Secret {
    /// A secret made of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Secret {
        Secret(bytes)
    }

    /// A secret from text of the administrator's (several processes on one database share it).
    pub fn from_text(text: &str) -> Secret {
        Secret(Sha256::digest(text.as_bytes()).into())
    }

    /// The secret of a data folder, made from `fresh` when there is none yet.
    pub fn of_folder(data: &Path, fresh: [u8; 32]) -> Result<Secret, SecretError> {
        let file = data.join("secret.key");
        let fault = |reason: String| SecretError { file: file.display().to_string(), reason };
        match std::fs::read(&file) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes).map(Secret).map_err(|_| fault("长度不对".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                write_private(&file, &fresh).map_err(|error| fault(error.to_string()))?;
                Ok(Secret(fresh))
            }
            Err(error) => Err(fault(error.to_string())),
        }
    }

    /// A keyed hash for one purpose, in hexadecimal.
    pub fn hash(&self, purpose: &str, text: &str) -> String {
        hex(&self.derive(purpose, text))
    }

    /// 32 bytes that only this installation can derive: a key for one purpose.
    pub fn derive(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// What the ledger is bound with.
    pub fn ledger_key(&self, suite: ::vault::Suite) -> LedgerKey {
        let suite = match suite {
            ::vault::Suite::International => LedgerSuite::Sha256,
            ::vault::Suite::National => LedgerSuite::Sm3,
        };
        LedgerKey::new(suite, self.hash("ledger", "").as_bytes())
    }

    /// Whether `hash` is the keyed hash of `text`, in constant time.
    pub fn verifies(&self, purpose: &str, text: &str, hash: &str) -> bool {
        self.hash(purpose, text).as_bytes().ct_eq(hash.as_bytes()).into()
    }
}

fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    opened.write_all(bytes)?;
    opened.sync_all()
}
