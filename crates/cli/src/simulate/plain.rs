//! A plain script without stories: for tests and benchmarks, where only the course matters.

use domain::filing::RawFiling;
use rand::Rng;

use super::course::{Intake, Script};
use super::mix::{self, Arrival};
use super::ordinary::{self, End, Said};
use super::script::{is_small, slots};
use super::town::Bureau;
use super::vocabulary::{Generator, between, per_mille};

/// A script in which every end comes up.
pub fn script(rng: &mut Generator, bureau: &Bureau, arrival: &Arrival) -> Script {
    let by_itself = matches!(arrival.channel.as_str(), "web" | "wechat" | "app");
    let raw = raw(rng, bureau, &arrival.channel);
    let said = Said {
        by_itself,
        end: end(rng),
        answer: per_mille(rng, 900).then(|| ("愿意协商".to_owned(), true)),
        transcript: "投诉人：要求退款。被投诉人：同意退还。".to_owned(),
        rating: per_mille(rng, 460).then(|| (per_mille(rng, 700), between(rng, 1, 5) as u8, String::new())),
    };
    let agreement = vec![("退还余额".to_owned(), 32_800, Some(between(rng, 1, 9)))];
    Script {
        by_itself,
        register: ("预付卡余额不退".to_owned(), "food".to_owned(), "quality".to_owned()),
        small_sum: is_small(32_800, &agreement),
        agreement,
        files: Vec::new(),
        workdays: between(rng, 2, 7),
        slots: slots([&raw.complainant_name, "陈", "女士", "惠友超市", "会员卡", &bureau.county.name]),
        beats: ordinary::complaint(rng, &said),
        intake: Intake::Complaint(Box::new(raw)),
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
        mix::Outcome::Settled => End::Settle,
        mix::Outcome::Refused { item } => End::Refuse(u32::from(item), because),
        mix::Outcome::Terminated { item: 1 } => End::Withdraw("商家已经退款".to_owned()),
        mix::Outcome::Terminated { item } => End::Terminate(u32::from(item), because),
    }
}
