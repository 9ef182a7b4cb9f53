//! Texts in which nothing was found, known again by their hashes.

use std::sync::atomic::{AtomicU64, Ordering};

/// Hashes of texts in which nothing is found: each file of a publication has the same ones, and records have many in common. A
/// hash may drive out another, so that memory does not grow; that a text in which something would be found has the hash of one
/// of some ten thousand others happens once in a thousand million million times.
pub(super) struct Clean(Vec<AtomicU64>);

impl Clean {
    pub fn of(places: usize) -> Clean {
        Clean((0..places.next_power_of_two()).map(|_| AtomicU64::new(0)).collect())
    }

    fn place(&self, hash: u64) -> &AtomicU64 {
        &self.0[hash as usize & (self.0.len() - 1)]
    }

    pub fn has(&self, hash: u64) -> bool {
        self.place(hash).load(Ordering::Relaxed) == hash
    }

    pub fn add(&self, hash: u64) {
        self.place(hash).store(hash, Ordering::Relaxed);
    }
}
