//! `xiaobao demo`: a working centre with a year of cases, made by the simulator on the first start and kept for the next.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use domain::account::FactorPolicy;
use domain::clock::beijing_time;
use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use jiff::Span;
use store::organization::OrganizationRow;
use web::app::system_clock;
use web::limits::Limits;

use crate::data::{Installation, Place, now};
use crate::serve::{Service, listen, serve};
use crate::simulate::operators;
use crate::simulate::oversight::look_over;
use crate::simulate::run::{Plan, run as simulate};
use crate::simulate::script::script;
use crate::simulate::story::Town;
use crate::simulate::town::{Bureau, Login, Passwords, settle};
use crate::simulate::vocabulary::generator;

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "第一次启动时生成数据，以后直接使用。登录名和密码写在数据目录的 demo-logins.json 里。")]
pub struct DemoArgs {
    /// 演示数据放在哪里
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// 数据库：一个文件，或 postgres:// 地址 [默认：数据目录下的 xiaobao.sqlite]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// 行政区划代码：县（区）、市或省
    #[arg(long, value_name = "CODE", default_value = "410103")]
    region: String,
    /// 投诉件数；咨询、意见建议等按公布的比例另外生成
    #[arg(long, default_value_t = 4_000)]
    cases: usize,
    /// 从几年前开始
    #[arg(long, default_value_t = 1)]
    years: i16,
    /// 同一个数字得到同样的故事
    #[arg(long, default_value_t = 12_315)]
    seed: u64,
    /// 端口；0 表示任意一个空闲端口
    #[arg(long, default_value_t = 12_315)]
    port: u16,
    /// 只生成数据，不启动
    #[arg(long)]
    only_data: bool,
}

const LOGINS: &str = "demo-logins.json";
const KEY: &str = "demo";
/// With more counties than this, only the first ones get people and cases.
const COUNTIES_AT_MOST: usize = 12;
const OFFICERS_EACH: usize = 3;
const SHOPS_EACH: usize = 400;

/// Makes the data if there is none, prints the logins, serves.
pub fn run(args: DemoArgs) -> anyhow::Result<()> {
    let place = Place { data: args.data.clone(), database: args.database.clone() };
    let (listener, address) = listen(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port))?;
    let mut settings = place.settings();
    settings.public_url = format!("http://{address}");
    // A visitor of the demonstration is not stopped; whoever wants to see it sets it up.
    settings.second_factor = FactorPolicy::Offered;
    // Its people have had their passwords since the story began.
    settings.password_days = 0;
    let installation = place.open_with(settings)?;
    let made = installation.read(|tx| store::installation::get(tx, KEY))?;
    match made.as_deref() {
        Some("done") => {}
        Some(_) => {
            bail!("上一次演示数据没有生成完。请删除 {} 后重新运行，或用 --data 换一个目录。", args.data.display())
        }
        None => make(&installation, &args)?,
    }
    print_logins(&args.data)?;
    if args.only_data {
        installation.db.close();
        return Ok(());
    }
    let Installation { db, house } = installation;
    serve(db, house, Service { listener, limits: Limits::ordinary(), clock: system_clock() })
}

fn make(installation: &Installation, args: &DemoArgs) -> anyhow::Result<()> {
    if installation.read(store::organization::count)? > 0 {
        bail!("{} 里已有正式数据，演示数据不会写进去。请用 --data 换一个目录。", args.data.display());
    }
    let region = RegionCode::parse(&args.region).map_err(|error| anyhow!("{error}"))?;
    let planted = region.clone();
    installation.act(move |tx, scene| {
        store::installation::put(tx, KEY, "under way")?;
        casework::organization_tree::plant(tx, scene, &planted, Some("provincial")).map(drop)
    })?;
    let bureaus = counties(installation, &region)?;
    if bureaus.is_empty() {
        bail!("{} 下面没有县（区）局和所，请换一个行政区划代码。", args.region);
    }
    let mut rng = generator(args.seed, 9);
    let today = beijing_time(now()).date();
    let first = today.checked_sub(Span::new().years(args.years)).context("年数太大")?;
    let opened = domain::clock::beijing_midnight(first);
    eprintln!("正在安排 {} 个局的人员……", bureaus.len());
    let (town, logins) = settle(&installation.db, bureaus, OFFICERS_EACH, Arc::new(RandomPasswords), &mut rng, opened)
        .map_err(crate::data::told)?;
    write_logins(&args.data, &logins)?;
    crate::vault::prepare_demo(installation, &logins, &args.data)?;
    let towns: Vec<Town> =
        town.iter().map(|bureau| Town::found(bureau.county.clone(), SHOPS_EACH, args.seed)).collect();
    for (bureau, town) in town.iter().zip(&towns) {
        operators::enter(&installation.db, &installation.house, bureau, &town.street, opened)
            .map_err(|error| anyhow!("{error}"))?;
    }
    let plan = Plan { seed: args.seed, cases: args.cases, first, until: now(), chaos_per_mille: 0 };
    let told = simulate(
        &installation.db,
        &installation.house,
        &town,
        plan,
        &mut |rng, bureau, arrival| script(rng, bureau, &towns[place_of(&town, bureau)], arrival),
        &mut |count| {
            if count % 250 == 0 {
                eprintln!("已生成 {count} 件……");
            }
        },
    )
    .map_err(|error| anyhow!("{error}"))?;
    if let Some(bureau) = town.first() {
        let leader = installation.read(|tx| store::account::by_login(tx, "leader"))?.context("没有局领导")?;
        let leader = installation.read(move |tx| casework::staff::load(tx, leader.id))?.context("没有局领导")?;
        look_over(&installation.db, &installation.house, bureau, &casework::Actor::Staff(leader), plan.until)
            .map_err(|error| anyhow!("{error}"))?;
    }
    installation.act(|tx, _| store::installation::put(tx, KEY, "done").map_err(casework::ActError::from))?;
    eprintln!(
        "共 {} 件，其中投诉 {} 件，{} 个办理动作，{} 次期限提醒和逾期记录。",
        told.cases, told.complaints, told.acts, told.swept
    );
    Ok(())
}

fn place_of(town: &[Bureau], bureau: &Bureau) -> usize {
    town.iter().position(|other| other.bureau.id == bureau.bureau.id).unwrap_or_default()
}

/// The county bureaus of the region that have a centre and offices.
fn counties(installation: &Installation, region: &RegionCode) -> anyhow::Result<Vec<OrganizationRow>> {
    let region = region.clone();
    let all = installation.read(move |tx| {
        let top = store::organization::by_region(tx, region.as_str(), OrganizationKind::Bureau)?;
        let Some(top) = top else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let mut look = vec![top];
        while let Some(bureau) = look.pop() {
            if found.len() == COUNTIES_AT_MOST {
                break;
            }
            let below = store::organization::children(tx, bureau.id)?;
            let offices = below.iter().filter(|child| child.kind == OrganizationKind::Office).count();
            look.extend(below.into_iter().rev().filter(|child| child.kind == OrganizationKind::Bureau));
            if offices > 0 {
                found.push(bureau);
            }
        }
        Ok(found)
    })?;
    Ok(all)
}

struct RandomPasswords;

impl Passwords for RandomPasswords {
    fn fresh(&self) -> (String, String) {
        let password = casework::password::one_time(web::app::fresh_bytes());
        let hash = casework::password::hash(&password, web::app::fresh_bytes(), casework::vault::Cost::ORDINARY);
        (password, hash)
    }
}

fn write_logins(data: &Path, logins: &[Login]) -> anyhow::Result<()> {
    write_private(&data.join(LOGINS), &serde_json::to_string_pretty(logins)?)
}

/// A file that only its owner reads.
pub(crate) fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} 写不进去，请检查目录权限", file.display()))
}

/// One login of each role; the file has all of them.
fn print_logins(data: &Path) -> anyhow::Result<()> {
    let file = data.join(LOGINS);
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} 读不出来", file.display()))?;
    let logins: Vec<Login> = serde_json::from_str(&text)?;
    println!("演示登录（全部在 {}）：", file.display());
    let mut shown = Vec::new();
    for login in &logins {
        let kind = (login.role.clone(), login.organization.ends_with('所'), login.login.starts_with("superior"));
        if shown.contains(&kind) {
            continue;
        }
        shown.push(kind);
        println!("  {:<16} {}  {}，{}（{}）", login.login, login.password, login.role, login.name, login.organization);
    }
    Ok(())
}
