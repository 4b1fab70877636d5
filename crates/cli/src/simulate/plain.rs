//! A plain script without stories: for tests and benchmarks, where only the course matters.

use domain::filing::RawFiling;
use rand::Rng;

use super::course::{End, Script};
use super::mix::{self, Arrival};
use super::town::Bureau;
use super::vocabulary::{Generator, between, per_mille};

/// A script in which every turn comes up now and then.
pub fn script(rng: &mut Generator, bureau: &Bureau, arrival: &Arrival) -> Script {
    let by_itself = matches!(arrival.channel.as_str(), "web" | "wechat" | "app");
    Script {
        raw: raw(rng, bureau, &arrival.channel),
        by_itself,
        register: ("预付卡余额不退".to_owned(), "food".to_owned(), "quality".to_owned()),
        end: end(rng),
        answer: per_mille(rng, 900).then(|| ("愿意协商".to_owned(), true)),
        transcript: "投诉人：要求退款。被投诉人：同意退还。".to_owned(),
        rating: per_mille(rng, 460).then(|| (per_mille(rng, 700), between(rng, 1, 5) as u8, String::new())),
        files: Vec::new(),
        workdays: between(rng, 2, 7),
        urges: per_mille(rng, 80),
        appraisal: per_mille(rng, 40),
        extension: per_mille(rng, 50),
        returned: per_mille(rng, 40),
        sent_back: per_mille(rng, 30),
    }
}

fn raw(rng: &mut impl Rng, bureau: &Bureau, channel: &str) -> RawFiling {
    RawFiling {
        region: bureau.bureau.region_code.clone(),
        channel: channel.to_owned(),
        complainant_name: super::person::full_name(rng),
        complainant_phone: super::person::mobile(rng),
        complainant_address: format!("{}人民路1号", bureau.county.name),
        notify_by: "in_app".to_owned(),
        consent_publish: "yes".to_owned(),
        consent_delegate: "no".to_owned(),
        truthful: "yes".to_owned(),
        respondent_name: "惠友超市".to_owned(),
        respondent_address: format!("{}建设路8号", bureau.county.name),
        goods: "会员卡".to_owned(),
        amount: "328".to_owned(),
        facts: "办了会员卡以后店里关门，余额不退，打电话没有人接。".to_owned(),
        demands: vec!["refund".to_owned()],
        ..RawFiling::default()
    }
}

fn end(rng: &mut impl Rng) -> End {
    let because = "双方分歧较大".to_owned();
    match mix::draw_outcome(rng) {
        mix::Outcome::Settled => End::Settle {
            items: vec![("退还余额".to_owned(), 32_800, Some(between(rng, 1, 9)))],
            recovered: 32_800,
        },
        mix::Outcome::Refused { item } => End::Refuse { item: u32::from(item), reason: because },
        mix::Outcome::Terminated { item: 1 } => End::Withdraw { reason: "商家已经退款".to_owned() },
        mix::Outcome::Terminated { item } => End::Terminate { item: u32::from(item), reason: because },
    }
}
