//! 文书: a letter is filled from the case, numbered, and kept as it was, so that no later change of template touches it.

use std::collections::BTreeMap;

use domain::case_kind::CaseKind;
use domain::clock::beijing_time;
use domain::letter::{Letter, LetterTemplate, Recipient};
use domain::masking::{self, Known};
use domain::vault::vault_rules;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::case::CaseRow;
use store::number::Given;
use store::organization::OrganizationRow;
use store::paper::PaperRow;
use store::party::Party;

use crate::error::ActError;
use crate::house::Scene;
use crate::{numbering, wording};

/// A letter as kept: everything its print needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLetter {
    /// The filled letter.
    pub letter: Letter,
    /// The bureau in whose name it goes out.
    pub bureau: String,
    /// Document number (文号), empty when the form has none.
    pub number: String,
    /// The day on it.
    pub day: Date,
    /// Number of the official form.
    pub form: Option<String>,
    /// Places to sign.
    pub signatures: Vec<domain::letter::Signature>,
    /// Whether the seal stands at the end.
    pub sealed: bool,
    /// The printed notes.
    pub notes: Vec<String>,
}

impl KeptLetter {
    /// The letter as plain text.
    pub fn text(&self) -> String {
        let letter = &self.letter;
        let mut lines = vec![letter.title.clone(), self.number.clone()];
        lines.extend(letter.addressee.clone());
        for row in &letter.rows {
            let group = row.group.as_deref().map(|group| format!("{group} · ")).unwrap_or_default();
            lines.push(format!("{group}{}：{}", row.label, row.value));
        }
        lines.extend(letter.paragraphs.iter().cloned());
        if self.sealed {
            lines.extend([self.bureau.clone(), day_words(self.day)]);
        }
        lines.extend(self.notes.iter().cloned());
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n") + "\n"
    }
}

/// What fills the blanks beyond the case itself.
pub type Blanks = BTreeMap<&'static str, String>;

/// Makes a letter of the case's rule set; gives the paper's id, or none when the set has no such letter.
///
/// A letter for both sides is made once for each, so that each carries its own name.
pub fn make(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    key: &str,
    blanks: &Blanks,
) -> Result<Option<i64>, ActError> {
    make_from(tx, scene, case, case.state.bureau, key, blanks)
}

/// The same in the name of a bureau that need not have the case any more: the one that sends it on, or designates.
pub(crate) fn make_from(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    issuer: i64,
    key: &str,
    blanks: &Blanks,
) -> Result<Option<i64>, ActError> {
    let Some(composed) = compose(tx, scene, case, issuer, key, blanks)? else { return Ok(None) };
    let Composed { template, kept, recipient, given } = composed;
    let paper = PaperRow {
        id: 0,
        event_number: case.state.version,
        kind: key.to_owned(),
        title: listed_title(&template, recipient.as_deref(), case),
        number: kept.number.clone(),
        body: serde_json::to_string(&kept).expect("a letter is plain data"),
        attachment_id: None,
        made_at: scene.now,
        made_by: scene.actor.id().filter(|_| scene.actor.kind() == "staff"),
    };
    let id = store::paper::insert(tx, case.id, &paper)?;
    if let Some(given) = given {
        store::number::enter(tx, id, &given)?;
    }
    Ok(Some(id))
}

/// A letter without a number as it would be, to be printed before anything is noted.
pub(crate) fn preview(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    key: &str,
    blanks: &Blanks,
) -> Result<Option<KeptLetter>, ActError> {
    Ok(compose(tx, scene, case, case.state.bureau, key, blanks)?.map(|composed| composed.kept))
}

/// A letter filled and numbered.
struct Composed {
    /// In the words of the bureau.
    template: LetterTemplate,
    kept: KeptLetter,
    /// The name at its head.
    recipient: Option<String>,
    /// Its number, to be entered with the paper.
    given: Option<Given>,
}

/// The letter filled and numbered.
fn compose(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    issuer: i64,
    key: &str,
    blanks: &Blanks,
) -> Result<Option<Composed>, ActError> {
    if scene.house.book.letter(&case.rule_set, key).is_none() {
        return Ok(None);
    }
    let bureau = store::organization::find(tx, issuer)?.ok_or(ActError::NotFound)?;
    let Some(template) = wording::letter_of(tx, scene, &bureau, &case.rule_set, key)? else { return Ok(None) };
    let parties = store::party::of_case(tx, case.id)?;
    // What goes to the respondent of a report is made of him and of the office: of what was told, nothing is at hand here.
    let sealed = case.state.kind == CaseKind::Report && template.recipients.contains(&Recipient::Respondent);
    let mut values = of_office(case, &parties, &bureau);
    if !sealed {
        values.extend(as_told(scene, case, &parties));
    }
    if let Some(officer) = scene_contact(tx, scene, case)? {
        values.insert("contact_name", officer.0);
        values.insert("contact_phone", officer.1);
    }
    // A letter without a number to call leaves its reader alone; the centre answers for every office.
    if values.get("contact_phone").is_none_or(String::is_empty) {
        values.insert("contact_phone", "12315".to_owned());
    }
    if sealed {
        says_not_who_reported(blanks, &values)?;
    }
    let told = &vault_rules().papers.told;
    let blanks = blanks.iter().filter(|(name, _)| !sealed || !told.iter().any(|it| it == *name));
    values.extend(blanks.map(|(name, value)| (*name, value.clone())));
    let given = numbering::next(tx, &bureau, &template.number_word, scene.now)?;
    let number = given.as_ref().map(|(_, number)| number.clone()).unwrap_or_default();
    let recipient = values.get("recipient_name").cloned();
    let letter = fill(&template, &mut values)?;
    let kept = kept(&template, letter, bureau.name, number, beijing_time(scene.now).date());
    Ok(Some(Composed { template, kept, recipient, given: given.map(|(given, _)| given) }))
}

/// What is kept of a letter that was filled.
pub(crate) fn kept(template: &LetterTemplate, letter: Letter, bureau: String, number: String, day: Date) -> KeptLetter {
    KeptLetter {
        letter,
        bureau,
        number,
        day,
        form: template.form.clone(),
        signatures: template.signatures.clone(),
        sealed: template.sealed,
        notes: template.notes.clone(),
    }
}

/// The title in lists: of a letter that each side gets, it says to which side this one goes.
fn listed_title(template: &LetterTemplate, recipient: Option<&str>, case: &CaseRow) -> String {
    let both = [Recipient::Complainant, Recipient::Respondent].iter().all(|side| template.recipients.contains(side));
    let addressed = both && template.addressee.is_some();
    match recipient {
        Some(name) if addressed && name == case.matter.respondent_name => format!("{}（致被投诉人）", template.title),
        Some(_) if addressed => format!("{}（致投诉人）", template.title),
        _ => template.title.clone(),
    }
}

/// Reads a kept letter back.
pub fn read(paper: &PaperRow) -> Option<KeptLetter> {
    serde_json::from_str(&paper.body).ok()
}

fn fill(template: &LetterTemplate, values: &mut BTreeMap<&'static str, String>) -> Result<Letter, ActError> {
    let wanted = template.placeholders();
    let filled: BTreeMap<&str, String> =
        wanted.iter().map(|name| (name.as_str(), values.remove(name.as_str()).unwrap_or_default())).collect();
    template
        .fill(&filled)
        .map_err(|_| ActError::field("letter", "letter.blank", "文书有空格没有填上，请联系管理员检查规则文件"))
}

/// Name and telephone of the officer in charge, or of the centre while there is none.
fn scene_contact(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Option<(String, String)>, ActError> {
    if let Some(lead) = case.state.lead
        && let Some(account) = store::account::find(tx, lead)?
    {
        return Ok(Some((account.name, account.phone)));
    }
    let _ = scene;
    let centre = store::organization::find(tx, case.state.intake)?;
    Ok(centre.map(|centre| (centre.name, centre.phone)))
}

/// Refuses what was written into a paper for the respondent of a report when a person could be known by it. What the letter says
/// anyhow, of the office and of him, may be repeated.
fn says_not_who_reported(blanks: &Blanks, said: &BTreeMap<&'static str, String>) -> Result<(), ActError> {
    let found = blanks.values().flat_map(|text| {
        let letters: Vec<char> = text.chars().collect();
        let spans = masking::propose(text, &Known::default()).into_iter();
        spans.map(move |span| letters[span.start..span.end].iter().collect::<String>())
    });
    match found.filter(|found| !said.values().any(|own| own.contains(found.as_str()))).count() {
        0 => Ok(()),
        count => Err(ActError::field(
            "letter",
            "letter.tells_who",
            format!(
                "这份文书要给被举报人，填写的内容里有{count}处号码、邮箱或者门牌，认得出人。请改成不指向个人的说法。"
            ),
        )),
    }
}

fn of_role(parties: &[Party], role: &str) -> Party {
    parties.iter().find(|party| party.role == role).cloned().unwrap_or_default()
}

/// What a letter may say to anybody: the case by its number, the office, and the business it is about.
fn of_office(case: &CaseRow, parties: &[Party], bureau: &OrganizationRow) -> BTreeMap<&'static str, String> {
    let respondent = of_role(parties, "respondent");
    BTreeMap::from([
        ("bureau_name", bureau.name.clone()),
        ("case_number", case.number.clone()),
        ("matter_kind", case.state.kind.label().to_owned()),
        ("contact_address", bureau.address.clone()),
        ("contact_phone", bureau.phone.clone()),
        ("recipient_name", respondent.name.clone()),
        ("respondent_name", respondent.name),
        ("respondent_contact", respondent.contact_name),
        ("respondent_phone", respondent.phone),
        ("respondent_address", respondent.address),
    ])
}

/// What was told, and by whom.
fn as_told(scene: Scene<'_>, case: &CaseRow, parties: &[Party]) -> BTreeMap<&'static str, String> {
    let complainant = of_role(parties, "complainant");
    // Whoever acts for her now stands in the forms that have a line for it (O121 art. 11).
    let acts = |party: &&Party| party.ended_at.is_none() && matches!(party.role.as_str(), "agent" | "guardian");
    let agent = parties.iter().find(acts).cloned().unwrap_or_default();
    let matter = &case.matter;
    let demands: Vec<String> = matter
        .demands
        .split(',')
        .filter_map(|demand| scene.house.codes.label("demands", demand))
        .map(str::to_owned)
        .collect();
    let mut demand = demands.join("、");
    if !matter.demand_text.is_empty() {
        demand =
            if demand.is_empty() { matter.demand_text.clone() } else { format!("{demand}。{}", matter.demand_text) };
    }
    BTreeMap::from([
        ("recipient_name", complainant.name.clone()),
        ("received_date", day_words(beijing_time(case.received_at).date())),
        ("subject", matter.title.clone()),
        ("complainant_name", complainant.name.clone()),
        ("complainant_phone", complainant.phone.clone()),
        ("complainant_address", complainant.address.clone()),
        (
            "complainant_id_kind",
            scene.house.codes.label("id_kinds", &complainant.id_kind).unwrap_or_default().to_owned(),
        ),
        ("complainant_id_number", complainant.id_number.clone()),
        ("publication_consent", consent(matter.consent_publish)),
        ("delegation_consent", consent(matter.consent_delegate)),
        ("facts", matter.facts.clone()),
        ("demand", demand.clone()),
        ("complaint_and_demand", format!("{}\n请求：{demand}", matter.facts)),
        ("complainant_agent_name", agent.name),
        ("complainant_agent_phone", agent.phone),
        ("complainant_agent_address", agent.address),
        ("sender_name", complainant.name),
    ])
}

fn consent(given: Option<bool>) -> String {
    match given {
        Some(true) => "☑是　□否",
        Some(false) => "□是　☑否",
        None => "□是　□否",
    }
    .to_owned()
}

pub use domain::beijing::day_words;
pub use domain::letter::{grounds_words, item_words};

/// A time as official letters write it.
pub fn time_words(at: Timestamp) -> String {
    let time = beijing_time(at);
    format!("{}{:02}时{:02}分", day_words(time.date()), time.hour(), time.minute())
}
