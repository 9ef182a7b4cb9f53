//! What in a text names or reaches people: one scanner for the importer, which takes cells of contacts apart, for the
//! rules, and for the redaction of a publication.
//!
//! Each scan takes the text once: what begins at one place is looked at from there only as far as it can reach.

mod beside;
mod mailbox;
mod person;
mod telephone;
mod titled;
mod words;

use super::names::LINE_END;
pub(crate) use mailbox::{mailboxes, may_hold_mailbox};
pub(crate) use person::people;
pub(crate) use telephone::telephones;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An e-mail address, however its signs are written.
    Mailbox,
    Telephone,
    /// The name of a person: behind a title, or before what reaches them.
    Person,
}

/// How much a text bears out that a mention is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// It may be something else: a number that adjoins letters or a stroke, a word for a sign without brackets.
    Doubtful,
    Sure,
}

/// A part of a text that names or reaches a person: a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    pub certainty: Certainty,
}

/// Mailboxes and telephone numbers that stand apart from each other, by their beginning: the parts of a cell of contacts.
pub(crate) fn details(text: &str) -> Vec<Mention> {
    let mut all: Vec<Mention> = mailboxes(text).collect();
    let numbers = telephones(text).filter(|number| number.certainty == Certainty::Sure);
    let mut at = 0;
    let numbers: Vec<Mention> = numbers
        .filter(|number| {
            at += all[at..].iter().take_while(|mailbox| mailbox.end <= number.start).count();
            all.get(at).is_none_or(|mailbox| number.end <= mailbox.start)
        })
        .collect();
    all.extend(numbers);
    all.sort_unstable_by_key(|mention| mention.start);
    all
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | LINE_END)
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{AROUND_AT, AROUND_POINT, AT_WORDS, POINT_WORDS, TITLES, spellings};
    use super::super::mailboxes::repaired;
    use super::super::names::is_known_name;
    use super::super::words::all_words;
    use super::*;

    /// What the importer, the rules and the redaction know of a word is the same.
    #[test]
    fn what_one_knows_the_others_know() {
        for title in TITLES.iter() {
            let mut letters = title.chars();
            let title: String = letters.next().unwrap().to_uppercase().chain(letters).collect();
            let name = format!("{title} Martin");
            assert!(is_known_name(&name), "importer: {name}");
            let text = format!("porté par {name}, élu");
            let all = all_words(&text);
            assert!(people(&text, &all, &[]).iter().any(|one| text[one.start..one.end] == name), "redaction: {name}");
        }
        for sign in spellings(AT_WORDS, AROUND_AT) {
            let mailbox = format!("jean.dupont{sign}pole.fr");
            let text = format!("Écrire à {mailbox}.");
            assert!(details(&text).iter().any(|one| text[one.start..one.end] == mailbox), "importer: {text}");
            assert!(mailboxes(&text).any(|one| text[one.start..one.end] == mailbox), "redaction: {text}");
            assert_eq!(
                repaired(&mailbox).map(|(mailbox, _)| mailbox).as_deref(),
                Some("jean.dupont@pole.fr"),
                "rule: {text}"
            );
        }
        for point in spellings(POINT_WORDS, AROUND_POINT) {
            let mailbox = format!("jean.dupont@pole{point}fr");
            assert_eq!(
                repaired(&mailbox).map(|(mailbox, _)| mailbox).as_deref(),
                Some("jean.dupont@pole.fr"),
                "rule: {mailbox}"
            );
            assert!(mailboxes(&mailbox).any(|one| mailbox[one.start..one.end] == mailbox), "redaction: {mailbox}");
        }
    }
}
