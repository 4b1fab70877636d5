//! 借阅、停止销毁: who takes something of the archive out, for what and until when; what must not be destroyed (catalogue 9.3).

use domain::archive::archive_rules;
use domain::clock::beijing_day;
use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::archive::ItemRow;
use store::lending::{LoanRow, NewLoan};
use store::outbox::MessageRow;
use store::{StoreError, Tx};

use crate::error::ActError;
use crate::faults::Faults;
use crate::holdings::{self, kept, person, reached};
use crate::house::Scene;

/// Characters that words may have.
const WORDS_AT_MOST: usize = 200;

/// What an archivist typed of a loan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Who borrows: her account.
    pub borrower: String,
    /// 用途.
    pub purpose: String,
    /// Until when.
    pub due: String,
    /// Whether the side part goes along.
    pub side: bool,
}

/// Lends an item, or asks for approval where the side part or a report is to go out.
pub fn lend(tx: &mut Tx<'_>, scene: Scene<'_>, item: i64, typed: &Typed) -> Result<(), ActError> {
    let row = kept(tx, scene, item)?;
    let by = person(scene)?.account_id;
    let (rules, today) = (&archive_rules().lending, beijing_day(scene.now));
    let people = store::account::of_bureau(tx, row.item.bureau_id)?;
    let borrower = people.into_iter().find(|it| it.active && it.id.to_string() == typed.borrower);
    let due: Option<Date> = typed.due.trim().parse().ok();
    let latest = today.saturating_add(rules.days_at_most.days());
    let late = format!("最晚写到 {latest}（不超过 {} 天）", rules.days_at_most);
    Faults::default()
        .when(borrower.is_none(), "borrower", "borrower.missing", "请选择借阅人")
        .needed("purpose", &typed.purpose, "请写明用途，例如“行政复议答复”")
        .when(typed.purpose.chars().count() > WORDS_AT_MOST, "purpose", "text.too_long", "请控制在 200 个字以内")
        .when(due.is_none(), "due", "due.missing", "请写归还日期")
        .when(due.is_some_and(|due| due < today), "due", "due.past", "归还日期不能在今天以前")
        .when(due.is_some_and(|due| due > latest), "due", "due.too_late", &late)
        .done()?;
    let (Some(borrower), Some(due_day)) = (borrower, due) else { return Err(ActError::NotFound) };
    let sealed = typed.side || row.case.as_ref().is_some_and(|(_, kind)| kind.is_confined());
    let loan = NewLoan {
        item_id: item,
        borrower_id: borrower.id,
        sealed,
        purpose: typed.purpose.trim().to_owned(),
        due_day,
        asked_by: by,
    };
    if store::lending::lend(tx, &loan, scene.now)?.is_none() {
        return Err(ActError::Conflict { since: "这一卷（件）已经借出或者在等批准".to_owned() });
    }
    let what = if sealed { "申请借阅密封部分" } else { "借出" };
    let words = format!("{}，{}，{due_day} 前归还", borrower.name, typed.purpose.trim());
    holdings::note(tx, scene, item, what, &words)
}

/// Decides the lending of what is sealed: neither for oneself nor on one's own asking.
pub fn decide(tx: &mut Tx<'_>, scene: Scene<'_>, loan: i64, granted: bool, opinion: &str) -> Result<(), ActError> {
    let (row, loan) = of_loan(tx, scene, loan)?;
    let by = person(scene)?;
    if !holdings::approves(by, row.item.bureau_id) {
        return Err(ActError::Forbidden);
    }
    let own = [loan.asked.borrower_id, loan.asked.asked_by].contains(&by.account_id);
    Faults::default()
        .when(own, "opinion", "loan.own", "借阅人和经办的档案员自己不能批准，请另一位领导批准")
        .when(!granted && opinion.trim().is_empty(), "opinion", "opinion.missing", "不批准的，请写明理由")
        .when(opinion.chars().count() > WORDS_AT_MOST, "opinion", "text.too_long", "请控制在 200 个字以内")
        .done()?;
    if !store::lending::decide(tx, loan.id, granted, opinion.trim(), by.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "有人先答复了这次借阅".to_owned() });
    }
    let what = if granted { "批准借阅密封部分" } else { "不批准借阅" };
    holdings::note(tx, scene, row.id, what, &format!("{}。{}", loan.borrower, opinion.trim()))
}

/// Takes something back.
pub fn take_back(tx: &mut Tx<'_>, scene: Scene<'_>, loan: i64) -> Result<(), ActError> {
    let (row, loan) = of_loan(tx, scene, loan)?;
    let by = person(scene)?;
    if !holdings::keeps(by, &row) {
        return Err(ActError::Forbidden);
    }
    if !store::lending::take_back(tx, loan.id, by.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "这一卷（件）没有借出，或者已经归还".to_owned() });
    }
    holdings::note(tx, scene, row.id, "归还", &loan.borrower)
}

fn of_loan(tx: &mut Tx<'_>, scene: Scene<'_>, loan: i64) -> Result<(ItemRow, LoanRow), ActError> {
    let loan = store::lending::find(tx, loan)?.ok_or(ActError::NotFound)?;
    let (row, _) = reached(tx, scene, loan.asked.item_id)?;
    Ok((row, loan))
}

/// Stops the destruction of an item.
pub fn hold(tx: &mut Tx<'_>, scene: Scene<'_>, item: i64, reason: &str) -> Result<(), ActError> {
    let row = kept(tx, scene, item)?;
    check_reason(reason, "请写明为什么停止销毁，例如“行政诉讼”")?;
    if row.held {
        return Err(ActError::Conflict { since: "这一卷（件）已经停止销毁".to_owned() });
    }
    store::lending::hold(tx, item, reason.trim(), person(scene)?.account_id, scene.now)?;
    holdings::note(tx, scene, item, "停止销毁", reason.trim())
}

/// Lets an item be destroyed again.
pub fn lift(tx: &mut Tx<'_>, scene: Scene<'_>, item: i64, hold: i64, reason: &str) -> Result<(), ActError> {
    kept(tx, scene, item)?;
    check_reason(reason, "请写明为什么可以解除，例如“诉讼已经终结”")?;
    if !store::lending::lift(tx, item, hold, reason.trim(), person(scene)?.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "已经解除".to_owned() });
    }
    holdings::note(tx, scene, item, "解除停止销毁", reason.trim())
}

fn check_reason(reason: &str, ask: &str) -> Result<(), ActError> {
    Faults::default()
        .needed("reason", reason, ask)
        .when(reason.chars().count() > WORDS_AT_MOST, "reason", "text.too_long", "请控制在 200 个字以内")
        .done()
}

/// What somebody borrowed and has not brought back.
pub fn in_hand(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<LoanRow>, ActError> {
    Ok(store::lending::in_hand(tx, person(scene)?.account_id)?)
}

/// What waits for her approval.
pub fn waiting(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<LoanRow>, ActError> {
    let person = person(scene)?;
    let mut rows = Vec::new();
    for bureau in holdings::bureaus(person).into_iter().filter(|bureau| holdings::approves(person, *bureau)) {
        rows.extend(store::lending::asked(tx, bureau)?);
    }
    Ok(rows)
}

/// Loans past their day, of which nobody was reminded lately: for the sweep.
pub(crate) fn late(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<LoanRow>, StoreError> {
    let today = beijing_day(now);
    store::lending::late(tx, today, today.saturating_sub(archive_rules().lending.remind_again_after.days()), limit)
}

/// Reminds the borrower, by text message where there is a gateway; it stands in the record of the item either way.
pub(crate) fn remind(tx: &mut Tx<'_>, scene: Scene<'_>, loan: &LoanRow) -> Result<(), ActError> {
    let today = beijing_day(scene.now);
    if !store::lending::note_reminded(tx, loan.id, today)? {
        return Err(ActError::Conflict { since: "今天已经提醒".to_owned() });
    }
    if let Some(account) = store::account::find(tx, loan.asked.borrower_id)?
        && scene.house.settings.gateways.contains_key("sms")
        && !account.phone.is_empty()
    {
        let body = format!("您借阅的档案 {} 应在 {} 归还，已经逾期，请尽快归还。", loan.number, loan.asked.due_day);
        let message = MessageRow {
            id: 0,
            case_id: None,
            event_number: None,
            recipient: "staff".to_owned(),
            channel: "sms".to_owned(),
            address: account.phone,
            subject: "借阅到期".to_owned(),
            body,
            paper_id: None,
            state: "waiting".to_owned(),
            created_at: scene.now,
            next_try_at: scene.now,
            attempts: 0,
            done_at: None,
            proof: String::new(),
            error: String::new(),
        };
        store::outbox::insert(tx, &message)?;
    }
    holdings::note(tx, scene, loan.asked.item_id, "催还", &loan.borrower)
}
