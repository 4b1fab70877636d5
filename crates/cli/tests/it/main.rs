//! Tests of the program as a whole.

mod procedures;
mod simulation;
mod story;
