//! 通报: a bureau writes to the bureaus and offices beneath it, its leader signs, and they confirm (catalogue 5.5).

use domain::citizen_id::CitizenId;
use domain::clock::{beijing_day, beijing_time};
use domain::phone_number::PhoneNumber;
use domain::role::Role;
use domain::spot_check::practice;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::account::GrantRow;
use store::circular::{AddresseeRow, CircularRow, Content, ReaderRow};
use store::organization::OrganizationRow;
use store::spot_check::{CheckRow, SampledRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::spot_check::{self, Found};

/// Circulars of a list.
const SHOWN: i64 = 200;
/// Circulars that wait above the queue.
const WAITING: i64 = 20;

/// A table that goes with a circular, as it was when the circular was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// From what it was taken: a key of the form's choices.
    pub source: String,
    /// Its title.
    pub title: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Figures {
    /// The table that a circular carries; none when it carries none.
    pub fn of(content: &Content) -> Option<Figures> {
        serde_json::from_str(&content.figures).ok()
    }

    /// What a check found, point by point or organisation by organisation.
    pub fn of_check(source: &str, check: &CheckRow, rows: &[SampledRow], by_point: bool) -> Figures {
        let (found, head) = match by_point {
            true => (spot_check::by_point(rows), "要点"),
            false => (spot_check::by_organization(rows), "单位"),
        };
        let row = |line: &Found| {
            let judged = line.passed + line.failed;
            let rate = match judged {
                0 => "—".to_owned(),
                _ => format!("{:.1}%", line.passed as f64 * 100.0 / judged as f64),
            };
            let numbers = [judged, line.passed, line.failed].map(|count| count.to_string());
            [vec![line.name.clone()], numbers.to_vec(), vec![rate]].concat()
        };
        Figures {
            source: source.to_owned(),
            title: format!(
                "{}（总体 {} 件，样本 {} 件，查完 {} 件）",
                check.drawn.name, check.drawn.population_size, check.cases, check.finished
            ),
            heads: [head, "核对", "合格", "不合格", "合格率"].map(str::to_owned).to_vec(),
            rows: found.iter().map(row).collect(),
        }
    }
}

/// What a person is to the circulars of her bureau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bureau.
    pub bureau: i64,
    /// She signs and withdraws.
    pub signs: bool,
}

/// For which bureau she writes circulars; none when she does not.
pub fn place(staff: &Staff) -> Option<Place> {
    let writes = |role: Role| matches!(role, Role::Leader | Role::DutyDirector | Role::Dispatcher | Role::Statistician);
    let grants = staff.grants.iter().filter(|grant| grant.kind != "office" && writes(grant.role));
    let bureau = grants.clone().map(|grant| grant.bureau_id).next()?;
    let signs = grants.filter(|grant| grant.bureau_id == bureau).any(|grant| grant.role == Role::Leader);
    Some(Place { bureau, signs })
}

fn writer(scene: Scene<'_>) -> Result<Place, ActError> {
    match scene.actor {
        Actor::Staff(staff) => place(staff).ok_or(ActError::Forbidden),
        _ => Err(ActError::Forbidden),
    }
}

/// The organisations for which she reads circulars: where she works, and the bureau of a centre or bureau.
pub fn organizations(staff: &Staff) -> Vec<i64> {
    of_grants(staff, |grant| grant.role.reads_cases())
}

/// Those of them for which she confirms.
fn speaks_for(staff: &Staff) -> Vec<i64> {
    of_grants(staff, |grant| matches!(grant.role, Role::Leader | Role::DutyDirector | Role::Dispatcher))
}

fn of_grants(staff: &Staff, counts: impl Fn(&GrantRow) -> bool) -> Vec<i64> {
    let grants = staff.grants.iter().filter(|grant| counts(grant));
    let mut ids: Vec<i64> = grants
        .flat_map(|grant| {
            let bureau = if grant.kind == "office" { grant.organization_id } else { grant.bureau_id };
            [grant.organization_id, bureau]
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// To whom her bureau can send.
pub fn choices(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<OrganizationRow>, ActError> {
    spot_check::beneath(tx, writer(scene)?.bureau)
}

/// What is written, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// To whom.
    pub organizations: Vec<i64>,
    /// Case numbers, however parted.
    pub cases: String,
    /// The addressees are to answer.
    pub reply_asked: bool,
    /// The table that goes with it.
    pub figures: Option<Figures>,
}

/// Begins a draft, once for each key; gives its id.
pub fn begin(tx: &mut Tx<'_>, scene: Scene<'_>, key: &str, draft: &Draft) -> Result<i64, ActError> {
    let here = writer(scene)?;
    if let Some(id) = store::circular::by_key(tx, key)? {
        return Ok(mine(tx, scene, id)?.id);
    }
    Faults::default().when(key.is_empty(), "title", "key.missing", "页面已经过期，请重新打开再保存").done()?;
    let content = content(tx, scene, draft)?;
    let author = scene.actor.id().ok_or(ActError::Forbidden)?;
    let id = store::circular::insert(tx, key, here.bureau, author, &content, scene.now)?;
    store::circular::address(tx, id, &draft.organizations)?;
    Ok(id)
}

/// Changes a draft from the version on the page.
pub fn save(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, draft: &Draft) -> Result<(), ActError> {
    let circular = mine(tx, scene, id)?;
    let content = content(tx, scene, draft)?;
    if !store::circular::save(tx, id, seen, &content)? {
        return Err(conflict(&circular));
    }
    Ok(store::circular::address(tx, id, &draft.organizations)?)
}

/// Throws a draft away.
pub fn discard(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64) -> Result<(), ActError> {
    let circular = mine(tx, scene, id)?;
    if store::circular::discard(tx, id, seen)? { Ok(()) } else { Err(conflict(&circular)) }
}

/// Gives a draft to the leader.
pub fn submit(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64) -> Result<(), ActError> {
    let circular = mine(tx, scene, id)?;
    if circular.status == "pending" && circular.version == seen + 1 {
        return Ok(());
    }
    let nobody = circular.addressees == 0;
    Faults::default().when(nobody, "organizations", "organizations.missing", "请选择发给哪些单位").done()?;
    if store::circular::advance(tx, id, seen, ("draft", "pending"), "")? { Ok(()) } else { Err(conflict(&circular)) }
}

/// The leader signs: it is numbered and published.
pub fn publish(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64) -> Result<(), ActError> {
    let circular = for_signature(tx, scene, id)?;
    if circular.status == "published" && circular.version == seen + 1 {
        return Ok(());
    }
    if !store::circular::advance(tx, id, seen, ("pending", "published"), "")? {
        return Err(conflict(&circular));
    }
    let year = beijing_time(scene.now).year();
    let bureau = store::organization::find(tx, circular.bureau_id)?.ok_or(ActError::NotFound)?;
    let serial = store::number::next(tx, &format!("circular:{}:{year}", bureau.id))?;
    let number = format!("（{}）市监通〔{year}〕{serial}号", bureau.short_name);
    let confirm_by = scene.house.calendar().add_workdays(beijing_day(scene.now), practice().confirmation.workdays);
    let signer = scene.actor.id().ok_or(ActError::Forbidden)?;
    Ok(store::circular::note_published(tx, id, &number, signer, confirm_by, scene.now)?)
}

/// The leader gives it back to be changed.
pub fn give_back(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, opinion: &str) -> Result<(), ActError> {
    let circular = for_signature(tx, scene, id)?;
    Faults::default().needed("opinion", opinion, "请写退回的意见，让起草人知道要改什么").done()?;
    if circular.status == "draft" && circular.version == seen + 1 && circular.opinion == opinion.trim() {
        return Ok(());
    }
    let given = store::circular::advance(tx, id, seen, ("pending", "draft"), opinion.trim())?;
    if given { Ok(()) } else { Err(conflict(&circular)) }
}

/// The leader withdraws it; it stays in sight as withdrawn, with the reason.
pub fn withdraw(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, reason: &str) -> Result<(), ActError> {
    let circular = for_signature(tx, scene, id)?;
    Faults::default().needed("reason", reason, "请写明为什么撤回，收文单位会看到").done()?;
    if circular.status == "withdrawn" && circular.opinion == reason.trim() {
        return Ok(());
    }
    if !store::circular::advance(tx, id, seen, ("published", "withdrawn"), reason.trim())? {
        return Err(conflict(&circular));
    }
    Ok(store::circular::note_withdrawn(tx, id, scene.now)?)
}

/// Somebody to whom it goes has read it; who speaks for her organisation confirms it for the organisation too. Once is enough.
pub fn confirm(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, reply: &str) -> Result<(), ActError> {
    let Actor::Staff(staff) = scene.actor else { return Err(ActError::NotFound) };
    let opened = open(tx, scene, id)?;
    let for_whom = opened.received_for.first().copied().ok_or(ActError::Forbidden)?;
    if opened.circular.status != "published" {
        return Err(ActError::Conflict { since: "这份通报已经撤回".to_owned() });
    }
    let reply = reply.trim();
    let unanswered = opened.circular.content.reply_asked && !opened.confirms_for.is_empty() && reply.is_empty();
    Faults::default()
        .when(unanswered, "reply", "reply.missing", "这份通报要求反馈，请写落实的情况")
        .when(reply.chars().count() > 1000, "reply", "reply.too_long", "请控制在 1000 个字以内")
        .when(holds_personal_data(reply), "reply", "personal_data", PERSONAL)
        .done()?;
    store::circular::read(tx, id, staff.account_id, for_whom, scene.now)?;
    for organization in &opened.confirms_for {
        store::circular::confirm(tx, id, *organization, staff.account_id, reply, scene.now)?;
    }
    Ok(())
}

/// A circular as somebody may see it.
pub struct Opened {
    /// The circular.
    pub circular: CircularRow,
    /// To whom it goes: everyone for the sender, her own organisations for a reader.
    pub addressees: Vec<AddresseeRow>,
    /// Who read it, of those.
    pub readers: Vec<ReaderRow>,
    /// What she is to it as the sender.
    pub sender: Option<Place>,
    /// Her organisations to which it goes.
    pub received_for: Vec<i64>,
    /// Those of them for which she has still to confirm.
    pub confirms_for: Vec<i64>,
    /// Whether she confirmed that she read it.
    pub read_by_me: bool,
}

/// A circular that her bureau wrote or that was published to her organisation; any other does not exist for her.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Opened, ActError> {
    let Actor::Staff(staff) = scene.actor else { return Err(ActError::NotFound) };
    let circular = store::circular::find(tx, id)?.ok_or(ActError::NotFound)?;
    let sender = place(staff).filter(|place| place.bureau == circular.bureau_id);
    let (hers, speaks) = (organizations(staff), speaks_for(staff));
    let mut addressees = store::circular::addressees(tx, id)?;
    let sent = circular.published_at.is_some();
    let received = addressees.iter().filter(|it| sent && hers.contains(&it.organization_id));
    let received_for: Vec<i64> = received.clone().map(|it| it.organization_id).collect();
    let confirms_for = received
        .filter(|it| it.confirmed_at.is_none() && speaks.contains(&it.organization_id))
        .map(|it| it.organization_id)
        .collect();
    if sender.is_none() && received_for.is_empty() {
        return Err(ActError::NotFound);
    }
    let mut readers = store::circular::readers(tx, id)?;
    let read_by_me = readers.iter().any(|reader| reader.account_id == staff.account_id);
    if sender.is_none() {
        addressees.retain(|it| received_for.contains(&it.organization_id));
        readers.retain(|it| received_for.contains(&it.organization_id));
    }
    Ok(Opened { circular, addressees, readers, sender, received_for, confirms_for, read_by_me })
}

/// What her bureau wrote; nothing when she does not write.
pub fn written(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<CircularRow>, ActError> {
    match place(staff) {
        Some(place) => Ok(store::circular::of_bureau(tx, place.bureau, SHOWN)?),
        None => Ok(Vec::new()),
    }
}

/// What was published to her organisations.
pub fn received(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<CircularRow>, ActError> {
    Ok(store::circular::sent_to(tx, &organizations(staff), false, SHOWN)?)
}

/// What waits for her: to be confirmed for an organisation, or to be signed.
pub fn waiting(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<CircularRow>, ActError> {
    let mut waiting = store::circular::sent_to(tx, &speaks_for(staff), true, WAITING)?;
    if let Some(place) = place(staff).filter(|place| place.signs) {
        let hers = store::circular::of_bureau(tx, place.bureau, SHOWN)?;
        waiting.extend(hers.into_iter().filter(|it| it.status == "pending"));
    }
    Ok(waiting)
}

fn mine(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<CircularRow, ActError> {
    let here = writer(scene).map_err(|_| ActError::NotFound)?;
    store::circular::find(tx, id)?.filter(|it| it.bureau_id == here.bureau).ok_or(ActError::NotFound)
}

fn for_signature(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<CircularRow, ActError> {
    let circular = mine(tx, scene, id)?;
    if writer(scene)?.signs { Ok(circular) } else { Err(ActError::Forbidden) }
}

fn conflict(circular: &CircularRow) -> ActError {
    ActError::Conflict {
        since: format!("这份通报有了变动，现在是“{}”", status_label(&circular.status))
    }
}

/// Where a circular stands, in words.
pub fn status_label(status: &str) -> &'static str {
    match status {
        "draft" => "草稿",
        "pending" => "待签发",
        "published" => "已印发",
        _ => "已撤回",
    }
}

const PERSONAL: &str = "通报里不能有消费者的姓名、电话、身份证号，请只写案件编号";

/// What is kept of what was typed, and all that is wrong with it.
fn content(tx: &mut Tx<'_>, scene: Scene<'_>, draft: &Draft) -> Result<Content, ActError> {
    let choices = choices(tx, scene)?;
    let strange = draft.organizations.iter().any(|id| choices.iter().all(|it| it.id != *id));
    let parted = |character: char| character.is_whitespace() || "、，,；;。".contains(character);
    let mut numbers: Vec<&str> = draft.cases.split(parted).filter(|number| !number.is_empty()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (mut unknown, mut named) = (Vec::new(), false);
    for number in &numbers {
        let case = store::case::by_number(tx, number)?
            .filter(|case| scene.actor.may_read(case) && !case.state.kind.is_secret());
        match case {
            None => unknown.push(*number),
            Some(case) => {
                let name = case.matter.complainant_name;
                named |= name.chars().count() > 1 && (draft.body.contains(&name) || draft.title.contains(&name));
            }
        }
    }
    let no_such = format!("没有找到 {}，请核对编号", unknown.join("、"));
    let personal = named || holds_personal_data(&draft.body);
    Faults::default()
        .needed("title", &draft.title, "请写标题，例如“关于 3 月抽查情况的通报”")
        .when(draft.title.chars().count() > 60, "title", "title.too_long", "请控制在 60 个字以内")
        .when(holds_personal_data(&draft.title), "title", "personal_data", PERSONAL)
        .needed("body", &draft.body, "请写通报的内容")
        .when(draft.body.chars().count() > 5000, "body", "body.too_long", "请控制在 5000 个字以内")
        .when(personal, "body", "personal_data", PERSONAL)
        .when(draft.organizations.is_empty(), "organizations", "organizations.missing", "请选择发给哪些单位")
        .when(strange, "organizations", "organizations.unknown", "请从列表中选择下级单位")
        .when(!unknown.is_empty(), "cases", "cases.unknown", &no_such)
        .when(numbers.len() > 100, "cases", "cases.too_many", "最多列 100 件")
        .done()?;
    Ok(Content {
        title: draft.title.trim().to_owned(),
        body: draft.body.trim().to_owned(),
        figures: draft
            .figures
            .as_ref()
            .map(|figures| serde_json::to_string(figures).expect("a table is plain data"))
            .unwrap_or_default(),
        case_numbers: numbers.join(","),
        reply_asked: draft.reply_asked,
    })
}

/// Whether a text holds a mobile telephone number or a citizen's identity number.
fn holds_personal_data(text: &str) -> bool {
    let telephones = text.split(|character: char| !character.is_ascii_digit());
    let identities = text.split(|character: char| !character.is_ascii_alphanumeric());
    telephones
        .filter(|digits| digits.len() == 11)
        .any(|digits| PhoneNumber::parse(digits).is_ok_and(|phone| phone.is_mobile()))
        || identities.filter(|word| word.len() == 18).any(|word| CitizenId::parse(word).is_ok())
}
