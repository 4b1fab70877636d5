//! 案件: one row holds the state (the fold of the events), the queue's key and the matter itself.

use domain::case::{Case, Outcome, Rating};
use domain::case_kind::CaseKind;
use domain::reporting::Decision;
use domain::status::Status;
use domain::turns::Turns;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Row, StoreError, Tx, Value};
use crate::params;

/// The due instant of a case for which nothing runs, and of a clock that stands still: after every real one, in the
/// year 9999, and still an instant that can be read back.
pub const NOTHING_DUE: i64 = 253_402_000_000_000_000;

/// A new case, before it has an id.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Case number (编号).
    pub number: String,
    /// How often a new query code was given out; the code itself is derived, never kept.
    pub query_code_round: i64,
    /// Code table `channels`.
    pub channel: String,
    /// National rule set.
    pub rule_set: String,
    /// Overlay followed.
    pub overlay: Option<String>,
    /// The shop's division.
    pub region_code: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// The same, as a day in Beijing.
    pub received_day: Date,
    /// Its state.
    pub state: Case,
    /// Hash of its first event is written with the event.
    pub matter: Matter,
}

/// What the case is about: the columns that a registration may correct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matter {
    /// One line.
    pub title: String,
    /// Code table `goods_categories`.
    pub category: String,
    /// Code table `problem_categories`.
    pub problem: String,
    /// 商品或者服务.
    pub goods: String,
    /// 品牌.
    pub brand: String,
    /// 型号.
    pub model: String,
    /// 订单号.
    pub order_number: String,
    /// 涉及金额, 分.
    pub amount: Option<i64>,
    /// 购买日期.
    pub bought_on: Option<Date>,
    /// Known since.
    pub knew_on: Option<Date>,
    /// 经过.
    pub facts: String,
    /// Code table `demands`, joined by commas.
    pub demands: String,
    /// In her words.
    pub demand_text: String,
    /// 要求金额, 分.
    pub claim: Option<i64>,
    /// 同意公示.
    pub consent_publish: Option<bool>,
    /// 同意委托调解.
    pub consent_delegate: Option<bool>,
    /// The consumer's name, masked in every list.
    pub complainant_name: String,
    /// The other side's name.
    pub respondent_name: String,
}

/// A case as read: identity, state and matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Row id.
    pub id: i64,
    /// Case number.
    pub number: String,
    /// How often a new query code was given out; the code itself is derived, never kept.
    pub query_code_round: i64,
    /// Code table `channels`.
    pub channel: String,
    /// National rule set.
    pub rule_set: String,
    /// Overlay followed.
    pub overlay: Option<String>,
    /// The shop's division.
    pub region_code: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// Hash of the last event.
    pub event_head: String,
    /// State.
    pub state: Case,
    /// Matter.
    pub matter: Matter,
    /// When the outcome was signed.
    pub concluded_at: Option<Timestamp>,
    /// When both sides were told.
    pub told_at: Option<Timestamp>,
    /// When it was closed into a file.
    pub archived_at: Option<Timestamp>,
    /// `reach` paths against which a person's standing is judged: bureau's path, office's path, intake centre's path.
    pub bureau_path: String,
    /// The office's path, when an office has it.
    pub unit_path: Option<String>,
    /// The intake centre's path.
    pub intake_path: String,
    /// The paths of organisations that may read it besides: those that sent it on, are in dispute over it, or help.
    pub seen_by: Vec<String>,
}

/// Where the history of a case stands: enough to write on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Case number.
    pub number: String,
    /// Its version, which is the number of its last event.
    pub version: i64,
    /// Hash of the last event.
    pub event_head: String,
}

const COLUMNS: &str = "c.id, c.number, c.query_code_round, c.channel, c.rule_set, c.overlay, c.region_code, c.received_at, \
    c.event_head, c.kind, c.status, c.bureau_id, c.intake_id, c.unit_id, c.lead_id, c.partner_id, c.outcome, \
    c.outcome_ground, c.recovered, c.suspended, c.extension_asked, c.urges, c.urge_open, c.returns, c.notified, \
    c.answered, c.meetings, c.solved, c.mark, c.version, c.title, c.category, c.problem, c.goods, c.brand, c.model, \
    c.order_number, c.amount, c.bought_on, c.knew_on, c.facts, c.demands, c.demand_text, c.claim, c.consent_publish, \
    c.consent_delegate, c.complainant_name, c.respondent_name, c.concluded_at, c.told_at, c.archived_at, b.path, u.path, \
    i.path, c.turns, c.operator_id";

/// Writes a new case; gives its id.
pub fn insert(tx: &mut Tx<'_>, case: &NewCase, event_head: &str, next_due_at: i64) -> Result<i64, StoreError> {
    let (state, matter) = (&case.state, &case.matter);
    let row = tx.first(
        "INSERT INTO cases (number, query_code_round, kind, channel, rule_set, overlay, region_code, received_at, \
         received_day, status, bureau_id, intake_id, recovered, urges, urge_open, returns, notified, answered, meetings, \
         version, event_head, desk, open, next_due_at, title, category, problem, goods, brand, model, order_number, amount, \
         bought_on, knew_on, facts, demands, demand_text, claim, consent_publish, consent_delegate, complainant_name, \
         respondent_name, turns) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, 0, 0, 0, 0, $13, $14, $15, $16, \
         $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36) RETURNING id",
        params![
            &case.number,
            case.query_code_round,
            state.kind.key(),
            &case.channel,
            &case.rule_set,
            case.overlay.clone(),
            &case.region_code,
            case.received_at,
            case.received_day,
            state.status.key(),
            state.bureau,
            state.intake,
            state.version,
            event_head,
            state.desk().key(),
            state.status.is_open(),
            next_due_at,
            &matter.title,
            &matter.category,
            &matter.problem,
            &matter.goods,
            &matter.brand,
            &matter.model,
            &matter.order_number,
            matter.amount,
            matter.bought_on,
            matter.knew_on,
            &matter.facts,
            &matter.demands,
            &matter.demand_text,
            matter.claim,
            matter.consent_publish,
            matter.consent_delegate,
            &matter.complainant_name,
            &matter.respondent_name,
            turns_text(&state.turns),
        ],
    )?;
    returned_id(row)
}

/// The id that `RETURNING id` gave.
pub(crate) fn returned_id(row: Option<Row>) -> Result<i64, StoreError> {
    row.ok_or(StoreError::Column { index: 0, expected: "a returned id", found: "no row" })?.int(0)
}

/// Writes the state after an act, only if nobody acted in between; `false` when somebody did.
pub fn update_state(
    tx: &mut Tx<'_>,
    id: i64,
    seen_version: i64,
    state: &Case,
    event_head: &str,
) -> Result<bool, StoreError> {
    let (outcome, ground) = outcome_columns(state.outcome);
    let changed = tx.execute(
        "UPDATE cases SET status = $1, bureau_id = $2, intake_id = $3, unit_id = $4, lead_id = $5, partner_id = $6, \
         outcome = $7, outcome_ground = $8, recovered = $9, suspended = $10, extension_asked = $11, urges = $12, \
         urge_open = $13, returns = $14, notified = $15, answered = $16, meetings = $17, solved = $18, mark = $19, \
         version = $20, event_head = $21, desk = $22, open = $23, turns = $24, supervised = $25, \
         reopened = $26, operator_id = $27 WHERE id = $28 AND version = $29",
        params![
            state.status.key(),
            state.bureau,
            state.intake,
            state.unit,
            state.lead,
            state.partner,
            outcome,
            ground,
            state.recovered,
            state.suspended.clone(),
            state.extension_asked.clone(),
            i64::from(state.urges),
            state.urge_open,
            i64::from(state.returns),
            state.notified,
            state.answered,
            i64::from(state.meetings),
            state.rating.map(|rating| rating.solved),
            state.rating.map(|rating| i64::from(rating.mark)),
            state.version,
            event_head,
            state.desk().key(),
            state.status.is_open(),
            turns_text(&state.turns),
            state.turns.dispatching.supervision.is_some(),
            i64::from(state.turns.mediation.reopened),
            state.operator,
            id,
            seen_version,
        ],
    )?;
    Ok(changed == 1)
}

/// Writes that something was noted in the history that left the state as it was, and what falls due first now when that moved;
/// only if nobody acted in between, `false` when somebody did. Touches few indexes or none, where [`update_state`] touches many.
pub fn advance(
    tx: &mut Tx<'_>,
    id: i64,
    seen_version: i64,
    head: &Head,
    next_due_at: Option<i64>,
) -> Result<bool, StoreError> {
    let changed = match next_due_at {
        None => tx.execute(
            "UPDATE cases SET version = $1, event_head = $2 WHERE id = $3 AND version = $4",
            params![head.version, &head.event_head, id, seen_version],
        ),
        Some(due) => tx.execute(
            "UPDATE cases SET version = $1, event_head = $2, next_due_at = $3 WHERE id = $4 AND version = $5",
            params![head.version, &head.event_head, due, id, seen_version],
        ),
    }?;
    Ok(changed == 1)
}

/// Writes what falls due first.
pub fn update_next_due(tx: &mut Tx<'_>, id: i64, next_due_at: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE cases SET next_due_at = $1 WHERE id = $2", params![next_due_at, id]).map(drop)
}

/// A milestone of the course that statistics and pages ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// The outcome was signed.
    Concluded,
    /// Both sides were told.
    Told,
    /// Closed into a file.
    Archived,
}

/// Writes when a milestone was reached.
pub fn reach(tx: &mut Tx<'_>, id: i64, milestone: Milestone, at: Timestamp) -> Result<(), StoreError> {
    let sql = match milestone {
        Milestone::Concluded => "UPDATE cases SET concluded_at = $1 WHERE id = $2",
        Milestone::Told => "UPDATE cases SET told_at = $1 WHERE id = $2",
        Milestone::Archived => "UPDATE cases SET archived_at = $1 WHERE id = $2",
    };
    tx.execute(sql, params![at, id]).map(drop)
}

/// Takes back the milestones of the end: the case was taken up again.
pub fn reopen(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    let sql = "UPDATE cases SET concluded_at = NULL, told_at = NULL, archived_at = NULL WHERE id = $1";
    tx.execute(sql, params![id]).map(drop)
}

/// Writes the line and the classes given at registration.
pub fn classify(tx: &mut Tx<'_>, id: i64, title: &str, category: &str, problem: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE cases SET title = $1, category = $2, problem = $3 WHERE id = $4",
        params![title, category, problem, id],
    )
    .map(drop)
}

/// The case with this number.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<CaseRow>, StoreError> {
    one(tx, "c.number = $1", params![number])
}

/// The case with this id.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<CaseRow>, StoreError> {
    one(tx, "c.id = $1", params![id])
}

fn one(tx: &mut Tx<'_>, condition: &str, params: &[Value]) -> Result<Option<CaseRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases c JOIN organization b ON b.id = c.bureau_id JOIN organization i ON i.id = c.intake_id \
         LEFT JOIN organization u ON u.id = c.unit_id WHERE {condition}"
    );
    let Some(mut case) = tx.first(&sql, params)?.map(|row| case_row(&row)).transpose()? else { return Ok(None) };
    if case.state.turns != Turns::default() {
        case.seen_by = crate::sight::of_case(tx, case.id)?.into_iter().map(|(_, path)| path).collect();
    }
    Ok(Some(case))
}

/// Follows another overlay from now on: the receiving centre's, when a case is sent on.
pub fn follow(tx: &mut Tx<'_>, id: i64, overlay: Option<&str>) -> Result<(), StoreError> {
    tx.execute("UPDATE cases SET overlay = $1 WHERE id = $2", params![overlay.map(str::to_owned), id]).map(drop)
}

/// Nothing under way, which is nearly always, is an empty text.
fn turns_text(turns: &Turns) -> String {
    if *turns == Turns::default() { String::new() } else { serde_json::to_string(turns).unwrap_or_default() }
}

fn turns(row: &Row, index: usize) -> Result<Turns, StoreError> {
    match row.str(index)? {
        "" => Ok(Turns::default()),
        text => serde_json::from_str(text).map_err(|_| unknown_key(index)),
    }
}

fn case_row(row: &Row) -> Result<CaseRow, StoreError> {
    let rating = match (row.opt_int(27)?, row.opt_int(28)?) {
        (Some(solved), Some(mark)) => {
            Some(Rating { solved: solved == 1, mark: u8::try_from(mark).unwrap_or_default() })
        }
        _ => None,
    };
    Ok(CaseRow {
        id: row.int(0)?,
        number: row.text(1)?,
        query_code_round: row.int(2)?,
        channel: row.text(3)?,
        rule_set: row.text(4)?,
        overlay: row.opt_text(5)?,
        region_code: row.text(6)?,
        received_at: row.timestamp(7)?,
        event_head: row.text(8)?,
        state: Case {
            kind: CaseKind::from_key(row.str(9)?).ok_or_else(|| unknown_key(9))?,
            status: Status::from_key(row.str(10)?).ok_or_else(|| unknown_key(10))?,
            bureau: row.int(11)?,
            intake: row.int(12)?,
            unit: row.opt_int(13)?,
            lead: row.opt_int(14)?,
            partner: row.opt_int(15)?,
            outcome: outcome_of(row.opt_str(16)?, row.opt_int(17)?),
            recovered: row.int(18)?,
            suspended: row.opt_text(19)?,
            extension_asked: row.opt_text(20)?,
            urges: count(row, 21)?,
            urge_open: row.bool(22)?,
            returns: count(row, 23)?,
            notified: row.bool(24)?,
            answered: row.bool(25)?,
            meetings: count(row, 26)?,
            rating,
            turns: turns(row, 54)?,
            operator: row.opt_int(55)?,
            version: row.int(29)?,
        },
        matter: Matter {
            title: row.text(30)?,
            category: row.text(31)?,
            problem: row.text(32)?,
            goods: row.text(33)?,
            brand: row.text(34)?,
            model: row.text(35)?,
            order_number: row.text(36)?,
            amount: row.opt_int(37)?,
            bought_on: row.opt_date(38)?,
            knew_on: row.opt_date(39)?,
            facts: row.text(40)?,
            demands: row.text(41)?,
            demand_text: row.text(42)?,
            claim: row.opt_int(43)?,
            consent_publish: row.opt_int(44)?.map(|yes| yes == 1),
            consent_delegate: row.opt_int(45)?.map(|yes| yes == 1),
            complainant_name: row.text(46)?,
            respondent_name: row.text(47)?,
        },
        concluded_at: row.opt_timestamp(48)?,
        told_at: row.opt_timestamp(49)?,
        archived_at: row.opt_timestamp(50)?,
        bureau_path: row.text(51)?,
        unit_path: row.opt_text(52)?,
        intake_path: row.text(53)?,
        seen_by: Vec::new(),
    })
}

/// Every case id from `after` on, at most `limit`: for sweeps over everything.
pub fn ids_after(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query("SELECT id FROM cases WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit])?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// How many cases there are.
pub fn count_all(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.first("SELECT COUNT(*) FROM cases", &[])?.map_or(Ok(0), |row| row.int(0))
}

pub(crate) fn unknown_key(index: usize) -> StoreError {
    StoreError::Column { index, expected: "a known key", found: "another" }
}

fn count(row: &Row, index: usize) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.int(index)?).unwrap_or_default())
}

/// The two columns of an outcome.
pub fn outcome_columns(outcome: Option<Outcome>) -> (Option<&'static str>, Option<i64>) {
    match outcome {
        None => (None, None),
        Some(Outcome::Settled) => (Some("settled"), None),
        Some(Outcome::Terminated(ground)) => (Some("terminated"), Some(i64::from(ground))),
        Some(Outcome::Refused(ground)) => (Some("refused"), Some(i64::from(ground))),
        Some(Outcome::Withdrawn) => (Some("withdrawn"), None),
        Some(Outcome::Referred) => (Some("referred"), None),
        Some(Outcome::Merged) => (Some("merged"), None),
        Some(Outcome::Repeated) => (Some("repeated"), None),
        Some(Outcome::Answered) => (Some("answered"), None),
        Some(Outcome::NotOpened(ground)) => (Some("not_opened"), Some(i64::from(ground))),
        Some(Outcome::Decided(decision)) => (Some(decision.key()), None),
        Some(Outcome::TurnedAway) => (Some("turned_away"), None),
    }
}

/// The outcome of the two columns.
pub(crate) fn outcome_of(key: Option<&str>, ground: Option<i64>) -> Option<Outcome> {
    let ground = u32::try_from(ground.unwrap_or_default()).unwrap_or_default();
    match key? {
        "settled" => Some(Outcome::Settled),
        "terminated" => Some(Outcome::Terminated(ground)),
        "refused" => Some(Outcome::Refused(ground)),
        "withdrawn" => Some(Outcome::Withdrawn),
        "referred" => Some(Outcome::Referred),
        "merged" => Some(Outcome::Merged),
        "repeated" => Some(Outcome::Repeated),
        "answered" => Some(Outcome::Answered),
        "not_opened" => Some(Outcome::NotOpened(ground)),
        "turned_away" => Some(Outcome::TurnedAway),
        decision => Decision::from_key(decision).map(Outcome::Decided),
    }
}
