//! 电子签名 of a PDF with the bureau's certificate: PAdES-B-B (ETSI EN 319 142-1), that is a detached CMS over everything in the
//! file but the signature itself, with the certificate named by its hash among what is signed.
//!
//! The keys come from a PKCS#12 file. Whoever signs says when, and an RSA signature has no chance in it, so the same paper gives
//! the same bytes.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode};
use domain::clock::beijing_time;
use jiff::Timestamp;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

mod update;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// Why a certificate cannot be used, or a file not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The PKCS#12 file does not open.
    #[error("证书文件打不开，请核对是不是 PKCS#12（.p12、.pfx）文件、口令对不对：{0}")]
    Closed(String),
    /// There is no key with a certificate in it.
    #[error("证书文件里没有带私钥的证书")]
    NoKey,
    /// Its key is of a kind that is not used here.
    #[error("证书的密钥不是 2048 到 4096 位的 RSA，不能用来签 PDF")]
    OtherKey,
    /// The certificate or the signature could not be put together.
    #[error("证书读不出来：{0}")]
    Certificate(#[from] der::Error),
    /// The file is not as this program writes it.
    #[error("这份 PDF 不能签名：{0}")]
    Shape(&'static str),
}

/// A certificate with its key and those above it.
pub struct Signer {
    key: RsaKeyPair,
    /// The bureau's own first.
    chain: Vec<Certificate>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Signer({})", self.subject())
    }
}

impl Signer {
    /// The first key with a certificate in a PKCS#12 file.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Self, SignError> {
        let store = KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Relaxed)
            .map_err(|error| SignError::Closed(error.to_string()))?;
        let (_, chain) = store.private_key_chain().ok_or(SignError::NoKey)?;
        let key = RsaKeyPair::from_pkcs8(chain.key().as_der()).map_err(|_| SignError::OtherKey)?;
        let certificates = chain.certs().iter().map(|certificate| Certificate::from_der(certificate.as_der()));
        let chain = certificates.collect::<Result<Vec<_>, _>>()?;
        if chain.is_empty() { Err(SignError::NoKey) } else { Ok(Self { key, chain }) }
    }

    fn certificate(&self) -> &Certificate {
        self.chain.first().expect("a signer has a certificate")
    }

    /// In whose name the certificate stands.
    pub fn subject(&self) -> String {
        self.certificate().tbs_certificate().subject().to_string()
    }

    /// The last moment at which it is good.
    pub fn good_until(&self) -> Option<Timestamp> {
        let until = self.certificate().tbs_certificate().validity().not_after.to_unix_duration();
        Timestamp::from_second(i64::try_from(until.as_secs()).ok()?).ok()
    }

    /// Whether it was good at a moment.
    pub fn is_good_at(&self, at: Timestamp) -> bool {
        let validity = self.certificate().tbs_certificate().validity();
        let at = u64::try_from(at.as_second()).unwrap_or_default();
        (validity.not_before.to_unix_duration().as_secs()..=validity.not_after.to_unix_duration().as_secs())
            .contains(&at)
    }

    /// Bytes that a signature takes at most.
    fn room(&self) -> usize {
        let chain: usize =
            self.chain.iter().filter_map(|certificate| certificate.to_der().ok()).map(|der| der.len()).sum();
        chain + self.key.public().modulus_len() + 1024
    }

    /// The CMS over what has this hash.
    fn cms(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        let own = self.certificate();
        let attributes = SetOfVec::from_iter([
            attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
            attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest)?)?)?,
            attribute(SIGNING_CERTIFICATE_V2, named_by_hash(own)?)?,
        ])?;
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &attributes.to_der()?, &mut signature)
            .map_err(|_| SignError::OtherKey)?;
        let sha_256 = AlgorithmIdentifierOwned { oid: SHA_256, parameters: None };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.tbs_certificate().issuer().clone(),
                serial_number: own.tbs_certificate().serial_number().clone(),
            }),
            digest_alg: sha_256.clone(),
            signed_attrs: Some(attributes),
            signature_algorithm: AlgorithmIdentifierOwned { oid: SHA_256_WITH_RSA, parameters: Some(Any::null()) },
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let chain = self.chain.iter().cloned().map(CertificateChoices::Certificate);
        let signed = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::from_iter([sha_256])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(CertificateSet(SetOfVec::from_iter(chain)?)),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::from_iter([signer])?),
        };
        Ok(ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()?)
    }

    /// The PDF with a signature of this certificate, as an update behind its end: not a byte of what was there changes.
    pub fn sign(&self, pdf: &[u8], name: &str, reason: &str, at: Timestamp) -> Result<Vec<u8>, SignError> {
        let mut update = update::with_room(pdf, self.room(), &update::Said { name, reason, at: &pdf_time(at) })?;
        let mut hash = Sha256::new();
        hash.update(&update.bytes[..update.room.start]);
        hash.update(&update.bytes[update.room.end..]);
        let hex = domain::chain::hex(&self.cms(&hash.finalize())?);
        // The room has a bracket at each end.
        let from = update.room.start + 1;
        if from + hex.len() >= update.room.end {
            return Err(SignError::Shape("签名太长"));
        }
        update.bytes[from..from + hex.len()].copy_from_slice(hex.as_bytes());
        Ok(update.bytes)
    }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, SignError> {
    Ok(Attribute { oid, values: SetOfVec::from_iter([value])? })
}

/// ESS `SigningCertificateV2` with the one hash (SHA-256 is its default): a sequence of a sequence of a sequence of the hash.
fn named_by_hash(certificate: &Certificate) -> Result<Any, SignError> {
    let hash = Sha256::digest(certificate.to_der()?);
    let der = [&[0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20], hash.as_slice()].concat();
    Ok(Any::from_der(&der)?)
}

/// A moment as PDF writes it, in Beijing time.
fn pdf_time(at: Timestamp) -> String {
    beijing_time(at).strftime("D:%Y%m%d%H%M%S+08'00'").to_string()
}
