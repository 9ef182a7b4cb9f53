//! Mapping files: the text before a line of `---` is the mapping, the text behind it the table to which it is applied.

use std::sync::Arc;

use ptce::Input;
use ptce::import::SavedMapping;

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (mapping, table) = text.split_once("\n---\n").unwrap_or((text, "Nom;Porteur\nA;B\n"));
    if let Ok(mapping) = SavedMapping::parse(mapping, "mapping.toml") {
        let input = Input::from_bytes("a.csv", table.as_bytes().to_vec()).with_mapping(Arc::new(mapping));
        crate::judge(input);
    }
}
