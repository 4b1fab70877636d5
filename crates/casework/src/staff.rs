//! 工作人员: an account with its roles, as the acts need it, and how far an administrator's hand reaches.

use domain::audit::AuditKind;
use domain::role::Role;
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

/// Whether the administrator's own subtree holds the organisation; the program itself reaches everything.
pub fn administers(actor: &Actor, organization: &OrganizationRow) -> bool {
    match actor {
        Actor::System => true,
        Actor::Staff(staff) => {
            let administration = staff.grants.iter().filter(|grant| grant.role == Role::Administrator);
            administration.map(|grant| grant.reach.as_str()).any(|reach| organization.path.starts_with(reach))
        }
        _ => false,
    }
}

/// Refuses whoever holds the administrator's role nowhere.
pub fn require_administrator(scene: Scene<'_>) -> Result<(), ActError> {
    match scene.actor {
        Actor::System => Ok(()),
        Actor::Staff(staff) if staff.holds(Role::Administrator) => Ok(()),
        _ => Err(ActError::Forbidden),
    }
}

/// The organisation, if it lies in the administrator's subtree: an organisation outside it looks like none.
pub fn administered(tx: &mut Tx<'_>, scene: Scene<'_>, organization_id: i64) -> Result<OrganizationRow, ActError> {
    require_administrator(scene)?;
    let organization = store::organization::find(tx, organization_id)?.ok_or(ActError::NotFound)?;
    if administers(scene.actor, &organization) { Ok(organization) } else { Err(ActError::NotFound) }
}

/// Whether she administers all that this installation was made for (`init --region`): what holds for everyone is hers to change.
pub fn administers_installation(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<bool, ActError> {
    reaches_everything(tx, scene, Role::Administrator)
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
