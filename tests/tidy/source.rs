//! The files of the repository, read once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// One file that is tracked, or would be if it were added.
pub struct File {
    /// Path from the root of the repository, with `/`.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// The text; `None` for a picture or another binary file.
    pub text: Option<String>,
}

impl File {
    /// The lines with their numbers, from 1; none for a binary file.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = self.text.as_deref().unwrap_or_default();
        text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the name ends in `.extension`.
    pub fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// The name without its folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Rust that ships: not a test, not a build script.
    pub fn is_shipped_rust(&self) -> bool {
        self.has_extension("rs") && self.path.contains("/src/") && self.name() != "tests.rs"
    }
}

static FILES: LazyLock<Vec<File>> = LazyLock::new(read);

/// Every file of the repository that Git tracks or would track.
pub fn files() -> &'static [File] {
    &FILES
}

/// The files under a folder such as `crates/web/templates/`.
pub fn under(folder: &'static str) -> impl Iterator<Item = &'static File> {
    files().iter().filter(move |file| file.path.starts_with(folder))
}

/// The Rust files, these tests left out: they must be able to name what they forbid.
pub fn rust() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| file.has_extension("rs") && !file.path.starts_with("tests/tidy/"))
}

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Fails with every complaint at once, so that one run is enough to mend them all.
#[track_caller]
pub fn assert_none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}\n  {}\n", complaints.join("\n  "));
}

fn read() -> Vec<File> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the repository");
    assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8(listed.stdout)
        .expect("paths are UTF-8")
        .split_terminator('\0')
        .filter_map(|path| {
            // A file that is deleted but not yet committed is still listed.
            let content = std::fs::read(root().join(path)).ok()?;
            let bytes = content.len() as u64;
            Some(File { path: path.to_owned(), bytes, text: String::from_utf8(content).ok() })
        })
        .collect()
}
