//! What people do: one function is one permission check, one decision, one transaction, one event. Synchronous; time and
//! chance come as arguments.

pub mod acceptance;
pub mod account;
pub mod actor;
pub mod approval;
pub mod archive;
pub mod assignment;
pub mod basis;
pub mod calendar;
pub mod clocks;
pub mod consumer;
pub mod delivery;
pub mod dispatch;
pub mod draft;
pub mod error;
pub mod evidence;
pub mod feedback;
pub mod filing;
pub mod house;
pub mod letters;
pub mod mediation;
pub mod notice;
pub mod once;
pub mod organization;
pub mod organization_import;
pub mod organization_name;
pub mod organization_tree;
pub mod password;
pub mod procedure_book;
pub mod reading;
pub mod record;
pub mod registration;
pub mod secret;
pub mod sign_in;
pub mod staff;
pub mod sweep;
pub mod timing;
pub mod token;
pub mod tracking;
pub mod volume;

pub use actor::{Actor, Staff};
pub use error::ActError;
pub use house::{House, Scene, Settings};
