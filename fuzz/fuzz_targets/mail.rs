//! Mails: what is attached to one is read or refused.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(found) = ptce::import::open_held(vec![("a.eml".to_owned(), data.into())]) else { return };
    for input in found.inputs {
        ptce_fuzz::judge(input);
    }
});
