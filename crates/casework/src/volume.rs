//! 整卷: a file as one PDF for each part, with cover, contents list and 备考表, its pages stamped; and everything that goes into a
//! package with it (catalogue 9.1, docs/package.md).

use std::collections::BTreeMap;

use documents::binding::{Binding, Span};
use documents::form::{Value, Values};
use documents::package::{EVENTS, FOLDER};
use documents::paper::Paper;
use documents::sheet::Sheet;
use documents::volume::{Entry, harmless, zip};
use domain::archive::{Part, archive_rules};
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use domain::clock::{beijing_day, beijing_time};
use domain::reporting::Decision;
use jiff::civil::Date;
use serde::Serialize;
use store::Tx;
use store::archive::ItemRow;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::paper::PaperRow;
use store::volume::VolumeRow;

use crate::archive::{self, ContentsLine, FileItem};
use crate::error::ActError;
use crate::house::Scene;
use crate::issuing::sheet;
use crate::letters;
use crate::{holdings, reading, record};

/// A part bound into one PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundPart {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its contents list.
    pub lines: Vec<BoundLine>,
}

/// A line of the contents list with its pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundLine {
    /// What stands in the list.
    #[serde(flatten)]
    pub line: ContentsLine,
    /// 页号 of its first page.
    pub first_page: usize,
    /// How many pages it has.
    pub pages: usize,
    /// Where its original lies in a package.
    pub original: Option<String>,
}

/// A part of the file of a case as a PDF; `NotFound` for a part that she may not see, or in which nothing lies.
pub fn part(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, part: Part) -> Result<BoundPart, ActError> {
    let case = record::readable(tx, scene, number)?;
    if part == Part::Side && !archive::sees_side(scene.actor, &case) {
        return Err(ActError::NotFound);
    }
    let items = archive::items(tx, &case)?;
    bind(tx, scene, &case, part, &items)?.map(|(bound, _)| bound).ok_or(ActError::NotFound)
}

/// Everything of the file of one case: a PDF a part, the originals, the events and what is known of it, by name. Of a part that
/// she may not see there is nothing. Who reported is in none of it: that lies in the vault and is not read here.
pub fn package(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<Vec<Entry>, ActError> {
    let case = record::readable(tx, scene, number)?;
    let items = archive::items(tx, &case)?;
    let mut entries = Vec::new();
    let mut contents = Vec::new();
    for part in Part::ALL {
        if *part == Part::Side && !archive::sees_side(scene.actor, &case) {
            continue;
        }
        if let Some((bound, originals)) = bind(tx, scene, &case, *part, &items)? {
            entries.push(Entry { name: format!("{}.pdf", part.label()), bytes: bound.pdf });
            entries.extend(originals);
            contents.extend(bound.lines);
        }
    }
    entries.push(json(EVENTS, &events(tx, &case)?));
    entries.push(json("案卷.json", &about(tx, scene, &case, &contents)?));
    Ok(entries)
}

/// The package of one file as an archive, to be taken out from a page.
pub fn export(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<Vec<u8>, ActError> {
    let folder = match store::case::by_number(tx, number)? {
        Some(case) => store::volume::of_case(tx, case.id)?.map_or(case.number, |volume| volume.file_number),
        None => return Err(ActError::NotFound),
    };
    let mut entries: Vec<Entry> = package(tx, scene, number)?;
    for entry in &mut entries {
        entry.name = format!("{FOLDER}/{folder}/{}", entry.name);
    }
    entries.push(Entry { name: README.to_owned(), bytes: EXPLAINED.as_bytes().to_vec() });
    let about = PackageInfo { format: FORMAT, made_at: scene.now.to_string(), scope: folder, files: 1 };
    entries.push(json(INFO, &serde_json::to_value(about).unwrap_or_default()));
    zip(&entries).map_err(|error| ActError::File(error.to_string()))
}

/// The page that explains a package.
pub const README: &str = "说明.txt";
/// What is known of a package.
pub const INFO: &str = "package.json";
/// The layout of packages that this program writes.
pub const FORMAT: &str = "xiaobao-package-1";
/// What stands on that page.
pub const EXPLAINED: &str = include_str!("../../../docs/package.txt");

/// What is known of a package as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageInfo {
    /// Its layout.
    pub format: &'static str,
    /// When it was made.
    pub made_at: String,
    /// What it was asked to hold.
    pub scope: String,
    /// How many files it holds.
    pub files: usize,
}

fn json(name: &str, value: &serde_json::Value) -> Entry {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    Entry { name: name.to_owned(), bytes: text.into_bytes() }
}

fn events(tx: &mut Tx<'_>, case: &CaseRow) -> Result<serde_json::Value, ActError> {
    let events = store::event::of_case(tx, case.id)?.into_iter().map(|event| {
        serde_json::json!({
            "number": event.number, "at": event.at, "at_microsecond": event.at.as_microsecond(),
            "actor": format!("{}:{}", event.actor_kind, event.actor_id.unwrap_or_default()),
            "basis": event.basis, "data": event.data, "hash": event.hash,
        })
    });
    Ok(serde_json::json!({ "case": case.number, "events": events.collect::<Vec<_>>() }))
}

fn about(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    contents: &[BoundLine],
) -> Result<serde_json::Value, ActError> {
    let volume = store::volume::of_case(tx, case.id)?;
    let item = store::archive::of_case(tx, case.id)?;
    let keeping = item.as_ref().map(|item| &item.keeping);
    let sealed = store::vault::identity(tx, case.id, "reporter")?.is_some();
    Ok(serde_json::json!({
        "case": case.number,
        "file_number": volume.as_ref().map(|it| &it.file_number),
        "kind": case.state.kind.label(),
        "title": case.matter.title,
        "bureau": reading::organization_name(tx, case.state.bureau)?,
        "class": archive_rules().class_of(case.state.kind).label(),
        "received": beijing_day(case.received_at).to_string(),
        "closed": volume.as_ref().map(|it| beijing_day(it.closed_at).to_string()),
        "retention": retention(scene, case, item.as_ref()),
        "shelf": keeping.map(|it| &it.shelf),
        "custodian": keeping.map(|it| &it.custodian),
        "fonds": keeping.map(|it| &it.fonds),
        "catalogue": keeping.map(|it| &it.catalogue),
        "rule_set": case.rule_set,
        "event_head": case.event_head,
        "reporter_identity": if sealed { "密封在密库中，不随案卷移交" } else { "无" },
        "contents": contents,
    }))
}

/// How long the file is kept, in words.
pub fn retention(scene: Scene<'_>, case: &CaseRow, item: Option<&ItemRow>) -> String {
    holdings::years_words(item.and_then(|item| holdings::years(scene, item, Some(&case.rule_set))))
}

type Bound = (BoundPart, Vec<Entry>);

/// Binds a part; nothing when nothing lies in it.
fn bind(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    part: Part,
    items: &[FileItem],
) -> Result<Option<Bound>, ActError> {
    let items: Vec<&FileItem> = items.iter().filter(|item| item.line.part == part).collect();
    if items.is_empty() {
        return Ok(None);
    }
    let files = store::attachment::of_case(tx, case.id)?;
    let fonts = scene.house.press.fonts(&scene.house.settings.data);
    let mut binding = Binding::new(fonts);
    let (mut lines, mut originals) = (Vec::new(), Vec::new());
    for item in items {
        let file = item.paper.attachment_id.and_then(|id| files.iter().find(|file| file.id == id));
        let original = original(scene, item, file)?;
        let span = bind_item(&mut binding, item, file, original.as_ref());
        lines.push(BoundLine {
            line: item.line.clone(),
            first_page: span.first,
            pages: span.pages,
            original: original.as_ref().map(|it| it.name.clone()),
        });
        originals.extend(original);
    }
    let file = Cover::gather(tx, scene, case, part, &lines, &binding)?;
    let (before, after) = (vec![file.cover()?, file.contents()?], vec![file.remarks()?]);
    let title = format!("{} {}", file.number(), part.label());
    let made = beijing_time(file.volume.as_ref().map_or(case.received_at, |volume| volume.closed_at));
    let pdf = binding.pdf(&title, made, before, after).map_err(|error| ActError::File(error.to_string()))?;
    Ok(Some((BoundPart { pdf, lines }, originals)))
}

fn bind_item(
    binding: &mut Binding<'_>,
    item: &FileItem,
    file: Option<&AttachmentRow>,
    original: Option<&Entry>,
) -> Span {
    let title = &item.line.title;
    let Some(file) = file else {
        let paper = letters::read(&item.paper).map_or_else(|| slip(title, None, original), |kept| sheet(&kept).paper());
        return binding.paper(title, paper);
    };
    let caption = format!("{}\nSHA-256 {}", file.name, file.sha256);
    original
        .filter(|_| file.media_type.starts_with("image/"))
        .and_then(|original| binding.picture(title, &original.bytes, &caption))
        .unwrap_or_else(|| binding.paper(title, slip(title, Some(file), original)))
}

/// The original of an item: the letter as it was frozen, or the bytes of a file; nothing when they were destroyed.
fn original(scene: Scene<'_>, item: &FileItem, file: Option<&AttachmentRow>) -> Result<Option<Entry>, ActError> {
    let PaperRow { body, attachment_id, .. } = &item.paper;
    let named = |name: &str| {
        let letters: Vec<char> = name.chars().map(|letter| if letter == '/' { '_' } else { letter }).collect();
        let short: String = letters[letters.len().saturating_sub(NAME_AT_MOST)..].iter().collect();
        harmless(&format!("原件/{}{:02} {short}", item.line.part.label(), item.line.place))
    };
    match (attachment_id, file) {
        (None, _) => {
            let name = named(&format!("{}.json", item.line.title));
            Ok(Some(Entry { name, bytes: body.clone().into_bytes() }))
        }
        (Some(_), Some(file)) if !file.sha256.is_empty() => {
            let bytes = store::files::read(&scene.house.settings.data, &file.sha256);
            let bytes = bytes.map_err(|error| ActError::File(error.to_string()))?;
            Ok(Some(Entry { name: named(&file.name), bytes }))
        }
        _ => Ok(None),
    }
}

/// Characters that a name in a package may have.
const NAME_AT_MOST: usize = 60;

/// The sheet that stands for what cannot be bound: sound, film, a PDF, what was destroyed.
fn slip(title: &str, file: Option<&AttachmentRow>, original: Option<&Entry>) -> Paper {
    let row = |label: &str, value: String| (None, label.to_owned(), value);
    let mut rows = vec![row("题名", title.to_owned())];
    if let Some(file) = file {
        rows.push(row("种类", file.media_type.clone()));
        rows.push(row("大小", format!("{} 字节", file.size)));
        rows.push(row("存入", beijing_day(file.added_at).to_string()));
        rows.push(row("SHA-256", file.sha256.clone()));
    }
    let where_it_is = original.map_or_else(
        || "内容已经按规定删除或者销毁".to_owned(),
        |entry| format!("电子原件随卷保存，移交包中的位置：{}", entry.name),
    );
    rows.push(row("原件", where_it_is));
    Sheet { title: "材料说明".to_owned(), rows, ..Sheet::default() }.paper()
}

/// What stands on cover, contents list and 备考表.
struct Cover<'a> {
    scene: Scene<'a>,
    case: &'a CaseRow,
    part: Part,
    volume: Option<VolumeRow>,
    item: Option<ItemRow>,
    bureau: String,
    unit: String,
    compiler: String,
    decision: String,
    lines: &'a [BoundLine],
    pages: usize,
    missing: String,
}

impl<'a> Cover<'a> {
    fn gather(
        tx: &mut Tx<'_>,
        scene: Scene<'a>,
        case: &'a CaseRow,
        part: Part,
        lines: &'a [BoundLine],
        binding: &Binding<'_>,
    ) -> Result<Cover<'a>, ActError> {
        let volume = store::volume::of_case(tx, case.id)?;
        let by = volume.as_ref().and_then(|volume| volume.closed_by);
        let compiler = match by {
            Some(id) => store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default(),
            None => String::new(),
        };
        let penalty = store::penalty::of_case(tx, case.id)?.map(|row| row.number);
        let closing =
            ["mediation_agreement", "termination_decision", "refusal_decision", "simple_record", "asking_record"];
        let papers = store::paper::of_case(tx, case.id)?;
        let of = |kind: &&str| papers.iter().find(|paper| paper.kind == *kind && !paper.number.is_empty());
        let paper = closing.iter().find_map(of).map(|paper| paper.number.clone());
        Ok(Cover {
            scene,
            case,
            part,
            item: store::archive::of_case(tx, case.id)?,
            bureau: reading::organization_name(tx, case.state.bureau)?,
            unit: reading::organization_name(tx, case.state.unit.unwrap_or(case.state.intake))?,
            compiler,
            decision: penalty.or(paper).unwrap_or_default(),
            lines,
            pages: binding.pages(),
            missing: binding
                .missing()
                .iter()
                .map(|letter| format!("U+{:04X}", u32::from(*letter)))
                .collect::<Vec<_>>()
                .join("、"),
            volume,
        })
    }

    fn number(&self) -> String {
        self.volume.as_ref().map_or_else(|| self.case.number.clone(), |volume| volume.file_number.clone())
    }

    fn is_penalty(&self) -> bool {
        let decided =
            matches!(self.case.state.outcome, Some(Outcome::Decided(decision)) if decision != Decision::Prosecuted);
        self.case.state.kind == CaseKind::Report && decided
    }

    fn cover(&self) -> Result<Paper, ActError> {
        let penalty = self.is_penalty();
        let class =
            if penalty { "行政处罚案件卷宗" } else { archive_rules().class_of(self.case.state.kind).label() };
        let keeping = self.item.as_ref().map(|item| item.keeping.clone()).unwrap_or_default();
        let closed = self.volume.as_ref().map(|volume| letters::day_words(beijing_day(volume.closed_at)));
        let serial = self.volume.as_ref().and_then(|it| it.file_number.rsplit('-').next().map(str::to_owned));
        let mut values = values([
            ("fonds_name", self.bureau.clone()),
            ("file_class", format!("{class}（{}）", self.part.label())),
            ("case_title", self.case.matter.title.clone()),
            ("handling_unit", self.unit.clone()),
            ("opening_day", letters::day_words(beijing_time(self.case.received_at).date())),
            ("closing_day", closed.unwrap_or_default()),
            ("retention", retention(self.scene, self.case, self.item.as_ref())),
            ("item_count", self.lines.len().to_string()),
            ("page_count", self.pages.to_string()),
            ("archive_number", self.number().replacen("-0", "-\n0", 1)),
            ("fonds_number", keeping.fonds),
            ("catalogue_number", keeping.catalogue),
            ("file_number", serial.unwrap_or_default()),
        ]);
        let number = if penalty { "decision_number" } else { "main_paper_number" };
        values.insert(number.to_owned(), Value::Text(self.decision.clone()));
        self.filled(if penalty { "file_cover" } else { "file_cover_general" }, &values)
    }

    fn contents(&self) -> Result<Paper, ActError> {
        let rows = self.lines.iter().map(|it| {
            let last = it.first_page + it.pages - 1;
            let pages = if it.pages == 1 { it.first_page.to_string() } else { format!("{}-{last}", it.first_page) };
            BTreeMap::from([
                ("serial".to_owned(), it.line.place.to_string()),
                ("item_number".to_owned(), it.line.number.clone()),
                ("item_title".to_owned(), it.line.title.clone()),
                ("item_day".to_owned(), it.line.day.map(day_digits).unwrap_or_default()),
                ("item_page".to_owned(), pages),
            ])
        });
        let values = Values::from([("file_items".to_owned(), Value::Rows(rows.collect()))]);
        self.filled("file_contents", &values)
    }

    fn remarks(&self) -> Result<Paper, ActError> {
        let keeping = self.item.as_ref().map(|item| item.keeping.clone()).unwrap_or_default();
        let mut said = vec![format!("本卷（{}）共{}件{}页。", self.part.label(), self.lines.len(), self.pages)];
        if let Some(volume) = &self.volume {
            let closed = beijing_day(volume.closed_at);
            let later = self.lines.iter().filter(|it| it.line.day.is_some_and(|day| day > closed)).count();
            if later > 0 {
                said.push(format!("归档后补入{later}件，排在本卷最后。"));
            }
        } else {
            said.push("案件还没有归档，本卷仍在增加。".to_owned());
        }
        if !self.missing.is_empty() {
            said.push(format!("下列字没有字体，以〓代替，原字见随卷保存的电子原件：{}。", self.missing));
        }
        said.extend((!keeping.remarks.is_empty()).then(|| keeping.remarks.clone()));
        let day = self.volume.as_ref().map(|volume| letters::day_words(beijing_day(volume.closed_at)));
        let values = values([
            ("file_condition", said.join("\n")),
            ("compiled_by", self.compiler.clone()),
            ("checked_by", keeping.checked_by),
            ("compiled_day", day.unwrap_or_default()),
        ]);
        self.filled("file_remarks", &values)
    }

    fn filled(&self, key: &str, values: &Values) -> Result<Paper, ActError> {
        let forms = self.scene.house.press.forms(&self.scene.house.book);
        let form = forms.find(key, None).ok_or(ActError::NotFound)?;
        forms.fill(form, values).map_err(|error| ActError::File(error.to_string()))
    }
}

/// What is given, without what is empty.
fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), Value::Text(value))).collect()
}

/// The year over the day, as there is room for in the list.
fn day_digits(day: Date) -> String {
    day.strftime("%Y\n%m-%d").to_string()
}
