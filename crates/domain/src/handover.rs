//! 交接: what lies in a person's hands and is handed over before her post changes (catalogue 1.4).

use crate::keyed::keyed;

keyed! {
    /// What is handed over.
    pub enum Thing:
    /// 主办案件: she is in charge of the case.
    Lead = "lead", "主办";
    /// 协办案件: she is its second officer.
    Partner = "partner", "协办";
    /// 回访: she is to ask about the case.
    Visit = "visit", "回访";
    /// 登记草稿: registrations that she began.
    Draft = "draft", "没有登记完的草稿";
}
