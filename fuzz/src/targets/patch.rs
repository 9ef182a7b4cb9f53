//! The patcher of workbooks: an annotated copy has the same records, and gives the original back.

use crate::{as_typed, judge};
use ptce::Input;
use ptce::patch::{Copied, Options, Stripped, annotate, is_in_place, strip};

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let bytes = crate::workbook(data);
    let mut inputs = [Input::from_bytes("a", bytes.clone())];
    let Ok(format) = Copied::of(&mut inputs).and_then(Copied::ready).map(|ready| ready.format()) else { return };
    let Some(judged) = judge(Input::from_bytes("a", bytes.clone())) else { return };
    if !is_in_place(format) {
        return;
    }
    let remarks: Vec<_> = judged.findings.iter().map(Into::into).collect();
    let Ok(done) = annotate(&bytes, format, &remarks, &Options::default()) else { return };
    assert_eq!(as_typed("a", &done.bytes), as_typed("a", &bytes));
    match strip(&done.bytes, &Options::default()) {
        Ok(Stripped::Original(original)) => assert_eq!(original, bytes),
        other => panic!("{other:?}"),
    }
}
