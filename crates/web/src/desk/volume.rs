//! 案卷: the contents list, what is still missing, and the whole file as one archive.

use axum::extract::{Path, State};
use axum::response::Response;
use casework::archive::{self, ContentsLine};
use casework::{ActError, reading};
use domain::audit::AuditKind;
use domain::clock::beijing_day;
use store::volume::VolumeRow;

use super::export;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{DeskPage, Section};
use crate::{frame, render, view};

/// `GET /desk/cases/{number}/volume`
#[derive(askama::Template)]
#[template(path = "desk/volume.html")]
struct VolumePage {
    page: DeskPage,
    number: String,
    title: String,
    volume: Option<VolumeRow>,
    lines: Vec<ContentsLine>,
    missing: Vec<String>,
    events: usize,
    head: String,
}

/// `GET /desk/cases/{number}/volume`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let (case, volume, lines, missing, events) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            let lines = archive::contents(&store::paper::of_case(tx, case.id)?);
            let missing = archive::missing(tx, scene, &case)?;
            let events = store::event::of_case(tx, case.id)?.len();
            let volume = store::volume::of_case(tx, case.id)?;
            Ok((case, volume, lines, missing, events))
        })
        .await?;
    Ok(render::page(&VolumePage {
        page: frame::desk(&me.0, Section::Cases),
        number,
        title: case.matter.title.clone(),
        volume,
        lines,
        missing,
        events,
        head: case.event_head,
    }))
}

/// `GET /desk/cases/{number}/volume.zip`: the file as one archive; who took it out is on record.
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    app.act::<_, ActError>(me.actor(), move |tx, scene| {
        let case = casework::record::readable(tx, scene, &asked)?;
        reading::note_look(tx, scene, AuditKind::Export, case.id, "导出案卷")
    })
    .await?;
    // Packed by a reader: the bytes of the evidence must not hold up those who write.
    let asked = number.clone();
    let packed = app.look(me.actor(), move |tx, scene| casework::volume::export(tx, scene, &asked)).await?;
    Ok(export::file(&format!("案卷-{number}-{}.zip", beijing_day(app.now())), "application/zip", packed))
}
