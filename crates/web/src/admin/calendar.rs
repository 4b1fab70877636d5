//! 节假日: which years are known, and the import of a year's notice after a preview of what moves.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::calendar::{self, Moved};
use casework::{ActError, staff};
use domain::calendar::{Calendar, DayKind};
use domain::year_notice::YearNotice;
use jiff::civil::Date;
use store::StoreError;

use super::upload;
use crate::app::App;
use crate::error::PageError;
use crate::render;
use crate::session::Administrator;
use crate::view::{self, DeskPage, Errors, Notice};

const HERE: &str = "/admin/calendar";
/// Rows of moved dates that a page shows.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "admin/calendar.html")]
struct CalendarPage {
    page: DeskPage,
    years: Vec<YearLine>,
    missing: Option<i16>,
    may_import: bool,
    example: &'static str,
    preview: Option<Preview>,
    errors: Errors,
}

struct YearLine {
    year: i16,
    off: usize,
    work: usize,
    source: String,
    builtin: bool,
}

/// What a notice would do, or did.
struct Preview {
    year: i16,
    off: usize,
    work: usize,
    text: String,
    moved: Vec<Moved>,
    confirmed: usize,
    more: usize,
    done: bool,
}

impl Preview {
    fn new(notice: &YearNotice, text: String, moved: Vec<Moved>, done: bool) -> Preview {
        let (mut changed, confirmed): (Vec<_>, Vec<_>) = moved.into_iter().partition(|moved| moved.from != moved.to);
        let more = changed.len().saturating_sub(SHOWN);
        changed.truncate(SHOWN);
        let (off, work) = (notice.off.len(), notice.work.len());
        Preview { year: notice.year, off, work, text, moved: changed, confirmed: confirmed.len(), more, done }
    }

    fn title(&self) -> String {
        let state = if self.done { "已导入" } else { "导入后（现在还没有改动）" };
        format!("{} 年{state}", self.year)
    }
}

pub(super) async fn show(State(app): State<App>, administrator: Administrator) -> Result<Response, PageError> {
    Ok(render::page(&load(&app, &administrator).await?))
}

pub(super) async fn import(
    State(app): State<App>,
    administrator: Administrator,
    form: Multipart,
) -> Result<Response, PageError> {
    app.look(administrator.actor(), staff::require_installation).await?;
    let upload = upload::read(form).await?;
    let read = match upload.fault() {
        Some(fault) => Err(fault.to_owned()),
        None => YearNotice::parse(&upload.text).map_err(|error| error.to_string()),
    };
    let notice = match read {
        Ok(notice) => notice,
        Err(fault) => {
            let mut page = load(&app, &administrator).await?;
            page.errors.push("file", fault);
            return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let moved = if upload.apply {
        apply(&app, &administrator, upload.text.clone()).await?
    } else {
        let notice = notice.clone();
        app.look(administrator.actor(), move |tx, scene| calendar::preview(tx, scene, &notice)).await?
    };
    let mut page = load(&app, &administrator).await?;
    if upload.apply {
        page.page.notice = Some(Notice::done(format!("{} 年的节假日安排已导入", notice.year)));
    }
    page.preview = Some(Preview::new(&notice, upload.text, moved, upload.apply));
    Ok(render::page(&page))
}

/// Counting many dates again takes a while: off the threads that answer.
async fn apply(app: &App, administrator: &Administrator, text: String) -> Result<Vec<Moved>, PageError> {
    let (db, house, actor, now) = (app.db().clone(), app.house().clone(), administrator.actor(), app.now());
    let import = tokio::task::spawn_blocking(move || calendar::import(&db, &house, &actor, &text, now));
    let done = import.await.map_err(|error| StoreError::Panicked { message: error.to_string() })?;
    Ok(done?)
}

async fn load(app: &App, administrator: &Administrator) -> Result<CalendarPage, PageError> {
    let look = |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        staff::administers_installation(tx, scene)
    };
    let may_import = app.look(administrator.actor(), look).await?;
    let (calendar, builtin) = (app.house().calendar(), Calendar::builtin());
    let mut years: Vec<_> =
        calendar.announced_years().into_iter().map(|year| line(&calendar, &builtin, year)).collect();
    years.reverse();
    let this_year = domain::beijing::beijing_day(app.now()).year();
    Ok(CalendarPage {
        page: super::page(&administrator.0, HERE),
        missing: [this_year, this_year + 1].into_iter().find(|year| calendar.notice(*year).is_none()),
        years,
        may_import,
        example: YearNotice::EXAMPLE,
        preview: None,
        errors: Errors::none(),
    })
}

fn line(calendar: &Calendar, builtin: &Calendar, year: i16) -> YearLine {
    let first = Date::constant(year, 1, 1);
    let days = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
    let (mut off, mut work) = (0, 0);
    for day in days {
        match calendar.day_kind(day) {
            DayKind::Holiday(_) => off += 1,
            DayKind::MakeUpWorkday(_) => work += 1,
            DayKind::Workday | DayKind::Weekend => {}
        }
    }
    let notice = calendar.notice(year);
    let source = notice.map(|notice| notice.source.clone()).unwrap_or_default();
    YearLine { year, off, work, source, builtin: builtin.notice(year) == notice }
}
