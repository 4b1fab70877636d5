//! Random acts by random people: most are refused, none may leave a case that does not add up.

mod accepting;
mod mediating;

use casework::major::Report;
use casework::mediation::{Appointment, Meeting};
use casework::{
    ActError, Actor, Scene, acceptance, approval, archive, assignment, assist, consumer, dispatch, dispute, feedback,
    major, mediation, spot_check, supervision, transfer,
};
use casework::{registration, timing};
use domain::act::AgreementItem;
use domain::action::Action;
use domain::money::Money;
use jiff::SignedDuration;
use store::Tx;
use store::case::CaseRow;

use super::course::{Deed, id_of};
use super::run::anybody;
use super::town::Bureau;
use super::vocabulary::{Generator, between, per_mille, pick};

/// Somebody does something, lawful or not.
pub fn deed(rng: &mut Generator, town: &[Bureau]) -> (Actor, Deed) {
    let actor = anybody(rng, town);
    let action = *pick(rng, Action::ALL);
    let bureau = pick(rng, town);
    let office = pick(rng, &bureau.offices).clone();
    let (lead, partner) = (id_of(pick(rng, &office.officers)), id_of(pick(rng, &office.officers)));
    let (ground, mark) = (between(rng, 0, 9) as u32, between(rng, 0, 6) as u8);
    let yes = per_mille(rng, 500);
    let seen = per_mille(rng, 300).then(|| between(rng, 1, 9));
    let other_bureau = bureau.bureau.id;
    let unit = office.office.id;
    let deed = move |tx: &mut Tx<'_>, scene: Scene<'_>, number: &str| {
        let arbitrary = Arbitrary { action, seen, lead, partner, ground, mark, yes, unit, other_bureau };
        arbitrary.act(tx, scene, number).map(|case| case.number)
    };
    (actor, Box::new(deed))
}

struct Arbitrary {
    action: Action,
    seen: Option<i64>,
    lead: i64,
    partner: i64,
    ground: u32,
    mark: u8,
    yes: bool,
    unit: i64,
    other_bureau: i64,
}

impl Arbitrary {
    fn act(&self, tx: &mut Tx<'_>, scene: Scene<'_>, number: &str) -> Result<CaseRow, ActError> {
        let (seen, words) = (self.seen, if self.yes { "随手一试" } else { "" });
        let at = scene.now + SignedDuration::from_hours(if self.yes { 30 } else { -3 });
        let appointment = Appointment { at, place: words.to_owned(), mode: "phone".to_owned() };
        match self.action {
            Action::Register => registration::register(tx, scene, number, seen, words, "food", "quality"),
            Action::Forward => dispatch::forward(tx, scene, number, seen, self.other_bureau, words),
            Action::Accept => acceptance::accept(tx, scene, number, seen, words),
            Action::Refuse => acceptance::refuse(tx, scene, number, seen, self.ground, words),
            Action::Dispatch => dispatch::dispatch(tx, scene, number, seen, self.unit, words),
            Action::Assign => assignment::assign(tx, scene, number, seen, self.lead, self.partner),
            Action::Return => dispatch::give_back(tx, scene, number, seen, "not_in_area", words),
            Action::Notify => mediation::notify(tx, scene, number, seen, &appointment, words),
            Action::RecordAnswer => mediation::record_answer(tx, scene, number, seen, words, self.yes),
            Action::Arrange => mediation::arrange(tx, scene, number, seen, &appointment),
            Action::RecordMeeting => {
                let meeting = Meeting {
                    at: appointment.at,
                    mode: appointment.mode,
                    complainant_present: self.yes,
                    respondent_present: !self.yes,
                    absence: Some(domain::mediation::Absence::Unexcused),
                    transcript: words.to_owned(),
                };
                mediation::record_meeting(tx, scene, number, seen, &meeting)
            }
            Action::Settle => {
                let item = AgreementItem { text: words.to_owned(), amount: i64::from(self.ground) * 100, due: None };
                mediation::settle(tx, scene, number, seen, vec![item], Money::from_fen(100), self.yes)
            }
            Action::Terminate => mediation::terminate(tx, scene, number, seen, self.ground, words),
            Action::Approve => approval::approve(tx, scene, number, seen, words),
            Action::SendBack => approval::send_back(tx, scene, number, seen, words),
            Action::Tell => feedback::tell(tx, scene, number, seen, words),
            Action::RecordPerformance => {
                feedback::record_performance(tx, scene, number, seen, self.ground, self.yes, words)
            }
            Action::Archive => archive::archive(tx, scene, number, seen),
            Action::Urge => consumer::urge(tx, scene, number, seen, words),
            Action::AnswerUrge => consumer::answer_urge(tx, scene, number, seen, words),
            Action::Withdraw => consumer::withdraw(tx, scene, number, seen, words),
            Action::AddEvidence => consumer::add_evidence(tx, scene, number, seen, "no such draft", words),
            Action::Rate => feedback::rate(tx, scene, number, seen, self.yes, self.mark, words),
            Action::Note => timing::note(tx, scene, number, seen, words),
            Action::Answer => casework::answer::answer(tx, scene, number, seen, words, self.yes),
            Action::Split => {
                let part = casework::split::Part {
                    kind: if self.yes { "consultation" } else { "report" }.to_owned(),
                    title: words.to_owned(),
                    facts: words.to_owned(),
                    ..casework::split::Part::default()
                };
                casework::split::split(tx, scene, number, seen, &part)
            }
            Action::Suspend => timing::suspend(tx, scene, number, seen, "鉴定", words),
            Action::Resume => timing::resume(tx, scene, number, seen, words),
            Action::RequestExtension => timing::request_extension(tx, scene, number, seen, "close_promised", words),
            Action::GrantExtension => timing::grant_extension(tx, scene, number, seen),
            Action::DeclineExtension => timing::decline_extension(tx, scene, number, seen, words),
            Action::RequestRecusal
            | Action::DecideRecusal
            | Action::Appraise
            | Action::RecordAppraisal
            | Action::ProposeTerms
            | Action::Delegate
            | Action::RecordDelegated
            | Action::TakeBack
            | Action::SettleOnSpot
            | Action::Reopen
            | Action::FindClue
            | Action::CheckClue
            | Action::DecideClueTime
            | Action::ReferLegalAid
            | Action::ReferPolice
            | Action::DecidePolice => mediating::act(self, tx, scene, number, words),
            Action::RequestMaterials
            | Action::RequestIdentity
            | Action::Supplement
            | Action::Merge
            | Action::Unmerge
            | Action::Link
            | Action::Unlink
            | Action::AddParty
            | Action::EndParty
            | Action::RecordConsent => accepting::act(self, tx, scene, number, words),
            Action::SuperiorUrge => supervision::urge(tx, scene, number, seen, words),
            Action::Supervise => supervision::supervise(tx, scene, number, seen, words, words),
            Action::AnswerSupervision => supervision::answer(tx, scene, number, seen, words),
            Action::EndSupervision => supervision::end(tx, scene, number, seen, words),
            Action::RaiseDispute => dispute::raise(tx, scene, number, seen, self.other_bureau, self.yes, words),
            Action::AgreeDispute => dispute::agree(tx, scene, number, seen, self.yes, words),
            Action::DesignateDispute => dispute::designate(tx, scene, number, seen, self.other_bureau, words),
            Action::ProposeReferral => transfer::propose(tx, scene, number, seen, "transport", words),
            Action::ApproveReferral => transfer::approve(tx, scene, number, seen, words),
            Action::DeclineReferral => transfer::decline(tx, scene, number, seen, words),
            Action::Assist => assist::assist(tx, scene, number, seen, self.unit, words),
            Action::RecordAssist => assist::answer(tx, scene, number, seen, words),
            Action::ReportUp => {
                let (level, kind) = ("serious".to_owned(), "injury".to_owned());
                let report = Report { level, kind, on_site: String::new(), reason: words.to_owned() };
                major::report_up(tx, scene, number, seen, &report)
            }
            Action::Acknowledge => major::acknowledge(tx, scene, number, seen, words),
            Action::Arrive => major::arrive(tx, scene, number, seen, at, words),
            Action::Rectify => spot_check::rectify(tx, scene, number, seen, words),
            Action::CloseRectification => spot_check::close_rectification(tx, scene, number, seen, self.yes, words),
        }
    }
}
