//! A county with people in every role, a neighbour county, and one case that lies with two officers. Behind it the real service.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use casework::account::{self, NewAccount};
use casework::filing::{self, Evidence};
use casework::operators::{self, Particulars};
use casework::secret::Secret;
use casework::throttle::Door;
use casework::token::NewToken;
use casework::{
    ActError, Actor, House, Scene, Settings, acceptance, assignment, dispatch, password, registration, sign_in,
};
use domain::account::FactorPolicy;
use domain::codes::Codes;
use domain::filing::{RawFiling, Typist, parse};
use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use domain::role::Role;
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use store::{DatabaseUrl, Db, Tx};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::App;
use web::limits::Limits;

/// A Friday at ten in Beijing.
const MORNING: &str = "2026-11-20T10:00:00+08:00";
/// Everybody's password.
pub const PASSWORD: &str = "Meihua-lu-88";

/// Who works where: login, role, division, kind of organisation.
const PEOPLE: &[(&str, Role, &str, OrganizationKind)] = &[
    ("intake_agent", Role::IntakeAgent, "410105", OrganizationKind::Centre),
    ("shift_lead", Role::ShiftLead, "410105", OrganizationKind::Centre),
    ("dispatcher", Role::Dispatcher, "410105", OrganizationKind::Centre),
    ("duty_director", Role::DutyDirector, "410105", OrganizationKind::Bureau),
    ("bureau_leader", Role::Leader, "410105", OrganizationKind::Bureau),
    ("officer", Role::Officer, "410105001", OrganizationKind::Office),
    ("officer2", Role::Officer, "410105001", OrganizationKind::Office),
    ("leader", Role::Leader, "410105001", OrganizationKind::Office),
    ("statistician", Role::Statistician, "410105", OrganizationKind::Bureau),
    ("archivist", Role::Archivist, "410105001", OrganizationKind::Office),
    ("station_liaison", Role::StationLiaison, "410105001", OrganizationKind::Office),
    ("station_contact", Role::StationContact, "410105001", OrganizationKind::Office),
    ("administrator", Role::Administrator, "410100", OrganizationKind::Bureau),
    ("discipline", Role::Discipline, "410105", OrganizationKind::Bureau),
    ("identity_custodian", Role::IdentityCustodian, "410105", OrganizationKind::Bureau),
    ("custodian2", Role::IdentityCustodian, "410105", OrganizationKind::Bureau),
    ("auditor", Role::Auditor, "410100", OrganizationKind::Bureau),
    ("foreign_officer", Role::Officer, "410103001", OrganizationKind::Office),
    ("foreign_administrator", Role::Administrator, "410103", OrganizationKind::Bureau),
    ("security", Role::SecurityAdministrator, "410100", OrganizationKind::Bureau),
    ("foreign_security", Role::SecurityAdministrator, "410103", OrganizationKind::Bureau),
];

/// What was made.
#[derive(Clone)]
pub struct Facts {
    /// The case: its number and query code.
    pub number: String,
    /// Its query code.
    pub query_code: String,
    /// A token that may file and track.
    pub token: String,
    /// The county's bureau.
    pub bureau: i64,
    /// The office that has the case.
    pub office: i64,
    /// The officer in charge.
    pub officer: i64,
}

/// The service over a database of its own.
pub struct World {
    /// What was made.
    pub facts: Facts,
    /// The program below.
    pub app: App,
    service: Router,
    clock: Arc<Mutex<Timestamp>>,
    _folder: TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its text; bytes that are none are left out.
    pub text: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// The cookies set, as a browser would send them back.
    pub fn cookies(&self) -> String {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }
}

impl World {
    /// A world of one's own: a copy of the one that was made first.
    pub fn new() -> World {
        World::with(Limits::none())
    }

    /// One in which strangers may try as often as in an ordinary installation.
    pub fn with(limits: Limits) -> World {
        let (template, facts) = template();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("xiaobao.sqlite");
        std::fs::copy(template, &file).expect("the template is copied");
        let db = Db::open(&DatabaseUrl::Sqlite(file)).expect("the copy opens");
        let clock = Arc::new(Mutex::new(morning()));
        let app = app(db, folder.path(), clock.clone(), limits);
        World { facts: facts.clone(), service: web::router(app.clone()), app, clock, _folder: folder }
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        *self.clock.lock().unwrap() += time;
    }

    /// Sends a request as a browser on our own page would, or as a program.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.service.clone().oneshot(request).await.expect("the service answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the answer is read").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.into() }
    }

    /// A request with what the one who sends it carries.
    #[expect(clippy::unused_self, reason = "a test reads as what is asked of this world")]
    pub fn request(&self, method: Method, path: &str, badge: &Badge) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1:12315");
        match badge {
            Badge::None => request.header("sec-fetch-site", "same-origin"),
            Badge::Cookie(cookie) => request.header("sec-fetch-site", "same-origin").header(COOKIE, cookie),
            Badge::Token(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str, badge: &Badge) -> Answer {
        self.send(self.request(Method::GET, path, badge).body(Body::empty()).unwrap()).await
    }

    /// Opens a page from another address than this machine's.
    pub async fn get_from(&self, address: &str, path: &str, badge: &Badge) -> Answer {
        let peer = std::net::SocketAddr::new(address.parse().expect("an address"), 40_000);
        let request = self.request(Method::GET, path, badge).extension(axum::extract::ConnectInfo(peer));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form, `a=1&b=2`.
    pub async fn post(&self, path: &str, badge: &Badge, form: &str) -> Answer {
        let request = self.request(Method::POST, path, badge);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Sends a form from another address than this machine's.
    pub async fn post_from(&self, address: &str, path: &str, badge: &Badge, form: &str) -> Answer {
        let peer = std::net::SocketAddr::new(address.parse().expect("an address"), 40_000);
        let request = self.request(Method::POST, path, badge).extension(axum::extract::ConnectInfo(peer));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Does something in the core as the program itself.
    pub fn as_system<T: Send + 'static>(
        &self,
        mut act: impl FnMut(&mut Tx<'_>, Scene<'_>) -> Result<T, ActError> + Send + 'static,
    ) -> T {
        let (house, now) = (self.app.house().clone(), self.app.now());
        let done = self.app.db().act(move |tx| act(tx, Scene { house: &house, now, actor: &Actor::System }));
        done.unwrap_or_else(|error: ActError| panic!("{error:?}"))
    }

    /// Signs somebody in without the cost of a password.
    pub fn signed_in(&self, login: &str) -> Badge {
        let (house, now, asked, cookie) =
            (self.app.house().clone(), self.app.now(), login.to_owned(), format!("session-of-{login}"));
        let kept = cookie.clone();
        let opened = self.app.db().act(move |tx| {
            let account = store::account::by_login(tx, &asked)?.expect("the account was made");
            let actor = Actor::Staff(casework::staff::load(tx, account.id)?.expect("it is open"));
            let door = Door {
                address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
                device: "Chrome，Windows".to_owned(),
                cookie: String::new(),
            };
            sign_in::reopen(tx, Scene { house: &house, now, actor: &actor }, &kept, &door)
        });
        opened.expect("a session");
        Badge::Cookie(format!("xiaobao={cookie}"))
    }

    /// As [`World::signed_in`], also when the session of before is still there.
    pub fn signed_in_again(&self, login: &str) -> Badge {
        let ended = self.app.db().act(|tx| store::session::sweep(tx, Timestamp::MAX, Timestamp::MAX).map(drop));
        let ended: Result<(), store::StoreError> = ended;
        ended.expect("sessions end");
        self.signed_in(login)
    }

    /// The consumer, with the pass that number and query code give.
    pub async fn consumer(&self) -> Badge {
        let form = format!("number={}&code={}", self.facts.number, self.facts.query_code);
        let answer = self.post("/track", &Badge::None, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "number and query code open the case");
        Badge::Cookie(answer.cookies())
    }
}

/// What somebody carries.
pub enum Badge {
    /// Nothing.
    None,
    /// A cookie.
    Cookie(String),
    /// A bearer token.
    Token(String),
}

fn morning() -> Timestamp {
    MORNING.parse().expect("an instant")
}

fn app(db: Db, folder: &Path, clock: Arc<Mutex<Timestamp>>, limits: Limits) -> App {
    let mut settings = Settings::new(folder);
    settings.key_cost = casework::vault::Cost::new(8, 1).expect("a cheap cost");
    settings.second_factor = FactorPolicy::Offered;
    let house =
        db.read(move |tx| House::open(tx, settings.clone(), Secret::from_bytes([7; 32]))).expect("the law reads");
    let now = Arc::new(move || *clock.lock().unwrap());
    App::new(db, Arc::new(house), now, limits)
}

/// The file that every world begins as, made once a process.
fn template() -> (&'static Path, &'static Facts) {
    static MADE: OnceLock<(TempDir, PathBuf, Facts)> = OnceLock::new();
    let (_, file, facts) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("template.sqlite");
        let db = Db::open(&DatabaseUrl::Sqlite(file.clone())).expect("a new database");
        let app = app(db.clone(), folder.path(), Arc::new(Mutex::new(morning())), Limits::none());
        let hash = password::hash(PASSWORD, [1; 16], app.house().settings.key_cost);
        let (house, now) = (app.house().clone(), app.now());
        let facts =
            db.act(move |tx| make(tx, &house, now, &hash)).unwrap_or_else(|error: ActError| panic!("{error:?}"));
        drop(app);
        db.close();
        (folder, file, facts)
    });
    (file, facts)
}

fn make(tx: &mut Tx<'_>, house: &House, now: Timestamp, hash: &str) -> Result<Facts, ActError> {
    let system = Scene { house, now, actor: &Actor::System };
    let city = RegionCode::parse("410100").expect("a code");
    casework::organization_tree::plant(tx, system, &city, Some("provincial"))?;
    for (login, role, region, kind) in PEOPLE {
        let place = store::organization::by_region(tx, region, *kind)?.expect("the tree has it");
        let new = NewAccount {
            login: (*login).to_owned(),
            name: format!("{}一号", role.label()),
            phone: String::new(),
            organization_id: place.id,
            roles: vec![*role],
            password_hash: hash.to_owned(),
            must_change: false,
        };
        account::create(tx, system, &new)?;
    }
    let scopes = vec!["filing".to_owned(), "tracking".to_owned()];
    let new = NewToken { name: "热线".to_owned(), scopes, ..NewToken::default() };
    let token = casework::token::create(tx, system, &new, [9; 32])?;
    let (number, query_code) = file_and_assign(tx, house, now)?;
    let id = |tx: &mut Tx<'_>, region: &str, kind| {
        store::organization::by_region(tx, region, kind).map(|place| place.expect("the tree has it").id)
    };
    Ok(Facts {
        number,
        query_code,
        token,
        bureau: id(tx, "410105", OrganizationKind::Bureau)?,
        office: id(tx, "410105001", OrganizationKind::Office)?,
        officer: store::account::by_login(tx, "officer")?.expect("the account was made").id,
    })
}

/// A complaint from the public page, carried until two officers have it.
fn file_and_assign(tx: &mut Tx<'_>, house: &House, now: Timestamp) -> Result<(String, String), ActError> {
    let raw = RawFiling {
        region: "410105001".to_owned(),
        channel: "web".to_owned(),
        complainant_name: "陈晓梅".to_owned(),
        complainant_phone: "13837120001".to_owned(),
        complainant_address: "郑州市金水区花园路1号".to_owned(),
        notify_by: "in_app".to_owned(),
        consent_publish: "yes".to_owned(),
        consent_delegate: "no".to_owned(),
        truthful: "yes".to_owned(),
        respondent_name: "金水区好又来超市".to_owned(),
        respondent_address: "郑州市金水区文化路2号".to_owned(),
        goods: "电饭煲".to_owned(),
        category: "food".to_owned(),
        problem: "quality".to_owned(),
        amount: "299".to_owned(),
        facts: "买回三天不能加热，店家不肯退。".to_owned(),
        demands: vec!["return_goods".to_owned()],
        ..RawFiling::default()
    };
    let filing = parse(&raw, Typist::Consumer, &Codes::builtin(), now).unwrap_or_else(|faults| panic!("{faults:?}"));
    let public = Scene { house, now, actor: &Actor::Public };
    let receipt = filing::file(tx, public, &filing, Evidence::default())?;
    let number = receipt.number.as_str();
    let person = |tx: &mut Tx<'_>, login: &str| -> Result<Actor, ActError> {
        let account = store::account::by_login(tx, login)?.expect("the account was made");
        Ok(Actor::Staff(casework::staff::load(tx, account.id)?.expect("it is open")))
    };
    let (agent, dispatcher) = (person(tx, "intake_agent")?, person(tx, "dispatcher")?);
    let (leader, officer, partner) = (person(tx, "leader")?, person(tx, "officer")?, person(tx, "officer2")?);
    let as_one = |actor| Scene { house, now, actor };
    registration::register(tx, as_one(&agent), number, None, "电饭煲不能加热，要求退货", "food", "quality")?;
    acceptance::accept(tx, as_one(&dispatcher), number, None, "")?;
    let office = store::organization::by_region(tx, "410105001", OrganizationKind::Office)?.expect("the tree has it");
    dispatch::dispatch(tx, as_one(&dispatcher), number, None, office.id, "")?;
    let (lead, second) = (officer.id().expect("staff"), partner.id().expect("staff"));
    assignment::assign(tx, as_one(&leader), number, None, lead, second)?;
    // The shop is in the register; nobody has said yet that it is the respondent.
    let entry = Particulars {
        name: raw.respondent_name,
        kind: "sole_trader".to_owned(),
        region: raw.region,
        address: raw.respondent_address,
        ..Particulars::default()
    };
    operators::register(tx, as_one(&agent), &entry)?;
    Ok((receipt.number.clone(), receipt.query_code))
}
