//! The target that PTCE_FUZZ_TARGET names.

#![no_main]

use std::sync::LazyLock;

use ptce_fuzz::targets;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("PTCE_FUZZ_TARGET").unwrap_or_default();
    let found = targets::ALL.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("PTCE_FUZZ_TARGET={name} names no target")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
