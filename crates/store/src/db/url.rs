//! Where the database is: a file, or a server.

use super::StoreError;
use super::server::Server;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The address of a database, as given to `--database`.
///
/// - `data/xiaobao.db`, `sqlite:data/xiaobao.db` or `sqlite:///srv/xiaobao.db`: a SQLite file;
/// - `postgres://user:password@host:5432/name` (or `postgresql://`), with `?sslmode=disable|prefer|require` and `&sslrootcert=FILE`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address with everything in it, the password too.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads an address; what is wrong with it is said in [`StoreError::BadUrl`].
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let bad = |reason: &str| Err(StoreError::BadUrl { reason: reason.to_owned() });
        let text = text.trim();
        if text.is_empty() {
            return bad("地址是空的");
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Server::parse(text)?;
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = match (text.strip_prefix("sqlite:"), text.split_once("://")) {
            (Some(path), _) => path.strip_prefix("//").unwrap_or(path),
            (None, Some((scheme, _))) => {
                return bad(&format!("不认识的数据库类型 {scheme}，只支持 SQLite 和 PostgreSQL"));
            }
            (None, None) => text,
        };
        match path {
            "" => bad("sqlite: 之后没有写文件路径"),
            ":memory:" => bad("不支持内存数据库，数据会随程序退出而丢失"),
            path if path.ends_with(['/', '\\']) => bad("这是一个文件夹，应写到文件名为止"),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Self::parse(text)
    }
}

/// For people and for the log: without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "{}", path.display()),
            Self::Postgres(address) => formatter.write_str(&without_password(address)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Keeps scheme, host and name. The parameters go too: one of them may be the password.
fn without_password(address: &str) -> String {
    let address = address.split_once('?').map_or(address, |(front, _)| front);
    let Some((scheme, rest)) = address.split_once("://") else { return String::new() };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, StoreError};
    use std::path::PathBuf;

    fn reason(text: &str) -> String {
        match DatabaseUrl::parse(text) {
            Err(StoreError::BadUrl { reason }) => reason,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_file_may_be_written_in_four_ways() {
        for (text, path) in [
            ("data/xiaobao.db", "data/xiaobao.db"),
            ("sqlite:data/xiaobao.db", "data/xiaobao.db"),
            ("sqlite://data/xiaobao.db", "data/xiaobao.db"),
            ("sqlite:///srv/xiaobao.db", "/srv/xiaobao.db"),
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap(), DatabaseUrl::Sqlite(PathBuf::from(path)), "{text}");
        }
    }

    #[test]
    fn a_bad_address_is_refused_with_its_reason() {
        assert!(reason("").contains("空"));
        assert!(reason("mysql://root@db/x").contains("mysql"));
        assert!(reason("sqlite:").contains("文件路径"));
        assert!(reason(":memory:").contains("内存"));
        assert!(reason("data/").contains("文件夹"));
        assert!(reason("postgres://db:5432").contains("库名"));
        assert!(reason("postgres:///xiaobao").contains("主机"));
        assert!(reason("postgres://db:port/xiaobao").contains("端口"));
        assert!(reason("postgres://db/xiaobao?sslmode=maybe").contains("sslmode=maybe"));
        assert!(reason("postgres://db/xiaobao?sslmode=require&sslrootcert=/nowhere.pem").contains("/nowhere.pem"));
    }

    #[test]
    fn the_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://clerk:s3cret@db.example:5432/xiaobao?password=s3cret").unwrap();
        assert_eq!(url.to_string(), "postgres://db.example:5432/xiaobao");
        assert_eq!(format!("{url:?}"), "postgres://db.example:5432/xiaobao");
        assert!(!reason("postgres://clerk:s3cret@db:port/xiaobao").contains("s3cret"));
        assert!(!reason("postgres://clerk:s3cret@db/xiaobao?sslmode=maybe").contains("s3cret"));
    }
}
