//! From a deadline as it is stored to the clock that is drawn.

use domain::calendar::Calendar;
use domain::clock::{Basis, DayCount, Suspension, Unit, beijing_time, due};
use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::{ClockFacts, ClockView, DayRow};

/// A deadline as the store keeps it: fixed when it began, moved only by recorded acts.
#[derive(Clone, Debug)]
pub struct RunningLimit<'a> {
    /// The step: `受理决定`.
    pub name: &'a str,
    /// The law's short name.
    pub law: &'a str,
    /// The article: `第十七条`.
    pub article: &'a str,
    /// Statutory or promised.
    pub basis: Basis,
    /// In what it is counted.
    pub unit: Unit,
    /// How long, in `unit`.
    pub length: u32,
    /// Granted on top, in `unit`.
    pub extended_by: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// The last day.
    pub due_day: Date,
    /// Time that does not count.
    pub suspensions: &'a [Suspension],
    /// When it was met or ended.
    pub stopped_at: Option<Timestamp>,
    /// Whether it rests on a year not yet announced.
    pub provisional: bool,
}

impl RunningLimit<'_> {
    /// The clock at `now`. The stored last day is shown as it is; the days before it are counted again only to be told,
    /// and only an unfinished suspension, which moves the last day each day, is taken from the count.
    pub fn clock(&self, calendar: &Calendar, now: Timestamp) -> ClockView {
        let at = self.stopped_at.unwrap_or(now);
        let counted =
            due(calendar, self.length, self.unit, self.started_at, self.extended_by, self.suspensions, Some(at));
        let suspended_now = self.stopped_at.is_none() && self.suspensions.iter().any(|pause| pause.until.is_none());
        let (due_day, due_at) = if suspended_now { (counted.day, counted.at) } else { (self.due_day, self.due_at) };
        let mut days: Vec<DayRow> = counted.days.into_iter().map(|day| self.row(calendar, day)).collect();
        self.beyond(calendar, due_day, beijing_time(at).date(), &mut days);
        ClockView::new(ClockFacts {
            name: self.name.to_owned(),
            basis: self.basis_label(),
            article: format!("《{}》{}", self.law, self.article),
            unit: self.unit,
            started: beijing_time(self.started_at),
            due: if self.unit == Unit::Hour { beijing_time(due_at) } else { due_day.at(23, 59, 59, 0) },
            now: beijing_time(now),
            finished: self.stopped_at.map(beijing_time),
            suspended_now,
            days,
            provisional: self.provisional || counted.provisional,
        })
    }

    /// `法定7个工作日`, `承诺7个工作日，延长5个工作日`.
    fn basis_label(&self) -> String {
        let unit = self.unit.label();
        let plain = format!("{}{}{unit}", self.basis.label(), self.length);
        if self.extended_by == 0 { plain } else { format!("{plain}，延长{}{unit}", self.extended_by) }
    }

    fn row(&self, calendar: &Calendar, day: DayCount) -> DayRow {
        let would_count = self.unit != Unit::Workday || calendar.is_workday(day.day);
        DayRow {
            day: day.day,
            counted: day.number,
            suspended: !day.counted && would_count && day.why.contains("期间不计"),
            reason: day.why,
        }
    }

    /// The days after the last one, which say by how much it is overdue.
    fn beyond(&self, calendar: &Calendar, due_day: Date, last: Date, days: &mut Vec<DayRow>) {
        let mut over = 0;
        let mut day = due_day;
        while day < last {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            let counts = self.unit != Unit::Workday || calendar.is_workday(day);
            over += u32::from(counts);
            days.push(DayRow {
                day,
                counted: counts.then_some(self.length + self.extended_by + over),
                suspended: false,
                reason: if counts { format!("超{over}{}", self.unit.label()) } else { "休息日".to_owned() },
            });
        }
    }
}
