//! 案卷: what lies in it, in which order, what it lacks; a part as one PDF, the whole as a package.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::archive::{self, FileItem, Need};
use casework::{ActError, reading, volume};
use domain::archive::{Part, archive_rules};
use domain::audit::AuditKind;
use domain::clock::beijing_day;
use domain::status::Status;
use serde::Deserialize;
use store::volume::VolumeRow;

use super::export;
use super::forms::Typed;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Notice, Section};
use crate::{frame, redirect, render};

/// `GET /desk/cases/{number}/volume`
#[derive(askama::Template)]
#[template(path = "desk/volume.html")]
struct VolumePage {
    page: DeskPage,
    number: String,
    title: String,
    volume: Option<VolumeRow>,
    /// Its place in the archive, once it is closed.
    item: Option<i64>,
    retention: String,
    parts: Vec<PartShown>,
    needs: Vec<Need>,
    lacking: usize,
    basis: String,
    doubt: bool,
    places: bool,
    hidden: bool,
    events: usize,
    head: String,
}

/// A part with its groups.
struct PartShown {
    part: Part,
    groups: Vec<GroupShown>,
}

/// Papers that lie together.
struct GroupShown {
    name: &'static str,
    lines: Vec<LineShown>,
}

struct LineShown {
    item: FileItem,
    day: String,
    /// The places before and behind it in its part.
    up: Option<u32>,
    down: Option<u32>,
}

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    part: String,
    done: String,
}

/// `GET /desk/cases/{number}/volume`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (wanted, today) = (number.clone(), beijing_day(app.now()));
    let actor = me.actor();
    let mut page = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &wanted)?;
            let (items, needs) = (archive::items(tx, &case)?, archive::needs(tx, scene, &case)?);
            let (sees, places) = (archive::sees_side(&actor, &case), archive::places(&actor, &case));
            let open = case.state.status != Status::Archived;
            let item = store::archive::of_case(tx, case.id)?;
            let order = archive_rules().order_of(case.state.kind);
            let has_side = items.iter().any(|item| item.line.part == Part::Side);
            Ok(VolumePage {
                page: DeskPage::default(),
                title: case.matter.title.clone(),
                volume: store::volume::of_case(tx, case.id)?,
                retention: volume::retention(scene, &case, item.as_ref()),
                item: item.map(|item| item.id),
                parts: parts(items, sees, places && open, today),
                lacking: needs.iter().filter(|need| !need.there).count(),
                needs,
                basis: order.map(|order| format!("{}{}", order.source, order.article)).unwrap_or_default(),
                doubt: order.is_some_and(|order| !order.confirmed),
                places: places && open,
                hidden: has_side && !sees,
                events: store::event::of_case(tx, case.id)?.len(),
                head: case.event_head,
                number: wanted.clone(),
            })
        })
        .await?;
    page.page = frame::desk(&me.0, Section::Cases);
    page.page.notice = (asked.done == "placed").then(|| Notice::done("次序已调整"));
    Ok(render::page(&page))
}

fn parts(items: Vec<FileItem>, sees: bool, places: bool, today: jiff::civil::Date) -> Vec<PartShown> {
    let mut parts: Vec<PartShown> = Vec::new();
    for part in Part::ALL.iter().filter(|part| sees || **part == Part::Main) {
        let of_part: Vec<FileItem> = items.iter().filter(|item| item.line.part == *part).cloned().collect();
        let last = of_part.len() as u32;
        let mut groups: Vec<GroupShown> = Vec::new();
        for item in of_part {
            let place = item.line.place;
            let shown = LineShown {
                day: item.line.day.map(|day| view::dates::short_day(day, today)).unwrap_or_default(),
                up: (places && place > 1).then(|| place - 1),
                down: (places && place < last).then(|| place + 1),
                item,
            };
            match groups.last_mut().filter(|group| group.name == shown.item.group) {
                Some(group) => group.lines.push(shown),
                None => groups.push(GroupShown { name: shown.item.group, lines: vec![shown] }),
            }
        }
        if !groups.is_empty() {
            parts.push(PartShown { part: *part, groups });
        }
    }
    parts
}

/// `POST /desk/cases/{number}/volume`: lays a paper at another place of its part.
pub(super) async fn place(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (asked, typed) = (number.clone(), Typed(typed));
    let (paper, to) = (typed.id("paper"), usize::try_from(typed.id("to")).unwrap_or_default());
    app.act(me.actor(), move |tx, scene| archive::place(tx, scene, &asked, paper, to)).await?;
    Ok(redirect::to(&format!("/desk/cases/{number}/volume?done=placed#paper-{paper}")))
}

/// `GET /desk/cases/{number}/volume.pdf`: a part with cover, contents list, its papers stamped, and 备考表; on record.
pub(super) async fn pdf(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let part = Part::from_key(&asked.part).unwrap_or(Part::Main);
    noted(&app, &me, &number, &format!("导出{} PDF", part.label())).await?;
    let wanted = number.clone();
    let bound = app.look(me.actor(), move |tx, scene| volume::part(tx, scene, &wanted, part)).await?;
    let name = format!("{}-{number}-{}.pdf", part.label(), beijing_day(app.now()));
    Ok(export::file(&name, "application/pdf", bound.pdf))
}

/// `GET /desk/cases/{number}/volume.zip`: the file as a package of its own; who took it out is on record.
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    noted(&app, &me, &number, "导出案卷").await?;
    // Packed by a reader: the bytes of the evidence must not hold up those who write.
    let asked = number.clone();
    let packed = app.look(me.actor(), move |tx, scene| volume::export(tx, scene, &asked)).await?;
    Ok(export::file(&format!("案卷-{number}-{}.zip", beijing_day(app.now())), "application/zip", packed))
}

async fn noted(app: &App, me: &SignedIn, number: &str, what: &str) -> Result<(), PageError> {
    let (number, what) = (number.to_owned(), what.to_owned());
    let noted = app.act::<_, ActError>(me.actor(), move |tx, scene| {
        let case = casework::record::readable(tx, scene, &number)?;
        reading::note_look(tx, scene, AuditKind::Export, case.id, &what)
    });
    Ok(noted.await?)
}
