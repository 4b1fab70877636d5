//! From a deadline as it is stored to the clock that is drawn.

use domain::calendar::Calendar;
use domain::clock::{Basis, DayCount, Suspension, Unit, beijing_time, due};
use domain::trigger::Outlived;
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
    /// By what, as it is kept with it.
    pub stopped_by: Option<&'a str>,
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
            outlived: self.stopped_by.and_then(Outlived::from_key),
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

#[cfg(test)]
mod tests {
    use askama::Template;
    use domain::calendar::Calendar;
    use domain::clock::{Basis, Suspension, Unit, beijing_instant, due};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::RunningLimit;
    use crate::view::{CellKind, ClockTone, ClockView};

    fn at(month: i8, day: i8, hour: i8) -> Timestamp {
        beijing_instant(date(2026, month, day).at(hour, 0, 0, 0))
    }

    /// A limit that began on Monday 9 November 2026 at 9:00, as it stands at `now`.
    fn clock(
        length: u32,
        unit: Unit,
        pauses: &[Suspension],
        stopped_at: Option<Timestamp>,
        now: Timestamp,
    ) -> ClockView {
        ended(length, unit, pauses, stopped_at.map(|at| (at, "told")), now)
    }

    fn ended(
        length: u32,
        unit: Unit,
        pauses: &[Suspension],
        stopped: Option<(Timestamp, &str)>,
        now: Timestamp,
    ) -> ClockView {
        let (stopped_at, stopped_by) = stopped.unzip();
        let calendar = Calendar::builtin();
        let counted = due(&calendar, length, unit, at(11, 9, 9), 0, pauses, Some(now));
        let limit = RunningLimit {
            name: "受理决定",
            law: "办法",
            article: "第十四条",
            basis: Basis::Statutory,
            unit,
            length,
            extended_by: 0,
            started_at: at(11, 9, 9),
            due_at: counted.at,
            due_day: counted.day,
            suspensions: pauses,
            stopped_at,
            stopped_by,
            provisional: false,
        };
        limit.clock(&calendar, now)
    }

    fn kinds(clock: &ClockView) -> String {
        let letter = |kind| match kind {
            CellKind::Gone => 'g',
            CellKind::Now => 'N',
            CellKind::Left => '.',
            CellKind::Suspended => '/',
            CellKind::Over => '!',
        };
        clock.cells.iter().map(|cell| letter(cell.kind)).collect()
    }

    #[test]
    fn a_cell_a_working_day_says_what_is_gone_and_left() {
        let running = clock(7, Unit::Workday, &[], None, at(11, 16, 10));
        assert_eq!((running.headline.as_str(), running.until.as_str()), ("剩2个工作日", "至11月18日 周三"));
        assert_eq!((kinds(&running).as_str(), running.tone), ("ggggN..", ClockTone::Calm));
        assert_eq!(running.basis, "法定7个工作日");
    }

    #[test]
    fn a_weekend_is_no_cell_of_its_own() {
        let sunday = clock(7, Unit::Workday, &[], None, at(11, 15, 10));
        assert_eq!((kinds(&sunday).as_str(), sunday.headline.as_str()), ("gggg...", "剩3个工作日"));
    }

    #[test]
    fn the_last_day_is_today() {
        let today = clock(7, Unit::Workday, &[], None, at(11, 18, 23));
        assert_eq!((today.headline.as_str(), today.tone), ("今天到期", ClockTone::Soon));
    }

    #[test]
    fn overdue_is_red_and_says_by_how_much() {
        let late = clock(7, Unit::Workday, &[], None, at(11, 20, 9));
        assert_eq!((late.headline.as_str(), late.until.as_str()), ("超2个工作日", "应于11月18日 周三"));
        assert_eq!((kinds(&late).as_str(), late.tone), ("ggggggg!!", ClockTone::Late));
    }

    #[test]
    fn on_the_weekend_after_the_last_day_it_is_late_by_no_working_day() {
        let saturday = clock(4, Unit::Workday, &[], None, at(11, 14, 9));
        assert_eq!((saturday.headline.as_str(), saturday.tone), ("已过期限", ClockTone::Late));
    }

    #[test]
    fn suspended_days_are_hatched_and_told() {
        let pause = Suspension { from: at(11, 11, 9), until: Some(at(11, 13, 9)), reason: "鉴定".to_owned() };
        let clock = clock(7, Unit::Workday, &[pause], None, at(11, 16, 10));
        assert_eq!((kinds(&clock).as_str(), clock.until.as_str()), ("gg//N....", "至11月20日 周五"));
        let told = clock.derivation().render().unwrap();
        assert!(told.contains("鉴定期间不计") && told.contains("《办法》第十四条"), "{told}");
        assert!(clock.bar().render().unwrap().contains("其中暂停2天"));
    }

    #[test]
    fn a_suspension_that_lasts_stops_the_clock() {
        let pause = Suspension { from: at(11, 11, 9), until: None, reason: "鉴定".to_owned() };
        let clock = clock(7, Unit::Workday, &[pause], None, at(11, 13, 10));
        assert_eq!((clock.headline.as_str(), clock.tone), ("暂停中，剩5个工作日", ClockTone::Paused));
    }

    #[test]
    fn what_was_done_says_whether_it_was_in_time() {
        let done = clock(7, Unit::Workday, &[], Some(at(11, 17, 9)), at(11, 30, 9));
        assert_eq!((done.headline.as_str(), done.tone), ("按时完成", ClockTone::Done));
        let late = clock(7, Unit::Workday, &[], Some(at(11, 19, 9)), at(11, 30, 9));
        assert_eq!((late.headline.as_str(), late.tone), ("超1个工作日完成", ClockTone::DoneLate));
    }

    /// Nobody did in time what another case took over: the clock ends with that, early or late.
    #[test]
    fn a_clock_that_the_case_outlived_says_what_ended_it() {
        for (day, by, words) in
            [(17, "merged", "并入另一件而止"), (19, "merged", "并入另一件而止"), (17, "withdrawn", "撤回而止")]
        {
            let ended = ended(7, Unit::Workday, &[], Some((at(11, day, 9), by)), at(11, 30, 9));
            assert_eq!((ended.headline.as_str(), ended.tone), (words, ClockTone::Ended), "{by} on {day}");
            assert!(!ended.until.contains("完成") && ended.until.ends_with("止"), "{}", ended.until);
        }
    }

    #[test]
    fn a_long_limit_is_a_bar_in_proportion() {
        let long = clock(60, Unit::Day, &[], None, at(11, 29, 9));
        assert!(long.cells.is_empty());
        assert_eq!(long.headline, "剩40日");
        let drawn: usize = long.segments.iter().filter(|part| part.kind != CellKind::Now).map(|part| part.width).sum();
        assert!(drawn <= long.drawn_width && drawn + 4 > long.drawn_width, "{drawn} of {}", long.drawn_width);
    }

    #[test]
    fn hours_run_through_the_night() {
        let hours = clock(24, Unit::Hour, &[], None, at(11, 10, 5));
        assert_eq!((hours.headline.as_str(), hours.until.as_str()), ("剩4小时", "至今天 09:00"));
        let late = clock(24, Unit::Hour, &[], None, at(11, 10, 12));
        assert_eq!((late.headline.as_str(), late.tone), ("超3小时", ClockTone::Late));
    }
}
