//! 通讯录: bodies outside the bureaus, those of the whole country (`regulations/bodies.toml`) and those that a bureau adds for
//! itself and the bureaus beneath it (catalogue 4.3).

use std::collections::BTreeMap;

use domain::act::Act;
use domain::action::Action;
use domain::bodies;
use domain::organization::OrganizationKind;
use store::Tx;
use store::body::BodyRow;
use store::event::EventRow;
use store::organization::OrganizationRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::staff;

/// 其他部门: those to which a matter is referred.
pub const DEPARTMENT: &str = "department";
/// 消费者协会、调解组织: those to which a mediation is delegated.
pub const MEDIATION: &str = "mediation";
/// 鉴定、检测机构.
pub const APPRAISAL: &str = "appraisal";

/// The kinds of body: key and Chinese name.
pub const KINDS: [(&str, &str); 3] =
    [(DEPARTMENT, "其他部门"), (MEDIATION, "消费者协会、调解组织"), (APPRAISAL, "鉴定、检测机构")];

/// What the key of a bureau's own entry begins with.
const OWN: &str = "body-";

/// A body that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key that an act keeps.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The number people call.
    pub phone: String,
    /// Where it is, or empty.
    pub address: String,
    /// What it handles.
    pub matters: String,
}

impl From<BodyRow> for Entry {
    fn from(row: BodyRow) -> Entry {
        let BodyRow { id, name, phone, address, matters, .. } = row;
        Entry { key: format!("{OWN}{id}"), name, phone, address, matters }
    }
}

impl From<&bodies::Body> for Entry {
    fn from(body: &bodies::Body) -> Entry {
        let bodies::Body { key, name, phone, matters, .. } = body.clone();
        Entry { key, name, phone, address: String::new(), matters }
    }
}

/// The bodies of a kind from which a bureau chooses: its own and those of the bureaus above it, then those of the whole country.
pub fn of(tx: &mut Tx<'_>, bureau: i64, kind: &str) -> Result<Vec<Entry>, ActError> {
    let bureaus = up_from(tx, bureau)?;
    let own = store::body::of_bureaus(tx, &bureaus)?;
    let mut entries: Vec<Entry> =
        own.into_iter().filter(|row| row.active && row.kind == kind).map(Entry::from).collect();
    if kind == DEPARTMENT {
        entries.extend(bodies::all().iter().map(Entry::from));
    }
    Ok(entries)
}

/// The body that an act names, also when it can no longer be chosen.
pub fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Entry>, ActError> {
    match key.strip_prefix(OWN).map(str::parse) {
        Some(Ok(id)) => Ok(store::body::find(tx, id)?.map(Entry::from)),
        _ => Ok(bodies::find(key).map(Entry::from)),
    }
}

/// Names and telephones of the bodies that the acts of a case name.
pub(crate) fn named_by(tx: &mut Tx<'_>, events: &[EventRow]) -> Result<BTreeMap<String, (String, String)>, ActError> {
    let mut named = BTreeMap::new();
    let referrals = [Action::ProposeReferral.key(), Action::ApproveReferral.key()];
    for event in events.iter().filter(|event| referrals.contains(&event.act.as_str())) {
        if let Ok(Act::ProposeReferral { body, .. } | Act::ApproveReferral { body, .. }) =
            serde_json::from_str(&event.data)
            && let Some(entry) = find(tx, &body)?
        {
            named.insert(body, (entry.name, entry.phone));
        }
    }
    Ok(named)
}

/// The bureau and those above it.
fn up_from(tx: &mut Tx<'_>, bureau: i64) -> Result<Vec<i64>, ActError> {
    let (mut bureaus, mut next) = (Vec::new(), Some(bureau));
    while let Some(id) = next {
        bureaus.push(id);
        next = store::organization::find(tx, id)?.and_then(|it| it.parent_id);
    }
    Ok(bureaus)
}

/// What an administrator types about a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Key of the kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The number people call.
    pub phone: String,
    /// Where it is.
    pub address: String,
    /// What it handles.
    pub matters: String,
}

/// The bureau of whose entries she is the administrator, with the entries, inactive ones too.
pub fn administered(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    bureau: i64,
) -> Result<(OrganizationRow, Vec<BodyRow>), ActError> {
    let bureau = staff::administered(tx, scene, bureau)?;
    if bureau.kind != OrganizationKind::Bureau {
        return Err(ActError::NotFound);
    }
    let rows = store::body::of_bureaus(tx, &[bureau.id])?;
    Ok((bureau, rows))
}

/// Adds an entry; what is there already under the same name is not added twice.
pub fn add(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: i64, typed: &Typed) -> Result<i64, ActError> {
    let (bureau, rows) = administered(tx, scene, bureau)?;
    let new = BodyRow { bureau_id: bureau.id, active: true, ..row_of(typed) };
    let known = rows.iter().find(|row| row.kind == new.kind && row.name == new.name);
    if let Some(known) = known
        && (&known.phone, &known.address, &known.matters) == (&new.phone, &new.address, &new.matters)
    {
        return Ok(known.id);
    }
    faults(&new, known.is_some())?;
    staff::note(tx, scene, &format!("通讯录新增：{}", new.name))?;
    Ok(store::body::insert(tx, &new)?)
}

/// Changes an entry, from the version on the page; disables it or lets it be chosen again.
pub fn change(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    id: i64,
    seen: i64,
    typed: &Typed,
    active: bool,
) -> Result<(), ActError> {
    let row = entry(tx, scene, id)?;
    let (_, rows) = administered(tx, scene, row.bureau_id)?;
    let changed = BodyRow { id, bureau_id: row.bureau_id, active, version: seen, ..row_of(typed) };
    if row.version == seen + 1 && row == (BodyRow { version: row.version, ..changed.clone() }) {
        return Ok(());
    }
    let taken = rows.iter().any(|other| other.id != id && other.kind == changed.kind && other.name == changed.name);
    faults(&changed, taken)?;
    if !store::body::update(tx, &changed)? {
        return Err(ActError::Conflict { since: format!("有人改过“{}”", row.name) });
    }
    staff::note(tx, scene, &format!("通讯录修改：{}", changed.name))
}

/// One entry of a bureau that she administers.
pub fn entry(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<BodyRow, ActError> {
    let row = store::body::find(tx, id)?.ok_or(ActError::NotFound)?;
    administered(tx, scene, row.bureau_id)?;
    Ok(row)
}

fn row_of(typed: &Typed) -> BodyRow {
    let text = |text: &str| text.trim().to_owned();
    BodyRow {
        kind: text(&typed.kind),
        name: text(&typed.name),
        phone: text(&typed.phone),
        address: text(&typed.address),
        matters: text(&typed.matters),
        ..BodyRow::default()
    }
}

fn faults(row: &BodyRow, taken: bool) -> Result<(), ActError> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    let digits = row.phone.bytes().filter(u8::is_ascii_digit).count();
    let dialled = |character: char| character.is_ascii_digit() || "-－、，, 转()（）".contains(character);
    let phone_wrong = !row.phone.is_empty() && (digits < 3 || !row.phone.chars().all(dialled));
    Faults::default()
        .when(KINDS.iter().all(|(key, _)| *key != row.kind), "kind", "kind.unknown", "请选择是哪一类")
        .needed("name", &row.name, "请写单位全称")
        .when(long(&row.name, 60), "name", "name.too_long", "请控制在 60 个字以内")
        .when(taken, "name", "name.taken", "本局这一类里已经有这个名称")
        .needed("phone", &row.phone, "请写电话，例如 0371-12345678")
        .when(phone_wrong, "phone", "phone.invalid", "电话只写数字、“-”和“转”，几个号码用顿号隔开")
        .when(long(&row.phone, 60), "phone", "phone.too_long", "请控制在 60 个字以内")
        .when(long(&row.address, 120), "address", "address.too_long", "请控制在 120 个字以内")
        .when(long(&row.matters, 200), "matters", "matters.too_long", "请控制在 200 个字以内")
        .done()
}
