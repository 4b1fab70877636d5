//! `xiaobao serve`: the pages and the API, and beside them the sweep and the deliveries.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use axum::serve::ListenerExt as _;
use casework::delivery::{Carriers, Gateway, carriers, run_round};
use casework::{ActError, House, Settings};
use clap::Args;
use domain::account::{FactorPolicy, account_rules};
use store::Db;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::App;
use web::app::{Clock, system_clock};
use web::limits::Limits;

use crate::data::{Installation, Place};

/// How to serve.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    place: Place,
    /// 端口；0 表示任意一个空闲端口
    #[arg(long, default_value_t = 12315)]
    port: u16,
    /// 监听地址；对外提供服务时写 0.0.0.0，并写明 --public-url
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// 大家访问的地址，写在短信和邮件的链接里，例如 https://12315.example.cn
    #[arg(long, value_name = "URL", env = "XIAOBAO_PUBLIC_URL")]
    public_url: Option<String>,
    /// 前面有几层自己的反向代理（用来认出访问者的地址）
    #[arg(long, value_name = "N", default_value_t = 0)]
    proxies: u8,
    /// 第二步验证：required 人人须设置（首次登录后几天内可以推迟），offered 愿意的设置；管理员可以按角色另定
    #[arg(long, value_name = "RULE", env = "XIAOBAO_SECOND_FACTOR", value_parser = second_factor, default_value = "required")]
    second_factor: FactorPolicy,
    /// 密码用满多少天须更换，0 表示不定期更换
    #[arg(long, value_name = "DAYS", default_value_t = account_rules().password.change_after_days)]
    password_days: i64,
    #[command(flatten)]
    gateways: GatewayArgs,
}

fn second_factor(text: &str) -> Result<FactorPolicy, String> {
    FactorPolicy::from_key(text).ok_or_else(|| "请写 required 或 offered".to_owned())
}

/// Ways out for messages.
#[derive(Clone, Debug, Default, Args)]
pub struct GatewayArgs {
    /// 邮件服务器，例如 mail.example.cn:465
    #[arg(long, value_name = "HOST:PORT", env = "XIAOBAO_SMTP_SERVER")]
    smtp_server: Option<String>,
    /// 发件人地址
    #[arg(long, value_name = "ADDRESS", env = "XIAOBAO_SMTP_FROM")]
    smtp_from: Option<String>,
    /// 邮件登录名；密码写在环境变量 XIAOBAO_SMTP_PASSWORD 里
    #[arg(long, value_name = "USER", env = "XIAOBAO_SMTP_USER")]
    smtp_user: Option<String>,
    /// 邮件服务器在本机，不用加密
    #[arg(long)]
    smtp_plain: bool,
    /// 短信（微信）网关地址；令牌写在环境变量 XIAOBAO_SMS_TOKEN 里
    #[arg(long, value_name = "URL", env = "XIAOBAO_SMS_URL")]
    sms_url: Option<String>,
}

impl GatewayArgs {
    /// Puts what was given into the settings.
    pub fn enter(&self, settings: &mut Settings) -> anyhow::Result<()> {
        let secret = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        match (&self.smtp_server, &self.smtp_from) {
            (Some(server), Some(from)) => {
                let gateway = Gateway::Smtp {
                    server: server.clone(),
                    from: from.clone(),
                    user: self.smtp_user.clone(),
                    password: secret("XIAOBAO_SMTP_PASSWORD"),
                    plain: self.smtp_plain,
                };
                settings.gateways.insert("email".to_owned(), gateway);
            }
            (Some(_), None) => bail!("写了 --smtp-server，还须用 --smtp-from 写明发件人地址"),
            (None, Some(_)) => bail!("写了 --smtp-from，还须用 --smtp-server 写明邮件服务器"),
            (None, None) => {}
        }
        if let Some(url) = &self.sms_url {
            let gateway = Gateway::Http { url: url.clone(), token: secret("XIAOBAO_SMS_TOKEN") };
            settings.gateways.insert("sms".to_owned(), gateway);
        }
        Ok(())
    }
}

/// Serves until the process is told to stop.
pub fn run(args: ServeArgs) -> anyhow::Result<()> {
    let mut settings = args.place.settings();
    let (listener, address) = listen(SocketAddr::new(args.bind, args.port))?;
    settings.public_url = public_url(args.public_url, address)?;
    settings.second_factor = args.second_factor;
    settings.password_days = args.password_days;
    args.gateways.enter(&mut settings)?;
    let Installation { db, house } = args.place.open_with(settings)?;
    let limits = Limits::ordinary().behind(args.proxies);
    serve(db, house, Service { listener, limits, clock: system_clock() })
}

/// What is served, and how.
pub struct Service {
    /// Where it listens; see [`listen`].
    pub listener: std::net::TcpListener,
    /// How often strangers may try.
    pub limits: Limits,
    /// The clock.
    pub clock: Clock,
}

/// Takes the address before anything else is done; gives it back with the port that was free, when port 0 was asked for.
pub fn listen(address: SocketAddr) -> anyhow::Result<(std::net::TcpListener, SocketAddr)> {
    let taken = std::net::TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    taken.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow!("端口 {} 已被其他程序占用，请用 --port 换一个", address.port()),
        std::io::ErrorKind::PermissionDenied => {
            anyhow!("没有权限使用端口 {}，请换一个 1024 以上的端口", address.port())
        }
        _ => anyhow!("不能在 {address} 上监听：{error}，请检查 --bind 和 --port"),
    })
}

/// Serves an open installation until SIGINT or SIGTERM, then finishes what is under way and closes the database.
pub fn serve(db: Db, house: Arc<House>, service: Service) -> anyhow::Result<()> {
    let carriers = carriers(&house.settings)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("线程建不起来，请检查系统资源限制")?;
    let kept = db.clone();
    runtime.block_on(serve_until_told(db, house, service, carriers))?;
    runtime.shutdown_timeout(Duration::from_secs(5));
    kept.close();
    tracing::info!("stopped");
    Ok(())
}

/// How long requests that are under way may take to end after the signal.
const GRACE: Duration = Duration::from_secs(10);

async fn serve_until_told(db: Db, house: Arc<House>, service: Service, carriers: Carriers) -> anyhow::Result<()> {
    let Service { listener, limits, clock } = service;
    // Heard from the first moment on: who reads that it has started may tell it to stop.
    let told_to_stop = signal()?;
    let listener = TcpListener::from_std(listener).context("监听不起来，请检查系统资源限制")?;
    // Small answers go at once: a page must not wait for the next packet.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    let (stop, stopped) = watch::channel(false);
    let app = App::new(db.clone(), house.clone(), clock.clone(), limits);
    let beside = [
        tokio::spawn(sweep_now_and_then(db.clone(), house.clone(), clock.clone(), app.clone(), stopped.clone())),
        tokio::spawn(deliver_again_and_again(db.clone(), Arc::new(carriers), clock.clone(), stopped.clone())),
        tokio::spawn(send_audit_now_and_then(db, house.clone(), clock, stopped.clone())),
    ];
    let pages = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    eprintln!("消保已启动：{}", house.settings.public_url);
    let mut told = stopped.clone();
    let server = axum::serve(listener, pages).with_graceful_shutdown(async move {
        drop(told.wait_for(|stop| *stop).await);
    });
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        () = told_to_stop => tracing::info!("told to stop"),
        ended = &mut server => bail!("服务意外停止：{ended:?}"),
    }
    stop.send_replace(true);
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    for task in beside {
        drop(tokio::time::timeout(GRACE, task).await);
    }
    Ok(())
}

const SWEEP_EVERY: Duration = Duration::from_mins(1);
const DELIVER_EVERY: Duration = Duration::from_secs(5);

async fn sweep_now_and_then(db: Db, house: Arc<House>, clock: Clock, app: App, mut stopped: watch::Receiver<bool>) {
    let holder = format!("serve-{}", web::app::fresh_bytes::<8>().map(|byte| format!("{byte:02x}")).concat());
    let mut notices = Vec::new();
    while waited(&mut stopped, SWEEP_EVERY).await {
        let (db, house, holder, now, seen) = (db.clone(), house.clone(), holder.clone(), clock(), notices.clone());
        let swept = tokio::task::spawn_blocking(move || {
            let new = casework::calendar::follow(&db, &house, &seen, now)?;
            Ok::<_, ActError>((new, casework::sweep::sweep(&db, &house, &holder, now)))
        });
        match swept.await {
            Ok(Ok((new, swept))) => {
                notices = new;
                match swept {
                    Ok(swept) if swept.overdue > 0 => tracing::info!(overdue = swept.overdue, "swept"),
                    Ok(_) => {}
                    Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "could not sweep"),
                }
            }
            Ok(Err(error)) => tracing::warn!(error = &error as &dyn std::error::Error, "could not follow the calendar"),
            Err(error) => tracing::error!(%error, "the sweep panicked"),
        }
        app.limits().forget_quiet();
    }
}

async fn deliver_again_and_again(db: Db, carriers: Arc<Carriers>, clock: Clock, mut stopped: watch::Receiver<bool>) {
    let holder = format!("serve-{}", web::app::fresh_bytes::<8>().map(|byte| format!("{byte:02x}")).concat());
    let mut more = false;
    while more || waited(&mut stopped, DELIVER_EVERY).await {
        if *stopped.borrow() {
            return;
        }
        let (db, carriers, holder, clock) = (db.clone(), carriers.clone(), holder.clone(), clock.clone());
        let round = tokio::task::spawn_blocking(move || run_round(&db, &carriers, &holder, &*clock));
        more = match round.await {
            Ok(Ok(delivered)) => delivered.more,
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not deliver");
                false
            }
            Err(error) => {
                tracing::error!(%error, "the delivery panicked");
                false
            }
        };
    }
}

/// Sends the audit trail on; a collector that does not answer is asked again at the next round.
async fn send_audit_now_and_then(db: Db, house: Arc<House>, clock: Clock, mut stopped: watch::Receiver<bool>) {
    if house.settings.audit_stream.is_none() {
        return;
    }
    let holder = format!("serve-{}", web::app::fresh_bytes::<8>().map(|byte| format!("{byte:02x}")).concat());
    while waited(&mut stopped, DELIVER_EVERY).await {
        let (db, house, holder, now) = (db.clone(), house.clone(), holder.clone(), clock());
        let sent = tokio::task::spawn_blocking(move || casework::audit_stream::run_round(&db, &house, &holder, now));
        match sent.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the audit trail could not be sent on");
            }
            Err(error) => tracing::error!(%error, "sending the audit trail panicked"),
        }
    }
}

/// Waits; `false` when the program is to stop.
async fn waited(stopped: &mut watch::Receiver<bool>, long: Duration) -> bool {
    tokio::time::timeout(long, stopped.wait_for(|stop| *stop)).await.is_err()
}

/// Listens for SIGINT and SIGTERM from now on; the future ends with the first of them.
#[cfg(unix)]
fn signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let listening = |kind| signal(kind).context("收不到停止信号，请检查系统资源限制");
    let (mut interrupt, mut terminate) = (listening(SignalKind::interrupt())?, listening(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when somebody presses Ctrl+C.
#[cfg(not(unix))]
fn signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

/// The address people type. Cookies of a login go over TLS only, so anything but this machine itself must be `https://`.
fn public_url(given: Option<String>, address: SocketAddr) -> anyhow::Result<String> {
    let Some(url) = given else {
        if address.ip().is_loopback() {
            return Ok(format!("http://{address}"));
        }
        bail!("对外提供服务时，请用 --public-url 写明大家访问的地址，例如 https://12315.example.cn");
    };
    let url = url.trim_end_matches('/').to_owned();
    let plain = url.strip_prefix("http://");
    let this_machine = |rest: &str| ["127.", "localhost", "[::1]"].iter().any(|start| rest.starts_with(start));
    match plain {
        Some(rest) if this_machine(rest) => Ok(url),
        Some(_) => bail!(
            "--public-url 须以 https:// 开头：浏览器不会在没有加密的地址上保存登录。请在前面放一个提供 https 的反向代理"
        ),
        None if url.starts_with("https://") => Ok(url),
        None => bail!("--public-url 须是完整的地址，例如 https://12315.example.cn"),
    }
}
