//! What can go wrong between the program and its database, for two readers: [`StoreError::sentence`] is Chinese for people and says what
//! to do; `Display` and `source` are for the log. Neither ever carries a stored value, which may be about a person.

use std::path::PathBuf;
use thiserror::Error;

/// What the engine itself said, kept for the log. `code` is the SQLSTATE or SQLite's extended result code.
#[derive(Debug, Clone, Error)]
#[error("[{code}] {message}")]
pub struct EngineError {
    /// SQLSTATE on PostgreSQL, the number of the extended result code on SQLite, or a short word where there is neither.
    pub code: String,
    /// The engine's message without its DETAIL, which quotes stored values.
    pub message: String,
}

/// An error of the storage engine.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database address cannot be understood.
    #[error("bad database address: {reason}")]
    BadUrl {
        /// The Chinese half-sentence that names the fault; without the address, which may hold a password.
        reason: String,
    },
    /// The server does not answer.
    #[error("cannot reach the database server {server}")]
    Unreachable {
        /// Host and port, without user and password.
        server: String,
        /// What the driver said.
        source: EngineError,
    },
    /// User name or password is refused.
    #[error("the database server {server} refuses the user or the password")]
    WrongPassword {
        /// Host and port.
        server: String,
        /// What the server said.
        source: EngineError,
    },
    /// The connection could not be secured as asked.
    #[error("no trusted TLS connection to {server}")]
    Tls {
        /// Host and port.
        server: String,
        /// What the driver said.
        source: EngineError,
    },
    /// The server is there, the database on it is not.
    #[error("there is no such database on {server}")]
    NoDatabase {
        /// Host and port.
        server: String,
        /// What the server said.
        source: EngineError,
    },
    /// The server has no connection left.
    #[error("the database server {server} has no connection left")]
    TooManyConnections {
        /// Host and port.
        server: String,
        /// What the server said.
        source: EngineError,
    },
    /// The database on the server keeps its text in something else than UTF-8.
    #[error("the database is encoded in {found}, not UTF8")]
    WrongEncoding {
        /// The server's name of the encoding.
        found: String,
    },
    /// Another process holds the lock for longer than we wait.
    #[error("the database is locked by another process")]
    Locked {
        /// What the engine said.
        source: EngineError,
    },
    /// The file is not a SQLite database.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: EngineError,
    },
    /// The file or its folder cannot be opened.
    #[error("cannot open {}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: EngineError,
    },
    /// The file, its folder or the transaction may only be read.
    #[error("the database is read-only")]
    ReadOnly {
        /// What the engine said.
        source: EngineError,
    },
    /// The disk is full.
    #[error("the disk of the database is full")]
    DiskFull {
        /// What the engine said.
        source: EngineError,
    },
    /// The file is damaged or the disk fails.
    #[error("the database is damaged or its disk fails")]
    Damaged {
        /// What the engine said.
        source: EngineError,
    },
    /// A SQLite database that another program made.
    #[error("{} belongs to another program", path.display())]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer program.
    #[error("the database is at version {found}, this program knows up to {known}")]
    NewerSchema {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration in this program.
        known: i64,
    },
    /// An applied migration is not the one in this program.
    #[error("migration {version} {name} differs from the one that was applied")]
    ChangedMigration {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A migration did not run; its transaction was rolled back.
    #[error("migration {version} {name} failed")]
    Migration {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
        /// Why.
        source: Box<StoreError>,
    },
    /// A unique key already has this value.
    #[error("conflict on {constraint}")]
    Conflict {
        /// The key as `table(column,column)`, the same on both engines.
        constraint: String,
        /// What the engine said.
        source: EngineError,
    },
    /// A foreign key points at nothing, or a row still pointed at was to be deleted.
    #[error("a foreign key does not hold")]
    Reference {
        /// What the engine said.
        source: EngineError,
    },
    /// NOT NULL or CHECK does not hold.
    #[error("a constraint does not hold")]
    Constraint {
        /// What the engine said.
        source: EngineError,
    },
    /// Two transactions stood in each other's way more often than we try again.
    #[error("too much contention")]
    Contention {
        /// What the engine said.
        source: EngineError,
    },
    /// The connection broke while COMMIT was under way: it may or may not have happened.
    #[error("the connection broke during COMMIT; the outcome is unknown")]
    OutcomeUnknown {
        /// What the driver said.
        source: EngineError,
    },
    /// A statement failed earlier in this act, so that nothing of it can be kept.
    #[error("a statement failed earlier in this transaction")]
    Aborted,
    /// A column is not of the type asked for.
    #[error("column {index}: expected {expected}, found {found}")]
    Column {
        /// Counted from 0.
        index: usize,
        /// What was asked for.
        expected: &'static str,
        /// What was there.
        found: &'static str,
    },
    /// Any other refusal of a statement; a fault of the program.
    #[error("statement refused")]
    Statement {
        /// What the engine said.
        source: EngineError,
    },
    /// The act panicked; it was rolled back.
    #[error("the act panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// An act was asked for, and waited for, on the thread that would have to run it; a fault of the program.
    #[error("an act inside an act would wait for itself")]
    WaitsForItself,
    /// More acts wait than the queue holds.
    #[error("the queue of the database is full")]
    Overloaded,
    /// The database was closed.
    #[error("the database is closed")]
    Closed,
}

impl StoreError {
    /// The plain sentence for people, in Chinese, with what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::BadUrl { reason } => format!(
                "数据库地址有误：{reason}。请写成文件路径（如 data/xiaobao.db）或 postgres://user:password@host:5432/name。"
            ),
            Self::Unreachable { server, .. } => {
                format!(
                    "连不上数据库服务器 {server}。请检查服务器是否已启动、地址和端口是否正确、网络和防火墙是否放行，然后重试。"
                )
            }
            Self::WrongPassword { server, .. } => {
                format!(
                    "数据库服务器 {server} 不接受所给的用户名或密码。请核对后重试；密码中的特殊字符须按 URL 规则转写（如 @ 写成 %40）。若两者无误，请管理员在 pg_hba.conf 中放行本机，或在地址后加 sslmode=require。"
                )
            }
            Self::Tls { server, .. } => format!(
                "与数据库服务器 {server} 的加密连接未能建立。请用 sslrootcert=证书文件 指定本单位的根证书，或确认服务器已开启 TLS；只有在可信内网中才可改用 sslmode=disable。"
            ),
            Self::NoDatabase { server, .. } => {
                format!("服务器 {server} 上没有这个数据库。请先用 CREATE DATABASE 建库，或改正地址末尾的库名。")
            }
            Self::TooManyConnections { server, .. } => {
                format!(
                    "数据库服务器 {server} 的连接数已满。请稍后重试，或请管理员调大 max_connections、减少本程序的连接数。"
                )
            }
            Self::WrongEncoding { found } => {
                format!("数据库的字符编码是 {found}，不是 UTF8，无法保存全部汉字。请用 ENCODING 'UTF8' 重新建库。")
            }
            Self::Locked { .. } => {
                "数据库正被另一个程序占用，等待已超时。请关闭正在写入的其他程序（如备份、导入或另一个服务进程）后重试。"
                    .to_owned()
            }
            Self::NotADatabase { path, .. } => {
                format!("文件 {} 不是数据库文件，未做任何改动。请检查路径，或从备份恢复。", path.display())
            }
            Self::CannotOpen { path, .. } => {
                format!("打不开数据库文件 {}。请检查所在文件夹是否存在、当前用户是否有权读写。", path.display())
            }
            Self::ReadOnly { .. } => {
                "数据库只能读、不能写。请检查文件和文件夹的写权限，或确认连接的不是只读副本。".to_owned()
            }
            Self::DiskFull { .. } => {
                "磁盘已满，本次操作没有保存。请清理磁盘空间或扩容后重试；已有数据没有受损。".to_owned()
            }
            Self::Damaged { .. } => {
                "数据库文件损坏或磁盘读写出错。请立即停用本程序，检查磁盘，并从最近的备份恢复。".to_owned()
            }
            Self::ForeignDatabase { path } => {
                format!("文件 {} 是其他程序的数据库，未做任何改动。请检查路径，或换一个新的文件名。", path.display())
            }
            Self::NewerSchema { found, known } => format!(
                "数据库的版本({found})比本程序认识的({known})新，未做任何改动。请改用更新的程序，或从升级前的备份恢复。"
            ),
            Self::ChangedMigration { version, name } => format!(
                "数据库已执行的升级步骤 {version:04}({name})与本程序所带的不一致，未做任何改动。请使用正式发布的程序，勿自行修改升级文件。"
            ),
            Self::Migration { version, name, source } => {
                format!("数据库升级步骤 {version:04}({name})没有成功，已退回升级前的状态。原因：{}", source.sentence())
            }
            Self::Conflict { .. } => "已有相同的记录，本次操作没有保存。请刷新页面，查看是否已经有人办理。".to_owned(),
            Self::Reference { .. } => {
                "所引用的记录不存在，或仍被其他记录引用，本次操作没有保存。请刷新页面后重试。".to_owned()
            }
            Self::Constraint { .. } => "数据不完整或不合规定，本次操作没有保存。请检查所填内容。".to_owned(),
            Self::Contention { .. } => "同时办理的人太多，本次操作没有保存。请稍候重试。".to_owned(),
            Self::OutcomeUnknown { .. } => {
                "提交时与数据库的连接中断，不能确定是否已经保存。请刷新页面查看结果，再决定是否重做。".to_owned()
            }
            Self::Panicked { .. }
            | Self::WaitsForItself
            | Self::Aborted
            | Self::Column { .. }
            | Self::Statement { .. } => {
                "程序内部出错，本次操作没有保存。请重试；若仍出错，请把时间和所做的操作告诉管理员。".to_owned()
            }
            Self::Overloaded => "系统正忙，排队的操作太多，本次操作没有保存。请稍候重试。".to_owned(),
            Self::Closed => "系统正在停止，本次操作没有保存。请稍候重试。".to_owned(),
        }
    }

    /// The stable code for programs and for the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "store.bad_url",
            Self::Unreachable { .. } => "store.unreachable",
            Self::WrongPassword { .. } => "store.wrong_password",
            Self::Tls { .. } => "store.tls",
            Self::NoDatabase { .. } => "store.no_database",
            Self::TooManyConnections { .. } => "store.too_many_connections",
            Self::WrongEncoding { .. } => "store.wrong_encoding",
            Self::Locked { .. } => "store.locked",
            Self::NotADatabase { .. } => "store.not_a_database",
            Self::CannotOpen { .. } => "store.cannot_open",
            Self::ReadOnly { .. } => "store.read_only",
            Self::DiskFull { .. } => "store.disk_full",
            Self::Damaged { .. } => "store.damaged",
            Self::ForeignDatabase { .. } => "store.foreign_database",
            Self::NewerSchema { .. } => "store.newer_schema",
            Self::ChangedMigration { .. } => "store.changed_migration",
            Self::Migration { .. } => "store.migration",
            Self::Conflict { .. } => "store.conflict",
            Self::Reference { .. } => "store.reference",
            Self::Constraint { .. } => "store.constraint",
            Self::Contention { .. } => "store.contention",
            Self::OutcomeUnknown { .. } => "store.outcome_unknown",
            Self::Aborted => "store.aborted",
            Self::Column { .. } => "store.column",
            Self::Statement { .. } => "store.statement",
            Self::Panicked { .. } => "store.panicked",
            Self::WaitsForItself => "store.waits_for_itself",
            Self::Overloaded => "store.overloaded",
            Self::Closed => "store.closed",
        }
    }

    /// Whether the same act may succeed when it is simply run again.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::Contention { .. } | Self::Unreachable { .. })
    }

    /// Whether this is a conflict on the unique key `constraint`, written `table(column,column)`.
    pub fn is_conflict_on(&self, key: &str) -> bool {
        matches!(self, Self::Conflict { constraint, .. } if constraint == key)
    }
}
