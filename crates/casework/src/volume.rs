//! 案卷的电子副本 (catalogue 9.1): contents list, papers, evidence, and the events with their hashes, in one archive.

use std::fmt::Write as _;

use documents::volume::{Entry, zip};
use store::Tx;
use store::paper::PaperRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::issuing::sheet;
use crate::{archive, letters, record};

/// Everything in the file of a case. That it was taken out is kept in the record of looks.
pub fn export(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<Vec<u8>, ActError> {
    let case = record::readable(tx, scene, number)?;
    let papers = store::paper::of_case(tx, case.id)?;
    let contents = archive::contents(&papers);
    let mut entries = Vec::new();
    let mut list = ["顺序号", "题名", "文号", "文件"].join(",") + "\n";
    for line in &contents {
        let Some(paper) = papers.iter().find(|paper| paper.id == line.paper_id) else { continue };
        let Some((extension, bytes)) = bytes_of(tx, scene, case.id, paper)? else { continue };
        let name = format!("{:02} {}{extension}", line.place, line.title);
        let _ = writeln!(list, "{},{},{},{name}", line.place, cell(&line.title), cell(&line.number));
        entries.push(Entry { name, bytes });
    }
    entries.insert(0, Entry { name: "00 卷内目录.csv".to_owned(), bytes: format!("\u{feff}{list}").into_bytes() });
    let events: Vec<_> = store::event::of_case(tx, case.id)?
        .into_iter()
        .map(|event| {
            serde_json::json!({
                "number": event.number, "at": event.at, "at_microsecond": event.at.as_microsecond(), "actor": format!("{}:{}", event.actor_kind, event.actor_id.unwrap_or_default()),
                "basis": event.basis, "data": event.data, "hash": event.hash,
            })
        })
        .collect();
    let events = serde_json::json!({ "case": case.number, "events": events }).to_string();
    entries.push(Entry { name: "99 办理过程.json".to_owned(), bytes: events.into_bytes() });
    zip(&entries).map_err(|error| ActError::File(error.to_string()))
}

fn bytes_of(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case_id: i64,
    paper: &PaperRow,
) -> Result<Option<(String, Vec<u8>)>, ActError> {
    let Some(attachment) = paper.attachment_id else {
        return Ok(letters::read(paper).map(|kept| (".html".to_owned(), sheet(&kept).html().into_bytes())));
    };
    let Some(file) = store::attachment::find(tx, case_id, attachment)? else { return Ok(None) };
    let bytes = store::files::read(&scene.house.settings.data, &file.sha256);
    // The evidence's own title carries its extension.
    bytes.map(|bytes| Some((String::new(), bytes))).map_err(|error| ActError::File(error.to_string()))
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
