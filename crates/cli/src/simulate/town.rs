//! The bureaus of the simulation and the people who work in them.

use std::sync::Arc;

use casework::{Actor, Staff};
use domain::organization::OrganizationKind;
use domain::role::Role;
use jiff::Timestamp;
use rand::Rng;
use serde::{Deserialize, Serialize};
use store::account::AccountRow;
use store::organization::OrganizationRow;
use store::{Db, StoreError, Tx};

use super::person::{County, full_name};
use super::vocabulary::between;

/// A county bureau with its centre, its offices and everybody who works there.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// The bureau.
    pub bureau: OrganizationRow,
    /// Its 12315 centre.
    pub centre: OrganizationRow,
    /// Its place, for names and addresses.
    pub county: County,
    /// Agents at the centre.
    pub agents: Vec<Actor>,
    /// The dispatcher.
    pub dispatcher: Actor,
    /// 局领导.
    pub leader: Actor,
    /// 纪检人员.
    pub discipline: Actor,
    /// The leader of the bureau above, where somebody works there.
    pub superior: Option<Actor>,
    /// Its offices with their people.
    pub offices: Vec<Office>,
}

/// An office with its people.
#[derive(Clone, Debug)]
pub struct Office {
    /// The office.
    pub office: OrganizationRow,
    /// 所长.
    pub leader: Actor,
    /// 承办人, at least two.
    pub officers: Vec<Actor>,
}

/// A login of the demonstration, as printed and as kept in `demo-logins.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Role, in the words on screen.
    pub role: String,
    /// Name of the person.
    pub name: String,
    /// Where she works.
    pub organization: String,
    /// What to type.
    pub login: String,
    /// A random password.
    pub password: String,
}

/// How passwords are made: random at the edge, cheap in tests.
pub trait Passwords: Send + Sync {
    /// A fresh password and its hash.
    fn fresh(&self) -> (String, String);
}

/// Fills the county bureaus among `bureaus` with people; gives them with their logins.
pub fn settle(
    db: &Db,
    bureaus: Vec<OrganizationRow>,
    officers_each: usize,
    passwords: Arc<dyn Passwords>,
    rng: &mut impl Rng,
    now: Timestamp,
) -> Result<(Vec<Bureau>, Vec<Login>), StoreError> {
    let (mut town, mut logins) = (Vec::new(), Vec::new());
    for (index, bureau) in bureaus.into_iter().enumerate() {
        let prefix = if index == 0 { String::new() } else { format!("{}-", bureau.region_code) };
        let bureau_id = bureau.id;
        let (centres, offices) = db.read(move |tx| {
            Ok::<_, StoreError>((
                store::organization::of_bureau(tx, bureau_id, OrganizationKind::Centre)?,
                store::organization::of_bureau(tx, bureau_id, OrganizationKind::Office)?,
            ))
        })?;
        let Some(centre) = centres.into_iter().next() else { continue };
        let mut hire = Hire { db, passwords: &passwords, now, logins: &mut logins };
        hire.person(rng, &format!("{prefix}admin"), &bureau, Role::Administrator, &[])?;
        hire.person(rng, &format!("{prefix}security"), &bureau, Role::SecurityAdministrator, &[])?;
        hire.person(rng, &format!("{prefix}auditor"), &bureau, Role::Auditor, &[])?;
        let leader = hire.person(rng, &format!("{prefix}leader"), &bureau, Role::Leader, &[Role::DutyDirector])?;
        hire.person(rng, &format!("{prefix}statistician"), &bureau, Role::Statistician, &[])?;
        let agents = vec![
            hire.person(rng, &format!("{prefix}agent1"), &centre, Role::IntakeAgent, &[])?,
            hire.person(rng, &format!("{prefix}agent2"), &centre, Role::IntakeAgent, &[])?,
        ];
        let dispatcher =
            hire.person(rng, &format!("{prefix}dispatcher"), &centre, Role::Dispatcher, &[Role::ShiftLead])?;
        hire.person(rng, &format!("{prefix}archivist"), &centre, Role::Archivist, &[])?;
        let mut staffed = Vec::new();
        for (number, office) in offices.into_iter().filter(|office| office.active).enumerate() {
            let at = format!("{prefix}office{}", number + 1);
            let leader = hire.person(rng, &format!("{at}-leader"), &office, Role::Leader, &[])?;
            let officers: Result<Vec<_>, _> = (1..=officers_each.max(2))
                .map(|number| hire.person(rng, &format!("{at}-officer{number}"), &office, Role::Officer, &[]))
                .collect();
            staffed.push(Office { office, leader, officers: officers? });
        }
        let mut hire = Hire { db, passwords: &passwords, now, logins: &mut logins };
        let discipline = hire.person(rng, &format!("{prefix}discipline"), &bureau, Role::Discipline, &[])?;
        let county = county(&bureau, &staffed);
        let (superior, offices) = (None, staffed);
        town.push(Bureau { bureau, centre, county, agents, dispatcher, leader, discipline, superior, offices });
    }
    // The bureaus above, for what only a superior does: designate, supervise, look into cases.
    let mut above: Vec<i64> = Vec::new();
    for id in town.iter().filter_map(|bureau| bureau.bureau.parent_id) {
        if !above.contains(&id) {
            above.push(id);
        }
    }
    for (index, id) in above.into_iter().enumerate() {
        let Some(over) = db.read::<_, StoreError>(move |tx| store::organization::find(tx, id))? else { continue };
        let prefix = if index == 0 { String::new() } else { format!("{}-", over.region_code) };
        let mut hire = Hire { db, passwords: &passwords, now, logins: &mut logins };
        let leader =
            hire.person(rng, &format!("{prefix}superior-leader"), &over, Role::Leader, &[Role::DutyDirector])?;
        hire.person(rng, &format!("{prefix}superior-dispatcher"), &over, Role::Dispatcher, &[Role::ShiftLead])?;
        for below in town.iter_mut().filter(|bureau| bureau.bureau.parent_id == Some(id)) {
            below.superior = Some(leader.clone());
        }
    }
    // Last, so that everybody else keeps her name for the same seed.
    for (index, bureau) in town.iter().enumerate() {
        let prefix = if index == 0 { String::new() } else { format!("{}-", bureau.bureau.region_code) };
        let mut hire = Hire { db, passwords: &passwords, now, logins: &mut logins };
        for number in 1..=2 {
            let login = format!("{prefix}custodian{number}");
            hire.person(rng, &login, &bureau.bureau, Role::IdentityCustodian, &[])?;
        }
    }
    Ok((town, logins))
}

struct Hire<'a> {
    db: &'a Db,
    passwords: &'a Arc<dyn Passwords>,
    now: Timestamp,
    logins: &'a mut Vec<Login>,
}

impl Hire<'_> {
    fn person(
        &mut self,
        rng: &mut impl Rng,
        login: &str,
        at: &OrganizationRow,
        role: Role,
        more: &[Role],
    ) -> Result<Actor, StoreError> {
        let (password, hash) = self.passwords.fresh();
        let account = AccountRow {
            id: 0,
            login: login.to_owned(),
            name: full_name(rng),
            phone: format!("{}-{:07}", "0000", between(rng, 2_000_000, 8_999_999)),
            organization_id: at.id,
            password_hash: hash,
            must_change: false,
            active: true,
            version: 1,
        };
        self.logins.push(Login {
            role: role.label().to_owned(),
            name: account.name.clone(),
            organization: at.name.clone(),
            login: account.login.clone(),
            password,
        });
        let (roles, now) = ([&[role], more].concat(), self.now);
        self.db.act(move |tx| hired(tx, &account, &roles, now))
    }
}

fn hired(tx: &mut Tx<'_>, account: &AccountRow, roles: &[Role], now: Timestamp) -> Result<Actor, StoreError> {
    let id = store::account::insert(tx, account, now)?;
    for role in roles {
        store::account::grant(tx, id, *role, account.organization_id)?;
    }
    load(tx, id)
}

fn load(tx: &mut Tx<'_>, id: i64) -> Result<Actor, StoreError> {
    let staff: Option<Staff> = casework::staff::load(tx, id)?;
    staff.map(Actor::Staff).ok_or(StoreError::Column { index: 0, expected: "an account", found: "no row" })
}

fn county(bureau: &OrganizationRow, offices: &[Office]) -> County {
    let name = |full: &str| full.trim_end_matches("市场监督管理所").trim_end_matches("市场监督管理局").to_owned();
    County {
        code: bureau.region_code.clone(),
        name: name(&bureau.name),
        townships: offices.iter().map(|office| name(&office.office.name)).collect(),
    }
}
