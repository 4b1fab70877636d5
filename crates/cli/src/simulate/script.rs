//! A story becomes a script: what is typed, said and decided, in the fields of the program.

use domain::filing::RawFiling;
use domain::mediation::practice;

use super::course::{Intake, Script};
use super::mix::{Arrival, Outcome};
use super::ordinary::{self, End, Said};
use super::photo;
use super::shop::Shop;
use super::story::{Telling, Town};
use super::town::Bureau;
use super::vocabulary::{Generator, between, number, per_mille};

/// Of a hundred complaints so many bring their pictures; the others say what they hold.
const WITH_FILES_PER_MILLE: usize = 260;

/// The script of the next complaint in a bureau's town.
pub fn script(rng: &mut Generator, bureau: &Bureau, town: &Town, arrival: &Arrival) -> Script {
    let telling = town.tell(rng, arrival.at, &arrival.channel);
    let shop = &town.street.shops()[telling.shop];
    let by_itself = matches!(arrival.channel.as_str(), "web" | "wechat" | "app");
    let files = if by_itself && per_mille(rng, WITH_FILES_PER_MILLE) { files(rng, &telling, shop) } else { Vec::new() };
    let story = &telling.story;
    let settlement = &story.settlement;
    let agreement: Vec<(String, i64, Option<i64>)> = settlement
        .agreement
        .iter()
        .map(|item| (item.text.clone(), item.amount_cents, (item.due_in_days > 0).then_some(item.due_in_days)))
        .collect();
    let said = Said {
        by_itself,
        end: end(rng, &telling),
        answer: per_mille(rng, 930).then(|| {
            let agrees = !matches!(story.outcome, Outcome::Terminated { item: 2 });
            (settlement.answer.clone(), agrees)
        }),
        transcript: story.transcript_text(),
        rating: settlement.rating.as_ref().map(|rating| (rating.solved, rating.mark, rating.words.clone())),
    };
    let person = &telling.person;
    Script {
        intake: Intake::Complaint(Box::new(raw(&telling, shop, bureau, &arrival.channel))),
        by_itself,
        register: (story.title.clone(), story.category_code.to_owned(), story.problem_code.to_owned()),
        small_sum: is_small(story.amount_cents, &agreement),
        agreement,
        files,
        workdays: workdays(rng),
        slots: slots([
            &person.name,
            &person.surname,
            person.title(),
            &shop.short_name,
            &story.goods,
            &town.county.name,
        ]),
        beats: ordinary::complaint(rng, &said),
    }
}

/// What a turn's sentences may name.
pub const SLOTS: &[&str; 6] = &["name", "surname", "title", "shop", "goods", "county"];

/// The slots with what they stand for.
pub fn slots(values: [&str; 6]) -> Vec<(&'static str, String)> {
    SLOTS.iter().copied().zip(values.map(str::to_owned)).collect()
}

/// Whether the simple procedure may settle it.
pub fn is_small(amount: i64, agreement: &[(String, i64, Option<i64>)]) -> bool {
    let most = practice().simple.amount_at_most.saturating_mul(100);
    amount <= most && agreement.iter().map(|(_, amount, _)| amount).sum::<i64>() <= most
}

/// Most are done within the promised seven working days, some just so, a few late.
fn workdays(rng: &mut Generator) -> i64 {
    match between(rng, 0, 99) {
        0..=54 => between(rng, 2, 4),
        55..=94 => between(rng, 5, 6),
        _ => between(rng, 8, 12),
    }
}

fn end(rng: &mut Generator, telling: &Telling) -> End {
    let (story, settlement) = (&telling.story, &telling.story.settlement);
    match story.outcome {
        Outcome::Settled => End::Settle,
        Outcome::Refused { item } => End::Refuse(u32::from(item), settlement.refusal.1.clone()),
        // Half of those under item 1 withdraw by themselves; the others settled it between the two and say so.
        Outcome::Terminated { item: 1 } if per_mille(rng, 500) => End::Withdraw(settlement.termination.1.clone()),
        Outcome::Terminated { item } => End::Terminate(u32::from(item), settlement.termination.1.clone()),
    }
}

fn files(rng: &mut Generator, telling: &Telling, shop: &Shop) -> Vec<(String, Vec<u8>)> {
    telling.story.evidence.iter().filter_map(|kind| photo::evidence(rng, kind, &telling.story, shop)).collect()
}

fn raw(telling: &Telling, shop: &Shop, bureau: &Bureau, channel: &str) -> RawFiling {
    let (person, story) = (&telling.person, &telling.story);
    RawFiling {
        region: region_of(bureau, shop).to_owned(),
        channel: channel.to_owned(),
        title: story.title.clone(),
        complainant_name: person.name.clone(),
        complainant_phone: person.phone.clone(),
        complainant_address: person.address.clone(),
        complainant_email: if story.notify_by == "email" {
            person.email.clone().unwrap_or_default()
        } else {
            String::new()
        },
        notify_by: story.notify_by.to_owned(),
        consent_publish: yes_no(story.consents_to_publication),
        consent_delegate: yes_no(story.consents_to_delegation),
        truthful: "yes".to_owned(),
        respondent_name: shop.name.clone(),
        respondent_address: shop.address.clone(),
        respondent_phone: shop.phone.clone(),
        respondent_credit_code: shop.credit_code.clone(),
        respondent_contact: shop.contact_name.clone(),
        respondent_platform: shop.is_online.clone().unwrap_or_default(),
        sales_channel: if shop.is_online.is_some() { "platform_shop" } else { "shop" }.to_owned(),
        goods: story.goods.clone(),
        brand: story.brand.clone().unwrap_or_default(),
        model: story.model.clone().unwrap_or_default(),
        category: story.category_code.to_owned(),
        problem: story.problem_code.to_owned(),
        order_number: story.order_number.clone().unwrap_or_default(),
        amount: number(story.amount_cents),
        bought_on: story.bought_on.to_string(),
        knew_on: story.knew_on.to_string(),
        facts: story.facts.clone(),
        demands: story.demands.iter().map(|demand| (*demand).to_owned()).collect(),
        demand_text: story.demand_text.clone(),
        claim: if story.wants_cents > 0 { number(story.wants_cents) } else { String::new() },
        ..RawFiling::default()
    }
}

/// The division of a shop: its township, else the county.
pub(super) fn region_of<'a>(bureau: &'a Bureau, shop: &Shop) -> &'a str {
    bureau
        .offices
        .iter()
        .find(|office| shop.address.contains(office.office.name.trim_end_matches("市场监督管理所")))
        .map_or(&bureau.bureau.region_code, |office| &office.office.region_code)
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}
