//! What pages are made of: typed parts that render themselves.
//!
//! A part is a plain struct with a template of its own under `templates/parts/`; inside a page it is written
//! `{{ view::Field::text("goods", "买了什么").value(form.goods).errors(errors) }}` or, when the handler built it, `{{ clock }}`.
//! A page module therefore says `use crate::view;`. `templates/README.md` lists them all with a snippet each.

mod acts;
mod attachments;
mod clock;
mod course;
pub mod dates;
mod errors;
mod field;
mod icon;
mod letter;
mod limit;
mod list;
mod notice;
mod people;
mod shell;
mod table;
mod text;
pub mod type_size;

pub use acts::{Act, ActList, Hindrance, NotNow, Weight};
pub use attachments::{Attachment, AttachmentKind, Attachments};
pub use clock::{Cell, CellKind, ClockFacts, ClockTone, ClockView, DayRow, Derivation, Segment};
pub use course::{Course, CourseMark, CourseStep, Paper};
pub use errors::{ErrorSummary, Errors, FieldError};
pub use field::{Choice, Control, Field, FieldValue, Uploaded, Width};
pub use icon::{Icon, icon};
pub use letter::LetterPage;
pub use limit::RunningLimit;
pub use list::{EmptyState, Summary, SummaryRow};
pub use notice::{ErrorPage, Notice, Tag, Tone, tag};
pub use people::Person;
pub use shell::{CitizenPage, DeskPage, PrintPage, Section, SideGroup, SideLink, asset};
pub use table::{Chip, FilterBar, Pagination, Progress, Sort, SortHeader, Steps, Tab, Tabs, Tally};
pub use text::{Given, Rich, money, money_sign, phone_link, quantity, rich};
