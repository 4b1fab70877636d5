//! Tests of pages and API through the whole service: every route knocked on by everyone, login, forged requests, administration.

mod abuse;
mod accepting;
mod account;
mod administration;
mod api;
mod auditing;
mod authority;
mod canary;
mod checks;
mod citizen;
mod consumer_acts;
mod copies;
mod desk;
mod dispatching;
mod forgery;
mod handovers;
mod kinds;
mod letters;
mod login;
mod manners;
mod mediating;
mod operators;
mod personal;
mod reports;
mod vault;
mod world;
