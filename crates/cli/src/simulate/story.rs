//! A complaint with all that comes of it, drawn so that a year of them looks like a real centre's year.
//!
//! The same seed tells the same stories for good: chance comes from a generator named by its algorithm, and only whole
//! numbers are drawn from it (`vocabulary`).

use jiff::civil::{Date, DateTime};
use rand::Rng;

use super::claim::{Sums, demands_in};
use super::mix::{Outcome, Pace, draw_consents, draw_notify, draw_outcome, draw_pace};
use super::person::{County, Person, Sex};
use super::phrase::Cast;
use super::settlement::{Settlement, settle};
use super::shop::{Shop, Street};
use super::skeleton::{BOOK, Goods, Skeleton, Want};
use super::vocabulary::{below, between, generator, number, per_mille, pick, pick_some, yuan};
use super::voice::{Voice, days_between, formal_day, name_day, name_span, sale, tell};

/// The stream of the generator that makes those who complain again and again; see `vocabulary::generator`.
const REGULARS_STREAM: u64 = 0x4E6;

/// Longest title, in characters.
pub const LONGEST_TITLE: usize = 24;

/// One complaint (投诉), as its consumer files it and as it will end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// `complaint`.
    pub kind: &'static str,
    /// Key of the skeleton, for tests and statistics of the simulation.
    pub skeleton: &'static str,
    /// Code table `channels`.
    pub channel: String,
    /// Code table `goods_categories`.
    pub category_code: &'static str,
    /// Code table `problem_categories`.
    pub problem_code: &'static str,
    /// What was bought.
    pub goods: String,
    /// An invented brand.
    pub brand: Option<String>,
    /// An invented type number.
    pub model: Option<String>,
    /// Of an online purchase.
    pub order_number: Option<String>,
    /// What was paid.
    pub amount_cents: i64,
    /// The day of the purchase.
    pub bought_on: Date,
    /// Days from the purchase to the complaint.
    pub bought_days_ago: i64,
    /// The day on which the consumer noticed.
    pub knew_on: Date,
    /// Where it happened.
    pub incident_place: String,
    /// At most 24 characters.
    pub title: String,
    /// 60 to 300 characters.
    pub facts: String,
    /// Code table `demands`.
    pub demands: Vec<&'static str>,
    /// The demand in words.
    pub demand_text: String,
    /// The sum that is wanted; zero where none is.
    pub wants_cents: i64,
    /// 是否同意公示投诉信息.
    pub consents_to_publication: bool,
    /// 是否同意委托调解.
    pub consents_to_delegation: bool,
    /// `in_app`, `sms`, `email`, `phone` or `letter`.
    pub notify_by: &'static str,
    /// Kinds of evidence the consumer holds: `goods_photo`, `receipt_photo`, `chat_screenshot` …
    pub evidence: Vec<&'static str>,
    /// How it ends.
    pub outcome: Outcome,
    /// How long it takes.
    pub pace: Pace,
    /// Answer, talk, agreement or the reason for none, rating.
    pub settlement: Settlement,
}

impl Story {
    /// The talk at the mediation as a record, a line for each speaker.
    pub fn transcript_text(&self) -> String {
        let lines = self.settlement.transcript.iter().map(|said| format!("{}：{}", said.speaker, said.words));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A county with its shops and its people.
#[derive(Debug, Clone)]
pub struct Town {
    /// The division.
    pub county: County,
    /// Its shops.
    pub street: Street,
    regulars: Vec<Person>,
}

/// A story with those it is about.
#[derive(Debug, Clone)]
pub struct Telling {
    /// 投诉人.
    pub person: Person,
    /// 被投诉人: the number of the shop in `Town::street`.
    pub shop: usize,
    /// What happened.
    pub story: Story,
}

impl Town {
    /// A county with about `shops` shops, always the same for a seed.
    pub fn found(county: County, shops: usize, seed: u64) -> Self {
        let street = Street::of_county(&county, shops, seed);
        let mut rng = generator(seed, REGULARS_STREAM);
        let regulars = (0..4).map(|_| Person::suited(&mut rng, &county, 2025, Some((24, 40)), Some(Sex::Male), false));
        let regulars = regulars.collect();
        Self { county, street, regulars }
    }

    /// The next complaint, filed at this moment (Beijing time) by this channel.
    pub fn tell(&self, rng: &mut impl Rng, filed_at: DateTime, channel: &str) -> Telling {
        let skeleton = &BOOK.skeletons[*BOOK.shares.draw(rng)];
        let shop_number = self.street.draw(rng, &skeleton.trades);
        let shop = &self.street.shops()[shop_number];
        let person = self.teller(rng, skeleton, shop, filed_at.date().year());
        let story = compose(rng, self, skeleton, shop, &person, filed_at.date(), channel);
        Telling { person, shop: shop_number, story }
    }

    /// Who tells it. Some of those who want ten times the price are the same few people every time, which is what
    /// article 17 tells officers to look for.
    fn teller(&self, rng: &mut impl Rng, skeleton: &Skeleton, shop: &Shop, year: i16) -> Person {
        if skeleton.want == Want::Tenfold && per_mille(rng, 70) {
            return pick(rng, &self.regulars).clone();
        }
        let sex = skeleton.sex.as_ref().map(|_| Sex::Female);
        let elsewhere = shop.is_online.is_some() && per_mille(rng, 800);
        Person::suited(rng, &self.county, year, skeleton.age, sex, elsewhere)
    }
}

fn compose(
    rng: &mut impl Rng,
    town: &Town,
    skeleton: &'static Skeleton,
    shop: &Shop,
    person: &Person,
    today: Date,
    channel: &str,
) -> Story {
    let outcome = draw_outcome(rng);
    let goods = pick(rng, &skeleton.goods);
    let days = days_of(rng, skeleton, outcome, today);
    let mut sums = Sums::draw(rng, skeleton, goods);
    let brand = skeleton.brand.as_ref().map(|kind| pick(rng, &BOOK.brands[kind]).clone());
    let model = brand.as_ref().filter(|_| per_mille(rng, 600)).map(|_| model_number(rng));
    let voice = Voice::of_channel(rng, channel);
    let mut cast = cast_of(skeleton, goods, shop, person, town);
    set_days(rng, &mut cast, voice, &days, today);
    set_sums(rng, &mut cast, voice, &sums);
    set_goods(&mut cast, goods, brand.as_deref());
    let demand_text = cast.draw(rng, "ask", &skeleton.ask);
    let demands = demands_in(&demand_text);
    sums.limit_to(&demands);
    cast.set("want", yuan(sums.want));
    cast.set("ask", &demand_text);
    let facts = tell(rng, voice, channel, skeleton, &mut cast);
    let title = title(rng, skeleton, &mut cast);
    let kind = &BOOK.resolutions[&skeleton.resolution];
    // A settlement is told in the words of the office, not of the consumer.
    cast.set("amount", yuan(sums.amount));
    let settlement = settle(rng, kind, outcome, &mut cast, sums.amount, sums.want);
    let (consents_to_publication, consents_to_delegation) = draw_consents(rng);
    let notify_by = match draw_notify(rng, channel) {
        "email" if person.email.is_none() => "sms",
        way => way,
    };
    let holds = if matches!(channel, "phone" | "hotline_referral") { below(rng, 2) } else { 1 + below(rng, 3) };
    Story {
        kind: "complaint",
        skeleton: &skeleton.key,
        channel: channel.to_owned(),
        category_code: &skeleton.category,
        problem_code: &skeleton.problem,
        goods: goods.name.clone(),
        brand,
        model,
        order_number: shop.is_online.as_ref().map(|_| order_number(rng, days.bought)),
        amount_cents: sums.amount,
        bought_on: days.bought,
        bought_days_ago: days_between(days.bought, today),
        knew_on: days.noticed,
        incident_place: shop.is_online.clone().unwrap_or_else(|| shop.address.clone()),
        title,
        facts,
        demands,
        demand_text,
        wants_cents: sums.want,
        consents_to_publication,
        consents_to_delegation,
        notify_by,
        evidence: pick_some(rng, &skeleton.evidence, holds).into_iter().map(String::as_str).collect(),
        outcome,
        pace: draw_pace(rng),
        settlement,
    }
}

/// The lists that a story draws from, and what is settled from the start.
fn cast_of<'a>(skeleton: &'a Skeleton, goods: &'a Goods, shop: &Shop, person: &Person, town: &Town) -> Cast<'a> {
    let common = &BOOK.common;
    let mut cast = Cast::new(vec![&goods.slots, &skeleton.slots, &common.lists, &common.ratings, &BOOK.lists]);
    cast.set("name", &person.name);
    cast.set("surname", &person.surname);
    cast.set("title", person.title());
    cast.set("age", person.age.to_string());
    cast.set("county", &town.county.name);
    cast.set("shop", &shop.short_name);
    cast.set("boss", &shop.contact_title);
    cast.set("platform", shop.is_online.as_deref().unwrap_or("网上"));
    cast
}

struct Days {
    bought: Date,
    noticed: Date,
    asked: Date,
}

fn days_of(rng: &mut impl Rng, skeleton: &Skeleton, outcome: Outcome, today: Date) -> Days {
    let (least, most) = skeleton.days;
    let bought_ago = match outcome {
        // Item 4 of article 16: more than three years ago.
        Outcome::Refused { item: 4 } => between(rng, 1100, 1500),
        _ => between(rng, least, most).min(between(rng, least, most)),
    };
    let noticed_ago = if bought_ago <= 1 { bought_ago } else { between(rng, 1, (bought_ago * 7 / 10).max(1)) };
    let asked_ago = if noticed_ago == 0 { 0 } else { between(rng, 0, (noticed_ago - 1).min(20)) };
    let back = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
    Days { bought: back(bought_ago), noticed: back(noticed_ago), asked: back(asked_ago) }
}

fn set_days(rng: &mut impl Rng, cast: &mut Cast<'_>, voice: Voice, days: &Days, today: Date) {
    let bought = name_day(rng, voice, days.bought, today);
    let noticed =
        if days.noticed == days.bought { "当天".to_owned() } else { name_day(rng, voice, days.noticed, today) };
    let asked = match days.asked {
        asked if asked == days.noticed => "随后".to_owned(),
        asked => name_day(rng, voice, asked, today),
    };
    cast.set("bought", bought);
    cast.set("noticed", noticed);
    cast.set("asked", asked);
    cast.set("used", name_span(rng, days_between(days.bought, days.noticed)));
    cast.set("bought_day", formal_day(days.bought));
    cast.set("sale", sale(rng, days.bought));
}

fn set_sums(rng: &mut impl Rng, cast: &mut Cast<'_>, voice: Voice, sums: &Sums) {
    let units = match voice {
        Voice::Recorded | Voice::Letter => ["元", "元", "元"],
        _ => ["元", "块", "块钱"],
    };
    let unit = *pick(rng, &units);
    cast.set("amount", format!("{}{unit}", number(sums.amount)));
    cast.set("sum", yuan(sums.amount));
    cast.set("left", yuan(sums.left));
    cast.set("damage", yuan(sums.damage));
}

fn set_goods(cast: &mut Cast<'_>, goods: &Goods, brand: Option<&str>) {
    let name = brand.map_or_else(|| goods.name.clone(), |brand| format!("{brand}牌{}", goods.name));
    let unit = goods.unit.as_deref().unwrap_or_default();
    cast.set("goods", &goods.name);
    cast.set("unit", unit);
    cast.set("thing", format!("{unit}{name}"));
}

fn title(rng: &mut impl Rng, skeleton: &Skeleton, cast: &mut Cast<'_>) -> String {
    let first = below(rng, skeleton.titles.len());
    let mut shortest = String::new();
    for offset in 0..skeleton.titles.len() {
        let title = skeleton.titles[(first + offset) % skeleton.titles.len()].fill(rng, cast);
        if title.chars().count() <= LONGEST_TITLE {
            return title;
        }
        shortest = title;
    }
    shortest.chars().take(LONGEST_TITLE).collect()
}

fn model_number(rng: &mut impl Rng) -> String {
    const LETTERS: &[u8] = b"ABCDEGHKLMNPRSTWXY";
    let one = char::from(*pick(rng, LETTERS));
    let two = char::from(*pick(rng, LETTERS));
    format!("{one}{two}-{}{}", between(rng, 10, 99), pick(rng, &["", "0", "A", "Pro", "S", "B1"]))
}

fn order_number(rng: &mut impl Rng, bought: Date) -> String {
    format!("D{:04}{:02}{:02}{:010}", bought.year(), bought.month(), bought.day(), below(rng, 10_000_000_000))
}
