//! 今日一览: what is late, what is rising, what waits for a signature, what came in today. Five minutes between two meetings.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use casework::{ActError, Scene, Staff, reading};
use domain::act::Act;
use domain::clock::beijing_day;
use domain::role::Role;
use jiff::Span;
use jiff::civil::Date;
use store::Tx;
use store::counts::{self, By};
use store::queue::QueueRow;
use store::search::Scope;

use super::listing::ListQuery;
use super::queue::{self, Looking};
use super::{labels, queue_view};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{self, ClockView, DeskPage, Section, Tally, Tone};
use crate::{frame, render};

/// Signatures shown on the page itself; the rest is a link away.
const SIGNATURES: i64 = 20;
/// Rising subjects shown.
const RISING_AT_MOST: usize = 6;
/// Fewer cases than this are chance, not a rise.
const RISING_FROM: i64 = 3;

/// `GET /desk/leader`
#[derive(askama::Template)]
#[template(path = "desk/leader.html")]
struct LeaderPage {
    page: DeskPage,
    today: String,
    tallies: Vec<Tally>,
    signatures: Vec<Signature>,
    more_signatures: bool,
    offices: Vec<Late>,
    officers: Vec<Late>,
    categories: Vec<Rise>,
    respondents: Vec<Rise>,
    period: String,
}

/// A case that waits for the leader's signature, to be signed on the spot.
struct Signature {
    number: String,
    what: String,
    under: String,
    proposal: String,
    clock: Option<ClockView>,
    version: i64,
}

/// How many cases are late with somebody.
struct Late {
    name: String,
    open: i64,
    overdue: i64,
    open_href: String,
    overdue_href: String,
}

/// A subject that has come up more than in the four weeks before.
struct Rise {
    name: String,
    now: i64,
    before: i64,
    href: String,
}

struct Found {
    open: i64,
    overdue: i64,
    today: i64,
    yesterday: i64,
    signatures: Vec<(QueueRow, i64, String)>,
    waiting: i64,
    offices: Vec<(String, String, i64, i64)>,
    officers: Vec<(String, String, i64, i64)>,
    categories: Vec<(String, i64, i64)>,
    respondents: Vec<(String, i64, i64)>,
}

/// `GET /desk/leader`
pub(super) async fn show(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    if !me.0.holds(Role::Leader) && !me.0.holds(Role::DutyDirector) {
        return Err(PageError::forbidden("这一页供审批领导和值班局长使用。"));
    }
    let (staff, now) = (me.0.clone(), app.now());
    let found = app.look(me.actor(), move |tx, scene| find(tx, scene, &staff)).await?;
    let (house, today) = (app.house(), beijing_day(now));
    let calendar = house.calendar();
    let signatures: Vec<Signature> = found
        .signatures
        .into_iter()
        .map(|(row, version, proposal)| Signature {
            what: row.title.clone(),
            under: format!("{} · {} · {}", row.number, row.respondent_name, row.lead_name.clone().unwrap_or_default()),
            clock: row.clock.as_ref().map(|clock| queue_view::clock_of(clock, &calendar, now)),
            number: row.number,
            proposal,
            version,
        })
        .collect();
    let (from, _) = four_weeks(today);
    let rise = |(_, now, before): (String, i64, i64), query: ListQuery, name: String| {
        let query = ListQuery { from: from.to_string(), to: today.to_string(), ..query };
        Rise { name, now, before, href: query.address() }
    };
    Ok(render::page(&LeaderPage {
        page: frame::desk(&me.0, Section::Queue),
        today: view::dates::day(today, today),
        tallies: tallies(found.open, found.overdue, found.today, found.yesterday, found.waiting, today),
        more_signatures: found.waiting > signatures.len() as i64,
        signatures,
        offices: found.offices.into_iter().map(|row| late(row, true)).collect(),
        officers: found.officers.into_iter().map(|row| late(row, false)).collect(),
        categories: found
            .categories
            .into_iter()
            .map(|found| {
                let name = labels::code(house, "goods_categories", &found.0);
                let query = ListQuery { category: found.0.clone(), ..ListQuery::default() };
                rise(found, query, name)
            })
            .collect(),
        respondents: found
            .respondents
            .into_iter()
            .map(|found| {
                let name = found.0.clone();
                let query = ListQuery { respondent: found.0.clone(), ..ListQuery::default() };
                rise(found, query, name)
            })
            .collect(),
        period: format!("{}至今，与之前四周相比", view::dates::short_day(from, today)),
    }))
}

fn find(tx: &mut Tx<'_>, scene: Scene<'_>, staff: &Staff) -> Result<Found, ActError> {
    let (scopes, today) = (reading::scopes(staff), beijing_day(scene.now));
    let open = ListQuery { open: "yes".to_owned(), ..ListQuery::default() }.selection(scene.now);
    let overdue = ListQuery { overdue: "yes".to_owned(), ..ListQuery::default() }.selection(scene.now);
    let received = |day: Date| {
        ListQuery { from: day.to_string(), to: day.to_string(), ..ListQuery::default() }.selection(scene.now)
    };
    let yesterday = today.yesterday().unwrap_or(today);
    let mut late = Vec::new();
    for by in [By::Unit, By::Lead] {
        let all: BTreeMap<String, i64> = counts::by(tx, &scopes, &open, by)?.into_iter().collect();
        let mut rows = Vec::new();
        for (key, late) in counts::by(tx, &scopes, &overdue, by)? {
            let open = all.get(&key).copied().unwrap_or(late);
            rows.push((name(tx, by, &key)?, key, open, late));
        }
        late.push(rows);
    }
    let officers = late.pop().unwrap_or_default();
    let offices = late.pop().unwrap_or_default();
    let signing = queue::view(staff, Looking::Signature);
    let mut signatures = Vec::new();
    for row in store::queue::page(tx, &signing, &queue::pending(), None, SIGNATURES)? {
        let (version, proposal) = proposal(tx, scene, row.id)?;
        signatures.push((row, version, proposal));
    }
    Ok(Found {
        open: counts::count(tx, &scopes, &open)?,
        overdue: counts::count(tx, &scopes, &overdue)?,
        today: counts::count(tx, &scopes, &received(today))?,
        yesterday: counts::count(tx, &scopes, &received(yesterday))?,
        signatures,
        waiting: queue::waiting_for_signature(tx, staff)?,
        offices,
        officers,
        categories: rising(tx, scene, &scopes, By::Category)?,
        respondents: rising(tx, scene, &scopes, By::Respondent)?,
    })
}

/// What the officers propose, and the version on which it stands.
fn proposal(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(i64, String), ActError> {
    let Some(case) = store::case::by_id(tx, id)? else { return Ok((0, String::new())) };
    let proposed = store::event::of_case(tx, id)?.iter().rev().find_map(|event| {
        let act: Act = serde_json::from_str(&event.data).ok()?;
        match act {
            Act::Settle { items, recovered, .. } => {
                let items: Vec<String> = items.iter().map(|item| item.text.clone()).collect();
                let sum = if recovered > 0 {
                    format!("，挽回损失 {}", view::money_sign(recovered))
                } else {
                    String::new()
                };
                Some(format!("达成协议：{}{sum}", items.join("；")))
            }
            Act::Terminate { ground, reason } => {
                let set = scene.house.book.get(&case.rule_set);
                let wording = set.and_then(|set| set.termination_ground(ground)).map(|ground| ground.wording.clone());
                let wording = wording.unwrap_or_default();
                Some(format!("终止调解：{}。{reason}", wording.trim_end_matches(['；', '。'])))
            }
            _ => None,
        }
    });
    Ok((case.state.version, proposed.unwrap_or_default()))
}

/// Subjects that came up more in the last four weeks than in the four before, the steepest first.
fn rising(tx: &mut Tx<'_>, scene: Scene<'_>, scopes: &[Scope], by: By) -> Result<Vec<(String, i64, i64)>, ActError> {
    let today = beijing_day(scene.now);
    let (from, earlier) = four_weeks(today);
    let between = |from: Date, to: Date| {
        ListQuery { from: from.to_string(), to: to.to_string(), ..ListQuery::default() }.selection(scene.now)
    };
    let now = counts::by(tx, scopes, &between(from, today), by)?;
    let until = from.yesterday().unwrap_or(from);
    let before: BTreeMap<String, i64> = counts::by(tx, scopes, &between(earlier, until), by)?.into_iter().collect();
    let mut risen: Vec<(String, i64, i64)> = now
        .into_iter()
        .filter(|(key, _)| !key.is_empty())
        .map(|(key, count)| {
            let earlier = before.get(&key).copied().unwrap_or_default();
            (key, count, earlier)
        })
        .filter(|(_, count, earlier)| *count >= RISING_FROM && count > earlier)
        .collect();
    risen.sort_by_key(|(_, count, earlier)| earlier - count);
    risen.truncate(RISING_AT_MOST);
    Ok(risen)
}

/// The first day of the last four weeks, today among them, and of the four before.
fn four_weeks(today: Date) -> (Date, Date) {
    let from = today.checked_sub(Span::new().days(27)).unwrap_or(today);
    (from, from.checked_sub(Span::new().days(28)).unwrap_or(from))
}

fn name(tx: &mut Tx<'_>, by: By, key: &str) -> Result<String, ActError> {
    let id: i64 = key.parse().unwrap_or_default();
    Ok(match (by, id) {
        (By::Unit, 0) => "中心（还没有分送）".to_owned(),
        (By::Unit, id) => reading::organization_name(tx, id)?,
        (_, 0) => "还没有承办人".to_owned(),
        (_, id) => store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default(),
    })
}

fn late((name, key, open, overdue): (String, String, i64, i64), office: bool) -> Late {
    let query = |overdue_only: &str, open: &str| {
        let mut query = ListQuery { overdue: overdue_only.to_owned(), open: open.to_owned(), ..ListQuery::default() };
        key.clone_into(if office { &mut query.unit } else { &mut query.lead });
        query.address()
    };
    Late { name, open, overdue, open_href: query("", "yes"), overdue_href: query("yes", "") }
}

fn tallies(open: i64, overdue: i64, today: i64, yesterday: i64, waiting: i64, day: Date) -> Vec<Tally> {
    let tally = |label: &str, count: String, compared: String, query: ListQuery, tone: Tone| Tally {
        label: label.to_owned(),
        count,
        compared,
        href: query.address(),
        tone,
    };
    let day = ListQuery { from: day.to_string(), to: day.to_string(), ..ListQuery::default() };
    let overdue_query = ListQuery { overdue: "yes".to_owned(), ..ListQuery::default() };
    let open_query = ListQuery { open: "yes".to_owned(), ..ListQuery::default() };
    let (late, advice) = if overdue > 0 { (Tone::Red, "先办这些") } else { (Tone::Green, "都在期限内") };
    let mut tallies = vec![
        tally("逾期", view::quantity(overdue), advice.to_owned(), overdue_query, late),
        tally("在办", view::quantity(open), String::new(), open_query, Tone::Plain),
        tally("今天收到", view::quantity(today), format!("昨天 {} 件", view::quantity(yesterday)), day, Tone::Plain),
    ];
    tallies.insert(
        1,
        Tally {
            label: "待我签批".to_owned(),
            count: queue_view::capped(waiting),
            compared: String::new(),
            href: format!("/desk?view={}", Looking::Signature.key()),
            tone: if waiting > 0 { Tone::Amber } else { Tone::Plain },
        },
    );
    tallies
}
