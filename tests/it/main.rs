//! Integration tests: the crate and the command from the outside, in one binary.

// The configuration of clippy allows these in functions marked #[test] alone, not in their helpers.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod annotate;
mod armour;
mod bad_input;
mod book;
mod cli;
mod converters;
mod damaged;
mod dependencies;
mod equivalence;
mod expected;
mod faults;
mod fix;
mod foreign;
mod formats;
mod france;
mod held;
mod hostile;
mod importers;
mod layouts;
mod legacy;
mod mappings;
mod merge;
mod mutations;
mod outside;
mod personal_data;
mod privacy;
mod quality;
mod reading;
mod readings;
mod readme;
mod reports;
mod round_trip;
mod rows;
mod rules;
mod samples;
mod sources;
mod streams;
mod support;
mod template;
mod texts;
mod values;
mod waivers;
mod workbooks;
