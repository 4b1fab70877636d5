//! 常用答复: a bureau's own phrases are kept here; the country's are shown beside them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::answer_phrase::{self, Change};
use casework::{ActError, House, Scene};
use domain::action::Action;
use domain::codes::Codes;
use domain::phrases::{self, AnswerPhrase};
use jiff::Timestamp;
use serde::Deserialize;
use store::Tx;
use store::answer_phrase::PhraseRow;
use store::organization::OrganizationRow;

use crate::app::App;
use crate::desk::{choices, csv};
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Administrator;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Sort, Tag, Tone, tag};
use crate::{redirect, render};

const HERE: &str = "/admin/phrases";

#[derive(Template)]
#[template(path = "admin/phrases.html")]
struct ListPage {
    page: DeskPage,
    asked: Asked,
    sort: Sort,
    states: Vec<Choice>,
    rows: Vec<PhraseLine>,
    nothing: EmptyState,
    national: Vec<NationalLine>,
}

struct PhraseLine {
    id: i64,
    title: String,
    text: String,
    act: &'static str,
    fits: String,
    cited: String,
    bureau: String,
    changed_at: Timestamp,
    changed: String,
    active: bool,
}

impl PhraseLine {
    fn state(&self) -> Tag {
        if self.active { tag("在用", Tone::Green) } else { tag("停用", Tone::Plain) }
    }
}

struct NationalLine {
    title: &'static str,
    text: &'static str,
    act: &'static str,
    cited: &'static str,
}

/// What the list is asked for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    sort: String,
    done: String,
}

impl Asked {
    /// The address with everything but the order.
    fn base(&self, path: &str) -> String {
        let q = redirect::query_value(&self.q);
        format!("{path}?q={q}&state={}&", redirect::query_value(&self.state))
    }

    fn is_narrowed(&self) -> bool {
        !self.q.trim().is_empty() || !self.state.is_empty()
    }

    fn csv(&self) -> String {
        format!("{}sort={}", self.base("/admin/phrases.csv"), redirect::query_value(&self.sort))
    }
}

pub(super) async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let rows = lines(&app, &administrator, &asked).await?;
    let mut page = super::page(&administrator.0, HERE);
    page.notice = match asked.done.as_str() {
        "added" => Some(Notice::done("已新增常用答复").text("办理答复的页面上马上可以选用。")),
        "changed" => Some(Notice::done("已保存")),
        "disabled" => Some(Notice::done("已停用").text("办理页面不再提供，以前的答复不受影响；随时可以再启用。")),
        "enabled" => Some(Notice::done("已启用")),
        _ => None,
    };
    let nothing = match asked.is_narrowed() {
        true => EmptyState::new("没有符合条件的常用答复", "请换一个更短的词，或者看全部。").link("看全部", HERE),
        false => EmptyState::new("本局还没有自己的常用答复", "常被问到的写成一条，答复时一点就能用。")
            .link("新增常用答复", "/admin/phrases/new"),
    };
    let words: Vec<String> = asked.q.split_whitespace().map(str::to_lowercase).collect();
    let holds = |phrase: &&AnswerPhrase| {
        let all = format!("{} {} {}", phrase.title, phrase.text, phrase.cited);
        words.iter().all(|word| all.contains(word.as_str()))
    };
    let national = phrases::answers().iter().filter(holds).map(|phrase| NationalLine {
        title: &phrase.title,
        text: &phrase.text,
        act: act_label(&phrase.act),
        cited: &phrase.cited,
    });
    Ok(render::page(&ListPage {
        page,
        sort: Sort::parse(if asked.sort.is_empty() { "title" } else { &asked.sort }, asked.base(HERE)),
        states: vec![Choice::new("active", "在用"), Choice::new("disabled", "停用")],
        rows,
        nothing,
        national: national.collect(),
        asked,
    }))
}

pub(super) async fn export(
    State(app): State<App>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let rows = lines(&app, &administrator, &asked).await?;
    let heads = ["标题", "内容", "用在", "相关的类别和字眼", "依据", "单位", "状态", "最后修改"];
    let line = |row: PhraseLine| {
        let state = if row.active { "在用" } else { "停用" };
        let texts = [row.title, row.text, row.act.to_owned(), row.fits, row.cited, row.bureau];
        texts.into_iter().chain([state.to_owned(), row.changed]).collect()
    };
    Ok(csv("常用答复.csv", &heads, rows.into_iter().map(line)))
}

async fn lines(app: &App, administrator: &Administrator, asked: &Asked) -> Result<Vec<PhraseLine>, PageError> {
    let now = app.now();
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<Vec<PhraseLine>, ActError> {
        let rows = answer_phrase::list(tx, scene)?;
        Ok(rows.into_iter().map(|(bureau, row)| line(scene.house, bureau, row, now)).collect())
    };
    let mut rows = app.look(administrator.actor(), look).await?;
    let words: Vec<String> = asked.q.split_whitespace().map(str::to_lowercase).collect();
    rows.retain(|row| {
        let all = [row.title.as_str(), &row.text, &row.fits, &row.cited, &row.bureau].join(" ").to_lowercase();
        let state = if row.active { "active" } else { "disabled" };
        words.iter().all(|word| all.contains(word.as_str())) && (asked.state.is_empty() || asked.state == state)
    });
    let column = asked.sort.trim_start_matches('-');
    rows.sort_by(|one, other| match column {
        "changed" => one.changed_at.cmp(&other.changed_at),
        "bureau" => one.bureau.cmp(&other.bureau),
        _ => one.title.cmp(&other.title),
    });
    if asked.sort.starts_with('-') {
        rows.reverse();
    }
    Ok(rows)
}

fn line(house: &House, bureau: OrganizationRow, row: PhraseRow, now: Timestamp) -> PhraseLine {
    let label = |table: &str, key: &str| house.codes.label(table, key).unwrap_or_default().to_owned();
    let fits = [label("goods_categories", &row.category), label("problem_categories", &row.problem), row.words];
    let fits: Vec<&str> = fits.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    PhraseLine {
        id: row.id,
        title: row.title,
        text: row.text,
        act: act_label(&row.act),
        fits: fits.join("，"),
        cited: row.cited,
        bureau: bureau.name,
        changed_at: row.changed_at,
        changed: view::dates::moment(row.changed_at, now),
        active: row.active,
    }
}

fn act_label(key: &str) -> &'static str {
    Action::from_key(key).map_or("", Action::label)
}

#[derive(Template)]
#[template(path = "admin/phrase.html")]
struct PhrasePage {
    page: DeskPage,
    /// The phrase that is changed; none for a new one.
    row: Option<(OrganizationRow, PhraseRow)>,
    form: PhraseForm,
    acts: Vec<Choice>,
    bureaus: Vec<Choice>,
    categories: Vec<Choice>,
    problems: Vec<Choice>,
    errors: Errors,
}

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PhraseForm {
    bureau: String,
    act: String,
    title: String,
    text: String,
    category: String,
    problem: String,
    words: String,
    cited: String,
    version: i64,
}

impl PhraseForm {
    fn change(&self) -> Change {
        Change {
            act: self.act.clone(),
            title: self.title.clone(),
            text: self.text.clone(),
            category: self.category.clone(),
            problem: self.problem.clone(),
            words: self.words.clone(),
            cited: self.cited.clone(),
        }
    }

    fn of(row: &PhraseRow) -> PhraseForm {
        PhraseForm {
            bureau: row.bureau_id.to_string(),
            act: row.act.clone(),
            title: row.title.clone(),
            text: row.text.clone(),
            category: row.category.clone(),
            problem: row.problem.clone(),
            words: row.words.clone(),
            cited: row.cited.clone(),
            version: row.version,
        }
    }
}

pub(super) async fn ask(State(app): State<App>, administrator: Administrator) -> Result<Response, PageError> {
    let form = PhraseForm { act: Action::Answer.key().to_owned(), ..PhraseForm::default() };
    Ok(render::page(&page(&app, &administrator, None, Some(form)).await?))
}

pub(super) async fn add(
    State(app): State<App>,
    administrator: Administrator,
    FormBody(form): FormBody<PhraseForm>,
) -> Result<Response, PageError> {
    let (bureau, change) = (form.bureau.parse().unwrap_or_default(), form.change());
    let add = move |tx: &mut Tx<'_>, scene: Scene<'_>| answer_phrase::add(tx, scene, bureau, &change);
    match app.act(administrator.actor(), add).await {
        Ok(_) => Ok(redirect::to(&format!("{HERE}?done=added"))),
        Err(error) => refused(&app, &administrator, None, form, error).await,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    Ok(render::page(&page(&app, &administrator, Some(id), None).await?))
}

pub(super) async fn change(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<i64>,
    FormBody(form): FormBody<PhraseForm>,
) -> Result<Response, PageError> {
    let (version, change) = (form.version, form.change());
    let write = move |tx: &mut Tx<'_>, scene: Scene<'_>| answer_phrase::change(tx, scene, id, version, &change);
    match app.act(administrator.actor(), write).await {
        Ok(()) => Ok(redirect::to(&format!("{HERE}?done=changed"))),
        Err(error) => refused(&app, &administrator, Some(id), form, error).await,
    }
}

/// The version of the phrase on the page that sent the button.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    version: i64,
}

/// Offers the phrase no more, or again.
pub(super) async fn switch(
    State(app): State<App>,
    administrator: Administrator,
    Path((id, act)): Path<(i64, String)>,
    FormBody(Seen { version }): FormBody<Seen>,
) -> Result<Response, PageError> {
    let (active, done) = match act.as_str() {
        "disable" => (false, "disabled"),
        "enable" => (true, "enabled"),
        _ => return Err(PageError::not_found()),
    };
    let switch = move |tx: &mut Tx<'_>, scene: Scene<'_>| answer_phrase::set_active(tx, scene, id, version, active);
    app.act(administrator.actor(), switch).await?;
    Ok(redirect::to(&format!("{HERE}?done={done}")))
}

/// The form again with what was typed, and what is wrong; when somebody was first, the version of now is put beneath it.
async fn refused(
    app: &App,
    administrator: &Administrator,
    id: Option<i64>,
    form: PhraseForm,
    error: ActError,
) -> Result<Response, PageError> {
    let (status, errors, notice) = match error {
        ActError::Invalid(faults) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
        }
        error @ ActError::Conflict { .. } => {
            let notice =
                Notice::refused("没有保存").text(format!("{error}。您写的还在下面；再按一次保存，就以您的为准。"));
            (StatusCode::CONFLICT, Errors::none(), Some(notice))
        }
        error => return Err(error.into()),
    };
    let mut page = page(app, administrator, id, Some(form)).await?;
    if notice.is_some()
        && let Some((_, row)) = &page.row
    {
        page.form.version = row.version;
    }
    (page.errors, page.page.notice) = (errors, notice);
    Ok(render::page_with_status(status, &page))
}

async fn page(
    app: &App,
    administrator: &Administrator,
    id: Option<i64>,
    form: Option<PhraseForm>,
) -> Result<PhrasePage, PageError> {
    let look = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let row = id.map(|id| answer_phrase::find(tx, scene, id)).transpose()?;
        Ok((row, answer_phrase::bureaus(tx, scene)?))
    };
    let (row, bureaus) = app.look(administrator.actor(), look).await?;
    let mut form = form.or_else(|| row.as_ref().map(|(_, row)| PhraseForm::of(row))).unwrap_or_default();
    // Who keeps one bureau's phrases is not asked whose they are.
    if let [only] = bureaus.as_slice() {
        form.bureau = only.id.to_string();
    }
    let codes: &Codes = &app.house().codes;
    Ok(PhrasePage {
        page: super::page(&administrator.0, HERE),
        row,
        form,
        acts: phrases::TEXTS.iter().map(|(action, _)| Choice::new(action.key(), action.label())).collect(),
        bureaus: bureaus.into_iter().map(|bureau| Choice::new(bureau.id.to_string(), bureau.name)).collect(),
        categories: choices(codes, "goods_categories"),
        problems: choices(codes, "problem_categories"),
        errors: Errors::none(),
    })
}
