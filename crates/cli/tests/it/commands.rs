//! The commands around an installation, run as a person runs them: what they print, and how they refuse.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program on an installation with one line of standard input.
fn run_with(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaobao"));
    command.args(arguments).arg("--data").arg(data).env_remove("XIAOBAO_DATABASE").env_remove("RUST_LOG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A command that does not read closes the pipe.
    drop(child.stdin.take().expect("a pipe").write_all(input.as_bytes()));
    child.wait_with_output().expect("the program ends")
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    run_with(data, arguments, "")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// The one sentence of a refusal.
fn refused(output: &Output) -> String {
    let told = String::from_utf8(output.stderr.clone()).expect("text");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "one sentence: {told}");
    assert!(told.trim_end().ends_with('。') && !told.contains("。。"), "{told}");
    told
}

#[test]
fn the_tree_of_a_county_is_made_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = said(&run(folder.path(), &["init", "--region", "410103"]));
    assert!(first.contains("新建局 4 个、12315 中心 1 个、市场监管所 16 个"), "{first}");
    let again = said(&run(folder.path(), &["init", "--region", "410103"]));
    assert!(again.contains("新建局 0 个") && again.contains("原有 21 个机构保持不变"), "{again}");
    // The city around it: what is there stays.
    let city = said(&run(folder.path(), &["init", "--region", "410100", "--overlay", "none"]));
    assert!(city.contains("原有 21 个机构保持不变"), "{city}");
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    for (arguments, says) in [
        (vec!["init", "--region", "999999"], "没有行政区划代码 999999"),
        (vec!["init", "--region", "41010"], "行政区划代码应为"),
        (vec!["init", "--region", "410103", "--overlay", "fast"], "没有“fast”"),
        (vec!["user", "add", "--login", "admin", "--name", "王芳", "--role", "administrator"], "xiaobao init"),
        (vec!["user", "reset", "nobody"], "没有登录名为“nobody”的账号"),
        (vec!["token", "create", "--name", "热线", "--scope", "everything"], "请选择用途"),
        (vec!["serve", "--bind", "0.0.0.0"], "--public-url"),
        (vec!["serve", "--public-url", "http://12315.example.cn"], "https://"),
        (vec!["serve", "--smtp-server", "mail.example.cn:465"], "--smtp-from"),
        (vec!["doctor", "--database", "mysql://root@db/x"], "不认识的数据库类型"),
        (vec!["serve", "--database", "postgres://nobody@127.0.0.1:1/none"], "连不上数据库服务器"),
    ] {
        let told = refused(&run(data, &arguments));
        assert!(told.contains(says), "{arguments:?}: {told}");
    }
}

#[test]
fn the_first_administrator_chooses_her_own_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    said(&run(data, &["init", "--region", "410103"]));
    let add = ["user", "add", "--login", "Admin", "--name", "王芳", "--role", "administrator"];
    assert!(refused(&run(data, &add)).contains("标准输入里没有密码"), "there is never a default");
    assert!(refused(&run_with(data, &add, "Admin@12315\n")).contains("密码里不能有登录名"));
    let added = said(&run_with(data, &add, "Meihua-lu-88\n"));
    assert!(added.contains("admin") && added.contains("郑州市二七区市场监督管理局"), "{added}");
    assert!(refused(&run_with(data, &add, "Meihua-lu-88\n")).contains("已经有人用了"));
    let list = said(&run(data, &["user", "list"]));
    assert_eq!(list.trim_end(), "admin\t王芳\t郑州市二七区市场监督管理局\tadministrator\t正常");
    let one_time = said(&run(data, &["user", "reset", "admin"]));
    assert!(one_time.trim_end().rsplit('：').next().is_some_and(|password| password.len() == 14), "{one_time}");
}

#[test]
fn a_role_is_given_where_its_organisation_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    said(&run(data, &["init", "--region", "410103"]));
    for (login, organization, role, place) in [
        ("agent", "410103/centre", "intake_agent", "12315投诉举报中心"),
        ("officer", "410103001", "officer", "淮河路市场监督管理所"),
        ("leader", "淮河路市场监督管理所", "leader", "淮河路市场监督管理所"),
    ] {
        let add = ["user", "add", "--login", login, "--name", "张三", "--organization", organization, "--role", role];
        let added = said(&run_with(data, &add, "Meihua-lu-88\n"));
        assert!(added.contains(place), "{added}");
    }
    said(&run(data, &["user", "grant", "officer", "--role", "leader"]));
    assert!(refused(&run(data, &["user", "grant", "officer", "--role", "administrator"])).contains("不得兼任"));
    assert!(said(&run(data, &["user", "list"])).contains("leader,officer"));
}

#[test]
fn a_token_is_the_last_word_and_printed_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let printed = said(&run(data, &["token", "create", "--name", "热线", "--scope", "filing", "--per-minute", "60"]));
    let token = printed.split_whitespace().last().expect("a word").to_owned();
    assert!(token.starts_with("xb_") && token.len() == 46, "{token}");
    let list = said(&run(data, &["token", "list"]));
    assert_eq!(list.trim_end(), "热线\tfiling\t每分钟 60 次\t有效");
    said(&run(data, &["token", "revoke", "热线"]));
    assert!(said(&run(data, &["token", "list"])).contains("已吊销"));
    assert!(refused(&run(data, &["token", "revoke", "微信"])).contains("没有名为“微信”的令牌"));
}

#[test]
fn a_notice_of_holidays_is_taken_in_or_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path(), folder.path().join("2027.toml"));
    let import = ["calendar", "import", file.to_str().expect("a path")];
    std::fs::write(&file, "year = 2027\nsource = \"通知\"\n[[off]]\nname = \"元旦\"\nfrom = \"2027-13-01\"\n").unwrap();
    assert!(refused(&run(data, &import)).contains("第 5 行"));
    std::fs::write(&file, "year = 2027\nsource = \"通知\"\n[[off]]\nname = \"元旦\"\nfrom = \"2027-01-01\"\n").unwrap();
    assert!(said(&run(data, &import)).contains("已导入"));
}

#[test]
fn doctor_tells_each_point_and_the_way_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = said(&run(folder.path(), &["doctor"]));
    for point in ["xiaobao.sqlite", "可读可写", "xiaobao init", "节假日", "磁盘"] {
        assert!(told.contains(point), "{point}: {told}");
    }
    said(&run(folder.path(), &["migrate"]));
    assert!(said(&run(folder.path(), &["sweep"])).contains("巡检完毕"));
}

#[test]
fn a_port_in_use_is_told_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = taken.local_addr().expect("its address").port().to_string();
    assert!(refused(&run(folder.path(), &["serve", "--port", &port])).contains("--port"));
}

/// SIGTERM ends the server in good order: exit code 0, and the database's log is folded into its file.
#[cfg(unix)]
#[test]
fn the_server_ends_in_good_order_when_told() {
    use std::io::{BufRead as _, BufReader};
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Command::new(env!("CARGO_BIN_EXE_xiaobao"))
        .args(["serve", "--port", "0", "--data"])
        .arg(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut lines = BufReader::new(server.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.split_once("消保已启动：").map(|(_, address)| address.to_owned()));
    let address = address.expect("it says where it listens");
    let mut answer = ureq::get(format!("{address}/healthz")).call().expect("it answers");
    assert_eq!(answer.body_mut().read_to_string().expect("text"), "ok");
    let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    assert!(server.wait().expect("it ends").success());
    assert!(!folder.path().join("xiaobao.sqlite-wal").exists(), "nothing is left in the log");
}
