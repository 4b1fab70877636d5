//! 代理人、监护人、共同投诉人 on a form of a filing: as many rows as are needed, with buttons that work without a script.

use domain::accepting::PartyRole;
use domain::codes::Codes;
use domain::further_party::{RawParty, field_of};

use super::forms::{Asked, Kind, Typed};
use super::labels;
use crate::view::Choice;

/// Further parties one filing may have.
const ROWS_AT_MOST: usize = 20;

/// One row of the form.
pub(crate) struct PartyRow {
    pub(crate) number: usize,
    /// Something was typed.
    pub(crate) filled: bool,
    pub(crate) fields: Vec<Asked>,
    /// What only an agent has.
    pub(crate) of_agent: Vec<Asked>,
    pub(crate) agreed: Asked,
}

/// Whether the form was sent by the button that adds or takes away a row.
pub(crate) fn changes_rows(typed: &Typed) -> bool {
    typed.has("more_parties") || typed.has("drop_party")
}

/// The rows that were typed, the empty ones and the one that was dropped left out; a new one below when it was asked for.
pub(crate) fn rows(typed: &Typed) -> Vec<RawParty> {
    let dropped: usize = typed.get("drop_party").parse().unwrap_or_default();
    let row = |number| typed_party(typed, |part| field_of(number, part));
    let kept = (1..=ROWS_AT_MOST).filter(|number| *number != dropped).map(row).filter(|row| !row.is_empty());
    let more = typed.has("more_parties").then(RawParty::default);
    kept.chain(more).take(ROWS_AT_MOST).collect()
}

/// One party out of a form, each part of her under its own name there.
pub(crate) fn typed_party(typed: &Typed, name: impl Fn(&str) -> String) -> RawParty {
    let text = |part: &str| typed.get(&name(part)).to_owned();
    RawParty {
        role: text("role"),
        name: text("name"),
        phone: text("phone"),
        address: text("address"),
        id_kind: text("id_kind"),
        id_number: text("id_number"),
        matters: text("matters"),
        powers: text("powers"),
        until: text("until"),
        agreed: text("agreed"),
    }
}

/// The rows to show: an empty one when there is none yet.
pub(crate) fn asked(codes: &Codes, parties: &[RawParty]) -> Vec<PartyRow> {
    let first = parties.is_empty().then(RawParty::default);
    parties.iter().chain(&first).enumerate().map(|(index, typed)| row(codes, index + 1, typed)).collect()
}

fn row(codes: &Codes, number: usize, typed: &RawParty) -> PartyRow {
    let field = |kind: Kind, part: &str, label: &str, value: &str| {
        Asked::new(kind, field_of(number, part), label).value(value).at_most(200)
    };
    let roles = [PartyRole::Agent, PartyRole::Guardian, PartyRole::JointComplainant, PartyRole::Representative];
    let roles = roles.into_iter().map(|role| Choice::new(role.key(), role.label())).collect();
    let of_agents = "委托代理人要写，其他人可以不写";
    let id_kinds = labels::choices(codes, "id_kinds");
    PartyRow {
        number,
        filled: !typed.is_empty(),
        fields: vec![
            field(Kind::Select, "role", "是什么人", &typed.role).choices(roles),
            field(Kind::Text, "name", "姓名", &typed.name),
            field(Kind::Text, "phone", "电话", &typed.phone),
            field(Kind::Text, "address", "地址", &typed.address).optional(),
            field(Kind::Select, "id_kind", "证件类型", &typed.id_kind).choices(id_kinds).hint(of_agents),
            field(Kind::Text, "id_number", "证件号码", &typed.id_number).hint(of_agents),
        ],
        of_agent: vec![
            field(Kind::Text, "matters", "委托事项", &typed.matters).hint("例如“就购买电饭煲的争议代为投诉”"),
            field(Kind::Text, "powers", "委托权限", &typed.powers).hint("例如“代为投诉、参加调解”"),
            field(Kind::Date, "until", "委托到哪天", &typed.until),
        ],
        agreed: field(Kind::YesNo, "agreed", "本人同意共同投诉，或者书面推选为代表人了吗？", &typed.agreed).optional(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_rows_and_the_dropped_one_are_left_out() {
        let typed = |pairs: &[(&str, &str)]| {
            Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let sent = typed(&[("party.1.role", ""), ("party.2.name", "李"), ("party.3.name", "王"), ("drop_party", "2")]);
        let kept = rows(&sent);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].name, "王");
        let more = rows(&typed(&[("party.1.name", "王"), ("more_parties", "1")]));
        assert_eq!(more.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["王", ""]);
    }
}
