//! A letter, a form, a picture or a whole file in, bytes out. Pure: no clock, and the disk only where fonts are looked for and
//! where a package is written or checked. Heavy document formats live here and nowhere else.
//!
//! A form's description (`form`) filled with values is a `paper`, which knows nothing of layout; `pdf`, `docx` and `html` are
//! made from that.

pub mod binding;
pub mod docx;
pub mod font;
pub mod form;
pub mod html;
mod layout;
pub mod package;
pub mod paper;
pub mod pdf;
pub mod picture;
pub mod sheet;
pub mod sign;
pub mod stamp;
pub mod traces;
pub mod volume;
