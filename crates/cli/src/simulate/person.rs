//! Invented consumers: names as common as they are in China, ages, addresses, and numbers that ring at nobody's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rand::Rng;
use serde::Deserialize;

use super::shares::Weighted;
use super::vocabulary::{below, between, per_mille, pick, read};

static NAMES: LazyLock<Names> =
    LazyLock::new(|| Names::from(read::<NameFile>("names.toml", include_str!("../../data/names.toml"))));
pub(super) static PLACES: LazyLock<Places> =
    LazyLock::new(|| Places::from(read::<PlaceFile>("places.toml", include_str!("../../data/places.toml"))));

/// A county-level division as the stories need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// The six digits of GB/T 2260.
    pub code: String,
    /// For instance 荥阳市.
    pub name: String,
    /// Names of its towns and subdistricts; may be empty.
    pub townships: Vec<String>,
}

impl County {
    /// A township of the county, or nothing where none is known.
    pub fn township(&self, rng: &mut impl Rng) -> &str {
        if self.townships.is_empty() { "" } else { pick(rng, &self.townships).as_str() }
    }
}

/// 性别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// An invented consumer (消费者).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Surname and given name.
    pub name: String,
    /// The surname alone, one or two characters.
    pub surname: String,
    /// Follows the given name.
    pub sex: Sex,
    /// Eleven digits; see `mobile`.
    pub phone: String,
    /// Where letters go.
    pub address: String,
    /// Whole years.
    pub age: u8,
    /// Under a reserved domain.
    pub email: Option<String>,
}

impl Person {
    /// Somebody who lives in the county.
    pub fn of_county(rng: &mut impl Rng, county: &County, year: i16) -> Self {
        let township = county.township(rng).to_owned();
        Self::born(rng, year, None, None, |rng| address(rng, &county.name, &township))
    }

    /// Somebody of the wanted age and sex, in the county or, for the buyer of an online shop, anywhere in the country.
    pub fn suited(
        rng: &mut impl Rng,
        county: &County,
        year: i16,
        ages: Option<(u8, u8)>,
        sex: Option<Sex>,
        elsewhere: bool,
    ) -> Self {
        if elsewhere {
            let city = pick(rng, &PLACES.elsewhere).clone();
            return Self::born(rng, year, ages, sex, |rng| address(rng, &city, ""));
        }
        let township = county.township(rng).to_owned();
        Self::born(rng, year, ages, sex, |rng| address(rng, &county.name, &township))
    }

    fn born<R: Rng>(
        rng: &mut R,
        year: i16,
        ages: Option<(u8, u8)>,
        sex: Option<Sex>,
        address: impl FnOnce(&mut R) -> String,
    ) -> Self {
        static AGES: LazyLock<Weighted<(u8, u8)>> = LazyLock::new(|| {
            Weighted::new([
                ((18, 24), 10),
                ((25, 34), 37),
                ((35, 44), 25),
                ((45, 54), 15),
                ((55, 64), 9),
                ((65, 82), 4),
            ])
        });
        let (youngest, oldest) = ages.unwrap_or_else(|| *AGES.draw(rng));
        let age = between(rng, i64::from(youngest), i64::from(oldest)) as u8;
        let sex = sex.unwrap_or_else(|| if per_mille(rng, 470) { Sex::Male } else { Sex::Female });
        let surname = surname(rng);
        let name = format!("{surname}{}", given_name(rng, sex, year - i16::from(age)));
        let email = per_mille(rng, 180).then(|| email(rng, year - i16::from(age)));
        Self { name, surname, sex, phone: mobile(rng), address: address(rng), age, email }
    }

    /// 先生 or 女士.
    pub fn title(&self) -> &'static str {
        match self.sex {
            Sex::Male => "先生",
            Sex::Female => "女士",
        }
    }
}

/// A surname as often as it occurs.
pub fn surname(rng: &mut impl Rng) -> String {
    NAMES.surnames.draw(rng).clone()
}

/// The name of a grown person of unstated age: shop owners, clerks, officers.
pub fn full_name(rng: &mut impl Rng) -> String {
    let sex = if per_mille(rng, 550) { Sex::Male } else { Sex::Female };
    let born = between(rng, 1966, 1999) as i16;
    format!("{}{}", surname(rng), given_name(rng, sex, born))
}

fn given_name(rng: &mut impl Rng, sex: Sex, born: i16) -> String {
    let decade =
        NAMES.decades.iter().find(|decade| born <= decade.until).unwrap_or(&NAMES.decades[NAMES.decades.len() - 1]);
    let parts = match sex {
        Sex::Male => &decade.male,
        Sex::Female => &decade.female,
    };
    if per_mille(rng, 520) {
        return pick(rng, &parts.whole).clone();
    }
    let first = pick(rng, &parts.first);
    let last = pick(rng, &parts.last);
    if first == last { last.clone() } else { format!("{first}{last}") }
}

/// A mobile number: the right length and a lawful beginning, but a network code that no operator holds.
pub fn mobile(rng: &mut impl Rng) -> String {
    format!("{}{:08}", pick(rng, &PLACES.mobile_prefixes), below(rng, 100_000_000))
}

/// A land line of the county: its area code, then a number that no exchange assigns. Nothing where the area code of
/// the prefecture is not known.
pub fn landline(rng: &mut impl Rng, county_code: &str) -> Option<String> {
    let area = PLACES.area_codes.get(county_code.get(..4)?)?;
    // Cities whose area code has three digits, and most provincial capitals, have numbers of eight digits.
    let long = area.len() == 3 || area.ends_with('1');
    let rest = if long { format!("{:06}", below(rng, 1_000_000)) } else { format!("{:05}", below(rng, 100_000)) };
    Some(format!("{area}-9{}{rest}", below(rng, 5)))
}

/// Where somebody lives in a township: a flat in a subdistrict, a house in a village.
pub fn address(rng: &mut impl Rng, county: &str, township: &str) -> String {
    let rural = !township.is_empty() && !township.ends_with("街道");
    if rural && per_mille(rng, 650) {
        let surname = surname(rng);
        let hamlet = pick(rng, &PLACES.hamlets);
        let front = if per_mille(rng, 300) { pick(rng, &PLACES.hamlet_fronts).as_str() } else { "" };
        let village = if hamlet.ends_with('村') { hamlet.clone() } else { format!("{hamlet}村") };
        return format!(
            "{county}{township}{front}{surname}{village}{}组{}号",
            between(rng, 1, 12),
            between(rng, 1, 160)
        );
    }
    let compound = pick(rng, &PLACES.compounds);
    let home = match below(rng, 4) {
        0 => format!("{}号楼{}单元{}号", between(rng, 1, 28), between(rng, 1, 4), flat(rng)),
        1 => format!("{}栋{}室", between(rng, 1, 22), flat(rng)),
        2 => format!("{}-{}-{}", between(rng, 1, 30), between(rng, 1, 3), flat(rng)),
        _ => format!("{}号楼{}", between(rng, 1, 19), flat(rng)),
    };
    if per_mille(rng, 700) {
        return format!("{county}{township}{}{compound}{home}", street(rng));
    }
    format!("{county}{township}{compound}{home}")
}

fn flat(rng: &mut impl Rng) -> String {
    format!("{}0{}", between(rng, 1, 24), between(rng, 1, 4))
}

/// A road with a number: 文化路南段128号.
pub fn street(rng: &mut impl Rng) -> String {
    let road = pick(rng, &PLACES.roads);
    let part = if per_mille(rng, 250) { format!("{}段", pick(rng, &PLACES.directions)) } else { String::new() };
    format!("{road}{part}{}号", between(rng, 1, 399))
}

fn email(rng: &mut impl Rng, born: i16) -> String {
    let (one, two) = (pick(rng, &PLACES.sounds), pick(rng, &PLACES.sounds));
    format!("{one}{two}{}@mail.example", if per_mille(rng, 500) { i64::from(born) } else { between(rng, 10, 999) })
}

#[derive(Debug, Deserialize)]
struct NameFile {
    surnames: String,
    decades: Vec<DecadeFile>,
}

#[derive(Debug, Deserialize)]
struct DecadeFile {
    until: i16,
    m: GivenFile,
    f: GivenFile,
}

#[derive(Debug, Deserialize)]
struct GivenFile {
    whole: String,
    first: String,
    last: String,
}

struct Names {
    surnames: Weighted<String>,
    decades: Vec<Decade>,
}

struct Decade {
    until: i16,
    male: Given,
    female: Given,
}

struct Given {
    whole: Vec<String>,
    first: Vec<String>,
    last: Vec<String>,
}

impl From<NameFile> for Names {
    fn from(file: NameFile) -> Self {
        let words = split(&file.surnames);
        let surnames = words.chunks(2).map(|pair| (pair[0].clone(), pair[1].parse().unwrap_or(0)));
        let decades = file.decades.into_iter().map(|decade| Decade {
            until: decade.until,
            male: decade.m.into(),
            female: decade.f.into(),
        });
        Self { surnames: Weighted::new(surnames), decades: decades.collect() }
    }
}

impl From<GivenFile> for Given {
    fn from(file: GivenFile) -> Self {
        Self { whole: split(&file.whole), first: split(&file.first), last: split(&file.last) }
    }
}

#[derive(Debug, Deserialize)]
struct PlaceFile {
    roads: String,
    directions: String,
    compounds: String,
    hamlets: String,
    hamlet_fronts: String,
    markets: String,
    elsewhere: String,
    sounds: String,
    mobile_prefixes: String,
    area_codes: BTreeMap<String, String>,
    flavours: BTreeMap<String, String>,
}

pub(super) struct Places {
    roads: Vec<String>,
    directions: Vec<String>,
    compounds: Vec<String>,
    hamlets: Vec<String>,
    hamlet_fronts: Vec<String>,
    pub(super) markets: Vec<String>,
    elsewhere: Vec<String>,
    sounds: Vec<String>,
    mobile_prefixes: Vec<String>,
    area_codes: BTreeMap<String, String>,
    pub(super) flavours: BTreeMap<String, Vec<String>>,
}

impl From<PlaceFile> for Places {
    fn from(file: PlaceFile) -> Self {
        Self {
            roads: split(&file.roads),
            directions: split(&file.directions),
            compounds: split(&file.compounds),
            hamlets: split(&file.hamlets),
            hamlet_fronts: split(&file.hamlet_fronts),
            markets: split(&file.markets),
            elsewhere: split(&file.elsewhere),
            sounds: split(&file.sounds),
            mobile_prefixes: split(&file.mobile_prefixes),
            area_codes: file.area_codes,
            flavours: file.flavours.into_iter().map(|(code, words)| (code, split(&words))).collect(),
        }
    }
}

pub(super) fn split(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}
