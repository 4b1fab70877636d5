//! 抽查: a superior draws a sample of the cases beneath it, checks each against a list of points, tells those who had it, and looks
//! at what they put right (O121 art. 26; catalogue 5.5).

use domain::act::Act;
use domain::action::Action;
use domain::audit::AuditKind;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::organization::OrganizationKind;
use domain::procedure;
use domain::role::Role;
use domain::spot_check::{self, Finding, Looks, Member, Point, Verdict, practice};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::case::CaseRow;
use store::organization::OrganizationRow;
use store::search::{Fact, Scope, Selection};
use store::spot_check::{CheckRow, Drawable, NewCheck, SampledRow, Written};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::{archive, clocks, record, supervision};

/// Draws shown of a bureau.
const SHOWN: i64 = 200;

/// The bureau for which a person checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bureau.
    pub bureau: i64,
    /// Whether she also checks the bureau's own offices and centre: its leaders do.
    pub own: bool,
}

/// For which bureau she checks; none when she does not.
pub fn place(staff: &Staff) -> Option<Place> {
    let checks = staff.grants.iter().filter(|grant| supervision::supervises(grant));
    let first = checks.clone().map(|grant| grant.bureau_id).next()?;
    let own = checks.filter(|grant| grant.bureau_id == first).any(|grant| grant.role != Role::Dispatcher);
    Some(Place { bureau: first, own })
}

/// Where the acting person checks.
pub fn my_place(scene: Scene<'_>) -> Result<Place, ActError> {
    match scene.actor {
        Actor::Staff(staff) => place(staff).ok_or(ActError::Forbidden),
        _ => Err(ActError::Forbidden),
    }
}

/// The kinds of case that can be checked: those of which the procedure knows what follows.
pub fn kinds() -> Vec<CaseKind> {
    let known = |kind: &CaseKind| procedure::steps_of(Action::CloseRectification).any(|step| step.kinds.contains(kind));
    CaseKind::ALL.iter().copied().filter(known).collect()
}

/// The bureaus right beneath a bureau, then its own offices.
pub fn beneath(tx: &mut Tx<'_>, bureau: i64) -> Result<Vec<OrganizationRow>, ActError> {
    let mut beneath = store::organization::children(tx, bureau)?;
    beneath.retain(|it| it.kind == OrganizationKind::Bureau && it.active);
    beneath.extend(
        store::organization::of_bureau(tx, bureau, OrganizationKind::Office)?.into_iter().filter(|it| it.active),
    );
    Ok(beneath)
}

/// Whose cases she may draw: bureaus beneath; her own offices and, last, what her own bureau handles without an office.
pub fn choices(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<OrganizationRow>, ActError> {
    let here = my_place(scene)?;
    let mut choices = beneath(tx, here.bureau)?;
    if here.own {
        choices.extend(store::organization::find(tx, here.bureau)?);
    } else {
        choices.retain(|it| it.kind == OrganizationKind::Bureau);
    }
    Ok(choices)
}

/// From what is drawn and how much, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drawing {
    /// What makes a form sent twice one draw.
    #[serde(skip)]
    pub key: String,
    /// What it is called; empty for the month's.
    #[serde(skip)]
    pub name: String,
    /// Bureaus and offices; all that she may draw from when none is named.
    pub organizations: Vec<i64>,
    /// Received on this day or later.
    pub from: Option<Date>,
    /// Received on this day or earlier.
    pub to: Option<Date>,
    /// Key of the kind.
    pub kind: String,
    /// Key of the outcome, or empty.
    pub outcome: String,
    /// Only cases with a limit that was missed.
    pub late: bool,
    /// How many, or how many of a hundred.
    pub size: usize,
    /// The size is in hundredths.
    pub percent: bool,
    /// Each organisation gives its share.
    pub by_organization: bool,
}

/// What a drawing comes to before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// Cases in the population.
    pub population: usize,
    /// Cases that would be drawn.
    pub sample: usize,
}

/// How many cases a drawing is over, and how many it would take.
pub fn weigh(tx: &mut Tx<'_>, scene: Scene<'_>, drawing: &Drawing) -> Result<Weighed, ActError> {
    let members = members(&population(tx, scene, drawing)?, my_place(scene)?.bureau);
    Ok(Weighed { population: members.len(), sample: sample_of(drawing, &members) })
}

/// Draws a sample with this seed, once for each key; gives the draw's id.
pub fn draw(tx: &mut Tx<'_>, scene: Scene<'_>, drawing: &Drawing, seed: [u8; 6]) -> Result<i64, ActError> {
    let here = my_place(scene)?;
    if let Some(known) = store::spot_check::by_key(tx, &drawing.key)?.filter(|it| it.drawn.bureau_id == here.bureau) {
        return Ok(known.id);
    }
    let cases = population(tx, scene, drawing)?;
    let members = members(&cases, here.bureau);
    let size = sample_of(drawing, &members);
    let most = practice().sample_at_most;
    Faults::default()
        .when(drawing.key.is_empty(), "size", "key.missing", "页面已经过期，请重新打开再抽取")
        .when(drawing.name.chars().count() > 60, "name", "name.too_long", "请控制在 60 个字以内")
        .when(members.is_empty(), "from", "population.empty", "这个范围里没有案件，请放宽条件")
        .when(size > most, "size", "size.too_many", &format!("一次最多抽 {most} 件，这里会抽到 {size} 件"))
        .done()?;
    let seed = seed.iter().fold(0_i64, |seed, byte| (seed << 8) | i64::from(*byte));
    let today = beijing_day(scene.now);
    let name = match drawing.name.trim() {
        "" => format!("{}年{}月抽查", today.year(), today.month()),
        name => name.to_owned(),
    };
    let new = NewCheck {
        key: drawing.key.clone(),
        bureau_id: here.bureau,
        drawn_by: scene.actor.id().ok_or(ActError::Forbidden)?,
        name,
        scope: serde_json::to_string(drawing).expect("a drawing is plain data"),
        population: serde_json::to_string(&members).expect("a list of numbers is plain data"),
        population_size: members.len() as i64,
        size: asked_of(drawing, members.len()) as i64,
        by_organization: drawing.by_organization,
        seed,
    };
    let id = store::spot_check::insert(tx, &new, scene.now)?;
    let drawn = spot_check::draw(seed, &members, asked_of(drawing, members.len()), drawing.by_organization);
    for (place, number) in drawn.iter().enumerate() {
        let found = cases.iter().zip(&members).find(|(case, _)| case.number == *number);
        if let Some((case, member)) = found {
            store::spot_check::insert_case(tx, id, place as i64 + 1, case.case_id, member.organization)?;
        }
    }
    Ok(id)
}

/// How many are asked for.
fn asked_of(drawing: &Drawing, population: usize) -> usize {
    if drawing.percent { spot_check::hundredths(population, drawing.size) } else { drawing.size }
}

/// How many are drawn.
fn sample_of(drawing: &Drawing, members: &[Member]) -> usize {
    let asked = asked_of(drawing, members.len());
    match drawing.by_organization {
        true => spot_check::shares(members, asked).into_iter().map(|(_, share)| share).sum(),
        false => asked.min(members.len()),
    }
}

/// A case of the bureau's own is its office's; any other is its bureau's.
fn members(cases: &[Drawable], bureau: i64) -> Vec<Member> {
    let whose = |case: &Drawable| match case.unit_id {
        Some(unit) if case.bureau_id == bureau => unit,
        _ => case.bureau_id,
    };
    cases.iter().map(|case| Member { number: case.number.clone(), organization: whose(case) }).collect()
}

/// The cases that may be drawn: never a secret kind, never what the one who draws handled herself.
fn population(tx: &mut Tx<'_>, scene: Scene<'_>, drawing: &Drawing) -> Result<Vec<Drawable>, ActError> {
    let here = my_place(scene)?;
    let choices = choices(tx, scene)?;
    let strange = drawing.organizations.iter().any(|id| choices.iter().all(|it| it.id != *id));
    let kind = CaseKind::from_key(&drawing.kind).filter(|kind| kinds().contains(kind));
    let backwards = drawing.from.zip(drawing.to).is_some_and(|(from, to)| from > to);
    let sizes = if drawing.percent { 1..=100 } else { 1..=practice().sample_at_most };
    let range = format!("请写 1 到 {} 之间的数", sizes.end());
    Faults::default()
        .when(strange, "organizations", "organizations.unknown", "请从列表中选择下级单位")
        .when(drawing.from.is_none(), "from", "from.invalid", "请写收到日期从哪天起，例如 2026-03-01")
        .when(drawing.to.is_none(), "to", "to.invalid", "请写收到日期到哪天止，例如 2026-03-31")
        .when(backwards, "to", "to.before_from", "止日不能早于起日")
        .when(kind.is_none(), "kind", "kind.unknown", "请选择抽查哪一种案件")
        .when(!sizes.contains(&drawing.size), "size", "size.range", &range)
        .done()?;
    let chosen = |it: &&OrganizationRow| drawing.organizations.is_empty() || drawing.organizations.contains(&it.id);
    let chosen: Vec<&OrganizationRow> = choices.iter().filter(chosen).collect();
    let selection = Selection {
        kind,
        outcome: Some(drawing.outcome.clone()).filter(|outcome| !outcome.is_empty()),
        received_from: drawing.from,
        received_to: drawing.to,
        fact: drawing.late.then_some((Fact::Late, scene.now)),
        ..Selection::default()
    };
    let scope = |it: &&OrganizationRow| match it.kind {
        OrganizationKind::Office => Scope::Unit(it.id),
        _ => Scope::Reach(it.path.clone()),
    };
    let (own, others): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|it| it.id == here.bureau);
    let (me, most) = (scene.actor.id().unwrap_or_default(), practice().population_at_most as i64 + 1);
    let scopes: Vec<Scope> = others.iter().map(scope).collect();
    let mut cases = store::spot_check::population(tx, &scopes, &selection, me, most)?;
    if let Some(bureau) = own.first() {
        let without_office = Selection { bureau: Some(bureau.id), unit: Some(0), ..selection };
        let scopes = [Scope::Reach(bureau.path.clone())];
        cases.extend(store::spot_check::population(tx, &scopes, &without_office, me, most)?);
    }
    let many = cases.len() > practice().population_at_most;
    let words = format!("范围里超过 {} 件，请缩短期间或者减少单位", practice().population_at_most);
    Faults::default().when(many, "to", "population.too_many", &words).done()?;
    Ok(cases)
}

/// The draws of her bureau, the last first.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<CheckRow>, ActError> {
    Ok(store::spot_check::of_bureau(tx, my_place(scene)?.bureau, SHOWN)?)
}

/// A draw of her bureau; any other does not exist for her.
pub fn mine(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<CheckRow, ActError> {
    let here = my_place(scene).map_err(|_| ActError::NotFound)?;
    store::spot_check::find(tx, id)?.filter(|check| check.drawn.bureau_id == here.bureau).ok_or(ActError::NotFound)
}

/// A draw with its cases, as far as she may know of them by now.
pub fn sample(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(CheckRow, Vec<SampledRow>), ActError> {
    let check = mine(tx, scene, id)?;
    let mut rows = Vec::new();
    for row in store::spot_check::cases(tx, id)? {
        let case = store::case::by_id(tx, row.case_id)?;
        if case.is_some_and(|case| scene.actor.may_read(&case)) {
            rows.push(row);
        }
    }
    Ok((check, rows))
}

/// Says that a draw does not count, as long as nobody was told of a finding. It stays in sight with its reason.
pub fn void(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, reason: &str) -> Result<(), ActError> {
    let check = mine(tx, scene, id)?;
    if check.voided.as_ref().is_some_and(|(_, said)| said == reason.trim()) {
        return Ok(());
    }
    Faults::default().needed("reason", reason, "请写明为什么作废，例如“范围选错了”").done()?;
    match store::spot_check::void(tx, id, reason.trim(), scene.now)? {
        true => Ok(()),
        false => Err(ActError::field("reason", "check.begun", "已经有案件办结了抽查，不能作废")),
    }
}

/// One case of a draw on the checker's desk.
pub struct Sheet {
    /// The draw.
    pub check: CheckRow,
    /// The case in it.
    pub row: SampledRow,
    /// The case itself.
    pub case: CaseRow,
    /// What is looked at, with what was found, or what the case itself says until then.
    pub points: Vec<Looked>,
}

/// A point with its finding.
pub struct Looked {
    /// The point.
    pub point: &'static Point,
    /// What was found.
    pub finding: Finding,
    /// The finding is what the program worked out.
    pub computed: bool,
}

/// A case of a draw of her bureau.
pub fn sheet(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Sheet, ActError> {
    let row = store::spot_check::case(tx, id)?.ok_or(ActError::NotFound)?;
    let check = mine(tx, scene, row.check_id)?;
    let case = store::case::by_id(tx, row.case_id)?.filter(|case| scene.actor.may_read(case));
    let case = case.ok_or(ActError::NotFound)?;
    let kept: Vec<Finding> = serde_json::from_str(&row.written.findings).unwrap_or_default();
    let mut points = Vec::new();
    for point in practice().points.iter().filter(|point| point.concerns(case.state.kind, case.state.outcome)) {
        let found = kept.iter().find(|finding| finding.point == point.key);
        let finding = match found {
            Some(finding) => finding.clone(),
            None => worked_out(tx, scene, &case, point)?,
        };
        let computed = found.is_none() && finding.verdict.is_some();
        points.push(Looked { point, finding, computed });
    }
    Ok(Sheet { check, row, case, points })
}

/// Keeps that she looked at a case of a draw (11.3).
pub fn note_look(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let sheet = sheet(tx, scene, id)?;
    let reason = format!("抽查：{}", sheet.check.drawn.name);
    Ok(store::access::record(
        tx,
        scene.now,
        AuditKind::Look,
        scene.actor.id(),
        Some(sheet.case.id),
        "抽查案件",
        &reason,
    )?)
}

/// What the case itself says of a point.
fn worked_out(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, point: &Point) -> Result<Finding, ActError> {
    let mut finding = Finding { point: point.key.clone(), verdict: None, remark: String::new() };
    let deadlines = store::deadline::of_case(tx, case.id)?;
    if let Some(measure) = point.measure.as_deref().and_then(domain::timeliness::measure) {
        finding.verdict = Some(match clocks::timely(&deadlines, measure, scene.now) {
            Some(true) => Verdict::Pass,
            Some(false) => Verdict::Fail,
            None => Verdict::NotApplicable,
        });
        let late = deadlines.iter().filter(|row| {
            measure.limits.contains(&row.limit_key)
                && clocks::is_judged(row)
                && clocks::in_time(row, scene.now) == Some(false)
        });
        let late: Vec<String> = late.map(|row| format!("“{}”最后一日 {}", row.name, row.due_day)).collect();
        if !late.is_empty() {
            finding.remark = format!("{}，超期。", late.join("、"));
        }
    }
    match point.looks {
        Some(Looks::Papers) => {
            let missing = archive::missing(tx, scene, case)?;
            finding.verdict = Some(match (missing.is_empty(), case.state.outcome.is_some()) {
                (true, true) => Verdict::Pass,
                (false, true) => Verdict::Fail,
                (_, false) => Verdict::NotApplicable,
            });
            if finding.verdict == Some(Verdict::Fail) {
                finding.remark = format!("缺{}。", missing.join("、"));
            }
        }
        Some(Looks::Pauses) if deadlines.iter().all(|row| row.suspensions.is_empty()) => {
            finding.verdict = Some(Verdict::NotApplicable);
        }
        _ => {}
    }
    Ok(finding)
}

/// What a checker typed about a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// By key of the point.
    pub findings: Vec<Finding>,
    /// In her words.
    pub words: String,
    /// Something is to be put right.
    pub rectify: bool,
}

/// Keeps a draft.
pub fn save(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, checked: &Checked) -> Result<(), ActError> {
    let sheet = sheet(tx, scene, id)?;
    not_voided(&sheet)?;
    let written = written(&sheet, checked)?;
    if sheet.row.finished_at.is_some() || !kept(tx, scene, &sheet, seen, &written)? {
        return Err(conflict(&sheet));
    }
    Ok(())
}

/// Finishes a case of a draw: those who had it are told, and put right what is wrong by a day.
pub fn finish(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, seen: i64, checked: &Checked) -> Result<(), ActError> {
    let sheet = sheet(tx, scene, id)?;
    not_voided(&sheet)?;
    let written = written(&sheet, checked)?;
    if sheet.row.finished_at.is_some() {
        return if sheet.row.written == written { Ok(()) } else { Err(conflict(&sheet)) };
    }
    let standing = scene.actor.standing(&sheet.case);
    procedure::step(sheet.case.state.kind, sheet.case.state.status, Action::CloseRectification, &standing)
        .map_err(ActError::NotLawful)?;
    let mut faults = Faults::default();
    let mut failed = Vec::new();
    for looked in &sheet.points {
        let key = &looked.point.key;
        let found = checked.findings.iter().find(|finding| finding.point == *key);
        let verdict = found.and_then(|finding| finding.verdict);
        let silent = found.is_none_or(|finding| finding.remark.trim().is_empty());
        faults = faults
            .when(verdict.is_none(), &format!("verdict_{key}"), "verdict.missing", "请选择合格、不合格或者不适用")
            .when(
                verdict == Some(Verdict::Fail) && silent,
                &format!("remark_{key}"),
                "remark.missing",
                "不合格的请写明问题在哪里",
            );
        if verdict == Some(Verdict::Fail) {
            failed.push(key.clone());
        }
    }
    let rectify = checked.rectify && !failed.is_empty();
    let open = sheet.case.state.turns.dispatching.rectification.is_some();
    faults
        .when(rectify && open, "rectify", "rectify.open", "本件在另一次抽查里还在整改，等确认以后再办结")
        .when(
            !failed.is_empty() && checked.words.trim().is_empty(),
            "words",
            "words.missing",
            "请写抽查意见，承办单位读到的就是这段话",
        )
        .done()?;
    if !kept(tx, scene, &sheet, seen, &written)? {
        return Err(conflict(&sheet));
    }
    let rectify_by = rectify.then(|| rectification_day(scene));
    store::spot_check::finish(tx, id, failed.len() as i64, rectify_by, scene.now)?;
    let act = Act::NoteChecked {
        check: sheet.check.id,
        by: sheet.check.drawn.bureau_id,
        failed,
        words: checked.words.trim().to_owned(),
        rectify_by,
    };
    record::perform(tx, scene, sheet.case, &act).map(drop)
}

fn kept(tx: &mut Tx<'_>, scene: Scene<'_>, sheet: &Sheet, seen: i64, written: &Written) -> Result<bool, ActError> {
    let checker = scene.actor.id().ok_or(ActError::Forbidden)?;
    Ok(store::spot_check::save(tx, sheet.row.id, seen, written, checker)?)
}

/// What is kept of what was typed: only points that the case has.
fn written(sheet: &Sheet, checked: &Checked) -> Result<Written, ActError> {
    let long = |text: &str| text.chars().count() > 500;
    let mut faults = Faults::default();
    for finding in &checked.findings {
        let field = format!("remark_{}", finding.point);
        faults = faults.when(long(&finding.remark), &field, "remark.too_long", "请控制在 500 个字以内");
    }
    faults.when(long(&checked.words), "words", "words.too_long", "请控制在 500 个字以内").done()?;
    let findings: Vec<Finding> = sheet
        .points
        .iter()
        .filter_map(|looked| checked.findings.iter().find(|finding| finding.point == looked.point.key))
        .map(|finding| Finding { remark: finding.remark.trim().to_owned(), ..finding.clone() })
        .collect();
    Ok(Written {
        findings: serde_json::to_string(&findings).expect("findings are plain data"),
        words: checked.words.trim().to_owned(),
        rectify: checked.rectify,
    })
}

fn not_voided(sheet: &Sheet) -> Result<(), ActError> {
    match sheet.check.voided {
        Some(_) => Err(ActError::field("words", "check.voided", "这次抽查已经作废")),
        None => Ok(()),
    }
}

fn conflict(sheet: &Sheet) -> ActError {
    let who = sheet.row.checker_name.clone().unwrap_or_else(|| "同事".to_owned());
    let what =
        if sheet.row.finished_at.is_some() { "已经办结了这件的抽查" } else { "改过这件的抽查情况" };
    ActError::Conflict { since: format!("{who}{what}") }
}

/// The last day for putting right what is found today.
pub fn rectification_day(scene: Scene<'_>) -> Date {
    scene.house.calendar().add_workdays(beijing_day(scene.now), practice().rectification.workdays)
}

/// Says what was put right.
pub fn rectify(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    words: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("words", words, "请写整改的情况：做了什么，结果怎样").done()?;
    let act = Act::Rectify { words: words.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let Some(rectification) = &case.state.turns.dispatching.rectification else { return Ok(()) };
        Ok(store::spot_check::note_reply(tx, rectification.check, case.id, scene.now)?)
    })
}

/// Finds that enough, or asks for more by another day; by the bureau that checked, or one above it.
pub fn close_rectification(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    enough: bool,
    opinion: &str,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("opinion", opinion, "请写核对的情况").done()?;
    let again_by = (!enough).then(|| rectification_day(scene));
    let before = record::readable(tx, scene, number)?.state.turns.dispatching.rectification;
    let act = Act::CloseRectification { again_by, opinion: opinion.trim().to_owned() };
    let theirs = |tx: &mut Tx<'_>, case: &CaseRow| {
        let Some(rectification) = &case.state.turns.dispatching.rectification else { return Ok(()) };
        let yours = supervision::speaks_for(tx, scene, rectification.by)?;
        Faults::default().when(!yours, "opinion", "rectification.not_yours", "由抽查的局确认，请联系该局").done()
    };
    record::act(tx, scene, number, seen, &act, theirs, |tx, case| {
        let Some(rectification) = &before else { return Ok(()) };
        Ok(store::spot_check::note_close(tx, rectification.check, case.id, again_by, scene.now)?)
    })
}

/// What a draw found of one point, or of one organisation's cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The point's key, or the organisation's id.
    pub key: String,
    /// Its name.
    pub name: String,
    /// In order.
    pub passed: i64,
    /// Not in order.
    pub failed: i64,
    /// Not judged.
    pub not_applicable: i64,
}

/// The finished cases point by point.
pub fn by_point(rows: &[SampledRow]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let order = |key: &str| practice().points.iter().position(|point| point.key == key);
    for row in rows.iter().filter(|row| row.finished_at.is_some()) {
        let findings: Vec<Finding> = serde_json::from_str(&row.written.findings).unwrap_or_default();
        for finding in findings {
            let line = line_of(&mut found, &finding.point, spot_check::point_name(&finding.point));
            match finding.verdict {
                Some(Verdict::Pass) => line.passed += 1,
                Some(Verdict::Fail) => line.failed += 1,
                _ => line.not_applicable += 1,
            }
        }
    }
    found.sort_by_key(|line| order(&line.key));
    found
}

/// The finished cases organisation by organisation: a case is in order when all its points are.
pub fn by_organization(rows: &[SampledRow]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for row in rows.iter().filter(|row| row.finished_at.is_some()) {
        let line = line_of(&mut found, &row.organization_id.to_string(), &row.organization_name);
        if row.failed > 0 {
            line.failed += 1;
        } else {
            line.passed += 1;
        }
    }
    found
}

fn line_of<'a>(found: &'a mut Vec<Found>, key: &str, name: &str) -> &'a mut Found {
    let at = found.iter().position(|line| line.key == key).unwrap_or_else(|| {
        found.push(Found { key: key.to_owned(), name: name.to_owned(), ..Found::default() });
        found.len() - 1
    });
    &mut found[at]
}
