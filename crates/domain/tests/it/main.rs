//! Tests of the domain, written from the requirements and the articles.

mod articles;
mod calendar;
mod clock;
mod clock_properties;
mod grounds;
mod masking;
mod narration;
mod reward;
mod rules;
mod tables;
mod values;
