//! 公示栏: the sheets of the public hall, to be read, or printed in large type and hung up (catalogue 3.13).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::board::{self, Adds, BlankForm, Sheet, sheets};
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::organization::OrganizationKind;
use store::StoreError;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::desk::{Format, blank_forms};
use crate::error::PageError;
use crate::render;
use crate::view::{self, CitizenPage};

#[derive(Template)]
#[template(path = "citizen/board.html")]
struct BoardPage {
    page: CitizenPage,
    sheets: &'static [Sheet],
    forms: Vec<Blank>,
}

/// A blank form to take along.
struct Blank {
    key: &'static str,
    title: String,
    says: &'static str,
}

/// `GET /board`
pub(super) async fn board(State(app): State<App>, visit: Visit) -> Response {
    let blank = |it: &'static BlankForm| {
        let form = app.house().forms().find(&it.key, None)?;
        Some(Blank { key: &it.key, title: form.title.clone(), says: &it.says })
    };
    let forms = board::forms().iter().filter_map(blank).collect();
    render::public_page(&BoardPage { page: visit.page, sheets: sheets(), forms })
}

/// `GET /board/forms/{key}/{format}`: a blank form that lies in the hall, as PDF or Word.
pub(super) async fn form(
    State(app): State<App>,
    Path((key, format)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let lies_there = board::forms().iter().any(|it| it.key == key);
    let form = app.house().forms().find(&key, None).filter(|_| lies_there && Format::from_name(&format).is_some());
    blank_forms::blank(&app, form.ok_or_else(PageError::not_found)?, &format).await
}

#[derive(Template)]
#[template(path = "citizen/sheet.html")]
struct SheetPage {
    bureau: String,
    phone: String,
    sheet: &'static Sheet,
    lines: Vec<String>,
    part: Part,
    day: String,
}

/// What follows the sheet's own lines.
#[derive(Default)]
struct Part {
    heading: &'static str,
    /// Numbered sentences.
    sentences: Vec<String>,
    table: Table,
    /// A heading, a text, its article.
    texts: Vec<[String; 3]>,
}

/// Three columns; one in which nothing stands is left out.
#[derive(Default)]
struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(columns: [&'static str; 3], rows: impl Iterator<Item = [String; 3]>) -> Table {
        let rows: Vec<[String; 3]> = rows.collect();
        let kept: Vec<usize> = (0..3).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
        let row = |row: &[String; 3]| kept.iter().map(|at| row[*at].clone()).collect();
        Table { columns: kept.iter().map(|at| columns[*at]).collect(), rows: rows.iter().map(row).collect() }
    }
}

/// `GET /board/{key}`
pub(super) async fn sheet(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let sheet = sheets().iter().find(|sheet| sheet.key == key).ok_or_else(PageError::not_found)?;
    let (house, today) = (app.house(), beijing_day(app.now()));
    let rules =
        |kind| house.book.national(kind, today).map_err(|error| PageError::from(casework::ActError::Rules(error)));
    let (set, of_reports) = (rules(CaseKind::Complaint)?, rules(CaseKind::Report)?);
    let length = |key: &str| {
        let limit = set.limit(key).or_else(|| of_reports.limit(key))?;
        Some(format!("{} {}", limit.length, limit.unit.label()))
    };
    let lines = sheet.filled(length);
    let part = match sheet.adds {
        Some(Adds::Grounds) => Part {
            heading: "有下列情形的不予受理",
            sentences: set.refusal_grounds.iter().map(|ground| ground.wording.clone()).collect(),
            ..Part::default()
        },
        Some(Adds::Limits) => {
            let limits = set.limits.iter().filter(|it| it.kind == CaseKind::Complaint && it.condition.is_none());
            let row = |it: &domain::rule_set::Limit| {
                [it.name.clone(), format!("{} {}", it.length, it.unit.label()), format!("《{}》{}", it.law, it.article)]
            };
            Part {
                heading: "法定期限",
                table: Table::new(["办什么", "期限", "依据"], limits.map(row)),
                ..Part::default()
            }
        }
        Some(Adds::Materials) => {
            let wanted = domain::materials::wanted_by(&set.key);
            let row = |it: &domain::materials::Material| {
                [it.label.clone(), it.ask.clone(), it.article(&set.key).unwrap_or_default().to_owned()]
            };
            Part { table: Table::new(["材料", "要求", "条文"], wanted.map(row)), ..Part::default() }
        }
        Some(Adds::Offices) => {
            let offices = offices(&app).await?.into_iter();
            Part { table: Table::new(["单位", "地址", "电话"], offices), ..Part::default() }
        }
        Some(Adds::Knowledge) => {
            let of = |it: &domain::phrases::AnswerPhrase| [it.title.clone(), it.text.clone(), it.cited.clone()];
            Part { texts: domain::phrases::answers().iter().map(of).collect(), ..Part::default() }
        }
        None => Part::default(),
    };
    Ok(render::public_page(&SheetPage {
        bureau: visit.page.bureau,
        phone: visit.page.phone,
        sheet,
        lines,
        part,
        day: view::dates::long_day(today),
    }))
}

/// Name, address and telephone of each bureau and office; those of a whole province are no sheet, so the list ends.
async fn offices(app: &App) -> Result<Vec<[String; 3]>, PageError> {
    const AT_MOST: usize = 200;
    let found = app
        .read(|tx| {
            let mut found = Vec::new();
            for (kind, level) in [(OrganizationKind::Bureau, "county"), (OrganizationKind::Office, "township")] {
                found.extend(store::organization::at_level(tx, kind, level)?);
            }
            found.sort_by(|one, other| one.path.cmp(&other.path));
            found.truncate(AT_MOST);
            Ok::<_, StoreError>(found)
        })
        .await?;
    // Whoever has no telephone of its own is reached through the centre.
    let phone = |own: String| if own.is_empty() { "12315".to_owned() } else { own };
    Ok(found.into_iter().map(|it| [it.name, it.address, phone(it.phone)]).collect())
}
