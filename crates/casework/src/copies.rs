//! 遮挡副本: a copy for somebody outside, with what does not concern her covered. The program proposes what to cover in a text; an
//! officer draws boxes on a picture. The copy's bytes are new and hold nothing of what is covered; the original stays as it is.

use std::collections::BTreeMap;

use documents::picture::{self, Area};
use domain::act::Act;
use domain::custody::Custody;
use domain::masking::{self, AREA, Known, Span};
use sha2::{Digest, Sha256};
use store::Tx;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::derived_copy::CopyRow;

use crate::error::ActError;
use crate::evidence;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{custody, letters, record};

/// Characters that a typed text may have.
pub const TEXT_AT_MOST: usize = 20_000;
/// Boxes that a picture may have.
pub const AREAS_AT_MOST: usize = 200;
const RECIPIENT_AT_MOST: usize = 60;

/// What a copy is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// 来件内容: what was told when the case came in.
    Facts,
    /// A paper of the case.
    Paper(i64),
    /// A file of evidence.
    File(i64),
}

impl Source {
    /// The key in storage and addresses.
    pub fn key(self) -> String {
        match self {
            Source::Facts => "facts".to_owned(),
            Source::Paper(id) => format!("paper-{id}"),
            Source::File(id) => format!("file-{id}"),
        }
    }

    /// The source with this key.
    pub fn from_key(key: &str) -> Option<Source> {
        match key.split_once('-') {
            None if key == "facts" => Some(Source::Facts),
            Some(("paper", id)) => id.parse().ok().map(Source::Paper),
            Some(("file", id)) => id.parse().ok().map(Source::File),
            _ => None,
        }
    }
}

/// The original of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Which.
    pub source: Source,
    /// What it is called.
    pub title: String,
    /// Its hash.
    pub sha256: String,
    /// What it holds.
    pub content: Content,
    /// The names of the people in the case.
    pub names: Vec<String>,
}

/// What an original holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(String),
    /// A picture in which boxes can be drawn.
    Picture(AttachmentRow),
    /// A file that cannot be covered in itself: PDF, sound, film. What of it may be told is written down by hand.
    Other(AttachmentRow),
}

/// The original with this key; `NotFound` when there is none that she may see.
pub fn original(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, source: Source) -> Result<Original, ActError> {
    let case = record::readable(tx, scene, number)?;
    let (title, sha256, content) = match source {
        Source::Facts => {
            let text = told(&case);
            ("来件内容".to_owned(), hash(text.as_bytes()), Content::Text(text))
        }
        Source::Paper(id) => {
            let paper = store::paper::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
            let kept = letters::read(&paper).ok_or(ActError::NotFound)?;
            (paper.title.clone(), hash(paper.body.as_bytes()), Content::Text(kept.text()))
        }
        Source::File(id) => {
            let file = store::attachment::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
            let drawn = picture::KINDS.contains(&file.media_type.as_str());
            let content = if drawn { Content::Picture } else { Content::Other };
            (file.name.clone(), file.sha256.clone(), content(file))
        }
    };
    let mut names = Vec::new();
    for party in store::party::of_case(tx, case.id)? {
        // The name of the business is no secret; who speaks for it is a person.
        let own = if party.role == "respondent" { &party.contact_name } else { &party.name };
        names.extend(Some(own.trim().to_owned()).filter(|name| name.chars().count() > 1));
    }
    Ok(Original { source, title, sha256, content, names })
}

fn told(case: &CaseRow) -> String {
    let matter = &case.matter;
    let demand =
        if matter.demand_text.is_empty() { String::new() } else { format!("\n\n要求\n{}", matter.demand_text) };
    format!("{}\n\n{}{demand}\n", matter.title, matter.facts)
}

/// What an officer wants covered in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The text she wrote down, where the original is no text.
    pub typed: String,
    /// Words she adds, one a line.
    pub words: String,
    /// Kinds that are looked for only when asked.
    pub asked: Vec<String>,
    /// Proposals that she leaves legible, by [`Span::key`].
    pub spared: Vec<String>,
    /// Nothing of what is covered stays legible.
    pub whole: bool,
}

/// A text with what is proposed to be covered, and what of that stays legible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// The proposals in their order; true where it is covered.
    pub spans: Vec<(Span, bool)>,
    /// The copy's text.
    pub covered: String,
}

/// Proposes what to cover in a text, and covers what she does not leave out.
pub fn mark(original: &Original, wish: &Wish) -> Marked {
    let text = match &original.content {
        Content::Text(text) => text.clone(),
        Content::Picture(_) | Content::Other(_) => wish.typed.replace("\r\n", "\n"),
    };
    let words = wish.words.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let known = Known { names: original.names.clone(), words, asked: wish.asked.clone() };
    let spans = masking::propose(&text, &known);
    let spans: Vec<(Span, bool)> =
        spans.into_iter().map(|span| (span.clone(), !wish.spared.contains(&span.key()))).collect();
    let kept: Vec<Span> = spans.iter().filter(|(_, covers)| *covers).map(|(span, _)| span.clone()).collect();
    Marked { covered: masking::cover(&text, &kept, wish.whole), spans, text }
}

/// A copy whose bytes are made and kept, and that is not yet in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    covered: BTreeMap<String, u32>,
}

impl Made {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What they are.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }
}

/// The copy of a text.
pub fn text_copy(original: &Original, marked: &Marked) -> Result<Made, ActError> {
    let too_long = marked.text.chars().count() > TEXT_AT_MOST;
    Faults::default()
        .needed("typed", &marked.text, "请把要给出去的内容写下来")
        .when(too_long, "typed", "typed.too_long", "内容太长，请分成几份")
        .done()?;
    let kept: Vec<Span> = marked.spans.iter().filter(|(_, covers)| *covers).map(|(span, _)| span.clone()).collect();
    // The mark by which office programs know UTF-8, and line ends that all of them break at.
    let bytes = format!("\u{feff}{}", marked.covered).replace('\n', "\r\n").into_bytes();
    let covered = masking::counts(&kept);
    Ok(Made { name: copy_name(original, "txt"), media_type: "text/plain; charset=utf-8", bytes, covered })
}

/// The copy of a picture. It decodes and encodes: never on a thread that answers.
pub fn picture_copy(original: &Original, bytes: &[u8], areas: &[Area]) -> Result<Made, ActError> {
    if areas.len() > AREAS_AT_MOST {
        return Err(ActError::field("areas", "areas.too_many", "方框太多，请合并相邻的方框"));
    }
    let copy = picture::copy(bytes, areas)
        .map_err(|error| ActError::field("areas", "picture.unreadable", error.to_string()))?;
    let ending = evidence::kind_of(copy.media_type).map_or("", |kind| kind.ending);
    let covered = [(AREA.to_owned(), areas.len() as u32)].into_iter().filter(|(_, count)| *count > 0).collect();
    Ok(Made { name: copy_name(original, ending), media_type: copy.media_type, bytes: copy.bytes, covered })
}

/// Boxes as people write them: one a line, `left, top, width, height` in pixels of the upright picture.
pub fn areas(text: &str) -> Result<Vec<Area>, ActError> {
    let area = |line: &str| {
        let numbers: Option<Vec<u32>> = line
            .split([',', '，', ' ', '\t', '、'])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok())
            .collect();
        match numbers?[..] {
            [x, y, width, height] if width > 0 && height > 0 => Some(Area { x, y, width, height }),
            _ => None,
        }
    };
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let read = |(number, line): (usize, &str)| {
        let wrong = || {
            let words = format!("第 {} 行读不懂。每行写四个数：左、上、宽、高，例如 120, 40, 300, 60", number + 1);
            ActError::field("areas", "areas.invalid", words)
        };
        area(line).ok_or_else(wrong)
    };
    lines.map(read).collect()
}

/// Keeps the bytes in the data folder. It blocks: never on a thread that answers, and before the record that names them.
pub fn put(scene_data: &std::path::Path, made: &Made) -> Result<(), ActError> {
    store::files::put(scene_data, &made.bytes).map(drop).map_err(|error| ActError::File(error.to_string()))
}

/// For whom and what a copy is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// Key in the masking rules.
    pub purpose: String,
    /// Who gets it.
    pub recipient: String,
}

/// Puts a copy on record: an act on the case, and a line in the custody record of its original.
pub fn record(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    original: &Original,
    made: &Made,
    purpose: &Purpose,
) -> Result<CaseRow, ActError> {
    let recipient = purpose.recipient.trim();
    let known = masking::rules().purpose(&purpose.purpose).is_some();
    let too_long = recipient.chars().count() > RECIPIENT_AT_MOST;
    Faults::default()
        .when(!known, "purpose", "purpose.missing", "请选择副本做什么用")
        .needed("recipient", recipient, "请写副本给谁")
        .when(too_long, "recipient", "recipient.too_long", "请控制在 60 个字以内")
        .done()?;
    let act = Act::MakeCopy {
        source: original.source.key(),
        sha256: hash(&made.bytes),
        purpose: purpose.purpose.clone(),
        covered: made.covered.clone(),
    };
    let unchanged = |tx: &mut Tx<'_>, case: &CaseRow| {
        let now = self::original(tx, scene, &case.number, original.source)?;
        if now.sha256 == original.sha256 {
            Ok(())
        } else {
            Err(ActError::Conflict { since: "原件有变动".to_owned() })
        }
    };
    record::act(tx, scene, number, seen, &act, unchanged, |tx, case| {
        let row = CopyRow {
            id: 0,
            source: original.source.key(),
            source_title: original.title.clone(),
            source_sha256: original.sha256.clone(),
            name: made.name.clone(),
            media_type: made.media_type.to_owned(),
            size: made.bytes.len() as i64,
            sha256: hash(&made.bytes),
            purpose: purpose.purpose.clone(),
            recipient: recipient.to_owned(),
            covered: serde_json::to_string(&made.covered).expect("counts are plain data"),
            made_by: scene.actor.id(),
            made_by_name: None,
            made_at: scene.now,
        };
        let id = store::derived_copy::insert(tx, case.id, &row)?;
        match original.source {
            Source::File(file) => custody::note(tx, scene, file, Custody::Copied, &format!("副本 {id}，给{recipient}")),
            Source::Facts | Source::Paper(_) => Ok(()),
        }
    })
}

/// A copy of a case she may read, its looking kept nowhere: it was made to be given away.
pub fn find(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, id: i64) -> Result<CopyRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    store::derived_copy::find(tx, case.id, id)?.ok_or(ActError::NotFound)
}

/// The originals of a case of which copies can be made, and the copies there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The case.
    pub case: CaseRow,
    /// Source and title of each, evidence first.
    pub originals: Vec<(Source, String)>,
    /// Oldest first.
    pub copies: Vec<CopyRow>,
}

/// Everything of a case that can be copied, and every copy.
pub fn shelf(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<Shelf, ActError> {
    let case = record::readable(tx, scene, number)?;
    let files = store::attachment::of_case(tx, case.id)?.into_iter().map(|file| (Source::File(file.id), file.name));
    let papers = store::paper::of_case(tx, case.id)?.into_iter().filter(|paper| paper.attachment_id.is_none());
    let papers = papers.map(|paper| (Source::Paper(paper.id), paper.title));
    let originals = files.chain([(Source::Facts, "来件内容".to_owned())]).chain(papers).collect();
    let copies = store::derived_copy::of_case(tx, case.id)?;
    Ok(Shelf { case, originals, copies })
}

/// What may go to the respondent with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// `copy-3` or `file-12`.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The original itself, which counts as showing personal data.
    pub personal: bool,
}

/// Of each file its newest copy, or the file itself where there is none.
pub fn offered(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Offered>, ActError> {
    let copies = store::derived_copy::of_case(tx, case.id)?;
    let record = store::custody::of_case(tx, case.id)?;
    let files = store::attachment::of_case(tx, case.id)?;
    let offer = |file: AttachmentRow| {
        let source = Source::File(file.id).key();
        match copies.iter().rev().find(|copy| copy.source == source) {
            Some(copy) => Offered { key: format!("copy-{}", copy.id), name: file.name, personal: false },
            None => Offered { key: source, name: file.name, personal: custody::is_personal(&record, file.id) },
        }
    };
    Ok(files.into_iter().map(offer).collect())
}

/// What goes to the respondent with a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosed {
    /// Keys of what is [`offered`].
    pub what: Vec<String>,
    /// Originals that show personal data go as they are: somebody looked and said so.
    pub as_is: bool,
}

impl Enclosed {
    /// Refuses what is not offered, and an original with personal data that nobody vouched for.
    pub(crate) fn check(&self, tx: &mut Tx<'_>, case: &CaseRow) -> Result<(), ActError> {
        if self.what.is_empty() {
            return Ok(());
        }
        let offered = offered(tx, case)?;
        let found: Vec<Option<&Offered>> =
            self.what.iter().map(|key| offered.iter().find(|it| it.key == *key)).collect();
        let unknown = found.iter().any(Option::is_none);
        let leaks = !self.as_is && found.iter().flatten().any(|it| it.personal);
        Faults::default()
            .when(unknown, "enclosed", "enclosed.unknown", "所选材料刚刚有了新的副本，请重新选择")
            .when(
                leaks,
                "enclosed",
                "enclosed.personal",
                "所选原件可能有个人信息。请先做遮挡副本，或者核对后勾选“照样附上”",
            )
            .done()
    }

    /// Puts in the custody record of each original that it, or its copy, went out.
    pub(crate) fn note(&self, tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<(), ActError> {
        for key in &self.what {
            let copy = key.strip_prefix("copy-").and_then(|id| id.parse().ok());
            let (source, what, words) = match copy {
                Some(id) => {
                    let copy = store::derived_copy::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
                    (copy.source, Custody::CopySent, format!("副本 {id}"))
                }
                None => (key.clone(), Custody::Sent, String::new()),
            };
            if let Some(Source::File(file)) = Source::from_key(&source) {
                custody::note(tx, scene, file, what, &words)?;
            }
        }
        Ok(())
    }
}

/// A file's own name may say whose it is: the copy does not carry it on.
fn copy_name(original: &Original, ending: &str) -> String {
    let stem = if let Source::File(_) = original.source { "证据材料" } else { original.title.as_str() };
    format!("{stem}（遮挡副本）.{ending}")
}

fn hash(bytes: &[u8]) -> String {
    domain::chain::hex(&Sha256::digest(bytes))
}
