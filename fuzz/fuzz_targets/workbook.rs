//! Workbooks of every format, whole or one part of one: bytes are read or refused, and what is read is judged and told.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ptce_fuzz::read("a", &ptce_fuzz::workbook(data)));
