//! Every act with its particulars: the one table from a verb to the function that does it, for the stories and for chance.

use casework::appraisal::{self, Appraisal};
use casework::clue::Lead;
use casework::copies::{self, Enclosed, Purpose, Source, Wish};
use casework::major::{self, Report};
use casework::mediation::{self, Appointment, Meeting};
use casework::operator_tie::{self, Chosen};
use casework::parties;
use casework::repeat::{self, Again};
use casework::report::{Penalty, Proposed};
use casework::rewarding::{self, FinanceLetter, Payment, Proposal};
use casework::service::{self, Address, Try};
use casework::split::{self, Part};
use casework::supplement::{self, Brought};
use casework::{
    ActError, Scene, acceptance, answer, approval, archive, assignment, assist, clue, consumer, delegation, dispatch,
    dispute, feedback, handing_on, linking, on_the_spot, operators, recusal, registration, reopening, report, reporter,
    spot_check, supervision, timing, transfer,
};
use domain::accepting::Consent;
use domain::act::AgreementItem;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::further_party::RawParty;
use domain::link::Relation;
use domain::mediation::{Absence, Payer, Side};
use domain::money::Money;
use domain::reporting::{self, Decision, Same};
use domain::reward::{Level, Merit};
use domain::rewarding::{NoticeWay, PaymentWay, Shown};
use domain::service::{ServiceOutcome, ServiceWay};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;

/// With what an act is done. Each act reads what it needs and leaves the rest.
#[derive(Clone, Debug)]
pub struct Particulars {
    /// The version of the page that was acted from.
    pub seen: Option<i64>,
    /// The reason, the opinion, the answer: what is written in the largest field.
    pub words: String,
    /// What else is written: a body, a problem, what was asked.
    pub more: String,
    /// A key of a list: a category, a cause, a limit, a department.
    pub key: String,
    /// Yes or no: granted, agreed, performed, present.
    pub yes: bool,
    /// An item: of the agreement, of the grounds.
    pub item: u32,
    /// 1 to 5.
    pub mark: u8,
    /// An office.
    pub unit: i64,
    /// A bureau.
    pub bureau: i64,
    /// An officer.
    pub lead: i64,
    /// Another officer.
    pub partner: i64,
    /// A day: to answer by, of a result.
    pub day: Option<Date>,
    /// A moment: of a meeting, of an arrival.
    pub at: Timestamp,
    /// A place to meet.
    pub place: String,
    /// What is agreed.
    pub items: Vec<AgreementItem>,
    /// 分.
    pub recovered: i64,
    /// Another case, or the key of an upload.
    pub other: String,
    /// A further party on the case.
    pub party: i64,
    /// A further party to be added.
    pub new_party: RawParty,
}

impl Particulars {
    /// Nothing in particular, at this moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            seen: None,
            words: String::new(),
            more: String::new(),
            key: String::new(),
            yes: true,
            item: 1,
            mark: 5,
            unit: 0,
            bureau: 0,
            lead: 0,
            partner: 0,
            day: None,
            at: now,
            place: String::new(),
            items: Vec::new(),
            recovered: 0,
            other: String::new(),
            party: 0,
            new_party: RawParty::default(),
        }
    }

    fn appointment(&self) -> Appointment {
        Appointment { at: self.at, place: self.place.clone(), mode: "onsite".to_owned() }
    }

    fn side(&self) -> Side {
        Side::from_key(&self.key).unwrap_or(Side::Respondent)
    }
}

/// Does an act.
pub fn act(
    action: Action,
    with: &Particulars,
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
) -> Result<CaseRow, ActError> {
    let Particulars { seen, yes, item, .. } = *with;
    let (words, more, key) = (with.words.as_str(), with.more.as_str(), with.key.as_str());
    match action {
        Action::Register => registration::register(tx, scene, number, seen, words, key, more),
        Action::Forward => dispatch::forward(tx, scene, number, seen, with.bureau, words),
        Action::Accept => acceptance::accept(tx, scene, number, seen, words),
        Action::Refuse => acceptance::refuse(tx, scene, number, seen, item, words),
        Action::Dispatch => dispatch::dispatch(tx, scene, number, seen, with.unit, words),
        Action::Assign => assignment::assign(tx, scene, number, seen, with.lead, with.partner),
        Action::Replace => assignment::replace(tx, scene, number, seen, with.lead, with.partner, words),
        Action::Return => dispatch::give_back(tx, scene, number, seen, key, words),
        Action::Notify => mediation::notify(tx, scene, number, seen, &with.appointment(), words, &Enclosed::default()),
        Action::RecordAnswer => mediation::record_answer(tx, scene, number, seen, words, yes),
        Action::Arrange => mediation::arrange(tx, scene, number, seen, &with.appointment()),
        Action::RecordMeeting => mediation::record_meeting(tx, scene, number, seen, &meeting(with)),
        Action::Settle => {
            // A paper is made where something is still to be done.
            let paper = with.items.iter().any(|item| item.due.is_some());
            let (items, recovered) = (with.items.clone(), Money::from_fen(with.recovered));
            mediation::settle(tx, scene, number, seen, items, recovered, paper)
        }
        Action::SettleOnSpot => {
            let recovered = Money::from_fen(with.recovered);
            on_the_spot::settle(tx, scene, number, seen, with.items.clone(), recovered, yes)
        }
        Action::Terminate => mediation::terminate(tx, scene, number, seen, item, words),
        Action::Approve => approval::approve(tx, scene, number, seen, words),
        Action::SendBack => approval::send_back(tx, scene, number, seen, words),
        Action::Tell => feedback::tell(tx, scene, number, seen, words),
        Action::RecordPerformance => feedback::record_performance(tx, scene, number, seen, item, yes, words),
        Action::Archive => archive::archive(tx, scene, number, seen),
        Action::Urge => consumer::urge(tx, scene, number, seen, words),
        Action::AnswerUrge => consumer::answer_urge(tx, scene, number, seen, words),
        Action::Withdraw => consumer::withdraw(tx, scene, number, seen, words),
        Action::AddEvidence => consumer::add_evidence(tx, scene, number, seen, &with.other, words),
        Action::MakeCopy => {
            let original = copies::original(tx, scene, number, Source::Facts)?;
            let made = copies::text_copy(&original, &copies::mark(&original, &Wish::default()))?;
            copies::put(&scene.house.settings.data, &made)?;
            let purpose = Purpose { purpose: "respondent".to_owned(), recipient: "被投诉人".to_owned() };
            copies::record(tx, scene, number, seen, &original, &made, &purpose)
        }
        Action::Rate => feedback::rate(tx, scene, number, seen, yes, with.mark, words),
        Action::Answer => answer::answer(tx, scene, number, seen, words, yes),
        Action::Split => {
            let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
            let respondent_name = case.matter.respondent_name;
            split::split(tx, scene, number, seen, &Part { respondent_name, ..part(with) })
        }
        Action::Note => timing::note(tx, scene, number, seen, words),
        Action::RequestMaterials => {
            let missing: Vec<String> = key.split_whitespace().map(str::to_owned).collect();
            supplement::request_materials(tx, scene, number, seen, &missing, words, with.day)
        }
        Action::RequestIdentity => supplement::request_identity(tx, scene, number, seen, words, with.day),
        Action::Supplement => {
            let brought = Brought { note: words.to_owned(), ..Brought::default() };
            supplement::bring(tx, scene, number, seen, &brought, None)
        }
        Action::NotSeparately => {
            let again = Again { of: &with.other, same: Same::from_key(key), reason: words };
            repeat::not_separately(tx, scene, number, seen, &again)
        }
        Action::Merge if !key.is_empty() => {
            let again = Again { of: &with.other, same: Same::from_key(key), reason: words };
            repeat::merge(tx, scene, number, seen, &again)
        }
        Action::Merge => linking::merge(tx, scene, number, seen, &with.other, words),
        Action::Unmerge => linking::unmerge(tx, scene, number, seen, words),
        Action::Link => linking::link(tx, scene, number, seen, &with.other, Relation::from_key(key)),
        Action::Unlink => linking::unlink(tx, scene, number, seen, &with.other, Relation::from_key(key)),
        Action::LinkOperator => {
            let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
            let parties = store::party::of_case(tx, case.id)?;
            let shop = parties.into_iter().find(|party| party.role == "respondent").unwrap_or_default();
            let typed =
                operators::Particulars { credit_code: String::new(), ..operator_tie::particulars(&case, &shop) };
            let chosen = if yes { Chosen::New(Box::new(typed)) } else { Chosen::None };
            operator_tie::link(tx, scene, number, seen, Some(&chosen))
        }
        Action::AddParty => parties::add(tx, scene, number, seen, &with.new_party, None),
        Action::EndParty => parties::end(tx, scene, number, seen, with.party, words),
        Action::RecordConsent => {
            parties::record_consent(tx, scene, number, seen, with.party, Consent::from_key(key), words)
        }
        Action::Suspend => timing::suspend(tx, scene, number, seen, key, words),
        Action::Resume => timing::resume(tx, scene, number, seen, words),
        Action::RequestExtension => timing::request_extension(tx, scene, number, seen, key, words),
        Action::GrantExtension => timing::grant_extension(tx, scene, number, seen),
        Action::DeclineExtension => timing::decline_extension(tx, scene, number, seen, words),
        Action::RequestRecusal => recusal::request(tx, scene, number, seen, with.side(), with.lead, words),
        Action::DecideRecusal => recusal::decide(tx, scene, number, seen, yes, with.partner, words),
        Action::Appraise => {
            let payer = Payer::from_key(more).unwrap_or(Payer::Advanced);
            let (object, body) = (words.to_owned(), with.place.clone());
            let sent = Appraisal { cause: key.to_owned(), object, body, payer, designated: !yes };
            appraisal::appraise(tx, scene, number, seen, &sent)
        }
        Action::RecordAppraisal => appraisal::record_result(tx, scene, number, seen, words, with.day),
        Action::ProposeTerms => delegation::propose_terms(tx, scene, number, seen, with.side(), words),
        Action::Delegate => delegation::delegate(tx, scene, number, seen, more, words, (yes, yes)),
        Action::RecordDelegated => delegation::record_result(tx, scene, number, seen, yes, words),
        Action::TakeBack => delegation::take_back(tx, scene, number, seen, words),
        Action::Reopen => reopening::reopen(tx, scene, number, seen, words),
        Action::FindClue => clue::find(tx, scene, number, seen, words),
        Action::CheckClue => clue::check(tx, scene, number, seen, yes, words),
        Action::MakeLead => {
            let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
            let lead = Lead {
                title: more.to_owned(),
                facts: words.to_owned(),
                respondent_name: case.matter.respondent_name,
                ..Lead::default()
            };
            clue::make_lead(tx, scene, number, seen, &lead)
        }
        Action::RecordPenalty => {
            let penalty =
                Penalty { number: more.to_owned(), day: with.day, kinds: vec![key.to_owned()], sum: with.recovered };
            report::record_penalty(tx, scene, number, seen, &penalty)
        }
        Action::Serve => {
            // A text message reaches a number; everything else is brought to the shop.
            let way = ServiceWay::from_key(key);
            let (receiver, place, mark) = match way {
                Some(ServiceWay::Electronic) => (String::new(), String::new(), format!("1370000{:04}", item % 10_000)),
                _ => ("店长，负责收件".to_owned(), with.place.clone(), format!("XA{item:011}")),
            };
            let tried = Try {
                paper: with.other.clone(),
                way,
                outcome: ServiceOutcome::from_key(more),
                day: with.day,
                receiver,
                place,
                mark,
                course: words.to_owned(),
                ..Try::default()
            };
            service::serve(tx, scene, number, seen, &tried)
        }
        Action::ConfirmAddress => {
            let signed = Address {
                side: Some(Side::Respondent),
                electronic: Some(yes),
                mobile: more.to_owned(),
                address: with.place.clone(),
                receiver: "店长".to_owned(),
                day: with.day,
                ..Address::default()
            };
            service::confirm_address(tx, scene, number, seen, &signed)
        }
        Action::DecideClueTime => timing::decide_clue_time(tx, scene, number, seen, yes, words),
        Action::ReferLegalAid => handing_on::legal_aid(tx, scene, number, seen, more, words),
        Action::RecordInquiry => report::inquire(tx, scene, number, seen, words),
        Action::NoteDuty => report::note_duty(tx, scene, number, seen, key),
        Action::ProposeOpening => report::propose_opening(tx, scene, number, seen, words),
        Action::ProposeNotOpening => {
            let ground = reporting::rules().no_filing_grounds.iter().find(|ground| ground.key == key);
            report::propose_not_opening(tx, scene, number, seen, ground.map_or(item, |ground| ground.item), words)
        }
        Action::ProposeDecision => {
            let decision = Decision::from_key(key);
            let to = if decision == Some(Decision::HandedOver) { more } else { "" }.to_owned();
            let proposed = Proposed { decision, penalty: with.recovered, to, reason: words.to_owned() };
            report::propose_decision(tx, scene, number, seen, &proposed)
        }
        Action::AskReporter => reporter::ask(tx, scene, number, seen, words),
        Action::WriteOfficers => reporter::write(tx, scene, number, seen, words),
        Action::TellFiling => report::tell_filing(tx, scene, number, seen),
        Action::JoinForces => report::join_forces(tx, scene, number, seen, more, words),
        Action::ReadReporter => reporter::read(tx, scene, number, seen),
        Action::TurnAway => report::turn_away(tx, scene, number, seen, (more, None), words),
        Action::RecordTransfer => report::record_transfer(tx, scene, number, seen, with.day, words),
        Action::ProposeReward => {
            let proposal = proposal(tx, number, key, words)?;
            rewarding::propose(tx, scene, number, seen, &proposal)
        }
        Action::ProposeNoReward => rewarding::propose_none(tx, scene, number, seen, key, words),
        Action::RecordFinance => {
            let letter = FinanceLetter {
                agreed: Some(yes),
                document: more.to_owned(),
                day: Some(beijing_day(scene.now)),
                words: words.to_owned(),
            };
            rewarding::record_finance(tx, scene, number, seen, &letter)
        }
        Action::ApproveReward => rewarding::approve(tx, scene, number, seen, words),
        Action::SendBackReward => rewarding::send_back(tx, scene, number, seen, words),
        Action::TellReward => rewarding::tell(tx, scene, number, seen, Some(NoticeWay::Page)),
        Action::ClaimReward => rewarding::claim(tx, scene, number, seen),
        Action::ExtendClaim => rewarding::extend(tx, scene, number, seen, words),
        Action::WaiveReward => rewarding::waive(tx, scene, number, seen),
        Action::AskReview => rewarding::ask_review(tx, scene, number, seen, words),
        Action::AnswerReview => rewarding::answer_review(tx, scene, number, seen, Some(!yes), words),
        Action::PayReward => {
            let payment = payment(tx, scene, number, words)?;
            rewarding::pay(tx, scene, number, seen, &payment)
        }
        Action::ReferPolice => handing_on::police(tx, scene, number, seen, words),
        Action::DecidePolice => handing_on::decide_police(tx, scene, number, seen, yes, words),
        Action::SuperiorUrge => supervision::urge(tx, scene, number, seen, words),
        Action::Supervise => supervision::supervise(tx, scene, number, seen, words, more),
        Action::AnswerSupervision => supervision::answer(tx, scene, number, seen, words),
        Action::EndSupervision => supervision::end(tx, scene, number, seen, words),
        Action::RaiseDispute => dispute::raise(tx, scene, number, seen, with.bureau, !yes, words),
        Action::AgreeDispute => dispute::agree(tx, scene, number, seen, yes, words),
        Action::DesignateDispute => dispute::designate(tx, scene, number, seen, with.bureau, words),
        Action::ProposeReferral => transfer::propose(tx, scene, number, seen, key, words),
        Action::ApproveReferral => transfer::approve(tx, scene, number, seen, words),
        Action::DeclineReferral => transfer::decline(tx, scene, number, seen, words),
        Action::Assist => assist::assist(tx, scene, number, seen, with.unit, words),
        Action::RecordAssist => assist::answer(tx, scene, number, seen, words),
        Action::ReportUp => {
            let (level, kind) = (key.to_owned(), more.to_owned());
            let report = Report { level, kind, on_site: with.other.clone(), reason: words.to_owned() };
            major::report_up(tx, scene, number, seen, &report)
        }
        Action::Rectify => spot_check::rectify(tx, scene, number, seen, words),
        Action::CloseRectification => spot_check::close_rectification(tx, scene, number, seen, yes, words),
        Action::Acknowledge => major::acknowledge(tx, scene, number, seen, words),
        Action::Arrive => major::arrive(tx, scene, number, seen, with.at, words),
    }
}

/// A meeting to which the consumer came, and the shop if `yes`.
fn meeting(with: &Particulars) -> Meeting {
    Meeting {
        at: with.at,
        mode: "onsite".to_owned(),
        complainant_present: true,
        respondent_present: with.yes,
        absence: Some(Absence::Unexcused),
        transcript: with.words.clone(),
    }
}

/// A question that stood in the same letter, or whatever kind the key names.
fn part(with: &Particulars) -> Part {
    Part { kind: with.key.clone(), title: with.words.clone(), facts: with.more.clone(), ..Part::default() }
}

/// A reward of a level, the whole fine counting; `_insider` for one who works there.
fn proposal(tx: &mut Tx<'_>, number: &str, key: &str, words: &str) -> Result<Proposal, ActError> {
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    let (level, raised) = match key.strip_suffix("_insider") {
        Some(level) => (level, Some(8)),
        None => (key, None),
    };
    let level = Level::from_key(level).unwrap_or(Level::Third);
    let fine = case.state.turns.reporting.penalty;
    Ok(Proposal {
        merit: Merit { level, fine, raised, stated: None, together: 1, already: 0 },
        gravity: "large_fine".to_owned(),
        scope: "safety".to_owned(),
        same_case: Vec::new(),
        none_excluded: true,
        reason: words.to_owned(),
    })
}

/// The whole reward, in cash, on the day.
fn payment(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, voucher: &str) -> Result<Payment, ActError> {
    let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
    Ok(Payment {
        day: Some(beijing_day(scene.now)),
        way: Some(PaymentWay::Cash),
        sum: case.state.turns.rewarding.sum,
        voucher: voucher.to_owned(),
        shown: Some(Shown::Document),
        ..Payment::default()
    })
}
