//! Tests of the acts, each written from the rule it holds: on both engines where the engine could make a difference.

mod authority;
mod chain;
mod conflict;
mod course;
mod delivery;
mod gateways;
mod old_law;
mod performing;
mod random;
mod timing;
mod turns;
mod world;
