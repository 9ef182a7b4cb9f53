//! What is taken out of a record before it is published.
//!
//! Redaction acts on the record, before any writer: no format can leak. Where one cannot tell whether a value names or
//! reaches a person, it is withheld. What was withheld of one record is taken out of the texts of all, and in the end the
//! files themselves are searched for it ([`leaks`]).
//!
//! What the records name as personal is certain: it is withheld wherever it stands, in any spelling that a reader would
//! recognise, and nothing that one record keeps frees what another one withholds. What only may be a person is doubtful:
//! nothing is cut out of the name of something else; it is listed, and a person decides ([`review`]).

mod clean;
mod contacts;
mod decisions;
mod fields;
mod handles;
mod homes;
mod identity;
pub(super) mod leaks;
mod mailbox;
mod named;
mod numbers;
mod people;
mod person;
mod profiles;
mod redactor;
pub(super) mod review;
mod secrets;
pub(super) mod seen;
mod sole;
mod taken;
pub(super) mod texts;
mod traces;
mod whole;
mod withheld;

use crate::text::words::all_words;
pub use decisions::{Consents, Objections};
use mailbox::is_shared_mailbox;
use people::Own;
pub(super) use redactor::Redactor;
pub use review::{Decisions, Doubtful};
pub(super) use secrets::Secrets;
pub use withheld::{Reason, Withheld};

/// What the publisher decided about personal data.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// Why all contacts are published, when they are: the consent or the text that allows it.
    pub keep_contacts: Option<String>,
    /// Who agreed to be published.
    pub consents: Consents,
    /// Who refuses to be published; this outranks all else.
    pub objections: Objections,
    /// What was decided about mentions that may name a person.
    pub decisions: Decisions,
    /// What is done with the others.
    pub doubtful: Doubtful,
}

/// Whether a text is the name of a person.
pub(super) fn names_person(text: &str) -> bool {
    Own::default().person(text).is_some_and(|person| person.is_known())
}

/// Whether a web address is somebody’s profile or mailbox.
pub(super) fn is_personal_site(address: &str) -> bool {
    profiles::site(address) == profiles::Site::Personal
}

/// Whether a text names or reaches somebody for certain, as a publication looks for it: the text around it says so.
pub fn tells_somebody(text: &str) -> bool {
    texts::tell(&seen::Seen::of(text).text)
}

/// Whether a text names or reaches somebody or may do so: « Lycée Jean Jaurès » may.
pub fn may_tell_somebody(text: &str) -> bool {
    let seen = seen::Seen::of(text);
    let mut doubts = Vec::new();
    let spans = texts::spans(&seen.text, &all_words(&seen.text), &[], &mut doubts);
    !spans.is_empty() || !doubts.is_empty()
}

/// Whether a mailbox is of an office, as far as it can be told without knowing whose.
pub(super) fn is_office_mailbox(mailbox: &str) -> bool {
    is_shared_mailbox(mailbox, &[], None)
}
