//! 审计 (catalogue 11.3): what the trail that auditors read tells of.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::keyed::keyed;

keyed! {
    /// What somebody did or tried.
    pub enum AuditKind:
    /// 查看: a look at what is about people, with its reason.
    Look = "look", "查看";
    /// 打印: a paper opened to be printed.
    Print = "print", "打印";
    /// 下载: a file of a case.
    Download = "download", "下载";
    /// 导出: a table taken out of the program.
    Export = "export", "导出";
    /// 身份密库: what happens around a reporter's identity.
    Identity = "identity", "身份密库";
    /// 登录.
    SignIn = "sign_in", "登录";
    /// 退出.
    SignOut = "sign_out", "退出";
    /// 登录失败: a wrong password, or no such account.
    FailedSignIn = "failed_sign_in", "登录失败";
    /// 查询码错误: somebody tried a code that is not this case's.
    WrongCode = "wrong_code", "查询码错误";
    /// 被拒: a page or an act that was not hers.
    Refused = "refused", "被拒";
    /// 管理: accounts, roles, organisations, rules, calendars.
    Administration = "administration", "管理";
}

impl AuditKind {
    /// Whether it did not succeed.
    pub fn failed(self) -> bool {
        matches!(self, AuditKind::FailedSignIn | AuditKind::WrongCode | AuditKind::Refused)
    }
}

/// How long the trail is kept at least (`regulations/audit.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRules {
    /// For how long.
    pub retention: Retention,
}

/// For how long, and which law says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Months at least.
    pub at_least_months: i64,
    /// 法律.
    pub law: String,
    /// 条.
    pub article: String,
}

/// The rule inside the program.
pub fn audit_rules() -> &'static AuditRules {
    static RULES: OnceLock<AuditRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::AUDIT;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}
