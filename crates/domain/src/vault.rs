//! 举报人身份: who may ask to see one and under what conditions it is opened (`regulations/vault.toml`).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::role::Role;

/// What points to a reporter. Lives in clear only while it is sealed and while it is shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 通讯地址.
    pub address: String,
    /// 身份证件号码.
    pub id_number: String,
    /// Whatever else points to her: her post, how she came to know.
    pub other: String,
    /// Her voice and other files that point to her.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<OwnFile>,
}

/// A file that points to a reporter, sealed beside her identity.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnFile {
    /// Row id of the sealed bytes.
    pub id: i64,
    /// The name it came with.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// Its key.
    pub key: Vec<u8>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Identity(…)")
    }
}

/// The bureau's rule of confidentiality.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultRules {
    /// Where it comes from.
    pub source: String,
    /// Who may ask, and what she writes.
    pub asking: Asking,
    /// How it is opened.
    pub opening: Opening,
    /// Who keeps it.
    pub custodians: Custodians,
    /// What no paper for the other side says.
    pub papers: Papers,
}

/// Who may ask, and what she writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Roles that may ask besides the officers in charge and the custodians.
    pub roles: Vec<Role>,
    /// Characters of a reason at least.
    pub reason_at_least: usize,
    /// Characters of a reason at most.
    pub reason_at_most: usize,
}

/// How it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// A custodian opens only what another person approved.
    pub custodian_needs_approval: bool,
    /// An approval is good for so many hours, once.
    pub approved_hours: i64,
}

/// Who keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custodians {
    /// In each bureau at least so many.
    pub at_least: i64,
}

/// Blanks of letters from which the other side could tell who reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// In no letter that goes to a respondent.
    pub reporter: Vec<String>,
    /// Empty in one that goes to the respondent of a report: it is in her words.
    pub told: Vec<String>,
}

/// The rule inside the program.
pub fn vault_rules() -> &'static VaultRules {
    static RULES: OnceLock<VaultRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::VAULT;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::vault_rules;

    #[test]
    fn the_rule_reads_and_leaves_no_identity_with_one_person() {
        let rules = vault_rules();
        assert!(rules.custodians.at_least >= 2);
        assert!(rules.opening.approved_hours > 0);
        assert!(rules.asking.reason_at_least < rules.asking.reason_at_most);
    }
}
