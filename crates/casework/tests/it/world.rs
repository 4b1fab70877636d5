//! A small world: a city over two counties, each with bureau and centre, two offices in the one and one in the other, and
//! people in every role.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::actor::{Actor, Staff};
use casework::filing::{self, Evidence, Receipt};
use casework::secret::Secret;
use casework::{ActError, House, Scene, Settings};
use domain::codes::Codes;
use domain::filing::{Filing, RawFiling, Typist, parse};
use domain::organization::OrganizationKind;
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
use store::account::AccountRow;
use store::case::CaseRow;
use store::deadline::DeadlineRow;
use store::organization::OrganizationRow;
use store::outbox::MessageRow;
use store::paper::PaperRow;
use store::{Db, Tx};

/// A Monday at nine in Beijing, with four ordinary weeks after it up to 端午 (19 June).
pub const MORNING: &str = "2026-06-01T09:00:00+08:00";

/// An instant.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The installation with its people, on one database.
pub struct World {
    /// The database.
    pub db: Db,
    /// The installation.
    pub house: Arc<House>,
    /// Organisations by a short name.
    pub places: BTreeMap<&'static str, OrganizationRow>,
    /// People by a short name.
    pub people: BTreeMap<&'static str, Staff>,
    _data: tempfile::TempDir,
}

/// Who works where: short name, role, place.
const PEOPLE: &[(&str, Role, &str)] = &[
    ("agent", Role::IntakeAgent, "centre"),
    ("shift", Role::ShiftLead, "centre"),
    ("dispatcher", Role::Dispatcher, "centre"),
    ("director", Role::DutyDirector, "bureau"),
    ("leader", Role::Leader, "office"),
    ("officer1", Role::Officer, "office"),
    ("officer2", Role::Officer, "office"),
    ("officer3", Role::Officer, "office"),
    ("archivist", Role::Archivist, "bureau"),
    ("statistician", Role::Statistician, "bureau"),
    ("auditor", Role::Auditor, "bureau"),
    ("administrator", Role::Administrator, "bureau"),
    ("discipline", Role::Discipline, "bureau"),
    ("other_discipline", Role::Discipline, "other"),
    ("next_leader", Role::Leader, "next_office"),
    ("next_officer", Role::Officer, "next_office"),
    ("other_dispatcher", Role::Dispatcher, "other_centre"),
    ("other_leader", Role::Leader, "other_office"),
    ("city_dispatcher", Role::Dispatcher, "city_centre"),
    ("city_leader", Role::Leader, "city"),
    ("custodian1", Role::IdentityCustodian, "bureau"),
    ("custodian2", Role::IdentityCustodian, "bureau"),
    ("security", Role::SecurityAdministrator, "bureau"),
    ("other_custodian", Role::IdentityCustodian, "other"),
];

impl World {
    /// A world without gateways.
    pub fn new(db: &Db) -> World {
        World::with_settings(db, |_| {})
    }

    /// A world with other settings than the ordinary ones.
    pub fn with_settings(db: &Db, set: impl FnOnce(&mut Settings)) -> World {
        let data = tempfile::tempdir().expect("a data folder");
        let mut settings = Settings::new(data.path());
        settings.key_cost = casework::vault::Cost::new(8, 1).expect("a cheap cost");
        set(&mut settings);
        let (places, people) = db.act(build).unwrap_or_else(|error: ActError| panic!("{error:?}"));
        let secret = Secret::from_bytes([7; 32]);
        let house = db
            .act(move |tx| {
                House::open(tx, settings.clone(), secret.clone()).map_err(|error| ActError::File(error.to_string()))
            })
            .unwrap_or_else(|error| panic!("{error:?}"));
        World { db: db.clone(), house: Arc::new(house), places, people, _data: data }
    }

    /// The id of a place.
    pub fn place(&self, name: &str) -> i64 {
        self.places[name].id
    }

    /// A member of staff as an actor.
    pub fn staff(&self, name: &str) -> Actor {
        Actor::Staff(self.people[name].clone())
    }

    /// The account of a member of staff.
    pub fn account(&self, name: &str) -> i64 {
        self.people[name].account_id
    }

    /// One act in a transaction of its own.
    pub fn act<T: Send + 'static>(
        &self,
        actor: &Actor,
        now: Timestamp,
        act: impl Fn(&mut Tx<'_>, Scene<'_>) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        let (house, actor) = (self.house.clone(), actor.clone());
        self.db.act(move |tx| act(tx, Scene { house: &house, now, actor: &actor }))
    }

    /// What a look at the database gives.
    pub fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, store::StoreError> + Send + 'static,
    ) -> T {
        self.db.act(look).unwrap_or_else(|error: store::StoreError| panic!("{error:?}"))
    }

    /// A complaint filed by the consumer herself on the public page.
    pub fn filed(&self, now: Timestamp) -> Receipt {
        self.file(&Actor::Public, now, &complaint("sms"))
    }

    /// A complaint that an agent typed: registered at once.
    pub fn registered(&self, now: Timestamp) -> Receipt {
        self.file(&self.staff("agent"), now, &complaint("in_app"))
    }

    /// Files what was typed.
    pub fn file(&self, actor: &Actor, now: Timestamp, raw: &RawFiling) -> Receipt {
        let filing = filing_of(actor, now, raw);
        self.act(actor, now, move |tx, scene| filing::file(tx, scene, &filing, Evidence::default()))
            .unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// The case as it stands.
    pub fn case(&self, number: &str) -> CaseRow {
        let number = number.to_owned();
        self.look(move |tx| store::case::by_number(tx, &number)).expect("the case exists")
    }

    /// The keys of its events.
    pub fn events(&self, number: &str) -> Vec<String> {
        let id = self.case(number).id;
        self.look(move |tx| store::event::of_case(tx, id)).into_iter().map(|event| event.act).collect()
    }

    /// Its deadlines.
    pub fn deadlines(&self, number: &str) -> Vec<DeadlineRow> {
        let id = self.case(number).id;
        self.look(move |tx| store::deadline::of_case(tx, id))
    }

    /// The clock of a limit that started last.
    pub fn deadline(&self, number: &str, limit: &str) -> DeadlineRow {
        let mut all = self.deadlines(number);
        all.retain(|row| row.limit_key == limit);
        all.pop().unwrap_or_else(|| panic!("no clock {limit}"))
    }

    /// The running clocks, each as `limit until-day`.
    pub fn running(&self, number: &str) -> Vec<String> {
        let running = self.deadlines(number).into_iter().filter(|row| row.stopped_at.is_none());
        running.map(|row| format!("{} {}", row.limit_key, row.due_day)).collect()
    }

    /// Its papers.
    pub fn papers(&self, number: &str) -> Vec<PaperRow> {
        let id = self.case(number).id;
        self.look(move |tx| store::paper::of_case(tx, id))
    }

    /// Its messages.
    pub fn messages(&self, number: &str) -> Vec<MessageRow> {
        let id = self.case(number).id;
        self.look(move |tx| store::outbox::of_case(tx, id))
    }

    /// Whether state and chain hold.
    pub fn verdict(&self, number: &str) -> casework::record::Verdict {
        let id = self.case(number).id;
        self.db.act(move |tx| casework::record::verify(tx, id)).unwrap_or_else(|error: ActError| panic!("{error:?}"))
    }
}

/// Runs a test's body in a fresh world on each engine.
pub fn on_both(name: &str, body: impl Fn(&World)) {
    store::testing::on_both(name, |db| body(&World::new(db)));
}

/// The consumer of a case.
pub fn consumer(case: &CaseRow) -> Actor {
    Actor::Complainant { case_id: case.id }
}

/// An ordinary complaint about a shop in the first county.
pub fn complaint(notify_by: &str) -> RawFiling {
    RawFiling {
        region: "410105001".to_owned(),
        channel: "web".to_owned(),
        complainant_name: "陈晓梅".to_owned(),
        complainant_phone: "13837120001".to_owned(),
        complainant_address: "郑州市金水区花园路1号".to_owned(),
        complainant_email: "chen@example.cn".to_owned(),
        notify_by: notify_by.to_owned(),
        consent_publish: "yes".to_owned(),
        consent_delegate: "no".to_owned(),
        truthful: "yes".to_owned(),
        respondent_name: "金水区好又来超市".to_owned(),
        respondent_address: "郑州市金水区文化路2号".to_owned(),
        respondent_phone: "13937120002".to_owned(),
        goods: "电饭煲".to_owned(),
        category: "food".to_owned(),
        problem: "quality".to_owned(),
        amount: "299".to_owned(),
        facts: "买回三天不能加热，店家不肯退。".to_owned(),
        demands: vec!["return_goods".to_owned()],
        ..RawFiling::default()
    }
}

/// What was typed, parsed as the actor's page would.
pub fn filing_of(actor: &Actor, now: Timestamp, raw: &RawFiling) -> Filing {
    let typist = if matches!(actor, Actor::Staff(_)) { Typist::Agent } else { Typist::Consumer };
    parse(raw, typist, &Codes::builtin(), now).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// So many hours after the morning.
pub fn hours(count: i64) -> Timestamp {
    at(MORNING) + SignedDuration::from_hours(count)
}

type Built = (BTreeMap<&'static str, OrganizationRow>, BTreeMap<&'static str, Staff>);

fn build(tx: &mut Tx<'_>) -> Result<Built, ActError> {
    use OrganizationKind::{Bureau, Centre, Office};
    let mut places: BTreeMap<&str, OrganizationRow> = BTreeMap::new();
    for (name, parent, kind, level, region, title, short) in [
        ("city", None, Bureau, "city", "410100", "郑州市市场监督管理局", "郑"),
        ("city_centre", Some("city"), Centre, "city", "410100", "郑州市12315投诉举报中心", "郑"),
        ("bureau", Some("city"), Bureau, "county", "410105", "金水区市场监督管理局", "金水"),
        ("centre", Some("bureau"), Centre, "county", "410105", "金水区12315投诉举报中心", "金水"),
        ("office", Some("bureau"), Office, "township", "410105001", "经八路市场监督管理所", "经八所"),
        ("next_office", Some("bureau"), Office, "township", "410105002", "花园路市场监督管理所", "花园所"),
        ("other", Some("city"), Bureau, "county", "410102", "中原区市场监督管理局", "中原"),
        ("other_centre", Some("other"), Centre, "county", "410102", "中原区12315投诉举报中心", "中原"),
        ("other_office", Some("other"), Office, "township", "410102001", "林山寨市场监督管理所", "林山所"),
    ] {
        let new = OrganizationRow {
            id: 0,
            parent_id: None,
            kind,
            level: level.to_owned(),
            region_code: region.to_owned(),
            name: title.to_owned(),
            short_name: short.to_owned(),
            bureau_id: None,
            path: String::new(),
            reach: String::new(),
            phone: "0371-12315".to_owned(),
            address: "郑州市".to_owned(),
            overlay: (kind == Centre).then(|| "provincial".to_owned()),
            active: true,
            version: 0,
        };
        let parent = parent.map(|parent: &str| places[parent].clone());
        places.insert(name, store::organization::insert(tx, parent.as_ref(), new)?);
    }
    let mut people = BTreeMap::new();
    for (name, role, place) in PEOPLE {
        let account = AccountRow {
            id: 0,
            login: (*name).to_owned(),
            name: format!("{}{name}", role.label()),
            phone: "13900000000".to_owned(),
            organization_id: places[place].id,
            password_hash: "none".to_owned(),
            must_change: false,
            active: true,
            version: 0,
        };
        let id = store::account::insert(tx, &account, at(MORNING))?;
        store::account::grant(tx, id, *role, places[place].id)?;
        people.insert(*name, casework::staff::load(tx, id)?.expect("the account was just made"));
    }
    Ok((places, people))
}
