//! 举报奖励台账: the rewards of the reports that the reader directs or has in hand, with sums by level. Nobody's name is here,
//! because none is kept.

use axum::extract::{Query, State};
use axum::response::Response;
use casework::reading::{self, CaseFile};
use casework::{ActError, Staff};
use domain::clock::beijing_day;
use domain::reward::Level;
use domain::rewarding::{self, CLAIM_LIMIT, NOTICE_LIMIT, Stage};
use domain::role::Role;
use jiff::civil::Date;
use serde::Deserialize;
use store::reward::RewardLine;

use super::export;
use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Section, Sort, Tag, Tone, tag};
use crate::{frame, render};

const SHOWN_AT_MOST: i64 = 5_000;
const PATH: &str = "/desk/rewards";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RewardsQuery {
    q: String,
    stage: String,
    level: String,
    sort: String,
}

impl RewardsQuery {
    fn address(&self, path: &str) -> String {
        let pairs = [("q", &self.q), ("stage", &self.stage), ("level", &self.level)];
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", query_value(value)))
            .collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The address that a header's order is put to.
    fn base(&self) -> String {
        let address = self.address(PATH);
        if address.contains('?') { format!("{address}&sort=") } else { format!("{address}?sort=") }
    }

    fn with_order(&self, path: &str) -> String {
        let address = self.address(path);
        match self.sort.as_str() {
            "" => address,
            sort if address.contains('?') => format!("{address}&sort={}", query_value(sort)),
            sort => format!("{address}?sort={}", query_value(sort)),
        }
    }

    fn takes(&self, line: &RewardLine) -> bool {
        let words = self.q.trim();
        (words.is_empty() || line.number.contains(words) || line.title.contains(words))
            && (self.stage.is_empty() || self.stage == line.reward.stage)
            && (self.level.is_empty() || self.level == line.reward.level)
    }

    fn sort(&self, lines: &mut [RewardLine]) {
        let (column, descending) = self.sort.strip_prefix('-').map_or((self.sort.as_str(), false), |it| (it, true));
        match column {
            "sum" => lines.sort_by_key(|line| line.reward.sum),
            // What has no day comes last.
            "due" => lines.sort_by_key(|line| line.due.as_ref().map_or(Date::MAX, |(_, day)| *day)),
            "number" => lines.sort_by(|one, other| one.number.cmp(&other.number)),
            "changed" => lines.sort_by_key(|line| line.reward.changed_at),
            _ => return,
        }
        if descending {
            lines.reverse();
        }
    }
}

/// `GET /desk/rewards`
#[derive(askama::Template)]
#[template(path = "desk/rewards.html")]
struct RewardsPage {
    page: DeskPage,
    query: RewardsQuery,
    sort: Sort,
    stages: Vec<Choice>,
    levels: Vec<Choice>,
    rows: Vec<Row>,
    found: String,
    totals: Vec<Total>,
    empty: EmptyState,
    csv: String,
}

struct Row {
    href: String,
    number: String,
    title: String,
    level: &'static str,
    sum: String,
    stage: Tag,
    due: String,
    late: bool,
    changed: String,
}

/// Rewards granted of a level, or all: how many, how much, how much of it paid, and the list behind.
struct Total {
    href: String,
    label: &'static str,
    count: usize,
    sum: String,
    paid: String,
}

/// `GET /desk/rewards`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<RewardsQuery>,
) -> Result<Response, PageError> {
    let all = lines(&app, &me).await?;
    let today = beijing_day(app.now());
    let mut totals: Vec<Total> = Level::ALL
        .iter()
        .map(|level| total(level.label(), format!("{PATH}?level={}", level.key()), &all, Some(level.key())))
        .collect();
    totals.push(total("合计", PATH.to_owned(), &all, None));
    let nothing = all.is_empty();
    let mut chosen: Vec<RewardLine> = all.into_iter().filter(|line| query.takes(line)).collect();
    query.sort(&mut chosen);
    let empty = if nothing {
        EmptyState::new(
            "还没有举报奖励",
            "查证属实、已经处罚或者移送司法的举报，会自动列在这里，由承办人提出是否奖励。",
        )
    } else {
        EmptyState::new("没有符合条件的", "换个条件，或者看全部。").link("看全部", PATH)
    };
    Ok(render::page(&RewardsPage {
        page: frame::desk(&me.0, Section::Cases),
        sort: Sort::parse(&query.sort, query.base()),
        stages: Stage::ALL.iter().map(|stage| Choice::new(stage.key(), stage.label())).collect(),
        levels: Level::ALL.iter().map(|level| Choice::new(level.key(), level.label())).collect(),
        found: view::quantity(chosen.len() as i64),
        rows: chosen.iter().map(|line| row(line, today)).collect(),
        totals,
        empty,
        csv: query.with_order("/desk/rewards.csv"),
        query,
    }))
}

fn total(label: &'static str, href: String, all: &[RewardLine], level: Option<&str>) -> Total {
    let granted = || all.iter().filter(|line| is_granted(line) && level.is_none_or(|level| line.reward.level == level));
    let paid = granted().filter(|line| line.reward.stage == Stage::Paid.key());
    Total {
        href,
        label,
        count: granted().count(),
        sum: view::money(granted().map(|line| line.reward.sum).sum::<i64>()),
        paid: view::money(paid.map(|line| line.reward.sum).sum::<i64>()),
    }
}

/// `GET /desk/rewards.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<RewardsQuery>,
) -> Result<Response, PageError> {
    let mut chosen = lines(&app, &me).await?;
    chosen.retain(|line| query.takes(line));
    query.sort(&mut chosen);
    let today = beijing_day(app.now());
    let cells = |line: &RewardLine| {
        vec![
            line.number.clone(),
            level(line).to_owned(),
            if line.reward.sum > 0 { export::yuan(line.reward.sum) } else { String::new() },
            stage(line).map_or("", Stage::label).to_owned(),
            line.due.as_ref().map(|(_, day)| day.to_string()).unwrap_or_default(),
            beijing_day(line.reward.changed_at).to_string(),
        ]
    };
    let heads = ["举报编号", "等级", "金额（元）", "进展", "最后一日", "更新日期"];
    Ok(export::csv(&format!("举报奖励-{today}.csv"), &heads, chosen.iter().map(cells)))
}

/// Whether anybody has rewards to look at: who directs reports, and officers.
pub(super) fn has_list(staff: &Staff) -> bool {
    staff.grants.iter().any(|grant| grant.role.directs_reports() || grant.role == Role::Officer)
}

/// The rewards of the reports that she directs or has in hand.
async fn lines(app: &App, me: &SignedIn) -> Result<Vec<RewardLine>, PageError> {
    let staff = me.0.clone();
    if !has_list(&staff) {
        return Err(ActError::Forbidden.into());
    }
    let look = move |tx: &mut store::Tx<'_>, _: casework::Scene<'_>| -> Result<_, ActError> {
        let limits = [NOTICE_LIMIT, CLAIM_LIMIT];
        Ok(store::reward::list(tx, &reading::scopes(&staff), limits, SHOWN_AT_MOST)?)
    };
    Ok(app.look(me.actor(), look).await?)
}

fn stage(line: &RewardLine) -> Option<Stage> {
    Stage::from_key(&line.reward.stage)
}

fn is_granted(line: &RewardLine) -> bool {
    let granted = matches!(stage(line), Some(Stage::Decided | Stage::Granted | Stage::Claimed | Stage::Paid));
    granted && !line.reward.level.is_empty()
}

fn level(line: &RewardLine) -> &'static str {
    Level::from_key(&line.reward.level).map_or("", Level::label)
}

fn row(line: &RewardLine, today: Date) -> Row {
    let due = line.due.as_ref().map(|(limit, day)| {
        let what = if limit == CLAIM_LIMIT { "领取" } else { "告知" };
        format!("{}前{what}", view::dates::short_day(*day, today))
    });
    Row {
        href: format!("/desk/cases/{}", line.number),
        number: line.number.clone(),
        title: line.title.clone(),
        level: level(line),
        sum: if line.reward.sum > 0 { view::money(line.reward.sum) } else { String::new() },
        stage: stage(line).map_or_else(|| tag("", Tone::Plain), stage_tag),
        due: due.unwrap_or_default(),
        late: line.due.as_ref().is_some_and(|(_, day)| *day < today),
        changed: view::dates::short_day(beijing_day(line.reward.changed_at), today),
    }
}

/// How far the reward for a report has come, for the page of its case: stage, level and sum.
pub(super) fn of_case(file: &CaseFile) -> Option<(Tag, String)> {
    let reward = &file.case.state.turns.rewarding;
    let stage = rewarding::stage(&file.case.state)?;
    let level = reward.level.map(|level| format!("{} {}", level.label(), view::money_sign(reward.sum)));
    Some((stage_tag(stage), level.unwrap_or_default()))
}

/// A stage as a tag.
fn stage_tag(stage: Stage) -> Tag {
    let tone = match stage {
        Stage::Paid => Tone::Green,
        Stage::Refused | Stage::Waived => Tone::Plain,
        Stage::Granted => Tone::Teal,
        _ => Tone::Amber,
    };
    tag(stage.label(), tone)
}
