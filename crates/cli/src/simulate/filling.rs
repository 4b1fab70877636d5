//! The particulars of an act, from the script and from the case as it stands.

use std::sync::Arc;

use casework::{ActError, Scene, assignment, major, service, supplement, timing};
use domain::accepting::PartyRole;
use domain::act::AgreementItem;
use domain::action::Action;
use domain::clock::{beijing_day, beijing_time};
use domain::further_party::RawParty;
use domain::mediation::Side;
use domain::rule_set::{Ground, RuleSet};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use store::Tx;
use store::case::CaseRow;

use super::course::{Beat, Script};
use super::doing::Particulars;
use super::hands::{bureau_of, neighbour, office_of};
use super::person::{Person, Sex};
use super::photo;
use super::town::Bureau;
use super::vocabulary::generator;

/// The stories number the grounds as the law of 2026 does (`data/mix.toml`).
const STORIES_FOLLOW: &str = "national-2026";
/// A ground of the law of 2026 and the one of the law before that it came from.
const OLDER: &[(&str, &str)] = &[("test_cost", "test_body_or_cost")];
/// The stream of the generator for people who join later.
const JOINING: u64 = 0x901;

/// One beat with all that is known of it outside of the case.
pub struct Stage {
    /// Everybody.
    pub town: Arc<[Bureau]>,
    /// What will be said.
    pub script: Arc<Script>,
    /// What is done now.
    pub beat: Beat,
    /// The right office, by place in its bureau.
    pub office: usize,
    /// Which of its officers comes first.
    pub first_officer: usize,
    /// The number of the other case, where there is one.
    pub other: String,
    /// When both sides can meet.
    pub meeting_at: Timestamp,
    /// A number drawn for this beat.
    pub chance: i64,
}

/// The particulars of an act in this case.
pub fn fill(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
    action: Action,
    stage: &Stage,
) -> Result<Particulars, ActError> {
    let (beat, town) = (&stage.beat, &*stage.town);
    let (words, more, key) = (beat.words.clone(), beat.more.clone(), beat.key.clone());
    let mut with = Particulars { words, more, key, yes: beat.yes, ..Particulars::at(scene.now) };
    let turns = &case.state.turns;
    match action {
        Action::Register => (with.words, with.key, with.more) = stage.script.register.clone(),
        Action::Refuse => with.item = ground(scene, case, beat, |set| &set.refusal_grounds),
        Action::Terminate => with.item = ground(scene, case, beat, |set| &set.termination_grounds),
        // In the stories a fine is in yuan; the turns write it beside the words.
        Action::ProposeDecision => {
            with.recovered = beat.more.parse().unwrap_or_else(|_| i64::from(beat.item)) * 100;
        }
        Action::Rate => with.mark = u8::try_from(beat.item).unwrap_or(5),
        Action::Dispatch | Action::Assist => place(case, stage, &mut with),
        Action::Assign => (with.lead, with.partner) = officers(town, case, stage),
        Action::Forward | Action::RaiseDispute => {
            with.bureau = neighbour(town, case.state.bureau).map_or(0, |it| it.bureau.id);
        }
        Action::DesignateDispute => {
            let other = turns.dispatching.dispute.as_ref().map(|dispute| dispute.with);
            with.bureau = other.filter(|_| beat.yes).unwrap_or(case.state.bureau);
        }
        Action::Notify | Action::Arrange => {
            let office = office_of(town, case).map(|office| office.office.name.clone()).unwrap_or_default();
            (with.at, with.place) = (stage.meeting_at, format!("{office}调解室"));
        }
        Action::RecordMeeting => with.at = scene.now - SignedDuration::from_mins(40),
        Action::Settle | Action::SettleOnSpot => (with.items, with.recovered) = agreed(scene, &stage.script),
        Action::RequestMaterials | Action::RequestIdentity => {
            let soon = scene.house.calendar().add_workdays(beijing_day(scene.now), 3);
            with.day = supplement::latest_day(tx, scene, case)?.map(|latest| latest.min(soon)).or(Some(soon));
        }
        Action::RecordAppraisal | Action::RecordTransfer => with.day = Some(beijing_day(scene.now)),
        Action::RequestRecusal => with.lead = case.state.partner.or(case.state.lead).unwrap_or_default(),
        Action::Replace => {
            with.lead = case.state.lead.unwrap_or_default();
            with.partner = replacement(tx, case)?;
        }
        Action::DecideRecusal => with.partner = replacement(tx, case)?,
        Action::Appraise | Action::Suspend => {
            let known = timing::causes(scene, case);
            let wanted = known.iter().find(|cause| **cause == beat.key).or(known.first());
            with.key = wanted.cloned().unwrap_or_default();
            with.place = format!("{}产品质量检验检测中心", county(town, case));
        }
        Action::Delegate => with.more = format!("{}消费者协会", county(town, case)),
        Action::ReferLegalAid => with.more = format!("{}法律援助中心", county(town, case)),
        Action::ReportUp if beat.yes => {
            let town_limit = major::on_site(scene, case).first().map(|limit| limit.key.clone());
            with.other = town_limit.unwrap_or_default();
        }
        Action::RecordPenalty => {
            let sum = case.state.turns.reporting.penalty;
            (with.day, with.recovered) = (Some(beijing_day(scene.now)), sum);
            if sum > 0 { "fine" } else { "warning" }.clone_into(&mut with.key);
            with.more = format!("市监处罚〔{}〕{}号", beijing_day(scene.now).year(), case.id);
        }
        Action::Serve | Action::ConfirmAddress => {
            let papers = store::paper::of_case(tx, case.id)?;
            let servable = service::servable(tx, scene.house, case, &papers)?;
            let chosen = servable.iter().find(|it| it.side == Side::Respondent).or(servable.first());
            with.other = chosen.map(service::Servable::key).unwrap_or_default();
            (with.day, with.item) = (Some(beijing_day(scene.now)), case.id as u32);
            with.place = format!("{}门店", case.matter.respondent_name);
        }
        Action::Merge | Action::NotSeparately | Action::Link | Action::Unlink => with.other.clone_from(&stage.other),
        Action::AddParty => with.new_party = joining(scene, town, case, stage),
        Action::EndParty => with.party = turns.accepting.parties.last().map_or(0, |party| party.id),
        Action::RecordConsent => {
            let waits = turns.accepting.parties.iter().find(|party| party.role.must_consent());
            with.party = waits.map_or(0, |party| party.id);
        }
        Action::AddEvidence => {
            let key = draft_key(stage, scene.now);
            let picture = photo::chat_screenshot(&mut generator(stage.chance.unsigned_abs(), JOINING));
            keep(tx, scene, &key, "聊天记录.png", &picture)?;
            with.other = key;
        }
        _ => {}
    }
    Ok(with)
}

/// The right office; a wrong one where the beat says so, or another one to help.
fn place(case: &CaseRow, stage: &Stage, with: &mut Particulars) {
    let Some(bureau) = bureau_of(&stage.town, case) else { return };
    let away = match stage.beat.key.as_str() {
        "wrong" | "beside" => 1,
        "wrong_again" => 2,
        _ => 0,
    };
    let count = bureau.offices.len();
    let of = |away: usize| &bureau.offices[(stage.office + away) % count].office;
    let office = if Some(of(away).id) == case.state.unit { of(away + 1) } else { of(away) };
    with.unit = office.id;
    if with.words.is_empty() {
        with.words = format!("商家实际经营地在{}辖区", office.name);
    }
}

/// Two officers of the office that has the case; other ones where the beat says `change`.
fn officers(town: &[Bureau], case: &CaseRow, stage: &Stage) -> (i64, i64) {
    let Some(office) = office_of(town, case) else { return (0, 0) };
    let first = stage.first_officer;
    let id = |place: usize| super::hands::id_of(&office.officers[place % office.officers.len()]);
    (id(first), id(first + 1))
}

/// An officer of the office who is not on the case.
fn replacement(tx: &mut Tx<'_>, case: &CaseRow) -> Result<i64, ActError> {
    let on_it = [case.state.lead, case.state.partner];
    let free = assignment::officers(tx, case)?.into_iter().find(|officer| !on_it.contains(&Some(officer.id)));
    Ok(free.map_or(0, |officer| officer.id))
}

/// The item under the law of the case's own day: by the beat's key, or by its number in the stories. A ground that came later
/// falls to that law's last one (other provisions).
fn ground(scene: Scene<'_>, case: &CaseRow, beat: &Beat, grounds: fn(&RuleSet) -> &[Ground]) -> u32 {
    let of = |set: &str| scene.house.book.get(set).map(grounds).unwrap_or_default();
    let told = of(STORIES_FOLLOW).iter().find(|ground| ground.item == beat.item).map(|ground| ground.key.as_str());
    let key = if beat.key.is_empty() { told.unwrap_or_default() } else { beat.key.as_str() };
    let older = OLDER.iter().find(|(new, _)| *new == key).map_or(key, |(_, old)| *old);
    let own = of(&case.rule_set);
    let found = own.iter().find(|ground| ground.key == key).or_else(|| own.iter().find(|ground| ground.key == older));
    found.or(own.last()).map_or(1, |ground| ground.item)
}

fn agreed(scene: Scene<'_>, script: &Script) -> (Vec<AgreementItem>, i64) {
    let today = beijing_time(scene.now).date();
    let items: Vec<AgreementItem> = script
        .agreement
        .iter()
        .map(|(text, amount, days)| {
            let due = days.map(|days| today.saturating_add(days.days()));
            AgreementItem { text: text.clone(), amount: *amount, due }
        })
        .collect();
    let recovered = items.iter().map(|item| item.amount).sum();
    (items, recovered)
}

/// Somebody who acts for the consumer or complains with her.
fn joining(scene: Scene<'_>, town: &[Bureau], case: &CaseRow, stage: &Stage) -> RawParty {
    let Some(bureau) = bureau_of(town, case) else { return RawParty::default() };
    let role = PartyRole::from_key(&stage.beat.key);
    let mut rng = generator(stage.chance.unsigned_abs(), JOINING);
    let today = beijing_day(scene.now);
    let person = Person::suited(&mut rng, &bureau.county, today.year(), Some((30, 55)), Some(Sex::Female), false);
    // The representative is one of those who complain together.
    let known = case.state.turns.accepting.parties.iter().any(|party| party.role == PartyRole::JointComplainant);
    let same = known && role == Some(PartyRole::Representative);
    let name = if same { case.matter.complainant_name.clone() } else { person.name };
    RawParty {
        role: stage.beat.key.clone(),
        name,
        phone: person.phone,
        address: person.address,
        id_kind: "passport".to_owned(),
        id_number: format!("E{:08}", stage.chance),
        matters: "就本件投诉代为主张权利".to_owned(),
        powers: "代为投诉、参加调解、签收文书".to_owned(),
        until: today.saturating_add(90.days()).to_string(),
        agreed: "yes".to_owned(),
    }
}

fn county<'a>(town: &'a [Bureau], case: &CaseRow) -> &'a str {
    bureau_of(town, case).map_or("", |bureau| bureau.county.name.as_str())
}

/// The key under which the files of an upload lie until a case takes them.
pub fn draft_key(stage: &Stage, now: Timestamp) -> String {
    format!("simulated:{now}:{}", stage.chance)
}

/// Keeps a file of an upload.
pub fn keep(tx: &mut Tx<'_>, scene: Scene<'_>, draft: &str, name: &str, bytes: &[u8]) -> Result<(), ActError> {
    let kept =
        store::files::put(&scene.house.settings.data, bytes).map_err(|error| ActError::File(error.to_string()))?;
    let media_type = if bytes.starts_with(b"%PDF") { "application/pdf" } else { "image/png" };
    let file = store::attachment::AttachmentRow {
        id: 0,
        case_id: None,
        draft_hash: Some(draft.to_owned()),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size: bytes.len() as i64,
        sha256: kept,
        added_by: "complainant".to_owned(),
        added_at: scene.now,
    };
    store::attachment::insert(tx, &file)?;
    Ok(())
}
