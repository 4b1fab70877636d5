//! 文书的文字: what a bureau says in its own words in each letter: the list, what is said now, every version, what differs, the way back.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::letters::KeptLetter;
use casework::wording::{self, Decision, History, Line, Sample, Stage, Standing, Version};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use domain::difference::{self, Piece};
use domain::wording::{Wording, WordingChoice, shown};
use serde::Deserialize;
use store::Tx;

use super::papers;
use crate::app::App;
use crate::desk::csv;
use crate::error::PageError;
use crate::form::FormBody;
use crate::redirect::{self, query_value};
use crate::render;
use crate::session::Administrator;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Tag, Tone, tag};

/// Which letter of which bureau, as it stands in the address.
pub(super) type Place = (i64, String, String);

/// The list's address.
pub(super) fn list_of(bureau: i64) -> String {
    format!("{}/{bureau}/wording", papers::HERE)
}

/// A letter's address.
pub(super) fn address((bureau, set, letter): &Place) -> String {
    format!("{}/{}/{}", list_of(*bureau), query_value(set), query_value(letter))
}

#[derive(Template)]
#[template(path = "admin/wordings.html")]
struct ListPage {
    page: DeskPage,
    here: String,
    bureau: String,
    query: ListQuery,
    sets: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    csv: String,
    empty: EmptyState,
}

struct Row {
    href: String,
    title: String,
    form: String,
    set: String,
    state: Tag,
    since: String,
    coming: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    set: String,
    state: String,
}

impl ListQuery {
    /// What is in force now, until somebody asks for what was.
    fn takes(&self, line: &Line) -> bool {
        let words = self.q.trim();
        let form = line.letter.form.as_deref().unwrap_or_default();
        let of_set = if self.set.is_empty() { line.current } else { line.rule_set == self.set };
        let of_state = match self.state.as_str() {
            "own" => line.standing.words.is_some(),
            "official" => line.standing.words.is_none(),
            "coming" => line.coming.is_some(),
            _ => true,
        };
        of_set && of_state && (words.is_empty() || line.letter.title.contains(words) || form.contains(words))
    }
}

/// `GET /admin/papers/{id}/wording`
pub(super) async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let (bureau, lines) = app.look(administrator.actor(), move |tx, scene| wording::list(tx, scene, id)).await?;
    let here = list_of(id);
    let mut sets: Vec<Choice> = Vec::new();
    for line in lines.iter().rev() {
        if !sets.iter().any(|set| set.value == line.rule_set) {
            sets.push(Choice::new(line.rule_set.clone(), line.set_title.clone()));
        }
    }
    let asked =
        format!("q={}&set={}&state={}", query_value(&query.q), query_value(&query.set), query_value(&query.state));
    Ok(render::page(&ListPage {
        page: super::page(&administrator.0, papers::HERE),
        csv: format!("{here}.csv?{asked}"),
        bureau: bureau.name,
        sets,
        states: vec![
            Choice::new("own", "用自己的文字"),
            Choice::new("official", "用通用文字"),
            Choice::new("coming", "将来要换"),
        ],
        rows: lines.iter().filter(|line| query.takes(line)).map(|line| row(id, line)).collect(),
        empty: EmptyState::new("没有这样的文书", "换个短一些的词，或者看全部。").link("看全部", here.clone()),
        query,
        here,
    }))
}

fn row(bureau: i64, line: &Line) -> Row {
    let (state, since) = state_words(&line.standing, line.above.as_deref());
    Row {
        href: address(&(bureau, line.rule_set.clone(), line.letter.key.clone())),
        title: line.letter.title.clone(),
        form: line.letter.form.clone().unwrap_or_default(),
        set: line.set_title.clone(),
        state,
        since,
        coming: line.coming.map_or_else(String::new, |day| format!("{}起另有新的", view::dates::long_day(day))),
    }
}

/// What is used in a word, and since when in a few.
fn state_words(standing: &Standing, above: Option<&str>) -> (Tag, String) {
    let since = standing.since.map_or_else(String::new, |day| format!("自{}起", view::dates::long_day(day)));
    let version = standing.version;
    match (standing.words.is_some(), standing.unfit, above) {
        (_, true, _) => {
            (tag("通用文字", Tone::Amber), format!("第{version}版和新的通用文字合不上，没有使用，请改一版"))
        }
        (true, _, None) => (tag("本局的文字", Tone::Teal), format!("{since}，第{version}版")),
        (true, _, Some(name)) => (tag("上级的文字", Tone::Teal), format!("{since}，随{name}第{version}版")),
        (false, _, None) if version > 0 => (tag("通用文字", Tone::Plain), format!("{since}，第{version}版")),
        (false, _, _) => (tag("通用文字", Tone::Plain), String::new()),
    }
}

/// `GET /admin/papers/{id}/wording.csv`
pub(super) async fn export(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let (bureau, lines) = app.look(administrator.actor(), move |tx, scene| wording::list(tx, scene, id)).await?;
    let heads = ["规则", "文书", "官方式样", "使用", "说明", "将来"];
    let rows = lines.iter().filter(|line| query.takes(line)).map(|line| {
        let row = row(id, line);
        vec![row.set, row.title, row.form, row.state.text, row.since, row.coming]
    });
    Ok(csv(&format!("文书的文字-{}.csv", bureau.name), &heads, rows))
}

#[derive(Template)]
#[template(path = "admin/wording.html")]
struct LetterPage {
    page: DeskPage,
    here: String,
    list: String,
    bureau: String,
    title: String,
    form: String,
    set: String,
    state: Tag,
    since: String,
    kept: KeptLetter,
    versions: Vec<VersionLine>,
    /// The official wording as published: where, and whether it was read there.
    source: String,
    doubt: bool,
    seen: i64,
    backs: Vec<Choice>,
    back: BackForm,
    errors: Errors,
}

struct VersionLine {
    version: i64,
    what: String,
    from: String,
    state: Tag,
    made: String,
    by: String,
    reason: String,
    coming: bool,
}

/// What the way back sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BackForm {
    to: String,
    from: String,
    reason: String,
    seen: i64,
    done: String,
}

/// `GET /admin/papers/{id}/wording/{set}/{letter}`
pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    Query(back): Query<BackForm>,
) -> Result<Response, PageError> {
    let notice = match back.done.as_str() {
        "saved" => Some(Notice::done("已保存").text("从所填的那一天起，新做的文书用这一版；已经做好的不变。")),
        "withdrawn" => Some(Notice::done("已撤回").text("这一版不会生效，历次版本里还看得到。")),
        _ => None,
    };
    let mut page = load(&app, &administrator, place, back, Errors::none()).await?;
    page.page.notice = notice;
    Ok(render::page(&page))
}

async fn load(
    app: &App,
    administrator: &Administrator,
    place: Place,
    mut back: BackForm,
    errors: Errors,
) -> Result<LetterPage, PageError> {
    let here = address(&place);
    let list = list_of(place.0);
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let history = wording::history(tx, scene, place.0, &place.1, &place.2)?;
        let sample = wording::sample(tx, scene, &history, &history.now())?;
        Ok((history, sample))
    };
    let (history, sample) = app.look(administrator.actor(), read).await?;
    let today = beijing_day(app.now());
    if back.from.is_empty() && errors.is_empty() {
        back.from = today.to_string();
    }
    let (state, since) = state_words(&history.standing, history.above.as_deref());
    Ok(LetterPage {
        page: super::page(&administrator.0, papers::HERE),
        here,
        list,
        title: history.letter.title.clone(),
        form: history.letter.form.clone().unwrap_or_default(),
        set: history.set_title.clone(),
        state,
        since,
        kept: sample.kept,
        versions: history.versions.iter().map(|version| version_line(version, app.now())).collect(),
        source: history.letter.source.clone(),
        doubt: !history.letter.confirmed,
        seen: history.last(),
        backs: backs(&history),
        bureau: history.bureau.name,
        back,
        errors,
    })
}

fn version_line(version: &Version, now: jiff::Timestamp) -> VersionLine {
    let mut what = version.choice.label().to_owned();
    if let Some(repeats) = version.repeats {
        let _ = write!(what, "，同第{repeats}版");
    }
    let tone = match version.stage {
        Stage::InForce => Tone::Teal,
        Stage::Coming => Tone::Amber,
        Stage::Past | Stage::Withdrawn => Tone::Plain,
    };
    VersionLine {
        version: version.row.version,
        what,
        from: view::dates::long_day(version.row.from_day),
        state: tag(version.stage.label(), tone),
        made: view::dates::moment(version.row.made_at, now),
        by: version.by.clone(),
        reason: version.row.reason.clone(),
        coming: version.stage == Stage::Coming,
    }
}

/// Where one can go back to: the official words, those from above, each version that had words of its own.
fn backs(history: &History) -> Vec<Choice> {
    let mut backs = vec![Choice::new("official", "通用文字")];
    if history.bureau.parent_id.is_some() {
        backs.push(Choice::new("above", "跟随上级局（上级没有自己的文字时，就是通用文字）"));
    }
    let own = history
        .versions
        .iter()
        .filter(|version| version.words.is_some() && version.repeats.is_none() && version.stage != Stage::InForce);
    backs.extend(own.map(|version| {
        let day = view::dates::long_day(version.row.from_day);
        Choice::new(
            version.row.version.to_string(),
            format!("第{}版（{day}起，{}）", version.row.version, version.row.reason),
        )
    }));
    backs
}

/// `POST /admin/papers/{id}/wording/{set}/{letter}/back`
pub(super) async fn back(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    FormBody(form): FormBody<BackForm>,
) -> Result<Response, PageError> {
    let (asked, typed) = (place.clone(), form.clone());
    let decide = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        let history = wording::history(tx, scene, asked.0, &asked.1, &asked.2)?;
        let (choice, words) = match typed.to.as_str() {
            "official" => (WordingChoice::Official, Wording::default()),
            "above" => (WordingChoice::Above, Wording::default()),
            version => {
                let chosen = history.versions.iter().find(|it| it.row.version.to_string() == version);
                let words = chosen.and_then(|it| it.words.clone());
                let unchosen = || ActError::field("to", "to.missing", "请选择换回哪一种文字");
                (WordingChoice::Own, words.ok_or_else(unchosen)?)
            }
        };
        let decision = Decision { choice, words, from: typed.from.clone(), reason: typed.reason.clone() };
        wording::decide(tx, scene, asked.0, (&asked.1, &asked.2), typed.seen, &decision)
    };
    let Err(error) = app.act(administrator.actor(), decide).await else {
        return Ok(redirect::to(&format!("{}?done=saved", address(&place))));
    };
    let (status, errors, notice) = refusal(error)?;
    // This page has no paragraphs: what is wrong with the words is wrong with the choice.
    let beside = |field: &str| if matches!(field, "from" | "reason") { field.to_owned() } else { "to".to_owned() };
    let errors: Errors = errors.iter().map(|error| (beside(&error.field), error.message.clone())).collect();
    let mut page = load(&app, &administrator, place, form, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

/// What to show when a decision was refused; anything else that went wrong goes on.
pub(super) fn refusal(error: ActError) -> Result<(StatusCode, Errors, Option<Notice>), PageError> {
    match error {
        error @ ActError::Conflict { .. } => {
            let text = format!("{error}再保存一次，就作为下一版。");
            Ok((StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("没有保存").text(text))))
        }
        error => {
            let error = PageError::from(error);
            let errors = error.faults().ok_or(error)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors, None))
        }
    }
}

/// The version that a button stands beside.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    version: i64,
}

/// `POST /admin/papers/{id}/wording/{set}/{letter}/withdraw`
pub(super) async fn withdraw(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    FormBody(Chosen { version }): FormBody<Chosen>,
) -> Result<Response, PageError> {
    let asked = place.clone();
    let withdraw =
        move |tx: &mut Tx<'_>, scene: Scene<'_>| wording::withdraw(tx, scene, asked.0, (&asked.1, &asked.2), version);
    app.act(administrator.actor(), withdraw).await?;
    Ok(redirect::to(&format!("{}?done=withdrawn", address(&place))))
}

/// `GET /admin/papers/{id}/wording/{set}/{letter}/sample.pdf`: a version, or what is said today.
pub(super) async fn sample(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    Query(asked): Query<AskedVersion>,
) -> Result<Response, PageError> {
    let version = asked.version.parse::<i64>().ok();
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let history = wording::history(tx, scene, place.0, &place.1, &place.2)?;
        let words = match version {
            Some(version) => history.words(version).ok_or(ActError::NotFound)?,
            None => history.now(),
        };
        wording::sample(tx, scene, &history, &words)
    };
    let sample = app.look(administrator.actor(), read).await?;
    printed(&app, sample).await
}

/// Which version is asked for; none for what is said today.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AskedVersion {
    pub(super) version: String,
}

/// A sample as PDF, to be looked at in the browser.
pub(super) async fn printed(app: &App, sample: Sample) -> Result<Response, PageError> {
    let house = app.house().clone();
    let bytes = app.hashing(move || sample.pdf(&house)).await??;
    let heads = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"sample.pdf\""),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((heads, bytes).into_response())
}

#[derive(Template)]
#[template(path = "admin/wording_difference.html")]
struct DifferencePage {
    page: DeskPage,
    here: String,
    list: String,
    bureau: String,
    title: String,
    versions: Vec<Choice>,
    one: String,
    other: String,
    paragraphs: Vec<Vec<Piece>>,
    notes: Vec<Vec<Piece>>,
}

impl DifferencePage {
    fn is_same(&self) -> bool {
        self.paragraphs.iter().chain(&self.notes).flatten().all(|piece| matches!(piece, Piece::Same(_)))
    }
}

/// What is said today, instead of a version.
const NOW: &str = "now";

/// Which two versions.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AskedTwo {
    one: String,
    other: String,
}

/// `GET /admin/papers/{id}/wording/{set}/{letter}/difference`: the official words beside those of today, or any two.
pub(super) async fn difference(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    Query(asked): Query<AskedTwo>,
) -> Result<Response, PageError> {
    let (here, list) = (address(&place), list_of(place.0));
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| wording::history(tx, scene, place.0, &place.1, &place.2);
    let history = app.look(administrator.actor(), read).await?;
    let or = |asked: String, usual: &str| if asked.is_empty() { usual.to_owned() } else { asked };
    let (one, other) = (or(asked.one, "0"), or(asked.other, NOW));
    let words = |version: &str| {
        let of_version = || version.parse().ok().and_then(|version| history.words(version));
        if version == NOW { Some(history.now()) } else { of_version() }.ok_or_else(PageError::not_found)
    };
    let (before, after) = (words(&one)?, words(&other)?);
    let mut versions = vec![Choice::new("0", "通用文字"), Choice::new(NOW, "现在用的文字")];
    versions.extend(history.versions.iter().rev().map(|version| {
        let row = &version.row;
        Choice::new(row.version.to_string(), format!("第{}版 {}", row.version, version.choice.label()))
    }));
    let compared = |before: &[String], after: &[String]| {
        let on_screen = |texts: &[String]| texts.iter().map(|text| shown(text)).collect::<Vec<_>>();
        difference::paragraphs(&on_screen(before), &on_screen(after))
    };
    Ok(render::page(&DifferencePage {
        page: super::page(&administrator.0, papers::HERE),
        here,
        list,
        versions,
        one,
        other,
        paragraphs: compared(&before.paragraphs, &after.paragraphs),
        notes: compared(&before.notes, &after.notes),
        title: history.letter.title,
        bureau: history.bureau.name,
    }))
}
