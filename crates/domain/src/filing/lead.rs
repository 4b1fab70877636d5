//! 案件线索: what nobody reported to this bureau: found by itself, handed over by another department, assigned by a superior
//! (行政处罚程序规定第十八条). It goes the way of a report and has no reporter.

use jiff::Timestamp;

use super::{Check, FieldError, Filing, RawReport, parse_report};
use crate::clock::{beijing_day, beijing_instant};
use crate::codes::Codes;
use crate::reporting::Origin;

/// What was typed of a lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawLead {
    /// 案件来源.
    pub origin: String,
    /// Who handed it over or assigned it.
    pub sender: String,
    /// 来文文号.
    pub document: String,
    /// The day on which it was found, or its papers came in.
    pub found_on: String,
    /// What it is about.
    pub what: RawReport,
}

/// A lead that is in order.
#[derive(Clone, Debug)]
pub struct Lead {
    /// What it is about.
    pub filing: Filing,
    /// How it came.
    pub origin: Origin,
    /// From when on its time to check is counted.
    pub found_at: Timestamp,
}

/// The channel under which it is counted.
const fn channel(origin: Origin) -> &'static str {
    match origin {
        Origin::Transfer => "department_referral",
        Origin::Superior => "superior_referral",
        Origin::Inspection | Origin::Complaint | Origin::Other => "own_finding",
    }
}

/// Parses a lead; every fault at once.
pub fn parse_lead(raw: &RawLead, codes: &Codes, now: Timestamp) -> Result<Lead, Vec<FieldError>> {
    let mut check = Check::new(beijing_day(now));
    let origin = Origin::from_key(&raw.origin).filter(|origin| Origin::BY_HAND.contains(origin));
    if origin.is_none() {
        check.fault("origin", "origin.missing", "请选择线索从哪里来");
    }
    let sent = origin.is_some_and(Origin::has_sender);
    let sender = check.line("sender", &raw.sender, sent.then_some("请写哪个部门移送、哪个上级交办"));
    let document = check.line("document", &raw.document, None);
    let found_on = check.past_day("found_on", &raw.found_on, "发现或者收到的日期");
    if raw.found_on.trim().is_empty() {
        check.fault("found_on", "found_on.missing", "请写发现线索或者收到材料的日期，核查期限从这一天起算");
    }
    let what = RawReport { channel: origin.map_or("own_finding", channel).to_owned(), ..raw.what.clone() };
    let filing = parse_report(&what, codes, now);
    let (Ok(filing), Some(origin), Some(found_on), true) = (&filing, origin, found_on, check.is_clean()) else {
        let mut faults = check.faults();
        faults.extend(filing.err().unwrap_or_default());
        return Err(faults);
    };
    let from: Vec<String> =
        [origin.label().to_owned(), sender, document].into_iter().filter(|it| !it.is_empty()).collect();
    let facts = format!("线索来源：{}\n{}", from.join("，"), filing.facts);
    // Found earlier, it counts from that day; any hour of it says so.
    let noon = beijing_instant(found_on.at(12, 0, 0, 0));
    let found_at = if found_on == beijing_day(now) { now } else { noon };
    Ok(Lead { filing: Filing { facts, ..filing.clone() }, origin, found_at })
}
