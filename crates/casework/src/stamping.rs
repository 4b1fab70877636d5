//! 电子印章 and the bureau's certificate: what an issued paper bears. A seal is a picture that the security administrator puts in
//! force; a certificate is a PKCS#12 file in the data folder, with its password in a file beside it and nowhere else.

use std::collections::BTreeMap;
use std::path::Path;

use documents::sign::Signer;
use documents::stamp;
use domain::organization::OrganizationKind;
use domain::role::Role;
use jiff::Timestamp;
use store::Tx;
use store::bureau_seal::BureauSealRow;
use store::organization::OrganizationRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::filing;
use crate::house::{House, Scene};
use crate::staff;

/// How wide a seal may be on paper, in millimetres.
const WIDTHS: std::ops::RangeInclusive<i64> = 20..=60;
/// Bytes a picture of a seal may have.
pub const SEAL_BYTES_AT_MOST: usize = 512 * 1024;

/// Who may look at what a bureau's papers bear: both administrators, each changing her own part.
const LOOKERS: [Role; 2] = [Role::Administrator, Role::SecurityAdministrator];

/// The bureaus whose papers she keeps, by a part of their name; at most so many.
pub fn bureaus(tx: &mut Tx<'_>, scene: Scene<'_>, part: &str, at_most: i64) -> Result<Vec<OrganizationRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut reaches: Vec<&str> =
        person.grants.iter().filter(|grant| LOOKERS.contains(&grant.role)).map(|grant| grant.reach.as_str()).collect();
    if reaches.is_empty() {
        return Err(ActError::Forbidden);
    }
    reaches.sort_unstable();
    reaches.dedup_by(|inner, outer| inner.starts_with(*outer));
    let mut found = Vec::new();
    for reach in reaches {
        found.extend(store::organization::search(tx, reach, part.trim(), at_most)?);
    }
    found.retain(|row| row.kind == OrganizationKind::Bureau && row.active);
    found.dedup_by_key(|row| row.id);
    Ok(found)
}

/// The bureau, if its papers are hers to keep.
pub fn bureau(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<OrganizationRow, ActError> {
    staff::reached(tx, scene, &LOOKERS, id)
}

/// Whether she may put a seal in force there.
pub fn keeps_seal(scene: Scene<'_>, bureau: &OrganizationRow) -> bool {
    staff::reaches(scene.actor, &[Role::SecurityAdministrator], bureau)
}

/// Whether she may say how its numbers are written.
pub fn keeps_style(scene: Scene<'_>, bureau: &OrganizationRow) -> bool {
    staff::reaches(scene.actor, &[Role::Administrator], bureau)
}

/// A picture that is fit to be a seal, as it is kept, with its height on paper; otherwise what is wrong with it.
pub fn judged(bytes: &[u8], width_mm: i64) -> Result<i64, ActError> {
    let size = stamp::seal(bytes);
    Faults::default()
        .when(bytes.is_empty(), "picture", "seal.missing", "请选择印章图片")
        .when(bytes.len() > SEAL_BYTES_AT_MOST, "picture", "seal.too_large", "印章图片请不超过 512 KB")
        .when(
            !bytes.is_empty() && size.is_none(),
            "picture",
            "seal.kind",
            "请用背景透明的 PNG 图片，边长 200 到 3000 像素，否则会盖住文字",
        )
        .when(!WIDTHS.contains(&width_mm), "width", "seal.width", "印章宽度请填 20 到 60 毫米，例如 42")
        .done()?;
    let (width, height) = size.unwrap_or((1, 1));
    Ok((width_mm * i64::from(height) + i64::from(width) / 2) / i64::from(width))
}

/// Puts a seal in force, in the place of the one before. The bytes are kept already.
pub fn put_seal(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    bureau_id: i64,
    sha256: &str,
    size_mm: (i64, i64),
) -> Result<(), ActError> {
    let bureau = staff::reached(tx, scene, &[Role::SecurityAdministrator], bureau_id)?;
    store::bureau_seal::end(tx, bureau.id, scene.actor.id(), scene.now)?;
    let row = BureauSealRow {
        id: 0,
        organization_id: bureau.id,
        sha256: sha256.to_owned(),
        width_mm: size_mm.0,
        height_mm: size_mm.1,
        added_at: scene.now,
        added_by: scene.actor.id(),
        ended_at: None,
    };
    store::bureau_seal::insert(tx, &row)?;
    staff::note(tx, scene, &format!("启用电子印章：{}", bureau.name))
}

/// Ends the seal in force; papers issued from now on bear none.
pub fn end_seal(tx: &mut Tx<'_>, scene: Scene<'_>, bureau_id: i64) -> Result<(), ActError> {
    let bureau = staff::reached(tx, scene, &[Role::SecurityAdministrator], bureau_id)?;
    if !store::bureau_seal::end(tx, bureau.id, scene.actor.id(), scene.now)? {
        return Err(ActError::Conflict { since: "这枚印章已经停用".to_owned() });
    }
    staff::note(tx, scene, &format!("停用电子印章：{}", bureau.name))
}

/// The seal of a bureau at a moment: a paper keeps the one under which it was issued.
pub(crate) fn seal_at(tx: &mut Tx<'_>, bureau: i64, at: Timestamp) -> Result<Option<BureauSealRow>, ActError> {
    let mut seals = store::bureau_seal::of_bureau(tx, bureau)?.into_iter();
    Ok(seals.find(|seal| seal.added_at <= at && seal.ended_at.is_none_or(|ended| ended > at)))
}

/// The certificates in the data folder: `signing/410103.p12` for the bureau of that division, its password in
/// `signing/410103.password`.
#[derive(Debug, Default)]
pub struct Signers(BTreeMap<String, Result<Signer, String>>);

impl Signers {
    /// Reads what lies in the folder.
    pub fn of_folder(folder: &Path) -> Self {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let certificates =
            files.filter(|path| path.extension().is_some_and(|ending| ending == "p12" || ending == "pfx"));
        let read = |path: std::path::PathBuf| {
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (name, signer(&path))
        };
        Self(certificates.map(read).collect())
    }

    /// That of a bureau, when there is a good one.
    pub fn of(&self, bureau: &OrganizationRow) -> Option<&Signer> {
        self.0.get(&filing::region6(bureau)).and_then(|signer| signer.as_ref().ok())
    }

    /// All of them by division, and why one cannot be used.
    pub fn all(&self) -> impl Iterator<Item = (&str, Result<&Signer, &str>)> {
        self.0.iter().map(|(region, signer)| (region.as_str(), signer.as_ref().map_err(String::as_str)))
    }
}

fn signer(path: &Path) -> Result<Signer, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let beside = path.with_extension("password");
    let password =
        std::fs::read_to_string(&beside).map_err(|error| format!("口令文件 {}：{error}", beside.display()))?;
    Signer::from_pkcs12(&bytes, password.trim_end_matches(['\r', '\n'])).map_err(|error| error.to_string())
}

impl House {
    /// The certificates with which papers are signed.
    pub fn signers(&self) -> &Signers {
        self.signers.get_or_init(|| Signers::of_folder(&self.settings.data.join("signing")))
    }
}
