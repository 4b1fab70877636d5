//! 代理人、监护人、共同投诉人 on the registration page: as many rows as are needed, with buttons that work without a script.

use casework::parties::{Mandate, NewParty};
use domain::accepting::PartyRole;
use domain::codes::Codes;
use domain::filing::{FieldError, RawFiling, parse_day};
use serde::{Deserialize, Serialize};

use super::forms::{Asked, Kind, Typed, fault};
use super::labels;
use crate::view::Choice;

/// Further parties one registration may have.
const ROWS_AT_MOST: usize = 20;
const PARTS: [&str; 10] =
    ["role", "name", "phone", "address", "id_kind", "id_number", "matters", "powers", "until", "agreed"];

/// An unfinished registration: what was typed of the complaint, and of those who come with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    pub(super) filing: RawFiling,
    /// Each as in [`PARTS`].
    pub(super) parties: Vec<[String; 10]>,
}

impl Kept {
    /// What was typed, field by field.
    pub(super) fn of(typed: &Typed) -> Kept {
        Kept { filing: super::draft::raw(typed), parties: rows(typed) }
    }

    /// Reads what was kept; before there were parties it was the complaint alone.
    pub(super) fn read(text: &str) -> Option<Kept> {
        let alone = || serde_json::from_str(text).ok().map(|filing| Kept { filing, parties: Vec::new() });
        match serde_json::from_str::<serde_json::Value>(text).ok()?.get("filing") {
            Some(_) => serde_json::from_str(text).ok(),
            None => alone(),
        }
    }
}

/// One row of the form.
pub(super) struct PartyRow {
    pub(super) number: usize,
    pub(super) fields: Vec<Asked>,
    /// What only an agent has.
    pub(super) of_agent: Vec<Asked>,
    pub(super) agreed: Asked,
}

/// Whether the form was sent by the button that adds or takes away a row.
pub(super) fn changes_rows(typed: &Typed) -> bool {
    typed.has("more_parties") || typed.has("drop_party")
}

/// The rows that were typed, the empty ones and the one that was dropped left out.
fn rows(typed: &Typed) -> Vec<[String; 10]> {
    let dropped: usize = typed.get("drop_party").parse().unwrap_or_default();
    (1..=ROWS_AT_MOST)
        .filter(|number| *number != dropped)
        .map(|number| PARTS.map(|part| typed.get(&name(number, part)).to_owned()))
        .filter(|row| row.iter().any(|value| !value.is_empty()))
        .collect()
}

/// The rows to show, with an empty one below.
pub(super) fn asked(codes: &Codes, parties: &[[String; 10]]) -> Vec<PartyRow> {
    let empty: [String; 10] = Default::default();
    let rows = parties.iter().chain(std::iter::once(&empty)).take(ROWS_AT_MOST);
    rows.enumerate().map(|(index, values)| row(codes, index + 1, values)).collect()
}

/// What was typed as parties; a day that is none is a fault of its own.
pub(super) fn parties(rows: &[[String; 10]]) -> (Vec<NewParty>, Vec<FieldError>) {
    let (mut parties, mut faults) = (Vec::new(), Vec::new());
    for (number, row) in (1..).zip(rows) {
        let [role, name_typed, phone, address, id_kind, id_number, matters, powers, until, agreed] = row.clone();
        let day = parse_day(&until);
        if day.is_none() && !until.is_empty() {
            faults.push(fault(name(number, "until"), "date.invalid", "日期请写成 2026-03-18 这样"));
        }
        let agreed = agreed == "yes";
        parties.push(NewParty {
            role: PartyRole::from_key(&role),
            name: name_typed,
            phone,
            address,
            id_kind,
            id_number,
            mandate: Mandate { matters, powers, until: day, paper: None, agreed },
        });
    }
    (parties, faults)
}

fn row(codes: &Codes, number: usize, values: &[String; 10]) -> PartyRow {
    let field = |kind: Kind, place: usize, label: &str| {
        Asked::new(kind, name(number, PARTS[place]), label).value(values[place].clone()).at_most(200)
    };
    let roles = [PartyRole::Agent, PartyRole::Guardian, PartyRole::JointComplainant, PartyRole::Representative];
    let roles = roles.into_iter().map(|role| Choice::new(role.key(), role.label())).collect();
    PartyRow {
        number,
        fields: vec![
            field(Kind::Select, 0, "是什么人").choices(roles),
            field(Kind::Text, 1, "姓名"),
            field(Kind::Text, 2, "电话"),
            field(Kind::Text, 3, "地址").optional(),
            field(Kind::Select, 4, "证件类型").choices(labels::choices(codes, "id_kinds")).optional(),
            field(Kind::Text, 5, "证件号码").optional(),
        ],
        of_agent: vec![
            field(Kind::Text, 6, "委托事项").hint("例如“就购买电饭煲的争议代为投诉”"),
            field(Kind::Text, 7, "委托权限").hint("例如“代为投诉、参加调解”"),
            field(Kind::Date, 8, "委托到哪天"),
        ],
        agreed: field(Kind::YesNo, 9, "本人同意共同投诉，或者书面推选为代表人了吗？").optional(),
    }
}

fn name(number: usize, part: &str) -> String {
    format!("party.{number}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_before_there_were_parties_is_still_read() {
        let filing = RawFiling { goods: "电饭煲".to_owned(), ..RawFiling::default() };
        let old = serde_json::to_string(&filing).unwrap();
        assert_eq!(Kept::read(&old), Some(Kept { filing: filing.clone(), parties: Vec::new() }));
        let kept = Kept { filing, parties: vec![PARTS.map(str::to_owned)] };
        assert_eq!(Kept::read(&serde_json::to_string(&kept).unwrap()), Some(kept));
        assert_eq!(Kept::read("x"), None);
    }

    #[test]
    fn empty_rows_and_the_dropped_one_are_left_out() {
        let typed = |pairs: &[(&str, &str)]| {
            Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let sent = typed(&[("party.1.role", ""), ("party.2.name", "李"), ("party.3.name", "王"), ("drop_party", "2")]);
        let kept = rows(&sent);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0][1], "王");
    }
}
