//! The address of a PostgreSQL server and how the way to it is secured.

use super::StoreError;
use super::postgres_error::of_connecting;
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that fell silent is noticed within about a minute, not after the two hours of the system's default.
const KEEPALIVE: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(30);

/// A server, with everything needed to connect to it.
pub(crate) struct Server {
    /// Host and port for messages; never user or password.
    pub(crate) name: String,
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// Reads a `postgres://` address. `sslmode` is `disable`, `prefer` or `require`; a certificate is always verified, against the
    /// public roots or the file named by `sslrootcert`. Without `sslmode`, a server on this machine is reached without TLS.
    pub(crate) fn parse(address: &str) -> Result<Self, StoreError> {
        let (address, ours) = split(address);
        let mut config = Config::from_str(&address).map_err(|error| bad(&reason_of(&error)))?;
        if config.get_hosts().is_empty() {
            return Err(bad("没有写主机"));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(bad("地址末尾没有写库名"));
        }
        let mode = match (ours.mode.as_deref(), config.get_hosts().iter().all(is_local)) {
            (Some("disable"), _) | (None, true) => SslMode::Disable,
            (Some("allow" | "prefer"), _) | (None, false) => SslMode::Prefer,
            (Some("require" | "verify-ca" | "verify-full"), _) => SslMode::Require,
            (Some(other), _) => {
                return Err(bad(&format!("sslmode={other} 不认识，可用 disable、prefer、require")));
            }
        };
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("xiaobao");
        }
        config.ssl_mode(mode).keepalives_idle(KEEPALIVE).tcp_user_timeout(SILENCE);
        let tls = if mode == SslMode::Disable { None } else { Some(connector(ours.root.as_deref())?) };
        Ok(Self { name: name_of(&config), config, tls })
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> Result<Client, StoreError> {
        let outcome = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        outcome.map_err(|error| of_connecting(&self.name, &error))
    }
}

/// The parameters that the driver does not know or knows less well.
#[derive(Default)]
struct Ours {
    mode: Option<String>,
    root: Option<String>,
}

fn split(address: &str) -> (String, Ours) {
    let mut ours = Ours::default();
    let Some((front, query)) = address.split_once('?') else { return (address.to_owned(), ours) };
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => ours.mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => ours.root = Some(value.to_owned()),
            _ => rest.push(pair),
        }
    }
    let address = if rest.is_empty() { front.to_owned() } else { format!("{front}?{}", rest.join("&")) };
    (address, ours)
}

fn connector(root: Option<&str>) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = root {
        let unreadable = |_| bad(&format!("读不出根证书文件 {path}，应为 PEM 格式"));
        for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
            let certificate = certificate.map_err(unreadable)?;
            roots.add(certificate).map_err(|_| bad(&format!("根证书文件 {path} 中的证书不可用")))?;
        }
    } else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| bad("本程序的 TLS 组件不可用"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn name_of(config: &Config) -> String {
    let ports = config.get_ports();
    let name = |(index, host): (usize, &Host)| {
        let port = ports.get(index).or_else(|| ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => format!("{}:{port}", path.display()),
        }
    };
    config.get_hosts().iter().enumerate().map(name).collect::<Vec<_>>().join(",")
}

/// The driver's words for a bad address quote no password: they name the parameter or the position.
fn reason_of(error: &postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match cause.as_str() {
        "invalid value for option `port`" => "端口应为 1 至 65535 的数字".to_owned(),
        "" => "写法不合 URL 规则".to_owned(),
        other => format!("写法不合 URL 规则({other})"),
    }
}

fn bad(reason: &str) -> StoreError {
    StoreError::BadUrl { reason: reason.to_owned() }
}
