//! A private PostgreSQL server for one test process.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const VARIABLE: &str = "XIAOBAO_TEST_POSTGRES";
const USER: &str = "xiaobao_test";
const PASSWORD: &str = "only-for-tests";
/// Settings of a server whose data nobody will miss. In its file, so that `ALTER SYSTEM` can make it durable for a measurement.
const SETTINGS: &str = "
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 400
shared_buffers = 64MB
deadlock_timeout = 20ms
";

/// Address of the server; starts it at the first call.
pub(super) fn address() -> &'static str {
    static SERVER: OnceLock<(String, Option<Child>)> = OnceLock::new();
    let (address, _) = SERVER.get_or_init(|| match std::env::var(VARIABLE) {
        Ok(address) if !address.is_empty() => (address, None),
        _ => {
            let (address, watch) = start().unwrap_or_else(|reason| {
                panic!(
                    "{reason}\nThe tests run on PostgreSQL as well as on SQLite. Install it (Debian, Ubuntu: \
                     `apt-get install postgresql`; macOS: `brew install postgresql`), or name a server in {VARIABLE}, \
                     for example postgres://user:password@127.0.0.1:5432/postgres, whose user may create databases."
                )
            });
            (address, Some(watch))
        }
    });
    address
}

fn start() -> Result<(String, Child), String> {
    let programs = programs()?;
    let folder = TempDir::with_prefix("xiaobao-postgres-").map_err(|error| error.to_string())?;
    fs::write(folder.path().join("password"), PASSWORD).map_err(|error| error.to_string())?;
    let user = unprivileged_user(folder.path())?;
    let data = folder.path().join("data");
    let port = free_port().map_err(|error| error.to_string())?;

    run(user, &programs.join("initdb"), |command| {
        command.arg("-D").arg(&data).args([
            "-U",
            USER,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        command.arg("--pwfile").arg(folder.path().join("password"));
    })?;
    let mut settings = fs::OpenOptions::new()
        .append(true)
        .open(data.join("postgresql.conf"))
        .map_err(|error| format!("{}: {error}", data.display()))?;
    settings.write_all(SETTINGS.as_bytes()).map_err(|error| error.to_string())?;
    run(user, &programs.join("pg_ctl"), |command| {
        let socket = folder.path().display();
        let settings = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={socket}");
        command.arg("-D").arg(&data).arg("-l").arg(folder.path().join("log")).args(["-w", "-o", &settings, "start"]);
    })?;
    let watch = stop_when_we_end(user, &programs, &folder.keep()).map_err(|error| error.to_string())?;
    Ok((format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"), watch))
}

/// A shell that reads from a pipe which only we hold open: it wakes when this process has ended, be it by a signal.
fn stop_when_we_end(user: Option<&str>, programs: &Path, folder: &Path) -> std::io::Result<Child> {
    let script = r#"cat >/dev/null; cd /; "$@" -m immediate stop; rm -rf "$0""#;
    let mut stop = Command::new("sh");
    stop.args(["-c", script]).arg(folder);
    if let Some(user) = user {
        stop.args(["runuser", "-u", user, "--"]);
    }
    stop.arg(programs.join("pg_ctl")).arg("-D").arg(folder.join("data"));
    stop.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn()
}

/// The folder with `initdb` and `pg_ctl`: the one on the PATH, or the newest of Debian's.
fn programs() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    let installed = || {
        let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).max_by_key(version)
    };
    on_path
        .or_else(|| installed().map(|folder| folder.join("bin")))
        .filter(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
        .ok_or_else(|| "PostgreSQL (initdb, pg_ctl) is not installed.".to_owned())
}

/// PostgreSQL refuses to run as root: then `folder` is given to the first of two users that is there.
fn unprivileged_user(folder: &Path) -> Result<Option<&'static str>, String> {
    if fs::metadata(folder).map_err(|error| error.to_string())?.uid() != 0 {
        return Ok(None);
    }
    let give = |user: &&str| {
        let given = Command::new("chown").arg("-R").arg(user).arg(folder).stderr(Stdio::null()).status();
        given.is_ok_and(|status| status.success())
    };
    let user = ["postgres", "nobody"].into_iter().find(give);
    user.map(Some).ok_or_else(|| "PostgreSQL does not run as root, and there is no user postgres.".to_owned())
}

fn run(user: Option<&str>, program: &Path, arguments: impl FnOnce(&mut Command)) -> Result<(), String> {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    arguments(&mut command);
    // To a file, not to a pipe: the server that stays behind would hold a pipe open.
    let log = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let (out, err) =
        (log.reopen().map_err(|error| error.to_string())?, log.reopen().map_err(|error| error.to_string())?);
    let status = command.current_dir("/").stdin(Stdio::null()).stdout(out).stderr(err).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            let said = fs::read_to_string(log.path()).unwrap_or_default();
            Err(format!("{} ended with {status}:\n{said}", program.display()))
        }
        Err(error) => Err(format!("{} did not start: {error}.", program.display())),
    }
}

fn free_port() -> std::io::Result<u16> {
    TcpListener::bind("127.0.0.1:0")?.local_addr().map(|address| address.port())
}
