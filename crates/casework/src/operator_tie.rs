//! 关联经营者: the respondent of a case is tied to a registered operator — by itself where the credit code says it, otherwise by
//! the one who has the case, from proposals with their reason.

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::operator::{Known, Tie, Told, name_key, shop_key, tie};
use store::Tx;
use store::case::CaseRow;
use store::operator::OperatorRow;
use store::operator_list::{Order, Wanted};
use store::party::Party;

use crate::error::ActError;
use crate::house::Scene;
use crate::operators::{self, Particulars};
use crate::record::{self, Opened};

/// What the one who ties chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// This operator.
    Known(i64),
    /// One that is not in the register yet.
    New(Box<Particulars>),
    /// None: the tie is undone.
    None,
}

/// An operator that the respondent is likely to be, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The operator.
    pub operator: OperatorRow,
    /// Why.
    pub tie: Tie,
}

const LIKELY_AT_MOST: i64 = 20;

/// Operators that the respondent of a case is likely to be, the surest first.
pub fn proposals(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Proposed>, ActError> {
    let shop = respondent(tx, case.id)?;
    let mut rows: Vec<OperatorRow> = store::operator::by_code(tx, &shop.credit_code)?.into_iter().collect();
    if !shop.name.is_empty() {
        rows.extend(store::operator::by_shop(tx, &shop_key(&shop.platform, &shop.name), LIKELY_AT_MOST)?);
        rows.extend(store::operator::by_name(tx, &name_key(&shop.name), LIKELY_AT_MOST)?);
    }
    let mut proposed: Vec<Proposed> = Vec::new();
    for row in rows {
        let Some(tie) = reason(tx, case, &shop, &row)? else { continue };
        let operator = operators::main_of(tx, row)?;
        if proposed.iter().all(|known| known.operator.id != operator.id) {
            proposed.push(Proposed { operator, tie });
        }
    }
    proposed.sort_by_key(|it| it.tie);
    Ok(proposed)
}

/// Operators found by a part of the name, a shop or the credit code.
pub fn found(tx: &mut Tx<'_>, words: &str) -> Result<Vec<OperatorRow>, ActError> {
    const SHOWN: i64 = 10;
    let words = words.trim();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Wanted { words: words.to_owned(), ..Wanted::default() };
    let listed = store::operator_list::list(tx, &[], &wanted, (Order::Name, false), 0, SHOWN)?;
    Ok(listed.into_iter().map(|it| it.operator).collect())
}

/// What the register would hold of the respondent as the consumer gave it.
pub fn particulars(case: &CaseRow, respondent: &Party) -> Particulars {
    let online = !respondent.platform.is_empty();
    Particulars {
        name: respondent.name.clone(),
        credit_code: respondent.credit_code.clone(),
        kind: domain::operator::likely_kind(&respondent.credit_code, &respondent.name).to_owned(),
        region: case.region_code.clone(),
        address: respondent.address.clone(),
        contact_name: respondent.contact_name.clone(),
        phone: respondent.phone.clone(),
        shops: if online {
            vec![[respondent.platform.clone(), respondent.name.clone(), String::new()]]
        } else {
            vec![]
        },
        ..Particulars::default()
    }
}

/// Ties the respondent of a case to an operator, to a new one, or to none.
pub fn link(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    chosen: Option<&Chosen>,
) -> Result<CaseRow, ActError> {
    let Some(chosen) = chosen else {
        return Err(ActError::field("operator", "operator.missing", "请选择是哪一家，或者登记新的"));
    };
    // What is found out before a new one is entered: whether the act is lawful and not done already.
    let provisional = match chosen {
        Chosen::Known(id) => Act::LinkOperator { operator: Some(*id), by: None },
        Chosen::New(_) => Act::LinkOperator { operator: Some(0), by: Some(Tie::Registered) },
        Chosen::None => Act::LinkOperator { operator: None, by: None },
    };
    let case = match record::open(tx, scene, number, seen, &provisional)? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    let act = match chosen {
        Chosen::Known(id) => {
            let Some(row) = store::operator::find(tx, *id)?.filter(|row| row.merged_into.is_none()) else {
                return Err(ActError::field("operator", "operator.unknown", "没有这一家经营者，请重新查找"));
            };
            let respondent = respondent(tx, case.id)?;
            let by = reason(tx, &case, &respondent, &row)?.unwrap_or(Tie::Chosen);
            Act::LinkOperator { operator: Some(*id), by: Some(by) }
        }
        Chosen::New(typed) => {
            let id = operators::register(tx, scene, typed)?;
            Act::LinkOperator { operator: Some(id), by: Some(Tie::Registered) }
        }
        Chosen::None => provisional,
    };
    if matches!(&act, Act::LinkOperator { operator, .. } if *operator == case.state.operator) {
        let message =
            if case.state.operator.is_none() { "本件没有关联经营者" } else { "本件已经关联这一家" };
        return Err(ActError::field("operator", "operator.same", message));
    }
    record::perform(tx, scene, case, &act)
}

/// At registration: a credit code that is in the register ties by itself.
pub(crate) fn by_code(tx: &mut Tx<'_>, scene: Scene<'_>, case: CaseRow) -> Result<CaseRow, ActError> {
    if !matches!(case.state.kind, CaseKind::Complaint | CaseKind::Report) || case.state.operator.is_some() {
        return Ok(case);
    }
    let code = respondent(tx, case.id)?.credit_code;
    let Some(row) = store::operator::by_code(tx, &code)? else { return Ok(case) };
    let operator = operators::main_of(tx, row)?;
    record::perform(tx, scene, case, &Act::LinkOperator { operator: Some(operator.id), by: Some(Tie::CreditCode) })
}

/// The operator that a case is tied to, the one that goes on where two were merged.
pub fn of_case(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<OperatorRow>, ActError> {
    let Some(id) = case.state.operator else { return Ok(None) };
    let row = store::operator::find(tx, id)?;
    row.map(|row| operators::main_of(tx, row)).transpose()
}

fn respondent(tx: &mut Tx<'_>, case_id: i64) -> Result<Party, ActError> {
    let parties = store::party::of_case(tx, case_id)?;
    Ok(parties.into_iter().find(|party| party.role == "respondent").unwrap_or_default())
}

fn reason(tx: &mut Tx<'_>, case: &CaseRow, shop: &Party, row: &OperatorRow) -> Result<Option<Tie>, ActError> {
    let shops: Vec<String> = store::operator::shops(tx, row.id)?.into_iter().map(|shop| shop.shop).collect();
    let told =
        Told { credit_code: &shop.credit_code, name: &shop.name, platform: &shop.platform, region: &case.region_code };
    let known = Known { credit_code: &row.credit_code, names: &row.names, shops: &shops, region: &row.region_code };
    Ok(tie(&told, &known))
}
