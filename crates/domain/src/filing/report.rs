//! 举报: what is reported, apart from who reports it (O121 art. 28; form 2 of 2026). The two are typed on two pages and go two
//! ways: what is reported becomes the case, who reports is sealed and stands nowhere else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Check, FACTS_AT_MOST_CHARACTERS, FieldError, Filing, RawFiling, Typist, first_words};
use crate::case_kind::CaseKind;
use crate::citizen_id::CitizenId;
use crate::clock::beijing_day;
use crate::codes::Codes;
use crate::phone_number::PhoneNumber;
use crate::region_code::RegionCode;
use crate::vault::Identity;

/// 回执码: how many digits it has.
pub const RECEIPT_CODE_DIGITS: usize = 16;

/// The code table from which 举报的是什么 is chosen.
const TARGETS: &str = "report_targets";

/// What was typed of the offence. Nothing in it says who typed it, so it may lie in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawReport {
    /// Division of the place where it happened, six or nine digits.
    pub region: String,
    /// How it came; code table `channels`. Set by the page.
    pub channel: String,
    /// A line that says what it is about; made from the text when empty.
    pub title: String,
    /// 被举报人名称.
    pub respondent_name: String,
    /// 被举报人地址, or where it happened.
    pub respondent_address: String,
    /// 统一社会信用代码.
    pub respondent_credit_code: String,
    /// The trading platform, for a shop on one.
    pub respondent_platform: String,
    /// 举报的是什么; code table `report_targets`.
    pub sales_channel: String,
    /// 商品或者服务名称.
    pub goods: String,
    /// 客体类别; code table `goods_categories`.
    pub category: String,
    /// The day on which it was seen.
    pub knew_on: String,
    /// 具体线索: what, when, where, by whom.
    pub facts: String,
    /// 事实依据: on what that rests.
    pub grounds: String,
}

/// What was typed of the person. Never kept as it is: sealed, or typed again.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawReporter {
    /// 实名: `yes`; 匿名: `no`.
    pub named: String,
    /// 姓名.
    pub name: String,
    /// 联系电话.
    pub phone: String,
    /// 通讯地址.
    pub address: String,
    /// 身份证件号码.
    pub id_number: String,
    /// What else points to her: where she works, how she came to know.
    pub other: String,
    /// 先前举报的回执码: she reported the same before.
    pub earlier_code: String,
    /// She stands for the truth of it: `yes`.
    pub truthful: String,
}

impl std::fmt::Debug for RawReporter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RawReporter(…)")
    }
}

impl RawReporter {
    /// The code of the earlier report, its digits alone; none when she gave none.
    pub fn earlier_code(&self) -> Option<String> {
        let digits: String = self.earlier_code.chars().filter(|it| !it.is_whitespace() && *it != '-').collect();
        Some(digits).filter(|digits| !digits.is_empty())
    }
}

/// Parses what is reported; every fault at once.
pub fn parse_report(raw: &RawReport, codes: &Codes, now: Timestamp) -> Result<Filing, Vec<FieldError>> {
    let mut check = Check::new(beijing_day(now));
    let region = check.parsed("region", &raw.region, "请选择事情发生在哪里", RegionCode::parse);
    let whom = "请写被举报的是谁；不知道名称的，写招牌、网店名或者能找到它的地点";
    let name = check.line("respondent_name", &raw.respondent_name, Some(whom));
    let facts =
        check.text("facts", &raw.facts, FACTS_AT_MOST_CHARACTERS, "请写明线索：什么时间、在哪里、什么人、做了什么");
    let grounds = check.text(
        "grounds",
        &raw.grounds,
        1_000,
        "请写明依据：亲眼看到的，还是有照片、录音、票据、单据或者其他人可以证明",
    );
    // Whose place decides is found from the same fields as for a complaint.
    let business = RawFiling {
        respondent_name: raw.respondent_name.clone(),
        respondent_address: raw.respondent_address.clone(),
        respondent_credit_code: raw.respondent_credit_code.clone(),
        respondent_platform: raw.respondent_platform.clone(),
        sales_channel: raw.sales_channel.clone(),
        ..RawFiling::default()
    };
    let mut shop = Check::new(beijing_day(now));
    let respondent = super::respondent(&mut shop, &business, codes, TARGETS);
    // A name was asked for in a reporter's words above, and a place may be all that is known, or not known.
    let asked = |fault: &FieldError| fault.field == "respondent_name" || fault.code == "respondent_address.missing";
    check.add(shop.faults().into_iter().filter(|fault| !asked(fault)));
    let goods = check.line("goods", &raw.goods, None);
    let knew_on = check.past_day("knew_on", &raw.knew_on, "看到的日期");
    check.code("channel", &raw.channel, codes, "channels", true);
    check.code("category", &raw.category, codes, "goods_categories", false);
    let title = check.line("title", &raw.title, None);
    let (Some(region), true) = (region, check.is_clean()) else { return Err(check.faults()) };
    let line = if title.is_empty() { format!("{name}：{}", first_words(&facts)) } else { title };
    Ok(Filing {
        kind: CaseKind::Report,
        region,
        channel: raw.channel.clone(),
        title: line,
        complainant: None,
        respondent,
        goods,
        brand: String::new(),
        model: String::new(),
        category: raw.category.clone(),
        problem: String::new(),
        order_number: String::new(),
        amount: None,
        bought_on: None,
        knew_on,
        facts: format!("{facts}\n事实依据：{grounds}"),
        demands: Vec::new(),
        demand_text: String::new(),
        claim: None,
        consent_publish: None,
        consent_delegate: None,
        parties: Vec::new(),
    })
}

/// Parses who reports; none when she stays anonymous. Every fault at once.
pub fn parse_reporter(raw: &RawReporter, typist: Typist, now: Timestamp) -> Result<Option<Identity>, Vec<FieldError>> {
    let mut check = Check::new(beijing_day(now));
    let is_code = |code: &str| code.len() == RECEIPT_CODE_DIGITS && code.bytes().all(|it| it.is_ascii_digit());
    let identity = match raw.named.as_str() {
        "no" => None,
        "yes" => identity(&mut check, raw),
        _ => {
            check.fault("named", "named.missing", "请选择实名还是匿名");
            None
        }
    };
    if raw.earlier_code().is_some_and(|code| !is_code(&code)) {
        check.fault("earlier_code", "earlier_code.invalid", "回执码是 16 位数字，请核对；想不起来的可以不填");
    }
    if typist == Typist::Consumer && raw.truthful != "yes" {
        check.fault("truthful", "truthful.missing", "请确认所填内容真实");
    }
    if check.is_clean() { Ok(identity) } else { Err(check.faults()) }
}

fn identity(check: &mut Check, raw: &RawReporter) -> Option<Identity> {
    let name = check.line("reporter_name", &raw.name, Some("实名举报请写真实姓名"));
    let phone = check.parsed("reporter_phone", &raw.phone, "实名举报请写能联系到本人的电话", PhoneNumber::parse);
    let address = check.line("reporter_address", &raw.address, None);
    let mut id_number = check.line("reporter_id_number", &raw.id_number, None);
    // Any other length is another document, which this program does not know how to check.
    if id_number.chars().count() == 18 {
        match CitizenId::parse(&id_number) {
            Ok(id) => id.as_str().clone_into(&mut id_number),
            Err(error) => check.fault("reporter_id_number", "citizen_id.invalid", &error.to_string()),
        }
    }
    let other = check.free("reporter_other", &raw.other, 500);
    Some(Identity { name, phone: phone?.as_str().to_owned(), address, id_number, other, files: Vec::new() })
}
