//! 机构名录 as a CSV table: out, and in again after a preview of what would change.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::organization_import::{self as table, COLUMNS, Line, Plan};

use super::upload;
use crate::app::App;
use crate::error::PageError;
use crate::render;
use crate::session::Administrator;
use crate::view::{self, DeskPage, Errors, Notice};

const HERE: &str = "/admin/organizations";
/// Rows a preview shows; the rest is counted.
const SHOWN: usize = 200;

pub(super) async fn export(State(app): State<App>, administrator: Administrator) -> Result<Response, PageError> {
    let lines = app.look(administrator.actor(), table::export).await?;
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    let record = |line: &Line| {
        [
            line.id.clone(),
            line.kind.clone(),
            line.region_code.clone(),
            line.parent_id.clone(),
            line.name.clone(),
            line.short_name.clone(),
            line.phone.clone(),
            line.address.clone(),
            line.overlay.clone(),
            line.state.clone(),
        ]
    };
    // Writing to memory does not fail.
    drop(writer.write_record(COLUMNS));
    for line in &lines {
        drop(writer.write_record(record(line)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"organizations.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "admin/organization_import.html")]
struct ImportPage {
    page: DeskPage,
    columns: String,
    plan: Option<Plan>,
    more: usize,
    text: String,
    errors: Errors,
}

impl ImportPage {
    fn new(administrator: &Administrator) -> ImportPage {
        ImportPage {
            page: super::page(&administrator.0, HERE),
            columns: COLUMNS.join("、"),
            plan: None,
            more: 0,
            text: String::new(),
            errors: Errors::none(),
        }
    }
}

pub(super) async fn ask(administrator: Administrator) -> Response {
    render::page(&ImportPage::new(&administrator))
}

pub(super) async fn import(
    State(app): State<App>,
    administrator: Administrator,
    form: Multipart,
) -> Result<Response, PageError> {
    let upload = upload::read(form).await?;
    let mut page = ImportPage::new(&administrator);
    let lines = match upload.fault().map_or_else(|| parse(&upload.text), |fault| Err(fault.to_owned())) {
        Ok(lines) => lines,
        Err(fault) => {
            page.errors.push("file", fault);
            return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    if upload.apply {
        let done = app.act(administrator.actor(), move |tx, scene| table::apply(tx, scene, &lines)).await?;
        page.page.notice = Some(Notice::done(format!("已导入，{done} 个机构有变动")).link("查看机构", HERE));
        return Ok(render::page(&page));
    }
    let mut plan = app.look(administrator.actor(), move |tx, scene| table::plan(tx, scene, &lines)).await?;
    page.more = plan.steps.len().saturating_sub(SHOWN);
    plan.steps.truncate(SHOWN);
    page.plan = Some(plan);
    page.text = upload.text;
    Ok(render::page(&page))
}

/// The lines of a table, or what is wrong with it as a whole.
fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| "文件不是 CSV 表格，请先导出一份照着改".to_owned())?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let missing: Vec<_> = COLUMNS.into_iter().filter(|name| place(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(format!("第一行缺少这些列：{}。请先导出一份照着改", missing.join("、")));
    }
    let places = COLUMNS.map(|name| place(name).unwrap_or_default());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("第 {line} 行读不出来，请检查引号是否成对")
        })?;
        let cell = |column: usize| record.get(places[column]).unwrap_or_default().trim().to_owned();
        let number = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or_default());
        lines.push(Line {
            number,
            id: cell(0),
            kind: cell(1),
            region_code: cell(2),
            parent_id: cell(3),
            name: cell(4),
            short_name: cell(5),
            phone: cell(6),
            address: cell(7),
            overlay: cell(8),
            state: cell(9),
        });
    }
    if lines.is_empty() { Err("表格里没有内容".to_owned()) } else { Ok(lines) }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, parse};

    fn table(rows: &[[&str; 10]]) -> String {
        let lines = rows.iter().map(|row| row.join(","));
        [COLUMNS.join(",")].into_iter().chain(lines).fold(String::new(), |text, line| text + &line + "\n")
    }

    #[test]
    fn lines_keep_their_number_in_the_file() {
        let text = table(&[
            ["7", "所", "410103001", "3", "淮河路所", "淮河路", "", "\"淮河路 1 号\n二楼\"", "", "启用"],
            ["", "所", "", "3", "新所", "新", "", "", "", ""],
        ]);
        let lines = parse(&text).expect("a table");
        let first = &lines[0];
        assert_eq!((first.number, first.id.as_str(), first.address.as_str()), (2, "7", "淮河路 1 号\n二楼"));
        assert_eq!((lines[1].number, lines[1].name.as_str()), (4, "新所"));
    }

    #[test]
    fn a_table_that_is_not_one_is_refused_in_words() {
        assert!(parse("编号\n1\n").expect_err("columns are missing").contains("全称"));
        assert!(parse(&table(&[])).is_err());
    }
}
