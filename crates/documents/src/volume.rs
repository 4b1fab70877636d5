//! 案卷的电子副本: all papers of a file in one archive, with a manifest of hashes that can be checked without this program.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use sha2::{Digest, Sha256};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// One thing in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name inside, made harmless here.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The archive with `manifest.sha256` beside the entries (`sha256sum -c manifest.sha256` checks it). The same entries give
/// the same bytes.
pub fn zip(entries: &[Entry]) -> Result<Vec<u8>, ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut manifest = String::new();
    for entry in entries {
        let name = harmless(&entry.name);
        writer.start_file(name.as_str(), options)?;
        writer.write_all(&entry.bytes)?;
        for byte in Sha256::digest(&entry.bytes) {
            let _ = write!(manifest, "{byte:02x}");
        }
        let _ = writeln!(manifest, "  {name}");
    }
    writer.start_file("manifest.sha256", options)?;
    writer.write_all(manifest.as_bytes())?;
    Ok(writer.finish()?.into_inner())
}

/// A name that no unpacking program can be led astray with.
pub fn harmless(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|letter| if letter.is_control() || "\\:*?\"<>|".contains(letter) { '_' } else { letter })
        .collect();
    let parts = name.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..");
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{Entry, harmless, zip};
    use std::io::{Cursor, Read};

    #[test]
    fn the_archive_holds_every_entry_and_a_manifest() {
        let entries = [Entry { name: "01 投诉登记表.html".into(), bytes: b"one".to_vec() }];
        let bytes = zip(&entries).expect("an archive");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("readable");
        let mut manifest = String::new();
        archive.by_name("manifest.sha256").expect("a manifest").read_to_string(&mut manifest).expect("text");
        assert_eq!(manifest, "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  01 投诉登记表.html\n");
        assert_eq!(archive.len(), 2);
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        assert_eq!(harmless("../../etc/passwd"), "etc/passwd");
        assert_eq!(harmless("/a/./b\u{0}.html"), "a/b_.html");
    }
}
