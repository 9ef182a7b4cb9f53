//! Offline reference data: what France is made of.

pub mod departments;
pub(crate) mod names;
pub mod regions;
