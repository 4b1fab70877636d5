//! 管辖: which place decides which bureau handles a complaint, by what the respondent is and by the rule set of the case
//! (O121 arts. 13, 14; before 2026 O20 arts. 12, 13). Pure: it names the place and gives its reasons; a person decides.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::keyed::keyed;

keyed! {
    /// What the respondent is, as far as jurisdiction asks.
    pub enum Target:
    /// 实体店.
    Shop = "shop", "实体店";
    /// 平台内经营者, whose address on the platform can be reached.
    PlatformShop = "platform_shop", "平台上的店铺，公示地址联系得上";
    /// 平台内经营者 without an address on the platform, or not reachable there.
    UnreachableShop = "unreachable_shop", "平台上的店铺，没有公示地址或者联系不上";
    /// 自建网站或者其他网络服务.
    OwnSite = "own_site", "自建网站、小程序等网店";
    /// 平台经营者.
    PlatformOperator = "platform_operator", "平台本身";
    /// 广告; of a report: in newspapers, on the air, in the street.
    Advertisement = "advertisement", "广告";
    /// 互联网广告, published by somebody else than the advertiser.
    InternetAdvertisement = "internet_advertisement", "互联网广告";
    /// 广告主自行发布的互联网广告.
    OwnAdvertisement = "own_advertisement", "广告主自己发布的互联网广告";
}

impl Target {
    /// Those that matter for a report, or for a complaint, in the order in which pages show them.
    pub fn of(report: bool) -> impl Iterator<Item = Target> {
        let apart = |target: &Target| matches!(target, Target::InternetAdvertisement | Target::OwnAdvertisement);
        Target::ALL.iter().copied().filter(move |target| report || !apart(target))
    }

    fn is_advertisement(self) -> bool {
        matches!(self, Target::Advertisement | Target::InternetAdvertisement | Target::OwnAdvertisement)
    }
}

keyed! {
    /// The place that decides.
    pub enum Place:
    /// 住所地.
    Registered = "registered", "住所地";
    /// 实际经营地.
    Operating = "operating", "实际经营地";
    /// 平台公示地址所在地.
    Shown = "shown", "平台公示的地址所在地";
    /// 平台经营者住所地.
    Platform = "platform", "平台经营者住所地";
    /// 经营行为发生地.
    Conduct = "conduct", "经营行为发生地";
    /// 广告发布者所在地.
    Publisher = "publisher", "广告发布者所在地";
    /// 广告经营者所在地: who designs, makes or places it for others.
    Agency = "agency", "广告经营者所在地";
    /// 广告主所在地.
    Advertiser = "advertiser", "广告主所在地";
}

/// What is known of the respondent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The platform on which it sells; empty when it does not.
    pub platform: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The address that is known; on a platform, the one shown there.
    pub address: &'a str,
    /// 购买途径, code table `sales_channels`, or 举报的是什么, code table `report_targets`; empty when nobody was asked.
    pub channel: &'a str,
    /// It is a report: other articles say who handles it (O121 arts. 29–32).
    pub report: bool,
}

/// Which place decides, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What the respondent was taken for.
    pub target: Target,
    /// The places, each of which gives the power; where there are several, the first bureau to receive keeps the case.
    pub places: Vec<Place>,
    /// The article.
    pub article: String,
    /// The reasons, a sentence each, from the facts to the place.
    pub reasons: Vec<String>,
    /// Whether the rule was read in its source.
    pub confirmed: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rule_set: String,
    target: String,
    places: Vec<Place>,
    article: String,
    says: String,
    #[serde(default)]
    report: bool,
    #[serde(default = "crate::rule_set::yes")]
    confirmed: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rules: Vec<Row>,
}

fn rules() -> &'static [Row] {
    static RULES: OnceLock<Vec<Row>> = OnceLock::new();
    RULES.get_or_init(|| {
        let (file, text) = crate::embedded::JURISDICTION;
        let read: File = toml::from_str(text).unwrap_or_else(|error| panic!("built-in jurisdiction {file}: {error}"));
        read.rules
    })
}

/// What the respondent most likely is, from what is known. A named platform says more than a choice left as it was offered; that an
/// advertisement is reported says more than the platform on which it stands.
pub fn target_of(facts: Facts<'_>) -> Target {
    let platform = facts.platform.trim();
    if let Some(target) = Target::from_key(facts.channel).filter(|target| facts.report && target.is_advertisement()) {
        return target;
    }
    match facts.channel {
        _ if !platform.is_empty() && platform == facts.name.trim() => Target::PlatformOperator,
        "platform_operator" => Target::PlatformOperator,
        "own_site" => Target::OwnSite,
        "advertisement" => Target::Advertisement,
        "unreachable_shop" => Target::UnreachableShop,
        channel if platform.is_empty() && channel != "platform_shop" => Target::Shop,
        _ if facts.address.trim().is_empty() => Target::UnreachableShop,
        _ => Target::PlatformShop,
    }
}

/// The ruling for a respondent of this kind under a rule set; none for a set that has no rule.
pub fn ruling(rule_set: &str, target: Target, facts: Facts<'_>) -> Option<Ruling> {
    let of_set = || rules().iter().filter(|rule| rule.rule_set == rule_set && rule.report == facts.report);
    let rule =
        of_set().find(|rule| rule.target == target.key()).or_else(|| of_set().find(|rule| rule.target == "any"))?;
    let mut reasons = vec![seen(target, facts), rule.says.clone()];
    if rule.places.len() > 1 {
        reasons.push("两个以上的局都有权处理的，由先收到的局处理。".to_owned());
    }
    if !rule.confirmed {
        reasons.push("这一条还没有核对原文，请先核对。".to_owned());
    }
    Some(Ruling {
        target,
        places: rule.places.clone(),
        article: rule.article.clone(),
        reasons,
        confirmed: rule.confirmed,
    })
}

/// The ruling for what is known.
pub fn resolve(rule_set: &str, facts: Facts<'_>) -> Option<Ruling> {
    ruling(rule_set, target_of(facts), facts)
}

fn on(facts: Facts<'_>) -> String {
    let platform = facts.platform.trim();
    if platform.is_empty() { String::new() } else { format!("，在“{platform}”上") }
}

/// What was seen in the facts, in a sentence.
fn seen(target: Target, facts: Facts<'_>) -> String {
    let platform = match facts.platform.trim() {
        "" => "在平台上购买".to_owned(),
        platform => format!("在“{platform}”上购买"),
    };
    if facts.report {
        return match target {
            Target::Shop => "举报的是实体店，或者没有写明在平台、网站上。".to_owned(),
            Target::PlatformShop | Target::UnreachableShop => format!("举报的是平台内的店铺{}。", on(facts)),
            Target::OwnSite => "举报的是自己的网站、小程序或者 App。".to_owned(),
            Target::PlatformOperator => "举报的是平台本身。".to_owned(),
            Target::Advertisement => "举报的是报刊、广播、电视、户外等的广告。".to_owned(),
            Target::InternetAdvertisement => format!("举报的是别人发布的互联网广告{}。", on(facts)),
            Target::OwnAdvertisement => format!("举报的是商家自己发布的互联网广告{}。", on(facts)),
        };
    }
    match (target, facts.channel) {
        (Target::Shop, "shop") => "在实体店购买。".to_owned(),
        (Target::Shop, "other") => "不是在网店购买，也不是由广告引起，按经营者所在的地方判断。".to_owned(),
        (Target::Shop, _) => "没有写明是在平台上购买，按实体店判断。".to_owned(),
        (Target::PlatformShop, "shop") => format!("选的是实体店，但写明{platform}，按平台内经营者判断。"),
        (Target::PlatformShop, _) => format!("{platform}，店铺有地址，按平台内经营者判断。"),
        (Target::UnreachableShop, "unreachable_shop") => {
            format!("{platform}，店铺没有公示地址，或者按公示的地址联系不上。")
        }
        (Target::UnreachableShop, _) => format!("{platform}，没有店铺的地址。"),
        (Target::OwnSite, _) => "在商家自己的网站、小程序或者 App 上购买，按自建网站、其他网络服务判断。".to_owned(),
        (Target::PlatformOperator, _) => "投诉的是平台本身。".to_owned(),
        (Target::Advertisement | Target::InternetAdvertisement | Target::OwnAdvertisement, _) => {
            "看电视购物或者广告购买，争议由广告引起。".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: Facts<'_> =
        Facts { platform: "", name: "好又来超市", address: "经八路1号", channel: "", report: false };
    const ONLINE: Facts<'_> =
        Facts { platform: "拼好货", name: "甲店", address: "杭州市西湖区1号", channel: "", report: false };
    const NOW: &str = "national-2026";

    fn places(rule_set: &str, facts: Facts<'_>) -> Vec<Place> {
        resolve(rule_set, facts).expect("a ruling").places
    }

    fn chosen(channel: &'static str) -> Facts<'static> {
        Facts { channel, ..SHOP }
    }

    /// O121 art. 13 para. 3 against O20 art. 12 para. 3: what is shown on the platform took the place of where it really is.
    #[test]
    fn a_shop_on_a_platform_changed_its_place_on_2026_04_15() {
        assert_eq!(places(NOW, ONLINE), [Place::Shown, Place::Platform]);
        assert_eq!(places("national-2024", ONLINE), [Place::Operating, Place::Platform]);
        assert_eq!(places("national-2020", ONLINE), [Place::Operating, Place::Platform]);
        assert_eq!(places("national-2014", ONLINE), [Place::Registered, Place::Platform]);
        for gone in [Facts { address: "", ..ONLINE }, Facts { channel: "unreachable_shop", ..ONLINE }] {
            assert_eq!(target_of(gone), Target::UnreachableShop);
            assert_eq!(places(NOW, gone), [Place::Platform]);
            assert_eq!(places("national-2024", gone), [Place::Operating, Place::Platform]);
            assert_eq!(places("national-2014", gone), [Place::Registered, Place::Platform]);
        }
    }

    /// O121 art. 13 paras. 1, 2; O20 art. 12 paras. 1, 2; SAIC order 62 art. 6.
    #[test]
    fn the_ordinary_shop_the_own_site_the_platform_and_the_advertisement_have_theirs() {
        for set in ["national-2020", "national-2024", NOW] {
            assert_eq!(places(set, SHOP), [Place::Operating, Place::Registered], "{set}");
            assert_eq!(places(set, chosen("own_site")), [Place::Registered], "{set}");
            assert_eq!(places(set, chosen("advertisement")), [Place::Operating, Place::Registered], "{set}");
            assert_eq!(places(set, Facts { name: "拼好货", ..ONLINE }), [Place::Registered], "{set}");
        }
        assert_eq!(places("national-2014", SHOP), [Place::Registered, Place::Conduct]);
        assert_eq!(places("national-2014", chosen("own_site")), [Place::Registered]);
        assert_eq!(places("national-2014", chosen("advertisement")), [Place::Registered, Place::Conduct]);
        assert_eq!(places("national-1996", chosen("own_site")), [Place::Registered]);
        assert!(resolve("no-such-set", SHOP).is_none());
    }

    #[test]
    fn what_was_chosen_decides_unless_a_platform_is_named() {
        for (channel, target) in [
            ("", Target::Shop),
            ("shop", Target::Shop),
            ("other", Target::Shop),
            ("platform_shop", Target::PlatformShop),
            ("unreachable_shop", Target::UnreachableShop),
            ("own_site", Target::OwnSite),
            ("advertisement", Target::Advertisement),
        ] {
            assert_eq!(target_of(chosen(channel)), target, "{channel}");
        }
        let corrected = Facts { channel: "shop", ..ONLINE };
        assert_eq!(target_of(corrected), Target::PlatformShop);
        let ruling = resolve(NOW, corrected).expect("a ruling");
        assert!(ruling.reasons[0].contains("选的是实体店，但写明在“拼好货”上购买"), "{:?}", ruling.reasons);
        let itself = Facts { name: "拼好货", channel: "own_site", ..ONLINE };
        assert_eq!(target_of(itself), Target::PlatformOperator);
    }

    /// O121 arts. 29, 31, 32: a report goes where it happened, not where the shop is registered; a platform's shop to where it works.
    #[test]
    fn a_report_is_handled_by_other_bureaus_than_a_complaint() {
        let reported = |facts: Facts<'static>| places(NOW, Facts { report: true, ..facts });
        assert_eq!(reported(SHOP), [Place::Conduct]);
        assert_eq!(reported(ONLINE), [Place::Operating, Place::Platform]);
        assert_eq!(reported(chosen("unreachable_shop")), [Place::Operating, Place::Platform]);
        assert_eq!(reported(chosen("own_site")), [Place::Registered]);
        assert_eq!(reported(Facts { name: "拼好货", ..ONLINE }), [Place::Registered]);
        assert_eq!(reported(chosen("advertisement")), [Place::Publisher]);
        assert_eq!(reported(chosen("internet_advertisement")), [Place::Publisher, Place::Agency, Place::Advertiser]);
        assert_eq!(reported(chosen("own_advertisement")), [Place::Advertiser]);
        // An advertisement on a platform, or of one, is an advertisement all the same.
        let on_a_platform = Facts { channel: "own_advertisement", name: "拼好货", ..ONLINE };
        assert_eq!(reported(on_a_platform), [Place::Advertiser]);
        for (set, confirmed) in
            [("national-1996", false), ("national-2014", false), ("national-2020", true), ("national-2024", true)]
        {
            let ruling = resolve(set, Facts { report: true, ..SHOP }).expect("a ruling");
            assert_eq!((ruling.confirmed, ruling.article.is_empty()), (confirmed, false), "{set}");
        }
    }

    /// Every choice that the forms offer is understood; the tables and the code cannot part.
    #[test]
    fn every_choice_leads_to_a_ruling_with_article_and_reasons() {
        let codes = crate::codes::Codes::builtin();
        for (report, table) in [(false, "sales_channels"), (true, "report_targets")] {
            let table = codes.table(table).expect("the table");
            for set in ["national-1996", "national-2014", "national-2020", "national-2024", NOW] {
                for code in table.choices() {
                    let facts = Facts { channel: &code.key, report, ..SHOP };
                    let ruling = resolve(set, facts).expect("a ruling");
                    let named = !matches!(code.key.as_str(), "shop" | "other");
                    assert_eq!(named, ruling.target != Target::Shop, "{}", code.key);
                    assert!(!ruling.article.is_empty() && ruling.reasons.len() >= 2, "{set} {}", code.key);
                    assert_eq!(ruling.reasons.iter().any(|it| it.contains("没有核对")), !ruling.confirmed);
                }
                for target in Target::of(report) {
                    assert!(ruling(set, target, Facts { report, ..ONLINE }).is_some(), "{set} {target:?}");
                }
            }
            // Whatever the law of reports knows can be chosen; a platform is known for one by its name, too.
            let missing = Target::of(report).filter(|target| table.get(target.key()).is_none()).collect::<Vec<_>>();
            assert_eq!(missing, if report { vec![] } else { vec![Target::PlatformOperator] });
        }
    }
}
