//! What a single label means by its words, with the rank of an element among them.

use super::labels::VOCABULARY;
use super::words::{is_rank, words};
use crate::row::{Reason, Target};
use crate::text::fold::folded;

/// What a label means that joins no others.
pub(super) fn plain_meaning(label: &str) -> (Target, Option<Reason>) {
    meaning_of(words(label), label)
}

/// What these words of a label mean, which is given as it is written too.
pub(super) fn meaning_of(all: Vec<String>, label: &str) -> (Target, Option<Reason>) {
    if let Some(found) = known(&all, None) {
        // « N° PTCE » is no name.
        let is_number = || ["n ", "no "].iter().any(|start| folded(label).starts_with(start));
        let is_name = |target: &Target| matches!(target, Target::Field(field, None) if field.pointer == "/nom");
        return if is_name(&found.0) && is_number() { (Target::Unknown, None) } else { found };
    }
    // « C.P. » is « CP ».
    if all.len() > 1
        && all.iter().all(|word| word.len() == 1)
        && let Some(found) = known(&[folded(label).replace(' ', "")], None)
    {
        return found;
    }
    let (ranks, rest): (Vec<String>, Vec<String>) = all.into_iter().partition(|word| is_rank(word));
    if let [rank] = ranks.as_slice()
        && let Ok(rank @ 1..) = rank.parse::<u16>()
        && let Some((target, reason)) = known(&rest, Some(rank))
        && !matches!(&target, Target::Field(field, _) if !field.pointer.contains('*') && !field.is_list())
    {
        return (target, reason);
    }
    (Target::Unknown, None)
}

/// The fields of which these words are the whole label, with the rank of their element.
pub(super) fn known(words: &[String], rank: Option<u16>) -> Option<(Target, Option<Reason>)> {
    let (fields, reason) = VOCABULARY.fields(words)?;
    let target = match fields.as_slice() {
        [field] => Target::Field(field, rank),
        _ => Target::Ambiguous(fields),
    };
    Some((target, Some(reason)))
}
