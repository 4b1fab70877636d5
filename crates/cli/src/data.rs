//! Where an installation lies, and how it is opened.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use casework::audit_stream::{self, Stream};
use casework::secret::Secret;
use casework::vault::Suite;
use casework::{ActError, Actor, House, Scene, Settings};
use clap::Args;
use jiff::Timestamp;
use store::{DatabaseUrl, Db, Options, StoreError, Tx};

/// Where the installation lies.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// 数据目录：附件、密钥，以及没有另外指定时的 SQLite 数据库
    #[arg(long, value_name = "DIR", env = "XIAOBAO_DATA", default_value = "data")]
    pub data: PathBuf,
    /// 数据库：一个文件，或 postgres://用户:密码@主机:5432/库名 [默认：数据目录下的 xiaobao.sqlite]
    #[arg(long, value_name = "URL", env = "XIAOBAO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Place {
    /// The place that commands with their own `--data` and `--database` name.
    pub fn of(data: Option<PathBuf>, database: Option<String>) -> Place {
        let told = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        let data = data.or_else(|| told("XIAOBAO_DATA").map(PathBuf::from));
        let data = data.unwrap_or_else(|| PathBuf::from("data"));
        Place { data, database: database.or_else(|| told("XIAOBAO_DATABASE")) }
    }

    /// The database's address.
    pub fn database(&self) -> anyhow::Result<DatabaseUrl> {
        match &self.database {
            Some(text) => DatabaseUrl::parse(text).map_err(told),
            None => Ok(DatabaseUrl::Sqlite(self.data.join("xiaobao.sqlite"))),
        }
    }

    /// The settings that hold without any option.
    pub fn settings(&self) -> Settings {
        Settings::new(&self.data)
    }

    /// Makes the folder and opens the database, migrated.
    pub fn open_database(&self) -> anyhow::Result<Db> {
        let url = self.database()?;
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("数据目录 {} 建不了，请检查路径和权限", self.data.display()))?;
        let ledger_key = self.secret()?.ledger_key(suite()?);
        Db::open_with(&url, &Options { ledger_key, ..Options::default() }).map_err(told)
    }

    /// Several processes on one database share the secret by the environment.
    fn secret(&self) -> anyhow::Result<Secret> {
        match std::env::var("XIAOBAO_SECRET") {
            Ok(text) if !text.is_empty() => Ok(Secret::from_text(&text)),
            _ => Ok(Secret::of_folder(&self.data, web::app::fresh_bytes())?),
        }
    }

    /// Opens the installation.
    pub fn open(&self) -> anyhow::Result<Installation> {
        self.open_with(self.settings())
    }

    /// Opens the installation with settings of one's own.
    pub fn open_with(&self, mut settings: Settings) -> anyhow::Result<Installation> {
        settings.suite = suite()?;
        (settings.audit_months, settings.audit_stream) = audit()?;
        let db = self.open_database()?;
        let secret = self.secret()?;
        let house = db.read(move |tx| House::open(tx, settings.clone(), secret.clone()))?;
        Ok(Installation { db, house: Arc::new(house) })
    }
}

/// The algorithms of the vault and the ledger, from the environment: 国密 where the installation must use it.
fn suite() -> anyhow::Result<Suite> {
    match std::env::var("XIAOBAO_SUITE") {
        Ok(key) if !key.is_empty() => {
            let known: Vec<&str> = Suite::ALL.iter().map(|suite| suite.key()).collect();
            Suite::from_key(&key).with_context(|| format!("XIAOBAO_SUITE 写的是“{key}”，可以写：{}", known.join("、")))
        }
        _ => Ok(Suite::default()),
    }
}

/// How long the audit trail is kept, and where it is sent to as well.
fn audit() -> anyhow::Result<(Option<i64>, Option<Stream>)> {
    let told = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let months = told("XIAOBAO_AUDIT_MONTHS").map(|text| audit_stream::months(&text)).transpose();
    let stream = told("XIAOBAO_AUDIT_STREAM")
        .map(|target| Stream::parse(&target, &told("XIAOBAO_AUDIT_FORMAT").unwrap_or_default()))
        .transpose();
    Ok((months.map_err(|error| anyhow!(error))?, stream.map_err(|error| anyhow!(error))?))
}

/// An open installation.
#[derive(Clone)]
pub struct Installation {
    /// Its database.
    pub db: Db,
    /// Its law, calendar and settings.
    pub house: Arc<House>,
}

impl Installation {
    /// Does something as the program itself: whoever may run commands on this machine administers everything.
    pub fn act<T: Send + 'static>(
        &self,
        mut act: impl FnMut(&mut Tx<'_>, Scene<'_>) -> Result<T, ActError> + Send + 'static,
    ) -> anyhow::Result<T> {
        let (house, now) = (self.house.clone(), now());
        let done = self.db.act(move |tx| act(tx, Scene { house: &house, now, actor: &Actor::System }));
        done.map_err(|error| anyhow!("{error}"))
    }

    /// Reads something.
    pub fn read<T: Send + 'static>(
        &self,
        read: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> anyhow::Result<T> {
        self.db.read(read).map_err(told)
    }
}

/// The sentence of a storage error; its chain goes to the log.
pub fn told(error: StoreError) -> anyhow::Error {
    tracing::debug!(error = &error as &dyn std::error::Error, "the database");
    anyhow!("{}", error.sentence())
}

/// The machine's clock, for commands.
pub fn now() -> Timestamp {
    web::app::system_clock()()
}
