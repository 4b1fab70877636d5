//! Filing a complaint: one parser for the public page, the agent's form and the API (catalogue 3.3; O121 art. 10).
//!
//! What was typed stays a [`RawFiling`] until every field is right; all faults come back at once, each with the name
//! of its field, so that a page can put it beside the field and a program can read its code.

mod check;
mod lead;
mod report;

pub(crate) use check::Check;
pub use check::parse_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case_kind::CaseKind;
use crate::clock::beijing_day;
use crate::codes::Codes;
use crate::credit_code::CreditCode;
use crate::further_party::{self, FurtherParty, RawParty};
use crate::money::Money;
use crate::phone_number::PhoneNumber;
use crate::region_code::RegionCode;

pub use lead::{Lead, RawLead, parse_lead};
pub use report::{RECEIPT_CODE_DIGITS, RawReport, RawReporter, parse_report, parse_reporter};

/// What was typed, field by field, nothing judged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawFiling {
    /// Division of the shop's place, six or nine digits.
    pub region: String,
    /// How it came; code table `channels`. Set by the page, not by the consumer.
    pub channel: String,
    /// A line that says what it is about; made from the goods when empty.
    pub title: String,
    /// 姓名.
    pub complainant_name: String,
    /// 联系电话.
    pub complainant_phone: String,
    /// 通讯地址.
    pub complainant_address: String,
    /// 邮编.
    pub complainant_postcode: String,
    /// Electronic mail.
    pub complainant_email: String,
    /// 证件类型; code table `id_kinds`.
    pub complainant_id_kind: String,
    /// 证件号码.
    pub complainant_id_number: String,
    /// 告知方式: `in_app`, `sms`, `email`, `phone`, `letter`.
    pub notify_by: String,
    /// 是否同意公示投诉信息: `yes`, `no`.
    pub consent_publish: String,
    /// 是否同意委托调解: `yes`, `no`.
    pub consent_delegate: String,
    /// The consumer stands for the truth of it: `yes`.
    pub truthful: String,
    /// 被投诉人名称.
    pub respondent_name: String,
    /// 被投诉人地址.
    pub respondent_address: String,
    /// 被投诉人电话.
    pub respondent_phone: String,
    /// 统一社会信用代码.
    pub respondent_credit_code: String,
    /// 联系人.
    pub respondent_contact: String,
    /// The trading platform, for a shop on one.
    pub respondent_platform: String,
    /// 购买途径; code table `sales_channels`. Told from platform and address when empty.
    pub sales_channel: String,
    /// 商品或者服务名称.
    pub goods: String,
    /// 品牌.
    pub brand: String,
    /// 规格型号.
    pub model: String,
    /// 客体类别; code table `goods_categories`.
    pub category: String,
    /// 问题类别; code table `problem_categories`.
    pub problem: String,
    /// 订单号.
    pub order_number: String,
    /// 涉及金额, in yuan as typed.
    pub amount: String,
    /// 购买日期.
    pub bought_on: String,
    /// When the consumer came to know of the harm.
    pub knew_on: String,
    /// 事实经过.
    pub facts: String,
    /// 诉求; code table `demands`.
    pub demands: Vec<String>,
    /// 诉求说明.
    pub demand_text: String,
    /// 要求金额, in yuan as typed.
    pub claim: String,
    /// 代理人、监护人、共同投诉人 who come with it.
    pub parties: Vec<RawParty>,
}

/// A fault in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A stable code for programs.
    pub code: String,
    /// A sentence for people: what to do.
    pub message: String,
    /// The field's name in [`RawFiling`].
    pub field: String,
}

/// What was typed on the short form of what is only answered: a question, an opinion, a complaint against staff.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawAsking {
    /// Division of the bureau that is asked, six or nine digits.
    pub region: String,
    /// How it came; code table `channels`. Set by the page.
    pub channel: String,
    /// A line that says what it is about; made from the text when empty.
    pub title: String,
    /// 姓名, when given.
    pub complainant_name: String,
    /// 联系电话.
    pub complainant_phone: String,
    /// 通讯地址, for an answer by letter.
    pub complainant_address: String,
    /// Electronic mail, for an answer by mail.
    pub complainant_email: String,
    /// 告知方式.
    pub notify_by: String,
    /// The shop or the member of staff it is about, when it is about one.
    pub respondent_name: String,
    /// 客体类别; code table `goods_categories`.
    pub category: String,
    /// 内容: the question, the opinion, what happened.
    pub facts: String,
}

impl From<RawAsking> for RawFiling {
    fn from(raw: RawAsking) -> RawFiling {
        RawFiling {
            region: raw.region,
            channel: raw.channel,
            title: raw.title,
            complainant_name: raw.complainant_name,
            complainant_phone: raw.complainant_phone,
            complainant_address: raw.complainant_address,
            complainant_email: raw.complainant_email,
            notify_by: raw.notify_by,
            respondent_name: raw.respondent_name,
            category: raw.category,
            facts: raw.facts,
            ..RawFiling::default()
        }
    }
}

/// A filing that can be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What kind of case it becomes.
    pub kind: CaseKind,
    /// The shop's place.
    pub region: RegionCode,
    /// Code table `channels`.
    pub channel: String,
    /// One line.
    pub title: String,
    /// The consumer; none for a report, with which its person is not kept.
    pub complainant: Option<Complainant>,
    /// The other side.
    pub respondent: Respondent,
    /// 商品或者服务.
    pub goods: String,
    /// 品牌.
    pub brand: String,
    /// 规格型号.
    pub model: String,
    /// Code table `goods_categories`; may be empty until registered.
    pub category: String,
    /// Code table `problem_categories`; may be empty until registered.
    pub problem: String,
    /// 订单号.
    pub order_number: String,
    /// 涉及金额.
    pub amount: Option<Money>,
    /// 购买日期.
    pub bought_on: Option<Date>,
    /// Known since.
    pub knew_on: Option<Date>,
    /// 经过.
    pub facts: String,
    /// Code table `demands`; at least one.
    pub demands: Vec<String>,
    /// In her words.
    pub demand_text: String,
    /// 要求金额.
    pub claim: Option<Money>,
    /// 同意公示.
    pub consent_publish: Option<bool>,
    /// 同意委托调解.
    pub consent_delegate: Option<bool>,
    /// 代理人、监护人、共同投诉人.
    pub parties: Vec<FurtherParty>,
}

/// The consumer (投诉人).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complainant {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: PhoneNumber,
    /// 通讯地址.
    pub address: String,
    /// 邮编.
    pub postcode: String,
    /// Electronic mail.
    pub email: String,
    /// 证件类型.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// 告知方式.
    pub notify_by: String,
}

/// The other side (被投诉人).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respondent {
    /// 名称.
    pub name: String,
    /// 地址.
    pub address: String,
    /// 电话, as given.
    pub phone: String,
    /// 统一社会信用代码.
    pub credit_code: Option<CreditCode>,
    /// 联系人.
    pub contact_name: String,
    /// The platform it sells on.
    pub platform: String,
    /// 购买途径; may be empty.
    pub sales_channel: String,
}

/// Who types: a page for the public asks for the two consents and the promise of truth, an agent on the telephone may
/// still have to ask for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typist {
    /// The consumer herself.
    Consumer,
    /// An agent, from a call, a visit or a letter.
    Agent,
    /// A program with a token.
    Program,
}

/// The parts of the public form, a page each; the check page parses all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whom.
    Respondent,
    /// What happened.
    Matter,
    /// What is asked.
    Demand,
    /// Who complains.
    Complainant,
    /// Who comes with her.
    Parties,
}

impl Part {
    /// Whether a field belongs to this part.
    pub fn holds(self, field: &str) -> bool {
        match self {
            Part::Respondent => matches!(field, "region" | "sales_channel") || field.starts_with("respondent_"),
            Part::Matter => {
                matches!(
                    field,
                    "goods"
                        | "brand"
                        | "model"
                        | "category"
                        | "problem"
                        | "order_number"
                        | "amount"
                        | "bought_on"
                        | "knew_on"
                        | "facts"
                )
            }
            Part::Demand => matches!(field, "demands" | "demand_text" | "claim"),
            Part::Complainant => {
                field.starts_with("complainant_")
                    || field.starts_with("consent_")
                    || matches!(field, "notify_by" | "truthful")
            }
            Part::Parties => field.starts_with("party."),
        }
    }
}

/// The longest text taken for the story, in characters.
pub const FACTS_AT_MOST_CHARACTERS: usize = 5_000;
const LINE_AT_MOST_CHARACTERS: usize = 200;

/// Parses what was typed; every fault at once.
pub fn parse(raw: &RawFiling, typist: Typist, codes: &Codes, now: Timestamp) -> Result<Filing, Vec<FieldError>> {
    let mut check = Check::new(beijing_day(now));
    let region = check.parsed("region", &raw.region, "请选择商家所在的地方", RegionCode::parse);
    let complainant = complainant(&mut check, raw, typist, codes, CaseKind::Complaint);
    let respondent = respondent(&mut check, raw, codes, "sales_channels");
    let goods = check.line("goods", &raw.goods, Some("请写买了什么，或接受了什么服务"));
    let facts = check.text("facts", &raw.facts, FACTS_AT_MOST_CHARACTERS, "请写明经过：什么时间、在哪里、出了什么问题");
    let amount = check.money("amount", &raw.amount);
    let claim = check.money("claim", &raw.claim);
    let bought_on = check.past_day("bought_on", &raw.bought_on, "购买日期");
    let knew_on = check.past_day("knew_on", &raw.knew_on, "发现问题的日期");
    if let (Some(bought), Some(knew)) = (bought_on, knew_on)
        && knew < bought
    {
        check.fault("knew_on", "date.before_purchase", "发现问题的日期不能早于购买日期");
    }
    check.code("channel", &raw.channel, codes, "channels", true);
    check.code("category", &raw.category, codes, "goods_categories", false);
    check.code("problem", &raw.problem, codes, "problem_categories", false);
    let demands: Vec<String> = raw.demands.iter().filter(|demand| !demand.trim().is_empty()).cloned().collect();
    if demands.is_empty() {
        check.fault("demands", "demand.missing", "请至少选一项要求");
    }
    for demand in &demands {
        check.code("demands", demand, codes, "demands", true);
    }
    let consent_publish = check.consent("consent_publish", &raw.consent_publish, typist, "请选择是否同意公示投诉信息");
    let consent_delegate = check.consent("consent_delegate", &raw.consent_delegate, typist, "请选择是否同意委托调解");
    if typist == Typist::Consumer && raw.truthful != "yes" {
        check.fault("truthful", "truthful.missing", "请确认所填内容真实");
    }
    let title = check.line("title", &raw.title, None);
    let (brand, model) = (check.line("brand", &raw.brand, None), check.line("model", &raw.model, None));
    let order_number = check.line("order_number", &raw.order_number, None);
    let demand_text = check.free("demand_text", &raw.demand_text, 1_000);
    let parties = further_party::parse_all(&mut check, &raw.parties, codes);
    let (Some(region), Some(complainant), true) = (region, complainant, check.is_clean()) else {
        return Err(check.faults());
    };
    Ok(Filing {
        kind: CaseKind::Complaint,
        region,
        channel: raw.channel.clone(),
        title: if title.is_empty() { title_from(&goods, &demands, codes) } else { title },
        complainant: Some(complainant),
        respondent,
        goods,
        brand,
        model,
        category: raw.category.clone(),
        problem: raw.problem.clone(),
        order_number,
        amount,
        bought_on,
        knew_on,
        facts,
        demands,
        demand_text,
        claim,
        consent_publish,
        consent_delegate,
        parties,
    })
}

/// Parses the short form of a kind that is only answered; every fault at once.
pub fn parse_asking(
    kind: CaseKind,
    raw: &RawAsking,
    typist: Typist,
    codes: &Codes,
    now: Timestamp,
) -> Result<Filing, Vec<FieldError>> {
    let raw = RawFiling::from(raw.clone());
    let mut check = Check::new(beijing_day(now));
    let (which, what) = match kind {
        CaseKind::Suggestion => ("请选择向哪个地方的市场监管局提意见", "请写您的意见或者建议"),
        CaseKind::StaffComplaint => ("请选择是哪个地方的市场监管局", "请写明经过：什么时间、在哪里、什么人、做了什么"),
        _ => ("请选择问哪个地方的市场监管局", "请写您要问的问题"),
    };
    let region = check.parsed("region", &raw.region, which, RegionCode::parse);
    let complainant = complainant(&mut check, &raw, typist, codes, kind);
    let about = check.line("respondent_name", &raw.respondent_name, None);
    let facts = check.text("facts", &raw.facts, FACTS_AT_MOST_CHARACTERS, what);
    check.code("channel", &raw.channel, codes, "channels", true);
    check.code("category", &raw.category, codes, "goods_categories", false);
    let title = check.line("title", &raw.title, None);
    let (Some(region), Some(complainant), true) = (region, complainant, check.is_clean()) else {
        return Err(check.faults());
    };
    Ok(Filing {
        kind,
        region,
        channel: raw.channel,
        title: if title.is_empty() { first_words(&facts) } else { title },
        complainant: Some(complainant),
        respondent: Respondent {
            name: about,
            address: String::new(),
            phone: String::new(),
            credit_code: None,
            contact_name: String::new(),
            platform: String::new(),
            sales_channel: String::new(),
        },
        goods: String::new(),
        brand: String::new(),
        model: String::new(),
        category: raw.category,
        problem: String::new(),
        order_number: String::new(),
        amount: None,
        bought_on: None,
        knew_on: None,
        facts,
        demands: Vec::new(),
        demand_text: String::new(),
        claim: None,
        consent_publish: None,
        consent_delegate: None,
        parties: Vec::new(),
    })
}

/// The beginning of a text, up to its first stop, as a line.
fn first_words(text: &str) -> String {
    const AT_MOST: usize = 30;
    let line = text.split(['。', '？', '！', '；', '\n']).map(str::trim).find(|part| !part.is_empty()).unwrap_or(text);
    let short: String = line.chars().take(AT_MOST).collect();
    if line.chars().count() > AT_MOST { format!("{short}…") } else { short }
}

/// The faults of one part only, for the page that asks for it.
pub fn faults_of(part: Part, raw: &RawFiling, typist: Typist, codes: &Codes, now: Timestamp) -> Vec<FieldError> {
    let faults = parse(raw, typist, codes, now).err().unwrap_or_default();
    faults.into_iter().filter(|fault| part.holds(&fault.field)).collect()
}

/// The person. Who only asks may leave out the name, and the address unless the answer is to come by letter.
fn complainant(
    check: &mut Check,
    raw: &RawFiling,
    typist: Typist,
    codes: &Codes,
    kind: CaseKind,
) -> Option<Complainant> {
    // The one who types is spoken to as who she is: the person herself, or somebody who asks her.
    let person = match (typist, kind.is_answered()) {
        (Typist::Consumer, _) => "您",
        (_, true) => "来访人",
        (_, false) => "投诉人",
    };
    let needs_name = (!kind.is_answered()).then(|| format!("请写{person}的真实姓名"));
    let name = check.line("complainant_name", &raw.complainant_name, needs_name.as_deref());
    let needs_phone = format!("请写能联系到{person}的电话");
    let phone = check.parsed("complainant_phone", &raw.complainant_phone, &needs_phone, PhoneNumber::parse);
    let needs_address = match kind.is_answered() {
        true => (raw.notify_by == "letter").then(|| "选择信函告知时请写通讯地址".to_owned()),
        false => (typist != Typist::Program).then(|| format!("请写{person}的通讯地址")),
    };
    let address = check.line("complainant_address", &raw.complainant_address, needs_address.as_deref());
    let postcode = check.line("complainant_postcode", &raw.complainant_postcode, None);
    let six_digits = postcode.len() == 6 && postcode.bytes().all(|byte| byte.is_ascii_digit());
    if !postcode.is_empty() && !six_digits {
        check.fault("complainant_postcode", "postcode.invalid", "邮编是 6 位数字");
    }
    let email = check.line("complainant_email", &raw.complainant_email, None);
    let notify_by = if raw.notify_by.is_empty() { "in_app" } else { raw.notify_by.as_str() };
    if !NOTIFY_BY.contains(&notify_by) {
        check.fault("notify_by", "notify_by.unknown", "请从列表中选择告知方式");
    }
    if !email.is_empty() && !is_email(&email) {
        check.fault("complainant_email", "email.invalid", "邮箱写法不对，例如 name@example.cn");
    } else if email.is_empty() && notify_by == "email" {
        check.fault("complainant_email", "email.missing", "选择邮件告知时请写邮箱");
    }
    check.code("complainant_id_kind", &raw.complainant_id_kind, codes, "id_kinds", false);
    let id_number =
        check.id_number("complainant_id_number", &raw.complainant_id_kind, &raw.complainant_id_number, None);
    Some(Complainant {
        name,
        phone: phone?,
        address,
        postcode,
        email,
        id_kind: raw.complainant_id_kind.clone(),
        id_number,
        notify_by: notify_by.to_owned(),
    })
}

/// `channels` is the code table from which the way of selling was chosen.
fn respondent(check: &mut Check, raw: &RawFiling, codes: &Codes, channels: &str) -> Respondent {
    let name = check.line("respondent_name", &raw.respondent_name, Some("请写商家名称，招牌上怎么写就怎么写"));
    let channel = raw.sales_channel.as_str();
    let on_a_platform = matches!(channel, "platform_shop" | "unreachable_shop");
    let needs_platform = on_a_platform.then_some("请写是哪个平台");
    let platform = check.line("respondent_platform", &raw.respondent_platform, needs_platform);
    let phone = check.line("respondent_phone", &raw.respondent_phone, None);
    // Who bought from afar may know no more than a telephone.
    let by_phone = matches!(channel, "own_site" | "advertisement") && !phone.is_empty();
    let needs_address = match channel {
        _ if on_a_platform || by_phone || !platform.is_empty() => None,
        "own_site" | "advertisement" => Some("请写商家地址；不知道的，请写网址或者商家电话"),
        _ => Some("请写商家地址；网店请写所在平台"),
    };
    let address = check.line("respondent_address", &raw.respondent_address, needs_address);
    let contact_name = check.line("respondent_contact", &raw.respondent_contact, None);
    let credit_code = match raw.respondent_credit_code.trim() {
        "" => None,
        typed => check.parsed("respondent_credit_code", typed, "", CreditCode::parse),
    };
    check.code("sales_channel", channel, codes, channels, false);
    Respondent { name, address, phone, credit_code, contact_name, platform, sales_channel: channel.to_owned() }
}

/// The ways of being told that a consumer can choose.
pub const NOTIFY_BY: &[&str] = &["in_app", "sms", "email", "phone", "letter"];

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    !user.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains(char::is_whitespace)
}

fn title_from(goods: &str, demands: &[String], codes: &Codes) -> String {
    let demands: Vec<&str> = demands.iter().filter_map(|demand| codes.label("demands", demand)).collect();
    let mut title: String = goods.chars().take(20).collect();
    if !demands.is_empty() {
        title.push_str("，要求");
        title.push_str(&demands.join("、"));
    }
    title
}
