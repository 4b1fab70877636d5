//! 按角色的登录要求: whether a second factor is required, and from which networks a role may sign in.

use std::net::IpAddr;

use domain::account::FactorPolicy;
use domain::filing::FieldError;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::network::Network;
use crate::staff;

/// Networks a role may have at most.
const NETWORKS_AT_MOST: usize = 50;

/// What is set for a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleSecurity {
    /// Whether a second factor is required; none: as for everybody.
    pub factor: Option<FactorPolicy>,
    /// From which networks it may sign in, as they were written; none: from anywhere.
    pub networks: Vec<String>,
}

/// What is set for a role.
pub fn of_role(tx: &mut Tx<'_>, role: Role) -> Result<RoleSecurity, StoreError> {
    let kept = store::installation::get(tx, &key(role))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Whether one of the roles requires a second factor.
pub fn requires_factor(tx: &mut Tx<'_>, house: &House, roles: impl Iterator<Item = Role>) -> Result<bool, StoreError> {
    for role in roles {
        if of_role(tx, role)?.factor.unwrap_or(house.settings.second_factor) == FactorPolicy::Required {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The role that may not sign in from this address, if there is one.
pub fn refuses(
    tx: &mut Tx<'_>,
    roles: impl Iterator<Item = Role>,
    address: IpAddr,
) -> Result<Option<Role>, StoreError> {
    for role in roles {
        let networks = of_role(tx, role)?.networks;
        let holds = |text: &String| Network::parse(text).is_some_and(|network| network.holds(address));
        if !networks.is_empty() && !networks.iter().any(holds) {
            return Ok(Some(role));
        }
    }
    Ok(None)
}

/// Sets what holds for a role, for the whole installation. `networks` is a line each. Refuses a list that would lock out whoever
/// sets it, unless she says that she means it.
pub fn set(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    role: Role,
    factor: Option<FactorPolicy>,
    networks: &str,
    address: IpAddr,
    meant: bool,
) -> Result<(), ActError> {
    staff::require_security(tx, scene)?;
    let lines: Vec<&str> = networks.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut faults = Vec::new();
    let mut fault = |code: &str, message: String| {
        faults.push(FieldError { field: "networks".to_owned(), code: code.to_owned(), message });
    };
    for line in &lines {
        if Network::parse(line).is_none() {
            fault(
                "security.network",
                format!("“{line}”不是网段，请写成 10.1.0.0/16、2001:db8::/32 或者单个地址，一行一个"),
            );
        }
    }
    if lines.len() > NETWORKS_AT_MOST {
        fault("security.too_many", format!("最多 {NETWORKS_AT_MOST} 个网段，请合并"));
    }
    let parsed: Vec<Network> = lines.iter().filter_map(|line| Network::parse(line)).collect();
    let hers = matches!(scene.actor, Actor::Staff(person) if person.holds(role));
    let shut_out = !parsed.is_empty() && !parsed.iter().any(|network| network.holds(address));
    if faults.is_empty() && hers && shut_out && !meant {
        faults.push(FieldError {
            field: "meant".to_owned(),
            code: "security.shuts_out_self".to_owned(),
            message: format!(
                "您现在的地址 {address} 不在这些网段里，保存以后您自己就不能从这里登录了。确实要这样，请勾选确认"
            ),
        });
    }
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let kept = RoleSecurity { factor, networks: parsed.iter().map(ToString::to_string).collect() };
    let text = serde_json::to_string(&kept).unwrap_or_default();
    store::installation::put(tx, &key(role), &text)?;
    let told = if kept.networks.is_empty() { "不限".to_owned() } else { kept.networks.join("、") };
    let factor = factor.map_or("随全局", FactorPolicy::label);
    staff::note(tx, scene, &format!("登录要求：{}，第二步验证{factor}，网段{told}", role.label()))
}

fn key(role: Role) -> String {
    format!("security.{}", role.key())
}
