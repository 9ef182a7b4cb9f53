//! The published fields of a record, by what can be taken out of them.

use std::sync::LazyLock;

use crate::field::Field;
use crate::record::{At, Member, Record};
use crate::schema;

/// The parts of a submission that are not for publication.
pub(super) fn dossier(record: &mut Record) -> [(&'static str, &mut Option<String>); 5] {
    [
        ("/calendrier", &mut record.schedule),
        ("/financement", &mut record.funding),
        ("/evaluation", &mut record.evaluation),
        ("/mise_en_reseau", &mut record.networking),
        ("/politiques_locales", &mut record.local_policies),
    ]
}

/// What a publication makes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Published {
    /// A text, parts of which may be withheld.
    Text,
    /// A value of which a part would be worth nothing: the schema gives it a form.
    Code,
    /// It is withheld, or it is a contact's, which has rules of its own.
    Apart,
}

/// What becomes of each field, by its number.
static PUBLISHED: LazyLock<Vec<Published>> = LazyLock::new(|| {
    const APART: &[&str] = &["/contacts/*/nom", "/contacts/*/courriel", "/contacts/*/telephone"];
    let dossier = dossier(&mut Record::default()).map(|(pointer, _)| pointer);
    let published = |field: &Field| {
        let has_form = || {
            let node = schema::root().at(field.pointer);
            node.is_some_and(|node| ["pattern", "format", "enum"].iter().any(|form| node.keyword(form).is_some()))
        };
        match field.pointer {
            pointer if APART.contains(&pointer) || dossier.contains(&pointer) || pointer.starts_with("/source") => {
                Published::Apart
            }
            _ if has_form() => Published::Code,
            _ => Published::Text,
        }
    };
    Field::all().iter().map(published).collect()
});

/// Calls `each` for every text that is published.
pub(super) fn each_text(record: &mut Record, each: &mut dyn FnMut(&'static str, &mut String)) {
    record.each_text_mut(At::FIRST, &mut |at: At, text| {
        if PUBLISHED[usize::from(at.field)] == Published::Text {
            each(at.field().values(), text);
        }
        true
    });
}

/// Calls `each` for every published value that is no text; one that it takes away is withheld.
pub(super) fn each_code(record: &mut Record, each: &mut dyn FnMut(&'static str, &mut Option<String>)) {
    record.each_text_mut(At::FIRST, &mut |at: At, text| {
        if PUBLISHED[usize::from(at.field)] == Published::Code {
            let mut place = Some(std::mem::take(text));
            each(at.field().values(), &mut place);
            return match place {
                Some(kept) => {
                    *text = kept;
                    true
                }
                None => false,
            };
        }
        true
    });
}
