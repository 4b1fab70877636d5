//! 代理人、监护人、共同投诉人: who comes with a complaint beside the two sides (O121 arts. 11, 12; catalogue 3.10).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accepting::PartyRole;
use crate::codes::Codes;
use crate::filing::{Check, FieldError, parse_day};
use crate::phone_number::PhoneNumber;

/// A further party as typed, field by field, nothing judged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawParty {
    /// What she is: the key of a [`PartyRole`].
    pub role: String,
    /// 姓名.
    pub name: String,
    /// 联系电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// 证件类型; code table `id_kinds`.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// 委托事项.
    pub matters: String,
    /// 委托权限.
    pub powers: String,
    /// 委托期限: the last day.
    pub until: String,
    /// `yes`: a joint complainant agreed that it is handled together; an election was made in writing.
    pub agreed: String,
}

impl RawParty {
    /// Whether nothing was typed at all.
    pub fn is_empty(&self) -> bool {
        *self == RawParty::default()
    }
}

/// A further party that can be taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherParty {
    /// What she is.
    pub role: PartyRole,
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: PhoneNumber,
    /// 地址.
    pub address: String,
    /// 证件类型.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// 委托事项.
    pub matters: String,
    /// 委托权限.
    pub powers: String,
    /// 期限: the last day; none until the case ends.
    pub until: Option<Date>,
    /// 同意.
    pub agreed: bool,
}

/// Parses one further party; every fault at once.
pub fn parse(raw: &RawParty, codes: &Codes, today: Date) -> Result<FurtherParty, Vec<FieldError>> {
    let mut check = Check::new(today);
    let role = PartyRole::from_key(&raw.role);
    if role.is_none() {
        check.fault("role", "role.missing", "请选择是代理人、监护人、共同投诉人还是代表人");
    }
    let agent = role == Some(PartyRole::Agent);
    let of_agent = |words: &'static str| agent.then_some(words);
    let name = check.line("name", &raw.name, Some("请写姓名"));
    let phone = check.parsed("phone", &raw.phone, "请写联系电话", PhoneNumber::parse);
    let address = check.line("address", &raw.address, None);
    check.code("id_kind", &raw.id_kind, codes, "id_kinds", false);
    let missing = of_agent("受托人要有身份证明，请写证件类型和号码");
    let id_number = check.id_number("id_number", &raw.id_kind, &raw.id_number, missing);
    let matters = check.line("matters", &raw.matters, of_agent("请写委托事项"));
    let powers = check.line("powers", &raw.powers, of_agent("请写委托权限，例如“代为投诉、参加调解”"));
    let until = until(&mut check, raw.until.trim(), agent);
    let agreed = raw.agreed == "yes";
    let needs = match role {
        Some(PartyRole::JointComplainant) => Some("请确认本人同意按共同投诉处理"),
        Some(PartyRole::Representative) => Some("请确认是投诉人书面推选的代表人"),
        Some(PartyRole::Agent | PartyRole::Guardian) | None => None,
    };
    if let (Some(message), false) = (needs, agreed) {
        check.fault("agreed", "agreed.missing", message);
    }
    let (Some(role), Some(phone), true) = (role, phone, check.is_clean()) else {
        return Err(check.faults());
    };
    let id_kind = raw.id_kind.clone();
    Ok(FurtherParty { role, name, phone, address, id_kind, id_number, matters, powers, until, agreed })
}

fn until(check: &mut Check, typed: &str, needed: bool) -> Option<Date> {
    let day = parse_day(typed);
    match day {
        None if !typed.is_empty() => check.fault("until", "date.invalid", "日期请写成 2026-03-18 这样"),
        None if needed => check.fault("until", "until.missing", "请写委托到哪天为止"),
        Some(day) if needed && day < check.today() => check.fault("until", "until.past", "委托期限已经过了"),
        _ => {}
    }
    day
}

/// The field of a further party in the list of them, numbered from 1: `party.2.name`.
pub fn field_of(number: usize, part: &str) -> String {
    format!("party.{number}.{part}")
}

/// Parses those who come with a filing; a row left empty is nobody.
pub(crate) fn parse_all(check: &mut Check, raw: &[RawParty], codes: &Codes) -> Vec<FurtherParty> {
    let mut parties = Vec::new();
    for (number, raw) in (1..).zip(raw).filter(|(_, raw)| !raw.is_empty()) {
        match parse(raw, codes, check.today()) {
            Ok(party) => parties.push(party),
            Err(faults) => {
                check
                    .add(faults.into_iter().map(|fault| FieldError { field: field_of(number, &fault.field), ..fault }));
            }
        }
    }
    parties
}
