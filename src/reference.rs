//! Offline reference data: what France is made of.

pub mod communes;
pub mod departments;
#[cfg(any(test, all(feature = "lent-texts", target_family = "wasm")))]
mod derived;
mod insee;
pub(crate) mod names;
pub mod outlines;
pub mod postal_codes;
pub mod regions;
pub mod sources;
mod table;
pub(crate) mod written;

#[cfg(all(feature = "lent-texts", target_family = "wasm"))]
pub use crate::texts::{Lender, lend};

/// Which division of France a record is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionSet {
    /// The 18 regions in force since 1 January 2016.
    Present,
    /// The 27 regions in force until 31 December 2015.
    Until2015,
}
