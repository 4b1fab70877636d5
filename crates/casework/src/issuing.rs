//! 签发 and what leaves as a file: a kept letter as PDF and as Word, with seal, signatures, certificate and the code by which
//! anybody may check it — once it is issued, and not before.

use std::sync::Arc;

use documents::paper::{Block, Paper, Picture, Run, Stamps, Text};
use documents::sheet::Sheet;
use documents::{docx, pdf, stamp};
use domain::issuing::{SignatureWay, awaited};
use domain::letter::LetterTemplate;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use store::Tx;
use store::bureau_seal::BureauSealRow;
use store::case::CaseRow;
use store::number::{Given, Voided};
use store::organization::OrganizationRow;
use store::paper::PaperRow;
use subtle::ConstantTimeEq;

use crate::error::ActError;
use crate::house::{House, Scene};
use crate::letters::{self, KeptLetter};
use crate::signing::{self, Place};
use crate::stamping;

/// Hexadecimal digits of the code on a paper.
const CODE_DIGITS: usize = 20;
/// How high a signature stands on paper at most, in millimetres.
const SIGNATURE_HIGH: f32 = 11.0;
/// How wide at most.
const SIGNATURE_WIDE: f32 = 34.0;

/// How a paper stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 未签发: it waits for an approval.
    Waiting,
    /// 已签发.
    Issued(Timestamp),
    /// 作废.
    Voided(Voided),
}

impl Standing {
    /// In a word or two.
    pub fn label(&self) -> &'static str {
        match self {
            Standing::Waiting => "未签发",
            Standing::Issued(_) => "已签发",
            Standing::Voided(_) => "已作废",
        }
    }
}

/// A paper with everything that its files need.
#[derive(Clone, Debug)]
pub struct Printable {
    /// Its row.
    pub row: PaperRow,
    /// What it says.
    pub kept: KeptLetter,
    /// How it stands.
    pub standing: Standing,
    /// Its number in the register.
    pub given: Option<Given>,
    /// The bureau in whose name it goes out, when it has a number.
    pub bureau: Option<OrganizationRow>,
    /// The seal that was in force when it was issued.
    pub seal: Option<BureauSealRow>,
    /// Its places to sign.
    pub places: Vec<Place>,
    template: Option<LetterTemplate>,
    rule_set: String,
}

/// A letter of this case, ready for its files; none for a file of evidence.
pub fn printable(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    row: PaperRow,
) -> Result<Option<Printable>, ActError> {
    let Some(kept) = letters::read(&row) else { return Ok(None) };
    let (given, standing, issued) = stands(tx, case, &row)?;
    let bureau = match &given {
        Some(given) => store::organization::find(tx, given.organization_id)?,
        None => None,
    };
    let seal = match (&bureau, issued) {
        (Some(bureau), Some(at)) if kept.sealed => stamping::seal_at(tx, bureau.id, at)?,
        _ => None,
    };
    let template = scene.house.book.letter(&case.rule_set, &row.kind).cloned();
    let places = signing::places(tx, &row)?;
    Ok(Some(Printable { kept, standing, given, bureau, seal, places, template, rule_set: case.rule_set.clone(), row }))
}

/// How a paper of this case stands, with its number in the register and when it was issued, voided since or not.
fn stands(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    row: &PaperRow,
) -> Result<(Option<Given>, Standing, Option<Timestamp>), ActError> {
    let entered = store::number::of_paper(tx, row.id)?;
    let (given, voided) = entered.map_or((None, None), |(given, voided)| (Some(given), voided));
    let issued = issued_at(tx, case, row)?;
    let standing = match (voided, issued) {
        (Some(voided), _) => Standing::Voided(voided),
        (None, Some(at)) => Standing::Issued(at),
        (None, None) => Standing::Waiting,
    };
    Ok((given, standing, issued))
}

/// Whether a paper may go out: it is issued, and not voided.
pub fn goes_out(tx: &mut Tx<'_>, case: &CaseRow, row: &PaperRow) -> Result<bool, ActError> {
    Ok(matches!(stands(tx, case, row)?.1, Standing::Issued(_)))
}

/// When it was issued: when it was made, or by the approval that it waits for. One that was sent back never is.
fn issued_at(tx: &mut Tx<'_>, case: &CaseRow, row: &PaperRow) -> Result<Option<Timestamp>, ActError> {
    let Some(issuing) = awaited(&row.kind) else { return Ok(Some(row.made_at)) };
    let events = store::event::of_case(tx, case.id)?;
    let decided = [issuing.after.key(), domain::action::Action::SendBack.key()];
    let first = events.iter().find(|event| event.number > row.event_number && decided.contains(&event.act.as_str()));
    Ok(first.filter(|event| event.act == issuing.after.key()).map(|event| event.at))
}

/// A kept letter without layout.
pub fn sheet(kept: &KeptLetter) -> Sheet {
    let letter = &kept.letter;
    Sheet {
        title: letter.title.clone(),
        bureau: kept.bureau.clone(),
        number: kept.number.clone(),
        addressee: letter.addressee.clone(),
        rows: letter.rows.iter().map(|row| (row.group.clone(), row.label.clone(), row.value.clone())).collect(),
        paragraphs: letter.paragraphs.clone(),
        signatures: kept.signatures.iter().map(|signature| (signature.label.clone(), signature.dated)).collect(),
        sealed: kept.sealed,
        day: letters::day_words(kept.day),
        notes: kept.notes.clone(),
    }
}

impl Printable {
    /// The paper as it is laid out: in the official form's layout where it has one.
    pub fn paper(&self, house: &House) -> Paper {
        let template = self.template.as_ref();
        let mut paper = house.forms().laid_out(&self.row.kind, &self.rule_set, template, &sheet(&self.kept));
        paper.mark = match &self.standing {
            Standing::Waiting => Some("未签发，不得送达".to_owned()),
            Standing::Voided(_) => Some("已作废".to_owned()),
            Standing::Issued(_) => None,
        };
        for (index, block) in paper.blocks.iter_mut().enumerate() {
            let Some((place, text)) = self.place_in(block) else { continue };
            let Some(signed) = &place.signed else { continue };
            if signed.way == SignatureWay::Scan.key() {
                text.runs.push(Run { filled: true, ..Run::printed("（见所附签字页）") });
            } else if let Some(picture) = signature(house, &signed.sha256) {
                paper.stamps.signatures.push((index, picture));
            }
        }
        paper
    }

    /// The place to sign that a block of the paper is, with its first text.
    fn place_in<'a>(&self, block: &'a mut Block) -> Option<(&Place, &'a mut Text)> {
        let text = match block {
            Block::Beside(texts) => texts.first_mut()?,
            Block::Text(text) => text,
            _ => return None,
        };
        let words = text.plain();
        let label = words.trim_end_matches('\u{3000}').strip_suffix('：')?;
        Some((self.places.iter().find(|place| place.printed.label == label)?, text))
    }

    /// What it bears once it is issued, without the signatures.
    fn stamps(&self, house: &House) -> Stamps {
        let seal = self.seal.as_ref().and_then(|seal| {
            let png = store::files::read(&house.settings.data, &seal.sha256).ok()?;
            Some(Picture { png: Arc::from(png), width: seal.width_mm as f32, height: seal.height_mm as f32 })
        });
        let code = self
            .given
            .as_ref()
            .map(|_| (self.address(house), format!("扫码核对文书真伪，核对码 {}", self.spoken(house))));
        Stamps { seal, signatures: Vec::new(), code }
    }

    /// Where anybody may check it.
    pub fn address(&self, house: &House) -> String {
        let base = house.settings.public_url.trim_end_matches('/');
        format!("{base}/papers/verify?p={}&c={}", self.row.id, code(house, self.row.id))
    }

    /// The paper and its code for whoever types them: `64-97eb-9918-…`.
    pub fn spoken(&self, house: &House) -> String {
        let code = code(house, self.row.id);
        let groups: Vec<&str> = (0..code.len()).step_by(4).map(|from| &code[from..code.len().min(from + 4)]).collect();
        format!("{}-{}", self.row.id, groups.join("-"))
    }

    /// As PDF. An issued one bears the seal, the code, and the signature of the bureau's certificate where there is one.
    pub fn pdf(&self, house: &House) -> Result<Vec<u8>, ActError> {
        let mut paper = self.paper(house);
        let Standing::Issued(at) = &self.standing else { return printed(house, &paper) };
        let signatures = std::mem::take(&mut paper.stamps.signatures);
        paper.stamps = Stamps { signatures, ..self.stamps(house) };
        let bytes = printed(house, &paper)?;
        let signer = self.bureau.as_ref().filter(|_| self.kept.sealed).and_then(|bureau| house.signers().of(bureau));
        match signer.filter(|signer| signer.is_good_at(*at)) {
            Some(signer) => {
                let signed = signer.sign(&bytes, &self.kept.bureau, "签发", *at);
                signed.map_err(|error| ActError::File(error.to_string()))
            }
            None => Ok(bytes),
        }
    }

    /// As a Word file to go on writing in: without seal and code, because whoever has it can change what it says.
    pub fn docx(&self, house: &House) -> Result<Vec<u8>, ActError> {
        docx::docx(&self.paper(house)).map_err(|error| ActError::File(error.to_string()))
    }

    /// A name for its file, without anybody's.
    pub fn file_name(&self, ending: &str) -> String {
        let number = if self.kept.number.is_empty() { format!("{}", self.kept.day) } else { self.kept.number.clone() };
        format!("{}-{number}.{ending}", self.kept.letter.title)
    }
}

/// A paper as PDF.
pub(crate) fn printed(house: &House, paper: &Paper) -> Result<Vec<u8>, ActError> {
    pdf::pdf(house.fonts(), paper).map_err(|error| ActError::File(error.to_string()))
}

/// A drawn signature with the room that it takes.
fn signature(house: &House, sha256: &str) -> Option<Picture> {
    let png = store::files::read(&house.settings.data, sha256).ok()?;
    let (width, height) = stamp::signature(&png)?;
    let (width, height) = (width as f32, height as f32);
    let share = (SIGNATURE_HIGH / height).min(SIGNATURE_WIDE / width);
    Some(Picture { png: Arc::from(png), width: width * share, height: height * share })
}

/// What a file is known by.
pub fn print_hash(bytes: &[u8]) -> String {
    domain::chain::hex(&Sha256::digest(bytes))
}

/// Keeps which bytes were handed out, so that a file can be known again.
pub fn note_print(tx: &mut Tx<'_>, scene: Scene<'_>, paper_id: i64, hash: &str) -> Result<(), ActError> {
    Ok(store::paper::note_print(tx, paper_id, hash, scene.now)?)
}

/// The code on a paper: only this installation can say it.
fn code(house: &House, paper_id: i64) -> String {
    let mut code = house.secret.hash("paper", &paper_id.to_string());
    code.truncate(CODE_DIGITS);
    code
}

/// What the public may know of a paper: nothing of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its number.
    pub number: String,
    /// What kind of paper it is.
    pub title: String,
    /// The bureau.
    pub bureau: String,
    /// The day on it.
    pub day: Date,
    /// How it stands.
    pub standing: Standing,
    /// What the file is that was brought along, if one was.
    pub file: Option<Compared>,
}

/// What a file is that somebody has of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Byte for byte one that was handed out, for the first time then.
    Same(Timestamp),
    /// None that was.
    Other,
}

/// What a paper's code tells; none for a wrong code and for a paper that there is not.
pub fn check(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    paper_id: i64,
    given_code: &str,
    file_hash: Option<&str>,
) -> Result<Option<Checked>, ActError> {
    let right: bool = code(scene.house, paper_id).as_bytes().ct_eq(given_code.trim().as_bytes()).into();
    let Some((case_id, row)) = store::paper::by_id(tx, paper_id)?.filter(|_| right) else { return Ok(None) };
    let Some(case) = store::case::by_id(tx, case_id)? else { return Ok(None) };
    let Some(paper) = printable(tx, scene, &case, row)?.filter(|paper| paper.given.is_some()) else { return Ok(None) };
    let file = match file_hash {
        Some(hash) => Some(store::paper::printed(tx, paper_id, hash)?.map_or(Compared::Other, Compared::Same)),
        None => None,
    };
    Ok(Some(Checked {
        number: paper.kept.number,
        title: paper.kept.letter.title,
        bureau: paper.kept.bureau,
        day: paper.kept.day,
        standing: paper.standing,
        file,
    }))
}
