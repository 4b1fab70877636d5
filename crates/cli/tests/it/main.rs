//! Tests of the program as a whole.

mod commands;
mod forms;
mod package;
mod procedures;
mod simulation;
mod story;
mod tampering;
