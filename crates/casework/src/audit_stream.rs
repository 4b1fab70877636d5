//! 审计外送: the audit trail, sent on as syslog (RFC 5424) or CEF to a collector of the bureau's, and forgotten here when its time is
//! over. What could not be sent waits: the position of the last entry sent is kept with the data.

use std::io::Write as _;
use std::net::{TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::audit::{AuditKind, audit_rules};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use store::access::{AccessRow, Wanted};
use store::{Db, StoreError};

use crate::error::ActError;
use crate::house::House;

/// Where to, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Where to.
    pub target: Target,
    /// How each entry is written.
    pub format: Format,
}

/// A collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `udp://host:port`: a datagram an entry (RFC 5426).
    Udp(String),
    /// `tcp://host:port`: counted (RFC 6587).
    Tcp(String),
    /// `unix:/dev/log`.
    Unix(PathBuf),
    /// `file:/var/log/xiaobao-audit.log`: a line an entry.
    File(PathBuf),
}

/// How an entry is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// RFC 5424 with structured data.
    #[default]
    Syslog,
    /// ArcSight's Common Event Format, in an RFC 5424 line.
    Cef,
}

impl Stream {
    /// Reads the settings `XIAOBAO_AUDIT_STREAM` and `XIAOBAO_AUDIT_FORMAT`.
    pub fn parse(target: &str, format: &str) -> Result<Stream, String> {
        let target = match target.trim().split_once(':') {
            Some(("udp", rest)) => Target::Udp(host(rest)?),
            Some(("tcp", rest)) => Target::Tcp(host(rest)?),
            Some(("unix", path)) => Target::Unix(PathBuf::from(path.trim_start_matches("//"))),
            Some(("file", path)) => Target::File(PathBuf::from(path.trim_start_matches("//"))),
            _ => {
                return Err(format!(
                    "审计外送的地址“{target}”读不懂，请写成 udp://HOST:PORT、tcp://HOST:PORT、unix:/dev/log 或 file:/PATH"
                ));
            }
        };
        let format = match format.trim() {
            "" | "syslog" => Format::Syslog,
            "cef" => Format::Cef,
            other => return Err(format!("审计外送的格式“{other}”读不懂，可以写 syslog 或 cef")),
        };
        Ok(Stream { target, format })
    }
}

fn host(rest: &str) -> Result<String, String> {
    let host = rest.trim_start_matches("//");
    let port = host.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    port.map(|_| host.to_owned()).ok_or_else(|| format!("审计外送的地址“{host}”要写明端口，例如 10.0.0.9:514"))
}

/// Months for which the trail is kept, from a setting; fewer than the law wants are refused with its article.
pub fn months(text: &str) -> Result<i64, String> {
    let rule = &audit_rules().retention;
    match text.trim().parse::<i64>() {
        Ok(months) if months >= rule.at_least_months => Ok(months),
        Ok(months) => Err(format!(
            "审计记录只保存 {months} 个月不行：{}{}要求至少 {} 个月",
            rule.law, rule.article, rule.at_least_months
        )),
        Err(_) => Err(format!("审计记录的保存月数“{text}”不是一个整数")),
    }
}

const POSITION: &str = "audit_stream_position";
const LEASE: &str = "audit_stream";
const LEASE_LASTS: SignedDuration = SignedDuration::from_mins(1);
const BATCH: i64 = 500;
const REMOVED_AT_ONCE: i64 = 1_000;
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends what waits; gives how many entries. One process at a time, by a lease. What fails is sent again at the next round.
pub fn run_round(db: &Db, house: &Arc<House>, holder: &str, now: Timestamp) -> Result<usize, ActError> {
    let Some(stream) = &house.settings.audit_stream else { return Ok(0) };
    if db.read(waiting)?.is_empty() {
        return Ok(0);
    }
    let name = holder.to_owned();
    if !db.act(move |tx| store::lease::take(tx, LEASE, &name, now, now + LEASE_LASTS))? {
        return Ok(0);
    }
    let rows = db.read(waiting)?;
    if let Some(last) = rows.last().map(|row| row.id) {
        let lines: Vec<String> = rows.iter().map(|row| line(row, stream.format)).collect();
        send(&stream.target, &lines).map_err(|error| ActError::File(error.to_string()))?;
        db.act(move |tx| store::installation::put(tx, POSITION, &last.to_string()))?;
    }
    Ok(rows.len())
}

fn waiting(tx: &mut store::Tx<'_>) -> Result<Vec<AccessRow>, StoreError> {
    let sent = position(tx)?;
    store::access::search(tx, &Wanted { oldest_first: true, ..Wanted::default() }, Some(sent), BATCH)
}

fn position(tx: &mut store::Tx<'_>) -> Result<i64, StoreError> {
    Ok(store::installation::get(tx, POSITION)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Removes entries whose time is over; what a collector still waits for stays. That it was done is an entry itself.
pub fn forget_old(db: &Db, house: &Arc<House>, now: Timestamp) -> Result<u64, ActError> {
    let Some(months) = house.settings.audit_months else { return Ok(0) };
    let now_in_beijing = now.to_zoned(domain::clock::beijing_zone());
    let Ok(before) = now_in_beijing.checked_sub(months.months()).map(|then| then.timestamp()) else { return Ok(0) };
    let streams = house.settings.audit_stream.is_some();
    let mut removed = 0;
    loop {
        let gone = db.act(move |tx| {
            let upto = if streams { position(tx)? } else { i64::MAX };
            store::access::remove(tx, before, upto, REMOVED_AT_ONCE)
        })?;
        removed += gone;
        if gone == 0 {
            break;
        }
    }
    if removed > 0 {
        let what = format!("清除保存期满 {months} 个月的审计记录 {removed} 条");
        db.act(move |tx| store::access::record(tx, now, AuditKind::Administration, None, None, &what, "保存期满"))?;
    }
    Ok(removed)
}

/// An entry as a line. Facility 13 is the log audit; a try that did not succeed is a warning.
fn line(row: &AccessRow, format: Format) -> String {
    let severity = if row.kind.failed() { 4 } else { 6 };
    let head = format!("<{}>1 {:.6} - xiaobao - {}", 13 * 8 + severity, row.at, row.kind.key());
    let outcome = if row.kind.failed() { "failure" } else { "success" };
    let id = row.id.to_string();
    let fields = [
        ("id", id.as_str()),
        ("outcome", outcome),
        ("account", row.login.as_deref().unwrap_or_default()),
        ("case", row.case_number.as_deref().unwrap_or_default()),
        ("address", &row.address),
    ];
    let said = if row.reason.is_empty() || row.reason == row.what {
        row.what.clone()
    } else {
        format!("{}；{}", row.what, row.reason)
    };
    match format {
        Format::Syslog => {
            let told = fields.iter().filter(|(_, value)| !value.is_empty());
            let field = |(name, value): &(&str, &str)| format!(" {name}=\"{}\"", escaped(value, &['\\', '"', ']']));
            let data = told.map(field).collect::<Vec<_>>().concat();
            // 32473 is the number set aside for examples (RFC 5612): the field's names are ours alone.
            format!("{head} [xiaobao@32473{data}] \u{feff}{}", one_line(&said))
        }
        Format::Cef => {
            let names = ["externalId", "outcome", "suser", "cs1", "src"];
            let told = names.iter().zip(fields).filter(|(_, (_, value))| !value.is_empty());
            let field = |(name, (_, value)): (&&str, (&str, &str))| format!("{name}={} ", escaped(value, &['\\', '=']));
            let data = told.map(field).collect::<Vec<_>>().concat();
            let (key, label) = (row.kind.key(), escaped(row.kind.label(), &['\\', '|']));
            let (version, level) = (env!("CARGO_PKG_VERSION"), 10 - severity);
            let said = escaped(&one_line(&said), &['\\', '=']);
            let at = row.at.as_millisecond();
            format!(
                "{head} - CEF:0|xiaobao|xiaobao|{version}|{key}|{label}|{level}|rt={at} cs1Label=case {data}msg={said}"
            )
        }
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if special.contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn send(target: &Target, lines: &[String]) -> std::io::Result<()> {
    match target {
        Target::Udp(address) => {
            let socket = UdpSocket::bind(("0.0.0.0", 0))?;
            socket.connect(address)?;
            lines.iter().try_for_each(|line| socket.send(line.as_bytes()).map(drop))
        }
        Target::Tcp(address) => {
            let mut stream = TcpStream::connect(address)?;
            stream.set_write_timeout(Some(PATIENCE))?;
            lines.iter().try_for_each(|line| write!(stream, "{} {line}", line.len()))?;
            stream.flush()
        }
        Target::Unix(path) => send_unix(path, lines),
        Target::File(path) => {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
            lines.iter().try_for_each(|line| writeln!(file, "{line}"))?;
            file.sync_data()
        }
    }
}

#[cfg(unix)]
fn send_unix(path: &std::path::Path, lines: &[String]) -> std::io::Result<()> {
    let socket = std::os::unix::net::UnixDatagram::unbound()?;
    socket.connect(path)?;
    lines.iter().try_for_each(|line| socket.send(line.as_bytes()).map(drop))
}

#[cfg(not(unix))]
fn send_unix(_path: &std::path::Path, _lines: &[String]) -> std::io::Result<()> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "no such socket on this system"))
}
