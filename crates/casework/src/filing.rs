//! 接收: a filing becomes a case with number, query code and running clocks.

use domain::act::Act;
use domain::case::Case;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::filing::{Complainant, Filing};
use domain::link::Relation;
use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use domain::role::Role;
use domain::rule_book::RuleError;
use jiff::Timestamp;
use store::case::{CaseRow, Matter, NewCase};
use store::deadline::DeadlineRow;
use store::organization::OrganizationRow;
use store::party::Party;
use store::{Tx, paper::PaperRow};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::reporter::{self, Reporter};
use crate::{letters, notice, operator_tie, parties, record, repeat, vault};

/// What the consumer gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Row id, for the caller's own use.
    pub case_id: i64,
    /// Case number.
    pub number: String,
    /// Query code: twelve digits.
    pub query_code: String,
    /// The bureau that has it.
    pub bureau: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// What runs now: the first is the date by which she hears.
    pub deadlines: Vec<DeadlineRow>,
}

/// What comes with a filing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Hash of the draft's key, for the draft's files.
    pub draft_hash: Option<&'a str>,
    /// 举报人: what a report brings instead of a complainant.
    pub reporter: Option<Reporter<'a>>,
}

/// Takes a filing in. Typed by an agent it is registered at once; otherwise it waits for one.
pub fn file(tx: &mut Tx<'_>, scene: Scene<'_>, filing: &Filing, evidence: Evidence<'_>) -> Result<Receipt, ActError> {
    // What only discipline officers may read is registered by them.
    let registered = matches!(scene.actor, Actor::Staff(_)) && !filing.kind.is_secret();
    let (mut bureau, mut centre) = receiver(tx, &filing.region)?;
    if filing.kind.is_secret()
        && let Some(above) = above_the_concerned(tx, &bureau, &filing.respondent.name)?
    {
        (bureau, centre) = above;
    }
    let (kind, day) = (filing.kind, beijing_day(scene.now));
    let rule_set = scene.house.book.national(kind, day)?.key.clone();
    let files = match evidence.draft_hash {
        Some(draft) => store::attachment::of_draft(tx, draft)?,
        None => Vec::new(),
    };
    if kind == CaseKind::Report {
        vault::require_open(tx)?;
    }
    let earlier = match evidence.reporter.and_then(|reporter| reporter.earlier) {
        Some(code) => Some(reporter::earlier(tx, scene.house, code, bureau.id)?),
        None => None,
    };
    let act = Act::File {
        kind,
        channel: filing.channel.clone(),
        bureau: bureau.id,
        intake: centre.id,
        rule_set: rule_set.clone(),
        overlay: centre.overlay.clone(),
        registered,
        evidence: files.len(),
        named: evidence.reporter.map(|reporter| reporter.identity.is_some()),
        earlier: earlier.as_ref().map(|earlier| earlier.number.clone()),
    };
    let new = NewCase {
        number: next_number(tx, &bureau, day.year())?,
        // Whoever has a receipt code has no query code.
        query_code_round: if evidence.reporter.is_some() { NO_QUERY_CODE } else { 0 },
        channel: filing.channel.clone(),
        rule_set,
        overlay: centre.overlay.clone(),
        region_code: filing.region.as_str().to_owned(),
        received_at: scene.now,
        received_day: day,
        state: Case::begin(&act).expect("a filing begins a case"),
        matter: matter(filing),
    };
    let (id, deadlines) = record::begin(tx, scene, &new, &act)?;
    if let Some(person) = &filing.complainant {
        store::party::insert(tx, id, &complainant(person))?;
    }
    // A question need not be about anybody.
    if !filing.respondent.name.is_empty() || !kind.is_answered() {
        store::party::insert(tx, id, &respondent(filing))?;
    }
    if let Some(draft) = evidence.draft_hash {
        store::attachment::adopt(tx, draft, id)?;
        for file in &files {
            store::paper::insert(tx, id, &evidence_paper(scene, 1, file.id, &file.name))?;
        }
    }
    parties::come_with(tx, scene, id, &filing.parties)?;
    if let Some(reporter) = evidence.reporter {
        reporter.join(tx, scene, id)?;
    }
    if let Some(earlier) = earlier {
        let case = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
        repeat::tie(tx, scene, &case, earlier, Relation::Repeat)?;
    }
    if registered || filing.complainant.as_ref().is_some_and(|person| person.notify_by != "in_app") {
        confirm(tx, scene, id, registered)?;
    }
    if registered {
        let case = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
        operator_tie::by_code(tx, scene, case)?;
    }
    let query_code = query_code(scene.house, &new.number, 0);
    Ok(Receipt { case_id: id, number: new.number, query_code, bureau: bureau.name, received_at: scene.now, deadlines })
}

/// The next number of a bureau's cases of a year.
pub(crate) fn number_of(tx: &mut Tx<'_>, bureau: i64, year: i16) -> Result<String, ActError> {
    let bureau = store::organization::find(tx, bureau)?.ok_or(ActError::NotFound)?;
    next_number(tx, &bureau, year)
}

/// A series for each division, not for each bureau: one that takes another's place goes on counting.
fn next_number(tx: &mut Tx<'_>, bureau: &OrganizationRow, year: i16) -> Result<String, ActError> {
    let serial = store::number::next(tx, &format!("case:{}:{year}", region6(bureau)))?;
    Ok(format!("{}-{year}-{serial:06}", region6(bureau)))
}

/// The round of a case that has no query code.
pub const NO_QUERY_CODE: i64 = -1;

/// The query code of a case: derived from the installation's secret, so that no database holds it.
pub fn query_code(house: &House, number: &str, round: i64) -> String {
    let hash = house.secret.hash("query-code", &format!("{number}:{round}"));
    let part = u64::from_str_radix(hash.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    format!("{:012}", part % 1_000_000_000_000)
}

/// A registered case has its form in the file; the consumer gets number and code in the way she chose.
pub(crate) fn confirm(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, registered: bool) -> Result<(), ActError> {
    let case = store::case::by_id(tx, id)?.ok_or(ActError::NotFound)?;
    let code = query_code(scene.house, &case.number, case.query_code_round);
    let paper = if registered { registration_form(tx, scene, &case)? } else { None };
    let body = format!(
        "您的{}已收到，编号 {}，查询码 {code}。请凭编号和查询码在 {} 查询进展、补充材料。",
        word(case.state.kind),
        case.number,
        scene.house.settings.public_url
    );
    let subject = format!("{}已收到", word(case.state.kind));
    let message = notice::Notice { subject: &subject, body: &body, paper };
    notice::complainant(tx, scene, &case, &message)
}

/// 投诉登记表、举报登记表 (forms 1 and 2 of 2026): the reporter's data stand in the vault, not on the form.
pub(crate) fn registration_form(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Option<i64>, ActError> {
    match case.state.kind {
        CaseKind::Complaint => letters::make(tx, scene, case, "registration_form", &letters::Blanks::new()),
        CaseKind::Report => letters::make(tx, scene, case, "report_registration_form", &reporter::blanks(case)),
        _ => Ok(None),
    }
}

/// What a matter is called in a message. A complaint against staff is not named: whoever sends messages off may read them.
pub(crate) fn word(kind: CaseKind) -> &'static str {
    if kind.is_secret() { "来件" } else { kind.label() }
}

/// The bureau with the power over the shop's place and its centre (O121 art. 13): the county's, else the next one above.
pub fn receiver(tx: &mut Tx<'_>, region: &RegionCode) -> Result<(OrganizationRow, OrganizationRow), ActError> {
    let mut region = Some(region.clone());
    while let Some(code) = region {
        if let Some(bureau) = store::organization::by_region(tx, &six(code.as_str()), OrganizationKind::Bureau)?
            && let Some(centre) =
                store::organization::of_bureau(tx, bureau.id, OrganizationKind::Centre)?.into_iter().next()
        {
            return Ok((bureau, centre));
        }
        region = code.parent();
    }
    Err(ActError::field("region", "region.not_served", "这个地方的市场监管局还没有开通，请拨打 12315"))
}

/// The bureau above with a centre, when the one complained of is a discipline officer of this one: nobody reads what is said of her.
fn above_the_concerned(
    tx: &mut Tx<'_>,
    bureau: &OrganizationRow,
    concerned: &str,
) -> Result<Option<(OrganizationRow, OrganizationRow)>, ActError> {
    let officers = store::account::with_role(tx, bureau.id, Role::Discipline)?;
    if !officers.iter().any(|officer| concerned.contains(&officer.name)) {
        return Ok(None);
    }
    let mut parent = bureau.parent_id;
    while let Some(id) = parent {
        let Some(above) = store::organization::find(tx, id)? else { break };
        let centre = store::organization::of_bureau(tx, above.id, OrganizationKind::Centre)?.into_iter().next();
        match centre.filter(|_| above.kind == OrganizationKind::Bureau) {
            Some(centre) => return Ok(Some((above, centre))),
            None => parent = above.parent_id,
        }
    }
    Ok(None)
}

fn six(code: &str) -> String {
    format!("{:0<6}", code.get(..6).unwrap_or(code))
}

/// The six digits with which a bureau's numbers begin.
pub(crate) fn region6(bureau: &OrganizationRow) -> String {
    six(&bureau.region_code)
}

fn matter(filing: &Filing) -> Matter {
    Matter {
        title: filing.title.clone(),
        category: filing.category.clone(),
        problem: filing.problem.clone(),
        goods: filing.goods.clone(),
        brand: filing.brand.clone(),
        model: filing.model.clone(),
        order_number: filing.order_number.clone(),
        amount: filing.amount.map(domain::money::Money::fen),
        bought_on: filing.bought_on,
        knew_on: filing.knew_on,
        facts: filing.facts.clone(),
        demands: filing.demands.join(","),
        demand_text: filing.demand_text.clone(),
        claim: filing.claim.map(domain::money::Money::fen),
        consent_publish: filing.consent_publish,
        consent_delegate: filing.consent_delegate,
        complainant_name: filing.complainant.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        respondent_name: filing.respondent.name.clone(),
    }
}

fn complainant(person: &Complainant) -> Party {
    Party {
        role: "complainant".to_owned(),
        name: person.name.clone(),
        phone: person.phone.as_str().to_owned(),
        address: person.address.clone(),
        postcode: person.postcode.clone(),
        email: person.email.clone(),
        id_kind: person.id_kind.clone(),
        id_number: person.id_number.clone(),
        notify_by: person.notify_by.clone(),
        ..Party::default()
    }
}

fn respondent(filing: &Filing) -> Party {
    let business = &filing.respondent;
    Party {
        role: "respondent".to_owned(),
        name: business.name.clone(),
        phone: business.phone.clone(),
        address: business.address.clone(),
        credit_code: business.credit_code.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
        contact_name: business.contact_name.clone(),
        platform: business.platform.clone(),
        sales_channel: business.sales_channel.clone(),
        ..Party::default()
    }
}

/// The paper that stands for a piece of evidence in the file.
pub(crate) fn evidence_paper(scene: Scene<'_>, event_number: i64, attachment_id: i64, name: &str) -> PaperRow {
    PaperRow {
        id: 0,
        event_number,
        kind: "evidence".to_owned(),
        title: name.to_owned(),
        number: String::new(),
        body: String::new(),
        attachment_id: Some(attachment_id),
        made_at: scene.now,
        made_by: scene.actor.id().filter(|_| scene.actor.kind() == "staff"),
    }
}

/// Which rule set a filing of this kind would come under today, for pages that promise a date before it is filed.
pub fn rule_set_today(scene: Scene<'_>) -> Result<String, RuleError> {
    scene.house.book.national(CaseKind::Complaint, beijing_day(scene.now)).map(|set| set.key.clone())
}
