//! 查找: the cases of a list page, chosen by filters or by what was typed. The same condition counts and lists, so a number
//! and the list behind it cannot differ (catalogue 12.1).

use domain::case_kind::CaseKind;
use domain::status::Status;
use domain::trigger::Outlived;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::unknown_key;
use crate::db::{Row, StoreError, Tx, Value};

/// A part of the tree that a person looks over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What an office has.
    Unit(i64),
    /// What the bureaus under this path have.
    Reach(String),
    /// What this officer has, wherever it lies.
    Officer(i64),
    /// Complaints against this bureau's own staff, which no other scope holds.
    Discipline(i64),
    /// Reports that a bureau or an office has, for those who direct them.
    Reports(Place),
}

/// A bureau or an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A bureau.
    Bureau(i64),
    /// An office.
    Unit(i64),
}

/// How a limit ended, or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// Met before its end.
    InTime,
    /// Met after its end, or past it and still running.
    Late,
    /// Either: everything that can be judged by now.
    Judged,
}

/// What an organisation or an officer answers for (督办、退回、超期、抽查不合格).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Taken under supervision, now or before.
    Supervised,
    /// Returned to the sender at least once.
    Returned,
    /// A limit that the bureau bears was met late, or is past and still runs.
    Late,
    /// A superior's check found points not in order.
    FailedCheck,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Fact; 4] = [Fact::Supervised, Fact::Returned, Fact::Late, Fact::FailedCheck];

    /// The key in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Fact::Supervised => "supervised",
            Fact::Returned => "returned",
            Fact::Late => "late",
            Fact::FailedCheck => "failed_check",
        }
    }

    /// The words on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Fact::Supervised => "被督办",
            Fact::Returned => "被退回",
            Fact::Late => "有期限超期",
            Fact::FailedCheck => "抽查不合格",
        }
    }

    /// The fact that has this key.
    pub fn from_key(key: &str) -> Option<Fact> {
        Fact::ALL.into_iter().find(|fact| fact.key() == key)
    }

    /// The SQL over `cases c`, judged at the instant bound as `at`.
    pub(crate) fn condition(self, at: &str) -> String {
        match self {
            Fact::Supervised => {
                "EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.act = 'supervise')".to_owned()
            }
            Fact::Returned => "c.returns > 0".to_owned(),
            Fact::Late => {
                let late = judged(Timeliness::Late, at);
                format!("EXISTS (SELECT 1 FROM deadline d WHERE d.case_id = c.id AND d.bearer = 'bureau' AND {late})")
            }
            Fact::FailedCheck => "EXISTS (SELECT 1 FROM spot_check_case s WHERE s.case_id = c.id AND \
                                  s.finished_at IS NOT NULL AND s.failed > 0)"
                .to_owned(),
        }
    }
}

/// Which cases. Every field narrows; an empty selection is everything in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only of this kind.
    pub kind: Option<CaseKind>,
    /// Only from this channel (code table `channels`).
    pub channel: Option<String>,
    /// Only of this goods category.
    pub category: Option<String>,
    /// Only in this status.
    pub status: Option<Status>,
    /// Only with this outcome (`settled`, `terminated`, `refused`, `withdrawn`).
    pub outcome: Option<String>,
    /// 案件来源: only reports that came so; `report` for those that somebody reported.
    pub origin: Option<String>,
    /// Only at this office; 0 for those that no office has.
    pub unit: Option<i64>,
    /// Only led by this officer; 0 for those that nobody leads.
    pub lead: Option<i64>,
    /// Only against a respondent of exactly this name.
    pub respondent: Option<String>,
    /// Only against this registered operator, or one that was merged into it.
    pub operator: Option<i64>,
    /// Only of this problem (code table `problem_categories`).
    pub problem: Option<String>,
    /// Received on this day or later.
    pub received_from: Option<Date>,
    /// Received on this day or earlier.
    pub received_to: Option<Date>,
    /// Outcome signed at this instant or later.
    pub concluded_from: Option<Timestamp>,
    /// Outcome signed before this instant.
    pub concluded_before: Option<Timestamp>,
    /// Only those still open, or only those closed.
    pub open: Option<bool>,
    /// Open and past what falls due first, at this instant.
    pub overdue_at: Option<Timestamp>,
    /// Only those whose limit of this key ended so, judged at this instant.
    pub limit: Option<(String, Timeliness, Timestamp)>,
    /// Only those that were so by all of these limits together (one of the five timelinesses), judged at this instant.
    pub measure: Option<(Vec<String>, Timeliness, Timestamp)>,
    /// Only those of which this is so, judged at this instant.
    pub fact: Option<(Fact, Timestamp)>,
    /// Only this bureau's.
    pub bureau: Option<i64>,
    /// Only those whose consumer rated: solved or not.
    pub solved: Option<bool>,
    /// Only those that were taken up again after their end.
    pub reopened: bool,
    /// What was typed into the search box, as understood.
    pub words: Option<Words>,
}

/// What was typed into the search box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// The beginning of a case number.
    Number(String),
    /// A telephone number in full, as normalised.
    Phone(String),
    /// A unified social credit code in full.
    CreditCode(String),
    /// The beginning of a respondent's name, or a part of the title.
    Text(String),
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// Row id.
    pub id: i64,
    /// Case number.
    pub number: String,
    /// One line.
    pub title: String,
    /// The consumer's name; show it masked.
    pub complainant_name: String,
    /// Code table `channels`.
    pub channel: String,
    /// The other side.
    pub respondent_name: String,
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
    /// Key of the outcome, once there is one.
    pub outcome: Option<String>,
    /// 分.
    pub amount: Option<i64>,
    /// 挽回损失, 分.
    pub recovered: i64,
    /// When it came in.
    pub received_at: Timestamp,
    /// When the outcome was signed.
    pub concluded_at: Option<Timestamp>,
    /// What falls due first, in microseconds; `case::NOTHING_DUE` when nothing runs.
    pub next_due_at: i64,
    /// Still open.
    pub open: bool,
    /// Office, when it has one.
    pub unit_name: Option<String>,
    /// Officer in charge, when there is one.
    pub lead_name: Option<String>,
}

/// The cases of a selection that somebody with these scopes may see, newest first, at most `limit`; from below row `before` on,
/// which is where the last page ended. A row's id follows the order in which cases came in.
pub fn list(
    tx: &mut Tx<'_>,
    scopes: &[Scope],
    selection: &Selection,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ListRow>, StoreError> {
    let mut condition = Condition::new(scopes, selection);
    if let Some(before) = before {
        let id = condition.bind(before);
        condition.and(&format!("c.id < {id}"));
    }
    let limit = condition.bind(limit);
    let sql = format!(
        "SELECT c.id, c.number, c.title, c.complainant_name, c.channel, c.respondent_name, c.status, c.outcome, c.amount, \
         c.recovered, c.received_at, c.concluded_at, c.next_due_at, c.open, u.name, a.name, c.kind FROM cases c \
         LEFT JOIN organization u ON u.id = c.unit_id LEFT JOIN account a ON a.id = c.lead_id \
         WHERE {} ORDER BY c.id DESC LIMIT {limit}",
        condition.text
    );
    tx.query(&sql, &condition.params)?.iter().map(list_row).collect()
}

/// The kind that only its own scope holds; `CaseKind::is_secret`.
pub(crate) const SECRET: &str = CaseKind::StaffComplaint.key();

const REPORT: &str = CaseKind::Report.key();

/// The kinds that no ordinary scope holds, in SQL; `CaseKind::is_confined`.
pub(crate) const CONFINED: &str = "('report', 'staff_complaint')";

/// A `WHERE` over `cases c` with its parameters.
pub(crate) struct Condition {
    pub(crate) text: String,
    pub(crate) params: Vec<Value>,
}

impl Condition {
    pub(crate) fn new(scopes: &[Scope], selection: &Selection) -> Condition {
        let mut condition = Condition { text: String::new(), params: Vec::new() };
        // Whoever looks for one case finds also what was sent on, is in dispute, or needs help; lists and figures hold only
        // what a bureau or an office has.
        condition.within(scopes, selection.words.is_some());
        condition.narrow(selection);
        condition
    }

    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    pub(crate) fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }

    /// A secret kind is in no scope but its own.
    fn within(&mut self, scopes: &[Scope], seen: bool) {
        let (mut open, mut any): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for scope in scopes {
            match scope {
                Scope::Discipline(bureau) => {
                    let bureau = self.bind(*bureau);
                    any.push(format!("(c.kind = '{SECRET}' AND c.bureau_id = {bureau})"));
                }
                Scope::Reports(place) => {
                    let (column, id) = match place {
                        Place::Bureau(id) => ("bureau_id", id),
                        Place::Unit(id) => ("unit_id", id),
                    };
                    let id = self.bind(*id);
                    any.push(format!("(c.kind = '{REPORT}' AND c.{column} = {id})"));
                }
                Scope::Unit(unit) => {
                    let unit = self.bind(*unit);
                    open.push(format!("c.unit_id = {unit}"));
                    if seen {
                        open.push(format!("c.id IN (SELECT case_id FROM case_sight WHERE organization_id = {unit})"));
                    }
                }
                Scope::Officer(account) => {
                    let account = self.bind(*account);
                    any.push(format!("(c.kind <> '{SECRET}' AND (c.lead_id = {account} OR c.partner_id = {account}))"));
                }
                Scope::Reach(path) => {
                    let (from, to) = (self.bind(path), self.bind(after_subtree(path)));
                    open.push(format!(
                        "c.bureau_id IN (SELECT id FROM organization WHERE path >= {from} AND path < {to} AND \
                         kind = 'bureau')"
                    ));
                    if seen {
                        open.push(format!(
                            "c.id IN (SELECT s.case_id FROM case_sight s JOIN organization o ON o.id = s.organization_id \
                             WHERE o.path >= {from} AND o.path < {to})"
                        ));
                    }
                }
            }
        }
        if !open.is_empty() {
            any.push(format!("(c.kind NOT IN {CONFINED} AND ({}))", open.join(" OR ")));
        }
        // Nothing is in reach of somebody without scopes.
        self.text = if any.is_empty() { "1 = 0".to_owned() } else { format!("({})", any.join(" OR ")) };
    }

    fn narrow(&mut self, selection: &Selection) {
        self.equal("c.kind", selection.kind.map(CaseKind::key));
        self.equal("c.channel", selection.channel.as_ref());
        self.equal("c.category", selection.category.as_ref());
        self.equal("c.status", selection.status.map(Status::key));
        self.equal("c.outcome", selection.outcome.as_ref());
        self.equal("c.respondent_name", selection.respondent.as_ref());
        self.equal("c.problem", selection.problem.as_ref());
        self.equal(crate::counts::ORIGIN, selection.origin.as_ref());
        if let Some(operator) = selection.operator {
            let operator = self.bind(operator);
            self.and(&of_operator(&operator));
        }
        self.equal("c.bureau_id", selection.bureau);
        self.holder("c.unit_id", selection.unit);
        self.holder("c.lead_id", selection.lead);
        self.equal("c.open", selection.open);
        self.equal("c.solved", selection.solved);
        self.compare("c.reopened >", selection.reopened.then_some(0));
        self.compare("c.received_day >=", selection.received_from);
        self.compare("c.received_day <=", selection.received_to);
        self.compare("c.concluded_at >=", selection.concluded_from);
        self.compare("c.concluded_at <", selection.concluded_before);
        if let Some(at) = selection.overdue_at {
            self.equal("c.open", Some(true));
            self.compare("c.next_due_at <=", Some(at));
        }
        if let Some((key, timeliness, at)) = &selection.limit {
            self.limit(key, *timeliness, *at);
        }
        if let Some((keys, timeliness, at)) = &selection.measure {
            self.measure(keys, *timeliness, *at);
        }
        if let Some((fact, at)) = selection.fact {
            // PostgreSQL refuses a parameter that no part of the statement uses.
            let at = if fact == Fact::Late { self.bind(at) } else { String::new() };
            self.and(&fact.condition(&at));
        }
        if let Some(words) = &selection.words {
            self.words(words);
        }
    }

    fn equal(&mut self, column: &str, value: Option<impl Into<Value>>) {
        self.compare(&format!("{column} ="), value);
    }

    fn compare(&mut self, left: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            let value = self.bind(value);
            self.and(&format!("{left} {value}"));
        }
    }

    /// An office or officer, or the lack of one.
    fn holder(&mut self, column: &str, holder: Option<i64>) {
        match holder {
            Some(0) => self.and(&format!("{column} IS NULL")),
            holder => self.equal(column, holder),
        }
    }

    fn limit(&mut self, key: &str, timeliness: Timeliness, at: Timestamp) {
        let key = self.bind(key);
        // PostgreSQL refuses a parameter that no part of the statement uses.
        let at = if timeliness == Timeliness::InTime { String::new() } else { self.bind(at) };
        let judged = judged(timeliness, &at);
        self.and(&format!(
            "EXISTS (SELECT 1 FROM deadline d WHERE d.case_id = c.id AND d.limit_key = {key} AND {judged})"
        ));
    }

    /// In time: something can be judged, and nothing of it is late.
    fn measure(&mut self, keys: &[String], timeliness: Timeliness, at: Timestamp) {
        let keys = self.bind_all(keys);
        let at = self.bind(at);
        let some = |how: Timeliness| {
            let judged = judged(how, &at);
            format!("EXISTS (SELECT 1 FROM deadline d WHERE d.case_id = c.id AND d.limit_key IN ({keys}) AND {judged})")
        };
        let condition = match timeliness {
            Timeliness::InTime => format!("{} AND NOT {}", some(Timeliness::Judged), some(Timeliness::Late)),
            how => some(how),
        };
        self.and(&condition);
    }

    /// Binds each of them; gives the places for `IN (…)`.
    pub(crate) fn bind_all(&mut self, values: &[String]) -> String {
        let places: Vec<String> = values.iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }

    fn words(&mut self, words: &Words) {
        match words {
            Words::Number(start) => self.starts_with("c.number", start),
            Words::Phone(phone) => {
                let phone = self.bind(phone);
                self.and(&format!("c.id IN (SELECT case_id FROM party WHERE phone = {phone})"));
            }
            Words::CreditCode(code) => {
                let code = self.bind(code);
                self.and(&format!("c.id IN (SELECT case_id FROM party WHERE credit_code = {code})"));
            }
            Words::Text(text) => {
                let plain = like_literal(text);
                let (start, part) = (self.bind(format!("{plain}%")), self.bind(format!("%{plain}%")));
                self.and(&format!(
                    "(LOWER(c.respondent_name) LIKE {start} ESCAPE '~' OR LOWER(c.title) LIKE {part} ESCAPE '~')"
                ));
            }
        }
    }

    pub(crate) fn starts_with(&mut self, column: &str, start: &str) {
        let (from, to) = (self.bind(start), self.bind(format!("{start}\u{10FFFF}")));
        self.and(&format!("{column} >= {from} AND {column} < {to}"));
    }
}

/// The SQL over `cases c` for those against the operator bound as `id`, and against those that were merged into it.
pub(crate) fn of_operator(id: &str) -> String {
    format!("c.operator_id IN (SELECT id FROM operator WHERE id = {id} OR merged_into = {id})")
}

/// A text as it stands inside a pattern for `LOWER(…) LIKE … ESCAPE '~'`: every character for itself, Latin letters however
/// written. The engines' own rules for letters and for an escape that is not named differ.
pub(crate) fn like_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '~') {
            literal.push('~');
        }
        literal.push(character.to_ascii_lowercase());
    }
    literal
}

/// The SQL over `deadline d` for a limit that ended so by the instant bound as `at`. One that the case outlived (withdrawn, sent
/// elsewhere) is not judged.
pub(crate) fn judged(timeliness: Timeliness, at: &str) -> String {
    let outlived = Outlived::ALL.iter().map(|by| format!("'{}'", by.key())).collect::<Vec<_>>().join(", ");
    let met = format!("d.stopped_at IS NOT NULL AND d.stopped_by NOT IN ({outlived})");
    match timeliness {
        Timeliness::InTime => format!("({met} AND d.stopped_at < d.due_at)"),
        Timeliness::Late => {
            format!("(({met} AND d.stopped_at >= d.due_at) OR (d.stopped_at IS NULL AND d.due_at <= {at}))")
        }
        Timeliness::Judged => format!("(({met}) OR (d.stopped_at IS NULL AND d.due_at <= {at}))"),
    }
}

/// The first path that sorts after everything under `path`, which ends in `/`.
fn after_subtree(path: &str) -> String {
    format!("{}0", path.strip_suffix('/').unwrap_or(path))
}

fn list_row(row: &Row) -> Result<ListRow, StoreError> {
    Ok(ListRow {
        id: row.int(0)?,
        number: row.text(1)?,
        title: row.text(2)?,
        complainant_name: row.text(3)?,
        channel: row.text(4)?,
        respondent_name: row.text(5)?,
        status: Status::from_key(row.str(6)?).ok_or_else(|| unknown_key(6))?,
        outcome: row.opt_text(7)?,
        amount: row.opt_int(8)?,
        recovered: row.int(9)?,
        received_at: row.timestamp(10)?,
        concluded_at: row.opt_timestamp(11)?,
        next_due_at: row.int(12)?,
        open: row.bool(13)?,
        unit_name: row.opt_text(14)?,
        lead_name: row.opt_text(15)?,
        kind: CaseKind::from_key(row.str(16)?).ok_or_else(|| unknown_key(16))?,
    })
}
