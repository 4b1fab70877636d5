//! The rules of the house that no compiler knows, as tests. They read the source and depend on none
//! of it, so they answer in a second while everything else is still building.
//!
//! A rule that is wrong is changed here, in sight, with its reason; it is never worked around.

mod crates;
mod law;
mod pages;
mod routes;
mod source;
mod style;
mod words;
