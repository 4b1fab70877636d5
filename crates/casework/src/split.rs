//! 拆分: one intake that holds several matters becomes several cases, each with its number, clocks and course (O121 art. 9;
//! catalogue 3.2).

use domain::act::Act;
use domain::case::Case;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::filing::{FACTS_AT_MOST_CHARACTERS, FieldError};
use domain::link::Relation;
use domain::reporting::Origin;
use domain::vault::Identity;
use jiff::Timestamp;
use store::Tx;
use store::attachment::AttachmentRow;
use store::case::{CaseRow, Matter, NewCase};
use store::party::Party;

use crate::error::ActError;
use crate::evidence::{self, Care};
use crate::house::Scene;
use crate::record::{self, Opened};
use crate::{filing, operator_tie, vault};

/// The kinds that can be taken out of an intake. What is said against staff is a discipline officer's to take in.
pub const KINDS: &[CaseKind] = &[CaseKind::Complaint, CaseKind::Report, CaseKind::Consultation, CaseKind::Suggestion];

/// The matter that is taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Key of its kind.
    pub kind: String,
    /// One line.
    pub title: String,
    /// The facts that belong to it.
    pub facts: String,
    /// For a complaint: against whom.
    pub respondent_name: String,
    /// For a complaint: where that is.
    pub respondent_address: String,
    /// For a complaint: what is asked, code table `demands`.
    pub demands: Vec<String>,
    /// The files that go with it.
    pub files: Vec<i64>,
    /// For a report: she stands by it with her name, so that who she is goes into the vault too.
    pub named: bool,
    /// Fresh bytes for that.
    pub seed: [u8; 32],
}

/// Takes a matter out into a case of its own; gives the case it came from.
///
/// The new case counts as received when the intake was: the material has lain here since then.
pub fn split(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    part: &Part,
) -> Result<CaseRow, ActError> {
    let kind = checked(scene, part).map_err(ActError::Invalid)?;
    // Whoever reads this case need not know what the report is about.
    let title = if kind.is_confined() { String::new() } else { part.title.trim().to_owned() };
    let mut act = Act::Split { kind, number: String::new(), title, files: part.files.len() };
    let case = match record::open(tx, scene, number, seen, &act)? {
        Opened::Done(case) => return Ok(*case),
        Opened::ToDo(case) => *case,
    };
    let files = chosen(tx, &case, &part.files)?;
    let of = filing::number_of(tx, case.state.bureau, beijing_day(scene.now).year())?;
    // Whoever reads this case need not know of the report: its number stands in the link alone (O121 art. 37).
    if let (Act::Split { number, .. }, false) = (&mut act, kind.is_confined()) {
        number.clone_from(&of);
    }
    let case = record::perform(tx, scene, case, &act)?;
    let since = Since { received_at: case.received_at, rule_set: case.rule_set.clone(), origin: None };
    let id = take_out(tx, scene, &case, kind, of, part, files, since)?;
    store::case_link::insert(tx, case.id, id, Relation::Split.key(), scene.now)?;
    if !kind.is_confined() {
        filing::confirm(tx, scene, id, true)?;
    }
    let other = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
    operator_tie::by_code(tx, scene, other)?;
    Ok(case)
}

/// From when on a case that was taken out counts, under which law, and how it came.
pub(crate) struct Since {
    /// When its material lay here.
    pub(crate) received_at: Timestamp,
    /// The national rule set of that day.
    pub(crate) rule_set: String,
    /// 案件来源, for what nobody reported.
    pub(crate) origin: Option<Origin>,
}

/// Writes the case that is taken out, with its parties and files; gives its id.
#[expect(clippy::too_many_arguments, reason = "each is another thing, and two callers name them all")]
pub(crate) fn take_out(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    kind: CaseKind,
    number: String,
    part: &Part,
    files: Vec<AttachmentRow>,
    since: Since,
) -> Result<i64, ActError> {
    let by_reporter = kind == CaseKind::Report && since.origin.is_none();
    let files = match by_reporter {
        true => files.into_iter().map(|file| without_traces(scene, file)).collect::<Result<_, _>>()?,
        false => files,
    };
    let id = begin(tx, scene, case, kind, number, part, files.len(), since)?;
    copy_parties(tx, case, id, kind, part)?;
    if names_herself(kind, part) {
        seal(tx, scene, case, id, part.seed)?;
    }
    for file in files {
        // A file's own name may say whose it is.
        let ending = evidence::kind_of(&file.media_type).map_or("", |kind| kind.ending);
        let hidden = format!("材料-{}.{ending}", file.sha256.get(..6).unwrap_or_default());
        let name = if kind.is_confined() { hidden } else { file.name.clone() };
        let own = AttachmentRow { id: 0, case_id: Some(id), draft_hash: None, name, ..file };
        let attachment = store::attachment::insert(tx, &own)?;
        store::paper::insert(tx, id, &filing::evidence_paper(scene, 1, attachment, &own.name))?;
    }
    Ok(id)
}

/// What a reporter brought says nothing of her, whichever way it came (O121 art. 37); the complaint keeps the file as it was sent.
fn without_traces(scene: Scene<'_>, file: AttachmentRow) -> Result<AttachmentRow, ActError> {
    let settings = &scene.house.settings;
    let bytes = store::files::read(&settings.data, &file.sha256).map_err(|error| ActError::File(error.to_string()))?;
    let Ok(kept) = evidence::keep(settings, Care::WithoutTraces, &file.name, &bytes)? else {
        let why = format!(
            "“{}”里可能有作者、地点、机型等信息，不能自动去掉，不能带到举报里。请改用截图，或者不带这份材料",
            file.name
        );
        return Err(ActError::field("files", "files.telling", &why));
    };
    Ok(AttachmentRow { sha256: kept.sha256, size: kept.size, ..file })
}

fn names_herself(kind: CaseKind, part: &Part) -> bool {
    kind == CaseKind::Report && part.named
}

/// The complaint keeps its complainant, the report gets her sealed: whoever handles the one need not know of the other.
fn seal(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, id: i64, seed: [u8; 32]) -> Result<(), ActError> {
    let person = store::party::of_case(tx, case.id)?.into_iter().find(|party| party.role == "complainant");
    let Some(person) = person.filter(|person| !person.name.is_empty()) else {
        return Err(ActError::field("named", "named.nobody", "本件没有留下姓名，不能作为实名举报；请选“不实名”"));
    };
    let identity = Identity {
        name: person.name,
        phone: person.phone,
        address: person.address,
        id_number: person.id_number,
        ..Identity::default()
    };
    let report = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
    vault::seal_identity(tx, scene, &report, &identity, seed)
}

/// What must be there for the kind; every fault at once.
fn checked(scene: Scene<'_>, part: &Part) -> Result<CaseKind, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, message: &str| {
        faults.push(FieldError { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() });
    };
    let kind = CaseKind::from_key(&part.kind).filter(|kind| KINDS.contains(kind));
    if kind.is_none() {
        fault("kind", "kind.missing", "请选择另一件事是什么");
    }
    let (title, facts) = (part.title.trim(), part.facts.trim());
    if title.is_empty() {
        fault("title", "title.missing", "请写另一件事的一句话事由");
    } else if title.chars().count() > 200 {
        fault("title", "title.too_long", "请控制在 200 个字以内");
    }
    if facts.is_empty() {
        fault("facts", "facts.missing", "请写属于另一件事的内容，可以从原件里摘录");
    } else if facts.chars().count() > FACTS_AT_MOST_CHARACTERS {
        fault("facts", "facts.too_long", "内容太长，请删去不属于这件事的部分");
    }
    if kind == Some(CaseKind::Report) && part.respondent_name.trim().is_empty() {
        fault("respondent_name", "respondent_name.missing", "请写被举报的是谁；不知道名称的，写能找到它的地点或者网店");
    }
    if kind == Some(CaseKind::Complaint) {
        if part.respondent_name.trim().is_empty() {
            fault("respondent_name", "respondent_name.missing", "投诉要有明确的被投诉人，请写商家名称");
        }
        if part.respondent_address.trim().is_empty() {
            fault("respondent_address", "respondent_address.missing", "请写商家地址；网店请写所在平台");
        }
        if part.demands.is_empty() {
            fault("demands", "demand.missing", "投诉要有具体请求，请至少选一项");
        } else if part.demands.iter().any(|demand| scene.house.codes.label("demands", demand).is_none()) {
            fault("demands", "demands.unknown", "请从列表中选择");
        }
    }
    match kind {
        Some(kind) if faults.is_empty() => Ok(kind),
        _ => Err(faults),
    }
}

pub(crate) fn chosen(tx: &mut Tx<'_>, case: &CaseRow, ids: &[i64]) -> Result<Vec<AttachmentRow>, ActError> {
    let mut files = store::attachment::of_case(tx, case.id)?;
    files.retain(|file| ids.contains(&file.id));
    if files.len() == ids.len() {
        Ok(files)
    } else {
        Err(ActError::field("files", "files.unknown", "请从本件的材料中选择"))
    }
}

#[expect(clippy::too_many_arguments, reason = "as above")]
fn begin(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    kind: CaseKind,
    number: String,
    part: &Part,
    files: usize,
    since: Since,
) -> Result<i64, ActError> {
    let act = Act::File {
        kind,
        channel: case.channel.clone(),
        bureau: case.state.bureau,
        intake: case.state.intake,
        rule_set: since.rule_set.clone(),
        overlay: case.overlay.clone(),
        registered: true,
        evidence: files,
        named: names_herself(kind, part).then_some(true),
        earlier: None,
        origin: since.origin,
    };
    let new = NewCase {
        number,
        // Nobody comes back to what nobody reported.
        query_code_round: if since.origin.is_some() { filing::NO_QUERY_CODE } else { 0 },
        channel: case.channel.clone(),
        rule_set: since.rule_set,
        overlay: case.overlay.clone(),
        region_code: case.region_code.clone(),
        received_at: since.received_at,
        received_day: beijing_day(since.received_at),
        state: Case::begin(&act).expect("a filing begins a case"),
        matter: matter(case, kind, part),
    };
    Ok(record::begin(tx, scene, &new, &act)?.0)
}

/// What a complaint is about is known of the intake; a question has only its words.
fn matter(case: &CaseRow, kind: CaseKind, part: &Part) -> Matter {
    let own = Matter {
        title: part.title.trim().to_owned(),
        facts: part.facts.trim().to_owned(),
        category: case.matter.category.clone(),
        complainant_name: case.matter.complainant_name.clone(),
        ..Matter::default()
    };
    match kind {
        CaseKind::Complaint => {}
        // Who reported is not kept with the report.
        CaseKind::Report => {
            let respondent_name = part.respondent_name.trim().to_owned();
            return Matter { complainant_name: String::new(), respondent_name, ..own };
        }
        _ => return own,
    }
    Matter {
        demands: part.demands.join(","),
        goods: part.title.trim().to_owned(),
        respondent_name: part.respondent_name.trim().to_owned(),
        consent_publish: case.matter.consent_publish,
        consent_delegate: case.matter.consent_delegate,
        ..own
    }
}

/// The same person, but never with a report; for both the other side as written, with what is known of it when it is the same
/// one.
fn copy_parties(tx: &mut Tx<'_>, case: &CaseRow, id: i64, kind: CaseKind, part: &Part) -> Result<(), ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let people = parties.iter().filter(|party| party.role != "respondent" && !kind.is_confined());
    for person in people {
        store::party::insert(tx, id, person)?;
    }
    if matches!(kind, CaseKind::Complaint | CaseKind::Report) {
        let (name, address) = (part.respondent_name.trim(), part.respondent_address.trim());
        let same = parties.into_iter().find(|party| party.role == "respondent" && party.name == name);
        let known = same.unwrap_or_else(|| Party { role: "respondent".to_owned(), ..Party::default() });
        let respondent = Party { name: name.to_owned(), address: address.to_owned(), ..known };
        store::party::insert(tx, id, &respondent)?;
    }
    Ok(())
}
