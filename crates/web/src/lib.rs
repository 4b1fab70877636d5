//! Pages, JSON API, templates and assets: the asynchronous edge over the synchronous core. It reads through the database's readers
//! and writes only through `casework`.

pub mod account;
pub mod admin;
pub mod api;
pub mod app;
pub mod assets;
mod audit;
pub mod citizen;
pub mod desk;
pub mod error;
pub mod form;
pub mod frame;
pub mod health;
mod human;
pub mod limits;
pub mod login;
pub mod redirect;
pub mod render;
pub mod router;
pub mod session;
mod step_up;
pub mod view;
pub mod visitor;

pub use app::App;
pub use router::router;
