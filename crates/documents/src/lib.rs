//! A letter, a picture or a whole file in, bytes out. Pure: no clock, no disk. Heavy document formats live here and nowhere else.

pub mod picture;
pub mod sheet;
pub mod traces;
pub mod volume;
