//! 送达: by which way a paper reached its side, what proves it, and on which day it counts as served (处罚程序规定 arts. 81 to 83).

use std::sync::OnceLock;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::case::Case;
use crate::keyed::keyed;
use crate::mediation::Side;
use crate::trigger::Trigger;
use crate::turns::{Errand, ErrandKind};

keyed! {
    /// 送达方式.
    pub enum ServiceWay:
    /// 直接送达: handed over.
    InPerson = "in_person", "直接送达";
    /// 留置送达: left where somebody refuses to sign.
    Left = "left", "留置送达";
    /// 电子送达: by text message, fax, e-mail or an account, with consent.
    Electronic = "electronic", "电子送达";
    /// 邮寄送达.
    Post = "post", "邮寄送达";
    /// 委托送达: by the bureau of the place.
    Entrusted = "entrusted", "委托送达";
    /// 转交送达: by another department.
    Forwarded = "forwarded", "转交送达";
    /// 公告送达: made public, when nothing else is possible.
    Notice = "notice", "公告送达";
}

keyed! {
    /// What came of it.
    pub enum ServiceOutcome:
    /// 已送达.
    Served = "served", "已经送达";
    /// 等回执: sent, entrusted or forwarded, no receipt yet.
    UnderWay = "under_way", "已经寄出或者托交，等回执";
    /// 没有送到: refused, absent, returned.
    Failed = "failed", "没有送到，或者被退回";
}

keyed! {
    /// What a way has to have on record.
    pub enum ServiceNeed:
    /// 签收人.
    Receiver = "receiver", "签收人";
    /// 送达地点.
    Place = "place", "送达地点";
    /// 事由和经过.
    Course = "course", "事由和经过";
    /// 见证人, or a picture or recording.
    WitnessOrProof = "witness_or_proof", "见证人或者照片、录像";
    /// 号码或者账号.
    Account = "account", "号码或者账号";
    /// 邮件号.
    Tracking = "tracking", "邮件号";
    /// 送达地址确认书 with consent to electronic ways.
    Consent = "consent", "同意电子送达的送达地址确认书";
}

/// A way as the rules have it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayRule {
    /// Which.
    pub key: ServiceWay,
    /// Its article.
    pub article: String,
    /// When it may be chosen and from when it counts, in a sentence.
    pub says: String,
    /// What must be on record.
    pub needs: Vec<ServiceNeed>,
    /// What can come of it.
    pub outcomes: Vec<ServiceOutcome>,
    /// What comes back from a confirmed address counts as served on the day of its return (art. 83).
    #[serde(default)]
    pub returned_counts: bool,
    /// It counts only after the days of a notice.
    #[serde(default)]
    pub after_notice: bool,
}

/// Limits that are counted from the day of service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// The paper's kind.
    pub paper: String,
    /// Who gets it.
    pub side: Side,
    /// Limits from this event are counted anew.
    pub from: Trigger,
    /// Why.
    pub source: String,
}

/// The rules of service (`regulations/service.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRules {
    /// The law.
    pub law: String,
    /// Its number and articles.
    pub source: String,
    /// Days after which what was made public counts as served.
    pub notice_days: u32,
    /// The ways.
    pub ways: Vec<WayRule>,
    /// What service starts.
    pub starts: Vec<Starts>,
}

/// The rules inside the program.
pub fn rules() -> &'static ServiceRules {
    static RULES: OnceLock<ServiceRules> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::SERVICE;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in {file}: {error}"))
    })
}

impl ServiceRules {
    /// The rule of a way.
    pub fn way(&self, way: ServiceWay) -> &WayRule {
        self.ways.iter().find(|rule| rule.key == way).expect("every way has its rule, a test sees to it")
    }

    /// The event from which limits are counted anew when this paper has reached this side.
    pub fn starts(&self, paper: &str, side: Side) -> Option<Trigger> {
        self.starts.iter().find(|it| it.paper == paper && it.side == side).map(|it| it.from)
    }

    /// What an outcome on this day means in law: the outcome, and the day on which the paper counts as served.
    pub fn effect(
        &self,
        way: ServiceWay,
        outcome: ServiceOutcome,
        day: Date,
        confirmed_address: bool,
    ) -> (ServiceOutcome, Option<Date>) {
        let rule = self.way(way);
        match outcome {
            ServiceOutcome::Served if rule.after_notice => {
                (outcome, Some(day.saturating_add(i64::from(self.notice_days).days())))
            }
            ServiceOutcome::Failed if rule.returned_counts && confirmed_address => (ServiceOutcome::Served, Some(day)),
            ServiceOutcome::Served => (outcome, Some(day)),
            ServiceOutcome::UnderWay | ServiceOutcome::Failed => (outcome, None),
        }
    }
}

/// A paper that somebody tried to serve and that has not arrived yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unserved {
    /// The paper.
    pub paper: i64,
    /// To whom.
    pub side: Side,
    /// It came back; otherwise its receipt is awaited.
    pub failed: bool,
}

/// What is under way with the papers of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Serving {
    /// Papers that have not arrived.
    pub open: Vec<Unserved>,
}

/// The state of a case after one more act.
pub(crate) fn apply(case: &mut Case, act: &Act) {
    let Act::Serve { paper, side, outcome, .. } = act else { return };
    let open = &mut case.turns.serving.open;
    open.retain(|it| (it.paper, it.side) != (*paper, *side));
    if *outcome != ServiceOutcome::Served {
        open.push(Unserved { paper: *paper, side: *side, failed: *outcome == ServiceOutcome::Failed });
    }
}

/// What did not arrive comes back to whoever has the case in hand; what is on its way waits for its receipt.
pub(crate) fn errands_of(case: &Case) -> Vec<Errand> {
    let open = &case.turns.serving.open;
    let desk = case.lead.map_or_else(|| format!("acceptance:{}", case.intake), |lead| format!("officer:{lead}"));
    let errand = |kind| Errand { kind, desk: desk.clone() };
    let failed = open.iter().any(|it| it.failed).then(|| errand(ErrandKind::ServeAgain));
    let awaited = open.iter().any(|it| !it.failed).then(|| errand(ErrandKind::AwaitReceipt));
    failed.into_iter().chain(awaited).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_way_has_its_rule_with_article() {
        for way in ServiceWay::ALL {
            let rule = rules().way(*way);
            assert!(rule.article.starts_with("第八十二条") && !rule.outcomes.is_empty(), "{}", way.key());
        }
        assert_eq!(rules().ways.len(), ServiceWay::ALL.len());
    }

    #[test]
    fn the_day_of_effect_follows_article_82_and_83() {
        use ServiceOutcome::{Failed, Served, UnderWay};
        let effect = |way, outcome, confirmed| rules().effect(way, outcome, date(2026, 5, 6), confirmed);
        let on = |month, day| Some(date(2026, month, day));
        // Signed on the day, whoever signed.
        assert_eq!(effect(ServiceWay::InPerson, Served, false), (Served, on(5, 6)));
        assert_eq!(effect(ServiceWay::Electronic, Served, true), (Served, on(5, 6)));
        // Thirty days after it was made public.
        assert_eq!(effect(ServiceWay::Notice, Served, false), (Served, on(6, 5)));
        // The post brings it back: served on that day only where the address was confirmed.
        assert_eq!(effect(ServiceWay::Post, Failed, true), (Served, on(5, 6)));
        assert_eq!(effect(ServiceWay::Post, Failed, false), (Failed, None));
        // Nobody opened the door: that is no service, confirmed or not.
        assert_eq!(effect(ServiceWay::InPerson, Failed, true), (Failed, None));
        assert_eq!(effect(ServiceWay::Post, UnderWay, true), (UnderWay, None));
    }
}
