//! The procedure printed for people: `docs/procedures.md` is this, and a test compares the two.

use std::fmt::Write;

use domain::case_kind::CaseKind;
use domain::procedure::{To, steps};

use crate::basis::ActBook;

/// The page, in Markdown.
pub fn markdown(acts: &ActBook, rule_set: &str, overlay: Option<&str>) -> String {
    let mut page = String::from(
        "# 办理程序\n\n由 `domain::procedure` 和 `regulations/acts.toml` 生成，不要手改；用 `XIAOBAO_BLESS=1 cargo test -p xiaobao-cli` 更新。\n\n\
         | 动作 | 事项 | 从 | 到 | 谁办 | 依据 | 计时 | 文书 | 效果 |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for step in steps() {
        let kinds = match step.kinds.len() {
            all if all == CaseKind::ALL.len() => "各类".to_owned(),
            _ => joined(step.kinds.iter().map(|kind| kind.label()), "、"),
        };
        let from = joined(step.from.iter().map(|status| status.label()), "、");
        let to = match step.to {
            To::Stay => "不变".to_owned(),
            To::Go(status) => status.label().to_owned(),
            To::Depends => "视情况".to_owned(),
        };
        let by = joined(step.by.iter().map(|by| by.label()), "、");
        let fires = joined(step.fires.iter().map(|trigger| trigger.key()), "、");
        let papers = joined(step.papers.iter().copied(), "、");
        let kind = step.kinds.first().copied().unwrap_or(CaseKind::Complaint);
        let cited = acts.cited_for(kind, step.action, rule_set, overlay);
        let action = step.action;
        let line = format!(
            "| {} `{}` | {kinds} | {from} | {to} | {by} | {cited} | {fires} | {papers} | {} |",
            action.label(),
            action.key(),
            step.effect
        );
        let _ = writeln!(page, "{line}");
    }
    page.push_str("\n## 为什么\n\n");
    let mut told = Vec::new();
    for step in steps() {
        // A verb with several rows has one reason.
        if told.contains(&step.action) {
            continue;
        }
        told.push(step.action);
        let _ = writeln!(page, "- **{}**：{}", step.action.label(), acts.says(step.action));
    }
    page
}

fn joined(words: impl Iterator<Item = impl Into<String>>, by: &str) -> String {
    words.map(Into::into).collect::<Vec<String>>().join(by)
}
