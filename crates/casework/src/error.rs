//! Why an act was not done, for the person who tried.

use domain::filing::FieldError;
use domain::procedure::WhyNot;
use store::StoreError;

/// Why an act was not done. `Display` is the sentence for people; the chain below it is for the log.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// There is no such case, or none that this person may know of: the two look the same.
    #[error("没有找到这件案件。请核对编号。")]
    NotFound,
    /// The procedure does not allow it now.
    #[error("{}", .0.sentence())]
    NotLawful(WhyNot),
    /// The person has no such right.
    #[error("您的账号没有这项权限。如有需要，请联系本单位管理员。")]
    Forbidden,
    /// Somebody acted in between.
    #[error("您打开页面以后，{since}。请看过最新情况再决定；您填写的内容已为您保留。")]
    Conflict {
        /// What happened since, in words.
        since: String,
    },
    /// What was typed cannot be taken.
    #[error("{}", first_message(.0))]
    Invalid(Vec<FieldError>),
    /// The database.
    #[error("{}", .0.sentence())]
    Store(#[from] StoreError),
    /// A file could not be kept.
    #[error("文件没有存好：{0}。请检查数据目录的空间和权限后重试。")]
    File(String),
    /// Something sealed does not open, or cannot be sealed.
    #[error(transparent)]
    Vault(#[from] ::vault::VaultError),
    /// The law's data does not know what is needed.
    #[error(transparent)]
    Rules(#[from] domain::rule_book::RuleError),
}

impl ActError {
    /// One fault in one field.
    pub fn field(field: &str, code: &str, message: impl Into<String>) -> ActError {
        ActError::Invalid(vec![FieldError { code: code.to_owned(), message: message.into(), field: field.to_owned() }])
    }

    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ActError::NotFound => "case.not_found",
            ActError::NotLawful(WhyNot::NotFromHere { .. } | WhyNot::NotOfThisKind { .. }) => "act.not_from_here",
            ActError::NotLawful(WhyNot::NotByYou { .. }) => "act.not_by_you",
            ActError::NotLawful(WhyNot::NotNow { .. }) => "act.not_now",
            ActError::Forbidden => "act.forbidden",
            ActError::Conflict { .. } => "act.conflict",
            ActError::Invalid(_) => "input.invalid",
            ActError::Store(error) => error.code(),
            ActError::File(_) => "file.not_kept",
            ActError::Vault(_) => "vault.closed",
            ActError::Rules(_) => "rules.invalid",
        }
    }
}

fn first_message(faults: &[FieldError]) -> String {
    faults.first().map_or_else(|| "填写有误。".to_owned(), |fault| fault.message.clone())
}
