//! Texts with labels: bytes are read or refused, and what is read is judged and told.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ptce_fuzz::read("a.txt", data));
