//! 国密: SM4-GCM (RFC 8998), SM3 (GB/T 32905), SM2 encryption (GB/T 32918.4, C1C3C2).

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{AesGcm, Nonce};
use sm2::elliptic_curve::Generate as _;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm2::pke::{DecryptingKey, EncryptingKey};
use sm2::{PublicKey, SecretKey};
use sm3::{Digest as _, Sm3};
use sm4::Sm4;
use zeroize::Zeroizing;

use crate::Chance;
use crate::error::VaultError;
use crate::suite::NONCE;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Bytes of SM3.
const DIGEST: usize = 32;

pub(crate) fn encrypt(key: &[u8], nonce: &[u8; NONCE], bound: &[u8], clear: &[u8]) -> Vec<u8> {
    let cipher = Sm4Gcm::new_from_slice(key).expect("the suite made the key");
    cipher.encrypt(&Nonce::from(*nonce), Payload { msg: clear, aad: bound }).expect("a text in memory is short enough")
}

pub(crate) fn decrypt(
    key: &[u8],
    nonce: &[u8; NONCE],
    bound: &[u8],
    body: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let cipher = Sm4Gcm::new_from_slice(key).map_err(|_| VaultError::DoesNotOpen)?;
    let clear = cipher.decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: bound });
    clear.map(Zeroizing::new).map_err(|_| VaultError::DoesNotOpen)
}

/// A fresh private key.
pub(crate) fn generate(chance: &mut Chance) -> Zeroizing<Vec<u8>> {
    let private = SecretKey::generate_from_rng(&mut chance.0);
    Zeroizing::new(private.to_bytes().to_vec())
}

/// The public key of a private one, uncompressed.
pub(crate) fn public_of(private: &[u8]) -> Result<Vec<u8>, VaultError> {
    let private = SecretKey::from_slice(private).map_err(|_| VaultError::Malformed)?;
    Ok(private.public_key().to_sec1_point(false).as_bytes().to_vec())
}

/// Whether the bytes are a public key: a point of the curve.
pub(crate) fn is_public(bytes: &[u8]) -> bool {
    PublicKey::from_sec1_bytes(bytes).is_ok()
}

/// SM2 has no place for bound text, so its SM3 goes in with the secret and is compared when it comes out.
pub(crate) fn wrap(public: &[u8], bound: &[u8], secret: &[u8], chance: &mut Chance) -> Result<Vec<u8>, VaultError> {
    let key = EncryptingKey::from_sec1_bytes(public).map_err(|_| VaultError::Malformed)?;
    let message = Zeroizing::new([Sm3::digest(bound).as_slice(), secret].concat());
    key.encrypt(&mut chance.0, &message).map_err(|_| VaultError::Malformed)
}

pub(crate) fn unwrap(private: &[u8], bound: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let private = SecretKey::from_slice(private).map_err(|_| VaultError::Malformed)?;
    let message = DecryptingKey::new(private).decrypt(wrapped).map_err(|_| VaultError::DoesNotOpen)?;
    let message = Zeroizing::new(message);
    let (digest, secret) = message.split_at_checked(DIGEST).ok_or(VaultError::DoesNotOpen)?;
    if digest == Sm3::digest(bound).as_slice() {
        Ok(Zeroizing::new(secret.to_vec()))
    } else {
        Err(VaultError::DoesNotOpen)
    }
}

#[cfg(test)]
mod tests {
    use sm2::pke::DecryptingKey;
    use sm3::{Digest as _, Sm3};
    use sm4::Sm4;
    use sm4::cipher::{BlockCipherEncrypt as _, KeyInit as _};

    use super::{decrypt, encrypt};
    use crate::suite::tests_support::bytes;

    /// GB/T 32905-2016, annex A.1.
    #[test]
    fn sm3() {
        let expected = bytes("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(Sm3::digest(b"abc").as_slice(), expected);
    }

    /// GB/T 32907-2016, annex A.1.
    #[test]
    fn sm4() {
        let text = bytes("0123456789abcdeffedcba9876543210");
        let mut block = <[u8; 16]>::try_from(text.as_slice()).unwrap().into();
        Sm4::new_from_slice(&text).unwrap().encrypt_block(&mut block);
        assert_eq!(block.as_slice(), bytes("681edf34d206965e86b3e94f536e4246"));
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn sm4_gcm() {
        let key = bytes("0123456789abcdeffedcba9876543210");
        let nonce = bytes("00001234567800000000abcd").try_into().unwrap();
        let bound = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let clear = bytes(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        );
        let sealed = bytes(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
             83de3541e4c2b58177e065a9bf7b62ec",
        );
        assert_eq!(encrypt(&key, &nonce, &bound, &clear), sealed);
        assert_eq!(*decrypt(&key, &nonce, &bound, &sealed).unwrap(), clear);
    }

    /// GB/T 32918.5-2017, annex C.2: public-key encryption of "encryption standard".
    #[test]
    fn sm2_encryption() {
        let private = bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
        let c1 = "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73e8\
                  58f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0";
        let c3 = "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766";
        let c2 = "21886ca989ca9c7d58087307ca93092d651efa";
        let sealed = bytes(&format!("{c1}{c3}{c2}"));
        let key = DecryptingKey::from_slice(&private).unwrap();
        assert_eq!(key.decrypt(&sealed).unwrap(), b"encryption standard");
    }
}
