//! 通行密钥 (WebAuthn, W3C level 2): a key pair in a telephone, a computer or a security key. The program keeps the public half and
//! checks that what it asked to be signed was signed, for this site, just now, once. Where a key was made is not asked for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::{FactorKind, account_rules};
use domain::audit::AuditKind;
use jiff::SignedDuration;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Tx;
use store::factor::FactorRow;

use super::cbor::Cbor;
use crate::error::ActError;
use crate::house::{House, Scene};

/// The algorithms we can check, as COSE numbers them: ES256, EdDSA, RS256 (Windows Hello).
const ALGORITHMS: &[i64] = &[-7, -8, -257];
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;

/// Where the keys belong: the host that people type, and the address their browsers must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host.
    pub id: String,
    /// Scheme, host and port.
    pub origin: String,
}

impl Site {
    /// The site of this installation. A host that is a bare number cannot have passkeys, by the standard; on this very machine
    /// `localhost` stands in for it.
    pub fn of(house: &House) -> Option<Site> {
        let url = &house.settings.public_url;
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split('/').next()?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, format!(":{port}")),
            _ => (authority, String::new()),
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        let id = match bare {
            Ok(address) if address.is_loopback() => "localhost",
            Ok(_) => return None,
            Err(_) => host,
        };
        // A browser offers passkeys over TLS only, and on this very machine.
        let safe = scheme == "https" || id == "localhost";
        safe.then(|| Site { id: id.to_owned(), origin: format!("{scheme}://{id}{port}") })
    }
}

/// What a browser is asked, ready for the page's script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// What is to be signed.
    pub challenge: String,
    /// The host.
    pub rp_id: String,
    /// For a new key: by what it is called in the list of the browser.
    pub user_name: String,
    /// For a new key: the person, in words.
    pub user_label: String,
    /// For a new key: the person, for the authenticator.
    pub user_id: String,
    /// For a new key: what it may be.
    pub algorithms: &'static [i64],
    /// Her passkeys: one of them answers, or for a new key: those that she has.
    pub credentials: Vec<String>,
    /// Whether the authenticator must verify who uses it: by finger, face or PIN.
    pub verification: &'static str,
}

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be registered.
    Register,
    /// As the second factor, or before a sensitive act.
    Second,
    /// Alone, at the door.
    Alone,
}

impl Purpose {
    fn key(self, session: &str) -> String {
        match self {
            Purpose::Register => format!("register:{session}"),
            Purpose::Second => format!("second:{session}"),
            Purpose::Alone => "alone".to_owned(),
        }
    }
}

/// Asks a browser to sign. `challenge` is fresh; `session` is the hash of the session in which it is asked, `account_id` whose.
pub fn ask(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    purpose: Purpose,
    session: &str,
    account_id: Option<i64>,
    challenge: [u8; 32],
) -> Result<Question, ActError> {
    let site = Site::of(scene.house).ok_or_else(no_site)?;
    let challenge = URL_SAFE_NO_PAD.encode(challenge);
    let until = scene.now + SignedDuration::from_mins(account_rules().second_factor.within_minutes);
    store::factor::ask(tx, &challenge_hash(scene, &challenge), &purpose.key(session), until)?;
    let mut question = Question {
        challenge,
        rp_id: site.id,
        user_name: String::new(),
        user_label: String::new(),
        user_id: String::new(),
        algorithms: ALGORITHMS,
        credentials: Vec::new(),
        verification: if purpose == Purpose::Alone { "required" } else { "preferred" },
    };
    if let Some(id) = account_id {
        let account = store::account::find(tx, id)?.ok_or(ActError::NotFound)?;
        let factors = store::factor::of_account(tx, id)?;
        question.credentials = factors.into_iter().filter_map(|factor| factor.credential).collect();
        question.user_name = account.login;
        question.user_label = account.name;
        question.user_id = URL_SAFE_NO_PAD.encode(scene.house.secret.derive("passkey user", &id.to_string()));
    }
    Ok(question)
}

/// What a browser answers, as the page's script writes it; bytes in base64url.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer {
    id: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
    attestation: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// A new passkey.
pub(super) struct Made {
    pub(super) credential: String,
    pub(super) public_key: Vec<u8>,
    pub(super) counter: i64,
}

/// Reads the answer to [`Purpose::Register`].
pub(super) fn registered(tx: &mut Tx<'_>, scene: Scene<'_>, session: &str, answer: &str) -> Result<Made, ActError> {
    let refused = || ActError::field("passkey", "factor.passkey", "通行密钥没有登记上，请再试一次");
    let site = Site::of(scene.house).ok_or_else(no_site)?;
    let answer: Answer = serde_json::from_str(answer).map_err(|_| refused())?;
    let client = decode(&answer.client_data).ok_or_else(refused)?;
    if !was_asked(tx, scene, &site, "webauthn.create", &client, &Purpose::Register.key(session))? {
        return Err(refused());
    }
    let attestation = decode(&answer.attestation).ok_or_else(refused)?;
    let (attestation, _) = Cbor::read(&attestation).ok_or_else(refused)?;
    let Some(Cbor::Bytes(told)) = attestation.get(&Cbor::Text("authData")) else { return Err(refused()) };
    let told = Told::read(told, &site).ok_or_else(refused)?;
    let (credential, public_key) = told.key().ok_or_else(refused)?;
    Ok(Made {
        credential: URL_SAFE_NO_PAD.encode(credential),
        public_key: public_key.to_vec(),
        counter: i64::from(told.counter),
    })
}

/// Whether this is an answer of one of her passkeys, asked in this session.
pub(super) fn answers(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    account_id: i64,
    session: &str,
    answer: &str,
) -> Result<bool, ActError> {
    Ok(judged(tx, scene, answer, Purpose::Second, session)?.is_some_and(|factor| factor.account_id == account_id))
}

/// Whose passkey answered at the door, having verified who uses it.
pub fn owner(tx: &mut Tx<'_>, scene: Scene<'_>, answer: &str) -> Result<Option<i64>, ActError> {
    Ok(judged(tx, scene, answer, Purpose::Alone, "")?.map(|factor| factor.account_id))
}

fn judged(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    answer: &str,
    purpose: Purpose,
    session: &str,
) -> Result<Option<FactorRow>, ActError> {
    let Some(site) = Site::of(scene.house) else { return Ok(None) };
    let Ok(answer) = serde_json::from_str::<Answer>(answer) else { return Ok(None) };
    let parts = (decode(&answer.client_data), decode(&answer.authenticator_data), decode(&answer.signature));
    let (Some(client), Some(data), Some(signature)) = parts else { return Ok(None) };
    if !was_asked(tx, scene, &site, "webauthn.get", &client, &purpose.key(session))? {
        return Ok(None);
    }
    let found = store::factor::by_credential(tx, &answer.id)?.filter(|factor| factor.kind == FactorKind::Passkey);
    let Some(factor) = found else { return Ok(None) };
    let Some(told) = Told::read(&data, &site) else { return Ok(None) };
    if purpose == Purpose::Alone && told.flags & VERIFIED == 0 {
        return Ok(None);
    }
    let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
    if !verifies(&factor.secret, &signed, &signature) {
        return Ok(None);
    }
    let counter = i64::from(told.counter);
    if counter == 0 && factor.counter == 0 {
        store::factor::touch(tx, factor.id, scene.now)?;
    } else if !store::factor::spend(tx, factor.id, counter, scene.now)? {
        // A counter that does not rise: somebody has a copy of the key.
        let what = format!("通行密钥“{}”的计数倒退，可能被复制，已拒绝", factor.name);
        store::access::record(tx, scene.now, AuditKind::FailedSignIn, Some(factor.account_id), None, &what, "登录")?;
        return Ok(None);
    }
    Ok(Some(factor))
}

/// Whether the browser signed what was asked, for this site. The question is used up by it.
fn was_asked(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    site: &Site,
    kind: &str,
    client: &[u8],
    purpose: &str,
) -> Result<bool, ActError> {
    let Ok(client) = serde_json::from_slice::<ClientData>(client) else { return Ok(false) };
    let ours = client.kind == kind && client.origin == site.origin && !client.cross_origin;
    Ok(ours && store::factor::take(tx, &challenge_hash(scene, &client.challenge), purpose, scene.now)?)
}

fn challenge_hash(scene: Scene<'_>, challenge: &str) -> String {
    scene.house.secret.hash("challenge", challenge)
}

/// What the authenticator tells besides its signature.
struct Told<'a> {
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

impl<'a> Told<'a> {
    /// Reads it, if it is for this site and somebody was there.
    fn read(bytes: &'a [u8], site: &Site) -> Option<Told<'a>> {
        let (host, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        let ours = host == Sha256::digest(site.id.as_bytes()).as_slice();
        (ours && flags & PRESENT != 0).then(|| Told { flags: *flags, counter: u32::from_be_bytes(*counter), rest })
    }

    /// The name of a new key and its public half.
    fn key(&self) -> Option<(&'a [u8], &'a [u8])> {
        if self.flags & HAS_KEY == 0 {
            return None;
        }
        let (_model, rest) = self.rest.split_at_checked(16)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (name, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (key, after) = Cbor::read(rest)?;
        let known = ALGORITHMS.contains(&key.int(3)?);
        let key = &rest[..rest.len() - after.len()];
        (known && !name.is_empty() && name.len() <= 1023).then_some((name, key))
    }
}

/// Whether the public key, as COSE writes it (RFC 9053), made the signature.
fn verifies(key: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    let Some((key, _)) = Cbor::read(key) else { return false };
    match (key.int(1), key.int(3)) {
        (Some(2), Some(-7)) => {
            let (Some(x), Some(y)) = (key.bytes(-2), key.bytes(-3)) else { return false };
            let point = [&[4], x, y].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature).is_ok()
        }
        (Some(1), Some(-8)) => {
            key.bytes(-2).is_some_and(|x| UnparsedPublicKey::new(&ED25519, x).verify(signed, signature).is_ok())
        }
        (Some(3), Some(-257)) => {
            let (Some(n), Some(e)) = (key.bytes(-1), key.bytes(-2)) else { return false };
            RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
        }
        _ => false,
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn no_site() -> ActError {
    ActError::field(
        "passkey",
        "factor.no_site",
        "通行密钥要求用域名和 https 访问本系统，现在的地址做不到。请改用验证器动态码，或请管理员用 --public-url 写明域名",
    )
}
