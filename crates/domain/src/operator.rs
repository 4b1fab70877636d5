//! 经营者: the registered business behind a respondent, and why a respondent is likely this or that one. A person decides, except
//! where the credit code says it.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::credit_code::CreditCode;
use crate::digits::half_width;
use crate::region_code::RegionCode;

/// By what a respondent was tied to an operator, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// 统一社会信用代码相同.
    CreditCode,
    /// 同一平台上同名的网店.
    Shop,
    /// 名称相同, in the same county.
    Name,
    /// A person found it.
    Chosen,
    /// Entered in the register with this act.
    Registered,
}

impl Tie {
    /// The words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Tie::CreditCode => "信用代码相同",
            Tie::Shop => "同一平台的同名网店",
            Tie::Name => "名称和地区相同",
            Tie::Chosen => "查找后选定",
            Tie::Registered => "新登记",
        }
    }
}

/// What a complaint says of the one it is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told<'a> {
    /// 统一社会信用代码, empty when not given.
    pub credit_code: &'a str,
    /// 名称.
    pub name: &'a str,
    /// The platform it sells on, empty when none.
    pub platform: &'a str,
    /// Division of its place.
    pub region: &'a str,
}

/// What the register says of an operator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// 统一社会信用代码, empty when not known.
    pub credit_code: &'a str,
    /// Its names, the former ones too, each as [`name_key`] writes them.
    pub names: &'a [String],
    /// Its shops on platforms, each as [`shop_key`] writes them.
    pub shops: &'a [String],
    /// Division of its place, empty when not known.
    pub region: &'a str,
}

/// Why the two are likely one; none when nothing says so, or when their credit codes differ.
pub fn tie(told: &Told<'_>, known: &Known<'_>) -> Option<Tie> {
    let both = !told.credit_code.is_empty() && !known.credit_code.is_empty();
    if both {
        return (told.credit_code == known.credit_code).then_some(Tie::CreditCode);
    }
    let name = name_key(told.name);
    if name.is_empty() {
        return None;
    }
    if !told.platform.is_empty() && known.shops.contains(&shop_key(told.platform, told.name)) {
        return Some(Tie::Shop);
    }
    (known.names.contains(&name) && same_county(told.region, known.region)).then_some(Tie::Name)
}

/// Whether two divisions lie in one county; what is not known is none.
pub fn same_county(one: &str, other: &str) -> bool {
    one.len() >= 6 && other.len() >= 6 && one.get(..6) == other.get(..6)
}

/// Whether a division lies inside that of a bureau.
pub fn lies_in(region: &str, of_bureau: &str) -> bool {
    match (RegionCode::parse(region), RegionCode::parse(of_bureau)) {
        (Ok(region), Ok(bureau)) => bureau.contains(&region),
        _ => false,
    }
}

/// A name as it is compared: without spaces and brackets, half-width, and without the form of a sole trader behind it.
pub fn name_key(name: &str) -> String {
    let letters: String = half_width(name)
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    match letters.strip_suffix("个体工商户") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => letters,
    }
}

/// A shop on a platform as it is compared.
pub fn shop_key(platform: &str, name: &str) -> String {
    format!("{}|{}", name_key(platform), name_key(name))
}

/// The kind that a credit code or a name shows; code table `operator_kinds`.
pub fn likely_kind(credit_code: &str, name: &str) -> &'static str {
    let sole_trader = CreditCode::parse(credit_code).is_ok_and(|code| code.is_sole_trader());
    match credit_code.get(..2) {
        _ if sole_trader || name.contains("个体工商户") => "sole_trader",
        Some("93") => "cooperative",
        Some("91") => "enterprise",
        _ if name.contains("合作社") => "cooperative",
        _ if name.contains("公司") => "enterprise",
        _ => "sole_trader",
    }
}

/// The bureau's settings for the history of an operator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whose setting it is.
    pub source: String,
    /// Whether the numbers were read in a text of law.
    pub confirmed: bool,
    /// 近几个月: the time that counts as recent.
    pub recent_months: i32,
    /// So many complaints of one problem in that time are pointed out.
    pub repeated_at_least: i64,
    /// 近几个月受过行政处罚: pointed out to whoever handles what names it again.
    pub penalised_months: i32,
}

/// The settings shipped with the program.
pub fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let (file, text) = crate::embedded::OPERATORS;
        toml::from_str(text).unwrap_or_else(|error| panic!("built-in settings {file}: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tied(told: &Told<'_>, code: &str, name: &str, shop: &str) -> Option<Tie> {
        let (names, shops) = ([name_key(name)], [shop.to_owned()]);
        tie(told, &Known { credit_code: code, names: &names, shops: &shops, region: "410105" })
    }

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        assert_eq!(name_key("金水区好又来超市（个体工商户）"), name_key("金水区 好又来超市"));
        assert_eq!(name_key("ＡＢ商行 (一店)"), "ab商行一店");
        assert_ne!(name_key("好又来超市"), name_key("好又多超市"));
    }

    #[test]
    fn the_surest_reason_wins_and_another_code_is_another_business() {
        let told = Told { credit_code: "A", name: "好又来", platform: "", region: "410105001" };
        assert_eq!(tied(&told, "A", "别的名", ""), Some(Tie::CreditCode));
        assert_eq!(tied(&told, "B", "好又来", ""), None, "another code");
        assert_eq!(tied(&told, "", "好又来", ""), Some(Tie::Name));
        assert_eq!(tied(&Told { region: "410102001", ..told }, "", "好又来", ""), None, "another county");
        let online = Told { platform: "淘淘", credit_code: "", region: "", ..told };
        assert_eq!(tied(&online, "A", "某公司", &shop_key("淘淘", "好又来")), Some(Tie::Shop));
        assert_eq!(tied(&Told { name: "", ..online }, "A", "", "淘淘|"), None, "nothing equals nothing");
    }

    #[test]
    fn a_county_holds_its_townships() {
        assert!(lies_in("410105001", "410105") && lies_in("410105", "410100") && !lies_in("410102", "410105"));
        assert!(!lies_in("", "410105"));
        assert!(!settings().confirmed, "the numbers are the bureau's own setting");
    }
}
