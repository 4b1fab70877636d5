//! Invented businesses (经营者): the same county and seed always have the same shops, and a few of them draw most of
//! the complaints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rand::Rng;
use serde::Deserialize;

use super::person::{County, PLACES, full_name, landline, mobile, split, street, surname};
use super::shares::{Weighted, zipf};
use super::vocabulary::{below, between, generator, per_mille, pick, read};

static FILE: LazyLock<File> = LazyLock::new(|| read("shops.toml", include_str!("../../data/shops.toml")));

/// The stream of the generator that makes shops; see `vocabulary::generator`.
const SHOP_STREAM: u64 = 0x5_0F;

/// The letters of GB 32100: digits and capitals without I, O, S, V, Z.
const CREDIT_CODE_LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

#[derive(Debug, Deserialize)]
struct File {
    cores: BTreeMap<String, String>,
    families: Families,
    platforms: Platforms,
    trades: Vec<Trade>,
}

#[derive(Debug, Deserialize)]
struct Families {
    fronts: String,
    after: String,
}

#[derive(Debug, Deserialize)]
struct Platforms {
    names: Vec<String>,
}

/// A line of business as `data/shops.toml` describes it.
#[derive(Debug, Deserialize)]
struct Trade {
    key: String,
    name: String,
    styles: Vec<String>,
    signs: Vec<String>,
    industry: Vec<String>,
    company_per_mille: usize,
    #[serde(default)]
    online: bool,
    shops: usize,
}

/// An invented business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// The registered name.
    pub name: String,
    /// The name on the sign, or of the shop on its platform.
    pub short_name: String,
    /// Key of its trade in `data/shops.toml`.
    pub trade: String,
    /// The trade in words (行业).
    pub trade_name: String,
    /// Place of business.
    pub address: String,
    /// A mobile number or a land line, neither of which can ring.
    pub phone: String,
    /// 统一社会信用代码, eighteen characters with right check digits.
    pub credit_code: String,
    /// The owner or the manager who speaks for the shop.
    pub contact_name: String,
    /// How people call that person: 王经理.
    pub contact_title: String,
    /// The invented platform it sells on.
    pub is_online: Option<String>,
    /// 消费维权联络员 of the larger shops, with a phone number.
    pub liaison: Option<(String, String)>,
}

/// All shops of a county.
#[derive(Debug, Clone)]
pub struct Street {
    shops: Vec<Shop>,
    by_trade: BTreeMap<String, Weighted<usize>>,
}

impl Street {
    /// The shops of a county, about `size` of them (at least one of every trade), always the same for a seed.
    pub fn of_county(county: &County, size: usize, seed: u64) -> Self {
        let mut rng = generator(seed, SHOP_STREAM ^ county.code.parse::<u64>().unwrap_or(0) << 8);
        let usual: usize = FILE.trades.iter().map(|trade| trade.shops).sum();
        let mut taken = BTreeSet::new();
        let mut shops = Vec::new();
        let mut by_trade = BTreeMap::new();
        for trade in &FILE.trades {
            let count = (trade.shops * size / usual).max(1);
            let first = shops.len();
            for _ in 0..count {
                shops.push(trade.open(&mut rng, county, &mut taken));
            }
            by_trade.insert(trade.key.clone(), Weighted::new((first..).zip(zipf(count))));
        }
        Self { shops, by_trade }
    }

    /// Every shop; a shop's place in the list is its number.
    pub fn shops(&self) -> &[Shop] {
        &self.shops
    }

    /// The number of a shop in one of the trades, the notorious ones more often.
    ///
    /// # Panics
    /// When none of the trades exists, which a test over all data excludes.
    pub fn draw(&self, rng: &mut impl Rng, trades: &[String]) -> usize {
        let trade = pick(rng, trades);
        let shops = self.by_trade.get(trade).unwrap_or_else(|| panic!("no trade is called {trade}"));
        *shops.draw(rng)
    }
}

/// Whether a trade of this key exists.
pub fn has_trade(key: &str) -> bool {
    FILE.trades.iter().any(|trade| trade.key == key)
}

impl Trade {
    fn open(&self, rng: &mut impl Rng, county: &County, taken: &mut BTreeSet<String>) -> Shop {
        let sign = pick(rng, &self.signs);
        let mut core = self.core(rng, county);
        let mut short_name = format!("{core}{sign}");
        // A second shop of a name takes a number or the other half of a pair, as they do in life.
        for attempt in 0_usize.. {
            if taken.insert(short_name.clone()) {
                break;
            }
            core = if attempt < 4 {
                self.core(rng, county)
            } else {
                format!("{core}{}", pick(rng, &["新", "盛", "美", "佳", "源", "悦"]))
            };
            short_name = format!("{core}{sign}");
        }
        let township = county.township(rng).to_owned();
        let is_company = per_mille(rng, self.company_per_mille);
        let name = if is_company {
            self.company(rng, county, &core, taken)
        } else {
            let town = if per_mille(rng, 400) { township.as_str() } else { "" };
            let form = if per_mille(rng, 350) { "（个体工商户）" } else { "" };
            format!("{}{town}{short_name}{form}", county.name)
        };
        let contact_name = full_name(rng);
        let title = if is_company {
            pick(rng, &["经理", "总", "经理", "主管"])
        } else {
            pick(rng, &["老板", "店长", "老板"])
        };
        let family =
            contact_name.chars().take(contact_name.chars().count().saturating_sub(2).max(1)).collect::<String>();
        Shop {
            contact_title: format!("{family}{title}"),
            address: place(rng, county, &township, self.online),
            phone: phone(rng, county, is_company),
            credit_code: credit_code(rng, &county.code, is_company),
            is_online: self.online.then(|| pick(rng, &FILE.platforms.names).clone()),
            liaison: (is_company && per_mille(rng, 400)).then(|| (full_name(rng), mobile(rng))),
            trade: self.key.clone(),
            trade_name: self.name.clone(),
            name,
            short_name,
            contact_name,
        }
    }

    /// A registered name that no other company of the county bears.
    fn company(&self, rng: &mut impl Rng, county: &County, core: &str, taken: &mut BTreeSet<String>) -> String {
        let first = below(rng, self.industry.len());
        let mut core = core.to_owned();
        for attempt in first.. {
            let name = format!("{}{core}{}有限公司", county.name, self.industry[attempt % self.industry.len()]);
            if taken.insert(name.clone()) {
                return name;
            }
            if attempt >= first + self.industry.len() {
                core = format!("{core}{}", pick(rng, &["诚", "新", "盛", "佳"]));
            }
        }
        core
    }

    fn core(&self, rng: &mut impl Rng, county: &County) -> String {
        let style = pick(rng, &self.styles).as_str();
        match style {
            "family" if per_mille(rng, 500) => {
                format!("{}{}", pick(rng, &split(&FILE.families.fronts)), surname(rng))
            }
            "family" => format!("{}{}", surname(rng), pick(rng, &split(&FILE.families.after))),
            "flavour" => {
                let words = county.code.get(..2).and_then(|province| PLACES.flavours.get(province));
                let front = words.map_or("家乡", |words| pick(rng, words).as_str());
                format!("{front}{}", pick(rng, &["人家", "食府", "小馆", "记忆", "香", "一绝"]))
            }
            style => pick(rng, &split(&FILE.cores[style])).clone(),
        }
    }
}

fn place(rng: &mut impl Rng, county: &County, township: &str, is_online: bool) -> String {
    let county = &county.name;
    if is_online {
        return format!(
            "{county}{township}{}电商产业园{}栋{}室",
            street(rng),
            between(rng, 1, 9),
            between(rng, 101, 628)
        );
    }
    match below(rng, 4) {
        0 => format!("{county}{township}{}", pick(rng, &PLACES.markets)),
        1 => format!("{county}{township}{}{}号商铺", street(rng), between(rng, 1, 36)),
        _ => format!("{county}{township}{}", street(rng)),
    }
}

fn phone(rng: &mut impl Rng, county: &County, is_company: bool) -> String {
    let fixed = if is_company && per_mille(rng, 550) { landline(rng, &county.code) } else { None };
    fixed.unwrap_or_else(|| mobile(rng))
}

/// A code with right check digits (GB 32100 and GB 11714). The organisation part begins with `MY`, a range that has not
/// been given out, so that no code belongs to a real business.
fn credit_code(rng: &mut impl Rng, county_code: &str, is_company: bool) -> String {
    let mut organization = *b"MY000000";
    for letter in &mut organization[2..] {
        *letter = CREDIT_CODE_LETTERS[below(rng, CREDIT_CODE_LETTERS.len())];
    }
    let organization = String::from_utf8_lossy(&organization).into_owned();
    let kind = if is_company { "91" } else { "92" };
    let body = format!("{kind}{county_code}{organization}{}", organization_check(&organization));
    let check = credit_code_check(&body);
    format!("{body}{check}")
}

/// The ninth character of an organisation code (GB 11714) from the eight before it.
pub fn organization_check(body: &str) -> char {
    let sum: u32 = body
        .chars()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(letter, weight)| letter.to_digit(36).unwrap_or(0) * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// The eighteenth character of a 统一社会信用代码 (GB 32100) from the seventeen before it.
pub fn credit_code_check(body: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for letter in body.bytes() {
        let value = CREDIT_CODE_LETTERS.iter().position(|own| *own == letter).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    char::from(CREDIT_CODE_LETTERS[(31 - sum % 31) % 31])
}
