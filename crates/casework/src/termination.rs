//! 终止情形的提示: which grounds of the case's own rule set the known facts fit, and why; a person decides (O121 art. 23).

use domain::mediation::Side;
use jiff::Timestamp;
use store::case::CaseRow;
use store::deadline::DeadlineRow;

use crate::house::Scene;
use crate::letters;

/// A ground that the facts fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The item of the rule set's list.
    pub item: u32,
    /// The facts, in words that can stand as the reason.
    pub reason: String,
}

/// The grounds that the facts known so far fit, in the order of the list.
pub fn proposals(scene: Scene<'_>, case: &CaseRow, deadlines: &[DeadlineRow]) -> Vec<Proposal> {
    let Some(set) = scene.house.book.get(&case.rule_set) else { return Vec::new() };
    let proposed = |ground: &domain::rule_set::Ground| {
        let reason = reason(case, deadlines, scene.now, &ground.key)?;
        Some(Proposal { item: ground.item, reason })
    };
    set.termination_grounds.iter().filter_map(proposed).collect()
}

fn reason(case: &CaseRow, deadlines: &[DeadlineRow], now: Timestamp, key: &str) -> Option<String> {
    let known = &case.state.turns.mediation;
    match key {
        "absent_or_refused" => match known.absent {
            Some(side) => Some(format!("{}无正当理由不参加调解。", side.label())),
            None if known.refused => Some("被投诉人答复不同意调解。".to_owned()),
            None => None,
        },
        "no_agreement" if known.no_agreement => Some("经委托调解，双方没有达成协议。".to_owned()),
        "test_cost" | "test_body_or_cost" if known.cost_open => {
            Some("双方对鉴定、检测费用由谁承担没有协商一致。".to_owned())
        }
        "time_ran_out" => deadlines
            .iter()
            .find(|row| row.limit_key == "mediation" && row.stopped_at.is_none() && row.due_at <= now)
            .map(|row| format!("调解期限已于{}届满，双方没有达成协议。", letters::day_words(row.due_day))),
        "ground_found_later" if known.police => Some("投诉人涉嫌骗取赔偿或者敲诈勒索，已批准移送公安机关。".to_owned()),
        "subject_lost" => known.lost.map(|side: Side| format!("{}死亡或者主体资格灭失。", side.label())),
        _ => None,
    }
}
