//! 文号登记: the register of document numbers by bureau, kind and year. What is voided stays in it.

use axum::extract::{Query, State};
use axum::response::Response;
use casework::numbering;
use domain::clock::beijing_day;
use jiff::civil::Date;
use serde::Deserialize;
use store::number::{NumberChoice, NumberLine};

use super::export;
use crate::app::App;
use crate::error::PageError;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Section, Tag, Tone, tag};
use crate::{frame, render};

/// Lines of a page; the table that is exported has more.
const SHOWN_AT_MOST: i64 = 300;
const EXPORTED_AT_MOST: i64 = 20_000;
const PATH: &str = "/desk/numbers";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NumbersQuery {
    q: String,
    word: String,
    year: String,
    state: String,
}

impl NumbersQuery {
    fn choice(&self) -> NumberChoice {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        NumberChoice {
            word: said(&self.word),
            year: self.year.trim().parse().ok(),
            voided: match self.state.as_str() {
                "voided" => Some(true),
                "valid" => Some(false),
                _ => None,
            },
            words: said(&self.q),
        }
    }

    fn address(&self, path: &str) -> String {
        let pairs = [("q", &self.q), ("word", &self.word), ("year", &self.year), ("state", &self.state)];
        let said = pairs.iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if said.is_empty() { path.to_owned() } else { format!("{path}?{}", said.join("&")) }
    }
}

/// `GET /desk/numbers`
#[derive(askama::Template)]
#[template(path = "desk/numbers.html")]
struct NumbersPage {
    page: DeskPage,
    query: NumbersQuery,
    words: Vec<Choice>,
    years: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    found: String,
    /// There are more than are shown.
    more: bool,
    empty: EmptyState,
    csv: String,
}

struct Row {
    href: String,
    number: String,
    title: String,
    bureau: String,
    case_href: String,
    case_number: String,
    day: String,
    by: String,
    state: Tag,
    why: String,
}

/// `GET /desk/numbers`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<NumbersQuery>,
) -> Result<Response, PageError> {
    let today = beijing_day(app.now());
    let mut lines = lines(&app, &me, &query, SHOWN_AT_MOST + 1).await?;
    let more = lines.len() as i64 > SHOWN_AT_MOST;
    lines.truncate(SHOWN_AT_MOST as usize);
    let empty = if query.address(PATH) == PATH {
        EmptyState::new("还没有文号", "受理、调解、终止等文书做出来时自动取号，一律登记在这里。")
    } else {
        EmptyState::new("没有符合条件的", "换个条件，或者看全部。").link("看全部", PATH)
    };
    let mut words: Vec<(String, String)> = app
        .house()
        .book
        .all()
        .iter()
        .flat_map(|set| &set.letters)
        .filter(|letter| !letter.number_word.is_empty())
        .map(|letter| (letter.number_word.clone(), letter.title.clone()))
        .collect();
    words.sort();
    words.dedup_by(|one, other| one.0 == other.0);
    let year = i64::from(today.year());
    Ok(render::page(&NumbersPage {
        page: frame::desk(&me.0, Section::Cases),
        words: words.iter().map(|(word, title)| Choice::new(word, format!("{word} {title}"))).collect(),
        years: (0..6).map(|ago| Choice::new((year - ago).to_string(), format!("{} 年", year - ago))).collect(),
        states: vec![Choice::new("valid", "有效"), Choice::new("voided", "作废")],
        found: view::quantity(lines.len() as i64),
        rows: lines.iter().map(|line| row(line, today)).collect(),
        more,
        empty,
        csv: query.address("/desk/numbers.csv"),
        query,
    }))
}

/// `GET /desk/numbers.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(query): Query<NumbersQuery>,
) -> Result<Response, PageError> {
    let lines = lines(&app, &me, &query, EXPORTED_AT_MOST).await?;
    let cells = |line: &NumberLine| {
        let voided = line.voided.as_ref();
        vec![
            line.number.clone(),
            line.bureau.clone(),
            line.given.word.clone(),
            line.given.year.to_string(),
            line.given.serial.to_string(),
            line.title.clone(),
            line.case_number.clone(),
            beijing_day(line.made_at).to_string(),
            line.made_by.clone().unwrap_or_default(),
            if voided.is_some() { "作废" } else { "有效" }.to_owned(),
            voided.map(|voided| beijing_day(voided.at).to_string()).unwrap_or_default(),
            voided.map(|voided| voided.by.clone()).unwrap_or_default(),
            voided.map(|voided| voided.reason.clone()).unwrap_or_default(),
        ]
    };
    let heads = [
        "文号",
        "机关",
        "字",
        "年份",
        "序号",
        "文书",
        "案件编号",
        "日期",
        "制作人",
        "状态",
        "作废日期",
        "作废人",
        "作废原因",
    ];
    let name = format!("文号登记-{}.csv", beijing_day(app.now()));
    Ok(export::csv(&name, &heads, lines.iter().map(cells)))
}

async fn lines(app: &App, me: &SignedIn, query: &NumbersQuery, at_most: i64) -> Result<Vec<NumberLine>, PageError> {
    let choice = query.choice();
    Ok(app.look(me.actor(), move |tx, scene| numbering::register(tx, scene, &choice, at_most)).await?)
}

fn row(line: &NumberLine, today: Date) -> Row {
    let day = |at| view::dates::short_day(beijing_day(at), today);
    let case_href = format!("/desk/cases/{}", line.case_number);
    Row {
        href: format!("{case_href}/papers/{}/keep", line.paper_id),
        number: line.number.clone(),
        title: line.title.clone(),
        bureau: line.bureau.clone(),
        case_href,
        case_number: line.case_number.clone(),
        day: day(line.made_at),
        by: line.made_by.clone().unwrap_or_else(|| "系统".to_owned()),
        state: if line.voided.is_some() { tag("作废", Tone::Amber) } else { tag("有效", Tone::Green) },
        why: line.voided.as_ref().map(|it| format!("{}作废：{}", day(it.at), it.reason)).unwrap_or_default(),
    }
}
