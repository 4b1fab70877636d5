//! 签名: who a paper is about signs it — on the office's screen, on her own telephone by a link and a code that go different ways,
//! or on the printed page, which is then scanned.

use documents::stamp;
use domain::issuing::SignatureWay;
use domain::letter::Signature;
use domain::role::Role;
use jiff::SignedDuration;
use store::Tx;
use store::case::CaseRow;
use store::paper::PaperRow;
use store::signature::{LinkRow, SignatureRow};

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::{House, Scene};
use crate::{letters, record, staff};

/// How long a link lasts.
pub const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Wrong codes before a link is of no more use.
const TRIES: i64 = 5;

/// A place to sign, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which one, from 0.
    pub index: i64,
    /// The printed label and whether a date stands beside it.
    pub printed: Signature,
    /// Who signed there.
    pub signed: Option<SignatureRow>,
}

/// The places of a paper.
pub fn places(tx: &mut Tx<'_>, paper: &PaperRow) -> Result<Vec<Place>, ActError> {
    let printed = letters::read(paper).map(|kept| kept.signatures).unwrap_or_default();
    let signed = store::signature::of_paper(tx, paper.id)?;
    let place = |(index, printed): (usize, Signature)| Place {
        index: index as i64,
        printed,
        signed: signed.iter().find(|row| row.place == index as i64).cloned(),
    };
    Ok(printed.into_iter().enumerate().map(place).collect())
}

/// Whether a drawn signature is one: some ink on a clear ground.
pub fn is_drawn(png: &[u8]) -> bool {
    stamp::signature(png).is_some()
}

/// Who takes signatures beside the officers in charge: whoever stands before the parties, or hands them their papers.
const TAKERS: [Role; 4] = [Role::IntakeAgent, Role::ShiftLead, Role::DutyDirector, Role::Dispatcher];

/// Whether she may have a paper of this case signed: whoever has it in hand.
pub fn may_take(scene: Scene<'_>, case: &CaseRow) -> bool {
    let standing = scene.actor.standing(case);
    standing.assigned || TAKERS.iter().any(|role| standing.roles.contains(role))
}

/// A paper of hers with an unsigned place; everything else is refused with its reason.
fn to_sign(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, paper: i64, place: i64) -> Result<PaperRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    if !may_take(scene, &case) {
        return Err(ActError::Forbidden);
    }
    let paper = store::paper::find(tx, case.id, paper)?.ok_or(ActError::NotFound)?;
    unsigned(tx, &paper, place)?;
    Ok(paper)
}

fn unsigned(tx: &mut Tx<'_>, paper: &PaperRow, place: i64) -> Result<(), ActError> {
    let places = places(tx, paper)?;
    let there = places.iter().find(|it| it.index == place).ok_or(ActError::NotFound)?;
    let voided = store::number::of_paper(tx, paper.id)?.is_some_and(|(_, voided)| voided.is_some());
    Faults::default()
        .when(there.signed.is_some(), "signature", "signature.there", "这里已经签过名")
        .when(voided, "signature", "paper.voided", "这份文书已经作废，不能再签名")
        .done()
}

/// Keeps a signature that staff took: drawn before her, or the signed page as scanned. The bytes are kept already.
pub fn take(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    (paper_id, place): (i64, i64),
    way: SignatureWay,
    file: (&str, &str),
) -> Result<(), ActError> {
    let paper = to_sign(tx, scene, number, paper_id, place)?;
    keep(tx, scene, &paper, place, way, file)?;
    staff::note(tx, scene, &format!("取得签名（{}）：{} {}", way.label(), number, paper.title))
}

fn keep(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    paper: &PaperRow,
    place: i64,
    way: SignatureWay,
    (sha256, media_type): (&str, &str),
) -> Result<(), ActError> {
    let row = SignatureRow {
        paper_id: paper.id,
        place,
        way: way.key().to_owned(),
        sha256: sha256.to_owned(),
        media_type: media_type.to_owned(),
        signed_at: scene.now,
        taken_by: scene.actor.id().filter(|_| scene.actor.kind() == "staff"),
    };
    let first = store::signature::insert(tx, &row)?;
    if first { Ok(()) } else { Err(ActError::Conflict { since: "这里已经签过名".to_owned() }) }
}

/// A link just made: what is told to whom, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What stands in its address.
    pub token: String,
    /// The code, to be told another way.
    pub code: String,
}

/// Makes a link for one place; one made before for it ends.
pub fn open_link(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    (paper_id, place): (i64, i64),
    fresh: [u8; 24],
) -> Result<Opened, ActError> {
    let paper = to_sign(tx, scene, number, paper_id, place)?;
    let token = domain::chain::hex(&fresh[..16]);
    let chosen = fresh[16..].iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let code = format!("{:06}", chosen % 1_000_000);
    let link = LinkRow {
        token_hash: token_hash(scene.house, &token),
        paper_id: paper.id,
        place,
        code_hash: code_hash(scene.house, &token, &code),
        tries_left: TRIES,
        ends_at: scene.now + LINK_LASTS,
        made_by: scene.actor.id(),
    };
    store::signature::open_link(tx, &link, scene.now)?;
    staff::note(tx, scene, &format!("发出手机签名链接：{} {}", number, paper.title))?;
    Ok(Opened { token, code })
}

fn token_hash(house: &House, token: &str) -> String {
    house.secret.hash("signing-link", token)
}

fn code_hash(house: &House, token: &str, code: &str) -> String {
    house.secret.hash("signing-code", &format!("{token}:{code}"))
}

/// Whether there is such a link, and it is still good.
pub fn is_open(tx: &mut Tx<'_>, scene: Scene<'_>, token: &str) -> Result<bool, ActError> {
    Ok(store::signature::link(tx, &token_hash(scene.house, token), scene.now)?.is_some())
}

/// The paper and the place behind a link, for whoever knows its code; none for a wrong code, which costs a try.
pub fn behind(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    token: &str,
    code: &str,
) -> Result<Option<(PaperRow, Place)>, ActError> {
    let hash = token_hash(scene.house, token);
    let link = store::signature::link(tx, &hash, scene.now)?.ok_or(ActError::NotFound)?;
    if !scene.house.secret.verifies("signing-code", &format!("{token}:{}", code.trim()), &link.code_hash) {
        store::signature::miss(tx, &hash)?;
        return Ok(None);
    }
    let (_, paper) = store::paper::by_id(tx, link.paper_id)?.ok_or(ActError::NotFound)?;
    let place = places(tx, &paper)?.into_iter().find(|place| place.index == link.place).ok_or(ActError::NotFound)?;
    Ok(Some((paper, place)))
}

/// Signs by a link, which is then used up; `false` for a wrong code. The picture is kept already.
pub fn sign(tx: &mut Tx<'_>, scene: Scene<'_>, token: &str, code: &str, sha256: &str) -> Result<bool, ActError> {
    let Some((paper, place)) = behind(tx, scene, token, code)? else { return Ok(false) };
    unsigned(tx, &paper, place.index)?;
    if !store::signature::use_up(tx, &token_hash(scene.house, token), scene.now)? {
        return Err(ActError::NotFound);
    }
    keep(tx, scene, &paper, place.index, SignatureWay::Phone, (sha256, "image/png"))?;
    Ok(true)
}
