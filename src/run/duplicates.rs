//! Finds records that bear the same key, in memory that does not grow with their number: of each record, a few hashes and
//! what is needed to speak of it go to scratch files, in which only what has a twin is looked up.
//!
//! Keys are made of each record by itself and may be appended in any grouping: `twins` goes by the places of the records and
//! not by the order in which they came, so that a run may be shared out among processes.

mod column;
mod details;
mod keys;
mod kinds;
mod likeness;
mod names;
mod twins;

pub(crate) use details::{Cell, Details, push_short, short, take};
pub(crate) use keys::{Identity, Keys};
pub(crate) use kinds::{KINDS, KeyKind};
pub(crate) use likeness::Likeness;
pub(crate) use names::are_like;
pub(crate) use twins::Duplicates;
