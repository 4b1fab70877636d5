//! 阅卷: what the page of a case shows, put together in one view of the database; and the looks at personal data that are kept.

use domain::audit::AuditKind;
use std::collections::BTreeMap;

use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::codes::Codes;
use domain::link::Relation;
use domain::narration::{self, Audience, Names};
use domain::role::Role;
use domain::rule_set::{Ground, Limit, RuleSet};
use domain::status::Status;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Tx;
use store::account::GrantRow;
use store::agreement::ItemRow;
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::counts::OutcomeCount;
use store::deadline::DeadlineRow;
use store::event::EventRow;
use store::meeting::MeetingRow;
use store::operator::OperatorRow;
use store::outbox::MessageRow;
use store::paper::PaperRow;
use store::party::{EarlierCase, Party};
use store::penalty::Decided;
use store::search::{Place, Scope, Selection};
use store::service::ServiceRow;
use store::supplement::SupplementRow;
use store::volume::VolumeRow;

use crate::actor::Staff;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::operator_tie::Proposed;
use crate::proposing::{self, Looked};
use crate::service::{self, Servable};
use crate::{directory, operator_tie, operators, record, timing};

/// The file on the desk.
pub struct CaseFile {
    /// Identity, state, matter.
    pub case: CaseRow,
    /// The consumer.
    pub complainant: Party,
    /// The other side.
    pub respondent: Party,
    /// The course, oldest first.
    pub course: Vec<Told>,
    /// Every deadline, in the order they started.
    pub deadlines: Vec<DeadlineRow>,
    /// Every paper.
    pub papers: Vec<PaperRow>,
    /// How each paper that was to be served stands.
    pub served: Vec<ServiceRow>,
    /// The papers that may be served.
    pub servable: Vec<Servable>,
    /// Every message.
    pub messages: Vec<MessageRow>,
    /// Every file of evidence.
    pub attachments: Vec<AttachmentRow>,
    /// The agreement, when there is one.
    pub items: Vec<ItemRow>,
    /// Appointments.
    pub meetings: Vec<MeetingRow>,
    /// The closed file, once archived.
    pub volume: Option<VolumeRow>,
    /// The bureau responsible.
    pub bureau_name: String,
    /// The centre that took it in.
    pub intake_name: String,
    /// The office, when it has one.
    pub unit_name: String,
    /// Officer in charge and second officer, as far as named.
    pub officers: Vec<String>,
    /// Earlier cases from the same telephone, newest first, this one left out.
    pub earlier: Vec<EarlierCase>,
    /// Cases that belong together with this one, as far as she may read them, oldest link first.
    pub links: Vec<Linked>,
    /// What reminds the one who decides: proposed grounds, signals, likely duplicates.
    pub looked: Looked,
    /// What the consumer was asked to bring.
    pub supplements: Vec<SupplementRow>,
    /// Everybody who takes or took part, the two sides first.
    pub parties: Vec<Party>,
    /// What the same respondent has had this year, by its name, while it is tied to no operator.
    pub record: RespondentRecord,
    /// 经营者: the registered operator that the respondent is.
    pub operator: Option<TiedOperator>,
    /// While it is tied to none: one that it likely is and that was penalised of late, with the reason.
    pub likely_penalised: Option<(Proposed, Vec<Decided>)>,
    /// The running limits that may still be extended: key, name, by how much.
    pub extendable: Vec<(String, String, u32)>,
    /// She may be led to the reporter's sealed identity.
    pub sealed_identity: bool,
    /// What the reporter and the officers wrote to each other, oldest first.
    pub exchange: Vec<store::report::MessageRow>,
    /// What is under way around it between organisations, in sentences.
    pub around: Vec<String>,
}

/// A case that belongs together with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// How.
    pub relation: Relation,
    /// The link was made on the case that is read.
    pub outgoing: bool,
    /// Number of the other.
    pub number: String,
    /// Its line.
    pub title: String,
    /// What kind it is.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
}

impl Linked {
    /// What the other case is to the one that is read.
    pub fn words(&self) -> &'static str {
        if self.outgoing { self.relation.label_of_other() } else { self.relation.label_of_first() }
    }
}

/// What a respondent has had in this bureau this year, this case among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RespondentRecord {
    /// Cases.
    pub cases: i64,
    /// Of these: settled.
    pub settled: i64,
}

/// The registered operator behind a respondent, with what the reader may see of its recent complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiedOperator {
    /// The operator, the one that goes on where two were merged.
    pub operator: OperatorRow,
    /// From when on complaints are recent.
    pub since: Date,
    /// The recent ones, this case among them.
    pub recent: OutcomeCount,
    /// 受过的行政处罚, the latest first.
    pub penalties: Vec<Decided>,
}

/// An act as told to colleagues.
#[derive(Clone, Debug)]
pub struct Told {
    /// Place in the history, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Key of the act.
    pub act: String,
    /// `staff`, `complainant`, `program`, `system`.
    pub actor_kind: String,
    /// Who, in words.
    pub who: String,
    /// What, in words.
    pub words: String,
    /// Under which article.
    pub article: String,
}

/// Everything the page of a case shows; `NotFound` when she may not know of it.
pub fn case_file(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<CaseFile, ActError> {
    let case = record::readable(tx, scene, number)?;
    let parties = store::party::of_case(tx, case.id)?;
    let of_role = |role: &str| parties.iter().find(|party| party.role == role).cloned().unwrap_or_default();
    let (complainant, respondent) = (of_role("complainant"), of_role("respondent"));
    let events = store::event::of_case(tx, case.id)?;
    let names = CaseNames::of(tx, scene, &case, &events)?;
    let mut officers = Vec::new();
    for id in [case.state.lead, case.state.partner].into_iter().flatten() {
        officers.extend(store::account::find(tx, id)?.map(|account| account.name));
    }
    let mut earlier = store::party::cases_by_phone(tx, &complainant.phone, 20)?;
    earlier.retain(|other| other.number != case.number && other.bureau_path == case.bureau_path);
    let papers = store::paper::of_case(tx, case.id)?;
    Ok(CaseFile {
        course: course(&events, &names, case.state.kind),
        deadlines: store::deadline::of_case(tx, case.id)?,
        served: service::standing(tx, &case)?,
        servable: service::servable(tx, scene.house, &case, &papers)?,
        papers,
        messages: store::outbox::of_case(tx, case.id)?,
        attachments: store::attachment::of_case(tx, case.id)?,
        items: store::agreement::of_case(tx, case.id)?,
        meetings: store::meeting::of_case(tx, case.id)?,
        volume: store::volume::of_case(tx, case.id)?,
        bureau_name: organization_name(tx, case.state.bureau)?,
        intake_name: organization_name(tx, case.state.intake)?,
        unit_name: case.state.unit.map_or(Ok(String::new()), |unit| organization_name(tx, unit))?,
        officers,
        earlier,
        links: linked(tx, scene, &case)?,
        looked: proposing::look(tx, scene, &case)?,
        supplements: store::supplement::of_case(tx, case.id)?,
        parties,
        operator: tied_operator(tx, scene, &case)?,
        record: respondent_record(tx, scene, &case)?,
        likely_penalised: likely_penalised(tx, scene, &case)?,
        extendable: timing::extendable(tx, scene, &case)?,
        sealed_identity: crate::vault::leads_to(tx, scene, number)?,
        exchange: store::report::messages(tx, case.id)?,
        around: crate::around::sentences(tx, scene, &case)?,
        complainant,
        respondent,
        case,
    })
}

/// The parts of the tree that her roles look over, for lists and counts; the same as `Staff::may_read` judges one by one.
pub fn scopes(staff: &Staff) -> Vec<Scope> {
    let mut scopes = Vec::new();
    for grant in staff.grants.iter().filter(|grant| grant.role.reads_cases()) {
        let scope = match grant.kind.as_str() {
            "office" => Scope::Unit(grant.organization_id),
            _ => Scope::Reach(grant.reach.clone()),
        };
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if staff.holds(Role::Officer) || scopes.iter().all(|scope| matches!(scope, Scope::Unit(_))) {
        scopes.push(Scope::Officer(staff.account_id));
    }
    let directs = staff.grants.iter().filter(|grant| grant.role.directs_reports());
    scopes.extend(directs.map(|grant| match grant.kind.as_str() {
        "office" => Scope::Reports(Place::Unit(grant.organization_id)),
        _ => Scope::Reports(Place::Bureau(grant.bureau_id)),
    }));
    let keeps = |grant: &&GrantRow| grant.role == Role::Discipline && grant.kind != "office";
    scopes.extend(staff.grants.iter().filter(keeps).map(|grant| Scope::Discipline(grant.bureau_id)));
    scopes
}

/// Shows both sides in full, once, for a reason that is kept (11.3).
pub fn reveal(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, reason: &str) -> Result<(), ActError> {
    let case = record::readable(tx, scene, number)?;
    let reason = reason.trim();
    Faults::default().needed("reason", reason, "请写明为什么要看，例如“电话联系投诉人约定调解时间”").done()?;
    if reason.chars().count() > 200 {
        return Err(ActError::field("reason", "reason.too_long", "请控制在 200 个字以内"));
    }
    Ok(store::access::record(
        tx,
        scene.now,
        AuditKind::Look,
        scene.actor.id(),
        Some(case.id),
        "查看投诉人完整信息",
        reason,
    )?)
}

/// Keeps that she opened a paper or a file, which may hold names and numbers in full (11.3).
pub fn note_look(tx: &mut Tx<'_>, scene: Scene<'_>, kind: AuditKind, case_id: i64, what: &str) -> Result<(), ActError> {
    Ok(store::access::record(tx, scene.now, kind, scene.actor.id(), Some(case_id), what, "办理案件")?)
}

/// An organisation's name, empty when there is none.
pub fn organization_name(tx: &mut Tx<'_>, id: i64) -> Result<String, ActError> {
    Ok(store::organization::find(tx, id)?.map(|organization| organization.name).unwrap_or_default())
}

fn course(events: &[EventRow], names: &CaseNames<'_>, kind: CaseKind) -> Vec<Told> {
    let told = |event: &EventRow| {
        let act: Act = serde_json::from_str(&event.data).ok()?;
        Some(Told {
            number: event.number,
            at: event.at,
            act: event.act.clone(),
            actor_kind: event.actor_kind.clone(),
            who: who(event, kind),
            words: narration::tell(&act, Audience::Staff, names)?,
            article: event.basis.clone(),
        })
    };
    events.iter().filter_map(told).collect()
}

fn who(event: &EventRow, kind: CaseKind) -> String {
    match (&event.actor_name, event.actor_kind.as_str()) {
        (Some(name), _) => name.clone(),
        (None, "complainant") => kind.person().to_owned(),
        (None, "program") => "外部系统".to_owned(),
        (None, "system") => "系统".to_owned(),
        (None, _) => "工作人员".to_owned(),
    }
}

/// The links of a case to others that she may read too.
fn linked(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<Linked>, ActError> {
    let mut linked = Vec::new();
    for link in store::case_link::of_case(tx, case.id)? {
        let Some(relation) = Relation::from_key(&link.relation) else { continue };
        let Some(other) = store::case::by_id(tx, link.other_id)?.filter(|other| scene.actor.may_read(other)) else {
            continue;
        };
        linked.push(Linked {
            relation,
            outgoing: link.outgoing,
            number: other.number,
            title: other.matter.title,
            kind: other.state.kind,
            status: other.state.status,
        });
    }
    Ok(linked)
}

fn tied_operator(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Option<TiedOperator>, ActError> {
    let Some(operator) = operator_tie::of_case(tx, case)? else { return Ok(None) };
    let recent = operators::recent(tx, scene, operator.id)?;
    let penalties = operators::recent_penalties(tx, scene, operator.id)?;
    Ok(Some(TiedOperator { since: operators::recent_since(scene), operator, recent, penalties }))
}

/// What is not tied yet may still be somebody who was penalised: whoever handles it should look.
fn likely_penalised(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &CaseRow,
) -> Result<Option<(Proposed, Vec<Decided>)>, ActError> {
    let named = matches!(case.state.kind, CaseKind::Complaint | CaseKind::Report);
    if !named || case.state.operator.is_some() || !case.state.status.is_open() {
        return Ok(None);
    }
    for proposed in operator_tie::proposals(tx, case)? {
        let penalties = operators::recent_penalties(tx, scene, proposed.operator.id)?;
        if !penalties.is_empty() {
            return Ok(Some((proposed, penalties)));
        }
    }
    Ok(None)
}

fn respondent_record(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<RespondentRecord, ActError> {
    // A question may be about nobody, and what staff is named in a secret case is nobody's record.
    let tied = case.state.operator.is_some();
    if tied || case.matter.respondent_name.is_empty() || case.state.kind.is_secret() {
        return Ok(RespondentRecord::default());
    }
    let scopes = [Scope::Reach(case.bureau_path.clone())];
    let first_day = beijing_day(scene.now).first_of_year();
    let selection = Selection {
        respondent: Some(case.matter.respondent_name.clone()),
        received_from: Some(first_day),
        ..Selection::default()
    };
    let results = store::counts::results(tx, &scopes, &selection)?;
    Ok(RespondentRecord { cases: results.cases, settled: results.settled })
}

/// The names behind the ids that the acts of one case carry.
struct CaseNames<'a> {
    organizations: BTreeMap<i64, String>,
    people: BTreeMap<i64, String>,
    operators: BTreeMap<i64, String>,
    bodies: BTreeMap<String, (String, String)>,
    codes: &'a Codes,
    national: Option<&'a RuleSet>,
    overlay: Option<&'a RuleSet>,
}

impl<'a> CaseNames<'a> {
    fn of(tx: &mut Tx<'_>, scene: Scene<'a>, case: &CaseRow, events: &[EventRow]) -> Result<CaseNames<'a>, ActError> {
        let mut names = CaseNames {
            organizations: BTreeMap::new(),
            people: BTreeMap::new(),
            operators: BTreeMap::new(),
            bodies: directory::named_by(tx, events)?,
            codes: &scene.house.codes,
            national: scene.house.book.get(&case.rule_set),
            overlay: case.overlay.as_deref().and_then(|key| scene.house.book.get(key)),
        };
        for event in events {
            let Ok(act) = serde_json::from_str::<Act>(&event.data) else { continue };
            for id in act.organizations() {
                names.organization_of(tx, id)?;
            }
            match act {
                Act::RequestRecusal { officer, .. } => names.person_of(tx, officer)?,
                Act::DecideRecusal { replacement: Some(named), .. } => names.person_of(tx, named)?,
                Act::LinkOperator { operator: Some(id), .. } => {
                    let name = store::operator::find(tx, id)?.map(|operator| operator.name);
                    names.operators.insert(id, name.unwrap_or_default());
                }
                Act::Assign { lead: one, partner: other } | Act::Replace { leaves: one, successor: other, .. } => {
                    names.person_of(tx, one)?;
                    names.person_of(tx, other)?;
                }
                _ => {}
            }
        }
        Ok(names)
    }

    fn organization_of(&mut self, tx: &mut Tx<'_>, id: i64) -> Result<(), ActError> {
        if let std::collections::btree_map::Entry::Vacant(place) = self.organizations.entry(id) {
            place.insert(organization_name(tx, id)?);
        }
        Ok(())
    }

    fn person_of(&mut self, tx: &mut Tx<'_>, id: i64) -> Result<(), ActError> {
        if let std::collections::btree_map::Entry::Vacant(place) = self.people.entry(id) {
            place.insert(store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default());
        }
        Ok(())
    }
}

impl Names for CaseNames<'_> {
    fn organization(&self, id: i64) -> String {
        self.organizations.get(&id).cloned().unwrap_or_default()
    }

    fn person(&self, account_id: i64) -> String {
        self.people.get(&account_id).cloned().unwrap_or_default()
    }

    fn operator(&self, id: i64) -> String {
        self.operators.get(&id).cloned().unwrap_or_default()
    }

    fn code(&self, table: &str, key: &str) -> String {
        self.codes.label(table, key).unwrap_or(key).to_owned()
    }

    fn refusal_ground(&self, item: u32) -> Option<&Ground> {
        self.national.and_then(|set| set.refusal_ground(item))
    }

    fn termination_ground(&self, item: u32) -> Option<&Ground> {
        self.national.and_then(|set| set.termination_ground(item))
    }

    fn limit(&self, key: &str) -> Option<&Limit> {
        [self.national, self.overlay].into_iter().flatten().find_map(|set| set.limit(key))
    }

    fn body(&self, key: &str) -> Option<(String, String)> {
        self.bodies.get(key).cloned()
    }
}
