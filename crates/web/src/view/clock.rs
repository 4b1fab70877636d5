//! The clock (期限): how much of a limit has run, what is left, and how that was counted.

use askama::Template;
use askama::filters::HtmlSafe;
use domain::clock::Unit;
use domain::trigger::Outlived;
use jiff::civil::{Date, DateTime};

use super::dates;

/// More working days than this are drawn as a bar in proportion instead of a cell a day.
const MOST_CELLS: usize = 16;

/// What the reader must feel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockTone {
    /// Time is left.
    Calm,
    /// Due today or on the next working day.
    Soon,
    /// Overdue: the only red.
    Late,
    /// Suspended now.
    Paused,
    /// Stopped because the act was done in time.
    Done,
    /// Stopped because the act was done, too late.
    DoneLate,
    /// Stopped because the case went another way.
    Ended,
}

/// One calendar day between the start and the last day shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// The day.
    pub day: Date,
    /// Its number in the limit, or nothing when it does not count.
    pub counted: Option<u32>,
    /// Why it does not count, or a remark: `受理次日起算`, `周末`, `国庆节`, `鉴定期间不计`, `调休上班`.
    pub reason: String,
    /// Whether the limit was suspended on it.
    pub suspended: bool,
}

/// What the clock is drawn from. Everything has been decided before: the view only counts what it is told.
#[derive(Clone, Debug)]
pub struct ClockFacts {
    /// What must be done by then, such as `决定是否受理`.
    pub name: String,
    /// How long and by whose word, such as `法定7个工作日` or `承诺7个工作日（省级制度）`.
    pub basis: String,
    /// The citation, such as `《市场监督管理投诉举报处理办法》第十七条`.
    pub article: String,
    /// In what it is counted.
    pub unit: Unit,
    /// When it began, in Beijing time.
    pub started: DateTime,
    /// The last moment, in Beijing time; for days only its date is shown, for hours its time as well.
    pub due: DateTime,
    /// Now, in Beijing time.
    pub now: DateTime,
    /// When the act was done, in Beijing time; nothing while the clock runs.
    pub finished: Option<DateTime>,
    /// Why it ended without the act, when it did.
    pub outlived: Option<Outlived>,
    /// Whether it is suspended at this moment.
    pub suspended_now: bool,
    /// Each calendar day from the start to the due day, or to the present day when that is later. Days after the due
    /// day that would have counted carry a number too.
    pub days: Vec<DayRow>,
    /// Whether the calendar of a year is not yet announced (2.7).
    pub provisional: bool,
}

/// What a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// A day that counted and is over.
    Gone,
    /// Today, if it counts.
    Now,
    /// A day that is left.
    Left,
    /// A working day on which the limit was suspended: hatched.
    Suspended,
    /// A day beyond the limit: red.
    Over,
}

impl CellKind {
    /// The class of its rectangle.
    pub fn class(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Now => "now",
            Self::Left => "left",
            Self::Suspended => "held",
            Self::Over => "over",
        }
    }
}

/// One day of the bar, with its place in the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it stands for.
    pub kind: CellKind,
    /// Its left edge in units of the drawing.
    pub x: usize,
}

/// A stretch of the bar in proportion, for long limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it stands for.
    pub kind: CellKind,
    /// Its left edge in units of the drawing.
    pub x: usize,
    /// Its width in units of the drawing.
    pub width: usize,
}

/// A limit as it stands, ready to be shown: `{{ clock }}` for the bar with its two lines, `{{ clock.derivation() }}` for 怎么算的.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/clock.html")]
pub struct ClockView {
    /// What must be done, such as `决定是否受理`.
    pub name: String,
    /// The short word: `剩2个工作日`, `今天到期`, `超1个工作日`, `暂停中`, `已按时完成`.
    pub headline: String,
    /// The day it is measured against: `至3月18日 周三`.
    pub until: String,
    /// How long and by whose word.
    pub basis: String,
    /// The citation.
    pub article: String,
    /// What the reader must feel.
    pub tone: ClockTone,
    /// A cell a day; empty when the bar is in proportion.
    pub cells: Vec<Cell>,
    /// The bar in proportion; empty when there is a cell a day.
    pub segments: Vec<Segment>,
    /// The width of the drawing.
    pub drawn_width: usize,
    /// Each day, for the derivation.
    pub days: Vec<DayRow>,
    /// Whether the calendar of a year is not yet announced.
    pub provisional: bool,
    started: Date,
    today: Date,
}

impl HtmlSafe for ClockView {}

impl ClockView {
    /// Draws the limit.
    pub fn new(facts: ClockFacts) -> Self {
        let kinds = cells(&facts);
        let (cells, segments, drawn_width) = place(&kinds);
        let tone = tone(&facts);
        Self {
            headline: headline(&facts, tone),
            until: until(&facts),
            tone,
            cells,
            segments,
            drawn_width,
            started: facts.started.date(),
            today: facts.now.date(),
            name: facts.name,
            basis: facts.basis,
            article: facts.article,
            days: facts.days,
            provisional: facts.provisional,
        }
    }

    /// The table behind 怎么算的, one row for each calendar day.
    pub fn derivation(&self) -> Derivation<'_> {
        Derivation { clock: self }
    }

    /// The bar alone, without words; the words must stand beside it.
    pub fn bar(&self) -> ClockBar<'_> {
        ClockBar { clock: self }
    }

    fn tone_class(&self) -> &'static str {
        match self.tone {
            ClockTone::Calm => "calm",
            ClockTone::Soon => "soon",
            ClockTone::Late => "late",
            ClockTone::Paused => "paused",
            ClockTone::Done => "done",
            ClockTone::DoneLate => "done-late",
            ClockTone::Ended => "ended",
        }
    }

    /// What a screen reader says for the drawing.
    fn spoken(&self) -> String {
        let words = format!("{}：{}，{}", self.name, self.headline, self.until);
        match self.days.iter().filter(|row| row.suspended).count() {
            0 => words,
            held => format!("{words}，其中暂停{held}天"),
        }
    }
}

/// The drawing of a clock.
#[derive(Template)]
#[template(path = "parts/clock_bar.html")]
pub struct ClockBar<'a> {
    clock: &'a ClockView,
}

impl HtmlSafe for ClockBar<'_> {}

/// How a limit was counted, day by day, with the citation; closed until asked for.
#[derive(Template)]
#[template(path = "parts/clock_derivation.html")]
pub struct Derivation<'a> {
    clock: &'a ClockView,
}

impl HtmlSafe for Derivation<'_> {}

/// The kinds of the days that are drawn: those that count, and those on which the limit was suspended.
fn cells(facts: &ClockFacts) -> Vec<CellKind> {
    if facts.unit == Unit::Hour {
        return by_the_hour(facts);
    }
    let last = facts.finished.unwrap_or(facts.now).date();
    let due = facts.due.date();
    let mut kinds = Vec::with_capacity(facts.days.len());
    for row in &facts.days {
        let kind = if row.suspended {
            CellKind::Suspended
        } else if row.counted.is_none() || (row.day > due && row.day > last) {
            continue;
        } else if row.day > due {
            CellKind::Over
        } else if row.day < last {
            CellKind::Gone
        } else if row.day == last {
            if facts.finished.is_some() { CellKind::Gone } else { CellKind::Now }
        } else {
            CellKind::Left
        };
        kinds.push(kind);
    }
    kinds
}

/// Twelve cells for a limit that is counted in hours.
fn by_the_hour(facts: &ClockFacts) -> Vec<CellKind> {
    const CELLS: i64 = 12;
    let length = minutes_between(facts.started, facts.due).max(1);
    let gone = minutes_between(facts.started, facts.finished.unwrap_or(facts.now)).clamp(0, length * 2);
    let full = gone * CELLS / length;
    let running = facts.finished.is_none();
    (0..CELLS.max((full + 1).min(CELLS + 4)))
        .map(|cell| match cell {
            cell if cell >= CELLS => CellKind::Over,
            cell if cell < full => CellKind::Gone,
            cell if cell == full && running => CellKind::Now,
            _ => CellKind::Left,
        })
        .collect()
}

/// Puts the days into the drawing: a cell of 9 units and a gap of 2 each, or a bar of 120 units in proportion.
fn place(kinds: &[CellKind]) -> (Vec<Cell>, Vec<Segment>, usize) {
    const BAR: usize = 120;
    if kinds.len() <= MOST_CELLS {
        let place = |(index, kind): (usize, &CellKind)| Cell { kind: *kind, x: 1 + index * 11 };
        return (kinds.iter().enumerate().map(place).collect(), Vec::new(), kinds.len() * 11 + 1);
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        let (x, end) = (index * BAR / kinds.len(), (index + 1) * BAR / kinds.len());
        match segments.last_mut() {
            Some(last) if last.kind == *kind => last.width = end - last.x,
            _ => segments.push(Segment {
                kind: *kind,
                x,
                width: (end - x).max(if *kind == CellKind::Now { 3 } else { 1 }),
            }),
        }
    }
    // Today's mark is higher than the bar and must not be covered by what is left.
    segments.sort_by_key(|segment| segment.kind == CellKind::Now);
    (Vec::new(), segments, BAR)
}

fn tone(facts: &ClockFacts) -> ClockTone {
    if facts.outlived.is_some() {
        return ClockTone::Ended;
    }
    if facts.finished.is_some() {
        return if is_late(facts) { ClockTone::DoneLate } else { ClockTone::Done };
    }
    if is_late(facts) {
        return ClockTone::Late;
    }
    if facts.suspended_now {
        return ClockTone::Paused;
    }
    let soon = match facts.unit {
        Unit::Workday | Unit::Day => units_after_today(facts) <= 1,
        Unit::Hour => minutes_between(facts.now, facts.due) <= 120,
    };
    if soon { ClockTone::Soon } else { ClockTone::Calm }
}

fn headline(facts: &ClockFacts, tone: ClockTone) -> String {
    match tone {
        ClockTone::Ended => facts.outlived.map_or("", Outlived::label).to_owned(),
        ClockTone::Done => "按时完成".to_owned(),
        ClockTone::DoneLate => match overdue_units(facts) {
            0 => "超期完成".to_owned(),
            units => format!("超{units}{}完成", facts.unit.label()),
        },
        ClockTone::Late => match overdue_units(facts) {
            0 => "已过期限".to_owned(),
            units => format!("超{units}{}", facts.unit.label()),
        },
        ClockTone::Paused => format!("暂停中，剩{}{}", units_left(facts), facts.unit.label()),
        ClockTone::Soon | ClockTone::Calm => running_headline(facts),
    }
}

fn running_headline(facts: &ClockFacts) -> String {
    if facts.unit == Unit::Hour {
        let minutes = minutes_between(facts.now, facts.due);
        return match minutes {
            0..60 => format!("剩{minutes}分钟"),
            _ => format!("剩{}小时", minutes / 60),
        };
    }
    match units_after_today(facts) {
        0 => "今天到期".to_owned(),
        units => format!("剩{units}{}", facts.unit.label()),
    }
}

fn until(facts: &ClockFacts) -> String {
    let today = facts.now.date();
    if let Some(finished) = facts.finished {
        let how = if facts.outlived.is_some() { "止" } else { "完成" };
        return format!("{}{how}", dates::near_day(finished.date(), today));
    }
    let day = dates::near_day(facts.due.date(), today);
    match facts.unit {
        Unit::Hour => format!("至{day} {}", dates::time(facts.due.time())),
        _ if is_late(facts) => format!("应于{day}"),
        _ if facts.due.date() == today => dates::day(today, today),
        _ if day == "明天" => format!("至明天 {}", dates::weekday(facts.due.date())),
        _ => format!("至{day}"),
    }
}

/// Days that count after today, up to and with the due day.
fn units_after_today(facts: &ClockFacts) -> usize {
    let (today, due) = (facts.now.date(), facts.due.date());
    let left = |row: &&DayRow| row.counted.is_some() && !row.suspended && row.day > today && row.day <= due;
    facts.days.iter().filter(left).count()
}

/// What is left of a limit that is suspended now.
fn units_left(facts: &ClockFacts) -> usize {
    match facts.unit {
        Unit::Hour => usize::try_from(minutes_between(facts.now, facts.due) / 60).unwrap_or(0),
        _ => units_after_today(facts),
    }
}

/// Days that count after the due day, up to and with the day on which the act was done, or today.
fn overdue_units(facts: &ClockFacts) -> i64 {
    let last = facts.finished.unwrap_or(facts.now);
    if facts.unit == Unit::Hour {
        return (minutes_between(facts.due, last) / 60).max(0);
    }
    let over = |row: &&DayRow| row.counted.is_some() && row.day > facts.due.date() && row.day <= last.date();
    facts.days.iter().filter(over).count() as i64
}

fn is_late(facts: &ClockFacts) -> bool {
    let last = facts.finished.unwrap_or(facts.now);
    match facts.unit {
        Unit::Hour => last > facts.due,
        Unit::Workday | Unit::Day => last.date() > facts.due.date(),
    }
}

fn minutes_between(from: DateTime, to: DateTime) -> i64 {
    from.duration_until(to).as_secs() / 60
}
