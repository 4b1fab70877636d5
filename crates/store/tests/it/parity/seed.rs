//! Rows that behaviours start from.

use domain::act::Act;
use domain::case::Case;
use domain::case_kind::CaseKind;
use domain::organization::OrganizationKind;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use store::account::AccountRow;
use store::case::{Matter, NewCase};
use store::deadline::DeadlineRow;
use store::organization::OrganizationRow;
use store::{StoreError, Tx};

/// So many minutes after an instant with microseconds.
pub fn minute(count: i64) -> Timestamp {
    let start: Timestamp = "2026-06-01T01:00:00.123456Z".parse().expect("an instant");
    start + SignedDuration::from_mins(count)
}

/// A small tree with people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The bureau.
    pub bureau: i64,
    /// Its centre.
    pub centre: i64,
    /// Its office.
    pub office: i64,
    /// An officer there.
    pub officer: i64,
    /// Another officer there.
    pub partner: i64,
}

/// An organisation that is not written yet.
pub fn organization(kind: OrganizationKind, region: &str, name: &str) -> OrganizationRow {
    OrganizationRow {
        id: 0,
        parent_id: None,
        kind,
        level: "county".to_owned(),
        region_code: region.to_owned(),
        name: name.to_owned(),
        short_name: name.chars().take(2).collect(),
        bureau_id: None,
        path: String::new(),
        reach: String::new(),
        phone: "0371-12315".to_owned(),
        address: String::new(),
        overlay: None,
        active: true,
        version: 0,
    }
}

/// An account that is not written yet.
pub fn account(login: &str, name: &str, organization_id: i64) -> AccountRow {
    AccountRow {
        id: 0,
        login: login.to_owned(),
        name: name.to_owned(),
        phone: String::new(),
        organization_id,
        password_hash: "$argon2id$".to_owned(),
        must_change: true,
        active: true,
        version: 0,
    }
}

/// Writes the tree.
pub fn tree(tx: &mut Tx<'_>) -> Result<Tree, StoreError> {
    use OrganizationKind::{Bureau, Centre, Office};
    let bureau = store::organization::insert(tx, None, organization(Bureau, "410105", "金水区市场监督管理局"))?;
    let centre = store::organization::insert(tx, Some(&bureau), organization(Centre, "410105", "金水区12315中心"))?;
    let office = store::organization::insert(tx, Some(&bureau), organization(Office, "410105001", "经八路所"))?;
    let officer = store::account::insert(tx, &account("zhang", "张三", office.id), minute(0))?;
    let partner = store::account::insert(tx, &account("li", "李四", office.id), minute(0))?;
    Ok(Tree { bureau: bureau.id, centre: centre.id, office: office.id, officer, partner })
}

/// A new case of the tree's bureau.
pub fn new_case(tree: Tree, serial: i64) -> NewCase {
    let act = Act::File {
        kind: CaseKind::Complaint,
        channel: "web".to_owned(),
        bureau: tree.bureau,
        intake: tree.centre,
        rule_set: "national-2026".to_owned(),
        overlay: None,
        registered: true,
        evidence: 0,
        named: None,
        earlier: None,
    };
    NewCase {
        number: format!("410105-2026-{serial:06}"),
        query_code_round: 0,
        channel: "web".to_owned(),
        rule_set: "national-2026".to_owned(),
        overlay: None,
        region_code: "410105001".to_owned(),
        received_at: minute(serial),
        received_day: date(2026, 6, 1),
        state: Case::begin(&act).expect("a filing begins a case"),
        matter: Matter {
            title: format!("电饭煲不加热{serial}"),
            category: "food".to_owned(),
            goods: "电饭煲".to_owned(),
            facts: "买回三天\n不能加热。".to_owned(),
            complainant_name: "陈晓梅".to_owned(),
            respondent_name: "好又来超市".to_owned(),
            ..Matter::default()
        },
    }
}

/// Writes a case; its first deadline falls due so many minutes on.
pub fn case(tx: &mut Tx<'_>, tree: Tree, serial: i64, due_minute: i64) -> Result<i64, StoreError> {
    store::case::insert(tx, &new_case(tree, serial), "head", minute(due_minute).as_microsecond())
}

/// A running deadline that is not written yet.
pub fn deadline(case_id: i64, limit: &str, due_minute: i64) -> DeadlineRow {
    DeadlineRow {
        id: 0,
        case_id,
        limit_key: limit.to_owned(),
        name: "受理决定".to_owned(),
        rule_set: "national-2026".to_owned(),
        law: "投诉举报处理办法".to_owned(),
        article: "第十五条".to_owned(),
        basis: "statutory".to_owned(),
        bearer: "bureau".to_owned(),
        unit: "workday".to_owned(),
        length: 7,
        extended_by: 0,
        started_at: minute(0),
        due_at: minute(due_minute),
        due_day: date(2026, 6, 10),
        provisional: false,
        calendar: "2026.1".to_owned(),
        suspensions: Vec::new(),
        stopped_at: None,
        stopped_by: None,
        remind_at: None,
        reminded_at: None,
        overdue_noted_at: None,
    }
}

/// A session from the first minute to the last, on a desk of its own.
pub fn session(token_hash: &str, account_id: i64, from: i64, until: i64) -> store::session::SessionRow {
    store::session::SessionRow {
        token_hash: token_hash.to_owned(),
        account_id,
        created_at: minute(from),
        seen_at: minute(from),
        expires_at: minute(until),
        device: "Chrome，Windows".to_owned(),
        address: "10.1.0.7".to_owned(),
        gate: domain::account::Gate::Open,
        wrong: 0,
        proved_at: minute(from),
    }
}
