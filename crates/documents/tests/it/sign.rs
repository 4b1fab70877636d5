//! Issue 5 row 3: a PDF signed with the bureau's certificate, judged by two readers that are not ours: pdfsig and OpenSSL.

use std::path::Path;
use std::process::{Command, Output};

use documents::form::Values;
use documents::pdf::pdf;
use documents::sign::{SignError, Signer};
use jiff::Timestamp;

use crate::forms::{BOOK, FONTS, form};

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).current_dir(folder).env("LC_ALL", "C.UTF-8").output();
    output.unwrap_or_else(|error| panic!("{program}: {error} (scripts/install brings it)"))
}

fn done(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = run(folder, program, arguments);
    let told = [output.stdout.as_slice(), &output.stderr].concat();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&told));
    String::from_utf8_lossy(&told).into_owned()
}

/// A certificate with its key as a bureau gets it.
fn certificate(folder: &Path, key: &[&str]) -> Vec<u8> {
    let subject =
        ["-subj", "/C=CN/O=金水区市场监督管理局/CN=金水区市场监督管理局电子签章", "-utf8", "-days", "3650", "-nodes"];
    let request = [&["req", "-x509", "-keyout", "key.pem", "-out", "cert.pem"], key, &subject].concat();
    done(folder, "openssl", &request);
    let export = [
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "cert.pem",
        "-out",
        "bureau.p12",
        "-passout",
        "pass:口令2026",
    ];
    done(folder, "openssl", &export);
    std::fs::read(folder.join("bureau.p12")).expect("a certificate")
}

const RSA: [&str; 2] = ["-newkey", "rsa:2048"];

fn at() -> Timestamp {
    "2026-11-22T06:30:00Z".parse().expect("an instant")
}

fn paper() -> Vec<u8> {
    pdf(&FONTS, &BOOK.fill(form("acceptance_decision"), &Values::new()).expect("a paper")).expect("a PDF")
}

/// The two stretches that a signature is over, and the signature itself.
fn taken_apart(signed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text: String = signed.iter().map(|byte| char::from(*byte)).collect();
    let (_, rest) = text.split_once("/ByteRange[").expect("a range");
    let numbers: Vec<usize> = rest
        .split(']')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|number| number.parse().expect("a number"))
        .collect();
    let [0, first, from, rest] = numbers[..] else { panic!("four numbers: {numbers:?}") };
    assert_eq!(from + rest, signed.len(), "everything to the end is signed");
    let content = [&signed[..first], &signed[from..]].concat();
    let hex = String::from_utf8_lossy(&signed[first + 1..from - 1]);
    let bytes = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).expect("hexadecimal"));
    (content, bytes.collect())
}

#[test]
fn two_independent_readers_find_the_signature_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let signer = Signer::from_pkcs12(&certificate(folder.path(), &RSA), "口令2026").expect("a signer");
    assert!(signer.subject().contains("金水区市场监督管理局电子签章"), "{}", signer.subject());
    // The certificate begins on the day of the test, so only its end is known beforehand.
    let until = signer.good_until().expect("an end");
    let hour = jiff::SignedDuration::from_hours(1);
    assert!(signer.is_good_at(until - hour) && !signer.is_good_at(until + hour));
    assert!(!signer.is_good_at("2020-01-01T00:00:00Z".parse().expect("an instant")));
    let plain = paper();
    let signed = signer.sign(&plain, "金水区市场监督管理局", "签发", at()).expect("signed");
    assert_eq!(signed, signer.sign(&plain, "金水区市场监督管理局", "签发", at()).expect("again"), "the same bytes");
    assert!(signed.starts_with(&plain), "not a byte of what was there changes");
    std::fs::write(folder.path().join("signed.pdf"), &signed).expect("written");

    let told = done(folder.path(), "pdfsig", &["-nocert", "signed.pdf"]);
    for part in ["Signature is Valid.", "ETSI.CAdES.detached", "Total document signed", "SHA-256"] {
        assert!(told.contains(part), "pdfsig does not say {part}: {told}");
    }

    let (content, cms) = taken_apart(&signed);
    std::fs::write(folder.path().join("content"), content).expect("written");
    std::fs::write(folder.path().join("sig.der"), &cms).expect("written");
    let verify = [
        "cms", "-verify", "-binary", "-inform", "DER", "-in", "sig.der", "-content", "content", "-CAfile", "cert.pem",
        "-purpose", "any", "-cades", "-out", "out",
    ];
    // `-cades` asks that the certificate is named by its hash among what is signed (PAdES-B-B).
    done(folder.path(), "openssl", &verify);

    let mut changed = signed.clone();
    let place = 20;
    changed[place] ^= 1;
    std::fs::write(folder.path().join("changed.pdf"), &changed).expect("written");
    let output = run(folder.path(), "pdfsig", &["-nocert", "changed.pdf"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!told.contains("Signature is Valid."), "a changed byte is found: {told}");
}

#[test]
fn a_signed_file_still_says_what_it_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let signer = Signer::from_pkcs12(&certificate(folder.path(), &RSA), "口令2026").expect("a signer");
    let signed = signer.sign(&paper(), "局", "签发", at()).expect("signed");
    std::fs::write(folder.path().join("signed.pdf"), &signed).expect("written");
    let text = done(folder.path(), "pdftotext", &["signed.pdf", "-"]);
    assert!(text.contains("投诉受理决定书"), "{text}");
    let again = signer.sign(&signed, "局", "签发", at());
    assert!(matches!(again, Err(SignError::Shape(_))), "signed once: {again:?}");
}

#[test]
fn what_is_no_certificate_of_ours_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = certificate(folder.path(), &RSA);
    assert!(matches!(Signer::from_pkcs12(&good, "别的口令"), Err(SignError::Closed(_))));
    assert!(matches!(Signer::from_pkcs12(b"not a certificate", ""), Err(SignError::Closed(_))));
    let curve = certificate(folder.path(), &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    assert!(matches!(Signer::from_pkcs12(&curve, "口令2026"), Err(SignError::OtherKey)));
}
