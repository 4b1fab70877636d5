//! 经营者名录: registered operators with their places and shops, changed by those in whose division they lie; two that were
//! entered twice go on as one, which can be undone.

use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::credit_code::CreditCode;
use domain::filing::FieldError;
use domain::operator::{self, lies_in, name_key, shop_key};
use domain::region_code::RegionCode;
use domain::role::Role;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use store::Tx;
use store::counts::{By, OutcomeCount};
use store::operator::{OperatorRow, ShopRow};
use store::penalty::Decided;
use store::search::{ListRow, Scope, Selection};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::Scene;
use crate::{reading, staff};

/// What is typed of an operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// 名称.
    pub name: String,
    /// 曾用名, a line each.
    pub former_names: String,
    /// 统一社会信用代码, empty when not known.
    pub credit_code: String,
    /// Code table `operator_kinds`.
    pub kind: String,
    /// Its division, empty when elsewhere or not known.
    pub region: String,
    /// 住所.
    pub address: String,
    /// Who answers complaints there.
    pub contact_name: String,
    /// The telephone for complaints.
    pub phone: String,
    /// Other places of business, a line each.
    pub places: String,
    /// Shops on platforms: platform, name, address in the network.
    pub shops: Vec<[String; 3]>,
}

/// Who keeps the register: those who take complaints in and those who handle them.
const KEEPERS: &[Role] = &[Role::IntakeAgent, Role::ShiftLead, Role::Dispatcher, Role::Officer, Role::Leader];
const LINE_AT_MOST: usize = 200;
const LINES_AT_MOST: usize = 50;

/// Whether a role of hers works with operators: whoever reads ordinary cases to handle or count them.
pub fn reads(actor: &Actor) -> bool {
    match actor {
        Actor::System => true,
        Actor::Staff(person) => {
            person.grants.iter().any(|grant| grant.role.reads_cases() && grant.role != Role::Auditor)
        }
        _ => false,
    }
}

/// Whether she may enter operators at all.
pub fn keeps(actor: &Actor) -> bool {
    match actor {
        Actor::System => true,
        Actor::Staff(person) => KEEPERS.iter().any(|role| person.holds(*role)),
        _ => false,
    }
}

/// Whether she may change this one: it lies in the division of a bureau where she keeps the register, or that bureau entered it.
pub fn may_change(tx: &mut Tx<'_>, scene: Scene<'_>, operator: &OperatorRow) -> Result<bool, ActError> {
    let Actor::Staff(person) = scene.actor else { return Ok(matches!(scene.actor, Actor::System)) };
    for grant in person.grants.iter().filter(|grant| KEEPERS.contains(&grant.role)) {
        if operator.bureau_id == Some(grant.bureau_id) {
            return Ok(true);
        }
        let bureau = store::organization::find(tx, grant.bureau_id)?;
        if bureau.is_some_and(|bureau| lies_in(&operator.region_code, &bureau.region_code)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An operator, if there is one.
pub fn find(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<OperatorRow, ActError> {
    if !reads(scene.actor) {
        return Err(ActError::Forbidden);
    }
    store::operator::find(tx, id)?.ok_or(ActError::NotFound)
}

/// The one that goes on, where this one was merged into another.
pub fn main_of(tx: &mut Tx<'_>, operator: OperatorRow) -> Result<OperatorRow, ActError> {
    match operator.merged_into {
        Some(main) => store::operator::find(tx, main)?.ok_or(ActError::NotFound),
        None => Ok(operator),
    }
}

/// Enters an operator; gives its id. What is there already in every particular is not entered again.
pub fn register(tx: &mut Tx<'_>, scene: Scene<'_>, typed: &Particulars) -> Result<i64, ActError> {
    if !keeps(scene.actor) {
        return Err(ActError::Forbidden);
    }
    let (mut new, places, shops) = checked(scene, typed)?;
    new.bureau_id = match scene.actor {
        Actor::Staff(person) => {
            person.grants.iter().find(|grant| KEEPERS.contains(&grant.role)).map(|grant| grant.bureau_id)
        }
        _ => None,
    };
    if let Some(known) = store::operator::by_code(tx, &new.credit_code)? {
        return if repeats(&known, &new) { Ok(known.id) } else { Err(code_taken(&known)) };
    }
    let namesakes = store::operator::by_name(tx, &name_key(&new.name), 20)?;
    if let Some(known) = namesakes.iter().find(|known| known.credit_code == new.credit_code && repeats(known, &new)) {
        return Ok(known.id);
    }
    let Some(id) = store::operator::insert(tx, &new, scene.now)? else {
        return Err(ActError::field("credit_code", "credit_code.taken", "这个信用代码刚刚由别人登记，请查找后选定"));
    };
    store::operator::put_premises(tx, id, &places, &shops)?;
    staff::note(tx, scene, &format!("登记经营者：{}", new.name))?;
    Ok(id)
}

/// Changes an operator; `version` is the one on the page.
pub fn change(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    id: i64,
    version: i64,
    typed: &Particulars,
) -> Result<OperatorRow, ActError> {
    let before = changeable(tx, scene, id)?;
    if before.merged_into.is_some() {
        return Err(ActError::field("name", "operator.merged", "这一家已经并入另一家，请先撤销合并再修改"));
    }
    let (new, places, shops) = checked(scene, typed)?;
    let changed = OperatorRow { id, version, bureau_id: before.bureau_id, ..new };
    // Sent twice: it stands as typed already.
    if before.version == version + 1
        && same(&before, &changed)
        && store::operator::places(tx, id)? == places
        && store::operator::shops(tx, id)? == shops
    {
        return Ok(before);
    }
    if let Some(other) = store::operator::by_code(tx, &changed.credit_code)?.filter(|other| other.id != id) {
        return Err(code_taken(&other));
    }
    if !store::operator::update(tx, &changed)? {
        return Err(changed_by_others());
    }
    store::operator::put_premises(tx, id, &places, &shops)?;
    staff::note(tx, scene, &format!("修改经营者：{}", changed.name))?;
    find(tx, scene, id)
}

/// Lets one that was entered twice go on as another. Its cases keep their tie; they count for the other from now on.
pub fn merge(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, version: i64, into: i64) -> Result<OperatorRow, ActError> {
    let (gone, stays) = (changeable(tx, scene, id)?, changeable(tx, scene, into)?);
    if gone.merged_into == Some(into) {
        return Ok(gone);
    }
    let no = |code: &str, why: &str| Err(ActError::field("into", code, why));
    if id == into {
        return no("into.same", "不能并入自己");
    }
    if gone.merged_into.is_some() || stays.merged_into.is_some() {
        return no("into.merged", "其中一家已经并入别的经营者，请先撤销那一次合并");
    }
    if !store::operator::merged_into(tx, id)?.is_empty() {
        return no("into.has_merged", "已经有别的登记并入这一家，请反过来把另一家并入它");
    }
    match (gone.credit_code.is_empty(), stays.credit_code.is_empty()) {
        (false, false) => return no("into.another_code", "两家的信用代码不同，是两个经营者，不能合并"),
        (false, true) => return no("into.without_code", "请保留有信用代码的一家，把没有代码的并入它"),
        _ => {}
    }
    if !store::operator::merge(tx, id, version, Some(into))? {
        return Err(changed_by_others());
    }
    staff::note(tx, scene, &format!("合并经营者：{}并入{}", gone.name, stays.name))?;
    find(tx, scene, id)
}

/// Lets it stand by itself again.
pub fn unmerge(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, version: i64) -> Result<OperatorRow, ActError> {
    let gone = changeable(tx, scene, id)?;
    if gone.merged_into.is_none() {
        return Ok(gone);
    }
    if !store::operator::merge(tx, id, version, None)? {
        return Err(changed_by_others());
    }
    staff::note(tx, scene, &format!("撤销合并经营者：{}", gone.name))?;
    find(tx, scene, id)
}

/// What the page of an operator shows.
pub struct OperatorFile {
    /// The operator.
    pub operator: OperatorRow,
    /// Its places besides the registered one, those of merged ones too.
    pub places: Vec<String>,
    /// Its shops, those of merged ones too.
    pub shops: Vec<ShopRow>,
    /// Those that were merged into it.
    pub merged: Vec<OperatorRow>,
    /// The one into which it was merged.
    pub main: Option<OperatorRow>,
    /// She may change it.
    pub may_change: bool,
    /// Her own complaints against it in view.
    pub history: History,
    /// The latest of them.
    pub latest: Vec<ListRow>,
    /// 行政处罚, the latest first: the decision is public, from which report it came is not told.
    pub penalties: Vec<Decided>,
    /// 举报、线索 against it that she may know of, by outcome (empty while there is none), the most first.
    pub reports: Vec<(String, i64)>,
}

/// The complaints against an operator that the reader may see.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// All of them.
    pub all: OutcomeCount,
    /// By the year in which they came in, the latest first.
    pub years: Vec<OutcomeCount>,
    /// By problem (code table `problem_categories`), the most first.
    pub problems: Vec<OutcomeCount>,
    /// From when on they are recent.
    pub since: Option<Date>,
    /// The recent ones.
    pub recent: OutcomeCount,
    /// 重复问题: problems with many recent complaints, the most first.
    pub repeated: Vec<OutcomeCount>,
    /// 挽回经济损失, in 分.
    pub recovered: i64,
}

/// The page of an operator.
pub fn file(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<OperatorFile, ActError> {
    const LATEST: i64 = 20;
    let operator = find(tx, scene, id)?;
    let merged = store::operator::merged_into(tx, id)?;
    let (mut places, mut shops) = (store::operator::places(tx, id)?, store::operator::shops(tx, id)?);
    for other in &merged {
        places.extend([other.address.clone()].into_iter().filter(|it| !it.is_empty() && *it != operator.address));
        places.extend(store::operator::places(tx, other.id)?);
        shops.extend(store::operator::shops(tx, other.id)?);
    }
    places.dedup();
    let scopes = scopes(scene);
    Ok(OperatorFile {
        main: operator.merged_into.map_or(Ok(None), |main| store::operator::find(tx, main))?,
        may_change: may_change(tx, scene, &operator)?,
        history: history(tx, scene, id)?,
        latest: store::search::list(tx, &scopes, &against(id), None, LATEST)?,
        penalties: store::penalty::of_operator(tx, id, Date::MIN)?,
        reports: store::counts::by(tx, &scopes, &reported(id), By::Outcome)?,
        places,
        shops,
        merged,
        operator,
    })
}

/// The complaints against an operator as far as the reader may see them.
pub fn history(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<History, ActError> {
    let (scopes, selection) = (scopes(scene), against(id));
    let since = recent_since(scene);
    let recent_selection = Selection { received_from: Some(since), ..selection.clone() };
    let mut years = store::counts::outcomes(tx, &scopes, &selection, By::ReceivedYear)?;
    years.reverse();
    let most_first = |mut rows: Vec<OutcomeCount>| {
        rows.sort_by_key(|row| -row.cases);
        rows
    };
    let recent = store::counts::outcomes(tx, &scopes, &recent_selection, By::Problem)?;
    let at_least = operator::settings().repeated_at_least;
    let known = |row: &&OutcomeCount| row.cases >= at_least && !row.key.is_empty();
    Ok(History {
        all: sum(&years),
        problems: most_first(store::counts::outcomes(tx, &scopes, &selection, By::Problem)?),
        since: Some(since),
        recent: sum(&recent),
        repeated: most_first(recent.iter().filter(known).cloned().collect()),
        recovered: store::counts::results(tx, &scopes, &selection)?.recovered,
        years,
    })
}

/// How many recent complaints against it the reader may see, and how many of them were settled.
pub fn recent(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<OutcomeCount, ActError> {
    let selection = Selection { received_from: Some(recent_since(scene)), ..against(id) };
    Ok(sum(&store::counts::outcomes(tx, &scopes(scene), &selection, By::Kind)?))
}

/// From when on a complaint is recent.
pub fn recent_since(scene: Scene<'_>) -> Date {
    let today = beijing_day(scene.now);
    today.checked_sub(Span::new().months(operator::settings().recent_months)).unwrap_or(today)
}

/// Complaints only: who reports an offence, or complains of staff, is in nobody's history.
fn against(id: i64) -> Selection {
    Selection { kind: Some(CaseKind::Complaint), operator: Some(id), ..Selection::default() }
}

/// Reports and leads against it; a scope holds only those she may know of.
fn reported(id: i64) -> Selection {
    Selection { kind: Some(CaseKind::Report), operator: Some(id), ..Selection::default() }
}

/// The penalties of late, for whoever handles what names it again.
pub fn recent_penalties(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Vec<Decided>, ActError> {
    Ok(store::penalty::of_operator(tx, id, penalised_since(scene.now))?)
}

/// From when on a penalty is pointed out.
pub fn penalised_since(now: Timestamp) -> Date {
    let today = beijing_day(now);
    today.checked_sub(Span::new().months(operator::settings().penalised_months)).unwrap_or(today)
}

fn scopes(scene: Scene<'_>) -> Vec<Scope> {
    match scene.actor {
        Actor::Staff(person) => reading::scopes(person),
        _ => Vec::new(),
    }
}

fn sum(rows: &[OutcomeCount]) -> OutcomeCount {
    rows.iter().fold(OutcomeCount::default(), |sum, row| OutcomeCount {
        key: String::new(),
        cases: sum.cases + row.cases,
        open: sum.open + row.open,
        settled: sum.settled + row.settled,
        terminated: sum.terminated + row.terminated,
        refused: sum.refused + row.refused,
    })
}

fn changeable(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<OperatorRow, ActError> {
    let operator = find(tx, scene, id)?;
    if may_change(tx, scene, &operator)? { Ok(operator) } else { Err(ActError::Forbidden) }
}

fn changed_by_others() -> ActError {
    ActError::Conflict { since: "别人修改过这家经营者".to_owned() }
}

fn code_taken(known: &OperatorRow) -> ActError {
    let message = format!("这个信用代码已经登记为“{}”，请查找后选定，不要重复登记", known.name);
    ActError::field("credit_code", "credit_code.taken", message)
}

fn same(one: &OperatorRow, other: &OperatorRow) -> bool {
    *one == OperatorRow { version: one.version, ..other.clone() }
}

/// Whether a registration is the one that made `known`.
fn repeats(known: &OperatorRow, new: &OperatorRow) -> bool {
    let made = OperatorRow { id: known.id, version: known.version, merged_into: known.merged_into, ..new.clone() };
    *known == made
}

type Checked = (OperatorRow, Vec<String>, Vec<ShopRow>);

/// What was typed, if it can be taken; every fault at once.
fn checked(scene: Scene<'_>, typed: &Particulars) -> Result<Checked, ActError> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, message: &str| {
        faults.push(FieldError { code: code.to_owned(), message: message.to_owned(), field: field.to_owned() });
    };
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = |text: &str| -> Vec<String> { text.lines().map(tidy).filter(|line| !line.is_empty()).collect() };
    let (name, former) = (tidy(&typed.name), lines(&typed.former_names));
    if name_key(&name).is_empty() {
        fault("name", "name.missing", "请写名称，营业执照上怎么写就怎么写");
    }
    let credit_code = match typed.credit_code.trim() {
        "" => String::new(),
        code => CreditCode::parse(code).map(String::from).unwrap_or_else(|error| {
            fault("credit_code", "credit_code.invalid", &error.to_string());
            String::new()
        }),
    };
    let region = match typed.region.trim() {
        "" => String::new(),
        code => RegionCode::parse(code).map(String::from).unwrap_or_else(|error| {
            fault("region", "region.invalid", &error.to_string());
            String::new()
        }),
    };
    if scene.house.codes.label("operator_kinds", &typed.kind).is_none() {
        fault("kind", "kind.missing", "请选择经营者类型");
    }
    let phone = tidy(&typed.phone);
    if phone.chars().any(|letter| !(letter.is_ascii_digit() || "-+() 、/转".contains(letter))) {
        fault("phone", "phone.invalid", "电话请只写数字和横线，例如 0371-68123456");
    }
    let (address, contact_name, places) = (tidy(&typed.address), tidy(&typed.contact_name), lines(&typed.places));
    let long = |text: &String| text.chars().count() > LINE_AT_MOST;
    for (field, texts) in [
        ("name", std::slice::from_ref(&name)),
        ("former_names", &former),
        ("address", std::slice::from_ref(&address)),
        ("contact_name", std::slice::from_ref(&contact_name)),
        ("phone", std::slice::from_ref(&phone)),
        ("places", &places),
    ] {
        if texts.iter().any(long) {
            fault(field, &format!("{field}.too_long"), &format!("每一行请控制在 {LINE_AT_MOST} 个字以内"));
        }
        if texts.len() > LINES_AT_MOST {
            fault(field, &format!("{field}.too_many"), &format!("最多 {LINES_AT_MOST} 行"));
        }
    }
    let mut shops = Vec::new();
    for (number, [platform, shop, url]) in (1..).zip(&typed.shops) {
        let (platform, shop, url) = (tidy(platform), tidy(shop), url.trim().to_owned());
        if platform.is_empty() && shop.is_empty() && url.is_empty() {
            continue;
        }
        if platform.is_empty() {
            fault(&format!("shop.{number}.platform"), "shop.platform", "请写网店所在的平台");
        }
        if shop.is_empty() {
            fault(&format!("shop.{number}.name"), "shop.name", "请写网店在平台上的名称");
        }
        let web = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
        if !web || url.chars().any(char::is_whitespace) {
            fault(&format!("shop.{number}.url"), "shop.url", "网址请从 https:// 或者 http:// 写起");
        }
        if [&platform, &shop, &url].into_iter().any(long) {
            fault(&format!("shop.{number}.name"), "shop.too_long", "每一项请控制在 200 个字以内");
        }
        shops.push(ShopRow { shop: shop_key(&platform, &shop), platform, name: shop, url });
    }
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let mut names: Vec<String> = [&name].into_iter().chain(&former).map(|name| name_key(name)).collect();
    names.dedup();
    let operator = OperatorRow {
        name,
        former_names: former.join("\n"),
        names,
        credit_code,
        kind: typed.kind.clone(),
        region_code: region,
        address,
        contact_name,
        phone,
        ..OperatorRow::default()
    };
    Ok((operator, places, shops))
}
