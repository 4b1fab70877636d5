//! 案卷: the contents list, what is still missing, and the whole file as one archive: letters, evidence, events with their hashes.

use std::io::{Cursor, Write};

use axum::extract::{Path, State};
use axum::response::Response;
use casework::archive::{self, ContentsLine};
use casework::{ActError, House, letters, reading};
use domain::clock::beijing_day;
use sha2::{Digest, Sha256};
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::event::EventRow;
use store::paper::PaperRow;
use store::volume::VolumeRow;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{export, paper};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use crate::view::{DeskPage, ErrorPage, Section};
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

/// What goes into the archive.
struct Whole {
    case: CaseRow,
    papers: Vec<PaperRow>,
    attachments: Vec<AttachmentRow>,
    events: Vec<EventRow>,
    volume: Option<VolumeRow>,
}

/// `GET /desk/cases/{number}/volume.zip`: the file as one archive; who took it out is on record.
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let whole = app
        .act::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            reading::note_look(tx, scene, case.id, "导出案卷")?;
            Ok(Whole {
                papers: store::paper::of_case(tx, case.id)?,
                attachments: store::attachment::of_case(tx, case.id)?,
                events: store::event::of_case(tx, case.id)?,
                volume: store::volume::of_case(tx, case.id)?,
                case,
            })
        })
        .await?;
    let (house, now) = (app.house().clone(), app.now());
    let packed = tokio::task::spawn_blocking(move || pack(&house, &whole)).await;
    match packed {
        Ok(Ok(bytes)) => Ok(export::file(&format!("案卷-{number}-{}.zip", beijing_day(now)), "application/zip", bytes)),
        Ok(Err(reason)) => {
            tracing::error!(reason, "a file could not be exported");
            let advice = "案卷里有一份材料读不出来，没有导出。请告诉管理员核对数据目录。";
            Err(ErrorPage::new(500, "volume.not_packed", "案卷没有导出", advice).kept("案卷本身没有改动。").into())
        }
        Err(error) => Err(ActError::File(error.to_string()).into()),
    }
}

/// Letters as pages that open anywhere, evidence as it came, the events, and a list with the hash of each.
fn pack(house: &House, whole: &Whole) -> Result<Vec<u8>, String> {
    let mut packed = Packed { writer: ZipWriter::new(Cursor::new(Vec::new())), listed: Vec::new() };
    for line in archive::contents(&whole.papers) {
        let Some(row) = whole.papers.iter().find(|row| row.id == line.paper_id) else { continue };
        let title = safe(&row.title);
        match row.attachment_id.and_then(|id| whole.attachments.iter().find(|file| file.id == id)) {
            Some(file) => {
                let bytes = store::files::read(&house.settings.data, &file.sha256).map_err(|error| error.to_string())?;
                packed.add(&format!("{:03}-{title}", line.place), &bytes)?;
            }
            None => {
                let Some(kept) = letters::read(row) else { continue };
                packed.add(&format!("{:03}-{title}.html", line.place), paper::standalone(&kept, row).as_bytes())?;
            }
        }
    }
    packed.add("events.json", events(whole).as_bytes())?;
    packed.finish(whole)
}

struct Packed {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    listed: Vec<serde_json::Value>,
}

impl Packed {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.write(name, bytes)?;
        let sha256 = domain::chain::hex(&Sha256::digest(bytes));
        self.listed.push(serde_json::json!({ "file": name, "bytes": bytes.len(), "sha256": sha256 }));
        Ok(())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        // The archive is the same for the same file, whenever it is taken out.
        self.writer.start_file(name, SimpleFileOptions::default()).map_err(|error| error.to_string())?;
        self.writer.write_all(bytes).map_err(|error| error.to_string())
    }

    fn finish(mut self, whole: &Whole) -> Result<Vec<u8>, String> {
        let manifest = serde_json::json!({
            "case": whole.case.number,
            "file_number": whole.volume.as_ref().map(|volume| &volume.file_number),
            "retention": whole.volume.as_ref().map(|volume| &volume.retention),
            "event_head": whole.case.event_head,
            "files": self.listed,
        });
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
        self.write("manifest.json", text.as_bytes())?;
        self.writer.finish().map(Cursor::into_inner).map_err(|error| error.to_string())
    }
}

/// Every event with the hash that chains it to the one before.
fn events(whole: &Whole) -> String {
    let one = |event: &EventRow| {
        serde_json::json!({
            "number": event.number,
            "at": event.at.to_string(),
            "act": event.act,
            "actor_kind": event.actor_kind,
            "actor_id": event.actor_id,
            "actor_name": event.actor_name,
            "basis": event.basis,
            "data": serde_json::from_str::<serde_json::Value>(&event.data).unwrap_or_default(),
            "text": event.data,
            "hash": event.hash,
        })
    };
    serde_json::to_string_pretty(&whole.events.iter().map(one).collect::<Vec<_>>()).unwrap_or_default()
}

/// A name that is a name on every system.
fn safe(name: &str) -> String {
    let odd = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
    let clean: String = name.chars().map(|letter| if odd(letter) { '_' } else { letter }).take(80).collect();
    clean.trim_matches(['.', ' ']).to_owned()
}
