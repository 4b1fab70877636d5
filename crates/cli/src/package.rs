//! `xiaobao package` and `xiaobao verify-package`: files of the archive handed over with lists of hashes, and such a package checked
//! without any database (docs/package.md).

use std::collections::VecDeque;
use std::io::{IsTerminal as _, Write as _};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, anyhow, bail};
use casework::vault::Suite;
use casework::volume::{self, EXPLAINED, FORMAT, INFO, PackageInfo, README};
use casework::{Actor, Scene};
use clap::Args;
use documents::package::{Begun, Package, check, zip_folder};
use documents::volume::Entry;
use domain::audit::AuditKind;
use store::volume::Closed;

use crate::data::{Installation, Place, now};

/// What to hand over, and where to.
#[derive(Debug, Args)]
pub struct PackageArgs {
    #[command(flatten)]
    place: Place,
    /// 写到哪里：文件夹，或者以 .zip 结尾的文件
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// 只要这一卷（案卷号）
    #[arg(long, value_name = "NUMBER", conflicts_with = "year")]
    file: Option<String>,
    /// 只要这一年归档的
    #[arg(long)]
    year: Option<i64>,
    /// 只要这个局的（机构编号，见 /admin/organizations）
    #[arg(long, value_name = "ID")]
    organization: Option<i64>,
}

/// Which package to check.
#[derive(Debug, Args)]
pub struct VerifyPackageArgs {
    /// 移交包：文件夹或者 zip 文件
    path: PathBuf,
}

/// Files asked for at once.
const PAGE: i64 = 500;
/// More than this many names help nobody.
const TOLD_AT_MOST: usize = 200;

/// Writes the package; one that was broken off goes on.
pub fn run(args: PackageArgs) -> anyhow::Result<()> {
    let wanted = Closed { bureau: args.organization, year: args.year, file: args.file.clone() };
    let scope = words(&wanted);
    let zipped = args.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if zipped && args.out.exists() {
        bail!("{} 已经有了，请换一个名字", args.out.display());
    }
    let folder = if zipped { args.out.with_added_extension("folder") } else { args.out.clone() };
    let installation = args.place.open()?;
    let national = installation.house.settings.suite == Suite::National;
    let sum = match Package::begin(&folder, &scope, national)? {
        Begun::Whole(sum) => sum,
        Begun::ToWrite(package) => {
            let what = format!("制作移交包：{scope}");
            installation.act(move |tx, scene| {
                Ok(store::access::record(tx, scene.now, AuditKind::Export, None, None, &what, "命令行")?)
            })?;
            write(&installation, &package, &wanted, &scope)?
        }
    };
    if zipped {
        eprintln!("正在压缩……");
        zip_folder(&folder, &args.out)?;
        std::fs::remove_dir_all(&folder)?;
    }
    installation.db.close();
    println!("移交包在 {}", args.out.display());
    println!("清单（manifest.sha256）的 SHA-256：{sum}");
    println!("请把这一行写进移交清单，接收方用 xiaobao verify-package 核对。");
    Ok(())
}

fn words(wanted: &Closed) -> String {
    let parts = [
        wanted.file.as_ref().map(|file| format!("案卷 {file}")),
        wanted.year.map(|year| format!("{year} 年")),
        wanted.bureau.map(|bureau| format!("机构 {bureau}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "全部案卷".to_owned() } else { parts.join("，") }
}

fn write(installation: &Installation, package: &Package, wanted: &Closed, scope: &str) -> anyhow::Result<String> {
    let all = listed(installation, wanted)?;
    if all.is_empty() {
        bail!("没有符合条件的案卷（{scope}）");
    }
    let names: Vec<String> = all.iter().map(|(file, _)| file.clone()).collect();
    let progress = Progress::begin(all.len());
    let queue = Mutex::new(VecDeque::from(all));
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        let begun: Vec<_> =
            (0..workers).map(|_| scope.spawn(|| in_turn(installation, package, &queue, &progress))).collect();
        begun.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    progress.end();
    let info = PackageInfo { format: FORMAT, made_at: now().to_string(), scope: scope.to_owned(), files: names.len() };
    let info = serde_json::to_vec_pretty(&info)?;
    let beside = [
        Entry { name: README.to_owned(), bytes: EXPLAINED.as_bytes().to_vec() },
        Entry { name: INFO.to_owned(), bytes: info },
    ];
    Ok(package.close(&names, &beside)?)
}

/// File numbers with their cases, page by page.
fn listed(installation: &Installation, wanted: &Closed) -> anyhow::Result<Vec<(String, String)>> {
    let mut all: Vec<(String, String)> = Vec::new();
    loop {
        let (wanted, after) = (wanted.clone(), all.last().map(|(file, _)| file.clone()).unwrap_or_default());
        let page = installation.read(move |tx| store::volume::closed(tx, &wanted, &after, PAGE))?;
        let last = (page.len() as i64) < PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

/// Takes file after file until none is left, or until somebody fails.
fn in_turn(
    installation: &Installation,
    package: &Package,
    queue: &Mutex<VecDeque<(String, String)>>,
    progress: &Progress,
) -> anyhow::Result<()> {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while let Some((file, case)) = next() {
        if package.has(&file)? {
            progress.was_there();
            continue;
        }
        if let Err(error) = one(installation, package, &file, &case) {
            queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Err(error).with_context(|| format!("案卷 {file}"));
        }
        progress.made();
    }
    Ok(())
}

fn one(installation: &Installation, package: &Package, file: &str, case: &str) -> anyhow::Result<()> {
    let (house, number, now) = (installation.house.clone(), case.to_owned(), now());
    let packed = installation.db.read(move |tx| {
        let scene = Scene { house: &house, now, actor: &Actor::System };
        volume::package(tx, scene, &number)
    });
    Ok(package.put(file, &packed.map_err(|error| anyhow!("{error}"))?)?)
}

/// How far it has come, on the terminal and in logs.
struct Progress {
    all: usize,
    there: AtomicUsize,
    made: AtomicUsize,
    begun: Instant,
}

impl Progress {
    #[expect(clippy::disallowed_methods, reason = "how long a command takes is a fact of the machine")]
    fn begin(all: usize) -> Self {
        Self { all, there: AtomicUsize::new(0), made: AtomicUsize::new(0), begun: Instant::now() }
    }

    fn was_there(&self) {
        self.there.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    fn made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    fn tell(&self) {
        let (there, made) = (self.there.load(Ordering::Relaxed), self.made.load(Ordering::Relaxed));
        let done = there + made;
        let every = if std::io::stderr().is_terminal() { 10 } else { 500 };
        if done % every != 0 && done != self.all {
            return;
        }
        let rate = made as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let left = (self.all - done) as f64 / rate.max(0.001);
        let end = if std::io::stderr().is_terminal() { "\r" } else { "\n" };
        let line = format!("{done}/{} 卷（原有 {there}），每秒 {rate:.0} 卷，还要约 {left:.0} 秒  {end}", self.all);
        drop(std::io::stderr().write_all(line.as_bytes()));
    }

    fn end(&self) {
        let (there, made) = (self.there.load(Ordering::Relaxed), self.made.load(Ordering::Relaxed));
        eprintln!(
            "\n完成：{} 卷，其中这次写入 {made} 卷，原有 {there} 卷，用时 {:.1} 秒",
            self.all,
            self.begun.elapsed().as_secs_f64()
        );
    }
}

/// Checks a package and names what is wrong.
pub fn verify(args: VerifyPackageArgs) -> anyhow::Result<()> {
    let checked = check(&args.path).with_context(|| format!("{} 读不了", args.path.display()))?;
    let Some(sum) = &checked.sum else {
        bail!("{} 里没有 manifest.sha256：这个包没有做完，或者不是移交包", shown(&args.path));
    };
    println!("{} 卷，{} 个文件；清单的 SHA-256：{sum}", checked.volumes, checked.files);
    let faults = &checked.faults;
    for (what, names) in [
        ("缺少", &faults.missing),
        ("被改动", &faults.changed),
        ("多出", &faults.added),
        ("办理过程的事件链断开", &faults.broken),
    ] {
        for name in names.iter().take(TOLD_AT_MOST) {
            println!("{what}：{name}");
        }
        if let Some(more) = names.len().checked_sub(TOLD_AT_MOST).filter(|more| *more > 0) {
            println!("{what}：……还有 {more} 个");
        }
    }
    if faults.count() > 0 {
        bail!("发现 {} 处与清单不一致", faults.count());
    }
    println!("完整，与清单一致。请再与移交清单上写的 SHA-256 核对。");
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
