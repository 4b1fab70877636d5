//! The forms as a clerk and an archivist need them.

mod forms;
mod outside;
mod pdf_text;
mod sign;
mod word;
