//! Single values: what `ptce::properties` says of any text holds. The first byte says which property is tried.

use ptce::properties::ALL;

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    ALL[usize::from(*first) % ALL.len()].1(text);
}
