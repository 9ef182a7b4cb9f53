//! Workbooks of every format, told by their content: bytes are read or refused, and what is read is judged and told.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ptce_fuzz::read("a", data));
