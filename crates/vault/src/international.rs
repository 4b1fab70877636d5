//! AES-256-GCM, SHA-256 and X25519 in HPKE (RFC 9180, base mode).

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use zeroize::Zeroizing;

use crate::Chance;
use crate::error::VaultError;
use crate::suite::NONCE;

type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;
type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;

/// Bytes of an encapsulated key, which is a public key.
const ENCAPPED: usize = 32;

pub(crate) fn encrypt(key: &[u8], nonce: &[u8; NONCE], bound: &[u8], clear: &[u8]) -> Vec<u8> {
    let cipher = Aes256Gcm::new_from_slice(key).expect("the suite made the key");
    cipher.encrypt(&Nonce::from(*nonce), Payload { msg: clear, aad: bound }).expect("a text in memory is short enough")
}

pub(crate) fn decrypt(
    key: &[u8],
    nonce: &[u8; NONCE],
    bound: &[u8],
    body: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| VaultError::DoesNotOpen)?;
    let clear = cipher.decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: bound });
    clear.map(Zeroizing::new).map_err(|_| VaultError::DoesNotOpen)
}

/// A fresh private key.
pub(crate) fn generate(chance: &mut Chance) -> Zeroizing<Vec<u8>> {
    let (private, _) = X25519HkdfSha256::gen_keypair_with_rng(&mut chance.0);
    Zeroizing::new(private.to_bytes().to_vec())
}

/// The public key of a private one.
pub(crate) fn public_of(private: &[u8]) -> Result<Vec<u8>, VaultError> {
    let private = Private::from_bytes(private).map_err(|_| VaultError::Malformed)?;
    Ok(X25519HkdfSha256::sk_to_pk(&private).to_bytes().to_vec())
}

/// Whether the bytes are a public key.
pub(crate) fn is_public(bytes: &[u8]) -> bool {
    Public::from_bytes(bytes).is_ok()
}

pub(crate) fn wrap(public: &[u8], bound: &[u8], secret: &[u8], chance: &mut Chance) -> Result<Vec<u8>, VaultError> {
    let public = Public::from_bytes(public).map_err(|_| VaultError::Malformed)?;
    let (encapped, body) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        bound,
        secret,
        &[],
        &mut chance.0,
    )
    .map_err(|_| VaultError::Malformed)?;
    Ok([encapped.to_bytes().as_slice(), &body].concat())
}

pub(crate) fn unwrap(private: &[u8], bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (encapped, body) = wrapped.split_at_checked(ENCAPPED).ok_or(VaultError::Malformed)?;
    let private = Private::from_bytes(private).map_err(|_| VaultError::Malformed)?;
    let encapped = Encapped::from_bytes(encapped).map_err(|_| VaultError::Malformed)?;
    let secret = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapped,
        bound,
        body,
        &[],
    );
    secret.map(Zeroizing::new).map_err(|_| VaultError::DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use super::{decrypt, encrypt, public_of};
    use crate::suite::tests_support::bytes;

    /// McGrew and Viega, test case 16; also in NIST's GCM vectors.
    #[test]
    fn aes_256_gcm() {
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let nonce = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
        let bound = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let clear = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let sealed = bytes(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
             76fc6ece0f4e1768cddf8853bb2d551b",
        );
        assert_eq!(encrypt(&key, &nonce, &bound, &clear), sealed);
        assert_eq!(*decrypt(&key, &nonce, &bound, &sealed).unwrap(), clear);
    }

    /// RFC 7748, section 6.1.
    #[test]
    fn x25519() {
        let alice = bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        assert_eq!(
            public_of(&alice).unwrap(),
            bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        );
    }

    /// RFC 9180, appendix A.1.1: the same KEM and KDF with the shorter AES, which is what the RFC prints.
    #[test]
    fn hpke_base() {
        use hpke::Deserializable as _;
        let private = bytes("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
        let encapped = bytes("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
        let clear = hpke::single_shot_open::<hpke::aead::AesGcm128, super::HkdfSha256, super::X25519HkdfSha256>(
            &hpke::OpModeR::Base,
            &super::Private::from_bytes(&private).unwrap(),
            &super::Encapped::from_bytes(&encapped).unwrap(),
            b"Ode on a Grecian Urn",
            &bytes("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
            b"Count-0",
        );
        assert_eq!(clear.unwrap(), b"Beauty is truth, truth beauty");
    }
}
