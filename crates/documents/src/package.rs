//! 移交包: many files of the archive in one folder or one zip file, with lists of hashes that anybody can check with sha256sum
//! (docs/package.md). It is written file by file and can be broken off at any moment: what was whole stays, and the list of the
//! whole is the last thing written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use domain::chain;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::volume::{Entry, harmless};

/// The list of hashes.
pub const MANIFEST: &str = "manifest.sha256";
/// The same by the national algorithm (GB/T 32905).
pub const MANIFEST_SM3: &str = "manifest.sm3";
/// The events of a case, whose chain is checked too.
pub const EVENTS: &str = "办理过程.json";
/// Where the files lie.
pub const FOLDER: &str = "案卷";
/// What says that a package is not whole yet, and what it is to hold.
const COMING: &str = "coming.txt";
/// The ending of what is being written.
const HALF: &str = ".coming";
const BUFFER: usize = 64 * 1024;

/// Why a package could not be written or checked.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The disk.
    #[error("{0}")]
    Disk(#[from] io::Error),
    /// The zip file.
    #[error("压缩包读写不了：{0}")]
    Zip(#[from] ZipError),
    /// The folder holds something else.
    #[error("{0} 里已经有别的内容，请换一个空的位置")]
    Occupied(PathBuf),
    /// It was begun for something else.
    #[error("{folder} 里是没有做完的另一个包（{begun}），请换一个位置，或者用原来的范围继续")]
    OtherScope {
        /// Where.
        folder: PathBuf,
        /// What it was begun for.
        begun: String,
    },
}

/// A package that is being written.
#[derive(Clone, Debug)]
pub struct Package {
    folder: PathBuf,
    national: bool,
}

/// What was found where a package is to be written.
#[derive(Clone, Debug)]
pub enum Begun {
    /// Nothing, or a package for the same that was broken off.
    ToWrite(Package),
    /// A package for the same that is whole; the hash of its list.
    Whole(String),
}

impl Package {
    /// Begins a package in a folder, or goes on with one that was broken off.
    pub fn begin(folder: &Path, scope: &str, national: bool) -> Result<Begun, PackageError> {
        let package = Package { folder: folder.to_owned(), national };
        let marker = folder.join(COMING);
        let begun = fs::read_to_string(&marker);
        match begun {
            Ok(begun) if begun != scope => {
                return Err(PackageError::OtherScope { folder: folder.to_owned(), begun });
            }
            Ok(_) if folder.join(MANIFEST).exists() => {
                // Broken off between the last two steps.
                fs::remove_file(&marker)?;
                return Ok(Begun::Whole(package.sum()?));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let empty = !folder.exists() || fs::read_dir(folder)?.next().is_none();
                if !empty {
                    return Err(PackageError::Occupied(folder.to_owned()));
                }
                fs::create_dir_all(folder.join(FOLDER))?;
                whole_file(&marker, scope.as_bytes())?;
            }
            Err(error) => return Err(error.into()),
        }
        fs::create_dir_all(folder.join(FOLDER))?;
        Ok(Begun::ToWrite(package))
    }

    /// Whether a file of the archive is in it whole: every hash of its list is right.
    pub fn has(&self, name: &str) -> Result<bool, PackageError> {
        let folder = self.place(name);
        if !folder.is_dir() {
            return Ok(false);
        }
        let checked = check(&folder)?;
        Ok(checked.sum.is_some() && checked.faults == Faults::default())
    }

    /// Writes a file of the archive: beside its place, with its list, then moved there in one step.
    pub fn put(&self, name: &str, entries: &[Entry]) -> Result<(), PackageError> {
        let (place, half) = (self.place(name), self.folder.join(FOLDER).join(format!("{}{HALF}", harmless(name))));
        remove_folder(&half)?;
        let manifests = self.manifests();
        let mut lists = vec![String::new(); manifests.len()];
        for entry in entries {
            let name = harmless(&entry.name);
            let file = half.join(&name);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            File::create(&file)?.write_all(&entry.bytes)?;
            for (list, manifest) in lists.iter_mut().zip(manifests) {
                let _ = writeln!(list, "{}  {name}", Sums::of(&entry.bytes, manifest));
            }
        }
        // The list of SHA-256 tells of the other one as well.
        for (index, manifest) in manifests.iter().enumerate().rev() {
            if index == 0 && self.national {
                let bytes = fs::read(half.join(MANIFEST_SM3))?;
                let _ = writeln!(lists[0], "{}  {MANIFEST_SM3}", Sums::of(&bytes, MANIFEST));
            }
            fs::write(half.join(manifest), &lists[index])?;
        }
        remove_folder(&place)?;
        Ok(fs::rename(&half, &place)?)
    }

    /// Closes the package: these files of the archive and nothing else, and the entries beside them. What was left from an earlier
    /// try is removed. Gives the hash of the list of everything, which was written last.
    pub fn close(&self, names: &[String], beside: &[Entry]) -> Result<String, PackageError> {
        let keep: Vec<String> = names.iter().map(|name| harmless(name)).collect();
        for entry in fs::read_dir(self.folder.join(FOLDER))? {
            let entry = entry?;
            if !keep.iter().any(|name| entry.file_name() == name.as_str()) {
                remove_folder(&entry.path())?;
            }
        }
        for entry in beside {
            whole_file(&self.folder.join(harmless(&entry.name)), &entry.bytes)?;
        }
        // SM3 before SHA-256: the list of that name says that all is there.
        for manifest in self.manifests().iter().rev() {
            let half = self.folder.join(format!("{manifest}{HALF}"));
            let mut list = BufWriter::new(File::create(&half)?);
            for name in &keep {
                self.list_one(&mut list, name, manifest)?;
            }
            for entry in beside {
                writeln!(list, "{}  {}", Sums::of(&entry.bytes, manifest), harmless(&entry.name))?;
            }
            if *manifest == MANIFEST && self.national {
                let bytes = fs::read(self.folder.join(MANIFEST_SM3))?;
                writeln!(list, "{}  {MANIFEST_SM3}", Sums::of(&bytes, manifest))?;
            }
            list.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&half, self.folder.join(manifest))?;
        }
        let sum = self.sum()?;
        fs::remove_file(self.folder.join(COMING))?;
        Ok(sum)
    }

    fn sum(&self) -> Result<String, PackageError> {
        Ok(Sums::of(&fs::read(self.folder.join(MANIFEST))?, MANIFEST))
    }

    /// The lines of one file of the archive, all of it on the disk by then.
    fn list_one(&self, list: &mut impl Write, name: &str, manifest: &str) -> Result<(), PackageError> {
        let (place, prefix) = (self.place(name), format!("{FOLDER}/{name}"));
        let own = fs::read(place.join(manifest))?;
        for line in String::from_utf8_lossy(&own).lines() {
            if let Some((sum, file)) = line.split_once("  ") {
                settle(&place.join(file))?;
                writeln!(list, "{sum}  {prefix}/{file}")?;
            }
        }
        settle(&place.join(manifest))?;
        writeln!(list, "{}  {prefix}/{manifest}", Sums::of(&own, manifest))?;
        if manifest == MANIFEST_SM3 {
            // Its own list of SHA-256 is a file like the others.
            let other = fs::read(place.join(MANIFEST))?;
            writeln!(list, "{}  {prefix}/{MANIFEST}", Sums::of(&other, manifest))?;
        }
        Ok(())
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.join(FOLDER).join(harmless(name))
    }

    fn manifests(&self) -> &'static [&'static str] {
        if self.national { &[MANIFEST, MANIFEST_SM3] } else { &[MANIFEST] }
    }
}

/// On the disk before the list says that it is.
fn settle(file: &Path) -> io::Result<()> {
    File::options().write(true).open(file)?.sync_all()
}

/// Puts a whole package into one zip file: beside its place, then moved there in one step, so that half a file is never taken for
/// a whole one.
pub fn zip_folder(folder: &Path, to: &Path) -> Result<(), PackageError> {
    let half = to.with_added_extension("coming");
    let mut writer = ZipWriter::new(BufWriter::new(File::create(&half)?));
    for name in files_below(folder)? {
        // What is compressed already only costs time.
        let packed =
            ["pdf", "jpg", "png", "mp4", "mp3", "zip"].iter().any(|ending| name.ends_with(&format!(".{ending}")));
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method).large_file(true))?;
        io::copy(&mut BufReader::new(File::open(folder.join(&name))?), &mut writer)?;
    }
    writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(fs::rename(&half, to)?)
}

/// What is wrong with a package: names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// In the list, but not there.
    pub missing: Vec<String>,
    /// Other than the list says.
    pub changed: Vec<String>,
    /// There, but not in the list.
    pub added: Vec<String>,
    /// Histories whose chain does not hold.
    pub broken: Vec<String>,
}

impl Faults {
    /// How many.
    pub fn count(&self) -> usize {
        self.missing.len() + self.changed.len() + self.added.len() + self.broken.len()
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Files of the archive.
    pub volumes: usize,
    /// Files on the list.
    pub files: usize,
    /// SHA-256 of the list itself, to be compared with what was handed over on paper; nothing where there is no list.
    pub sum: Option<String>,
    /// What is wrong.
    pub faults: Faults,
}

/// Checks a package, folder or zip, by nothing but itself. One without its list was not finished.
pub fn check(path: &Path) -> Result<Checked, PackageError> {
    let (lists, seen) = if path.is_dir() { seen_in_folder(path)? } else { seen_in_zip(path)? };
    let [Some(list), national] = lists else {
        let faults = Faults { missing: vec![MANIFEST.to_owned()], ..Faults::default() };
        return Ok(Checked { volumes: 0, files: 0, sum: None, faults });
    };
    let (told, told_sm3) = (listed(&list), national.map(|list| listed(&list)));
    let faults = compared(&told, told_sm3.as_ref(), &seen);
    let inner = |name: &&String| name.starts_with(FOLDER) && name.ends_with(&format!("/{MANIFEST}"));
    let sum = chain::hex(&Sha256::digest(list.as_bytes()));
    Ok(Checked { volumes: told.keys().filter(inner).count(), files: told.len(), sum: Some(sum), faults })
}

/// The lists of hashes of a package, SHA-256 and SM3.
type Lists = [Option<String>; 2];
/// What was seen of each file, by its name.
type AllSeen = BTreeMap<String, Seen>;

/// What was seen of a file; nothing where it cannot be unpacked any more.
struct Seen {
    sums: Option<Sums>,
    /// A history whose chain does not hold.
    broken: bool,
}

/// Names with their hashes, as the list says.
fn listed(list: &str) -> BTreeMap<String, String> {
    let lines = list.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(sum, name)| (name.trim_start_matches([' ', '*']).to_owned(), sum.to_owned())).collect()
}

fn seen_in_folder(folder: &Path) -> Result<(Lists, AllSeen), PackageError> {
    let list = |name: &str| match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let lists = [list(MANIFEST)?, list(MANIFEST_SM3)?];
    let mut seen = AllSeen::new();
    for name in files_below(folder)? {
        let file = BufReader::with_capacity(BUFFER, File::open(folder.join(&name))?);
        seen.insert(name.clone(), look_at(&name, file, lists[1].is_some()));
    }
    Ok((lists, seen))
}

fn seen_in_zip(path: &Path) -> Result<(Lists, AllSeen), PackageError> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut list = |name: &str| -> Result<Option<String>, PackageError> {
        let mut bytes = Vec::new();
        match archive.by_name(name) {
            Ok(mut file) => file.read_to_end(&mut bytes)?,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    };
    let lists = [list(MANIFEST)?, list(MANIFEST_SM3)?];
    let mut seen = AllSeen::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        let name = file.name()?.into_owned();
        if !file.is_dir() {
            seen.insert(name.clone(), look_at(&name, file, lists[1].is_some()));
        }
    }
    Ok((lists, seen))
}

fn compared(told: &BTreeMap<String, String>, told_sm3: Option<&BTreeMap<String, String>>, seen: &AllSeen) -> Faults {
    let mut faults = Faults::default();
    for (name, sum) in told {
        let sm3 = told_sm3.filter(|_| name != MANIFEST_SM3).map(|told| told.get(name).cloned());
        match seen.get(name) {
            None => faults.missing.push(name.clone()),
            Some(Seen { sums: Some(sums), .. }) if sums.sha256 == *sum && sm3.is_none_or(|told| told == sums.sm3) => {}
            Some(_) => faults.changed.push(name.clone()),
        }
    }
    for (name, file) in seen {
        if !told.contains_key(name) && name != MANIFEST {
            faults.added.push(name.clone());
        }
        if file.broken && !faults.changed.contains(name) {
            faults.broken.push(name.clone());
        }
    }
    faults
}

fn look_at(name: &str, mut file: impl Read, national: bool) -> Seen {
    if name.rsplit('/').next() != Some(EVENTS) {
        return Seen { sums: sums(&mut file, national).ok(), broken: false };
    }
    let mut bytes = Vec::new();
    match file.read_to_end(&mut bytes) {
        Ok(_) => Seen { sums: sums(&mut bytes.as_slice(), national).ok(), broken: !holds(&bytes) },
        Err(_) => Seen { sums: None, broken: false },
    }
}

#[derive(Deserialize)]
struct History {
    case: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    number: i64,
    at_microsecond: i64,
    actor: String,
    basis: String,
    data: String,
    hash: String,
}

/// Whether each event holds the hash of the one before.
fn holds(bytes: &[u8]) -> bool {
    let Ok(history) = serde_json::from_slice::<History>(bytes) else { return false };
    let mut previous = chain::GENESIS.to_owned();
    history.events.iter().all(|event| {
        let Event { number, at_microsecond, actor, basis, data, hash } = event;
        let linked = chain::link(&previous, &history.case, *number, *at_microsecond, actor, basis, data);
        previous.clone_from(&linked);
        linked == *hash
    })
}

/// SHA-256 in hexadecimal, and SM3 where it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sums {
    sha256: String,
    sm3: Option<String>,
}

impl Sums {
    fn of(bytes: &[u8], manifest: &str) -> String {
        if manifest == MANIFEST { chain::hex(&Sha256::digest(bytes)) } else { chain::hex(&Sm3::digest(bytes)) }
    }
}

fn sums(read: &mut impl Read, national: bool) -> io::Result<Sums> {
    let (mut sha256, mut sm3) = (Sha256::new(), national.then(Sm3::new));
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = read.read(&mut buffer)?;
        if count == 0 {
            let sm3 = sm3.map(|sm3| chain::hex(&sm3.finalize()));
            return Ok(Sums { sha256: chain::hex(&sha256.finalize()), sm3 });
        }
        sha256.update(&buffer[..count]);
        if let Some(sm3) = &mut sm3 {
            sm3.update(&buffer[..count]);
        }
    }
}

/// The names of all files below a folder, sorted, with `/` between their parts.
fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            if entry.file_type()?.is_dir() { folders.push(name) } else { files.push(name) }
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn whole_file(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = place.with_added_extension("coming");
    let mut file = File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(half, place)
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    let gone = if folder.is_dir() { fs::remove_dir_all(folder) } else { fs::remove_file(folder) };
    match gone {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, bytes: &[u8]) -> Entry {
        Entry { name: name.to_owned(), bytes: bytes.to_vec() }
    }

    fn to_write(folder: &Path, scope: &str, national: bool) -> Package {
        match Package::begin(folder, scope, national).expect("begun") {
            Begun::ToWrite(package) => package,
            Begun::Whole(_) => panic!("it is not whole"),
        }
    }

    /// A package of two files of the archive.
    fn made(folder: &Path, national: bool) -> String {
        let package = to_write(folder, "2026", national);
        for name in ["410105-2026-00001", "410105-2026-00002"] {
            package
                .put(name, &[entry("正卷.pdf", name.as_bytes()), entry("原件/正卷01 小票.jpg", b"jpeg")])
                .expect("put");
            assert!(package.has(name).expect("a look"));
        }
        let names = ["410105-2026-00001".to_owned(), "410105-2026-00002".to_owned()];
        package.close(&names, &[entry("说明.txt", b"read me")]).expect("closed")
    }

    #[test]
    fn what_was_made_is_whole_as_a_folder_and_as_one_file() {
        for national in [false, true] {
            let temporary = tempfile::tempdir().expect("a folder");
            let folder = temporary.path().join("out");
            let sum = made(&folder, national);
            let checked = check(&folder).expect("a check");
            assert_eq!(checked.faults, Faults::default());
            assert_eq!((checked.volumes, checked.sum.as_deref()), (2, Some(sum.as_str())));
            let zip = temporary.path().join("out.zip");
            zip_folder(&folder, &zip).expect("a zip");
            assert_eq!(check(&zip).expect("a check"), checked);
            assert_eq!(folder.join(MANIFEST_SM3).exists(), national);
        }
    }

    #[test]
    fn every_missing_changed_and_added_file_is_named() {
        for national in [false, true] {
            let temporary = tempfile::tempdir().expect("a folder");
            let folder = temporary.path().join("out");
            made(&folder, national);
            let one = "案卷/410105-2026-00001";
            fs::write(folder.join(one).join("正卷.pdf"), b"other").expect("changed");
            fs::remove_file(folder.join(one).join("原件/正卷01 小票.jpg")).expect("removed");
            fs::write(folder.join("多的.txt"), b"more").expect("added");
            let expected = Faults {
                missing: vec![format!("{one}/原件/正卷01 小票.jpg")],
                changed: vec![format!("{one}/正卷.pdf")],
                added: vec!["多的.txt".to_owned()],
                broken: Vec::new(),
            };
            assert_eq!(check(&folder).expect("a check").faults, expected);
            let zip = temporary.path().join("out.zip");
            zip_folder(&folder, &zip).expect("a zip");
            assert_eq!(check(&zip).expect("a check").faults, expected);
        }
    }

    #[test]
    fn what_was_broken_off_goes_on_and_is_never_taken_for_whole() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().join("out");
        let package = to_write(&folder, "2026", false);
        package.put("one", &[entry("正卷.pdf", b"one")]).expect("put");
        fs::create_dir_all(folder.join("案卷/two.coming")).expect("half a file");
        fs::create_dir_all(folder.join("案卷/three")).expect("an older one");
        let half = check(&folder).expect("a check");
        assert_eq!((half.sum, half.faults.missing), (None, vec![MANIFEST.to_owned()]));
        let again = to_write(&folder, "2026", false);
        assert!(again.has("one").expect("a look") && !again.has("two").expect("a look"));
        // A file that lost a byte when the machine lost its power is written again.
        fs::write(folder.join("案卷/one/正卷.pdf"), b"on").expect("cut");
        assert!(!again.has("one").expect("a look"));
        again.put("one", &[entry("正卷.pdf", b"one")]).expect("put");
        again.put("two", &[entry("正卷.pdf", b"two")]).expect("put");
        let sum = again.close(&["one".to_owned(), "two".to_owned()], &[]).expect("closed");
        assert_eq!(check(&folder).expect("a check").faults, Faults::default());
        assert!(!folder.join("案卷/three").exists());
        assert!(matches!(Package::begin(&folder, "2026", false), Err(PackageError::Occupied(_))));
        assert_eq!(sum.len(), 64);
    }

    #[test]
    fn a_package_for_something_else_is_not_gone_on_with() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().join("out");
        to_write(&folder, "2026", false);
        assert!(matches!(Package::begin(&folder, "2025", false), Err(PackageError::OtherScope { .. })));
        fs::write(temporary.path().join("mine.txt"), b"mine").expect("written");
        assert!(matches!(Package::begin(temporary.path(), "2026", false), Err(PackageError::Occupied(_))));
    }

    #[test]
    fn a_history_whose_chain_does_not_hold_is_named() {
        let link = chain::link(chain::GENESIS, "410105-2026-000001", 1, 7, "staff:1", "第十条", "{}");
        let history = |hash: &str| {
            format!(
                "{{\"case\":\"410105-2026-000001\",\"events\":[{{\"number\":1,\"at_microsecond\":7,\"actor\":\"staff:1\",\
                 \"basis\":\"第十条\",\"data\":\"{{}}\",\"hash\":\"{hash}\"}}]}}"
            )
        };
        assert!(holds(history(&link).as_bytes()));
        assert!(!holds(history("0").as_bytes()));
    }
}
