//! 馆藏: what the archive of a bureau holds, how long, on which shelf, and who may do what with it (catalogue 9.2, 9.3).

use domain::archive::{ArchiveClass, archive_rules};
use domain::audit::AuditKind;
use domain::clock::{beijing_day, beijing_time};
use domain::role::Role;
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::Tx;
use store::archive::{ItemFile, ItemRow, Keeping, NewItem, NoteRow, TermRow, Wanted};
use store::case::CaseRow;
use store::disposal::DisposalRow;
use store::lending::{HoldRow, LoanRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::evidence::KeptFile;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{filing, reading, record};

/// Characters that a line may have.
const LINE_AT_MOST: usize = 100;
/// Characters that words may have.
const WORDS_AT_MOST: usize = 500;

/// For how many years an item is kept: as the archivist said of it, as its bureau set for the class, as the rules say; for good
/// where nobody said anything.
pub fn years(scene: Scene<'_>, item: &ItemRow, rule_set: Option<&str>) -> Option<i64> {
    let rules = archive_rules();
    let of_class = || rules.class(item.item.class).and_then(|class| class.years);
    let of_set = || {
        let set = scene.house.book.get(rule_set?)?;
        set.retention.as_ref()?.years.map(i64::from)
    };
    item.keeping.years.or(item.class_years).or_else(of_class).or_else(of_set)
}

/// 保管期限 in words.
pub fn years_words(years: Option<i64>) -> String {
    years.map_or_else(|| "长期".to_owned(), |years| format!("{years}年"))
}

/// The last day of its time of keeping.
pub fn ends_on(item: &ItemRow, years: i64) -> Date {
    let from = item.item.day.unwrap_or_else(|| beijing_day(item.entered_at));
    from.saturating_add(years.years())
}

/// Adds to the record of an item.
pub(crate) fn note(tx: &mut Tx<'_>, scene: Scene<'_>, item: i64, what: &str, words: &str) -> Result<(), ActError> {
    let by = scene.actor.id().filter(|_| scene.actor.kind() == "staff");
    Ok(store::archive::note(tx, item, scene.now, by, what, words)?)
}

/// The bureaus in whose archive she may look.
pub fn bureaus(staff: &Staff) -> Vec<i64> {
    let works = |role: Role| role.reads_cases() && role != Role::Auditor;
    let mut bureaus: Vec<i64> =
        staff.grants.iter().filter(|grant| works(grant.role)).map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    bureaus
}

/// The bureaus whose archive she keeps.
pub fn kept_bureaus(staff: &Staff) -> Vec<i64> {
    bureaus(staff).into_iter().filter(|bureau| holds(staff, &archive_rules().roles.keeping, *bureau)).collect()
}

/// Whether she holds one of these roles at a bureau or below it.
fn holds(staff: &Staff, roles: &[Role], bureau: i64) -> bool {
    staff.grants.iter().any(|grant| grant.bureau_id == bureau && roles.contains(&grant.role))
}

/// Whether she approves the lending of what is sealed and destruction at a bureau: in a role at the bureau itself.
pub fn approves(staff: &Staff, bureau: i64) -> bool {
    let approving = &archive_rules().roles.approving;
    staff.grants.iter().any(|it| it.bureau_id == bureau && it.kind != "office" && approving.contains(&it.role))
}

/// Whether she keeps an item: the archivist of its bureau; of a report those who direct it, for no archivist may know of it.
pub fn keeps(staff: &Staff, item: &ItemRow) -> bool {
    let bureau = item.item.bureau_id;
    let confined = item.case.as_ref().is_some_and(|(_, kind)| kind.is_confined());
    match confined {
        true => approves(staff, bureau) || staff.holds(Role::Discipline),
        false => holds(staff, &archive_rules().roles.keeping, bureau),
    }
}

/// Whoever acts here is a member of staff.
pub(crate) fn person(scene: Scene<'_>) -> Result<&Staff, ActError> {
    match scene.actor {
        Actor::Staff(person) => Ok(person),
        _ => Err(ActError::NotFound),
    }
}

/// An item that she may know of, with its case.
pub(crate) fn reached(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(ItemRow, Option<CaseRow>), ActError> {
    let row = store::archive::find(tx, id)?.ok_or(ActError::NotFound)?;
    let case = match &row.case {
        Some((number, _)) => Some(record::readable(tx, scene, number)?),
        None if bureaus(person(scene)?).contains(&row.item.bureau_id) => None,
        None => return Err(ActError::NotFound),
    };
    Ok((row, case))
}

/// An item that she keeps and whose content is still there.
pub(crate) fn kept(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<ItemRow, ActError> {
    let (row, _) = reached(tx, scene, id)?;
    if !keeps(person(scene)?, &row) {
        return Err(ActError::Forbidden);
    }
    if row.destroyed_at.is_some() {
        return Err(ActError::Conflict { since: "这一卷（件）已经销毁".to_owned() });
    }
    Ok(row)
}

/// An item as its page shows it.
pub struct Opened {
    /// The item.
    pub row: ItemRow,
    /// What was done with it, the latest first.
    pub notes: Vec<NoteRow>,
    /// What holds or held it back from destruction.
    pub holds: Vec<HoldRow>,
    /// Who borrowed it.
    pub loans: Vec<LoanRow>,
    /// For how many years it is kept.
    pub years: Option<i64>,
    /// The last day of that.
    pub ends_on: Option<Date>,
    /// She keeps it.
    pub keeps: bool,
    /// She approves the lending of it.
    pub approves: bool,
    /// Who may borrow it: account, name.
    pub borrowers: Vec<(i64, String)>,
}

/// An item, for whoever may know of it. That she looked is kept.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Opened, ActError> {
    let (row, case) = reached(tx, scene, id)?;
    let person = person(scene)?;
    let words = format!("打开档案 {}", row.item.number);
    match &case {
        Some(case) => reading::note_look(tx, scene, AuditKind::Look, case.id, &words)?,
        None => store::access::record(tx, scene.now, AuditKind::Look, scene.actor.id(), None, &words, "查档")?,
    }
    let years = years(scene, &row, case.as_ref().map(|case| case.rule_set.as_str()));
    let keeps = keeps(person, &row);
    let borrowers = match keeps {
        true => store::account::of_bureau(tx, row.item.bureau_id)?,
        false => Vec::new(),
    };
    Ok(Opened {
        notes: store::archive::notes(tx, id)?,
        holds: store::lending::holds(tx, id)?,
        loans: store::lending::of_item(tx, id)?,
        ends_on: years.map(|years| ends_on(&row, years)),
        years,
        keeps,
        approves: approves(person, row.item.bureau_id),
        borrowers: borrowers.into_iter().filter(|it| it.active).map(|it| (it.id, it.name)).collect(),
        row,
    })
}

/// What she asked for, within what she may know of.
pub fn wanted(scene: Scene<'_>, asked: Wanted) -> Result<Wanted, ActError> {
    let person = person(scene)?;
    let bureaus = bureaus(person);
    if bureaus.is_empty() && !person.holds(Role::Discipline) {
        return Err(ActError::Forbidden);
    }
    Ok(Wanted { scopes: reading::scopes(person), bureaus, today: Some(beijing_day(scene.now)), ..asked })
}

/// What an archivist typed of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// 保管期限 in years; empty for that of the class.
    pub years: String,
    /// The rest, as typed.
    pub keeping: Keeping,
}

/// Writes where an item stands and how long it is kept.
pub fn keep(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, said: &Said) -> Result<(), ActError> {
    let row = kept(tx, scene, id)?;
    let (years, faults) = typed_years("years", &said.years, Faults::default());
    let lines = [
        ("shelf", &said.keeping.shelf),
        ("custodian", &said.keeping.custodian),
        ("fonds", &said.keeping.fonds),
        ("catalogue", &said.keeping.catalogue),
        ("checked_by", &said.keeping.checked_by),
    ];
    let mut faults = faults;
    for (field, text) in lines {
        faults = faults.when(long(text, LINE_AT_MOST), field, "text.too_long", "请控制在 100 个字以内");
    }
    faults
        .when(long(&said.keeping.remarks, WORDS_AT_MOST), "remarks", "text.too_long", "请控制在 500 个字以内")
        .done()?;
    let trimmed = |text: &String| text.trim().to_owned();
    let keeping = Keeping {
        years,
        shelf: trimmed(&said.keeping.shelf),
        custodian: trimmed(&said.keeping.custodian),
        fonds: trimmed(&said.keeping.fonds),
        catalogue: trimmed(&said.keeping.catalogue),
        checked_by: trimmed(&said.keeping.checked_by),
        remarks: trimmed(&said.keeping.remarks),
    };
    if keeping == row.keeping {
        return Ok(());
    }
    if !store::archive::keep(tx, id, seen, &keeping)? {
        return Err(ActError::Conflict { since: "有人先改了这一卷（件）的保管信息".to_owned() });
    }
    note(tx, scene, id, "修改保管信息", &changes(&row.keeping, &keeping))
}

fn long(text: &str, at_most: usize) -> bool {
    text.chars().count() > at_most
}

fn typed_years(field: &str, typed: &str, faults: Faults) -> (Option<i64>, Faults) {
    let rules = &archive_rules().retention;
    let typed = typed.trim();
    let years: Option<i64> = typed.parse().ok();
    let within = years.is_some_and(|years| (rules.years_at_least..=rules.years_at_most).contains(&years));
    let message = format!("年数写 {} 到 {} 的整数，长期保管的空着", rules.years_at_least, rules.years_at_most);
    (years, faults.when(!typed.is_empty() && !within, field, "years.invalid", &message))
}

/// What changed, in words.
fn changes(old: &Keeping, new: &Keeping) -> String {
    let years = |keeping: &Keeping| keeping.years.map_or_else(|| "按门类".to_owned(), |years| format!("{years}年"));
    let pairs = [
        ("保管期限", years(old), years(new)),
        ("架号", old.shelf.clone(), new.shelf.clone()),
        ("保管人", old.custodian.clone(), new.custodian.clone()),
        ("全宗号", old.fonds.clone(), new.fonds.clone()),
        ("目录号", old.catalogue.clone(), new.catalogue.clone()),
        ("检查人", old.checked_by.clone(), new.checked_by.clone()),
        ("备考", old.remarks.clone(), new.remarks.clone()),
    ];
    let changed = pairs.into_iter().filter(|(_, old, new)| old != new);
    let or_none = |text: String| if text.is_empty() { "无".to_owned() } else { text };
    changed.map(|(name, old, new)| format!("{name}：{}→{}", or_none(old), or_none(new))).collect::<Vec<_>>().join("；")
}

/// Something that is no case, as an archivist typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Key of the class.
    pub class: String,
    /// 题名.
    pub title: String,
    /// The day on it, as typed.
    pub day: String,
    /// Where it stands and how long it is kept.
    pub said: Said,
}

/// Takes something in that is no case; gives its id.
pub fn take_in(tx: &mut Tx<'_>, scene: Scene<'_>, typed: &Record, file: Option<&KeptFile>) -> Result<i64, ActError> {
    let person = person(scene)?;
    let Some(bureau) = kept_bureaus(person).first().copied() else { return Err(ActError::Forbidden) };
    let class = ArchiveClass::from_key(&typed.class);
    let day: Option<Date> = typed.day.trim().parse().ok();
    let today = beijing_day(scene.now);
    let (_, faults) = typed_years("years", &typed.said.years, Faults::default());
    faults
        .when(class.is_none(), "class", "class.missing", "请选择门类")
        .needed("title", &typed.title, "请写题名")
        .when(long(&typed.title, LINE_AT_MOST), "title", "text.too_long", "请控制在 100 个字以内")
        .when(day.is_none(), "day", "day.missing", "请写材料的日期")
        .when(day.is_some_and(|day| day > today), "day", "day.future", "材料的日期不能在今天以后")
        .done()?;
    let (Some(class), Some(day)) = (class, day) else { return Err(ActError::NotFound) };
    let organization = store::organization::find(tx, bureau)?.ok_or(ActError::NotFound)?;
    let region = filing::region6(&organization);
    let year = day.year();
    let place = ArchiveClass::ALL.iter().position(|it| *it == class).map_or(0, |at| at + 1);
    let serial = store::number::next(tx, &format!("archive:{region}:{year}:{place:02}"))?;
    let item = NewItem {
        bureau_id: bureau,
        case_id: None,
        class,
        number: format!("{region}-{year}-{place:02}-{serial:05}"),
        title: typed.title.trim().to_owned(),
        day: Some(day),
        year: i64::from(year),
        file: file.map_or_else(ItemFile::default, |file| ItemFile {
            name: file.name.clone(),
            media_type: file.kind.media_type.to_owned(),
            size: file.size,
            sha256: file.sha256.clone(),
        }),
        entered_by: Some(person.account_id),
    };
    let id = store::archive::insert(tx, &item, scene.now)?;
    note(tx, scene, id, "登记入库", "")?;
    keep(tx, scene, id, 1, &typed.said)?;
    Ok(id)
}

/// The bytes of what is attached to an item, by their hash, for whoever may know of it. That she took it out is kept.
pub fn take_out(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<ItemFile, ActError> {
    let (row, _) = reached(tx, scene, id)?;
    if row.item.file.sha256.is_empty() {
        return Err(ActError::NotFound);
    }
    let words = format!("取出档案 {}", row.item.number);
    store::access::record(tx, scene.now, AuditKind::Download, scene.actor.id(), None, &words, "查档")?;
    Ok(row.item.file)
}

/// A class with the time for which a bureau keeps it.
pub struct Term {
    /// 门类.
    pub class: ArchiveClass,
    /// In the words of its source.
    pub says: &'static str,
    /// What the rules say.
    pub years: Option<i64>,
    /// What the bureau set.
    pub own: Option<TermRow>,
}

/// The ten classes of a bureau whose archive she may look in.
pub fn terms(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<Term>, ActError> {
    let person = person(scene)?;
    let bureau = *kept_bureaus(person).first().or(bureaus(person).first()).ok_or(ActError::Forbidden)?;
    let own = store::archive::terms(tx, bureau)?;
    let term = |rule: &'static domain::archive::ClassRule| Term {
        class: rule.key,
        says: &rule.says,
        years: rule.years,
        own: own.iter().find(|term| term.class == rule.key).cloned(),
    };
    Ok(archive_rules().class.iter().map(term).collect())
}

/// Sets for how long the bureau keeps the classes: key of the class and years as typed; empty for good.
pub fn set_terms(tx: &mut Tx<'_>, scene: Scene<'_>, typed: &[(ArchiveClass, String)]) -> Result<(), ActError> {
    let person = person(scene)?;
    let Some(bureau) = kept_bureaus(person).first().copied() else { return Err(ActError::Forbidden) };
    let mut faults = Faults::default();
    let mut wanted = Vec::new();
    for (class, text) in typed {
        let (years, found) = typed_years(class.key(), text, faults);
        faults = found;
        wanted.push((*class, years));
    }
    faults.done()?;
    let own = store::archive::terms(tx, bureau)?;
    let mut changed = Vec::new();
    for (class, years) in wanted {
        let now = own.iter().find(|term| term.class == class).map(|term| term.years);
        if now != years {
            store::archive::set_term(tx, bureau, class, years, person.account_id, scene.now)?;
            changed.push(format!("{}：{}→{}", class.label(), years_words(now), years_words(years)));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let words = format!("设定保管期限（{}）", changed.join("；"));
    let year = beijing_time(scene.now).year();
    let reason = format!("{year}年档案保管期限");
    Ok(store::access::record(tx, scene.now, AuditKind::Administration, Some(person.account_id), None, &words, &reason)?)
}

/// Whether a list of hers waits for somebody: of the bureaus where she keeps or approves.
pub fn disposals(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<DisposalRow>, ActError> {
    let person = person(scene)?;
    let own = bureaus(person);
    if own.is_empty() {
        return Err(ActError::Forbidden);
    }
    let mut rows = Vec::new();
    for bureau in own {
        if approves(person, bureau) || holds(person, &archive_rules().roles.keeping, bureau) {
            rows.extend(store::disposal::of_bureau(tx, bureau)?);
        }
    }
    Ok(rows)
}
