//! 举报人: by what she finds her report again, and what she and the officers write to each other (O121 arts. 28, 37; catalogue 7.3).
//!
//! Who she is stands in the vault alone. Her receipt code (回执码) is kept as a keyed hash; it is made from a key that only her
//! browser has, so that a form sent twice gets the same code and the installation cannot say it again afterwards.

use domain::act::Act;
use domain::vault::Identity;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::{House, Scene};
use crate::letters::Blanks;
use crate::{record, vault};

/// How long a receipt code is.
pub const CODE_DIGITS: usize = domain::filing::RECEIPT_CODE_DIGITS;
/// The longest message, in characters.
pub const WORDS_AT_MOST: usize = 2_000;
const PURPOSE: &str = "receipt-code";

/// What a report brings instead of a complainant.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// Who she is; none when she stays anonymous.
    pub identity: Option<&'a Identity>,
    /// The code by which she finds it again.
    pub code: &'a str,
    /// 先前的回执码: she reported the same before, and says so by its code.
    pub earlier: Option<&'a str>,
    /// Her voice and other files that point to her, in clear only here.
    pub files: &'a [ClearFile],
    /// Fresh bytes for the sealing.
    pub seed: [u8; 32],
}

/// A file before it is sealed, or after it was opened.
#[derive(Clone, PartialEq, Eq)]
pub struct ClearFile {
    /// The name it came with.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for ClearFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ClearFile(…)")
    }
}

/// So many files may point to her.
pub const OWN_FILES_AT_MOST: usize = 3;
/// Bytes that each of them may have.
pub const OWN_FILE_BYTES_AT_MOST: usize = 5 * 1024 * 1024;

impl Reporter<'_> {
    /// Seals who she is and keeps the hash of her code, in the transaction of the filing.
    pub(crate) fn join(&self, tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64) -> Result<(), ActError> {
        store::report::put_code(tx, case_id, &hash(scene.house, self.code), scene.now)?;
        if self.identity.is_none() && self.files.is_empty() {
            return Ok(());
        }
        let case = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
        let files = vault::seal_files(tx, scene, &case, self.files, self.seed)?;
        let identity = Identity { files, ..self.identity.cloned().unwrap_or_default() };
        vault::seal_identity(tx, scene, &case, &identity, self.seed)
    }
}

/// The receipt code that belongs to a key nobody but its owner has.
pub fn code(house: &House, key: &str) -> String {
    let hash = house.secret.hash("receipt-code-of", key);
    let part = u64::from_str_radix(hash.get(..16).unwrap_or_default(), 16).unwrap_or_default();
    format!("{:016}", part % 10_u64.pow(16))
}

fn hash(house: &House, code: &str) -> String {
    house.secret.hash(PURPOSE, code)
}

/// The report that this receipt code opens.
pub fn by_code(tx: &mut Tx<'_>, house: &House, code: &str) -> Result<Option<CaseRow>, ActError> {
    match store::report::by_code(tx, &hash(house, code))? {
        Some(id) => Ok(store::case::by_id(tx, id)?),
        None => Ok(None),
    }
}

/// The report that she made before, by the code that she got for it; it must lie with the same bureau.
pub(crate) fn earlier(tx: &mut Tx<'_>, house: &House, code: &str, bureau: i64) -> Result<CaseRow, ActError> {
    let no = |code: &str, why: &str| Err(ActError::field("earlier_code", code, why));
    match by_code(tx, house, code)? {
        Some(case) if case.state.bureau == bureau => Ok(case),
        Some(_) => no("earlier_code.elsewhere", "那一件由另一个局办理，这里不用填回执码"),
        None => no("earlier_code.unknown", "没有这个回执码，请核对；想不起来的可以不填"),
    }
}

/// What stands on the registration form where the reporter's data would be.
pub(crate) fn blanks(case: &CaseRow) -> Blanks {
    let words = match case.state.turns.reporting.named {
        Some(true) => "实名，另存身份密库",
        Some(false) => "匿名",
        None if case.state.turns.reporting.origin.is_some() => "无",
        None => "不在本件保存",
    };
    ["reporter_name", "reporter_phone", "reporter_address", "reporter_id_number"]
        .map(|it| (it, words.to_owned()))
        .into()
}

/// The officers ask her something, or tell her: she sees it with her code, nothing goes to an address.
pub fn ask(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    words: &str,
) -> Result<CaseRow, ActError> {
    let missing = "请写要问的话，例如“请补充过期食品放在哪个货架”";
    let words = said(words, missing)?;
    let act = Act::AskReporter { digest: digest(scene, number, &words) };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        Ok(store::report::write(tx, case.id, "officer", &words, scene.now).map(drop)?)
    })
}

/// She writes to the officers.
pub fn write(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    words: &str,
) -> Result<CaseRow, ActError> {
    let words = said(words, "请写要告诉承办人的话")?;
    let act = Act::WriteOfficers { digest: digest(scene, number, &words) };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        Ok(store::report::write(tx, case.id, "reporter", &words, scene.now).map(drop)?)
    })
}

/// What she wrote was read and needs no answer.
pub fn read(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, seen: Option<i64>) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let last = store::report::messages(tx, case.id)?.last().map_or(0, |message| message.id);
    record::act(tx, scene, number, seen, &Act::ReadReporter { last }, record::nothing_more, record::nothing_after)
}

/// The event names the words without holding them: what was written can be checked against it, and not be read from it.
pub(crate) fn digest(scene: Scene<'_>, number: &str, words: &str) -> String {
    scene.house.secret.hash("report-message", &format!("{number}\n{words}"))
}

pub(crate) fn said(words: &str, missing: &str) -> Result<String, ActError> {
    let text: String = words.trim().replace("\r\n", "\n");
    let too_long = text.chars().count() > WORDS_AT_MOST;
    Faults::default()
        .needed("words", &text, missing)
        .when(too_long, "words", "words.too_long", "请控制在 2000 个字以内")
        .done()?;
    Ok(text)
}
