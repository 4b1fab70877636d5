//! The one binary `xiaobao`: each command a file.

pub mod bench;
pub mod calendar;
pub mod clock;
pub mod data;
pub mod demo;
pub mod doctor;
pub mod form;
pub mod histories;
pub mod init;
pub mod migrate;
pub mod package;
pub mod rules;
pub mod seal;
pub mod serve;
pub mod simulate;
pub mod sweep;
pub mod token;
pub mod user;
pub mod vault;
pub mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::calendar::Calendar;

/// 消保：12315 投诉举报中心的工作平台。
#[derive(Debug, Parser)]
#[command(name = "xiaobao", version, propagate_version = true, arg_required_else_help = true)]
pub struct Command {
    /// 日志用 JSON 输出
    #[arg(long, global = true)]
    log_json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// 启动服务
    Serve(serve::ServeArgs),
    /// 建立机构：局、12315 中心和市场监管所
    Init(init::InitArgs),
    /// 账号
    User(user::UserArgs),
    /// 举报人身份密库：密钥托管、恢复、现状
    Vault(vault::VaultArgs),
    /// 接口令牌
    Token(token::TokenArgs),
    /// 计算各项期限的届满日
    Clock(clock::ClockArgs),
    /// 工作日历
    Calendar(calendar::CalendarArgs),
    /// 规则
    Rules(rules::RulesArgs),
    /// 文书式样：列出、打印空白的或者填好的
    Form(form::FormArgs),
    /// 巡检一次：记下逾期，清理过期的登录和草稿（服务运行时会自动巡检）
    Sweep(sweep::SweepArgs),
    /// 演示：生成一年的案件并启动
    Demo(demo::DemoArgs),
    /// 核对每一行数据和全部办理记录是否完整、未被改动
    Verify(verify::VerifyArgs),
    /// 总账的每日封存：列出、导出、核对
    Seal(seal::SealArgs),
    /// 制作档案移交包：PDF/A 整卷、原件、办理过程和校验清单；中断以后接着做
    Package(package::PackageArgs),
    /// 核对移交包：缺少的、被改动的、多出的文件都列出来，不需要数据库
    VerifyPackage(package::VerifyPackageArgs),
    /// 测量这台机器上的速度
    Bench(bench::BenchArgs),
    /// 升级数据库（启动时也会自动升级）
    Migrate(migrate::MigrateArgs),
    /// 检查安装是否正常
    Doctor(doctor::DoctorArgs),
}

/// Runs the command that was typed. A failure is one sentence in Chinese and exit code 1.
pub fn run() -> ExitCode {
    let command = Command::parse();
    start_log(command.log_json);
    // Mail and HTTP gateways and PostgreSQL speak TLS with ring; a second start in one process keeps the first.
    drop(rustls::crypto::ring::default_provider().install_default());
    match command.verb.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Below a storage error's sentence stands what the engine said, in its language: that is for the log.
            let told = error.chain().take_while(|cause| !cause.is::<store::StoreError>());
            let causes: Vec<String> = told.map(|cause| trim_stop(&cause.to_string())).collect();
            eprintln!("{}。", causes.join("："));
            ExitCode::FAILURE
        }
    }
}

impl Verb {
    fn run(self) -> anyhow::Result<()> {
        match self {
            Verb::Serve(args) => serve::run(args),
            Verb::Init(args) => init::run(args),
            Verb::User(args) => user::run(args),
            Verb::Vault(args) => vault::run(args),
            Verb::Token(args) => token::run(args),
            Verb::Clock(args) => clock::run(args),
            Verb::Calendar(args) => calendar::run(args, &Calendar::builtin(), |args, _| import_notice(args)),
            Verb::Rules(args) => rules::run(args),
            Verb::Form(args) => form::run(args),
            Verb::Sweep(args) => sweep::run(args),
            Verb::Demo(args) => demo::run(args),
            Verb::Verify(args) => verify::run(args),
            Verb::Seal(args) => seal::run(args),
            Verb::Package(args) => package::run(args),
            Verb::VerifyPackage(args) => package::verify(args),
            Verb::Bench(args) => bench::run(args),
            Verb::Migrate(args) => migrate::run(args),
            Verb::Doctor(args) => doctor::run(args),
        }
    }
}

/// Takes a checked notice in and lists the dates that moved.
fn import_notice(args: &calendar::ImportArgs) -> anyhow::Result<()> {
    let place = data::Place::of(args.data.clone(), args.database.clone());
    let installation = place.open()?;
    let text = std::fs::read_to_string(&args.file)?;
    let (db, house) = (&installation.db, &installation.house);
    let moved = casework::calendar::import(db, house, &casework::Actor::System, &text, data::now())?;
    let (changed, confirmed): (Vec<_>, Vec<_>) = moved.iter().partition(|moved| moved.from != moved.to);
    println!("已导入。{} 个期限的日期有变动，{} 个估算日期已确认。", changed.len(), confirmed.len());
    for moved in changed {
        println!("{}\t{}\t{} → {}", moved.case_number, moved.limit, moved.from, moved.to);
    }
    Ok(())
}

fn start_log(json: bool) {
    use tracing_subscriber::EnvFilter;
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,web=info,cli=info,casework=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    drop(if json { log.json().try_init() } else { log.try_init() });
}

fn trim_stop(sentence: &str) -> String {
    sentence.trim_end_matches(['。', '.']).to_owned()
}
