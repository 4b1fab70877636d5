//! A letter or a whole file in, bytes out. Pure: no clock, no disk. Heavy document formats will live here and nowhere else.

pub mod sheet;
pub mod volume;
