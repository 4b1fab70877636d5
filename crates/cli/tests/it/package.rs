//! 移交包: made, broken off at any moment and gone on with, checked without a database.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use documents::package::{Faults, check};

/// A small county with closed cases.
fn county() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = xiaobao(&["demo", "--only-data", "--cases", "60", "--port", "0", "--data"], folder.path());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn command(arguments: &[&str], last: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaobao"));
    command.args(arguments).arg(last).env_remove("XIAOBAO_DATABASE").env_remove("XIAOBAO_SUITE").env_remove("RUST_LOG");
    command
}

fn xiaobao(arguments: &[&str], last: &Path) -> Output {
    command(arguments, last).output().expect("the program runs")
}

fn package(county: &tempfile::TempDir, out: &Path) -> Command {
    let data = county.path().to_str().expect("a path").to_owned();
    command(&["package", "--data", &data, "--out"], out)
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn files_of_the_archive(out: &Path) -> usize {
    let folder = out.join("案卷");
    std::fs::read_dir(folder).map(|all| all.flatten().filter(|it| !is_half(&it.path())).count()).unwrap_or_default()
}

fn is_half(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "coming")
}

#[test]
fn a_package_that_is_killed_again_and_again_ends_whole() {
    let (county, folder) = (county(), tempfile::tempdir().expect("a folder"));
    let out = folder.path().join("out");
    let mut kills = 0;
    let mut most = 0;
    // Killed as soon as twice as many files are whole as at the kill before, until it comes to its end.
    loop {
        let mut child = package(&county, &out).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        if !killed_with_more_than(&mut child, &out, most) {
            break;
        }
        kills += 1;
        most = 2 * files_of_the_archive(&out);
        let half = check(&out).expect("a check");
        assert_eq!(half.sum, None, "half a package is never taken for whole");
        let told = xiaobao(&["verify-package"], &out);
        assert!(!told.status.success());
        assert!(String::from_utf8_lossy(&told.stderr).contains("没有做完"), "{:?}", told.stderr);
    }
    assert!(kills > 3, "it was killed {kills} times");
    let checked = check(&out).expect("a check");
    assert_eq!(checked.faults, Faults::default());
    assert_eq!(checked.volumes, files_of_the_archive(&out));
    assert!(checked.volumes > 20);
    let told = said(&xiaobao(&["verify-package"], &out));
    assert!(told.contains("完整，与清单一致") && told.contains(checked.sum.as_deref().expect("a list")));
    // The tool that everybody has comes to the same.
    let sums = Command::new("sha256sum").args(["--check", "--quiet", "manifest.sha256"]).current_dir(&out).status();
    assert!(sums.expect("sha256sum runs").success());
}

/// Waits until the child has made more files than this, and kills it; `false` when it came to its end before.
fn killed_with_more_than(child: &mut Child, out: &Path, most: usize) -> bool {
    loop {
        if child.try_wait().expect("a look").is_some() {
            return false;
        }
        if files_of_the_archive(out) > most {
            let alive = child.try_wait().expect("a look").is_none();
            child.kill().expect("killed");
            child.wait().expect("ended");
            return alive && !out.join("manifest.sha256").exists();
        }
        std::thread::yield_now();
    }
}

#[test]
fn one_file_goes_into_one_zip_and_what_is_wrong_with_it_is_named() {
    let (county, folder) = (county(), tempfile::tempdir().expect("a folder"));
    let all = folder.path().join("all");
    said(&package(&county, &all).output().expect("it runs"));
    let mut names: Vec<String> = std::fs::read_dir(all.join("案卷"))
        .expect("files")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let zip = folder.path().join("one.zip");
    let told = said(&package(&county, &zip).args(["--file", &names[0]]).output().expect("it runs"));
    assert!(told.contains("SHA-256"), "{told}");
    let checked = check(&zip).expect("a check");
    assert_eq!((checked.volumes, checked.faults), (1, Faults::default()));
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 2, "nothing half made is left");
    assert!(
        !package(&county, &zip).args(["--file", &names[0]]).status().expect("it runs").success(),
        "it is there already"
    );
    let none = folder.path().join("none");
    let told = package(&county, &none).args(["--file", "410103-1999-00001"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&told.stderr).contains("没有符合条件的案卷"));

    let pdf = all.join("案卷").join(&names[1]).join("正卷.pdf");
    let mut bytes = std::fs::read(&pdf).expect("a part");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pdf, bytes).expect("changed");
    std::fs::remove_file(all.join("案卷").join(&names[2]).join("案卷.json")).expect("removed");
    std::fs::write(all.join("多的.txt"), "more").expect("added");
    let told = xiaobao(&["verify-package"], &all);
    assert_eq!(told.status.code(), Some(1));
    let told = String::from_utf8(told.stdout).expect("text");
    for line in [
        format!("被改动：案卷/{}/正卷.pdf", names[1]),
        format!("缺少：案卷/{}/案卷.json", names[2]),
        "多出：多的.txt".to_owned(),
    ] {
        assert!(told.contains(&line), "{told}");
    }
}
