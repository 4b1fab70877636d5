//! From what was typed to the act: parse, then one function of `casework`.

use casework::copies::Enclosed;
use casework::mediation::{Appointment, Meeting};
use casework::{
    ActError, Scene, acceptance, answer, approval, archive, assignment, consumer, dispatch, feedback, mediation,
    registration, split, timing,
};
use domain::action::Action;
use domain::clock::beijing_instant;
use domain::mediation::Absence;
use domain::procedure::{Subject, subject};
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Typed, moment};
use super::{accepting, dispatching, mediating, reporting, rewarding, serving, settlement};

/// Does the act that the form asks for. `seed` is fresh, for what has to be sealed.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
    seed: [u8; 32],
) -> Result<CaseRow, ActError> {
    let seen = typed.version();
    let reason = typed.get("reason");
    match action {
        Action::Register => {
            let (title, category, problem) = (typed.get("title"), typed.get("category"), typed.get("problem"));
            registration::register(tx, scene, number, seen, title, category, problem)
        }
        Action::Accept => acceptance::accept(tx, scene, number, seen, typed.get("note")),
        Action::Refuse => acceptance::refuse(tx, scene, number, seen, ground(typed), reason),
        Action::Dispatch => dispatch::dispatch(tx, scene, number, seen, typed.id("unit"), reason),
        Action::Assign => assignment::assign(tx, scene, number, seen, typed.id("lead"), typed.id("partner")),
        Action::Replace => {
            let (leaves, successor) = (typed.id("leaves"), typed.id("successor"));
            assignment::replace(tx, scene, number, seen, leaves, successor, typed.get("reason"))
        }
        Action::Notify => {
            let enclosed = Enclosed { what: typed.all("enclosed"), as_is: !typed.get("as_is").is_empty() };
            mediation::notify(tx, scene, number, seen, &appointment(typed)?, typed.get("bring"), &enclosed)
        }
        Action::Arrange => mediation::arrange(tx, scene, number, seen, &appointment(typed)?),
        Action::RecordAnswer => {
            mediation::record_answer(tx, scene, number, seen, typed.get("answer"), typed.yes("agrees"))
        }
        Action::RecordMeeting => mediation::record_meeting(tx, scene, number, seen, &meeting(typed)?),
        Action::Settle => settle(tx, scene, number, seen, typed),
        Action::Terminate => mediation::terminate(tx, scene, number, seen, ground(typed), reason),
        Action::Approve => approval::approve(tx, scene, number, seen, typed.get("opinion")),
        Action::SendBack => approval::send_back(tx, scene, number, seen, typed.get("opinion")),
        Action::Tell => feedback::tell(tx, scene, number, seen, typed.get("result")),
        Action::RecordPerformance => {
            let item = typed.get("item").parse().unwrap_or_default();
            feedback::record_performance(tx, scene, number, seen, item, typed.yes("performed"), typed.get("note"))
        }
        Action::Archive => archive::archive(tx, scene, number, seen),
        Action::AnswerUrge => consumer::answer_urge(tx, scene, number, seen, typed.get("answer")),
        Action::Answer => answer::answer(tx, scene, number, seen, typed.get("answer"), typed.yes("spoken")),
        Action::Split => split::split(tx, scene, number, seen, &part(typed, seed)),
        Action::Note => timing::note(tx, scene, number, seen, typed.get("text")),
        Action::Suspend => timing::suspend(tx, scene, number, seen, typed.get("cause"), reason),
        Action::Resume => timing::resume(tx, scene, number, seen, reason),
        Action::RequestExtension => timing::request_extension(tx, scene, number, seen, typed.get("limit"), reason),
        Action::GrantExtension => timing::grant_extension(tx, scene, number, seen),
        Action::DeclineExtension => timing::decline_extension(tx, scene, number, seen, reason),
        Action::Forward | Action::Return => dispatching::perform(tx, scene, number, action, typed),
        _ => match subject(action) {
            Subject::Mediation => mediating::perform(tx, scene, number, action, typed),
            Subject::Dispatch => dispatching::perform(tx, scene, number, action, typed),
            Subject::Acceptance => accepting::perform(tx, scene, number, action, typed),
            Subject::Report => reporting::perform(tx, scene, number, action, typed),
            Subject::Reward => rewarding::perform(tx, scene, number, action, typed, seed),
            Subject::Service => serving::perform(tx, scene, number, action, typed),
            // The consumer's own, and evidence, which comes with files.
            Subject::Course => Err(ActError::NotFound),
        },
    }
}

fn settle(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    typed: &Typed,
) -> Result<CaseRow, ActError> {
    let (items, recovered) = settlement::agreed(typed)?;
    let settled = mediation::settle(tx, scene, number, seen, items.clone(), recovered, typed.get("paper") != "no");
    settled.map_err(|error| settlement::by_item(error, &items))
}

fn part(typed: &Typed, seed: [u8; 32]) -> split::Part {
    let text = |name: &str| typed.get(name).to_owned();
    split::Part {
        kind: text("kind"),
        title: text("title"),
        facts: text("facts"),
        respondent_name: text("respondent_name"),
        respondent_address: text("respondent_address"),
        demands: typed.all("demands"),
        // What is no number is no file of the case.
        files: typed.all("files").iter().map(|id| id.parse().unwrap_or_default()).collect(),
        named: typed.yes("named"),
        seed,
    }
}

fn ground(typed: &Typed) -> u32 {
    typed.get("ground").parse().unwrap_or_default()
}

fn appointment(typed: &Typed) -> Result<Appointment, ActError> {
    Ok(Appointment { at: instant(typed)?, place: typed.get("place").to_owned(), mode: typed.get("mode").to_owned() })
}

fn meeting(typed: &Typed) -> Result<Meeting, ActError> {
    Ok(Meeting {
        at: instant(typed)?,
        mode: typed.get("mode").to_owned(),
        complainant_present: typed.yes("complainant_present"),
        respondent_present: typed.yes("respondent_present"),
        transcript: typed.get("transcript").to_owned(),
        absence: Absence::from_key(typed.get("absence")),
    })
}

fn instant(typed: &Typed) -> Result<Timestamp, ActError> {
    let time = moment(typed.get("at"));
    time.map(beijing_instant)
        .ok_or_else(|| ActError::field("at", "at.invalid", "请写日期和时间，例如 2026-03-18 09:30"))
}
