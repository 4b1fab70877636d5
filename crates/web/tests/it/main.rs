//! Tests of pages and API through the whole service: every route knocked on by everyone, login, forged requests, administration.

mod accepting;
mod administration;
mod api;
mod authority;
mod citizen;
mod desk;
mod dispatching;
mod forgery;
mod kinds;
mod login;
mod manners;
mod mediating;
mod vault;
mod world;
