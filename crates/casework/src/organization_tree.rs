//! The tree that a new installation begins with: a bureau and its 12315 centre for each division, an office for each township.

use std::collections::HashMap;

use domain::divisions::{self, Division};
use domain::organization::OrganizationKind;
use domain::region_code::{Level, RegionCode};
use store::organization::OrganizationRow;
use store::{StoreError, Tx};

use crate::error::ActError;
use crate::house::Scene;
use crate::organization::REGIONS;
use crate::organization_name::{centre_name, name_of};
use crate::staff;

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    /// Bureaus made.
    pub bureaus: usize,
    /// Centres made.
    pub centres: usize,
    /// Offices made.
    pub offices: usize,
    /// Those that were there already.
    pub kept: usize,
}

/// The divisions a tree can begin with do not include this one.
fn unknown(region: &RegionCode) -> ActError {
    ActError::field(
        "region",
        "organization.unknown_region",
        format!("没有行政区划代码 {region}。请写省、市、县（区）的六位代码，例如 410103，或用 000000 表示全国。"),
    )
}

/// Makes the tree of a division: its bureaus with their centres, the offices of its townships, and above it the superiors as plain
/// bureaus. What is there already stays as people made it. `overlay` is a key of an overlay of promised limits.
pub fn plant(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    region: &RegionCode,
    overlay: Option<&str>,
) -> Result<Planted, ActError> {
    staff::require_installation(tx, scene)?;
    if let Some(key) = overlay.filter(|key| !crate::organization::overlays(scene.house).any(|(known, _)| known == *key))
    {
        return Err(ActError::field("overlay", "organization.overlay", format!("没有“{key}”这套承诺时限。")));
    }
    let all = divisions::all();
    let by_code: HashMap<&str, &Division> = all.iter().map(|division| (division.code.as_str(), division)).collect();
    let top = by_code.get(region.as_str()).filter(|top| top.level != Level::Township).ok_or_else(|| unknown(region))?;
    let (known, overlay) = (present(tx)?, overlay.map(str::to_owned));
    let mut tree = Tree { known, overlay, planted: Planted::default(), leaves: Vec::new() };
    for division in superiors(top, &by_code) {
        tree.bureau(tx, division, &by_code)?;
    }
    for division in all.iter().filter(|division| lies_in(division, top, &by_code)) {
        if division.level == Level::Township {
            tree.office(division, &by_code);
        } else {
            let bureau = tree.bureau(tx, division, &by_code)?;
            tree.centre(division, &bureau);
        }
    }
    store::organization::insert_leaves(tx, &tree.leaves)?;
    remember(tx, region)?;
    Ok(tree.planted)
}

struct Tree {
    known: HashMap<(String, OrganizationKind), OrganizationRow>,
    overlay: Option<String>,
    planted: Planted,
    /// Centres and offices: nothing lies under them, so they are written together at the end.
    leaves: Vec<OrganizationRow>,
}

impl Tree {
    fn bureau(
        &mut self,
        tx: &mut Tx<'_>,
        division: &Division,
        by_code: &HashMap<&str, &Division>,
    ) -> Result<OrganizationRow, StoreError> {
        if let Some(bureau) = self.kept(division, OrganizationKind::Bureau) {
            return Ok(bureau);
        }
        let above = by_code.get(division.parent.as_str()).copied();
        let parent = above.and_then(|above| self.get(above, OrganizationKind::Bureau));
        let (name, short_name) = name_of(division, above);
        self.planted.bureaus += 1;
        self.insert(tx, division, OrganizationKind::Bureau, parent.as_ref(), name, short_name)
    }

    fn centre(&mut self, division: &Division, bureau: &OrganizationRow) {
        if self.kept(division, OrganizationKind::Centre).is_some() {
            return;
        }
        self.planted.centres += 1;
        let (name, short_name) = centre_name(bureau);
        self.leaf(division, OrganizationKind::Centre, bureau, name, short_name);
    }

    fn office(&mut self, division: &Division, by_code: &HashMap<&str, &Division>) {
        if self.kept(division, OrganizationKind::Office).is_some() {
            return;
        }
        let above = by_code.get(division.parent.as_str()).copied();
        let Some(bureau) = above.and_then(|above| self.get(above, OrganizationKind::Bureau)) else { return };
        let (name, short_name) = name_of(division, above);
        self.planted.offices += 1;
        self.leaf(division, OrganizationKind::Office, &bureau, name, short_name);
    }

    fn get(&self, division: &Division, kind: OrganizationKind) -> Option<OrganizationRow> {
        self.known.get(&(division.code.clone(), kind)).cloned()
    }

    fn kept(&mut self, division: &Division, kind: OrganizationKind) -> Option<OrganizationRow> {
        let kept = self.get(division, kind);
        self.planted.kept += usize::from(kept.is_some());
        kept
    }

    fn insert(
        &mut self,
        tx: &mut Tx<'_>,
        division: &Division,
        kind: OrganizationKind,
        parent: Option<&OrganizationRow>,
        name: String,
        short_name: String,
    ) -> Result<OrganizationRow, StoreError> {
        let row = store::organization::insert(tx, parent, self.unwritten(division, kind, name, short_name))?;
        self.known.insert((division.code.clone(), kind), row.clone());
        Ok(row)
    }

    fn leaf(
        &mut self,
        division: &Division,
        kind: OrganizationKind,
        bureau: &OrganizationRow,
        name: String,
        short_name: String,
    ) {
        let (parent_id, bureau_id) = (Some(bureau.id), bureau.bureau_id);
        let new = self.unwritten(division, kind, name, short_name);
        self.leaves.push(OrganizationRow { parent_id, bureau_id, ..new });
    }

    fn unwritten(
        &self,
        division: &Division,
        kind: OrganizationKind,
        name: String,
        short_name: String,
    ) -> OrganizationRow {
        OrganizationRow {
            id: 0,
            parent_id: None,
            kind,
            level: division.level.key().to_owned(),
            region_code: division.code.clone(),
            name,
            short_name,
            bureau_id: None,
            path: String::new(),
            reach: String::new(),
            phone: String::new(),
            address: String::new(),
            overlay: self.overlay.clone(),
            active: true,
            version: 1,
        }
    }
}

/// What is there already, by division and kind; of several offices in a township the first.
fn present(tx: &mut Tx<'_>) -> Result<HashMap<(String, OrganizationKind), OrganizationRow>, StoreError> {
    const AT_ONCE: i64 = 5_000;
    let (mut known, mut last) = (HashMap::new(), 0);
    loop {
        let rows = store::organization::after(tx, last, AT_ONCE)?;
        let Some(end) = rows.last() else { return Ok(known) };
        last = end.id;
        for row in rows {
            known.entry((row.region_code.clone(), row.kind)).or_insert(row);
        }
    }
}

/// Those above a division, the nation first.
fn superiors<'a>(division: &Division, by_code: &HashMap<&str, &'a Division>) -> Vec<&'a Division> {
    let mut above = Vec::new();
    let mut code = division.parent.as_str();
    while let Some(next) = by_code.get(code) {
        above.push(*next);
        code = next.parent.as_str();
    }
    above.reverse();
    above
}

fn lies_in(division: &Division, top: &Division, by_code: &HashMap<&str, &Division>) -> bool {
    let mut here = division;
    loop {
        if here.code == top.code {
            return true;
        }
        match by_code.get(here.parent.as_str()) {
            Some(above) => here = above,
            None => return false,
        }
    }
}

/// Keeps for what this installation was made: the division, instead of any that lies inside it.
fn remember(tx: &mut Tx<'_>, region: &RegionCode) -> Result<(), StoreError> {
    let kept = store::installation::get(tx, REGIONS)?.unwrap_or_default();
    let mut regions: Vec<RegionCode> = kept.split(',').filter_map(|code| RegionCode::parse(code).ok()).collect();
    if !regions.iter().any(|known| known.contains(region)) {
        regions.retain(|known| !region.contains(known));
        regions.push(region.clone());
        let codes: Vec<_> = regions.iter().map(RegionCode::as_str).collect();
        store::installation::put(tx, REGIONS, &codes.join(","))?;
    }
    Ok(())
}
