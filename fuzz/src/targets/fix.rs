//! Corrections: a file that was corrected can be taken back to what it was. The first sign says of which format it is.

use ptce::fix::{self, Options};

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let (name, bytes) = match first {
        b'c' => ("a.csv", rest.to_vec()),
        b'j' => ("a.json", rest.to_vec()),
        b'x' => ("a.xml", rest.to_vec()),
        b't' => ("a.txt", rest.to_vec()),
        _ => ("a", crate::workbook(data)),
    };
    let options = Options::default();
    let Ok(fixed) = fix::safe(name, &bytes, &options) else { return };
    let undone = fix::undo(&fixed.bytes, &fixed.log, &options).unwrap();
    assert!(undone.is_original && undone.left.is_empty(), "{undone:?}");
    if name != "a" {
        assert_eq!(undone.bytes, bytes);
    }
}
