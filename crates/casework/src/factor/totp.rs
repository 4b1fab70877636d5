//! 动态码: six digits every half minute (RFC 6238). The secret is sealed under a key of the installation's.

use ::vault::{Chance, open_under, seal_under};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::FactorKind;
use store::Tx;
use totp_rs::{Builder, Secret, Totp};

use crate::error::ActError;
use crate::house::Scene;

/// Bytes of a secret, as RFC 4226 recommends.
const LENGTH: usize = 20;

/// A secret that is about to be set up: what the page shows, and what comes back with the first code.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret as text, for an app that reads no picture.
    pub key: String,
    /// What the picture says.
    pub address: String,
    /// The secret sealed, to be sent back.
    pub sealed: String,
}

/// The secret that was sealed for the one who asks, or a new one from a fresh seed when `kept` is none of hers.
pub fn enrolment(scene: Scene<'_>, login: &str, kept: &str, seed: [u8; 32]) -> Result<Enrolment, ActError> {
    let id = super::person(scene)?.account_id;
    let opened = URL_SAFE_NO_PAD.decode(kept).ok().and_then(|sealed| {
        let clear = open_under(&house_key(scene), &context(id), &sealed).ok()?;
        Some((clear.bytes().to_vec(), kept.to_owned()))
    });
    let (secret, sealed) = opened.unwrap_or_else(|| {
        let secret = scene.house.secret.derive("totp secret", &domain::chain::hex(&seed))[..LENGTH].to_vec();
        let sealed = URL_SAFE_NO_PAD.encode(seal(scene, id, &secret, seed));
        (secret, sealed)
    });
    let key = Secret::from(secret).to_base32();
    let address = format!("otpauth://totp/12315:{login}?secret={key}&issuer=12315");
    Ok(Enrolment { key, address, sealed })
}

/// The sealed secret of an enrolment whose first code is right, with the time step that is used up by it.
pub(super) fn confirm(scene: Scene<'_>, account_id: i64, sealed: &str, code: &str) -> Result<(Vec<u8>, i64), ActError> {
    let stale = || ActError::field("code", "factor.stale", "这一页放得太久了，请刷新后重新扫码");
    let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| stale())?;
    let generator = generator(scene, account_id, &sealed).ok_or_else(stale)?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = step(&generator, &code, scene).ok_or_else(|| {
        ActError::field(
            "code",
            "factor.code",
            "动态码不对。请输入验证器里现在显示的 6 位数字；一直不对的，请核对手机的时间",
        )
    })?;
    Ok((sealed, step))
}

/// Whether this is the present code of one of her generators; it is used up.
pub(super) fn spend(tx: &mut Tx<'_>, scene: Scene<'_>, account_id: i64, code: &str) -> Result<bool, ActError> {
    for factor in store::factor::of_account(tx, account_id)? {
        let generator = match factor.kind {
            FactorKind::Totp => generator(scene, account_id, &factor.secret),
            FactorKind::Passkey => None,
        };
        let step = generator.and_then(|generator| step(&generator, code, scene));
        if let Some(step) = step
            && store::factor::spend(tx, factor.id, step, scene.now)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The time step whose code this is: the present one or a neighbour, since clocks differ.
fn step(generator: &Totp, code: &str, scene: Scene<'_>) -> Option<i64> {
    let seconds = u64::try_from(scene.now.as_second()).ok()?;
    generator.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

fn generator(scene: Scene<'_>, account_id: i64, sealed: &[u8]) -> Option<Totp> {
    let clear = open_under(&house_key(scene), &context(account_id), sealed).ok()?;
    Builder::new().with_secret(clear.bytes().to_vec()).build().ok()
}

fn seal(scene: Scene<'_>, account_id: i64, secret: &[u8], seed: [u8; 32]) -> Vec<u8> {
    let mut chance = Chance::from_seed(seed);
    seal_under(scene.house.settings.suite, &house_key(scene), &context(account_id), secret, &mut chance)
}

fn house_key(scene: Scene<'_>) -> [u8; 32] {
    scene.house.secret.derive("totp key", "")
}

fn context(account_id: i64) -> String {
    format!("totp:{account_id}")
}
