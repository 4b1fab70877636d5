//! 关联经营者: who the respondent is in the register — from proposals with their reason, by looking, or as a new entry.

use casework::operator_tie::{self, Chosen};
use casework::operators::Particulars;
use casework::reading::CaseFile;
use casework::{ActError, Scene};
use store::Tx;
use store::case::CaseRow;
use store::operator::OperatorRow;

use super::super::forms::{Asked, Kind, Typed};
use super::super::{labels, operator_form};
use crate::view::Choice;

/// What stands for an entry that is still to be made, and for no operator.
const NEW: &str = "new";
const NONE: &str = "none";

/// Whether the form was sent by the button that looks for operators.
pub(super) fn looks(typed: &Typed) -> bool {
    typed.has("look")
}

/// The questions; `words` are those looked for.
pub(super) fn fields(tx: &mut Tx<'_>, scene: Scene<'_>, file: &CaseFile, words: &str) -> Result<Vec<Asked>, ActError> {
    let (house, case) = (scene.house, &file.case);
    let mut choices = Vec::new();
    let mut offer = |operator: &OperatorRow, why: &str| {
        let value = operator.id.to_string();
        if choices.iter().all(|known: &Choice| known.value != value) {
            choices.push(Choice::new(value, operator.name.clone()).explained(told(operator, why)));
        }
    };
    if let Some(tied) = &file.operator {
        offer(&tied.operator, "现在关联的");
    }
    for it in operator_tie::proposals(tx, case)? {
        offer(&it.operator, it.tie.label());
    }
    for operator in operator_tie::found(tx, words)? {
        offer(&operator, "查到的");
    }
    // Only one is likely, or none: that is what most will choose.
    let chosen = match (&file.operator, choices.as_slice()) {
        (None, [only]) => only.value.clone(),
        (None, []) => NEW.to_owned(),
        _ => String::new(),
    };
    choices.push(Choice::new(NEW, "登记为新的经营者").explained("名录里没有的，按下面的内容登记"));
    if file.operator.is_some() {
        choices.push(Choice::new(NONE, "取消关联").explained("本件不再列入它的投诉历史"));
    }
    let typed = operator_tie::particulars(case, &file.respondent);
    let [platform, shop, _] = typed.shops.first().cloned().unwrap_or_default();
    let text = |name: &str, label: &str, value: String| Asked::new(Kind::Text, name, label).value(value).at_most(200);
    let entry = vec![
        text("name", "名称", typed.name),
        text("credit_code", "统一社会信用代码", typed.credit_code).optional(),
        Asked::new(Kind::Select, "kind", "类型")
            .choices(labels::choices(&house.codes, "operator_kinds"))
            .value(typed.kind),
        Asked::new(Kind::Select, "region", "所在地区")
            .choices(operator_form::regions(tx, scene, &typed.region)?)
            .value(typed.region)
            .hint("外地的或者不清楚的不选")
            .optional(),
        text("address", "住所", typed.address).optional(),
        text("contact_name", "联系人", typed.contact_name).optional(),
        text("phone", "投诉电话", typed.phone).optional(),
        text("platform", "网店所在平台", platform).optional(),
        text("shop", "网店名称", shop).optional(),
    ];
    let mut asked = vec![
        Asked::new(Kind::Text, "find", "在名录里查找")
            .hint("写名称、网店或者信用代码的一部分，再按“查找”")
            .at_most(100)
            .optional()
            .with_button("look", "查找"),
        Asked::new(Kind::Radios, "operator", "被投诉人是哪一家").choices(choices).value(chosen),
    ];
    asked.extend(entry.into_iter().map(|field| field.only_with("operator", NEW)));
    Ok(asked)
}

/// Does it.
pub(super) fn perform(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, typed: &Typed) -> Result<CaseRow, ActError> {
    let chosen = match typed.get("operator") {
        "" => None,
        NEW => Some(Chosen::New(Box::new(entry(typed)))),
        NONE => Some(Chosen::None),
        _ => Some(Chosen::Known(typed.id("operator"))),
    };
    operator_tie::link(tx, scene, number, typed.version(), chosen.as_ref()).map_err(by_field)
}

/// The one shop of this form has no number.
fn by_field(error: ActError) -> ActError {
    let ActError::Invalid(mut faults) = error else { return error };
    for fault in &mut faults {
        match fault.field.as_str() {
            "shop.1.platform" => "platform".clone_into(&mut fault.field),
            "shop.1.name" => "shop".clone_into(&mut fault.field),
            _ => {}
        }
    }
    ActError::Invalid(faults)
}

fn entry(typed: &Typed) -> Particulars {
    let text = |name: &str| typed.get(name).to_owned();
    Particulars { shops: vec![[text("platform"), text("shop"), String::new()]], ..operator_form::particulars(typed) }
}

/// Why it is offered, and by what one knows it.
fn told(operator: &OperatorRow, why: &str) -> String {
    let parts = [why, operator.credit_code.as_str(), operator.address.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
