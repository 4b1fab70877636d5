//! 保密信息对照 (11.1): for each confidential thing the roles that really can see it, worked out from the rules that let people
//! in, never written twice; beside them the roles that are meant to.

use domain::confidential::{ConfidentialThing, confidentiality};
use domain::role::Role;
use domain::vault::vault_rules;

use crate::{account, statement};

/// What is meant and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The thing.
    pub thing: &'static ConfidentialThing,
    /// The roles that really can see it.
    pub really: Vec<Role>,
    /// Roles that can and should not.
    pub too_many: Vec<Role>,
    /// Roles that should and cannot.
    pub missing: Vec<Role>,
}

/// Whether a role can see a thing, by the rule that the program itself asks; none for a thing that it does not know.
fn sees(thing: &str) -> Option<fn(Role) -> bool> {
    Some(match thing {
        "case_files" | "opinions" => Role::reads_cases,
        // Of a report whoever directs it, and its officers (`Staff::may_read`).
        "reports" => |role| role.directs_reports() || role == Role::Officer,
        "staff_complaints" => |role| role == Role::Discipline,
        "account_list" => |role| account::KEEPERS.contains(&role),
        "passwords" => |_| false,
        "statements" => statement::decides,
        "identities" => |role| role == Role::IdentityCustodian || vault_rules().asking.roles.contains(&role),
        "trail" => |role| role == Role::Auditor,
        _ => return None,
    })
}

/// Every thing of a class compared; none when the program does not know the thing.
pub fn compared(class: &str) -> Vec<Option<Compared>> {
    let class = confidentiality().class.iter().find(|it| it.key == class);
    let things = class.into_iter().flat_map(|class| &class.thing);
    things
        .map(|thing| {
            let sees = sees(&thing.key)?;
            let really: Vec<Role> = Role::ALL.iter().copied().filter(|role| sees(*role)).collect();
            Some(Compared {
                thing,
                too_many: really.iter().copied().filter(|role| !thing.roles.contains(role)).collect(),
                missing: thing.roles.iter().copied().filter(|role| !really.contains(role)).collect(),
                really,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{compared, confidentiality};

    #[test]
    fn the_five_classes_are_held_as_they_are_meant() {
        assert_eq!(confidentiality().class.len(), 5);
        for class in &confidentiality().class {
            for compared in compared(&class.key) {
                let compared = compared.expect("a thing that the program knows");
                let (more, less) = (&compared.too_many, &compared.missing);
                assert!(more.is_empty() && less.is_empty(), "{}: {more:?} {less:?}", compared.thing.key);
            }
        }
    }
}
