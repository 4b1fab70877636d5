//! How one case goes: a beat at a time, each at its own moment, by whoever it belongs to as the case stands then.

use std::sync::Arc;

use casework::reporter::{self, Reporter};
use casework::{ActError, Actor, House, Scene, filing};
use domain::action::Action;
use domain::calendar::Calendar;
use domain::case_kind::CaseKind;
use domain::clock::{beijing_instant, beijing_time};
use domain::filing::{RawAsking, RawFiling, RawReport, Typist, parse, parse_asking, parse_report};
use domain::vault::Identity;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use store::Tx;

use super::doing;
use super::filling;
use super::hands::Hand;
use super::hours;
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, per_mille, pick};

/// What will be said in a case, drawn before it begins.
#[derive(Clone, Debug)]
pub struct Script {
    /// What is typed.
    pub intake: Intake,
    /// Comes in by itself; otherwise an agent types it.
    pub by_itself: bool,
    /// The line, category and problem an agent gives it.
    pub register: (String, String, String),
    /// What both sides agree on: text, 分, days until performed (none: at once).
    pub agreement: Vec<(String, i64, Option<i64>)>,
    /// Whether the sum fits the simple procedure.
    pub small_sum: bool,
    /// Files that come with it.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many working days the office takes from dispatch to the outcome.
    pub workdays: i64,
    /// What the slots of a turn's sentences stand for.
    pub slots: Vec<(&'static str, String)>,
    /// The ordinary course, from the filing to the archive.
    pub beats: Vec<Beat>,
}

/// What is typed at the beginning.
#[derive(Clone, Debug)]
pub enum Intake {
    /// 投诉.
    Complaint(Box<RawFiling>),
    /// 咨询, 意见建议 or a complaint against staff.
    Asking(CaseKind, Box<RawAsking>),
    /// 举报, with who reports when she gives her name.
    Report(Box<RawReport>, Option<Box<Identity>>),
}

impl Script {
    /// What kind of case it is.
    pub fn kind(&self) -> CaseKind {
        match &self.intake {
            Intake::Complaint(_) => CaseKind::Complaint,
            Intake::Asking(kind, _) => *kind,
            Intake::Report(..) => CaseKind::Report,
        }
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum What {
    /// A verb of the procedure.
    Act(Action),
    /// What comes before every procedure.
    Begin(Begin),
}

/// How a case begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Begin {
    /// It is filed.
    File,
    /// The same person calls about the same matter again: an agent types another case.
    FileAgain,
}

/// How long after the beat before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Minutes, while the office is open.
    Minutes(i64, i64),
    /// Working days.
    Workdays(i64, i64),
    /// Minutes at any hour.
    Anytime(i64, i64),
    /// When the office has settled to be done.
    Done,
}

/// One thing to be done.
#[derive(Clone, Debug)]
pub struct Beat {
    /// What.
    pub what: What,
    /// By whom.
    pub by: Hand,
    /// In the other case: the one filed again, or split off.
    pub other: bool,
    /// When.
    pub wait: Wait,
    /// What is written.
    pub words: String,
    /// What else is written.
    pub more: String,
    /// A key of a list.
    pub key: String,
    /// Yes or no.
    pub yes: bool,
    /// An item or a mark.
    pub item: u32,
}

impl Beat {
    /// A verb by somebody after a while.
    pub fn act(action: Action, by: Hand, wait: Wait) -> Self {
        let (words, more, key) = (String::new(), String::new(), String::new());
        Self { what: What::Act(action), by, other: false, wait, words, more, key, yes: true, item: 0 }
    }

    /// The filing.
    pub fn file() -> Self {
        Self { what: What::Begin(Begin::File), ..Self::act(Action::Register, Hand::Agent, Wait::Minutes(0, 0)) }
    }

    /// With what is written.
    #[must_use]
    pub fn saying(self, words: impl Into<String>) -> Self {
        Self { words: words.into(), ..self }
    }
}

/// One thing done in a transaction; gives the number and row id of a case that it began. The closure may run more than once.
pub type Deed = Box<dyn Fn(&mut Tx<'_>, &House, Timestamp, &str) -> Result<Option<Begun>, ActError> + Send>;

/// Number and row id of a new case.
pub type Begun = (String, i64);

/// A case under way.
pub struct Course {
    /// What will be said.
    pub script: Arc<Script>,
    /// What is still to be done, the next one first.
    pub beats: Vec<Beat>,
    /// It has taken a turn that tolerates no other.
    pub turned: bool,
    /// Its bureau at first, by place in the town.
    pub bureau: usize,
    /// The right office, by place in the bureau.
    pub office: usize,
    /// Which agent, and which of the office's officers come first.
    pub people: (usize, usize),
    /// Case number, once filed.
    pub number: String,
    /// The number of the other case that the same person filed, or that was split off.
    pub other: String,
    /// When it was filed.
    pub at: Timestamp,
    /// When the office is to be done.
    pub done_by: Timestamp,
    /// Its own chance.
    pub rng: Generator,
}

impl Course {
    /// A case that will be filed at this moment in a bureau of the town.
    pub fn begin(mut rng: Generator, town: &[Bureau], bureau: usize, mut script: Script, at: Timestamp) -> Self {
        let offices = &town[bureau].offices;
        let office = below(&mut rng, offices.len());
        let people = (below(&mut rng, town[bureau].agents.len()), below(&mut rng, offices[office].officers.len()));
        let (beats, number) = (std::mem::take(&mut script.beats), String::new());
        let (script, other) = (Arc::new(script), String::new());
        Self { script, beats, turned: false, bureau, office, people, number, other, at, done_by: at, rng }
    }

    /// Where a verb stands in what is still to be done in the case itself.
    pub fn place_of(&self, action: Action) -> Option<usize> {
        self.beats.iter().position(|beat| !beat.other && beat.what == What::Act(action))
    }

    /// What it waits for, for messages.
    pub fn waits_for(&self) -> String {
        let next = self.beats.first();
        format!("{} {:?} {:?}", self.number, self.script.kind(), next.map(|beat| (beat.what, beat.by)))
    }

    /// Whether the next beat files a complaint.
    pub fn files_complaint(&self) -> bool {
        let files = self.beats.first().is_some_and(|beat| matches!(beat.what, What::Begin(_)));
        files && self.script.kind() == CaseKind::Complaint
    }

    /// The case that the next beat is about.
    pub fn target(&self) -> &str {
        if self.beats.first().is_some_and(|beat| beat.other) { &self.other } else { &self.number }
    }

    /// The next thing.
    pub fn deed(&mut self, town: &Arc<[Bureau]>, now: Timestamp) -> Deed {
        let stage = filling::Stage {
            town: town.clone(),
            script: self.script.clone(),
            beat: self.beats[0].clone(),
            office: self.office,
            first_officer: self.people.1,
            other: if self.beats[0].other { self.number.clone() } else { self.other.clone() },
            meeting_at: self.meeting_time(now),
            chance: between(&mut self.rng, 0, 1_000_000),
        };
        let (agent, bureau) = (self.people.0, self.bureau);
        Box::new(move |tx, house, now, number| {
            let typing = &stage.town[bureau].agents[agent % stage.town[bureau].agents.len()];
            let action = match stage.beat.what {
                What::Begin(begin) => return file(tx, house, now, &stage, begin, typing).map(Some),
                What::Act(action) => action,
            };
            let case = store::case::by_number(tx, number)?.ok_or(ActError::NotFound)?;
            let actor = stage.beat.by.of(&stage.town, &case, agent).ok_or(ActError::NotFound)?;
            let scene = Scene { house, now, actor: &actor };
            let with = filling::fill(tx, scene, &case, action, &stage)?;
            doing::act(action, &with, tx, scene, number)?;
            if action != Action::Split {
                return Ok(None);
            }
            let linked = store::case_link::of_case(tx, case.id)?.pop();
            Ok(linked.map(|link| (link.other_number, link.other_id)))
        })
    }

    /// Notes what was done; gives when the next thing is to be done, none at the end.
    pub fn done(&mut self, begun: Option<Begun>, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let done = self.beats.remove(0);
        if let Some((number, _)) = begun {
            let own = if done.what == What::Begin(Begin::File) { &mut self.number } else { &mut self.other };
            *own = number;
        }
        let rng = &mut self.rng;
        if done.what == What::Act(Action::Assign) {
            self.done_by = hours::after_workdays(calendar, rng, now, self.script.workdays, self.script.workdays);
        }
        let at = match self.beats.first()?.wait {
            Wait::Minutes(low, high) => hours::after_minutes(calendar, rng, now, low, high),
            Wait::Workdays(low, high) => hours::after_workdays(calendar, rng, now, low, high),
            Wait::Anytime(low, high) => now + SignedDuration::from_mins(between(rng, low, high)),
            Wait::Done => hours::at_work(calendar, rng, self.done_by.max(now + SignedDuration::from_hours(2))),
        };
        Some(at.max(now + SignedDuration::from_secs(1)))
    }

    fn meeting_time(&mut self, now: Timestamp) -> Timestamp {
        let hour = pick(&mut self.rng, &[9_i8, 10, 14, 15]);
        let day = beijing_time(self.done_by.max(now + SignedDuration::from_hours(20))).date();
        beijing_instant(day.to_datetime(jiff::civil::time(*hour, 30, 0, 0)))
    }
}

/// The day on which most decisions on acceptance are made: nearly always within the promised working day; a few stay lying.
pub fn decision_wait(rng: &mut Generator) -> Wait {
    if per_mille(rng, 965) { Wait::Workdays(0, 1) } else { Wait::Workdays(2, 9) }
}

fn file(
    tx: &mut Tx<'_>,
    house: &House,
    now: Timestamp,
    stage: &filling::Stage,
    begin: Begin,
    agent: &Actor,
) -> Result<Begun, ActError> {
    let script = &stage.script;
    let by_itself = script.by_itself && begin == Begin::File;
    let (typist, public) = if by_itself { (Typist::Consumer, Actor::Public) } else { (Typist::Agent, agent.clone()) };
    let scene = Scene { house, now, actor: &public };
    let filing = match &script.intake {
        Intake::Complaint(raw) if begin == Begin::FileAgain => {
            let mut again = raw.clone();
            "phone".clone_into(&mut again.channel);
            again.facts = format!("{}{}", stage.beat.words, raw.facts);
            parse(&again, typist, &house.codes, now)
        }
        Intake::Complaint(raw) => parse(raw, typist, &house.codes, now),
        Intake::Asking(kind, raw) => parse_asking(*kind, raw, typist, &house.codes, now),
        Intake::Report(raw, _) => parse_report(raw, &house.codes, now),
    };
    let filing = filing.map_err(ActError::Invalid)?;
    let draft = (!script.files.is_empty() && begin == Begin::File).then(|| filling::draft_key(stage, now));
    if let Some(draft) = &draft {
        for (name, bytes) in &script.files {
            filling::keep(tx, scene, draft, name, bytes)?;
        }
    }
    let key = house.secret.hash("simulated-report", &format!("{}:{now}", stage.chance));
    let code = reporter::code(house, &key);
    let mut seed = [0; 32];
    seed.copy_from_slice(&key.as_bytes()[..32]);
    let reporter = match &script.intake {
        Intake::Report(_, identity) => {
            Some(Reporter { identity: identity.as_deref(), code: &code, earlier: None, files: &[], seed })
        }
        _ => None,
    };
    let evidence = filing::Evidence { draft_hash: draft.as_deref(), reporter };
    filing::file(tx, scene, &filing, evidence).map(|receipt| (receipt.number, receipt.case_id))
}
