//! How one case goes: a step at a time, each at its own moment, by the people it belongs to.

use casework::mediation::{Appointment, Meeting};
use casework::{ActError, Actor, Scene};
use domain::act::AgreementItem;
use domain::calendar::Calendar;
use domain::clock::beijing_time;
use domain::filing::{RawFiling, Typist, parse};
use domain::money::Money;
use domain::rule_set::{Ground, RuleSet};
use jiff::{SignedDuration, Timestamp};
use store::Tx;

use super::hours;
use super::town::Bureau;
use super::vocabulary::{Generator, below, between, per_mille, pick};

/// What will be said and done in a case, drawn before it begins.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one turn that the case takes or not")]
pub struct Script {
    /// What the consumer types.
    pub raw: RawFiling,
    /// Comes in by itself; otherwise an agent types it.
    pub by_itself: bool,
    /// The line, category and problem an agent gives it.
    pub register: (String, String, String),
    /// How it ends.
    pub end: End,
    /// The respondent's answer, if it answers, and whether it agrees to mediate.
    pub answer: Option<(String, bool)>,
    /// What is said at the meeting.
    pub transcript: String,
    /// Solved, mark, words.
    pub rating: Option<(bool, u8, String)>,
    /// Pictures that come with it.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many working days the office takes from dispatch to the outcome.
    pub workdays: i64,
    /// The consumer urges.
    pub urges: bool,
    /// Goods are sent to a laboratory.
    pub appraisal: bool,
    /// More time is asked for.
    pub extension: bool,
    /// The first office is the wrong one.
    pub returned: bool,
    /// The leader sends the outcome back once.
    pub sent_back: bool,
}

/// How a case ends.
#[derive(Clone, Debug)]
pub enum End {
    /// 不予受理.
    Refuse {
        /// Item of the list.
        item: u32,
        /// Why.
        reason: String,
    },
    /// 调解协议.
    Settle {
        /// Text, 分, days until performed (none: at once).
        items: Vec<(String, i64, Option<i64>)>,
        /// 分.
        recovered: i64,
    },
    /// 终止调解.
    Terminate {
        /// Item of the list.
        item: u32,
        /// Why.
        reason: String,
    },
    /// 撤回.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Where the script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// The consumer files.
    File,
    /// An agent registers.
    Register,
    /// Accept or refuse.
    Decide,
    /// Send to an office.
    Dispatch,
    /// The office returns it.
    Return,
    /// The office takes it.
    Assign,
    /// Notice to the respondent.
    Notify,
    /// The respondent answers.
    Answer,
    /// To the laboratory.
    Suspend,
    /// Back from it.
    Resume,
    /// More time asked.
    AskTime,
    /// More time granted.
    GrantTime,
    /// Both sides meet.
    Meet,
    /// The outcome.
    End,
    /// The leader sends it back.
    SendBack,
    /// The outcome again.
    EndAgain,
    /// The leader signs.
    Approve,
    /// Both sides are told.
    Tell,
    /// The agreement is performed.
    Perform,
    /// The consumer's word.
    Rate,
    /// Into the file.
    Archive,
}

/// One thing to do: by whom, and what. The closure may run more than once.
pub type Deed = Box<dyn Fn(&mut Tx<'_>, Scene<'_>, &str) -> Result<String, ActError> + Send>;

/// A case under way.
pub struct Course {
    /// What will be said and done.
    pub script: Script,
    /// Its bureau, by place in the town.
    pub bureau: usize,
    /// Its office, by place in the bureau.
    pub office: usize,
    /// Its two officers, by place in the office.
    pub officers: (usize, usize),
    /// Next.
    pub beat: Beat,
    /// Case number, once filed.
    pub number: String,
    /// Row id, once filed.
    pub case_id: i64,
    /// When the office is to be done.
    pub done_by: Timestamp,
    /// Its own chance.
    pub rng: Generator,
}

impl Course {
    /// Who does the next thing and what it is.
    pub fn deed(&mut self, town: &[Bureau], now: Timestamp) -> (Actor, Deed) {
        let bureau = &town[self.bureau];
        let office = &bureau.offices[self.office];
        let agent = pick(&mut self.rng, &bureau.agents).clone();
        let dispatcher = bureau.dispatcher.clone();
        let lead = office.officers[self.officers.0].clone();
        let (lead_id, partner_id) = (id_of(&lead), id_of(&office.officers[self.officers.1]));
        let leader = office.leader.clone();
        let complainant = Actor::Complainant { case_id: self.case_id };
        let script = self.script.clone();
        let place = format!("{}调解室", office.office.name);
        match self.beat {
            Beat::File => {
                let actor = if script.by_itself { Actor::Public } else { agent };
                (actor, Box::new(move |tx, scene, _| file(tx, scene, &script)))
            }
            Beat::Register => (
                agent,
                Box::new(move |tx, scene, number| {
                    let (title, category, problem) = &script.register;
                    casework::registration::register(tx, scene, number, None, title, category, problem)
                        .map(|case| case.number)
                }),
            ),
            Beat::Decide => (
                dispatcher,
                Box::new(move |tx, scene, number| match &script.end {
                    End::Refuse { item, reason } => {
                        let item = in_force(tx, scene, number, *item, |set| &set.refusal_grounds)?;
                        casework::acceptance::refuse(tx, scene, number, None, item, reason).map(|case| case.number)
                    }
                    _ => casework::acceptance::accept(tx, scene, number, None, "").map(|case| case.number),
                }),
            ),
            Beat::Dispatch => {
                let (unit, name) = (office.office.id, office.office.name.clone());
                (
                    dispatcher,
                    Box::new(move |tx, scene, number| {
                        let reason = format!("商家实际经营地在{name}辖区");
                        casework::dispatch::dispatch(tx, scene, number, None, unit, &reason).map(|case| case.number)
                    }),
                )
            }
            Beat::Return => (
                leader,
                Box::new(move |tx, scene, number| {
                    let reason = "核实商家实际经营地不在本所辖区，请分送实际经营地的所";
                    casework::dispatch::give_back(tx, scene, number, None, "not_in_area", reason)
                        .map(|case| case.number)
                }),
            ),
            Beat::Assign => (
                leader,
                Box::new(move |tx, scene, number| {
                    casework::assignment::assign(tx, scene, number, None, lead_id, partner_id).map(|case| case.number)
                }),
            ),
            Beat::Notify => {
                let at = self.meeting_time(now);
                (
                    lead,
                    Box::new(move |tx, scene, number| {
                        let appointment = Appointment { at, place: place.clone(), mode: "onsite".to_owned() };
                        casework::mediation::notify(
                            tx,
                            scene,
                            number,
                            None,
                            &appointment,
                            "营业执照、交易记录、进货和售后凭证",
                        )
                        .map(|case| case.number)
                    }),
                )
            }
            Beat::Answer => (
                lead,
                Box::new(move |tx, scene, number| {
                    let (answer, agrees) = script.answer.clone().unwrap_or_default();
                    casework::mediation::record_answer(tx, scene, number, None, &answer, agrees).map(|case| case.number)
                }),
            ),
            Beat::Suspend => (
                lead,
                Box::new(move |tx, scene, number| {
                    let reason = "双方同意送检，费用由商家先付";
                    let case = casework::record::readable(tx, scene, number)?;
                    let cause = casework::timing::causes(scene, &case).into_iter().next().unwrap_or_default();
                    casework::timing::suspend(tx, scene, number, None, &cause, reason).map(|case| case.number)
                }),
            ),
            Beat::Resume => (
                lead,
                Box::new(move |tx, scene, number| {
                    let reason = "收到检验机构意见";
                    casework::timing::resume(tx, scene, number, None, reason).map(|case| case.number)
                }),
            ),
            Beat::AskTime => (
                lead,
                Box::new(move |tx, scene, number| {
                    let reason = "商家负责人在外地，约定返回后当面调解";
                    casework::timing::request_extension(tx, scene, number, None, "close_promised", reason)
                        .map(|case| case.number)
                }),
            ),
            Beat::GrantTime => (
                dispatcher,
                Box::new(move |tx, scene, number| {
                    casework::timing::grant_extension(tx, scene, number, None).map(|case| case.number)
                }),
            ),
            Beat::Meet => (
                lead,
                Box::new(move |tx, scene, number| {
                    let absent = matches!(script.end, End::Terminate { item: 2, .. });
                    let meeting = Meeting {
                        at: scene.now - SignedDuration::from_mins(40),
                        mode: "onsite".to_owned(),
                        complainant_present: true,
                        respondent_present: !absent,
                        absence: absent.then_some(domain::mediation::Absence::Unexcused),
                        transcript: script.transcript.clone(),
                    };
                    casework::mediation::record_meeting(tx, scene, number, None, &meeting).map(|case| case.number)
                }),
            ),
            Beat::End | Beat::EndAgain => match &script.end {
                End::Withdraw { reason } => {
                    let reason = reason.clone();
                    (
                        complainant,
                        Box::new(move |tx, scene, number| {
                            casework::consumer::withdraw(tx, scene, number, None, &reason).map(|case| case.number)
                        }),
                    )
                }
                _ => (lead, Box::new(move |tx, scene, number| end(tx, scene, number, &script))),
            },
            Beat::SendBack => (
                leader,
                Box::new(move |tx, scene, number| {
                    let opinion = "协议的履行期限再与商家确认一次";
                    casework::approval::send_back(tx, scene, number, None, opinion).map(|case| case.number)
                }),
            ),
            Beat::Approve => (
                leader,
                Box::new(move |tx, scene, number| {
                    casework::approval::approve(tx, scene, number, None, "同意").map(|case| case.number)
                }),
            ),
            Beat::Tell => (
                lead,
                Box::new(move |tx, scene, number| {
                    casework::feedback::tell(tx, scene, number, None, "").map(|case| case.number)
                }),
            ),
            Beat::Perform => (
                lead,
                Box::new(move |tx, scene, number| {
                    casework::feedback::record_performance(tx, scene, number, None, 1, true, "电话回访双方，已履行")
                        .map(|case| case.number)
                }),
            ),
            Beat::Rate => (
                complainant,
                Box::new(move |tx, scene, number| {
                    let (solved, mark, words) = script.rating.clone().unwrap_or((true, 5, String::new()));
                    casework::feedback::rate(tx, scene, number, None, solved, mark, &words).map(|case| case.number)
                }),
            ),
            Beat::Archive => {
                let refused = matches!(script.end, End::Refuse { .. }) || self.number.is_empty();
                let actor = if refused { dispatcher } else { lead };
                (
                    actor,
                    Box::new(move |tx, scene, number| {
                        casework::archive::archive(tx, scene, number, None).map(|case| case.number)
                    }),
                )
            }
        }
    }

    /// What comes after the beat that was just done, and when; none at the end.
    pub fn next(&mut self, town: &[Bureau], calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let rng = &mut self.rng;
        let script = &self.script;
        let (beat, at) = match self.beat {
            Beat::File if script.by_itself => (Beat::Register, hours::after_minutes(calendar, rng, now, 15, 300)),
            Beat::File | Beat::Register => {
                // Nearly always within the promised working day; a few stay lying.
                let days = if per_mille(rng, 965) { (0, 1) } else { (2, 9) };
                (Beat::Decide, hours::after_workdays(calendar, rng, now, days.0, days.1))
            }
            Beat::Decide if matches!(script.end, End::Refuse { .. }) => {
                (Beat::Archive, hours::after_workdays(calendar, rng, now, 3, 12))
            }
            Beat::Decide => (Beat::Dispatch, hours::after_minutes(calendar, rng, now, 8, 260)),
            Beat::Dispatch if script.returned => {
                self.script.returned = false;
                (Beat::Return, hours::after_minutes(calendar, rng, now, 60, 420))
            }
            Beat::Return => {
                self.office = (self.office + 1 + below(rng, 3)) % town[self.bureau].offices.len();
                (Beat::Dispatch, hours::after_minutes(calendar, rng, now, 20, 200))
            }
            Beat::Dispatch => (Beat::Assign, hours::after_minutes(calendar, rng, now, 30, 460)),
            Beat::Assign => {
                let count = town[self.bureau].offices[self.office].officers.len();
                self.officers = (self.officers.0 % count, self.officers.1 % count);
                self.done_by = hours::after_workdays(calendar, rng, now, script.workdays, script.workdays);
                (Beat::Notify, hours::after_workdays(calendar, rng, now, 0, 1))
            }
            Beat::Notify if script.answer.is_some() => (Beat::Answer, hours::after_workdays(calendar, rng, now, 0, 2)),
            Beat::Notify | Beat::Answer if script.appraisal => {
                self.script.appraisal = false;
                (Beat::Suspend, hours::after_workdays(calendar, rng, now, 0, 1))
            }
            Beat::Suspend => (Beat::Resume, hours::after_workdays(calendar, rng, now, 6, 14)),
            Beat::Notify | Beat::Answer | Beat::Resume if script.extension => {
                self.script.extension = false;
                (Beat::AskTime, hours::after_workdays(calendar, rng, now, 0, 1))
            }
            Beat::AskTime => (Beat::GrantTime, hours::after_minutes(calendar, rng, now, 20, 240)),
            Beat::Notify | Beat::Answer | Beat::Resume | Beat::GrantTime => match script.end {
                End::Withdraw { .. } => (Beat::End, hours::after_workdays(calendar, rng, now, 0, 2)),
                _ => (Beat::Meet, hours::at_work(calendar, rng, self.done_by.max(now + SignedDuration::from_hours(2)))),
            },
            Beat::Meet => (Beat::End, hours::after_minutes(calendar, rng, now, 10, 90)),
            Beat::End | Beat::EndAgain if matches!(script.end, End::Withdraw { .. }) => {
                (Beat::Tell, hours::after_workdays(calendar, rng, now, 0, 2))
            }
            Beat::End if script.sent_back => {
                self.script.sent_back = false;
                (Beat::SendBack, hours::after_minutes(calendar, rng, now, 30, 300))
            }
            Beat::SendBack => (Beat::EndAgain, hours::after_workdays(calendar, rng, now, 0, 1)),
            Beat::End | Beat::EndAgain => (Beat::Approve, hours::after_minutes(calendar, rng, now, 20, 460)),
            Beat::Approve => (Beat::Tell, hours::after_workdays(calendar, rng, now, 0, 2)),
            Beat::Tell if matches!(script.end, End::Settle { .. }) => {
                (Beat::Perform, hours::after_workdays(calendar, rng, now, 1, 6))
            }
            Beat::Tell | Beat::Perform if script.rating.is_some() => {
                (Beat::Rate, now + SignedDuration::from_mins(between(rng, 40, 60 * 24 * 6)))
            }
            Beat::Tell | Beat::Perform | Beat::Rate => {
                (Beat::Archive, hours::after_workdays(calendar, rng, now, 3, 15))
            }
            Beat::Archive => return None,
        };
        self.beat = beat;
        Some(at.max(now + SignedDuration::from_secs(1)))
    }

    fn meeting_time(&mut self, now: Timestamp) -> Timestamp {
        let hour = pick(&mut self.rng, &[9_i8, 10, 14, 15]);
        let day = beijing_time(self.done_by.max(now + SignedDuration::from_hours(20))).date();
        domain::clock::beijing_instant(day.to_datetime(jiff::civil::time(*hour, 30, 0, 0)))
    }
}

/// The account behind a member of staff.
pub fn id_of(actor: &Actor) -> i64 {
    match actor {
        Actor::Staff(staff) => staff.account_id,
        _ => 0,
    }
}

fn file(tx: &mut Tx<'_>, scene: Scene<'_>, script: &Script) -> Result<String, ActError> {
    let typist = if script.by_itself { Typist::Consumer } else { Typist::Agent };
    let filing = parse(&script.raw, typist, &scene.house.codes, scene.now).map_err(ActError::Invalid)?;
    let draft = (!script.files.is_empty()).then(|| format!("simulated:{}:{}", scene.now, script.raw.complainant_phone));
    if let Some(draft) = &draft {
        for (name, bytes) in &script.files {
            keep(tx, scene, draft, name, bytes)?;
        }
    }
    let evidence = casework::filing::Evidence { draft_hash: draft.as_deref(), parties: &[] };
    casework::filing::file(tx, scene, &filing, evidence)
        .map(|receipt| format!("{}#{}", receipt.number, receipt.case_id))
}

fn keep(tx: &mut Tx<'_>, scene: Scene<'_>, draft: &str, name: &str, bytes: &[u8]) -> Result<(), ActError> {
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

/// The item under the law of the case's own day: an item that came later falls to that law's last one (other provisions).
fn in_force(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    item: u32,
    grounds: fn(&RuleSet) -> &[Ground],
) -> Result<u32, ActError> {
    let case = casework::record::readable(tx, scene, number)?;
    let grounds = scene.house.book.get(&case.rule_set).map(grounds).unwrap_or_default();
    Ok(if grounds.iter().any(|ground| ground.item == item) {
        item
    } else {
        grounds.last().map_or(item, |last| last.item)
    })
}

fn end(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, script: &Script) -> Result<String, ActError> {
    match &script.end {
        End::Settle { items, recovered } => {
            let today = beijing_time(scene.now).date();
            let items: Vec<AgreementItem> = items
                .iter()
                .map(|(text, amount, days)| AgreementItem {
                    text: text.clone(),
                    amount: *amount,
                    due: days.and_then(|days| today.checked_add(SignedDuration::from_hours(24 * days)).ok()),
                })
                .collect();
            let paper = items.iter().any(|item| item.due.is_some());
            casework::mediation::settle(tx, scene, number, None, items, Money::from_fen(*recovered), paper)
                .map(|case| case.number)
        }
        End::Terminate { item, reason } => {
            let item = in_force(tx, scene, number, *item, |set| &set.termination_grounds)?;
            casework::mediation::terminate(tx, scene, number, None, item, reason).map(|case| case.number)
        }
        End::Refuse { .. } | End::Withdraw { .. } => Err(ActError::NotFound),
    }
}
