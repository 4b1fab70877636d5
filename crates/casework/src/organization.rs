//! 机构: the tree of bureaus, centres and offices (1.1), changed by an administrator inside her own subtree.

use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use store::organization::OrganizationRow;
use store::{StoreError, Tx};

use crate::error::ActError;
use crate::house::{House, Scene};
use crate::staff;

/// Key in `store::installation`: codes of the divisions this installation was made for, joined by commas.
pub(crate) const REGIONS: &str = "regions";

/// What people may change of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// 全称.
    pub name: String,
    /// 简称, also before document numbers.
    pub short_name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Key of the overlay of promised limits, or nothing.
    pub overlay: Option<String>,
    /// Still working.
    pub active: bool,
}

/// The bureaus at the top of what this installation was made for; the roots when that is not known.
pub fn tops(tx: &mut Tx<'_>) -> Result<Vec<OrganizationRow>, StoreError> {
    let regions = store::installation::get(tx, REGIONS)?.unwrap_or_default();
    let mut tops = Vec::new();
    for code in regions.split(',').filter(|code| !code.is_empty()) {
        tops.extend(store::organization::by_region(tx, code, OrganizationKind::Bureau)?);
    }
    if tops.is_empty() { store::organization::roots(tx) } else { Ok(tops) }
}

/// The tops of an administrator's own subtrees: where her tree begins.
pub fn administered_tops(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<OrganizationRow>, ActError> {
    staff::require_administrator(scene)?;
    let crate::actor::Actor::Staff(person) = scene.actor else { return Ok(tops(tx)?) };
    let mut reaches: Vec<&str> = person
        .grants
        .iter()
        .filter(|grant| grant.role == domain::role::Role::Administrator)
        .map(|grant| grant.reach.as_str())
        .collect();
    reaches.sort_unstable();
    reaches.dedup_by(|inner, outer| inner.starts_with(*outer));
    let mut tops = Vec::new();
    for reach in reaches {
        let id = reach.trim_matches('/').rsplit('/').next().and_then(|id| id.parse().ok());
        if let Some(id) = id {
            tops.extend(store::organization::find(tx, id)?);
        }
    }
    Ok(tops)
}

/// The organisation of this name inside the administrator's subtree, by its full name.
pub fn by_name(tx: &mut Tx<'_>, scene: Scene<'_>, name: &str) -> Result<i64, ActError> {
    const LOOKED_AT: i64 = 50;
    let name = name.trim();
    let mut found = Vec::new();
    for top in administered_tops(tx, scene)? {
        let like = store::organization::search(tx, &top.path, name, LOOKED_AT)?;
        found.extend(like.into_iter().filter(|place| place.active && place.name == name).map(|place| place.id));
    }
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(ActError::field("to", "account.place", "没有找到这个机构，请写全称，例如“金水区市场监督管理局”")),
        _ => Err(ActError::field("to", "account.place", "有几个机构叫这个名字，请先在机构页面上区分它们的名称")),
    }
}

/// Changes an organisation; `version` is the one on the page.
pub fn change(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, version: i64, change: &Change) -> Result<(), ActError> {
    let before = staff::administered(tx, scene, id)?;
    let changed = checked(scene.house, &before, change)?;
    if !changed.active && before.active {
        refuse_while_in_use(tx, &before)?;
    }
    refuse_same_name(tx, &changed)?;
    if !store::organization::update(tx, &OrganizationRow { version, ..changed })? {
        return Err(ActError::Conflict { since: "别人修改过这个机构".to_owned() });
    }
    staff::note(tx, scene, &format!("修改机构：{}", before.name))
}

/// Adds an office or a station under a bureau or an office, or a centre that a bureau lacks.
pub fn add(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    parent_id: i64,
    kind: OrganizationKind,
    region_code: &str,
    change: &Change,
) -> Result<OrganizationRow, ActError> {
    let parent = staff::administered(tx, scene, parent_id)?;
    check_place(tx, &parent, kind)?;
    let region = RegionCode::parse(if region_code.trim().is_empty() { &parent.region_code } else { region_code })
        .map_err(|error| ActError::field("region_code", "organization.region", error.to_string()))?;
    let new = OrganizationRow {
        id: 0,
        parent_id: Some(parent.id),
        kind,
        level: region.level().key().to_owned(),
        region_code: region.as_str().to_owned(),
        name: String::new(),
        short_name: String::new(),
        bureau_id: None,
        path: String::new(),
        reach: String::new(),
        phone: String::new(),
        address: String::new(),
        overlay: parent.overlay.clone(),
        active: true,
        version: 1,
    };
    let new = checked(scene.house, &new, change)?;
    refuse_same_name(tx, &new)?;
    let added = store::organization::insert(tx, Some(&parent), new)?;
    staff::note(tx, scene, &format!("新增机构：{}", added.name))?;
    Ok(added)
}

/// The kinds that may be added under an organisation.
pub fn kinds_below(parent: OrganizationKind) -> &'static [OrganizationKind] {
    match parent {
        OrganizationKind::Bureau => &[OrganizationKind::Office, OrganizationKind::Centre, OrganizationKind::Bureau],
        OrganizationKind::Office => &[OrganizationKind::Station],
        OrganizationKind::Centre | OrganizationKind::Station => &[],
    }
}

/// What an organisation would be after a change, if the change can be taken; every fault at once.
pub(crate) fn checked(house: &House, before: &OrganizationRow, change: &Change) -> Result<OrganizationRow, ActError> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, message: String| {
        faults.push(domain::filing::FieldError { code: code.to_owned(), message, field: field.to_owned() });
    };
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, short_name) = (tidy(&change.name), tidy(&change.short_name));
    if name.is_empty() || name.chars().count() > 60 {
        fault("name", "organization.name", "请填写全称，60 个字以内".to_owned());
    }
    if short_name.is_empty() || short_name.chars().count() > 20 {
        fault("short_name", "organization.short_name", "请填写简称，20 个字以内，例如“二七”".to_owned());
    }
    let (phone, address) = (tidy(&change.phone), tidy(&change.address));
    if phone.chars().any(|letter| !(letter.is_ascii_digit() || "-+() 、/转".contains(letter)))
        || phone.chars().count() > 60
    {
        fault("phone", "organization.phone", "电话请只写数字和横线，例如 0371-68123456".to_owned());
    }
    if address.chars().count() > 120 {
        fault("address", "organization.address", "地址请写在 120 个字以内".to_owned());
    }
    let overlay = change.overlay.as_deref().map(str::trim).filter(|key| !key.is_empty());
    if let Some(key) = overlay.filter(|key| !overlays(house).any(|(known, _)| known == *key)) {
        fault("overlay", "organization.overlay", format!("没有“{key}”这套承诺时限，请从列表中选择"));
    }
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let overlay = overlay.map(str::to_owned);
    Ok(OrganizationRow { name, short_name, phone, address, overlay, active: change.active, ..before.clone() })
}

/// The overlays of promised limits that an organisation may follow: key and title.
pub fn overlays(house: &House) -> impl Iterator<Item = (&str, &str)> {
    let overlays = house.book.all().iter().filter(|set| set.layer == domain::rule_set::Layer::Overlay);
    overlays.map(|set| (set.key.as_str(), set.title.as_str()))
}

pub(crate) fn check_place(tx: &mut Tx<'_>, parent: &OrganizationRow, kind: OrganizationKind) -> Result<(), ActError> {
    if !kinds_below(parent.kind).contains(&kind) {
        let sentence = format!("“{}”下面不能设{}", parent.name, kind.label());
        return Err(ActError::field("kind", "organization.place", sentence));
    }
    if kind == OrganizationKind::Centre && !store::organization::of_bureau(tx, parent.id, kind)?.is_empty() {
        return Err(ActError::field("kind", "organization.second_centre", "这个局已经有 12315 中心，一个局只设一个"));
    }
    Ok(())
}

fn refuse_same_name(tx: &mut Tx<'_>, organization: &OrganizationRow) -> Result<(), ActError> {
    let siblings = match organization.parent_id {
        Some(parent) => store::organization::children(tx, parent)?,
        None => store::organization::roots(tx)?,
    };
    let same = |other: &OrganizationRow| {
        other.id != organization.id && other.kind == organization.kind && other.name == organization.name
    };
    if siblings.iter().any(same) {
        return Err(ActError::field("name", "organization.name_taken", "同一上级下已有同名机构，请换一个名称"));
    }
    Ok(())
}

/// An organisation with people or with parts of its own that work is not closed.
fn refuse_while_in_use(tx: &mut Tx<'_>, organization: &OrganizationRow) -> Result<(), ActError> {
    let people = store::account::at_organization(tx, organization.id)?.iter().filter(|account| account.active).count();
    let below = store::organization::children(tx, organization.id)?.iter().filter(|child| child.active).count();
    let unit = store::queue::View::Unit(organization.id);
    let open = store::queue::count(tx, &unit, &store::queue::Filter::default(), 10_000)?;
    let reason = match (people, below, open) {
        (0, 0, 0) => return Ok(()),
        (_, _, 1..) => format!("还有 {open} 件未办结的案件，请先改派或办结"),
        (1.., _, _) => format!("还有 {people} 个在用的账号，请先停用或调走"),
        _ => format!("下面还有 {below} 个在用的机构，请先停用它们"),
    };
    Err(ActError::field("active", "organization.in_use", format!("“{}”{reason}，再停用机构。", organization.name)))
}
