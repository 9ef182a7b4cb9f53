//! Mails: what is attached to one is read or refused.

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Ok(found) = ptce::import::open_held(vec![("a.eml".to_owned(), data.into())]) else { return };
    for input in found.inputs {
        crate::judge(input);
    }
}
