//! The end of a mail: what follows it is of who sends it, and of no record.

use crate::text::fold::folded;
use crate::text::names;
use crate::text::words::words;

/// The words that end a mail: what follows them belongs to no record.
pub(super) fn is_closing(text: &str) -> bool {
    /// Each may have a few words behind it: « Cordialement, Camille Exemple ».
    const CLOSINGS: &[&str] = &[
        "a bientot",
        "amicalement",
        "amities",
        "belle journee",
        "bien a toi",
        "bien a vous",
        "bien cordialement",
        "best regards",
        "bonne journee",
        "bonne reception",
        "bonne soiree",
        "cordialement",
        "cordiales salutations",
        "kind regards",
        "many thanks",
        "meilleures salutations",
        "regards",
        "respectueusement",
        "salutations",
        "salutations distinguees",
        "sincerely",
        "sincerement",
        "sinceres salutations",
        "tres cordialement",
        "yours sincerely",
    ];
    /// The beginning of a sentence that ends a mail.
    const POLITE: &[&str] = &[
        "dans l attente de votre",
        "en vous remerciant",
        "envoye a partir de mon",
        "envoye depuis mon",
        "envoye de mon",
        "je reste a votre disposition",
        "je vous prie d agreer",
        "merci d avance",
        "merci par avance",
        "nous restons a votre disposition",
        "nous vous prions d agreer",
        "restant a votre disposition",
        "sent from my",
        "veuillez agreer",
        "veuillez recevoir",
    ];
    const FEW: usize = 5;
    let first = text.lines().next().unwrap_or("");
    let plain = folded(first);
    let begins = |known: &str| plain.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // « Cordialement invités » goes on; a name does not.
    let is_over = |known: &str| {
        let mut behind = words(first).skip(known.split(' ').count());
        let next = behind.next();
        next.is_none_or(|word| word.text.starts_with(char::is_uppercase)) && behind.count() < FEW
    };
    CLOSINGS.iter().any(|known| begins(known) && is_over(known)) || POLITE.iter().any(|known| begins(known))
}

/// Whether a line begins another message, which a mail quotes or passes on.
pub(super) fn begins_message(line: &str) -> bool {
    const MARKS: &[&str] = &["forwarded message", "message d origine", "message transfere", "original message"];
    let is_of_writer = |label: &str| matches!(folded(label).as_str(), "de" | "expediteur" | "from");
    let names_writer = line
        .split_once(':')
        .is_some_and(|(label, writer)| is_of_writer(label) && (writer.contains('@') || names::is_name(writer)));
    names_writer || line.len() < 80 && MARKS.iter().any(|mark| folded(line).contains(mark))
}
