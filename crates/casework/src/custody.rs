//! 保管记录: what becomes of an original after it came in. The bytes never change; who saw them, took them out, copied them or
//! checked them is kept with each file (regulations.md §6.2; catalogue 3.12).

use domain::audit::AuditKind;
use domain::custody::Custody;
use store::Tx;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::custody::CustodyRow;
use store::derived_copy::CopyRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{copies, record};

/// A file of evidence with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its case.
    pub case: CaseRow,
    /// The file as it came: the hash in it is that of its arrival.
    pub file: AttachmentRow,
    /// What happened, oldest first.
    pub record: Vec<CustodyRow>,
    /// The copies made of it, oldest first.
    pub copies: Vec<CopyRow>,
    /// Whether it counts as showing personal data: yes, until somebody looked and said that it does not.
    pub personal: bool,
}

/// The file with its record; `NotFound` when she may not know of the case.
pub fn kept(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, id: i64) -> Result<Kept, ActError> {
    let case = record::readable(tx, scene, number)?;
    let file = store::attachment::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
    let mut record = store::custody::of_case(tx, case.id)?;
    record.retain(|row| row.attachment_id == id);
    let mut copies = store::derived_copy::of_case(tx, case.id)?;
    let source = copies::Source::File(id).key();
    copies.retain(|copy| copy.source == source);
    let personal = is_personal(&record, id);
    Ok(Kept { case, file, record, copies, personal })
}

/// Whether a file counts as showing personal data, by what was said last.
pub(crate) fn is_personal(record: &[CustodyRow], id: i64) -> bool {
    let said = record.iter().filter(|row| row.attachment_id == id);
    let mut said = said.filter_map(|row| Custody::from_key(&row.what)?.says_personal());
    said.next_back().unwrap_or(true)
}

/// Keeps that she saw it on a page.
pub fn view(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, id: i64) -> Result<AttachmentRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let file = store::attachment::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
    note(tx, scene, id, Custody::Viewed, "办理案件")?;
    Ok(file)
}

/// Takes the original out. Where it shows personal data, she says why, and the auditor sees it too (11.3).
pub fn take_out(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    id: i64,
    reason: &str,
) -> Result<AttachmentRow, ActError> {
    let kept = kept(tx, scene, number, id)?;
    let reason = reason.trim();
    if kept.personal {
        let too_long = reason.chars().count() > REASON_AT_MOST;
        Faults::default()
            .needed("reason", reason, "请写明为什么要取出原件，例如“送检验机构鉴定”")
            .when(too_long, "reason", "reason.too_long", "请控制在 200 个字以内")
            .done()?;
        let what = format!("取出证据原件：{}", kept.file.name);
        store::access::record(tx, scene.now, AuditKind::Download, scene.actor.id(), Some(kept.case.id), &what, reason)?;
    }
    note(tx, scene, id, Custody::Downloaded, reason)?;
    Ok(kept.file)
}

/// Characters a reason may have.
const REASON_AT_MOST: usize = 200;

/// Keeps whether it shows personal data, as she sees it.
pub fn judge(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, id: i64, personal: bool) -> Result<(), ActError> {
    let kept = kept(tx, scene, number, id)?;
    if kept.personal == personal && kept.record.iter().any(|row| says(row).is_some()) {
        return Ok(());
    }
    note(tx, scene, id, if personal { Custody::Personal } else { Custody::Impersonal }, "")
}

fn says(row: &CustodyRow) -> Option<bool> {
    Custody::from_key(&row.what)?.says_personal()
}

/// Keeps what a check of the bytes found: their hash now, nothing when they are gone. Tells whether it is that of the arrival.
pub fn check(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, id: i64, found: Option<&str>) -> Result<bool, ActError> {
    let file = kept(tx, scene, number, id)?.file;
    let same = found == Some(file.sha256.as_str());
    let (what, words) = match found {
        Some(_) if same => (Custody::Verified, String::new()),
        Some(found) => (Custody::Differs, format!("现在的指纹是 {found}")),
        None => (Custody::Differs, "文件不在数据目录里".to_owned()),
    };
    note(tx, scene, id, what, &words)?;
    Ok(same)
}

/// Adds to the record of a file.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    attachment_id: i64,
    what: Custody,
    words: &str,
) -> Result<(), ActError> {
    let account_id = scene.actor.id().filter(|_| scene.actor.kind() == "staff");
    let (what, words) = (what.key().to_owned(), words.to_owned());
    let row = CustodyRow { attachment_id, at: scene.now, what, account_id, account_name: None, words };
    Ok(store::custody::insert(tx, &row)?)
}
