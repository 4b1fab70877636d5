//! 改文书的文字: the editor beside its sample, paragraph by paragraph.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::letters::KeptLetter;
use casework::wording::{self, Decision, History};
use casework::{ActError, Scene};
use domain::clock::beijing_day;
use domain::letter::{FixedWords, LetterTemplate};
use domain::wording::{Blank, Wording, WordingChoice, blanks, shown, typed};
use store::Tx;

use super::papers;
use super::wording::{AskedVersion, Place, address, list_of, printed, refusal};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::Administrator;
use crate::view::{self, DeskPage, Errors, Notice};
use crate::{redirect, render};

#[derive(Template)]
#[template(path = "admin/wording_edit.html")]
struct EditPage {
    page: DeskPage,
    here: String,
    list: String,
    bureau: String,
    title: String,
    set: String,
    seen: i64,
    paragraphs: Vec<Part>,
    notes: Vec<Part>,
    /// A table has no paragraphs.
    is_table: bool,
    blanks: Vec<Blank>,
    fixed: Vec<FixedWords>,
    from: String,
    reason: String,
    kept: KeptLetter,
    errors: Errors,
}

impl EditPage {
    /// What is wrong with the words as a whole.
    fn of_the_whole(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().filter(|error| error.field == "wording").map(|error| error.message.as_str())
    }
}

/// A paragraph or a note as it is edited.
struct Part {
    name: String,
    label: String,
    text: String,
}

fn parts(kind: &str, texts: &[String]) -> Vec<Part> {
    let part = |(index, text): (usize, &String)| Part {
        name: format!("{kind}-{}", index + 1),
        label: if kind == "note" { format!("第{}条注", index + 1) } else { format!("第{}段", index + 1) },
        text: shown(text),
    };
    texts.iter().enumerate().map(part).collect()
}

/// What the form sends: paragraphs and notes in their order, the button that was pressed, and the rest.
#[derive(Clone, Debug, Default)]
struct Typed {
    words: Wording,
    from: String,
    reason: String,
    seen: i64,
    step: String,
}

impl Typed {
    fn read(pairs: Vec<(String, String)>, letter: &LetterTemplate) -> Typed {
        let blanks = blanks(letter);
        let mut read = Typed::default();
        for (name, value) in pairs {
            match name.split_once('-').map_or(name.as_str(), |(kind, _)| kind) {
                "paragraph" => read.words.paragraphs.extend(lines(&value, &blanks)),
                "note" => read.words.notes.extend(lines(&value, &blanks)),
                "from" => read.from = value,
                "reason" => read.reason = value,
                "seen" => read.seen = value.parse().unwrap_or_default(),
                "do" => read.step = value,
                _ => {}
            }
        }
        read
    }

    /// Puts a paragraph in or takes one out, as the button says: `add-paragraph-2` behind the second, `drop-note-1` the first.
    fn step(&mut self) {
        let mut said = self.step.splitn(3, '-');
        let (what, kind, at) = (said.next(), said.next(), said.next().and_then(|at| at.parse::<usize>().ok()));
        let (Some(at), texts) =
            (at, if kind == Some("note") { &mut self.words.notes } else { &mut self.words.paragraphs })
        else {
            return;
        };
        match what {
            Some("add") => texts.insert(at.min(texts.len()), String::new()),
            Some("drop") if (1..=texts.len()).contains(&at) => drop(texts.remove(at - 1)),
            _ => {}
        }
    }

    fn decision(&self) -> Decision {
        Decision {
            choice: WordingChoice::Own,
            words: self.words.clone(),
            from: self.from.clone(),
            reason: self.reason.clone(),
        }
    }
}

/// What was typed in one box: a line is a paragraph, as when a whole letter is pasted; an empty box is one empty paragraph.
fn lines(value: &str, blanks: &[Blank]) -> Vec<String> {
    let lines: Vec<String> = value.lines().map(|line| typed(line, blanks)).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// `GET /admin/papers/{id}/wording/{set}/{letter}/edit`: from what is said today, or from a version.
pub(super) async fn ask(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    Query(asked): Query<AskedVersion>,
) -> Result<Response, PageError> {
    let start = move |history: &History, today: String| {
        let version = asked.version.parse::<i64>().ok();
        let words = version.map_or_else(|| Some(history.now()), |version| history.words(version));
        let words = words.ok_or(ActError::NotFound)?;
        Ok(Typed { words, from: today, seen: history.last(), ..Typed::default() })
    };
    let page = load(&app, &administrator, place, start, Errors::none()).await?;
    Ok(render::page(&page))
}

/// `POST /admin/papers/{id}/wording/{set}/{letter}/edit`: keeps nothing; looks at what was typed, or adds and takes out.
pub(super) async fn look(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    FormBody(pairs): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let letter = official(&app, &place)?;
    let mut read = Typed::read(pairs, &letter);
    read.step();
    let looks = read.step == "preview";
    let faults = if looks { read.words.faults(&letter) } else { Vec::new() };
    let errors: Errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
    let fits = looks && errors.is_empty();
    let mut page = load(&app, &administrator, place, move |_, _| Ok(read.clone()), errors).await?;
    page.page.notice = fits.then(|| Notice::information("这样可以保存").text("样张已经更新，还没有保存。"));
    Ok(render::page(&page))
}

fn official(app: &App, (_, set, letter): &Place) -> Result<LetterTemplate, PageError> {
    wording::official(app.house(), set, letter).map(|(_, letter)| letter).ok_or_else(PageError::not_found)
}

/// `POST /admin/papers/{id}/wording/{set}/{letter}/sample.pdf`: what was typed, on paper.
pub(super) async fn sample(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    FormBody(pairs): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let words = Typed::read(pairs, &official(&app, &place)?).words;
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let history = wording::history(tx, scene, place.0, &place.1, &place.2)?;
        wording::sample(tx, scene, &history, &words)
    };
    let sample = app.look(administrator.actor(), read).await?;
    printed(&app, sample).await
}

/// `POST /admin/papers/{id}/wording/{set}/{letter}`
pub(super) async fn save(
    State(app): State<App>,
    administrator: Administrator,
    Path(place): Path<Place>,
    FormBody(pairs): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let read = Typed::read(pairs, &official(&app, &place)?);
    let (asked, decision, seen) = (place.clone(), read.decision(), read.seen);
    let decide = move |tx: &mut Tx<'_>, scene: Scene<'_>| {
        wording::decide(tx, scene, asked.0, (&asked.1, &asked.2), seen, &decision)
    };
    let Err(error) = app.act(administrator.actor(), decide).await else {
        return Ok(redirect::to(&format!("{}?done=saved", address(&place))));
    };
    let (status, errors, notice) = refusal(error)?;
    // Somebody was first: what was typed stays, on top of her version.
    let conflict = notice.is_some();
    let again = move |history: &History, _| {
        let seen = if conflict { history.last() } else { read.seen };
        Ok(Typed { seen, ..read.clone() })
    };
    let mut page = load(&app, &administrator, place, again, errors).await?;
    page.page.notice = notice;
    Ok(render::page_with_status(status, &page))
}

async fn load(
    app: &App,
    administrator: &Administrator,
    place: Place,
    start: impl Fn(&History, String) -> Result<Typed, ActError> + Send + 'static,
    errors: Errors,
) -> Result<EditPage, PageError> {
    let (here, list) = (address(&place), list_of(place.0));
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let history = wording::history(tx, scene, place.0, &place.1, &place.2)?;
        let typed = start(&history, beijing_day(scene.now).to_string())?;
        let sample = wording::sample(tx, scene, &history, &typed.words)?;
        Ok((history, typed, sample.kept))
    };
    let (history, typed, kept) = app.look(administrator.actor(), read).await?;
    let letter = &history.letter;
    let fixed = letter.fixed.iter().map(|fixed| FixedWords { words: shown(&fixed.words), ..fixed.clone() });
    Ok(EditPage {
        page: super::page(&administrator.0, papers::HERE),
        here,
        list,
        title: letter.title.clone(),
        set: history.set_title.clone(),
        seen: typed.seen,
        paragraphs: parts("paragraph", &typed.words.paragraphs),
        notes: parts("note", &typed.words.notes),
        is_table: letter.paragraphs.is_empty(),
        blanks: blanks(letter),
        fixed: fixed.collect(),
        from: typed.from,
        reason: typed.reason,
        kept,
        errors,
        bureau: history.bureau.name,
    })
}
