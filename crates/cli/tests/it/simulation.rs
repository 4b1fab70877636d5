//! The simulator as a property test: lawful and unlawful acts by anybody, at once and again, and every case still adds up.

use std::sync::Arc;

use casework::secret::Secret;
use casework::{House, Settings};
use cli::simulate::run::{self, Plan};
use cli::simulate::town::{Bureau, Passwords};
use cli::simulate::vocabulary::generator;
use cli::simulate::{plain, town};
use domain::clock::beijing_instant;
use domain::organization::OrganizationKind;
use jiff::civil::{date, datetime};
use store::organization::OrganizationRow;
use store::{DatabaseUrl, Db, StoreError};

struct NoPassword;

impl Passwords for NoPassword {
    fn fresh(&self) -> (String, String) {
        ("-".to_owned(), "-".to_owned())
    }
}

fn organization(kind: OrganizationKind, level: &str, region: &str, name: &str) -> OrganizationRow {
    OrganizationRow {
        id: 0,
        parent_id: None,
        kind,
        level: level.to_owned(),
        region_code: region.to_owned(),
        name: name.to_owned(),
        short_name: name.chars().take(2).collect(),
        bureau_id: None,
        path: String::new(),
        reach: String::new(),
        phone: String::new(),
        address: String::new(),
        overlay: Some("provincial".to_owned()),
        active: true,
        version: 1,
    }
}

fn tree(db: &Db) -> Vec<OrganizationRow> {
    db.act(|tx| {
        use OrganizationKind::{Bureau, Centre, Office};
        let city =
            store::organization::insert(tx, None, organization(Bureau, "city", "410100", "郑州市市场监督管理局"))?;
        let mut bureaus = Vec::new();
        for (region, name) in [("410103", "二七区"), ("410105", "金水区")] {
            let full = format!("郑州市{name}市场监督管理局");
            let bureau = store::organization::insert(tx, Some(&city), organization(Bureau, "county", region, &full))?;
            let centre = organization(Centre, "county", region, &format!("{name}12315投诉举报中心"));
            store::organization::insert(tx, Some(&bureau), centre)?;
            for office in 1..=3 {
                let office =
                    organization(Office, "township", &format!("{region}00{office}"), &format!("{name}{office}所"));
                store::organization::insert(tx, Some(&bureau), office)?;
            }
            bureaus.push(bureau);
        }
        Ok::<_, StoreError>(bureaus)
    })
    .expect("a tree")
}

fn settled(db: &Db, data: &std::path::Path) -> (Arc<House>, Vec<Bureau>) {
    let bureaus = tree(db);
    let (settings, secret) = (Settings::new(data), Secret::from_bytes([7; 32]));
    let house = db.act(move |tx| House::open(tx, settings.clone(), secret.clone()));
    let house = house.map(Arc::new).map_err(|error: casework::house::HouseError| error.to_string()).expect("a house");
    let mut rng = generator(5, 5);
    let now = beijing_instant(datetime(2026, 4, 1, 8, 0, 0, 0));
    let (town, _) = town::settle(db, bureaus, 2, Arc::new(NoPassword), &mut rng, now).expect("people");
    (house, town)
}

fn simulate(db: &Db, chaos_per_mille: usize, cases: usize) -> run::Told {
    let data = tempfile::tempdir().expect("a folder");
    let (house, town) = settled(db, data.path());
    let plan = Plan {
        seed: 20_260_415,
        cases,
        first: date(2026, 4, 15),
        until: beijing_instant(datetime(2026, 8, 31, 23, 59, 59, 0)),
        chaos_per_mille,
    };
    let told = run::run(db, &house, &town, plan, &mut plain::script, &mut |_| {}).expect("the simulation runs");
    let seen = run::verify(db).expect("every case adds up");
    // Chaos may split a case in two.
    assert!(if chaos_per_mille == 0 { seen == told.cases } else { seen >= told.cases }, "{seen} {told:?}");
    told
}

#[test]
fn a_lawful_year_runs_to_its_end_and_adds_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("year.sqlite"))).expect("a database");
    let told = simulate(&db, 0, 150);
    assert_eq!(told.complaints, 150);
    // Questions stand to complaints as 1514.5 to 1862.5, opinions and complaints against staff are few.
    assert_eq!(told.cases, 150 + 122 + 2, "{told:?}");
    assert!(told.acts > 1_000, "{told:?}");
    assert_eq!(told.refused, 0, "a lawful course meets no refusal");
}

#[test]
fn chaos_is_refused_and_leaves_every_case_adding_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("chaos.sqlite"))).expect("a database");
    let told = simulate(&db, 900, 150);
    assert!(told.refused > 300, "most random acts are unlawful: {told:?}");
}
