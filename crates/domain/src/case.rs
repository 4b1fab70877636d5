//! A case as the law sees it: the fold of its acts. Storage keeps this state; a test replays the events and compares.

use serde::{Deserialize, Serialize};

use crate::accepting;
use crate::act::Act;
use crate::action::Action;
use crate::case_kind::CaseKind;
use crate::dispatching;
use crate::mediation;
use crate::procedure::step_for;
use crate::reporting::{self, Decision, Reporting};
use crate::rewarding;
use crate::service;
use crate::status::Status;
use crate::trigger::Trigger;
use crate::turns::{Errand, Turns, errands_of};

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 达成调解协议.
    Settled,
    /// 终止调解, on the rule set's ground of this item.
    Terminated(u32),
    /// 不予受理, on the rule set's ground of this item.
    Refused(u32),
    /// 投诉人撤回.
    Withdrawn,
    /// 并入另一件, in which the handling goes on.
    Merged,
    /// 不再另行处理: the same reporter had reported the same already.
    Repeated,
    /// 移送其他部门: not a market regulator's duty; she was told whose it is.
    Referred,
    /// 已答复: a question, an opinion or a complaint against staff.
    Answered,
    /// 不予立案, on the ground of this item.
    NotOpened(u32),
    /// 处理决定 of an opened case.
    Decided(Decision),
    /// 告知另行举报: another body's to handle.
    TurnedAway,
}

/// The consumer's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Whether it was solved.
    pub solved: bool,
    /// 1 to 5.
    pub mark: u8,
}

/// The case's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: Status,
    /// The bureau responsible.
    pub bureau: i64,
    /// The centre that answers for intake and dispatch.
    pub intake: i64,
    /// The office that handles it.
    pub unit: Option<i64>,
    /// The officer in charge.
    pub lead: Option<i64>,
    /// The second officer.
    pub partner: Option<i64>,
    /// How it ends or ended.
    pub outcome: Option<Outcome>,
    /// Loss made good, in 分.
    pub recovered: i64,
    /// Why the clock stands, while it stands.
    pub suspended: Option<String>,
    /// The limit for which more time is asked.
    pub extension_asked: Option<String>,
    /// How often the consumer urged.
    pub urges: u32,
    /// An urging waits for its answer.
    pub urge_open: bool,
    /// How often an office returned it.
    pub returns: u32,
    /// The respondent is notified.
    pub notified: bool,
    /// The respondent has answered.
    pub answered: bool,
    /// Meetings held.
    pub meetings: u32,
    /// The consumer's word, the last one given.
    pub rating: Option<Rating>,
    /// What is under way beside the ordinary course.
    pub turns: Turns,
    /// 经营者: the registered operator that the respondent is.
    #[serde(default)]
    pub operator: Option<i64>,
    /// Number of events so far: the version for compare-and-set.
    pub version: i64,
}

/// Where a case waits: every open case lies on exactly one desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// At the centre, to be registered.
    Intake(i64),
    /// At the centre, to be accepted or refused.
    Acceptance(i64),
    /// At the centre, to be sent to an office.
    Dispatch(i64),
    /// At the office, to be taken.
    Assignment(i64),
    /// With its lead officer.
    Officer(i64),
    /// With the leader of the office.
    Approval(i64),
    /// Done; waits for the consumer's word and the archive.
    Archive(i64),
    /// With the discipline officers of the bureau, from its receipt to its end.
    Discipline(i64),
    /// In the archive.
    Shelf,
}

impl Desk {
    /// The key kept in storage and used to find the desk's queue; none when it waits nowhere.
    pub fn key(self) -> Option<String> {
        Some(match self {
            Desk::Intake(centre) => format!("intake:{centre}"),
            Desk::Acceptance(centre) => format!("acceptance:{centre}"),
            Desk::Dispatch(centre) => format!("dispatch:{centre}"),
            Desk::Assignment(unit) => format!("assignment:{unit}"),
            Desk::Officer(account) => format!("officer:{account}"),
            Desk::Approval(unit) => format!("approval:{unit}"),
            Desk::Archive(unit) => format!("archive:{unit}"),
            Desk::Discipline(bureau) => format!("discipline:{bureau}"),
            Desk::Shelf => return None,
        })
    }
}

impl Case {
    /// The state after the first event; none when that event is not a filing.
    pub fn begin(act: &Act) -> Option<Case> {
        let Act::File { kind, bureau, intake, registered, named, rule_set, earlier, origin, .. } = act else {
            return None;
        };
        Some(Case {
            kind: *kind,
            status: if *registered { Status::Registered } else { Status::Filed },
            bureau: *bureau,
            intake: *intake,
            unit: None,
            lead: None,
            partner: None,
            outcome: None,
            recovered: 0,
            suspended: None,
            extension_asked: None,
            urges: 0,
            urge_open: false,
            returns: 0,
            notified: false,
            answered: false,
            meetings: 0,
            rating: None,
            turns: Turns {
                reporting: Reporting::begin(*named, rule_set, earlier.as_ref(), *origin),
                ..Turns::default()
            },
            operator: None,
            version: 1,
        })
    }

    /// The state after one more act. Whether the act was lawful is asked before, by the procedure.
    pub fn apply(&mut self, act: &Act) {
        self.version += 1;
        let before = self.status;
        self.status = self.status_after(act);
        match act {
            Act::Refuse { ground, .. } => self.outcome = Some(Outcome::Refused(*ground)),
            Act::ApproveReferral { .. } => self.outcome = Some(Outcome::Referred),
            Act::Dispatch { unit, .. } => self.unit = Some(*unit),
            // A question can be given to one person: she stands in both places of the act.
            Act::Assign { lead, partner } => {
                (self.lead, self.partner) = (Some(*lead), Some(*partner).filter(|partner| partner != lead));
            }
            Act::Replace { leaves, successor, .. } => self.replace(*leaves, *successor),
            Act::Return { .. } => {
                self.unit = None;
                self.returns += 1;
            }
            Act::Notify { .. } => self.notified = true,
            Act::RecordAnswer { .. } => self.answered = true,
            Act::RecordMeeting { .. } => self.meetings += 1,
            Act::Settle { recovered, .. } => {
                self.outcome = Some(Outcome::Settled);
                self.recovered = *recovered;
                self.suspended = None;
            }
            Act::Terminate { ground, .. } => {
                self.outcome = Some(Outcome::Terminated(*ground));
                self.suspended = None;
            }
            Act::SettleOnSpot { recovered, handler, .. } => {
                self.outcome = Some(Outcome::Settled);
                self.recovered = *recovered;
                self.suspended = None;
                self.lead.get_or_insert(*handler);
            }
            Act::Reopen { .. } => {
                self.outcome = None;
                self.recovered = 0;
                // The centre settled it on the spot: it goes to an office now.
                if self.unit.is_none() {
                    (self.lead, self.partner) = (None, None);
                }
            }
            Act::RequestRecusal { .. } => {
                self.suspended.get_or_insert_with(|| mediation::RECUSAL_CAUSE.to_owned());
            }
            Act::DecideRecusal { replacement, .. } => {
                if let (Some(named), Some(leaves)) = (replacement, self.turns.mediation.recusal) {
                    self.replace(leaves, *named);
                }
                self.suspended = self.suspended.take().filter(|cause| cause != mediation::RECUSAL_CAUSE);
            }
            Act::Appraise { cause, payer, .. } if *payer != mediation::Payer::NotAgreed => {
                self.suspended = Some(cause.clone());
            }
            Act::SendBack { .. } => {
                self.outcome = None;
                self.recovered = 0;
            }
            Act::Urge { .. } => {
                self.urges += 1;
                self.urge_open = true;
            }
            Act::AnswerUrge { .. } => self.urge_open = false,
            Act::Withdraw { .. } => {
                self.outcome = Some(Outcome::Withdrawn);
                self.urge_open = false;
                self.suspended = None;
            }
            Act::LinkOperator { operator, .. } => self.operator = *operator,
            Act::Answer { .. } => self.outcome = Some(Outcome::Answered),
            Act::Rate { solved, mark, .. } => self.rating = Some(Rating { solved: *solved, mark: *mark }),
            Act::Suspend { cause, .. } => self.suspended = Some(cause.clone()),
            Act::Resume { .. } | Act::RecordAppraisal { .. } => self.suspended = None,
            Act::RequestExtension { limit, .. } => self.extension_asked = Some(limit.clone()),
            Act::GrantExtension { .. } | Act::DeclineExtension { .. } | Act::DecideClueTime { .. } => {
                self.extension_asked = None;
            }
            Act::CheckClue { .. } => {
                self.extension_asked = self.extension_asked.take().filter(|limit| limit != mediation::CLUE_LIMIT);
            }
            _ => {}
        }
        accepting::apply(self, act, before);
        dispatching::apply(self, act);
        reporting::apply(self, act);
        rewarding::apply(self, act);
        service::apply(self, act);
        self.turns.mediation.apply(act);
        // Where nothing is left to do, nothing waits for an answer.
        if !self.status.is_open() {
            dispatching::close(self);
            self.urge_open = false;
            self.extension_asked = None;
            self.suspended = None;
        }
    }

    /// Another officer in the place of one of the two.
    fn replace(&mut self, leaves: i64, successor: i64) {
        for place in [&mut self.lead, &mut self.partner] {
            *place = if *place == Some(leaves) { Some(successor) } else { *place };
        }
    }

    /// Why nobody can take the place of an officer: nobody has the case, or has anything left to do about it.
    fn nothing_to_take_over(&self) -> Option<&'static str> {
        let Some(lead) = self.lead else { return Some("这件没有承办人。") };
        let desk = Desk::Officer(lead).key();
        let waits = self.status.is_open() || self.errands().into_iter().any(|errand| Some(errand.desk) == desk);
        (!waits).then_some("这件已经办结，承办人手上没有要接替的事。")
    }

    /// Why an act that the procedure knows from here has to wait, or has nothing to do.
    pub fn not_now(&self, action: Action) -> Option<&'static str> {
        let over = (action == Action::Replace).then(|| self.nothing_to_take_over()).flatten();
        over.or_else(|| accepting::not_now(self, action))
            .or_else(|| mediation::not_now(self, action))
            .or_else(|| dispatching::not_now(self, action))
            .or_else(|| reporting::not_now(self, action))
            .or_else(|| rewarding::not_now(self, action))
    }

    /// What others than the desk's holder have to do meanwhile.
    pub fn errands(&self) -> Vec<Errand> {
        errands_of(self)
    }

    /// The state that a history adds up to.
    pub fn replay<'a>(acts: impl IntoIterator<Item = &'a Act>) -> Option<Case> {
        let mut acts = acts.into_iter();
        let mut case = Case::begin(acts.next()?)?;
        acts.for_each(|act| case.apply(act));
        Some(case)
    }

    /// What has happened for the clocks by this act, done in the state before it.
    pub fn triggers(&self, act: &Act) -> Vec<Trigger> {
        let Some(action) = act.action() else { return Vec::new() };
        let mut fired = step_for(self.kind, self.status, action).map_or(Vec::new(), |step| step.fires.to_vec());
        match act {
            // Nobody had accepted it yet.
            Act::SettleOnSpot { .. } if self.status == Status::Registered => fired.push(Trigger::Accepted),
            // The decision to terminate is the leader's (O121 art. 23).
            Act::Approve { .. } if matches!(self.outcome, Some(Outcome::Terminated(_))) => {
                fired.push(Trigger::Terminated);
            }
            // The leader's word opens the case, declines to, or decides it (行政处罚程序规定第十八条、第六十条).
            Act::Approve { .. } if self.kind == CaseKind::Report => fired = reporting::triggers(self),
            // With that she has heard everything that the law of its day lets her hear.
            Act::TellFiling { .. } if reporting::ends_with_notice(self) => fired.push(Trigger::Told),
            // Withdrawal of an accepted complaint ends the mediation (O121 art. 23(1)(1)).
            Act::Withdraw { .. } if self.ends_with_mediation() => fired.push(Trigger::Concluded),
            _ => {}
        }
        fired.extend(dispatching::triggers(self, act));
        fired.extend(rewarding::triggers(self, act));
        fired.extend(reporting::of_transfer(self, act));
        fired
    }

    /// The desk on which it now lies.
    pub fn desk(&self) -> Desk {
        let holder = self.unit.unwrap_or(self.intake);
        match self.status {
            Status::Archived => Desk::Shelf,
            _ if self.kind.is_secret() => Desk::Discipline(self.bureau),
            _ if self.kind == CaseKind::Report => self.desk_of_report(holder),
            Status::Filed => Desk::Intake(self.intake),
            // Whoever takes a question may answer it: there is nothing to accept.
            Status::Registered if self.kind.is_answered() => Desk::Intake(self.intake),
            Status::Registered => Desk::Acceptance(self.intake),
            Status::Accepted => Desk::Dispatch(self.intake),
            Status::Dispatched => Desk::Assignment(holder),
            Status::Assigned | Status::Mediating | Status::Investigating => {
                self.lead.map_or(Desk::Assignment(holder), Desk::Officer)
            }
            Status::PendingApproval => Desk::Approval(holder),
            Status::Concluded => self.lead.map_or(Desk::Dispatch(self.intake), Desk::Officer),
            Status::Told | Status::Refused | Status::Withdrawn => Desk::Archive(holder),
        }
    }

    /// A report lies with those who direct it or have it in hand, never where agents or all of an office look.
    fn desk_of_report(&self, holder: i64) -> Desk {
        match (self.status, self.lead) {
            (Status::Dispatched | Status::PendingApproval, _) => Desk::Approval(holder),
            (Status::Filed | Status::Registered, _) | (_, None) => Desk::Dispatch(self.intake),
            (_, Some(lead)) => Desk::Officer(lead),
        }
    }

    /// An office has it and another side waits for word of it.
    fn ends_with_mediation(&self) -> bool {
        self.lead.is_some() && !self.kind.is_answered()
    }

    fn status_after(&self, act: &Act) -> Status {
        if let Some(status) = accepting::status_after(self, act).or_else(|| reporting::status_after(self, act)) {
            return status;
        }
        match (act, self.status) {
            (Act::Register { .. } | Act::Forward { .. }, _) => Status::Registered,
            (Act::Return { .. }, _) if self.kind.is_answered() => Status::Registered,
            (Act::Accept { .. } | Act::Return { .. }, _) => Status::Accepted,
            (Act::Refuse { .. } | Act::ApproveReferral { .. }, _) => Status::Refused,
            (Act::Dispatch { .. }, _) => Status::Dispatched,
            (Act::Assign { .. }, Status::Dispatched) => Status::Assigned,
            (Act::Reopen { .. }, _) if self.unit.is_none() => Status::Accepted,
            (Act::SendBack { .. } | Act::Reopen { .. }, _) if !self.notified => Status::Assigned,
            (Act::Notify { .. } | Act::SendBack { .. } | Act::Reopen { .. }, _) => Status::Mediating,
            (Act::Settle { .. } | Act::Terminate { .. }, _) => Status::PendingApproval,
            (Act::Approve { .. } | Act::SettleOnSpot { .. }, _) => Status::Concluded,
            (Act::Tell { .. } | Act::Answer { .. }, _) => Status::Told,
            (Act::Archive { .. }, _) => Status::Archived,
            // Nobody had accepted it: it simply ends. An office has it: the other side is still to be told (art. 23(2)).
            (Act::Withdraw { .. }, _) if self.ends_with_mediation() => Status::Concluded,
            (Act::Withdraw { .. }, _) => Status::Withdrawn,
            (_, status) => status,
        }
    }
}
