//! `xiaobao form`: found, filled and printed by somebody who has only the program.

use std::path::Path;
use std::process::{Command, Output};

fn form(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiaobao")).arg("form").args(arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("a path").to_owned()
}

#[test]
fn a_form_is_found_filled_and_printed_in_each_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = said(&form(&["list"]));
    assert!(
        list.lines().any(|line| line.starts_with("acceptance_decision\tnational-2026\t投诉受理决定书\t文书式样五\t"))
    );
    assert!(list.lines().any(|line| line.starts_with("service_receipt\t-\t送达回证\t")));
    let blanks = said(&form(&["blanks", "acceptance_decision"]));
    assert!(blanks.contains("contact_name\t联系人\n"), "{blanks}");
    let data = path(folder.path(), "values.json");
    std::fs::write(&data, r#"{"recipient_name": "李青禾", "bureau_name": "二七区市场监督管理局"}"#).expect("written");
    for (format, begins) in [("pdf", "%PDF-1.7"), ("docx", "PK"), ("html", "<!doctype html>")] {
        let out = path(folder.path(), format);
        said(&form(&["print", "acceptance_decision", "--data", &data, "--as", format, "--out", &out]));
        assert!(std::fs::read(&out).expect("a file").starts_with(begins.as_bytes()), "{format}");
    }
    let page = std::fs::read_to_string(path(folder.path(), "html")).expect("a page");
    assert!(page.contains("李青禾") && page.contains("二七区市场监督管理局（印章）"), "{page}");
}

#[test]
fn what_cannot_be_printed_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (path(folder.path(), "values.json"), path(folder.path(), "out.pdf"));
    std::fs::write(&data, r#"{"no_such_blank": "x"}"#).expect("written");
    for (key, says) in [("nothing", "没有“nothing”这种文书"), ("acceptance_decision", "没有这些空格：no_such_blank")]
    {
        let output = form(&["print", key, "--data", &data, "--out", &out]);
        let told = String::from_utf8(output.stderr).expect("text");
        assert!(!output.status.success() && told.contains(says), "{told}");
        assert!(!Path::new(&out).exists(), "nothing is written");
    }
}
