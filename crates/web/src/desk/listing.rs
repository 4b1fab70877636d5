//! 案件: every case in reach, by what was typed or by filters in the address bar. Each number of the counts leads here.

use axum::extract::{Query, State};
use axum::response::Response;
use casework::{ActError, House, Staff, reading};
use domain::case_kind::CaseKind;
use domain::clock::{beijing_day, beijing_midnight};
use domain::credit_code::CreditCode;
use domain::filing::parse_day;
use domain::phone_number::PhoneNumber;
use domain::status::Status;
use jiff::Timestamp;
use serde::Deserialize;
use store::search::{Fact, ListRow, Selection, Timeliness, Words};

use super::{export, labels, lead_form, queue_view};
use crate::app::App;
use crate::error::PageError;
use crate::redirect::{self, query_value};
use crate::session::SignedIn;
use crate::view::{self, Chip, Choice, DeskPage, EmptyState, FilterBar, Pagination, Section, Tag, Tone, tag};
use crate::{frame, render};

const PAGE: i64 = 50;
const EXPORTED_AT_MOST: i64 = 100_000;
const COUNTED_FROM: &str = "请换个条件";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub(super) q: String,
    pub(super) kind: String,
    pub(super) channel: String,
    pub(super) category: String,
    pub(super) status: String,
    pub(super) outcome: String,
    pub(super) unit: String,
    pub(super) lead: String,
    pub(super) respondent: String,
    /// Code table `problem_categories`.
    pub(super) problem: String,
    /// A registered operator.
    pub(super) operator: String,
    /// 案件来源, of reports.
    pub(super) origin: String,
    /// Received on this day or later.
    pub(super) from: String,
    /// Received on this day or earlier.
    pub(super) to: String,
    /// Outcome signed on this day or later.
    pub(super) done_from: String,
    /// Outcome signed on this day or earlier.
    pub(super) done_to: String,
    /// `yes`, `no`.
    pub(super) open: String,
    /// `yes`: past what falls due first.
    pub(super) overdue: String,
    /// Key of a limit, with `timely`.
    pub(super) limit: String,
    /// Key of one of the five timelinesses, with `timely`.
    pub(super) measure: String,
    /// `in_time`, `late`, `judged`.
    pub(super) timely: String,
    /// Key of what an organisation answers for.
    pub(super) fact: String,
    pub(super) bureau: String,
    /// `yes`, `no`.
    pub(super) solved: String,
    /// `yes`: taken up again after its end.
    pub(super) reopened: String,
    pub(super) before: String,
}

impl ListQuery {
    /// The parameters that are set.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("channel", &self.channel),
            ("category", &self.category),
            ("status", &self.status),
            ("outcome", &self.outcome),
            ("unit", &self.unit),
            ("lead", &self.lead),
            ("respondent", &self.respondent),
            ("problem", &self.problem),
            ("operator", &self.operator),
            ("origin", &self.origin),
            ("from", &self.from),
            ("to", &self.to),
            ("done_from", &self.done_from),
            ("done_to", &self.done_to),
            ("open", &self.open),
            ("overdue", &self.overdue),
            ("limit", &self.limit),
            ("measure", &self.measure),
            ("timely", &self.timely),
            ("fact", &self.fact),
            ("bureau", &self.bureau),
            ("solved", &self.solved),
            ("reopened", &self.reopened),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    /// The address of this list.
    pub(super) fn address(&self) -> String {
        self.changed("/desk/cases", "", None)
    }

    fn changed(&self, path: &str, without: &str, with: Option<(&str, &str)>) -> String {
        let kept = self.pairs().into_iter().filter(|(name, _)| *name != without);
        let pairs: Vec<String> =
            kept.chain(with).map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The cases that are meant, judged at `now`.
    pub(super) fn selection(&self, now: Timestamp) -> Selection {
        let text = |value: &String| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        let yes = |value: &str| match value {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let next_midnight = |day: jiff::civil::Date| day.tomorrow().map(beijing_midnight).ok();
        let timely = match self.timely.as_str() {
            "in_time" => Some(Timeliness::InTime),
            "late" => Some(Timeliness::Late),
            "judged" => Some(Timeliness::Judged),
            _ => None,
        };
        Selection {
            kind: CaseKind::from_key(&self.kind),
            channel: text(&self.channel),
            category: text(&self.category),
            status: Status::from_key(&self.status),
            outcome: text(&self.outcome).filter(|key| labels::OUTCOMES.contains(&key.as_str())),
            unit: self.unit.parse().ok(),
            lead: self.lead.parse().ok(),
            respondent: text(&self.respondent),
            problem: text(&self.problem),
            operator: self.operator.parse().ok(),
            origin: text(&self.origin),
            received_from: parse_day(&self.from),
            received_to: parse_day(&self.to),
            concluded_from: parse_day(&self.done_from).map(beijing_midnight),
            concluded_before: parse_day(&self.done_to).and_then(next_midnight),
            open: yes(&self.open),
            overdue_at: (self.overdue == "yes").then_some(now),
            limit: text(&self.limit).zip(timely).map(|(key, timely)| (key, timely, now)),
            measure: domain::timeliness::measure(&self.measure)
                .zip(timely)
                .map(|(measure, timely)| (measure.limits.clone(), timely, now)),
            fact: Fact::from_key(&self.fact).map(|fact| (fact, now)),
            bureau: self.bureau.parse().ok(),
            solved: yes(&self.solved),
            reopened: self.reopened == "yes",
            words: words(&self.q),
        }
    }

    fn before(&self) -> Option<i64> {
        self.before.parse().ok()
    }
}

/// What was typed into the search box, as understood: a whole telephone number or credit code, the beginning of a case number, or
/// words of a name or title.
fn words(typed: &str) -> Option<Words> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    let numberish = typed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if let Ok(code) = CreditCode::parse(typed) {
        return Some(Words::CreditCode(code.as_str().to_owned()));
    }
    if numberish && typed.len() >= 8 && typed.as_bytes().get(6) == Some(&b'-') {
        return Some(Words::Number(typed.to_owned()));
    }
    if digits >= 7
        && let Ok(phone) = PhoneNumber::parse(typed)
    {
        return Some(Words::Phone(phone.as_str().to_owned()));
    }
    if numberish && digits >= 6 {
        return Some(Words::Number(typed.to_owned()));
    }
    let short: String = typed.chars().take(40).collect();
    Some(Words::Text(short))
}

/// `GET /desk/cases`
#[derive(askama::Template)]
#[template(path = "desk/cases.html")]
struct ListPage {
    page: DeskPage,
    filters: FilterBar,
    query: ListQuery,
    kinds: Vec<Choice>,
    statuses: Vec<Choice>,
    outcomes: Vec<Choice>,
    channels: Vec<Choice>,
    categories: Vec<Choice>,
    problems: Vec<Choice>,
    units: Vec<Choice>,
    rows: Vec<Row>,
    empty: EmptyState,
    pagination: Option<Pagination>,
    csv: String,
    filtered: bool,
    /// She finds leads herself.
    finds: bool,
}

struct Row {
    href: String,
    what: String,
    under: String,
    respondent: String,
    holder: String,
    kind: &'static str,
    status: Tag,
    outcome: &'static str,
    due: String,
    late: bool,
    received: String,
    amount: String,
}

/// `GET /desk/search`: another door to the same list.
pub(super) async fn search(_me: SignedIn, Query(query): Query<ListQuery>) -> Response {
    redirect::to(&query.address())
}

/// `GET /desk/cases`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    reads(&me.0)?;
    let (staff, asked, now) = (me.0.clone(), query.clone(), app.now());
    let (mut rows, found, units, names) = app
        .read::<_, ActError>(move |tx| {
            let (scopes, selection) = (reading::scopes(&staff), asked.selection(now));
            let rows = store::search::list(tx, &scopes, &selection, asked.before(), PAGE + 1)?;
            let found = store::counts::count(tx, &scopes, &selection)?;
            let units = units(tx, &staff)?;
            let unit = unit_name(tx, &asked.unit)?;
            let lead = match asked.lead.parse() {
                Ok(0) => "没有承办人".to_owned(),
                Ok(id) => store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default(),
                Err(_) => String::new(),
            };
            let bureau = unit_name(tx, &asked.bureau)?;
            let operator = match asked.operator.parse() {
                Ok(id) => store::operator::find(tx, id)?.map(|operator| operator.name).unwrap_or_default(),
                Err(_) => String::new(),
            };
            Ok((rows, found, units, ChipNames { unit, lead, bureau, operator }))
        })
        .await?;
    // One case and a whole number or telephone: straight to it.
    if found == 1 && query.pairs().len() == 1 && matches!(words(&query.q), Some(Words::Number(_))) {
        return Ok(redirect::to(&format!("/desk/cases/{}", rows[0].number)));
    }
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let house = app.house();
    let mut page = frame::desk(&me.0, Section::Cases);
    page.search.clone_from(&query.q);
    Ok(render::page(&ListPage {
        page,
        filters: FilterBar {
            chips: chips(house, &query, &names),
            clear: "/desk/cases".to_owned(),
            found: format!("{} 件", view::quantity(found)),
        },
        kinds: labels::kinds(&me.0),
        statuses: Status::ALL.iter().map(|it| Choice::new(it.key(), it.label())).collect(),
        outcomes: labels::OUTCOMES.iter().map(|key| Choice::new(*key, labels::outcome(Some(key)))).collect(),
        channels: labels::choices(&house.codes, "channels"),
        categories: labels::choices(&house.codes, "goods_categories"),
        problems: labels::choices(&house.codes, "problem_categories"),
        units: units.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        pagination: pagination(&query, &rows, more, found),
        rows: rows.iter().map(|row| line(house, row, now)).collect(),
        empty: EmptyState::new(
            "没有找到案件",
            COUNTED_FROM.to_owned()
                + "：编号可以只写前几位，电话和信用代码要写全，商家写名称的开头，内容写标题里的词。",
        )
        .link("看全部案件", "/desk/cases"),
        csv: query.changed("/desk/cases.csv", "", None),
        filtered: !query.pairs().is_empty(),
        finds: lead_form::registers(&me.0).is_ok(),
        query,
    }))
}

/// `GET /desk/cases.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    reads(&me.0)?;
    let (staff, asked, now, house) = (me.0.clone(), query, app.now(), app.house().clone());
    let rows = app
        .read::<_, ActError>(move |tx| {
            Ok(store::search::list(tx, &reading::scopes(&staff), &asked.selection(now), None, EXPORTED_AT_MOST)?)
        })
        .await?;
    let lines = rows.iter().map(|row| {
        vec![
            row.number.clone(),
            row.title.clone(),
            row.kind.label().to_owned(),
            row.status.label_for(row.kind).to_owned(),
            labels::outcome(row.outcome.as_deref()).to_owned(),
            labels::code(&house, "channels", &row.channel),
            labels::masked_name(&row.complainant_name),
            row.respondent_name.clone(),
            row.amount.map(export::yuan).unwrap_or_default(),
            export::yuan(row.recovered),
            beijing_day(row.received_at).to_string(),
            row.concluded_at.map(|at| beijing_day(at).to_string()).unwrap_or_default(),
            row.unit_name.clone().unwrap_or_default(),
            row.lead_name.clone().unwrap_or_default(),
        ]
    });
    let heads = [
        "编号",
        "事由",
        "种类",
        "状态",
        "结果",
        "渠道",
        "投诉人",
        "被投诉人",
        "金额（元）",
        "挽回损失（元）",
        "收到日",
        "办结日",
        "承办所",
        "承办人",
    ];
    Ok(export::csv(&format!("案件-{}.csv", beijing_day(now)), &heads, lines))
}

/// Lists of cases are for those who handle cases.
pub(super) fn reads(staff: &Staff) -> Result<(), PageError> {
    if frame::handles_cases(staff) {
        Ok(())
    } else {
        Err(PageError::forbidden("您的角色不查看案件。如有需要，请联系本单位管理员。"))
    }
}

/// The offices whose cases she sees, for the filter.
fn units(tx: &mut store::Tx<'_>, staff: &Staff) -> Result<Vec<(i64, String)>, ActError> {
    let Some(grant) = staff.grants.iter().find(|grant| grant.role.reads_cases() && grant.kind != "office") else {
        return Ok(Vec::new());
    };
    let offices = store::organization::of_bureau(tx, grant.bureau_id, domain::organization::OrganizationKind::Office)?;
    Ok(offices.into_iter().map(|office| (office.id, office.name)).collect())
}

pub(super) fn unit_name(tx: &mut store::Tx<'_>, id: &str) -> Result<String, ActError> {
    match id.parse() {
        Ok(0) => Ok("尚未分送".to_owned()),
        Ok(id) => reading::organization_name(tx, id),
        Err(_) => Ok(String::new()),
    }
}

/// The names behind the ids of an address.
struct ChipNames {
    unit: String,
    lead: String,
    bureau: String,
    operator: String,
}

fn chips(house: &House, query: &ListQuery, names: &ChipNames) -> Vec<Chip> {
    let named = |name: &str, value: &str| -> (&'static str, String) {
        match name {
            "q" => ("查找", value.to_owned()),
            "kind" => ("种类", CaseKind::from_key(value).map_or_else(String::new, |kind| kind.label().to_owned())),
            "channel" => ("渠道", labels::code(house, "channels", value)),
            "category" => ("类别", labels::code(house, "goods_categories", value)),
            "status" => ("状态", Status::from_key(value).map_or_else(String::new, |status| status.label().to_owned())),
            "outcome" => ("结果", labels::outcome(Some(value)).to_owned()),
            "unit" => ("承办所", names.unit.clone()),
            "lead" => ("承办人", names.lead.clone()),
            "respondent" => ("被投诉人", value.to_owned()),
            "problem" => ("问题", labels::code(house, "problem_categories", value)),
            "operator" => ("经营者", names.operator.clone()),
            "origin" => ("来源", labels::origin(value).to_owned()),
            "from" => ("收到不早于", value.to_owned()),
            "to" => ("收到不晚于", value.to_owned()),
            "done_from" => ("办结不早于", value.to_owned()),
            "done_to" => ("办结不晚于", value.to_owned()),
            "open" => ("在办", if value == "yes" { "是" } else { "否" }.to_owned()),
            "overdue" => ("逾期", "是".to_owned()),
            "reopened" => ("重新办理过", "是".to_owned()),
            "limit" => ("期限", limit_name(house, value)),
            "measure" => {
                ("五及时", domain::timeliness::measure(value).map_or_else(String::new, |measure| measure.name.clone()))
            }
            "fact" => ("情况", Fact::from_key(value).map_or("", Fact::label).to_owned()),
            "bureau" => ("局", names.bureau.clone()),
            "timely" => (
                "是否按时",
                match value {
                    "in_time" => "按时",
                    "late" => "超期",
                    _ => "已到期或者已办",
                }
                .to_owned(),
            ),
            _ => ("已解决", if value == "yes" { "是" } else { "否" }.to_owned()),
        }
    };
    query
        .pairs()
        .into_iter()
        .map(|(name, value)| {
            let (name_words, value) = named(name, value);
            Chip { name: name_words.to_owned(), value, without: query.changed("/desk/cases", name, None) }
        })
        .collect()
}

fn limit_name(house: &House, key: &str) -> String {
    house
        .book
        .all()
        .iter()
        .rev()
        .find_map(|set| set.limit(key))
        .map_or_else(|| key.to_owned(), |limit| limit.name.clone())
}

fn line(house: &House, row: &ListRow, now: Timestamp) -> Row {
    let today = beijing_day(now);
    let late = row.open && queue_view::is_overdue(row.next_due_at, now);
    Row {
        href: format!("/desk/cases/{}", row.number),
        what: row.title.clone(),
        under: format!(
            "{} · {} · {}",
            row.number,
            labels::masked_name(&row.complainant_name),
            labels::code(house, "channels", &row.channel)
        ),
        respondent: row.respondent_name.clone(),
        holder: [row.unit_name.as_deref(), row.lead_name.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        kind: row.kind.label(),
        status: labels::status(row.kind, row.status),
        outcome: match row.outcome.as_deref() {
            // The status says it.
            None | Some("answered") => "",
            outcome => labels::outcome(outcome),
        },
        due: if row.open { queue_view::due_day_words(row.next_due_at, today) } else { String::new() },
        late,
        received: view::dates::short_day(beijing_day(row.received_at), today),
        amount: row.amount.map(view::money).unwrap_or_default(),
    }
}

impl Row {
    fn due_tag(&self) -> Tag {
        tag(format!("逾期 {}", self.due), Tone::Red)
    }
}

fn pagination(query: &ListQuery, rows: &[ListRow], more: bool, found: i64) -> Option<Pagination> {
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| query.changed("/desk/cases", "before", Some(("before", &row.id.to_string()))));
    let previous = (!query.before.is_empty()).then(|| query.address());
    (next.is_some() || previous.is_some()).then(|| Pagination {
        previous,
        next,
        place: format!("本页 {} 件，共 {} 件", rows.len(), view::quantity(found)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood() {
        assert_eq!(words("410103-2026-0043"), Some(Words::Number("410103-2026-0043".to_owned())));
        assert_eq!(words("138 0013 2207"), Some(Words::Phone("13800132207".to_owned())));
        assert_eq!(words("惠友超市"), Some(Words::Text("惠友超市".to_owned())));
        assert_eq!(words("  "), None);
    }

    #[test]
    fn an_address_gives_back_the_query() {
        let query =
            ListQuery { status: "filed".to_owned(), respondent: "惠友&超市".to_owned(), ..ListQuery::default() };
        assert_eq!(query.address(), "/desk/cases?status=filed&respondent=%E6%83%A0%E5%8F%8B%26%E8%B6%85%E5%B8%82");
    }
}
