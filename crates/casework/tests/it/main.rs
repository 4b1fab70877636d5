//! Tests of the acts, each written from the rule it holds: on both engines where the engine could make a difference.

mod accepting;
mod accepting_acts;
mod around;
mod articles;
mod authority;
mod chain;
mod conflict;
mod course;
mod delivery;
mod dispute;
mod gateways;
mod kinds;
mod mediating;
mod old_law;
mod performing;
mod random;
mod reopening;
mod supervision;
mod timing;
mod turns;
mod vault;
mod world;
