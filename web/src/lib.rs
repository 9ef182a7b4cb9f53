//! ptce in a browser: the library, asked in JSON by a worker of the page.
//!
//! ```text
//!  page ──files, questions──▶ worker ──bytes, JSON──▶ abi ──▶ session ──▶ ptce
//! ```
//!
//! [`packed`] holds the long texts that the library borrows, small; [`abi`] is all that knows of memory and of the host; [`session`] answers questions and runs anywhere.

#[cfg(target_family = "wasm")]
mod abi;
#[cfg_attr(not(target_family = "wasm"), allow(dead_code, reason = "natively the library holds the texts"))]
mod packed;
pub mod session;
