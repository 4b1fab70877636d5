//! How an organisation is called: full name, and the short one before document numbers.

use domain::divisions::Division;
use domain::region_code::Level;
use store::organization::OrganizationRow;

/// 全称 and 简称 of the bureau or office of a division under the division `above`.
pub fn name_of(division: &Division, above: Option<&Division>) -> (String, String) {
    match division.level {
        Level::Nation => ("国家市场监督管理总局".to_owned(), "国家".to_owned()),
        Level::Township | Level::Village => {
            let place = town(&division.name);
            (format!("{place}市场监督管理所"), format!("{place}所"))
        }
        Level::Province | Level::City | Level::County => {
            let before = above.filter(|_| needs_its_city(division)).map_or("", |above| above.name.as_str());
            let before = if division.name.starts_with(&bare(before)) { "" } else { before };
            (format!("{before}{}市场监督管理局", division.name), bare(&division.name))
        }
    }
}

/// 全称 and 简称 of a bureau's 12315 centre.
pub fn centre_name(bureau: &OrganizationRow) -> (String, String) {
    let place = bureau.name.strip_suffix("市场监督管理局").or_else(|| bureau.name.strip_suffix("市场监督管理总局"));
    let place = match place.unwrap_or(&bureau.short_name) {
        "国家" => "全国",
        place => place,
    };
    (format!("{place}12315投诉举报中心"), format!("{}12315中心", bureau.short_name))
}

/// A district is named after its city: there are many 鼓楼区.
fn needs_its_city(division: &Division) -> bool {
    division.level == Level::County && (division.name.ends_with('区') || division.name.ends_with("新城"))
}

/// A division's name without what it is: `河南`, `二七`, `恩施`; a name of one letter stays whole (`忠县`).
fn bare(name: &str) -> String {
    const KINDS: &[&str] = &[
        "特别行政区",
        "自治区",
        "自治州",
        "自治县",
        "自治旗",
        "林区",
        "特区",
        "矿区",
        "地区",
        "省",
        "市",
        "区",
        "县",
        "盟",
        "旗",
    ];
    // 开发区, 园区, 新区: that is the name itself.
    if ["开发区", "园区", "新区", "实验区", "示范区", "管理区", "度假区", "保税区", "合作区", "风景区"]
        .iter()
        .any(|kind| name.ends_with(kind))
    {
        return name.to_owned();
    }
    let Some(rest) = KINDS.iter().find_map(|kind| name.strip_suffix(kind)).filter(|rest| is_name(rest)) else {
        return name.to_owned();
    };
    without_peoples(rest).to_owned()
}

fn without_peoples(name: &str) -> &str {
    let mut rest = name;
    while let Some(shorter) = PEOPLES.iter().find_map(|people| rest.strip_suffix(people)).filter(|rest| is_name(rest)) {
        rest = shorter;
    }
    rest
}

fn is_name(text: &str) -> bool {
    text.chars().count() >= 2
}

/// A township's name without what it is: `淮河路`, `马寨`.
fn town(name: &str) -> &str {
    const KINDS: &[&str] = &[
        "街道办事处",
        "地区办事处",
        "管理委员会",
        "管委会",
        "办事处",
        "街道",
        "民族乡",
        "民族苏木",
        "苏木",
        "镇",
        "乡",
    ];
    let found = KINDS.iter().find_map(|kind| name.strip_suffix(kind));
    found.filter(|rest| is_name(rest)).map_or(name, without_peoples)
}

/// Names of peoples as they stand in the names of autonomous places.
const PEOPLES: &[&str] = &[
    "各族",
    "壮族",
    "回族",
    "维吾尔",
    "哈萨克族",
    "哈萨克",
    "蒙古族",
    "蒙古",
    "藏族",
    "羌族",
    "彝族",
    "苗族",
    "侗族",
    "布依族",
    "土家族",
    "朝鲜族",
    "哈尼族",
    "傣族",
    "景颇族",
    "白族",
    "傈僳族",
    "怒族",
    "独龙族",
    "瑶族",
    "黎族",
    "畲族",
    "满族",
    "撒拉族",
    "东乡族",
    "保安族",
    "裕固族",
    "土族",
    "柯尔克孜",
    "塔吉克",
    "锡伯",
    "达斡尔族",
    "达斡尔",
    "鄂温克族",
    "仫佬族",
    "毛南族",
    "仡佬族",
    "水族",
    "拉祜族",
    "佤族",
    "纳西族",
    "布朗族",
    "普米族",
];

#[cfg(test)]
mod tests {
    use super::{bare, name_of, town};
    use domain::divisions::Division;
    use domain::region_code::RegionCode;

    fn division(code: &str, name: &str, parent: &str) -> Division {
        let level = RegionCode::parse(code).expect("a code").level();
        Division { code: code.to_owned(), name: name.to_owned(), parent: parent.to_owned(), level }
    }

    #[test]
    fn bureaus_and_offices_are_called_as_people_call_them() {
        let henan = division("410000", "河南省", "000000");
        let zhengzhou = division("410100", "郑州市", "410000");
        let erqi = division("410103", "二七区", "410100");
        let names = |division: &Division, above: &Division| name_of(division, Some(above));
        assert_eq!(name_of(&henan, None), ("河南省市场监督管理局".into(), "河南".into()));
        assert_eq!(names(&erqi, &zhengzhou), ("郑州市二七区市场监督管理局".into(), "二七".into()));
        let zone = division("410171", "郑州经济技术开发区", "410100");
        assert_eq!(names(&zone, &zhengzhou).0, "郑州经济技术开发区市场监督管理局");
        let county = division("410122", "中牟县", "410100");
        assert_eq!(names(&county, &zhengzhou), ("中牟县市场监督管理局".into(), "中牟".into()));
        let street = division("410103001", "淮河路街道", "410103");
        assert_eq!(names(&street, &erqi), ("淮河路市场监督管理所".into(), "淮河路所".into()));
    }

    #[test]
    fn short_names_leave_out_what_a_place_is() {
        for (name, short) in [
            ("内蒙古自治区", "内蒙古"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("恩施土家族苗族自治州", "恩施"),
            ("伊犁哈萨克自治州", "伊犁"),
            ("管城回族区", "管城"),
            ("鄂伦春自治旗", "鄂伦春"),
            ("忠县", "忠县"),
            ("神农架林区", "神农架"),
        ] {
            assert_eq!(bare(name), short);
        }
        assert_eq!(bare("郑州经济技术开发区"), "郑州经济技术开发区");
        assert_eq!(town("中村瑶族乡"), "中村");
        assert_eq!(town("马寨镇"), "马寨");
        assert_eq!(town("城镇"), "城镇");
    }
}
