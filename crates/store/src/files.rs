//! 证据文件的字节: in the data folder under their hash, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::chain::hex;
use sha2::{Digest, Sha256};

/// Keeps bytes; gives their hash. The same bytes are kept once. On disk before this returns.
pub fn put(data: &Path, bytes: &[u8]) -> io::Result<String> {
    let sha256 = hex(&Sha256::digest(bytes));
    let place = place(data, &sha256);
    if place.exists() {
        return Ok(sha256);
    }
    let folder = place.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)?;
    // A name of its own per process and thread, so that two writers of the same bytes never share a half-written file.
    let half = folder.join(format!("{sha256}.{}.{:?}.part", std::process::id(), std::thread::current().id()));
    let written = File::create(&half).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, &place)?;
        File::open(folder)?.sync_all()
    });
    if written.is_err() {
        // The half file is of no use to anybody; that it cannot be removed changes nothing about the failure.
        drop(fs::remove_file(&half));
    }
    written.map(|()| sha256)
}

/// The kept bytes.
pub fn read(data: &Path, sha256: &str) -> io::Result<Vec<u8>> {
    fs::read(place(data, sha256))
}

/// Where bytes with this hash lie.
pub fn place(data: &Path, sha256: &str) -> PathBuf {
    let safe: String = sha256.chars().filter(char::is_ascii_hexdigit).collect();
    let (first, second) = (safe.get(..2).unwrap_or("00"), safe.get(2..4).unwrap_or("00"));
    data.join("files").join(first).join(second).join(&safe)
}
