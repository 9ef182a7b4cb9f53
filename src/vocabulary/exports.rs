//! The exports of other programs that the schema knows by their labels, `x-exports`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::evidence::Values;
use super::header::meaning_in_header;
use crate::field::Field;
use crate::row::Target;
use crate::schema;
use crate::text::fold::folded;

/// The exports, as the schema describes them.
fn exports() -> impl Iterator<Item = &'static Value> {
    schema::root().keyword("x-exports").and_then(|exports| exports.as_array()).into_iter().flatten()
}

/// The labels by which exports are known.
static EXPORT_SIGNS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let signs = exports().filter_map(|export| export.get("signs")?.as_array()).flatten();
    signs.filter_map(|sign| sign.as_str()).map(folded).collect()
});

/// The columns of a known export that tell of whoever filed it, and not of the record; where the form asks for an address,
/// the one that the export knows besides is that of somebody else.
pub(crate) fn aside(texts: &[&str], values: &[Values<'_>]) -> Vec<usize> {
    let list = |export: &'static Value, key: &str| -> Vec<String> {
        let texts = export.get(key).and_then(|list| list.as_array()).into_iter().flatten();
        texts.filter_map(|text| text.as_str()).map(folded).collect()
    };
    /// As many signs tell an export.
    const SIGNS: usize = 3;
    let own: Vec<String> = texts.iter().map(|text| folded(text)).collect();
    if !own.iter().any(|text| EXPORT_SIGNS.contains(text)) {
        return Vec::new();
    }
    for export in exports() {
        let signs = list(export, "signs");
        let found: Vec<usize> = signs.iter().filter_map(|sign| own.iter().position(|known| known == sign)).collect();
        // Other versions of a program have some of them. Without the first, it is less sure whose mailbox the export tells: that of
        // the account is aside where the form asks for another.
        let Some(end) = found.iter().copied().max().filter(|_| found.len() >= SIGNS.min(signs.len())) else { continue };
        let end = list(export, "until")
            .iter()
            .filter_map(|last| own.iter().position(|known| known == last))
            .max()
            .unwrap_or(end);
        let (aside, all) = (list(export, "aside"), 0..=end.min(own.len() - 1));
        let field = |at: usize| match meaning_in_header(texts[at], &values[at]).target {
            Target::Field(field, _) => Some(field),
            _ => None,
        };
        let is_address = |at: usize| field(at).is_some_and(|field| field.pointer.starts_with("/adresse/"));
        let asks = (end + 1..own.len()).any(is_address);
        let is_sure = signs.first().is_some_and(|first| own.contains(first));
        let asked = |wanted: &'static Field| {
            (end + 1..own.len()).any(|at| field(at).is_some_and(|field| std::ptr::eq(field, wanted)))
        };
        let is_aside = |at: usize| aside.contains(&own[at]) && (is_sure || field(at).is_none_or(asked));
        return all.filter(|at| is_aside(*at) || asks && is_address(*at)).collect();
    }
    Vec::new()
}

/// Whether a label is the key that the sheets of an export name their record by.
pub(crate) fn is_key(label: &str) -> bool {
    static KEYS: LazyLock<Vec<String>> =
        LazyLock::new(|| exports().filter_map(|export| export.get("joined")?.as_str()).map(folded).collect());
    KEYS.contains(&folded(label))
}
