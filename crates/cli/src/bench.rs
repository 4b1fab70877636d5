//! `xiaobao bench`: what this machine does with this program, measured over HTTP against a server of its own, beside the
//! machine's own limits. Speed lives here, never in a test.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use casework::filing::Evidence;
use casework::vault;
use casework::{Actor, Scene};
use clap::Args;
use domain::filing::{Typist, parse};
use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use domain::role::Role;
use jiff::ToSpan as _;
use serde_json::json;

use crate::data::{Installation, Place, now};
use crate::simulate::town::{Passwords, settle};
use crate::simulate::vocabulary::generator;

/// What to measure.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// 同时提交的客户端
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// 每项测量多少秒
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// 待办页背后有多少件未办结的案件
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    /// 每个页面打开多少次
    #[arg(long, default_value_t = 1_000)]
    pages: usize,
    /// 临时数据放在哪里（量的是这块盘），量完即删
    #[arg(long, value_name = "DIR", default_value = "bench-data")]
    data: PathBuf,
    /// 量 PostgreSQL：一个空库的地址
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

const REGION: &str = "410103";
const LOGIN: &str = "dispatcher";

/// Measures and prints.
pub fn run(args: BenchArgs) -> anyhow::Result<()> {
    let folder = args.data.join(std::process::id().to_string());
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(&args, &folder);
    drop(std::fs::remove_dir_all(&folder));
    outcome
}

fn measure(args: &BenchArgs, folder: &Path) -> anyhow::Result<()> {
    println!("fdatasync of 4 KiB appends: {:.0}/s", fsync_rate(folder, Duration::from_secs(2))?);
    let place = Place { data: folder.to_owned(), database: args.database.clone() };
    let (token, password) = prepare(&place)?;
    let server = Server::start(&place, args)?;
    println!(
        "start, empty: {:.0} ms; resident when idle: {} MB",
        server.started.as_secs_f64() * 1e3,
        server.resident()?
    );
    filing(args, &server, &token)?;
    println!("resident after filing: {} MB, at most {} MB", server.resident()?, server.resident_at_most()?);
    server.stop()?;
    let (number, code) = fill(&place, args.cases)?;
    sealing(&place)?;
    let server = Server::start(&place, args)?;
    println!("start with {} cases: {:.0} ms", args.cases, server.started.as_secs_f64() * 1e3);
    let cookie = login(&server, &password)?;
    for view in ["/desk", "/desk?view=all"] {
        pages(args, &server, view, &cookie)?;
    }
    let track = track(&server, &number, &code)?;
    pages(args, &server, "/track/case", &track)?;
    println!("resident after pages: {} MB, at most {} MB", server.resident()?, server.resident_at_most()?);
    recount(&place, &server, &cookie, &token)?;
    server.stop()
}

/// What sealing a reporter's identity adds to a filing: to two custodians and the key in escrow, on disk.
fn sealing(place: &Place) -> anyhow::Result<()> {
    const SEALED: i64 = 200;
    let installation = place.open()?;
    let suite = installation.house.settings.suite;
    let identity = vault::Identity {
        name: "周敏".to_owned(),
        phone: "13800000000".to_owned(),
        address: "河南省郑州市二七区大学路1号".to_owned(),
        ..vault::Identity::default()
    };
    let mut took = Vec::new();
    for id in 1..=SEALED {
        let (identity, seed) = (identity.clone(), web::app::fresh_bytes());
        let case = installation.read(move |tx| store::case::by_id(tx, id))?;
        let Some(case) = case else { break };
        let begun = clock();
        installation.act(move |tx, scene| vault::seal_identity(tx, scene, &case, &identity, seed))?;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    let middle = took.get(took.len() / 2).copied().unwrap_or_default();
    println!("sealing an identity ({}), with its own commit: {:.2} ms p50", suite.key(), middle.as_secs_f64() * 1e3);
    installation.db.close();
    Ok(())
}

/// Takes in a notice that moves every running date, the next two days become holidays, while the server beside it answers.
fn recount(place: &Place, server: &Server, cookie: &str, token: &str) -> anyhow::Result<()> {
    let Installation { db, house } = place.open()?;
    let today = domain::clock::beijing_day(now());
    let (from, until) = (today.saturating_add(2.days()), today.saturating_add(3.days()));
    let notice = format!(
        "year = {}\nsource = \"bench\"\n[[off]]\nname = \"bench\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n",
        until.year()
    );
    let stop = Arc::new(AtomicBool::new(false));
    let page = format!("GET /desk HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    let token = token.to_owned();
    let pages = meanwhile(server.port, &stop, 200, move |_| (page.clone(), String::new()))?;
    let filings = meanwhile(server.port, &stop, 201, move |index| filing_request(&token, "meanwhile", index))?;
    let (begun, used) = (clock(), processor_seconds()?);
    let actor = Actor::System;
    let moved = casework::calendar::import(&db, &house, &actor, &notice, now()).map_err(|error| anyhow!("{error}"))?;
    let (took, used) = (begun.elapsed().as_secs_f64(), processor_seconds()? - used);
    stop.store(true, Ordering::Relaxed);
    let rate = moved.len() as f64 / took;
    let count = moved.len();
    println!(
        "{count} running dates moved by a notice, an event each: {took:.1} s ({rate:.0}/s), {used:.1} s of processor"
    );
    let begun = clock();
    let again = casework::calendar::import(&db, &house, &actor, &notice, now()).map_err(|error| anyhow!("{error}"))?;
    println!("the same notice once more: {} moved, {:.1} s", again.len(), begun.elapsed().as_secs_f64());
    db.close();
    for (what, took) in [("/desk", pages), ("a filing", filings)] {
        let mut took = took.join().map_err(|_| anyhow!("a client panicked"))??;
        println!("{what} meanwhile, {} times: {}", took.len(), percentiles(&mut took));
    }
    Ok(())
}

/// Asks for something five times a second until told to stop; gives how long each answer took.
fn meanwhile(
    port: u16,
    stop: &Arc<AtomicBool>,
    expected: u16,
    request: impl Fn(u64) -> (String, String) + Send + 'static,
) -> anyhow::Result<JoinHandle<anyhow::Result<Vec<Duration>>>> {
    let (mut client, stop) = (Client::connect(port)?, stop.clone());
    Ok(std::thread::spawn(move || {
        let mut took = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let (head, body) = request(took.len() as u64);
            let at = clock();
            let answer = client.ask(&head, &body)?;
            took.push(at.elapsed());
            if answer.status != expected {
                bail!("answered {} after {:?}: {}", answer.status, at.elapsed(), answer.body);
            }
            wait(Duration::from_millis(200));
        }
        Ok(took)
    }))
}

/// What this process has used of the processors, its threads together.
fn processor_seconds() -> anyhow::Result<f64> {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").context("no /proc here")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_A_SECOND)
}

fn fsync_rate(folder: &Path, long: Duration) -> anyhow::Result<f64> {
    let path = folder.join("fsync.probe");
    let mut file = File::create(&path)?;
    let (block, begun, mut count) = ([7_u8; 4096], clock(), 0_u32);
    while begun.elapsed() < long {
        file.write_all(&block)?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(path)?;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

struct OnePassword(String, String);

impl Passwords for OnePassword {
    fn fresh(&self) -> (String, String) {
        (self.0.clone(), self.1.clone())
    }
}

/// A county with people and a token.
fn prepare(place: &Place) -> anyhow::Result<(String, String)> {
    let installation = place.open()?;
    let region = RegionCode::parse(REGION).map_err(|error| anyhow!("{error}"))?;
    installation
        .act(move |tx, scene| casework::organization_tree::plant(tx, scene, &region, Some("provincial")).map(drop))?;
    let bureau = installation.read(|tx| store::organization::by_region(tx, REGION, OrganizationKind::Bureau))?;
    let password = casework::password::one_time(web::app::fresh_bytes());
    let cost = installation.house.settings.key_cost;
    let hash = casework::password::hash(&password, web::app::fresh_bytes(), cost);
    let passwords = Arc::new(OnePassword(password.clone(), hash));
    let mut rng = generator(1, 1);
    let settled = settle(&installation.db, bureau.into_iter().collect(), 2, passwords, &mut rng, now());
    let (_, logins) = settled.map_err(crate::data::told)?;
    crate::vault::prepare_demo(&installation, &logins, &place.data)?;
    let random = web::app::fresh_bytes();
    let token = installation.act(move |tx, scene| {
        let new = casework::token::NewToken {
            name: "bench".to_owned(),
            scopes: vec!["filing".to_owned()],
            organization_id: None,
            per_minute: None,
        };
        casework::token::create(tx, scene, &new, random)
    })?;
    installation.db.close();
    Ok((token, password))
}

/// Files so many registered, open cases straight through the casework.
fn fill(place: &Place, cases: usize) -> anyhow::Result<(String, String)> {
    const AT_ONCE: usize = 500;
    let Installation { db, house } = place.open()?;
    let agent = db.read(|tx| {
        let bureau = store::organization::by_region(tx, REGION, OrganizationKind::Bureau)?;
        let centres =
            store::organization::of_bureau(tx, bureau.map(|it| it.id).unwrap_or_default(), OrganizationKind::Centre)?;
        let agents =
            store::account::with_role(tx, centres.first().map(|it| it.id).unwrap_or_default(), Role::IntakeAgent)?;
        casework::staff::load(tx, agents.first().map(|it| it.id).unwrap_or_default())
    });
    let actor = Actor::Staff(agent.map_err(crate::data::told)?.ok_or_else(|| anyhow!("no agent"))?);
    let (begun, mut last) = (clock(), None);
    for batch in 0..cases.div_ceil(AT_ONCE) {
        let (house, actor, at) = (house.clone(), actor.clone(), now());
        last = Some(
            db.act(move |tx| {
                let scene = Scene { house: &house, now: at, actor: &actor };
                let mut receipt = None;
                for index in 0..AT_ONCE.min(cases - batch * AT_ONCE) {
                    let raw = serde_json::from_value(body(batch * AT_ONCE + index)).expect("a filing");
                    let filing = parse(&raw, Typist::Agent, &house.codes, at).map_err(casework::ActError::Invalid)?;
                    receipt = Some(casework::filing::file(tx, scene, &filing, Evidence::default())?);
                }
                Ok::<_, casework::ActError>(receipt)
            })
            .map_err(|error| anyhow!("{error}"))?,
        );
    }
    println!("filled {cases} open cases: {:.0}/s in one thread", cases as f64 / begun.elapsed().as_secs_f64());
    db.close();
    let receipt = last.flatten().ok_or_else(|| anyhow!("nothing was filed"))?;
    Ok((receipt.number, receipt.query_code))
}

fn body(index: usize) -> serde_json::Value {
    json!({
        "region": REGION, "channel": "web",
        "complainant_name": "周敏", "complainant_phone": format!("138{:08}", index % 100_000_000),
        "complainant_address": "河南省郑州市二七区大学路1号", "notify_by": "in_app",
        "consent_publish": "yes", "consent_delegate": "no",
        "respondent_name": format!("惠友超市{}店", index % 700), "respondent_address": "二七区淮河路12号",
        "goods": "儿童安全座椅", "category": "children", "problem": "quality", "amount": "469", "bought_on": "2026-05-02",
        "facts": "五月二日在店里买的儿童安全座椅，用了不到十天卡扣就断了，幸好孩子没有受伤。找过店里三次，店长只同意修，不同意换，也不肯退钱。",
        "demands": ["replace", "compensation"], "demand_text": "更换同款并赔偿来回的交通费六十元"
    })
}

fn filing(args: &BenchArgs, server: &Server, token: &str) -> anyhow::Result<()> {
    let (stop, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let begun = clock();
    let clients: Vec<_> = (0..args.clients)
        .map(|_| {
            let (stop, next, token, port) = (stop.clone(), next.clone(), token.to_owned(), server.port);
            std::thread::spawn(move || {
                let (mut client, mut took) = (Client::connect(port)?, Vec::new());
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let (head, body) = filing_request(&token, "bench", index);
                    let at = clock();
                    let answer = client.ask(&head, &body)?;
                    took.push(at.elapsed());
                    if answer.status != 201 {
                        bail!("filing answered {}: {}", answer.status, answer.body);
                    }
                }
                Ok(took)
            })
        })
        .collect();
    wait(Duration::from_secs(args.seconds));
    stop.store(true, Ordering::Relaxed);
    let mut took = Vec::new();
    for client in clients {
        took.extend(client.join().map_err(|_| anyhow!("a client panicked"))??);
    }
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    println!("filing over HTTP, durable, {} clients: {rate:.0}/s, {}", args.clients, percentiles(&mut took));
    Ok(())
}

fn filing_request(token: &str, series: &str, index: u64) -> (String, String) {
    let body = body(index as usize).to_string();
    let head = format!(
        "POST /api/v1/complaints HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: {series}-{index}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    (head, body)
}

fn login(server: &Server, password: &str) -> anyhow::Result<String> {
    server.form("/login", &format!("next=&login={LOGIN}&password={password}"))
}

fn track(server: &Server, number: &str, code: &str) -> anyhow::Result<String> {
    server.form("/track", &format!("number={number}&code={code}"))
}

fn pages(args: &BenchArgs, server: &Server, path: &str, cookie: &str) -> anyhow::Result<()> {
    let mut client = Client::connect(server.port)?;
    let (head, mut took) = (format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"), Vec::new());
    let mut bytes = 0;
    for _ in 0..args.pages {
        let at = clock();
        let answer = client.ask(&head, "")?;
        took.push(at.elapsed());
        bytes = answer.body.len();
        if answer.status != 200 {
            bail!("{path} answered {}", answer.status);
        }
    }
    println!("{path} ({} KB), {} times: {}", bytes / 1024, args.pages, percentiles(&mut took));
    Ok(())
}

fn percentiles(took: &mut [Duration]) -> String {
    took.sort_unstable();
    let at = |share: f64| took.get(((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1)));
    let words = |share| at(share).map_or(0.0, |took| took.as_secs_f64() * 1e3);
    format!("p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", words(0.5), words(0.99), words(1.0))
}

/// A server of this same program in a process of its own.
struct Server {
    child: Child,
    port: u16,
    started: Duration,
}

impl Server {
    fn start(place: &Place, _args: &BenchArgs) -> anyhow::Result<Server> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").arg("--data").arg(&place.data).arg("--port").arg(port.to_string());
        if let Some(database) = &place.database {
            command.arg("--database").arg(database);
        }
        command.env("RUST_LOG", "warn").stderr(Stdio::null()).stdout(Stdio::null());
        let begun = clock();
        let mut child = command.spawn()?;
        loop {
            if let Ok(mut client) = Client::connect(port)
                && client
                    .ask("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "")
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(Server { child, port, started: begun.elapsed() });
            }
            if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_mins(1) {
                bail!("the server did not start");
            }
            wait(Duration::from_millis(5));
        }
    }

    fn resident(&self) -> anyhow::Result<u64> {
        self.memory("VmRSS")
    }

    fn resident_at_most(&self) -> anyhow::Result<u64> {
        self.memory("VmHWM")
    }

    fn memory(&self, key: &str) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("no /proc here")?;
        let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default();
        Ok(kilobytes / 1024)
    }

    /// Posts a form as a browser of the same origin would; gives the cookies.
    fn form(&self, path: &str, body: &str) -> anyhow::Result<String> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len(),
            port = self.port
        );
        let answer = Client::connect(self.port)?.ask(&head, body)?;
        if !(300..400).contains(&answer.status) || answer.cookies.is_empty() {
            bail!("{path} answered {}", answer.status);
        }
        Ok(answer.cookies.join("; "))
    }

    fn stop(mut self) -> anyhow::Result<()> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if !told.success() {
            self.child.kill()?;
        }
        self.child.wait()?;
        Ok(())
    }
}

/// As much of HTTP/1.1 as the measurements need: one connection, kept alive, so that the client costs next to nothing.
struct Client {
    reader: BufReader<TcpStream>,
}

struct Answer {
    status: u16,
    cookies: Vec<String>,
    body: String,
}

impl Client {
    fn connect(port: u16) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Client { reader: BufReader::new(stream) })
    }

    fn ask(&mut self, head: &str, body: &str) -> anyhow::Result<Answer> {
        self.reader.get_mut().write_all(format!("{head}{body}").as_bytes())?;
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).context("no answer")?;
        let (mut length, mut chunked, mut cookies) = (0_usize, false, Vec::new());
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse()?,
                "transfer-encoding" => chunked = value.contains("chunked"),
                "set-cookie" => cookies.extend(value.trim().split(';').next().map(str::to_owned)),
                _ => {}
            }
        }
        let bytes = if chunked { self.chunks()? } else { self.exactly(length)? };
        Ok(Answer { status, cookies, body: String::from_utf8_lossy(&bytes).into_owned() })
    }

    fn exactly(&mut self, length: usize) -> anyhow::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            whole.extend(self.exactly(length)?);
            self.reader.read_line(&mut line)?;
            if length == 0 {
                return Ok(whole);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock")]
fn clock() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a measurement lasts as long as it was told to")]
fn wait(long: Duration) {
    std::thread::sleep(long);
}
