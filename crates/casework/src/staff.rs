//! 工作人员: an account with its roles, as the acts need it, and how far an administrator's hand reaches.

use domain::audit::AuditKind;
use domain::role::Role;
use store::account::AccountRow;
use store::organization::OrganizationRow;
use store::{StoreError, Tx};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::house::Scene;

/// The person behind an account, with her roles; none when there is no such account or it was closed.
pub fn load(tx: &mut Tx<'_>, account_id: i64) -> Result<Option<Staff>, StoreError> {
    let Some(account) = store::account::find(tx, account_id)?.filter(|account| account.active) else { return Ok(None) };
    let organization = store::organization::find(tx, account.organization_id)?;
    Ok(Some(Staff {
        account_id,
        name: account.name,
        organization_id: account.organization_id,
        organization_name: organization.map(|organization| organization.name).unwrap_or_default(),
        grants: store::account::grants(tx, account_id)?,
    }))
}

/// Who takes calls, registers and asks again at a centre.
pub(crate) const AT_A_CENTRE: [Role; 3] = [Role::IntakeAgent, Role::ShiftLead, Role::Dispatcher];

/// The people of a centre who hold one of these roles there.
pub fn agents(tx: &mut Tx<'_>, centre: i64) -> Result<Vec<AccountRow>, StoreError> {
    let mut agents = Vec::new();
    for role in AT_A_CENTRE {
        agents.extend(store::account::with_role(tx, centre, role)?);
    }
    agents.sort_by_key(|account| account.id);
    agents.dedup_by_key(|account| account.id);
    Ok(agents)
}

/// Whether the system administrator's own subtree holds the organisation; the program itself reaches everything.
pub fn administers(actor: &Actor, organization: &OrganizationRow) -> bool {
    reaches(actor, &[Role::Administrator], organization)
}

/// Whether one of these roles of hers reaches the organisation.
pub fn reaches(actor: &Actor, roles: &[Role], organization: &OrganizationRow) -> bool {
    match actor {
        Actor::System => true,
        Actor::Staff(staff) => {
            let mut grants = staff.grants.iter().filter(|grant| roles.contains(&grant.role));
            grants.any(|grant| organization.path.starts_with(&grant.reach))
        }
        _ => false,
    }
}

/// Refuses whoever holds the system administrator's role nowhere.
pub fn require_administrator(scene: Scene<'_>) -> Result<(), ActError> {
    require(scene, &[Role::Administrator])
}

fn require(scene: Scene<'_>, roles: &[Role]) -> Result<(), ActError> {
    match scene.actor {
        Actor::System => Ok(()),
        Actor::Staff(staff) if roles.iter().any(|role| staff.holds(*role)) => Ok(()),
        _ => Err(ActError::Forbidden),
    }
}

/// The organisation, if it lies in the system administrator's subtree: an organisation outside it looks like none.
pub fn administered(tx: &mut Tx<'_>, scene: Scene<'_>, organization_id: i64) -> Result<OrganizationRow, ActError> {
    reached(tx, scene, &[Role::Administrator], organization_id)
}

/// The organisation, if one of these roles reaches it.
pub fn reached(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    roles: &[Role],
    organization_id: i64,
) -> Result<OrganizationRow, ActError> {
    require(scene, roles)?;
    let organization = store::organization::find(tx, organization_id)?.ok_or(ActError::NotFound)?;
    if reaches(scene.actor, roles, &organization) { Ok(organization) } else { Err(ActError::NotFound) }
}

/// Whether she administers all that this installation was made for (`init --region`): what holds for everyone is hers to change.
pub fn administers_installation(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<bool, ActError> {
    reaches_everything(tx, scene, Role::Administrator)
}

/// Whether she gives the roles of all that this installation was made for: what signing in takes is hers to set.
pub fn secures_installation(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<bool, ActError> {
    reaches_everything(tx, scene, Role::SecurityAdministrator)
}

/// Refuses whoever does not.
pub(crate) fn require_security(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<(), ActError> {
    if secures_installation(tx, scene)? { Ok(()) } else { Err(ActError::Forbidden) }
}

/// Refuses whoever may not read the record of who looked at what (11.3): an auditor of the whole installation.
pub fn require_auditor(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<(), ActError> {
    if reaches_everything(tx, scene, Role::Auditor)? { Ok(()) } else { Err(ActError::Forbidden) }
}

fn reaches_everything(tx: &mut Tx<'_>, scene: Scene<'_>, role: Role) -> Result<bool, ActError> {
    let person = match scene.actor {
        Actor::System => return Ok(true),
        Actor::Staff(person) => person,
        _ => return Ok(false),
    };
    let reaches: Vec<&str> =
        person.grants.iter().filter(|grant| grant.role == role).map(|grant| grant.reach.as_str()).collect();
    let tops = crate::organization::tops(tx)?;
    Ok(!reaches.is_empty() && tops.iter().all(|top| reaches.iter().any(|reach| top.path.starts_with(reach))))
}

/// Refuses whoever does not administer the whole installation.
pub fn require_installation(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<(), ActError> {
    if administers_installation(tx, scene)? { Ok(()) } else { Err(ActError::Forbidden) }
}

/// Writes an administrator's act into the record that auditors read (11.3).
pub(crate) fn note(tx: &mut Tx<'_>, scene: Scene<'_>, what: &str) -> Result<(), ActError> {
    let by = match scene.actor {
        Actor::Staff(staff) => Some(staff.account_id),
        _ => None,
    };
    Ok(store::access::record(tx, scene.now, AuditKind::Administration, by, None, what, "管理操作")?)
}
