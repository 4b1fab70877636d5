//! 证据文件的字节: in the data folder under their hash, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::chain::hex;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Keeps bytes; gives their hash. The same bytes are kept once, and are young again when they are put again, so that nobody
/// throws away what was just put. On disk before this returns.
pub fn put(data: &Path, bytes: &[u8]) -> io::Result<String> {
    let sha256 = hex(&Sha256::digest(bytes));
    let place = place(data, &sha256);
    let _together = Keeping::begin(data)?;
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

/// Throws bytes away that nobody put since `before`; tells whether there were any. That no record names them is asked before.
pub fn discard(data: &Path, sha256: &str, before: Timestamp) -> io::Result<bool> {
    let _alone = Keeping::stop(data)?;
    remove_old(&place(data, sha256), before)
}

/// Throws away what began to come before `before` and never came whole (a killed process leaves such files); gives how many.
pub fn discard_coming(data: &Path, before: Timestamp) -> io::Result<usize> {
    let folder = match fs::read_dir(data.join("files").join("coming")) {
        Ok(folder) => folder,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut gone = 0;
    for entry in folder {
        gone += usize::from(remove_old(&entry?.path(), before)?);
    }
    Ok(gone)
}

fn remove_old(place: &Path, before: Timestamp) -> io::Result<bool> {
    let touched = match fs::metadata(place) {
        Ok(found) => found.modified()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if touched >= SystemTime::from(before) {
        return Ok(false);
    }
    fs::remove_file(place).map(|()| true)
}

/// Putting goes side by side; throwing away waits until nobody puts, in this process and in others.
struct Keeping {
    _locked: File,
}

impl Keeping {
    fn begin(data: &Path) -> io::Result<Keeping> {
        let file = Keeping::file(data)?;
        file.lock_shared()?;
        Ok(Keeping { _locked: file })
    }

    fn stop(data: &Path) -> io::Result<Keeping> {
        let file = Keeping::file(data)?;
        file.lock()?;
        Ok(Keeping { _locked: file })
    }

    fn file(data: &Path) -> io::Result<File> {
        let folder = data.join("files");
        fs::create_dir_all(&folder)?;
        File::options().create(true).append(true).open(folder.join("lock"))
    }
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
